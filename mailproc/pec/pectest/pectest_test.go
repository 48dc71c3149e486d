package pectest

import (
	"bytes"
	"crypto"
	"encoding/base64"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"
)

func newProvider(t *testing.T, opt Options) *Provider {
	t.Helper()
	if opt.Domains == nil {
		opt.Domains = []string{"pec.example.it"}
	}
	p, err := New(opt)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

var request = Message{
	From: "Mario Rossi <mario@pec.example.it>", To: "disattivazioni@pec.example.com", Subject: "Disattivazione casella",
	Text: "Il sottoscritto Mario Rossi titolare della casella PEC mario@pec.example.it richiede la disattivazione anticipata della stessa.\n",
}

// openssl verifies an envelope's first part against its smime.p7s, cut out here
// by their boundary alone.
func openssl(t *testing.T, roots, raw []byte) error {
	t.Helper()
	i := bytes.Index(raw, []byte("boundary=\"")) + len("boundary=\"")
	boundary := []byte("\r\n--" + string(raw[i:i+bytes.IndexByte(raw[i:], '"')]))
	pieces := bytes.Split(raw, boundary)
	_, b64, _ := bytes.Cut(pieces[2], []byte("\r\n\r\n"))
	dir := t.TempDir()
	write := func(name string, data []byte) string {
		file := filepath.Join(dir, name)
		if err := os.WriteFile(file, data, 0o600); err != nil {
			t.Fatal(err)
		}
		return file
	}
	der, err := base64.StdEncoding.DecodeString(string(b64))
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("openssl", "cms", "-verify", "-binary", "-inform", "DER", "-in", write("sig", der),
		"-content", write("content", pieces[1][2:]), "-CAfile", write("roots", roots), "-purpose", "smimesign", "-out", os.DevNull)
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Logf("%s", out)
	}
	return err
}

func TestOpensslAcceptsEveryKindOfSignature(t *testing.T) {
	a, err := NewAuthority(AuthorityOptions{Domains: []string{"pec.example.it"}, Organizations: []string{"Gestore di prova S.p.A."}})
	if err != nil {
		t.Fatal(err)
	}
	for name, opt := range map[string]Options{"rsa": {}, "pss": {PSS: true}, "p256": {Key: P256}, "p384": {Key: P384}} {
		opt.Authority = a
		p := newProvider(t, opt)
		for _, h := range []crypto.Hash{crypto.SHA1, crypto.SHA256, crypto.SHA384, crypto.SHA512} {
			for shape, v := range map[string]Variation{
				"plain": func(*Draft) {}, "keyid": func(d *Draft) { d.CMS.ByKeyID = true },
				"ber": func(d *Draft) { d.CMS.Indefinite = true }, "no-attributes": func(d *Draft) { d.CMS.NoAttributes = true },
			} {
				t.Run(name+"/"+h.String()+"/"+shape, func(t *testing.T) {
					t.Parallel()
					raw := p.Transport(request, func(d *Draft) { d.CMS.Digest = h }, v)
					if err := openssl(t, p.RootsPEM(), raw); err != nil {
						t.Error(err)
					}
					changed := bytes.Replace(raw, []byte("daticert.xml"), []byte("datjcert.xml"), 1)
					if openssl(t, p.RootsPEM(), changed) == nil {
						t.Error("openssl accepts a changed part")
					}
				})
			}
		}
	}
}

func BenchmarkTransport(b *testing.B) {
	for name, key := range map[string]KeyType{"rsa2048": RSA2048, "p256": P256} {
		p, err := New(Options{Domains: []string{"pec.example.it"}, Key: key})
		if err != nil {
			b.Fatal(err)
		}
		m := request
		m.HTML = "<p>" + string(bytes.Repeat([]byte("testo "), 1200)) + "</p>"
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				p.Transport(m)
			}
		})
	}
}

func TestIdentifiersDiffer(t *testing.T) {
	p := newProvider(t, Options{Key: P256})
	seen := map[string]bool{}
	for range 1000 {
		id := p.identifier(time.Unix(0, 0))
		if seen[id] {
			t.Fatalf("identifier %s given twice", id)
		}
		seen[id] = true
	}
}
