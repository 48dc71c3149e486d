package rules

// sign is a danger sign: words near a form that make it a case for a person
// (procedures §2.4).
type sign struct {
	name  string
	class class
	words string
}

// The names of the signs that are no list of words.
const (
	signQuestion      = "question"
	signSecondMailbox = "second-mailbox"
	signFutureDate    = "future-date"
	signSecondRequest = "second-request"
	signForward       = "forwarded"
	signHidden        = "hidden-text"
	signVersions      = "text-and-html-differ"
	signRevocation    = "revocation"
)

// signs in the order of weight: the first found names the case.
var signs = []sign{
	{signRevocation, revoking, `revoc* annull* ritir* ripens* ripensat* ritratt* rettific* sospend* sospension* ferm* blocc* bloccate stop disguid* sbagliat*
		riattiv* ripristin* ignorate ignorare trascurate recuperare recupero`},
	{"data-erasure", erasing, `oblio gdpr interessato anonimizz*`},
	{"negation", negation, `non no anzi resta restera resti rimane rimanga rimarra attiv* mai nessun nessuno nessuna nemmeno neppure neanche niente nulla nè senza contrari* oppongo opposizione rifiut* barrato barrata diffid* contest*
		mantener* mantenet* manteng* tener* tenet* teng* lasciat* lasciar* conservar* conservat*`},
	{"condition", condition, `se qualora purche salvo solo soltanto solamente unicamente dopo prima quando appena finche fintanto entro fino sino decorrere decorrenza
		partire successiv* scadenza termine condizione condizion* oppure ma pero invece tuttavia eventualmente altrimenti tranne eccetto
		eccezione riserva riserve riservandomi riservandosi riservo salvi salva impregiudicat* pregiudizio protesta ora momento intanto frattempo stasera adesso stanotte poi ancora ormai appena previa previo subordinat* ore bozza bozze esempio esempi facsimile simile prova prove test draft sample simulazione ipotesi gennaio febbraio marzo aprile maggio giugno
		luglio agosto settembre ottobre novembre dicembre lunedi martedi mercoledi giovedi venerdi sabato parte prevent* sospes* futuro prossimo prossima domani mese mesi anno anni settimana settimane fra fine inizio effettiva immediato
		immediata immediatamente subito giorni attend* aspett* rinvi* posticip* proro* dovesse dovessi dovessero provvisori* temporane* parzial* forse magari`},
	{"third-person", thirdHand, `conto delega deleghe procura procure erede eredi defunt* decedut* scomparso scomparsa morto morta morte padre coniuge compagn* convivente uscent* dimission* dimess* decadut* interim licenziat* cliente difensore sostitut* sostituzion* dipendente impiegat* collaborator* facente gia nipote suocer* cognat* amico amica vicino vicina badante famiglia
		giudiziari* giudizial* custode esecutore testamentari* straordinari* pignorat* sequestr* minorenne minore interdett* inabilitat*
		marito moglie figlio figlia figli madre fratello sorella zio zia nonno nonna genitore genitori vedov* tutore tutrice curator* curatela fallimento
		fallimentare sostegno collega assistito assistita mandato incaricat* ex precedente cessat* cessione ceduta`},
	{signSecondRequest, another, `ps nb postscriptum scriptum inoltre anche altresi nonche ulteriormente contestualmente rimbors* storn* fattur* rinnov* trasfer* portabilit* migr* disdett* disdir* disdic*
		recess* reced* domini* hosting log backup contatt* cellular* password credenzial* caselle altre altra altri altro secondo seconda entrambe entrambi due tre attivar* attivazion* nuova
		nuovo riattivazion* ripetu* reclam* pagament* pagat* pagare pagato addebit* importo euro sconto modific* cambi* cancellazion* cancellar* cancellat* cancell* elimin* chiu* spost* vend*
		inoltrar* inoltrate certificat* stampat* accesso accedere risarc* denunc* garante agcom querel*`},
	{"iban", bank, `iban bonifico bancari* abi cab swift bic accredit*`},
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
