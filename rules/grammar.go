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
var noFuture = set("buonasera bonasera stasera desidero desidera considero considera recupero recupera ministero monastero atmosfera primavera delibero delibera esonero esonera tempera rigenera")

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
		if len(w) > len(end) && strings.HasSuffix(w, end) {
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
var noImperfect = set("devo ricevo bevo levo rilevo allevo prelevo sollevo leva rileva lavo scavo scrivo arrivo archivo tardivo vivo privo olivo sottoscrivo descrivo iscrivo trascrivo derivo deprivo ravvivo")

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
var nouns = set(`italiano piano romano anziano artigiano lontano sano strano urbano milano italiana mano brano grano metano quotidiano cristiano veneziano napoletano siciliano toscano
	padovano trevisano siciliano emiliano umano divano tirano merano bolzano oristano telefono buono dono suono perdono trono abbandono tono sono ognuno nessuno qualcuno ciascuno richiamo ricamo pergamo giuliano adriano luciano bassano capitano decano
	pero estremo supremo rete parete concrete discrete segrete foreste reste presto preste agreste terrestre
	vendita uscita entrata partita salita nascita crescita gita ferita rendita estate vite lite prete frate abete quiete sete cognate giornate serate mattinate nottate annate entrate visite vendite uscite nascite gite
	partite ferite artrite bronchite ospite limite comite granite matite salite serrate elite aiuto saluto rifiuto minuto istituto statuto contributo tributo tessuto invito credito debito subito merito mercato certificato mandato avvocato sindacato rate date arrivederci marito merci chiarmi marmi armi
	interprete tischlerei nuovo nuova bravo brava chiave breve grave lieve ottavo ottava lava cava schiavo
	care bare mare gare rare fiere sere ore opere lettere camere cifre vere intere libere povere carne perle merle spalle tavole parole
	genere potere volere dovere piacere parere sapere essere avere cenere venere cellulare militare familiare elementare alimentare singolare secolare polare altare
	popolare particolare regolare scolare affare mestiere cantiere quartiere ingegnere ragioniere cameriere infermiere parrucchiere barbiere cavaliere
	carabiniere ferroviere bere vivere mare barile sale signore amore cuore fiore dolore umore rumore favore`)

// participles are those that no ending gives away.
var participles = set(`fatto fatta fatti fatte detto detta detti dette scritto scritta scritti scritte letto letta letti lette visto vista visti viste preso presa presi prese
	messo messa messi messe chiuso chiusa chiusi chiuse aperto aperta aperti aperte perso persa persi perse speso spesa chiesto chiesta chiesti risposto rimasto rimasta rimasti
	rimaste venduto corso morto morta nato nata deciso decisa sciolto sciolta sciolti tolto tolta dato data trascorso mosso rimosso promesso smesso smessa smessi dismesso dismessa
	concesso successo permesso sottoscritto iscritto iscritta iscritti concluso conclusa conclusi rimesso rimessa offerto offerta scoperto scoperta coperto stampato
	speso spese raccolto raccolta accolto ridotto ridotta condotto prodotto prodotta tradotto compreso compresa appreso sorpreso ripreso ripresa intrapreso sospeso accorto accorta
	accorti reso resa resi scelto scelta spento spenta spinto vinto vinta convinto cresciuto corretto corretta distrutto costretto costretta eletto eletta protetto rotto rotta
	fuso fusa fusi confuso esploso nascosto composto disposto disposta proposto proposta imposto imposta esposto rivolto rivolta volto volta svolto svolta risolto risolta giunto giunta raggiunto raggiunta assunto assunta assunti estinto estinta respinto respinta sofferto sorto sorta`)

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
	for _, end := range []string{"dett", "fatt", "scritt", "mess", "chius", "apert", "strutt", "dott", "post", "colt", "solt", "tolt", "rott"} {
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

var foreignWord = set(`je j suis vous nous merci pour avec est en et les mon ma bonjour plus votre i you we my the to for and is are have has been from of your thank thanks dear
	ich sie wir und ist habe bin aus danke fur ihre mein meine der die das nach`)

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
