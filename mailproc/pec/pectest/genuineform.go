package pectest

import (
	"crypto"
	"encoding/asn1"
	"fmt"
	"time"
)

// genuineForms are signatures in forms that RFC 5652 allows and other programs write; OpenSSL takes each of them.
func genuineForms(c *corpus) {
	mangle := func(name, what string, f func(asn1.RawValue) []byte, path ...int) {
		c.ok(name, what, func(d *Draft) { d.CMS.Mangle = func(b []byte) []byte { return onElement(b, f, path...) } })
	}
	to := func(b []byte) func(asn1.RawValue) []byte { return func(asn1.RawValue) []byte { return b } }
	for _, v := range []byte{0, 2, 3, 5} {
		mangle(fmt.Sprint("version-", v), "the version of the whole", to(tlv(2, []byte{v})), 1, 0, 0)
		mangle(fmt.Sprint("signer-version-", v), "the version of the signer", to(tlv(2, []byte{v})), 1, 0, 4, 0, 0)
	}
	sha256 := algorithms[crypto.SHA256].digest
	mangle("digests-bare", "a digest listed without its parameter (RFC 5754 §2)", to(tlv(0x31, tlv(0x30, mustDER(sha256)))), 1, 0, 1)
	mangle("digests-more", "a digest listed that nobody uses", to(tlv(0x31, digestAlgorithm(crypto.SHA256), digestAlgorithm(crypto.SHA1))), 1, 0, 1)
	mangle("signature-pieces", "the signature in two pieces, as BER allows", func(e asn1.RawValue) []byte {
		return tlv(0x24, tlv(4, e.Bytes[:100]), tlv(4, e.Bytes[100:]))
	}, 1, 0, 4, 0, 5)
	mangle("signature-pieces-open", "the same with an indefinite length", func(e asn1.RawValue) []byte {
		return CMS{Indefinite: true}.wrap(0x24, tlv(4, e.Bytes[:100]), tlv(4, e.Bytes[100:]))
	}, 1, 0, 4, 0, 5)
	for n, head := range map[int][]byte{4: {0x30, 0x84, 0, 0}, 5: {0x30, 0x85, 0, 0, 0}} {
		c.ok(fmt.Sprint("length-", n), "a length in more bytes than it needs", func(d *Draft) {
			d.CMS.Mangle = func(b []byte) []byte { return append(append(head[:len(head):len(head)], b[2:4]...), b[4:]...) }
		})
	}
	c.ok("behind", "bytes behind the end", func(d *Draft) { d.CMS.Mangle = func(b []byte) []byte { return append(b, 0, 0, 0) } })
	named := func(name, what string, p *Provider, f func(m *CMS)) {
		c.okFrom(p, c.w.request(), name, what, func(d *Draft) { f(&d.CMS) })
	}
	named("digest-bare", "the signer's digest without its parameter", c.w.Customers, func(m *CMS) {
		m.DigestName = func([]byte) []byte { return tlv(0x30, mustDER(sha256)) }
	})
	named("rsa-bare", "rsaEncryption without its parameter", c.w.Customers, func(m *CMS) { m.Algorithm = func([]byte) []byte { return tlv(0x30, mustDER(oidRSA)) } })
	named("ec-null", "ecdsa-with-SHA256 with a parameter", c.w.P256, func(m *CMS) {
		m.Algorithm = func([]byte) []byte { return tlv(0x30, mustDER(algorithms[crypto.SHA256].ecdsa), tlv(5)) }
	})
	named("ec-key", "the key's algorithm named for the signature's", c.w.P256, func(m *CMS) {
		m.Algorithm = func([]byte) []byte { return tlv(0x30, mustDER(asn1.ObjectIdentifier{1, 2, 840, 10045, 2, 1})) }
	})
	named("extra-attribute-certificate", "an attribute certificate among the certificates", c.w.Customers, func(m *CMS) { m.RawExtras = [][]byte{tlv(0xa1, tlv(0x30))} })
	named("extra-other-certificate", "a certificate of another format", c.w.Customers, func(m *CMS) { m.RawExtras = [][]byte{tlv(0xa3, mustDER(oidRSA), tlv(5))} })
	named("extra-ocsp", "an answer about revocation (RFC 5940)", c.w.Customers, func(m *CMS) {
		m.CRLs = [][]byte{tlv(0xa1, mustDER(asn1.ObjectIdentifier{1, 3, 6, 1, 5, 5, 7, 16, 2}), tlv(0x30))}
	})
	named("timestamp-large", "a time stamp of 60 kB", c.w.Customers, func(m *CMS) {
		m.Unsigned = [][]byte{Attribute(oidTimeStamp, tlv(0x04, make([]byte, 60000)))}
	})
	formsOfAttributes(c)
}

var oidTimeStamp = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 16, 2, 14}

// formsOfAttributes are signed attributes that others write.
func formsOfAttributes(c *corpus) {
	add := func(name, what string, a []byte, v ...Variation) {
		c.ok("attribute-"+name, what, append(v, func(d *Draft) { d.CMS.Attributes = func(l [][]byte) [][]byte { return append(l, a) } })...)
	}
	noTime := func(d *Draft) { d.CMS.Time = time.Time{} }
	sum := crypto.SHA256.New()
	sum.Write(c.w.Customers.Signer.Cert.Raw)
	certificate := tlv(0x04, sum.Sum(nil))
	protect := func(h crypto.Hash) []byte {
		return Attribute(asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 52}, tlv(0x30, digestAlgorithm(h), tlv(0xa1, mustDER(oidRSA), tlv(5))))
	}
	add("certificate", "signing-certificate-v2 (RFC 5035)", Attribute(asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 16, 2, 47}, tlv(0x30, tlv(0x30, tlv(0x30, certificate)))))
	add("certificate-v1", "signing-certificate (RFC 2634)", Attribute(asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 16, 2, 12}, tlv(0x30, tlv(0x30, tlv(0x30, tlv(0x04, make([]byte, 20)))))))
	add("protection", "cmsAlgorithmProtection (RFC 6211)", protect(crypto.SHA256))
	add("no-value", "an attribute nobody knows, without a value", Attribute(asn1.ObjectIdentifier{1, 2, 3}))
	add("generalized", "signingTime as GeneralizedTime", Attribute(oidSigningTime, tlv(0x18, []byte("20261110092205Z"))), noTime)
	add("minutes", "signingTime without seconds", Attribute(oidSigningTime, tlv(0x17, []byte("2611100922Z"))), noTime)
	add("local", "signingTime with a zone", Attribute(oidSigningTime, tlv(0x17, []byte("261110102205+0100"))), noTime)
}
