package store

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"sportello/rules"
)

// TestExpire: a message whose own time is over goes with its bytes; what its case says of it stays.
func TestExpire(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir, Options{})
	id, msg := openCase(t, s, 1)
	other, _ := openCase(t, s, 2)
	for range 2 { // the second time there is nothing left to do
		if err := s.Expire(ctx, []Expired{{msg, "copies of documents"}}, start); err != nil {
			t.Fatal(err)
		}
	}
	check(t, s)
	look(t, s, func(tx *Tx) error {
		m, err := tx.Message(msg)
		if err != nil || m.Status != Purged || m.Digest == [32]byte{} {
			t.Errorf("message %+v: %v", m, err)
		}
		if _, err := s.Raw(m); !errors.Is(err, ErrErased) {
			t.Errorf("raw: %v", err)
		}
		if facts, _, err := tx.MessageFacts(msg); facts != nil || err != nil {
			t.Error("facts are still there")
		}
		c, err := tx.Case(id)
		if err != nil || c.Explanation.Own == "" || c.Fields == nil || c.Erased() {
			t.Errorf("case %+v: %v", c, err)
		}
		events, err := tx.CaseEvents(id)
		if last := events[len(events)-1]; err != nil || last.Kind != rules.Purged || last.Message != msg || last.Detail != "copies of documents" || last.Author != "" {
			t.Errorf("journal %+v: %v", last, err)
		}
		if c, err = tx.Case(other); err != nil || c.Explanation.Own == "" {
			t.Error("the other case lost its explanation")
		}
		return err
	})
	raw, err := os.ReadFile(filepath.Join(dir, archiveDir, "2026-11.tar"))
	if err != nil || bytes.Contains(raw, []byte("message 1, a line")) || !bytes.Contains(raw, []byte("message 2, a line")) {
		t.Errorf("the archive keeps the bytes, or lost others: %v", err)
	}
	// An order may still erase what the case quotes of it.
	for n, want := range []error{nil, ErrErased} {
		if err := s.Redact(ctx, msg, "order 12/2026", "anna", start); !errors.Is(err, want) {
			t.Errorf("order %d: %v", n, err)
		}
	}
	check(t, s)
	look(t, s, func(tx *Tx) error {
		c, err := tx.Case(id)
		if err != nil || c.Explanation.Own != "" || !c.Erased() {
			t.Errorf("after the order: %+v: %v", c, err)
		}
		return err
	})
}

// TestErasedComesAgain: what was erased goes with every copy of it, the same envelope in another mailbox too, and is not
// kept again when it is read again.
func TestErasedComesAgain(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir, Options{})
	_, msg := openCase(t, s, 1)
	take := func(uid uint32, before string) (id uint64) {
		t.Helper()
		in := incoming(1, 2000)
		in.Bytes = append([]byte(before), in.Bytes...)
		ids, err := s.Intake(ctx, "customer.service", Cursor{8, uid}, []Incoming{in}, nil)
		if err != nil {
			t.Fatal(err)
		}
		return ids[0]
	}
	copies := []uint64{take(1, ""), take(2, "Received: by another way\r\n")}
	if err := s.Expire(ctx, []Expired{{msg, "copies of documents"}}, start); err != nil {
		t.Fatal(err)
	}
	copies = append(copies, take(3, ""), take(4, "Received: by a third way\r\n"))
	check(t, s)
	look(t, s, func(tx *Tx) error {
		for _, id := range copies {
			m, err := tx.Message(id)
			if err != nil || m.Original != msg || m.Digest == [32]byte{} {
				t.Errorf("message %+v: %v", m, err)
			}
			if _, err := s.Raw(m); !errors.Is(err, ErrErased) {
				t.Errorf("bytes of message %d: %v", id, err)
			}
			if facts, _, err := tx.MessageFacts(id); facts != nil || err != nil {
				t.Errorf("facts of message %d are there: %v", id, err)
			}
		}
		return nil
	})
	raw, err := os.ReadFile(filepath.Join(dir, archiveDir, "2026-11.tar"))
	if err != nil || bytes.Contains(raw, []byte("message 1, a line")) || bytes.Contains(raw, []byte("by a third way")) {
		t.Errorf("the archive keeps bytes: %v", err)
	}
}
