package store

import (
	"context"
	"slices"
	"testing"
)

// An identifier that another provider used first makes no repetition of a request.
func TestSameIdentifierOfAnotherSender(t *testing.T) {
	for name, batches := range map[string][][]int{"one batch": {{1, 2, 2}}, "three batches": {{1}, {2}, {2}}} {
		t.Run(name, func(t *testing.T) {
			s := open(t, t.TempDir(), Options{})
			var got []Message
			uid := 0
			for _, batch := range batches {
				var in []Incoming
				for _, n := range batch {
					uid++
					m := incoming(uid, 100) // other bytes each
					m.Identifier, m.Facts.Sender = "opec1.2026.pec.example.com", sender(n)
					in = append(in, m)
				}
				ids, err := s.Intake(context.Background(), "disattivazioni", Cursor{7, uint32(uid)}, in, nil)
				if err != nil {
					t.Fatal(err)
				}
				look(t, s, func(tx *Tx) error {
					for _, id := range ids {
						m, err := tx.Message(id)
						if err != nil {
							return err
						}
						got = append(got, m)
					}
					return nil
				})
			}
			if got[0].Status != Pending || got[1].Status != Pending {
				t.Errorf("the requests of two senders are %s and %s", got[0].Status, got[1].Status)
			}
			if got[2].Status != Duplicate || got[2].Original != got[1].ID {
				t.Errorf("the same envelope again is %s of message %d, want %s of %d", got[2].Status, got[2].Original, Duplicate, got[1].ID)
			}
			look(t, s, func(tx *Tx) error {
				if first, err := tx.FirstOf(&got[2]); err != nil || first.ID != got[1].ID {
					t.Errorf("first of message %d: %d, %v", got[2].ID, first.ID, err)
				}
				return nil
			})
		})
	}
}

// LastOf tells the folders of a mailbox apart: a number of another UIDVALIDITY
// says nothing of this one.
func TestLastOfAFolder(t *testing.T) {
	s := open(t, t.TempDir(), Options{})
	uid := 0
	for _, folder := range []struct {
		mailbox  string
		validity uint32
	}{{"disattivazioni", 6}, {"disattivazioni", 7}, {"customer.service", 7}, {"disattivazioni", 7}, {"disattivazioni", 8}, {"disattivazioni", 7}} {
		uid++
		m := incoming(uid, 100)
		m.Cursor = Cursor{folder.validity, uint32(uid)}
		if _, err := s.Intake(context.Background(), folder.mailbox, m.Cursor, []Incoming{m}, nil); err != nil {
			t.Fatal(err)
		}
	}
	for _, c := range []struct {
		n, within int
		want      []uint32
	}{{9, 9, []uint32{2, 4, 6}}, {2, 9, []uint32{4, 6}}, {9, 3, []uint32{4, 6}}, {0, 9, nil}} {
		look(t, s, func(tx *Tx) error {
			last, err := tx.LastOf("disattivazioni", 7, c.n, c.within)
			var got []uint32
			for _, m := range last {
				got = append(got, m.Cursor.UID)
			}
			if err != nil || !slices.Equal(got, c.want) {
				t.Errorf("the last %d within %d are %v, %v; want %v", c.n, c.within, got, err, c.want)
			}
			return nil
		})
	}
}
