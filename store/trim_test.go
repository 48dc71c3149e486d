package store

import (
	"fmt"
	"os"
	"strings"
	"testing"
)

// fileMemory is how much of this process's memory is pages of mapped files, kB.
func fileMemory(t *testing.T) (kB int) {
	t.Helper()
	b, err := os.ReadFile("/proc/self/status")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(b), "RssFile:")
	if _, err := fmt.Sscan(rest, &kB); err != nil {
		t.Fatal(err)
	}
	return kB
}

// TestReadPagesAreGivenBack: the memory of the process must not grow with the
// database, which is mapped into it.
func TestReadPagesAreGivenBack(t *testing.T) {
	s := open(t, t.TempDir(), Options{NoSync: true})
	if _, err := s.Intake(ctx, "disattivazioni", Cursor{7, 1}, []Incoming{incoming(1, 100)}, nil); err != nil {
		t.Fatal(err)
	}
	big := make([]byte, 1<<20)
	for i := range 64 {
		update(t, s, func(tx *Tx) error { return tx.Put(Desk, fmt.Sprint(i), big) })
	}
	read := func() {
		look(t, s, func(tx *Tx) error { return tx.Each(Desk, func(string, []byte) error { return nil }) })
	}
	s.trim()
	before := fileMemory(t)
	read()
	full := fileMemory(t)
	s.trim()
	after := fileMemory(t)
	if full-before < 60<<10 || after-before > 4<<10 {
		t.Errorf("file pages: %d kB, after reading %d kB, given back %d kB", before, full, after)
	}
	read()
	check(t, s)
}
