package store

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"sportello/rules"
)

// work is a small desk: it takes its next step from the store alone, and says
// whether there was one.
func work(s *Store) (more bool, err error) {
	var cur Cursor
	var pending []uint64
	var due, trying []LetterKey
	err = s.View(func(tx *Tx) (err error) {
		cur, _ = tx.Cursor("disattivazioni")
		if pending, err = tx.Pending(0, 2); err != nil {
			return err
		}
		if due, err = tx.LettersDue("", start, 10); err != nil {
			return err
		}
		trying, err = tx.LettersTrying(10)
		return err
	})
	switch {
	case err != nil:
		return false, err
	case len(trying) > 0:
		return true, s.Update(ctx, func(tx *Tx) error { return tx.Record(sent(trying[0].Case, start)) })
	case len(due) > 0:
		return true, s.Update(ctx, func(tx *Tx) error { return tx.Record(attempt(due[0].Case, start)) })
	case len(pending) > 0:
		return true, s.Update(ctx, func(tx *Tx) error { return openPending(tx, pending[0]) })
	case cur.UID < 18:
		return true, takeThree(s, int(cur.UID))
	case cur.UID == 18:
		return true, eraseOne(s)
	}
	return false, nil
}

func openPending(tx *Tx, m uint64) error {
	id, err := tx.NextProtocol(2026)
	if err != nil {
		return err
	}
	if err := tx.SetMessage(m, InCase, id, "", ""); err != nil {
		return err
	}
	return tx.Record(opened(id, int(m), m)...)
}

// takeThree takes in a request, a copy of it, and the receipt of an earlier
// letter; the last batch is of the next month.
func takeThree(s *Store, uid int) error {
	in := []Incoming{incoming(uid+1, 1500), incoming(uid+1, 1500), incoming(uid+3, 700)}
	in[1].Cursor.UID, in[2].Cursor.UID = uint32(uid+2), uint32(uid+3)
	in[2].Kind, in[2].Status, in[2].Identifier = rules.Receipt, Receipt, ""
	in[2].About, in[2].Receipt = letterID("2026-000001", 1), &rules.ReceiptRef{Kind: rules.ReceiptAccepted, At: start}
	if uid >= 12 {
		for i := range in {
			in[i].Read = in[i].Read.AddDate(0, 1, 0)
		}
	}
	_, err := s.Intake(ctx, "disattivazioni", Cursor{7, uint32(uid + 3)}, in, func(tx *Tx, ids []uint64) error {
		id, _, ours := tx.LetterOf(in[2].About)
		if !ours {
			return nil
		}
		if err := tx.SetMessage(ids[2], Receipt, id, "", ""); err != nil {
			return err
		}
		return tx.Record(receipt(id, rules.ReceiptAccepted, start))
	})
	return err
}

// eraseOne redacts the first message and moves the cursor on, so that it ends.
func eraseOne(s *Store) error {
	err := s.Redact(ctx, 1, "order 12/2026", "anna", start)
	if err != nil && !errors.Is(err, ErrErased) {
		return err
	}
	return s.Update(ctx, func(tx *Tx) error { return tx.SetCursor("disattivazioni", Cursor{7, 19}) })
}

func workAll(s *Store) error {
	for {
		if more, err := work(s); err != nil || !more {
			return err
		}
	}
}

// history is the journal and every archive file.
func history(t testing.TB, s *Store) (journal []string, archive string) {
	t.Helper()
	look(t, s, func(tx *Tx) error {
		head, _ := tx.Head()
		for seq := range head {
			e, _, err := tx.Entry(seq + 1)
			if err != nil {
				return err
			}
			journal = append(journal, string(e))
		}
		return nil
	})
	files, err := filepath.Glob(filepath.Join(s.dir, archiveDir, "*"))
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	for _, f := range files {
		raw, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&b, "%s %d %x\n", filepath.Base(f), len(raw), raw)
	}
	return journal, b.String()
}

func check(t testing.TB, s *Store) {
	t.Helper()
	if err := s.Check(ctx, nil, true); err != nil {
		t.Fatal(err)
	}
}

// TestKilledAtEveryEffect runs the desk once undisturbed, then once for each
// effect and each way to die at it, opens the files again, checks, goes on,
// and demands the same history.
func TestKilledAtEveryEffect(t *testing.T) {
	f := &faults{}
	s := open(t, t.TempDir(), Options{FS: f})
	if err := workAll(s); err != nil {
		t.Fatal(err)
	}
	check(t, s)
	wantJournal, wantArchive := history(t, s)
	if len(wantJournal) < 40 || f.n < 40 {
		t.Fatalf("the scenario has %d events and %d effects only", len(wantJournal), f.n)
	}
	t.Logf("%d effects, %d events", f.n, len(wantJournal))
	ways := map[string]func(func(float64) error) error{"before": killedBefore, "amid": killedAmid, "after": killedAfter}
	for at := 1; at <= f.n; at++ {
		for way, wrong := range ways {
			dir := t.TempDir()
			g := &faults{at: at, wrong: wrong, stick: true}
			s, err := Open(dir, Options{FS: g})
			if err == nil {
				err = workAll(s)
				s.Close()
			}
			if !errors.Is(err, errKilled) {
				t.Fatalf("killed %s effect %d (%s): %v", way, at, f.names[at-1], err)
			}
			s = open(t, dir, Options{})
			check(t, s)
			journal, _ := history(t, s)
			if !prefix(wantJournal, journal) {
				t.Fatalf("killed %s effect %d (%s): the journal is no beginning of the undisturbed one", way, at, f.names[at-1])
			}
			if err := workAll(s); err != nil {
				t.Fatal(err)
			}
			check(t, s)
			journal, archive := history(t, s)
			if len(journal) != len(wantJournal) || !prefix(wantJournal, journal) || archive != wantArchive {
				t.Fatalf("killed %s effect %d (%s): another history", way, at, f.names[at-1])
			}
			s.Close()
		}
	}
}

func prefix(whole, part []string) bool {
	if len(part) > len(whole) {
		return false
	}
	for i := range part {
		if part[i] != whole[i] {
			return false
		}
	}
	return true
}

// TestFullDisk lets every write and commit in turn meet a full disk: the call
// says so, nothing of it stays, reading goes on, and the same call succeeds
// when there is room again.
func TestFullDisk(t *testing.T) {
	f := &faults{}
	s := open(t, t.TempDir(), Options{FS: f})
	if err := workAll(s); err != nil {
		t.Fatal(err)
	}
	want, wantArchive := history(t, s)
	tried := 0
	for at := 1; at <= f.n; at++ {
		if n := f.names[at-1]; n != "write" && n != "commit" {
			continue
		}
		tried++
		s := open(t, t.TempDir(), Options{FS: &faults{at: at, wrong: full}})
		err := workAll(s)
		if !errors.Is(err, ErrNoSpace) {
			t.Fatalf("effect %d (%s): %v", at, f.names[at-1], err)
		}
		if err := workAll(s); err != nil { // there is room again
			t.Fatal(err)
		}
		check(t, s)
		if got, archive := history(t, s); len(got) != len(want) || !prefix(want, got) || archive != wantArchive {
			t.Fatalf("effect %d (%s): another history", at, f.names[at-1])
		}
		s.Close()
	}
	if tried < 20 {
		t.Errorf("only %d effects tried", tried)
	}
}

// TestFailedSync: after a sync that failed nobody knows what the disk holds,
// so the store takes nothing more until it is opened anew and checked.
func TestFailedSync(t *testing.T) {
	for _, what := range []string{"sync", "commit"} {
		dir := t.TempDir()
		f := &faults{}
		s := open(t, dir, Options{FS: f})
		openCase(t, s, 1)
		f.mu.Lock()
		f.at = len(f.names) + map[string]int{"sync": 2, "commit": 3}[what] // a batch writes, syncs, commits
		f.wrong = ioError
		f.mu.Unlock()
		_, err := s.Intake(ctx, "disattivazioni", Cursor{7, 2}, []Incoming{incoming(2, 500)}, nil)
		if !errors.Is(err, ErrBroken) {
			t.Fatalf("%s: %v", what, err)
		}
		if err := s.Update(ctx, func(*Tx) error { return nil }); !errors.Is(err, ErrBroken) {
			t.Errorf("%s: the next update: %v", what, err)
		}
		look(t, s, func(tx *Tx) error { _, err := tx.Case("2026-000001"); return err })
		s.Close()
		s = open(t, dir, Options{})
		check(t, s)
		if _, err := s.Intake(ctx, "disattivazioni", Cursor{7, 2}, []Incoming{incoming(2, 500)}, nil); err != nil {
			t.Error(err)
		}
		check(t, s)
	}
}

// TestFullDiskAfterTheCommit: a disk that says it is full when the page that
// points at the new ones is already written keeps the transaction. The store
// must not take its bytes back.
func TestFullDiskAfterTheCommit(t *testing.T) {
	dir := t.TempDir()
	f := &faults{}
	s := open(t, dir, Options{FS: f})
	openCase(t, s, 1)
	f.mu.Lock()
	f.at = len(f.names) + 3 // a batch writes, syncs, commits
	f.wrong = func(do func(float64) error) error { return errors.Join(do(1), syscall.ENOSPC) }
	f.mu.Unlock()
	if _, err := s.Intake(ctx, "disattivazioni", Cursor{7, 2}, []Incoming{incoming(2, 500)}, nil); !errors.Is(err, ErrBroken) {
		t.Fatalf("intake: %v", err)
	}
	s.Close()
	s = open(t, dir, Options{})
	check(t, s)
}

// TestTornCommit cuts the power amid bbolt's own writing: some pages of a
// commit are on the disk, the page that points at them is not, or is torn.
func TestTornCommit(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir, Options{})
	for n := 1; n < 5; n++ {
		openCase(t, s, n)
	}
	want, _ := history(t, s)
	before := slurp(t, dir)
	update(t, s, func(tx *Tx) error { return tx.Record(attempt("2026-000002", start), sent("2026-000002", start)) })
	after := slurp(t, dir)
	s.Close()
	const page = 4096
	var changed []int
	for p := 2; p*page < len(after); p++ {
		if p*page >= len(before) || !bytes.Equal(before[p*page:(p+1)*page], after[p*page:(p+1)*page]) {
			changed = append(changed, p)
		}
	}
	if len(changed) < 4 {
		t.Fatalf("only %d pages changed", len(changed))
	}
	for n := range 1 << min(len(changed), 8) {
		torn := append(bytes.Clone(before), make([]byte, len(after)-len(before))...)
		for i, p := range changed {
			if n>>(i%8)&1 == 1 {
				copy(torn[p*page:], after[p*page:(p+1)*page])
			}
		}
		if n%2 == 1 { // and half of the page that points at them
			for _, meta := range []int{0, page} {
				if !bytes.Equal(torn[meta:meta+page], after[meta:meta+page]) {
					copy(torn[meta:meta+48], after[meta:])
					copy(torn[meta+48:meta+64], bytes.Repeat([]byte{0xa5}, 16))
				}
			}
		}
		if err := os.WriteFile(filepath.Join(dir, dbName), torn, 0o600); err != nil {
			t.Fatal(err)
		}
		s := open(t, dir, Options{})
		check(t, s)
		if got, _ := history(t, s); len(got) != len(want) {
			t.Fatalf("%b: the journal has %d entries, not the %d of before", n, len(got), len(want))
		}
		s.Close()
	}
}

func slurp(t testing.TB, dir string) []byte {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(dir, dbName))
	if err != nil {
		t.Fatal(err)
	}
	return b
}
