package store

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strconv"
)

// Progress is told how far a long piece of work has come: a word for the
// piece, and done of total. It may be nil.
type Progress func(what string, done, total int64)

func (p Progress) say(what string, done, total int64) {
	if p != nil {
		p(what, done, total)
	}
}

// verifyChunk is how many journal entries one reading transaction sees: pages
// that are given up meanwhile stay only as long.
const verifyChunk = 50_000

// Verify proves the journal: every height is there, every hash covers the
// entry and the hash before it, every private part still kept is the one that
// was recorded. It returns the height and hash of the last entry, for
// comparing with one noted elsewhere.
func (s *Store) Verify(ctx context.Context, progress Progress) (height uint64, hash [32]byte, err error) {
	var total uint64
	if err := s.View(func(tx *Tx) error { total, _ = tx.Head(); return nil }); err != nil {
		return 0, hash, err
	}
	c := chain{}
	for c.height < total {
		if err := ctx.Err(); err != nil {
			return c.height, c.hash, err
		}
		before := c.height
		err := s.View(func(tx *Tx) error { return c.run(tx, total, verifyChunk) })
		if err != nil {
			return c.height, c.hash, err
		}
		if c.height == before {
			return c.height, c.hash, fmt.Errorf("%w: journal ends at %d, not at %d", ErrDamaged, c.height, total)
		}
		s.trim()
		progress.say("journal", int64(c.height), int64(total))
	}
	return c.height, c.hash, nil
}

// chain is a walk along the journal.
type chain struct {
	height uint64
	hash   [32]byte
	buf    []byte
}

// run walks up to n entries further, none above last.
func (c *chain) run(tx *Tx, last uint64, n int) error {
	private := tx.b(bPrivate).Cursor()
	pk, pv := private.Seek(u64(c.height + 1))
	return scan(tx.b(bJournal), nil, u64(c.height+1), func(k, v []byte) (bool, error) {
		seq := toU64(k)
		if n--; n < 0 || seq > last {
			return false, nil
		}
		if err := c.step(seq, v); err != nil {
			return false, err
		}
		if pk != nil && toU64(pk) < seq {
			return false, fmt.Errorf("%w: a private part without its journal entry, at %d", ErrDamaged, toU64(pk))
		}
		if pk != nil && toU64(pk) == seq {
			if err := samePrivate(seq, v, pv); err != nil {
				return false, err
			}
			pk, pv = private.Next()
		}
		return true, nil
	})
}

// step checks one entry, whose hash must cover the one before.
func (c *chain) step(seq uint64, v []byte) error {
	if seq != c.height+1 {
		return fmt.Errorf("%w: journal entry %d is missing", ErrDamaged, c.height+1)
	}
	if len(v) < sha256.Size {
		return fmt.Errorf("%w: journal entry %d is cut short", ErrDamaged, seq)
	}
	c.buf = append(append(c.buf[:0], c.hash[:]...), v[sha256.Size:]...)
	hash := sha256.Sum256(c.buf)
	if !bytes.Equal(hash[:], v[:sha256.Size]) {
		return fmt.Errorf("%w: journal entry %d was changed: its hash does not fit", ErrDamaged, seq)
	}
	if at := strconv.AppendUint([]byte(`{"seq":`), seq, 10); !bytes.HasPrefix(v[sha256.Size:], at) {
		return fmt.Errorf("%w: journal entry %d says it is another", ErrDamaged, seq)
	}
	c.height, c.hash = seq, hash
	return nil
}

// samePrivate compares a private part with the digest that ends its entry.
func samePrivate(seq uint64, entry, private []byte) error {
	const mark = `,"private":"`
	sum := sha256.Sum256(private)
	want := make([]byte, 0, len(mark)+2*len(sum)+2)
	want = append(hex.AppendEncode(append(want, mark...), sum[:]), `"}`...)
	if !bytes.HasSuffix(entry, want) {
		return fmt.Errorf("%w: the private part of journal entry %d is not the one recorded", ErrDamaged, seq)
	}
	return nil
}

// quickEntries is how much of the journal is checked at every start.
const quickEntries = 512

// quickCheck looks at the ends of everything, where a crash would show: the
// last entries of the journal, the cases they changed, the last message.
func (s *Store) quickCheck() error {
	err := s.View(func(tx *Tx) error {
		head, _ := tx.Head()
		if head == 0 {
			return nil
		}
		c := chain{}
		if head > quickEntries {
			c.height = head - quickEntries
			_, hash, err := tx.Entry(c.height)
			if err != nil {
				return err
			}
			c.hash = hash
		}
		from := c.height
		if err := c.run(tx, head, quickEntries); err != nil {
			return err
		}
		if err := tx.quickCases(from+1, 64); err != nil {
			return err
		}
		return s.quickMessage(tx)
	})
	if err != nil {
		return fmt.Errorf("check at start: %w", err)
	}
	return nil
}

// quickCases folds the cases that the last entries belong to.
func (tx *Tx) quickCases(from uint64, most int) error {
	seen := map[string]bool{}
	head, _ := tx.Head()
	for seq := head; seq >= from && len(seen) < most; seq-- {
		e, err := tx.event(seq, tx.get(bJournal, u64(seq)))
		if err != nil {
			return err
		}
		if e.Case == "" || seen[e.Case] {
			continue
		}
		seen[e.Case] = true
		k, err := keyOf(e.Case)
		if err != nil {
			return err
		}
		if err := tx.checkCase(k, tx.get(bCases, k[:])); err != nil {
			return err
		}
	}
	return nil
}

// quickMessage reads the last message back, unless it is large.
func (s *Store) quickMessage(tx *Tx) error {
	k, v := tx.b(bMessages).Cursor().Last()
	if k == nil {
		return nil
	}
	m, err := decodeMessage(toU64(k), v)
	if err != nil || m.Size > gather {
		return err
	}
	return s.checkBytes(m)
}
