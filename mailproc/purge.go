package mailproc

import (
	"context"
	"fmt"
	"time"

	"sportello/rules"
	"sportello/store"
)

// purgeMark is when the desk last looked for what its retention is over for.
const purgeMark = "purged"

// Where the day's purge was missed because the desk was away, it waits for the
// next quiet hour, but not for more than purgeLate.
const (
	purgeWindow = 2 * time.Hour
	purgeLate   = 48 * time.Hour
	purgeLimit  = 6 * time.Hour // how long one may take before the desk counts as stalled
)

// purge removes, once a day at its quiet hour, what its retention is over for.
// What is gone does not come back, so its day is not told by this machine's
// clock alone: what providers certified last must say so too.
func (d *Desk) purge(ctx context.Context) error {
	if d.Retention == nil {
		return nil
	}
	now := d.Now()
	due, err := d.purgeDue(ctx, now)
	if err != nil || !due {
		return err
	}
	var sure time.Time
	err = d.Store.View(func(tx *store.Tx) (err error) {
		sure, err = certifiedUntil(tx, now)
		return err
	})
	if err != nil || sure.IsZero() {
		return err
	}
	d.progress.beat("house", purgeLimit)
	report, err := d.purged(ctx, sure)
	switch {
	case ofTheStore(ctx, err):
		return err
	case err != nil:
		d.Log.Error("what its retention is over for cannot be removed", "error", err)
		d.raise("purge", fmt.Sprintf("What its retention is over for could not be removed: %s. It is tried again tomorrow; `sportello purge` tries now.", oneLine(err)))
	default:
		d.clear("purge")
		d.Log.Info("what its retention is over for is removed", "cases", report.Cases, "messages", report.Messages, "months", len(report.Months), "bytes", report.Bytes)
	}
	return nil
}

func (d *Desk) purged(ctx context.Context, sure time.Time) (store.Report, error) {
	keep, err := d.Retention(sure, d.Policy().Rules)
	if err != nil {
		return store.Report{}, err
	}
	keep.At = d.Now()
	return d.Store.Purge(ctx, keep, "", false)
}

// purgeDue reports whether the day's purge is to be done now, and notes that it
// is: one that fails waits for the next day. The first day of a database passes
// without one.
func (d *Desk) purgeDue(ctx context.Context, now time.Time) (due bool, err error) {
	cal := d.Policy().Rules.Calendar
	local := now.In(cal.Zone)
	hour := time.Date(local.Year(), local.Month(), local.Day(), 0, int(d.PurgeAt.Minutes()), 0, 0, cal.Zone)
	first := false
	err = d.Store.View(func(tx *store.Tx) error {
		mark, err := tx.Get(store.Desk, purgeMark)
		if err != nil || behind(tx, now) {
			return err
		}
		var last time.Time
		first = last.UnmarshalBinary(mark) != nil
		due = !first && last.Before(hour) && !now.Before(hour) && (now.Before(hour.Add(purgeWindow)) || now.Sub(last) > purgeLate)
		return nil
	})
	if err != nil || !due && !first {
		return false, err
	}
	mark, err := now.MarshalBinary()
	if err != nil {
		return false, err
	}
	return due, d.Store.Update(ctx, func(tx *store.Tx) error { return tx.Put(store.Desk, purgeMark, mark) })
}

// witnesses is how many messages, the newest, are looked through for one whose
// instant a provider certified.
const witnesses = 1000

// certifiedUntil is the earlier of now and the last instant that a provider's
// signature proves to have come; zero: none does.
func certifiedUntil(tx *store.Tx, now time.Time) (at time.Time, err error) {
	seen := 0
	err = tx.LastMessages(func(m *store.Message) (bool, error) {
		seen++
		if m.Status == store.Receipt && m.Receipt != nil {
			at = m.Receipt.At
		} else if m.Kind == rules.Transport && m.Identifier != "" {
			facts, _, err := tx.MessageFacts(m.ID)
			if err != nil {
				return false, err
			}
			if facts != nil && facts.Proved() {
				at = facts.Sent
			}
		}
		return at.IsZero() && seen < witnesses, nil
	})
	if at.After(now) {
		at = now
	}
	return at, err
}
