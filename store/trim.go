package store

import (
	"os"
	"strconv"
	"strings"
	"syscall"
	"unsafe"

	bolt "go.etcd.io/bbolt"
)

// Every trimEvery commits it is looked how much of the file is mapped in, and
// from trimOver bytes on it is given back.
const (
	trimEvery = 8
	trimOver  = 8 << 20
)

// trim gives the pages of the mapped file back, so that they do not count as
// memory of this process: the kernel's cache keeps them, and what is needed
// again comes back without the disk. Without it the process would seem to grow
// to the size of the database. It is a kindness, so errors do not matter.
func (s *Store) trim() {
	if s.mapped == 0 {
		s.mapped = mappedIn() // the program itself, and what opening has read
	}
	if mappedIn() < s.mapped+trimOver {
		return
	}
	_ = s.db.View(func(tx *bolt.Tx) error { // holds the mapping in place
		size := tx.Size()
		name := tx.Bucket([]byte(bucketNames[bMeta])).Get(schemaKey) // lies in the mapping
		if len(name) == 0 {
			return nil
		}
		in := unsafe.Pointer(&name[0])
		start := unsafe.Add(in, -int(uintptr(in)-s.db.Info().Data))
		return syscall.Madvise(unsafe.Slice((*byte)(start), size), syscall.MADV_DONTNEED)
	})
}

// mappedIn is how many bytes of files are mapped into memory now; 0 where the
// system does not say (Linux: proc(5), statm).
func mappedIn() int {
	raw, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		return 0
	}
	fields := strings.Fields(string(raw))
	if len(fields) < 3 {
		return 0
	}
	pages, _ := strconv.Atoi(fields[2])
	return pages * os.Getpagesize()
}
