package store

import (
	"bytes"
	"fmt"
	"slices"

	"sportello/rules"
)

// The index of words. A transaction leaves the keys of the cases whose words
// are new as one entry of bLoose; when so many lie there that reading them
// would slow a search down, the same transaction makes a sheet of them (see
// sheet.go) and puts it into bSheets. So a case costs its transaction a few
// bytes, no page is written twice, and what a case is found by is on disk in
// the transaction that recorded it.
//
// The last sheet that lists a case speaks for it, and bLoose before any sheet;
// an older sheet may say too much of it, never too little: what is found is
// read and asked again. The index holds names, so that what is erased of a case
// is taken out of it in the same transaction.
const sheetCases = 1024 // tests take fewer

// loosen notes that the words of a case are new or other than they were.
func (tx *Tx) loosen(k caseKey, r *caseRecord, p *rules.Private) {
	if p == nil || r.loose || p.Mailbox == "" && p.Subject == "" && len(p.Fields) == 0 {
		return
	}
	r.loose = true
	tx.write.loose = append(tx.write.loose, k)
}

// unword takes what was erased of a case out of the index; what is left of it
// is put there anew.
func (tx *Tx) unword(k caseKey, r *caseRecord) {
	if tx.write.gone == nil {
		tx.write.gone = map[caseKey]bool{}
	}
	tx.write.gone[k] = true
	tx.loosen(k, r, &rules.Private{Mailbox: r.c.Mailbox, Subject: r.c.Subject, Fields: r.c.Fields})
}

// settleWords puts what loosen noted into the index.
func (tx *Tx) settleWords() error {
	w := tx.write
	if len(w.gone) > 0 {
		if err := tx.dropWords(w.gone); err != nil {
			return err
		}
		w.gone = nil
	}
	if len(w.loose) == 0 {
		return nil
	}
	v := make([]byte, 0, len(w.loose)*len(caseKey{}))
	for _, k := range w.loose {
		v = append(v, k[:]...)
		w.cases[k].loose = false
	}
	b := tx.b(bLoose)
	at := uint64(1)
	if k, _ := b.Cursor().Last(); k != nil {
		at = toU64(k) + 1
	}
	if err := b.Put(u64(at), v); err != nil {
		return err
	}
	n := b.Sequence() + uint64(len(w.loose)) // it counts the cases that lie there
	w.loose = w.loose[:0]
	if n >= uint64(tx.s.sheetCases) {
		return tx.makeSheet()
	}
	return b.SetSequence(n)
}

// makeSheet makes a sheet of the loose cases.
func (tx *Tx) makeSheet() error {
	keys, places, err := tx.looseCases()
	if err != nil {
		return err
	}
	w, err := tx.sheetOf(keys)
	if err != nil {
		return err
	}
	sheets, loose := tx.b(bSheets), tx.b(bLoose)
	at, err := sheets.NextSequence()
	if err != nil {
		return err
	}
	if err := sheets.Put(u64(at), w.bytes()); err != nil {
		return fmt.Errorf("sheet of words: %w", err)
	}
	for _, place := range places {
		if err := loose.Delete(place); err != nil {
			return err
		}
	}
	return loose.SetSequence(0)
}

// sheetOf notes the words of the cases with these keys.
func (tx *Tx) sheetOf(keys []caseKey) (*sheetWriter, error) {
	w := &sheetWriter{words: map[string]*[]uint32{}}
	var room caseRecord
	for _, k := range keys {
		c, err := tx.skim(k, &room)
		if err != nil {
			return nil, err
		}
		w.add(k, c)
	}
	return w, nil
}

// looseCases are the cases that are in no sheet, or have changed since, in
// order, and the entries that name them.
func (tx *Tx) looseCases() (keys []caseKey, places [][]byte, err error) {
	err = scan(tx.b(bLoose), nil, nil, func(k, v []byte) (bool, error) {
		places = append(places, bytes.Clone(k))
		for ; len(v) >= len(caseKey{}); v = v[len(caseKey{}):] {
			keys = append(keys, caseKey(v))
		}
		return true, nil
	})
	slices.SortFunc(keys, func(a, b caseKey) int { return bytes.Compare(a[:], b[:]) })
	return slices.Compact(keys), places, err
}

// dropWords takes cases out of every sheet: what was known of them is erased.
func (tx *Tx) dropWords(gone map[caseKey]bool) error {
	made := map[uint64][]byte{}
	err := tx.eachSheet(func(at uint64, s *sheet) (bool, error) {
		for i := range s.size() {
			if gone[s.at(i)] {
				made[at] = s.without(gone)
				break
			}
		}
		return true, nil
	})
	if err != nil {
		return err
	}
	for at, v := range made {
		if v == nil {
			err = tx.del(bSheets, u64(at))
		} else {
			err = tx.put(bSheets, u64(at), v)
		}
		if err != nil {
			return fmt.Errorf("sheet of words: %w", err)
		}
	}
	return nil
}

func (tx *Tx) eachSheet(fn func(at uint64, s *sheet) (more bool, err error)) error {
	return scan(tx.b(bSheets), nil, nil, func(k, v []byte) (bool, error) {
		s, err := readSheet(v)
		if err != nil {
			return false, err
		}
		return fn(toU64(k), &s)
	})
}

// find are the cases that may be meant by a search.
func (tx *Tx) find(search rules.Search) (*caseSet, error) {
	set := &caseSet{}
	err := tx.eachSheet(func(_ uint64, s *sheet) (bool, error) {
		for w, bits := range s.find(search) {
			for bit := range 64 {
				if bits&(1<<bit) != 0 && s.at(64*w+bit) != (caseKey{}) {
					set.add(s.at(64*w + bit))
				}
			}
		}
		return true, nil
	})
	if err != nil {
		return nil, err
	}
	loose, _, err := tx.looseCases()
	var room caseRecord
	for _, k := range loose {
		if err != nil {
			break
		}
		var c *rules.Case
		if c, err = tx.skim(k, &room); err == nil && search.Finds(c) {
			set.add(k)
		}
	}
	return set, err
}
