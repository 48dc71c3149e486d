package mailproc

import (
	"context"
	"fmt"

	"sportello/mailproc/pec"
	"sportello/rules"
	"sportello/store"
)

// openByHand makes a case of a parked message, for a person to decide: what
// was parked may be a request all the same. It gives the case's number.
func (d *Desk) openByHand(ctx context.Context, id uint64, author string) (caseID string, err error) {
	m, env, err := d.lookAgain(id)
	if err != nil {
		return "", err
	}
	if env.Kind == pec.Receipt {
		return "", &rules.ErrRefused{Why: fmt.Sprintf("message %d is a provider's receipt: no case can be made of it", id)}
	}
	facts := Facts(env, m.Mailbox, m.Delivered)
	p := &pending{id: id, msg: &facts, proof: proof(env)}
	if err := d.lookUp(ctx, []*pending{p}); err != nil {
		return "", err
	}
	if p.broken != nil {
		return "", p.broken
	}
	m.Kind, m.Status, m.Facts, m.Proof = facts.Kind, store.Pending, p.msg, p.proof
	if env.Proved() {
		m.Identifier = env.Daticert.Identifier
	}
	now, set := d.Now(), d.Policy().Rules
	decision := set.ByHand(facts, p.reading, p.facts, author)
	err = d.Store.Update(ctx, func(tx *store.Tx) error {
		caseID = ""
		if err := d.takeUp(tx, id, author, now); err != nil {
			return err
		}
		if again, err := repeats(tx, m, now); again || err != nil {
			return err
		}
		if err := tx.Revise(&m); err != nil {
			return err
		}
		if err := d.opens(tx, set, rules.Arrival{ID: id, Message: facts, Decision: decision, Proof: p.proof, By: author}, "", now); err != nil {
			return err
		}
		opened, err := tx.Message(id)
		caseID = opened.Case
		return err
	})
	if err == nil && caseID == "" {
		err = &rules.ErrRefused{Why: fmt.Sprintf("message %d is a copy of one that is there already", id)}
	}
	return caseID, err
}
