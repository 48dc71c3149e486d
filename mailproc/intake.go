package mailproc

import (
	"context"
	"errors"
	"fmt"
	"io"
	"runtime"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"sportello/mailproc/mailbox"
	"sportello/mailproc/pec"
	"sportello/rules"
	"sportello/store"
)

// intake is the sink of one mailbox.
type intake struct {
	d   *Desk
	box *Mailbox

	room []store.Incoming // of one batch, and then the next
}

// Store opens and verifies a batch on all cores, makes its bytes durable, and
// commits messages, receipts and cursor in one transaction.
func (in *intake) Store(ctx context.Context, batch []mailbox.Message, next mailbox.Cursor) error {
	d := in.d
	if err := d.room(ctx); err != nil {
		return err
	}
	incoming, about := slices.Grow(in.room[:0], len(batch))[:len(batch)], make([][]string, len(batch))
	in.room = incoming
	defer clear(incoming)
	read := d.Now()
	err := onAllCores(len(batch), func(i int) (err error) {
		incoming[i], about[i], err = d.incoming(in.box, &batch[i], read)
		return err
	})
	if err != nil {
		return err
	}
	_, err = d.Store.Intake(ctx, in.box.Name, store.Cursor(next), incoming, func(tx *store.Tx, ids []uint64) error {
		for i := range incoming { // before anybody can see them, so that none stays behind
			if incoming[i].Status == store.Pending {
				d.recent.put(ids[i], &found{incoming[i].Facts, incoming[i].Proof})
			}
		}
		return d.receipts(tx, incoming, about, ids, read)
	})
	if err != nil {
		for i := range incoming {
			d.recent.take(incoming[i].ID)
		}
		return fmt.Errorf("store messages of %s: %w", in.box.Name, err)
	}
	d.progress.beat("receive/"+in.box.Name, folderLimit(in.box))
	d.Log.Debug("messages are stored", "mailbox", in.box.Name, "count", len(batch), "uidvalidity", next.UIDValidity, "uid", next.UID)
	d.kick("decide", "send", "clock", "act")
	d.changed()
	return nil
}

// onAllCores calls do for every number below n and returns the first error; a
// few goroutines do them all, since each new one would grow its stack anew.
func onAllCores(n int, do func(i int) error) error {
	var g errgroup.Group
	var next atomic.Int64
	for range min(runtime.GOMAXPROCS(0), n) {
		g.Go(func() error {
			for i := int(next.Add(1)) - 1; i < n; i = int(next.Add(1)) - 1 {
				if err := do(i); err != nil {
					return err
				}
			}
			return nil
		})
	}
	return g.Wait()
}

// incoming opens one message, and says to whom the letter went that a receipt
// is about. Content never fails it; only reading it back does.
func (d *Desk) incoming(box *Mailbox, m *mailbox.Message, read time.Time) (store.Incoming, []string, error) {
	in := store.Incoming{Message: store.Message{Mailbox: box.Name, Cursor: store.Cursor{UIDValidity: m.UIDValidity, UID: m.UID},
		Delivered: m.Delivered, Read: read, Size: m.Size}}
	if m.Err != nil {
		in.Kind, in.Status, in.Reason, in.Detail = rules.Unreadable, store.Parked, rules.UnreadableMessage, m.Err.Error()
		if errors.Is(m.Err, mailbox.ErrOversized) {
			in.Reason = rules.Oversized
		}
		in.Bytes = stub(box, m)
		return in, nil, nil
	}
	env, err := d.open(m.Body, pec.Options{Trust: d.Policy().Trust, Delivered: m.Delivered, Ours: d.addresses()})
	if err != nil {
		return in, nil, fmt.Errorf("read message %d of %s: %w", m.UID, box.Name, err)
	}
	if in.Bytes = m.Body.Bytes(); in.Bytes == nil {
		in.Raw = io.NewSectionReader(m.Body, 0, m.Size)
	}
	in.MessageID = env.Header.MessageID
	in.Digest = env.Digest
	d.classify(&in, env, box, m.Delivered)
	return in, recipients(env), nil
}

// recipients are those of the letter that a receipt is about.
func recipients(env *pec.Envelope) (to []string) {
	if env.Kind == pec.Receipt && env.Daticert != nil {
		for _, r := range env.Daticert.Recipients {
			to = append(to, strings.ToLower(r.Address))
		}
	}
	return to
}

// notFetched begins the stub of a message whose bytes were never had.
const notFetched = "X-Sportello-Not-Fetched: "

// stub stands for it in the archive.
func stub(box *Mailbox, m *mailbox.Message) []byte {
	return fmt.Appendf(nil, notFetched+"%s\r\nX-Sportello-Place: %s uidvalidity=%d uid=%d size=%d\r\n\r\n",
		m.Err, box.Name, m.UIDValidity, m.UID, m.Size)
}

// classify says what becomes of an opened message at its intake.
func (d *Desk) classify(in *store.Incoming, env *pec.Envelope, box *Mailbox, delivered time.Time) {
	in.Kind = rules.MessageKind(env.Kind)
	in.Proof = proof(env)
	facts := Facts(env, box.Name, delivered)
	switch {
	case env.Kind == pec.Unreadable:
		in.Status, in.Reason, in.Detail = store.Parked, rules.UnreadableMessage, env.Reason
	case env.Kind == pec.Receipt && env.Verdict.Status == pec.Valid && env.Daticert != nil:
		in.Status = store.Receipt
		in.Receipt = receiptOf(env)
		if strings.EqualFold(env.Daticert.Sender, box.Address) { // about a letter of this mailbox, not somebody's else
			in.About = env.Reference()
		}
		in.Identifier = env.Daticert.Identifier
	case env.Kind == pec.Receipt:
		if env.Daticert != nil { // not believed, but no letter goes again against it
			in.About = env.Reference()
		}
		in.Status, in.Reason, in.Detail = store.Parked, facts.Problem, "a receipt that is not proved: "+env.Verdict.Detail
	default:
		in.Status, in.Facts = store.Pending, &facts
		if env.Proved() {
			in.Identifier = env.Daticert.Identifier
		}
	}
}

func (d *Desk) addresses() []string {
	out := make([]string, len(d.Mailboxes))
	for i, b := range d.Mailboxes {
		out[i] = b.Address
	}
	return out
}

func receiptOf(env *pec.Envelope) *rules.ReceiptRef {
	c := env.Daticert
	r := &rules.ReceiptRef{Kind: c.Type, At: c.At, Identifier: c.Identifier, Provider: env.Verdict.Provider}
	if c.Error != "" && c.Error != "nessuno" {
		r.Error = c.Error
	}
	return r
}

// receipts applies the receipts of a batch to their letters, and tells of what nobody has read.
func (d *Desk) receipts(tx *store.Tx, in []store.Incoming, to [][]string, ids []uint64, now time.Time) error {
	for i := range in {
		var err error
		switch m := &in[i].Message; {
		case ids[i] == 0:
		case m.Status == store.Receipt:
			err = d.receipt(tx, m, to[i], now)
		case m.Status == store.Parked && m.Kind == rules.Receipt:
			err = d.unbelieved(tx, m)
		case m.Status == store.Parked && m.Reason == rules.Oversized:
			err = d.unread(tx, m)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// unbelieved tells of a parked receipt that names a letter which waits for one:
// of a provider whose new certificate the index does not have, or a forgery.
// The letter, and what is to follow its delivery, would wait on for ever.
func (d *Desk) unbelieved(tx *store.Tx, m *store.Message) error {
	caseID, n, ok := tx.LetterOf(m.About)
	if !ok {
		return nil
	}
	c, err := tx.Glance(caseID)
	if err != nil || over("receipt", c) {
		return err
	}
	return d.raiseIn(tx, "receipt/"+caseID, fmt.Sprintf("Letter %d of case %s: message %d is a receipt for it that is parked, because it is not proved (%s). If its provider is a genuine one, import the new index (`sportello trust import`) and replay it; the case waits for it.", n, caseID, m.ID, m.Reason))
}

// receipt applies one receipt: matched by the msgid inside the signed part and
// by whom the letter went to, and only when a provider signed it that may say so.
// One without its letter is kept.
func (d *Desk) receipt(tx *store.Tx, m *store.Message, to []string, now time.Time) error {
	caseID, n, ok := tx.LetterOf(m.About)
	if !ok {
		return nil // the intake has said so
	}
	text, err := tx.LetterText(caseID, n)
	if err != nil {
		return err
	}
	ignored := rules.Event{At: now, Kind: rules.ReceiptStored, Message: m.ID, Mailbox: m.Mailbox, Receipt: m.Receipt}
	switch {
	case !d.mayIssue(m, text.To) && m.Receipt.Kind == rules.ReceiptDelivered:
		ignored.Detail = "it names a letter of ours, but not its recipient's provider issued it"
	case !d.mayIssue(m, text.To):
		ignored.Detail = "it names a letter of ours, but not our provider issued it"
	case !slices.Contains(to, strings.ToLower(text.To)):
		ignored.Detail = "the letter of this name goes to another recipient: it is of before a backup was restored"
	}
	if ignored.Detail != "" {
		return tx.Record(ignored)
	}
	if err := tx.SetMessage(m.ID, store.Receipt, caseID, m.Reason, m.Detail); err != nil {
		return err
	}
	d.Log.Debug("receipt moves a letter", "message", m.ID, "case", caseID, "letter", n, "receipt", m.Receipt.Kind)
	event := rules.Event{At: now, Kind: rules.LetterReceipt, Case: caseID, Message: m.ID,
		Letter: &rules.LetterRef{N: n, MessageID: m.About}, Receipt: m.Receipt}
	if err := tx.Record(event); err != nil {
		return err
	}
	c, err := tx.Glance(caseID)
	if err != nil {
		return err
	}
	if err := d.heard(tx, m, c.To, c.Letter(n), now); err != nil {
		return err
	}
	more, err := d.after(tx, c, now)
	if err != nil {
		return err
	}
	return d.record(tx, more...)
}

// mayIssue reports whether the provider that signed a receipt may say this of a letter to that address: only who took the letter
// accepts or refuses it, and only who keeps the mailbox delivers to it (RFC 6109 §3.1.2, §3.3); the rest is said by either.
// Any provider can make a receipt that speaks of a mailbox of its own and names our letter.
func (d *Desk) mayIssue(in *store.Message, to string) bool {
	trust := d.Policy().Trust
	if trust == nil || trust.Index() == nil {
		return true
	}
	keeps := func(address string) bool {
		return slices.ContainsFunc(trust.ProviderFor(address), func(p pec.Provider) bool { return p.Name == in.Receipt.Provider })
	}
	switch in.Receipt.Kind {
	case rules.ReceiptAccepted, rules.ReceiptRefused:
		return keeps(d.Address(in.Mailbox))
	case rules.ReceiptDelivered:
		return keeps(to)
	}
	return keeps(d.Address(in.Mailbox)) || keeps(to)
}
