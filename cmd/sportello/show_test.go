package main

import (
	"bytes"
	"strings"
	"testing"

	"sportello/rules"
)

// TestSheet: what a person reads of a case, where codes alone would say little.
func TestSheet(t *testing.T) {
	var out bytes.Buffer
	s := sheet{w: &out}
	s.theCase(&rules.Detail{Case: &rules.Case{ID: "2026-000001", State: rules.Accepted,
		Proof: []rules.ProofStep{{Name: "signer", OK: true, Detail: "Gestore"}, {Name: "note", OK: true, Detail: "no_crl"}},
		Steps: []rules.StepRun{{N: 1, Step: rules.Step{Do: "enlarge", After: "delivered"}, State: rules.StepDue}, {N: 2, Step: rules.Step{Do: "close", After: "5 days"}, State: rules.StepDue}}},
		Means: map[string]string{"enlarge": "aumento dello spazio"}})
	for _, want := range []string{"  ok   signer       Gestore\n", "  note no_crl\n", "  1  enlarge, aumento dello spazio (delivered): scheduled\n", "  2  close (5 days): scheduled\n"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("it does not say %q:\n%s", want, out.String())
		}
	}
}
