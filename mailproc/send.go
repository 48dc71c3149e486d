package mailproc

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"sportello/mailproc/submit"
	"sportello/rules"
	"sportello/store"
)

// sendWindow is how many letters are attempted at once: their attempts are
// committed together before the first is dialled.
const sendWindow = 256

// endsWait is how long the end of a letter may wait to be recorded together
// with the others of its window: a commit each would cost more than the letter.
const endsWait = 20 * time.Millisecond

// manyTries are those after which a person is told that a letter does not go.
const manyTries = 3

// send sends the letters owed by one mailbox: rounds prepare them, a few
// connections carry them, and their ends are recorded as they come. A server
// that is slow with one letter holds up no other while a connection is free.
func (d *Desk) send(ctx context.Context, box *Mailbox) error {
	out := &outbox{d: d, box: box, senders: submit.NewPool(box.Send, box.Senders), unsure: unsure{start: time.Now()},
		work: make(chan outgoing), ends: make(chan rules.Event, sendWindow)}
	defer out.senders.Close()
	if err := out.recover(ctx); err != nil {
		return err
	}
	inner, stop := context.WithCancel(ctx)
	defer stop()
	sending, over := outlast(inner, d.grace)
	defer over()
	var carriers sync.WaitGroup
	for range box.Senders {
		carriers.Go(func() { out.carry(sending) })
	}
	recorded := make(chan error, 1)
	go func() { recorded <- out.record(context.WithoutCancel(ctx), stop) }()
	err := out.rounds(inner)
	stop()
	close(out.work)
	carriers.Wait()
	close(out.ends)
	if failure := <-recorded; failure != nil {
		return failure
	}
	return err
}

// rounds goes on until ctx ends.
func (o *outbox) rounds(ctx context.Context) error {
	for {
		more, next, err := o.round(ctx)
		if err != nil {
			return err
		}
		if more {
			continue
		}
		if err := o.d.wait(ctx, sendStage(o.box), next); err != nil {
			return err
		}
	}
}

// outbox sends the letters of one mailbox.
type outbox struct {
	d       *Desk
	box     *Mailbox
	senders *submit.Pool
	unsure  unsure
	work    chan outgoing    // letters whose attempt is recorded
	ends    chan rules.Event // how they ended

	unproved map[string]uint64             // parked receipts by the letter they name; nil: not looked up in this round
	stuck    map[store.LetterKey]time.Time // letters that cannot be prepared, and when that was
}

// outgoing is a letter on its way.
type outgoing struct {
	id string // of its case
	l  rules.Letter
}

// round settles uncertain letters, attempts what is owed, and says whether more
// is due at once and when the next is.
func (o *outbox) round(ctx context.Context) (more bool, next time.Time, err error) {
	d := o.d
	now := d.Now()
	if until := o.gate().shutUntil(now); !until.IsZero() {
		return false, until, nil
	}
	if !d.readOnce(o.box.Name) {
		return false, time.Time{}, nil // the look that comes wakes us
	}
	keys, next, err := o.due(now)
	if err != nil || len(keys) == 0 {
		return false, next, err
	}
	one := o.gate().times() > 0
	if one {
		keys = keys[:1]
	}
	out, err := o.prepareAll(ctx, keys, now)
	if err != nil {
		return false, next, err
	}
	o.dispatch(ctx, out)
	return len(keys) == sendWindow || one && len(out) == 0, next, nil
}

func (o *outbox) gate() *gate { return &o.d.box(o.box.Name).gate }

// prepareAll prepares letters in one transaction. One that cannot be is left
// out and does not stop the rest.
func (o *outbox) prepareAll(ctx context.Context, keys []store.LetterKey, now time.Time) (out []outgoing, err error) {
	for len(keys) > 0 {
		bad := -1
		err = o.d.Store.Update(ctx, func(tx *store.Tx) error {
			out, o.unproved = slices.Grow(out[:0], len(keys)), nil
			peers := o.d.budgets(tx, now)
			for i, k := range keys {
				sending, err := o.prepare(tx, k, now, peers)
				if err != nil {
					bad = i
					return fmt.Errorf("letter %d of case %s: %w", k.N, k.Case, err)
				}
				if sending != nil {
					out = append(out, *sending)
				}
			}
			return peers.save()
		})
		if err == nil || bad < 0 || ofTheStore(ctx, err) {
			return out, err
		}
		o.d.stuck(keys[bad].Case, err)
		o.setAside(keys[bad])
		keys = slices.Delete(slices.Clone(keys), bad, bad+1)
	}
	return nil, nil
}

// due are the letters of this mailbox whose time has come, and when the next
// one's does.
func (o *outbox) due(now time.Time) (keys []store.LetterKey, next time.Time, err error) {
	err = o.d.Store.View(func(tx *store.Tx) error {
		for limit := sendWindow; ; limit *= 4 { // letters that cannot be prepared may stand in front: they stop no other
			all, err := tx.LettersDue(o.box.Name, now.Add(horizon), limit)
			if err != nil {
				return err
			}
			if keys, next = o.ready(all, now); !next.IsZero() || len(keys) == sendWindow || len(all) < limit {
				return nil
			}
		}
	})
	return keys, next, err
}

// ready are those of the letters due that can be tried at now.
func (o *outbox) ready(all []store.LetterKey, now time.Time) (keys []store.LetterKey, next time.Time) {
	for _, k := range all {
		switch {
		case len(keys) == sendWindow:
			return keys, next
		case k.NextTry.After(now): // they are sorted by it
			return keys, k.NextTry
		case time.Since(o.stuck[k.Letter()]) > stuckRest:
			keys = append(keys, k)
		}
	}
	return keys, next
}

// stuckRest is how long a letter that cannot be prepared is left out, so that
// many of them hide none behind.
const stuckRest = time.Minute

func (o *outbox) setAside(k store.LetterKey) {
	if o.stuck == nil || len(o.stuck) > 1<<16 {
		o.stuck = map[store.LetterKey]time.Time{}
	}
	o.stuck[k.Letter()] = time.Now()
}

// prepare decides what happens to a letter that is due: it is held, still
// waits for its receipts, or its attempt is recorded and it goes.
func (o *outbox) prepare(tx *store.Tx, k store.LetterKey, now time.Time, peers *budgets) (*outgoing, error) {
	c, err := tx.Glance(k.Case)
	if err != nil {
		return nil, err
	}
	l := c.Letter(k.N)
	if l == nil {
		return nil, fmt.Errorf("no such letter")
	}
	own := *l // what is recorded changes the case's
	l = &own
	if known, err := o.d.earlyReceipts(tx, c, l, now); known || err != nil {
		return nil, err
	}
	if l.LetterText, err = tx.LetterText(c.ID, l.N); err != nil {
		return nil, err
	}
	ref := &rules.LetterRef{N: l.N, MessageID: l.MessageID, Attempt: len(l.Tries) + 1}
	event := rules.Event{At: now, Case: c.ID, Letter: ref}
	switch {
	case o.d.mayBeSent(c, l, now):
		event.Kind, event.Until = rules.LetterUncertain, rules.At(now.Add(o.d.UncertainWait))
		event.Detail = "a backup was restored, and it may have been sent since that was made: the receipts decide"
		return nil, tx.Record(event)
	case l.State == rules.Uncertain:
		if again, err := o.mayGoAgain(tx, l, event); !again || err != nil {
			return nil, err
		}
	case l.State != rules.Owed && l.State != rules.Held:
		return nil, nil
	case o.forbidden(l.To) != "":
		event.Kind, event.Detail = rules.EventLetterFailed, o.forbidden(l.To)
		return nil, tx.Record(event)
	}
	if l.Past { // its sending had begun when the case was taken back, and came to nothing
		event.Kind, event.Detail = rules.EventLetterFailed, "the case was taken back before it was sent"
		return nil, tx.Record(event)
	}
	until, ok, err := peers.take(l.To, c.ID, l.N, func() (bool, error) { return released(tx, l, c.ID) })
	if err != nil {
		return nil, err
	}
	if !ok {
		event.Kind, event.Until, event.Detail = rules.LetterHeld, &until, "too many letters to this address: an operator can release it"
		return nil, tx.Record(event)
	}
	event.Kind = rules.LetterAttempt
	if err := tx.Record(event); err != nil {
		return nil, err
	}
	return &outgoing{id: c.ID, l: *l}, nil
}

// released reports whether a person let the letter go after it was held.
func released(tx *store.Tx, l *rules.Letter, id string) (bool, error) {
	if l.State == rules.Held {
		return false, nil
	}
	events, err := tx.CaseEvents(id)
	return slices.ContainsFunc(events, func(e rules.Event) bool {
		return e.Kind == rules.LetterReleased && e.Letter.N == l.N
	}), err
}

// forbidden is why no letter may ever go to an address.
func (o *outbox) forbidden(to string) string {
	if to == "" || !strings.Contains(to, "@") {
		return "no address to write to"
	}
	for _, b := range o.d.Mailboxes {
		if strings.EqualFold(b.Address, to) {
			return "our own address: the desk never writes to itself"
		}
	}
	return ""
}

// dispatch hands letters to the connections. When ctx ends, what is begun is
// let end, for a while, and no other letter is dialled for.
func (o *outbox) dispatch(ctx context.Context, out []outgoing) {
	for _, x := range out {
		select {
		case o.work <- x:
		case <-ctx.Done():
			o.ends <- o.notDialled(x, o.d.Now(), "the desk stopped before it dialled")
		}
	}
}

// carry sends letters one after the other.
func (o *outbox) carry(ctx context.Context) {
	var room []byte // for one letter after the other
	for x := range o.work {
		if until := o.gate().shutUntil(o.d.Now()); !until.IsZero() {
			o.ends <- o.notDialled(x, until, "the server had just refused us")
			continue
		}
		o.ends <- o.sendOne(ctx, x, &room)
	}
}

// notDialled is the end of an attempt that something came before; it is made
// again at until.
func (o *outbox) notDialled(x outgoing, until time.Time, why string) rules.Event {
	return rules.Event{At: o.d.Now(), Kind: rules.LetterDeferred, Case: x.id, Until: rules.At(until),
		Letter: &rules.LetterRef{N: x.l.N, MessageID: x.l.MessageID, Attempt: len(x.l.Tries) + 1, Answer: why}}
}

// record commits the ends of letters as they come, many in one transaction. When
// one cannot be, the rounds stop: the rest stays as attempted, and the receipts
// decide.
func (o *outbox) record(ctx context.Context, stop func()) (failure error) {
	var events []rules.Event
	for first := range o.ends {
		events = together(append(events[:0], first), o.ends)
		if failure != nil {
			continue
		}
		if failure = o.d.Store.Update(ctx, func(tx *store.Tx) error { return o.d.letterEnds(tx, events) }); failure != nil {
			stop()
		}
		o.d.kick("clock", sendStage(o.box)) // some may be tried again sooner than the stage would look
		o.d.changed()
	}
	return failure
}

// together adds to the first end those that come with it.
func together(events []rules.Event, ends <-chan rules.Event) []rules.Event {
	enough := time.NewTimer(endsWait)
	defer enough.Stop()
	for {
		select {
		case e, ok := <-ends:
			if !ok {
				return events
			}
			events = append(events, e)
		case <-enough.C:
			return events
		}
	}
}

// letterEnds records how letters ended, and what their cases owe then.
func (d *Desk) letterEnds(tx *store.Tx, events []rules.Event) error {
	for _, e := range events {
		if err := tx.Record(e); err != nil {
			return err
		}
		c, err := tx.Glance(e.Case)
		if err != nil {
			return err
		}
		if err := awaited(tx, c.To, c.Letter(e.Letter.N)); err != nil {
			return err
		}
		more, err := d.after(tx, c, e.At)
		if err != nil {
			return err
		}
		if err := d.record(tx, more...); err != nil {
			return err
		}
	}
	return nil
}

// sendOne sends a letter, written in room, and says how it ended.
func (o *outbox) sendOne(ctx context.Context, x outgoing, room *[]byte) rules.Event {
	d := o.d
	attempt := len(x.l.Tries) + 1
	defer d.underway.begin(fmt.Sprintf("letter %d of case %s", x.l.N, x.id))()
	d.Log.Debug("letter goes", "mailbox", o.box.Name, "case", x.id, "letter", x.l.N, "attempt", attempt)
	e := rules.Event{Kind: rules.LetterSent, Case: x.id,
		Letter: &rules.LetterRef{N: x.l.N, MessageID: x.l.MessageID, Attempt: attempt}}
	raw, err := submit.ComposeIn(*room, o.compose(x.l))
	var answer string
	if err == nil {
		*room = raw
		answer, err = o.senders.Send(ctx, submit.Letter{From: o.box.Address, To: x.l.To, Data: raw})
	} else {
		err = &submit.Error{Kind: submit.Permanent, Stage: "compose", Text: err.Error()}
	}
	e.At = d.Now()
	e.Letter.Answer = maskAddresses(answer)
	if err == nil {
		e.Until = rules.At(e.At.Add(d.AcceptanceWait))
		d.Log.Info("letter sent", "case", x.id, "letter", x.l.N, "answer", e.Letter.Answer)
		o.passed()
		return e
	}
	o.failed(&e, err, attempt)
	d.Log.Warn("letter not sent", "case", x.id, "letter", x.l.N, "became", e.Kind, "error", e.Letter.Answer)
	return e
}

// ofTheLetter are the stages at which a refusal is about the letter, and not
// about us: others may go meanwhile.
var ofTheLetter = []submit.Stage{submit.AtRcpt, submit.AtData, submit.AtEnd}

// passed notes that the server takes letters of the mailbox.
func (o *outbox) passed() {
	o.gate().passed()
	o.d.clear("smtp/" + o.box.Name)
}

// failed turns an error into the event it means. An unknown error is a
// passing one; only a typed refusal is final; after an unclear end the
// receipts decide.
func (o *outbox) failed(e *rules.Event, err error, attempt int) {
	d := o.d
	var typed *submit.Error
	if !errors.As(err, &typed) {
		typed = &submit.Error{Kind: submit.Temporary, Text: err.Error()}
	}
	e.Letter.Answer = maskAddresses(typed.Error())
	if slices.Contains(ofTheLetter, typed.Stage) && (typed.Kind == submit.Permanent || typed.Kind == submit.Temporary) {
		o.passed()
	}
	switch typed.Kind {
	case submit.Uncertain:
		o.unsure.note(e.Letter)
		e.Kind, e.Until = rules.LetterUncertain, rules.At(e.At.Add(d.UncertainWait))
	case submit.Permanent:
		e.Kind = rules.EventLetterFailed
	case submit.Login:
		e.Kind, e.Until = rules.LetterDeferred, rules.At(o.gate().close(e.At, func(int) time.Duration { return loginPause }))
		d.raise("smtp/"+o.box.Name, fmt.Sprintf("The SMTP server refused the login of mailbox %s: its letters wait. Check user and password_file. (%s)", o.box.Name, e.Letter.Answer))
	case submit.Barred:
		e.Kind, e.Until = rules.LetterDeferred, rules.At(o.gate().close(e.At, Backoff))
		if typed.Code < 500 && o.gate().times() < manyTries { // so many letters a minute, say
			return
		}
		d.raise("smtp/"+o.box.Name, fmt.Sprintf("The SMTP server takes no letters of mailbox %s: they wait, and one is tried at growing intervals. Ask the provider whether the mailbox is suspended, full, over its limit of letters or not allowed to send, then try again (`sportello retry`). (%s)", o.box.Name, e.Letter.Answer))
	default:
		e.Kind, e.Until = rules.LetterDeferred, rules.At(e.At.Add(Backoff(attempt)))
		switch {
		case attempt < manyTries:
		case typed.Kind == submit.Temporary && slices.Contains(ofTheLetter, typed.Stage):
			d.raise("late/"+e.Case, fmt.Sprintf("Letter %d of case %s is put off again and again, while others may go: %s. It is tried on. Ask whoever says so why, or tell the customer in another way.", e.Letter.N, e.Case, e.Letter.Answer))
		default:
			d.raise("smtp/"+o.box.Name, fmt.Sprintf("Letters of mailbox %s cannot be sent; they wait and are tried again by themselves. If this lasts, look whether the server's address and certificate are right (`sportello config check --connect`), else ask the provider. (%s)", o.box.Name, e.Letter.Answer))
		}
	}
}

// compose is the letter with the headers of a PEC answer (design §6).
func (o *outbox) compose(l rules.Letter) submit.Message {
	m := submit.Message{From: o.box.Address, FromName: o.box.From, To: l.To, Subject: l.Subject, Text: l.Text,
		MessageID: angle(l.MessageID), InReplyTo: angle(l.InReplyTo), Date: l.Owed}
	for _, r := range l.References {
		m.References = append(m.References, angle(r))
	}
	for _, f := range l.Files {
		m.Attachments = append(m.Attachments, submit.Attachment{Name: f.Name, ContentType: f.Type, Data: f.Data})
	}
	return m
}

// angle writes a message id as headers do (RFC 5322 §3.6.4).
func angle(id string) string {
	if id == "" {
		return ""
	}
	return "<" + strings.Trim(id, "<>") + ">"
}
