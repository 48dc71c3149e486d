package pec

import (
	"bytes"

	"golang.org/x/crypto/cryptobyte"
	casn1 "golang.org/x/crypto/cryptobyte/asn1"
)

// What RFC 5652 builds a signature from, read as strictly as OpenSSL does: nothing is missing, and nothing stands behind
// what belongs there.

// readInteger reads an INTEGER without bytes that it does not need (X.690 §8.3.2), or with none: OpenSSL takes such a version for zero.
func readInteger(in, out *cryptobyte.String) bool {
	return in.ReadASN1(out, casn1.INTEGER) && minimalInteger(*out)
}

// readVersion reads an INTEGER of at most four bytes, which is all that versions have.
func readVersion(in *cryptobyte.String) bool {
	var version cryptobyte.String
	return readInteger(in, &version) && len(version) <= 4
}

func minimalInteger(b []byte) bool {
	return len(b) < 2 || (b[0] != 0 || b[1] >= 0x80) && (b[0] != 0xff || b[1] < 0x80)
}

// readOID reads an OBJECT IDENTIFIER: no arc begins with bits it does not need, and the last one ends (X.690 §8.19.2).
func readOID(in, out *cryptobyte.String) bool {
	return in.ReadASN1(out, casn1.OBJECT_IDENTIFIER) && oidShape(*out)
}

func oidShape(b []byte) bool {
	for i, c := range b {
		if c == 0x80 && (i == 0 || b[i-1] < 0x80) {
			return false
		}
	}
	return len(b) > 0 && b[len(b)-1] < 0x80
}

// readValue reads an element of any kind, and looks at those whose length or beginning X.690 §8 fixes. Of the universal ones only
// SEQUENCE and SET are made of others: strings in pieces are DER before they come here.
func readValue(in, out *cryptobyte.String, tag *casn1.Tag) bool {
	if !in.ReadAnyASN1(out, tag) {
		return false
	}
	switch b := *out; *tag {
	case casn1.BOOLEAN:
		return len(b) == 1
	case casn1.NULL:
		return len(b) == 0
	case casn1.INTEGER, casn1.ENUM:
		return len(b) > 0 && minimalInteger(b)
	case casn1.BIT_STRING:
		return len(b) > 0 && b[0] < 8
	case casn1.OBJECT_IDENTIFIER:
		return oidShape(b)
	case tagBMPString:
		return len(b)%2 == 0
	case tagUniversalString:
		return len(b)%4 == 0
	case casn1.SEQUENCE, casn1.SET:
		return true
	case 0:
		return len(b) > 0 // else it ends what it stands in
	}
	return *tag&0xc0 != 0 || *tag&0x20 == 0 && *tag&0x1f != 0x10 && *tag&0x1f != 0x11
}

const tagUniversalString, tagBMPString = casn1.Tag(28), casn1.Tag(30)

// readAlgorithm reads an AlgorithmIdentifier: its name and at most one parameter.
func readAlgorithm(in *cryptobyte.String) (id, params cryptobyte.String, ok bool) {
	var alg, value cryptobyte.String
	var tag casn1.Tag
	if !in.ReadASN1(&alg, casn1.SEQUENCE) || !readOID(&alg, &id) {
		return nil, nil, false
	}
	params = alg
	return id, params, alg.Empty() || readValue(&alg, &value, &tag) && alg.Empty()
}

// readAttribute reads the next attribute of a set.
func readAttribute(set *cryptobyte.String) (kind, values cryptobyte.String, ok bool) {
	var attr, value cryptobyte.String
	var tag casn1.Tag
	ok = set.ReadASN1(&attr, casn1.SEQUENCE) && readOID(&attr, &kind) && attr.ReadASN1(&values, casn1.SET) && attr.Empty()
	for rest := values; ok && !rest.Empty(); {
		ok = readValue(&rest, &value, &tag)
	}
	return kind, values, ok
}

// readUnsigned reads what ends a signer, its unsigned attributes. The three that must be signed may not stand there
// too (RFC 5652 §11.1 to §11.3); the others are passed over.
func (si *signerInfo) readUnsigned(in cryptobyte.String) bool {
	var set cryptobyte.String
	if !in.ReadOptionalASN1(&set, nil, ctx(1)) || !in.Empty() {
		return false
	}
	for !set.Empty() {
		kind, _, ok := readAttribute(&set)
		if !ok || si.attrs != nil && (bytes.Equal(kind, oidContentType) || bytes.Equal(kind, oidMessageDigest) || bytes.Equal(kind, oidSigningTime)) {
			return false
		}
	}
	return true
}

// revocationShape reports whether the lists that travel along are built like lists; they are not used.
func revocationShape(lists cryptobyte.String) bool {
	for !lists.Empty() {
		var el cryptobyte.String
		var tag casn1.Tag
		if !lists.ReadAnyASN1Element(&el, &tag) || tag == casn1.SEQUENCE && !(signedShape(el) && listShape(el)) || tag != casn1.SEQUENCE && tag != ctx(1) {
			return false
		}
	}
	return true
}

// signedShape reports whether el is built like a certificate or a revocation list (RFC 5280 §4.1, §5.1). One that
// crypto/x509 then cannot read may be an odd one nobody needs; what is not even built like one makes the CMS malformed.
func signedShape(el cryptobyte.String) bool {
	var cert, tbs, sig cryptobyte.String
	var tag casn1.Tag
	if !el.ReadASN1(&cert, casn1.SEQUENCE) || !cert.ReadASN1(&tbs, casn1.SEQUENCE) {
		return false
	}
	_, _, ok := readAlgorithm(&cert)
	return ok && readValue(&cert, &sig, &tag) && tag == casn1.BIT_STRING && cert.Empty()
}

// nameShape reports whether b is a Name (RFC 5280 §4.1.2.4).
func nameShape(b cryptobyte.String) bool {
	var name, rdn, attr, kind, value cryptobyte.String
	var tag casn1.Tag
	if !b.ReadASN1(&name, casn1.SEQUENCE) || !b.Empty() {
		return false
	}
	for !name.Empty() {
		if !name.ReadASN1(&rdn, casn1.SET) {
			return false
		}
		for !rdn.Empty() {
			if !rdn.ReadASN1(&attr, casn1.SEQUENCE) || !readOID(&attr, &kind) || !readValue(&attr, &value, &tag) || !attr.Empty() || !nameTag(tag) {
				return false
			}
			if _, _, ok := directoryText(tag, value); !ok {
				return false
			}
		}
	}
	return true
}

// nameTag reports whether a value of this kind may stand in a Name: DirectoryString and the kinds of old, what is built of elements, and
// those that nobody knows.
func nameTag(tag casn1.Tag) bool {
	switch tag {
	case casn1.BIT_STRING, casn1.UTF8String, 0x12, casn1.PrintableString, tagT61String, casn1.IA5String, tagUniversalString, tagBMPString, casn1.SEQUENCE,
		7, 8, 9, 0x0b, 0x0d, 0x0e, 0x0f, 0x1d:
		return true
	}
	return false
}

// extended reports whether a TBSCertificate, which certificateShape has seen, has extensions.
func extended(tbs cryptobyte.String) bool {
	var fields, field cryptobyte.String
	var tag casn1.Tag
	for tbs.ReadASN1(&fields, casn1.SEQUENCE); fields.ReadAnyASN1(&field, &tag); {
	}
	return tag == ctx(3)
}

// plainTimes reports whether the times of a certificate are as RFC 5280 §4.1.2.5 has them, with seconds and universal: OpenSSL
// knows no others, crypto/x509 does.
func plainTimes(tbs cryptobyte.String) bool {
	var fields, validity, field cryptobyte.String
	var tag casn1.Tag
	tbs.ReadASN1(&fields, casn1.SEQUENCE)
	if fields.SkipOptionalASN1(ctx(0)); !fields.SkipASN1(casn1.INTEGER) || !fields.SkipASN1(casn1.SEQUENCE) || !fields.SkipASN1(casn1.SEQUENCE) || !fields.ReadASN1(&validity, casn1.SEQUENCE) {
		return false
	}
	for range 2 {
		length := len("YYMMDDhhmmssZ")
		if validity.ReadAnyASN1(&field, &tag); tag == casn1.GeneralizedTime {
			length += 2
		}
		if len(field) != length || field[length-1] != 'Z' {
			return false
		}
	}
	return true
}

// certificateShape reports whether el, which is a signedShape, is built like a certificate all through.
func certificateShape(el cryptobyte.String) bool {
	var cert, tbs, version, key, bits, ids, extensions, list cryptobyte.String
	var versioned, extended bool
	cert1, cert2 := casn1.Tag(1).ContextSpecific(), casn1.Tag(2).ContextSpecific()
	if !el.ReadASN1(&cert, casn1.SEQUENCE) || !cert.ReadASN1(&tbs, casn1.SEQUENCE) || !tbs.ReadOptionalASN1(&version, &versioned, ctx(0)) {
		return false
	}
	var number cryptobyte.String
	if versioned && !(readInteger(&version, &number) && len(number) > 0 && version.Empty()) || !readInteger(&tbs, &number) || len(number) == 0 {
		return false
	}
	if _, _, ok := readAlgorithm(&tbs); !ok || !readName(&tbs) || !validityShape(&tbs) || !readName(&tbs) || !tbs.ReadASN1(&key, casn1.SEQUENCE) {
		return false
	}
	if _, _, ok := readAlgorithm(&key); !ok || !readBits(&key, &bits, casn1.BIT_STRING) || !key.Empty() {
		return false
	}
	if tbs.PeekASN1Tag(cert1) && !readBits(&tbs, &ids, cert1) || tbs.PeekASN1Tag(cert2) && !readBits(&tbs, &ids, cert2) ||
		!tbs.ReadOptionalASN1(&extensions, &extended, ctx(3)) || !tbs.Empty() {
		return false
	}
	return !extended || extensions.ReadASN1(&list, casn1.SEQUENCE) && extensions.Empty() && extensionsShape(list)
}

// listShape reports whether el, which is a signedShape, is built like a revocation list all through (RFC 5280 §5.1).
func listShape(el cryptobyte.String) bool {
	var list, tbs, revoked, extensions, exts cryptobyte.String
	var extended bool
	if !el.ReadASN1(&list, casn1.SEQUENCE) || !list.ReadASN1(&tbs, casn1.SEQUENCE) || tbs.PeekASN1Tag(casn1.INTEGER) && !readVersion(&tbs) {
		return false
	}
	if _, _, ok := readAlgorithm(&tbs); !ok || !readName(&tbs) || !readTime(&tbs) {
		return false
	}
	if (tbs.PeekASN1Tag(casn1.UTCTime) || tbs.PeekASN1Tag(casn1.GeneralizedTime)) && !readTime(&tbs) || !tbs.ReadOptionalASN1(&revoked, nil, casn1.SEQUENCE) {
		return false
	}
	for !revoked.Empty() {
		var entry, serial cryptobyte.String
		if !revoked.ReadASN1(&entry, casn1.SEQUENCE) || !readInteger(&entry, &serial) || len(serial) == 0 || !readTime(&entry) ||
			!entry.ReadOptionalASN1(&exts, nil, casn1.SEQUENCE) || !entry.Empty() || !extensionsShape(exts) {
			return false
		}
	}
	return tbs.ReadOptionalASN1(&extensions, &extended, ctx(0)) && tbs.Empty() &&
		(!extended || extensions.ReadASN1(&exts, casn1.SEQUENCE) && extensions.Empty() && extensionsShape(exts))
}

func readName(in *cryptobyte.String) bool {
	var name cryptobyte.String
	return in.ReadASN1Element(&name, casn1.SEQUENCE) && nameShape(name)
}

func readBits(in, out *cryptobyte.String, tag casn1.Tag) bool {
	return in.ReadASN1(out, tag) && len(*out) > 0 && (*out)[0] < 8
}

// validityShape reads the two times, whatever they say.
func validityShape(in *cryptobyte.String) bool {
	var validity cryptobyte.String
	return in.ReadASN1(&validity, casn1.SEQUENCE) && readTime(&validity) && readTime(&validity) && validity.Empty()
}

func readTime(in *cryptobyte.String) bool {
	var at cryptobyte.String
	var tag casn1.Tag
	return in.ReadAnyASN1(&at, &tag) && (tag == casn1.UTCTime || tag == casn1.GeneralizedTime)
}

// extensionsShape reports whether a list of extensions is one, of a certificate or a revocation list.
func extensionsShape(list cryptobyte.String) bool {
	for !list.Empty() {
		var e, id, critical, value cryptobyte.String
		if !list.ReadASN1(&e, casn1.SEQUENCE) || !readOID(&e, &id) || !e.ReadOptionalASN1(&critical, nil, casn1.BOOLEAN) || len(critical) > 1 ||
			!e.ReadASN1(&value, casn1.OCTET_STRING) || !e.Empty() {
			return false
		}
	}
	return true
}
