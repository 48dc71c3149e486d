package rules

import (
	"slices"
	"strings"
)

// recognised are the procedures whose words are in the subject or the text.
func (r *reader) recognised() []string {
	var names []string
	for _, p := range r.set.Procedures {
		if (p.Decide != "guide" || r.inquires()) && slices.ContainsFunc(p.Signs, r.fits) {
			names = append(names, p.Name)
		}
	}
	return names
}

// guideAmong is the one procedure of several that only explains, when the message
// only asks; nil when there is none or more than one.
func (r *reader) guideAmong(names []string) (guide *Procedure) {
	for _, name := range names {
		if p := r.set.Procedure(name); p.Decide == "guide" && r.inquires() {
			if guide != nil {
				return nil
			}
			guide = p
		}
	}
	return guide
}

// inquires reports whether the message only asks how something is done: it has
// a question, and nothing that declares, claims or orders. A leaflet in answer
// to a request would be a refusal.
func (r *reader) inquires() bool {
	asks := false
	for _, toks := range [][]token{r.subject, r.toks} {
		for i := range toks {
			t := &toks[i]
			asks = asks || t.after&question != 0 || inquiring[t.word] || anyPrefix(t.word, "spieg", "informaz", "istruzion")
			if anyPrefix(t.word, "sottoscritt", "scrivent", "dichiar", "recess", "reced", "rimbors", "storn", "ripens", "restitu", "diffid", "revoc") ||
				t.class&execute != 0 && endingOf(t)&(tagYou|tagYouPlural) != 0 && !(i > 0 && determiner[toks[i-1].word]) {
				return false
			}
		}
	}
	return asks
}

var inquiring = set(`
	capire chiederei chiedo come conoscere cosa dirmi domando dove how indicarmi modalita passaggi possiamo posso procedura quale quando quanto sapere succede
	vorrei`)

func (r *reader) fits(g Recognise) bool {
	for _, choice := range g.All {
		if !r.has(choice, g.Where) {
			return false
		}
	}
	for _, choice := range g.None {
		if r.has(choice, g.Where) {
			return false
		}
	}
	return len(g.All) > 0
}

// has reports whether one of the choices ("a|b*|c d") is there.
func (r *reader) has(choice, where string) bool {
	for pattern := range strings.SplitSeq(choice, "|") {
		words := strings.Fields(pattern)
		if where != "text" && hasWords(r.subject, words) || where != "subject" && hasWords(r.toks, words) {
			return true
		}
	}
	return false
}

func hasWords(toks []token, words []string) bool {
	if len(words) == 0 {
		return false
	}
	for i := 0; i+len(words) <= len(toks); i++ {
		found := true
		for k, w := range words {
			stem, open := strings.CutSuffix(w, "*")
			got := toks[i+k].word
			if got == "nn" {
				got = "non"
			}
			if got != w && !(open && strings.HasPrefix(got, stem)) {
				found = false
				break
			}
		}
		if found {
			return true
		}
	}
	return false
}
