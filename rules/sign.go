package rules

// sign is a danger sign: words near a form that make it a case for a person
// (procedures §2.4). Hard words are a sign in whatever sentence they stand;
// soft ones are not where they only tell what is past, greet or excuse (cue.go).
type sign struct {
	name  string
	class class
	hard  string
	soft  string
}

// The names of the signs.
const (
	signQuestion      = "question"
	signSecondMailbox = "second-mailbox"
	signFutureDate    = "future-date"
	signSecondRequest = "second-request"
	signThirdPerson   = "third-person"
	signCondition     = "condition"
	signDeferral      = "deferral"
	signForward       = "forwarded"
	signHidden        = "hidden-text"
	signStruck        = "struck-text"
	signVersions      = "text-and-html-differ"
	signRevocation    = "revocation"
	signNegation      = "negation"
	signOrder         = "other-order"
	signErasure       = "data-erasure"
	signDispute       = "dispute"
	signDraft         = "draft"
	signDoubt         = "doubt"
	signNeeded        = "still-needed"
	signIBAN          = "iban"
	signPostscript    = "postscript"
)

// signs in the order of weight: the first found names the case.
var signs = []sign{
	{name: signRevocation, class: revoking,
		hard: `
			annull* contrordine corrige disguid* ignorare ignorate ignori leggasi rettific* revoc* riattiv* riconsider* ripens* ripristin* ritratt*
			sospend* sospension* stop trascur*`,
		soft: `blocc* errore ferma fermar* fermat* fermate fermi fermo ritir* sbagli* sostitu* superat*`},
	{name: signErasure, class: erasing,
		hard: `anonimizz* oblio`},
	{name: signDispute, class: dispute,
		hard: `
			abusiv* adiconsum adire adiremo adiro agcm agcom altroconsumo anomal* antitrust chargeback cliccat* clonat* clonata codacons contest*
			costrett* costring* denunc* dettata dettato diffid* dispett* federconsumatori frod* furto garante hacker* hackerat* illecit* illegal*
			illegittim* imbrogl* impedir* indagin* indebit* ingiust* insist* inspiegabil* intrus* irregolar* litig* minacc* numerino obbliga
			obbligando obbligano obbligate otp phishing prefisso pretes* querel* reclam* ricatt* risarc* rubat* rubato sentenza sentenze sospett* strana
			strane strani strano truff* vergogn* violat*`,
		soft: `avvocat* carabinier* consumator* danni giudic* penale penali polizia tribunal*`},
	{name: signNegation, class: negation,
		hard: `cavolo contrari* disconosc* figuriamoc* macche manco nega nego oppon* opposizione rifiut* scordatev* smentisc*`,
		soft: `anzi mai mica neanche nemmeno neppure nessun nessuna nessuno niente nn no nol non noo nulla nun senza`},
	{name: signDraft, class: draft,
		hard: `
			bozza bozze collaudo compito dimostrativ* draft esercitarci esercitarmi esercitazion* finta fittizi* ipotesi minuta original* prova prove
			provocazion* sample schema scherz* simulazione simulazioni test`,
		soft: `corrett* esempi esempio facsimile modello simile`},
	{name: signDoubt, class: doubt,
		hard: `
			boh chissa combattut* confond* forse incert* indecis* magari mah paura pentir* pentirm* pento perpless* remore sconsigli* scrupol* semmai
			temiamo temo tentenn* titub* vediamo vedremo`,
		soft: `decid* dubb*`},
	{name: signCondition, class: condition,
		hard: `
			aber affinche alternativa altrimenti approvazione attendez attendre autorizzazione avant before benestare cautelat* decorr* decorrenza
			decorsi decorso differi* diversamente dont eccetto eccezione encore erst esclus* eventualmente falls fintanto garder gardez hold
			impregiudicat* keep limitatamente momentane* nicht nullaosta only parzial* pausa posticip* pregiudizio previa previo prorog* provvisor*
			purche rinvi* riserva riservandomi riservandosi riserve riservo sauf seguira seguiranno sospes* subordinat* subordine subordino
			temporane* tranne unless until vincolat* wait warten wenn yet`,
		soft: `
			ancora appena aspett* attend* condizionata condizionatamente condizionato subordinatamente condizione condizioni dopo durante finche fino frattempo intanto invece oppure
			piuttosto poi preavviso prima qualora quando salvo se sempreche sino solamente solo soltanto trascors* unicamente`},
	{name: signDeferral, class: deferral,
		soft: `
			adesso agosto anni anno aprile autunno avanti befana capodanno carnevale decorrere dicembre domani domenica dopodomani entrante entro
			epifania estate febbraio ferragosto fine fissare fissiamo futur* gennaio giorni giorno giovedi giugno inizio inverno luglio lunedi maggio
			martedi marzo mercoledi mese mesetto mesi meta natale novembre ora ore ottobre partire pasqua passo primavera prossim* richiam*
			ricontatt* rimand* riparl* ripass* riscriv* risent* ritelefon* sabato scad* silvestro sentiamo sentiamoci settembre settiman* stanotte stasera
			successiv* tardi termine venerdi vengo venturo`},
	{name: signThirdPerson, class: thirdHand,
		hard: `
			acquirent* assistit* buonanima compianto compratore concordato contitolar* cotitolar* curatela curator* custode decedut* defunt* delega
			deleghe delego dimission* divorz* erede eredi ereditar* fallimentare fallimento fallita fallito giudiziale giudiziari* inabilitat*
			interdett* mandante minorenne pignorat* procura procure scompars* separand* sequestr* sfiduciat* subentr* testamentari* tizio tutela
			tutore tutrice uscente`,
		soft: `cliente collaborator* collega conto dipendente ex impiegat* incaricat* incarico mandato morta morte morto precedente qualcun qualcuno rivolgersi rivolgetevi vedov*` + relatives},
	{name: signSecondRequest, class: another,
		hard: `ambedue entrambe entrambi hosting logs portabilit*`,
		soft: `
			aggiunt* altra altre altresi altri altro anche attivar* attivat* attivazion* backup cambi* caselle cedere cedo ceduta ceduto cessione
			compresa comprese compresi compreso contestualmente copia credenzial* delibera deliberazione disdett* disdic* disdir* domini* fattur*
			idem inoltre insieme integra integrano integrar* integrazion* log migr* modific* nonche nuova nuovo password pure reced* recess*
			restituir* restituite restituz* rimbors* rinnov* rinunc* soldi spost* storn* trasfer* vend* voltura`},
	{name: signNeeded, class: needed,
		soft: `
			adoper* arriva arrivano arrivino averla bisogno conserva conservar* conservat* conservi conservo consulta consultano consultiamo consulto
			continua continuano continuare continuiamo continuo guardarl* importa importante indispensabile interessa inutil* lasci* legger* leggere
			leggete leggiamo leggo manten* mantenga mantien* necessari* occorra occorre occorrono perd* preme prosegue proseguiamo proseguire
			proseguo proseguono raccomando recuper* resta restano restar* restare restino riallacc* riapr* riaverla ricev* ricominc* rimane rimaner*
			rimanere rimanga rimangono riprend* salvar* salvare salvat* salvate salviamo scarica scaricar* scaricat* scarico scriv* serva serve
			servono stampar* stampare stampat* stampiamo stampo superflu* tener* tenere tenet* tenev* tengo teniamo tieni torna tornar* tornare
			tornate tornera torneremo tornero torniamo torno usa usano usiamo uso utile utilizz*`},
	{name: signIBAN, class: bank,
		hard: `abi bancari* bic iban swift`,
		soft: `accredit* bonifico coordinate`},
}

// signOf names the gravest sign of a class, "" when it bears none.
func signOf(c class) string {
	for _, s := range signs {
		if c&s.class != 0 {
			return s.name
		}
	}
	return ""
}

// rank orders signs by weight: the lower, the graver.
func rank(name string) int {
	for i, s := range signs {
		if s.name == name {
			return i
		}
	}
	return len(signs)
}
