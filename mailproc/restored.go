package mailproc

import (
	"fmt"
	"time"

	"sportello/rules"
	"sportello/store"
)

// A database that was restored from a backup does not know what its desk did
// since: which letters went, which steps were done. The receipts tell of the
// letters, once they are there; of the steps a person is asked.

// restoredKey is when a desk first started on a copy of its database, RFC 3339.
const restoredKey = "restored"

// restoration notes the first start on a copy, and recalls when that was.
func (d *Desk) restoration(tx *store.Tx, now time.Time) error {
	copied, err := tx.Get(store.Desk, store.Copied)
	if err != nil {
		return err
	}
	if copied != nil {
		at := []byte(now.UTC().Format(time.RFC3339Nano))
		if err := tx.Put(store.Desk, restoredKey, at); err != nil {
			return err
		}
		if err := tx.Put(store.Desk, store.Copied, nil); err != nil {
			return err
		}
	}
	at, err := tx.Get(store.Desk, restoredKey)
	if err != nil || at == nil {
		return err
	}
	if d.restored, err = time.Parse(time.RFC3339, string(at)); err != nil {
		return fmt.Errorf("when the database was restored: %w", err)
	}
	return nil
}

// mayBeSent reports whether a letter that was never tried may have been sent all
// the same. Receipts that are not there a while after the restore never come.
func (d *Desk) mayBeSent(c *rules.Case, l *rules.Letter, now time.Time) bool {
	return l.State == rules.Owed && len(l.Tries) == 0 && c.Received.Before(d.restored) && now.Before(d.restored.Add(d.UncertainWait))
}

// mayBeDone reports whether a step may have been done before a backup was
// restored: it was due before. One that follows another is due later here than
// it was there by as much as a person took to look at that one.
func (d *Desk) mayBeDone(c *rules.Case, n int) bool {
	due := c.Steps[n-1].Due
	if n > 1 {
		if before := c.Steps[n-2]; before.Due.Before(d.restored) && before.Done.After(d.restored) {
			due = due.Add(before.Due.Sub(before.Done))
		}
	}
	return due.Before(d.restored)
}
