package pec

import (
	"bytes"
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

func original(raw string) *Original {
	return OpenBytes([]byte(strings.ReplaceAll(raw, "\n", "\r\n")), Options{}).Original
}

func TestOriginalText(t *testing.T) {
	const head = "From: Mario <Mario@pec.example.it>\nSubject: prova\n"
	for _, c := range []struct {
		name, raw  string
		text, html string
	}{
		{"plain", "\nciao\n", "ciao\n", ""},
		{"utf-8", "Content-Type: text/plain; charset=utf-8\n\nperché\n", "perché\n", ""},
		{"latin", "Content-Type: text/plain; charset=iso-8859-1\n\nperch\xe9\n", "perché\n", ""},
		{"windows-1252", "Content-Type: text/plain; charset=windows-1252\n\n\x93s\xec\x94\n", "“sì”\n", ""},
		{"false utf-8", "Content-Type: text/plain; charset=utf-8\n\nperch\xe9 \x80\n", "perché €\n", ""},
		{"undeclared", "\nperch\xe9\n", "perché\n", ""},
		{"unknown charset", "Content-Type: text/plain; charset=x-klingon\n\nperché\n", "perché\n", ""},
		{"quoted-printable", "Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: quoted-printable\n\nperch=C3=A9 s=\n=C3=AC\n", "perché sì\n", ""},
		{"base64", "Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: BASE64 (x)\n\ncGVyY2jDqQo=\n", "perché\n", ""},
		{"broken base64", "Content-Transfer-Encoding: base64\n\ncGVyY2jDqQo\n", "perché\n", ""},
		{"html", "Content-Type: text/html; charset=utf-8\n\n<p>perché</p>\n", "", "<p>perché</p>\n"},
		{"alternative", "Content-Type: multipart/alternative; boundary=b\n\n--b\n\nciao\n--b\nContent-Type: text/html\n\n<p>ciao</p>\n--b--\n", "ciao", "<p>ciao</p>"},
		{"two texts", "Content-Type: multipart/mixed; boundary=b\n\n--b\n\nuno\n--b\n\ndue\n--b--\n", "uno\ndue", ""},
		{"named text", "Content-Type: multipart/mixed; boundary=b\n\n--b\n\nuno\n--b\nContent-Type: text/plain; name=a.txt\n\ndue\n--b--\n", "uno", ""},
		{"attached text", "Content-Type: multipart/mixed; boundary=b\n\n--b\n\nuno\n--b\nContent-Disposition: attachment\n\ndue\n--b--\n", "uno", ""},
		{"unclosed", "Content-Type: multipart/mixed; boundary=b\n\n--b\n\nuno\n", "uno\n", ""},
		{"attached message", "Content-Type: multipart/mixed; boundary=b\n\n--b\n\nuno\n--b\nContent-Type: message/rfc822\n\nFrom: x@y.example.org\n\ndue\n--b--\n", "uno", ""},
		{"no boundary", "Content-Type: multipart/mixed\n\nuno\n", "", ""},
		{"empty", "\n", "", ""},
	} {
		o := original(head + c.raw)
		if strings.ReplaceAll(o.Text, "\r", "") != c.text || strings.ReplaceAll(o.HTML, "\r", "") != c.html {
			t.Errorf("%s: text %q html %q", c.name, o.Text, o.HTML)
		}
		if o.Sender != "mario@pec.example.it" || o.Subject != "prova" {
			t.Errorf("%s: sender %q subject %q", c.name, o.Sender, o.Subject)
		}
	}
}

func TestOriginalTruncated(t *testing.T) {
	o := original("From: a@b.example.org\nContent-Type: text/plain; charset=utf-8\n\n" + strings.Repeat("è", 200<<10))
	if !o.Truncated || len(o.Text) > maxText || len(o.Text) < maxText-4 || strings.Trim(o.Text, "è") != "" {
		t.Errorf("truncated %v, %d bytes", o.Truncated, len(o.Text))
	}
}

func TestOriginalKinds(t *testing.T) {
	for _, c := range []struct {
		name, raw string
		want      Original
	}{
		{"encrypted", "Content-Type: application/pkcs7-mime; smime-type=enveloped-data; name=smime.p7m\n\nx", Original{Encrypted: true}},
		{"pgp", "Content-Type: multipart/encrypted; boundary=b\n\n--b\nContent-Type: application/pgp-encrypted\n\nVersion: 1\n--b--\n", Original{Encrypted: true}},
		{"signed", "Content-Type: multipart/signed; boundary=b\n\n--b\n\nciao\n--b\nContent-Type: application/pgp-signature\n\nx\n--b--\n", Original{Signed: true}},
		{"tnef", "Content-Type: multipart/mixed; boundary=b\n\n--b\n\nciao\n--b\nContent-Type: application/octet-stream; name=WinMail.DAT\n\nx\n--b--\n", Original{TNEF: true}},
		{"p7m document", "Content-Type: multipart/mixed; boundary=b\n\n--b\n\nciao\n--b\nContent-Type: application/pkcs7-mime; name=modulo.pdf.p7m\nContent-Disposition: attachment\n\nx\n--b--\n", Original{}},
		{"automatic", "Auto-Submitted: auto-replied\n\nx", Original{Automatic: true}},
	} {
		o := original("From: a@b.example.org\n" + c.raw)
		got := Original{Encrypted: o.Encrypted, Signed: o.Signed, TNEF: o.TNEF, Automatic: o.Automatic}
		if d := cmp.Diff(c.want, got); d != "" {
			t.Errorf("%s:\n%s", c.name, d)
		}
	}
	if o := original("From: a@b.example.org\nFrom: c@d.example.org\n\nx"); o.Sender != "" {
		t.Errorf("two From: sender %q", o.Sender)
	}
}

func TestAttachments(t *testing.T) {
	raw := strings.ReplaceAll(`From: a@b.example.org
Content-Type: multipart/mixed; boundary=b

--b

ciao
--b
Content-Type: application/pdf; name="..\\..\\doc/carta d'identità.pdf"
Content-Transfer-Encoding: base64

Y2FydGEg
  ZCdpZGVudGl0w6A=

--b
Content-Disposition: attachment; filename*=utf-8''citt%C3%A0.txt
Content-Transfer-Encoding: quoted-printable

citt=C3=A0
--b
Content-Type: image/png
Content-ID: <x>

binario
--b--
`, "\n", "\r\n")
	o := OpenBytes([]byte(raw), Options{}).Original
	want := []Attachment{
		{Name: "carta d'identità.pdf", Type: "application/pdf", Encoding: "base64", Size: 30},
		{Name: "città.txt", Type: "text/plain", Encoding: "quoted-printable", Size: 10},
		{Name: "", Type: "image/png", Size: 7},
	}
	if d := cmp.Diff(want, o.Attachments, cmpopts.IgnoreUnexported(Attachment{}), cmpopts.IgnoreFields(Attachment{}, "Offset")); d != "" {
		t.Fatalf("(-want +got):\n%s", d)
	}
	for i, want := range []string{"carta d'identità", "città", "binario"} {
		got, err := io.ReadAll(o.Attachments[i].Reader(bytes.NewReader([]byte(raw))))
		if err != nil || string(got) != want {
			t.Errorf("attachment %d: %q, %v", i, got, err)
		}
	}
}

// TestEncodedOriginal: a provider that encodes postacert.eml is understood; offsets then point into what was decoded.
func TestEncodedOriginal(t *testing.T) {
	given, encoded := bytesSource([]byte("x")), bytesSource(nil)
	m := &message{src: &given, env: &Envelope{Kind: Transport}, root: 0}
	inner := "From: a@b.example.org\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nciao\r\n--b\r\nContent-Type: application/pdf\r\n\r\nPDF\r\n--b--\r\n"
	body := "RnJvbTogYUBiLmV4YW1wbGUub3JnDQpDb250ZW50LVR5cGU6IG11bHRpcGFydC9taXhlZDsgYm91\r\nbmRhcnk9Yg0KDQotLWINCg0KY2lhbw0KLS1iDQpDb250ZW50LVR5cGU6IGFwcGxpY2F0aW9uL3Bk\r\nZg0KDQpQREYNCi0tYi0tDQo=\r\n"
	encoded = bytesSource([]byte(body))
	m.inner = &encoded
	m.entities = []part{{parent: -1, level: levelSigned}, {parent: 0, level: levelNotice, end: int64(len(body)), content: content{typ: "message/rfc822", cte: "base64"}}}
	m.readOriginal()
	o := m.env.Original
	if o == nil || o.Sender != "a@b.example.org" || o.Text != "ciao" || len(o.Attachments) != 1 {
		t.Fatalf("%+v", o)
	}
	a := o.Attachments[0]
	got, err := io.ReadAll(a.Reader(bytes.NewReader(nil)))
	if err != nil || string(got) != "PDF" || inner[a.Offset:][:a.Size] != "PDF" {
		t.Errorf("%q, %v", got, err)
	}
}
