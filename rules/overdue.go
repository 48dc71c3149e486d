package rules

import (
	"slices"
	"strings"
	"time"
)

// deliveryWait is how long after its acceptance a letter may be without a word
// of what became of it. Within 24 hours it is delivered, or its sender is told
// that it was not (RFC 6109 §3.3; D.M. 2 November 2005); the rest is for receipts that are slow themselves.
const deliveryWait = 30 * time.Hour

// AcceptanceDue is by when the acceptance receipt of l must have come; zero:
// none is waited for.
func (c *Case) AcceptanceDue(l *Letter) time.Time {
	if l.State != Sent || !c.watches(l) {
		return time.Time{}
	}
	return l.NextTry
}

// DeliveryDue is by when a receipt must have said what became of l, which the
// provider has accepted; zero: none is waited for. To an ordinary address there
// is none, and of a case that was emptied nobody can do anything.
func (c *Case) DeliveryDue(l *Letter) time.Time {
	if l.State != Taken || l.Told || !c.watches(l) || !c.certified(l) || len(l.Receipts) == 0 || l.Past || c.saidLater(l) || c.Emptied() {
		return time.Time{}
	}
	return l.Receipts[0].At.Add(deliveryWait)
}

// watches reports whether it matters to the case what becomes of l: of one that
// is closed only the answer does.
func (c *Case) watches(l *Letter) bool { return c.State != Closed || l.answers() }

// certified reports whether l goes to a certified mailbox.
func (c *Case) certified(l *Letter) bool { return c.Proved && l.Name != "contatti" }

// saidLater reports whether a later letter says what l says.
func (c *Case) saidLater(l *Letter) bool {
	return slices.ContainsFunc(c.Letters[l.N:], func(m Letter) bool { return m.Name == l.Name })
}

// Unheard reports whether l was accepted, and no receipt said in time what
// became of it: it may have arrived or not.
func (c *Case) Unheard(l *Letter) bool {
	return l.State == Taken && l.Told && !l.Past && !c.saidLater(l)
}

// overdue notes, once, that a letter is unheard of: a person finds out. The
// case stays where it is, since the receipt may yet come.
func (s *Set) overdue(r *run) bool {
	for i := range r.c.Letters {
		l := &r.c.Letters[i]
		if due := r.c.DeliveryDue(l); !due.IsZero() && !r.now.Before(due) {
			r.add(Event{Kind: LetterOverdue, Letter: &LetterRef{N: l.N, Name: l.Name, MessageID: l.MessageID}})
			return true
		}
	}
	return false
}

// Overdue is where a letter stands that is unheard of, in lists: no state of
// its own, since the receipt may yet come.
const Overdue LetterState = "overdue"

// OpenStandings are where a letter stands that somebody should know of, what
// needs a person first.
var OpenStandings = []LetterState{Failed, Overdue, Uncertain, Held, Owed, Trying}

// CheckStanding refuses a word that is none of them; "" stands for all.
func CheckStanding(s LetterState) error {
	if s == "" || slices.Contains(OpenStandings, s) {
		return nil
	}
	return refuse("unknown state %q: one of %s", s, strings.Join(codes(OpenStandings), ", "))
}
