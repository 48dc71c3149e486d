package mailproc

import (
	"context"
	"fmt"
	"io"
	"strings"
	"time"

	"sportello/mailproc/pec"
	"sportello/rules"
)

// Judgement is what the desk would do with a message: `sportello check`.
type Judgement struct {
	Envelope *pec.Envelope
	Message  rules.Message
	Decision rules.Decision
	Letters  []rules.LetterText
}

// Judge opens a message and decides it as the desk would, writing nothing.
// to is the address of the request mailbox it came to ("" : found among its
// recipients, else the first); delivered is its INTERNALDATE (zero: the
// envelope's date).
func (d *Desk) Judge(ctx context.Context, raw io.ReaderAt, size int64, to string, delivered time.Time) (*Judgement, error) {
	env, err := pec.Open(raw, size, pec.Options{Trust: d.Policy().Trust, Delivered: delivered, Ours: d.addresses()})
	if err != nil {
		return nil, err
	}
	name, err := d.mailboxOf(env, to)
	if err != nil {
		return nil, err
	}
	if delivered.IsZero() {
		delivered = env.Header.Date
		if env.Daticert != nil {
			delivered = env.Daticert.At
		}
	}
	j := &Judgement{Envelope: env, Message: Facts(env, name, delivered)}
	j.Decision, err = d.judge(ctx, env, j.Message)
	if err != nil || j.Decision.Outcome == rules.None {
		return j, err
	}
	set := d.Policy().Rules
	now := delivered
	if now.IsZero() {
		now = d.Now()
	}
	_, events, err := set.Open(fmt.Sprintf("%04d-000000", set.Calendar.Date(now).Year), rules.Arrival{Message: j.Message, Decision: j.Decision, Proof: proof(env)}, now)
	for _, e := range events {
		if e.Kind == rules.LetterOwed {
			j.Letters = append(j.Letters, *e.Private.Letter)
		}
	}
	return j, err
}

func (d *Desk) judge(ctx context.Context, env *pec.Envelope, m rules.Message) (rules.Decision, error) {
	switch env.Kind {
	case pec.Unreadable:
		return rules.Decision{Outcome: rules.None, Reason: rules.UnreadableMessage, Reasons: []string{"the message cannot be read: " + env.Reason}}, nil
	case pec.Receipt:
		return rules.Decision{Outcome: rules.None, Reason: rules.IsReceipt, Reasons: []string{"a provider's receipt: it moves the letter it names"}}, nil
	}
	p := &pending{msg: &m}
	if err := d.lookUp(ctx, []*pending{p}); err != nil {
		return rules.Decision{}, err
	}
	return d.Policy().Rules.Decide(m, p.reading, p.facts), nil
}

// mailboxOf is the name of the request mailbox that a message came to.
func (d *Desk) mailboxOf(env *pec.Envelope, to string) (string, error) {
	if to != "" {
		for _, b := range d.Mailboxes {
			if strings.EqualFold(b.Address, to) || b.Name == to {
				return b.Name, nil
			}
		}
		return "", fmt.Errorf("--to %s: no such request mailbox (one of: %s)", to, strings.Join(d.addresses(), ", "))
	}
	if env.Daticert != nil {
		for _, r := range env.Daticert.Recipients {
			for _, b := range d.Mailboxes {
				if strings.EqualFold(b.Address, r.Address) {
					return b.Name, nil
				}
			}
		}
	}
	for _, b := range d.Mailboxes {
		if strings.Contains(strings.ToLower(env.Header.To), strings.ToLower(b.Address)) {
			return b.Name, nil
		}
	}
	if len(d.Mailboxes) > 0 {
		return d.Mailboxes[0].Name, nil
	}
	return "", nil
}
