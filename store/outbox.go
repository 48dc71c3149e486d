package store

import (
	"encoding/binary"
	"fmt"
	"strings"
	"time"

	"sportello/rules"
)

// outboxKey is when a letter wants to be looked at, and whether it does at
// all. An attempt leaves it in its place: only the state beside it changes.
func outboxKey(l *rules.Letter) (at uint64, waiting bool) {
	switch l.State {
	case rules.Owed, rules.Uncertain, rules.Trying:
		return sortable(l.NextTry), true
	case rules.Held:
		if l.NextTry.IsZero() { // until a person releases it
			return ^uint64(0), true
		}
		return sortable(l.NextTry), true
	}
	return 0, false
}

// LetterKey names a letter of the outbox.
type LetterKey struct {
	Case    string
	N       int
	Mailbox string // name of the request mailbox that sends it
	State   rules.LetterState
	NextTry time.Time // to the second
}

// Letter names the letter alone, whatever its state.
func (k LetterKey) Letter() LetterKey { return LetterKey{Case: k.Case, N: k.N} }

func (tx *Tx) reindexLetters(k caseKey, mailbox string, old, now []letterView) error {
	for i, l := range now {
		var before letterView
		if i < len(old) {
			before = old[i]
		}
		if err := tx.reindexLetter(k, i+1, mailbox, before, l); err != nil {
			return err
		}
	}
	return nil
}

func (tx *Tx) reindexLetter(k caseKey, n int, mailbox string, old, now letterView) error {
	if old == now {
		return nil
	}
	if old.state != now.state {
		if old.state != "" {
			tx.count("letter\x00"+string(old.state), -1)
		}
		tx.count("letter\x00"+string(now.state), 1)
	}
	if old.waiting && (!now.waiting || old.at != now.at) {
		if err := tx.del(bOutbox, letterKey(old.at, k, n)); err != nil {
			return fmt.Errorf("letter %d: %w", n, err)
		}
	}
	if now.waiting {
		if err := tx.put(bOutbox, letterKey(now.at, k, n), tx.write.keep(outboxValue(now.state, mailbox))); err != nil {
			return fmt.Errorf("letter %d: %w", n, err)
		}
	}
	return nil
}

// outboxValue is what stands beside a letter in the outbox.
func outboxValue(state rules.LetterState, mailbox string) []byte {
	b := make([]byte, 0, len(state)+1+len(mailbox))
	return append(append(append(b, state...), 0), mailbox...)
}

func readOutboxValue(v []byte) (state rules.LetterState, mailbox string) {
	s, m, _ := strings.Cut(string(v), "\x00")
	return rules.LetterState(s), m
}

func letterKey(at uint64, k caseKey, n int) []byte {
	b := make([]byte, 0, 8+6+4)
	b = append(binary.BigEndian.AppendUint64(b, at), k[:]...)
	return binary.BigEndian.AppendUint32(b, uint32(n))
}

// nameLetter makes a letter findable by its Message-ID, at once: receipts are
// matched in the same transactions.
func (tx *Tx) nameLetter(k caseKey, l *rules.LetterRef) error {
	if l.MessageID == "" {
		return nil
	}
	v := binary.BigEndian.AppendUint32(append(make([]byte, 0, 10), k[:]...), uint32(l.N))
	if id, n, taken := tx.LetterOf(l.MessageID); taken && (id != k.String() || n != l.N) {
		return fmt.Errorf("letter %d: its Message-ID is that of letter %d of case %s", l.N, n, id)
	}
	return tx.put(bLetters, []byte(l.MessageID), tx.write.keep(v))
}

// LetterOf finds the letter that has a Message-ID (without angle brackets).
func (tx *Tx) LetterOf(messageID string) (id string, n int, ok bool) {
	if messageID == "" {
		return "", 0, false
	}
	v := tx.get(bLetters, []byte(messageID))
	if len(v) != 10 {
		return "", 0, false
	}
	return caseKey(v[:6]).String(), int(binary.BigEndian.Uint32(v[6:])), true
}

// LettersDue returns up to limit letters of a request mailbox ("" : of all)
// that are owed, held or uncertain and whose time has come at now, the longest
// due first.
func (tx *Tx) LettersDue(mailbox string, now time.Time, limit int) ([]LetterKey, error) {
	return tx.outbox(sortable(now), limit, func(s rules.LetterState, box string) bool {
		return s != rules.Trying && (mailbox == "" || box == mailbox)
	})
}

// LettersWaiting returns up to limit letters that wait, or that are being tried,
// the longest due first; state: only those in it.
func (tx *Tx) LettersWaiting(state rules.LetterState, limit int) ([]LetterKey, error) {
	return tx.outbox(^uint64(0), limit, func(s rules.LetterState, _ string) bool { return state == "" || s == state })
}

// LettersAfter returns the letters that are owed, held for a time or uncertain
// and whose time is later than an instant.
func (tx *Tx) LettersAfter(at time.Time) (out []LetterKey, err error) {
	if err := tx.settle(); err != nil {
		return nil, err
	}
	err = scan(tx.b(bOutbox), nil, u64(sortable(at)+1), func(k, v []byte) (bool, error) {
		if toU64(k) == ^uint64(0) { // until a person says otherwise
			return false, nil
		}
		if l := letterOf(k, v); l.State != rules.Trying {
			out = append(out, l)
		}
		return true, nil
	})
	return out, err
}

// letterOf is the letter that an entry of the outbox stands for.
func letterOf(k, v []byte) LetterKey {
	state, mailbox := readOutboxValue(v)
	return LetterKey{Case: caseKey(k[8:14]).String(), N: int(binary.BigEndian.Uint32(k[14:])), Mailbox: mailbox, State: state, NextTry: instantAt(toU64(k))}
}

// LettersTrying returns the letters whose attempt is recorded and has not
// ended. After a start these are the ones that may have been sent. It looks
// through the whole outbox.
func (tx *Tx) LettersTrying(limit int) ([]LetterKey, error) {
	return tx.outbox(^uint64(0), limit, func(s rules.LetterState, _ string) bool { return s == rules.Trying })
}

func (tx *Tx) outbox(until uint64, limit int, wanted func(state rules.LetterState, mailbox string) bool) ([]LetterKey, error) {
	if err := tx.settle(); err != nil {
		return nil, err
	}
	var out []LetterKey
	err := scan(tx.b(bOutbox), nil, nil, func(k, v []byte) (bool, error) {
		at := toU64(k)
		if len(out) >= limit || at > until {
			return false, nil
		}
		if l := letterOf(k, v); wanted(l.State, l.Mailbox) {
			out = append(out, l)
		}
		return true, nil
	})
	return out, err
}

// LetterCounts returns the number of letters by state, from counters.
func (tx *Tx) LetterCounts() (map[rules.LetterState]int, error) {
	out := map[rules.LetterState]int{}
	if err := tx.settle(); err != nil {
		return nil, err
	}
	prefix := []byte("letter\x00")
	err := scan(tx.b(bCounters), prefix, nil, func(k, v []byte) (bool, error) {
		out[rules.LetterState(k[len(prefix):])] = int(toU64(v))
		return true, nil
	})
	return out, err
}
