package pec_test

import (
	"bytes"
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	mrand "math/rand/v2"
	"testing"
	"time"

	"sportello/mailproc/pec"
	"sportello/mailproc/pec/pectest"
)

// sized makes a genuine envelope of about the given size, its bulk an attachment.
func sized(tb testing.TB, p *pectest.Provider, size int) []byte {
	tb.Helper()
	m := pectest.Message{
		From: "mario@pec.example.it", To: "disattivazioni@pec.example.com", Subject: "Disattivazione casella",
		Text: "Il sottoscritto Mario Rossi titolare della casella PEC mario@pec.example.it richiede la disattivazione anticipata della stessa.\n",
	}
	if bulk := (size - 9000) / 78 * 57; bulk > 0 {
		data := make([]byte, bulk)
		rng := mrand.New(mrand.NewPCG(1, 2))
		for i := range data {
			data[i] = byte(rng.Uint32())
		}
		m.Attachments = []pectest.Attachment{{Name: "documento.pdf", Type: "application/pdf", Data: data}}
	}
	return p.Transport(m)
}

func trustOf(tb testing.TB, p *pectest.Provider) *pec.Trust {
	tb.Helper()
	roots, err := pec.ParseRoots(p.RootsPEM())
	if err != nil {
		tb.Fatal(err)
	}
	index, err := pec.ParseIndex(pectest.WriteIndex(p), nil)
	if err != nil {
		tb.Fatal(err)
	}
	trust, err := pec.NewTrust(pec.TrustConfig{Roots: roots, Index: index})
	if err != nil {
		tb.Fatal(err)
	}
	return trust
}

var benchSizes = []struct {
	name string
	size int
}{{"10kB", 10_000}, {"1MB", 1_000_000}, {"30MB", 30_000_000}}

// bare is the work no proof can do without: SHA-256 of the bytes and one RSA-2048 verification.
type bare struct {
	key *rsa.PrivateKey
	sig []byte
}

func newBare(tb testing.TB, raw []byte) bare {
	tb.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		tb.Fatal(err)
	}
	sum := sha256.Sum256(raw)
	sig, err := rsa.SignPKCS1v15(rand.Reader, key, crypto.SHA256, sum[:])
	if err != nil {
		tb.Fatal(err)
	}
	return bare{key, sig}
}

func (b bare) do(raw []byte) error {
	sum := sha256.Sum256(raw)
	return rsa.VerifyPKCS1v15(&b.key.PublicKey, crypto.SHA256, sum[:], b.sig)
}

// BenchmarkProve proves one envelope and, by turns in the same run, does the bare work over the same bytes: ns/op is
// of the proof, x-bare how many times the bare work it is. Whoever stored the message has its digest; without it
// (hashing) the raw bytes are hashed a second time for Envelope.Digest.
func BenchmarkProve(b *testing.B) {
	p, err := pectest.New(pectest.Options{Domains: []string{"pec.example.it"}})
	if err != nil {
		b.Fatal(err)
	}
	trust := trustOf(b, p)
	for _, s := range benchSizes {
		raw := sized(b, p, s.size)
		sum := sha256.Sum256(raw)
		known := pec.Options{Trust: trust, Digest: &sum}
		for _, v := range []struct {
			name string
			open func() (*pec.Envelope, error)
		}{
			{"bytes", func() (*pec.Envelope, error) { return pec.OpenBytes(raw, known), nil }},
			{"reader", func() (*pec.Envelope, error) { return pec.Open(bytes.NewReader(raw), int64(len(raw)), known) }},
			{"hashing", func() (*pec.Envelope, error) {
				return pec.Open(bytes.NewReader(raw), int64(len(raw)), pec.Options{Trust: trust})
			}},
		} {
			b.Run(s.name+"/"+v.name, func(b *testing.B) { besideBare(b, raw, v.open) })
		}
	}
}

func besideBare(b *testing.B, raw []byte, open func() (*pec.Envelope, error)) {
	work := newBare(b, raw)
	b.SetBytes(int64(len(raw)))
	b.ReportAllocs()
	var proof, least time.Duration
	for b.Loop() {
		start := time.Now()
		e, err := open()
		between := time.Now()
		if bareErr := work.do(raw); err != nil || bareErr != nil || !e.Proved() {
			b.Fatal(err, bareErr, e.Verdict)
		}
		proof += between.Sub(start)
		least += time.Since(between)
	}
	b.ReportMetric(float64(proof.Nanoseconds())/float64(b.N), "ns/op")
	b.ReportMetric(float64(proof)/float64(least), "x-bare")
}
