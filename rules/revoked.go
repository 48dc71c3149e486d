package rules

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// TakeNone says in Act.Takes that a revocation takes back nothing that is open:
// what it meant was withdrawn before.
const TakeNone = "none"

// Live are the cases among open that a revocation can take back: not one that
// was answered otherwise, nor another revocation.
func (s *Set) Live(open []OpenCase) (out []OpenCase) {
	for _, c := range open {
		if p := s.Procedure(c.Procedure); (p == nil || !p.Revokes) && (c.State.Decidable() || c.State == Accepted) {
			out = append(out, c)
		}
	}
	return out
}

// MayBeMeant makes the events of an open case of which another message, that
// opened case by, may be the revocation: it does not say which it takes back.
// Until a person knows, the case stops; what was decided and told stands.
func (s *Set) MayBeMeant(c *Case, a Arrival, by string, now time.Time) ([]Event, error) {
	r := s.run(c, c.ID, now)
	detail := fmt.Sprintf("case %s takes back a request, and does not say which", by)
	e := Event{Kind: Joined, Message: a.ID, Outcome: Review, Reason: RevocationUnclear, Detail: detail,
		Private: &Private{Subject: a.Message.Subject, MessageID: a.Message.MessageID}}
	if c.Suspended() && c.Answered.IsZero() { // it is our turn again
		s.promiseFrom(r, &e, arrived(a, now))
	}
	r.add(e)
	switch r.c.State {
	case New:
		r.add(Event{Kind: Decided, Outcome: Review, Reason: RevocationUnclear, Detail: detail})
	case Accepted:
		r.unsend(Revocation, "accolta", "contatti")
		r.add(Event{Kind: Returned, Reason: RevocationUnclear, Detail: detail})
	}
	return r.events, r.err
}

// TakeBack makes the events by which a person's approval of the revocation that
// opened case by withdraws c.
func (s *Set) TakeBack(c *Case, by, author string, now time.Time) ([]Event, error) {
	r := s.run(c, c.ID, now)
	r.author = author
	if c.Lasting() {
		return nil, refuse("case %s: what was done of it cannot be taken back, so the revocation, case %s, cannot be approved for it: reject that, or withdraw this case, whose letter says that it is late", c.ID, by)
	}
	if c.State == Accepted {
		if err := s.stop(r, Act{}); err != nil {
			return nil, err
		}
	}
	if err := r.inState(Withdrew); err != nil {
		return nil, err
	}
	if err := s.withdrawn(r, Act{}, fmt.Sprintf("case %s takes it back", by)); err != nil {
		return nil, err
	}
	return r.events, r.err
}

// takes refuses the approval of a revocation that does not say plainly what it
// takes back, and gives what its letter names.
func (s *Set) takes(r *run, p *Procedure, a Act) (words map[string]string, err error) {
	var open []string
	for _, c := range a.Open {
		open = append(open, fmt.Sprintf("%s (%s, %s)", c.ID, c.Procedure, c.State))
	}
	switch {
	case !p.Revokes && len(a.Takes) > 0:
		return nil, refuse("procedure %s takes back no request", p.Name)
	case !p.Revokes:
		return nil, nil
	case len(a.Takes) == 0 && len(open) > 0:
		return nil, refuse("case %s takes back another request: say which of %s, or %q where it was withdrawn before", r.c.ID, strings.Join(open, ", "), TakeNone)
	case slices.Contains(a.Takes, TakeNone) && len(a.Takes) > 1:
		return nil, refuse("case %s takes back either nothing or the requests named, not both", r.c.ID)
	case len(a.Takes) == 0 || a.Takes[0] == TakeNone:
		return nil, nil
	}
	for _, id := range a.Takes {
		if !slices.ContainsFunc(a.Open, func(c OpenCase) bool { return c.ID == id }) {
			return nil, refuse("case %s cannot take back case %s: it is no open request of the same mailbox", r.c.ID, id)
		}
	}
	return map[string]string{"precedente": italianList(a.Takes)}, nil
}

// Revokes reports whether a case is one that takes another back.
func (s *Set) Revokes(c *Case) bool {
	p := s.Procedure(c.Procedure)
	return p != nil && p.Revokes
}
