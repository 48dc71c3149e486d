package pectest

import (
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"time"
)

// forgeReaders are messages in which some mail programs, or OpenSSL, read something else than others do.
func forgeReaders(c *corpus) {
	readersOfCMS(c)
	readersOfPaths(c)
}

// readersOfCMS are signatures that OpenSSL refuses for their form, and some that it takes.
func readersOfCMS(c *corpus) {
	malformed := because("malformed_cms")
	attribute := func(name, what string, want Want, f func(a [][]byte) [][]byte) {
		c.no("attribute-"+name, what, want, func(d *Draft) { d.CMS.Attributes = f })
	}
	for name, value := range map[string][]byte{
		"boolean": tlv(1), "null": tlv(5, []byte{0}), "integer": tlv(2), "long-integer": tlv(2, []byte{0, 1}), "bits": tlv(3), "bits-left": tlv(3, []byte{8, 0}),
		"name": tlv(6, []byte{0x2a, 0x80}), "long-name": tlv(6, []byte{0x2a, 0x80, 1}), "half-letter": tlv(30, []byte{0}), "quarter-letter": tlv(28, []byte{0, 0}),
	} {
		attribute(name, "an attribute whose value is none of its kind: "+name, malformed, func(a [][]byte) [][]byte {
			return append(a, Attribute(asn1.ObjectIdentifier{1, 2, 3}, value))
		})
	}
	attribute("kind", "an attribute whose kind is no name", malformed, func(a [][]byte) [][]byte {
		return append(a, tlv(0x30, tlv(6, []byte{0x80, 1}), tlv(0x31, tlv(5))))
	})
	attribute("ber", "an attribute in BER, signed as it stands and not in DER", because("signature_mismatch"), func(a [][]byte) [][]byte {
		return append(a, Attribute(asn1.ObjectIdentifier{1, 2, 3}, tlv(0x24, tlv(4, []byte{1}), tlv(4, []byte{2}))))
	})
	attribute("content-type", "contentType as a text, which OpenSSL passes over", malformed, func(a [][]byte) [][]byte {
		a[0] = Attribute(oidContentType, tlv(4, []byte("data")))
		return a
	})
	element := func(name, what string, want Want, f func(asn1.RawValue) []byte, path ...int) {
		c.no("element-"+name, what, want, func(d *Draft) { d.CMS.Mangle = func(b []byte) []byte { return onElement(b, f, path...) } })
	}
	element("digest", "what is no digest among those listed", malformed, func(e asn1.RawValue) []byte {
		return tlv(0x31, e.Bytes, tlv(0x30, mustDER(oidRSA), tlv(5)))
	}, 1, 0, 1)
	element("serial", "a serial number of no bytes", because("malformed_cms", "no_signer"), func(asn1.RawValue) []byte { return tlv(2) }, 1, 0, 4, 0, 1, 1)
	element("certificate", "a certificate without a signature, behind those needed", malformed, func(e asn1.RawValue) []byte {
		return tlv(0xa0, e.Bytes, tlv(0x30, tlv(0x30), tlv(0x30, mustDER(oidRSA)), tlv(3)))
	}, 1, 0, 3)
	c.no("certificate-behind", "the certificate in BER, as nobody signed it, and as it was signed behind the end", because("no_signer"), func(d *Draft) {
		tbs := d.CMS.Certificates[0].RawTBSCertificate
		d.CMS.Mangle = func(der []byte) []byte { return append(rewritten(der, tbs), tbs...) }
	})
}

// readersOfPaths are certificates of which OpenSSL says something by one extension or one second; none of them is in the index.
func readersOfPaths(c *corpus) {
	proxy := []pkix.Extension{{Id: asn1.ObjectIdentifier{1, 3, 6, 1, 5, 5, 7, 1, 14}, Value: tlv(0x30, tlv(0x30, mustDER(asn1.ObjectIdentifier{1, 3, 6, 1, 5, 5, 7, 21, 1})))}}
	netscape := []pkix.Extension{{Id: asn1.ObjectIdentifier{2, 16, 840, 1, 113730, 1, 1}, Critical: true, Value: []byte{3, 2, 5, 0x20}}}
	for name, s := range map[string]struct {
		reason string
		change func(*Certificate)
	}{
		"proxy":       {"chain", func(x *Certificate) { x.Extensions = proxy }},
		"netscape":    {"not_in_index", func(x *Certificate) { x.Extensions = netscape }},
		"last-second": {"expired", func(x *Certificate) { x.NotAfter = defaultDate }},
		"one-more":    {"not_in_index", func(x *Certificate) { x.NotAfter = defaultDate.Add(time.Second) }},
	} {
		leaf := Certificate{CommonName: "Posta Certificata", Organization: customersName, Emails: []string{c.w.Customers.Notice}, Key: P256}
		s.change(&leaf)
		c.no("path-"+name, "a certificate not in the index: "+name, because(s.reason), signedBy(c.issued(leaf), c.w.authority.Intermediate.Cert))
	}
	key, err := P256.generate()
	if err != nil {
		panic(err)
	}
	t := &x509.Certificate{Subject: pkix.Name{CommonName: "Tipo"}, NotBefore: defaultNotBefore, NotAfter: defaultNotAfter, KeyUsage: x509.KeyUsageCertSign, IsCA: true,
		BasicConstraintsValid: true, ExtraExtensions: netscape}
	authority, err := issue(t, c.w.authority.Root, key)
	if err != nil {
		panic(err) // a constant template
	}
	id, err := Certificate{CommonName: "Posta Certificata", Organization: customersName, Emails: []string{c.w.Customers.Notice}, Key: P256}.issue(authority)
	if err != nil {
		panic(err)
	}
	c.no("path-netscape-authority", "an authority with a critical Netscape type", because("not_in_index"), signedBy(id, authority.Cert))
}
