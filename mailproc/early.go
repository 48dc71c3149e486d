package mailproc

import (
	"errors"
	"fmt"
	"time"

	"sportello/mailproc/pec"
	"sportello/rules"
	"sportello/store"
)

// earlyReceipts applies the receipts that came before their letter: after a
// backup was restored the mailbox still holds them, and the letter that is
// decided again has the same name. It reports whether the letter was sent
// already. A receipt for another recipient is left alone.
func (d *Desk) earlyReceipts(tx *store.Tx, c *rules.Case, l *rules.Letter, now time.Time) (bool, error) {
	ids, err := tx.ReceiptsFor(l.MessageID)
	if err != nil || len(ids) == 0 {
		return false, err
	}
	text, err := tx.LetterText(c.ID, l.N)
	if err != nil {
		return false, err
	}
	for _, id := range ids {
		m, err := tx.Message(id)
		if err != nil {
			return false, err
		}
		env, err := d.reopen(m)
		if errors.Is(err, store.ErrErased) {
			continue
		}
		if err != nil {
			return false, fmt.Errorf("receipt %d: %w", id, err)
		}
		if env.Kind != pec.Receipt || env.Daticert == nil {
			continue
		}
		if m.Receipt = receiptOf(env); d.mayIssue(&m, text.To) {
			if err := d.receipt(tx, &m, recipients(env), now); err != nil {
				return false, err
			}
		}
	}
	after, err := tx.Brief(c.ID)
	if err != nil {
		return false, err
	}
	return after.Letters[l.N-1].State != l.State, nil
}

// reopen opens a stored message again.
func (d *Desk) reopen(m store.Message) (*pec.Envelope, error) {
	raw, err := d.Store.Raw(m)
	if err != nil {
		return nil, err
	}
	defer raw.Close()
	return pec.Open(raw, m.Size, pec.Options{Trust: d.Policy().Trust, Delivered: m.Delivered, Ours: d.addresses()})
}
