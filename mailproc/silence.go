package mailproc

import (
	"encoding/json"
	"fmt"
	"time"

	"sportello/rules"
	"sportello/store"
)

// echo is what is known of a mailbox's receipts. That none names a letter
// proves that it was not sent only while the provider's receipts come: some
// have, none of them late a short while ago, and no letter that the server took
// waits long for its own. Of a provider that says nothing the silence says
// nothing.
type echo struct {
	Since time.Time `json:"since,omitzero"` // of the first letter that the server took, and neither it nor a later one has a receipt; zero: there is none
	Last  time.Time `json:"last,omitzero"`  // of the last letter that it took
}

func echoKey(mailbox string) string { return "receipts/" + mailbox }

// echoOf is nil while no receipt was ever prompt.
func echoOf(tx *store.Tx, mailbox string) (*echo, error) {
	raw, err := tx.Get(store.Desk, echoKey(mailbox))
	if err != nil || raw == nil {
		return nil, err
	}
	e := &echo{}
	if err := json.Unmarshal(raw, e); err != nil {
		return nil, fmt.Errorf("receipts of %s: %w", mailbox, err)
	}
	return e, nil
}

func (e *echo) put(tx *store.Tx, mailbox string) error {
	raw, err := json.Marshal(e)
	if err != nil {
		return err
	}
	return tx.Put(store.Desk, echoKey(mailbox), raw)
}

// awaited notes that the server took a letter, unless its receipt is there.
func awaited(tx *store.Tx, mailbox string, l *rules.Letter) error {
	if l.State != rules.Sent {
		return nil
	}
	e, err := echoOf(tx, mailbox)
	if e == nil || err != nil {
		return err
	}
	e.Last = l.Tries[len(l.Tries)-1].At
	if e.Since.IsZero() {
		e.Since = e.Last
	}
	return e.put(tx, mailbox)
}

// heard notes a receipt with which a mailbox's own provider says whether it
// has a letter. Of one that comes late it is noted that more may follow.
func (d *Desk) heard(tx *store.Tx, m *store.Message, mailbox string, l *rules.Letter, now time.Time) error {
	if k := m.Receipt.Kind; k != rules.ReceiptAccepted && k != rules.ReceiptRefused || len(l.Tries) == 0 {
		return nil
	}
	came, tried := now, l.Tries[len(l.Tries)-1].At
	if !m.Delivered.IsZero() && m.Delivered.Before(now) { // the desk may have been away
		came = m.Delivered
	}
	if came.Sub(tried) > d.UncertainWait {
		s := d.box(mailbox)
		s.mu.Lock()
		s.late = time.Now()
		s.mu.Unlock()
	}
	e, err := echoOf(tx, mailbox)
	switch {
	case err != nil:
		return err
	case e == nil || !tried.Before(e.Last):
		e = &echo{}
	case tried.After(e.Since): // letters that went later have none yet
		e.Since = tried
	default:
		return nil
	}
	d.clear(echoKey(mailbox))
	return e.put(tx, mailbox)
}

// silent reports whether the provider's silence about a letter proves nothing.
// What was taken has waited half of the wait for its receipt: the letter was
// tried before, when the provider may have fallen silent already. A clock that
// went back proves nothing either.
func (d *Desk) silent(tx *store.Tx, mailbox string, now time.Time) (bool, error) {
	s := d.box(mailbox)
	s.mu.Lock()
	late := s.late
	s.mu.Unlock()
	e, err := echoOf(tx, mailbox)
	if e == nil || err != nil || !late.IsZero() && time.Since(late) < d.UncertainWait {
		return true, err
	}
	return !e.Since.IsZero() && (now.Before(e.Since) || now.Sub(e.Since) > d.UncertainWait/2), nil
}

// unheard lets an uncertain letter wait on whose provider is silent, and in the
// end asks a person; it reports whether that is so.
func (o *outbox) unheard(tx *store.Tx, l *rules.Letter, event rules.Event) (bool, error) {
	d := o.d
	silent, err := d.silent(tx, o.box.Name, event.At)
	if !silent || err != nil {
		return false, err
	}
	d.raise("receipts/"+o.box.Name, fmt.Sprintf("Letters of mailbox %s may have been sent or not, and no receipts come that would tell: they wait, so that none goes twice. Ask the provider whether its receipts arrive.", o.box.Name))
	if time.Since(o.unsure.since(l.MessageID)) > d.AcceptanceWait {
		event.Kind, event.Detail = rules.LetterHeld, "it may have been sent, and no receipts come that would tell: ask the provider whether it has the letter, and release it to send it again"
		return true, d.record(tx, event)
	}
	event.Kind, event.Until = rules.LetterUncertain, rules.At(event.At.Add(d.UncertainWait))
	event.Detail = "no receipts come for other letters either: that there is none for this one proves nothing"
	return true, tx.Record(event)
}
