package rules_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"sportello/rules"
)

// last is the letter owed last, on one line.
func (w *world) last() (name, text string) {
	l := w.c.Letters[len(w.c.Letters)-1]
	return l.Name, strings.Join(strings.Fields(l.Text), " ")
}

func (w *world) refused(a rules.Act) {
	w.t.Helper()
	var refused *rules.ErrRefused
	if err := w.act(a); !errors.As(err, &refused) {
		w.t.Errorf("%s: %v, want a refusal", a.Verb, err)
	}
}

func (w *world) must(a rules.Act) {
	w.t.Helper()
	if err := w.act(a); err != nil {
		w.t.Fatal(err)
	}
	w.advance()
}

// readOnly is a deactivation whose mailbox can only be read, and whose customer
// takes it back.
func readOnly(t *testing.T) *world {
	w := newWorld(t)
	w.opened(rules.Accept, "", "accolta")
	w.deliver(1)
	w.step(1)
	w.apply(rules.Event{Kind: rules.Revoked, Message: 2, Reason: rules.Revocation})
	return w
}

// A mailbox that can only be read is given back, whatever ends its case, and
// the letter says so; the case stays open until it is.
func TestReadOnlyIsGivenBack(t *testing.T) {
	for _, a := range []rules.Act{{Verb: "withdraw"}, {Verb: "reject", Reason: rules.SubjectNotConforming}, {Verb: "answer", Text: "No."}} {
		w := readOnly(t)
		w.must(a)
		name, text := w.last()
		if !strings.Contains(text, "torna utilizzabile come prima") || strings.Contains(text, "Nessuna operazione") || strings.Contains(text, "resta attiva") {
			t.Errorf("%s: the letter %s says: %s", a.Verb, name, text)
		}
		if name != "revocata" && !strings.Contains(text, "sostituisce quello di lunedì 23 novembre 2026") {
			t.Errorf("the letter %s does not take the acceptance back: %s", name, text)
		}
		w.deliver(2)
		if len(w.c.Steps) != 2 || w.c.State == rules.Closed {
			t.Fatalf("%s: case %s with the steps %+v", a.Verb, w.c.State, w.c.Steps)
		}
		if s := w.c.Steps[1]; s.Do != "restore" || !w.c.Runs(s) {
			t.Fatalf("%s: step %+v", a.Verb, s)
		}
		w.step(2)
		w.state(rules.Closed)
	}
}

// Documents that do not come end a case too.
func TestReadOnlyIsGivenBackWhenDocumentsLapse(t *testing.T) {
	w := readOnly(t)
	w.must(rules.Act{Verb: "ask", Documents: []string{"documento"}})
	w.deliver(2)
	w.now = w.c.Until.AddDate(0, 0, 1)
	w.advance()
	w.state(rules.Rejected)
	if _, text := w.last(); !strings.Contains(text, "torna utilizzabile") || w.c.Steps[1].Do != "restore" {
		t.Errorf("%s\n%+v", text, w.c.Steps)
	}
}

// Where the action fails a person gives the mailbox back: the case waits for him.
func TestFailedRestoreIsAskedOfAPerson(t *testing.T) {
	w := readOnly(t)
	w.must(rules.Act{Verb: "withdraw"})
	ref := &rules.StepRef{N: 2, Do: "restore"}
	w.apply(rules.Event{Kind: rules.StepStarted, Step: ref}, rules.Event{Kind: rules.EventStepFailed, Step: ref})
	w.advance()
	w.state(rules.Withdrawn)
	w.deliver(2)
	w.state(rules.Withdrawn)
	w.must(rules.Act{Verb: "done"})
	w.state(rules.Closed)
}

// What stays planned of a case that ended otherwise is never carried out.
func TestOnlyAnAcceptedCaseCloses(t *testing.T) {
	w := newWorld(t)
	w.opened(rules.Accept, "", "accolta")
	w.apply(rules.Event{Kind: rules.Revoked, Message: 2, Reason: rules.Revocation})
	w.must(rules.Act{Verb: "withdraw"})
	for _, s := range w.c.Steps {
		if w.c.Runs(s) {
			t.Errorf("step %s runs in a case %s", s.Do, w.c.State)
		}
	}
	if _, text := w.last(); !strings.Contains(text, "la casella resta attiva") {
		t.Error(text)
	}
}

// A closed mailbox cannot be promised back: the customer is told that it is too
// late, nothing says that nothing was done, and what else is owed is not lost.
func TestNothingTakesAClosingBack(t *testing.T) {
	w := newWorld(t)
	w.set.Procedure("disattivazione").Steps = w.set.Procedure("recesso-rinnovo").Steps
	w.opened(rules.Accept, "", "accolta")
	w.deliver(1)
	w.step(1)
	w.apply(rules.Event{Kind: rules.Revoked, Message: 2, Reason: rules.Revocation})
	w.refused(rules.Act{Verb: "withdraw"}) // and the refund?
	w.refused(rules.Act{Verb: "answer", Text: "No."})
	w.refused(rules.Act{Verb: "reject", Reason: rules.SubjectNotConforming})
	w.must(rules.Act{Verb: "approve"})
	if name, text := w.last(); name != "revoca-tardiva" || !strings.Contains(text, "non è più possibile") {
		t.Errorf("%s: %s", name, text)
	}
	w.deliver(2)
	w.step(2)
	w.state(rules.Closed)
	w.must(rules.Act{Verb: "reopen"})
	w.refused(rules.Act{Verb: "reject", Reason: rules.SubjectNotConforming})
	w.must(rules.Act{Verb: "withdraw"})
	if name, _ := w.last(); name != "revoca-tardiva" {
		t.Errorf("letter %s, though the mailbox is closed", name)
	}
}

// tooLate is a case whose mailbox is closed, whose customer took it back and was
// told that it is too late, and whose refund is still owed.
func tooLate(t *testing.T) *world {
	w := newWorld(t)
	w.set.Procedure("disattivazione").Steps = w.set.Procedure("recesso-rinnovo").Steps
	w.opened(rules.Accept, "", "accolta")
	w.deliver(1)
	w.step(1)
	w.revoked()
	w.must(rules.Act{Verb: "approve"})
	return w
}

// Whoever was told that it is too late is not told of an acceptance after it,
// when a step fails then: it is tried again. If he was not told, he is.
func TestFailedStepAfterALateRevocation(t *testing.T) {
	for _, verb := range []string{"retry", "done", "approve"} {
		w := tooLate(t)
		w.deliver(2)
		ref := &rules.StepRef{N: 2, Do: w.c.Steps[1].Do}
		w.apply(rules.Event{Kind: rules.StepStarted, Step: ref}, rules.Event{Kind: rules.EventStepFailed, Step: ref})
		w.advance()
		w.state(rules.InReview)
		w.must(rules.Act{Verb: verb})
		if verb != "done" {
			w.step(2)
		}
		w.state(rules.Closed)
		if len(w.c.Letters) != 2 {
			t.Errorf("%s: %d letters", verb, len(w.c.Letters))
		}
	}
	w := tooLate(t)
	w.fail(2)
	w.must(rules.Act{Verb: "approve"})
	if name, _ := w.last(); name != "revoca-tardiva" || len(w.c.Letters) != 3 {
		t.Errorf("letter %d is %s", len(w.c.Letters), name)
	}
}

// revoked lets the customer take his request back, as his message does.
func (w *world) revoked() {
	w.t.Helper()
	events, err := w.set.Join(w.c, rules.Arrival{ID: 2, Decision: rules.Decision{Reason: rules.Revocation}}, w.now)
	if err != nil {
		w.t.Fatal(err)
	}
	w.apply(events...)
	w.state(rules.InReview)
}

// The days of reading are those of the letter in force: a case that is accepted
// again begins them again, and closes nothing before its new letter is delivered.
func TestAcceptedAgainTheDaysBeginAgain(t *testing.T) {
	for name, again := range map[string]func(*world){
		"reopened": func(w *world) {
			w.revoked()
			w.must(rules.Act{Verb: "withdraw"})
			w.deliver(2)
			w.step(2)
			w.state(rules.Closed)
			w.now = romeTime(t, "2026-12-06 10:00")
			w.must(rules.Act{Verb: "reopen"})
		},
		"revoked": func(w *world) {
			w.now = romeTime(t, "2026-12-06 10:00")
			w.revoked()
		},
	} {
		w := newWorld(t)
		w.opened(rules.Accept, "", "accolta")
		w.deliver(1)
		w.step(1)
		again(w)
		if want := w.set.Calendar.WorkingTerm(w.now, 3); !w.c.Answered.IsZero() || !w.c.Due.Equal(want) {
			t.Errorf("%s: an answer is owed again: answered %v, due %v", name, w.c.Answered, w.c.Due)
		}
		w.must(rules.Act{Verb: "approve"})
		letter, text := w.last()
		if letter != "accolta" || !strings.Contains(text, "Fino a venerdì 11 dicembre 2026 incluso") {
			t.Fatalf("%s: %s: %s", name, letter, text)
		}
		n := len(w.c.Steps)
		if reading, closing := w.c.Steps[n-2], w.c.Steps[n-1]; reading.Do != "read-only" || reading.State != rules.StepPlanned || closing.State != rules.StepPlanned {
			t.Fatalf("%s: before the letter is delivered: %+v", name, w.c.Steps)
		}
		w.now = romeTime(t, "2026-12-07 10:00")
		w.deliver(len(w.c.Letters))
		w.step(n - 1)
		if want := romeTime(t, "2026-12-13 00:00"); !w.c.Steps[n-1].Due.Equal(want) {
			t.Fatalf("%s: closed on %s, want %s", name, w.c.Steps[n-1].Due, want)
		}
	}
}

// An acceptance that could not be delivered and goes out days later says when the
// mailbox ends now, not when it would have ended then.
func TestAcceptanceSentAgainNamesTheDayOfTheClosing(t *testing.T) {
	for procedure, want := range map[string]string{"disattivazione": "Fino a mercoledì 2 dicembre 2026 incluso", "recesso-rinnovo": "è cancellata a partire da venerdì 27 novembre 2026"} {
		w := newWorld(t)
		w.opened(rules.Accept, "", "")
		w.c.Procedure = procedure
		old, err := w.set.Letter(w.c, "accolta", nil, w.now)
		if err != nil {
			t.Fatal(err)
		}
		w.apply(rules.Event{Kind: rules.LetterOwed, Letter: &rules.LetterRef{N: 1, Name: "accolta"}, Private: &rules.Private{Letter: &old}},
			rules.Event{Kind: rules.LetterAttempt, Letter: &rules.LetterRef{N: 1}}, rules.Event{Kind: rules.EventLetterFailed, Letter: &rules.LetterRef{N: 1}})
		w.advance()
		w.now = w.now.AddDate(0, 0, 4)
		w.must(rules.Act{Verb: "resend"})
		if name, text := w.last(); name != "accolta" || !strings.Contains(text, want) {
			t.Errorf("%s: %s has no %q:\n%s", procedure, name, want, text)
		}
	}
}

// A case that an earlier version sent back to a person says so in fewer words.
func TestAcceptedAgainAfterAnEarlierVersion(t *testing.T) {
	w := readOnly(t) // revoked, without the letters it concerns
	w.must(rules.Act{Verb: "approve"})
	if n := len(w.c.Letters); n != 2 || w.c.Steps[1].State != rules.StepPlanned || w.c.Steps[1].Do != "read-only" {
		t.Errorf("%d letters, steps %+v", n, w.c.Steps)
	}
}

// What earlier journals hold folds as it did: an approval without the new
// words plans nothing again.
func TestEarlierApprovalFoldsAsItDid(t *testing.T) {
	w := readOnly(t)
	w.apply(rules.Event{Kind: rules.Approved, Outcome: rules.Accept, Steps: w.set.Procedure("disattivazione").Steps})
	if len(w.c.Steps) != 2 || w.c.Steps[0].State != rules.StepOver || w.c.Steps[1].Do != "close" {
		t.Fatalf("%+v", w.c.Steps)
	}
	// and yet closes nothing before the letter that it owed is delivered
	w.apply(rules.Event{Kind: rules.LetterOwed, Letter: &rules.LetterRef{N: 2, Name: "accolta"}, Private: &rules.Private{Letter: &rules.LetterText{}}})
	w.advance()
	if s := w.c.Steps[1]; s.State != rules.StepPlanned {
		t.Errorf("%+v", s)
	}
}

// A wrong acceptance can be stopped: its letter does not go out if it has not
// yet, its steps do not begin, and an answer is owed again.
func TestStop(t *testing.T) {
	w := newWorld(t)
	w.opened(rules.Accept, "", "accolta")
	w.must(rules.Act{Verb: "stop", Text: "ha telefonato"})
	w.state(rules.InReview)
	if l := w.c.Letters[0]; l.State != rules.Failed || !l.Past || slices.Contains(w.c.Verbs(), "resend") {
		t.Errorf("the letter is %s, verbs %v", l.State, w.c.Verbs())
	}
	w.must(rules.Act{Verb: "withdraw"})
	w.deliver(2)
	w.state(rules.Closed)

	w = newWorld(t)
	w.opened(rules.Accept, "", "accolta")
	w.deliver(1)
	w.step(1)
	w.now = w.c.Steps[1].Due
	w.must(rules.Act{Verb: "stop"})
	if w.c.Runs(w.c.Steps[1]) || !w.c.Answered.IsZero() || w.c.Due.Before(w.now) {
		t.Errorf("step %+v, answered %v, due %v", w.c.Steps[1], w.c.Answered, w.c.Due)
	}
	w.must(rules.Act{Verb: "approve"})
	if name, _ := w.last(); len(w.c.Letters) != 2 || name != "accolta" || w.c.Steps[2].State != rules.StepPlanned {
		t.Errorf("letters %d, steps %+v", len(w.c.Letters), w.c.Steps)
	}
	w.refused(rules.Act{Verb: "withdraw"}) // stop it first
}

// An acceptance whose sending has begun goes out: nobody knows otherwise.
func TestStopWhileALetterIsTried(t *testing.T) {
	w := newWorld(t)
	w.opened(rules.Accept, "", "accolta")
	ref := &rules.LetterRef{N: 1}
	w.apply(rules.Event{Kind: rules.LetterAttempt, Letter: ref})
	w.must(rules.Act{Verb: "stop"})
	w.apply(rules.Event{Kind: rules.LetterSent, Letter: ref}, rules.Event{Kind: rules.LetterReceipt, Letter: ref, Receipt: &rules.ReceiptRef{Kind: rules.ReceiptDelivered, At: w.now}})
	w.advance()
	w.state(rules.InReview)
	if l := w.c.Letters[0]; l.State != rules.Delivered || !w.c.Answered.IsZero() {
		t.Errorf("letter %s, answered %v: what it said holds no more", l.State, w.c.Answered)
	}
}

// A person's decision is instead of the question that waits for its answer.
func TestWaitingIsDecided(t *testing.T) {
	for verb, state := range map[string]rules.State{"approve": rules.Accepted, "reject": rules.Rejected, "answer": rules.Answered, "withdraw": rules.Withdrawn} {
		w := newWorld(t)
		w.opened(rules.Review, rules.OperatorDecides, "presa-in-carico")
		w.must(rules.Act{Verb: "ask", Documents: []string{"documento"}})
		w.must(rules.Act{Verb: "ask", Documents: []string{"visura"}}) // the wrong one first
		w.state(rules.Waiting)
		w.must(rules.Act{Verb: verb, Text: "testo"})
		w.state(state)
		if l := w.c.Letters; l[1].State != rules.Failed || l[2].State != rules.Failed || l[3].State != rules.Owed {
			t.Errorf("%s: the questions are %s and %s, the answer %s", verb, l[1].State, l[2].State, l[3].State)
		}
		w.advance()
		w.state(state)
	}
}

// A step that will not be carried out is not shown as if it would.
func TestStoppedSteps(t *testing.T) {
	w := newWorld(t)
	w.opened(rules.Accept, "", "accolta")
	w.deliver(1)
	w.step(1)
	stopped := func(want ...bool) {
		t.Helper()
		var got []bool
		for _, s := range w.c.Steps {
			got = append(got, w.c.Stopped(s))
		}
		if !slices.Equal(got, want) {
			t.Errorf("case %s: stopped %v, want %v", w.c.State, got, want)
		}
	}
	stopped(false, false)
	w.must(rules.Act{Verb: "stop"})
	stopped(false, true)
	w.must(rules.Act{Verb: "approve"})
	stopped(false, false, false)
	w.apply(rules.Event{Kind: rules.StepAsked, Step: &rules.StepRef{N: 2, Do: "read-only"}})
	w.must(rules.Act{Verb: "stop"})
	stopped(false, false, true) // who was asked may have done it
	w.must(rules.Act{Verb: "answer", Text: "No."})
	if s := w.c.Steps[1]; s.Do != "restore" || w.c.Stopped(s) {
		t.Errorf("%+v", s)
	}
	w = newWorld(t)
	w.opened(rules.Accept, "", "accolta")
	w.deliver(1)
	w.apply(rules.Event{Kind: rules.StepAsked, Step: &rules.StepRef{N: 1, Do: "read-only"}})
	w.must(rules.Act{Verb: "stop"})
	w.must(rules.Act{Verb: "withdraw"})
	stopped(true, true)
	w.refused(rules.Act{Verb: "done"})
}

// An acceptance that has not gone out when its customer takes the request back
// does not go.
func TestRevokedBeforeTheLetterWentOut(t *testing.T) {
	w := newWorld(t)
	w.opened(rules.Accept, "", "accolta")
	w.revoked()
	if l := w.c.Letters[0]; l.State != rules.Failed || !l.Past {
		t.Errorf("the letter is %s", l.State)
	}
	w.advance()
	w.must(rules.Act{Verb: "withdraw"})
	w.deliver(2)
	w.state(rules.Closed)
}
