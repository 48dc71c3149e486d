package console

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"sportello/rules"
)

// revocation is an office with a revocation that may take back either of two
// requests, and its case.
func revocation(t *testing.T, options ...func(*Options)) (*office, *rules.Case) {
	t.Helper()
	o := newOffice(t, options...)
	o.desk.fill(t)
	c := o.desk.cases[o.reviewOf("franco.leone").ID]
	c.Procedure = "revoca"
	o.desk.takes = map[string][]rules.OpenCase{c.ID: {{ID: "2026-000901", Procedure: "disattivazione", State: rules.InReview}, {ID: "2026-000902", Procedure: "richiesta-log", State: rules.InReview}}}
	return o, c
}

// The approval of a revocation asks plainly which request it takes back.
func TestApprovalOfARevocationAsksWhich(t *testing.T) {
	o, c := revocation(t)
	anna := o.visit("anna")
	body := anna.get("/cases/"+c.ID).want(t, http.StatusOK, "Quale richiesta annulla", `name="takes" value="2026-000901">`, `name="takes" value="2026-000902">`, `value="none"`).body
	if strings.Contains(body, `value="2026-000901" checked`) || strings.Contains(body, "dire quale fra") {
		t.Error("one of two is chosen, or missed, before a person does")
	}
	anna.act(c, "approve", nil).want(t, http.StatusUnprocessableEntity, "dire quale fra 2026-000901")
	anna.act(c, "approve", url.Values{"takes": {"2026-000777"}}).want(t, http.StatusUnprocessableEntity, "non può annullare 2026-000777")
	anna.act(c, "approve", url.Values{"takes": {"2026-000901"}}).want(t, http.StatusSeeOther)
	o, c = revocation(t)
	o.desk.takes[c.ID] = o.desk.takes[c.ID][:1]
	o.visit("anna").get("/cases/"+c.ID).want(t, http.StatusOK, `name="takes" value="2026-000901" checked`)
}

// Who confirms the approval of a revocation confirms what it takes back.
func TestFourEyesSeeWhatIsTakenBack(t *testing.T) {
	o, c := revocation(t, func(opt *Options) { opt.FourEyes = true })
	anna, bruno := o.visit("anna"), o.visit("bruno")
	anna.act(c, "approve", url.Values{"takes": {"2026-000901"}}).want(t, http.StatusSeeOther)
	bruno.get("/cases/"+c.ID).want(t, http.StatusOK, "Annulla: 2026-000901")
	bruno.act(o.desk.cases[c.ID], "approve", url.Values{"takes": {"2026-000902"}}).want(t, http.StatusSeeOther)
	if s := o.desk.cases[c.ID].State; s != rules.InReview {
		t.Fatalf("two said different things, and the case is %s", s)
	}
	anna.get("/cases/"+c.ID).want(t, http.StatusOK, "Annulla: 2026-000902")
	anna.act(o.desk.cases[c.ID], "approve", url.Values{"takes": {"2026-000902"}}).want(t, http.StatusSeeOther)
	if s := o.desk.cases[c.ID].State; s != rules.Accepted && s != rules.Closed {
		t.Errorf("confirmed, and the case is %s", s)
	}
}
