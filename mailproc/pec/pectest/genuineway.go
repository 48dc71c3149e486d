package pectest

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"slices"
	"strings"
)

// genuineWays are ways in which other programs, gateways and archives write what the usual ones write otherwise.
func genuineWays(c *corpus) {
	waysOfSignature(c)
	waysOfHeader(c)
	waysOfDaticert(c)
	waysOfFile(c)
	for name, from := range map[string]string{
		"comment-behind": `"Mario Rossi" <mario@pec.example.it> (ufficio)`, "square": "Mario [Studio] Rossi <mario@pec.example.it>", "colon": "Studio: Rossi <mario@pec.example.it>",
		"comma": "Rossi, Mario <mario@pec.example.it>", "smiley": "Mario :) <mario@pec.example.it>", "apostrophes": "'mario@pec.example.it' <mario@pec.example.it>",
		"quoted-apostrophes": `"'mario@pec.example.it'" <mario@pec.example.it>`, "ordinary-as-name": `"info@ditta.example.org" <mario@pec.example.it>`,
		"folded-first": "\r\n Mario Rossi\r\n\t<mario@pec.example.it>", "nested-comment": "mario@pec.example.it (a (b) c)", "empty-name": `"" <mario@pec.example.it>`,
		"tight": `"Mario"<mario@pec.example.it>`, "blanks": "Mario < mario@pec.example.it >", "escaped": `"Mario \"M\" Rossi" <mario@pec.example.it>`,
	} {
		c.ok("original-from-"+name, "writing of the original's From", func(d *Draft) {
			d.Original = []byte("From: " + from + "\r\nTo: disattivazioni@pec.example.com\r\nSubject: x\r\nMessage-ID: <" + d.Identifier + ">\r\n\r\ntesto\r\n")
		})
	}
	c.okFrom(c.w.Customers, c.original(fmt.Sprintf(innerMultipart, "mixed"), "--interno\nContent-Type: multipart/alternative; boundary=\"interno\"\n\n--interno\n\ntesto\n--interno--\n\n--interno--\n"),
		"original-boundary-twice", "an original that uses one boundary for two multiparts, as home-made programs do")
	c.okFrom(c.w.Customers, c.original("MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=\""+strings.Repeat("b", 300)+"\"\n", "--"+strings.Repeat("b", 300)+"\n\ntesto\n--"+strings.Repeat("b", 300)+"--\n"),
		"original-boundary-long", "an original with a boundary of 300 letters")
	for name, body := range map[string]string{"nul": "a\x00b\r\n", "cr": "a\rb\r\rc\r\n", "long-line": strings.Repeat("x", 100000) + "\r\n", "mailbox-line": "\r\nFrom mario\r\n>From mario\r\n"} {
		c.ok("original-body-"+name, "what an original's body may hold", func(d *Draft) {
			d.Original = []byte("From: mario@pec.example.it\r\nMessage-ID: <" + d.Identifier + ">\r\n\r\n" + body)
		})
	}
}

func waysOfSignature(c *corpus) {
	text := func(name, what string, f func(b64 string) string) {
		c.ok("p7s-"+name, what, onEntity(func(d *Draft, b []byte) []byte {
			i := bytes.LastIndex(b, []byte("smime.p7s\"\r\n\r\n")) + len("smime.p7s\"\r\n\r\n")
			j := bytes.LastIndex(b, []byte("\r\n--"+d.Outer))
			return slices.Concat(b[:i], []byte(f(string(b[i:j]))), b[j:])
		}))
	}
	lines := func(columns int) func(string) string {
		return func(s string) string {
			return strings.TrimSuffix(string(base64Lines(decodeLines([]byte(s)), columns)), "\r\n")
		}
	}
	text("76", "lines of 76", lines(76))
	text("4", "lines of 4", lines(4))
	text("blanks", "blanks behind the lines", func(s string) string { return strings.ReplaceAll(s, "\r\n", " \r\n") })
	text("tabs", "a tab before each line", func(s string) string { return "\t" + strings.ReplaceAll(s, "\r\n", "\r\n\t") })
	text("blank-lines", "blank lines around and within", func(s string) string { return "\r\n\r\n" + strings.Replace(s, "\r\n", "\r\n\r\n", 1) + "\r\n\r\n" })
	for name, h := range map[string]string{
		"parameters":  "Content-Type: application/pkcs7-signature; name=smime.p7s; smime-type=signed-data\r\nContent-Transfer-Encoding: base64\r\nContent-Description: S/MIME Cryptographic Signature",
		"comment":     "content-type: Application/X-PKCS7-Signature;\r\n\tname=\"smime.p7s\"\r\ncontent-transfer-encoding: Base64 (p7s)",
		"no-encoding": "Content-Type: application/x-pkcs7-signature", "bare": "Content-Type: application/pkcs7-signature\r\nContent-Transfer-Encoding:base64",
	} {
		c.ok("p7s-header-"+name, "the header of the signature part", onEntity(func(d *Draft, b []byte) []byte {
			i := bytes.LastIndex(b, []byte("\r\n--"+d.Outer+"\r\n")) + len("\r\n--"+d.Outer+"\r\n")
			j := i + bytes.Index(b[i:], []byte("\r\n\r\n"))
			return slices.Concat(b[:i], []byte(h), b[j:])
		}))
	}
	crl, err := c.w.CRL(RevokedAt)
	if err != nil {
		panic(err) // a constant list
	}
	c.ok("p7s-large", "hundreds of revocation lists sent along: 120 kB", func(d *Draft) {
		for range 120_000 / len(crl) {
			d.CMS.CRLs = append(d.CMS.CRLs, crl)
		}
	})
	for _, m := range []string{"sha1, sha-256", "sha256,md5", ""} {
		c.ok("micalg-"+m, "a micalg that names several digests, or none", func(d *Draft) { d.Micalg = m }, onOuterType(func(f string) string {
			return strings.Replace(f, "micalg=\"sha-256\"; ", "", len(m)) // only where none is wanted is it the default
		}))
	}
	c.ok("no-protocol", "multipart/signed without protocol", onOuterType(replace(`protocol="application/x-pkcs7-signature"; `, "")))
	c.ok("type-parameters", "more parameters than RFC 1847 has, and a comment", onOuterType(replace("multipart/signed;", "multipart/signed (firmato); charset=us-ascii; smime-type=signed-data;")))
}

func waysOfHeader(c *corpus) {
	notice := c.w.Customers.Notice
	word := func(s string) string { return "=?utf-8?B?" + base64.StdEncoding.EncodeToString([]byte(s)) + "?=" }
	for name, v := range map[string]string{
		"apostrophes": `"Per conto di: 'mario@pec.example.it'" <` + notice + ">", "words": word("Per conto di: mario@") + "\r\n " + word("pec.example.it") + " <" + notice + ">",
		"capitals": `"PER CONTO DI: MARIO@PEC.EXAMPLE.IT" <` + notice + ">", "whole": `"Per conto di: Mario Rossi <mario@pec.example.it>" <` + notice + ">",
		"comment": `"Per conto di: mario@pec.example.it" <` + notice + "> (gestore)", "tight": `"Per conto di:mario@pec.example.it"<` + notice + ">",
		"escaped": `"Per conto di: \"Mario Rossi\" mario@pec.example.it" <` + notice + ">", "folded-inside": "\"Per conto di:\r\n mario@pec.example.it\" <" + notice + ">",
		"stop": `"Per conto di: mario@pec.example.it." <` + notice + ">", "escaped-address": `"Per conto di\: mario\@pec.example.it" <` + notice + ">",
	} {
		c.ok("from-"+name, "writing of the outer From", outer("From", v))
	}
	again := func(field string) Variation { // as programs do that take a long Message-ID for text
		return onHeader(func(h string) string {
			i := strings.Index(h, "\r\n"+field+": ") + len(field) + 4
			j := i + strings.Index(h[i:], "\r\n")
			half := i + (j-i)/2
			return h[:i] + "=?utf-8?q?" + strings.ReplaceAll(h[i:half], "_", "=5F") + "?=\r\n =?utf-8?q?" + strings.ReplaceAll(h[half:j], "_", "=5F") + "?=" + h[j:]
		})
	}
	c.ok("message-id-words", "Message-ID written anew as encoded words", again("Message-ID"))
	c.ok("reference-words", "X-Riferimento-Message-ID written anew as encoded words", again("X-Riferimento-Message-ID"))
	c.ok("message-id-bare", "Message-ID without its brackets", onHeader(func(h string) string {
		i := strings.Index(h, "\r\nMessage-ID: <")
		j := i + strings.Index(h[i:], ">")
		return h[:i+14] + h[i+15:j] + h[j+1:]
	}))
	c.ok("trasporto-capitals", "X-Trasporto in capitals", outer("X-Trasporto", "Posta-Certificata"))
	c.ok("8-bit-field", "8-bit bytes in a field of a filter", more("X-Virus", "citt\xe0 \xff"))
}

func waysOfDaticert(c *corpus) {
	swap := func(name, what string, pairs ...string) {
		c.ok("xml-"+name, what, onXML(func(x string) string {
			for i := 0; i < len(pairs); i += 2 {
				out := strings.Replace(x, pairs[i], pairs[i+1], 1)
				if out == x {
					panic("pectest: a variation changes nothing: " + pairs[i])
				}
				x = out
			}
			return x
		}))
	}
	swap("zone-colon", "a zone with a colon", "+0100", "+01:00")
	swap("zone-name", "a zone by its name", "+0100", "CET")
	swap("zone-summer", "summer time by its name: the same instant", "+0100", "CEST", "10:22:05", "11:22:05")
	swap("zone-blanks", "blanks around the zone", "+0100", " +0100 ")
	for _, e := range []string{"latin1", "ISO8859-1", "cp1252", "Windows-1252", "ASCII", "US-ASCII", "ISO-8859-15"} {
		swap("charset-"+e, "UTF-8 by another name, of which it holds only ASCII", "UTF-8", e)
	}
	var sections []string
	for _, n := range []string{"mittente", "risposte", "oggetto", "gestore-emittente", "identificativo", "giorno", "ora"} {
		sections = append(sections, "<"+n+">", "<"+n+"><![CDATA[", "</"+n+">", "]]></"+n+">")
	}
	swap("cdata", "values as CDATA", sections...)
	swap("cdata-msgid", "msgid as CDATA", "<msgid>&lt;", "<msgid><![CDATA[<", "&gt;</msgid>", ">]]></msgid>")
	swap("bare-msgid", "msgid without its brackets", "<msgid>&lt;", "<msgid>", "&gt;</msgid>", "</msgid>")
	swap("identifier-in-angles", "identificativo in angle brackets", "<identificativo>", "<identificativo>&lt;", "</identificativo>", "&gt;</identificativo>")
	swap("standalone", "a declaration with standalone", `encoding="UTF-8"`, `encoding="UTF-8" standalone="no"`)
	swap("comment-doctype", "a document type in a comment", "<postacert ", "<!-- <!DOCTYPE postacert SYSTEM \"x.dtd\"> --><postacert ")
	swap("schema", "a schema named in the root element", "<postacert ", `<postacert xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:noNamespaceSchemaLocation="daticert.xsd" `)
	swap("attributes", "attributes in another order, with blanks", `tipo="posta-certificata" errore="nessuno"`, `errore='nessuno'   tipo = "posta-certificata"`)
	swap("emoji", "a character beyond the first plane, once as the two halves that an old Java library writes", "<oggetto>", "<oggetto>\U0001F600 &#128512; &#55357;&#56832; ")
	swap("latin", "a subject in Latin-1 where UTF-8 is declared", "<oggetto>", "<oggetto>attivit\xe0 ")
	swap("controls", "control characters in the subject", "<oggetto>", "<oggetto>\x1b\x0b")
	part := func(name, what, typ, disposition string) {
		c.ok("part-"+name, what, partField("daticert", "Content-Type", typ), partField("daticert", "Content-Disposition", disposition))
	}
	part("octet-stream", "daticert.xml of no known type", `application/octet-stream; name="daticert.xml"`, `inline; filename="daticert.xml"`)
	part("2231", "its name after RFC 2231", `application/xml; name*=utf-8''daticert.xml`, `attachment; filename*0="dati"; filename*1="cert.xml"`)
	part("2231-too", "its name after RFC 2231 beside the plain one", `application/xml; name="daticert.xml"`, `attachment; filename="daticert.xml"; filename*=utf-8''daticert.xml`)
	part("word", "its name as an encoded word", `application/xml; name="=?utf-8?Q?daticert=2Exml?="`, `attachment; filename="=?utf-8?B?ZGF0aWNlcnQueG1s?="`)
	c.ok("postacert-quoted", "postacert in quoted-printable", inPart("postacert", func(p *Part) { p.Body = bytes.ReplaceAll(p.Body, []byte("="), []byte("=3D")) }),
		partField("postacert", "Content-Transfer-Encoding", "quoted-printable"))
	c.ok("inner-unclosed", "the signed multipart without its end", func(d *Draft) {
		d.Signed = append(d.Signed, func(b []byte) []byte { return b[:bytes.LastIndex(b, []byte("--"+d.Inner+"--"))] })
	})
	c.ok("inner-preamble", "a preamble in the signed multipart", func(d *Draft) {
		d.Signed = append(d.Signed, func(b []byte) []byte {
			return bytes.Replace(b, []byte("\r\n\r\n"), []byte("\r\n\r\nThis is a multi-part message in MIME format.\r\n\r\n"), 1)
		})
	})
}

func waysOfFile(c *corpus) {
	whole := func(name, what string, f func(string) string, v ...Variation) {
		c.ok("file-"+name, what, append(v, onEntity(func(_ *Draft, b []byte) []byte { return []byte(f(string(b))) }))...)
	}
	const first = "From mario@pec.example.it Tue Nov 10 10:22:05 2026\n"
	whole("mailbox", "a mailbox file's first line, with LF", func(s string) string { return first + s })
	whole("mailbox-bare-lf", "the same, and a bare LF that was signed", func(s string) string { return first + s }, func(d *Draft) {
		d.Original = append(d.Message.bytes(d.Identifier), "riga\nriga\r\n"...)
	})
	whole("mailbox-next", "the next message of a mailbox file behind", func(s string) string {
		return s + "\r\n" + strings.TrimSuffix(first, "\n") + "\r\nSubject: y\r\n\r\nz\r\n"
	})
	whole("dot", "the line that ends SMTP's DATA", func(s string) string { return s + ".\r\n" })
	whole("nul", "a block filled up with NUL", func(s string) string { return s + strings.Repeat("\x00", 512) })
	whole("lf-no-end", "saved with LF, without the last line end", func(s string) string { return strings.TrimRight(strings.ReplaceAll(s, "\r\n", "\n"), "\n") })
}
