package pectest

import (
	"fmt"
	"hash/fnv"
	"strings"
	"time"
)

// Daticert is the certification data of an envelope or of a receipt (RFC 6109
// §4.4), as the provider writes them.
type Daticert struct {
	Type        string // tipo
	Error       string // errore; default nessuno
	Sender      string // mittente
	Recipients  []Recipient
	Replies     string // risposte; default the sender
	Subject     string
	NoSubject   bool // leave oggetto out
	Provider    string
	At          time.Time
	Identifier  string
	MessageID   string // msgid, with its brackets; "" leaves it out
	ReceiptType string // ricevuta; "" leaves it out
	Delivery    string // consegna; "" leaves it out
	Received    []string
	Extended    string // errore-esteso
	Padded      bool   // white space around the values, as some providers write
	Flat        bool   // no indentation
	Doctype     string // written after the XML declaration
}

// XML writes the daticert.
func (d Daticert) XML() []byte {
	var b strings.Builder
	b.WriteString("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n" + d.Doctype)
	if d.Error == "" {
		d.Error = "nessuno"
	}
	if d.Replies == "" {
		d.Replies = d.Sender
	}
	fmt.Fprintf(&b, "<postacert tipo=\"%s\" errore=\"%s\">\n    <intestazione>\n", escape(d.Type), escape(d.Error))
	d.element(&b, "mittente", "", d.Sender)
	for _, r := range d.Recipients {
		if r.Type == "" {
			r.Type = "certificato"
		}
		d.element(&b, "destinatari", ` tipo="`+escape(r.Type)+`"`, r.Address)
	}
	d.element(&b, "risposte", "", d.Replies)
	if !d.NoSubject {
		d.element(&b, "oggetto", "", d.Subject)
	}
	b.WriteString("    </intestazione>\n    <dati>\n")
	d.element(&b, "gestore-emittente", "", d.Provider)
	at := d.At.In(rome)
	fmt.Fprintf(&b, "        <data zona=\"%s\">\n            <giorno>%s</giorno>\n            <ora>%s</ora>\n        </data>\n",
		at.Format("-0700"), at.Format("02/01/2006"), at.Format("15:04:05"))
	d.element(&b, "identificativo", "", d.Identifier)
	d.optional(&b, "msgid", d.MessageID)
	if d.ReceiptType != "" {
		fmt.Fprintf(&b, "        <ricevuta tipo=\"%s\"/>\n", escape(d.ReceiptType))
	}
	d.optional(&b, "consegna", d.Delivery)
	for _, r := range d.Received {
		d.element(&b, "ricezione", "", r)
	}
	d.optional(&b, "errore-esteso", d.Extended)
	b.WriteString("    </dati>\n</postacert>\n")
	if d.Flat {
		return []byte(flatten(b.String()))
	}
	return []byte(b.String())
}

func (d Daticert) element(b *strings.Builder, name, attr, value string) {
	value = escape(value)
	if d.Padded {
		value = "\n            " + value + "\n        "
	}
	fmt.Fprintf(b, "        <%s%s>%s</%s>\n", name, attr, value, name)
}

func (d Daticert) optional(b *strings.Builder, name, value string) {
	if value != "" {
		d.element(b, name, "", value)
	}
}

func flatten(s string) string {
	var b strings.Builder
	for line := range strings.Lines(s) {
		b.WriteString(strings.TrimSpace(line))
	}
	return b.String()
}

var xmlEscaper = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;")

func escape(s string) string { return xmlEscaper.Replace(s) }

// checksum is a short repeatable number for names and boundaries.
func checksum(parts ...string) uint32 {
	h := fnv.New32a()
	for _, p := range parts {
		h.Write([]byte(p))
		h.Write([]byte{0})
	}
	return h.Sum32()
}
