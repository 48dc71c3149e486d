package mailproc

import (
	"context"
	"errors"
	"fmt"
	"slices"
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
	broken  error // reading it failed: a person sees it
}

// decide gives every pending message its decision, oldest first. While one batch
// is being recorded the next is read.
func (d *Desk) decide(ctx context.Context) error {
	var behind *settling // the batch that is being recorded
	for {
		d.progress.beat("decide", stageLimit)
		batch, err := d.pendingBatch(behind.last())
		if err == nil {
			err = d.lookUp(ctx, batch)
		}
		if err = errors.Join(behind.wait(), err); err != nil {
			return err
		}
		switch {
		case len(batch) > 0:
			behind = d.settleAll(ctx, batch)
		case behind != nil:
			behind = nil // from the beginning: what could not be settled is looked at again
		default:
			err = d.wait(ctx, "decide", time.Time{})
		}
		if err != nil {
			return err
		}
	}
}

// settling is a batch on its way into the store.
type settling struct {
	upTo uint64     // the last message of the batch
	done chan error // one, at its end
}

// last is the last message of the batch, 0 without one.
func (s *settling) last() uint64 {
	if s == nil {
		return 0
	}
	return s.upTo
}

func (s *settling) wait() error {
	if s == nil {
		return nil
	}
	return <-s.done
}

// settleAll records the decisions of a batch, beside its caller.
func (d *Desk) settleAll(ctx context.Context, batch []*pending) *settling {
	s := &settling{upTo: batch[len(batch)-1].id, done: make(chan error, 1)}
	now := d.Now()
	go func() {
		err := d.Store.Update(ctx, func(tx *store.Tx) error {
			for _, p := range batch {
				if err := d.settle(tx, p, now); err != nil {
					return fmt.Errorf("decide message %d: %w", p.id, err)
				}
			}
			return nil
		})
		if err != nil && !ofTheStore(ctx, err) {
			err = d.settleEach(ctx, batch, now)
		}
		d.kick("send", "clock", "act")
		d.changed()
		s.done <- err
	}()
	return s
}

// settleEach decides one message a transaction, so that one which cannot be
// decided is parked and does not stop the rest.
func (d *Desk) settleEach(ctx context.Context, batch []*pending, now time.Time) error {
	for _, p := range batch {
		err := d.Store.Update(ctx, func(tx *store.Tx) error { return d.settle(tx, p, now) })
		if err == nil {
			continue
		}
		if ofTheStore(ctx, err) {
			return err
		}
		d.Log.Error("message could not be decided", "message", p.id, "error", err)
		if err := d.Store.Update(ctx, func(tx *store.Tx) error { return d.giveUp(tx, p, now) }); err != nil {
			return err
		}
	}
	return nil
}

// giveUp parks a message that the desk cannot decide.
func (d *Desk) giveUp(tx *store.Tx, p *pending, now time.Time) error {
	m, err := tx.Message(p.id)
	if err != nil {
		return err
	}
	if err := d.park(tx, p.id, m.Mailbox, rules.UnreadableMessage, "the desk could not decide it", now); err != nil || errors.Is(p.broken, errErased) {
		return err
	}
	return d.unread(tx, &m)
}

// pendingBatch are the next messages to decide, behind the one given.
func (d *Desk) pendingBatch(after uint64) (batch []*pending, err error) {
	err = d.Store.View(func(tx *store.Tx) error {
		ids, err := tx.Pending(after, decideBatch)
		if err != nil {
			return err
		}
		for _, id := range ids {
			p := &pending{id: id}
			if r := d.recent.take(id); r != nil {
				p.msg, p.proof = r.msg, r.proof
			} else if p, err = facts(tx, id); err != nil {
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
		p.broken = d.guarded("read a message", func() error {
			if p.msg == nil {
				return errErased
			}
			p.reading = set.Read(*p.msg)
			p.facts = d.registryFacts(ctx, p.msg, p.reading)
			return nil
		})
		return ctx.Err()
	})
}

// registryFacts asks the registry what the rules will want to know. For what
// is no request, or goes to a person in any case, it is not asked: when it is
// down, those do not wait for it.
func (d *Desk) registryFacts(ctx context.Context, m *rules.Message, r rules.Reading) rules.Facts {
	f := rules.Facts{SHA1: d.Policy().SHA1, Read: d.Now(), Ours: d.ours(m.Sender)}
	if d.Registry == nil || m.Sender == "" || r.Procedure == "" || r.Outcome == rules.None || r.Outcome == rules.Review {
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
	if p.broken != nil {
		return p.broken
	}
	return d.guarded("decide a message", func() error { return d.decided(tx, p, now) })
}

func (d *Desk) decided(tx *store.Tx, p *pending, now time.Time) (err error) {
	set := d.Policy().Rules
	if p.facts.Open, p.facts.Closed, err = otherCases(tx, p.msg.Sender); err != nil {
		return err
	}
	if !ownNumber(p) {
		if id := thread(tx, p.msg); id != "" || p.reading.Protocol == "" {
			p.reading.Protocol = id
		}
	}
	dec := set.Decide(*p.msg, p.reading, p.facts)
	arrival := rules.Arrival{ID: p.id, Message: *p.msg, Decision: dec, Proof: p.proof}
	switch {
	case dec.Outcome == rules.None && dec.Joins == "":
		if dec.Reason == rules.SignatureUntrusted && p.reading.Outcome == rules.Accept {
			if err := d.untrusted(tx, p); err != nil {
				return err
			}
		}
		return d.park(tx, p.id, p.msg.Mailbox, dec.Reason, strings.Join(dec.Reasons, "; "), now)
	case dec.Joins != "":
		return d.join(tx, set, arrival, now)
	case dec.Reason == rules.OrdinaryEmail:
		if why, err := d.unguided(tx, p.msg.Claimed, now); why != "" || err != nil {
			return errors.Join(err, d.park(tx, p.id, p.msg.Mailbox, dec.Reason, why, now))
		}
	}
	if err := d.opens(tx, set, arrival, p.facts.Down, now); err != nil || p.reading.Reason != rules.Revocation || !p.msg.Proved() {
		return err
	}
	return d.stopMeant(tx, set, arrival, p.facts.Open, now)
}

// ownNumber reports whether a message names a case of its sender: a number may
// be of before a backup was restored, and another's now.
func ownNumber(p *pending) bool {
	named := func(c rules.OpenCase) bool { return c.ID == p.reading.Protocol }
	return slices.ContainsFunc(p.facts.Open, named) || slices.ContainsFunc(p.facts.Closed, named)
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

func (d *Desk) opens(tx *store.Tx, set *rules.Set, a rules.Arrival, down string, now time.Time) error {
	id, err := tx.NextProtocol(set.Calendar.Date(now).Year)
	if err != nil {
		return err
	}
	if err := tx.SetMessage(a.ID, store.InCase, id, a.Decision.Reason, ""); err != nil {
		return err
	}
	d.Log.Debug("message opens a case", "message", a.ID, "case", id, "procedure", a.Decision.Procedure, "outcome", a.Decision.Outcome, "reason", a.Decision.Reason)
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
	more, err := d.after(tx, c, now)
	if err != nil {
		return err
	}
	return d.record(tx, append(events, more...)...)
}

func (d *Desk) join(tx *store.Tx, set *rules.Set, a rules.Arrival, now time.Time) error {
	c, err := tx.Brief(a.Decision.Joins)
	if err != nil {
		return err
	}
	if err := tx.SetMessage(a.ID, store.InCase, c.ID, a.Decision.Reason, ""); err != nil {
		return err
	}
	d.Log.Debug("message joins a case", "message", a.ID, "case", c.ID, "reason", a.Decision.Reason)
	events, err := set.Join(c, a, now)
	if err != nil {
		return err
	}
	return d.record(tx, events...)
}

func (d *Desk) park(tx *store.Tx, id uint64, mailbox string, why rules.Reason, detail string, now time.Time) error {
	if err := tx.SetMessage(id, store.Parked, "", why, detail); err != nil {
		return err
	}
	d.Log.Debug("message is parked", "message", id, "mailbox", mailbox, "reason", why)
	return tx.Record(rules.Event{At: now, Kind: rules.Parked, Message: id, Mailbox: mailbox, Reason: why})
}

// otherCasesMost is how many cases of one sender are looked at, the newest first.
const otherCasesMost = 1000

// otherCases are the cases of the same certified sender.
func otherCases(tx *store.Tx, sender string) (open, closed []rules.OpenCase, err error) {
	if sender == "" {
		return nil, nil, nil
	}
	err = tx.LastCases(sender, otherCasesMost, func(c *rules.Case) {
		o := rules.OpenCase{ID: c.ID, Procedure: c.Procedure, State: c.State}
		if c.State == rules.Closed {
			closed = append(closed, o)
		} else {
			open = append(open, o)
		}
	})
	slices.Reverse(open)
	slices.Reverse(closed)
	return open, closed, err
}

// redecide decides again a case that waited in new for the registry. Before
// half of its term is gone it goes to a person instead.
func (d *Desk) redecide(ctx context.Context, c *rules.Case, now time.Time) error {
	var p *pending
	err := d.Store.View(func(tx *store.Tx) (err error) {
		p, err = facts(tx, c.Messages[0])
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
		var dec rules.Decision
		if p.broken == nil {
			dec = set.Decide(*p.msg, p.reading, p.facts)
		} else {
			dec = unreadable(p.broken)
		}
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
