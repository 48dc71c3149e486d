package rules_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"sportello/rules"
	"sportello/templates"
)

// world is a desk without mail: a set of procedures, one case, a clock.
type world struct {
	t   *testing.T
	set *rules.Set
	c   *rules.Case
	now time.Time
}

func romeTime(t *testing.T, s string) time.Time {
	t.Helper()
	zone, err := time.LoadLocation("Europe/Rome")
	if err != nil {
		t.Fatal(err)
	}
	at, err := time.ParseInLocation("2006-01-02 15:04", s, zone)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

func newWorld(t *testing.T) *world {
	t.Helper()
	cal, err := rules.NewCalendar("Europe/Rome", nil, false)
	if err != nil {
		t.Fatal(err)
	}
	set, err := rules.Load(templates.FS, nil, rules.Settings{}, cal)
	if err != nil {
		t.Fatal(err)
	}
	set.Addresses = map[string]string{"disattivazioni": "disattivazioni@pec.example.com"}
	set.Mark = "test"
	return &world{t: t, set: set, now: romeTime(t, "2026-11-23 10:22")}
}

// opened opens a case of disattivazione with the given outcome.
func (w *world) opened(outcome rules.Outcome, reason rules.Reason, letter string) {
	w.t.Helper()
	msg := rules.Message{Mailbox: "disattivazioni", Kind: rules.Transport, Signature: "valid", Sender: "mario.rossi@pec.example.it",
		Subject: "Disattivazione casella", MessageID: "abc@pec.example.it", Delivered: w.now, Sent: w.now}
	d := rules.Decision{Procedure: "disattivazione", Outcome: outcome, Reason: reason, Mailbox: msg.Sender, Received: w.now,
		Due: w.set.Calendar.WorkingTerm(w.now, 3), Target: w.set.Calendar.WorkingTerm(w.now, 2), Letter: letter, To: msg.Sender,
		Fields: map[string]string{"titolare": "Mario Rossi", "casella": msg.Sender}}
	c, _, err := w.set.Open("2026-000001", rules.Arrival{ID: 1, Message: msg, Decision: d}, w.now)
	if err != nil {
		w.t.Fatal(err)
	}
	w.c = c
	w.advance()
}

func (w *world) apply(events ...rules.Event) {
	w.t.Helper()
	for _, e := range events {
		e.Case = w.c.ID
		if e.At.IsZero() {
			e.At = w.now
		}
		if err := w.c.Apply(e); err != nil {
			w.t.Fatal(err)
		}
	}
}

// advance applies what the case owes now and says which kinds of event it was.
func (w *world) advance() (kinds []rules.EventKind) {
	w.t.Helper()
	events, err := w.set.Advance(w.c, w.now)
	if err != nil {
		w.t.Fatal(err)
	}
	w.apply(events...)
	for _, e := range events {
		kinds = append(kinds, e.Kind)
	}
	if again, _ := w.set.Advance(w.c, w.now); len(again) != 0 {
		w.t.Fatalf("advance is not at rest: %v", again)
	}
	return kinds
}

func (w *world) act(a rules.Act) error {
	w.t.Helper()
	a.Author = "anna"
	events, err := w.set.Perform(w.c, a, w.now)
	if err == nil {
		w.apply(events...)
	}
	return err
}

// deliver sends letter n and brings its receipts.
func (w *world) deliver(n int) {
	w.t.Helper()
	ref := &rules.LetterRef{N: n}
	w.apply(rules.Event{Kind: rules.LetterAttempt, Letter: ref}, rules.Event{Kind: rules.LetterSent, Letter: ref},
		rules.Event{Kind: rules.LetterReceipt, Letter: ref, Receipt: &rules.ReceiptRef{Kind: rules.ReceiptAccepted, At: w.now}},
		rules.Event{Kind: rules.LetterReceipt, Letter: ref, Receipt: &rules.ReceiptRef{Kind: rules.ReceiptDelivered, At: w.now}})
	w.advance()
}

func (w *world) state(want rules.State) {
	w.t.Helper()
	if w.c.State != want {
		w.t.Fatalf("case is %s, want %s", w.c.State, want)
	}
}

// step runs step n, which must be due.
func (w *world) step(n int) {
	w.t.Helper()
	s := w.c.Steps[n-1]
	if s.State != rules.StepDue || w.now.Before(s.Due) {
		w.t.Fatalf("step %d is %s, due %s, at %s", n, s.State, s.Due, w.now)
	}
	ref := &rules.StepRef{N: n, Do: s.Do}
	w.apply(rules.Event{Kind: rules.StepStarted, Step: ref}, rules.Event{Kind: rules.StepDone, Step: ref})
	w.advance()
}

// The whole life of an accepted deactivation: letter, receipt, read-only, five
// whole days, close, no letter at the end (procedures.md §1).
func TestLifeOfAcceptance(t *testing.T) {
	w := newWorld(t)
	w.opened(rules.Accept, "", "accolta")
	w.state(rules.Accepted)
	if n := len(w.c.Letters); n != 1 || w.c.Letters[0].To != "mario.rossi@pec.example.it" {
		t.Fatalf("letters: %+v", w.c.Letters)
	}
	if s := w.c.Steps[0].State; s != rules.StepPlanned {
		t.Fatalf("read-only is %s before its letter is delivered", s)
	}
	w.deliver(1)
	w.step(1)
	want := romeTime(t, "2026-11-29 00:00") // 23 Nov not counted, 24–28 are the five days
	if got := w.c.Steps[1].Due; !got.Equal(want) {
		t.Fatalf("close is due %s, want %s", got, want)
	}
	w.now = want
	w.step(2)
	w.state(rules.Closed)
	if n := len(w.c.Letters); n != 1 {
		t.Fatalf("%d letters, want 1: none at the end", n)
	}
}

func TestRejectionClosesWhenTheProviderHasTheLetter(t *testing.T) {
	w := newWorld(t)
	w.opened(rules.Reject, rules.SubjectNotConforming, "respinta")
	w.state(rules.Rejected)
	w.deliver(1)
	w.state(rules.Closed)
}

// A letter that cannot be delivered brings the case back to a person, once.
func TestUndeliverableLetterGoesToReview(t *testing.T) {
	w := newWorld(t)
	w.opened(rules.Accept, "", "accolta")
	ref := &rules.LetterRef{N: 1}
	w.apply(rules.Event{Kind: rules.LetterAttempt, Letter: ref}, rules.Event{Kind: rules.LetterSent, Letter: ref},
		rules.Event{Kind: rules.LetterReceipt, Letter: ref, Receipt: &rules.ReceiptRef{Kind: rules.ReceiptUndelivered, At: w.now}})
	w.advance()
	w.state(rules.InReview)
	if err := w.act(rules.Act{Verb: "approve"}); err != nil {
		t.Fatal(err)
	}
	w.advance()
	w.state(rules.Accepted)
	if n := len(w.c.Letters); n != 2 {
		t.Fatalf("%d letters, want a second one after the first failed", n)
	}
	w.deliver(2)
	if s := w.c.Steps[0].State; s != rules.StepDue {
		t.Fatalf("read-only is %s", s)
	}
}

// A revocation stops the steps; approving again does not repeat those done.
func TestRevocationStopsSteps(t *testing.T) {
	w := newWorld(t)
	w.opened(rules.Accept, "", "accolta")
	w.deliver(1)
	w.step(1)
	w.apply(rules.Event{Kind: rules.Revoked, Message: 2, Reason: rules.Revocation})
	w.state(rules.InReview)
	w.now = w.now.AddDate(0, 0, 10)
	w.advance()
	if s := w.c.Steps[1].State; s == rules.StepRunning || s == rules.StepOver {
		t.Fatalf("close is %s after a revocation", s)
	}
	if err := w.act(rules.Act{Verb: "withdraw"}); err != nil {
		t.Fatal(err)
	}
	w.state(rules.Withdrawn)
	w.deliver(2)
	w.advance()
	w.step(2) // the mailbox is given back
	w.state(rules.Closed)
}

// What answers a second message stands in that message's thread.
func TestDuplicateIsAnsweredInItsThread(t *testing.T) {
	w := newWorld(t)
	w.opened(rules.Accept, "", "accolta")
	again := rules.Arrival{ID: 2, Message: rules.Message{Subject: "Ancora: disattivazione", MessageID: "def@pec.example.it", References: []string{"abc@pec.example.it"}},
		Decision: rules.Decision{Outcome: rules.None, Reason: rules.Duplicate, Letter: "duplicato", To: w.c.Mailbox}}
	events, err := w.set.Join(w.c, again, w.now)
	if err != nil {
		t.Fatal(err)
	}
	w.apply(events...)
	l := w.c.Letters[1]
	if l.Name != "duplicato" || l.To != "mario.rossi@pec.example.it" || l.InReplyTo != "def@pec.example.it" ||
		!slices.Equal(l.References, []string{"abc@pec.example.it", "def@pec.example.it"}) || l.Subject != "Re: Ancora: disattivazione [Prot. 2026-000001]" {
		t.Errorf("%+v", l.LetterText)
	}
	if w.c.Subject != "Disattivazione casella" || w.c.MessageID != "abc@pec.example.it" {
		t.Errorf("the case became %q, %s", w.c.Subject, w.c.MessageID)
	}
}

func TestDocumentsReminderAndLapse(t *testing.T) {
	w := newWorld(t)
	w.opened(rules.Review, rules.OperatorDecides, "presa-in-carico")
	w.deliver(1)
	w.state(rules.InReview)
	if err := w.act(rules.Act{Verb: "ask", Documents: []string{"documento d'identità"}}); err != nil {
		t.Fatal(err)
	}
	w.state(rules.Waiting)
	w.deliver(2)
	w.now = w.c.RemindAt
	if kinds := w.advance(); !slices.Contains(kinds, rules.Reminded) {
		t.Fatalf("no reminder: %v", kinds)
	}
	w.now = w.c.Until.Add(time.Second)
	w.advance()
	w.state(rules.Rejected)
	if w.c.Reason != rules.DocumentsLapsed {
		t.Fatalf("reason %s", w.c.Reason)
	}
}

func TestPromiseIsWatched(t *testing.T) {
	w := newWorld(t)
	w.opened(rules.Review, rules.OperatorDecides, "presa-in-carico")
	w.deliver(1)
	if !w.c.Answered.IsZero() {
		t.Fatal("a receipt of presa-in-carico answers nothing")
	}
	var seen []rules.EventKind
	for ; w.now.Before(w.c.Due.Add(time.Hour)); w.now = w.now.Add(time.Hour) {
		seen = append(seen, w.advance()...)
	}
	want := []rules.EventKind{rules.Warned, rules.TargetPassed, rules.Breached}
	if !slices.Equal(seen, want) {
		t.Fatalf("events %v, want %v", seen, want)
	}
}

func TestSecondOperatorIsRefused(t *testing.T) {
	w := newWorld(t)
	w.opened(rules.Review, rules.OperatorDecides, "presa-in-carico")
	version := w.c.Version
	if err := w.act(rules.Act{Verb: "approve", Version: version}); err != nil {
		t.Fatal(err)
	}
	if err := w.act(rules.Act{Verb: "reject", Text: "no", Version: version}); !errors.Is(err, rules.ErrStale) {
		t.Fatalf("second decision: %v", err)
	}
	var refused *rules.ErrRefused
	if err := w.act(rules.Act{Verb: "reject", Text: "no"}); !errors.As(err, &refused) {
		t.Fatalf("second decision without version: %v", err)
	}
}

func TestUnprovedSenderIsNeverApproved(t *testing.T) {
	w := newWorld(t)
	w.opened(rules.Review, rules.OperatorDecides, "")
	w.c.Proved = false
	var refused *rules.ErrRefused
	if err := w.act(rules.Act{Verb: "approve"}); !errors.As(err, &refused) {
		t.Fatalf("approve: %v", err)
	}
}

// Every verb that Verbs offers can be performed (given its content), and no
// other moves the case.
func TestVerbsAgreeWithPerform(t *testing.T) {
	for _, letter := range []string{"accolta", "presa-in-carico"} {
		for _, verb := range rules.Verbs {
			w := newWorld(t)
			outcome := rules.Accept
			if letter != "accolta" {
				outcome = rules.Review
			}
			w.opened(outcome, "", letter)
			state, offered := w.c.State, slices.Contains(w.c.Verbs(), verb)
			err := w.act(rules.Act{Verb: verb, Text: "testo", Documents: []string{"d"}, To: "bruno", Until: "tomorrow"})
			if offered != (err == nil) {
				t.Errorf("%s in %s: offered %v, performing says %v", verb, state, offered, err)
			}
		}
	}
}

// A refusal says what would be possible, and of which step.
func TestRefusalsNameTheStep(t *testing.T) {
	w := newWorld(t)
	w.opened(rules.Accept, "", "accolta")
	w.deliver(1)
	w.apply(rules.Event{Kind: rules.StepAsked, Step: &rules.StepRef{N: 1, Do: "read-only"}})
	for want, a := range map[string]rules.Act{
		"case 2026-000001 is accepted (decided by the desk): reopen is not possible now; possible: done, note, stop": {Verb: "reopen"},
		"case 2026-000001: step 9 waits for nobody; 1 (read-only) does":                                              {Verb: "done", N: 9},
	} {
		if err := w.act(a); err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%s: %v, want %q", a.Verb, err, want)
		}
	}
}
