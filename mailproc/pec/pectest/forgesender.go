package pectest

import (
	"bytes"
	"fmt"
	"strings"
	"time"
)

// forgeSenders are originals whose writer is not the mittente, or is ambiguous.
func forgeSenders(c *corpus) {
	want := because("sender_mismatch", "envelope_inconsistent")
	original := func(name, what string, fields string) {
		c.no(name, what, want, func(d *Draft) {
			d.Original = []byte(crlf(fields + "To: disattivazioni@pec.example.com\nSubject: Disattivazione casella\nMessage-ID: <" + d.Identifier + ">\n\nIl sottoscritto…\n"))
		})
	}
	original("other", "another From", "From: Anna <anna@pec.example.it>\n")
	original("name-only", "the mittente only as a name", "From: \"mario@pec.example.it\" <anna@pec.example.it>\n")
	original("two", "two addresses", "From: mario@pec.example.it, anna@pec.example.it\n")
	original("two-reversed", "two addresses, the mittente last", "From: anna@pec.example.it, mario@pec.example.it\n")
	original("two-fields", "two From fields", "From: mario@pec.example.it\nFrom: anna@pec.example.it\n")
	original("two-fields-reversed", "two From fields, the mittente last", "From: anna@pec.example.it\nFrom: mario@pec.example.it\n")
	original("none", "no From", "")
	original("empty", "an empty From", "From: \n")
	original("sender-field", "Sender in place of From", "Sender: mario@pec.example.it\n")
	original("reply-to", "Reply-To is the mittente, From another", "From: anna@pec.example.it\nReply-To: mario@pec.example.it\n")
	original("group", "a group", "From: Persone: mario@pec.example.it;\n")
	original("comment", "the mittente in a comment", "From: anna@pec.example.it (mario@pec.example.it)\n")
	original("brackets", "two addresses in brackets", "From: <anna@pec.example.it> <mario@pec.example.it>\n")
	original("encoded", "an encoded word that hides the address", "From: =?utf-8?Q?mario=40pec.example.it?= <anna@pec.example.it>\n")
	original("encoded-only", "nothing but an encoded word", "From: =?utf-8?Q?mario=40pec.example.it?=\n")
	original("encoded-brackets", "an encoded word with brackets", "From: =?utf-8?Q?=3Cmario=40pec.example.it=3E?= <anna@pec.example.it>\n")
	original("folded", "a second address in a folded line", "From: anna@pec.example.it,\n mario@pec.example.it\n")
	original("nul", "a NUL in the address", "From: mario@pec.example.it\x00anna@pec.example.it\n")
	original("cr", "a bare CR in the field", "From: anna@pec.example.it\rFrom: mario@pec.example.it\n")
	original("quoted", "the address as a quoted local part", "From: \"mario@pec.example.it\"@example.org\n")
	original("subdomain", "a subdomain", "From: mario@studio.pec.example.it\n")
	original("plus", "a detail in the local part", "From: mario+altro@pec.example.it\n")
	original("dot", "a dot more", "From: mar.io@pec.example.it\n")
	original("blank-name", "a blank before the colon", "From : anna@pec.example.it\n")
	for name, from := range map[string]string{
		"list": "mario@pec.example.it,anna@pec.example.it", "name": "Mario <mario@pec.example.it>", "empty": "", "blank": " ", "no-at": "mario",
		"two-at": "mario@pec.example.it@example.org", "quoted": "\"mario@pec.example.it\"@example.org", "nul-ref": "mario@pec.example.it anna@pec.example.it",
	} {
		c.no("mittente-"+name, fmt.Sprintf("mittente is %q", from), because("sender_mismatch", "envelope_inconsistent", "outside_domains", "daticert_malformed"), func(d *Draft) { d.Daticert.Sender = from })
	}
	c.no("mittente-twice", "mittente twice", because("daticert_malformed", "envelope_inconsistent"), onXML(func(x string) string {
		return strings.Replace(x, "<mittente>", "<mittente>anna@pec.example.it</mittente><mittente>", 1)
	}))
	c.no("mittente-missing", "no mittente", because("daticert_malformed", "sender_mismatch", "outside_domains"), onXML(func(x string) string {
		return strings.Replace(x, "<mittente>mario@pec.example.it</mittente>", "", 1)
	}))
	c.no("mittente-elsewhere", "mittente inside dati", because("daticert_malformed", "sender_mismatch", "outside_domains"), onXML(func(x string) string {
		return strings.Replace(strings.Replace(x, "<mittente>mario@pec.example.it</mittente>", "", 1), "<dati>", "<dati><mittente>mario@pec.example.it</mittente>", 1)
	}))
	c.no("mittente-comment", "a comment that splits the mittente", Want{Reasons: []string{"daticert_malformed", "sender_mismatch", "outside_domains"}}, onXML(func(x string) string {
		return strings.Replace(x, "<mittente>mario@", "<mittente>anna@pec.example.it<!-- --><b/>mario@", 1)
	}))
}

// forgeHomographs are senders that look like another to a person, or fold to
// another in careless code. Either the provider would not manage the domain, or
// the original's From differs.
func forgeHomographs(c *corpus) {
	want := because("sender_mismatch", "outside_domains", "envelope_inconsistent", "daticert_malformed")
	for _, h := range []struct{ name, address string }{
		{"cyrillic-a", "mario@pec.ex\u0430mple.it"}, {"cyrillic-e", "mario@p\u0435c.example.it"}, {"greek-o", "mari\u03bf@pec.example.it"},
		{"fullwidth", "mario@pec\uff0eexample\uff0eit"}, {"ideographic-dot", "mario@pec\u3002example\u3002it"}, {"zero-width", "mario@pec.exam\u200bple.it"},
		{"soft-hyphen", "mario@pec.exam\u00adple.it"}, {"combining", "mario\u0301@pec.example.it"}, {"dotless-i", "mar\u0131o@pec.example.it"},
		{"dotted-i", "MAR\u0130O@pec.example.it"}, {"kelvin", "\u212aarl@pec.example.it"}, {"ligature", "mario@pec.e\u2093ample.it"},
		{"punycode", "mario@xn--pec-exmple-w0a.it"}, {"rtl", "mario\u202e@pec.example.it"}, {"nbsp", "mario\u00a0@pec.example.it"},
		{"long-s", "mario@pec.example.it\u017f"}, {"leading-dot", "mario@.pec.example.it"}, {"at-fullwidth", "mario\uff20pec.example.it"},
	} {
		// The daticert names the lookalike, the original the real one: nobody may be proved.
		c.no("mittente-"+h.name, "mittente "+h.address, want, func(d *Draft) { d.Daticert.Sender = h.address })
		c.no("original-"+h.name, "the original's From "+h.address, want, func(d *Draft) { d.Message.From = h.address })
	}
	for _, h := range []string{"mario@pec.ex\u0430mple.it", "mario@xn--pec-exmple-w0a.it", "mario@pec\uff0eexample\uff0eit", "mario@pec.exam\u200bple.it"} {
		m := c.w.request()
		m.From = h
		c.noFrom(c.w.Customers, m, fmt.Sprintf("both-%x", checksum(h)), "mittente and From are both "+h, want)
	}
}

// forgeRecipients are not for us.
func forgeRecipients(c *corpus) {
	want := because("recipient_not_ours")
	for name, to := range map[string]string{
		"other": "altro@pec.example.com", "suffix": "disattivazioni@pec.example.com.example.org", "prefix": "xdisattivazioni@pec.example.com",
		"subdomain": "disattivazioni@mail.pec.example.com", "name": "disattivazioni@pec.example.com <altro@pec.example.com>", "homograph": "disattivazion\u0456@pec.example.com", "empty": "",
	} {
		c.no(name, "the only recipient is "+to, Want{Reasons: []string{"recipient_not_ours", "daticert_malformed"}}, func(d *Draft) { d.Daticert.Recipients = []Recipient{{Address: to}} })
	}
	c.no("header-only", "ours only in To", want, func(d *Draft) { d.Daticert.Recipients = []Recipient{{Address: "altro@pec.example.com"}} })
	c.no("none", "no recipient at all", because("recipient_not_ours", "daticert_malformed"), func(d *Draft) { d.Daticert.Recipients = nil })
	c.no("joined", "two addresses in one element", because("recipient_not_ours", "daticert_malformed"), func(d *Draft) {
		d.Daticert.Recipients = []Recipient{{Address: "altro@pec.example.com, disattivazioni@pec.example.com"}}
	})
}

// forgeIdentifiers contradict the identificativo.
func forgeIdentifiers(c *corpus) {
	want := because("envelope_inconsistent", "daticert_malformed")
	c.no("other", "another Message-ID", want, outer("Message-ID", "<opec9.20261110102205.9.9.1.9@pec.example.it>"))
	c.no("none", "no Message-ID", want, outer("Message-ID", ""))
	c.no("empty", "an empty Message-ID", want, outer("Message-ID", "<>"))
	c.no("prefix", "a Message-ID that begins like the identificativo", want, func(d *Draft) { setField(d.Header, "Message-ID", "<"+d.Identifier+".altro>") })
	c.no("two-in-one", "two identifiers in one Message-ID", want, func(d *Draft) { setField(d.Header, "Message-ID", "<altro@pec.example.it> <"+d.Identifier+">") })
	c.no("missing", "no identificativo", want, func(d *Draft) { d.Daticert.Identifier = "" })
	c.no("twice", "identificativo twice", want, onXML(func(x string) string {
		return strings.Replace(x, "<identificativo>", "<identificativo>altro@pec.example.it</identificativo><identificativo>", 1)
	}))
	c.no("absent", "the element identificativo missing", want, onXML(func(x string) string {
		i, j := strings.Index(x, "<identificativo>"), strings.Index(x, "</identificativo>")+len("</identificativo>")
		return x[:i] + x[j:]
	}))
}

// forgeDates are envelopes of another time: replays, and clocks that lie.
func forgeDates(c *corpus) {
	want := because("date_out_of_range")
	for name, d := range map[string]time.Duration{"25h": 25*time.Hour + time.Minute, "two-days": 48 * time.Hour, "month": 31 * 24 * time.Hour, "years": 3 * 365 * 24 * time.Hour} {
		c.no("replay-"+name, "a genuine envelope delivered "+d.String()+" after it was made", want)
		c.last().Delivered = defaultDate.Add(d)
	}
	for name, d := range map[string]time.Duration{"6m": 6 * time.Minute, "hour": time.Hour, "day": 24 * time.Hour, "year": 365 * 24 * time.Hour} {
		c.no("future-"+name, "an envelope delivered "+d.String()+" before its date", want)
		c.last().Delivered = defaultDate.Add(-d)
	}
	bad := because("daticert_malformed", "date_out_of_range")
	for name, r := range map[string][2]string{
		"no-day": {"<giorno>10/11/2026</giorno>", ""}, "no-hour": {"<ora>10:22:05</ora>", ""}, "no-zone": {` zona="+0100"`, ""}, "impossible": {"10/11/2026", "31/02/2026"},
		"american": {"10/11/2026", "11/30/2026"}, "words": {"10/11/2026", "dieci novembre"}, "hour-25": {"10:22:05", "25:22:05"}, "zone-99": {"+0100", "+9900"},
		"two-days": {"<giorno>", "<giorno>09/11/2026</giorno><giorno>"}, "empty": {"10/11/2026", ""}, "short-year": {"10/11/2026", "10/11/26"},
	} {
		c.no("daticert-"+name, "a date that is none: "+name, bad, onXML(func(x string) string { return strings.Replace(x, r[0], r[1], 1) }))
	}
}

// forgeOpaque are application/pkcs7-mime forgeries.
func forgeOpaque(c *corpus) {
	opaque := func(d *Draft) { d.Opaque = true }
	want := Want{Statuses: []string{"invalid", "untrusted", "missing"}}
	c.no("enveloped", "an encrypted message in place of a signature", want, opaque, onEntity(func(_ *Draft, b []byte) []byte {
		return bytes.Replace(b, []byte("signed-data"), []byte("enveloped-data"), 1)
	}))
	c.no("certs-only", "smime-type certs-only", want, opaque, onEntity(func(_ *Draft, b []byte) []byte {
		return bytes.Replace(b, []byte("signed-data"), []byte("certs-only"), 1)
	}))
	c.no("no-content", "no content inside", want, func(d *Draft) {
		d.Opaque = true
		d.CMS.Mangle = func([]byte) []byte {
			m := d.CMS
			m.Mangle, m.Encapsulated = nil, nil
			out, err := m.sign(nil)
			if err != nil {
				panic(err)
			}
			return out
		}
	})
	c.no("changed", "content changed after signing", because("digest_mismatch"), opaque, func(d *Draft) {
		d.CMS.Mangle = func(b []byte) []byte {
			return bytes.Replace(b, []byte("Il sottoscritto"), []byte("La sottoscritta"), 1)
		}
	})
	c.noFrom(c.w.Unlisted, c.w.request(), "unlisted", "opaque, by a signer not in the index", because("not_in_index"), opaque)
	c.noFrom(c.w.Foreign, c.w.request(), "foreign", "opaque, by another authority", because("chain"), opaque)
	c.noFrom(c.w.Desk, c.w.request(), "domain", "opaque, by another provider", because("outside_domains"), opaque)
	c.no("two-signers", "opaque with two signers", because("two_signers"), opaque, func(d *Draft) {
		d.CMS.Signers = append(d.CMS.Signers, c.w.P256.Signer)
		d.CMS.Certificates = append(d.CMS.Certificates, c.w.P256.Signer.Cert)
	})
	c.no("sender", "opaque, the original by another", because("sender_mismatch", "envelope_inconsistent"), opaque, func(d *Draft) { d.Message.From = "anna@pec.example.it" })
	c.no("replayed", "opaque and old", because("date_out_of_range"), opaque)
	c.last().Delivered = defaultDate.AddDate(0, 1, 0)
}

// forgeReceipts are receipts nobody may believe: none may be valid.
func forgeReceipts(c *corpus) {
	letter := Message{From: c.w.Ours[0], To: "mario@pec.example.it", Subject: "Re: Disattivazione", MessageID: "1@pec.example.com", Text: "x\n"}
	for _, kind := range ReceiptKinds {
		refused := Want{Statuses: []string{"invalid", "untrusted", "missing"}}
		other := Accettazione
		if kind == Accettazione {
			other = ErroreConsegna
		}
		c.add(kind+"-changed", "a receipt changed after signing", c.w.Desk.Receipt(kind, letter, tamper(func(s string) string {
			return strings.Replace(s, "messaggio", "Messaggio", 1)
		})), defaultDate, refused)
		c.add(kind+"-unlisted", "a receipt by a signer not in the index", c.w.Unlisted.Receipt(kind, letter), defaultDate, refused)
		c.add(kind+"-foreign", "a receipt by another authority", c.w.Foreign.Receipt(kind, letter), defaultDate, refused)
		c.add(kind+"-header", "a receipt whose header says another kind", c.w.Desk.Receipt(kind, letter,
			outer("X-Ricevuta", other)), defaultDate, refused)
		c.add(kind+"-no-daticert", "a receipt without daticert", c.w.Desk.Receipt(kind, letter, func(d *Draft) { d.NoDaticert = true }), defaultDate, refused)
		c.add(kind+"-trasporto", "a receipt in the clothes of an envelope", c.w.Desk.Receipt(kind, letter, outer("X-Ricevuta", ""), more("X-Trasporto", "posta-certificata")), defaultDate, refused)
		c.add(kind+"-text", "an ordinary message with X-Ricevuta", []byte(crlf("X-Ricevuta: "+kind+"\nFrom: "+c.w.Desk.Notice+"\nTo: "+c.w.Ours[0]+"\nSubject: ACCETTAZIONE: x\nX-Riferimento-Message-ID: <1@pec.example.com>\n\nAccettato.\n")), defaultDate, refused)
	}
}
