package rules

import "strings"

// defers reports whether the word of time at i puts something off. What is
// told in the past, a wish for a feast, an age, the hours of a shop do not.
func (r *reader) defers(s *sentence, i int) bool {
	w, before, after := r.toks[i].word, r.word(s, i-1), r.word(s, i+1)
	switch w {
	case "ora", "ore", "adesso":
		return false
	case "entro":
		return s.all&aware == 0 && !among(before, "ci", "vi", "non", "mai") && after != "oggi" && after != "stasera" && !r.ownTerm(i) && !r.deadline(s, i)
	case "avanti", "tardi":
		return before == "piu"
	case "partire":
		return before == "a"
	case "decorrere":
		return true
	case "termine":
		return before == "al"
	case "anno", "anni", "mese", "mesi", "mesetto", "settimana", "settimane", "giorno", "giorni", "fine", "inizio", "meta":
		return r.period(s, i)
	}
	switch {
	case strings.HasPrefix(before, "buon"):
		return false
	case strings.HasPrefix(w, "scad") && r.before(s, i, 3, reminder):
		return false
	case r.passing(s, i), r.renewsThen(s, i):
		return false
	case r.holdsStem(s.from, s.to, "scad") && r.regardless(s), r.ratherNow(s, i):
		return false
	case i > s.from && r.dated(i), r.tookOffice(s, i):
		return false
	case anyPrefix(w, "richiam", "riscriv", "ritelefon") && (r.negated(s, i) || r.before(s, i, 4, needless) && s.all&negation != 0):
		return false
	case strings.HasPrefix(w, "rimand"):
		if r.after(s, i, 2, sentBefore) || after == "perche" || after == "come" || r.told(s, i) && r.holdsStem(i, s.to, "oggett", "modul", "testo") ||
			r.told(s, s.from) && r.holdsStem(s.from, i, "oggett") && (after == "tutto" || i+1 == s.to) {
			return false // "rimando il messaggio con l'oggetto giusto"
		}
		return !among(before, "vi", "le", "ve") && r.word(s, i-2) != "vi" && r.word(s, i-2) != "ve"
	case strings.HasPrefix(w, "riscriv"):
		return among(before, "vi", "ve", "le")
	case w == "passo" || w == "vengo":
		return r.after(s, i, 5, toUs)
	case r.told(s, i):
		return anyPrefix(w, "prossim", "entrant", "ventur") && before != "alla" || before == "per" || before == "entro"
	case before == "di" && r.before(s, i, 4, talk):
		return false
	case r.wishes(s, i), r.contactLine(i):
		return false
	case !strings.HasPrefix(w, "scad") && r.gone(s, i), weekday[w] && (s.all&apology != 0 || r.around(s, i, 5, openingHours)):
		return false
	case anyPrefix(w, "prossim") && s.all&aware != 0, strings.HasPrefix(w, "futur") && r.negatedClause(s, i):
		return false
	case anyPrefix(w, "prossim") && before == "alla" && i+1 == s.to:
		return false
	case r.ownLife(s, i):
		return false
	case weekday[w] && (i+1 < s.to && r.toks[i+1].kind == number || i > s.from && r.toks[i-1].kind == number):
		return false
	}
	return true
}

// renewsThen reports whether the month at i is when the mailbox would renew itself
// or end, which nobody waits for: "scrivo ora per evitare che a gennaio si rinnovi".
func (r *reader) renewsThen(s *sentence, i int) bool {
	if !isMonth(r.toks[i].word) || r.holds(max(s.from, i-6), i, untilThen) {
		return false
	}
	for k := i + 1; k < s.to && k <= i+3; k++ {
		if w := r.toks[k].word; strings.HasPrefix(w, "rinnov") || among(w, "scade", "scadeva", "scadrebbe", "scadra") {
			return true
		}
	}
	for k := i - 1; k > s.from && k >= i-3; k-- {
		if w := r.toks[k].word; strings.HasPrefix(w, "rinnov") || w == "scade" || w == "scadenza" && r.word(s, k-1) == "la" {
			return true
		}
	}
	return false
}

// untilThen are words before a time that something waits for.
var untilThen = set("alla allora appena attesa dal dalla dopo entro fin finche fino poi quando")

// tookOffice reports whether the month or season at i is when somebody came into
// his office: "il nuovo consiglio, eletto in primavera". One still to be chosen
// ("una volta eletto", "sia nominato") is waited for.
func (r *reader) tookOffice(s *sentence, i int) bool {
	p := i - 2
	if p <= s.from || !whenIn[r.word(s, i-1)] || !anyPrefix(r.toks[p].word, "elett", "rielett", "nominat", "insediat", "subentrat", "designat", "ricostituit") || r.tag(p)&tagParticiple == 0 {
		return false
	}
	if r.before(s, p, 2, toBeChosen) || i+1 < s.to && (article[r.toks[i+1].word] || anyPrefix(r.toks[i+1].word, "prossim", "ventur", "entrant")) {
		return false
	}
	return r.classes(s.from, p)&(deferral|condition) == 0
}

var (
	whenIn     = set("in a ad nel")
	toBeChosen = set("venga sia essere sara verra venisse fosse volta appena quando se dopo finche non va")
)

// passing reports whether the word of time at i names no time to come: a mandate
// that ran out, a season's cleaning, the day of writing.
func (r *reader) passing(s *sentence, i int) bool {
	w, before := r.toks[i].word, r.word(s, i-1)
	switch {
	case strings.HasPrefix(w, "scadut"): // "incarico scaduto e non rinnovato"
		return i > s.from && r.toks[i-1].class&(box|asked|contents|topic) == 0 && !among(before, "volta", "appena", "quando", "dopo", "sara") &&
			r.word(s, i-2) != "a" && r.verbless(s, i)
	case w == "sentiamo": // "coi clienti ci sentiamo su whatsapp"
		return before == "ci" && (r.before(s, i, 2, nowadays) || among(r.word(s, i+1), "su", "via", "tramite", "per")) && !r.negatedClause(s, i) &&
			s.all&(asked|box) == 0
	case seasons[w]: // "le pulizie di primavera"
		return before == "di" && i-2 >= s.from && !among(r.word(s, i-2), "fine", "inizio", "meta", "prima", "dopo") && s.all&(execute|asked) == 0
	case weekday[w]: // "scrivo di domenica"
		return (before == "di" || before == "la") && r.before(s, i, 2, writing)
	}
	return false
}

var seasons = set("primavera estate autunno inverno natale pasqua carnevale")

// period judges the words for a stretch of time, and for its beginning and end.
func (r *reader) period(s *sentence, i int) bool {
	w, before, after := r.toks[i].word, r.word(s, i-1), r.word(s, i+1)
	if among(w, "fine", "inizio", "meta") {
		if before == "alla" && r.holdsStem(i, min(s.to, i+4), "period", "contratt", "canone", "causa", "gara", "iter", "procedur", "pratica", "abbonament", "stagion") && !r.told(s, s.from) {
			return true
		}
		return !r.ownLife(s, i) && (unit[after] || after == "contratto" || w == "fine" && before == "a") &&
			!(i-2 >= s.from && nowAt[r.word(s, i-2)]) && !r.told(s, i) && !r.wishes(s, i)
	}
	if w == "giorno" && before == "il" && onThe[after] && !r.told(s, s.from) &&
		r.holdsStem(s.from, s.to, "va", "avveng", "operazion", "chiud", "esegu", "proced") && !r.wishes(s, i) {
		return true
	}
	return r.stretch(s, i) && !r.wishes(s, i) && !r.ownLife(s, i)
}

// regardless reports whether the writer says that the expiry does not matter to
// him: "anche se scade a maggio", "scade a maggio, ma non chiedo niente".
func (r *reader) regardless(s *sentence) bool {
	for k := s.from; k < s.to; k++ {
		switch r.toks[k].word {
		case "comunque", "benche", "sebbene", "nonostante", "pur":
			return true
		case "anche":
			return r.word(s, k+1) == "se"
		case "non":
			if k+1 < s.to && anyPrefix(r.toks[k+1].word, "chied", "pretend", "import", "interess", "voglio") {
				return true
			}
		}
	}
	return false
}

// deadline reports whether "entro" at i gives the desk a few days, rather than
// the writer: to be quick puts nothing off.
func (r *reader) deadline(s *sentence, i int) bool {
	if !r.holdsStem(i, min(s.to, i+4), "giorni", "gg", "ore") || s.all&(another|needed|will|dispute) != 0 {
		return false
	}
	for k := s.from; k < s.to; k++ {
		if w := r.toks[k].word; among(w, "mando", "invio", "confermo", "faccio", "do") || w == "vi" && r.tag(min(k+1, s.to-1))&tagFuture != 0 ||
			r.tag(k)&(tagFuture|tagConditional) != 0 {
			return false
		}
	}
	return true
}

// reminder are the letters that name an expiry.
var reminder = set("avviso promemoria lettera notifica fattura preavviso comunicazione sollecito")

var onThe = set("del della dell di che in")

// nowAt say where in the year one is: "siamo a fine anno".
var nowAt = set("siamo essendo")

// dated reports whether the month at i belongs to a date, which is judged as such.
func (r *reader) dated(i int) bool {
	_, n := dateAt(r.toks[i-1:])
	return n > 0
}

// gone reports whether the month at i is one of the last six, or said to be past.
func (r *reader) gone(s *sentence, i int) bool {
	if r.before(s, i, 2, lastOne) || r.after(s, i, 1, lastOne) {
		return true
	}
	m, named := monthNamed(r.toks[i].word)
	if !named || len(r.toks[i].word) <= 3 || r.m.Sent.IsZero() || r.before(s, i, 3, forward) || r.after(s, i, 1, forward) {
		return false
	}
	ago := (int(r.set.Calendar.Date(r.m.Sent).Month) - int(m) + 12) % 12
	return ago > 0 && ago <= 6 || ago == 0 && r.holdsStem(max(s.from, i-4), i, "rinnov", "fattur", "addebit", "ordin") // "fattura di novembre", in November
}

var sentBefore = set("messaggio mail email testo modulo richiesta pec dichiarazione domanda")

var lastOne = set("scorso scorsa passato passata ultimo ultima")

// openingHours are words of a shop's or a practice's hours.
var openingHours = set(`
	aperta aperti aperto appuntamento chiusa chiusi chiuso disponibile orari orario raggiungibile reperibile reperibili riceve ricevimento
	rispondo`)

var (
	toUs = set("voi ufficio sede sportello negozio")
	talk = set("chiamata telefonata colloquio conversazione mail lettera ticket pec")
	unit = set(`
		agosto anno aprile contratto dicembre febbraio gennaio giugno luglio maggio marzo mese novembre ottobre settembre settimana`)
)

// stretch reports whether a stretch of time lies ahead: "tra un mese", "per qualche giorno".
func (r *reader) stretch(s *sentence, i int) bool {
	if r.told(s, i) || r.ownTerm(i) || s.all&aware != 0 || r.negatedClause(s, i) && r.holdsStem(s.from, i, "rimbors") ||
		r.holdsStem(s.from, i, "tenervi", "tenetev", "regal") {
		return false
	}
	from, to := r.clause(s, i)
	for k := max(from, i-5); k < to && k <= i+2; k++ {
		switch w := r.toks[k].word; {
		case since[w], anyPrefix(w, "scors", "passat", "ultim"):
			return false
		}
	}
	for k := max(from, i-5); k < to && k <= i+2; k++ {
		switch w := r.toks[k].word; {
		case ahead[w] && !(w == "con" && k > i), anyPrefix(w, "prossim", "entrant", "ventur", "successiv", "nuov"):
			return !(s.all&thanks != 0 && r.within(s, i)&(needed|execute|will) == 0)
		}
	}
	return false
}

var (
	since = set("da fa tutti tutte questi queste dopo dagli dalle")
	ahead = set("tra fra entro per qualche altri altre ancora paio con")
)

// wishes reports whether the clause of the word at i only greets: "buon inizio settimana".
func (r *reader) wishes(s *sentence, i int) bool {
	from, to := r.clause(s, i)
	greeting := false
	for k := from; k < to; k++ {
		t := &r.toks[k]
		if t.class&(execute|will) != 0 || t.class&(needed|another) != 0 && t.class&soft == 0 || r.tag(k)&(tagYou|tagFuture) != 0 {
			return false
		}
		greeting = greeting || k != i && t.class&(greet|thanks) != 0 && t.class&deferral == 0 && !plainGreet[t.word]
	}
	return greeting
}

// plainGreet are words of greetings that stand in any sentence.
var plainGreet = set(`
	amici anno bella belle belli bello buona buoni buono cena cose domenica famiglia famiglie giorno lavoro notte ponte pranzo ragazzi sera
	settimana signor signora signore signori tanta tante tanti tanto`)

// contactLine reports whether the word at i is in the name of a street, or in
// the hours of a shop: "via 25 aprile", "lun-ven 9-13".
func (r *reader) contactLine(i int) bool {
	from, to := r.lineOf(i)
	for k := max(from, i-3); k < i; k++ {
		if street[r.toks[k].word] {
			return true
		}
	}
	for k := from; k < to; k++ {
		if t := &r.toks[k]; k != i && t.kind == number && t.after&glued != 0 && !r.formal(k) || t.word == "orari" || t.word == "orario" {
			return weekday[r.toks[i].word]
		}
	}
	return false
}
