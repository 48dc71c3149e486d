package mailproc

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"sportello/rules"
	"sportello/store"
)

// decideBatch is how many messages are decided in one transaction.
const decideBatch = 256

// retryRegistry is how long a case waits in new before the registry is asked again.
const retryRegistry = time.Minute

// pending is a message on its way to a decision.
type pending struct {
	id      uint64
	msg     *rules.Message
	proof   []rules.ProofStep
	reading rules.Reading
	facts   rules.Facts
}

// decide gives every pending message its decision, oldest first.
func (d *Desk) decide(ctx context.Context) error {
	for {
		n, err := d.decideSome(ctx)
		if err != nil {
			return err
		}
		if n == decideBatch {
			continue
		}
		if err := d.wait(ctx, "decide", time.Time{}); err != nil {
			return err
		}
	}
}

func (d *Desk) decideSome(ctx context.Context) (int, error) {
	batch, err := d.pendingBatch()
	if err != nil || len(batch) == 0 {
		return 0, err
	}
	if err := d.lookUp(ctx, batch); err != nil {
		return 0, err
	}
	now := d.Now()
	err = d.Store.Update(ctx, func(tx *store.Tx) error {
		for _, p := range batch {
			if err := d.settle(tx, p, now); err != nil {
				return fmt.Errorf("decide message %d: %w", p.id, err)
			}
		}
		return nil
	})
	if err != nil && len(batch) > 1 && ctx.Err() == nil {
		err = d.settleEach(ctx, batch, now)
	}
	d.kick("send", "clock", "act")
	d.changed()
	return len(batch), err
}

// settleEach decides one message a transaction, so that one which cannot be
// decided is parked and does not stop the rest.
func (d *Desk) settleEach(ctx context.Context, batch []*pending, now time.Time) error {
	for _, p := range batch {
		err := d.Store.Update(ctx, func(tx *store.Tx) error { return d.settle(tx, p, now) })
		if err == nil {
			continue
		}
		if ctx.Err() != nil || errors.Is(err, store.ErrNoSpace) {
			return err
		}
		d.Log.Error("message could not be decided", "message", p.id, "error", err)
		if err := d.Store.Update(ctx, func(tx *store.Tx) error {
			return d.park(tx, p.id, p.msg.Mailbox, rules.UnreadableMessage, "the desk could not decide it", now)
		}); err != nil {
			return err
		}
	}
	return nil
}

func (d *Desk) pendingBatch() (batch []*pending, err error) {
	err = d.Store.View(func(tx *store.Tx) error {
		ids, err := tx.Pending(decideBatch)
		if err != nil {
			return err
		}
		for _, id := range ids {
			p := &pending{id: id}
			if r := d.recent.take(id); r != nil {
				p.msg, p.proof = r.msg, r.proof
			} else if p.msg, p.proof, err = tx.MessageFacts(id); err != nil {
				return err
			}
			batch = append(batch, p)
		}
		return nil
	})
	return batch, err
}

// lookUp reads each text and asks the registry, outside any transaction.
func (d *Desk) lookUp(ctx context.Context, batch []*pending) error {
	set := d.Policy().Rules
	return onAllCores(len(batch), func(i int) error {
		p := batch[i]
		p.reading = set.Read(*p.msg)
		p.facts = d.registryFacts(ctx, p.msg, p.reading)
		return ctx.Err()
	})
}

// registryFacts asks the registry what the rules will want to know.
func (d *Desk) registryFacts(ctx context.Context, m *rules.Message, r rules.Reading) rules.Facts {
	f := rules.Facts{SHA1: d.Policy().SHA1, Read: d.Now(), Ours: d.ours(m.Sender)}
	if d.Registry == nil || m.Sender == "" {
		return f
	}
	f.Registry = true
	box, err := d.Registry.Mailbox(ctx, m.Sender)
	if err == nil {
		f.Mailbox = box
		if len(r.Orders) > 0 {
			f.Orders, err = d.Registry.Orders(ctx, r.Orders)
		}
	}
	if err != nil {
		f.Registry, f.Down = false, err.Error()
	}
	return f
}

// ours reports whether the address is in a domain that we manage.
func (d *Desk) ours(address string) bool {
	_, domain, _ := strings.Cut(strings.ToLower(address), "@")
	for _, o := range d.Domains {
		if domain == strings.ToLower(o) {
			return true
		}
	}
	return false
}

// settle decides one message and records it, in the caller's transaction.
func (d *Desk) settle(tx *store.Tx, p *pending, now time.Time) error {
	m, err := tx.Message(p.id)
	if err != nil {
		return err
	}
	if m.Status != store.Pending {
		return nil // settled meanwhile
	}
	set := d.Policy().Rules
	if p.facts.Open, p.facts.Closed, err = otherCases(tx, p.msg.Sender); err != nil {
		return err
	}
	if p.reading.Protocol == "" {
		p.reading.Protocol = thread(tx, p.msg)
	}
	dec := set.Decide(*p.msg, p.reading, p.facts)
	arrival := rules.Arrival{ID: p.id, Message: *p.msg, Decision: dec, Proof: p.proof}
	switch {
	case dec.Outcome == rules.None && dec.Joins == "":
		return d.park(tx, p.id, p.msg.Mailbox, dec.Reason, strings.Join(dec.Reasons, "; "), now)
	case dec.Joins != "":
		return d.join(tx, set, arrival, now)
	case dec.Reason == rules.OrdinaryEmail && !d.mayGuide(tx, p.msg.Claimed, now):
		return d.park(tx, p.id, p.msg.Mailbox, dec.Reason, "this address had its guidance letter today", now)
	}
	return d.open(tx, set, arrival, p.facts.Down, now)
}

// thread is the case whose letter a message answers, by In-Reply-To and
// References (RFC 5322 §3.6.4); the rules still ask for the same sender.
func thread(tx *store.Tx, m *rules.Message) string {
	for _, id := range append([]string{m.InReplyTo}, m.References...) {
		if c, _, ok := tx.LetterOf(strings.Trim(id, "<> ")); ok {
			return c
		}
	}
	return ""
}

func (d *Desk) open(tx *store.Tx, set *rules.Set, a rules.Arrival, down string, now time.Time) error {
	id, err := tx.NextProtocol(set.Calendar.Date(now).Year)
	if err != nil {
		return err
	}
	if err := tx.SetMessage(a.ID, store.InCase, id, a.Decision.Reason, ""); err != nil {
		return err
	}
	if down != "" && a.Decision.Reason == rules.RegistryDown {
		events, err := set.OpenDeferred(id, a, down, now.Add(retryRegistry), now)
		if err != nil {
			return err
		}
		return tx.Record(events...)
	}
	c, events, err := set.Open(id, a, now)
	if err != nil {
		return err
	}
	more, err := set.Advance(c, now)
	if err != nil {
		return err
	}
	return tx.Record(append(events, more...)...)
}

func (d *Desk) join(tx *store.Tx, set *rules.Set, a rules.Arrival, now time.Time) error {
	c, err := tx.Brief(a.Decision.Joins)
	if err != nil {
		return err
	}
	if err := tx.SetMessage(a.ID, store.InCase, c.ID, a.Decision.Reason, ""); err != nil {
		return err
	}
	events, err := set.Join(c, a, now)
	if err != nil {
		return err
	}
	return tx.Record(events...)
}

func (d *Desk) park(tx *store.Tx, id uint64, mailbox string, why rules.Reason, detail string, now time.Time) error {
	if err := tx.SetMessage(id, store.Parked, "", why, detail); err != nil {
		return err
	}
	return tx.Record(rules.Event{At: now, Kind: rules.Parked, Message: id, Mailbox: mailbox, Reason: why})
}

// otherCases are the cases of the same certified sender.
func otherCases(tx *store.Tx, sender string) (open, closed []rules.OpenCase, err error) {
	if sender == "" {
		return nil, nil, nil
	}
	err = tx.CasesOf(sender, 100, func(c *rules.Case) bool {
		o := rules.OpenCase{ID: c.ID, Procedure: c.Procedure, State: c.State}
		if c.State == rules.Closed {
			closed = append(closed, o)
		} else {
			open = append(open, o)
		}
		return true
	})
	return open, closed, err
}

// mayGuide keeps the guidance to ordinary mail at one letter an address and day.
func (d *Desk) mayGuide(tx *store.Tx, address string, now time.Time) bool {
	address = strings.ToLower(strings.TrimSpace(address))
	if address == "" {
		return false
	}
	day := d.Policy().Rules.Calendar.Date(now).String()
	if last, _ := tx.Get(store.Desk, "guided/"+address); string(last) == day {
		return false
	}
	return tx.Put(store.Desk, "guided/"+address, []byte(day)) == nil
}

// redecide decides again a case that waited in new for the registry. Before
// half of its term is gone it goes to a person instead.
func (d *Desk) redecide(ctx context.Context, c *rules.Case, now time.Time) error {
	p := &pending{id: c.Messages[0]}
	err := d.Store.View(func(tx *store.Tx) (err error) {
		p.msg, p.proof, err = tx.MessageFacts(p.id)
		return err
	})
	if err != nil {
		return err
	}
	if err := d.lookUp(ctx, []*pending{p}); err != nil {
		return err
	}
	half := c.Received.Add(c.Due.Sub(c.Received) / 2)
	return d.Store.Update(ctx, func(tx *store.Tx) error {
		c, err := tx.Brief(c.ID)
		if err != nil || c.State != rules.New {
			return err
		}
		set := d.Policy().Rules
		dec := set.Decide(*p.msg, p.reading, p.facts)
		if dec.Reason == rules.RegistryDown && now.Before(half) {
			return tx.Record(set.Defer(c, dec.Reason, p.facts.Down, now.Add(retryRegistry), now)...)
		}
		events, err := set.Redecide(c, dec, now)
		if err != nil {
			return err
		}
		return tx.Record(events...)
	})
}
