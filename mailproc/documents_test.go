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
