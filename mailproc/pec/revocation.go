package pec

import (
	"bytes"
	"crypto/x509"
	"encoding/asn1"
	"slices"
	"time"

	"golang.org/x/crypto/cryptobyte"
	casn1 "golang.org/x/crypto/cryptobyte/asn1"
)

// revocations is a revocation list made ready to be asked.
type revocations struct {
	list    *x509.RevocationList
	next    time.Time
	revoked map[string]time.Time // serial number -> since when

	scope              []byte   // its issuing distribution point (RFC 5280 §5.2.5), nil: every certificate of its issuer
	points             []string // where lists of that scope are, as certificates name it
	users, authorities bool     // for these alone
	some               bool     // for some reasons alone, or for attribute certificates
}

var (
	oidDeltaCRL     = asn1.ObjectIdentifier{2, 5, 29, 27}
	oidIssuingPoint = asn1.ObjectIdentifier{2, 5, 29, 28}
)

// newRevocations returns nil for a list that is a delta or speaks for other issuers too (RFC 5280 §5.2.4, §5.2.5):
// read as a full one it would say what it does not know.
func newRevocations(l *x509.RevocationList) *revocations {
	r := &revocations{list: l, next: l.NextUpdate, revoked: make(map[string]time.Time, len(l.RevokedCertificateEntries))}
	for _, e := range l.Extensions {
		if e.Id.Equal(oidDeltaCRL) || e.Id.Equal(oidIssuingPoint) && !r.readScope(e.Value) {
			return nil
		}
	}
	for _, e := range l.RevokedCertificateEntries {
		if e.ReasonCode != 8 { // removeFromCRL
			r.revoked[string(e.SerialNumber.Bytes())] = e.RevocationTime
		}
	}
	return r
}

// readScope reads the issuing distribution point. Not ok: it cannot be read, or the list speaks for other issuers too.
func (r *revocations) readScope(der []byte) bool {
	in := cryptobyte.String(der)
	var seq, value cryptobyte.String
	var tag casn1.Tag
	ok := in.ReadASN1(&seq, casn1.SEQUENCE)
	for r.scope = der; ok && !seq.Empty(); {
		if ok = seq.ReadAnyASN1(&value, &tag); !ok {
			break
		}
		switch tag {
		case ctx(0):
			ok = r.readPoints(value)
		case casn1.Tag(1).ContextSpecific():
			r.users = true
		case casn1.Tag(2).ContextSpecific():
			r.authorities = true
		case casn1.Tag(4).ContextSpecific():
			ok = false
		default:
			r.some = true
		}
	}
	return ok
}

// readPoints reads the names of a distribution point: URIs, as certificates have them.
func (r *revocations) readPoints(in cryptobyte.String) bool {
	var names, name cryptobyte.String
	var tag casn1.Tag
	switch ok := in.ReadAnyASN1(&names, &tag); {
	case !ok:
		return false
	case tag != ctx(0):
		r.some = true // relative to the issuer's name, which no certificate here says
		return tag == ctx(1)
	}
	for !names.Empty() {
		if !names.ReadAnyASN1(&name, &tag) {
			return false
		}
		if tag == casn1.Tag(6).ContextSpecific() {
			r.points = append(r.points, string(name))
		}
	}
	r.some = r.some || len(r.points) == 0 // under names of other kinds, which are not compared
	return true
}

// covers reports whether a certificate of its issuer that is not on the list is not revoked. Authorities part their lists by kind
// of certificate and by distribution point.
func (r *revocations) covers(c *x509.Certificate) bool {
	if r.some || r.users && c.IsCA || r.authorities && !c.IsCA {
		return false
	}
	if len(r.points) == 0 || len(c.CRLDistributionPoints) == 0 {
		return true
	}
	return slices.ContainsFunc(c.CRLDistributionPoints, func(p string) bool { return slices.Contains(r.points, p) })
}

// listsOf returns the lists that the issuer signed, of each scope the newest. Its name may be encoded otherwise in them.
func (t *Trust) listsOf(issuer *x509.Certificate) (out []*revocations) {
	for _, r := range t.crls {
		if !bytes.Equal(r.list.RawIssuer, issuer.RawSubject) && !sameName(r.list.RawIssuer, issuer.RawSubject) || r.list.CheckSignatureFrom(issuer) != nil {
			continue
		}
		i := slices.IndexFunc(out, func(o *revocations) bool { return bytes.Equal(o.scope, r.scope) })
		switch {
		case i < 0:
			out = append(out, r)
		case r.list.ThisUpdate.After(out[i].list.ThisUpdate):
			out[i] = r
		}
	}
	return out
}
