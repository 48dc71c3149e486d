package pectest

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/asn1"
	"math/big"
)

// forgeForms are signature values and forms that careless verifiers take.
func forgeForms(c *corpus) {
	mismatch, malformed := because("signature_mismatch"), because("malformed_cms", "no_signer")
	value := func(name, what string, p *Provider, f func([]byte) []byte) {
		c.noFrom(p, c.w.request(), name, what, mismatch, func(d *Draft) { d.CMS.Signature = f })
	}
	n := c.w.Customers.Signer.Key.(*rsa.PrivateKey).N
	value("plus-modulus", "the signature and the modulus added", c.w.Customers, func(b []byte) []byte { return new(big.Int).Add(new(big.Int).SetBytes(b), n).Bytes() })
	value("modulus", "the modulus as signature", c.w.Customers, func([]byte) []byte { return n.Bytes() })
	value("minus", "the signature's negative", c.w.Customers, func(b []byte) []byte { return new(big.Int).Sub(n, new(big.Int).SetBytes(b)).Bytes() })
	order := c.w.P256.Signer.Key.(*ecdsa.PrivateKey).Params().N
	ec := func(name, what string, f func(r, s *big.Int) (*big.Int, *big.Int)) {
		value("ec-"+name, what, c.w.P256, func(b []byte) []byte {
			var sig struct{ R, S *big.Int }
			if _, err := asn1.Unmarshal(b, &sig); err != nil {
				panic(err) // our own
			}
			r, s := f(sig.R, sig.S)
			return tlv(0x30, mustDER(r), mustDER(s))
		})
	}
	zero := new(big.Int)
	ec("zero", "r and s are zero", func(r, s *big.Int) (*big.Int, *big.Int) { return zero, zero })
	ec("zero-r", "r is zero", func(r, s *big.Int) (*big.Int, *big.Int) { return zero, s })
	ec("order", "r and s are the order of the curve", func(r, s *big.Int) (*big.Int, *big.Int) { return order, order })
	ec("plus-order", "the order added to r", func(r, s *big.Int) (*big.Int, *big.Int) { return new(big.Int).Add(r, order), s })
	ec("negative", "the negative of r", func(r, s *big.Int) (*big.Int, *big.Int) { return new(big.Int).Neg(r), s })
	value("ec-behind", "a byte behind the signature", c.w.P256, func(b []byte) []byte { return append(b, 0) })
	value("ec-inside", "a third number in the signature", c.w.P256, func(b []byte) []byte { return tlv(0x30, b[2:], tlv(5)) })
	value("ec-length", "a length in more bytes than it needs, inside the signature", c.w.P256, func(b []byte) []byte { return append([]byte{0x30, 0x81, b[1]}, b[2:]...) })
	form := func(name, what string, want Want, f func(asn1.RawValue) []byte, path ...int) {
		c.no(name, what, want, func(d *Draft) { d.CMS.Mangle = func(b []byte) []byte { return onElement(b, f, path...) } })
	}
	to := func(b []byte) func(asn1.RawValue) []byte { return func(asn1.RawValue) []byte { return b } }
	form("no-digests", "no digest listed", malformed, to(tlv(0x31)), 1, 0, 1)
	form("no-issuer", "the signer named by nothing but a serial number", malformed, to(tlv(0x30)), 1, 0, 4, 0, 1, 0)
	form("sequence-of-signers", "the signers in a sequence", malformed, func(e asn1.RawValue) []byte { return tlv(0x30, e.Bytes) }, 1, 0, 4)
	form("content-absent", "a content that is there and is none", malformed, func(e asn1.RawValue) []byte { return tlv(0x30, e.Bytes, tlv(0xa0)) }, 1, 0, 2)
	form("key-of-authority", "the signer named by the authority's key", mismatch, to(tlv(0x80, c.w.authority.Intermediate.Cert.SubjectKeyId)), 1, 0, 4, 0, 1)
	c.no("no-content", "content of no length inside a detached signature", because("encapsulated_content"), func(d *Draft) { d.CMS.Encapsulated = []byte{} })
	c.no("nothing-signed", "a signed part of no length", because("not_an_envelope", "daticert_missing"), func(d *Draft) {
		d.Signed = append(d.Signed, func([]byte) []byte { return nil })
	})
	c.no("header-signed", "a signed part of a header and no more", because("not_an_envelope", "daticert_missing"), func(d *Draft) {
		d.Signed = append(d.Signed, func([]byte) []byte { return []byte("Content-Type: text/plain\r\n") })
	})
	c.no("nothing-signed-opaque", "an opaque signature over nothing", because("not_an_envelope", "daticert_missing"), func(d *Draft) {
		d.Opaque, d.Signed = true, append(d.Signed, func([]byte) []byte { return []byte{} })
	})
	c.cubeRoots()
}

// cubeRoots are signatures that nobody's key made (Bleichenbacher 2006): with the exponent three, a cube root begins like what
// should be signed, for a verifier that does not look at the end.
func (c *corpus) cubeRoots() {
	key := exponentThree()
	t := &x509.Certificate{Subject: c.w.Customers.Signer.Cert.Subject, EmailAddresses: []string{c.w.Customers.Notice}, NotBefore: defaultNotBefore, NotAfter: defaultNotAfter,
		KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageEmailProtection}}
	id, err := issue(t, c.w.authority.Intermediate, key)
	if err != nil {
		panic(err) // a constant template
	}
	by := signedBy(id, c.w.authority.Intermediate.Cert)
	c.no("exponent-three", "a key of exponent three, not in the index", because("not_in_index"), by)
	for name, fill := range map[string]int{"cube-root": 8, "cube-root-short": 1, "cube-root-none": 0} {
		c.no(name, "a cube root in place of a signature", because("signature_mismatch"), by, func(d *Draft) {
			d.CMS.Signature = func(sig []byte) []byte {
				block := new(big.Int).Exp(new(big.Int).SetBytes(sig), big.NewInt(3), key.N).Bytes()
				info := block[bytes.IndexByte(block, 0)+1:]
				want := append(append(append([]byte{0, 1}, bytes.Repeat([]byte{0xff}, fill)...), 0), info...)
				want = append(want, bytes.Repeat([]byte{0xff}, key.Size()-len(want))...)
				return cubeRoot(new(big.Int).SetBytes(want)).FillBytes(make([]byte, key.Size()))
			}
		})
	}
}

// exponentThree makes an RSA key of the public exponent three.
func exponentThree() *rsa.PrivateKey {
	one, three := big.NewInt(1), big.NewInt(3)
	prime := func() *big.Int {
		for {
			p, err := rand.Prime(rand.Reader, 1024)
			if err != nil {
				panic(err)
			}
			if new(big.Int).Mod(p, three).Int64() == 2 {
				return p
			}
		}
	}
	p, q := prime(), prime()
	phi := new(big.Int).Mul(new(big.Int).Sub(p, one), new(big.Int).Sub(q, one))
	key := &rsa.PrivateKey{PublicKey: rsa.PublicKey{N: new(big.Int).Mul(p, q), E: 3}, D: new(big.Int).ModInverse(three, phi), Primes: []*big.Int{p, q}}
	key.Precompute()
	return key
}

// cubeRoot is the largest number whose cube is not above n.
func cubeRoot(n *big.Int) *big.Int {
	root := new(big.Int)
	for bit := n.BitLen() / 3; bit >= 0; bit-- {
		root.SetBit(root, bit, 1)
		if new(big.Int).Exp(root, big.NewInt(3), nil).Cmp(n) > 0 {
			root.SetBit(root, bit, 0)
		}
	}
	return root
}
