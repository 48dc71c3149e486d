package mailproc

import (
	"errors"
	"testing"
	"time"

	"sportello/rules"
	"sportello/store"
)

// purging is a scene whose desk keeps what is closed for a month, with one case
// closed; it has looked once.
func purging(t *testing.T) *scene {
	t.Helper()
	s := newScene(t)
	s.opt.PurgeAt = 3*time.Hour + 30*time.Minute
	s.opt.Retention = func(now time.Time, _ *rules.Set) (store.Retention, error) {
		return store.Retention{Now: now, Keep: store.Span{Months: 1}}, nil
	}
	s.start()
	s.put(s.rejected(1))
	s.state(1, rules.Closed)
	s.night(0)
	return s
}

// night is the desk's look at half past three (and a minute) so many days later.
func (s *scene) night(days int) {
	s.t.Helper()
	zone := s.desk.Policy().Rules.Calendar.Zone
	now := s.clock.now().In(zone)
	at := time.Date(now.Year(), now.Month(), now.Day()+days, 3, 31, 0, 0, zone)
	if at.After(now) {
		s.clock.move(at.Sub(now))
	}
	if err := s.desk.purge(s.t.Context()); err != nil {
		s.t.Fatal(err)
	}
}

// purges are the entries of the journal that say what was removed.
func (s *scene) purges() (out []rules.Event) {
	s.t.Helper()
	s.view(func(tx *store.Tx) error {
		events, err := tx.Journal(1, 10000)
		for _, e := range events {
			if e.Kind == rules.Purged && e.Case == "" {
				out = append(out, e)
			}
		}
		return err
	})
	return out
}

// TestPurgeEveryNight: what its retention is over for goes at the quiet hour,
// once a day, and the journal says what it was.
func TestPurgeEveryNight(t *testing.T) {
	s := purging(t)
	id := s.of(1).ID
	s.night(25)
	if n := len(s.purges()); n != 0 {
		t.Fatalf("%d purges before its time", n)
	}
	s.night(40)
	s.put(s.request(3))
	s.until("the message is there", func() bool { return s.of(3) != nil })
	s.night(1)
	var c *rules.Case
	s.view(func(tx *store.Tx) (err error) { c, err = tx.Case(id); return err })
	p := s.purges()
	if !c.Emptied() || len(p) != 1 || p[0].Author != "" || p[0].At.Before(s.clock.now().Add(-time.Hour)) {
		t.Fatalf("case %+v, journal %+v", c, p)
	}
	if err := s.desk.purge(t.Context()); err != nil || len(s.purges()) != 1 {
		t.Errorf("again on the same day: %v", err)
	}
	if err := s.desk.Store.Check(t.Context(), nil, true); err != nil {
		t.Error(err)
	}
}

// TestPurgeBelievesNoClock: a clock that went ahead by years removes nothing,
// as long as no provider certifies that they have passed.
func TestPurgeBelievesNoClock(t *testing.T) {
	s := purging(t)
	s.night(3 * 365)
	s.night(1)
	if p := s.purges(); len(p) != 0 || s.of(1).Mailbox == "" {
		t.Errorf("journal %+v", p)
	}
}

// TestPurgeAtItsHour: not by day, unless two nights were missed.
func TestPurgeAtItsHour(t *testing.T) {
	s := purging(t)
	zone := s.desk.Policy().Rules.Calendar.Zone
	due := func(days, hour int) bool {
		now := s.clock.now().In(zone)
		at := time.Date(now.Year(), now.Month(), now.Day()+days, hour, 40, 0, 0, zone)
		got, err := s.desk.purgeDue(t.Context(), at)
		if err != nil {
			t.Fatal(err)
		}
		return got
	}
	for _, c := range []struct {
		days, hour int
		want       bool
	}{{1, 2, false}, {1, 3, true}, {1, 4, false}, {2, 11, false}, {3, 3, true}, {5, 11, true}, {5, 12, false}, {6, 3, true}} {
		if got := due(c.days, c.hour); got != c.want {
			t.Errorf("day %d, %d:40: %v", c.days, c.hour, got)
		}
	}
}

// TestPurgeThatFails: a person is told, until one succeeds.
func TestPurgeThatFails(t *testing.T) {
	s := newScene(t)
	fail := errors.New("keep \"3 weeks\": write days or months")
	s.opt.Retention = func(now time.Time, _ *rules.Set) (store.Retention, error) {
		return store.Retention{Now: now, Keep: store.Span{Months: 1}}, fail
	}
	s.opt.PurgeAt = 3*time.Hour + 30*time.Minute
	s.start()
	s.put(s.rejected(1))
	s.state(1, rules.Closed)
	s.night(0)
	s.night(1)
	if !s.incident("purge") {
		t.Error("nobody is told")
	}
	fail = nil
	s.night(1)
	if s.incident("purge") {
		t.Error("the incident lasts")
	}
}
