package mailproc

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestCaseSaysWhatStepsMean: a step of a procedure's own is explained with the
// case, by what the procedure says today.
func TestCaseSaysWhatStepsMean(t *testing.T) {
	s := newScene(t)
	s.opt.Policy.Rules.Procedure("disattivazione").Steps[0].Means = "sola lettura"
	s.start()
	s.put(s.request(1))
	s.until("it has steps", func() bool { c := s.of(1); return c != nil && len(c.Steps) > 0 })
	d, err := s.operators().Case(t.Context(), s.of(1).ID)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(map[string]string{"read-only": "sola lettura"}, d.Means); diff != "" {
		t.Error(diff)
	}
}
