package mailproc

import (
	"errors"
	"testing"

	"sportello/rules"
	"sportello/store"
)

// TestStepGivesUp: what fails for a passing reason is tried a bounded number of times,
// what fails for good only once; then a person sees it.
func TestStepGivesUp(t *testing.T) {
	for name, c := range map[string]struct {
		failure error
		tries   int
	}{"passing": {errors.New("not now"), stepTries}, "for good": {permanent("no such mailbox"), 1}} {
		t.Run(name, func(t *testing.T) {
			s := newScene(t)
			d := s.written()
			at := s.clock.now()
			step := &rules.StepRef{N: 1, Do: "read-only"}
			events := append(s.opened(d, 1, rules.Accept, "accolta", at),
				rules.Event{Kind: rules.LetterReceipt, Letter: &rules.LetterRef{N: 1}, Receipt: &rules.ReceiptRef{Kind: rules.ReceiptDelivered, At: at}},
				rules.Event{Kind: rules.StepScheduled, Step: step, Until: &at})
			id := events[0].Case
			record := func(events ...rules.Event) {
				t.Helper()
				for i := range events {
					events[i].At, events[i].Case = at, id
				}
				if err := d.Store.Update(t.Context(), func(tx *store.Tx) error { return tx.Record(events...) }); err != nil {
					t.Fatal(err)
				}
			}
			record(events...)
			for n := 1; n <= c.tries; n++ {
				if got := s.of(1); got.Steps[0].State != rules.StepDue || got.State != rules.Accepted {
					t.Fatalf("before try %d the step is %s, the case %s", n, got.Steps[0].State, got.State)
				}
				record(rules.Event{Kind: rules.StepStarted, Step: &rules.StepRef{N: 1, Do: "read-only", Attempt: n}})
				if err := d.Store.Update(t.Context(), func(tx *store.Tx) error { return d.ended(tx, store.Deadline{Case: id, N: 1}, c.failure) }); err != nil {
					t.Fatal(err)
				}
			}
			if got := s.of(1); got.Steps[0].State != rules.StepBroken || got.State != rules.InReview || got.Reason != rules.StepFailed {
				t.Errorf("after %d tries the step is %s, the case %s (%s)", c.tries, got.Steps[0].State, got.State, got.Reason)
			}
		})
	}
}
