package pectest

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
)

// tamper changes the signed part after it was signed.
func tamper(f func(string) string) Variation {
	return func(d *Draft) {
		d.Tamper = append(d.Tamper, func(b []byte) []byte {
			out := f(string(b))
			if out == string(b) {
				panic("pectest: a forgery changes nothing")
			}
			return []byte(out)
		})
	}
}

// forgeChanged changes what was signed.
func forgeChanged(c *corpus) {
	want := because("digest_mismatch")
	for _, t := range []struct{ name, what, from, to string }{
		{"word", "a word of the request", "disattivazione anticipata", "riattivazione anticipata"},
		{"mailbox", "the mailbox named in the text", "PEC mario@", "PEC marco@"},
		{"case", "a capital", "Il sottoscritto", "il sottoscritto"},
		{"from", "the original's From", "From: Mario Rossi <mario@", "From: Anna Bianchi <anna@"},
		{"subject", "the original's Subject", "Subject: Disattivazione", "Subject: Riattivazione"},
		{"blank", "a blank at the end of a line", "message/rfc822; name", "message/rfc822;  name"},
		{"notice", "the notice", "Messaggio di posta certificata", "Messaggio di posta ordinaria"},
		{"part-name", "the name of a part", "daticert.xml", "datacert.xml"},
		{"part-type", "the type of a part", "application/xml", "text/xml"},
		{"encoding", "an encoding", "Content-Transfer-Encoding: binary", "Content-Transfer-Encoding: 8bit"},
		{"header-line", "a field added to the signed part", "MIME-Version: 1.0\r\n\r\n", "MIME-Version: 1.0\r\nX-A: b\r\n\r\n"},
		{"line-end", "CRLF to LF in one line", "MIME-Version: 1.0\r\n\r\n", "MIME-Version: 1.0\n\r\n"},
		{"lone-cr", "CRLF to CR in one line", "Content-Transfer-Encoding: binary\r\n", "Content-Transfer-Encoding: binary\r"},
		{"doubled-cr", "a second CR", "Content-Transfer-Encoding: binary\r\n", "Content-Transfer-Encoding: binary\r\r\n"},
		{"tab", "a tab for a blank", "multipart/mixed; ", "multipart/mixed;\t"},
	} {
		c.no(t.name, "changed after signing: "+t.what, want, tamper(func(s string) string { return strings.Replace(s, t.from, t.to, 1) }))
	}
	c.no("appended", "a line added at the end", want, tamper(func(s string) string { return s + "\r\n" }))
	c.no("cut", "the last line end removed", want, tamper(func(s string) string { return strings.TrimSuffix(s, "\r\n") }))
	c.no("prefixed", "a blank line before", want, tamper(func(s string) string { return "\r\n" + s }))
	c.no("doubled", "everything twice", want, tamper(func(s string) string { return s + s }))
	c.no("dropped", "everything removed", Want{}, tamper(func(string) string { return "" }))
	c.no("no-boundary", "the signed part's boundary changed", want, tamper(func(s string) string { return strings.Replace(s, "boundary=\"-", "boundary=\"+", 1) }))
}

// forgeDaticert rewrites the certification data after signing.
func forgeDaticert(c *corpus) {
	for _, t := range []struct{ name, from, to string }{
		{"sender", "<mittente>mario@", "<mittente>anna@"},
		{"recipient", "disattivazioni@", "abbandoni@"},
		{"subject", "<oggetto>Disattivazione", "<oggetto>Riattivazione"},
		{"day", "<giorno>10/11/2026", "<giorno>11/11/2026"},
		{"hour", "<ora>10:22:05", "<ora>10:22:06"},
		{"zone", `zona="+0100"`, `zona="+0200"`},
		{"type", `tipo="posta-certificata"`, `tipo="accettazione"`},
		{"error", `errore="nessuno"`, `errore="altro"`},
		{"identifier", "<identificativo>opec", "<identificativo>apec"},
		{"provider", "Gestore Uno", "Gestore Tre"},
		{"space", "<dati>", "<dati >"},
	} {
		c.no(t.name, "daticert changed after signing: "+t.name, because("digest_mismatch"), tamper(func(s string) string {
			i := strings.Index(s, "Content-Transfer-Encoding: base64\r\n\r\n") + len("Content-Transfer-Encoding: base64\r\n\r\n")
			j := i + strings.Index(s[i:], "\r\n\r\n") + 2
			xml := string(decodeLines([]byte(s[i:j])))
			return s[:i] + string(base64Lines([]byte(strings.Replace(xml, t.from, t.to, 1)), 60)) + s[j:]
		}))
	}
	c.no("columns", "daticert's line breaks moved", because("digest_mismatch"), tamper(func(s string) string {
		i := strings.Index(s, "Content-Transfer-Encoding: base64\r\n\r\n") + len("Content-Transfer-Encoding: base64\r\n\r\n")
		return s[:i+10] + "\r\n" + s[i+10:]
	}))
	c.no("swapped", "another genuine envelope's daticert", because("digest_mismatch"), tamper(func(s string) string {
		i := strings.Index(s, "Content-Transfer-Encoding: base64\r\n\r\n") + len("Content-Transfer-Encoding: base64\r\n\r\n")
		j := i + strings.Index(s[i:], "\r\n\r\n") + 2
		return s[:i] + string(base64Lines(c.w.Customers.draft(Message{From: "eva@pec.example.it", To: c.w.Ours[0]}, "posta-certificata").Daticert.XML(), 60)) + s[j:]
	}))
}

// signing adds a forgery whose signed parts f has changed before they were signed.
func (c *corpus) signing(name, what string, want Want, f func(d *Draft, p []Part) []Part) {
	c.no(name, what, want, func(d *Draft) {
		d.Parts = append(d.Parts, func(p []Part) []Part { return f(d, p) })
	})
}

// forgeParts are signed parts with too many, too few or misplaced members: what
// a careless provider could be led to sign.
func forgeParts(c *corpus) {
	add := c.signing
	two, gone := because("two_daticert", "envelope_inconsistent"), because("daticert_missing", "envelope_inconsistent")
	second := func(d *Draft) Part {
		x := d.Daticert
		x.Sender = "anna@pec.example.it"
		return d.DaticertPart(x.XML())
	}
	add("two-daticert", "a second daticert at the end", two, func(d *Draft, p []Part) []Part { return append(p, second(d)) })
	add("two-daticert-first", "a second daticert before", two, func(d *Draft, p []Part) []Part { return append([]Part{second(d)}, p...) })
	add("same-daticert-twice", "the same daticert twice", two, func(d *Draft, p []Part) []Part { return append(p, p[1]) })
	add("two-daticert-case", "a second one called DATICERT.XML", two, func(d *Draft, p []Part) []Part {
		s := second(d)
		s.Header[0].Value = `application/xml; name="DATICERT.XML"`
		s.Header[1].Value = `attachment; filename="DATICERT.XML"`
		return append(p, s)
	})
	add("two-daticert-2231", "a second one whose name is RFC 2231 encoded", two, func(d *Draft, p []Part) []Part {
		s := second(d)
		s.Header[0].Value = `application/xml`
		s.Header[1].Value = `attachment; filename*=utf-8''dati%63ert.xml`
		return append(p, s)
	})
	add("two-daticert-word", "a second one whose name is an encoded word", two, func(d *Draft, p []Part) []Part {
		s := second(d)
		s.Header[0].Value = `application/xml; name="=?utf-8?Q?daticert.xml?="`
		s.Header[1].Value = `attachment`
		return append(p, s)
	})
	add("no-daticert", "no daticert", gone, func(_ *Draft, p []Part) []Part { return slices.Delete(p, 1, 2) })
	add("nested-daticert", "daticert in a multipart of its own", gone, func(_ *Draft, p []Part) []Part {
		in := joinParts("mixed", "dentro", part{p[1].Header, p[1].Body})
		p[1] = Part{"other", in.header, in.body}
		return p
	})
	add("daticert-in-original", "daticert only inside the original message", gone, func(d *Draft, p []Part) []Part {
		m := d.Message
		m.Attachments = []Attachment{{"daticert.xml", "application/xml", d.Daticert.XML()}}
		return []Part{p[0], d.OriginalPart(m.bytes(d.Identifier))}
	})
	add("named-daticert", "a second daticert of another type", two, func(d *Draft, p []Part) []Part {
		s := second(d)
		s.Header[0].Value = `text/plain; name="daticert.xml"`
		return append(p, s)
	})
	forgePostacert(c)
	forgeMembers(c)
	forgeReadings(c)
}

// forgePostacert are too many or too few originals.
func forgePostacert(c *corpus) {
	add := c.signing
	victim := Message{From: "anna@pec.example.it", To: c.w.Ours[0], Subject: "x", Text: "Chiudete la mia casella.\n"}
	lost := because("postacert_missing", "envelope_inconsistent")
	twice := because("two_postacert", "envelope_inconsistent")
	add("two-postacert", "a second postacert at the end", twice, func(d *Draft, p []Part) []Part { return append(p, d.OriginalPart(victim.bytes(d.Identifier))) })
	add("two-postacert-first", "a second postacert before", twice, func(d *Draft, p []Part) []Part {
		return append([]Part{d.OriginalPart(victim.bytes(d.Identifier))}, p...)
	})
	add("same-postacert-twice", "the same postacert twice", twice, func(_ *Draft, p []Part) []Part { return append(p, p[2]) })
	add("two-postacert-case", "a second one called PostaCert.EML", twice, func(d *Draft, p []Part) []Part {
		o := d.OriginalPart(victim.bytes(d.Identifier))
		o.Header[0].Value, o.Header[1].Value = `message/rfc822; name="PostaCert.EML"`, "inline"
		return append(p, o)
	})
	add("no-postacert", "no postacert", lost, func(_ *Draft, p []Part) []Part { return p[:2] })
	add("nested-postacert", "postacert in a multipart of its own", lost, func(_ *Draft, p []Part) []Part {
		in := joinParts("mixed", "dentro", part{p[2].Header, p[2].Body})
		p[2] = Part{"other", in.header, in.body}
		return p
	})
	add("named-postacert", "a second original called postacert.eml, of another type", twice, func(d *Draft, p []Part) []Part {
		o := d.OriginalPart(victim.bytes(d.Identifier))
		o.Header[0].Value = `application/octet-stream; name="postacert.eml"`
		return append(p, o)
	})
}

// forgeMembers are signed parts without what an envelope holds.
func forgeMembers(c *corpus) {
	add := c.signing
	add("empty", "neither", Want{Statuses: []string{"invalid"}}, func(_ *Draft, p []Part) []Part { return p[:1] })
	add("empty-daticert", "an empty daticert", because("daticert_malformed", "daticert_missing"), func(_ *Draft, p []Part) []Part {
		p[1].Body = []byte("\r\n")
		return p
	})
	add("empty-postacert", "an empty postacert", because("sender_mismatch", "postacert_missing"), func(_ *Draft, p []Part) []Part {
		p[2].Body = []byte("\r\n")
		return p
	})
	c.no("not-multipart", "a signed text in place of the parts", Want{Statuses: []string{"invalid", "untrusted", "missing"}}, func(d *Draft) {
		d.Signed = append(d.Signed, func([]byte) []byte { return []byte("Content-Type: text/plain\r\n\r\nIl sottoscritto…\r\n") })
	})
	c.no("daticert-alone", "the daticert is the whole signed part", Want{Statuses: []string{"invalid"}}, func(d *Draft) {
		d.Signed = append(d.Signed, func([]byte) []byte {
			p := d.DaticertPart(d.Daticert.XML())
			var b bytes.Buffer
			part{p.Header, p.Body}.write(&b)
			return b.Bytes()
		})
	})
}

// forgeReadings are signed parts that two readers would read differently.
func forgeReadings(c *corpus) {
	either := Want{Statuses: []string{"invalid"}}
	twin := func(name, part, field, value string) {
		c.no(name, "a second "+field+" on the part "+part, either, inPart(part, func(p *Part) { p.Header = append(p.Header, Field{field, value}) }))
	}
	twin("daticert-two-types", "daticert", "Content-Type", "text/plain")
	twin("daticert-two-encodings", "daticert", "Content-Transfer-Encoding", "7bit")
	twin("postacert-two-types", "postacert", "Content-Type", "text/plain")
	c.no("daticert-unknown-encoding", "daticert.xml in an encoding nobody knows", because("daticert_malformed"), partField("daticert", "Content-Transfer-Encoding", "x-unknown"), inPart("daticert", func(p *Part) { p.Body = decodeLines(p.Body) }))
	twin("postacert-two-encodings", "postacert", "Content-Transfer-Encoding", "base64")
	c.no("root-two-types", "a second Content-Type on the signed part", either, func(d *Draft) {
		d.Signed = append(d.Signed, func(b []byte) []byte {
			return bytes.Replace(b, []byte("MIME-Version: 1.0\r\n\r\n"), []byte("MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=\"altro\"\r\n\r\n"), 1)
		})
	})
	c.no("root-encoding", "Content-Transfer-Encoding: base64 on the signed part", either, func(d *Draft) {
		d.Signed = append(d.Signed, func(b []byte) []byte {
			return bytes.Replace(b, []byte("Encoding: binary"), []byte("Encoding: base64"), 1)
		})
	})
	c.no("postacert-long-header", "an original whose From comes after a megabyte of header", either, func(d *Draft) {
		d.Original = append(bytes.Repeat([]byte("X-Lungo: "+strings.Repeat("x", 60)+"\r\n"), 15000), d.Message.bytes(d.Identifier)...)
	})
}

// forgeTypes are genuine signatures over a daticert of another kind, in the
// clothes of a transport envelope.
func forgeTypes(c *corpus) {
	want := because("wrong_type", "envelope_inconsistent", "daticert_malformed")
	for _, kind := range append(slices.Clone(ReceiptKinds), "", "altro", "POSTA-CERTIFICATA", "posta_certificata") {
		c.no(fmt.Sprintf("tipo-%q", kind), "daticert of another type: "+kind, want, func(d *Draft) { d.Daticert.Type = kind })
	}
	for _, e := range []string{"no-dest", "no-dominio", "virus", "altro", "NESSUNO", "boh"} {
		c.no("errore-"+e, "daticert with an error: "+e, want, func(d *Draft) { d.Daticert.Error = e })
	}
	c.no("no-tipo", "daticert without tipo", want, onXML(func(x string) string { return strings.Replace(x, `tipo="posta-certificata" `, "", 1) }))
	c.no("two-tipo", "daticert with tipo twice", want, onXML(func(x string) string {
		return strings.Replace(x, `tipo="posta-certificata"`, `tipo="accettazione" tipo="posta-certificata"`, 1)
	}))
}
