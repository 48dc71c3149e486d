package store

import (
	"encoding/json"
	"strconv"
	"strings"
	"unicode/utf8"

	"sportello/rules"
)

// readPrivate reads a private part. What this version of the store wrote is
// read by hand, several times faster, since every letter that goes out reads
// one; anything else is left to encoding/json.
func readPrivate(v []byte) (*rules.Private, error) {
	p := &rules.Private{}
	r := reader{b: string(v)}
	r.object(func(key string) { r.private(p, key) })
	if !r.strange && len(r.b) == 0 {
		return p, nil
	}
	p = &rules.Private{}
	err := json.Unmarshal(v, p)
	return p, err
}

// reader reads JSON that has no white space; strange means that it met
// something it does not know.
type reader struct {
	b       string
	strange bool
}

func (r *reader) giveUp() { r.b, r.strange = "", true }

// next takes the byte c if it comes next.
func (r *reader) next(c byte) bool {
	if len(r.b) == 0 || r.b[0] != c {
		return false
	}
	r.b = r.b[1:]
	return true
}

func (r *reader) want(c byte) {
	if !r.next(c) {
		r.giveUp()
	}
}

// object calls field for each key; field takes the value.
func (r *reader) object(field func(key string)) {
	r.want('{')
	for first := true; !r.strange && !r.next('}'); first = false {
		if !first {
			r.want(',')
		}
		key := r.text()
		r.want(':')
		field(key)
	}
}

// list calls one for each element; one takes it.
func (r *reader) list(one func()) {
	r.want('[')
	for first := true; !r.strange && !r.next(']'); first = false {
		if !first {
			r.want(',')
		}
		one()
	}
}

func (r *reader) texts(v *[]string) { r.list(func() { *v = append(*v, r.text()) }) }

func (r *reader) dict() map[string]string {
	m := map[string]string{}
	r.object(func(key string) { m[key] = r.text() })
	return m
}

func (r *reader) text() string {
	r.want('"')
	i := 0
	for i < len(r.b) && r.b[i] != '"' && r.b[i] != '\\' {
		i++
	}
	if i < len(r.b) && r.b[i] == '"' {
		s := r.b[:i]
		r.b = r.b[i+1:]
		return s
	}
	out := make([]byte, 0, max(strings.IndexByte(r.b, '"'), 0))
	for !r.strange {
		i := strings.IndexAny(r.b, "\"\\")
		if i < 0 || len(r.b) == i+1 && r.b[i] == '\\' {
			r.giveUp()
			break
		}
		out = append(out, r.b[:i]...)
		c := r.b[i]
		r.b = r.b[i+1:]
		if c == '"' {
			return string(out)
		}
		out = r.escape(out)
	}
	return ""
}

// escape reads what follows a backslash.
func (r *reader) escape(out []byte) []byte {
	c := r.b[0]
	r.b = r.b[1:]
	switch c {
	case 'n':
		return append(out, '\n')
	case 'r':
		return append(out, '\r')
	case 't':
		return append(out, '\t')
	case 'b':
		return append(out, '\b')
	case 'f':
		return append(out, '\f')
	case '"', '\\', '/':
		return append(out, c)
	case 'u':
		if len(r.b) < 4 {
			break
		}
		n, err := strconv.ParseUint(r.b[:4], 16, 16)
		if err != nil || n >= 0xd800 && n < 0xe000 { // half of a pair: we write none
			break
		}
		r.b = r.b[4:]
		return utf8.AppendRune(out, rune(n))
	}
	r.giveUp()
	return out
}

func (r *reader) word() string {
	i := 0
	for i < len(r.b) && r.b[i] != ',' && r.b[i] != '}' && r.b[i] != ']' {
		i++
	}
	w := r.b[:i]
	r.b = r.b[i:]
	return w
}

func (r *reader) int() int {
	n, err := strconv.Atoi(r.word())
	if err != nil {
		r.giveUp()
	}
	return n
}

func (r *reader) private(p *rules.Private, key string) {
	switch key {
	case "mailbox":
		p.Mailbox = r.text()
	case "subject":
		p.Subject = r.text()
	case "message_id":
		p.MessageID = r.text()
	case "references":
		r.texts(&p.References)
	case "fields":
		p.Fields = r.dict()
	case "facts":
		p.Facts = r.dict()
	case "missing":
		r.texts(&p.Missing)
	case "reasons":
		r.texts(&p.Reasons)
	case "explanation":
		p.Explanation = &rules.Explanation{}
		r.object(func(key string) { r.explanation(p.Explanation, key) })
	case "proof":
		r.list(func() {
			p.Proof = append(p.Proof, rules.ProofStep{})
			r.object(func(key string) { r.proof(&p.Proof[len(p.Proof)-1], key) })
		})
	case "letter":
		p.Letter = &rules.LetterText{}
		r.object(func(key string) { r.letter(p.Letter, key) })
	case "documents":
		r.texts(&p.Documents)
	case "note":
		p.Note = r.text()
	case "error":
		p.Error = r.text()
	default:
		r.giveUp()
	}
}

func (r *reader) explanation(e *rules.Explanation, key string) {
	switch key {
	case "own":
		e.Own = r.text()
	case "spans":
		r.list(func() {
			e.Spans = append(e.Spans, rules.Span{})
			r.object(func(key string) { r.span(&e.Spans[len(e.Spans)-1], key) })
		})
	case "left_over":
		r.texts(&e.LeftOver)
	case "sign":
		e.Sign = r.text()
	case "sign_words":
		e.SignWords = r.text()
	case "similarity":
		v, err := strconv.ParseFloat(r.word(), 64)
		if e.Similarity = v; err != nil {
			r.giveUp()
		}
	default:
		r.giveUp()
	}
}

func (r *reader) span(s *rules.Span, key string) {
	switch key {
	case "start":
		s.Start = r.int()
	case "end":
		s.End = r.int()
	case "kind":
		s.Kind = r.text()
	case "name":
		s.Name = r.text()
	case "want":
		s.Want = r.text()
	default:
		r.giveUp()
	}
}

func (r *reader) proof(s *rules.ProofStep, key string) {
	switch key {
	case "name":
		s.Name = r.text()
	case "ok":
		w := r.word()
		if s.OK = w == "true"; !s.OK && w != "false" {
			r.giveUp()
		}
	case "detail":
		s.Detail = r.text()
	default:
		r.giveUp()
	}
}

// letter leaves attachments to encoding/json.
func (r *reader) letter(l *rules.LetterText, key string) {
	switch key {
	case "to":
		l.To = r.text()
	case "subject":
		l.Subject = r.text()
	case "text":
		l.Text = r.text()
	case "in_reply_to":
		l.InReplyTo = r.text()
	case "references":
		r.texts(&l.References)
	default:
		r.giveUp()
	}
}
