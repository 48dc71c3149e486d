package rules

import (
	"slices"
	"strconv"
	"strings"
	"time"
)

// deciding are the events that give a case its reason; those with an outcome decide it.
var deciding = []EventKind{Decided, Approved, EventRejected, EventAnswered, Withdrew, Lapsed, Returned, Halted, Revoked, Reopened}

// Turn is the event by which the case stands where it is: its reason is the
// case's. nil: nothing was decided yet.
func (d *Detail) Turn() *Event {
	return d.last(func(e *Event) bool { return slices.Contains(deciding, e.Kind) })
}

// Decision is the event of the decision that stands; what sent the case back
// to a person after it is no part of it. nil: nothing was decided yet.
func (d *Detail) Decision() *Event {
	return d.last(func(e *Event) bool { return slices.Contains(deciding, e.Kind) && e.Outcome != "" })
}

// Question is the event with which documents were asked for last, while the
// customer owes them; nil: he owes none.
func (d *Detail) Question() *Event {
	if d.Case.State != Waiting {
		return nil
	}
	return d.last(func(e *Event) bool { return e.Kind == Asked })
}

// Message is the number of the message that holds a receipt of letter n.
func (d *Detail) Message(n int, r ReceiptRef) uint64 {
	if e := d.last(func(e *Event) bool {
		return e.Kind == LetterReceipt && e.Letter.N == n && e.Receipt != nil && e.Receipt.Kind == r.Kind && e.Receipt.Identifier == r.Identifier && e.Receipt.At.Equal(r.At)
	}); e != nil {
		return e.Message
	}
	return 0
}

func (d *Detail) last(is func(*Event) bool) *Event {
	for i := len(d.Events) - 1; i >= 0; i-- {
		if is(&d.Events[i]) {
			return &d.Events[i]
		}
	}
	return nil
}

// Said is what the desk itself said of a case at one instant.
type Said struct {
	Seq       uint64    `json:"seq"` // of the event with which it said so
	At        time.Time `json:"at"`
	Reasons   []string  `json:"reasons,omitempty"`
	Sign      string    `json:"sign,omitempty"` // of danger, for which a person is asked
	SignWords string    `json:"sign_words,omitempty"`
}

// Explain fills what the desk said from the events, the newest first: an
// operator's decision is his own, and these are not his reasons. The case's
// notes become all that operators wrote, of its letters and steps too.
func (d *Detail) Explain() {
	d.Case.Notes = nil
	for i := range d.Events {
		if e := &d.Events[i]; e.Private != nil && e.Private.Note != "" {
			d.Case.Notes = append(d.Case.Notes, Note{At: e.At, Author: e.Author, Text: e.Private.Note})
		}
	}
	for i := len(d.Events) - 1; i >= 0; i-- {
		p := d.Events[i].Private
		if p == nil || len(p.Reasons) == 0 {
			continue
		}
		said := Said{Seq: d.Events[i].Seq, At: d.Events[i].At, Reasons: p.Reasons}
		if x := p.Explanation; x != nil && stopped(&d.Events[i], x) {
			said.Sign, said.SignWords = x.Sign, x.SignWords
		}
		d.Said = append(d.Said, said)
	}
}

// stopped reports whether the sign that was read is why the desk said what it
// said: a procedure that a person always decides is not stopped by it.
func stopped(e *Event, x *Explanation) bool {
	words := strconv.Quote(x.SignWords)
	return e.Reason == DangerSign || x.SignWords != "" && slices.ContainsFunc(e.Private.Reasons, func(r string) bool { return strings.Contains(r, words) })
}

// Sign is the danger sign that a reading of the request was stopped by; nil: none.
func (d *Detail) Sign() *Said {
	for i := range d.Said {
		if d.Said[i].Sign != "" {
			return &d.Said[i]
		}
	}
	return nil
}

// Danger is what the desk said when a danger sign brought the case where it
// is; nil when something else did.
func (d *Detail) Danger() *Said {
	if s, turn := d.Sign(), d.Turn(); s != nil && turn != nil && s.Seq == turn.Seq {
		return s
	}
	return nil
}

// CameBack reports whether the case was decided before what brought it to a
// person again.
func (d *Detail) CameBack() bool {
	decided, turn := d.Decision(), d.Turn()
	return decided != nil && decided != turn && decided.Outcome != Review
}
