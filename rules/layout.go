package rules

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

const (
	lineWidth   = 76  // RFC 5322 §2.1.1 recommends 78; quoting takes two
	maxValue    = 200 // runes of a customer's value in a letter
	maxSubject  = 120 // runes of the customer's subject in ours
	maxFreeText = 20000
)

// hidden reports whether r shows nothing, or changes what is around it: it
// could hide a second meaning in a subject or a name (Unicode TR 36).
func hidden(r rune) bool {
	switch {
	case r == utf8.RuneError, unicode.IsControl(r), unicode.Is(unicode.Bidi_Control, r):
		return true
	case r == '\u00ad', r == '\u2028', r == '\u2029', r == '\ufeff':
		return true
	case r >= '\u200b' && r <= '\u200f', r >= '\u2060' && r <= '\u206f', r >= 0xe0000 && r <= 0xe007f:
		return true
	}
	return unicode.Is(unicode.Co, r) || unicode.Is(unicode.Cs, r)
}

// clean makes s one line: no control, bidi or invisible character, single
// spaces. A header made of it cannot hold a second header.
func clean(s string) string {
	if plain(s) {
		return s
	}
	return strings.Join(strings.Fields(strings.Map(visible, s)), " ")
}

// plain reports whether s is already what clean makes of it, for the common
// case of printable ASCII.
func plain(s string) bool {
	space := true // a leading one would be cut
	for i := range len(s) {
		c := s[i]
		if c < ' ' || c > '~' || c == ' ' && space {
			return false
		}
		space = c == ' '
	}
	return s == "" || !space
}

func visible(r rune) rune {
	switch {
	case r == '\r' || r == '\n' || r == '\t' || r == '\v' || r == '\f' || r == '\u2028' || r == '\u2029':
		return ' '
	case hidden(r):
		return -1
	}
	return r
}

// value is a customer's value as a letter may repeat it.
func value(s string) string { return short(clean(s), maxValue) }

// short cuts s to n runes.
func short(s string, n int) string {
	if utf8.RuneCountInString(s) <= n {
		return s
	}
	return strings.TrimSpace(string([]rune(s)[:n-1])) + "…"
}

// paragraphs is free text of an operator: lines kept, nothing hidden.
func paragraphs(s string) string {
	s = strings.ReplaceAll(strings.ReplaceAll(s, "\r\n", "\n"), "\r", "\n")
	lines := strings.Split(s, "\n")
	for i, l := range lines {
		lines[i] = clean(l)
	}
	return short(strings.TrimSpace(strings.Join(lines, "\n")), maxFreeText)
}

// layout makes a letter of what a template gave: every line is a paragraph
// and is folded at 76 columns with its own indent; empty lines are single.
func layout(s string) string {
	var b strings.Builder
	b.Grow(len(s) + len(s)/16)
	empty := true // nothing before the first line
	for line := range strings.SplitSeq(strings.ReplaceAll(s, "\r\n", "\n"), "\n") {
		line = strings.TrimRightFunc(line, unicode.IsSpace)
		if line == "" {
			if !empty {
				b.WriteByte('\n')
			}
			empty = true
			continue
		}
		fold(&b, line)
		empty = false
	}
	text := strings.TrimRight(b.String(), "\n")
	if text == "" {
		return "\n"
	}
	return b.String()[:len(text)+1] // what is folded ends its line
}

// fold writes one paragraph; what follows "- " hangs under its first word.
func fold(b *strings.Builder, line string) {
	text := strings.TrimLeft(line, " ")
	indent := line[:len(line)-len(text)]
	if !spaced(text) {
		text = strings.Join(strings.Fields(text), " ")
	}
	hang := indent
	if strings.HasPrefix(text, "- ") {
		hang += "  "
	}
	for ; text != ""; indent = hang {
		n := fitting(text, lineWidth-len(indent))
		b.WriteString(indent)
		b.WriteString(text[:n])
		b.WriteByte('\n')
		text = strings.TrimPrefix(text[n:], " ")
	}
}

// spaced reports whether single spaces, and nothing else, part the words of a
// text that neither begins nor ends with one.
func spaced(text string) bool {
	before := byte(0)
	for _, c := range []byte(text) {
		if c < ' ' || c == ' ' && before == ' ' || before == 0xc2 && (c == 0x85 || c == 0xa0) {
			return false
		}
		before = c
	}
	return before != ' '
}

// fitting is how many bytes of text go on a line of width runes: whole words,
// and one word at least.
func fitting(text string, width int) (n int) {
	runes := 0
	for i, r := range text {
		if r == ' ' {
			n = i
		}
		if runes++; runes > width && n > 0 {
			return n
		}
	}
	if runes > width && n > 0 {
		return n
	}
	return len(text)
}
