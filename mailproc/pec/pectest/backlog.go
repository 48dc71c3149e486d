package pectest

import (
	"fmt"
	"iter"
	"math/rand/v2"
	"slices"
	"strings"
	"time"
)

// Backlog is a mailbox full of mail, for benchmarks: half of it good requests of
// both procedures, a quarter receipts, the rest other mail. Every message is a
// function of the seed and of its number; only keys and signatures differ from
// run to run.
type Backlog struct {
	Office Office
	N      int
	Seed   uint64
	Start  time.Time     // arrival of the first; default 10 November 2026, 9:00 in Rome
	Every  time.Duration // between arrivals; default one second
	Size   int           // of each message, about; default 10 kB
}

// All makes the messages in order of arrival. Making one takes about as long as
// an RSA signature: use [Backlog.Item] from several goroutines, or a provider
// with a P256 key, where that is too slow.
func (b Backlog) All() iter.Seq[Item] {
	return func(yield func(Item) bool) {
		for i := range b.N {
			if !yield(b.Item(i)) {
				return
			}
		}
	}
}

// receiptCycle is which receipts arrive: mostly those of letters that go well.
var receiptCycle = []string{
	Accettazione, AvvenutaConsegna, Accettazione, AvvenutaConsegna, PresaInCarico, Accettazione, AvvenutaConsegna, Accettazione, ErroreConsegna, Preavviso,
}

// Item makes message i.
func (b Backlog) Item(i int) Item {
	b = b.complete()
	c := b.Office.customer(i)
	at := b.Start.Add(time.Duration(i) * b.Every)
	r := rand.New(rand.NewPCG(b.Seed, uint64(i)))
	var it Item
	switch i % 8 {
	case 0, 4:
		it = b.request(c, at, r, "disattivazione", b.Office.Deactivations, "Disattivazione casella", c.deactivation())
	case 2, 6:
		it = b.request(c, at, r, "recesso-rinnovo", b.Office.Service, "Recesso", c.withdrawal())
	case 1, 5:
		it = b.receipt(c, at, i)
	default:
		it = b.other(c, at, r, i/4)
	}
	it.At = at.Add(deliveredAfter)
	return it
}

func (b Backlog) complete() Backlog {
	if b.Start.IsZero() {
		b.Start = time.Date(2026, 11, 10, 9, 0, 0, 0, rome)
	}
	if b.Every == 0 {
		b.Every = time.Second
	}
	if b.Size == 0 {
		b.Size = 10_000
	}
	return b
}

// Registry writes the registry's two files, in which every request of the
// backlog is in order.
func (b Backlog) Registry() (mailboxes, orders []byte) {
	b = b.complete()
	var m, o strings.Builder
	m.WriteString(mailboxHead)
	o.WriteString(orderHead)
	for i := range b.N {
		c := b.Office.customer(i)
		m.WriteString(c.mailboxRow("active"))
		if i%8 == 2 || i%8 == 6 {
			o.WriteString(c.orderRow("auto_renewal", b.Start.AddDate(0, 0, -5)))
		}
	}
	return []byte(m.String()), []byte(o.String())
}

// identified gives message i an identifier that does not depend on the process.
func (b Backlog) identified(c customer, at time.Time, p *Provider) Variation {
	return Identified(fmt.Sprintf("opec%d.%s.%05d.%02d.1.%d@%s", b.Seed%9000+1000, at.In(rome).Format("20060102150405"), c.number%100000, c.number%97, c.number, p.host()))
}

// message fills a text up to the backlog's size, as HTML or with a picture.
func (b Backlog) message(m Message, at time.Time, r *rand.Rand) Message {
	rest := 8400 // notice, daticert, signature and headers, about
	if !b.Office.Customers.Manages(address(m.From)) {
		rest = 6700 // an anomaly envelope has no daticert
	}
	m.Date = at
	m.MessageID = fmt.Sprintf("%016x.%d@%s", r.Uint64(), b.Seed, b.Office.Customers.Domains[0])
	m.Charset = []string{"utf-8", "iso-8859-1", "windows-1252"}[r.IntN(3)]
	room := b.Size - rest - len(m.Text)*5/4
	switch {
	case room < 300:
	case r.IntN(3) == 0:
		picture := make([]byte, room*37/50)
		for i := range picture {
			picture[i] = byte(r.Uint32())
		}
		m.Attachments = []Attachment{{"image001.png", "image/png", picture}}
	default:
		m.HTML = page(m.Text, room*4/5)
	}
	return m
}

// request is a good request: the form with a harmless courtesy.
func (b Backlog) request(c customer, at time.Time, r *rand.Rand, name, to, subject, form string) Item {
	courtesy := []func(string) string{
		func(s string) string { return s + "\n" },
		func(s string) string { return "Buongiorno,\n\n" + s + "\n\nCordiali saluti\n" + c.name + "\n" },
		func(s string) string { return s + "\n\n-- \n" + c.name + "\n" + disclaimer + "\n" },
		func(s string) string { return wrap(s, 72) + "\n\nDistinti saluti\n" },
	}
	m := b.message(Message{From: fmt.Sprintf("%s <%s>", quoteName(c.name), c.address), To: to, Subject: subject, Text: courtesy[r.IntN(len(courtesy))](form)}, at, r)
	p := b.Office.Customers
	return Item{Name: name, Mailbox: to, Raw: p.Transport(m, b.identified(c, at, p)), Sender: c.address, Outcome: "accept"}
}

func quoteName(name string) string {
	if strings.ContainsFunc(name, func(r rune) bool { return r > 126 }) {
		return Message{}.encodeWord(name)
	}
	return `"` + name + `"`
}

// wrap breaks a text into lines, as mail programs do.
func wrap(s string, columns int) string {
	var out strings.Builder
	n := 0
	for _, w := range strings.Fields(s) {
		switch {
		case n == 0:
		case n+1+len(w) > columns:
			out.WriteString("\n")
			n = 0
		default:
			out.WriteString(" ")
			n++
		}
		out.WriteString(w)
		n += len(w)
	}
	return out.String()
}

// receipt is about a letter the desk would have written to customer c.
func (b Backlog) receipt(c customer, at time.Time, i int) Item {
	from := b.Office.Deactivations
	if i%8 == 5 {
		from = b.Office.Service
	}
	kind := receiptCycle[i/4%len(receiptCycle)]
	letter := Message{
		From: from, To: c.address, Subject: fmt.Sprintf("Re: Disattivazione casella [Prot. 2026-%06d]", i), Date: at,
		MessageID: fmt.Sprintf("2026-%06d.1@%s", i, b.Office.Desk.host()), Text: "Gentile cliente,\n\n" + disclaimer + "\n",
	}
	p := b.Office.Desk
	if kind == AvvenutaConsegna {
		p = b.Office.Customers
	}
	return Item{Name: "receipt", Mailbox: from, Raw: p.Receipt(kind, letter, b.identified(c, at, p), Form("breve")), Outcome: "none"}
}

// other is mail of which no case must come, or a refusal.
func (b Backlog) other(c customer, at time.Time, r *rand.Rand, n int) Item {
	o := b.Office
	to := o.Deactivations
	form := Message{From: fmt.Sprintf("%s <%s>", quoteName(c.name), c.address), To: to, Subject: "Disattivazione casella", Text: c.deactivation() + "\n"}
	switch n % 4 {
	case 0:
		m := Message{From: "Novità <news@example.org>", To: to, Subject: "Le offerte della settimana", Text: "Scopra le nostre offerte: sconti fino al 50%.\nPer non ricevere altre comunicazioni segua il collegamento.\n",
			Header: []Field{{"List-Unsubscribe", "<https://www.example.org/u>"}, {"Precedence", "bulk"}}}
		m.From = Message{}.encodeWord("Novità") + " <news@example.org>"
		return Item{Name: "newsletter", Mailbox: to, Raw: o.Desk.Anomaly(b.message(m, at, r), to, b.identified(c, at, o.Desk)), Outcome: "none"}
	case 1:
		form.From = strings.Replace(form.From, o.Customers.Domains[0], "example.org", 1)
		return Item{Name: "anomaly", Mailbox: to, Raw: o.Desk.Anomaly(b.message(form, at, r), to, b.identified(c, at, o.Desk)), Outcome: "reject", Reason: "ordinary_email"}
	case 2:
		eva := o.customer(c.number + 1_000_000)
		form.From = fmt.Sprintf("%s <%s>", quoteName(eva.name), eva.address)
		return Item{Name: "other-sender", Mailbox: to, Raw: o.Customers.Transport(b.message(form, at, r), b.identified(c, at, o.Customers)),
			Sender: eva.address, Outcome: "reject", Reason: "other_pec"}
	}
	raw := o.Customers.Transport(b.message(form, at, r), b.identified(c, at, o.Customers), func(d *Draft) {
		d.Tamper = append(d.Tamper, func(signed []byte) []byte {
			out := slices.Clone(signed)
			copy(out[strings.Index(string(out), "postacert.eml"):], "postacerT.eml")
			return out
		})
	})
	return Item{Name: "tampered", Mailbox: to, Raw: raw, Outcome: "none", Reason: "signature_invalid"}
}
