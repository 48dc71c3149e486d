package store

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"slices"
)

// caseSet is a set of cases: a bit each, by year and number.
type caseSet struct {
	n     int
	years []yearSet
}

type yearSet struct {
	year uint16
	bits []uint64
}

func (s *caseSet) of(year uint16) *yearSet {
	for i := range s.years {
		if s.years[i].year == year {
			return &s.years[i]
		}
	}
	return nil
}

func (k caseKey) parts() (year uint16, word, bit uint32) {
	n := binary.BigEndian.Uint32(k[2:])
	return binary.BigEndian.Uint16(k[:]), n / 64, n % 64
}

func (s *caseSet) add(k caseKey) {
	year, word, bit := k.parts()
	y := s.of(year)
	if y == nil {
		s.years = append(s.years, yearSet{year: year})
		y = &s.years[len(s.years)-1]
	}
	if int(word) >= len(y.bits) {
		y.bits = append(y.bits, make([]uint64, int(word)+1-len(y.bits))...)
	}
	if y.bits[word]&(1<<bit) == 0 {
		y.bits[word] |= 1 << bit
		s.n++
	}
}

func (s *caseSet) has(k caseKey) bool {
	year, word, bit := k.parts()
	y := s.of(year)
	return y != nil && int(word) < len(y.bits) && y.bits[word]&(1<<bit) != 0
}

func (s *caseSet) remove(k caseKey) {
	if !s.has(k) {
		return
	}
	year, word, bit := k.parts()
	s.of(year).bits[word] &^= 1 << bit
	s.n--
}

// keepOnly removes what is not in the other set.
func (s *caseSet) keepOnly(o *caseSet) {
	kept := &caseSet{}
	_ = s.each(func(k caseKey) (bool, error) { // it returns no error of its own
		if o.has(k) {
			kept.add(k)
		}
		return true, nil
	})
	*s = *kept
}

func (s *caseSet) each(fn func(caseKey) (more bool, err error)) error {
	return s.eachBefore(caseKey{0xff, 0xff, 0xff, 0xff, 0xff, 0xff}, fn)
}

// eachBefore calls fn with the cases before k, the last first.
func (s *caseSet) eachBefore(k caseKey, fn func(caseKey) (more bool, err error)) error {
	slices.SortFunc(s.years, func(a, b yearSet) int { return cmp.Compare(b.year, a.year) })
	for _, y := range s.years {
		for w := len(y.bits) - 1; w >= 0; w-- {
			for bit := 63; y.bits[w] != 0 && bit >= 0; bit-- {
				if y.bits[w]&(1<<bit) == 0 {
					continue
				}
				at := keyAt(y.year, uint32(64*w+bit))
				if bytes.Compare(at[:], k[:]) >= 0 {
					continue
				}
				if more, err := fn(at); err != nil || !more {
					return err
				}
			}
		}
	}
	return nil
}

func keyAt(year uint16, number uint32) (k caseKey) {
	binary.BigEndian.PutUint16(k[:], year)
	binary.BigEndian.PutUint32(k[2:], number)
	return k
}
