package main

import (
	"path/filepath"
	"testing"
	"time"

	"sportello/mailproc/pec/pectest"
	"sportello/rules"
)

// TestRevocationOnRealServers: a customer with two open requests takes one back
// and does not say which; both wait, the operator asks him, says which, and the
// customer has an answer to each.
func TestRevocationOnRealServers(t *testing.T) {
	var office pectest.Office
	r := newRealDesk(t, func(o pectest.Office) ([]pectest.Item, []byte, []byte) {
		office = o
		items, boxes, orders := o.Samples(time.Now(), 0)
		return items[:1], boxes, orders
	})
	r.deliver(r.items)
	r.run()
	customer := r.items[0].Sender
	write := func(to, subject, text string) {
		raw := office.Customers.Transport(pectest.Message{From: customer, To: to, Subject: subject, Text: text, Date: time.Now()})
		if err := r.dovecot.Deliver(to, raw); err != nil {
			t.Fatal(err)
		}
	}
	by := func(procedure string) *rules.Case {
		for _, c := range r.cases()[customer] {
			if c.Procedure == procedure {
				return c
			}
		}
		return &rules.Case{}
	}
	is := func(procedure string, state rules.State) string {
		t.Helper()
		r.until(procedure+" is "+string(state), time.Minute, func() bool { r.office.Wake(); return by(procedure).State == state })
		return by(procedure).ID
	}
	r.until("the letter", time.Minute, func() bool { return r.letters.count() == 1 })
	r.answer()
	r.until("read-only", time.Minute, func() bool { return len(r.ran("read-only")) == 1 && !r.running() })
	write(office.Service, "Richiesta log", "Spett.le Gestore,\nchiedo i log di invio e consegna dei messaggi trasmessi dal 1° al 15 marzo 2026.\nCordiali saluti\n")
	logs := is("richiesta-log", rules.InReview)
	write(office.Deactivations, "Revoca", "Buongiorno, revoco la richiesta inviata ieri. Scusate il disturbo.\n")
	revocation, closing := is("revoca", rules.InReview), is("disattivazione", rules.InReview)

	d := &liveDesk{t: t, config: filepath.Join(r.dir, "sportello.toml")}
	d.says([]string{"queue", "show", closing}, `revocation_unclear: the customer takes a request back, and does not say which`, `case `+revocation+` takes back a request`, `what to do: Read the revocation`)
	d.says([]string{"queue", "show", revocation}, `which it may take back \(approve --takes PROTOCOL\)`, closing+`  disattivazione \(review\)`, logs+`  richiesta-log \(review\)`)
	d.says([]string{"queue", "list", "--reason", "revocation_unclear"}, closing)
	d.refuses(1, []string{"queue", "approve", revocation}, `say which of `+closing)
	d.says([]string{"queue", "approve", revocation, "--takes", closing, "--preview"}, `Subject: Re: Revoca`, `Subject: Re: Disattivazione casella`, `restore \(at once\)`)
	d.says([]string{"queue", "approve", revocation, "--takes", closing}, `case `+revocation+` is now accepted`, `case `+closing+` is withdrawn with it`)
	is("disattivazione", rules.Withdrawn)
	r.until("a person is to give the mailbox back", time.Minute, func() bool { return by("disattivazione").Task() != nil })
	d.says([]string{"queue", "done", closing})
	letters := r.letters.count
	r.until("both answers", time.Minute, func() bool { return letters() == 5 }) // the acceptance, two taken in charge, two answers
	r.answer()
	is("disattivazione", rules.Closed)
	is("revoca", rules.Closed)
	is("richiesta-log", rules.InReview)
	if n := len(r.ran("close")); n != 0 {
		t.Errorf("%d mailboxes closed", n)
	}
	if err := r.office.Store.Check(t.Context(), nil, true); err != nil {
		t.Error(err)
	}
}
