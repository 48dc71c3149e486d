package rules

import "strings"

// ownLife reports whether the sentence with the sign at i only tells of the
// writer's life: "a dicembre mi sposo", "se piove resto a casa". It has a verb,
// and no other of its words is about the request or for the desk.
func (r *reader) ownLife(s *sentence, i int) bool {
	if s.attached || s.to-s.from < 4 || s.all&(box|asked|contents|execute|confirm|will|enclosed|revoking|draft|doubt) != 0 || r.verbless(s, i) {
		return false
	}
	for k := s.from; k < s.to; k++ {
		t := &r.toks[k]
		if k != i && t.class&danger != 0 && t.class&(kin|thirdHand|deferral|negation) == 0 &&
			!(t.class&another != 0 && t.class&soft != 0 && !r.besides(s, k)) || ofDesk[t.word] && !r.articleAt(s, k) || k != i && r.tag(k)&(tagYou|tagFuture|tagConditional) != 0 ||
			r.tag(k)&tagParticiple == 0 && deals(t.word) && !beforeNoun[r.word(s, k-1)] || decides[t.word] {
			return false
		}
	}
	return true
}

// articleAt reports whether "la" or "lo" at k is the article of a noun: "fare la
// mamma". Before a verb it is what the sentence speaks of: the mailbox, perhaps.
func (r *reader) articleAt(s *sentence, k int) bool {
	if w := r.toks[k].word; w != "la" && w != "lo" || k+1 >= s.to {
		return false
	}
	next := r.toks[k+1].word
	return len(next) > 3 && !auxiliary[next] && !presentVerb[next] && !present[next] && !deals(next) &&
		r.tag(k+1)&(tagPast|tagFuture|tagConditional|tagPresent|tagYouPlural) == 0 && !ends(next, "o", "iamo", "i") && !beforeAVerb[r.word(s, k-1)]
}

// beforeNoun are words after which no verb stands, whatever it looks like: "in famiglia".
var beforeNoun = set("un una uno il i gli in con del dello della dei degli delle al alla ai nel nella nei dal dalla sul sulla mio mia")

// ofLife reports whether a hard word of condition is one that lives are told with as well.
func ofLife(w string) bool {
	return w == "riserva" || w == "riserve" || anyPrefix(w, lifeStems...)
}

var lifeStems = stems(`
	alternativ approvazione autorizzazione ecce esclus momentane parzial pausa prorog provvisor rinvi sospes temporane tranne`)

// twoVerbs reports whether the sentence has a clause with a verb beside that of
// the condition at i: "se piove resto a casa", not "se il socio è d'accordo".
func (r *reader) twoVerbs(s *sentence, i int) bool {
	n := 0
	for k := i + 1; k < s.to; k++ {
		t := &r.toks[k]
		if auxiliary[t.word] && k+1 < s.to && r.tag(k+1)&tagParticiple != 0 {
			continue
		}
		if auxiliary[t.word] || r.is(k) || presentVerb[t.word] || r.tag(k)&(tagPast|tagParticiple) != 0 {
			n++
		}
	}
	return n >= 2 && r.toks[s.to-1].after&colon == 0
}

// deals reports whether a verb is one of dealing with the desk, or of deciding.
func deals(w string) bool {
	return !strings.HasPrefix(w, "pension") && anyPrefix(w, dealing...)
}

var dealing = stems(`
	accett accord autorizz avvi capit chiam cominci compr comunic contatt decid dic dir effett fa firm inizi invi mand paga pago parl part
	pass pens proced richied riparl risent risp sap scriv sent sottoscr sped succed telefon valut ved`)

// ofDesk are words that speak to the desk, or of what was just said.
var ofDesk = set(`
	avete dovete fate la lei lo meglio ne potete quella quello questa questo sapete siete tutto ve vi voi volete vostra vostre vostri
	vostro`)
