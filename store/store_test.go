package store

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"sportello/rules"
)

var (
	ctx   = context.Background()
	start = time.Date(2026, 11, 23, 9, 0, 0, 0, time.FixedZone("", 3600))
)

func open(t testing.TB, dir string, opt Options) *Store {
	t.Helper()
	s, err := Open(dir, opt)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

func update(t testing.TB, s *Store, fn func(*Tx) error) {
	t.Helper()
	if err := s.Update(ctx, fn); err != nil {
		t.Fatal(err)
	}
}

func look(t testing.TB, s *Store, fn func(*Tx) error) {
	t.Helper()
	if err := s.View(fn); err != nil {
		t.Fatal(err)
	}
}

// incoming makes message n of a mailbox, bytes of about size.
func incoming(n int, size int) Incoming {
	raw := bytes.Repeat(fmt.Appendf(nil, "message %d, a line of it\r\n", n), size/25+1)
	at := start.Add(time.Duration(n) * time.Second)
	return Incoming{Bytes: raw, Message: Message{Cursor: Cursor{7, uint32(n)}, Kind: rules.Transport, Delivered: at, Read: at.Add(time.Second),
		Identifier: fmt.Sprintf("opec%d.2026.pec.example.it", n), MessageID: fmt.Sprintf("%d@pec.example.it", n),
		Facts: &rules.Message{Mailbox: "disattivazioni", Kind: rules.Transport, Sender: sender(n), Subject: "Disattivazione casella", Text: form(n)},
		Proof: proof}}
}

var proof = []rules.ProofStep{{Name: "signature", OK: true, Detail: "posta-certificata@pec.example.it"}, {Name: "index", OK: true}}

func sender(n int) string { return fmt.Sprintf("utente%d@pec.example.it", n) }

func form(n int) string {
	return fmt.Sprintf("Il sottoscritto Mario Rossi %d titolare della casella PEC %s richiede la disattivazione anticipata della stessa", n, sender(n))
}

// opened are the events that open case id for message m and accept it.
func opened(id string, n int, m uint64) []rules.Event {
	at := start.Add(time.Duration(n) * time.Second)
	return []rules.Event{
		{At: at, Kind: rules.Opened, Case: id, Message: m, Mailbox: "disattivazioni", Procedure: "disattivazione", Received: &at,
			Due: rules.At(at.Add(72 * time.Hour)), Target: rules.At(at.Add(48 * time.Hour)), Warn: rules.At(at.Add(24 * time.Hour)),
			Private: &rules.Private{Mailbox: sender(n), Subject: "Disattivazione casella", MessageID: fmt.Sprintf("%d@pec.example.it", n), Proof: proof}},
		{At: at, Kind: rules.Decided, Case: id, Procedure: "disattivazione", Outcome: rules.Accept,
			Steps: []rules.Step{{Do: "read-only", After: "delivered"}, {Do: "close", After: "5 days"}},
			Private: &rules.Private{Reasons: []string{"the whole text is the form"}, Fields: map[string]string{"titolare": "Mario Rossi", "casella": sender(n)},
				Explanation: &rules.Explanation{Own: form(n), Similarity: 1, Spans: []rules.Span{{Start: 0, End: 15, Kind: "form"}, {Start: 16, End: 27, Kind: "blank", Name: "titolare"}}}}},
		{At: at, Kind: rules.LetterOwed, Case: id, Letter: &rules.LetterRef{N: 1, Name: "accolta", MessageID: letterID(id, 1)},
			Private: &rules.Private{Letter: &rules.LetterText{To: sender(n), Subject: "Re: Disattivazione casella [Prot. " + id + "]", Text: letterText}}},
	}
}

func letterID(id string, n int) string { return fmt.Sprintf("%s.%d@sportello.pec.example.com", id, n) }

var letterText = strings.Repeat("Gentile cliente, la richiesta è stata accolta. La casella resta in sola lettura per cinque giorni.\n", 14)

func attempt(id string, at time.Time) rules.Event {
	return rules.Event{At: at, Kind: rules.LetterAttempt, Case: id, Letter: &rules.LetterRef{N: 1, Attempt: 1}}
}

func sent(id string, at time.Time) rules.Event {
	return rules.Event{At: at, Kind: rules.LetterSent, Case: id, Letter: &rules.LetterRef{N: 1, Attempt: 1, Answer: "250 2.0.0 Ok: queued as 4F2C"}}
}

func receipt(id, kind string, at time.Time) rules.Event {
	return rules.Event{At: at, Kind: rules.LetterReceipt, Case: id, Letter: &rules.LetterRef{N: 1},
		Receipt: &rules.ReceiptRef{Kind: kind, At: at, Identifier: "opec1.r", Provider: "Gestore"}}
}

// openCase takes in message n and opens a case for it.
func openCase(t testing.TB, s *Store, n int) (id string, message uint64) {
	t.Helper()
	ids, err := s.Intake(ctx, "disattivazioni", Cursor{7, uint32(n)}, []Incoming{incoming(n, 2000)}, func(tx *Tx, ids []uint64) (err error) {
		if id, err = tx.NextProtocol(2026); err != nil {
			return err
		}
		if err := tx.SetMessage(ids[0], InCase, id, "", ""); err != nil {
			return err
		}
		return tx.Record(opened(id, n, ids[0])...)
	})
	if err != nil {
		t.Fatal(err)
	}
	return id, ids[0]
}

func TestLifeOfACase(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir, Options{})
	id, msg := openCase(t, s, 1)
	if id != "2026-000001" {
		t.Errorf("protocol %s", id)
	}
	look(t, s, func(tx *Tx) error {
		due, err := tx.LettersDue("", start, 10)
		if len(due) != 1 || due[0].Case != id || due[0].N != 1 || due[0].State != rules.Owed {
			t.Errorf("letters due %v", due)
		}
		return err
	})
	later := start.Add(time.Minute)
	update(t, s, func(tx *Tx) error { return tx.Record(attempt(id, later)) })
	look(t, s, func(tx *Tx) error {
		due, _ := tx.LettersDue("", later, 10)
		trying, err := tx.LettersTrying(10)
		if len(due) != 0 || len(trying) != 1 {
			t.Errorf("due %v, trying %v", due, trying)
		}
		return err
	})
	update(t, s, func(tx *Tx) error {
		return tx.Record(sent(id, later), receipt(id, rules.ReceiptAccepted, later), receipt(id, rules.ReceiptDelivered, later))
	})
	s.Close()

	s = open(t, dir, Options{})
	look(t, s, func(tx *Tx) error {
		c, err := tx.Case(id)
		if err != nil {
			return err
		}
		isFold(t, tx, c)
		if c.Letters[0].State != rules.Delivered || c.Letters[0].Text != letterText || c.Explanation.Own != form(1) || c.Mailbox != sender(1) {
			t.Errorf("case %+v", c)
		}
		if got, n, ok := tx.LetterOf(letterID(id, 1)); !ok || got != id || n != 1 {
			t.Errorf("letter of: %q %d %t", got, n, ok)
		}
		if cur, ok := tx.Cursor("disattivazioni"); !ok || cur != (Cursor{7, 1}) {
			t.Errorf("cursor %v", cur)
		}
		return nil
	})
	look(t, s, func(tx *Tx) error {
		m, err := tx.Message(msg)
		if err != nil {
			return err
		}
		raw, err := s.Raw(m)
		if err != nil {
			return err
		}
		defer raw.Close()
		b, err := raw.Bytes()
		if err != nil || sha256.Sum256(b) != m.Digest || m.Status != InCase || m.Case != id {
			t.Errorf("message %+v: %v", m, err)
		}
		facts, steps, err := tx.MessageFacts(msg)
		if err != nil || facts.Text != form(1) || len(steps) != 2 {
			t.Errorf("facts %+v %v %v", facts, steps, err)
		}
		return nil
	})
}

// isFold demands that a case is what its events make of nothing.
func isFold(t *testing.T, tx *Tx, c *rules.Case) {
	t.Helper()
	events, err := tx.CaseEvents(c.ID)
	if err != nil {
		t.Fatal(err)
	}
	var fold rules.Case
	for _, e := range events {
		if err := fold.Apply(e); err != nil {
			t.Fatal(err)
		}
	}
	if d := cmp.Diff(fold, *c); d != "" {
		t.Error("the case is not the fold of its events:\n", d)
	}
}

func TestFailingUpdateHurtsNobody(t *testing.T) {
	s := open(t, t.TempDir(), Options{})
	id, _ := openCase(t, s, 1)
	boom := errors.New("boom")
	// One request waits inside its function until the others are queued, so they share a commit.
	gate, running, results := make(chan struct{}), make(chan struct{}), make(chan error, 3)
	go func() {
		results <- s.Update(ctx, func(*Tx) error { close(running); <-gate; return nil })
	}()
	<-running
	for i := range 2 {
		go func() {
			err := s.Update(ctx, func(tx *Tx) error {
				if err := tx.Record(rules.Event{At: start, Kind: rules.Noted, Case: id, Author: "anna", Private: &rules.Private{Note: fmt.Sprint(i)}}); err != nil {
					return err
				}
				if i == 0 {
					return boom
				}
				return nil
			})
			if i == 0 != errors.Is(err, boom) {
				err = fmt.Errorf("update %d: %v", i, err)
			} else {
				err = nil
			}
			results <- err
		}()
	}
	for len(s.work) < 2 {
		time.Sleep(time.Millisecond)
	}
	close(gate)
	for range 3 {
		if err := <-results; err != nil {
			t.Error(err)
		}
	}
	look(t, s, func(tx *Tx) error {
		c, err := tx.Case(id)
		if err == nil && (len(c.Notes) != 1 || c.Notes[0].Text != "1") {
			t.Errorf("notes %v", c.Notes)
		}
		return err
	})
}
