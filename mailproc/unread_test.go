package mailproc

import (
	"errors"
	"strings"
	"testing"
	"time"

	"sportello/rules"
	"sportello/store"
)

// TestUnreadIsTold: a message that is parked because nobody could read it may be
// a request whose term no case watches: a person is told, until none is left.
func TestUnreadIsTold(t *testing.T) {
	s := newScene(t)
	for i := range s.opt.Mailboxes {
		s.opt.Mailboxes[i].Read.MaxSize = 64 << 10
	}
	s.start()
	m := s.message(1)
	m.Text += strings.Repeat("Allego la visura della società, come da accordi.\n", 2000)
	s.put(s.at.Customers.Transport(m))
	s.until("a person is told", func() bool { return s.told.has("unread/disattivazioni") })
	s.stored(store.Parked, 1)
	if text := s.desk.Alerts.Incidents()["unread/disattivazioni"].Text; !strings.Contains(text, "max_size") {
		t.Errorf("he is told %q", text)
	}
	s.clock.move(unreadFor - time.Hour)
	if err := s.desk.watchCases(); err != nil || !s.incident("unread/disattivazioni") {
		t.Errorf("it is over, though the message is still parked: %v", err)
	}
	s.clock.move(2 * time.Hour)
	if err := s.desk.watchCases(); err != nil || s.incident("unread/disattivazioni") {
		t.Errorf("it lasts for ever: %v", err)
	}
}

// TestUndecidedIsTold: so is one that breaks the desk's reading of it; what was
// erased on an order is nobody's to read.
func TestUndecidedIsTold(t *testing.T) {
	for name, x := range map[string]struct {
		broken error
		told   bool
	}{"a panic": {errors.New("panic: index out of range"), true}, "erased": {errErased, false}} {
		t.Run(name, func(t *testing.T) {
			s := newScene(t).start()
			s.put(s.request(1))
			s.until("it is decided", func() bool { return len(s.cases()) == 1 })
			s.stop()
			<-s.done
			s.stop = nil
			defer s.store.Close()
			p := &pending{id: s.of(1).Messages[0], broken: x.broken}
			if err := s.store.Update(t.Context(), func(tx *store.Tx) error { return s.desk.giveUp(tx, p, s.clock.now()) }); err != nil {
				t.Fatal(err)
			}
			if _, parked := s.messages(); parked[rules.UnreadableMessage] != 1 {
				t.Errorf("parked: %v", parked)
			}
			if got := s.incident("unread/disattivazioni"); got != x.told {
				t.Errorf("told %v, want %v", got, x.told)
			}
		})
	}
}
