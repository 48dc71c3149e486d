package rules_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"sportello/rules"
)

// fail sends letter n, has it accepted, and brings the receipt that it could
// not be delivered.
func (w *world) fail(n int) {
	w.t.Helper()
	ref := &rules.LetterRef{N: n}
	w.apply(rules.Event{Kind: rules.LetterAttempt, Letter: ref}, rules.Event{Kind: rules.LetterSent, Letter: ref},
		rules.Event{Kind: rules.LetterReceipt, Letter: ref, Receipt: &rules.ReceiptRef{Kind: rules.ReceiptAccepted, At: w.now}},
		rules.Event{Kind: rules.LetterReceipt, Letter: ref, Receipt: &rules.ReceiptRef{Kind: rules.ReceiptUndelivered, At: w.now}})
	w.advance()
}

// watched advances hour by hour past the term and says what was noticed.
func (w *world) watched() (seen []rules.EventKind) {
	w.t.Helper()
	for end := w.c.Due.Add(2 * time.Hour); w.now.Before(end); w.now = w.now.Add(time.Hour) {
		seen = append(seen, w.advance()...)
	}
	return seen
}

var noticed = []rules.EventKind{rules.Warned, rules.TargetPassed, rules.Breached}

// A customer whose answer was accepted and then came back has none: the promise
// is made anew and watched, whatever becomes of the second letter.
func TestPromiseAnewAfterAnUndeliverableAnswer(t *testing.T) {
	w := newWorld(t)
	w.opened(rules.Accept, "", "accolta")
	w.now = w.now.Add(26 * time.Hour)
	w.fail(1)
	w.state(rules.InReview)
	if want := w.set.Calendar.WorkingTerm(w.now, 3); !w.c.Answered.IsZero() || !w.c.Due.Equal(want) {
		t.Fatalf("answered %v, due %v, want %v", w.c.Answered, w.c.Due, want)
	}
	w.apply(rules.Event{Kind: rules.LetterReceipt, Letter: &rules.LetterRef{N: 1}, Receipt: &rules.ReceiptRef{Kind: rules.ReceiptAccepted, At: w.now}})
	if l := w.c.Letters[0]; l.State != rules.Failed || !w.c.Answered.IsZero() {
		t.Fatalf("an acceptance read late makes letter 1 %s, answered %v", l.State, w.c.Answered)
	}
	if err := w.act(rules.Act{Verb: "approve"}); err != nil {
		t.Fatal(err)
	}
	ref := &rules.LetterRef{N: 2}
	w.apply(rules.Event{Kind: rules.LetterAttempt, Letter: ref}, rules.Event{Kind: rules.LetterUncertain, Letter: ref}) // and it hangs there
	if seen := w.watched(); !slices.Equal(seen, noticed) {
		t.Fatalf("noticed %v, want %v", seen, noticed)
	}
}

// The promise made anew is that of the procedure, and the desk's own target
// never lies behind it.
func TestPromiseAnewHasTheProceduresTerm(t *testing.T) {
	for term, days := range map[string]struct{ due, target int }{"1 working day": {1, 1}, "5 working days": {5, 2}} {
		w := newWorld(t)
		w.set.Procedure("disattivazione").Term = term
		w.opened(rules.Accept, "", "accolta")
		w.fail(1)
		w.state(rules.InReview)
		due, target := w.set.Calendar.WorkingTerm(w.now, days.due), w.set.Calendar.WorkingTerm(w.now, days.target)
		if !w.c.Due.Equal(due) || !w.c.Target.Equal(target) {
			t.Errorf("%s: due %v with the target %v, want %v and %v", term, w.c.Due, w.c.Target, due, target)
		}
	}
}

// Every state of a case that owes its answer is watched, and so is every state
// of the letter that would be the answer.
func TestPromiseIsWatchedInEveryState(t *testing.T) {
	ref := &rules.LetterRef{N: 1}
	attempt := rules.Event{Kind: rules.LetterAttempt, Letter: ref}
	for name, c := range map[string]struct {
		outcome rules.Outcome
		letter  string
		events  []rules.Event
		act     *rules.Act
		state   rules.State
	}{
		"review":               {rules.Review, "presa-in-carico", nil, nil, rules.InReview},
		"waiting":              {rules.Review, "presa-in-carico", nil, &rules.Act{Verb: "ask", Documents: []string{"x"}}, rules.Waiting},
		"accepted, owed":       {rules.Accept, "accolta", nil, nil, rules.Accepted},
		"accepted, trying":     {rules.Accept, "accolta", []rules.Event{attempt}, nil, rules.Accepted},
		"accepted, held":       {rules.Accept, "accolta", []rules.Event{{Kind: rules.LetterHeld, Letter: ref}}, nil, rules.Accepted},
		"accepted, uncertain":  {rules.Accept, "accolta", []rules.Event{attempt, {Kind: rules.LetterUncertain, Letter: ref}}, nil, rules.Accepted},
		"accepted, deferred":   {rules.Accept, "accolta", []rules.Event{attempt, {Kind: rules.LetterDeferred, Letter: ref}}, nil, rules.Accepted},
		"accepted, no receipt": {rules.Accept, "accolta", []rules.Event{attempt, {Kind: rules.LetterSent, Letter: ref}}, nil, rules.Accepted},
		"rejected, deferred":   {rules.Reject, "respinta", []rules.Event{attempt, {Kind: rules.LetterDeferred, Letter: ref}}, nil, rules.Rejected},
		"withdrawn":            {rules.Review, "presa-in-carico", nil, &rules.Act{Verb: "withdraw"}, rules.Withdrawn},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			reason := rules.Reason("")
			if c.outcome == rules.Reject {
				reason = rules.SubjectNotConforming
			}
			w.opened(c.outcome, reason, c.letter)
			w.apply(c.events...)
			if c.act != nil {
				if err := w.act(*c.act); err != nil {
					t.Fatal(err)
				}
			}
			w.state(c.state)
			if seen := w.watched(); !slices.Equal(seen, noticed) {
				t.Errorf("noticed %v, want %v", seen, noticed)
			}
		})
	}
}

// A customer who never got the letter that asks for documents is not refused
// for not sending them.
func TestUndeliverableAskGoesToReview(t *testing.T) {
	w := newWorld(t)
	w.opened(rules.Review, rules.OperatorDecides, "presa-in-carico")
	w.fail(1) // the first letter's end says nothing of the second
	ask := rules.Act{Verb: "ask", Documents: []string{"documento"}}
	if err := w.act(ask); err != nil {
		t.Fatal(err)
	}
	w.state(rules.Waiting)
	w.fail(2)
	w.state(rules.InReview)
	if err := w.act(ask); err != nil {
		t.Fatal(err)
	}
	w.advance()
	w.state(rules.Waiting)
}

// While a step is being carried out nobody plans the steps anew: it would be
// carried out again.
func TestNoApprovalWhileAStepRuns(t *testing.T) {
	w := newWorld(t)
	w.opened(rules.Accept, "", "accolta")
	w.deliver(1)
	step := &rules.StepRef{N: 1, Do: w.c.Steps[0].Do}
	w.apply(rules.Event{Kind: rules.StepStarted, Step: step}, rules.Event{Kind: rules.Revoked, Message: 2, Reason: rules.Revocation})
	w.state(rules.InReview)
	var refused *rules.ErrRefused
	if err := w.act(rules.Act{Verb: "approve"}); !errors.As(err, &refused) {
		t.Fatalf("approved while the step runs: %v", err)
	}
	w.apply(rules.Event{Kind: rules.StepDone, Step: step})
	if err := w.act(rules.Act{Verb: "approve"}); err != nil {
		t.Fatal(err)
	}
	if w.c.Steps[0].State != rules.StepOver {
		t.Errorf("what was done is %s", w.c.Steps[0].State)
	}
}

// A question sent in time keeps the promise while the customer has to act; what
// he sends is answered in a term of its own, as the letter that asks says.
func TestQuestionKeepsThePromise(t *testing.T) {
	asked := func() *world {
		w := newWorld(t)
		w.opened(rules.Review, rules.OperatorDecides, "presa-in-carico")
		w.must(rules.Act{Verb: "ask", Documents: []string{"documento"}})
		w.deliver(2)
		if seen := w.watched(); len(seen) != 0 || w.c.Overdue(w.now) {
			t.Fatalf("noticed %v, overdue %v, while the customer has to act", seen, w.c.Overdue(w.now))
		}
		return w
	}
	w := asked()
	w.now = romeTime(t, "2026-12-04 10:00")
	arrival := rules.Arrival{ID: 2, Decision: rules.Decision{Outcome: rules.Review, Received: romeTime(t, "2026-12-03 23:00")}}
	events, err := w.set.Join(w.c, arrival, w.now)
	if err != nil {
		t.Fatal(err)
	}
	w.apply(events...)
	w.state(rules.InReview)
	if want := w.set.Calendar.WorkingTerm(arrival.Decision.Received, 3); !w.c.Due.Equal(want) {
		t.Errorf("due %v, want %v: three working days from what he sent", w.c.Due, want)
	}
	if seen := w.watched(); !slices.Equal(seen, noticed) {
		t.Errorf("then noticed %v, want %v", seen, noticed)
	}
	for _, a := range []rules.Act{{Verb: "approve"}, {Verb: "reject", Text: "No."}, {Verb: "answer", Text: "No."}, {Verb: "withdraw"}, {Verb: "ask", Documents: []string{"visura"}}} {
		w := asked()
		w.must(a)
		if want := w.set.Calendar.WorkingTerm(w.now, 3); !w.c.Due.Equal(want) || w.c.Suspended() {
			t.Errorf("%s: due %v, want %v", a.Verb, w.c.Due, want)
		}
	}
	w = asked()
	w.now = w.c.Until.Add(time.Second)
	w.advance()
	w.state(rules.Rejected)
	if w.c.Overdue(w.now) || w.c.Breached {
		t.Error("the refusal for want of documents is late before it is written")
	}
}

// A question that comes late keeps nothing.
func TestLateQuestionKeepsNothing(t *testing.T) {
	w := newWorld(t)
	w.opened(rules.Review, rules.OperatorDecides, "presa-in-carico")
	w.must(rules.Act{Verb: "ask", Documents: []string{"documento"}})
	if seen := w.watched(); !slices.Equal(seen, noticed) {
		t.Errorf("noticed %v, want %v", seen, noticed)
	}
	w.deliver(2)
	if !w.c.Overdue(w.now) {
		t.Error("it was sent after the term")
	}
}

// A case that was answered before its customer was asked for something, since a
// step failed, owes no second answer, whatever becomes of the question.
func TestAnsweredCaseOwesNoSecondAnswer(t *testing.T) {
	approve := rules.Act{Verb: "approve"}
	for name, then := range map[string]func(*world){
		"he replies": func(w *world) {
			w.deliver(2)
			events, err := w.set.Join(w.c, rules.Arrival{ID: 2, Decision: rules.Decision{Outcome: rules.Review}}, w.now)
			if err != nil {
				w.t.Fatal(err)
			}
			w.apply(events...)
			w.state(rules.InReview)
			w.must(approve)
		},
		"decided after the term": func(w *world) {
			w.deliver(2)
			w.now = w.c.Due.Add(time.Hour)
			w.must(approve)
		},
		"the question cannot be delivered": func(w *world) {
			w.now = w.c.Due.Add(time.Hour)
			w.fail(2)
			w.state(rules.InReview)
			w.must(approve)
		},
	} {
		w := failedStep(t)
		w.must(rules.Act{Verb: "ask", Documents: []string{"documento"}})
		answered, due := w.c.Answered, w.c.Due
		then(w)
		if n := len(w.c.Letters); n != 2 || !w.c.Answered.Equal(answered) || answered.IsZero() || !w.c.Due.Equal(due) {
			t.Errorf("%s: %d letters, answered %v, due %v", name, n, w.c.Answered, w.c.Due)
		}
	}
}

// A question in time keeps the promise, and nobody is warned of it: when it then
// falls to the desk again within the last working day, nobody could be warned a
// working day before the first term passes, so it is made anew.
func TestKeptPromiseIsNotTakenUpTooLate(t *testing.T) {
	for name, x := range map[string]struct {
		hours int
		then  func(*world)
		anew  bool
	}{
		"asked for something else on the last day": {60, func(w *world) { w.must(rules.Act{Verb: "ask", Documents: []string{"visura"}}) }, true},
		"decided on the last day":                  {60, func(w *world) { w.must(rules.Act{Verb: "approve"}) }, true},
		"the question comes back on the last day":  {60, func(w *world) { w.receipt(2, rules.ReceiptUndelivered); w.advance() }, true},
		"decided while a warning is in time":       {6, func(w *world) { w.must(rules.Act{Verb: "approve"}) }, false},
		"it comes back while a warning is in time": {6, func(w *world) { w.receipt(2, rules.ReceiptUndelivered); w.advance() }, false},
	} {
		w := newWorld(t)
		w.opened(rules.Review, rules.OperatorDecides, "presa-in-carico")
		first := w.c.Due
		w.must(rules.Act{Verb: "ask", Documents: []string{"documento"}})
		w.taken(2)
		w.now = w.now.Add(time.Duration(x.hours) * time.Hour)
		w.advance()
		x.then(w)
		want := first
		if x.anew {
			want = w.set.Calendar.WorkingTerm(w.now, 3)
		}
		if !w.c.Due.Equal(want) || w.c.Warned {
			t.Errorf("%s: due %v, want %v; warned %v", name, w.c.Due, want, w.c.Warned)
		}
		if seen := w.watched(); !slices.Equal(seen, noticed) {
			t.Errorf("%s: then noticed %v, want %v", name, seen, noticed)
		}
	}
}

// A question that the provider refused kept nothing, whenever that is read.
func TestRefusedQuestionKeepsNothing(t *testing.T) {
	w := newWorld(t)
	w.opened(rules.Review, rules.OperatorDecides, "presa-in-carico")
	first := w.c.Due
	w.must(rules.Act{Verb: "ask", Documents: []string{"documento"}})
	w.tried(2, rules.LetterSent)
	w.now = w.c.Warn.Add(time.Minute)
	w.receipt(2, rules.ReceiptRefused)
	w.advance()
	w.state(rules.InReview)
	if !w.c.Due.Equal(first) || !w.c.Warned {
		t.Errorf("due %v, want %v; warned %v", w.c.Due, first, w.c.Warned)
	}
}
