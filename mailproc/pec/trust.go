package pec

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/rsa"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"encoding/pem"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"
)

// Trust is whom the proof believes: the roots, the providers' index and the revocation lists.
// It never changes once made, may be used by many goroutines, and remembers the certificates and
// chains it has seen: providers sign everything with a handful of them.
type Trust struct {
	roots         []*x509.Certificate
	intermediates []*x509.Certificate
	index         *Index
	pinned        map[[32]byte][]int // SHA-256 of a certificate -> providers
	pinnedSHA1    map[string][]int   // providerCertificateHash of certificates that are not given
	domains       map[string][]int   // managed domain -> providers
	crls          []*revocations

	mu     sync.RWMutex
	certs  map[string]*certificate // by DER
	chains map[chainKey][]*chain
}

// TrustConfig is what a Trust is made of.
type TrustConfig struct {
	Roots         []*x509.Certificate    // the only roots used; never the system's
	Intermediates []*x509.Certificate    // CA certificates for signatures that do not carry theirs
	Index         *Index                 // nil: not checked, and noted so on each verdict
	CRLs          []*x509.RevocationList // nil: not checked, and noted so on each verdict
}

// NewTrust makes a Trust. Without roots nobody is trusted, and that is an error. What is given among them and names another
// certificate as its issuer is an intermediate, as for OpenSSL.
func NewTrust(cfg TrustConfig) (*Trust, error) {
	if len(cfg.Roots) == 0 {
		return nil, errors.New("trust: no root certificates given")
	}
	t := &Trust{
		intermediates: slices.Clone(cfg.Intermediates),
		index:         cfg.Index,
		certs:         map[string]*certificate{},
		chains:        map[chainKey][]*chain{},
	}
	for _, c := range cfg.Roots {
		if selfSigned(c) {
			t.roots = append(t.roots, c)
		} else {
			t.intermediates = append(t.intermediates, c)
		}
	}
	if len(t.roots) == 0 {
		return nil, errors.New("trust: none of the certificates given is a root: " + quote(cfg.Roots[0].Subject.CommonName) + " is issued by " + quote(cfg.Roots[0].Issuer.CommonName))
	}
	if cfg.Index != nil {
		t.pin(cfg.Index)
	}
	for _, l := range cfg.CRLs {
		if r := newRevocations(l); r != nil {
			t.crls = append(t.crls, r)
		}
	}
	return t, nil
}

// ParseRoots reads the certificates of a PEM file. Other blocks are an error: a private key in a
// file of roots is a mistake worth saying.
func ParseRoots(data []byte) ([]*x509.Certificate, error) {
	var out []*x509.Certificate
	for {
		var b *pem.Block
		b, data = pem.Decode(data)
		if b == nil {
			break
		}
		if b.Type != "CERTIFICATE" && b.Type != "TRUSTED CERTIFICATE" {
			return nil, fmt.Errorf("roots: a PEM block %q where only CERTIFICATE may be", b.Type)
		}
		c, err := x509.ParseCertificate(b.Bytes)
		if err == nil && !(signedShape(b.Bytes) && certificateShape(b.Bytes)) {
			err = errors.New("it is not built as certificates are")
		} else if err == nil && tooOld(c) {
			err = errors.New("it has extensions, which its version does not know")
		}
		if err != nil {
			return nil, fmt.Errorf("roots: certificate %d: %w", len(out)+1, err)
		}
		judgeExtensions(c)
		out = append(out, c)
	}
	if len(out) == 0 {
		return nil, errors.New("roots: no PEM certificate found")
	}
	return out, nil
}

// Index returns the providers' index, nil when none was given.
func (t *Trust) Index() *Index {
	if t == nil {
		return nil
	}
	return t.index
}

// The most that is remembered. When it is full it is emptied: forged messages can carry any
// number of certificates, and must cost time at most, not memory.
const (
	maxCachedCerts  = 512
	maxCachedChains = 512
	maxCachedDER    = 8 << 10
)

// certificate is one that was parsed, with what every proof asks of it.
type certificate struct {
	*x509.Certificate
	serial    []byte   // of its serial number
	addresses []string // its mail addresses, as Address folds them
	sum       [sha256.Size]byte
	sha1      string // hex
}

func newCertificate(c *x509.Certificate) *certificate {
	out := &certificate{Certificate: c, serial: c.SerialNumber.Bytes(), sum: sha256.Sum256(c.Raw)}
	sum := sha1.Sum(c.Raw)
	out.sha1 = hex.EncodeToString(sum[:])
	for _, a := range c.EmailAddresses {
		out.addresses = append(out.addresses, Address(a))
	}
	return out
}

// certificate parses DER, or remembers having parsed it. It returns nil for what is no certificate.
func (t *Trust) certificate(der []byte) *certificate {
	if t == nil || len(der) > maxCachedDER {
		return parseCertificate(der)
	}
	t.mu.RLock()
	c, ok := t.certs[string(der)]
	t.mu.RUnlock()
	if ok {
		return c
	}
	c = parseCertificate(der)
	t.mu.Lock()
	defer t.mu.Unlock()
	if len(t.certs) >= maxCachedCerts {
		clear(t.certs)
	}
	t.certs[string(der)] = c
	return c
}

// misbuilt stands for what is no certificate though it begins as one: OpenSSL reads no signature with such within.
var misbuilt = new(certificate)

func parseCertificate(der []byte) *certificate {
	if !certificateShape(der) {
		if plain, _, err := toDER(der); err == nil && certificateShape(plain) {
			return nil // well built in BER: nothing that anybody here reads
		}
		return misbuilt
	}
	c, err := x509.ParseCertificate(bytes.Clone(der))
	if err != nil || !usableKey(c) || tooOld(c) {
		return nil
	}
	judgeExtensions(c)
	return newCertificate(c)
}

// tooOld reports whether a certificate has extensions that its version does not know (RFC 5280 §4.1.2.9): crypto/x509 passes over them,
// others do what they say.
func tooOld(c *x509.Certificate) bool { return c.Version < 3 && extended(c.RawTBSCertificate) }

// usableKey refuses keys so large that one verification takes seconds.
func usableKey(c *x509.Certificate) bool {
	switch k := c.PublicKey.(type) {
	case *rsa.PublicKey:
		return k.N.BitLen() <= 8192
	case *ecdsa.PublicKey:
		return k.Curve.Params().BitSize <= 521
	}
	return true
}

// chain is one verified path from a signing certificate to a root, and when it holds.
type chain struct {
	notBefore, notAfter time.Time
	weak                bool      // a certificate of it is signed with SHA-1
	listed              bool      // there is a revocation list for each certificate but the root
	revoked             time.Time // zero: not revoked
	revokedWhat         string
	nextUpdate          time.Time // the earliest end of the lists used; zero: none
}

// chainKey is a signing certificate and the others that came with it. Certificates are compared
// as pointers: certificate() gives equal ones for equal DER.
type chainKey struct {
	leaf   *certificate
	others [6]*certificate
}

// chainError says why no chain was found.
type chainError struct{ reason, detail string }

func (e *chainError) Error() string { return e.detail }

// chain finds a path from leaf, by way of certs, to the roots that holds at the instant at, for e-mail protection.
func (t *Trust) chain(leaf *certificate, certs []*certificate, at time.Time) (*chain, error) {
	if t == nil {
		return nil, &chainError{ReasonChain, "no roots are configured"}
	}
	key, others := chainKey{leaf: leaf}, 0
	for _, c := range certs {
		if c != leaf {
			if others < len(key.others) {
				key.others[others] = c
			}
			others++
		}
	}
	cacheable := others <= len(key.others)
	if cacheable {
		t.mu.RLock()
		for _, c := range t.chains[key] {
			if !at.Before(c.notBefore) && at.Before(c.notAfter) {
				t.mu.RUnlock()
				return c, nil
			}
		}
		t.mu.RUnlock()
	}
	path, err := t.verify(leaf.Certificate, certs, at)
	if err != nil {
		return nil, err
	}
	c := t.describe(path)
	if cacheable {
		t.mu.Lock()
		if len(t.chains) >= maxCachedChains {
			clear(t.chains)
		}
		if len(t.chains[key]) < 4 {
			t.chains[key] = append(t.chains[key], c)
		}
		t.mu.Unlock()
	}
	return c, nil
}

func (t *Trust) verify(leaf *x509.Certificate, certs []*certificate, at time.Time) ([]*x509.Certificate, error) {
	switch {
	case at.Before(leaf.NotBefore):
		return nil, &chainError{ReasonNotYetValid, "the signing certificate was not yet valid on " + at.Format(time.DateTime)}
	case !at.Before(leaf.NotAfter): // its last second is over: RFC 5280 would still have it, OpenSSL has not
		return nil, &chainError{ReasonExpired, "the signing certificate had expired on " + at.Format(time.DateTime)}
	}
	finder := pathFinder{roots: t.roots, at: at, others: make([]*x509.Certificate, 0, len(certs)+len(t.intermediates))}
	for _, c := range certs {
		if c.Certificate != leaf {
			finder.others = append(finder.others, c.Certificate)
		}
	}
	finder.others = append(finder.others, t.intermediates...)
	path, err := finder.find(leaf)
	switch {
	case errors.Is(err, errPurpose):
		return nil, &chainError{ReasonUsage, err.Error()}
	case err != nil:
		return nil, &chainError{ReasonChain, "no chain to the configured roots: " + strings.TrimPrefix(err.Error(), "x509: ")}
	}
	return path, nil
}

// describe notes when a path holds and what the revocation lists say of it.
func (t *Trust) describe(path []*x509.Certificate) *chain {
	c := &chain{notBefore: path[0].NotBefore, notAfter: path[0].NotAfter, weak: signedWeakly(path), listed: true}
	for i, cert := range path {
		if cert.NotBefore.After(c.notBefore) {
			c.notBefore = cert.NotBefore
		}
		if cert.NotAfter.Before(c.notAfter) {
			c.notAfter = cert.NotAfter
		}
		if i == len(path)-1 {
			break
		}
		c.revocation(cert, t.listsOf(path[i+1]))
	}
	return c
}

// revocation notes what the lists of its issuer say of one certificate.
func (c *chain) revocation(cert *x509.Certificate, lists []*revocations) {
	covered := false
	for _, l := range lists {
		if at, ok := l.revoked[string(cert.SerialNumber.Bytes())]; ok && (c.revoked.IsZero() || at.Before(c.revoked)) {
			c.revoked, c.revokedWhat = at, cert.Subject.CommonName
		}
		if !l.covers(cert) {
			continue
		}
		covered = true
		if c.nextUpdate.IsZero() || l.next.Before(c.nextUpdate) {
			c.nextUpdate = l.next
		}
	}
	c.listed = c.listed && covered
}
