package pectest

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"slices"
	"strings"
)

// genuineHabits are envelopes as relays, filters and other programs of providers leave them: fields that they add, the outer From and
// Content-Type as they write them, notices and parts of other shapes.
func genuineHabits(c *corpus) {
	for name, f := range map[string][2]string{
		"dkim":            {"DKIM-Signature", "v=1; a=rsa-sha256; c=relaxed/relaxed;\r\n d=pec.example.it; s=s1; h=From:To:Subject;\r\n bh=frcCV1k9oG9oKj3dpUqdJg1PxRT2RSN/XKdLCPjaYaY=;\r\n b=abc"},
		"arc":             {"ARC-Authentication-Results", "i=1; mx.pec.example.com; dkim=none; spf=pass (x: y) smtp.mailfrom=mario@pec.example.it"},
		"results":         {"Authentication-Results", "mx.pec.example.com; spf=pass smtp.mailfrom=\"mario@pec.example.it\""},
		"copy":            {"Cc", "\"Anna, B\" <anna@pec.example.it>,\r\n luca@example.org"},
		"8-bit":           {"X-Nota", "\xe0"},
		"60000-letters":   {"X-Long", strings.Repeat("x", 60000)},
		"20000-lines":     {"X-Long", strings.Repeat("x\r\n\t", 20000) + "x"},
		"content-id":      {"Content-ID", "<1@pec.example.it>"},
		"content-lang":    {"Content-Language", "it"},
		"disposition":     {"Content-Disposition", "inline"},
		"encoding-7bit":   {"Content-Transfer-Encoding", "7bit"},
		"encoding-8bit":   {"Content-Transfer-Encoding", "8bit"},
		"encoding-binary": {"Content-Transfer-Encoding", "Binary"},
		"sender":          {"Sender", c.w.Customers.Notice},
		"blank-line":      {"X-A", "b\r\n \r\n c"},
		"tab-colon":       {"X-B\t", "c"},
		"return-null":     {"Return-Path", "<>"},
		"two-mime":        {"MIME-Version", "1.0"},
		"two-dates":       {"Date", "Tue, 10 Nov 2026 10:22:05 +0100"},
		"two-subjects":    {"Subject", "x"},
		"two-to":          {"To", "x@example.org"},
		"two-reply-to":    {"Reply-To", "mario@pec.example.it"},
	} {
		c.ok("field-"+name, "a further field: "+f[0], more(f[0], f[1]))
	}
	word := func(s string) string { return "=?UTF-8?B?" + base64.StdEncoding.EncodeToString([]byte(s)) + "?=" }
	for name, v := range map[string]string{
		"name": `"Per conto di: Mario Rossi mario@pec.example.it" `, "angles": `"Per conto di: <mario@pec.example.it>" `, "base64": word("Per conto di: mario@pec.example.it") + " ",
		"base64-quoted": `"` + word("Per conto di: mario@pec.example.it") + `" `, "dash": `"Per conto di: mario@pec.example.it - Studio Rossi" `, "square": `"Per conto di: [mario@pec.example.it]" `,
		"latin": "\"Per conto di: Societ\xe0 (mario@pec.example.it)\" ", "utf-8": `"Per conto di: Società mario@pec.example.it" `, "latin-word": "=?iso-8859-15?Q?Per_conto_di=3A_Societ=E0?= ",
		"none": "", "blanks": `  "Per conto di: mario@pec.example.it"   `, "own-name": "Posta Certificata ", "no-colon": "Per conto di mario@pec.example.it ", "question": `"Per conto di: mario@pec.example.it ?=" `,
		"gb18030": "=?gb18030?B?UGVyIGNvbnRvIGRpOiBtYXJpbw==?= ", "language": "=?utf-8*it?Q?Per_conto_di=3A_mario?= ", "quotes": `"Per conto di: \"mario@pec.example.it\"" `, "bar": `"Per conto di: mario@pec.example.it | Rossi" `,
		"no-break": "\"Per conto di:\u00a0mario@pec.example.it\" ", "mailto": `"Per conto di: mailto:mario@pec.example.it" `,
	} {
		c.ok("from-"+name, "the outer From's name is "+v, outer("From", v+"<"+c.w.Customers.Notice+">"))
	}
	for name, v := range map[string]string{"latin": "POSTA CERTIFICATA: perch\xe9", "empty": "POSTA CERTIFICATA: ", "utf-8": "POSTA CERTIFICATA: perché €", "word": "=?iso-8859-1?Q?POSTA_CERTIFICATA=3A_perch=E9?=", "half-word": "POSTA CERTIFICATA: =?utf-8?Q?perch=", "long": strings.Repeat("x", 5000)} {
		c.ok("subject-"+name, "the outer Subject: "+name, outer("Subject", v))
	}
	habitsOfType(c)
	habitsOfSignature(c)
	habitsOfParts(c)
}

// habitsOfType are writings of the outer Content-Type, and boundaries.
func habitsOfType(c *corpus) {
	all := func(from, to string) func(string) string {
		return func(f string) string { return strings.ReplaceAll(f, from, to) }
	}
	for name, f := range map[string]func(string) string{
		"each-line": all("; ", ";\r\n        "), "blanks-around": all("=\"", " = \""), "tabs": all("; ", ";\t"),
		"blanks-behind": func(f string) string { return strings.TrimSuffix(f, "\r\n") + "  \r\n" },
		"boundary-bare": func(f string) string {
			i := strings.Index(f, "boundary=")
			return f[:i] + strings.ReplaceAll(f[i:], `"`, "")
		},
		"folded-value": replace("boundary=", "boundary=\r\n\t"), "more": replace("; boundary", `; charset="iso-8859-1"; format=flowed; name="busta.eml"; boundary`),
		"boundary-twice": func(f string) string { return strings.TrimSuffix(f, "\r\n") + f[strings.Index(f, "; boundary="):] },
	} {
		c.ok("type-"+name, "writing of the outer Content-Type: "+name, onOuterType(f))
	}
	for name, b := range map[string]string{
		"java": "----=_Part_1234_567890123.1731230525123", "outlook": "----=_NextPart_000_01D9_ABCD.1234", "apple": "Apple-Mail=_0A1B2C3D-4E5F", "signs": "{0A1B2C}$#!&*^`|~", "stops": "....", "digits": "0123456789",
		"equals": "=-=-=-=", "blank": "=_signed 0038B6A5C12574F1_=",
	} {
		c.ok("boundary-"+name, "the boundary "+b, func(d *Draft) { d.Outer = b })
	}
	c.ok("boundary-inner-java", "boundaries that differ in their number", func(d *Draft) {
		d.Outer, d.Inner = "----=_Part_12_567890123.1731230525123", "----=_Part_11_567890123.1731230525123"
	})
	c.ok("filter-behind", "a filter's text behind the end", func(d *Draft) { d.Epilogue = "\r\n-- \r\nScanned by x - y\r\n----\r\n" })
	c.ok("preamble", "a preamble with dashes", func(d *Draft) { d.Preamble = "This is a multi-part message in MIME format...\r\n\r\n-\r\n--\r\n" })
}

// habitsOfSignature are headers of the signature part.
func habitsOfSignature(c *corpus) {
	for name, h := range map[string]string{
		"inline": "Content-Type: application/x-pkcs7-signature; name=\"smime.p7s\"\r\nContent-Transfer-Encoding: base64\r\nContent-Disposition: inline; filename=\"smime.p7s\"",
		"2231":   "Content-Type: application/pkcs7-signature; name*=utf-8''smime.p7s\r\nContent-Transfer-Encoding: base64\r\nContent-Disposition: attachment; filename*0=smime; filename*1=.p7s",
		"id":     "Content-Type: application/pkcs7-signature\r\nContent-ID: <x>\r\nMIME-Version: 1.0\r\nContent-Transfer-Encoding: base64",
		"name":   "Content-Type: application/pkcs7-signature; name=\"firma.p7s\"\r\nContent-Transfer-Encoding: base64",
		"folded": "Content-Type:\r\n application/pkcs7-signature;\r\n\tname=smime.p7s\r\nContent-Transfer-Encoding:\r\n base64",
		"twice":  "Content-Type: application/pkcs7-signature\r\nContent-Transfer-Encoding: base64\r\nContent-Transfer-Encoding: BASE64",
	} {
		c.ok("p7s-"+name, "the header of the signature part: "+name, onEntity(func(d *Draft, b []byte) []byte {
			i := bytes.LastIndex(b, []byte("\r\n--"+d.Outer+"\r\n")) + len("\r\n--"+d.Outer+"\r\n")
			j := i + bytes.Index(b[i:], []byte("\r\n\r\n"))
			return slices.Concat(b[:i], []byte(h), b[j:])
		}))
	}
}

// habitsOfParts are notices, and the parts daticert.xml and postacert.eml.
func habitsOfParts(c *corpus) {
	html := "text/html\r\n\r\n<p>x</p>\r\n"
	for name, n := range map[string][2]string{
		"base64": {"Content-Type: text/plain; charset=UTF-8\r\nContent-Transfer-Encoding: base64\r\n", "TWVzc2FnZ2lv\r\n"},
		"8bit":   {"Content-Type: text/plain; charset=iso-8859-1\r\nContent-Transfer-Encoding: 8bit\r\n", "Messaggio perch\xe9\r\n"},
		"bare":   {"", "Messaggio\r\n"},
		"named":  {"Content-Type: text/plain; name=\"avviso.txt\"\r\nContent-Disposition: inline; filename=\"avviso.txt\"\r\n", "Messaggio\r\n"},
		"image": {"Content-Type: multipart/alternative; boundary=\"a1\"\r\n", "--a1\r\n\r\nMessaggio\r\n--a1\r\nContent-Type: multipart/related; type=\"text/html\"; boundary=\"r1\"\r\n\r\n--r1\r\nContent-Type: " + html +
			"--r1\r\nContent-Type: image/gif; name=\"logo.gif\"\r\nContent-ID: <logo>\r\nContent-Transfer-Encoding: base64\r\n\r\nR0lG\r\n--r1--\r\n\r\n--a1--\r\n"},
		"notes":   {"Content-Type: multipart/alternative; boundary=\"=_alternative 0038B6A5C12574F1_=\"\r\n", "--=_alternative 0038B6A5C12574F1_=\r\n\r\nMessaggio\r\n--=_alternative 0038B6A5C12574F1_=--\r\n"},
		"dashes":  {"Content-Type: text/plain\r\n", "--\r\n---\r\nFrom mario\r\n.\r\n"},
		"control": {"Content-Type: text/plain; charset=\"us-ascii\x0c\"\r\n", "x\r\n"},
	} {
		c.ok("notice-"+name, "the notice: "+name, inPart("notice", func(p *Part) {
			p.Header, p.Body = nil, []byte(n[1])
			for line := range strings.SplitSeq(strings.TrimSuffix(n[0], "\r\n"), "\r\n") {
				if field, value, ok := strings.Cut(line, ": "); ok {
					p.Header = append(p.Header, Field{field, value})
				}
			}
		}))
	}
	for name, f := range map[string]func(p *Part){
		"unnamed":   func(p *Part) { p.Header = []Field{{"Content-Type", `text/xml; charset="UTF-8"`}, p.Header[2]} },
		"charset":   func(p *Part) { p.Header[0].Value = `application/xml; charset=UTF-8; name="daticert.xml"` },
		"one-line":  func(p *Part) { p.Body = append(bytes.ReplaceAll(p.Body, []byte("\r\n"), nil), "\r\n"...) },
		"unpadded":  func(p *Part) { p.Body = append(bytes.TrimRight(p.Body, "=\r\n"), "\r\n"...) },
		"comment":   func(p *Part) { p.Header[2].Value = "base64 (xml)" },
		"semicolon": func(p *Part) { p.Header[2].Value = "base64;" },
		"lines":     func(p *Part) { p.Body = slices.Concat([]byte("\r\n\r\n"), p.Body, []byte("\r\n\r\n\r\n")) },
		"size": func(p *Part) {
			p.Header[1].Value = `attachment; filename="daticert.xml"; size=1200; creation-date="Tue, 10 Nov 2026 10:22:05 +0100"`
		},
		"folder": func(p *Part) {
			p.Header[0].Value, p.Header[1].Value = `application/xml; name="/tmp/daticert.xml"`, `inline; filename="/tmp/daticert.xml"`
		},
	} {
		c.ok("daticert-"+name, "the part daticert.xml: "+name, inPart("daticert", f))
	}
	for name, f := range map[string]func(p *Part){
		"unnamed":     func(p *Part) { p.Header = []Field{{"Content-Type", "message/rfc822"}} },
		"charset":     func(p *Part) { p.Header[0].Value = `message/rfc822; charset="iso-8859-1"; name="postacert.eml"` },
		"binary":      func(p *Part) { p.Header[2].Value = "binary" },
		"description": func(p *Part) { p.Header = append(p.Header, Field{"Content-Description", "postacert.eml"}) },
		"other-name": func(p *Part) {
			p.Header[0].Value, p.Header[1].Value = `message/rfc822; name="messaggio originale.eml"`, `attachment; filename="messaggio originale.eml"`
		},
		"one-line": func(p *Part) {
			p.Header[2].Value, p.Body = "base64", fmt.Append(nil, base64.StdEncoding.EncodeToString(p.Body), "\r\n")
		},
	} {
		c.ok("postacert-"+name, "the part postacert.eml: "+name, inPart("postacert", f))
	}
}
