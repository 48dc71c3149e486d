package console

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"sportello/rules"
)

// TestRowIsOfOneZone: in one row all instants are written in one zone.
func TestRowIsOfOneZone(t *testing.T) {
	cal, err := rules.NewCalendar("Europe/Rome", nil, false)
	if err != nil {
		t.Fatal(err)
	}
	at := time.Date(2026, 11, 26, 6, 4, 17, 0, time.UTC)
	c := &rules.Case{ID: "2026-000123", Received: at, Due: at.Add(72 * time.Hour), Answered: at, Delivered: at}
	r := RowOf(c, cal, at)
	for _, got := range []*time.Time{r.Received, r.Due, r.Answered, r.Delivered} {
		if got.Location() != cal.Zone || got.Sub(at)%(72*time.Hour) != 0 {
			t.Errorf("an instant is %s", got)
		}
	}
	if c.Received.Location() != time.UTC {
		t.Error("the case itself was changed")
	}
}

// TestStatisticsOfNoDays: a number of days that cannot be is refused, and not
// answered with another.
func TestStatisticsOfNoDays(t *testing.T) {
	o := newOffice(t)
	for query, want := range map[string]int{"": http.StatusOK, "?days=7": http.StatusOK, "?days=0": http.StatusBadRequest, "?days=99999": http.StatusBadRequest, "?days=x": http.StatusBadRequest} {
		if w := o.ask("GET", "/api/statistics"+query, nil); w.Code != want {
			t.Errorf("%q: %d, want %d: %s", query, w.Code, want, w.Body)
		}
	}
}

// The queue dates a promise that is open, by whose turn it is, and no other: a
// date beside an answer would be read as the answer's.
func TestTheDayOfAPromise(t *testing.T) {
	o := newOffice(t)
	o.desk.fill(t)
	anna := o.visit("anna")
	f := &formatter{c: o.con, lang: "it", t: o.con.views["it"].words}
	id := o.reviewOf("franco.leone").ID
	anna.act(o.desk.cases[id], "ask", url.Values{"document": {"documento di identità"}}).want(t, http.StatusSeeOther)
	o.desk.deliver(t, id)
	waits := o.desk.cases[id]
	anna.get("/?state=waiting").want(t, http.StatusOK, "<b>tocca al cliente</b><small>"+string(f.day(waits.Until)))
	review := o.desk.cases[o.inState(rules.InReview).ID]
	anna.get("/?state=review").want(t, http.StatusOK, "</b><small>"+string(f.day(review.Due)))
	if body := anna.get("/?state=closed").want(t, http.StatusOK, "<b>risposta nei termini</b>").body; strings.Contains(body, "<b>risposta nei termini</b><small>") {
		t.Error("an answered case shows a day as if it were its answer's")
	}
}

// A row that a search found says which words met it, and where they stand.
func TestARowSaysWhatWasFound(t *testing.T) {
	o := newOffice(t)
	o.desk.fill(t)
	c := o.desk.cases[o.reviewOf("franco.leone").ID]
	c.Fields = map[string]string{"titolare": `Franco <b>Leone`, "casella": c.Mailbox}
	vera := o.visit("vera")
	vera.get("/?q=leon+franc").want(t, http.StatusOK, `<bdi><mark class="found">franco</mark>.<mark class="found">leone</mark>@pec`, `<mark class="found">Franco</mark> &lt;b&gt;<mark class="found">Leone</mark>`)
	if body := vera.get("/").body; strings.Contains(body, "<mark") {
		t.Error("words are marked that nobody looked for")
	}
	var got struct{ Cases []Row }
	w := o.ask("GET", "/api/cases?q=leon", nil)
	if err := json.Unmarshal(w.Body.Bytes(), &got); err != nil || len(got.Cases) == 0 {
		t.Fatalf("%v: %s", err, w.Body)
	}
	if f := got.Cases[0].Found; len(f) != 2 || f[0].In != "mailbox" || f[1].In != "titolare" || f[1].Pieces[1] != (rules.FoundPiece{Text: "Leone", Found: true}) {
		t.Errorf("found %+v", f)
	}
	if w := o.ask("GET", "/api/cases", nil); strings.Contains(w.Body.String(), `"found"`) {
		t.Errorf("found without a search: %s", w.Body)
	}
}
