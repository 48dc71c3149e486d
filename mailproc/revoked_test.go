package mailproc

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"sportello/rules"
)

// by is the case of customer 1 of a procedure, nil if there is none.
func (s *scene) by(procedure string) *rules.Case {
	s.t.Helper()
	for _, c := range s.cases() {
		if c.Mailbox == customerAddress(1) && c.Procedure == procedure {
			return c
		}
	}
	return nil
}

func (s *scene) in(procedure string, state rules.State) *rules.Case {
	s.t.Helper()
	s.until(procedure+" is "+string(state), func() bool { c := s.by(procedure); return c != nil && c.State == state })
	return s.by(procedure)
}

// twoRequests are a deactivation whose mailbox can only be read already, a
// request of logs with a person, and a revocation that does not say of which.
func twoRequests(t *testing.T) *scene {
	t.Helper()
	s := newScene(t).start()
	s.put(s.request(1))
	s.until("read-only is done", func() bool {
		c := s.by("disattivazione")
		return c != nil && len(c.Steps) == 2 && c.Steps[1].State == rules.StepDue
	})
	logs := s.message(1)
	logs.To, logs.Subject, logs.Text = s.at.Service, "Richiesta log", "Spett.le Gestore,\nchiedo i log di invio e consegna dei messaggi trasmessi dal 1° al 15 marzo 2026.\nCordiali saluti\nMario Rossi\n"
	if err := s.deliver(s.at.Service, s.at.Customers.Transport(logs), s.clock.now()); err != nil {
		t.Fatal(err)
	}
	s.in("richiesta-log", rules.InReview)
	s.clock.move(time.Hour)
	m := s.message(1)
	m.Subject, m.Text = "Revoca", "Buongiorno, revoco la richiesta inviata ieri. Scusate il disturbo.\n"
	s.put(s.at.Customers.Transport(m))
	s.in("revoca", rules.InReview)
	return s
}

func (s *scene) does(procedure string, a rules.Act) error {
	s.t.Helper()
	a.Author = "anna"
	_, err := s.operators().Perform(s.t.Context(), s.by(procedure).ID, a)
	return err
}

// TestRevocationOfOneOfTwo: one that does not say which request it takes back
// stops both; the approval says which, and withdraws it.
func TestRevocationOfOneOfTwo(t *testing.T) {
	s := twoRequests(t)
	closing, logs, revocation := s.in("disattivazione", rules.InReview), s.by("richiesta-log"), s.by("revoca")
	if closing.Reason != rules.RevocationUnclear || len(closing.Messages) != 2 || len(logs.Messages) != 2 || logs.Reason == rules.RevocationUnclear {
		t.Fatalf("deactivation %s with messages %v, logs %s with %v", closing.Reason, closing.Messages, logs.Reason, logs.Messages)
	}
	if !s.incident("case/" + closing.ID) {
		t.Error("nobody is told that the deactivation has stopped")
	}
	s.later(7 * 24 * time.Hour)
	s.lookings(2)
	for what := range s.doer.done() {
		if strings.HasPrefix(what, "close") {
			t.Fatalf("%s ran while nobody knew", what)
		}
	}
	for want, a := range map[string]rules.Act{
		"say which of " + closing.ID + " (disattivazione, review), " + logs.ID + " (richiesta-log, review), or \"none\"": {Verb: "approve"},
		"either nothing or the requests named": {Verb: "approve", Takes: []string{"none", closing.ID}},
		"it is no open request":                {Verb: "approve", Takes: []string{revocation.ID}},
	} {
		var refused *rules.ErrRefused
		if err := s.does("revoca", a); !errors.As(err, &refused) || !strings.Contains(err.Error(), want) {
			t.Errorf("%v: %v, want %q", a.Takes, err, want)
		}
	}
	act := rules.Act{Verb: "approve", Takes: []string{closing.ID}}
	preview := act
	preview.Author = "anna"
	letters, steps, err := s.operators().Preview(t.Context(), revocation.ID, preview)
	if err != nil || len(letters) != 2 || len(steps) != 1 || steps[0].Do != "restore" || !strings.Contains(strings.Join(strings.Fields(letters[0].Text), " "), "(protocollo "+closing.ID+") è annullata") {
		t.Errorf("preview: %d letters, steps %v: %v", len(letters), steps, err)
	}
	if err := s.does("revoca", act); err != nil {
		t.Fatal(err)
	}
	s.until("the mailbox is to be given back", func() bool { c := s.by("disattivazione"); return c.State == rules.Withdrawn && c.Task() != nil })
	if s.incident("case/" + closing.ID) {
		t.Error("the incident lasts")
	}
	if err := s.does("disattivazione", rules.Act{Verb: "done"}); err != nil {
		t.Fatal(err)
	}
	s.in("disattivazione", rules.Closed)
	s.in("revoca", rules.Closed)
	s.in("richiesta-log", rules.InReview) // nobody named it
	if err := s.desk.Store.Check(t.Context(), nil, true); err != nil {
		t.Error(err)
	}
}

// TestRequestThatWasNotMeant: one that the revocation did not mean goes on as it
// was: no other letter, and the days of reading as they were told.
func TestRequestThatWasNotMeant(t *testing.T) {
	s := twoRequests(t)
	closing := s.in("disattivazione", rules.InReview)
	if err := s.does("revoca", rules.Act{Verb: "approve", Takes: []string{s.by("richiesta-log").ID}}); err != nil {
		t.Fatal(err)
	}
	s.in("richiesta-log", rules.Closed)
	if err := s.does("disattivazione", rules.Act{Verb: "approve"}); err != nil {
		t.Fatal(err)
	}
	s.in("disattivazione", rules.Accepted)
	s.until("the closing is due", func() bool { return s.by("disattivazione").Steps[1].State == rules.StepDue })
	if c := s.by("disattivazione"); len(c.Letters) != len(closing.Letters) || !c.Steps[1].Due.Equal(closing.Steps[1].Due) {
		t.Errorf("%d letters, close is due %s, was %s", len(c.Letters), c.Steps[1].Due, closing.Steps[1].Due)
	}
}

// TestRevocationOfWhatIsDone: a mailbox that is closed is not said to be open.
func TestRevocationOfWhatIsDone(t *testing.T) {
	s := newScene(t).start()
	s.put(s.request(1))
	s.later(0)
	s.until("read-only is done", func() bool { c := s.of(1); return c != nil && len(c.Steps) == 2 && c.Steps[1].State == rules.StepDue })
	set := s.desk.Policy().Rules
	c := s.of(1)
	if err := c.Apply(rules.Event{Kind: rules.StepDone, Case: c.ID, Step: &rules.StepRef{N: 2, Do: "close"}, At: s.clock.now()}); err != nil {
		t.Fatal(err)
	}
	var refused *rules.ErrRefused
	if _, err := set.TakeBack(c, "2026-000009", "anna", s.clock.now()); !errors.As(err, &refused) || !strings.Contains(err.Error(), "cannot be taken back") {
		t.Errorf("taken back: %v", err)
	}
}

// TestRevocationBeforeTheRegistryAnswers: a case that waits in new is not
// accepted by itself once the registry is back.
func TestRevocationBeforeTheRegistryAnswers(t *testing.T) {
	s := newScene(t)
	s.registry.set(true)
	s.start()
	s.put(s.request(1))
	s.state(1, rules.New)
	m := s.message(1)
	m.Subject, m.Text = "Re: Disattivazione casella", "Buongiorno, revoco la richiesta di disattivazione inviata ieri per la casella "+customerAddress(1)+".\n"
	s.put(s.at.Customers.Transport(m))
	c := s.state(1, rules.InReview)
	if c.Reason != rules.Revocation || !slices.Contains(s.verbs(1), "withdraw") {
		t.Errorf("reason %s, a person can %v", c.Reason, s.verbs(1))
	}
	s.registry.set(false)
	s.later(time.Hour)
	s.lookings(2)
	if c := s.of(1); c.State != rules.InReview || len(s.doer.done()) != 0 {
		t.Errorf("the case is %s, done %v", c.State, s.doer.done())
	}
}

func (s *scene) verbs(n int) []string { return s.of(n).Verbs() }
