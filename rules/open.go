package rules

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// Arrival is a message with what was decided about it.
type Arrival struct {
	ID       uint64 // in the store
	Message  Message
	Decision Decision
	Proof    []ProofStep
	By       string // the operator who opens a parked message as a case; "": the desk
}

// Open makes the events that open case id for an arrival: opened, decided and
// the letter owed, all at one instant.
func (s *Set) Open(id string, a Arrival, now time.Time) (*Case, []Event, error) {
	run := s.run(&Case{}, id, now)
	run.author, run.own, run.events = a.By, true, make([]Event, 0, 4)
	s.opened(run, a)
	run.author = "" // that a person has to decide is the desk's own finding
	s.decided(run, a.Decision)
	return run.c, run.events, run.err
}

func (s *Set) opened(r *run, a Arrival) {
	d := a.Decision
	flags, envelope := slices.Clone(d.Flags), a.Message.Identifier
	if !a.Message.Proved() {
		flags, envelope = append(flags, FlagUnproved), ""
	}
	writer := d.Mailbox
	if writer == "" { // by its address alone it is found, and answered
		writer = a.Message.Claimed
		if address := addressLike.FindAllString(writer, -1); len(address) > 0 {
			writer = strings.ToLower(address[len(address)-1]) // a name before it may hold another
		}
	}
	r.add(Event{Kind: Opened, Message: a.ID, Mailbox: a.Message.Mailbox, Procedure: d.Procedure,
		Received: At(d.Received), Due: At(d.Due), Target: At(d.Target), Warn: At(s.warn(d.Due)), Flags: flags, Previous: d.Previous, Envelope: envelope,
		Private: &Private{Mailbox: writer, Subject: a.Message.Subject, MessageID: a.Message.MessageID,
			References: a.Message.References, Proof: a.Proof}})
}

// Redecide makes the events of a decision for a case that waited in new.
func (s *Set) Redecide(c *Case, d Decision, now time.Time) ([]Event, error) {
	run := s.run(c, c.ID, now)
	s.decided(run, d)
	return run.events, run.err
}

func (s *Set) decided(run *run, d Decision) {
	e := Event{Kind: Decided, Procedure: d.Procedure, Outcome: d.Outcome, Reason: d.Reason,
		Private: &Private{Reasons: d.Reasons, Fields: d.Fields, Facts: d.Facts, Missing: d.Missing, Explanation: &d.Explanation}}
	if d.Outcome == Accept {
		e.Steps = s.steps(d.Procedure)
	}
	run.add(e)
	if d.Letter != "" {
		s.owe(run, d.Letter, d.To, nil)
	}
}

// Defer makes the event that keeps a case in new until the registry answers.
func (s *Set) Defer(c *Case, why Reason, detail string, until, now time.Time) []Event {
	run := s.run(c, c.ID, now)
	run.add(Event{Kind: Deferred, Reason: why, Until: &until, Detail: detail})
	return run.events
}

// Join makes the events of a message that belongs to an open case.
func (s *Set) Join(c *Case, a Arrival, now time.Time) ([]Event, error) {
	run := s.run(c, c.ID, now)
	kind, outcome := Joined, a.Decision.Outcome // with "review" a person reads it
	if a.Decision.Reason == Revocation {
		kind, outcome = Revoked, "" // the case's own outcome stands until he decides
	}
	e := Event{Kind: kind, Message: a.ID, Outcome: outcome, Reason: a.Decision.Reason,
		Private: &Private{Subject: a.Message.Subject, MessageID: a.Message.MessageID, Reasons: a.Decision.Reasons}}
	if kind == Revoked && c.State == Accepted {
		s.takeBack(run, &e)
	}
	if c.Suspended() && (kind == Revoked || c.Answered.IsZero()) { // it is our turn again
		s.promiseFrom(run, &e, arrived(a, now))
	}
	run.add(e)
	if kind == Revoked && run.c.State == New { // the registry's answer would accept it by itself
		run.add(Event{Kind: Decided, Outcome: Review, Reason: Revocation})
	}
	if a.Decision.Letter != "" {
		s.oweAnswer(run, a)
	}
	return run.events, run.err
}

// oweAnswer adds the letter that answers a message which joined the case: it is
// in the thread of that message, not of the request.
func (s *Set) oweAnswer(r *run, a Arrival) {
	if r.err != nil {
		return
	}
	c := *r.c
	c.Subject, c.MessageID, c.References = a.Message.Subject, a.Message.MessageID, a.Message.References
	text, err := s.Letter(&c, a.Decision.Letter, nil, r.now)
	if err != nil {
		r.err = fmt.Errorf("letter %s of case %s: %w", a.Decision.Letter, r.id, err)
		return
	}
	s.oweText(r, a.Decision.Letter, text)
}

// arrived is when a message was delivered to us, as its decision counts it.
func arrived(a Arrival, now time.Time) time.Time {
	if a.Decision.Received.IsZero() {
		return now
	}
	return a.Decision.Received
}

func (s *Set) steps(procedure string) []Step {
	if p := s.Procedure(procedure); p != nil {
		return p.Steps
	}
	return nil
}

// warn is when the alert before a breach goes out: the start of the working day before the term.
func (s *Set) warn(due time.Time) time.Time {
	if due.IsZero() {
		return due
	}
	return s.Calendar.DayBefore(due)
}

// run collects the events of one cause: all at one instant, each applied to
// the case as it will be, so that a letter says what the case says.
type run struct {
	c      *Case
	id     string
	author string
	now    time.Time
	events []Event
	err    error
	own    bool // c is a copy: the caller's is not changed
}

func (s *Set) run(c *Case, id string, now time.Time) *run {
	return &run{c: c, id: id, now: now}
}

func (r *run) add(e Event) {
	if r.err != nil {
		return
	}
	if !r.own {
		r.c, r.own = r.c.Clone(), true
	}
	e.At, e.Case, e.Author = r.now, r.id, r.author
	if r.err = r.c.Apply(e); r.err == nil {
		r.events = append(r.events, e)
	}
}

// owe adds a letter; to is the certified sender unless the letter goes elsewhere.
func (s *Set) owe(r *run, name, to string, extra map[string]string) {
	if r.err != nil {
		return
	}
	text, err := s.Letter(r.c, name, extra, r.now)
	if err != nil {
		r.err = fmt.Errorf("letter %s of case %s: %w", name, r.id, err)
		return
	}
	if to != "" {
		text.To = to
	}
	s.oweText(r, name, text)
}

func (s *Set) oweText(r *run, name string, text LetterText) {
	n := len(r.c.Letters) + 1
	r.add(Event{Kind: LetterOwed,
		Letter:  &LetterRef{N: n, Name: name, MessageID: s.messageID(r.c, n, name)},
		Private: &Private{Letter: &text}})
}

// OpenDeferred makes the events of a case that cannot be decided yet, because
// the registry does not answer.
func (s *Set) OpenDeferred(id string, a Arrival, why string, until, now time.Time) ([]Event, error) {
	d := a.Decision
	r := s.run(&Case{}, id, now)
	s.opened(r, a)
	r.add(Event{Kind: Deferred, Reason: d.Reason, Until: &until, Detail: why})
	return r.events, r.err
}
