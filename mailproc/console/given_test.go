package console

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
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
	form := url.Values{"word.dove": {"nell'area riservata"}, "word.disponibile_fino": {"31 gennaio 2027"}, "word.periodo_da": {" "}, "verb": {"approve"}, "version": {fmt.Sprint(c.Version)}}
	anna.post("/cases/"+id+"/preview", form).want(t, http.StatusOK, "nell&#39;area riservata, fino a 31 gennaio 2027 incluso", `value="31 gennaio 2027"`)
	anna.act(c, "approve", form).want(t, http.StatusSeeOther)
	d, err := o.desk.Case(t.Context(), id)
	if err != nil || !strings.Contains(strings.Join(strings.Fields(d.Case.Letters[len(d.Case.Letters)-1].Text), " "), "nell'area riservata, fino a 31 gennaio 2027 incluso") {
		t.Errorf("the letter: %v, %+v", err, d.Case.Letters)
	}
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
