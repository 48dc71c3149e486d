package mailproc

import (
	"strings"
	"testing"
	"time"

	"sportello/rules"
)

// TestTermTakenForPassed: a clock that ran ten days ahead for a moment breaks
// every promise in the journal. Set right, it says what is so, once; and when the
// term does pass, that is told as ever.
func TestTermTakenForPassed(t *testing.T) {
	s := newScene(t).start()
	s.put(s.doubtful(1))
	c := s.state(1, rules.InReview)
	key, ahead := "promise/"+c.ID, 10*24*time.Hour
	says := func(words string, times int) {
		t.Helper()
		s.clock.move(2 * houseEvery) // not too new to be looked at
		if err := s.desk.watchCases(); err != nil {
			t.Fatal(err)
		}
		s.until("it is told", func() bool { return s.told.times(key) >= times })
		if text := s.desk.Alerts.Incidents()[key].Text; !strings.Contains(text, words) || s.told.times(key) != times {
			t.Errorf("told %d times, want %d with %q: %s", s.told.times(key), times, words, text)
		}
	}
	s.later(ahead)
	s.until("the promise is broken", func() bool { return s.of(1).Breached })
	says("its term passed", 1)
	s.later(-ahead)
	says("a clock that ran ahead", 2)
	says("a clock that ran ahead", 2)
	s.clock.move(c.Due.Sub(s.clock.now()) + time.Minute)
	says("its term passed", 3)
	says("its term passed", 3)
}
