package mailproc

import (
	"errors"
	"testing"
	"time"

	"sportello/mailproc/mailbox"
	"sportello/rules"
	"sportello/store"
)

// TestFromNowOn: what lay in a mailbox before its first reading is never read,
// not even when the server makes the folder anew.
func TestFromNowOn(t *testing.T) {
	s := newScene(t)
	for i := range s.opt.Mailboxes {
		s.opt.Mailboxes[i].Read.SinceMode = mailbox.SinceNow
	}
	old, long := s.request(1), s.clock.now().Add(-48*time.Hour)
	if err := s.deliver(s.at.Deactivations, old, long); err != nil {
		t.Fatal(err)
	}
	s.start()
	s.lookings(1)
	second := s.request(2)
	s.put(second)
	s.letter(2, 1, rules.Delivered)
	s.end()
	u := s.users[s.at.Deactivations]
	if err := errors.Join(u.Delete("INBOX"), u.Create("INBOX", nil)); err != nil {
		t.Fatal(err)
	}
	if err := s.deliver(s.at.Deactivations, old, long); err != nil {
		t.Fatal(err)
	}
	s.put(second)
	s.put(s.request(3))
	if err := s.open(); err != nil {
		t.Fatal(err)
	}
	s.letter(3, 1, rules.Delivered)
	s.stored(store.Duplicate, 1)
	if c := s.of(1); c != nil {
		t.Errorf("the old message became case %s", c.ID)
	}
	s.once(2)
}

// TestUnreachable: a connection that ends and is made again tells nobody; a
// server that is gone for minutes is one alert, with its all-clear.
func TestUnreachable(t *testing.T) {
	s := newScene(t)
	line := newFaultNet(t, s.imap, 1)
	line.soothe()
	box := &s.opt.Mailboxes[0]
	box.Read.URL = "imap://" + line.Addr
	s.start()
	s.lookings(1)
	line.soothe() // every open line is cut
	s.lookings(2)
	if open := s.desk.Alerts.Incidents(); len(open) != 0 || s.told.has("mailbox/"+box.Name) {
		t.Errorf("told of a cut: %v", open)
	}
	line.close()
	s.until("an incident", func() bool { return s.incident("mailbox/" + box.Name) })
	if s.desk.Alerts.tell(t.Context()); s.told.has("mailbox/" + box.Name) {
		t.Error("a person is told at once: it may pass by itself")
	}
	s.clock.move(lineGrace)
	s.desk.Alerts.tell(t.Context())
	s.until("an alert", func() bool { return s.told.has("mailbox/" + box.Name) })
}
