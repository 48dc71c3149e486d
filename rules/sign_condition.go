package rules

import (
	"strconv"
	"strings"
)

// conditional reports whether the word at i makes something depend on something else.
func (r *reader) conditional(s *sentence, i int) bool {
	before, after := r.word(s, i-1), r.word(s, i+1)
	if r.ownLife(s, i) && r.twoVerbs(s, i) && !r.refunds(s) && !(r.toks[i].word == "ancora" && r.negatedClause(s, i)) {
		return false
	}
	switch w := r.toks[i].word; w {
	case "salvo":
		return !r.signedSo(s, i) && !(i > s.from && r.is(i-1)) && !r.accented(&r.toks[i]) // "mi salvò l'archivio"
	case "se", "qualora":
		if r.accented(&r.toks[i]) {
			return false // "da sé"
		}
		if before == "sapere" && r.done(s, i) || r.before(s, i, 3, noMatter) && (r.negatedClause(s, i) || r.before(s, i, 3, patience)) || r.callsElse(s, i) {
			return false
		}
		if r.holdsStem(i, s.to, "errore") && r.holdsStem(i, min(s.to, i+4), "ricev") || r.unmade(s, i) {
			return false
		}
		if r.offers(s, i) || r.after(s, i, 1, ifYouCan) && r.after(s, i, 5, atOnce) && s.all&thanks != 0 && s.all&(needed|another) == 0 {
			return false
		}
		return s.all&apology == 0 && !r.after(s, i, 3, unreal) && before != "come" && before != "anche" && !(after == "ne" || after == "n") &&
			after != "stesso" && after != "stessa"
	case "finche":
		return !r.told(s, i) && s.all&confirm == 0
	case "quando", "dopo", "prima", "poi", "appena", "ancora":
		return r.waits(s, i)
	case "intanto", "frattempo":
		return !(r.told(s, i) || i+1 < s.to && r.toks[i+1].class&(thanks|greet) != 0 || r.after(s, i, 2, thankYou))
	case "solo", "soltanto", "solamente", "unicamente":
		return r.only(s, i)
	case "piuttosto":
		return after == "che" || i == s.from
	case "invece":
		return after == "di" || (i == s.from || before == "e") && !(r.told(s, i) && s.all&needed == 0)
	case "oppure", "sempreche":
		return true
	case "fino", "sino":
		if r.ratherNow(s, i) {
			return false
		}
		if r.untilPast(i) || after == "alle" && r.toks[min(i+2, s.to-1)].kind == number { // "tutti i giorni fino alle 13"
			return false // "perito del Tribunale fino al 2019"
		}
		if k := i - 1; k > s.from && r.tag(k)&tagInfinitive != 0 && r.word(s, k-1) == "non" {
			return true // "abbiamo deciso di non utilizzarla fino a gennaio"
		}
		return !(r.told(s, i) && r.toldHere(s, i) || after == "d" || (after == "ad" || after == "a") && among(r.word(s, i+2), "oggi", "ora", "ieri") || after == "in")
	case "durante":
		return !r.told(s, i) && !(anyPrefix(r.toks[s.from].word, "inviat", "mandat", "scritt", "spedit") && s.all&(execute|will) == 0) // "mandato da cellulare durante la pausa"
	}
	return r.byStem(s, i)
}

// untilPast reports whether "fino" at i goes on with a year that is over.
func (r *reader) untilPast(i int) bool {
	for k := i + 1; k < len(r.toks) && k <= i+3; k++ {
		if year, err := strconv.Atoi(r.toks[k].word); err == nil && len(r.toks[k].word) == 4 {
			return year > 1900 && year < r.m.Sent.Year()
		}
	}
	return false
}

// signedSo reports whether the last word of a greeting, at i, is what the writer
// is called in his address: "buona giornata salvo", "un saluto da Siracusa, Salvo".
func (r *reader) signedSo(s *sentence, i int) bool {
	return i+1 == s.to && i > s.from && (r.toks[i-1].class&greet != 0 || r.toks[i].capital && r.toks[i-1].capital && r.toks[i-1].after&comma != 0 && i+1 == len(r.toks)) && r.calledSo(r.toks[i].word)
}

// waits judges the words that put one thing before another.
func (r *reader) waits(s *sentence, i int) bool {
	before, after := r.word(s, i-1), r.word(s, i+1)
	switch r.toks[i].word {
	case "quando":
		if coming := r.sentence(i, min(s.to, i+6)); r.before(s, i, 2, tellMe) && r.refunds(&coming) || before == "sapere" && r.done(s, i) || i+1 < s.to && r.tag(i+1)&tagFuture != 0 && r.refund(r.word(s, i+3)) {
			return false
		}
		return !r.doneBy(s, i) && !((after == "volete" || after == "potete") && r.tag(min(i+2, s.to-1))&tagInfinitive == 0) &&
			!(after == "vi" && r.after(s, i, 3, atEase)) && before != "da" && (!r.told(s, i) || r.after(s, i, 4, ending))
	case "dopo":
		if afterwards[after] && r.holdsStem(i, min(s.to, i+4), "riflett", "pensat", "valutat", "ponderat", "parlat", "letto", "sentit", "consultat") && r.told(s, s.to-1) {
			return false
		}
		if afterwards[after] {
			return s.all&execute != 0 || !r.around(s, i, 4, announcing)
		}
		if i+2 < s.to && anyPrefix(r.toks[i+2].word, "disattiv", "chius", "cancell", "eliminaz", "invio", "recess", "presente") && theHolder[after] &&
			r.verbless(&sentence{from: i, to: i + 3}, i) && !r.holdsStem(s.from, s.to, "vorr", "voglio", "attiv", "inizi") {
			return r.tag(s.from)&tagYou != 0
		}
		if r.before(s, i, 1, writing) && r.tag(min(i+1, s.to-1))&tagInfinitive == 0 && r.within(s, i)&(box|asked|execute|contents) == 0 && !r.hasVerb(s, i, min(s.to, i+3)) {
			return false // "ve lo scrivo dopo cena"
		}
		if k := i + 3; k < s.to && useVerb(r.toks[k].word) && r.otherBox(s, k) {
			return false // "dopo la fusione usiamo la PEC della capogruppo"
		}
		if anyPrefix(before, "ann", "mes", "giorn", "settiman", "temp") && !(before == "giorno" && theHolder[r.word(s, i-2)] && r.tag(s.from)&tagYou != 0) || before == "poco" {
			return false // "dieci anni dopo"
		}
		if r.noMoreAfter(s, i) {
			return false
		}
		return !(r.told(s, i) || s.all&aware != 0 || after == "questa" || after == "questo" || r.duration(s, i+1) ||
			after == "le" && r.toks[min(i+2, s.to-1)].kind == number) || after == "che"
	case "prima":
		return r.first(s, i)
	case "poi":
		return before != "in" && !r.told(s, i) && r.after(s, i, 1, toYou)
	case "appena":
		if auxiliary[after] && i+2 < s.to && !ending[r.word(s, i+2)] && r.told(s, s.to-1) {
			return false
		}
		if i+2 == s.to && r.tag(i+1)&tagParticiple != 0 && r.before(s, i, 3, writing) {
			return false // "vi scrivo appena smontato"
		}
		return !auxiliary[before] && !r.holdsStem(i+1, min(s.to, i+4), "possib") && after != "potete"
	case "ancora":
		return r.still(s, i)
	}
	return true
}

// noMoreAfter reports whether "dopo" at i only says since when the mailbox is of
// no use: "non avendone più alcuna necessità dopo il collocamento a riposo".
func (r *reader) noMoreAfter(s *sentence, i int) bool {
	from, to := r.clause(s, i)
	if !r.negatedClause(s, i) || !r.holds(from, i, noMore) || !theHolder[r.word(s, i+1)] && r.word(s, i+1) != "l" {
		return false
	}
	for k := from; k < to; k++ {
		if r.tag(k)&(tagFuture|tagConditional) != 0 || k > i && r.toks[k].class&(deferral|needed|box|asked) != 0 || r.toks[k].kind == number {
			return false
		}
	}
	return r.holdsStem(i+2, min(to, i+5), "collocament", "pension", "ripos", "cessazion", "scioglim", "ritir")
}

// byStem judges the words of condition that are known by their beginning.
func (r *reader) byStem(s *sentence, i int) bool {
	before, after := r.word(s, i-1), r.word(s, i+1)
	w := r.toks[i].word
	switch {
	case strings.HasPrefix(w, "condizion"):
		return strings.HasPrefix(w, "condizionat") || !(ofTerms[before] || ofTerms[after] || s.all&aware != 0)
	case w == "preavviso":
		return !(before == "senza" || s.all&apology != 0 || strings.HasPrefix(before, "alcun") || strings.HasPrefix(before, "nessun") ||
			r.negatedClause(s, i) || r.told(s, i) || s.all&aware != 0 || r.holdsStem(s.from, s.to, "rinunc", "indipendent"))
	case strings.HasPrefix(w, "trascors"):
		from, _ := r.clause(s, i)
		return i == from && !r.told(s, i)
	case anyPrefix(w, "attend", "aspett"):
		if among(before, "mi", "ci") && among(w, "aspetta", "aspettano", "attende", "attendono") {
			return false // "mi aspetta una cattedra a Matera"
		}
		if before == "di" && r.tag(i)&tagInfinitive != 0 {
			return true // "vi avevo detto di aspettare"
		}
		if r.tag(i)&tagInfinitive != 0 && (before == "non" || r.word(s, i-2) == "non") && !r.holds(i, s.to, adversative) {
			return false // "non intendo attendere la scadenza"
		}
		return !r.told(s, i) && (r.tag(i)&(tagInfinitive|tagYou|tagYouPlural) != 0 || !r.awaits(s, i))
	}
	return true
}

// ratherNow reports whether the writer prefers not to wait for what is named at
// i: "ho tempo fino a maggio, ma preferisco farlo subito".
func (r *reader) ratherNow(s *sentence, i int) bool {
	but := false
	for k := i + 1; k < s.to; k++ {
		switch w := r.toks[k].word; {
		case w == "ma", w == "pero", w == "comunque":
			but = true
		case but && among(w, "subito", "adesso", "ora", "oggi", "prima"):
			return r.holdsStem(i, k, "prefer", "vogl", "decis")
		}
	}
	return false
}

// unmade reports whether "se" at i supposes what was not: "se fosse stata gratis
// l'avrei tenuta".
func (r *reader) unmade(s *sentence, i int) bool {
	if i+2 >= s.to || !anyPrefix(r.word(s, i+1), "foss", "avess") && !anyPrefix(r.word(s, i+2), "foss", "avess") {
		return false
	}
	for k := i + 3; k < s.to; k++ {
		if r.unrealPast(s, k) {
			return true
		}
	}
	return false
}

var ifYouCan = set("potete riuscite potreste")

// offers reports whether "se" only says when to ring or write to the writer: "se
// manca qualche dato chiamatemi".
func (r *reader) offers(s *sentence, i int) bool {
	more := another
	if r.holdsStem(i, min(s.to, i+5), "document", "dati", "informaz", "chiariment") {
		more = 0 // "se occorressero altri documenti"
	}
	return s.all&(box|execute|will&^civil|more|deferral) == 0 &&
		r.holdsStem(i, min(s.to, i+4), "manc", "sbagliat", "errat", "problem", "dubb", "intopp", "bisogn", "occorr", "serv", "qualcosa") &&
		r.holdsStem(i+2, s.to, "ditem", "scrivetem", "telefonatem", "contattatem", "avvisatem", "avvertitem", "fatem", "segnalatem", "farmel", "farcel", "contattarm", "contattarc", "avvisarm", "avvertirm", "provveder", "chiamate", "scusat")
}

// callsElse reports whether "se" only says when to ring whom: "se non rispondo
// chiamate mia moglie".
func (r *reader) callsElse(s *sentence, i int) bool {
	if s.all&(box|asked|execute|contents|confirm|will&^soft) != 0 && s.all&will != 0 || s.all&(box|asked&^confirm|execute|contents|another|deferral) != 0 {
		return false
	}
	return r.holdsStem(i, s.to, "rispond") && r.holdsStem(s.from, s.to, "telefon", "chiam", "contatt")
}

// tellMe are words after which "quando" only asks for the day.
var tellMe = set("sapere dirmi dirci ditemi diteci indicarmi indicarci indicatemi comunicarmi comunicatemi scrivetemi")

var (
	noMatter   = set("problema problemi importa niente interessa pazienza fa")
	patience   = set("pazienza nessun nessuno")
	unreal     = set("fossi avessi fossimo avessimo")
	afterwards = set("aver avere averlo averla averli averne essere esser")
	atEase     = set("comodo meglio")
	ending     = set(`
		arrivato completato concluso copiato fatta fatto finita finito ricevuto salvato scaricato sistemato terminato`)
	toYou    = set("vi ve la lo ci li ne")
	thankYou = set("grazie ringrazio saluto salutiamo ringraziamo")
	ofTerms  = set("vostre stesse vs di del generali contrattuali d della dei economiche accetto")
)

// doneBy reports whether "quando" waits only for what is asked: "quando è tutto a posto".
func (r *reader) doneBy(s *sentence, i int) bool {
	return i+1 < s.to && (r.is(i+1) || among(r.word(s, i+1), "avete", "avrete", "sara", "tutto")) && r.done(s, i+1) && i+4 < s.to+3 && s.all&(needed|deferral|will) == 0
}

// duration reports whether a stretch of time begins at token i: "dopo tanti anni".
func (r *reader) duration(s *sentence, i int) bool {
	return r.holdsStem(i, min(s.to, i+4), "anni", "decenni", "mesi", "tempo", "vita")
}

// first reports whether "prima" puts something before the request; not "la mia
// prima PEC", "il prima possibile", "il messaggio di prima".
func (r *reader) first(s *sentence, i int) bool {
	before, after := r.word(s, i-1), r.word(s, i+1)
	switch {
	case among(after, "di", "che", "d"):
		return !r.told(s, i) && !r.writtenBefore(s, i)
	case among(before, "come", "quanto", "il") || before == "di" && after == "" || strings.HasPrefix(after, "possib"):
		return false
	case among(before, "faccio", "fa", "facciamo", "faccia"), r.word(s, i-2) == "cosi" && i-1 >= s.from && r.toks[i-1].class&(execute|asked) == 0:
		return false // "così trovate prima l'ordine"
	case among(before, "la", "mia", "una", "sua", "nostra", "alla"):
		return false
	case before == "di":
		return r.toks[i].after&comma == 0
	}
	return !r.told(s, i) && !r.after(s, i, 6, better)
}

// writtenBefore reports whether what comes before something else, at i, is only
// that one writes: "scrivo prima di aprire il bar".
func (r *reader) writtenBefore(s *sentence, i int) bool {
	k := i + 2
	if k >= s.to || !r.before(s, i, 3, writing) || r.tag(k)&tagInfinitive == 0 || deals(r.toks[k].word) && !strings.HasPrefix(r.toks[k].word, "partir") {
		return false
	}
	_, to := r.clause(s, k)
	return r.classes(k+1, to)&(box|asked|execute|contents|will|danger&^condition) == 0 && s.all&(needed|doubt) == 0
}

var better = set("meglio")

// still reports whether "ancora" says that something is not over.
func (r *reader) still(s *sentence, i int) bool {
	switch {
	case r.word(s, i-1) == "all", r.word(s, i+1) == "in" && r.word(s, i+2) == "tempo",
		r.word(s, i+1) == "una", r.word(s, i+1) == "entro", r.word(s, i+1) == "nei",
		strings.HasPrefix(r.word(s, i+1), "valid"):
		return false
	case r.negatedClause(s, i) && r.holdsStem(s.from, i, "termin") && r.holdsStem(i, s.to, "trascors", "scadut", "decors", "passat"):
		return false
	case r.negatedClause(s, i):
		return true
	case i > s.from && r.is(i-1) && i+1 < s.to && anyPrefix(r.toks[i+1].word, "scritt", "indicat", "riportat", "registrat", "pubblicat", "stampat", "collegat", "legat", "associat"):
		return true // "sulla carta c'è ancora scritto questo indirizzo"
	}
	for k := max(s.from, i-2); k < s.to && k <= i+2; k++ {
		if r.toks[k].class&(thanks|greet|apology) != 0 && !auxiliary[r.toks[k].word] {
			return false
		}
	}
	return !r.told(s, i)
}

// only reports whether "solo" narrows what is asked.
func (r *reader) only(s *sentence, i int) bool {
	before := r.word(s, i-1)
	switch {
	case r.told(s, i), s.all&(aware|apology) != 0, before == "non",
		i+1 < s.to && strings.HasPrefix(r.word(s, i+1), "pubblicit"), before == "da",
		before == "sono" && r.word(s, i-2) == "ci", before == "un", before == "una", before == "il",
		before == "la", before == "unico":
		return false
	case r.word(s, i+1) == "se", i == s.from && r.word(s, i+1) == "per" && s.to-s.from < 7 && article[r.word(s, i+2)] && r.verbless(s, i):
		return true // "solo per la sede di Lecce"
	case among(r.word(s, i+1), "cosi", "io", "noi"):
		return false
	case r.onlyThis(s, i), r.word(s, i+1) == "l" && i+2 < s.to && strings.HasPrefix(r.toks[i+2].word, "altr") && r.keptOther(s, i+2):
		return false
	case r.harmlessAim(s, i+1), r.after(s, i, 4, ordinary), r.usesOnlyAnother(s, i):
		return false
	}
	return r.within(s, i)&(box|asked|contents|another|execute|will) != 0 || r.after(s, i, 6, partly)
}

// onlyThis reports whether "solo" at i narrows what is asked to what the form
// asks: "chiedo solo la chiusura", "mi serve solo che sia chiusa".
func (r *reader) onlyThis(s *sentence, i int) bool {
	k := i + 1
	if r.word(s, k) == "che" && (r.word(s, k+1) == "sia" || r.word(s, k+1) == "venga") {
		k += 2
	} else if k < s.to && (article[r.toks[k].word] || of[r.toks[k].word]) {
		k++
	} else {
		return false
	}
	return k < s.to && r.toks[k].class&(asked|execute) != 0 && !r.ownWord("rinnov") && (k+1 == s.to || r.toks[k].after&(comma|stop) != 0) && s.all&another&^soft == 0
}

// usesOnlyAnother reports whether "solo" at i says which other mailbox the writer
// uses: "utilizzo da anni soltanto l'indirizzo rilasciato dall'Ordine".
func (r *reader) usesOnlyAnother(s *sentence, i int) bool {
	return r.before(s, i, 4, iUse) && !r.negatedClause(s, i) && s.all&(asked|execute|will|contents) == 0 &&
		(r.otherBox(s, i) || r.givenBy(s, i))
}

// givenBy reports whether the mailbox named after i is told from this one by who
// gave it: "l'indirizzo rilasciato dall'Ordine", "la PEC fornita dalla Cassa".
func (r *reader) givenBy(s *sentence, i int) bool {
	for k := i + 2; k+2 < s.to && k <= i+5; k++ {
		if anyPrefix(r.toks[k].word, "rilasciat", "fornit", "assegnat", "offert", "attribuit") && (r.toks[k-1].word == "indirizzo" || r.toks[k-1].word == "pec") {
			whose := r.toks[k+2].word
			return fromWhere[r.toks[k+1].word] && !yours[whose] && !r.names[whose] && s.to-k <= 6 && !r.holdsStem(i, k, "quest")
		}
	}
	return false
}

// onlyGiven reports whether the verb at i uses nothing but such a mailbox.
func (r *reader) onlyGiven(s *sentence, i int) bool {
	for k := i + 1; k < s.to && k <= i+3; k++ {
		switch r.toks[k].word {
		case "solo", "soltanto", "solamente", "unicamente":
			return r.usesOnlyAnother(s, k)
		}
	}
	return false
}

// ordinary are words of mail that is not certified.
var ordinary = set("ordinaria normale gmail")

// harmlessAim reports whether "solo per buttare la pubblicità", "solo dirvi
// grazie" begins at token k: an aim that is none of the mailbox's uses.
func (r *reader) harmlessAim(s *sentence, k int) bool {
	if r.word(s, k) == "per" {
		k++
	} else if k < s.to && !mildWish(r.toks[k].word) {
		return false
	}
	return k < s.to && r.tag(k)&tagInfinitive != 0 && (mildWish(r.toks[k].word) || r.toks[k].class&(needed|contents|box|execute|another) == 0)
}
