package rules

import (
	"maps"
	"slices"
	"strings"
	"unicode/utf8"
)

// Found is a part of a case in which words that were looked for are.
type Found struct {
	In     string       `json:"in"` // number, mailbox, subject, or the name of a field
	Pieces []FoundPiece `json:"pieces"`
}

// FoundPiece is a piece of that part; what is long is cut, with an ellipsis.
type FoundPiece struct {
	Text  string `json:"text"`
	Found bool   `json:"found,omitempty"`
}

// beside is how many bytes around a word that was found are shown.
const beside = 40

// Where says in which parts of a case it finds what, in the order a person reads
// them. A case that it does not find, or an empty search, gives nothing.
func (s Search) Where(c *Case) (out []Found) {
	if len(s) == 0 || !s.Finds(c) {
		return nil
	}
	if year, number := c.number(); slices.ContainsFunc(s, func(n Needle) bool { return n.Numbered(year, number) }) {
		out = append(out, Found{"number", []FoundPiece{{c.ID, true}}})
	}
	add := func(in, text string) {
		if p := s.pieces(text); p != nil {
			out = append(out, Found{in, p})
		}
	}
	add("mailbox", c.Mailbox)
	add("subject", c.Subject)
	for _, name := range slices.Sorted(maps.Keys(c.Fields)) {
		if v := c.Fields[name]; !strings.EqualFold(v, c.Mailbox) { // said already
			add(name, v)
		}
	}
	return out
}

// pieces cuts a text at the words that are found in it; nil: none is.
func (s Search) pieces(text string) (out []FoundPiece) {
	n, at := 0, 0
	eachWord(text, func(word []byte, start, end int) bool {
		n++
		if slices.ContainsFunc(s, func(x Needle) bool { return x.Word != "" && strings.HasPrefix(string(word), x.Word) }) {
			if start > at {
				out = append(out, FoundPiece{Text: between(text[at:start], at == 0)})
			}
			out, at = append(out, FoundPiece{text[start:end], true}), end
		}
		return n < mostWords
	})
	if out != nil && at < len(text) {
		out = append(out, FoundPiece{Text: upTo(text[at:], beside)})
	}
	return out
}

// between is what stands before a word that was found, first of all or after another.
func between(text string, first bool) string {
	switch {
	case first:
		return lastOf(text, beside)
	case len(text) <= 2*beside:
		return text
	}
	return upTo(text, beside) + lastOf(text, beside)[len("…"):]
}

func upTo(text string, most int) string {
	if len(text) <= most {
		return text
	}
	for most > 0 && !utf8.RuneStart(text[most]) {
		most--
	}
	return text[:most] + "…"
}

func lastOf(text string, most int) string {
	if len(text) <= most {
		return text
	}
	from := len(text) - most
	for from < len(text) && !utf8.RuneStart(text[from]) {
		from++
	}
	return "…" + text[from:]
}
