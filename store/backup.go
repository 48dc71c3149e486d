package store

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	bolt "go.etcd.io/bbolt"
)

// Backup writes a copy of the store to dir, which must be empty or not there,
// while the store is in use: the database as of one instant, then the archive
// as far as that database knows it. The copy is then opened and checked whole,
// every message's digest included.
func (s *Store) Backup(ctx context.Context, dir string, progress Progress) error {
	s.keeping.Lock() // a purge must not take the archive away meanwhile
	defer s.keeping.Unlock()
	if err := emptyDir(dir, "name an empty folder"); err != nil {
		return fmt.Errorf("backup: %w", err)
	}
	lengths := map[string]int64{}
	err := s.View(func(tx *Tx) error {
		if err := tx.lengths(lengths); err != nil {
			return err
		}
		return writeFile(filepath.Join(dir, dbName), func(w io.Writer) error {
			progress.say("database", 0, tx.btx.Size())
			_, err := tx.btx.WriteTo(w)
			return err
		})
	})
	if err == nil {
		err = stamp(filepath.Join(dir, dbName))
	}
	if err == nil {
		err = copyArchive(ctx, filepath.Join(s.dir, archiveDir), dir, lengths, progress)
	}
	if err == nil {
		err = syncNames(s.fs, dir)
	}
	if err == nil {
		err = verifyCopy(ctx, dir, progress)
	}
	if err != nil {
		return fmt.Errorf("backup to %s: %w", dir, errors.Join(err, emptied(dir)))
	}
	return nil
}

// Restore makes a store in dir from a backup and checks it. It refuses a dir
// that already has a store, or anything else. While it is not at its end, Open
// refuses the dir; cut off, it is begun again.
func Restore(ctx context.Context, backup, dir string, progress Progress) error {
	if _, err := os.Stat(filepath.Join(backup, dbName)); errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("restore: there is no backup in %s: name the folder that `sportello backup` wrote, with its %s", backup, dbName)
	}
	if err := claim(dir); err != nil {
		return fmt.Errorf("restore: %w", err)
	}
	if err := verifyCopy(ctx, backup, progress); err != nil {
		return fmt.Errorf("restore: the backup %s: %w: take an earlier one", backup, errors.Join(err, emptied(dir)))
	}
	b, err := Open(backup, Options{ReadOnly: true})
	if err != nil {
		return fmt.Errorf("restore: %w", errors.Join(err, emptied(dir)))
	}
	lengths := map[string]int64{}
	err = b.View(func(tx *Tx) error { return tx.lengths(lengths) })
	if err = errors.Join(err, b.Close()); err == nil {
		err = copyArchive(ctx, filepath.Join(backup, archiveDir), dir, lengths, progress)
	}
	if err == nil {
		err = copyFile(filepath.Join(backup, dbName), filepath.Join(dir, dbName), -1)
	}
	if err == nil {
		err = stamp(filepath.Join(dir, dbName))
	}
	if err == nil {
		err = syncNames(osFS{}, dir)
	}
	if err == nil {
		err = verifyCopy(ctx, dir, progress)
	}
	if err == nil {
		err = errors.Join(os.Remove(filepath.Join(dir, unfinished)), osFS{}.SyncDir(dir))
	}
	if err != nil {
		return fmt.Errorf("restore to %s: %w", dir, errors.Join(err, emptied(dir)))
	}
	return nil
}

// unfinished is a file in a folder whose restore has not come to its end.
const unfinished = "restore.unfinished"

// claim makes dir for a restore, and takes away what one that was cut off has
// left there. Until the end the folder is marked: a desk that started in it
// would begin anew, and answer every message of its mailboxes again.
func claim(dir string) error {
	mark := filepath.Join(dir, unfinished)
	if _, err := os.Stat(mark); err == nil {
		if err := emptied(dir); err != nil {
			return err
		}
	}
	if err := emptyDir(dir, "put what is there aside first, whole"); err != nil {
		return err
	}
	f, err := os.OpenFile(mark, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	return errors.Join(f.Close(), osFS{}.SyncDir(dir))
}

// restored refuses a folder whose restore was cut off, or still goes on.
func (s *Store) restored() error {
	if _, err := os.Stat(filepath.Join(s.dir, unfinished)); err != nil || s.opt.unfinished {
		return nil
	}
	return fmt.Errorf("open %s: the restore into it was cut off, or still goes on: say `sportello restore` again", s.dir)
}

// Copied is the key in the bucket Desk that says that a database is a copy, as
// a backup is: since it was made its desk may have gone on elsewhere.
const Copied = "copied"

// stamp marks a database as a copy.
func stamp(path string) error {
	db, _, err := openBolt(path, &bolt.Options{Timeout: time.Second, FreelistType: bolt.FreelistMapType})
	if err != nil {
		return err
	}
	err = db.Update(func(tx *bolt.Tx) error {
		b := tx.Bucket([]byte(Desk))
		if b == nil {
			return fmt.Errorf("%w: it has no bucket %s", ErrDamaged, Desk)
		}
		return b.Put([]byte(Copied), []byte{1})
	})
	return noSpace(errors.Join(err, db.Close()))
}

// emptyDir makes dir, or finds it empty. A purge or backup of half a year ago
// is never overwritten by mistake.
func emptyDir(dir, remedy string) error {
	names, err := os.ReadDir(dir)
	switch {
	case errors.Is(err, os.ErrNotExist):
		return os.MkdirAll(dir, 0o700)
	case err != nil:
		return err
	case len(names) > 0:
		return fmt.Errorf("%s is not empty (it has %s): %s", dir, names[0].Name(), remedy)
	}
	return nil
}

// emptied takes half a copy away from a folder that was empty: else it would
// be refused the next time, or taken for a whole one. The mark goes last.
func emptied(dir string) error {
	for _, name := range []string{dbName, archiveDir, unfinished} {
		if err := os.RemoveAll(filepath.Join(dir, name)); err != nil {
			return err
		}
	}
	return nil
}

func copyArchive(ctx context.Context, from, dir string, lengths map[string]int64, progress Progress) error {
	to := filepath.Join(dir, archiveDir)
	if err := os.Mkdir(to, 0o700); err != nil {
		return err
	}
	var total, done int64
	for _, n := range lengths {
		total += n
	}
	for month, n := range lengths {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := copyFile(filepath.Join(from, month+".tar"), filepath.Join(to, month+".tar"), n); err != nil {
			return err
		}
		done += n
		progress.say("archive", done, total)
	}
	return errors.Join(osFS{}.SyncDir(to), osFS{}.SyncDir(dir))
}

// copyFile copies the first n bytes of a file, all of it if n is negative.
func copyFile(from, to string, n int64) error {
	f, err := os.Open(from)
	if err != nil {
		return err
	}
	defer f.Close()
	return writeFile(to, func(w io.Writer) error {
		if n < 0 {
			_, err := io.Copy(w, f)
			return err
		}
		got, err := io.CopyN(w, f, n)
		if errors.Is(err, io.EOF) {
			return fmt.Errorf("%w: %s has %d of %d bytes", ErrDamaged, from, got, n)
		}
		return err
	})
}

// writeFile makes a new file and syncs it.
func writeFile(path string, write func(io.Writer) error) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	if err = write(f); err == nil {
		err = f.Sync()
	}
	return noSpace(errors.Join(err, f.Close()))
}

// verifyCopy opens a store for reading and checks everything in it.
func verifyCopy(ctx context.Context, dir string, progress Progress) error {
	s, err := Open(dir, Options{ReadOnly: true, unfinished: true})
	if err != nil {
		return err
	}
	return errors.Join(s.Check(ctx, progress, true), s.Close())
}
