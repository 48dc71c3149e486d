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

// An automatic answer, the calling of a meeting and thanks for help are parked, but no
// word of a request among them.
func TestNoticesAskForNothing(t *testing.T) {
	s := defaultSet(t)
	for _, c := range []struct {
		subject, text string
		want          Outcome
	}{
		{"Risposta automatica: Re: Rinnovo della Sua casella [Prot. 2026-004588]", "Lo studio resterà chiuso per ferie da venerdì 20 a venerdì 27 novembre. I messaggi saranno letti al rientro. Per urgenze di protezione civile: 335 000 7710.\nDott. Geol. Renato Piccinelli", None},
		{"Risposta automatica: Esito", "Sono fuori ufficio fino al 7 gennaio. Per urgenze rivolgersi alla segreteria.", None},
		{"Automatic reply: Esito", "Sono assente fino a lunedì, leggerò i messaggi al rientro.", None},
		{"Fuori ufficio: Re: Pratica", "Siamo in ferie dal 10 al 24 agosto. Buone vacanze.", None},
		{"Convocazione assemblea ordinaria dei soci", "CASEIFICIO ALTA MALGA SOC. AGR. COOP.\nProt. 22/27\n\nAi Signori Soci\n\nÈ convocata l'assemblea ordinaria in prima convocazione il 26 febbraio alle ore 6.00 e in seconda il 27 febbraio alle ore 20.30, presso la sala della Cassa Rurale, per discutere il seguente ordine del giorno: 1) bilancio 2026; 2) prezzo del latte; 3) varie ed eventuali. Seguirà rinfresco.\n\nIl Presidente\nFiorenzo Zadra", None},
		{"Assemblea di condominio", "I signori condomini sono convocati in assemblea il 12 marzo alle ore 18. Ordine del giorno: bilancio, varie.", None},
		{"Grazie", "Buonasera,\nvolevo solo ringraziare la signora gentilissima che stamattina al telefono mi ha fatto ritrovare la password. Si chiamava Katia, ditele che è stata un angelo.\nOnorina Bassetti", Review},
		{"Ringraziamento", "Gentile Ufficio,\ndesidero ringraziare la persona che martedì ha seguito il nostro caso con tanta competenza. È tutto risolto, non occorre alcuna risposta.\n\nDott.ssa Emma Pistarino", None},
		{"Grazie", "Vi ringrazio, ieri mi avete aiutato tanto.", None},
		{"Ringraziamenti", "Volevo ringraziare il vostro operatore che ha avuto tanta pazienza con me.", None},
		{"Risposta automatica: Esito", "Sono in ferie, ma la casella chiudetela pure.", Review},
		{"Risposta automatica: Re: Prot. 12", "Revoco la richiesta, sono fuori.", Review},
		{"Automatic reply: x", "Sono assente. Il sottoscritto chiede la disattivazione.", Review},
		{"Risposta automatica: Re: esito", "Lo studio è chiuso, la PEC non è più presidiata.", Review},
		{"Risposta automatica: Re: esito", "Ho cessato l'attività, questo indirizzo non è più attivo. Fuori servizio.", Review},
		{"Convocazione assemblea soci", "I soci sono convocati il 12 marzo in assemblea per deliberare la chiusura della PEC.", Review},
		{"Convocazione assemblea soci", "I soci sono convocati il 12 marzo in assemblea. Vi chiediamo di sospendere la pratica.", Review},
		{"Grazie", "Volevo ringraziare per l'aiuto, la casella la chiudete voi.", Review},
		{"Grazie", "Volevo solo ringraziare, ieri mi avete detto che chiudevate tutto voi.", Review},
		{"Grazie", "Desidero ringraziare; resto in attesa del rimborso.", Review},
		{"Grazie", "Vi ringrazio per l'aiuto di ieri, adesso aspetto che la spegniate.", Review},
		{"Grazie", "Vi ringrazio, ho cambiato idea, lasciate tutto com'è.", Review},
		{"Grazie", "Volevo ringraziare chi mi ha risposto ieri. Però non sono riuscita.", Review},
		{"Grazie", "Volevo ringraziarvi, ma la password non funziona.", Review},
		{"Grazie", "Vi ringrazio per ieri. Mi mandate i log?", Review},
		{"Grazie", "Ringrazio la signora di ieri che mi ha detto di scrivervi per disdire.", Review},
		{"Grazie", "Volevo ringraziare la collega che ha annullato la mia richiesta.", Review},
		{"Grazie", "Vi ringrazio per l'aiuto. Ho dimenticato di dirvi che voglio lo storno.", Review},
		{"Grazie", "Ringrazio. Ho scritto ieri e non ho avuto risposta.", Review},
		{"Ringraziamento", "Ringrazio chi mi ha aiutato, procedete pure.", Review},
		{"Grazie", "Vi ringrazio, mi avete aiutato. Fermate tutto.", Review},
		{"Grazie", "Grazie per ieri, ho mandato il modulo sbagliato.", Review},
		{"Grazie!", "Solo due righe per dire che la vostra collega di stamattina è stata bravissima: ha risolto in tre minuti quello che mio figlio ingegnere non aveva capito in una settimana. Ditelo al suo capo.\n\nGiulio Ferretti", None},
		{"Grazie", "Volevo ringraziare il signor Paolo che ieri è stato gentilissimo.", None},
		{"Grazie", "La signorina è stata gentilissima ma la casella non funziona ancora.", Review},
		{"Grazie", "È stata gentilissima, adesso però rimborsatemi.", Review},
		{"Grazie", "Il tecnico è stato bravissimo, non mi ha risolto niente.", Review},
		{"Auguri di Buona Pasqua", "La Comunità Montana augura a tutti una serena Pasqua.", None},
		{"Buon Natale", "Tanti auguri di buone feste dalla famiglia Conti e dai dipendenti.", None},
		{"Auguri", "La direzione augura buone feste. Gli uffici resteranno chiusi dal 24 dicembre al 6 gennaio.", None},
		{"Auguri e richiesta", "Auguri a tutti. Vorrei che la mia casella venisse chiusa.", Review},
		{"Auguri", "Buone feste, e disattivate tutto dal 1 gennaio.", Review},
		{"Auguri", "Buon Natale a voi. Staccate pure la mia, non la uso.", Review},
		{"Auguri", "Buone feste. La teniamo ancora un anno, grazie.", Review},
		{"Circolare n. 112 - sciopero", "Ai genitori. Si comunica che per l'intera giornata di venerdì 29 gennaio è proclamato uno sciopero. L'ingresso degli alunni potrà non essere garantito.", None},
		{"Avviso ai soci", "Si avvisano i soci che la quota va versata entro il 31 gennaio presso la sede.", None},
		{"Avviso agli iscritti", "Si comunica agli iscritti che il corso di formazione si terrà il 12 marzo.", None},
		{"Avviso ai condomini", "Si avvisano i condomini che l'acqua mancherà martedì dalle 9 alle 12.", None},
		{"Invito", "Invitiamo le famiglie alla recita di fine anno, domenica alle 17.", None},
		{"Avviso ai soci", "Si avvisano i soci che la casella PEC verrà chiusa il 31 gennaio.", Review},
		{"Avviso ai soci", "I soci hanno deciso: chiedo la chiusura.", Review},
		{"Avviso", "Il personale non riesce più ad accedere, chiediamo assistenza.", Review},
		{"Siamo chiusi per ferie", "Risposta automatica\n\nLa segreteria della Compagnia riapre giovedì 7 gennaio. Per i biglietti rivolgersi alla tabaccheria.", None},
		{"Fuori sede", "Messaggio automatico: l'ufficio riapre lunedì, le vostre mail saranno lette al rientro dalle ferie.", None},
		{"Ferie", "Risposta automatica? No, scrivo io: chiudete la casella prima delle ferie.", Review},
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
