package store

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"sportello/rules"
)

// purgeable is a store that has a case, a whole month and a message of another
// month to purge.
func purgeable(t *testing.T, opt Options) (*Store, Retention, string) {
	t.Helper()
	dir := t.TempDir()
	s := open(t, dir, opt)
	for _, c := range []struct{ n, closed int }{{1, 0}, {45 * 24 * 3600, 2}, {46 * 24 * 3600, 4}} {
		id, _ := openCase(t, s, c.n)
		close1(t, s, id, start.AddDate(0, c.closed, 0))
	}
	return s, Retention{Now: start.AddDate(0, 32, 1), Keep: Span{Months: 30}}, dir
}

// noRoom is a disk too full for any transaction.
type noRoom struct{ osFS }

func (noRoom) Commit(func() error) error { return syscall.ENOSPC }

// saidRemoved adds up what the journal says was removed.
func saidRemoved(t *testing.T, s *Store, keep Retention) (sum Report, months, entries int) {
	t.Helper()
	look(t, s, func(tx *Tx) error {
		events, err := tx.Journal(1, 1000)
		for _, e := range events {
			if e.Kind != rules.Purged {
				continue
			}
			var r Report
			var m int
			if _, err := fmt.Sscanf(e.Detail, "%d cases, %d messages, %d months of archive (%d bytes)", &r.Cases, &r.Messages, &m, &r.Bytes); err != nil {
				t.Errorf("%q: %v", e.Detail, err)
			}
			if e.Author != "anna" || !e.At.Equal(keep.Now) {
				t.Errorf("%+v", e)
			}
			sum.Cases, sum.Messages, sum.Bytes = sum.Cases+r.Cases, sum.Messages+r.Messages, sum.Bytes+r.Bytes
			months, entries = months+m, entries+1
		}
		return err
	})
	return sum, months, entries
}

// hollow is how many cases have lost their content.
func hollow(t *testing.T, s *Store) (n int) {
	t.Helper()
	look(t, s, func(tx *Tx) error {
		_, err := tx.Cases(Filter{}, func(c *rules.Case) bool {
			if c.Mailbox == "" {
				n++
			}
			return true
		})
		return err
	})
	return n
}

// TestPurgeKilledAtEveryEffect: wherever a purge is cut off, the journal says
// after the next start what it had removed, and the next one the rest: together
// all, and nothing twice.
func TestPurgeKilledAtEveryEffect(t *testing.T) {
	f := &faults{}
	s, keep, _ := purgeable(t, Options{FS: f})
	first := f.n
	want, err := s.Purge(ctx, keep, "anna", false)
	if err != nil || want.Cases != 2 || want.Messages != 2 || len(want.Months) != 1 {
		t.Fatalf("%+v %v", want, err)
	}
	if _, _, entries := saidRemoved(t, s, keep); entries != 1 {
		t.Errorf("%d entries for one purge", entries)
	}
	two := 0
	for at := first + 1; at <= f.n; at++ {
		for way, wrong := range map[string]func(func(float64) error) error{"before": killedBefore, "after": killedAfter} {
			s, keep, dir := purgeable(t, Options{FS: &faults{at: at, wrong: wrong, stick: true}})
			if _, err := s.Purge(ctx, keep, "anna", false); !errors.Is(err, errKilled) {
				t.Fatalf("killed %s effect %d (%s): %v", way, at, f.names[at-1], err)
			}
			s.Close()
			open(t, dir, Options{FS: noRoom{}}).Close() // it starts, and does the rest later
			s = open(t, dir, Options{})
			check(t, s)
			if said, _, _ := saidRemoved(t, s, keep); said.Cases != hollow(t, s) {
				t.Errorf("killed %s effect %d (%s): %d cases are empty, the journal says %d", way, at, f.names[at-1], hollow(t, s), said.Cases)
			}
			if _, err := s.Purge(ctx, keep, "anna", false); err != nil {
				t.Fatal(err)
			}
			check(t, s)
			got, months, entries := saidRemoved(t, s, keep)
			if got.String() != (Report{Cases: want.Cases, Messages: want.Messages, Bytes: want.Bytes}).String() || months != 1 {
				t.Errorf("killed %s effect %d (%s): the journal says %v and %d months, want %v", way, at, f.names[at-1], got, months, want)
			}
			if entries > 1 {
				two++
			}
			s.Close()
		}
	}
	if two < 4 {
		t.Errorf("only %d purges were cut off midway", two)
	}
}

// TestPurgeBrokenOff: who asked for a purge goes away in its midst. It ends, and
// the journal says what it has removed.
func TestPurgeBrokenOff(t *testing.T) {
	f := &faults{}
	s, keep, _ := purgeable(t, Options{FS: f})
	ctx, cancel := context.WithCancel(t.Context())
	f.mu.Lock()
	f.at, f.wrong = f.n+1, func(do func(float64) error) error { // the cases
		cancel()
		return do(1)
	}
	f.mu.Unlock()
	if _, err := s.Purge(ctx, keep, "anna", false); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
	if said, _, entries := saidRemoved(t, s, keep); entries != 1 || said.Cases != 2 || said.Messages != 0 || hollow(t, s) != 2 {
		t.Errorf("%d entries say %v, and %d cases are empty", entries, said, hollow(t, s))
	}
	check(t, s)
}

// TestPurgeBrokenOffBetweenCopies: a message and its copies, of the same batch and
// of a later one, are purged together, however many lie between them: none is
// left whose bytes are gone, and none whose bytes stay.
func TestPurgeBrokenOffBetweenCopies(t *testing.T) {
	f := &faults{}
	dir := t.TempDir()
	s := open(t, dir, Options{FS: f})
	uid := uint32(0)
	take := func(numbers ...int) {
		t.Helper()
		var in []Incoming
		for _, n := range numbers {
			m := incoming(n, 100)
			uid++
			m.Cursor.UID, m.Status, m.Facts, m.Proof = uid, Parked, nil, nil
			in = append(in, m)
		}
		if _, err := s.Intake(ctx, "disattivazioni", Cursor{7, uid}, in, nil); err != nil {
			t.Fatal(err)
		}
	}
	many := make([]int, purgeStep)
	for i := range many {
		many[i] = i + 2
	}
	take(append([]int{1}, append(many, 1)...)...)
	take(1)
	openCase(t, s, 9000) // it keeps the month
	keep := Retention{Now: start.AddDate(0, 30, 1), Keep: Span{Months: 30}}
	plan, err := s.Purge(ctx, keep, "anna", true)
	if err != nil || plan.Messages != purgeStep+3 || len(plan.Months) != 0 {
		t.Fatalf("%+v %v", plan, err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	f.mu.Lock()
	f.at, f.wrong = f.n+1, func(do func(float64) error) error { // the first part
		cancel()
		return do(1)
	}
	f.mu.Unlock()
	if _, err := s.Purge(ctx, keep, "anna", false); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
	check(t, s)
	if raw, err := os.ReadFile(filepath.Join(dir, archiveDir, "2026-11.tar")); err != nil || bytes.Contains(raw, []byte("message 1, a line")) {
		t.Errorf("a copy's bytes are still there: %v", err)
	}
	if _, err := s.Purge(t.Context(), keep, "anna", false); err != nil {
		t.Fatal(err)
	}
	check(t, s)
	if said, _, _ := saidRemoved(t, s, keep); said.String() != (Report{Messages: plan.Messages, Bytes: plan.Bytes}).String() {
		t.Errorf("the journal says %v, the plan was %v", said, plan)
	}
}

// TestRemovalLeftUndoneSparesNewMessages: a purge takes the whole month in which
// the desk is, and the disk is too full to note that its file is gone. What
// arrives then in the same month must still be there after the next start.
func TestRemovalLeftUndoneSparesNewMessages(t *testing.T) {
	for _, what := range []string{"remove", "commit"} { // the removal, or the noting of it
		dir := t.TempDir()
		f := &faults{}
		s := open(t, dir, Options{FS: f})
		id, _ := openCase(t, s, 1)
		close1(t, s, id, start)
		f.wrong = func(do func(float64) error) error {
			f.wrong = full
			return full(do)
		}
		left := what == "remove"
		f.mu.Lock()
		f.at = len(f.names) + map[bool]int{true: 4, false: 6}[left] // cases, messages, the month; remove, sync dir, commit
		f.mu.Unlock()
		if _, err := s.Purge(ctx, Retention{Now: start.AddDate(0, 0, 20), Keep: Span{Days: 10}}, "anna", false); !errors.Is(noSpace(err), ErrNoSpace) || f.names[f.at-1] != what {
			t.Fatalf("%s: effect %s: %v", what, f.names[f.at-1], err)
		}
		if _, err := s.Intake(ctx, "disattivazioni", Cursor{7, 2}, []Incoming{incoming(2, 500)}, nil); err != nil {
			t.Fatalf("%s: %v", what, err)
		}
		s.Close()
		s = open(t, dir, Options{})
		check(t, s)
	}
}
