package pec_test

import (
	"bytes"
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"fmt"
	mrand "math/rand/v2"
	"testing"

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

// BenchmarkProve proves one envelope: in memory, through the window of a reader, and with the digest of
// the raw bytes given by who stored them. Compare with BenchmarkBare of the same run.
func BenchmarkProve(b *testing.B) {
	p, err := pectest.New(pectest.Options{Domains: []string{"pec.example.it"}})
	if err != nil {
		b.Fatal(err)
	}
	trust := trustOf(b, p)
	for _, s := range benchSizes {
		raw := sized(b, p, s.size)
		sum := sha256.Sum256(raw)
		for _, v := range []struct {
			name   string
			digest *[32]byte
			open   func(pec.Options) (*pec.Envelope, error)
		}{
			{"bytes", nil, func(o pec.Options) (*pec.Envelope, error) { return pec.OpenBytes(raw, o), nil }},
			{"bytes-digest", &sum, func(o pec.Options) (*pec.Envelope, error) { return pec.OpenBytes(raw, o), nil }},
			{"reader", nil, func(o pec.Options) (*pec.Envelope, error) {
				return pec.Open(bytes.NewReader(raw), int64(len(raw)), o)
			}},
			{"reader-digest", &sum, func(o pec.Options) (*pec.Envelope, error) {
				return pec.Open(bytes.NewReader(raw), int64(len(raw)), o)
			}},
		} {
			b.Run(fmt.Sprintf("%s/%s", s.name, v.name), func(b *testing.B) {
				b.SetBytes(int64(len(raw)))
				b.ReportAllocs()
				for b.Loop() {
					e, err := v.open(pec.Options{Trust: trust, Digest: v.digest})
					if err != nil || !e.Proved() {
						b.Fatal(err, e.Verdict)
					}
				}
			})
		}
	}
}

// BenchmarkBare is the work no proof can do without: SHA-256 of the bytes and one RSA-2048 verification.
func BenchmarkBare(b *testing.B) {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		b.Fatal(err)
	}
	p, err := pectest.New(pectest.Options{Domains: []string{"pec.example.it"}})
	if err != nil {
		b.Fatal(err)
	}
	for _, s := range benchSizes {
		raw := sized(b, p, s.size)
		sum := sha256.Sum256(raw)
		sig, err := rsa.SignPKCS1v15(rand.Reader, key, crypto.SHA256, sum[:])
		if err != nil {
			b.Fatal(err)
		}
		b.Run(s.name, func(b *testing.B) {
			b.SetBytes(int64(len(raw)))
			for b.Loop() {
				sum := sha256.Sum256(raw)
				if err := rsa.VerifyPKCS1v15(&key.PublicKey, crypto.SHA256, sum[:], sig); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
