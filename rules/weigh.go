package rules

import (
	_ "embed"
	"math"
	"math/bits"
	"slices"
	"strings"
)

// The desk weighs each sentence beside a form, as an operator does who has read
// thousands: by all its words together. The weights were learned from the lines
// of testdata/lines and testdata/beside (learn_test.go) and are the second
// opinion on what the rules say: a sentence that no rule understands, or that
// only a mild sign speaks against, is let through when its words surely change
// nothing; and one without a sign is for a person when they speak against it.

//go:embed weights.bin
var weights []byte // int8 for each hash of a feature, in units of 1/weightUnit

const (
	weightUnit = 8
	weightBits = 21
)

// doubts are how sure the weights must be that a sentence changes nothing, by
// what the rules found in it: a sign, something they do not understand, or
// nothing. What is not here no weight outweighs. Of lines by hands not learned
// from (TestWeightsOnUnseenHands), which are much harder than what customers
// write, one in five to one in eight is harmful just above its bound.
var doubts = map[string]float64{
	"": nothingFound, "unread": 0.75, "unclear": 0.75, "open": 0.85, "partly": 0.93, "qualifies": runningOn,
	signCondition: 0.83, signDeferral: 0.87, signDispute: 0.87, signDoubt: 0.8, signDraft: 0.9, signNegation: 0.88, signOrder: 0.93, signRevocation: 0.92,
	signSecondMailbox: 0.9, signSecondRequest: 0.85, signNeeded: 0.9, signThirdPerson: 0.82,
}

const (
	nothingFound  = 0.65 // below it a sentence without a sign is for a person
	surelyHarmful = 0.2  // below it what seems courtesy is none
	refunding     = 0.4  // below it a sentence that speaks of the refund is for a person: the rules understand most
	severalSigns  = 0.9  // signs of more than one kind in a sentence seldom deceive
	confirming    = 0.9  // from it on a question with a word of confirmation asks for nothing else
	runningOn     = 0.9  // one word more may turn the form round
	beyondDoubt   = 2
)

func doubtOf(finding string) float64 {
	if d, ok := doubts[finding]; ok {
		return d
	}
	return beyondDoubt
}

// doubtIn is doubtOf a sign in a sentence: beside a request that pays nothing back,
// a bank named in passing is no matter of money.
func (r *reader) doubtIn(s *sentence, sign string) float64 {
	if sign == signIBAN && !r.ownWord("rimborso") && !r.refunds(s) && !r.figure(s) {
		return severalSigns
	}
	return doubtOf(sign)
}

// outweighed reports whether a sentence may pass though the rules found signs in
// it, or did not understand it: all its words together say that it changes
// nothing (bearing), at least as surely as the gravest finding demands (doubtOf).
func (r *reader) outweighed(s *sentence, found []cued) bool {
	if r.unheard(s) {
		return false
	}
	finding, doubt, runs := "", 0.0, s.attached && !r.ownLine(s) && !r.givesReason(s)
	for _, f := range found {
		if d := r.doubtIn(s, f.name); d > doubt {
			finding, doubt = f.name, d
		}
		if r.maybeHolder(s, f.at) || r.grave(s, f.at) {
			doubt = beyondDoubt
		}
		if f.name != found[0].name {
			doubt = max(doubt, severalSigns)
		}
	}
	if len(found) == 0 {
		doubt = doubtOf(r.strange(s))
	}
	if runs && doubt > nothingFound && (r.runsInto(s.to) || r.holdsStem(s.from, s.to, "caso", "assistenz")) {
		return false // the form's own words, turned round: "(diversamente da caso di assistenza …)"
	}
	if doubt == beyondDoubt || !r.weighable(s) || doubt == nothingFound && (!runs && r.heading(s) && !r.againstHeading(s) && !r.ofBoxBelow(s) || r.refunds(s)) {
		return doubt == nothingFound && !r.asksMore(s, runs)
	}
	if doubt > nothingFound && runs {
		doubt = max(doubt, runningOn)
	}
	p := r.bearing(s, found)
	words := raw(r.own.text, r.toks, s.from, s.to)
	switch {
	case p < doubt && doubt == nothingFound:
		r.against = words
	case p >= doubt && finding != "":
		r.pardoned = append(r.pardoned, pardon{words, finding})
	}
	return p >= doubt
}

// asksMore reports whether a sentence that the rules do not doubt asks for what
// another procedure is for, or turns the refund round that its own brings; runs
// says that it runs on from the form.
func (r *reader) asksMore(s *sentence, runs bool) bool {
	switch {
	case r.asksElse(s):
		return runs || bearing(r.toks[s.from:s.to]) < surelyHarmful
	case runs || !r.refunds(s) || !r.weighable(s):
		return false
	}
	return bearing(r.toks[s.from:s.to]) < refunding
}

// givesReason reports whether a piece that runs on from the form is a whole sentence
// that tells why: "… della stessa perché ho chiuso lo studio".
func (r *reader) givesReason(s *sentence) bool {
	i := s.from
	if w := r.toks[i].word; w == "in" || w == "dal" || w == "dato" || w == "visto" {
		i++
	}
	return s.to-i > 3 && among(r.word(s, i), "perche", "poiche", "siccome", "quanto", "momento", "che")
}

// ofBoxBelow reports whether a line under the writer's name speaks of the mailbox: what
// such a line says is weighed, "orari di lettura della PEC: lun-ven 9-13".
func (r *reader) ofBoxBelow(s *sentence) bool {
	return s.from >= r.al.to && r.anyOwn(r.al.to, s.from) && s.all&box != 0 && !r.holds(s.from, s.to, r.names) && r.whole &&
		!slices.ContainsFunc(r.toks[s.from:s.to], func(t token) bool { return t.kind == address })
}

// againstHeading reports whether the words of a short sentence without a verb that
// can be told surely change the request: "Contro la mia volontà".
func (r *reader) againstHeading(s *sentence) bool {
	least := 0.5
	if s.to-s.from < 4 || among(r.toks[s.from].word, "oggetto", "p", "per") || r.holds(s.from, s.to, r.names) || r.placed(s.from) { // "p. il Consiglio Direttivo", "Rossi Mario & Figli snc"
		least = surelyHarmful
	}
	if s.from >= r.al.to && r.anyOwn(r.al.to, s.from) || s.from < r.al.from && r.inLetterhead(s.from) {
		least = 0.15 // what stands under the writer's name is mostly his trade
	}
	return s.to-s.from > 2 && !r.namesOnly(s) && bearing(r.toks[s.from:s.to]) < least
}

// heading reports whether a short sentence has no verb that can be told: a
// heading, an address, a greeting.
func (r *reader) heading(s *sentence) bool {
	if n := s.to - s.from; n > 6 && !(n <= 14 && s.from < r.al.from && r.inLetterhead(s.from)) && !(n <= 10 && s.from >= r.al.to && r.anyOwn(r.al.to, s.from)) {
		return false
	}
	named := true // "Contrada Pantano, Matera"
	for i := s.from; i < s.to; i++ {
		t := &r.toks[i]
		named = named && (t.capital && !t.shout && t.class&danger == 0 || t.kind == number || t.class&contact != 0)
	}
	if named {
		return true
	}
	for i := s.from; i < s.to; i++ {
		if !r.verbless(s, i) {
			return false
		}
	}
	return true
}

// namesOnly reports whether a line is nothing but the writer's title and name.
func (r *reader) namesOnly(s *sentence) bool {
	own, more := 0, 0
	for i := s.from; i < s.to; i++ {
		switch t := &r.toks[i]; {
		case r.names[t.word]:
			own++
		case i == s.from && i+1 < s.to && t.after&stop != 0 && r.initial(t):
		case r.married(i, s.to):
			i++
		case t.capital && t.class == 0 && t.kind == plainWord: // "Rossella Dominici Cacace"
			more++
		case t.class&title == 0 && !(i > s.from && legalForm[t.word]):
			return false
		}
	}
	return more == 0 || more == 1 && own > 1
}

// initial reports whether a capital letter begins one of the writer's names: "P. Della Vedova".
func (r *reader) initial(t *token) bool {
	if len(t.word) != 1 || !t.capital {
		return false
	}
	for name := range r.names {
		if len(name) > 2 && name[:1] == t.word {
			return true
		}
	}
	return false
}

// speaksAgainst reports whether the words of a sentence that seems mere courtesy
// surely change the request: "vi sarei grato se la cancellazione avvenisse dopo le
// feste, per avere il tempo di avvisare i clienti".
func (r *reader) speaksAgainst(s *sentence) bool {
	return r.weighable(s) && r.bearing(s, nil) < surelyHarmful
}

// pardon is a sentence with a sign that all its words outweigh.
type pardon struct{ words, sign string }

// weighable reports whether a sentence is like those that the weights know:
// Italian, of the message itself, and no part of the form.
func (r *reader) weighable(s *sentence) bool {
	return r.whole && (s.to-s.from > 2 || s.attached && s.to-s.from > 1 && among(r.toks[s.from].word, "causa", "con", "da", "per")) && italian(r.toks[s.from:s.to]) && !r.asksElse(s)
}

// betweenCommas reports whether tokens [from, to) stand between commas within the form and
// surely change nothing: "titolare della casella PEC …, non avendone più bisogno, richiede".
func (r *reader) betweenCommas(from, to int) bool {
	s := r.sentence(from, to)
	return r.whole && to-from > 1 && r.toks[from-1].after&comma != 0 && r.toks[to-1].after&comma != 0 && !r.asksElse(&s) && bearing(r.toks[from:to]) >= runningOn
}

// ownLine reports whether a sentence begins on a line of its own, as a new one does:
// many write no stop after the form.
func (r *reader) ownLine(s *sentence) bool {
	t := &r.toks[s.from]
	return t.lines > 0 && s.to-s.from > 3 && !r.runsInto(s.to)
}

// asksElse reports whether a sentence speaks for somebody else, or names what
// another procedure is for: the weights do not know which form it stands beside.
func (r *reader) asksElse(s *sentence) bool {
	if s.attached && r.narrows(s) {
		return true
	}
	for i := s.from; i < s.to; i++ {
		if i > s.from && r.toks[i].word == "cliente" && article[r.toks[i-1].word] {
			return true // "il cliente ha cessato l'attività": he who writes is not the customer
		}
		if w := r.toks[i].word; anyPrefix(w, "domini", "recess", "reced", "rimbors", "storn", "disdett", "disdic", "disdir", "voltur", "intestazion", "portabil") && !r.ownWord(w) && !r.ownDomain(s, i) && !(strings.HasPrefix(w, "rimbors") && r.negated(s, i)) {
			return true
		}
		if strings.HasPrefix(r.toks[i].word, "restitu") && !r.ownWord("rimborso") && r.holdsStem(s.from, s.to, "rinnov", "sold", "import", "quot", "canon", "euro", "pagat", "somm", "cifr") {
			return true
		}
	}
	return false
}

// A long sentence is as sure as its least sure stretch: what changes the request
// must not drown in a story. A stretch is cut anywhere, so it has some leeway.
const (
	stretch = 16   // words; the lines that were learned from are seldom longer
	leeway  = 0.75 // as logit; for a sign twice as much
)

// bearing is how surely a sentence changes nothing, 0 to 1. A harmless beginning
// must not carry a harmful end along: each stretch of a long sentence is weighed by
// itself too, and lowers the whole where it is less sure than a sentence without
// a sign must be, or, where it holds a sign, less sure than the whole.
func (r *reader) bearing(s *sentence, found []cued) float64 {
	from, to := r.matterOf(s)
	p := bearing(r.toks[from:to])
	for i := from; to-from > stretch && i+stretch/2 < to; i += stretch / 2 {
		end := min(to, i+stretch)
		part := logit(bearing(r.toks[i:end])) + leeway
		switch {
		case slices.ContainsFunc(found, func(f cued) bool { return f.at >= i && f.at < end }):
			p = min(p, logistic(part+leeway))
		case logistic(part) < nothingFound:
			p = min(p, logistic(part))
		}
	}
	return p
}

// matterOf is a sentence without the courtesies at its ends, which say nothing
// about what stands between them.
func (r *reader) matterOf(s *sentence) (from, to int) {
	from, to = s.from, s.to
	for i := from; i < to-2; i++ { // "Buongiorno, …", "Motivo: …"
		t := &r.toks[i]
		if t.class&(greet|title|civil|thanks) == 0 && !(i-s.from < 2 && t.after&colon != 0) {
			break
		}
		if t.after&(comma|colon) != 0 {
			from = i + 1
		}
	}
	for i := to - 1; i > from+2; i-- { // "…, grazie mille"
		if r.toks[i].class&(goodbye|civil|thanks|greet) == 0 {
			break
		}
		if r.toks[i-1].after&comma != 0 {
			to = i
		}
	}
	return from, to
}

// bearing is how surely words change nothing about the request beside which
// they stand: 0, they surely do, to 1.
func bearing(toks []token) float64 {
	sum, n := 0, 0
	features(toks, func(h uint32) {
		sum += int(int8(weights[h]))
		n++
	})
	if n == 0 {
		return 1
	}
	return logistic(float64(sum) / weightUnit / math.Sqrt(float64(n)))
}

func logit(p float64) float64 { return math.Log(p / (1 - p)) }

func logistic(z float64) float64 { return 1 / (1 + math.Exp(-z)) }

// The kinds of features.
const (
	aWord = iota + 1
	aPair // of neighbours
	apart // two stems with up to six words between them
	aStem
	threeStems
	anEnding
	twoEndings
	aClass
	aTag
	tagAndWord
	wordAndTag
	twoTags
	aQuestion
)

// features gives the hash of everything that is weighed in toks: words, pairs of
// words, their stems and endings, grammar and class.
func features(toks []token, add func(uint32)) {
	var stems [reach]uint32  // of the words before this one, the nearest first
	word, tail := edge, edge // the word before, its ending
	var grammar tag          // of the word before
	stems[0], stems[1] = edge, edge
	for i := range toks {
		t := &toks[i]
		w, tags := weighed(t), endingOf(t)
		h, stem, end := hash(w), hash(w[:min(len(w), 5)]), hash(w[max(0, len(w)-3):])
		add(mix(aWord, h, 0))
		add(mix(aPair, word, h))
		add(mix(threeStems, mix(threeStems, stems[1], stems[0]), stem))
		if i > 0 {
			add(mix(twoEndings, tail, end))
			add(mix(tagAndWord, uint32(grammar), h))
			add(mix(wordAndTag, word, uint32(tags)))
			add(mix(twoTags, uint32(grammar), uint32(tags)))
		}
		for n := 1; n < min(i, reach); n++ {
			add(mix(apart, stems[n], stem))
		}
		if t.kind == plainWord {
			alone(t, end, tags, add)
		}
		copy(stems[1:], stems[:])
		stems[0], word, tail, grammar = stem, h, end, tags
	}
	add(mix(aPair, word, edge))
	add(mix(twoEndings, tail, edge))
}

// alone gives the features of one word beside the word itself.
func alone(t *token, end uint32, tags tag, add func(uint32)) {
	for _, n := range [...]int{4, 6} {
		if len(t.word) > n {
			add(mix(aStem, hash(t.word[:n]), 0))
		}
	}
	add(mix(anEnding, end, 0))
	for set := uint64(t.class); set != 0; set &= set - 1 {
		add(mix(aClass, uint32(bits.TrailingZeros64(set)), 0))
	}
	for set := uint64(tags); set != 0; set &= set - 1 {
		add(mix(aTag, uint32(bits.TrailingZeros64(set)), 0))
	}
	if t.after&question != 0 {
		add(mix(aQuestion, 0, 0))
	}
}

// reach is how many words before a word are weighed with it.
const reach = 8

// edge is what stands before the first word and after the last.
const edge uint32 = 1

// weighed is a token as it is weighed: figures are all alike, and so are addresses.
func weighed(t *token) string {
	switch t.kind {
	case number:
		return "#"
	case address:
		return "@"
	}
	return t.word
}

// hash is FNV-1a.
func hash(s string) uint32 {
	h := uint32(2166136261)
	for i := range len(s) {
		h = (h ^ uint32(s[i])) * 16777619
	}
	return h
}

// mix makes one hash of a feature, as large as the weights are many.
func mix(kind, a, b uint32) uint32 {
	h := (a ^ kind*0x9e3779b1) * 0x2c1b3c6d
	h = (h ^ h>>15 ^ b) * 0x297a2d39
	h = (h ^ h>>12) * 0x2c1b3c6d
	return (h ^ h>>15) & (1<<weightBits - 1)
}
