package rules

import "strings"

// What the rules of the signs ask of a sentence: which words stand where, what
// the clause round a word means, what its verb is, whether it is told as past or
// denied. A new question about sentences belongs here.

// clause is the part of the sentence round token i that one verb governs:
// between commas, brackets and the words that open another.
func (r *reader) clause(s *sentence, i int) (from, to int) {
	const parts = comma | colon | opening | closing
	for from = i; from > s.from && r.toks[from-1].after&parts == 0 && !opens[r.toks[from].word]; from-- {
	}
	for to = i + 1; to < s.to && r.toks[to-1].after&parts == 0 && !opens[r.toks[to].word]; to++ {
	}
	return from, to
}

// classes is what tokens [from, to) mean together.
func (r *reader) classes(from, to int) class {
	var c class
	for k := from; k < to; k++ {
		c |= r.toks[k].class
	}
	return c
}

// within is what all the words of the clause round i mean together.
func (r *reader) within(s *sentence, i int) class {
	return r.classes(r.clause(s, i))
}

// word is that of token k, "" outside the sentence.
func (r *reader) word(s *sentence, k int) string {
	if k < s.from || k >= s.to {
		return ""
	}
	return r.toks[k].word
}

// before reports whether one of words stands within n tokens before i in the sentence.
func (r *reader) before(s *sentence, i, n int, words map[string]bool) bool {
	return r.holds(max(s.from, i-n), i, words)
}

// after reports whether one of words stands within n tokens after i in the sentence.
func (r *reader) after(s *sentence, i, n int, words map[string]bool) bool {
	return r.holds(i+1, min(s.to, i+n+1), words)
}

// around reports whether one of words stands within n tokens of i.
func (r *reader) around(s *sentence, i, n int, words map[string]bool) bool {
	return r.before(s, i, n, words) || r.after(s, i, n, words)
}

// holds reports whether one of words stands in tokens [from, to).
func (r *reader) holds(from, to int, words map[string]bool) bool {
	for k := from; k < to; k++ {
		if words[r.toks[k].word] {
			return true
		}
	}
	return false
}

// holdsStem reports whether a word with one of the stems stands in tokens [from, to).
func (r *reader) holdsStem(from, to int, stems ...string) bool {
	for k := from; k < to; k++ {
		if anyPrefix(r.toks[k].word, stems...) {
			return true
		}
	}
	return false
}

// anyPrefix reports whether a word begins with one of the stems.
func anyPrefix(w string, list ...string) bool {
	for _, p := range list {
		if w != "" && w[0] == p[0] && strings.HasPrefix(w, p) {
			return true
		}
	}
	return false
}

// among reports whether a word is one of those listed.
func among(w string, list ...string) bool {
	for _, other := range list {
		if w == other {
			return true
		}
	}
	return false
}

// figure reports whether the sentence gives a number.
func (r *reader) figure(s *sentence) bool {
	for k := s.from; k < s.to; k++ {
		if r.toks[k].kind == number {
			return true
		}
	}
	return false
}

// lineOf is the line of the token at i.
func (r *reader) lineOf(i int) (from, to int) {
	for from = i; from > 0 && r.toks[from].lines == 0; from-- {
	}
	for to = i + 1; to < len(r.toks) && r.toks[to].lines == 0; to++ {
	}
	return from, to
}

// lineHolds reports whether the line of token i has a word with one of the stems.
func (r *reader) lineHolds(i int, stems ...string) bool {
	from, to := r.lineOf(i)
	return r.holdsStem(from, to, stems...)
}

// is reports whether token k is "è".
func (r *reader) is(k int) bool {
	t := &r.toks[k]
	return t.word == "e" && (r.accented(t) || k > 0 && r.toks[k-1].word == "non" && r.toks[k-1].after == 0)
}

// tag is the grammar of token k.
func (r *reader) tag(k int) tag {
	t := &r.toks[k]
	if !t.tagged {
		if r.accented(t) {
			t.tags, t.tagged = tagOf(t.word, true), true
		} else {
			t.tags, t.tagged = endingOf(t), true
		}
	}
	return t.tags
}

// endingOf is the grammar of a token whose accent nobody looks at.
func endingOf(t *token) tag {
	if !t.endingRead {
		t.ending, t.endingRead = tagOf(t.word, false), true
	}
	return t.ending
}

// verbless reports whether the clause round i has no verb that can be told.
func (r *reader) verbless(s *sentence, i int) bool {
	from, to := r.clause(s, i)
	for k := from; k < to; k++ {
		t := &r.toks[k]
		if t.word == "sei" && k+1 < to && r.toks[k+1].class&deferral != 0 {
			continue // "per sei mesi"
		}
		if auxiliary[t.word] || r.is(k) || t.class&will != 0 || presentVerb[t.word] ||
			r.tag(k)&(tagFuture|tagConditional|tagYou|tagPast|tagInfinitive|tagPresent) != 0 ||
			k+1 < to && beforeAVerb[t.word] && t.after&comma == 0 && r.toks[k+1].class&(weak|greet|thanks) == 0 {
			return false
		}
	}
	return true
}

// hasVerb reports whether tokens [from, to) have a verb, present or past.
func (r *reader) hasVerb(s *sentence, from, to int) bool {
	for k := from; k < to; k++ {
		if r.presentAt(s, k) || r.tag(k)&(tagPast|tagFuture|tagConditional) != 0 || r.toks[k].class&will != 0 {
			return true
		}
	}
	return false
}

// presentAt reports whether token k is a verb in the present.
func (r *reader) presentAt(s *sentence, k int) bool {
	t := &r.toks[k]
	w := t.word
	if r.is(k) {
		return true
	}
	if w != "ne" && t.kind == plainWord && (!t.capital || t.shout || k == s.from) && (presentVerb[w] || present[w] || auxiliary[w] && w != "sei") {
		return true
	}
	if t.kind != plainWord || t.class&(weak|title|kin) != 0 || r.names[w] || t.capital && given[w] || t.capital && !t.shout && k > s.from || nouns[w] {
		return false
	}
	if presentVerb[w] || present[w] || auxiliary[w] && w != "sei" {
		return true
	}
	g := r.tag(k)
	if g&(tagParticiple|tagInfinitive|tagPast|tagFuture|tagConditional|tagYou|tagYouPlural) != 0 || len(w) < 4 {
		return false
	}
	if ends(w, "ano") && r.anyOwn(s.from, k) {
		return false // "luca mancini, bar stazione fabriano"
	}
	return g&tagPresent != 0 || ends(w, "o", "a", "e") && r.afterPronoun(s, k)
}

// afterPronoun reports whether the words before token k are pronouns that a verb follows.
func (r *reader) afterPronoun(s *sentence, k int) bool {
	if k == s.from || r.toks[k-1].after&(comma|stop|colon) != 0 {
		return false
	}
	switch before, more := r.word(s, k-1), r.word(s, k-2); before {
	case "mi", "ti", "ci", "vi", "si", "ne", "me", "ve", "ce", "io", "noi":
		return true
	case "lo":
		return beforeAVerb[more] || !loBefore(r.toks[k].word)
	case "la", "le", "li", "l":
		return beforeAVerb[more] || among(more, "me", "ve", "ce", "te", "io") || before != "l" && ends(r.toks[k].word, "o")
	}
	return false
}

// loBefore reports whether the article "lo" may stand before a word: it is no pronoun there.
func loBefore(w string) bool {
	return w[0] == 'z' || w[0] == 'x' || w[0] == 'y' || anyPrefix(w, "gn", "ps", "pn", "io", "ie", "iu") ||
		w[0] == 's' && len(w) > 1 && !strings.ContainsRune("aeiou", rune(w[1]))
}

// told reports whether the clause round token i tells what is past; one without
// a verb goes on with what the clause before it tells.
func (r *reader) told(s *sentence, i int) bool {
	from, to := r.clause(s, i)
	for from > s.from && !opens[r.toks[from].word] && r.verbless(s, i) {
		i = from - 1
		from, to = r.clause(s, i)
	}
	return r.toldIn(from, to)
}

// toldIn reports whether tokens [from, to) tell what is past.
func (r *reader) toldIn(from, to int) bool {
	for k := from; k < to; k++ {
		t := &r.toks[k]
		if r.tag(k)&tagPast != 0 || k > from && remote[t.word] && pronoun[r.toks[k-1].word] {
			return true
		}
		if !auxiliary[t.word] && !r.is(k) && !infinitiveHave[t.word] || infinitiveHave[t.word] && r.before(&sentence{from: from, to: to}, k, 3, notYet) {
			continue
		}
		for n := k + 1; n < to && n <= k+4 && !article[r.toks[n].word] && !howMany[r.toks[n].word] && !(depends[r.toks[n].word] && !r.onlyDid(k, n, to)) &&
			!(n == k+1+count(r.toks[k+1].word == "ancora") && of[r.toks[n].word]); n++ {
			if r.tag(n)&tagParticiple != 0 && (r.toks[n].class&(title|capacity|kin|box|contents) == 0 ||
				n == k+1 && ends(r.toks[n].word, "ato", "uto", "ati") && t.word[0] != 's') &&
				!(state[r.toks[n].word] && (t.word == "siamo" || t.word == "sono")) && !r.stateNow(k, n) {
				return true
			}
		}
	}
	return false
}

// notYet are words before "aver fatto" that make it something still to be done.
var notYet = set("prima dopo senza devo dobbiamo vorrei spero conto")

// state are participles that tell how things are now: "d'inverno siamo chiusi".
var state = set(`
	aperta aperti aperto chiusa chiusi chiuso convinto interessata interessato iscritta iscritto obbligata obbligate obbligati obbligato
	sicuro`)

// onlyDid reports whether "solo" at n narrows what one did: "ho solo riunito tutto".
func (r *reader) onlyDid(k, n, to int) bool {
	return r.toks[n].word == "solo" && n == k+1 && n+1 < to && anyPrefix(r.toks[k].word, "ho", "ha", "abbia") && r.tag(n+1)&tagParticiple != 0 && !strings.HasPrefix(r.toks[n+1].word, "cambiat")
}

// depends are words after which a participle waits: "sono valide solo se confermate".
var depends = set("se solo quando qualora purche dopo")

// remote are past tenses that are participles as well: "la presi nel 2019".
var remote = set("presi prese misi mise chiusi chiuse vidi impose imposi imposero volle vollero tolse tolsero")

// stateNow reports whether "è" at k says with the participle at n how things are:
// "la domanda è legata a questo indirizzo".
func (r *reader) stateNow(k, n int) bool {
	if w := r.toks[k].word; w == "sono" || w == "siamo" {
		return anyPrefix(r.toks[n].word, "legat", "collegat", "registrat")
	}
	return r.is(k) && (k == 0 || r.toks[k-1].word != "si") && anyPrefix(r.toks[n].word, "apert", "legat", "collegat", "associat", "agganciat", "registrat")
}

// negated reports whether the verb at i is denied: "non la uso".
func (r *reader) negated(s *sentence, i int) bool {
	from, _ := r.clause(s, i)
	finite := r.tag(i)&(tagInfinitive|tagParticiple) == 0
	for k := i - 1; k >= from && k >= i-5; k-- {
		if finite && k < i-1 && r.is(k) && !(k > from && denial[r.toks[k-1].word] && r.toks[k+1].word == "piu") {
			return false // "se non è possibile la tengo"
		}
		if denial[r.toks[k].word] {
			return true
		}
	}
	return false
}

// negatedClause reports whether the clause of the word at i has its "non".
func (r *reader) negatedClause(s *sentence, i int) bool {
	from, to := r.clause(s, i)
	return r.holds(from, to, plainNot)
}

var plainNot = set("non nn nun")
