package mailproc

import (
	"time"

	"sportello/store"
)

// After a stop, or a machine asleep for a week, instants have come that the
// mailbox may speak against: an acceptance receipt, the documents asked for, a
// revocation may lie there unread. So what time brings against a customer
// waits until the mailboxes were read to their end after its instant.

// allRead reports whether every mailbox was read at an instant or later and
// every message of them is decided.
func (d *Desk) allRead(tx *store.Tx, at time.Time) (bool, error) {
	read := d.boxesRead(at)
	pending, err := tx.Pending(0, 1)
	return read && len(pending) == 0, err
}

// boxesRead reports whether every mailbox was read to its end at an instant or later.
func (d *Desk) boxesRead(at time.Time) bool {
	read := true
	for i := range d.Mailboxes {
		read = d.readSince(at, d.Mailboxes[i].Name) && read
	}
	return read
}

// readSince reports whether a mailbox was read to its end at an instant or
// later, and otherwise has it read at once.
func (d *Desk) readSince(at time.Time, mailbox string) bool {
	s := d.box(mailbox)
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.readAt(d.Now()).Before(at) {
		return true
	}
	if s.poller != nil {
		s.poller.Kick()
	}
	return false
}

// lastRead is the instant at which every mailbox was last read to its end, now
// at the latest.
func (d *Desk) lastRead(now time.Time) time.Time {
	at := now
	for i := range d.Mailboxes {
		s := d.box(d.Mailboxes[i].Name)
		s.mu.Lock()
		if read := s.readAt(now); read.Before(at) {
			at = read
		}
		s.mu.Unlock()
	}
	return at
}

// readAt is when the mailbox was last read to its end, by both clocks: either
// may have been wrong, and the earlier counts. The zero time is never.
func (s *boxState) readAt(now time.Time) time.Time {
	if s.looked.IsZero() {
		return time.Time{}
	}
	if at := now.Add(-time.Since(s.looked)); at.Before(s.caughtUp) {
		return at
	}
	return s.caughtUp
}

// readOnce reports whether a mailbox was read to its end since the start: until
// then no letter of it goes out. After a restored backup the receipts of
// letters that the database no longer knows lie there, behind the requests that
// they answer. A database made at this start has sent none.
func (d *Desk) readOnce(mailbox string) bool {
	s := d.box(mailbox)
	s.mu.Lock()
	defer s.mu.Unlock()
	return d.unmarked || !s.looked.IsZero()
}

// wake notices a start and a leap of the clock, as after a sleep: then the
// promises are looked at only when the mailboxes were read, since the receipts
// that prove them kept may lie there.
type wake struct {
	wall, steady, since time.Time
	back                bool // the clock was set back, or nobody knows
}

// longestLook is how long promises wait for mailboxes that are slow to read.
const longestLook = 2 * time.Minute

func (w *wake) over(d *Desk) bool {
	wall, steady := d.Now().Round(0), time.Now()
	leap := wall.Sub(w.wall) - steady.Sub(w.steady)
	if w.since.IsZero() || leap > time.Minute {
		w.since = steady
	}
	w.back = w.back || w.wall.IsZero() || leap < -time.Minute
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
