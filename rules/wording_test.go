package rules

import (
	"strings"
	"testing"
)

const coreForm = "Il sottoscritto Mario Rossi titolare della casella PEC mario.rossi@pec.example.it richiede la disattivazione anticipata della stessa."

// harmless are courtesies around the form, none of which changes it; FORM
// stands for the form.
var harmless = `Gentilissimi, FORM Resto in attesa di un Vostro cortese riscontro. Cordialità
Spett.le Servizio PEC, FORM In attesa di conferma, porgo cordiali saluti.
FORM Attendo riscontro e saluto cordialmente.
FORM Attendo conferma. Grazie.
FORM In attesa di Vs. cortese riscontro, distinti saluti.
FORM Vi prego di confermare la ricezione della presente. Saluti
FORM Si prega di confermare l'avvenuta ricezione. Grazie
Con la presente FORM
Con la presente comunicazione FORM Distinti saluti
Buongiorno, come da oggetto FORM
Buongiorno, come da Vostre indicazioni telefoniche FORM
Buonasera, come da vostra richiesta invio il modulo compilato. FORM
Alla c.a. dell'ufficio competente FORM
Alla cortese attenzione dell'Ufficio Disattivazioni FORM
All'attenzione del servizio clienti. FORM
Egr. Sig.ri, FORM Certo di un Vostro cortese riscontro, porgo distinti saluti.
FORM Sicuro di un vostro pronto riscontro, saluto cordialmente
FORM RingraziandoVi anticipatamente per la collaborazione, cordiali saluti
FORM Grazie per la collaborazione e buon lavoro!
FORM Grazie in anticipo, buona giornata
FORM Grazie mille per la disponibilità. Un saluto, Mario
FORM Ringrazio e saluto.
FORM Vi ringrazio per l'attenzione e Vi saluto cordialmente.
FORM Resto a Vostra disposizione per ogni ulteriore informazione. Cordiali saluti
FORM Rimango a disposizione per eventuali chiarimenti
FORM Per qualsiasi chiarimento il mio numero è 333 1234567. Cordiali saluti
FORM Per ogni comunicazione: tel. 02 1234567, cell. 333 1234567
FORM In fede, Mario Rossi
FORM Milano, 10 novembre 2026
FORM Milano, lì 10/11/2026\nFirma: Mario Rossi
FORM Roma lì 10.11.26\nIn fede\nMario Rossi
FORM Cordiali saluti\nMario Rossi\nVia Garibaldi 12\n20121 Milano (MI)
FORM Distinti saluti\nAvv. Mario Rossi\nPatrocinante in Cassazione\nStudio Legale Rossi\nVia Dante, 5 - 37121 Verona\nTel. 045 1234567 - Fax 045 1234568\nPEC: mario.rossi@pec.example.it
FORM Cordiali saluti\nMario Rossi\ne-mail: mario@example.org\ncell. +39 333 1234567
FORM Cordiali saluti\n\nDott. Mario Rossi\nDottore Commercialista - Revisore Legale\nP.IVA 01234567890\nC.F. RSSMRA70A01F205X
FORM Saluti\nMario Rossi\nAmministratore unico
FORM Saluti.\n\nInviato da iPhone
FORM\n\nInviato dal mio Huawei
FORM\n\nInviato da Posta per Windows
FORM\n\nOttieni Outlook per iOS
FORM\n\nSent from my Samsung Galaxy smartphone.
FORM\n\nMail priva di virus. www.avast.com
FORM\n\n--\nMario Rossi
FORM\n\n-- \nMario Rossi, non rispondere
FORM Distinti saluti.\n\nQuesta e-mail e gli eventuali allegati sono riservati e destinati esclusivamente al destinatario. Se l'avete ricevuta per errore, Vi preghiamo di cancellarla e di avvisare il mittente.
FORM\n\nAi sensi del Regolamento UE 2016/679 (GDPR) si precisa che le informazioni contenute in questo messaggio sono riservate e ad uso esclusivo del destinatario. Qualora il messaggio Le fosse pervenuto per errore, La preghiamo di eliminarlo senza copiarlo e di non inoltrarlo a terzi, dandocene gentilmente comunicazione.
FORM\n\nPrima di stampare questa e-mail pensa all'ambiente.
FORM\n\nRispetta l'ambiente: non stampare questa mail se non è necessario.
FORM\n\nThis message is confidential and intended only for the recipient. If you have received it in error please notify the sender and delete it.
FORM Allego copia della carta d'identità.
FORM Si allega copia del documento di identità in corso di validità.
FORM In allegato copia fronte/retro del documento d'identità e codice fiscale.
FORM Allego documento.
FORM Buon lavoro a tutti.
FORM Buona serata, Mario
FORM Buon pomeriggio e grazie dell'assistenza ricevuta
FORM Cordialissimi saluti
FORM Con osservanza
FORM Con i più cordiali saluti
FORM Con stima
FORM L'occasione è gradita per porgere distinti saluti.
FORM Colgo l'occasione per porgere i miei più cordiali saluti
FORM Voglia gradire distinti saluti
FORM Vogliate gradire i più cordiali saluti.
FORM Auguro una buona giornata
FORM Buon fine settimana
FORM Buone vacanze
Oggetto: Disattivazione casella\n\nFORM
OGGETTO: richiesta di disattivazione casella PEC mario.rossi@pec.example.it\n\nFORM
A: Servizio Disattivazioni\nFORM
Destinatario: Gestore PEC\nMittente: Mario Rossi\n\nFORM
Richiesta di disattivazione\n\nFORM
MODULO DI DISATTIVAZIONE\n\nFORM
Caso di assistenza: 1234567\n\nFORM
Rif. ticket 1234567\nFORM
Rif.: caso n. 1234567 FORM
FORM\n\nMario Rossi\n(firma)
FORM\n\nFirmato Mario Rossi
FORM\n\nF.to Mario Rossi
FORM\n\nf.to digitalmente\nMario Rossi
FORM\n\nCordiali saluti.\nMario
FORM\n\nM. Rossi
FORM\n\nSaluti, Rossi Mario
FORM Documento firmato digitalmente.
Buongiorno.\nFORM\nBuona giornata.\n***
Salve,\nFORM\nSaluti\n:-)
Ciao,\nFORM\nciao e grazie
FORM\nTanti saluti e buon Natale!
Buongiorno, di seguito la mia richiesta: FORM Grazie
Buongiorno, riporto di seguito il testo richiesto: "FORM"
Buongiorno, invio quanto segue: FORM
Buongiorno, trasmetto la presente richiesta. FORM
Facendo seguito alla telefonata con il vostro operatore, FORM
A seguito dei colloqui telefonici intercorsi, FORM
Come da istruzioni ricevute, FORM
Come indicato nella guida sul vostro sito, FORM
Come da procedura pubblicata sul sito: FORM
Gentile assistenza, FORM Confido in una rapida evasione della pratica.
FORM Confidando in un sollecito riscontro, cordiali saluti
FORM Certo della vostra collaborazione, ringrazio.
FORM Vi chiedo cortesemente di procedere. Grazie
FORM Prego procedere. Saluti
FORM Si prega di dare corso alla richiesta.
FORM Cordiali saluti, il titolare`

func TestHarmlessCourtesies(t *testing.T) {
	s := defaultSet(t)
	for line := range strings.SplitSeq(harmless, "\n") {
		text := strings.ReplaceAll(strings.ReplaceAll(line, "FORM", coreForm), `\n`, "\n")
		if r := s.Read(request("Disattivazione casella", text)); r.Outcome != Accept {
			t.Errorf("%s\n\t%s %s: %v %q", line, r.Outcome, r.Reason, r.Reasons, r.Explanation.LeftOver)
		}
	}
}

// harmful are words around the form that change or may change what is asked:
// never without a person.
var harmful = `FORM Anzi no, lasciate tutto com'è.
FORM Non procedete.
FORM Non prima di gennaio.
FORM A decorrere dal 1 gennaio 2027.
FORM a partire da gennaio
FORM a gennaio
FORM nel 2027
FORM il 31/12/2026
FORM dal 30 novembre
FORM entro fine anno
FORM Solo se non ci sono penali.
FORM purché mi venga rimborsato il canone
FORM La casella mario2@pec.example.it resta attiva.
FORM Anche mario2@pec.example.it va disattivata.
FORM Idem per la casella di mia moglie.
FORM Vorrei inoltre il rimborso.
FORM Chiedo il rimborso su IT60X0542811101000000123456
FORM Chiedo inoltre la cancellazione dei miei dati personali (art. 17 GDPR).
FORM Quanto tempo serve?
FORM Perdo i messaggi?
FORM È possibile tenere i messaggi?
FORM Scherzo.
FORM Era una prova.
BOZZA\nFORM
Bozza FORM
ESEMPIO: FORM
FAC SIMILE\nFORM
Fac-simile\nFORM
Questo è un test. FORM
TEST\nFORM
Revoco quanto segue: FORM
Annullo la seguente richiesta: FORM
Ritiro questa richiesta: FORM
Vi prego di ignorare la richiesta: FORM
Non intendo più inviare questo: FORM
Ieri ho scritto per sbaglio: FORM
Mi hanno detto di scrivervi: FORM Ma non sono d'accordo.
Se possibile FORM
Qualora fosse possibile FORM
Quando avrò salvato i messaggi FORM
Dopo il 15 dicembre FORM
Per conto di mia madre FORM
In nome e per conto del sig. Bianchi FORM
FORM per conto di Anna Bianchi
FORM Il titolare è deceduto.
FORM Sono il figlio del titolare.
FORM Rispondete a mario@example.org
FORM Vi prego di inviare conferma alla mail mario@example.org
FORM Prego rispondere alla PEC avv.bianchi@pec.example.com
FORM Chiamatemi prima di procedere.
FORM Vi chiedo di chiamarmi.
FORM Attendo una vostra chiamata prima.
FORM Mantenete attivo il dominio.
FORM Lasciatela in sola lettura.
FORM Tenetela aperta fino a Natale.
FORM Sospendetela soltanto.
FORM P.S. ho cambiato idea
FORM P.S. aspettate
FORM\nMario Rossi\nP.S. riattivatela a marzo
FORM\nSaluti\nMario Rossi\nN.B. non cancellate i messaggi
FORM Cordiali saluti\nLuigi Bianchi
FORM Distinti saluti\nper Mario Rossi\nil figlio Luca
FORM e la disattivazione del dominio rossi.it
FORM e di tutte le altre caselle
FORM e delle caselle collegate
FORM oppure il trasferimento ad altro gestore
FORM o in alternativa la sospensione
FORM Disdico anche l'hosting.
FORM Non rinnovatela.
FORM Mandatemi i log.
FORM Vorrei sapere lo stato.
FORM Fatemi sapere come scaricare i messaggi.
FORM Ho bisogno di una copia dei messaggi.
FORM Conservate i messaggi.
FORM Ma forse è meglio di no.
FORM Forse.
FORM Ci devo pensare.
FORM Ci ripenso.
FORM Decido domani.
FORM Poi vi confermo.
FORM Poi la riapro.
FORM Seguirà conferma.
FORM Confermerò telefonicamente.
FORM Fino ad allora la uso.
FORM La uso ancora per un mese.
FORM salvo diversa comunicazione
FORM salvo contrordine
FORM NON È VERO
FORM FERMI
FORM STOP
FORM Annullato.
FORM - annullare -
FORM Vi denuncio.
FORM Il mio avvocato vi scriverà.
FORM Reclamo formale.
FORM Mi avete truffato.
FORM Temo che qualcuno usi la casella.
FORM Password dimenticata.
FORM Temporaneamente.
FORM In parte.
FORM Parzialmente.
FORM solo in uscita
FORM limitatamente alla ricezione
FORM domani
FORM lunedì prossimo
FORM tra dieci giorni
FORM tra un mese
FORM fra 30 giorni
FORM alla scadenza
FORM alla scadenza naturale
FORM a fine contratto
FORM al termine dell'anno
FORM dopo il backup
FORM appena ho fatto il backup
FORM previa conferma telefonica
FORM a condizione che
FORM subordinatamente al rimborso
FORM Grazie, però aspettate.
FORM Grazie, la riaprirò.
FORM Grazie ma no.
FORM Cordiali saluti e non fate nulla.
FORM Saluti, anzi no.
FORM Cordiali saluti. Tenetela.
FORM Resto in attesa del rimborso.
FORM Attendo l'accredito.
Non voglio che accada quanto segue: FORM
Mio fratello ha scritto: FORM
Chi vi ha chiesto questo? FORM
Mi è arrivata questa: FORM`

func TestHarmfulWordsAreNeverAccepted(t *testing.T) {
	s := defaultSet(t)
	for line := range strings.SplitSeq(harmful, "\n") {
		line = strings.ReplaceAll(line, `\n`, "\n")
		bare := strings.TrimSuffix(coreForm, ".")
		for _, text := range []string{strings.ReplaceAll(line, "FORM", coreForm), strings.ReplaceAll(line, "FORM", bare), strings.ToUpper(strings.ReplaceAll(line, "FORM", bare))} {
			if r := s.Read(request("Disattivazione casella", text)); r.Outcome == Accept {
				t.Errorf("accepted: %s\n\t%v", text, r.Explanation.Spans)
			}
		}
	}
}
