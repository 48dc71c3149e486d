package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"sportello/mailproc/pec/pectest"
	"sportello/mailproc/peers"
)

const password = "banco-di-prova"

// scene is the mail server with its backlog, and the sink for letters.
type scene struct {
	o       options
	dir     string
	world   *pectest.World
	office  pectest.Office
	dovecot *peers.Dovecot
	sink    *peers.Sink
	binary  string // of sportello
	self    string // of this program

	before int // cases in the store from the start

	items   []pectest.Item
	bytes   int64
	signed  int // messages with a signature to verify
	accepts int
}

func newScene(_ context.Context, o options, dir string) (*scene, error) {
	s := &scene{o: o, dir: dir, binary: filepath.Join(dir, "sportello")}
	var err error
	if s.self, err = os.Executable(); err != nil {
		return nil, err
	}
	if out, err := exec.Command("go", "build", "-o", s.binary, "./cmd/sportello").CombinedOutput(); err != nil {
		return nil, fmt.Errorf("go build: %w: %s", err, out)
	}
	if s.world, err = pectest.NewWorld(); err != nil {
		return nil, err
	}
	s.office = s.world.Office()
	if s.dovecot, err = peers.NewDovecot(peers.DovecotOptions{Users: s.users()}); err != nil {
		return nil, err
	}
	if s.sink, err = peers.NewSink(); err != nil {
		return nil, err
	}
	return s, s.fill()
}

func (s *scene) users() map[string]string {
	return map[string]string{s.office.Deactivations: password, s.office.Service: password}
}

func (s *scene) close() {
	s.sink.Close()
	s.dovecot.Close()
}

// fill makes the envelopes on all cores and delivers them by LMTP.
func (s *scene) fill() error {
	b := pectest.Backlog{Office: s.office, N: s.o.n, Seed: 1, Start: time.Now().Add(-time.Hour), Every: time.Millisecond}
	s.items = make([]pectest.Item, s.o.n)
	fmt.Fprintf(os.Stderr, "making %d envelopes …\n", s.o.n)
	var g errgroup.Group
	g.SetLimit(4)
	for i := range s.items {
		g.Go(func() error {
			s.items[i] = b.Item(i)
			return nil
		})
	}
	if err := g.Wait(); err != nil {
		return err
	}
	boxes, orders := b.Registry()
	for name, data := range map[string][]byte{"mailboxes.csv": boxes, "orders.csv": orders, "roots.pem": s.world.RootsPEM(),
		"gestori.ldif": pectest.WriteIndex(s.world.Customers, s.world.Desk), "password": []byte(password + "\n")} {
		if err := os.WriteFile(filepath.Join(s.dir, name), data, 0o600); err != nil {
			return err
		}
	}
	fmt.Fprintln(os.Stderr, "delivering them …")
	for _, it := range s.items {
		if err := s.dovecot.Deliver(it.Mailbox, it.Raw); err != nil {
			return err
		}
		s.bytes += int64(len(it.Raw))
		if strings.Contains(string(it.Raw), "pkcs7-signature") {
			s.signed++
		}
		if it.Outcome == "accept" {
			s.accepts++
		}
	}
	return nil
}

// config writes a configuration of sportello with its own data folder.
func (s *scene) config(dir string) (string, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return "", err
	}
	text := fmt.Sprintf("data = %q\ndomains = [\"pec.example.it\"]\n", filepath.Join(dir, "data"))
	for name, address := range map[string]string{"disattivazioni": s.office.Deactivations, "customer.service": s.office.Service} {
		text += fmt.Sprintf("\n[[mailbox]]\nname = %q\naddress = %q\nuser = %q\npassword_file = \"../password\"\nimap = \"imap://%s\"\nsmtp = \"smtp://%s\"\nsmtp_auth = false\nplaintext = true\n",
			name, address, address, s.dovecot.IMAP, s.sink.Addr)
	}
	text += "\n[trust]\nroots = [\"../roots.pem\"]\nindex = \"../gestori.ldif\"\n[registry]\nmailboxes = \"../mailboxes.csv\"\norders = \"../orders.csv\"\n"
	path := filepath.Join(dir, "sportello.toml")
	return path, os.WriteFile(path, []byte(text), 0o600)
}
