package pec

import (
	"bytes"
	"encoding/base64"
	"runtime/metrics"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
)

// What opening any message may allocate: a constant for the bounded things (headers, texts,
// certificates), and a few copies of the message.
const (
	allocConstant = 4 << 20
	allocFactor   = 24
)

// allocated is the bytes this process has allocated so far.
func allocated() uint64 {
	s := []metrics.Sample{{Name: "/gc/heap/allocs:bytes"}}
	metrics.Read(s)
	return s[0].Value.Uint64()
}

// checkEnvelope holds for every message whatsoever.
func checkEnvelope(t *testing.T, raw []byte, opt Options) *Envelope {
	t.Helper()
	before := allocated()
	e := OpenBytes(raw, opt)
	if grown := allocated() - before; grown > allocConstant+allocFactor*uint64(len(raw)) {
		t.Errorf("opening %d bytes allocated %d", len(raw), grown)
	}
	if s := e.Sender(); s != "" && s != fixtureSender {
		t.Errorf("sender %q", s)
	}
	if e.Proved() && (e.Daticert == nil || e.Original == nil || !e.Verdict.Intact || e.Verdict.Reason != "") {
		t.Errorf("proved, and %+v", e)
	}
	if len(e.Verdict.Steps) == 0 || (e.Kind == Unreadable) != (e.Reason != "" && e.Kind != Transport) {
		t.Errorf("kind %s, reason %q, %d steps", e.Kind, e.Reason, len(e.Verdict.Steps))
	}
	if o := e.Original; o != nil && !(utf8.ValidString(o.Text) && utf8.ValidString(o.HTML) && utf8.ValidString(o.Subject)) {
		t.Errorf("text that is not UTF-8: %+v", o)
	}
	return e
}

// FuzzOpen: no message stops the reader, proves another sender, costs memory without bound, or is
// read differently through a window.
func FuzzOpen(f *testing.F) {
	for _, name := range []string{"busta.eml", "consegna.eml", "anomalia.eml"} {
		raw := fixture(f, name)
		f.Add(raw)
		f.Add(bytes.ReplaceAll(raw, []byte("\r\n"), []byte("\n")))
		f.Add(raw[:len(raw)/2])
	}
	for _, s := range hostile() {
		if len(s.raw) < 64<<10 {
			f.Add(s.raw)
		}
	}
	opt := Options{Trust: fixtureTrust(f), Delivered: fixtureDelivered, Ours: fixtureOurs}
	f.Fuzz(func(t *testing.T, raw []byte) {
		want := checkEnvelope(t, raw, opt)
		got := windowed(raw, opt, maxHeader+4096)
		if d := cmp.Diff(want, got, cmp.AllowUnexported(), cmp.FilterPath(func(p cmp.Path) bool { return p.Last().String() == ".inside" }, cmp.Ignore())); d != "" {
			t.Errorf("through a window (-whole +window):\n%s", d)
		}
	})
}

// FuzzDaticert: whatever is accepted is complete, and says the same when it is written again.
func FuzzDaticert(f *testing.F) {
	f.Add([]byte(daticertHead + daticertBody))
	f.Add([]byte(`<postacert tipo="a" errore="b"><intestazione><mittente>m</mittente></intestazione><dati><identificativo>i</identificativo><data zona="+0200"><giorno>01/07/2024</giorno><ora>00:00:00</ora></data></dati></postacert>`))
	f.Add([]byte("<!DOCTYPE postacert [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;\">]><postacert>&b;</postacert>"))
	f.Fuzz(func(t *testing.T, b []byte) {
		before := allocated()
		d, err := parseDaticert(b)
		if grown := allocated() - before; grown > 1<<20+100*uint64(len(b)) {
			t.Errorf("reading %d bytes allocated %d", len(b), grown)
		}
		if err != nil {
			return
		}
		if d.Sender == "" || d.Identifier == "" || d.Type == "" || d.Error == "" || d.At.IsZero() {
			t.Errorf("accepted, and incomplete: %+v", d)
		}
		again, err := parseDaticert([]byte(writeDaticert(d)))
		if err != nil {
			t.Fatalf("written again it is refused: %v\n%s", err, writeDaticert(d))
		}
		if diff := cmp.Diff(d, again, cmp.Comparer(func(a, b time.Time) bool { return a.Equal(b) })); diff != "" {
			t.Errorf("written again it says something else:\n%s", diff)
		}
	})
}

// writeDaticert is the plainest daticert.xml that says d.
func writeDaticert(d *Daticert) string {
	esc := strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;").Replace
	var b strings.Builder
	b.WriteString(`<postacert tipo="` + esc(d.Type) + `" errore="` + esc(d.Error) + `"><intestazione><mittente>` + esc(d.Sender) + "</mittente>")
	for _, r := range d.Recipients {
		b.WriteString(`<destinatari tipo="` + esc(r.Type) + `">` + esc(r.Address) + "</destinatari>")
	}
	b.WriteString("<risposte>" + esc(d.Replies) + "</risposte><oggetto>" + esc(d.Subject) + "</oggetto></intestazione><dati><gestore-emittente>" + esc(d.Provider) +
		`</gestore-emittente><data zona="` + d.At.Format("-0700") + `"><giorno>` + d.At.Format("02/01/2006") + "</giorno><ora>" + d.At.Format("15:04:05") + "</ora></data>" +
		"<identificativo>" + esc(d.Identifier) + "</identificativo><msgid>" + esc(d.MessageID) + `</msgid><ricevuta tipo="` + esc(d.ReceiptType) + `"/><consegna>` + esc(d.Delivery) + "</consegna>")
	for _, r := range d.Received {
		b.WriteString("<ricezione>" + esc(r) + "</ricezione>")
	}
	b.WriteString("<errore-esteso>" + esc(d.Extended) + "</errore-esteso></dati></postacert>")
	return b.String()
}

// FuzzLDIF: no index file stops the reader, and every provider read has what was asked of it.
func FuzzLDIF(f *testing.F) {
	f.Add(fixture(f, "gestori.ldif"))
	f.Add([]byte("version: 1\ndn: a\nobjectclass: provider\nprovider\n Name: x\nmanagedDomains:: YS5pdA==\n\n# c\n d\n"))
	f.Add([]byte("MIIB"))
	f.Fuzz(func(t *testing.T, b []byte) {
		before := allocated()
		x, err := ParseIndex(b, nil)
		if grown := allocated() - before; grown > 2<<20+200*uint64(len(b)) {
			t.Errorf("reading %d bytes allocated %d", len(b), grown)
		}
		if err != nil {
			return
		}
		for _, p := range x.Providers {
			for _, d := range p.Domains {
				if d == "" || d != strings.ToLower(d) {
					t.Errorf("domain %q", d)
				}
			}
			for _, h := range p.Hashes {
				if len(h) != 40 {
					t.Errorf("hash %q", h)
				}
			}
		}
	})
}

// FuzzHeader: header values decode to UTF-8 without controls, and an address read strictly is one
// address, bare, that stands in the field.
func FuzzHeader(f *testing.F) {
	for _, s := range []string{
		`"Per conto di: a@b.example.org" <c@d.example.org>`, "=?utf-8?q?a=40b?= <c@d.example.org>", "a@b.example.org (x (y))", "=?iso-8859-1?B?QXR0aXZpdOA=?=", "a;b=\"c\\\"d\"; e*0*=utf-8''f; e*1=g",
		"<a@b.example.org>\r\n <c@d.example.org>", "Tue, 10 Nov 2026 10:22:05 +0100", "a\x00b\r\nX: y", "multipart/signed; boundary=\"x\"; boundary*=y",
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, v []byte) {
		before := allocated()
		text := decodeText(string(v))
		if !utf8.ValidString(text) || strings.ContainsAny(text, "\x00\r\n\x1b") {
			t.Errorf("decoded to %q", text)
		}
		if a, ok := mailboxOf(string(v)); ok && (!bareAddress(a) || strings.Count(a, "@") != 1 || !strings.Contains(unfold(string(v)), a)) {
			t.Errorf("mailbox %q", a)
		}
		if a, _, ok := envelopeAddress(string(v)); ok && (!bareAddress(a) || !strings.Contains(unfold(string(v)), a)) {
			t.Errorf("envelope address %q", a)
		}
		var c content
		c.contentType(v, &mediaRoom{})
		idList(unfold(string(v)))
		parseDate(unfold(string(v)))
		h := readOuter(append([]byte("From: "), v...))
		if hd := h.header(); !utf8.ValidString(hd.From + hd.Subject) {
			t.Errorf("header %+v", hd)
		}
		if grown := allocated() - before; grown > 1<<20+200*uint64(len(v)) {
			t.Errorf("reading %d bytes allocated %d", len(v), grown)
		}
	})
}

// hostile are messages made to cost more than they are worth.
func hostile() []struct {
	name string
	raw  []byte
} {
	b64 := func(s string) string { return base64.StdEncoding.EncodeToString([]byte(s)) }
	signed := func(p7s string) []byte {
		return []byte("X-Trasporto: posta-certificata\r\nContent-Type: multipart/signed; protocol=\"application/pkcs7-signature\"; boundary=s\r\n\r\n--s\r\n\r\nx\r\n--s\r\n" +
			"Content-Type: application/pkcs7-signature\r\nContent-Transfer-Encoding: base64\r\n\r\n" + p7s + "\r\n--s--\r\n")
	}
	mixed := func(part string, n int) []byte {
		return []byte("From: a@b.example.org\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n" + strings.Repeat("--b\r\n"+part, n) + "--b--\r\n")
	}
	repeat := strings.Repeat
	return []struct {
		name string
		raw  []byte
	}{
		{"cms of nested indefinite lengths", signed(b64(repeat("\x30\x80", 30_000)))},
		{"cms of many empty sets", signed(b64(repeat("\x31\x00", 30_000)))},
		{"cms of 20 MB", signed(b64(repeat("\x30\x80", 10_000_000)))},
		{"header of 20 MB", []byte("From: a@b.example.org\r\nX: " + repeat("x", 20<<20))},
		{"header of a million fields", []byte(repeat("A: b\r\n", 1_000_000))},
		{"folded header", []byte("From: a@b.example.org\r\nSubject: " + repeat("x\r\n ", 50_000) + "\r\n\r\n")},
		{"encoded words", []byte("From: a@b.example.org\r\nSubject: " + repeat("=?utf-8?q?=41?= ", 15_000) + "\r\n\r\n")},
		{"half encoded words", []byte("From: a@b.example.org\r\nSubject: " + repeat("=?", 100_000) + "\r\n\r\n")},
		{"references", []byte("From: a@b.example.org\r\nReferences: " + repeat("<a>", 80_000) + "\r\n\r\n")},
		{"parameters", []byte("From: a@b.example.org\r\nContent-Type: text/plain" + repeat("; a=b", 50_000) + "\r\n\r\n")},
		{"name in pieces", []byte("From: a@b.example.org\r\nContent-Type: text/plain" + repeat("; name*0*=%41", 15_000) + "\r\n\r\n")},
		{"parts with long headers", mixed("Content-Type: text/plain; name=\""+repeat("x", 20_000)+"\"\r\n\r\nx\r\n", 900)},
		{"half a million parts", mixed("\r\n", 500_000)},
		{"dashes", []byte("From: a@b.example.org\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n" + repeat("--x\r\n", 1_000_000))},
		{"one line of dashes", []byte("From: a@b.example.org\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n" + repeat("-", 10_000_000))},
		{"ten thousand levels", []byte("From: a@b.example.org\r\n" + repeat("Content-Type: message/rfc822\r\n\r\n", 10_000))},
		{"base64 text of 20 MB", []byte("From: a@b.example.org\r\nContent-Transfer-Encoding: base64\r\n\r\n" + repeat("QUFB", 5<<20))},
		{"quoted-printable of 20 MB", []byte("From: a@b.example.org\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n" + repeat("=41", 7<<20))},
		{"windows-1252 of 20 MB", []byte("From: a@b.example.org\r\nContent-Type: text/plain; charset=windows-1252\r\n\r\n" + repeat("\x80", 20<<20))},
		{"a thousand texts", mixed("Content-Type: text/plain; charset=utf-16\r\n\r\n"+repeat("x", 20_000)+"\r\n", 900)},
	}
}

// TestHostileIsCheap: memory does not grow beyond a few passes over the message. What takes more than a few passes of time
// does not end here at all: the messages have millions of lines.
func TestHostileIsCheap(t *testing.T) {
	opt := fixtureOptions(t)
	for _, s := range hostile() {
		t.Run(s.name, func(t *testing.T) {
			checkEnvelope(t, s.raw, opt)
			before := allocated()
			windowed(s.raw, opt, windowSize)
			if grown := allocated() - before; grown > 64<<20 {
				t.Errorf("through a window: allocated %d KiB", grown>>10)
			}
		})
	}
}
