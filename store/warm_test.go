package store

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sportello/rules"
)

// A transaction sees the same case whether its record is at hand, was changed
// by one that failed, or is read from the database.
func TestWarmRecords(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir, Options{})
	id, _ := openCase(t, s, 1)
	cold := func() (c *rules.Case) {
		t.Helper()
		look(t, s, func(tx *Tx) (err error) { c, err = tx.Case(id); return err })
		return c
	}
	warm := func() (c *rules.Case) {
		t.Helper()
		update(t, s, func(tx *Tx) (err error) { c, err = tx.Case(id); return err })
		return c
	}
	same := func(when string) {
		t.Helper()
		if d := cmp.Diff(cold(), warm()); d != "" {
			t.Errorf("%s: in the database (-) and at hand (+):\n%s", when, d)
		}
	}
	same("opened")
	if c := warm(); c.Letters[0].Text == "" || len(c.Proof) == 0 || c.Explanation.Own == "" {
		t.Errorf("the case at hand lacks its texts: %+v", c)
	}

	bad := errors.New("changed its mind")
	err := s.Update(ctx, func(tx *Tx) error {
		return errors.Join(tx.Record(attempt(id, start)), bad)
	})
	if !errors.Is(err, bad) {
		t.Fatal(err)
	}
	same("after a change that was taken back")
	if c := warm(); c.Letters[0].State != rules.Owed {
		t.Errorf("the letter is %s, want %s: the attempt was not committed", c.Letters[0].State, rules.Owed)
	}

	update(t, s, func(tx *Tx) error { return tx.Record(attempt(id, start)) })
	update(t, s, func(tx *Tx) error { return tx.Record(sent(id, start)) })
	same("after two more")
	s.Close()
	s = open(t, dir, Options{})
	same("after a restart")
	if err := s.Check(ctx, nil, true); err != nil {
		t.Error(err)
	}
}

// More cases than stay at hand: the oldest are read again.
func TestWarmMakesRoom(t *testing.T) {
	var w warm
	key := func(n int) caseKey { return caseKey{7, 0xea, 0, 0, byte(n >> 8), byte(n)} }
	waits := view{letters: []letterView{{state: rules.Owed, waiting: true}}}
	for n := range 2*warmRecords + 1 {
		w.keep(map[caseKey]*caseRecord{key(n): {indexed: waits}})
	}
	if len(w.records) != warmRecords {
		t.Errorf("%d records are kept, want %d", len(w.records), warmRecords)
	}
	if w.records[key(2*warmRecords)] == nil || w.records[key(warmRecords)] != nil {
		t.Error("not the oldest made room")
	}
	w.keep(map[caseKey]*caseRecord{key(2 * warmRecords): {}})
	if w.records[key(2*warmRecords)] != nil {
		t.Error("a case whose letters have gone stays at hand")
	}
}
