package rules

import (
	"strings"
	"testing"
)

// besidePatterns stand beside a varied courtesy, each with what makes it no
// courtesy any more. None is ever accepted, in any dress.
var besidePatterns = `Per qualsiasi comunicazione potete contattarmi prima di procedere.
Per qualsiasi comunicazione potete contattarmi a studio@example.org
Per qualsiasi dubbio sospendete e contattatemi al 347 1234567.
Per ogni informazione potete contattarmi al 347 1234567 e solo dopo procedere.
Potete contattarmi al 347 1234567 per conferma
Contattatemi al 347 1234567
Telefonatemi
Per procedere potete contattarmi al 347 1234567.
Per la chiusura contattatemi al numero 347 1234567.
Per conferma contattatemi al 347 1234567.
Spero che la richiesta non sia ancora stata evasa.
Spero di non dovervi chiedere di fermare tutto.
Spero che stiate bene e che possiate aspettare.
Spero sia possibile recuperare i messaggi.
Mi sono accorto di aver sbagliato casella.
Mi sono accorta che la casella è di mio marito.
Mi sono accorto che mi serve.
Mi sono accorto che il modulo non va bene.
Mi sono accorta tardi che ho bisogno dei messaggi.
Ho cessato l'attività di un cliente.
Non ho cessato l'attività.
Non ho ancora cessato l'attività.
Ho quasi cessato l'attività
Avrò cessato l'attività
Ho cessato l'attività dal 31/12/2026.
Ho cessato l'attività a dicembre.
Ho cessato l'attività, la casella la usa mio figlio.
Ha cessato l'attività mio padre.
Ho cessato l'attività e l'erede è mia figlia.
Per cessata attività del cliente
Per cessazione attività del mio assistito
Per cessazione attività a fine anno
Quando avrò cessato l'attività.
Non mi serve più il rimborso.
Non mi serve più la disattivazione.
Non serve più la disattivazione.
Non la uso più ma mio fratello sì.
Non la uso più, la usa la segretaria.
Non la uso più dal 2027.
Non la usiamo da mesi ma ci servirà.
Non mi serve più questa richiesta.
Non serve più procedere.
Non serve più.. la richiesta
Non mi occorre più la chiusura.
Non è più necessaria la disattivazione.
Non è più necessario disattivarla.
Non è più necessario.
Non è più necessaria
Non è più utile
Non occorre più disattivare.
Non serve più, lasciatela così
Non utilizzo più questo modulo
Non utilizzo più, tengo
La disattivazione non è più necessaria.
Non esercito più questa richiesta.
Non esercito più la professione, il titolare è mio fratello.
Non stampare, non procedere.
Mario Rossi ci ha ripensato.
Mario Rossi vuole aspettare
Mario Rossi\ninfo@rossi.example.org da disattivare
Tel. 347 1234567 prima di chiudere
Tel. 347 1234567 | altra@pec.example.it
La richiesta non è più necessaria.
La richiesta non serve più.
La disattivazione non mi serve più.
La presente non serve più.
La presente richiesta non è più utile.
Quanto sopra non serve più.
Quanto richiesto non è più necessario.
La presente non occorre più
Questa comunicazione non è più necessaria.
Il presente modulo non serve più.
Essendo non più necessaria la richiesta.
In quanto non più necessaria la disattivazione.
Poiché superflua la disattivazione.
La richiesta è superflua.
Visto che la richiesta è superflua
In quanto superflua
La richiesta risulta superflua.
Indicazioni trovate sul sito di un altro gestore.
Indicazioni trovate sul vostro sito non chiare.
Istruzioni trovate sul sito sbagliate.
Come previsto dalla procedura, ho 5 giorni per ripensarci.
Come previsto dal contratto chiedo il rimborso.
P.S. grazie, ma aspettate.
P.S. Grazie se vorrete aspettare.
P.S. grazie per non procedere
P.S. Grazie di attendere una mia conferma.
P.S. anche la casella di mia moglie, grazie
P.S. grazie, chiudete tutto
P.S. Vi ringrazio, richiamatemi.
P.S. grazie\nma richiamatemi
P.S. Saluti alla casella nuova
P.S. auguri, ci ho ripensato
Mario Rossi\nwww.rossi.example.org | altra.casella@pec.example.it
Mario Rossi\nScrivetemi a info@rossi.example.org
Cordiali saluti\nMario Rossi\nrispondete a info@rossi.example.org
Cordiali saluti\nMario Rossi\nanche info@rossi.example.org
Cordiali saluti\nMario Rossi\ndisattivare anche www.rossi.example.org
Cordiali saluti\nMario Rossi\nwww.rossi.example.org da chiudere
Questo messaggio è riservato e la richiesta vale solo se confermata telefonicamente.
Questo messaggio è riservato. La richiesta in esso contenuta non ha efficacia prima della conferma del titolare.
Le informazioni contenute in questo messaggio sono riservate: si prega di eseguirlo lunedì.
Questo messaggio è riservato al destinatario; qualora ricevuto per errore cancellarlo; la disattivazione è un esempio.
Avviso di riservatezza: il messaggio e gli allegati sono destinati solo al destinatario; la presente richiesta è una bozza.
Avvertenza: messaggio riservato, contenuto confidenziale, il mittente non è il titolare della casella.
This message is confidential and privileged; the request is only a test; please delete it.
Ai sensi del GDPR 2016/679 il trattamento dei dati contenuti nel messaggio è vietato e la disattivazione va sospesa.
Le informazioni contenute in questo messaggio sono riservate e confidenziali, attendere la comunicazione del mittente prima di eseguire.
Questo messaggio e i suoi allegati sono riservati al destinatario, che deve aspettare la mia comunicazione.`

func TestVariedCourtesiesHideNothing(t *testing.T) {
	s := defaultSet(t)
	bare := strings.TrimSuffix(coreForm, ".")
	for line := range strings.SplitSeq(besidePatterns, "\n") {
		line = strings.ReplaceAll(line, `\n`, "\n")
		for _, text := range []string{
			coreForm + "\n" + line, bare + "\n\n" + line, line + "\n" + coreForm, coreForm + " " + line + "\nCordiali saluti\nMario Rossi",
			strings.ToUpper(coreForm + "\n" + line), coreForm + "\n\nCordiali saluti\nMario Rossi\n\n" + line,
			"Per qualsiasi chiarimento potete contattarmi al 347 1234567.\n" + coreForm + "\nSpero stiate tutti bene.\n" + line,
		} {
			if r := s.Read(request("Disattivazione casella", text)); r.Outcome == Accept {
				t.Errorf("accepted: %q", text)
			}
		}
	}
}

// variedCourtesies change nothing.
var variedCourtesies = `Per qualsiasi chiarimento potete contattarmi al numero 347 1234567.
Per eventuali comunicazioni sono reperibile al 06 1234567.
Per ogni necessità resto a disposizione.
Spero stiate bene.
Ho cessato l'attività.
Abbiamo cessato l'attività professionale.
Per cessata attività.
Non la utilizzo più da tempo.
In quanto non più utilizzata.
Perché inutilizzata.
Come da indicazioni reperite sul vostro sito.
Come da istruzioni presenti sul portale.
Come previsto dalla vostra procedura.
P.S. Grazie ancora della cortesia!
P.S. Buone feste e tanti saluti
Non esercito più la professione.
Non stampare questa mail se non è necessario.
Buon lavoro\nMario Rossi | Agente immobiliare\nTel. 035 998877\nmario@rossi.example.org | www.rossi.example.org
Con deferenza\nMario Rossi\nwww.mario-rossi.example.org - info@mario-rossi.example.org
Lo ringrazio e porgo distinti saluti`

func TestVariedCourtesies(t *testing.T) {
	s := defaultSet(t)
	for line := range strings.SplitSeq(variedCourtesies, "\n") {
		text := coreForm + "\n" + strings.ReplaceAll(line, `\n`, "\n")
		if r := s.Read(request("Disattivazione casella", text)); r.Outcome != Accept {
			t.Errorf("%s\n\t%s %s: %v %q", line, r.Outcome, r.Reason, r.Reasons, r.Explanation.LeftOver)
		}
	}
}
