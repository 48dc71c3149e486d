package mailproc

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"sportello/rules"
	"sportello/store"
)

// TestParkedIsOpened: a form that nobody vouches for becomes a case by hand,
// which says so, and which a person alone decides.
func TestParkedIsOpened(t *testing.T) {
	s, _ := distrusting(t)
	s.start()
	s.put(s.request(1))
	s.stored(store.Parked, 1)
	if text := s.desk.Alerts.Incidents()["untrusted/disattivazioni"].Text; !strings.Contains(text, "message 1 is the last") {
		t.Errorf("of a complete form that is parked is told: %q", text)
	}
	id, err := s.operators().OpenParked(t.Context(), 1, "anna")
	if err != nil {
		t.Fatal(err)
	}
	s.lookings(2)
	var c *rules.Case
	s.view(func(tx *store.Tx) (err error) { c, err = tx.Case(id); return err })
	if c.State != rules.InReview || c.Reason != rules.SignatureUntrusted || c.Proved || len(c.Letters) > 0 || c.Procedure != "disattivazione" || c.Due.IsZero() {
		t.Errorf("the case is %s for %s, proved %t, with %d letters, %s, due %s", c.State, c.Reason, c.Proved, len(c.Letters), c.Procedure, c.Due)
	}
	for _, want := range []string{"The message was parked, and anna opened it as a case: a person decides.", "Its sender is not proved: signature_untrusted.", "The envelope proves no sender."} {
		if !slices.Contains(c.Reasons, want) {
			t.Errorf("the case does not say %q: %q", want, c.Reasons)
		}
	}
	if !slices.ContainsFunc(c.Proof, func(p rules.ProofStep) bool { return !p.OK }) {
		t.Errorf("no step of the proof fails: %v", c.Proof)
	}
	var events []rules.Event
	s.view(func(tx *store.Tx) (err error) { events, err = tx.CaseEvents(id); return err })
	if len(events) < 2 || events[0].Author != "anna" || events[1].Author != "" {
		t.Errorf("it is not anna who opened it, and the desk that judged it: %v", events)
	}
	var refused *rules.ErrRefused
	for what, do := range map[string]func() error{
		"opened": func() error { _, err := s.operators().OpenParked(t.Context(), 1, "anna"); return err },
		"replay": func() error { return s.operators().Replay(t.Context(), 1, "anna") },
	} {
		if err := do(); !errors.As(err, &refused) {
			t.Errorf("%s again: %v", what, err)
		}
	}
	s.clock.move(2 * houseEvery)
	if err := s.desk.watchCases(); err != nil {
		t.Fatal(err)
	}
	if s.incident("untrusted/disattivazioni") {
		t.Error("nothing is parked any more, and the incident lasts")
	}
}

// TestNoRequestIsNoIncident: what is parked and is no complete form is told to nobody.
func TestNoRequestIsNoIncident(t *testing.T) {
	s, _ := distrusting(t)
	s.start()
	m := s.message(1)
	m.Text = "Vorrei sapere quanto costa una casella in più."
	s.put(s.at.Customers.Transport(m))
	s.stored(store.Parked, 1)
	if s.incident("untrusted/disattivazioni") {
		t.Error("a question is an incident")
	}
	for n := range 7 {
		s.desk.raise("untrusted/x", fmt.Sprint(n))
	}
	s.clock.move(unreadFor + time.Hour)
	if err := s.desk.watchCases(); err != nil {
		t.Fatal(err)
	}
	if s.incident("untrusted/x") {
		t.Error("old forms are an incident for ever")
	}
}
