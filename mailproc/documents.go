package mailproc

import (
	"context"
	"encoding/binary"
	"slices"
	"time"

	"sportello/rules"
	"sportello/store"
)

// documentsMark is up to where in the journal copies of documents are gone.
const documentsMark = "documents"

// documentsPass is how much of the journal is looked through at a time.
const documentsPass = 5000

// outcomes are the events from which, or at the latest from whose day on, a
// case's copies of documents are no longer wanted.
var outcomes = []rules.EventKind{rules.Decided, rules.Approved, rules.EventRejected, rules.EventAnswered, rules.Withdrew, rules.Lapsed, rules.EventClosed}

// eraseCopies erases the messages that copies of documents came with, once the
// days are over that letters name. It goes along the journal as far behind the
// present, and looks at the cases that were decided then: one that was taken up
// again has a later outcome, or a later end.
func (d *Desk) eraseCopies(ctx context.Context) error {
	set, now := d.Policy().Rules, d.Now()
	before := set.Calendar.StartOfDay(set.Calendar.AddDays(set.Calendar.Date(now), 1-set.Settings.GiorniConservazione))
	var from, next uint64
	var gone []store.Expired
	err := d.Store.View(func(tx *store.Tx) error {
		if behind(tx, now) {
			return nil // nobody can say which days have come
		}
		mark, err := tx.Get(store.Desk, documentsMark)
		if err != nil {
			return err
		}
		if len(mark) == 8 {
			from = binary.BigEndian.Uint64(mark)
		}
		next = from
		events, err := tx.Journal(from, 1)
		if err != nil || len(events) == 0 || !events[0].At.Before(before) {
			return err
		}
		if events, err = tx.Journal(from, documentsPass); err != nil {
			return err
		}
		seen := map[string]bool{}
		for _, e := range events {
			if !e.At.Before(before) {
				break
			}
			next = e.Seq + 1
			if !slices.Contains(outcomes, e.Kind) || seen[e.Case] {
				continue
			}
			seen[e.Case] = true
			if gone, err = expired(tx, set, e.Case, now, gone); ofTheStore(ctx, err) {
				return err
			} else if err != nil { // the others' time is over too
				d.Log.Error("copies of documents cannot be looked for", "case", e.Case, "error", err)
			}
		}
		return nil
	})
	if err != nil || next == from {
		return err
	}
	if err := d.Store.Expire(ctx, gone, now); err != nil {
		return err
	}
	return d.Store.Update(ctx, func(tx *store.Tx) error {
		return tx.Put(store.Desk, documentsMark, binary.BigEndian.AppendUint64(nil, next))
	})
}

// expired appends the messages of a case whose copies of documents must go by now.
func expired(tx *store.Tx, set *rules.Set, id string, now time.Time, gone []store.Expired) ([]store.Expired, error) {
	c, err := tx.Brief(id)
	if err != nil {
		return gone, err
	}
	until := set.CopiesUntil(c)
	if until.IsZero() || until.After(now) {
		return gone, nil
	}
	for _, m := range c.Messages {
		facts, _, err := tx.MessageFacts(m)
		if err != nil {
			return gone, err
		}
		if facts != nil && facts.HoldsCopies() {
			gone = append(gone, store.Expired{Message: m, Why: set.CopiesGone(facts)})
		}
	}
	return gone, nil
}
