package console

import (
	"encoding/json"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
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

// Before somebody approves he sees what it does to the mailbox, and what of it
// nobody takes back; as another procedure, what that one does. A refusal begins
// nothing.
func TestAnApprovalSaysWhatFollows(t *testing.T) {
	o := newOffice(t)
	o.desk.fill(t)
	c, anna := o.reviewOf("franco.leone"), o.visit("anna")
	const lasts = "<b>chiusura della casella</b>, dopo: 5 giorni — <b>non si può annullare</b>"
	anna.get("/cases/"+c.ID).want(t, http.StatusOK, lasts, "<b>sola lettura</b>, dopo: la consegna della lettera</li>")
	preview := func(verb string, more url.Values) string {
		form := url.Values{"verb": {verb}, "version": {strconv.Itoa(o.desk.cases[c.ID].Version)}}
		maps.Copy(form, more)
		return anna.fragment("/cases/"+c.ID+"/preview", form).want(t, http.StatusOK, "Partirebbe questa lettera").body
	}
	if body := preview("approve", nil); !strings.Contains(body, lasts) {
		t.Errorf("the fragment does not say what follows: %s", body)
	}
	if body := preview("approve", url.Values{"procedure": {"variazione-contatti"}}); strings.Contains(body, "chiusura") || !strings.Contains(body, "<b>cambio dei contatti</b>") {
		t.Errorf("as another procedure it does not say what that one does: %s", body)
	}
	if body := preview("reject", url.Values{"reason": {"body_not_conforming"}}); strings.Contains(body, "sulla casella") {
		t.Errorf("a refusal speaks of steps: %s", body)
	}
	var api struct{ Steps []rules.StepRun }
	if w := o.ask("POST", "/api/cases/"+c.ID+"/preview", rules.Act{Verb: "approve"}); json.Unmarshal(w.Body.Bytes(), &api) != nil || len(api.Steps) != 2 || api.Steps[1].Do != "close" {
		t.Errorf("the API says that %+v follows", api.Steps)
	}
}

// Where no form was found nothing is courtesy: all of the text has to be read.
func TestCourtesyIsBesideAForm(t *testing.T) {
	x := rules.Explanation{Own: "Buongiorno, chiudete.", Spans: []rules.Span{{Start: 0, End: 10, Kind: "courtesy"}}}
	if out, kinds := pieces(x); len(out) != 1 || out[0].Kind != "" || kinds != nil {
		t.Errorf("of no form: %+v, %q", out, kinds)
	}
	x.Spans = append(x.Spans, rules.Span{Start: 12, End: 20, Kind: "form"})
	if _, kinds := pieces(x); !slices.Equal(kinds, []string{"courtesy", "form"}) {
		t.Errorf("beside a form: %q", kinds)
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
