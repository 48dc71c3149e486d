package main

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"sportello/rules"
	"sportello/store"
)

// TestRetention: both units that a procedure may keep for are heeded.
func TestRetention(t *testing.T) {
	now := time.Date(2026, 11, 26, 9, 0, 0, 0, time.UTC)
	got, err := retention(now, 30, []*rules.Procedure{{Name: "rinnovo", Keep: "120 months"}, {Name: "stato-casella", Keep: "30 days"}})
	want := store.Retention{Now: now, Keep: store.Span{Months: 30}, Procedure: map[string]store.Span{"rinnovo": {Months: 120}, "stato-casella": {Days: 30}}}
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Errorf("%v\n%s", err, diff)
	}
	if _, err := retention(now, 30, []*rules.Procedure{{Name: "rinnovo", Keep: "3 working days"}}); err == nil {
		t.Error("a span that nothing is kept for passes in silence")
	}
}
