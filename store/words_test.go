package store

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sportello/rules"
)

// named opens a case for a holder of his own.
func named(t testing.TB, s *Store, n int, holder string) (id string, message uint64) {
	t.Helper()
	ids, err := s.Intake(ctx, "disattivazioni", Cursor{7, uint32(n)}, []Incoming{incoming(n, 100)}, func(tx *Tx, ids []uint64) (err error) {
		if id, err = tx.NextProtocol(2026); err != nil {
			return err
		}
		events := opened(id, n, ids[0])
		events[1].Private.Fields["titolare"] = holder
		if err := tx.SetMessage(ids[0], InCase, id, "", ""); err != nil {
			return err
		}
		return tx.Record(events...)
	})
	if err != nil {
		t.Fatal(err)
	}
	return id, ids[0]
}

// found are the cases that a search finds, as the queue lists them.
func found(t testing.TB, s *Store, text string) (ids []string) {
	t.Helper()
	look(t, s, func(tx *Tx) error {
		_, err := tx.Cases(Filter{Search: rules.ParseSearch(text)}, func(c *rules.Case) bool { ids = append(ids, c.ID); return true })
		return err
	})
	return ids
}

// A case is found by its words from the transaction that records it on, before
// and after it comes into a sheet, and by those that later events bring.
func TestFoundByItsWords(t *testing.T) {
	s := open(t, t.TempDir(), Options{})
	s.sheetCases = 4
	for n := 1; n <= 10; n++ {
		id, _ := named(t, s, n, fmt.Sprintf("Nicolò Bianchi%c", 'a'+rune(n)))
		if got := found(t, s, fmt.Sprintf("nicolo bianchi%c", 'a'+rune(n))); !slices.Equal(got, []string{id}) {
			t.Fatalf("case %d: %v", n, got)
		}
		if got := found(t, s, "BIANCHI"); len(got) != n {
			t.Fatalf("after %d cases: %v", n, got)
		}
		check(t, s)
	}
	look(t, s, func(tx *Tx) error {
		if n := keys(tx.b(bSheets)); n != 2 {
			t.Errorf("%d sheets of four for ten cases", n)
		}
		return nil
	})
	update(t, s, func(tx *Tx) error {
		return tx.Record(rules.Event{At: start, Kind: rules.Returned, Case: "2026-000002"},
			rules.Event{At: start, Kind: rules.Approved, Case: "2026-000002", Author: "anna", Private: &rules.Private{Fields: map[string]string{"ordine": "ORD-77"}}})
	})
	for i := range 5 { // loose, then in a sheet of its own
		if got := found(t, s, "bianchic ord-77"); !slices.Equal(got, []string{"2026-000002"}) {
			t.Fatalf("by a word that came later: %v", got)
		}
		check(t, s)
		named(t, s, 20+i, "Verdi")
	}
	// The table of the queue holds whatever finds a case.
	if got := found(t, s, "utente3@pec.example.it"); !slices.Equal(got, []string{"2026-000003"}) {
		t.Errorf("by mailbox: %v", got)
	}
}

// Thousands of cases found by one word come in the order of the queue, page by
// page, as few do.
func TestManyFound(t *testing.T) {
	s := open(t, t.TempDir(), Options{NoSync: true})
	s.sheetCases = 500
	fillCases(t, s, 1, fewCases+700)
	for _, text := range []string{"rossi", "rossi 2026-0001"} {
		var all, pages []string
		for _, limit := range []int{0, 97} {
			list := &all
			if limit > 0 {
				list = &pages
			}
			for f := (Filter{Search: rules.ParseSearch(text), Limit: limit}); ; {
				look(t, s, func(tx *Tx) (err error) {
					f.After, err = tx.Cases(f, func(c *rules.Case) bool { *list = append(*list, c.ID); return true })
					return err
				})
				if f.After == nil {
					break
				}
			}
		}
		if want := map[string]int{"rossi": fewCases + 700, "rossi 2026-0001": 100}[text]; len(all) != want {
			t.Errorf("%q finds %d cases, want %d", text, len(all), want)
		}
		if d := cmp.Diff(all, pages); d != "" {
			t.Errorf("%q page by page:\n%s", text, d)
		}
	}
}

// What is erased of a case is gone from the index of words in the same
// transaction, and from the file at the next start.
func TestErasedIsNotFound(t *testing.T) {
	for _, how := range []string{"redact", "purge"} {
		for _, size := range []int{1, 3, sheetCases} { // a sheet of its own, among others, loose
			t.Run(fmt.Sprint(how, size), func(t *testing.T) {
				dir := t.TempDir()
				s := open(t, dir, Options{})
				s.sheetCases = size
				id, msg := named(t, s, 1, "Ermenegildo")
				named(t, s, 2, "Verdi")
				close1(t, s, id, start)
				named(t, s, 3, "Bianchi")
				if how == "redact" {
					if err := s.Redact(ctx, msg, "order", "anna", start); err != nil {
						t.Fatal(err)
					}
				} else if _, err := s.Purge(ctx, Retention{Now: start.AddDate(3, 0, 0), Keep: Span{Months: 30}}, "anna", false); err != nil {
					t.Fatal(err)
				}
				check(t, s)
				if got := found(t, s, "ermenegildo"); got != nil {
					t.Errorf("still found: %v", got)
				}
				if got := found(t, s, "verdi"); len(got) != 1 {
					t.Errorf("the other case is found as %v", got)
				}
				if got := found(t, s, "utente1@pec.example.it"); (len(got) == 1) != (how == "redact") {
					t.Errorf("by its mailbox, which a redaction keeps and a purge erases: %v", got)
				}
				s.Close()
				open(t, dir, Options{}).Close() // compacts
				b, err := os.ReadFile(filepath.Join(dir, dbName))
				if err != nil || strings.Contains(strings.ToLower(string(b)), "ermenegildo") {
					t.Errorf("the file still has the name (%v)", err)
				}
			})
		}
	}
}

// A damaged sheet finds too little, and never breaks the search.
func TestDamagedSheet(t *testing.T) {
	w := &sheetWriter{words: map[string]*[]uint32{}}
	for n := range 200 {
		w.add(keyAt(2026, uint32(n+1)), &rules.Case{Mailbox: sender(n), Fields: map[string]string{"titolare": fmt.Sprint("Rossi ", n*n)}})
	}
	good := w.bytes()
	rnd := rand.New(rand.NewPCG(1, 2))
	for range 20_000 {
		bad := slices.Clone(good[:1+rnd.IntN(len(good))])
		for range rnd.IntN(8) {
			bad[rnd.IntN(len(bad))] = byte(rnd.Uint32())
		}
		s, err := readSheet(bad)
		if err != nil {
			continue
		}
		s.find(rules.ParseSearch("rossi utente1 49"))
		s.without(map[caseKey]bool{keyAt(2026, 7): true})
	}
}

// BenchmarkSheet is what the index of words costs a case, and a search that
// meets as many loose cases as there can be.
func BenchmarkSheet(b *testing.B) {
	s := open(b, b.TempDir(), Options{NoSync: true})
	fillCases(b, s, 1, sheetCases-1)
	b.Run("make", func(b *testing.B) {
		for b.Loop() {
			look(b, s, func(tx *Tx) error {
				keys, _, err := tx.looseCases()
				if err != nil {
					return err
				}
				w, err := tx.sheetOf(keys)
				if err != nil {
					return err
				}
				b.ReportMetric(float64(len(w.bytes()))/float64(len(keys)), "B/case")
				return nil
			})
		}
		b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*(sheetCases-1)), "ns/case")
	})
	b.Run("read loose", func(b *testing.B) {
		for b.Loop() {
			found(b, s, "nobody")
		}
	})
}
