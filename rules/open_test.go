package rules

import (
	"testing"
	"time"
)

// TestUnprovedWriterIsAnAddress: an unproved case is found and answered by the
// address that the message says it is from, whatever name stands before it.
func TestUnprovedWriterIsAnAddress(t *testing.T) {
	now := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	set := &Set{Calendar: rome(t)}
	for claimed, want := range map[string]string{
		`"Mario Rossi" <Mario.Rossi@pec.example.it>`:         "mario.rossi@pec.example.it",
		`"luca@pec.example.it" <mario.rossi@pec.example.it>`: "mario.rossi@pec.example.it",
		"mario.rossi@pec.example.it":                         "mario.rossi@pec.example.it",
		"nobody":                                             "nobody",
	} {
		c, _, err := set.Open("2026-000001", Arrival{ID: 1, Message: Message{Kind: Transport, Problem: DateDoubtful, Claimed: claimed},
			Decision: Decision{Outcome: Review, Reason: DateDoubtful, Received: now}}, now)
		if err != nil {
			t.Fatal(err)
		}
		if c.Mailbox != want || c.Proved {
			t.Errorf("%s: %q, proved %v", claimed, c.Mailbox, c.Proved)
		}
	}
}
