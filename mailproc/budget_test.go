package mailproc

import (
	"context"
	"testing"
	"time"

	"sportello/store"
)

// TestBudgetOfAnAddress spends letters to one address, each in its own
// transaction: two an hour, three a day.
func TestBudgetOfAnAddress(t *testing.T) {
	st, err := store.Open(t.TempDir(), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	d := &Desk{Options: Options{Store: st, PeerHour: 2, PeerDay: 3}}
	start := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	const mario, lucia = "mario@pec.example.it", "lucia@pec.example.it"
	for _, x := range []struct {
		after    time.Duration
		to, id   string
		released bool
		ok       bool
		room     time.Duration // after start, when it is held
	}{
		{after: 0, to: mario, id: "2026-000001", ok: true},
		{after: 10 * time.Minute, to: "Mario@PEC.example.it", id: "2026-000002", ok: true},
		{after: 20 * time.Minute, to: mario, id: "2026-000003", room: time.Hour},
		{after: 20 * time.Minute, to: mario, id: "2026-000002", ok: true}, // a second attempt costs nothing
		{after: 20 * time.Minute, to: lucia, id: "2026-000003", ok: true}, // another address has its own
		{after: time.Hour - time.Second, to: mario, id: "2026-000003", room: time.Hour},
		{after: time.Hour, to: mario, id: "2026-000003", ok: true},
		{after: 3 * time.Hour, to: mario, id: "2026-000004", room: 24 * time.Hour}, // the day's three are spent
		{after: 3 * time.Hour, to: mario, id: "2026-000005", released: true, ok: true},
		{after: 24 * time.Hour, to: mario, id: "2026-000004", room: 24*time.Hour + 10*time.Minute}, // the released one counts
		{after: 24*time.Hour + 10*time.Minute, to: mario, id: "2026-000004", ok: true},
		{after: 90 * 24 * time.Hour, to: mario, id: "2026-000006", ok: true}, // by a clock that was wrong
		{after: 48 * time.Hour, to: mario, id: "2026-000007", ok: true},
		{after: 48 * time.Hour, to: mario, id: "2026-000008", room: 49 * time.Hour},
	} {
		now := start.Add(x.after)
		err := st.Update(context.Background(), func(tx *store.Tx) error {
			b := d.budgets(tx, now)
			until, ok, err := b.take(x.to, x.id, 1, func() (bool, error) { return x.released, nil })
			if err != nil {
				return err
			}
			if ok != x.ok || !ok && !until.Equal(start.Add(x.room)) {
				t.Errorf("after %v, %s to %s: ok %v until %v; want %v, %v", x.after, x.id, x.to, ok, until.Sub(start), x.ok, x.room)
			}
			return b.save()
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	d.sweeps(t, start.Add(49*time.Hour), 1) // that of Mario, an hour after his last letter
	d.sweeps(t, start.Add(73*time.Hour), 0)
}

// sweeps demands how many addresses are remembered after a sweep.
func (d *Desk) sweeps(t *testing.T, at time.Time, want int) {
	t.Helper()
	d.Now = func() time.Time { return at }
	if err := d.sweepBudgets(t.Context()); err != nil {
		t.Fatal(err)
	}
	left := 0
	err := d.Store.View(func(tx *store.Tx) error {
		return tx.Each(store.Budgets, func(string, []byte) error { left++; return nil })
	})
	if err != nil || left != want {
		t.Errorf("%d addresses are remembered at %s, want %d: %v", left, at, want, err)
	}
}
