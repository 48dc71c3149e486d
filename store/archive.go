package store

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"os"
	"path/filepath"
	"time"
)

const (
	tarBlock   = 512
	gather     = 1 << 19 // small messages are gathered to writes of this size
	maxTail    = 1 << 30 // more than this behind the last indexed byte is no crash
	monthStyle = "2006-01"
)

// Place is where a message's bytes lie in the archive.
type Place struct {
	Month  string // archive/<Month>.tar, the month of Message.Read in UTC
	Offset int64  // of the first byte of the message
	Length int64
}

// archive is the folder of tar files. Appending is for one goroutine at a time.
type archive struct {
	dir string
	fs  FS

	month string
	file  *os.File // of month, for appending
	buf   []byte
	base  int64 // where buf goes
}

func newArchive(dir string, fs FS) *archive { return &archive{dir: dir, fs: fs} }

func (a *archive) path(month string) string { return filepath.Join(a.dir, month+".tar") }

// begin makes month the file that add appends to, from length on.
func (a *archive) begin(month string, length int64) error {
	a.base, a.buf = length, a.buf[:0]
	if a.month == month {
		return nil
	}
	if err := a.close(); err != nil {
		return err
	}
	f, err := os.OpenFile(a.path(month), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return fmt.Errorf("open archive: %w", noSpace(err))
	}
	// Also when it was there: who made it may have died before its name was durable.
	if err := a.fs.SyncDir(a.dir); err != nil {
		f.Close()
		return fmt.Errorf("sync %s: %w", a.dir, err)
	}
	a.month, a.file = month, f
	return nil
}

// add appends one message as a tar entry and returns its place and digest.
func (a *archive) add(id uint64, at time.Time, in *Incoming) (Place, [32]byte, error) {
	name := entryName(id, in.Digest)
	a.buf = appendHeader(a.buf, name, in.Size, at)
	p := Place{Month: a.month, Offset: a.base + int64(len(a.buf)), Length: in.Size}
	digest := in.Digest
	if in.Bytes != nil {
		a.buf = append(a.buf, in.Bytes...)
	} else {
		var err error
		if digest, err = a.stream(in); err != nil {
			return p, digest, err
		}
	}
	a.buf = pad(a.buf, in.Size)
	if len(a.buf) < gather {
		return p, digest, nil
	}
	return p, digest, a.flush()
}

// stream copies a message that is not in memory.
func (a *archive) stream(in *Incoming) ([32]byte, error) {
	sum := sha256.New()
	if err := a.copy(io.TeeReader(io.LimitReader(in.Raw, in.Size), sum), in.Size); err != nil {
		return [32]byte{}, err
	}
	if n, _ := in.Raw.Read(make([]byte, 1)); n != 0 {
		return [32]byte{}, fmt.Errorf("archive message: it is longer than the %d bytes announced", in.Size)
	}
	return digestOf(sum), nil
}

func (a *archive) copy(r io.Reader, size int64) error {
	for size > 0 {
		n := int(min(size, gather))
		start := len(a.buf)
		a.buf = append(a.buf, make([]byte, n)...)
		if _, err := io.ReadFull(r, a.buf[start:]); err != nil {
			return fmt.Errorf("archive message: read its bytes: %w", err)
		}
		size -= int64(n)
		if err := a.flush(); err != nil {
			return err
		}
	}
	return nil
}

func (a *archive) flush() error {
	if len(a.buf) == 0 {
		return nil
	}
	n, err := a.fs.WriteAt(a.file, a.buf, a.base)
	if err == nil && n < len(a.buf) {
		err = io.ErrShortWrite
	}
	if err != nil {
		return fmt.Errorf("append to archive: %w", noSpace(err))
	}
	a.base += int64(n)
	if cap(a.buf) > 4*gather {
		a.buf = nil
	}
	a.buf = a.buf[:0]
	return nil
}

// end makes what was added durable and returns the file's length.
func (a *archive) end() (int64, error) {
	if err := a.flush(); err != nil {
		return 0, err
	}
	if err := a.fs.Sync(a.file); err != nil {
		return 0, fmt.Errorf("sync archive: %w", errSync(err))
	}
	return a.base, nil
}

// undo cuts off what was added after length.
func (a *archive) undo(length int64) error {
	a.buf = a.buf[:0]
	if a.file == nil {
		return nil
	}
	return a.fs.Truncate(a.file, length)
}

func (a *archive) close() error {
	if a.file == nil {
		return nil
	}
	err := a.file.Close()
	a.file, a.month = nil, ""
	return err
}

// errSync marks an error after which nobody knows what is on the disk: Linux
// may drop the pages that it could not write and report the next sync as good.
func errSync(err error) error {
	if e := noSpace(err); errors.Is(e, ErrNoSpace) {
		return e
	}
	return fmt.Errorf("%w: %w", ErrBroken, err)
}

func entryName(id uint64, digest [32]byte) string {
	if digest == ([32]byte{}) {
		return fmt.Sprintf("%012d.eml", id)
	}
	b := append(appendPadded(make([]byte, 0, 96), id, 100_000_000_000), '-')
	return string(append(hex.AppendEncode(b, digest[:]), ".eml"...))
}

// appendHeader appends a ustar header (POSIX.1-1988), which every tar reads.
func appendHeader(b []byte, name string, size int64, at time.Time) []byte {
	start := len(b)
	b = append(b, zeros[:]...)
	h := b[start:]
	copy(h[0:100], name)
	copy(h[100:], "0000600\x000000000\x000000000\x00")
	if size < 1<<33 {
		octal(h[124:135], size)
	} else { // GNU base-256: beyond 8 GiB
		h[124] = 0x80
		for i, v := 135, size; v > 0; i, v = i-1, v>>8 {
			h[i] = byte(v)
		}
	}
	octal(h[136:147], max(at.Unix(), 0))
	h[156] = '0'
	copy(h[257:], "ustar\x0000")
	copy(h[265:], "sportello")
	copy(h[297:], "sportello")
	sum := int64(8 * ' ')
	for _, c := range h {
		sum += int64(c)
	}
	octal(h[148:154], sum)
	h[155] = ' '
	return b
}

var zeros [tarBlock]byte

func octal(field []byte, v int64) {
	for i := len(field) - 1; i >= 0; i-- {
		field[i] = '0' + byte(v&7)
		v >>= 3
	}
}

// pad completes the last block of a file of the given size.
func pad(b []byte, size int64) []byte {
	if rest := size % tarBlock; rest != 0 {
		b = append(b, zeros[rest:]...)
	}
	return b
}

// Raw is a message's bytes. Read from the start to the end, its last Read
// fails if they are not those that were received.
type Raw struct {
	*io.SectionReader
	file   *os.File
	want   [32]byte
	sum    hash.Hash
	hashed int64
}

// Raw opens the bytes of a message; the caller closes it.
func (s *Store) Raw(m Message) (*Raw, error) {
	if m.erased() {
		return nil, fmt.Errorf("message %d: %w", m.ID, ErrErased)
	}
	f, err := os.Open(s.archive.path(m.Place.Month))
	if err != nil {
		return nil, fmt.Errorf("message %d: %w", m.ID, err)
	}
	return &Raw{SectionReader: io.NewSectionReader(f, m.Place.Offset, m.Place.Length),
		file: f, want: m.Digest, sum: sha256.New()}, nil
}

// Read reads on, and checks the digest when it comes to the end.
func (r *Raw) Read(b []byte) (int, error) {
	at, _ := r.Seek(0, io.SeekCurrent)
	n, err := r.SectionReader.Read(b)
	if at == r.hashed {
		r.sum.Write(b[:n])
		r.hashed += int64(n)
	}
	if r.hashed == r.Size() && err == nil && n > 0 || errors.Is(err, io.EOF) && r.hashed == at {
		if r.hashed < r.Size() || digestOf(r.sum) != r.want {
			return 0, fmt.Errorf("%w: a message's bytes are not those received", ErrDamaged)
		}
	}
	return n, err
}

// WriteTo is Read to the end; it keeps the section's own from bypassing the digest.
func (r *Raw) WriteTo(w io.Writer) (int64, error) {
	return io.Copy(w, struct{ io.Reader }{r})
}

// Bytes reads the whole message into memory.
func (r *Raw) Bytes() ([]byte, error) {
	var b bytes.Buffer
	b.Grow(int(r.Size()) + bytes.MinRead)
	_, err := r.WriteTo(&b)
	return b.Bytes(), err
}

// Close closes the archive file.
func (r *Raw) Close() error { return r.file.Close() }

func digestOf(h hash.Hash) (d [32]byte) {
	h.Sum(d[:0])
	return d
}
