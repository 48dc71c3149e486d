package mailproc

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"sportello/rules"
	"sportello/store"
)

// stepTries is how often a step that fails for a passing reason is tried.
const stepTries = 8

// byHand is the stage of the steps for which no action is configured.
const byHand = ""

// act runs the steps of one word that are due, one after the other: they are
// few, and what they do cannot be taken back. A word whose action is slow
// delays no other.
func (d *Desk) act(ctx context.Context, do string) error {
	if err := d.unfinished(ctx, do); err != nil {
		return err
	}
	for {
		next, err := d.actSome(ctx, do)
		if err != nil {
			return err
		}
		if err := d.wait(ctx, actStage(do), next); err != nil {
			return err
		}
	}
}

func actStage(do string) string { return "act/" + do }

// hand is the stage that runs the steps of a word.
func (d *Desk) hand(do string) string {
	if d.Actions[do] == nil {
		return byHand
	}
	return do
}

// unfinished goes on with steps that had started and not ended when the desk
// last stopped: the same attempt, by the same key. Where the case has left its
// way meanwhile (a revocation), a person is told instead.
func (d *Desk) unfinished(ctx context.Context, do string) error {
	var running []store.Deadline
	err := d.Store.View(func(tx *store.Tx) error {
		for _, state := range []rules.State{rules.Accepted, rules.InReview, rules.Waiting, rules.Rejected, rules.Answered, rules.Withdrawn} {
			_, err := tx.Cases(store.Filter{State: state}, func(c *rules.Case) bool {
				for _, s := range c.Steps {
					if s.State == rules.StepRunning && d.hand(s.Do) == do {
						running = append(running, store.Deadline{Case: c.ID, What: store.StepDue, N: s.N, Do: s.Do})
					}
				}
				return true
			})
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	return d.steps(ctx, running)
}

func (d *Desk) actSome(ctx context.Context, do string) (next time.Time, err error) {
	due, next, err := d.stepsDue(do, d.Now())
	if err != nil {
		return next, err
	}
	return next, d.steps(ctx, due)
}

// stepsDue are the steps of a word that are due and may run: those whose time
// had come when every mailbox was last read to its end, with every message of
// it decided. For what came due since, the mailboxes are read at once.
func (d *Desk) stepsDue(do string, now time.Time) (due []store.Deadline, next time.Time, err error) {
	read := d.lastRead(now)
	err = d.Store.View(func(tx *store.Tx) error {
		pending, err := tx.Pending(0, 1)
		if err != nil || len(pending) > 0 {
			return err // a decision wakes us
		}
		for after, more := []byte(nil), true; more && err == nil; more = after != nil {
			var page []store.Deadline
			page, after, err = tx.DeadlinesDue(read, clockPage, after)
			for _, dl := range page {
				if dl.What == store.StepDue && d.hand(dl.Do) == do {
					due = append(due, dl)
				}
			}
		}
		if at := tx.NextDeadline(read); !at.IsZero() && !at.After(now) {
			d.boxesRead(at) // the look wakes us
		}
		next = tx.NextDeadline(now)
		return err
	})
	return due, next, err
}

// steps runs steps, one after the other.
func (d *Desk) steps(ctx context.Context, due []store.Deadline) error {
	for _, k := range due {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := d.step(ctx, k); ofTheStore(ctx, err) {
			return fmt.Errorf("case %s, step %d: %w", k.Case, k.N, err)
		} else if err != nil {
			d.stuck(k.Case, fmt.Errorf("step %d: %w", k.N, err))
		}
	}
	return nil
}

// step runs one step: what is about to be done is committed first, how it
// ended after. A revocation that came meanwhile is seen before it starts.
func (d *Desk) step(ctx context.Context, k store.Deadline) error {
	var job *Job
	err := d.Store.Update(ctx, func(tx *store.Tx) error {
		job = nil
		c, err := tx.Brief(k.Case)
		if err != nil {
			return err
		}
		job, err = d.begin(tx, c, k.N)
		return err
	})
	if err != nil || job == nil {
		return err
	}
	// What is begun is let end, even while the desk stops.
	end := d.underway.begin(fmt.Sprintf("step %s of case %s", job.Do, job.Case))
	d.Log.Debug("step begins", "case", job.Case, "step", job.Do, "attempt", job.Attempt)
	failure := d.Actions[job.Do].Run(context.WithoutCancel(ctx), *job)
	d.Log.Debug("step has ended", "case", job.Case, "step", job.Do, "done", failure == nil)
	end()
	err = d.Store.Update(context.WithoutCancel(ctx), func(tx *store.Tx) error { return d.ended(tx, k, failure) })
	d.kick("clock", "send", "act")
	d.changed()
	return err
}

// begin records that step n starts and says what to run; nil when it is not
// to be run now, or a person does it.
func (d *Desk) begin(tx *store.Tx, c *rules.Case, n int) (*Job, error) {
	if n > len(c.Steps) {
		return nil, nil
	}
	st := c.Steps[n-1]
	now := d.Now()
	ref := &rules.StepRef{N: n, Do: st.Do, Attempt: st.Attempts + 1}
	if !c.Runs(st) {
		if st.State != rules.StepRunning {
			return nil, nil
		}
		ref.Attempt = st.Attempts
		return nil, tx.Record(rules.Event{At: now, Kind: rules.EventStepFailed, Case: c.ID, Step: ref,
			Private: &rules.Private{Error: "the desk stopped while it ran, and the case was taken back: look whether it was done"}})
	}
	if st.State == rules.StepRunning && d.mayBeDone(c, n) {
		ref.Attempt = st.Attempts
		return nil, d.record(tx, rules.Event{At: now, Kind: rules.StepAsked, Case: c.ID, Step: ref, Detail: perhapsDone})
	}
	read, err := d.allRead(tx, st.Due)
	if err != nil {
		return nil, err
	}
	switch {
	case st.State == rules.StepRunning && d.Actions[st.Do] == nil:
		ref.Attempt = st.Attempts
		return nil, tx.Record(rules.Event{At: now, Kind: rules.EventStepFailed, Case: c.ID, Step: ref,
			Private: &rules.Private{Error: "the desk stopped while it ran, and no action is configured for it any more: look whether it was done"}})
	case st.State == rules.StepRunning: // a crash between start and end: the same attempt again, by its key
		ref.Attempt = st.Attempts
	case st.State != rules.StepDue || now.Before(st.Due):
		return nil, nil
	case st.State == rules.StepDue && !read: // a revocation may lie there
		return nil, nil
	case d.Actions[st.Do] == nil:
		return nil, d.record(tx, rules.Event{At: now, Kind: rules.StepAsked, Case: c.ID, Step: ref})
	case answeredBefore(c) || d.mayBeDone(c, n):
		return nil, d.record(tx, rules.Event{At: now, Kind: rules.StepAsked, Case: c.ID, Step: ref, Detail: perhapsDone})
	case rules.Lasts(st.Do) && longBehind(tx, now):
		return nil, d.record(tx, rules.Event{At: now, Kind: rules.StepAsked, Case: c.ID, Step: ref,
			Detail: "the clock went back, so its day may not have come: look, do it when it has, and say done"})
	case rules.Lasts(st.Do) && behind(tx, now): // its day may not have come: see watchClock
		return nil, nil
	default:
		if err := tx.Record(rules.Event{At: now, Kind: rules.StepStarted, Case: c.ID, Step: ref}); err != nil {
			return nil, err
		}
	}
	return &Job{Case: c.ID, Step: n, Do: st.Do, Mailbox: c.Mailbox, Key: fmt.Sprintf("%s/%d/%s", c.Identity(), n, st.Do), Fields: c.Fields, Attempt: ref.Attempt}, nil
}

// perhapsDone is why a person is asked to do a step for which there is an action.
const perhapsDone = "its letter was sent before a backup was restored, so the step may have been done: look, do it if it was not, and say done"

// answeredBefore reports whether the case's answer is proved by receipts
// though this database never tried to send it: it was restored from a backup,
// perhaps from one that was made without our knowing.
func answeredBefore(c *rules.Case) bool {
	return slices.ContainsFunc(c.Letters, func(l rules.Letter) bool {
		return l.Outcome() && len(l.Tries) == 0 && (l.State == rules.Taken || l.State == rules.Delivered)
	})
}

func (d *Desk) ended(tx *store.Tx, k store.Deadline, failure error) error {
	c, err := tx.Brief(k.Case)
	if err != nil {
		return err
	}
	st := c.Steps[k.N-1]
	now := d.Now()
	e := rules.Event{At: now, Kind: rules.StepDone, Case: c.ID, Step: &rules.StepRef{N: k.N, Do: st.Do, Attempt: st.Attempts}}
	var permanent *PermanentError
	switch {
	case failure == nil:
	case errors.As(failure, &permanent) || st.Attempts%stepTries == 0: // a person who tries again has as many
		e.Kind, e.Private = rules.EventStepFailed, &rules.Private{Error: failure.Error()}
	default:
		e.Kind, e.Private = rules.StepRetry, &rules.Private{Error: failure.Error()}
		e.Until = rules.At(now.Add(Backoff(st.Attempts)))
	}
	if err := tx.Record(e); err != nil {
		return err
	}
	if err := c.Apply(e); err != nil {
		return err
	}
	more, err := d.after(tx, c, now)
	if err != nil {
		return err
	}
	return d.record(tx, more...)
}
