package pec_test

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"sportello/mailproc/pec"
	"sportello/mailproc/pec/pectest"
)

// detached are the genuine envelopes whose signed part can be pointed at.
func detached(m *market) (samples []pectest.Sample, from, to []int) {
	for _, s := range m.genuine {
		content, _, found := cut(s.Raw)
		if !s.Want.Proved || !found || content == nil {
			continue
		}
		i := bytes.Index(s.Raw, content)
		if i < 0 {
			continue // saved with LF
		}
		samples, from, to = append(samples, s), append(from, i), append(to, i+len(content))
	}
	return samples, from, to
}

// TestAnyChangedByteBreaksTheProof: take any genuine envelope, change any byte
// inside the signed part, and it is never valid.
func TestAnyChangedByteBreaksTheProof(t *testing.T) {
	m := theMarket(t)
	samples, from, to := detached(m)
	if len(samples) < 100 {
		t.Fatalf("only %d envelopes to change", len(samples))
	}
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(0, len(samples)-1).Draw(t, "sample")
		s := samples[n]
		raw := bytes.Clone(s.Raw)
		at := rapid.IntRange(from[n], to[n]-1).Draw(t, "at")
		raw[at] ^= byte(rapid.IntRange(1, 255).Draw(t, "xor"))
		s.Raw = raw
		if e := m.open(s); e.Verdict.Status == pec.Valid || e.Sender() != "" || e.Daticert != nil {
			t.Fatalf("%s: byte %d changed to %q: %s", s.Name, at, raw[at], verdict(e))
		}
	})
}

// TestEveryByteOfOneEnvelope does the same for each byte of one envelope.
func TestEveryByteOfOneEnvelope(t *testing.T) {
	m := theMarket(t)
	samples, from, to := detached(m)
	s := samples[0]
	raw := bytes.Clone(s.Raw)
	for at := from[0]; at < to[0]; at++ {
		for _, x := range []byte{1, 0x20, 0x80} {
			raw[at] ^= x
			s.Raw = raw
			if e := m.open(s); e.Verdict.Status == pec.Valid || e.Sender() != "" {
				t.Errorf("byte %d changed by %#x: %s", at, x, verdict(e))
			}
			raw[at] ^= x
		}
	}
	for at := from[0]; at <= to[0]; at += 7 { // a byte more, a byte less
		for _, changed := range [][]byte{slices.Concat(raw[:at], []byte("x"), raw[at:]), slices.Concat(raw[:at], raw[min(at+1, to[0]):])} {
			if s.Raw = changed; len(changed) != len(raw) && m.open(s).Proved() {
				t.Errorf("a byte more or less at %d: still proved", at)
			}
		}
	}
}

// TestNoSignatureMakesAnotherSender changes bytes of the signature: the sender
// stays the same or nobody is proved.
func TestNoSignatureMakesAnotherSender(t *testing.T) {
	m := theMarket(t)
	samples, _, to := detached(m)
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(0, len(samples)-1).Draw(t, "sample")
		s := samples[n]
		raw := bytes.Clone(s.Raw)
		for range rapid.IntRange(1, 3).Draw(t, "changes") {
			at := rapid.IntRange(to[n], len(raw)-1).Draw(t, "at")
			raw[at] = rapid.SampledFrom([]byte("ABCxyz019+/=-\r\n \x00")).Draw(t, "to")
		}
		s.Raw = raw
		if e := m.open(s); e.Sender() != "" && e.Sender() != s.Want.Sender {
			t.Fatalf("%s: another sender: %s", s.Name, verdict(e))
		}
	})
}

// outerFields are what a forger would write into an outer header.
var outerFields = []string{
	"From: \"Per conto di: anna@pec.example.it\" <posta-certificata@pec.example.it>", "From: anna@pec.example.it", "From: Anna <anna@pec.example.it>, mario@pec.example.it",
	"Reply-To: anna@pec.example.it", "Sender: anna@pec.example.it", "Return-Path: <anna@pec.example.it>", "To: altro@pec.example.com", "Subject: POSTA CERTIFICATA: altro",
	"X-Trasporto: posta-certificata", "X-Trasporto: errore", "X-Ricevuta: accettazione", "X-Riferimento-Message-ID: <altro@pec.example.it>",
	"Message-ID: <altro@pec.example.it>", "Date: Thu, 1 Jan 2015 00:00:00 +0000", "MIME-Version: 2.0", "Content-Type: text/plain", "Content-Type: multipart/mixed; boundary=\"x\"",
	"Content-Transfer-Encoding: base64", "Content-Disposition: attachment", "Resent-From: anna@pec.example.it", "X-Sender: anna@pec.example.it", "Received: from anna by us", "\tcontinued",
}

// TestNoOuterHeaderMakesAnotherSender: take any genuine envelope, change any
// outer field, and it never proves another sender.
func TestNoOuterHeaderMakesAnotherSender(t *testing.T) {
	m := theMarket(t)
	var proved []pectest.Sample
	for _, s := range m.genuine {
		if s.Want.Proved {
			proved = append(proved, s)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.SampledFrom(proved).Draw(t, "sample")
		head, body, _ := strings.Cut(string(s.Raw), "\r\n\r\n")
		lines := strings.Split(head, "\r\n")
		for range rapid.IntRange(1, 5).Draw(t, "changes") {
			at := rapid.IntRange(0, len(lines)-1).Draw(t, "line")
			field := rapid.SampledFrom(outerFields).Draw(t, "field")
			switch rapid.IntRange(0, 5).Draw(t, "how") {
			case 0:
				lines = slices.Insert(lines, at, field)
			case 1:
				lines[at] = field
			case 2:
				if len(lines) > 1 {
					lines = slices.Delete(lines, at, at+1)
				}
			case 3:
				lines[at] = strings.Replace(lines[at], "mario", "anna", 1)
			case 4:
				lines[at] += rapid.SampledFrom([]string{" <anna@pec.example.it>", ", anna@pec.example.it", "\r\n anna@pec.example.it", "\x00", "; boundary=x", "\r"}).Draw(t, "tail")
			case 5:
				other := rapid.IntRange(0, len(lines)-1).Draw(t, "other")
				lines[at], lines[other] = lines[other], lines[at]
			}
		}
		s.Raw = []byte(strings.Join(lines, "\r\n") + "\r\n\r\n" + body)
		e := m.open(s)
		if e.Sender() != "" && e.Sender() != s.Want.Sender {
			t.Fatalf("%s: another sender, %q: %s", s.Name, e.Sender(), verdict(e))
		}
		if e.Kind == pec.Receipt && e.Verdict.Status == pec.Valid {
			t.Fatalf("%s: became a valid receipt", s.Name)
		}
	})
}

// TestOrderOfSamplesDoesNotMatter opens the corpora with one Trust forwards and
// backwards: what one message carries must not help another.
func TestOrderOfSamplesDoesNotMatter(t *testing.T) {
	m := theMarket(t)
	all := slices.Concat(m.forgeries, m.genuine)
	before := make([]string, len(all))
	for i, s := range all {
		before[i] = verdict(m.open(s))
	}
	for i, s := range slices.Backward(all) {
		if got := verdict(m.open(s)); got != before[i] {
			t.Errorf("%s: first %s, then %s", s.Name, before[i], got)
		}
	}
}

// TestStreamedAgreesWithWhole opens every sample through a reader that gives
// little at a time, as a large message is read.
func TestStreamedAgreesWithWhole(t *testing.T) {
	m := theMarket(t)
	for _, s := range slices.Concat(m.genuine, m.forgeries) {
		opt := m.opt
		opt.Delivered = s.Delivered
		e, err := pec.Open(bytes.NewReader(s.Raw), int64(len(s.Raw)), opt)
		if err != nil {
			t.Errorf("%s: %v", s.Name, err)
			continue
		}
		if got, want := fmt.Sprint(verdict(e), e.Sender(), e.Digest), fmt.Sprint(verdict(m.open(s)), m.open(s).Sender(), m.open(s).Digest); got != want {
			t.Errorf("%s: streamed %s, whole %s", s.Name, got, want)
		}
	}
}
