package mailproc

import (
	"time"

	"sportello/rules"
	"sportello/store"
)

// After a stop, or a machine asleep for a week, instants have come that the
// mailbox may speak against: an acceptance receipt, the documents asked for, a
// revocation may lie there unread. So what time brings against a customer
// waits until the mailboxes were read to their end after its instant.

// owes is what a case owes at now, as far as the mailboxes have been read.
func (d *Desk) owes(tx *store.Tx, c *rules.Case, now time.Time) ([]rules.Event, error) {
	seen := c
	changed := func() *rules.Case {
		if seen == c {
			seen = c.Clone()
		}
		return seen
	}
	for i := range c.Letters {
		l := &c.Letters[i]
		if l.State == rules.Sent && !now.Before(l.NextTry) && !d.readSince(l.NextTry, c.To) {
			changed().Letters[i].NextTry = time.Time{}
		}
	}
	if c.State == rules.Waiting && !now.Before(c.Until) {
		read, err := d.allRead(tx, c.Until)
		if err != nil {
			return nil, err
		}
		if !read {
			changed().Until = time.Time{}
		}
	}
	return d.Policy().Rules.Advance(seen, now)
}

// allRead reports whether every mailbox was read at an instant or later and
// every message of them is decided.
func (d *Desk) allRead(tx *store.Tx, at time.Time) (bool, error) {
	read := true
	for i := range d.Mailboxes {
		read = d.readSince(at, d.Mailboxes[i].Name) && read
	}
	pending, err := tx.Pending(1)
	return read && len(pending) == 0, err
}

// readSince reports whether a mailbox was read to its end at an instant or
// later, and otherwise has it read at once.
func (d *Desk) readSince(at time.Time, mailbox string) bool {
	s := d.box(mailbox)
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.caughtUp.Before(at) {
		return true
	}
	if s.poller != nil {
		s.poller.Kick()
	}
	return false
}

// wake notices a start and a leap of the clock, as after a sleep: then the
// promises are looked at only when the mailboxes were read, since the receipts
// that prove them kept may lie there.
type wake struct{ wall, steady, since time.Time }

// longestLook is how long promises wait for mailboxes that are slow to read.
const longestLook = 2 * time.Minute

func (w *wake) over(d *Desk) bool {
	wall, steady := d.Now().Round(0), time.Now()
	if w.since.IsZero() || wall.Sub(w.wall)-steady.Sub(w.steady) > time.Minute {
		w.since = steady
	}
	w.wall, w.steady = wall, steady
	if steady.Sub(w.since) > longestLook {
		return true
	}
	read := true
	for i := range d.Mailboxes {
		s := d.box(d.Mailboxes[i].Name)
		s.mu.Lock()
		if s.problem == "" && s.looked.Before(w.since) {
			if read = false; s.poller != nil {
				s.poller.Kick()
			}
		}
		s.mu.Unlock()
	}
	return read
}
