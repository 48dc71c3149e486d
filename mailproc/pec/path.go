package pec

import (
	"bytes"
	"crypto/x509"
	"errors"
	"slices"
	"strings"
	"time"
)

// pathFinder looks for a path from a certificate to a root that holds at an instant. crypto/x509 finds paths too, but none by a
// certificate signed with SHA-1, as those of providers were for ten years, nor by an authority whose name is encoded in another way
// in what it issued; and it judges names and usages otherwise than mail programs.
type pathFinder struct {
	roots, others []*x509.Certificate
	at            time.Time
	budget        int   // signatures that may still be checked: the others are anybody's
	err           error // why the first path tried does not hold
}

// maxPathSignatures bounds the work a signature with many certificates that vouch for each other may cause.
const maxPathSignatures = 100

var errNoAuthority = errors.New("certificate signed by unknown authority")

// find returns a path, leaf first and root last.
func (f *pathFinder) find(leaf *x509.Certificate) ([]*x509.Certificate, error) {
	f.budget = maxPathSignatures
	path := []*x509.Certificate{leaf}
	switch {
	case len(leaf.UnhandledCriticalExtensions) > 0:
		return nil, errors.New("the signing certificate has a critical extension that is not known")
	case !plainTimes(leaf.RawTBSCertificate):
		return nil, errors.New("the times of the signing certificate are not written as they must be")
	case slices.ContainsFunc(f.roots, leaf.Equal):
		return path, nil
	}
	if path = f.extend(path); path != nil {
		return path, nil
	}
	if f.err == nil {
		f.err = errNoAuthority
	}
	return nil, f.err
}

// extend tries each authority that may have issued the last certificate of a path; nil when none leads to a root.
func (f *pathFinder) extend(path []*x509.Certificate) []*x509.Certificate {
	if last := path[len(path)-1]; selfSigned(last) {
		if f.err == nil {
			f.err = errors.New(last.Subject.CommonName + " vouches for itself and is no root")
		}
		return nil
	}
	for _, root := range f.roots {
		if longer := f.step(path, root, true); longer != nil {
			return longer
		}
	}
	for _, c := range f.others {
		if longer := f.step(path, c, false); longer != nil {
			if found := f.extend(longer); found != nil {
				return found
			}
		}
	}
	return nil
}

// step adds an authority to a path; nil when it did not issue the last certificate, or may not have.
func (f *pathFinder) step(path []*x509.Certificate, c *x509.Certificate, root bool) []*x509.Certificate {
	last := path[len(path)-1]
	if !bytes.Equal(last.RawIssuer, c.RawSubject) && !sameName(last.RawIssuer, c.RawSubject) || slices.ContainsFunc(path, c.Equal) || f.budget == 0 {
		return nil
	}
	longer := append(path[:len(path):len(path)], c)
	err := f.authority(longer, root)
	if err == nil {
		f.budget--
		err = c.CheckSignature(last.SignatureAlgorithm, last.RawTBSCertificate, last.Signature) // SHA-1 too, MD5 not
	}
	if err == nil && root {
		err = checkNames(longer)
	}
	if err == nil {
		return longer
	}
	if f.err == nil {
		f.err = err
	}
	return nil
}

// authority reports why the last certificate of a path may not have issued the one before it (RFC 5280 §6.1.4). Only a
// root may lack the basic constraints: one of the time before extensions, or whose key usage says the same.
func (f *pathFinder) authority(path []*x509.Certificate, root bool) error {
	c, below := path[len(path)-1], path[:len(path)-1]
	said := c.Subject.CommonName
	switch {
	case !plainTimes(c.RawTBSCertificate):
		return errors.New("the times of the certificate of " + said + " are not written as they must be")
	case f.at.Before(c.NotBefore) || !f.at.Before(c.NotAfter):
		return errors.New("the certificate of " + said + " was not valid at that time")
	case len(c.UnhandledCriticalExtensions) > 0:
		return errors.New("the certificate of " + said + " has a critical extension that is not known")
	case c.BasicConstraintsValid && !c.IsCA || !c.BasicConstraintsValid && (c.Version > 2 && c.KeyUsage == 0 || !root),
		c.KeyUsage != 0 && c.KeyUsage&x509.KeyUsageCertSign == 0:
		return errors.New(said + " is no authority that may issue certificates")
	case !forMail(c):
		return errPurpose
	case !issuedBy(below[len(below)-1], c):
		return errors.New(below[len(below)-1].Subject.CommonName + " names another certificate as its authority's")
	}
	between := 0
	for _, b := range below[1:] {
		if !selfIssued(b) {
			between++
		}
	}
	if c.BasicConstraintsValid && c.MaxPathLen >= 0 && between > c.MaxPathLen {
		return errors.New("more authorities stand below " + said + " than it allows")
	}
	return nil
}

// forMail reports whether an authority may issue certificates for mail: its extended usages, where it has any, name mail.
// Any usage at all is not enough, as with OpenSSL.
func forMail(c *x509.Certificate) bool {
	return len(c.ExtKeyUsage)+len(c.UnknownExtKeyUsage) == 0 || slices.Contains(c.ExtKeyUsage, x509.ExtKeyUsageEmailProtection)
}

// signedWeakly reports whether a certificate of the path below its root is signed with SHA-1.
func signedWeakly(path []*x509.Certificate) bool {
	return slices.ContainsFunc(path[:len(path)-1], func(c *x509.Certificate) bool {
		return c.SignatureAlgorithm == x509.SHA1WithRSA || c.SignatureAlgorithm == x509.ECDSAWithSHA1
	})
}

// selfSigned reports whether a certificate says that its own key signed it, as roots do; whether that is so nobody needs to know.
func selfSigned(c *x509.Certificate) bool {
	return selfIssued(c) && issuedBy(c, c) && strings.Contains(c.SignatureAlgorithm.String(), c.PublicKeyAlgorithm.String())
}

// selfIssued reports whether a certificate names its subject as its issuer.
func selfIssued(c *x509.Certificate) bool {
	return bytes.Equal(c.RawIssuer, c.RawSubject) || sameName(c.RawIssuer, c.RawSubject)
}
