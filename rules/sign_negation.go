package rules

import "strings"

// denies reports whether the negation at i touches the request: it forbids
// it, calls it untrue, or denies what it rests on. One that only tells a life
// ("non ci vedo più") or that the mailbox is of no use does not.
func (r *reader) denies(s *sentence, i int) bool {
	switch w := r.toks[i].word; w {
	case "no", "noo":
		return r.word(s, i-1) == "ancora" || !(i+1 == s.to && r.told(s, s.from) && !nowadays[r.word(s, i-1)] ||
			i+1 == s.to && r.contrasted(s, i) ||
			w == "no" && i+1 < s.to && r.toks[i].after == 0 && (r.after(s, i, 4, noMore) || r.word(s, i+1) == "longer")) // "no la doparo più"
	case "anzi":
		if i+1 >= s.to {
			return !(denial[r.toks[s.from].word] && s.to-s.from > 3) // "nulla da dire sul servizio, anzi"
		}
		return r.toks[i+1].class&(greet|thanks) == 0
	case "niente", "nulla", "nessun", "nessuno", "nessuna":
		return r.nothing(s, i)
	case "mai":
		if r.negatedClause(s, i) || r.told(s, i) || r.word(s, i-1) == "che" {
			return false
		}
		return i+1 >= s.to || r.word(s, i+1) != "piu" && r.tag(i+1)&tagParticiple == 0 && r.toks[i+1].class&weak == 0
	case "senza":
		return r.without(s, i)
	case "nemmeno", "neppure", "neanche":
		return r.word(s, i+1) == "per" && !r.negatedClause(s, i)
	}
	return r.forbids(s, i)
}

// contrasted reports whether the last "no" of a sentence only denies one thing of
// the writer's life after another: "il terzo l'ho pagato, il quarto no".
func (r *reader) contrasted(s *sentence, i int) bool {
	t := &r.toks[i-1]
	return i-4 > s.from && s.all&(box|asked|execute|contents|enclosed|will&^soft) == 0 && t.class&(kin|title|capacity) == 0 && !among(t.word, "di", "io", "noi", "lui", "lei", "loro", "invece") &&
		!nowadays[t.word] && !howMany[t.word]
}

func (r *reader) nothing(s *sentence, i int) bool {
	after := r.word(s, i+1)
	if w := r.toks[max(0, i-1)].word; among(w, "assistenza", "caso", "ticket", "allegati", "allegato") {
		return false
	}
	if i+1 < s.to && (strings.HasPrefix(r.toks[i].word, "nessun") && r.toks[i+1].class&(asked|execute|box|confirm|contents|topic|civil|condition) == 0 && !anyPrefix(r.toks[i+1].word, kept...) ||
		r.toks[i+1].class == 0 && (i+2 == s.to || r.toks[i+1].after&(comma|stop) != 0)) || r.word(s, i-1) == "di" && r.before(s, i, 4, lacking) {
		return false // "niente drammi", "nessuna contestazione", "senza l'aiuto di nessuno"
	}
	if after == "osta" {
		return i > s.from && s.all&thanks == 0
	}
	if s.all&(enclosed|aware) != 0 {
		return false
	}
	return !(r.negatedClause(s, i) || r.after(s, i, 5, noMore) ||
		i+1 < s.to && r.toks[i+1].class&(contents|box) != 0 && r.word(s, i+1) != "casella" || after == "comunicazione" || r.told(s, i) ||
		r.word(s, i-1) == "per" || ofNothing[after] || strings.HasPrefix(after, "problem"))
}

var lacking = set("senza")

var ofNothing = set("di da piu altro in contro su fretta rancore risposta conferma")

func (r *reader) without(s *sentence, i int) bool {
	if i+1 >= s.to {
		return false
	}
	after := r.word(s, i+1)
	if r.tag(i+1)&tagInfinitive != 0 {
		return r.toks[i+1].class&(needed|execute|another) != 0 && !r.told(s, i) || r.within(s, i+1)&(box|contents) != 0 && !r.told(s, i)
	}
	if r.toks[i+1].class&(contents|asked|box) != 0 || after == "pregiudizio" {
		return true
	}
	unasked := r.told(s, s.from) && r.holdsStem(i+1, min(s.to, i+6), "accorg", "sapess", "avvis", "voless", "chiedess", "fossi", "rendess")
	if after == "che" && r.told(s, s.from) && s.all&(asked|execute|box|contents) == 0 && !r.holdsStem(s.from, i, "mand", "invi", "scri", "sped", "firm") {
		return false // "il prezzo è raddoppiato senza che il servizio migliorasse"
	}
	return after == "che" && !unasked // not "si è rinnovata senza che lo sapessi"
}

// forbids judges "non" by the verb it governs.
func (r *reader) forbids(s *sentence, i int) bool {
	v := i + 1
	for v < s.to && (particle[r.toks[v].word] || r.toks[v].word == "e" && !r.is(v)) && r.toks[v-1].after&(comma|colon) == 0 {
		v++
	}
	if v >= s.to {
		return s.to-s.from <= 3 && s.from != i || i+1 == s.to || s.attached
	}
	_, to := r.clause(s, i)
	more, rest := false, class(0)
	for k := i + 1; k < to; k++ {
		more = more || r.toks[k].word == "piu"
		rest |= r.toks[k].class
	}
	t := &r.toks[v]
	switch {
	case t.word == "come", t.word == "di" && strings.HasPrefix(r.word(s, v+1), "quest"):
		return true
	case t.class&box != 0 && t.class&confirm == 0 && t.word != "posta" && v > i+1:
		return true // "volevo chiudere la firma, non la PEC"
	case anyPrefix(t.word, "chiede", "chiedono", "richiede", "richiedono") && t.class&will != 0:
		return false // a guide, a law does not
	case t.word == "cambio", strings.HasPrefix(t.word, "produc") && more && !r.holdsStem(v, to, "effett"):
		return false
	case more && anyPrefix(t.word, "sentit", "vedet", "rivedet"), // "dopo questa non mi sentite più"
		anyPrefix(t.word, "rispond", "stamp", "cercatem", "chiamatem", "telefonatem", "disturb", "esit"):
		return false
	case anyPrefix(t.word, "poss", "puo") && r.word(s, v-1) == "si" && v+1 < to && anyPrefix(r.toks[v+1].word, "fare", "aver", "viver", "capir", "sapere", "mai"):
		return false
	case auxiliary[t.word] && !more && r.failed(v, to):
		return true
	case r.is(v), being[t.word]:
		return r.untrue(s, v, to, more)
	case t.class&will != 0:
		return r.refuses(s, v, to, more, rest)
	case useVerb(t.word):
		return s.all&asked != 0 && s.all&box == 0 || rest&execute != 0 && !r.toldIn(v, to) || r.before(s, i, 3, above)
	case among(t.word, "credo", "penso", "ritengo") && r.word(s, v+2) == "essere":
		return true
	case among(t.word, "sa", "sanno"): // somebody else: "non sa niente di questa richiesta"
		return rest&asked != 0
	case knowVerb(t.word):
		return r.wonders(s, i, v, to)
	case t.word == "va":
		return s.all&(asked|box) != 0
	case anyPrefix(t.word, "dimentic", "vogliat", "preoccup"), anyPrefix(t.word, "mandate", "inviate", "date") && rest&confirm != 0 && s.all&(thanks|aware|civil) != 0:
		return false
	case r.givesUp(s, i, v), strings.HasPrefix(t.word, "autorizz") && r.holdsStem(v, to, "addebit", "prelev", "rinnov", "pagament"):
		return false
	case t.class&execute != 0, deniedVerb(t.word):
		return !(strings.HasPrefix(t.word, "rinnov") && r.ownWord(t.word))
	case auxiliary[t.word]:
		return r.unasked(s, v, to)
	}
	g := r.tag(v)
	if g&tagInfinitive != 0 {
		before := r.word(s, i-1)
		return !among(before, "di", "per", "a") || strings.HasPrefix(t.word, "perd")
	}
	return g&(tagYou|tagYouPlural|tagConditional) != 0 || validity(t.word)
}

// givesUp reports whether what was chosen, or is, is not to keep the mailbox, with
// the "non" at i and its verb at v: "l'assemblea ha preferito non tenerla".
func (r *reader) givesUp(s *sentence, i, v int) bool {
	return r.tag(v)&tagInfinitive != 0 && anyPrefix(r.toks[v].word, "conservar", "mantener", "rinnovar", "tener", "usar", "utilizzar") &&
		r.holdsStem(max(s.from, i-3), i, "prefer", "decis", "decid", "scel", "stabilit", "deliberat") && r.classes(v+1, s.to)&another == 0 && !r.butKeeps(s, i)
}

// failed reports whether what was not possible, in tokens [v, to), is to save
// what is in the mailbox or to tell others of it: "non sono riuscita a scaricare tutto".
func (r *reader) failed(v, to int) bool {
	for k := v + 1; k < to && k <= v+3; k++ {
		if anyPrefix(r.toks[k].word, "riuscit", "potut", "fatto") {
			return r.holdsStem(k+1, min(to, k+5), taskStems...)
		}
	}
	return false
}

// taskStems is what can be done with what is in a mailbox, or with others.
var taskStems = stems("acced apr avvis comunic copi entr esport export legg recuper salv scaric stamp trasfer")

// refuses judges a verb of will or duty that is denied at v: what one does not
// want may be the request itself.
func (r *reader) refuses(s *sentence, v, to int, more bool, rest class) bool {
	t := &r.toks[v]
	switch {
	case r.word(s, v-1) == "la" && (v+1 == to || v+2 == to && among(r.word(s, v+1), "proprio", "piu", "comunque")) &&
		(s.all&box != 0 && s.all&(asked|execute|another|contents) == 0 || s.all&box != 0 && r.ownWord("rimborso") && r.holdsStem(s.from, v, "rinnov")):
		return false // "questa casella non la voglio"
	case !ends(t.word, "ete") && v+2 < to && r.toks[v+1].word == "fare" && nothingMore[r.toks[v+2].word]:
		return false
	case v+1 < to && nothingMore[r.toks[v+1].word], v+2 < to && anyPrefix(t.word, "dev", "dobb") && r.tag(v+1)&tagInfinitive != 0 && nothingMore[r.toks[v+2].word]:
		return false
	case anyPrefix(t.word, "devo", "dobbiamo", "debbo") && more && rest&(box|asked|execute) == 0,
		anyPrefix(t.word, "chied", "vogli", "pretend") && r.holdsStem(v, to, "rimbors", "restituz") && !r.butKeeps(s, v),
		anyPrefix(t.word, "puo", "potr") && s.all&aware != 0:
		return false
	case r.holdsStem(v, to, "ricev") && r.holdsStem(v, to, "vostr"):
		return true // "non voglio più ricevere le vostre offerte"
	case more && r.holdsStem(v, s.to, "utilizz", "usar", "tenerl") && s.all&execute == 0:
		return false // "non intendo più rinnovarla né utilizzarla"
	case r.ownWord("rinnovo") && r.holdsStem(v, to, "rinnov"), r.holdsStem(v, to, "permetter", "sosten", "continuar"):
		return false
	}
	if v+1 < to && r.tag(v+1)&tagInfinitive != 0 {
		w := r.toks[v+1].word
		if anyPrefix(w, "conserv", "lasciar", "tener", "mantener", "recuper", "salv") ||
			anyPrefix(w, "attender", "aspettar") && (v+2 >= to || r.holdsStem(v+2, to, "scad", "termin", "rinnov", "oltre", "fine", "ancora")) ||
			anyPrefix(w, "prosegu", "continu", "rinnovar", "andare", "pagar", "spend") && !r.butKeeps(s, v) {
			return false
		}
	}
	return !more || rest&(execute|another) != 0 || r.renews(v, to) || r.sends(v+1, to)
}

// wonders judges "non so", "non capisco" at v: of what is asked, not of what
// such a mailbox is ("non so cosa sia la PEC").
func (r *reader) wonders(s *sentence, i, v, to int) bool {
	w := r.toks[v].word
	if v+2 < to && particle[r.toks[v+1].word] && r.tag(v+2)&tagInfinitive != 0 {
		return false // "la PEC non so neanche aprirla"
	}
	if v+1 >= s.to && strings.HasPrefix(w, "capisc") || strings.HasPrefix(w, "chies") {
		return true
	}
	if v+1 < to && r.tag(v+1)&tagInfinitive != 0 || r.word(s, v+1) == "cosa" && (r.word(s, v+2) == "sia" || r.word(s, v+2) == "siano") && v+3 < to {
		return false
	}
	return (!r.told(s, i) || rightNow[w]) && r.after(s, v, 3, unsure)
}

var rightNow = set("so sappiamo capisco capiamo")

// butKeeps reports whether after i something is said to go on: "non voglio
// rinnovare ma tengo la casella".
func (r *reader) butKeeps(s *sentence, i int) bool {
	return r.holds(i+1, s.to, adversative)
}

var nothingMore = set("copie copia log niente nulla altro alcun alcuna nessun nessuna rimborsi rimborso indietro")

var unsure = set("se cosa come perche quando chi che bene quale quali niente il l")

// particle are the words that may stand between "non" and its verb.
var particle = set(`
	affatto ancora assolutamente c ce certo ci ghe gli io l la le lei li lo m mai me mi mica n ne neanche nemmeno ormai piu proprio se si te ti
	v ve vi`)

// untrue judges what is denied after "non è", "non sono": that the writer is the
// holder, agrees, is sure; that the request is valid or needed.
func (r *reader) untrue(s *sentence, v, to int, more bool) bool {
	for k := v + 1; k < to && k <= v+4; k++ {
		w := r.toks[k].word
		switch {
		case (w == "mia" || w == "mio") && k+1 < to && r.toks[k+1].class == 0 && r.tag(k+1) == 0:
			return false // "non era mia intenzione"
		case r.tag(v)&tagPast == 0 && anyPrefix(w, "consapevol", "coscient"):
			return true
		case (w == "vero" || w == "vera") && r.toldUntrue(s, v):
			return false
		case r.tag(v)&tagPast != 0 && anyPrefix(w, "chiar", "cert", "sicur", "convint"):
			return false // "non mi era chiaro"
		case among(w, "titolare", "accordo", "mia", "mio", "io", "vero", "vera", "chiaro", "chiara", "certo", "certa", "giusto", "giusta",
			"intestata", "autorizzato", "autorizzata"), validity(w), anyPrefix(w, "sicur", "convint"):
			return true
		case k == v+1 && among(w, "quella", "questa", "quello"):
			return true
		case more && inOffice[w] && !r.after(s, k, 3, byTrade):
			return true
		case strings.HasPrefix(w, "necessari"), strings.HasPrefix(w, "util"), strings.HasPrefix(w, "indispensabil"), strings.HasPrefix(w, "obbligatori"):
			return s.all&box == 0 && !strings.HasPrefix(w, "utilizz") &&
				(s.all&asked != 0 || s.to-s.from <= 5 && !r.before(s, k, 5, toMe) && !strings.HasPrefix(w, "obbl"))
		case w == "grado":
			return s.all&kin != 0
		case r.toks[k].class&execute != 0 && !anyPrefix(w, "procedim", "procedur"):
			return true
		}
	}
	return false
}

// toldUntrue reports whether what was not true, at v, is only what somebody had
// told the writer: that he needed a mailbox.
func (r *reader) toldUntrue(s *sentence, v int) bool {
	if r.tag(v)&tagPast == 0 || r.word(s, v-2) != "ma" && r.word(s, v-2) != "pero" || s.all&(asked|execute|contents) != 0 {
		return false
	}
	for k := s.from; k+2 < v; k++ {
		if w := r.toks[k].word; (w == "mi" || w == "ci") && hadThey[r.toks[k+1].word] && anyPrefix(r.toks[k+2].word, "dett", "assicurat", "raccontat", "garantit") {
			return r.holdsStem(k+3, v, "obblig", "serv", "necessar", "indispens", "occorrev")
		}
	}
	return false
}

var hadThey = set("avevano hanno aveva ha")

// inOffice are those who dispose of a firm's mailbox, while they are that.
var (
	inOffice = set(`
		amministratore amministratrice carica intestataria intestatario liquidatore liquidatrice presidente proprietaria proprietario
		rappresentante`)
	byTrade = set("condominio condomini condominiale professione commercio")
)

var above = set("sopra richiesto")

// unasked judges "non ho …": that one never asked, wrote or finished.
func (r *reader) unasked(s *sentence, v, to int) bool {
	if r.ownWord("rinnovo") && r.holdsStem(v, to, "rinnov") {
		return false
	}
	for k := v + 1; k < to && k <= v+4; k++ {
		w := r.toks[k].word
		if strings.HasPrefix(w, "scritt") && (r.word(s, k+1) == "io" || r.after(s, k, 3, thisText)) {
			return true
		}
		if w == "mai" && !r.after(s, k, 3, askedFor) {
			return r.holdsStem(k, min(to, k+3), "comprat", "acquistat", "ordinat", "stipulat") ||
				r.holdsStem(k, min(to, k+3), "scritt", "inviat", "mandat", "spedit", "compilat") &&
					(r.before(s, v, 2, clitic) || r.holdsStem(s.from, s.to, "quell", "quest", "righ"))
		}
		switch {
		case !anyPrefix(w, undone...):
		case strings.HasPrefix(w, "intenzione"):
			return !r.holdsStem(k, to, "aspett", "attend")
		case anyPrefix(w, "inviat", "mandat"):
			return k+2 >= s.to || (r.toks[k+1].class|r.toks[k+2].class)&contents == 0
		case strings.HasPrefix(w, "capit"):
			return !r.holdsStem(k, to, "serv") && !(k+2 < to && among(r.word(s, k+1), "perche", "come") && s.all&(box|execute) == 0 && !r.before(s, v, 2, toMe))
		default:
			return true
		}
	}
	return false
}

// undone is what the writer may say that he has not done, or has not.
var undone = stems(`
	accettat ancora autorizz capit cessat chiest copiat dat decis diritto effett efficac finit firmat
	intenzione inviat mandat richiest rinunc salvat scaricat stampat validit valor`)

var clitic = set("l la lo le li")

var thisText = set("questo questa queste righe testo")

var askedFor = set("chiesto chiesta richiesto richiesta autorizzato firmato")

// renews reports whether the renewal stands in tokens [from, to): who does not
// want that wants another thing than the form says.
func (r *reader) renews(from, to int) bool {
	return r.holdsStem(from, to, "rinnov") && !r.ownWord("rinnovo")
}

// sends reports whether tokens [from, to) are about sending or asking.
func (r *reader) sends(from, to int) bool {
	return r.holdsStem(from, to, "invi", "mand", "sped", "chied", "richied", "chiest")
}

func useVerb(w string) bool {
	return anyPrefix(w, using...)
}

var using = stems("adoper apr bisogn esercit guard indispens necess occorr serv usa usiamo uso util")

func knowVerb(w string) bool {
	return w == "so" || anyPrefix(w, "sappiamo", "ricord", "capisc", "capit", "capiam", "comprend", "chiest")
}

// deniedVerb reports whether a verb, denied, turns the request round.
func deniedVerb(w string) bool {
	return anyPrefix(w, turning...) || among(w, "do", "diamo", "fate", "fare", "faccia", "facciate")
}

var turning = stems(`
	accett adesso anticip approv autorizz cambi condivid conferm consider corrispond costitui dar date definitiv dett equival firm impegn
	invi muov oggi oltre ora pag perd prima produc quest rappresent riconosc rinnov scherz sottoscriv subito tener tocc tutt val vincol
	voler`)

func validity(w string) bool {
	return anyPrefix(w, "valid", "definitiv", "vincolant", "impegnativ", "effettiv", "confermat", "attendibil")
}
