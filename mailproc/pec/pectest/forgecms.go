package pectest

import (
	"bytes"
	"crypto"
	"crypto/x509/pkix"
	"encoding/asn1"
	"slices"
	"strings"
	"time"
)

// addCMS adds the sample whose signature f changes.
type addCMS func(name, what string, want Want, f func(*CMS))

// forgeCMS are signatures of an odd build.
func forgeCMS(c *corpus) {
	malformed := because("malformed_cms", "no_signer", "two_signers", "signature_missing", "encapsulated_content")
	add := func(name, what string, want Want, f func(*CMS)) {
		c.no(name, what, want, func(d *Draft) { f(&d.CMS) })
	}
	add("no-signer", "no signer", because("no_signer"), func(m *CMS) { m.Signers = []*Identity{} })
	add("nothing", "no signer, no certificates", because("no_signer"), func(m *CMS) { m.Signers, m.Certificates = []*Identity{}, nil })
	add("no-certificates", "a signer, no certificates", because("no_signer"), func(m *CMS) { m.Certificates = nil })
	two := because("two_signers")
	add("two-signers", "two good signers", two, func(m *CMS) {
		m.Signers, m.Certificates = append(m.Signers, c.w.P256.Signer), append(m.Certificates, c.w.P256.Signer.Cert)
	})
	add("same-signer-twice", "the same signer twice", two, func(m *CMS) { m.Signers = append(m.Signers, m.Signers[0]) })
	add("foreign-second", "a second signer of another authority", two, func(m *CMS) {
		m.Signers, m.Certificates = append(m.Signers, c.w.Foreign.Signer), append(m.Certificates, c.w.Foreign.Signer.Cert)
	})
	add("foreign-first", "a first signer of another authority", two, func(m *CMS) {
		m.Signers, m.Certificates = append([]*Identity{c.w.Foreign.Signer}, m.Signers...), append(m.Certificates, c.w.Foreign.Signer.Cert)
	})
	lent := &Identity{Cert: c.w.Customers.Signer.Cert, Key: c.w.Foreign.Signer.Key}
	add("bad-second", "a good signer and a false one", two, func(m *CMS) { m.Signers = append(m.Signers, lent) })
	add("bad-first", "a false signer and a good one", two, func(m *CMS) { m.Signers = append([]*Identity{lent}, m.Signers...) })
	for _, ber := range []bool{false, true} {
		suffix := ""
		if ber {
			suffix = "-ber"
		}
		c.no("encapsulated-genuine"+suffix, "the genuine content inside, a false one outside", because("encapsulated_content", "digest_mismatch"),
			encapsulate(ber, false), tamper(func(s string) string { return strings.Replace(s, "disattivazione", "riattivazione", 1) }))
		c.no("encapsulated-same"+suffix, "the content inside too", because("encapsulated_content"), encapsulate(ber, false))
		c.no("encapsulated-other"+suffix, "other content inside", because("encapsulated_content"), encapsulate(ber, true))
	}
	add("listed-other", "digestAlgorithms does not list the digest used", malformed, func(m *CMS) { m.Listed = crypto.SHA512 })
	add("many-certificates", "twenty-one certificates", malformed, func(m *CMS) {
		for len(m.Certificates) < 21 {
			m.Certificates = append(m.Certificates, c.w.Desk.Signer.Cert)
		}
	})
	add("odd-certificate", "something among the certificates that is none", malformed, func(m *CMS) { m.RawExtras = [][]byte{tlv(0x30, tlv(0x02, []byte{1}))} })
	forgeSignatureBytes(add)
	forgeCMSBytes(add, malformed)
}

// forgeSignatureBytes are signatures whose value is not what the key makes.
func forgeSignatureBytes(add addCMS) {
	add("sig-flipped", "one bit of the signature changed", because("signature_mismatch"), func(m *CMS) {
		m.Signature = func(s []byte) []byte { s[len(s)/2] ^= 1; return s }
	})
	add("sig-zero", "a signature of zeros", because("signature_mismatch"), func(m *CMS) { m.Signature = func(s []byte) []byte { return make([]byte, len(s)) } })
	add("sig-one", "the signature one", because("signature_mismatch", "malformed_cms"), func(m *CMS) { m.Signature = func([]byte) []byte { return []byte{1} } })
	add("sig-empty", "an empty signature", because("signature_mismatch", "malformed_cms"), func(m *CMS) { m.Signature = func([]byte) []byte { return nil } })
	add("sig-short", "the signature cut", because("signature_mismatch", "malformed_cms"), func(m *CMS) { m.Signature = func(s []byte) []byte { return s[:len(s)-1] } })
	add("sig-long", "a zero before the signature", because("signature_mismatch", "malformed_cms"), func(m *CMS) {
		m.Signature = func(s []byte) []byte { return append([]byte{0}, s...) }
	})
}

// forgeCMSBytes are bytes that are no CMS, or one that would hurt a careless reader.
func forgeCMSBytes(add addCMS, malformed Want) {
	add("truncated", "the last byte is missing", malformed, func(m *CMS) { m.Mangle = func(b []byte) []byte { return b[:len(b)-1] } })
	add("half", "half is missing", malformed, func(m *CMS) { m.Mangle = func(b []byte) []byte { return b[:len(b)/2] } })
	add("not-signed-data", "called enveloped data", malformed, func(m *CMS) {
		m.Mangle = func(b []byte) []byte {
			return bytes.Replace(b, mustDER(oidSignedData), mustDER(asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 7, 3}), 1)
		}
	})
	add("huge-length", "a length of four gigabytes", malformed, func(m *CMS) {
		m.Mangle = func(b []byte) []byte { return slices.Concat([]byte{0x30, 0x84, 0xff, 0xff, 0xff, 0xff}, b[4:]) }
	})
	add("random", "random bytes", malformed, func(m *CMS) {
		m.Mangle = func(b []byte) []byte { return bytes.Repeat([]byte{0x30, 0x03, 0x9f, 0x1f, 0xa5}, 400) }
	})
	add("bomb", "ten thousand nested constructions", malformed, func(m *CMS) {
		m.Mangle = func([]byte) []byte { return bytes.Repeat([]byte{0x30, 0x80}, 10000) }
	})
	add("bomb-inside", "a nested construction among the certificates", malformed, func(m *CMS) {
		m.RawExtras = [][]byte{slices.Concat(bytes.Repeat([]byte{0x30, 0x80}, 5000), bytes.Repeat([]byte{0, 0}, 5000))}
	})
}

// encapsulate puts content into a detached signature: what is signed, or other.
func encapsulate(ber, other bool) Variation {
	return func(d *Draft) {
		d.CMS.Indefinite = ber
		d.Signed = append(d.Signed, func(b []byte) []byte {
			d.CMS.Encapsulated = b
			if other {
				d.CMS.Encapsulated = bytes.Replace(b, []byte("disattivazione"), []byte("riattivazione"), 1)
			}
			return b
		})
	}
}

// forgeAlgorithms name one algorithm and use another.
func forgeAlgorithms(c *corpus) {
	want := because("malformed_cms", "signature_mismatch", "digest_mismatch", "unsupported_algorithm", "envelope_inconsistent")
	for _, h := range digests {
		if h != crypto.SHA256 {
			c.no("named-"+algorithms[h].micalg, "SHA-256 used, "+algorithms[h].micalg+" named by the signer", want, func(d *Draft) { d.CMS.Named = h })
			c.no("named-long-"+algorithms[h].micalg, "SHA-256 used, "+algorithms[h].micalg+" named with its signature", want, func(d *Draft) { d.CMS.Named, d.CMS.LongOID = h, true })
			c.noFrom(c.w.PSS, c.w.request(), "named-pss-"+algorithms[h].micalg, "PSS with SHA-256, "+algorithms[h].micalg+" named", want, func(d *Draft) { d.CMS.Named = h })
			c.noFrom(c.w.P256, c.w.request(), "named-ecdsa-"+algorithms[h].micalg, "ECDSA with SHA-256, "+algorithms[h].micalg+" named", want, func(d *Draft) { d.CMS.Named = h })
		}
		if h != crypto.SHA256 {
			c.no("micalg-"+algorithms[h].micalg, "SHA-256 used, micalg says "+algorithms[h].micalg, because("envelope_inconsistent"), func(d *Draft) { d.Micalg = algorithms[h].micalg })
			c.no("micalg-used-"+algorithms[h].micalg, "SHA-256 said by micalg, "+algorithms[h].micalg+" used", because("envelope_inconsistent"), func(d *Draft) { d.Micalg, d.CMS.Digest = "sha-256", h })
		}
	}
	c.no("pss-as-v15", "PSS used, PKCS #1 v1.5 named", because("signature_mismatch", "malformed_cms"), func(d *Draft) {
		d.CMS.PSS = true
		d.CMS.Algorithm = func([]byte) []byte { return tlv(0x30, mustDER(oidRSA), tlv(0x05)) }
	})
	c.no("v15-as-pss", "PKCS #1 v1.5 used, PSS named", because("signature_mismatch", "malformed_cms"), func(d *Draft) {
		d.CMS.Algorithm = func([]byte) []byte { return CMS{PSS: true}.signatureAlgorithm(c.w.PSS.Signer, crypto.SHA256) }
	})
	c.no("rsa-as-ecdsa", "RSA used, ECDSA named", because("signature_mismatch", "malformed_cms", "unsupported_algorithm"), func(d *Draft) {
		d.CMS.Algorithm = func([]byte) []byte { return tlv(0x30, mustDER(algorithms[crypto.SHA256].ecdsa)) }
	})
	c.noFrom(c.w.P256, c.w.request(), "ecdsa-as-rsa", "ECDSA used, RSA named", because("signature_mismatch", "malformed_cms", "unsupported_algorithm"), func(d *Draft) {
		d.CMS.Algorithm = func([]byte) []byte { return tlv(0x30, mustDER(oidRSA), tlv(0x05)) }
	})
	c.no("digest-as-signature", "no signature algorithm but a digest's name", because("signature_mismatch", "malformed_cms", "unsupported_algorithm"), func(d *Draft) {
		d.CMS.Algorithm = func([]byte) []byte { return digestAlgorithm(crypto.SHA256) }
	})
	for name, oid := range map[string]asn1.ObjectIdentifier{"md5": {1, 2, 840, 113549, 2, 5}, "unknown": {1, 2, 3, 4}, "sha224": {2, 16, 840, 1, 101, 3, 4, 2, 4}} {
		c.no("digest-"+name, "the digest renamed to "+name, because("unsupported_algorithm", "malformed_cms", "digest_mismatch", "signature_mismatch"), func(d *Draft) {
			d.CMS.DigestName = func([]byte) []byte { return tlv(0x30, mustDER(oid), tlv(0x05)) }
		})
	}
}

// forgeAttributes change the signed attributes, and sign them rightly.
func forgeAttributes(c *corpus) {
	want := because("digest_attribute", "malformed_cms")
	add := func(name, what string, w Want, f func(a [][]byte) [][]byte) {
		c.no(name, what, w, func(d *Draft) { d.CMS.Attributes = f })
	}
	evil := func(n int) []byte { return Attribute(oidMessageDigest, tlv(0x04, bytes.Repeat([]byte{7}, n))) }
	add("no-digest", "no messageDigest", want, func(a [][]byte) [][]byte { return slices.Delete(a, 1, 2) })
	add("two-digests", "a second messageDigest", want, func(a [][]byte) [][]byte { return append(a, evil(32)) })
	add("same-digest-twice", "messageDigest twice", want, func(a [][]byte) [][]byte { return append(a, a[1]) })
	add("two-values", "messageDigest with two values", want, func(a [][]byte) [][]byte {
		a[1] = Attribute(oidMessageDigest, evil(32)[len(evil(32))-34:], a[1][len(a[1])-34:])
		return a
	})
	add("no-value", "messageDigest without a value", want, func(a [][]byte) [][]byte {
		a[1] = Attribute(oidMessageDigest)
		return a
	})
	add("short-digest", "half a digest", because("digest_attribute", "malformed_cms", "digest_mismatch"), func(a [][]byte) [][]byte {
		a[1] = Attribute(oidMessageDigest, tlv(0x04, a[1][len(a[1])-16:]))
		return a
	})
	add("empty-digest", "an empty digest", because("digest_attribute", "malformed_cms", "digest_mismatch"), func(a [][]byte) [][]byte {
		a[1] = Attribute(oidMessageDigest, tlv(0x04))
		return a
	})
	add("wrong-digest", "the digest of something else", because("digest_mismatch"), func(a [][]byte) [][]byte {
		a[1] = evil(32)
		return a
	})
	add("digest-type", "the digest as a text", want, func(a [][]byte) [][]byte {
		a[1] = Attribute(oidMessageDigest, tlv(0x0c, a[1][len(a[1])-32:]))
		return a
	})
	add("no-content-type", "no contentType", want, func(a [][]byte) [][]byte { return a[1:] })
	add("two-content-types", "contentType twice", want, func(a [][]byte) [][]byte { return append(a, a[0]) })
	add("other-content-type", "the contentType of something else", because("digest_attribute", "malformed_cms", "signature_mismatch"), func(a [][]byte) [][]byte {
		a[0] = Attribute(oidContentType, mustDER(asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 7, 3}))
		return a
	})
	add("empty", "no attribute at all in the set", want, func([][]byte) [][]byte { return nil })
	c.no("none", "no signed attributes", because("no_signed_attributes", "digest_attribute", "malformed_cms"),
		func(d *Draft) { d.CMS.NoAttributes = true })
	// The attack that signed attributes invite: the set itself offered as content.
	c.no("attributes-as-content", "the signed attributes offered as the signed part", Want{}, func(d *Draft) {
		d.Tamper = append(d.Tamper, func(b []byte) []byte {
			h := crypto.SHA256.New()
			h.Write(b)
			return tlv(0x31, d.CMS.signedAttributes(h.Sum(nil)))
		})
		d.CMS.Mangle = func(b []byte) []byte { return b }
	})
}

// forgeSets are signatures in which something stands where RFC 5652 has nothing, or an attribute in the wrong set; they are
// signed rightly, and OpenSSL refuses them.
func forgeSets(c *corpus) {
	want := because("malformed_cms", "digest_attribute", "no_signer")
	null := tlv(0x05)
	behind := func(path []int) Variation {
		return func(d *Draft) {
			d.CMS.Mangle = func(b []byte) []byte {
				return onElement(b, func(e asn1.RawValue) []byte { return tlv(e.FullBytes[0], e.Bytes, null) }, path...)
			}
		}
	}
	for name, path := range map[string][]int{
		"info": {}, "content": {1}, "signed-data": {1, 0}, "digests": {1, 0, 1}, "digest": {1, 0, 1, 0}, "encapsulated": {1, 0, 2}, "certificates": {1, 0, 3},
		"signer": {1, 0, 4, 0}, "signer-id": {1, 0, 4, 0, 1}, "signer-name": {1, 0, 4, 0, 1, 0, 0, 0}, "signer-digest": {1, 0, 4, 0, 2}, "algorithm": {1, 0, 4, 0, 4},
	} {
		c.no("behind-"+name, "an element behind the last one: "+name, want, behind(path))
	}
	for name, path := range map[string][]int{"parameters": {1, 0, 4, 0, 4, 1}, "digest": {1, 0, 4, 0, 4, 1, 0, 0}, "mask": {1, 0, 4, 0, 4, 1, 1, 0}, "salt": {1, 0, 4, 0, 4, 1, 2}} {
		c.noFrom(c.w.PSS, c.w.request(), "behind-pss-"+name, "an element behind the last one of the RSA-PSS parameters: "+name, want, behind(path))
	}
	c.no("long-serial", "a serial number with a zero it does not need", want, func(d *Draft) {
		d.CMS.Mangle = func(b []byte) []byte {
			return onElement(b, func(e asn1.RawValue) []byte { return tlv(0x02, []byte{0}, e.Bytes) }, 1, 0, 4, 0, 1, 1)
		}
	})
	c.no("odd-list", "a revocation list that is none", want, func(d *Draft) { d.CMS.CRLs = [][]byte{tlv(0x30)} })
	signed := func(name, what string, f func(a [][]byte) [][]byte) {
		c.no(name, what, want, func(d *Draft) { d.CMS.Attributes = f })
	}
	moment := mustDER(time.Date(2026, 11, 10, 9, 22, 5, 0, time.UTC))
	signed("two-times", "a second signingTime", func(a [][]byte) [][]byte { return append(a, Attribute(oidSigningTime, moment)) })
	signed("time-two-values", "signingTime with two values", func(a [][]byte) [][]byte { return append(a[:2], Attribute(oidSigningTime, moment, moment)) })
	signed("time-no-value", "signingTime without a value", func(a [][]byte) [][]byte { return append(a[:2], Attribute(oidSigningTime)) })
	signed("countersigned", "a countersignature among the signed attributes", func(a [][]byte) [][]byte {
		return append(a, Attribute(asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 6}, tlv(0x30)))
	})
	signed("behind-attribute", "an element behind the values of an attribute", func(a [][]byte) [][]byte {
		return append(a, tlv(0x30, mustDER(asn1.ObjectIdentifier{1, 2, 3}), tlv(0x31, null), null))
	})
	for name, a := range map[string][]byte{
		"digest": Attribute(oidMessageDigest, tlv(0x04, make([]byte, 32))), "content-type": Attribute(oidContentType, mustDER(oidData)),
		"time": Attribute(oidSigningTime, moment), "garbage": tlv(0x02, []byte{1}),
	} {
		c.no("unsigned-"+name, "among the unsigned attributes: "+name, want, func(d *Draft) { d.CMS.Unsigned = [][]byte{a} })
	}
}

// onElement changes one element of a construction, which the path names by the places on the way to it.
func onElement(b []byte, f func(asn1.RawValue) []byte, path ...int) []byte {
	var e asn1.RawValue
	if _, err := asn1.Unmarshal(b, &e); err != nil {
		panic(err) // of our own making
	}
	if len(path) == 0 {
		return f(e)
	}
	var parts [][]byte
	for rest := e.Bytes; len(rest) > 0; {
		var part asn1.RawValue
		rest, _ = asn1.Unmarshal(rest, &part)
		parts = append(parts, part.FullBytes)
	}
	parts[path[0]] = onElement(parts[path[0]], f, path[1:]...)
	return tlv(b[0], parts...)
}

// criticalExtension is an extension nobody knows that must not be ignored.
var criticalExtension = []pkix.Extension{{Id: asn1.ObjectIdentifier{1, 3, 6, 1, 4, 1, 99999, 1}, Critical: true, Value: tlv(0x05)}}
