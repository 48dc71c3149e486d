package mailproc

import (
	"cmp"
	"context"
	"errors"
	"maps"
	"slices"
	"strings"
	"time"

	"sportello/rules"
	"sportello/store"
)

// Note records an event of the desk itself: what is done to users, reloads.
func (o *Office) Note(e rules.Event) error {
	e.At = o.Now()
	return o.Store.Update(context.Background(), func(tx *store.Tx) error { return tx.Record(e) })
}

// Incidents lists what is wrong now: what is about the whole desk first, then
// the oldest.
func (o *Office) Incidents() []Alert {
	if o.Alerts == nil {
		return nil
	}
	all := slices.Collect(maps.Values(o.Alerts.Incidents()))
	slices.SortFunc(all, func(a, b Alert) int {
		return cmp.Or(cmp.Compare(ofACase(a), ofACase(b)), a.Since.Compare(b.Since), cmp.Compare(a.Incident, b.Incident))
	})
	return all
}

// ofACase is 1 for an incident of one case, else 0.
func ofACase(a Alert) int {
	if kind, _, _ := strings.Cut(a.Incident, "/"); kind == "stuck" || slices.Contains(ofCases, kind) {
		return 1
	}
	return 0
}

// OpenLetter is a letter that has not reached the provider yet.
type OpenLetter struct {
	Case   string
	Letter rules.Letter
	Held   string // why it is held
}

// heldFor is why a letter is held, "" when it is not.
func heldFor(tx *store.Tx, id string, l *rules.Letter) (why string, err error) {
	if l.State != rules.Held {
		return "", nil
	}
	events, err := tx.CaseEvents(id)
	for _, e := range events {
		if e.Kind == rules.LetterHeld && e.Letter.N == l.N {
			why = e.Detail
		}
	}
	return why, err
}

// OpenLetters lists letters that are owed, held, uncertain or being tried,
// those due first, then the failed ones that a person has not dealt with.
func (o *Office) OpenLetters(_ context.Context, limit int) (out []OpenLetter, err error) {
	err = o.Store.View(func(tx *store.Tx) error {
		trying, err := tx.LettersTrying(limit)
		due, err2 := tx.LettersDue("", time.Unix(1<<40, 0), limit)
		if err := errors.Join(err, err2); err != nil {
			return err
		}
		for _, k := range append(trying, due...) {
			c, err := tx.Case(k.Case)
			if err != nil {
				return err
			}
			if l := c.Letter(k.N); l != nil && len(out) < limit {
				held, err := heldFor(tx, k.Case, l)
				if err != nil {
					return err
				}
				out = append(out, OpenLetter{Case: k.Case, Letter: *l, Held: held})
			}
		}
		for _, why := range []rules.Reason{rules.LetterFailed, rules.NoAcceptance} {
			failed := store.Filter{State: rules.InReview, Reason: why, Limit: limit}
			if _, err := tx.Cases(failed, func(c *rules.Case) bool {
				for i := range c.Letters {
					if l := c.Letters[i]; l.State == rules.Failed && !l.Past && len(out) < limit {
						l.To = c.Mailbox // listed cases come without their letters' texts
						out = append(out, OpenLetter{Case: c.ID, Letter: l})
					}
				}
				return len(out) < limit
			}); err != nil {
				return err
			}
		}
		return nil
	})
	return out, told(err)
}

// Entry is an entry of the journal as it is chained: its public JSON, the hash
// of the one before, and its own.
func (o *Office) Entry(_ context.Context, seq uint64) (public []byte, before, hash [32]byte, err error) {
	err = o.Store.View(func(tx *store.Tx) (err error) {
		if seq > 1 {
			if _, before, err = tx.Entry(seq - 1); err != nil {
				return err
			}
		}
		public, hash, err = tx.Entry(seq)
		return err
	})
	return public, before, hash, told(err)
}

// StoredPeople keeps the console's users, sessions and tokens in the desk's store.
type StoredPeople struct{ *store.Store }

// Get reads a value; nil without error: there is none.
func (s StoredPeople) Get(key string) (value []byte, err error) {
	err = s.View(func(tx *store.Tx) error {
		value, err = tx.Get(store.Users, key)
		return err
	})
	return value, err
}

// Put keeps a value; nil removes it.
func (s StoredPeople) Put(key string, value []byte) error {
	return s.Update(context.Background(), func(tx *store.Tx) error { return tx.Put(store.Users, key, value) })
}

// Each calls fn with every key and value.
func (s StoredPeople) Each(fn func(key string, value []byte) error) error {
	type pair struct {
		key   string
		value []byte
	}
	var all []pair
	err := s.View(func(tx *store.Tx) error {
		return tx.Each(store.Users, func(key string, value []byte) error {
			all = append(all, pair{key, value})
			return nil
		})
	})
	for i := 0; err == nil && i < len(all); i++ {
		err = fn(all[i].key, all[i].value) // outside the transaction: fn may write
	}
	return err
}
