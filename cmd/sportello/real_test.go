package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log/slog"
	"mime"
	"net/mail"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"sportello/mailproc"
	"sportello/mailproc/mailbox"
	"sportello/mailproc/pec/pectest"
	"sportello/mailproc/peers"
	"sportello/rules"
)

// everybody is where Postfix delivers the letters to all customers.
const everybody = "tutti@pec.example.it"

// protocolMark is what the subject of every letter ends with.
var protocolMark = regexp.MustCompile(`\[Prot\. \d{4}-\d{6}\]$`)

// realDesk is the daemon between a real Dovecot and a real Postfix.
type realDesk struct {
	t       *testing.T
	world   *pectest.World
	dovecot *peers.Dovecot
	postfix *peers.Postfix
	dir     string
	cfg     *Config
	office  *mailproc.Office
	clock   *clock
	letters *collector
	actions string // one line an action that ran
	items   []pectest.Item
}

// clock is the real one, moved forward by the test.
type clock struct {
	mu    sync.Mutex
	ahead time.Duration
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return time.Now().Add(c.ahead)
}

func (c *clock) advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.ahead += d
}

// collector is a customer who keeps all letters.
type collector struct {
	mu  sync.Mutex
	all map[string][]*mail.Message // by Message-ID: more than one is a letter sent twice
	n   int
}

func (c *collector) Store(_ context.Context, batch []mailbox.Message, _ mailbox.Cursor) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	for i := range batch {
		m, err := mail.ReadMessage(bytes.NewReader(bytes.Clone(batch[i].Body.Bytes())))
		if err != nil {
			return err
		}
		body, err := io.ReadAll(m.Body)
		if err != nil {
			return err
		}
		m.Body = bytes.NewReader(body)
		id := m.Header.Get("Message-ID")
		c.all[id] = append(c.all[id], m)
		c.n++
	}
	return nil
}

func (c *collector) count() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.n
}

// newRealDesk starts the servers and makes the mail and its registry; conf are
// further lines of Postfix's main.cf.
func newRealDesk(t *testing.T, mailOf func(pectest.Office) (items []pectest.Item, mailboxes, orders []byte), conf ...string) *realDesk {
	t.Helper()
	world, err := pectest.NewWorld()
	if err != nil {
		t.Fatal(err)
	}
	r := &realDesk{t: t, world: world, dir: t.TempDir(), clock: &clock{}, letters: &collector{all: map[string][]*mail.Message{}}}
	office := world.Office()
	var mailboxes, orders []byte
	r.items, mailboxes, orders = mailOf(office)
	users := map[string]string{office.Deactivations: "segreto-uno", office.Service: "segreto-due", everybody: "segreto-tre"}
	r.dovecot = peers.StartDovecot(t, peers.DovecotOptions{Users: users})
	r.postfix = peers.StartPostfix(t, peers.PostfixOptions{Domains: []string{"pec.example.it", "pec.example.com", "example.org", "legalmail.example.org"}, Deliver: r.dovecot, Auth: true,
		Conf: append([]string{"virtual_alias_maps = static:" + everybody, "virtual_alias_domains ="}, conf...)})
	r.actions = filepath.Join(r.dir, "actions.log")
	r.write("roots.pem", world.RootsPEM())
	r.write("gestori.ldif", pectest.WriteIndex(world.Customers, world.Desk))
	r.write("mailboxes.csv", mailboxes)
	r.write("orders.csv", orders)
	r.write("dovecot.pem", r.dovecot.CAPEM)
	r.write("both.pem", append(bytes.Clone(r.dovecot.CAPEM), r.postfix.CAPEM...))
	r.write("act", []byte("#!/bin/sh\necho \"$1 $(cat)\" >> '"+r.actions+"'\n"))
	if err := os.Chmod(filepath.Join(r.dir, "act"), 0o755); err != nil {
		t.Fatal(err)
	}
	r.write("sportello.toml", []byte(r.toml(office, users)))
	if r.cfg, err = LoadConfig(filepath.Join(r.dir, "sportello.toml")); err != nil {
		t.Fatal(err)
	}
	r.cfg.Now = r.clock.now
	return r
}

func (r *realDesk) write(name string, data []byte) {
	r.t.Helper()
	if err := os.WriteFile(filepath.Join(r.dir, name), data, 0o600); err != nil {
		r.t.Fatal(err)
	}
}

func (r *realDesk) toml(office pectest.Office, users map[string]string) string {
	text := "data = \"data\"\ndomains = [\"pec.example.it\", \"legalmail.example.org\"]\n"
	for name, address := range map[string]string{"disattivazioni": office.Deactivations, "customer.service": office.Service} {
		r.write(name+".password", []byte(users[address]+"\n"))
		text += fmt.Sprintf("\n[[mailbox]]\nname = %q\naddress = %q\nuser = %q\npassword_file = %q\nimap = \"imaps://%s\"\nsmtp = \"smtps://%s\"\nca = \"both.pem\"\n",
			name, address, address, name+".password", r.dovecot.IMAPS, r.postfix.SMTPS)
	}
	return text + `
[trust]
roots = ["roots.pem"]
index = "gestori.ldif"

[registry]
mailboxes = "mailboxes.csv"
orders = "orders.csv"

[action.read-only]
command = ["./act", "read-only"]
[action.close]
command = ["./act", "close"]
[action.refund]
command = ["./act", "refund"]
`
}

// run starts the daemon and the customers' reader; they end with the test.
func (r *realDesk) run() {
	r.t.Helper()
	ctx, stop := context.WithCancel(context.Background())
	ready, done := make(chan struct{}), make(chan error, 1)
	log, err := os.Create(filepath.Join(r.dir, "sportello.log"))
	if err != nil {
		r.t.Fatal(err)
	}
	go func() {
		done <- serve(ctx, r.cfg, slog.New(slog.NewTextHandler(log, nil)), func(o *mailproc.Office) { r.office = o; close(ready) })
	}()
	select {
	case <-ready:
	case err := <-done:
		r.t.Fatal(err)
	}
	pool := tlsConfig(filepath.Join(r.dir, "dovecot.pem"))
	reader := &mailbox.Poller{Account: mailbox.Account{Name: "tutti", URL: "imaps://" + r.dovecot.IMAPS, User: everybody,
		Password: func() (string, error) { return "segreto-tre", nil }, TLS: pool}, Sink: r.letters}
	read := make(chan error, 1)
	go func() { read <- reader.Run(ctx, mailbox.Cursor{}) }()
	r.t.Cleanup(func() {
		stop()
		if err := <-done; err != nil {
			r.t.Errorf("the daemon ended with: %v", err)
		}
		<-read
		log.Close()
		if r.t.Failed() {
			raw, _ := os.ReadFile(log.Name())
			r.t.Logf("the daemon's log ends:\n%s", raw[max(0, len(raw)-4000):])
		}
	})
}

// until waits for a condition, with the daemon's own pace.
func (r *realDesk) until(what string, limit time.Duration, ok func() bool) {
	r.t.Helper()
	end := time.Now().Add(limit)
	for !ok() {
		if time.Now().After(end) {
			r.t.Fatalf("%s: not within %s", what, limit)
		}
		time.Sleep(20 * time.Millisecond)
	}
}

func (r *realDesk) status() rules.Status {
	r.t.Helper()
	s, err := r.office.Status(context.Background())
	if err != nil {
		r.t.Fatal(err)
	}
	return s
}

// cases are all of them, by certified sender.
func (r *realDesk) cases() map[string][]*rules.Case {
	r.t.Helper()
	out := map[string][]*rules.Case{}
	q := rules.Query{Limit: 500}
	for {
		page, err := r.office.Cases(context.Background(), q)
		if err != nil {
			r.t.Fatal(err)
		}
		for _, c := range page.Cases {
			out[c.Mailbox] = append(out[c.Mailbox], c)
		}
		if q.After = page.Next; q.After == "" {
			return out
		}
	}
}

// answer delivers the provider's receipts for every letter collected so far.
func (r *realDesk) answer() {
	r.t.Helper()
	r.letters.mu.Lock()
	defer r.letters.mu.Unlock()
	for id, copies := range r.letters.all {
		h := copies[0].Header
		about := pectest.Message{From: h.Get("From"), To: h.Get("To"), Subject: "risposta", MessageID: id, Date: r.clock.now()}
		from, err := mail.ParseAddress(h.Get("From"))
		if err != nil {
			r.t.Fatal(err)
		}
		for _, receipt := range [][]byte{r.world.Desk.Receipt(pectest.Accettazione, about), r.world.Customers.Receipt(pectest.AvvenutaConsegna, about)} {
			if err := r.dovecot.Deliver(from.Address, receipt); err != nil {
				r.t.Fatal(err)
			}
		}
	}
}

// deliver injects the items by LMTP and waits until each has its decision.
func (r *realDesk) deliver(items []pectest.Item) {
	r.t.Helper()
	for _, it := range items {
		if err := r.dovecot.Deliver(it.Mailbox, it.Raw); err != nil {
			r.t.Fatal(err)
		}
	}
}

func (r *realDesk) decided(n int) {
	r.t.Helper()
	r.until("all messages decided", 240*time.Second, func() bool {
		s := r.status()
		total := 0
		for _, k := range s.Messages {
			total += k
		}
		return total >= n && s.Messages["pending"] == 0
	})
}

// checkDecisions compares every case with what must have become of its
// message, and says how many letters are owed.
func (r *realDesk) checkDecisions(items []pectest.Item) (letters int) {
	r.t.Helper()
	cases := r.cases()
	accepted, wantAccepted := 0, 0
	for _, list := range cases {
		for _, c := range list {
			letters += len(c.Letters)
			if c.Outcome == rules.Accept {
				accepted++
			}
			if want := r.office.Rules().Calendar.WorkingTerm(c.Received, 3); !c.Due.Equal(want) {
				r.t.Errorf("case %s is due %s, want %s", c.ID, c.Due, want)
			}
		}
	}
	for _, it := range items {
		if it.Outcome == "accept" {
			wantAccepted++
		}
	}
	decidedAs(r.t, items, cases)
	if accepted != wantAccepted {
		r.t.Errorf("%d cases accepted, want %d and no other", accepted, wantAccepted)
	}
	return letters
}

// decidedAs demands of every item that asks for something its one case, decided
// as the item says.
func decidedAs(t *testing.T, items []pectest.Item, cases map[string][]*rules.Case) {
	t.Helper()
	for _, it := range items {
		if it.Sender == "" || it.Outcome == "none" {
			continue
		}
		list := cases[it.Sender]
		if len(list) != 1 {
			t.Errorf("%s from %s: %d cases, want 1", it.Name, it.Sender, len(list))
			continue
		}
		if c := list[0]; string(c.Outcome) != it.Outcome || it.Reason != "" && string(c.Reason) != it.Reason {
			t.Errorf("%s from %s: %s %s, want %s %s", it.Name, it.Sender, c.Outcome, c.Reason, it.Outcome, it.Reason)
		}
	}
}

// checkLetters compares what customers got with what the cases say was sent.
func (r *realDesk) checkLetters(want int) {
	r.t.Helper()
	r.letters.mu.Lock()
	defer r.letters.mu.Unlock()
	if len(r.letters.all) != want || r.letters.n != want {
		r.t.Errorf("%d letters arrived, %d different, want %d", r.letters.n, len(r.letters.all), want)
	}
	for id, copies := range r.letters.all {
		h := copies[0].Header
		subject, err := new(mime.WordDecoder).DecodeHeader(h.Get("Subject"))
		told := strings.Contains(h.Get("To"), "@example.org") // the new contacts never wrote: nothing is answered
		if err != nil || strings.HasPrefix(subject, "Re: ") == told || !protocolMark.MatchString(subject) {
			r.t.Errorf("letter %s: subject %q", id, subject)
		}
		for name, want := range map[string]string{"Auto-Submitted": "auto-replied", "X-TipoRicevuta": "breve", "Bcc": "", "Reply-To": ""} {
			if got := h.Get(name); got != want {
				r.t.Errorf("letter %s: %s is %q, want %q", id, name, got, want)
			}
		}
		if told {
			continue
		}
		if h.Get("In-Reply-To") == "" || !strings.Contains(h.Get("References"), h.Get("In-Reply-To")) {
			r.t.Errorf("letter %s: In-Reply-To %q, References %q", id, h.Get("In-Reply-To"), h.Get("References"))
		}
	}
}

// running reports whether a step has begun whose end is not recorded.
func (r *realDesk) running() bool {
	for _, cases := range r.cases() {
		for _, c := range cases {
			if slices.ContainsFunc(c.Steps, func(s rules.StepRun) bool { return s.State == rules.StepRunning }) {
				return true
			}
		}
	}
	return false
}

// ran counts how often each job of a step ran, by its key.
func (r *realDesk) ran(step string) map[string]int {
	raw, err := os.ReadFile(r.actions)
	if err != nil {
		return nil
	}
	out := map[string]int{}
	for line := range strings.Lines(string(raw)) {
		what, job, _ := strings.Cut(strings.TrimSpace(line), " ")
		if what == step {
			out[job]++
		}
	}
	return out
}

// TestDeskOnRealServers puts a thousand mixed envelopes before the daemon,
// with Dovecot and Postfix around it: every good request is accepted and
// answered once, nothing else is, receipts move the cases, and after five days
// the mailboxes are closed without another letter.
func TestDeskOnRealServers(t *testing.T) {
	r := newRealDesk(t, func(o pectest.Office) ([]pectest.Item, []byte, []byte) {
		b := pectest.Backlog{Office: o, N: 1000, Seed: 7, Start: time.Now().Add(-2 * time.Second), Every: time.Millisecond}
		boxes, orders := b.Registry()
		return slices.Collect(b.All()), boxes, orders
	})
	r.deliver(r.items)
	r.run()
	r.decided(len(r.items))
	letters := r.checkDecisions(r.items)
	r.until("all letters in the customers' hands", 240*time.Second, func() bool { return r.letters.count() >= letters })
	r.checkLetters(letters)

	r.answer()
	r.until("receipts move the cases", 180*time.Second, func() bool { return r.status().Cases[rules.Rejected] == 0 })
	deactivations := 0
	for _, it := range r.items {
		if it.Name == "disattivazione" {
			deactivations++
		}
	}
	r.until("read-only steps", 240*time.Second, func() bool { return len(r.ran("read-only")) == deactivations })
	r.until("their ends are recorded: the five days begin there", time.Minute, func() bool { return !r.running() })
	if n := len(r.ran("close")); n >= deactivations+1 && n > len(r.ran("refund")) {
		t.Errorf("%d mailboxes closed before their five days", n-len(r.ran("refund")))
	}
	r.clock.advance(6 * 24 * time.Hour)
	r.office.Wake()
	r.until("the mailboxes are closed after five days", 240*time.Second, func() bool { r.office.Wake(); return r.status().Cases[rules.Accepted] == 0 })
	for _, step := range []string{"read-only", "close", "refund"} {
		for job, n := range r.ran(step) {
			if n != 1 {
				t.Errorf("%s ran %d times for %s", step, n, job)
			}
		}
	}
	if n := r.letters.count(); n != letters {
		t.Errorf("%d letters after the closing, want %d: none follows", n, letters)
	}
	if err := r.office.Store.Check(t.Context(), nil, true); err != nil {
		t.Error(err)
	}
}

// TestSamplesOnRealServers puts every kind of sample before the daemon while it
// idles; each gets the decision it must get. How long the first letter took is
// logged: the promise is two seconds, a busy machine may break it.
func TestSamplesOnRealServers(t *testing.T) {
	r := newRealDesk(t, func(o pectest.Office) ([]pectest.Item, []byte, []byte) { return o.Samples(time.Now(), 0) })
	r.run()
	first := r.items[0]
	r.until("the first reading", 20*time.Second, func() bool {
		return !r.status().Mailboxes[0].CaughtUp.IsZero() && !r.status().Mailboxes[1].CaughtUp.IsZero()
	})
	sent := time.Now()
	if err := r.dovecot.Deliver(first.Mailbox, first.Raw); err != nil {
		t.Fatal(err)
	}
	r.until("a letter for the first message", 30*time.Second, func() bool { return r.letters.count() == 1 })
	t.Logf("from delivery to the letter in the customer's mailbox: %s", time.Since(sent).Round(time.Millisecond))
	r.deliver(r.items[1:])
	r.decided(len(r.items))
	letters := r.checkDecisions(r.items)
	r.until("all letters", 30*time.Second, func() bool { return r.letters.count() >= letters })
	r.checkLetters(letters)
}
