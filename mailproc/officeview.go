package mailproc

import (
	"cmp"
	"context"
	"errors"
	"maps"
	"slices"
	"strings"

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

// OpenLetter is a letter that somebody should know of.
type OpenLetter struct {
	Case     string
	Letter   rules.Letter
	Standing rules.LetterState // its state, or rules.Overdue
	Held     string            // why it is held
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

// OpenLetters lists up to limit letters that failed and that a person has not
// dealt with, of which no receipt says in time what became of them, and that are
// uncertain, held, owed or being tried, those due first; standing: these alone.
func (o *Office) OpenLetters(_ context.Context, standing rules.LetterState, limit int) (out []OpenLetter, err error) {
	if err := rules.CheckStanding(standing); err != nil {
		return nil, err
	}
	add := func(l OpenLetter) {
		if (standing == "" || standing == l.Standing) && len(out) < limit {
			out = append(out, l)
		}
	}
	err = o.Store.View(func(tx *store.Tx) error {
		if standing == "" || standing == rules.Failed {
			if err := failedLetters(tx, limit, add); err != nil {
				return err
			}
		}
		if standing == "" || standing == rules.Overdue {
			if err := o.overdueLetters(tx, add); err != nil {
				return err
			}
		}
		if standing == rules.Failed || standing == rules.Overdue {
			return nil
		}
		return waitingLetters(tx, standing, limit, add)
	})
	return out, told(err)
}

// waitingLetters are those of the outbox.
func waitingLetters(tx *store.Tx, standing rules.LetterState, limit int, add func(OpenLetter)) error {
	keys, err := tx.LettersWaiting(standing, limit)
	for _, k := range keys {
		if err != nil {
			break
		}
		var c *rules.Case
		if c, err = tx.Case(k.Case); err != nil {
			break
		}
		if l := c.Letter(k.N); l != nil {
			var held string
			held, err = heldFor(tx, k.Case, l)
			add(OpenLetter{Case: k.Case, Letter: *l, Standing: l.State, Held: held})
		}
	}
	return err
}

func failedLetters(tx *store.Tx, limit int, add func(OpenLetter)) error {
	for _, why := range []rules.Reason{rules.LetterFailed, rules.NoAcceptance} {
		failed := store.Filter{State: rules.InReview, Reason: why, Limit: limit}
		_, err := tx.Cases(failed, func(c *rules.Case) bool {
			for i := range c.Letters {
				if l := c.Letters[i]; l.State == rules.Failed && !l.Past {
					l.To = c.Mailbox // listed cases come without their letters' texts
					add(OpenLetter{Case: c.ID, Letter: l, Standing: rules.Failed})
				}
			}
			return true
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// overdueLetters are those that a person was told of: the incident lasts as
// long as the letter is overdue.
func (o *Office) overdueLetters(tx *store.Tx, add func(OpenLetter)) error {
	for _, a := range o.Incidents() {
		id, ours := strings.CutPrefix(a.Incident, "delivery/")
		if !ours {
			continue
		}
		c, err := tx.Case(id)
		if errors.Is(err, store.ErrNotFound) {
			continue
		}
		if err != nil {
			return err
		}
		for i := range c.Letters {
			if l := &c.Letters[i]; c.Unheard(l) {
				add(OpenLetter{Case: id, Letter: *l, Standing: rules.Overdue})
			}
		}
	}
	return nil
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
