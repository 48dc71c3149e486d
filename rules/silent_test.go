package rules_test

import (
	"testing"

	"sportello/rules"
)

// undelivered sends letter n and brings the receipts of a mailbox that takes none.
func (w *world) undelivered(n int) {
	w.t.Helper()
	ref := &rules.LetterRef{N: n}
	w.apply(rules.Event{Kind: rules.LetterAttempt, Letter: ref}, rules.Event{Kind: rules.LetterSent, Letter: ref},
		rules.Event{Kind: rules.LetterReceipt, Letter: ref, Receipt: &rules.ReceiptRef{Kind: rules.ReceiptAccepted, At: w.now}})
	w.advance()
	w.apply(rules.Event{Kind: rules.LetterReceipt, Letter: ref, Receipt: &rules.ReceiptRef{Kind: rules.ReceiptUndelivered, At: w.now}})
	w.advance()
}

// A mailbox that takes no letter brings its case back with every letter that
// answers it; a person who told the customer in another way ends it without one.
func TestCaseEndsWithoutALetter(t *testing.T) {
	w := newWorld(t)
	w.opened(rules.Accept, "", "accolta")
	w.undelivered(1)
	w.state(rules.InReview)
	w.must(rules.Act{Verb: "withdraw"})
	w.undelivered(2)
	w.state(rules.InReview)

	silent := rules.Act{Verb: "withdraw", Silent: true}
	w.refused(silent) // nobody would know how he was told
	silent.Text = "detto per telefono, richiama la filiale"
	letters := len(w.c.Letters)
	w.must(silent)
	w.advance()
	w.state(rules.Closed)
	if len(w.c.Letters) != letters || w.c.Reason != rules.LetterFailed || w.c.Outcome != rules.None || w.c.Promised() {
		t.Errorf("closed as %s (%s), %d letters of %d", w.c.Outcome, w.c.Reason, len(w.c.Letters), letters)
	}
	if n := w.c.Notes; len(n) == 0 || n[len(n)-1].Text != silent.Text {
		t.Errorf("the note is lost: %+v", n)
	}
}

// Where letters arrive, and the sender is proved, he is told.
func TestNobodyIsLeftWithoutHisLetter(t *testing.T) {
	w := newWorld(t)
	w.opened(rules.Review, rules.DangerSign, "presa-in-carico")
	w.refused(rules.Act{Verb: "withdraw", Silent: true, Text: "non serve"})
	w.c.Proved = false // a forger's
	w.must(rules.Act{Verb: "withdraw", Silent: true, Text: "falso"})
	w.state(rules.Withdrawn)
}

// A mailbox that could only be read is given back also where nobody is written to.
func TestMailboxIsGivenBackWithoutALetter(t *testing.T) {
	w := newWorld(t)
	w.opened(rules.Accept, "", "accolta")
	w.deliver(1)
	w.step(1)
	w.must(rules.Act{Verb: "stop"})
	w.must(rules.Act{Verb: "approve"})
	w.undelivered(2)
	w.state(rules.InReview)
	w.must(rules.Act{Verb: "withdraw", Silent: true, Text: "detto allo sportello"})
	w.advance()
	w.state(rules.Withdrawn)
	if s := w.c.Steps[len(w.c.Steps)-1]; s.Do != "restore" || s.State != rules.StepDue {
		t.Errorf("the last step is %+v", s)
	}
}
