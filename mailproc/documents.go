package mailproc

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"sportello/rules"
	"sportello/store"
)

// What the desk keeps of copies of documents: up to where in the journal it has
// looked, for how many days letters said that a case's copies are kept, and when
// which of them must go. What a customer was told holds whatever is configured
// afterwards.
const (
	documentsMark = "documents-noted"
	copiesSaid    = "copies-said/" // CASE: days; empty: nothing was said yet
	copiesDue     = "copies-due/"  // INSTANT/CASE: the outcome that it is counted for, and days
)

// documentsPass is how much of the journal is looked through at a time.
const documentsPass = 5000

// outcomes are the events from which, or at the latest from whose day on, a
// case's copies of documents are no longer wanted.
var outcomes = []rules.EventKind{rules.Decided, rules.Approved, rules.EventRejected, rules.EventAnswered, rules.Withdrew, rules.Lapsed, rules.EventClosed}

// sweepCopies notes until when copies of documents are kept, and erases the
// messages of those whose days are over.
func (d *Desk) sweepCopies(ctx context.Context) error {
	if err := d.noteCopies(ctx); err != nil {
		return err
	}
	return d.eraseCopies(ctx)
}

// noteCopies goes along the journal to its end.
func (d *Desk) noteCopies(ctx context.Context) error {
	for more := true; more && ctx.Err() == nil; {
		d.progress.beat("house", stageLimit)
		var err error
		if more, err = d.noteSome(ctx); err != nil {
			return err
		}
	}
	return ctx.Err()
}

// lastNotes notes what letters said since, before other days may be configured:
// at a stop, and at a reload.
func (d *Desk) lastNotes(ctx context.Context) {
	if err := d.noteCopies(context.WithoutCancel(ctx)); err != nil {
		d.Log.Error("copies of documents cannot be looked for", "error", err)
	}
}

func (d *Desk) noteSome(ctx context.Context) (more bool, err error) {
	set := d.Policy().Rules
	var found []rules.Event
	var next uint64
	err = d.Store.View(func(tx *store.Tx) error {
		from, err := documentsFrom(tx)
		if err != nil {
			return err
		}
		events, err := tx.Journal(from, documentsPass)
		if err != nil || len(events) == 0 {
			return err
		}
		next, more = events[len(events)-1].Seq+1, len(events) == documentsPass
		found, err = ofDocuments(tx, set, events)
		return err
	})
	if err != nil || next == 0 {
		return false, err
	}
	return more, d.Store.Update(ctx, func(tx *store.Tx) error {
		for i := range found {
			if err := noteOutcome(tx, set, &found[i]); ofTheStore(ctx, err) {
				return err
			} else if err != nil { // the others' time comes too
				d.Log.Error("copies of documents cannot be looked for", "case", found[i].Case, "error", err)
			}
		}
		return tx.Put(store.Desk, documentsMark, binary.BigEndian.AppendUint64(nil, next))
	})
}

func documentsFrom(tx *store.Tx) (uint64, error) {
	mark, err := tx.Get(store.Desk, documentsMark)
	if err != nil || len(mark) != 8 {
		return 0, err
	}
	return binary.BigEndian.Uint64(mark), nil
}

// ofDocuments are those of events that open a case which wants documents, ask
// for them, or end what they are wanted for. Few cases do, and no other is read.
func ofDocuments(tx *store.Tx, set *rules.Set, events []rules.Event) (found []rules.Event, err error) {
	wants := map[string]bool{}
	for _, e := range events {
		p := set.Procedure(e.Procedure)
		if e.Kind == rules.Asked || p != nil && len(p.Documents) > 0 {
			wants[e.Case] = true
			found = append(found, e)
			continue
		}
		if !isOutcome(&e) {
			continue
		}
		if _, known := wants[e.Case]; !known {
			said, err := tx.Get(store.Desk, copiesSaid+e.Case)
			if err != nil {
				return nil, err
			}
			wants[e.Case] = said != nil
		}
		if wants[e.Case] {
			found = append(found, e)
		}
	}
	return found, nil
}

// isOutcome reports whether an event decides its case, or closes it.
func isOutcome(e *rules.Event) bool {
	return e.Kind == rules.EventClosed || slices.Contains(outcomes, e.Kind) && e.Outcome != "" && e.Outcome != rules.Review
}

// noteOutcome notes what the letters of an event say of the copies, and when
// they must go.
func noteOutcome(tx *store.Tx, set *rules.Set, e *rules.Event) error {
	said, err := tx.Get(store.Desk, copiesSaid+e.Case)
	if err != nil {
		return err
	}
	if !isOutcome(e) && e.Kind != rules.Asked {
		if said != nil {
			return nil
		}
		return tx.Put(store.Desk, copiesSaid+e.Case, []byte{})
	}
	days := set.Settings.GiorniConservazione
	if len(said) == 8 {
		days = min(days, int(binary.BigEndian.Uint64(said)))
	}
	if err := tx.Put(store.Desk, copiesSaid+e.Case, number(days)); err != nil || e.Kind == rules.Asked {
		return err
	}
	c, err := tx.Brief(e.Case)
	if err != nil || !set.WantsDocuments(c) || e.At.Before(c.Decided) { // a later outcome is in the journal too
		return err
	}
	return tx.Put(store.Desk, copiesKey(set.CopiesUntil(e.At, days), c.ID), append(outcomeMark(c), number(days)...))
}

func copiesKey(until time.Time, id string) string {
	return fmt.Sprintf("%s%016x/%s", copiesDue, until.Unix(), id)
}

// outcomeMark tells the outcome of a case from a later one.
func outcomeMark(c *rules.Case) []byte {
	return binary.BigEndian.AppendUint64(nil, uint64(c.Decided.UnixNano()))
}

func number(n int) []byte { return binary.BigEndian.AppendUint64(nil, uint64(n)) }

// eraseCopies erases the messages whose day has come. Where a person has taken
// the case up again it waits for him, and no longer: a new outcome has days of
// its own, and one that stands has had them.
func (d *Desk) eraseCopies(ctx context.Context) error {
	now := d.Now()
	var gone []store.Expired
	var done []string
	err := d.Store.View(func(tx *store.Tx) error {
		if behind(tx, now) {
			return nil // nobody can say which days have come
		}
		last := copiesKey(now, "~")
		return tx.EachOf(store.Desk, copiesDue, func(key string, due []byte) (bool, error) {
			if key > last {
				return false, nil
			}
			over, messages, err := expired(tx, caseOf(key), due)
			if ofTheStore(ctx, err) {
				return false, err
			} else if err != nil { // the others' time is over too
				d.Log.Error("copies of documents cannot be looked for", "key", key, "error", err)
			}
			if over {
				gone, done = append(gone, messages...), append(done, key)
			}
			return len(done) < documentsPass, nil
		})
	})
	if err != nil || len(done) == 0 {
		return err
	}
	if err := d.Store.Expire(ctx, gone, now); err != nil {
		return err
	}
	return d.Store.Update(ctx, func(tx *store.Tx) error {
		for _, key := range done {
			if err := tx.Put(store.Desk, key, nil); err != nil {
				return err
			}
			c, err := tx.Brief(caseOf(key))
			if errors.Is(err, store.ErrNotFound) || err == nil && c.State == rules.Closed { // nothing more will be said
				err = tx.Put(store.Desk, copiesSaid+caseOf(key), nil)
			}
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// caseOf is the case that an entry of what is due is about.
func caseOf(key string) string { return key[strings.LastIndexByte(key, '/')+1:] }

// expired are the messages of a case whose copies of documents must go now that
// the days of an outcome are over; false: a person may still need them.
func expired(tx *store.Tx, id string, due []byte) (over bool, gone []store.Expired, err error) {
	c, err := tx.Brief(id)
	switch {
	case errors.Is(err, store.ErrNotFound):
		return true, nil, nil
	case err != nil:
		return false, nil, err
	case len(due) != 16 || !slices.Equal(due[:8], outcomeMark(c)): // of a later one
		return true, nil, nil
	case c.NeedsCopies():
		return false, nil, nil
	}
	for _, m := range c.Messages {
		facts, _, err := tx.MessageFacts(m)
		if err != nil {
			return false, nil, err
		}
		if facts != nil && facts.HoldsCopies() {
			gone = append(gone, store.Expired{Message: m, Why: rules.CopiesGone(facts, int(binary.BigEndian.Uint64(due[8:])))})
		}
	}
	return true, gone, nil
}
