package pectest

import (
	"bytes"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"slices"
	"strings"
	"time"
)

// forgeReaders are messages in which some mail programs, or OpenSSL, read something else than others do.
func forgeReaders(c *corpus) {
	readersOfLines(c)
	readersOfNames(c)
	readersOfFroms(c)
	readersOfCMS(c)
	readersOfPaths(c)
}

// readersOfLines have delimiters where a line begins only for those who end one with CR.
func readersOfLines(c *corpus) {
	want := because("envelope_inconsistent")
	order := "Content-Type: text/plain\r\rChiudete anche anna@pec.example.it.\r"
	c.no("cr-preamble", "a part in the preamble, its lines ended by CR", want, func(d *Draft) {
		d.Preamble = "This is an S/MIME signed message\r--" + d.Outer + "\r" + order + "\r\n"
	})
	c.no("cr-preamble-later", "the same behind a line that has dashes", want, func(d *Draft) {
		d.Preamble = "S/MIME - firma - \r--" + d.Outer + "\r" + order + "\r\n"
	})
	c.no("cr-end", "a part behind the end, its lines ended by CR", want, func(d *Draft) { d.Epilogue = "fine\r--" + d.Outer + "\r" + order + "\r\n" })
	c.no("cr-signature", "a delimiter in the header of the signature", want, onEntity(func(d *Draft, b []byte) []byte {
		i := bytes.LastIndex(b, []byte("\r\nContent-Transfer-Encoding: base64\r\n"))
		return slices.Concat(b[:i], []byte("\r--"+d.Outer), b[i:])
	}))
	for name, delimiter := range map[string]func(*Draft) string{
		"outer": func(d *Draft) string { return d.Outer }, "inner": func(d *Draft) string { return d.Inner },
	} {
		c.no("cr-body-"+name, "a delimiter in the body of the original: "+name, want, func(d *Draft) {
			d.Original = append(d.Message.bytes(d.Identifier), "\r\n- - \r--"+delimiter(d)+"\r"+order+"\r\n"...)
		})
		c.no("cr-header-"+name, "a delimiter in the header of a part of the original: "+name, want, func(d *Draft) {
			d.Original = []byte("From: mario@pec.example.it\r\nMessage-ID: <" + d.Identifier + ">\r\nContent-Type: multipart/mixed; boundary=\"x\"\r\n\r\n--x\r\nX-A: b\r--" + delimiter(d) + "\r" + order + "\r\n\r\ntesto\r\n--x--\r\n")
		})
	}
	c.no("cr-notice", "a daticert's name behind a CR in the header of the notice", want, inPart("notice", func(p *Part) {
		p.Header = append(p.Header, Field{"X-A", "b\rContent-Disposition: attachment; filename=daticert.xml"})
	}))
	c.no("notice-line", "a line that is no field in the header of the notice", want, inPart("notice", func(p *Part) {
		p.Header = append(p.Header, Field{"X-A", "b\r\ndaticert.xml"})
	}))
	for name, first := range map[string]string{"empty": "", "plain": "7bit"} {
		c.no("encoding-"+name, "daticert.xml with two transfer encodings, the first "+name, want, inPart("daticert", func(p *Part) {
			p.Header = slices.Insert(p.Header, 2, Field{"Content-Transfer-Encoding", first})
		}))
	}
}

// readersOfNames are parts that some take for the provider's by a name.
func readersOfNames(c *corpus) {
	twice, want := because("two_postacert"), because("envelope_inconsistent")
	victim := Message{From: "anna@pec.example.it", To: c.w.Ours[0], Subject: "x", Text: "Chiudete la mia casella.\n"}
	other := func(d *Draft, typ, disposition string) Part {
		return Part{"other", []Field{{"Content-Type", typ}, {"Content-Disposition", disposition}}, victim.bytes(d.Identifier)}
	}
	c.signing("postacert-by-type", "a second original by the name of its type, another filename", twice, func(d *Draft, p []Part) []Part {
		return append(p, other(d, `application/octet-stream; name="postacert.eml"`, `attachment; filename="allegato.bin"`))
	})
	c.signing("postacert-deep", "a second original in a multipart of its own", twice, func(d *Draft, p []Part) []Part {
		o := other(d, `application/octet-stream`, `attachment; filename="postacert.eml"`)
		in := joinParts("mixed", "dentro", part{o.Header, o.Body})
		return append(p, Part{"other", in.header, in.body})
	})
	const altro = `application/octet-stream; name="altro.bin"`
	for name, fields := range map[string][]string{
		"2231": {altro, `attachment; filename="daticert.xml"; filename*=utf-8''altro.bin`}, "2231-type": {`application/octet-stream; name="daticert.xml"; name*=utf-8''altro.bin`, ""},
		"parameter": {altro, `attachment; filename="altro.bin"; filename="daticert.xml"`}, "parameter-first": {altro, `attachment; filename="daticert.xml"; filename="altro.bin"`},
		"blank": {altro, `attachment; filename=daticert.xml altro/testo`}, "blank-before": {altro, `attachment; filename="copia di daticert.xml"`}, "folder": {altro, `attachment; filename="./daticert.xml"`}, "windows": {altro, `attachment; filename="C:\daticert.xml"`},
		"stop": {altro, `attachment; filename="daticert.xml."`}, "blanks": {altro, `attachment; filename=" daticert.xml "`}, "message": {`message/rfc822; name="daticert.xml"`, ""},
		"three": {`application/octet-stream; name="daticert.xml"`, "attachment; filename=\"altro.bin\"\r\nContent-Disposition: attachment; filename=\"altro.txt\""},
	} {
		c.signing("daticert-"+name, "a second part that some call daticert.xml: "+name, because("two_daticert"), func(d *Draft, p []Part) []Part {
			o := Part{"other", []Field{{"Content-Type", fields[0]}}, victim.bytes(d.Identifier)}
			if fields[1] != "" {
				o.Header = append(o.Header, Field{"Content-Disposition", fields[1]})
			}
			return append(p, o)
		})
	}
	for _, name := range []string{"daticert.xml", "certdata.xml", "postacert.eml", "POSTACERT.EML"} {
		c.no("signature-as-"+name, "the signature bears the name "+name, want, onEntity(func(_ *Draft, b []byte) []byte {
			i := bytes.LastIndex(b, []byte("Content-Disposition: attachment; filename=\"smime.p7s\""))
			return append(slices.Clone(b[:i]), strings.Replace(string(b[i:]), "smime.p7s", name, 1)...)
		}))
	}
	c.no("signature-two-types", "a second Content-Type on the signature", want, onEntity(func(_ *Draft, b []byte) []byte {
		i := bytes.LastIndex(b, []byte("Content-Disposition: attachment; filename=\"smime.p7s\""))
		return slices.Concat(b[:i], []byte("Content-Type: message/rfc822\r\n"), b[i:])
	}))
}

// readersOfFroms have an address behind the one in brackets, in quotes.
func readersOfFroms(c *corpus) {
	for name, from := range map[string]string{
		"quoted": `Mario Rossi <mario@pec.example.it>"anna@pec.example.it"`, "quoted-blank": `Mario Rossi <mario@pec.example.it> "anna@pec.example.it"`,
		"quoted-list": `<mario@pec.example.it>", Anna <anna@pec.example.it>"`, "quoted-name": `<mario@pec.example.it> "Anna"`,
	} {
		c.no("original-"+name, "From of the original is "+from, because("sender_mismatch"), func(d *Draft) {
			d.Original = bytes.Replace(d.Message.bytes(d.Identifier), []byte("From: Mario Rossi <mario@pec.example.it>"), []byte("From: "+from), 1)
		})
		c.no("outer-"+name, "the outer From has the same behind the provider's address", because("envelope_inconsistent"), outer("From",
			`"Per conto di: mario@pec.example.it" <`+c.w.Customers.Notice+">"+from[strings.IndexByte(from, '>')+1:]))
	}
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
