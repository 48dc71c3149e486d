package rules_test

import (
	"slices"
	"testing"
	"time"

	"sportello/rules"
)

// owes adds a letter that is owed as it is.
func (w *world) owes(name string) (n int) {
	w.t.Helper()
	n = len(w.c.Letters) + 1
	w.apply(rules.Event{Kind: rules.LetterOwed, Letter: &rules.LetterRef{N: n, Name: name}, Private: &rules.Private{Letter: &rules.LetterText{}}})
	return n
}

// goingOut are the names of the letters that go out, or may, and of which
// nothing says that they hold no more.
func goingOut(c *rules.Case) (names []string) {
	for _, l := range c.Letters {
		if !l.Past && slices.Contains([]rules.LetterState{rules.Owed, rules.Held, rules.Trying, rules.Uncertain}, l.State) {
			names = append(names, l.Name)
		}
	}
	return names
}

// A decision is instead of the one before, whose letter has not gone out yet: the
// letter to the new contacts failed, and the person decides otherwise.
func TestDecisionInsteadOfAnother(t *testing.T) {
	reject := rules.Act{Verb: "reject", Text: "No."}
	for name, c := range map[string]struct{ first, second rules.Act }{
		"respinta": {rules.Act{Verb: "approve"}, reject},
		"risposta": {rules.Act{Verb: "approve"}, rules.Act{Verb: "answer", Text: "No."}},
		"revocata": {reject, rules.Act{Verb: "withdraw"}},
		"accolta":  {reject, rules.Act{Verb: "approve"}},
	} {
		for _, tried := range []bool{false, true} {
			w := reviewed(t)
			w.deliver(1)
			w.must(c.first)
			ref := &rules.LetterRef{N: len(w.c.Letters)}
			if tried {
				w.apply(rules.Event{Kind: rules.LetterAttempt, Letter: ref})
			}
			w.fail(w.owes("contatti"))
			w.state(rules.InReview)
			w.must(c.second)
			if got := goingOut(w.c); !slices.Equal(got, []string{name}) {
				t.Errorf("%s after %s: %v go out", c.second.Verb, c.first.Verb, got)
			}
			state := w.c.State
			if tried { // and it ends badly, after which nothing comes back
				w.apply(rules.Event{Kind: rules.EventLetterFailed, Reason: rules.LetterFailed, Letter: ref})
			}
			w.advance()
			w.state(state)
			w.refused(rules.Act{Verb: "resend"})
		}
	}
}

// An acceptance that waits goes out though its case is approved again.
func TestApprovedAgainTheAcceptanceGoesOut(t *testing.T) {
	w := newWorld(t)
	w.opened(rules.Accept, "", "accolta")
	w.fail(w.owes("contatti"))
	w.must(rules.Act{Verb: "approve"})
	if got := goingOut(w.c); !slices.Equal(got, []string{"accolta"}) {
		t.Errorf("%v go out", got)
	}
}

// A refusal that failed is not sent after the acceptance that replaced it.
func TestFailedLetterIsNotSentAfterAnother(t *testing.T) {
	w := reviewed(t)
	w.must(rules.Act{Verb: "reject", Text: "No."})
	w.fail(2)
	w.must(rules.Act{Verb: "approve"})
	w.refused(rules.Act{Verb: "resend"})
}

// A question whose sending had begun when the case was decided, or something else
// was asked, is of the past: it does not go out, and brings nothing back.
func TestQuestionUnderWay(t *testing.T) {
	for _, a := range []rules.Act{{Verb: "approve"}, {Verb: "reject", Text: "No."}, {Verb: "answer", Text: "No."}, {Verb: "withdraw"},
		{Verb: "ask", Documents: []string{"visura"}}} {
		w := reviewed(t)
		w.deliver(1)
		w.must(rules.Act{Verb: "ask", Documents: []string{"documento"}})
		ref := &rules.LetterRef{N: 2}
		w.apply(rules.Event{Kind: rules.LetterAttempt, Letter: ref})
		w.must(a)
		state := w.c.State
		w.apply(rules.Event{Kind: rules.LetterDeferred, Letter: ref})
		if l := w.c.Letters[1]; !l.Past || l.Told {
			t.Errorf("%s: the question is of the past %v, told %v", a.Verb, l.Past, l.Told)
		}
		w.apply(rules.Event{Kind: rules.EventLetterFailed, Reason: rules.LetterFailed, Letter: ref})
		w.advance()
		w.state(state)
	}
}

// A question that the provider had taken when the case was decided, and that does
// not arrive, brings nothing back, and is not sent again.
func TestQuestionFailsAfterTheDecision(t *testing.T) {
	w := reviewed(t)
	w.deliver(1)
	w.must(rules.Act{Verb: "ask", Documents: []string{"documento"}})
	ref := &rules.LetterRef{N: 2}
	w.apply(rules.Event{Kind: rules.LetterAttempt, Letter: ref}, rules.Event{Kind: rules.LetterSent, Letter: ref},
		rules.Event{Kind: rules.LetterReceipt, Letter: ref, Receipt: &rules.ReceiptRef{Kind: rules.ReceiptAccepted, At: w.now}})
	w.must(rules.Act{Verb: "approve"})
	w.apply(rules.Event{Kind: rules.LetterReceipt, Letter: ref, Receipt: &rules.ReceiptRef{Kind: rules.ReceiptUndelivered, At: w.now}})
	w.advance()
	w.state(rules.Accepted)
	w.refused(rules.Act{Verb: "resend"})
}

// A reminder that waits when the documents lapse does not go out beside the refusal.
func TestReminderAfterTheTerm(t *testing.T) {
	w := reviewed(t)
	w.deliver(1)
	w.must(rules.Act{Verb: "ask", Documents: []string{"documento"}})
	w.deliver(2)
	w.now = w.c.RemindAt
	w.advance()
	w.now = w.c.Until.Add(time.Second)
	w.advance()
	w.state(rules.Rejected)
	if got := goingOut(w.c); !slices.Equal(got, []string{"respinta"}) || w.c.Letters[2].Name != "sollecito" {
		t.Errorf("%v go out", got)
	}
}

// A question that waits when its customer writes does not go out after a retry.
func TestQuestionBeforeARetry(t *testing.T) {
	w := failedStep(t)
	w.must(rules.Act{Verb: "ask", Documents: []string{"documento"}})
	w.apply(rules.Event{Kind: rules.Joined, Message: 2})
	w.must(rules.Act{Verb: "retry"})
	w.state(rules.Accepted)
	if got := goingOut(w.c); len(got) != 0 {
		t.Errorf("%v go out", got)
	}
}

// What earlier journals hold folds as it did: decisions that name no letters.
func TestEarlierDecisionsLeaveLettersAsTheyWere(t *testing.T) {
	for _, e := range []rules.Event{{Kind: rules.Approved, Outcome: rules.Accept}, {Kind: rules.EventRejected, Outcome: rules.Reject},
		{Kind: rules.EventAnswered, Outcome: rules.Guide}, {Kind: rules.Withdrew, Outcome: rules.None}, {Kind: rules.Returned}} {
		w := reviewed(t)
		w.must(rules.Act{Verb: "ask", Documents: []string{"documento"}})
		w.apply(rules.Event{Kind: rules.LetterAttempt, Letter: &rules.LetterRef{N: 2}}, e)
		if l := w.c.Letters[1]; l.Past || l.Told || l.State != rules.Trying {
			t.Errorf("%s: %s, past %v, told %v", e.Kind, l.State, l.Past, l.Told)
		}
	}
	w := reviewed(t)
	w.must(rules.Act{Verb: "ask", Documents: []string{"documento"}})
	w.apply(rules.Event{Kind: rules.Returned, Reason: rules.LetterFailed, Letters: []int{2}})
	if l := w.c.Letters[1]; l.Past || !l.Told {
		t.Errorf("past %v, told %v: a return names what sent the case back", l.Past, l.Told)
	}
}
