package pec

import (
	"bytes"
	"crypto/sha1"
	"crypto/x509"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestParseIndexShapes(t *testing.T) {
	pem := fixture(t, "gestori.ldif")
	x, err := ParseIndex(pem, nil)
	if err != nil {
		t.Fatal(err)
	}
	c := x.Providers[0].Certificates[0]
	sum := sha1.Sum(c.Raw)
	hash := strings.ToUpper(hex.EncodeToString(sum[:]))
	cert := base64.StdEncoding.EncodeToString(c.Raw)
	folded := cert[:60] + "\n " + cert[60:100] + "\n " + cert[100:]
	doc := fmt.Sprintf(`version: 1
# comment
 that goes on
dn: o=postacert
objectclass: top
objectClass: organization
o: postacert
LDIFLocationURL: https://indice.example.org/gestori.ldif

dn: providerName=Anonimo 1 S.p.A.,o=postacert
objectclass: top
objectclass: provider
providerName: Anonimo 1 S.p.A.
providerCertificateHash: %s
providerCertificate;binary:: %s
mailReceipt: Ricevute@Posta.Example.IT
managedDomains: pec.example.it
managedDomains: @Cert.Posta.Example.IT
managedDomains:: cG9zdGEuZXhhbXBsZS5vcmc=
description: una riga lun
 ga

dn: providerUnit=Ambiente secondario,providerName=Anonimo 1 S.p.A.,o=postacert
objectclass: provider
providerName: Anonimo 1 S.p.A.
providerUnit: Ambiente secondario
providerCertificateHash: %s
mailReceipt: ricevute2@posta.example.it
managedDomains: altra.example.it
LDIFLocationURL: https://anonimo.example.org/unita.ldif
`, hash, folded, strings.ToLower(hash[:39]+"0"))
	for name, b := range map[string]string{"LF": doc, "CRLF": strings.ReplaceAll(doc, "\n", "\r\n"), "no end": strings.TrimSpace(doc), "bom": "\xef\xbb\xbf" + doc} {
		got, err := ParseIndex([]byte(b), nil)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		want := []Provider{
			{Name: "Anonimo 1 S.p.A.", MailReceipt: "ricevute@posta.example.it", Domains: []string{"pec.example.it", "cert.posta.example.it", "posta.example.org"},
				Certificates: []*x509.Certificate{c}, Hashes: []string{strings.ToLower(hash)}},
			{Name: "Anonimo 1 S.p.A.", Unit: "Ambiente secondario", MailReceipt: "ricevute2@posta.example.it", Domains: []string{"altra.example.it"},
				Hashes: []string{strings.ToLower(hash[:39] + "0")}, LDIFLocation: "https://anonimo.example.org/unita.ldif"},
		}
		if d := cmp.Diff(want, got.Providers, cmp.Comparer(func(a, b *x509.Certificate) bool { return a.Equal(b) })); d != "" {
			t.Errorf("%s (-want +got):\n%s", name, d)
		}
		if len(got.Warnings) != 0 {
			t.Errorf("%s: warnings %v", name, got.Warnings)
		}
	}
}

func TestParseIndexWarns(t *testing.T) {
	doc := string(fixture(t, "gestori.ldif"))
	i := strings.Index(doc, "providerCertificateHash: ")
	for want, b := range map[string]string{
		"is not a SHA-1":       doc[:i] + "providerCertificateHash: zz" + doc[i+strings.IndexByte(doc[i:], '\n'):],
		"not the one its hash": doc[:i] + "providerCertificateHash: " + strings.Repeat("0", 40) + doc[i+strings.IndexByte(doc[i:], '\n'):],
		"cannot be read":       strings.Replace(doc, "managedDomains:", "providerCertificate;binary:: MAA=\nmanagedDomains:", 1),
		"bears no address from which": strings.NewReplacer("mailReceipt: posta-certificata@pec.example.it", "mailReceipt: ricevute@example.org",
			"managedDomains: pec.example.it", "managedDomains: mail.example.org").Replace(doc),
	} {
		x, err := ParseIndex([]byte(b), nil)
		if err != nil || !strings.Contains(strings.Join(x.Warnings, "\n"), want) {
			t.Errorf("want a warning %q: %v, %+v", want, err, x)
		}
	}
}

func TestParseIndexRefuses(t *testing.T) {
	for name, b := range map[string]string{
		"empty": "", "no provider": "dn: o=postacert\nobjectclass: organization\n", "html": "<html><body>404</body></html>",
		"no colon": "dn: a\nobjectclass provider\n", "bad base64": "dn: a\nobjectclass: provider\nproviderCertificate;binary:: ***\n",
		"url": "dn: a\nobjectclass: provider\nproviderCertificate;binary:< file:///etc/passwd\n", "change": "dn: a\nchangetype: delete\n",
		"no dn": "objectclass: provider\n", "two entries in one": "dn: a\nobjectclass: provider\nmanagedDomains: pec.example.it\ndn: b\nobjectclass: provider\n", "continuation first": " x\n", "huge value": "dn: a\ndescription: " + strings.Repeat("x", maxLDIFValue) + "\n",
		"not cms": "\x30\x03\x02\x01\x00",
	} {
		if x, err := ParseIndex([]byte(b), nil); err == nil {
			t.Errorf("%s: accepted %+v", name, x)
		}
	}
	if _, err := ParseIndex(fixture(t, "gestori.ldif"), fixtureRoots(t)); err == nil {
		t.Error("a plain index was taken though a signer is configured")
	}
}

// TestSignedIndex: the index as it is distributed, in signed PKCS#7 made by OpenSSL.
func TestSignedIndex(t *testing.T) {
	s := newOpensslSigner(t)
	s.leaf("agid", "root", "provider")
	s.leaf("stranger", "root", "provider")
	s.write("ldif", string(fixture(t, "gestori.ldif")))
	signer, err := ParseRoots(s.read("agid.pem"))
	if err != nil {
		t.Fatal(err)
	}
	sign := func(who string, args ...string) []byte {
		s.run(append([]string{"cms", "-sign", "-binary", "-in", "ldif", "-signer", who + ".pem", "-inkey", who + ".key", "-out", "p7m", "-nodetach"}, args...)...)
		return s.read("p7m")
	}
	der := sign("agid", "-outform", "DER")
	for name, b := range map[string][]byte{
		"der": der, "pem": sign("agid", "-outform", "PEM"), "base64": []byte(base64.StdEncoding.EncodeToString(der) + "\n"),
		"indefinite": sign("agid", "-outform", "DER", "-stream", "-indef"), "no certificate": sign("agid", "-outform", "DER", "-nocerts"),
	} {
		x, err := ParseIndex(b, append(fixtureRoots(t), signer...))
		if err != nil || len(x.Providers) != 2 || !x.Signer.Equal(signer[0]) {
			t.Errorf("%s: %+v, %v", name, x, err)
		}
	}
	changed := bytes.Replace(der, []byte("pec.example.com"), []byte("pec.example.net"), 1)
	for name, b := range map[string][]byte{
		"changed": changed, "stranger": sign("stranger", "-outform", "DER"), "cut": der[:len(der)-10],
		"detached": func() []byte {
			s.run("cms", "-sign", "-binary", "-in", "ldif", "-signer", "agid.pem", "-inkey", "agid.key", "-out", "p7m", "-outform", "DER")
			return s.read("p7m")
		}(),
	} {
		if x, err := ParseIndex(b, signer); err == nil {
			t.Errorf("%s: accepted %+v", name, x)
		}
	}
	if _, err := ParseIndex(der, nil); err == nil {
		t.Error("a signed index was taken without a signer to check it against")
	}
}

func TestProviderFor(t *testing.T) {
	trust := fixtureTrust(t)
	for in, want := range map[string]string{"Mario@PEC.example.it": "Gestore Uno S.p.A.", "pec.example.com": "Gestore Due S.r.l.", "x@sub.pec.example.it": "", "": "", "x": ""} {
		got := ""
		for _, p := range trust.ProviderFor(in) {
			got += p.Name
		}
		if got != want {
			t.Errorf("ProviderFor(%q) = %q, want %q", in, got, want)
		}
	}
	var none *Trust
	if none.ProviderFor("a@b.example.org") != nil || none.Index() != nil {
		t.Error("a nil Trust knows providers")
	}
}

// TestLasts: of a provider the certificate that lasts longest counts, and before it its root.
func TestLasts(t *testing.T) {
	trust := fixtureTrust(t)
	c := trust.ProviderFor("pec.example.it")[0].Certificates[0]
	before := c.NotAfter.Add(-time.Hour)
	if got := trust.Lasts("pec.example.it", before); !got.NotAfter.Equal(c.NotAfter) {
		t.Errorf("it lasts until %s, want %s", got.NotAfter, c.NotAfter)
	}
	if trust.Lasts("nessuno.example.org", before) != nil {
		t.Error("a domain of no provider has a certificate")
	}
	longer := &x509.Certificate{Raw: []byte{1}, NotAfter: c.NotAfter.Add(time.Hour), RawIssuer: c.RawIssuer}
	x := *trust.index
	x.Providers = slices.Clone(x.Providers)
	x.Providers[0].Certificates = []*x509.Certificate{c, longer, c}
	root := &x509.Certificate{Raw: []byte{2}, NotAfter: c.NotAfter, RawSubject: c.RawIssuer, RawIssuer: c.RawIssuer}
	old := &x509.Certificate{Raw: []byte{3}, NotAfter: before.Add(-time.Hour), RawSubject: c.RawIssuer, RawIssuer: c.RawIssuer}
	for _, y := range []struct {
		what  string
		roots []*x509.Certificate
		want  *x509.Certificate
	}{{"a longer one", nil, longer}, {"a root that ends before", []*x509.Certificate{root}, root}, {"a root that ended", []*x509.Certificate{old}, longer}} {
		tr, err := NewTrust(TrustConfig{Roots: append(y.roots, &x509.Certificate{NotAfter: longer.NotAfter.Add(time.Hour)}), Index: &x})
		if err != nil {
			t.Fatal(err)
		}
		if got := tr.Lasts("pec.example.it", before); got != y.want {
			t.Errorf("%s: it is %v that ends first", y.what, got)
		}
	}
}

// TestHashOnlyIndex pins by providerCertificateHash where the certificate itself is not given.
func TestHashOnlyIndex(t *testing.T) {
	var kept []string
	skip := false
	for _, l := range strings.Split(string(fixture(t, "gestori.ldif")), "\n") {
		skip = strings.HasPrefix(l, "providerCertificate;binary") || skip && strings.HasPrefix(l, " ")
		if !skip {
			kept = append(kept, l)
		}
	}
	for _, c := range []struct {
		ldif string
		want bool
	}{{strings.Join(kept, "\n"), true}, {strings.ReplaceAll(strings.Join(kept, "\n"), "providerCertificateHash", "x"), false}} {
		x, err := ParseIndex([]byte(c.ldif), nil)
		if err != nil {
			t.Fatal(err)
		}
		if len(x.Providers[0].Certificates) != 0 {
			t.Fatal("the test left the certificate in")
		}
		opt := fixtureOptions(t)
		opt.Trust = mustTrust(t, TrustConfig{Roots: fixtureRoots(t), Index: x})
		if e := OpenBytes(fixture(t, "busta.eml"), opt); e.Proved() != c.want {
			t.Errorf("proved %v: %+v", e.Proved(), e.Verdict)
		}
	}
}

// TestHashBesideCertificate pins by the hash of a new certificate where only the old one is given.
func TestHashBesideCertificate(t *testing.T) {
	for _, hashed := range []bool{true, false} {
		x, err := ParseIndex(fixture(t, "gestori.ldif"), nil)
		if err != nil {
			t.Fatal(err)
		}
		p := &x.Providers[0]
		p.Certificates = fixtureRoots(t) // another than the signer's
		if !hashed {
			p.Hashes = nil
		}
		opt := fixtureOptions(t)
		opt.Trust = mustTrust(t, TrustConfig{Roots: fixtureRoots(t), Index: x})
		if e := OpenBytes(fixture(t, "busta.eml"), opt); e.Proved() != hashed {
			t.Errorf("with the hash %v: proved %v: %+v", hashed, e.Proved(), e.Verdict)
		}
	}
}

func TestTrustNeedsRoots(t *testing.T) {
	if _, err := NewTrust(TrustConfig{}); err == nil {
		t.Error("a Trust without roots")
	}
	for name, b := range map[string]string{"empty": "", "text": "ciao", "key": "-----BEGIN PRIVATE KEY-----\nMAA=\n-----END PRIVATE KEY-----\n", "bad": "-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n"} {
		if r, err := ParseRoots([]byte(b)); err == nil {
			t.Errorf("%s: %v", name, r)
		}
	}
}

// TestCacheForgets fills the caches with strangers: what is remembered stays bounded, and the verdict the same.
func TestCacheForgets(t *testing.T) {
	opt := fixtureOptions(t)
	raw := fixture(t, "busta.eml")
	for i := range 3 * maxCachedCerts {
		opt.Trust.certificate([]byte(fmt.Sprintf("no certificate %d", i)))
		if i%100 == 0 && !OpenBytes(raw, opt).Proved() {
			t.Fatal("not proved with a full cache")
		}
	}
	if len(opt.Trust.certs) > maxCachedCerts || len(opt.Trust.chains) > maxCachedChains {
		t.Errorf("%d certificates and %d chains remembered", len(opt.Trust.certs), len(opt.Trust.chains))
	}
	// a chain remembered for one instant says nothing of another
	leaf := opt.Trust.certificate(mustLeaf(t, opt))
	if _, err := opt.Trust.chain(leaf, nil, leaf.NotAfter.Add(time.Second)); err == nil {
		t.Error("a chain holds after the end of its certificate")
	}
}

func mustLeaf(t *testing.T, opt Options) []byte {
	t.Helper()
	return opt.Trust.index.Providers[0].Certificates[0].Raw
}

// TestNoticeAddress: who may send for a provider, in an index where mailReceipt is the service mailbox and units share
// the provider's certificate (RFC 6109 §4.5.10).
func TestNoticeAddress(t *testing.T) {
	x := &Index{Providers: []Provider{
		{Name: "Gestore Uno S.p.A.", MailReceipt: "presaincarico@servizio.example.org", Domains: []string{"pec.example.it", "example.org"}},
		{Name: "Gestore Uno S.p.A.", Unit: "Secondaria", MailReceipt: "ricevute@pec.example.com", Domains: []string{"unit.example.com"}},
		{Name: "Gestore Due S.r.l."},
	}}
	trust := &Trust{index: x}
	trust.pin(x)
	for _, c := range []struct {
		address   string
		providers []int
		want      int
	}{
		{"posta-certificata@pec.example.it", []int{0}, 0},      // a domain it manages
		{"posta-certificata@mail.pec.example.it", []int{0}, 0}, // a host of it
		{"presaincarico@servizio.example.org", []int{0}, 0},    // the service mailbox itself
		{"posta-certificata@example.com", []int{1}, 1},         // above the service mailbox's domain
		{"posta-certificata@sub.pec.example.com", []int{1}, 1}, // below it
		{"posta-certificata@pec.example.it", []int{1, 0}, 0},   // the unit's certificate is the main one's
		{"posta-certificata@pec.example.com", []int{0}, -1},    // another provider's
		{"posta-certificata@com", []int{0, 1}, -1},             // above everybody
		{"posta-certificata@xpec.example.com", []int{1}, -1},   // ends like it
		{"direzione@pec.example.it", []int{0}, -1},             // a mailbox like any other
		{"xposta-certificata@pec.example.it", []int{0}, -1},    // and its name only ends so
		{"posta-certificata@pec.example.it", []int{2}, -1},     // nothing is known of it
		{"", []int{2}, -1}, {"posta-certificata@", []int{2}, -1}, // nobody
		{"posta-certificata@pec.example.it", nil, -1},
	} {
		if got := trust.noticeOf(c.providers, c.address); got != c.want {
			t.Errorf("noticeOf(%v, %q) = %d, want %d", c.providers, c.address, got, c.want)
		}
	}
}
