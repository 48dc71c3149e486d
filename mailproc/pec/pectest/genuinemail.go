package pectest

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"slices"
	"strings"
	"time"
)

func unbase64(b []byte) ([]byte, error) {
	return base64.StdEncoding.DecodeString(string(bytes.ReplaceAll(b, []byte("\r\n"), nil)))
}

// outside changes the outer fields.
func outside(f func([]Field) []Field) Variation {
	return func(d *Draft) { d.Outside = append(d.Outside, f) }
}

// outer sets an outer field, or removes it when value is empty.
func outer(name, value string) Variation {
	return outside(func(fields []Field) []Field {
		out := slices.DeleteFunc(slices.Clone(fields), func(f Field) bool { return strings.EqualFold(f.Name, name) })
		if value != "" {
			out = append(out, Field{name, value})
		}
		return out
	})
}

// more adds an outer field before the others.
func more(name, value string) Variation {
	return outside(func(fields []Field) []Field { return append([]Field{{name, value}}, fields...) })
}

func genuineHeaders(c *corpus) {
	notice := c.w.Customers.Notice
	c.ok("capitals", "field names in capitals", outside(func(f []Field) []Field {
		for i := range f {
			f[i].Name = strings.ToUpper(f[i].Name)
		}
		return f
	}))
	c.ok("lower", "field names in small letters", outside(func(f []Field) []Field {
		for i := range f {
			f[i].Name = strings.ToLower(f[i].Name)
		}
		return f
	}))
	c.ok("reversed", "fields in another order", outside(func(f []Field) []Field {
		slices.Reverse(f)
		return f
	}))
	c.ok("tiporicevuta", "X-Tiporicevuta", outer("X-TipoRicevuta", ""), more("X-Tiporicevuta", "completa"))
	c.ok("breve", "the customer asks for brief receipts", Form("breve"))
	c.ok("sintetica", "the customer asks for synthetic receipts", Form("sintetica"))
	for _, name := range []string{"Return-Path", "Received", "Reply-To", "X-TipoRicevuta", "X-Riferimento-Message-ID", "To", "Subject", "MIME-Version"} {
		c.ok("without-"+strings.ToLower(name), "an optional field is missing", outer(name, ""))
	}
	c.ok("from-unquoted", "From's name without quotes", outer("From", "Per conto di: mario@pec.example.it <"+notice+">"))
	c.ok("from-encoded", "From's name as an encoded word", outer("From", "=?iso-8859-1?Q?Per_conto_di=3A_mario=40pec=2Eexample=2Eit?= <"+notice+">"))
	c.ok("from-folded", "From folded", outer("From", "\"Per conto di: mario@pec.example.it\"\r\n <"+notice+">"))
	c.ok("from-bare", "From without a name", outer("From", notice))
	c.ok("from-case", "From's address in capitals", outer("From", "\"Per conto di: mario@pec.example.it\" <"+strings.ToUpper(notice)+">"))
	c.ok("subject-8bit", "an 8-bit subject", outer("Subject", "POSTA CERTIFICATA: attivit\xe0"))
	c.ok("subject-folded", "a folded subject", outer("Subject", "POSTA CERTIFICATA: Disattivazione\r\n\tcasella"))
	c.ok("subject-other", "a subject that says something else", outer("Subject", "CONSEGNA: nulla"))
	c.ok("received-many", "many relays", func(d *Draft) {
		for i := range 40 {
			more("Received", fmt.Sprintf("from a%d.example.org by b%d.example.org; Tue, 10 Nov 2026 10:22:05 +0100", i, i))(d)
		}
	})
	c.ok("unknown-fields", "fields nobody knows, one folded ten times", more("X-Spam-Report", strings.Repeat("x\r\n ", 10)+"y"), more("X-Empty", ""))
	c.ok("message-id-comment", "Message-ID after a line break", outside(func(f []Field) []Field {
		for i := range f {
			if f[i].Name == "Message-ID" {
				f[i].Value = "\r\n " + f[i].Value
			}
		}
		return f
	}))
}

func genuineDaticert(c *corpus) {
	dati := func(name, what string, f func(*Daticert)) {
		c.ok(name, what, func(d *Draft) { f(&d.Daticert) })
	}
	dati("padded", "white space around values", func(d *Daticert) { d.Padded = true })
	dati("flat", "one line", func(d *Daticert) { d.Flat = true })
	dati("no-subject", "oggetto missing", func(d *Daticert) { d.NoSubject = true })
	c.ok("no-errore", "errore missing: the DTD's default is nessuno", onXML(func(x string) string { return strings.Replace(x, ` errore="nessuno"`, "", 1) }))
	dati("no-msgid", "msgid missing", func(d *Daticert) { d.MessageID = "" })
	dati("no-ricevuta", "ricevuta missing", func(d *Daticert) { d.ReceiptType = "" })
	dati("empty-subject", "oggetto empty", func(d *Daticert) { d.Subject = "" })
	dati("replies", "risposte elsewhere", func(d *Daticert) { d.Replies = "studio@pec.example.it" })
	dati("subject-accents", "oggetto with accents and markup", func(d *Daticert) { d.Subject = "Perché <no> & \"così\" – €" })
	dati("recipient-case", "our mailbox in capitals", func(d *Daticert) { d.Recipients[0].Address = strings.ToUpper(d.Recipients[0].Address) })
	dati("recipients", "ours is one of several recipients", func(d *Daticert) {
		d.Recipients = append([]Recipient{{"anna@pec.example.it", "certificato"}, {"luca@example.org", "esterno"}}, d.Recipients...)
	})
	dati("hundred-recipients", "ours is the last of a hundred", func(d *Daticert) {
		var l []Recipient
		for i := range 99 {
			l = append(l, Recipient{Address: fmt.Sprintf("u%d@pec.example.it", i)})
		}
		d.Recipients = append(l, d.Recipients...)
	})
	for name, f := range map[string]func(string) string{
		"single-quotes": func(x string) string { return strings.ReplaceAll(x, `"`, `'`) },
		"latin1": func(x string) string {
			return string(inCharset(strings.Replace(x, "UTF-8", "ISO-8859-1", 1), "iso-8859-1"))
		},
		"no-declaration": func(x string) string { _, rest, _ := strings.Cut(x, "\n"); return rest },
		"bom":            func(x string) string { return "\ufeff" + x },
		"comments":       func(x string) string { return strings.Replace(x, "<dati>", "<!-- dati --><dati>", 1) },
		"references":     func(x string) string { return strings.Replace(x, "mario@pec", "mario&#64;pec", 1) },
		"crlf":           func(x string) string { return strings.ReplaceAll(x, "\n", "\r\n") },
		"open-close": func(x string) string {
			return strings.Replace(x, `<ricevuta tipo="completa"/>`, `<ricevuta tipo="completa"></ricevuta>`, 1)
		},
		"doctype": func(x string) string {
			return strings.Replace(x, "<postacert", "<!DOCTYPE postacert SYSTEM \"daticert.dtd\">\n<postacert", 1)
		},
		"utf8":          func(x string) string { return strings.Replace(x, "UTF-8", "UTF8", 1) },
		"later-element": func(x string) string { return strings.Replace(x, "</dati>", "<nuovo>valore</nuovo></dati>", 1) },
	} {
		c.ok(name, "writing of the XML", onXML(f))
	}
}

// onXML rewrites the daticert before it is signed.
func onXML(f func(string) string) Variation {
	return inPart("daticert", func(p *Part) { p.Body = base64Lines([]byte(f(string(decodeLines(p.Body)))), 60) })
}

func genuineTimes(c *corpus) {
	at := defaultDate
	c.ok("delivered-24h-later", "delivered almost 25 hours later")
	c.last().Delivered = at.Add(24*time.Hour + 59*time.Minute)
	c.ok("delivered-4m-earlier", "clocks four minutes apart")
	c.last().Delivered = at.Add(-4 * time.Minute)
	c.ok("delivered-unknown", "no delivery date known")
	c.last().Delivered = time.Time{}
	for name, t := range map[string]time.Time{
		"summer": time.Date(2026, 7, 15, 12, 0, 0, 0, rome), "leap": time.Date(2024, 2, 29, 23, 59, 59, 0, rome),
		"autumn-hour": time.Date(2026, 10, 25, 2, 30, 0, 0, rome), "new-year": time.Date(2027, 1, 1, 0, 0, 0, 0, rome), "2018": time.Date(2018, 11, 13, 16, 39, 26, 0, rome),
	} {
		m := c.w.request()
		m.Date = t
		c.okFrom(c.w.Customers, m, name, "an envelope of "+t.Format(time.DateTime))
	}
}

func genuineTexts(c *corpus) {
	for _, charset := range []string{"utf-8", "iso-8859-1", "iso-8859-15", "windows-1252"} {
		for _, enc := range []string{"quoted-printable", "base64", "8bit"} {
			m := c.w.request()
			m.Charset, m.Encoding = charset, enc
			m.Subject, m.Text = "Attività: perché no", m.Text+"Cordialità, è tutto così.\n"
			c.okFrom(c.w.Customers, m, charset+"-"+enc, "charset and encoding of the original")
		}
	}
	html := c.w.request()
	html.Text, html.HTML = "", "<html><body><p>Il sottoscritto <b>Mario Rossi</b> titolare&nbsp;della casella…</p></body></html>"
	c.okFrom(c.w.Customers, html, "html-only", "an original in HTML only")
	html.Text = "Il sottoscritto Mario Rossi"
	c.okFrom(c.w.Customers, html, "alternative", "text and HTML")
	html.Attachments = []Attachment{{"documento finale.pdf", "application/pdf", bytes.Repeat([]byte("%PDF"), 3000)}}
	c.okFrom(c.w.Customers, html, "attachment", "text, HTML and a file")
	empty := c.w.request()
	empty.Text, empty.Subject = "", ""
	c.okFrom(c.w.Customers, empty, "empty", "an empty message without a subject")
	many := c.w.request()
	many.To = "anna@pec.example.it, " + c.w.Ours[1] + ", luca@example.org"
	c.okFrom(c.w.Customers, many, "several-to", "several recipients")
	reply := c.w.request()
	reply.InReplyTo, reply.References = "<2@pec.example.com>", []string{"<1@pec.example.com>", "<2@pec.example.com>"}
	c.okFrom(c.w.Customers, reply, "reply", "a reply with references")
	ascii := c.w.request()
	ascii.Charset, ascii.Encoding = "us-ascii", "7bit"
	ascii.Text += "------\n--\n.\n..\nFrom mario\n" + strings.Repeat("x", 5000) + "\n"
	c.okFrom(c.w.Customers, ascii, "odd-lines", "lines of dashes and dots, and a very long one")
}
