package store

import (
	"bytes"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"slices"
	"sort"
	"strings"
)

// What a message is known by: a second copy of either is a duplicate.
const (
	knownDigest     = 'd'
	knownIdentifier = 'i'
)

// nameEntry is a name of a message, as short as it can be: the hash of what
// kind of name it is and of the name, then the message's id.
type nameEntry [16]byte

func nameOf[T string | []byte](what byte, name T, id uint64) (e nameEntry) {
	h := (uint64(14695981039346656037) ^ uint64(what)) * 1099511628211 // FNV-1a
	for i := range len(name) {
		h = (h ^ uint64(name[i])) * 1099511628211
	}
	binary.BigEndian.PutUint64(e[:], h)
	binary.BigEndian.PutUint64(e[8:], id)
	return e
}

func (e nameEntry) id() uint64 { return binary.BigEndian.Uint64(e[8:]) }

// appendNames appends the names of m.
func (m *Message) appendNames(to []nameEntry) []nameEntry {
	to = append(to, nameOf(knownDigest, m.Digest[:], m.ID))
	if m.Identifier != "" {
		to = append(to, nameOf(knownIdentifier, m.Identifier, m.ID))
	}
	return to
}

// Names are in no order, and each would rewrite a page of a large bucket. So a
// batch leaves its names as one sorted run in bFresh. When many lie there, they
// are moved into bKnown in a round of mergeSteps transactions, each of which
// moves a part of the range of hashes: there each page takes several, and no
// transaction touches all pages.
const (
	mostRuns   = 48
	mostFresh  = 12_000 // names in them
	mergeSteps = 16     // of a round: one for each first half byte of a hash
)

// mergeKey is, in bMeta, the last run of the round and its next step. Until the
// round ends its runs stay whole: what is moved is found twice.
var mergeKey = []byte("merging names")

// addNames makes a batch's messages findable by their names.
func (tx *Tx) addNames(first uint64, names []nameEntry) error {
	if len(names) == 0 {
		return nil
	}
	sortNames(names)
	b := tx.b(bFresh)
	if err := b.Put(u64(first), slices.Concat(asSlices(names)...)); err != nil {
		return err
	}
	// The bucket's sequence counts runs (above) and names that were not moved (below).
	count := b.Sequence() + 1<<32 + uint64(len(names))
	if err := b.SetSequence(count); err != nil {
		return err
	}
	if round := tx.get(bMeta, mergeKey); round != nil {
		return tx.mergeStep(toU64(round), round[8])
	}
	if count>>32 >= mostRuns || uint32(count) >= mostFresh {
		return tx.mergeStep(first, 0)
	}
	return nil
}

func sortNames(names []nameEntry) {
	slices.SortFunc(names, func(a, b nameEntry) int { return bytes.Compare(a[:], b[:]) })
}

func asSlices(names []nameEntry) [][]byte {
	out := make([][]byte, len(names))
	for i := range names {
		out[i] = names[i][:]
	}
	return out
}

// mergeStep moves the names whose hash begins with the half byte step, out of
// the runs up to last.
func (tx *Tx) mergeStep(last uint64, step byte) error {
	b := tx.b(bFresh)
	runs, err := tx.moveNames(last, func(run []byte) []byte {
		from := sort.Search(len(run)/16, func(i int) bool { return run[16*i]>>4 >= step })
		to := sort.Search(len(run)/16, func(i int) bool { return run[16*i]>>4 > step })
		return run[16*from : 16*to]
	})
	if err != nil {
		return err
	}
	if step++; step < mergeSteps {
		return tx.put(bMeta, mergeKey, append(u64(last), step))
	}
	for _, k := range runs {
		if err := b.Delete(k); err != nil {
			return err
		}
	}
	if err := b.SetSequence(b.Sequence() - uint64(len(runs))<<32); err != nil {
		return err
	}
	return tx.del(bMeta, mergeKey)
}

// moveNames puts the names that part gives of each run up to last into bKnown,
// and says which runs these are.
func (tx *Tx) moveNames(last uint64, part func(run []byte) []byte) (runs [][]byte, err error) {
	b := tx.b(bFresh)
	var names []nameEntry
	err = scan(b, nil, nil, func(k, run []byte) (bool, error) {
		if toU64(k) > last {
			return false, nil
		}
		runs = append(runs, bytes.Clone(k))
		for run = part(run); len(run) > 0; run = run[16:] {
			names = append(names, nameEntry(run))
		}
		return true, nil
	})
	if err != nil {
		return nil, err
	}
	sortNames(names)
	for i := range names {
		tx.s.trimSome()
		if err := tx.put(bKnown, names[i][:], nil); err != nil {
			return nil, err
		}
	}
	return runs, b.SetSequence(b.Sequence() - uint64(len(names)))
}

// mergeNames moves every run into bKnown at once.
func (tx *Tx) mergeNames() error {
	runs, err := tx.moveNames(^uint64(0), func(run []byte) []byte { return run })
	if err != nil {
		return err
	}
	for _, k := range runs {
		if err := tx.del(bFresh, k); err != nil {
			return err
		}
	}
	if err := tx.del(bMeta, mergeKey); err != nil {
		return err
	}
	return tx.b(bFresh).SetSequence(0)
}

// forgetName removes one name.
func (tx *Tx) forgetName(e nameEntry) error {
	if err := tx.mergeNames(); err != nil {
		return err
	}
	return tx.del(bKnown, e[:])
}

// rename gives a message other names.
func (tx *Tx) rename(old, now []nameEntry) error {
	if slices.Equal(old, now) {
		return nil
	}
	for _, e := range old {
		if err := tx.forgetName(e); err != nil {
			return err
		}
	}
	for _, e := range now {
		if err := tx.put(bKnown, e[:], nil); err != nil {
			return err
		}
	}
	return nil
}

// eachNamed calls fn with the ids that share the hash of a name, oldest
// first, until fn returns false.
func (tx *Tx) eachNamed(e nameEntry, fn func(id uint64) (more bool, err error)) error {
	tx.s.trimSome()
	hash, want, more := e[:8], toU64(e[:]), true
	var moved []uint64 // their runs may still be there
	err := scan(tx.b(bKnown), hash, nil, func(k, _ []byte) (bool, error) {
		var err error
		moved = append(moved, toU64(k[8:]))
		more, err = fn(toU64(k[8:]))
		return more, err
	})
	if err != nil || !more {
		return err
	}
	for _, run := range tx.freshRuns() {
		for run = run[16*firstNamed(run, want):]; len(run) > 0 && toU64(run) == want; run = run[16:] {
			if id := toU64(run[8:]); !slices.Contains(moved, id) {
				if more, err := fn(id); err != nil || !more {
					return err
				}
			}
		}
	}
	return nil
}

// freshRuns are the runs of bFresh, in order. While nothing is written they stay.
func (tx *Tx) freshRuns() [][]byte {
	if tx.runs != nil && tx.write == nil {
		return tx.runs
	}
	tx.runs = tx.runs[:0]
	c := tx.b(bFresh).Cursor()
	for k, run := c.First(); k != nil; k, run = c.Next() {
		tx.runs = append(tx.runs, run)
	}
	return tx.runs
}

// firstNamed is the place in a run of the first name whose hash is not below
// another. Every message that comes asks each run twice.
func firstNamed(run []byte, hash uint64) int {
	from, to := 0, len(run)/16
	for from < to {
		if mid := (from + to) / 2; toU64(run[16*mid:]) < hash {
			from = mid + 1
		} else {
			to = mid
		}
	}
	return from
}

// findKnown finds the oldest message known by a name for which is holds: the
// hash may be shared.
func (tx *Tx) findKnown(name nameEntry, is func(*Message) bool) (*Message, error) {
	var found *Message
	err := tx.eachNamed(name, func(id uint64) (bool, error) {
		m, err := tx.Message(id)
		if err == nil && is(&m) {
			found = &m
		}
		return found == nil, err
	})
	return found, err
}

// CaseKnownBy is the case of the messages that bear a certified identifier, or
// whose bytes have a SHA-256 in hex; "" when there is none. A receipt for the
// customer bears the identifier of his envelope.
func (tx *Tx) CaseKnownBy(name string) string {
	entry, is := nameOf(knownIdentifier, name, 0), func(m *Message) bool { return m.Identifier == name && m.Case != "" }
	if sum, err := hex.DecodeString(name); err == nil && len(sum) == len(Message{}.Digest) {
		entry, is = nameOf(knownDigest, sum, 0), func(m *Message) bool { return bytes.Equal(m.Digest[:], sum) && m.Case != "" }
	}
	m, err := tx.findKnown(entry, is)
	if err != nil || m == nil {
		return ""
	}
	return m.Case
}

// FirstOf finds the oldest message that is the same certified envelope as m,
// which may be m itself; ErrNotFound if none is known.
func (tx *Tx) FirstOf(m *Message) (Message, error) {
	first, err := tx.findKnown(nameOf(knownIdentifier, m.Identifier, 0), func(t *Message) bool { return tx.sameEnvelope(t, m) })
	if err == nil && first == nil {
		err = fmt.Errorf("message: %w", ErrNotFound)
	}
	if err != nil {
		return Message{}, err
	}
	return *first, nil
}

// sameEnvelope reports whether two messages bear the same identifier of the same
// certified sender. Providers make identifiers each for itself (RFC 6109 §3.1.5),
// and one that saw another's could use it first: then a request would be taken for
// a repetition. Of a message whose content was erased the identifier alone tells.
func (tx *Tx) sameEnvelope(t, m *Message) bool {
	if t.Identifier != m.Identifier {
		return false
	}
	a, b := tx.certified(t), tx.certified(m)
	return a == "" || b == "" || strings.EqualFold(a, b)
}

// certified is the certified sender of a message, "" where nothing tells it any more.
func (tx *Tx) certified(m *Message) string {
	facts := m.Facts
	if facts == nil {
		facts, _, _ = tx.MessageFacts(m.ID)
	}
	if facts == nil {
		return ""
	}
	return facts.Sender
}
