package rules

import "strings"

// footers marks what a firm, an office or a parish prints for everybody above its
// letters and below them, and what asks nothing of the desk: hours, closing days,
// masses, markets, calls for the 5x1000.
func (r *reader) footers() {
	if r.al.form == nil {
		return
	}
	for from := 0; from < len(r.toks); {
		to := from + 1
		for to < len(r.toks) && r.toks[to].lines < 2 && r.formal(to) == r.formal(from) {
			to++
		}
		if r.allLeft(from, to-from) && r.outside(from) && r.forAll(from, to) {
			for k := from; k < to; k++ {
				r.roles[k] = roleCourtesy
			}
		}
		from = to
	}
}

// outside reports whether the lines that begin at token i stand above the form, or
// below the line with which the writer signs it, or under his letterhead.
func (r *reader) outside(i int) bool {
	if i < r.al.from {
		return r.inLetterhead(i)
	}
	_, to := r.lineOf(i)
	return i >= r.al.to && r.anyOwn(r.al.to, to)
}

// forAll reports whether tokens [from, to) are such lines: they speak of what the
// public may want, and of nothing that the desk could do.
func (r *reader) forAll(from, to int) bool {
	if to-from > 80 {
		return false
	}
	public := false
	for i := from; i < to; i++ {
		w := r.toks[i].word
		if r.forUs(i, to) {
			return false
		}
		public = public || anyPrefix(w, ofThePublic...) || w == "vendita" && i+1 < to && r.toks[i+1].word == "diretta" || premises[w] && r.holdsStem(i, min(to, i+7), ofDoors...) && r.hours(i, to)
	}
	return public
}

// forUs reports whether the word at i, in lines that end at to, may be said to the desk.
func (r *reader) forUs(i, to int) bool {
	const hard = erasing | bank | needed | will | draft | doubt | revoking
	switch t := &r.toks[i]; {
	case t.kind == address:
		return t.word == r.sender || certifiedDomain(t.word)
	case strings.HasPrefix(t.word, "chius"), strings.HasPrefix(t.word, "volontari"), r.advert(i, to), r.names[t.word] && t.capital:
		return false
	case t.class&negation != 0:
		return !r.holdsStem(max(0, i-2), min(to, i+3), "cost") // "a te non costa nulla"
	default:
		return t.class&(box|contents|asked|execute) != 0 || t.class&hard != 0 && t.class&soft == 0 || asking[t.word] || anyPrefix(t.word, saidToUs...)
	}
}

// advert reports whether the word at i is a message that says itself to be advertising.
func (r *reader) advert(i, to int) bool {
	return r.toks[i].word == "messaggio" && i+1 < to && anyPrefix(r.toks[i+1].word, "pubblicitar", "promozional")
}

// hours reports whether tokens [from, to) say on which days of the week, or from when
// to when.
func (r *reader) hours(from, to int) bool {
	return r.holds(from, to, weekday) || r.holdsStem(from, to, "dal") && r.holdsStem(from, to, "al")
}

// ofThePublic begin words that are said to everybody, ofDoors those of a door, and
// premises are what has one.
var (
	ofThePublic = stems(`
		5x1000 ambulator appuntament clientel confession feriali festiv mercatin messe natalizi orari pasqual pomeridian prefestiv prenotazion
		promozional pubblicitar sagr seguic seguitec sottoscrizion tesserament urgenz visite`)
	ofDoors  = stems("apert apre chius osserv ricev riapr")
	premises = set("ambulatorio bottega laboratorio negozio segreteria sede showroom sportello studio ufficio uffici")
)

// saidToUs begin words that are said to the desk.
var saidToUs = stems(`
	annull attend bozza casell disattiv disdett disdic domand efficac impegn indirizz istanz notific pec posta pratica proced recess reced
	revoc richiest rimbors rinnov rogit sospen storn trasfer volont`)
