package mailproc

import (
	"context"
	"fmt"
	"time"

	"sportello/rules"
	"sportello/store"
)

// clockBatch is how many deadlines are looked at in one transaction.
const clockBatch = 256

// clock does what time brings: a step falls due, a term lapses, a promise is
// near its end. Its timer is set from the store.
func (d *Desk) clock(ctx context.Context) error {
	var w wake
	for {
		if !w.over(d) {
			if err := d.wait(ctx, "clock", d.Now().Add(time.Second)); err != nil {
				return err
			}
			continue
		}
		next, err := d.tick(ctx)
		if err != nil {
			return err
		}
		if err := d.wait(ctx, "clock", next); err != nil {
			return err
		}
	}
}

// tick handles every deadline that has come and says when the next one does.
func (d *Desk) tick(ctx context.Context) (next time.Time, err error) {
	for {
		now := d.Now()
		due, next, err := d.deadlines(now, func(dl store.Deadline) bool { return dl.What != store.StepDue })
		if err != nil {
			return next, err
		}
		moved, err := d.elapse(ctx, due, now)
		if err != nil || !moved {
			return next, err
		}
	}
}

// horizon is how far ahead a stage looks for its next instant; it wakes at
// least this often anyway, since the wall clock may jump.
const horizon = 30 * time.Second

// deadlines are those that have come, and the instant of the next one within
// the horizon.
func (d *Desk) deadlines(now time.Time, wanted func(store.Deadline) bool) (due []store.Deadline, next time.Time, err error) {
	err = d.Store.View(func(tx *store.Tx) error {
		all, err := tx.DeadlinesDue(now.Add(horizon), 4*clockBatch)
		for _, dl := range all {
			switch {
			case !wanted(dl):
			case !dl.At.After(now):
				due = append(due, dl)
			case next.IsZero():
				next = dl.At
			}
		}
		return err
	})
	return due, next, err
}

// elapse advances the cases of the given deadlines; moved is false when none
// of them had anything to do (a step that runs, a letter under way).
func (d *Desk) elapse(ctx context.Context, due []store.Deadline, now time.Time) (moved bool, err error) {
	seen := map[string]bool{}
	for _, dl := range due {
		if seen[dl.Case] {
			continue
		}
		seen[dl.Case] = true
		did, err := d.advance(ctx, dl.Case, now)
		switch {
		case err == nil:
			moved = moved || did
		case ofTheStore(ctx, err):
			return moved, fmt.Errorf("case %s: %w", dl.Case, err)
		default:
			d.stuck(dl.Case, err)
		}
	}
	if moved {
		d.kick("send", "act")
		d.changed()
	}
	return moved, nil
}

// advance records what a case owes at now.
func (d *Desk) advance(ctx context.Context, id string, now time.Time) (did bool, err error) {
	var again *rules.Case
	err = d.Store.Update(ctx, func(tx *store.Tx) error {
		did, again = false, nil
		c, err := tx.Brief(id)
		if err != nil {
			return err
		}
		if c.State == rules.New && !c.RetryAt.IsZero() && !now.Before(c.RetryAt) {
			again = c
			return nil
		}
		events, err := d.owes(tx, c, now)
		if err != nil || len(events) == 0 {
			return err
		}
		did = true
		d.alertOf(c, events)
		return tx.Record(events...)
	})
	if err == nil && again != nil {
		return true, d.redecide(ctx, again, now)
	}
	return did, err
}

// alertOf raises an alert for what a person must know at once.
func (d *Desk) alertOf(c *rules.Case, events []rules.Event) {
	for _, e := range events {
		switch e.Kind {
		case rules.TargetPassed:
			d.raise("promise/"+c.ID, fmt.Sprintf("Case %s: the desk's own target of two working days has passed; it is due by %s.", c.ID, d.local(c.Due)))
		case rules.Warned:
			d.raise("promise/"+c.ID, fmt.Sprintf("Case %s must be answered by %s: a working day is left.", c.ID, d.local(c.Due)))
		case rules.Breached:
			d.raise("promise/"+c.ID, fmt.Sprintf("Case %s: the term of three working days passed on %s without an answer.", c.ID, d.local(c.Due)))
		case rules.Returned, rules.Reopened:
			d.raise("case/"+c.ID, fmt.Sprintf("Case %s needs a person: %s (%s).", c.ID, e.Reason, e.Detail))
		}
	}
}

func (d *Desk) local(t time.Time) string {
	return t.In(d.Policy().Rules.Calendar.Zone).Format("Mon 2 Jan 2006 15:04 MST")
}
