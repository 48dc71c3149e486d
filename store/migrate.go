package store

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	bolt "go.etcd.io/bbolt"
)

// schema is the version of what lies on disk. Change a record or a bucket:
// raise it, and add the step from the version before to migrations.
const schema = 1

var schemaKey = []byte("schema")

// migrations[v] brings a store of version v to v+1.
var migrations = map[uint64]func(*bolt.Tx) error{}

// migrate makes the buckets of a new store, brings an older one to this
// version, and refuses a newer one.
func (s *Store) migrate() error {
	version, err := s.version()
	switch {
	case err != nil:
		return err
	case version == schema:
		return nil
	case version > schema:
		return fmt.Errorf("open %s: %w (its schema is %d, ours is %d): use that version, or restore a backup",
			s.db.Path(), ErrNewer, version, schema)
	case s.opt.ReadOnly:
		return fmt.Errorf("open %s: its schema %d is older than ours: start the daemon once to bring it up to date", s.db.Path(), version)
	}
	err = s.db.Update(func(tx *bolt.Tx) error {
		for ; version > 0 && version < schema; version++ {
			if err := migrations[version](tx); err != nil {
				return fmt.Errorf("from schema %d: %w", version, err)
			}
		}
		return makeBuckets(tx)
	})
	if err != nil {
		return fmt.Errorf("migrate %s: %w", s.db.Path(), err)
	}
	return nil
}

func makeBuckets(tx *bolt.Tx) error {
	for _, name := range append(bucketNames[:], kvBuckets...) {
		if _, err := tx.CreateBucketIfNotExists([]byte(name)); err != nil {
			return err
		}
	}
	return tx.Bucket([]byte(bucketNames[bMeta])).Put(schemaKey, u64(schema))
}

// version is the schema of the file, 0 for a new one.
func (s *Store) version() (v uint64, err error) {
	err = s.db.View(func(tx *bolt.Tx) error {
		if b := tx.Bucket([]byte(bucketNames[bMeta])); b != nil {
			v = toU64(b.Get(schemaKey))
		} else if k, _ := tx.Cursor().First(); k != nil {
			return fmt.Errorf("open %s: %w: it is no store of sportello", s.db.Path(), ErrDamaged)
		}
		return nil
	})
	return v, err
}

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
	return errors.Join(s.fs.Sync(f))
}
