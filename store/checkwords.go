package store

import (
	"fmt"
	"slices"
)

// words proves the index of words: every case that has any is found by each
// of them, and no word is kept of a case that no longer has it, unless a later
// sheet or bLoose speaks for the case.
func (c *checker) words() error {
	keys, places, err := c.tx.looseCases()
	if err != nil {
		return err
	}
	listed := 0
	for _, place := range places {
		listed += len(c.tx.get(bLoose, place)) / len(caseKey{})
	}
	if n := c.tx.b(bLoose).Sequence(); n != uint64(listed) {
		if err := c.bad("%d cases wait for a sheet of words, %d are counted", listed, n); err != nil {
			return err
		}
	}
	spoken := &caseSet{}
	for _, k := range keys {
		spoken.add(k)
	}
	err = backwards(c.tx.b(bSheets), nil, func(at []byte) (bool, error) {
		s, err := readSheet(c.tx.get(bSheets, at))
		if err != nil {
			return false, c.bad("sheet %d: %v", toU64(at), err)
		}
		return true, c.sheet(toU64(at), &s, spoken)
	})
	if err != nil {
		return err
	}
	return scan(c.tx.b(bCases), nil, nil, func(key, v []byte) (bool, error) {
		r, err := decodeCase(caseKey(key), v)
		if err != nil || spoken.has(caseKey(key)) {
			return true, nil // what cannot be read was reported by cases
		}
		some := false
		r.c.Words(func([]byte) bool { some = true; return false })
		if some {
			err = c.bad("case %s is found by none of its words", caseKey(key))
		}
		return true, err
	})
}

// sheet compares a sheet with the words of the cases for which it speaks.
func (c *checker) sheet(at uint64, s *sheet, spoken *caseSet) error {
	has := make([][]string, s.size())
	for i := range s.words() {
		word, cases := s.entry(i)
		s.eachCase(cases, func(place int) { has[place] = append(has[place], string(word)) })
	}
	for i, words := range has {
		k := s.at(i)
		if k == (caseKey{}) && len(words) > 0 {
			return c.bad("sheet %d keeps words of a case that was erased", at)
		}
		if k == (caseKey{}) || spoken.has(k) {
			continue
		}
		spoken.add(k)
		r, err := c.tx.readCase(k)
		if err != nil {
			c.problems = append(c.problems, fmt.Errorf("%w: sheet %d: %w", ErrDamaged, at, err))
			continue
		}
		var want []string
		r.c.Words(func(w []byte) bool { want = append(want, string(w)); return true })
		slices.Sort(want)
		if want = slices.Compact(want); !slices.Equal(want, words) {
			if err := c.bad("sheet %d finds case %s by %d words, it has %d", at, k, len(words), len(want)); err != nil {
				return err
			}
		}
	}
	return nil
}
