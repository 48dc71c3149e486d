package console

import (
	"net/http"
	"strings"
	"testing"
)

// An identity card that nobody asked for is not seen in passing: its name
// stands behind a line that says so. Where documents are foreseen they are shown.
func TestDocumentsThatNobodyAskedFor(t *testing.T) {
	o := newOffice(t)
	card := file{"carta.png", "image/png", pixel()}
	of := func(m mail) string {
		m.from, m.raw = "studio.verdi@pec.example.it", envelope(mail{from: "studio.verdi@pec.example.it", text: m.text}, card)
		return o.visit("anna").get("/cases/"+o.desk.arrive(t, m)).want(t, http.StatusOK, "carta.png").body
	}
	const line = "<details><summary>Allegati non richiesti: 1."
	page := of(mail{subject: "Disattivazione casella", text: ask("Studio Verdi", "studio.verdi") + "\nSolo dal 31 gennaio."})
	if before, _, found := strings.Cut(page, "carta.png"); !found || strings.Count(before, line) != 1 || strings.Contains(before[strings.Index(before, line):], "</details>") {
		t.Error("the card that nobody asked for is not behind its line")
	}
	page = of(mail{to: "customer.service", subject: "Variazione contatti", text: "Buongiorno, vorrei aggiornare i contatti: il nuovo cellulare è 333 000 0140. Allego il documento."})
	if strings.Contains(page, line) {
		t.Error("a document that the procedure foresees is behind a line")
	}
}
