package store

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	bolt "go.etcd.io/bbolt"
)

// dirs notes which folders' names were made durable.
type dirs struct {
	osFS
	fail   bool
	synced []string
}

func (d *dirs) SyncDir(dir string) error {
	if d.fail {
		return syscall.EIO
	}
	d.synced = append(d.synced, dir)
	return d.osFS.SyncDir(dir)
}

// TestNamesAreDurable: a power cut leaves a file without its name whose folder
// was not synced. The database's is there before anything is committed, and a
// month's before the first message in it, also when who made the file died.
func TestNamesAreDurable(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data")
	if s, err := Open(dir, Options{FS: &dirs{fail: true}}); !errors.Is(err, syscall.EIO) {
		t.Errorf("the names are not durable, and yet: %v", err)
		s.Close()
	}
	d := &dirs{}
	s := open(t, dir, Options{FS: d}) // it is not taken for one that is ready
	for _, want := range []string{dir, filepath.Dir(dir)} {
		if !slices.Contains(d.synced, want) {
			t.Errorf("%s is not synced, only %v", want, d.synced)
		}
	}
	s.Close()
	month := filepath.Join(dir, archiveDir, "2026-11.tar")
	if err := os.WriteFile(month, nil, 0o600); err != nil { // who made it was killed
		t.Fatal(err)
	}
	d = &dirs{}
	s = open(t, dir, Options{FS: d})
	openCase(t, s, 1)
	if !slices.Contains(d.synced, filepath.Dir(month)) {
		t.Errorf("the archive's folder is not synced, only %v", d.synced)
	}
	copied := filepath.Join(t.TempDir(), "copy")
	if err := s.Backup(ctx, copied, nil); err != nil || !slices.Contains(d.synced, filepath.Dir(copied)) {
		t.Errorf("a backup's own folder is not synced, only %v: %v", d.synced, err)
	}
}

// TestWaitingForACompaction: who waits for the lock of a file while its holder
// puts a smaller one in its place must get that one, not write into a file that
// has no name any more, and not take it for one that was cut short.
func TestWaitingForACompaction(t *testing.T) {
	for _, ro := range []bool{false, true} {
		dir := t.TempDir()
		path := filepath.Join(dir, dbName)
		s := open(t, dir, Options{})
		openCase(t, s, 1)
		update(t, s, func(tx *Tx) error { return tx.Put(Desk, "much", make([]byte, 1<<20)) })
		update(t, s, func(tx *Tx) error { return tx.Put(Desk, "much", nil) })
		s.Close()
		got := openDuring(t, dir, Options{ReadOnly: ro, LockWait: time.Minute}, func(held *bolt.DB) error {
			return (&Store{fs: osFS{}}).compact(held, path)
		})
		if !ro {
			openCase(t, got, 2)
			if _, err := Open(dir, Options{LockWait: time.Millisecond}); !errors.Is(err, ErrLocked) {
				t.Errorf("a second desk on the folder: %v", err)
			}
			got.Close()
			got = open(t, dir, Options{})
			look(t, got, func(tx *Tx) error { _, err := tx.Case("2026-000002"); return err })
		}
		check(t, got)
	}
}

// openDuring opens the store while another process has it, which does something
// before it lets go.
func openDuring(t *testing.T, dir string, opt Options, do func(held *bolt.DB) error) *Store {
	t.Helper()
	path := filepath.Join(dir, dbName)
	held, err := bolt.Open(path, 0o600, nil)
	if err != nil {
		t.Fatal(err)
	}
	type end struct {
		s   *Store
		err error
	}
	opened := make(chan end, 1)
	go func() {
		s, err := Open(dir, opt)
		opened <- end{s, err}
	}()
	for holders(t, path) < 2 {
		time.Sleep(time.Millisecond)
	}
	if err := errors.Join(do(held), held.Close()); err != nil {
		t.Fatal(err)
	}
	got := <-opened
	if got.err != nil {
		t.Fatal(got.err)
	}
	t.Cleanup(func() { got.s.Close() })
	return got.s
}

// holders is how many files of this process are the one at path.
func holders(t *testing.T, path string) (n int) {
	t.Helper()
	links, err := filepath.Glob("/proc/self/fd/*")
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range links {
		if to, err := os.Readlink(l); err == nil && strings.TrimSuffix(to, " (deleted)") == path {
			n++
		}
	}
	return n
}
