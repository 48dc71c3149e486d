package mailproc

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"sportello/mailproc/pec/pectest"
	"sportello/rules"
)

// Why a letter was not delivered is told in the words of its receipt, which are
// read from the archive: the journal has its code alone.
func TestWhyALetterWasNotDelivered(t *testing.T) {
	s := newScene(t).start()
	s.behave(pectest.Behaviour{Receipts: pectest.ReceiptsFailed})
	s.put(s.request(1))
	c := s.state(1, rules.InReview)
	o := s.operators()
	d, err := o.Case(t.Context(), c.ID)
	if err != nil {
		t.Fatal(err)
	}
	if len(d.Causes) != 1 {
		t.Fatalf("the causes are %v", d.Causes)
	}
	id := slices.Collect(maps.Keys(d.Causes))[0]
	if !strings.Contains(d.Causes[id], "indirizzo non valido") {
		t.Errorf("the case says %q", d.Causes[id])
	}
	m, err := o.Message(t.Context(), id)
	if err != nil || m.Cause != d.Causes[id] {
		t.Errorf("message %d says %q (%v)", id, m.Cause, err)
	}
	for _, e := range d.Events {
		if r := e.Receipt; r != nil && r.Error != "" && (r.Error != "altro" || strings.Contains(e.Detail, "indirizzo")) {
			t.Errorf("the journal says %+v, %s", r, e.Detail)
		}
	}
}
