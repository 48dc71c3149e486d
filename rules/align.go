package rules

import "strings"

// role is what a token of the own text was found to be.
type role uint8

const (
	roleLeft     role = iota // not yet explained
	roleForm                 // a fixed word of the form
	roleTypo                 // a fixed word, written otherwise
	roleBlank                // a value
	roleCourtesy             // harmless
	roleOver                 // left over: nobody knows what it means
	roleSign                 // a danger sign
)

// alignment is a form found in a text.
type alignment struct {
	procedure  *Procedure
	form       *Form
	from, to   int      // tokens
	values     [][2]int // tokens of each blank
	wants      []want   // fixed words written otherwise
	missing    []string // fixed words that are not there and should be
	similarity float64
	cost       int32 // of all that differs, in hundredths of a word
}

// want is the form's word for a token that differs, or for so many from it.
type want struct {
	token int
	word  string
	n     int
}

// alike is the similarity from which a text that is not the form is still an
// altered form, and so a case for a person.
const alike = 0.5

// whole reports whether nothing that matters of the form is missing.
func (a *alignment) whole() bool { return len(a.missing) == 0 && len(a.wants) <= a.form.words }

// begin forgets what an earlier try found of form f.
func (a *alignment) begin(f *Form) {
	a.values, a.wants, a.missing = a.values[:0], a.wants[:0], nil
	for range f.blanks {
		a.values = append(a.values, [2]int{-1, -1})
	}
}

// walker finds a form word for word: the fast path of every plain request.
type walker struct {
	form  *Form
	toks  []token
	roles []role
	a     *alignment
	ends  func(kind *blankKind, j int) int // of a value, where no words are sure to follow; nil: the form's next words end it
}

// find looks for the form in toks from the token at, and returns where it
// ends; roles and a are set only when it is there.
func (w *walker) find(at int) bool {
	first := &w.form.items[0]
	for j := at; j < len(w.toks); j++ {
		if first.said(w.toks[j:]) == 0 {
			continue
		}
		w.a.begin(w.form)
		end, ok := w.sequence(0, len(w.form.items), j, false)
		if ok {
			w.a.form, w.a.from, w.a.to, w.a.similarity = w.form, j, end, 1
			return true
		}
		clear(w.roles[j:])
	}
	return false
}

// sequence matches items[i:end] to the tokens from j, and returns the token
// after; inside says that they are an optional part taken as there.
func (w *walker) sequence(i, end, j int, inside bool) (int, bool) {
	extra := 0
	for i < end {
		it := &w.form.items[i]
		if it.open > 0 && !inside {
			if next, ok := w.sequence(i, i+it.open, j, true); ok {
				j = next
			} else {
				w.forget(i, i+it.open, j)
			}
			i += it.open
			continue
		}
		n := 0
		if it.blank < 0 && j < len(w.toks) {
			n = it.said(w.toks[j:])
		}
		switch {
		case it.blank >= 0:
			next, ok := w.blank(i, end, j)
			if !ok {
				return 0, false
			}
			w.a.values[it.blank] = [2]int{j, next}
			for ; j < next; j++ {
				w.roles[j] = roleBlank
			}
			i++
		case n > 0:
			if w.toks[j].word != it.word {
				w.a.wants = append(w.a.wants, want{j, it.word, n})
			}
			i++
			for ; n > 0; n-- {
				w.roles[j] = roleForm
				j++
			}
		case it.weak:
			i++
		case j < len(w.toks) && listMark(&w.toks[j]):
			w.roles[j] = roleForm
			j++
		case j < len(w.toks) && extra < 3 && w.toks[j].class&weak != 0 && w.toks[j].word != "cui":
			w.roles[j] = roleForm
			extra++
			j++
		default:
			return 0, false
		}
	}
	return j, true
}

// forget undoes an optional part that was begun and not found.
func (w *walker) forget(i, end, j int) {
	for _, it := range w.form.items[i:end] {
		if it.blank >= 0 {
			w.a.values[it.blank] = [2]int{-1, -1}
		}
	}
	clear(w.roles[j:])
	for n := len(w.a.wants); n > 0 && w.a.wants[n-1].token >= j; n-- {
		w.a.wants = w.a.wants[:n-1]
	}
}

// blank finds where the value that begins at j ends: before the next words of the form.
func (w *walker) blank(i, end, j int) (int, bool) {
	kind := kindOf(w.form.blanks[w.form.items[i].blank].Kind)
	if w.ends != nil {
		return w.ends(kind, j), true
	}
	if i+1 == len(w.form.items) || i+1 == end {
		return tail(kind, w.toks, j), true
	}
	for k := j; k <= len(w.toks) && k-j <= kind.width; k++ {
		if k < len(w.toks) && kind.Name == kindPerson && w.form.items[0].said(w.toks[k:]) > 0 && !(k > j && of[w.toks[k-1].word]) {
			return 0, false // the form begins there; but "amministratore della scrivente"
		}
		if w.starts(i+1, k) {
			return k, true
		}
	}
	if it := &w.form.items[i+1]; it.open > 0 && i+1+it.open == end { // the form ends with what may be left out
		return tail(kind, w.toks, j), true
	}
	return 0, false
}

// starts reports whether the words from item i stand at token k: the first
// three that matter, or all up to the next blank; where none before it matters, "al", each.
func (w *walker) starts(i, k int) bool {
	if i == len(w.form.items) {
		return false
	}
	if it := w.form.items[i]; it.open > 0 && i+it.open < len(w.form.items) && w.starts(i+it.open, k) {
		return true
	}
	strong, said, extra := 0, 0, 0
	for ; i < len(w.form.items) && strong < 3; i++ {
		it := &w.form.items[i]
		if it.blank >= 0 && strong == 0 {
			return said > 0
		}
		if it.blank >= 0 || strong > 0 && it.open > 0 {
			break
		}
		for k < len(w.toks) && (listMark(&w.toks[k]) || strong > 0 && it.said(w.toks[k:]) == 0 && !it.weak && w.toks[k].class&weak != 0 && extra < 3) {
			extra += count(!listMark(&w.toks[k]))
			k++
		}
		switch n := it.said(w.toks[min(k, len(w.toks)):]); {
		case n > 0:
			k += n
			said++
			if !it.weak {
				strong++
			}
		case !it.weak:
			return false
		}
	}
	return strong > 0
}

// listMark reports whether a token numbers an item of a list: "2)", "3.".
func listMark(t *token) bool {
	return len(t.word) == 1 && t.lines > 0 && (t.kind == number && t.after&(closing|stop) != 0 || t.after&closing != 0)
}

// dayAt is how many tokens from j are one day, "31 dicembre 2025"; 0: none begins there.
func dayAt(toks []token, j int) int {
	_, n := dateAt(toks[j:])
	return n
}

// tail is the end of a value with no words of the form after it.
func tail(kind *blankKind, toks []token, j int) int {
	switch {
	case kind.Name == kindDate && dayAt(toks, j) > 0:
		return j + dayAt(toks, j)
	case kind.code:
		k := j
		for k < len(toks) && k-j < kind.width && (toks[k].class&weak != 0 || toks[k].kind == filler) && toks[k].lines == 0 {
			k++
			if toks[k-1].kind == filler || toks[k-1].after&closing != 0 {
				return k
			}
		}
		if k < len(toks) && noCase(kind.Name, toks[k].word) {
			return k + 1
		}
		if k == len(toks) || toks[k].kind != number && !(toks[k].shout && toks[k].after&glued != 0) {
			return j
		}
		for k++; k < len(toks) && toks[k-1].after&glued != 0 && toks[k-1].after&(stop|comma|closing) == 0; k++ {
		}
		return k
	case kind.Name == kindMailbox:
		if j < len(toks) && toks[j].kind == address {
			return j + 1
		}
		return j
	}
	k := j
	for k < len(toks) && k-j < kind.width && (k == j || toks[k].lines == 0) {
		k++
		if toks[k-1].after&stop != 0 {
			break
		}
	}
	return k
}

// raw is the text of tokens [from, to).
func raw(s string, toks []token, from, to int) string {
	if from < 0 || from >= to {
		return ""
	}
	return s[toks[from].start:toks[to-1].end]
}

// joined is raw without blanks, quotes and the underscores of the form.
func joined(s string, toks []token, from, to int) string {
	text := strings.Join(strings.Fields(raw(s, toks, from, to)), "")
	return strings.Trim(text, "_*\"'«»“”‘’<>()[].,;: ")
}
