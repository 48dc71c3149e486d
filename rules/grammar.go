package rules

import "strings"

// tag is what the ending of an Italian word tells of it. Endings tell the
// mood and the tense of verbs nobody has listed: a wish, a condition or a
// promise is known by its grammar, whatever it is about.
type tag uint8

const (
	tagFuture      tag = 1 << iota // verrà, chiuderete
	tagConditional                 // vorrei, sarebbe
	tagYou                         // an order: fatemi, chiudetela
	tagYouPlural                   // -ate, -ete, -ite: you do, or a feminine plural
	tagPast                        // serviva, andai
	tagParticiple                  // fatto, venduta
	tagInfinitive
	tagPresent // passano, viviamo
)

// tagOf reads the ending of a folded word; accented says that its last letter
// bears an accent (or the apostrophe that stands for one).
func tagOf(w string, accented bool) tag {
	if len(w) < 4 || nouns[w] {
		return shortTags[w]
	}
	t := shortTags[w]
	switch {
	case accented && ends(w, "ro", "ra"),
		len(w) > 7 && ends(w, "ero", "era") && !ends(w, "iero", "iera") && !noFuture[w], ends(w, "ranno"),
		verbal(w, "remo"), verbal(w, "rete"):
		t |= tagFuture
	case verbal(w, "rei"), verbal(w, "resti"), ends(w, "rebbe", "rebbero"), verbal(w, "remmo"), verbal(w, "reste"):
		t |= tagConditional
	}
	switch {
	case order(w):
		t |= tagYou
	case ends(w, "avate", "evate") && !ends(w, "levate", "lavate", "cavate"):
		t |= tagPast
	case ends(w, "ate", "ete", "ite"):
		t |= tagYouPlural
	case noImperfect[w]:
	case ends(w, "avo", "evo", "ava", "eva", "avamo", "evamo", "ivamo", "avano", "evano", "arono", "erono", "irono"),
		irregularPast(w),
		len(w) > 6 && ends(w, "asse", "esse", "isse", "assero", "essero", "issero") && !strings.HasPrefix(w, "interess") && !irregular(w):
		t |= tagPast
	case ends(w, "iere"):
	case ends(w, "are", "ere", "ire"),
		len(w) > 5 && ends(w, "arla", "erla", "irla", "arlo", "erlo", "irlo", "armi", "ermi", "irmi", "arci", "erci", "irci", "arvi", "ervi", "irvi",
			"arsi", "ersi", "irsi", "arli", "erli", "irli", "arle", "erle", "irle", "arne", "erne", "irne"):
		t |= tagInfinitive
	}
	if len(w) > 4 && (ends(w, "iamo") && !accented || ends(w, "ano", "ono", "isce", "iscono")) && t == 0 {
		t |= tagPresent
	}
	if !accented && ends(w, "ato", "ata", "ati", "ate", "uto", "uta", "uti", "ute", "ito", "ita", "iti", "ite") || irregular(w) { // not "attività"
		t |= tagParticiple
	}
	return t
}

// noFuture end as futures do that lack their accent, and are none.
var noFuture = set(`
	atmosfera bonasera buonasera considera considero delibera delibero desidera desidero esonera esonero persevera persevero ministero monastero primavera
	recupera recupero rigenera stasera svizzera tempera tessera`)

// verbal reports whether a word has the ending of a future or a conditional
// after the letters that a verb has there: chiud-e-remo, vor-remo.
func verbal(w, end string) bool {
	stem, found := strings.CutSuffix(w, end)
	return found && len(stem) > 1 && (ends(stem, "e", "i", "v", "d", "t", "r", "n") || shortFuture[stem])
}

// shortFuture are the stems of verbs that keep their "a": sarò, farò.
var shortFuture = set("sa fa da sta sap rifa")

func ends(w string, list ...string) bool {
	for _, end := range list {
		if len(w) > len(end) && w[len(w)-1] == end[len(end)-1] && strings.HasSuffix(w, end) {
			return true
		}
	}
	return false
}

// order reports whether a word is an imperative with a pronoun joined to it.
func order(w string) bool {
	for _, verb := range []string{"ate", "ete", "ite"} {
		for i := strings.LastIndex(w, verb); i > 0; i = -1 {
			switch w[i+3:] {
			case "mi", "ci", "la", "lo", "li", "le", "ne", "vi", "gli", "mela", "melo", "meli", "mele", "mene", "cela", "celo", "celi", "cele", "vela", "velo", "vene", "gliela", "glielo":
				return true
			}
		}
	}
	return false
}

// irregularPast reports whether a word in -iva is an imperfect and no adjective.
func irregularPast(w string) bool {
	if !ends(w, "iva", "ivo", "ivano") {
		return false
	}
	if ends(w, "ivo") && !ends(w, "tivo", "sivo") && len(w) > 5 && !noImperfect[w] {
		return true
	}
	return anyPrefix(w, "gest", "vest", "assist", "garant", "invest", "divert", "consent", "avvert", "ment", "nutr", "serv", "ven", "fin", "cap", "usc", "sent", "part", "forn", "seg", "prefer", "costru", "riesc", "riusc", "dorm", "apr", "dic")
}

// noImperfect end as imperfects do and are none.
var noImperfect = set(`
	allevo archivo arrivo bevo deprivo derivo descrivo devo iscrivo lavo leva levo olivo prelevo privo ravvivo ricevo rileva rilevo scavo
	scrivo sollevo sottoscrivo tardivo trascrivo vivo`)

// shortTags are verbs too short or too irregular for their ending to tell.
var shortTags = func() map[string]tag {
	m := map[string]tag{}
	for words, t := range map[string]tag{
		"era ero erano eravamo eri fu fui furono ebbe ebbi feci fece fecero presero dissi disse venne venni dava stava faceva facevo": tagPast,
		"date state siete avete andate": tagYouPlural,
		"fate dite dovete potete volete sapete dammi dimmi fammi mandami chiamami lasciami scrivimi aspettami tienimi tienila lasciala dagli": tagYou,
		"saro avro verra dovra potra vorra andra arrivera servira mandero verro potro dovro vorro tornero riaprira":                           tagFuture,
		"fare dire dare stare dirvi dirle dirmi dirci farvi farmi farci darmi darci darvi":                                                    tagInfinitive,
		"stato stata stati state mandato": tagParticiple,
	} {
		for w := range strings.FieldsSeq(words) {
			m[w] |= t
		}
	}
	return m
}()

// nouns end as verbs do and are none.
var nouns = set(`
	abbandono abete adriano affare agreste aiuto alimentare altare amore annate anziano armi arrivederci artigiano artrite assembleare avere avvocato
	barbiere bare barile bassano bere bolzano brano brava bravo breve bronchite buono camere cameriere cantiere capitano carabiniere care
	calamite carne catene cava cavaliere cellulare consiliare cenere certificato chiarmi chiave ciascuno cifre cognate comite concrete contributo credito crescita
	cristiano cuore date debito decano discrete divano dolore dono dovere elementare elite emiliano entrata entrate essere estate estremo
	facciate familiare favore ferita ferite ferroviere fiere fiore foreste frate gare genere giornate gita gite giuliano granite grano grave
	infermiere ingegnere intere interprete invito istituto italiana italiano laboratoire lava lettere libere lieve limite lite lontano luciano mandato
	mano mare marito marmi matite mattinate merano mercato merci merito merle mestiere metano milano militare minuto napoletano nascita
	nascite nessuno nottate nuova nuovo ognuno opere ore oristano ospite ottava ottavo padovano parere parete parole parrucchiere
	particolare partita partite perdono pergamo perle pero piacere piano polare popolare potere povere preste presto prete qualcuno
	quartiere quiete quotidiano ragioniere rare rate richiesta richieste regolare rendita reste rete ricamo richiamo rifiuto romano rumore sale salita salite
	saluto sano sapere schiavo scolare secolare segrete serate sere serrate sete siciliano signore sindacato singolare solare sono spalle statuto
	strano subito suono supremo tavole telefono terrestre tessuto tirano tischlerei tono toscano trevisano tributo trono umano umore urbano
	tramite uscita uscite vendita vendite venere veneziano vere visite vite vivere volere`)

// participles are those that no ending gives away.
var participles = set(`
	accolto accorta accorti accorto aperta aperte aperti aperto appreso assunta assunti assunto chiesta chiesti chiesto chiusa chiuse
	chiusi chiuso composto compresa compreso concesso conclusa conclusi concluso condotto confuso convinto coperto corretta corretto corso
	costretta costretto cresciuto data dato decisa deciso detta dette detti detto dismessa dismesso disposta disposto distrutto eletta
	eletto esploso esposto estinta estinto fatta fatte fatti fatto fusa fusi fuso giunta giunto imposta imposto intrapreso iscritta
	iscritti iscritto letta lette letti letto messa messe messi messo morta morto mosso nascosto nata nato offerta offerto permesso persa
	perse persi perso presa prese presi preso prodotta prodotto promesso proposta proposto protetto raccolta raccolto raggiunta raggiunto
	resa resi reso respinta respinto ridotta ridotto rimasta rimaste rimasti rimasto rimessa rimesso rimosso ripresa ripreso risolta
	risolto risposto rivolta rivolto rotta rotto scelta scelto sciolta sciolti sciolto scoperta scoperto scritta scritte scritti scritto
	smessa smessi smesso sofferto sorpreso sorta sorto sospeso sottoscritto spenta spento spesa spese speso spinto stampato successo svolta
	svolto tolta tolto tradotto trascorso venduto vinta vinto vista viste visti visto volta volto`)

// irregular reports whether a word is such a participle, in any gender, or a
// compound of one: "disdetto", "distrutti", "riscritta".
func irregular(w string) bool {
	if participles[w] {
		return true
	}
	if len(w) < 5 || !strings.ContainsRune("oaie", rune(w[len(w)-1])) {
		return false
	}
	root := w[:len(w)-1]
	if participles[root+"o"] {
		return true
	}
	for _, end := range []string{"dett", "fatt", "scritt", "mess", "chiest", "chius", "apert", "strutt", "dott", "post", "colt", "solt", "tolt", "rott"} {
		if strings.HasSuffix(root, end) && len(root) > len(end)+1 {
			return true
		}
	}
	return false
}

// foreign reports whether a sentence is in another language, whose words the
// Italian endings do not tell.
func (r *reader) foreign(s *sentence) bool {
	n := 0
	for k := s.from; k < s.to; k++ {
		n += count(foreignWord[r.toks[k].word])
	}
	return n >= 3 || n == 2 && s.to-s.from <= 6
}

var foreignWord = set(`
	and are aus avec been bin bonjour danke das dear der die en est et for from fur habe has have i ich ihre is ist j je les ma mein meine
	gain hay merci mon my nach never nous nunca pain of plus pour sie suis thank thanks the to und votre vous we wir you your`)

// accented reports whether the word of token t ends with an accent.
func (r *reader) accented(t *token) bool {
	s := r.own.text
	if t.end < len(s) && t.end > 0 {
		if c := s[t.end]; c == '\'' || c == '`' {
			return true
		}
		if strings.HasPrefix(s[t.end:], "’") || strings.HasPrefix(s[t.end:], "´") {
			return true
		}
	}
	return t.end > 0 && s[t.end-1] >= 0x80
}
