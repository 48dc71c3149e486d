package submit

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"net"
	"strings"
	"time"

	"github.com/emersion/go-smtp"
)

// wire speaks of letters over a connection that go-smtp's client has opened and logged in. That client can send one
// command at a time only; here MAIL, RCPT and DATA go together where the server allows it (RFC 2920), and the letter and
// its final dot in one write.
type wire struct {
	net.Conn
	raw    *conn // below Conn: its limits hold for both
	r      *bufio.Reader
	buf    []byte
	accept time.Duration // how long the answer to the final dot may take

	pipelining, size, eightBit bool
	broken                     bool // something could not be written or read
}

func newWire(c net.Conn, raw *conn, accept time.Duration, client *smtp.Client) *wire {
	has := func(extension string) bool { ok, _ := client.Extension(extension); return ok }
	return &wire{Conn: c, raw: raw, r: bufio.NewReader(c), accept: accept,
		pipelining: has("PIPELINING"), size: has("SIZE"), eightBit: has("8BITMIME")}
}

// command is one of an envelope, with the reply that lets it go on.
type command struct {
	stage Stage
	line  string
	want  func(code int) bool
}

func (w *wire) envelope(l Letter) []command {
	mail := "MAIL FROM:<" + l.From + ">"
	if w.size {
		mail += fmt.Sprintf(" SIZE=%d", len(l.Data)) // RFC 1870 §6
	}
	if w.eightBit {
		mail += " BODY=8BITMIME" // RFC 6152
	}
	return []command{
		{AtMail, mail, func(code int) bool { return code == 250 }},
		{AtRcpt, "RCPT TO:<" + l.To + ">", func(code int) bool { return code == 250 || code == 251 || code == 252 }},
		{AtData, "DATA", func(code int) bool { return code == 354 }},
	}
}

// send sends a letter and returns the server's answer to it.
func (w *wire) send(l Letter) (answer string, e *Error) {
	if e := w.ask(w.envelope(l)); e != nil {
		return "", e
	}
	if e := w.body(l.Data); e != nil {
		return "", e
	}
	w.raw.limit = w.accept
	w.raw.begin()
	defer func() { w.raw.limit = w.raw.usual }()
	r, err := w.reply()
	switch {
	case err != nil:
		return "", typed(AtEnd, err)
	case r.code != 250:
		return "", r.refusal(AtEnd)
	}
	return r.String(), nil
}

// ask sends the commands of an envelope, together if the server allows it, and returns the first refusal.
func (w *wire) ask(commands []command) *Error {
	if w.pipelining {
		return w.group(commands)
	}
	for i := range commands {
		if e := w.group(commands[i : i+1]); e != nil {
			return e
		}
	}
	return nil
}

// group sends commands in one write, reads every reply and returns the first refusal.
func (w *wire) group(commands []command) (first *Error) {
	if err := w.inStep(); err != nil {
		return typed(commands[0].stage, err)
	}
	w.buf = w.buf[:0]
	for _, c := range commands {
		w.buf = append(append(w.buf, c.line...), "\r\n"...)
	}
	if _, err := w.Write(w.buf); err != nil {
		return typed(commands[0].stage, err)
	}
	for _, c := range commands {
		r, err := w.reply()
		switch {
		case err != nil && first != nil:
			return first
		case err != nil:
			return typed(c.stage, err)
		case first != nil && r.code == 354: // DATA, though a command before it was refused: the end of nothing (RFC 2920 §3.1)
			if w.line(".") == nil {
				_, _ = w.reply()
			}
		case first == nil && !c.want(r.code):
			first = r.refusal(c.stage)
		}
	}
	return first
}

// inStep is an error when an answer is there before its question: it would be taken for the next one's, and a letter for sent
// that is refused a moment later. The connection is of no use any more.
func (w *wire) inStep() error {
	if n := w.r.Buffered(); n > 0 {
		w.broken = true
		said, _ := w.r.Peek(min(n, 80))
		return fmt.Errorf("%q is no answer to anything asked", said)
	}
	return nil
}

const chunk = 64 << 10 // of one write, which has a limit of its own

var finalDot = []byte(".\r\n")

// body sends the letter and its final dot. As long as a write failed before the dot, no server can have taken the letter.
func (w *wire) body(data []byte) *Error {
	if err := w.inStep(); err != nil {
		return typed(AtBody, err)
	}
	data = stuff(data)
	for len(data) > chunk {
		if _, err := w.Write(data[:chunk]); err != nil {
			return typed(AtBody, err)
		}
		data = data[chunk:]
	}
	w.buf = append(append(w.buf[:0], data...), finalDot...)
	if n, err := w.Write(w.buf); err != nil {
		stage := AtBody
		if n > len(w.buf)-len(finalDot) {
			stage = AtEnd
		}
		return typed(stage, err)
	}
	return nil
}

// stuff doubles the dot that begins a line (RFC 5321 §4.5.2) and ends the last line.
func stuff(data []byte) []byte {
	if data[0] == '.' {
		data = append([]byte{'.'}, data...)
	}
	if bytes.Contains(data, []byte("\n.")) {
		data = bytes.ReplaceAll(data, []byte("\n."), []byte("\n.."))
	}
	if !bytes.HasSuffix(data, []byte("\r\n")) {
		data = append(data[:len(data):len(data)], "\r\n"...)
	}
	return data
}

func (w *wire) line(text string) error {
	_, err := w.Write(append(append(w.buf[:0], text...), "\r\n"...))
	return err
}

// reset makes the server forget an envelope, and reports whether it did.
func (w *wire) reset() bool {
	if w.inStep() != nil || w.line("RSET") != nil {
		return false
	}
	r, err := w.reply()
	return err == nil && r.code == 250
}

// quit says goodbye.
func (w *wire) quit() {
	if w.line("QUIT") == nil {
		_, _ = w.reply()
	}
}

// reply is a server's answer (RFC 5321 §4.2).
type reply struct {
	code     int
	enhanced string // RFC 3463
	text     string // of all its lines, without the codes
}

func (r reply) String() string {
	s := fmt.Sprintf("%03d ", r.code)
	if r.enhanced != "" {
		s += r.enhanced + " "
	}
	return s + strings.ReplaceAll(r.text, "\n", " ")
}

func (r reply) refusal(stage Stage) *Error {
	return refusalAt(stage, r.code, r.enhanced, r.text)
}

const maxReplyLines = 100

// Write writes all of p, or the wire is broken.
func (w *wire) Write(p []byte) (int, error) {
	w.raw.begin()
	n, err := w.Conn.Write(p)
	w.broken = w.broken || err != nil
	return n, err
}

// reply reads one reply, or the wire is broken; a line longer than the reader's 4096 bytes, or more lines than anybody needs, is none.
func (w *wire) reply() (r reply, err error) {
	defer func() { w.broken = w.broken || err != nil }()
	for n := range maxReplyLines {
		line, err := w.r.ReadSlice('\n')
		if err != nil {
			return r, err
		}
		text := strings.TrimRight(string(line), "\r\n")
		code, more, rest, ok := cutCode(text)
		if !ok || n > 0 && code != r.code {
			return r, fmt.Errorf("%.80q is no SMTP reply", text)
		}
		r.code = code
		enhanced, rest := cutEnhanced(rest)
		if n > 0 {
			r.text += "\n"
		} else {
			r.enhanced = enhanced
		}
		if r.text += rest; !more {
			return r, nil
		}
	}
	return r, errors.New("a reply that does not end")
}

// cutCode takes the three digits off a line of a reply.
func cutCode(line string) (code int, more bool, rest string, ok bool) {
	if len(line) < 3 || len(line) > 3 && line[3] != ' ' && line[3] != '-' {
		return 0, false, "", false
	}
	for _, c := range []byte(line[:3]) {
		if c < '0' || c > '9' {
			return 0, false, "", false
		}
		code = code*10 + int(c-'0')
	}
	if len(line) == 3 {
		return code, false, "", true
	}
	return code, line[3] == '-', line[4:], true
}

// cutEnhanced takes an enhanced status code, as "5.1.1", off the text of a reply (RFC 2034 §4).
func cutEnhanced(text string) (enhanced, rest string) {
	word, rest, _ := strings.Cut(text, " ")
	parts := strings.Split(word, ".")
	if len(parts) != 3 || !strings.Contains("245", parts[0]) || len(parts[0]) != 1 {
		return "", text
	}
	for _, p := range parts {
		if p == "" || len(p) > 3 || strings.Trim(p, "0123456789") != "" {
			return "", text
		}
	}
	return word, rest
}
