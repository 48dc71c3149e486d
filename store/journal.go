package store

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"time"

	"sportello/rules"
)

// Record writes events to the journal, in order, and folds those of a case
// into it. It is the only write path of cases: with the event come the case's
// record, its indexes, its letters in the outbox, its deadlines and the
// counters, all in this transaction. An event the case cannot take is an error,
// and the whole transaction then fails.
func (tx *Tx) Record(events ...rules.Event) error {
	for i := range events {
		if err := tx.record(&events[i]); err != nil {
			return err
		}
		if heard := tx.s.recorded; heard != nil {
			if err := heard(tx, &events[i]); err != nil {
				return err
			}
		}
	}
	return nil
}

// OnRecord has fn called with each event, in the transaction that records it
// and when its case has it; an error fails the transaction. It is called once,
// before the store is used.
func (s *Store) OnRecord(fn func(*Tx, *rules.Event) error) { s.recorded = fn }

func (tx *Tx) record(e *rules.Event) error {
	w := tx.write
	if w == nil {
		return ErrReadOnly
	}
	e.Seq = w.head + 1
	tx.s.trimSome()
	if err := tx.putPrivate(e); err != nil {
		return err
	}
	public := appendEvent(append(w.buf[:0], w.hash[:]...), e)
	w.buf = public
	if bytes.Contains(public, replaced) { // fold what the journal says, not what was meant
		if err := json.Unmarshal(public[sha256.Size:], e); err != nil {
			return fmt.Errorf("record: %w", err)
		}
	}
	if e.Case != "" {
		if err := tx.fold(e); err != nil {
			return fmt.Errorf("record %s of case %s: %w", e.Kind, e.Case, err)
		}
	}
	hash := sha256.Sum256(public)
	value := w.keep(public)
	copy(value, hash[:]) // the entry holds its own hash, which covers the one before
	if err := tx.put(bJournal, u64(e.Seq), value); err != nil {
		return fmt.Errorf("record: %w", err)
	}
	w.head, w.hash, w.latest = e.Seq, hash, max(w.latest, sortable(e.At))
	return nil
}

// latestKey is, in bMeta, the latest instant of any entry of the journal.
var latestKey = []byte("latest")

// Latest is the latest instant that the journal knows, zero when it is empty:
// a clock that is behind it was wrong then, or is now.
func (tx *Tx) Latest() time.Time {
	at := toU64(tx.get(bMeta, latestKey))
	if tx.write != nil {
		at = max(at, tx.write.latest)
	}
	return instantAt(at)
}

// replaced is what JSON makes of a byte that is no UTF-8.
var replaced = []byte(`\ufffd`)

func (tx *Tx) fold(e *rules.Event) error {
	k, err := keyOf(e.Case)
	if err != nil {
		return err
	}
	r, err := tx.openRecord(k, e.Kind == rules.Opened)
	if err != nil {
		return err
	}
	if err := r.apply(*e); err != nil {
		return err
	}
	tx.loosen(k, r, e.Private)
	switch e.Kind {
	case rules.Opened:
		return tx.nameSender(k, r)
	case rules.LetterOwed:
		return tx.nameLetter(k, e.Letter)
	}
	return nil
}

// putPrivate stores the private part apart: retention removes it, and the
// chain, which holds only its digest, still verifies.
func (tx *Tx) putPrivate(e *rules.Event) error {
	if e.Private == nil {
		e.PrivateDigest = ""
		return nil
	}
	tx.write.buf = appendPrivate(tx.write.buf[:0], e.Private)
	private := tx.write.keep(tx.write.buf)
	if bytes.Contains(private, replaced) {
		p, err := readPrivate(private)
		if err != nil {
			return fmt.Errorf("record: private part: %w", err)
		}
		e.Private = p
	}
	e.PrivateDigest = hexOf(sha256.Sum256(private))
	if err := tx.put(bPrivate, u64(e.Seq), private); err != nil {
		return fmt.Errorf("record: private part: %w", err)
	}
	return nil
}

// apply folds an event into the record and sets its heavy parts aside.
func (r *caseRecord) apply(e rules.Event) error {
	if err := r.c.Apply(e); err != nil {
		return err
	}
	r.dirty = true
	r.events = append(r.events, e.Seq)
	if e.Private != nil {
		r.setAside(e.Seq, e.Private)
	}
	if n := len(r.c.Letters); n > len(r.letters) {
		r.letters = append(r.letters, e.Seq)
		if e.Private != nil {
			r.setLetter(n, e.Private.Letter)
		}
		r.c.Letters[n-1].LetterText = rules.LetterText{}
	}
	return nil
}

// Head is the height of the journal and the hash of its last entry.
func (tx *Tx) Head() (height uint64, hash [32]byte) {
	if tx.write != nil {
		return tx.write.head, tx.write.hash
	}
	return tx.readHead()
}

func (tx *Tx) readHead() (height uint64, hash [32]byte) {
	k, v := tx.b(bJournal).Cursor().Last()
	if k != nil {
		height = toU64(k)
		copy(hash[:], v)
	}
	return height, hash
}

// Journal returns up to limit entries from height from on, with those private
// parts that are still kept.
func (tx *Tx) Journal(from uint64, limit int) ([]rules.Event, error) {
	var out []rules.Event
	err := scan(tx.b(bJournal), nil, u64(from), func(k, v []byte) (bool, error) {
		if len(out) >= limit {
			return false, nil
		}
		e, err := tx.event(toU64(k), v)
		if err != nil {
			return false, err
		}
		out = append(out, e)
		return true, nil
	})
	return out, err
}

// CaseEvents returns every event of a case, in order.
func (tx *Tx) CaseEvents(id string) ([]rules.Event, error) {
	r, err := tx.caseByID(id)
	if err != nil {
		return nil, err
	}
	out := make([]rules.Event, 0, len(r.events))
	for _, seq := range r.events {
		e, err := tx.event(seq, tx.get(bJournal, u64(seq)))
		if err != nil {
			return nil, err
		}
		out = append(out, e)
	}
	return out, nil
}

// Entry is the journal's entry at a height as auditors see it: the JSON that
// the chain is made of, and the chain's hash after it.
func (tx *Tx) Entry(seq uint64) (public []byte, hash [32]byte, err error) {
	v := tx.get(bJournal, u64(seq))
	if len(v) < len(hash) {
		return nil, hash, fmt.Errorf("journal entry %d: %w", seq, ErrNotFound)
	}
	copy(hash[:], v)
	return append([]byte(nil), v[len(hash):]...), hash, nil
}

func (tx *Tx) event(seq uint64, v []byte) (e rules.Event, err error) {
	if len(v) < sha256.Size {
		return e, fmt.Errorf("%w: journal entry %d is missing", ErrDamaged, seq)
	}
	if err := json.Unmarshal(v[sha256.Size:], &e); err != nil {
		return e, fmt.Errorf("%w: journal entry %d: %w", ErrDamaged, seq, err)
	}
	e.Private, err = tx.private(seq)
	return e, err
}

// private reads the private part of an event; nil if it has none, or no more.
func (tx *Tx) private(seq uint64) (*rules.Private, error) {
	v := tx.get(bPrivate, u64(seq))
	if v == nil {
		return nil, nil
	}
	p, err := readPrivate(v)
	if err != nil {
		return nil, fmt.Errorf("%w: private part of journal entry %d: %w", ErrDamaged, seq, err)
	}
	return p, nil
}
