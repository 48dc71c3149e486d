package rules_test

import (
	"testing"

	"sportello/rules"
)

// A case that a person stopped stands where it is because he stopped it, and
// not because of what had been decided before.
func TestTurnOfAStoppedCase(t *testing.T) {
	halted := rules.Event{Seq: 3, Kind: rules.Halted, Reason: rules.StoppedByPerson}
	d := rules.Detail{Events: []rules.Event{{Seq: 1, Kind: rules.Opened}, {Seq: 2, Kind: rules.Decided, Outcome: rules.Accept}, halted, {Seq: 4, Kind: rules.Noted}}}
	if turn := d.Turn(); turn == nil || turn.Seq != halted.Seq {
		t.Errorf("the turn is %+v", turn)
	}
	if decision := d.Decision(); decision.Seq != 2 || !d.CameBack() {
		t.Errorf("the decision is %+v, came back %v", decision, d.CameBack())
	}
}
