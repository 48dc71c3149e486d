package mailproc

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"sportello/store"
)

// budgets keeps the letters to one address within a number an hour and a day:
// whatever loops, it does not loop through us. A letter over the budget is
// held, visibly, until there is room again or an operator releases it.
type budgets struct {
	tx        *store.Tx
	now       time.Time
	hour, day int
	peers     map[string]*peer
}

// peer is when letters went to one address in the last day.
type peer struct {
	Sent    []time.Time `json:"sent"`
	Letters []string    `json:"letters"` // case/number, so that a second attempt costs nothing
}

func (d *Desk) budgets(tx *store.Tx, now time.Time) *budgets {
	return &budgets{tx: tx, now: now, hour: d.PeerHour, day: d.PeerDay, peers: map[string]*peer{}}
}

// take spends one letter to an address; until is when there is room again. A
// letter that a person released goes whatever was spent.
func (b *budgets) take(to, caseID string, n int, released func() (bool, error)) (until time.Time, ok bool, err error) {
	p := b.peer(strings.ToLower(to))
	name := caseID + "/" + strconv.Itoa(n)
	if slices.Contains(p.Letters, name) {
		return until, true, nil
	}
	lastHour := 0
	for _, t := range p.Sent {
		if b.now.Sub(t) < time.Hour {
			lastHour++
		}
	}
	switch {
	case len(p.Sent) >= b.day:
		until = p.Sent[len(p.Sent)-b.day].Add(24 * time.Hour)
	case lastHour >= b.hour:
		until = p.Sent[len(p.Sent)-b.hour].Add(time.Hour)
	}
	if !until.IsZero() {
		if free, err := released(); !free || err != nil {
			return until, false, err
		}
	}
	p.Sent, p.Letters = append(p.Sent, b.now), append(p.Letters, name)
	return until, true, nil
}

func (b *budgets) peer(address string) *peer {
	if p := b.peers[address]; p != nil {
		return p
	}
	p := &peer{}
	if raw, err := b.tx.Get(store.Budgets, address); err == nil && raw != nil {
		_ = json.Unmarshal(raw, p) // a damaged budget is an empty one
	}
	for len(p.Sent) > 0 && b.now.Sub(p.Sent[0]) >= 24*time.Hour {
		p.Sent, p.Letters = p.Sent[1:], p.Letters[min(1, len(p.Letters)):]
	}
	for i, t := range p.Sent { // spent by a clock that was wrong
		if t.After(b.now) {
			p.Sent[i] = b.now
		}
	}
	b.peers[address] = p
	return p
}

// save writes back what was spent, in the caller's transaction.
func (b *budgets) save() error {
	for address, p := range b.peers {
		raw, err := json.Marshal(p)
		if err != nil {
			return err
		}
		if err := b.tx.Put(store.Budgets, address, raw); err != nil {
			return err
		}
	}
	return nil
}

// sweepBudgets forgets the addresses to which no letter went for a day: nobody
// has to be remembered longer than that.
func (d *Desk) sweepBudgets(ctx context.Context) error {
	now := d.Now()
	var old []string
	err := d.Store.View(func(tx *store.Tx) error {
		return tx.Each(store.Budgets, func(address string, raw []byte) error {
			p := &peer{}
			if json.Unmarshal(raw, p) == nil && len(p.Sent) > 0 && now.Sub(p.Sent[len(p.Sent)-1]) < 24*time.Hour {
				return nil
			}
			old = append(old, address)
			return nil
		})
	})
	if err != nil || len(old) == 0 {
		return err
	}
	return d.Store.Update(ctx, func(tx *store.Tx) error {
		for _, address := range old {
			if p := d.budgets(tx, now).peer(address); len(p.Sent) > 0 {
				continue // a letter went meanwhile
			}
			if err := tx.Put(store.Budgets, address, nil); err != nil {
				return err
			}
		}
		return nil
	})
}

// Guidance goes to whoever an ordinary message claims to be from: nobody proves
// it. So an address gets one letter a day, and all of them together so many an
// hour: a flood under forged names does not make the desk one.
const (
	guidedMark = "guided/"      // + address, of the day that guidedDay names
	guidedDay  = "guided-day"   // the day
	guidedHour = "guided-hours" // the hour, a slash, and how many letters
)

// unguided is why an ordinary writer gets no guidance letter now; when it is
// "", one is spent.
func (d *Desk) unguided(tx *store.Tx, address string, now time.Time) (why string, err error) {
	address = strings.ToLower(strings.TrimSpace(address))
	if address == "" {
		return "it names nobody to write to", nil
	}
	if err := d.newDay(tx, now); err != nil {
		return "", err
	}
	had, err := tx.Get(store.Desk, guidedMark+address)
	if had != nil || err != nil {
		return "this address had its guidance letter today", err
	}
	raw, err := tx.Get(store.Desk, guidedHour)
	if err != nil {
		return "", err
	}
	hour, n := now.UTC().Format("2006-01-02T15"), 0
	if at, count, _ := strings.Cut(string(raw), "/"); at == hour {
		n, _ = strconv.Atoi(count) // we wrote it
	}
	if n >= d.OrdinaryHour {
		return fmt.Sprintf("%d guidance letters went to ordinary addresses in this hour: replay it later", n), nil
	}
	return "", errors.Join(tx.Put(store.Desk, guidedMark+address, []byte{1}), tx.Put(store.Desk, guidedHour, fmt.Appendf(nil, "%s/%d", hour, n+1)))
}

// newDay forgets the addresses of the day before.
func (d *Desk) newDay(tx *store.Tx, now time.Time) error {
	day := d.Policy().Rules.Calendar.Date(now).String()
	last, err := tx.Get(store.Desk, guidedDay)
	if err != nil || string(last) == day {
		return err
	}
	var old []string
	err = tx.Each(store.Desk, func(key string, _ []byte) error {
		if strings.HasPrefix(key, guidedMark) {
			old = append(old, key)
		}
		return nil
	})
	for _, key := range old {
		err = errors.Join(err, tx.Put(store.Desk, key, nil))
	}
	return errors.Join(err, tx.Put(store.Desk, guidedDay, []byte(day)))
}
