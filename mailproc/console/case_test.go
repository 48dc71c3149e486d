package console

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
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

// A request that was taken for another kind is decided as what it is, on the
// page as in the terminal: the form says as which procedure, and begins with
// the case's own.
func TestACaseIsDecidedAsAnotherProcedure(t *testing.T) {
	o := newOffice(t)
	o.desk.fill(t)
	c, anna := o.reviewOf("franco.leone"), o.visit("anna")
	body := anna.get("/cases/"+c.ID).want(t, http.StatusOK, `<option value="disattivazione" selected>`).body
	if n := strings.Count(body, `<select name="procedure"`); n != 3 {
		t.Errorf("%d forms ask for the procedure, want those of approve, reject and answer", n)
	}
	anna.act(o.desk.cases[c.ID], "answer", url.Values{"text": {"Ecco come lasciarla scadere."}, "procedure": {"lascia-scadere"}}).want(t, http.StatusSeeOther)
	if got := o.desk.cases[c.ID]; got.Procedure != "lascia-scadere" || got.State != rules.Answered {
		t.Errorf("the case is %s, %s", got.Procedure, got.State)
	}
	back := o.inState(rules.InReview)
	o.desk.cases[back.ID].Procedure = "tolta" // its folder was removed
	if body := anna.get("/cases/"+back.ID).want(t, http.StatusOK, `name="procedure" required><option value=""></option>`).body; strings.Contains(body, `value="disattivazione" selected`) {
		t.Error("a procedure that is no more is taken for another")
	}
}
