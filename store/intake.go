package store

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"slices"

	"sportello/rules"
)

// Intake takes in a batch of messages of one mailbox: their bytes are appended
// to the archive and synced, then one transaction records them, their journal
// entries, what more does (nil: nothing), and next, the mailbox's new cursor.
// It is all or nothing. in[i] has its ID, Status, Place and Original set when
// more is called, and ids are theirs in order.
//
// The same bytes twice, or the same certified identifier twice, make the
// second a Duplicate; bytes already archived are not archived again.
func (s *Store) Intake(ctx context.Context, mailbox string, next Cursor, in []Incoming, more func(tx *Tx, ids []uint64) error) ([]uint64, error) {
	if s.opt.ReadOnly {
		return nil, ErrReadOnly
	}
	s.intake.Lock()
	defer s.intake.Unlock()
	// A purge on a full disk may have left its removal of a month undone: it must not take the new bytes with it.
	if err := s.doChores(s.strikeOff(ctx)); err != nil {
		return nil, fmt.Errorf("intake: %w", err)
	}
	b := &batch{s: s, mailbox: mailbox, next: next, in: in, before: map[string]int64{}, after: map[string]int64{}}
	if err := s.View(b.prepare); err != nil {
		return nil, fmt.Errorf("intake: %w", err)
	}
	if err := b.archive(); err != nil {
		return nil, errors.Join(fmt.Errorf("intake: %w", s.note(err)), b.undo())
	}
	err := s.Update(ctx, func(tx *Tx) error { return b.record(tx, more) })
	if err != nil {
		err = fmt.Errorf("intake: %w", err)
		if errors.Is(err, ErrBroken) {
			return nil, err // the transaction may be there after all: the bytes stay
		}
		return nil, errors.Join(err, b.undo())
	}
	return b.ids, nil
}

// note stops the store after a sync that failed.
func (s *Store) note(err error) error {
	if errors.Is(err, ErrBroken) {
		s.broken.CompareAndSwap(nil, &err)
	}
	return err
}

// batch is one call of Intake.
type batch struct {
	s       *Store
	mailbox string
	next    Cursor
	in      []Incoming
	ids     []uint64
	first   uint64           // id of in[0]
	before  map[string]int64 // indexed length of each month touched
	after   map[string]int64
}

// prepare gives the messages their ids and finds the duplicates among them.
// Only Intake adds messages, one batch at a time, so what it finds here still
// holds in the transaction.
func (b *batch) prepare(tx *Tx) error {
	b.first = tx.b(bMessages).Sequence() + 1
	digests, identifiers := map[[32]byte]*Message{}, map[string][]*Message{}
	for i := range b.in {
		in := &b.in[i]
		m := &in.Message
		m.ID, m.Mailbox = b.first+uint64(i), b.mailbox
		b.ids = append(b.ids, m.ID)
		if in.Bytes != nil {
			m.Size = int64(len(in.Bytes))
			if m.Digest == ([32]byte{}) {
				m.Digest = sha256.Sum256(in.Bytes)
			}
		}
		if m.Status == "" {
			m.Status = Pending
		}
		twin, err := b.twin(tx, m, digests, identifiers)
		if err != nil {
			return err
		}
		if twin != nil {
			m.Status, m.Reason, m.Case, m.Original = Duplicate, rules.Duplicate, "", twin.ID
			if twin.Original != 0 {
				m.Original = twin.Original
			}
			if err := b.share(tx, m, twin); err != nil {
				return err
			}
		}
		digests[m.Digest] = m
		if m.Identifier != "" {
			identifiers[m.Identifier] = append(identifiers[m.Identifier], m)
		}
	}
	return tx.lengths(b.before)
}

// share gives m the bytes of the message that it repeats, where they are the
// same, unless they are about to go.
func (b *batch) share(tx *Tx, m, twin *Message) error {
	if twin.erased() { // it does not come back
		m.Place, m.Facts, m.Proof = Place{Month: twin.Place.Month, Offset: twin.Place.Offset}, nil, nil
		return nil
	}
	if twin.Digest != m.Digest {
		return nil
	}
	goes, err := tx.goes(twin)
	if !goes {
		m.Place = twin.Place
	}
	return err
}

// twin finds the message that m repeats, in the store or earlier in the batch.
func (b *batch) twin(tx *Tx, m *Message, digests map[[32]byte]*Message, identifiers map[string][]*Message) (*Message, error) {
	if m.Digest != ([32]byte{}) {
		if t := digests[m.Digest]; t != nil {
			return t, nil
		}
		t, err := tx.findKnown(nameOf(knownDigest, m.Digest[:], 0), func(t *Message) bool { return t.Digest == m.Digest && t.Place.Month != "" })
		if t != nil || err != nil {
			return t, err
		}
	}
	if m.Identifier == "" || m.Status == Receipt {
		return nil, nil
	}
	same := func(t *Message) bool { return t.Status != Receipt && tx.sameEnvelope(t, m) }
	if i := slices.IndexFunc(identifiers[m.Identifier], same); i >= 0 {
		return identifiers[m.Identifier][i], nil
	}
	return tx.findKnown(nameOf(knownIdentifier, m.Identifier, 0), same)
}

// archive appends the bytes of the new messages and makes them durable.
func (b *batch) archive() error {
	a := b.s.archive
	for i := range b.in {
		in := &b.in[i]
		if in.Place.Month != "" {
			continue // of a duplicate whose bytes are there
		}
		if err := b.month(in.Read.UTC().Format(monthStyle)); err != nil {
			return err
		}
		place, digest, err := a.add(in.ID, in.Read, in)
		if err != nil {
			return fmt.Errorf("message UID %d: %w", in.Cursor.UID, err)
		}
		if in.Digest != ([32]byte{}) && digest != in.Digest {
			return fmt.Errorf("message UID %d: its bytes have another digest than announced", in.Cursor.UID)
		}
		in.Place, in.Digest = place, digest
	}
	return b.endMonth()
}

// month makes the archive append to the file of a month.
func (b *batch) month(month string) error {
	a := b.s.archive
	if _, open := b.after[month]; open && a.month == month {
		return nil
	}
	if err := b.endMonth(); err != nil {
		return err
	}
	from, again := b.after[month]
	if !again {
		from = b.before[month]
	}
	if err := a.begin(month, from); err != nil {
		return err
	}
	b.after[month] = from
	return nil
}

func (b *batch) endMonth() error {
	a := b.s.archive
	if _, open := b.after[a.month]; !open {
		return nil
	}
	n, err := a.end()
	if err == nil {
		b.after[a.month] = n
	}
	return err
}

// undo cuts off the bytes of a batch that was not recorded. What it cannot cut
// off is overwritten by the next batch or cut at the next start.
func (b *batch) undo() error {
	a := b.s.archive
	var errs []error
	for month := range b.after {
		if err := a.begin(month, b.before[month]); err != nil {
			errs = append(errs, err)
			continue
		}
		if err := a.undo(b.before[month]); err != nil {
			errs = append(errs, fmt.Errorf("cut archive %s: %w", month, err))
		}
	}
	return errors.Join(errs...)
}

// record is the batch's transaction.
func (b *batch) record(tx *Tx, more func(tx *Tx, ids []uint64) error) error {
	if err := tx.b(bMessages).SetSequence(b.first + uint64(len(b.in)) - 1); err != nil {
		return err
	}
	var names []nameEntry
	for i := range b.in {
		m := &b.in[i].Message
		if err := errors.Join(tx.putMessage(m), tx.putHeavy(m), tx.enlist(m), tx.Record(receivedEvent(tx, m))); err != nil {
			return err
		}
		names = m.appendNames(names)
	}
	if err := tx.addNames(b.first, names); err != nil {
		return err
	}
	for month, n := range b.after {
		if err := tx.put(bArchive, []byte(month), u64(uint64(n))); err != nil {
			return err
		}
	}
	if b.next != (Cursor{}) {
		if err := tx.SetCursor(b.mailbox, b.next); err != nil {
			return err
		}
	}
	if more != nil {
		return more(tx, b.ids)
	}
	return nil
}

// receivedEvent is how a message enters the journal.
func receivedEvent(tx *Tx, m *Message) rules.Event {
	e := rules.Event{At: m.Read, Kind: rules.Received, Message: m.ID, Mailbox: m.Mailbox, Reason: m.Reason,
		Received: rules.At(m.Delivered), Digest: hexOf(m.Digest), Receipt: m.Receipt}
	switch m.Status {
	case Parked:
		e.Kind = rules.Parked
	case Duplicate:
		e.Kind, e.Detail = rules.Duplicated, fmt.Sprintf("repeats message %d", m.Original)
	case Receipt:
		if _, _, ours := tx.LetterOf(m.About); !ours {
			e.Kind = rules.ReceiptStored
		}
	}
	return e
}

// lengths reads the indexed length of every month's archive.
func (tx *Tx) lengths(into map[string]int64) error {
	return scan(tx.b(bArchive), nil, nil, func(k, v []byte) (bool, error) {
		into[string(bytes.Clone(k))] = int64(toU64(v))
		return true, nil
	})
}
