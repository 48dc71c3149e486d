package pectest

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha1"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"fmt"
	"math/big"
	"net"
	"slices"
	"sync"
	"time"
)

// KeyType is the kind of a signing key.
type KeyType int

// Kinds of key. Providers use RSA-2048.
const (
	RSA2048 KeyType = iota
	RSA3072
	RSA4096
	P256
	P384
)

func (k KeyType) generate() (crypto.Signer, error) {
	switch k {
	case RSA2048:
		return rsa.GenerateKey(rand.Reader, 2048)
	case RSA3072:
		return rsa.GenerateKey(rand.Reader, 3072)
	case RSA4096:
		return rsa.GenerateKey(rand.Reader, 4096)
	case P256:
		return ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	case P384:
		return ecdsa.GenerateKey(elliptic.P384(), rand.Reader)
	}
	return nil, fmt.Errorf("pectest: no key type %d", k)
}

// Identity is a certificate with its private key.
type Identity struct {
	Cert *x509.Certificate
	Key  crypto.Signer
}

// AuthorityOptions describes an authority. The zero value is a plain one.
type AuthorityOptions struct {
	Name          string   // of the intermediate; default "AgID CA1 di prova"
	Domains       []string // mail domains in its name constraints; none: no such constraint
	Organizations []string // organisations in its name constraints; none: no such constraint
	Critical      bool     // its name constraints are a critical extension, as RFC 5280 wants it
	Above         bool     // a policy authority stands between the root and it
	SHA1          bool     // certificates are signed with SHA-1 (and RSA), as all were until 2014
	Renamed       bool     // it writes its own name with other string types into what it issues
	Key           KeyType
	NotBefore     time.Time
	NotAfter      time.Time
}

// Authority is a root and the intermediate that issues the providers'
// certificates. Envelopes carry the intermediate, never the root.
type Authority struct {
	Root         *Identity
	Above        *Identity // the policy authority, nil when there is none
	Intermediate *Identity

	issuing *Identity // the intermediate as it writes itself into what it issues
	sha1    bool
}

// chain is what envelopes carry beside the provider's certificate.
func (a *Authority) chain() []*x509.Certificate {
	if a.Above == nil {
		return []*x509.Certificate{a.Intermediate.Cert}
	}
	return []*x509.Certificate{a.Intermediate.Cert, a.Above.Cert}
}

// Default validity of certificates: wide enough for every date a test uses.
var (
	defaultNotBefore = time.Date(2012, 1, 1, 0, 0, 0, 0, time.UTC)
	defaultNotAfter  = time.Date(2049, 12, 31, 23, 59, 59, 0, time.UTC)
)

// NewAuthority makes a root and an intermediate.
func NewAuthority(opt AuthorityOptions) (*Authority, error) {
	if opt.Name == "" {
		opt.Name = "AgID CA1 di prova"
	}
	validity(&opt.NotBefore, &opt.NotAfter)
	keys, err := generateAll(opt.Key, 3)
	if err != nil {
		return nil, err
	}
	authority := func(name string) *x509.Certificate {
		return &x509.Certificate{
			Subject:   pkix.Name{Country: []string{"IT"}, Organization: []string{"Autorità di prova"}, CommonName: name},
			NotBefore: opt.NotBefore, NotAfter: opt.NotAfter,
			KeyUsage: x509.KeyUsageCertSign | x509.KeyUsageCRLSign, IsCA: true, BasicConstraintsValid: true,
		}
	}
	a := &Authority{sha1: opt.SHA1}
	if a.Root, err = issue(authority("Radice di prova"), nil, keys[0]); err != nil {
		return nil, err
	}
	issuer := a.Root
	if opt.Above {
		if a.Above, err = issue(authority("Autorità di mezzo di prova"), a.Root, keys[2]); err != nil {
			return nil, err
		}
		issuer = a.Above
	}
	inter := &x509.Certificate{
		Subject:   pkix.Name{Country: []string{"IT"}, Organization: []string{"Agenzia di prova"}, CommonName: opt.Name},
		NotBefore: opt.NotBefore, NotAfter: opt.NotAfter,
		KeyUsage: x509.KeyUsageCertSign | x509.KeyUsageCRLSign, IsCA: true, BasicConstraintsValid: true,
		ExtKeyUsage:    []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth, x509.ExtKeyUsageEmailProtection},
		MaxPathLenZero: true, ExtraExtensions: nameConstraints(opt),
	}
	if a.sha1 {
		inter.SignatureAlgorithm = x509.SHA1WithRSA
	}
	if a.Intermediate, err = issue(inter, issuer, keys[1]); err != nil {
		return nil, err
	}
	a.issuing = a.Intermediate
	if opt.Renamed {
		cert := *a.Intermediate.Cert
		cert.RawSubject = bytes.Replace(slices.Clone(cert.RawSubject), []byte("\x13\x02IT"), []byte("\x0c\x02IT"), 1)
		a.issuing = &Identity{Cert: &cert, Key: a.Intermediate.Key}
	}
	return a, nil
}

func validity(from, to *time.Time) {
	if from.IsZero() {
		*from = defaultNotBefore
	}
	if to.IsZero() {
		*to = defaultNotAfter
	}
}

// generateAll makes n keys side by side.
func generateAll(k KeyType, n int) ([]crypto.Signer, error) {
	keys, errs := make([]crypto.Signer, n), make([]error, n)
	var wg sync.WaitGroup
	for i := range n {
		wg.Go(func() { keys[i], errs[i] = k.generate() })
	}
	wg.Wait()
	for _, err := range errs {
		if err != nil {
			return nil, err
		}
	}
	return keys, nil
}

// RootPEM returns the root certificate.
func (a *Authority) RootPEM() []byte { return certificatePEM(a.Root.Cert) }

// Certificate describes a leaf to issue. The zero usage is a provider's: key
// usage digital signature (critical), extended usage e-mail protection.
type Certificate struct {
	CommonName   string
	Organization string
	Emails       []string
	Hosts        []string // names and IP addresses, for a TLS server
	NotBefore    time.Time
	NotAfter     time.Time
	Key          KeyType
	KeyUsage     x509.KeyUsage
	ExtKeyUsage  []x509.ExtKeyUsage
	NoExtUsage   bool // leave the extended usage out
	Extensions   []pkix.Extension
	CA           bool

	sha1 bool // signed with SHA-1 (and RSA)
}

// Issue makes a leaf certificate signed by the intermediate.
func (a *Authority) Issue(c Certificate) (*Identity, error) {
	c.sha1 = c.sha1 || a.sha1
	return c.issue(a.issuing)
}

// SelfSigned makes a certificate that vouches for itself.
func SelfSigned(c Certificate) (*Identity, error) { return c.issue(nil) }

func (c Certificate) issue(by *Identity) (*Identity, error) {
	validity(&c.NotBefore, &c.NotAfter)
	if c.KeyUsage == 0 {
		c.KeyUsage = x509.KeyUsageDigitalSignature
	}
	if c.ExtKeyUsage == nil && !c.NoExtUsage {
		c.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageEmailProtection}
	}
	key, err := c.Key.generate()
	if err != nil {
		return nil, err
	}
	name := pkix.Name{Country: []string{"IT"}, CommonName: c.CommonName}
	if c.Organization != "" {
		name.Organization = []string{c.Organization}
	}
	t := &x509.Certificate{
		Subject: name, NotBefore: c.NotBefore, NotAfter: c.NotAfter, KeyUsage: c.KeyUsage, ExtKeyUsage: c.ExtKeyUsage,
		EmailAddresses: c.Emails, ExtraExtensions: c.Extensions,
		BasicConstraintsValid: true, IsCA: c.CA,
	}
	if c.sha1 {
		t.SignatureAlgorithm = x509.SHA1WithRSA
	}
	for _, h := range c.Hosts {
		if ip := net.ParseIP(h); ip != nil {
			t.IPAddresses = append(t.IPAddresses, ip)
		} else {
			t.DNSNames = append(t.DNSNames, h)
		}
	}
	return issue(t, by, key)
}

// issue completes the template, signs it with by (nil: with its own key) and
// parses it back.
func issue(t *x509.Certificate, by *Identity, key crypto.Signer) (*Identity, error) {
	serial, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 63))
	if err != nil {
		return nil, err
	}
	t.SerialNumber = serial.Add(serial, big.NewInt(1))
	if t.SubjectKeyId, err = keyID(key.Public()); err != nil {
		return nil, err
	}
	parent, signer := t, key
	if by != nil {
		parent, signer = by.Cert, by.Key
	}
	der, err := x509.CreateCertificate(rand.Reader, t, parent, key.Public(), signer)
	if err != nil {
		return nil, fmt.Errorf("pectest: certificate %q: %w", t.Subject.CommonName, err)
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		return nil, fmt.Errorf("pectest: certificate %q: %w", t.Subject.CommonName, err)
	}
	return &Identity{Cert: cert, Key: key}, nil
}

// keyID is the subject key identifier of RFC 5280 §4.2.1.2, method 1.
func keyID(pub crypto.PublicKey) ([]byte, error) {
	der, err := x509.MarshalPKIXPublicKey(pub)
	if err != nil {
		return nil, err
	}
	var info struct {
		Algorithm pkix.AlgorithmIdentifier
		Key       asn1.BitString
	}
	if _, err := asn1.Unmarshal(der, &info); err != nil {
		return nil, err
	}
	sum := sha1.Sum(info.Key.Bytes)
	return sum[:], nil
}

// CRL returns the intermediate's revocation list (DER) that revokes each
// certificate at its instant. Extensions, such as the issuing distribution point of one list among several, are added as they are.
func (a *Authority) CRL(at time.Time, revoked map[*x509.Certificate]time.Time, ext ...pkix.Extension) ([]byte, error) {
	list := &x509.RevocationList{Number: big.NewInt(at.Unix()), ThisUpdate: at, NextUpdate: at.AddDate(0, 0, 7), ExtraExtensions: ext}
	for c, when := range revoked {
		list.RevokedCertificateEntries = append(list.RevokedCertificateEntries,
			x509.RevocationListEntry{SerialNumber: c.SerialNumber, RevocationTime: when.UTC()})
	}
	return x509.CreateRevocationList(rand.Reader, list, a.issuing.Cert, a.issuing.Key)
}

// nameConstraints is an extension like the one AgID CA1 bears: the
// providers' mail domains and the beginning of their names (C, O), no IP addresses. crypto/x509
// writes no directory names, so it is written here (RFC 5280 §4.2.1.10).
func nameConstraints(opt AuthorityOptions) []pkix.Extension {
	var trees []byte
	for _, d := range opt.Domains {
		trees = append(trees, tlv(0x30, tlv(0x81, []byte(d)))...)
	}
	for _, o := range opt.Organizations {
		name := pkix.Name{Country: []string{"IT"}, Organization: []string{o}}
		trees = append(trees, tlv(0x30, tlv(0xa4, mustDER(name.ToRDNSequence())))...)
	}
	if len(trees) == 0 {
		return nil
	}
	everyHost := tlv(0xa1, tlv(0x30, tlv(0x87, make([]byte, 8))), tlv(0x30, tlv(0x87, make([]byte, 32)))) // no IP address at all
	return []pkix.Extension{{Id: asn1.ObjectIdentifier{2, 5, 29, 30}, Critical: opt.Critical, Value: tlv(0x30, tlv(0xa0, trees), everyHost)}}
}
