package rules

import "testing"

// What asks for nothing is parked unanswered only where that is certain.
func TestNoRequest(t *testing.T) {
	s := defaultSet(t)
	for _, c := range []struct {
		subject, text string
		want          Outcome
	}{
		// Wishes, with the days on which an office is closed.
		{"Auguri", "A tutti voi e alle vostre famiglie un sereno Natale e un felice 2027 dagli Amici del Presepe.", None},
		{"Chiusura", "Informiamo i fornitori che gli uffici resteranno chiusi dal 24 dicembre al 6 gennaio compresi. Buon Natale e un sereno 2027.", None},
		{"Auguri", "Buon Natale. La casella resta chiusa?", Review},
		{"Auguri", "Auguri. Chiudete tutto.", Review},
		// All is well.
		{"grazie", "Tutto risolto, ieri il tecnico mi ha spiegato come configurare la posta sul telefono. Gentilissimi come sempre!", None},
		{"Re: Disattivazione casella", "Tutto a posto, grazie mille, siete stati velocissimi.", None},
		{"grazie", "Tutto risolto, però la casella non funziona.", Review},
		{"grazie", "Gentilissimi, problema risolto. Adesso manca solo il rimborso.", Review},
		{"grazie", "Tutto a posto, tengo la casella. Grazie", Review},
		{"grazie", "Non è risolto niente, grazie.", Review},
		{"grazie", "Siete stati velocissimi, non me l'aspettavo. Grazie di cuore!", None},
		// Advertising, in which "bloccato" takes nothing back.
		{"Risparmi sulla bolletta", "Con la nostra tariffa il prezzo è bloccato per 24 mesi e il passaggio è gratuito. Un consulente La chiamerà.", None},
		{"Gestisci i condomini in un clic", "Sei stanco dei fogli di calcolo? Prova gratuita di 60 giorni, solo fino al Black Friday.", None},
		{"Offerta", "La vostra offerta gratuita non mi interessa, bloccate tutto.", Review},
		{"Offerta", "La promozione gratuita non mi interessa, bloccate il prezzo.", Review},
		{"Offerta", "La vostra promozione ha un prezzo scontato anche per me?", Review},
	} {
		readAs(t, s, c.subject, c.text, c.want)
	}
}

// Where no form says what is asked, asking for it is no second request, and the
// days that a procedure asks for put nothing off.
func TestAskingOnce(t *testing.T) {
	s := defaultSet(t)
	for _, c := range []struct{ procedure, text, sign string }{
		{"variazione-contatti", "Si richiede la variazione del numero di cellulare associato alla casella: il nuovo è 333 1234567.", ""},
		{"variazione-contatti", "Vorrei aggiornare la mail di contatto. Allego la carta di identità.", ""},
		{"disdetta-dominio", "Si richiede la disdetta del dominio pec.rossi.example.org con effetto immediato.", ""},
		{"richiesta-log", "Si richiede l'estrazione dei log della casella dal 1 settembre 2026 al 30 settembre 2026.", ""},
		{"disdetta-dominio", "Si richiede la disdetta del dominio pec.rossi.example.org, ma solo dopo il 15 dicembre.", signCondition},
		{"variazione-contatti", "Il sottoscritto Mario Rossi titolare della casella PEC mario.rossi@pec.example.it richiede la variazione dei contatti associati alla stessa, " +
			"con nuova e-mail mario@example.org e nuovo numero di cellulare 3331234567.\nSi richiede la variazione dei contatti.", ""},
	} {
		m := request("Richiesta", c.text)
		m.Mailbox = "customer.service"
		r := s.Read(m)
		if r.Procedure != c.procedure || r.Explanation.Sign != c.sign || len(r.Explanation.LeftOver) > 0 {
			t.Errorf("%q: %s, sign %q at %q, over %q", c.text, r.Procedure, r.Explanation.Sign, r.Explanation.SignWords, r.Explanation.LeftOver)
		}
		if d := s.Decide(m, r, knownFacts(m)); d.Outcome != Review {
			t.Errorf("%q: %s %s", c.text, d.Outcome, d.Reason)
		}
	}
}
