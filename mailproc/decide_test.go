package mailproc

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"sportello/rules"
	"sportello/store"
)

// TestUndecidable: a message that breaks what decides it is parked, alone or
// among others, and the next goes on.
func TestUndecidable(t *testing.T) {
	s := newScene(t)
	good, bad := s.opt.Policy, s.policy(s.world.RootsPEM())
	for i, p := range bad.Rules.Procedures {
		if p.Name == "disattivazione" {
			broken := *p
			broken.Letters = nil // its letters cannot be written
			bad.Rules.Procedures[i] = &broken
		}
	}
	s.opt.Policy = bad
	s.start()
	s.put(s.request(1))
	s.stored(store.Parked, 1)
	s.ask(2)
	s.letter(2, 1, rules.Delivered)
	worse := *bad.Rules
	worse.Calendar = nil // whatever is computed with it panics
	bad.Rules = &worse
	if err := s.desk.SetPolicy(bad); err != nil {
		t.Fatal(err)
	}
	s.put(s.request(3))
	s.stored(store.Parked, 2)
	if err := s.desk.SetPolicy(good); err != nil {
		t.Fatal(err)
	}
	parked, err := s.operators().Parked(t.Context(), 0, 10)
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range parked { // with the procedures in order, both are decided after all
		if err := s.operators().Replay(t.Context(), m.ID, "anna"); err != nil {
			t.Error(err)
		}
	}
	s.letter(1, 1, rules.Delivered)
	s.letter(3, 1, rules.Delivered)
	s.once(3)
}

func (s *scene) parked() int {
	byStatus, _ := s.messages()
	return byStatus[store.Parked]
}

// TestErasedBeforeItWasDecided: a message erased on an order while its case
// waits for the registry goes to a person.
func TestErasedBeforeItWasDecided(t *testing.T) {
	s := newScene(t).start()
	s.registry.set(true)
	s.put(s.request(1))
	c := s.state(1, rules.New)
	if err := s.desk.Store.Redact(t.Context(), c.Messages[0], "order 7/2026", "anna", s.clock.now()); err != nil {
		t.Fatal(err)
	}
	s.registry.set(false)
	s.later(2 * time.Minute)
	s.until("a person has it", func() bool { c := s.cases()[0]; return c.State == rules.InReview })
}

// TestRegistryIsAskedForRequestsOnly: what is none, and what goes to a person
// anyway, does not wait for a registry that is down.
func TestRegistryIsAskedForRequestsOnly(t *testing.T) {
	s := newScene(t).start()
	s.registry.set(true)
	m := s.message(1)
	m.Subject, m.Text = "Auguri", "Auguri di buone feste a tutto il vostro ufficio!\n"
	s.put(s.at.Customers.Transport(m))
	s.put(s.doubtful(2))
	s.state(2, rules.InReview)
	s.until("both are decided", func() bool {
		m, _ := s.messages()
		return m[store.Pending] == 0 && m[store.Parked]+m[store.InCase] >= 2
	})
	s.registry.mu.Lock()
	defer s.registry.mu.Unlock()
	if s.registry.asked != 0 {
		t.Errorf("the registry was asked %d times", s.registry.asked)
	}
}

// TestFloodUnderForgedNames: ordinary mail from ever new addresses makes the
// desk write no more than so many letters an hour; the rest is parked.
func TestFloodUnderForgedNames(t *testing.T) {
	s := newScene(t)
	s.opt.OrdinaryHour = 3
	s.clock.move(time.Until(time.Now().Truncate(time.Hour).Add(time.Hour))) // the hour has just begun
	s.start()
	write := func(n int) {
		m := s.message(1)
		m.From, m.MessageID = fmt.Sprintf("nome%d@example.org", n), fmt.Sprintf("f%d@example.org", n)
		s.put(s.at.Desk.Anomaly(m, s.at.Deactivations))
	}
	for n := range 8 {
		write(n)
	}
	s.until("three letters, five parked", func() bool { return s.parked() == 5 && len(s.smtp.Letters()) == 3 })
	s.later(time.Hour)
	write(8)
	s.until("another hour, another letter", func() bool { return len(s.smtp.Letters()) == 4 })
	s.later(24 * time.Hour)
	write(9)
	s.until("another day", func() bool { return len(s.smtp.Letters()) == 5 })
	s.view(func(tx *store.Tx) error {
		return tx.Each(store.Desk, func(key string, _ []byte) error {
			if key == guidedMark+"nome8@example.org" {
				t.Errorf("%s of yesterday is kept", key)
			}
			return nil
		})
	})
	s.once(5)
}

// TestManyCasesOfOneSender: the newest of them are those that a message is
// compared with.
func TestManyCasesOfOneSender(t *testing.T) {
	s := newScene(t)
	d := s.written()
	at := s.clock.now()
	const many = otherCasesMost + 5
	err := d.Store.Update(t.Context(), func(tx *store.Tx) error {
		for n := 1; n <= many; n++ {
			events := s.opened(d, n, rules.Review, "", at)
			for i := range events {
				if events[i].Private != nil {
					events[i].Private.Mailbox = customerAddress(1)
				}
			}
			if n < many {
				id := events[0].Case
				events = append(events, rules.Event{At: at, Kind: rules.Withdrew, Case: id}, rules.Event{At: at, Kind: rules.EventClosed, Case: id})
			}
			if err := tx.Record(events...); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	s.view(func(tx *store.Tx) error {
		open, closed, err := otherCases(tx, customerAddress(1))
		if err != nil {
			return err
		}
		if len(open) != 1 || open[0].ID != fmt.Sprintf("2026-%06d", many) || len(closed) != otherCasesMost-1 ||
			!slices.IsSortedFunc(closed, func(a, b rules.OpenCase) int { return strings.Compare(a.ID, b.ID) }) {
			t.Errorf("open %v, %d closed", open, len(closed))
		}
		none, _, err := otherCases(tx, "cliente")
		if len(none) != 0 {
			t.Errorf("of a sender without cases: %v", none)
		}
		return err
	})
}
