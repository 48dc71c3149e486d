package mailproc

import (
	"maps"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"sportello/rules"
	"sportello/store"
)

// TestWatchCases: an alert of a promise ends with the answer, one of a case
// with the person who takes it up, and both when the case is no more.
func TestWatchCases(t *testing.T) {
	st, err := store.Open(t.TempDir(), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	now := time.Date(2026, 11, 25, 10, 0, 0, 0, time.UTC)
	clock := func() time.Time { return now }
	a := &Alerts{Sender: &post{}, Store: StoredAlerts{Store: st}, Log: silent(), Now: clock}
	if err := a.Open(); err != nil {
		t.Fatal(err)
	}
	d := &Desk{Options: Options{Store: st, Alerts: a, Log: silent(), Now: clock}}
	record := func(events ...rules.Event) {
		t.Helper()
		err := st.Update(t.Context(), func(tx *store.Tx) error { return tx.Record(events...) })
		if err != nil {
			t.Fatal(err)
		}
	}
	const id = "2026-000001"
	letter := &rules.LetterRef{N: 1, Name: "respinta", MessageID: "1." + id + "@pec.example.com"}
	record(rules.Event{At: now, Kind: rules.Opened, Case: id, Procedure: "disattivazione", Private: &rules.Private{Mailbox: "mario@pec.example.it"}},
		rules.Event{At: now, Kind: rules.Decided, Case: id, Outcome: rules.Review})
	for _, key := range []string{"promise/" + id, "case/" + id, "promise/2025-000009", "disk"} {
		d.raise(key, "look")
	}
	look := func(what string, want ...string) {
		t.Helper()
		if err := d.watchCases(); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, slices.Sorted(maps.Keys(a.Incidents()))); diff != "" {
			t.Errorf("%s: open incidents (-want +got):\n%s", what, diff)
		}
	}
	look("at once, when what raised them may not be committed", "case/"+id, "disk", "promise/2025-000009", "promise/"+id)
	now = now.Add(2 * houseEvery)
	look("a case purged", "case/"+id, "disk", "promise/"+id)
	record(rules.Event{At: now, Kind: rules.EventRejected, Case: id, Outcome: rules.Reject, Author: "anna"},
		rules.Event{At: now, Kind: rules.LetterOwed, Case: id, Letter: letter, Private: &rules.Private{Letter: &rules.LetterText{To: "mario@pec.example.it"}}})
	look("decided by a person", "disk", "promise/"+id)
	record(rules.Event{At: now, Kind: rules.LetterReceipt, Case: id, Letter: letter, Receipt: &rules.ReceiptRef{Kind: rules.ReceiptAccepted, At: now}})
	look("answered", "disk")
}
