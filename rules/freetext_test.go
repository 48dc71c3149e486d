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
		if r := s.Read(request(c.subject, c.text)); r.Outcome != c.want {
			t.Errorf("%s: %q: %s %v", c.subject, c.text, r.Outcome, r.Reasons)
		}
	}
}
