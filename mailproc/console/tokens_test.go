package console

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"sportello/rules"
)

// An admin ends the tokens of a colleague, as when a machine is stolen, without
// removing him; nobody else does, and the journal says who did.
func TestAnAdminEndsTokens(t *testing.T) {
	var events []rules.Event
	o := newOffice(t, func(opt *Options) { opt.Record = func(e rules.Event) error { events = append(events, e); return nil } })
	token, err := o.con.people.newToken("anna", "script")
	if err != nil {
		t.Fatal(err)
	}
	bearer := func() int {
		r, err := http.NewRequest("GET", o.srv.URL+"/api/cases", nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Authorization", "Bearer "+token)
		return o.visit("").do(r).StatusCode
	}
	if code := bearer(); code != http.StatusOK {
		t.Fatalf("the token: %d", code)
	}
	form := url.Values{"do": {"tokens"}, "name": {"anna"}}
	o.visit("bruno").post("/people", form).want(t, http.StatusForbidden)
	capo := o.visit("capo")
	capo.get("/people").want(t, http.StatusOK, "Token: 1", "Revoca i token")
	if w := o.ask("GET", "/api/users/anna/tokens", nil); w.Code != http.StatusOK || !strings.Contains(w.Body.String(), `"label":"script"`) {
		t.Errorf("the list: %d %s", w.Code, w.Body)
	}
	capo.post("/people", form).want(t, http.StatusSeeOther)
	if code := bearer(); code != http.StatusUnauthorized {
		t.Errorf("the token afterwards: %d", code)
	}
	if body := capo.get("/people").want(t, http.StatusOK).body; strings.Contains(body, "Revoca i token") {
		t.Error("it is offered still")
	}
	if len(events) == 0 || events[len(events)-1].Detail != "tokens of user anna ended" || events[len(events)-1].Author != "capo" {
		t.Errorf("the journal: %+v", events)
	}
	if w := o.ask("DELETE", "/api/users/nobody/tokens", nil); w.Code != http.StatusNotFound {
		t.Errorf("of nobody: %d %s", w.Code, w.Body)
	}
}
