package rules

import "strings"

// What the writer would rather have, what else he names in passing and what is to be
// on a day: none of it takes the form back, and none of it is what the form asks.

// otherTerms names the sign of the word at i by which the writer hands his office over or
// says on what terms he would stay; "" when it is none.
func (r *reader) otherTerms(s *sentence, i int) string {
	switch {
	case r.handsOver(s, i):
		return signThirdPerson
	case r.wouldStay(s, i):
		return signCondition
	case r.newContact(s, i):
		return signSecondRequest
	case r.shutsThen(s, i):
		return signFutureDate
	case r.partOnly(s, i):
		return signSecondRequest
	case r.bargains(s, i), r.awaitsTerms(s, i), r.signsToo(s, i):
		return signCondition
	case strings.HasPrefix(r.own.text[r.toks[i].end:], "@") && r.cutAddress(i):
		return signSecondMailbox
	}
	return ""
}

// wouldKeep begin the verbs of keeping the mailbox, in the first person of supposing:
// "rimarrei", "la terrei".
var wouldKeep = stems("accettere continuere conservere mantere manterre paghere pagherem prendere proseguire rest resteremm riattivere riconferm rimarre rinnovere ripensere terre tenere usere valutere")

// wouldStay reports whether the verb at i says that the writer would stay, on other
// terms: "ci fosse una formula da dieci euro rimarrei". What he would not, or would
// have done and could not, is over.
func (r *reader) wouldStay(s *sentence, i int) bool {
	w := r.toks[i].word
	switch {
	case r.tag(i)&tagConditional != 0 && ends(w, "rei", "remmo") && anyPrefix(w, wouldKeep...):
	case anyPrefix(w, "continuat", "rest", "rimast", "rimas", "rinnovat", "tenut", "mantenut", "conservat") && r.tag(i)&tagParticiple != 0 && r.before(s, i, 4, hadI):
		return !r.negated(s, i) && !r.overByNow(s, i)
	default:
		return false
	}
	if r.negated(s, i) || r.holdsStem(i+1, min(s.to, i+4), "grat", "felic", "content", "chiacchier", "ore") || among(r.word(s, i+1), "a", "ad") && r.tag(min(i+2, s.to-1))&tagInfinitive != 0 {
		return false // "vi resterei grato"
	}
	return !(anyPrefix(w, "prendere", "paghere", "accettere") && !r.holdsStem(s.from, s.to, "cas", "pec", "pian", "formul", "offert", "prezz", "tarif", "scont", "euro", "mens", "rinnov"))
}

// hadI are the verbs that put what one would do into the past.
var hadI = set("avrei avremmo sarei saremmo")

// overByNow reports whether what the writer would have done, at i, is told to be over:
// "avrei continuato, ma ho chiuso", "se fosse stata gratis l'avrei tenuta".
func (r *reader) overByNow(s *sentence, i int) bool {
	for k := s.from; k < s.to; k++ {
		switch w := r.toks[k].word; {
		case w == "se" && r.unmade(s, k), w == "se" && k < i && r.toldIn(k, i):
			return true
		case k > i && (adversative[w] || among(w, "purtroppo", "finche", "peccato")):
			return r.toldIn(k, s.to) || r.holdsStem(k, s.to, "chiud", "cess", "pension", "va", "vado", "smett", "cambi")
		}
	}
	return false
}

// newContact reports whether the address at i is one to which the desk's letters are to
// go from now on, which nothing in the form changes.
func (r *reader) newContact(s *sentence, i int) bool {
	w := r.toks[i].word
	if anyPrefix(w, "recapit", "sede", "telefon", "cellular", "residenz", "cognom") && r.holdsStem(i+1, s.to, "da") {
		for k := i + 1; k+1 < s.to; k++ {
			if r.toks[k].word == "da" && anyPrefix(r.toks[k+1].word, "registrar", "riportar", "aggiornar", "inserir", "annotar", "sostituir", "corregger", "rettificar") {
				return true // "segnalo nuova sede legale, da riportare in anagrafica"
			}
		}
	}
	return anyPrefix(w, "recapit", "contatt", "anagrafic", "comunicazion", "notific", "avvis", "fattur") && r.addressIn(s) && r.fromNowOn(s)
}

// addressIn reports whether an address stands in the sentence that is not the mailbox's.
func (r *reader) addressIn(s *sentence) bool {
	for k := s.from; k < s.to; k++ {
		if t := &r.toks[k]; t.kind == address && t.word != r.sender {
			return true
		}
	}
	return false
}

// fromNowOn reports whether a sentence speaks of what is to be from now on, or of the
// customer's account.
func (r *reader) fromNowOn(s *sentence) bool {
	for k := s.from; k+1 < s.to; k++ {
		if among(r.toks[k].word, "ora", "oggi", "adesso") && among(r.word(s, k+1), "in") && among(r.word(s, k+2), "avanti", "poi") || r.toks[k].word == "ora" && r.word(s, k+1) == "innanzi" {
			return true
		}
	}
	return r.holdsStem(s.from, s.to, "pannell", "account", "profil", "anagrafic", "futur", "aggiorn", "sostitu", "cambi", "innanzi", "prossim")
}

// figureToo reports whether the number at i is a sum that is to come back beside that of
// the order: "anche quei 36,60 dell'anno scorso".
func (r *reader) figureToo(s *sentence, i int) bool {
	if !r.ownWord("rimborso") || r.negated(s, i) {
		return false
	}
	too := false
	for k := max(s.from, i-4); k < i; k++ {
		too = too || among(r.toks[k].word, "anche", "pure") && r.word(s, k+1) != "se"
	}
	return too && (r.toks[i].after&glued != 0 || r.holdsStem(i, min(s.to, i+4), "euro", "eur") || r.holds(max(s.from, i-2), i, those))
}

var those = set("quei quegli quelli i gli")

// dayToCome reports whether the number at i is a bare day of the month on which
// something is to be: "il 31 stacco tutto", "fino al 15 mi serve".
func (r *reader) dayToCome(s *sentence, i int) bool {
	t := &r.toks[i]
	if !allDigits(t.word) || len(t.word) > 2 || t.word == "0" || len(t.word) == 2 && t.word > "31" || t.after&(glued|opening|closing|stop|colon) != 0 || i == s.from || i+1 >= s.to ||
		!among(r.word(s, i-1), "il", "dal", "al", "l") {
		return false
	}
	if _, n := dateAt(r.toks[i:]); n > 0 || r.numbered(i) {
		return false
	}
	if among(r.word(s, i+1), "mattina", "sera", "pomeriggio", "notte") && !r.told(s, i) {
		return true
	}
	next := &r.toks[i+1]
	if anyPrefix(next.word, "per", "piano", "percent", "di", "posto", "cent", "ottobr", "del", "dell") || next.kind != plainWord || next.capital && !next.shout {
		return false
	}
	from, to := r.phraseOf(s, i)
	if r.toldIn(from, to) || r.holds(from, to, habit) {
		return false
	}
	return r.hasVerb(s, i+1, min(to, i+6)) || ends(next.word, "o", "iamo") && r.tag(i+1)&tagParticiple == 0 && len(next.word) > 3 || r.tag(i+1)&tagFuture != 0
}

// cutAddress reports whether the word at i is the first half of an address whose second
// is left out: "info@ e amministrazione@".
func (r *reader) cutAddress(i int) bool {
	rest := r.own.text[r.toks[i].end+1:]
	return r.toks[i].kind == plainWord && (rest == "" || strings.IndexByte(" ,;.\n)", rest[0]) >= 0) && !strings.HasPrefix(r.sender, r.toks[i].word+"@")
}

// shutsThen reports whether the writer shuts his shop, by the verb at i, on a feast or in
// a month to come: "a Natale saluto i clienti e chiudo bottega".
func (r *reader) shutsThen(s *sentence, i int) bool {
	if !among(r.toks[i].word, "chiudo", "chiudiamo", "smetto", "smettiamo", "cesso", "cessiamo", "stacco", "stacchiamo", "abbasso", "abbassiamo", "saluto", "salutiamo") || r.negated(s, i) {
		return false
	}
	from, to := r.clause(s, i)
	if r.toldIn(from, to) {
		return false
	}
	for k := from; k+1 < to; k++ {
		next := r.toks[k+1].word
		if among(r.toks[k].word, "a", "ad", "per", "con", "dopo") && (seasons[next] || among(next, "capodanno", "epifania", "ferragosto", "ognissanti") || isMonth(next) && len(next) > 3 && !r.gone(s, k+1)) {
			return true
		}
	}
	return false
}

// partOnly reports whether what the verb at i takes away is a thing beside the mailbox, as
// if nothing else were asked: "il filtro antispam lo togliete".
func (r *reader) partOnly(s *sentence, i int) bool {
	w := r.toks[i].word
	if !anyPrefix(w, "togliet", "tolga", "levat", "eliminat", "cancellat", "disattivat", "staccat") || !ends(w, "te", "tela", "telo", "teli", "tele", "tene", "lga") || r.told(s, i) || r.negated(s, i) {
		return false
	}
	from, to := r.clause(s, i)
	if r.classes(from, to)&box != 0 {
		return false
	}
	return r.holdsStem(from, to, "antispam", "app", "filtr", "newsletter", "pagin", "promemori", "pubblicit", "sms", "spunt", "widget")
}

// bargains reports whether a sentence begins with the reduction named at i, for which the
// writer would stay: "una promozione e facciamo la pace".
func (r *reader) bargains(s *sentence, i int) bool {
	return anyPrefix(r.toks[i].word, "scont", "promozion", "ribass", "offert") && i-s.from <= 2 && r.word(s, i+1) == "e" && !r.is(i+1) && !r.toldIn(s.from, s.to) && !r.holds(s.from, s.to, denial)
}

// awaitsTerms reports whether what is awaited at i are the desk's terms: "resto in attesa
// delle vostre condizioni". Who awaits his refund, or a word of confirmation, does not bargain.
func (r *reader) awaitsTerms(s *sentence, i int) bool {
	if !among(r.toks[i].word, "attesa", "attendo", "attendiamo", "aspetto", "aspettiamo", "attendendo", "aspettando") || r.negated(s, i) || r.told(s, i) {
		return false
	}
	for k := i + 1; k < s.to && k < i+8; k++ {
		switch w := r.toks[k].word; {
		case anyPrefix(w, "rimbors", "storn", "conferm", "riscontr", "second", "ricevut"), r.toks[k-1].after&stop != 0:
			return false
		case anyPrefix(w, "condizion", "controffert", "offert", "preventiv", "propost", "tariff"):
			return r.holdsStem(i+1, min(s.to, k+2), "vostr", "nuov", "miglior")
		}
	}
	return false
}

// signsToo reports whether the signature named at i is another's, and still to come: "ho
// messo la mia firma, quella del presidente arriva per posta".
func (r *reader) signsToo(s *sentence, i int) bool {
	w := r.toks[i].word
	if !among(w, "firma", "quella", "timbro", "controfirma") || !of[r.word(s, i+1)] || i+2 >= s.to || !r.holdsStem(s.from, i+1, "firm", "timbr", "controfirm") || r.toldIn(i, s.to) {
		return false
	}
	k := i + 2
	for k < s.to-1 && (mine[r.toks[k].word] || among(r.toks[k].word, "altro", "altra", "legale")) {
		k++
	}
	if w := r.toks[k].word; !offices[w] && r.toks[k].class&kin == 0 && !anyPrefix(w, "soci", "titolar", "parroc") {
		return false
	}
	return r.holds(k+1, min(s.to, k+6), yetToCome)
}

// yetToCome are verbs of what has not arrived yet.
var yetToCome = set("arriva arrivera arrivano mando manda mandera invio invia manca segue seguira verra aggiungo aggiunge mette mettera spedisco")
