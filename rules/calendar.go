package rules

import (
	"fmt"
	"slices"
	"strings"
	"time"
	_ "time/tzdata" // the zone must exist on machines without tzdata
)

// Calendar knows which days are worked. It computes on civil dates in Zone,
// never by adding hours, so that a change to summer time moves no term.
type Calendar struct {
	Zone     *time.Location
	Closures []Date // days configured as not worked, sorted
	Saturday bool   // Saturdays are worked
}

// NewCalendar makes the calendar of a time zone ("Europe/Rome") with extra
// days off ("2026-12-07").
func NewCalendar(zone string, closures []string, saturday bool) (*Calendar, error) {
	location, err := time.LoadLocation(zone)
	if err != nil {
		return nil, fmt.Errorf("time zone %q: %w — write e.g. \"Europe/Rome\"", zone, err)
	}
	c := &Calendar{Zone: location, Saturday: saturday}
	for _, text := range closures {
		d, err := ParseDate(text)
		if err != nil {
			return nil, fmt.Errorf("closure: %w", err)
		}
		c.Closures = append(c.Closures, d)
	}
	slices.SortFunc(c.Closures, Date.Compare)
	return c, nil
}

// Date is a civil date, of no time zone.
type Date struct {
	Year  int
	Month time.Month
	Day   int
}

// ParseDate reads a date written 2026-12-07.
func ParseDate(s string) (Date, error) {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		return Date{}, fmt.Errorf("%q is not a date — write e.g. \"2026-12-07\"", s)
	}
	return dateOf(t), nil
}

// String writes d as 2026-12-07.
// dayWords are the days that have a name of their own, counted from today.
var dayWords = map[string]int{"yesterday": -1, "ieri": -1, "today": 0, "oggi": 0, "tomorrow": 1, "domani": 1}

// Day reads a day as a person writes it: 2026-11-27, 27/11/2026, or today,
// yesterday and tomorrow as they are at now. The error is an *ErrRefused.
func (c *Calendar) Day(word string, now time.Time) (Date, error) {
	word = strings.ToLower(strings.TrimSpace(word))
	if n, ok := dayWords[word]; ok {
		return c.Date(now).add(n), nil
	}
	if d, err := ParseDate(word); err == nil {
		return d, nil
	}
	if t, err := time.Parse("2/1/2006", word); err == nil {
		return dateOf(t), nil
	}
	return Date{}, refuse("%q is no day: write it as 2026-11-27 or 27/11/2026, or today, yesterday, tomorrow", word)
}

func (d Date) String() string { return fmt.Sprintf("%04d-%02d-%02d", d.Year, d.Month, d.Day) }

// Compare orders dates: -1, 0, +1.
func (d Date) Compare(e Date) int { return d.utc().Compare(e.utc()) }

// Weekday is the day of the week of d.
func (d Date) Weekday() time.Weekday { return d.utc().Weekday() }

// utc is noon of d in a zone without summer time, where date arithmetic is exact.
func (d Date) utc() time.Time { return time.Date(d.Year, d.Month, d.Day, 12, 0, 0, 0, time.UTC) }

func (d Date) add(days int) Date { return dateOf(d.utc().AddDate(0, 0, days)) }

func dateOf(t time.Time) Date {
	year, month, day := t.Date()
	return Date{year, month, day}
}

// Date is the civil date of an instant in the calendar's zone.
func (c *Calendar) Date(t time.Time) Date { return dateOf(t.In(c.Zone)) }

// Holiday says whether d is a national holiday, and its Italian name.
// Sundays are not in it: see WorkingDay.
func (c *Calendar) Holiday(d Date) (name string, ok bool) {
	for _, h := range holidays {
		if h.month == d.Month && h.day == d.Day && d.Year >= h.from {
			return h.name, true
		}
	}
	// Easter Monday falls between 23 March and 26 April.
	if (d.Month == time.March || d.Month == time.April) && d == easterMonday(d.Year) {
		return "Lunedì dell'Angelo", true
	}
	return "", false
}

// WorkingDay reports whether d is worked: Monday to Friday (to Saturday when
// configured), no national holiday, no configured closure.
func (c *Calendar) WorkingDay(d Date) bool {
	switch d.Weekday() {
	case time.Sunday:
		return false
	case time.Saturday:
		if !c.Saturday {
			return false
		}
	}
	if _, found := slices.BinarySearchFunc(c.Closures, d, Date.Compare); found {
		return false
	}
	_, off := c.Holiday(d)
	return !off
}

// DayOff is a day of the week on which nobody works all the same.
type DayOff struct {
	Day     Date
	Holiday string // its Italian name; "": a configured closure
}

// DaysOff are those among the days that begin with d.
func (c *Calendar) DaysOff(d Date, days int) (out []DayOff) {
	for range days {
		weekend := d.Weekday() == time.Sunday || d.Weekday() == time.Saturday && !c.Saturday
		if name, _ := c.Holiday(d); !weekend && !c.WorkingDay(d) {
			out = append(out, DayOff{d, name})
		}
		d = d.add(1)
	}
	return out
}

// maxIdle bounds the search for a working day, should closures cover years.
const maxIdle = 3660

// WorkingTerm is the end, 23:59:59, of the days-th working day after the day of
// start. The day of start is not counted, whatever the hour (procedures: no
// cut-off hour; art. 155 c.p.c., dies a quo non computatur).
func (c *Calendar) WorkingTerm(start time.Time, days int) time.Time {
	d := c.Date(start)
	for idle := 0; days > 0 && idle < maxIdle; {
		d = d.add(1)
		if c.WorkingDay(d) {
			days--
			idle = 0
		} else {
			idle++
		}
	}
	return c.EndOfDay(d)
}

// CustomerTerm is the last day of a customer's term of calendar days after d:
// the first day is not counted, and a last day that is a Sunday or a national
// holiday moves to the next day that is neither. Saturday does not move it
// (art. 2963 c.c.); our own closures do not concern the customer.
func (c *Calendar) CustomerTerm(d Date, days int) Date {
	d = d.add(days)
	for {
		_, off := c.Holiday(d)
		if !off && d.Weekday() != time.Sunday {
			return d
		}
		d = d.add(1)
	}
}

// AddDays is the date n calendar days after d.
func (c *Calendar) AddDays(d Date, n int) Date { return d.add(n) }

// AddMonths is the same-numbered day n months after d, else the last of that
// month: 31 August 2026 + 30 months = 28 February 2029 (art. 2963 c.c.).
func (c *Calendar) AddMonths(d Date, n int) Date {
	first := time.Date(d.Year, d.Month+time.Month(n), 1, 12, 0, 0, 0, time.UTC)
	last := first.AddDate(0, 1, -1).Day()
	return Date{first.Year(), first.Month(), min(d.Day, last)}
}

// EndOfDay is the last second of d, 23:59:59, in the calendar's zone.
func (c *Calendar) EndOfDay(d Date) time.Time {
	return time.Date(d.Year, d.Month, d.Day, 23, 59, 59, 0, c.Zone)
}

// StartOfDay is the first instant of d in the calendar's zone.
func (c *Calendar) StartOfDay(d Date) time.Time {
	return time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, c.Zone)
}

// WorkingDaysLeft counts the working days after the day of now up to the day
// of due: 0 on the day of the term, negative when that many have gone by.
func (c *Calendar) WorkingDaysLeft(now, due time.Time) int {
	from, to := c.Date(now), c.Date(due)
	if from.Compare(to) > 0 {
		return -c.WorkingDaysLeft(due, now)
	}
	n := 0
	for d := from; d != to; {
		d = d.add(1)
		if c.WorkingDay(d) {
			n++
		}
	}
	return n
}

// DayBefore is the start of the working day before the day of due: when the
// alert of a coming breach goes out.
func (c *Calendar) DayBefore(due time.Time) time.Time {
	d := c.Date(due).add(-1)
	for idle := 0; !c.WorkingDay(d) && idle < maxIdle; idle++ {
		d = d.add(-1)
	}
	return c.StartOfDay(d)
}
