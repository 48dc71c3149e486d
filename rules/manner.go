package rules

// Manners of speaking whose words are signs elsewhere: a trade, what is left of a life,
// what still comes on paper, whoever is next.

// inManner reports whether the sign of that name at i is a manner of speaking.
func (r *reader) inManner(s *sentence, i int, name string) bool {
	switch name {
	case signCondition:
		w := r.toks[i].word
		if w == "salvo" {
			return r.word(s, i-1) == "in" && r.isSafe(s, i)
		}
		return w == "ancora" && r.onPaper(s, i) || w == "prima" && (r.beforeNight(s, i) || r.needlessCall(s, i)) || anyPrefix(w, "aspett") && r.expects(s, i)
	case signDeferral:
		return anyPrefix(r.toks[i].word, "prossim") && r.nextPlease(s, i)
	case signErasure:
		return r.toks[i].word == "oblio" && r.forgotten(s, i)
	case signNeeded:
		switch w := r.toks[i].word; {
		case anyPrefix(w, "mand", "scriv"):
			return r.word(s, i+1) == "ancora" && r.onPaper(s, i+1)
		case anyPrefix(w, "rest", "riman"):
			return r.word(s, i+1) == "indietro" && (i+2 == s.to || r.toks[i+1].after&comma != 0) || r.leftToDo(s, i)
		case w == "torno" || w == "torniamo":
			return among(r.word(s, i+1), "adesso", "appena", "ora") && among(r.word(s, i+2), "da", "dal", "dalla", "dall", "dai")
		}
	case signThirdPerson:
		return r.contractTrade(s, i)
	}
	return false
}

// contractTrade reports whether what is done "conto terzi", at i, is the writer's trade: it
// stands in a piece without a verb, and not at its head, where somebody signs for others.
func (r *reader) contractTrade(s *sentence, i int) bool {
	if !among(r.toks[i].word, "conto", "per") || !among("terzi", r.word(s, i+1), r.word(s, i+2), r.word(s, i+3)) {
		return false
	}
	return s.all&(box|asked|contents|execute|confirm) == 0 && r.allVerbless(s) && !anyPrefix(r.toks[s.from].word, "per", "firmat", "inviat", "mandat", "redatt", "scritt")
}

// leftToDo reports whether what is left to the writer, at i, is of his life, or papers to
// be seen to: "mi restano le carte da sistemare". What is left to be read or saved is of
// the mailbox.
func (r *reader) leftToDo(s *sentence, i int) bool {
	if !among(r.word(s, i-1), "mi", "ci") || s.all&(box&^mailing|contents|confirm|another) != 0 || r.classes(s.from, i)&(asked|execute) != 0 {
		return false
	}
	k := i + 1 + count(onlyFew[r.word(s, i+1)])
	if k >= s.to || !article[r.toks[k].word] && !among(r.toks[k].word, "l", "i", "due", "tre") {
		return false
	}
	for n := k + 1; n < s.to; n++ {
		t := &r.toks[n]
		if t.kind != plainWord || anyPrefix(t.word, usedHere...) || r.tag(n)&(tagFuture|tagConditional) != 0 || t.class&(asked|execute) != 0 && r.toks[n-1].word != "da" ||
			r.tag(n)&(tagYou|tagYouPlural) != 0 && r.tag(n)&tagParticiple == 0 || among(t.word, "ma", "pero", "prima", "qui", "dentro", "quando", "finche") {
			return false
		}
	}
	return true
}

// usedHere begin the words of what is done with a mailbox, or is in it.
var usedHere = stems(`
	abbonament access allegat annunc archiv aspett attend bandi comunicaz contratt copi credenzial dat document domini fattur firm gar incass indirizz invi istanz
	legg lettere mail mand mes messagg migr notific password pec post pratich puntat quell recuper ricev ricevut rinnov rispo salv scad scaric serviz sped spost
	stamp trasfer udienz vostr`)

// onPaper reports whether what is still done, at i, is done on paper: "l'INPS mi scrive
// ancora con la carta".
func (r *reader) onPaper(s *sentence, i int) bool {
	from, to := r.clause(s, i)
	if s.all&(asked|execute|will|another) != 0 || r.holds(from, to, atThis) || r.holdsStem(from, to, "pec", "casell", "indirizz", "quest", "certific") {
		return false
	}
	if !r.holdsStem(from, i, "compil", "conserv", "firm", "invi", "legg", "mand", "pag", "scriv", "sped", "ten", "us") {
		return false
	}
	for k := i + 1; k < to; k++ {
		switch w := r.toks[k].word; {
		case anyPrefix(w, "francoboll", "penn", "contant", "cartace", "stilografic", "piccion", "lettere"), among(w, "carta", "mano", "busta", "buste", "macchina") && r.word(s, k+1) != "d":
			return r.word(s, k-1) != "non"
		case w == "posta":
			return k+1 < to && among(r.toks[k+1].word, "normale", "ordinaria", "cartacea")
		}
	}
	return false
}

// nextPlease reports whether "prossimo" at i is whatever comes next in the writer's life,
// and is not named: "esperimento finito, si passa al prossimo".
func (r *reader) nextPlease(s *sentence, i int) bool {
	if i+1 < s.to && r.toks[i].after&comma == 0 || !among(r.word(s, i-1), "al", "alla", "il", "la", "sul", "sulla") ||
		r.within(s, i)&(box|asked|contents|execute|will|confirm) != 0 || s.all&(box|contents|will) != 0 {
		return false
	}
	return r.holdsStem(max(s.from, i-4), i, "avanti", "passa", "passiamo", "pens", "sotto", "siamo", "sono")
}

// beforeNight reports whether what the writer does before, at i, he does before he falls
// asleep, or it gets dark: "prima che il sonno mi colga".
func (r *reader) beforeNight(s *sentence, i int) bool {
	if r.word(s, i+1) != "che" || !r.holdsStem(i+2, min(s.to, i+8), "addorment", "batteri", "buio", "dorm", "notte", "pioggi", "piov", "sonno", "scordi", "dimentich", "telefono", "treno") {
		return false
	}
	for k := s.from; k < s.to; k++ {
		if r.tag(k)&(tagYou|tagFuture|tagConditional) != 0 {
			return false
		}
	}
	return s.all&(box|asked|contents|execute|will|confirm) == 0
}

// needlessCall reports whether a call before, at i, is what the desk need not make: "fate
// pure senza avvisarmi prima".
func (r *reader) needlessCall(s *sentence, i int) bool {
	if !anyPrefix(r.word(s, i-1), "avvertirm", "avvisarm", "chiamarm", "contattarm", "scriverm", "telefonarm") || s.to-i > 4 {
		return false
	}
	return r.word(s, i-2) == "senza" || r.word(s, i-2) == "di" && r.holdsStem(max(s.from, i-4), i, "bisogno") && r.negatedClause(s, i)
}

// expects reports whether the writer expects a child at i.
func (r *reader) expects(s *sentence, i int) bool {
	return among(r.toks[i].word, "aspetto", "aspettiamo", "aspettando") && !r.holdsStem(s.from, s.to, "decid", "firm", "ritorn", "torn") &&
		r.holdsStem(i+2, min(s.to, i+4), "bambin", "bimb", "creatur", "figli", "gemell", "nipot") && !mine[r.word(s, i+1)] && r.toks[i+1].class&kin == 0
}

// forgotten reports whether what falls into oblivion at i are letters, which nobody asks to
// have erased: "gli altri meritano l'oblio".
func (r *reader) forgotten(s *sentence, i int) bool {
	return !r.holdsStem(s.from, s.to, "diritt", "dati", "chied", "vogl", "richied", "eserc", "invoc") &&
		r.holdsStem(max(s.from, i-4), i, "merit", "cad", "finisc", "finit", "consegn")
}

// asksBefore reports whether a call, a word or a sign is asked for before something is done,
// by the word at i: "mi chiami qualcuno prima di schiacciare il bottone".
func (r *reader) asksBefore(s *sentence, i int) bool {
	if r.toks[i].word != "prima" || r.told(s, i) || !among(r.word(s, i+1), "di", "che", "del", "della", "dell") || r.needlessCall(s, i) || r.beforeNight(s, i) {
		return false
	}
	return r.holdsStem(s.from, s.to, beckoning...)
}

// beckoning begin the words by which one asks to hear from somebody.
var beckoning = stems("avvert avvis buss cenno chiam colp conferm contatt dica dicia ditem fatem fischi parol richiam risent rispond scrivetem senti squill suon telefon voce")

// isSafe reports whether something is said to be safe already, at i: "i copioni sono in
// salvo nel baule".
func (r *reader) isSafe(s *sentence, i int) bool {
	from, _ := r.clause(s, i)
	return !r.negatedClause(s, i) && s.all&(asked|execute|will) == 0 && !r.holds(s.from, s.to, unsettled) && !r.holdsStem(s.from, i, "appena", "quando", "dev", "dobb") &&
		(r.told(s, i) || r.is(i-2) || r.before(s, i, 3, being) || r.holdsStem(from, i, "gia", "tutt", "mess"))
}
