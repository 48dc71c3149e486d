package store

import (
	"errors"
	"os"
	"sync"
	"syscall"
)

// faults is a file system whose effects are counted, and one of which goes
// wrong in the way that wrong says.
type faults struct {
	osFS
	mu    sync.Mutex
	n     int // effects so far
	at    int // the one that goes wrong, from 1; 0: none
	wrong func(do func(part float64) error) error
	dead  bool // killed: nothing happens any more
	stick bool // an effect that went wrong kills
	names []string
}

var errKilled = errors.New("killed")

// effect does an effect, or what is to happen in its stead; part is how much
// of it is done, of 1.
func (f *faults) effect(name string, do func(part float64) error) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.dead {
		return errKilled
	}
	f.n++
	f.names = append(f.names, name)
	if f.n != f.at {
		return do(1)
	}
	f.dead = f.stick
	return f.wrong(do)
}

func (f *faults) WriteAt(file *os.File, b []byte, off int64) (n int, err error) {
	err = f.effect("write", func(part float64) error {
		n, err = file.WriteAt(b[:int(float64(len(b))*part)], off)
		return err
	})
	return n, err
}

func (f *faults) whole(name string, do func() error) error {
	return f.effect(name, func(part float64) error {
		if part < 1 {
			return nil
		}
		return do()
	})
}

func (f *faults) Sync(file *os.File) error { return f.whole("sync", file.Sync) }
func (f *faults) Truncate(file *os.File, n int64) error {
	return f.whole("truncate", func() error { return file.Truncate(n) })
}
func (f *faults) SyncDir(dir string) error {
	return f.whole("sync dir", func() error { return f.osFS.SyncDir(dir) })
}
func (f *faults) Rename(from, to string) error {
	return f.whole("rename", func() error { return os.Rename(from, to) })
}
func (f *faults) Remove(path string) error {
	return f.whole("remove", func() error { return os.Remove(path) })
}
func (f *faults) Commit(commit func() error) error { return f.whole("commit", commit) }

// The ways to go wrong.
var (
	killedBefore = func(func(float64) error) error { return errKilled }
	killedAfter  = func(do func(float64) error) error { return errors.Join(do(1), errKilled) }
	killedAmid   = func(do func(float64) error) error { return errors.Join(do(0.4), errKilled) }
	ioError      = func(func(float64) error) error { return syscall.EIO }
	full         = func(do func(float64) error) error { return errors.Join(do(0.4), syscall.ENOSPC) }
)
