package main

import (
	"bytes"
	"context"
	"encoding/pem"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"sportello/mailproc"
	"sportello/mailproc/pec"
	"sportello/mailproc/pec/pectest"
	"sportello/store"
)

// trusting is a folder with a configuration whose [trust] ends with the given lines.
type trusting struct {
	t    *testing.T
	w    *pectest.World
	dir  string
	file string
}

func newTrusting(t *testing.T, lines ...string) *trusting {
	t.Helper()
	w, err := market()
	if err != nil {
		t.Fatal(err)
	}
	c := &trusting{t: t, w: w, dir: configFolder(t)}
	c.file = filepath.Join(c.dir, "sportello.toml")
	c.write("sportello.toml", strings.Replace(small, "[registry]", strings.Join(append(lines, "[registry]"), "\n"), 1))
	return c
}

func (c *trusting) write(name, text string) { writeFile(c.t, filepath.Join(c.dir, name), text) }

func (c *trusting) index() string {
	c.t.Helper()
	raw, err := os.ReadFile(filepath.Join(c.dir, "trust/gestori.ldif"))
	if err != nil {
		c.t.Fatal(err)
	}
	return string(raw)
}

// sportello runs the program and returns its exit code and what it says.
func (c *trusting) sportello(args ...string) (code int, out, errs string) {
	c.t.Helper()
	var stdout, stderr bytes.Buffer
	code = run(c.t.Context(), append([]string{"-c", c.file}, args...), strings.NewReader(""), &stdout, &stderr)
	return code, stdout.String(), stderr.String()
}

// refused demands that an import fails for the given reason, and that the index stays as it was, byte for byte.
func (c *trusting) refused(what, from, why string) {
	c.t.Helper()
	before := c.index()
	code, out, errs := c.sportello("trust", "import", from)
	if code != 1 || !strings.Contains(errs, why) {
		c.t.Errorf("%s: exit code %d, %q, want 1 and %q", what, code, errs, why)
	}
	if strings.Contains(out, "in force:") || c.index() != before {
		c.t.Errorf("%s: the index in force has changed", what)
	}
	if left, err := filepath.Glob(filepath.Join(c.dir, "trust", ".import-*")); err != nil || len(left) > 0 {
		c.t.Errorf("%s: left behind: %v %v", what, left, err)
	}
}

// taken demands that an import puts exactly these bytes in force.
func (c *trusting) taken(what, from string, raw []byte) {
	c.t.Helper()
	code, out, errs := c.sportello("trust", "import", from)
	if code != 0 || !strings.Contains(out, "index in force:") || c.index() != string(raw) {
		c.t.Errorf("%s: exit code %d, %q %q; the index in force is the new one: %v", what, code, out, errs, c.index() == string(raw))
	}
}

func TestTrustImport(t *testing.T) {
	c := newTrusting(t)
	checked := func(address string, want int) {
		t.Helper()
		if code, out, errs := c.sportello("trust", "check", address); code != want {
			t.Errorf("trust check %s: exit code %d, want %d: %s%s", address, code, want, out, errs)
		}
	}
	checked("anna@gestore.example.org", 1)
	whole := c.w.IndexLDIF()
	c.write("new.ldif", string(whole))
	c.taken("a new index", filepath.Join(c.dir, "new.ldif"), whole)
	checked("anna@gestore.example.org", 0)
	_, out, _ := c.sportello("trust", "list")
	for _, want := range []string{", 0 days old", "Gestore Nuovo S.r.l.", "Ambiente secondario", "unita.example.org", "1 Jan 2050", "bears no address from which", "1 Nov 2026"} {
		if !strings.Contains(out, want) {
			t.Errorf("trust list lacks %q:\n%s", want, out)
		}
	}
	for what, bad := range map[string]struct{ text, why string }{
		"a web page":        {"<html><body>404</body></html>", "no attribute name"},
		"nothing":           {"", "no entry of class provider"},
		"cut in a value":    {string(whole[:bytes.Index(whole, []byte("providerCertificate;binary::"))+100]), "not base64"},
		"no provider":       {"dn: o=postacert\nobjectclass: organization\no: postacert\n", "no entry of class provider"},
		"a change record":   {"dn: o=postacert\nchangetype: delete\n", "a change record"},
		"signed, by no one": {"\x30\x03\x02\x01\x00", "no signer is configured"},
	} {
		c.write("bad", bad.text)
		c.refused(what, filepath.Join(c.dir, "bad"), bad.why)
		c.refused(what, filepath.Join(c.dir, "bad"), "the index in force stays as it was")
	}
	c.refused("no such file", filepath.Join(c.dir, "none"), "no such file")
	checked("anna@gestore.example.org", 0)
}

// TestTrustImportFirst: the index that the configuration names need not be there to import it.
func TestTrustImportFirst(t *testing.T) {
	c := newTrusting(t)
	raw := c.index()
	c.write("new.ldif", raw)
	if err := os.Remove(filepath.Join(c.dir, "trust/gestori.ldif")); err != nil {
		t.Fatal(err)
	}
	if code, _, errs := c.sportello("trust", "list"); code != 1 || !strings.Contains(errs, "trust import") {
		t.Errorf("trust list without an index: %d %q", code, errs)
	}
	c.taken("the first index", filepath.Join(c.dir, "new.ldif"), []byte(raw))
}

// TestTrustImportSigned: with a signer configured only what he signed is taken.
func TestTrustImportSigned(t *testing.T) {
	c := newTrusting(t, `index_signers = ["trust/signer.pem"]`)
	signer, err := c.w.Customers.Authority().Issue(pectest.Certificate{CommonName: "Indice", Organization: "Persona", Key: pectest.P256})
	if err != nil {
		t.Fatal(err)
	}
	c.write("trust/signer.pem", string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: signer.Cert.Raw})))
	signed := func(by *pectest.Identity) []byte {
		p7m, err := pectest.SignedIndex(c.w.IndexLDIF(), by)
		if err != nil {
			t.Fatal(err)
		}
		return p7m
	}
	good := signed(signer)
	c.write("good.p7m", string(good))
	c.write("stranger.p7m", string(signed(c.w.Desk.Signer)))
	c.write("changed.p7m", strings.Replace(string(good), "gestore.example.org", "gestora.example.org", 1))
	c.write("plain.ldif", string(c.w.IndexLDIF()))
	for name, why := range map[string]string{"stranger.p7m": "the signer is none of the configured ones", "changed.p7m": "does not match", "plain.ldif": "the file is not signed"} {
		c.refused(name, filepath.Join(c.dir, name), why)
	}
	c.taken("good.p7m", filepath.Join(c.dir, "good.p7m"), good)
	c.refused("stranger.p7m, later", filepath.Join(c.dir, "stranger.p7m"), "the signer is none of the configured ones")
	if code, out, errs := c.sportello("trust", "check", "anna@gestore.example.org"); code != 0 {
		t.Errorf("the signed index is not used: %s%s", out, errs)
	}
}

// TestTrustImportURL downloads from a server on loopback.
func TestTrustImportURL(t *testing.T) {
	c := newTrusting(t)
	whole := c.w.IndexLDIF()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/igpec.ldif":
			_, _ = w.Write(whole)
		case "/cut.ldif":
			w.Header().Set("Content-Length", fmt.Sprint(len(whole)))
			_, _ = w.Write(whole[:len(whole)/2])
		case "/page":
			_, _ = w.Write([]byte("<html>manutenzione</html>"))
		default:
			http.NotFound(w, r)
		}
	}))
	defer server.Close()
	c.refused("not there", server.URL+"/none", "404 Not Found")
	c.refused("cut off", server.URL+"/cut.ldif", "unexpected EOF")
	c.refused("a page", server.URL+"/page", "no attribute name")
	c.taken("by address", server.URL+"/igpec.ldif", whole)
	server.Close()
	c.refused("nobody there", server.URL+"/igpec.ldif", "download")
}

// listServer gives out a revocation list, or whatever it is told to answer.
type listServer struct {
	*httptest.Server
	answer atomic.Pointer[[]byte] // nil: an error
}

func newListServer(t *testing.T) *listServer {
	s := &listServer{}
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		if b := s.answer.Load(); b != nil {
			_, _ = w.Write(*b)
			return
		}
		http.Error(w, "no", http.StatusServiceUnavailable)
	}))
	t.Cleanup(s.Close)
	return s
}

// revocations is the list in which the provider Revoked stands.
func (c *trusting) revocations() []byte {
	c.t.Helper()
	list, err := c.w.CRL(time.Date(2026, 11, 9, 0, 0, 0, 0, time.UTC))
	if err != nil {
		c.t.Fatal(err)
	}
	return list
}

// ofRevoked is an envelope of that provider.
func (c *trusting) ofRevoked() []byte {
	return c.w.Revoked.Transport(pectest.Message{From: "mario@pec.example.it", To: c.w.Ours[0], Subject: "x", Text: "x\n"})
}

// TestRevocationByURL: a list is fetched when trust is loaded; the last good one is kept for when its address does not
// answer, or answers something else.
func TestRevocationByURL(t *testing.T) {
	server := newListServer(t)
	c := newTrusting(t, `crl = ["`+server.URL+`/pec.crl"]`)
	list := c.revocations()
	c.write("trust/gestori.ldif", string(c.w.IndexLDIF()))
	cfg, err := LoadConfig(c.file)
	if err != nil {
		t.Fatal(err)
	}
	raw := c.ofRevoked()
	expect := func(when string, want pec.Status, reason string) {
		t.Helper()
		trust, err := loadTrust(cfg)
		if err != nil {
			t.Errorf("%s: %v", when, err)
			return
		}
		if v := pec.OpenBytes(raw, pec.Options{Trust: trust}).Verdict; v.Status != want || v.Reason != reason {
			t.Errorf("%s: %s %s, want %s %s", when, v.Status, v.Reason, want, reason)
		}
	}
	expect("never answered", pec.Valid, "")
	page := []byte("<html>accesso alla rete</html>")
	server.answer.Store(&page)
	expect("answered a page, and nothing is kept", pec.Valid, "")
	server.answer.Store(&list)
	expect("answered", pec.Untrusted, pec.ReasonRevoked)
	asPEM := pem.EncodeToMemory(&pem.Block{Type: "X509 CRL", Bytes: list})
	server.answer.Store(&asPEM)
	expect("answered in PEM", pec.Untrusted, pec.ReasonRevoked)
	server.answer.Store(&page)
	expect("answered a page, and a list is kept", pec.Untrusted, pec.ReasonRevoked)
	server.answer.Store(nil)
	expect("no longer answers", pec.Untrusted, pec.ReasonRevoked)
	server.Close()
	expect("gone", pec.Untrusted, pec.ReasonRevoked)

	c.write("empty.crl", "no list")
	cfg.Trust.CRL = []string{filepath.Join(c.dir, "empty.crl")}
	if _, err := loadTrust(cfg); err == nil || !strings.Contains(err.Error(), "empty.crl: ") || !strings.Contains(err.Error(), ": name a revocation list, PEM or DER") {
		t.Errorf("a file that is no list was taken: %v", err)
	}
}

// TestRevocationWhileRunning: a certificate that is revoked while the daemon runs is not believed any more.
func TestRevocationWhileRunning(t *testing.T) {
	server := newListServer(t)
	c := newTrusting(t, `crl = ["`+server.URL+`/pec.crl"]`, `crl_refresh = "20ms"`)
	list := c.revocations()
	c.write("trust/gestori.ldif", string(c.w.IndexLDIF()))
	cfg, err := LoadConfig(c.file)
	if err != nil {
		t.Fatal(err)
	}
	policy, err := loadPolicy(cfg)
	if err != nil {
		t.Fatal(err)
	}
	desk, err := mailproc.New(mailproc.Options{Policy: policy})
	if err != nil {
		t.Fatal(err)
	}
	inForce := desk.Policy().Rules
	a := &admin{cfg: cfg, office: &mailproc.Office{Desk: desk, Running: true}, log: slog.New(slog.DiscardHandler)}
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- a.lists(ctx) }()
	raw := c.ofRevoked()
	status := func() pec.Status { return pec.OpenBytes(raw, pec.Options{Trust: desk.Policy().Trust}).Verdict.Status }
	if s := status(); s != pec.Valid {
		t.Errorf("before the list: %s", s)
	}
	server.answer.Store(&list)
	for end := time.Now().Add(30 * time.Second); status() != pec.Untrusted; time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("the list was not read while the daemon ran")
		}
	}
	if desk.Policy().Rules != inForce {
		t.Error("the procedures changed with the trust")
	}
	stop()
	if err := <-done; err != nil {
		t.Error(err)
	}
}

// TestOldIndex: an index older than index_max_age is said in trust list, told as an incident, and its age is a metric.
func TestOldIndex(t *testing.T) {
	told := make(chan string, 16)
	hook := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		told <- string(body)
	}))
	defer hook.Close()
	c := newTrusting(t, `index_max_age = "7d"`, "[alert]", `url = "`+hook.URL+`"`)
	age := func(d time.Duration) {
		t.Helper()
		at := time.Now().Add(-d)
		if err := os.Chtimes(filepath.Join(c.dir, "trust/gestori.ldif"), at, at); err != nil {
			t.Fatal(err)
		}
	}
	age(6 * 24 * time.Hour)
	if _, out, _ := c.sportello("trust", "list"); !strings.Contains(out, "6 days old\n") {
		t.Errorf("an index of six days: %s", out)
	}
	age(8 * 24 * time.Hour)
	if _, out, _ := c.sportello("trust", "list"); !strings.Contains(out, "8 days old — TOO OLD") {
		t.Errorf("an index of eight days: %s", out)
	}
	cfg, err := LoadConfig(c.file)
	if err != nil {
		t.Fatal(err)
	}
	st, err := store.Open(cfg.Data, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	desk, err := buildDesk(cfg, st, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	desk.Mailboxes = nil // no server is needed to look at the index
	_, body := probe(t, observability(&mailproc.Office{Desk: desk, Running: true}), "/metrics")
	_, after, _ := strings.Cut(body, "\nsportello_index_age_seconds ")
	value, _, _ := strings.Cut(after, "\n")
	if seconds, err := strconv.ParseFloat(value, 64); err != nil || seconds < 8*86400 || seconds > 8*86400+3600 {
		t.Errorf("sportello_index_age_seconds is %q", value)
	}
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- desk.Run(ctx) }()
	for text := range told {
		if strings.Contains(text, "index is 8 days old") {
			break
		}
	}
	stop()
	if err := <-done; err != nil {
		t.Error(err)
	}
}
