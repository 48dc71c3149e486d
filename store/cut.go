package store

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// cutArchive cuts off what no transaction names: the batch that was being
// appended when the process died.
func (s *Store) cutArchive() error {
	indexed := map[string]int64{}
	if err := s.View(func(tx *Tx) error { return tx.lengths(indexed) }); err != nil {
		return err
	}
	files, err := os.ReadDir(filepath.Join(s.dir, archiveDir))
	if err != nil {
		return fmt.Errorf("open archive: %w", err)
	}
	for _, f := range files {
		month, isTar := strings.CutSuffix(f.Name(), ".tar")
		if _, err := time.Parse(monthStyle, month); !isTar || err != nil {
			continue
		}
		if err := s.cutMonth(month, indexed[month]); err != nil {
			return err
		}
		delete(indexed, month)
	}
	for month, n := range indexed {
		if n > 0 {
			return fmt.Errorf("open archive: %w: %s.tar is missing: restore it from a backup", ErrDamaged, month)
		}
	}
	return nil
}

func (s *Store) cutMonth(month string, indexed int64) error {
	path := s.archive.path(month)
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return fmt.Errorf("open archive: %w", err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return fmt.Errorf("open archive: %w", err)
	}
	switch behind := info.Size() - indexed; {
	case behind == 0:
		return nil
	case behind < 0:
		return fmt.Errorf("open archive: %w: %s lacks its last %d bytes: restore it from a backup", ErrDamaged, path, -behind)
	case behind > maxTail:
		return fmt.Errorf("open archive: %w: %s is %d bytes longer than the database knows: restore the database that belongs to it, or move the file away",
			ErrDamaged, path, behind)
	}
	if err := s.fs.Truncate(f, indexed); err != nil {
		return fmt.Errorf("cut %s: %w", path, err)
	}
	if err := s.fs.Sync(f); err != nil {
		return fmt.Errorf("cut %s: %w", path, err)
	}
	return nil
}
