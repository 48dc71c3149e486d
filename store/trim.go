package store

import (
	"bytes"
	"os"
	"strconv"
	"sync"
	"syscall"
	"unsafe"

	bolt "go.etcd.io/bbolt"
)

// After each commit, and whenever trimEvery places of the file were touched, it
// is looked how much of it is mapped in, and from trimOver bytes on it is given
// back: each page touched maps its neighbours too.
const (
	trimEvery = 64
	trimOver  = 3 << 20
)

// trimSome is called where places anywhere in the file are touched.
func (s *Store) trimSome() {
	if s.touched.Add(1)%trimEvery == 0 {
		s.trim()
	}
}

// trim gives the pages of the mapped file back, so that they do not count as
// memory of this process: the kernel's cache keeps them, and what is needed
// again comes back without the disk. Without it the process would seem to grow
// to the size of the database. It is a kindness, so errors do not matter.
func (s *Store) trim() {
	if mappedIn() < s.mapped.Load()+trimOver {
		return
	}
	_ = guarded(func() error {
		return s.db.View(func(tx *bolt.Tx) error { // holds the mapping in place
			size := tx.Size()
			name := tx.Bucket([]byte(bucketNames[bMeta])).Get(schemaKey) // lies in the mapping
			if len(name) == 0 {
				return nil
			}
			in := unsafe.Pointer(&name[0])
			start := unsafe.Add(in, -int(uintptr(in)-s.db.Info().Data))
			return syscall.Madvise(unsafe.Slice((*byte)(start), size), syscall.MADV_DONTNEED)
		})
	})
	s.mapped.Store(mappedIn()) // more of the program is in than the last time
}

// statm says how much memory this process has; nil where there is no /proc.
var statm = sync.OnceValue(func() *os.File {
	f, err := os.Open("/proc/self/statm")
	if err != nil {
		return nil
	}
	return f
})

// mappedIn is how many bytes of files are mapped into memory now; 0 where the
// system does not say (Linux: proc(5), statm).
func mappedIn() int64 {
	f := statm()
	if f == nil {
		return 0
	}
	var buf [128]byte
	n, _ := f.ReadAt(buf[:], 0) // ends with io.EOF
	fields := bytes.Fields(buf[:n])
	if len(fields) < 3 {
		return 0
	}
	pages, _ := strconv.Atoi(string(fields[2]))
	return int64(pages * os.Getpagesize())
}
