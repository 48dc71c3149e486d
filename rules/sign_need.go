package rules

import "strings"

// needs reports whether the word at i says that the mailbox, or what is in it,
// is still used, needed, kept or to be saved first.
func (r *reader) needs(s *sentence, i int) bool {
	w := r.toks[i].word
	if strings.HasPrefix(w, "tenev") && r.word(s, i-2) == "me" {
		return true // the request fell, for the mailbox was kept
	}
	if r.tag(i)&(tagPast) != 0 || r.tag(i)&tagParticiple != 0 && !strings.HasPrefix(w, "lasciat") && !strings.HasSuffix(w, "ate") {
		return false
	}
	before, after := r.word(s, i-1), r.word(s, i+1)
	switch {
	case r.toks[i].capital && !r.toks[i].shout && i > s.from, after == "solo" && r.onlyThis(s, i+1):
		return false // a name: "a Tenerife"; "mi serve solo che sia chiusa"
	case w == "bisogno" && (among(before, "avete", "aveste", "di") || infinitiveHave[before] && r.word(s, i-2) == "senza"):
		return false
	case w == "utile" && among(before, "giorno", "tempo", "data", "momento"):
		return false
	case anyPrefix(w, "serv", "occorr", "bisogno", "util", "necessari", "indispensabil") && !strings.HasPrefix(w, "utilizz"):
		return !(r.negated(s, i) || r.told(s, i) && anyPrefix(w, "util", "necess", "indisp", "bisogno") || before == "che" && s.all&negation != 0 ||
			r.toks[min(i+1, s.to-1)].class&confirm != 0 ||
			strings.HasPrefix(after, "altr") || after == "a" && r.after(s, i, 2, little) || among(before, "cosa", "se", "ti", "vi", "le", "ove", "fosse") || after == "altro")
	case anyPrefix(w, "uso", "usiamo", "usa", "utilizz", "adoper", "consult"):
		return r.uses(s, i)
	case anyPrefix(w, "conservator", "tenervi", "tenetevi"): // the months that are left
		return false
	case anyPrefix(w, "tien", "ten", "manten", "manti", "conserv"):
		if r.tag(i)&tagInfinitive != 0 && r.told(s, i) && r.butThen(s, i) {
			return false // "diceva di tenerla, ma ho deciso io"
		}
		return !(w == "tengo" && after == "a" || after == "l" && strings.HasPrefix(r.word(s, i+2), "altr") && r.keptOther(s, i+2) || r.negated(s, i) || r.after(s, i, 2, idle) || r.keepsOne(s, i) || r.tag(i)&tagInfinitive != 0 && r.senseless(s, i))
	case strings.HasPrefix(w, "lasci"):
		return r.leaves(s, i)
	case anyPrefix(w, "rest", "riman"):
		return r.remains(s, i)
	case anyPrefix(w, "interess", "import"):
		return !r.negated(s, i) && (before == "l" && (r.is(min(i+1, s.to-1)) || after == "che") || w != "importante" && after != "")
	case anyPrefix(w, "superflu", "inutil"):
		return !strings.HasPrefix(w, "inutilizz") && (s.all&asked != 0 || s.to-s.from <= 4 && among(before, "quanto", "poiche", "perche"))
	case w == "raccomando":
		return s.all&(greet|thanks) == 0 && s.to-s.from > 3 && !(before == "mi" && s.all&(box|contents|asked|another|deferral) == 0) && !r.around(s, i, 5, haste)
	case w == "averla" || w == "riaverla":
		return !r.negatedClause(s, i) && !r.told(s, i) && !(i+1 < s.to && r.tag(i+1)&tagParticiple != 0)
	case w == "preme", anyPrefix(w, "perderl", "perdern", "leggerl", "consultarl", "guardarl"):
		return w == "preme" || !r.negated(s, i) && !r.told(s, i) && s.all&aware == 0
	case anyPrefix(w, "riapr", "riprend", "riprest", "ricominc", "riallacc", "recuper", "torn"):
		if w == "recupero" && r.before(s, i, 1, theHolder) {
			return false
		}
		if w == "torno" && among(after, "al", "in", "nel", "alla", "da") {
			return false
		}
		return !r.negated(s, i)
	case anyPrefix(w, "continu", "prosegu"):
		return !(after == "con" && r.word(s, i+2) == "l" && r.keptOther(s, i+3)) && !r.negated(s, i) && !r.told(s, i) && (s.all&(box|contents) != 0 ||
			r.holdsStem(s.from, s.to, "contratt", "serviz", "canon", "pag", "voi", "client", "abbonament", "rest"))
	case strings.HasPrefix(w, "arriv"):
		return !r.negated(s, i) && !r.after(s, i, 5, otherWays) && !r.holdsStem(i, s.to, "spam", "pubblicit", "indesiderat", "spazzatur") &&
			(r.after(s, i, 3, atThis) || among(before, "mi", "ci", "continua") || (before == "vi" || before == "ve") && s.all&aware == 0)
	case strings.HasPrefix(w, "scriv"):
		return r.written(s, i)
	}
	return r.saves(s, i)
}

// written judges "mi scrivono": others still use the mailbox, unless they write
// elsewhere, or nothing of weight.
func (r *reader) written(s *sentence, i int) bool {
	w, before := r.toks[i].word, r.word(s, i-1)
	if r.after(s, i, 2, onlyFew) && r.holdsStem(i, s.to, "augur", "pubblicit", "spam", "newsletter", "offert", "vostr") {
		return false
	}
	return (w == "scrive" || w == "scrivono") && (before == "mi" || before == "ci") && !r.negated(s, i) && !r.after(s, i, 5, otherWays) && !r.otherBox(s, i) &&
		!(r.holdsStem(i+1, min(s.to, i+7), "nuov", "altr") && !r.holdsStem(i+1, s.to, "quest", "qui"))
}

// senseless reports whether what is named at i is said to make no sense: "tenerne
// due non ha senso".
func (r *reader) senseless(s *sentence, i int) bool {
	for k := i + 1; k < s.to && k <= i+7; k++ {
		if strings.HasPrefix(r.toks[k].word, "cost") && r.tag(k)&tagInfinitive == 0 && r.after(s, k, 2, tooMuch) {
			return true // "tenerla mi costerebbe più di quel che rende"
		}
		if anyPrefix(r.toks[k].word, "pasticc", "casin", "lusso", "sprec", "complicazion", "scomod") && (r.is(k-1) || r.before(s, k, 3, wasOnly)) {
			return true // "tenerne due era diventato un pasticcio"
		}
		if r.toks[k].word == "senso" || k > i+1 && (r.is(k-1) || seems[r.word(s, k-1)] || r.before(s, k, 3, seems) && spending[r.word(s, k-1)]) && anyPrefix(r.toks[k].word, "assurd", "inutil", "spreca", "superflu") {
			return r.toks[k].word != "senso" || r.negated(s, k)
		}
	}
	return false
}

var (
	wasOnly  = set("era diventato diventava stato solo")
	tooMuch  = set("piu troppo caro soldi")
	seems    = set("sembra pare sembrava trovo ritengo")
	spending = set("spesa cosa lusso complicazione")
)

// keepsOne reports whether what is kept, at i, is one mailbox for all, and this one
// is told from it: "teniamo un indirizzo solo per tutti e questo era un doppione".
func (r *reader) keepsOne(s *sentence, i int) bool {
	if !among(r.word(s, i+1), "un", "una") || !r.after(s, i, 4, oneAlone) {
		return false
	}
	_, to := r.clause(s, i)
	rest := r.sentence(i, s.to)
	return r.classes(i, to)&box != 0 && (!r.hangsHere(&rest) && !r.holds(i, s.to, atThis) || r.holdsStem(i, s.to, "doppi", "seconda", "superflu", "inutil", "di troppo"))
}

var oneAlone = set("solo sola unico unica soltanto")

// butThen reports whether another clause after "ma" tells what was done in the end.
func (r *reader) butThen(s *sentence, i int) bool {
	for k := i + 1; k+1 < s.to; k++ {
		if w := r.toks[k].word; w == "ma" || w == "pero" {
			return r.told(s, k+1) && !r.holdsStem(k, s.to, "ripens", "cambi")
		}
	}
	return false
}

// remains judges the verbs of remaining: the mailbox goes on, or something of it.
func (r *reader) remains(s *sentence, i int) bool {
	if among(r.toks[i].word, "resta", "restano", "rimane", "rimangono") && !r.stays(s, i) || r.negated(s, i) || r.after(s, i, 6, idle) ||
		s.all&aware != 0 && r.holdsStem(s.from, s.to, "ricevut") && r.holdsStem(s.from, s.to, "pannell", "mesi") {
		return false // the law, and the letters say so: "le ricevute restano trenta mesi"
	}
	switch r.word(s, i+1) {
	case "in":
		return r.word(s, i+2) != "attesa"
	case "a":
		return r.word(s, i+2) != "disposizione" || anyPrefix(r.word(s, i+3), "mi", "nostr")
	}
	return true
}

// stays reports whether what remains, at i, is the mailbox or something of it.
func (r *reader) stays(s *sentence, i int) bool {
	if r.within(s, i)&(box|contents|asked|topic|another|deferral) != 0 || i+1 == s.to || s.to-s.from <= 3 {
		return true
	}
	for k := max(s.from, i-3); k < s.to && k <= i+4; k++ {
		if w := r.toks[k].word; k != i && (staying[w] || w == "nome" || anyPrefix(w, "attiv", "apert", "valid", "invariat", "acces", "funzion")) {
			return true
		}
	}
	return false
}

var staying = set(`
	cliente com cosi disponibile domicilio ferma fermo inteso intestata mia nostra piedi quella questa seconda tutto uguale uso voi
	vostro`)

var haste = set("fretta urgente urgenza celerita velocita presto veloci")

var little = set("poco niente nulla")

// uses judges a verb of using: it is one where the mailbox is its object.
func (r *reader) uses(s *sentence, i int) bool {
	switch before := r.word(s, i-1); before {
	case "in":
		return sharedWith[r.word(s, i+1)] && !r.told(s, i)
	case "ad", "d", "l", "un", "fuori", "all", "nell", "dell", "dall", "buon", "cattivo":
		return false
	case "per", "di", "a", "senza":
		if r.tag(i)&tagInfinitive != 0 {
			return false
		}
	}
	if r.around(s, i, 2, nowadays) && i+2 < s.to && !r.after(s, i, 4, still) &&
		!r.holdsStem(i+1, min(s.to, i+4), "pec", "casell", "quest", "post", "indirizz", "account") {
		return false // "l'Ente utilizza ora il protocollo regionale con PEC dedicata"
	}
	if r.negated(s, i) || strings.HasPrefix(r.toks[i].word, "usa") && r.after(s, i, 2, ofTheirs) || r.otherBox(s, i) ||
		r.after(s, i, 2, anotherOne) || r.before(s, i, 3, asLittleAs) || r.onlyGiven(s, i) {
		return false
	}
	return r.before(s, i, 3, theBox) || r.after(s, i, 3, still) || r.within(s, i)&box != 0
}

// otherBox reports whether what the verb at i uses is said to be somebody
// else's mailbox: "usiamo la PEC del Comitato", "uso ora quella dello studio".
func (r *reader) otherBox(s *sentence, i int) bool {
	from, to := r.clause(s, i)
	for k := i + 1; k+2 < to && k <= i+6; k++ {
		for r.toks[k].class&box != 0 && k+3 < to && (r.toks[k+1].word == "elettronica" || r.toks[k+1].word == "certificata") {
			k++
		}
		if r.toks[k].class&box == 0 && !thatOf[r.toks[k].word] && r.toks[k].word != "certificata" || !of[r.toks[k+1].word] {
			continue
		}
		whose := k + 2
		for whose+1 < to && r.toks[whose].class&weak != 0 {
			whose++
		}
		if t := &r.toks[whose]; r.names[t.word] || mine[t.word] && whose+1 == to || t.class&(box|asked|mailing|contents|greet) != 0 {
			return false
		}
		return !itsBusiness[r.toks[whose].word] || r.out.Fields[fieldCompany] != "" || r.around(s, i, 3, nowadays) || r.holdsStem(from, i, "quest")
	}
	return false
}

var ofTheirs = set("sua loro propria")

var asLittleAs = set("quello quanto poco")

var sharedWith = set("a al alla ai agli anche da dal dalla")

var (
	idle   = set("spenta chiusa polvere inutilizzata vuota abbandonata ferma doppia doppione superflua inutile muta")
	still  = set("questa questo ancora sempre")
	theBox = set("la l questa questo ancora sempre")
)

// leaves judges "lasciare": an order or a wish to leave things as they are, or
// a death. One may leave a trade, a number, a greeting.
func (r *reader) leaves(s *sentence, i int) bool {
	w, before := r.toks[i].word, r.word(s, i-1)
	g := r.tag(i)
	switch {
	case g&tagParticiple != 0 && r.told(s, i):
		return before != "ho" && s.all&kin != 0
	case w == "lascio" || w == "lasciamo":
		return before == "la"
	case before == "vi" || before == "le", (before == "mi" || before == "ci") && ends(w, "a", "ano") && s.all&(box|asked) == 0, before == "senza":
		return false
	case w == "lasciando" && (r.holdsStem(i, min(s.to, i+4), "attiv", "apert", "invariat", "acces") || r.within(s, i)&box != 0 || r.after(s, i, 3, partly)):
		return true
	case w == "lasciando" || w == "lasciano":
		return false
	}
	return !strings.HasSuffix(w, "rvi") && !(g&tagInfinitive != 0 && r.holdsStem(i+1, min(s.to, i+4), "lavor", "profess", "mestier", "incaric"))
}

// saves judges the verbs of saving, reading and losing what is in the mailbox.
func (r *reader) saves(s *sentence, i int) bool {
	w := r.toks[i].word
	c := r.within(s, i)
	switch {
	case s.all&aware != 0 && strings.HasPrefix(w, "perd"), c&confirm != 0 && strings.HasPrefix(w, "ricev"):
		return false
	case r.before(s, i, 1, whoever),
		strings.HasPrefix(w, "ricev") && (r.after(s, i, 3, anotherOne) || r.otherBox(s, i) || r.holdsStem(i, s.to, "spam", "pubblicit")),
		strings.HasPrefix(w, "recuper") && r.holdsStem(s.from, i, "rinunc"):
		return false
	case r.negated(s, i):
		return strings.HasPrefix(w, "perd") && (c&(contents|box) != 0 || r.after(s, i, 2, everything))
	case strings.HasPrefix(w, "salv") && r.toks[i].capital:
		return false
	}
	if r.told(s, i) && !r.before(s, i, 8, begun) {
		return false
	}
	if r.toks[i].class&contents != 0 && r.tag(i)&tagInfinitive == 0 {
		return false
	}
	return c&contents != 0 || r.after(s, i, 3, everything)
}

var begun = set("iniziato cominciato sto stiamo devo dobbiamo vorrei ancora")

var everything = set("tutto tutti tutte niente nulla roba posta dati")
