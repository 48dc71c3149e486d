package mailproc

import (
	"slices"
	"strings"
	"testing"
	"time"

	"sportello/mailproc/pec/pectest"
	"sportello/rules"
	"sportello/store"
)

// doubtful is a request that goes to a person.
func (s *scene) doubtful(n int) []byte {
	m := s.message(n)
	m.Text += "\nLa chiusura deve avvenire solo dopo il 31 gennaio.\n"
	return s.at.Customers.Transport(m)
}

func (s *scene) act(n int, act rules.Act) {
	s.t.Helper()
	act.Author = "anna"
	if _, err := s.operators().Perform(s.t.Context(), s.of(n).ID, act); err != nil {
		s.t.Fatal(err)
	}
}

// TestIncidentIsStoredWithItsEvent: whatever happens between the commit and
// the telling, the next start still owes it.
func TestIncidentIsStoredWithItsEvent(t *testing.T) {
	s := newScene(t).start()
	s.put(s.doubtful(1))
	id := s.state(1, rules.InReview).ID
	s.end()
	st, err := store.Open(s.dir, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	opt := s.opt
	opt.Store = st
	open := func() *Alerts {
		a := &Alerts{Sender: s.told, Store: StoredAlerts{st}, Calendar: opt.Policy.Rules.Calendar, Log: silent(), Now: s.clock.now}
		if err := a.Open(); err != nil {
			t.Fatal(err)
		}
		return a
	}
	opt.Alerts = open() // nobody runs it: the process is killed before it tells
	d, err := New(opt)
	if err != nil {
		t.Fatal(err)
	}
	var due time.Time
	err = st.Update(t.Context(), func(tx *store.Tx) error {
		c, err := tx.Case(id)
		if err != nil {
			return err
		}
		due = c.Warn.Add(time.Second)
		events, err := d.owes(tx, c, due)
		if err != nil {
			return err
		}
		if !slices.ContainsFunc(events, func(e rules.Event) bool { return e.Kind == rules.Warned }) {
			t.Errorf("a working day before the term the case owes %v", events)
		}
		return d.record(tx, events...)
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, there := open().Incidents()["promise/"+id]; !there {
		t.Error("the next start does not know that somebody must be warned")
	}
}

// TestLateMailIsTold: of a request that is near its term, or past it, when it
// is first read, a person is told at once.
func TestLateMailIsTold(t *testing.T) {
	s := newScene(t)
	m := s.message(1)
	m.Date = s.clock.now().Add(-9 * 24 * time.Hour)
	m.Text += "\nLa chiusura deve avvenire solo dopo il 31 gennaio.\n"
	if err := s.deliver(s.at.Deactivations, s.at.Customers.Transport(m), m.Date); err != nil {
		t.Fatal(err)
	}
	s.start()
	id := s.state(1, rules.InReview).ID
	s.until("an alert", func() bool { return s.told.has("promise/" + id) })
	s.end()
	if n := s.told.times("promise/" + id); n != 1 {
		t.Errorf("a person is told %d times of what came at once", n)
	}
}

// TestPromiseIsToldByItsDay: each procedure has its own term, and an alert
// names the day alone.
func TestPromiseIsToldByItsDay(t *testing.T) {
	s := newScene(t).start()
	c := &rules.Case{ID: "2026-000123", Due: s.clock.now()}
	for at, want := range map[time.Time]string{c.Due: "it is the last day", c.Due.AddDate(0, 0, -1): "a working day is left"} {
		if _, text := s.desk.incidentOf(c, &rules.Event{Kind: rules.Warned, At: at}); !strings.Contains(text, want) {
			t.Errorf("warned at %v, it is told so: %s", at, text)
		}
	}
	for _, kind := range []rules.EventKind{rules.TargetPassed, rules.Breached} {
		_, text := s.desk.incidentOf(c, &rules.Event{Kind: kind})
		if !strings.Contains(text, s.desk.local(c.Due)) || strings.Contains(text, "days") {
			t.Errorf("%s is told so: %s", kind, text)
		}
	}
}

// TestWrittenAgain: a message that joins a case which goes on by itself is not
// left unread; a request taken back is told at once.
func TestWrittenAgain(t *testing.T) {
	s := newScene(t).start()
	for n := 1; n <= 2; n++ {
		s.put(s.request(n))
		s.until("read-only is done", func() bool { c := s.of(n); return c != nil && len(c.Steps) == 2 && c.Steps[1].State == rules.StepDue })
	}
	id := s.of(1).ID
	write := func(n int, text string) {
		m := s.message(n)
		m.Subject, m.Text = "Re: Disattivazione casella [Prot. "+s.of(n).ID+"]", text
		s.put(s.at.Customers.Transport(m))
	}
	write(1, "Buongiorno, dove trovo le ricevute dei messaggi inviati?\n")
	s.until("an alert", func() bool { return s.told.has("read/" + id) })
	s.until("it joins its case", func() bool { return len(s.of(1).Messages) == 2 })
	if c := s.of(1); c.State != rules.Accepted {
		t.Errorf("the case is %s", c.State)
	}
	s.act(1, rules.Act{Verb: "note", Text: "telefonato"})
	s.until("no longer open", func() bool { return !s.incident("read/" + id) })

	write(2, "Buongiorno, revoco la richiesta di disattivazione della casella "+customerAddress(2)+".\n")
	s.state(2, rules.InReview)
	s.until("an alert", func() bool { return s.told.has("case/" + s.of(2).ID) })
}

// TestActEndsItsIncidents: what a person has done is asked of nobody any more,
// from that moment and not from the next look at the house.
func TestActEndsItsIncidents(t *testing.T) {
	s := newScene(t)
	delete(s.opt.Actions, "read-only")
	s.start()
	s.put(s.request(1))
	s.until("the step is asked of a person", func() bool { c := s.of(1); return c != nil && c.Task() != nil })
	key := "task/" + s.of(1).ID
	s.act(1, rules.Act{Verb: "note", Text: "visto"})
	if !s.incident(key) {
		t.Error("a note ends what is still to be done")
	}
	s.act(1, rules.Act{Verb: "done"})
	if s.incident(key) {
		t.Error("what was done is still asked for")
	}
}

// TestCaseThatCannotMove: a case whose procedure is no more takes its receipts
// all the same and stops nobody; with the procedure back it moves on.
func TestCaseThatCannotMove(t *testing.T) {
	s := newScene(t)
	good, bad := s.opt.Policy, s.policy(s.world.RootsPEM())
	bad.Rules.Procedures = slices.DeleteFunc(slices.Clone(bad.Rules.Procedures), func(p *rules.Procedure) bool { return p.Name == "disattivazione" })
	s.start()
	s.put(s.doubtful(1))
	s.state(1, rules.InReview)
	s.letter(1, 1, rules.Delivered)
	s.behave(pectest.Behaviour{Receipts: pectest.ReceiptsAccepted})
	s.act(1, rules.Act{Verb: "ask", Documents: []string{"documento"}})
	l := s.letter(1, 2, rules.Taken)
	if err := s.desk.SetPolicy(bad); err != nil {
		t.Fatal(err)
	}
	s.later(30 * 24 * time.Hour)
	id := s.of(1).ID
	s.until("a person is told", func() bool { return s.told.has("stuck/" + id) })
	s.put(s.at.Customers.Receipt(pectest.AvvenutaConsegna, pectest.Message{From: s.at.Deactivations, To: customerAddress(1), Subject: "Re: x", MessageID: l.MessageID, Date: s.clock.now()}))
	s.letter(1, 2, rules.Delivered)
	s.ask(2)
	s.letter(2, 1, rules.Delivered)
	if c := s.of(1); c.State != rules.Waiting {
		t.Errorf("the case is %s", c.State)
	}
	if err := s.desk.SetPolicy(good); err != nil {
		t.Fatal(err)
	}
	s.desk.Wake()
	s.state(1, rules.Rejected)
	s.letter(1, 3, rules.Delivered)
}

// TestHeldForAPerson: a letter that only a person can let go is told.
func TestHeldForAPerson(t *testing.T) {
	c := &rules.Case{ID: "2026-000001", Letters: []rules.Letter{{N: 1, State: rules.Held}}}
	d := &Desk{}
	d.policy.Store(&Policy{Rules: &rules.Set{Calendar: &rules.Calendar{Zone: time.UTC}}})
	until := time.Now()
	for _, x := range []struct {
		event rules.Event
		want  string
	}{
		{rules.Event{Kind: rules.LetterHeld, Letter: &rules.LetterRef{N: 1}, Detail: "a receipt"}, "held"},
		{rules.Event{Kind: rules.LetterHeld, Letter: &rules.LetterRef{N: 1}, Until: &until}, ""},
		{rules.Event{Kind: rules.Joined, Outcome: rules.None}, ""},
		{rules.Event{Kind: rules.Noted}, ""},
		{rules.Event{Kind: rules.StepAsked, Step: &rules.StepRef{N: 1, Do: "refund"}}, "task"},
		{rules.Event{Kind: rules.StepAsked, Step: &rules.StepRef{N: 1, Do: "refund"}, Detail: "look whether it was done"}, "step"},
	} {
		if kind, text := d.incidentOf(c, &x.event); kind != x.want {
			t.Errorf("%s until %v means %q (%s), want %q", x.event.Kind, x.event.Until, kind, text, x.want)
		}
	}
	if over("held", c) {
		t.Error("the letter is still held")
	}
	c.Letters[0].State = rules.Delivered
	if !over("held", c) {
		t.Error("the letter was delivered")
	}
}
