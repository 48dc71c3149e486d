package peers

import (
	"bytes"
	"crypto/tls"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"
)

const (
	desk   = "desk@pec.example.it"
	secret = "s3cret"
)

func message(subject string) []byte {
	return []byte("From: a@example.org\r\nTo: " + desk + "\r\nSubject: " + subject + "\r\n\r\n.dotted\r\n..twice\r\nend\r\n")
}

func login(t *testing.T, d *Dovecot, user string) *imapclient.Client {
	t.Helper()
	c, err := imapclient.DialTLS(d.IMAPS, &imapclient.Options{TLSConfig: d.TLS()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	if err := c.Login(user, secret).Wait(); err != nil {
		t.Fatal(err)
	}
	if _, err := c.Select("INBOX", nil).Wait(); err != nil {
		t.Fatal(err)
	}
	return c
}

func bodies(t *testing.T, c *imapclient.Client) [][]byte {
	t.Helper()
	var set imap.SeqSet
	set.AddRange(1, 0)
	section := &imap.FetchItemBodySection{Peek: true}
	msgs, err := c.Fetch(set, &imap.FetchOptions{BodySection: []*imap.FetchItemBodySection{section}}).Collect()
	if err != nil {
		t.Fatal(err)
	}
	var out [][]byte
	for _, m := range msgs {
		out = append(out, m.FindBodySection(section))
	}
	return out
}

func TestDovecot(t *testing.T) {
	for _, format := range []string{"sdbox", "maildir"} {
		t.Run(format, func(t *testing.T) {
			t.Parallel()
			begin := time.Now()
			d := StartDovecot(t, DovecotOptions{Users: map[string]string{desk: secret}, Format: format, Quota: 1 << 20})
			t.Logf("started in %v", time.Since(begin).Round(time.Millisecond))
			for i := range 3 {
				if err := d.Deliver(desk, message(fmt.Sprint(i))); err != nil {
					t.Fatal(err)
				}
			}
			c := login(t, d, desk)
			got := bodies(t, c)
			if len(got) != 3 || !bytes.HasSuffix(got[2], message("2")) {
				t.Fatalf("read back %d messages: %q", len(got), got)
			}
			for _, want := range []imap.Cap{imap.CapIdle, imap.CapQuota} {
				if !c.Caps().Has(want) {
					t.Errorf("no %s", want)
				}
			}
			d.Kill()
			if err := d.Restart(); err != nil {
				t.Fatal(err)
			}
			if err := d.Deliver(desk, message("after")); err != nil {
				t.Fatal(err)
			}
			if got := bodies(t, login(t, d, desk)); len(got) != 4 {
				t.Fatalf("after a kill: %d messages, want 4", len(got))
			}
			plain, err := tls.Dial("tcp", d.IMAPS, &tls.Config{})
			if err == nil {
				plain.Close()
				t.Error("the system's roots accept the test authority")
			}
		})
	}
}

func TestDovecotRefusesStrangers(t *testing.T) {
	t.Parallel()
	d := StartDovecot(t, DovecotOptions{Users: map[string]string{desk: secret}})
	if err := d.Deliver("nobody@pec.example.it", message("x")); err == nil {
		t.Error("a message for an unknown user was taken")
	}
	if err := d.AddUser("nobody@pec.example.it", secret); err != nil {
		t.Fatal(err)
	}
	if err := d.Deliver("nobody@pec.example.it", message("x")); err != nil {
		t.Error(err)
	}
}

func TestMissingNamesThePackage(t *testing.T) {
	err := Missing("no-such-program")
	if err == nil || !strings.Contains(err.Error(), "apt-get install") {
		t.Errorf("got %v", err)
	}
}

func TestProcessesEndWithUs(t *testing.T) {
	d, err := NewDovecot(DovecotOptions{})
	if err != nil {
		t.Fatal(err)
	}
	pid := d.proc.pid
	d.Close()
	if groupAlive(pid) {
		t.Errorf("processes of group %d are left behind", pid)
	}
}

// TestServersDieWithAKilledTest runs this test program again, as one that starts both servers and is killed.
func TestServersDieWithAKilledTest(t *testing.T) {
	if os.Getenv("PEERS_DIE") != "" {
		d := StartDovecot(t, DovecotOptions{Users: map[string]string{desk: secret}})
		p := StartPostfix(t, PostfixOptions{Domains: []string{"pec.example.it"}, Deliver: d})
		fmt.Printf("started %d %d %s %s\n", d.proc.pid, p.proc.pid, d.Dir, p.Dir)
		_ = syscall.Kill(os.Getpid(), syscall.SIGKILL)
	}
	cmd := exec.Command(os.Args[0], "-test.run", "^TestServersDieWithAKilledTest$")
	cmd.Env = append(os.Environ(), "PEERS_DIE=1")
	out, err := cmd.Output()
	var a, b int
	var dirA, dirB string
	if _, serr := fmt.Sscanf(string(out), "started %d %d %s %s", &a, &b, &dirA, &dirB); serr != nil {
		t.Fatalf("%v, %v: %s", err, serr, out)
	}
	for end := time.Now().Add(5 * time.Second); ; time.Sleep(10 * time.Millisecond) {
		_, errA := os.Stat(dirA)
		_, errB := os.Stat(dirB)
		if !groupAlive(a) && !groupAlive(b) && os.IsNotExist(errA) && os.IsNotExist(errB) {
			return
		}
		if time.Now().After(end) {
			t.Fatalf("left behind: dovecot %v %v, postfix %v %v", groupAlive(a), errA, groupAlive(b), errB)
		}
	}
}
