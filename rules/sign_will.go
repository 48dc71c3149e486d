package rules

import (
	"slices"
	"strings"
)

// willing reports whether the verb of will or duty at i only leads to what is
// harmless: to thank, to greet, to ask for what the form asks.
func (r *reader) willing(s *sentence, i int) bool {
	w := r.toks[i].word
	after := r.word(s, i+1)
	if r.before(s, i, 2, whoever) && i-3 <= s.from || r.negated(s, i) {
		return true // "chi mi deve scrivere"; a negation is judged where it stands
	}
	if due := r.stillDue(s, i); due || r.wantsNothing(s, i) {
		return !due
	}
	switch w {
	case "chiedo", "chiede", "chiediamo", "chiedono", "richiedo", "richiede", "richiediamo", "richiedono", "domando":
		return r.asksTheSame(s, i)
	case "gradirei", "gradiremmo":
		return r.within(s, i)&confirm != 0 || r.after(s, i, 2, knowing) && r.done(s, i)
	case "posso", "possiamo":
		if r.word(s, i-1) == "come" || r.word(s, i-1) == "che" && r.told(s, s.from) && s.all&another == 0 && s.all&needed == 0 {
			return true
		}
	case "bisogna":
		if s.all&aware != 0 || r.told(s, s.from) {
			return true
		}
	case "dovete":
		return r.able(s, i)
	case "pretendo", "pretendiamo", "esigo":
		return false
	case "preferisco", "preferiamo":
		return r.prefers(s, i)
	case "invito":
		return r.word(s, i-1) != "vi" && r.word(s, i-1) != "la" || i+2 < s.to && r.toks[i+2].class&(execute|confirm|asked) != 0
	case "puo", "possono", "deve", "devono", "vuole", "vogliono":
		if from, _ := r.clause(s, i); r.holds(from, i, decides) && !r.told(s, s.from) {
			return false // "l'amministratore nuovo deve confermare"
		}
	}
	switch w {
	case "vuol", "vuole", "vogliono":
		if after == "dire" || r.word(s, i-1) == "ci" {
			return true
		}
	case "puo", "possono", "deve", "devono":
		if s.all&aware != 0 || r.refund(r.word(s, i-1)) && s.all&(kin|bank) == 0 {
			return true
		}
	case "dev", "tocca":
		return r.word(s, i-1) != "mi"
	}
	if after == "essere" && i+2 < s.to && r.toks[i+2].class&execute != 0 && r.tag(i+2)&tagParticiple != 0 {
		return true // "tutto può essere eliminato"
	}
	for k := i + 1; k < s.to && k <= i+4; k++ {
		if r.tag(k)&tagInfinitive == 0 {
			if r.toks[k].class&confirm != 0 {
				return true
			}
			continue
		}
		return mildWish(r.toks[k].word) || r.toks[k].class&execute != 0 && !r.otherThing(s, k)
	}
	return false
}

// wantsNothing reports whether the verb at i wants nothing that is named: "come si
// deve", "ecco quello che volete", "mi chiedo perché", "la procedura chiede di".
func (r *reader) wantsNothing(s *sentence, i int) bool {
	w, before := r.toks[i].word, r.word(s, i-1)
	switch {
	case strings.HasPrefix(w, "chied") && before == "mi":
		return !r.after(s, i, 2, supposing)
	case w == "chiede" || w == "richiede" || w == "chiedono":
		return r.holdsStem(max(s.from, i-3), i, "procedur", "guida", "modul", "regol", "legge", "sito", "pagin") && s.all&(kin|another) == 0
	case i+1 == s.to || r.toks[i].after&(comma|stop|colon) != 0:
		return (before == "si" || among(before, "che", "cosa", "quanto") && s.all&execute == 0) && !r.holdsStem(s.from, i, "fate", "fare", "fac") && s.all&(another&^soft|needed) == 0
	}
	return false
}

// stillDue reports whether the duty at i is one that is not done: "il verbale lo
// devo ancora ricevere".
func (r *reader) stillDue(s *sentence, i int) bool {
	if !anyPrefix(r.toks[i].word, "dev", "dobb", "deb") || r.told(s, i) {
		return false
	}
	return r.word(s, i+1) == "ancora" || r.word(s, i-1) == "ancora" ||
		anyPrefix(r.word(s, i+1), "ricever", "incassar", "aspettar", "attender") && r.within(s, i)&confirm == 0
}

// prefers reports whether what is preferred at i is the request itself, or
// nothing of the desk's.
func (r *reader) prefers(s *sentence, i int) bool {
	if strings.HasPrefix(r.word(s, i+1), "rinunc") {
		return true
	}
	if r.after(s, i, 3, atOnce) && s.all&(another|needed) == 0 {
		return true
	}
	if i+1 < s.to && r.tag(i+1)&tagInfinitive != 0 && r.toks[i+1].class&execute != 0 && r.within(s, i)&(another|needed) == 0 && !r.laterOn(s, i) {
		return true
	}
	if i+2 < s.to && article[r.word(s, i+1)] && r.toks[i+2].class&asked != 0 && r.toks[i+2].class&(execute|topic) != 0 && r.within(s, i)&(another|needed|deferral) == 0 && (i+3 == s.to || i+4 == s.to && strings.HasPrefix(r.word(s, i+3), "immediat")) {
		return true // "preferisco la chiusura immediata"
	}
	return s.all&(asked|needed|execute|another|deferral) == 0 && !r.namesBox(s) && !r.holdsStem(s.from, s.to, "messagg")
}

// laterOn reports whether a word of time stands after i.
func (r *reader) laterOn(s *sentence, i int) bool {
	for k := i + 1; k < s.to; k++ {
		if t := &r.toks[k]; t.class&(deferral|condition) != 0 && t.word != "adesso" && t.word != "ora" && r.softCue(s, k, t.class) {
			return true
		}
	}
	return false
}

// mildWish reports whether one may want to do it without asking for anything.
func mildWish(w string) bool {
	return anyPrefix(w, mildWishes...)
}

var mildWishes = stems(`
	abbandon accett ammett augur aver avval badar buttar complim concluder conferm confess curar dire dirvi disd dismett esercit esprim
	essere farne formul inoltr interromp limit manifest occorr porg precis presentar reced ricever riconosc ridurre ringrazi rinunci
	risparmi salut scriverv scus servir smett sottolin stare tagli termin viver voler`)

// asksTheSame reports whether the asking at i is for what the form asks, for
// pardon, or for a word of confirmation.
func (r *reader) asksTheSame(s *sentence, i int) bool {
	for k := i + 1; k < s.to && k <= i+8; k++ {
		t := &r.toks[k]
		if strings.HasPrefix(t.word, "informaz") || anyPrefix(t.word, "manten", "mantien", "conserv", "tener") {
			return false
		}
		if t.class&(confirm|apology|execute|asked) != 0 || t.word == "corso" || anyPrefix(t.word, "sollecit", "celer", "urgen", "premur") ||
			r.refund(t.word) || t.class&(box|weak) == 0 && slices.Contains(r.aboutWords(), t.word) {
			return true
		}
		if t.after&stop != 0 {
			break
		}
	}
	return s.to < len(r.toks) && r.formal(s.to) && s.to-i <= 6 && (r.toks[s.to-1].after&colon != 0 || r.after(s, i, 5, whatFollows))
}

var whatFollows = set("quanto segue seguente sotto oggetto cio")
