package pectest

import (
	"bytes"
	"fmt"
	"strings"
)

// forgeBounds are envelopes whose outer Content-Type gives one boundary to some readers and another to others. The relay that wrote
// it put a part of its own into the preamble, which nobody signed, behind the delimiter of the others.
func forgeBounds(c *corpus) {
	add := func(name, what, parameter, own, others string) {
		c.no(name, what, because("envelope_inconsistent", "bad_structure"), func(d *Draft) {
			d.Outer = own
			d.Preamble = "x\r\n\r\n--" + others + "\r\nContent-Type: text/plain\r\n\r\nChiudete anche anna@pec.example.it.\r\n"
		}, onOuterType(func(f string) string { return f[:strings.Index(f, "boundary=")] + parameter + "\r\n" }))
	}
	add("blank", "a blank ends a value without quotes", "boundary=AAA BBB", "AAA BBB", "AAA")
	add("unquoted-tab", "a tab ends it", "boundary=AAA\tBBB", "AAA BBB", "AAA")
	add("comma", "a comma ends it", "boundary=AAA,BBB", "AAA,BBB", "AAA")
	add("comment", "a comment ends it", "boundary=AAA(x)", "AAA(x)", "AAA")
	add("comment-apart", "a comment behind a blank does not belong to it", "boundary=AAA (x)", "AAA", "AAA (x)")
	add("angles", "angle brackets are taken off", "boundary=<AAA>", "<AAA>", "AAA")
	add("square", "a square bracket ends it", "boundary=AAA[B", "AAA[B", "AAA")
	add("apostrophes", "apostrophes are taken for quotes", "boundary='AAA'", "'AAA'", "AAA")
	add("word", "an encoded word is decoded", `boundary="=?us-ascii?Q?AAA?="`, "=?us-ascii?Q?AAA?=", "AAA")
	add("blank-behind", "a blank at the end is taken off", `boundary="AAA "`, "AAA ", "AAA")
	add("blank-before", "a blank at the beginning is taken off", `boundary=" AAA"`, " AAA", "AAA")
	add("tab", "a tab within quotes is itself or a blank", "boundary=\"AA\tB\"", "AA B", "AA\tB")
	add("fold", "a folded line within quotes is a blank or nothing", "boundary=\"AA\r\n B\"", "AA B", "AAB")
	add("fold-tab", "the same, folded with a tab", "boundary=\"AA\r\n\tB\"", "AA B", "AA\tB")
	add("vt", "a vertical tab is a blank", "\x0bboundary=\"AAA\"", "AAA", "BBB")
	add("form-feed", "a form feed is a blank", "boundary=AAA\x0c", "AAA", "AAA\x0c")
	add("control", "a control is dropped", "boundary=\"AAA\x01\"", "AAA\x01", "AAA")
	add("delete", "a delete is dropped", "boundary=\"AAA\x7f\"", "AAA\x7f", "AAA")
	add("8-bit", "a byte beyond ASCII is decoded", "boundary=\"AAA\xa0\"", "AAA\xa0", "AAA")
	var many strings.Builder
	for i := range 70 {
		fmt.Fprintf(&many, "; x%d=y", i)
	}
	add("behind-many", "a second one behind seventy parameters", `boundary="AAA"`+many.String()+`; boundary="BBB"`, "AAA", "BBB")
	add("behind-same", "a second one behind seventy of one name", `boundary="AAA"`+strings.Repeat("; x=y", 70)+`; boundary="BBB"`, "AAA", "BBB")
	add("behind-long", "a second one behind nine thousand letters", `boundary="AAA"; x="`+strings.Repeat("y", 9000)+`"; boundary="BBB"`, "AAA", "BBB")
	add("behind-folds", "a second one behind three thousand lines", `boundary="AAA"; x="`+strings.Repeat("\r\n y", 3000)+`"; boundary="BBB"`, "AAA", "BBB")
	for name, to := range map[string]string{
		"swallowed": "multipart/signed (; ", "swallowed-later": "multipart/signed ( x); y=(; ", "quoted": "multipart/signed (\"); ", "vt": "multipart/signed\x0b; ",
		"blanks": "multipart / signed; ", "two": "multipart/signed, text/plain; ", "quotes": `"multipart/signed"; `, "comment-first": "(x) multipart/signed; ",
	} {
		c.no("type-"+name, "the outer type is "+to, because("envelope_inconsistent", "bad_structure", "signature_missing"), onOuterType(replace("multipart/signed; ", to)))
	}
	c.no("root", "a second boundary behind seventy parameters, of the signed part", because("envelope_inconsistent"), func(d *Draft) {
		d.Signed = append(d.Signed, func(b []byte) []byte {
			return bytes.Replace(b, []byte("\r\nContent-Transfer"), []byte(many.String()+"; boundary=\"BBB\"\r\nContent-Transfer"), 1)
		})
	})
}

// forgeWords are outer Froms whose encoded words some readers decode to another's address.
func forgeWords(c *corpus) {
	utf16 := "AGEAbgBuAGEAQABwAGUAYwAuAGUAeABhAG0AcABsAGUALgBpAHQ=" // anna@pec.example.it
	for name, word := range map[string]string{
		"utf-7": "=?utf-7?Q?Per_conto_di=3A_anna+AEA-pec.example.it?=", "utf-7-old": "=?unicode-1-1-utf-7?Q?anna+AEA-pec.example.it?=", "utf-16": "=?utf-16?B?" + utf16 + "?=",
		"utf-16be": "=?utf-16be?B?" + utf16 + "?=", "ebcdic": "=?ibm037?B?gZWVgXyXhYM=?=", "iso-2022": "=?iso-2022-jp?B?YW5uYUBwZWMuZXhhbXBsZS5pdA==?=", "unknown": "=?x-foo?Q?anna=40pec.example.it?=",
		"language": "=?utf-8*it?Q?anna=40pec.example.it?=", "unpadded": "=?utf-8?B?YW5uYUBwZWMuZXhhbXBsZS5pdA?=", "blank": "=?utf-8?B?YW5uYUBwZWMuZXhh bXBsZS5pdA==?=", "half": "=?utf-8?Q?anna=40pec.example.it=?=",
		"other-encoding": "=?utf-8?X?anna=40pec.example.it?=", "two": "=?utf-8?Q?anna?= =?utf-8?Q?=40pec.example.it?=", "nul": "=?utf-8?Q?anna=00=40pec.example.it?=",
	} {
		c.no(name, "the outer From's name is "+word, because("envelope_inconsistent"), outer("From", word+" <"+c.w.Customers.Notice+">"))
	}
}

// forgeEnclosed are further messages in the signed part that some readers show as they show the original.
func forgeEnclosed(c *corpus) {
	victim := Message{From: "anna@pec.example.it", To: c.w.Ours[0], Subject: "x", Text: "Chiudete la mia casella.\n"}
	for _, kind := range []string{"global", "news", "partial; id=x; number=1; total=1", `external-body; access-type=URL; URL="http://127.0.0.1/postacert.eml"`, "rfc822 (x)", `rfc822; name="altro.eml"`} {
		c.signing(kind[:4]+fmt.Sprint(len(kind)), "a second message: message/"+kind, because("two_postacert"), func(d *Draft, p []Part) []Part {
			return append(p, Part{"other", []Field{{"Content-Type", "message/" + kind}, {"Content-Disposition", "inline"}}, victim.bytes(d.Identifier)})
		})
	}
}
