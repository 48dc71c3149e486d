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

// withCard is a request of customer n that a person must look at, with the
// picture of an identity card.
func (s *scene) withCard(n int) []byte {
	m := s.message(n)
	m.Text += "\nLa chiusura deve avvenire solo dopo il 31 gennaio.\n"
	m.Attachments = []pectest.Attachment{{Name: "carta.jpg", Type: "image/jpeg", Data: []byte("\xff\xd8\xff\xe0 il volto di Mario Rossi")}}
	return s.at.Customers.Transport(m)
}

// statuses are what became of the messages of customer n's case.
func (s *scene) statuses(n int) (out []store.Status) {
	s.t.Helper()
	s.view(func(tx *store.Tx) error {
		for _, id := range s.of(n).Messages {
			m, err := tx.Message(id)
			if err != nil {
				return err
			}
			out = append(out, m.Status)
		}
		return nil
	})
	return out
}

// TestCopiesOfDocumentsGo: thirty days after the outcome, as its letters say,
// the messages with copies of documents go; what was decided of them, by whom
// and their digest stay. Those of a case that is open stay whole, and so do
// those that nobody asked for, until the case's own retention ends.
func TestCopiesOfDocumentsGo(t *testing.T) {
	const asked, open, unasked = 1, 2, 3
	s := newScene(t).start()
	for _, n := range []int{asked, open, unasked} {
		s.put(s.withCard(n))
		s.state(n, rules.InReview)
		if n != unasked {
			s.act(n, rules.Act{Verb: "ask", Documents: []string{"documento d'identità"}})
		}
	}
	s.act(unasked, rules.Act{Verb: "reject", Text: "Manca la data."})
	answer := s.message(asked)
	answer.Subject, answer.Text = "Re: Disattivazione casella [Prot. "+s.of(asked).ID+"]", "Ecco il documento.\n"
	answer.Attachments = []pectest.Attachment{{Name: "carta.pdf", Type: "application/pdf", Data: []byte("%PDF-1.7 carta")}}
	s.put(s.at.Customers.Transport(answer))
	s.state(asked, rules.InReview)
	s.act(asked, rules.Act{Verb: "reject", Text: "Il documento è scaduto."})
	s.state(asked, rules.Closed)
	s.state(unasked, rules.Closed)

	s.later(29 * 24 * time.Hour)
	s.desk.kick("house")
	s.state(open, rules.Rejected) // its term has passed meanwhile, and its own thirty days begin
	if got := s.statuses(asked); got[0] != store.InCase || got[1] != store.InCase {
		t.Errorf("a day before their time: %v", got)
	}
	s.later(24 * time.Hour)
	s.desk.kick("house")
	s.until("the copies are gone", func() bool {
		got := s.statuses(asked)
		return got[0] == store.Purged && got[1] == store.Purged
	})
	if got := append(s.statuses(open), s.statuses(unasked)...); got[0] != store.InCase || got[1] != store.InCase {
		t.Errorf("of an open case, or never asked for: %v", got)
	}
	s.view(func(tx *store.Tx) error {
		c, err := tx.Case(s.of(asked).ID)
		if err != nil || !strings.Contains(c.Explanation.Own, "solo dopo il 31 gennaio") || c.DecidedBy != "anna" {
			t.Errorf("case %+v: %v", c, err)
		}
		m, err := tx.Message(c.Messages[1])
		if err != nil || m.Digest == [32]byte{} {
			t.Errorf("digest %x: %v", m.Digest, err)
		}
		events, err := tx.CaseEvents(c.ID)
		if !slices.ContainsFunc(events, func(e rules.Event) bool {
			return e.Kind == rules.Purged && e.Message == m.ID && e.Detail == "copies of documents (application/pdf): kept until 30 days after the outcome"
		}) {
			t.Errorf("journal %+v: %v", events, err)
		}
		return err
	})
}

// withDocument brings customer n's case to where a person has asked for a
// document, and has it.
func (s *scene) withDocument(n int) {
	s.t.Helper()
	s.put(s.withCard(n))
	s.state(n, rules.InReview)
	s.act(n, rules.Act{Verb: "ask", Documents: []string{"documento d'identità"}})
	answer := s.message(n)
	answer.Subject, answer.Text = "Re: Disattivazione casella [Prot. "+s.of(n).ID+"]", "Ecco il documento.\n"
	s.put(s.at.Customers.Transport(answer))
	s.state(n, rules.InReview)
}

// keeps demands that the copies of customer n's case are there, after a look.
func (s *scene) keeps(n int, when string) {
	s.t.Helper()
	if err := s.desk.sweepCopies(s.t.Context()); err != nil {
		s.t.Fatal(err)
	}
	if got := s.statuses(n); got[0] != store.InCase {
		s.t.Fatalf("%s: %v", when, got)
	}
}

// erases demands that they are gone, after a look.
func (s *scene) erases(n int, when string) {
	s.t.Helper()
	if err := s.desk.sweepCopies(s.t.Context()); err != nil {
		s.t.Fatal(err)
	}
	if got := s.statuses(n); got[0] != store.Purged {
		s.t.Fatalf("%s: %v", when, got)
	}
}

const aDay = 24 * time.Hour

// TestCopiesGoWhenTheLettersSaid: a setting that is raised keeps no copies longer
// than the customer was told, and one that is lowered is for letters to come.
func TestCopiesGoWhenTheLettersSaid(t *testing.T) {
	for name, c := range map[string]struct {
		asked, decided int // the setting from then on
		kept, gone     int // days after the outcome
	}{
		"raised after the outcome":  {30, 60, 29, 30},
		"lowered after the outcome": {30, 10, 29, 30},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newScene(t).start()
			s.withDocument(1)
			s.act(1, rules.Act{Verb: "reject", Text: "Il documento è scaduto."})
			s.state(1, rules.Closed)
			s.days(c.decided)
			s.later(time.Duration(c.kept) * aDay)
			s.keeps(1, "before its time")
			s.later(time.Duration(c.gone-c.kept) * aDay)
			s.erases(1, "when the letters said")
		})
	}
	t.Run("raised after the question", func(t *testing.T) {
		t.Parallel()
		s := newScene(t).start()
		s.withDocument(1)
		s.days(60)
		s.act(1, rules.Act{Verb: "reject", Text: "Il documento è scaduto."})
		s.state(1, rules.Closed)
		s.later(30 * aDay)
		s.erases(1, "when the question said")
	})
}

// days reloads the procedures with other days for copies of documents.
func (s *scene) days(n int) {
	s.t.Helper()
	p := *s.desk.Policy()
	set := *p.Rules
	set.Settings.GiorniConservazione = n
	p.Rules = &set
	if err := s.operators().Reload(p); err != nil {
		s.t.Fatal(err)
	}
}

// TestCopiesOfWhatIsWithAPerson: what a person may still decide keeps its
// copies, and loses them when it goes on after their days; a step that failed
// decides nothing anew, neither before nor after it is tried again.
func TestCopiesOfWhatIsWithAPerson(t *testing.T) {
	t.Run("a step failed", func(t *testing.T) {
		t.Parallel()
		s := newScene(t)
		s.doer.set(func(Job) error { return permanent("no such mailbox") })
		s.start()
		s.withDocument(1)
		s.act(1, rules.Act{Verb: "approve"})
		s.until("a step failed", func() bool { return s.of(1).Reason == rules.StepFailed })
		s.later(29 * aDay)
		s.keeps(1, "before its time")
		s.act(1, rules.Act{Verb: "retry"})
		s.later(aDay)
		s.erases(1, "thirty days after the outcome")
	})
	t.Run("a letter failed", func(t *testing.T) {
		t.Parallel()
		s := newScene(t).start()
		s.withDocument(1)
		s.until("the letters before are sent", func() bool {
			return !slices.ContainsFunc(s.of(1).Letters, func(l rules.Letter) bool { return l.Sent.IsZero() })
		})
		s.behave(pectest.Behaviour{Refuse: pectest.Permanent})
		s.act(1, rules.Act{Verb: "reject", Text: "Il documento è scaduto."})
		s.until("the letter failed", func() bool { return s.of(1).Reason == rules.LetterFailed })
		s.later(31 * aDay)
		s.keeps(1, "a person decides again")
		s.act(1, rules.Act{Verb: "arrived", Text: "ha telefonato"})
		s.state(1, rules.Closed)
		s.erases(1, "what was decided stands")
	})
	t.Run("opened again", func(t *testing.T) {
		t.Parallel()
		s := newScene(t).start()
		s.withDocument(1)
		s.act(1, rules.Act{Verb: "reject", Text: "Il documento è scaduto."})
		s.state(1, rules.Closed)
		s.later(10 * aDay)
		s.act(1, rules.Act{Verb: "reopen"})
		s.later(30 * aDay)
		s.keeps(1, "a person decides again")
		s.act(1, rules.Act{Verb: "reject", Text: "Il documento è scaduto."})
		s.state(1, rules.Closed)
		s.later(29 * aDay)
		s.keeps(1, "before the days of the second outcome are over")
		s.later(aDay)
		s.erases(1, "thirty days after the second outcome")
	})
}
