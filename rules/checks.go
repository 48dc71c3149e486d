package rules

import (
	"fmt"
	"slices"
	"strings"
)

// precedence orders the reasons of a refusal (procedures §2.6): the most
// useful to the customer first.
var precedence = []Reason{MailboxNotActive, OrdinaryEmail, OtherPEC, UnknownMailbox, SubjectNotConforming, BodyNotConforming, MissingFields, Outside30Days}

// failure is a check that did not hold.
type failure struct {
	check   Check
	outcome Outcome
	reason  Reason
	why     string
}

// request decides a proved request: the sender, then the checks, then what the
// text lacked.
func (d *decider) request() {
	d.previous()
	if d.p == nil {
		return
	}
	if d.r.Outcome == Review {
		d.futile()
		return
	}
	d.facts()
	if d.r.Outcome == Guide {
		return
	}
	failures := d.failures()
	if d.r.Outcome == Reject {
		failures = append(failures, failure{outcome: Reject, reason: d.r.Reason})
	}
	if f, ok := gravest(failures); ok {
		d.out.Outcome, d.out.Reason = f.outcome, f.reason
		if f.why != "" {
			d.why("%s", f.why)
		}
		return
	}
	if why := d.strange(); why != "" {
		d.end(Review, Ambiguous, "%s", why)
		return
	}
	switch {
	case !reaches(*d.m, d.p):
		d.end(Review, OperatorDecides, "It came to the request mailbox %q, which %s does not use: a person decides.", d.m.Mailbox, d.p.Name)
	case d.p.Decide != "automatic":
		d.end(Review, OperatorDecides, "A person always decides %s.", d.p.Name)
	default:
		d.why("Every check holds.")
	}
}

// futile refuses a form beside which words stand that are not understood, but say
// nothing against it, where no words could make it possible: its mailbox is not
// active, or not the sender's. What he is told then, he needs in any case.
func (d *decider) futile() {
	if !d.r.Unclear || d.p.Wording != "form" {
		return
	}
	f, ok := gravest(d.failures())
	if !ok || f.outcome != Reject || f.reason != MailboxNotActive && f.reason != OtherPEC {
		return
	}
	d.facts()
	d.why("%s", f.why)
	d.end(Reject, f.reason, "Whatever those words mean, it cannot be done.")
}

// strange says what else is known that does not fit the request: a person
// looks before anything is closed.
func (d *decider) strange() string {
	for _, c := range d.f.Open {
		if c.Procedure != d.p.Name && (c.State == New || c.State == InReview || c.State == Waiting || c.State == Accepted) {
			return fmt.Sprintf("Another request of the same mailbox is open, %s (%s): a person sees how they go together.", c.ID, c.Procedure)
		}
	}
	if b := d.f.Mailbox; b != nil && !b.Expires.IsZero() && d.set.Calendar.Date(b.Expires).Compare(d.set.Calendar.Date(d.m.Sent)) < 0 {
		return "By its date the mailbox had expired when this was sent, though the registry calls it active."
	}
	if o := d.order(); o != nil {
		return d.otherOrder(o)
	}
	return ""
}

// previous names the closed case that this request follows: the one whose number
// it bears, or else the last of its kind. A revocation takes back no revocation.
func (d *decider) previous() {
	again := func(c OpenCase) bool { return c.Procedure == d.r.Procedure && d.p != nil && !d.p.Revokes }
	for _, c := range d.f.Closed {
		if c.ID == d.r.Protocol || d.r.Protocol == "" && again(c) {
			d.out.Previous = c.ID
			return
		}
	}
	for _, c := range d.f.Open { // answered, and only the letter is still on its way
		if again(c) && (c.State == Rejected || c.State == Answered || c.State == Withdrawn) {
			d.out.Previous = c.ID
		}
	}
}

// gravest picks the failure that decides. A first purchase is never refused
// for form; then a refusal by the order of reasons, then what a person decides,
// then guidance.
func gravest(failures []failure) (failure, bool) {
	best := -1
	for i, f := range failures {
		if best < 0 || weight(f) < weight(failures[best]) {
			best = i
		}
	}
	if best < 0 {
		return failure{}, false
	}
	return failures[best], true
}

func weight(f failure) int {
	switch {
	case f.reason == FirstPurchase || f.outcome == Review && f.reason == OtherPEC || f.reason == RegistryDown:
		return 0
	case f.outcome == Reject:
		if n := slices.Index(precedence, f.reason); n >= 0 {
			return 1 + n
		}
		return 1 + len(precedence)
	case f.outcome == Review:
		return 50
	}
	return 60
}

// otherSender compares the mailbox named with the certified sender. It is the
// same, or another: never nearly the same. One that differs by a slip of the
// pen is for a person, who can tell.
func (d *decider) otherSender() (failure, bool) {
	for _, b := range d.p.Blanks {
		named := d.r.Fields[b.Name]
		if b.Must != "certified-sender" || named == "" {
			continue
		}
		sender := foldAddress(d.m.Sender)
		switch {
		case named == sender:
		case slip(named, sender):
			return failure{outcome: Review, reason: OtherPEC, why: fmt.Sprintf("The text names %q, nearly the certified sender %q: a person tells a slip from another mailbox.", named, sender)}, true
		default:
			return failure{outcome: Reject, reason: OtherPEC, why: fmt.Sprintf("The text names %q, but the certified sender is %q.", named, sender)}, true
		}
	}
	return failure{}, false
}

// slip reports whether two addresses differ as by a slip of the pen: a letter
// or two, dots and dashes, or the domain's ending. Only ever a reason to ask.
func slip(a, b string) bool {
	if distance(a, b, 2) <= 2 || bare(a) == bare(b) {
		return true
	}
	localA, domainA, _ := strings.Cut(a, "@")
	localB, domainB, _ := strings.Cut(b, "@")
	return localA == localB && (domainA == "" || distance(domainA, domainB, 4) <= 4 || strings.HasSuffix(domainA, "."+domainB) || strings.HasSuffix(domainB, "."+domainA))
}

func bare(a string) string {
	return strings.Map(func(r rune) rune {
		if r == '.' || r == '-' || r == '_' {
			return -1
		}
		return r
	}, a)
}

// facts gives the letters what they need of the registry and the calendar:
// days as 2026-09-10, words as the registry has them.
func (d *decider) facts() {
	c := d.set.Calendar
	facts := map[string]string{}
	if !d.m.Sent.IsZero() {
		facts["data_invio"] = c.Date(d.m.Sent).String()
	}
	if b := d.f.Mailbox; b != nil {
		facts["stato_casella"] = b.Status
		if !b.Expires.IsZero() {
			facts["scadenza_casella"] = c.Date(b.Expires).String()
		}
	}
	if o := d.order(); o != nil {
		facts["importo"] = o.Amount
		if !o.Date.IsZero() {
			facts["data_ordine"] = c.Date(o.Date).String()
			if days := d.withinDays(); days > 0 {
				facts["ultimo_giorno"] = c.CustomerTerm(c.Date(o.Date), days).String()
			}
		}
	}
	d.out.Facts = facts
}

func (d *decider) withinDays() int {
	for _, c := range d.p.Checks {
		if c.Is == "within-days" {
			return c.Days
		}
	}
	return 0
}

// order is the order the message names, nil when the registry has none.
func (d *decider) order() *Order {
	for _, name := range d.r.Orders {
		for i := range d.f.Orders {
			if sameCode(d.f.Orders[i].Number, name) {
				return &d.f.Orders[i]
			}
		}
	}
	return nil
}

// sameCode compares order numbers and accounts by their letters and digits.
func sameCode(a, b string) bool {
	return a == b || letters(a) == letters(b)
}

func letters(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r >= 'A' && r <= 'Z':
			return r | 0x20
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9', r >= 0x80:
			return r
		}
		return -1
	}, s)
}

// failures are the checks that fail, with what the mailbox named lacks.
func (d *decider) failures() []failure {
	failures := d.checks()
	if f, ok := d.otherSender(); ok {
		failures = append(failures, f)
	}
	return failures
}

// checks runs the procedure's checks and returns those that fail. What a
// check rests on failing, it is not asked.
func (d *decider) checks() []failure {
	var failed []failure
	for _, c := range d.p.Checks {
		why, reason, ok := d.check(c)
		if ok {
			continue
		}
		f := failure{check: c, why: why}
		outcome, code, _ := strings.Cut(c.Else, ":")
		f.outcome, f.reason = Outcome(outcome), Reason(code)
		if reason != "" {
			f.outcome, f.reason = Review, reason
		}
		failed = append(failed, f)
	}
	return failed
}

// check reports whether c holds; a reason means that a person must say,
// whatever the procedure wants.
func (d *decider) check(c Check) (why string, reason Reason, ok bool) {
	if c.Is == "managed-domain" {
		return "The certified sender's domain is not one of ours.", "", d.f.Ours
	}
	if d.f.Down != "" {
		return "The registry does not answer: " + d.f.Down, RegistryDown, false
	}
	if !d.f.Registry {
		return fmt.Sprintf("No registry is configured to check %s: a person does.", c.Is), RegistryMissing, false
	}
	switch c.Is {
	case "mailbox-known":
		return "The registry does not know the certified sender.", "", d.f.Mailbox != nil
	case "mailbox-active":
		return d.active()
	case "holder-same":
		return d.holder()
	}
	return d.checkOrder(c)
}

// active asks for an active mailbox. One that is not active yet has its own
// remedy; one that was active and is no more is for a person.
func (d *decider) active() (why string, reason Reason, ok bool) {
	b := d.f.Mailbox
	switch {
	case b == nil || b.Status == "active":
		return "", "", true
	case b.Status == "not_active":
		return "The mailbox is not active yet.", "", false
	}
	return fmt.Sprintf("The mailbox is %s, neither active nor about to be: a person decides.", b.Status), MailboxNotActive, false
}

// checkOrder runs the checks on the order named. Without one, that it is
// unknown is said once, by order-known.
func (d *decider) checkOrder(c Check) (why string, reason Reason, ok bool) {
	o := d.order()
	if c.Is == "order-known" {
		if len(d.r.Orders) == 0 {
			return "", "", true // the blank is empty, and missing_fields says so
		}
		return "The registry does not know the order named.", "", o != nil
	}
	if o == nil {
		return "", "", true
	}
	switch c.Is {
	case "order-auto-renewal":
		return fmt.Sprintf("The order is of kind %q, no automatic renewal.", o.Kind), "", o.Kind == "auto_renewal"
	case "order-same-mailbox":
		return "The order is of another mailbox.", "", foldAddress(o.Address) == foldAddress(d.m.Sender)
	case "order-same-panel":
		named := d.named(kindPanel)
		return fmt.Sprintf("The order is of the panel %q, the text names %q.", o.Panel, named), "",
			o.Panel == "" || named == "" || sameCode(panel(o.Panel), panel(named))
	case "within-days":
		return d.within(c, o)
	}
	return fmt.Sprintf("The check %q is unknown.", c.Is), OperatorDecides, false
}

// within asks whether the customer was in time: by the date of the envelope,
// not by ours. Who was late for another's order is not told so.
func (d *decider) within(c Check, o *Order) (why string, reason Reason, ok bool) {
	cal := d.set.Calendar
	if o.Date.IsZero() {
		return "The order has no date in the registry: a person counts the days.", OrderUnknown, false
	}
	if o.Kind != "auto_renewal" || foldAddress(o.Address) != foldAddress(d.m.Sender) {
		return "", "", true
	}
	last := cal.CustomerTerm(cal.Date(o.Date), c.Days)
	sent := cal.Date(d.m.Sent)
	if b := d.f.Mailbox; b != nil && sent.Compare(last) > 0 && cal.Date(b.Expires).Compare(cal.AddMonths(cal.Date(o.Date), 13)) > 0 {
		return "The order named is past its term, but the mailbox expires so late that it was renewed since: a person finds the order meant.", OrderDiffers, false
	}
	return fmt.Sprintf("Sent on %s, after %s, the last of %d days from the order of %s.", sent, last, c.Days, cal.Date(o.Date)), "", sent.Compare(last) <= 0
}

// named is the value of the first blank of a kind.
func (d *decider) named(kind string) string {
	for _, b := range d.p.Blanks {
		if b.Kind == kind {
			return d.r.Fields[b.Name]
		}
	}
	return ""
}
