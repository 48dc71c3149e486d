package rules

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// Form is a text a customer is told to send, with blanks (modulo).
type Form struct {
	Text string // as the customer reads it, the blanks ruled

	blanks  []Blank
	parts   []part // the items, in the pieces that people move
	items   []item // the folded words and blanks, from the first word that tells
	words   int    // fixed words among them that must be there
	telling int    // … and those of the optional parts too
	known   map[string]bool
}

// item is a fixed word of a form or a blank.
type item struct {
	word   string
	number int  // of the word among those of all forms (Set.numbered); 0: none
	blank  int  // index of the blank; -1: a word
	weak   bool // an article or preposition, or a word that people leave out
	class  class
	open   int        // >0: an optional part of so many items begins here
	same   []string   // words that mean the same (variants)
	turns  [][]string // … and turns of several words (formTurns)
}

// ParseForm reads a form, its blanks written {name}. A part in round brackets
// whose blanks are all optional may be left out whole by the customer.
func ParseForm(text string, blanks []Blank) (*Form, error) {
	f := &Form{blanks: blanks, known: map[string]bool{}}
	var shown strings.Builder
	used := make([]bool, len(blanks))
	group := -1 // where the open bracket's items begin
	commas := map[int]bool{}
	rest := text
	for rest != "" {
		literal, after, found := strings.Cut(rest, "{")
		group = f.literal(literal, group, commas)
		shown.WriteString(literal)
		if !found {
			break
		}
		name, tail, closed := strings.Cut(after, "}")
		n := slices.IndexFunc(blanks, func(b Blank) bool { return b.Name == strings.TrimSpace(name) })
		switch {
		case !closed:
			return nil, errors.New("a { without its } — write each blank as {name}")
		case n < 0:
			return nil, fmt.Errorf("{%s} is no [[blank]] of the procedure — add it, or correct the name", name)
		case used[n]:
			return nil, fmt.Errorf("{%s} stands twice in the form — a blank is filled once", name)
		case len(f.items) > 0 && f.items[len(f.items)-1].blank >= 0:
			return nil, fmt.Errorf("{%s} follows another blank with no word between — nobody could tell them apart", name)
		}
		used[n] = true
		f.items = append(f.items, item{blank: n})
		shown.WriteString(rule(blanks[n]))
		rest = tail
	}
	for i, b := range blanks {
		if !used[i] {
			return nil, fmt.Errorf("blank %q is not in the form — write {%s} where its value goes", b.Name, b.Name)
		}
	}
	f.Text = strings.TrimSpace(shown.String())
	return f, f.finish(commas)
}

// rule is how a blank is printed.
func rule(b Blank) string {
	return cmp.Or(kindOf(b.Kind).printed, "__________")
}

// literal adds the fixed words of a piece of the form, and closes or opens its
// bracketed part; commas gathers the items that a comma follows.
func (f *Form) literal(s string, group int, commas map[int]bool) int {
	for s != "" {
		n := strings.IndexAny(s, "()")
		piece := s
		if n >= 0 {
			piece = s[:n]
		}
		for _, t := range tokenize(piece, nil) {
			f.items = append(f.items, item{word: t.word, blank: -1, class: classOf(t.word), weak: t.class&weak != 0 || leftOut[t.word], same: variants[t.word], turns: formTurns[t.word]})
			f.known[t.word] = true
			if t.after&comma != 0 {
				commas[len(f.items)-1] = true
			}
		}
		switch {
		case n < 0:
			return group
		case s[n] == '(':
			group = len(f.items)
		case group >= 0 && f.optional(group):
			f.items[group].open = len(f.items) - group
			group = -1
		}
		s = s[n+1:]
	}
	return group
}

// optional reports whether the part from the item start has blanks, all optional.
func (f *Form) optional(start int) bool {
	blanks := 0
	for _, it := range f.items[start:] {
		if it.blank >= 0 {
			if !f.blanks[it.blank].Optional {
				return false
			}
			blanks++
		}
	}
	return blanks > 0
}

func (f *Form) finish(commas map[int]bool) error {
	first := slices.IndexFunc(f.items, func(it item) bool { return it.blank < 0 && !it.weak })
	blank := slices.IndexFunc(f.items, func(it item) bool { return it.blank >= 0 })
	if first < 0 || blank >= 0 && blank < first {
		return errors.New("the form must begin with fixed words — write e.g. \"Il sottoscritto {titolare} …\"")
	}
	if f.items[first].open > 0 {
		return errors.New("the form must not begin with a part that may be left out")
	}
	f.items = f.items[first:] // "Il", "La", "Io": any of them may stand before
	for i := range f.items {
		commas[i] = commas[i+first]
	}
	f.cut(commas)
	for i := range f.items {
		f.telling += count(f.items[i].blank < 0 && !f.items[i].weak)
	}
	for i := 0; i < len(f.items); i++ {
		if f.items[i].open > 0 {
			i += f.items[i].open - 1
			continue
		}
		if f.items[i].blank < 0 && !f.items[i].weak {
			f.words++
		}
	}
	if f.words < 3 {
		return errors.New("the form has fewer than three words to be known by — write it out")
	}
	return nil
}
