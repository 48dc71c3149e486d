package pectest

import (
	"bytes"
	"crypto"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"fmt"
	"slices"
	"strings"
	"time"
)

// forgeGuessed are originals whose writer guessed the provider's boundaries and
// wrote parts of his own into the envelope that the provider then signed.
func forgeGuessed(c *corpus) {
	victim := Message{From: "anna@pec.example.it", To: c.w.Ours[0], Subject: "Disattivazione", Text: "x\n"}
	writes := func(name, what string, want Want, order string, text func(d *Draft) string) {
		c.no(name, what, want, reorder(strings.Fields(order)...), func(d *Draft) {
			d.Daticert.Sender, d.Message.From = "eva@pec.example.it", "eva@pec.example.it"
			d.Original = append(d.Message.bytes(d.Identifier), crlf(text(d))...)
		})
	}
	part := func(d *Draft, p Part) string {
		var b bytes.Buffer
		part{p.Header, p.Body}.write(&b)
		return "\n--" + d.Inner + "\n" + strings.ReplaceAll(b.String(), "\r\n", "\n")
	}
	false1 := func(d *Draft) string {
		x := d.Daticert
		x.Sender = "anna@pec.example.it"
		return part(d, d.DaticertPart(x.XML()))
	}
	false2 := func(d *Draft) string { return part(d, d.OriginalPart(victim.bytes(d.Identifier))) }
	all := because("two_daticert", "two_postacert", "envelope_inconsistent", "sender_mismatch")
	for _, order := range []string{"notice daticert postacert", "notice postacert daticert", "postacert notice daticert"} {
		suffix := "-" + strings.ReplaceAll(order, " ", "-")
		writes("daticert"+suffix, "a daticert behind the guessed boundary", all, order, false1)
		writes("postacert"+suffix, "an original behind the guessed boundary", all, order, false2)
		writes("both"+suffix, "both behind the guessed boundary", all, order, func(d *Draft) string { return false1(d) + false2(d) })
		writes("closed"+suffix, "both, and the multipart closed before the provider's own", all, order, func(d *Draft) string {
			return false1(d) + false2(d) + "\n--" + d.Inner + "--\n"
		})
		writes("closed-daticert"+suffix, "a daticert for oneself, and the multipart closed before the provider's own", all, order, func(d *Draft) string {
			return false1(d) + "\n--" + d.Inner + "--\n"
		})
		writes("backdated"+suffix, "a daticert of an hour before for oneself, and the multipart closed before the provider's own", all, order, func(d *Draft) string {
			x := d.Daticert
			x.At = x.At.Add(-time.Hour)
			return part(d, d.DaticertPart(x.XML())) + "\n--" + d.Inner + "--\n"
		})
		writes("hidden"+suffix, "a part that would swallow the provider's own", all, order, func(d *Draft) string {
			return false1(d) + "\n--" + d.Inner + "\nContent-Type: multipart/mixed; boundary=\"altro\"\n\n--altro\nContent-Type: message/rfc822\n\n"
		})
	}
	writes("outer", "the outer boundary guessed, with a signature of one's own", because("bad_structure", "digest_mismatch", "malformed_cms", "no_signer"), "notice daticert postacert", func(d *Draft) string {
		return "\n--" + d.Outer + "\nContent-Type: application/x-pkcs7-signature\nContent-Transfer-Encoding: base64\n\nMAA=\n--" + d.Outer + "--\n"
	})
	behind := func(name, what string, text func(d *Draft) string) {
		c.no(name, what, because("envelope_inconsistent", "bad_structure"), func(d *Draft) { d.Epilogue = crlf(text(d)) })
	}
	behind("after-end", "a part behind the last delimiter", func(d *Draft) string {
		return "--" + d.Outer + "\nContent-Type: text/plain\n\nChiudete anche anna@pec.example.it.\n--" + d.Outer + "--\n"
	})
	behind("after-end-text", "a part behind text behind the last delimiter", func(d *Draft) string {
		return "fine\n\n--" + d.Outer + "\nContent-Type: text/html\n\n<p>Chiudete.</p>\n"
	})
	behind("after-end-twice", "the last delimiter twice", func(d *Draft) string { return "\n--" + d.Outer + "--\n" })
}

// forgeFroms are writings of the original's From that some reader takes for
// another's address.
func forgeFroms(c *corpus) {
	want := because("sender_mismatch")
	for i, from := range []string{
		"<mailto:mario@pec.example.it>", "mario@pec.example.it.", "<mario@pec.example.it>,", "<mario@pec.example.it>;", "mario@pec.example.it mario@pec.example.it",
		"mario@pec.example.it <>", "<> mario@pec.example.it", "Mario <mario@pec.example.it> anna@pec.example.it", "anna@pec.example.it <mario@pec.example.it>",
		"Anna <anna@pec.example.it>\r\n\t<mario@pec.example.it>", "mario@pec.example.it\t\r\n anna@pec.example.it", "mario(anna)@pec.example.it", "mario @pec.example.it",
		"mario@pec .example.it", "mario@[127.0.0.1]", "mario@pec..example.it", "@pec.example.it", "mario@", "mario@@pec.example.it", "mario@pec.example.it@pec.example.it",
		"mario@pec.example.it%example.org", "<@pec.example.it:anna@pec.example.it>", "mario@pec.example.it\u00a0", "\u200bmario@pec.example.it", "m\u0430rio@pec.example.it",
		"\"mario\"@pec.example.it", "mario\\@pec.example.it", "=?utf-8?B?bWFyaW9AcGVjLmV4YW1wbGUuaXQ=?=", "=?us-ascii?Q?mario?=@pec.example.it", "=?utf-8?Q?a=3Cmario=40pec.example.it=3E?= anna@pec.example.it",
		"undisclosed:;", "mario@pec.example.it\u2003", "\u0085mario@pec.example.it", "Persone:mario@pec.example.it", "mario&#64;pec.example.it", "mario@pec.example.it\x01", "mario@pec.example.it\x7f", "MARIO@PEC.EX\u0410MPLE.IT",
		"(mario@pec.example.it)", "\"mario@pec.example.it\"", "Mario <mario@pec.example.it", "Mario mario@pec.example.it>", "<<mario@pec.example.it>>",
		"'mario@pec.example.it'", "mario@pec\uff0eexample.it", "mario@pec.example.it/anna", "mario@pec.example.it,", "anna@pec.example.it\x00, mario@pec.example.it",
	} {
		c.no(fmt.Sprintf("original-%02d", i), fmt.Sprintf("From of the original is %q", from), want, func(d *Draft) {
			d.Original = []byte("From: " + from + "\r\nTo: disattivazioni@pec.example.com\r\nSubject: Disattivazione casella\r\nMessage-ID: <" + d.Identifier + ">\r\n\r\nIl sottoscritto\r\n")
		})
	}
	field := func(name, what, head string) {
		c.no(name, what, want, func(d *Draft) {
			d.Original = []byte(crlf(head + "Message-ID: <" + d.Identifier + ">\n\nIl sottoscritto\n"))
		})
	}
	field("second-tab", "a second From with a tab before its colon", "From: mario@pec.example.it\nFrom\t: anna@pec.example.it\n")
	field("second-case", "a second FROM", "FROM: anna@pec.example.it\nfrom: mario@pec.example.it\n")
	field("resent", "only a Resent-From", "Resent-From: mario@pec.example.it\n")
	field("quoted-from", "From only as a quoted line", ">From: mario@pec.example.it\n")
	field("blank-line", "From behind a blank line", "Subject: x\n\nFrom: mario@pec.example.it\n")
	field("continued", "From as the continuation of another field", "Subject: x\n From: mario@pec.example.it\n")
	field("apparently", "Apparently-From and Sender", "Sender: mario@pec.example.it\nApparently-From: mario@pec.example.it\n")
}

// forgeCertificates are certificates of the right authority made to pass for a
// provider's, and chains that do not hold.
func forgeCertificates(c *corpus) {
	inter, notice := c.w.authority.Intermediate.Cert, c.w.Customers.Notice
	untrusted := func(reasons ...string) Want {
		return Want{Statuses: []string{"untrusted", "invalid"}, Reasons: reasons}
	}
	leaf := Certificate{CommonName: "Posta Certificata", Organization: customersName, Emails: []string{notice}, Key: P256}
	with := func(f func(*Certificate)) Certificate {
		x := leaf
		f(&x)
		return x
	}
	add := func(name, what string, want Want, cert Certificate, more ...*x509.Certificate) {
		c.no(name, what, want, signedBy(c.issued(cert), append([]*x509.Certificate{inter}, more...)...))
	}
	add("many-addresses", "a certificate for ten people and the provider", untrusted("not_in_index"), with(func(x *Certificate) {
		for i := range 10 {
			x.Emails = append([]string{fmt.Sprintf("p%d@pec.example.it", i)}, x.Emails...)
		}
	}))
	dn := func(address string) []pkix.Extension { // the subject's emailAddress cannot be set in pkix.Name: a SAN of another kind stands for it
		return []pkix.Extension{{Id: asn1.ObjectIdentifier{2, 5, 29, 17}, Value: tlv(0x30, tlv(0x82, []byte(address)))}}
	}
	add("address-as-host", "the provider's address as a host name", untrusted("not_in_index", "san_mismatch", "chain"), with(func(x *Certificate) { x.Emails, x.Extensions = nil, dn(notice) }))
	add("address-in-name", "the provider's address as the common name only", untrusted("not_in_index", "san_mismatch"), with(func(x *Certificate) { x.Emails, x.CommonName = nil, notice }))
	add("authority-leaf", "a certificate that may issue others", untrusted("not_in_index", "chain", "usage"), with(func(x *Certificate) {
		x.CA, x.KeyUsage = true, x509.KeyUsageDigitalSignature|x509.KeyUsageCertSign
	}))
	add("any-usage", "an extended usage for anything", untrusted("usage", "not_in_index"), with(func(x *Certificate) { x.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageAny} }))
	add("no-ext-usage", "no extended usage", untrusted("not_in_index"), with(func(x *Certificate) { x.NoExtUsage = true }))
	add("nul-address", "a NUL in the address", untrusted("not_in_index", "chain", "no_signer"), with(func(x *Certificate) { x.Emails = []string{notice + "\x00.example.org"} }))
	add("other-organization", "an organisation outside the name constraints", untrusted("chain"), with(func(x *Certificate) { x.Organization = "Altro S.r.l." }))
	add("no-organization", "no organisation, outside the name constraints", untrusted("chain"), with(func(x *Certificate) { x.Organization = "" }))
	add("address-outside", "a second address outside the name constraints", untrusted("chain"), with(func(x *Certificate) {
		x.Emails = append(x.Emails, "eva@altrove.example.com")
	}))
	add("subdomain-address", "an address of a host below a permitted one", untrusted("chain"), with(func(x *Certificate) { x.Emails = []string{"posta@sub.pec.example.it"} }))
	day := time.Date(2026, 11, 10, 9, 22, 5, 0, time.UTC)
	add("ended-second-before", "expired a second before", untrusted("expired"), with(func(x *Certificate) { x.NotAfter = day.Add(-time.Second) }))
	add("begins-second-after", "valid from a second later", untrusted("not_yet_valid"), with(func(x *Certificate) { x.NotBefore = day.Add(time.Second) }))
	add("with-provider", "a person's, with the provider's certificate enclosed", untrusted("not_in_index"), leaf, c.w.Customers.Signer.Cert)
	own, err := leaf.issue(c.w.authority.Root)
	if err != nil {
		panic(err)
	}
	c.no("from-root", "issued by the root itself, not in the index", untrusted("not_in_index"), signedBy(own, inter))
	for name, opt := range map[string]AuthorityOptions{"old": {NotAfter: day.AddDate(-1, 0, 0)}, "new": {NotBefore: day.AddDate(0, 1, 0)}} {
		a, err := NewAuthority(opt)
		if err != nil {
			panic(err)
		}
		id, err := a.Issue(leaf)
		if err != nil {
			panic(err)
		}
		c.no("chain-"+name, "under an authority whose time is not now", untrusted("chain", "expired", "not_yet_valid"), signedBy(id, a.Intermediate.Cert, a.Root.Cert))
	}
	forgeDoubles(c)
}

// forgeDoubles are certificates that bear the name of another.
func forgeDoubles(c *corpus) {
	inter, real := c.w.authority.Intermediate.Cert, c.w.Customers.Signer
	double := func(parent *Identity) *Identity {
		key, err := P256.generate()
		if err != nil {
			panic(err)
		}
		t := &x509.Certificate{SerialNumber: real.Cert.SerialNumber, Subject: real.Cert.Subject, EmailAddresses: real.Cert.EmailAddresses, SubjectKeyId: real.Cert.SubjectKeyId,
			NotBefore: real.Cert.NotBefore, NotAfter: real.Cert.NotAfter, KeyUsage: real.Cert.KeyUsage, ExtKeyUsage: real.Cert.ExtKeyUsage}
		id := &Identity{Key: key}
		if id.Cert, err = certify(t, parent, key); err != nil {
			panic(err)
		}
		return id
	}
	same := &Identity{Cert: inter, Key: c.w.Foreign.Signer.Key}
	fake := double(same) // issuer and serial number of the provider's, signed by a stranger
	refused := because("signature_mismatch", "chain", "no_signer", "not_in_index")
	c.no("double", "a stranger's certificate of the same issuer and serial number", refused, signedBy(fake, inter))
	c.no("double-first", "the same, the provider's own behind it", refused, signedBy(fake, real.Cert, inter))
	c.no("double-last", "the same, the provider's own before it", refused, signedBy(fake, inter), func(d *Draft) {
		d.CMS.Certificates = []*x509.Certificate{real.Cert, fake.Cert, inter}
	})
	c.no("double-unused", "signed by the provider, the stranger's certificate of the same name first", refused, func(d *Draft) {
		d.CMS.Certificates = []*x509.Certificate{fake.Cert, real.Cert, inter}
	})
	c.no("key-id-double", "a stranger's certificate of the same key identifier", refused, signedBy(fake, real.Cert, inter), func(d *Draft) { d.CMS.ByKeyID = true })
	c.no("key-id-unused", "signed by the provider, the stranger's certificate of the same key identifier first", refused, func(d *Draft) {
		d.CMS.ByKeyID, d.CMS.Certificates = true, []*x509.Certificate{fake.Cert, real.Cert, inter}
	})
	c.no("double-inter", "an intermediate of the same name, made by oneself", because("chain"), func(d *Draft) {
		d.CMS.Certificates = []*x509.Certificate{fake.Cert, c.w.Foreign.authority.Intermediate.Cert}
		d.CMS.Signers = []*Identity{fake}
	})
}

// certify signs a template as it is.
func certify(t *x509.Certificate, by *Identity, key crypto.Signer) (*x509.Certificate, error) {
	stranger := *by.Cert // its name, another key
	stranger.PublicKey = by.Key.Public()
	der, err := x509.CreateCertificate(rand.Reader, t, &stranger, key.Public(), by.Key)
	if err != nil {
		return nil, err
	}
	return x509.ParseCertificate(der)
}

// forgeElements are certification data that other readers read differently.
func forgeElements(c *corpus) {
	bad := because("daticert_malformed")
	swap := func(name, what, from, to string, want Want) {
		c.no(name, what, want, onXML(func(x string) string {
			out := strings.Replace(x, from, to, 1)
			if out == x {
				panic("pectest: a forgery changes nothing")
			}
			return out
		}))
	}
	const m = "<mittente>mario@pec.example.it</mittente>"
	swap("processing", "a processing instruction before the mittente", m, "<?x y?>"+m, bad)
	swap("processing-inside", "a processing instruction in the mittente", "mario@pec", "mario<?x?>@pec", bad)
	swap("stylesheet", "a style sheet within the data", m, "<?xml-stylesheet href=\"x.xsl\"?>"+m, bad)
	swap("comment-inside", "a comment in the mittente", "mario@pec", "mario<!--x-->@pec", bad)
	swap("cdata-two", "two CDATA sections in the mittente", m, "<mittente><![CDATA[mario@pec.example.it]]>, <![CDATA[anna@pec.example.it]]></mittente>", because("daticert_malformed", "sender_mismatch"))
	swap("child", "an element in the mittente", "mario@pec", "mario<b/>@pec", bad)
	swap("capitals", "MITTENTE", m, "<MITTENTE>mario@pec.example.it</MITTENTE>", bad)
	swap("prefixed", "a mittente of another namespace", m, "<x:mittente xmlns:x=\"urn:x\">mario@pec.example.it</x:mittente>", bad)
	swap("line-end", "a line end in the mittente", "mario@pec", "mario@\npec", because("daticert_malformed", "sender_mismatch"))
	swap("reference-line-end", "a reference to a line end in the mittente", "mario@pec", "mario@&#10;pec", because("daticert_malformed", "sender_mismatch"))
	swap("reference-blank", "a reference to a no-break space", "mario@pec", "mario&#160;@pec", because("daticert_malformed", "sender_mismatch"))
	swap("reference-huge", "a reference to no character", "mario@pec", "mario&#x110000;@pec", bad)
	swap("reference-surrogate", "a reference to half a character", "mario@pec", "mario&#xD83D;@pec", bad)
	swap("bare-ampersand", "a bare ampersand", "mario@pec", "mario&@pec", bad)
	swap("intestazione-empty", "an empty intestazione before", "<intestazione>", "<intestazione/><intestazione>", bad)
	swap("dati-twice", "a second dati", "<dati>", "<dati><identificativo>x@pec.example.it</identificativo></dati><dati>", bad)
	swap("root-attribute", "errore twice", `errore="nessuno"`, `errore="virus" errore="nessuno"`, bad)
	swap("attribute-entity", "an entity nobody declared in tipo", `"posta-certificata"`, `"&p;"`, bad)
	swap("attribute-less-than", "a < in an attribute", `errore="nessuno"`, `errore="nessuno" x="<"`, bad)
	swap("declared-utf16", "UTF-8 that says it is UTF-16", "UTF-8", "UTF-16", bad)
	swap("declared-utf7", "UTF-8 that says it is UTF-7", "UTF-8", "UTF-7", bad)
	swap("declared-ebcdic", "UTF-8 that says it is EBCDIC", "UTF-8", "IBM037", bad)
	swap("end-mismatch", "an end tag of another element", "</mittente>", "</destinatari>", bad)
	swap("recipient-child", "the recipient in an element of its own", "disattivazioni@pec.example.com", "<x>disattivazioni@pec.example.com</x>", because("recipient_not_ours", "daticert_malformed"))
	swap("recipient-in-dati", "destinatari inside dati", "<dati>", "<dati><destinatari tipo=\"certificato\">x@pec.example.it</destinatari><mittente>anna@pec.example.it</mittente><x>", bad)
	swap("zone-minutes", "a zone of sixty minutes", "+0100", "+0060", because("daticert_malformed", "date_out_of_range"))
	swap("zone-colon", "a zone of one digit", "+0100", "+1:00", bad)
	swap("zone-name", "a zone by another name than Italian time's", "+0100", "MEZ", bad)
	swap("reference-low-high", "references to the halves of a character in the wrong order", "mario@pec", "mario&#56832;&#55357;@pec", bad)
	swap("reference-half-joined", "half a character by reference, the other not", "mario@pec", "mario&#55357;\xed\xb8\x80@pec", bad)
	swap("arabic-digits", "a date in other digits", "10/11/2026", "\u0661\u0660/11/2026", bad)
	for name, bom := range map[string]string{"utf16le": "\xff\xfe", "utf16be": "\xfe\xff", "utf32": "\x00\x00\xfe\xff"} {
		c.no("bom-"+name, "the mark of another encoding before UTF-8", bad, onXML(func(x string) string { return bom + x }))
	}
	c.no("utf16be", "UTF-16 without a mark", bad, onXML(func(x string) string {
		var b strings.Builder
		for _, r := range x {
			b.WriteByte(byte(r >> 8))
			b.WriteByte(byte(r))
		}
		return b.String()
	}))
}

// forgeParameters are outer headers that two readers read differently.
func forgeParameters(c *corpus) {
	want := because("envelope_inconsistent", "bad_structure", "signature_missing", "bad_multipart", "digest_mismatch", "malformed_cms")
	typ := func(name, what string, f func(string) string) { c.no(name, what, want, onOuterType(f)) }
	typ("boundary-blank", "a blank at the end of the boundary parameter", func(f string) string { return strings.TrimSuffix(f, "\"\r\n") + "x \"\r\n" })
	typ("boundary-escaped", "an escaped quote in the boundary parameter", func(f string) string { return strings.TrimSuffix(f, "\"\r\n") + `\"x"` + "\r\n" })
	typ("boundary-unclosed", "two boundaries in one unclosed quote", func(f string) string { return strings.TrimSuffix(f, "\"\r\n") + `; boundary=altro` + "\r\n" })
	typ("boundary-encoded", "the boundary as an encoded word", func(f string) string {
		i := strings.Index(f, "boundary=\"")
		return f[:i] + "boundary==?utf-8?Q?" + strings.ReplaceAll(strings.Trim(f[i+10:], "\"\r\n"), "=", "=3D") + "?=\r\n"
	})
	typ("type-in-comment", "multipart/signed in a comment of text/plain", replace("multipart/signed", "text/plain (multipart/signed)"))
	typ("type-charset", "text/plain with the parameters of multipart/signed", replace("multipart/signed", "text/plain"))
	typ("type-related", "multipart/related", replace("multipart/signed", "multipart/related"))
	typ("protocol-twice", "two protocols", replace("; protocol=", "; protocol=\"application/pgp-signature\"; protocol="))
	c.no("type-digest", "multipart/digest within, so that parts are messages", because("daticert_missing", "two_postacert", "two_daticert", "daticert_malformed", "envelope_inconsistent"), func(d *Draft) {
		d.Signed = append(d.Signed, func(b []byte) []byte {
			return bytes.Replace(b, []byte("multipart/mixed"), []byte("multipart/digest"), 1)
		})
	}, partField("daticert", "Content-Type", ""), partField("daticert", "Content-Disposition", ""))
	field := func(name, what string, w Want, lines string) {
		c.no(name, what, w, onEntity(func(_ *Draft, b []byte) []byte { return append([]byte(crlf(lines)), b...) }))
	}
	field("type-before-blank", "Content-Type with a blank before its colon, before the true one", want, "Content-Type : text/plain\n")
	field("from-before-tab", "From with a tab before its colon", because("envelope_inconsistent", "san_mismatch"), "From\t: Eva <eva@example.org>\n")
	field("id-before-blank", "Message-ID with a blank before its colon", because("envelope_inconsistent"), "Message-ID : <altro@pec.example.it>\n")
	field("trasporto-blank", "X-Trasporto with a blank before its colon", because("envelope_inconsistent"), "X-Trasporto : errore\n")
	field("ricevuta-empty-too", "X-Ricevuta beside X-Trasporto", because("envelope_inconsistent"), "X-Ricevuta: avvenuta-consegna\n")
	on := func(name, what string, w Want, f func(b64 []byte) []byte) {
		c.no(name, what, w, onEntity(func(d *Draft, b []byte) []byte {
			i := bytes.LastIndex(b, []byte("smime.p7s\"\r\n\r\n")) + len("smime.p7s\"\r\n\r\n")
			j := bytes.LastIndex(b, []byte("\r\n--"+d.Outer))
			return slices.Concat(b[:i], f(slices.Clone(b[i:j])), b[j:])
		}))
	}
	on("p7s-two", "two signatures one behind the other, padded", because("malformed_cms", "bad_structure", "signature_mismatch"), func(b []byte) []byte { return slices.Concat([]byte("MAA=\r\n"), b) })
	on("p7s-junk", "letters that are not base64 in the signature", because("malformed_cms"), func(b []byte) []byte { return slices.Concat(b[:100], []byte("!!"), b[100:]) })
	on("p7s-url", "the other alphabet of base64", because("malformed_cms"), func(b []byte) []byte { return slices.Concat([]byte("-_-_"), b) })
	c.no("p7s-type", "the signature part called text/plain", because("bad_structure"), onEntity(func(_ *Draft, b []byte) []byte {
		i := bytes.LastIndex(b, []byte("Content-Type: application/x-pkcs7-signature"))
		return append(slices.Clone(b[:i]), bytes.Replace(b[i:], []byte("application/x-pkcs7-signature"), []byte("text/plain"), 1)...)
	}))
}

// forgeShapes are signatures, containers and receipts in one another's clothes.
func forgeShapes(c *corpus) {
	inner := func(f func(signed []byte) []byte) Variation {
		return func(d *Draft) { d.Signed = append(d.Signed, f) }
	}
	wrapped := func(name, what, head, tail string, want Want, v ...Variation) {
		c.no(name, what, want, append([]Variation{inner(func(b []byte) []byte { return slices.Concat([]byte(crlf(head)), b, []byte(crlf(tail))) })}, v...)...)
	}
	lost := because("daticert_missing", "two_daticert", "two_postacert")
	wrapped("in-mixed", "the signed part within another multipart", "Content-Type: multipart/mixed; boundary=\"fuori\"\n\n--fuori\n", "\n--fuori--\n", lost)
	wrapped("in-message", "the signed part within a message", "Content-Type: message/rfc822\n\nSubject: x\n", "", lost)
	wrapped("in-signed", "the signed part within a multipart/signed", "Content-Type: multipart/signed; protocol=\"application/pkcs7-signature\"; boundary=\"fuori\"\n\n--fuori\n",
		"\n--fuori\nContent-Type: application/pkcs7-signature\nContent-Transfer-Encoding: base64\n\nMAA=\n--fuori--\n", lost)
	wrapped("in-signed-opaque", "the same in an opaque signature", "Content-Type: multipart/signed; protocol=\"application/pkcs7-signature\"; boundary=\"fuori\"\n\n--fuori\n",
		"\n--fuori\nContent-Type: application/pkcs7-signature\nContent-Transfer-Encoding: base64\n\nMAA=\n--fuori--\n", lost, func(d *Draft) { d.Opaque = true })
	c.no("alternative-daticert", "the daticert in the notice's multipart too", because("two_daticert", "daticert_missing"), inPart("notice", func(p *Part) {
		x := c.xml()
		p.Header, p.Body = joinParts("mixed", "nota", part{[]Field{{"Content-Type", `text/xml; name="daticert.xml"`}}, x}).header, joinParts("mixed", "nota", part{[]Field{{"Content-Type", `text/xml; name="daticert.xml"`}}, x}).body
	}))
	victim := Message{From: c.w.Ours[0], To: "mario@pec.example.it", Subject: "x", MessageID: "1@pec.example.com", Text: "x\n"}
	receipt := func(name, what string, p *Provider, kind string, v ...Variation) {
		c.add(name, what, p.Receipt(kind, victim, v...), defaultDate, Want{Statuses: []string{"invalid", "untrusted", "missing"}})
	}
	for _, kind := range []string{Accettazione, AvvenutaConsegna, PresaInCarico} {
		by := c.w.Desk
		if kind == AvvenutaConsegna {
			by = c.w.Customers
		}
		receipt(kind+"-error", "a receipt of success with an error", by, kind, func(d *Draft) { d.Daticert.Error = "altro" })
	}
	receipt("accettazione-other", "an acceptance by the recipient's provider", c.w.Customers, Accettazione)
	receipt("consegna-other", "a delivery receipt by the sender's provider for another's mailbox", c.w.Desk, AvvenutaConsegna)
	receipt("consegna-nobody", "a delivery receipt that names nobody", c.w.Customers, AvvenutaConsegna, func(d *Draft) { d.Daticert.Delivery = "" })
	receipt("preavviso-other", "a notice of delay by the recipient's provider", c.w.Customers, Preavviso)
	receipt("both-headers", "a receipt with X-Trasporto too", c.w.Desk, Accettazione, more("X-Trasporto", "posta-certificata"))
	receipt("reference", "a receipt whose X-Riferimento-Message-ID is another's", c.w.Desk, Accettazione, outer("X-Riferimento-Message-ID", "<2@pec.example.com>"))
	receipt("two-from", "a receipt with a second From", c.w.Desk, Accettazione, more("From", "Eva <eva@example.org>"))
	receipt("from", "a receipt with another's From", c.w.Desk, Accettazione, outer("From", c.w.Customers.Notice))
	receipt("old", "a receipt of last year", c.w.Desk, Accettazione)
	c.last().Delivered = defaultDate.AddDate(1, 0, 0)
	anomaly := func(name, what string, v ...Variation) {
		c.add(name, what, c.w.Desk.Anomaly(Message{From: "mario@pec.example.it", To: c.w.Ours[0], Subject: "x", Text: "x\n"}, c.w.Ours[0], v...), defaultDate,
			Want{Statuses: []string{"invalid", "untrusted", "missing"}})
	}
	anomaly("anomaly-as-transport", "an anomaly envelope with the header of a transport envelope", outer("X-Trasporto", "posta-certificata"))
	anomaly("anomaly-as-receipt", "an anomaly envelope with the header of a receipt", outer("X-Trasporto", ""), more("X-Ricevuta", AvvenutaConsegna))
	anomaly("anomaly-bare", "an anomaly envelope without its header", outer("X-Trasporto", ""))
	anomaly("anomaly-daticert", "an anomaly envelope with a daticert the writer put behind the guessed boundary", func(d *Draft) {
		d.Original = append(d.Message.bytes(""), slices.Concat([]byte("\r\n--"+d.Inner+"\r\nContent-Type: application/xml; name=\"daticert.xml\"\r\n\r\n"), c.xml(), []byte("\r\n"))...)
	})
	forgeSignatureNames(c)
}

// forgeSignatureNames call the signature something else than it is: OpenSSL accepts some.
func forgeSignatureNames(c *corpus) {
	want := because("malformed_cms", "unsupported_algorithm", "signature_mismatch")
	name := func(n, what string, p *Provider, oid asn1.ObjectIdentifier) {
		c.noFrom(p, c.w.request(), n, what, want, func(d *Draft) {
			d.CMS.Algorithm = func([]byte) []byte { return tlv(0x30, mustDER(oid), tlv(0x05)) }
		})
	}
	name("rsa-sha512", "SHA-256 used, sha512WithRSAEncryption named", c.w.Customers, algorithms[crypto.SHA512].rsa)
	name("rsa-sha1", "SHA-256 used, sha1WithRSAEncryption named", c.w.Customers, algorithms[crypto.SHA1].rsa)
	name("rsa-unknown", "an algorithm nobody knows, with an RSA key", c.w.Customers, asn1.ObjectIdentifier{1, 2, 3, 4})
	name("ec-unknown", "an algorithm nobody knows, with an EC key", c.w.P256, asn1.ObjectIdentifier{1, 2, 3, 4})
	name("ec-sha512", "SHA-256 used, ecdsa-with-SHA512 named", c.w.P256, algorithms[crypto.SHA512].ecdsa)
	name("rsa-md5", "md5WithRSAEncryption named", c.w.Customers, asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 1, 4})
	for _, h := range []crypto.Hash{crypto.MD5, crypto.SHA224, crypto.SHA512_256} {
		c.no("digest-"+algorithms[h].micalg, "a digest nobody relies on", because("unsupported_algorithm"), func(d *Draft) { d.CMS.Digest = h })
	}
	c.no("three-signers", "three good signers", because("two_signers"), func(d *Draft) {
		for _, p := range []*Provider{c.w.P256, c.w.RSA4096} {
			d.CMS.Signers, d.CMS.Certificates = append(d.CMS.Signers, p.Signer), append(d.CMS.Certificates, p.Signer.Cert)
		}
	})
	c.no("two-signers-many", "two signers and thirty certificates", because("two_signers", "malformed_cms"), func(d *Draft) {
		d.CMS.Signers = append(d.CMS.Signers, c.w.P256.Signer)
		for len(d.CMS.Certificates) < 30 {
			d.CMS.Certificates = append(d.CMS.Certificates, c.w.P256.Signer.Cert)
		}
	})
	c.no("content-type", "contentType and content of another kind", because("malformed_cms"), func(d *Draft) {
		d.CMS.ContentType = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 16, 1, 4}
	})
}
