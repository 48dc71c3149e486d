package mailproc

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"sportello/rules"
	"sportello/store"
)

// What the desk keeps of copies of documents: up to where in an earlier version's
// journal it has looked, for how many days letters said that a case's copies are
// kept, and when which of them must go. What a customer was told holds whatever is
// configured afterwards.
const (
	documentsMark = "documents-noted"
	copiesSaid    = "copies-said/" // CASE: days; empty: nothing was said yet
	copiesDue     = "copies-due/"  // INSTANT/CASE: the outcome that it is counted for, and days
)

// documentsPass is how much of the journal is looked through at a time.
const documentsPass = 5000

// allNoted is where the journal has been looked through when nothing is left of it.
const allNoted = math.MaxUint64

// outcomes are the events from which, or at the latest from whose day on, a
// case's copies of documents are no longer wanted.
var outcomes = []rules.EventKind{rules.Decided, rules.Approved, rules.EventRejected, rules.EventAnswered, rules.Withdrew, rules.Lapsed, rules.EventClosed}

// noteCopies notes what the letters of an event say of copies of documents, and
// when those must go. Few cases want documents, and of no other anything is noted.
func (d *Desk) noteCopies(tx *store.Tx, e *rules.Event) error {
	policy := d.Policy()
	if e.Case == "" || policy == nil {
		return nil
	}
	wanted, err := ofDocuments(tx, policy.Rules, e)
	if err != nil || !wanted {
		return err
	}
	return noteOutcome(tx, policy.Rules, e)
}

// sweepCopies erases the messages with copies of documents whose days are over.
func (d *Desk) sweepCopies(ctx context.Context) error {
	for more := true; more && ctx.Err() == nil; {
		d.progress.beat("house", stageLimit)
		var err error
		if more, err = d.noteEarlier(ctx); err != nil {
			return err
		}
	}
	return errors.Join(ctx.Err(), d.eraseCopies(ctx))
}

// noteEarlier goes along the journal that a version wrote which noted nothing, a
// part at a time, and only once.
func (d *Desk) noteEarlier(ctx context.Context) (more bool, err error) {
	var events []rules.Event
	var from uint64
	err = d.Store.View(func(tx *store.Tx) (err error) {
		if from, err = documentsFrom(tx); err == nil && from != allNoted {
			events, err = tx.Journal(from, documentsPass)
		}
		return err
	})
	if err != nil || from == allNoted {
		return false, err
	}
	next := uint64(allNoted)
	if more = len(events) == documentsPass; more {
		next = events[len(events)-1].Seq + 1
	}
	return more, d.Store.Update(ctx, func(tx *store.Tx) error {
		for i := range events {
			if err := d.noteCopies(tx, &events[i]); ofTheStore(ctx, err) {
				return err
			} else if err != nil { // the others' time comes too
				d.Log.Error("copies of documents cannot be looked for", "case", events[i].Case, "error", err)
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

// ofDocuments reports whether an event opens a case which wants documents, asks
// for them, or ends what they are wanted for.
func ofDocuments(tx *store.Tx, set *rules.Set, e *rules.Event) (bool, error) {
	if p := set.Procedure(e.Procedure); e.Kind == rules.Asked || p != nil && len(p.Documents) > 0 {
		return true, nil
	}
	if !isOutcome(e) {
		return false, nil
	}
	said, err := tx.Get(store.Desk, copiesSaid+e.Case)
	return said != nil, err
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
