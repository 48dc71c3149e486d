package mailproc

import (
	"testing"
	"time"

	"sportello/mailproc/pec/pectest"
	"sportello/rules"
)

// TestArrivedThoughNobodyAcceptedIt: of a letter that the server refused, or
// that may have left, a person knows that the customer has it: it does not go
// again, and the case goes on.
func TestArrivedThoughNobodyAcceptedIt(t *testing.T) {
	for name, c := range map[string]struct {
		first pectest.Behaviour
		state rules.LetterState
		sent  int // letters that the provider has of it
	}{
		"refused":        {pectest.Behaviour{Refuse: pectest.Permanent}, rules.Failed, 0},
		"may have left":  {pectest.Behaviour{Cut: pectest.CutAfterTaken, Receipts: pectest.ReceiptsNone}, rules.Uncertain, 1},
		"put off so far": {pectest.Behaviour{Refuse: pectest.Temporary}, rules.Owed, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newScene(t).start()
			s.behave(c.first)
			s.put(s.request(1))
			s.until("the try has ended", func() bool {
				c := s.of(1)
				return c != nil && len(c.Letters) == 1 && len(c.Letters[0].Tries) == 1 && !c.Letters[0].Tries[0].End.IsZero()
			})
			if l := s.letter(1, 1, c.state); l.State == rules.Failed {
				s.state(1, rules.InReview)
				s.until("a person is told", func() bool { return s.incident("case/" + s.of(1).ID) })
			}
			s.act(1, rules.Act{Verb: "arrived", Text: "ha telefonato"})
			s.until("read-only is done", func() bool { return s.of(1).Steps[0].State == rules.StepOver })
			if s.incident("case/" + s.of(1).ID) {
				t.Error("the incident lasts")
			}
			s.later(Backoff(1) + time.Second)
			s.lookings(3)
			if n := len(s.smtp.Letters()); n != c.sent {
				t.Errorf("the provider has %d letters, want %d", n, c.sent)
			}
			s.later(6 * 24 * time.Hour)
			s.state(1, rules.Closed)
			var said rules.Event
			events, err := s.operators().Journal(t.Context(), 1, 100, s.of(1).ID)
			for _, e := range events {
				if e.Kind == rules.LetterArrived {
					said = e
				}
			}
			if err != nil || said.Author == "" || said.Private == nil || said.Private.Note != "ha telefonato" {
				t.Errorf("journal: %+v, %v", said, err)
			}
		})
	}
}

// TestArrivedRefusalKeepsItsReason: a refusal that arrived after all closes its
// case with the reason it was refused for.
func TestArrivedRefusalKeepsItsReason(t *testing.T) {
	s := newScene(t).start()
	s.behave(pectest.Behaviour{Refuse: pectest.Permanent})
	s.put(s.rejected(1))
	s.state(1, rules.InReview)
	s.act(1, rules.Act{Verb: "arrived", Text: "ha telefonato"})
	if c := s.state(1, rules.Closed); c.Reason != rules.SubjectNotConforming || c.DecidedBy != "" {
		t.Errorf("reason %s, decided by %q", c.Reason, c.DecidedBy)
	}
}
