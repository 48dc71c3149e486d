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
	"errors"
	"math/big"
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
	return sameSerial(si.serial, c.serial) && c.SerialNumber.Sign() >= 0 &&
		(bytes.Equal(si.issuer, c.RawIssuer) || sameName(si.issuer, c.RawIssuer))
}

// sameSerial compares the contents of an INTEGER with the bytes of a number that is not negative.
func sameSerial(content, number []byte) bool {
	return (len(content) == 0 || content[0] < 0x80) && bytes.Equal(trimSerial(content), number)
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
			return si.verifyPSS(k, sum)
		}
	case *ecdsa.PublicKey:
		if si.alg == algECDSA && ecdsa.VerifyASN1(k, sum, si.signature) {
			return nil
		}
	}
	return errSignature
}

// verifyPSS checks an RSA-PSS signature with the salt that its parameters name. crypto/rsa takes no salt for any salt.
func (si *signerInfo) verifyPSS(k *rsa.PublicKey, sum []byte) error {
	if si.refusal != nil {
		return errSignature
	}
	err := rsa.VerifyPSS(k, si.digest, sum, si.signature, &rsa.PSSOptions{SaltLength: si.saltLength})
	if err == nil && si.saltLength == 0 && !saltless(k, si.digest, sum, si.signature) {
		return errSignature
	}
	return err
}

// saltless reports whether a PSS signature that holds has no salt: its hash is then that of the digest alone (RFC 8017 §9.1.1).
func saltless(k *rsa.PublicKey, alg crypto.Hash, sum, signature []byte) bool {
	m := new(big.Int).Exp(new(big.Int).SetBytes(signature), big.NewInt(int64(k.E)), k.N).FillBytes(make([]byte, k.Size()))
	hash := sumOf(alg, append(make([]byte, 8), sum...))
	at := len(m) - 1 - len(hash)
	return at >= 0 && bytes.Equal(m[at:len(m)-1], hash)
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
