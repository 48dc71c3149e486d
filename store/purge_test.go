package store

import (
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sportello/rules"
)

func TestPurge(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir, Options{})
	old, oldMsg := openCase(t, s, 1)
	close1(t, s, old, start)
	kept, _ := openCase(t, s, 45*24*3600) // next month's archive
	close1(t, s, kept, start.AddDate(0, 2, 0))
	check(t, s)
	keep := Retention{Now: start.AddDate(0, 30, 1), Keep: Span{Months: 30}}
	report, err := s.Purge(ctx, keep, "anna", true)
	if err != nil || report.Cases != 1 || report.Messages != 1 || len(report.Months) != 1 || report.Months[0] != "2026-11" || report.Bytes == 0 {
		t.Errorf("dry run: %+v %v", report, err)
	}
	look(t, s, func(tx *Tx) error {
		c, err := tx.Case(old)
		if err != nil || c.Mailbox == "" {
			t.Error("the dry run removed something")
		}
		return err
	})
	long := keep
	for _, keep := range []Span{{Months: 120}, {Days: 914}} { // the thirty months have 911 days
		long.Procedure = map[string]Span{"disattivazione": keep}
		if r, err := s.Purge(ctx, long, "anna", true); err != nil || r.Cases != 0 || len(r.Months) != 0 {
			t.Errorf("kept for %+v: %+v %v", keep, r, err)
		}
	}
	long.Procedure = map[string]Span{"disattivazione": {Days: 900}}
	if r, err := s.Purge(ctx, long, "anna", true); err != nil || r.Cases != 1 {
		t.Errorf("900 days: %+v %v", r, err)
	}
	got, err := s.Purge(ctx, keep, "anna", false)
	if err != nil || cmp.Diff(report, got) != "" {
		t.Errorf("purge: %+v %v", got, err)
	}
	check(t, s)
	if _, err := os.Stat(s.archive.path("2026-11")); !errors.Is(err, os.ErrNotExist) {
		t.Error("the month is still there")
	}
	look(t, s, func(tx *Tx) error {
		c, err := tx.Case(old)
		if err != nil || c.Mailbox != "" || c.Fields != nil || c.Letters[0].Text != "" || !c.Emptied() || c.Outcome != rules.Accept {
			t.Errorf("stub %+v %v", c, err)
		}
		m, err := tx.Message(oldMsg)
		if err != nil || m.Status != Purged || m.Digest == ([32]byte{}) {
			t.Errorf("message %+v %v", m, err)
		}
		c, err = tx.Case(kept)
		if err != nil || c.Mailbox == "" || c.Letters[0].Text == "" {
			t.Errorf("the other case lost something: %+v %v", c, err)
		}
		return err
	})
	if again, err := s.Purge(ctx, keep, "anna", false); err != nil || again.Cases != 0 || len(again.Months) != 0 {
		t.Errorf("again: %+v %v", again, err)
	}
	s.Close()
	check(t, open(t, dir, Options{}))
}

// TestPurgeWithinAMonth: what is kept of a month keeps nothing else in it, but for a message of the same bytes.
func TestPurgeWithinAMonth(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir, Options{})
	old, oldMsg := openCase(t, s, 1)
	close1(t, s, old, start)
	kept, keptMsg := openCase(t, s, 2)
	close1(t, s, kept, start.AddDate(0, 2, 0))
	keep := Retention{Now: start.AddDate(0, 30, 1), Keep: Span{Months: 30}}
	plan, err := s.Purge(ctx, keep, "anna", true)
	if err != nil || plan.Cases != 1 || plan.Messages != 1 || len(plan.Months) != 0 || plan.Bytes == 0 {
		t.Fatalf("dry run: %+v %v", plan, err)
	}
	if got, err := s.Purge(ctx, keep, "anna", false); err != nil || got.String() != plan.String() {
		t.Fatalf("purge: %+v %v", got, err)
	}
	check(t, s)
	look(t, s, func(tx *Tx) error {
		for msg, want := range map[uint64]error{oldMsg: ErrErased, keptMsg: nil} {
			m, err := tx.Message(msg)
			if err != nil || m.Digest == [32]byte{} {
				t.Errorf("message %+v: %v", m, err)
			}
			raw, err := s.Raw(m)
			if !errors.Is(err, want) {
				t.Errorf("bytes of message %d: %v", msg, err)
			}
			if err == nil {
				raw.Close()
			}
		}
		return nil
	})
	raw, err := os.ReadFile(filepath.Join(dir, archiveDir, "2026-11.tar"))
	if err != nil || bytes.Contains(raw, []byte("message 1, a line")) || !bytes.Contains(raw, []byte("message 2, a line")) {
		t.Errorf("the archive keeps the bytes, or lost others: %v", err)
	}
	if again, err := s.Purge(ctx, keep, "anna", true); err != nil || again.String() != (Report{}).String() {
		t.Errorf("again: %+v %v", again, err)
	}
}

// planned is a purge of a store with one closed case, of which the cases are
// told; the desk goes on while it runs.
func planned(t *testing.T) (s *Store, p *purge, id string, msg uint64) {
	t.Helper()
	s = open(t, t.TempDir(), Options{})
	id, msg = openCase(t, s, 1)
	close1(t, s, id, start)
	p = &purge{s: s, author: "anna", keep: Retention{Now: start.AddDate(0, 30, 1), Keep: Span{Months: 30}}, busy: map[string]bool{}, messages: map[string][]uint64{}}
	s.leave(&p.keep)
	t.Cleanup(func() { s.leave(nil) })
	look(t, s, p.planCases)
	if len(p.cases) != 1 {
		t.Fatalf("%d cases are over", len(p.cases))
	}
	return s, p, id, msg
}

// TestPurgeReopened: a case opened again while a purge runs stays whole, and so does its message.
func TestPurgeReopened(t *testing.T) {
	s, p, id, msg := planned(t)
	update(t, s, func(tx *Tx) error {
		return tx.Record(rules.Event{At: start.AddDate(3, 0, 0), Kind: rules.Reopened, Case: id, Author: "anna", Due: rules.At(start.AddDate(3, 0, 3))})
	})
	if err := p.reduce(ctx, p.cases); err != nil || p.report.Cases != 0 {
		t.Errorf("reduced %d: %v", p.report.Cases, err)
	}
	look(t, s, p.planMessages)
	if len(p.report.Months)+len(p.single)+p.report.Messages != 0 {
		t.Errorf("planned %+v %v", p.report, p.single)
	}
	look(t, s, func(tx *Tx) error {
		c, err := tx.Case(id)
		if err != nil || c.Mailbox == "" || c.Explanation.Own == "" {
			t.Errorf("case %+v: %v", c, err)
		}
		m, err := tx.Message(msg)
		if err != nil || m.Status == Purged {
			t.Errorf("message %+v: %v", m, err)
		}
		return err
	})
	check(t, s)
}

// TestPurgeMeanwhile: what comes in while a purge runs keeps its bytes, even those that a message has which goes, and
// even in the archive that was to go.
func TestPurgeMeanwhile(t *testing.T) {
	s, p, _, msg := planned(t)
	if err := p.reduce(ctx, p.cases); err != nil || p.report.Cases != 1 {
		t.Fatalf("reduced %d: %v", p.report.Cases, err)
	}
	look(t, s, p.planMessages)
	if len(p.report.Months) != 1 {
		t.Fatalf("planned %+v", p.report)
	}
	again := incoming(1, 2000)
	again.Cursor.UID = 2
	ids, err := s.Intake(ctx, "disattivazioni", Cursor{7, 2}, []Incoming{again}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := p.month(ctx, p.report.Months[0]); err != nil {
		t.Fatal(err)
	}
	check(t, s)
	look(t, s, func(tx *Tx) error {
		for id, want := range map[uint64]error{msg: ErrErased, ids[0]: nil} {
			m, err := tx.Message(id)
			if err != nil {
				return err
			}
			raw, err := s.Raw(m)
			if !errors.Is(err, want) {
				t.Errorf("bytes of message %d: %v", id, err)
			}
			if err != nil {
				continue
			}
			if got, err := io.ReadAll(raw); err != nil || !bytes.Equal(got, again.Bytes) {
				t.Errorf("message %d is %q: %v", id, got, err)
			}
			raw.Close()
		}
		return nil
	})
	raw, err := os.ReadFile(s.archive.path(p.report.Months[0]))
	if n := bytes.Count(raw, []byte("message 1, a line")); err != nil || n != bytes.Count(again.Bytes, []byte("message 1, a line")) {
		t.Errorf("the archive has %d lines: %v", n, err)
	}
}
