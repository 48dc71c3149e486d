package store

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"sportello/rules"
)

var largeCases = flag.Int("cases", 20_000, "how many cases BenchmarkLarge has; each has ten journal entries")

// BenchmarkLarge fills a store once and then times what must not depend on its
// size, and what may: go test -run=^$ -bench=Large ./store -cases=500000
func BenchmarkLarge(b *testing.B) {
	dir := b.TempDir()
	began := time.Now()
	s := open(b, dir, Options{NoSync: true})
	for first := 1; first <= *largeCases; first += 500 {
		fillCases(b, s, first, min(500, *largeCases-first+1))
	}
	s.Close()
	info, err := os.Stat(filepath.Join(dir, dbName))
	if err != nil {
		b.Fatal(err)
	}
	b.Logf("%d cases in %s, database of %d MB", *largeCases, time.Since(began).Round(time.Second), info.Size()>>20)
	b.Run("open", func(b *testing.B) {
		for b.Loop() {
			s, err := Open(dir, Options{})
			if err != nil {
				b.Fatal(err)
			}
			s.Close()
		}
	})
	s = open(b, dir, Options{})
	b.Run("verify", func(b *testing.B) {
		var height uint64
		for b.Loop() {
			if height, _, err = s.Verify(ctx, nil); err != nil {
				b.Fatal(err)
			}
		}
		b.ReportMetric(float64(height)*float64(b.N)/b.Elapsed().Seconds(), "entries/s")
	})
	for name, look := range lookups(*largeCases) {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				if err := s.View(look); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
	b.Run("one update", func(b *testing.B) {
		n := 0
		for b.Loop() {
			n++
			e := rules.Event{At: start, Kind: rules.Noted, Case: fmt.Sprintf("2026-%06d", 1+n*7919%*largeCases), Private: &rules.Private{Note: "x"}}
			if err := s.Update(ctx, func(tx *Tx) error { return tx.Record(e) }); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("intake of 128", func(b *testing.B) {
		n := *largeCases
		from := cpu()
		for b.Loop() {
			takeIn(b, s, &n, 128)
		}
		perMessage(b, from, n-*largeCases)
	})
}

// fillCases makes cases of which one in ten is still open.
func fillCases(b testing.TB, s *Store, first, size int) {
	in := make([]Incoming, size)
	for i := range in {
		in[i] = incoming(first+i, 0)
	}
	_, err := s.Intake(ctx, "disattivazioni", Cursor{7, uint32(first + size)}, in, func(tx *Tx, ids []uint64) error {
		for i, m := range ids {
			id, err := tx.NextProtocol(2026)
			if err != nil {
				return err
			}
			at := start.Add(time.Duration(first+i) * time.Second)
			events := append(opened(id, first+i, m), attempt(id, at), sent(id, at), receipt(id, rules.ReceiptAccepted, at), receipt(id, rules.ReceiptDelivered, at),
				rules.Event{At: at, Kind: rules.Noted, Case: id, Private: &rules.Private{Note: "done"}})
			if m%10 != 0 {
				events = append(events, rules.Event{At: at, Kind: rules.EventClosed, Case: id})
			} else {
				events = append(events[:2], events[7])
			}
			if err := tx.SetMessage(m, InCase, id, "", ""); err != nil {
				return err
			}
			if err := tx.Record(events...); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		b.Fatal(err)
	}
}

func lookups(n int) map[string]func(*Tx) error {
	page := func(f Filter) func(*Tx) error {
		f.Limit = 50
		return func(tx *Tx) error {
			got := 0
			_, err := tx.Cases(f, func(*rules.Case) bool { got++; return true })
			if err == nil && got == 0 {
				err = fmt.Errorf("nothing found by %+v", f)
			}
			return err
		}
	}
	return map[string]func(*Tx) error{
		"list":           page(Filter{}),
		"list closed":    page(Filter{State: rules.Closed}),
		"list procedure": page(Filter{Procedure: "disattivazione", State: rules.Closed}),
		"list mailbox":   page(Filter{Mailbox: sender(n / 2)}),
		"list overdue":   page(Filter{OverdueAt: start.AddDate(1, 0, 0)}),
		"counts":         func(tx *Tx) error { _, err := tx.Counts(); return err },
		"show":           func(tx *Tx) error { _, err := tx.Case(fmt.Sprintf("2026-%06d", n/3)); return err },
		"case events":    func(tx *Tx) error { _, err := tx.CaseEvents(fmt.Sprintf("2026-%06d", n/3)); return err },
		"next deadline":  func(tx *Tx) error { tx.NextDeadline(start); return nil },
		"deadlines due":  func(tx *Tx) error { _, _, err := tx.DeadlinesDue(start.AddDate(1, 0, 0), 50, nil); return err },
		"journal page":   func(tx *Tx) error { h, _ := tx.Head(); _, err := tx.Journal(h-50, 50); return err },
		"known twin": func(tx *Tx) error {
			_, err := tx.FirstOf(&Message{Identifier: fmt.Sprintf("opec%d.2026.pec.example.it", n/2)})
			return err
		},
	}
}
