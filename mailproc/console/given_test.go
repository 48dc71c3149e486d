package console

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"sportello/rules"
)

// The form of an act has a place for each word that its letter asks for, and
// they go into the letter, as with --word.
func TestTheFormGivesTheLetterItsWords(t *testing.T) {
	o := newOffice(t)
	o.desk.fill(t)
	id := o.desk.arrive(t, mail{from: "legale.rossi@pec.example.it", to: "customer.service", subject: "Richiesta log", text: "Il sottoscritto richiede i log della casella PEC legale.rossi@pec.example.it."})
	c, anna := o.desk.cases[id], o.visit("anna")
	if c.Procedure != "richiesta-log" {
		t.Fatalf("the case is of %q", c.Procedure)
	}
	anna.get("/cases/"+id).want(t, http.StatusOK, `name="word.dove"`, `name="word.disponibile_fino"`, "Dove si trovano i log")
	if r := anna.get("/cases/" + o.reviewOf("franco.leone").ID); strings.Contains(r.body, `name="word.`) {
		t.Error("a letter that asks for no word has a place for one")
	}
	var preview struct{ Words []string }
	act := rules.Act{Verb: "approve", Words: map[string]string{"dove": "nell'area riservata"}}
	if w := o.ask("POST", "/api/cases/"+id+"/preview", act); json.Unmarshal(w.Body.Bytes(), &preview) != nil || !slices.Equal(preview.Words, []string{"periodo_da", "periodo_a", "disponibile_fino"}) {
		t.Errorf("a preview over the socket names as not given: %v", preview.Words)
	}
	form := url.Values{"word.dove": {"nell'area riservata"}, "word.disponibile_fino": {"31 gennaio 2027"}, "word.periodo_da": {" "}, "verb": {"approve"}, "version": {fmt.Sprint(c.Version)}}
	anna.post("/cases/"+id+"/preview", form).want(t, http.StatusOK, "nell&#39;area riservata, fino a", `value="31 gennaio 2027"`)
	anna.act(c, "approve", form).want(t, http.StatusSeeOther)
	d, err := o.desk.Case(t.Context(), id)
	if err != nil || !strings.Contains(strings.Join(strings.Fields(d.Case.Letters[len(d.Case.Letters)-1].Text), " "), "nell'area riservata, fino a domenica 31 gennaio 2027 incluso") {
		t.Errorf("the letter: %v, %+v", err, d.Case.Letters)
	}
}

// Who wrote until his session was over is told so, and logged in again finds his
// words in the form; nothing was done meanwhile.
func TestWordsOutliveTheSession(t *testing.T) {
	o := newOffice(t)
	o.desk.fill(t)
	c, late := o.inState(rules.InReview), o.visit("")
	words := "Le scrivo con \"virgolette\" & <b>segni</b>,\nsu due righe."
	r := late.act(c, "answer", url.Values{"text": {words}}).want(t, http.StatusUnauthorized, "La sessione è finita", `name="text" value="Le scrivo con &#34;virgolette&#34; &amp; &lt;b&gt;segni`, `name="to" value="/cases/`+c.ID+`/preview"`)
	if strings.Contains(r.body, "<b>segni") {
		t.Error("what was written is part of the page")
	}
	form := url.Values{"name": {"anna"}, "password": {password}, "to": {"/cases/" + c.ID + "/preview"}, "verb": {"answer"}, "version": {fmt.Sprint(c.Version)}, "text": {words}}
	if r := late.post("/login", form).want(t, http.StatusTemporaryRedirect); r.Header.Get("Location") != "/cases/"+c.ID+"/preview" {
		t.Fatalf("he is sent to %q", r.Header.Get("Location"))
	}
	late.post("/cases/"+c.ID+"/preview", form).want(t, http.StatusOK, `class="verb v-answer" name="verb" open`, "Le scrivo con &#34;virgolette&#34;")
	if o.state(t, c.ID) != rules.InReview {
		t.Error("something was done")
	}
	o.visit("").post("/people", url.Values{"do": {"add"}, "name": {"x"}}).want(t, http.StatusUnauthorized, `name="to" value="/"`)
}

// What can be chosen in one way alone is chosen already, and no reason is offered
// that would not be true.
func TestTheFormOffersWhatIsSo(t *testing.T) {
	o := newOffice(t)
	o.desk.fill(t)
	anna := o.visit("anna")
	if r := anna.get("/cases/" + o.reviewOf("franco.leone").ID); strings.Contains(r.body, `<option value="documents_lapsed"`) || !strings.Contains(r.body, `<option value="body_not_conforming"`) {
		t.Error("documents that were never asked for may be said to have come too late")
	}
	c := o.inState(rules.Accepted)
	o.desk.deliver(t, c.ID)
	if err := o.desk.record(rules.Event{Kind: rules.StepAsked, Case: c.ID, Step: &rules.StepRef{N: 1, Do: c.Steps[0].Do}}); err != nil {
		t.Fatal(err)
	}
	anna.get("/cases/"+c.ID).want(t, http.StatusOK, `type="radio" name="n" value="1" required checked>`)
}

// An admin gives somebody a new password, and removes nobody at one click.
func TestPeopleAreResetAndRemovedOnPurpose(t *testing.T) {
	o := newOffice(t)
	capo, vera := o.visit("capo"), o.visit("vera")
	capo.get("/people").want(t, http.StatusOK, "Nuova password", "<summary>Rimuovi", "vera perde l&#39;accesso", "Sì, rimuovi")
	const fresh = "una frase del tutto nuova"
	capo.post("/people", url.Values{"do": {"password"}, "name": {"vera"}, "password": {"corta"}}).want(t, http.StatusUnprocessableEntity, "almeno 10 caratteri")
	capo.post("/people", url.Values{"do": {"password"}, "name": {"vera"}, "password": {fresh}}).want(t, http.StatusSeeOther)
	if r := vera.get("/"); r.StatusCode != http.StatusSeeOther {
		t.Errorf("vera's old session is still open: %s", r.Status)
	}
	if r := o.visit("").post("/login", url.Values{"name": {"vera"}, "password": {fresh}}); r.StatusCode != http.StatusSeeOther {
		t.Errorf("the new password does not open: %s", r.Status)
	}
	if r := vera.post("/people", url.Values{"do": {"password"}, "name": {"capo"}, "password": {fresh}}); r.StatusCode == http.StatusOK {
		t.Errorf("a viewer changed a password: %s", r.Status)
	}
}
