package pectest

import (
	"bytes"
	"crypto"
	"fmt"
	"strings"
	"time"
)

// genuineData are writings of daticert.xml that other programs make, and what a subject copied into it may hold.
func genuineData(c *corpus) {
	x := func(name, what string, pairs ...string) {
		c.ok(name, what, onXML(written(name, pairs)))
	}
	const subject = "<oggetto>"
	x("no-character", "what is no character in the subject", subject, subject+"&#xFFFE; \ufffe")
	x("long", "a subject of 100 kB", subject, subject+strings.Repeat("oggetto molto lungo &amp; ", 4000))
	x("references", "a subject of references alone", subject, subject+strings.Repeat("&lt;&gt;&quot;&apos;&#8364;", 500))
	x("cdata", "a subject as CDATA with brackets", subject, subject+"<![CDATA[a & b < c ]] > d]]>")
	x("greater", "a > that is written so", subject, subject+`a > b "c" 'd' `)
	x("tabs", "tabs between elements", "<intestazione>", "\t<intestazione>\t")
	x("comments", "comments before and behind", "<postacert", "<!-- Gestore - 2026 -->\n<postacert", "</postacert>", "</postacert>\n<!-- fine -->\n")
	x("attribute", "an attribute nobody knows", "<intestazione>", `<intestazione versione="1.0">`)
	x("elements", "elements nobody knows, within each other", "</dati>", `<estensione><a><b tipo="x">c</b></a></estensione></dati>`)
	x("received", "two ricezione", "</dati>", "<ricezione>a@pec.example.it</ricezione><ricezione>b@pec.example.it</ricezione></dati>")
	x("empty", "empty consegna and errore-esteso", "</dati>", "<consegna/><errore-esteso></errore-esteso></dati>")
	x("blanks-in-tags", "blanks in tags", "<mittente>", "<mittente >", "</mittente>", "</mittente\n>")
	x("blanks", "blanks around the date", "<giorno>", "<giorno> \n", "</ora>", " </ora>")
	x("quotes", "a declaration in single quotes", `encoding="UTF-8"`, `encoding='utf-8' standalone='yes'`)
	x("version-1.1", "XML 1.1", `version="1.0"`, `version="1.1"`)
	x("recipient-default", "tipo of a recipient left out", ` tipo="certificato"`, "")
	x("receipt-text", "text in ricevuta", `<ricevuta tipo="completa"/>`, `<ricevuta tipo="completa">x</ricevuta>`)
	x("schema-type", "a type named in the root element", "<postacert ", `<postacert xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:type="tipoPostacert" `)
	x("universal", "universal time", "+0100", "+0000", "10:22:05", "09:22:05")
	x("ampersand", "an ampersand in the provider's name", "Gestore Uno", "Gestore &amp; Figli")
	m := c.w.request()
	for i := range 500 {
		m.Recipients = append(m.Recipients, Recipient{fmt.Sprintf("r%d@pec.example.it", i), []string{"certificato", "esterno"}[i%2]})
	}
	m.Recipients = append(m.Recipients, Recipient{c.w.Ours[0], "certificato"})
	c.okFrom(c.w.Customers, m, "recipients", "ours is the last of 501")
}

// genuineWholes are originals, receipts and anomaly envelopes of further kinds, large ones among them.
func genuineWholes(c *corpus) {
	plain := func(name, what, head, body string) {
		c.okFrom(c.w.Customers, c.original(head, body), "original-"+name, what)
	}
	parts := func(name, what, subtype string, parts ...string) {
		body := ""
		for _, p := range parts {
			body += "--interno\n" + p + "\n"
		}
		plain(name, what, fmt.Sprintf(innerMultipart, subtype), body+"--interno--\n")
	}
	text := "Content-Type: text/plain\n\ntesto\n"
	parts("report", "a report of reading", "report; report-type=disposition-notification", text, "Content-Type: message/disposition-notification\n\nFinal-Recipient: rfc822; x@example.org\n", "Content-Type: message/rfc822\n\nFrom: x@example.org\n\nciao\n")
	parts("calendar", "an invitation", "alternative", text, "Content-Type: text/calendar; method=REQUEST; charset=utf-8\n\nBEGIN:VCALENDAR\nEND:VCALENDAR\n")
	parts("image", "a page with its image", `related; type="multipart/alternative"`, "Content-Type: text/html\n\n<img src=\"cid:x\">\n", "Content-Type: image/png\nContent-ID: <x>\nContent-Transfer-Encoding: base64\n\niVBO\n")
	parts("long-name", "a file name after RFC 2231 in two pieces", "mixed", text, "Content-Type: application/pdf;\n name*0*=utf-8''modulo%20di;\n name*1*=%20disattivazione%E2%82%AC.pdf\nContent-Transfer-Encoding: base64\n\nJVBERi0=\n")
	parts("own-signature", "the writer's signature under the name daticert.xml", `signed; protocol="application/pkcs7-signature"; micalg=sha-256`, text, "Content-Type: application/pkcs7-signature; name=\"daticert.xml\"\nContent-Transfer-Encoding: base64\n\nMAA=\n")
	parts("pgp", "OpenPGP", `encrypted; protocol="application/pgp-encrypted"`, "Content-Type: application/pgp-encrypted\n\nVersion: 1\n", "Content-Type: application/octet-stream\n\n-----BEGIN PGP MESSAGE-----\n\nx\n-----END PGP MESSAGE-----\n")
	parts("two-types", "a part of two types", "mixed", "Content-Type: text/plain\nContent-Type: text/html\n\ntesto\n")
	parts("empty-parts", "empty parts", "mixed", "", "", "\n")
	plain("fields", "fields given twice, and Return-Path", "Subject: x\nTo: y@example.org\nReceived: a\nReceived: b\nReturn-Path: <mario@pec.example.it>\n", "testo\n")
	plain("utf-7", "UTF-7", "Content-Type: text/plain; charset=utf-7\n", "+AGEAYg-\n")
	plain("control", "a control in the type, a blank in the boundary", "Content-Type: multipart/mixed\x0b; boundary=\"a b\"\n", "--a b\n\ntesto\n--a b--\n")
	plain("parameters", "a hundred parameters", "Content-Type: text/plain"+strings.Repeat("; x=y", 100)+"\n", "testo\n")
	plain("delimiters", "lines like delimiters", "", "--\n--=\n------\n------A\n----------=_1\ntesto\n")
	plain("references", "five hundred references", "References: "+strings.Repeat("<12345678@pec.example.it>\n ", 500)+"<x@pec.example.it>\n", "testo\n")
	large := c.w.request()
	large.Attachments = []Attachment{{"a.bin", "", bytes.Repeat(everyByte(), 4000)}}
	lf := onEntity(func(_ *Draft, b []byte) []byte { return bytes.ReplaceAll(b, []byte("\r\n"), []byte("\n")) })
	c.okFrom(c.w.Customers, large, "large", "a file of a megabyte")
	c.okFrom(c.w.Customers, large, "large-lf", "the same, saved with LF", lf)
	c.okFrom(c.w.Customers, large, "large-other-digest", "the same, its digest not named", func(d *Draft) { d.CMS.Digest, d.Micalg = crypto.SHA1, "unknown" })
	c.okFrom(c.w.Customers, large, "large-opaque", "the same, opaque", func(d *Draft) { d.Opaque = true })
	raw := c.w.Customers.Transport(c.w.request())
	forwarded := "From: mario@pec.example.it\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=\"fw\"\n\n--fw\n\nvedi\n--fw\nContent-Type: message/rfc822\n\n"
	c.okFrom(c.w.Customers, Message{From: "mario@pec.example.it", To: c.w.Ours[0], Subject: "I", MessageID: "f@pec.example.it", Raw: append(append([]byte(crlf(forwarded)), raw...), "\r\n--fw--\r\n"...)},
		"forwarded", "an envelope forwarded as it stands")
	for range 6 {
		raw = c.w.Customers.Transport(Message{From: "mario@pec.example.it", To: c.w.Ours[0], Subject: "I", Attachments: []Attachment{{"busta.eml", "message/rfc822", raw}}})
	}
	c.add("six-deep", "an envelope in an envelope, six times", raw, defaultDate, Want{Proved: true, Sender: "mario@pec.example.it", Kinds: []string{"transport"}, Statuses: []string{"valid"}})
	wholeReceipts(c)
	wholeAnomalies(c)
}

// wholeReceipts are receipts of each kind in further forms.
func wholeReceipts(c *corpus) {
	letter := Message{From: c.w.Ours[0], To: "mario@pec.example.it", Subject: "Re: x", MessageID: "20261110.1@pec.example.com", Text: "x\n"}
	want := Want{Kinds: []string{"receipt"}, Statuses: []string{"valid"}}
	add := func(name, what string, p *Provider, kind string, v ...Variation) {
		c.add(name, what, p.Receipt(kind, letter, v...), letter.date(), want)
	}
	for _, kind := range ReceiptKinds {
		p := c.w.Desk
		if kind == AvvenutaConsegna {
			p = c.w.Customers
		}
		add(kind+"-opaque", "a receipt with an opaque signature", p, kind, func(d *Draft) { d.Opaque = true })
		add(kind+"-unnamed", "a receipt without X-Ricevuta, without notice", p, kind, outer("X-Ricevuta", ""), func(d *Draft) { d.NoticeStyle = NoNotice })
		add(kind+"-capitals", "X-Ricevuta in capitals, a null return path, Auto-Submitted", p, kind, outer("X-Ricevuta", strings.ToUpper(kind)), outer("Return-Path", "<>"), more("Auto-Submitted", "auto-generated"))
		add(kind+"-late", "a receipt twenty days late", p, kind, func(d *Draft) { d.CMS.Digest = crypto.SHA1 })
		c.last().Delivered = letter.date().Add(20 * 24 * time.Hour)
	}
	add("virus", "a refusal for a virus", c.w.Desk, NonAccettazione, Because("virus", "virus rilevato"))
	add("failure-there", "a failure by the recipient's provider", c.w.Customers, ErroreConsegna)
	add("taken-there", "the letter taken by the recipient's provider", c.w.Customers, PresaInCarico)
	add("no-reference", "an acceptance without X-Riferimento-Message-ID", c.w.Desk, Accettazione, outer("X-Riferimento-Message-ID", ""))
}

// wholeAnomalies are anomaly envelopes around messages nobody could certify.
func wholeAnomalies(c *corpus) {
	want := Want{Kinds: []string{"anomaly"}, Statuses: []string{"valid"}}
	for name, raw := range map[string]string{
		"null-from": "From: <>\nTo: x\nSubject: x\n\nx\n", "no-from": "Subject: x\n\nx\n", "8-bit": "From: citt\xe0 <a@example.org>\nSubject: \xe0\n\n\xe0\n",
		"two-from": "From: a@example.org\nFrom: b@example.org\n\nx\n", "no-field": "From: a@example.org\nriga\n\nx\n", "no-header": "\nx\n", "empty": "",
		"daticert": "From: a@example.org\nContent-Type: multipart/mixed; boundary=z\n\n--z\nContent-Type: application/xml; name=daticert.xml\n\n<postacert/>\n--z--\n",
		"signed":   "From: a@example.org\nContent-Type: multipart/signed; boundary=z; protocol=\"application/pkcs7-signature\"\n\n--z\n\nx\n--z\nContent-Type: application/pkcs7-signature\n\nMAA=\n--z--\n",
	} {
		m := Message{From: "a@example.org", To: c.w.Ours[0], Subject: "x", Raw: []byte(crlf(raw))}
		c.add("anomaly-"+name, "an anomaly envelope around a message: "+name, c.w.Desk.Anomaly(m, c.w.Ours[0]), m.date(), want)
	}
	m := Message{From: "a@example.org", To: c.w.Ours[0], Subject: "x", Text: "x\n"}
	c.add("anomaly-opaque", "an anomaly envelope with an opaque signature", c.w.Desk.Anomaly(m, c.w.Ours[0], func(d *Draft) { d.Opaque = true }), m.date(), want)
}
