package rules_test

import (
	"slices"
	"strings"
	"testing"

	"sportello/rules"
)

// Whatever brings a case to a person says what he can do: only what is never a
// case does not.
func TestEveryReasonHasItsRemedy(t *testing.T) {
	for _, r := range rules.AllReasons {
		if remedy := r.Remedy(); r != rules.IsReceipt && !strings.HasSuffix(remedy, ".") {
			t.Errorf("%s says %q", r, remedy)
		}
	}
}

// Nobody is told to approve what cannot be approved, nor to do anything where
// nothing waits for him.
func TestRemedyOfACase(t *testing.T) {
	w := reviewed(t)
	if got := w.c.Remedy(); got != rules.OperatorDecides.Remedy() {
		t.Errorf("a case in review: %q", got)
	}
	dated := *w.c
	for proved, want := range map[bool]string{true: "Compare the date", false: "cannot be approved"} {
		dated.Reason, dated.Proved = rules.DateDoubtful, proved
		if got := dated.Remedy(); !strings.Contains(got, want) {
			t.Errorf("a doubtful date, proved %v: %q", proved, got)
		}
	}
	w.apply(rules.Event{Kind: rules.Redacted, Message: 1})
	if got := w.c.Remedy(); !strings.Contains(got, "erased by order") || slices.Contains(w.c.Verbs(), "approve") {
		t.Errorf("an erased request: %q, %v", got, w.c.Verbs())
	}
	w.must(rules.Act{Verb: "reject", Text: "No."})
	if got := w.c.Remedy(); got != "" {
		t.Errorf("a rejected case: %q", got)
	}
}
