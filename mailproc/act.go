package mailproc

import (
	"context"
	"errors"
	"fmt"
	"time"

	"sportello/rules"
	"sportello/store"
)

// stepTries is how often a step that fails for a passing reason is tried.
const stepTries = 8

// act runs the steps that are due, one after the other: they are few, and
// what they do cannot be taken back.
func (d *Desk) act(ctx context.Context) error {
	if err := d.unfinished(ctx); err != nil {
		return err
	}
	for {
		next, err := d.actSome(ctx)
		if err != nil {
			return err
		}
		if err := d.wait(ctx, "act", next); err != nil {
			return err
		}
	}
}

// unfinished goes on with steps that had started and not ended when the desk
// last stopped: the same attempt, by the same key. Where the case has left its
// way meanwhile (a revocation), a person is told instead.
func (d *Desk) unfinished(ctx context.Context) error {
	var running []store.Deadline
	err := d.Store.View(func(tx *store.Tx) error {
		for _, state := range []rules.State{rules.Accepted, rules.InReview, rules.Waiting} {
			_, err := tx.Cases(store.Filter{State: state}, func(c *rules.Case) bool {
				for _, s := range c.Steps {
					if s.State == rules.StepRunning {
						running = append(running, store.Deadline{Case: c.ID, What: store.StepDue, N: s.N})
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
	for _, k := range running {
		if err := d.step(ctx, k); ofTheStore(ctx, err) {
			return err
		} else if err != nil {
			d.stuck(k.Case, fmt.Errorf("step %d: %w", k.N, err))
		}
	}
	return nil
}

func (d *Desk) actSome(ctx context.Context) (next time.Time, err error) {
	due, next, err := d.deadlines(d.Now(), func(dl store.Deadline) bool { return dl.What == store.StepDue })
	if err != nil || len(due) == 0 {
		return next, err
	}
	var read bool
	err = d.Store.View(func(tx *store.Tx) (err error) {
		read, err = d.allRead(tx, due[len(due)-1].At)
		return err
	})
	if err != nil || !read {
		return next, err // a look or a decision wakes us
	}
	for _, k := range due {
		if err := ctx.Err(); err != nil {
			return next, err
		}
		if err := d.step(ctx, k); ofTheStore(ctx, err) {
			return next, fmt.Errorf("case %s, step %d: %w", k.Case, k.N, err)
		} else if err != nil {
			d.stuck(k.Case, fmt.Errorf("step %d: %w", k.N, err))
		}
	}
	return next, nil
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
	failure := d.Actions[job.Do].Run(context.WithoutCancel(ctx), *job)
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
	if c.State != rules.Accepted {
		if st.State != rules.StepRunning {
			return nil, nil
		}
		return nil, tx.Record(rules.Event{At: now, Kind: rules.EventStepFailed, Case: c.ID, Step: ref,
			Private: &rules.Private{Error: "the desk stopped while it ran, and the case was taken back: look whether it was done"}})
	}
	read, err := d.allRead(tx, st.Due)
	if err != nil {
		return nil, err
	}
	switch {
	case st.State == rules.StepRunning: // a crash between start and end: the same attempt again, by its key
		ref.Attempt = st.Attempts
	case st.State != rules.StepDue || now.Before(st.Due):
		return nil, nil
	case st.State == rules.StepDue && !read: // a revocation may lie there
		return nil, nil
	case d.Actions[st.Do] == nil:
		return nil, tx.Record(rules.Event{At: now, Kind: rules.StepAsked, Case: c.ID, Step: ref})
	default:
		if err := tx.Record(rules.Event{At: now, Kind: rules.StepStarted, Case: c.ID, Step: ref}); err != nil {
			return nil, err
		}
	}
	return &Job{Case: c.ID, Step: n, Do: st.Do, Mailbox: c.Mailbox, Key: fmt.Sprintf("%s/%d/%s", c.ID, n, st.Do), Fields: c.Fields, Attempt: ref.Attempt}, nil
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
	more, err := d.owes(tx, c, now)
	if err != nil || len(more) == 0 {
		return err
	}
	d.alertOf(c, more)
	return tx.Record(more...)
}
