package pec

import (
	"bytes"
	"crypto/x509"
	"encoding/base64"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/smallstep/pkcs7"
)

// opensslSigner makes keys, certificates and signatures with OpenSSL: nothing of what it makes
// shares a line with the verifier or with pectest.
type opensslSigner struct {
	t   *testing.T
	dir string
}

func newOpensslSigner(t *testing.T) *opensslSigner {
	if _, err := exec.LookPath("openssl"); err != nil {
		t.Fatal("openssl is missing: install the package openssl")
	}
	s := &opensslSigner{t: t, dir: t.TempDir()}
	s.write("ca.cnf", `[req]
distinguished_name=dn
[dn]
[ca]
basicConstraints=critical,CA:true
keyUsage=critical,keyCertSign,cRLSign
subjectKeyIdentifier=hash
[provider]
basicConstraints=CA:false
keyUsage=critical,digitalSignature
extendedKeyUsage=emailProtection
subjectAltName=email:posta-certificata@pec.example.it
subjectKeyIdentifier=hash
[nousage]
basicConstraints=CA:false
subjectAltName=email:posta-certificata@pec.example.it
[server]
keyUsage=critical,digitalSignature
extendedKeyUsage=serverAuth
[both]
keyUsage=critical,digitalSignature
extendedKeyUsage=serverAuth,emailProtection
[any]
keyUsage=critical,digitalSignature
extendedKeyUsage=anyExtendedKeyUsage
[encipher]
keyUsage=critical,keyEncipherment
extendedKeyUsage=emailProtection
[repudiation]
keyUsage=critical,nonRepudiation
extendedKeyUsage=emailProtection
`)
	for _, ca := range []string{"root", "other"} {
		s.run("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", ca+".key", "-out", ca+".pem", "-days", "7300",
			"-subj", "/C=IT/O=Autorita di prova/CN="+ca, "-config", "ca.cnf", "-extensions", "ca")
	}
	return s
}

func (s *opensslSigner) write(name, text string) {
	s.t.Helper()
	if err := os.WriteFile(filepath.Join(s.dir, name), []byte(text), 0o600); err != nil {
		s.t.Fatal(err)
	}
}

func (s *opensslSigner) read(name string) []byte {
	s.t.Helper()
	b, err := os.ReadFile(filepath.Join(s.dir, name))
	if err != nil {
		s.t.Fatal(err)
	}
	return b
}

func (s *opensslSigner) try(args ...string) (string, error) {
	c := exec.Command("openssl", args...)
	c.Dir = s.dir
	out, err := c.CombinedOutput()
	return string(out), err
}

func (s *opensslSigner) run(args ...string) {
	s.t.Helper()
	if out, err := s.try(args...); err != nil {
		s.t.Fatalf("openssl %s: %v\n%s", strings.Join(args, " "), err, out)
	}
}

// leaf makes name.key and name.pem, signed by the CA.
func (s *opensslSigner) leaf(name, ca, extensions string, key ...string) {
	s.t.Helper()
	if len(key) == 0 {
		key = []string{"rsa:2048"}
	}
	s.run(append([]string{"req", "-new", "-nodes", "-keyout", name + ".key", "-out", name + ".csr", "-subj", "/C=IT/O=Gestore Uno S.p.A./CN=" + name,
		"-config", "ca.cnf", "-newkey"}, key...)...)
	s.run("x509", "-req", "-in", name+".csr", "-CA", ca+".pem", "-CAkey", ca+".key", "-CAcreateserial", "-days", "3650", "-out", name+".pem",
		"-extfile", "ca.cnf", "-extensions", extensions)
}

const opensslPart = "Content-Type: multipart/mixed; boundary=m\r\n\r\n--m\r\nContent-Type: text/plain\r\n\r\nciao  \r\n\r\n--m--\r\n"

// TestOpensslSignatures compares the bare signature verdict with openssl cms -verify and, where it
// can do the case, with smallstep/pkcs7, on signatures made by openssl.
func TestOpensslSignatures(t *testing.T) {
	s := newOpensslSigner(t)
	s.leaf("rsa", "root", "provider")
	s.leaf("rsa3", "root", "provider", "rsa:3072")
	s.leaf("p256", "root", "provider", "ec", "-pkeyopt", "ec_paramgen_curve:P-256")
	s.leaf("p384", "root", "provider", "ec", "-pkeyopt", "ec_paramgen_curve:P-384")
	s.leaf("p521", "root", "provider", "ec", "-pkeyopt", "ec_paramgen_curve:P-521")
	s.leaf("stranger", "other", "provider")
	for _, e := range []string{"nousage", "server", "both", "any", "encipher", "repudiation"} {
		s.leaf(e, "root", e)
	}
	s.write("part", opensslPart)
	at := time.Now().Add(24 * time.Hour).Truncate(time.Second)
	both := "" // both libraries must agree with us
	for _, c := range []struct {
		name, signer string
		args         []string
		want         bool
		other        string // why smallstep differs
	}{
		{"sha256", "rsa", []string{"-md", "sha256"}, true, both},
		{"sha1", "rsa", []string{"-md", "sha1"}, true, both},
		{"sha384", "rsa3", []string{"-md", "sha384"}, true, both},
		{"sha512", "rsa", []string{"-md", "sha512"}, true, both},
		{"pss", "rsa", []string{"-md", "sha256", "-keyopt", "rsa_padding_mode:pss"}, true, "knows no PSS"},
		{"pss-sha512", "rsa3", []string{"-md", "sha512", "-keyopt", "rsa_padding_mode:pss", "-keyopt", "rsa_pss_saltlen:20"}, true, "knows no PSS"},
		{"pss-sha1", "rsa", []string{"-md", "sha1", "-keyopt", "rsa_padding_mode:pss"}, true, "knows no PSS"},
		{"p256-sha256", "p256", []string{"-md", "sha256"}, true, both},
		{"p256-sha1", "p256", []string{"-md", "sha1"}, true, both},
		{"p384-sha384", "p384", []string{"-md", "sha384"}, true, both},
		{"p384-sha512", "p384", []string{"-md", "sha512"}, true, both},
		{"p521-sha512", "p521", []string{"-md", "sha512"}, true, both},
		{"keyid", "rsa", []string{"-keyid"}, true, "knows no key identifiers"},
		{"keyid-ec", "p256", []string{"-keyid"}, true, "knows no key identifiers"},
		{"cades", "rsa", []string{"-cades"}, true, both},
		{"no-capabilities", "rsa", []string{"-nosmimecap"}, true, both},
		{"indefinite", "rsa", []string{"-md", "sha256"}, true, both},
		{"more certificates", "rsa", []string{"-certfile", "all.pem"}, true, both},
		{"no certificates", "rsa", []string{"-nocerts"}, false, both},
		{"no attributes", "rsa", []string{"-noattr"}, true, both},
		{"stranger", "stranger", nil, false, both},
		{"no usage", "nousage", nil, true, both},
		{"server", "server", nil, false, "checks no usage"},
		{"server and mail", "both", nil, true, both},
		{"any usage", "any", nil, false, "checks no usage"},
		{"for encipherment", "encipher", nil, false, "checks no usage"},
		{"for non-repudiation", "repudiation", nil, true, both},
	} {
		t.Run(c.name, func(t *testing.T) {
			all := append(append(s.read("stranger.pem"), s.read("p256.pem")...), s.read("other.pem")...)
			s.write("all.pem", string(all))
			s.run(append([]string{"cms", "-sign", "-binary", "-in", "part", "-signer", c.signer + ".pem", "-inkey", c.signer + ".key",
				"-outform", "DER", "-out", "p7s"}, c.args...)...)
			if c.name == "indefinite" {
				s.write("p7s", string(indefinite(s.read("p7s"), 3)))
			}
			for _, part := range []string{opensslPart, strings.Replace(opensslPart, "ciao  ", "ciao ", 1), opensslPart + "\r\n"} {
				s.compare(t, part, c.want && part == opensslPart, c.other, at)
			}
		})
	}
}

// compare asks all three about the signature in p7s over part.
func (s *opensslSigner) compare(t *testing.T, part string, want bool, other string, at time.Time) {
	t.Helper()
	s.write("content", part)
	out, err := s.try("cms", "-verify", "-inform", "DER", "-in", "p7s", "-content", "content", "-binary", "-CAfile", "root.pem",
		"-purpose", "smimesign", "-attime", fmt.Sprint(at.Unix()), "-out", os.DevNull)
	roots, rootErr := ParseRoots(s.read("root.pem"))
	if rootErr != nil {
		t.Fatal(rootErr)
	}
	sig := s.read("p7s")
	e := OpenBytes(detached(part, sig), Options{Trust: mustTrust(t, TrustConfig{Roots: roots}), Delivered: at})
	if e.Verdict.Intact != (err == nil) || e.Verdict.Intact != want {
		t.Errorf("intact %v (%s), openssl %v, want %v\n%s", e.Verdict.Intact, e.Verdict.Detail, err == nil, want, out)
	}
	if got := smallstepVerifies(sig, []byte(part), roots, at); (got == e.Verdict.Intact) != (other == "" || !want && !got) {
		t.Errorf("intact %v, smallstep %v; expected to differ because it %q", e.Verdict.Intact, got, other)
	}
}

func detached(part string, sig []byte) []byte {
	return []byte("From: posta-certificata@pec.example.it\r\nContent-Type: multipart/signed; protocol=\"application/pkcs7-signature\"; boundary=firma\r\n\r\n--firma\r\n" +
		part + "\r\n--firma\r\nContent-Type: application/pkcs7-signature\r\nContent-Transfer-Encoding: base64\r\n\r\n" +
		base64.StdEncoding.EncodeToString(sig) + "\r\n--firma--\r\n")
}

func smallstepVerifies(sig, content []byte, roots []*x509.Certificate, at time.Time) bool {
	p7, err := pkcs7.Parse(sig)
	if err != nil {
		return false
	}
	p7.Content = content
	pool := x509.NewCertPool()
	for _, c := range roots {
		pool.AddCert(c)
	}
	return p7.VerifyWithChainAtTime(pool, at) == nil
}

// indefinite rewrites the outer levels of DER with indefinite lengths.
func indefinite(der []byte, levels int) []byte {
	h, err := readHead(der)
	if err != nil || !h.constructd || levels == 0 {
		return der
	}
	out := []byte{der[0], 0x80}
	for body := der[h.size : h.size+h.length]; len(body) > 0; {
		in, err := readHead(body)
		if err != nil {
			panic(err) // OpenSSL wrote it
		}
		out = append(out, indefinite(body[:in.size+in.length], levels-1)...)
		body = body[in.size+in.length:]
	}
	return append(out, 0, 0)
}

// TestOpensslContentInDetached: content within a detached signature is refused, though openssl takes it, even the same.
func TestOpensslContentInDetached(t *testing.T) {
	s := newOpensslSigner(t)
	s.leaf("rsa", "root", "provider")
	s.write("part", opensslPart)
	roots, err := ParseRoots(s.read("root.pem"))
	if err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{{"-nodetach"}, {"-stream", "-indef"}} {
		s.run(append([]string{"cms", "-sign", "-binary", "-in", "part", "-signer", "rsa.pem", "-inkey", "rsa.key", "-outform", "DER", "-out", "p7s"}, args...)...)
		e := OpenBytes(detached(opensslPart, s.read("p7s")), Options{Trust: mustTrust(t, TrustConfig{Roots: roots}), Delivered: time.Now()})
		if e.Verdict.Status != Invalid || e.Verdict.Reason != ReasonEncapsulated || e.Daticert != nil {
			t.Errorf("%v: %+v", args, e.Verdict)
		}
	}
}

// TestOpensslOpaque: the content inside the signature, definite and indefinite.
func TestOpensslOpaque(t *testing.T) {
	s := newOpensslSigner(t)
	s.leaf("rsa", "root", "provider")
	s.write("part", opensslPart)
	roots, err := ParseRoots(s.read("root.pem"))
	if err != nil {
		t.Fatal(err)
	}
	at := time.Now().Add(24 * time.Hour)
	for _, args := range [][]string{{"-nodetach"}, {"-nodetach", "-stream", "-indef"}} {
		s.run(append([]string{"cms", "-sign", "-binary", "-in", "part", "-signer", "rsa.pem", "-inkey", "rsa.key", "-outform", "DER", "-out", "p7m"}, args...)...)
		for _, flip := range []bool{false, true} {
			sig := s.read("p7m")
			if flip {
				i := bytes.Index(sig, []byte("ciao"))
				sig[i] ^= 1
			}
			raw := "From: a@example.org\r\nContent-Type: application/pkcs7-mime; smime-type=signed-data; name=smime.p7m\r\nContent-Transfer-Encoding: base64\r\n\r\n" +
				base64.StdEncoding.EncodeToString(sig) + "\r\n"
			e := OpenBytes([]byte(raw), Options{Trust: mustTrust(t, TrustConfig{Roots: roots}), Delivered: at})
			if e.Verdict.Intact == flip {
				t.Errorf("%v, changed %v: intact %v: %s", args, flip, e.Verdict.Intact, e.Verdict.Detail)
			}
		}
	}
}

// TestCMSForms covers what needs no signature to be refused.
func TestCMSForms(t *testing.T) {
	bomb := func(n int) []byte { return bytes.Repeat([]byte{0x30, 0x80}, n) }
	var nested []byte
	for range 5000 {
		nested = appendHead(nil, 0x30, len(nested))
		nested = append(nested, 0x05, 0x00)
	}
	for name, b := range map[string][]byte{
		"empty": nil, "one byte": {0x30}, "text": []byte("ciao"), "sequence": {0x30, 0x00}, "indefinite bomb": bomb(30_000), "bomb of 20 MB": bomb(10_000_000),
		"nested": nested, "length beyond the end": {0x30, 0x84, 0xff, 0xff, 0xff, 0xff}, "negative length": {0x30, 0x88, 1, 2, 3, 4, 5, 6, 7, 8},
		"indefinite primitive": {0x04, 0x80, 0, 0}, "too large": make([]byte, maxCMS+1),
	} {
		before := allocated()
		if _, err := parseSignedData(b, maxCMS); err == nil {
			t.Errorf("%s: no error", name)
		}
		if grown := allocated() - before; grown > 2<<20 {
			t.Errorf("%s: allocated %d", name, grown)
		}
	}
}

func TestToDER(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"0403616263", "0403616263"},
		{"3080 0403616263 0000", "3005 0403616263"},
		{"2480 040161 0402 6263 0000", "0403616263"},
		{"2480 2480 040161 0000 04026263 0000", "0403616263"},
		{"2405 040161 0400", "040161"},
		{"308103 040161", "3003040161"},
		{"30820003 040161", "3003040161"},
		{"a080 3080 0000 0000", "a002 3000"},
		{"3080 0403616263 0000 ffff", "3005 0403616263"}, // what follows is not read
		{"3003 040161 00", "3003 040161"},
		{"2480 020101 0000", ""}, // not an octet string within one
		{"3080 0403616263", ""},
		{"3080 0403616263 00", ""},
		{"3004 0403616263", ""},
		{"0000", ""},
		{"1f8100", ""},
	} {
		got, _, err := toDER(unhex(t, c.in))
		if want := unhex(t, c.want); (err != nil) != (c.want == "") || err == nil && !bytes.Equal(got, want) {
			t.Errorf("%s: %x, %v; want %s", c.in, got, err, c.want)
		}
	}
}

func unhex(t *testing.T, s string) []byte {
	t.Helper()
	var out []byte
	if _, err := fmt.Sscanf(strings.ReplaceAll(s, " ", ""), "%x", &out); err != nil && s != "" {
		t.Fatal(err)
	}
	return out
}
