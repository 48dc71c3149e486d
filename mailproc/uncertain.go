package mailproc

import (
	"context"
	"fmt"
	"sync"
	"time"

	"sportello/rules"
	"sportello/store"
)

// An uncertain letter may have been sent. It goes again only when the mailbox
// was read to its end after the wait had passed, and no receipt that names the
// letter is there, not even one that is not believed (design §6), while those
// of other letters come. The wait is measured by this process's own clock,
// which does not jump; it begins anew with the process.

// mayGoAgain decides about an uncertain letter whose time has come; where it
// may not go, it records what happens instead.
func (o *outbox) mayGoAgain(tx *store.Tx, l *rules.Letter, event rules.Event) (bool, error) {
	enough := o.unsure.since(l.MessageID).Add(o.d.UncertainWait)
	if !o.looked().Before(enough) {
		if unnamed, err := o.unnamed(tx, l, event); !unnamed || err != nil {
			return false, err
		}
		unheard, err := o.unheard(tx, l, event)
		return !unheard, err
	}
	wait := time.Until(enough)
	if wait <= 0 {
		wait = min(o.d.UncertainWait, time.Minute)
		o.d.readSince(event.At, o.box.Name)
	}
	event.Kind, event.Until = rules.LetterUncertain, rules.At(event.At.Add(wait))
	event.Detail = "the mailbox has not been read to its end since: the receipts may still be there"
	return false, tx.Record(event)
}

// looked is when the mailbox was last read to its end, by the process's clock.
func (o *outbox) looked() time.Time {
	s := o.d.box(o.box.Name)
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.looked
}

// unnamed reports that no parked receipt names the letter. One that does is
// not believed, but sending against it could be sending twice: a person looks.
func (o *outbox) unnamed(tx *store.Tx, l *rules.Letter, event rules.Event) (bool, error) {
	if o.unproved == nil {
		var err error
		if o.unproved, err = unprovedReceipts(tx); err != nil {
			return false, err
		}
	}
	id, named := o.unproved[l.MessageID]
	if !named {
		return true, nil
	}
	event.Kind, event.Message = rules.LetterHeld, id
	event.Detail = fmt.Sprintf("it may have been sent: message %d is a receipt for it that is not proved; replay that message, or release the letter to send it again", id)
	return false, o.d.record(tx, event)
}

// unprovedReceipts are the parked receipts by the letter that they name.
func unprovedReceipts(tx *store.Tx) (map[string]uint64, error) {
	out := map[string]uint64{}
	for before := uint64(0); ; {
		page, err := tx.Parked(before, 256)
		if err != nil || len(page) == 0 {
			return out, err
		}
		for i := range page {
			if m := &page[i]; m.Kind == rules.Receipt && m.About != "" {
				out[m.About] = m.ID
			}
			before = page[i].ID
		}
	}
}

// unsure remembers since when this process knows that a letter is uncertain:
// by a clock that no correction of the wall clock moves.
type unsure struct {
	mu    sync.Mutex
	start time.Time // of what is not in the map: uncertain since before
	m     map[string]time.Time
}

func (u *unsure) note(l *rules.LetterRef) {
	u.mu.Lock()
	defer u.mu.Unlock()
	if u.m == nil || len(u.m) > 1<<16 {
		u.start, u.m = time.Now(), map[string]time.Time{} // forgetting only makes letters wait longer
	}
	u.m[l.MessageID] = time.Now()
}

func (u *unsure) since(messageID string) time.Time {
	u.mu.Lock()
	defer u.mu.Unlock()
	if at, known := u.m[messageID]; known {
		return at
	}
	return u.start
}

// recover makes letters uncertain whose attempt did not end before the stage
// last stopped: they may have been sent, and the receipts decide.
func (o *outbox) recover(ctx context.Context) error {
	d := o.d
	return d.Store.Update(ctx, func(tx *store.Tx) error {
		now := d.Now()
		trying, err := tx.LettersTrying(1 << 20)
		if err != nil {
			return err
		}
		for _, k := range trying {
			c, err := tx.Brief(k.Case)
			if err != nil {
				return err
			}
			if c.To != o.box.Name {
				continue
			}
			l := c.Letter(k.N)
			e := rules.Event{At: now, Kind: rules.LetterUncertain, Case: k.Case, Until: rules.At(now.Add(d.UncertainWait)),
				Letter: &rules.LetterRef{N: k.N, MessageID: l.MessageID, Attempt: len(l.Tries), Answer: "the desk stopped during the attempt"}}
			if err := tx.Record(e); err != nil {
				return err
			}
		}
		return nil
	})
}
