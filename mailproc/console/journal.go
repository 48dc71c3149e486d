package console

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
	"time"

	"sportello/rules"
)

// journalFilter says which entries of the journal are wanted.
type journalFilter struct {
	Case   string
	Author string    // who; "": anybody
	Since  time.Time // zero: from the first
	Until  time.Time // before it; zero: to the last
}

// Any reports whether it leaves anything out.
func (f journalFilter) Any() bool {
	return f.Case != "" || f.Author != "" || !f.Since.IsZero() || !f.Until.IsZero()
}

func (f *journalFilter) lets(e *rules.Event) bool {
	return (f.Case == "" || e.Case == f.Case) && (f.Author == "" || strings.EqualFold(e.Author, f.Author)) &&
		!e.At.Before(f.Since) && (f.Until.IsZero() || e.At.Before(f.Until))
}

// journalFilter reads a filter of the URL: since and until are days, both
// included, instants (RFC 3339) or how long ago (8h).
func (c *Console) journalFilter(r *http.Request) (f journalFilter, err error) {
	q := r.URL.Query()
	f = journalFilter{Case: strings.TrimSpace(q.Get("case")), Author: strings.TrimSpace(q.Get("author"))}
	var err2 error
	f.Since, err = c.instant(q.Get("since"), 0)
	f.Until, err2 = c.instant(q.Get("until"), 1)
	return f, errors.Join(err, err2)
}

// instant reads a day, of which it is the start, or so many days later; an
// instant; or how long ago. "" is zero.
func (c *Console) instant(word string, days int) (time.Time, error) {
	if word == "" {
		return time.Time{}, nil
	}
	if t, err := time.Parse(time.RFC3339, word); err == nil {
		return t, nil
	}
	if ago, err := time.ParseDuration(word); err == nil && ago > 0 {
		return c.now().Add(-ago), nil
	}
	cal := c.desk.Rules().Calendar
	d, err := cal.Day(word, c.now())
	return cal.StartOfDay(cal.AddDays(d, days)), err
}

// journalStep is how many entries are read at once where some are left out.
const journalStep = 2000

// journal reads entries that pass the filter, from a height on, and says from
// which height to go on. Fewer than limit: there are no more yet.
func (c *Console) journal(ctx context.Context, f *journalFilter, from uint64, limit int) (out []rules.Event, next uint64, err error) {
	step := limit
	if f.Any() && f.Case == "" {
		step = max(limit, journalStep)
	}
	for next = from; ; {
		events, err := c.desk.Journal(ctx, next, step, f.Case)
		if err != nil || len(events) == 0 {
			return out, next, err
		}
		for i := range events {
			e := &events[i]
			if next = e.Seq + 1; f.lets(e) {
				out = append(out, *e)
			}
			if len(out) == limit {
				return out, next, nil
			}
		}
		if last := &events[len(events)-1]; len(events) < step || !f.Until.IsZero() && !last.At.Before(f.Until) || ctx.Err() != nil {
			return out, next, ctx.Err()
		}
	}
}

// firstSince is the height of the first entry at an instant or after. Entries
// are in the order of time, but for a clock that was put back: then the first
// of those that are looked at.
func (c *Console) firstSince(ctx context.Context, at time.Time, height uint64) (uint64, error) {
	from, to := uint64(1), height+1
	for from < to {
		mid := from + (to-from)/2
		events, err := c.desk.Journal(ctx, mid, 1, "")
		if err != nil {
			return 0, err
		}
		if len(events) > 0 && events[0].At.Before(at) {
			from = mid + 1
		} else {
			to = mid
		}
	}
	return from, nil
}

// newest are up to limit entries at a height or below that pass the filter, the
// newest first, and where the older ones begin; 0: there are none. No more
// than so many are looked at: the page then offers to look on.
func (c *Console) newest(ctx context.Context, f *journalFilter, upto uint64, limit int) (out []rules.Event, older uint64, err error) {
	const most = 20 * journalStep
	low := uint64(1)
	if !f.Since.IsZero() {
		if low, err = c.firstSince(ctx, f.Since, upto); err != nil {
			return nil, 0, err
		}
	}
	step := uint64(limit)
	if f.Any() {
		step = journalStep
	}
	for looked := uint64(0); upto >= low && looked < most; looked += step {
		from := low
		if upto >= low+step {
			from = upto - step + 1
		}
		events, err := c.desk.Journal(ctx, from, int(upto-from+1), "")
		if err != nil {
			return nil, 0, err
		}
		for _, e := range slices.Backward(events) {
			if !f.lets(&e) {
				continue
			}
			if len(out) == limit {
				return out, e.Seq, nil
			}
			out = append(out, e)
		}
		upto = from - 1
	}
	if upto < low {
		upto = 0
	}
	return out, upto, nil
}
