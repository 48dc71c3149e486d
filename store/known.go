package store

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"slices"
	"sort"
)

// What a message is known by. The first two make a second copy a duplicate.
const (
	knownDigest     = 'd'
	knownIdentifier = 'i'
	knownMessageID  = 'm'
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
	if m.MessageID != "" {
		to = append(to, nameOf(knownMessageID, m.MessageID, m.ID))
	}
	return to
}

// Names are in no order, and each would rewrite a page of a large bucket. So a
// batch leaves its names as one sorted run in bFresh, and many runs together
// are moved into bKnown, where then each page takes several.
const (
	mostRuns  = 48
	mostFresh = 12_000 // names in them
)

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
	// The bucket's sequence counts runs (above) and names (below).
	count := b.Sequence() + 1<<32 + uint64(len(names))
	if err := b.SetSequence(count); err != nil {
		return err
	}
	if count>>32 >= mostRuns || uint32(count) >= mostFresh {
		return tx.mergeNames()
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

// mergeNames moves every run into bKnown.
func (tx *Tx) mergeNames() error {
	b := tx.b(bFresh)
	var all []nameEntry
	var runs [][]byte
	err := scan(b, nil, nil, func(k, run []byte) (bool, error) {
		runs = append(runs, bytes.Clone(k))
		for ; len(run) > 0; run = run[16:] {
			all = append(all, nameEntry(run))
		}
		return true, nil
	})
	if err != nil {
		return err
	}
	sortNames(all)
	for i := range all {
		if err := tx.b(bKnown).Put(all[i][:], nil); err != nil {
			return err
		}
	}
	for _, k := range runs {
		if err := b.Delete(k); err != nil {
			return err
		}
	}
	return b.SetSequence(0)
}

// forgetName removes one name.
func (tx *Tx) forgetName(e nameEntry) error {
	if err := tx.mergeNames(); err != nil {
		return err
	}
	return tx.b(bKnown).Delete(e[:])
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
		if err := tx.b(bKnown).Put(e[:], nil); err != nil {
			return err
		}
	}
	return nil
}

// eachNamed calls fn with the ids that share the hash of a name, oldest
// first, until fn returns false.
func (tx *Tx) eachNamed(e nameEntry, fn func(id uint64) (more bool, err error)) error {
	hash, more := e[:8], true
	err := scan(tx.b(bKnown), hash, nil, func(k, _ []byte) (bool, error) {
		var err error
		more, err = fn(toU64(k[8:]))
		return more, err
	})
	if err != nil || !more {
		return err
	}
	return scan(tx.b(bFresh), nil, nil, func(_, run []byte) (bool, error) {
		n := len(run) / 16
		for i := sort.Search(n, func(i int) bool { return bytes.Compare(run[16*i:16*i+8], hash) >= 0 }); i < n; i++ {
			if !bytes.Equal(run[16*i:16*i+8], hash) {
				break
			}
			if more, err := fn(toU64(run[16*i+8:])); err != nil || !more {
				return false, err
			}
		}
		return true, nil
	})
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

// ByIdentifier finds the message with a certified identifier.
func (tx *Tx) ByIdentifier(identifier string) (Message, error) {
	return tx.named(nameOf(knownIdentifier, identifier, 0), func(m *Message) bool { return m.Identifier == identifier })
}

// ByMessageID finds the first message that bears a customer's Message-ID.
func (tx *Tx) ByMessageID(messageID string) (Message, error) {
	return tx.named(nameOf(knownMessageID, messageID, 0), func(m *Message) bool { return m.MessageID == messageID })
}

// ByDigest finds the first message with these bytes.
func (tx *Tx) ByDigest(digest [32]byte) (Message, error) {
	return tx.named(nameOf(knownDigest, digest[:], 0), func(m *Message) bool { return m.Digest == digest })
}

func (tx *Tx) named(name nameEntry, is func(*Message) bool) (Message, error) {
	m, err := tx.findKnown(name, is)
	if err == nil && m == nil {
		err = fmt.Errorf("message: %w", ErrNotFound)
	}
	if err != nil {
		return Message{}, err
	}
	return *m, nil
}
