package pectest

import (
	"crypto/rsa"
	"crypto/x509"
	"encoding/asn1"
	"math/big"
	"slices"
	"strings"
)

// forgeKeys are the provider's own key under certificates that the index does not have, as of one who asked for it again.
func forgeKeys(c *corpus) {
	real, inter, foreign := c.w.Customers.Signer, c.w.authority.Intermediate, c.w.Foreign.authority.Intermediate
	again := func(by *Identity, addresses ...string) *Identity {
		if addresses == nil {
			addresses = real.Cert.EmailAddresses
		}
		id, err := issue(&x509.Certificate{Subject: real.Cert.Subject, EmailAddresses: addresses, NotBefore: real.Cert.NotBefore, NotAfter: real.Cert.NotAfter,
			KeyUsage: real.Cert.KeyUsage, ExtKeyUsage: real.Cert.ExtKeyUsage}, by, real.Key)
		if err != nil {
			panic(err) // a constant template
		}
		return id
	}
	refused := because("not_in_index", "chain")
	byKeyID := func(d *Draft) { d.CMS.ByKeyID = true }
	anew := again(inter)
	c.no("anew", "a new certificate of the same authority", refused, signedBy(anew, inter.Cert))
	c.no("anew-beside", "the same, the pinned one beside it", refused, signedBy(anew, real.Cert, inter.Cert))
	c.no("anew-key-id", "the same, named by the key that both have", refused, signedBy(anew, real.Cert, inter.Cert), byKeyID)
	other := again(foreign)
	c.no("foreign", "a certificate by another authority", refused, signedBy(other, foreign.Cert))
	c.no("foreign-key-id", "the same before the pinned one, named by the key that both have", refused, signedBy(other, real.Cert, inter.Cert), byKeyID)
	c.no("itself", "a certificate by the key itself", refused, signedBy(again(nil), real.Cert, inter.Cert))
	notice := c.w.Customers.Notice
	for name, addresses := range map[string][]string{
		"capitals": {strings.ToUpper(notice)}, "two": {"eva@pec.example.it", notice}, "angles": {"<" + notice + ">"}, "stop": {notice + "."}, "punycode": {"posta-certificata@xn--pec-exmple-w0a.it"},
	} {
		c.no("address-"+name, "a new certificate with another address: "+name, refused, signedBy(again(inter, addresses...), inter.Cert))
	}
}

// forgeBuilds are signatures built otherwise than RFC 5652 has them, and signature values near the true one.
func forgeBuilds(c *corpus) {
	want := because("malformed_cms", "signature_mismatch", "encapsulated_content", "digest_attribute", "no_signer", "digest_mismatch")
	add := func(name, what string, p *Provider, f func(*CMS)) {
		c.noFrom(p, c.w.request(), name, what, want, func(d *Draft) { f(&d.CMS) })
	}
	value := func(name, what string, p *Provider, f func([]byte) []byte) {
		add(name, what, p, func(m *CMS) { m.Signature = f })
	}
	n := c.w.Customers.Signer.Key.Public().(*rsa.PublicKey).N
	value("rsa-above", "the signature and the modulus added", c.w.Customers, func(b []byte) []byte { return new(big.Int).Add(new(big.Int).SetBytes(b), n).Bytes() })
	value("rsa-negative", "the modulus less the signature", c.w.Customers, func(b []byte) []byte {
		return new(big.Int).Sub(n, new(big.Int).SetBytes(b)).FillBytes(make([]byte, len(b)))
	})
	value("ec-zero", "ECDSA of two zeros", c.w.P256, func([]byte) []byte { return tlv(0x30, tlv(2, []byte{0}), tlv(2, []byte{0})) })
	value("ec-behind", "a byte behind an ECDSA signature", c.w.P256, func(b []byte) []byte { return append(b, 0) })
	add("empty-content", "content of no bytes inside a detached signature", c.w.Customers, func(m *CMS) { m.Encapsulated = []byte{} })
	add("open", "indefinite lengths without the last end", c.w.Customers, func(m *CMS) {
		m.Indefinite, m.Mangle = true, func(b []byte) []byte { return b[:len(b)-2] }
	})
	element := func(name, what string, f func(asn1.RawValue) []byte, path ...int) {
		add(name, what, c.w.Customers, func(m *CMS) { m.Mangle = func(b []byte) []byte { return onElement(b, f, path...) } })
	}
	to := func(parts ...[]byte) func(asn1.RawValue) []byte {
		return func(asn1.RawValue) []byte { return slices.Concat(parts...) }
	}
	as := func(tag byte) func(asn1.RawValue) []byte {
		return func(e asn1.RawValue) []byte { return tlv(tag, e.Bytes) }
	}
	twice := func(e asn1.RawValue) []byte { return slices.Concat(e.FullBytes, e.FullBytes) }
	element("attributes-as-set", "the signed attributes under the tag they are signed with", as(0x31), 1, 0, 4, 0, 3)
	element("attributes-twice", "the signed attributes twice", twice, 1, 0, 4, 0, 3)
	element("certificates-twice", "the certificates twice", twice, 1, 0, 3)
	element("certificates-as-set", "the certificates under the tag of a set", as(0x31), 1, 0, 3)
	element("signers-sequence", "the signers as a sequence", as(0x30), 1, 0, 4)
	element("signed-data-twice", "two SignedData", twice, 1)
	element("key-id-empty", "a signer named by no bytes", to(tlv(0x80)), 1, 0, 4, 0, 1)
	element("no-version", "no version", to(), 1, 0, 0)
	element("no-digests", "no digest listed", to(tlv(0x31)), 1, 0, 1)
	element("signed-signed", "content of the type SignedData", to(tlv(0x30, mustDER(oidSignedData))), 1, 0, 2)
	element("content-nothing", "content without its octets", to(tlv(0x30, mustDER(oidData), tlv(0xa0))), 1, 0, 2)
	element("content-null", "content that is NULL", to(tlv(0x30, mustDER(oidData), tlv(0xa0, tlv(5)))), 1, 0, 2)
	element("content-text", "content that is a text", to(tlv(0x30, mustDER(oidData), tlv(0xa0, tlv(12, []byte("x"))))), 1, 0, 2)
	element("end-within", "an end of contents within a definite length", func(e asn1.RawValue) []byte { return append(slices.Clone(e.FullBytes), 0, 0) }, 1, 0, 4)
	add("digest-longer", "a messageDigest with a byte more", c.w.Customers, func(m *CMS) {
		m.Attributes = func(a [][]byte) [][]byte {
			a[1] = Attribute(oidMessageDigest, tlv(4, a[1][len(a[1])-32:], []byte{0}))
			return a
		}
	})
	add("content-type-values", "contentType with two values", c.w.Customers, func(m *CMS) {
		m.Attributes = func(a [][]byte) [][]byte {
			a[0] = Attribute(oidContentType, mustDER(oidData), mustDER(oidData))
			return a
		}
	})
}
