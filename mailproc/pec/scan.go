package pec

import (
	"bytes"
	"slices"
	"strings"
)

// The bounds of what is read. A message beyond them is unreadable, with the reason named.
const (
	maxHeader   = 256 << 10 // bytes of one header block
	maxFields   = 5000      // fields of one header block
	maxDepth    = 20        // entities within entities
	maxParts    = 1000      // entities of one message
	maxDelim    = 1024      // bytes of a delimiter line, trailing blanks included
	maxBoundary = 250       // RFC 2046 §5.1.1 says 70; longer ones exist
)

// part is one entity of a message: where it lies in the raw bytes and what its header says of it.
type part struct {
	parent int // index of the entity it lies in; -1 for the outermost
	depth  int
	start  int64 // first byte of its header
	body   int64 // first byte of its body
	end    int64 // end of its body: the line end before a delimiter belongs to the delimiter
	closed bool  // a delimiter ended it, or it is the outermost
	level  level
	content
}

// level says what an entity is to the envelope (not how deep it lies).
type level uint8

const (
	levelOuter    level = iota // the message as delivered
	levelSigned                // the first part of an outermost multipart/signed: the signed entity
	levelSibling               // the other parts of it: the signature
	levelNotice                // the parts directly inside the signed entity
	levelDeeper                // what lies in those, other than the original message
	levelOriginal              // the original message and all its parts
)

// scanner finds the entities of a message over its raw bytes, in one pass.
type scanner struct {
	src    *source
	bounds []string // the delimiters of the open multiparts, outermost first
	parts  []part
	values mediaRoom
	few    [6]string // what bounds and closed need of memory, as a rule
	fault  string    // first reason for which the message is unreadable

	provider  int      // how many of bounds are the provider's own: of the outermost and of the signed multipart
	lookalike bool     // a line begins like a delimiter of those and is none, or one of them like the other
	closed    []string // delimiters of the outermost and of the signed multipart, once they are closed
	reopened  bool     // such a line stands behind the close-delimiter: some readers see another part there

	signedFrom func(int64, content) // called when the signed entity begins
	signedEnd  func(int64)          // and when its end is known
}

// delim is a delimiter line, or the end of the message (at < 0).
type delim struct {
	at     int64 // start of the line
	before int64 // end of the body before it
	next   int64 // first byte after the line
	bound  int   // index in scanner.bounds; -1 at the end of the message
	last   bool  // close-delimiter
}

// scan reads the entity that fills the source. base is the level of the outermost entity:
// levelOuter for a message, levelSigned for the content of an opaque signature.
func (s *scanner) scan(base level) {
	s.bounds, s.closed = s.few[:0:4], s.few[4:4:6]
	s.provider = max(0, 2-int(base))
	s.entity(0, -1, 0, base, false)
}

func (s *scanner) fail(reason string) {
	if s.fault == "" {
		s.fault = reason
	}
}

// entity reads the entity that starts at pos and returns the delimiter that ends it.
func (s *scanner) entity(pos int64, parent, depth int, lv level, digest bool) delim {
	if len(s.parts) >= maxParts {
		s.fail(ReasonTooManyParts)
		return s.delimiter(pos, pos)
	}
	n := len(s.parts)
	c, body, stop := s.header(pos, digest)
	s.parts = append(s.parts, part{parent: parent, depth: depth, start: pos, body: body, level: lv, content: c})
	if lv == levelSigned && s.signedFrom != nil {
		s.signedFrom(pos, s.parts[0].content)
	}
	var d delim
	switch {
	case stop != nil:
		d = *stop
	case depth >= maxDepth:
		if c.delimiter != "" {
			s.fail(ReasonTooDeep)
		}
		d = s.delimiter(body, body)
	case c.multipart() && s.open(c.delimiter):
		d = s.children(n, body)
	case c.typ == "message/rfc822" && lv == levelNotice && c.plain():
		d = s.entity(body, n, depth+1, levelOriginal, false)
	default:
		d = s.delimiter(body, body)
	}
	p := &s.parts[n]
	p.end, p.closed = max(d.before, p.body), d.bound >= 0 || parent < 0
	if lv == levelSigned && s.signedEnd != nil {
		s.signedEnd(p.end)
	}
	return d
}

// open pushes a delimiter. One that is already open is ambiguous: which multipart a line
// closes would be the reader's choice. In what lies within the envelope's own parts such a multipart stays unopened: home-made
// programs write messages of that kind, and who sent them does not depend on it.
func (s *scanner) open(delimiter string) bool {
	if delimiter == "" {
		return false
	}
	if len(delimiter) > maxBoundary+2 {
		if len(s.bounds) < s.provider {
			s.fail(ReasonBadMultipart)
		}
		return false
	}
	for i, o := range s.bounds {
		if o == delimiter {
			if i < s.provider {
				s.fail(ReasonBadMultipart)
			}
			return false
		}
		if len(s.bounds) < s.provider && strings.HasPrefix(o, delimiter) {
			s.lookalike = true // RFC 2046 §5.1.1: a line that begins with a delimiter is one
		}
	}
	s.bounds = append(s.bounds, delimiter)
	return true
}

// children reads the parts of the multipart n, whose boundary was just opened.
func (s *scanner) children(n int, body int64) delim {
	own := len(s.bounds) - 1
	depth, lv, digest := s.parts[n].depth+1, s.parts[n].level, s.parts[n].typ == "multipart/digest"
	signed := s.parts[n].typ == "multipart/signed"
	d := s.delimiter(body, body)
	for first := true; d.bound == own && !d.last; first = false {
		d = s.entity(d.next, n, depth, childLevel(lv, signed, first), digest)
		if len(s.parts) >= maxParts {
			s.fail(ReasonTooManyParts)
			break
		}
	}
	if lv <= levelSigned {
		s.closed = append(s.closed, s.bounds[own])
	}
	s.bounds = s.bounds[:own]
	if d.bound < own { // an outer delimiter or the end of the message: the close-delimiter is missing
		return d
	}
	return s.delimiter(d.at, d.next) // the line end of the close-delimiter may belong to an outer delimiter
}

// childLevel is the level of a part of a multipart at lv.
func childLevel(lv level, signed, first bool) level {
	switch {
	case lv == levelOuter && signed && first:
		return levelSigned
	case lv == levelOuter && signed:
		return levelSibling
	case lv == levelSigned:
		return levelNotice
	case lv == levelNotice:
		return levelDeeper
	case lv == levelOuter:
		return levelDeeper
	}
	return lv
}

// delimiter finds the first delimiter line at or after pos, the start of a line. A line end at or before start
// is not the delimiter's. With no multipart open the body is the rest of the message.
func (s *scanner) delimiter(start, pos int64) delim {
	for len(s.bounds)+len(s.closed) > 0 {
		w := s.src.from(pos, 1)
		if len(w) == 0 {
			break
		}
		// base64 has no dashes: looking for them is faster than looking at every line
		i := bytes.IndexByte(w, '-')
		if i < 0 {
			pos += int64(len(w))
			continue
		}
		pos += int64(i)
		if pos == 0 || pos == start || s.src.byteAt(pos-1) == '\n' {
			if d, ok := s.match(start, pos); ok {
				return d
			}
			w = s.src.from(pos, 1)
		} else {
			w = w[i:]
		}
		j := bytes.IndexByte(w, '\n')
		if j < 0 {
			j = len(w) - 1
		}
		s.behindCR(pos, pos+int64(j)+1)
		pos += int64(j) + 1
	}
	return delim{at: -1, before: s.src.size, next: s.src.size, bound: -1}
}

// behindCR looks for delimiters of the provider's multiparts behind a CR by itself, between pos and end: some readers begin a
// line there.
func (s *scanner) behindCR(pos, end int64) {
	for pos < end {
		if s.src.byteAt(pos-1) == '\r' {
			line := s.src.from(pos, maxBoundary+2)
			here := func(b string) bool { return begins(line, b) }
			s.lookalike = s.lookalike || slices.ContainsFunc(s.bounds[:min(s.provider, len(s.bounds))], here)
			s.reopened = s.reopened || slices.ContainsFunc(s.closed, here)
		}
		w := s.src.from(pos, 1)
		i := bytes.Index(w[:min(int64(len(w)), end-pos)], crDash)
		if i < 0 {
			return
		}
		pos += int64(i) + 1
	}
}

var crDash = []byte("\r-")

// match tells whether the line at pos is a delimiter of an open multipart, the outermost first:
// an inner entity cannot hide the end of the one it lies in.
func (s *scanner) match(start, pos int64) (delim, bool) {
	w := s.src.from(pos, maxDelim)
	if len(w) < 2 || w[0] != '-' || w[1] != '-' {
		return delim{}, false
	}
	alike := false
	for i, b := range s.bounds {
		if !begins(w, b) {
			continue
		}
		n, last, ok := delimiterTail(w[len(b):])
		if !ok {
			alike = alike || i < s.provider                        // the boundary is a beginning of what stands here
			s.lookalike = s.lookalike || i == 0 && s.provider == 2 // of the outermost: OpenSSL reads it as one, whatever it is within
			continue
		}
		d := delim{at: pos, before: pos, next: pos + int64(len(b)+n), bound: i, last: last}
		if d.before > start && s.src.byteAt(d.before-1) == '\n' {
			d.before--
			if d.before > start && s.src.byteAt(d.before-1) == '\r' {
				d.before--
			}
		}
		return d, true
	}
	s.lookalike = s.lookalike || alike
	for _, b := range s.closed {
		s.reopened = s.reopened || begins(w, b)
	}
	return delim{}, false
}

func begins(w []byte, with string) bool { return len(w) >= len(with) && string(w[:len(with)]) == with }

// delimiterTail reads what may follow a boundary on its line: "--", blanks, the line end.
func delimiterTail(w []byte) (n int, last, ok bool) {
	if len(w) >= 2 && w[0] == '-' && w[1] == '-' {
		if m, ok := blankTail(w[2:]); ok {
			return m + 2, true, true
		}
	}
	n, ok = blankTail(w)
	return n, false, ok
}

func blankTail(w []byte) (int, bool) {
	for i, c := range w[:min(len(w), maxDelim)] {
		switch c {
		case ' ', '\t':
		case '\r':
			if i+1 < len(w) && w[i+1] != '\n' {
				return 0, false
			}
		case '\n':
			return i + 1, true
		default:
			return 0, false
		}
	}
	return len(w), len(w) < maxDelim-maxBoundary // the message ends on this line
}
