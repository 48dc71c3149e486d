package console

import (
	"slices"
	"testing"

	"sportello/rules"
)

// The registry is asked for the orders of a case by the kind of its blanks,
// whatever they are called.
func TestOrdersOfACase(t *testing.T) {
	p := &rules.Procedure{Blanks: []rules.Blank{{Name: "fattura", Kind: "order-number"}, {Name: "ordine", Kind: "text"}, {Name: "vecchio_ordine", Kind: "order-number"}}}
	c := &rules.Case{Fields: map[string]string{"fattura": "8812345", "ordine": "due caselle"}}
	if got := orders(c, p); !slices.Equal(got, []string{"8812345"}) {
		t.Errorf("got %q", got)
	}
	if got := orders(c, nil); got != nil {
		t.Errorf("of no procedure: %q", got)
	}
}
