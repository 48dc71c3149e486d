package rules

import (
	"strings"
	"testing"
)

const coreForm = "Il sottoscritto Mario Rossi titolare della casella PEC mario.rossi@pec.example.it richiede la disattivazione anticipata della stessa."

// filledForms are ways to fill the form, all of which a fair operator accepts.
var filledForms = `Io sottoscritta Mario Rossi, C.F. RSSMRA70A01F205X, titolare della casella PEC mario.rossi@pec.example.it, richiedo la disattivazione anticipata della stessa.
Il sottoscritto Nicolò D'Agostino, nato a Forlì (FC) il 02/02/1960 e residente a Cesena (FC) in via Roma n. 12/A, codice fiscale DGSNCL60B02D704X, documento n. AX1234567 rilasciato dal Comune di Cesena, titolare della casella PEC mario.rossi@pec.example.it richiede la disattivazione anticipata della stessa.
Il sottoscritto “Mario Rossi” titolare della casella PEC “mario.rossi@pec.example.it” richiede la disattivazione anticipata della stessa (come da caso di assistenza “1234567”).
Il sottoscritto «Mario Rossi» titolare della casella PEC <mario.rossi@pec.example.it> richiede la disattivazione anticipata della stessa.
Il sotoscritto Mario Rossi titolre della casela PEC mario.rossi@pec.example.it richede la disativazione anticpata dela stessa.
Il sottoscrito Mario Rossi titolare dela casella PEC mario.rossi@pec.example.it richiede la disattivazzione anticipatta della stesa.
La sottoscritta Rossi S.r.l., in persona del legale rappresentante pro tempore Mario Rossi, titolare della casella PEC mario.rossi@pec.example.it, richiede la disattivazione anticipata della stessa.
La sottoscritta società Alfa S.r.l. con sede legale in Milano, via Dante 5, P.IVA 01234567890, in persona dell'amministratore unico Mario Rossi, titolare della casella PEC mario.rossi@pec.example.it richiede la disattivazione anticipata della stessa.
Il sottoscritto Mario Rossi, presidente della cooperativa sociale Il Girasole a r.l., titolare della casella PEC mario.rossi@pec.example.it richiede la disattivazione anticipata della stessa.
Il sottoscritto Mario Rossi, dirigente scolastico dell'istituto comprensivo "G. Verdi" di Parma, titolare della casella PEC mario.rossi@pec.example.it richiede la disattivazione anticipata della stessa.
Il sottoscritto Mario Rossi, titolare della farmacia Rossi, titolare della casella PEC mario.rossi@pec.example.it richiede la disattivazione anticipata della stessa.
Il sottoscritto mario rossi titolare della casella pec mario.rossi@pec.example.it richiede la disattivazione anticipata della stessa
Il/La sottoscritto/a Mario Rossi titolare della casella PEC mario.rossi@pec.example.it richiede la disattivazione anticipata della stessa.
Il sottoscritto Mario Rossi, titolare della casella di posta elettronica certificata (PEC) mario.rossi@pec.example.it, richiede la disattivazione anticipata della stessa.
Il sottoscritto Mario Rossi titolare della casella di posta elettronica certificata mario.rossi@pec.example.it richiede la disattivazione anticipata della stessa.
Il sottoscritto Mario Rossi titolare della casella PEC mario.rossi@pec.example.it richiede la disattivazione anticipata della stessa (come da caso di assistenza n° 12345).
Il sottoscritto Mario Rossi titolare della casella PEC mario.rossi@pec.example.it richiede la disattivazione anticipata della stessa (come da caso di assistenza #12345).
Il sottoscritto Mario Rossi titolare della casella PEC mario.rossi@pec.example.it richiede la disattivazione anticipata della stessa (rif. caso di assistenza 12345).
Il sottoscritto Mario Rossi titolare della casella PEC mario.rossi@pec.example.it richiede la disattivazione anticipata della stessa (caso assistenza: 12345)
Il sottoscritto Mario Rossi titolare della casella PEC mario.rossi@pec.example.it richiede la disattivazione anticipata della stessa [come da caso di assistenza 12345].
Il sottoscritto Mario Rossi titolare della casella PEC mario.rossi@pec.example.it richiede la disattivazione anticipata della stessa come da caso di assistenza 12345 del 03/11/2026.
Il sottoscritto Mario Rossi titolare della casella PEC mario.rossi@pec.example.it richiede la disattivazione anticipata della stessa (come da caso di assistenza ABC-12345).
Il sottoscritto Mario Rossi titolare della casella PEC mario.rossi@pec.example.it richiede la disattivazione anticipata della stessa (come da caso di assistenza).
Il sottoscritto Mario Rossi titolare della casella PEC mario.rossi@pec.example.it richiede la disattivazione anticipata della stessa (come da caso di assistenza _____).
Il sottoscritto Mario Rossi titolare della casella PEC mario.rossi@pec.example.it richiede la disattivazione anticipata della stessa (come da caso di assistenza ......).
Il sottoscritto Mario Rossi titolare della casella PEC mario.rossi@pec.example.it richiede gentilmente la disattivazione anticipata della stessa.
Il sottoscritto Mario Rossi titolare della casella PEC mario.rossi@pec.example.it con la presente richiede la disattivazione anticipata della stessa.
Il sottoscritto Mario Rossi titolare della casella PEC mario.rossi@pec.example.it richiede la disattivazione anticipata della stessa casella.
Il sottoscritto: Mario Rossi\ntitolare della casella PEC: mario.rossi@pec.example.it\nrichiede la disattivazione anticipata della stessa
Il sottoscritto ____Mario Rossi____ titolare della casella PEC ____mario.rossi@pec.example.it____ richiede la disattivazione anticipata della stessa (come da caso di assistenza xxxxx).
Il sottoscritto MARIO ROSSI titolare della casella PEC MARIO.ROSSI@PEC.EXAMPLE.IT richiede la disattivazione anticipata della stessa.
Il sottoscritto Mario Rossi titolare della casella PEC mario.rossi@pec.example.it. Richiede la disattivazione anticipata della stessa.
Il sottoscritto Dott. Ing. Mario Rossi titolare della casella PEC mario.rossi@pec.example.it richiede la disattivazione anticipata della stessa.
Il sottoscritto Sig. Rossi Mario, nato il 1° maggio 1970 a Napoli, titolare della casella PEC mario.rossi@pec.example.it richiede la disattivazione anticipata della stessa.
Il sottoscritto Mario Rossi (CF: RSSMRA70A01F205X) titolare della casella PEC mario.rossi@pec.example.it richiede la disattivazione anticipata della stessa.
Il sottoscritto Mario Rossi in qualità di titolare della ditta individuale Rossi Mario, titolare della casella PEC mario.rossi@pec.example.it richiede la disattivazione anticipata della stessa.
Il sottoscritto Mario Rossi in qualità di amministratore delegato e legale rappresentante della società Beta & Figli S.p.A., titolare della casella PEC mario.rossi@pec.example.it richiede la disattivazione anticipata della stessa.
Il sottoscritto Mario Dal Pozzo titolare della casella PEC mario.rossi@pec.example.it richiede la disattivazione anticipata della stessa.
Il sottoscritto Mario De Rossi-Bianchi titolare della casella PEC mario.rossi@pec.example.it richiede la disattivazione anticipata della stessa.
Il sottoscritto don Mario Rossi, parroco della Parrocchia San Giovanni Battista, titolare della casella PEC mario.rossi@pec.example.it richiede la disattivazione anticipata della stessa.
Il sottoscritto Mario Rossi titolare della casella PEC mario.rossi@pec.example.it (mario.rossi@pec.example.it) richiede la disattivazione anticipata della stessa.
Il sottoZWSPscritto Mario Rossi titolare della casella PEC mario.rossi@pec.example.it richiede la disattiSHYvazione anticipata della stessa.
Il sottoscritto Mario Rossi titolare della casella PEC mario.rossi@pec.example.it richiede la disatti-\nvazione anticipata della stessa.
Il sottoscritto Mario Rossi  titolare  della casella PEC   mario.rossi@pec.example.it   richiede la   disattivazione anticipata della stessa .
*Il sottoscritto* Mario Rossi _titolare_ della casella PEC mario.rossi@pec.example.it richiede la *disattivazione anticipata* della stessa.`

func TestWaysToFillTheForm(t *testing.T) {
	s := defaultSet(t)
	for line := range strings.SplitSeq(filledForms, "\n") {
		text := strings.NewReplacer(`\n`, "\n", "ZWSP", "\u200b", "SHY", "\u00ad").Replace(line)
		if r := s.Read(request("Disattivazione casella", text)); r.Outcome != Accept || r.Fields["casella"] != "mario.rossi@pec.example.it" || r.Fields["titolare"] == "" {
			t.Errorf("%s\n\t%s %s: %v %q %v", line, r.Outcome, r.Reason, r.Reasons, r.Explanation.LeftOver, r.Fields)
		}
	}
}

// subjects are read against "Disattivazione casella".
func TestSubjects(t *testing.T) {
	s := defaultSet(t)
	for subject, want := range map[string]Outcome{
		"Disattivazione casella": Accept, "R: Disattivazione casella": Accept, "RE: disattivazione casella.": Accept, "DISATTIVAZIONE CASELLA - Mario Rossi": Accept,
		"Disattivazione della casella PEC": Accept, "Disattivazione casella (caso 1234567)": Accept, "Disattivazione casella pec di Mario Rossi": Accept,
		"URGENTE: disattivazione casella!!": Accept, "Oggetto: Disattivazione  casella": Accept, "Disattivazione casella mario.rossi@pec.example.it": Accept,
		"Richiesta di disattivazione casella pec": Accept, "Disativazione casella": Accept, "\"Disattivazione casella\"": Accept,
		"": Reject, "Chiusura PEC": Reject, "Richiesta": Reject, "Disdetta": Reject, "Rinnovo casella": Review, "casella": Reject, "Disattivazione": Reject,
		"Disattivazione casella?": Review, "Disattivazione casella dal 1 gennaio": Review, "NO Disattivazione casella": Review, "Annullamento disattivazione casella": Review,
		"Disattivazione casella altra@pec.example.it": Review, "Bozza disattivazione casella": Review, "I: Disattivazione casella": Review, "Fwd: Re: Disattivazione casella": Review,
		"Disattivazione casella e rimborso": Review, "Disattivazione casella di mia madre": Review, "Disattivazione caselle": Review,
	} {
		if r := s.Read(request(subject, coreForm)); r.Outcome != want {
			t.Errorf("%q: %s %s %v, want %s", subject, r.Outcome, r.Reason, r.Reasons, want)
		}
	}
}
