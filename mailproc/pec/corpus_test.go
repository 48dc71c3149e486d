package pec_test

import (
	"crypto/x509"
	"fmt"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"sportello/mailproc/pec"
	"sportello/mailproc/pec/pectest"
)

// market is the world of both corpora, made once, and what its desk trusts.
type market struct {
	world              *pectest.World
	opt                pec.Options
	roots              string // file
	genuine, forgeries []pectest.Sample
}

var openMarket = sync.OnceValues(func() (*market, error) {
	w, err := pectest.NewWorld()
	if err != nil {
		return nil, err
	}
	roots, err := pec.ParseRoots(w.RootsPEM())
	if err != nil {
		return nil, err
	}
	index, err := pec.ParseIndex(w.IndexLDIF(), nil)
	if err != nil {
		return nil, err
	}
	der, err := w.CRL(time.Date(2026, 11, 9, 0, 0, 0, 0, time.UTC))
	if err != nil {
		return nil, err
	}
	crl, err := x509.ParseRevocationList(der)
	if err != nil {
		return nil, err
	}
	trust, err := pec.NewTrust(pec.TrustConfig{Roots: roots, Index: index, CRLs: []*x509.RevocationList{crl}})
	if err != nil {
		return nil, err
	}
	file, err := os.CreateTemp("", "roots-*.pem")
	if err != nil {
		return nil, err
	}
	if _, err := file.Write(w.RootsPEM()); err != nil {
		return nil, err
	}
	return &market{
		world: w, opt: pec.Options{Trust: trust, Ours: w.Ours}, roots: file.Name(),
		genuine: w.Genuine(), forgeries: w.Forgeries(),
	}, file.Close()
})

func TestMain(m *testing.M) {
	code := m.Run()
	if w, err := openMarket(); err == nil {
		os.Remove(w.roots)
	}
	os.Exit(code)
}

func theMarket(t testing.TB) *market {
	t.Helper()
	m, err := openMarket()
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func (m *market) open(s pectest.Sample) *pec.Envelope {
	opt := m.opt
	opt.Delivered = s.Delivered
	return pec.OpenBytes(s.Raw, opt)
}

func verdict(e *pec.Envelope) string {
	v := e.Verdict
	return fmt.Sprintf("%s, %s (%s: %s)", e.Kind, v.Status, v.Reason, v.Detail)
}

// TestGenuineCorpus demands that everything providers make is believed.
func TestGenuineCorpus(t *testing.T) {
	m := theMarket(t)
	if n := len(m.genuine); n < 250 {
		t.Errorf("only %d genuine samples", n)
	}
	unique(t, m.genuine)
	for _, s := range m.genuine {
		t.Run(s.Name, func(t *testing.T) {
			e := m.open(s)
			check(t, s, e)
			if s.Want.Proved && !e.Proved() {
				t.Errorf("%s\nnot proved: %s", s.What, verdict(e))
			}
			if got := e.Sender(); got != s.Want.Sender {
				t.Errorf("%s\nsender %q, want %q", s.What, got, s.Want.Sender)
			}
		})
	}
}

// TestForgedCorpus demands that nothing forged proves a sender, or is a valid
// receipt, and that the reason given is the true one.
func TestForgedCorpus(t *testing.T) {
	m := theMarket(t)
	if n := len(m.forgeries); n < 400 {
		t.Errorf("only %d forgeries", n)
	}
	unique(t, m.forgeries)
	for _, s := range m.forgeries {
		t.Run(s.Name, func(t *testing.T) {
			e := m.open(s)
			check(t, s, e)
			if e.Proved() || e.Sender() != "" {
				t.Errorf("%s\nPROVED as %q", s.What, e.Sender())
			}
			if e.Kind == pec.Receipt && e.Verdict.Status == pec.Valid {
				t.Errorf("%s\nvalid as a receipt", s.What)
			}
		})
	}
}

func unique(t *testing.T, samples []pectest.Sample) {
	t.Helper()
	seen := map[string]bool{}
	for _, s := range samples {
		if seen[s.Name] {
			t.Errorf("two samples are called %s", s.Name)
		}
		seen[s.Name] = true
	}
}

// check compares what was found with what the sample says.
func check(t *testing.T, s pectest.Sample, e *pec.Envelope) {
	t.Helper()
	reason := e.Verdict.Reason
	if e.Kind == pec.Unreadable {
		reason = e.Reason
	}
	if !among(s.Want.Kinds, string(e.Kind)) || !among(s.Want.Statuses, string(e.Verdict.Status)) ||
		!among(s.Want.Reasons, e.Verdict.Reason) && !among(s.Want.Reasons, reason) {
		t.Errorf("%s\n got %s\nwant kinds %q statuses %q reasons %q", s.What, verdict(e), s.Want.Kinds, s.Want.Statuses, s.Want.Reasons)
	}
	stepsMakeSense(t, e)
}

func among(list []string, s string) bool { return len(list) == 0 || slices.Contains(list, s) }

// stepsMakeSense demands that the steps tell the verdict: all good when valid,
// only the last one bad otherwise, a sentence for each failure.
func stepsMakeSense(t *testing.T, e *pec.Envelope) {
	t.Helper()
	v := e.Verdict
	if len(v.Steps) == 0 {
		t.Errorf("no steps: %s", verdict(e))
		return
	}
	for i, s := range v.Steps {
		last := i == len(v.Steps)-1
		if s.OK == (last && v.Status != pec.Valid) {
			t.Errorf("step %s is %v in a verdict %s", s.Name, s.OK, verdict(e))
		}
	}
	if (v.Status == pec.Valid) != (v.Reason == "") || (v.Status != pec.Valid && v.Detail == "") {
		t.Errorf("a verdict without its reason: %s", verdict(e))
	}
	if v.Status == pec.Valid && !v.Intact {
		t.Error("valid, and the signature not intact")
	}
	if !v.Intact && e.Proved() {
		t.Error("proved without an intact signature")
	}
	if e.Daticert != nil && (v.Status == pec.Missing || strings.HasSuffix(v.Reason, "_mismatch") && v.Reason != "san_mismatch" && v.Reason != "sender_mismatch") {
		t.Errorf("certification data from a part whose signature does not hold: %s", verdict(e))
	}
}
