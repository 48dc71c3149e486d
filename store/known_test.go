package store

import "testing"

// TestNamesMoveInRounds: a message is known by its names, once, at every step
// of the round that moves them, also when the store is opened again or a
// message is erased in the middle.
func TestNamesMoveInRounds(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir, Options{NoSync: true})
	steps := map[byte]bool{}
	var ids []uint64
	known := func() {
		t.Helper()
		look(t, s, func(tx *Tx) error {
			for n, id := range ids {
				var found []uint64
				err := tx.eachNamed(nameOf(knownIdentifier, incoming(n+1, 0).Identifier, 0), func(id uint64) (bool, error) {
					found = append(found, id)
					return true, nil
				})
				if err != nil || len(found) != 1 || found[0] != id {
					t.Fatalf("message %d of %d is known as %v (%v)", id, len(ids), found, err)
				}
			}
			if round := tx.b(bMeta).Get(mergeKey); round != nil {
				steps[round[8]] = true
			}
			return nil
		})
		check(t, s)
	}
	take := func(until int) {
		t.Helper()
		for n := len(ids) + 1; n <= until; n++ {
			got, err := s.Intake(ctx, "disattivazioni", Cursor{7, uint32(n)}, []Incoming{incoming(n, 100)}, nil)
			if err != nil {
				t.Fatal(err)
			}
			ids = append(ids, got[0])
			known()
		}
	}
	take(mostRuns + mergeSteps/2)
	s.Close()
	s = open(t, dir, Options{NoSync: true})
	take(2*mostRuns + mergeSteps/2)
	if len(steps) != mergeSteps-1 {
		t.Errorf("steps seen between transactions: %v", steps)
	}
	if err := s.Redact(ctx, ids[0], "ordine 1", "anna", start); err != nil { // within the second round
		t.Fatal(err)
	}
	known()
	take(3 * mostRuns)
}
