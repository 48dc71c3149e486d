package rules_test

import (
	"strings"
	"testing"

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
		w.must(rules.Act{Verb: "reject", Reason: r})
		if _, text := w.last(); !strings.Contains(text, "Motivo: ") {
			t.Errorf("%s: no reason in %s", r, text)
		}
	}
}
