package pec

import (
	"bytes"
	"crypto"
	"encoding/asn1"
	"slices"
	"time"

	"golang.org/x/crypto/cryptobyte"
	casn1 "golang.org/x/crypto/cryptobyte/asn1"
)

// How many certificates and signers a signature may carry: real ones have one to three, and one. What has more
// is refused, and up to the larger bounds it is still said whether OpenSSL would hold it for good.
const (
	maxCertificates     = 20
	maxReadCertificates = 200
	maxReadSigners      = 8
)

// The object identifiers of CMS, as their DER contents: comparing bytes needs no parsing.
var (
	oidSignedData    = oid(1, 2, 840, 113549, 1, 7, 2)
	oidData          = oid(1, 2, 840, 113549, 1, 7, 1)
	oidContentType   = oid(1, 2, 840, 113549, 1, 9, 3)
	oidMessageDigest = oid(1, 2, 840, 113549, 1, 9, 4)
	oidSigningTime   = oid(1, 2, 840, 113549, 1, 9, 5)
	oidCountersigned = oid(1, 2, 840, 113549, 1, 9, 6)
	oidRSA           = oid(1, 2, 840, 113549, 1, 1, 1)
	oidMGF1          = oid(1, 2, 840, 113549, 1, 1, 8)
	oidPSS           = oid(1, 2, 840, 113549, 1, 1, 10)
	oidECPublicKey   = oid(1, 2, 840, 10045, 2, 1)
)

// digestOIDs are the digests that are computed at all; SHA-1 is left to policy. The refused ones are computed only to
// say whether OpenSSL would hold such a signature for good.
var digestOIDs = []struct {
	oid     []byte
	hash    crypto.Hash
	name    string
	refused bool
}{
	{oid(2, 16, 840, 1, 101, 3, 4, 2, 1), crypto.SHA256, "sha256", false},
	{oid(1, 3, 14, 3, 2, 26), crypto.SHA1, "sha1", false},
	{oid(2, 16, 840, 1, 101, 3, 4, 2, 2), crypto.SHA384, "sha384", false},
	{oid(2, 16, 840, 1, 101, 3, 4, 2, 3), crypto.SHA512, "sha512", false},
	{oid(2, 16, 840, 1, 101, 3, 4, 2, 4), crypto.SHA224, "sha224", true},
	{oid(2, 16, 840, 1, 101, 3, 4, 2, 5), crypto.SHA512_224, "sha512-224", true},
	{oid(2, 16, 840, 1, 101, 3, 4, 2, 6), crypto.SHA512_256, "sha512-256", true},
	{oid(1, 2, 840, 113549, 2, 5), crypto.MD5, "md5", true},
	// of programs that name the signature's algorithm in its place
	{oid(1, 2, 840, 113549, 1, 1, 11), crypto.SHA256, "sha256", true},
	{oid(1, 2, 840, 113549, 1, 1, 5), crypto.SHA1, "sha1", true},
	{oid(1, 3, 14, 3, 2, 29), crypto.SHA1, "sha1", true},
	{oid(1, 2, 840, 113549, 1, 1, 12), crypto.SHA384, "sha384", true},
	{oid(1, 2, 840, 113549, 1, 1, 13), crypto.SHA512, "sha512", true},
}

// signatureOIDs name a digest and a key type in one.
var signatureOIDs = []struct {
	oid  []byte
	hash crypto.Hash
	alg  string
}{
	{oid(1, 2, 840, 113549, 1, 1, 11), crypto.SHA256, algRSA},
	{oid(1, 2, 840, 113549, 1, 1, 5), crypto.SHA1, algRSA},
	{oid(1, 2, 840, 113549, 1, 1, 12), crypto.SHA384, algRSA},
	{oid(1, 2, 840, 113549, 1, 1, 13), crypto.SHA512, algRSA},
	{oid(1, 2, 840, 10045, 4, 3, 2), crypto.SHA256, algECDSA},
	{oid(1, 2, 840, 10045, 4, 3, 3), crypto.SHA384, algECDSA},
	{oid(1, 2, 840, 10045, 4, 3, 4), crypto.SHA512, algECDSA},
	{oid(1, 2, 840, 10045, 4, 1), crypto.SHA1, algECDSA},
	{oid(1, 2, 840, 113549, 1, 1, 4), crypto.MD5, algRSA},
	{oid(1, 2, 840, 113549, 1, 1, 14), crypto.SHA224, algRSA},
	{oid(1, 2, 840, 113549, 1, 1, 15), crypto.SHA512_224, algRSA},
	{oid(1, 2, 840, 113549, 1, 1, 16), crypto.SHA512_256, algRSA},
}

const (
	algRSA   = "rsa"
	algPSS   = "rsa-pss"
	algECDSA = "ecdsa"
)

func oid(arcs ...int) []byte {
	b, err := asn1.Marshal(asn1.ObjectIdentifier(arcs))
	if err != nil {
		panic(err) // a constant of this file
	}
	return b[2:]
}

// signedData is what is used of a CMS SignedData (RFC 5652 §5.1).
type signedData struct {
	contentType []byte
	content     []byte // encapsulated; nil when detached
	attached    bool
	certs       [][]byte // DER, in the order they stand
	signers     int
	signer      signerInfo   // the first
	others      []signerInfo // the rest, of whom there must be none
	asSent      [][]byte     // signed attributes of each signer, see parseDER
	whole       bool         // all of it was read, though its form may be refused
}

// signerInfo is RFC 5652 §5.3.
type signerInfo struct {
	issuer, serial []byte // raw DER of the issuer name, contents of the serial number
	keyID          []byte // subject key identifier instead
	digest         crypto.Hash
	digestName     string
	digestOID      []byte
	refused        bool // the digest is one that nobody relies on
	alg            string
	sigHash        crypto.Hash // the digest the signature algorithm names; 0 when it names none
	saltLength     int         // PSS
	refusal        error       // why its parameters are refused; with another key than RSA OpenSSL does not look at them
	attrs          []byte      // signed attributes as DER SET OF, as they are signed; nil when absent
	contentType    []byte      // of the attribute
	messageDigest  []byte
	signingTime    []byte // values of the attribute; see clock
	signature      []byte
}

// cmsError is a refusal of a signature's form, with its reason code.
type cmsError struct{ reason, detail string }

func (e *cmsError) Error() string { return e.detail }

var errDigest = &cmsError{ReasonUnsupported, "the digest algorithm is not one of SHA-1, SHA-256, SHA-384, SHA-512"}

func malformed(detail string) error { return &cmsError{ReasonMalformedCMS, detail} }

// parseSignedData reads DER, or else BER, of at most limit bytes.
func parseSignedData(b []byte, limit int) (*signedData, error) {
	if len(b) > limit {
		return nil, malformed("the signature is larger than any real one")
	}
	sd, err := parseDER(b, nil)
	if err == nil {
		return sd, nil
	}
	der, n, berErr := toDER(b)
	switch {
	case berErr != nil:
		return nil, malformed("the signature is not well-formed BER")
	case bytes.HasPrefix(b, der):
		return sd, err // it is DER already
	}
	if sd, err = parseDER(der, attributesAsSent(b)); sd != nil {
		sd.certs = slices.DeleteFunc(sd.certs, func(c []byte) bool { return !bytes.Contains(b[:n], signedCertificate(c)) })
	}
	return sd, err
}

// signedCertificate is the part of a certificate that its issuer signed, which is DER wherever it stands: what had to be
// rewritten is nothing that anybody signed, and OpenSSL refuses it.
func signedCertificate(c cryptobyte.String) []byte {
	var cert, tbs cryptobyte.String
	c.ReadASN1(&cert, casn1.SEQUENCE) // signedShape has seen it
	cert.ReadASN1Element(&tbs, casn1.SEQUENCE)
	return tbs
}

// parseDER reads DER; attrs are the signed attributes as they stood before they were made DER, nil when all was DER.
func parseDER(der []byte, attrs [][]byte) (*signedData, error) {
	in := cryptobyte.String(der)
	var info, kind, inner, sd cryptobyte.String
	if !in.ReadASN1(&info, casn1.SEQUENCE) || !readOID(&info, &kind) ||
		!bytes.Equal(kind, oidSignedData) || !info.ReadASN1(&inner, ctx(0)) || !info.Empty() || !inner.ReadASN1(&sd, casn1.SEQUENCE) || !inner.Empty() {
		return nil, malformed("the signature is not a CMS SignedData")
	}
	out := &signedData{asSent: attrs}
	var digests, encap, certs, lists, infos cryptobyte.String
	if !readVersion(&sd) || !sd.ReadASN1(&digests, casn1.SET) ||
		!sd.ReadASN1(&encap, casn1.SEQUENCE) || !out.readContent(encap) ||
		!sd.ReadOptionalASN1(&certs, nil, ctx(0)) || !sd.ReadOptionalASN1(&lists, nil, ctx(1)) ||
		!sd.ReadASN1(&infos, casn1.SET) || !sd.Empty() || !out.readCertificates(certs) || !revocationShape(lists) {
		return nil, malformed("the CMS SignedData cannot be read")
	}
	if len(out.certs) > maxReadCertificates {
		return nil, malformed("the signature carries far too many certificates")
	}
	if err := out.readSigners(infos); err != nil {
		return out, err
	}
	if !listed(digests, out.signer.digestOID) {
		return out, malformed("the signer's digest is not among those the signature lists")
	}
	out.whole = true
	for i := range out.others {
		out.whole = out.whole && listed(digests, out.others[i].digestOID)
	}
	return out, out.refusal()
}

// refusal says why a signature that was read is not accepted for its form, nil when it is.
func (sd *signedData) refusal() error {
	switch {
	case len(sd.certs) > maxCertificates:
		return malformed("the signature carries more than 20 certificates")
	case sd.signers > 1:
		return &cmsError{ReasonTwoSigners, "the signature names more than one signer"}
	case sd.signer.refused:
		return errDigest
	case sd.signer.refusal != nil:
		return sd.signer.refusal
	case sd.signer.alg == "":
		return &cmsError{ReasonUnsupported, "the signature algorithm is not RSA, RSA-PSS or ECDSA"}
	case sd.signer.sigHash != 0 && sd.signer.sigHash != sd.signer.digest:
		return malformed("the signature algorithm names another digest than the signer")
	}
	return nil
}

// listed reports whether the SET of digest algorithms holds one (RFC 5652 §5.1: verifiers may refuse
// a digest that is not announced, and OpenSSL does), and none that is no digest, which OpenSSL cannot begin.
func listed(set cryptobyte.String, id []byte) bool {
	found := false
	for !set.Empty() {
		have, _, ok := readAlgorithm(&set)
		if !ok || hashOf(have) == 0 {
			return false
		}
		found = found || hashOf(have) == hashOf(id)
	}
	return found
}

// ctx is a constructed context-specific tag.
func ctx(n uint8) casn1.Tag { return casn1.Tag(n).ContextSpecific().Constructed() }

func (sd *signedData) readContent(encap cryptobyte.String) bool {
	var kind, explicit, octets cryptobyte.String
	if !readOID(&encap, &kind) {
		return false
	}
	sd.contentType = kind
	if !encap.ReadOptionalASN1(&explicit, &sd.attached, ctx(0)) || !encap.Empty() {
		return false
	}
	if sd.attached {
		if !explicit.ReadASN1(&octets, casn1.OCTET_STRING) || !explicit.Empty() {
			return false
		}
		sd.content = octets
	}
	return true
}

// readCertificates keeps the X.509 certificates and passes over the other kinds of the CHOICE.
func (sd *signedData) readCertificates(set cryptobyte.String) bool {
	sd.certs = make([][]byte, 0, 4)
	for !set.Empty() {
		var el cryptobyte.String
		var tag casn1.Tag
		if !set.ReadAnyASN1Element(&el, &tag) {
			return false
		}
		switch {
		case tag == casn1.SEQUENCE && signedShape(el):
			sd.certs = append(sd.certs, el)
		case tag != ctx(0) && tag != ctx(1) && tag != ctx(2) && tag != ctx(3):
			return false
		}
	}
	return true
}

func (sd *signedData) readSigners(set cryptobyte.String) error {
	for !set.Empty() {
		var si cryptobyte.String
		if !set.ReadASN1(&si, casn1.SEQUENCE) {
			return malformed("the signers cannot be read")
		}
		if sd.signers++; sd.signers > maxReadSigners {
			return &cmsError{ReasonTwoSigners, "the signature names far too many signers"}
		}
		signer := &sd.signer
		if sd.signers > 1 {
			sd.others = append(sd.others, signerInfo{})
			signer = &sd.others[len(sd.others)-1]
		}
		var asSent []byte
		if len(sd.asSent) >= sd.signers {
			asSent = sd.asSent[sd.signers-1]
		}
		if err := signer.read(si, asSent); err != nil {
			return err
		}
	}
	if sd.signers == 0 {
		return &cmsError{ReasonNoSigner, "the signature names no signer"}
	}
	return nil
}

func (si *signerInfo) read(in cryptobyte.String, asSent []byte) error {
	var signature cryptobyte.String
	if !readVersion(&in) || !si.readID(&in) {
		return malformed("the signer cannot be read")
	}
	d, _, ok := readAlgorithm(&in)
	if !ok {
		return malformed("the signer's digest algorithm cannot be read")
	}
	if err := si.readAttributes(&in, asSent); err != nil {
		return err
	}
	alg, params, ok := readAlgorithm(&in)
	if !ok || !in.ReadASN1(&signature, casn1.OCTET_STRING) || !si.readUnsigned(in) {
		return malformed("the signer cannot be read")
	}
	si.signature = signature
	si.digestOID = d
	for _, k := range digestOIDs {
		if bytes.Equal(d, k.oid) {
			si.digest, si.digestName, si.refused = k.hash, k.name, k.refused
		}
	}
	if si.digest == 0 {
		return errDigest
	}
	return si.algorithm(alg, params)
}

// readID reads SignerIdentifier: issuerAndSerialNumber or [0] subjectKeyIdentifier.
func (si *signerInfo) readID(in *cryptobyte.String) bool {
	key := casn1.Tag(0).ContextSpecific()
	if in.PeekASN1Tag(key) {
		var id cryptobyte.String
		ok := in.ReadASN1(&id, key)
		si.keyID = id
		return ok && len(id) > 0
	}
	var sid, issuer, serial cryptobyte.String
	if !in.ReadASN1(&sid, casn1.SEQUENCE) || !sid.ReadASN1Element(&issuer, casn1.SEQUENCE) ||
		!readInteger(&sid, &serial) || len(serial) == 0 || !sid.Empty() {
		return false
	}
	si.issuer, si.serial = issuer, serial
	return true
}

// readAttributes reads the signed attributes. What is signed is their DER as a SET OF, though they
// stand there with an implicit tag, and may be BER (RFC 5652 §5.4): asSent, where the whole signature is.
func (si *signerInfo) readAttributes(in *cryptobyte.String, asSent []byte) error {
	if !in.PeekASN1Tag(ctx(0)) {
		return nil
	}
	var el, attrs cryptobyte.String
	if !in.ReadASN1Element(&el, ctx(0)) {
		return malformed("the signed attributes cannot be read")
	}
	if asSent == nil {
		asSent = el
	}
	der, err := attributesDER(asSent)
	if err != nil {
		return malformed("the signed attributes are not well-formed BER")
	}
	si.attrs = der
	if el, _, err = toDER(der); err != nil || !el.ReadASN1(&attrs, casn1.SET) { // values may be BER still
		return malformed("the signed attributes cannot be read")
	}
	var kinds, digests, times int
	for !attrs.Empty() {
		kind, values, ok := readAttribute(&attrs)
		if !ok || bytes.Equal(kind, oidCountersigned) {
			return malformed("a signed attribute cannot be read, or is none of the signed ones")
		}
		isKind, isDigest, isTime := bytes.Equal(kind, oidContentType), bytes.Equal(kind, oidMessageDigest), bytes.Equal(kind, oidSigningTime)
		if !isKind && !isDigest && !isTime {
			continue
		}
		var value cryptobyte.String
		var tag casn1.Tag
		all := values
		if !values.ReadAnyASN1(&value, &tag) || !values.Empty() {
			return malformed("a signed attribute has not exactly one value")
		}
		switch {
		case isTime:
			si.signingTime = all
			times++
		case isKind:
			if kinds++; tag == casn1.OBJECT_IDENTIFIER { // of another type it is the content's no more
				si.contentType = value
			}
		case isDigest && tag == casn1.OCTET_STRING:
			si.messageDigest = value
			digests++
		default:
			return malformed("a signed attribute is of the wrong type")
		}
	}
	if kinds != 1 || digests != 1 || times > 1 {
		return &cmsError{ReasonDigestAttribute, "the digest, content type or time attribute is missing or doubled"}
	}
	return nil
}

// clock reads the signer's, zero when there is none. It is shown and never relied on: the signer chose it.
func (si *signerInfo) clock() time.Time {
	var t time.Time
	v := cryptobyte.String(si.signingTime)
	if v.PeekASN1Tag(casn1.GeneralizedTime) {
		v.ReadASN1GeneralizedTime(&t)
	} else if v.PeekASN1Tag(casn1.UTCTime) {
		v.ReadASN1UTCTime(&t)
	}
	return t
}

// algorithm notes the signature algorithm. One that is not known, or whose digest is not the signer's, is
// left to refusal: OpenSSL accepts some of them.
func (si *signerInfo) algorithm(id, params cryptobyte.String) error {
	switch {
	case bytes.Equal(id, oidRSA):
		si.alg = algRSA
		return nil
	case bytes.Equal(id, oidECPublicKey):
		si.alg = algECDSA
		return nil
	case bytes.Equal(id, oidPSS):
		si.alg, si.refusal = algPSS, si.readPSS(params)
		return nil
	}
	for _, k := range signatureOIDs {
		if bytes.Equal(id, k.oid) {
			si.alg, si.sigHash = k.alg, k.hash
		}
	}
	return nil
}

// readPSS reads RSASSA-PSS-params (RFC 4055 §3.1): each may be left out for its default.
func (si *signerInfo) readPSS(params cryptobyte.String) error {
	var all, digest, mask, salt, trailer cryptobyte.String
	var named, masked, salted, trailed bool
	size, trail := 20, 1
	if !params.ReadASN1(&all, casn1.SEQUENCE) || !all.ReadOptionalASN1(&digest, &named, ctx(0)) || !all.ReadOptionalASN1(&mask, &masked, ctx(1)) ||
		!all.ReadOptionalASN1(&salt, &salted, ctx(2)) || !all.ReadOptionalASN1(&trailer, &trailed, ctx(3)) || !all.Empty() ||
		salted && !salt.ReadASN1Integer(&size) || trailed && !trailer.ReadASN1Integer(&trail) || !salt.Empty() || !trailer.Empty() ||
		trail != 1 || size < 0 || size > 512 {
		return malformed("the RSA-PSS parameters cannot be read")
	}
	hash, mgf := crypto.SHA1, crypto.SHA1
	if named {
		id, _, ok := readAlgorithm(&digest)
		if hash = hashOf(id); !ok || !digest.Empty() {
			return malformed("the RSA-PSS digest cannot be read")
		}
	}
	if masked {
		kind, inner, ok := readAlgorithm(&mask)
		id, _, innerOK := readAlgorithm(&inner)
		if mgf = hashOf(id); !ok || !innerOK || !mask.Empty() || !inner.Empty() || !bytes.Equal(kind, oidMGF1) {
			return malformed("the RSA-PSS mask is not MGF1, or cannot be read")
		}
	}
	if hash != si.digest || mgf != hash {
		return malformed("the RSA-PSS parameters name another digest than the signer")
	}
	si.sigHash, si.saltLength = hash, size
	return nil
}

func hashOf(id []byte) crypto.Hash {
	for _, k := range digestOIDs {
		if bytes.Equal(id, k.oid) {
			return k.hash
		}
	}
	return 0
}
