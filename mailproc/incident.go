package mailproc

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"
	"time"

	"sportello/rules"
	"sportello/store"
)

// record writes events to the journal and, in the same transaction, the
// incidents that a person must be told of: after a crash between the two
// nobody would be warned of a promise.
func (d *Desk) record(tx *store.Tx, events ...rules.Event) error {
	if err := tx.Record(events...); err != nil {
		return err
	}
	for i := range events {
		if outrun(&events[i], events[i+1:]) {
			continue
		}
		if err := d.tell(tx, &events[i]); err != nil {
			return err
		}
	}
	return nil
}

// ofPromise are the events of a promise that is near its end, or past it.
var ofPromise = []rules.EventKind{rules.TargetPassed, rules.Warned, rules.Breached}

// outrun reports whether a later event of the same moment says more of a promise
// than e does: of mail that is read late, a person is told once.
func outrun(e *rules.Event, later []rules.Event) bool {
	return slices.Contains(ofPromise, e.Kind) && slices.ContainsFunc(later, func(l rules.Event) bool {
		return l.Case == e.Case && slices.Contains(ofPromise, l.Kind)
	})
}

// tell opens the incident of an event, if it is one.
func (d *Desk) tell(tx *store.Tx, e *rules.Event) error {
	switch e.Kind {
	case rules.TargetPassed, rules.Warned, rules.Breached, rules.Returned, rules.Reopened, rules.Revoked, rules.Joined, rules.LetterHeld, rules.LetterOverdue, rules.StepAsked, rules.Recalled:
	default:
		return nil
	}
	if e.Author != "" { // a person did it
		return nil
	}
	c, err := tx.Brief(e.Case)
	if err != nil {
		return err
	}
	kind, text := d.incidentOf(c, e)
	if kind == "" {
		return nil
	}
	return d.raiseIn(tx, kind+"/"+c.ID, text)
}

// raiseIn opens an incident in the transaction of what it is about.
func (d *Desk) raiseIn(tx *store.Tx, key, text string) error {
	d.raise(key, text)
	if d.Alerts == nil {
		return nil
	}
	return tx.Put(store.Alerts, key, d.Alerts.record(key))
}

// untrusted tells of a complete form that is parked because nobody vouches for
// who signed it: a provider that the index does not have yet, or a forger.
func (d *Desk) untrusted(tx *store.Tx, p *pending) error {
	return d.raiseIn(tx, "untrusted/"+p.msg.Mailbox, fmt.Sprintf("Complete forms that came to mailbox %s are parked, because nobody whom the desk trusts has signed them (message %d is the last). If their provider is a genuine one, import the new index (`sportello trust import`) and replay them; else a person opens them as cases, or leaves them.", p.msg.Mailbox, p.id))
}

// unread tells of a parked message that nobody has read: it may be a request,
// with a term of its own that no case watches.
func (d *Desk) unread(tx *store.Tx, m *store.Message) error {
	if m.Reason == rules.Oversized {
		return d.raiseIn(tx, "unread/"+m.Mailbox, fmt.Sprintf("Message %d of mailbox %s is larger than max_size and is parked unread: it may be a request. Look at it in the mailbox and answer it by hand; with a larger max_size, move it out of the folder and back.", m.ID, m.Mailbox))
	}
	return d.raiseIn(tx, "unread/"+m.Mailbox, fmt.Sprintf("Message %d of mailbox %s could not be decided and is parked: it may be a request. Look at it (`sportello parked show`), make a case of it if it is one (`sportello parked open`), and tell the makers.", m.ID, m.Mailbox))
}

// unreadFor is how long it is an incident that messages were parked or never
// had that may be requests: the promise is three working days. A new one opens
// it again.
const unreadFor = 5 * 24 * time.Hour

// incidentOf is what an event of a case means for a person; kind is "" when it
// means nothing. c is the case after it.
func (d *Desk) incidentOf(c *rules.Case, e *rules.Event) (kind, text string) {
	due := d.local(c.Due)
	switch e.Kind {
	case rules.TargetPassed:
		return "promise", fmt.Sprintf("Case %s: the desk's own target has passed; it is due by %s.", c.ID, due)
	case rules.Warned:
		if d.Policy().Rules.Calendar.WorkingDaysLeft(e.At, c.Due) < 1 { // it came, or was taken up again, so late
			return "promise", fmt.Sprintf("Case %s must be answered by %s: it is the last day.", c.ID, due)
		}
		return "promise", fmt.Sprintf("Case %s must be answered by %s: a working day is left.", c.ID, due)
	case rules.Breached:
		return "promise", fmt.Sprintf("Case %s: its term passed on %s without an answer.", c.ID, due)
	case rules.Returned, rules.Reopened:
		return "case", fmt.Sprintf("Case %s needs a person: %s (%s).", c.ID, e.Reason, e.Detail)
	case rules.Recalled:
		if e.To != "" {
			return "later", fmt.Sprintf("Case %s was put off until today: %s takes it up again.", c.ID, e.To)
		}
		return "later", fmt.Sprintf("Case %s was put off until today: take it up again.", c.ID)
	case rules.LetterHeld:
		if e.Until == nil {
			return "held", fmt.Sprintf("Letter %d of case %s is held until a person releases it: %s.", e.Letter.N, c.ID, e.Detail)
		}
	case rules.LetterOverdue:
		return "delivery", fmt.Sprintf("Letter %d of case %s was accepted more than a day ago, and no receipt says whether it was delivered, as one must within 24 hours: what is to follow its delivery waits. Look for the receipt among the parked messages and in the other folders of the mailbox, or ask the provider. If the letter has arrived, say so (`sportello queue arrived`); else send it again (`sportello queue resend`).", e.Letter.N, c.ID)
	case rules.StepAsked:
		if e.Detail == "" {
			return "task", taskWaits(c.ID, e.Step.Do)
		}
		return "step", fmt.Sprintf("Step %s of case %s waits for a person: %s.", e.Step.Do, c.ID, e.Detail)
	case rules.Revoked:
		if c.State == rules.InReview {
			return "case", fmt.Sprintf("Case %s: the customer takes the request back; its steps have stopped, and a person decides.", c.ID)
		}
		return "read", fmt.Sprintf("Case %s is %s, and the customer takes the request back: a person reads it, then acts, or adds a note that it was read.", c.ID, c.State)
	case rules.Joined:
		if e.Outcome == rules.Review && c.State != rules.InReview {
			return "read", fmt.Sprintf("Case %s is %s, and the customer has written again (%s): a person reads it, then acts, or adds a note that it was read.", c.ID, c.State, e.Reason)
		}
	}
	return "", ""
}

// taskWaits is what a person is told of a step that is his to carry out.
func taskWaits(id, do string) string {
	return fmt.Sprintf("Step %s of case %s waits for a person: do it, then say done.", do, id)
}

// ofCases are the kinds of incident that an event of a case opens, and that the
// case itself ends.
var ofCases = []string{"promise", "case", "read", "held", "late", "receipt", "delivery", "step", "task", "later"}

// over reports whether the incident of a case is no more.
func over(kind string, c *rules.Case) bool {
	switch kind {
	case "promise":
		return !c.Promised()
	case "case":
		return c.State != rules.InReview
	case "held":
		return !slices.ContainsFunc(c.Letters, func(l rules.Letter) bool { return l.State == rules.Held && l.NextTry.IsZero() })
	case "late":
		return !slices.ContainsFunc(c.Letters, func(l rules.Letter) bool { return l.State == rules.Owed && len(l.Tries) >= manyTries })
	case "receipt":
		return c.State == rules.Closed || !slices.ContainsFunc(c.Letters, func(l rules.Letter) bool {
			return slices.Contains([]rules.LetterState{rules.Trying, rules.Uncertain, rules.Sent, rules.Taken}, l.State)
		})
	case "delivery":
		return !slices.ContainsFunc(c.Letters, func(l rules.Letter) bool { return c.Unheard(&l) })
	case "step", "task":
		return c.Task() == nil
	case "later":
		return c.State == rules.Closed || !c.Later.IsZero()
	}
	return false // "read", "later": until a person did something to the case
}

// errStuck says that the rules cannot move a case on: a letter of a procedure
// that is no more, say. It is about that case alone.
type errStuck struct{ error }

func (e errStuck) Unwrap() error { return e.error }

// after is what a case owes by itself once an event is recorded. That the case
// cannot be moved on does not undo the event: a person is told, and the clock
// tries again.
func (d *Desk) after(tx *store.Tx, c *rules.Case, now time.Time) ([]rules.Event, error) {
	more, err := d.owes(tx, c, now)
	if err == nil {
		return more, nil
	}
	if stuck := (errStuck{}); errors.As(err, &stuck) {
		d.stuck(c.ID, err)
		return nil, nil
	}
	return more, err
}

// stuckFor is how long ago a case was last found stuck when its all-clear is
// given: every stage tries sooner.
const stuckFor = 3 * time.Minute

// stuckCases are those that could not be moved, and when that was last seen.
type stuckCases struct {
	mu sync.Mutex
	m  map[string]time.Time
}

func (s *stuckCases) note(id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.m == nil {
		s.m = map[string]time.Time{}
	}
	s.m[id] = time.Now()
}

// list forgets those not seen for a while, and gives the others.
func (s *stuckCases) list() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	maps.DeleteFunc(s.m, func(_ string, at time.Time) bool { return time.Since(at) > stuckFor })
	return slices.Sorted(maps.Keys(s.m))
}

// stuck tells a person of a case that a stage could not move, and goes on with
// the others; it is tried again at the stage's next round.
func (d *Desk) stuck(id string, err error) {
	d.stucks.note(id)
	d.Log.Error("case cannot be moved", "case", id, "error", err)
	d.raise("stuck/"+id, fmt.Sprintf("Case %s cannot be moved, the others go on: %v. Run \"sportello verify\", look whether its procedure still exists, and tell the makers.", id, err))
}

// raise opens an incident, once; clear ends it with its all-clear.
func (d *Desk) raise(key, text string) {
	if d.Alerts == nil || d.Alerts.Raise(key, text) {
		d.Log.Warn("incident", "about", key)
		d.changed()
	}
}

func (d *Desk) clear(key string) {
	if d.Alerts != nil && d.Alerts.Clear(key) {
		d.Log.Info("incident over", "about", key)
		d.changed()
	}
}

// note records an event of the desk itself.
func (d *Desk) note(e rules.Event) {
	e.At = d.Now()
	err := d.Store.Update(context.Background(), func(tx *store.Tx) error { return tx.Record(e) })
	if err != nil {
		d.Log.Error("event could not be recorded", "kind", e.Kind, "error", err)
	}
}
