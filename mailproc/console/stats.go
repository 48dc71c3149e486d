package console

import (
	"context"
	"encoding/csv"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"sync"
	"time"

	"sportello/rules"
)

// Statistics of the cases received in the last days.
type Statistics struct {
	Days    int
	From    time.Time
	Made    time.Time
	PerDay  []dayCount
	Total   int
	Alone   int // decided by the desk itself
	People  int // decided by a person
	Open    int
	Late    int // answered after the term, or not yet and it has passed
	Kept    int // answered in the term
	Answers []answerTime
	Reasons []reasonCount
	Median  time.Duration // from receipt to answer
	Partial bool          // there were more cases than were looked at
}

type dayCount struct {
	Day                 rules.Date
	Alone, People, Open int
}

func (d dayCount) Total() int { return d.Alone + d.People + d.Open }

// answerTime counts the answers given on the Nth working day after receipt.
type answerTime struct{ Days, N int }

type reasonCount struct {
	Reason rules.Reason
	N      int
}

// statsCache spares the store: statistics are made at most once a minute.
type statsCache struct {
	mu   sync.Mutex
	made map[int]*Statistics
}

// Bounds of what statistics look at.
const (
	statsCases = 50_000
	statsKept  = time.Minute
	lastBucket = 5 // working days, and more
)

// statistics looks through the cases, at most once a minute for each period.
func (c *Console) statistics(ctx context.Context, days int) (*Statistics, error) {
	c.stats.mu.Lock()
	defer c.stats.mu.Unlock()
	now := c.now()
	if s := c.stats.made[days]; s != nil && now.Sub(s.Made) < statsKept && !now.Before(s.Made) {
		return s, nil
	}
	s, err := c.count(ctx, days, now)
	if err != nil {
		return nil, err
	}
	if c.stats.made == nil {
		c.stats.made = map[int]*Statistics{}
	}
	c.stats.made[days] = s
	return s, nil
}

func (c *Console) count(ctx context.Context, days int, now time.Time) (*Statistics, error) {
	cal := c.desk.Rules().Calendar
	first := cal.AddDays(cal.Date(now), 1-days)
	s := &counter{cal: cal, now: now, reasons: map[rules.Reason]int{}, days: map[rules.Date]*dayCount{},
		Statistics: &Statistics{Days: days, From: cal.StartOfDay(first), Made: now}}
	for d := range days {
		s.PerDay = append(s.PerDay, dayCount{Day: cal.AddDays(first, d)})
	}
	for i := range s.PerDay {
		s.days[s.PerDay[i].Day] = &s.PerDay[i]
	}
	q := rules.Query{Order: "received", Limit: 1000}
	for seen := 0; ; {
		list, err := c.desk.Cases(ctx, q)
		if err != nil {
			return nil, err
		}
		for _, x := range list.Cases {
			s.add(x)
		}
		seen += len(list.Cases)
		if q.After = list.Next; q.After == "" {
			break
		}
		if seen >= statsCases {
			s.Partial = true
			break
		}
	}
	return s.finish(), nil
}

type counter struct {
	*Statistics
	cal     *rules.Calendar
	now     time.Time
	days    map[rules.Date]*dayCount
	reasons map[rules.Reason]int
	answers [lastBucket + 1]int
	spans   []time.Duration
}

func (s *counter) add(c *rules.Case) {
	if c.Received.Before(s.From) {
		return
	}
	day := s.days[s.cal.Date(c.Received)]
	if day == nil {
		day = &dayCount{} // dated in the future: counted in the total alone
	}
	s.Total++
	switch {
	case c.Outcome == "" || c.Outcome == rules.Review:
		day.Open++
		s.Open++
	case c.DecidedBy == "":
		day.Alone++
		s.Alone++
	default:
		day.People++
		s.People++
	}
	if c.Outcome == rules.Reject {
		s.reasons[c.Reason]++
	}
	switch {
	case c.Answered.IsZero():
		if c.Overdue(s.now) {
			s.Late++
		}
		return
	case !c.Due.IsZero() && c.Answered.After(c.Due):
		s.Late++
	default:
		s.Kept++
	}
	s.answers[min(max(s.cal.WorkingDaysLeft(c.Received, c.Answered), 0), lastBucket)]++
	s.spans = append(s.spans, c.Answered.Sub(c.Received))
}

func (s *counter) finish() *Statistics {
	for n, v := range s.answers {
		s.Answers = append(s.Answers, answerTime{n, v})
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
	slices.Sort(s.spans)
	if n := len(s.spans); n > 0 {
		s.Median = s.spans[n/2]
	}
	return s.Statistics
}

// Share is a part of the decided cases in percent.
func (s *Statistics) Share(n int) int {
	if all := s.Alone + s.People; all > 0 {
		return (100*n + all/2) / all
	}
	return 0
}

// OnTime is the share of promises kept, in percent.
func (s *Statistics) OnTime() int {
	if all := s.Kept + s.Late; all > 0 {
		return (100*s.Kept + all/2) / all
	}
	return 100
}

// statsView is the page: the numbers and their pictures.
type statsView struct {
	*Statistics
	Periods  []int
	Pictures struct{ Days, Answers, Reasons chart }
}

func period(r *http.Request) int {
	n, err := strconv.Atoi(r.URL.Query().Get("days"))
	if err != nil || !slices.Contains(periods, n) {
		return 30
	}
	return n
}

var periods = []int{7, 30, 90, 365}

func (c *Console) statsPage(w http.ResponseWriter, r *http.Request) {
	s, err := c.statistics(r.Context(), period(r))
	if err != nil {
		c.failedPage(w, r, err)
		return
	}
	f := &formatter{c: c, lang: language(r), t: c.views[language(r)].words}
	v := statsView{Statistics: s, Periods: periods}
	v.Pictures.Days, v.Pictures.Answers, v.Pictures.Reasons = f.daysChart(s), f.answersChart(s), f.reasonsChart(s)
	c.show(w, r, http.StatusOK, "stats", "stats.title", v)
}

func (c *Console) statsCSV(w http.ResponseWriter, r *http.Request) {
	s, err := c.statistics(r.Context(), period(r))
	if err != nil {
		c.failedPage(w, r, err)
		return
	}
	startCSV(w, fmt.Sprintf("sportello-stats-%dd.csv", s.Days))
	out := csv.NewWriter(w)
	defer out.Flush()
	_ = out.Write([]string{"measure", "key", "automatic", "operator", "open", "total"})
	for _, d := range s.PerDay {
		_ = out.Write([]string{"requests", d.Day.String(), strconv.Itoa(d.Alone), strconv.Itoa(d.People), strconv.Itoa(d.Open), strconv.Itoa(d.Total())})
	}
	row := func(measure, key string, n int) { _ = out.Write([]string{measure, key, "", "", "", strconv.Itoa(n)}) }
	for _, a := range s.Answers {
		row("answered_after_working_days", strconv.Itoa(a.Days), a.N)
	}
	for _, x := range s.Reasons {
		row("refusals", string(x.Reason), x.N)
	}
	row("promise", "kept", s.Kept)
	row("promise", "broken", s.Late)
}
