package rules

import (
	"fmt"
	"maps"
	"slices"
	"time"
)

// Case (pratica) is one request and all that belongs to it: the fold of its
// events by Apply. What can be computed from it (overdue, days left) is not in it.
type Case struct {
	ID        string `json:"id"` // protocol number: 2026-000123
	State     State  `json:"state"`
	Version   int    `json:"version"` // how many events it has: two operators are told apart by it
	Procedure string `json:"procedure"`
	To        string `json:"to"`      // name of the request mailbox
	Mailbox   string `json:"mailbox"` // certified sender; for ordinary mail, who wrote
	Proved    bool   `json:"proved"`

	Messages   []uint64 `json:"messages"` // first the request, then what joined it
	Subject    string   `json:"subject,omitempty"`
	MessageID  string   `json:"message_id,omitempty"`
	References []string `json:"references,omitempty"`
	Previous   string   `json:"previous,omitempty"`
	Envelope   string   `json:"envelope,omitempty"` // certified identifier of the request; none for ordinary mail

	Received time.Time `json:"received"`
	Due      time.Time `json:"due,omitzero"`
	Target   time.Time `json:"target,omitzero"`
	Warn     time.Time `json:"warn,omitzero"` // when the alert before a breach goes out
	Changed  time.Time `json:"changed"`

	Outcome     Outcome           `json:"outcome,omitempty"`
	Reason      Reason            `json:"reason,omitempty"`
	Reasons     []string          `json:"reasons,omitempty"`
	Decided     time.Time         `json:"decided,omitzero"`
	DecidedBy   string            `json:"decided_by,omitempty"`
	Fields      map[string]string `json:"fields,omitempty"`
	Facts       map[string]string `json:"facts,omitempty"`
	Missing     []string          `json:"missing,omitempty"`
	Flags       []string          `json:"flags,omitempty"`
	Explanation Explanation       `json:"explanation,omitzero"`
	Proof       []ProofStep       `json:"proof,omitempty"`

	Letters   []Letter  `json:"letters,omitempty"`
	Steps     []StepRun `json:"steps,omitempty"`
	Asked     []string  `json:"asked,omitempty"` // documents asked for
	Until     time.Time `json:"until,omitzero"`  // the term for them
	RemindAt  time.Time `json:"remind_at,omitzero"`
	Reminded  bool      `json:"reminded,omitempty"`
	Notes     []Note    `json:"notes,omitempty"`
	Answered  time.Time `json:"answered,omitzero"`  // certified acceptance of the outcome letter
	Delivered time.Time `json:"delivered,omitzero"` // its delivery
	Closed    time.Time `json:"closed,omitzero"`

	TargetPassed bool      `json:"target_passed,omitempty"`
	Warned       bool      `json:"warned,omitempty"`
	Breached     bool      `json:"breached,omitempty"`
	RetryAt      time.Time `json:"retry_at,omitzero"` // of a deferred decision

	Assignee string    `json:"assignee,omitempty"` // the operator who has it; "": whoever comes first
	Later    time.Time `json:"later,omitzero"`     // put off until then; what happens to it meanwhile ends that
}

// LetterState is where a letter stands.
type LetterState string

// The states of a letter.
const (
	Owed      LetterState = "owed"
	Held      LetterState = "held"
	Trying    LetterState = "trying"    // an attempt is recorded and has not ended
	Uncertain LetterState = "uncertain" // it may have been sent: the receipts decide
	Sent      LetterState = "sent"      // the SMTP server took it
	Taken     LetterState = "accepted"  // accettazione
	Delivered LetterState = "delivered" // avvenuta-consegna
	Failed    LetterState = "failed"    // for good
)

// Letter is a reply owed to a customer: sent once, proved by receipts.
type Letter struct {
	N         int         `json:"n"`
	Name      string      `json:"name"`
	State     LetterState `json:"state"`
	MessageID string      `json:"message_id"`
	LetterText
	Owed     time.Time    `json:"owed"`
	Tries    []Try        `json:"tries,omitempty"`
	NextTry  time.Time    `json:"next_try,omitzero"`
	Sent     time.Time    `json:"sent,omitzero"`
	Arrived  time.Time    `json:"arrived,omitzero"` // when a person said so, where no receipt does
	Told     bool         `json:"told,omitempty"`   // a person was told that it failed, or that nobody knows what became of it
	Past     bool         `json:"past,omitempty"`   // the case was taken back after it: it answers no more
	Receipts []ReceiptRef `json:"receipts,omitempty"`
}

// Try is one attempt to send a letter.
type Try struct {
	At     time.Time `json:"at"`
	End    time.Time `json:"end,omitzero"`
	Answer string    `json:"answer,omitempty"`
}

// Outcome reports whether l answers the request (and so keeps the promise).
func (l Letter) Outcome() bool {
	return !slices.Contains(notAnswers, l.Name)
}

// Unaccepted reports whether the server took l, and the provider's receipt of
// it never came: nobody knows whether it arrived.
func (l Letter) Unaccepted() bool {
	return l.State == Failed && !l.Sent.IsZero() && len(l.Receipts) == 0
}

// notAnswers are the letters that do not answer the request itself.
var notAnswers = []string{"presa-in-carico", "integrazione", "sollecito", "duplicato", "contatti"}

// StepState is where a step stands.
type StepState string

// The states of a step.
const (
	StepPlanned   StepState = "planned"   // its condition has not come yet
	StepDue       StepState = "scheduled" // at Due
	StepRunning   StepState = "running"   // started is recorded, the end is not
	StepWithHuman StepState = "asked"     // an operator does it and says done
	StepOver      StepState = "done"
	StepBroken    StepState = "failed"
	StepStopped   StepState = "stopped" // only shown: see Case.Stopped
)

// StepRun is a step of a case's life.
type StepRun struct {
	N int `json:"n"`
	Step
	State    StepState `json:"state"`
	Due      time.Time `json:"due,omitzero"`
	Attempts int       `json:"attempts,omitempty"`
	Done     time.Time `json:"done,omitzero"`
	Error    string    `json:"error,omitempty"`
}

// Note is an operator's remark.
type Note struct {
	At     time.Time `json:"at"`
	Author string    `json:"author"`
	Text   string    `json:"text"`
}

// Overdue reports whether the promise was broken at now.
func (c *Case) Overdue(now time.Time) bool {
	return c.Promised() && now.After(c.Due)
}

// Promised reports whether an answer is owed by Due.
func (c *Case) Promised() bool {
	return !c.Due.IsZero() && c.Answered.IsZero() && c.State != Closed && !c.Suspended()
}

// Suspended reports whether the customer's turn has come: the letter that asks
// for documents was accepted within the term, which kept the promise. With what
// he sends a new term begins, as that letter says.
func (c *Case) Suspended() bool {
	if c.State != Waiting {
		return false
	}
	for i := len(c.Letters) - 1; i >= 0; i-- {
		if l := &c.Letters[i]; l.Name == "integrazione" {
			return l.State.proved() && !l.certified(ReceiptAccepted).After(c.Due)
		}
	}
	return false
}

// kept reports whether l, a question, kept the promise until it failed: the
// provider had accepted it within the term.
func (c *Case) kept(l *Letter) bool {
	return slices.ContainsFunc(l.Receipts, func(r ReceiptRef) bool { return r.Kind == ReceiptAccepted && !r.At.After(c.Due) })
}

// Letter finds letter n of the case, nil if there is none.
func (c *Case) Letter(n int) *Letter {
	if n < 1 || n > len(c.Letters) {
		return nil
	}
	return &c.Letters[n-1]
}

// Apply folds an event into the case. It is the only function that changes a
// case; an event that the table of states does not allow is an error and
// changes nothing.
func (c *Case) Apply(e Event) error {
	if (e.Kind == Opened) != (c.Version == 0) {
		return fmt.Errorf("case %s: event %q with %d events before it", e.Case, e.Kind, c.Version)
	}
	next := New
	if e.Kind != Opened {
		var ok bool
		if next, ok = c.State.Next(e.Kind, e.Outcome); !ok {
			return fmt.Errorf("case %s: %q cannot happen in state %q", c.ID, e.Kind, c.State)
		}
	}
	p := e.Private
	if p == nil {
		p = &Private{}
	}
	if err := c.applyPart(e, p); err != nil {
		return err
	}
	if next != c.State || e.Kind == Joined || e.Kind == Revoked || e.Kind == Recalled {
		c.Later = time.Time{}
	}
	c.State = next
	c.Version++
	c.Changed = e.At
	return nil
}

func (c *Case) applyPart(e Event, p *Private) error {
	switch {
	case e.Letter != nil:
		return c.applyLetter(e, p)
	case e.Step != nil:
		return c.applyStep(e, p)
	}
	switch e.Kind {
	case Opened:
		c.open(e, p)
	case Deferred:
		c.Reason, c.RetryAt = e.Reason, instant(e.Until)
	case Decided, Approved, EventRejected, EventAnswered, Withdrew, Lapsed, Returned, Halted, Revoked, Reopened:
		c.decide(e, p)
	case Asked:
		c.Asked, c.Until, c.RemindAt, c.Reminded = p.Documents, instant(e.Until), instant(e.Warn), false
	case Reminded:
		c.Reminded = true
	case Assigned:
		c.Assignee = e.To
	case PutOff:
		c.Later = instant(e.Until)
	case EventClosed:
		c.Closed = e.At
	case TargetPassed:
		c.TargetPassed = true
	case Warned:
		c.Warned = true
	case Breached:
		c.Breached = true
	case Redacted:
		if len(c.Messages) > 0 && c.Messages[0] == e.Message {
			c.Flags = append(slices.Clone(c.Flags), FlagErased)
		}
		return nil // a receipt is no message of the case
	case Purged:
		return nil // the request is still what it was
	}
	if e.Kind == Reopened || e.Due != nil && e.Kind != Opened { // an answer is owed again
		c.Closed, c.Answered, c.Delivered = time.Time{}, time.Time{}, time.Time{}
		c.Due, c.Target, c.Warn = instant(e.Due), instant(e.Target), instant(e.Warn)
		c.TargetPassed, c.Warned, c.Breached = false, false, false
	}
	if e.Message != 0 && !slices.Contains(c.Messages, e.Message) {
		c.Messages = append(c.Messages, e.Message)
	}
	if p.Note != "" {
		c.Notes = append(c.Notes, Note{At: e.At, Author: e.Author, Text: p.Note})
	}
	return nil
}

func (c *Case) open(e Event, p *Private) {
	c.ID, c.Procedure, c.To, c.Previous, c.Envelope = e.Case, e.Procedure, e.Mailbox, e.Previous, e.Envelope
	c.Mailbox, c.Subject, c.MessageID, c.References, c.Proof = p.Mailbox, p.Subject, p.MessageID, p.References, p.Proof
	c.Proved = !slices.Contains(e.Flags, FlagUnproved)
	c.Received, c.Due, c.Target, c.Warn, c.Flags = instant(e.Received), instant(e.Due), instant(e.Target), instant(e.Warn), e.Flags
}

// FlagAnew marks an approval with a new letter of acceptance: whatever days an
// earlier one promised, its own are counted.
const FlagAnew = "anew"

// FlagInstead marks the return of a case whose customer is asked for something
// else: the question that it names was not what sent it back.
const FlagInstead = "instead"

// FlagUnproved marks a case opened by an ordinary writer, for a guidance letter only.
const FlagUnproved = "unproved"

// FlagErased marks a case whose request was erased by order: what proved its
// sender is no more, and nobody can accept it.
const FlagErased = "erased"

// Erased reports whether the request itself was erased by order.
func (c *Case) Erased() bool { return slices.Contains(c.Flags, FlagErased) }

// Emptied reports whether nothing of what was asked is kept any more: its
// retention ended.
func (c *Case) Emptied() bool {
	return c.State == Closed && c.Mailbox == "" && c.Subject == "" && c.Explanation.Own == "" && len(c.Proof) == 0
}

func (c *Case) decide(e Event, p *Private) {
	c.RetryAt = time.Time{}
	c.Reason = e.Reason
	for _, n := range e.Letters {
		switch l := c.Letter(n); {
		case l == nil:
		case e.takesBack():
			l.Past = true
		default:
			l.Told = true
		}
	}
	if e.Procedure != "" {
		c.Procedure = e.Procedure
	}
	if e.Outcome != "" {
		c.Outcome, c.Decided, c.DecidedBy = e.Outcome, e.At, e.Author
	}
	c.Reasons = append(c.Reasons, p.Reasons...)
	c.Fields, c.Facts = over(c.Fields, p.Fields), over(c.Facts, p.Facts)
	if p.Explanation != nil {
		c.Explanation = *p.Explanation
	}
	if e.Kind == Decided || e.Kind == Approved {
		c.Missing = p.Missing
		c.plan(e.Steps, slices.Contains(e.Flags, FlagAnew))
	} else if len(e.Steps) > 0 { // what gives the mailbox back
		c.plan(e.Steps, false)
	}
}

// takesBack reports whether what the letters that e names had said holds no
// more; else they are what sent the case back to a person.
func (e *Event) takesBack() bool {
	switch e.Kind {
	case Reopened:
		return e.Reason != LetterFailed && e.Reason != NoAcceptance
	case Returned:
		return slices.Contains(e.Flags, FlagInstead)
	}
	return true
}

// plan adds the steps of a decision after those the case already has done.
// With anew a letter promises the days of reading again, and they begin again.
func (c *Case) plan(steps []Step, anew bool) {
	before := slices.Clone(c.Steps)
	c.Steps = slices.DeleteFunc(c.Steps, func(s StepRun) bool { return s.State != StepOver })
	for _, s := range steps {
		again := s.Do == stepRestore && c.onlyRead() != nil || s.Do == stepReadOnly && (anew || c.onlyRead() == nil) && !c.did(stepClose)
		if c.did(s.Do) && !again {
			continue // done before the case went back to a person: never twice
		}
		s.Means = "" // the procedure says it, not the case
		run := StepRun{N: len(c.Steps) + 1, Step: s, State: StepPlanned}
		if i := slices.IndexFunc(before, func(r StepRun) bool { return r.Do == s.Do && r.State != StepOver }); i >= 0 {
			run.Attempts = before[i].Attempts // another attempt, not the failed one again
		}
		c.Steps = append(c.Steps, run)
	}
	if len(c.Steps) == 0 {
		c.Steps = nil // as a case that never had any
	}
}

// Clone is a copy of c that shares nothing Apply changes in place.
func (c *Case) Clone() *Case {
	d := *c
	d.Messages, d.Reasons, d.Notes = slices.Clone(c.Messages), slices.Clone(c.Reasons), slices.Clone(c.Notes)
	d.Steps, d.Letters = slices.Clone(c.Steps), slices.Clone(c.Letters)
	for i := range d.Letters {
		d.Letters[i].Tries = slices.Clone(c.Letters[i].Tries)
		d.Letters[i].Receipts = slices.Clone(c.Letters[i].Receipts)
	}
	return &d
}

// over is what m says and more says on top of it; neither is changed, since
// copies of a case share them.
func over(m, more map[string]string) map[string]string {
	switch {
	case len(more) == 0:
		return m
	case len(m) == 0:
		return more
	}
	m = maps.Clone(m)
	maps.Copy(m, more)
	return m
}

func setOnce(m *map[string]string, k, v string) {
	if *m == nil {
		*m = map[string]string{}
	}
	(*m)[k] = v
}

func instant(t *time.Time) time.Time {
	if t == nil {
		return time.Time{}
	}
	return *t
}

// At is a pointer to t for an event, nil for the zero time.
func At(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}
