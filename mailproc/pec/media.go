package pec

import (
	"net/url"
	"strconv"
	"strings"
)

// media is a structured value with parameters: Content-Type, Content-Disposition (RFC 2045 §5.1).
// Read more widely than the grammar: file names without quotes, stray semicolons.
type media struct {
	value  string // lower case
	params []param
	twice  bool // a parameter is given twice with different values
	star   bool // a parameter is written as in RFC 2231
	odd    bool // quotes that do not enclose a whole value, or a backslash in them: readers differ on where a parameter ends
}

type param struct {
	name, value string
	odd         bool // see media
}

// The bounds of one field: what lies beyond is not read.
const (
	maxParams = 64
	maxMedia  = 8 << 10 // bytes
	maxName   = 1 << 10 // bytes of a file name
)

func parseMedia(v []byte) media {
	s := unfold(string(v[:min(len(v), maxMedia)]))
	head, rest, _ := strings.Cut(s, ";")
	if i := strings.IndexByte(head, '('); i >= 0 {
		head = head[:i]
	}
	m := media{value: lower(strings.TrimSpace(head))}
	if rest != "" {
		m.params = make([]param, 0, 4)
	}
	for rest != "" && len(m.params) < maxParams {
		var p param
		p, rest = nextParam(rest)
		m.odd = m.odd || p.odd
		if p.name == "" {
			continue
		}
		for _, q := range m.params {
			if q.name == p.name && q.value != p.value {
				m.twice = true
			}
		}
		m.star = m.star || strings.IndexByte(p.name, '*') >= 0
		m.params = append(m.params, p)
	}
	return m
}

// nextParam reads one parameter and what follows its semicolon.
func nextParam(s string) (param, string) {
	s = strings.TrimLeft(s, "; \t")
	eq := strings.IndexAny(s, "=;")
	if eq < 0 {
		return param{odd: strings.IndexByte(s, '"') >= 0}, ""
	}
	if s[eq] == ';' {
		return param{odd: strings.IndexByte(s[:eq], '"') >= 0}, s[eq+1:]
	}
	p := param{name: lower(strings.TrimSpace(s[:eq])), odd: strings.IndexByte(s[:eq], '"') >= 0}
	s = strings.TrimLeft(s[eq+1:], " \t")
	if !strings.HasPrefix(s, `"`) {
		v, rest, _ := strings.Cut(s, ";")
		if i := strings.IndexByte(v, '('); i > 0 && v[i-1] == ' ' {
			v = v[:i] // a comment
		}
		p.value = strings.TrimSpace(v)
		p.odd = p.odd || strings.IndexByte(v, '"') >= 0
		return p, rest
	}
	if end := strings.IndexAny(s[1:], `"\\`); end >= 0 && s[1+end] == '"' {
		p.value = s[1 : 1+end]
		behind, rest, _ := strings.Cut(s[end+2:], ";")
		behind = strings.TrimLeft(behind, " ")
		p.odd = p.odd || behind != "" && behind[0] != '('
		return p, rest
	}
	return quotedParam(p, s)
}

// quotedParam reads a quoted value that holds escapes, or does not end.
func quotedParam(p param, s string) (param, string) {
	p.odd = true
	var b strings.Builder
	for i := 1; i < len(s); i++ {
		switch s[i] {
		case '"':
			p.value = b.String()
			_, rest, _ := strings.Cut(s[i+1:], ";")
			return p, rest
		case '\\':
			if i+1 < len(s) {
				i++
			}
			b.WriteByte(s[i])
		default:
			b.WriteByte(s[i])
		}
	}
	p.value = b.String()
	return p, ""
}

// text returns a file name as a person reads it: RFC 2231 pieces and charsets, and the encoded
// words that RFC 2047 forbids here and every mail program writes.
func (m media) text(name string) (string, bool) {
	s, ok := "", false
	if m.star {
		s, ok = m.extended(name)
	}
	if !ok {
		if s, ok = m.get(name); ok {
			s = decodeText(s)
		}
	}
	if len(s) > maxName {
		s = strings.ToValidUTF8(strings.Clone(s[:maxName]), "")
	}
	return s, ok
}

// extended puts together name*, name*0, name*0*, name*1, … (RFC 2231).
func (m media) extended(name string) (string, bool) {
	var b strings.Builder
	charset := ""
	found := false
	add := func(v string, encoded, first bool) {
		found = true
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

func (m media) get(name string) (string, bool) {
	for _, p := range m.params {
		if p.name == name {
			return p.value, true
		}
	}
	return "", false
}
