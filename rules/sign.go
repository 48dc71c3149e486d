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

// The names of the signs that are no list of words.
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
)

// signs in the order of weight: the first found names the case.
var signs = []sign{
	{name: signRevocation, class: revoking,
		hard: `revoc* annull* ritratt* rettific* ripens* corrige leggasi riconsider* sospend* sospension* stop disguid* riattiv* ripristin* ignorate ignorare ignori trascur* contrordine`,
		soft: `ritir* ferma fermi fermo fermate fermat* fermar* blocc* sbagli* errore superat* sostitu*`},
	{name: "data-erasure", class: erasing,
		hard: `oblio anonimizz*`},
	{name: "dispute", class: dispute,
		hard: `irregolar* ingiust* anomal* inspiegabil* adiro adire adiremo diffid* denunc* querel* risarc* agcom garante reclam* truff* frod* hacker* phishing litig* impedir* insist* numerino otp dettato dettata clonat* clonata furto indagin* sentenza sentenze minacc* ricatt* cliccat* antitrust codacons adiconsum altroconsumo agcm federconsumatori chargeback violat* hackerat* intrus* abusiv* rubat* rubato costrett* costring* contest* illecit* illegal* illegittim* indebit* vergogn* dispett* strana strano pretes* imbrogl* sospett* obbliga obbligano obbligate obbligando`,
		soft: `avvocat* tribunal* giudic* carabinier* polizia danni penale penali consumator*`},
	{name: signNegation, class: negation,
		hard: `contrari* oppon* opposizione rifiut* nega nego smentisc* disconosc* macche figuriamoc* scordatev* manco cavolo`,
		soft: `non nn nun nol noo no anzi niente nulla nessun nessuno nessuna mai senza nemmeno neppure neanche mica`},
	{name: "draft", class: draft,
		hard: `bozza bozze prova prove test collaudo schema minuta esercitazion* esercitarmi esercitarci compito dimostrativ* fittizi* finta simulazione simulazioni ipotesi scherz* provocazion* draft sample original* `,
		soft: `modello esempio esempi facsimile simile corrett*`},
	{name: "doubt", class: doubt,
		hard: `sconsigli* vediamo vedremo forse magari boh mah chissa semmai confond* paura combattut* temo temiamo incert* indecis* perpless* titub* remore scrupol* tentenn* pentir* pento pentirm*`,
		soft: `dubb* decid*`},
	{name: signCondition, class: condition,
		hard: `affinche diversamente purche fintanto tranne eccetto eccezione esclus* limitatamente vincolat* subordinat* subordine subordino previo previa eventualmente altrimenti alternativa
			decorr* decorsi decorso decorrenza riserva riserve riservo riservandomi riservandosi impregiudicat* pregiudizio sospes* prorog* provvisor* differi* temporane* momentane* parzial*
			rinvi* posticip* pausa autorizzazione benestare nullaosta cautelat* approvazione seguira seguiranno before dont avant aber unless until only yet wait hold keep nicht erst warten falls wenn encore attendre attendez garder gardez sauf`,
		soft: `salvo se qualora finche quando dopo prima poi appena ancora intanto frattempo solo soltanto solamente unicamente sempreche piuttosto invece oppure fino sino
			attend* aspett* condizione condizioni condizionata condizionato durante trascors* preavviso`},
	{name: signDeferral, class: deferral,
		soft: `domani dopodomani stasera stanotte lunedi martedi mercoledi giovedi venerdi sabato domenica gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre
			inverno estate primavera autunno natale pasqua epifania befana ferragosto capodanno carnevale prossim* successiv* entrante venturo futur* scad* fine inizio meta mese mesi mesetto anno anni
			settiman* giorno giorni ora ore adesso tardi avanti entro termine decorrere partire richiam* riscriv* rimand* risent* ritelefon* ripass* riparl* ricontatt* fissiamo fissare sentiamo sentiamoci passo vengo`},
	{name: signThirdPerson, class: thirdHand,
		hard: `cotitolar* contitolar* delega deleghe delego procura procure erede eredi ereditar* defunt* decedut* scompars* tutore tutrice tutela curator* curatela fallimento fallito fallita fallimentare concordato giudiziari* giudiziale testamentari* pignorat* sequestr* tizio
			minorenne divorz* separand* dimission* uscente sfiduciat* interdett* inabilitat* assistit* mandante acquirent* compratore subentr* custode buonanima compianto`,
		soft: `badante marito moglie figlio figlia figli figlie padre madre mamma papa babbo fratello sorella zio zia nonno nonna genitore genitori nipote suocer* cognat* genero nuora cugin* coniuge compagn* convivente
			fidanzat* amico amica vicino vicina conoscente conto collega dipendente impiegat* collaborator* ex precedente vedov* morto morta morte cliente mandato qualcuno qualcun rivolgersi rivolgetevi incaricat* incarico`},
	{name: signSecondRequest, class: another,
		hard: `hosting logs portabilit* entrambe entrambi ambedue`,
		soft: `voltura domini* password credenzial* inoltre anche altresi nonche pure idem altra altre altri altro contestualmente delibera deliberazione rimbors* storn* restituz* restituir* restituite fattur* rinnov* trasfer* migr* rinunc* disdett* disdic* disdir* recess* reced* attivat* attivar* attivazion* nuova nuovo
			modific* cambi* spost* vend* cedo cedere cessione ceduta ceduto copia log backup soldi insieme compresa compreso compresi comprese aggiunt* integra integrano integrar* integrazion* caselle`},
	{name: "still-needed", class: needed,
		soft: `serve servono serva occorre occorrono occorra uso usiamo usa usano utilizz* adoper* consulta consultano consulto consultiamo tengo teniamo tieni tenere tener* tenet* manten* mantien* mantenga tenev* conservo conservi conserva conservat* conservar* resta restare restano restar* restino rimane rimanga
			rimangono rimanere rimaner* bisogno utile indispensabile necessari* interessa importante importa preme raccomando lasci* riapr* riprend* ricominc* riallacc* recuper* torno torna tornare tornar* torniamo tornate tornera tornero torneremo continuo continua continuiamo continuano continuare prosegue proseguo proseguiamo proseguono proseguire
			arriva arrivano arrivino scriv* scarico scarica scaricar* scaricat* salvare salvar* salviamo salvate salvat* stampo stampiamo stampare stampar* stampat* leggo leggiamo leggere legger* leggete
			ricev* perd* superflu* inutil* averla riaverla guardarl*`},
	{name: "iban", class: bank,
		hard: `iban abi swift bic bancari*`,
		soft: `bonifico accredit* coordinate`},
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
