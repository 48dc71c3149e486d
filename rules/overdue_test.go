package rules_test

import (
	"slices"
	"testing"
	"time"

	"sportello/rules"
)

// taken sends letter n, and brings its acceptance alone.
func (w *world) taken(n int) {
	w.t.Helper()
	ref := &rules.LetterRef{N: n}
	w.apply(rules.Event{Kind: rules.LetterAttempt, Letter: ref}, rules.Event{Kind: rules.LetterSent, Letter: ref, Until: rules.At(w.now.Add(24 * time.Hour))})
	w.receipt(n, rules.ReceiptAccepted)
}

func (w *world) receipt(n int, kind string) {
	w.t.Helper()
	w.apply(rules.Event{Kind: rules.LetterReceipt, Letter: &rules.LetterRef{N: n}, Receipt: &rules.ReceiptRef{Kind: kind, At: w.now}})
	w.advance()
}

// unheard is a case whose answer was accepted, and of which nobody knows more.
func unheard(t *testing.T, outcome rules.Outcome, reason rules.Reason, letter string) *world {
	t.Helper()
	w := newWorld(t)
	w.opened(outcome, reason, letter)
	w.taken(1)
	w.now = w.now.Add(30*time.Hour - time.Second)
	if kinds := w.advance(); len(kinds) != 0 {
		t.Fatalf("before its time: %v", kinds)
	}
	w.now = w.now.Add(time.Second)
	if kinds := w.advance(); !slices.Equal(kinds, []rules.EventKind{rules.LetterOverdue}) {
		t.Fatalf("when a receipt is overdue: %v", kinds)
	}
	return w
}

// Of a letter that was accepted, a receipt must say within a day what became of
// it (RFC 6109 §3.3). When none does, a person may know, and the case goes on.
func TestUnheardLetter(t *testing.T) {
	start := func(t *testing.T) *world {
		w := unheard(t, rules.Accept, "", "accolta")
		w.state(rules.Accepted)
		if v := w.c.Verbs(); !slices.Contains(v, "arrived") || !slices.Contains(v, "resend") {
			t.Fatalf("a person can %v", v)
		}
		return w
	}
	t.Run("its receipt comes", func(t *testing.T) {
		w := start(t)
		w.receipt(1, rules.ReceiptDelivered)
		if w.c.Unheard(w.c.Letter(1)) || slices.Contains(w.c.Verbs(), "arrived") {
			t.Error("it is still unheard of")
		}
		w.step(1)
	})
	t.Run("it did not arrive", func(t *testing.T) {
		w := start(t)
		w.receipt(1, rules.ReceiptUndelivered)
		w.state(rules.InReview)
	})
	t.Run("it arrived", func(t *testing.T) {
		w := start(t)
		if err := w.act(rules.Act{Verb: "arrived", N: 1, Text: "telefonato"}); err != nil {
			t.Fatal(err)
		}
		w.advance()
		if !w.c.Delivered.Equal(w.now) || w.c.Answered.Equal(w.now) {
			t.Errorf("answered %s, delivered %s", w.c.Answered, w.c.Delivered)
		}
		w.step(1)
		want := w.set.Calendar.StartOfDay(w.set.Calendar.AddDays(w.set.Calendar.Date(w.now), 6))
		if got := w.c.Steps[1].Due; !got.Equal(want) {
			t.Errorf("close is due %s, want %s: the days are counted from when it was known", got, want)
		}
		w.refused(rules.Act{Verb: "arrived"})
	})
	t.Run("it goes again", func(t *testing.T) {
		w := start(t)
		if err := w.act(rules.Act{Verb: "resend"}); err != nil {
			t.Fatal(err)
		}
		if w.c.Unheard(w.c.Letter(1)) {
			t.Error("the first is still waited for")
		}
		w.refused(rules.Act{Verb: "arrived"})
		w.receipt(1, rules.ReceiptUndelivered)
		w.state(rules.Accepted)
		w.deliver(2)
		w.step(1)
	})
	t.Run("it goes again, and nobody hears of that one", func(t *testing.T) {
		w := start(t)
		if err := w.act(rules.Act{Verb: "resend"}); err != nil {
			t.Fatal(err)
		}
		w.taken(2)
		w.now = w.now.Add(30 * time.Hour)
		if w.advance(); !w.c.Unheard(w.c.Letter(2)) {
			t.Error("nobody is told")
		}
	})
	t.Run("the case ends otherwise", func(t *testing.T) {
		w := start(t)
		for _, a := range []rules.Act{{Verb: "stop"}, {Verb: "withdraw", Silent: true, Text: "telefonato"}} {
			if err := w.act(a); err != nil {
				t.Fatal(err)
			}
		}
		if w.c.Unheard(w.c.Letter(1)) {
			t.Error("the letter is still waited for")
		}
	})
}

// An answer that closed its case is not forgotten: it may not have arrived.
func TestUnheardAnswerOfAClosedCase(t *testing.T) {
	w := unheard(t, rules.Reject, rules.SubjectNotConforming, "respinta")
	w.state(rules.Closed)
	if err := w.act(rules.Act{Verb: "resend"}); err != nil {
		t.Fatal(err)
	}
	ref := &rules.LetterRef{N: 2}
	w.apply(rules.Event{Kind: rules.LetterAttempt, Letter: ref}, rules.Event{Kind: rules.LetterSent, Letter: ref, Until: rules.At(w.now.Add(24 * time.Hour))})
	w.now = w.now.Add(24 * time.Hour)
	w.advance()
	w.state(rules.InReview)
	if w.c.Reason != rules.NoAcceptance || !w.c.Resendable(w.c.Letter(2)) {
		t.Errorf("not even accepted: %s, %+v", w.c.Reason, w.c.Letter(2))
	}
}

// To an ordinary address nobody certifies a delivery.
func TestOrdinaryLettersAreNotWaitedFor(t *testing.T) {
	w := newWorld(t)
	msg := rules.Message{Mailbox: "disattivazioni", Kind: rules.Anomaly, Sender: "mario@example.org", Subject: "x", Delivered: w.now}
	d := rules.Decision{Procedure: "disattivazione", Outcome: rules.Guide, Reason: rules.OrdinaryEmail, Mailbox: msg.Sender, Received: w.now, Letter: "guida", To: msg.Sender}
	c, _, err := w.set.Open("2026-000001", rules.Arrival{ID: 1, Message: msg, Decision: d}, w.now)
	if err != nil {
		t.Fatal(err)
	}
	w.c = c
	w.taken(1)
	w.now = w.now.Add(31 * time.Hour)
	if kinds := w.advance(); len(kinds) != 0 || w.c.Proved {
		t.Errorf("proved %v, owes %v", w.c.Proved, kinds)
	}
}
