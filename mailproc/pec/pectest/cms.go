package pectest

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	_ "crypto/md5" // the digests a CMS may name
	"crypto/rand"
	"crypto/rsa"
	_ "crypto/sha1"
	_ "crypto/sha256"
	_ "crypto/sha512"
	"crypto/x509"
	"encoding/asn1"
	"fmt"
	"slices"
	"time"
)

// CMS says how a signature is written (RFC 5652). The zero value, completed by
// the provider, is what real providers send: detached, one signer known by
// issuer and serial number, attributes contentType, signingTime and
// messageDigest, the leaf and the intermediate as certificates. The rest is for
// legitimate rarities and for forgeries.
type CMS struct {
	Digest         crypto.Hash
	PSS            bool                // RSASSA-PSS instead of PKCS #1 v1.5
	LongOID        bool                // name the signature sha256WithRSAEncryption, not rsaEncryption
	ByKeyID        bool                // name the signer by subject key identifier
	Indefinite     bool                // BER indefinite lengths, as streaming signers write
	Signers        []*Identity         // nil: the provider; empty: none
	Certificates   []*x509.Certificate // nil: leaf and intermediate; empty: none
	RawExtras      [][]byte            // more entries of the certificate set, verbatim
	CRLs           [][]byte            // revocation lists sent along (DER)
	Unsigned       [][]byte            // unsigned attributes of each signer, as [Attribute] makes them
	Unsorted       bool                // signed attributes not in DER order, signed as they stand
	OpenAttributes bool                // signed attributes sent with an indefinite length, signed in DER
	Salt           int                 // of RSASSA-PSS; 0: as long as the digest
	Time           time.Time           // signingTime; zero: leave it out

	Encapsulated []byte                        // content carried inside; nil: detached
	Attributes   func(attrs [][]byte) [][]byte // change the signed attributes before signing
	NoAttributes bool                          // sign the content directly
	ContentType  asn1.ObjectIdentifier         // of the contentType attribute; nil: data
	Listed       crypto.Hash                   // digest named in digestAlgorithms; 0: the true one
	Named        crypto.Hash                   // digest named by the signer; 0: the true one
	Algorithm    func(der []byte) []byte       // change the signature's AlgorithmIdentifier
	DigestName   func(der []byte) []byte       // change the signer's digest AlgorithmIdentifier
	Signature    func(sig []byte) []byte       // change the signature value
	Mangle       func(der []byte) []byte       // change the whole, at last
}

var (
	oidData          = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 7, 1}
	oidSignedData    = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 7, 2}
	oidContentType   = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 3}
	oidMessageDigest = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 4}
	oidSigningTime   = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 5}
	oidRSA           = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 1, 1}
	oidMGF1          = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 1, 8}
	oidPSS           = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 1, 10}
)

// algorithm holds the names of one digest.
type algorithm struct {
	micalg             string
	digest, rsa, ecdsa asn1.ObjectIdentifier
}

var algorithms = map[crypto.Hash]algorithm{
	crypto.SHA1: {"sha1", asn1.ObjectIdentifier{1, 3, 14, 3, 2, 26},
		asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 1, 5}, asn1.ObjectIdentifier{1, 2, 840, 10045, 4, 1}},
	crypto.SHA256: {"sha-256", asn1.ObjectIdentifier{2, 16, 840, 1, 101, 3, 4, 2, 1},
		asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 1, 11}, asn1.ObjectIdentifier{1, 2, 840, 10045, 4, 3, 2}},
	crypto.SHA384: {"sha-384", asn1.ObjectIdentifier{2, 16, 840, 1, 101, 3, 4, 2, 2},
		asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 1, 12}, asn1.ObjectIdentifier{1, 2, 840, 10045, 4, 3, 3}},
	crypto.SHA512: {"sha-512", asn1.ObjectIdentifier{2, 16, 840, 1, 101, 3, 4, 2, 3},
		asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 1, 13}, asn1.ObjectIdentifier{1, 2, 840, 10045, 4, 3, 4}},
	// of forgeries only
	crypto.MD5: {"md5", asn1.ObjectIdentifier{1, 2, 840, 113549, 2, 5}, asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 1, 4}, nil},
	crypto.SHA224: {"sha-224", asn1.ObjectIdentifier{2, 16, 840, 1, 101, 3, 4, 2, 4},
		asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 1, 14}, asn1.ObjectIdentifier{1, 2, 840, 10045, 4, 3, 1}},
	crypto.SHA512_256: {"sha-512-256", asn1.ObjectIdentifier{2, 16, 840, 1, 101, 3, 4, 2, 6}, asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 1, 16}, nil},
}

// sign returns the ContentInfo (DER, or BER when Indefinite) that signs content.
func (c CMS) sign(content []byte) ([]byte, error) {
	h := c.Digest.New()
	h.Write(content)
	return c.signDigest(h.Sum(nil))
}

// signDigest is sign for content already hashed.
func (c CMS) signDigest(digest []byte) ([]byte, error) {
	var infos []byte
	for _, s := range c.Signers {
		info, err := c.signerInfo(s, digest)
		if err != nil {
			return nil, err
		}
		infos = append(infos, info...)
	}
	listed := c.Listed
	if listed == 0 {
		listed = c.Digest
	}
	version := byte(1)
	if c.ByKeyID {
		version = 3
	}
	var certs []byte
	for _, cert := range c.Certificates {
		certs = append(certs, cert.Raw...)
	}
	certs = append(certs, bytes.Join(c.RawExtras, nil)...)
	signed := [][]byte{
		tlv(0x02, []byte{version}),
		tlv(0x31, digestAlgorithm(listed)),
		c.contentInfo(),
	}
	if len(certs) > 0 {
		signed = append(signed, c.wrap(0xa0, certs))
	}
	if len(c.CRLs) > 0 {
		signed = append(signed, c.wrap(0xa1, c.CRLs...))
	}
	signed = append(signed, tlv(0x31, infos))
	out := c.wrap(0x30, mustDER(oidSignedData), c.wrap(0xa0, c.wrap(0x30, signed...)))
	if c.Mangle != nil {
		out = c.Mangle(out)
	}
	return out, nil
}

// contentInfo is the encapContentInfo: a type and, when there is any, the content.
func (c CMS) contentInfo() []byte {
	if c.Encapsulated == nil {
		return tlv(0x30, mustDER(oidData))
	}
	octets := tlv(0x04, c.Encapsulated)
	if c.Indefinite { // constructed from pieces, as streaming signers write
		var pieces []byte
		for chunk := range slices.Chunk(c.Encapsulated, 4096) {
			pieces = append(pieces, tlv(0x04, chunk)...)
		}
		octets = c.wrap(0x24, pieces)
	}
	return c.wrap(0x30, mustDER(oidData), c.wrap(0xa0, octets))
}

// signerInfo signs the digest as s.
func (c CMS) signerInfo(s *Identity, digest []byte) ([]byte, error) {
	named := c.Named
	if named == 0 {
		named = c.Digest
	}
	toSign, attrs := digest, []byte(nil)
	if !c.NoAttributes {
		attrs = c.signedAttributes(digest)
		h := c.Digest.New()
		h.Write(tlv(0x31, attrs)) // signed as a SET, sent as [0]: RFC 5652 §5.4
		toSign = h.Sum(nil)
	}
	sig, err := c.signature(s, toSign)
	if err != nil {
		return nil, fmt.Errorf("pectest: sign: %w", err)
	}
	if c.Signature != nil {
		sig = c.Signature(sig)
	}
	version, sid := byte(1), tlv(0x30, s.Cert.RawIssuer, mustDER(s.Cert.SerialNumber))
	if c.ByKeyID {
		version, sid = 3, tlv(0x80, s.Cert.SubjectKeyId)
	}
	digestName, algorithmName := digestAlgorithm(named), c.signatureAlgorithm(s, named)
	if c.DigestName != nil {
		digestName = c.DigestName(digestName)
	}
	if c.Algorithm != nil {
		algorithmName = c.Algorithm(algorithmName)
	}
	parts := [][]byte{tlv(0x02, []byte{version}), sid, digestName}
	if attrs != nil {
		parts = append(parts, CMS{Indefinite: c.OpenAttributes}.wrap(0xa0, attrs))
	}
	parts = append(parts, algorithmName, tlv(0x04, sig))
	if len(c.Unsigned) > 0 {
		parts = append(parts, tlv(0xa1, c.Unsigned...))
	}
	return tlv(0x30, parts...), nil
}

// signedAttributes returns the attributes in the order of a DER set.
func (c CMS) signedAttributes(digest []byte) []byte {
	contentType := c.ContentType
	if contentType == nil {
		contentType = oidData
	}
	attrs := [][]byte{Attribute(oidContentType, mustDER(contentType)), Attribute(oidMessageDigest, tlv(0x04, digest))}
	if !c.Time.IsZero() {
		attrs = append(attrs, Attribute(oidSigningTime, mustDER(c.Time.UTC().Truncate(time.Second))))
	}
	if c.Attributes != nil {
		attrs = c.Attributes(attrs)
	}
	slices.SortFunc(attrs, bytes.Compare)
	if c.Unsorted {
		slices.Reverse(attrs)
	}
	return bytes.Join(attrs, nil)
}

// Attribute encodes a CMS attribute; each value is DER already.
func Attribute(oid asn1.ObjectIdentifier, values ...[]byte) []byte {
	return tlv(0x30, mustDER(oid), tlv(0x31, values...))
}

func (c CMS) signature(s *Identity, digest []byte) ([]byte, error) {
	key := s.Key
	if rsaKey, ok := key.(*rsa.PrivateKey); ok && c.PSS {
		return rsa.SignPSS(rand.Reader, rsaKey, c.Digest, digest, &rsa.PSSOptions{SaltLength: c.salt(c.Digest)})
	}
	return key.Sign(rand.Reader, digest, c.Digest)
}

func (c CMS) signatureAlgorithm(s *Identity, named crypto.Hash) []byte {
	null := tlv(0x05)
	if _, ok := s.Key.(*ecdsa.PrivateKey); ok {
		return tlv(0x30, mustDER(algorithms[named].ecdsa))
	}
	switch {
	case c.PSS: // RFC 4056
		alg := digestAlgorithm(named)
		return tlv(0x30, mustDER(oidPSS), tlv(0x30,
			tlv(0xa0, alg),
			tlv(0xa1, tlv(0x30, mustDER(oidMGF1), alg)),
			tlv(0xa2, mustDER(c.salt(named)))))
	case c.LongOID:
		return tlv(0x30, mustDER(algorithms[named].rsa), null)
	}
	return tlv(0x30, mustDER(oidRSA), null)
}

func (c CMS) salt(h crypto.Hash) int {
	if c.Salt != 0 {
		return c.Salt
	}
	return h.Size()
}

func digestAlgorithm(h crypto.Hash) []byte {
	return tlv(0x30, mustDER(algorithms[h].digest), tlv(0x05))
}

// wrap is tlv, or its indefinite-length form when the CMS asks for it.
func (c CMS) wrap(tag byte, parts ...[]byte) []byte {
	if !c.Indefinite {
		return tlv(tag, parts...)
	}
	out := append([]byte{tag, 0x80}, bytes.Join(parts, nil)...)
	return append(out, 0, 0)
}

// tlv encodes one DER value whose content is the parts.
func tlv(tag byte, parts ...[]byte) []byte {
	n := 0
	for _, p := range parts {
		n += len(p)
	}
	out := make([]byte, 1, n+6)
	out[0] = tag
	switch {
	case n < 0x80:
		out = append(out, byte(n))
	case n < 0x100:
		out = append(out, 0x81, byte(n))
	case n < 0x10000:
		out = append(out, 0x82, byte(n>>8), byte(n))
	case n < 0x1000000:
		out = append(out, 0x83, byte(n>>16), byte(n>>8), byte(n))
	default:
		out = append(out, 0x84, byte(n>>24), byte(n>>16), byte(n>>8), byte(n))
	}
	for _, p := range parts {
		out = append(out, p...)
	}
	return out
}

// mustDER encodes a value of ours: a failure is a fault of this package.
func mustDER(v any) []byte {
	der, err := asn1.Marshal(v)
	if err != nil {
		panic(fmt.Sprintf("pectest: encode %T: %v", v, err))
	}
	return der
}

// defaultCMS is an opaque SHA-256 signature by one identity.
func defaultCMS(by *Identity, content []byte) CMS {
	return CMS{Digest: crypto.SHA256, Signers: []*Identity{by}, Certificates: []*x509.Certificate{by.Cert}, Encapsulated: content}
}
