package mailproc

import (
	"testing"
	"time"

	"sportello/mailproc/pec/pectest"
	"sportello/rules"
	"sportello/store"
)

// TestUncertainLetters cuts the connection around DATA. The letter is not sent
// again until the mailbox was searched and the wait has passed; then the
// provider has exactly one copy.
func TestUncertainLetters(t *testing.T) {
	for _, c := range []struct {
		name    string
		first   pectest.Behaviour
		tries   int
		waiting rules.LetterState // right after the cut
	}{
		{"taken, receipts at once", pectest.Behaviour{Cut: pectest.CutAfterTaken}, 1, ""},
		{"taken, receipts late", pectest.Behaviour{Cut: pectest.CutAfterTaken, Late: 100 * time.Millisecond}, 1, rules.Uncertain},
		{"lost", pectest.Behaviour{Cut: pectest.CutAfterLost}, 2, rules.Uncertain},
		{"cut within the data", pectest.Behaviour{Cut: pectest.CutDuringData}, 2, rules.Uncertain},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := newScene(t)
			s.opt.UncertainWait = 400 * time.Millisecond
			s.start()
			s.put(s.rejected(2))
			s.letter(2, 1, rules.Delivered) // the provider's receipts come
			s.behave(c.first)
			s.put(s.request(1))
			if c.waiting != "" {
				l := s.letter(1, 1, c.waiting)
				if n := len(s.smtp.Letters()); len(l.Tries) != 1 || n > 2 {
					t.Fatalf("%d tries, %d letters, right after the cut", len(l.Tries), n)
				}
			}
			l := s.letter(1, 1, rules.Delivered)
			if len(l.Tries) != c.tries {
				t.Errorf("tries: %+v, want %d", l.Tries, c.tries)
			}
			if c.tries == 2 {
				if waited := l.Tries[1].At.Sub(l.Tries[0].End); waited < s.opt.UncertainWait {
					t.Errorf("sent again after %s", waited)
				}
			}
			s.lookings(3)
			s.once(2)
		})
	}
	t.Run("cut before the data", func(t *testing.T) {
		t.Parallel()
		s := newScene(t).start()
		s.behave(pectest.Behaviour{Cut: pectest.CutBeforeData})
		s.put(s.request(1))
		s.until("one try ended", func() bool {
			c := s.of(1)
			return c != nil && len(c.Letters[0].Tries) == 1 && !c.Letters[0].Tries[0].End.IsZero()
		})
		if l := s.of(1).Letters[0]; l.State != rules.Owed {
			t.Fatalf("the letter is %s: nothing of it was said", l.State)
		}
		s.later(time.Minute)
		s.letter(1, 1, rules.Delivered)
		s.once(1)
	})
}

// TestSilentProvider: that no receipt names a letter proves nothing while no
// other letter gets one. The letter waits, a person is told, and in the end
// asked; once receipts come again, the silence about it counts again.
func TestSilentProvider(t *testing.T) {
	silence := pectest.Behaviour{Receipts: pectest.ReceiptsNone}
	cut := pectest.Behaviour{Cut: pectest.CutAfterTaken, Receipts: pectest.ReceiptsNone}
	lost := pectest.Behaviour{Cut: pectest.CutAfterLost}
	postponed := func(s *scene) {
		s.t.Helper()
		s.until("a person is told", func() bool { return s.incident("receipts/disattivazioni") })
		s.until("it is not sent again", func() bool { return len(s.eventsOf(1, rules.LetterUncertain)) > 3 })
	}
	t.Run("never heard, taken", func(t *testing.T) {
		t.Parallel()
		s := newScene(t)
		s.opt.AcceptanceWait = 3 * time.Second
		s.start()
		s.behave(cut, silence)
		s.put(s.request(1))
		s.letter(1, 1, rules.Uncertain)
		s.put(s.request(2))
		s.until("the second is sent", func() bool { c := s.of(2); return c != nil && !c.Letters[0].Sent.IsZero() })
		postponed(s)
		s.letter(1, 1, rules.Held)
		s.until("a person is asked", func() bool { return s.incident("held/" + s.of(1).ID) })
		s.once(2)
	})
	t.Run("no more heard, and again, lost", func(t *testing.T) {
		t.Parallel()
		s := newScene(t)
		s.opt.UncertainWait = 400 * time.Millisecond
		s.start()
		s.put(s.rejected(3))
		s.letter(3, 1, rules.Delivered)
		s.behave(silence, lost)
		s.put(s.request(2))
		s.letter(2, 1, rules.Sent)
		s.put(s.request(1))
		s.letter(1, 1, rules.Uncertain)
		postponed(s)
		s.once(2)
		s.put(s.rejected(4))
		s.letter(1, 1, rules.Delivered)
		s.until("the incident is over", func() bool { return !s.incident("receipts/disattivazioni") })
		s.once(4)
	})
}

// eventsOf are the events of a kind of customer n's case.
func (s *scene) eventsOf(n int, kind rules.EventKind) (out []rules.Event) {
	s.t.Helper()
	s.view(func(tx *store.Tx) error {
		events, err := tx.CaseEvents(s.of(n).ID)
		for _, e := range events {
			if e.Kind == kind {
				out = append(out, e)
			}
		}
		return err
	})
	return out
}

// TestSlowAnswerStopsNoOther: while the server is silent about one letter, the
// others of its mailbox go.
func TestSlowAnswerStopsNoOther(t *testing.T) {
	s := newScene(t).start()
	asked, answer := make(chan bool, 1), make(chan bool)
	s.smtp.SetBehave(func(l pectest.Letter) pectest.Behaviour {
		if l.To == customerAddress(1) {
			asked <- true
			<-answer
		}
		return pectest.Behaviour{}
	})
	s.put(s.request(1))
	<-asked
	for n := 2; n <= 4; n++ {
		s.put(s.request(n))
		s.letter(n, 1, rules.Delivered)
	}
	if l := s.of(1).Letters[0]; l.State != rules.Trying {
		t.Errorf("the others went only once the first was %s", l.State)
	}
	close(answer)
	s.letter(1, 1, rules.Delivered)
	s.once(4)
}

// TestStopAmidALetter: a server that does not answer holds a stop up for a
// while only, and how the letter ended then is recorded.
func TestStopAmidALetter(t *testing.T) {
	s := newScene(t)
	s.opt.grace = 50 * time.Millisecond
	s.start()
	asked, answer := make(chan bool, 1), make(chan bool)
	t.Cleanup(func() { close(answer) })
	s.smtp.SetBehave(func(pectest.Letter) pectest.Behaviour {
		asked <- true
		<-answer
		return pectest.Behaviour{}
	})
	s.put(s.request(1))
	<-asked
	s.end()
	s.reopened(func() {
		if l := s.of(1).Letters[0]; l.State != rules.Owed || len(l.Tries) != 1 || l.Tries[0].End.IsZero() {
			t.Errorf("the letter is %s, tries %+v", l.State, l.Tries)
		}
	})
}

// TestUncertainNeedsASearch: while the mailbox cannot be read, and when only
// the wall clock says that the wait has passed, nothing is sent again.
func TestUncertainNeedsASearch(t *testing.T) {
	s := newScene(t)
	s.opt.UncertainWait = time.Hour
	s.start()
	s.behave(pectest.Behaviour{Cut: pectest.CutAfterTaken, Late: 300 * time.Millisecond})
	s.put(s.request(1))
	s.letter(1, 1, rules.Uncertain)
	s.later(7 * 24 * time.Hour) // the clock jumps; the receipts are not there yet
	s.lookings(3)
	s.letter(1, 1, rules.Delivered)
	s.once(1)
}

// TestUnbelievedReceiptHoldsTheLetter: a receipt that names the letter and is
// not proved neither moves the case nor lets the letter go twice.
func TestUnbelievedReceiptHoldsTheLetter(t *testing.T) {
	other, err := pectest.NewAuthority(pectest.AuthorityOptions{})
	if err != nil {
		t.Fatal(err)
	}
	s := newScene(t)
	good, bad := s.opt.Policy, s.policy(other.RootPEM())
	s.start()
	s.smtp.SetBehave(func(pectest.Letter) pectest.Behaviour {
		if err := s.desk.SetPolicy(bad); err != nil { // trust breaks while the letter is on its way
			t.Error(err)
		}
		return pectest.Behaviour{Cut: pectest.CutAfterTaken, Receipts: pectest.ReceiptsAccepted}
	})
	s.put(s.request(1))
	s.letter(1, 1, rules.Held)
	s.once(1)
	if err := s.desk.SetPolicy(good); err != nil {
		t.Fatal(err)
	}
	parked, err := s.operators().Parked(t.Context(), 0, 10)
	if err != nil || len(parked) != 1 {
		t.Fatalf("parked: %+v, %v", parked, err)
	}
	if err := s.operators().Replay(t.Context(), parked[0].ID, "anna"); err != nil {
		t.Fatal(err)
	}
	s.letter(1, 1, rules.Taken)
	s.once(1)
}
