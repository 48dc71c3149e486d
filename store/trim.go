package store

import (
	"syscall"
	"unsafe"

	bolt "go.etcd.io/bbolt"
)

// trimEvery is after how many commits the pages of the file that were read are
// given back; trimFrom is the size below which they do not matter.
const (
	trimEvery = 64
	trimFrom  = 8 << 20
)

// trim gives the pages of the mapped file back, so that they do not count as
// memory of this process: the kernel's cache keeps them, and what is needed
// again comes back without the disk. Without it the process would seem to grow
// to the size of the database. It is a kindness, so errors do not matter.
func (s *Store) trim() {
	_ = s.db.View(func(tx *bolt.Tx) error { // holds the mapping in place
		size := tx.Size()
		name := tx.Bucket([]byte(bucketNames[bMeta])).Get(schemaKey) // lies in the mapping
		if size < trimFrom || len(name) == 0 {
			return nil
		}
		in := unsafe.Pointer(&name[0])
		start := unsafe.Add(in, -int(uintptr(in)-s.db.Info().Data))
		return syscall.Madvise(unsafe.Slice((*byte)(start), size), syscall.MADV_DONTNEED)
	})
}
