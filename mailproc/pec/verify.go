package pec

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	_ "crypto/md5"
	"crypto/rsa"
	_ "crypto/sha1"
	"crypto/sha256"
	_ "crypto/sha512"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"errors"
)

var errSignature = errors.New("the signature does not match")

// certificate returns the one the signer names, by issuer and serial number or by subject key identifier; never
// by its place. Of several that bear the same name it is the first, as with OpenSSL.
func (si *signerInfo) certificate(certs []*certificate) *certificate {
	for _, c := range certs {
		if si.names(c) {
			return c
		}
	}
	return nil
}

func (si *signerInfo) names(c *certificate) bool {
	if si.keyID != nil {
		return bytes.Equal(si.keyID, c.SubjectKeyId)
	}
	return bytes.Equal(trimSerial(si.serial), c.serial) && c.SerialNumber.Sign() >= 0 &&
		(bytes.Equal(si.issuer, c.RawIssuer) || sameName(si.issuer, c.RawIssuer))
}

// sameName compares names that are encoded differently: some programs write the issuer anew, in other string types
// or with other lengths.
func sameName(a, b []byte) bool {
	a, _, err := toDER(a)
	if err != nil || !nameShape(a) {
		return false
	}
	var x, y pkix.RDNSequence
	if rest, err := asn1.Unmarshal(a, &x); err != nil || len(rest) > 0 {
		return false
	}
	if rest, err := asn1.Unmarshal(b, &y); err != nil || len(rest) > 0 || len(x) != len(y) {
		return false
	}
	for i := range x {
		if !sameRDN(x[i], y[i]) {
			return false
		}
	}
	return true
}

// trimSerial drops the sign byte of a serial number.
func trimSerial(b []byte) []byte {
	for len(b) > 0 && b[0] == 0 {
		b = b[1:]
	}
	return b
}

// digested reports whether the content with this sum is what the signer digested.
func (si *signerInfo) digested(sum []byte) bool {
	return si.attrs == nil || bytes.Equal(si.messageDigest, sum)
}

// verify checks the signature with c's key over content of the given sum and type.
func (si *signerInfo) verify(c *x509.Certificate, sum, contentType []byte) error {
	if si.attrs != nil {
		if !bytes.Equal(si.messageDigest, sum) || !bytes.Equal(si.contentType, contentType) {
			return errSignature
		}
		sum = sumOf(si.digest, si.attrs)
	}
	return si.verifySum(c.PublicKey, sum)
}

// sumOf is the digest of b.
func sumOf(alg crypto.Hash, b []byte) []byte {
	if alg == crypto.SHA256 { // without making a hash first
		sum := sha256.Sum256(b)
		return sum[:]
	}
	h := alg.New()
	h.Write(b)
	return h.Sum(nil)
}

// verifySum checks the signature over a digest. crypto/x509 refuses SHA-1 signatures altogether;
// here they stay verifiable, because real envelopes still have them.
func (si *signerInfo) verifySum(key crypto.PublicKey, sum []byte) error {
	switch k := key.(type) {
	case *rsa.PublicKey:
		switch si.alg {
		case algRSA:
			return rsa.VerifyPKCS1v15(k, si.digest, sum, si.signature)
		case algPSS:
			return rsa.VerifyPSS(k, si.digest, sum, si.signature, &rsa.PSSOptions{SaltLength: si.saltLength})
		}
	case *ecdsa.PublicKey:
		if si.alg == algECDSA && ecdsa.VerifyASN1(k, sum, si.signature) {
			return nil
		}
	}
	return errSignature
}

// opensslVerifies reports whether OpenSSL holds the signature for good, c being the signer's certificate and sum
// the content's digest. It is more lenient than verify: the contentType attribute need not be the content's, with an EC key the
// algorithm's name is not looked at, and with an RSA key not the digest that the name contains.
func (si *signerInfo) opensslVerifies(c *x509.Certificate, sum []byte) bool {
	if si.attrs != nil {
		if !bytes.Equal(si.messageDigest, sum) {
			return false
		}
		sum = sumOf(si.digest, si.attrs)
	}
	if k, ok := c.PublicKey.(*ecdsa.PublicKey); ok {
		return ecdsa.VerifyASN1(k, sum, si.signature)
	}
	return si.verifySum(c.PublicKey, sum) == nil
}
