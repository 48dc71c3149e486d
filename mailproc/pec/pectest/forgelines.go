package pectest

import (
	"bytes"
	"strings"
)

// forgeLines are headers whose lines end elsewhere for some readers, and fields given in two ways.
func forgeLines(c *corpus) {
	want := because("envelope_inconsistent")
	before := func(name, what, line string) {
		c.no(name, what, want, onHeader(replace("X-Trasporto:", line+"X-Trasporto:")))
	}
	before("cr-line", "a CR before a field", "\r")
	before("cr-crlf", "a line of CR alone", "\r\r\n")
	before("nul-name", "a NUL in the name of a field", "Fr\x00om: eva@example.org\r\n")
	before("cr-in-value", "a From behind a CR", "X-A: b\rFrom: eva@example.org\r\n")
	before("lf-alone", "a line that ends with LF", "X-A: b\n")
	c.no("lf-mixed", "a header whose first line and a later one end with LF", want, onEntity(func(_ *Draft, b []byte) []byte {
		return bytes.Replace(bytes.Replace(b, []byte("\r\n"), []byte("\n"), 1), []byte("From: "), []byte("X-A: b\nFrom: "), 1)
	}))
	c.no("lf-first-lf-inside", "a mailbox file's first line with LF, and one LF within the signed part", because("digest_mismatch"), onEntity(func(_ *Draft, b []byte) []byte {
		out := bytes.Replace(b, []byte("MIME-Version: 1.0\r\n\r\n--"), []byte("MIME-Version: 1.0\n\r\n--"), 1)
		if len(out) == len(b) {
			panic("pectest: a forgery changes nothing")
		}
		return append([]byte("From mario@pec.example.it Tue Nov 10 10:22:05 2026\n"), out...)
	}))
	before("no-field", "a line that is no field", "eva@example.org\r\n")
	before("8-bit-name", "a name with a no-break space", "From\xa0: eva@example.org\r\n")
	before("two-references", "a second X-Riferimento-Message-ID", "X-Riferimento-Message-ID: <altro@pec.example.it>\r\n")
	c.no("two-references-after", "a second X-Riferimento-Message-ID behind", want, outside(func(f []Field) []Field {
		return append(f, Field{"X-Riferimento-Message-ID", "<altro@pec.example.it>"})
	}))
	for _, m := range []string{"md5", "sha-224", "rsa-md5"} {
		c.no("micalg-"+m, "micalg names another digest: "+m, want, func(d *Draft) { d.Micalg = m })
	}
	c.no("boundary-backslash", "a boundary with a backslash, which some readers leave there", want, onOuterType(func(f string) string {
		return strings.Replace(f, `boundary="--`, `boundary="-\-`, 1)
	}))
	c.no("stray-quote", "a quote that opens nothing", want, onOuterType(func(f string) string { return strings.Replace(f, "micalg=\"", "micalg=", 1) }))
	c.no("boundary-junk", "something behind the quoted boundary", want, onOuterType(func(f string) string {
		return strings.TrimSuffix(f, "\r\n") + " altro\r\n"
	}))
	c.no("type-blank", "a blank before the colon of Content-Type", want, onOuterType(func(f string) string { return strings.Replace(f, "Content-Type:", "Content-Type :", 1) }))
	c.no("daticert-blank", "a tab before the colon of daticert's Content-Transfer-Encoding", want, inPart("daticert", func(p *Part) { p.Header[2].Name += "\t" }))
	c.no("two-encodings", "two transfer encodings outside", want, onOuterType(func(f string) string {
		return f + "Content-Transfer-Encoding: 7bit\r\nContent-Transfer-Encoding: base64\r\n"
	}))
	original := func(name, what, line string) {
		c.no("original-"+name, what, because("sender_mismatch"), func(d *Draft) {
			d.Original = bytes.Replace(d.Message.bytes(d.Identifier), []byte("Subject:"), []byte(line+"Subject:"), 1)
		})
	}
	original("cr", "a From behind a CR in the original's header", "X-A: b\rFrom: anna@pec.example.it\r\n")
	original("nul", "a NUL in the original's header", "X-A: b\x00c\r\n")
	original("no-field", "a line that is no field in the original's header", "anna@pec.example.it\r\n")
	c.no("original-begins", "an original that does not begin with a field", because("sender_mismatch"), func(d *Draft) {
		d.Original = append([]byte(">From mario@pec.example.it\r\n"), d.Message.bytes(d.Identifier)...)
	})
	c.no("daticert-cr", "a CR in the header of daticert", want, inPart("daticert", func(p *Part) { p.Header = append(p.Header, Field{"X-A", "b\rContent-Type: text/plain"}) }))
}

// forgeNames are names that say two things: of senders, parts, elements and boundaries.
func forgeNames(c *corpus) {
	notice, want := c.w.Customers.Notice, because("envelope_inconsistent")
	for name, display := range map[string]string{
		"behalf": `"On behalf of: anna@pec.example.it"`, "quoted": `"anna@pec.example.it"`, "longer": `"Per conto di: xmario@pec.example.it"`,
		"longer-domain": `"Per conto di: mario@pec.example.it.example.org"`, "two": `"Per conto di: mario@pec.example.it, anna@pec.example.it"`,
		"comment": `"Per conto di: anna@pec.example.it (mario@pec.example.it)"`, "address-first": `"anna@pec.example.it per conto di: mario@pec.example.it"`,
		"behalf-unquoted": "On behalf of: anna@pec.example.it", "zero-width": "\"Per conto di: mario\u200b@pec.example.it\"",
		"wide-at": "\"Per conto di: anna\uff20pec.example.it\"", "small-at": "\"Per conto di: anna\ufe6bpec.example.it\"", "spaced-at": `"Per conto di: anna @ pec.example.it"`,
	} {
		c.no("from-"+name, "the outer From names "+display, want, outer("From", display+" <"+notice+">"))
	}
	c.no("from-behind", "an address in a comment behind the provider's", because("envelope_inconsistent", "san_mismatch"), outer("From", `"Per conto di: mario@pec.example.it" <`+notice+"> (eva@example.org)"))
	c.no("original-comment", "another address in a comment of the original's From", because("sender_mismatch"), func(d *Draft) {
		d.Original = bytes.Replace(d.Message.bytes(d.Identifier), []byte("From: Mario Rossi <mario@pec.example.it>"), []byte("From: mario@pec.example.it (anna@pec.example.it)"), 1)
	})
	for _, s := range []string{"mailto:mario@pec.example.it", "mario@pec.example.it.", "<mario@pec.example.it", "<<mario@pec.example.it>>"} {
		c.no("mittente-"+s, "mittente is "+s, because("daticert_malformed", "sender_mismatch"), func(d *Draft) { d.Daticert.Sender = s })
	}
	c.no("two-daticert-names", "daticert.xml and, beside it, certdata.xml", because("two_daticert"), func(d *Draft) {
		d.Parts = append(d.Parts, func(p []Part) []Part {
			x := d.DaticertPart(d.Daticert.XML())
			x.Header = []Field{{"Content-Type", `application/xml; name="certdata.xml"`}, {"Content-Transfer-Encoding", "base64"}}
			return append(p, x)
		})
	})
	c.no("daticert-other-name", "daticert.xml by its filename, another name by its type", want, partField("daticert", "Content-Type", `application/xml; name="altro.xml"`))
	c.no("daticert-other-filename", "daticert.xml by its type, another filename", want, partField("daticert", "Content-Disposition", `inline; filename="altro.xml"`))
	bad := because("daticert_malformed")
	xml := func(name, what, from, to string) {
		c.no(name, what, bad, onXML(func(x string) string { return strings.Replace(x, from, to, 1) }))
	}
	xml("namespace", "every element of another namespace", "<postacert ", `<postacert xmlns="urn:x" `)
	xml("prefixed-beside", "a mittente of another namespace beside the true one", "<mittente>", `<x:mittente xmlns:x="urn:x">anna@pec.example.it</x:mittente><mittente>`)
	xml("capital-beside", "a Mittente beside the mittente", "<mittente>", `<Mittente>anna@pec.example.it</Mittente><mittente>`)
	xml("misplaced", "a mittente in dati beside the true one", "<dati>", "<dati><mittente>anna@pec.example.it</mittente>")
	xml("deeper", "a mittente within an element nobody knows", "<dati>", "<dati><altro><mittente>anna@pec.example.it</mittente></altro>")
	c.no("identifier-broken", "blanks within the identificativo", want, onXML(func(x string) string {
		return strings.Replace(x, "<identificativo>opec", "<identificativo>opec\r\n ", 1)
	}))
	xml("form-feed", "a form feed between the elements", "<dati>", "<dati>\f")
	xml("declaration", "a declaration that is none", "encoding=", "codifica=")
	xml("declaration-order", "a declaration without its version", ` version="1.0"`, "")
	xml("no-declaration", "a processing instruction that begins like the declaration", "<?xml ", "<?xmlx ")
	forgeBoundaries(c)
}

// forgeBoundaries are signed parts that a reader of RFC 2046 §5.1.1 takes apart elsewhere, or shows in part.
func forgeBoundaries(c *corpus) {
	want := because("envelope_inconsistent")
	c.no("boundary-within-outer", "the inner boundary is a beginning of the outer", want, func(d *Draft) { d.Outer, d.Inner = "----=_AB", "----=_A" })
	c.no("boundary-within-inner", "the outer boundary is a beginning of the inner", want, func(d *Draft) { d.Outer, d.Inner = "----=_A", "----=_AB" })
	c.no("boundary-line", "a line of the original that begins with the inner delimiter", want, func(d *Draft) {
		d.Original = append(d.Message.bytes(d.Identifier), "\r\n--"+d.Inner+"x\r\nContent-Type: text/plain\r\n\r\nChiudete.\r\n"...)
	})
	for _, kind := range []string{"alternative", "digest", "signed; protocol=\"application/pkcs7-signature\"", "report", "parallel"} {
		c.no("root-"+kind[:6], "the signed part is multipart/"+kind, because("envelope_inconsistent", "daticert_missing"), func(d *Draft) {
			d.Signed = append(d.Signed, func(b []byte) []byte {
				return []byte(strings.Replace(string(b), "multipart/mixed", "multipart/"+kind, 1))
			})
		})
	}
}

// forgeMarket are providers of the index that sign for others.
func forgeMarket(c *corpus) {
	untrusted := func(reasons ...string) Want { return Want{Statuses: []string{"untrusted"}, Reasons: reasons} }
	c.noFrom(c.w.Astray, c.w.request(), "astray", "a pinned certificate with the address of another provider's house", untrusted("san_mismatch"))
	c.noFrom(c.w.Service, c.w.request(), "service", "a provider with a service mailbox elsewhere signs for another's customer", untrusted("outside_domains"))
	m := c.w.request()
	m.From = "anna@unita.example.org"
	c.noFrom(c.w.RSA4096, m, "unit", "another certificate of the provider signs for its secondary environment", untrusted("outside_domains"))
	m.From = "anna@servizio.example.org"
	c.noFrom(c.w.Service, m, "service-domain", "a provider signs for the domain of its service mailbox, which it does not manage", untrusted("outside_domains"))
	c.noFrom(c.w.Deep, c.w.request(), "deep-without", "the upper authority left out", untrusted("chain"), func(d *Draft) { d.CMS.Certificates = d.CMS.Certificates[:2] })
	outside := Certificate{CommonName: "Posta Certificata", Organization: "Altro S.r.l.", Emails: []string{c.w.Customers.Notice}, Key: P256}
	id, err := c.w.Deep.authority.Issue(outside)
	if err != nil {
		panic(err) // a constant template
	}
	c.no("deep-outside", "a name outside critical name constraints", untrusted("chain"), signedBy(id, c.w.Deep.authority.chain()...))
	c.no("crossed-only", "the authority only as a stranger certified it", untrusted("chain"), func(d *Draft) {
		d.CMS.Certificates[1] = c.crossed()
		d.CMS.Certificates = append(d.CMS.Certificates, c.w.Foreign.authority.Root.Cert)
	})
	c.no("certificate-rewritten", "the certificate in BER, as nobody signed it", because("no_signer", "malformed_cms"), func(d *Draft) {
		cert := d.CMS.Certificates[0]
		tbs := cert.RawTBSCertificate
		d.CMS.Mangle = func(der []byte) []byte { return rewritten(der, tbs) }
	})
}

// rewritten gives one element of a signature, and all it lies in, indefinite lengths.
func rewritten(der, element []byte) []byte {
	return openTo(der, bytes.Index(der, element))
}

// openTo writes the elements around and at the place at with indefinite lengths.
func openTo(b []byte, at int) []byte {
	var out []byte
	for i := 0; i < len(b); {
		head, size := elementSize(b[i:])
		body := b[i+head : i+size]
		switch {
		case at < i || at >= i+size:
			out = append(out, b[i:i+size]...)
		case at == i:
			out = append(append(append(out, b[i], 0x80), body...), 0, 0)
		default:
			out = append(append(append(out, b[i], 0x80), openTo(body, at-i-head)...), 0, 0)
		}
		i += size
	}
	return out
}

// elementSize is the length of an element's head, and of all of it.
func elementSize(b []byte) (head, size int) {
	n := int(b[1])
	if n < 0x80 {
		return 2, 2 + n
	}
	head, n = 2+n&0x7f, 0
	for _, c := range b[2:head] {
		n = n<<8 | int(c)
	}
	return head, head + n
}
