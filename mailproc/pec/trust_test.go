package pec

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"math/big"
	"slices"
	"sync"
	"testing"
	"time"

	casn1 "golang.org/x/crypto/cryptobyte/asn1"

	"sportello/mailproc/pec/pectest"
)

// parsedList reads a revocation list that was made.
func parsedList(t *testing.T, der []byte, err error) *x509.RevocationList {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	l, err := x509.ParseRevocationList(der)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// TestRevocation judges one envelope by lists of every kind.
func TestRevocation(t *testing.T) {
	p, err := pectest.New(pectest.Options{Domains: []string{"pec.example.it"}})
	if err != nil {
		t.Fatal(err)
	}
	other, err := pectest.NewAuthority(pectest.AuthorityOptions{})
	if err != nil {
		t.Fatal(err)
	}
	roots, err := ParseRoots(p.RootsPEM())
	if err != nil {
		t.Fatal(err)
	}
	at := time.Date(2026, 11, 10, 10, 0, 0, 0, time.UTC)
	raw := p.Transport(pectest.Message{From: "mario@pec.example.it", To: fixtureOurs[0], Date: at, Text: "ciao\n"})
	list := func(a *pectest.Authority, issued time.Time, revoked map[*x509.Certificate]time.Time) *x509.RevocationList {
		der, err := a.CRL(issued, revoked)
		return parsedList(t, der, err)
	}
	leaf := p.Signer.Cert
	before, after := map[*x509.Certificate]time.Time{leaf: at.Add(-time.Hour)}, map[*x509.Certificate]time.Time{leaf: at.Add(time.Hour)}
	extended := func(id asn1.ObjectIdentifier, value ...byte) *x509.RevocationList {
		der, err := x509.CreateRevocationList(rand.Reader, &x509.RevocationList{Number: big.NewInt(1), ThisUpdate: at, NextUpdate: at.Add(time.Hour),
			RevokedCertificateEntries: []x509.RevocationListEntry{{SerialNumber: leaf.SerialNumber, RevocationTime: at.Add(-time.Hour)}},
			ExtraExtensions:           []pkix.Extension{{Id: id, Critical: true, Value: value}}}, p.Authority().Intermediate.Cert, p.Authority().Intermediate.Key)
		return parsedList(t, der, err)
	}
	point := func(issued time.Time, revoked map[*x509.Certificate]time.Time, value []byte) *x509.RevocationList {
		der, err := p.Authority().CRL(issued, revoked, pkix.Extension{Id: oidIssuingPoint, Critical: true, Value: value})
		return parsedList(t, der, err)
	}
	day := 24 * time.Hour
	for _, c := range []struct {
		name   string
		lists  []*x509.RevocationList
		status Status
		notes  []string
	}{
		// the test authority's root issues no list: for the intermediate there is none
		{"none", nil, Valid, []string{NoteNoCRL}},
		{"not revoked", []*x509.RevocationList{list(p.Authority(), at.Add(-day), nil)}, Valid, []string{NoteNoCRL}},
		{"revoked before", []*x509.RevocationList{list(p.Authority(), at.Add(day), before)}, Untrusted, nil},
		{"revoked after", []*x509.RevocationList{list(p.Authority(), at.Add(day), after)}, Valid, []string{NoteNoCRL}},
		{"run out", []*x509.RevocationList{list(p.Authority(), at.Add(-30*day), nil)}, Valid, []string{NoteNoCRL, NoteStaleCRL}},
		{"the newest counts", []*x509.RevocationList{list(p.Authority(), at.Add(-day), nil), list(p.Authority(), at.Add(day), before)}, Untrusted, nil},
		{"a delta", []*x509.RevocationList{extended(oidDeltaCRL, 2, 1, 1)}, Valid, []string{NoteNoCRL}},
		{"for other issuers too", []*x509.RevocationList{extended(oidIssuingPoint, 0x30, 3, 0x84, 1, 0xff)}, Valid, []string{NoteNoCRL}},
		{"in parts, the newer of other certificates", []*x509.RevocationList{point(at.Add(-day), before, pointAt(1)), point(at.Add(day), nil, pointAt(2))}, Untrusted, nil},
		{"in parts, the same anew", []*x509.RevocationList{point(at.Add(-day), before, pointAt(1)), point(at.Add(day), nil, pointAt(1))}, Valid, []string{NoteNoCRL}},
		{"users apart from a newer of authorities", []*x509.RevocationList{point(at.Add(-day), before, []byte{0x30, 3, 0x81, 1, 0xff}), point(at.Add(day), nil, []byte{0x30, 3, 0x82, 1, 0xff})}, Untrusted, nil},
		{"malformed", []*x509.RevocationList{point(at, before, []byte{0x30, 1, 0x81})}, Valid, []string{NoteNoCRL}},
		{"for users only", []*x509.RevocationList{extended(oidIssuingPoint, 0x30, 3, 0x81, 1, 0xff)}, Untrusted, nil},
		{"of a stranger with the same name", []*x509.RevocationList{list(other, at.Add(day), before)}, Valid, []string{NoteNoCRL}},
	} {
		t.Run(c.name, func(t *testing.T) {
			v := OpenBytes(raw, Options{Trust: mustTrust(t, TrustConfig{Roots: roots, CRLs: c.lists})}).Verdict
			notes := slices.DeleteFunc(slices.Clone(v.Notes), func(n string) bool { return n == NoteNoIndex || n == NoteNoDelivery })
			if v.Status != c.status || c.status == Valid && !slices.Equal(notes, c.notes) || (c.status == Untrusted) != (v.Reason == ReasonRevoked) {
				t.Errorf("%s %s, notes %v", v.Status, v.Reason, notes)
			}
			for _, s := range v.Steps {
				if s.Name == StepRevocation && s.OK && s.Unchecked != slices.Contains(c.notes, NoteNoCRL) {
					t.Errorf("unchecked is %v: %s", s.Unchecked, s.Detail)
				}
			}
			if !v.Intact {
				t.Error("a revoked certificate's signature is intact all the same")
			}
		})
	}
}

// pointAt is an issuing distribution point: one list of several.
func pointAt(n byte) []byte {
	return []byte{0x30, 8, 0xa0, 6, 0xa0, 4, 0x86, 2, 'u', '0' + n}
}

// TestRevokedByRenamed: the lists of an authority that writes its name with other string types than its certificate count.
func TestRevokedByRenamed(t *testing.T) {
	a, err := pectest.NewAuthority(pectest.AuthorityOptions{Renamed: true, Key: pectest.P256})
	if err != nil {
		t.Fatal(err)
	}
	p, err := pectest.New(pectest.Options{Domains: []string{"pec.example.it"}, Authority: a})
	if err != nil {
		t.Fatal(err)
	}
	roots, err := ParseRoots(p.RootsPEM())
	if err != nil {
		t.Fatal(err)
	}
	at := time.Date(2026, 11, 10, 10, 0, 0, 0, time.UTC)
	der, err := a.CRL(at.Add(-time.Minute), map[*x509.Certificate]time.Time{p.Signer.Cert: at.Add(-time.Hour)})
	list := parsedList(t, der, err)
	if slices.Equal(list.RawIssuer, a.Intermediate.Cert.RawSubject) {
		t.Fatal("the list is issued under the same encoding: nothing is tried")
	}
	raw := p.Transport(pectest.Message{From: "mario@pec.example.it", To: fixtureOurs[0], Date: at, Text: "ciao\n"})
	if v := OpenBytes(raw, Options{Trust: mustTrust(t, TrustConfig{Roots: roots, CRLs: []*x509.RevocationList{list}})}).Verdict; v.Reason != ReasonRevoked {
		t.Errorf("%s %s, notes %v", v.Status, v.Reason, v.Notes)
	}
}

// TestListCovers: of which certificates a list says by its silence that they are not revoked.
func TestListCovers(t *testing.T) {
	leaf := &x509.Certificate{CRLDistributionPoints: []string{"u1", "http://example.org/crl"}}
	authority, pointless := &x509.Certificate{IsCA: true}, &x509.Certificate{}
	for _, c := range []struct {
		scope []byte
		cert  *x509.Certificate
		want  bool
	}{
		{nil, leaf, true}, {nil, authority, true},
		{pointAt(1), leaf, true}, {pointAt(2), leaf, false}, {pointAt(2), pointless, true},
		{[]byte{0x30, 3, 0x81, 1, 0xff}, leaf, true}, {[]byte{0x30, 3, 0x81, 1, 0xff}, authority, false},
		{[]byte{0x30, 3, 0x82, 1, 0xff}, leaf, false}, {[]byte{0x30, 3, 0x82, 1, 0xff}, authority, true},
		{[]byte{0x30, 4, 0x83, 2, 6, 0x40}, leaf, false}, {[]byte{0x30, 3, 0x85, 1, 0xff}, leaf, false},
		{[]byte{0x30, 4, 0xa0, 2, 0xa1, 0}, leaf, false}, {[]byte{0x30, 6, 0xa0, 4, 0xa0, 2, 0xa4, 0}, leaf, false},
	} {
		r := &revocations{}
		if c.scope != nil && !r.readScope(c.scope) {
			t.Errorf("%x cannot be read", c.scope)
		}
		if r.covers(c.cert) != c.want {
			t.Errorf("%x, points %v: covers is %v", c.scope, r.points, !c.want)
		}
	}
	for _, scope := range [][]byte{{0x30, 3, 0x84, 1, 0xff}, {0x30, 4, 0xa0, 2, 0xa0}, {0x31, 0}, {}} {
		if (&revocations{}).readScope(scope) {
			t.Errorf("%x is read", scope)
		}
	}
}

// TestIntermediates: a signature that does not carry the authority's certificate needs it configured.
func TestIntermediates(t *testing.T) {
	p, err := pectest.New(pectest.Options{Domains: []string{"pec.example.it"}})
	if err != nil {
		t.Fatal(err)
	}
	roots, err := ParseRoots(p.RootsPEM())
	if err != nil {
		t.Fatal(err)
	}
	raw := p.Transport(pectest.Message{From: "mario@pec.example.it", To: fixtureOurs[0], Text: "ciao\n"}, func(d *pectest.Draft) {
		d.CMS.Certificates = d.CMS.Certificates[:1]
	})
	if v := OpenBytes(raw, Options{Trust: mustTrust(t, TrustConfig{Roots: roots})}).Verdict; v.Reason != ReasonChain {
		t.Errorf("without the intermediate: %s %s", v.Status, v.Reason)
	}
	with := TrustConfig{Roots: roots, Intermediates: []*x509.Certificate{p.Authority().Intermediate.Cert}}
	if v := OpenBytes(raw, Options{Trust: mustTrust(t, with)}).Verdict; v.Status != Valid {
		t.Errorf("with the intermediate: %s %s: %s", v.Status, v.Reason, v.Detail)
	}
}

// TestTrustIsShared opens from many goroutines with one Trust, its caches overflowing meanwhile.
func TestTrustIsShared(t *testing.T) {
	opt := fixtureOptions(t)
	raws := [][]byte{fixture(t, "busta.eml"), fixture(t, "anomalia.eml")}
	var wg sync.WaitGroup
	for g := range 8 {
		wg.Go(func() {
			for i := range 100 {
				if e := OpenBytes(raws[i%2], opt); e.Verdict.Status != Valid {
					t.Errorf("%s: %+v", e.Kind, e.Verdict)
					return
				}
				for j := range 20 {
					opt.Trust.certificate([]byte{byte(g), byte(i), byte(j)})
				}
			}
		})
	}
	wg.Wait()
}

func TestNameConstraints(t *testing.T) {
	within := func(kind casn1.Tag, name []byte, bases ...[]byte) bool {
		var nc nameConstraints
		for _, b := range bases {
			nc.permitted = append(nc.permitted, subtree{generalName: generalName{kind, b}})
		}
		return nc.match(generalName{kind, name}) == nil
	}
	for a, want := range map[string]bool{
		"x@pec.example.it": true, "x@PEC.Example.it": true, "x@sub.pec.example.it": false, "x@example.it": false,
		"x@a.example.org": true, "x@a.b.example.org": true, "x@example.org": false, "x@xexample.org": false,
		"Mario@EXAMPLE.com": true, "mario@example.com": false, "pec.example.it": false, "": false, "x@any.example.net": true, "x@\u212Aec.example.net": false,
	} {
		if got := within(kindMail, []byte(a), []byte("pec.example.it"), []byte(".example.org"), []byte("Mario@example.com"), []byte("@any.example.net"), []byte("kec.example.net")); got != want {
			t.Errorf("%q: %v", a, got)
		}
	}
	rdn := func(o ...string) pkix.RDNSequence {
		return pkix.Name{Country: []string{"IT"}, Organization: o}.ToRDNSequence()
	}
	canonical := func(n pkix.RDNSequence) []byte {
		der, err := asn1.Marshal(n)
		out, ok := canonicalName(der)
		if err != nil || !ok {
			t.Fatalf("%v cannot be read", n)
		}
		return out
	}
	base := canonical(rdn("Gestore  Uno S.p.A. "))
	full := append(rdn("GESTORE Uno S.p.A."), pkix.Name{CommonName: "Posta Certificata"}.ToRDNSequence()...)
	if !within(kindName, canonical(full), base) || within(kindName, canonical(rdn("Gestore Due")), base) || within(kindName, canonical(rdn()), base) {
		t.Error("directory names are compared wrongly")
	}
	if within(kindName, canonical(rdn("Societ\u00c0")), canonical(rdn("Societ\u00e0"))) || within(kindName, canonical(rdn("Gestore\u00a0Uno")), canonical(rdn("Gestore Uno"))) {
		t.Error("letters and blanks beyond ASCII are folded")
	}
}

// TestOtherNameConstraints: a constraint on names of a kind of their own that nobody here can compare refuses those of
// that kind, and says nothing of another kind.
func TestOtherNameConstraints(t *testing.T) {
	other := func(id []byte) generalName {
		return generalName{kindOther, append(oidElement(id), 0xa0, 3, 0x0c, 1, 'x')}
	}
	upn, mine := oid(1, 3, 6, 1, 4, 1, 311, 20, 2, 3), oid(1, 3, 6, 1, 4, 1, 99999, 1)
	for name, nc := range map[string]nameConstraints{
		"permitted": {permitted: []subtree{{generalName: other(upn)}}},
		"excluded":  {excluded: []subtree{{generalName: other(upn)}}},
	} {
		if err := nc.match(other(upn)); err == nil {
			t.Errorf("%s: a name of the constrained kind passes", name)
		}
		if err := nc.match(other(mine)); err != nil {
			t.Errorf("%s: a name of another kind: %v", name, err)
		}
	}
}

// TestRootWithoutConstraints: a root may lack them where its key usage says that it issues certificates, as with OpenSSL, and
// nobody below it may.
func TestRootWithoutConstraints(t *testing.T) {
	at := time.Date(2026, 11, 10, 10, 0, 0, 0, time.UTC)
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	made := func(name string, by *x509.Certificate, usage x509.KeyUsage, constrained bool) *x509.Certificate {
		c := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: name}, NotBefore: at.AddDate(-1, 0, 0), NotAfter: at.AddDate(1, 0, 0),
			KeyUsage: usage, BasicConstraintsValid: constrained, IsCA: constrained}
		if by == nil {
			by = c
		}
		der, err := x509.CreateCertificate(rand.Reader, c, by, key.Public(), key)
		if err != nil {
			t.Fatal(err)
		}
		out, err := x509.ParseCertificate(der)
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	for _, c := range []struct {
		name           string
		root, between  x509.KeyUsage
		bare, bareThen bool // without constraints
		want           bool
	}{
		{"both with", x509.KeyUsageCertSign, x509.KeyUsageCertSign, false, false, true},
		{"root without", x509.KeyUsageCertSign, x509.KeyUsageCertSign, true, false, true},
		{"root without either", 0, x509.KeyUsageCertSign, true, false, false},
		{"root for signatures", x509.KeyUsageDigitalSignature, x509.KeyUsageCertSign, true, false, false},
		{"the one below without", x509.KeyUsageCertSign, x509.KeyUsageCertSign, false, true, false},
	} {
		root := made("Radice", nil, c.root, !c.bare)
		between := made("Mezzo", root, c.between, !c.bareThen)
		leaf := made("Foglia", between, x509.KeyUsageDigitalSignature, false)
		trust := mustTrust(t, TrustConfig{Roots: []*x509.Certificate{root}})
		if _, err := trust.chain(newCertificate(leaf), []*certificate{newCertificate(between)}, at); (err == nil) != c.want {
			t.Errorf("%s: %v", c.name, err)
		}
	}
}

// TestWithoutIndex: any certificate of the roots may sign, but not a person's: a provider's bears the notice address.
func TestWithoutIndex(t *testing.T) {
	a, err := pectest.NewAuthority(pectest.AuthorityOptions{Key: pectest.P256})
	if err != nil {
		t.Fatal(err)
	}
	roots, err := ParseRoots(a.RootPEM())
	if err != nil {
		t.Fatal(err)
	}
	for address, want := range map[string]Status{
		"posta-certificata@pec.example.it": Valid, "posta-certificata@mail.pec.example.it": Valid,
		"eva@pec.example.it": Untrusted, "posta-certificata.eva@pec.example.it": Untrusted, "xposta-certificata@pec.example.it": Untrusted,
	} {
		p, err := pectest.New(pectest.Options{Domains: []string{"pec.example.it"}, NoticeAddress: address, Authority: a, Key: pectest.P256})
		if err != nil {
			t.Fatal(err)
		}
		raw := p.Transport(pectest.Message{From: "mario@pec.example.it", To: fixtureOurs[0], Text: "ciao\n"})
		v := OpenBytes(raw, Options{Trust: mustTrust(t, TrustConfig{Roots: roots})}).Verdict
		if v.Status != want || want == Untrusted && v.Reason != ReasonSANMismatch {
			t.Errorf("%s: %s %s: %s", address, v.Status, v.Reason, v.Detail)
		}
	}
}
