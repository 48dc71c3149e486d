package rules

import "strings"

// somebody reports whether the person named at i has a part in the request:
// the mailbox or the message is his, or he acts for the holder.
func (r *reader) somebody(s *sentence, i int) bool {
	w := r.toks[i].word
	before, after := r.word(s, i-1), r.word(s, i+1)
	switch w {
	case "cliente":
		return before == "il" && s.to-s.from > 2 || among(before, "del", "al", "dal") || before == "un" && r.word(s, i-2) == "di" || mine[before] && before != "me"
	case "mandato":
		return before == "su" && !r.after(s, i, 3, board) || strings.HasPrefix(after, "profess")
	case "precedente":
		return !anyPrefix(after, "comunicaz", "domand", "invio", "istanz", "mail", "email", "messagg", "richiest", "pec") && s.all&(asked|thirdHand&^soft) != 0 && !r.told(s, i)
	case "ex":
		return !r.formerly(s, i) && !r.nowLiquidator(i, s.to) && !among(after, "p", "piva", "partita") &&
			(qualities[after] || classOf(after)&kin != 0 || after == "titolare" &&
				(i+3 >= s.to || r.toks[i+3].class&box != 0 || !strings.HasPrefix(r.word(s, i+2), "d")) || after == "dipendente" || after == "collega") && !r.told(s, i)
	case "qualcuno", "qualcun":
		return s.all&(box|asked) != 0 && !r.told(s, i)
	case "collega", "dipendente":
		return !r.holdsStem(i+1, min(s.to, i+6), "assistenz", "call", "centralin", "numero", "supporto") && s.all&(box|asked) != 0 && !r.told(s, i) && !strings.HasPrefix(before, "vostr")
	case "morto", "morta", "morte":
		return s.all&kin != 0 && (!r.told(s, i) || s.all&(box|asked) != 0)
	}
	if r.ofConvent(i) || r.names[w] && r.toks[i].capital && r.names[after] { // "Madre Chiara", "Eredi Tini S.n.c."
		return false
	}
	if anyPrefix(w, "vedov") || r.ownBox(s, i) {
		return am[r.word(s, i-2)] && theHolder[before] && of[after]
	}
	if anyPrefix(w, "rivolg") {
		return r.after(s, i, 4, mine) || i+2 < s.to && (given[r.word(s, i+2)] || r.toks[i+2].class&title != 0)
	}
	if anyPrefix(w, "incaric") {
		return !r.told(s, i) && !(i > s.from && r.toks[i-1].capital && s.to-s.from <= 3) &&
			!r.holdsStem(max(s.from, i-4), i, "cess", "fine", "termin", "conclu", "scad", "lasc", "conferm", "riconferm")
	}
	if r.toks[i].class&kin == 0 {
		return s.all&(box|asked) != 0 && !r.told(s, i)
	}
	return r.relative(s, i)
}

// formerly reports whether "ex" at i says, under the name of one who writes for
// himself, what he was: "ex dirigente d'azienda".
func (r *reader) formerly(s *sentence, i int) bool {
	_, firm := r.out.Fields[fieldCompany]
	return i >= r.al.to && !r.body && !firm && r.anyOwn(r.al.to, i) && r.verbless(s, i) && s.all&box == 0 &&
		!anyPrefix(r.word(s, i+1), "amministr", "intestat", "legale", "president", "proprietar", "rappresent", "soci", "titolar")
}

// ownBox reports whether the person named at i is said to have a mailbox of his
// own: "la collega continua da sola con la propria PEC", "il genero ha la sua ditta
// e la sua casella".
func (r *reader) ownBox(s *sentence, i int) bool {
	if r.holds(s.from, s.to, atThis) || r.told(s, i) {
		return false
	}
	for k := i + 1; k+1 < s.to; k++ {
		if among(r.toks[k].word, "sua", "propria", "loro") && r.toks[k+1].class&box != 0 && among(r.word(s, k-1), "la", "una", "con") && !r.negated(s, k) &&
			!r.holdsStem(s.from, k, "vuol", "chied", "chiud", "disattiv", "second") {
			return true
		}
	}
	return false
}

// writesForOwnBody reports whether the firm or body named from i on, for which the
// message is written, is one that the writer says he represents.
func (r *reader) writesForOwnBody(s *sentence, i int) bool {
	if i >= s.to || !r.before(s, i, 4, writing) {
		return false
	}
	_, end := r.lineOf(i)
	line := sentence{from: s.from, to: max(s.to, end)} // "A.S.D." seems to end the sentence
	s, body := &line, false
	for k := i; k < s.to; k++ {
		w := r.toks[k].word
		switch {
		case body && r.presides(s, k):
			return true
		case bodies[w] || legalForm[w] && len(w) > 2:
			body = true
		case r.names[w], r.toks[k].class&weak != 0, legalForm[w], of[w]:
		default:
			return body && r.presides(s, k)
		}
		if r.toks[k].after&comma != 0 {
			return body && r.presides(s, k+1)
		}
	}
	return false
}

// forBoard reports whether the board for which the message is written is named
// from i on: it is the writer's association that speaks.
func (r *reader) forBoard(s *sentence, i int) bool {
	if i < s.to && of[r.toks[i].word] {
		i++
	}
	if w := r.word(s, i); w == "nuovo" || w == "intero" {
		i++
	}
	if r.word(s, i) != "consiglio" && r.word(s, i) != "direttivo" || r.within(s, i)&kin != 0 {
		return false
	}
	return r.toks[i].after&comma != 0 || r.word(s, i+1) == "direttivo" && r.toks[i+1].after&comma != 0
}

// presides reports whether tokens from k on say that the writer represents what
// was just named: "di cui sono il presidente", "della quale sono legale rappresentante".
func (r *reader) presides(s *sentence, k int) bool {
	if !of[r.word(s, k)] || !which[r.word(s, k+1)] || r.word(s, k+2) != "sono" {
		return false
	}
	for n := k + 3; n < s.to; n++ {
		switch w := r.toks[n].word; {
		case presidents[w]:
			return n+1 == s.to
		case !article[w] && !among(w, "l", "legale", "attuale"):
			return false
		}
	}
	return false
}

var (
	which      = set("cui quale")
	presidents = set("presidente rappresentante titolare proprietario proprietaria amministratore amministratrice liquidatore liquidatrice")
)

// nowLiquidator reports whether who was something else before, at i, is now the
// liquidator: "ex socio amministratore e liquidatore".
func (r *reader) nowLiquidator(i, to int) bool {
	for k := i + 2; k < to && k <= i+5 && r.toks[k-1].after&comma == 0; k++ {
		if w := r.toks[k].word; w == "liquidatore" || w == "liquidatrice" {
			before := r.toks[k-1].word
			return before == "e" && !r.is(k-1) || among(before, "ora", "oggi", "attuale", "nonche")
		}
	}
	return false
}

// relative judges a relative: not one of whom a story only tells.
func (r *reader) relative(s *sentence, i int) bool {
	told := r.told(s, i) || s.all&(box|asked) == 0 && r.toldLater(s, i)
	switch {
	case r.helped(s), r.before(s, i, 2, byTradeAs):
		return false
	case r.toks[s.to-1].after&colon != 0 && s.to < len(r.toks) && r.formal(s.to) && !r.holdsStem(s.from, s.to, "vostr", "sito", "guida"):
		return true // "mio nipote ha preparato questo testo:"
	case !told && r.refunds(s):
		return true
	case r.word(s, i-3) == "accordo" && s.all&(box|asked) == 0:
		return false
	case r.before(s, i, 3, inPlaceOf), r.holdsStem(s.from, s.to, "titolar", "intestatar") && !r.around(s, i, 8, itsBusiness) && !r.told(s, s.from):
		return true
	case r.after(s, i, 1, hasOne) && r.after(s, i, 4, ofTheirOwn):
		return false // "mia moglie ha già la sua"
	case r.before(s, i, 3, am) && (r.before(s, i, 1, theHolder) || anyPrefix(r.toks[i].word, "amic", "vicin", "conoscent") && r.before(s, i, 1, aPerson)):
		return true
	case told && r.before(s, i, 3, itsBusiness) || r.toldLater(s, i) && r.before(s, i, 3, itsBusiness):
		return false // "la ditta di mio marito, che serviva la casella, ha chiuso"
	case r.word(s, i-2) == "di" && (r.word(s, i-3) == "era" || i-3 >= s.from && r.is(i-3)):
		if i-4 > s.from && r.toks[i-4].class&^weak == 0 && r.toks[i-4].kind == plainWord && len(r.toks[i-4].word) > 3 && article[r.word(s, i-5)] && s.all&(box|asked) == 0 {
			return false // "la sartoria era di mia nonna"
		}
		return true // "la casella era di mio padre"
	case r.before(s, i, 6, having) && r.before(s, i, 3, thatOf):
		return false // "uso quella di mio figlio"
	case r.before(s, i, 3, dataOf):
		return true
	case (r.before(s, i, 2, onBehalf) || r.before(s, i, 3, thatOf)) && !told:
		return true
	case r.after(s, i, 3, reached) || r.before(s, i, 4, reached):
		return !told && s.all&(greet|thanks) == 0
	case r.sent(s):
		return true
	case r.within(s, i)&(box|asked) != 0 || r.after(s, i, 8, ofMailbox):
		return !told
	case r.after(s, i, 2, howMany) || r.before(s, i, 1, howMany):
		return false // "padre di tre figli"
	case told:
		return false
	case r.verbless(s, i) && (r.before(s, i, 2, standingFor) || r.before(s, i, 1, theHolder) && i+1 < s.to && r.toks[i+1].capital && r.toks[s.from].class&greet == 0):
		return true // "p. mio marito", "firmato: la figlia Teresa"
	case r.verbless(s, i):
		return s.all&(greet|thanks|goodbye) == 0 && s.from >= r.al.to
	}
	return false
}

// dying are the hard words of a death.
var dying = stems("buonanim compiant decedut defunt scompars")

// mourns reports whether the death told at i cannot be the holder's, who writes
// himself: he mourns a wife, and is a man by his name and by how he calls himself.
// What the dead left, or had a part in, is for a person.
func (r *reader) mourns(s *sentence, i int) bool {
	k := r.late(s, i)
	if k < 0 || s.all&(box|asked|contents) != 0 || r.holdsStem(s.from, s.to, leaving...) {
		return false
	}
	calls, named := r.writerIs()
	return named != noGender && named == calls && named != kinIs(r.toks[k].word)
}

// maybeHolder reports whether the dead relative of whom the word at i tells may be
// the holder that the form names, for all that is known.
func (r *reader) maybeHolder(s *sentence, i int) bool {
	k := -1
	if w := r.toks[i].word; anyPrefix(w, dying...) && w != "buonanima" { // who is called so died long ago
		k = r.late(s, i)
	}
	if k < 0 {
		return false
	}
	_, named := r.writerIs()
	return named == noGender || named == kinIs(r.toks[k].word)
}

// late is the token near i that names the writer's relative who died, -1 for none.
func (r *reader) late(s *sentence, i int) int {
	for k := max(s.from, i-4); k < s.to && k <= i+4; k++ {
		if kinIs(r.toks[k].word) != noGender && (r.before(s, k, 2, ofMine) || r.after(s, k, 1, ofMine)) {
			return k
		}
	}
	return -1
}

// leaving is what goes from the dead to the living.
var leaving = stems("attivit aziend cointest ditta impres intestat passat prosegu quot rilevat societ succe suo sua titolar trasferit")

var ofMine = set("mia mio nostra nostro")

// gender is a person's, as words give it away.
type gender int

const (
	noGender gender = iota
	man
	woman
)

// kinIs is the gender of a relative, and noGender for any other word.
func kinIs(w string) gender {
	switch {
	case classOf(w)&kin == 0 || w == "coniuge" || w == "nipote" || w == "familiare":
		return noGender
	case anyPrefix(w, "moglie", "madre", "mamma", "sorella", "suocera", "nuora") || ends(w, "a") && w != "papa":
		return woman
	case anyPrefix(w, "marito", "padre", "papa", "babbo", "fratello", "genero") || ends(w, "o"):
		return man
	}
	return noGender
}

// writerIs is the gender by which the writer of the form calls himself, and that
// of the person whom it names, where every first name in it says the same.
func (r *reader) writerIs() (calls, named gender) {
	first := true
	for i := r.al.from; i < r.al.to; i++ {
		switch t := &r.toks[i]; {
		case t.word == "sottoscritto":
			calls = man
		case t.word == "sottoscritta":
			calls = woman
		case r.names[t.word] && given[t.word]:
			if g := nameIs(t.word); first {
				named = g
			} else if g != named {
				named = noGender
			}
			first = false
		}
	}
	return calls, named
}

// nameIs is the gender that the end of a first name gives away.
func nameIs(w string) gender {
	switch {
	case ends(w, "o") || menInA[w]:
		return man
	case ends(w, "a"):
		return woman
	}
	return noGender
}

// menInA are the names of men that end as those of women do.
var menInA = set("andrea battista elia enea gianluca luca mattia nicola")

// toldLater reports whether the sentence tells in a later clause what the
// person at i did: "mio nipote, che è bravo, mi ha fatto vedere come si fa".
func (r *reader) toldLater(s *sentence, i int) bool {
	for _, to := r.clause(s, i); to < s.to; {
		if r.told(s, to) {
			return true
		}
		from := to
		if _, to = r.clause(s, from); to <= from {
			return false
		}
	}
	return false
}

var (
	standingFor = set("p per x")
	board       = set("assemblea consiglio soci direttivo")
	dataOf      = set("pannello ordine dati nome nominativo firma conto")
	aPerson     = set("un una")
	inPlaceOf   = set("posto vece")
	reached     = set("numero mail email indirizzo recapito")
	onBehalf    = set("per")
	ofMailbox   = set("titolare password pec casella firma usa vuole intestata")
)

// helped reports whether the relative only lent a hand.
func (r *reader) helped(s *sentence) bool {
	if r.holdsStem(s.from, s.to, "aiut", "insegn") {
		return true
	}
	for k := s.from; k+2 < s.to; k++ {
		if (r.toks[k].word == "mi" || r.toks[k].word == "ci") && (r.toks[k+1].word == "ha" || r.toks[k+1].word == "hanno") && anyPrefix(r.toks[k+2].word, "trovat", "mostrat", "spiegat") &&
			!r.holdsStem(k+3, s.to, "chiuder", "disattivar", "mandar", "scriver") {
			return true // "mia nipote mi ha trovato il modulo"
		}
	}
	return false
}

// sent reports whether the sentence says that somebody wrote or sent something.
func (r *reader) sent(s *sentence) bool {
	for k := s.from; k < s.to; k++ {
		if anyPrefix(r.toks[k].word, "mandat", "inviat", "spedit", "scritt", "compilat", "chiest", "partit", "richiest") && r.word(s, k+1) != "iva" &&
			r.tag(k)&tagParticiple != 0 {
			return true
		}
	}
	return false
}

// minor reports whether the number at i is the age of a writer who is too young to
// undo a contract alone: "ho 15 anni", "(15 anni)".
func (r *reader) minor(s *sentence, i int) bool {
	w := r.toks[i].word
	if len(w) > 2 || len(w) == 2 && (w[0] != '1' || w[1] > '7') || r.word(s, i+1) != "anni" || among(r.word(s, i+2), "di", "d", "fa", "che", "da") {
		return false
	}
	return i > 0 && r.toks[i-1].after&opening != 0 && r.anyOwn(s.from, i) || r.word(s, i-1) == "ho" && (i+2 == s.to || r.toks[i+1].after != 0)
}
