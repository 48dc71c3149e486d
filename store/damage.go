package store

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"strings"
	"syscall"

	bolt "go.etcd.io/bbolt"
	berrors "go.etcd.io/bbolt/errors"
)

// guarded runs fn, which reads the database file, and turns what a damaged
// page does to it into ErrDamaged: bbolt panics at a page that is none, and
// memory that lies behind the end of a file that was cut short faults.
func guarded(fn func() error) (err error) {
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	defer func() {
		if p := recover(); p != nil {
			if !ofTheFile(p) {
				panic(p)
			}
			err = fault{damage(p)}
		}
	}()
	return fn()
}

// fault is a damaged page that stopped what read it where it stood: locks of
// bbolt's may be held for ever.
type fault struct{ error }

func (f fault) Unwrap() error { return f.error }

func damage(found any) error { return fmt.Errorf("%w: database file: %v", ErrDamaged, found) }

// ofTheFile reports whether a panic, which is being recovered, is the database
// file's and not a mistake of ours: it is a fault of memory, or bbolt's own.
func ofTheFile(p any) bool {
	if _, fault := p.(interface{ Addr() uintptr }); fault { // see debug.SetPanicOnFault
		return true
	}
	var pcs [64]uintptr
	frames := runtime.CallersFrames(pcs[:runtime.Callers(1, pcs[:])])
	for panicking, more := false, true; more; {
		var f runtime.Frame
		f, more = frames.Next()
		switch {
		case f.Function == "runtime.gopanic":
			panicking = true
		case panicking && !strings.HasPrefix(f.Function, "runtime."):
			return strings.HasPrefix(f.Function, "go.etcd.io/bbolt")
		}
	}
	return false
}

// openBolt opens the database file and tells damage from what the system says.
// The file is there also with an error.
func openBolt(path string, o *bolt.Options) (db *bolt.DB, file *os.File, err error) {
	for again := true; again; {
		db, file, err = openHeld(path, o)
		if err != nil {
			break
		}
		if again, err = superseded(path, file); err == nil && !again {
			err = whole(db, file)
		}
		if again || err != nil {
			db.Close()
		}
	}
	var system syscall.Errno
	switch {
	case err == nil:
		return db, file, nil
	case errors.Is(err, berrors.ErrTimeout):
		err = ErrLocked
	case !errors.As(err, &system) && !errors.Is(noSpace(err), ErrNoSpace) && !errors.Is(err, ErrDamaged):
		err = damage(err)
	}
	return nil, file, fmt.Errorf("open %s: %w", path, noSpace(err))
}

// openHeld opens the file and waits for its lock.
func openHeld(path string, o *bolt.Options) (db *bolt.DB, file *os.File, err error) {
	held := *o
	held.OpenFile = func(name string, flag int, mode os.FileMode) (f *os.File, err error) {
		file, err = os.OpenFile(name, flag, mode)
		return file, err
	}
	err = guarded(func() (err error) {
		db, err = bolt.Open(path, 0o600, &held)
		return err
	})
	return db, file, err
}

// superseded reports whether the file has lost its name to another. Who waited for
// the lock while another process compacted the database holds the one from
// before: what is written there is lost, and keeps no second desk from the new one.
func superseded(path string, file *os.File) (bool, error) {
	held, err := file.Stat()
	if err != nil {
		return false, err
	}
	named, err := os.Stat(path)
	if errors.Is(err, os.ErrNotExist) {
		return true, nil
	}
	return err == nil && !os.SameFile(named, held), err
}

// whole refuses a file that is shorter than its last transaction left it.
func whole(db *bolt.DB, file *os.File) error {
	return guarded(func() error {
		return db.View(func(tx *bolt.Tx) error {
			info, err := file.Stat()
			if err == nil && info.Size() < tx.Size() {
				err = damage(fmt.Sprintf("it has %d of %d bytes", info.Size(), tx.Size()))
			}
			return err
		})
	})
}

// letGo closes the database of a store that could not be opened. After a
// fault bbolt would wait for what stopped: only the lock and the file are let go.
func (s *Store) letGo(err error) {
	switch {
	case errors.As(err, new(fault)):
		_ = syscall.Flock(int(s.file.Fd()), syscall.LOCK_UN) // the mapping, which stays, would hold it
		s.file.Close()
	case s.db != nil:
		s.db.Close()
	}
}

// unclaimed refuses a new database beside an archive that has messages: their
// database was lost, and what it does not name would be cut off.
func (s *Store) unclaimed() error {
	tars, err := filepath.Glob(filepath.Join(s.dir, archiveDir, "*.tar"))
	for _, name := range tars {
		if info, err := os.Stat(name); err != nil || info.Size() > 0 {
			return errors.Join(err, fmt.Errorf("open %s: %w: it is empty, and the archive %s is not", s.db.Path(), ErrDamaged, name))
		}
	}
	return err
}

// touch reads every entry of the database file once: bbolt's own check does so
// in a goroutine of its own, where a fault of memory would end the process.
func touch(tx *bolt.Tx) error {
	var sum byte
	var walk func(b *bolt.Bucket) error
	walk = func(b *bolt.Bucket) error {
		return b.ForEach(func(k, v []byte) error {
			if v == nil {
				return walk(b.Bucket(k))
			}
			for _, part := range [][]byte{k, v} {
				if n := len(part); n > 0 {
					sum += part[0] + part[n-1]
				}
			}
			return nil
		})
	}
	err := tx.ForEach(func(_ []byte, b *bolt.Bucket) error { return walk(b) })
	runtime.KeepAlive(sum)
	return err
}
