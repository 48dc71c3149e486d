package console

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"slices"
	"sort"
	"strconv"
	"sync"
	"time"

	"sportello/rules"
)

// Statistics of the cases received in the last days or in a month, from the cards of the
// queue: a million are counted in a moment, and none is opened.
type Statistics struct {
	Days       int              `json:"days"`
	Month      string           `json:"month,omitempty"` // 2026-10; "": the last days
	From       time.Time        `json:"from"`            // the start of the first day
	Made       time.Time        `json:"made"`
	Total      int              `json:"requests"`
	Alone      int              `json:"automatic"` // decided by the desk itself
	People     int              `json:"operator"`  // decided by a person
	Open       int              `json:"open"`      // a person has yet to decide
	Kept       int              `json:"kept"`      // answered in the term
	Late       int              `json:"late"`      // answered after the term, or not yet and it has passed
	Median     time.Duration    `json:"-"`         // from receipt to answer
	MedianS    int              `json:"median_seconds"`
	PerDay     []dayCount       `json:"per_day"`
	Answers    []answerTime     `json:"answers"`
	Reasons    []reasonCount    `json:"refusals"`
	Procedures []procedureCount `json:"procedures"`
}

// split is a number of requests by who decided them.
type split struct {
	Alone  int `json:"automatic"`
	People int `json:"operator"`
	Open   int `json:"open"`
}

// Total is all of them.
func (s split) Total() int { return s.Alone + s.People + s.Open }

func (s *split) add(c *rules.Card) {
	switch {
	case c.State == rules.InReview, c.Outcome == "", c.Outcome == rules.Review: // also one that came back to a person
		s.Open++
	case c.ByPerson:
		s.People++
	default:
		s.Alone++
	}
}

type dayCount struct {
	Day rules.Date `json:"-"`
	ISO string     `json:"day"`
	split
}

// answerTime counts the answers given on the Nth working day after receipt.
type answerTime struct {
	Days int `json:"working_days"` // lastBucket: so many and more
	N    int `json:"n"`
	Late int `json:"late"` // of them, past the term of their procedure
}

type reasonCount struct {
	Reason rules.Reason `json:"reason"`
	N      int          `json:"n"`
}

type procedureCount struct {
	Procedure string `json:"procedure"`
	split
	Late int `json:"late"`
}

const (
	statsKept  = 30 * time.Second // how old the numbers of a page may be
	lastBucket = 5                // working days, and more
	mostDays   = 3660
)

// statsCache spares the store: several people look at the same numbers.
type statsCache struct {
	mu   sync.Mutex
	made map[span]*Statistics
}

// of counts for a period, or gives what was counted a moment ago.
func (k *statsCache) of(ctx context.Context, desk Desk, x span, now time.Time) (*Statistics, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if s := k.made[x]; s != nil && now.Sub(s.Made) < statsKept && !now.Before(s.Made) {
		return s, nil
	}
	s, err := count(ctx, desk, x, now)
	if err != nil {
		return nil, err
	}
	if k.made == nil || len(k.made) > 20 {
		k.made = map[span]*Statistics{}
	}
	k.made[x] = s
	return s, nil
}

// span is what statistics are of: so many days from the first one on.
type span struct {
	first rules.Date
	days  int
	month string // when it is one
}

// lastDays are today and the days before it.
func lastDays(cal *rules.Calendar, days int, now time.Time) span {
	return span{first: cal.AddDays(cal.Date(now), 1-days), days: days}
}

var errMonth error = &rules.ErrRefused{Why: "a month is written as 2026-10, or last for the one before this"}

// monthOf reads a month (2026-10, or last), of which the days up to today count.
func monthOf(cal *rules.Calendar, word string, now time.Time) (span, error) {
	today := cal.Date(now)
	first, err := rules.ParseDate(word + "-01")
	if word == "last" {
		first, err = cal.AddMonths(rules.Date{Year: today.Year, Month: today.Month, Day: 1}, -1), nil
	}
	if err != nil || first.Compare(today) > 0 || first.Year < 2000 {
		return span{}, errMonth
	}
	x := span{first: first, month: fmt.Sprintf("%04d-%02d", first.Year, first.Month)}
	for d := first; d.Month == first.Month && d.Compare(today) <= 0; d = cal.AddDays(d, 1) {
		x.days++
	}
	return x, nil
}

func count(ctx context.Context, desk Desk, x span, now time.Time) (*Statistics, error) {
	cal := desk.Rules().Calendar
	s := &counter{now: now, reasons: map[rules.Reason]int{}, procedures: map[string]*procedureCount{},
		Statistics: &Statistics{Days: x.days, Month: x.month, From: cal.StartOfDay(x.first), Made: now, Reasons: []reasonCount{}, Procedures: []procedureCount{}}}
	for n, today := 0, cal.Date(now); n < x.days || cal.AddDays(x.first, n).Compare(today) <= 0; n++ { // answers come after the last day too
		d := cal.AddDays(x.first, n)
		if n < x.days {
			s.PerDay = append(s.PerDay, dayCount{Day: d, ISO: d.String()})
		}
		s.starts = append(s.starts, cal.StartOfDay(d).Unix())
		if cal.WorkingDay(d) {
			s.worked++
		}
		s.working = append(s.working, s.worked)
	}
	err := desk.Cards(ctx, func(c *rules.Card) bool {
		s.add(c)
		return ctx.Err() == nil
	})
	if err == nil {
		err = ctx.Err()
	}
	return s.finish(), err
}

type counter struct {
	*Statistics
	now        time.Time
	starts     []int64 // of each day, seconds
	working    []int   // working days up to and with each day
	worked     int
	last       int // the day found last
	reasons    map[rules.Reason]int
	procedures map[string]*procedureCount
	answers    [lastBucket + 1]answerTime
	spans      [shortSpans + longSpans]int // answers by the time they took
}

// Answers are counted by the second up to an hour, and by the minute up to
// about ninety days.
const (
	shortSpans = 3600
	longSpans  = 1 << 17
)

// day is the place of an instant among the days; -1: before the first.
func (s *counter) day(t time.Time) int {
	at := t.Unix()
	if s.starts[s.last] > at || s.last+1 < len(s.starts) && s.starts[s.last+1] <= at { // neighbours are often of one day
		n := sort.Search(len(s.starts), func(i int) bool { return s.starts[i] > at })
		s.last = max(n-1, 0)
		if n == 0 {
			return -1
		}
	}
	return s.last
}

func (s *counter) add(c *rules.Card) {
	day := s.day(c.Received)
	if day < 0 || day >= len(s.PerDay) {
		return
	}
	s.Total++
	s.PerDay[day].add(c)
	p := s.procedures[c.Procedure]
	if p == nil {
		p = &procedureCount{Procedure: c.Procedure}
		s.procedures[c.Procedure] = p
	}
	p.add(c)
	if c.Outcome == rules.Reject && c.State != rules.InReview { // there the reason is what it came back for
		s.reasons[c.Reason]++
	}
	switch {
	case c.Late || c.Overdue(s.now):
		s.Late++
		p.Late++
	case c.Answered > 0:
		s.Kept++
	}
	if c.Answered > 0 {
		n := s.working[max(s.day(c.Received.Add(c.Answered)), day)] - s.working[day]
		a := &s.answers[min(n, lastBucket)]
		a.N++
		if c.Late {
			a.Late++
		}
		s.spans[spanPlace(c.Answered)]++
	}
}

func spanPlace(d time.Duration) int {
	if d < shortSpans*time.Second {
		return int(max(d, 0) / time.Second)
	}
	return shortSpans + min(int(d/time.Minute), longSpans-1)
}

func (s *counter) finish() *Statistics {
	for _, d := range s.PerDay {
		s.Alone, s.People, s.Open = s.Alone+d.Alone, s.People+d.People, s.Open+d.Open
	}
	answers := 0
	for n, a := range s.answers {
		a.Days = n
		s.Answers = append(s.Answers, a)
		answers += a.N
	}
	for r, n := range s.reasons {
		s.Reasons = append(s.Reasons, reasonCount{r, n})
	}
	slices.SortFunc(s.Reasons, func(a, b reasonCount) int {
		if a.N != b.N {
			return b.N - a.N
		}
		return slices.Index(rules.AllReasons, a.Reason) - slices.Index(rules.AllReasons, b.Reason)
	})
	for _, p := range s.procedures {
		s.Procedures = append(s.Procedures, *p)
	}
	slices.SortFunc(s.Procedures, func(a, b procedureCount) int {
		if a.Total() != b.Total() {
			return b.Total() - a.Total()
		}
		return slices.Compare([]byte(a.Procedure), []byte(b.Procedure))
	})
	left := (answers + 1) / 2
	for place := 0; left > 0; place++ {
		if left -= s.spans[place]; left <= 0 {
			s.Median = time.Duration(place) * time.Second
			if place >= shortSpans {
				s.Median = time.Duration(place-shortSpans) * time.Minute
			}
		}
	}
	s.MedianS = int(s.Median / time.Second)
	return s.Statistics
}

// Share is a part of the decided cases.
func (s *Statistics) Share(n int) string { return percent(n, s.Alone+s.People) }

// OnTime is the share of promises kept.
func (s *Statistics) OnTime() string { return percent(s.Kept, s.Kept+s.Late) }

// percent is a part in words: "97 %", "100 %" only where nothing is missing; of nothing, "–".
func percent(n, all int) string {
	if all == 0 {
		return "–"
	}
	p := (100*n + all/2) / all
	if n < all {
		p = min(p, 99)
	}
	return fmt.Sprintf("%d %%", p)
}

// Table is every number as rows: the CSV of the page and of the command line.
func (s *Statistics) Table() [][]string {
	out := [][]string{{"measure", "key", "automatic", "operator", "open", "total"}}
	parts := func(measure, key string, n split) {
		out = append(out, []string{measure, key, strconv.Itoa(n.Alone), strconv.Itoa(n.People), strconv.Itoa(n.Open), strconv.Itoa(n.Total())})
	}
	row := func(measure, key string, n int) {
		out = append(out, []string{measure, key, "", "", "", strconv.Itoa(n)})
	}
	for _, d := range s.PerDay {
		parts("requests", d.ISO, d.split)
	}
	for _, p := range s.Procedures {
		parts("procedure", p.Procedure, p.split)
		row("late", p.Procedure, p.Late)
	}
	for _, a := range s.Answers {
		row("answered_after_working_days", strconv.Itoa(a.Days), a.N)
	}
	for _, x := range s.Reasons {
		row("refusals", string(x.Reason), x.N)
	}
	row("promise", "kept", s.Kept)
	row("promise", "broken", s.Late)
	row("median_seconds", "", s.MedianS)
	return out
}

// statsView is the page: the numbers and their pictures.
type statsView struct {
	*Statistics
	Periods  []int
	Months   []string
	Pictures struct{ Days, Answers, Reasons chart }
}

// period is the span that a page's URL asks for; thirty days when it means nothing.
func (c *Console) period(r *http.Request) span {
	cal, q := c.desk.Rules().Calendar, r.URL.Query()
	if x, err := monthOf(cal, q.Get("month"), c.now()); err == nil {
		return x
	}
	n, err := strconv.Atoi(q.Get("days"))
	if err != nil || n < 1 || n > mostDays {
		n = 30
	}
	return lastDays(cal, n, c.now())
}

// lastMonths are this month and those before it, as a page offers them.
func (c *Console) lastMonths() (out []string) {
	cal := c.desk.Rules().Calendar
	d := cal.Date(c.now())
	for d.Day = 1; len(out) < 24; d = cal.AddMonths(d, -1) {
		out = append(out, fmt.Sprintf("%04d-%02d", d.Year, d.Month))
	}
	return out
}

var periods = []int{7, 30, 90, 365}

func (c *Console) statsPage(w http.ResponseWriter, r *http.Request) {
	s, err := c.stats.of(r.Context(), c.desk, c.period(r), c.now())
	if err != nil {
		c.failedPage(w, r, err)
		return
	}
	f := &formatter{c: c, lang: language(r), t: c.views[language(r)].words}
	v := statsView{Statistics: s, Periods: periods, Months: c.lastMonths()}
	v.Pictures.Days, v.Pictures.Answers, v.Pictures.Reasons = f.daysChart(s), f.answersChart(s), f.reasonsChart(s)
	c.show(w, r, http.StatusOK, "stats", "stats.title", v)
}

func (c *Console) statsCSV(w http.ResponseWriter, r *http.Request) {
	s, err := c.stats.of(r.Context(), c.desk, c.period(r), c.now())
	if err != nil {
		c.failedPage(w, r, err)
		return
	}
	startCSV(w, "sportello-stats-"+cmp.Or(s.Month, strconv.Itoa(s.Days)+"d")+".csv")
	writeCSV(w, s.Table())
}
