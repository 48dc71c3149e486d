package rules_test

import (
	"strings"
	"testing"
	"time"

	"sportello/rules"
)

// Whoever is told how to repeat his withdrawal when its last day has passed is
// not told that it may still come.
func TestLastDayHasPassed(t *testing.T) {
	s := load(t, nil, rules.Settings{})
	for now, want := range map[string]string{
		"2026-12-07T23:59:59+01:00": "(per questo ordine l'ultimo giorno utile è lunedì 7 dicembre 2026)",
		"2026-12-08T00:00:00+01:00": "(per questo ordine l'ultimo giorno utile era lunedì 7 dicembre 2026)",
	} {
		c := request(t, s, "2026-11-24T10:00:00+01:00")
		c.Procedure, c.State, c.Outcome, c.Reason = "recesso-rinnovo", rules.Rejected, rules.Reject, rules.MissingFields
		c.Facts = map[string]string{"ultimo_giorno": "2026-12-07"}
		at, err := time.Parse(time.RFC3339, now)
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range []string{"respinta", "revocata"} {
			if l, err := s.Letter(c, name, nil, at); err != nil || !strings.Contains(oneLine(l.Text), want) {
				t.Errorf("%s at %s: %v, no %q in\n%s", name, now, err, want, l.Text)
			}
		}
	}
}

// A mailbox that is active no more is not called one that is not active yet: its
// holder would look in vain for what to delete.
func TestMailboxNoLongerActive(t *testing.T) {
	s := load(t, nil, rules.Settings{})
	for status, want := range map[string]string{"": "la casella non è ancora attiva", "not_active": "la casella non è ancora attiva",
		"expired": "la casella risulta scaduta", "read_only": "la casella risulta in sola lettura", "cancelled": "la casella risulta cancellata"} {
		for _, procedure := range []string{"disattivazione", "recesso-rinnovo"} {
			c := request(t, s, "2026-11-24T10:00:00+01:00")
			c.Procedure, c.State, c.Outcome, c.Reason = procedure, rules.Rejected, rules.Reject, rules.MailboxNotActive
			c.Facts = map[string]string{"stato_casella": status}
			l, err := s.Letter(c, "respinta", nil, c.Received)
			text := oneLine(l.Text)
			if yet := strings.Contains(want, "ancora"); err != nil || !strings.Contains(text, "Motivo: "+want) || strings.Contains(text, "Può eliminarla subito") != yet {
				t.Errorf("%s, %q: %v\n%s", procedure, status, err, l.Text)
			}
		}
	}
}

// Whatever a withdrawal is refused for, the consumer keeps the rights of law: they
// ask for no form, and for no PEC.
func TestRefusedWithdrawalKeepsTheRightsOfLaw(t *testing.T) {
	s, n := load(t, nil, rules.Settings{}), 0
	for _, l := range s.Samples("recesso-rinnovo") {
		if l.Name == "respinta" {
			if n++; strings.Count(l.Text, "Restano fermi i diritti che la legge Le riconosce.") != 1 {
				t.Errorf("%s:\n%s", l.Reason, l.Text)
			}
		}
	}
	if n < 10 {
		t.Errorf("%d letters of refusal", n)
	}
}
