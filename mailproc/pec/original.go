package pec

import (
	"bytes"
	"encoding/base64"
	"io"
	"mime/quotedprintable"
	"path"
	"slices"
	"strings"
)

// maxText bounds the text kept of a message, for each of plain and HTML.
const maxText = 256 << 10

// enclosed is the message inside the message/rfc822 of a signed multipart.
type enclosed struct {
	src    *source
	parts  []part
	root   int // its index in parts
	header outerHeader
}

// maxEncoded bounds an original message that stands there encoded (RFC 2046 §5.2.1 forbids it, some do it).
const maxEncoded = 16 << 20

// findOriginal finds the message inside the first message/rfc822 directly in the signed multipart,
// and sets original; it stays nil when there is none or it cannot be decoded.
func (m *message) findOriginal() {
	if m.original != nil {
		return
	}
	for i := range m.entities {
		switch e := &m.entities[i]; {
		case e.level == levelOriginal && m.entities[e.parent].level == levelNotice:
			m.found = enclosed{src: m.inner, parts: m.entities, root: i}
			m.original = &m.found
		case e.level == levelNotice && e.typ == "message/rfc822" && !e.plain():
			m.original = m.decodeOriginal(e)
		default:
			continue
		}
		break
	}
	if o := m.original; o != nil {
		e := &o.parts[o.root]
		o.header = readOuter(o.src.load(e.start, e.body, maxHeader))
	}
}

func (m *message) decodeOriginal(e *part) *enclosed {
	if e.end-e.body > maxEncoded || (e.cte != "base64" && e.cte != "quoted-printable") {
		return nil
	}
	b, ok := decodeTransfer(nil, m.inner.load(e.body, e.end, maxEncoded), e.cte)
	if !ok {
		return nil
	}
	content := bytesSource(b)
	s := &scanner{src: &content}
	s.scan(levelOriginal)
	if m.fault == "" {
		m.fault = s.fault
	}
	return &enclosed{src: s.src, parts: s.parts}
}

// readOriginal describes the message a person wrote: what the envelope encloses, or the message
// itself when it is no envelope.
func (m *message) readOriginal() {
	if m.env.Kind == Ordinary || m.root < 0 {
		m.found = enclosed{src: m.src, parts: m.parts, header: m.outer}
		m.describe(&m.found)
		return
	}
	if m.findOriginal(); m.original != nil {
		m.describe(m.original)
	}
}

// describe fills Original from a message and the entities inside it.
func (m *message) describe(in *enclosed) {
	src, parts, root, h := in.src, in.parts, in.root, &in.header
	head := h.header()
	o := &Original{From: head.From, To: head.To, Subject: head.Subject, MessageID: head.MessageID,
		InReplyTo: head.InReplyTo, References: head.References, Date: head.Date, Automatic: head.Automatic()}
	if from, ok := mailboxOf(h.field(fieldFrom).value); ok && h.field(fieldFrom).count == 1 {
		o.Sender = Address(from)
	}
	m.env.Original = o
	plain, html := m.room.plain[:0], m.room.html[:0]
	for i := root; i < len(parts); i++ {
		p := &parts[i]
		if i > root && !within(parts, i, root) {
			continue
		}
		o.recognise(p.content)
		if p.multipart() {
			continue
		}
		switch {
		case p.text() && p.typ == "text/html":
			html = m.addText(html, src, p)
		case p.text():
			plain = m.addText(plain, src, p)
		case i > root || p.declared:
			o.attach(src, p, src != m.src)
		}
	}
	o.Text, o.HTML = string(plain), string(html)
	m.room.plain, m.room.html = plain, html
}

// within reports whether the entity i is part of the message root, not of a message enclosed in
// it: another's text is not the writer's. Parents come before their children.
func within(parts []part, i, root int) bool {
	for i > root {
		if i = parts[i].parent; i != root && parts[i].typ == "message/rfc822" {
			return false
		}
	}
	return i == root
}

// text reports whether an entity is text to be read in place, not a file.
func (c content) text() bool {
	return (c.typ == "text/plain" || c.typ == "text/html") && c.disposition != "attachment" && c.name == ""
}

// recognise notes what hides or signs the text.
func (o *Original) recognise(c content) {
	name := strings.ToLower(c.name)
	switch c.typ {
	case "multipart/encrypted", "application/pgp-encrypted":
		o.Encrypted = true
	case "multipart/signed":
		o.Signed = true
	case "application/pkcs7-mime", "application/x-pkcs7-mime":
		if c.smimeType == "signed-data" {
			o.Signed = true
		} else if c.smimeType != "certs-only" && c.smimeType != "compressed-data" && c.disposition != "attachment" {
			o.Encrypted = true
		}
	case "application/ms-tnef", "application/vnd.ms-tnef":
		o.TNEF = true
	}
	if name == "winmail.dat" {
		o.TNEF = true
	}
}

// addText appends the decoded text of an entity.
func (m *message) addText(to []byte, src *source, p *part) []byte {
	o, had := m.env.Original, len(to)
	if had >= maxText {
		o.Truncated = true
		return to
	}
	most := 3*maxText + 4096 // quoted-printable triples
	raw := src.load(p.body, p.end, most)
	b, _ := m.decode(raw, p.cte) // what can be decoded of a damaged text is better than none
	to = appendCharset(to, b, p.charset)
	if len(to) > maxText || p.end-p.body > int64(most) {
		o.Truncated = true
		to = append(to[:had], bytes.ToValidUTF8(to[had:min(maxText, len(to))], nil)...)
	}
	if had > 0 && len(to) > had {
		to = slices.Insert(to, had, '\n')
	}
	return to
}

func (o *Original) attach(src *source, p *part, inside bool) {
	a := Attachment{Name: baseName(p.name), Type: p.typ, Encoding: p.cte, Size: p.end - p.body, Offset: p.body}
	if inside {
		a.inside = bytes.NewReader(src.buf)
	}
	o.Attachments = append(o.Attachments, a)
}

// baseName drops folders and controls from a file name that a stranger chose.
func baseName(s string) string {
	s = strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return -1
		}
		return r
	}, s)
	s = path.Base(strings.ReplaceAll(s, `\`, "/"))
	if s == "." || s == ".." || s == "/" {
		return ""
	}
	return s
}

// Reader decodes the attachment from the message that was opened.
func (a Attachment) Reader(r io.ReaderAt) io.Reader {
	if a.inside != nil {
		r = a.inside
	}
	body := io.NewSectionReader(r, a.Offset, a.Size)
	switch a.Encoding {
	case "base64":
		return base64.NewDecoder(base64.StdEncoding, &base64Only{r: body})
	case "quoted-printable":
		return quotedprintable.NewReader(body)
	}
	return body
}

// base64Only passes the characters of base64 on and leaves out all else: blanks, and what mail
// programs and virus scanners put behind the end.
type base64Only struct{ r io.Reader }

func (f *base64Only) Read(p []byte) (int, error) {
	for {
		n, err := f.r.Read(p)
		k := 0
		for _, c := range p[:n] {
			if c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '+' || c == '/' || c == '=' {
				p[k] = c
				k++
			}
		}
		if k > 0 || err != nil || len(p) == 0 {
			return k, err
		}
	}
}

// decode is decodeTransfer for what is read at once: the next call writes over it.
func (m *message) decode(b []byte, cte string) ([]byte, bool) {
	out, ok := decodeTransfer(m.room.decoded, b, cte)
	if cte == "base64" || cte == "quoted-printable" {
		m.room.decoded = out
	}
	return out, ok
}

// decodeTransfer undoes a transfer encoding (RFC 2045 §6), in the room given. Not ok: b was not all of that
// encoding, or nobody knows it, and what could be decoded is returned.
func decodeTransfer(room, b []byte, cte string) ([]byte, bool) {
	switch cte {
	case "base64":
		return decodeBase64(room, b)
	case "quoted-printable":
		return decodeQuoted(room, b), true
	}
	return b, content{cte: cte}.plain()
}

// decodeQuoted decodes quoted-printable (RFC 2045 §6.7) in the room given. An = that escapes nothing stays.
func decodeQuoted(room, b []byte) []byte {
	out := slices.Grow(room[:0], len(b))
	for len(b) > 0 {
		line, rest, ended := bytes.Cut(b, newline)
		b = rest
		cr := ended && bytes.HasSuffix(line, carriageReturn)
		line = bytes.TrimRight(line, " \t\r")
		soft := len(line) > 0 && line[len(line)-1] == '='
		if soft {
			line = line[:len(line)-1]
		}
		for {
			i := bytes.IndexByte(line, '=')
			if i < 0 {
				break
			}
			out, line = append(out, line[:i]...), line[i+1:]
			if c, ok := hexByte(line); ok {
				out, line = append(out, c), line[2:]
			} else {
				out = append(out, '=')
			}
		}
		out = append(out, line...)
		switch {
		case soft || !ended:
		case cr:
			out = append(out, lineEnd...)
		default:
			out = append(out, '\n')
		}
	}
	return out
}

var newline, carriageReturn = []byte("\n"), []byte("\r")

// hexByte reads the two digits b begins with.
func hexByte(b []byte) (byte, bool) {
	if len(b) < 2 {
		return 0, false
	}
	hi, lo := hexDigit(b[0]), hexDigit(b[1])
	return hi<<4 | lo, hi < 16 && lo < 16
}

// hexDigit is a digit's value, 255 when it is none. Small letters are no digits here, but mail programs write them.
func hexDigit(c byte) byte {
	switch {
	case c >= '0' && c <= '9':
		return c - '0'
	case c >= 'A' && c <= 'F':
		return c - 'A' + 10
	case c >= 'a' && c <= 'f':
		return c - 'a' + 10
	}
	return 255
}

// decodeBase64 decodes base64 with any white space in it, and without its padding, in the room given.
func decodeBase64(room, b []byte) ([]byte, bool) {
	compact := slices.Grow(room[:0], len(b))
	for rest := b; len(rest) > 0; {
		line := rest
		if n := bytes.IndexByte(rest, '\n'); n >= 0 {
			line, rest = rest[:n], rest[n+1:]
		} else {
			rest = nil
		}
		if n := len(line); n > 0 && line[n-1] == '\r' {
			line = line[:n-1]
		}
		compact = append(compact, line...)
	}
	if bytes.IndexByte(compact, ' ') >= 0 || bytes.IndexByte(compact, '\t') >= 0 {
		compact = append(compact[:0], bytes.Join(bytes.Fields(compact), nil)...)
	}
	compact = bytes.TrimRight(compact, "=")
	n, err := base64.RawStdEncoding.Decode(compact, compact)
	return compact[:n], err == nil
}
