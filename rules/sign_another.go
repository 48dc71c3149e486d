package rules

import "strings"

// ownDomain reports whether the word at i is a domain of the writer's on which his
// mail is now: "siamo passati alla PEC sul nostro dominio".
func (r *reader) ownDomain(s *sentence, i int) bool {
	return strings.HasPrefix(r.toks[i].word, "domini") && (among(r.word(s, i-1), "nostro", "mio", "proprio", "suo") && among(r.word(s, i-2), "sul", "su", "col", "con", "un", "suo", "del", "di") || among(r.word(s, i-1), "sul", "su", "col", "del") && r.word(s, i+1) == "aziendale") &&
		s.all&(execute|will) == 0 && r.holdsStem(s.from, i, "passat", "spostat", "migrat", "assegnat", "dato", "data", "fornit", "apert", "attivat", "abbiamo", "usa", "usiamo", "utilizza", "utilizziamo", "scriviamo")
}

// besides reports whether the word at i asks for something beside what the
// form asks: another mailbox, the domain, a copy, money.
func (r *reader) besides(s *sentence, i int) bool {
	w, before, after := r.toks[i].word, r.word(s, i-1), r.word(s, i+1)
	told := r.told(s, i)
	switch {
	case w == "anche" || w == "pure":
		return r.also(s, i)
	case anyPrefix(w, "domini"):
		return !r.negated(s, i) && before != "loro" && !r.ownDomain(s, i) && !r.movedAway(s, i) && r.word(s, i+1) != "non"
	case w == "password" && r.around(s, i, 5, tooMany):
		return false
	case w == "password" || strings.HasPrefix(w, "credenzial"):
		return !told && !r.negated(s, i) && !(r.negatedClause(s, i) && s.all&(will|execute|asked) == 0)
	case w == "idem":
		return true
	case among(w, "inoltre", "altresi", "nonche", "contestualmente"):
		return !told && s.all&(thanks|greet) == 0 && !(i+1 < s.to && r.toks[i+1].class&confirm != 0 && !r.holds(i+2, s.to, andThe)) // "chiedo inoltre conferma scritta"
	case anyPrefix(w, "altr"):
		return r.other(s, i)
	case w == "caselle":
		return r.moreBoxes(s, i, told)
	case w == "nuova" || w == "nuovo":
		return !told && i+1 < s.to && r.toks[i+1].class&(box|mailing) != 0 && !r.before(s, i, 4, having) && s.all&will != 0 ||
			(after == "recapito" || after == "numero") && !told && !r.holdsStem(s.from, s.to, "gia", "depositat", "avvisat") && !(r.before(s, i, 3, having) && !r.figure(s))
	case w == "insieme":
		return among(after, "a", "al", "alla") && !told
	case among(w, "copia", "log", "backup"):
		return w != "copia" && !told && (r.tag(min(i+1, s.to-1))|r.tag(min(i+2, s.to-1)))&tagParticiple == 0 // "backup IMAP completato"
	case w == "soldi":
		return !told && !r.negated(s, i) && r.after(s, i, 4, givenBack) || r.before(s, i, 4, givenBack)
	case strings.HasPrefix(w, "compres") && i == s.from && i+1 < s.to && r.toks[i+1].class&weak != 0 && r.verbless(s, i):
		return true // "compresi gli spazi web"
	case strings.HasPrefix(w, "compres"):
		return !told && i+1 < s.to && (r.toks[i+1].class&(box|contents|another) != 0 || r.after(s, i, 2, otherOnes) ||
			i+2 < s.to && theHolder[r.word(s, i+1)] && (r.toks[i+2].class&(box|another) != 0 || r.word(s, i+2) == "sito" || r.word(s, i+2) == "spazio"))
	case strings.HasPrefix(w, "aggiunt"):
		return before != "ho" && before != "abbiamo" && (w != "aggiunta" || before == "in") && !told && w != "aggiunto"
	case anyPrefix(w, "deliber"): // one still to come
		return !told && !(r.figure(s) && (r.verbless(s, i) || i+1 < s.to && r.is(i+1) && r.dateNear(i+2, s.to))) && !among(before, "da", "giusta", "con", "come")
	case strings.HasPrefix(w, "integr"):
		return s.all&asked != 0
	case strings.HasPrefix(w, "rinunc"):
		return !told && r.after(s, i, 6, termsGivenUp)
	case strings.HasPrefix(w, "rinnov") && r.negated(s, i) && (r.holdsStem(s.from, s.to, "utilizz", "usar") || r.tag(i)&tagInfinitive != 0 && !r.butKeeps(s, i)):
		return false
	case strings.HasPrefix(w, "attivat") && r.tag(i)&tagYou == 0 && w != "attivate" && !toCome[before]:
		return false // "attivata per le elezioni"
	case anyPrefix(w, "ced", "cess"):
		return r.within(s, i)&box != 0
	case anyPrefix(w, "trasfer", "migr", "spost", "modific", "cambi", "vend"):
		return r.moves(s, i, told)
	case r.refund(w) && r.tag(i)&tagInfinitive != 0:
		return false
	case strings.HasPrefix(w, "rimbors"):
		return !(told || s.all&aware != 0 || r.negated(s, i) && r.holdsStem(s.from, s.to, owedBack...))
	case anyPrefix(w, "fattur", "disdett", "disdic", "disdir", "recess", "reced"):
		return false
	}
	return !told
}

// owedBack is said of a refund that is, or is not, wanted.
var owedBack = stems("avr chied desider diritt dovut interess pretend previst spett vogli")

var howManyBoxes = set("due tre quattro entrambe piu")

var toCome = set("venga sia essere sara vorrei verra")

var tooMany = set("troppe tante meno ricordare ricordarmi")

var (
	termsGivenUp = set(`
		chiusura diritto disattivazione giorni lettura preavviso procedere recesso richiesta rimborso termine termini`)
	several   = set("le tutte altre due tre entrambe delle nostre mie anche alle dalle nelle quelle queste")
	givenBack = set("indietro restituite restituiti restituzione riavere ridate ridatemi rendete vedo rivoglio rivedo riavro")
)

// moreBoxes judges "caselle": that there are more of them than the form names.
func (r *reader) moreBoxes(s *sentence, i int, told bool) bool {
	switch {
	case told && r.before(s, i, 2, howManyBoxes) && !r.holdsStem(s.from, s.to, "pag", "spes", "cost"):
		return true
	case r.holdsStem(i, s.to, "tropp") && s.all&(execute|asked) == 0:
		return false // "due caselle per un falegname sono troppe"
	case told, r.holdsStem(s.from, i, "pag", "occup", "gesti", "ufficio", "settore", "servizio", "cura"):
		return false // "c.a. di chi si occupa delle caselle"
	}
	return (r.before(s, i, 2, several) || !r.verbless(s, i) || s.all&execute != 0) && !r.before(s, i, 4, having)
}

// also judges "anche": with an order, a wish or the bare name of a thing it
// asks for more; in a story it does not.
func (r *reader) also(s *sentence, i int) bool {
	after := r.word(s, i+1)
	if s.all&execute != 0 && i+2 < s.to && (r.toks[i+1].class|r.toks[i+2].class)&contents != 0 && !r.told(s, i) && r.before(s, i, 4, atWill) {
		return false // "cancellate pure anche i messaggi"
	}
	if r.claims(s) && !alsoWhere[after] && after != "subito" {
		return true // "rimborsatemi anche l'anno scorso"
	}
	if i >= r.al.to && r.anyOwn(r.al.to, i) && r.verbless(s, i) && s.all&(box|asked|contents|execute) == 0 && !r.holds(s.from, s.to, aboutHere) {
		return false // under his name: "24 ore anche festivi"
	}
	if (after == "questa" || after == "questo") && !r.givesAddress(s) && !r.claims(s) &&
		!r.holdsStem(i+2, min(s.to, i+5), "altr", "mia", "second", "terz", "vecchi") && (i == s.from || r.tag(i-1)&(tagYou|tagYouPlural) == 0) {
		return false // "con lo studio se ne va anche questa casella"
	}
	if r.after(s, i, 4, ofOneself) || r.before(s, i, 2, sending) &&
		r.holdsStem(i, min(s.to, i+5), "carta", "document", "codice", "tesser", "visur", "fattur", "patent", "identit", "fotocop") {
		return false
	}
	if alsoWhere[after] && r.within(s, i)&box == 0 {
		return false
	}
	if r.toks[i].word == "pure" && (i+1 == s.to || r.toks[i].after != 0 && r.toks[i].after != glued) || among(after, "se", "perche", "io", "subito", "oggi") {
		return false
	}
	if (after == "di" || after == "che") && r.negatedClause(s, i) && s.all&box == 0 {
		return false // "confermo anche di non aver bisogno d'altro"
	}
	if r.told(s, i) && !strings.HasPrefix(r.word(s, i-1), "volev") || r.within(s, i)&(greet|apology) != 0 || s.all&(thanks|aware|enclosed) != 0 ||
		s.all&greet != 0 && s.all&(box|asked|execute|contents) == 0 {
		return false
	}
	if r.toks[i].word == "pure" && i > s.from && r.tag(i-1)&(tagYou|tagYouPlural) != 0 {
		return r.toks[i+1].class&(another|contents) != 0 && after != "tutto"
	}
	return r.verbless(s, i) || r.refunds(s) || s.all&(execute|will|box) != 0 && !r.negated(s, i) || r.within(s, i)&another&^soft != 0
}

// givesAddress reports whether the sentence has an address.
func (r *reader) givesAddress(s *sentence) bool {
	for k := s.from; k < s.to; k++ {
		if r.toks[k].kind == address {
			return true
		}
	}
	return false
}

// claims reports whether the sentence orders to be given something, other than
// a word of confirmation or what courtesy asks.
func (r *reader) claims(s *sentence) bool {
	if s.all&(confirm|apology) != 0 {
		return false
	}
	for k := s.from; k < s.to; k++ {
		if w := r.toks[k].word; order(w) && !mildOrder(w) && r.toks[k].class&execute == 0 && !r.negated(s, k) &&
			!anyPrefix(w, "contatt", "chiam", "telefon", "scriv", "rispond", "cerc", "fate", "dite") {
			return true
		}
	}
	return false
}

var atWill = set("pure tranquillamente")

var sending = set("mando invio mandiamo inviamo trasmetto trasmettiamo")

// ofOneself are what one adds of himself.
var ofOneself = set("fiscale cf telefono cellulare recapito")

// alsoWhere are words after which "anche" only says where or how.
var alsoWhere = set("qui con su a in al sul nel nei nella via tramite quando dopo da cosi senza stavolta solo per")

// other judges "altra": one may have, use, or have been given another mailbox.
func (r *reader) other(s *sentence, i int) bool {
	if r.told(s, i) && i+1 < s.to && r.toks[i+1].class&box != 0 && r.holdsStem(s.from, i, "numer", "ordin", "codic", "dat") &&
		r.holdsStem(s.from, i, "pres", "copi", "trov") {
		return true // "il numero l'ho preso dalla fattura di un'altra casella"
	}
	if r.before(s, i, 6, betweenTwo) && r.word(s, i-1) == "l" && r.before(s, i, 3, andThe) || anyPrefix(r.word(s, i+1), "gestor", "fornitor", "provider") ||
		r.word(s, i-1) == "l" && r.before(s, i, 4, provider) && s.all&(execute|will) == 0 {
		return false // "tra un paziente e l'altro", "l'altro gestore"
	}
	if r.before(s, i, 2, alreadyNow) && s.all&(execute|will) == 0 {
		return false // "nei contratti c'è già l'altra PEC"
	}
	if r.told(s, i) || r.before(s, i, 6, having) || r.negated(s, i) || s.all&aware != 0 {
		return false
	}
	if r.keptOther(s, i) {
		return false
	}
	if i+1 < s.to && r.toks[i+1].class&box != 0 {
		return true
	}
	switch r.word(s, i-1) {
	case "un":
		if i-2 >= s.from && r.is(i-2) && (i+1 == s.to || r.toks[i].after&comma != 0) {
			return true // "il liquidatore è un altro"
		}
		return r.word(s, i-2) == "di" && i-3 >= s.from && r.is(i-3)
	case "l", "le", "tutte", "quelle", "gli", "dell", "all", "sulle", "delle", "alle", "nelle", "dalle":
		return !(i+1 < s.to && r.tag(i+1)&tagParticiple == 0 && r.toks[i+1].class == 0)
	}
	return false
}

// movedAway reports whether the writer tells that he has brought the domain or the site
// named at i, with the rest, to another provider.
func (r *reader) movedAway(s *sentence, i int) bool {
	return r.toldIn(s.from, i) && r.holdsStem(s.from, i, "accorpat", "concentrat", "migrat", "passat", "portat", "raggruppat", "riunit", "spostat", "trasferit", "unificat") &&
		r.holdsStem(s.from, s.to, "fornitor", "gestor", "provider", "altrove") && s.all&(asked|execute|will) == 0 && !r.holdsStem(s.from, s.to, "vostr", "voi")
}

// keptOther reports whether "l'altra" at i is the mailbox that stays, beside this one
// which is to be closed: "teniamo l'altra, che è quella sulla visura". Whoever says in
// the same breath what is to become of this one, or of both, is not so sure.
func (r *reader) keptOther(s *sentence, i int) bool {
	k := i - 2
	if k >= s.from && onlyFew[r.toks[k].word] || r.word(s, k) == "con" {
		k--
	}
	return r.word(s, i-1) == "l" && k >= s.from && anyPrefix(r.toks[k].word, "conserv", "continu", "manten", "rimania", "rimang", "restia", "resto", "ten", "terr", "usia", "uso", "utilizz") &&
		(r.tag(k)&(tagYou|tagYouPlural) == 0 || ends(r.toks[k].word, "iamo")) && s.all&(execute|asked|will|condition&^soft|revoking|draft) == 0 &&
		!r.holds(s.from, s.to, atThis) && !r.holds(s.from, s.to, supposing) && !r.holdsStem(i, s.to, "poi", "per", "prov", "ma", "fin")
}

var (
	alreadyNow = set("gia ormai")
	betweenTwo = set("tra fra")
	provider   = set("gestore fornitore provider")
	andThe     = set("e")
)

// moves judges the verbs and nouns of moving, changing and selling: of the
// mailbox or what is in it, not of a home or a provider.
func (r *reader) moves(s *sentence, i int, told bool) bool {
	if before := r.word(s, i-1); (before == "mi" || before == "ci") && ends(r.toks[i].word, "o", "iamo") && anyPrefix(r.toks[i].word, "trasfer", "spost") &&
		among(r.word(s, i+1), "a", "ad", "al", "all", "alla", "da", "dal", "in", "nel") {
		return false // "mi trasferisco in Germania"
	}
	if strings.HasPrefix(r.toks[i].word, "vend") && told && i+1 < s.to && r.toks[i+1].word == "e" && !r.is(i+1) && r.classes(s.from, i)&(box|contents) == 0 {
		return false // "la licenza l'ho venduta e questa PEC non mi serve"
	}
	if r.within(s, i)&(box|contents) != 0 && r.toks[i].class&topic == 0 {
		return !told || strings.HasPrefix(r.toks[i].word, "vend")
	}
	return false
}
