package console

import (
	"bufio"
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net/textproto"
	"path"
	"strings"
)

// Part is a piece of a stored message that can be looked at or saved.
type Part struct {
	N        int // its number: leaves in order, from 1
	Name     string
	Type     string // as the message claims; never sent to a browser
	Size     int64  // decoded
	Original bool   // of the customer's own message, not of the envelope
	Text     bool   // a body text, not a file
}

// Bounds of the walk through a message: a hostile one ends it, not us.
const (
	maxDepth = 20
	maxParts = 500
)

var errParts = errors.New("too many parts, or too deep")

// walk calls fn for each leaf of a MIME message with its decoded content. A
// damaged message gives what could be read of it.
func walk(r io.Reader, fn func(Part, io.Reader) error) error {
	w := &walker{fn: fn}
	return w.message(r, 0, false)
}

type walker struct {
	n  int
	fn func(Part, io.Reader) error
}

func (w *walker) message(r io.Reader, depth int, original bool) error {
	body := bufio.NewReader(r)
	return w.entity(contentFields(body), body, depth, original)
}

// maxFields bounds what is kept of a header. A library's map of a header of
// 45 MB, a name in each short line, takes twenty times that.
const maxFields = 64 << 10

// contentFields reads to the end of a header and keeps what says how the
// content is to be read.
func contentFields(r *bufio.Reader) textproto.MIMEHeader {
	var kept []byte
	for begins, keep := true, false; ; {
		piece, err := r.ReadSlice('\n')
		if begins {
			if len(bytes.TrimRight(piece, "\r\n")) == 0 {
				break
			}
			if piece[0] != ' ' && piece[0] != '\t' {
				keep = len(piece) >= 8 && strings.EqualFold(string(piece[:8]), "content-")
			}
		}
		if keep && len(kept)+len(piece) <= maxFields {
			kept = append(kept, piece...)
		}
		if begins = err == nil; !begins && !errors.Is(err, bufio.ErrBufferFull) {
			break // the message ends in its header
		}
	}
	h, _ := textproto.NewReader(bufio.NewReader(bytes.NewReader(append(kept, "\r\n\r\n"...)))).ReadMIMEHeader() // of damaged lines, what stands before them
	return h
}

func (w *walker) entity(h textproto.MIMEHeader, body io.Reader, depth int, original bool) error {
	if depth > maxDepth || w.n >= maxParts {
		return errParts
	}
	typ, params, err := mime.ParseMediaType(h.Get("Content-Type"))
	if err != nil && typ == "" {
		typ = "text/plain" // RFC 2045 §5.2
		if h.Get("Content-Type") != "" {
			typ = "application/octet-stream"
		}
	}
	if strings.HasPrefix(typ, "multipart/") && params["boundary"] != "" {
		return w.multipart(multipart.NewReader(body, params["boundary"]), depth, original)
	}
	content := decoded(h.Get("Content-Transfer-Encoding"), body)
	if typ == "message/rfc822" && depth < maxDepth {
		return w.message(content, depth+1, true)
	}
	w.n++
	p := Part{N: w.n, Type: typ, Original: original, Name: fileName(partName(h, params))}
	disposition, _, _ := mime.ParseMediaType(h.Get("Content-Disposition"))
	p.Text = (typ == "text/plain" || typ == "text/html") && p.Name == "" && disposition != "attachment"
	if p.Name == "" {
		p.Name = fmt.Sprintf("parte-%d%s", p.N, extension(typ))
	}
	return w.fn(p, content)
}

func (w *walker) multipart(m *multipart.Reader, depth int, original bool) error {
	for {
		part, err := m.NextRawPart()
		if err != nil {
			return nil // the end, or a damaged rest: what came before counts
		}
		if err := w.entity(part.Header, part, depth+1, original); err != nil {
			return err
		}
	}
}

func decoded(encoding string, r io.Reader) io.Reader {
	switch strings.ToLower(strings.TrimSpace(encoding)) {
	case "base64":
		return base64.NewDecoder(base64.StdEncoding, &base64Only{r: r})
	case "quoted-printable":
		return quotedprintable.NewReader(r)
	}
	return r
}

// base64Only drops what is no base64, as mail programs do (RFC 2045 §6.8).
type base64Only struct{ r io.Reader }

func (b *base64Only) Read(p []byte) (int, error) {
	for {
		n, err := b.r.Read(p)
		k := 0
		for _, c := range p[:n] {
			if c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '+' || c == '/' || c == '=' {
				p[k] = c
				k++
			}
		}
		if k > 0 || err != nil {
			return k, err
		}
	}
}

var wordDecoder = new(mime.WordDecoder)

func partName(h textproto.MIMEHeader, params map[string]string) string {
	_, d, _ := mime.ParseMediaType(h.Get("Content-Disposition"))
	name := d["filename"]
	if name == "" {
		name = params["name"]
	}
	if v, err := wordDecoder.DecodeHeader(name); err == nil {
		return v
	}
	return name
}

// fileName is a stranger's file name made harmless: its last element, one
// line, nothing hidden, no leading dots, short. "" when nothing is left.
func fileName(s string) string {
	s = path.Base(strings.ReplaceAll(s, `\`, "/"))
	s = strings.Map(func(r rune) rune {
		if strings.ContainsRune(`/\:*?"<>|%`, r) || inert(string(r), 1) != string(r) || r == '\n' || r == '\t' {
			return '_'
		}
		return r
	}, s)
	s = strings.Trim(s, ". _")
	if r := []rune(s); len(r) > 120 {
		ext := []rune(path.Ext(s))
		if len(ext) > 10 {
			ext = nil
		}
		s = string(r[:120-len(ext)]) + string(ext)
	}
	return s
}

func extension(typ string) string {
	switch typ {
	case "text/plain":
		return ".txt"
	case "application/pdf":
		return ".pdf"
	case "image/png":
		return ".png"
	case "image/jpeg":
		return ".jpg"
	}
	return ".bin"
}

// seen is the type of a content that a browser may show, by its first bytes
// and never by what the message claims: pictures and PDF. "" for all else
// (HTML, SVG and XML are never shown).
func seen(head []byte) string {
	has := func(s string) bool { return strings.HasPrefix(string(head), s) }
	switch {
	case has("%PDF-"):
		return "application/pdf"
	case has("\x89PNG\r\n\x1a\n"):
		return "image/png"
	case has("\xff\xd8\xff"):
		return "image/jpeg"
	case has("GIF87a"), has("GIF89a"):
		return "image/gif"
	case has("RIFF") && len(head) >= 12 && string(head[8:12]) == "WEBP":
		return "image/webp"
	}
	return ""
}
