package rules

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"
)

// Arrivable reports whether a person may say that l arrived, though no receipt
// does: it is unheard of, or it was tried and nobody accepted it, and no receipt
// says that it was not delivered.
func (c *Case) Arrivable(l *Letter) bool {
	switch l.State {
	case Owed, Held, Uncertain, Failed:
		return len(l.Tries) > 0 && !l.Past && !l.refused() && !c.saidLater(l)
	}
	return c.Unheard(l)
}

// arrived records that a letter reached its customer, as a person knows from
// elsewhere, and the case goes on as if its receipt had come.
func (s *Set) arrived(r *run, a Act) error {
	i := slices.IndexFunc(r.c.Letters, func(l Letter) bool { return r.c.Arrivable(&l) && (a.N == 0 || a.N == l.N) })
	if i < 0 {
		return refuse("case %s: no letter was left without a receipt", r.c.ID)
	}
	l := r.c.Letters[i]
	if strings.TrimSpace(a.Text) == "" && l.State != Taken {
		return refuse("case %s: no receipt says that letter %d was accepted: say how you know that it arrived", r.c.ID, l.N)
	}
	r.add(Event{Kind: LetterArrived, Letter: &LetterRef{N: l.N, Name: l.Name, MessageID: l.MessageID}, Private: a.note()})
	s.goOn(r, &l, a.Reason)
	return r.err
}

// goOn takes a case up again that is with a person for nothing but l, which
// has arrived after all: its outcome stands, with its reason, who decided it, and when.
func (s *Set) goOn(r *run, l *Letter, why Reason) {
	c := r.c
	if r.err != nil || c.State != InReview || c.Reason != LetterFailed && c.Reason != NoAcceptance || c.lacksLetter() {
		return
	}
	stands := fmt.Sprintf("letter %d has arrived: what was decided stands", l.N)
	e := Event{Reason: cmp.Or(why, c.Reason), Steps: c.giveBack(), Detail: stands}
	switch {
	case l.Name == "integrazione":
		if c.Until.IsZero() || c.TermPassed(r.now) {
			return // a person decides what his silence means
		}
		e = Event{Kind: Asked, Detail: stands, Until: At(c.Until), Private: &Private{Documents: c.Asked}}
		if !c.Reminded {
			e.Warn = At(c.RemindAt)
		}
	case c.Outcome == Accept:
		if c.approvalOwes() == "" {
			s.resume(r, stands)
		}
		return
	case c.Outcome == Reject:
		e.Kind = EventRejected
	case c.Outcome == Guide:
		e.Kind = EventAnswered
	case c.Outcome == None:
		e.Kind = Withdrew
	default:
		return // nothing is decided yet
	}
	r.add(e)
}

// lacksLetter reports whether a letter failed that a person has still to deal with.
func (c *Case) lacksLetter() bool {
	return slices.ContainsFunc(c.Letters, func(l Letter) bool { return l.State == Failed && !l.Past && !c.saidLater(&l) })
}

// wentAt is when l left for its customer, as far as anybody knows: when the
// server took it, or else when a person said that it had arrived; zero: never.
func (l *Letter) wentAt() time.Time {
	if l.Sent.IsZero() {
		return l.Arrived
	}
	return l.Sent
}
