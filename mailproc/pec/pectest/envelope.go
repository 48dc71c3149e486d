package pectest

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// Kinds of receipt: the daticert's tipo.
const (
	Accettazione     = "accettazione"
	NonAccettazione  = "non-accettazione"
	PresaInCarico    = "presa-in-carico"
	AvvenutaConsegna = "avvenuta-consegna"
	ErroreConsegna   = "errore-consegna"
	Preavviso        = "preavviso-errore-consegna"
	RilevazioneVirus = "rilevazione-virus"
)

// ReceiptKinds are all the kinds of receipt.
var ReceiptKinds = []string{Accettazione, NonAccettazione, PresaInCarico, AvvenutaConsegna, ErroreConsegna, Preavviso, RilevazioneVirus}

// Transport makes the signed transport envelope (busta di trasporto) of m, CRLF
// line ends. It panics when a variation asks for a signature that cannot be made.
func (p *Provider) Transport(m Message, v ...Variation) []byte {
	return p.transportDraft(m).make(v)
}

func (p *Provider) transportDraft(m Message) *Draft {
	d := p.draft(m, "posta-certificata")
	d.Daticert.ReceiptType = "completa"
	from := d.Daticert.Sender
	d.Header = []Field{
		{"Return-Path", "<" + from + ">"},
		{"Received", fmt.Sprintf("from smtp.%s (127.0.0.1) by mx.%s with ESMTP; %s", p.host(), p.host(), d.At.Format(time.RFC1123Z))},
		{"X-Trasporto", "posta-certificata"},
		{"Date", d.At.In(rome).Format(time.RFC1123Z)},
		{"From", fmt.Sprintf("\"Per conto di: %s\" <%s>", from, p.Notice)},
		{"Reply-To", from},
		{"To", m.To},
		{"Subject", "POSTA CERTIFICATA: " + m.encodeWord(m.Subject)},
		{"Message-ID", d.messageID()},
		{"X-Riferimento-Message-ID", m.messageID()},
		{"X-TipoRicevuta", "completa"},
		{"MIME-Version", "1.0"},
	}
	return d
}

// Anomaly makes the anomaly envelope (busta di anomalia) in which the provider
// delivers the ordinary message m to its own customer to.
func (p *Provider) Anomaly(m Message, to string, v ...Variation) []byte {
	d := p.draft(m, "")
	d.Header = []Field{
		{"Return-Path", "<" + address(m.From) + ">"},
		{"X-Trasporto", "errore"},
		{"Date", d.At.In(rome).Format(time.RFC1123Z)},
		{"From", fmt.Sprintf("\"Per conto di: %s\" <%s>", address(m.From), p.Notice)},
		{"Reply-To", address(m.From)},
		{"To", to},
		{"Subject", "ANOMALIA MESSAGGIO: " + m.encodeWord(m.Subject)},
		{"Message-ID", d.messageID()},
		{"MIME-Version", "1.0"},
	}
	return d.make(v)
}

// Receipt makes a receipt of the given kind about the message m, addressed to
// its sender. [For], [At], [Because] and [Form] complete it.
func (p *Provider) Receipt(kind string, m Message, v ...Variation) []byte {
	d := p.draft(m, kind)
	if r := m.recipients(); len(r) > 0 {
		For(r[0].Address)(d)
	}
	switch kind {
	case AvvenutaConsegna:
		d.Daticert.ReceiptType = "completa"
	case NonAccettazione, ErroreConsegna, Preavviso:
		d.Daticert.Error = "altro"
		d.Daticert.Extended = "5.1.1 - " + p.Name + " - indirizzo non valido"
	case RilevazioneVirus:
		d.Daticert.Error = "virus"
	}
	d.Header = []Field{
		{"Return-Path", "<" + p.Notice + ">"},
		{"X-Ricevuta", kind},
		{"Date", d.At.In(rome).Format(time.RFC1123Z)},
		{"From", p.Notice},
		{"To", address(m.From)},
		{"Subject", receiptTitles[kind].subject + m.encodeWord(m.Subject)},
		{"Message-ID", d.messageID()},
		{"X-Riferimento-Message-ID", m.messageID()},
		{"MIME-Version", "1.0"},
	}
	return d.make(append(slices.Clone(v), completeReceipt))
}

// completeReceipt writes what depends on the other variations.
func completeReceipt(d *Draft) {
	if d.Kind != AvvenutaConsegna || d.Daticert.ReceiptType == "sintetica" {
		d.NoOriginal = true
	}
	if d.Kind == AvvenutaConsegna && d.Daticert.ReceiptType == "breve" && d.Original == nil {
		brief := d.Message
		brief.Attachments = slices.Clone(brief.Attachments)
		for i, a := range brief.Attachments {
			brief.Attachments[i] = Attachment{Name: a.Name + ".hash", Type: "text/plain", Data: fmt.Appendf(nil, "%08x\r\n", checksum(string(a.Data)))}
		}
		d.Original = brief.bytes(d.Identifier)
	}
}

// For names the addressee a receipt speaks of.
func For(recipient string) Variation {
	return func(d *Draft) {
		d.Daticert.Delivery, d.Daticert.Received = "", nil
		switch d.Kind {
		case PresaInCarico:
			d.Daticert.Received = []string{recipient}
		case AvvenutaConsegna, ErroreConsegna, Preavviso, RilevazioneVirus:
			d.Daticert.Delivery = recipient
		}
	}
}

// At sets the instant the provider certifies.
func At(t time.Time) Variation {
	return func(d *Draft) {
		d.At, d.Daticert.At, d.CMS.Time = t, t, t
		setField(d.Header, "Date", t.In(rome).Format(time.RFC1123Z))
	}
}

// Because sets the error of a failure notice: errore (no-dest, no-dominio,
// virus, altro) and errore-esteso.
func Because(code, text string) Variation {
	return func(d *Draft) { d.Daticert.Error, d.Daticert.Extended = code, text }
}

// Form sets the kind of delivery receipt: completa, breve or sintetica.
func Form(kind string) Variation {
	return func(d *Draft) {
		d.Daticert.ReceiptType = kind
		setField(d.Header, "X-TipoRicevuta", kind)
	}
}

// Identified sets the identificativo, and with it the Message-ID of a transport
// envelope. Receipts about one dispatch bear the identifier of its envelope.
func Identified(id string) Variation {
	return func(d *Draft) {
		d.Identifier, d.Daticert.Identifier = id, id
		d.boundaries()
		setField(d.Header, "Message-ID", d.messageID())
	}
}

// messageID is the message's own: an envelope's is its identifier, a receipt has
// another, for its identifier is that of the dispatch it is about.
func (d *Draft) messageID() string {
	if d.Kind == "" || d.Kind == "posta-certificata" {
		return "<" + d.Identifier + ">"
	}
	return fmt.Sprintf("<%08x.%s>", checksum(d.Kind, d.Daticert.Delivery, d.Identifier), d.Identifier)
}

// setField replaces the value of a field that is there.
func setField(fields []Field, name, value string) {
	for i, f := range fields {
		if strings.EqualFold(f.Name, name) {
			fields[i].Value = value
		}
	}
}
