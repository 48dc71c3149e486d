package pec

import (
	"bytes"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"errors"
	"fmt"
	"net"
	"slices"
	"strings"

	"golang.org/x/crypto/cryptobyte"
	casn1 "golang.org/x/crypto/cryptobyte/asn1"
)

// nameConstraints are the constraints of a CA certificate that matter for signing mail (RFC 5280 §4.2.1.10): mail
// addresses and directory names. AgID CA1 has both, not critical. crypto/x509 passes over directory
// names and takes a host for all hosts below it, so they are read here, as OpenSSL does; hosts and addresses of machines
// are as it read them.
type nameConstraints struct {
	permitted, excluded subtrees
}

type subtrees struct {
	mail  []string
	names []pkix.RDNSequence
	other bool // kinds of name that are not known
}

// judgeExtensions corrects which critical extensions are left that nobody judges. Name constraints and the Netscape type are
// judged here, of which crypto/x509 knows no directory names and nothing. A proxy certificate (RFC 3820) is refused
// however it says so: its holder acts for another.
func judgeExtensions(c *x509.Certificate) {
	for _, e := range c.Extensions {
		if e.Id.Equal(oidProxy) && !slices.ContainsFunc(c.UnhandledCriticalExtensions, oidProxy.Equal) {
			c.UnhandledCriticalExtensions = append(c.UnhandledCriticalExtensions, oidProxy)
		}
	}
	if len(c.UnhandledCriticalExtensions) == 0 {
		return
	}
	c.UnhandledCriticalExtensions = slices.DeleteFunc(c.UnhandledCriticalExtensions, oidNetscapeType.Equal)
	if nc, err := constraintsOf(c); err == nil && nc != nil && !nc.permitted.other && !nc.excluded.other {
		c.UnhandledCriticalExtensions = slices.DeleteFunc(c.UnhandledCriticalExtensions, oidNameConstraints.Equal)
	}
}

var (
	oidNameConstraints = asn1.ObjectIdentifier{2, 5, 29, 30}
	oidAuthorityKeyID  = asn1.ObjectIdentifier{2, 5, 29, 35}
	oidNetscapeType    = asn1.ObjectIdentifier{2, 16, 840, 1, 113730, 1, 1}
	oidProxy           = asn1.ObjectIdentifier{1, 3, 6, 1, 5, 5, 7, 1, 14}
	oidEmailAddress    = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 1}
)

var errPurpose = errors.New("the chain is not for e-mail protection")

// issuedBy reports whether an authority is the one that the certificate names in its authority key identifier
// (RFC 5280 §4.2.1.1): by the identifier of the key, by issuer and serial number, or not at all.
func issuedBy(c, authority *x509.Certificate) bool {
	if len(c.AuthorityKeyId) > 0 && len(authority.SubjectKeyId) > 0 && !bytes.Equal(c.AuthorityKeyId, authority.SubjectKeyId) {
		return false
	}
	for _, e := range c.Extensions {
		if !e.Id.Equal(oidAuthorityKeyID) {
			continue
		}
		in := cryptobyte.String(e.Value)
		var seq, names, serial cryptobyte.String
		var named, numbered bool
		if !in.ReadASN1(&seq, casn1.SEQUENCE) || !seq.SkipOptionalASN1(casn1.Tag(0).ContextSpecific()) ||
			!seq.ReadOptionalASN1(&names, &named, ctx(1)) || !seq.ReadOptionalASN1(&serial, &numbered, casn1.Tag(2).ContextSpecific()) {
			return false
		}
		if numbered && !bytes.Equal(trimSerial(serial), authority.SerialNumber.Bytes()) {
			return false
		}
		for named && !names.Empty() {
			var name cryptobyte.String
			var tag casn1.Tag
			if !names.ReadAnyASN1(&name, &tag) {
				return false
			}
			if tag == ctx(4) {
				return sameName(name, authority.RawIssuer)
			}
		}
	}
	return true
}

// checkNames applies the constraints of every CA of a path, leaf first, to the certificates below it. Self-issued
// CA certificates are exempt (RFC 5280 §6.1.4).
func checkNames(path []*x509.Certificate) error {
	for i := 1; i < len(path); i++ {
		nc, err := constraintsOf(path[i])
		if err != nil {
			return err
		}
		if nc == nil {
			continue
		}
		for j := range i {
			if j > 0 && string(path[j].RawIssuer) == string(path[j].RawSubject) {
				continue
			}
			if err := nc.check(path[j]); err != nil {
				return err
			}
			if !hostsWithin(path[i], path[j]) {
				return errors.New("a host of " + path[j].Subject.CommonName + " is outside the authority's name constraints")
			}
		}
	}
	return nil
}

// constraintsOf reads the extension, nil when there is none.
func constraintsOf(c *x509.Certificate) (*nameConstraints, error) {
	for _, e := range c.Extensions {
		if !e.Id.Equal(oidNameConstraints) {
			continue
		}
		in := cryptobyte.String(e.Value)
		var seq, permitted, excluded cryptobyte.String
		var nc nameConstraints
		if !in.ReadASN1(&seq, casn1.SEQUENCE) || !seq.ReadOptionalASN1(&permitted, nil, ctx(0)) ||
			!seq.ReadOptionalASN1(&excluded, nil, ctx(1)) || !nc.permitted.read(permitted) || !nc.excluded.read(excluded) {
			return nil, errors.New("the name constraints of " + c.Subject.CommonName + " cannot be read")
		}
		return &nc, nil
	}
	return nil, nil
}

// read takes the subtrees of mail addresses and directory names; crypto/x509 has read the other kinds.
func (s *subtrees) read(in cryptobyte.String) bool {
	for !in.Empty() {
		var tree, base cryptobyte.String
		var tag casn1.Tag
		if !in.ReadASN1(&tree, casn1.SEQUENCE) || !tree.ReadAnyASN1(&base, &tag) {
			return false
		}
		switch tag {
		case casn1.Tag(1).ContextSpecific():
			s.mail = append(s.mail, string(base))
		case ctx(4):
			var name pkix.RDNSequence
			if rest, err := asn1.Unmarshal(base, &name); err != nil || len(rest) > 0 {
				return false
			}
			s.names = append(s.names, name)
		case casn1.Tag(2).ContextSpecific(), casn1.Tag(6).ContextSpecific(), casn1.Tag(7).ContextSpecific(): // hosts, URIs, IP addresses
		default:
			s.other = true
		}
	}
	return true
}

// check applies the constraints to the subject and the mail addresses of a certificate.
func (nc *nameConstraints) check(c *x509.Certificate) error {
	var subject pkix.RDNSequence
	if _, err := asn1.Unmarshal(c.RawSubject, &subject); err != nil {
		return errors.New("the subject cannot be read")
	}
	if len(subject) > 0 {
		if len(nc.permitted.names) > 0 && !nc.permitted.holdsName(subject) || nc.excluded.holdsName(subject) {
			return fmt.Errorf("the name of %s is outside the authority's name constraints", c.Subject.CommonName)
		}
	}
	for _, a := range addressesOf(c, subject) {
		if len(nc.permitted.mail) > 0 && !nc.permitted.holdsMail(a) || nc.excluded.holdsMail(a) {
			return errors.New("the address of the certificate is outside the authority's name constraints")
		}
	}
	return nil
}

// addressesOf are the mail addresses of a certificate, those of old in the subject included.
func addressesOf(c *x509.Certificate, subject pkix.RDNSequence) []string {
	out := append([]string(nil), c.EmailAddresses...)
	for _, rdn := range subject {
		for _, atv := range rdn {
			if s, ok := atv.Value.(string); ok && atv.Type.Equal(oidEmailAddress) {
				out = append(out, s)
			}
		}
	}
	return out
}

// holdsMail: a mailbox is itself, a host its own mailboxes, a domain with a dot before it those of
// the hosts below it.
func (s *subtrees) holdsMail(address string) bool {
	at := strings.LastIndexByte(address, '@')
	local, host := address[:max(at, 0)], address[at+1:]
	for _, base := range s.mail {
		if i := strings.LastIndexByte(base, '@'); i >= 0 {
			if base[:i] == local && strings.EqualFold(base[i+1:], host) {
				return true
			}
			continue
		}
		if strings.EqualFold(base, host) ||
			strings.HasPrefix(base, ".") && len(host) > len(base) && strings.EqualFold(base, host[len(host)-len(base):]) {
			return true
		}
	}
	return false
}

// holdsName: a directory name holds the names that begin with it.
func (s *subtrees) holdsName(name pkix.RDNSequence) bool {
	for _, base := range s.names {
		if len(base) > len(name) {
			continue
		}
		same := true
		for i := range base {
			same = same && sameRDN(base[i], name[i])
		}
		if same {
			return true
		}
	}
	return false
}

// sameRDN compares without case and with white space folded (RFC 5280 §7.1).
func sameRDN(a, b pkix.RelativeDistinguishedNameSET) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if !a[i].Type.Equal(b[i].Type) || foldName(a[i].Value) != foldName(b[i].Value) {
			return false
		}
	}
	return true
}

func foldName(v any) string {
	return strings.ToLower(strings.Join(strings.Fields(fmt.Sprint(v)), " "))
}

// hostsWithin applies the constraints of an authority to the hosts, URIs and IP addresses of a certificate, which those of
// providers do not have.
func hostsWithin(authority, c *x509.Certificate) bool {
	for _, name := range c.DNSNames {
		if !allowed(name, authority.PermittedDNSDomains, authority.ExcludedDNSDomains, holdsHost) {
			return false
		}
	}
	for _, uri := range c.URIs {
		if !allowed(uri.Hostname(), authority.PermittedURIDomains, authority.ExcludedURIDomains, holdsURIHost) {
			return false
		}
	}
	for _, ip := range c.IPAddresses {
		if !allowed(ip, authority.PermittedIPRanges, authority.ExcludedIPRanges, (*net.IPNet).Contains) {
			return false
		}
	}
	return true
}

// allowed reports whether one of the permitted subtrees holds the name, where there are any, and none of the excluded ones.
func allowed[N, S any](name N, permitted, excluded []S, holds func(S, N) bool) bool {
	holdsName := func(s S) bool { return holds(s, name) }
	return (len(permitted) == 0 || slices.ContainsFunc(permitted, holdsName)) && !slices.ContainsFunc(excluded, holdsName)
}

// holdsHost: a host is itself and all below it; with a dot before it only those.
func holdsHost(base, host string) bool {
	if len(host) <= len(base) || base == "" {
		return base == "" || strings.EqualFold(base, host)
	}
	tail := host[len(host)-len(base):]
	return strings.EqualFold(base, tail) && (base[0] == '.' || host[len(host)-len(base)-1] == '.')
}

// holdsURIHost: a host is itself alone; with a dot before it those below it.
func holdsURIHost(base, host string) bool {
	if strings.HasPrefix(base, ".") {
		return len(host) > len(base) && strings.EqualFold(base, host[len(host)-len(base):])
	}
	return strings.EqualFold(base, host)
}
