package console

import (
	"archive/zip"
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"sportello/rules"
)

// A case explains itself in a few Italian lines, whatever became of it.
func TestACaseExplainsItself(t *testing.T) {
	o := newOffice(t)
	o.desk.fill(t)
	v := o.visit("vera")
	ordinary := o.desk.arrive(t, mail{from: "mario.rossi@example.org", kind: rules.Anomaly, subject: "Disattivazione casella", text: ask("Mario Rossi", "mario.rossi")})
	for id, want := range map[string][]string{
		o.reviewOf("mario.rossi").ID: {"Gestore Dimostrativo S.p.A.", "Il mittente è mario.rossi@pec.example.it: controlli superati 5 su 6; NON controllato: Revoche.", "Non controllato: di qualche certificato della catena non si sa se era stato revocato.", "il testo è il modulo", "accolta — lo sportello, gio 12 nov 2026 09:12",
			"lettera 1 «accolta»: consegnata", "ricevuta di accettazione della lettera 1, firmata, gio 12 nov 2026 09:47", "ricevuta di avvenuta consegna", "la richiesta è conservata com&#39;è arrivata (archive/2026-11.tar@512)",
			"Tutto il testo è il modulo e cortesia innocua.", "Tutti i controlli sono superati.", "Il contenuto è quello che fu firmato, byte per byte."},
		o.reviewOf("franco.leone").ID: {"una condizione («", "Decide una persona, entro mer 25 nov 2026 23:59.", "Il modulo c&#39;è, ma accanto c&#39;è una condizione: «"},
		o.reviewOf("paolo.neri").ID:   {"respinta — lo sportello", "la casella non è attiva", "Nulla: la pratica è chiusa.", "La casella non è ancora attiva."},
		ordinary:                      {"il mittente non è provato", "posta ordinaria: non prova chi scrive", "Scritta da un indirizzo ordinario: non è la richiesta certificata di nessuno."},
	} {
		r := v.get("/cases/"+id).want(t, http.StatusOK, want...)
		if strings.Contains(r.body, "Non risulta revocato.") || strings.Contains(r.body, "tutti superati") {
			t.Errorf("case %s says that a revocation nobody looked for was checked", id)
		}
		if strings.Contains(r.body, `<li lang="en">`) {
			t.Errorf("case %s has a reason that is not Italian", id)
		}
		v.get("/cases/"+id+"/print").want(t, http.StatusOK, "In breve", want[0])
	}
}

// unmarked takes the marks away of what a search found.
var unmarked = strings.NewReplacer(`<mark class="found">`, "", "</mark>", "")

// The filters of the queue are in its URL, in its form and in what it lists.
func TestQueueFilters(t *testing.T) {
	o := newOffice(t)
	o.desk.fill(t)
	v := o.visit("vera")
	for query, want := range map[string]string{
		"q=leone":                               "franco.leone",
		"q=FRANCO.LEONE%40pec.example.it":       "franco.leone",
		"mailbox=franco":                        "franco.leone",
		"outcome=reject&overdue=":               "paolo.neri",
		"reason=mailbox_not_active":             "paolo.neri",
		"state=closed&procedure=disattivazione": "paolo.neri",
		"q=rossi+2026-0000":                     "mario.rossi",
	} {
		r := v.get("/?"+query).want(t, http.StatusOK)
		if !strings.Contains(unmarked.Replace(r.body), want) {
			t.Errorf("%s does not list %s", query, want)
		}
		if strings.Contains(r.body, "lucia<wbr>") || strings.Contains(r.body, "lucia.bianchi<wbr>") {
			t.Errorf("%s lists lucia.bianchi too", query)
		}
	}
	v.get("/?q=nessuno").want(t, http.StatusOK, "Nessuna richiesta corrisponde a questi filtri.")
	v.get("/?reason=danger_sign&order=received&mailbox=franco").want(t, http.StatusOK, `<option value="danger_sign" selected>`, `<option value="received" selected>`, `name="mailbox" value="franco"`,
		`<a href="/?mailbox=franco&amp;order=received" aria-label="Togli il filtro: Motivo">✕</a>`)
	v.get("/?state=open").want(t, http.StatusUnprocessableEntity, "Stato sconosciuto: «open».")
	v.get("/?q=2026-000001").want(t, http.StatusSeeOther)
	v.get("/parked?reason=not_ours").want(t, http.StatusOK, "news@example.org", "«Le offerte di novembre»")
	if r := v.get("/parked?reason=not_ours"); strings.Contains(r.body, "falso@pec.example.it") {
		t.Error("parked messages with another reason are listed too")
	}
}

// A page that was made before something happened learns of it as soon as it
// listens: its stream begins with where the desk is.
func TestTheStreamBeginsWithNow(t *testing.T) {
	o := newOffice(t)
	o.desk.fill(t)
	v := o.visit("vera")
	page, height := v.get("/").body, uint64(len(o.desk.events))
	o.desk.arrive(t, mail{from: "nuovo@pec.example.it", subject: "Disattivazione casella", text: ask("Nuovo Cliente", "nuovo")})
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	r, err := http.NewRequestWithContext(ctx, "GET", o.srv.URL+"/live", nil)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := v.http.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	for lines := bufio.NewScanner(resp.Body); lines.Scan(); {
		data, ok := strings.CutPrefix(lines.Text(), "data: ")
		if !ok {
			continue
		}
		var now struct{ Height uint64 }
		if err := json.Unmarshal([]byte(data), &now); err != nil || now.Height != uint64(len(o.desk.events)) {
			t.Errorf("the stream begins with %s, the journal has %d entries (%v)", data, len(o.desk.events), err)
		}
		if before := fmt.Sprintf(`data-height="%d"`, height); !strings.Contains(page, before) || now.Height <= height {
			t.Errorf("the page does not say that it was made at %d, before %d", height, now.Height)
		}
		return
	}
	t.Error("the stream said nothing")
}

// The dossiers of one mailbox answer who asks what is kept of him; a message
// that was erased is named in its place.
func TestExportOfAMailbox(t *testing.T) {
	o := newOffice(t)
	o.desk.fill(t)
	mario := o.reviewOf("mario.rossi").ID
	o.desk.messages[o.desk.cases[mario].Messages[0]].Status = "redacted"
	w := o.ask("GET", "/api/export?mailbox=mario.rossi@pec.example.it", nil)
	z := entries(t, w)
	for name, want := range map[string]string{"pratica.json": `"mailbox": "mario.rossi@pec.example.it"`, "messaggi/1-cancellato.txt": "non è più nell'archivio: cancellato per ordine.", "LEGGIMI.txt": "da root", "lettere/1-accolta.txt": "mario.rossi@pec.example.it"} {
		if text := z["fascicolo-"+mario+"/"+name]; !strings.Contains(text, want) {
			t.Errorf("%s does not say %q: %.200q", name, want, text)
		}
	}
	for name := range z {
		if !strings.HasPrefix(name, "fascicolo-"+mario+"/") || strings.HasSuffix(name, "INCOMPLETO.txt") {
			t.Errorf("the zip also has %s", name)
		}
	}
	all := entries(t, o.ask("GET", "/api/export?procedure=disattivazione", nil))
	if len(all) < 50 {
		t.Errorf("%d files of eleven cases", len(all))
	}
	if w := o.ask("GET", "/api/export?state=none", nil); w.Code != http.StatusUnprocessableEntity {
		t.Errorf("an unknown state: %d", w.Code)
	}
}

func entries(t *testing.T, w *httptest.ResponseRecorder) map[string]string {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(w.Body.Bytes()), int64(w.Body.Len()))
	if err != nil {
		t.Fatalf("%d: %v: %.200s", w.Code, err, w.Body)
	}
	out := map[string]string{}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		out[f.Name] = string(text)
	}
	return out
}

// A step of the proof that does not hold is not told as if it did, and an
// anomaly envelope says what it proves and what not.
func TestProofsThatProveNoSender(t *testing.T) {
	o := newOffice(t)
	f := &formatter{c: o.con, lang: "it", t: o.con.views["it"].words}
	for want, p := range map[string]rules.ProofStep{
		"Il contenuto è quello che fu firmato, byte per byte.":                         {Name: "digest", OK: true},
		"Non accertato: il contenuto è quello che fu firmato, byte per byte.":          {Name: "digest"},
		"I dati dicono che è posta certificata.":                                       {Name: "type", OK: true, Detail: "posta-certificata"},
		"L'intestazione dice che è una busta di anomalia: dentro c'è posta ordinaria.": {Name: "type", OK: true, Detail: "errore"},
		"I dati dicono che cos'è.":                                                     {Name: "type", OK: true, Detail: "avvenuta-consegna"},
	} {
		if got := f.proofWhat(p, p.StateIn([]rules.ProofStep{p})); got != want {
			t.Errorf("%+v reads %q, want %q", p, got, want)
		}
	}
	signer := rules.ProofStep{Name: "signer", OK: true, Detail: "Gestore Dimostrativo S.p.A."}
	for want, c := range map[string]*rules.Case{
		"Gestore Dimostrativo S.p.A. — controlli sulla busta superati: 2; ma dentro c'è posta ordinaria, che non prova chi l'ha scritta.": {Proof: []rules.ProofStep{signer, {Name: "type", OK: true}}},
		"Gestore Dimostrativo S.p.A. — controlli NON superati: 1 su 2; il mittente non è provato.":                                        {Proof: []rules.ProofStep{signer, {Name: "digest"}}},
		"Gestore Dimostrativo S.p.A. 2 controlli, tutti superati: il mittente è a@pec.example.it.":                                        {Proved: true, Mailbox: "a@pec.example.it", Proof: []rules.ProofStep{signer, {Name: "revocation", OK: true, Detail: "not revoked"}}},
	} {
		if got := strings.Join(f.whoSigned(c).Texts, " "); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
	if enveloped(string(rules.Receipt)) || !enveloped(string(rules.Anomaly)) {
		t.Error("the signature of an anomaly envelope is shown as the customer's attachment")
	}
}
