package rules

import (
	"strings"
	"testing"
)

const officeForm = "Il sottoscritto Mario Rossi, presidente e legale rappresentante dell'ASD Pedale Stoico, titolare della casella PEC mario.rossi@pec.example.it, richiede la disattivazione anticipata della stessa."

// Who signs for a body and tells that another has his place by now may be entitled no
// more; one who speaks of what the body did, or of who was there before, is.
func TestOfficeHandedOver(t *testing.T) {
	s := defaultSet(t)
	for line := range strings.Lines(`
		Domenica, dopo la castagnata, abbiamo votato: presidente è Cristian, io torno finalmente a fare il gregario.
		Passaggio di cassa effettuato giovedì scorso con il collega subentrante, rag. Fumagalli, che ha già la sua.
		Ho fatto le consegne al geom. Sabatini in ottobre e questa era l'ultima cosa rimasta sulla mia scrivania.
		Il Vescovo mi ha voluto a Gangi e domenica ho già detto la prima Messa lassù, con un freddo da lupi.
		Qui lascio le stanze in ordine a don Calogero e mi porto via solo i libri e la bicicletta.
		Le consegne sono state fatte il mese scorso con regolare verbale.
		Al mio posto è arrivata la dottoressa Neri.
		Sono stato trasferito alla parrocchia di Ostuni e parto con la macchina piena di libri.
		Il nuovo direttivo si è insediato lunedì e ha voglia di fare.
		Ho passato il testimone a Marta, che è giovane e corre più di me.
		Ho lasciato la carica a settembre dopo vent'anni, è stata una bella avventura.
		Il mio mandato è scaduto a giugno e hanno votato un altro.
		Il mio successore è già al lavoro e gli ho dato chiavi e timbri.
		Ho dato le dimissioni da presidente nella riunione di venerdì scorso.
		Presidente adesso è la signora Pina, a me tocca solo il caffè.
		Il timbro l'ho già consegnato al nuovo segretario.
		La presidenza l'ho ceduta volentieri a chi ha più fiato di me.
		Dopo vent'anni lascio, adesso tocca a Giovanna.
		La nuova amministratrice è lo Studio Bassi, bravi e puntuali.
		Da settembre la scuola ha un'altra dirigente.
		Ormai le firme le mette il dottor Rossetti.
		Con la fine del mio mandato saluto tutti.
		Ieri sera l'assemblea ha nominato il nuovo consiglio e io ho salutato tutti con un brindisi.
		L'associazione adesso la porta avanti Carla con i ragazzi.
		Ho restituito chiavi e timbro venerdì.
		Ho venduto la società a un gruppo di Brescia.
		Le mie quote sono passate ai figli dal notaio.
		A me restano le scartoffie, la poltrona è già di un altro.`) {
		lineBeside(t, s, officeForm, line, false)
	}
	for line := range strings.Lines(`
		Il direttivo ha deciso all'unanimità di chiudere e io da presidente eseguo.
		Il nuovo presidente sono io, eletto a marzo, e questa casella non l'avevamo mai usata.
		Il vecchio presidente l'aveva aperta nel 2015 e nessuno la guardava più.
		Il mio predecessore non l'ha mai usata e me ne sono accorto solo adesso.
		Il notaio ha registrato la fusione e la società incorporante ha la sua casella.
		La casella è stata sostituita nell'IPA già dal mese scorso.
		La società ha venduto l'ultimo appartamento e non ha più né uffici né personale.
		Grazie anche dal nuovo direttivo, che ho l'onore di presiedere.
		Il presidente della federazione ci ha dato una casella per ogni sezione.
		Ho consegnato tutto al commercialista, che conserva le copie.
		Il tesoriere ha passato le quote e il bilancio è chiuso.
		L'amministratore sono sempre io, la casella nuova è quella dello studio.`) {
		lineBeside(t, s, officeForm, line, true)
	}
	for line := range strings.Lines(`
		Il negozio lo manda avanti mia figlia, che ha la sua partita IVA e la sua casella.
		Ho passato il testimone a mia figlia, che ha aperto la sua ditta con la sua PEC.
		Lo studio l'ho lasciato al collega più giovane, che ha già la sua casella.
		Al mio posto adesso c'è un ragazzo in gamba, io faccio il nonno.`) {
		lineBeside(t, s, coreForm, line, true)
	}
}

// lineBeside demands whether a line beside a form is accepted.
func lineBeside(t *testing.T, s *Set, form, line string, accepted bool) {
	t.Helper()
	if line = strings.TrimSpace(line); line == "" {
		return
	}
	r := s.Read(request("Disattivazione casella", form+"\n\n"+line+"\n\nCordiali saluti\nMario Rossi"))
	if (r.Outcome == Accept) != accepted {
		t.Errorf("%q: %s %v %q", line, r.Outcome, r.Reasons, r.Explanation.LeftOver)
	}
}
