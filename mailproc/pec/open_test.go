package pec

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

func TestTransportProved(t *testing.T) {
	raw := fixture(t, "busta.eml")
	e := OpenBytes(raw, fixtureOptions(t))
	if !e.Proved() || e.Sender() != fixtureSender || e.Reason != "" {
		t.Fatalf("not proved: %+v", e.Verdict)
	}
	if e.Digest != sha256.Sum256(raw) || e.Size != int64(len(raw)) {
		t.Error("digest or size is not that of the bytes")
	}
	var steps []string
	for _, s := range e.Verdict.Steps {
		if !s.OK {
			t.Errorf("step %s: %s", s.Name, s.Detail)
		}
		if s.Unchecked != (s.Name == StepRevocation) { // no list is given
			t.Errorf("step %s: unchecked is %v", s.Name, s.Unchecked)
		}
		steps = append(steps, s.Name)
	}
	want := "structure signer digest signature chain usage revocation index address daticert type postacert domain mittente recipient identifier date"
	if got := strings.Join(steps, " "); got != want {
		t.Errorf("steps are\n%s, want\n%s", got, want)
	}
	wantVerdict := Verdict{Status: Valid, Intact: true, At: e.Daticert.At, Signer: "posta-certificata@pec.example.it",
		Provider: "Gestore Uno S.p.A.", Digest: "sha256", Algorithm: "rsa", Notes: []string{NoteNoCRL}}
	if d := cmp.Diff(wantVerdict, e.Verdict, cmpopts.IgnoreFields(Verdict{}, "Steps")); d != "" {
		t.Errorf("verdict (-want +got):\n%s", d)
	}
	if !strings.Contains(e.Original.Text, "richiede la disattivazione anticipata") || e.Original.Sender != fixtureSender {
		t.Errorf("original is %+v", e.Original)
	}
	if e.Event() != TypeTransport || e.Reference() != "20261110.1@cliente.example.it" || !e.CertifiedAt().Equal(time.Date(2026, 11, 10, 9, 22, 5, 0, time.UTC)) ||
		len(e.Recipients()) != 1 || e.Recipients()[0] != fixtureOurs[0] || e.Identifier() != e.Header.MessageID {
		t.Errorf("facts are %q %q %v %v %q", e.Event(), e.Reference(), e.CertifiedAt(), e.Recipients(), e.Identifier())
	}
}

func TestReceiptAndAnomaly(t *testing.T) {
	opt := fixtureOptions(t)
	opt.Delivered = fixtureDelivered.Add(time.Hour)
	r := OpenBytes(fixture(t, "consegna.eml"), opt)
	if r.Kind != Receipt || r.Verdict.Status != Valid || r.Proved() || r.Sender() != "" {
		t.Errorf("receipt: %s %+v", r.Kind, r.Verdict)
	}
	if r.Event() != TypeDelivery || r.Daticert.Delivery != fixtureSender || r.Reference() != "2026-000123.1@pec.example.com" {
		t.Errorf("receipt: %+v", r.Daticert)
	}
	for late, want := range map[time.Duration]string{30 * 24 * time.Hour: "", 32 * 24 * time.Hour: ReasonDate, -10 * time.Minute: ReasonDate} {
		opt.Delivered = r.CertifiedAt().Add(late)
		if v := OpenBytes(fixture(t, "consegna.eml"), opt).Verdict; v.Reason != want || (v.Status == Valid) != (want == "") {
			t.Errorf("receipt, %s late: %s %s", late, v.Status, v.Reason)
		}
	}
	a := OpenBytes(fixture(t, "anomalia.eml"), fixtureOptions(t))
	if a.Kind != Anomaly || a.Verdict.Status != Valid || a.Proved() || a.Sender() != "" || a.Daticert != nil {
		t.Errorf("anomaly: %s %+v", a.Kind, a.Verdict)
	}
	if a.Original == nil || a.Original.Sender != "mario@example.org" {
		t.Errorf("anomaly: original is %+v", a.Original)
	}
}

// TestStepFails makes each step fail alone, by what stands outside the signed part or by whom is trusted.
func TestStepFails(t *testing.T) {
	raw := fixture(t, "busta.eml")
	roots := fixtureRoots(t)
	index := fixture(t, "gestori.ldif")
	trust := func(ldif []byte) *Trust {
		x, err := ParseIndex(ldif, nil)
		if err != nil {
			t.Fatal(err)
		}
		return mustTrust(t, TrustConfig{Roots: roots, Index: x})
	}
	from := `From: "Per conto di: mario@pec.example.it" <posta-certificata@pec.example.it>`
	boundary := raw[bytes.Index(raw, []byte("\r\n------"))+4:][:36]
	for _, c := range []struct {
		name         string
		raw          []byte
		change       func(*Options)
		step, reason string
		status       Status
	}{
		{"no trust", raw, func(o *Options) { o.Trust = nil }, StepChain, ReasonChain, Untrusted},
		{"certificate not pinned", raw, func(o *Options) { o.Trust = trust(index[bytes.LastIndex(index, []byte("dn:")):]) }, StepIndex, ReasonNotInIndex, Untrusted},
		{"service mailbox elsewhere", raw, func(o *Options) {
			o.Trust = trust(replace(t, index, "posta-certificata@pec.example.it", "ricevute@example.org"))
		}, "", "", Valid},
		{"address of another house", raw, func(o *Options) {
			o.Trust = trust(replace(t, replace(t, index, "posta-certificata@pec.example.it", "ricevute@example.org"), "managedDomains: pec.example.it", "managedDomains: mail.example.org"))
		}, StepAddress, ReasonSANMismatch, Untrusted},
		{"domain not managed", raw, func(o *Options) {
			o.Trust = trust(replace(t, index, "managedDomains: pec.example.it", "managedDomains: example.org"))
		}, StepDomain, ReasonOutsideDomains, Untrusted},
		{"not ours", raw, func(o *Options) { o.Ours = []string{"customer.service@pec.example.com"} }, StepRecipient, ReasonNotOurs, Invalid},
		{"replayed", raw, func(o *Options) { o.Delivered = fixtureDelivered.Add(26 * time.Hour) }, StepDate, ReasonDate, Invalid},
		{"from the future", raw, func(o *Options) { o.Delivered = fixtureDelivered.Add(-10 * time.Minute) }, StepDate, ReasonDate, Invalid},
		{"other From", replace(t, raw, from, "From: posta-certificata@example.org"), nil, StepAddress, ReasonInconsistent, Invalid},
		{"two From", replace(t, raw, from, from+"\r\nFrom: x@example.org"), nil, StepAddress, ReasonInconsistent, Invalid},
		{"From for another", replace(t, raw, "Per conto di: mario@pec.example.it", "Per conto di: capo@pec.example.it"), nil, StepSender, ReasonInconsistent, Invalid},
		{"other Message-ID", replace(t, raw, "CERTIFICATA: Disattivazione casella\r\nMessage-ID: <o", "CERTIFICATA: Disattivazione casella\r\nMessage-ID: <x"), nil, StepIdentifier, ReasonInconsistent, Invalid},
		{"two Message-ID", replace(t, raw, "X-Trasporto:", "Message-ID: <a@b.example.org>\r\nX-Trasporto:"), nil, StepType, ReasonInconsistent, Invalid},
		{"other reference", replace(t, raw, "cliente.example.it>\r\nX-TipoRicevuta", "cliente2.example.it>\r\nX-TipoRicevuta"), nil, StepIdentifier, ReasonInconsistent, Invalid},
		{"receipt header", replace(t, raw, "X-Trasporto: posta-certificata", "X-Ricevuta: accettazione"), nil, StepType, ReasonInconsistent, Invalid},
		{"anomaly header", replace(t, raw, "X-Trasporto: posta-certificata", "X-Trasporto: errore"), nil, StepType, ReasonInconsistent, Invalid},
		{"micalg", replace(t, raw, `micalg="sha-256"`, `micalg="sha1"`), nil, StepType, ReasonInconsistent, Invalid},
		{"two Content-Type", replace(t, raw, "\r\nX-TipoRicevuta:", "\r\nX-A: b\r\nX-TipoRicevuta:"), nil, "", "", Valid},
		{"two Content-Type", replace(t, raw, "MIME-Version: 1.0\r\nContent-Type: multipart/signed", "Content-Type: text/plain\r\nContent-Type: multipart/signed"), nil, StepStructure, ReasonSignatureMissing, Missing},
		{"two boundaries", replace(t, raw, `micalg="sha-256"; `, `micalg="sha-256"; boundary="a"; `), nil, StepType, ReasonInconsistent, Invalid},
		{"other protocol", replace(t, raw, "protocol=\"application/x-pkcs7-signature\"", "protocol=\"application/pgp-signature\""), nil, StepType, ReasonInconsistent, Invalid},
		{"third part", replace(t, raw, "\r\n--"+string(boundary)+"--", "\r\n--"+string(boundary)+"\r\n\r\nciao\r\n--"+string(boundary)+"--"), nil, StepStructure, ReasonStructure, Invalid},
	} {
		t.Run(c.name, func(t *testing.T) {
			opt := fixtureOptions(t)
			if c.change != nil {
				c.change(&opt)
			}
			v := OpenBytes(c.raw, opt).Verdict
			last := v.Steps[len(v.Steps)-1]
			if c.status == Valid {
				if v.Status != Valid {
					t.Errorf("%s %s: %s", v.Status, v.Reason, v.Detail)
				}
				return
			}
			if v.Status != c.status || v.Reason != c.reason || last.Name != c.step || last.OK || v.Detail == "" {
				t.Errorf("%s %s at step %s (%s), want %s %s at %s", v.Status, v.Reason, last.Name, v.Detail, c.status, c.reason, c.step)
			}
		})
	}
}

// TestEveryByteOfTheSignedPart: no single byte of what is signed may change.
func TestEveryByteOfTheSignedPart(t *testing.T) {
	raw, opt := fixture(t, "busta.eml"), fixtureOptions(t)
	from, to := signedRange(t, raw)
	rng := rand.New(rand.NewPCG(20, 26))
	for i := from; i < to; i++ {
		b := bytes.Clone(raw)
		b[i] ^= byte(1 + rng.IntN(255))
		if e := OpenBytes(b, opt); e.Verdict.Status == Valid || e.Verdict.Intact || e.Sender() != "" || e.Daticert != nil {
			t.Fatalf("byte %d (%q -> %q): %s, sender %q", i-from, raw[i], b[i], e.Verdict.Status, e.Sender())
		}
	}
	for _, i := range []int{from, (from + to) / 2, to} { // inserted, and taken away
		if e := OpenBytes(append(append(bytes.Clone(raw[:i]), ' '), raw[i:]...), opt); e.Verdict.Intact {
			t.Errorf("a blank inserted at %d: intact", i-from)
		}
		if e := OpenBytes(append(bytes.Clone(raw[:i]), raw[i+1:]...), opt); i < to && e.Verdict.Intact {
			t.Errorf("the byte at %d left out: intact", i-from)
		}
	}
}

// TestOuterChangesNeverMoveTheSender: whatever happens outside the signed part, the sender is the signed one or none.
func TestOuterChangesNeverMoveTheSender(t *testing.T) {
	raw, opt := fixture(t, "busta.eml"), fixtureOptions(t)
	from, to := signedRange(t, raw)
	lines := []string{"From: capo@pec.example.it", "Reply-To: capo@pec.example.it", "Sender: capo@pec.example.it", "X-Ricevuta: accettazione",
		"X-Trasporto: errore", "Content-Type: text/plain", "Message-ID: <x@y.example.org>", "Return-Path: <>", "\r\nFrom: capo@pec.example.it", "From capo@pec.example.it"}
	proved := 0
	rng := rand.New(rand.NewPCG(6, 109))
	for n := range 3000 {
		b := bytes.Clone(raw)
		switch n % 3 {
		case 0: // a byte
			i := rng.IntN(len(b) - (to - from))
			if i >= from {
				i += to - from
			}
			b[i] = byte(rng.IntN(256))
		case 1: // a line between header lines
			at := bytes.IndexByte(b[rng.IntN(from-200):], '\n')
			b = bytes.Replace(b, b[at:at+1], []byte("\n"+lines[rng.IntN(len(lines))]+"\r\n"), 1)
		case 2: // a line at the top
			b = append([]byte(lines[rng.IntN(len(lines))]+"\r\n"), b...)
		}
		if s := OpenBytes(b, opt).Sender(); s != "" && s != fixtureSender {
			t.Fatalf("sender is %q for\n%s", s, b)
		} else if s != "" {
			proved++
		}
	}
	if proved == 0 {
		t.Error("no change at all was harmless: the test changes something it should not")
	}
}

// TestWindowEqualsWhole: a message read through a window is opened as one in memory.
func TestWindowEqualsWhole(t *testing.T) {
	opt := fixtureOptions(t)
	for _, name := range []string{"busta.eml", "consegna.eml", "anomalia.eml"} {
		raw := fixture(t, name)
		lf := bytes.ReplaceAll(raw, []byte("\r\n"), []byte("\n"))
		pre := bytes.Replace(raw, []byte("This is an S/MIME"), []byte(strings.Repeat("-- - --\r\n", 4000)+"This is an S/MIME"), 1)
		cut := raw[:len(raw)*2/3]
		for i, b := range [][]byte{raw, lf, pre, cut, []byte("X: y"), nil} {
			want := OpenBytes(b, opt)
			for _, window := range []int{2100, 2777, 4096, 1 << 20} {
				got := windowed(b, opt, window)
				if d := cmp.Diff(want, got, cmpopts.IgnoreUnexported(Attachment{})); d != "" {
					t.Errorf("%s %d, window %d (-whole +window):\n%s", name, i, window, d)
				}
			}
		}
	}
}

func TestLFFileIsCanonicalised(t *testing.T) {
	lf := bytes.ReplaceAll(fixture(t, "busta.eml"), []byte("\r\n"), []byte("\n"))
	e := OpenBytes(lf, fixtureOptions(t))
	if !e.Proved() || !strings.Contains(strings.Join(e.Verdict.Notes, " "), NoteCanonicalised) {
		t.Errorf("%+v", e.Verdict)
	}
	// a message that has CRLF and lost one in the signed part is not an LF file: it was changed
	raw := fixture(t, "busta.eml")
	from, _ := signedRange(t, raw)
	i := from + bytes.Index(raw[from:], []byte("\r\n"))
	if e := OpenBytes(append(bytes.Clone(raw[:i]), raw[i+1:]...), fixtureOptions(t)); e.Verdict.Intact {
		t.Error("a CR was taken out of the signed part, and the verdict is intact")
	}
}

func TestUnreadable(t *testing.T) {
	deep := func(n int) []byte {
		var b strings.Builder
		b.WriteString("From: a@example.org\r\n")
		for i := range n {
			fmt.Fprintf(&b, "Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n", i, i)
		}
		b.WriteString("\r\ntesto\r\n")
		return []byte(b.String())
	}
	for _, c := range []struct {
		name, reason string
		raw          []byte
	}{
		{"empty", ReasonEmpty, nil},
		{"no header", ReasonNoHeader, []byte("ciao\r\n\r\nciao")},
		{"only blank lines", ReasonNoHeader, []byte("\r\n\r\n")},
		{"binary", ReasonNoHeader, bytes.Repeat([]byte{0, 0xff, '\n'}, 1000)},
		{"long header", ReasonHeaderTooLarge, []byte("From: a@example.org\r\nX-A: " + strings.Repeat("x", 300<<10) + "\r\n\r\nciao")},
		{"many fields", ReasonHeaderTooLarge, []byte(strings.Repeat("A: b\r\n", 6000) + "\r\nciao")},
		{"deep", ReasonTooDeep, deep(10_000)},
		{"many parts", ReasonTooManyParts, []byte("Content-Type: multipart/mixed; boundary=b\r\n\r\n" + strings.Repeat("--b\r\n\r\nx\r\n", 2000) + "--b--\r\n")},
		{"nested boundary", ReasonBadMultipart, []byte("Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nx\r\n--b--\r\n")},
		{"long boundary", ReasonBadMultipart, []byte("Content-Type: multipart/mixed; boundary=" + strings.Repeat("b", 300) + "\r\n\r\nx")},
	} {
		e := OpenBytes(c.raw, Options{})
		if e.Kind != Unreadable || e.Reason != c.reason || e.Verdict.Status == Valid {
			t.Errorf("%s: %s %q, want unreadable %q", c.name, e.Kind, e.Reason, c.reason)
		}
		if w := windowed(c.raw, Options{}, 512<<10); w.Kind != e.Kind || w.Reason != e.Reason {
			t.Errorf("%s through a window: %s %q", c.name, w.Kind, w.Reason)
		}
	}
	if e := OpenBytes(deep(15), Options{}); e.Kind != Ordinary {
		t.Errorf("15 levels: %s %q", e.Kind, e.Reason)
	}
}

// TestOrdinaryNeverClaims: unsigned mail is ordinary whatever its headers say.
func TestOrdinaryNeverClaims(t *testing.T) {
	raw := fixture(t, "busta.eml")
	for _, h := range []string{"X-Trasporto: posta-certificata", "X-Ricevuta: accettazione", "X-Trasporto: errore"} {
		e := OpenBytes([]byte(h+"\r\nFrom: posta-certificata@pec.example.it\r\n\r\nciao\r\n"), fixtureOptions(t))
		if e.Kind != Ordinary || e.Verdict.Status != Missing || e.Verdict.Reason != ReasonSignatureMissing || e.Event() != "" {
			t.Errorf("%s: %s %+v", h, e.Kind, e.Verdict)
		}
	}
	for _, wrap := range []string{
		"Content-Type: message/rfc822\r\n\r\n",
		"Content-Type: multipart/mixed; boundary=fwd\r\n\r\n--fwd\r\nContent-Type: message/rfc822\r\n\r\n",
		"Content-Type: multipart/mixed; boundary=fwd\r\nX-Trasporto: posta-certificata\r\n\r\n--fwd\r\n",
	} {
		e := OpenBytes(append([]byte("From: eva@pec.example.it\r\n"+wrap), raw...), fixtureOptions(t))
		if e.Kind != Ordinary || e.Verdict.Status != Missing || e.Daticert != nil || e.Sender() != "" {
			t.Errorf("nested: %s %+v", e.Kind, e.Verdict)
		}
	}
}

// filler is a reader of a message with a long attachment that is never whole in memory.
type filler struct {
	head, tail []byte
	line       []byte
	lines      int64
}

func (f *filler) size() int64 {
	return int64(len(f.head)) + f.lines*int64(len(f.line)) + int64(len(f.tail))
}

func (f *filler) ReadAt(p []byte, off int64) (n int, err error) {
	for n < len(p) {
		var src []byte
		body := off - int64(len(f.head))
		switch all := f.lines * int64(len(f.line)); {
		case body < 0:
			src = f.head[off:]
		case body < all:
			src = f.line[body%int64(len(f.line)):]
		case body-all < int64(len(f.tail)):
			src = f.tail[body-all:]
		default:
			return n, io.EOF
		}
		m := copy(p[n:], src)
		n += m
		off += int64(m)
	}
	return n, nil
}

// TestLargeMessageInConstantMemory opens 64 MiB and demands that what was allocated does not grow with it.
func TestLargeMessageInConstantMemory(t *testing.T) {
	line := []byte(base64.StdEncoding.EncodeToString(bytes.Repeat([]byte("abc"), 19)) + "\r\n")
	f := &filler{line: line, lines: 64 << 20 / int64(len(line)),
		head: []byte("From: a@example.org\r\nX-Trasporto: posta-certificata\r\nContent-Type: multipart/signed; protocol=\"application/pkcs7-signature\"; boundary=s\r\n\r\n--s\r\n" +
			"Content-Type: multipart/mixed; boundary=m\r\n\r\n--m\r\nContent-Type: message/rfc822\r\n\r\nFrom: b@example.org\r\n" +
			"Content-Type: multipart/mixed; boundary=o\r\n\r\n--o\r\n\r\ntesto\r\n--o\r\nContent-Type: application/pdf; name=a.pdf\r\nContent-Transfer-Encoding: base64\r\n\r\n"),
		tail: []byte("--o--\r\n\r\n--m--\r\n\r\n--s\r\nContent-Type: application/pkcs7-signature\r\nContent-Transfer-Encoding: base64\r\n\r\nMAA=\r\n--s--\r\n")}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	e, err := Open(f, f.size(), Options{})
	runtime.ReadMemStats(&after)
	if err != nil {
		t.Fatal(err)
	}
	if grown := after.TotalAlloc - before.TotalAlloc; grown > 2<<20 {
		t.Errorf("opening %d MiB allocated %d KiB", f.size()>>20, grown>>10)
	}
	if e.Verdict.Reason != ReasonMalformedCMS || e.Original == nil || len(e.Original.Attachments) != 1 {
		t.Fatalf("%+v %+v", e.Verdict, e.Original)
	}
	a := e.Original.Attachments[0]
	n, err := io.Copy(io.Discard, a.Reader(f))
	if err != nil || n != f.lines*57 {
		t.Errorf("the attachment decodes to %d bytes, %v; want %d", n, err, f.lines*57)
	}
}

// TestReaderErrorIsReturned: only an error of the reader is an error.
func TestReaderErrorIsReturned(t *testing.T) {
	broken := errors.New("disk gone")
	for _, size := range []int64{100, 5 << 20} {
		_, err := Open(failingReader{broken}, size, Options{})
		if !errors.Is(err, broken) {
			t.Errorf("size %d: error is %v", size, err)
		}
	}
	raw := fixture(t, "busta.eml")
	if _, err := Open(bytes.NewReader(raw), int64(len(raw))+1, Options{}); !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("a message shorter than its size: %v", err)
	}
}

type failingReader struct{ err error }

func (f failingReader) ReadAt([]byte, int64) (int, error) { return 0, f.err }

// TestEnvelopesAreTheirOwn: an envelope stays as it is while others are opened.
func TestEnvelopesAreTheirOwn(t *testing.T) {
	opt := fixtureOptions(t)
	names := []string{"busta.eml", "consegna.eml", "anomalia.eml"}
	var first, again []*Envelope
	for _, to := range []*[]*Envelope{&first, &again} {
		for _, n := range names {
			*to = append(*to, OpenBytes(fixture(t, n), opt))
		}
	}
	opaque := "From: a@example.org\r\nContent-Type: application/pkcs7-mime; smime-type=signed-data\r\nContent-Transfer-Encoding: base64\r\n\r\n"
	for range 20 {
		OpenBytes([]byte(opaque+strings.Repeat("QUFB", 5000)), opt)
	}
	if d := cmp.Diff(first, again, cmpopts.IgnoreUnexported(Attachment{})); d != "" {
		t.Errorf("opened again (-first +again):\n%s", d)
	}
}
