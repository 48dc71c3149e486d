package submit

import (
	"bytes"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net/mail"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	gomail "github.com/emersion/go-message/mail"
	"pgregory.net/rapid"
)

func letter() Message {
	return Message{From: "disattivazioni@pec.example.com", FromName: "Società PEC, Sportello", To: "mario@pec.example.it",
		Subject: "Re: Disattivazione casella perché scaduta [Prot. 2026-000123]", Text: "Gentile cliente,\nla casella è chiusa.\n",
		MessageID: "<2026-000123.1@pec.example.com>", InReplyTo: "<a@pec.example.it>", References: []string{"<0@pec.example.it>"},
		Date: time.Date(2026, 11, 10, 10, 22, 5, 0, time.FixedZone("", 3600))}
}

// parse reads a composed letter with another library and checks the form that every line must have.
func parse(t interface{ Fatalf(string, ...any) }, raw []byte) (gomail.Header, *mail.Message) {
	if bytes.Count(raw, []byte("\n")) != bytes.Count(raw, []byte("\r\n")) || !bytes.HasSuffix(raw, []byte("\r\n")) {
		t.Fatalf("line ends: %q", raw)
	}
	for _, line := range bytes.Split(raw, []byte("\r\n")) {
		if len(line) > 998 {
			t.Fatalf("line of %d bytes", len(line))
		}
		for _, c := range line {
			if c >= utf8.RuneSelf || c == 0 {
				t.Fatalf("byte %#x in %q", c, line)
			}
		}
	}
	m, err := mail.ReadMessage(bytes.NewReader(raw))
	if err != nil {
		t.Fatalf("%v in %q", err, raw)
	}
	r, err := gomail.CreateReader(bytes.NewReader(raw))
	if err != nil {
		t.Fatalf("%v in %q", err, raw)
	}
	return r.Header, m
}

func TestCompose(t *testing.T) {
	want := letter()
	raw, err := Compose(want)
	if err != nil {
		t.Fatal(err)
	}
	h, m := parse(t, raw)
	subject, _ := h.Subject()
	from, _ := h.AddressList("From")
	refs, _ := h.MsgIDList("References")
	date, _ := h.Date()
	if subject != want.Subject || len(from) != 1 || from[0].Name != want.FromName || from[0].Address != want.From ||
		strings.Join(refs, " ") != "0@pec.example.it a@pec.example.it" || !date.Equal(want.Date) {
		t.Errorf("%q %v %v %v\n%s", subject, from, refs, date, raw)
	}
	for name, value := range map[string]string{"To": want.To, "Message-Id": want.MessageID, "In-Reply-To": want.InReplyTo,
		"Auto-Submitted": "auto-replied", "X-TipoRicevuta": "breve", "Mime-Version": "1.0", "Bcc": "", "Reply-To": ""} {
		if got := m.Header.Get(name); got != value {
			t.Errorf("%s: %q, want %q", name, got, value)
		}
	}
	body, _ := io.ReadAll(quotedprintable.NewReader(m.Body))
	if got := strings.ReplaceAll(string(body), "\r\n", "\n"); got != want.Text {
		t.Errorf("text %q", got)
	}
	again, _ := Compose(want)
	if !bytes.Equal(raw, again) {
		t.Error("composed twice, two letters")
	}
}

func TestComposeAttachments(t *testing.T) {
	m := letter()
	m.Attachments = []Attachment{{Name: "../modulo  perché.txt", ContentType: "text/plain", Data: []byte("modulo")},
		{Name: "b.bin", Data: bytes.Repeat([]byte{0, 255}, 1000)}}
	raw, err := Compose(m)
	if err != nil {
		t.Fatal(err)
	}
	_, msg := parse(t, raw)
	_, params, err := mime.ParseMediaType(msg.Header.Get("Content-Type"))
	if err != nil {
		t.Fatal(err)
	}
	mr := multipart.NewReader(msg.Body, params["boundary"])
	var names []string
	for {
		p, err := mr.NextPart()
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		names = append(names, p.FileName())
	}
	if strings.Join(names, "|") != "|modulo  perché.txt|b.bin" {
		t.Errorf("parts %q", names)
	}
}

func TestComposeRefuses(t *testing.T) {
	for name, change := range map[string]func(*Message){
		"line end in From":        func(m *Message) { m.From = "a@pec.example.it\r\nBcc: x@example.org" },
		"line end in To":          func(m *Message) { m.To = "a@pec.example.it\nBcc: x@example.org" },
		"two recipients":          func(m *Message) { m.To = "a@pec.example.it, b@pec.example.it" },
		"line end in name":        func(m *Message) { m.FromName = "a\r\nBcc: x@example.org" },
		"line end in id":          func(m *Message) { m.MessageID = "<a@b>\r\nBcc: x@example.org" },
		"id without brackets":     func(m *Message) { m.MessageID = "a@b" },
		"no id":                   func(m *Message) { m.MessageID = "" },
		"NUL in text":             func(m *Message) { m.Text = "a\x00b" },
		"no date":                 func(m *Message) { m.Date = time.Time{} },
		"line end in attachment":  func(m *Message) { m.Attachments = []Attachment{{Name: "a\r\nb"}} },
		"attachment without name": func(m *Message) { m.Attachments = []Attachment{{Name: ".."}} },
		"odd type":                func(m *Message) { m.Attachments = []Attachment{{Name: "a", ContentType: "text/plain\r\nX: y"}} },
	} {
		m := letter()
		change(&m)
		if raw, err := Compose(m); err == nil {
			t.Errorf("%s: %q", name, raw)
		}
	}
}

// TestComposeForeignText: what the customer wrote cannot add a header, and arrives.
func TestComposeForeignText(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := letter()
		m.Subject = "Re: " + rapid.String().Draw(t, "subject") + "\r\nBcc: x@example.org" + rapid.StringN(0, 2000, 3000).Draw(t, "more")
		m.InReplyTo = rapid.String().Draw(t, "id")
		m.References = rapid.SliceOfN(rapid.SampledFrom([]string{"<a@b>", "<b@c>", "x", "<a@b>\r\nBcc: y", "<" + strings.Repeat("z", 899) + "@b>"}), 0, 60).Draw(t, "refs")
		m.Text = strings.ReplaceAll(rapid.String().Draw(t, "text"), "\x00", "")
		raw, err := Compose(m)
		if err != nil {
			t.Fatalf("%v", err)
		}
		h, msg := parse(t, raw)
		if msg.Header.Get("Bcc") != "" {
			t.Fatalf("a Bcc came in: %q", raw)
		}
		got, err := h.Subject()
		if err != nil || strings.Join(strings.Fields(got), " ") != OneLine(m.Subject) {
			t.Fatalf("subject %q, want %q (%v)", got, OneLine(m.Subject), err)
		}
		if n := len(strings.Fields(msg.Header.Get("References"))); n > maxReferences {
			t.Fatalf("%d references", n)
		}
	})
}

func TestSubjectLines(t *testing.T) {
	for _, s := range []string{strings.Repeat("parola ", 60), strings.Repeat("à", 500), strings.Repeat("x", 500), "=?utf-8?q?a?=", "é"} {
		enc := EncodeSubject(s)
		for i, line := range strings.Split("Subject: "+enc, "\r\n") {
			if len(line) > 77 {
				t.Errorf("line %d of %d bytes: %q", i, len(line), line)
			}
		}
		got, err := new(mime.WordDecoder).DecodeHeader(strings.ReplaceAll(enc, "\r\n", ""))
		if err != nil || got != strings.TrimSpace(s) {
			t.Errorf("%q became %q", s, got)
		}
	}
}
