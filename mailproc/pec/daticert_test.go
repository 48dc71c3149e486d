package pec

import (
	"encoding/base64"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

const daticertHead = `<?xml version="1.0" encoding="UTF-8"?>` + "\n"

const daticertBody = `<postacert tipo="posta-certificata" errore="nessuno">
  <intestazione>
    <mittente> mario@pec.example.it </mittente>
    <destinatari tipo="certificato">disattivazioni@pec.example.com</destinatari>
    <destinatari tipo="esterno">x@example.org</destinatari>
    <risposte>mario@pec.example.it</risposte>
    <oggetto>Perch&#xe9; &lt;s&#236;&gt; &amp; &quot;no&quot; &apos;</oggetto>
  </intestazione>
  <dati>
    <gestore-emittente>Gestore Uno S.p.A.</gestore-emittente>
    <data zona="+0100"><giorno>13/11/2018</giorno><ora>17:26:06</ora></data>
    <identificativo>opec1@pec.example.it</identificativo>
    <msgid>&lt;a@b.example.org&gt;</msgid>
    <ricevuta tipo="completa"/>
    <consegna>x@example.org</consegna>
    <ricezione>a@example.org</ricezione>
    <ricezione>b@example.org</ricezione>
    <errore-esteso>5.1.1</errore-esteso>
  </dati>
</postacert>
`

func TestParseDaticert(t *testing.T) {
	want := &Daticert{
		Type: TypeTransport, Error: "nessuno", Sender: "mario@pec.example.it",
		Recipients: []Recipient{{"disattivazioni@pec.example.com", "certificato"}, {"x@example.org", "esterno"}},
		Replies:    "mario@pec.example.it", Subject: `Perché <sì> & "no" '`, Provider: "Gestore Uno S.p.A.",
		Identifier: "opec1@pec.example.it", MessageID: "<a@b.example.org>", ReceiptType: "completa", Delivery: "x@example.org",
		Received: []string{"a@example.org", "b@example.org"}, Extended: "5.1.1", At: time.Date(2018, 11, 13, 17, 26, 6, 0, zoneCET),
	}
	for name, doc := range map[string]string{
		"plain": daticertHead + daticertBody, "no declaration": daticertBody, "byte order mark": "\xef\xbb\xbf" + daticertHead + daticertBody,
		"CRLF":          strings.ReplaceAll(daticertHead+daticertBody, "\n", "\r\n"),
		"one line":      strings.NewReplacer("\n  ", "", "\n", "").Replace(daticertBody),
		"comments":      daticertHead + "<!--Type: [ posta-certificata ]-->\n" + strings.Replace(daticertBody, "<dati>", "<!-- <dati> --><dati><!-- -->", 1) + "<!-- fine -->\n",
		"named":         daticertHead + "<?xml-stylesheet type=\"text/xsl\" href=\"postacert.xsl\"?>\n<!DOCTYPE postacert PUBLIC \"posta certificata\" \"https://example.org/postacert.dtd\">\n\n" + daticertBody,
		"typed":         "<!DOCTYPE\n postacert SYSTEM 'daticert.dtd' >" + daticertBody,
		"single quotes": strings.Replace(daticertBody, `errore="nessuno"`, `errore = 'nessuno' `, 1),
		"CDATA":         strings.Replace(daticertBody, "&lt;a@b.example.org&gt;", "<![CDATA[<a@b.example.org>]]>", 1),
		"unknown":       strings.Replace(daticertBody, "</dati>", "<nuovo>x<y a='1'/></nuovo></dati>", 1),
	} {
		if name == "unknown" {
			doc = strings.Replace(doc, "<nuovo>x<y a='1'/></nuovo>", "<nuovo><y a='1'/></nuovo>", 1)
		}
		got, err := parseDaticert([]byte(doc))
		if err != nil {
			t.Errorf("%s: %v", name, err)
		} else if d := cmp.Diff(want, got, cmp.Comparer(func(a, b time.Time) bool { return a.Equal(b) })); d != "" {
			t.Errorf("%s (-want +got):\n%s", name, d)
		}
	}
}

func TestDaticertCharsets(t *testing.T) {
	latin := strings.Replace(daticertBody, "Perch&#xe9;", "Perch\xe9", 1)
	for name, c := range map[string]struct{ doc, want string }{
		"iso-8859-1":    {`<?xml version="1.0" encoding="ISO-8859-1"?>` + latin, "Perché"},
		"windows-1252":  {`<?xml version='1.0' encoding='windows-1252'?>` + latin, "Perché"},
		"false utf-8":   {daticertHead + latin, "Perch\uFFFD"},
		"utf8":          {`<?xml version="1.0" encoding="utf8"?>` + daticertBody, "Perché"},
		"another":       {`<?xml version="1.0" encoding="UTF-16"?>` + daticertBody, ""},
		"no such thing": {`<?xml version="1.0" encoding="x-klingon"?>` + daticertBody, ""},
	} {
		d, err := parseDaticert([]byte(c.doc))
		if (err != nil) != (c.want == "") || err == nil && !strings.HasPrefix(d.Subject, c.want) {
			t.Errorf("%s: %+v, %v", name, d, err)
		}
	}
}

func TestDaticertRefused(t *testing.T) {
	swap := func(old, with string) string {
		if strings.Count(daticertBody, old) != 1 {
			t.Fatalf("%q occurs %d times", old, strings.Count(daticertBody, old))
		}
		return strings.Replace(daticertBody, old, with, 1)
	}
	for name, doc := range map[string]string{
		"empty": "", "blank": " \n", "text": "ciao", "cut": daticertBody[:len(daticertBody)/2], "other root": "<x/>", "two roots": daticertBody + "<postacert/>",
		"text behind": daticertBody + "x", "NUL": swap("Gestore Uno", "Gestore\x00Uno"),
		"doctype inside": swap("<dati>", "<!DOCTYPE postacert><dati>"), "doctype behind": daticertBody + "<!DOCTYPE postacert>",
		"doctype of another": `<!DOCTYPE html SYSTEM "daticert.dtd">` + daticertBody, "doctypes": strings.Repeat("<!DOCTYPE postacert>", 2) + daticertBody,
		"doctype open": `<!DOCTYPE postacert SYSTEM "daticert.dtd>` + daticertBody, "doctype small": "<!doctype postacert>" + daticertBody,
		"doctype declares": `<!DOCTYPE postacert [ <!ATTLIST postacert errore CDATA "virus"> ]>` + daticertBody,
		"style inside":     swap("<dati>", "<?xml-stylesheet href='a'?><dati>"), "style behind": daticertBody + "<?xml-stylesheet href='a'?>", "style open": "<?xml-stylesheet " + daticertBody,
		"entity":            `<!DOCTYPE p [<!ENTITY a "b">]>` + swap("Gestore", "&a;"),
		"external entity":   `<!DOCTYPE p [<!ENTITY a SYSTEM "file:///etc/passwd">]>` + swap("Gestore", "&a;"),
		"unknown entity":    swap("Gestore", "&egrave;"),
		"bare &":            swap("Gestore", "Tizio & Caio"),
		"instruction":       swap("<dati>", "<?php x?><dati>"),
		"comment in value":  swap("mario@pec.example.it </", "mario@pec.example<!-- -->.it </"),
		"text in structure": swap("<dati>", "x<dati>"), "text behind child": swap("</dati>", "x</dati>"),
		"two mittente": swap("<risposte>", "<mittente>eva@pec.example.it</mittente><risposte>"),
		"empty second": swap("<risposte>", "<mittente/><risposte>"),
		"two dati":     swap("</postacert>", "<dati/></postacert>"), "two intestazione": swap("<dati>", "<intestazione/><dati>"),
		"two data": swap("<identificativo>", `<data zona="+0100"/><identificativo>`), "two giorno": swap("<ora>", "<giorno>14/11/2018</giorno><ora>"),
		"two identificativo": swap("<msgid>", "<identificativo>x</identificativo><msgid>"),
		"two oggetto":        swap("</intestazione>", "<oggetto>x</oggetto></intestazione>"),
		"doubled attribute":  swap(`errore="nessuno"`, `errore="nessuno" errore="virus"`),
		"no quotes":          swap(`errore="nessuno"`, `errore=nessuno`), "no tipo": swap(`tipo="posta-certificata" `, ""),
		"no mittente": swap("<mittente> mario@pec.example.it </mittente>", ""), "no identificativo": swap("<identificativo>opec1@pec.example.it</identificativo>", ""),
		"31 February": swap("13/11/2018", "31/02/2018"), "hour 24": swap("17:26:06", "24:26:06"), "no zone": swap(` zona="+0100"`, ""), "zone": swap("+0100", "+1500"),
		"date words": swap("13/11/2018", "13 nov 2018"), "date digits": swap("13/11/2018", "1x/11/2018"),
		"wrong end": swap("</oggetto>", "</Oggetto>"), "unclosed": swap("</dati>", ""), "tag in tag": swap("<dati>", "<dati <x>"),
		"surrogate": swap("&#xe9;", "&#xD800;"), "beyond": swap("&#xe9;", "&#x110000;"), "control": swap("&#xe9;", "&#1;"), "no digits": swap("&#xe9;", "&#x;"),
		"deep":     strings.Repeat("<a>", 10_000) + strings.Repeat("</a>", 10_000),
		"deeper":   swap("<dati>", strings.Repeat("<a>", 20)+strings.Repeat("</a>", 20)+"<dati>"),
		"too much": daticertBody + strings.Repeat(" ", maxDaticert), "many pieces": swap("Gestore Uno", strings.Repeat("a<![CDATA[b]]>", 50_000)),
		"many attributes": swap(`errore="nessuno"`, `errore="nessuno"`+attributes(1000)),
		"many recipients": swap("<risposte>", strings.Repeat("<destinatari>a</destinatari>", 20_000)+"<risposte>"),
	} {
		before := allocated()
		if d, err := parseDaticert([]byte(doc)); err == nil {
			t.Errorf("%s: accepted: %+v", name, d)
		}
		if grown := allocated() - before; grown > 8<<20 {
			t.Errorf("%s: allocated %d", name, grown)
		}
	}
}

func attributes(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, ` a%d=""`, i)
	}
	return b.String()
}

// TestDaticertSaysWhatWasWritten writes random values, escaped, and demands them back.
func TestDaticertSaysWhatWasWritten(t *testing.T) {
	text := rapid.Map(rapid.StringMatching(`[ -~àèé€😀]{0,40}`), strings.TrimSpace)
	escape := strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&#34;", "'", "&#x27;")
	rapid.Check(t, func(t *rapid.T) {
		subject, sender, id := text.Draw(t, "subject"), text.Filter(func(s string) bool { return s != "" }).Draw(t, "sender"), "i"+text.Draw(t, "id")
		doc := fmt.Sprintf(`<postacert tipo="%s" errore="nessuno"><intestazione><mittente>%s</mittente><oggetto>%s</oggetto></intestazione>`+
			`<dati><data zona="-0330"><giorno>29/02/2024</giorno><ora>23:59:59</ora></data><identificativo>%s</identificativo></dati></postacert>`,
			escape.Replace(id), escape.Replace(sender), escape.Replace(subject), escape.Replace(id))
		d, err := parseDaticert([]byte(doc))
		if err != nil {
			t.Fatalf("%v in\n%s", err, doc)
		}
		if d.Subject != subject || d.Sender != sender || d.Identifier != id || d.Type != id {
			t.Fatalf("read %+v from\n%s", d, doc)
		}
	})
}

func TestDecodeTransfer(t *testing.T) {
	want := "Perché no? È così."
	b64 := base64.StdEncoding.EncodeToString([]byte(want))
	for _, c := range []struct {
		in, cte, want string
		ok            bool
	}{
		{b64, "base64", want, true},
		{b64[:8] + " \r\n\t" + b64[8:16] + "\n" + b64[16:] + "\r\n\r\n", "base64", want, true},
		{b64 + "!", "base64", "", false},
		{"Perch=C3=A9 no? =C3=88 cos=\r\n=C3=AC.", "quoted-printable", want, true},
		{want, "8bit", want, true}, {want, "", want, true}, {want, "x-unknown", want, false},
	} {
		got, ok := decodeTransfer(nil, []byte(c.in), c.cte)
		if ok != c.ok || ok && string(got) != c.want {
			t.Errorf("%q %s: %q, %v", c.in, c.cte, got, ok)
		}
	}
}
