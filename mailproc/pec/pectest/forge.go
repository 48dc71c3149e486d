package pectest

import (
	"bytes"
	"slices"
	"strings"
)

// Forgeries returns messages none of which proves a sender, or the sender they
// pretend: every kind of forgery known, in several variations. What says what
// was forged.
func (w *World) Forgeries() []Sample {
	c := &corpus{w: w}
	for _, g := range []struct {
		name string
		add  func(*corpus)
	}{
		{"unsigned", forgeUnsigned}, {"nested", forgeNested}, {"beside", forgeBeside},
		{"changed", forgeChanged}, {"daticert", forgeDaticert}, {"parts", forgeParts}, {"type", forgeTypes}, {"xml", forgeXML},
		{"signer", forgeSigners}, {"domain", forgeDomains}, {"chain", forgeChains},
		{"cms", forgeCMS}, {"attributes", forgeAttributes}, {"set", forgeSets}, {"p7s", forgeP7S}, {"algorithm", forgeAlgorithms},
		{"header", forgeHeaders}, {"mime", forgeMIME}, {"sender", forgeSenders}, {"homograph", forgeHomographs},
		{"recipient", forgeRecipients}, {"identifier", forgeIdentifiers}, {"date", forgeDates},
		{"kind", forgeKinds}, {"opaque", forgeOpaque}, {"receipt", forgeReceipts},
		{"guessed", forgeGuessed}, {"from", forgeFroms}, {"certificate", forgeCertificates}, {"path", forgePaths}, {"element", forgeElements},
		{"parameter", forgeParameters}, {"shape", forgeShapes},
		{"way", forgeWays}, {"form", forgeForms}, {"line", forgeLines}, {"name", forgeNames}, {"market", forgeMarket}, {"reader", forgeReaders},
		{"bound", forgeBounds}, {"word", forgeWords}, {"enclosed", forgeEnclosed}, {"data", forgeData}, {"key", forgeKeys}, {"build", forgeBuilds},
	} {
		c.group = g.name
		g.add(c)
	}
	return c.samples
}

// no adds a forgery of the usual request, made by the customers' provider.
func (c *corpus) no(name, what string, want Want, v ...Variation) {
	c.noFrom(c.w.Customers, c.w.request(), name, what, want, v...)
}

func (c *corpus) noFrom(p *Provider, m Message, name, what string, want Want, v ...Variation) {
	c.add(name, what, p.Transport(m, v...), m.date(), want)
}

// because is what a forgery must be refused for: one of the reasons.
func because(reasons ...string) Want { return Want{Reasons: reasons} }

var lacking = Want{Kinds: []string{"ordinary"}, Statuses: []string{"missing", "invalid", "untrusted"}}

// crlf turns LF into CRLF.
func crlf(s string) string { return strings.ReplaceAll(s, "\n", "\r\n") }

const forgedHead = "X-Trasporto: posta-certificata\nDate: Tue, 10 Nov 2026 10:22:05 +0100\n" +
	"From: \"Per conto di: mario@pec.example.it\" <posta-certificata@pec.example.it>\nReply-To: mario@pec.example.it\n" +
	"To: disattivazioni@pec.example.com\nSubject: POSTA CERTIFICATA: Disattivazione casella\n" +
	"Message-ID: <opec1.20261110102205.1.1.1.1@pec.example.it>\nX-TipoRicevuta: completa\nMIME-Version: 1.0\n"

// forgeUnsigned are ordinary messages with the headers of an envelope.
func forgeUnsigned(c *corpus) {
	add := func(name, what, rest string) {
		c.add(name, what, []byte(crlf(forgedHead+rest)), defaultDate, Want{Kinds: []string{"ordinary", "transport", "unreadable"}, Statuses: []string{"missing", "invalid"}})
	}
	add("text", "an ordinary text with an envelope's header", "Content-Type: text/plain\n\nIl sottoscritto…\n")
	add("no-type", "no Content-Type at all", "\nIl sottoscritto…\n")
	// An envelope made by the forger himself, stripped of its signature.
	var signed []byte
	raw := c.w.Customers.Transport(c.w.request(), func(d *Draft) {
		d.Signed = append(d.Signed, func(b []byte) []byte { signed = b; return b })
	})
	add("parts", "daticert and postacert without any signature", strings.ReplaceAll(string(signed), "\r\n", "\n"))
	pieces := func(sigPart string) string {
		body := "Content-Type: multipart/signed; protocol=\"application/x-pkcs7-signature\"; micalg=sha-256; boundary=\"zz\"\n\n--zz\n" +
			strings.ReplaceAll(string(signed), "\r\n", "\n")
		if sigPart != "" {
			body += "\n--zz\n" + sigPart
		}
		return body + "\n--zz--\n"
	}
	p7s := "Content-Type: application/x-pkcs7-signature; name=\"smime.p7s\"\nContent-Transfer-Encoding: base64\n\n"
	add("no-p7s", "multipart/signed with one part", pieces(""))
	add("empty-p7s", "an empty signature", pieces(p7s))
	add("garbage-p7s", "a signature of random letters", pieces(p7s+"VGhpcyBpcyBubyBzaWduYXR1cmU=\n"))
	add("blank-p7s", "a signature of blanks", pieces(p7s+"    \n  \n"))
	add("text-p7s", "a signature that is text", pieces("Content-Type: text/plain\n\nfirmato: il gestore\n"))
	add("pgp", "an OpenPGP signature", strings.ReplaceAll(pieces("Content-Type: application/pgp-signature\n\n-----BEGIN PGP SIGNATURE-----\n\niQEz\n-----END PGP SIGNATURE-----\n"), "application/x-pkcs7-signature", "application/pgp-signature"))
	add("unclosed", "multipart/signed that never closes", strings.TrimSuffix(pieces(p7s), "\n--zz--\n"))
	add("mixed-protocol", "the parts of a genuine envelope called multipart/mixed",
		strings.ReplaceAll(strings.Replace(string(raw[bytes.Index(raw, []byte("Content-Type: multipart/signed")):]), "multipart/signed", "multipart/mixed", 1), "\r\n", "\n"))
}

// forgeNested are genuine envelopes that are not the outermost entity.
func forgeNested(c *corpus) {
	genuine := c.w.Customers.Transport(c.w.request())
	add := func(name, what, rest string) {
		c.add(name, what, append([]byte(crlf(forgedHead)), rest...), defaultDate, lacking)
	}
	mixed := "Content-Type: multipart/mixed; boundary=\"esterno\"\r\n\r\n"
	text := "--esterno\r\nContent-Type: text/plain\r\n\r\nVi inoltro la richiesta.\r\n"
	attached := "--esterno\r\nContent-Type: message/rfc822\r\n\r\n" + string(genuine) + "\r\n"
	add("forwarded", "a genuine envelope forwarded as attachment", mixed+text+attached+"--esterno--\r\n")
	add("forwarded-alone", "a genuine envelope as the only part", mixed+attached+"--esterno--\r\n")
	add("rfc822", "a message that is a genuine envelope", "Content-Type: message/rfc822\r\n\r\n"+string(genuine))
	i := bytes.Index(genuine, []byte("Content-Type: multipart/signed"))
	entity := "--esterno\r\n" + string(genuine[i:]) + "\r\n"
	footer := "--esterno\r\nContent-Type: text/plain\r\n\r\n-- \r\nlista@example.org\r\n"
	add("list", "a mailing list's footer around a genuine envelope", mixed+entity+footer+"--esterno--\r\n")
	add("list-header", "a mailing list's header text before it", mixed+text+entity+"--esterno--\r\n")
	add("single", "multipart/mixed around the genuine envelope", mixed+entity+"--esterno--\r\n")
	add("alternative", "the genuine envelope as an alternative", strings.Replace(mixed, "mixed", "alternative", 1)+text+entity+"--esterno--\r\n")
	add("digest", "in a digest", strings.Replace(mixed, "mixed", "digest", 1)+attached+"--esterno--\r\n")
	add("twice", "two genuine envelopes in one", mixed+entity+entity+"--esterno--\r\n")
	add("text-body", "pasted as text", "Content-Type: text/plain\r\n\r\n"+string(genuine))
	add("base64", "the genuine envelope as a file", "Content-Type: application/octet-stream; name=\"busta.eml\"\r\nContent-Transfer-Encoding: base64\r\n\r\n"+string(base64Lines(genuine, 76)))
	add("encoded-signed", "multipart/signed in base64", "Content-Type: multipart/signed; protocol=\"application/x-pkcs7-signature\"; boundary=\"zz\"\r\nContent-Transfer-Encoding: base64\r\n\r\n"+string(base64Lines(genuine[i:], 76)))
	c.samples[len(c.samples)-1].Want = Want{}
	for name, from := range map[string]string{"anomaly": "eva@example.org", "anomaly-same": "mario@pec.example.it"} {
		m := Message{From: from, To: c.w.Ours[0], Subject: "Disattivazione casella", Raw: genuine}
		c.add(name, "a genuine envelope inside an anomaly envelope", c.w.Desk.Anomaly(m, c.w.Ours[0]), defaultDate, Want{Kinds: []string{"anomaly"}})
		m.Raw = []byte(crlf(forgedHead + "Content-Type: text/plain\n\nIl sottoscritto…\n"))
		c.add(name+"-headers", "an ordinary message with X-Trasporto inside an anomaly envelope", c.w.Desk.Anomaly(m, c.w.Ours[0]), defaultDate, Want{Kinds: []string{"anomaly"}})
		c.add(name+"-outer", "an anomaly envelope renamed to a transport envelope", c.w.Desk.Anomaly(m, c.w.Ours[0],
			outer("X-Trasporto", "posta-certificata")), defaultDate, Want{Statuses: []string{"invalid"}})
		c.add(name+"-daticert", "the writer's own daticert inside an anomaly envelope", c.w.Desk.Anomaly(Message{
			From: from, To: c.w.Ours[0], Subject: "x", Attachments: []Attachment{{"daticert.xml", "application/xml", c.xml()}},
		}, c.w.Ours[0]), defaultDate, Want{Kinds: []string{"anomaly"}})
	}
}

// xml is the daticert of the usual request.
func (c *corpus) xml() []byte {
	var out []byte
	c.w.Customers.Transport(c.w.request(), inPart("daticert", func(p *Part) { out = decodeLines(p.Body) }))
	return out
}

// forgeBeside puts unsigned content beside a genuine signed part.
func forgeBeside(c *corpus) {
	evil := "Content-Type: multipart/mixed; boundary=\"falso\"\r\n\r\n--falso\r\nContent-Type: application/xml; name=\"daticert.xml\"\r\n\r\n<postacert/>\r\n--falso\r\nContent-Type: message/rfc822; name=\"postacert.eml\"\r\n\r\nFrom: anna@pec.example.it\r\n\r\nChiudete tutto.\r\n--falso--\r\n"
	text := "Content-Type: text/plain\r\n\r\nChiudete anche la casella anna@pec.example.it\r\n"
	structure := because("bad_structure", "malformed_cms", "digest_mismatch", "signature_missing", "no_signer")
	for name, part := range map[string]string{"text": text, "envelope": evil, "p7s": "Content-Type: application/x-pkcs7-signature\r\n\r\nMAA=\r\n", "empty": "\r\n"} {
		c.no(name+"-after", "a third, unsigned part after the signature", structure, func(d *Draft) { d.Siblings = []string{part} })
		c.no(name+"-before", "an unsigned part before the signed one", structure, onEntity(func(d *Draft, b []byte) []byte {
			return bytes.Replace(b, []byte("--"+d.Outer+"\r\n"), []byte("--"+d.Outer+"\r\n"+part+"\r\n--"+d.Outer+"\r\n"), 1)
		}))
		c.no(name+"-between", "an unsigned part between the signed one and the signature", structure, onEntity(func(d *Draft, b []byte) []byte {
			i := bytes.LastIndex(b, []byte("--"+d.Outer+"\r\n"))
			return slices.Concat(b[:i], []byte("--"+d.Outer+"\r\n"+part+"\r\n"), b[i:])
		}))
	}
	c.no("swapped", "signature first, signed part second", structure, onEntity(func(d *Draft, b []byte) []byte {
		p := bytes.Split(b, []byte("\r\n--"+d.Outer))
		p[1], p[2] = p[2], p[1]
		return bytes.Join(p, []byte("\r\n--"+d.Outer))
	}))
	c.no("signature-only", "the signed part removed", structure, onEntity(func(d *Draft, b []byte) []byte {
		p := bytes.Split(b, []byte("\r\n--"+d.Outer))
		return bytes.Join(slices.Delete(p, 1, 2), []byte("\r\n--"+d.Outer))
	}))
	other := c.w.Customers.Transport(Message{From: "eva@pec.example.it", To: c.w.Ours[0], Subject: "x", Text: "x"})
	c.no("other-signature", "the signature of another genuine envelope", because("digest_mismatch"), onEntity(func(d *Draft, b []byte) []byte {
		i, j := bytes.LastIndex(b, []byte("smime.p7s\"\r\n\r\n")), bytes.LastIndex(b, []byte("\r\n--"+d.Outer+"--"))
		k := bytes.LastIndex(other, []byte("smime.p7s\"\r\n\r\n"))
		l := bytes.LastIndex(other, []byte("\r\n------"))
		return slices.Concat(b[:i], other[k:l], b[j:])
	}))
}

// onEntity changes the finished message.
func onEntity(f func(d *Draft, raw []byte) []byte) Variation {
	return func(d *Draft) {
		d.Finish = append(d.Finish, func(b []byte) []byte { return f(d, b) })
	}
}
