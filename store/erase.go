package store

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"sportello/rules"
)

// Redact erases one message on a lawful order: its bytes in the archive (also
// for copies that share them), what was found in it, and the private parts of
// its case's events that quote its text. Its digest, its subject, who sent it
// and the journal stay, and the journal says who ordered it. The database file keeps traces in free
// pages until the next start, which compacts it; backups keep what they have.
func (s *Store) Redact(ctx context.Context, id uint64, order, author string, now time.Time) error {
	s.keeping.Lock()
	defer s.keeping.Unlock()
	s.intake.Lock()
	defer s.intake.Unlock()
	err := s.Update(ctx, func(tx *Tx) error { return tx.redact(id, order, author, now) })
	// Also when it was redacted before: what a full disk left undone is done now.
	if err = errors.Join(err, s.doChores(s.strikeOff(ctx))); err != nil {
		return fmt.Errorf("redact message %d: %w", id, err)
	}
	return nil
}

func (tx *Tx) redact(id uint64, order, author string, now time.Time) error {
	m, err := tx.Message(id)
	if err != nil {
		return err
	}
	if m.Status == Purged && m.Case != "" { // its case may still quote it
		if c, err := tx.Case(m.Case); err != nil {
			return err
		} else if c.Emptied() {
			return ErrErased
		}
	} else if m.erased() {
		return ErrErased
	}
	if err := tx.compactNext(); err != nil {
		return err
	}
	return tx.eraseCopies(&m, func(t *Message) error {
		if err := tx.eraseMessage(t, Redacted); err != nil {
			return err
		}
		if err := tx.eraseQuotes(t.Case); err != nil {
			return err
		}
		return tx.Record(rules.Event{At: now, Kind: rules.Redacted, Case: t.Case, Message: t.ID, Mailbox: t.Mailbox, Author: author, Detail: order})
	})
}

// eraseCopies calls erase with a message and every other that has the same
// bytes or is the same envelope again, and orders that their bytes go from the
// archive.
func (tx *Tx) eraseCopies(m *Message, erase func(t *Message) error) error {
	copies, err := tx.sameBytes(m)
	if err == nil && m.Identifier != "" {
		_, err = tx.findKnown(nameOf(knownIdentifier, m.Identifier, 0), func(t *Message) bool {
			if tx.sameEnvelope(t, m) && t.Status == Duplicate {
				copies = addCopy(copies, t)
			}
			return false
		})
	}
	if err != nil {
		return err
	}
	for _, t := range copies {
		if !t.erased() {
			err = tx.order(chore{Month: t.Place.Month, Offset: t.Place.Offset, Length: t.Place.Length})
		}
		if err = errors.Join(err, erase(&t)); err != nil {
			return err
		}
	}
	return nil
}

// sameBytes are a message and those that share its bytes and still have them.
func (tx *Tx) sameBytes(m *Message) ([]Message, error) {
	copies := []Message{*m}
	_, err := tx.findKnown(nameOf(knownDigest, m.Digest[:], 0), func(t *Message) bool {
		if t.Digest == m.Digest {
			copies = addCopy(copies, t)
		}
		return false
	})
	return copies, err
}

func addCopy(copies []Message, t *Message) []Message {
	if t.erased() || slices.ContainsFunc(copies, func(c Message) bool { return c.ID == t.ID }) {
		return copies
	}
	return append(copies, *t)
}

// Expired is a message that is kept for a shorter time than its case.
type Expired struct {
	Message uint64
	Why     string // for the journal
}

// Expire erases messages whose own retention is over. What the case says of
// them stays, their digests too, and the journal says why they went. The copies
// were in the archive alone: the database need not be compacted for them.
func (s *Store) Expire(ctx context.Context, list []Expired, now time.Time) error {
	if len(list) == 0 {
		return nil
	}
	s.keeping.Lock()
	defer s.keeping.Unlock()
	s.intake.Lock()
	defer s.intake.Unlock()
	err := s.Update(ctx, func(tx *Tx) error {
		for _, x := range list {
			m, err := tx.Message(x.Message)
			if err != nil {
				return err
			}
			if m.erased() {
				continue
			}
			err = tx.eraseCopies(&m, func(t *Message) error {
				if err := tx.eraseMessage(t, Purged); err != nil {
					return err
				}
				return tx.Record(rules.Event{At: now, Kind: rules.Purged, Case: t.Case, Message: t.ID, Mailbox: t.Mailbox, Detail: x.Why})
			})
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err = errors.Join(err, s.doChores(s.strikeOff(ctx))); err != nil {
		return fmt.Errorf("erase messages whose time is over: %w", err)
	}
	return nil
}

// eraseMessage removes what is kept of a message but its digest, place and case.
func (tx *Tx) eraseMessage(m *Message, status Status) error {
	if err := tx.unlist(m); err != nil {
		return err
	}
	m.Status, m.Detail, m.MessageID = status, "", ""
	if err := tx.del(bHeavy, u64(m.ID)); err != nil {
		return err
	}
	if err := tx.putMessage(m); err != nil {
		return err
	}
	return tx.enlist(m)
}

// eraseQuotes removes the private parts of a case that hold its messages' text
// or what was read from them.
func (tx *Tx) eraseQuotes(id string) error {
	if id == "" {
		return nil
	}
	return tx.erasePrivate(id, func(e *rules.Event) bool {
		return e.Private.Explanation != nil || len(e.Private.Fields) > 0
	})
}

// erasePrivate removes the private parts of a case's events for which erase
// holds, and folds the case again from what is left.
func (tx *Tx) erasePrivate(id string, erase func(*rules.Event) bool) error {
	k, err := keyOf(id)
	if err != nil {
		return err
	}
	r, err := tx.openRecord(k, false)
	if err != nil {
		return err
	}
	for _, seq := range r.events {
		e, err := tx.event(seq, tx.get(bJournal, u64(seq)))
		if err != nil {
			return err
		}
		if e.Private == nil || !erase(&e) {
			continue
		}
		if err := tx.del(bPrivate, u64(seq)); err != nil {
			return err
		}
	}
	folded, err := tx.refold(k, r.events)
	if err != nil {
		return err
	}
	folded.indexed, folded.dirty = r.indexed, true
	tx.write.cases[k] = folded
	tx.unword(k, folded)
	return tx.compactNext()
}
