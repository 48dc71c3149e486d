package rules_test

import (
	"slices"
	"strings"
	"testing"

	"sportello/rules"
)

// Whatever brings a case to a person says what he can do: only what is parked,
// and never a case, does not.
func TestEveryReasonHasItsRemedy(t *testing.T) {
	parked := []rules.Reason{rules.NotOurs, rules.AutomaticMail, rules.IsReceipt, rules.UnreadableMessage, rules.Oversized, rules.OwnAddress}
	for _, r := range rules.AllReasons {
		switch remedy := r.Remedy(); {
		case slices.Contains(parked, r):
		case !strings.HasSuffix(remedy, "."):
			t.Errorf("%s says %q", r, remedy)
		}
	}
}
