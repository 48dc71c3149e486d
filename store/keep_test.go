package store

import (
	"compress/gzip"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	bolt "go.etcd.io/bbolt"

	"sportello/rules"
)

var rewrite = flag.Bool("update", false, "rewrite the golden files")

// TestOnDisk compares what a small store holds with what was said of it: a
// difference means that stores in the field need a migration.
func TestOnDisk(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir, Options{})
	id, _ := openCase(t, s, 1)
	update(t, s, func(tx *Tx) error {
		if err := tx.Put(Users, "anna", []byte("{}")); err != nil {
			return err
		}
		return tx.Record(attempt(id, start.Add(time.Hour)))
	})
	var b strings.Builder
	err := s.db.View(func(tx *bolt.Tx) error {
		return tx.ForEach(func(name []byte, bucket *bolt.Bucket) error {
			fmt.Fprintf(&b, "== %s\n", name)
			return bucket.ForEach(func(k, v []byte) error {
				fmt.Fprintf(&b, "%q = %q\n", k, v)
				return nil
			})
		})
	})
	if err != nil {
		t.Fatal(err)
	}
	golden(t, filepath.Join("testdata", "format.golden"), b.String())
}

func golden(t *testing.T, path, got string) {
	t.Helper()
	if *rewrite {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(string(want), got); d != "" {
		t.Error("the format on disk changed; raise schema, and -update:\n", d)
	}
}

// unpack lays a store of an older version out in a folder.
func unpack(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.Mkdir(filepath.Join(dir, archiveDir), 0o700); err != nil {
		t.Fatal(err)
	}
	for from, to := range map[string]string{"sportello.db": dbName, "2026-11.tar": archiveDir + "/2026-11.tar"} {
		f, err := os.Open(filepath.Join("testdata", "schema-1", from+".gz"))
		if err != nil {
			t.Fatal(err)
		}
		z, err := gzip.NewReader(f)
		if err != nil {
			t.Fatal(err)
		}
		b, err := io.ReadAll(z)
		if err = errors.Join(err, f.Close(), os.WriteFile(filepath.Join(dir, to), b, 0o600)); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// TestMigration opens a store that schema 1 wrote: six cases in every stage of
// their letter, a parked message, a duplicate, an early receipt.
func TestMigration(t *testing.T) {
	dir := unpack(t)
	if _, err := Open(dir, Options{ReadOnly: true}); err == nil || !strings.Contains(err.Error(), "older") {
		t.Errorf("read-only: %v", err)
	}
	var told []string
	s := open(t, dir, Options{Progress: func(done, all int) { told = append(told, fmt.Sprintf("%d of %d", done, all)) }})
	if d := cmp.Diff([]string{"6 of 16", "16 of 16"}, told); d != "" {
		t.Errorf("the progress (-want +got):\n%s", d)
	}
	check(t, s)
	look(t, s, func(tx *Tx) error {
		want := []rules.LetterState{rules.Trying, rules.Sent, rules.Taken, rules.Delivered, rules.Owed, rules.Trying}
		for i, state := range want {
			c, err := tx.Case(fmt.Sprintf("2026-%06d", i+1))
			if err != nil {
				return err
			}
			if c.Letters[0].State != state || c.Letters[0].Text != letterText || c.Explanation.Own != form(i+1) {
				t.Errorf("case %s: letter %s", c.ID, c.Letters[0].State)
			}
		}
		due, err := tx.LettersDue("", start.AddDate(1, 0, 0), 10)
		if err != nil || len(due) != 1 || due[0].Case != "2026-000005" {
			t.Errorf("letters due: %v %v", due, err)
		}
		byStatus, _, err := tx.MessageCounts()
		if d := cmp.Diff(map[Status]int{InCase: 6, Pending: 1, Parked: 1, Duplicate: 1, Receipt: 1}, byStatus); d != "" {
			t.Error(d)
		}
		if id, err := tx.ReceiptsFor(letterID("2026-000099", 1)); err != nil || len(id) != 1 {
			t.Errorf("early receipts %v %v", id, err)
		}
		return err
	})
	if err := workAll(s); err != nil {
		t.Fatal(err)
	}
	check(t, s)
}

func TestNewerIsRefused(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir, Options{})
	err := s.db.Update(func(tx *bolt.Tx) error { return tx.Bucket([]byte("meta")).Put(schemaKey, u64(schema+1)) })
	if err = errors.Join(err, s.Close()); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(dir, Options{}); !errors.Is(err, ErrNewer) {
		t.Error(err)
	}
}

func TestOneHolderAndReaders(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir, Options{})
	id, _ := openCase(t, s, 1)
	for _, ro := range []bool{true, false} {
		if _, err := Open(dir, Options{ReadOnly: ro, LockWait: time.Millisecond}); !errors.Is(err, ErrLocked) {
			t.Errorf("read-only %t: %v", ro, err)
		}
	}
	s.Close()
	if err := s.Update(ctx, func(*Tx) error { return nil }); !errors.Is(err, ErrClosed) {
		t.Error(err)
	}
	if err := s.View(func(*Tx) error { return nil }); !errors.Is(err, ErrClosed) {
		t.Error(err)
	}
	a, b := open(t, dir, Options{ReadOnly: true}), open(t, dir, Options{ReadOnly: true})
	for _, s := range []*Store{a, b} {
		look(t, s, func(tx *Tx) error { _, err := tx.Case(id); return err })
		check(t, s)
		if err := s.Update(ctx, func(*Tx) error { return nil }); !errors.Is(err, ErrReadOnly) {
			t.Error(err)
		}
	}
}

type (
	buckets   func(bucket) *bolt.Bucket
	tampering func(buckets) error // changes the database behind the store's back
)

// without removes the first entry of a bucket.
func without(n bucket) tampering {
	return func(b buckets) error {
		k, _ := b(n).Cursor().First()
		return b(n).Delete(k)
	}
}

// altered changes a word of the first entry of a bucket.
func altered(n bucket, from, to string) tampering {
	return func(b buckets) error {
		k, v := b(n).Cursor().First()
		return b(n).Put(k, []byte(strings.Replace(string(v), from, to, 1)))
	}
}

// TestTamperedIsNoticed changes one thing at a time behind the store's back.
func TestTamperedIsNoticed(t *testing.T) {
	cases := map[string]tampering{
		"journal entry changed": altered(bJournal, "disattivazioni", "customer.serv."),
		"journal entry removed": func(b buckets) error { return b(bJournal).Delete(u64(2)) },
		"last journal entry removed": func(b buckets) error {
			k, _ := b(bJournal).Cursor().Last()
			return b(bJournal).Delete(k)
		},
		"private part changed": altered(bPrivate, "utente", "untete"),
		"case changed":         altered(bCases, "accepted", "rejected"),
		"case removed":         without(bCases),
		"queue entry gone":     without(bQueue),
		"outbox entry extra":   func(b buckets) error { return b(bOutbox).Put(make([]byte, 18), []byte("owed")) },
		"deadline gone":        without(bDeadlines),
		"letter name gone":     without(bLetters),
		"counter off": func(b buckets) error {
			k, _ := b(bCounters).Cursor().First()
			return b(bCounters).Put(k, u64(9))
		},
		"words not counted": func(b buckets) error { return b(bLoose).SetSequence(9) },
		"words gone": func(b buckets) error {
			k, _ := b(bLoose).Cursor().First()
			return errors.Join(b(bLoose).Delete(k), b(bLoose).SetSequence(1))
		},
		"sheet of words says too little": func(b buckets) error {
			w := &sheetWriter{words: map[string]*[]uint32{}}
			w.add(keyAt(2026, 1), &rules.Case{Mailbox: "utente1@pec.example.it"})
			w.add(keyAt(2026, 2), &rules.Case{Mailbox: "utente2@pec.example.it"})
			k, _ := b(bLoose).Cursor().First()
			k2, _ := b(bLoose).Cursor().Last()
			return errors.Join(b(bSheets).Put(u64(1), w.bytes()), b(bLoose).Delete(k), b(bLoose).Delete(k2), b(bLoose).SetSequence(0))
		},
		"sheet of words cut off": func(b buckets) error { return b(bSheets).Put(u64(1), []byte{0, 0, 0, 7}) },
		"digest unknown": func(b buckets) error {
			k, _ := b(bFresh).Cursor().First()
			return b(bFresh).Put(k, make([]byte, 48))
		},
	}
	for name, change := range cases {
		t.Run(name, func(t *testing.T) {
			s := open(t, t.TempDir(), Options{})
			openCase(t, s, 1)
			openCase(t, s, 2)
			check(t, s)
			err := s.db.Update(func(tx *bolt.Tx) error {
				return change(func(n bucket) *bolt.Bucket { return tx.Bucket([]byte(bucketNames[n])) })
			})
			if err != nil {
				t.Fatal(err)
			}
			if err := s.Check(ctx, nil, true); !errors.Is(err, ErrDamaged) {
				t.Errorf("not noticed: %v", err)
			}
		})
	}
}

func TestArchiveDamage(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir, Options{})
	openCase(t, s, 1)
	openCase(t, s, 2)
	s.Close()
	path := filepath.Join(dir, archiveDir, "2026-11.tar")
	good, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for name, bad := range map[string][]byte{"a byte changed": append([]byte(nil), good...), "cut": good[:len(good)-512], "gone": nil} {
		if name == "a byte changed" {
			bad[700] ^= 1
		}
		if err := os.WriteFile(path, bad, 0o600); err != nil {
			t.Fatal(err)
		}
		if bad == nil {
			os.Remove(path)
		}
		s, err := Open(dir, Options{})
		if err == nil {
			err = s.Check(ctx, nil, true)
			s.Close()
		}
		if !errors.Is(err, ErrDamaged) {
			t.Errorf("%s: %v", name, err)
		}
	}
	// What lies behind the last message is no damage: a batch that was not recorded.
	if err := os.WriteFile(path, append(append([]byte(nil), good...), "half a batch"...), 0o600); err != nil {
		t.Fatal(err)
	}
	check(t, open(t, dir, Options{}))
	if got, _ := os.ReadFile(path); len(got) != len(good) {
		t.Errorf("the tail was not cut: %d bytes, want %d", len(got), len(good))
	}
}

// TestOtherTarsReadIt lists the archive with the system's tar.
func TestOtherTarsReadIt(t *testing.T) {
	s := open(t, t.TempDir(), Options{})
	openCase(t, s, 1)
	openCase(t, s, 2)
	out, err := exec.Command("tar", "-xOf", s.archive.path("2026-11")).CombinedOutput()
	if want := string(incoming(1, 2000).Bytes) + string(incoming(2, 2000).Bytes); err != nil || string(out) != want {
		t.Errorf("tar: %v: %.80q", err, out)
	}
}

func TestBackupAndRestore(t *testing.T) {
	dir := t.TempDir()
	s := open(t, filepath.Join(dir, "live"), Options{})
	if err := workAll(s); err != nil {
		t.Fatal(err)
	}
	want, wantArchive := history(t, s)
	said := map[string]bool{}
	copied := filepath.Join(dir, "copy")
	if err := s.Backup(ctx, copied, func(what string, _, _ int64) { said[what] = true }); err != nil {
		t.Fatal(err)
	}
	if !said["database"] || !said["archive"] || !said["journal"] {
		t.Errorf("progress: %v", said)
	}
	openCase(t, s, 30) // life goes on
	if err := s.Backup(ctx, copied, nil); err == nil {
		t.Error("a backup was overwritten")
	}
	if err := Restore(ctx, copied, s.dir, nil); err == nil || !strings.Contains(err.Error(), "not empty") {
		t.Errorf("restore over a store: %v", err)
	}
	back := filepath.Join(dir, "back")
	if err := Restore(ctx, dir, back, nil); err == nil || !strings.Contains(err.Error(), "there is no backup in "+dir+": name the folder") {
		t.Errorf("restore from a folder without a backup: %v", err)
	}
	if err := Restore(ctx, copied, back, nil); err != nil {
		t.Fatal(err)
	}
	r := open(t, back, Options{})
	check(t, r)
	if got, archive := history(t, r); !prefix(want, got) || len(got) != len(want) || archive != wantArchive {
		t.Error("the restored store has another history")
	}
	if err := os.WriteFile(filepath.Join(copied, archiveDir, "2026-11.tar"), []byte("rotten"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := Restore(ctx, copied, filepath.Join(dir, "never"), nil); err == nil {
		t.Error("a rotten backup was restored")
	}
	gone, cancel := context.WithCancel(ctx)
	cancel()
	if err := s.Backup(gone, filepath.Join(dir, "cancelled"), nil); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
	for _, half := range []string{"never", "cancelled"} { // the next try is not refused for what this one left
		if left, err := os.ReadDir(filepath.Join(dir, half)); err != nil && !errors.Is(err, os.ErrNotExist) || len(left) > 0 {
			t.Errorf("%s has %v: %v", half, left, err)
		}
	}
	if err := s.Backup(ctx, filepath.Join(dir, "cancelled"), nil); err != nil {
		t.Errorf("after a backup that failed: %v", err)
	}
}

// TestRestoreCutOff: a folder in which a restore was cut off is no store, not
// even an empty one, until a restore has come to its end there.
func TestRestoreCutOff(t *testing.T) {
	dir := t.TempDir()
	s := open(t, filepath.Join(dir, "live"), Options{})
	if err := workAll(s); err != nil {
		t.Fatal(err)
	}
	copied, back := filepath.Join(dir, "copy"), filepath.Join(dir, "back")
	if err := s.Backup(ctx, copied, nil); err != nil {
		t.Fatal(err)
	}
	if err := claim(back); err != nil { // and here it was killed
		t.Fatal(err)
	}
	for _, readOnly := range []bool{true, false} {
		if r, err := Open(back, Options{ReadOnly: readOnly}); err == nil || !strings.Contains(err.Error(), "restore") {
			t.Fatalf("half a restore was opened as a store: %v, %v", r, err)
		}
	}
	if err := os.WriteFile(filepath.Join(back, dbName), []byte("half"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := Restore(ctx, copied, back, nil); err != nil {
		t.Fatalf("a restore after one that was cut off: %v", err)
	}
	r := open(t, back, Options{})
	check(t, r)
	err := r.View(func(tx *Tx) error {
		mark, err := tx.Get(Desk, Copied)
		if mark == nil {
			t.Error("it does not know that it is a copy")
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// close1 leads a case to its end.
func close1(t *testing.T, s *Store, id string, at time.Time) {
	update(t, s, func(tx *Tx) error {
		return tx.Record(attempt(id, at), sent(id, at), receipt(id, rules.ReceiptAccepted, at), rules.Event{At: at, Kind: rules.EventClosed, Case: id})
	})
}

func TestRedact(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir, Options{})
	id, msg := openCase(t, s, 1)
	other, _ := openCase(t, s, 2)
	if err := s.Redact(ctx, msg, "order 12/2026", "anna", start); err != nil {
		t.Fatal(err)
	}
	check(t, s)
	look(t, s, func(tx *Tx) error {
		m, err := tx.Message(msg)
		if err != nil {
			return err
		}
		if _, err := s.Raw(m); !errors.Is(err, ErrErased) {
			t.Errorf("raw: %v", err)
		}
		c, err := tx.Case(id)
		if err != nil || c.Explanation.Own != "" || c.Fields != nil || c.Letters[0].Text != letterText || c.Mailbox != sender(1) || !c.Erased() {
			t.Errorf("case %+v: %v", c, err)
		}
		if facts, _, err := tx.MessageFacts(msg); facts != nil || err != nil {
			t.Error("facts are still there")
		}
		if c, err = tx.Case(other); err != nil || c.Explanation.Own == "" {
			t.Error("the other case lost its explanation")
		}
		return err
	})
	if err := s.Redact(ctx, msg, "again", "anna", start); !errors.Is(err, ErrErased) {
		t.Errorf("again: %v", err)
	}
	s.Close()
	open(t, dir, Options{}).Close() // compacts
	for _, f := range []string{dbName, archiveDir + "/2026-11.tar"} {
		b, err := os.ReadFile(filepath.Join(dir, f))
		if err != nil {
			t.Fatal(err)
		}
		for _, trace := range []string{"message 1, a line", "Mario Rossi 1 titolare"} {
			if strings.Contains(string(b), trace) {
				t.Errorf("%s still has %q", f, trace)
			}
		}
		if f != dbName && !strings.Contains(string(b), "message 2, a line") {
			t.Error("the other message is gone too")
		}
	}
}
