package pec

import (
	"bytes"

	"golang.org/x/crypto/cryptobyte"
	casn1 "golang.org/x/crypto/cryptobyte/asn1"
)

// readAttribute reads the next attribute of a set.
func readAttribute(set *cryptobyte.String) (kind, values cryptobyte.String, ok bool) {
	var attr cryptobyte.String
	ok = set.ReadASN1(&attr, casn1.SEQUENCE) && attr.ReadASN1(&kind, casn1.OBJECT_IDENTIFIER) &&
		attr.ReadASN1(&values, casn1.SET) && attr.Empty()
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
