package pectest

import (
	"fmt"
	"strings"
	"time"
)

// Samples are a dozen and a half varied messages for a scenario, arriving one after
// the other from now on, and the registry in which their senders are.
func (o Office) Samples(now time.Time, every time.Duration) (items []Item, mailboxes, orders []byte) {
	s := &sampler{o: o, at: now, every: every}
	s.requests()
	s.refusals()
	s.doubts()
	s.strangers()
	var m, d strings.Builder
	m.WriteString(mailboxHead)
	d.WriteString(orderHead)
	for n := range s.next {
		c := o.customer(n)
		status := "active"
		if s.inactive[n] {
			status = "not_active"
		}
		m.WriteString(c.mailboxRow(status))
		days := -5
		if s.late[n] {
			days = -45
		}
		kind := "auto_renewal"
		if s.first[n] {
			kind = "first_purchase"
		}
		d.WriteString(c.orderRow(kind, now.AddDate(0, 0, days)))
	}
	return s.items, []byte(m.String()), []byte(d.String())
}

// sampler collects the samples.
type sampler struct {
	o                     Office
	at                    time.Time
	every                 time.Duration
	next                  int // customer
	items                 []Item
	inactive, late, first map[int]bool
}

// who is the next customer.
func (s *sampler) who() customer {
	s.next++
	return s.o.customer(s.next - 1)
}

// send adds the envelope of a message by c.
func (s *sampler) send(c customer, name, to, subject, text, outcome, reason string, change ...func(*Message)) {
	m := Message{From: fmt.Sprintf("%s <%s>", quoteName(c.name), c.address), To: to, Subject: subject, Text: text, Date: s.at}
	for _, f := range change {
		f(&m)
	}
	s.add(Item{Name: name, Mailbox: to, Raw: s.o.Customers.Transport(m), Sender: c.address, Outcome: outcome, Reason: reason})
}

func (s *sampler) add(it Item) {
	it.At = s.at
	s.items = append(s.items, it)
	s.at = s.at.Add(s.every)
}

const deactivate = "Disattivazione casella"

// requests are good.
func (s *sampler) requests() {
	dis, srv := s.o.Deactivations, s.o.Service
	c := s.who()
	s.send(c, "disattivazione", dis, deactivate, c.deactivation()+"\n", "accept", "")
	c = s.who()
	s.send(c, "disattivazione: greeting, wrapped lines, disclaimer", dis, "DISATTIVAZIONE CASELLA.", "Buongiorno,\n\n"+wrap(c.deactivation(), 64)+"\n\nCordiali saluti\n"+c.name+"\n\n-- \n"+disclaimer+"\n", "accept", "")
	c = s.who()
	text := c.deactivation()
	s.send(c, "disattivazione: HTML only", dis, deactivate, "", "accept", "", func(m *Message) { m.HTML = page(text, 3000) })
	c = s.who()
	s.send(c, "recesso-rinnovo", srv, "Recesso dal rinnovo", c.withdrawal()+"\n", "accept", "")
	c = s.who()
	s.send(c, "recesso-rinnovo: windows-1252", srv, "Diritto di recesso", strings.ReplaceAll(c.withdrawal(), "'", "’")+"\n", "accept", "", func(m *Message) { m.Charset = "windows-1252" })
}

// refusals have one remedy each.
func (s *sampler) refusals() {
	dis, srv := s.o.Deactivations, s.o.Service
	c := s.who()
	s.send(c, "wrong subject", dis, "Chiusura della mia PEC", c.deactivation()+"\n", "reject", "subject_not_conforming")
	owner, other := s.who(), s.who()
	s.send(other, "another PEC mailbox writes", dis, deactivate, owner.deactivation()+"\n", "reject", "other_pec")
	s.late = map[int]bool{s.next: true}
	c = s.who()
	s.send(c, "recesso after 45 days", srv, "Recesso", c.withdrawal()+"\n", "reject", "outside_30_days")
	s.inactive = map[int]bool{s.next: true}
	c = s.who()
	s.send(c, "mailbox not active", dis, deactivate, c.deactivation()+"\n", "reject", "mailbox_not_active")
	unknown := s.o.customer(900_000)
	s.send(unknown, "unknown mailbox", dis, deactivate, unknown.deactivation()+"\n", "reject", "unknown_mailbox")
	s.ordinary(c)
}

// ordinary is the form by ordinary mail.
func (s *sampler) ordinary(c customer) {
	m := Message{From: strings.Replace(c.address, s.o.Customers.Domains[0], "example.org", 1), To: s.o.Deactivations, Subject: deactivate, Text: c.deactivation() + "\n", Date: s.at}
	s.add(Item{Name: "ordinary mail", Mailbox: s.o.Deactivations, Raw: s.o.Desk.Anomaly(m, s.o.Deactivations), Outcome: "reject", Reason: "ordinary_email"})
}

// doubts are for a person.
func (s *sampler) doubts() {
	dis, srv := s.o.Deactivations, s.o.Service
	c := s.who()
	s.send(c, "typo in the mailbox", dis, deactivate, strings.Replace(c.deactivation(), "@", "@w.", 1)+"\n", "review", "")
	c = s.who()
	s.send(c, "a question", dis, deactivate, "Buongiorno, se chiedo la disattivazione perdo anche le ricevute?\n"+c.deactivation()+"\n", "review", "")
	c = s.who()
	s.send(c, "revocation", dis, "Re: "+deactivate, "Buongiorno, revoco la richiesta di disattivazione inviata ieri per la casella "+c.address+".\n", "review", "revocation")
	s.first = map[int]bool{s.next: true}
	c = s.who()
	s.send(c, "recesso of a first purchase", srv, "Recesso", c.withdrawal()+"\n", "review", "")
	c = s.who()
	s.send(c, "question about renewals", srv, "Informazioni", "Buongiorno, come posso rinnovare la mia casella?\n", "guide", "")
}

// strangers prove nothing.
func (s *sampler) strangers() {
	dis := s.o.Deactivations
	c := s.who()
	m := Message{From: c.address, To: dis, Subject: deactivate, Text: c.deactivation() + "\n", Date: s.at}
	s.add(Item{Name: "tampered", Mailbox: dis, Outcome: "none", Reason: "signature_invalid", Raw: s.o.Customers.Transport(m, tamper(func(b string) string {
		return strings.Replace(b, "disattivazione anticipata", "riattivazione anticipata", 1)
	}))})
	if s.o.Stranger != nil {
		m.Date = s.at
		s.add(Item{Name: "a provider nobody trusts", Mailbox: dis, Raw: s.o.Stranger.Transport(m), Outcome: "none", Reason: "signature_untrusted"})
	}
	news := Message{From: "news@example.org", To: dis, Subject: "Le offerte di novembre", Text: "Scopra tutte le offerte.\n", Date: s.at,
		Header: []Field{{"Precedence", "bulk"}, {"List-Unsubscribe", "<https://www.example.org/u>"}}}
	s.add(Item{Name: "newsletter", Mailbox: dis, Raw: s.o.Desk.Anomaly(news, dis), Outcome: "none"})
	letter := Message{From: dis, To: c.address, Subject: "Re: prova", MessageID: "mai-spedito@" + s.o.Desk.host(), Date: s.at, Text: "x\n"}
	s.add(Item{Name: "receipt for a letter never sent", Mailbox: dis, Raw: s.o.Desk.Receipt(Accettazione, letter), Outcome: "none"})
}
