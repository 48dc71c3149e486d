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
Mi è arrivata questa: FORM
FORM\n-- \nMario Rossi\nP.S. aspettate venerdì
FORM\n-- \nNon disattivate la casella prima di Natale
FORM La casella è già stata venduta con l'azienda.
FORM Vi informo che la titolare è ricoverata.
FORM Procedete con cautela.
FORM La richiesta è stata concordata con il socio.
FORM Confermo la richiesta telefonica.
FORM Confermo quanto sopra solo per la casella indicata.
FORM Chiedo ricevuta scritta.
FORM Chiedo conferma scritta della disattivazione.
FORM Comunico il mio nuovo indirizzo: mario.nuovo@pec.example.com
FORM Comunico che la mia nuova PEC è presso altro gestore.
FORM Per informazioni rivolgersi al mio commercialista.
FORM Per informazioni rivolgersi ad Anna Bianchi.
FORM Per informazioni contattare Anna Bianchi, tel. 333 1234567.
FORM Il referente è Anna Bianchi.
FORM Referente: Anna Bianchi
FORM Autorizzo Anna Bianchi a seguire la pratica.
FORM La presente annulla e sostituisce la precedente.
FORM La presente sostituisce la richiesta del 3/11/2026.
FORM La presente integra la richiesta del 3/11/2026.
FORM Disattivazione richiesta per il giorno della scadenza.
FORM Data disattivazione: dicembre
FORM Data: 15/12/2026
FORM Data disattivazione richiesta: 15/12/2026
FORM Data di disattivazione: 31 dicembre
FORM Decorrenza: immediata
FORM Motivo: cessata attività
FORM Motivazione: cambio gestore
FORM Con preavviso.
FORM In via cautelativa.
FORM In via provvisoria.
FORM Si intende disattivazione della sola ricezione.
FORM Si richiede comunque il mantenimento della casella.
FORM Richiesta da Anna Bianchi
FORM Firma: Anna Bianchi
FORM In fede, Anna Bianchi
FORM In fede\nAnna Bianchi (moglie)
FORM Anna Bianchi
FORM\n\nAnna Bianchi
FORM\n\nDott.ssa Anna Bianchi
FORM\n\nAvv. Anna Bianchi
FORM\nCordiali saluti\nDott.ssa Anna Bianchi
FORM\nCordiali saluti\nAnna Bianchi\nSegreteria
FORM\nCordiali saluti\np. Mario Rossi\nAnna Bianchi
FORM\nCordiali saluti\nper la Rossi srl
Mittente: Anna Bianchi\nFORM
Oggetto: casella Anna Bianchi\nFORM
Oggetto: rinnovo casella\nFORM
Richiesta di sospensione\nFORM
Richiesta informazioni\nFORM
Pratica Anna Bianchi. FORM
Alla PEC altra casella: FORM
FORM Casella aggiuntiva: info
FORM Stessa richiesta per info e amministrazione
FORM e per la casella Bianchi
FORM e Anna Bianchi
FORM ed eventuali altre
FORM comprese quelle collegate
FORM con eventuale recupero
FORM con relativo dominio
FORM con inoltro dei messaggi alla casella Bianchi
FORM con inoltro alla mail mario@example.org
FORM con conferma alla mail mario@example.org
FORM previo salvataggio
FORM dietro conferma
FORM su conferma
FORM dietro vostra conferma
FORM a seguito di vostra conferma
FORM in attesa di vostra chiamata
FORM in attesa di conferma da parte mia
FORM in attesa di mia conferma
FORM Attendo conferma prima
FORM attendete mia conferma
FORM Seguirà comunicazione
FORM segue conferma telefonica
FORM Confermo telefonicamente
FORM mi riservo
FORM con riserva
FORM Distinti saluti, con riserva di ogni diritto
FORM (richiesta non definitiva)
FORM (da confermare)
FORM da confermare
FORM richiesta da confermare
FORM da verificare
FORM in prova
FORM ipotesi
FORM versione del modulo
FORM Testo da inviare
Testo da inviare: FORM
Modulo da compilare: FORM
Modulo compilato come esempio FORM
Modulo da firmare e inviare FORM
Vi prego di dirmi come va il testo: FORM
Vi prego di indicare i dati: FORM
Testo corretto: FORM
È corretto il testo seguente: FORM
Prego confermare il testo: FORM
Chiedo conferma del testo: FORM
Chiedo informazioni sulla seguente richiesta: FORM
Richiesta ricevuta: FORM
Ho ricevuto la seguente comunicazione: FORM
Ricevo e trasmetto: FORM
Trasmetto la richiesta del cliente: FORM
Trasmetto la richiesta del Sig. Mario Rossi: FORM
Trasmetto in nome del titolare: FORM
Invio per il titolare: FORM
Il mio cliente chiede: FORM
Il cliente dichiara: FORM`

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
