package rules

import "strings"

// Of two mailboxes one stays, and it is another than the one that the form names: what
// is said of that changes nothing about this.

// staysElse reports whether the sign of that name at i is said of another mailbox, which
// stays: "uso quella della srl", "me ne basta una, quella dell'albo", "un'altra PEC che
// guarda mio figlio".
func (r *reader) staysElse(s *sentence, i int, name string) bool {
	switch name {
	case signNeeded:
		return r.settledOn(s) && r.otherNamed(s, i+1, min(s.to, i+9)) && !r.hereIn(s, i)
	case signSecondMailbox:
		return r.settledOn(s) && r.otherNamed(s, i+2, min(s.to, i+8))
	case signSecondRequest:
		return strings.HasPrefix(r.toks[i].word, "rinnov") && r.renewsElse(s, i)
	case signThirdPerson:
		return r.toks[i].class&kin != 0 && r.settledOn(s) && !r.hereIn(s, i) && r.otherNamed(s, s.from, i) && r.holdsStem(max(s.from, i-3), i, readingIt...)
	}
	return false
}

// keepsElse reports whether a sentence without a sign only says which mailbox is in use:
// another, "noi continuiamo con quella della cooperativa".
func (r *reader) keepsElse(s *sentence) bool {
	if s.attached || s.all&asked != 0 || r.accentedHere(s) || !r.settledOn(s) || !r.otherNamed(s, s.from, s.to) {
		return false
	}
	used := false
	for i := s.from; i < s.to; i++ {
		t := &r.toks[i]
		switch {
		case r.isOrder(s, i), atThis[t.word] && !(r.hereIn(s, i) && (r.negatedClause(s, i) || r.told(s, i))), r.deniedUse(s, i):
			return false
		case t.class&box != 0 && t.word != "posta" && !r.ofOther(s, i) && !r.anotherAt(s, i-1) && !r.told(s, i) && !of[r.word(s, i-1)]:
			return false // "la PEC", which may be this one
		}
		used = used || r.inUse(s, i)
	}
	return used
}

// isOrder reports whether the word at i orders something, though it may be a participle:
// "lasciate fuori quella dell'ufficio".
func (r *reader) isOrder(s *sentence, i int) bool {
	w := r.toks[i].word
	return r.tag(i)&tagYouPlural != 0 && !nouns[w] && (i == s.from || !auxiliary[r.toks[i-1].word] && r.toks[i-1].after != 0) || anyPrefix(w, "disd", "reced", "tolg", "toglie")
}

// accentedHere reports whether a sentence points to a place: "e lì ho un'altra PEC".
func (r *reader) accentedHere(s *sentence) bool {
	for i := s.from; i < s.to; i++ {
		if r.toks[i].word == "li" && r.accented(&r.toks[i]) {
			return true
		}
	}
	return false
}

// deniedUse reports whether the verb of use at i is denied of another mailbox.
func (r *reader) deniedUse(s *sentence, i int) bool {
	return r.inUse(s, i) && r.negated(s, i) && !r.hereIn(s, i)
}

// inUse reports whether the word at i is a verb of using or keeping a mailbox.
func (r *reader) inUse(s *sentence, i int) bool {
	w := r.toks[i].word
	switch {
	case r.is(i) && r.holds(s.from, i, newOne):
		return r.holdsStem(i+1, min(s.to, i+4), "attiv", "camera", "comunic", "iscritt", "inad", "ini", "operativ", "pubblic", "registr", "visur")
	case r.tag(i)&(tagInfinitive|tagParticiple) != 0 && w != "guarda":
		return false
	case among(w, "ho", "abbiamo", "ha", "hanno"):
		for k := i + 1; k < min(s.to, i+4); k++ {
			if r.anotherAt(s, k) {
				return true
			}
		}
		return false
	case anyPrefix(w, "bast"):
		return among(r.word(s, i-1), "ne", "mi", "ci") || among(r.word(s, i+1), "una", "quella")
	case among(w, "arriva", "tengo", "teniamo", "scrivono", "passa"):
		return true
	}
	return useVerb(w) || anyPrefix(w, "continui", "continuo", "controll", "legg", "rest", "riman")
}

var newOne = set("altra nuova seconda")

// superfluous reports whether a short sentence only says that the mailbox is one too
// many: "questa mi resta doppia".
func (r *reader) superfluous(s *sentence) bool {
	i := s.from
	if !among(r.toks[i].word, "questa", "questo") || s.to-i > 7 || s.all&(execute|asked|will|contents) != 0 {
		return false
	}
	for i++; i < s.to && (r.toks[i].class&box != 0 || among(r.toks[i].word, "mi", "ci", "qui", "ormai", "ora")); i++ {
	}
	if i >= s.to || !r.is(i) && !anyPrefix(r.toks[i].word, "avanz", "era", "rest", "riman", "divent") {
		return false
	}
	return r.holdsStem(i+1, s.to, "doppi", "superflu", "inutil", "inutilizzat", "vuot", "mut", "tropp", "avanz") && !r.holdsStem(i+1, s.to, "non", "se", "finche", "fino", "quando")
}

// settledOn reports whether a sentence only tells how things are: it orders, wishes,
// supposes and promises nothing, and speaks of nothing of the desk's.
func (r *reader) settledOn(s *sentence) bool {
	if s.all&(execute|revoking|dispute|draft|doubt|will|erasing|bank) != 0 || r.al.form == nil {
		return false
	}
	for i := s.from; i < s.to; i++ {
		t := &r.toks[i]
		if w := t.word; r.tag(i)&(tagFuture|tagConditional) != 0 || r.tag(i)&tagYouPlural != 0 && r.tag(i)&tagParticiple == 0 && !nouns[w] || order(w) || yours[w] || supposing[w] || unsettled[w] ||
			anyPrefix(w, "vostr", "chiud", "disattiv") && !r.told(s, i) || t.after&question != 0 {
			return false
		}
	}
	return true
}

// unsettled are words by which what stays is not yet, or no longer, so.
var unsettled = set("ancora appena fin finche fino invece intanto ma momentaneamente pero poi provvisoriamente quando sino tranne tuttavia")

// readingIt is what is done with a mailbox that is in use.
var readingIt = stems("apr control gest guard legg segu tien us ved")

// hereIn reports whether the clause of the word at i points to the mailbox of the form.
func (r *reader) hereIn(s *sentence, i int) bool {
	from, to := r.clause(s, i)
	return r.holds(from, to, atThis) || r.holdsStem(from, to, "quest", "present", "suddett", "stess", "sopra", "oggetto")
}

// otherNamed reports whether tokens [from, to) name another mailbox than the form's:
// "quella del consorzio", "un'altra PEC", "la pec mia personale" of one who signs for a body.
func (r *reader) otherNamed(s *sentence, from, to int) bool {
	for k := from; k < to; k++ {
		if r.otherAt(s, k) {
			return true
		}
	}
	return false
}

// otherAt reports whether the word at k names another mailbox. "È quella del nuoto" says
// which this one is, and "scrivo da quella" from which it is written.
func (r *reader) otherAt(s *sentence, k int) bool {
	t := &r.toks[k]
	switch {
	case r.anotherAt(s, k):
		return true
	case t.word != "quella" && (t.class&box == 0 || t.word == "posta" || !r.usedBefore(s, k)):
		return false
	case k > s.from && (r.is(k-1) || among(r.toks[k-1].word, "era", "sarebbe", "sono", "da", "questa", "quest", "deciso", "detto")):
		return false
	}
	return r.ofOther(s, k)
}

// usedBefore reports whether the mailbox at k is the one that is used, or written to, by
// the verb before it: "usiamo la PEC del consorzio", "arriva già alla pec dello studio".
func (r *reader) usedBefore(s *sentence, k int) bool {
	for i := k - 1; i >= s.from && i >= k-5; i-- {
		if w := r.toks[i].word; anyPrefix(w, "adoper", "arriva", "conserv", "pass", "scriv", "usiamo", "uso", "utilizz") && r.tag(i)&tagInfinitive == 0 {
			return true
		}
	}
	return false
}

// anotherAt reports whether the word at k begins to name another mailbox: "un'altra",
// "la seconda PEC".
func (r *reader) anotherAt(s *sentence, k int) bool {
	boxed := k+1 < s.to && r.toks[k+1].class&box != 0
	switch r.word(s, k) {
	case "altra":
		return r.word(s, k-1) == "un" && (boxed || s.all&box != 0 && (k+1 == s.to || r.toks[k].after != 0 || opens[r.word(s, k+1)])) || r.word(s, k-1) == "l" && (boxed || r.ofOther(s, k+1))
	case "seconda":
		return boxed
	case "nuova":
		return boxed && (article[r.word(s, k-1)] || r.before(s, k, 1, ofMine) || r.word(s, k-1) == "una")
	}
	return false
}

// ofOther reports whether the mailbox at k is said to be of one who is not the writer,
// or his own where he signs for a body.
func (r *reader) ofOther(s *sentence, k int) bool {
	if k < s.from || k >= s.to {
		return false
	}
	that := r.toks[k].word == "quella"
	for k+1 < s.to && among(r.toks[k+1].word, "elettronica", "certificata", "nuova", "gratuita", "unica") {
		k++
	}
	if k+2 >= s.to || r.toks[k].after != 0 {
		return k+1 < s.to && r.ownPrivate(s, k)
	}
	switch next := r.toks[k+1].word; {
	case r.ownPrivate(s, k):
		return true
	case that && next == "che":
		return r.handedOut(s, k+2)
	case !of[next] || next == "di":
		return false
	}
	whose := k + 2
	for whose+1 < s.to && (r.toks[whose].class&weak != 0 || anyPrefix(r.toks[whose].word, "nuov", "su")) {
		whose++
	}
	t := &r.toks[whose]
	switch {
	case r.names[t.word], mine[t.word], t.class&(box|asked|mailing|contents|greet|kin) != 0, t.kind != plainWord, anyPrefix(t.word, "prim", "vecchi"), r.withinTheForm(t.word):
		return false
	case itsBusiness[t.word]:
		return anyPrefix(r.toks[whose-1].word, "nuov") || anyPrefix(r.word(s, whose+1), "nuov", "associat")
	}
	return true
}

// ownPrivate reports whether the mailbox at k is the writer's private one, and he signs
// for a body.
func (r *reader) ownPrivate(s *sentence, k int) bool {
	return (r.body || r.inOffice()) && r.holdsStem(k+1, min(s.to, k+3), "personale", "privata")
}

// handedOut reports whether "quella che" goes on, at k, with who gives the mailbox or
// keeps it, who is not the desk: "che mi passa l'Ordine", "che ho con la banca".
func (r *reader) handedOut(s *sentence, k int) bool {
	if !r.holdsStem(k, min(s.to, k+4), "da", "fornis", "forni", "dann", "dat", "mand", "mett", "offr", "offert", "pass", "regal") &&
		!(among(r.word(s, k), "ho", "abbiamo") && among(r.word(s, k+1), "con", "gia", "presso", "da")) {
		return false
	}
	return !r.holdsStem(k, s.to, "non", "scad")
}

// withinTheForm reports whether a word stands in the form itself, as the name of a body does.
func (r *reader) withinTheForm(w string) bool {
	for i := r.al.from; i < r.al.to; i++ {
		if r.toks[i].word == w && !withinForm[w] {
			return true
		}
	}
	return false
}

// renewsElse reports whether what is renewed, by the noun at i, is no mailbox: "i
// rinnovi delle tessere".
func (r *reader) renewsElse(s *sentence, i int) bool {
	return of[r.word(s, i+1)] && r.holdsStem(i+2, min(s.to, i+4), "carich", "cart", "consigli", "direttiv", "licenz", "passaport", "patent", "permess", "soggiorn", "tesser")
}
