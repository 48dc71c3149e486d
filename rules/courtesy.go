package rules

import (
	"slices"
	"strings"
)

// class is what a word may mean beside a form.
type class uint32

const (
	weak         class = 1 << iota // articles and prepositions: may be missing or extra in a form
	polite                         // harmless courtesy
	goodbye                        // opens the closing: what follows is a signature
	title                          // dott., sig.ra
	capacity                       // in qualità di, nato a, codice fiscale: what stands beside a name
	contact                        // tel., via, P.IVA: a line of a signature
	notice                         // words of disclaimers
	negation                       // from here on: danger signs
	condition                      // se, dal, dopo, purché
	revoking                       // takes something back
	erasing                        // the data of a person
	thirdHand                      // somebody else's mailbox, or on behalf of somebody
	another                        // a second request
	bank                           // IBAN
	topic                          // mailbox, domain, renewal: what our requests are about
	wish                           // verbs of asking
	sellingClass                   // newsletters and advertising
	thanks
	enclosed // allego, in allegato
	mailing  // e-mail, mail: an ordinary address may follow
	unknownWord
)

const danger = negation | condition | revoking | erasing | thirdHand | another | bank

// lexicon lists the words known beside the forms. A word that ends with * is a
// stem. The lists overlap on purpose.
var lexicon = []struct {
	class class
	words string
}{
	{weak, `il lo la i gli le l un una uno di a da dal dai dagli dalle in con su per tra fra del dello della dei degli delle d dell al allo alla
		ai agli alle all dallo dalla dai dagli dalle dall nel nello nella nei negli nelle nell sul sullo sulla sull col e ed o
		n nr nro num numero ne si vi mi ci che cui quale`},
	{polite, `io lei voi vostro vostra vostri vostre suo sua suoi mio mia miei mie tale tali questo questa quest presente presenti
		buongiorno buonasera buon buona giorno giornata sera serata pomeriggio salve gentile gentili gentilissimi gentilissimo
		gentilissima gent gentmi gentma gentmo spett spettabile spettle spettli le egregio egregi egr preg pregmi pregiatissimi signori signore signora
		sigri oggetto ogg rif riferimento prot protocollo richiesta richiede richiedere richiedo chiedo chiede chiedere comunico
		comunicare comunica comunicazione trasmetto invio inviare inoltro formale formalmente cortese cortesi cortesia cortesemente gentilmente
		cordiale attesa riscontro risposta conferma confermo ricezione presa carico pronto pronta sollecito veloce
		procedere provvedere provvediate provveda esecuzione dare darne porgo porgere porgiamo porge invia inviamo colgo occasione
		grazie ringrazio ringraziando ringraziandovi ringraziamo ringraziamenti anticipatamente anticipato mille infinite tante
		resto restiamo rimango rimaniamo restando disposizione chiarimento chiarimenti ulteriori ulteriore eventuali eventuale qualsiasi
		qualunque necessita informazione informazioni ogni bisogno occorrenza merito quanto sopra sotto riportato seguente seguenti
		seguito modulo dichiarazione dichiara dichiaro fede ok ciao lavoro vogliate gradire prego preghiamo pregasi porta
		porgendo augurando auguro augurandovi distintamente cordialmente cordialita ossequi stima rispetto servizio servizi assistenza clienti
		ufficio reparto supporto team staff gestore provider pec posta certificata elettronica casella mailbox account indirizzo
		disattivazione disattivare anticipata mittente destinatario data luogo firma firmato firmata nome cognome sede
		alla cara caro cari attenzione ca cortesissima fornire fornita fornito collaborazione disponibilita supporto 
		come indicato indicata indicato vostre indicazioni istruzioni sito pagina previsto prevista apposito utenza relativa relativo
		anticipo solerte gentilezza pazienza essendo avendo del stessa medesima stesso esco porre qui sotto sottoscritto sottoscritta
		
		addi li oggi
		scrivente scriventi dichiarante richiedente presidente liquidatore procuratore rappresentante segreteria segretario timbro digitalmente
		autografa olografa trasmette trasmettiamo porgono distinti distinte distinto gradita gradito gradisca gradiscano voglia auguri auguro feste buone buoni buona
		natale scusate scusi disturbo tarda tardo doveva tanto cordiali cordialissimi affettuosi sentiti vivi vive vivissimi migliori piu miglior
		occasione augurandovi auguro fare vorrete vorra signorie signoria spettabili chiarmo chiarma chiarmi illmo ill copia fotocopia scansione
		cartaceo stampato allegata allegate presente presenti moduli compilato compilata compilo inoltriamo spedisco spedito saluta salutandovi salutandola
		solidale sportivi sportivo fraterno fraterni cristiani fraternamente professionali collaborativi dott dottore signor hello hi dear sirs regards best kind
		riguardo riguardi dovuto dovuti dovuta rispettosamente rispettosi devoti deferenti deferente firmo leggibile sottoscrive sottoscrivo sottoscriviamo
		valga valere ogni effetto legge uso competenza evasione attenzioni sensi regolarmente debitamente compiuta sintesi titolo breve
		accordi intercorsi telefonici telefonata telefonici colloquio operatore operatrice vostro vostra facendo segue riporto riportata incollo trascrivo trascritto
		copiato compilando mediante tramite mezzo via societa oggetto mail dati pertanto quindi dunque attentamente celere celerita rapido rapida cura
		certo certi certa sicuro sicuri sicura confido confidando confidiamo fiducioso fiduciosi fiduciosa pratica confermare prega avvenuta osservanza
		vacanze ticket guida pubblicata pubblicato pubblicate ricevute ricevuto colloqui fto caso attivita caso richiesto richiesti sono siamo essere modalita termini indicate previste previsti scrivo scriviamo presento presentiamo formalizzo formalizzare sottopongo rivolgo conoscenza cenno chiarire delucidazione delucidazioni
		necessario necessaria occorrente dettaglio dettagli completezza completo uso evadere evasa esito buona espletamento cordialmente esercizio esercitando diritto clausole contrattuali generali pertanto capo cortesia premura sollecitudine premesso considerazione cortesi competenti competente addetto addetti responsabile preposto preposti
		augura augurano sereno serena sereni serene tanti immobiliare immobiliari dimostrata dimostrato prestata prestato inutilizzata
		salutandola salutandovi lieto lieta felice dell dalla leggera leggero lettura grazia abbiate abbia permetto permettete disturbarvi disturbarla`},
	{goodbye, `saluti saluto cordialmente distintamente ossequi ossequio osservanza deferenza fede saluta salutiamo cordialita firma firmato`},
	{title, `sigri sigre profssa sig sigra sigr signor signora signorina dott dottssa dssa dottor dottore dottoressa dr drssa avv avvocato ing ingegner ingegnere
		geom geometra rag ragionier ragioniere ragioniera arch architetto prof professore professoressa profssa cav comm commendatore
		perito don suor notaio dottre ssa phd msc sigre arch`},
	{capacity, `qualita procuratore liquidatore commissario sindaco parroco rettore preside dirigente coordinatore coordinatrice fondatore fondatrice titolare legale rappresentante rapp rappte leg amministratore amministratrice unico unica delegato presidente vicepresidente
		pro tempore socio socia accomandatario accomandataria direttore direttrice responsabile segretario segretaria proprietario proprietaria
		intestatario intestataria ditta individuale societa impresa studio associazione cooperativa condominio consorzio fondazione ente parrocchia comune azienda
		srl srls spa snc sas sapa scarl coop onlus asd aps odv soc soccoop stp arl rl semplice agricola artigiana
		nato nata nascita residente residenza domiciliato domiciliata sede prov provincia codice fiscale cod fisc cf ci partita iva piva p
		documento identita carta rilasciata rilasciato comune via viale piazza piazzale corso largo vicolo strada loc localita fraz frazione cap interno int scala
		km civico snc avente corrente iscritta iscritto albo ordine registro imprese rea camera commercio cciaa matricola
		denominata denominato ragione sociale persona fisica nella sua mia qualita quale ivi commerciale libero professionista professionale
		avvocati ingegneri architetti commercialisti commercialista geometri medici notai tecnico tecnica consulente lavoro revisore legali contabili liquidazione unipersonale
		scrivente sottoscritta sottoscritto persona domicilio digitale recapito`},
	{contact, `tel telefono cell cellulare mobile fax cap via viale piazza corso largo vicolo strada loc localita frazione sede legale operativa
		piva iva cf rea www http https web sito sdi i.v iv uff ufficio phone mob`},
	{mailing, `mail email posta e-mail pec indirizzo mailto`},
	{notice, `riservat* confidenzial* destinatari* divulgazion* diffusion* erroneamente errore gdpr privacy 679 196 196/2003 cancellarlo cancellarla
		cancellarli distruggerlo distruggerla eliminarlo eliminarla eliminare distruggere contenute relativi comunicazione intended recipient recipients confidential confidentiality privileged disclosure unauthorized
		delete notify sender error prohibited informativa trattamento vietat* proibit* copia riproduzion* contenut* allegat* messaggio message email ambiente stampare
		stampa environment printing print avviso avvertenza avvertenze disclaimer virus`},
	{thanks, `grazie ringrazi* ricevuto ricevuta thanks`},
	{enclosed, `alleg* attach*`},
	{topic, `pec casella caselle mailbox dominio domini rinnov* disattiv* disdett* disdir* disdic* recess* reced* chiu* cancell* elimin* scad* attivazion* stato
		log traccia tracce contatt* cellulare rimbors* ordine abbonament* contratt* utenza account posta certificata servizio dismett* dismission* cessar* cessazion* dismiss*`},
	{wish, `chied* richied* vorre* desider* vogli* intend* necessit* prego dichiar* comunic* domand* serve servono bisogno gradire* potete potreste puo potrebbe posso devo`},
	{sellingClass, `newsletter promozion* promo offert* scont* sconto gratis gratuit* webinar unsubscribe disiscriv* iscrizion* acquista compra imperdibil* catalogo
		listino preventiv* prezzi prezzo euro evento eventi corso corsi formazione marketing fornitur* partnership consulenza crediti abbonati clicca click seo
		soluzioni leader innovativ* risparmi* opportunita commercial* propost* impiant* offr* convenien* sopralluog* brochure visita visitate website ranking google
		quote broker domain buying sell donazion* regalar* beneficenza catena fotovoltaic* transizione finanziament* prodott* azienda clicc* lieti scopri`},
}

// phrases are courtesies that hold words which are no courtesy by themselves.
var phrases = func() map[string][][]string {
	m := map[string][][]string{}
	for line := range strings.SplitSeq(`in attesa di cortese riscontro
		non esitate a contattarmi
		non esitate a contattarci
		non esiti a contattarmi
		in caso di necessita
		in caso di dubbi
		in caso di bisogno
		per qualsiasi dubbio
		se necessario
		se occorre
		ove necessario
		ove occorra
		qualora necessario
		il prima possibile
		prima possibile
		quanto prima
		nel piu breve tempo possibile
		al piu presto
		appena possibile
		non appena possibile
		a presto
		salvo errori
		nient altro
		niente altro
		come da caso di assistenza
		come da oggetto
		come da richiesta
		come da voi richiesto
		come da voi indicato
		come da vostre indicazioni
		come da vostre istruzioni
		come da modulo
		come da procedura
		come richiesto
		come indicato
		con la presente
		ai sensi della procedura
		con i migliori saluti
		a disposizione
		per conoscenza
		inviato da iphone
		inviato da ipad
		inviato dal mio iphone
		inviato dal mio ipad
		inviato dal mio dispositivo
		inviato dal mio dispositivo android
		inviato dal mio telefono
		inviato dal mio smartphone
		inviato dal mio samsung galaxy
		inviato dal mio galaxy
		inviato da outlook
		inviato da outlook per android
		inviato da outlook per ios
		inviato da posta per windows
		inviato da libero mail
		inviato da yahoo mail
		inviato da webmail
		ottieni outlook per android
		ottieni outlook per ios
		sent from my iphone
		sent from my ipad
		get outlook for android
		get outlook for ios
		in allegato
		si allega
		allego
		allegato
		allegati
		documento di identita
		documento d identita
		carta d identita
		carta di identita
		patente di guida
		codice fiscale
		tessera sanitaria
		copia del documento
		copia documento
		fronte retro
		fronte e retro
		in corso di validita
		e p c
		lettera firmata
		salute a voi
		ciao a tutti
		buongiorno a tutti
		salve a tutti
		un saluto a tutti
		grazie di tutto
		grazie ancora
		ancora grazie
		grazie per tutto
		si prega di voler
		voler prendere atto
		prendere atto
		prenda atto
		ai sensi di legge
		a tutti gli effetti
		a tutti gli effetti di legge
		ad ogni effetto di legge
		ad ogni buon fine
		a ogni buon fine
		buone feste
		buon anno
		buon fine settimana
		buon weekend
		buona domenica
		tanti auguri
		vi auguro una buona giornata
		non ne ho piu bisogno
		non mi serve piu
		non ci serve piu
		non serve piu
		non la uso piu
		non la usiamo piu
		non la utilizzo piu
		non la utilizziamo piu
		non mi occorre piu
		non e piu utilizzata
		non piu utilizzata
		non viene piu utilizzata
		non utilizzo piu
		non uso piu
		inviato dall app di posta per android
		inviato da app libero mail
		inviato dall app
		app di posta
		sede operativa
		sede legale
		si allega copia
		in allegato la fattura
		in allegato fattura
		allego fattura
		allego la fattura
		auguri a tutti
		saluti a tutti
		ringrazio tutti
		come da accordi
		come da accordi telefonici
		come da accordi intercorsi
		entro 30 giorni
		entro i 30 giorni
		entro trenta giorni
		in allegato documento
		un cordiale saluto
		ora tarda
		come da esempio
		come da vostro esempio
		come da vs esempio
		come da fac simile
		come da vostro fac simile
		come da facsimile
		come da modello
		come da vostro modello
		come da vostra pagina
		secondo il vostro esempio
		esempio riportato sul sito
		stesso metodo di pagamento
		medesimo metodo di pagamento
		metodo di pagamento utilizzato
		carta di credito utilizzata
		stessa carta di credito
		carta di credito
		in relazione al
		in relazione alla
		in relazione all
		recesso dal contratto
		dal contratto
		ai sensi dell art
		d lgs
		con effetto immediato
		per contatti
		per eventuali contatti
		contatti telefonici
		contatto telefonico
		secondo quanto previsto
		secondo quanto indicato
		secondo le vostre indicazioni
		secondo le indicazioni
		secondo la procedura
		secondo le modalita
		testo richiesto
		il seguente testo
		il testo seguente
		testo del modulo
		testo della richiesta
		gentile cliente
		buon cliente
		condizioni di servizio
		condizioni del servizio
		condizioni generali
		condizioni contrattuali
		condizioni generali di contratto
		condizioni di contratto
		condizioni d uso
		nei termini
		nei termini di legge
		entro i termini
		entro i termini di legge
		nei termini previsti
		entro il termine di 30 giorni
		entro il termine di trenta giorni
		entro trenta giorni dall ordine
		entro 30 giorni dall ordine
		entro 30 giorni dal rinnovo
		entro i 30 giorni dal rinnovo
		entro 30 gg
		art 52
		art 54
		codice del consumo
		scusate l ora
		scusate per l ora
		per ogni altra informazione
		ogni altra informazione
		ogni altra esigenza
		qualsiasi altra informazione
		altre informazioni
		altri chiarimenti
		altro da aggiungere
		anno nuovo
		felice anno nuovo
		buon anno nuovo
		al momento della ricezione
		copia della fattura
		copia fattura
		copia dell ordine
		ricevuta del pagamento
		ricevuta di pagamento
		in liquidazione
		commercialista
		dottore commercialista
		dottoressa commercialista
		numero di telefono
		al numero`, "\n") {
		if words := strings.Fields(line); len(words) > 0 {
			m[words[0]] = append(m[words[0]], words)
		}
	}
	return m
}()

var (
	knownWords = map[string]class{} // as listed
	wordClass  = map[string]class{} // with what their stems add
	knownStems = map[string][]stem{}
)

// stem is the beginning of a family of words; stems are found by their first
// three letters, the longest first.
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
		learn(s.class, s.words)
	}
	for _, list := range knownStems {
		slices.SortFunc(list, func(a, b stem) int { return len(b.text) - len(a.text) })
	}
	for w, c := range knownWords {
		s := stemClass(w)
		if c&danger == 0 {
			s &^= danger // a word listed as harmless is no form of a dangerous one
		}
		wordClass[w] = c | s
	}
	return true
}()

func learn(c class, words string) {
	for w := range strings.FieldsSeq(words) {
		text, open := strings.CutSuffix(w, "*")
		if !open {
			knownWords[w] |= c
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

// classOf is what a folded word may mean: its own entry and its longest stem's.
func classOf(w string) class {
	if c, ok := wordClass[w]; ok {
		return c
	}
	return stemClass(w)
}

func stemClass(w string) class {
	if len(w) < 3 {
		return 0
	}
	for _, s := range knownStems[w[:3]] {
		if strings.HasPrefix(w, s.text) {
			return s.class
		}
	}
	return 0
}

// phrase is how many tokens from toks[0] are a courtesy of several words, 0
// when none is.
func phrase(toks []token) int {
	best := 0
	for _, words := range phrases[toks[0].word] {
		if len(words) > best && len(words) <= len(toks) && begins(toks, words) {
			best = len(words)
		}
	}
	return max(best, patterned(toks))
}

func begins(toks []token, words []string) bool {
	for i, w := range words {
		if toks[i].word != w {
			return false
		}
	}
	return true
}
