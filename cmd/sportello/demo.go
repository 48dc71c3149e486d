package main

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapserver"
	"github.com/emersion/go-imap/v2/imapserver/imapmemserver"
	"github.com/spf13/cobra"

	"sportello/mailproc"
	"sportello/mailproc/console"
	"sportello/mailproc/pec/pectest"
)

func demoCommand() *cobra.Command {
	var once, keep, passing bool
	var dir, procedures string
	cmd := &cobra.Command{Use: "demo", Short: "the whole product on this machine, with nothing to install",
		Long: `Starts an IMAP server in memory, a test PEC provider, and the desk; a dozen
sample requests arrive over a few seconds and are answered, each letter is
accepted and delivered by the provider's signed receipts. The live queue is
shown until Ctrl-C; with --once the demo ends when all is answered. Procedures of
your own (--templates) are tried by writing to the desk as a customer, in the
console; SIGHUP reads them again.`,
		Example: "  sportello demo\n  sportello demo --templates my-procedures",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if dir == "" {
				made, err := os.MkdirTemp("", "sportello-demo-")
				if err != nil {
					return err
				}
				dir = made
				if passing = !keep; passing {
					defer os.RemoveAll(made)
				}
			}
			if _, err := os.Stat(filepath.Join(dir, "sportello.toml")); err == nil {
				return fmt.Errorf("demo: %s holds an earlier demo: name a folder that is empty or not there yet, or remove it", dir)
			}
			w := newDemo(dir)
			w.passing = passing
			if procedures != "" {
				var err error
				if w.procedures, err = filepath.Abs(procedures); err != nil {
					return err
				}
				if info, err := os.Stat(w.procedures); err != nil || !info.IsDir() {
					return fmt.Errorf("demo: --templates %s: no such folder: name the one that your procedures' folders lie in", procedures)
				}
			}
			return w.run(cmd.Context(), once, cmd.OutOrStdout())
		}}
	cmd.Flags().BoolVar(&once, "once", false, "end with exit 0 when all is answered, and print the table")
	cmd.Flags().BoolVar(&keep, "keep", false, "keep the folder, to look at it afterwards")
	cmd.Flags().StringVar(&procedures, "templates", "", "a folder of your own procedures beside those that come with the program")
	cmd.Flags().StringVar(&dir, "dir", "", "work in this folder (default: a new one, removed at the end)")
	return cmd
}

// demo is the world around the desk: mail server, provider, registry.
type demo struct {
	dir        string
	passing    bool   // dir is removed at the end
	procedures string // folder of the visitor's own; "" none
	imap       *imapmemserver.Server
	users      map[string]*imapmemserver.User
	imapAddr   string
	provider   *pectest.Provider
	stranger   *pectest.Provider
	smtp       *pectest.Server
	password   string // of every account, the console's too
	console    string // host:port
	cfg        *Config
}

func newDemo(dir string) *demo {
	return &demo{dir: dir, users: map[string]*imapmemserver.User{}, password: strings.ToLower(rand.Text()[:14])}
}

// demoPatience is how long --once waits for every answer.
const demoPatience = 50 * time.Second

func (w *demo) run(ctx context.Context, once bool, out io.Writer) error {
	if err := w.start(ctx); err != nil {
		return fmt.Errorf("demo: %w", err)
	}
	defer w.smtp.Close()
	cfg, err := w.configure()
	if err != nil {
		return fmt.Errorf("demo: %w", err)
	}
	cfg.Demo, cfg.DemoSamples, w.cfg = w.fromVisitor, visitorSamples(), cfg
	log, err := os.Create(filepath.Join(w.dir, "sportello.log"))
	if err != nil {
		return err
	}
	defer log.Close()
	show := &demoScreen{out: out, once: once}
	samples := demoSamples(w.provider, w.stranger, time.Now())
	if !once {
		samples = append(samples, demoStates(w.provider, time.Now())...)
	}
	// The play ends first, with its table; then the desk, whose store it reads.
	playing, endPlay := context.WithCancel(ctx)
	defer endPlay()
	serving, endDesk := context.WithCancel(context.WithoutCancel(ctx))
	defer endDesk()
	played := make(chan error, 1)
	played <- nil // as long as there is no play to wait for
	err = serve(serving, cfg, slog.New(slog.NewTextHandler(log, nil)), func(office *mailproc.Office) {
		<-played
		go func() {
			defer endDesk()
			played <- w.play(playing, office, samples, show)
		}()
	})
	endPlay()
	failure := <-played
	if errors.Is(failure, context.Canceled) {
		failure = nil
	}
	return errors.Join(err, failure)
}

// start makes the mail server and the provider.
func (w *demo) start(ctx context.Context) (err error) {
	w.imap = imapmemserver.New()
	for _, address := range []string{demoDesk, demoService} {
		u := imapmemserver.NewUser(address, w.password)
		if err := u.Create("INBOX", nil); err != nil {
			return err
		}
		w.imap.AddUser(u)
		w.users[address] = u
	}
	server := imapserver.New(&imapserver.Options{
		NewSession: func(*imapserver.Conn) (imapserver.Session, *imapserver.GreetingData, error) {
			return w.imap.NewSession(), nil, nil
		},
		Caps:         imap.CapSet{imap.CapIMAP4rev1: {}, imap.CapIMAP4rev2: {}},
		InsecureAuth: true, // loopback, in this process
	})
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	w.imapAddr = l.Addr().String()
	go server.Serve(l) //nolint:errcheck // it ends with the process's context, below
	context.AfterFunc(ctx, func() { server.Close() })
	authority, err := pectest.NewAuthority(pectest.AuthorityOptions{})
	if err != nil {
		return err
	}
	if w.provider, err = pectest.New(pectest.Options{Name: "Gestore Dimostrativo S.p.A.", Domains: []string{demoDomain, "pec.example.com"}, Authority: authority}); err != nil {
		return err
	}
	if w.stranger, err = pectest.New(pectest.Options{Name: "Gestore Sconosciuto", Domains: []string{demoDomain}}); err != nil {
		return err
	}
	if w.console, err = consoleAddress(); err != nil {
		return err
	}
	w.smtp, err = w.provider.Serve(pectest.ServerOptions{Deliver: w.deliver, Users: map[string]string{demoDesk: w.password, demoService: w.password},
		Behave: func(l pectest.Letter) pectest.Behaviour {
			if r, odd := demoReceipts[l.To]; odd {
				return pectest.Behaviour{Receipts: r}
			}
			if w.provider.Manages(l.To) {
				return pectest.Behaviour{}
			}
			return pectest.Behaviour{Receipts: pectest.ReceiptsAccepted} // nobody certifies the delivery of ordinary mail
		}})
	return err
}

// consoleAddress is the console's usual address, or a free one.
func consoleAddress() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:8025")
	if err != nil {
		if l, err = net.Listen("tcp", "127.0.0.1:0"); err != nil {
			return "", err
		}
	}
	defer l.Close()
	return l.Addr().String(), nil
}

// fromVisitor sends what the demo's visitor wrote as a customer.
func (w *demo) fromVisitor(_ context.Context, m console.DemoMessage) error {
	msg := pectest.Message{From: m.From, To: m.To, Subject: m.Subject, Text: strings.ReplaceAll(strings.ReplaceAll(m.Text, "\r\n", "\n"), "\n", "\r\n"), Date: time.Now()}
	switch {
	case w.users[m.To] == nil:
		return fmt.Errorf("the demo's request mailboxes are %s and %s", demoDesk, demoService)
	case m.Ordinary:
		return w.deliver(m.To, w.provider.Anomaly(msg, m.To), time.Now())
	case !w.provider.Manages(m.From):
		return fmt.Errorf("write from a mailbox of %s, or as ordinary mail", demoDomain)
	}
	return w.deliver(m.To, w.provider.Transport(msg), time.Now())
}

// deliver puts a message into a request mailbox; other recipients are the
// customers, who have none here.
func (w *demo) deliver(mailbox string, raw []byte, at time.Time) error {
	u := w.users[mailbox]
	if u == nil {
		return nil
	}
	_, err := u.Append("INBOX", literal{bytes.NewReader(raw), int64(len(raw))}, &imap.AppendOptions{Time: at})
	return err
}

// literal is a message with its size, as IMAP appends it.
type literal struct {
	io.Reader
	size int64
}

func (l literal) Size() int64 { return l.size }

// configure writes the demo's configuration, as an operator would, and reads it.
func (w *demo) configure() (*Config, error) {
	if err := os.MkdirAll(w.dir, 0o700); err != nil {
		return nil, err
	}
	mailboxes, orders := demoRegistry(time.Now())
	const action = "#!/bin/sh\ncat >/dev/null\nexit 0\n"
	files := []struct {
		name, text string
		mode       os.FileMode
	}{
		{"roots.pem", string(w.provider.RootsPEM()), 0o644},
		{"gestori.ldif", string(w.provider.IndexLDIF()), 0o644},
		{"mailboxes.csv", mailboxes, 0o644},
		{"orders.csv", orders, 0o644},
		{"password", w.password + "\n", 0o600},
		{"pec-admin", action, 0o755},
		{"sportello.toml", w.toml(), 0o644},
	}
	for _, f := range files {
		if err := os.WriteFile(filepath.Join(w.dir, f.name), []byte(f.text), f.mode); err != nil {
			return nil, err
		}
	}
	return LoadConfig(filepath.Join(w.dir, "sportello.toml"))
}

func (w *demo) toml() string {
	text := fmt.Sprintf(`# Written by sportello demo.
data = "data"
domains = [%q]
`, demoDomain)
	if w.procedures != "" {
		text += fmt.Sprintf("templates = %q\n", w.procedures)
	}
	for _, b := range [][2]string{{"disattivazioni", demoDesk}, {"customer.service", demoService}} {
		text += fmt.Sprintf(`
[[mailbox]]
name = %q
address = %q
imap = "imap://%s"
smtp = "smtp://%s"
plaintext = true
user = %q
password_file = "password"
`, b[0], b[1], w.imapAddr, w.smtp.Addr, b[1])
	}
	return text + fmt.Sprintf(`
[console]
listen = %q
`, w.console) + `
[trust]
roots = ["roots.pem"]
index = "gestori.ldif"

[registry]
mailboxes = "mailboxes.csv"
orders = "orders.csv"

[action.read-only]
command = ["./pec-admin", "read-only"]

[action.close]
command = ["./pec-admin", "close"]

[letters]
gestore = "Gestore Dimostrativo S.p.A."
`
}

// play lets the samples arrive and shows the queue until the end.
func (w *demo) play(ctx context.Context, office *mailproc.Office, samples []demoSample, show *demoScreen) error {
	people := console.People{Store: mailproc.StoredPeople{Store: office.Store}, Now: office.Now, Record: office.Note}
	for name, role := range map[string]console.Role{"demo": console.Admin, "anna": console.Operator, "vera": console.Viewer} {
		if err := people.Add("demo", name, role, w.password); err != nil {
			return err
		}
	}
	stays := ""
	if w.passing {
		stays = ", and goes with the demo but for --keep"
	}
	show.say("Sportello demo: %d messages arrive at %s and %s.\nEverything is in %s (the log: sportello.log)%s\n\n", len(samples), demoDesk, demoService, w.dir, stays)
	show.say("  The console:   http://%s\n  log in as      demo (admin), anna (operator) or vera (viewer), password %s\n", w.console, w.password)
	show.say("  beside it      sportello queue watch -c %s\n\n", w.cfg.File)
	for _, note := range unmatched(w.cfg, office.Rules()) {
		show.say("note: %s\n", note)
	}
	arrived := make(chan error, 1)
	go func() { arrived <- w.arrive(ctx, samples, show) }()
	changes, stop := office.Watch()
	defer stop()
	patience := time.NewTimer(demoPatience)
	defer patience.Stop()
	tick := time.NewTicker(200 * time.Millisecond)
	defer tick.Stop()
	all := false
	for {
		select {
		case <-ctx.Done():
			return show.table(context.WithoutCancel(ctx), office)
		case err := <-arrived:
			if err != nil {
				return err
			}
			all = true
		case <-changes:
		case <-tick.C:
		case <-patience.C:
			if show.once {
				return errors.Join(show.table(ctx, office), fmt.Errorf("demo: not everything was answered in %s", demoPatience))
			}
		}
		if err := show.live(ctx, office); err != nil {
			return err
		}
		if err := demoOperator(ctx, office); err != nil {
			return err
		}
		if all && show.once && settled(ctx, office, len(samples)) {
			return show.table(ctx, office)
		}
	}
}

// arrive delivers a sample every few hundred milliseconds.
func (w *demo) arrive(ctx context.Context, samples []demoSample, show *demoScreen) error {
	for i, s := range samples {
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(300 * time.Millisecond):
		}
		show.say("  → %2d  %s\n", i+1, s.what)
		if err := w.deliver(s.to, s.raw, time.Now().Add(-s.ago)); err != nil {
			return err
		}
	}
	return nil
}
