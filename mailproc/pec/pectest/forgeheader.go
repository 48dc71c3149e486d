package pectest

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
)

// onHeader rewrites the outer header of the finished message.
func onHeader(f func(head string) string) Variation {
	return onEntity(func(_ *Draft, b []byte) []byte {
		head, body := splitHeader(b)
		out := f(string(head))
		if out == string(head) {
			panic("pectest: a forgery changes nothing")
		}
		return append([]byte(out), body...)
	})
}

func replace(from, to string) func(string) string {
	return func(s string) string { return strings.Replace(s, from, to, 1) }
}

// forgeHeaders are genuine signed parts under outer headers that contradict
// them or themselves.
func forgeHeaders(c *corpus) {
	notice := c.w.Customers.Notice
	from := "\"Per conto di: mario@pec.example.it\" <" + notice + ">"
	want := because("envelope_inconsistent", "san_mismatch", "bad_structure", "signature_missing", "no_header", "bad_multipart")
	c.no("two-from", "a second From", want, more("From", "\"Per conto di: anna@pec.example.it\" <"+notice+">"))
	c.no("two-from-other", "a second From of another", want, more("From", "Eva <eva@example.org>"))
	c.no("two-from-after", "a second From at the end", want, outside(func(f []Field) []Field { return append(f, Field{"From", "Eva <eva@example.org>"}) }))
	c.no("two-from-same", "From twice, the same", want, more("From", from))
	c.no("no-from", "no From", want, outer("From", ""))
	c.no("empty-from", "an empty From", want, outside(func(f []Field) []Field {
		setField(f, "From", "")
		return f
	}))
	for name, v := range map[string]string{
		"two-addresses":        "\"Per conto di: mario@pec.example.it\" <" + notice + ">, Eva <eva@example.org>",
		"two-addresses-before": "Eva <eva@example.org>, " + from,
		"group":                "Gestore: " + notice + ";",
		"route":                "<@example.org:" + notice + ">",
		"two-brackets":         "Eva <eva@example.org> <" + notice + ">",
		"bracket-in-name":      "\"<" + notice + ">\" <eva@example.org>",
		"comment-address":      "eva@example.org (" + notice + ")",
		"comment-between":      "posta-certificata(<" + notice + ">)@example.org",
		"encoded-address":      "=?utf-8?Q?posta-certificata=40pec.example.it?=",
		"encoded-brackets":     "=?utf-8?Q?Eva_=3Cposta-certificata=40pec.example.it=3E?= <eva@example.org>",
		"quoted-local":         "\"posta-certificata@pec.example.it\"@example.org",
		"nul":                  "\"Per conto di: mario@pec.example.it\" <" + notice + "\x00>",
		"nul-hidden":           "Eva <eva@example.org>\x00 <" + notice + ">",
		"bare-cr":              "Eva <eva@example.org>\rFrom: " + from,
		"unclosed":             "\"Per conto di: mario@pec.example.it\" <" + notice,
		"unclosed-quote":       "\"Per conto di: <" + notice + ">",
		"lookalike":            "\"Per conto di: mario@pec.example.it\" <posta-certificata@pec.example.it.>x",
	} {
		c.no("from-"+name, "From: "+v, want, outside(func(f []Field) []Field {
			setField(f, "From", v)
			return f
		}))
	}
	c.no("two-trasporto", "two X-Trasporto that differ", want, more("X-Trasporto", "errore"))
	c.no("errore", "X-Trasporto: errore on a transport envelope", want, outer("X-Trasporto", "errore"))
	c.no("ricevuta", "X-Ricevuta on a transport envelope", want, more("X-Ricevuta", "accettazione"))
	c.no("ricevuta-instead", "X-Ricevuta in place of X-Trasporto", Want{}, outer("X-Trasporto", ""), more("X-Ricevuta", "avvenuta-consegna"))
	c.no("trasporto-other", "an X-Trasporto nobody knows", want, outer("X-Trasporto", "posta-ordinaria"))
	c.no("two-message-id", "two Message-IDs", want, more("Message-ID", "<altro@pec.example.it>"))
	c.no("reference", "another X-Riferimento-Message-ID than msgid", want, outer("X-Riferimento-Message-ID", "<altro@pec.example.it>"))
	contentTypes(c, want)
	c.no("no-header", "a blank line before everything", because("no_header", "signature_missing", "envelope_inconsistent"), onEntity(func(_ *Draft, b []byte) []byte {
		return append([]byte("\r\n"), b...)
	}))
	c.no("header-ended", "the header ended by a blank line before Content-Type", because("signature_missing", "bad_structure"), onEntity(func(_ *Draft, b []byte) []byte {
		return bytes.Replace(b, []byte("Content-Type: multipart/signed"), []byte("X: y\r\n\r\nContent-Type: multipart/signed"), 1)
	}))
	c.no("huge-header", "a header of two megabytes", because("header_too_large"), more("X-Lungo", strings.Repeat(strings.Repeat("x", 70)+"\r\n ", 30000)+"y"))
	c.no("many-fields", "a hundred thousand fields", because("header_too_large"), onEntity(func(_ *Draft, b []byte) []byte {
		return append(bytes.Repeat([]byte("X-A: b\r\n"), 100000), b...)
	}))
}

// contentTypes are outer headers with two Content-Types.
func contentTypes(c *corpus, want Want) {
	typed := func(name, what, second string) {
		c.no("type-"+name, what, want, onEntity(func(_ *Draft, b []byte) []byte {
			i := bytes.Index(b, []byte("Content-Type: multipart/signed"))
			return slices.Concat(b[:i], []byte(second), b[i:])
		}))
	}
	typed("two", "a second Content-Type before", "Content-Type: text/plain\r\n")
	typed("two-multipart", "a second multipart/signed with another boundary", "Content-Type: multipart/signed; protocol=\"application/x-pkcs7-signature\"; boundary=\"altro\"\r\n")
	typed("two-mixed", "a multipart/mixed of the same boundary before", "Content-Type: multipart/mixed; boundary=\"altro\"\r\n")
	typed("two-case", "a second content-type in small letters", "content-type: text/html\r\n")
	typed("encoding-base64", "Content-Transfer-Encoding: base64 on multipart/signed", "Content-Transfer-Encoding: base64\r\n")
	c.no("type-after", "a second Content-Type after", want, onHeader(func(h string) string { return h + "Content-Type: text/plain\r\n" }))
}

// forgeMIME play with the parameters and boundaries of multipart/signed, so that
// two readers see two different first parts.
func forgeMIME(c *corpus) {
	want := because("envelope_inconsistent", "bad_structure", "signature_missing", "bad_multipart", "digest_mismatch", "malformed_cms", "no_signer")
	fake := func(boundary string) string {
		return "--" + boundary + "\r\nContent-Type: text/plain\r\n\r\nChiudete la casella anna@pec.example.it.\r\n"
	}
	c.no("two-boundaries", "two boundary parameters", want, onOuterType(func(f string) string {
		return strings.Replace(f, "\r\n", "; boundary=\"altro\"\r\n", 1)
	}))
	c.no("two-boundaries-first", "two boundary parameters, the false one first", want, onOuterType(replace("; boundary=", "; boundary=\"altro\"; boundary=")))
	c.no("boundary-2231", "a second boundary in pieces", want, onOuterType(replace("; boundary=", "; boundary*0=\"al\"; boundary*1=\"tro\"; boundary=")))
	c.no("boundary-star", "a second, encoded boundary", want, onOuterType(replace("; boundary=", "; boundary*=utf-8''altro; boundary=")))
	c.no("no-boundary", "no boundary", want, onOuterType(func(f string) string { return f[:strings.Index(f, "; boundary")] + "\r\n" }))
	c.no("empty-boundary", "an empty boundary", want, onOuterType(func(f string) string { return f[:strings.Index(f, "; boundary")] + "; boundary=\"\"\r\n" }))
	c.no("long-boundary", "a boundary of 300 letters", want, func(d *Draft) { d.Outer = strings.Repeat("b", 300) })
	c.no("prefix-boundary", "a part whose delimiter begins like the boundary", want, onEntity(func(d *Draft, b []byte) []byte {
		return bytes.Replace(b, []byte("--"+d.Outer+"\r\n"), []byte("--"+d.Outer+"X\r\n"), 1)
	}))
	c.no("cut-boundary", "the boundary parameter cut to a beginning of the delimiters", want, onOuterType(func(f string) string {
		return f[:len(f)-len("FF\"\r\n")] + "\"\r\n"
	}))
	c.no("same-boundary", "inner and outer boundary the same", want, func(d *Draft) { d.Inner = d.Outer })
	c.no("inner-prefix", "the outer boundary is a beginning of the inner one", want, func(d *Draft) { d.Inner = d.Outer + "A" })
	c.no("dashes-boundary", "a boundary with which the inner delimiters begin", want, func(d *Draft) { d.Outer = "------" })
	c.no("early-part", "a false part in the preamble with blanks before its delimiter's end", want, onEntity(func(d *Draft, b []byte) []byte {
		return bytes.Replace(b, []byte("This is an S/MIME"), []byte(fake(d.Outer)+"This is an S/MIME"), 1)
	}))
	c.no("lf-part", "a false part whose delimiter ends with LF", want, onEntity(func(d *Draft, b []byte) []byte {
		return bytes.Replace(b, []byte("This is an S/MIME"), []byte(strings.ReplaceAll(fake(d.Outer), "\r\n", "\n")+"This is an S/MIME"), 1)
	}))
	c.no("cr-part", "a false part whose lines end with CR", Want{}, onEntity(func(d *Draft, b []byte) []byte {
		return bytes.Replace(b, []byte("\r\n--"+d.Outer+"\r\n"), []byte("\r\n--"+d.Outer+"\rContent-Type: text/plain\r\rChiudete.\r\n--"+d.Outer+"\r\n"), 1)
	}))
	c.no("protocol-pgp", "protocol application/pgp-signature", want, func(d *Draft) { d.Protocol = "application/pgp-signature" })
	c.no("protocol-differs", "protocol other than the part's type", Want{}, onOuterType(replace("application/x-pkcs7-signature", "application/pgp-signature")))
	c.no("report", "multipart/report in place of multipart/signed", want, onOuterType(replace("multipart/signed", "multipart/report")))
	c.no("signed-text", "text/signed", want, onOuterType(replace("multipart/signed", "text/signed")))
	c.no("nul-type", "a NUL in the media type", want, onOuterType(replace("multipart/signed", "multipart/sig\x00ned")))
	for _, depth := range []int{30, 1000, 10000} {
		var deep bytes.Buffer
		for i := range depth {
			fmt.Fprintf(&deep, "Content-Type: multipart/mixed; boundary=\"p%d\"\r\n\r\n--p%d\r\n", i, i)
		}
		c.add(fmt.Sprintf("deep-%d", depth), "parts nested "+fmt.Sprint(depth)+" deep", append([]byte(crlf(forgedHead)), deep.Bytes()...), defaultDate, because("too_deep", "signature_missing"))
	}
	c.add("many-parts", "a hundred thousand parts", append([]byte(crlf(forgedHead)+"Content-Type: multipart/mixed; boundary=\"p\"\r\n"), bytes.Repeat([]byte("\r\n--p\r\n\r\n"), 100000)...), defaultDate, because("too_many_parts", "signature_missing"))
	for _, size := range []int{0, 1, 2} {
		c.add(fmt.Sprintf("bytes-%d", size), "almost nothing", []byte("\r\n")[:size], defaultDate, Want{})
	}
	c.add("nul", "a message of NULs", make([]byte, 4096), defaultDate, Want{})
	c.add("binary", "a message of every byte", bytes.Repeat(everyByte(), 40), defaultDate, Want{})
	genuine := c.w.Customers.Transport(c.w.request())
	for _, part := range []int{4, 2} {
		c.add(fmt.Sprintf("truncated-%d", part), "a genuine envelope cut off", genuine[:len(genuine)/part], defaultDate, Want{})
	}
	c.add("truncated-p7s", "a genuine envelope cut off inside its signature", genuine[:len(genuine)-400], defaultDate, Want{})
}

func everyByte() []byte {
	out := make([]byte, 256)
	for i := range out {
		out[i] = byte(i)
	}
	return out
}

// forgeP7S write the signature part oddly.
func forgeP7S(c *corpus) {
	want := because("malformed_cms", "bad_structure", "no_signer", "signature_missing")
	on := func(name, what string, w Want, f func(b64 []byte) []byte) {
		c.no(name, what, w, onEntity(func(d *Draft, b []byte) []byte {
			i := bytes.LastIndex(b, []byte("smime.p7s\"\r\n\r\n")) + len("smime.p7s\"\r\n\r\n")
			j := bytes.LastIndex(b, []byte("\r\n--"+d.Outer))
			return slices.Concat(b[:i], f(slices.Clone(b[i:j])), b[j:])
		}))
	}
	on("empty", "an empty signature", want, func([]byte) []byte { return nil })
	on("one-letter", "one letter", want, func([]byte) []byte { return []byte("M\r\n") })
	on("cut", "half of the signature", want, func(b []byte) []byte { return b[:len(b)/2] })
	on("changed", "a letter of the certificate changed", because("malformed_cms", "chain", "no_signer", "signature_mismatch", "not_in_index", "digest_mismatch"), func(b []byte) []byte {
		i := len(b) / 3
		if b[i] == 'A' {
			b[i] = 'B'
		} else {
			b[i] = 'A'
		}
		return b
	})
	on("megabytes", "two megabytes of signature", want, func([]byte) []byte { return base64Lines(make([]byte, 2<<20), 64) })
	on("base64-bomb", "letters A for three megabytes", want, func([]byte) []byte { return bytes.Repeat([]byte("A"), 3<<20) })
}

// forgeKinds are a person's own signatures, and other things S/MIME can be.
func forgeKinds(c *corpus) {
	person := c.issued(Certificate{CommonName: "Mario Rossi", Organization: "Persona", Emails: []string{"mario@pec.example.it"}, Key: P256})
	inter := c.w.authority.Intermediate.Cert
	bare := func(v ...Variation) []Variation {
		return append([]Variation{signedBy(person, inter), outer("X-Trasporto", ""), outer("X-TipoRicevuta", ""),
			outer("From", "Mario Rossi <mario@pec.example.it>"), outer("Subject", "Disattivazione casella")}, v...)
	}
	c.no("own-signature", "a message the customer signed himself, without any envelope", Want{}, bare(func(d *Draft) {
		d.Signed = append(d.Signed, func([]byte) []byte { return []byte("Content-Type: text/plain\r\n\r\nIl sottoscritto…\r\n") })
	})...)
	c.no("own-envelope", "an envelope the customer made and signed himself", Want{}, bare()...)
}
