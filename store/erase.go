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
	if err := tx.b(bHeavy).Delete(u64(m.ID)); err != nil {
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
		e, err := tx.event(seq, tx.b(bJournal).Get(u64(seq)))
		if err != nil {
			return err
		}
		if e.Private == nil || !erase(&e) {
			continue
		}
		if err := tx.b(bPrivate).Delete(u64(seq)); err != nil {
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

// Retention says how long what is closed is kept.
type Retention struct {
	Now       time.Time       // what is over by then goes
	At        time.Time       // when it is done, for the journal; zero: Now
	Keep      Span            // of a procedure that is not named
	Procedure map[string]Span // by procedure
}

// Span is a length of civil time; none is without end.
type Span struct{ Months, Days int }

func (r Retention) over(procedure string, from time.Time) bool {
	keep, named := r.Procedure[procedure]
	if !named {
		keep = r.Keep
	}
	return !from.IsZero() && keep != Span{} && from.AddDate(0, keep.Months, keep.Days).Before(r.Now)
}

// Report is what a purge removed, or would remove.
type Report struct {
	Months   []string // archives removed whole
	Bytes    int64    // of them, and of messages that went from others
	Messages int      // whose bytes and facts went
	Cases    int      // reduced to a stub: number, dates, states, outcome
}

func (r Report) String() string {
	return fmt.Sprintf("%d cases, %d messages, %d months of archive (%d bytes)", r.Cases, r.Messages, len(r.Months), r.Bytes)
}

// purgeStep is how many cases or messages one transaction reduces.
const purgeStep = 500

// Purge removes what its retention is over for: the private parts of cases
// closed so long ago, and the messages that belong to such a case, or to none
// and are as old. The archive's months that hold nothing else go whole, from
// others their bytes alone. The journal stays whole and verifies; digests stay
// too. A dry run only reports. The journal says what was removed, also when the
// purge came to no end.
func (s *Store) Purge(ctx context.Context, keep Retention, author string, dryRun bool) (Report, error) {
	s.keeping.Lock()
	defer s.keeping.Unlock()
	s.intake.Lock()
	defer s.intake.Unlock()
	p := &purge{keep: keep, author: author, over: map[string]bool{}, busy: map[string]bool{}, messages: map[string][]uint64{}}
	if err := s.View(p.plan); err != nil {
		return Report{}, fmt.Errorf("purge: %w", err)
	}
	if dryRun {
		return p.report, nil
	}
	say := s.strikeOff(context.WithoutCancel(ctx)) // also when who asked for it has gone
	if err := errors.Join(s.sayRemoved(say), s.purgePlanned(ctx, p), s.sayRemoved(say)); err != nil {
		return p.report, fmt.Errorf("purge: %w", err)
	}
	return p.report, nil
}

func (s *Store) purgePlanned(ctx context.Context, p *purge) error {
	if err := s.purgeCases(ctx, p); err != nil {
		return err
	}
	for _, month := range p.report.Months {
		if err := s.purgeMonth(ctx, p, month); err != nil {
			return fmt.Errorf("%s: %w", month, err)
		}
	}
	return s.purgeMessages(ctx, p)
}

func (s *Store) purgeCases(ctx context.Context, p *purge) error {
	for ids := range slices.Chunk(p.cases, purgeStep) {
		err := s.Update(ctx, func(tx *Tx) error {
			for _, id := range ids {
				if err := tx.erasePrivate(id, func(*rules.Event) bool { return true }); err != nil {
					return err
				}
			}
			return p.removed(tx, Report{Cases: len(ids)})
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func (s *Store) purgeMonth(ctx context.Context, p *purge, month string) error {
	for part := range slices.Chunk(p.messages[month], purgeStep) {
		err := s.Update(ctx, func(tx *Tx) error {
			for _, id := range part {
				m, err := tx.Message(id)
				if err != nil {
					return err
				}
				if err := tx.eraseMessage(&m, Purged); err != nil {
					return err
				}
			}
			return p.removed(tx, Report{Messages: len(part)})
		})
		if err != nil {
			return err
		}
	}
	err := s.Update(ctx, func(tx *Tx) error {
		size := int64(toU64(tx.b(bArchive).Get([]byte(month))))
		if err := tx.b(bArchive).Delete([]byte(month)); err != nil {
			return err
		}
		return errors.Join(tx.compactNext(), tx.order(chore{Month: month, Whole: true}), p.removed(tx, Report{Months: []string{month}, Bytes: size}))
	})
	if err != nil {
		return err
	}
	return s.doChores(s.strikeOff(ctx))
}

// purgeMessages erases messages from archives in which others are kept.
func (s *Store) purgeMessages(ctx context.Context, p *purge) error {
	for part := range slices.Chunk(p.single, purgeStep) {
		err := s.Update(ctx, func(tx *Tx) error {
			var did Report
			for _, id := range part {
				if err := tx.purgeCopies(id, &did); err != nil {
					return err
				}
			}
			return errors.Join(tx.compactNext(), p.removed(tx, did))
		})
		if err = errors.Join(err, s.doChores(s.strikeOff(ctx))); err != nil {
			return err
		}
	}
	return nil
}

// purgeCopies erases a message and, in the same transaction, all that share its
// bytes, which are in the plan too: cut off before the last of them, a purge
// would leave messages without their bytes.
func (tx *Tx) purgeCopies(id uint64, did *Report) error {
	m, err := tx.Message(id)
	if err != nil || m.erased() { // with another copy
		return err
	}
	copies, err := tx.sameBytes(&m)
	if err != nil {
		return err
	}
	for _, t := range copies { // those of one batch have bytes of their own
		err := tx.order(chore{Month: t.Place.Month, Offset: t.Place.Offset, Length: t.Place.Length})
		if err = errors.Join(err, tx.eraseMessage(&t, Purged)); err != nil {
			return err
		}
		did.Messages++
		did.Bytes += t.Place.Length
	}
	return nil
}

// purge is the plan of what to remove.
type purge struct {
	keep     Retention
	author   string
	over     map[string]bool // cases whose retention is over
	cases    []string        // those that still have private parts
	busy     map[string]bool // months that must stay
	messages map[string][]uint64
	single   []uint64 // messages that go from months that must stay
	report   Report
}

func (p *purge) plan(tx *Tx) error {
	_, err := tx.Cases(Filter{State: rules.Closed}, func(c *rules.Case) bool {
		if p.keep.over(c.Procedure, c.Closed) {
			p.over[c.ID] = true
			if c.Mailbox != "" || c.Fields != nil || c.Subject != "" {
				p.cases = append(p.cases, c.ID)
			}
		}
		return true
	})
	if err != nil {
		return err
	}
	sizes := map[string]int64{}
	if err := tx.lengths(sizes); err != nil {
		return err
	}
	if err := p.planMessages(tx); err != nil {
		return err
	}
	p.report.Cases = len(p.cases)
	for month, n := range sizes {
		if !p.busy[month] {
			p.report.Months = append(p.report.Months, month)
			p.report.Bytes += n
			p.report.Messages += len(p.messages[month])
		}
	}
	slices.Sort(p.report.Months)
	return p.planSingle(tx)
}

// planSingle finds what goes from months that stay: a message whose bytes
// another shares that is kept stays with it.
func (p *purge) planSingle(tx *Tx) error {
	for month := range p.busy {
		for _, id := range p.messages[month] {
			m, err := tx.Message(id)
			if err != nil {
				return err
			}
			if m.erased() {
				continue // by order: its bytes are gone
			}
			kept, err := tx.findKnown(nameOf(knownDigest, m.Digest[:], 0), func(t *Message) bool { return t.Digest == m.Digest && !t.erased() && !p.done(t) })
			if err != nil {
				return err
			}
			if kept == nil {
				p.single = append(p.single, id)
				p.report.Messages++
				p.report.Bytes += m.Place.Length
			}
		}
	}
	slices.Sort(p.single)
	return nil
}

// done reports whether the retention of a message is over.
func (p *purge) done(m *Message) bool {
	if m.Case == "" {
		return m.Status != Pending && p.keep.over("", m.Read)
	}
	return p.over[m.Case]
}

func (p *purge) planMessages(tx *Tx) error {
	return scan(tx.b(bMessages), nil, nil, func(k, v []byte) (bool, error) {
		m, err := decodeMessage(toU64(k), v)
		if err != nil {
			return false, err
		}
		switch {
		case !p.done(&m):
			p.busy[m.Place.Month] = true
		case m.Status != Purged:
			p.messages[m.Place.Month] = append(p.messages[m.Place.Month], m.ID)
		}
		return true, nil
	})
}
