package rules

import "slices"

// ProofState is how a step of a proof ended.
type ProofState string

// The states of a step of a proof.
const (
	ProofHolds     ProofState = "ok"
	ProofFails     ProofState = "no"
	ProofUnchecked ProofState = "unchecked" // nothing was given to check it against: it proves nothing
	ProofNote      ProofState = "note"      // no step, but what was noted beside them
)

// unchecked are the steps that a note of the proof says were not checked.
// Journals of years ago have the note and no other sign of it.
var unchecked = map[string]string{"no_crl": "revocation", "no_index": "index", "no_delivery": "date"}

// StateIn is how a step ended, by the proof it is of.
func (s ProofStep) StateIn(proof []ProofStep) ProofState {
	switch {
	case s.Name == "note":
		return ProofNote
	case !s.OK:
		return ProofFails
	case slices.ContainsFunc(proof, func(n ProofStep) bool { return n.Name == "note" && unchecked[n.Detail] == s.Name }):
		return ProofUnchecked
	}
	return ProofHolds
}
