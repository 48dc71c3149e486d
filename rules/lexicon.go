package rules

import (
	"slices"
	"strings"
)

// class is what a word may mean. The signs of sign.go are classes too.
type class uint64

const (
	weak         class = 1 << iota // articles and prepositions: may be missing or extra in a form
	civil                          // courtesy: asking for a word of confirmation, for haste, offering help
	greet                          // greetings and wishes
	goodbye                        // opens the closing: what follows is a signature
	thanks                         //
	apology                        // excuses
	aware                          // I know, I have read
	confirm                        // a confirmation, an answer
	title                          // dott., sig.ra
	capacity                       // in qualità di, nato a, codice fiscale: what stands beside a name
	contact                        // tel., via, P.IVA: a line of a signature
	mailing                        // e-mail, mail: an ordinary address may follow
	notice                         // words of disclaimers
	enclosed                       // allego, in allegato
	box                            // the mailbox
	asked                          // the request itself
	contents                       // what the mailbox holds
	execute                        // doing what the form asks for
	kin                            // relatives
	will                           // verbs of will, duty, ability
	topic                          // what our requests are about
	wish                           // verbs of asking
	sellingClass                   // newsletters and advertising
	soft                           // of a sign: it is one only in some sentences

	negation
	condition
	deferral
	doubt
	draft
	needed
	revoking
	erasing
	thirdHand
	another
	dispute
	bank
)

const danger = negation | condition | deferral | doubt | draft | needed | revoking | erasing | thirdHand | another | dispute | bank

// harmlessClass are the classes whose words are no form of a dangerous one.
const harmlessClass = weak | civil | greet | goodbye | thanks | apology | aware | confirm | title | capacity

// relatives are those who may stand in for the holder.
const relatives = `
	amica amico babbo badante cognat* compagn* coniuge conoscente convivente cugin* famigliare familiare familiari fidanzat* figli figlia figlie
	figlio fratello genero genitore genitori madre mamma marito moglie nipote nonna nonno nuora padre papa sorella suocer* vicina vicino zia zio`

// lexicon lists the words that are told apart. A word that ends with * is a
// stem. The lists overlap on purpose. Words in no list mean nothing to the
// desk: names, trades, places, a life told in passing.
var lexicon = []struct {
	class class
	words string
}{
	{weak, `
		a agli ai al all alla alle allo che ci col con cui d da dagli dai dal dall dalla dalle dallo degli dei del dell della delle dello di e ed fra
		gli i il in l la le lo mi n ne negli nei nel nell nella nelle nello nr nro num numero o per quale si su sul sull sulla sullo tra un una uno
		vi`},
	{civil, `
		addett* altri altro anche vendemmia vendemmie anticipatamente anticipo appena assistenza attenzione attesa avere avesse avessero aveste avete avrei avremmo
		avrete avvenut* bastera basterebbe bene bisogno breve carta caso celer* cell cenno cert* chiam* chiariment* chiarire ci clienti
		collaborazion* come comodo competen* completa completata completo conclus* confermaste confid* conforme considerazione contatt* contattar*
		conto corretto cortese cortesemente cortesi cortesia cosa cura darci dare darmi data dati delucidazion* disponibil* disposizione diteci
		ditemelo ditemi documentazione documenti documento domand* dovesse dovessero doveste dovrebbe due e entro esclusivamente eseguit* esitate
		esserci essere esserti evenienza eventual* fa fare farebbe fate fatecelo fateci fatemelo fatemi fatta fatto favore fiducios* firma forniamo
		fornire fornisco fosse fossero fretta gentil* gestore gradire* gradisc* gradit* grata grate grati gratitudine grato grazie ideale identita
		idoneo indicazion* inform* invi* inviarla inviarlo inviat* io istruzion* la legge leggi leggibile lei li lieta liete lieti lieto lo luogo mai
		manca mancasse manchi mandarla mandarlo mandarvela mandat* mandiamo mando massim* me meglio mezzo mi mia mio necessit* nient noi nostra
		nostro numero occorre occorrenza occorresse ogg oggetto oggi ogni ok okay operator* operazione ottimo parol* per perfetto permett* pertanto
		piacere piu poi porto possibile posto poteste potete potrebbe potreste prega pregando preghiamo prego premura presente presenti presto
		problem* pront* pronta pronto prot protocollo provider puo pure qualcosa qualora qualsiasi qualunque quando quanto questa questo qui quindi
		raggiungibil* rapid* recapit* regola reparto reperibil* responsabil* restando restare restiamo resto ricev* riconoscent* rif riferimento riga
		rimanendo rimanere rimango rimaniamo rinnovabile rinnovabili rintracciabil* rispetto rispond* rispondere riusc* salvatore sapere sara sarebbe
		sarei saremmo saremo saro sbrig* scrivente scriventi scrivervi scriviamo scrivo se segnal* sempre serve servisse servissero servizi* servono
		siamo sicur* siete sollecit* sono spedisco spina staff stima sua subito suo supporto team tel telefon* tempestiv* testo tramite tranquill*
		trasmetto tutti tutto ufficio ulteriore ulteriori urgen* va ve veloc* vi via voglia vogliate voi volentieri volete vorrete vostra vostre
		vostri vostro vr vs`},
	{greet, `
		abbracc* addio affettuos* afternoon amici amicizia anno appetito arrivederci augur* baci bacio bacion* bella belle belli bello best bon bone bonas bonos bongiorno bondi bun
		buon buona buonasera buondi buone buongiorno buoni caffe cara care cari carissim* caro cena chiarmo ciao continuazione cordial* cordialissim*
		cose dear distint* domenica egr egregi* ehila evening famiglia famiglie felic* ferie festas feste festis festivita fraterni fraterno freundlich* gent gentile
		gentili gentilissim* gentma gentmi gentmo giornata giornate giorno good grussen hello hi hola lep pozdrav ill illmi illmo kind lavoro liebe mattina mattino
		miglior migliori morning natale notte ossequi* pasqua pomeriggio ponte pranzo preg pregiat* pregmi proseguimento raga ragazzi regards riposo salud* salut*
		salute saluti saluto salve sentiti sera serata seren* settimana signora signore signori sigri spett spettabile spettabili spettle spettli
		sportivi sportivo stima stimat* tanta tante tanti tanto thanks vacanze vivi vivissimi week weekend wishes`},
	{goodbye, `
		cordialita cordialmente deferenza distintamente fede firma firmato ossequi ossequio osservanza saluta salutando* saluti salutiamo saluto
		sottoscritto`},
	{thanks, `
		apprezz* complimenti danke gracias gratzie grazie graziee grazieee grz merci plauso riconoscen* ringrazi* ringraziament* thanks thx tnx`},
	{apology, `compat* dispiac* mortificat* pardon pazienza perdon* rincresc* scus* sorry spiace venia`},
	{aware, `
		accettando accettiamo accetto atto avvertit* avvisat* capisco capito chiara chiaro compreso conoscenza conosciamo conosco consapevol* conscio
		coscient* edott* informando informata informati informato letto prendo presa preso rendo sapendo sappiamo scritto so spiegat* visione`},
	{confirm, `avvis* carico cenno conferm* esito notizi* ok okay presa ricevuta ricezione riga righe riscontr* rispost* risposta`},
	{title, `
		appuntato arch architetto avv avvocato brigadiere capitano cav colonnello comm commendatore don dott dottor dottore dottoressa dottre
		dottssa dr drssa dssa fra frate geom geometra ing ingegner ingegnere ispettore luogotenente maresciallo monsignor monsignore msc notaio
		perito phd prof professore professoressa profssa rag ragionier ragioniera ragioniere reverendo sig signor signora signorina sigr sigra sigre
		sigri sovrintendente ssa suor`},
	{capacity, `
		accomandataria accomandatario agricola albo amministratore amministratrice aps architetti arl artigiana asd associazione avente avvocati
		azienda camera cap carta cciaa cf ci civico cod codice commerciale commercialista commercialisti commercio commissario comune condominio
		consigliere consorzio consulente contabili coop cooperativa coordinatore coordinatrice corrente corso delegato denominata denominato digitale
		direttore direttrice dirigente ditta documento domiciliata domiciliato domicilio ente fisc fiscale fisica fondatore fondatrice fondazione
		fraz frazione geometri identita impresa imprese individuale ingegneri int interno intestataria intestatario iscritta iscritto iva ivi km
		largo lavoro leg legale legali libero liquidatore liquidatrice liquidazione loc localita matricola medici mia nascita nata nato nella notai
		odv onlus ordine p parrocchia parroco partita persona piazza piazzale piva preside presidente pro procuratore procuratrice professionale
		professionista proprietaria proprietario prov provincia quale qualita ragione rapp rappresentante rappte rea recapito registro residente
		residenza responsabile rettore revisore rilasciata rilasciato rl sapa sas scala scarl scrivente sede segretaria segretario semplice sindaco
		snc soc soccoop socia sociale societa socio sottoscritta sottoscritto spa srl srls stp strada studio sua tecnica tecnico tempore tesoriera
		tesoriere titolare unica unico unipersonale via viale vicepresidente vicolo`},
	{contact, `
		cap cell cellulare cf citofono contrada corso fax frazione http https iv iva largo legale loc localita mob mobile operativa orari orario phone piazza
		piva rea sdi sede sito strada tel telefono uff ufficio via viale vicolo web www`},
	{mailing, `email indirizzo mail mailto pec posta`},
	{notice, `
		196 679 allegat* ambiente avvertenza avvertenze avviso cancellarla cancellarli cancellarlo comunicazione confidential
		confidentiality confidenzial* contenut* contenute copia delete destinatari* diffusion* disclaimer disclosure distruggere distruggerla
		distruggerlo divulg* eliminare eliminarla eliminarlo email environment erroneamente error errore gdpr informativa intended message messaggio
		notify print printing privacy privileged prohibited proibit* recipient recipients relativi riproduzion* riservat* sender stampa stampare
		trattamento unauthorized vietat* virus`},
	{enclosed, `alleg* attach*`},
	{box, `account casell* indirizzo mailbox pec posta utenza`},
	{asked, `
		cancellazione chiusura comunicazione dichiarazione disattivar* disattivazion* disdetta domanda istanza modulo pratica presente procedere
		recedere recesso richiest*`},
	{contents, `
		allegat* archivi* cartell* comunicazioni contenut* email fattur* letter* mail messagg* notific* posta raccomandat* ricevut* rubrica`},
	{execute, `
		cancell* cessar* cestin* chiud* chius* disattiv* dismett* elimin* esegu* evad* evas* liberar* proced* provved* provvediat* spegn* stacc*`},
	{kin, relatives},
	{will, `
		bisogna chiede chiediamo chiedo chiedono debbo desidera desideriamo desidero dev deve devo devono dobbiamo domando dovete esigo esorto
		gradirei gradiremmo intendiamo intendo invito necessito possa possano possiamo posso possono preferiamo preferirei preferisco pretendiamo
		pretendo puo richiede richiediamo richiedo richiedono rivogliamo rivoglio tocca vogliamo voglio vogliono volete volevamo volevo vorrebbe
		vorrei vorremmo vuol vuole`},
	{topic, `
		abbonament* account attivazion* cancell* casella caselle cellulare certificata cessar* cessazion* chiu* contatt* contratt* disattiv* disdett*
		disdic* disdir* dismett* dismiss* dismission* domini dominio elimin* log mailbox ordine pec posta reced* recess* rimbors* rinnov* scad*
		servizio stato tracce traccia utenza`},
	{wish, `
		bisogno chied* comunic* desider* devo dichiar* domand* gradire* intend* necessit* posso potete potrebbe potreste prego puo richied* serve
		servono vogli* vorre*`},
	{sellingClass, `
		abbonati acquista azienda beneficenza brindis* brochure broker buying catalogo catena clic clicc* clicca click commercial* compatibil* compra consulenza
		convegn* convenien* corsi corso crediti degustazion* disiscriv* domain donazion* euro eventi evento finanziament* formazione fornitur*
		fotovoltaic* friday google gratis gratuit* imperdibil* impiant* inaugurazion* innovativ* invit* iscrizion* leader lieti listino marketing newsletter noleggi*
		offert* offr* opportunita partecipazion* partnership posti preventiv* prezzi prezzo prodott* promo promozion* propost* pulizia pulizie quote ranking regalar*
		relator* rinfresco risparmi* rsvp scont* sconto scopri sell seminari* seo soluzioni sopralluog* tariff* toner transizione unsubscribe vantaggios* visita visitate
		webinar website`},
}

var (
	knownWords = make(map[string]sense, 2000)
	knownStems = make(map[string][]stem, 500)
)

// sense is what a word of the lists may mean.
type sense struct {
	listed class // as it stands in them
	all    class // with what its stems add
}

// stem is the beginning of a family of words; stems are found by their first
// three letters.
type stem struct {
	text  string
	class class
}

// The tables are built once, from the lists above and those of sign.go.
var _ = func() bool {
	for _, list := range lexicon {
		learn(list.class, list.words)
	}
	for _, s := range signs {
		learn(s.class, s.hard)
		learn(s.class|soft, s.soft)
	}
	for w, m := range knownWords {
		more := stemClass(w)
		if m.listed&harmlessClass != 0 && m.listed&danger == 0 {
			more &^= danger | soft // a word listed as harmless is no form of a dangerous one
		}
		m.all = m.listed | more
		knownWords[w] = m
	}
	return true
}()

func learn(c class, words string) {
	for w := range strings.FieldsSeq(words) {
		text, open := strings.CutSuffix(w, "*")
		if !open {
			m := knownWords[w]
			m.listed |= c
			knownWords[w] = m
			continue
		}
		list := knownStems[text[:3]]
		if i := slices.IndexFunc(list, func(s stem) bool { return s.text == text }); i >= 0 {
			list[i].class |= c
			continue
		}
		knownStems[text[:3]] = append(list, stem{text, c})
	}
}

// classOf is what a folded word may mean: its own entry and its stems'.
func classOf(w string) class {
	if m, ok := knownWords[w]; ok {
		return m.all
	}
	return stemClass(w)
}

func stemClass(w string) class {
	if len(w) < 3 {
		return 0
	}
	var c class
	for _, s := range knownStems[w[:3]] {
		if strings.HasPrefix(w, s.text) {
			c |= s.class
		}
	}
	return c
}

// set makes a set of words, which are heard of from then on.
func set(words string) map[string]bool {
	list := strings.Fields(words)
	m := make(map[string]bool, len(list))
	for _, w := range list {
		m[w], heard[w] = true, true
	}
	return m
}

// stems makes a list of the beginnings of words.
func stems(words string) []string { return strings.Fields(words) }

// heard are all words in any set: they are no slips of the pen.
var heard = map[string]bool{"danno": true, "dora": true, "lotto": true}
