package rules

// What the writer expects of a closing that no closing brings, or leaves to be
// done first. He does not know that he does: nothing in his words takes the form
// back, and no weights outweigh it.

// misled names the sign of the word at i by which the writer shows that he will
// switch the mailbox on again, that a body has yet to decide, that he expects money
// back, or to be left with a smaller one; "" when it shows nothing of the kind.
func (r *reader) misled(s *sentence, i int) string {
	switch w := r.toks[i].word; {
	case anyPrefix(w, again...) && r.switchesOn(s, i):
		return signNeeded
	case anyPrefix(w, meeting...) && r.yetToMeet(s, i):
		return signCondition
	case r.al.form != nil && !r.ownWord("rimborso") && r.paysBack(s, i):
		return signSecondRequest
	case w == "questa" && i+1 == s.to && i > s.from+1 && r.toks[i-1].after&comma != 0 && r.pointsHere(s, i):
		return signNeeded
	case anyPrefix(w, moneyCame...) && r.ownWord("rimborso") && r.paidAlready(s, i), (w == "fa" || w == "scorso") && r.ownWord("rinnovo") && r.tooOld(s, i):
		return signDispute
	case w == "altra" && r.isOther(s, i):
		return signSecondMailbox
	case anyPrefix(w, "termin", "modalit", "precisaz") && i > s.from && among(r.word(s, i-1), "nei", "con", "i", "le", "alle", "delle") && r.holdsStem(i, s.to, "allegat", "foglio", "unito"):
		return signCondition // "nei termini meglio precisati nel foglio unito"
	case anyPrefix(w, "cedut", "vendut") && r.soldWith(s, i):
		return signThirdPerson
	case w == "io" && i > s.from && r.ownWord("rinnovo") && r.renewedIt(s, i):
		return signDispute
	case (smaller[w] || planName[w] && r.toks[i].capital) && r.fallsBack(s, i):
		return signSecondRequest
	}
	if name := r.prompted(s, i); name != "" {
		return name
	}
	return r.otherTerms(s, i)
}

// again are the verbs of taking a thing into use once more.
var again = stems("riaccend riallacc riapr riattacc riavvi ricollegh riprend rimett rispolver")

// switchesOn reports whether the verb at i takes the mailbox into use again: "la
// riaccendiamo con la stagione", "basta riaccenderla". A shop that opens again, and
// a stove that is lit, are no mailbox.
func (r *reader) switchesOn(s *sentence, i int) bool {
	w := r.toks[i].word
	if r.negated(s, i) || r.toldHere(s, i) || r.holds(s.from, s.to, itsBusiness) && s.all&box == 0 {
		return false
	}
	if ends(w, "erla", "arla", "irla", "etela", "atela", "itela") {
		return s.all&(aware|negation) == 0
	}
	before := r.word(s, i-1)
	return (before == "la" || before == "l") && r.tag(i)&tagParticiple == 0 &&
		(ends(w, "o", "iamo", "ete", "ate", "ite") || r.tag(i)&tagFuture != 0)
}

// meeting are the verbs and nouns of a body that decides.
var meeting = stems("approv decid delibera discut esamin esprim parl pronunci ratific riunir riunis riunion sedut valut ved vot")

// bodyDecides are those that decide together, beside those of decides.
var bodyDecides = set("comitato giunta capitolo consiglieri confratelli consigli vescovo diocesi curia riunione seduta")

// yetToMeet reports whether the verb at i is of a body that decides on a day to
// come: "il direttivo ne parla giovedì sera". What it does every week is no day.
func (r *reader) yetToMeet(s *sentence, i int) bool {
	from, to := r.phraseOf(s, i)
	if r.toldIn(from, to) || r.holds(from, to, habit) || !r.holds(from, to, decides) && !r.holds(from, to, bodyDecides) {
		return false
	}
	if !r.presentAt(s, i) && r.tag(i)&(tagFuture|tagPresent|tagInfinitive) == 0 && !ends(r.toks[i].word, "ano", "ono", "iamo") {
		return false
	}
	for k := from; k < to; k++ {
		if w := r.toks[k].word; k != i && (weekday[w] || among(w, "domani", "dopodomani", "stasera", "settimana") || anyPrefix(w, "prossim", "entrant", "sedut", "riunion")) {
			return true
		}
	}
	return false
}

// habit are words of what is done again and again.
var habit = set("ogni tutti tutte sempre ormai scorso scorsa passato passata")

// paysBack reports whether the word at i, beside a request that pays nothing back, is
// of a credit note or of months paid for and not used, and the writer does not give
// them up: "in attesa della nota di credito", "i mesi pagati e non goduti".
func (r *reader) paysBack(s *sentence, i int) bool {
	w := r.toks[i].word
	switch {
	case anyPrefix(w, "credit", "accredit", "variazion"):
		if !of[r.word(s, i-1)] || !among(r.word(s, i-2), "nota", "note") {
			return false
		}
	case anyPrefix(w, "godut", "usufruit", "fruit", "consumat", "utilizzat", "sfruttat"):
		if !among(r.word(s, i-1), "non", "mai") || !r.holdsStem(s.from, s.to, "mesi", "mese", "canon", "quot", "period", "annualit", "part", "rate") {
			return false
		}
	default:
		return false
	}
	return !r.toldHere(s, i) && !r.doesWithout(s, i)
}

// doesWithout reports whether the writer does without what is named at i.
func (r *reader) doesWithout(s *sentence, i int) bool {
	return r.holds(i, s.to, plainNot) && r.holdsStem(i, s.to, "serv", "occorr", "interess", "chied") || r.negatedClause(s, s.from) && !among(r.word(s, i-1), "non") || s.all&aware != 0 ||
		r.holds(s.from, i, denial) && !(r.word(s, i-1) == "non" && !r.holds(s.from, i-1, denial)) || r.holdsStem(s.from, s.to, "rinunc", "lasci", "regal", "pers", "perd", "pazienz", "import", "restan", "resta", "pretend", "pretes", "rimborsabil")
}

// pointsHere reports whether a sentence of a mailbox in use ends by saying that it is
// this one: "il nostro albergo ha una casella dell'associazione, questa".
func (r *reader) pointsHere(s *sentence, i int) bool {
	return s.all&(box|mailing) != 0 && s.all&(execute|asked) == 0 && !r.told(s, i-1) && !r.holds(s.from, i, denial) &&
		!r.holdsStem(s.from, i, "sola", "unica", "altr", "second", "attiv", "doppi")
}

// moneyCame begin the words by which money came.
var moneyCame = stems("arrivat avut incassat pervenut ricevut rientrat tornat")

// paidAlready reports whether the word at i says, beside a withdrawal, that its money has
// come back already: "il rimborso è arrivato la scorsa settimana".
func (r *reader) paidAlready(s *sentence, i int) bool {
	from, to := r.phraseOf(s, i)
	if r.tag(i)&tagParticiple == 0 || !r.toldIn(from, to) || r.holds(from, to, denial) || r.holdsStem(from, to, "avviso", "conferm", "mail", "notific", "risposta", "addebit") {
		return false
	}
	for k := from; k < to; k++ {
		if w := r.toks[k].word; w == "indietro" && r.holdsStem(from, to, "sold", "euro", "importo", "rinnov") {
			return true
		} else if !among(w, "rimborso", "storno", "accredito", "riaccredito") || among(r.word(s, k-1), "un", "quel", "vostro") {
			continue
		}
		if next := r.word(s, k+1); k+1 == to || !of[next] && (!r.toks[k+1].capital || r.toks[k+1].shout || len(next) == 1) && next != "irpef" && next != "iva" || of[next] && anyPrefix(r.word(s, k+2), "rinnov", "canon", "ordin") {
			return true // but not the tax office's, or that of a flight
		}
	}
	return false
}

// tooOld reports whether the renewal is said to lie longer back than anybody may withdraw:
// "il rinnovo risale a quattro mesi fa", "l'ordine è dell'anno scorso".
func (r *reader) tooOld(s *sentence, i int) bool {
	before := r.word(s, i-1)
	if before != "anno" && before != "mesi" && before != "anni" || r.word(s, i-2) == "un" {
		return false
	}
	for k := s.from; k < i && k < s.from+4; k++ {
		if among(r.toks[k].word, "rinnovo", "ordine", "addebito", "pagamento") && k+1 < i && (r.is(k+1) || among(r.toks[k+1].word, "era", "risale", "fu")) {
			return i-k <= 8 && !r.holdsStem(k, i, "aument", "rispett", "rincar", "raddopp")
		}
	}
	return false
}

// isOther reports whether the mailbox that is meant is said, at i, to be another one than this:
// "era l'altra che si doveva rinnovare". There may be another as well ("c'è l'altra").
func (r *reader) isOther(s *sentence, i int) bool {
	k := i - 2
	return r.word(s, i-1) == "l" && k >= s.from && (r.is(k) || r.toks[k].word == "era") && !among(r.word(s, k-1), "c", "ci") &&
		!anyPrefix(r.word(s, i+1), "cos", "ieri", "matt", "met", "part", "ser", "settiman", "volt") && !r.holdsStem(s.from, k, "visur", "registr", "ini", "iscritt", "us")
}

// smaller are what a lesser kind of mailbox is called, named those that are names.
var (
	smaller  = set("standard basic light lite easy smart mini starter entry gratuita economica")
	planName = set("base pro premium plus semplice normale piccola business top")
)

// fallsBack reports whether the plan named at i is one that the writer believes is
// left to him: "a me basta la Standard che avevo", "torno alla Base".
func (r *reader) fallsBack(s *sentence, i int) bool {
	from, to := r.phraseOf(s, i)
	return !r.toldIn(from, to) && r.holdsStem(from, to, "bast", "torn", "ritorn", "rest", "riman", "ripass", "sufficient", "accontent", "prefer", "tengo", "ten", "va", "vorr", "volev", "abbond", "avanz") &&
		!r.holdsStem(from, to, "altr", "ordin", "gestor", "stud", "ditt", "mail", "posta", "raccomandat") && !r.negated(s, i)
}

// phraseOf is the part of the clause round i that "e" does not join to another verb.
func (r *reader) phraseOf(s *sentence, i int) (from, to int) {
	from, to = r.clause(s, i)
	for k := from + 1; k+1 < to; k++ {
		if w := r.toks[k].word; !among(w, "e", "ed") || r.is(k) || !r.hasVerb(s, from, k) && !r.toldIn(from, k) || !r.hasVerb(s, k+1, to) && !r.toldIn(k+1, to) {
			continue
		}
		if k < i {
			from = k + 1
		} else {
			return from, k
		}
	}
	return from, to
}

// toldHere reports whether the words about i that one verb governs tell what is past.
func (r *reader) toldHere(s *sentence, i int) bool {
	return r.toldIn(r.phraseOf(s, i))
}

// soldWith reports whether what the participle at i says was sold went with its
// mail: "l'albergo l'ho ceduto con insegna, telefoni e posta elettronica". It is
// another's then.
func (r *reader) soldWith(s *sentence, i int) bool {
	if r.negated(s, i) {
		return false
	}
	with := false
	for k := i + 1; k < s.to; k++ {
		w := r.toks[k].word
		switch {
		case w == "con" || w == "insieme" || w == "compres" || w == "compresa" || w == "inclusa":
			with = true
		case denial[w] || without[w] || r.presentAt(s, k) || r.tag(k)&tagFuture != 0:
			return false
		case with && anyPrefix(w, "pec", "casell", "mail", "email", "posta"):
			for k+1 < s.to && r.toks[k].after == 0 && anyPrefix(r.toks[k+1].word, "elettronic", "certificat", "compres", "inclus") {
				k++
			}
			return k+1 == s.to || r.toks[k].after != 0 // and nothing is said of it: "la PEC non mi serve più"
		}
	}
	return false
}

var without = set("senza salvo tranne escluso esclusa meno")

// renewedIt reports whether he who withdraws from a renewal says, with the word "io" at i,
// that he asked for it himself: "il rinnovo lo avevo chiesto io".
func (r *reader) renewedIt(s *sentence, i int) bool {
	w := r.word(s, i-1)
	return r.tag(i-1)&tagParticiple != 0 && anyPrefix(w, "chiest", "fatt", "ordinat", "pagat", "richiest", "rinnovat", "volut") &&
		!r.negatedClause(s, i-1) && r.holdsStem(s.from, i, "rinnov") && !r.holdsStem(s.from, s.to, "error", "sbagli", "svist", "automat")
}
