package pec

import (
	"crypto"
	"hash"
	"io"
	"math"
)

// windowSize is the most of a message held at once while it is scanned. Messages up to this size are
// read whole: slices are faster than windows.
const windowSize = 512 << 10

// source gives the bytes of a message, whole or through a window that only moves forward.
// The taps see every byte of their range exactly once, while it is in the window: a large
// message is read and hashed in the same pass.
type source struct {
	r     io.ReaderAt
	size  int64
	buf   []byte // the bytes [base, base+len(buf))
	base  int64
	whole bool
	err   error // first I/O error of r; the rest of the message then reads as missing
	taps  []*tap
}

// newSource reads a message into the window: a small one whole, of a large one what is asked for.
func newSource(r io.ReaderAt, size int64, window []byte) source {
	s := source{r: r, size: max(size, 0), buf: window[:0]}
	if s.size > int64(cap(window)) {
		return s
	}
	s.whole = true
	s.buf = window[:s.size]
	n, err := readAt(r, s.buf, 0)
	s.buf, s.err = s.buf[:n], err
	s.size = int64(n)
	return s
}

// readAt fills p from off. A reader that ends early is an I/O error: size was promised.
func readAt(r io.ReaderAt, p []byte, off int64) (int, error) {
	n, err := r.ReadAt(p, off)
	if n == len(p) {
		return n, nil
	}
	if err == nil || err == io.EOF {
		err = io.ErrUnexpectedEOF
	}
	return n, err
}

// from returns what is in memory from off on: at least need bytes unless the message ends before.
// The slice is good until the next call.
func (s *source) from(off int64, need int) []byte {
	if off >= s.size {
		return nil
	}
	if s.whole {
		return s.buf[off:]
	}
	need = min(need, cap(s.buf)-2)
	end := s.base + int64(len(s.buf))
	if off < s.base || (end-off < int64(need) && end < s.size) {
		s.fill(off)
		end = s.base + int64(len(s.buf))
	}
	if off >= end {
		return nil
	}
	return s.buf[off-s.base:]
}

// fill moves the window to off, keeping the two bytes before it: they may be the line end that
// belongs to a delimiter, and they tell whether off starts a line.
func (s *source) fill(off int64) {
	keep := max(off-2, 0)
	for _, t := range s.taps {
		t.feed(s, min(keep, s.base+int64(len(s.buf))))
	}
	end := s.base + int64(len(s.buf))
	n := 0
	if keep >= s.base && keep < end {
		n = copy(s.buf[:cap(s.buf)], s.buf[keep-s.base:])
	}
	s.base = keep
	room := s.buf[n:min(int64(cap(s.buf)), s.size-keep)]
	got, err := readAt(s.r, room, keep+int64(n))
	s.buf = s.buf[:n+got]
	if err != nil {
		if s.err == nil {
			s.err = err
		}
		s.size = s.base + int64(len(s.buf))
	}
}

// byteAt returns the byte at off, 0 outside what is in memory.
func (s *source) byteAt(off int64) byte {
	i := off - s.base
	if i < 0 || i >= int64(len(s.buf)) {
		return 0
	}
	return s.buf[i]
}

// load returns the bytes [from, to), at most limit of them. They stay good.
func (s *source) load(from, to int64, limit int) []byte {
	to = min(to, s.size, from+int64(limit))
	if from < 0 || from >= to {
		return nil
	}
	if s.whole {
		return s.buf[from:to:to]
	}
	b := make([]byte, to-from)
	n, err := readAt(s.r, b, from)
	if err != nil && s.err == nil {
		s.err = err
	}
	return b[:n]
}

// tap hashes a range of the source as it goes by.
type tap struct {
	h     hash.Hash
	next  int64 // the first byte not yet hashed
	end   int64 // where it stops; math.MaxInt64 while that is not known
	canon bool  // write LF line ends as CRLF (RFC 8551 §3.1.1)
	last  byte  // the byte before next, for canon
	crlf  bool  // canon met a CRLF that was there already
}

func newTap(alg crypto.Hash, from int64, canon bool) *tap {
	return &tap{h: alg.New(), next: from, end: math.MaxInt64, canon: canon}
}

// feed hashes what the window holds up to upto.
func (t *tap) feed(s *source, upto int64) {
	upto = min(upto, t.end)
	if upto <= t.next || t.next < s.base {
		return
	}
	t.write(s.buf[t.next-s.base : upto-s.base])
	t.next = upto
}

func (t *tap) write(b []byte) {
	if !t.canon {
		t.h.Write(b)
		return
	}
	from := 0
	for i, c := range b {
		if c == '\n' && t.last == '\r' {
			t.crlf = true
		} else if c == '\n' {
			t.h.Write(b[from:i])
			t.h.Write(lineEnd)
			from = i + 1
		}
		t.last = c
	}
	t.h.Write(b[from:])
}

// finish hashes the rest up to end, reading on where it must, and returns the sum.
func (t *tap) finish(s *source, end int64) []byte {
	t.end = end
	for t.next < t.end {
		w := s.from(t.next, 1)
		if len(w) == 0 {
			break
		}
		t.feed(s, t.next+int64(len(w)))
	}
	return t.h.Sum(nil)
}

var lineEnd = []byte("\r\n")
