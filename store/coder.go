package store

import (
	"encoding/binary"
	"fmt"
	"slices"
	"time"
)

// coder writes or reads a record: one list of fields serves both directions,
// so they cannot differ. Strings and lists are length-prefixed, numbers are
// varints, an absent value is one zero byte. Equal values have equal bytes:
// the consistency check compares records by them.
//
// A record is read from one string that all its texts are parts of: one
// allocation instead of one a field.
type coder struct {
	buf     []byte // what is written so far
	src     string // what is left to read
	reading bool
	bad     bool
}

func newReader(v []byte) coder { return coder{src: string(v), reading: true} }

func (x *coder) u64(v *uint64) {
	if !x.reading {
		x.buf = binary.AppendUvarint(x.buf, *v)
		return
	}
	*v = 0
	for i := 0; i < len(x.src) && i < binary.MaxVarintLen64; i++ {
		c := x.src[i]
		*v |= uint64(c&0x7f) << (7 * i)
		if c < 0x80 {
			x.src = x.src[i+1:]
			return
		}
	}
	x.fail()
}

func (x *coder) i64(v *int64) {
	if !x.reading {
		x.buf = binary.AppendVarint(x.buf, *v)
		return
	}
	var u uint64
	x.u64(&u)
	*v = int64(u>>1) ^ -int64(u&1)
}

func (x *coder) int(v *int) {
	n := int64(*v)
	x.i64(&n)
	*v = int(n)
}

func (x *coder) u32(v *uint32) {
	n := uint64(*v)
	x.u64(&n)
	*v = uint32(n)
}

// length is that of a list or string about to be read or written.
func (x *coder) length(n int) int {
	u := uint64(n)
	x.u64(&u)
	if x.reading && u > uint64(len(x.src)) { // every element takes a byte at least
		x.fail()
		return 0
	}
	return int(u)
}

func (x *coder) bool(v *bool) {
	var n uint64
	if *v {
		n = 1
	}
	x.u64(&n)
	*v = n == 1
}

// text is any kind of string.
func text[T ~string](x *coder, v *T) {
	n := x.length(len(*v))
	if !x.reading {
		x.buf = append(x.buf, *v...)
		return
	}
	*v, x.src = T(x.src[:n]), x.src[n:]
}

// raw is a run of bytes of fixed length.
func (x *coder) raw(v []byte) {
	if !x.reading {
		x.buf = append(x.buf, v...)
		return
	}
	if len(x.src) < len(v) {
		x.fail()
		return
	}
	x.src = x.src[copy(v, x.src):]
}

// time keeps the instant to the nanosecond and the zone's offset.
func (x *coder) time(t *time.Time) {
	if !x.reading {
		if t.IsZero() {
			x.buf = append(x.buf, 0)
			return
		}
		_, off := t.Zone()
		x.buf = append(x.buf, 1)
		x.buf = binary.AppendVarint(x.buf, t.Unix())
		x.buf = binary.AppendUvarint(x.buf, uint64(t.Nanosecond()))
		x.buf = binary.AppendVarint(x.buf, int64(off))
		return
	}
	var there, nanos uint64
	if x.u64(&there); there == 0 {
		*t = time.Time{}
		return
	}
	var sec, off int64
	x.i64(&sec)
	x.u64(&nanos)
	x.i64(&off)
	*t = time.Unix(sec, int64(nanos)).In(zone(int(off)))
}

func zone(off int) *time.Location {
	if off == 0 {
		return time.UTC
	}
	return time.FixedZone("", off)
}

// list is a slice whose elements are coded by one.
func list[T any](x *coder, v *[]T, one func(*coder, *T)) {
	n := x.length(len(*v))
	if x.reading {
		*v = nil
		if n > 0 {
			*v = make([]T, n)
		}
	}
	for i := range *v {
		one(x, &(*v)[i])
	}
}

func (x *coder) strings(v *[]string) { list(x, v, text[string]) }

func (x *coder) ids(v *[]uint64) { list(x, v, (*coder).u64) }

// dict writes its keys in order.
func (x *coder) dict(m *map[string]string) {
	n := x.length(len(*m))
	if x.reading {
		*m = nil
		if n > 0 {
			*m = make(map[string]string, n)
		}
		for range n {
			var k, v string
			text(x, &k)
			text(x, &v)
			(*m)[k] = v
		}
		return
	}
	var room [16]string
	for _, k := range sortedKeys(room[:0], *m) {
		v := (*m)[k]
		text(x, &k)
		text(x, &v)
	}
}

// sortedKeys appends the keys of m to room, in order.
func sortedKeys(room []string, m map[string]string) []string {
	for k := range m {
		room = append(room, k)
	}
	slices.Sort(room)
	return room
}

func (x *coder) fail() { x.bad, x.src = true, "" }

// whole reports whether a record was read whole.
func (x *coder) whole() bool { return !x.bad && x.src == "" }

// end is the error of a record that was not.
func (x *coder) end(what string) error {
	if x.whole() {
		return nil
	}
	return fmt.Errorf("%w: %s cannot be read", ErrDamaged, what)
}
