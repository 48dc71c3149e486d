package rules_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"sportello/rules"
)

// walk is a case to which everything happens in any order, with what its
// customer was promised and what was done to his mailbox.
type walk struct {
	t        *rapid.T
	w        *world
	promised time.Time // end of the days of reading of the last acceptance delivered
	reading  bool
	closed   bool
}

func (k *walk) events(events []rules.Event, err error) {
	var refused *rules.ErrRefused
	if err != nil && !errors.As(err, &refused) {
		k.t.Fatal(err)
	}
	for _, e := range events {
		if err := k.w.c.Apply(e); err != nil {
			k.t.Fatal(err)
		}
		switch e.Kind {
		case rules.StepDone:
			k.did(e.Step.Do)
		case rules.LetterArrived:
			k.promise(k.w.c.Letter(e.Letter.N))
		}
	}
}

func (k *walk) advance() {
	k.events(k.w.set.Advance(k.w.c, k.w.now))
	if again, err := k.w.set.Advance(k.w.c, k.w.now); err != nil || len(again) != 0 {
		k.t.Fatalf("not at rest: %v %v", again, err)
	}
}

// Act lets a person do anything.
func (k *walk) Act(t *rapid.T) {
	k.t = t
	a := rules.Act{Verb: rapid.SampledFrom(rules.Verbs).Draw(t, "verb"), Author: "anna", Text: "testo", Documents: []string{"documento"}}
	if rapid.Bool().Draw(t, "code") && a.Verb == "reject" {
		a.Reason = rules.SubjectNotConforming
	}
	k.events(k.w.set.Perform(k.w.c, a, k.w.now))
	k.advance()
}

// Write lets the customer write again.
func (k *walk) Write(t *rapid.T) {
	k.t = t
	d := rules.Decision{Reason: rapid.SampledFrom([]rules.Reason{rules.Revocation, rules.Duplicate}).Draw(t, "what"), Outcome: rules.Review}
	events, err := k.w.set.Join(k.w.c, rules.Arrival{ID: uint64(k.w.c.Version + 1), Decision: d}, k.w.now)
	k.events(events, err)
	k.advance()
}

// Post lets a letter go, and brings what becomes of it.
func (k *walk) Post(t *rapid.T) {
	k.t = t
	var owed []int
	for _, l := range k.w.c.Letters {
		if l.State == rules.Owed || l.State == rules.Uncertain || l.State == rules.Taken {
			owed = append(owed, l.N)
		}
	}
	if len(owed) == 0 {
		return // nothing is owed
	}
	defer k.advance()
	l := k.w.c.Letter(rapid.SampledFrom(owed).Draw(t, "letter"))
	ref := &rules.LetterRef{N: l.N}
	add := func(kind rules.EventKind, receipt string) {
		e := rules.Event{At: k.w.now, Kind: kind, Case: k.w.c.ID, Letter: ref}
		if receipt != "" {
			e.Receipt = &rules.ReceiptRef{Kind: receipt, At: k.w.now}
		}
		k.events([]rules.Event{e}, nil)
	}
	if l.State == rules.Owed {
		add(rules.LetterAttempt, "")
		if rapid.IntRange(0, 3).Draw(t, "meanwhile") == 0 { // a person acts while it is tried
			k.Act(t)
		}
		switch rapid.SampledFrom([]string{"", "", "", "deferred", "uncertain"}).Draw(t, "try") {
		case "deferred":
			add(rules.LetterDeferred, "")
			if k.w.c.Letter(ref.N).Past { // as the outbox does
				add(rules.EventLetterFailed, "")
			}
			return
		case "uncertain":
			add(rules.LetterUncertain, "")
			return
		}
		add(rules.LetterSent, "")
		add(rules.LetterReceipt, rules.ReceiptAccepted)
	}
	switch rapid.SampledFrom([]string{"", rules.ReceiptDelivered, rules.ReceiptDelivered, rules.ReceiptUndelivered}).Draw(t, "end") {
	case rules.ReceiptDelivered:
		add(rules.LetterReceipt, rules.ReceiptDelivered)
		k.promise(k.w.c.Letter(ref.N))
	case rules.ReceiptUndelivered:
		add(rules.LetterReceipt, rules.ReceiptUndelivered)
	}
}

// promise is what a letter that arrived promises.
func (k *walk) promise(l *rules.Letter) {
	if l.Name == "accolta" {
		cal := k.w.set.Calendar
		k.promised = cal.EndOfDay(cal.AddDays(cal.Date(l.Owed), 5))
	}
}

// Step carries out a step that is due, or fails to.
func (k *walk) Step(t *rapid.T) {
	k.t = t
	i := slices.IndexFunc(k.w.c.Steps, func(s rules.StepRun) bool {
		return s.State == rules.StepDue && k.w.c.Runs(s) && !k.w.now.Before(s.Due)
	})
	if i < 0 {
		return // no step is due
	}
	s := k.w.c.Steps[i]
	ref := &rules.StepRef{N: s.N, Do: s.Do}
	k.events([]rules.Event{{At: k.w.now, Kind: rules.StepStarted, Case: k.w.c.ID, Step: ref}}, nil)
	kind := rapid.SampledFrom([]rules.EventKind{rules.StepDone, rules.StepDone, rules.EventStepFailed}).Draw(t, "end")
	if rapid.IntRange(0, 4).Draw(t, "meanwhile") == 0 { // the customer writes while it is carried out
		events, err := k.w.set.Join(k.w.c, rules.Arrival{ID: 99, Decision: rules.Decision{Reason: rules.Revocation}}, k.w.now)
		k.events(events, err)
	}
	k.events([]rules.Event{{At: k.w.now, Kind: kind, Case: k.w.c.ID, Step: ref}}, nil)
	k.advance()
}

// did is what happens to the mailbox, and what must never happen to it.
func (k *walk) did(do string) {
	switch do {
	case "read-only":
		k.reading = true
	case "restore":
		k.reading = false
	case "close":
		if k.promised.IsZero() || !k.w.now.After(k.promised) || !k.reading {
			k.t.Fatalf("closed at %s, read-only %v, though its customer may read until %s", k.w.now, k.reading, k.promised)
		}
		if k.closed {
			k.t.Fatal("closed twice")
		}
		k.closed = true
	}
}

// Wait lets time go by.
func (k *walk) Wait(t *rapid.T) {
	k.t = t
	k.w.now = k.w.now.Add(time.Duration(rapid.IntRange(1, 80).Draw(t, "hours")) * time.Hour)
	k.advance()
}

// saying are the letters that a decided case may still send.
var saying = map[rules.State][]string{
	rules.Accepted: {"accolta", "revoca-tardiva"}, rules.Rejected: {"respinta"}, rules.Answered: {"risposta"},
	rules.Withdrawn: {"revocata", "revoca-tardiva"}, rules.Closed: {"accolta", "respinta", "risposta", "revocata", "revoca-tardiva"},
}

// Check is what must hold at every moment.
func (k *walk) Check(t *rapid.T) {
	if k.w.c.State == rules.Closed && k.reading && !k.closed {
		t.Fatal("the case is closed, and its mailbox can only be read")
	}
	outcomes := slices.DeleteFunc(goingOut(k.w.c), func(name string) bool { return !(rules.Letter{Name: name}).Outcome() })
	if slices.Sort(outcomes); len(slices.Compact(outcomes)) > 1 {
		t.Fatalf("the case is %s, and %v go out", k.w.c.State, outcomes)
	}
	for _, name := range goingOut(k.w.c) {
		if of, decided := saying[k.w.c.State]; decided && name != "presa-in-carico" && !slices.Contains(of, name) {
			t.Fatalf("the case is %s, and %s goes out", k.w.c.State, name)
		}
	}
	for i, s := range k.w.c.Steps {
		if s.N != i+1 {
			t.Fatalf("step %d has the number %d", i+1, s.N)
		}
	}
}

// Whatever happens, and in whatever order: no mailbox is closed before the
// last day that its customer was promised, none twice, none is left read-only by
// a case that is over, and no two letters go out that contradict each other.
func TestWalk(t *testing.T) {
	base := newWorld(t)
	rapid.Check(t, func(r *rapid.T) {
		k := &walk{t: r, w: &world{t: t, set: base.set, now: base.now}}
		k.w.opened(rapid.SampledFrom([]rules.Outcome{rules.Accept, rules.Review}).Draw(r, "outcome"), "", "accolta")
		if k.w.c.Outcome == rules.Review {
			k.w.c.Letters = nil
		}
		k.advance()
		r.Repeat(map[string]func(*rapid.T){"": k.Check, "act": k.Act, "act more": k.Act, "write": k.Write, "post": k.Post, "post more": k.Post,
			"step": k.Step, "step more": k.Step, "wait": k.Wait, "wait more": k.Wait})
	})
}
