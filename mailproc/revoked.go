package mailproc

import (
	"cmp"
	"time"

	"sportello/rules"
	"sportello/store"
)

// stopMeant stops every open case that a revocation may mean which does not say
// which: each waits until a person knows.
func (d *Desk) stopMeant(tx *store.Tx, set *rules.Set, a rules.Arrival, open []rules.OpenCase, now time.Time) error {
	m, err := tx.Message(a.ID)
	if err != nil {
		return err
	}
	for _, x := range set.Live(open) {
		c, err := tx.Brief(x.ID)
		if err != nil {
			return err
		}
		events, err := set.MayBeMeant(c, a, m.Case, now)
		if err != nil {
			return err
		}
		if err := d.record(tx, events...); err != nil {
			return err
		}
		d.Log.Debug("case stops: a revocation may mean it", "case", x.ID, "revocation", m.Case)
	}
	return nil
}

// acted is what an act does to a case.
type acted struct {
	c      *rules.Case // after it
	events []rules.Event
}

// acts is what an operator's act does: to its case, and to those that the
// approval of a revocation takes back.
func (o *Office) acts(tx *store.Tx, id string, act rules.Act, now time.Time) ([]acted, error) {
	c, err := tx.Case(id)
	if err != nil {
		return nil, err
	}
	switch act.Verb {
	case "arrived":
		act.Reason, err = reasonOf(tx, id)
	case "approve":
		act.Open, err = o.takeable(tx, c, act.Procedure)
	default:
		act.Takes = nil
	}
	if err != nil {
		return nil, err
	}
	set := o.Rules()
	events, err := set.Perform(c, act, now)
	if err != nil {
		return nil, err
	}
	out := []acted{{c, events}}
	for _, x := range act.Takes {
		if x == rules.TakeNone {
			break
		}
		other, err := tx.Case(x)
		if err != nil {
			return nil, err
		}
		if events, err = set.TakeBack(other, id, act.Author, now); err != nil {
			return nil, err
		}
		out = append(out, acted{other, events})
	}
	for _, x := range out {
		for _, e := range x.events {
			if err := x.c.Apply(e); err != nil {
				return nil, err
			}
		}
	}
	return out, nil
}

// takeable are the open cases that a revocation can take back; procedure is
// what it is approved as, "" its own.
func (o *Office) takeable(tx *store.Tx, c *rules.Case, procedure string) ([]rules.OpenCase, error) {
	p := o.Rules().Procedure(cmp.Or(procedure, c.Procedure))
	if p == nil || !p.Revokes || !c.Proved {
		return nil, nil
	}
	open, _, err := otherCases(tx, c.Mailbox)
	return o.Rules().Live(open), err
}
