package mailproc

import (
	"context"
	"fmt"

	"sportello/rules"
	"sportello/store"
)

// replay opens the stored bytes of a parked message again and lets it be
// decided as if it had come now; the clock still runs from its delivery.
func (d *Desk) replay(ctx context.Context, id uint64, author string) error {
	var m store.Message
	err := d.Store.View(func(tx *store.Tx) (err error) {
		m, err = tx.Message(id)
		return err
	})
	if err != nil {
		return err
	}
	if m.Status != store.Parked {
		return &rules.ErrRefused{Why: fmt.Sprintf("message %d is not parked but %s", id, m.Status)}
	}
	if m.Reason == rules.Oversized {
		return &rules.ErrRefused{Why: fmt.Sprintf("message %d was never fetched (%s): raise the limit and let the mailbox be read again", id, m.Reason)}
	}
	env, err := d.reopen(m)
	if err != nil {
		return err
	}
	d.recent.take(id)
	in := store.Incoming{Message: m}
	d.classify(&in, env, &Mailbox{Name: m.Mailbox, Address: d.Address(m.Mailbox)}, m.Delivered)
	if in.Status == store.Parked {
		return &rules.ErrRefused{Why: fmt.Sprintf("message %d is still %s: %s", id, in.Reason, in.Detail)}
	}
	now := d.Now()
	return d.Store.Update(ctx, func(tx *store.Tx) error {
		if err := tx.Record(rules.Event{At: now, Kind: rules.Replayed, Author: author, Message: id, Mailbox: m.Mailbox}); err != nil {
			return err
		}
		if err := revise(tx, &in.Message); err != nil {
			return err
		}
		if in.Status == store.Receipt {
			return d.receipt(tx, &in.Message, recipients(env), now)
		}
		return nil
	})
}

// revise stores what a message was found to be when it was looked at again.
func revise(tx *store.Tx, m *store.Message) error {
	if err := tx.SetMessage(m.ID, m.Status, "", m.Reason, m.Detail); err != nil {
		return err
	}
	return tx.SetFacts(m.ID, m.Facts, m.Proof)
}
