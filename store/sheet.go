package store

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"slices"
	"sort"

	"sportello/rules"
)

// A sheet is a part of the index of words: some cases and, in order,
// the words by which they are found, each with the cases that have it. A thousand
// sheets hold a million cases; a search looks a word up in each.
//
//	u32  number of cases, then 6 bytes each, in order; zeroes: forgotten
//	u32  number of words, then u32 each: where the word's entry begins
//	     entries: length, word, number of cases, which ones (varints, as
//	     differences of their places in the list above)
type sheet struct {
	cases   []byte // 6 bytes each
	offsets []byte // 4 bytes each
	entries []byte
}

func readSheet(v []byte) (s sheet, err error) {
	cut := func(size int) (part []byte) {
		if len(v) < 4 {
			err = fmt.Errorf("%w: a sheet of words cannot be read", ErrDamaged)
			return nil
		}
		n := int(binary.BigEndian.Uint32(v)) * size
		if v = v[4:]; n > len(v) {
			err = fmt.Errorf("%w: a sheet of words is cut off", ErrDamaged)
			return nil
		}
		part, v = v[:n], v[n:]
		return part
	}
	s.cases, s.offsets = cut(len(caseKey{})), cut(4)
	s.entries = v
	return s, err
}

func (s *sheet) size() int { return len(s.cases) / len(caseKey{}) }

func (s *sheet) at(i int) caseKey { return caseKey(s.cases[i*len(caseKey{}):]) }

func (s *sheet) words() int { return len(s.offsets) / 4 }

// entry is word i and the cases that have it, still coded; nothing of an entry
// that is damaged, which Check reports.
func (s *sheet) entry(i int) (word, cases []byte) {
	at := int(binary.BigEndian.Uint32(s.offsets[4*i:]))
	if at >= len(s.entries) {
		return nil, nil
	}
	v := s.entries[at:]
	n := 1 + int(v[0])
	if n > len(v) {
		return nil, nil
	}
	return v[1:n], v[n:]
}

// from is the first word that is not before w.
func (s *sheet) from(w string) int {
	return sort.Search(s.words(), func(i int) bool {
		word, _ := s.entry(i)
		return string(word) >= w
	})
}

// eachCase calls fn with the places of an entry's cases.
func (s *sheet) eachCase(cases []byte, fn func(place int)) {
	n, size := binary.Uvarint(cases)
	at, end := uint64(0), uint64(s.size())
	for ; n > 0 && size > 0; n-- {
		cases = cases[size:]
		var d uint64
		if d, size = binary.Uvarint(cases); size <= 0 || d >= end || at+d >= end {
			return
		}
		at += d
		fn(int(at))
	}
}

// sheetWriter gathers the words of cases.
type sheetWriter struct {
	cases []caseKey
	words map[string]*[]uint32 // places, rising
}

func (w *sheetWriter) add(k caseKey, c *rules.Case) {
	at := uint32(len(w.cases))
	w.cases = append(w.cases, k)
	c.Words(func(word []byte) bool {
		w.note(word, at)
		return true
	})
}

func (w *sheetWriter) note(word []byte, at uint32) {
	list := w.words[string(word)]
	if list == nil {
		list = new([]uint32)
		w.words[string(word)] = list
	}
	if n := len(*list); n == 0 || (*list)[n-1] != at {
		*list = append(*list, at)
	}
}

func (w *sheetWriter) bytes() []byte {
	words := make([]string, 0, len(w.words))
	size := 8 + len(w.cases)*len(caseKey{})
	for word, list := range w.words {
		words = append(words, word)
		size += 4 + 1 + len(word) + 2 + 2*len(*list)
	}
	slices.Sort(words)
	b := make([]byte, 0, size)
	b = binary.BigEndian.AppendUint32(b, uint32(len(w.cases)))
	for _, k := range w.cases {
		b = append(b, k[:]...)
	}
	b = binary.BigEndian.AppendUint32(b, uint32(len(words)))
	offsets := len(b)
	b = append(b, make([]byte, 4*len(words))...)
	entries := len(b)
	for i, word := range words {
		binary.BigEndian.PutUint32(b[offsets+4*i:], uint32(len(b)-entries))
		list := *w.words[word]
		b = append(b, byte(len(word)))
		b = append(b, word...)
		b = binary.AppendUvarint(b, uint64(len(list)))
		var last uint32
		for _, at := range list {
			b = binary.AppendUvarint(b, uint64(at-last))
			last = at
		}
	}
	return b
}

// without is the sheet without the words of some cases, nil when none is left.
func (s *sheet) without(gone map[caseKey]bool) []byte {
	w := &sheetWriter{words: map[string]*[]uint32{}}
	left := false
	for i := range s.size() {
		k := s.at(i)
		if gone[k] {
			k = caseKey{}
		}
		left = left || k != caseKey{}
		w.cases = append(w.cases, k)
	}
	if !left {
		return nil
	}
	for i := range s.words() {
		word, cases := s.entry(i)
		s.eachCase(cases, func(at int) {
			if w.cases[at] != (caseKey{}) {
				w.note(word, uint32(at))
			}
		})
	}
	return w.bytes()
}

// find sets the bits of the cases that may meet every needle; nil: none does.
func (s *sheet) find(search rules.Search) []uint64 {
	var all []uint64
	for _, n := range search {
		bits := s.meeting(n)
		some := all == nil && len(bits) > 0
		for i := range all {
			bits[i] &= all[i]
			some = some || bits[i] != 0
		}
		if !some {
			return nil
		}
		all = bits
	}
	return all
}

// meeting sets the bits of the cases that meet a needle.
func (s *sheet) meeting(n rules.Needle) []uint64 {
	bits := make([]uint64, (s.size()+63)/64)
	for i := s.from(n.Word); n.Word != "" && i < s.words(); i++ {
		word, cases := s.entry(i)
		if !bytes.HasPrefix(word, []byte(n.Word)) {
			break
		}
		s.eachCase(cases, func(at int) { bits[at/64] |= 1 << (at % 64) })
	}
	if n.Last == 0 {
		return bits
	}
	for i := range s.size() {
		k := s.at(i)
		if n.Numbered(int(binary.BigEndian.Uint16(k[:])), int(binary.BigEndian.Uint32(k[2:]))) {
			bits[i/64] |= 1 << (i % 64)
		}
	}
	return bits
}
