package pec

import (
	"bytes"
	"crypto/x509"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// The fixtures of testdata/example: an envelope, a delivery receipt and an anomaly envelope of two
// test providers, their root and their index. Keys and bytes never change.
var (
	fixtureDelivered = time.Date(2026, 11, 10, 9, 23, 0, 0, time.UTC)
	fixtureOurs      = []string{"disattivazioni@pec.example.com"}
	fixtureSender    = "mario@pec.example.it"
)

func fixture(tb testing.TB, name string) []byte {
	tb.Helper()
	b, err := os.ReadFile(filepath.Join("testdata", "example", name))
	if err != nil {
		tb.Fatal(err)
	}
	return b
}

func fixtureRoots(tb testing.TB) []*x509.Certificate {
	tb.Helper()
	roots, err := ParseRoots(fixture(tb, "radici.pem"))
	if err != nil {
		tb.Fatal(err)
	}
	return roots
}

func fixtureTrust(tb testing.TB) *Trust {
	tb.Helper()
	index, err := ParseIndex(fixture(tb, "gestori.ldif"), nil)
	if err != nil {
		tb.Fatal(err)
	}
	if len(index.Warnings) > 0 {
		tb.Fatalf("the index has warnings: %v", index.Warnings)
	}
	return mustTrust(tb, TrustConfig{Roots: fixtureRoots(tb), Index: index})
}

func mustTrust(tb testing.TB, cfg TrustConfig) *Trust {
	tb.Helper()
	t, err := NewTrust(cfg)
	if err != nil {
		tb.Fatal(err)
	}
	return t
}

func fixtureOptions(tb testing.TB) Options {
	return Options{Trust: fixtureTrust(tb), Delivered: fixtureDelivered, Ours: fixtureOurs}
}

// windowed opens raw as a large message is opened: through a window, here of the given size.
func windowed(raw []byte, opt Options, window int) *Envelope {
	m := newMessage(opt)
	defer m.leave()
	m.given = source{r: bytes.NewReader(raw), size: int64(len(raw)), buf: make([]byte, 0, window)}
	e, err := m.read()
	if err != nil {
		panic(err) // a bytes.Reader has none
	}
	return e
}

// signedRange is where the signed entity of a message lies, found without the scanner under test.
func signedRange(tb testing.TB, raw []byte) (from, to int) {
	tb.Helper()
	i := bytes.Index(raw, []byte(`boundary="`)) + len(`boundary="`)
	boundary := append([]byte("\r\n--"), raw[i:i+bytes.IndexByte(raw[i:], '"')]...)
	from = bytes.Index(raw, boundary) + len(boundary) + 2
	to = from + bytes.Index(raw[from:], boundary)
	if from < len(boundary) || to <= from {
		tb.Fatal("the fixture has no signed part")
	}
	return from, to
}

// replace changes the one occurrence of old in raw.
func replace(tb testing.TB, raw []byte, old, with string) []byte {
	tb.Helper()
	if bytes.Count(raw, []byte(old)) != 1 {
		tb.Fatalf("%q occurs %d times in the fixture", old, bytes.Count(raw, []byte(old)))
	}
	return bytes.Replace(raw, []byte(old), []byte(with), 1)
}
