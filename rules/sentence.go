package rules

import "strings"

// sentence is a run of the writer's words beside the form: tokens [from, to).
type sentence struct {
	from, to int
	all      class // what all its words mean together
	attached bool  // it runs into the form, or on from it, without a stop
}

// sentences judges every run of words that is not yet explained.
func (r *reader) sentences() {
	r.mend()
	for i := 0; i < len(r.toks); {
		if r.roles[i] != roleLeft {
			i++
			continue
		}
		to := i + 1
		for to < len(r.toks) && r.roles[to] == roleLeft && !r.sentenceEnds(to) {
			to++
		}
		s := r.sentence(i, to)
		s.attached = r.runsOn(i, to)
		r.judge(&s)
		i = s.to
	}
}

// sentence is the run of tokens [from, to).
func (r *reader) sentence(from, to int) sentence {
	return sentence{from: from, to: to, all: r.classes(from, to)}
}

// sentenceAt is the sentence of token i, before the sentences are judged.
func (r *reader) sentenceAt(i int) sentence {
	from, to := i, i+1
	for from > 0 && r.roles[from-1] == roleLeft && !r.sentenceEnds(from) {
		from--
	}
	for to < len(r.toks) && r.roles[to] == roleLeft && !r.sentenceEnds(to) {
		to++
	}
	s := r.sentence(from, to)
	s.attached = r.runsOn(from, to)
	return s
}

// runsOn reports whether tokens [from, to) run into the form, or on from it,
// without a stop.
func (r *reader) runsOn(from, to int) bool {
	return from > 0 && r.formal(from-1) && r.toks[from-1].after&(stop|colon) == 0 && r.toks[from].lines < 2 || r.runsInto(to)
}

// runsInto reports whether what ends before token to runs into the form.
func (r *reader) runsInto(to int) bool {
	return to < len(r.toks) && r.formal(to) && r.toks[to-1].after&(stop|colon) == 0 && r.toks[to].lines == 0
}

// formal reports whether token i is one of the form.
func (r *reader) formal(i int) bool {
	return r.roles[i] == roleForm || r.roles[i] == roleTypo || r.roles[i] == roleBlank
}

// sentenceEnds reports whether a new sentence begins at token i: after a full
// stop, after an empty line, or on a new line that is no wrapped one.
func (r *reader) sentenceEnds(i int) bool {
	t, before := &r.toks[i], &r.toks[i-1]
	switch {
	case before.kind == number && t.kind == number && t.start-before.end == 1 && t.lines == 0:
		return false // "ore 14.30"
	case before.after&stop != 0 && !t.capital && t.lines == 0 && strings.Contains(r.own.text[before.start:before.end], "."):
		return false // "C.C.I.A.A. di Lecce"
	case before.after&stop != 0 && before.after&(closing|question) == closing && t.lines == 0 && !t.capital:
		return false // "alla burocrazia pensa (per fortuna!) qualcun altro"
	case before.after&stop != 0 && before.after&ruled == 0 && !(t.lines == 0 && shortened[before.word]), before.after&question != 0, t.lines > 1:
		return true
	case t.lines == 0:
		return r.apartAt(i)
	case r.closingLine(i):
		return true
	}
	start := strings.LastIndexByte(r.own.text[:before.end], '\n') + 1
	if before.after&(comma|colon) == 0 && (!t.capital && (before.class&weak != 0 || auxiliary[before.word]) || of[before.word]) {
		return false // "e non mi / serve più", "l'Ordine di / Udine", on a narrow screen
	}
	if before.after == 0 && !t.capital && (r.goesOn(i) || r.narrowForm()) {
		return false
	}
	return t.capital || before.after&colon != 0 || before.end-start < wrapped
}

// closingLine reports whether the line that begins at token i only takes leave.
func (r *reader) closingLine(i int) bool {
	_, to := r.lineOf(i)
	for k := i; k < to; k++ {
		if r.toks[k].class&(greet|goodbye|thanks|civil|weak) == 0 {
			return false
		}
	}
	return r.classes(i, to)&(goodbye|thanks) != 0
}

// shortened are abbreviations: their full stop ends no sentence.
var shortened = set(`
	art avv c cell cod dott dr ecc egr f fisc gent geom ill ing l n nr ns on p preg prof prot r rag rif s sig spett st tel v vr vs`)

// wrapped is the width from which a line was broken by the program that sent
// it, not by its writer.
const wrapped = 45

// cued is a sign found at a token.
type cued struct {
	name string
	at   int
}

// judge marks the words of a sentence as courtesy or as signs.
func (r *reader) judge(s *sentence) {
	mild, idle := true, 0 // words of idioms
	var found [8]cued
	n := 0
	if n := s.to - s.from; (n == 2 || n == 3) && s.attached && anyPrefix(r.toks[s.from+1].word, "sottoscritt") {
		for i := s.from; i < s.to; i++ {
			r.roles[i] = roleCourtesy // "il sottoscritto / la sottoscritta"
		}
		return
	}
	for i := s.from; i < s.to; i++ {
		name, k := r.turn(s, i)
		soft := false
		if k > 0 && name == "" {
			i += k - 1
			idle += k
			continue
		}
		if name == "" {
			name, soft = r.cue(s, i)
		}
		if i == s.from && name == "" {
			name = r.trails(s)
		}
		if name != "" && r.meansElse(s, i, name) {
			name = ""
		}
		if name == "" {
			continue
		}
		mild = mild && soft
		if n < len(found) {
			found[n].name, found[n].at = name, i
			n++
		}
	}
	for i := s.from; i < s.to; i++ {
		r.roles[i] = roleCourtesy
	}
	if r.claimsBack(s) || n == 0 && r.idleKind(s) || idle == s.to-s.from && r.whole && !s.attached || mild && r.courteous(s) && (n > 0 || r.strange(s) == "") && !r.speaksAgainst(s) || r.outweighed(s, found[:n]) {
		return
	}
	for i := s.from; n == 0 && i < s.to; i++ {
		r.roles[i] = roleOver
	}
	for _, f := range found[:n] {
		r.warn(f.name, f.at, f.at+1)
	}
}

// idleKind reports whether a sentence without a sign is of a kind that changes nothing,
// whatever its words weigh.
func (r *reader) idleKind(s *sentence) bool {
	return r.stopsCharges(s) || r.replaces(s) || r.namesOnly(s) || r.mottoBelow(s) || r.dictated(s) || r.endedThen(s) || r.ownsCopy(s) || r.keepsElse(s) || r.superfluous(s) || r.byThis(s) || r.openedFor(s) || r.doneItem(s) ||
		r.livesThen(s) || r.inTheAttic(s) || r.spendsIt(s)
}

// dictated reports whether a piece is the name of a stop, as a telephone writes it
// that takes dictation: "punto", "virgola", "a capo".
func (r *reader) dictated(s *sentence) bool {
	for i := s.from; i < s.to; i++ {
		if !among(r.toks[i].word, "punto", "virgola", "a", "capo") {
			return false
		}
	}
	return s.to-s.from < 4 && r.toks[s.to-1].word != "a"
}

// mottoBelow reports whether a sentence is a motto, in quotation marks under the
// writer's name.
func (r *reader) mottoBelow(s *sentence) bool {
	return s.from >= r.al.to && r.anyOwn(r.al.to, s.from) && r.motto(s.from) && s.all&(box|contents|asked|execute) == 0
}

// strange says in what way a sentence without any sign is not understood, if it is.
func (r *reader) strange(s *sentence) string {
	switch {
	case r.ofBoxBelow(s) && r.holdsStem(s.from, s.to, "bandi", "domand", "fornitor", "invi", "lettur", "operativ", "orar", "present", "presidi", "quest", "scriv", "urgenz") && !r.holdsStem(s.from, s.to, "ordinari"):
		return "in use" // no weights outweigh it
	case r.qualifies(s):
		return "qualifies"
	case r.unclear(s):
		return "unclear"
	case r.unread(s):
		return "unread"
	case r.openMatter(s):
		return "open"
	case r.partly(s):
		return "partly"
	}
	return ""
}

// qualifies reports whether a word or two run on from the form, or into it, on
// its own line: "della stessa aziendale". Whatever they mean, they change its words.
func (r *reader) qualifies(s *sentence) bool {
	if !s.attached || s.to-s.from > 3 || s.from > 0 && r.roles[s.from-1] == roleBlank || r.toks[s.from].lines > 0 ||
		s.to < len(r.toks) && s.from < r.al.from && r.toks[s.to].lines > 0 || s.all&(greet|thanks|goodbye|apology|confirm) != 0 {
		return false
	}
	strange := false
	for i := s.from; i < s.to; i++ {
		t := &r.toks[i]
		if t.kind != plainWord || t.capital && !(t.shout && r.shouting()) || t.after != 0 && i+1 < s.to || r.names[t.word] {
			return false
		}
		strange = strange || len(t.word) > 2 && t.class&(weak|civil|title|capacity) == 0 && !withinForm[t.word]
	}
	return strange && r.verbless(s, s.from) && !r.forEver(s)
}

// forEver reports whether a word or two that run on from the form only say that it is
// meant for ever, or at once: "definitivamente e irrevocabilmente".
func (r *reader) forEver(s *sentence) bool {
	for i := s.from; i < s.to; i++ {
		if w := r.toks[i].word; w != "e" && !among(w, "definitivamente", "immediatamente", "irrevocabilmente", "subito", "tempestivamente", "urgentemente") {
			return false
		}
	}
	return true
}

// trails judges a fragment that goes on from the form: "e della casella
// aziendale", "dietro conferma". What it names is asked for too; what must be
// over first, "finita la gara", is waited for.
func (r *reader) trails(s *sentence) string {
	if r.overFirst(s) {
		return signCondition
	}
	i := s.from
	if !leads[r.toks[i].word] {
		return ""
	}
	verbless := r.verbless(s, i)
	switch r.toks[i].word {
	case "quella", "quelle", "quello":
		if verbless && s.to-i > 2 && r.word(s, i+1) != "che" && s.all&(greet|thanks|goodbye) == 0 {
			return signSecondMailbox // "quella con il trattino nel nome"
		}
		return ""
	case "era", "erano":
		if of[r.word(s, i+1)] && s.to-i > 2 && !mine[r.word(s, i+2)] && r.toks[i+2].class&(box|asked) == 0 && r.toks[i+2].kind == plainWord {
			return signThirdPerson // "era dello studio dove facevo pratica"
		}
	case "con", "su":
		verbless = verbless && !r.hasVerb(s, i, s.to)
	case "oltre":
		if s.all&box != 0 && verbless {
			return signSecondRequest
		}
	}
	switch {
	case i < r.al.to, r.is(i), s.all&(greet|thanks) != 0, r.refunds(s) && s.all&(another|contents|bank) == 0: // "e chiedendo il rimborso"
		return ""
	case (s.attached || i == r.al.to && s.all&(apology|confirm) == 0 && verbless) && moreOf[r.word(s, i+1)]:
		return signSecondRequest
	case s.all&(box|contents|confirm|asked|another|execute) != 0 && s.all&(goodbye|apology) == 0 && r.toks[i].after&glued == 0 &&
		verbless && !r.negatedClause(s, i):
		return signSecondRequest
	}
	return ""
}

// leads are the words that such a fragment begins with.
var leads = set("quella quelle quello era erano oltre e ed con dietro su o nonche")

// overFirst reports whether a fragment begins with what must be over before: "finita la gara".
func (r *reader) overFirst(s *sentence) bool {
	i := s.from
	if i+2 >= s.to || i > 0 && r.roles[i-1] == roleBlank || r.tag(i)&tagParticiple == 0 || r.toks[i].after != 0 {
		return false
	}
	if w := r.toks[i].word; mildOrder(w) || premise[w] || nouns[w] || r.toks[i].class&(box|contents|title|capacity|greet|thanks|enclosed) != 0 {
		return false
	}
	what := r.toks[i+1].word
	return (article[what] || what == "l") && !weekday[r.toks[i+2].word] && s.all&aware == 0 && !r.boxOver(s, i+1) && r.verbless(s, i)
}

// boxOver reports whether the mailbox is said to be over as well, after i:
// "finito il concorso, finita la pec".
func (r *reader) boxOver(s *sentence, i int) bool {
	for k := i; k+2 < s.to; k++ {
		if r.toks[k-1].after&comma != 0 && anyPrefix(r.toks[k].word, "finit", "chius", "addio", "basta", "cessat") && article[r.toks[k+1].word] &&
			r.toks[k+2].class&box != 0 {
			return true
		}
	}
	return false
}

// premise are words of an opening that end as participles do.
var premise = set(`
	attesa considerata considerato data date dati dato fatto messo nata nato posto premesso salvo seguite stante visita visite vista viste
	visti visto`)

// moreOf are words that go on from "della stessa": "e di quella collegata".
var moreOf = set("di del della dell delle dei degli quella quelle quello altra altre")

// unclear reports whether a sentence without any sign says something of the
// mailbox, of what is in it or of the request that is not understood: what is
// told in the past or denied, known, announced, thanked for is.
func (r *reader) unclear(s *sentence) bool {
	if !r.namesBox(s) && !r.herein(s) || s.all&(box|contents) == 0 || s.all&(aware|confirm|thanks|apology|enclosed|execute) != 0 || r.occasion(s) ||
		s.to-s.from <= 6 && (r.verbless(s, s.from) || !r.namesBox(s)) {
		return false
	}
	if r.foreign(s) && r.holdsStem(s.from, s.to, "withdraw", "cancel", "clos", "terminat", "deactivat", "kundig", "widerruf", "resili", "fermer") {
		return false // the form's own words, in another language
	}
	if w := r.toks[s.from].word; openings[w] && r.verbless(s, s.from) && r.holdsStem(s.from, min(s.to, s.from+4), "riferiment", "relazion", "merito", "seguito", "riguard") {
		return false
	}
	for i := s.from; i < s.to; i++ {
		w := r.toks[i].word
		if nowadays[w] && r.otherBox(s, max(s.from, i-1)) || iUse[w] && r.onlyGiven(s, i) || street[w] && r.figure(s) || denial[w] || announcing[w] ||
			having[w] && r.after(s, i, 5, possessed) || plainly[w] || r.formal(i) || r.told(s, i) || anyPrefix(w, understood...) || anyPrefix(w, noUse...) {
			return false
		}
	}
	return true
}

// understood is what is said of the mailbox and understood, beside that it is of no use.
var understood = stems("ader assegn butt cessat dispon disposizion esagerat forni inoltrat occup offr spropositat trasmess")

// noUse says that the mailbox is of no use, or not worth its price.
var noUse = stems("conclus costos dopp esos finit inattiv inutil superflu tropp vuot")

// namesBox reports whether a sentence names the mailbox, and not only the post.
func (r *reader) namesBox(s *sentence) bool {
	for k := s.from; k < s.to; k++ {
		if t := &r.toks[k]; t.class&box != 0 && t.word != "posta" && t.after&glued == 0 && !(k > s.from && atDesk[r.toks[k-1].word]) {
			return true
		}
	}
	return false
}

// herein reports whether what a sentence says of letters is said of those in the mailbox.
func (r *reader) herein(s *sentence) bool {
	return r.holds(s.from, s.to, here) || r.holdsStem(s.from, s.to, "archivi", "messagg", "rubric")
}

// openings begin the head of a letter: "in riferimento al Vs. ordine".
var openings = set("in con a facendo riferimento rif")

var plainly = set(`
	autorizza autorizzo basta canone cara caro cedo chiudo consenso contenta contento costa costo dichiariamo dichiaro domicilio effetti
	felice gia inviata iscritto lascio liberarmi libero mai mezzo nessuno oggetto passo poiche prima proveniente pubblicita pulizia
	riguarda rinunciamo rinuncio scrivente sensi senza spam trasmessa trattamento troppo ultima`)

// others reports whether the confirmation spoken of is somebody else's: "appena
// arriva la conferma della Camera".
func (r *reader) others(s *sentence) bool {
	for k := s.from; k+2 < s.to; k++ {
		if !strings.HasPrefix(r.toks[k].word, "conferm") && r.toks[k].word != "ok" {
			continue
		}
		switch r.toks[k+1].word {
		case "del", "della", "dell", "dal", "dalla", "dello":
			if c := r.toks[k+2].class; c&(asked|execute|confirm|box|greet) == 0 && r.toks[k+2].word != "vostra" && r.toks[k+2].word != "vostro" &&
				!anyPrefix(r.toks[k+2].word, "avvenut", "chius", "ricez", "esit") {
				return true
			}
		}
	}
	return false
}

// courteous reports whether a sentence with nothing worse than a wish, a
// condition or an order only asks for a word of confirmation, for haste or for
// pardon, or offers help: all its words belong there, but for a few.
func (r *reader) courteous(s *sentence) bool {
	const kind class = civil | weak | greet | goodbye | thanks | apology | confirm | title | contact
	if s.attached || s.all&(box|asked&^confirm) != 0 && s.all&confirm == 0 && !(s.all&thanks != 0 && r.refunds(s)) ||
		r.holdsStem(s.from, s.to, "commercialist", "avvocat", "nota", "consulent", "ragionier", "soci", "amministrator", "presiden") || s.all&kin != 0 {
		return false
	}
	if r.others(s) {
		return false
	}
	if r.holdsStem(s.from, s.to, "saro", "saremo", "avro", "avremo", "potro", "potremo") && r.holdsStem(s.from, s.to, "quando", "appena") {
		return false // "quando sarò pronto"
	}
	known := kind | soft
	if s.all&confirm != 0 {
		known |= asked | box | mailing | execute
	}
	unknown := 0
	for i := s.from; i < s.to; i++ {
		t := &r.toks[i]
		if t.class&known == 0 && t.kind == plainWord && !r.names[t.word] {
			unknown++
		}
	}
	allowed := 0
	if s.all&(confirm|thanks) != 0 {
		allowed = 2
	}
	return unknown <= allowed
}

// goesOn reports whether the line that begins at token i, after one without a stop, begins
// with a word that no sentence begins with: "ha già preso nota / dell'indirizzo".
func (r *reader) goesOn(i int) bool {
	from, _ := r.lineOf(i - 1)
	return of[r.toks[i].word] && i-from > 3
}

// narrowForm reports whether a program broke the lines of the form itself, so that it
// broke those beside it as well.
func (r *reader) narrowForm() bool {
	broken := 0
	for i := r.al.from + 1; i < r.al.to; i++ {
		broken += count(r.toks[i].lines == 1 && !r.toks[i].capital && r.roles[i] == roleForm && r.roles[i-1] == roleForm)
	}
	return broken > 1
}
