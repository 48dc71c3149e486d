package main

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"sportello/mailproc/pec/pectest"
	"sportello/mailproc/peers"
	"sportello/rules"
	"sportello/store"
)

var (
	kills    = flag.Int("kills", 12, "how often TestKill kills the daemon")
	killSeed = flag.Uint64("killseed", 0, "seed of TestKill; 0: by the clock")
)

// victim is a real daemon, killed again and again while mail arrives.
type victim struct {
	t       *testing.T
	dir     string
	bin     string
	world   *pectest.World
	office  pectest.Office
	dovecot *peers.Dovecot
	smtp    *pectest.Server
	rand    *rand.Rand
	since   string   // of every mailbox; "": everything
	actions []string // steps that a command carries out

	mu    sync.Mutex
	items []pectest.Item // delivered
}

func newVictim(t *testing.T) *victim { return newVictimAt(t, peers.DovecotOptions{}) }

func newVictimAt(t *testing.T, server peers.DovecotOptions) *victim {
	t.Helper()
	world, err := pectest.NewWorld()
	if err != nil {
		t.Fatal(err)
	}
	if *killSeed == 0 {
		*killSeed = uint64(time.Now().UnixNano())
	}
	t.Logf("-killseed %d", *killSeed)
	v := &victim{t: t, dir: t.TempDir(), world: world, office: world.Office(), rand: rand.New(rand.NewPCG(*killSeed, 1)),
		actions: []string{"read-only", "close", "refund"}}
	v.bin = filepath.Join(v.dir, "sportello")
	if out, err := exec.Command("go", "build", "-o", v.bin, ".").CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, out)
	}
	users := map[string]string{v.office.Deactivations: "segreto", v.office.Service: "segreto"}
	server.Users = users
	v.dovecot = peers.StartDovecot(t, server)
	v.smtp, err = world.Desk.Serve(pectest.ServerOptions{Users: users, TLS: "implicit", Behave: v.behave,
		ProviderOf: world.ProviderOf,
		Deliver:    func(mailbox string, raw []byte, _ time.Time) error { return v.dovecot.Deliver(mailbox, raw) }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { v.smtp.Close() })
	return v
}

// behave is a provider with a bad line: one letter in eight loses its answer.
// It takes no letter before the receipts of the last are out: they must be
// there within uncertain_wait, as a provider's are within half an hour.
func (v *victim) behave(l pectest.Letter) pectest.Behaviour {
	v.smtp.Settle()
	if l.Attempt > 1 {
		return pectest.Behaviour{}
	}
	switch len(l.To) % 16 {
	case 3:
		return pectest.Behaviour{Cut: pectest.CutAfterTaken}
	case 7:
		return pectest.Behaviour{Cut: pectest.CutAfterLost}
	}
	return pectest.Behaviour{}
}

func (v *victim) write(name string, data []byte, mode os.FileMode) {
	v.t.Helper()
	if err := os.WriteFile(filepath.Join(v.dir, name), data, mode); err != nil {
		v.t.Fatal(err)
	}
}

// configure writes the daemon's files; more goes before the tables of its
// configuration.
func (v *victim) configure(b pectest.Backlog, more string) {
	boxes, orders := b.Registry()
	v.write("roots.pem", v.world.RootsPEM(), 0o600)
	v.write("gestori.ldif", pectest.WriteIndex(v.world.Customers, v.world.Desk), 0o600)
	v.write("mailboxes.csv", boxes, 0o600)
	v.write("orders.csv", orders, 0o600)
	v.write("ca.pem", append(bytes.Clone(v.dovecot.CAPEM), v.smtp.CertificatePEM()...), 0o600)
	v.write("password", []byte("segreto\n"), 0o600)
	v.write("act", []byte("#!/bin/sh\nkey=$(grep -o '\"key\":\"[^\"]*')\necho \"$1 $key\" >> '"+v.dir+"/ran'\n"), 0o700)
	v.write("tell", []byte("#!/bin/sh\ncat >> '"+v.dir+"/told'; echo >> '"+v.dir+"/told'\n"), 0o700)
	text := "data = \"data\"\ndomains = [\"pec.example.it\"]\nuncertain_wait = \"2s\"\n" + more
	for name, address := range map[string]string{"disattivazioni": v.office.Deactivations, "customer.service": v.office.Service} {
		text += fmt.Sprintf("\n[[mailbox]]\nname = %q\naddress = %q\nuser = %q\npassword_file = \"password\"\nimap = \"imaps://%s\"\nsmtp = \"smtps://%s\"\nca = \"ca.pem\"\nidle = \"1s\"\n",
			name, address, address, v.dovecot.IMAPS, v.smtp.Addr)
		if v.since != "" {
			text += fmt.Sprintf("since = %q\n", v.since)
		}
	}
	text += "\n[trust]\nroots = [\"roots.pem\"]\nindex = \"gestori.ldif\"\n\n[registry]\nmailboxes = \"mailboxes.csv\"\norders = \"orders.csv\"\n"
	for _, do := range v.actions {
		text += fmt.Sprintf("\n[action.%s]\ncommand = [\"./act\", %q]\n", do, do)
	}
	text += "\n[alert]\ncommand = [\"./tell\"]\n"
	v.write("sportello.toml", []byte(text), 0o600)
}

// begin starts the daemon.
func (v *victim) begin() (*exec.Cmd, <-chan error) {
	v.t.Helper()
	log, err := os.OpenFile(filepath.Join(v.dir, "log"), os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		v.t.Fatal(err)
	}
	defer log.Close()
	cmd := exec.Command(v.bin, "run", "-c", filepath.Join(v.dir, "sportello.toml"))
	cmd.Stdout, cmd.Stderr = log, log
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	if err := cmd.Start(); err != nil {
		v.t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	return cmd, ended
}

// arrive delivers the backlog, a message now and then, until it is all there
// or ctx ends; some of it twice.
func (v *victim) arrive(ctx context.Context, b pectest.Backlog, every time.Duration) error {
	tick := time.NewTicker(every)
	defer tick.Stop()
	for i := range b.N {
		it := b.Item(i)
		if err := v.dovecot.Deliver(it.Mailbox, it.Raw); err != nil {
			return err
		}
		if i%9 == 0 { // the same envelope once more
			if err := v.dovecot.Deliver(it.Mailbox, it.Raw); err != nil {
				return err
			}
		}
		v.mu.Lock()
		v.items = append(v.items, it)
		v.mu.Unlock()
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
	return nil
}

// TestKill kills the daemon with SIGKILL at random moments while mail arrives
// from a real Dovecot, and demands in the end: nothing lost, nothing decided,
// sent or done twice, and a store whose chain and consistency are whole.
//
//	go test ./cmd/sportello -run TestKill -kills 200
func TestKill(t *testing.T) {
	v := newVictim(t)
	b := pectest.Backlog{Office: v.office, N: 1 << 20, Seed: 11, Start: time.Now().Add(-time.Minute), Every: time.Millisecond, Size: 4000}
	rows := b
	rows.N = *kills * 40
	v.configure(rows, "")
	ctx, stop := context.WithCancel(t.Context())
	b.N = rows.N
	arrived := make(chan error, 1)
	go func() { arrived <- v.arrive(ctx, b, 15*time.Millisecond) }()
	for n := range *kills {
		cmd, ended := v.begin()
		life := time.Duration(50+v.rand.IntN(900)) * time.Millisecond
		select {
		case err := <-ended:
			t.Fatalf("the daemon ended by itself in life %d: %v\n%s", n+1, err, v.tail())
		case <-time.After(life):
		}
		if err := cmd.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		<-ended
	}
	stop()
	if err := <-arrived; err != nil {
		t.Fatal(err)
	}
	cmd, ended := v.begin()
	v.rest()
	if err := cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if err := <-ended; err != nil {
		t.Errorf("the last daemon ended with %v\n%s", err, v.tail())
	}
	v.judge()
}

func (v *victim) tail() string {
	raw, _ := os.ReadFile(filepath.Join(v.dir, "log"))
	return string(raw[max(0, len(raw)-3000):])
}

// rest waits until the daemon has nothing left to do: three looks, a while
// apart, show every request answered and every step done. It gives up when
// nothing moves for a minute.
func (v *victim) rest() {
	v.t.Helper()
	limit, moved := time.Now().Add(time.Minute), -1
	for calm := 0; calm < 3; {
		if n := len(v.smtp.Letters()) + len(v.runs()); n != moved {
			limit, moved = time.Now().Add(time.Minute), n
		}
		if time.Now().After(limit) {
			v.t.Fatalf("the daemon does not come to rest: %d of %d steps, %s\n%s", len(v.runs()), v.wantRuns(), v.queue(), v.tail())
		}
		time.Sleep(500 * time.Millisecond)
		v.smtp.Settle()
		if v.idle() {
			calm++
		} else {
			calm = 0
		}
	}
}

func (v *victim) queue() string {
	out, err := exec.Command(v.bin, "queue", "list", "--json", "-c", filepath.Join(v.dir, "sportello.toml")).CombinedOutput()
	if err != nil {
		return err.Error()
	}
	return string(out[max(0, len(out)-2000):])
}

// idle asks the daemon over its socket, as its own commands do.
func (v *victim) idle() bool {
	out, err := exec.Command(v.bin, "queue", "list", "--json", "-c", filepath.Join(v.dir, "sportello.toml")).Output()
	if err != nil {
		return false
	}
	v.mu.Lock()
	requests := map[string]bool{}
	for _, it := range v.items {
		if it.Sender != "" && it.Outcome != "none" {
			requests[it.Sender] = true
		}
	}
	v.mu.Unlock()
	for sender := range requests {
		if !bytes.Contains(out, []byte(sender)) {
			return false
		}
	}
	for line := range strings.Lines(string(out)) {
		if strings.Contains(line, `"answered":null`) {
			return false
		}
	}
	return len(v.runs()) >= v.wantRuns()
}

// wantRuns is how many steps are due at once: the closing after five days is not.
func (v *victim) wantRuns() (n int) {
	v.mu.Lock()
	defer v.mu.Unlock()
	for _, it := range v.items {
		n += map[string]int{"disattivazione": 1, "recesso-rinnovo": 2}[it.Name]
	}
	return n
}

// judge looks at what is left.
func (v *victim) judge() {
	v.t.Helper()
	if out, err := exec.Command(v.bin, "log", "verify", "-c", filepath.Join(v.dir, "sportello.toml")).CombinedOutput(); err != nil {
		v.t.Errorf("log verify: %v\n%s", err, out)
	}
	st, err := store.Open(filepath.Join(v.dir, "data"), store.Options{})
	if err != nil {
		v.t.Fatal(err)
	}
	defer st.Close()
	if err := st.Check(v.t.Context(), nil, true); err != nil {
		v.t.Errorf("check: %v", err)
	}
	if _, _, err := st.Verify(v.t.Context(), nil); err != nil {
		v.t.Errorf("verify: %v", err)
	}
	cases, decisions := map[string][]*rules.Case{}, 0
	err = st.View(func(tx *store.Tx) error {
		_, err := tx.Cases(store.Filter{}, func(c *rules.Case) bool {
			cases[c.Mailbox] = append(cases[c.Mailbox], c.Clone())
			return true
		})
		if err != nil {
			return err
		}
		for _, list := range cases {
			for _, c := range list {
				events, err := tx.CaseEvents(c.ID)
				if err != nil {
					return err
				}
				n := 0
				for _, e := range events {
					if e.Kind == rules.Decided {
						n++
					}
				}
				if decisions += n; n != 1 {
					v.t.Errorf("case %s was decided %d times", c.ID, n)
				}
			}
		}
		return nil
	})
	if err != nil {
		v.t.Fatal(err)
	}
	v.judgeFolders(st)
	letters := v.judgeCases(cases)
	v.judgeLetters(letters)
	v.t.Logf("%d kills, %d messages, %d cases, %d letters, %d step runs", *kills, len(v.items), decisions, len(letters), v.judgeSteps())
}

// judgeFolders demands that no mailbox was taken for another, and read again.
func (v *victim) judgeFolders(st *store.Store) {
	v.t.Helper()
	err := st.View(func(tx *store.Tx) error {
		for from := uint64(1); ; {
			events, err := tx.Journal(from, 5000)
			if err != nil || len(events) == 0 {
				return err
			}
			for _, e := range events {
				if e.Kind == rules.ValidityChanged {
					v.t.Errorf("entry %d: %s of %s", e.Seq, e.Detail, e.Mailbox)
				}
			}
			from = events[len(events)-1].Seq + 1
		}
	})
	if err != nil {
		v.t.Fatal(err)
	}
}

// judgeCases compares the cases with what arrived, and names the letters they owe.
func (v *victim) judgeCases(cases map[string][]*rules.Case) map[string]bool {
	v.t.Helper()
	letters := map[string]bool{}
	for _, list := range cases {
		for _, c := range list {
			for _, l := range c.Letters {
				letters["<"+l.MessageID+">"] = true
			}
		}
	}
	decidedAs(v.t, v.items, cases)
	return letters
}

func (v *victim) judgeLetters(owed map[string]bool) {
	v.t.Helper()
	copies := map[string]int{}
	for _, l := range v.smtp.Letters() {
		copies[l.MessageID]++
	}
	for id, n := range copies {
		if n != 1 {
			v.t.Errorf("letter %s was delivered %d times", id, n)
		}
		if !owed[id] {
			v.t.Errorf("letter %s belongs to no case", id)
		}
	}
	for id := range owed {
		if copies[id] == 0 {
			v.t.Errorf("letter %s was never delivered", id)
		}
	}
}

// runs counts the runs of the command, by its step and key.
func (v *victim) runs() map[string]int {
	v.t.Helper()
	raw, err := os.ReadFile(filepath.Join(v.dir, "ran"))
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		v.t.Fatal(err)
	}
	runs := map[string]int{}
	for line := range strings.Lines(string(raw)) {
		runs[strings.TrimSpace(line)]++
	}
	return runs
}

// judgeSteps demands that every step ran, and once.
func (v *victim) judgeSteps() int {
	v.t.Helper()
	runs := v.runs()
	for key, n := range runs {
		if n != 1 {
			v.t.Errorf("%s ran %d times", key, n)
		}
	}
	if len(runs) != v.wantRuns() {
		v.t.Errorf("%d steps ran, want %d", len(runs), v.wantRuns())
	}
	return len(runs)
}
