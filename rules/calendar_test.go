package rules

import (
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func rome(t testing.TB, closures ...string) *Calendar {
	t.Helper()
	c, err := NewCalendar("Europe/Rome", closures, false)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func day(t testing.TB, s string) Date {
	t.Helper()
	d, err := ParseDate(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// The tables of the procedures' clocks: received, due in three, target in two.
func TestWorkingTermTable(t *testing.T) {
	c := rome(t)
	for _, row := range [][3]string{
		{"2026-11-23", "2026-11-26", "2026-11-25"},
		{"2026-12-04", "2026-12-10", "2026-12-09"},
		{"2026-12-05", "2026-12-10", "2026-12-09"},
		{"2026-12-23", "2026-12-29", "2026-12-28"},
		{"2026-12-30", "2027-01-05", "2027-01-04"},
		{"2027-03-25", "2027-03-31", "2027-03-30"},
		{"2027-10-01", "2027-10-07", "2027-10-06"},
		{"2027-10-29", "2027-11-04", "2027-11-03"},
	} {
		received := day(t, row[0])
		for _, hour := range []time.Time{c.StartOfDay(received), c.StartOfDay(received).Add(13 * time.Hour), c.EndOfDay(received)} {
			if got, want := c.WorkingTerm(hour, 3), c.EndOfDay(day(t, row[1])); !got.Equal(want) {
				t.Errorf("received %v: due %v, want %v", hour, got, want)
			}
			if got, want := c.WorkingTerm(hour.UTC(), 2), c.EndOfDay(day(t, row[2])); !got.Equal(want) {
				t.Errorf("received %v: target %v, want %v", hour, got, want)
			}
		}
	}
}

func TestCustomerTermTable(t *testing.T) {
	c := rome(t)
	for _, row := range [][2]string{
		{"2026-09-10", "2026-10-10"}, // a Saturday does not move it
		{"2026-09-04", "2026-10-05"}, // Sunday and San Francesco
		{"2026-11-06", "2026-12-07"},
		{"2026-10-19", "2026-11-18"},
		{"2027-09-04", "2027-10-05"}, // Monday 4 October 2027
		{"2025-09-04", "2025-10-04"}, // a Saturday, and no holiday yet
	} {
		if got := c.CustomerTerm(day(t, row[0]), 30).String(); got != row[1] {
			t.Errorf("30 days from %s: %s, want %s", row[0], got, row[1])
		}
	}
}

func TestAddMonths(t *testing.T) {
	c := rome(t)
	for _, row := range []struct {
		from string
		n    int
		want string
	}{
		{"2026-08-31", 30, "2029-02-28"},
		{"2025-08-31", 30, "2028-02-29"},
		{"2026-12-15", 1, "2027-01-15"},
		{"2027-01-31", -2, "2026-11-30"},
	} {
		if got := c.AddMonths(day(t, row.from), row.n).String(); got != row.want {
			t.Errorf("%s %+d months: %s, want %s", row.from, row.n, got, row.want)
		}
	}
}

func TestClosuresAndSaturday(t *testing.T) {
	c := rome(t, "2026-12-07")
	if got, want := c.WorkingTerm(c.StartOfDay(day(t, "2026-12-04")), 3), c.EndOfDay(day(t, "2026-12-11")); !got.Equal(want) {
		t.Errorf("with a closure on 7 December: %v, want %v", got, want)
	}
	if got := c.CustomerTerm(day(t, "2026-11-06"), 30); got != day(t, "2026-12-07") {
		t.Errorf("our closure moved the customer's term to %s", got)
	}
	c = rome(t)
	c.Saturday = true
	if got, want := c.WorkingTerm(c.StartOfDay(day(t, "2026-12-04")), 3), c.EndOfDay(day(t, "2026-12-09")); !got.Equal(want) {
		t.Errorf("with Saturdays worked: %v, want %v", got, want)
	}
	for _, bad := range []string{"2026-13-01", "7 dicembre", "2026-02-29", ""} {
		if _, err := NewCalendar("Europe/Rome", []string{bad}, false); err == nil {
			t.Errorf("closure %q was taken", bad)
		}
	}
	if _, err := NewCalendar("Europe/Paperopoli", nil, false); err == nil {
		t.Error("an unknown zone was taken")
	}
}

func TestDaysLeft(t *testing.T) {
	c := rome(t)
	due := c.EndOfDay(day(t, "2026-12-10"))
	for _, row := range []struct {
		now  string
		want int
	}{{"2026-12-04", 3}, {"2026-12-08", 2}, {"2026-12-09", 1}, {"2026-12-10", 0}, {"2026-12-14", -2}} {
		if got := c.WorkingDaysLeft(c.StartOfDay(day(t, row.now)).Add(9*time.Hour), due); got != row.want {
			t.Errorf("on %s %d working days are left, want %d", row.now, got, row.want)
		}
	}
	for _, row := range [][2]string{{"2026-12-10", "2026-12-09"}, {"2026-12-09", "2026-12-07"}, {"2027-10-05", "2027-10-01"}} {
		if got, want := c.DayBefore(c.EndOfDay(day(t, row[0]))), c.StartOfDay(day(t, row[1])); !got.Equal(want) {
			t.Errorf("day before %s: %v, want %v", row[0], got, want)
		}
	}
}

// An independent calendar, written otherwise: the paschal moon looked up in
// the table of golden numbers (Gregorian, good for 1900 to 2199) and walked to
// the Sunday after, days counted by Julian day number from a known Monday.

// paschalMoon[g] is the day of the paschal full moon for golden number g+1, as
// printed in the calendar tables: days of March, beyond 31 days of April.
var paschalMoon = [19]int{45, 34, 23, 42, 31, 49, 39, 28, 47, 36, 25, 44, 33, 22, 41, 30, 48, 38, 27}

func independentDayNumber(y, m, d int) int { // Fliegel and Van Flandern, 1968
	a := (m - 14) / 12
	return (1461*(y+4800+a))/4 + (367*(m-2-12*a))/12 - (3*((y+4900+a)/100))/4 + d - 32075
}

func independentEasterMonday(y int) int {
	n := independentDayNumber(y, 3, paschalMoon[y%19])
	for n++; n%7 != 6; n++ { // day numbers divisible by 7 are Mondays: 6 is a Sunday
	}
	return n + 1
}

func independentOff(y, m, d int) bool {
	n := independentDayNumber(y, m, d)
	if n%7 > 4 {
		return true
	}
	if n == independentEasterMonday(y) {
		return true
	}
	switch m*100 + d {
	case 101, 106, 425, 501, 602, 815, 1101, 1208, 1225, 1226:
		return true
	case 1004:
		return y >= 2026
	}
	return false
}

func TestEveryDayAgainstAnIndependentCalendar(t *testing.T) {
	c := rome(t)
	var worked []Date
	next := map[Date]int{} // index into worked of the first working day after
	for y := 2025; y <= 2046; y++ {
		for m := 1; m <= 12; m++ {
			for d := 1; d <= 31; d++ {
				if m == 2 && (d > 29 || d == 29 && y%4 != 0) || d == 31 && (m == 4 || m == 6 || m == 9 || m == 11) {
					continue
				}
				at := Date{y, time.Month(m), d}
				if got, want := c.WorkingDay(at), !independentOff(y, m, d); got != want {
					t.Errorf("%s worked: %v, want %v", at, got, want)
				}
				if !independentOff(y, m, d) {
					worked = append(worked, at)
				}
				next[at] = len(worked)
			}
		}
	}
	days := 0
	for at, i := range next {
		if at.Year > 2045 {
			continue
		}
		days++
		start := time.Date(at.Year, at.Month, at.Day, 23, 59, 59, 0, c.Zone)
		for n := 1; n <= 3; n++ {
			if got := c.WorkingTerm(start, n); got != c.EndOfDay(worked[i+n-1]) {
				t.Fatalf("%d working days after %s: %v, want the end of %s", n, at, got, worked[i+n-1])
			}
		}
	}
	if days != 7670 { // 21 years with 5 leap days
		t.Fatalf("compared %d days", days)
	}
}

func TestCalendarProperties(t *testing.T) {
	c := rome(t)
	rapid.Check(t, func(t *rapid.T) {
		start := time.Unix(rapid.Int64Range(1735689600, 2398377600).Draw(t, "start"), 0)
		n := rapid.IntRange(1, 60).Draw(t, "n")
		term := c.WorkingTerm(start, n)
		if !c.WorkingDay(c.Date(term)) || !term.After(start) {
			t.Fatalf("term %v of %v is no working day after it", term, start)
		}
		if left := c.WorkingDaysLeft(start, term); left != n {
			t.Fatalf("%d working days left at the start of a term of %d", left, n)
		}
		if h, m, s := term.Clock(); h != 23 || m != 59 || s != 59 {
			t.Fatalf("the term ends at %v", term)
		}
		if c.WorkingTerm(start, n+1).Before(term) {
			t.Fatalf("a longer term ends earlier")
		}
		d := c.Date(start)
		last := c.CustomerTerm(d, n)
		if _, off := c.Holiday(last); off || last.Weekday() == time.Sunday || last.Compare(d.add(n)) < 0 {
			t.Fatalf("customer's term %s + %d = %s", d, n, last)
		}
		if alert := c.DayBefore(term); !alert.Before(term) || c.WorkingDaysLeft(alert, term) != 1 {
			t.Fatalf("alert %v for the term %v", alert, term)
		}
	})
}

// The weekdays off are the holidays and closures that are no weekend: those of
// December 2026, with a bridge that somebody closed.
func TestDaysOff(t *testing.T) {
	cal, err := NewCalendar("Europe/Rome", []string{"2026-12-07"}, false)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, d := range cal.DaysOff(Date{2026, time.December, 1}, 31) {
		got = append(got, d.Day.String()+" "+d.Holiday)
	}
	if want := "2026-12-07 |2026-12-08 Immacolata Concezione|2026-12-25 Natale"; strings.Join(got, "|") != want {
		t.Errorf("got %s, want %s", strings.Join(got, "|"), want)
	}
}
