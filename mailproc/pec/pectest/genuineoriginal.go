package pectest

import (
	"bytes"
	"fmt"
	"strings"
	"time"
)

// original makes the envelope's message a complete one, written by head (fields
// but From, To, Date and Message-ID) and body; LF becomes CRLF.
func (c *corpus) original(head, body string) Message {
	m := c.w.request()
	m.Subject = "prova"
	raw := "From: " + m.From + "\nTo: " + m.To + "\nSubject: prova\nDate: Tue, 10 Nov 2026 10:22:05 +0100\nMessage-ID: <orig@pec.example.it>\n" + head + "\n" + body
	m.MessageID = "orig@pec.example.it"
	m.Raw = []byte(strings.ReplaceAll(raw, "\n", "\r\n"))
	return m
}

const innerMultipart = "MIME-Version: 1.0\nContent-Type: multipart/%s; boundary=\"interno\"\n"

func genuineOriginals(c *corpus) {
	add := func(name, what, head, body string) {
		c.okFrom(c.w.Customers, c.original(head, body), name, what)
	}
	part := func(fields, body string) string { return "--interno\n" + fields + "\n" + body + "\n" }
	text := part("Content-Type: text/plain\n", "testo")
	add("plain", "no MIME fields at all", "", "testo\n")
	add("no-body", "a header and no body", "", "")
	add("signed", "the original is itself multipart/signed",
		fmt.Sprintf(innerMultipart, `signed; protocol="application/pkcs7-signature"; micalg=sha-256`),
		text+part("Content-Type: application/pkcs7-signature; name=\"smime.p7s\"\nContent-Transfer-Encoding: base64\n", "MAA=")+"--interno--\n")
	add("encrypted", "the original is encrypted",
		"MIME-Version: 1.0\nContent-Type: application/pkcs7-mime; smime-type=enveloped-data; name=\"smime.p7m\"\nContent-Transfer-Encoding: base64\n", "MIAGCSqGSIb3DQEHA6CAMIACAQAxAA==\n")
	add("opaque", "the original is an opaque signature",
		"MIME-Version: 1.0\nContent-Type: application/x-pkcs7-mime; smime-type=signed-data; name=\"smime.p7m\"\nContent-Transfer-Encoding: base64\n", "MIAGCSqGSIb3DQEHAqCAMIACAQExAA==\n")
	add("winmail", "winmail.dat", fmt.Sprintf(innerMultipart, "mixed"),
		text+part("Content-Type: application/ms-tnef; name=\"winmail.dat\"\nContent-Transfer-Encoding: base64\n", "eJ8+IgAA")+"--interno--\n")
	add("pdf-only", "nothing but a file", "MIME-Version: 1.0\nContent-Type: application/pdf; name=\"richiesta.pdf\"\nContent-Transfer-Encoding: base64\n", "JVBERi0=\n")
	add("p7m-file", "a signed file", fmt.Sprintf(innerMultipart, "mixed"),
		text+part("Content-Type: application/pkcs7-mime; name=\"modulo.pdf.p7m\"\nContent-Transfer-Encoding: base64\n", "MIAGCSqGSIb3DQEHAqCAMIACAQExAA==")+"--interno--\n")
	add("names", "files named like the provider's", fmt.Sprintf(innerMultipart, "mixed"), text+
		part("Content-Type: application/xml; name=\"daticert.xml\"\n", "<postacert tipo=\"accettazione\"/>")+
		part("Content-Type: message/rfc822; name=\"postacert.eml\"\n", "From: altro@pec.example.it\n\nciao")+
		part("Content-Type: application/x-pkcs7-signature; name=\"smime.p7s\"\n", "MAA=")+"--interno--\n")
	add("unclosed", "a multipart that never closes", fmt.Sprintf(innerMultipart, "mixed"), text)
	add("no-boundary", "a multipart without a boundary", "MIME-Version: 1.0\nContent-Type: multipart/mixed\n", "testo\n")
	add("unknown-charset", "a charset nobody knows", "Content-Type: text/plain; charset=x-klingon\n", "testo\n")
	add("unknown-encoding", "an encoding nobody knows", "Content-Type: text/plain\nContent-Transfer-Encoding: x-uuencode\n", "begin 644 x\nend\n")
	add("bad-base64", "base64 that breaks off", "Content-Type: text/plain\nContent-Transfer-Encoding: base64\n", "SWwgc290dG9zY3JpdHR\n")
	add("8bit-header", "8-bit bytes in the header", "X-Nota: citt\xe0\n", "testo\n")
	add("x-trasporto", "fields like the provider's", "X-Trasporto: errore\nX-Ricevuta: accettazione\n", "testo\n")
	add("automatic", "an automatic message", "Auto-Submitted: auto-replied\nPrecedence: bulk\n", "sono in ferie\n")
	nested, closing := "", ""
	for i := range 12 {
		nested += fmt.Sprintf("Content-Type: multipart/mixed; boundary=\"b%02d\"\n\n--b%02d\n", i, i)
		closing = fmt.Sprintf("\n--b%02d--\n", i) + closing
	}
	add("deep", "twelve levels of parts", nested[:strings.Index(nested, "\n")+1], nested[strings.Index(nested, "\n")+2:]+"Content-Type: text/plain\n\ntesto\n"+closing)
	crlf := c.original("", "testo\n")
	crlf.Raw = append(crlf.Raw, "riga\nriga\r\n"...)
	c.okFrom(c.w.Customers, crlf, "bare-lf", "a bare LF in the body")
}

func genuineFroms(c *corpus) {
	for name, from := range map[string]string{
		"bare": "mario@pec.example.it", "brackets": "<mario@pec.example.it>", "comma": `"Rossi, Mario" <mario@pec.example.it>`,
		"encoded": "=?utf-8?Q?Societ=C3=A0_Rossi?= <mario@pec.example.it>", "folded": "\"Mario Rossi\"\r\n <mario@pec.example.it>",
		"address-as-name": `"mario@pec.example.it" <mario@pec.example.it>`, "comment": "mario@pec.example.it (Mario Rossi)",
		"capitals": "Mario <Mario@PEC.EXAMPLE.IT>", "unquoted-dots": "Dott. M. Rossi <mario@pec.example.it>", "8bit": "Societ\xe0 <mario@pec.example.it>",
	} {
		m := c.w.request()
		m.From = from
		raw := c.w.Customers.Transport(m, func(d *Draft) {
			d.Daticert.Sender = "mario@pec.example.it"
			setField(d.Header, "From", fmt.Sprintf("\"Per conto di: mario@pec.example.it\" <%s>", c.w.Customers.Notice))
			setField(d.Header, "Return-Path", "<mario@pec.example.it>")
			setField(d.Header, "Reply-To", "mario@pec.example.it")
		})
		c.add(name, "writing of the original's From", raw, m.date(), Want{
			Proved: true, Sender: "mario@pec.example.it", Kinds: []string{"transport"}, Statuses: []string{"valid"},
		})
	}
	m := c.w.request()
	m.From = "anna@legalmail.example.org"
	c.okFrom(c.w.Customers, m, "second-domain", "the second domain of the same provider")
	desk := c.w.request()
	desk.From, desk.To = "luca@pec.example.com", c.w.Ours[0]
	c.okFrom(c.w.Desk, desk, "other-provider", "a customer of the desk's own provider")
}

// genuineInsides are envelopes whose original pretends to be something else: the
// sender proved is always the one who put it there.
func genuineInsides(c *corpus) {
	victim := c.w.request()
	forwarder := Message{From: "eva@pec.example.it", To: c.w.Ours[0], Subject: "I: Disattivazione casella", MessageID: "eva@pec.example.it"}
	wrap := func(name, what string, inner []byte) {
		m := forwarder
		m.Attachments = []Attachment{{"inoltrato.eml", "message/rfc822", inner}}
		c.okFrom(c.w.Customers, m, name+"-attached", what+", attached")
		m = forwarder
		m.Raw = withFrom(inner, "eva@pec.example.it")
		c.okFrom(c.w.Customers, m, name+"-original", what+", as the original itself")
	}
	wrap("transport", "somebody else's genuine envelope", c.w.Customers.Transport(victim))
	wrap("accettazione", "a genuine acceptance receipt", c.w.Customers.Receipt(Accettazione, victim))
	wrap("consegna", "a genuine delivery receipt", c.w.Desk.Receipt(AvvenutaConsegna, victim))
	wrap("anomaly", "an anomaly envelope", c.w.Desk.Anomaly(victim, c.w.Ours[0]))
}

// withFrom gives a message another From.
func withFrom(raw []byte, from string) []byte {
	head, body := splitHeader(raw)
	var out []byte
	for _, f := range unfoldedFields(head) {
		if bytes.HasPrefix(f, []byte("From:")) {
			f = []byte("From: " + from + "\r\n")
		}
		out = append(out, f...)
	}
	return append(out, body...)
}

func genuineReceipts(c *corpus) {
	letter := Message{From: c.w.Ours[0], To: "mario@pec.example.it", Subject: "Re: Disattivazione casella [Prot. 2026-000123]",
		MessageID: "20261110.1@pec.example.com", Text: "Gentile cliente, la richiesta è accolta.\n", Charset: "utf-8"}
	want := Want{Kinds: []string{"receipt"}, Statuses: []string{"valid"}}
	add := func(name, what, kind string, v ...Variation) {
		p := c.w.Desk
		if kind == AvvenutaConsegna {
			p = c.w.Customers
		}
		c.add(name, what, p.Receipt(kind, letter, v...), letter.date(), want)
	}
	for _, kind := range ReceiptKinds {
		add(kind, "a receipt", kind)
		add(kind+"-text", "a receipt with a text-only notice", kind, func(d *Draft) { d.NoticeStyle = TextOnly })
		add(kind+"-same-id", "a receipt whose Message-ID is the identifier", kind, func(d *Draft) {
			setField(d.Header, "Message-ID", "<"+d.Identifier+">")
		})
		add(kind+"-own-from", "a receipt with a name in From", kind, func(d *Draft) {
			setField(d.Header, "From", "\"Posta Certificata\" <"+d.Provider.Notice+">")
		})
	}
	add("breve", "a brief delivery receipt", AvvenutaConsegna, Form("breve"))
	add("sintetica", "a synthetic delivery receipt", AvvenutaConsegna, Form("sintetica"))
	add("second", "a delivery receipt a minute later", AvvenutaConsegna, At(letter.date().Add(time.Minute)))
	add("no-dest", "a failure with errore no-dest", ErroreConsegna, Because("no-dest", "5.1.1 - casella inesistente"))
	add("no-dominio", "a failure with errore no-dominio", ErroreConsegna, Because("no-dominio", "5.1.2 - dominio inesistente"))
}

func genuineAnomalies(c *corpus) {
	want := Want{Kinds: []string{"anomaly"}, Statuses: []string{"valid"}}
	m := Message{From: "Mario <mario@example.org>", To: c.w.Ours[0], Subject: "Disattivazione casella", Text: "Il sottoscritto…\n"}
	c.add("plain", "an ordinary message", c.w.Desk.Anomaly(m, c.w.Ours[0]), m.date(), want)
	m.HTML = "<p>Il sottoscritto…</p>"
	c.add("html", "an ordinary message with HTML", c.w.Desk.Anomaly(m, c.w.Ours[0]), m.date(), want)
	c.add("attachment", "postacert as an attachment", c.w.Desk.Anomaly(m, c.w.Ours[0], func(d *Draft) { d.Disposition = "attachment" }), m.date(), want)
	c.add("ordinary", "an ordinary message outside any envelope", m.bytes(""), m.date(), Want{Kinds: []string{"ordinary"}, Statuses: []string{"missing"}})
}
