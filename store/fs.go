package store

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"syscall"

	berrors "go.etcd.io/bbolt/errors"
)

// FS is every durable effect of the store. Tests put their own in its place to
// count effects, to stop at one, and to fail or shorten it.
type FS interface {
	WriteAt(f *os.File, b []byte, off int64) (int, error)
	Sync(f *os.File) error
	Truncate(f *os.File, size int64) error
	SyncDir(dir string) error
	Rename(from, to string) error
	Remove(path string) error
	// Commit runs commit, which makes a bbolt transaction durable.
	Commit(commit func() error) error
}

// osFS is the file system as it is.
type osFS struct{ noSync bool }

func (osFS) WriteAt(f *os.File, b []byte, off int64) (int, error) { return f.WriteAt(b, off) }
func (osFS) Truncate(f *os.File, size int64) error                { return f.Truncate(size) }
func (osFS) Rename(from, to string) error                         { return os.Rename(from, to) }
func (osFS) Remove(path string) error                             { return os.Remove(path) }
func (osFS) Commit(commit func() error) error                     { return commit() }

func (o osFS) Sync(f *os.File) error {
	if o.noSync {
		return nil
	}
	return f.Sync()
}

func (o osFS) SyncDir(dir string) error {
	if o.noSync {
		return nil
	}
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	defer d.Close()
	return d.Sync()
}

// noSpace adds ErrNoSpace to an error that means the disk or the quota is full.
func noSpace(err error) error {
	if err == nil || errors.Is(err, ErrNoSpace) {
		return err
	}
	// bbolt wraps the error of growing its file by text alone.
	if strings.Contains(err.Error(), syscall.ENOSPC.Error()) || errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) || errors.Is(err, berrors.ErrMaxSizeReached) {
		return fmt.Errorf("%w: %w", ErrNoSpace, err)
	}
	return err
}
