package rules

import (
	"slices"
	"strings"
)

// What comes to the desk and asks it for nothing. Each kind has words of its own that
// a request has not, and none of a request's: no request may be taken for one.

// noticed reports whether a text without a form is an automatic answer, the calling
// of a meeting, a circular, wishes, or thanks for help that was given.
func (r *reader) noticed() bool {
	if len(r.m.Attachments) > 0 || len(r.toks) > 120 || r.own.forwarded || r.m.Encrypted {
		return false
	}
	switch {
	case r.away():
		r.why("The text is an automatic answer: its writer is away.")
	case r.convenes():
		r.why("The text calls a meeting, and asks the desk for nothing.")
	case r.circulates():
		r.why("The text is for the members of a body, or for all of a list, and asks the desk for nothing.")
	case r.wishesWell():
		r.why("The text sends wishes, and asks for nothing.")
	case r.thanksForHelp():
		r.why("The text thanks for help that was given, and asks for nothing.")
	default:
		return false
	}
	return true
}

// away reports whether a program answers, by the subject, and nobody reads meanwhile,
// by the text.
func (r *reader) away() bool {
	subject := strings.ToLower(strings.TrimSpace(r.m.Subject))
	programmed := slices.ContainsFunc(programs, func(head string) bool { return strings.HasPrefix(subject, head) }) ||
		len(r.toks) > 2 && among(r.toks[0].word, "risposta", "messaggio") && anyPrefix(r.toks[1].word, "automatic")
	return programmed && r.holdsStem(0, len(r.toks), "ferie", "assent", "rientr", "riapr", "fuori", "vacanz", "chius") && !r.touchesOurs(false)
}

// programs begin the subjects that programs write.
var programs = []string{"risposta automatica:", "automatic reply:", "out of office:", "fuori ufficio:", "autoreply:"}

// convenes reports whether a text calls a meeting of members, on a day.
func (r *reader) convenes() bool {
	return r.holdsStem(0, len(r.toks), "convoca") && r.holds(0, len(r.toks), meetings) && r.holds(0, len(r.toks), members) &&
		slices.ContainsFunc(r.toks, func(t token) bool { return t.kind == number }) && !r.touchesOurs(false)
}

// meetings are what members are called to.
var (
	meetings = set("assemblea seduta")
	members  = set("associati azionisti condomini consorziati soci socie")
)

// circulates reports whether a text is a circular by its subject, for people whom the
// desk is none of: parents, members, exhibitors.
func (r *reader) circulates() bool {
	headed := slices.ContainsFunc(r.subject, func(t token) bool {
		return anyPrefix(t.word, "avviso", "circolar", "comunicat", "convocaz", "corso", "fiera", "invito", "newsletter", "programma", "salone", "sciopero", "stand")
	})
	return headed && r.holds(0, len(r.toks), addressees) && !r.holdsOrder() && !r.asksOurs()
}

// addressees are those for whom circulars are.
var addressees = set(`
	abbonati alunni associati cittadini clientela condomini consorziati docenti espositore espositori famiglie fedeli genitori iscritti parrocchiani
	partecipanti personale soci studenti visitatori volontari`)

// wishesWell reports whether a text sends the wishes of a feast, by its subject, and tells
// at most what is done on it.
func (r *reader) wishesWell() bool {
	for i := range r.subject {
		if t := &r.subject[i]; anyPrefix(t.word, "augur") || anyPrefix(t.word, "buon", "felic", "seren") && i+1 < len(r.subject) && anyPrefix(r.subject[i+1].word, "ann", "fest", "natal", "pasqu") {
			return len(r.toks) <= 80 && among(r.sign, "", signCondition, signDeferral, signFutureDate) && !r.holdsOrder() && !r.asksOurs() && !r.holdsStem(0, len(r.toks), "tenia", "tengo", "ancora")
		}
	}
	return false
}

// holdsOrder reports whether a text orders something to be done or given: "mandatemi".
func (r *reader) holdsOrder() bool {
	return slices.ContainsFunc(r.toks, func(t token) bool { return order(t.word) && !nouns[t.word] })
}

// asksOurs reports whether a text names anything of ours, or speaks with the voice of one
// who has a mailbox; what others can or must do is none of ours.
func (r *reader) asksOurs() bool {
	for i := range r.toks {
		t := &r.toks[i]
		switch w := t.word; {
		case t.after&question != 0, t.kind == address && r.set.ours(w), anyPrefix(w, "sottoscritt", "deleg", "disd", "annull", "revoc", "reced", "recess", "rimbors", "rinnov", "sblocc"):
			return true
		case t.class&(box|execute|topic|erasing|bank) != 0 && w != "posta", t.class&will != 0 && (ends(w, "o", "iamo", "rei", "remmo") || among(w, "dovete", "potete", "dovreste", "potreste")):
			return true
		case among(w, "io", "mi", "me", "mia", "mio", "vostro", "vostra", "gestore", "abbonamento", "canone", "account", "operatore"):
			return true
		}
	}
	return false
}

// thanksForHelp reports whether a text is there to thank, and tells what was done:
// "volevo solo ringraziare la signora che mi ha fatto ritrovare la password".
func (r *reader) thanksForHelp() bool {
	relatives := r.sign == signThirdPerson && !r.holdsStem(0, len(r.toks), "decedut", "mancat", "mort", "scompars", "malat", "ricoverat") // only told of
	if r.sign != "" && !relatives && !(r.sign == signOrder && r.onlyToTell()) || r.touchesOurs(true) || len(r.toks) > 60 {
		return false
	}
	meant := slices.ContainsFunc(r.subject, func(t token) bool { return t.class&thanks != 0 })
	for i := range r.toks {
		meant = meant || i > 0 && strings.HasPrefix(r.toks[i].word, "ringrazi") && (onlyFew[r.toks[i-1].word] || r.toks[i-1].class&will != 0)
	}
	return meant && r.toldIn(0, len(r.toks)) && r.holdsStem(0, len(r.toks), "bravissim", "complimen", "cortesissim", "gentilissim", "grazie", "ringrazi")
}

// onlyToTell reports whether what a text orders is that its praise be passed on: "ditelo
// al suo capo".
func (r *reader) onlyToTell() bool {
	return r.holdsOrder() && !slices.ContainsFunc(r.toks, func(t token) bool { return order(t.word) && !nouns[t.word] && t.word != "ditelo" })
}

// couldNot reports whether the "non" at i is of what nobody could do before: "quello che
// mio figlio non aveva capito".
func (r *reader) couldNot(i int) bool {
	w := r.toks[min(i+1, len(r.toks)-1)].word
	return among(w, "aveva", "avevamo", "avevano", "avevo", "riusciva", "riuscivamo", "riuscivo", "sapevo", "sapevamo", "capivo", "capivamo")
}

// touchesOurs reports whether a text has a word of what the desk does, or of asking it
// for something; thanking lets one want to thank, and speak of what was mended.
func (r *reader) touchesOurs(thanking bool) bool {
	for i := range r.toks {
		t := &r.toks[i]
		switch w := t.word; {
		case t.after&question != 0, t.kind == address && r.set.ours(w), w == "sottoscritto", w == "sottoscritta":
			return true
		case strings.HasPrefix(w, "chius") && !thanking, anyPrefix(w, "contatt", "cellular", "deleg"), w == "ordine" && i+1 < len(r.toks) && r.toks[i+1].word == "del":
		case thanking && w == "stato" && i > 0 && r.is(i-1): // "è stato gentilissimo"
		case t.class&(box|execute|topic|erasing|bank) != 0 && w != "posta", anyPrefix(w, "cess", "reced", "recess", "disd", "annull", "revoc", "rimbors", "rinnov"):
			return true
		case thanking && (adversative[w] && !onlyFew[w] || r.tag(i)&(tagFuture|tagConditional) != 0 || t.class&(asked|revoking) != 0 && t.class&confirm == 0 ||
			among(w, "ho", "abbiamo") || denial[w] && !r.holdsStem(i, min(len(r.toks), i+4), "occorr", "serv", "rispond") && !r.couldNot(i)):
			return true
		case t.class&will != 0 && !(thanking && i+2 < len(r.toks) && (strings.HasPrefix(r.toks[i+1].word, "ringrazi") || strings.HasPrefix(r.toks[i+2].word, "ringrazi"))):
			return true
		}
	}
	return false
}
