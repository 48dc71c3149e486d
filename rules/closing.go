package rules

import "strings"

// soften forgives unknown words where the sentence they stand in is plainly a
// greeting, thanks, or a line of a signature. It never touches a danger sign, a
// word of asking or one of our own things: those are left to a person.
func (r *reader) soften() {
	if r.al.form == nil {
		return
	}
	signature := false
	for from := 0; from < len(r.toks); {
		to := from + 1
		for to < len(r.toks) && !r.sentenceEnds(to) {
			to++
		}
		signature = signature && from >= r.al.to || from >= r.al.to && r.closes(from, to)
		if r.mild(from, to, signature) {
			for k := from; k < to; k++ {
				if r.roles[k] == roleOver {
					r.roles[k] = roleCourtesy
				}
			}
		}
		from = to
	}
}

// sentenceEnds reports whether a new sentence or line begins at token i.
func (r *reader) sentenceEnds(i int) bool {
	return r.toks[i-1].after&stop != 0 || r.toks[i].lines > 1 || r.toks[i].lines == 1 && (r.toks[i].capital || r.toks[i-1].after&comma != 0) ||
		(r.roles[i] == roleForm) != (r.roles[i-1] == roleForm)
}

// closes reports whether the sentence ends the letter: what follows is a signature.
func (r *reader) closes(from, to int) bool {
	names := 0
	for i := from; i < to; i++ {
		t := &r.toks[i]
		if t.class&goodbye != 0 {
			return true
		}
		if r.names[t.word] || t.class&title != 0 {
			names++
		}
	}
	return names == to-from
}

// mild reports whether the unknown words of a sentence are few and no verbs,
// and the rest of it is courtesy or a signature.
func (r *reader) mild(from, to int, signature bool) bool {
	unknown, anchors := 0, 0
	for i := from; i < to; i++ {
		t := &r.toks[i]
		switch r.roles[i] {
		case roleSign, roleForm, roleTypo, roleBlank:
			return false
		case roleOver:
			if t.kind != plainWord || t.class&^notice != 0 || verbLike(t.word) || verbEnding(t.word) || i > from && clitic(r.toks[i-1].word, t.word) {
				return false
			}
			unknown++
		}
		if t.class&(goodbye|thanks) != 0 || signature && (t.capital || t.class&(contact|capacity) != 0 || t.kind == number) || greeting[t.word] {
			anchors++
		}
		if t.class&wish != 0 && t.class&polite == 0 {
			return false
		}
	}
	first := from == 0 && to <= 4
	if unknown == 0 || unknown > 3 || unknown > 2 && !signature {
		return false
	}
	return anchors > 0 && (!signature || r.toks[from].capital || r.toks[from].class&contact != 0) || first && unknown <= 2
}

// greeting are words that make a sentence a greeting.
var greeting = map[string]bool{"buongiorno": true, "buonasera": true, "salve": true, "gentile": true, "gentili": true, "spett": true, "spettle": true,
	"spettabile": true, "egregi": true, "egregio": true, "auguri": true, "attenzione": true, "cordiali": true, "distinti": true, "cordialmente": true,
	"ciao": true, "giornata": true, "oggetto": true, "serata": true, "lavoro": true, "feste": true}

// verbEnding reports whether a word looks like an infinitive, a future or an
// imperfect: a sentence with one says more than a greeting.
func verbEnding(w string) bool {
	if len(w) < 4 {
		return false
	}
	for _, end := range []string{"are", "ere", "ire", "arla", "erla", "irla", "arlo", "erlo", "arli", "ero", "aro", "iro", "era", "ara", "ira", "remo", "ranno", "vamo", "asse", "esse", "isse", "assi", "essi", "issi"} {
		if strings.HasSuffix(w, end) {
			return true
		}
	}
	return false
}

// clitic reports whether two words read as "la riapro", "vi chiamo".
func clitic(before, w string) bool {
	switch before {
	case "la", "lo", "li", "le", "mi", "vi", "ci", "ne", "io":
		return strings.HasSuffix(w, "o")
	}
	return false
}

// signedBy notes a message signed by somebody else than the form names: a
// first line of signature that is a name, and shares no word with the
// person's, his firm's or the mailbox's.
func (r *reader) signedBy() {
	if r.al.form == nil || len(r.names) == 0 {
		return
	}
	for i := r.al.to; i < len(r.toks); i++ {
		if r.toks[i].class&goodbye == 0 {
			continue
		}
		for i++; i < len(r.toks) && r.toks[i].lines == 0; i++ {
		}
		from := i
		for i < len(r.toks) && (i == from || r.toks[i].lines == 0) {
			i++
		}
		if r.stranger(from, i) {
			r.warn("third-person", from, i)
		}
		return
	}
}

func (r *reader) stranger(from, to int) bool {
	if to-from < 2 || to-from > 3 {
		return false
	}
	for i := from; i < to; i++ {
		t := &r.toks[i]
		if t.kind != plainWord || !t.capital || t.class != 0 || r.names[t.word] || len(t.word) > 2 && strings.Contains(r.sender, t.word) {
			return false
		}
	}
	return true
}
