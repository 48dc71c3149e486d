package pec_test

import (
	"bytes"
	"encoding/base64"
	"mime"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"sportello/mailproc/pec"
	"sportello/mailproc/pec/pectest"
)

// TestOpensslAgrees demands that the signature verdict of every sample is that
// of openssl cms -verify, given the same roots, instant and purpose: also where the
// form of the signature is refused, or what it covers.
func TestOpensslAgrees(t *testing.T) {
	if _, err := exec.LookPath("openssl"); err != nil {
		t.Fatal("openssl is missing: install the package openssl")
	}
	m := theMarket(t)
	dir := t.TempDir()
	samples := append(append([]pectest.Sample(nil), m.genuine...), m.forgeries...)
	type answer struct {
		asked, ok bool
		said      string
	}
	answers := make([]answer, len(samples))
	var next atomic.Int64
	var wg sync.WaitGroup
	for range 2 {
		wg.Go(func() {
			for i := int(next.Add(1)) - 1; i < len(samples); i = int(next.Add(1)) - 1 {
				e := m.open(samples[i])
				at := e.Verdict.At
				if at.IsZero() {
					at = samples[i].Delivered
				}
				content, sig, found := cut(samples[i].Raw)
				if found {
					ok, said := askOpenssl(t, filepath.Join(dir, strconv.Itoa(i)), m.roots, content, sig, at.Unix())
					answers[i] = answer{true, ok, said}
				}
			}
		})
	}
	wg.Wait()
	asked, accepted, refused := 0, 0, 0
	for i, s := range samples {
		e, a := m.open(s), answers[i]
		if a.asked {
			asked++
		}
		if a.ok {
			accepted++
		}
		switch {
		case !a.asked: // no signature to be found in the plain way: nothing to compare
			if s.Want.Proved {
				t.Errorf("%s: the test finds no signature in a genuine envelope", s.Name)
			}
		case a.ok == e.Verdict.Intact:
			if a.ok && e.Verdict.Status != pec.Valid {
				refused++
			}
		default:
			t.Errorf("%s: %s\n     pec: intact %v: %s\n openssl: %v: %s", s.Name, s.What, e.Verdict.Intact, verdict(e), a.ok, a.said)
		}
	}
	t.Logf("%d samples, %d with a signature that openssl was asked about: it accepts %d, of which %d are refused all the same",
		len(samples), asked, accepted, refused)
	if asked < 500 {
		t.Errorf("openssl was asked about %d samples only", asked)
	}
}

// askOpenssl runs openssl cms -verify; content nil: the signature is opaque.
func askOpenssl(t *testing.T, stem, roots string, content, sig []byte, at int64) (bool, string) {
	args := []string{"cms", "-verify", "-binary", "-inform", "DER", "-in", stem + ".p7s", "-CAfile", roots, "-no-CApath", "-no-CAstore",
		"-purpose", "smimesign", "-attime", strconv.FormatInt(at, 10), "-out", os.DevNull}
	if err := os.WriteFile(stem+".p7s", sig, 0o600); err != nil {
		t.Error(err)
	}
	if content != nil {
		if err := os.WriteFile(stem+".bin", content, 0o600); err != nil {
			t.Error(err)
		}
		args = append(args, "-content", stem+".bin")
	}
	out, err := exec.Command("openssl", args...).CombinedOutput()
	return err == nil, strings.TrimSpace(string(out))
}

// cut finds content and signature in the plainest possible way, to depend on
// nothing of the package: one Content-Type, exactly two parts between whole
// delimiter lines, nothing beyond MIME's bounds. found is false for anything
// less plain: which bytes are signed is then the reader's choice.
func cut(raw []byte) (content, sig []byte, found bool) {
	if i := bytes.IndexByte(raw, '\n'); i >= 0 && (i == 0 || raw[i-1] != '\r') {
		if bytes.HasPrefix(raw, []byte("From ")) && bytes.Contains(raw, []byte("\r\n")) {
			raw = raw[i+1:] // of a mailbox file
		} else {
			raw = bytes.ReplaceAll(raw, []byte("\n"), []byte("\r\n")) // saved with LF
		}
	}
	head, body, ok := bytes.Cut(raw, []byte("\r\n\r\n"))
	if !ok || bytes.HasPrefix(raw, []byte("\r\n")) || len(head) > 256<<10 {
		return nil, nil, false
	}
	typ, params, ok := contentType(head)
	if !ok {
		return nil, nil, false
	}
	switch typ {
	case "application/pkcs7-mime":
		sig, err := base64.StdEncoding.DecodeString(string(bytes.ReplaceAll(body, []byte("\r\n"), nil)))
		return nil, sig, err == nil && params["smime-type"] == "signed-data"
	case "multipart/signed":
	default:
		return nil, nil, false
	}
	boundary := params["boundary"]
	if boundary == "" || len(boundary) > 70 || params["protocol"] != "" && !strings.HasSuffix(params["protocol"], "pkcs7-signature") {
		return nil, nil, false
	}
	parts := splitParts("\r\n"+string(body), boundary)
	if len(parts) != 2 {
		return nil, nil, false
	}
	sigHead, sigBody, ok := strings.Cut(parts[1], "\r\n\r\n")
	if !ok || !strings.Contains(strings.ToLower(sigHead), "pkcs7-signature") {
		return nil, nil, false
	}
	sig, err := base64.StdEncoding.DecodeString(strings.NewReplacer("\r\n", "", " ", "", "\t", "").Replace(sigBody))
	return []byte(parts[0]), sig, err == nil
}

// contentType reads the header's one Content-Type.
func contentType(head []byte) (string, map[string]string, bool) {
	unfolded := strings.NewReplacer("\r\n ", " ", "\r\n\t", " ").Replace(string(head))
	var values []string
	for line := range strings.SplitSeq(unfolded, "\r\n") {
		if name, value, ok := strings.Cut(line, ":"); ok && strings.EqualFold(strings.TrimSpace(name), "content-type") {
			values = append(values, value)
		}
	}
	if len(values) != 1 {
		return "", nil, false
	}
	values[0] = typeComment.ReplaceAllString(values[0], "$1")
	typ, params, err := mime.ParseMediaType(values[0])
	if err != nil { // a value with a slash that should be in quotes: protocol=application/pkcs7-signature
		typ, params, err = mime.ParseMediaType(unquotedSlash.ReplaceAllString(values[0], `="$1"`))
	}
	return typ, params, err == nil
}

var typeComment = regexp.MustCompile(`^( *[a-z/]+) \([^()]*\)`)

var unquotedSlash = regexp.MustCompile(`=([a-z]+/[a-z0-9-]+)`)

// splitParts cuts a multipart body at its delimiter lines.
func splitParts(body, boundary string) []string {
	var parts []string
	rest, begun := body, false
	for {
		i := strings.Index(rest, "\r\n--"+boundary)
		if i < 0 {
			return parts
		}
		tail := rest[i+4+len(boundary):]
		line, after, _ := strings.Cut(tail, "\r\n")
		closing := strings.HasPrefix(line, "--")
		if strings.Trim(strings.TrimPrefix(line, "--"), " \t") != "" {
			return nil // a line that only begins like a delimiter: not plain
		}
		if begun {
			parts = append(parts, rest[:i])
		}
		if closing {
			return parts
		}
		begun, rest = true, after
		if !strings.HasPrefix(after, "\r\n") {
			rest = after
		}
	}
}
