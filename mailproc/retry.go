package mailproc

import (
	"context"

	"sportello/rules"
)

// askedFor is why an event brings something near that waited for its next try.
const askedFor = "a person asked to try again now"

// retryNow tries at once whatever waits for its next try, because a person has
// mended what was wrong: mailboxes that could not be read, logins that were
// refused, letters, steps, cases that wait for the registry. What is held, and
// what receipts decide, waits on.
func (d *Desk) retryNow(ctx context.Context, author string) error {
	for _, b := range d.Mailboxes {
		s := d.box(b.Name)
		s.gate.open()
		s.mu.Lock()
		if s.poller != nil {
			s.poller.Retry()
		}
		s.mu.Unlock()
	}
	err := d.bringNear(ctx, near{beyond: 0, letters: map[rules.LetterState]rules.EventKind{rules.Owed: rules.LetterDeferred}, why: askedFor, author: author})
	d.Wake()
	return err
}
