package mailproc

import (
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-smtp"

	"sportello/mailproc/pec/pectest"
	"sportello/rules"
)

// TestBarred: a server that takes no letter of the mailbox stops its sending,
// with one incident and its own words. Every letter stays owed, one is tried at
// growing intervals, and when it passes the others follow.
func TestBarred(t *testing.T) {
	s := newScene(t)
	s.opt.Senders = 1
	s.smtp.Bar(&smtp.SMTPError{Code: 550, EnhancedCode: smtp.EnhancedCode{5, 7, 1}, Message: "daily message limit exceeded"})
	const many = 5
	for n := 1; n <= many; n++ {
		s.put(s.rejected(n))
	}
	s.start()
	key := "smtp/disattivazioni"
	s.until("an alert", func() bool { return s.told.has(key) })
	owed := func() bool {
		for n := 1; n <= many; n++ {
			if c := s.of(n); c == nil || c.State != rules.Rejected || c.Letters[0].State != rules.Owed {
				return false
			}
		}
		return true
	}
	s.until("every letter is owed", owed)
	if text := s.desk.Alerts.Incidents()[key].Text; !strings.Contains(text, "550 5.7.1 daily message limit exceeded") {
		t.Errorf("the incident does not say what the server said: %s", text)
	}
	for n := 1; n <= 4; n++ {
		if got := s.smtp.Barred(); got != n {
			t.Fatalf("%d letters were tried, want %d", got, n)
		}
		s.later(Backoff(n) - 2*time.Second)
		s.lookings(3)
		if got := s.smtp.Barred(); got != n {
			t.Fatalf("after the refusal %d one is tried before its time", n)
		}
		s.later(3 * time.Second)
		s.until("one is tried", func() bool { return s.smtp.Barred() == n+1 })
		s.until("it is owed again", owed)
	}
	s.smtp.Bar(nil)
	s.later(Backoff(5) + time.Second)
	for n := 1; n <= many; n++ {
		s.letter(n, 1, rules.Delivered)
	}
	s.once(many)
	s.until("the incident is over", func() bool { return !s.incident(key) })
	if opened := len(s.desk.Alerts.Incidents()); opened != 0 {
		t.Errorf("open are %v", s.desk.Alerts.Incidents())
	}
}

// TestBarredForAMoment: so many letters a minute are no incident while they
// go in the end.
func TestBarredForAMoment(t *testing.T) {
	s := newScene(t)
	s.opt.Senders = 1
	s.smtp.Bar(&smtp.SMTPError{Code: 452, EnhancedCode: smtp.EnhancedCode{4, 5, 3}, Message: "too many messages"})
	s.put(s.rejected(1))
	s.start()
	key := "smtp/disattivazioni"
	refused := func(times int) {
		t.Helper()
		s.until("the gate is shut", func() bool { return s.desk.box("disattivazioni").gate.times() == times })
		s.until("the letter is owed", func() bool { return s.of(1).Letters[0].State == rules.Owed })
	}
	for n := 1; n <= manyTries; n++ {
		refused(n)
		if n < manyTries && s.incident(key) {
			t.Errorf("after the refusal %d a person is told", n)
		}
		s.later(Backoff(n) + time.Second)
	}
	s.until("a person is told", func() bool { return s.incident(key) })
}

// TestProbeThatFails: a letter that is refused for its own sake shows that the
// server takes letters again.
func TestProbeThatFails(t *testing.T) {
	s := newScene(t)
	s.opt.Senders = 1
	s.smtp.Bar(&smtp.SMTPError{Code: 554, EnhancedCode: smtp.EnhancedCode{5, 7, 0}, Message: "mailbox suspended"})
	s.put(s.rejected(1))
	s.put(s.rejected(2))
	s.start()
	s.until("an alert", func() bool { return s.told.has("smtp/disattivazioni") })
	s.until("both are owed", func() bool {
		a, b := s.of(1), s.of(2)
		return a != nil && b != nil && a.Letters[0].State == rules.Owed && b.Letters[0].State == rules.Owed
	})
	refuse := pectest.Behaviour{Refuse: pectest.Permanent, AtRcpt: true}
	s.behave(refuse, refuse)
	s.smtp.Bar(nil)
	s.later(Backoff(1) + time.Second)
	s.letter(1, 1, rules.Failed)
	s.letter(2, 1, rules.Failed)
	s.until("the incident is over", func() bool { return !s.incident("smtp/disattivazioni") })
}
