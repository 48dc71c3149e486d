package pectest

import (
	"bytes"
	"crypto"
	"crypto/x509"
	"encoding/asn1"
	"slices"
	"strings"
)

// genuineProviders are envelopes and receipts in the very shape of those that single providers were seen to make
// between 2018 and 2024, with our names in them.
func genuineProviders(c *corpus) {
	mail := "Received: from smtps.pec.example.it (localhost [127.0.0.1])\n\tby smtps.pec.example.it (Postfix) with ESMTP id 4RS5bG5gzDzbd7J\n\tfor <disattivazioni@pec.example.com>; Tue, 10 Nov 2026 10:22:05 +0100 (CET)\n"
	date := "Date: Tue, 10 Nov 2026 10:22:04 +0100\nSubject: [X] xdcr_00583.txt\nMIME-Version: 1.0\n"
	ends := func(d *Draft) string {
		return "Message-ID: <" + d.Identifier + ">\nX-Riferimento-Message-ID: " + d.Message.messageID() + "\n"
	}
	original := func(f func(d *Draft) string) Variation {
		return func(d *Draft) { d.Original = []byte(crlf(f(d))) }
	}
	webmail := original(func(d *Draft) string {
		const b, a = "_=__=_XaM3_.1692373033.2A.801863.42.21128.52.42.007.1335517473", "_=__=_XaM3_.1692373033.2A.801906.42.21128.52.42.007.839334166"
		return mail + date + "X-Sensitivity: 3\nContent-Type: multipart/mixed;\n\tboundary=\"" + b + "\"\nReply-To: mario@pec.example.it\nFrom: \"Mario Rossi\" <mario@pec.example.it>\nTo: \"disattivazioni\" <disattivazioni@pec.example.com>\n" +
			"X-XaM3-API-Version: 4.2.88\nX-TipoRicevuta: completa\nX-type: 0\nX-SenderIP: 127.0.0.1\nX-MLTR-UUID: {b32943d4-bd3b-407e-b851-b2704c633b4a}\n" + ends(d) +
			"\n\n--" + b + "\nContent-Type: multipart/alternative;\n\tboundary=\"" + a + "\"\n\n\n--" + a + "\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: base64\n\nQ2lhbwo=\n\n\n--" + a +
			"\nContent-Type: text/html; charset=utf-8\nContent-Transfer-Encoding: base64\n\nPGRpdj5DaWFvPC9kaXY+\n\n\n--" + a + "--\n\n--" + b +
			"\nContent-Type: text/plain; name=\"=?utf-8?Q?xdcr=5F00583.txt?=\"\nContent-Transfer-Encoding: base64\nContent-Disposition: attachment; filename=\"=?utf-8?Q?xdcr=5F00583.txt?=\"\n\nMzE5MDIwNg==\n\n\n--" + b + "--\n\n"
	})
	capabilities := func(d *Draft) { // the SMIMECapabilities attribute, SHA-1
		d.CMS.Digest = crypto.SHA1
		d.CMS.Attributes = func(a [][]byte) [][]byte {
			return append(a, Attribute(asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 15}, tlv(0x30,
				tlv(0x30, mustDER(asn1.ObjectIdentifier{1, 2, 840, 113549, 3, 7})), tlv(0x30, mustDER(asn1.ObjectIdentifier{1, 3, 14, 3, 2, 7})))))
		}
	}
	c.ok("webmail-2023", "a provider's webmail of 2023: SHA-1, SMIMECapabilities, Message-ID behind Content-Type, many Received among the fields", webmail, capabilities, lastField("Message-ID"),
		outer("X-TipoRicevuta", ""), outside(func(f []Field) []Field {
			return append(f, Field{"X-Tiporicevuta", "completa"}, Field{"X-MLTR-Uuid", "{b32943d4-bd3b-407e-b851-b2704c633b4a}"},
				Field{"Received", "from smtps.pec.example.it (localhost [127.0.0.1])\tby\r\n smtps.pec.example.it (Postfix) with ESMTP id 4RS5bG5gzDzbd7J\tfor\r\n <disattivazioni@pec.example.com>; Tue, 10 Nov 2026 10:22:05 +0100\r\n (CET)"})
		}))
	c.ok("webmail-sha256", "the same with SHA-256 and blank lines behind the base64 of daticert", webmail, func(d *Draft) { d.Protocol = "application/pkcs7-signature" },
		inPart("daticert", func(p *Part) { p.Body = append(p.Body, "\r\n"...) }))
	c.ok("app-2024", "a provider's app of 2024: folded From, own fields folded, HTML only in base64, outside recipients", func(d *Draft) {
		d.CMS.Digest = crypto.SHA1
		d.Daticert.Recipients = append([]Recipient{{"osm@example.org", "esterno"}, {"osj12@example.org", "esterno"}}, d.Daticert.Recipients...)
	}, outer("From", "\"Per conto di: mario@pec.example.it\"\r\n <"+c.w.Customers.Notice+">"), more("X-Details", "H4sIAAAAAAAAA6tWitANKMrPTyvIz8wr0XUP9XRRslKqSvIqSHVKCowI9s/wrHCyyAp08fLzLUqOTKvw\r\n c/Ez8FOqBQAYWUSWOAAAAA=="),
		original(func(d *Draft) string {
			return mail + "To: \"osj12\" <osj12@example.org>, \"osm\" <osm@example.org>,\n \"richieste\" <disattivazioni@pec.example.com>\nFrom: \"Mario Rossi\" <mario@pec.example.it>\nSubject: =?UTF-8?Q?Norah?=\nDate: Mon, 9 Nov 2026 23:22:01 -0900\nMIME-Version: 1.0\n" +
				"Content-Type: text/html; charset=UTF-8\nContent-Transfer-Encoding: Base64\nX-Details: H4sIAAAAAAAAA6tWitANKMrPTyvIz8wr0XUP9XRRslKqSvIqSHVKCowI9s/wrHCyyAp08fLzLUqOTKvw\n\tc/Ez8FOqBQAYWUSWOAAAAA==\n" + ends(d) + "\nPGEgaHJlZj0iaHR0cHM6Ly9leGFtcGxlLm9yZyI+eDwvYT4N\nCg==\n"
		}), onXML(func(x string) string { return strings.Replace(x, `"completa"/>`, `"completa" />`, 1) }))
	c.ok("telecom-2013", "a provider's daticert that names its style sheet and its DTD", func(d *Draft) {
		d.Daticert.Doctype = "<?xml-stylesheet type=\"text/xsl\" href=\"https://gestore.example.org/dtd/postacert.xsl\"?>\r\n<!DOCTYPE postacert PUBLIC \"posta certificata\" \"https://gestore.example.org/dtd/postacert.dtd\">\r\n\r\n"
	}, onXML(func(x string) string { return strings.Replace(x, `"completa"/>`, `"completa" />`, 1) }))
	c.ok("issuer-encoded-anew", "the issuer named with other string types than in the certificate", func(d *Draft) {
		cert := *d.CMS.Signers[0].Cert
		cert.RawIssuer = bytes.Replace(slices.Clone(cert.RawIssuer), []byte("\x13\x02IT"), []byte("\x0c\x02IT"), 1)
		d.CMS.Certificates = []*x509.Certificate{d.CMS.Signers[0].Cert, c.w.authority.Intermediate.Cert}
		d.CMS.Signers = []*Identity{{Cert: &cert, Key: d.CMS.Signers[0].Key}}
	})
	c.ok("issuer-long-length", "the issuer named with a length longer than it need be", func(d *Draft) {
		d.CMS.Mangle = func(b []byte) []byte {
			return onElement(b, func(e asn1.RawValue) []byte { return append([]byte{0x31, 0x81, byte(len(e.Bytes))}, e.Bytes...) }, 1, 0, 4, 0, 1, 0, 0)
		}
	})
	c.ok("java-2026", "a provider's new engine of 2026: JavaMail's boundaries and folding, Bouncy Castle's signature", java)
	genuineProviderReceipts(c)
}

// java writes what the engine of 2026 wrote: parameters folded behind a blank, no MIME-Version within, no blank lines around the
// parts, names without quotes, digests without a parameter, indefinite lengths.
func java(d *Draft) {
	d.Outer, d.Inner = "----=_Part_2464084_177794047.1789825279909", "----=_Part_2464081_859015838.1789825279897"
	d.Protocol, d.Columns = "application/pkcs7-signature", 76
	d.CMS.Indefinite, d.CMS.LongOID = true, true
	d.CMS.DigestName = func([]byte) []byte { return tlv(0x30, mustDER(algorithms[d.CMS.Digest].digest)) }
	d.CMS.Attributes = func(a [][]byte) [][]byte { // RFC 6211
		named := algorithms[d.CMS.Digest]
		return append(a, Attribute(asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 52}, tlv(0x30, tlv(0x30, mustDER(named.digest)), tlv(0xa1, mustDER(named.rsa), tlv(5)))))
	}
	onXML(func(x string) string { return x + "\r\n" })(d)
	d.Parts = append(d.Parts, func(parts []Part) []Part {
		for i, p := range parts {
			parts[i].Body = bytes.TrimSuffix(p.Body, []byte("\r\n"))
			if p.Name == "postacert" {
				parts[i].Header = []Field{{"Content-Type", "message/rfc822; name=postacert.eml"}, {"Content-Transfer-Encoding", "7bit"}, {"Content-Disposition", "inline; filename=postacert.eml"}}
			}
		}
		return parts
	})
	d.Signed = append(d.Signed, func(b []byte) []byte {
		_, body := splitHeader(b)
		return slices.Concat([]byte("Content-Type: multipart/mixed; \r\n\tboundary=\""+d.Inner+"\"\r\n"), body)
	})
	d.Finish = append(d.Finish, func(b []byte) []byte {
		head, body := splitHeader(b)
		changed := strings.NewReplacer(`micalg="sha-256"; `, "micalg=sha-256; \r\n\t", " +0100\r\n", " +0100 (CET)\r\n").Replace(string(head))
		_, body, _ = bytes.Cut(body, []byte("\r\n\r\n"))
		body = bytes.Replace(body, []byte(`name="smime.p7s"`), []byte("name=smime.p7s"), 2)
		return slices.Concat([]byte(changed+"X-Attachment: yes\r\n\r\nThis is a S/MIME signed message\r\n"), body)
	})
}

// genuineProviderReceipts are receipts in the shape of real ones.
func genuineProviderReceipts(c *corpus) {
	letter := Message{From: c.w.Ours[0], To: "mario@pec.example.it", Subject: "Test PEC", MessageID: "SN05IE$951DEC16C1CFD3E4FD8FF1B1D24A99AE@pec.example.com", Text: "x\n"}
	want := Want{Kinds: []string{"receipt"}, Statuses: []string{"valid"}}
	add := func(name, what string, p *Provider, kind string, v ...Variation) {
		c.add(name, what, p.Receipt(kind, letter, v...), letter.date(), want)
	}
	sha1 := func(d *Draft) { d.CMS.Digest = crypto.SHA1 }
	add("receipt-accettazione", "an acceptance with Message-ID behind Content-Type and a msgid with $", c.w.Desk, Accettazione, sha1, lastField("Message-ID"))
	add("receipt-from-twice", "a delivery receipt whose From has the address as its name", c.w.Customers, AvvenutaConsegna,
		outer("From", c.w.Customers.Notice+" <"+c.w.Customers.Notice+">"), outside(func(f []Field) []Field {
			setField(f, "Return-Path", "<"+c.w.Customers.Notice+">")
			return f
		}), inPart("daticert", func(p *Part) { p.Body = append(p.Body, "\r\n\r\n"...) }))
	add("receipt-java-2026", "an acceptance by the engine of 2026", c.w.Desk, Accettazione, java)
	add("receipt-java-2026-complete", "a delivery receipt by the same", c.w.Customers, AvvenutaConsegna, java)
	add("receipt-errore", "a failure of a mailbox that does not exist", c.w.Desk, ErroreConsegna, sha1, Because("no-dest", "5.1.1 - GESTORE S.p.A. - indirizzo non valido"),
		more("Delivered-To", c.w.Ours[0]))
}

// lastField writes a field of the outer header behind Content-Type.
func lastField(name string) Variation {
	return onEntity(func(_ *Draft, b []byte) []byte {
		head, body := splitHeader(b)
		var before, last []byte
		for _, f := range unfoldedFields(head) {
			if n, _, _ := strings.Cut(string(f), ":"); strings.EqualFold(n, name) {
				last = append(last, f...)
			} else {
				before = append(before, f...)
			}
		}
		return slices.Concat(before, last, body)
	})
}
