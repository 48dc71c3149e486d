package pectest

import (
	"strings"
)

// forgeData is certification data that readers of HTML, of other charsets or less strict ones read differently, and values that are
// nearly right.
func forgeData(c *corpus) {
	bad := because("daticert_malformed", "sender_mismatch", "outside_domains", "wrong_type", "envelope_inconsistent")
	x := func(name, what string, pairs ...string) {
		c.no(name, what, bad, onXML(written(name, pairs)))
	}
	const tipo, m, end = `tipo="posta-certificata"`, "<mittente>", "</mittente>"
	x("mark-latin1", "the mark of UTF-8 before a declaration of Latin-1", "<?xml", "\ufeff<?xml", "UTF-8", "ISO-8859-1")
	x("attribute-capital", "a Tipo beside tipo", tipo, `Tipo="accettazione" `+tipo)
	x("attribute-prefix", "a tipo of another namespace beside tipo", tipo, `xmlns:x="urn:x" x:tipo="accettazione" `+tipo)
	x("attribute-errore", "an ERRORE beside errore", `errore="nessuno"`, `ERRORE="virus" errore="nessuno"`)
	x("attribute-zona", "a Zona beside zona", `zona="+0100"`, `Zona="+0900" zona="+0100"`)
	x("comment-dashes", "two dashes within a comment", m, "<!-- a -- b -->"+m)
	x("comment-short", "a comment that ends at once for readers of HTML", m, "<!-->"+m+"anna@pec.example.it"+end+"<!-- -->"+m)
	x("comment-bang", "a comment that ends with a bang for readers of HTML", m, "<!-- --!>"+m+"anna@pec.example.it"+end+"<!-- -->"+m)
	x("comment-open", "a comment behind the end that does not end", "</postacert>", "</postacert><!--")
	x("cdata-outside", "CDATA behind the end", "</postacert>", "</postacert><![CDATA[x]]>")
	x("include", "an inclusion", "<dati>", `<dati><xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="x"/>`)
	x("declaration-again", "a second declaration", "<postacert", `<?xml version="1.0" encoding="UTF-16"?><postacert`)
	x("declaration-late", "a comment before the declaration", "<?xml", "<!-- x --><?xml")
	x("encoding-twice", "two encodings", `encoding="UTF-8"`, `encoding="UTF-8" encoding="UTF-16"`)
	for _, charset := range []string{"GB18030", "Shift_JIS", "ISO-2022-JP", "HZ-GB-2312", "x-user-defined", "KOI8-R", " UTF-16 "} {
		x("charset-"+charset, "another charset is declared", "UTF-8", charset)
	}
	for name, before := range map[string]string{
		"line": "anna@pec.example.it\n", "tab": "anna@pec.example.it\t", "semicolon": "anna@pec.example.it;", "zero": "&#0;", "control": "\x0b", "control-reference": "&#11;", "tag-letter": "\U000e0020",
	} {
		x("mittente-"+name, "before the mittente stands "+name, m, m+before)
	}
	for name, behind := range map[string]string{"bidi": "\u202c", "lines": "&#13;&#10;anna@pec.example.it", "next-line": "\u0085"} {
		x("mittente-behind-"+name, "behind the mittente stands "+name, end, behind+end)
	}
	x("next-line", "a next-line character between elements, a blank for XML 1.1", m, "\u0085"+m, `version="1.0"`, `version="1.1"`)
	x("separator", "a line separator between elements", "<dati>", "<dati>\u2028")
	x("identifier-line", "two identifiers in two lines", "<identificativo>", "<identificativo>altro@pec.example.it\n")
	x("hyphen", "another hyphen in tipo", `"posta-certificata"`, `"posta&#8209;certificata"`)
	x("two-dates", "a date before the date", "<data", `<data zona="+0100"><giorno>01/01/2026</giorno><ora>00:00:00</ora></data><data`)
	x("postacert-inside", "a postacert within", "<dati>", "<dati><postacert/>")
	x("zone", "a zone beyond those there are", "+0100", "+1500")
	x("leap", "29 February of a year that has none", "10/11/2026", "29/02/2026")
	x("minutes", "sixty minutes", "10:22:05", "10:60:05")
	x("signed-hour", "an hour with a sign", "10:22:05", "+1:22:05")
}

// written puts the second of each pair of texts in the place of the first.
func written(name string, pairs []string) func(string) string {
	return func(x string) string {
		for i := 0; i < len(pairs); i += 2 {
			out := strings.Replace(x, pairs[i], pairs[i+1], 1)
			if out == x {
				panic("pectest: a sample changes nothing: " + name)
			}
			x = out
		}
		return x
	}
}
