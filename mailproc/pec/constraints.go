package pec

import (
	"bytes"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"errors"
	"fmt"
	"slices"

	"golang.org/x/crypto/cryptobyte"
	casn1 "golang.org/x/crypto/cryptobyte/asn1"
)

// nameConstraints are those of a CA certificate (RFC 5280 §4.2.1.10). AgID CA1 has some of mail addresses and directory names, not
// critical. crypto/x509 passes over directory names and takes a host for all hosts below it, so all are read here, as OpenSSL does.
type nameConstraints struct {
	permitted, excluded []subtree
}

// generalName is RFC 5280 §4.2.1.6: its kind, and what it holds.
type generalName struct {
	kind  casn1.Tag
	value []byte
}

// subtree is a name that stands for those within it. bounded: not for all (minimum, maximum), which nobody may say.
type subtree struct {
	generalName
	bounded bool
}

// The kinds of general name that are compared.
var (
	kindOther  = ctx(0)
	kindMail   = casn1.Tag(1).ContextSpecific()
	kindHost   = casn1.Tag(2).ContextSpecific()
	kindName   = ctx(4)
	kindURI    = casn1.Tag(6).ContextSpecific()
	kindIP     = casn1.Tag(7).ContextSpecific()
	oidMailbox = oid(1, 3, 6, 1, 5, 5, 7, 8, 9) // SmtpUTF8Mailbox (RFC 8398), a mail address too
)

// judgeExtensions corrects which extensions are left that nobody judges. Name constraints and the Netscape type are judged here, of
// which crypto/x509 knows no directory names and nothing. A proxy certificate (RFC 3820) is refused however it says so: its holder
// acts for another; and so are usages and a type that name nothing, and networks (RFC 3779).
func judgeExtensions(c *x509.Certificate) {
	for _, e := range c.Extensions {
		_, isType := netscapeType(e.Value)
		_, namesErr := alternativeNames(e)
		_, keyRead := authorityKeyOf(e)
		switch {
		case namesErr != nil, !keyRead, e.Id.Equal(oidBasic) && !basicShape(e.Value), e.Id.Equal(oidProxy), e.Id.Equal(oidAddresses), e.Id.Equal(oidSystems),
			e.Id.Equal(oidKeyUsage) && c.KeyUsage == 0,
			e.Id.Equal(oidExtKeyUsage) && len(c.ExtKeyUsage)+len(c.UnknownExtKeyUsage) == 0,
			e.Id.Equal(oidNetscapeType) && !isType:
			c.UnhandledCriticalExtensions = append(c.UnhandledCriticalExtensions, e.Id)
		case e.Id.Equal(oidNetscapeType), e.Id.Equal(oidSubjectAltName):
			c.UnhandledCriticalExtensions = slices.DeleteFunc(c.UnhandledCriticalExtensions, e.Id.Equal)
		}
	}
	switch nc, err := constraintsOf(c); {
	case err != nil:
		c.UnhandledCriticalExtensions = append(c.UnhandledCriticalExtensions, oidNameConstraints)
	case nc != nil:
		c.UnhandledCriticalExtensions = slices.DeleteFunc(c.UnhandledCriticalExtensions, oidNameConstraints.Equal)
	}
}

// basicShape reports whether basic constraints hold nothing but their two fields.
func basicShape(value cryptobyte.String) bool {
	var seq, authority, length cryptobyte.String
	return value.ReadASN1(&seq, casn1.SEQUENCE) && seq.ReadOptionalASN1(&authority, nil, casn1.BOOLEAN) &&
		seq.ReadOptionalASN1(&length, nil, casn1.INTEGER) && seq.Empty()
}

// netscapeType reads a Netscape certificate type, a BIT STRING of which eight are known.
func netscapeType(value []byte) (bits byte, ok bool) {
	in := cryptobyte.String(value)
	var b cryptobyte.String
	if !readBits(&in, &b, casn1.BIT_STRING) || !in.Empty() {
		return 0, false
	}
	switch len(b) {
	case 1:
		return 0, true
	case 2:
		return b[1] >> b[0] << b[0], true // the bits left are nobody's
	}
	return b[1], true
}

var (
	oidNameConstraints = asn1.ObjectIdentifier{2, 5, 29, 30}
	oidSubjectKeyID    = asn1.ObjectIdentifier{2, 5, 29, 14}
	oidAuthorityKeyID  = asn1.ObjectIdentifier{2, 5, 29, 35}
	oidNetscapeType    = asn1.ObjectIdentifier{2, 16, 840, 1, 113730, 1, 1}
	oidAddresses       = asn1.ObjectIdentifier{1, 3, 6, 1, 5, 5, 7, 1, 7}
	oidSystems         = asn1.ObjectIdentifier{1, 3, 6, 1, 5, 5, 7, 1, 8}
	oidBasic           = asn1.ObjectIdentifier{2, 5, 29, 19}
	oidKeyUsage        = asn1.ObjectIdentifier{2, 5, 29, 15}
	oidExtKeyUsage     = asn1.ObjectIdentifier{2, 5, 29, 37}
	oidProxy           = asn1.ObjectIdentifier{1, 3, 6, 1, 5, 5, 7, 1, 14}
	oidSubjectAltName  = asn1.ObjectIdentifier{2, 5, 29, 17}
	oidMailAddress     = oid(1, 2, 840, 113549, 1, 9, 1)
)

var errPurpose = errors.New("the chain is not for e-mail protection")

// authorityKey is what a certificate says of the one that certifies its issuer (RFC 5280 §4.2.1.1).
type authorityKey struct {
	key, serial     cryptobyte.String
	keyed, numbered bool
	issuers         []generalName
}

// authorityKeyOf reads an extension, if it is that one. Not ok: it cannot be read.
func authorityKeyOf(e pkix.Extension) (a authorityKey, ok bool) {
	if !e.Id.Equal(oidAuthorityKeyID) {
		return a, true
	}
	in := cryptobyte.String(e.Value)
	var seq, names cryptobyte.String
	ok = in.ReadASN1(&seq, casn1.SEQUENCE) && seq.ReadOptionalASN1(&a.key, &a.keyed, casn1.Tag(0).ContextSpecific()) &&
		seq.ReadOptionalASN1(&names, nil, ctx(1)) && seq.ReadOptionalASN1(&a.serial, &a.numbered, casn1.Tag(2).ContextSpecific()) &&
		seq.Empty() && minimalInteger(a.serial) && a.numbered == (len(a.serial) > 0)
	if ok {
		a.issuers, ok = readNames(names)
	}
	return a, ok
}

// issuedBy reports whether an authority is the one that the certificate names: by the identifier of the key, by issuer and serial
// number, or not at all.
func issuedBy(c, authority *x509.Certificate) bool {
	for _, e := range c.Extensions {
		a, ok := authorityKeyOf(e)
		if !ok {
			return false
		}
		if id, has := keyID(authority); a.keyed && has && !bytes.Equal(a.key, id) {
			return false
		}
		if a.numbered && !sameSerial(a.serial, authority.SerialNumber.Bytes()) {
			return false
		}
		if i := slices.IndexFunc(a.issuers, func(n generalName) bool { return n.kind == kindName }); i >= 0 {
			issuer, ok := canonicalName(authority.RawIssuer)
			if !ok || !bytes.Equal(a.issuers[i].value, issuer) {
				return false
			}
		}
	}
	return true
}

// keyID is the identifier of a certificate's key, and whether it has one: it may be empty.
func keyID(c *x509.Certificate) ([]byte, bool) {
	return c.SubjectKeyId, slices.ContainsFunc(c.Extensions, func(e pkix.Extension) bool { return e.Id.Equal(oidSubjectKeyID) })
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
			if j > 0 && selfIssued(path[j]) {
				continue
			}
			if err := nc.check(path[j], j == 0); err != nil {
				return fmt.Errorf("%s is outside the name constraints of %s: %w", path[j].Subject.CommonName, path[i].Subject.CommonName, err)
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
		ok := in.ReadASN1(&seq, casn1.SEQUENCE) && seq.ReadOptionalASN1(&permitted, nil, ctx(0)) &&
			seq.ReadOptionalASN1(&excluded, nil, ctx(1)) && seq.Empty()
		if ok {
			nc.permitted, ok = readSubtrees(permitted)
		}
		if ok {
			nc.excluded, ok = readSubtrees(excluded)
		}
		if !ok {
			return nil, errors.New("the name constraints of " + c.Subject.CommonName + " cannot be read")
		}
		return &nc, nil
	}
	return nil, nil
}

func readSubtrees(in cryptobyte.String) (out []subtree, ok bool) {
	for !in.Empty() {
		var tree, minimum, maximum cryptobyte.String
		var s subtree
		var most, least bool
		if !in.ReadASN1(&tree, casn1.SEQUENCE) || !s.read(&tree) ||
			!tree.ReadOptionalASN1(&minimum, &least, casn1.Tag(0).ContextSpecific()) || !tree.ReadOptionalASN1(&maximum, &most, casn1.Tag(1).ContextSpecific()) || !tree.Empty() {
			return nil, false
		}
		s.bounded = most || least && len(trimSerial(minimum)) > 0
		out = append(out, s)
	}
	return out, true
}

func (n *generalName) read(in *cryptobyte.String) bool {
	var value cryptobyte.String
	if !in.ReadAnyASN1(&value, &n.kind) {
		return false
	}
	n.value = value
	switch n.kind {
	case kindName:
		var ok bool
		n.value, ok = canonicalName(value)
		return ok
	case kindOther:
		var id, content cryptobyte.String
		return readOID(&value, &id) && value.ReadASN1(&content, ctx(0)) && value.Empty()
	case casn1.Tag(8).ContextSpecific(): // a registered identifier
		return oidShape(value)
	case kindMail, kindHost, kindURI, kindIP, ctx(3), ctx(5):
		return true
	}
	return false
}

// check applies the constraints to every name of a certificate; to the common names of the one that signs too, where those are
// hosts and it names none otherwise.
func (nc *nameConstraints) check(c *x509.Certificate, signs bool) error {
	names, err := namesOf(c, signs)
	for i := 0; i < len(names) && err == nil; i++ {
		err = nc.match(names[i])
	}
	return err
}

var (
	errOutside = errors.New("a name that is not permitted, or excluded")
	errSyntax  = errors.New("a name that cannot be compared")
)

// match reports why a name is not within the constraints: where some are permitted of its kind it must be within one.
func (nc *nameConstraints) match(n generalName) error {
	asked, found := false, false
	for i, s := range slices.Concat(nc.permitted, nc.excluded) {
		if s.kind != n.kind || n.kind == kindOther && !sameKind(s.value, n.value) {
			continue
		}
		if s.bounded {
			return errors.New("a constraint that holds for some of its names")
		}
		holds, err := s.holds(n.value)
		excluded := i >= len(nc.permitted)
		switch {
		case err != nil:
			return err
		case excluded && holds:
			return errOutside
		case !excluded:
			asked, found = true, found || holds
		}
	}
	if asked && !found {
		return errOutside
	}
	return nil
}

// sameKind compares the kinds of two other names.
func sameKind(a, b []byte) bool {
	x, y := cryptobyte.String(a), cryptobyte.String(b)
	var kind, same cryptobyte.String
	return x.ReadASN1(&kind, casn1.OBJECT_IDENTIFIER) && y.ReadASN1(&same, casn1.OBJECT_IDENTIFIER) && bytes.Equal(kind, same)
}

// namesOf are the names of a certificate, as the constraints are asked of them.
func namesOf(c *x509.Certificate, signs bool) (out []generalName, err error) {
	subject, ok := canonicalName(c.RawSubject)
	if !ok {
		return nil, errSyntax
	}
	if len(subject) > 0 {
		out = append(out, generalName{kindName, subject})
	}
	common, err := eachSubject(c.RawSubject, func(mail []byte) { out = append(out, generalName{kindMail, mail}) })
	if err != nil {
		return nil, err
	}
	hosts := false
	for _, e := range c.Extensions {
		names, err := alternativeNames(e)
		if err != nil {
			return nil, err
		}
		hosts = hosts || slices.ContainsFunc(names, func(n generalName) bool { return n.kind == kindHost })
		out = append(out, names...)
	}
	if signs && !hosts {
		out = append(out, common...)
	}
	return out, nil
}

// alternativeNames are those of an extension, if it is the one that holds them.
func alternativeNames(e pkix.Extension) (out []generalName, err error) {
	in := cryptobyte.String(e.Value)
	var seq cryptobyte.String
	if !e.Id.Equal(oidSubjectAltName) {
		return nil, nil
	}
	ok := in.ReadASN1(&seq, casn1.SEQUENCE)
	if ok {
		out, ok = readNames(seq)
	}
	if !ok {
		return nil, errSyntax
	}
	return out, nil
}

// readNames reads names of all kinds there are. A mail address in other letters has no value: constraints of mail refuse it.
func readNames(in cryptobyte.String) (out []generalName, ok bool) {
	for !in.Empty() {
		var n generalName
		if !n.read(&in) {
			return nil, false
		}
		if n.kind == kindOther && sameKind(n.value, oidElement(oidMailbox)) {
			n = generalName{kind: kindMail}
		}
		out = append(out, n)
	}
	return out, true
}

func oidElement(id []byte) []byte {
	return append(appendHead(nil, byte(casn1.OBJECT_IDENTIFIER), len(id)), id...)
}

var oidCommonName = oid(2, 5, 4, 3)

// eachSubject calls mail for each mail address in a subject, where they were of old, and returns the common names that are hosts.
func eachSubject(raw cryptobyte.String, mail func([]byte)) (common []generalName, err error) {
	var name, rdn, attr, kind, value cryptobyte.String
	var tag casn1.Tag
	for raw.ReadASN1(&name, casn1.SEQUENCE); !name.Empty(); {
		if !name.ReadASN1(&rdn, casn1.SET) {
			return nil, errSyntax
		}
		for !rdn.Empty() {
			if !rdn.ReadASN1(&attr, casn1.SEQUENCE) || !readOID(&attr, &kind) || !attr.ReadAnyASN1(&value, &tag) {
				return nil, errSyntax
			}
			switch {
			case bytes.Equal(kind, oidMailAddress) && tag != casn1.IA5String:
				return nil, errSyntax
			case bytes.Equal(kind, oidMailAddress):
				mail(value)
			case bytes.Equal(kind, oidCommonName):
				text, known, ok := directoryText(tag, value)
				text = bytes.TrimRight(text, "\x00")
				if !known || !ok || bytes.IndexByte(text, 0) >= 0 {
					return nil, errSyntax
				}
				if looksLikeHost(text) {
					common = append(common, generalName{kindHost, text})
				}
			}
		}
	}
	return common, nil
}
