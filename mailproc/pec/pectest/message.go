package pectest

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"mime"
	"mime/quotedprintable"
	"net/mail"
	"strings"
	"time"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
)

// Recipient is an addressee with the kind the daticert gives it.
type Recipient struct {
	Address string
	Type    string // "certificato" (also when empty) or "esterno"
}

// Message is what a customer writes, before any provider touches it.
type Message struct {
	From        string // header value: an address, with or without a name
	To          string // header value; may hold several addresses
	Recipients  []Recipient
	Subject     string
	Text        string
	HTML        string
	MessageID   string // with or without angle brackets; empty: made from the rest
	InReplyTo   string
	References  []string
	Date        time.Time // also the envelope's instant; zero: 10 Nov 2026, 10:22:05 in Rome
	Charset     string    // utf-8 (default), iso-8859-1, windows-1252, us-ascii
	Encoding    string    // quoted-printable (default), base64, 8bit, 7bit
	Attachments []Attachment
	Header      []Field // more header fields
	Raw         []byte  // a complete message, used instead of the fields above (CRLF)
}

// Attachment is a file of a message.
type Attachment struct {
	Name string
	Type string // default application/octet-stream
	Data []byte
}

// Field is a header field, written as it is.
type Field struct{ Name, Value string }

// defaultDate is the instant of messages that give none.
var defaultDate = time.Date(2026, 11, 10, 10, 22, 5, 0, rome)

func (m Message) date() time.Time {
	if m.Date.IsZero() {
		return defaultDate
	}
	return m.Date
}

// messageID returns the writer's own Message-ID, in angle brackets.
func (m Message) messageID() string {
	id := strings.Trim(m.MessageID, "<> ")
	if id == "" {
		_, host, _ := strings.Cut(address(m.From), "@")
		id = fmt.Sprintf("%08x.%d@%s", checksum(m.From, m.To, m.Subject, m.Text, m.HTML), m.date().Unix(), host)
	}
	return "<" + id + ">"
}

// recipients are those of the daticert.
func (m Message) recipients() []Recipient {
	if m.Recipients != nil {
		return m.Recipients
	}
	list, err := mail.ParseAddressList(m.To)
	if err != nil {
		return []Recipient{{Address: m.To}}
	}
	out := make([]Recipient, len(list))
	for i, a := range list {
		out[i].Address = a.Address
	}
	return out
}

// address is the bare address of a header value.
func address(value string) string {
	if a, err := mail.ParseAddress(value); err == nil {
		return a.Address
	}
	return value
}

// bytes writes the message as the customer's program would. The provider passes
// its identifier to have the Message-ID rewritten as real ones do; "" keeps it.
func (m Message) bytes(identifier string) []byte {
	if m.Raw != nil {
		return rewriteID(m.Raw, identifier)
	}
	var b bytes.Buffer
	fields := []Field{
		{"Date", m.date().Format(time.RFC1123Z)},
		{"From", m.From},
		{"To", m.To},
		{"Subject", m.encodeWord(m.Subject)},
	}
	if identifier == "" {
		fields = append(fields, Field{"Message-ID", m.messageID()})
	} else {
		fields = append(fields, Field{"Message-ID", "<" + identifier + ">"}, Field{"X-Riferimento-Message-ID", m.messageID()})
	}
	if m.InReplyTo != "" {
		fields = append(fields, Field{"In-Reply-To", m.InReplyTo})
	}
	if len(m.References) > 0 {
		fields = append(fields, Field{"References", strings.Join(m.References, "\r\n ")})
	}
	fields = append(fields, m.Header...)
	fields = append(fields, Field{"MIME-Version", "1.0"})
	writeFields(&b, fields)
	m.body().write(&b)
	return b.Bytes()
}

// rewriteID gives a complete message the provider's identifier, keeping the
// writer's own in X-Riferimento-Message-ID.
func rewriteID(raw []byte, identifier string) []byte {
	if identifier == "" {
		return raw
	}
	head, body := splitHeader(raw)
	var out, own []byte
	for _, f := range unfoldedFields(head) {
		name, value, _ := bytes.Cut(f, []byte(":"))
		if strings.EqualFold(string(bytes.TrimSpace(name)), "message-id") {
			own = bytes.TrimSpace(value)
			continue
		}
		out = append(out, f...)
	}
	out = fmt.Appendf(out, "Message-ID: <%s>\r\n", identifier)
	if own != nil {
		out = fmt.Appendf(out, "X-Riferimento-Message-ID: %s\r\n", own)
	}
	return append(out, body...)
}

// splitHeader cuts a message before the blank line that ends its header; body
// begins with that line.
func splitHeader(raw []byte) (head, body []byte) {
	if bytes.HasPrefix(raw, []byte("\r\n")) {
		return nil, raw
	}
	i := bytes.Index(raw, []byte("\r\n\r\n"))
	if i < 0 {
		return raw, []byte("\r\n")
	}
	return raw[:i+2], raw[i+2:]
}

// unfoldedFields cuts a header into its fields, each with its continuation lines.
func unfoldedFields(head []byte) [][]byte {
	var out [][]byte
	for line := range bytes.Lines(head) {
		if len(out) > 0 && (line[0] == ' ' || line[0] == '\t') {
			out[len(out)-1] = append(out[len(out)-1], line...)
			continue
		}
		out = append(out, bytes.Clone(line))
	}
	return out
}

// part is a MIME entity: its header fields and its body, encoded already.
type part struct {
	header []Field
	body   []byte
}

func (p part) write(b *bytes.Buffer) {
	writeFields(b, p.header)
	b.WriteString("\r\n")
	b.Write(p.body)
}

func writeFields(b *bytes.Buffer, fields []Field) {
	for _, f := range fields {
		b.WriteString(f.Name)
		b.WriteString(": ")
		b.WriteString(f.Value)
		b.WriteString("\r\n")
	}
}

// body is the message's content: text, html or both, and the attachments.
func (m Message) body() part {
	content := m.text("text/plain", m.Text)
	switch {
	case m.HTML != "" && m.Text != "":
		content = joinParts("alternative", "=_alt_"+m.boundary(), content, m.text("text/html", m.HTML))
	case m.HTML != "":
		content = m.text("text/html", m.HTML)
	}
	if len(m.Attachments) == 0 {
		return content
	}
	parts := []part{content}
	for _, a := range m.Attachments {
		parts = append(parts, a.part())
	}
	return joinParts("mixed", "=_mix_"+m.boundary(), parts...)
}

func (m Message) boundary() string {
	return fmt.Sprintf("%08x", checksum(m.From, m.Subject, m.Text, m.date().String()))
}

func (a Attachment) part() part {
	if a.Type == "" {
		a.Type = "application/octet-stream"
	}
	return part{[]Field{
		{"Content-Type", fmt.Sprintf("%s; name=%q", a.Type, a.Name)},
		{"Content-Disposition", fmt.Sprintf("attachment; filename=%q", a.Name)},
		{"Content-Transfer-Encoding", "base64"},
	}, base64Lines(a.Data, 76)}
}

// text is one text part in the message's charset and encoding.
func (m Message) text(contentType, s string) part {
	raw := inCharset(strings.ReplaceAll(strings.ReplaceAll(s, "\r\n", "\n"), "\n", "\r\n"), m.charset())
	enc := m.Encoding
	if enc == "" {
		enc = "quoted-printable"
	}
	return part{[]Field{
		{"Content-Type", contentType + "; charset=" + m.charset()},
		{"Content-Transfer-Encoding", enc},
	}, encodeBody(raw, enc)}
}

func (m Message) charset() string {
	if m.Charset == "" {
		return "utf-8"
	}
	return m.Charset
}

func (m Message) encodeWord(s string) string {
	if m.charset() == "us-ascii" {
		return s
	}
	return mime.QEncoding.Encode(m.charset(), string(inCharset(s, m.charset())))
}

// inCharset converts UTF-8 text; what the charset lacks becomes a substitute.
func inCharset(s, charset string) []byte {
	var cm *charmap.Charmap
	switch strings.ToLower(charset) {
	case "iso-8859-1":
		cm = charmap.ISO8859_1
	case "iso-8859-15":
		cm = charmap.ISO8859_15
	case "windows-1252":
		cm = charmap.Windows1252
	default:
		return []byte(s)
	}
	out, err := encoding.ReplaceUnsupported(cm.NewEncoder()).Bytes([]byte(s))
	if err != nil {
		return []byte(s)
	}
	return out
}

func encodeBody(raw []byte, enc string) []byte {
	switch enc {
	case "base64":
		return base64Lines(raw, 76)
	case "quoted-printable":
		var b bytes.Buffer
		w := quotedprintable.NewWriter(&b)
		w.Write(raw) // a bytes.Buffer takes everything
		w.Close()
		return ended(b.Bytes())
	}
	return ended(raw)
}

// ended makes sure that the last line has its end.
func ended(b []byte) []byte {
	if bytes.HasSuffix(b, []byte("\r\n")) {
		return b
	}
	return append(b, "\r\n"...)
}

// base64Lines encodes data in lines of the given length.
func base64Lines(data []byte, columns int) []byte {
	flat := base64.StdEncoding.AppendEncode(nil, data)
	out := make([]byte, 0, len(flat)+2*(len(flat)/columns+1))
	for len(flat) > columns {
		out = append(append(out, flat[:columns]...), "\r\n"...)
		flat = flat[columns:]
	}
	return append(append(out, flat...), "\r\n"...)
}

// joinParts makes a multipart entity. The CRLF before each delimiter is not of
// the part before it (RFC 2046 §5.1.1).
func joinParts(subtype, boundary string, parts ...part) part {
	var b bytes.Buffer
	for i, p := range parts {
		if i > 0 {
			b.WriteString("\r\n")
		}
		b.WriteString("--" + boundary + "\r\n")
		p.write(&b)
	}
	b.WriteString("\r\n--" + boundary + "--\r\n")
	return part{[]Field{{"Content-Type", fmt.Sprintf("multipart/%s; boundary=%q", subtype, boundary)}}, b.Bytes()}
}
