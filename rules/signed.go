package rules

import "slices"

// signedBelow takes the name with which the letter is signed, where the form has
// none: "Il sottoscritto, titolare della casella …", or "Richiedo …", and below it
// "Mario Rossi". The registry tells whether he is the holder.
func (r *reader) signedBelow(b Blank) bool {
	if slices.Contains(r.al.missing, "sottoscritto") && !r.speaksForHimself() ||
		slices.ContainsFunc(r.toks[r.al.from:min(len(r.toks), r.al.from+4)], func(t token) bool { return t.kind == filler || t.after&ruled != 0 }) {
		return false // who is asked to write his name on a line writes it there
	}
	for from := r.al.to; from < len(r.toks); {
		_, to := r.lineOf(from)
		if r.toks[from].lines > 0 {
			if first := r.nameAlone(from, to); first >= 0 {
				v := filled{from: first, to: to, text: trimValue(raw(r.own.text, r.toks, first, to))}
				r.out.Fields[b.Name] = v.text
				r.remember(v)
				r.signed = true
				return true
			}
		}
		from = to
	}
	return false
}

// speaksForHimself reports whether the form lacks "sottoscritto" because it is in the
// first person, and begins its sentence: "Richiedo …".
func (r *reader) speaksForHimself() bool {
	i := r.al.from
	for i > 0 && r.toks[i].lines == 0 && r.toks[i-1].after&(stop|comma|colon) == 0 && (r.toks[i-1].class&weak != 0 || among(r.toks[i-1].word, "qualita", "presente", "sono")) {
		i--
	}
	if i > 0 && r.toks[i].lines == 0 && r.toks[i-1].after&(stop|comma|colon) == 0 {
		return false
	}
	for _, w := range r.al.wants {
		if among(r.toks[w.token].word, "richiedo", "chiedo", "dichiaro", "comunico") {
			return true
		}
	}
	return false
}

// nameAlone is where a person's name begins in a line [from, to) that has nothing
// else but titles: two to four words, a first name among them; -1: it has none.
func (r *reader) nameAlone(from, to int) int {
	for from < to && r.toks[from].class&title != 0 {
		from++
	}
	if n := to - from; n < 2 || n > 4 {
		return -1
	}
	first := false
	for i := from; i < to; i++ {
		t := &r.toks[i]
		if t.kind != plainWord || !t.capital || t.class&^title != 0 && !given[t.word] || r.tag(i)&(tagYou|tagConditional) != 0 || i+1 < to && t.after&(comma|colon|stop) != 0 {
			return -1
		}
		first = first || given[t.word]
	}
	if !first {
		return -1
	}
	return from
}
