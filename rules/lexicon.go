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

// lexicon lists the words that are told apart. A word that ends with * is a
// stem. The lists overlap on purpose. Words in no list mean nothing to the
// desk: names, trades, places, a life told in passing.
var lexicon = []struct {
	class class
	words string
}{
	{weak, `il lo la i gli le l un una uno di a da dal dai dagli dalle in con su per tra fra del dello della dei degli delle d dell al allo alla
		ai agli alle all dallo dalla dai dagli dalle dall nel nello nella nei negli nelle nell sul sullo sulla sull col e ed o
		n nr nro num numero ne si vi mi ci che cui quale`},
	{civil, `vorrete volete darmi darci operazione completata ditemi diteci rispond* regola mando mandiamo fornisco forniamo porto spedisco trasmetto volentieri prego preghiamo prega pregando subito conforme idoneo completo completa leggibile segnal* testo corretto manca mancasse manchi avrete ok okay doveste dovesse dovessero avesse avessero aveste fosse fossero fatemelo fatecelo confermaste ve spina bastera basterebbe rinnovabili rinnovabile io lei voi vostro vostra vostri vostre vs vr suo sua mio mia me noi nostro nostra questo questa presente presenti quanto tutto tutti qui
		oggetto ogg rif riferimento prot protocollo cortese cortesi cortesia cortesemente gentil* attesa pront* sollecit* celer* veloc* rapid* urgen* fretta presto tempestiv* premura
		sbrig* massim* cura anticipatamente anticipo disposizione chiariment* delucidazion* ulteriori ulteriore eventual* qualsiasi qualunque ogni qualcosa cosa nient
		necessit* evenienza occorrenza inform* domand* problem* bisogno serve servono servisse servissero occorre occorresse altro fare fa fate piacere favore grato grata grati grate gratitudine lieto lieta liete lieti
		riconoscent* sarei saremmo sarebbe saro saremo sara avrei avremmo gradit* gradire* gradisc* vogliate vorrete voglia possibile riusc* potete potreste poteste puo potrebbe siete avete
		sono siamo essere e resto restiamo rimango rimaniamo restando rimanendo contatt* contattar* chiam* telefon* numero cell tel recapit* raggiungibil* reperibil* rintracciabil*
		stima rispetto assistenza clienti ufficio reparto supporto staff team gestore provider operator* collaborazion* disponibil* attenzione servizi* indicazion* istruzion*
		fatto fatta avvenut* eseguit* conclus* posto tranquill* piu bene meglio cenno riga due parol* breve mi vi ci lo la li mia mandat* inviat* invi* ricev* tramite via mezzo
		permett* considerazione competen* addett* responsabil* fiducios* confid* cert* sicur* conto come sempre grazie anche poi mai se quando caso appena data luogo firma per pure quindi pertanto scrivente scriventi scrivo scriviamo scrivervi esclusivamente legge leggi dovrebbe servissero documento carta identita pronto pronta mandarla mandarlo mandarvela inviarla inviarlo dati documentazione esitate avere fornire rispondere chiarire dare restare rimanere farebbe entro va qualora documenti altri ditemelo oggi perfetto ideale ottimo comodo esserci esserti fatemi fateci sapere salvatore`},
	{greet, `addio buongiorno bongiorno buonasera buondi buon buona buone buoni bon bone giorno giornata giornate sera serata pomeriggio mattino mattina notte salve salute saluti saluto salut* gentile gentili gentilissim* gent gentmi
		gentma gentmo spett spettabile spettabili spettle spettli egregi* egr preg pregmi pregiat* stimat* illmi illmo ill chiarmo signori signore signora sigri ciao ehila hola hello hi dear cara caro cari care carissim* augur* natale pasqua
		anno feste festivita vacanze ferie weekend week domenica settimana lavoro continuazione proseguimento appetito pranzo cena caffe riposo ponte felic* seren* cordial* cordialissim*
		distint* ossequi* abbracc* baci bacio bacion* affettuos* sentiti vivi vivissimi migliori miglior fraterno fraterni sportivi sportivo stima amicizia tante tanti tanto tanta cose belle famiglie famiglia
		bello belli bella raga ragazzi amici regards best kind wishes thanks freundlich* grussen liebe arrivederci`},
	{goodbye, `saluti saluto cordialmente distintamente ossequi ossequio osservanza deferenza fede saluta salutiamo salutando* cordialita firma firmato sottoscritto`},
	{thanks, `grazie graziee grazieee grz thx ringrazi* ringraziament* riconoscen* thanks apprezz* merci gracias danke gratzie complimenti plauso`},
	{apology, `scus* perdon* pazienza dispiac* spiace venia compat* mortificat* rincresc* sorry pardon`},
	{aware, `conosco conosciamo so sappiamo sapendo consapevol* conscio informato informata informati informando capito capisco compreso letto accetto accettando accettiamo preso prendo presa atto visione rendo coscient* spiegat* conoscenza scritto avvisat* avvertit* chiaro chiara`},
	{confirm, `ok okay conferm* riscontr* risposta rispost* cenno notizi* ricezione ricevuta avvis* esito presa carico riga righe`},
	{title, `sigri sigre profssa sig sigra sigr signor signora signorina dott dottssa dssa dottor dottore dottoressa dr drssa avv avvocato ing ingegner ingegnere
		geom geometra rag ragionier ragioniere ragioniera arch architetto prof professore professoressa profssa cav comm commendatore
		perito don suor notaio dottre ssa phd msc sigre arch`},
	{capacity, `qualita procuratore procuratrice liquidatrice tesoriere tesoriera consigliere liquidatore commissario sindaco parroco rettore preside dirigente coordinatore coordinatrice fondatore fondatrice titolare legale rappresentante rapp rappte leg amministratore amministratrice unico unica delegato presidente vicepresidente
		pro tempore socio socia accomandatario accomandataria direttore direttrice responsabile segretario segretaria proprietario proprietaria
		intestatario intestataria ditta individuale societa impresa studio associazione cooperativa condominio consorzio fondazione ente parrocchia comune azienda
		srl srls spa snc sas sapa scarl coop onlus asd aps odv soc soccoop stp arl rl semplice agricola artigiana
		nato nata nascita residente residenza domiciliato domiciliata sede prov provincia codice fiscale cod fisc cf ci partita iva piva p
		documento identita carta rilasciata rilasciato comune via viale piazza piazzale corso largo vicolo strada loc localita fraz frazione cap interno int scala
		km civico snc avente corrente iscritta iscritto albo ordine registro imprese rea camera commercio cciaa matricola
		denominata denominato ragione sociale persona fisica nella sua mia qualita quale ivi commerciale libero professionista professionale
		avvocati ingegneri architetti commercialisti commercialista geometri medici notai tecnico tecnica consulente lavoro revisore legali contabili liquidazione unipersonale
		scrivente sottoscritta sottoscritto persona domicilio digitale recapito`},
	{contact, `tel telefono cell cellulare mobile fax cap via viale piazza corso largo vicolo strada loc localita frazione contrada sede legale operativa
		piva iva cf rea www http https web sito sdi iv uff ufficio phone mob orari orario`},
	{mailing, `mail email posta e-mail pec indirizzo mailto`},
	{notice, `riservat* confidenzial* destinatari* divulg* diffusion* erroneamente errore gdpr privacy 679 196 196/2003 cancellarlo cancellarla
		cancellarli distruggerlo distruggerla eliminarlo eliminarla eliminare distruggere contenute relativi comunicazione intended recipient recipients confidential confidentiality privileged disclosure unauthorized
		delete notify sender error prohibited informativa trattamento vietat* proibit* copia riproduzion* contenut* allegat* messaggio message email ambiente stampare
		stampa environment printing print avviso avvertenza avvertenze disclaimer virus`},
	{enclosed, `alleg* attach*`},
	{box, `casell* pec mailbox account indirizzo posta utenza`},
	{asked, `richiest* domanda istanza modulo disattivazion* disattivar* recesso recedere chiusura cancellazione disdetta presente comunicazione dichiarazione procedere pratica`},
	{contents, `messagg* ricevut* letter* contenut* archivi* allegat* rubrica fattur* mail email posta notific* raccomandat* comunicazioni cartell*`},
	{execute, `proced* provved* provvediat* esegu* evad* evas* disattiv* chiud* chius* cancell* elimin* dismett* cessar* spegn* liberar* cestin* stacc*`},
	{kin, `badante marito moglie figlio figlia figli figlie padre madre mamma papa babbo fratello sorella zio zia nonno nonna genitore genitori nipote suocer* cognat* genero nuora cugin* coniuge compagn* convivente
		fidanzat* amico amica vicino vicina conoscente famigliare familiare familiari mia_madre`},
	{will, `devo dobbiamo deve devono debbo dev dovete posso possiamo puo possono voglio vogliamo vuole vogliono volete vuol vorrei vorremmo vorrebbe intendo intendiamo desidero
		desideriamo desidera preferisco preferiamo preferirei possa possano rivoglio rivogliamo pretendo pretendiamo esigo bisogna tocca volevo volevamo chiedo chiede chiediamo chiedono richiedo richiede richiediamo richiedono domando esorto invito gradirei gradiremmo necessito`},
	{topic, `pec casella caselle mailbox dominio domini rinnov* disattiv* disdett* disdir* disdic* recess* reced* chiu* cancell* elimin* scad* attivazion* stato
		log traccia tracce contatt* cellulare rimbors* ordine abbonament* contratt* utenza account posta certificata servizio dismett* dismission* cessar* cessazion* dismiss*`},
	{wish, `chied* richied* vorre* desider* vogli* intend* necessit* prego dichiar* comunic* domand* serve servono bisogno gradire* potete potreste puo potrebbe posso devo`},
	{sellingClass, `newsletter promozion* promo offert* scont* sconto gratis gratuit* webinar unsubscribe disiscriv* iscrizion* acquista compra imperdibil* catalogo
		listino preventiv* prezzi prezzo euro evento eventi corso corsi formazione marketing fornitur* partnership consulenza crediti abbonati clicca click seo
		soluzioni leader innovativ* risparmi* opportunita commercial* propost* impiant* offr* convenien* sopralluog* brochure visita visitate website ranking google
		invit* convegn* seminari* degustazion* brindis* rsvp inaugurazion* partecipazion* relator* posti rinfresco quote broker domain buying sell donazion* regalar* beneficenza catena fotovoltaic* transizione finanziament* prodott* azienda clicc* lieti scopri`},
}

var (
	knownWords = map[string]class{} // as listed
	wordClass  = map[string]class{} // with what their stems add
	knownStems = map[string][]stem{}
)

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
	for w, c := range knownWords {
		s := stemClass(w)
		if c&harmlessClass != 0 && c&danger == 0 {
			s &^= danger | soft // a word listed as harmless is no form of a dangerous one
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

// classOf is what a folded word may mean: its own entry and its stems'.
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
	m := map[string]bool{}
	for w := range strings.FieldsSeq(words) {
		m[w], heard[w] = true, true
	}
	return m
}

// heard are all words in any set: they are no slips of the pen.
var heard = map[string]bool{"danno": true, "dora": true, "lotto": true}
