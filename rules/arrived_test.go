package rules_test

import (
	"slices"
	"testing"
	"time"

	"sportello/rules"
)

// tried records an attempt of letter n that ended so.
func (w *world) tried(n int, end rules.EventKind) {
	w.t.Helper()
	ref := &rules.LetterRef{N: n}
	w.apply(rules.Event{Kind: rules.LetterAttempt, Letter: ref}, rules.Event{Kind: end, Letter: ref, Until: rules.At(w.now.Add(time.Hour))})
	w.advance()
}

// said says that letter n arrived, and that only with how it is known.
func (w *world) said(n int) {
	w.t.Helper()
	if !slices.Contains(w.c.Verbs(), "arrived") {
		w.t.Fatalf("a person can %v", w.c.Verbs())
	}
	w.refused(rules.Act{Verb: "arrived", N: n})
	events, err := w.set.Perform(w.c, rules.Act{Verb: "arrived", N: n, Author: "anna", Text: "ha telefonato", Reason: rules.SubjectNotConforming}, w.now)
	if err != nil {
		w.t.Fatal(err)
	}
	if e := events[0]; e.Kind != rules.LetterArrived || e.Author != "anna" || e.Private.Note != "ha telefonato" {
		w.t.Fatalf("journal: %+v", e)
	}
	w.apply(events...)
	if l := w.c.Letter(n); l.State != rules.Delivered || !l.Arrived.Equal(w.now) {
		w.t.Fatalf("letter: %+v", l)
	}
	w.refused(rules.Act{Verb: "arrived", N: n, Text: "ha telefonato"})
	w.advance()
}

// A letter that no server is known to have taken may have arrived all the same:
// a person says so, and the case goes on.
func TestArrivedWithoutAnAcceptance(t *testing.T) {
	for _, end := range []rules.EventKind{rules.EventLetterFailed, rules.LetterUncertain, rules.LetterHeld, rules.LetterDeferred} {
		t.Run(string(end), func(t *testing.T) {
			w := newWorld(t)
			w.opened(rules.Accept, "", "accolta")
			decided := w.c.Decided
			w.now = w.now.Add(5 * time.Hour)
			w.tried(1, end)
			w.now = w.now.Add(time.Hour)
			w.said(1)
			w.state(rules.Accepted)
			if w.c.Reason != "" || !w.c.Decided.Equal(decided) || w.c.DecidedBy != "" || len(w.c.Letters) != 1 {
				t.Errorf("decided %s by %q, reason %q, %d letters", w.c.Decided, w.c.DecidedBy, w.c.Reason, len(w.c.Letters))
			}
			if !w.c.Answered.Equal(w.now) || !w.c.Delivered.Equal(w.now) {
				t.Errorf("answered %s, delivered %s", w.c.Answered, w.c.Delivered)
			}
			w.step(1)
			if want := w.set.Calendar.StartOfDay(w.set.Calendar.AddDays(w.set.Calendar.Date(w.now), 6)); !w.c.Steps[1].Due.Equal(want) {
				t.Errorf("close is due %s, want %s", w.c.Steps[1].Due, want)
			}
		})
	}
}

// A step that follows the sending, not the delivery, begins too; and who is
// answered otherwise afterwards had been told.
func TestArrivedLetterWentOut(t *testing.T) {
	w := newWorld(t)
	w.opened(rules.Accept, "", "accolta")
	w.c.Steps = []rules.StepRun{{N: 1, Step: rules.Step{Do: "refund", After: "24 hours"}, State: rules.StepPlanned}}
	w.tried(1, rules.LetterUncertain)
	w.said(1)
	if s := w.c.Steps[0]; s.State != rules.StepDue || !s.Due.Equal(w.now.Add(24*time.Hour)) {
		t.Errorf("step %+v", s)
	}
}

// A refusal that arrived closes its case, with the reason that it had.
func TestArrivedRefusalCloses(t *testing.T) {
	w := newWorld(t)
	w.opened(rules.Reject, rules.SubjectNotConforming, "respinta")
	w.tried(1, rules.EventLetterFailed)
	w.state(rules.InReview)
	w.said(1)
	w.state(rules.Closed)
	if w.c.Outcome != rules.Reject || w.c.Reason != rules.SubjectNotConforming {
		t.Errorf("%s, %s", w.c.Outcome, w.c.Reason)
	}
}

// A question that arrived waits for its answer by the term that it names; when
// that has passed, a person decides what the silence means.
func TestArrivedQuestion(t *testing.T) {
	for _, late := range []bool{false, true} {
		w := newWorld(t)
		w.opened(rules.Review, rules.OperatorDecides, "")
		w.must(rules.Act{Verb: "ask", Documents: []string{"documento d'identità"}})
		until, remind := w.c.Until, w.c.RemindAt
		w.tried(1, rules.EventLetterFailed)
		w.state(rules.InReview)
		if late {
			w.now = until.Add(time.Hour)
			w.said(1)
			w.state(rules.InReview)
			continue
		}
		w.now = w.now.Add(time.Hour)
		w.said(1)
		w.state(rules.Waiting)
		if !w.c.Until.Equal(until) || !w.c.RemindAt.Equal(remind) || !slices.Equal(w.c.Asked, []string{"documento d'identità"}) || !w.c.Suspended() {
			t.Errorf("until %s, reminder %s, asked for %q, suspended %v", w.c.Until, w.c.RemindAt, w.c.Asked, w.c.Suspended())
		}
	}
}

// What a signed receipt denies, what never left, and what holds no more, nobody
// can say to have arrived.
func TestNotArrivable(t *testing.T) {
	for name, make := range map[string]func(*world){
		"refused": func(w *world) {
			w.taken(1)
			w.receipt(1, rules.ReceiptUndelivered)
		},
		"never tried":    func(w *world) {},
		"under way":      func(w *world) { w.apply(rules.Event{Kind: rules.LetterAttempt, Letter: &rules.LetterRef{N: 1}}) },
		"just accepted":  func(w *world) { w.taken(1) },
		"of the past":    func(w *world) { w.tried(1, rules.EventLetterFailed); w.must(rules.Act{Verb: "approve"}) },
		"another stands": func(w *world) { w.tried(1, rules.EventLetterFailed); w.must(rules.Act{Verb: "resend"}) },
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			w.opened(rules.Accept, "", "accolta")
			make(w)
			if slices.Contains(w.c.Verbs(), "arrived") {
				t.Error("it is offered")
			}
			w.refused(rules.Act{Verb: "arrived", Text: "ha telefonato"})
		})
	}
}

// A case that a person has stopped for another cause stays with him.
func TestArrivedDecidesNothing(t *testing.T) {
	w := newWorld(t)
	w.opened(rules.Review, rules.OperatorDecides, "presa-in-carico")
	w.tried(1, rules.EventLetterFailed)
	w.said(1)
	w.state(rules.InReview)
	if w.c.Reason != rules.OperatorDecides || !w.c.Answered.IsZero() {
		t.Errorf("reason %s, answered %s", w.c.Reason, w.c.Answered)
	}
}
