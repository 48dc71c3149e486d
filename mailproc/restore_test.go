package mailproc

import (
	"testing"

	"sportello/rules"
	"sportello/store"
)

// TestRestoredDesk: restored from an old backup, the desk reads again what it
// had decided, in another order and in many batches. It finds in the mailboxes
// what it had sent, sends none of it again, and asks a person whether the steps
// were done.
func TestRestoredDesk(t *testing.T) {
	s := newScene(t).start()
	s.end()
	st, err := store.Open(s.dir, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	backup := t.TempDir() + "/b"
	if err := st.Backup(t.Context(), backup, nil); err != nil {
		t.Fatal(err)
	}
	st.Close()

	const many = 20 // more than two batches
	if err := s.open(); err != nil {
		t.Fatal(err)
	}
	for n := 1; n <= many; n++ {
		m := s.message(n)
		m.To, m.Subject, m.Text = s.at.Service, "Informazioni", "Buongiorno, come posso rinnovare la mia casella?\n"
		if err := s.deliver(s.at.Service, s.at.Customers.Transport(m), s.clock.now()); err != nil {
			t.Fatal(err)
		}
	}
	step := rules.StepOver
	answered := func(n int) bool {
		closed := 0
		for _, c := range s.cases() {
			if c.State == rules.Closed || c.State == rules.Accepted && len(c.Steps) > 0 && c.Steps[0].State == step {
				closed++
			}
		}
		return closed == n
	}
	s.until("the questions are answered", func() bool { return answered(many) })
	for n := many + 1; n <= 2*many; n++ {
		s.put(s.request(n))
	}
	s.until("the requests are answered", func() bool { return answered(2 * many) })
	numbers := map[string]string{}
	for _, c := range s.cases() {
		numbers[c.Mailbox] = c.ID
	}
	s.end()

	s.dir = t.TempDir() + "/restored"
	if err := store.Restore(t.Context(), backup, s.dir, nil); err != nil {
		t.Fatal(err)
	}
	s.opt.Data = s.dir
	step = rules.StepWithHuman // it may have been done: a person looks
	later := make(chan struct{})
	s.opt.Mailboxes[1].Read.Password = func() (string, error) { <-later; return "segreto", nil } // now the other mailbox comes first
	if err := s.open(); err != nil {
		t.Fatal(err)
	}
	s.until("the requests have their cases again", func() bool { return len(s.cases()) == many })
	close(later)
	s.until("all is known to be answered", func() bool { return len(s.cases()) == 2*many && answered(2*many) })
	other := 0
	for _, c := range s.cases() {
		if c.ID != numbers[c.Mailbox] {
			other++
		}
	}
	if other == 0 {
		t.Error("every case has its old number: the test shows nothing")
	}
	s.lookings(2)
	s.once(2 * many)
	last := s.of(2 * many)
	s.until("an alert", func() bool { return s.told.has("step/"+last.ID) || s.told.has("step") })
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
