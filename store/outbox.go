package store

import (
	"cmp"
	"encoding/binary"
	"fmt"
	"slices"
	"time"

	"sportello/rules"
)

// Classes of letters in the outbox.
const (
	classDue    = 1 // owed, held and uncertain ones, by their next try
	classTrying = 2 // an attempt is recorded and has not ended
)

// outboxKey is where a letter stands in the outbox.
func outboxKey(l *rules.Letter) (k [9]byte) {
	switch l.State {
	case rules.Owed, rules.Uncertain:
		k[0] = classDue
		binary.BigEndian.PutUint64(k[1:], sortable(l.NextTry))
	case rules.Held:
		k[0] = classDue
		binary.BigEndian.PutUint64(k[1:], sortable(l.NextTry))
		if l.NextTry.IsZero() { // until a person releases it
			binary.BigEndian.PutUint64(k[1:], ^uint64(0))
		}
	case rules.Trying:
		k[0] = classTrying
		if n := len(l.Tries); n > 0 {
			binary.BigEndian.PutUint64(k[1:], sortable(l.Tries[n-1].At))
		}
	}
	return k
}

// LetterKey names a letter of the outbox.
type LetterKey struct {
	Case    string
	N       int
	State   rules.LetterState
	NextTry time.Time // to the second; of a letter being tried: when it was begun
}

func (tx *Tx) reindexLetters(k caseKey, old, now []letterView) error {
	for i, l := range now {
		var before letterView
		if i < len(old) {
			before = old[i]
		}
		if err := tx.reindexLetter(k, i+1, before, l); err != nil {
			return err
		}
	}
	return nil
}

func (tx *Tx) reindexLetter(k caseKey, n int, old, now letterView) error {
	if old == now {
		return nil
	}
	if old.state != now.state {
		if old.state != "" {
			tx.count("letter\x00"+string(old.state), -1)
		}
		tx.count("letter\x00"+string(now.state), 1)
	}
	if old.key != now.key && old.key[0] != 0 {
		if err := tx.b(bOutbox).Delete(letterKey(old.key, k, n)); err != nil {
			return fmt.Errorf("letter %d: %w", n, err)
		}
	}
	if now.key[0] != 0 {
		if err := tx.b(bOutbox).Put(letterKey(now.key, k, n), []byte(now.state)); err != nil {
			return fmt.Errorf("letter %d: %w", n, err)
		}
	}
	return nil
}

func letterKey(place [9]byte, k caseKey, n int) []byte {
	b := make([]byte, 0, 9+6+4)
	b = append(append(b, place[:]...), k[:]...)
	return binary.BigEndian.AppendUint32(b, uint32(n))
}

// nameLetter makes a letter findable by its Message-ID, at once: receipts are
// matched in the same transactions.
func (tx *Tx) nameLetter(k caseKey, l *rules.LetterRef) error {
	if l.MessageID == "" {
		return nil
	}
	v := binary.BigEndian.AppendUint32(append(make([]byte, 0, 10), k[:]...), uint32(l.N))
	return tx.b(bLetters).Put([]byte(l.MessageID), v)
}

// LetterOf finds the letter that has a Message-ID (without angle brackets).
func (tx *Tx) LetterOf(messageID string) (id string, n int, ok bool) {
	if messageID == "" {
		return "", 0, false
	}
	v := tx.b(bLetters).Get([]byte(messageID))
	if len(v) != 10 {
		return "", 0, false
	}
	return caseKey(v[:6]).String(), int(binary.BigEndian.Uint32(v[6:])), true
}

// LettersDue returns up to limit letters that are owed, held or uncertain and
// whose time has come at now, the longest due first.
func (tx *Tx) LettersDue(now time.Time, limit int) ([]LetterKey, error) {
	return tx.outbox(classDue, sortable(now), limit)
}

// LettersTrying returns the letters whose attempt is recorded and has not
// ended. After a start these are the ones that may have been sent.
func (tx *Tx) LettersTrying(limit int) ([]LetterKey, error) {
	return tx.outbox(classTrying, ^uint64(0), limit)
}

func (tx *Tx) outbox(class byte, until uint64, limit int) ([]LetterKey, error) {
	if err := tx.settle(); err != nil {
		return nil, err
	}
	var out []LetterKey
	err := scan(tx.b(bOutbox), []byte{class}, nil, func(k, v []byte) (bool, error) {
		at := toU64(k[1:])
		if len(out) >= limit || at > until {
			return false, nil
		}
		out = append(out, LetterKey{Case: caseKey(k[9:15]).String(), N: int(binary.BigEndian.Uint32(k[15:])),
			State: rules.LetterState(v), NextTry: instantAt(at)})
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

// What a deadline is about.
type What byte

// The deadlines of a case. Each is an instant that the case's events stored.
const (
	TargetDue     What = iota + 1 // the desk's own two days
	WarningDue                    // the alert before the promise is broken
	PromiseDue                    // the promise itself
	DocumentsDue                  // the customer's term
	ReminderDue                   // of the documents
	StepDue                       // step N is to run
	RetryDue                      // a deferred decision is to be tried again
	AcceptanceDue                 // letter N was sent, and its acceptance receipt is overdue
)

// Deadline is an instant at which a case wants to be looked at.
type Deadline struct {
	At   time.Time // to the second above
	Case string
	What What
	N    int // of the step or letter
}

// Deadlines returns what a case waits for, in order. It comes from the case
// alone, so editing a template never moves a promise.
func Deadlines(c *rules.Case) []Deadline {
	var room [8]Deadline
	out := room[:0]
	add := func(wanted bool, at time.Time, what What, n int) {
		if !wanted || at.IsZero() {
			return
		}
		if whole := at.Truncate(time.Second); whole.Before(at) {
			at = whole.Add(time.Second) // keys have seconds: never early
		}
		out = append(out, Deadline{At: at.UTC(), Case: c.ID, What: what, N: n})
	}
	promised := c.State != rules.Closed && c.Answered.IsZero()
	add(promised && !c.TargetPassed, c.Target, TargetDue, 0)
	add(promised && !c.Warned, c.Warn, WarningDue, 0)
	add(promised && !c.Breached, c.Due, PromiseDue, 0)
	add(c.State == rules.Waiting, c.Until, DocumentsDue, 0)
	add(c.State == rules.Waiting && !c.Reminded, c.RemindAt, ReminderDue, 0)
	add(c.State == rules.New, c.RetryAt, RetryDue, 0)
	for i := range c.Steps {
		add(c.State == rules.Accepted && c.Steps[i].State == rules.StepDue, c.Steps[i].Due, StepDue, c.Steps[i].N)
	}
	for i := range c.Letters {
		l := &c.Letters[i]
		add(c.State != rules.Closed && l.State == rules.Sent && !l.Told, l.NextTry, AcceptanceDue, l.N)
	}
	slices.SortFunc(out, func(a, b Deadline) int {
		return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.What, b.What), cmp.Compare(a.N, b.N))
	})
	return slices.Clone(out)
}

func (tx *Tx) reindexDeadlines(k caseKey, old, now []Deadline) error {
	for _, d := range old {
		if !slices.Contains(now, d) {
			if err := tx.b(bDeadlines).Delete(deadlineKey(k, d)); err != nil {
				return err
			}
		}
	}
	for _, d := range now {
		if !slices.Contains(old, d) {
			if err := tx.b(bDeadlines).Put(deadlineKey(k, d), nil); err != nil {
				return err
			}
		}
	}
	return nil
}

func deadlineKey(k caseKey, d Deadline) []byte {
	b := make([]byte, 0, 8+6+1+4)
	b = binary.BigEndian.AppendUint64(b, sortable(d.At))
	b = append(append(b, k[:]...), byte(d.What))
	return binary.BigEndian.AppendUint32(b, uint32(d.N))
}

func readDeadline(k []byte) Deadline {
	return Deadline{At: instantAt(toU64(k)), Case: caseKey(k[8:14]).String(), What: What(k[14]), N: int(binary.BigEndian.Uint32(k[15:]))}
}

// DeadlinesDue returns up to limit deadlines that have come at now, in order.
func (tx *Tx) DeadlinesDue(now time.Time, limit int) ([]Deadline, error) {
	if err := tx.settle(); err != nil {
		return nil, err
	}
	var out []Deadline
	until := sortable(now)
	err := scan(tx.b(bDeadlines), nil, nil, func(k, _ []byte) (bool, error) {
		if len(out) >= limit || toU64(k) > until {
			return false, nil
		}
		out = append(out, readDeadline(k))
		return true, nil
	})
	return out, err
}

// NextWake is the first instant at which a letter or a deadline falls due,
// possibly past; zero if nothing is waited for. It is meant for View.
func (tx *Tx) NextWake() time.Time {
	var first time.Time
	if k, _ := tx.b(bDeadlines).Cursor().First(); k != nil {
		first = instantAt(toU64(k))
	}
	if k, _ := tx.b(bOutbox).Cursor().Seek([]byte{classDue}); k != nil && k[0] == classDue {
		switch at := toU64(k[1:]); {
		case at == ^uint64(0): // held until a person says otherwise
		case at == 0:
			return time.Unix(0, 0).UTC() // owed now
		case first.IsZero() || instantAt(at).Before(first):
			first = instantAt(at)
		}
	}
	return first
}
