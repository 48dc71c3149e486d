package mailproc

import (
	"context"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"sportello/mailproc/pec/pectest"
	"sportello/rules"
	"sportello/store"
)

// TestSlowActionDelaysNoOther: while one action hangs, steps of another word
// are carried out.
func TestSlowActionDelaysNoOther(t *testing.T) {
	s := newScene(t)
	free := make(chan struct{})
	var once sync.Once
	t.Cleanup(func() { once.Do(func() { close(free) }) })
	slow := &doer{runs: map[string]int{}, fail: func(Job) error { <-free; return nil }}
	s.opt.Actions["close"] = slow
	s.start()
	s.put(s.request(1))
	s.until("read-only is done", func() bool { c := s.of(1); return c != nil && len(c.Steps) == 2 && c.Steps[1].State == rules.StepDue })
	s.later(6 * 24 * time.Hour)
	s.until("the closing hangs", func() bool { s.desk.Wake(); return s.of(1).Steps[1].State == rules.StepRunning })
	s.put(s.request(2))
	s.until("the other's read-only is done", func() bool { c := s.of(2); return c != nil && len(c.Steps) == 2 && c.Steps[0].State == rules.StepOver })
	if st := s.of(1).Steps[1].State; st != rules.StepRunning {
		t.Fatalf("the closing is %s: it does not hang", st)
	}
	once.Do(func() { close(free) })
	s.state(1, rules.Closed)
}

// noted is a log that may be read while it is written.
type noted struct {
	mu sync.Mutex
	b  strings.Builder
}

func (n *noted) Write(b []byte) (int, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.b.Write(b)
}

func (n *noted) String() string {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.b.String()
}

// TestVerboseLog: the log of run -v has what every connection and stage does,
// and nobody's name, text or password; a stop says what it waits for.
func TestVerboseLog(t *testing.T) {
	s := newScene(t)
	log, free, runs := &noted{}, make(chan struct{}), make(chan struct{})
	s.opt.Log = slog.New(slog.NewTextHandler(log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	s.start()
	s.put(s.request(1))
	s.until("read-only is done", func() bool { c := s.of(1); return c != nil && c.Steps[0].State == rules.StepOver })
	s.doer.set(func(Job) error { close(runs); <-free; return nil })
	s.later(6 * 24 * time.Hour)
	<-runs
	id := s.of(1).ID
	s.stop()
	s.until("the stop says what it waits for", func() bool {
		return strings.Contains(log.String(), "begun=\"[step close of case "+id+"]\"")
	})
	close(free)
	if err := <-s.done; err != nil {
		t.Error(err)
	}
	s.stop = nil
	said := log.String()
	for _, want := range []string{"connected and logged in", "messages are stored", "message opens a case", "letter goes", "receipt moves a letter", "step begins", "step has ended", "the folder is read to its end"} {
		if !strings.Contains(said, "level=DEBUG msg=\""+want) {
			t.Errorf("the log does not say %q", want)
		}
	}
	for _, secret := range []string{"Rossi", customerAddress(1), "segreto", "sottoscritto"} {
		if strings.Contains(said, secret) {
			t.Errorf("the log has %q", secret)
		}
	}
}

// written is a desk over a store that the test fills itself; nothing runs.
func (s *scene) written() *Desk {
	s.t.Helper()
	st, err := store.Open(s.dir, store.Options{NoSync: true, FS: s.fs})
	if err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(func() { st.Close() })
	s.store, s.opt.Store = st, st
	d, err := New(s.opt)
	if err != nil {
		s.t.Fatal(err)
	}
	s.desk = d
	return d
}

// opened is the events of a case of a customer, decided so, with its letter.
func (s *scene) opened(d *Desk, n int, outcome rules.Outcome, letter string, at time.Time) []rules.Event {
	s.t.Helper()
	from := customerAddress(n)
	cal := d.Policy().Rules.Calendar
	a := rules.Arrival{Message: rules.Message{Mailbox: "disattivazioni", Kind: rules.Transport, Signature: "valid", Sender: from, Subject: "x", Delivered: at},
		Decision: rules.Decision{Procedure: "disattivazione", Outcome: outcome, Letter: letter, Mailbox: from, Received: at,
			Due: cal.WorkingTerm(at, 3), Target: cal.WorkingTerm(at, 2), Fields: map[string]string{"casella": from, "titolare": "Mario Rossi"}}}
	_, events, err := d.Policy().Rules.Open(fmt.Sprintf("2026-%06d", n), a, at)
	if err != nil {
		s.t.Fatal(err)
	}
	return events
}

// TestPromisesBehindWhatWaits: thousands of steps that wait for a mailbox which
// cannot be read hide no promise behind them.
func TestPromisesBehindWhatWaits(t *testing.T) {
	s := newScene(t)
	d := s.written()
	at := s.clock.now()
	const waiting = clockPage + 10
	err := d.Store.Update(t.Context(), func(tx *store.Tx) error {
		for n := 1; n <= waiting; n++ {
			ref := &rules.LetterRef{N: 1}
			events := append(s.opened(d, n, rules.Accept, "accolta", at),
				rules.Event{Kind: rules.LetterReceipt, Letter: ref, Receipt: &rules.ReceiptRef{Kind: rules.ReceiptDelivered, At: at}},
				rules.Event{Kind: rules.StepScheduled, Step: &rules.StepRef{N: 1, Do: "read-only"}, Until: &at})
			for i := range events {
				events[i].At, events[i].Case = at, events[0].Case
			}
			if err := tx.Record(events...); err != nil {
				return err
			}
		}
		return tx.Record(s.opened(d, waiting+1, rules.Review, "presa-in-carico", at)...)
	})
	if err != nil {
		t.Fatal(err)
	}
	last := s.of(waiting + 1)
	s.clock.move(last.Warn.Add(time.Minute).Sub(at))
	height := func() (h uint64) {
		s.view(func(tx *store.Tx) error { h, _ = tx.Head(); return nil })
		return h
	}
	before := height()
	if _, _, err := d.tick(t.Context()); err != nil {
		t.Fatal(err)
	}
	if c := s.of(waiting + 1); !c.Warned {
		t.Errorf("nobody is warned: %+v", c)
	}
	if n := height() - before; n != 1 {
		t.Errorf("%d entries of the journal, want the warning alone", n)
	}
	if due, _, err := d.stepsDue("read-only", s.clock.now()); err != nil || len(due) != 0 {
		t.Errorf("%d steps may run though no mailbox was read: %v", len(due), err)
	}
	for _, b := range d.Mailboxes {
		d.box(b.Name).caughtUp, d.box(b.Name).looked = s.clock.now(), time.Now()
	}
	if due, _, err := d.stepsDue("read-only", s.clock.now()); err != nil || len(due) != waiting {
		t.Errorf("%d steps may run, want %d: %v", len(due), waiting, err)
	}
}

// full is a disk on which nothing can be committed any more.
type full struct{ killer }

func (f *full) Commit(func() error) error { return syscall.ENOSPC }

// TestStalled: the watchdog and /healthz follow the stages; a full disk is no
// reason to restart.
func TestStalled(t *testing.T) {
	s := newScene(t)
	d := s.written()
	o := &Office{Desk: d, Running: true}
	if err := o.Stalled(); err != nil {
		t.Errorf("at rest: %v", err)
	}
	d.progress.beat("decide", time.Hour)
	d.progress.beat("clock", -time.Second) // silent for longer than it may be
	if err := o.Stalled(); err == nil || !strings.Contains(err.Error(), "clock") || strings.Contains(err.Error(), "decide") {
		t.Errorf("the clock is stuck: %v", err)
	}
	d.progress.beat("clock", time.Hour)
	d.Store.Close()
	if err := o.Stalled(); err == nil {
		t.Error("the store is closed")
	}
	s.fs = &full{}
	st, err := store.Open(s.dir, store.Options{FS: s.fs})
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	d.Store = st
	if err := st.Update(context.Background(), func(*store.Tx) error { return nil }); err == nil {
		t.Error("the disk is not full")
	}
	if err := o.Stalled(); err != nil {
		t.Errorf("a full disk: %v", err)
	}
}

// TestStopBeginsNothingNew: at a stop the letter that is on its way is let end,
// and those behind it are not dialled for; nothing of them is uncertain.
func TestStopBeginsNothingNew(t *testing.T) {
	s := newScene(t)
	s.opt.Senders = 1
	const many = 12
	for n := 1; n <= many; n++ {
		s.put(s.rejected(n))
	}
	begun, free := make(chan struct{}), make(chan struct{})
	var once sync.Once
	s.smtp.SetBehave(func(pectest.Letter) pectest.Behaviour {
		once.Do(func() { close(begun); <-free })
		return pectest.Behaviour{}
	})
	s.start()
	<-begun
	s.until("every letter is being tried", func() bool {
		trying := 0
		for _, c := range s.cases() {
			if c.Letters[0].State == rules.Trying {
				trying++
			}
		}
		return trying > 1
	})
	s.stop()
	close(free)
	s.end()
	sent := len(s.smtp.Letters())
	if sent == 0 || sent == many {
		t.Errorf("%d letters went, of %d: only what was begun is let end", sent, many)
	}
	s.reopened(func() {
		for _, c := range s.cases() {
			if l := c.Letters[0]; l.State == rules.Uncertain || l.State == rules.Trying {
				t.Errorf("letter to %s is %s", c.Mailbox, l.State)
			}
		}
	})
	if err := s.open(); err != nil {
		t.Fatal(err)
	}
	for n := 1; n <= many; n++ {
		s.letter(n, 1, rules.Delivered)
	}
	s.once(many)
}
