package rules

import (
	"fmt"
	"slices"
	"strings"
)

// done records a step that a person carried out: one that was asked of him, or
// one that failed, after which the case goes on where it had stopped.
func (s *Set) done(r *run, a Act) error {
	var open []string
	for _, st := range r.c.Steps {
		switch {
		case !r.c.Doable(st):
		case a.N == 0 || a.N == st.N:
			resumes := r.c.failedOnly()
			r.add(Event{Kind: StepDone, Step: &StepRef{N: st.N, Do: st.Do}, Private: a.note()})
			if resumes {
				s.resume(r, "")
			}
			return r.err
		default:
			open = append(open, fmt.Sprintf("%d (%s)", st.N, st.Do))
		}
	}
	if len(open) > 0 {
		return refuse("case %s: step %d waits for nobody; %s does", r.c.ID, a.N, strings.Join(open, ", "))
	}
	return refuse("case %s: no step waits for an operator", r.c.ID)
}

// retry lets a failed step be tried again: the customer has his letter, and
// nothing is decided anew.
func (s *Set) retry(r *run, a Act) error {
	if err := r.atRest(); err != nil {
		return err
	}
	if !r.c.failedOnly() {
		return refuse("case %s: no step failed that could be tried again", r.c.ID)
	}
	if p := a.note(); p.Note != "" {
		r.add(Event{Kind: Noted, Private: p})
	}
	s.resume(r, "")
	return r.err
}

// resume accepts a case again that was stopped by a step or a letter, as it was
// accepted: who decided it, and when, stays.
func (s *Set) resume(r *run, detail string) {
	s.settle(r, Event{Kind: Approved, Detail: detail, Procedure: r.c.Procedure, Steps: s.steps(r.c.Procedure)}, questions...)
}

// Doable reports whether a person can say of a step that he has carried it out.
func (c *Case) Doable(st StepRun) bool {
	switch st.State {
	case StepWithHuman: // the one who was asked may have done it before the case was stopped
		return c.Runs(st) || c.State == InReview || c.State == Waiting
	case StepBroken:
		return c.State == InReview
	}
	return false
}

// failedOnly reports whether nothing but a failed step keeps an accepted case
// from going on.
func (c *Case) failedOnly() bool {
	return c.State == InReview && c.Reason == StepFailed && c.Proved && !c.Erased() && c.approvalOwes() == "" &&
		slices.ContainsFunc(c.Steps, func(s StepRun) bool { return s.State == StepBroken })
}

func (s *Set) note(r *run, a Act) error {
	if strings.TrimSpace(a.Text) == "" {
		return refuse("a note needs its text")
	}
	r.add(Event{Kind: Noted, Private: a.note()})
	return nil
}

// release lets a held letter go out.
func (s *Set) release(r *run, a Act) error {
	for i := range r.c.Letters {
		if l := &r.c.Letters[i]; l.State == Held && (a.N == 0 || a.N == l.N) {
			r.add(Event{Kind: LetterReleased, Letter: &LetterRef{N: l.N, MessageID: l.MessageID}})
			return nil
		}
	}
	return refuse("case %s: no letter is held", r.c.ID)
}

// resend owes the text of a letter that failed, or is unheard of, again, as a
// new letter. One that says
// when the mailbox ends is written anew: its days are counted from today.
func (s *Set) resend(r *run, a Act) error {
	for i := len(r.c.Letters) - 1; i >= 0; i-- {
		l := &r.c.Letters[i]
		if !r.c.Resendable(l) || a.N != 0 && a.N != l.N {
			continue
		}
		if p := s.Procedure(r.c.Procedure); l.Name == "accolta" && p != nil && p.closes() {
			s.owe(r, l.Name, "", a.words(nil))
		} else {
			s.oweText(r, l.Name, l.LetterText)
		}
		return r.err
	}
	return refuse("case %s: no letter failed", r.c.ID)
}

// Resendable reports whether a letter that failed, or is unheard of, may go out
// again: what it says holds still, and no later one has said it.
func (c *Case) Resendable(l *Letter) bool {
	return l.State == Failed && !l.Past && !c.saidLater(l) || c.Unheard(l)
}
