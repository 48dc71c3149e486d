package mailproc

import (
	"strings"
	"testing"
	"time"

	"sportello/mailproc/pec/pectest"
	"sportello/rules"
	"sportello/store"
)

// TestUnheardLetter: of a letter that the provider accepted, and of which no
// receipt says what became of it, a person is told until one does, or he says
// that it arrived.
func TestUnheardLetter(t *testing.T) {
	for name, end := range map[string]func(*scene, *rules.Letter){
		"its receipt comes": func(s *scene, l *rules.Letter) {
			s.put(s.at.Customers.Receipt(pectest.AvvenutaConsegna, pectest.Message{From: s.at.Deactivations, To: customerAddress(1), Subject: "Re: x", MessageID: l.MessageID, Date: s.clock.now()}))
			s.letter(1, 1, rules.Delivered)
			s.clock.move(2 * houseEvery)
			if err := s.desk.watchCases(); err != nil {
				s.t.Fatal(err)
			}
		},
		"a person knows": func(s *scene, _ *rules.Letter) {
			s.act(1, rules.Act{Verb: "arrived", Text: "telefonato"})
			s.letter(1, 1, rules.Delivered)
		},
		"it goes again": func(s *scene, _ *rules.Letter) {
			s.act(1, rules.Act{Verb: "resend"})
			s.letter(1, 2, rules.Delivered)
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newScene(t).start()
			s.behave(pectest.Behaviour{Receipts: pectest.ReceiptsAccepted})
			s.put(s.request(1))
			l := s.letter(1, 1, rules.Taken)
			key := "delivery/" + s.of(1).ID
			s.later(29 * time.Hour)
			s.lookings(3)
			if s.incident(key) {
				t.Error("a person is told before its time")
			}
			s.later(2 * time.Hour)
			s.until("a person is told", func() bool { return s.told.has(key) })
			if text := s.desk.Alerts.Incidents()[key].Text; !strings.Contains(text, "queue arrived") || !strings.Contains(text, "queue resend") {
				t.Errorf("what to do is not said: %s", text)
			}
			s.until("it is listed", func() bool { listed := s.overdue(); return len(listed) == 1 && listed[0].Case == s.of(1).ID })
			if c := s.of(1); c.State != rules.Accepted || len(s.doer.done()) != 0 {
				t.Errorf("the case is %s, %v was done", c.State, s.doer.done())
			}
			end(s, l)
			if s.incident(key) {
				t.Error("the incident lasts")
			}
			s.until("it is listed no more", func() bool { return len(s.overdue()) == 0 })
			s.until("read-only is done", func() bool { return s.of(1).Steps[0].State == rules.StepOver })
			if name != "it goes again" {
				s.once(1)
			}
		})
	}
}

// overdue are the letters that the list says are overdue.
func (s *scene) overdue() []OpenLetter {
	s.t.Helper()
	list, err := s.operators().OpenLetters(s.t.Context(), rules.Overdue, 10)
	if err != nil {
		s.t.Fatal(err)
	}
	return list
}

// TestUnheardWaitsForTheMailbox: while the mailbox cannot be read, the receipt
// may lie there.
func TestUnheardWaitsForTheMailbox(t *testing.T) {
	s := newScene(t)
	d := s.written()
	at := s.clock.now()
	events := s.opened(d, 1, rules.Accept, "accolta", at)
	events = append(events, rules.Event{At: at, Case: events[0].Case, Kind: rules.LetterReceipt, Letter: &rules.LetterRef{N: 1}, Receipt: &rules.ReceiptRef{Kind: rules.ReceiptAccepted, At: at}})
	if err := d.Store.Update(t.Context(), func(tx *store.Tx) error { return tx.Record(events...) }); err != nil {
		t.Fatal(err)
	}
	s.clock.move(31 * time.Hour)
	overdue := func() bool {
		t.Helper()
		if _, _, err := d.tick(t.Context()); err != nil {
			t.Fatal(err)
		}
		return s.of(1).Letter(1).Told
	}
	if overdue() {
		t.Error("the mailbox was not read since, and a person is told")
	}
	for _, b := range d.Mailboxes {
		d.box(b.Name).caughtUp, d.box(b.Name).looked = s.clock.now(), time.Now()
	}
	if !overdue() {
		t.Error("the mailbox was read, and nobody is told")
	}
}
