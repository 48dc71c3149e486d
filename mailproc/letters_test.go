package mailproc

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"sportello/mailproc/pec/pectest"
	"sportello/rules"
	"sportello/store"
)

// behave makes the provider behave so for the first letters, well afterwards.
func (s *scene) behave(first ...pectest.Behaviour) {
	var mu sync.Mutex
	s.smtp.SetBehave(func(pectest.Letter) pectest.Behaviour {
		mu.Lock()
		defer mu.Unlock()
		if len(first) == 0 {
			return pectest.Behaviour{}
		}
		b := first[0]
		first = first[1:]
		return b
	})
}

// TestReceiptsMoveTheCase: each set of receipts brings letter and case where
// design §6 says.
func TestReceiptsMoveTheCase(t *testing.T) {
	for _, c := range []struct {
		name     string
		receipts pectest.Receipts
		reject   bool // the request is refused: one letter, no steps
		letter   rules.LetterState
		state    rules.State
		reason   rules.Reason
		steps    int // that ran
	}{
		{"normal", pectest.ReceiptsNormal, false, rules.Delivered, rules.Accepted, "", 1},
		{"twice", pectest.ReceiptsTwice, false, rules.Delivered, rules.Accepted, "", 1},
		{"accepted only", pectest.ReceiptsAccepted, false, rules.Taken, rules.Accepted, "", 0},
		{"refused", pectest.ReceiptsRefused, false, rules.Failed, rules.InReview, rules.LetterFailed, 0},
		{"not delivered", pectest.ReceiptsFailed, false, rules.Failed, rules.InReview, rules.LetterFailed, 0},
		{"warned", pectest.ReceiptsWarned, false, rules.Taken, rules.Accepted, "", 0},
		{"warned, then not delivered", pectest.ReceiptsWarnFailed, false, rules.Failed, rules.InReview, rules.LetterFailed, 0},
		{"warned, then delivered", pectest.ReceiptsWarnDone, false, rules.Delivered, rules.Accepted, "", 1},
		{"virus", pectest.ReceiptsVirus, false, rules.Failed, rules.InReview, rules.LetterFailed, 0},
		{"nothing", pectest.ReceiptsNone, false, rules.Sent, rules.Accepted, "", 0},
		{"rejection delivered", pectest.ReceiptsNormal, true, rules.Delivered, rules.Closed, rules.SubjectNotConforming, 0},
		{"rejection refused", pectest.ReceiptsRefused, true, rules.Failed, rules.InReview, rules.LetterFailed, 0},
		{"rejection not delivered", pectest.ReceiptsFailed, true, rules.Failed, rules.InReview, rules.LetterFailed, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := newScene(t).start()
			s.behave(pectest.Behaviour{Receipts: c.receipts})
			if c.reject {
				s.put(s.rejected(1))
			} else {
				s.put(s.request(1))
			}
			s.letter(1, 1, c.letter)
			got := s.state(1, c.state)
			if got.Reason != c.reason {
				t.Errorf("reason %q, want %q", got.Reason, c.reason)
			}
			if c.steps > 0 {
				s.until("steps ran", func() bool { return len(s.doer.done()) == c.steps })
			}
			if n := len(s.doer.done()); n != c.steps {
				t.Errorf("%d steps ran, want %d", n, c.steps)
			}
			s.once(1)
			s.until("one try, with its answer", func() bool { // a receipt may come before the answer is written down
				tries := s.of(1).Letter(1).Tries
				return len(tries) == 1 && strings.Contains(tries[0].Answer, "250")
			})
		})
	}
}

// TestStoppedLetterIsNotTriedAgain: an acceptance that was lost on its way when
// a person stopped its case does not go after all.
func TestStoppedLetterIsNotTriedAgain(t *testing.T) {
	s := newScene(t)
	s.opt.UncertainWait = 400 * time.Millisecond
	s.start()
	s.put(s.rejected(2))
	s.letter(2, 1, rules.Delivered) // the provider's receipts come
	s.behave(pectest.Behaviour{Cut: pectest.CutAfterLost})
	s.put(s.request(1))
	s.letter(1, 1, rules.Uncertain)
	s.act(1, rules.Act{Verb: "stop"})
	if l := s.letter(1, 1, rules.Failed); len(l.Tries) != 1 || len(s.smtp.Letters()) != 1 {
		t.Errorf("%d tries, the provider has %d letters", len(l.Tries), len(s.smtp.Letters()))
	}
	s.state(1, rules.InReview)
}

// TestReceiptsOfOthers are kept and move nothing: for a letter never sent, of
// an acceptance that not our provider signed, for another recipient, and by a provider
// of the index that keeps neither mailbox and speaks of one of its own.
func TestReceiptsOfOthers(t *testing.T) {
	s := newScene(t).start()
	s.behave(pectest.Behaviour{Receipts: pectest.ReceiptsNone})
	s.put(s.request(1))
	l := s.letter(1, 1, rules.Sent)
	about := pectest.Message{From: s.at.Deactivations, To: customerAddress(1), Subject: "Re: x", MessageID: l.MessageID, Date: s.clock.now()}
	never, other := about, about
	never.MessageID, other.To = "mai@pec.example.com", customerAddress(2)
	s.put(s.at.Customers.Receipt(pectest.Accettazione, about)) // in the index, but not ours
	s.put(s.at.Desk.Receipt(pectest.Accettazione, never))
	s.put(s.at.Desk.Receipt(pectest.Accettazione, other))
	third := about
	third.To += ", anna@gestore.example.org"
	for _, kind := range []string{pectest.AvvenutaConsegna, pectest.ErroreConsegna} {
		s.put(s.world.Service.Receipt(kind, third, pectest.For("anna@gestore.example.org")))
	}
	foreign := about
	s.put(s.world.Foreign.Receipt(pectest.Accettazione, foreign)) // not trusted at all: parked
	s.stored(store.Receipt, 4)
	s.stored(store.Parked, 2)
	if got := s.of(1).Letters[0]; got.State != rules.Sent || len(got.Receipts) != 0 {
		t.Fatalf("the letter became %s by %+v", got.State, got.Receipts)
	}
	waits := "receipt/" + s.of(1).ID
	if text := s.desk.Alerts.Incidents()[waits].Text; !strings.Contains(text, "message 7 is a receipt") {
		t.Errorf("a receipt for a letter that waits is not believed, and a person is told %q", text)
	}
	s.put(s.at.Desk.Receipt(pectest.Accettazione, about))
	s.letter(1, 1, rules.Taken)
	over := func() bool {
		t.Helper()
		s.clock.move(2 * houseEvery)
		if err := s.desk.watchCases(); err != nil {
			t.Fatal(err)
		}
		return !s.incident(waits)
	}
	if over() {
		t.Error("the delivery is still waited for, and the incident is over")
	}
	s.put(s.at.Customers.Receipt(pectest.AvvenutaConsegna, about, pectest.For(customerAddress(1))))
	s.letter(1, 1, rules.Delivered)
	if !over() {
		t.Error("the letter is delivered, and the incident lasts")
	}
}

// TestReceiptsBeforeTheirLetter: a desk restored from an old backup decides
// again what it had decided, and finds in the mailbox that it was answered.
func TestReceiptsBeforeTheirLetter(t *testing.T) {
	s := newScene(t).start()
	s.end()
	backup := t.TempDir() + "/b"
	st, err := store.Open(s.dir, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := st.Backup(t.Context(), backup, nil); err != nil {
		t.Fatal(err)
	}
	st.Close()
	if err := s.open(); err != nil {
		t.Fatal(err)
	}
	s.put(s.request(1))
	s.letter(1, 1, rules.Delivered)
	s.end()
	s.dir = t.TempDir() + "/restored"
	if err := store.Restore(t.Context(), backup, s.dir, nil); err != nil {
		t.Fatal(err)
	}
	s.opt.Data = s.dir
	if err := s.open(); err != nil {
		t.Fatal(err)
	}
	s.letter(1, 1, rules.Delivered)
	s.lookings(3)
	s.once(1)
}

// TestRefusals: a permanent refusal goes to a person, a temporary one is tried
// again, and what the SMTP server said is kept.
func TestRefusals(t *testing.T) {
	for _, rcpt := range []bool{false, true} {
		t.Run(fmt.Sprintf("permanent, at rcpt %t", rcpt), func(t *testing.T) {
			t.Parallel()
			s := newScene(t).start()
			s.behave(pectest.Behaviour{Refuse: pectest.Permanent, AtRcpt: rcpt})
			s.put(s.request(1))
			c := s.state(1, rules.InReview)
			if l := c.Letters[0]; l.State != rules.Failed || !strings.Contains(l.Tries[0].Answer, "554 5.7.1") {
				t.Fatalf("letter %s, tries %+v", l.State, l.Tries)
			}
			if _, err := s.operators().Perform(t.Context(), c.ID, rules.Act{Verb: "approve", Author: "anna"}); err != nil {
				t.Fatal(err)
			}
			s.letter(1, 2, rules.Delivered)
			s.once(1)
		})
		t.Run(fmt.Sprintf("temporary, at rcpt %t", rcpt), func(t *testing.T) {
			t.Parallel()
			s := newScene(t).start()
			b := pectest.Behaviour{Refuse: pectest.Temporary, AtRcpt: rcpt}
			s.behave(b, b, b)
			s.put(s.request(1))
			for n := 1; n <= 3; n++ {
				s.until("a try ended", func() bool {
					c := s.of(1)
					return c != nil && len(c.Letters[0].Tries) == n && !c.Letters[0].Tries[n-1].End.IsZero()
				})
				s.later(Backoff(n) + time.Second)
			}
			if l := s.letter(1, 1, rules.Delivered); len(l.Tries) != 4 {
				t.Errorf("tries: %+v", l.Tries)
			}
			s.once(1)
			s.until("an alert", func() bool { return s.told.has("late/" + s.of(1).ID) })
			s.clock.move(2 * houseEvery)
			if err := s.desk.watchCases(); err != nil || s.incident("late/"+s.of(1).ID) {
				t.Errorf("the letter went, and the incident lasts (%v)", err)
			}
		})
	}
}

// TestOneLetterPutOff: while the server puts one letter off, as a recipient's
// greylisting makes it do, others go. The incident is that letter's, and is not
// over with the next one that goes.
func TestOneLetterPutOff(t *testing.T) {
	s := newScene(t).start()
	s.smtp.SetBehave(func(l pectest.Letter) pectest.Behaviour {
		if l.To == customerAddress(1) {
			return pectest.Behaviour{Refuse: pectest.Temporary, AtRcpt: true}
		}
		return pectest.Behaviour{}
	})
	s.put(s.rejected(1))
	for n := 1; n <= manyTries; n++ {
		s.until("a try ended", func() bool {
			c := s.of(1)
			return c != nil && len(c.Letters[0].Tries) == n && !c.Letters[0].Tries[n-1].End.IsZero()
		})
		s.later(Backoff(n) + time.Second)
	}
	s.until("a person is told", func() bool { return s.incident("late/" + s.of(1).ID) })
	s.put(s.rejected(2))
	s.letter(2, 1, rules.Delivered)
	if text := s.desk.Alerts.Incidents()["late/"+s.of(1).ID].Text; !strings.Contains(text, "451 4.3.0") || s.incident("smtp/disattivazioni") {
		t.Errorf("open are %v", s.desk.Alerts.Incidents())
	}
}

// TestLoginRefused: one refused login, an alert, and silence until its time;
// the other mailbox's letters go meanwhile.
func TestLoginRefused(t *testing.T) {
	users := map[string]string{}
	s := newScene(t, func(o *pectest.ServerOptions) { o.Users = users })
	users[s.at.Deactivations], users[s.at.Service] = "altra", "segreto"
	for i := range s.opt.Mailboxes {
		s.opt.Mailboxes[i].Send.NoAuth = false
	}
	s.opt.Senders = 1
	for n := 1; n <= 5; n++ {
		s.put(s.rejected(n))
	}
	s.start()
	m := s.message(9)
	m.To, m.Subject, m.Text = s.at.Service, "Informazioni", "Buongiorno, come posso rinnovare la mia casella?\n"
	if err := s.deliver(s.at.Service, s.at.Customers.Transport(m), s.clock.now()); err != nil {
		t.Fatal(err)
	}
	s.letter(9, 1, rules.Delivered)
	s.until("an alert", func() bool { return s.told.has("smtp/disattivazioni") })
	if text := s.desk.Alerts.Incidents()["smtp/disattivazioni"].Text; !strings.Contains(text, "535 5.7.8") {
		t.Errorf("the incident does not say what the server said: %s", text)
	}
	for n := 1; n <= 5; n++ {
		s.until("every case is there", func() bool { return s.of(n) != nil })
	}
	s.lookings(3)
	_, before := s.smtp.Logins()
	if before != 1 {
		t.Errorf("%d refused logins", before)
	}
	s.desk.Wake()
	s.lookings(3)
	if _, n := s.smtp.Logins(); n != before {
		t.Errorf("%d refused logins after the first %d", n-before, before)
	}
	s.once(1)
}

// TestRetryNow: with the password corrected, a person opens the gates early:
// the letters go at once, and what is held waits on.
func TestRetryNow(t *testing.T) {
	users := map[string]string{}
	s := newScene(t, func(o *pectest.ServerOptions) { o.Users = users })
	users[s.at.Deactivations] = "segreto"
	var password atomic.Value
	password.Store("sbagliata")
	send := &s.opt.Mailboxes[0].Send
	send.NoAuth, send.User, send.Password = false, s.at.Deactivations, func() (string, error) { return password.Load().(string), nil }
	s.opt.Senders = 1
	s.start()
	s.put(s.rejected(1))
	s.put(s.rejected(2))
	s.until("an alert", func() bool { return s.told.has("smtp/disattivazioni") })
	s.until("both letters wait", func() bool { // the first refusal closes the gate for all
		for n := 1; n <= 2; n++ {
			if c := s.of(n); c == nil || len(c.Letters) == 0 || c.Letters[0].State != rules.Owed {
				return false
			}
		}
		return true
	})
	password.Store("segreto")
	s.desk.Wake()
	s.lookings(3)
	if c := s.of(1); c.Letters[0].State != rules.Owed {
		t.Errorf("before anybody asks the letter is %s", c.Letters[0].State)
	}
	if err := s.operators().RetryNow(t.Context(), "anna"); err != nil {
		t.Fatal(err)
	}
	s.letter(1, 1, rules.Delivered)
	s.letter(2, 1, rules.Delivered)
	s.until("the incident is over", func() bool { return !s.incident("smtp/disattivazioni") })
	s.once(2)
}

// TestHeldLetterSaysWhy: the list of letters gives the cause of one that is held.
func TestHeldLetterSaysWhy(t *testing.T) {
	s := newScene(t)
	s.opt.PeerHour = 1
	s.start()
	s.ask(1)
	s.ask(1)
	s.until("a letter is held", func() bool { return s.holds() == 1 })
	open, err := s.operators().OpenLetters(t.Context(), "", 10)
	if err != nil {
		t.Fatal(err)
	}
	if n := slices.IndexFunc(open, func(l OpenLetter) bool { return l.Letter.State == rules.Held }); n < 0 || !strings.Contains(open[n].Held, "too many letters to this address") {
		t.Errorf("open are %+v", open)
	}
}

// TestRefusedLoginIsReached: a server that refuses a login is there, so the
// incident of one that cannot be reached is over.
func TestRefusedLoginIsReached(t *testing.T) {
	s := newScene(t).start()
	o := s.desk.observer(&s.desk.Mailboxes[0])
	s.desk.raise("mailbox/disattivazioni", "connection refused")
	o.LoginRefused(errors.New("NO"))
	if s.incident("mailbox/disattivazioni") || !s.incident("login/disattivazioni") {
		t.Errorf("open are %v", s.desk.Alerts.Incidents())
	}
}

// TestNoAcceptance: when the provider never says that it took a letter, a
// person is told; nothing is sent again by itself.
func TestNoAcceptance(t *testing.T) {
	s := newScene(t).start()
	s.behave(pectest.Behaviour{Receipts: pectest.ReceiptsNone})
	s.put(s.request(1))
	s.letter(1, 1, rules.Sent)
	s.later(25 * time.Hour)
	c := s.state(1, rules.InReview)
	if c.Letters[0].State != rules.Failed || c.Reason != rules.NoAcceptance { // nobody said that it was not delivered
		t.Errorf("letter is %s, the case %s", c.Letters[0].State, c.Reason)
	}
	s.once(1)
	s.until("an alert", func() bool { return s.told.has("case/" + c.ID) })
}

// TestBudgets: letters over the budget are held, visibly, until there is room
// or an operator releases them.
func TestBudgets(t *testing.T) {
	s := newScene(t)
	s.opt.PeerHour = 2
	s.start()
	for n := range 4 {
		m := s.message(1)
		m.Subject, m.MessageID = "Chiusura della mia PEC", fmt.Sprintf("m%d@pec.example.it", n)
		s.put(s.at.Customers.Transport(m))
	}
	letters := func(state rules.LetterState) (out []string) {
		for _, c := range s.cases() {
			for _, l := range c.Letters {
				if l.State == state {
					out = append(out, c.ID)
				}
			}
		}
		slices.Sort(out)
		return out
	}
	s.until("two letters went, the others are held", func() bool { return len(letters(rules.Delivered)) == 2 && len(letters(rules.Held)) >= 1 })
	held := letters(rules.Held)
	if _, err := s.operators().Perform(t.Context(), held[0], rules.Act{Verb: "release", Author: "anna"}); err != nil {
		t.Fatal(err)
	}
	s.until("the released one went", func() bool { return len(letters(rules.Delivered)) == 3 })
	s.later(61 * time.Minute)
	s.until("the rest goes when there is room", func() bool { return len(letters(rules.Held)) == 0 && len(letters(rules.Delivered)) == len(s.copies()) })
	for id, n := range s.copies() {
		if n != 1 {
			t.Errorf("%s went %d times", id, n)
		}
	}
}

// TestOneMailboxDoesNotStopTheOther: more letters than a round looks at stand
// in front, of a mailbox that cannot send.
func TestOneMailboxDoesNotStopTheOther(t *testing.T) {
	s := newScene(t)
	s.start()
	s.end()
	st, err := store.Open(s.dir, store.Options{NoSync: true})
	if err != nil {
		t.Fatal(err)
	}
	s.opt.Store = st
	d, err := New(s.opt)
	if err != nil {
		t.Fatal(err)
	}
	o := &outbox{d: d, box: &d.Mailboxes[1]}
	err = st.Update(context.Background(), func(tx *store.Tx) error {
		for n := range 5*sendWindow + 1 {
			to := "disattivazioni"
			if n == 5*sendWindow {
				to = "customer.service"
			}
			a := rules.Arrival{Message: rules.Message{Mailbox: to, Kind: rules.Transport, Sender: customerAddress(n), Subject: "x"},
				Decision: rules.Decision{Outcome: rules.Guide, Letter: "guida", Mailbox: customerAddress(n), Received: s.clock.now()}}
			_, events, err := d.Policy().Rules.Open(fmt.Sprintf("2026-%06d", n+1), a, s.clock.now().Add(-time.Minute))
			if err != nil {
				return err
			}
			if err := tx.Record(events...); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	keys, _, err := o.due(s.clock.now())
	if err != nil || len(keys) != 1 {
		t.Errorf("%d letters of the other mailbox are due, %v; want 1", len(keys), err)
	}
	if err := st.Close(); err != nil {
		t.Error(err)
	}
}
