package console

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"sportello/rules"
)

// overdueOffice is an office with a letter that was accepted, and of which no
// receipt says what became of it, beside one that failed.
func overdueOffice(t *testing.T) (o *office, overdue, failed *rules.Case) {
	t.Helper()
	o = newOffice(t)
	o.desk.fill(t)
	at := o.desk.now()
	for _, c := range o.desk.cases {
		if c.State == rules.Accepted && len(c.Letters) == 1 {
			overdue = c
		}
		if c.State == rules.InReview && failed == nil && len(c.Letters) > 0 {
			failed = c
		}
	}
	if overdue == nil || failed == nil {
		t.Fatal("the office has no such case")
	}
	l := &overdue.Letters[0]
	l.State, l.Told, l.Past = rules.Taken, true, false
	l.Receipts = []rules.ReceiptRef{{Kind: rules.ReceiptAccepted, At: at.Add(-31 * time.Hour)}}
	l = &failed.Letters[0]
	l.State, l.Tries, l.Receipts = rules.Failed, []rules.Try{{At: at, End: at, Answer: "554 5.7.1 message refused"}}, nil
	return o, overdue, failed
}

// The letters of which a receipt is overdue are listed with the others, and
// alone where one asks for them.
func TestOverdueLettersAreListed(t *testing.T) {
	o, overdue, failed := overdueOffice(t)
	vera := o.visit("vera")
	vera.get("/letters").want(t, http.StatusOK, overdue.ID, failed.ID, "senza ricevuta", "accettata, ma nessuna ricevuta dice se è stata consegnata", "accettata <time")
	body := vera.get("/letters?state=overdue").want(t, http.StatusOK, overdue.ID, `aria-current="true">senza ricevuta`, `href="/letters?state=failed"`).body
	if strings.Contains(body, "/cases/"+failed.ID) {
		t.Error("one that failed is among those that are overdue")
	}
	vera.get("/letters?state=bogus").want(t, http.StatusUnprocessableEntity, "Stato sconosciuto")
	var got struct{ Letters []LetterRow }
	w := o.ask("GET", "/api/letters?state=overdue", nil)
	if err := json.Unmarshal(w.Body.Bytes(), &got); err != nil || len(got.Letters) != 1 {
		t.Fatalf("%s: %v", w.Body, err)
	}
	if l := got.Letters[0]; l.Case != overdue.ID || !l.Overdue || l.State != rules.Taken || l.Accepted.IsZero() {
		t.Errorf("%+v", l)
	}
	if w := o.ask("GET", "/api/letters?state=bogus", nil); w.Code != http.StatusUnprocessableEntity {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}

// A letter that no server accepted can be said to have arrived in the browser,
// with how it is known; the page keeps both.
func TestArrivedInTheBrowser(t *testing.T) {
	o, _, failed := overdueOffice(t)
	anna := o.visit("anna")
	anna.get("/cases/"+failed.ID).want(t, http.StatusOK, "Segna come arrivata", `name="n" value="1"`)
	anna.act(failed, "arrived", map[string][]string{"n": {"1"}}).want(t, http.StatusUnprocessableEntity, "dire come si sa che è arrivata")
	anna.act(failed, "arrived", map[string][]string{"n": {"1"}, "text": {"ha telefonato il cliente"}}).want(t, http.StatusSeeOther)
	anna.get("/cases/"+failed.ID).want(t, http.StatusOK, "ha telefonato il cliente", "arrivata: lo ha detto una persona")
}

// What comes at once is said so, and not after no hours.
func TestAtOnce(t *testing.T) {
	o := newOffice(t)
	for lang, want := range map[string][2]string{"it": {"subito", "dopo: 24 ore"}, "en": {"at once", "after: 24 hours"}} {
		f := &formatter{c: o.con, lang: lang, t: o.con.views[lang].words}
		if got := [2]string{f.after("0 hours"), f.after("24 hours")}; got != want {
			t.Errorf("%s: %q", lang, got)
		}
	}
	o.desk.fill(t)
	o.visit("vera").get("/procedures/disdetta-dominio").want(t, http.StatusOK, `<span class="muted">subito</span>`)
}
