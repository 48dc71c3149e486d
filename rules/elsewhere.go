package rules

// Words that are a sign elsewhere, and only tell of something else where they stand.

// meansElse reports whether the sign of that name at i is none, because the word means
// something else there: a rehearsal and no trial, a relative who only has the shop, the
// last thing left to be closed and no condition.
func (r *reader) meansElse(s *sentence, i int, name string) bool {
	w, before, after := r.toks[i].word, r.word(s, i-1), r.word(s, i+1)
	if r.staysElse(s, i, name) || r.doneItem(s) || name != signIBAN && r.spendsIt(s) || r.inManner(s, i, name) {
		return true
	}
	switch name {
	case signDeferral:
		return anyPrefix(w, "prossim") && (r.lessonLearned(s, i) || r.tillNext(s, i)) || w == "dal" && r.sinceThen(s, i) || weekday[w] && r.everyWeek(s, i) || i < s.from+4 && r.livesThen(s)
	case signDoubt:
		return w == "vediamo" && before == "ci" && s.all&(box|asked|contents) == 0
	case signNegation:
		return w == "no" && r.goneToo(s, i)
	case signSecondRequest:
		return w == "insieme" && (r.keepsCompany(s, i) || r.inTheAttic(s)) || w == "dominio" && r.domainTold(s, i)
	case signCondition:
		return among(w, "s", "si") && after == "intende" && r.knowsAbout(s, i) || onlyFew[w] && anyPrefix(before, "rest", "manc", "riman") && r.lastLeft(s, i) ||
			anyPrefix(w, "rest", "manc", "riman") && onlyFew[after] && r.lastLeft(s, i+1)
	case signNeeded:
		return anyPrefix(w, "continu", "prosegu") && after == "a" && r.livesOn(s, i) || r.taughtElse(s, i) || anyPrefix(w, "rest", "manc", "riman") && onlyFew[after] && r.lastLeft(s, i+1)
	case signDraft:
		return among(w, "prova", "prove") && r.rehearses(s, i)
	case signThirdPerson:
		return r.toks[i].class&kin != 0 && (r.theirsNow(s, i) || r.keepsCompany(s, i)) || anyPrefix(w, dying...) && r.lateColleague(s, i)
	}
	return false
}

// knowsAbout reports whether "s'intende" at i is said of one who knows about things: "mia
// figlia che di queste cose s'intende". Alone it says what goes without saying.
func (r *reader) knowsAbout(s *sentence, i int) bool {
	from, to := r.clause(s, i)
	return i+2 == to && from < i && opens[r.toks[from].word] && (r.holds(from, i, of) || r.word(s, i-1) == "ne")
}

// lastLeft reports whether what "solo" at i leaves is the mailbox, as the last thing to be
// closed: "resta solo la PEC, quindi". One that is left to work with goes on.
func (r *reader) lastLeft(s *sentence, i int) bool {
	k := i + 1
	if k < s.to && article[r.toks[k].word] {
		k++
	}
	if k >= s.to || r.toks[k].class&box == 0 && !among(r.toks[k].word, "questa", "voi") {
		return false
	}
	if k+1 == s.to {
		return true
	}
	next := r.toks[k+1].word
	if next == "da" {
		return r.holdsStem(k+2, min(s.to, k+4), "chiud", "disattiv", "disdir", "eliminar", "cancellar", "sistem", "spegn", "toglier")
	}
	return r.toks[k].after&(comma|colon) != 0 && among(next, "quindi", "percio", "dunque", "pertanto", "ecco")
}

// livesOn reports whether what goes on at i is no use of a mailbox: "la libreria continua
// a volare dentro la cooperativa".
func (r *reader) livesOn(s *sentence, i int) bool {
	k := i + 2
	if k >= s.to || r.tag(k)&tagInfinitive == 0 || r.classes(s.from, k+1)&(box|contents) != 0 {
		return false
	}
	return !anyPrefix(r.toks[k].word, "arriv", "aver", "consult", "dar", "esser", "fa", "funzion", "gest", "invi", "lavor", "legg", "mand", "pag", "ricev", "scriv", "serv", "tener", "us", "utilizz", "vend") &&
		!among(r.word(s, i-1), "mi", "ci", "vi", "che") && !ends(r.toks[i].word, "o", "iamo")
}

// rehearses reports whether "prova" at i is a rehearsal of players or singers.
func (r *reader) rehearses(s *sentence, i int) bool {
	if s.all&(asked|execute|confirm|box&^mailing) != 0 && !r.negatedClause(s, i) && s.all&box != 0 || r.holds(s.from, i, thisOne) {
		return false
	}
	return r.holds(i+1, min(s.to, i+4), weekday) || r.word(s, i+1) == "generale" || r.holdsStem(s.from, s.to, "band", "battut", "commed", "compagni", "coro", "costum", "music", "orchestr", "palco", "recit", "spartit", "teatr")
}

// theirsNow reports whether the relative at i only owns what the writer had: "la gelateria
// adesso è di mia cognata". A mailbox that is his, or a body's office, is for a person.
func (r *reader) theirsNow(s *sentence, i int) bool {
	k := i - 3
	if s.all&asked != 0 || r.word(s, i-2) != "di" || k <= s.from || !r.is(k) || r.inOffice() || r.holdsStem(s.from, k, "cas", "pec", "post", "indirizz", "mail", "dit", "societ") {
		return false
	}
	for k--; k > s.from && nowadays[r.toks[k].word]; k-- {
	}
	return k > s.from && r.toks[k].kind == plainWord && r.toks[k].class&^weak == 0 && (article[r.toks[k-1].word] || r.word(s, k-1) == "l") && len(r.toks[k].word) > 2
}

// lateColleague reports whether the death told at i is of one who held an office before:
// the writer signs in his own.
func (r *reader) lateColleague(s *sentence, i int) bool {
	return r.inOffice() && r.told(s, i) && r.before(s, i, 4, offices) && !r.holds(s.from, s.to, takesOver) && s.all&(kin|asked|execute) == 0
}

var takesOver = set("scrivo firmo chiedo provvedo eredi erede")

// ownsCopy reports whether a sentence only says who has the copies: "copia di tutto ce
// l'ho io".
func (r *reader) ownsCopy(s *sentence) bool {
	if s.to-s.from > 16 || !anyPrefix(r.toks[s.from].word, "copi") && !anyPrefix(r.word(s, s.from+1), "copi") || s.all&(asked|execute|will|danger&^another) != 0 {
		return false
	}
	for i := s.from + 1; i+1 < s.to; i++ {
		if among(r.toks[i].word, "ce", "l", "le", "la") && among(r.toks[i+1].word, "ho", "abbiamo", "tengo") {
			return !r.holdsStem(s.from, s.to, "mandat", "inviat", "serv", "vogl", "vorre", "dentro", "qui")
		}
	}
	return false
}
