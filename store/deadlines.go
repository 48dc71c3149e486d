package store

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"slices"
	"time"

	"sportello/rules"
)

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
	DeliveryDue                   // letter N was accepted, and what became of it is overdue
	LaterDue                      // a person put the case off until then
)

// Deadline is an instant at which a case wants to be looked at.
type Deadline struct {
	At   time.Time // to the second above
	Case string
	What What
	N    int    // of the step or letter
	Do   string // the step's word
}

// Deadlines returns what a case waits for, in order. It comes from the case
// alone, so editing a template never moves a promise.
func Deadlines(c *rules.Case) []Deadline {
	var out []Deadline
	eachDeadline(c, func(d Deadline) { out = append(out, d) })
	slices.SortFunc(out, func(a, b Deadline) int {
		return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.What, b.What), cmp.Compare(a.N, b.N))
	})
	return out
}

func eachDeadline(c *rules.Case, fn func(Deadline)) {
	add := func(wanted bool, at time.Time, what What, n int) {
		if !wanted || at.IsZero() {
			return
		}
		if whole := at.Truncate(time.Second); whole.Before(at) {
			at = whole.Add(time.Second) // keys have seconds: never early
		}
		d := Deadline{At: at.UTC(), Case: c.ID, What: what, N: n}
		if what == StepDue {
			d.Do = c.Steps[n-1].Do
		}
		fn(d)
	}
	promised := c.Promised()
	add(promised && !c.TargetPassed, c.Target, TargetDue, 0)
	add(promised && !c.Warned, c.Warn, WarningDue, 0)
	add(promised && !c.Breached, c.Due, PromiseDue, 0)
	add(c.State == rules.Waiting, c.Until, DocumentsDue, 0)
	add(c.State == rules.Waiting && !c.Reminded, c.RemindAt, ReminderDue, 0)
	add(c.State == rules.New, c.RetryAt, RetryDue, 0)
	add(true, c.Recall(), LaterDue, 0)
	for i := range c.Steps {
		add(c.Steps[i].State == rules.StepDue && c.Runs(c.Steps[i]), c.Steps[i].Due, StepDue, c.Steps[i].N)
	}
	for i := range c.Letters {
		l := &c.Letters[i]
		add(true, c.AcceptanceDue(l), AcceptanceDue, l.N)
		add(true, c.DeliveryDue(l), DeliveryDue, l.N)
	}
}

// deadlineKey is where a case lies in the bucket of deadlines: at its first
// one. The others follow from the case, when the time has come.
type deadlineKey struct {
	at    uint64
	there bool
}

func firstDeadline(c *rules.Case) deadlineKey {
	var first time.Time
	eachDeadline(c, func(d Deadline) {
		if first.IsZero() || d.At.Before(first) {
			first = d.At
		}
	})
	return deadlineKey{at: sortable(first), there: !first.IsZero()}
}

func (d deadlineKey) bytes(k caseKey) []byte {
	return append(binary.BigEndian.AppendUint64(make([]byte, 0, 8+6), d.at), k[:]...)
}

func (tx *Tx) reindexDeadline(k caseKey, old, now deadlineKey) error {
	if old == now {
		return nil
	}
	if old.there {
		if err := tx.del(bDeadlines, old.bytes(k)); err != nil {
			return err
		}
	}
	if now.there {
		return tx.put(bDeadlines, now.bytes(k), nil)
	}
	return nil
}

// DeadlinesDue returns the deadlines that have come at now, of up to limit
// cases behind the place after (nil: from the first on), those first that have
// waited longest; all of a case together. last is the place of the last case,
// nil when there are no more.
func (tx *Tx) DeadlinesDue(now time.Time, limit int, after []byte) (due []Deadline, last []byte, err error) {
	if err := tx.settle(); err != nil {
		return nil, nil, err
	}
	until, cases := sortable(now), 0
	if after != nil {
		after = append(bytes.Clone(after), 0)
	}
	err = scan(tx.b(bDeadlines), nil, after, func(key, _ []byte) (bool, error) {
		if toU64(key) > until || cases >= limit {
			return false, nil
		}
		cases++
		r, err := tx.readCase(caseKey(key[8:14]))
		if err != nil {
			return false, err
		}
		for _, d := range Deadlines(&r.c) {
			if !d.At.After(now) {
				due = append(due, d)
			}
		}
		last = bytes.Clone(key)
		return true, nil
	})
	if cases < limit {
		last = nil
	}
	return due, last, err
}

// NextDeadline is the first instant later than another at which a case has its
// first deadline; zero if there is none. It is meant for View.
func (tx *Tx) NextDeadline(after time.Time) time.Time {
	k, _ := tx.b(bDeadlines).Cursor().Seek(u64(sortable(after) + 1))
	if k == nil {
		return time.Time{}
	}
	return instantAt(toU64(k))
}
