package store

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	bolt "go.etcd.io/bbolt"
)

// smallFile is not worth compacting for its size.
const smallFile = 64 << 20

// worthCompacting reports whether more than half of the file is free, or free
// pages hold what was to be erased. bbolt's file never shrinks by itself.
func worthCompacting(db *bolt.DB) bool {
	ordered, size := false, int64(0)
	err := db.View(func(tx *bolt.Tx) error {
		size = tx.Size()
		if b := tx.Bucket([]byte(bucketNames[bMeta])); b != nil {
			ordered = b.Get(compactKey) != nil
		}
		return nil
	})
	free := int64(db.Stats().FreePageN) * int64(db.Info().PageSize)
	return err == nil && (ordered || size >= smallFile && free*2 > size)
}

// compact writes the file anew and puts it in the old one's place, which holds
// until the new one is durable. A full disk leaves everything as it is.
func (s *Store) compact(src *bolt.DB, path string) error {
	fresh := path + ".compact"
	if err := os.Remove(fresh); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("compact %s: %w", path, err)
	}
	dst, err := bolt.Open(fresh, 0o600, &bolt.Options{FreelistType: bolt.FreelistMapType, NoSync: true})
	if err != nil {
		return fmt.Errorf("compact %s: %w", path, err)
	}
	err = bolt.Compact(dst, src, 4<<20)
	if err == nil {
		err = dst.Update(func(tx *bolt.Tx) error {
			if b := tx.Bucket([]byte(bucketNames[bMeta])); b != nil {
				return b.Delete(compactKey)
			}
			return nil
		})
	}
	if err == nil {
		err = dst.Sync()
	}
	if err = errors.Join(err, dst.Close()); err == nil {
		err = s.fs.Rename(fresh, path)
	}
	if err == nil {
		err = s.fs.SyncDir(filepath.Dir(path))
	}
	if err != nil {
		os.Remove(fresh)
		if errors.Is(noSpace(err), ErrNoSpace) {
			return nil // another start will do it
		}
		return fmt.Errorf("compact %s: %w", path, err)
	}
	return nil
}
