package submit

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"mime"
	"mime/quotedprintable"
	"net/mail"
	"path"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// Message is a letter before it is put into bytes.
type Message struct {
	From, FromName string // our mailbox, and how it is called
	To             string // one recipient, an address alone
	Subject        string // control characters become spaces
	Text           string // any line ends
	MessageID      string // <left@right>, ours
	InReplyTo      string // the customer's; what is no message id is left out
	References     []string
	Date           time.Time
	Attachments    []Attachment
	Alert          bool // to our own operators: auto-generated, and without a kind of receipt
}

// Attachment is a file that goes with a letter.
type Attachment struct {
	Name        string
	ContentType string // application/octet-stream when empty
	Data        []byte
}

// maxReferences is how many message ids References keeps: the thread's first and its last (RFC 5322 §3.6.4 sets no limit,
// servers do).
const maxReferences = 20

// Compose writes the message with CRLF line ends. The same Message gives the same bytes, so that a letter composed again
// after a crash is the same letter. Nothing in it can add a header: line ends and NUL are refused, and made spaces in the
// subject, which is the customer's.
func Compose(m Message) ([]byte, error) { return ComposeIn(nil, m) }

// ComposeIn is Compose in room that is no longer needed: what it held is written over.
func ComposeIn(room []byte, m Message) ([]byte, error) {
	if err := m.check(); err != nil {
		return nil, fmt.Errorf("compose letter: %w", err)
	}
	b := bytes.NewBuffer(room[:0])
	b.Grow(1024 + len(m.Text)*5/4)
	header(b, "Date", m.Date.Format(time.RFC1123Z))
	from := (&mail.Address{Name: m.FromName, Address: m.From}).String()
	header(b, "From", foldWords(len("From: "), strings.Fields(from)))
	header(b, "To", m.To)
	header(b, "Message-ID", m.MessageID)
	if validID(m.InReplyTo) {
		header(b, "In-Reply-To", foldWords(len("In-Reply-To: "), []string{m.InReplyTo}))
	}
	if refs := m.references(); refs != nil {
		header(b, "References", foldWords(len("References: "), refs))
	}
	header(b, "Subject", EncodeSubject(m.Subject))
	if m.Alert {
		header(b, "Auto-Submitted", "auto-generated") // RFC 3834 §5
	} else {
		header(b, "Auto-Submitted", "auto-replied")
		header(b, "X-TipoRicevuta", "breve") // else the whole letter comes back in each delivery receipt
	}
	header(b, "MIME-Version", "1.0")
	if len(m.Attachments) == 0 {
		textPart(b, m.Text)
		return b.Bytes(), nil
	}
	boundary := m.boundary()
	header(b, "Content-Type", "multipart/mixed;\r\n boundary=\""+boundary+"\"")
	b.WriteString("\r\n")
	b.WriteString("--" + boundary + "\r\n")
	textPart(b, m.Text)
	for _, a := range m.Attachments {
		b.WriteString("--" + boundary + "\r\n")
		a.write(b)
	}
	b.WriteString("--" + boundary + "--\r\n")
	return b.Bytes(), nil
}

func (m Message) check() error {
	switch {
	case !validAddress(m.From):
		return fmt.Errorf("from %q is no address", m.From)
	case !validAddress(m.To):
		return fmt.Errorf("to %q is no address", m.To)
	case !validID(m.MessageID):
		return fmt.Errorf("%q is no message id", m.MessageID)
	case strings.ContainsFunc(m.FromName, unicode.IsControl):
		return fmt.Errorf("name %q holds control characters", m.FromName)
	case strings.IndexByte(m.Text, 0) >= 0:
		return fmt.Errorf("text holds NUL")
	case m.Date.IsZero():
		return fmt.Errorf("no date")
	}
	for _, a := range m.Attachments {
		if strings.ContainsFunc(a.Name, unicode.IsControl) || strings.Trim(path.Base(a.Name), "./") == "" {
			return fmt.Errorf("attachment %q has no name that could be sent", a.Name)
		}
		if _, _, err := mime.ParseMediaType(cmp.Or(a.ContentType, octets)); err != nil || strings.ContainsFunc(a.ContentType, unicode.IsControl) {
			return fmt.Errorf("attachment %s: %q is no content type", a.Name, a.ContentType)
		}
	}
	return nil
}

func header(b *bytes.Buffer, name, value string) {
	b.WriteString(name)
	b.WriteString(": ")
	b.WriteString(value)
	b.WriteString("\r\n")
}

// validID accepts <left@right> of visible ASCII, as long as a line may be.
func validID(id string) bool {
	if len(id) > 900 || !strings.HasPrefix(id, "<") || !strings.HasSuffix(id, ">") {
		return false
	}
	left, right, ok := strings.Cut(id[1:len(id)-1], "@")
	if !ok || left == "" || right == "" {
		return false
	}
	return !strings.ContainsFunc(left+right, func(c rune) bool { return c <= ' ' || c >= 0x7f || c == '<' || c == '>' })
}

// references is the thread up to us: what the customer's message named, then the message itself.
func (m Message) references() []string {
	var refs []string
	for _, id := range append(m.References[:len(m.References):len(m.References)], m.InReplyTo) {
		if validID(id) && (len(refs) == 0 || refs[len(refs)-1] != id) {
			refs = append(refs, id)
		}
	}
	if len(refs) > maxReferences {
		refs = append(refs[:1:1], refs[len(refs)-maxReferences+1:]...)
	}
	return refs
}

// boundary cannot occur in the letter: it would have to hold its own digest.
func (m Message) boundary() string {
	h := sha256.New()
	fmt.Fprintf(h, "%s\n%s\n", m.MessageID, m.Text)
	for _, a := range m.Attachments {
		fmt.Fprintf(h, "%s %d\n", a.Name, len(a.Data))
		h.Write(a.Data)
	}
	return fmt.Sprintf("=_%x", h.Sum(nil)[:24])
}

const lineLimit = 76 // RFC 2047 §2; RFC 5322 §2.1.1 advises 78

// foldWords joins words with blanks, beginning a new line where one would grow beyond the limit. used is the space the
// field's name has taken.
func foldWords(used int, words []string) string {
	var b strings.Builder
	for i, w := range words {
		switch {
		case i == 0 && used+len(w) > 900:
			b.WriteString("\r\n ")
			used = 1
		case i > 0 && used+1+len(w) > lineLimit:
			b.WriteString("\r\n ")
			used = 1
		case i > 0:
			b.WriteByte(' ')
			used++
		}
		b.WriteString(w)
		used += len(w)
	}
	return b.String()
}

// EncodeSubject writes the text as the value of a Subject field: folded, and as encoded words (RFC 2047) when it is not
// plain ASCII, or could be mistaken for encoded words.
func EncodeSubject(s string) string {
	s = OneLine(s)
	words := strings.Fields(s)
	plain := !strings.Contains(s, "=?")
	for _, w := range words {
		plain = plain && len(w) <= 60
	}
	for _, c := range []byte(s) {
		plain = plain && c >= ' ' && c < 0x7f
	}
	if plain {
		return foldWords(len("Subject: "), words)
	}
	return foldWords(len("Subject: "), encodedWords(s, lineLimit-len("Subject: ")))
}

// encodedWords cuts the text into words of at most first, then 75 characters; no rune is split (RFC 2047 §5).
func encodedWords(s string, first int) []string {
	const open, end = "=?utf-8?q?", "?="
	room := func(words int) int {
		if words == 0 {
			return first - len(open) - len(end)
		}
		return 75 - len(open) - len(end)
	}
	var words []string
	var w strings.Builder
	for _, r := range s {
		q := qEncode(r)
		if w.Len()+len(q) > room(len(words)) {
			words = append(words, open+w.String()+end)
			w.Reset()
		}
		w.WriteString(q)
	}
	return append(words, open+w.String()+end)
}

func qEncode(r rune) string {
	switch {
	case r == ' ':
		return "_"
	case r < 0x7f && (unicode.IsLetter(r) || unicode.IsDigit(r) || strings.ContainsRune("!*+-/.,:;()@", r)):
		return string(r)
	}
	var b strings.Builder
	for _, c := range []byte(string(r)) {
		fmt.Fprintf(&b, "=%02X", c)
	}
	return b.String()
}

// OneLine makes one line of foreign text: valid UTF-8, every run of blanks and control characters one blank.
func OneLine(s string) string {
	return strings.Join(strings.FieldsFunc(strings.ToValidUTF8(s, "�"), func(r rune) bool {
		return unicode.IsSpace(r) || unicode.IsControl(r) || r == '\u2028' || r == '\u2029'
	}), " ")
}

// textPart writes the text with its headers: as it is when every server passes it on unchanged, else quoted-printable.
func textPart(b *bytes.Buffer, text string) {
	text = strings.ToValidUTF8(text, "�")
	if strings.Contains(text, "\r") {
		text = strings.ReplaceAll(strings.ReplaceAll(text, "\r\n", "\n"), "\r", "\n")
	}
	text = strings.TrimRight(text, "\n")
	header(b, "Content-Type", "text/plain; charset=utf-8")
	if plainText(text) {
		b.WriteString("Content-Transfer-Encoding: 7bit\r\n\r\n")
		for line := range strings.SplitSeq(text, "\n") {
			b.WriteString(line)
			b.WriteString("\r\n")
		}
		return
	}
	b.WriteString("Content-Transfer-Encoding: quoted-printable\r\n\r\n")
	w := quotedprintable.NewWriter(b) // writes CRLF for each line end; a bytes.Buffer does not fail
	_, _ = w.Write([]byte(text))
	_, _ = w.Write([]byte{'\n'})
	_ = w.Close()
}

func plainText(text string) bool {
	for line := range strings.Lines(text) {
		line = strings.TrimSuffix(line, "\n")
		if len(line) > lineLimit || strings.HasSuffix(line, " ") || strings.HasPrefix(line, "From ") {
			return false
		}
		for _, c := range []byte(line) {
			if c != '\t' && (c < ' ' || c >= utf8.RuneSelf || c == 0x7f) {
				return false
			}
		}
	}
	return true
}

const octets = "application/octet-stream"

func (a Attachment) write(b *bytes.Buffer) {
	name := map[string]string{"filename": path.Base(strings.ReplaceAll(a.Name, `\`, "/"))}
	header(b, "Content-Type", cmp.Or(a.ContentType, octets))
	header(b, "Content-Disposition", strings.Replace(mime.FormatMediaType("attachment", name), "; ", ";\r\n ", 1))
	b.WriteString("Content-Transfer-Encoding: base64\r\n\r\n")
	enc := base64.StdEncoding.EncodeToString(a.Data)
	for len(enc) > 76 {
		b.WriteString(enc[:76] + "\r\n")
		enc = enc[76:]
	}
	b.WriteString(enc + "\r\n")
}
