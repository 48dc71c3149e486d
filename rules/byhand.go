package rules

import (
	"cmp"
	"slices"
)

// ByHand is the decision about a parked message that an operator opens as a
// case: a person decides, whatever the desk thinks of it, and no letter goes
// out. What was read of its text is there for him.
func (s *Set) ByHand(m Message, r Reading, f Facts, author string) Decision {
	own := s.Decide(m, r, f)
	d := decider{set: s, m: &m, r: &r, f: &f, out: Decision{Procedure: r.Procedure, Outcome: Review, Reason: cmp.Or(own.Reason, OperatorDecides),
		Fields: r.Fields, Missing: r.Missing, Explanation: r.Explanation}}
	d.clocks()
	d.why("The message was parked, and %s opened it as a case: a person decides.", author)
	if m.Proved() {
		d.out.Mailbox = m.Sender
	} else {
		d.why("Its sender is not proved: %s.", d.doubt())
	}
	for _, why := range own.Reasons {
		if !slices.Contains(d.out.Reasons, why) {
			d.why("%s", why)
		}
	}
	return d.out
}

// doubt is why the sender is not proved.
func (d *decider) doubt() Reason {
	if d.m.Kind == Transport {
		return cmp.Or(d.m.Problem, SignatureMissing)
	}
	return cmp.Or(d.m.Problem, OrdinaryEmail)
}
