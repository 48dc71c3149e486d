package rules

import (
	"slices"
	"strings"
)

// mend puts right the words beside the form that are written as people write in
// haste, so that a sign is not missed for a letter: "aspetate" for "aspettate",
// "anke", "lassemblea" for "l'assemblea". Only words that mean nothing as they
// stand are mended, and only into words that the desk has heard of.
func (r *reader) mend() {
	for i := range r.toks {
		t := &r.toks[i]
		if t.word == "no" && t.after == 0 && i+1 < len(r.toks) && venetian[r.toks[i+1].word] {
			t.word = "non" // "no ghe so star drio"
			continue
		}
		if r.roles[i] != roleLeft || t.kind != plainWord || t.class != 0 || len(t.word) < 4 || heard[t.word] || r.names[t.word] ||
			t.capital && !t.shout && i > 0 && r.toks[i-1].after&(stop|colon|question) == 0 && t.lines == 0 {
			continue
		}
		if w := mended(t.word); w != "" {
			t.word, t.class, t.tagged = w, classOf(w), false
		}
	}
}

// venetian are words before which "no" denies the verb.
var venetian = set("ghe gh gavemo go posso podemo vojo voio xe")

const telling = danger | will | execute | asked | box | contents

// mended is what a word was meant to be, "" when it is none of those that tell.
func mended(w string) string {
	if full, found := undoubled[w]; found {
		return full
	}
	if list := undoubledStems[w[:3]]; list != nil {
		for _, s := range list {
			if rest, found := strings.CutPrefix(w, s.bare); found {
				return s.full + rest
			}
		}
	}
	if strings.Contains(w, "k") {
		if full := strings.ReplaceAll(w, "k", "ch"); classOf(full)&telling != 0 {
			return full
		}
	}
	for _, article := range elided {
		if rest, found := strings.CutPrefix(w, article); found && len(rest) > 2 && strings.ContainsRune("aeiou", rune(rest[0])) &&
			(knownWords[rest].listed|stemClass(rest))&(danger|will|contents) != 0 || found && decides[rest] {
			return rest
		}
	}
	return ""
}

// elided are the articles that people write without their apostrophe.
var elided = []string{"dell", "all", "nell", "dall", "sull", "un", "l", "d"}

// bareStem is a stem without its double consonants.
type bareStem struct{ bare, full string }

var (
	undoubled      = map[string]string{}     // words that tell, by how they look without double consonants
	undoubledStems = map[string][]bareStem{} // by their first three letters
)

// An init, for the words that are heard of are all known only when every set was
// made, wherever it stands.
func init() {
	note := func(w string) {
		bare := undouble(w)
		if bare == w || len(bare) < 4 || knownWords[bare].all != 0 || heard[bare] {
			return
		}
		if other := undoubled[bare]; other == "" || w < other { // whatever the order of the maps
			undoubled[bare] = w
		}
	}
	for w, m := range knownWords {
		if m.listed&telling != 0 {
			note(w)
		}
	}
	for w := range heard {
		note(w)
	}
	for _, list := range knownStems {
		for _, s := range list {
			if bare := undouble(s.text); s.class&telling != 0 && bare != s.text && len(bare) > 3 {
				undoubledStems[bare[:3]] = append(undoubledStems[bare[:3]], bareStem{bare, s.text})
			}
		}
	}
	for _, list := range undoubledStems {
		slices.SortFunc(list, func(a, b bareStem) int { return strings.Compare(a.full, b.full) })
	}
}

// undouble writes a word with single consonants only.
func undouble(w string) string {
	var bare []byte // of a word with a double consonant
	for i := range len(w) {
		twice := i > 0 && w[i] == w[i-1] && strings.IndexByte("aeiou", w[i]) < 0
		switch {
		case twice && bare == nil:
			bare = append(bare, w[:i]...)
		case !twice && bare != nil:
			bare = append(bare, w[i])
		}
	}
	if bare == nil {
		return w
	}
	return string(bare)
}
