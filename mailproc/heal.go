package mailproc

import (
	"context"
	"errors"
	"slices"
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

// far is what waits too long, with the event that lets it go and how often it
// had been tried when it was seen.
type far struct {
	rules.Event
	tries int
}

// nearStep is how many cases or letters one transaction brings near.
const nearStep = 1000

func (d *Desk) bringNear(ctx context.Context, n near) error {
	late, deferred, err := d.farOff(n)
	if err != nil {
		return err
	}
	for part := range slices.Chunk(late, nearStep) {
		if err := d.Store.Update(ctx, func(tx *store.Tx) error { return d.letGo(tx, n, part) }); err != nil {
			return err
		}
	}
	for _, c := range deferred {
		if err := d.redecide(ctx, c, d.Now()); err != nil {
			return err
		}
	}
	return nil
}

// farOff looks for the letters and steps to bring near, and for the cases that
// wait for the registry.
func (d *Desk) farOff(n near) (late []far, deferred []*rules.Case, err error) {
	now := d.Now()
	err = d.Store.View(func(tx *store.Tx) (err error) {
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
	return late, deferred, err
}

// letGo records what lets a part go that still waits as it did when it was
// seen: what was begun or done meanwhile must not be made due again.
func (d *Desk) letGo(tx *store.Tx, n near, part []far) error {
	now := d.Now()
	var still []rules.Event
	for _, f := range part {
		c, err := tx.Brief(f.Case)
		if errors.Is(err, store.ErrNotFound) { // purged meanwhile
			continue
		}
		if err != nil {
			return err
		}
		if f.waits(c, n, now) {
			f.At, f.Until = now, rules.At(now)
			still = append(still, f.Event)
		}
	}
	return d.record(tx, still...)
}

// waits reports whether what was seen still waits for the same try.
func (f far) waits(c *rules.Case, n near, now time.Time) bool {
	if f.Letter != nil {
		l := c.Letter(f.Letter.N)
		return l != nil && n.letters[l.State] == f.Kind && len(l.Tries) == f.tries && l.NextTry.After(now)
	}
	if f.Step.N > len(c.Steps) {
		return false
	}
	s := c.Steps[f.Step.N-1]
	return s.Do == f.Step.Do && s.State == rules.StepDue && s.Attempts == f.tries && c.Runs(s) && s.Due.After(now)
}

func (d *Desk) lateLetters(tx *store.Tx, n near, now time.Time) (out []far, err error) {
	beyond := n.beyond
	if n.letters[rules.Uncertain] != "" {
		beyond = max(beyond, 2*d.UncertainWait)
	}
	keys, err := tx.LettersAfter(now.Add(beyond))
	for i := 0; err == nil && i < len(keys); i++ {
		k := keys[i]
		if n.letters[k.State] == "" {
			continue
		}
		var c *rules.Case
		if c, err = tx.Brief(k.Case); err != nil {
			break
		}
		l := c.Letter(k.N)
		out = append(out, far{rules.Event{Kind: n.letters[k.State], Case: k.Case, Author: n.author, Detail: n.why,
			Letter: &rules.LetterRef{N: k.N, MessageID: l.MessageID}}, len(l.Tries)})
	}
	return out, err
}

// lateSteps are those that failed for a passing reason and are tried again; a
// step that was never tried is where its case has put it.
func (n near) lateSteps(c *rules.Case, now time.Time) (out []far) {
	for _, s := range c.Steps {
		if s.State == rules.StepDue && c.Runs(s) && s.Attempts > 0 && s.Due.After(now.Add(n.beyond)) {
			out = append(out, far{rules.Event{Kind: rules.StepRetry, Case: c.ID, Author: n.author, Detail: n.why,
				Step: &rules.StepRef{N: s.N, Do: s.Do, Attempt: s.Attempts}, Private: &rules.Private{Error: s.Error}}, s.Attempts})
		}
	}
	return out
}
