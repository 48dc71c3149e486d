package console

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"sportello/rules"
)

// join lets a message that belongs to an open case arrive.
func (d *fakeDesk) join(t testing.TB, id string, dec rules.Decision, m mail) uint64 {
	t.Helper()
	d.mu.Lock()
	defer d.mu.Unlock()
	n := uint64(len(d.messages)) + 1
	msg := rules.Message{Mailbox: "disattivazioni", Kind: rules.Transport, Signature: "valid", Subject: m.subject, Text: m.text, Sender: m.from, Delivered: d.at}
	d.messages[n] = &rules.MessageView{ID: n, Mailbox: "disattivazioni", Kind: string(rules.Transport), Status: "case", Case: id, Delivered: d.at, Read: d.at, Digest: strings.Repeat("0", 64), Archive: "archive/2026-11.tar@9216", Facts: &msg}
	d.raws[n] = []byte(envelope(m))
	events, err := d.set.Join(d.cases[id], rules.Arrival{ID: n, Message: msg, Decision: dec}, d.at)
	if err == nil {
		err = d.record(events...)
	}
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// What the customer wrote after the request stands on the page of the case,
// and documents that arrived are no longer waited for.
func TestLaterMessagesAreOnTheCase(t *testing.T) {
	o := newOffice(t)
	o.desk.fill(t)
	id, anna := o.reviewOf("studio.verdi").ID, o.visit("anna")
	anna.act(o.desk.cases[id], "ask", url.Values{"document": {"documento di identità"}}).want(t, http.StatusSeeOther)
	const waits = "Documenti richiesti:"
	anna.get("/cases/"+id).want(t, http.StatusOK, waits, "documenti richiesti — anna, ")
	o.desk.join(t, id, rules.Decision{Outcome: rules.Review, Reasons: []string{"It belongs to the open case " + id + ": a person reads it."}},
		mail{from: "studio.verdi@pec.example.it", subject: "Documenti", text: "Ecco la carta d'identità richiesta."})
	last := o.desk.join(t, id, rules.Decision{Outcome: rules.Review, Reason: rules.Revocation},
		mail{from: "studio.verdi@pec.example.it", subject: "Ci ho ripensato", text: "Non procedete più."})
	body := anna.get("/cases/"+id).want(t, http.StatusOK, "Che cosa ha scritto dopo il cliente", "Ecco la carta d&#39;identità richiesta.", "Ci ho ripensato", "Non procedete più.", "Documenti che erano stati richiesti:", fmt.Sprintf("(messaggio %d)", last)).body
	if strings.Contains(body, waits) {
		t.Error("documents that arrived are still waited for")
	}
	if strings.Index(body, "Non procedete più.") > strings.Index(body, "Ecco la carta") {
		t.Error("the newest message is not the first")
	}
	anna.get("/cases/"+id+"/print").want(t, http.StatusOK, "Non procedete più.")
	if o.desk.cases[id].Messages[2] != last {
		t.Fatal("the message did not join")
	}
}

// A case whose request was erased by order says so, claims no proof that is no
// more, and cannot be approved.
func TestAnErasedRequestIsSaidToBe(t *testing.T) {
	o := newOffice(t)
	o.desk.fill(t)
	id, anna := o.reviewOf("franco.leone").ID, o.visit("anna")
	anna.get("/cases/"+id).want(t, http.StatusOK, "la richiesta è conservata com&#39;è arrivata", "Accogli e invia")
	msg := o.desk.cases[id].Messages[0]
	m := o.desk.messages[msg]
	m.Status, m.Facts = "redacted", nil
	delete(o.desk.raws, msg)
	if err := o.desk.record(rules.Event{Kind: rules.Redacted, Case: id, Message: msg, Author: "capo", Detail: "Garante, provv. 7/2026"}); err != nil {
		t.Fatal(err)
	}
	body := anna.get("/cases/"+id).want(t, http.StatusOK, "la richiesta è stata cancellata per ordine: resta la sua impronta (SHA-256 "+m.Digest, "richiesta cancellata per ordine", "messaggio cancellato per ordine", "Garante, provv. 7/2026", "<b>cancellato per ordine</b>").body
	for _, no := range []string{"conservata com&#39;è arrivata", "Accogli e invia", "Gli allegati non si leggono", fmt.Sprintf("/messages/%d/raw", msg)} {
		if strings.Contains(body, no) {
			t.Errorf("the page still says %q", no)
		}
	}
	anna.act(o.desk.cases[id], "approve", nil).want(t, http.StatusUnprocessableEntity)
	anna.get(fmt.Sprintf("/messages/%d", msg)).want(t, http.StatusOK, "cancellato per ordine")
}

// What the desk said is not put into an operator's mouth, and a danger sign of
// the first reading is not the reason of what happened later.
func TestReasonsAreWhoseTheyAre(t *testing.T) {
	o := newOffice(t)
	o.desk.fill(t)
	id, anna := o.reviewOf("franco.leone").ID, o.visit("anna")
	const sign = "Parole che cambiano il senso — una condizione: «"
	anna.get("/cases/"+id).want(t, http.StatusOK, sign, "Il ragionamento dello sportello, ")
	anna.act(o.desk.cases[id], "approve", nil).want(t, http.StatusSeeOther)
	anna.get("/cases/"+id).want(t, http.StatusOK, "Deciso da <b>anna</b>", "<h3 class=\"said\">Il ragionamento dello sportello, <time", "<p class=\"lead\">accolta</p>")
	o.desk.join(t, id, rules.Decision{Outcome: rules.Review, Reason: rules.Revocation, Reasons: []string{"The writer takes a request back: a person looks at once."}},
		mail{from: "franco.leone@pec.example.it", subject: "Ci ho ripensato", text: "Non procedete."})
	r := anna.get("/cases/"+id).want(t, http.StatusOK, "<p class=\"lead\">Il cliente ci ripensa</p>", "Prima era: accolta. Deciso da <b>anna</b>", "accolta — anna, ", "Poi è tornata a una persona: il cliente ci ripensa")
	anna.get("/cases/"+id+"/print").want(t, http.StatusOK, "Poi è tornata a una persona: Il cliente ci ripensa.")
	if strings.Contains(r.body, "Il cliente ci ripensa — una condizione") {
		t.Error("the first reading's sign is glued to the revocation")
	}
	if r := anna.get("/cases/" + o.reviewOf("studio.verdi").ID); strings.Contains(r.body, "La decide sempre una persona — ") {
		t.Error("a sign that stopped nothing is glued to the reason")
	}
	if strings.Index(r.body, "una persona guarda subito") > strings.Index(r.body, "accanto c&#39;è una condizione") {
		t.Error("what the desk said last is not first")
	}
}

// A refusal is read in the language of the page, in the page and in the
// letter's place.
func TestRefusalsAreInThePagesLanguage(t *testing.T) {
	o := newOffice(t)
	o.desk.fill(t)
	c, anna := o.inState(rules.InReview), o.visit("anna")
	anna.act(c, "reject", nil).want(t, http.StatusUnprocessableEntity, "Non è stato fatto nulla. Per respingere serve un motivo")
	anna.act(c, "ask", nil).want(t, http.StatusUnprocessableEntity, "Indicare quali documenti si chiedono.")
	anna.act(c, "resend", nil).want(t, http.StatusUnprocessableEntity, "Nessuna lettera della pratica "+c.ID+" è fallita.")
	anna.act(c, "reopen", nil).want(t, http.StatusUnprocessableEntity, "ora riapri non si può. Si può: accogli, respingi")
	anna.post("/messages/1/replay", nil).want(t, http.StatusUnprocessableEntity, "Il messaggio 1 non è fra gli accantonati")
	anna.post("/lang", url.Values{"lang": {"en"}})
	anna.act(c, "ask", nil).want(t, http.StatusUnprocessableEntity, "Nothing was done. say which documents are asked for")
}

// A reason that means nothing lists nothing without saying so: it is refused.
func TestParkedByAnUnknownReason(t *testing.T) {
	o := newOffice(t)
	o.desk.fill(t)
	o.visit("vera").get("/parked?reason=bogus").want(t, http.StatusUnprocessableEntity, "Motivo sconosciuto: «bogus».")
	if w := o.ask("GET", "/api/parked?reason=bogus", nil); w.Code != http.StatusUnprocessableEntity {
		t.Errorf("the API: %d %s", w.Code, w.Body)
	}
}

// A case whose retention ended says that its content is gone, not that it was
// ordinary mail, and cannot be opened again.
func TestAnEmptiedCaseIsSaidToBe(t *testing.T) {
	o := newOffice(t)
	o.desk.fill(t)
	id, anna := o.reviewOf("paolo.neri").ID, o.visit("anna")
	c := o.desk.cases[id]
	if c.State != rules.Closed || !c.Proved {
		t.Fatalf("the case is %s", c.State)
	}
	anna.get("/cases/"+id).want(t, http.StatusOK, "Riapri la pratica")
	// What the store folds it to when the private parts of its events are gone.
	c.Mailbox, c.Subject, c.Explanation, c.Proof, c.Fields, c.Facts = "", "", rules.Explanation{}, nil, nil, nil
	for i := range c.Letters {
		c.Letters[i].LetterText = rules.LetterText{}
	}
	body := anna.get("/cases/"+id).want(t, http.StatusOK, "contenuto cancellato a fine conservazione", "Il mittente era provato; il dettaglio dei controlli è stato cancellato", "Il testo della lettera è stato cancellato").body
	for _, no := range []string{"posta ordinaria", "Posta ordinaria", "Riapri la pratica", "non risulta"} {
		if strings.Contains(body, no) {
			t.Errorf("the page still says %q", no)
		}
	}
	anna.get("/cases/"+id+"/print").want(t, http.StatusOK, "Il mittente era provato")
	anna.act(c, "reopen", nil).want(t, http.StatusUnprocessableEntity, "una nuova richiesta apre una nuova pratica")
}
