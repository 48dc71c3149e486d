package rules

import (
	"fmt"
	"slices"
	"time"
)

// applyLetter folds an event of a letter.
func (c *Case) applyLetter(e Event, p *Private) error {
	if e.Kind == LetterOwed {
		if e.Letter.N != len(c.Letters)+1 || p.Letter == nil {
			return fmt.Errorf("case %s: letter %d owed, with %d before it", c.ID, e.Letter.N, len(c.Letters))
		}
		c.Letters = append(c.Letters, Letter{N: e.Letter.N, Name: e.Letter.Name, State: Owed,
			MessageID: e.Letter.MessageID, LetterText: *p.Letter, Owed: e.At})
		return nil
	}
	l := c.Letter(e.Letter.N)
	if l == nil {
		return fmt.Errorf("case %s: no letter %d", c.ID, e.Letter.N)
	}
	switch e.Kind {
	case LetterHeld:
		l.State, l.NextTry = Held, instant(e.Until)
	case LetterReleased:
		l.State, l.NextTry = Owed, time.Time{}
	case LetterAttempt:
		l.State = Trying
		l.Tries = append(l.Tries, Try{At: e.At})
	case LetterDeferred:
		l.end(Owed, e)
		l.NextTry = instant(e.Until)
	case LetterUncertain:
		l.end(Uncertain, e)
		l.NextTry = instant(e.Until)
	case LetterSent:
		l.end(Sent, e)
		l.Sent, l.NextTry = e.At, instant(e.Until) // the acceptance receipt is expected by then
	case EventLetterFailed:
		l.end(Failed, e)
		l.Past = l.Past || e.Reason == StoppedByPerson || e.Reason == Revocation
	case LetterReceipt:
		before := l.State
		if c.receipt(l, e); l.State != before && !c.saidLater(l) { // what a person was told of it holds no more
			l.Told = false
		}
	case LetterOverdue:
		l.Told = true
	case LetterArrived:
		l.State, l.NextTry, l.Arrived = Delivered, time.Time{}, e.At
		c.delivered(l, e.At)
	}
	return nil
}

// end closes the running try; a receipt that came first knows more than it.
func (l *Letter) end(state LetterState, e Event) {
	if !l.State.proved() && !(l.State == Failed && len(l.Receipts) > 0) {
		l.State = state
	}
	if n := len(l.Tries); n > 0 && l.Tries[n-1].End.IsZero() {
		l.Tries[n-1].End, l.Tries[n-1].Answer = e.At, e.Letter.Answer
	}
}

// proved reports whether a receipt already says more than the SMTP client can.
func (s LetterState) proved() bool { return s == Taken || s == Delivered }

// receipt folds a provider's signed receipt (design: states move by receipts,
// each kind as procedures.md and RFC 6109 §3 say).
func (c *Case) receipt(l *Letter, e Event) {
	if e.Receipt == nil {
		return
	}
	l.Receipts = append(l.Receipts, *e.Receipt)
	switch e.Receipt.Kind {
	case ReceiptAccepted:
		if l.refused() { // read after the receipt that ended it
			return
		}
		if l.State != Delivered {
			l.State = Taken
		}
		l.NextTry = time.Time{}
		c.answered(l, e.Receipt.At)
	case ReceiptTaken, ReceiptWarning: // between the acceptance and the end: the letter was taken
		if !l.State.proved() && l.State != Failed {
			l.State, l.NextTry = Taken, time.Time{}
		}
	case ReceiptDelivered:
		l.State, l.NextTry = Delivered, time.Time{}
		c.delivered(l, e.Receipt.At)
	case ReceiptRefused, ReceiptUndelivered, ReceiptVirus:
		if l.State != Delivered {
			l.State = Failed
		}
	}
}

// refused reports whether a receipt says that the letter did not arrive, and
// none that it did.
func (l *Letter) refused() bool {
	return l.State == Failed && slices.ContainsFunc(l.Receipts, func(r ReceiptRef) bool {
		return r.Kind == ReceiptRefused || r.Kind == ReceiptUndelivered || r.Kind == ReceiptVirus
	})
}

// answers reports whether l is an answer that still holds.
func (l *Letter) answers() bool { return l.Outcome() && !l.Past }

// answered keeps the certified instant at which the promise was kept: that of
// the acceptance; a delivery proves it too, when it is read first.
func (c *Case) answered(l *Letter, at time.Time) {
	if l.answers() && (c.Answered.IsZero() || at.Before(c.Answered) && l == c.outcomeLetter()) {
		c.Answered = at
	}
}

// delivered keeps the instant at which an answer reached its customer.
func (c *Case) delivered(l *Letter, at time.Time) {
	c.answered(l, at)
	if l.answers() && c.Delivered.IsZero() {
		c.Delivered = at
	}
}

// The kinds of receipt, as daticert.xml names them (RFC 6109 §3.1–3.3).
const (
	ReceiptAccepted    = "accettazione"
	ReceiptRefused     = "non-accettazione"
	ReceiptTaken       = "presa-in-carico"
	ReceiptDelivered   = "avvenuta-consegna"
	ReceiptUndelivered = "errore-consegna"
	ReceiptWarning     = "preavviso-errore-consegna"
	ReceiptVirus       = "rilevazione-virus"
)

// applyStep folds an event of a step.
func (c *Case) applyStep(e Event, p *Private) error {
	n := e.Step.N
	if n < 1 || n > len(c.Steps) {
		return fmt.Errorf("case %s: no step %d", c.ID, n)
	}
	s := &c.Steps[n-1]
	switch e.Kind {
	case StepScheduled:
		s.State, s.Due = StepDue, instant(e.Until)
	case StepStarted:
		s.State = StepRunning
		s.Attempts++
	case StepRetry:
		s.State, s.Due, s.Error = StepDue, instant(e.Until), p.Error
	case StepAsked:
		s.State = StepWithHuman
	case StepDone:
		s.State, s.Done, s.Error = StepOver, e.At, ""
	case EventStepFailed:
		s.State, s.Error = StepBroken, p.Error
	}
	return nil
}
