package mailproc

import (
	"errors"
	"strings"
	"sync"
	"testing"

	"sportello/mailproc/pec/pectest"
	"sportello/rules"
	"sportello/store"
)

// distrusting is a scene whose desk does not trust the providers yet, and what
// brings it to.
func distrusting(t *testing.T) (s *scene, good Policy) {
	t.Helper()
	other, err := pectest.NewAuthority(pectest.AuthorityOptions{})
	if err != nil {
		t.Fatal(err)
	}
	s = newScene(t)
	good = s.opt.Policy
	s.opt.Policy = s.policy(other.RootPEM())
	return s, good
}

// TestReplayedAtOnce: of many who replay a message at the same time one does,
// and it is decided once.
func TestReplayedAtOnce(t *testing.T) {
	s, good := distrusting(t)
	s.start()
	s.put(s.request(1))
	s.stored(store.Parked, 1)
	if err := s.desk.SetPolicy(good); err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	var mu sync.Mutex
	did := 0
	for range 16 {
		wg.Go(func() {
			err := s.operators().Replay(t.Context(), 1, "anna")
			var refused *rules.ErrRefused
			if err != nil && !errors.As(err, &refused) {
				t.Error(err)
			}
			mu.Lock()
			defer mu.Unlock()
			if err == nil {
				did++
			}
		})
	}
	wg.Wait()
	if did != 1 {
		t.Errorf("replayed %d times", did)
	}
	s.letter(1, 1, rules.Delivered)
	s.lookings(2)
	s.once(1)
}

// TestReplayOfAnotherCopy: a copy that was not proved when it came, and is when
// it is looked at again, is not decided beside the one that was.
func TestReplayOfAnotherCopy(t *testing.T) {
	s, good := distrusting(t)
	s.start()
	raw := string(s.request(1))
	s.put([]byte(raw))
	s.stored(store.Parked, 1)
	if err := s.desk.SetPolicy(good); err != nil {
		t.Fatal(err)
	}
	s.put([]byte("Received: from elsewhere by the mailbox that was restored\r\n" + raw)) // the same envelope in other bytes
	c := s.state(1, rules.Accepted)
	s.letter(1, 1, rules.Delivered)
	if err := s.operators().Replay(t.Context(), 1, "anna"); err != nil {
		t.Fatal(err)
	}
	s.stored(store.Duplicate, 1)
	s.lookings(2)
	if got := s.of(1); got == nil || got.ID != c.ID || len(got.Messages) != 1 {
		t.Errorf("the case is %+v", got)
	}
	s.once(1)

	s.put([]byte("Received: once more\r\n" + raw))
	s.stored(store.Duplicate, 2)
}

// TestReplayedIsKnown: once proved, a message is known by its certified
// identifier to the copies that come after it.
func TestReplayedIsKnown(t *testing.T) {
	s, good := distrusting(t)
	s.start()
	raw := string(s.request(1))
	s.put([]byte(raw))
	s.stored(store.Parked, 1)
	if err := s.desk.SetPolicy(good); err != nil {
		t.Fatal(err)
	}
	if err := s.operators().Replay(t.Context(), 1, "anna"); err != nil {
		t.Fatal(err)
	}
	s.letter(1, 1, rules.Delivered)
	s.put([]byte("Received: once more\r\n" + raw))
	s.stored(store.Duplicate, 1)
	s.once(1)
}

// TestReplayOfAStub: a message that was never fetched has nothing to be looked at.
func TestReplayOfAStub(t *testing.T) {
	s := newScene(t)
	for i := range s.opt.Mailboxes {
		s.opt.Mailboxes[i].Read.MaxSize = 500
	}
	s.start()
	s.put(s.request(1))
	s.stored(store.Parked, 1)
	err := s.operators().Replay(t.Context(), 1, "anna")
	var refused *rules.ErrRefused
	if !errors.As(err, &refused) || !strings.Contains(refused.Why, "never fetched") {
		t.Errorf("replay: %v", err)
	}
}

// TestPolicyInForceIsNotTouched: procedures are read by many at once, so a desk
// that puts them in force makes its own of them.
func TestPolicyInForceIsNotTouched(t *testing.T) {
	s, good := distrusting(t)
	s.start()
	force := s.desk.Policy().Rules
	before := *force
	if err := s.desk.SetPolicy(Policy{Rules: force, Trust: good.Trust, SHA1: good.SHA1}); err != nil {
		t.Fatal(err)
	}
	before.Addresses["customer.service"] = "another@pec.example.com"
	now := s.desk.Policy().Rules
	if now == force || now.Addresses["customer.service"] == before.Addresses["customer.service"] {
		t.Error("the procedures in force were written to")
	}
	if now.Mark != force.Mark || now.Addresses["disattivazioni"] != force.Addresses["disattivazioni"] || good.Rules.Mark != "" {
		t.Errorf("the desk's own are %v %q; those handed in have the mark %q", now.Addresses, now.Mark, good.Rules.Mark)
	}
}
