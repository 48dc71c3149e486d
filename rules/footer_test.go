package rules

import "testing"

// Under a full signature, in its lines and below them, what is printed for everybody
// changes nothing; what binds the mailbox, or puts the request off, is seen there too.
func TestUnderTheSignature(t *testing.T) {
	s := defaultSet(t)
	lines := map[Outcome][]string{
		Accept: {
			"Ambulatorio: lun-ven 9-12",
			"Sante Messe: 8, 10, 18",
			"Aperti anche la domenica",
			"Chiuso il lunedì",
			"Prenotazioni al 0583 555618",
			"Tesseramento 2027 aperto",
			"Seguici su Facebook",
			"Vendita diretta tutti i giorni fino alle 13",
			"Corsi serali da gennaio",
			"Per le urgenze rivolgersi alla guardia medica",
			"Messaggio pubblicitario con finalità promozionale",
		},
		Review: {
			"Lo studio resta aperto fino a marzo, poi potete procedere.",
			"Chiudete dopo le ferie.",
			"Fatelo dopo il 6 gennaio, siamo chiusi per ferie.",
			"L'ambulatorio riceve ancora su questa PEC fino al 31 dicembre.",
			"Gli appuntamenti di gennaio arrivano qui.",
			"Le iscrizioni ai corsi arrivano ancora a questo indirizzo.",
			"Urgenze: scrivere a questa casella.",
			"Le prenotazioni di Pasqua le ricevo ancora qui.",
			"Attendere la fine delle manifestazioni di dicembre.",
			"Dopo il concerto di Natale.",
			"Quando finisce la stagione.",
			"Chiusura della casella: fine stagione.",
			"Il corso finisce a giugno, fino ad allora serve.",
			"I clienti scrivono ancora qui.",
			"Listino e ordini: sempre su questa PEC.",
			"Il direttivo deve ancora votare.",
			"Sentito prima il presidente.",
			"A stagione finita.",
			"Per le visite scrivere alla PEC.",
			"Tesseramento 2027: domande alla presente PEC.",
			"Preventivi inviati da questa casella ancora validi.",
			"Firma del legale rappresentante: vedi allegato.",
			"Solo per la sede di Lecce.",
			"Sede di Lecce: la casella resta aperta.",
			"Ufficio chiuso dal 24 al 6: non procedete prima.",
			"Orari di lettura della PEC: lun-ven 9-13.",
			"Le urgenze le leggo qui anche nei festivi.",
			"In attesa delle confessioni del CTU.",
			"Promozione natalizia: se la rinnovate gratis resto.",
		},
	}
	const signature = "\nMario Rossi\nVia Roma 3, Lecce - tel. 0832 555123\n"
	for want, list := range lines {
		for _, line := range list {
			for _, text := range []string{coreForm + "\n\nCordiali saluti" + signature + line, coreForm + "\n" + signature + "\n" + line} {
				readAs(t, s, "Disattivazione casella", text, want)
			}
		}
	}
}
