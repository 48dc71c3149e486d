package pec

import (
	"bytes"
	"net/mail"
	"strings"
	"time"
)

// outerHeader is the header of a message, its fields as they stand.
type outerHeader struct {
	fields [fieldCount]once
	bareLF bool // a line ends with LF by itself behind one that ends with CRLF
}

func (h *outerHeader) field(f field) *once { return &h.fields[f] }

// value is a field's first value, unfolded.
func (h *outerHeader) value(f field) string { return unfold(h.fields[f].value) }

// once is a field that should be given once: its first value, and how often it is there.
type once struct {
	value    string
	count    int
	from, to int // of the value in its block
}

// field is one that matters.
type field int

const (
	fieldFrom field = iota
	fieldTo
	fieldDate
	fieldSubject
	fieldMessageID
	fieldInReplyTo
	fieldReferences
	fieldReturnPath
	fieldTrasporto
	fieldRicevuta
	fieldReference
	fieldAutoSubmitted
	fieldPrecedence
	fieldListID
	fieldCount
)

// fieldNames says what each is called.
var fieldNames = []struct {
	name  string
	field field
}{
	{"from", fieldFrom}, {"to", fieldTo}, {"date", fieldDate}, {"subject", fieldSubject}, {"message-id", fieldMessageID},
	{"in-reply-to", fieldInReplyTo}, {"references", fieldReferences}, {"return-path", fieldReturnPath}, {"x-trasporto", fieldTrasporto},
	{"x-ricevuta", fieldRicevuta}, {"x-riferimento-message-id", fieldReference}, {"auto-submitted", fieldAutoSubmitted},
	{"precedence", fieldPrecedence}, {"list-id", fieldListID}, {"list-unsubscribe", fieldListID},
}

// readOuter takes the fields that matter; of those given twice the first.
func readOuter(block []byte) (h outerHeader) {
	if i := bytes.Index(block, lineEnd); i >= 0 {
		h.bareLF = bytes.Count(block[i:], newline) != bytes.Count(block[i:], lineEnd)
	}
	size := 0
	eachField(block, func(name []byte, from, to int) {
		for _, f := range fieldNames {
			if !equalFold(name, f.name) {
				continue
			}
			o := &h.fields[f.field]
			if o.count++; o.count == 1 {
				o.from, o.to = from, to
				size += to - from
			}
			return
		}
	})
	// the values as parts of one string: most of a header is none of them
	var values strings.Builder
	values.Grow(size)
	for i := range h.fields {
		values.Write(block[h.fields[i].from:h.fields[i].to])
	}
	text := values.String()
	for i := range h.fields {
		o := &h.fields[i]
		o.value, text = text[:o.to-o.from], text[o.to-o.from:]
	}
	return h
}

// header decodes the fields for people.
func (h *outerHeader) header() Header {
	text := func(f field) string { return decodeText(h.fields[f].value) }
	word := func(f field) string { return lower(token(h.fields[f].value)) }
	out := Header{
		From: text(fieldFrom), To: text(fieldTo), Subject: text(fieldSubject),
		MessageID: h.id(fieldMessageID), InReplyTo: firstID(h.value(fieldInReplyTo)),
		References: idList(h.value(fieldReferences)), Reference: h.id(fieldReference),
		Trasporto: word(fieldTrasporto), Ricevuta: word(fieldRicevuta),
		AutoSubmitted: word(fieldAutoSubmitted), Precedence: word(fieldPrecedence),
		ListID: strings.ToLower(text(fieldListID)), Date: parseDate(h.value(fieldDate)),
	}
	if h.fields[fieldReturnPath].count > 0 {
		if out.ReturnPath = bareID(h.value(fieldReturnPath)); out.ReturnPath == "" {
			out.ReturnPath = "<>"
		}
	}
	return out
}

// id is a field's Message-ID. Some mail programs write a long one anew as encoded words.
func (h *outerHeader) id(f field) string {
	if v := h.fields[f].value; strings.Contains(v, "=?") {
		return bareID(decodeText(v))
	}
	return bareID(h.value(f))
}

// bareID is a Message-ID without angle brackets and blanks.
func bareID(s string) string {
	if strings.ContainsAny(s, " \t\r\n") {
		s = strings.Join(strings.Fields(s), "")
	}
	return strings.TrimSuffix(strings.TrimPrefix(s, "<"), ">")
}

func firstID(s string) string {
	if ids := idList(s); len(ids) > 0 {
		return ids[0]
	}
	return ""
}

// maxReferences bounds the References kept; the last ones are the nearest.
const maxReferences = 100

// idList reads the Message-IDs of a References field, in order, without angle brackets.
func idList(s string) []string {
	var out []string
	for s != "" {
		i := strings.IndexByte(s, '<')
		if i < 0 {
			break
		}
		s = s[i+1:]
		j := strings.IndexByte(s, '>')
		if j < 0 {
			break
		}
		if id := bareID(s[:j]); id != "" {
			if len(out) == 2*maxReferences {
				out = out[:copy(out, out[maxReferences:])]
			}
			out = append(out, id)
		}
		s = s[j+1:]
	}
	return out[max(0, len(out)-maxReferences):]
}

// parseDate reads a Date field; zero when it cannot be read.
func parseDate(s string) time.Time {
	s = strings.TrimSpace(s)
	if s == "" {
		return time.Time{}
	}
	for _, layout := range []string{"Mon, 2 Jan 2006 15:04:05 -0700", "2 Jan 2006 15:04:05 -0700"} {
		if t, err := time.Parse(layout, s); err == nil {
			return t
		}
	}
	t, err := mail.ParseDate(s)
	if err != nil {
		return time.Time{}
	}
	return t
}
