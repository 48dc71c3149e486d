package store

import (
	"errors"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"
)

// harms are what may become of a page of a database file.
var harms = map[string]func(page []byte, random *rand.Rand){
	"zeros":                       func(page []byte, _ *rand.Rand) { clear(page) },
	"junk":                        func(page []byte, random *rand.Rand) { junk(page, random) },
	"junk behind the page's head": func(page []byte, random *rand.Rand) { junk(page[16:], random) },
}

func junk(b []byte, random *rand.Rand) {
	for i := range b {
		b[i] = byte(random.Uint32())
	}
}

// TestDamagedFile demands that no damage of the database file ends the
// process: whoever opens, reads, checks or writes is told.
func TestDamagedFile(t *testing.T) {
	const page = 4096
	dir := t.TempDir()
	good := smallFileOf(t, dir)
	random := rand.New(rand.NewPCG(1, 2))
	unnoticed, all := 0, 0
	for at := page; at < len(good); at += page {
		if err := openAll(t, dir, good[:at]); !errors.Is(err, ErrDamaged) {
			t.Errorf("cut at %d: %v", at, err)
		}
		if at == page { // of the two heads of the file one is enough
			continue
		}
		for what, harm := range harms {
			bad := append([]byte(nil), good...)
			harm(bad[at:at+page], random)
			all++
			switch err := openAll(t, dir, bad); {
			case err == nil:
				unnoticed++ // the page was free
			case !errors.Is(err, ErrDamaged):
				t.Errorf("%s at %d: %v", what, at, err)
			}
		}
	}
	if unnoticed > all/3 {
		t.Errorf("%d of %d damages were not noticed", unnoticed, all)
	}
}

// smallFileOf fills a store with cases and gives its database file without the
// room behind its last page.
func smallFileOf(t *testing.T, dir string) []byte {
	s := open(t, dir, Options{})
	for n := 1; n <= 10; n++ {
		openCase(t, s, n)
	}
	var size int64
	look(t, s, func(tx *Tx) error { size = tx.btx.Size(); return nil })
	s.Close()
	good, err := os.ReadFile(filepath.Join(dir, dbName))
	if err != nil {
		t.Fatal(err)
	}
	return good[:size]
}

// openAll opens a store with this database file for reading, then for writing,
// and does everything with it.
func openAll(t *testing.T, dir string, file []byte) (err error) {
	path := filepath.Join(dir, dbName)
	for _, readOnly := range []bool{true, false} {
		if err := errors.Join(os.Remove(path), os.WriteFile(path, file, 0o600)); err != nil {
			t.Fatal(err)
		}
		s, e := Open(dir, Options{ReadOnly: readOnly, NoSync: true})
		if e == nil {
			if e = s.Check(ctx, nil, false); !readOnly {
				e = errors.Join(e, s.Update(ctx, func(tx *Tx) error { return tx.Put("desk", "mark", []byte("x")) }))
			}
			e = errors.Join(e, s.Close())
		}
		err = errors.Join(err, e)
	}
	return err
}

// TestCutWhileOpen shortens the file under an open store.
func TestCutWhileOpen(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir, Options{})
	openCase(t, s, 1)
	if err := os.Truncate(filepath.Join(dir, dbName), 2*4096); err != nil {
		t.Fatal(err)
	}
	if err := s.View(func(tx *Tx) error { _, err := tx.Case("2026-000001"); return err }); !errors.Is(err, ErrDamaged) {
		t.Errorf("read: %v", err)
	}
	put := func(tx *Tx) error { return tx.Put("desk", "mark", []byte("x")) }
	for range 2 {
		if err := s.Update(ctx, put); !errors.Is(err, ErrDamaged) || !errors.Is(err, ErrBroken) {
			t.Errorf("write: %v", err)
		}
	}
}

// TestLostDatabase demands that an archive is not cut off by a database that
// was made anew because the old one is gone.
func TestLostDatabase(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir, Options{})
	openCase(t, s, 1)
	s.Close()
	tar := filepath.Join(dir, archiveDir, "2026-11.tar")
	before, err := os.ReadFile(tar)
	if err != nil {
		t.Fatal(err)
	}
	for what, lose := range map[string]func(string) error{"emptied": func(path string) error { return os.Truncate(path, 0) }, "removed": os.Remove} {
		if err := lose(filepath.Join(dir, dbName)); err != nil {
			t.Fatal(err)
		}
		if s, err := Open(dir, Options{}); !errors.Is(err, ErrDamaged) {
			t.Errorf("%s: %v", what, err)
			s.Close()
		}
		if after, err := os.ReadFile(tar); err != nil || len(after) != len(before) {
			t.Fatalf("%s: the archive has %d bytes, had %d: %v", what, len(after), len(before), err)
		}
	}
}
