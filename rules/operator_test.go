package rules_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"sportello/rules"
)

// reviewed is a case that waits for a person.
func reviewed(t *testing.T) *world {
	w := newWorld(t)
	w.opened(rules.Review, rules.OperatorDecides, "presa-in-carico")
	return w
}

func (w *world) refusedWith(want string, a rules.Act) {
	w.t.Helper()
	err := w.act(a)
	if err == nil || !strings.Contains(err.Error(), want) {
		w.t.Errorf("%+v: %v, want a refusal that says %q", a, err, want)
	}
}

// A refusal gives its reason, whatever it is called.
func TestRejectionGivesItsReason(t *testing.T) {
	w := reviewed(t)
	w.refusedWith(`unknown reason "bogus": one of ordinary_email, `, rules.Act{Verb: "reject", Reason: "bogus"})
	w.refusedWith(`unknown reason "bogus"`, rules.Act{Verb: "reject", Reason: "bogus", Text: "No."})
	w.refusedWith("has no text", rules.Act{Verb: "reject", Reason: rules.LetterFailed})
	w.refusedWith("needs its reason", rules.Act{Verb: "reject"})
	w.refusedWith(`unknown procedure "zz": one of`, rules.Act{Verb: "reject", Reason: rules.SubjectNotConforming, Procedure: "zz"})
	w.must(rules.Act{Verb: "reject", Reason: rules.LetterFailed, Text: "La casella non riceve."})
	if _, text := w.last(); !strings.Contains(text, "Motivo: La casella non riceve.") {
		t.Error(text)
	}
	for _, r := range w.set.RejectReasons("disattivazione") {
		w := reviewed(t)
		if r == rules.DocumentsLapsed {
			continue // below
		}
		w.must(rules.Act{Verb: "reject", Reason: r})
		if _, text := w.last(); !strings.Contains(text, "Motivo: ") {
			t.Errorf("%s: no reason in %s", r, text)
		}
	}
}

// A letter says that documents did not come in time only when a term was given,
// and has passed.
func TestDocumentsLapseAfterTheirTerm(t *testing.T) {
	lapsed := rules.Act{Verb: "reject", Reason: rules.DocumentsLapsed, Text: "Non sono arrivati."}
	w := reviewed(t)
	w.refusedWith("no term for documents has passed", lapsed)
	w.must(rules.Act{Verb: "ask", Documents: []string{"documento d'identità"}})
	w.deliver(2)
	w.refusedWith("no term for documents has passed", lapsed)
	w.apply(rules.Event{Kind: rules.Joined, Message: 2, Outcome: rules.Review, Reason: rules.OperatorDecides})
	w.refusedWith("no term for documents has passed", lapsed)
	w.now = w.c.Until.Add(time.Second)
	w.must(lapsed)
	if _, text := w.last(); !strings.Contains(text, "non sono pervenuti entro il termine indicato (mercoledì 9 dicembre 2026).") {
		t.Error(text)
	}
}

// Where the new contact is written to is an address, or nobody would hear of it.
func TestNewContactIsAnAddress(t *testing.T) {
	w := reviewed(t)
	w.c.Procedure = "variazione-contatti"
	for _, bad := range []string{"mario.rossi", "@example.org", "mario@", "mario rossi@example.org"} {
		w.refusedWith("is no e-mail address", rules.Act{Verb: "approve", Words: map[string]string{"email": bad}})
	}
	w.must(rules.Act{Verb: "approve", Words: map[string]string{"email": "mario.rossi@example.org"}})
	if name, _ := w.last(); name != "contatti" {
		t.Errorf("the last letter is %s", name)
	}
}

// The new contact hears the outcome whoever decided it: a term that passed too.
func TestNewContactHearsThatTheTermPassed(t *testing.T) {
	w := reviewed(t)
	w.c.Procedure, w.c.Fields["email"] = "variazione-contatti", "mario.rossi@example.org"
	w.must(rules.Act{Verb: "ask", Documents: []string{"documento d'identità"}})
	w.deliver(2)
	w.now = w.c.Until.Add(time.Second)
	w.advance()
	w.state(rules.Rejected)
	if l := w.c.Letters[len(w.c.Letters)-1]; l.Name != "contatti" || l.To != "mario.rossi@example.org" || !strings.Contains(l.Text, "è stata rifiutata") {
		t.Errorf("the last letter is %s to %s:\n%s", l.Name, l.To, l.Text)
	}
}

// failedStep is an accepted case whose first step failed.
func failedStep(t *testing.T) *world {
	w := newWorld(t)
	w.opened(rules.Accept, "", "accolta")
	w.deliver(1)
	ref := &rules.StepRef{N: 1, Do: "read-only"}
	w.apply(rules.Event{Kind: rules.StepStarted, Step: ref}, rules.Event{Kind: rules.EventStepFailed, Step: ref})
	w.advance()
	w.state(rules.InReview)
	return w
}

// A failed step is carried out by hand or tried again; either way the case goes
// on, and its customer hears nothing twice.
func TestFailedStep(t *testing.T) {
	w := failedStep(t)
	w.refusedWith("step 2 waits for nobody; 1 (read-only) does", rules.Act{Verb: "done", N: 2})
	w.must(rules.Act{Verb: "done", N: 1})
	w.state(rules.Accepted)
	if s := w.c.Steps; s[0].State != rules.StepOver || s[1].State != rules.StepDue || len(w.c.Letters) != 1 {
		t.Errorf("done by hand: %+v, %d letters", s, len(w.c.Letters))
	}
	w = failedStep(t)
	w.must(rules.Act{Verb: "retry"})
	w.state(rules.Accepted)
	w.step(1)
	if len(w.c.Letters) != 1 {
		t.Errorf("%d letters", len(w.c.Letters))
	}
	w = failedStep(t)
	w.must(rules.Act{Verb: "reject", Text: "No."})
	w.state(rules.Rejected) // and stays so, whatever failed before
	w = failedStep(t)
	w.revoked()
	w.refused(rules.Act{Verb: "retry"}) // he took it back meanwhile
	w.must(rules.Act{Verb: "done"})
	w.state(rules.InReview)
}

// A request that was erased by order proves nothing any more: its case is not
// accepted again, whether its failed step is tried again or was done by hand.
func TestFailedStepOfAnErasedRequest(t *testing.T) {
	w := failedStep(t)
	w.apply(rules.Event{Kind: rules.Redacted, Message: 1})
	if slices.Contains(w.c.Verbs(), "retry") {
		t.Errorf("verbs %v", w.c.Verbs())
	}
	w.refused(rules.Act{Verb: "retry"})
	w.must(rules.Act{Verb: "done"})
	w.state(rules.InReview)
	if s := w.c.Steps[0]; s.State != rules.StepOver {
		t.Errorf("what was done is %s", s.State)
	}
}

// A refusal names what is wrong, and what is possible.
func TestRefusalsSayWhatIsPossible(t *testing.T) {
	w := reviewed(t)
	w.refusedWith(`unknown procedure "zz": one of`, rules.Act{Verb: "approve", Procedure: "zz"})
	w.refusedWith(`unknown procedure "zz": one of`, rules.Act{Verb: "answer", Text: "No.", Procedure: "zz"})
	w.refusedWith("say which documents are asked for", rules.Act{Verb: "ask"})
	w.c.Procedure = ""
	w.refusedWith("has no procedure", rules.Act{Verb: "approve"})
	w = newWorld(t)
	w.opened(rules.Accept, "", "accolta")
	w.refusedWith("is accepted (decided by the desk): withdraw is not possible now; possible: note, stop", rules.Act{Verb: "withdraw"})
	w.refusedWith("approve is not possible now", rules.Act{Verb: "approve"})
}
