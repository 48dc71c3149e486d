package mailproc

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"sportello/rules"
	"sportello/store"
)

// TestRetryLooksAgain: what was sent, done or begun between the look and the
// write, because its own time came, is not made due again; what still waits is.
func TestRetryLooksAgain(t *testing.T) {
	s := newScene(t)
	d := s.written()
	at := s.clock.now()
	soon := rules.At(at.Add(time.Hour))
	letter, step := &rules.LetterRef{N: 1}, &rules.StepRef{N: 1, Do: "read-only"}
	record := func(n int, events ...rules.Event) {
		t.Helper()
		for i := range events {
			events[i].At, events[i].Case = at, fmt.Sprintf("2026-%06d", n)
		}
		if err := d.Store.Update(t.Context(), func(tx *store.Tx) error { return tx.Record(events...) }); err != nil {
			t.Fatal(err)
		}
	}
	for n := 1; n <= 4; n++ {
		record(n, append(s.opened(d, n, rules.Reject, "respinta", at), rules.Event{Kind: rules.LetterAttempt, Letter: letter},
			rules.Event{Kind: rules.LetterDeferred, Letter: letter, Until: soon})...)
	}
	for n := 5; n <= 8; n++ {
		record(n, append(s.opened(d, n, rules.Accept, "accolta", at),
			rules.Event{Kind: rules.LetterReceipt, Letter: letter, Receipt: &rules.ReceiptRef{Kind: rules.ReceiptDelivered, At: at}},
			rules.Event{Kind: rules.StepScheduled, Step: step, Until: rules.At(at)}, rules.Event{Kind: rules.StepStarted, Step: step},
			rules.Event{Kind: rules.StepRetry, Step: step, Until: soon})...)
	}
	n := near{letters: map[rules.LetterState]rules.EventKind{rules.Owed: rules.LetterDeferred}, why: askedFor, author: "anna"}
	late, _, err := d.farOff(n)
	if err != nil || len(late) != 8 {
		t.Fatalf("seen: %d, %v", len(late), err)
	}
	begun := rules.Event{Kind: rules.LetterAttempt, Letter: letter}
	record(1, begun, rules.Event{Kind: rules.LetterSent, Letter: letter, Until: soon})
	record(2, begun)
	record(3, begun, rules.Event{Kind: rules.LetterDeferred, Letter: letter, Until: soon})
	record(5, rules.Event{Kind: rules.StepStarted, Step: step}, rules.Event{Kind: rules.StepDone, Step: step})
	record(6, rules.Event{Kind: rules.StepStarted, Step: step})
	record(7, rules.Event{Kind: rules.StepStarted, Step: step}, rules.Event{Kind: rules.StepRetry, Step: step, Until: soon})
	if err := d.Store.Update(t.Context(), func(tx *store.Tx) error { return d.letGo(tx, n, late) }); err != nil {
		t.Fatal(err)
	}
	got := map[int]string{}
	for n := 1; n <= 8; n++ {
		c := s.of(n)
		if got[n] = fmt.Sprint(c.Letters[0].State, " ", c.Letters[0].NextTry.After(d.Now())); n > 4 {
			got[n] = fmt.Sprint(c.Steps[0].State, " ", c.Steps[0].Due.After(d.Now()))
		}
	}
	want := map[int]string{1: "sent true", 2: "trying true", 3: "owed true", 4: "owed false", 5: "done true", 6: "running true", 7: "scheduled true", 8: "scheduled false"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("letters and steps, and whether they wait (-want +got):\n%s", diff)
	}
}
