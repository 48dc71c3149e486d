package pec

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"math/big"
	mathrand "math/rand"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// forged is one signature over opensslPart with its certificates, as trees that can be changed before anybody signs them.
type forged struct {
	certs    []*node // TBSCertificate of leaf, authority and root
	keys     []crypto.Signer
	attrs    *node
	signedAs func(attrs []byte) []byte // what is signed in place of the attributes; nil: themselves
	salt     int                       // of PSS, whose parameters say that there is none
	cms      func(cms *node)           // changes the whole before it is written; nil: nothing
}

var forgedAt = time.Date(2026, 11, 10, 9, 22, 5, 0, time.UTC)

// newForged makes a signature that everybody accepts: with SHA-256, by a key of the leaf.
func newForged(t testing.TB, key crypto.Signer) *forged {
	t.Helper()
	f := &forged{}
	made := func(name string, serial int64, key crypto.Signer, parent *x509.Certificate, by crypto.Signer, change func(*x509.Certificate)) *x509.Certificate {
		c := &x509.Certificate{SerialNumber: big.NewInt(serial), Subject: pkix.Name{Country: []string{"IT"}, Organization: []string{"Gestore Uno"}, CommonName: name},
			NotBefore: forgedAt.AddDate(-1, 0, 0), NotAfter: forgedAt.AddDate(1, 0, 0), BasicConstraintsValid: true}
		if change(c); parent == nil {
			parent = c
		}
		der, err := x509.CreateCertificate(rand.Reader, c, parent, key.Public(), by)
		if err != nil {
			t.Fatal(err)
		}
		out, err := x509.ParseCertificate(der)
		if err != nil {
			t.Fatal(err)
		}
		f.certs, f.keys = append([]*node{whole(out.RawTBSCertificate)}, f.certs...), append([]crypto.Signer{key}, f.keys...)
		return out
	}
	authority := func(c *x509.Certificate) { c.IsCA, c.KeyUsage = true, x509.KeyUsageCertSign }
	rootKey, interKey := ecKey(t), ecKey(t)
	root := made("Radice", 1, rootKey, nil, rootKey, authority)
	inter := made("Autorità", 0xff, interKey, root, rootKey, authority)
	made("Posta Certificata", 0x80, key, inter, interKey, func(c *x509.Certificate) {
		c.KeyUsage, c.ExtKeyUsage = x509.KeyUsageDigitalSignature, []x509.ExtKeyUsage{x509.ExtKeyUsageEmailProtection}
		c.EmailAddresses = []string{"posta-certificata@pec.example.it"}
	})
	f.attrs = built(0x31, attribute(oidContentType, prim(6, oidData...)), attribute(oidSigningTime, text(0x17, "261110092205Z")),
		attribute(oidMessageDigest, prim(4, sumOf(crypto.SHA256, []byte(opensslPart))...)))
	return f
}

func ecKey(t testing.TB) crypto.Signer {
	t.Helper()
	k, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func attribute(kind []byte, values ...*node) *node {
	return built(0x30, prim(6, kind...), built(0x31, values...))
}

func (f *forged) clone() *forged {
	c := *f
	c.certs, c.attrs = nil, f.attrs.clone()
	for _, tbs := range f.certs {
		c.certs = append(c.certs, tbs.clone())
	}
	return &c
}

var forgedECDSA, forgedSHA256 = oid(1, 2, 840, 10045, 4, 3, 2), digestOIDs[0].oid

func signedBy(key crypto.Signer, b []byte, opt crypto.SignerOpts) *node {
	sig, err := key.Sign(rand.Reader, sumOf(crypto.SHA256, b), opt)
	if err != nil {
		panic(err)
	}
	return prim(4, sig...)
}

// certificate is the one at i, signed by the authority above it.
func (f *forged) certificate(i int) []byte {
	tbs := &node{tag: 0x30, raw: f.certs[i].bytes()}
	sig := signedBy(f.keys[min(i+1, len(f.keys)-1)], tbs.raw, crypto.SHA256)
	return built(0x30, tbs, built(0x30, prim(6, forgedECDSA...)), prim(3, append([]byte{0}, sig.val...)...)).bytes()
}

// field is a field of the certificate at i, from the serial number on.
func (f *forged) field(i, n int) *node {
	if kids := f.certs[i].kids; len(kids) > 0 && kids[0].tag == 0xa0 {
		n++
	}
	if kids := f.certs[i].kids; n < len(kids) {
		return kids[n]
	}
	return prim(5)
}

// write signs everything, and returns the CMS and the root in PEM.
func (f *forged) write() (sig, root []byte) {
	signed := f.attrs.bytes()
	if f.signedAs != nil {
		signed = f.signedAs(signed)
	}
	algorithm, opt := built(0x30, prim(6, forgedECDSA...)), crypto.SignerOpts(crypto.SHA256)
	digest := built(0x30, prim(6, forgedSHA256...))
	if _, ok := f.keys[0].(*rsa.PrivateKey); ok {
		opt = &rsa.PSSOptions{SaltLength: f.salt, Hash: crypto.SHA256}
		algorithm = built(0x30, prim(6, oidPSS...), built(0x30, built(0xa0, digest), built(0xa1, built(0x30, prim(6, oidMGF1...), digest)), built(0xa2, prim(2, 0))))
	}
	attrs := f.attrs.clone()
	attrs.tag = 0xa0
	cms := built(0x30, prim(6, oidSignedData...), built(0xa0, built(0x30, prim(2, 1), built(0x31, built(0x30, prim(6, forgedSHA256...), prim(5))), built(0x30, prim(6, oidData...)),
		built(0xa0, whole(f.certificate(0)), whole(f.certificate(1))),
		built(0x31, built(0x30, prim(2, 1), built(0x30, f.field(0, 2).clone(), f.field(0, 0).clone()), digest, attrs, algorithm, signedBy(f.keys[0], signed, opt))))))
	if f.cms != nil {
		f.cms(cms)
	}
	return cms.bytes(), pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: f.certificate(2)})
}

// extension sets one of the certificate at i.
func (f *forged) extension(i int, id []byte, critical bool, value *node) {
	e := built(0x30, prim(6, id...))
	if critical {
		e.kids = append(e.kids, prim(1, 0xff))
	}
	e.kids = append(e.kids, &node{tag: 4, wrap: true, kids: []*node{value}})
	list := f.certs[i].kids[len(f.certs[i].kids)-1].kids[0]
	list.kids = slices.DeleteFunc(list.kids, func(n *node) bool { return bytes.Equal(n.kids[0].val, id) })
	list.kids = append(list.kids, e)
}

// agrees asks openssl cms -verify and us; what it says, and whether a root that it would take was none for us.
func (f *forged) agrees(t *testing.T, dir string) (openssl, ours bool, said string) {
	t.Helper()
	sig, root := f.write()
	files := map[string][]byte{"p7s": sig, "roots": root, "part": []byte(opensslPart)}
	args := []string{"cms", "-verify", "-binary", "-inform", "DER", "-no-CApath", "-no-CAstore", "-purpose", "smimesign", "-attime", fmt.Sprint(forgedAt.Unix()), "-out", os.DevNull}
	for option, name := range map[string]string{"-in": "p7s", "-CAfile": "roots", "-content": "part"} {
		file := filepath.Join(dir, name)
		if err := os.WriteFile(file, files[name], 0o600); err != nil {
			t.Fatal(err)
		}
		args = append(args, option, file)
	}
	s := &opensslSigner{t: t, dir: dir}
	out, err := s.try(args...)
	openssl, said = err == nil, strings.TrimSpace(out)
	roots, err := ParseRoots(root)
	if err != nil {
		return openssl, false, said + "\n" + err.Error()
	}
	trust, err := NewTrust(TrustConfig{Roots: roots})
	if err != nil {
		return openssl, false, said + "\n" + err.Error()
	}
	e := OpenBytes(detached(opensslPart, sig), Options{Trust: trust, Delivered: forgedAt})
	if e.Verdict.Status == Valid {
		t.Error("a text is a valid envelope")
	}
	return openssl, e.Verdict.Intact, said + "\n" + e.Verdict.Detail
}

const (
	theLeaf, theAuthority, theRoot = 0, 1, 2
	fieldSerial, fieldIssuer       = 0, 2
	fieldValidity, fieldKey        = 3, 5
)

var (
	anyConstraints = oid(2, 5, 29, 30)
	anyNames       = oid(2, 5, 29, 17)
	anyAuthority   = oid(2, 5, 29, 35)
)

func permitted(kind byte, name string, more ...*node) *node {
	return built(0x30, built(0xa0, built(0x30, append([]*node{text(kind, name)}, more...)...)))
}

// oddities are what is seldom or never seen, each with what openssl says of it.
var oddities = []struct {
	name   string
	want   bool
	change func(f *forged)
}{
	{"as it is", true, func(f *forged) {}},
	{"a field more in the leaf's extension", false, func(f *forged) {
		e := f.certs[theLeaf].kids[len(f.certs[theLeaf].kids)-1].kids[0].kids[0]
		e.kids = append(e.kids, prim(4, 1))
	}},
	{"a field more in the authority", false, func(f *forged) { f.certs[theAuthority].kids = append(f.certs[theAuthority].kids, prim(5)) }},
	{"a second list of extensions", false, func(f *forged) {
		x := f.certs[theLeaf].kids[len(f.certs[theLeaf].kids)-1]
		x.kids = append(x.kids, x.kids[0].clone())
	}},
	{"a time without seconds", false, func(f *forged) { f.field(theLeaf, fieldValidity).kids[0].val = []byte("2501010000Z") }},
	{"a time with a zone", false, func(f *forged) { f.field(theAuthority, fieldValidity).kids[0].val = []byte("250101000000+0100") }},
	{"the root's time without seconds", false, func(f *forged) { f.field(theRoot, fieldValidity).kids[0].val = []byte("2501010000Z") }},
	{"the issuer in other letters beyond ASCII", false, func(f *forged) { f.field(theLeaf, fieldIssuer).kids[2].kids[0].kids[1].val = []byte("AUTORITÀ") }},
	{"the issuer in capitals within ASCII", true, func(f *forged) { f.field(theLeaf, fieldIssuer).kids[2].kids[0].kids[1].val = []byte("AUTORITà ") }},
	{"a root that is issued by another", false, func(f *forged) { f.field(theRoot, fieldIssuer).kids[2].kids[0].kids[1].val = []byte("Altra") }},
	{"a root that names another key of its issuer", false, func(f *forged) { f.extension(theRoot, anyAuthority, false, built(0x30, prim(0x80, 1, 2, 3))) }},
	{"a key identifier of no bytes", false, func(f *forged) { f.extension(theAuthority, oid(2, 5, 29, 14), false, prim(4)) }},
	{"constraints of some names", false, func(f *forged) {
		f.extension(theAuthority, anyConstraints, true, permitted(0x81, "pec.example.it", prim(0x81, 1)))
	}},
	{"constraints from no name on", true, func(f *forged) {
		f.extension(theAuthority, anyConstraints, true, permitted(0x81, "pec.example.it", prim(0x80, 0)))
	}},
	{"constraints of kinds that are not there", true, func(f *forged) { f.extension(theAuthority, anyConstraints, true, permitted(0x88, "\x2a\x03")) }},
	{"constraints of a person", true, func(f *forged) {
		f.extension(theAuthority, anyConstraints, true, permitted(0x81, "posta-certificata@PEC.example.it"))
	}},
	{"constraints of a person in capitals", false, func(f *forged) {
		f.extension(theAuthority, anyConstraints, true, permitted(0x81, "Posta-certificata@pec.example.it"))
	}},
	{"a common name that is a host elsewhere", false, func(f *forged) {
		f.field(theLeaf, 4).kids[2].kids[0].kids[1].val = []byte("pec.example.com")
		f.extension(theAuthority, anyConstraints, true, permitted(0x82, "pec.example.it"))
	}},
	{"a mail address in the subject that is UTF-8", false, func(f *forged) {
		f.field(theLeaf, 4).kids = append(f.field(theLeaf, 4).kids, built(0x31, built(0x30, prim(6, oidMailAddress...), text(0x0c, "x@pec.example.it"))))
		f.extension(theAuthority, anyConstraints, true, permitted(0x81, "pec.example.it"))
	}},
	{"a name of no kind", false, func(f *forged) {
		f.extension(theLeaf, anyNames, false, built(0x30, text(0x16, "posta-certificata@pec.example.it")))
	}},
	{"a mail address without @", false, func(f *forged) {
		f.extension(theLeaf, anyNames, false, built(0x30, text(0x81, "pec.example.it")))
		f.extension(theAuthority, anyConstraints, true, permitted(0x81, "pec.example.it"))
	}},
	{"names of a directory alone, critical", true, func(f *forged) {
		f.extension(theLeaf, anyNames, true, built(0x30, built(0xa4, f.field(theLeaf, 4).clone())))
	}},
	{"an authority key that is none", false, func(f *forged) { f.extension(theLeaf, anyAuthority, false, built(0x30, prim(4, 1))) }},
	{"no key usage at all", false, func(f *forged) { f.extension(theLeaf, oid(2, 5, 29, 15), true, prim(3, 0)) }},
	{"no extended usage at all", false, func(f *forged) { f.extension(theLeaf, oid(2, 5, 29, 37), false, built(0x30)) }},
	{"a Netscape type of two bytes", true, func(f *forged) { f.extension(theLeaf, oid(2, 16, 840, 1, 113730, 1, 1), true, prim(3, 5, 0x20, 0)) }},
	{"a Netscape type that is none", false, func(f *forged) { f.extension(theLeaf, oid(2, 16, 840, 1, 113730, 1, 1), false, text(0x16, "x")) }},
	{"basic constraints of a field more", false, func(f *forged) {
		f.extension(theAuthority, oid(2, 5, 29, 19), true, built(0x30, prim(1, 0xff), prim(1, 0xff)))
	}},
	{"the issuer's name for its own", false, func(f *forged) { f.certs[theLeaf].kids[5] = f.field(theLeaf, fieldIssuer).clone() }},
	{"version 1 and an extension that is not known", false, func(f *forged) {
		f.certs[theLeaf].kids = f.certs[theLeaf].kids[1:]
		f.extension(theLeaf, oid(1, 2, 3, 4), true, prim(5))
	}},
	{"the serial number without its sign", false, func(f *forged) {
		f.cms = func(c *node) { signerOf(c).kids[1].kids[1] = prim(2, 0x80) }
	}},
	{"a needless certificate that is none", false, func(f *forged) {
		f.cms = func(c *node) {
			more := whole(f.certificate(theAuthority))
			more.kids[0].kids[3].kids[0].kids[0].kids = nil
			c.kids[1].kids[0].kids[3].kids = append(c.kids[1].kids[0].kids[3].kids, more)
		}
	}},
	{"a needless certificate in BER", true, func(f *forged) {
		f.cms = func(c *node) {
			more := whole(f.certificate(theAuthority))
			more.kids[0].kids[4].how = 1
			c.kids[1].kids[0].kids[3].kids = append(c.kids[1].kids[0].kids[3].kids, more)
		}
	}},
	{"a version of five bytes", false, func(f *forged) { f.cms = func(c *node) { signerOf(c).kids[0].val = []byte{1, 0, 0, 0, 0} } }},
	{"NULL with a long length at the end", false, func(f *forged) { f.cms = func(c *node) { c.kids[1].kids[0].kids[1].kids[0].kids[1].how = 1 } }},
	{"an end of contents for NULL", false, func(f *forged) { f.cms = func(c *node) { c.kids[1].kids[0].kids[1].kids[0].kids[1].tag = 0 } }},
	{"a name in pieces", true, func(f *forged) { f.cms = func(c *node) { signerOf(c).kids[1].kids[0].kids[1].kids[0].kids[1].how = 3 } }},
	{"RSASSA-PSS named for an EC key", true, func(f *forged) { f.cms = func(c *node) { signerOf(c).kids[4].kids[0].val = oidPSS } }},
	{"the signature's algorithm named for the digest", true, func(f *forged) {
		f.cms = func(c *node) { c.kids[1].kids[0].kids[1].kids[0].kids[0].val = signatureOIDs[0].oid }
	}},
	{"an attribute of values in order", true, func(f *forged) {
		f.attrs.kids = append(f.attrs.kids, attribute(oid(1, 2, 3, 4), prim(2, 1), prim(2, 2)))
	}},
	{"an attribute of values out of order", false, func(f *forged) {
		f.attrs.kids = append(f.attrs.kids, attribute(oid(1, 2, 3, 4), prim(2, 2), prim(2, 1)))
	}},
	{"the same, signed in order", true, func(f *forged) {
		f.attrs.kids = append(f.attrs.kids, attribute(oid(1, 2, 3, 4), prim(2, 2), prim(2, 1)))
		f.signedAs = func(b []byte) []byte { return bytes.Replace(b, []byte{2, 1, 2, 2, 1, 1}, []byte{2, 1, 1, 2, 1, 2}, 1) }
	}},
	{"a value in BER, signed as it stands", true, func(f *forged) {
		value := built(0x30, prim(6, oidData...))
		value.how = 1
		f.attrs.kids = append(f.attrs.kids, attribute(oid(1, 2, 3, 4), value))
	}},
	{"a value in BER, signed as DER", false, func(f *forged) {
		value := built(0x30, prim(6, oidData...))
		f.attrs.kids = append(f.attrs.kids, attribute(oid(1, 2, 3, 4), value))
		f.cms = func(c *node) { signerOf(c).kids[3].kids[3].kids[1].kids[0].how = 2 }
	}},
	{"a time in pieces, signed as DER", true, func(f *forged) { f.cms = func(c *node) { signerOf(c).kids[3].kids[1].kids[1].kids[0].how = 3 } }},
	{"a value of bits in pieces", false, func(f *forged) {
		f.attrs.kids = append(f.attrs.kids, attribute(oid(1, 2, 3, 4), built(0x23, prim(6, 9))))
	}},
	{"a set under a primitive tag", false, func(f *forged) { f.attrs.kids = append(f.attrs.kids, attribute(oid(1, 2, 3, 4), prim(0x11, 0))) }},
}

// signerOf is the SignerInfo of a CMS.
func signerOf(cms *node) *node { return cms.kids[1].kids[0].kids[4].kids[0] }

// TestOddities: where a signature, or a certificate in it, is written as nobody writes it, openssl cms -verify and we say the same.
func TestOddities(t *testing.T) {
	newOpensslSigner(t)
	base := newForged(t, ecKey(t))
	for _, o := range oddities {
		t.Run(o.name, func(t *testing.T) {
			f := base.clone()
			o.change(f)
			if openssl, ours, said := f.agrees(t, t.TempDir()); openssl != o.want || ours != o.want {
				t.Errorf("openssl %v, intact %v, want %v\n%s", openssl, ours, o.want, said)
			}
		})
	}
}

// TestSalt: parameters of RSA-PSS that name no salt are not those of a signature with one.
func TestSalt(t *testing.T) {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	f := newForged(t, key)
	f.salt = 20
	if openssl, ours, said := f.agrees(t, t.TempDir()); openssl || ours {
		t.Errorf("openssl %v, intact %v\n%s", openssl, ours, said)
	}
	newOpensslSigner(t).saltless(t)
}

// saltless lets openssl sign without a salt, which is good.
func (s *opensslSigner) saltless(t *testing.T) {
	s.leaf("rsa", "root", "provider")
	s.write("part", opensslPart)
	s.run("cms", "-sign", "-binary", "-in", "part", "-signer", "rsa.pem", "-inkey", "rsa.key", "-outform", "DER", "-out", "p7s", "-md", "sha256", "-keyopt", "rsa_padding_mode:pss", "-keyopt", "rsa_pss_saltlen:0")
	s.compare(t, opensslPart, true, "knows no PSS", time.Now().Add(24*time.Hour).Truncate(time.Second))
}

// unreadable reports whether crypto/x509 cannot read a certificate of f, or passes over what it says.
func (f *forged) unreadable() bool {
	for i := range f.certs {
		if c, err := x509.ParseCertificate(f.certificate(i)); err != nil || tooOld(c) {
			return true
		}
	}
	return false
}

// stricter reports whether a signature that openssl accepts is refused on purpose (see the package's Limits).
func (f *forged) stricter(said string) bool {
	return f.unreadable() || strings.Contains(said, "cannot be read") || strings.Contains(said, "the digest algorithm is not one of")
}

// TestMutants changes signatures at random, before they are signed and after: nothing that openssl cms -verify refuses is intact.
func TestMutants(t *testing.T) {
	newOpensslSigner(t)
	base := newForged(t, ecKey(t))
	dir := t.TempDir()
	accepted := 0
	for seed := range int64(300) {
		m := &mutator{Rand: mathrand.New(mathrand.NewSource(seed))}
		f := base.clone()
		switch seed % 4 {
		case 0:
			f.cms = m.mutate
		case 1:
			m.mutate(f.attrs)
		default:
			m.mutate(f.certs[m.Intn(len(f.certs))])
		}
		openssl, ours, said := f.agrees(t, dir)
		if openssl {
			accepted++
		}
		if openssl != ours && (ours || !f.stricter(said)) {
			t.Errorf("%d %q: openssl %v, intact %v\n%s", seed, m.said, openssl, ours, said)
		}
	}
	if accepted < 50 || accepted > 250 {
		t.Errorf("openssl accepts %d of 300: too few things are tried", accepted)
	}
}
