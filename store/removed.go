package store

import (
	"encoding/json"
	"fmt"
	"time"

	"sportello/rules"
)

// removal is what a purge has removed so far. It is kept in meta, by the
// transactions that remove, until the journal says it: one that a crash or a
// full disk cut off would else leave cases empty and nobody told why.
type removal struct {
	Report
	Author string
	At     time.Time
}

var removedKey = []byte("removed")

// removed notes what the transaction removes.
func (p *purge) removed(tx *Tx, did Report) error {
	sum := removal{Author: p.author, At: p.keep.At}
	if sum.At.IsZero() {
		sum.At = p.keep.Now
	}
	if v := tx.get(bMeta, removedKey); v != nil {
		if err := json.Unmarshal(v, &sum); err != nil {
			return fmt.Errorf("%w: %s: %w", ErrDamaged, removedKey, err)
		}
	}
	sum.Cases += did.Cases
	sum.Messages += did.Messages
	sum.Bytes += did.Bytes
	sum.Months = append(sum.Months, did.Months...)
	v, err := json.Marshal(sum)
	if err != nil {
		return err
	}
	return tx.put(bMeta, removedKey, v)
}

// sayRemoved has the journal say what a purge removed, if there is one that it
// does not speak of.
func (s *Store) sayRemoved(record func(func(*Tx) error) error) error {
	var v []byte
	err := s.View(func(tx *Tx) error {
		v = append(v, tx.get(bMeta, removedKey)...)
		return nil
	})
	if err != nil || v == nil {
		return err
	}
	var did removal
	if err := json.Unmarshal(v, &did); err != nil {
		return fmt.Errorf("%w: %s: %w", ErrDamaged, removedKey, err)
	}
	return record(func(tx *Tx) error {
		if err := tx.del(bMeta, removedKey); err != nil {
			return err
		}
		return tx.Record(rules.Event{At: did.At, Kind: rules.Purged, Author: did.Author, Detail: did.Report.String()})
	})
}
