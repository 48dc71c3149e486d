package mailproc

import (
	"fmt"
	"runtime/debug"

	"sportello/mailproc/mailbox"
	"sportello/mailproc/pec"
	"sportello/rules"
)

// guarded turns a panic of fn into an error. A message may be made to break
// what reads it; it breaks nothing else, and a person sees it.
func (d *Desk) guarded(what string, fn func() error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			d.Log.Error("panic", "in", what, "panic", p, "stack", string(debug.Stack()))
			err = fmt.Errorf("%s: panic: %v", what, p)
		}
	}()
	return fn()
}

// open opens a message's bytes. What breaks its reader is unreadable.
func (d *Desk) open(body *mailbox.Body, opt pec.Options) (env *pec.Envelope, err error) {
	var failed error
	broken := d.guarded("open a message", func() error {
		if b := body.Bytes(); b != nil {
			env = pec.OpenBytes(b, opt)
		} else {
			env, failed = pec.Open(body, body.Size(), opt)
		}
		return nil
	})
	if broken != nil {
		return &pec.Envelope{Kind: pec.Unreadable, Reason: "it breaks the program that reads it: tell the makers"}, nil
	}
	return env, failed
}

// unreadable is the decision about a message that cannot be read again: its
// content was erased on an order, say.
func unreadable(why error) rules.Decision {
	return rules.Decision{Outcome: rules.Review, Reason: rules.OperatorDecides, Reasons: []string{"The message cannot be read again: " + why.Error()}}
}
