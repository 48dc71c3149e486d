package pec

import (
	"bytes"
	"net/url"
	"strconv"
	"strings"
)

// media is a structured value with parameters: Content-Type, Content-Disposition (RFC 2045 §5.1).
// Read more widely than the grammar: file names without quotes, stray semicolons.
type media struct {
	value  string  // lower case
	params []param // good until another value is read in the same room
	twice  bool    // a parameter is given twice with different values
	star   bool    // a parameter is written as in RFC 2231
	odd    bool    // quotes that do not enclose a whole value, a backslash in them, a comment that does not end, controls: readers differ on where a parameter ends
	cut    bool    // there is more than is read
}

type param struct {
	name  string // lower case
	value []byte
	bare  bool // without quotes
	odd   bool // see media
}

// mediaRoom is memory in which one value after the other is read.
type mediaRoom struct {
	params []param
	text   []byte
}

// The bounds of one field: what lies beyond is not read.
const (
	maxParams = 64
	maxMedia  = 8 << 10 // bytes
	maxName   = 1 << 10 // bytes of a file name
)

func parseMedia(v []byte, room *mediaRoom) media {
	m := media{params: room.params[:0], cut: len(v) > maxMedia}
	v = v[:min(len(v), maxMedia)]
	m.odd = oddly(v)
	if bytes.IndexByte(v, '\n') >= 0 || bytes.IndexByte(v, '\t') >= 0 {
		room.text = appendUnfolded(room.text[:0], v)
		v = room.text
	}
	head, rest, _ := bytes.Cut(v, semicolon)
	m.odd = m.odd || unended(head)
	if i := bytes.IndexByte(head, '('); i >= 0 {
		head = head[:i]
	}
	m.value = lowerWord(bytes.TrimSpace(head))
	for len(rest) > 0 && len(m.params) < maxParams {
		var p param
		p, rest = nextParam(rest)
		m.odd = m.odd || p.odd
		if p.name == "" {
			continue
		}
		for _, q := range m.params {
			if q.name == p.name && !bytes.Equal(q.value, p.value) {
				m.twice = true
			}
		}
		m.star = m.star || strings.IndexByte(p.name, '*') >= 0
		m.params = append(m.params, p)
	}
	m.cut = m.cut || len(rest) > 0
	room.params = m.params
	return m
}

// unended reports whether a quote or a comment begins in what stands outside quotes and does not end there: the semicolon
// behind is within it for some.
func unended(b []byte) bool {
	return bytes.IndexByte(b, '"') >= 0 || bytes.Count(b, []byte("(")) != bytes.Count(b, []byte(")"))
}

// oddly reports controls in a value, or a tab or a line end within quotes: it is a blank for some, itself or nothing for others.
func oddly(v []byte) bool {
	quoted := false
	for _, c := range v {
		switch {
		case c == '"':
			quoted = !quoted
		case c == '\t' || c == '\n':
			if quoted {
				return true
			}
		case c < ' ' && c != '\r' || c == 0x7f:
			return true
		}
	}
	return false
}

var semicolon = []byte(";")

// nextParam reads one parameter and what follows its semicolon.
func nextParam(s []byte) (param, []byte) {
	s = bytes.TrimLeft(s, "; \t")
	eq := bytes.IndexAny(s, "=;")
	if eq < 0 {
		return param{odd: unended(s)}, nil
	}
	p := param{odd: unended(s[:eq])}
	if s[eq] == ';' {
		return p, s[eq+1:]
	}
	p.name = lowerWord(bytes.TrimSpace(s[:eq]))
	s = bytes.TrimLeft(s[eq+1:], " \t")
	if len(s) == 0 || s[0] != '"' {
		v, rest, _ := bytes.Cut(s, semicolon)
		p.odd = p.odd || unended(v)
		if i := bytes.IndexByte(v, '('); i > 0 && v[i-1] == ' ' {
			v = v[:i] // a comment
		}
		p.value, p.bare = bytes.TrimSpace(v), true
		return p, rest
	}
	if end := bytes.IndexAny(s[1:], `"\`); end >= 0 && s[1+end] == '"' {
		p.value = s[1 : 1+end]
		behind, rest, _ := bytes.Cut(s[end+2:], semicolon)
		behind = bytes.TrimLeft(behind, " ")
		p.odd = p.odd || len(behind) > 0 && behind[0] != '(' || unended(behind)
		return p, rest
	}
	return quotedParam(p, s)
}

// quotedParam reads a quoted value that holds escapes, or does not end.
func quotedParam(p param, s []byte) (param, []byte) {
	p.odd = true
	for i := 1; i < len(s); i++ {
		switch s[i] {
		case '"':
			_, rest, _ := bytes.Cut(s[i+1:], semicolon)
			return p, rest
		case '\\':
			if i+1 < len(s) {
				i++
			}
			p.value = append(p.value, s[i])
		default:
			p.value = append(p.value, s[i])
		}
	}
	return p, nil
}

// plainBoundary reports whether everybody reads a boundary alike. Blanks at its ends are off for some; where it has no quotes, a
// blank, a comma, brackets or a comment end it (RFC 2045 §5.1); other quotes and an encoded word are taken off.
func plainBoundary(p param) bool {
	for _, c := range p.value {
		if c < ' ' || c >= 0x7f || p.bare && strings.IndexByte(" (),<>@[\\]", c) >= 0 {
			return false
		}
	}
	first, last := p.value[0], p.value[len(p.value)-1]
	return first != ' ' && last != ' ' && first != '\'' && !(bytes.HasPrefix(p.value, []byte("=?")) && bytes.HasSuffix(p.value, []byte("?=")))
}

// text returns a file name as a person reads it: RFC 2231 pieces and charsets, and the encoded
// words that RFC 2047 forbids here and every mail program writes.
func (m *media) text(name string) (string, bool) {
	s, ok := "", false
	if m.star {
		s, ok = m.extended(name)
	}
	if !ok {
		var v []byte
		if v, ok = m.get(name); ok {
			s = decodeText(word(v))
		}
	}
	if len(s) > maxName {
		s = strings.ToValidUTF8(strings.Clone(s[:maxName]), "")
	}
	return s, ok
}

// extended puts together name*, name*0, name*0*, name*1, … (RFC 2231).
func (m *media) extended(name string) (string, bool) {
	var b strings.Builder
	charset := ""
	found := false
	add := func(value []byte, encoded, first bool) {
		found = true
		v := string(value)
		if encoded && first {
			if parts := strings.SplitN(v, "'", 3); len(parts) == 3 {
				charset, v = strings.ToLower(parts[0]), parts[2]
			}
		}
		if encoded {
			if u, err := url.PathUnescape(v); err == nil {
				v = u
			}
		}
		b.WriteString(v)
	}
	if v, ok := m.get(name + "*"); ok {
		add(v, true, true)
		return decodeCharset([]byte(b.String()), charset), true
	}
	for i := 0; i < maxParams; i++ {
		key := name + "*" + strconv.Itoa(i)
		if v, ok := m.get(key + "*"); ok {
			add(v, true, i == 0)
		} else if v, ok := m.get(key); ok {
			add(v, false, i == 0)
		} else {
			break
		}
	}
	return decodeCharset([]byte(b.String()), charset), found
}

func (m *media) get(name string) ([]byte, bool) {
	for i := range m.params {
		if m.params[i].name == name {
			return m.params[i].value, true
		}
	}
	return nil, false
}
