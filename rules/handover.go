package rules

import "slices"

// An office changes hands: who signs for a body, and tells that another has taken his
// place, may be entitled no more. No weights outweigh it. Who hands his own shop to a
// daughter signs for himself.

// offices are what one holds for a body, and loses when another is chosen.
var offices = set(`
	abate amministratore amministratrice cda commissaria commissario consiglio consigliera consigliere coordinatore coordinatrice curatore
	direttivo direttore direttrice dirigente economo governatore legale liquidatore liquidatrice parroco preside presidente priora priore
	rappresentante reggente rettore rettrice segretaria segretario sindaco superiora tesoriera tesoriere vicepresidente`)

// held are names of offices, and of what goes with them from hand to hand.
var held = set(`
	amministrazione carica comando consegne dirigenza guida incarico mandato poltrona presidenza redini scettro segreteria testimone timbri
	timbro timone`)

// inOffice reports whether the writer signs the form for a body, in an office that may
// pass to another.
func (r *reader) inOffice() bool {
	if r.looked {
		return r.office
	}
	r.looked = true
	for i := r.al.from; i < r.al.to; i++ {
		if w := r.toks[i].word; offices[w] || w == "tempore" {
			r.office = true
		}
	}
	r.office = r.office || r.signsInOffice()
	return r.office
}

// signsInOffice reports whether an office is named, without a verb, on the lines of the
// signature.
func (r *reader) signsInOffice() bool {
	for i := r.al.to; i < len(r.toks); i++ {
		if !offices[r.toks[i].word] {
			continue
		}
		from, to := r.lineOf(i)
		line := r.sentence(from, to)
		if to-from <= 8 && r.verbless(&line, i) && (r.holds(from, to, r.names) || r.holds(max(r.al.to, from-6), from, r.names) || r.holds(to, min(len(r.toks), to+4), r.names)) {
			return true
		}
	}
	return false
}

// handsOver reports whether the word at i tells that somebody else holds the writer's
// office by now, or that he is called elsewhere.
func (r *reader) handsOver(s *sentence, i int) bool {
	if !r.inOffice() || r.holdsIt(s) {
		return false
	}
	w, before, after := r.toks[i].word, r.word(s, i-1), r.word(s, i+1)
	switch {
	case anyPrefix(w, "subentr"):
		return !r.before(s, i, 3, am) || r.before(s, i, 3, toMe)
	case anyPrefix(w, "successor"), among(w, "succede", "succeduto", "succeduta", "succedera"):
		return r.around(s, i, 2, ofMine) || r.before(s, i, 3, toMe)
	case anyPrefix(w, "dimission", "dimess", "dimett"):
		return r.resigns(s, i)
	case w == "tocca":
		return among(after, "a", "ad", "al", "alla") && r.personAt(s, i+2)
	case anyPrefix(w, "sostitut", "rimpiazz"):
		return r.around(s, i, 2, ofMine) || r.before(s, i, 3, toMe) || r.before(s, i, 2, nowadays)
	case w == "avanti":
		return among(before, "porta", "manda", "portano", "mandano") && r.personAt(s, i+1)
	case w == "parte":
		return r.before(s, i, 3, noMore) && r.before(s, i, 4, belonging)
	case anyPrefix(w, "firm"):
		return r.before(s, i, 3, nowadays) && r.holdsOther(s, i)
	case among(w, "societa", "quote"):
		return r.soldOff(s, i)
	case w == "cassa":
		return among(r.word(s, i-2), "passaggio") && of[before]
	case w == "posto":
		return r.before(s, i, 1, ofMine) && !r.hasConditional(s.from, s.to)
	case held[w]:
		return r.passesOn(s, i)
	case offices[w]:
		return r.another(s, i) || r.noMoreIn(s, i)
	case anyPrefix(w, calledAway...):
		return r.isCalledAway(s, i)
	case anyPrefix(w, leavingTo...):
		return r.leavesTo(s, i)
	case among(w, "mani", "mano"):
		return among(before, "nelle", "in") && (of[after] || after == "a" || after == "al") && r.personAt(s, i+2)
	}
	return false
}

// holdsIt reports whether a sentence says that the writer himself holds the office:
// "il nuovo presidente sono io", "presidente in carica".
func (r *reader) holdsIt(s *sentence) bool {
	for k := s.from; k < s.to; k++ {
		switch r.toks[k].word {
		case "sono":
			if r.word(s, k+1) == "io" || r.word(s, k-1) == "io" && !r.negated(s, k) || among(r.word(s, k+1), "il", "la", "l") && !r.negated(s, k) && (offices[r.word(s, k+2)] || offices[r.word(s, k+3)] || r.word(s, k+2) == "nuovo") {
				return true
			}
		case "carica":
			if r.word(s, k-1) == "in" && !r.negatedClause(s, k) {
				return true
			}
		case "presiedo", "presiedere", "rappresento", "amministro", "tuttora", "persona":
			if !r.negatedClause(s, k) {
				return true
			}
		case "eletto", "eletta", "nominato", "nominata", "subentrato", "subentrata", "insediato", "insediata":
			if r.before(s, k, 3, am) && !r.negated(s, k) && !r.before(s, k, 4, toMe) { // "sono stato eletto presidente"
				return true
			}
			if r.before(s, k, 3, toMe) && r.holdsStem(k, s.to, "president", "amministrat", "liquidat", "rappresentant") && !r.toks[min(k+1, s.to-1)].capital && r.holds(max(s.from, k-2), k, elected) {
				return true // "mi hanno eletto presidente a marzo"
			}
		}
	}
	return false
}

var (
	elected   = set("ha hanno")
	iHave     = set("ho abbiamo")
	takeOver  = set("ricevo prendo")
	anyOne    = set("un uno una questo")
	changing  = set("cambiato cambia cambiamo cambio cambiare")
	choosing  = set("votato eletto eletta nominato nominata scelto")
	inNameOf  = set("nome parte")
	anOther   = set("altro altra altri")
	belonging = set("faccio facciamo")
	ofMyself  = set("stato stata")
)

// resigns reports whether the word at i is of the writer's own resignation.
func (r *reader) resigns(s *sentence, i int) bool {
	return r.before(s, i, 4, ofMine) || r.before(s, i, 3, am) || among(r.word(s, i-1), "mie", "le") && r.holds(s.from, i, iHave) || r.word(s, i-1) == "mi" || r.after(s, i, 4, iHave)
}

// passesOn reports whether the office or its token at i goes from the writer's hand to
// another's: "ho fatto le consegne", "il mandato è scaduto". Those that he took from
// another, and goods that are delivered, do not.
func (r *reader) passesOn(s *sentence, i int) bool {
	from, to := r.phraseOf(s, i)
	w := r.toks[i].word
	if r.holdsStem(from, to, "preso", "ricevut", "domicil", "pacc", "merc", "client", "affid", "conferit", "rinnovat", "assunt") || r.holds(from, to, takeOver) {
		return false
	}
	if w == "consegne" && among(r.word(s, i-2), "passaggio") || r.around(s, i, 6, anOther) && !r.negatedClause(s, i) {
		return true
	}
	given := r.holdsStem(from, to, "abbandon", "ced", "conclus", "fine", "restituit", "consegnat", "dat", "decadut", "depost", "finit", "lasc", "moll", "pass", "rimess", "riconsegn", "scad", "scadut", "spettav", "termin")
	switch w {
	case "consegne":
		return (given || r.holdsStem(from, to, "fatt", "effettuat", "eseguit", "svolt")) && among(r.word(s, i-1), "le", "delle")
	case "incarico", "guida", "amministrazione", "comando", "segreteria":
		if r.before(s, i, 2, anyOne) || r.holdsStem(i+1, min(s.to, i+4), "consulen", "profession", "condomini", "turist", "alpin") {
			return false
		}
	}
	return given && !(w == "mandato" && anyPrefix(r.word(s, i-1), "dat", "dar", "su")) || among(w, "guida", "comando") && r.personAt(s, i+2)
}

// another reports whether the office at i is told to be somebody else's by now: "il
// nuovo presidente", "presidente è Cristian", "abbiamo cambiato amministratore".
func (r *reader) another(s *sentence, i int) bool {
	w, before, after := r.toks[i].word, r.word(s, i-1), r.word(s, i+1)
	if w == "legale" && after != "rappresentante" || among(w, "consiglio", "direttore", "segretario", "segretaria", "coordinatore") && r.holdsStem(i+1, min(s.to, i+3), "nazional", "provincial", "regional", "comunal", "generale", "lavor") {
		return false
	}
	if r.before(s, i, 3, choosing) && r.told(s, i) && !r.before(s, i, 5, am) && !r.before(s, i, 5, toMe) {
		return true
	}
	if r.before(s, i, 4, inNameOf) {
		return false // "a nome del nuovo consiglio direttivo"
	}
	for _, near := range []string{before, after} {
		if anyPrefix(near, "nuov", "entrant", "subentrant", "neo") || among(near, "altro", "altra", "altri") && !r.negatedClause(s, i) {
			return !(w == "direttivo" || w == "consiglio" || w == "cda") || !r.holdsStem(i, s.to, "approv", "chied", "chiest", "decis", "delibera", "stabilit", "vuole", "volut", "preferi", "ringraz", "scelt", "ritenut", "salut") && !r.greets(s)
		}
	}
	if r.before(s, i, 3, changing) {
		return true
	}
	if w == "commissario" || w == "curatore" {
		return !r.isWriters(w)
	}
	k := i + 1
	for k < s.to && k <= i+4 && (nowadays[r.toks[k].word] || r.names[r.toks[k].word] || among(r.toks[k].word, "attuale", "del", "della", "condominio", "associazione", "societa")) {
		k++
	}
	if k < s.to && (r.is(k) || among(r.toks[k].word, "fa", "diventa", "sara")) {
		for k++; k < s.to && nowadays[r.toks[k].word]; k++ {
		}
		return k < s.to && r.personOther(s, k)
	}
	for k := i - 1; k > s.from && k >= i-3; k-- { // "Cristian è il presidente"
		if (r.is(k) || r.toks[k].word == "fa") && r.somebodyNamed(s, k-1) {
			return true
		}
	}
	return false
}

// isWriters reports whether the office w is the one in which the writer signs.
func (r *reader) isWriters(w string) bool {
	return slices.ContainsFunc(r.toks[r.al.from:r.al.to], func(t token) bool { return t.word == w })
}

// greets reports whether a sentence only greets or thanks.
func (r *reader) greets(s *sentence) bool {
	return s.all&(greet|thanks|goodbye) != 0 && s.to-s.from <= 12
}

// personOther reports whether a person other than the writer is named from k on.
func (r *reader) personOther(s *sentence, k int) bool {
	if article[r.toks[k].word] || among(r.toks[k].word, "l", "un", "mio", "mia") {
		if k++; k < s.to && among(r.toks[k].word, "mio", "mia", "nostro", "nostra", "signor", "signora", "dottor", "dottoressa", "collega") {
			return true
		}
	}
	if k >= s.to {
		return false
	}
	t := &r.toks[k]
	return !r.names[t.word] && t.kind == plainWord && (t.class&kin != 0 || t.capital && !t.shout && k > s.from || among(t.word, "don", "altri", "altro", "cambiato", "cambiata", "collega", "lui", "lei", "padre", "suor"))
}

// somebodyNamed reports whether token k is the name of a person other than the writer.
func (r *reader) somebodyNamed(s *sentence, k int) bool {
	t := &r.toks[k]
	return k >= s.from && !r.names[t.word] && t.kind == plainWord && (given[t.word] && t.capital || t.class&kin != 0)
}

// personAt reports whether a person is named at k, or by the word after: "del dottor Valli".
func (r *reader) personAt(s *sentence, k int) bool {
	for ; k < s.to && k <= s.to && (article[r.toks[k].word] || among(r.toks[k].word, "l", "mio", "mia", "nuovo")); k++ {
	}
	return k < s.to && r.toks[k].word != "commercialista" && (r.toks[k].class&(kin|title) != 0 || r.toks[k].capital && given[r.toks[k].word] && !r.names[r.toks[k].word] || among(r.toks[k].word, "don", "altri", "dottor", "chi"))
}

// noMoreIn reports whether the writer says that he held the office at i: "ero presidente
// fino a giugno", "non sono più io l'amministratore".
func (r *reader) noMoreIn(s *sentence, i int) bool {
	if r.holdsStem(s.from, s.to, "ancora", "tuttora") {
		return false
	}
	for k := i - 1; k >= s.from && k >= i-6 && r.toks[k].after&comma == 0; k-- {
		switch w := r.toks[k].word; {
		case w == "ero", w == "fui", w == "sono" && among(r.word(s, k+1), "stato", "stata") && !r.holdsStem(k, i, "elett", "nominat", "confermat", "riconfermat", "rielett"):
			return true
		case w == "sono" && r.word(s, k-1) == "non" && r.holds(k, i, noMore):
			return true
		case w == "smesso", w == "cessato":
			return r.before(s, k, 2, iHave)
		}
	}
	return false
}

// calledAway begin what is done to one who goes to serve elsewhere.
var calledAway = stems("assegnat destinat mandat promoss rimoss revocat sollevat sostitui spostat trasferi volut chiamat")

// isCalledAway reports whether the verb at i sends the writer elsewhere: "il Vescovo mi
// ha voluto a Gangi", "sono stato trasferito".
func (r *reader) isCalledAway(s *sentence, i int) bool {
	w := r.toks[i].word
	if !r.before(s, i, 3, toMe) && !(r.before(s, i, 2, ofMyself) && r.before(s, i, 3, am)) || r.negated(s, i) {
		return false
	}
	switch {
	case anyPrefix(w, "mandat", "volut", "chiamat", "spostat", "trasferi", "destinat", "assegnat"):
		moved := r.word(s, i+1)
		return w != "trasferire" && among(moved, "a", "ad", "in", "alla", "al", "all", "nella", "nel", "altrove", "presso") && i+2 < s.to && (r.toks[i+2].capital || anyPrefix(r.toks[i+2].word, "altr", "un", "parrocc", "sede", "nuov", "dioces", "comunit"))
	}
	return true
}

// leavingTo are verbs by which one leaves what he kept to another.
var leavingTo = stems("affid consegn ced lasc pass")

// leavesTo reports whether the writer leaves, by the verb at i, what he kept to a person
// who is named: "lascio le stanze in ordine a don Calogero". Copies go to accountants.
func (r *reader) leavesTo(s *sentence, i int) bool {
	if r.holdsStem(s.from, s.to, "commercialist", "consulent", "notai", "copi", "archivi", "revisor", "avvocat") {
		return false
	}
	_, to := r.clause(s, i)
	for k := i + 1; k+1 < to; k++ {
		if among(r.toks[k].word, "a", "ad", "al", "alla") && !r.toks[k].capital {
			next := &r.toks[k+1]
			return among(next.word, "don", "padre", "suor", "fra", "geom", "rag", "dott", "dottor", "dottoressa", "ing", "collega", "chi", "nuovo", "nuova") ||
				next.capital && !next.shout && given[next.word] && !r.names[next.word]
		}
	}
	return false
}

// hasConditional reports whether a verb in tokens [from, to) is one of supposing.
func (r *reader) hasConditional(from, to int) bool {
	for k := from; k < to; k++ {
		if r.tag(k)&tagConditional != 0 || among(r.toks[k].word, "fossi", "avreste", "foste") {
			return true
		}
	}
	return false
}

// holdsOther reports whether a person other than the writer is named after i.
func (r *reader) holdsOther(s *sentence, i int) bool {
	for k := i + 1; k < s.to; k++ {
		if t := &r.toks[k]; among(t.word, "dottor", "dottoressa", "dott", "geom", "rag", "ing", "don", "signor", "signora", "altro") || t.capital && given[t.word] && !r.names[t.word] || t.class&kin != 0 {
			return true
		}
	}
	return false
}

// soldOff reports whether the firm, or the shares in it, at i are told to be somebody
// else's by now.
func (r *reader) soldOff(s *sentence, i int) bool {
	from, to := r.phraseOf(s, i)
	if !r.toldIn(from, to) || among(r.word(s, i+1), "ha", "hanno") || r.holdsStem(i+1, min(s.to, i+4), "associativ", "social", "mensil", "annual", "di") {
		return false
	}
	return r.holdsStem(from, to, "acquistat", "cedut", "comprat", "rilevat", "vendut") || r.toks[i].word == "quote" && r.holdsStem(from, to, "passate", "trasferite", "intestate")
}
