package mailproc

import (
	"maps"
	"testing"
	"time"

	"sportello/mailproc/pec/pectest"
	"sportello/rules"
	"sportello/store"
)

// backedUp is a scene whose desk ran once, and a backup of its empty store.
func backedUp(t *testing.T) (s *scene, backup string) {
	t.Helper()
	s = newScene(t).start()
	s.end()
	st, err := store.Open(s.dir, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	backup = t.TempDir() + "/b"
	if err := st.Backup(t.Context(), backup, nil); err != nil {
		t.Fatal(err)
	}
	return s, backup
}

// settled reports whether n cases are there and all are answered: closed, or
// their first step is where it is wanted.
func (s *scene) settled(n int, step rules.StepState) bool {
	cases := s.cases()
	for _, c := range cases {
		if c.State != rules.Closed && (c.State != rules.Accepted || len(c.Steps) == 0 || c.Steps[0].State != step) {
			return false
		}
	}
	return len(cases) == n
}

// ask delivers a question of customer n, to the other request mailbox.
func (s *scene) ask(n int) {
	s.t.Helper()
	m := s.message(n)
	m.To, m.Subject, m.Text = s.at.Service, "Informazioni", "Buongiorno, come posso rinnovare la mia casella?\n"
	if err := s.deliver(s.at.Service, s.at.Customers.Transport(m), s.clock.now()); err != nil {
		s.t.Fatal(err)
	}
}

func (s *scene) numbers() map[string]string {
	out := map[string]string{}
	for _, c := range s.cases() {
		out[c.Mailbox] = c.ID
	}
	return out
}

// TestRestoredDesk: restored from an old backup, the desk reads again what it
// had decided, in another order and in many batches. It finds in the mailboxes
// what it had sent, sends none of it again, and asks a person whether the steps
// were done.
func TestRestoredDesk(t *testing.T) {
	const many = 20 // more than two batches
	s, backup := backedUp(t)
	if err := s.open(); err != nil {
		t.Fatal(err)
	}
	for n := 1; n <= many; n++ {
		s.ask(n)
	}
	s.until("the questions are answered", func() bool { return s.settled(many, "") })
	for n := many + 1; n <= 2*many; n++ {
		s.put(s.request(n))
	}
	s.until("the requests are answered", func() bool { return s.settled(2*many, rules.StepOver) })
	before := s.numbers()
	s.end()

	s.dir = t.TempDir() + "/restored"
	if err := store.Restore(t.Context(), backup, s.dir, nil); err != nil {
		t.Fatal(err)
	}
	s.opt.Data = s.dir
	later := make(chan struct{})
	s.opt.Mailboxes[1].Read.Password = func() (string, error) { <-later; return "segreto", nil } // now the other mailbox comes first
	if err := s.open(); err != nil {
		t.Fatal(err)
	}
	s.until("the requests have their cases again", func() bool { return len(s.cases()) == many })
	close(later)
	s.until("all is known to be answered, and the steps are a person's", func() bool { return s.settled(2*many, rules.StepWithHuman) })
	if maps.Equal(s.numbers(), before) {
		t.Error("every case has its old number: the test shows nothing")
	}
	s.lookings(2)
	s.once(2 * many)
	s.until("an alert", func() bool { return s.told.has("step/"+s.of(2*many).ID) || s.told.has("step") })
	s.act(2*many, rules.Act{Verb: "done"})
	if st := s.of(2 * many).Steps; st[0].State != rules.StepOver || st[1].State != rules.StepDue {
		t.Errorf("after the person said so: %+v", st)
	}
	for what, n := range s.doer.done() {
		if n != 1 {
			t.Errorf("%s was done %d times", what, n)
		}
	}
}

// restored stops the desk and goes on from a backup, as if what it did since
// had never been.
func (s *scene) restored(backup string) {
	s.t.Helper()
	s.end()
	s.dir = s.t.TempDir() + "/restored"
	if err := store.Restore(s.t.Context(), backup, s.dir, nil); err != nil {
		s.t.Fatal(err)
	}
	s.opt.Data = s.dir
	if err := s.open(); err != nil {
		s.t.Fatal(err)
	}
}

// TestRestoredAmidACase: a step that was due before the restore may have been
// done, also where the backup knows its letter: a person is asked. What falls
// due later runs by itself.
func TestRestoredAmidACase(t *testing.T) {
	s := newScene(t).start()
	s.behave(pectest.Behaviour{Receipts: pectest.ReceiptsNone})
	s.put(s.request(1))
	l := s.letter(1, 1, rules.Sent)
	backup := t.TempDir() + "/b"
	if err := s.store.Backup(t.Context(), backup, nil); err != nil {
		t.Fatal(err)
	}
	about := pectest.Message{From: s.at.Deactivations, To: customerAddress(1), Subject: "Re: x", MessageID: l.MessageID, Date: s.clock.now()}
	s.put(s.at.Desk.Receipt(pectest.Accettazione, about))
	s.put(s.at.Customers.Receipt(pectest.AvvenutaConsegna, about))
	s.until("the step ran", func() bool { return s.of(1).Steps[0].State == rules.StepOver })
	s.restored(backup)
	s.until("a person is asked", func() bool { return s.of(1).Steps[0].State == rules.StepWithHuman })
	s.act(1, rules.Act{Verb: "done"})
	s.later(6 * 24 * time.Hour)
	s.state(1, rules.Closed)
	for what, n := range s.doer.done() {
		if n != 1 {
			t.Errorf("%s was done %d times", what, n)
		}
	}
	s.once(1)
}

// TestRestoredBeforeASilentLetter: a letter that may have been sent since the
// backup was made, and of which no receipt tells, does not go again by itself.
func TestRestoredBeforeASilentLetter(t *testing.T) {
	s, backup := backedUp(t)
	s.opt.UncertainWait = 600 * time.Millisecond // a receipt that is only slow must not look like none
	if err := s.open(); err != nil {
		t.Fatal(err)
	}
	s.behave(pectest.Behaviour{Receipts: pectest.ReceiptsNone})
	s.put(s.request(1))
	s.letter(1, 1, rules.Sent)
	s.restored(backup)
	s.until("it waits for its receipts", func() bool {
		return s.of(1) != nil && len(s.eventsOf(1, rules.LetterUncertain)) > 3
	})
	s.once(1)
}
