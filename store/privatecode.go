package store

import (
	"encoding/base64"
	"encoding/json"
	"math"
	"strconv"

	"sportello/rules"
)

// object appends a JSON object field by field.
type object struct {
	b    []byte
	some bool // it has a field already
}

func (o *object) key(k string) {
	if o.some {
		o.b = append(o.b, ',')
	}
	o.some = true
	o.b = append(append(append(o.b, '"'), k...), '"', ':')
}

func (o *object) text(k, v string) {
	if v != "" {
		o.key(k)
		o.b = appendString(o.b, v)
	}
}

func (o *object) texts(k string, v []string) {
	if len(v) == 0 {
		return
	}
	o.key(k)
	o.b = append(o.b, '[')
	for i, s := range v {
		if i > 0 {
			o.b = append(o.b, ',')
		}
		o.b = appendString(o.b, s)
	}
	o.b = append(o.b, ']')
}

func (o *object) dict(k string, v map[string]string) {
	if len(v) == 0 {
		return
	}
	o.key(k)
	in := object{b: append(o.b, '{')}
	var room [16]string
	for _, name := range sortedKeys(room[:0], v) {
		if in.some {
			in.b = append(in.b, ',')
		}
		in.some = true
		in.b = appendString(append(appendString(in.b, name), ':'), v[name])
	}
	o.b = append(in.b, '}')
}

func (o *object) num(k string, v int) {
	o.key(k)
	o.b = strconv.AppendInt(o.b, int64(v), 10)
}

func (o *object) bool(k string, v bool) {
	o.key(k)
	o.b = strconv.AppendBool(o.b, v)
}

func (o *object) float(k string, v float64) {
	if v == 0 {
		return
	}
	o.key(k)
	if a := math.Abs(v); a < 1e-6 || a >= 1e21 { // encoding/json writes these another way
		other, _ := json.Marshal(v)
		o.b = append(o.b, other...)
		return
	}
	o.b = strconv.AppendFloat(o.b, v, 'f', -1, 64)
}

// sub appends an object made by fill.
func (o *object) sub(k string, fill func(*object)) {
	o.key(k)
	o.b = appendObject(o.b, fill)
}

func appendObject(b []byte, fill func(*object)) []byte {
	in := object{b: append(b, '{')}
	fill(&in)
	return append(in.b, '}')
}

// objects appends a list of objects.
func objects[T any](o *object, k string, v []T, fill func(*object, *T)) {
	if len(v) == 0 {
		return
	}
	o.key(k)
	in := object{b: append(o.b, '[')}
	for i := range v {
		if i > 0 {
			in.b = append(in.b, ',')
		}
		in.b, in.some = append(in.b, '{'), false
		fill(&in, &v[i])
		in.b = append(in.b, '}')
	}
	o.b = append(in.b, ']')
}

// appendPrivate appends the private part of an event as encoding/json would,
// for the reasons of appendEvent.
func appendPrivate(b []byte, p *rules.Private) []byte {
	return appendObject(b, func(o *object) {
		o.text("mailbox", p.Mailbox)
		o.text("subject", p.Subject)
		o.text("message_id", p.MessageID)
		o.texts("references", p.References)
		o.dict("fields", p.Fields)
		o.dict("facts", p.Facts)
		o.texts("missing", p.Missing)
		o.texts("reasons", p.Reasons)
		if p.Explanation != nil {
			o.sub("explanation", func(o *object) { appendExplanation(o, p.Explanation) })
		}
		objects(o, "proof", p.Proof, func(o *object, s *rules.ProofStep) {
			o.key("name")
			o.b = appendString(o.b, s.Name)
			o.bool("ok", s.OK)
			o.text("detail", s.Detail)
		})
		if p.Letter != nil {
			o.sub("letter", func(o *object) { appendLetter(o, p.Letter) })
		}
		o.texts("documents", p.Documents)
		o.text("note", p.Note)
		o.text("error", p.Error)
	})
}

func appendExplanation(o *object, e *rules.Explanation) {
	o.text("own", e.Own)
	objects(o, "spans", e.Spans, func(o *object, s *rules.Span) {
		o.num("start", s.Start)
		o.num("end", s.End)
		o.key("kind")
		o.b = appendString(o.b, s.Kind)
		o.text("name", s.Name)
		o.text("want", s.Want)
	})
	o.texts("left_over", e.LeftOver)
	o.text("sign", e.Sign)
	o.text("sign_words", e.SignWords)
	o.float("similarity", e.Similarity)
}

func appendLetter(o *object, l *rules.LetterText) {
	o.key("to")
	o.b = appendString(o.b, l.To)
	o.key("subject")
	o.b = appendString(o.b, l.Subject)
	o.key("text")
	o.b = appendString(o.b, l.Text)
	o.text("in_reply_to", l.InReplyTo)
	o.texts("references", l.References)
	objects(o, "files", l.Files, func(o *object, f *rules.LetterFile) {
		o.key("name")
		o.b = appendString(o.b, f.Name)
		o.key("type")
		o.b = appendString(o.b, f.Type)
		o.key("data")
		if f.Data == nil {
			o.b = append(o.b, "null"...)
			return
		}
		o.b = append(o.b, '"')
		o.b = append(base64.StdEncoding.AppendEncode(o.b, f.Data), '"')
	})
}
