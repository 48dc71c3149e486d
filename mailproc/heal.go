package mailproc

import (
	"context"
	"time"

	"sportello/rules"
	"sportello/store"
)

// aDayLonger is beyond every pause that the desk makes between two tries: a
// letter is held for a day at most, a step waits two hours, a decision a minute.
const aDayLonger = 25 * time.Hour

// ranAhead is why an event brings something near again.
const ranAhead = "it was put off by a clock that ran ahead"

// heal brings near again what was put off by a clock that ran ahead and was
// set right since: else a letter would go in a year. The promises stay as they
// were made. It runs at a start, and when the clock leaps back.
func (d *Desk) heal(ctx context.Context) error {
	return d.bringNear(ctx, near{beyond: aDayLonger, why: ranAhead, letters: map[rules.LetterState]rules.EventKind{
		rules.Owed: rules.LetterDeferred, rules.Uncertain: rules.LetterUncertain, rules.Held: rules.LetterHeld}})
}

// near is what is brought near: whatever is tried again later than beyond from
// now, of letters those in some states, each by its event.
type near struct {
	beyond  time.Duration
	letters map[rules.LetterState]rules.EventKind
	why     string
	author  string
}

func (d *Desk) bringNear(ctx context.Context, n near) error {
	now := d.Now()
	var late []rules.Event
	var deferred []*rules.Case
	err := d.Store.View(func(tx *store.Tx) (err error) {
		if late, err = d.lateLetters(tx, n, now); err != nil {
			return err
		}
		for _, state := range []rules.State{rules.Accepted, rules.Rejected, rules.Answered, rules.Withdrawn} {
			_, err = tx.Cases(store.Filter{State: state}, func(c *rules.Case) bool {
				late = append(late, n.lateSteps(c, now)...)
				return true
			})
			if err != nil {
				return err
			}
		}
		_, err = tx.Cases(store.Filter{State: rules.New}, func(c *rules.Case) bool {
			if c.RetryAt.After(now.Add(n.beyond)) {
				deferred = append(deferred, c.Clone())
			}
			return true
		})
		return err
	})
	if err == nil && len(late) > 0 {
		err = d.Store.Update(ctx, func(tx *store.Tx) error { return d.record(tx, late...) })
	}
	for i := 0; err == nil && i < len(deferred); i++ {
		err = d.redecide(ctx, deferred[i], now)
	}
	return err
}

func (d *Desk) lateLetters(tx *store.Tx, n near, now time.Time) (out []rules.Event, err error) {
	beyond := n.beyond
	if n.letters[rules.Uncertain] != "" {
		beyond = max(beyond, 2*d.UncertainWait)
	}
	far, err := tx.LettersAfter(now.Add(beyond))
	for i := 0; err == nil && i < len(far); i++ {
		k := far[i]
		if n.letters[k.State] == "" {
			continue
		}
		var c *rules.Case
		if c, err = tx.Brief(k.Case); err != nil {
			break
		}
		out = append(out, rules.Event{At: now, Kind: n.letters[k.State], Case: k.Case, Author: n.author, Until: rules.At(now), Detail: n.why,
			Letter: &rules.LetterRef{N: k.N, MessageID: c.Letter(k.N).MessageID}})
	}
	return out, err
}

// lateSteps are those that failed for a passing reason and are tried again; a
// step that was never tried is where its case has put it.
func (n near) lateSteps(c *rules.Case, now time.Time) (out []rules.Event) {
	for _, s := range c.Steps {
		if s.State == rules.StepDue && c.Runs(s) && s.Attempts > 0 && s.Due.After(now.Add(n.beyond)) {
			out = append(out, rules.Event{At: now, Kind: rules.StepRetry, Case: c.ID, Author: n.author, Until: rules.At(now), Detail: n.why,
				Step: &rules.StepRef{N: s.N, Do: s.Do, Attempt: s.Attempts}, Private: &rules.Private{Error: s.Error}})
		}
	}
	return out
}
