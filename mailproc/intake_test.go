package mailproc

import (
	"errors"
	"fmt"
	"os"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"sportello/mailproc/pec/pectest"
	"sportello/rules"
	"sportello/store"
)

// TestKnownMessages: the same envelope again, wherever it turns up, is one case
// and one letter; another envelope with the same Message-ID is another message.
func TestKnownMessages(t *testing.T) {
	s := newScene(t).start()
	both := s.message(1)
	both.To = s.at.Deactivations + ", " + s.at.Service
	raw := s.at.Customers.Transport(both)
	s.put(raw)
	if err := s.deliver(s.at.Service, raw, s.clock.now()); err != nil { // the same in two mailboxes
		t.Fatal(err)
	}
	s.put(raw) // moved away and back: another UID
	s.letter(1, 1, rules.Delivered)
	s.stored(store.Duplicate, 2)
	s.once(1)

	s.end() // the folder is made anew, as by a restored mailbox
	u := s.users[s.at.Deactivations]
	if err := errors.Join(u.Delete("INBOX"), u.Create("INBOX", nil)); err != nil {
		t.Fatal(err)
	}
	s.put(raw)
	if err := s.open(); err != nil {
		t.Fatal(err)
	}
	s.stored(store.Duplicate, 3)

	again := s.message(2)
	again.MessageID = "uguale@pec.example.it"
	s.put(s.at.Customers.Transport(again))
	s.letter(2, 1, rules.Delivered)
	again = s.message(3)
	again.MessageID = "uguale@pec.example.it"
	s.put(s.at.Customers.Transport(again))
	s.letter(3, 1, rules.Delivered)
	s.once(3)
}

// TestNeverAnswered: automatic, bulk and list mail, empty return paths and our
// own addresses get no letter, certified or not.
func TestNeverAnswered(t *testing.T) {
	s := newScene(t).start()
	marks := []pectest.Field{{Name: "Auto-Submitted", Value: "auto-replied"}, {Name: "Precedence", Value: "bulk"},
		{Name: "List-Id", Value: "<lista.example.org>"}, {Name: "Return-Path", Value: "<>"}}
	for i, f := range marks {
		m := s.message(i)
		m.From, m.Header = fmt.Sprintf("scrivente%d@example.org", i), []pectest.Field{f}
		s.put(s.at.Desk.Anomaly(m, s.at.Deactivations))
	}
	own := s.message(9)
	own.From = s.at.Service
	s.put(s.at.Desk.Anomaly(own, s.at.Deactivations))
	own.Subject = "Re: Disattivazione"
	s.put(s.at.Desk.Transport(own)) // certified: the desk writes to itself
	s.put(s.request(50))
	s.letter(50, 1, rules.Delivered)
	s.until("all are decided", func() bool { m, _ := s.messages(); return m[store.Pending] == 0 && m[store.Parked] >= 5 })
	s.lookings(2)
	for _, l := range s.smtp.Letters() {
		if l.To != customerAddress(50) {
			t.Errorf("a letter went to %s", l.To)
		}
	}
}

// TestOrdinaryMail gets one guidance letter an address and day.
func TestOrdinaryMail(t *testing.T) {
	s := newScene(t).start()
	write := func(n int) {
		m := s.message(1)
		m.From, m.MessageID = "Mario.Rossi@example.org", fmt.Sprintf("o%d@example.org", n)
		s.put(s.at.Desk.Anomaly(m, s.at.Deactivations))
	}
	for n := range 3 {
		write(n)
	}
	s.until("one letter, the others parked", func() bool { m, _ := s.messages(); return m[store.Parked] == 2 && len(s.smtp.Letters()) == 1 })
	s.later(24 * time.Hour)
	write(3)
	s.until("another letter the day after", func() bool { return len(s.smtp.Letters()) == 2 })
	s.once(2)
}

// TestRegistryDown: the case waits in new with its reason and is decided when
// the registry answers; else a person has it before half of its term is gone.
func TestRegistryDown(t *testing.T) {
	s := newScene(t).start()
	s.registry.set(true)
	s.put(s.request(1))
	c := s.state(1, rules.New)
	if c.Reason != rules.RegistryDown || c.RetryAt.IsZero() {
		t.Errorf("it waits for %q until %s", c.Reason, c.RetryAt)
	}
	s.registry.set(false)
	s.later(2 * time.Minute)
	s.letter(1, 1, rules.Delivered)
	s.registry.set(true)
	s.put(s.request(2))
	c = s.state(2, rules.New)
	s.later(c.Due.Sub(c.Received)/2 - 10*time.Minute)
	s.until("asked again", func() bool { return s.of(2).RetryAt.After(s.clock.now()) })
	if c := s.of(2); c.State != rules.New {
		t.Errorf("before half of its term the case is %s", c.State)
	}
	s.later(11 * time.Minute)
	s.state(2, rules.InReview)
	s.until("the customer knows that it is looked at", func() bool { return len(s.copies()) > 1 })
	s.once(2)
}

// TestStepsRetryAndFail: a passing failure is tried again, a lasting one goes
// to a person; approved again, the step is tried anew and only then done.
func TestStepsRetryAndFail(t *testing.T) {
	s := newScene(t).start()
	var failures atomic.Int64
	failures.Store(2)
	s.doer.set(func(Job) error {
		if failures.Add(-1) >= 0 {
			return errors.New("busy")
		}
		return nil
	})
	s.put(s.request(1))
	for n := 1; n <= 2; n++ {
		s.until("an attempt failed", func() bool {
			c := s.of(1)
			return c != nil && c.Steps[0].Attempts == n && c.Steps[0].State == rules.StepDue
		})
		s.later(Backoff(n) + time.Second)
	}
	s.until("read-only is done", func() bool { return s.of(1).Steps[0].State == rules.StepOver })

	s.doer.set(func(Job) error { return permanent("no such mailbox") })
	s.put(s.request(2))
	c := s.state(2, rules.InReview)
	if c.Reason != rules.StepFailed {
		t.Errorf("reason %q", c.Reason)
	}
	s.doer.set(nil)
	if _, err := s.operators().Perform(t.Context(), c.ID, rules.Act{Verb: "approve", Author: "anna"}); err != nil {
		t.Fatal(err)
	}
	s.until("the step is done after all", func() bool { return s.of(2).Steps[0].State == rules.StepOver })
	if st := s.of(2).Steps[0]; st.Attempts != 2 {
		t.Errorf("%d attempts, want a second", st.Attempts)
	}
	s.once(2)
}

// TestRevocation stops the steps, also when it lies unread while the desk sleeps.
func TestRevocation(t *testing.T) {
	revoke := func(s *scene, n int) {
		m := s.message(n)
		m.Subject, m.Text, m.Date = "Re: Disattivazione casella", "Buongiorno, revoco la richiesta di disattivazione inviata ieri per la casella "+customerAddress(n)+".\n", s.clock.now()
		s.put(s.at.Customers.Transport(m))
	}
	s := newScene(t).start()
	s.put(s.request(1))
	s.until("read-only is done", func() bool { c := s.of(1); return c != nil && len(c.Steps) == 2 && c.Steps[1].State == rules.StepDue })
	s.end()
	s.clock.move(7 * 24 * time.Hour) // the machine sleeps; the revocation comes meanwhile
	revoke(s, 1)
	if err := s.open(); err != nil {
		t.Fatal(err)
	}
	s.state(1, rules.InReview)
	s.lookings(2)
	for what, n := range s.doer.done() {
		if what[:5] == "close" {
			t.Errorf("%s ran %d times after the revocation", what, n)
		}
	}
}

// TestAsleepForAWeek: receipts that lie in the mailbox are read before anybody
// is told that they did not come.
func TestAsleepForAWeek(t *testing.T) {
	s := newScene(t).start()
	s.behave(pectest.Behaviour{Receipts: pectest.ReceiptsNone})
	s.put(s.request(1))
	l := s.letter(1, 1, rules.Sent)
	s.end()
	about := pectest.Message{From: s.at.Deactivations, To: customerAddress(1), Subject: "Re: x", MessageID: l.MessageID, Date: s.clock.now()}
	s.put(s.at.Desk.Receipt(pectest.Accettazione, about))
	s.put(s.at.Customers.Receipt(pectest.AvvenutaConsegna, about))
	s.clock.move(7 * 24 * time.Hour)
	if err := s.open(); err != nil {
		t.Fatal(err)
	}
	s.until("read-only is done", func() bool { return s.of(1).Steps[0].State == rules.StepOver })
	if c := s.of(1); c.State != rules.Accepted || c.Breached {
		t.Errorf("the case is %s, breached %t", c.State, c.Breached)
	}
	s.once(1)
}

// TestClockGoesBack: promises stay where they were made, and letters go.
func TestClockGoesBack(t *testing.T) {
	s := newScene(t).start()
	s.put(s.request(1))
	due := s.state(1, rules.Accepted).Due
	s.letter(1, 1, rules.Delivered)
	s.later(-3 * time.Hour)
	s.put(s.request(2))
	s.letter(2, 1, rules.Delivered)
	if c := s.of(1); !c.Due.Equal(due) {
		t.Errorf("the promise moved from %s to %s", due, c.Due)
	}
	s.later(3*time.Hour + 7*24*time.Hour)
	s.put(s.rejected(3))
	s.letter(3, 1, rules.Delivered)
	s.once(3)
}

// TestOperators act through the office: each act is an event with its author.
func TestOperators(t *testing.T) {
	s := newScene(t).start()
	m := s.message(1)
	m.Text = "Buongiorno, se chiedo la disattivazione perdo anche le ricevute?\n" + m.Text
	s.put(s.at.Customers.Transport(m))
	c := s.state(1, rules.InReview)
	o := s.operators()
	stale := c.Version
	d, err := o.Perform(t.Context(), c.ID, rules.Act{Verb: "ask", Author: "anna", Documents: []string{"documento d'identità"}})
	if err != nil || d.Case.State != rules.Waiting {
		t.Fatalf("%v, %+v", err, d)
	}
	s.letter(1, 2, rules.Delivered) // it went out before it was superseded
	if _, err := o.Perform(t.Context(), c.ID, rules.Act{Verb: "reject", Author: "bruno", Text: "no", Version: stale}); !errors.Is(err, rules.ErrStale) {
		t.Errorf("two operators: %v", err)
	}
	if _, err := o.Perform(t.Context(), c.ID, rules.Act{Verb: "reject", Author: "bruno", Text: "Manca il documento."}); err != nil {
		t.Fatal(err)
	}
	s.state(1, rules.Closed)
	detail, err := o.Case(t.Context(), c.ID)
	if err != nil {
		t.Fatal(err)
	}
	authors := map[rules.EventKind]string{}
	for _, e := range detail.Events {
		authors[e.Kind] = e.Author
	}
	if authors[rules.Asked] != "anna" || authors[rules.EventRejected] != "bruno" {
		t.Errorf("authors: %v", authors)
	}
	s.once(len(detail.Case.Letters))
}

// TestReplay: what was parked for want of trust is decided when trust is
// repaired, by the bytes as they came.
func TestReplay(t *testing.T) {
	other, err := pectest.NewAuthority(pectest.AuthorityOptions{})
	if err != nil {
		t.Fatal(err)
	}
	s := newScene(t)
	good := s.opt.Policy
	s.opt.Policy = s.policy(other.RootPEM())
	s.start()
	s.put(s.request(1))
	s.stored(store.Parked, 1)
	o := s.operators()
	if err := o.Replay(t.Context(), 1, "anna"); err != nil { // looked at again, it is still parked
		t.Logf("replay with the wrong trust: %v", err)
	}
	s.stored(store.Parked, 1)
	if err := s.desk.SetPolicy(good); err != nil {
		t.Fatal(err)
	}
	if err := o.Replay(t.Context(), 1, "anna"); err != nil {
		t.Fatal(err)
	}
	s.letter(1, 1, rules.Delivered)
	if err := o.Replay(t.Context(), 1, "anna"); err == nil {
		t.Error("replayed twice")
	}
	s.once(1)
}

// TestDiskReserve: below the reserve nothing is taken in, what is there goes
// on, and with room again intake follows by itself.
func TestDiskReserve(t *testing.T) {
	s := newScene(t)
	s.opt.DiskReserve = 1 << 62
	s.put(s.request(1))
	s.start()
	s.until("an incident is open", func() bool { return s.incident("disk") })
	if c := s.of(1); c != nil {
		t.Errorf("taken in without room: %s", c.ID)
	}
	s.end()
	s.opt.DiskReserve = 1
	if err := s.open(); err != nil {
		t.Fatal(err)
	}
	s.letter(1, 1, rules.Delivered)
	s.once(1)
}

// tight is a disk that is full while full is set.
type tight struct {
	killer
	full atomic.Bool
}

func (f *tight) room() error {
	if f.full.Load() {
		return syscall.ENOSPC
	}
	return nil
}

func (f *tight) WriteAt(file *os.File, b []byte, off int64) (int, error) {
	if err := f.room(); err != nil {
		return 0, err
	}
	return f.killer.WriteAt(file, b, off)
}

func (f *tight) Commit(commit func() error) error {
	if err := f.room(); err != nil {
		return err
	}
	return f.killer.Commit(commit)
}

// TestFullDisk: while the disk is full the desk stays alive and tells; with
// room again everything goes on, and no letter goes twice.
func TestFullDisk(t *testing.T) {
	s := newScene(t)
	disk := &tight{}
	s.fs = disk
	s.start()
	s.smtp.SetBehave(func(l pectest.Letter) pectest.Behaviour {
		if l.To == customerAddress(1) {
			disk.full.Store(true) // while the letter is on its way: how it ended cannot be written down
		}
		return pectest.Behaviour{}
	})
	s.put(s.request(1))
	s.until("the disk is full", disk.full.Load)
	s.put(s.request(2))
	s.until("an incident is open", func() bool { return s.incident("disk") })
	if c := s.of(2); c != nil {
		t.Errorf("a case was made on a full disk: %s", c.ID)
	}
	disk.full.Store(false)
	s.letter(1, 1, rules.Delivered)
	s.letter(2, 1, rules.Delivered)
	s.until("the all-clear", func() bool { return !s.incident("disk") })
	s.once(2)
}

func (s *scene) incident(key string) bool {
	_, open := s.desk.Alerts.Incidents()[key]
	return open
}
