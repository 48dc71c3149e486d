package console

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
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
	anna.act(c, "approve", url.Values{"text": {"Ho \"letto\"\ntutto"}}).want(t, http.StatusSeeOther)
	if s := state(); s.State != rules.InReview || len(s.Notes) == 0 || !strings.Contains(s.Notes[0].Text, "An approval is proposed, and waits for a second person") {
		t.Fatalf("after the proposal the case is %s, notes %v", s.State, s.Notes)
	}
	anna.get("/cases/"+c.ID).want(t, http.StatusOK, "anna propone di accoglierla: deve confermarla un&#39;altra persona.", "Un&#39;approvazione è proposta, e aspetta una seconda persona: «Ho &#34;letto&#34;\ntutto».")
	// Whoever looks at the queue, at the incidents or at a list sees that it waits for him.
	bruno.get("/").want(t, http.StatusOK, "accoglimento proposto da anna: serve un&#39;altra persona", `Avvisi <span class="count">1</span>`)
	bruno.get("/incidents").want(t, http.StatusOK, "seconda persona", "Pratica "+c.ID+": anna propone di accoglierla, e una seconda persona deve confermare.")
	if w := o.ask("GET", "/api/cases", nil); strings.Count(w.Body.String(), `"proposed_by":"anna"`) != 1 {
		t.Errorf("the list says %s", w.Body)
	}
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
	bruno.get("/incidents").want(t, http.StatusOK, "Nessun avviso")
	// A rejection executes nothing, and needs one person.
	c = o.inState(rules.InReview)
	anna.act(c, "reject", url.Values{"text": {"no"}}).want(t, http.StatusSeeOther)
	if s := state(); s.State != rules.Rejected {
		t.Errorf("rejected alone: %s", s.State)
	}
}

// asUser puts a question over the socket as a user who proves himself.
func (o *office) asUser(name, secret, method, path string, body any) *httptest.ResponseRecorder {
	o.t.Helper()
	raw, err := json.Marshal(body)
	if err != nil {
		o.t.Fatal(err)
	}
	r := httptest.NewRequest(method, path, bytes.NewReader(raw))
	if name == "" {
		r.Header.Set("Authorization", "Bearer "+secret)
	} else {
		r.SetBasicAuth(name, secret)
	}
	w := httptest.NewRecorder()
	o.con.Socket().ServeHTTP(w, r)
	return w
}

// Over the socket a name that is only said proposes and confirms nothing; one
// who proves himself counts, and is the same person as in the browser.
func TestFourEyesOverTheSocket(t *testing.T) {
	o := newOffice(t, func(opt *Options) { opt.FourEyes = true })
	o.desk.fill(t)
	c := o.inState(rules.InReview)
	path, act := "/api/cases/"+c.ID+"/acts", rules.Act{Verb: "approve"}
	for range 2 { // two claimed names are not two people
		if w := o.ask("POST", path, act); w.Code != http.StatusUnprocessableEntity || !strings.Contains(w.Body.String(), "--as NAME") {
			t.Fatalf("a name that was only said: %d %s", w.Code, w.Body)
		}
	}
	if w := o.ask("POST", path, rules.Act{Verb: "note", Text: "visto"}); w.Code != http.StatusOK {
		t.Fatalf("a note takes one person: %d %s", w.Code, w.Body)
	}
	if w := o.asUser("vera", password, "POST", path, act); w.Code != http.StatusForbidden {
		t.Fatalf("a viewer: %d", w.Code)
	}
	o.visit("anna").act(o.inStateOf(c), "approve", nil).want(t, http.StatusSeeOther) // in the browser
	if w := o.asUser("anna", password, "POST", path, act); w.Code != http.StatusAccepted || !strings.Contains(w.Body.String(), `"proposal":{"by":"anna"`) {
		t.Fatalf("anna again, over the socket: %d %s", w.Code, w.Body)
	}
	if w := o.asUser("anna", password, "POST", "/api/cases/"+c.ID+"/drop", nil); w.Code != http.StatusOK || strings.Contains(w.Body.String(), `"proposal"`) {
		t.Fatalf("taken back: %d %s", w.Code, w.Body)
	}
	if w := o.asUser("anna", password, "POST", path, act); w.Code != http.StatusAccepted {
		t.Fatalf("proposed over the socket: %d %s", w.Code, w.Body)
	}
	token, err := o.con.people.newToken("bruno", "prova")
	if err != nil {
		t.Fatal(err)
	}
	if w := o.asUser("", token, "POST", path, act); w.Code != http.StatusOK {
		t.Fatalf("confirmed by bruno's token: %d %s", w.Code, w.Body)
	}
	d, err := o.desk.Case(t.Context(), c.ID)
	if err != nil || d.Case.State != rules.Accepted || d.Case.DecidedBy != "bruno" {
		t.Fatalf("the case is %s by %s, %v", d.Case.State, d.Case.DecidedBy, err)
	}
	var who []string
	for _, e := range d.Events {
		if e.Kind == rules.Noted || e.Kind == rules.Approved {
			who = append(who, string(e.Kind)+" "+e.Author)
		}
	}
	if got, want := strings.Join(who, ", "), "noted root, noted anna, noted anna, noted anna, approved bruno"; got != want {
		t.Errorf("journaled: %s, want %s", got, want)
	}
}

func (o *office) inStateOf(c *rules.Case) *rules.Case {
	o.t.Helper()
	d, err := o.desk.Case(o.t.Context(), c.ID)
	if err != nil {
		o.t.Fatal(err)
	}
	return d.Case
}

// Passwords are guessed as slowly over the socket as in the browser, and a
// claimed name is worth nothing where one must be proved.
func TestSocketProof(t *testing.T) {
	o := newOffice(t)
	o.desk.fill(t)
	for range freeTries {
		if w := o.asUser("anna", "wrong", "GET", "/api/cases", nil); w.Code != http.StatusUnauthorized {
			t.Fatalf("a wrong password: %d", w.Code)
		}
	}
	if w := o.asUser("anna", password, "GET", "/api/cases", nil); w.Code != http.StatusUnauthorized || !strings.Contains(w.Body.String(), "too many attempts") {
		t.Fatalf("after %d failures: %d %s", freeTries, w.Code, w.Body)
	}
	if w := o.asUser("", "sportello_x", "GET", "/api/cases", nil); w.Code != http.StatusUnauthorized {
		t.Errorf("a made-up token: %d", w.Code)
	}
	if w := o.asUser("bruno", password, "GET", "/api/users", nil); w.Code != http.StatusForbidden {
		t.Errorf("an operator among the users: %d", w.Code)
	}
	// In the browser the header of the socket is any visitor's, and means nothing.
	r, err := http.NewRequest("POST", o.srv.URL+"/api/cases/"+o.inState(rules.InReview).ID+"/acts", strings.NewReader(`{"verb":"note","text":"x"}`))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set(AuthorHeader, "root")
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	if resp.StatusCode != http.StatusUnauthorized {
		t.Errorf("%s on the console's address: %s", AuthorHeader, resp.Status)
	}
}
