package rules

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Advance says what a case owes by itself at now: its next step scheduled, a
// term that lapsed, a warning, its end. The events are meant to be recorded in
// one transaction; a case that owes nothing gives none. Steps that are due are
// run by the desk, not here.
func (s *Set) Advance(c *Case, now time.Time) ([]Event, error) {
	r := s.run(c, c.ID, now)
	for range 16 { // each pass adds at most one event; a case never owes this many at once
		before := len(r.events)
		s.advance(r)
		if r.err != nil || len(r.events) == before {
			break
		}
	}
	return r.events, r.err
}

func (s *Set) advance(r *run) {
	c := r.c
	if s.unaccepted(r) || s.overdue(r) {
		return
	}
	switch c.State {
	case Accepted, Rejected, Answered, Withdrawn:
		if s.failed(r) {
			return
		}
		s.nextStep(r)
	case Waiting:
		if s.notAsked(r) {
			return
		}
		s.waiting(r)
	case Closed:
		s.undelivered(r)
	}
	if len(r.events) == 0 || r.c.State == c.State {
		s.promise(r)
	}
	if len(r.events) == 0 {
		s.recall(r)
	}
}

// owesLetter reports whether any letter has not reached the provider yet.
func (c *Case) owesLetter() bool {
	return slices.ContainsFunc(c.Letters, func(l Letter) bool { return !l.State.proved() && l.State != Failed })
}

// unaccepted ends the waiting for an acceptance receipt that never came: the
// letter counts as failed, and a person sees it.
func (s *Set) unaccepted(r *run) bool {
	for i := range r.c.Letters {
		l := &r.c.Letters[i]
		if due := r.c.AcceptanceDue(l); !due.IsZero() && !r.now.Before(due) {
			r.add(Event{Kind: EventLetterFailed, Reason: NoAcceptance, Letter: &LetterRef{N: l.N, Name: l.Name, MessageID: l.MessageID},
				Detail: "no acceptance receipt came in time"})
			return true
		}
	}
	return false
}

// failed sends a case back to a person when its last letter or a step failed for good.
func (s *Set) failed(r *run) bool {
	for i := range r.c.Letters {
		if l := &r.c.Letters[i]; l.State == Failed && !l.Told && !l.Past {
			e := notArrived(Returned, l)
			if l.Outcome() && !r.c.Answered.IsZero() {
				s.promiseAnew(r, &e)
			}
			r.add(e)
			return true
		}
	}
	for _, st := range r.c.Steps {
		switch {
		case st.State != StepBroken || !r.c.Runs(st):
		case st.Do == stepRestore: // nothing is left to decide: a person gives the mailbox back
			r.add(Event{Kind: StepAsked, Step: &StepRef{N: st.N, Do: st.Do, Attempt: st.Attempts}, Detail: "its action failed: do it, and say done"})
			return true
		default:
			r.add(Event{Kind: Returned, Reason: StepFailed, Detail: fmt.Sprintf("step %d %s failed", st.N, st.Do)})
			return true
		}
	}
	return false
}

// notArrived is the event by which a letter that failed for good brings its case
// to a person.
func notArrived(kind EventKind, l *Letter) Event {
	e := Event{Kind: kind, Reason: LetterFailed, Detail: fmt.Sprintf("letter %d could not be delivered", l.N), Letters: []int{l.N}}
	if l.Unaccepted() {
		e.Reason, e.Detail = NoAcceptance, fmt.Sprintf("no receipt of letter %d came in time", l.N)
	}
	return e
}

// undelivered opens a case again whose answer was accepted by the provider and
// then could not be delivered: the customer has no answer (RFC 6109 §3.3.3).
func (s *Set) undelivered(r *run) {
	for i := range r.c.Letters {
		if l := &r.c.Letters[i]; l.State == Failed && !l.Told && l.answers() {
			e := notArrived(Reopened, l)
			s.promiseAnew(r, &e)
			r.add(e)
			return
		}
	}
}

// onwards completes an event with which a case waits for its customer no more
// (or for something else), though he has sent nothing: the promise that the
// question had kept is made anew, unless its first term still runs, or another
// letter had answered before.
func (s *Set) onwards(r *run, e *Event) {
	if r.c.Suspended() && r.c.Answered.IsZero() && r.c.lapsed(r.now) {
		s.promiseAnew(r, e)
	}
}

// lapsed reports whether a promise that was not watched while a question kept it
// cannot be taken up where it stood: its term has passed, or is so near that
// nobody could be warned a working day before.
func (c *Case) lapsed(now time.Time) bool {
	return now.After(c.Due) || !c.Warned && !c.Warn.IsZero() && now.After(c.Warn)
}

// promiseAnew sets the terms of an answer that is owed again: the customer has
// none, though the provider had accepted the first.
func (s *Set) promiseAnew(r *run, e *Event) {
	s.promiseFrom(r, e, r.now)
}

func (s *Set) promiseFrom(r *run, e *Event, from time.Time) {
	due, target := s.terms(s.Procedure(r.c.Procedure), from)
	e.Due, e.Target, e.Warn = &due, &target, At(s.warn(due))
}

// takeBack completes an event after which what the case had answered holds no
// more: its letters are of the past, and an answer is owed again.
func (s *Set) takeBack(r *run, e *Event) {
	r.unsend(e.Reason, "accolta", "contatti")
	for i := range r.c.Letters {
		if l := &r.c.Letters[i]; l.answers() {
			e.Letters = append(e.Letters, l.N)
		}
	}
	if !r.c.Answered.IsZero() || r.c.State == Closed {
		s.promiseAnew(r, e)
	}
}

// notAsked sends a case back to a person whose customer never got the letter
// that asks for documents: else his term would pass without his knowing of it.
func (s *Set) notAsked(r *run) bool {
	for i := len(r.c.Letters) - 1; i >= 0; i-- {
		if l := &r.c.Letters[i]; l.Name == "integrazione" {
			if l.State != Failed || l.Told {
				return false
			}
			e := Event{Kind: Returned, Reason: LetterFailed, Detail: fmt.Sprintf("letter %d, which asks for documents, could not be delivered", l.N), Letters: []int{l.N}}
			if l.Unaccepted() {
				e.Reason, e.Detail = NoAcceptance, fmt.Sprintf("no receipt of letter %d, which asks for documents, came in time", l.N)
			}
			if r.c.Answered.IsZero() && r.c.lapsed(r.now) && !r.c.Breached && r.c.kept(l) {
				s.promiseAnew(r, &e)
			}
			r.add(e)
			return true
		}
	}
	return false
}

// nextStep schedules the first step that is not done, or closes the case.
func (s *Set) nextStep(r *run) {
	for i := range r.c.Steps {
		st := &r.c.Steps[i]
		if st.State == StepOver || !r.c.Runs(*st) {
			continue
		}
		if st.State != StepPlanned {
			return
		}
		if due, ok := s.stepDue(r.c, i, r.now); ok {
			r.add(Event{Kind: StepScheduled, Step: &StepRef{N: st.N, Do: st.Do}, Until: &due})
		}
		return
	}
	if !r.c.owesLetter() {
		r.add(Event{Kind: EventClosed})
	}
}

// stepDue is when step i of c is to run, once its condition has come.
func (s *Set) stepDue(c *Case, i int, now time.Time) (time.Time, bool) {
	st := c.Steps[i]
	if st.Do == stepRestore { // at once: its holder waits for it
		return now, true
	}
	from, ok := c.told(i)
	if !ok || st.After == "delivered" {
		return from, ok
	}
	if i > 0 && c.Steps[i-1].Done.After(from) {
		from = c.Steps[i-1].Done
	}
	n, unit, err := ParseSpan(st.After)
	if err != nil {
		return time.Time{}, false
	}
	if unit == "hours" {
		return from.Add(time.Duration(n) * time.Hour), true
	}
	// Calendar days: the first is not counted, the last one is whole
	// (procedures.md §3: five days of reading, then the closing).
	return s.Calendar.StartOfDay(s.Calendar.AddDays(s.Calendar.Date(from), n+1)), true
}

// told is when the letter in force reached the customer, as far as step i and
// those it is counted from ask: a span begins with the step before, and never
// before the letter that promised it.
func (c *Case) told(i int) (time.Time, bool) {
	l := c.outcomeLetter()
	if l == nil {
		return time.Time{}, false
	}
	for ; i >= 0; i-- {
		if c.Steps[i].After == "delivered" {
			return l.deliveredAt(), l.State == Delivered
		}
	}
	return l.wentAt(), !l.wentAt().IsZero()
}

// outcomeLetter is the last letter that answers the request.
func (c *Case) outcomeLetter() *Letter {
	for i := len(c.Letters) - 1; i >= 0; i-- {
		if c.Letters[i].Outcome() {
			return &c.Letters[i]
		}
	}
	return nil
}

// deliveredAt is when l reached its customer: by its receipt, or else by the
// person who said so.
func (l *Letter) deliveredAt() time.Time {
	if !l.Arrived.IsZero() && !slices.ContainsFunc(l.Receipts, func(r ReceiptRef) bool { return r.Kind == ReceiptDelivered }) {
		return l.Arrived
	}
	return l.certified(ReceiptDelivered)
}

func (l *Letter) certified(kind string) time.Time {
	for _, rc := range l.Receipts {
		if rc.Kind == kind {
			return rc.At
		}
	}
	return l.wentAt()
}

// waiting reminds once and closes the request when the documents do not come.
func (s *Set) waiting(r *run) {
	c := r.c
	if c.Until.IsZero() {
		return
	}
	if c.TermPassed(r.now) {
		if c.Lasting() { // no letter of refusal would be true
			e := Event{Kind: Returned, Reason: DocumentsLapsed, Detail: "what was done cannot be taken back"}
			s.onwards(r, &e)
			r.add(e)
			return
		}
		e := Event{Kind: Lapsed, Outcome: Reject, Reason: DocumentsLapsed, Steps: c.giveBack(),
			Private: &Private{Reasons: []string{"the documents asked for did not come in time"}}}
		s.settle(r, e, questions...)
		s.owe(r, "respinta", "", nil)
		s.tellNewContacts(r, Act{})
		return
	}
	if !c.Reminded && !c.RemindAt.IsZero() && !r.now.Before(c.RemindAt) {
		r.add(Event{Kind: Reminded})
		s.owe(r, "sollecito", "", nil)
	}
}

// promise records that the target, the day before, or the term has passed.
func (s *Set) promise(r *run) {
	c := r.c
	if !c.Promised() {
		return
	}
	switch {
	case !c.TargetPassed && !c.Target.IsZero() && r.now.After(c.Target):
		r.add(Event{Kind: TargetPassed})
	case !c.Warned && !c.Warn.IsZero() && (!r.now.Before(c.Warn) || !r.now.Before(s.warn(c.Due))): // a closure may have been announced since
		r.add(Event{Kind: Warned})
	case !c.Breached && r.now.After(c.Due):
		r.add(Event{Kind: Breached})
	}
}

// ParseSpan reads "5 days", "24 hours", "3 working days", "30 months".
func ParseSpan(text string) (n int, unit string, err error) {
	number, unit, ok := strings.Cut(strings.TrimSpace(text), " ")
	n, err = strconv.Atoi(number)
	if err != nil || !ok || n < 0 {
		return 0, "", fmt.Errorf("%q is no span of time (write e.g. \"5 days\")", text)
	}
	units := []string{"hours", "days", "working days", "months"}
	for _, u := range units {
		if unit == u || unit+"s" == u {
			return n, u, nil
		}
	}
	return 0, "", fmt.Errorf("%q: unknown unit %q (one of: %s)", text, unit, strings.Join(units, ", "))
}
