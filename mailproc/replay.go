package mailproc

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"sportello/mailproc/pec"
	"sportello/rules"
	"sportello/store"
)

// replay opens the stored bytes of a parked message again and lets it be
// decided as if it had come now; the clock still runs from its delivery.
func (d *Desk) replay(ctx context.Context, id uint64, author string) error {
	m, env, err := d.lookAgain(id)
	if err != nil {
		return err
	}
	in := store.Incoming{Message: m}
	d.classify(&in, env, &Mailbox{Name: m.Mailbox, Address: d.Address(m.Mailbox)}, m.Delivered)
	if in.Status == store.Parked {
		return &rules.ErrRefused{Why: fmt.Sprintf("message %d is still %s: %s", id, in.Reason, in.Detail)}
	}
	now := d.Now()
	return d.Store.Update(ctx, func(tx *store.Tx) error {
		if err := d.takeUp(tx, id, author, now); err != nil {
			return err
		}
		if again, err := repeats(tx, in.Message, now); again || err != nil {
			return err
		}
		if err := tx.Revise(&in.Message); err != nil {
			return err
		}
		if in.Status == store.Receipt {
			return d.receipt(tx, &in.Message, recipients(env), now)
		}
		return nil
	})
}

// lookAgain opens the bytes of a parked message again; of what was found in it
// before, only where it came from and lies is kept.
func (d *Desk) lookAgain(id uint64) (m store.Message, env *pec.Envelope, err error) {
	err = d.Store.View(func(tx *store.Tx) (err error) {
		m, err = tx.Message(id)
		return err
	})
	if err == nil {
		err = replayable(&m)
	}
	if err == nil {
		err = d.hasBytes(m)
	}
	if err == nil {
		env, err = d.reopen(m)
	}
	if err != nil {
		return m, nil, err
	}
	d.recent.take(id)
	return store.Message{ID: m.ID, Mailbox: m.Mailbox, Cursor: m.Cursor, Delivered: m.Delivered, Read: m.Read,
		Size: m.Size, Digest: m.Digest, Place: m.Place, MessageID: env.Header.MessageID}, env, nil
}

// takeUp records who looks at a parked message again, unless somebody else was quicker.
func (d *Desk) takeUp(tx *store.Tx, id uint64, author string, now time.Time) error {
	was, err := tx.Message(id)
	if err == nil {
		err = replayable(&was)
	}
	if err != nil {
		return err
	}
	return tx.Record(rules.Event{At: now, Kind: rules.Replayed, Author: author, Message: id, Mailbox: was.Mailbox})
}

// replayable refuses what is not parked.
func replayable(m *store.Message) error {
	switch {
	case m.Status == store.Parked:
		return nil
	case m.Case != "":
		return &rules.ErrRefused{Why: fmt.Sprintf("message %d is not parked: it belongs to case %s", m.ID, m.Case)}
	}
	return &rules.ErrRefused{Why: fmt.Sprintf("message %d is not parked but %s", m.ID, m.Status)}
}

// hasBytes refuses a message that was never fetched: only its stub is there.
func (d *Desk) hasBytes(m store.Message) error {
	raw, err := d.Store.Raw(m)
	if err != nil {
		return err
	}
	defer raw.Close()
	head := make([]byte, len(notFetched))
	n, err := raw.ReadAt(head, 0)
	if err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	if string(head[:n]) == notFetched {
		return &rules.ErrRefused{Why: fmt.Sprintf("message %d was never fetched (%s): look at it in the mailbox; what keeps it from being read must go, then move it out of the folder and back", m.ID, m.Reason)}
	}
	return nil
}

// repeats makes a duplicate of a message whose envelope is known by its
// certified identifier from another copy: proved only now, it would be decided
// a second time.
func repeats(tx *store.Tx, m store.Message, now time.Time) (bool, error) {
	if m.Identifier == "" || m.Status == store.Receipt {
		return false, nil
	}
	first, err := tx.FirstOf(&m)
	if errors.Is(err, store.ErrNotFound) {
		return false, nil
	}
	if err != nil || first.ID == m.ID || first.Status == store.Receipt {
		return false, err
	}
	m.Status, m.Reason, m.Original = store.Duplicate, rules.Duplicate, first.ID
	if err := tx.Revise(&m); err != nil {
		return false, err
	}
	return true, tx.Record(rules.Event{At: now, Kind: rules.Duplicated, Message: m.ID, Mailbox: m.Mailbox, Reason: rules.Duplicate,
		Detail: fmt.Sprintf("repeats message %d", first.ID)})
}
