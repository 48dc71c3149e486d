package rules

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Search is what a person looks for: a case is found when every part of it is
// met by the case. The zero value finds every case.
type Search []Needle

// Needle is one part of a search: a word of the case (of its mailbox, subject
// or fields) begins with Word, or its number lies between First and Last, of
// Year if one is named.
type Needle struct {
	Word        string
	Year        int
	First, Last int // Last 0: no number
}

// Bounds of what is looked for, and of what can be found by its words.
const (
	mostNeedles = 12
	longestWord = 24 // bytes; what is longer is cut, here and there
	mostWords   = 24 // of a mailbox, a subject, a field
)

// ParseSearch reads what a person typed: protocol numbers, whole or their
// beginning (2026-0001), numbers alone (123, of any year), and words, of which
// the beginning is enough (ross, mario.rossi@pec). Case and accents do not count.
func ParseSearch(text string) (s Search) {
	for _, part := range strings.Fields(text) {
		if n, ok := protocolNeedle(part); ok {
			s = append(s, n)
			continue
		}
		eachWord(part, func(word []byte, _, _ int) bool {
			n := Needle{Word: string(word)}
			if num, err := strconv.Atoi(n.Word); err == nil && num > 0 && len(n.Word) < 9 {
				n.First, n.Last = num, num
			}
			s = append(s, n)
			return len(s) < mostNeedles
		})
		if len(s) >= mostNeedles {
			break
		}
	}
	return s
}

// protocolNeedle reads a protocol number or the beginning of one: 2026-0001 is
// every number from 2026-000100 to 2026-000199.
func protocolNeedle(s string) (n Needle, ok bool) {
	year, number, ok := strings.Cut(s, "-")
	if !ok || len(year) != 4 || len(number) == 0 || len(number) > 8 {
		return n, false
	}
	y, err := strconv.ParseUint(year, 10, 16)
	num, err2 := strconv.ParseUint(number, 10, 32)
	if err != nil || err2 != nil {
		return n, false
	}
	n = Needle{Year: int(y), First: int(num), Last: int(num)}
	for range 6 - len(number) {
		n.First, n.Last = n.First*10, n.Last*10+9
	}
	return n, true
}

// Numbered reports whether a case number meets the needle.
func (n Needle) Numbered(year, number int) bool {
	return n.Last > 0 && number >= n.First && number <= n.Last && (n.Year == 0 || n.Year == year)
}

// Finds reports whether the search finds the case.
func (s Search) Finds(c *Case) bool {
	if len(s) == 0 {
		return true
	}
	var left [mostNeedles]bool // those not met yet
	open := 0
	year, number := c.number()
	for i, n := range s[:min(len(s), mostNeedles)] {
		if !n.Numbered(year, number) {
			left[i] = true
			open++
		}
	}
	if open == 0 {
		return true
	}
	c.Words(func(word []byte) bool {
		for i, n := range s[:min(len(s), mostNeedles)] {
			if left[i] && n.Word != "" && len(word) >= len(n.Word) && string(word[:len(n.Word)]) == n.Word {
				left[i] = false
				open--
			}
		}
		return open > 0
	})
	return open == 0
}

// number is the year and the number of a protocol number, zero for another ID.
func (c *Case) number() (year, number int) {
	y, n, _ := strings.Cut(c.ID, "-")
	year, err := strconv.Atoi(y)
	number, err2 := strconv.Atoi(n)
	if err != nil || err2 != nil {
		return 0, 0
	}
	return year, number
}

// Words calls fn with the words a case can be found by: of its mailbox, its
// subject and its fields, folded; the same word may come more than once. fn
// must not keep the word, and ends the walk by false.
func (c *Case) Words(fn func(word []byte) bool) {
	more, n := true, 0
	each := func(word []byte, _, _ int) bool {
		n++
		more = more && fn(word)
		return more && n < mostWords
	}
	eachWord(c.Mailbox, each)
	if n = 0; more {
		eachWord(c.Subject, each)
	}
	for _, v := range c.Fields {
		if n = 0; !more {
			return
		}
		eachWord(v, each)
	}
}

// eachWord calls fn with the runs of letters and digits of s, in lower case
// and without accents, at most longestWord bytes of each, and where in s each
// begins and ends, until fn returns false.
func eachWord(s string, fn func(word []byte, start, end int) bool) {
	var room [longestWord + utf8.UTFMax]byte
	word, start := room[:0], 0
	for i := 0; i <= len(s); {
		at, inside := i, false
		if i < len(s) && s[i] < utf8.RuneSelf {
			b := s[i]
			i++
			if 'A' <= b && b <= 'Z' {
				b |= 0x20
			}
			if 'a' <= b && b <= 'z' || '0' <= b && b <= '9' {
				if len(word) == 0 {
					start = at
				}
				if len(word) < longestWord {
					word = append(word, b)
				}
				continue
			}
		} else if i < len(s) {
			r, size := utf8.DecodeRuneInString(s[i:])
			i += size
			if len(word) == 0 {
				start = at
			}
			if word, inside = appendFolded(word, r); inside {
				continue
			}
		} else {
			i++
		}
		if len(word) > 0 && !fn(word, start, at) {
			return
		}
		word = room[:0]
	}
}

// appendFolded appends a rune beyond ASCII, folded; false: it ends a word.
func appendFolded(word []byte, r rune) ([]byte, bool) {
	switch {
	case int(r) < len(latin) && latin[r] != 0:
		if len(word) < longestWord {
			word = append(word, latin[r])
		}
		return word, true
	case invisible(r):
		return word, true
	case !unicode.IsLetter(r) && !unicode.IsDigit(r):
		return word, false
	}
	for _, d := range norm.NFKD.String(string(r)) {
		if d = unicode.ToLower(d); (unicode.IsLetter(d) || unicode.IsDigit(d)) && len(word)+utf8.RuneLen(d) <= longestWord {
			word = utf8.AppendRune(word, d)
		}
	}
	return word, true
}
