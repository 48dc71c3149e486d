package console

import (
	"testing"
	"time"
)

// TestDayOfACounter: a request is of the day it came, in whatever order they are counted.
func TestDayOfACounter(t *testing.T) {
	first := time.Date(2026, 11, 20, 0, 0, 0, 0, time.UTC)
	s := &counter{}
	for n := range 5 {
		s.starts = append(s.starts, first.AddDate(0, 0, n).Unix())
	}
	for _, c := range []struct {
		hours, want int
	}{{1, 0}, {25, 1}, {26, 1}, {100, 4}, {48, 2}, {47, 1}, {-1, -1}, {0, 0}, {72, 3}, {1000, 4}, {95, 3}} {
		if got := s.day(first.Add(time.Duration(c.hours) * time.Hour)); got != c.want {
			t.Errorf("hour %d is of day %d, want %d", c.hours, got, c.want)
		}
	}
}
