package store

import (
	"testing"
	"time"

	"sportello/rules"
)

// TestLettersAfter: a letter that is being sent has no time to be brought nearer.
func TestLettersAfter(t *testing.T) {
	s := open(t, t.TempDir(), Options{})
	waits, _ := openCase(t, s, 1)
	tried, _ := openCase(t, s, 2)
	after := func(at time.Time, want ...string) {
		t.Helper()
		look(t, s, func(tx *Tx) error {
			got, err := tx.LettersAfter(at)
			if err != nil || len(got) != len(want) {
				t.Errorf("after %s: %v, %v, want those of %v", at, got, err, want)
				return nil
			}
			for i, l := range got {
				if l.Case != want[i] || l.N != 1 || l.State != rules.Owed {
					t.Errorf("letter %d is %+v, want that of %s", i, l, want[i])
				}
			}
			return nil
		})
	}
	later := start.Add(2 * time.Hour)
	for _, id := range []string{waits, tried} {
		update(t, s, func(tx *Tx) error {
			return tx.Record(attempt(id, start), rules.Event{At: start, Kind: rules.LetterDeferred, Case: id, Until: rules.At(later), Letter: &rules.LetterRef{N: 1, Attempt: 1, Answer: "451 4.3.0 later"}})
		})
	}
	after(start, waits, tried)
	again := attempt(tried, start.Add(time.Second))
	again.Letter.Attempt = 2
	update(t, s, func(tx *Tx) error { return tx.Record(again) })
	after(start, waits)
	after(later)
}
