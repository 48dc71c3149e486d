package rules

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"
)

// targetDays is the desk's own term: a working day before the promise, which
// also keeps the promise of those who count Saturday as worked.
const targetDays = 2

// usualTerm is the promise, in working days, to a request whose procedure is
// not known.
const usualTerm = 3

// FlagDoubtfulDate marks a case whose clock runs from the envelope's date,
// because the delivery's is missing or more than 24 hours later.
const FlagDoubtfulDate = "doubtful_date"

// Decide says what is done with a message, by its reading and what is known
// besides: proof, registry, calendar, other cases of the same mailbox.
//
// A message that belongs to an open case has Joins set: its outcome then says
// whether a person must look (Review) or not (None), and the reason why it joins.
// With a registry that is down (Facts.Down) the outcome is Review with
// RegistryDown wherever a check needs it: the desk waits before it insists.
func (s *Set) Decide(m Message, r Reading, f Facts) Decision {
	d := decider{set: s, m: &m, r: &r, f: &f, out: Decision{Procedure: r.Procedure, Outcome: r.Outcome, Reason: r.Reason,
		Reasons: slices.Clone(r.Reasons), Fields: r.Fields, Missing: r.Missing, Explanation: r.Explanation}}
	d.clocks()
	d.judge()
	d.letter()
	return d.out
}

// decider is the work of one Decide.
type decider struct {
	set *Set
	m   *Message
	r   *Reading
	f   *Facts
	out Decision
	p   *Procedure
}

func (d *decider) why(format string, args ...any) {
	if len(args) > 0 {
		format = fmt.Sprintf(format, args...)
	}
	d.out.Reasons = append(d.out.Reasons, format)
}

func (d *decider) end(o Outcome, reason Reason, format string, args ...any) {
	d.out.Outcome, d.out.Reason = o, reason
	d.why(format, args...)
}

// clocks computes the terms from the start of the clock (procedures §3).
func (d *decider) clocks() {
	start, doubtful := d.m.Clock(d.f.Read)
	d.out.Received = start
	if doubtful {
		d.out.Flags = append(d.out.Flags, FlagDoubtfulDate)
	}
	d.p = d.set.Procedure(d.r.Procedure)
	d.out.Due, d.out.Target = d.set.terms(d.p, start)
}

// terms are when a request of p that came at start must be answered, and when
// the desk itself wants it to be. p is nil while its procedure is not known.
func (s *Set) terms(p *Procedure, start time.Time) (due, target time.Time) {
	days := p.termDays()
	return s.Calendar.WorkingTerm(start, days), s.Calendar.WorkingTerm(start, min(targetDays, days))
}

// judge takes the steps in the order of what may never happen: first what
// proves nothing, then whose message it is, then what it asks.
func (d *decider) judge() {
	if d.unproved() {
		return
	}
	d.out.Mailbox = d.m.Sender
	switch {
	case d.ownAddress(d.m.Sender):
		d.out.Procedure = ""
		d.end(None, OwnAddress, "The sender is one of our own request mailboxes.")
	case d.joined():
	case d.r.Outcome == None:
	case d.m.Automatic && d.r.Outcome != Accept:
		d.out.Procedure = ""
		d.end(None, AutomaticMail, "The message is an automatic answer, a list's or bulk mail.")
	case d.weakDigest(), d.dates():
	case d.m.Automatic:
		d.end(Review, AutomaticMail, "The text is a request, but the message bears the marks of automatic mail.")
	default:
		d.request()
	}
}

// unproved judges what comes from nobody certain. It never acts on it.
func (d *decider) unproved() bool {
	m := d.m
	switch {
	case m.Proved():
		return false
	case m.Kind == Receipt:
		d.park(IsReceipt, "A provider's receipt that belongs to no letter of ours.")
	case m.Kind == Unreadable:
		d.park(UnreadableMessage, "The message cannot be opened.")
	case m.Kind == Transport && m.Problem == DateDoubtful && d.dates(): // a replay, or a mailbox that was moved
	case m.Kind == Transport && (m.Problem == EnvelopeInconsistent || m.Problem == DateDoubtful):
		d.end(Review, EnvelopeInconsistent, "The envelope's parts contradict each other: a person looks, and no letter goes out.")
	case m.Kind == Transport:
		d.park(cmp.Or(m.Problem, SignatureMissing), "The envelope proves no sender.")
	default:
		d.ordinary()
	}
	return true
}

func (d *decider) park(reason Reason, why string) {
	d.out.Procedure, d.out.Fields, d.out.Missing = "", nil, nil
	d.end(None, reason, "%s", why)
}

// ordinary answers an ordinary writer who seems to ask for something: with
// guidance that names and confirms no mailbox, at most once a day (the desk
// counts). A question is answered, a request refused.
func (d *decider) ordinary() {
	m := d.m
	switch {
	case m.Problem != "" && m.Problem != SignatureMissing && m.Problem != OrdinaryEmail && m.Kind == Ordinary:
		d.park(m.Problem, "The message proves no sender.")
	case m.Automatic:
		d.park(AutomaticMail, "The message is an automatic answer, a list's or bulk mail.")
	case m.Claimed == "" || !strings.Contains(m.Claimed, "@"):
		d.park(OrdinaryEmail, "Ordinary mail from nobody one could answer.")
	case d.ownAddress(m.Claimed):
		d.park(OwnAddress, "It claims to come from one of our own request mailboxes.")
	case d.r.Outcome == None:
		d.out.Procedure = ""
	case d.r.Explanation.Similarity == 0 && sells(m.Subject, d.r.Explanation.Own):
		d.park(NotOurs, "Ordinary mail that reads as advertising.")
	case d.r.Explanation.Similarity == 0 && d.r.Outcome != Guide && !looksAsking(m.Subject, d.r.Explanation.Own):
		d.park(NotOurs, "Ordinary mail that asks for nothing of ours.")
	case d.r.Outcome == Guide, d.asksOnly(): // what it says of procedures is no secret
		d.out.Fields, d.out.Missing = nil, nil
		d.end(Guide, OrdinaryEmail, "Written from an ordinary address: the instructions name and confirm no mailbox.")
	default:
		if d.out.Procedure == "" {
			d.out.Procedure = d.usual()
		}
		d.out.Fields, d.out.Missing = nil, nil
		d.end(Reject, OrdinaryEmail, "Written from an ordinary address: it is nobody's certified request.")
	}
}

// asksOnly reports whether what is asked is only explained, whatever else is said.
func (d *decider) asksOnly() bool {
	p := d.set.Procedure(d.r.Procedure)
	return p != nil && p.Decide == "guide" && d.r.Explanation.Similarity == 0
}

// usual is the procedure that a request mailbox is there for: the only one with a
// form that names it, "" where there are more.
func (d *decider) usual() string {
	name := ""
	for _, p := range d.set.Procedures {
		switch {
		case p.Mailbox == "" || p.Mailbox != d.m.Mailbox || p.Form == nil:
		case name != "":
			return ""
		default:
			name = p.Name
		}
	}
	return name
}

func (d *decider) ownAddress(a string) bool { return a != "" && d.set.ours(foldAddress(a)) }

// weakDigest applies the policy for envelopes signed over SHA-1.
func (d *decider) weakDigest() bool {
	if !d.m.Noted("weak_digest") {
		return false
	}
	switch d.f.SHA1 {
	case "accept":
		d.why("The envelope is signed over SHA-1, which the configuration accepts.")
		return false
	case "reject":
		d.park(WeakDigest, "The envelope is signed over SHA-1, which the configuration refuses.")
	default:
		d.end(Review, WeakDigest, "The envelope is signed over SHA-1: a person decides.")
	}
	return true
}

// dates sends to a person an envelope from the future, or dated more than 25
// hours before its delivery.
func (d *decider) dates() bool {
	sent, end := d.m.Sent, d.m.Delivered
	if end.IsZero() {
		end = d.f.Read
	}
	switch {
	case sent.IsZero():
		d.end(Review, DateDoubtful, "The envelope has no date.")
	case !end.IsZero() && sent.After(end.Add(5*time.Minute)):
		d.end(Review, DateDoubtful, "The envelope is dated after its delivery.")
	case !d.m.Delivered.IsZero() && d.m.Delivered.Sub(sent) > 25*time.Hour:
		d.end(Review, DateDoubtful, "The envelope is dated more than 25 hours before its delivery.")
	default:
		return false
	}
	return true
}

// joined finds the open case that a message belongs to: the one whose
// protocol number it bears, the one it takes back, or the same request again.
func (d *decider) joined() bool {
	open := d.f.Open
	if n := slices.IndexFunc(open, func(c OpenCase) bool { return c.ID == d.r.Protocol && c.ID != "" }); n >= 0 {
		d.join(open[n], d.r.Reason == Revocation || d.r.Explanation.Sign == signRevocation)
		return true
	}
	live := slices.DeleteFunc(slices.Clone(open), func(c OpenCase) bool {
		return c.State != New && c.State != InReview && c.State != Waiting && c.State != Accepted
	})
	if d.r.Reason == Revocation {
		switch len(live) {
		case 0:
			d.why("No request of this mailbox is open that it could take back.")
		case 1:
			d.join(live[0], true)
			return true
		default:
			ids := make([]string, len(live))
			for i, c := range live {
				ids[i] = c.ID
			}
			d.why("More than one request of this mailbox is open, and it does not say which it takes back: %s.", strings.Join(ids, ", "))
		}
		return false
	}
	n := slices.IndexFunc(live, func(c OpenCase) bool { return c.Procedure == d.r.Procedure && d.r.Procedure != "" })
	if n < 0 || d.r.Outcome == None || d.r.Outcome == Guide {
		return false
	}
	d.out.Joins = live[n].ID
	if d.r.Outcome == Accept && live[n].State != Waiting {
		d.end(None, Duplicate, "The same request is open as %s: this message joins it.", live[n].ID)
		d.out.Letter = "duplicato"
		return true
	}
	d.end(Review, cmp.Or(d.r.Reason, Duplicate), "A case of the same mailbox and procedure is open, %s: this message joins it and a person reads it.", live[n].ID)
	return true
}

// join adds the message to an open case, for a person.
func (d *decider) join(c OpenCase, revokes bool) {
	d.out.Joins, d.out.Procedure = c.ID, c.Procedure
	if revokes {
		d.end(Review, Revocation, "It takes back the open request %s: its steps stop and a person looks at once.", c.ID)
		return
	}
	d.end(Review, cmp.Or(d.r.Reason, OperatorDecides), "It belongs to the open case %s: a person reads it.", c.ID)
}

// letter names the letter owed now and whom it goes to.
func (d *decider) letter() {
	o := &d.out
	switch {
	case o.Joins != "" || o.Outcome == None:
	case o.Outcome == Accept:
		o.Letter = "accolta"
	case o.Outcome == Reject:
		o.Letter = "respinta"
	case o.Outcome == Guide:
		o.Letter = "guida"
	case o.Mailbox != "" && !d.m.Automatic:
		o.Letter = "presa-in-carico"
	}
	if o.Letter == "" {
		return
	}
	o.To = cmp.Or(o.Mailbox, d.m.Claimed)
}
