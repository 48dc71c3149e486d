package rules

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// twoProcedures are the forms of the providers' help pages, to the letter.
func twoProcedures(t testing.TB) *Set {
	t.Helper()
	deactivation := &Procedure{Name: "disattivazione", Title: "Disattivazione anticipata di una casella PEC", Mailbox: "disattivazioni",
		Subject: "Disattivazione casella", Decide: "automatic", Term: "3 working days", Wording: "form",
		Blanks: []Blank{{Name: "titolare", Kind: "person"}, {Name: "casella", Kind: "pec-address", Must: "certified-sender"}, {Name: "caso", Kind: "case-number", Optional: true}},
		Checks: []Check{{Is: "managed-domain", Else: "reject:unknown_mailbox"}, {Is: "mailbox-known", Else: "reject:unknown_mailbox"},
			{Is: "mailbox-active", Else: "reject:mailbox_not_active"}, {Is: "holder-same", Else: "review:holder_differs"}},
		Steps: []Step{{Do: "read-only", After: "delivered"}, {Do: "close", After: "5 days"}}}
	withdrawal := &Procedure{Name: "recesso-rinnovo", Title: "Recesso dal rinnovo automatico di una casella PEC", Mailbox: "customer.service",
		Decide: "automatic", Term: "3 working days", Wording: "free",
		Blanks: []Blank{{Name: "titolare", Kind: "person"}, {Name: "casella", Kind: "pec-address", Must: "certified-sender"}, {Name: "ordine", Kind: "order-number"}, {Name: "pannello", Kind: "panel"}},
		Checks: []Check{{Is: "managed-domain", Else: "reject:unknown_mailbox"}, {Is: "mailbox-known", Else: "reject:unknown_mailbox"}, {Is: "mailbox-active", Else: "reject:mailbox_not_active"},
			{Is: "order-known", Else: "review:order_unknown"}, {Is: "order-auto-renewal", Else: "review:first_purchase"}, {Is: "order-same-mailbox", Else: "review:order_differs"},
			{Is: "order-same-panel", Else: "review:order_differs"}, {Is: "within-days", Days: 30, Else: "reject:outside_30_days"}, {Is: "holder-same", Else: "review:holder_differs"}},
		Steps: []Step{{Do: "close", After: "delivered"}, {Do: "refund", After: "delivered"}}}
	for p, text := range map[*Procedure]string{
		deactivation: `Il sottoscritto {titolare} titolare della casella PEC {casella} richiede la disattivazione anticipata della stessa (come da caso di assistenza {caso}).`,
		withdrawal:   `Il sottoscritto {titolare} dichiara di non aver più intenzione di utilizzare la casella PEC {casella} rinnovata con numero d\'ordine {ordine} per il pannello di controllo {pannello} -EURO, consapevole che la casella verrà cancellata alla ricezione della presente indipendentemente dalla scadenza effettiva, avvalendosi del diritto di recesso.`,
	} {
		f, err := ParseForm(text, p.Blanks)
		if err != nil {
			t.Fatal(err)
		}
		p.Form = f
	}
	return &Set{Procedures: []*Procedure{deactivation, withdrawal}, Calendar: rome(t), Settings: DefaultSettings()}
}

func request(subject, text string) Message {
	at := time.Date(2026, 11, 10, 10, 22, 0, 0, time.UTC)
	return Message{Mailbox: "disattivazioni", Kind: Transport, Signature: "valid", Sender: "mario.rossi@pec.example.it",
		Sent: at, Delivered: at.Add(2 * time.Second), Subject: subject, Text: text}
}

// readAs demands how a message is read.
func readAs(t *testing.T, s *Set, subject, text string, want Outcome) {
	t.Helper()
	if r := s.Read(request(subject, text)); r.Outcome != want {
		t.Errorf("%q, %q: %s %s %v, want %s", subject, text, r.Outcome, r.Reason, r.Reasons, want)
	}
}

const plainRequest = "Buongiorno,\n\nIl sottoscritto Mario Rossi titolare della casella PEC mario.rossi@pec.example.it\nrichiede la disattivazione anticipata della stessa (come da caso di assistenza 1234567).\n\nCordiali saluti\nMario Rossi\n"

func TestReadPlainRequest(t *testing.T) {
	r := twoProcedures(t).Read(request("Disattivazione casella", plainRequest))
	if r.Outcome != Accept || r.Procedure != "disattivazione" {
		t.Fatalf("%+v", r)
	}
	want := map[string]string{"titolare": "Mario Rossi", "casella": "mario.rossi@pec.example.it", "caso": "1234567"}
	if d := cmp.Diff(want, r.Fields); d != "" {
		t.Error(d)
	}
	var kinds []string
	for _, s := range r.Explanation.Spans {
		kinds = append(kinds, s.Kind+":"+r.Explanation.Own[s.Start:s.End])
	}
	t.Log(strings.Join(kinds, "\n"))
}

// The form without its optional part is found word for word too: the slow path
// is for slips of the pen.
func TestWalkWithoutTheOptionalPart(t *testing.T) {
	f := twoProcedures(t).Procedure("disattivazione").Form
	for _, text := range []string{coreForm, coreForm + "\nCordiali saluti", plainRequest, "Buongiorno, " + coreForm + " (caso di assistenza xxxxx)"} {
		toks := tokenize(text, nil)
		w := walker{form: f, toks: toks, roles: make([]role, len(toks)), a: &alignment{}}
		if !w.find(0) {
			t.Errorf("%q is not found", text)
		}
	}
}

// A blank that is empty while the text may hold its value elsewhere is no reason
// to send the request back.
func TestBlankHeldElsewhere(t *testing.T) {
	s := defaultSet(t)
	const form = "Il sottoscritto Mario Rossi titolare della casella PEC ______ richiede la disattivazione anticipata della stessa."
	for text, want := range map[string]Outcome{
		form: Reject,
		form + "\nCasella: mario.rossi@pec.example.it": Review,
		"Il sottoscritto Mario Rossi chiede la disattivazione anticipata della casella PEC di cui è titolare, mario.rossi@pec.example.it.": Review,
	} {
		if r := s.Read(request("Disattivazione casella", text)); r.Outcome != want || want == Reject && r.Reason != MissingFields {
			t.Errorf("%q\n\t%s %s: %v, want %s", text, r.Outcome, r.Reason, r.Reasons, want)
		}
	}
}

// The name may stand in the signature alone; who is in the blank's stead, or a
// blank left ruled, is another matter.
func TestNameOnlyInTheSignature(t *testing.T) {
	s := defaultSet(t)
	const box = "titolare della casella PEC mario.rossi@pec.example.it "
	const asks = "richiede la disattivazione anticipata della stessa."
	for text, want := range map[string]Outcome{
		"Il sottoscritto " + box + asks + "\nIn fede\nMario Rossi":                                                                                                         Accept,
		"In qualità di " + box + "richiedo la disattivazione anticipata della stessa.\nMario Rossi":                                                                        Accept,
		"Richiedo la disattivazione anticipata della mia casella PEC mario.rossi@pec.example.it (come da caso di assistenza 1234567).\nCordiali saluti\nDott. Mario Rossi": Accept,
		"Il sottoscritto " + box + asks:                          Reject,
		"Il sottoscritto ______ " + box + asks + "\nMario Rossi": Reject,
		"La banca " + box + asks + "\nMario Rossi":               Review,
		"Il vecchio " + box + asks + "\nMario Rossi":             Review,
		"Mio fratello, " + box + asks + "\nMario Rossi":          Review,
	} {
		r := s.Read(request("Disattivazione casella", text))
		if r.Outcome != want || want == Accept && r.Fields["titolare"] != "Mario Rossi" {
			t.Errorf("%q\n\t%s %s: %v %v, want %s", text, r.Outcome, r.Reason, r.Reasons, r.Fields, want)
		}
	}
}
