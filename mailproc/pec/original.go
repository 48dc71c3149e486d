package pec

import (
	"bytes"
	"encoding/base64"
	"io"
	"mime/quotedprintable"
	"path"
	"strings"
)

// maxText bounds the text kept of a message, for each of plain and HTML.
const maxText = 256 << 10

// findEnclosed finds the message inside the first message/rfc822 directly in the signed multipart: its index in
// entities, -1 when there is none, or when its encoding hides it.
func (m *message) findEnclosed() int {
	for i := range m.entities {
		if e := &m.entities[i]; e.level == levelOriginal && m.entities[e.parent].level == levelNotice {
			return i
		}
	}
	return -1
}

// originalHeader reads the header of the message enclosed, once.
func (m *message) originalHeader() *outerHeader {
	if m.enclosed == nil {
		i := m.findEnclosed()
		if i < 0 {
			return nil
		}
		e := &m.entities[i]
		h := readOuter(m.inner.load(e.start, e.body, maxHeader))
		m.enclosed = &h
	}
	return m.enclosed
}

// readOriginal describes the message a person wrote: what the envelope encloses, or the message
// itself when it is no envelope.
func (m *message) readOriginal() {
	if m.env.Kind == Ordinary || m.root < 0 {
		m.describe(m.src, m.parts, 0, &m.outer)
	} else if h := m.originalHeader(); h != nil {
		m.describe(m.inner, m.entities, m.findEnclosed(), h)
	}
}

// describe fills Original from the entity root and those inside it.
func (m *message) describe(src *source, parts []part, root int, h *outerHeader) {
	head := h.header()
	o := &Original{From: head.From, To: head.To, Subject: head.Subject, MessageID: head.MessageID,
		InReplyTo: head.InReplyTo, References: head.References, Date: head.Date, Automatic: head.Automatic()}
	if from, ok := mailboxOf(h.from.value); ok && h.from.count == 1 {
		o.Sender = Address(from)
	}
	m.env.Original = o
	var plain, html strings.Builder
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
			o.addText(&html, src, p)
		case p.text():
			o.addText(&plain, src, p)
		case i > root || p.declared:
			o.attach(src, p, src != m.src)
		}
	}
	o.Text, o.HTML = plain.String(), html.String()
}

// within reports whether the entity i lies in root. Parents come before their children.
func within(parts []part, i, root int) bool {
	for i > root {
		i = parts[i].parent
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
func (o *Original) addText(to *strings.Builder, src *source, p *part) {
	room := maxText - to.Len()
	if room <= 0 {
		o.Truncated = true
		return
	}
	most := 3*maxText + 4096 // quoted-printable triples
	raw := src.load(p.body, p.end, most)
	b, _ := decodeTransfer(raw, p.cte) // what can be decoded of a damaged text is better than none
	s := decodeCharset(b, p.charset)
	if len(s) > room || p.end-p.body > int64(most) {
		o.Truncated = true
		s = strings.ToValidUTF8(s[:min(room, len(s))], "")
	}
	if to.Len() > 0 && s != "" {
		to.WriteByte('\n')
	}
	to.WriteString(s)
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

// decodeTransfer undoes a transfer encoding (RFC 2045 §6). Not ok: b was not all of that encoding, and what
// could be decoded is returned.
func decodeTransfer(b []byte, cte string) ([]byte, bool) {
	switch cte {
	case "base64":
		return decodeBase64(b)
	case "quoted-printable":
		out, err := io.ReadAll(quotedprintable.NewReader(bytes.NewReader(b)))
		return out, err == nil
	}
	return b, true
}

// decodeBase64 decodes base64 with any white space in it.
func decodeBase64(b []byte) ([]byte, bool) {
	compact := make([]byte, 0, len(b))
	for len(b) > 0 {
		line := b
		n := bytes.IndexByte(b, '\n')
		if n >= 0 {
			line, b = b[:n], b[n+1:]
		} else {
			b = nil
		}
		line = bytes.TrimRight(line, " \t\r")
		if bytes.IndexByte(line, ' ') >= 0 || bytes.IndexByte(line, '\t') >= 0 {
			line = bytes.Join(bytes.Fields(line), nil)
		}
		compact = append(compact, line...)
	}
	n, err := base64.StdEncoding.Decode(compact, compact)
	return compact[:n], err == nil
}
