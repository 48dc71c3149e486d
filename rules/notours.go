package rules

import (
	"slices"
	"strings"
)

// What comes to the desk and asks it for nothing. Each kind has words of its own that
// a request has not, and none of a request's: no request may be taken for one.

// noticed reports whether a text without a form is an automatic answer, the calling
// of a meeting, or thanks for help that was given.
func (r *reader) noticed() bool {
	if len(r.m.Attachments) > 0 || len(r.toks) > 120 || r.own.forwarded || r.m.Encrypted {
		return false
	}
	switch {
	case r.away():
		r.why("The text is an automatic answer: its writer is away.")
	case r.convenes():
		r.why("The text calls a meeting, and asks the desk for nothing.")
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
	programmed := slices.ContainsFunc(programs, func(head string) bool { return strings.HasPrefix(subject, head) })
	return programmed && r.holdsStem(0, len(r.toks), "ferie", "assent", "rientr", "fuori", "vacanz", "chius") && !r.touchesOurs(false)
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

// thanksForHelp reports whether a text is there to thank, and tells what was done:
// "volevo solo ringraziare la signora che mi ha fatto ritrovare la password".
func (r *reader) thanksForHelp() bool {
	if r.sign != "" || r.touchesOurs(true) || len(r.toks) > 60 {
		return false
	}
	meant := slices.ContainsFunc(r.subject, func(t token) bool { return t.class&thanks != 0 })
	for i := range r.toks {
		meant = meant || i > 0 && strings.HasPrefix(r.toks[i].word, "ringrazi") && (onlyFew[r.toks[i-1].word] || r.toks[i-1].class&will != 0)
	}
	return meant && r.toldIn(0, len(r.toks)) && r.holdsStem(0, len(r.toks), "ringrazi", "grazie")
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
		case t.class&(box|execute|topic|erasing|bank) != 0 && w != "posta", anyPrefix(w, "cess", "reced", "recess", "disd", "annull", "revoc", "rimbors", "rinnov"):
			return true
		case thanking && (adversative[w] && !onlyFew[w] || r.tag(i)&(tagFuture|tagConditional) != 0 || t.class&(asked|revoking) != 0 && t.class&confirm == 0 ||
			among(w, "ho", "abbiamo") || denial[w] && !r.holdsStem(i, min(len(r.toks), i+4), "occorr", "serv", "rispond")):
			return true
		case t.class&will != 0 && !(thanking && i+2 < len(r.toks) && (strings.HasPrefix(r.toks[i+1].word, "ringrazi") || strings.HasPrefix(r.toks[i+2].word, "ringrazi"))):
			return true
		}
	}
	return false
}
