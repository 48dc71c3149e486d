package mailproc

import (
	"errors"
	"testing"
	"time"

	"sportello/mailproc/pec/pectest"
	"sportello/rules"
)

const year = 365 * 24 * time.Hour

// holds counts the letters that are held.
func (s *scene) holds() (n int) {
	for _, c := range s.cases() {
		for _, l := range c.Letters {
			if l.State == rules.Held {
				n++
			}
		}
	}
	return n
}

// putOff lets a clock that is a year ahead put off a step of customer 2, a
// letter to customer 3, one of two letters to customer 4, and the decision of
// customer 5.
func (s *scene) putOff() {
	s.t.Helper()
	s.doer.set(func(Job) error { return errors.New("busy") })
	s.put(s.request(2))
	tried := func(n int) func() bool {
		return func() bool {
			c := s.of(2)
			return c != nil && c.Steps[0].Attempts == n && c.Steps[0].State == rules.StepDue
		}
	}
	s.until("a step is tried", tried(1))
	s.later(year)
	s.until("a step is tried in a year", tried(2))
	s.behave(pectest.Behaviour{Refuse: pectest.Temporary})
	s.put(s.rejected(3))
	s.until("a letter is deferred", func() bool {
		c := s.of(3)
		return c != nil && len(c.Letters[0].Tries) == 1 && c.Letters[0].State == rules.Owed
	})
	s.ask(4)
	s.ask(4)
	s.until("a letter is held", func() bool { return s.holds() == 1 })
	s.registry.set(true)
	s.put(s.request(5))
	s.state(5, rules.New)
	s.registry.set(false)
	s.doer.set(nil)
}

// TestClockRanAhead: what a clock that was a year ahead put off is done when
// the clock is right again, whether the desk went on or was started anew; the
// promises are where they were.
func TestClockRanAhead(t *testing.T) {
	for name, restart := range map[string]bool{"at work": false, "started anew": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newScene(t)
			s.opt.PeerHour = 1
			s.start()
			s.put(s.rejected(1))
			s.letter(1, 1, rules.Delivered)
			due := s.of(1).Due
			s.putOff()
			if restart {
				s.end()
			}
			s.clock.move(-year)
			if restart {
				if err := s.open(); err != nil {
					t.Fatal(err)
				}
			}
			s.desk.Wake()
			s.letter(3, 1, rules.Delivered)
			s.letter(5, 1, rules.Delivered)
			s.until("the step is done", func() bool { return s.of(2).Steps[0].State == rules.StepOver })
			if n := s.holds(); n != 1 {
				t.Errorf("%d letters are held: the hour is not over", n)
			}
			s.later(time.Hour + time.Minute)
			s.until("the held letter went", func() bool { return s.holds() == 0 })
			if c := s.of(1); !c.Due.Equal(due) {
				t.Errorf("the promise moved from %s to %s", due, c.Due)
			}
		})
	}
}

// TestToldByAWrongClock: an incident told of by a clock that ran ahead is told
// again every day.
func TestToldByAWrongClock(t *testing.T) {
	now := time.Date(2026, 11, 25, 10, 0, 0, 0, time.UTC) // a Wednesday
	cal, err := rules.NewCalendar("Europe/Rome", nil, false)
	if err != nil {
		t.Fatal(err)
	}
	p, m := &post{}, &memory{}
	a := &Alerts{Sender: p, Store: m, Calendar: cal, Log: silent(), Now: func() time.Time { return now.AddDate(1, 0, 0) }}
	if err := a.Open(); err != nil {
		t.Fatal(err)
	}
	a.Raise("disk", "full")
	a.tell(t.Context())
	a.save()
	a.Now = func() time.Time { return now }
	if err := a.Open(); err != nil {
		t.Fatal(err)
	}
	a.tell(t.Context())
	a.tell(t.Context())
	if len(p.got) != 2 {
		t.Errorf("told %d times: %q", len(p.got), p.got)
	}
}

// TestUnsavedIncidents are saved when there is room again.
func TestUnsavedIncidents(t *testing.T) {
	p, m := &post{}, &memory{full: true}
	a := &Alerts{Sender: p, Store: m, Log: silent()}
	if err := a.Open(); err != nil {
		t.Fatal(err)
	}
	a.Raise("disk", "full")
	a.tell(t.Context())
	a.save()
	m.full = false
	a.save()
	if len(m.rows) != 1 {
		t.Errorf("kept: %v", m.rows)
	}
	m.full = true
	a.Clear("disk")
	a.tell(t.Context())
	a.save()
	m.full = false
	a.save()
	if len(m.rows) != 0 {
		t.Errorf("kept after the all-clear: %v", m.rows)
	}
}

// TestLoginPauseByAWrongClock: a login refused while the clock ran ahead does
// not silence the mailbox until then.
func TestLoginPauseByAWrongClock(t *testing.T) {
	s := newScene(t)
	d := s.written()
	o := &outbox{d: d, box: &d.Mailboxes[0]}
	o.gate().close(s.clock.now(), func(int) time.Duration { return loginPause })
	if _, next, err := o.round(t.Context()); err != nil || next.IsZero() {
		t.Errorf("right after the refusal: next at %s, %v", next, err)
	}
	s.clock.move(-year)
	if _, next, err := o.round(t.Context()); err != nil || !next.IsZero() {
		t.Errorf("with the clock right again: next at %s, %v", next, err)
	}
}
