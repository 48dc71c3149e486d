package pec

import (
	"encoding/json"
	"testing"
)

// TestStepAsJSON: the keys of a step are written as all others are.
func TestStepAsJSON(t *testing.T) {
	raw, err := json.Marshal(Step{Name: StepSigner, OK: true, Detail: "d"})
	if want := `{"name":"` + StepSigner + `","ok":true,"detail":"d"}`; err != nil || string(raw) != want {
		t.Errorf("got %s, %v, want %s", raw, err, want)
	}
}
