package pectest

import (
	"bytes"
	"fmt"
	"strings"
)

// forgeXML is certification data that would hurt a careless parser.
func forgeXML(c *corpus) {
	want := because("daticert_malformed", "daticert_missing", "envelope_inconsistent", "wrong_type", "sender_mismatch", "outside_domains")
	xml := func(name, what string, f func(string) string) { c.no(name, what, want, onXML(f)) }
	documentTypes(xml)
	xml("unknown-entity", "an entity nobody declared", func(x string) string { return strings.Replace(x, "mario@", "&mario;@", 1) })
	xml("deep", "ten thousand nested elements", func(x string) string {
		return strings.Replace(x, "<dati>", "<dati>"+strings.Repeat("<a>", 10000)+strings.Repeat("</a>", 10000), 1)
	})
	xml("large", "three megabytes", func(x string) string {
		return strings.Replace(x, "<dati>", "<dati><a>"+strings.Repeat("x", 3<<20)+"</a>", 1)
	})
	xml("attributes", "a hundred thousand attributes", func(x string) string {
		var b bytes.Buffer
		for i := range 100000 {
			fmt.Fprintf(&b, ` a%d=""`, i)
		}
		return strings.Replace(x, "<dati>", "<dati"+b.String()+">", 1)
	})
	xml("unclosed", "an element that is not closed", func(x string) string { return strings.Replace(x, "</postacert>", "", 1) })
	xml("two-roots", "a second document", func(x string) string {
		return x + strings.Replace(x[strings.Index(x, "<postacert"):], "mario@", "anna@", 1)
	})
	xml("trailing", "text behind the end", func(x string) string { return x + "altro" })
	xml("no-xml", "no XML", func(string) string { return "tipo: posta-certificata\nmittente: mario@pec.example.it\n" })
	xml("html", "HTML", func(string) string { return "<html><body><postacert>" })
	xml("empty-root", "an empty postacert", func(string) string { return `<postacert tipo="posta-certificata" errore="nessuno"/>` })
	xml("other-root", "another root element", func(x string) string {
		return strings.NewReplacer("<postacert", "<busta", "</postacert", "</busta").Replace(x)
	})
	xml("utf16", "UTF-16", func(x string) string {
		var b bytes.Buffer
		b.WriteString("\xff\xfe")
		for _, r := range x {
			b.WriteByte(byte(r))
			b.WriteByte(0)
		}
		return b.String()
	})
	xml("nul", "a NUL in the mittente", func(x string) string { return strings.Replace(x, "mario@", "mario\x00@", 1) })
	xml("control-reference", "a reference to a control character", func(x string) string { return strings.Replace(x, "mario@", "mario&#0;@", 1) })
	xml("invalid-utf8", "invalid UTF-8 in the mittente", func(x string) string { return strings.Replace(x, "mario@", "mario\xff@", 1) })
	xml("namespace", "a foreign namespace", func(x string) string {
		return strings.NewReplacer("<postacert ", "<x:postacert xmlns:x=\"http://example.org/\" ", "</postacert", "</x:postacert").Replace(x)
	})
	xml("cdata-mix", "a CDATA section and a second value in the mittente", func(x string) string {
		return strings.Replace(x, "<mittente>mario@pec.example.it", "<mittente><![CDATA[anna@pec.example.it]]>mario@pec.example.it", 1)
	})
	xml("two-intestazione", "a second intestazione", func(x string) string {
		i, j := strings.Index(x, "<intestazione>"), strings.Index(x, "</intestazione>")+len("</intestazione>")
		return x[:i] + strings.Replace(x[i:j], "mario@", "anna@", 1) + x[i:]
	})
}

// documentTypes forges document types and the entities that they declare.
func documentTypes(xml func(name, what string, f func(string) string)) {
	doctype := func(d string) func(string) string {
		return func(x string) string { return strings.Replace(x, "?>\n", "?>\n"+d+"\n", 1) }
	}
	lol := "<!DOCTYPE postacert [<!ENTITY a \"lol\">"
	for i := 'b'; i < 'k'; i++ {
		lol += fmt.Sprintf("<!ENTITY %c \"%s\">", i, strings.Repeat(fmt.Sprintf("&%c;", i-1), 10))
	}
	use := func(d, ref string) func(string) string {
		return func(x string) string {
			return strings.Replace(doctype(d)(x), "<mittente>mario@pec.example.it", "<mittente>"+ref, 1)
		}
	}
	xml("bomb", "a billion laughs", use(lol+"]>", "&j;"))
	xml("entity", "the mittente in an entity", use("<!DOCTYPE postacert [<!ENTITY m \"mario@pec.example.it\">]>", "&m;"))
	xml("external", "an external entity", use("<!DOCTYPE postacert [<!ENTITY m SYSTEM \"file:///etc/passwd\">]>", "&m;"))
	xml("external-http", "an external entity of the network", use("<!DOCTYPE postacert [<!ENTITY m SYSTEM \"http://127.0.0.1/\">]>", "&m;"))
	xml("parameter", "a parameter entity", use("<!DOCTYPE postacert [<!ENTITY % p SYSTEM \"file:///etc/passwd\"> %p;]>", "mario@pec.example.it"))
	xml("default-attribute", "an attribute given by the document type", func(x string) string {
		return strings.Replace(doctype("<!DOCTYPE postacert [<!ATTLIST postacert tipo CDATA \"posta-certificata\">]>")(x), ` tipo="posta-certificata"`, "", 1)
	})
	for name, d := range map[string]string{
		"declared-empty": "<!DOCTYPE postacert []>", "of-another": "<!DOCTYPE html>", "twice": "<!DOCTYPE postacert><!DOCTYPE postacert>",
		"open": `<!DOCTYPE postacert SYSTEM "daticert.dtd>`, "entity-outside": `<!ENTITY m "x">`,
	} {
		xml("doctype-"+name, "a document type that says more than a name", doctype(d))
	}
}
