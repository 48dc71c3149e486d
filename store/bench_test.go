package store

import (
	"crypto/sha256"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"
)

// cpu is the processor time of this process so far.
func cpu() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		panic(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// BenchmarkFloor is what no store can avoid: per batch of 128 messages of
// 10 kB their SHA-256, their bytes written, and one sync of the file.
func BenchmarkFloor(b *testing.B) {
	f, err := os.Create(filepath.Join(b.TempDir(), "floor"))
	if err != nil {
		b.Fatal(err)
	}
	defer f.Close()
	raw := make([]byte, 10<<10)
	var at int64
	for b.Loop() {
		batch := make([]byte, 0, 128*len(raw))
		for range 128 {
			sha256.Sum256(raw)
			batch = append(batch, raw...)
		}
		if _, err := f.WriteAt(batch, at); err != nil {
			b.Fatal(err)
		}
		at += int64(len(batch))
		if err := f.Sync(); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N*128), "µs/msg")
}

// BenchmarkIntake takes in batches of 128 messages of 10 kB.
func BenchmarkIntake(b *testing.B) {
	s := open(b, b.TempDir(), Options{})
	n := 0
	from := cpu()
	for b.Loop() {
		takeIn(b, s, &n, 128)
	}
	perMessage(b, from, n)
}

func takeIn(b *testing.B, s *Store, n *int, size int) []uint64 {
	in := make([]Incoming, size)
	for i := range in {
		*n++
		in[i] = incoming(*n, 0)
		copy(benchBytes[i][:], in[i].Bytes) // making them is not what is measured
		in[i].Bytes = benchBytes[i][:]
	}
	ids, err := s.Intake(ctx, "disattivazioni", Cursor{7, uint32(*n)}, in, nil)
	if err != nil {
		b.Fatal(err)
	}
	return ids
}

var benchBytes [128][10 << 10]byte

func perMessage(b *testing.B, from time.Duration, n int) {
	b.ReportMetric(float64((cpu()-from).Microseconds())/float64(n), "µs-cpu/msg")
	b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(n), "µs/msg")
}

// BenchmarkWholeLife takes in batches of 128 messages, opens a case for each,
// attempts and sends its letter, and files the two receipts: nine events, four
// transactions a batch.
func BenchmarkWholeLife(b *testing.B) {
	s := open(b, b.TempDir(), Options{})
	n := 0
	from := cpu()
	for b.Loop() {
		first := n
		ids := takeIn(b, s, &n, 128)
		cases := make([]string, len(ids))
		update(b, s, func(tx *Tx) error {
			for i, m := range ids {
				id, err := tx.NextProtocol(2026)
				if err != nil {
					return err
				}
				cases[i] = id
				if err := tx.SetMessage(m, InCase, id, "", ""); err != nil {
					return err
				}
				if err := tx.Record(opened(id, first+i, m)...); err != nil {
					return err
				}
			}
			return nil
		})
		later := start.Add(time.Duration(n) * time.Second)
		each := func(fn func(tx *Tx, id string) error) {
			update(b, s, func(tx *Tx) error {
				for _, id := range cases {
					if err := fn(tx, id); err != nil {
						return err
					}
				}
				return nil
			})
		}
		each(func(tx *Tx, id string) error { return tx.Record(attempt(id, later)) })
		each(func(tx *Tx, id string) error { return tx.Record(sent(id, later)) })
		each(func(tx *Tx, id string) error {
			return tx.Record(receipt(id, "accettazione", later), receipt(id, "avvenuta-consegna", later))
		})
	}
	perMessage(b, from, n)
	info, err := os.Stat(filepath.Join(s.dir, dbName))
	if err != nil {
		b.Fatal(err)
	}
	b.ReportMetric(float64(info.Size())/float64(n), "db-B/msg")
}

// BenchmarkCase opens one case with all its texts.
func BenchmarkCase(b *testing.B) {
	s := open(b, b.TempDir(), Options{})
	id, _ := openCase(b, s, 1)
	for b.Loop() {
		err := s.View(func(tx *Tx) error {
			_, err := tx.Case(id)
			return err
		})
		if err != nil {
			b.Fatal(err)
		}
	}
}
