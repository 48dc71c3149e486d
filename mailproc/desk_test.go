package mailproc

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapserver"
	"github.com/emersion/go-imap/v2/imapserver/imapmemserver"

	"sportello/mailproc/mailbox"
	"sportello/mailproc/pec"
	"sportello/mailproc/pec/pectest"
	"sportello/mailproc/submit"
	"sportello/rules"
	"sportello/store"
)

// makeWorld makes the providers once for all tests: keys cost time.
var makeWorld = sync.OnceValues(pectest.NewWorld)

// scene is a desk between an IMAP server in memory and a provider's SMTP
// server on the loopback, whose receipts come back by that IMAP server.
type scene struct {
	t        testing.TB
	world    *pectest.World
	at       pectest.Office
	dir      string
	imap     string // host:port
	users    map[string]*imapmemserver.User
	smtp     *pectest.Server
	clock    *hand
	registry *people
	doer     *doer
	told     *pager
	opt      Options
	fs       store.FS

	imapServer *imapserver.Server

	mailMu sync.Mutex
	mail   [][]byte // everything delivered

	store *store.Store
	desk  *Desk
	stop  context.CancelFunc
	done  chan error
}

// newScene starts the servers; start starts the desk.
func newScene(t testing.TB, server ...func(*pectest.ServerOptions)) *scene {
	t.Helper()
	world, err := makeWorld()
	if err != nil {
		t.Fatal(err)
	}
	s := &scene{t: t, world: world, at: world.Office(), dir: t.TempDir(), clock: &hand{}, told: &pager{}, users: map[string]*imapmemserver.User{},
		registry: &people{rows: map[string]rules.MailboxFact{}, orders: map[string]rules.Order{}}, doer: &doer{runs: map[string]int{}}}
	s.serveIMAP()
	so := pectest.ServerOptions{Deliver: s.deliver, Now: s.clock.now, ProviderOf: world.ProviderOf}
	for _, f := range server {
		f(&so)
	}
	if s.smtp, err = world.Desk.Serve(so); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.smtp.Close() })
	s.opt = s.options()
	return s
}

func (s *scene) serveIMAP() {
	s.t.Helper()
	mem := imapmemserver.New()
	for _, address := range s.world.Ours {
		u := imapmemserver.NewUser(address, "segreto")
		if err := u.Create("INBOX", nil); err != nil {
			s.t.Fatal(err)
		}
		mem.AddUser(u)
		s.users[address] = u
	}
	srv := imapserver.New(&imapserver.Options{Caps: imap.CapSet{imap.CapIMAP4rev1: {}, imap.CapIdle: {}}, InsecureAuth: true,
		NewSession: func(*imapserver.Conn) (imapserver.Session, *imapserver.GreetingData, error) {
			return mem.NewSession(), nil, nil
		}, Logger: slog.NewLogLogger(slog.DiscardHandler, slog.LevelInfo)})
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		s.t.Fatal(err)
	}
	s.imap = l.Addr().String()
	served := make(chan struct{})
	go func() { defer close(served); srv.Serve(l) }()
	s.imapServer = srv
	s.t.Cleanup(func() { srv.Close(); <-served })
}

func (s *scene) options() Options {
	s.t.Helper()
	o := Options{Data: s.dir, Domains: []string{"pec.example.it"}, Policy: s.policy(s.world.RootsPEM()), Registry: s.registry, Now: s.clock.now,
		Actions:       map[string]Action{"read-only": s.doer, "close": s.doer, "refund": s.doer},
		UncertainWait: 150 * time.Millisecond, PeerHour: 100, PeerDay: 200, DiskReserve: 1, pause: 20 * time.Millisecond}
	if testing.Verbose() && os.Getenv("DESK_LOG") != "" {
		o.Log = slog.New(slog.NewTextHandler(os.Stderr, nil))
	}
	for i, name := range []string{"disattivazioni", "customer.service"} {
		o.Mailboxes = append(o.Mailboxes, s.mailbox(name, s.world.Ours[i], s.imap, s.smtp.Addr))
	}
	return o
}

func (s *scene) mailbox(name, address, imapAddr, smtpAddr string) Mailbox {
	password := func() (string, error) { return "segreto", nil }
	return Mailbox{Name: name, Address: address, From: "Gestore Due",
		Read: mailbox.Account{Name: name, URL: "imap://" + imapAddr, Plaintext: true, User: address, Password: password, Timeout: 10 * time.Second,
			Renew: 20 * time.Millisecond, Eager: 5 * time.Millisecond, RetryMin: 5 * time.Millisecond, RetryMax: 50 * time.Millisecond,
			BatchCount: 8, GiveUp: time.Hour, Spool: filepath.Join(s.dir, "spool", name)},
		Send: submit.Account{Name: name, URL: "smtp://" + smtpAddr, Plaintext: true, User: address, Password: password, NoAuth: true,
			Timeout: 10 * time.Second, FinalTimeout: 10 * time.Second}}
}

func (s *scene) policy(roots []byte) Policy {
	s.t.Helper()
	cal, err := rules.NewCalendar("Europe/Rome", nil, false)
	if err != nil {
		s.t.Fatal(err)
	}
	set, err := rules.Load(os.DirFS("../templates"), nil, rules.DefaultSettings(), cal)
	if err != nil {
		s.t.Fatal(err)
	}
	certs, err := pec.ParseRoots(roots)
	if err != nil {
		s.t.Fatal(err)
	}
	index, err := pec.ParseIndex(s.world.IndexLDIF(), nil)
	if err != nil {
		s.t.Fatal(err)
	}
	trust, err := pec.NewTrust(pec.TrustConfig{Roots: certs, Index: index})
	if err != nil {
		s.t.Fatal(err)
	}
	return Policy{Rules: set, Trust: trust, SHA1: "review"}
}

// start opens the store and runs the desk; end stops it, as SIGTERM would.
func (s *scene) start() *scene {
	s.t.Helper()
	if err := s.open(); err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(func() {
		if s.stop != nil {
			s.end()
		}
	})
	return s
}

func (s *scene) open() (err error) {
	if s.store, err = store.Open(s.dir, store.Options{FS: s.fs}); err != nil {
		return err
	}
	o := s.opt
	o.Store = s.store
	o.Alerts = &Alerts{Sender: s.told, Store: StoredAlerts{Store: s.store}, Calendar: o.Policy.Rules.Calendar, Log: slog.New(slog.DiscardHandler), Now: s.clock.now}
	if err = o.Alerts.Open(); err == nil {
		s.desk, err = New(o)
	}
	if err != nil {
		return errors.Join(err, s.store.Close())
	}
	var ctx context.Context
	ctx, s.stop = context.WithCancel(context.Background())
	s.done = make(chan error, 1)
	desk, done := s.desk, s.done
	go func() { done <- desk.Run(ctx) }()
	return nil
}

func (s *scene) end() {
	s.t.Helper()
	s.stop()
	if err := <-s.done; err != nil {
		s.t.Errorf("the desk ended with: %v", err)
	}
	s.stop = nil
	if err := s.store.Check(context.Background(), nil, true); err != nil {
		s.t.Errorf("check: %v", err)
	}
	if _, _, err := s.store.Verify(context.Background(), nil); err != nil {
		s.t.Errorf("verify: %v", err)
	}
	if err := s.store.Close(); err != nil {
		s.t.Errorf("close: %v", err)
	}
}

func (s *scene) operators() *Office { return &Office{Desk: s.desk, Running: true} }

// deliver puts a message into a request mailbox.
func (s *scene) deliver(address string, raw []byte, at time.Time) error {
	u := s.users[address]
	if u == nil {
		return fmt.Errorf("no mailbox %s", address)
	}
	s.mailMu.Lock()
	s.mail = append(s.mail, raw)
	s.mailMu.Unlock()
	_, err := u.Append("INBOX", literal{bytes.NewReader(raw)}, &imap.AppendOptions{Time: at})
	return err
}

type literal struct{ *bytes.Reader }

func (l literal) Size() int64 { return l.Reader.Size() }

func (s *scene) put(raw []byte) {
	s.t.Helper()
	if err := s.deliver(s.at.Deactivations, raw, s.clock.now()); err != nil {
		s.t.Fatal(err)
	}
}

func customerAddress(n int) string { return fmt.Sprintf("cliente%d@pec.example.it", n) }

// message is the deactivation form of customer n, filled to the letter.
func (s *scene) message(n int) pectest.Message {
	a := customerAddress(n)
	return pectest.Message{From: "Mario Rossi <" + a + ">", To: s.at.Deactivations, Subject: "Disattivazione casella", Date: s.clock.now(),
		Text: "Il sottoscritto Mario Rossi titolare della casella PEC " + a + " richiede la disattivazione anticipata della stessa (come da caso di assistenza 12345).\n"}
}

func (s *scene) request(n int) []byte { return s.at.Customers.Transport(s.message(n)) }

// rejected is a request that is refused for its subject: one letter, no steps.
func (s *scene) rejected(n int) []byte {
	m := s.message(n)
	m.Subject = "Chiusura della mia PEC"
	return s.at.Customers.Transport(m)
}

// until waits for a condition, looking whenever the desk's store changes.
func (s *scene) until(what string, ok func() bool) {
	s.t.Helper()
	changes, stop := s.desk.Watch()
	defer stop()
	limit := time.NewTimer(2 * time.Minute)
	defer limit.Stop()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for !ok() {
		select {
		case <-changes:
		case <-tick.C:
		case err := <-s.done:
			s.done <- err
			s.t.Fatalf("%s: the desk ended: %v", what, err)
		case <-limit.C:
			s.t.Fatalf("%s: it never came\n%s", what, s.picture())
		}
	}
}

// picture is what the store holds, for a test that failed.
func (s *scene) picture() string {
	var b strings.Builder
	for _, c := range s.cases() {
		fmt.Fprintf(&b, "%s %s %s %s/%s\n", c.ID, c.Mailbox, c.State, c.Outcome, c.Reason)
		for _, l := range c.Letters {
			fmt.Fprintf(&b, "  letter %d %s %s next %s tries %+v\n", l.N, l.Name, l.State, l.NextTry, l.Tries)
		}
		for _, st := range c.Steps {
			fmt.Fprintf(&b, "  step %d %s %s due %s attempts %d %s\n", st.N, st.Do, st.State, st.Due, st.Attempts, st.Error)
		}
	}
	byStatus, parked := s.messages()
	fmt.Fprintf(&b, "messages %v parked %v\n", byStatus, parked)
	for _, l := range s.smtp.Letters() {
		fmt.Fprintf(&b, "sent %s to %s\n", l.MessageID, l.To)
	}
	return b.String()
}

func (s *scene) view(fn func(*store.Tx) error) {
	s.t.Helper()
	if err := s.store.View(fn); err != nil {
		s.t.Fatal(err)
	}
}

func (s *scene) cases() (out []*rules.Case) {
	s.t.Helper()
	s.view(func(tx *store.Tx) error {
		_, err := tx.Cases(store.Filter{}, func(c *rules.Case) bool { out = append(out, c.Clone()); return true })
		return err
	})
	return out
}

// of is the case of customer n, nil while there is none; more than one fails.
func (s *scene) of(n int) (found *rules.Case) {
	s.t.Helper()
	for _, c := range s.cases() {
		if c.Mailbox != customerAddress(n) {
			continue
		}
		if found != nil {
			s.t.Fatalf("two cases of customer %d: %s and %s", n, found.ID, c.ID)
		}
		found = c
	}
	return found
}

func (s *scene) state(n int, want rules.State) *rules.Case {
	s.t.Helper()
	s.until(fmt.Sprintf("customer %d is %s", n, want), func() bool { c := s.of(n); return c != nil && c.State == want })
	return s.of(n)
}

func (s *scene) letter(n, l int, want rules.LetterState) *rules.Letter {
	s.t.Helper()
	get := func() *rules.Letter {
		if c := s.of(n); c != nil {
			return c.Letter(l)
		}
		return nil
	}
	s.until(fmt.Sprintf("letter %d to customer %d is %s", l, n, want), func() bool { x := get(); return x != nil && x.State == want })
	return get()
}

func (s *scene) messages() (byStatus map[store.Status]int, parked map[rules.Reason]int) {
	s.t.Helper()
	s.view(func(tx *store.Tx) (err error) { byStatus, parked, err = tx.MessageCounts(); return err })
	return byStatus, parked
}

func (s *scene) stored(status store.Status, n int) {
	s.t.Helper()
	s.until(fmt.Sprintf("%d messages are %s", n, status), func() bool { m, _ := s.messages(); return m[status] == n })
}

// copies counts what the provider took, by Message-ID.
func (s *scene) copies() map[string]int {
	out := map[string]int{}
	for _, l := range s.smtp.Letters() {
		out[l.MessageID]++
	}
	return out
}

// once demands that the provider has n letters, each one time.
func (s *scene) once(n int) {
	s.t.Helper()
	c := s.copies()
	for id, k := range c {
		if k != 1 {
			s.t.Errorf("letter %s was sent %d times", id, k)
		}
	}
	if len(c) != n {
		s.t.Errorf("the provider has %d letters, want %d", len(c), n)
		for _, l := range s.smtp.Letters() {
			s.t.Logf("%s to %s at %s:\n%.2000s", l.MessageID, l.To, s.clock.now().Format(time.RFC3339), l.Raw)
		}
	}
}

// lookings waits until the mailbox was read to its end n times more.
func (s *scene) lookings(n int) {
	s.t.Helper()
	for range n {
		before := s.desk.Health()[0].CaughtUp
		s.until("another look into the mailbox", func() bool { return s.desk.Health()[0].CaughtUp.After(before) })
	}
}

// later moves the clock and wakes the desk.
func (s *scene) later(d time.Duration) {
	s.clock.move(d)
	s.desk.Wake()
}

// count is how many messages a mailbox has.
func (s *scene) count(u *imapmemserver.User) int {
	s.t.Helper()
	st, err := u.Status("INBOX", &imap.StatusOptions{NumMessages: true})
	if err != nil {
		s.t.Fatal(err)
	}
	return int(*st.NumMessages)
}
