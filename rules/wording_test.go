package rules

import "testing"

const coreForm = "Il sottoscritto Mario Rossi titolare della casella PEC mario.rossi@pec.example.it richiede la disattivazione anticipata della stessa."

// subjects are read against "Disattivazione casella".
func TestSubjects(t *testing.T) {
	s := defaultSet(t)
	for subject, want := range map[string]Outcome{
		"Disattivazione casella": Accept, "R: Disattivazione casella": Accept, "RE: disattivazione casella.": Accept, "DISATTIVAZIONE CASELLA - Mario Rossi": Accept,
		"Disattivazione della casella PEC": Accept, "Disattivazione casella (caso 1234567)": Accept, "Disattivazione casella pec di Mario Rossi": Accept,
		"URGENTE: disattivazione casella!!": Accept, "Oggetto: Disattivazione  casella": Accept, "Disattivazione casella mario.rossi@pec.example.it": Accept,
		"Richiesta di disattivazione casella pec": Accept, "Disativazione casella": Accept, "\"Disattivazione casella\"": Accept,
		"": Reject, "Chiusura PEC": Reject, "Richiesta": Reject, "Disdetta": Reject, "Rinnovo casella": Review, "casella": Reject, "Cancellazione casella": Reject,
		"Disattivazione": Review, "Disattivazione PEC": Review, "Disattivare la casella": Review, "Casella PEC - disattivazione": Accept,
		"Disattivazione casella?": Review, "Disattivazione casella dal 1 gennaio": Review, "NO Disattivazione casella": Review, "Annullamento disattivazione casella": Review,
		"Disattivazione casella altra@pec.example.it": Review, "Bozza disattivazione casella": Review, "I: Disattivazione casella": Accept, "Fwd: Re: Disattivazione casella": Accept,
		"Disattivazione casella e rimborso": Review, "Disattivazione casella di mia madre": Review, "Disattivazione caselle": Review,
	} {
		readAs(t, s, subject, coreForm, want)
	}
}
