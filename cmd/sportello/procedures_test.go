package main

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"sportello/mailproc/pec/pectest"
	"sportello/rules"
	"sportello/templates"
)

// examplesByMail makes envelopes of every procedure's own examples that come
// from a proved sender, dated now, with the registry they speak of.
func examplesByMail(t *testing.T, o pectest.Office) (items []pectest.Item, mailboxes, orders []byte, want map[string]rules.Example) {
	t.Helper()
	cal, err := rules.NewCalendar("Europe/Rome", nil, false)
	if err != nil {
		t.Fatal(err)
	}
	set, err := rules.Load(templates.FS, nil, rules.Settings{}, cal)
	if err != nil {
		t.Fatal(err)
	}
	now, want := time.Now(), map[string]rules.Example{}
	boxes, list := "address,status,holder,tax_code,panel,expires\n", "number,address,kind,date,panel,amount\n"
	for _, p := range set.Procedures {
		seen := map[rules.Outcome]bool{} // one of each outcome: the others live on a date of their own
		for _, x := range p.Examples {
			if seen[x.Outcome] || x.Message.Sender == "" || len(x.Facts.Open)+len(x.Facts.Closed) > 0 {
				continue
			}
			// Each example has a mailbox of its own, of a domain that the test provider manages.
			local, domain, _ := strings.Cut(x.Message.Sender, "@")
			seen[x.Outcome] = true
			words := []string{x.Message.Sender, fmt.Sprintf("%s.%d@legalmail.example.org", local, len(items)), domain, "legalmail.example.org"}
			for _, r := range x.Facts.Orders {
				words = append(words, r.Number, fmt.Sprintf("%s%02d", r.Number, len(items)))
			}
			own := strings.NewReplacer(words...)
			sender := own.Replace(x.Message.Sender)
			want[sender] = x
			to := o.Service
			if x.Message.Mailbox == "disattivazioni" {
				to = o.Deactivations
			}
			m := pectest.Message{From: sender, To: to, Subject: own.Replace(x.Message.Subject), Text: strings.ReplaceAll(own.Replace(x.Message.Text), "\n", "\r\n"), HTML: own.Replace(x.Message.HTML), Date: now}
			for _, a := range x.Message.Attachments {
				m.Attachments = append(m.Attachments, pectest.Attachment{Name: a.Name, Type: a.Type, Data: []byte("documento")})
			}
			items = append(items, pectest.Item{Name: p.Name, Mailbox: to, Raw: o.Customers.Transport(m), Sender: sender, Outcome: string(x.Outcome), Reason: string(x.Reason)})
			if b := x.Facts.Mailbox; b != nil {
				boxes += fmt.Sprintf("%s,%s,%q,%s,%s,\n", own.Replace(b.Address), b.Status, b.Holder, b.TaxCode, b.Panel)
			}
			for _, r := range x.Facts.Orders {
				date := cal.AddDays(cal.Date(now), -orderAge(cal, x, r))
				list += fmt.Sprintf("%s,%s,%s,%s,%s,%q\n", own.Replace(r.Number), own.Replace(r.Address), r.Kind, date, r.Panel, r.Amount)
			}
		}
	}
	return items, []byte(boxes), []byte(list), want
}

// orderAge is how many days before its message an order was made, by the
// calendar. An order out of time is made older: the term of the example's own
// day may end elsewhere today, by a Sunday or a holiday.
func orderAge(cal *rules.Calendar, x rules.Example, r rules.Order) int {
	days := 0
	for cal.AddDays(cal.Date(r.Date), days) != cal.Date(x.Message.Sent) {
		days++
	}
	if x.Reason == rules.Outside30Days {
		days += 30
	}
	return days
}

// TestEveryProcedureOnRealServers sends every procedure's examples through
// Dovecot, lets an operator decide what waits for one, and reads the letters.
func TestEveryProcedureOnRealServers(t *testing.T) {
	var want map[string]rules.Example
	r := newRealDesk(t, func(o pectest.Office) (items []pectest.Item, boxes, orders []byte) {
		items, boxes, orders, want = examplesByMail(t, o)
		return items, boxes, orders
	})
	r.run()
	r.deliver(r.items)
	r.decided(len(r.items))
	r.checkDecisions(r.items)
	procedures := map[string]int{}
	for sender, list := range r.cases() {
		for _, c := range list {
			if c.Procedure != want[sender].Procedure && want[sender].Procedure != "" {
				t.Errorf("%s was taken for %s, want %s", want[sender].File, c.Procedure, want[sender].Procedure)
			}
			procedures[c.Procedure]++
			r.decideAsOperator(c)
		}
	}
	for _, p := range r.office.Rules().Procedures {
		if procedures[p.Name] == 0 && p.Name != "revoca" { // a revocation joins the case it takes back
			t.Errorf("no case of %s", p.Name)
		}
	}
	letters := r.checkOutcomes(r.cases())
	r.until("all letters", 60*time.Second, func() bool { return r.letters.count() >= letters })
	r.checkLetters(letters)
}

// decideAsOperator approves what can be approved, and answers the rest.
func (r *realDesk) decideAsOperator(c *rules.Case) {
	r.t.Helper()
	if c.State != rules.InReview {
		return
	}
	act := rules.Act{Verb: "approve", Author: "anna", Words: map[string]string{"email": "nuovo@example.org", "dove": "nel pannello"}}
	p := r.office.Rules().Procedure(c.Procedure)
	if p == nil || p.Letters["accolta"] == nil {
		act = rules.Act{Verb: "answer", Author: "anna", Text: "Abbiamo provveduto."}
	}
	if _, err := r.office.Perform(context.Background(), c.ID, act); err != nil {
		r.t.Errorf("%s %s: %s: %v", c.ID, c.Procedure, act.Verb, err)
	}
}

// checkOutcomes says how many letters the cases owe; each letter must name its
// protocol number and how to reach a person.
func (r *realDesk) checkOutcomes(cases map[string][]*rules.Case) (letters int) {
	r.t.Helper()
	for _, list := range cases {
		for _, brief := range list {
			d, err := r.office.Case(context.Background(), brief.ID)
			if err != nil {
				r.t.Fatal(err)
			}
			letters += len(d.Case.Letters)
			if !slices.ContainsFunc(d.Case.Letters, rules.Letter.Outcome) {
				r.t.Errorf("case %s (%s) has no letter that answers it", d.Case.ID, d.Case.Procedure)
			}
			for _, l := range d.Case.Letters {
				if !strings.Contains(l.Text, d.Case.ID) || !strings.Contains(l.Text, "operatore") {
					r.t.Errorf("letter %s of %s names no protocol number or no way to a person:\n%s", l.Name, d.Case.ID, l.Text)
				}
			}
		}
	}
	return letters
}
