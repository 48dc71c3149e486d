package rules

import (
	"strings"
	"unicode/utf8"
)

// maxText bounds the text that is read for a request. A request is a page at
// most; what is longer is for a person.
const maxText = 32 << 10

// own is the writer's own text and what was cut from it.
type own struct {
	text      string
	quoted    string // what he quotes or forwards, without its marks
	signature string // what stands under "-- "
	forwarded bool   // a forward, by its own mark
}

// ownText is the writer's own part of a plain text: without quoted lines, what
// follows the mark of a reply or a forward, and the signature after "-- "
// (procedures §2.1). When nothing is cut it is the text itself.
func ownText(s string) own {
	var (
		o      own
		kept   strings.Builder
		quoted strings.Builder
		cut    bool // something was cut: kept holds the text
		from   int  // of the lines not yet copied to kept
	)
	drop := func(start, end int) {
		kept.WriteString(s[from:start])
		cut, from = true, end
	}
	for at := 0; at < len(s); {
		next := lineEnd(s, at)
		line := strings.TrimSpace(s[at:next])
		switch markOf(line) {
		case markQuoted:
			quoted.WriteString(unquote(line))
			quoted.WriteByte('\n')
			drop(at, next)
		case markSignature:
			if isSeparator(s[at:next]) {
				o.signature = s[at:]
				drop(at, len(s))
				next = len(s)
			}
		case markMaybe:
			end, forwarded, found := quoteHead(s, at)
			if !found {
				break
			}
			o.forwarded = o.forwarded || forwarded
			if quotedFollows(s[end:]) && !forwarded {
				drop(at, end)
				next = end
				break
			}
			quoted.WriteString(s[end:])
			drop(at, len(s))
			next = len(s)
		}
		at = next
	}
	if cut {
		kept.WriteString(s[from:])
		s = kept.String()
	}
	o.text, o.quoted = strings.TrimSpace(s), quoted.String()
	return o
}

func lineEnd(s string, at int) int {
	if n := strings.IndexByte(s[at:], '\n'); n >= 0 {
		return at + n + 1
	}
	return len(s)
}

type lineMark uint8

const (
	markNone lineMark = iota
	markQuoted
	markSignature
	markMaybe // the first letters of an attribution or a header of a quoted message
)

// markOf tells by the first bytes of a line whether it is worth a look.
func markOf(line string) lineMark {
	if line == "" {
		return markNone
	}
	switch line[0] {
	case '>':
		if strings.HasSuffix(strings.TrimRight(line, " \t\r\n"), "<") {
			return markNone // ">>> from 1 January only to this address <<<"
		}
		return markQuoted
	case '-', '_', '*':
		if isSeparator(line) {
			return markSignature
		}
		return markMaybe
	case 'I', 'i', 'O', 'o', 'D', 'd', 'F', 'f', 'M', 'm':
		if len(line) > 2 && (line[1]|0x20 == 'l' && line[2] == ' ' || foldedPrefix(line, heads)) {
			return markMaybe
		}
	}
	return markNone
}

// heads begin the line that stands over a quoted message.
var heads = []string{"in data", "inizio messaggio", "inizio del messaggio", "inoltr", "on ", "da:", "from:", "mittente:",
	"messaggio originale", "messaggio inoltrato", "original message", "forwarded message", "begin forwarded"}

func foldedPrefix(line string, list []string) bool {
	for _, p := range list {
		if len(line) >= len(p) && strings.EqualFold(line[:len(p)], p) {
			return true
		}
	}
	return false
}

func isSeparator(line string) bool {
	line = strings.TrimRight(line, "\r\n")
	return line == "-- " || line == "--" || line == "--\u00a0"
}

func unquote(line string) string { return strings.TrimLeft(line, "> \t") }

// quotedFollows reports whether the next line that is not empty is quoted: the
// writer may then go on below it.
func quotedFollows(s string) bool {
	for at := 0; at < len(s); {
		next := lineEnd(s, at)
		if line := strings.TrimSpace(s[at:next]); line != "" {
			return line[0] == '>'
		}
		at = next
	}
	return false
}

// answered and passedOn are what mail programs write above the message that is
// answered or passed on.
var (
	answered = []string{"messaggio originale", "original message"}
	passedOn = []string{"messaggio inoltrato", "forwarded message", "inizio messaggio", "inizio del messaggio", "begin forwarded", "inoltrato da"}
)

// quoteHead reports whether a quoted message begins at the line at, where its
// text begins, and whether its mark is that of a forward.
func quoteHead(s string, at int) (end int, forwarded, found bool) {
	next := lineEnd(s, at)
	line := strings.TrimSpace(s[at:next])
	bare := strings.Trim(line, "-_* \t")
	switch {
	case foldedPrefix(bare, answered):
		return next, false, true
	case foldedPrefix(bare, passedOn):
		return next, true, true
	case bare == "" && len(line) >= 5:
		if head := headerBlock(s, next); head > 0 {
			return head, false, true
		}
		return 0, false, false
	}
	if head := headerBlock(s, at); head > 0 {
		return head, false, !ownHeading(s, at, head)
	}
	return attribution(s, at)
}

// headerBlock is the end of the head of a quoted message as mail programs
// print it ("Da: … Inviato: … A: … Oggetto: …"), 0 when there is none at at.
func headerBlock(s string, at int) int {
	seen, lines := 0, 0
	for at < len(s) && lines < 9 {
		next := lineEnd(s, at)
		line := strings.Trim(strings.TrimSpace(s[at:next]), "*")
		name, _, ok := strings.Cut(line, ":")
		if ok { // lines without a colon are the most
			name = strings.ToLower(strings.Trim(name, "* "))
		}
		switch {
		case ok && headerNames[name]:
			if seen == 0 && name != "da" && name != "from" && name != "mittente" {
				return 0
			}
			seen++
		case line == "" && seen == 0, line == "" && seen > 2:
			if seen > 2 {
				return next
			}
			return 0
		case seen == 0:
			return 0
		}
		at = next
		lines++
	}
	if seen > 2 {
		return at
	}
	return 0
}

// ownHeading reports whether the lines "Da: … A: … Oggetto: …" head the
// writer's own letter: they come first, and no mail program put the hour of sending.
func ownHeading(s string, at, end int) bool {
	if strings.TrimSpace(s[:at]) != "" {
		return false
	}
	head := strings.ToLower(s[at:end])
	for i := 1; i+1 < len(head); i++ { // an hour: only programs put one
		if head[i] == ':' && digit(head[i-1]) && digit(head[i+1]) {
			return false
		}
	}
	return !strings.Contains(head, "inviato:") && !strings.Contains(head, "sent:")
}

var headerNames = map[string]bool{"da": true, "from": true, "mittente": true, "inviato": true, "sent": true, "data": true, "date": true,
	"a": true, "to": true, "cc": true, "per conoscenza": true, "destinatario": true, "oggetto": true, "subject": true, "per conto di": true}

// attribution finds "Il giorno … ha scritto:" over one to three lines.
func attribution(s string, at int) (end int, forwarded, found bool) {
	if rest := s[at:]; !foldedPrefix(strings.TrimLeft(rest, " \t*-_"), []string{"il ", "in data", "on "}) {
		return 0, false, false
	}
	if foldedPrefix(s[at:], []string{"il sottoscritt"}) {
		return 0, false, false
	}
	end = at
	dated := false
	for range 3 {
		if end >= len(s) || s[end] == '>' {
			break
		}
		start := end
		end = lineEnd(s, start)
		line := strings.ToLower(strings.TrimRight(strings.TrimSpace(s[start:end]), "* \u00a0"))
		dated = dated || strings.ContainsAny(line, "0123456789")
		if strings.Contains(line, "sottoscritt") || !dated {
			break
		}
		if strings.HasSuffix(line, "scritto:") || strings.HasSuffix(line, "wrote:") || strings.HasSuffix(line, "scrive:") {
			return end, false, true
		}
		if line == "" {
			break
		}
	}
	return 0, false, false
}

// cutAt is s cut to at most n bytes on a rune.
func cutAt(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n]
}
