package console

import (
	"net/http"
	"net/url"
	"testing"

	"sportello/rules"
)

// With four eyes an approval takes two people, whichever door they come by.
func TestFourEyes(t *testing.T) {
	o := newOffice(t, func(opt *Options) { opt.FourEyes = true })
	o.desk.fill(t)
	c := o.inState(rules.InReview)
	state := func() *rules.Case {
		d, err := o.desk.Case(t.Context(), c.ID)
		if err != nil {
			t.Fatal(err)
		}
		return d.Case
	}
	anna, bruno := o.visit("anna"), o.visit("bruno")
	anna.act(c, "approve", nil).want(t, http.StatusSeeOther)
	if s := state(); s.State != rules.InReview || len(s.Notes) == 0 {
		t.Fatalf("after the proposal the case is %s, notes %v", s.State, s.Notes)
	}
	anna.get("/cases/"+c.ID).want(t, http.StatusOK, "deve confermarla un&#39;altra persona")
	anna.act(state(), "approve", nil).want(t, http.StatusSeeOther)
	anna.post("/cases/"+c.ID+"/proposal", url.Values{"answer": {"confirm"}})
	if s := state(); s.State != rules.InReview {
		t.Fatalf("one person approved alone: %s", s.State)
	}
	bruno.get("/cases/"+c.ID).want(t, http.StatusOK, "L&#39;ha proposta anna")
	bruno.post("/cases/"+c.ID+"/proposal", url.Values{"answer": {"confirm"}}).want(t, http.StatusSeeOther)
	if s := state(); s.State != rules.Accepted || s.DecidedBy != "bruno" {
		t.Fatalf("after the confirmation the case is %s by %s", s.State, s.DecidedBy)
	}
	// A rejection executes nothing, and needs one person.
	c = o.inState(rules.InReview)
	anna.act(c, "reject", url.Values{"text": {"no"}}).want(t, http.StatusSeeOther)
	if s := state(); s.State != rules.Rejected {
		t.Errorf("rejected alone: %s", s.State)
	}
}
