package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"
)

// A chore is work on the archive that a transaction has ordered: it is noted
// in that transaction, done after it, and struck off. A start does what a
// crash left undone; doing it twice does no harm.
type chore struct {
	Month  string
	Offset int64 // of the bytes to erase
	Length int64
	Whole  bool // remove the month's file
}

const choreMark = "chore:"

var compactKey = []byte("compact") // in meta: pages hold what was erased; compact at the next start

// compactNext has the next start leave no trace of what was erased.
func (tx *Tx) compactNext() error { return tx.put(bMeta, compactKey, []byte{1}) }

func (tx *Tx) order(c chore) error {
	v, err := json.Marshal(c)
	if err != nil {
		return err
	}
	return tx.put(bMeta, fmt.Appendf(nil, "%s%s/%016x", choreMark, c.Month, c.Offset), v)
}

// doChores does what is noted. The caller holds s.intake, or is Open.
func (s *Store) doChores(strike func(func(*Tx) error) error) error {
	todo := map[string]chore{}
	err := s.View(func(tx *Tx) error {
		return scan(tx.b(bMeta), []byte(choreMark), nil, func(k, v []byte) (bool, error) {
			var c chore
			if err := json.Unmarshal(v, &c); err != nil {
				return false, fmt.Errorf("%w: %s: %w", ErrDamaged, k, err)
			}
			todo[string(k)] = c
			return true, nil
		})
	})
	if err != nil || len(todo) == 0 {
		return err
	}
	if err := s.eraseIn(todo); err != nil {
		return err
	}
	return strike(func(tx *Tx) error {
		for key := range todo {
			if err := tx.del(bMeta, []byte(key)); err != nil {
				return err
			}
		}
		return nil
	})
}

// eraseIn does chores, each archive's together.
func (s *Store) eraseIn(todo map[string]chore) error {
	months := map[string][]chore{}
	for _, c := range todo {
		months[c.Month] = append(months[c.Month], c)
	}
	for month, list := range months {
		do := s.blank
		if slices.ContainsFunc(list, func(c chore) bool { return c.Whole }) {
			do = s.removeMonth
		}
		if err := do(month, list); err != nil {
			return fmt.Errorf("erase in archive %s: %w", month, err)
		}
	}
	return nil
}

func (s *Store) removeMonth(month string, _ []chore) error {
	if s.archive.month == month {
		if err := s.archive.close(); err != nil {
			return err
		}
	}
	if err := s.fs.Remove(s.archive.path(month)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return s.fs.SyncDir(s.archive.dir)
}

func (s *Store) blank(month string, list []chore) error {
	f, err := os.OpenFile(s.archive.path(month), os.O_RDWR, 0)
	if err != nil {
		return err
	}
	defer f.Close()
	blank := []byte(strings.Repeat(" ", gather))
	for _, c := range list {
		for off, left := c.Offset, c.Length; left > 0; {
			n := min(left, int64(len(blank)))
			if _, err := s.fs.WriteAt(f, blank[:n], off); err != nil {
				return noSpace(err)
			}
			off, left = off+n, left-n
		}
	}
	return s.fs.Sync(f)
}

// strikeOff is how chores are struck off while the committer runs.
func (s *Store) strikeOff(ctx context.Context) func(func(*Tx) error) error {
	return func(fn func(*Tx) error) error { return s.Update(ctx, fn) }
}

// strikeAtOpen is the same before it runs.
func (s *Store) strikeAtOpen(fn func(*Tx) error) error {
	_, err := s.commit([]*request{{ctx: context.Background(), fn: fn}})
	return err
}
