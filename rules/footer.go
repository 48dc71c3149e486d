package rules

import "strings"

// footers marks what a firm, an office or a parish prints for everybody above its
// letters and below them, and what asks nothing of the desk: hours, closing days,
// masses, markets, terms of sale, calls for the 5x1000.
func (r *reader) footers() {
	if r.al.form == nil {
		return
	}
	for from := 0; from < len(r.toks); {
		to := from + 1
		for to < len(r.toks) && r.toks[to].lines < 2 && r.formal(to) == r.formal(from) {
			to++
		}
		if r.outside(from) && !r.formal(from) {
			r.footer(from, to)
		}
		from = to
	}
}

// footer marks, of the lines [from, to), all when they are for everybody as a whole,
// or else, beside a street or a telephone, each sentence that is.
func (r *reader) footer(from, to int) {
	if r.forAll(from, to, ofThePublic) {
		r.furnish(from, to)
		return
	}
	if !r.reached(from, to) && !(from >= r.al.to && r.reached(r.al.to, from)) {
		return
	}
	for i := from; i < to; {
		end := i + 1
		for end < to && !r.sentenceEnds(end) {
			end++
		}
		if r.allLeft(i, end-i) && r.classes(i, end)&kin == 0 && !r.holds(i, end, ofOnesOwn) && r.forAll(i, end, ofTrade) {
			r.furnish(i, end)
		}
		i = end
	}
}

// reached reports whether lines [from, to) say where the writer is to be found.
func (r *reader) reached(from, to int) bool {
	for k := from; k < to; k++ {
		if t := &r.toks[k]; t.class&contact != 0 || street[t.word] || t.kind == number && len(t.word) > 8 && allDigits(t.word) || r.webSite(k) {
			return true
		}
	}
	return false
}

func (r *reader) furnish(from, to int) {
	for k := from; k < to; k++ {
		if r.roles[k] == roleLeft {
			r.roles[k] = roleCourtesy
		}
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

// forAll reports whether tokens [from, to) are for everybody: they speak of what the
// public may want, in words that begin with one of topics, and of nothing that the
// desk could do.
func (r *reader) forAll(from, to int, topics []string) bool {
	if to-from > 80 {
		return false
	}
	public := false
	for i := from; i < to; i++ {
		w := r.toks[i].word
		if r.forUs(i, to) {
			return false
		}
		public = public || anyPrefix(w, topics...) || w == "vendita" && i+1 < to && r.toks[i+1].word == "diretta" ||
			premises[w] && r.holdsStem(i, min(to, i+7), ofDoors...) && r.hours(i, to) ||
			anyPrefix(w, "apert", "chius") && r.holds(max(from, i-3), min(to, i+5), weekday) ||
			strings.HasPrefix(w, "apert") && i+2 < to && r.toks[i+1].kind == number && r.toks[i+1].after&glued != 0 && r.toks[i+2].kind == number
	}
	return public
}

// forUs reports whether the word at i, in lines that end at to, may be said to the desk.
func (r *reader) forUs(i, to int) bool {
	const hard = erasing | needed | will | doubt
	switch t := &r.toks[i]; {
	case aboutHere[t.word], anyPrefix(t.word, "cessa", "cesser", "finisc", "finit", "termin"), r.withCounsel(i):
		return true // "dopo il concerto di Natale", "le urgenze le leggo qui"
	case t.word == "la" && i+1 < to && anyPrefix(r.toks[i+1].word, again...):
		return true // "la riaccendiamo con la stagione"
	case t.kind == address:
		return t.word == r.sender || certifiedDomain(t.word)
	case t.word == "gia" || t.word == "ex":
		return i+1 < to && r.toks[i+1].class&capacity != 0 // "già presidente"
	case strings.HasPrefix(t.word, "chius"), strings.HasPrefix(t.word, "volontari"), r.advert(i, to), r.names[t.word] && t.capital:
		return false
	case ends(t.word, "temi", "teci", "teli", "tela") && r.tag(i)&tagYou != 0:
		return true
	default:
		return t.class&(box|contents|asked|execute|bank) != 0 || t.class&hard != 0 && t.class&soft == 0 || asking[t.word] || toMe[t.word] || anyPrefix(t.word, saidToUs...)
	}
}

// withCounsel reports whether the word at i is the notary or the accountant with whom the
// writer has an appointment of his own.
func (r *reader) withCounsel(i int) bool {
	return i > 1 && anyPrefix(r.toks[i].word, "commercialist", "notai") && (among(r.toks[i-1].word, "dal", "col") || r.toks[i-2].word == "con" && article[r.toks[i-1].word])
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

// ofThePublic begin words that are said to everybody, ofTrade those of a trade or a
// club beside its address, ofDoors those of a door, and premises are what has one.
var (
	ofThePublic = stems(`
		5x1000 ambulator appuntament clientel confession feriali festiv mercatin messe natalizi orari pasqual pomeridian prefestiv prenotazion
		promozional pubblicitar sagr seguic seguitec sottoscrizion tesserament urgenz visite`)
	ofTrade = append(stems(`
		articol assenz battesim caparra catalog cenon concert convenzion coro corsi cucina farmac ingresso iscrizion lavaggi lezion listin
		maltempo manifestazion pacchett pranzo preiscriz preventiv prodott resi saldi spedizion stagion tombol
		turno vaccin vespr workshop`), ofThePublic...)
	ofDoors   = stems("apert apre chius osserv ricev riapr")
	premises  = set("ambulatorio bottega laboratorio negozio segreteria sede showroom sportello studio ufficio uffici")
	ofOnesOwn = set("abbiamo ho io me mi mia mie miei mio noi nostra nostro resto sono")
)

// aboutHere are words that bind a line to this mailbox, or the request to a time: no
// furniture has them.
var aboutHere = set("ancora appena dopo escluso esclusa finche leggiamo leggo prima quando qui riceviamo ricevo sempre solo soltanto")

// saidToUs begin words that are said to the desk, or tell of the writer's own matter.
var saidToUs = stems(`
	approv aspettat attend attesa autorizz bozza carica casell controfirm disattiv disdett disdic efficac facsimil firm iban impegn istanz
	notific nulla pec poter proced procura rappresent recess reced revoc richiest rimborsat rinnov rogit sospensi storn trasfer vacant visto volont`)
