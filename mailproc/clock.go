package mailproc

import (
	"context"
	"fmt"
	"time"

	"sportello/rules"
	"sportello/store"
)

// clockPage is how many cases are looked at in one transaction.
const clockPage = 1024

// clockRest is the pause after a look at more cases than a page: they wait for
// a mailbox that cannot be read, and each kick would look at all of them again.
const clockRest = 5 * time.Second

// clock does what time brings: a step falls due, a term lapses, a promise is
// near its end. Its timer is set from the store.
func (d *Desk) clock(ctx context.Context) error {
	var w wake
	var warned time.Time
	for {
		d.progress.beat("clock", stageLimit)
		read := w.over(d)
		if w.back { // at once: what comes from now on is put off by a clock that is right
			if err := d.heal(ctx); err != nil {
				return err
			}
			w.back = false
		}
		if !read {
			if err := d.wait(ctx, "clock", d.Now().Add(time.Second)); err != nil {
				return err
			}
			continue
		}
		looked, next, err := d.tick(ctx)
		if err == nil && time.Since(warned) > time.Hour {
			warned = time.Now()
			err = d.warnSooner(ctx)
		}
		if err != nil {
			return err
		}
		if looked > clockPage && !pause(ctx, clockRest) {
			return ctx.Err()
		}
		if err := d.wait(ctx, "clock", next); err != nil {
			return err
		}
	}
}

// warnSooner warns of promises that are due by the next working day. Their
// warning was set when they were made; a closure configured since may have taken
// the day that it was set for.
func (d *Desk) warnSooner(ctx context.Context) error {
	now := d.Now()
	var unwarned []string
	err := d.Store.View(func(tx *store.Tx) error {
		_, err := tx.Cases(store.Filter{OverdueAt: d.beyondNext(now)}, func(c *rules.Case) bool {
			if !c.Warned {
				unwarned = append(unwarned, c.ID)
			}
			return true
		})
		return err
	})
	if err != nil {
		return err
	}
	_, err = d.elapse(ctx, unwarned, now)
	return err
}

// beyondNext is the instant after the next working day: what is due before it
// has a working day left, or less.
func (d *Desk) beyondNext(now time.Time) time.Time {
	return d.Policy().Rules.Calendar.WorkingTerm(now, 1).Add(time.Second)
}

// tick handles every deadline that has come, until a look at all of them moves
// nothing. It says how many cases that look was at, and when the next one comes.
func (d *Desk) tick(ctx context.Context) (looked int, next time.Time, err error) {
	for moved := true; moved; {
		now := d.Now()
		looked, next = 0, time.Time{}
		if moved, err = d.elapse(ctx, d.stucks.list(), now); err != nil {
			return looked, next, err
		}
		for after, more := []byte(nil), true; more; more = after != nil {
			p, err := d.dueCases(now, after)
			if err != nil {
				return looked, next, err
			}
			did, err := d.elapse(ctx, p.cases, now)
			if err != nil {
				return looked, next, err
			}
			moved, looked, after = moved || did, looked+p.looked, p.last
			next = earlier(next, p.next)
		}
	}
	return looked, next, nil
}

// earlier is the earlier of two instants, of which zero is none.
func earlier(a, b time.Time) time.Time {
	if a.IsZero() || !b.IsZero() && b.Before(a) {
		return b
	}
	return a
}

// horizon is how far ahead a stage looks for its next instant; it wakes at
// least this often anyway, since the wall clock may jump.
const horizon = 30 * time.Second

// duePage is a page of the cases of which a deadline has come.
type duePage struct {
	cases  []string  // those of other deadlines than steps
	looked int       // of all
	next   time.Time // the next deadline within the horizon
	last   []byte    // the place behind the page; nil at the end
}

func (d *Desk) dueCases(now time.Time, after []byte) (p duePage, err error) {
	err = d.Store.View(func(tx *store.Tx) error {
		all, last, err := tx.DeadlinesDue(now.Add(horizon), clockPage, after)
		p.last = last
		for i, dl := range all { // all of a case come together
			if i == 0 || all[i-1].Case != dl.Case {
				p.looked++
			}
			switch {
			case dl.What == store.StepDue:
			case dl.At.After(now):
				p.next = earlier(p.next, dl.At)
			case len(p.cases) == 0 || p.cases[len(p.cases)-1] != dl.Case:
				p.cases = append(p.cases, dl.Case)
			}
		}
		return err
	})
	return p, err
}

// elapse advances cases; moved is false when none of them had anything to do
// (a letter under way, a mailbox that was not read).
func (d *Desk) elapse(ctx context.Context, cases []string, now time.Time) (moved bool, err error) {
	for _, id := range cases {
		d.progress.beat("clock", stageLimit)
		did, err := d.advance(ctx, id, now)
		switch {
		case err == nil:
			moved = moved || did
		case ofTheStore(ctx, err):
			return moved, fmt.Errorf("case %s: %w", id, err)
		default:
			d.stuck(id, err)
		}
	}
	if moved {
		d.kick("send", "act")
		d.changed()
	}
	return moved, nil
}

// advance records what a case owes at now. It is looked at first in a reading
// transaction: one that owes nothing costs no commit.
func (d *Desk) advance(ctx context.Context, id string, now time.Time) (did bool, err error) {
	var again *rules.Case
	look := func(tx *store.Tx) (events []rules.Event, err error) {
		again = nil
		c, err := tx.Brief(id)
		if err != nil {
			return nil, err
		}
		if c.State == rules.New && !c.RetryAt.IsZero() && !now.Before(c.RetryAt) {
			again = c
			return nil, nil
		}
		return d.owes(tx, c, now)
	}
	var events []rules.Event
	if err := d.Store.View(func(tx *store.Tx) error { events, err = look(tx); return err }); err != nil {
		return false, err
	}
	if again != nil {
		return true, d.redecide(ctx, again, now)
	}
	if len(events) == 0 {
		return false, nil
	}
	err = d.Store.Update(ctx, func(tx *store.Tx) error {
		events, err := look(tx)
		if err != nil {
			return err
		}
		did = len(events) > 0
		for _, e := range events {
			d.Log.Debug("case moves with time", "case", id, "event", e.Kind)
		}
		return d.record(tx, events...)
	})
	return did, err
}

func (d *Desk) local(t time.Time) string {
	return t.In(d.Policy().Rules.Calendar.Zone).Format("Mon 2 Jan 2006 15:04 MST")
}

// owes is what a case owes at now, as far as the mailboxes have been read.
func (d *Desk) owes(tx *store.Tx, c *rules.Case, now time.Time) ([]rules.Event, error) {
	seen := c
	changed := func() *rules.Case {
		if seen == c {
			seen = c.Clone()
		}
		return seen
	}
	for i := range c.Letters {
		l := &c.Letters[i]
		if l.State == rules.Sent && !now.Before(l.NextTry) && !d.readSince(l.NextTry, c.To) {
			changed().Letters[i].NextTry = time.Time{}
		}
		if due := c.DeliveryDue(l); !due.IsZero() && !now.Before(due) && !d.readSince(due, c.To) {
			changed().Letters[i].Told = true // its receipt may lie there
		}
	}
	if c.State == rules.Waiting && !now.Before(c.Until) {
		read, err := d.allRead(tx, c.Until)
		if err != nil {
			return nil, err
		}
		if !read {
			changed().Until = time.Time{}
		}
	}
	var events []rules.Event
	err := d.guarded("advance a case", func() (err error) {
		events, err = d.Policy().Rules.Advance(seen, now)
		return err
	})
	if err != nil {
		return nil, errStuck{err}
	}
	return events, nil
}
