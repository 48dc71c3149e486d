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

// readValue reads an element of any kind, and looks at those whose length or beginning X.690 §8 fixes.
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
	}
	return true
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
		if !lists.ReadAnyASN1Element(&el, &tag) || tag == casn1.SEQUENCE && !signedShape(el) || tag != casn1.SEQUENCE && tag != ctx(1) {
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
			if !rdn.ReadASN1(&attr, casn1.SEQUENCE) || !readOID(&attr, &kind) || !readValue(&attr, &value, &tag) || !attr.Empty() {
				return false
			}
		}
	}
	return true
}
