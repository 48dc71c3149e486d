package mailproc

import (
	"errors"
	"flag"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"sportello/mailproc/pec/pectest"
	"sportello/rules"
	"sportello/store"
)

var every = flag.Int("every", 6, "kill the desk at every n-th effect, in turn before, amid and after it; 1: at each in each way")

// TestMain lets more tests run at once than there are cores: they mostly wait.
func TestMain(m *testing.M) {
	flag.Parse()
	if err := flag.Set("test.parallel", "8"); err != nil {
		panic(err)
	}
	os.Exit(m.Run())
}

var errKilled = errors.New("killed")

// killer is a file system that dies at one effect: from then on nothing
// happens any more, as after kill -9.
type killer struct {
	mu    sync.Mutex
	n, at int
	way   string // before, amid, after
	dead  bool
}

func (k *killer) effect(do func(part float64) error) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.dead {
		return errKilled
	}
	if k.n++; k.n != k.at {
		return do(1)
	}
	k.dead = true
	switch k.way {
	case "amid":
		return errors.Join(do(0.4), errKilled)
	case "after":
		return errors.Join(do(1), errKilled)
	}
	return errKilled
}

func (k *killer) whole(do func() error) error {
	return k.effect(func(part float64) error {
		if part < 1 {
			return nil
		}
		return do()
	})
}

func (k *killer) WriteAt(f *os.File, b []byte, off int64) (n int, err error) {
	err = k.effect(func(part float64) error {
		n, err = f.WriteAt(b[:int(float64(len(b))*part)], off)
		return err
	})
	return n, err
}

func (k *killer) Sync(f *os.File) error { return k.whole(f.Sync) }
func (k *killer) Truncate(f *os.File, n int64) error {
	return k.whole(func() error { return f.Truncate(n) })
}
func (k *killer) SyncDir(string) error { return k.whole(func() error { return nil }) }
func (k *killer) Rename(from, to string) error {
	return k.whole(func() error { return os.Rename(from, to) })
}
func (k *killer) Remove(path string) error         { return k.whole(func() error { return os.Remove(path) }) }
func (k *killer) Commit(commit func() error) error { return k.whole(commit) }

func (k *killer) effects() int {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.n
}

// workday is the scenario of the crash tests: one message of every kind the
// samples have, each answered by its own set of receipts, some of them with a
// line that breaks, and a registry that is down at first.
type workday struct {
	*scene
	items []pectest.Item
	ran   string // file with a line for each step that ran
}

var receiptSets = []pectest.Receipts{pectest.ReceiptsNormal, pectest.ReceiptsTwice, pectest.ReceiptsNormal, pectest.ReceiptsWarnDone, pectest.ReceiptsNormal,
	pectest.ReceiptsFailed, pectest.ReceiptsNormal, pectest.ReceiptsRefused, pectest.ReceiptsNormal, pectest.ReceiptsVirus, pectest.ReceiptsNormal}

// behaviour depends on the recipient alone, so that it is the same in every run;
// the connection is cut at the first attempt only.
func behaviour(l pectest.Letter) pectest.Behaviour {
	n := 0
	for _, c := range l.To {
		n += int(c)
	}
	b := pectest.Behaviour{Receipts: receiptSets[n%len(receiptSets)]}
	if l.Attempt == 1 {
		switch n % 5 {
		case 0:
			b.Cut = pectest.CutAfterTaken
		case 1:
			b.Cut = pectest.CutAfterLost
		}
	}
	return b
}

func newDay(t testing.TB) *workday {
	d := &workday{scene: newScene(t)}
	d.smtp.SetBehave(behaviour)
	items, boxes, orders := d.at.Samples(d.clock.now().Add(-time.Minute), time.Millisecond)
	folder := t.TempDir()
	for name, rows := range map[string][]byte{"mailboxes.csv": boxes, "orders.csv": orders} {
		if err := os.WriteFile(filepath.Join(folder, name), rows, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	csv, err := OpenCSVRegistry(filepath.Join(folder, "mailboxes.csv"), filepath.Join(folder, "orders.csv"), d.opt.Policy.Rules.Calendar.Zone, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	d.opt.Registry = csv
	d.items = items
	d.opt.UncertainWait = 2 * time.Second // the receipts of a busy machine come within it
	d.opt.Actions = d.commands()
	return d
}

// commands carry out steps as in earnest: each run writes a line.
func (d *workday) commands() map[string]Action {
	d.ran = filepath.Join(d.t.TempDir(), "ran")
	script := filepath.Join(filepath.Dir(d.ran), "act")
	if err := os.WriteFile(script, []byte("#!/bin/sh\nkey=$(grep -o '\"key\":\"[^\"]*')\necho \"$1 $key\" >> '"+d.ran+"'\n"), 0o700); err != nil {
		d.t.Fatal(err)
	}
	out := map[string]Action{}
	for _, do := range []string{"read-only", "close", "refund"} {
		out[do] = &CommandAction{Command: []string{script, do}, Dir: filepath.Join(d.dir, "actions")}
	}
	return out
}

// runs counts how often each step ran.
func (d *workday) runs() map[string]int {
	raw, err := os.ReadFile(d.ran)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		d.t.Fatal(err)
	}
	out := map[string]int{}
	for line := range strings.Lines(string(raw)) {
		out[strings.TrimSpace(line)]++
	}
	return out
}

func (d *workday) arrive() {
	d.t.Helper()
	for _, it := range d.items {
		if err := d.deliver(it.Mailbox, it.Raw, it.At); err != nil {
			d.t.Fatal(err)
		}
	}
}

// atRest reports whether nothing is left to do now.
func (d *workday) atRest() bool {
	byStatus, _ := d.messages()
	total := 0
	for _, n := range byStatus {
		total += n
	}
	rest := total == d.inMailboxes() && byStatus[store.Pending] == 0
	for _, c := range d.cases() {
		for _, l := range c.Letters {
			rest = rest && l.State != rules.Owed && l.State != rules.Trying && l.State != rules.Uncertain && l.State != rules.Sent
		}
		for _, st := range c.Steps {
			due := st.State == rules.StepRunning || st.State == rules.StepDue && !st.Due.After(d.clock.now())
			rest = rest && !due
		}
	}
	return rest
}

func (d *workday) inMailboxes() (n int) {
	d.smtp.Settle()
	for _, u := range d.users {
		n += d.count(u)
	}
	return n
}

// account is what must be the same however often the desk was killed: each
// sender's cases with their outcome, letters and steps.
func (d *workday) account() (out []string) {
	for _, c := range d.cases() {
		line := fmt.Sprintf("%s %s %s/%s %s:", c.Mailbox, c.Procedure, c.Outcome, c.Reason, c.State)
		for _, l := range c.Letters {
			line += fmt.Sprintf(" %s=%s", l.Name, l.State)
		}
		for _, s := range c.Steps {
			line += fmt.Sprintf(" %s=%s", s.Do, s.State)
		}
		out = append(out, line)
	}
	slices.Sort(out)
	return out
}

// finish lets the desk come to rest, lets six days pass, and stops it.
func (d *workday) finish() {
	d.t.Helper()
	d.until("the desk rests", d.atRest)
	d.later(6 * 24 * time.Hour)
	d.until("the desk rests after six days", func() bool { d.desk.Wake(); return d.atRest() && d.closed() })
	d.end()
}

// closed reports whether every step of the accepted cases is done.
func (d *workday) closed() bool {
	for _, c := range d.cases() {
		for _, s := range c.Steps {
			if c.State == rules.Accepted && s.State != rules.StepOver && c.Letters[0].State == rules.Delivered {
				return false
			}
		}
	}
	return true
}

// honest demands what may never be otherwise: one copy of each letter that the
// cases say was sent, each step done once.
func (d *workday) honest(where string) {
	d.t.Helper()
	for id, n := range d.copies() {
		if n != 1 {
			d.t.Errorf("%s: the provider has letter %s %d times", where, id, n)
		}
	}
	for key, n := range d.runs() {
		if n != 1 {
			d.t.Errorf("%s: %s was done %d times", where, key, n)
		}
	}
}

// TestKilledAtEveryEffect runs a day undisturbed, then once for each durable
// effect and each way to die at it; started again, the desk must bring the day
// to the same end.
func TestKilledAtEveryEffect(t *testing.T) {
	calm := newDay(t)
	counter := &killer{}
	calm.fs = counter
	calm.arrive()
	calm.start()
	calm.until("the desk rests", calm.atRest)
	early := counter.effects()
	calm.finish()
	calm.reopened(func() {
		calm.honest("undisturbed")
		want := calm.account()
		t.Logf("%d effects (%d in the first hour), %d cases, %d letters, %d steps", counter.effects(), early, len(want), len(calm.copies()), len(calm.runs()))
		if len(want) < 12 || len(calm.copies()) < 12 || len(calm.runs()) < 3 {
			t.Fatalf("the day is too quiet: %v", want)
		}
		for at := 1; at <= counter.effects(); at += *every {
			ways := []string{"before", "amid", "after"}
			if *every > 1 {
				ways = ways[at%3 : at%3+1]
			}
			for _, way := range ways {
				t.Run(fmt.Sprintf("%d %s", at, way), func(t *testing.T) {
					t.Parallel()
					killedOnce(t, &killer{at: at, way: way}, want)
				})
			}
		}
	})
}

// killedOnce lives the day with one death in it.
func killedOnce(t *testing.T, k *killer, want []string) {
	d := newDay(t)
	d.arrive()
	d.fs = k
	if err := d.open(); err == nil {
		<-d.quiet()
		d.later(6 * 24 * time.Hour)
		<-d.quiet()
		d.stop() // this run may have had fewer effects: commits are grouped as they come
		<-d.done
		d.store.Close()
	} else if !errors.Is(err, errKilled) {
		t.Fatal(err)
	}
	d.fs = nil
	d.start()
	d.finish()
	d.reopened(func() {
		d.honest("killed")
		if got := d.account(); !slices.Equal(got, want) {
			t.Errorf("killed, the day ended otherwise:\n%s\nundisturbed:\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
		}
	})
}

// reopened looks at the store after the desk has stopped.
func (s *scene) reopened(look func()) {
	s.t.Helper()
	st, err := store.Open(s.dir, store.Options{ReadOnly: true})
	if err != nil {
		s.t.Fatal(err)
	}
	s.store = st
	look()
	if err := st.Close(); err != nil {
		s.t.Error(err)
	}
}

// quiet is closed when the desk rests or has ended.
func (d *workday) quiet() <-chan struct{} {
	c := make(chan struct{})
	changes, stop := d.desk.Watch()
	d.desk.Wake()
	go func() {
		defer close(c)
		defer stop()
		for limit := time.After(6 * time.Second); ; {
			select {
			case err := <-d.done:
				d.done <- err
				return
			case <-limit:
				return
			case <-changes:
			case <-time.After(10 * time.Millisecond):
			}
			if d.atRest() && d.closed() {
				return
			}
		}
	}()
	return c
}
