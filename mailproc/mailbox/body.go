package mailbox

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
)

// Body holds the bytes of one message, in memory or, when large, in a file that has no name any more: whatever ends the
// process, nothing is left behind.
type Body struct {
	mem  []byte
	file *os.File
	size int64
}

// Size is the number of bytes.
func (b *Body) Size() int64 { return b.size }

// Bytes returns the message when it is in memory, without a copy; nil when it is in a file. Like everything of a Body
// it is valid until Store returns.
func (b *Body) Bytes() []byte { return b.mem }

// ReadAt reads from the message as io.ReaderAt says; several goroutines may.
func (b *Body) ReadAt(p []byte, off int64) (int, error) {
	if b.file != nil {
		return b.file.ReadAt(p, off)
	}
	return bytes.NewReader(b.mem).ReadAt(p, off)
}

// Close frees the file, if there is one. The Poller closes what a Sink left open.
func (b *Body) Close() error {
	if b.file == nil {
		return nil
	}
	f := b.file
	b.file = nil
	return f.Close()
}

// errSpool marks failures of our own disk: they say nothing about the server or the message.
type errSpool struct{ error }

func (e errSpool) Unwrap() error { return e.error }

const spoolPattern = "sportello-mail-*.part"

// sweep removes what a crash left between making a spool file and taking its name away.
func sweep(dir string) {
	old, _ := filepath.Glob(filepath.Join(cmp.Or(dir, os.TempDir()), spoolPattern))
	for _, f := range old {
		_ = os.Remove(f)
	}
}

// spool copies r to a nameless file in dir. A short r is no error: the caller compares the count.
func spool(dir string, r io.Reader, buf []byte) (*os.File, int64, error) {
	f, err := os.CreateTemp(dir, spoolPattern)
	if err != nil {
		return nil, 0, errSpool{fmt.Errorf("spool a large message: %w", err)}
	}
	if err := os.Remove(f.Name()); err != nil {
		f.Close()
		return nil, 0, errSpool{fmt.Errorf("spool a large message: %w", err)}
	}
	var total int64
	for {
		n, err := io.ReadFull(r, buf)
		if _, werr := f.Write(buf[:n]); werr != nil {
			f.Close()
			return nil, total, errSpool{fmt.Errorf("spool a large message: %w", werr)}
		}
		total += int64(n)
		switch {
		case errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF):
			return f, total, nil
		case err != nil: // the connection's
			f.Close()
			return nil, total, fmt.Errorf("%w after %d: %w", errCut, total, err)
		}
	}
}

const (
	chunkSize = 256 << 10
	bulky     = chunkSize / 4 // larger bodies get memory of their own
)

// arena gives memory for the bodies of one batch and takes it all back at once.
type arena struct {
	chunks [][]byte
	used   int // chunks in use; the last of them is filled up to off
	off    int
}

func (a *arena) alloc(n int) []byte {
	if n > bulky {
		return make([]byte, n)
	}
	if a.used == 0 || a.off+n > chunkSize {
		if a.used == len(a.chunks) {
			a.chunks = append(a.chunks, make([]byte, chunkSize))
		}
		a.used++
		a.off = 0
	}
	p := a.chunks[a.used-1][a.off : a.off+n : a.off+n]
	a.off += n
	return p
}

// free gives back the last n bytes that alloc returned.
func (a *arena) free(n int) {
	if n <= bulky {
		a.off -= n
	}
}

func (a *arena) reset() { a.used, a.off = 0, 0 }

// batch is what one Store gets. Two of them go round: one is stored while the other is filled.
type batch struct {
	msgs   []Message
	bodies []Body
	bytes  int64
	mem    arena
	next   Cursor
}

func newBatch(count int) *batch {
	return &batch{msgs: make([]Message, 0, count), bodies: make([]Body, 0, count)}
}

// add appends a message; body is copied into the batch so that no message costs an allocation.
func (b *batch) add(m Message, body Body) {
	if m.Err == nil {
		b.bodies = append(b.bodies, body)
		m.Body = &b.bodies[len(b.bodies)-1]
		b.bytes += body.size
	}
	b.msgs = append(b.msgs, m)
}

func (b *batch) full(count int, bytes int64) bool {
	return len(b.msgs) >= count || b.bytes >= bytes
}

func (b *batch) reset() {
	for i := range b.bodies {
		b.bodies[i].Close()
	}
	clear(b.bodies)
	clear(b.msgs)
	b.msgs, b.bodies, b.bytes, b.next = b.msgs[:0], b.bodies[:0], 0, Cursor{}
	b.mem.reset()
}
