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
}

// TestWaitingForACompaction: who waits for the lock of a file while its holder
// puts another in its place must get that one, and not write into a file that
// has no name any more.
func TestWaitingForACompaction(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, dbName)
	s := open(t, dir, Options{})
	openCase(t, s, 1)
	s.Close()
	held, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer held.Close()
	if err := syscall.Flock(int(held.Fd()), syscall.LOCK_EX); err != nil {
		t.Fatal(err)
	}
	type end struct {
		s   *Store
		err error
	}
	opened := make(chan end)
	go func() {
		s, err := Open(dir, Options{LockWait: time.Minute})
		opened <- end{s, err}
	}()
	for holders(t, path) < 2 {
		time.Sleep(time.Millisecond)
	}
	if err := copyFile(path, path+".compact", -1); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(path+".compact", path); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Flock(int(held.Fd()), syscall.LOCK_UN); err != nil {
		t.Fatal(err)
	}
	got := <-opened
	if got.err != nil {
		t.Fatal(got.err)
	}
	openCase(t, got.s, 2)
	if _, err := Open(dir, Options{LockWait: time.Millisecond}); !errors.Is(err, ErrLocked) {
		t.Errorf("a second desk on the folder: %v", err)
	}
	got.s.Close()
	s = open(t, dir, Options{})
	look(t, s, func(tx *Tx) error {
		_, err := tx.Case("2026-000002")
		return err
	})
	check(t, s)
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
