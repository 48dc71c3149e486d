package mailbox

import (
	"context"
	"crypto/sha256"
	"errors"
	"io"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"

	"sportello/mailproc/peers"
)

func dovecot(tb peers.TB, opt peers.DovecotOptions) (*peers.Dovecot, Account) {
	tb.Helper()
	opt.Users = map[string]string{desk: secret}
	d := peers.StartDovecot(tb, opt)
	return d, Account{Name: "desk", URL: "imaps://" + d.IMAPS, User: desk, TLS: d.TLS(),
		Password: func() (string, error) { return secret, nil }}
}

func deliver(tb testing.TB, d *peers.Dovecot, raw []byte) {
	tb.Helper()
	if err := d.Deliver(desk, raw); err != nil {
		tb.Fatal(err)
	}
}

func TestDovecot(t *testing.T) {
	for _, format := range []string{"sdbox", "maildir"} {
		t.Run(format, func(t *testing.T) {
			t.Parallel()
			d, acc := dovecot(t, peers.DovecotOptions{Format: format, Quota: 1 << 20})
			begun := time.Now().Truncate(time.Second)
			for i := range 300 {
				deliver(t, d, sample(i, 100*i))
			}
			acc.SpoolOver = 20000
			sink := newKept()
			r := begin(t, acc, sink, Cursor{})
			sink.count(t, 300)
			r.quiet(t)
			for id, m := range sink.msgs {
				if m.err != nil || m.delivered.Before(begun) || m.delivered.After(time.Now()) {
					t.Errorf("message %v: %+v", id, m)
				}
			}
			r.told.Lock()
			if len(r.told.quota) != 1 || strings.HasPrefix(r.told.quota[0], "0 ") || !strings.HasSuffix(r.told.quota[0], " of 1048576 KiB") {
				t.Errorf("quota %v", r.told.quota)
			}
			r.told.Unlock()
		})
	}
}

// TestDovecotNewMessageComesAtOnce measures the way from LMTP's answer to the Sink, in IDLE, where Dovecot itself waits
// for half a second, and with a NOOP now and then. The limits are those of a machine with much else to do.
func TestDovecotNewMessageComesAtOnce(t *testing.T) {
	t.Run("idle", func(t *testing.T) { newMessage(t, -1, 5*time.Second) })
	t.Run("eager", func(t *testing.T) { newMessage(t, 0, 2*time.Second) })
}

func newMessage(t *testing.T, eager, limit time.Duration) {
	d, acc := dovecot(t, peers.DovecotOptions{})
	acc.Eager = eager
	sink := newKept()
	r := begin(t, acc, sink, Cursor{})
	r.quiet(t)
	var worst, total time.Duration
	const n = 20
	for i := range n {
		deliver(t, d, sample(i, 5000))
		start := time.Now()
		sink.count(t, i+1)
		took := time.Since(start)
		worst, total = max(worst, took), total+took
	}
	t.Logf("mean %v, worst %v", total/n, worst)
	if worst > limit {
		t.Errorf("a message was handed over only after %v", worst)
	}
}

func TestDovecotExpungedMeanwhile(t *testing.T) {
	d, acc := dovecot(t, peers.DovecotOptions{})
	for i := range 30 {
		deliver(t, d, sample(i, 2000))
	}
	acc.BatchCount = 1
	sink := newKept()
	sink.delay = 5 * time.Millisecond
	r := begin(t, acc, sink, Cursor{})
	sink.count(t, 2)
	c, err := imapclient.DialTLS(d.IMAPS, &imapclient.Options{TLSConfig: d.TLS()})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if err := c.Login(desk, secret).Wait(); err != nil {
		t.Fatal(err)
	}
	if _, err := c.Select("INBOX", nil).Wait(); err != nil {
		t.Fatal(err)
	}
	var set imap.UIDSet
	set.AddRange(20, 25)
	if err := c.Store(set, &imap.StoreFlags{Op: imap.StoreFlagsAdd, Flags: []imap.Flag{imap.FlagDeleted}}, nil).Close(); err != nil {
		t.Fatal(err)
	}
	if err := c.Expunge().Close(); err != nil {
		t.Fatal(err)
	}
	r.quiet(t)
	msgs, next := sink.state()
	r.told.Lock()
	defer r.told.Unlock()
	if next.UID != 30 || len(msgs)+len(r.told.expunged) != 30 || len(r.told.missing) != 0 {
		t.Errorf("cursor %v, %d messages, expunged %v, missing %v", next, len(msgs), r.told.expunged, r.told.missing)
	}
}

// TestDovecotPutBackFromABackup takes the mail away while the Poller follows, and gives an earlier copy back, to which new
// messages come before the Poller is there again.
func TestDovecotPutBackFromABackup(t *testing.T) {
	for _, format := range []string{"sdbox", "maildir"} {
		t.Run(format, func(t *testing.T) {
			t.Parallel()
			d, acc := dovecot(t, peers.DovecotOptions{Format: format})
			acc.RetryMin, acc.RetryMax = 100*time.Millisecond, 100*time.Millisecond
			sink := newKept()
			r := begin(t, acc, sink, Cursor{})
			mail, backup := filepath.Join(d.Dir, "mail"), filepath.Join(d.Dir, "backup")
			copyMail := func(from, to string) {
				t.Helper()
				d.Stop()
				if out, err := exec.Command("sh", "-c", `rm -rf "$2" && cp -a "$1" "$2"`, "sh", from, to).CombinedOutput(); err != nil {
					t.Fatalf("%v: %s", err, out)
				}
				if err := d.Restart(); err != nil {
					t.Fatal(err)
				}
			}
			arrive := func(from, to int) {
				for i := from; i < to; i++ {
					deliver(t, d, sample(i, 1000))
				}
			}
			arrive(0, 5)
			copyMail(mail, backup)
			arrive(5, 10)
			sink.count(t, 10)
			time.Sleep(time.Until(time.Now().Truncate(time.Second).Add(time.Second))) // INTERNALDATE has whole seconds
			copyMail(backup, mail)
			arrive(10, 17)
			sink.until(t, "every message", func(map[Cursor]kind, Cursor) bool { return sink.different() == 17 })
			r.quiet(t)
			sink.broken = nil // numbers that are given again are other messages
		})
	}
}

// TestDovecotFolderReplaced: while the Poller follows a folder another client renames it, or deletes it, and makes it anew.
// Dovecot may show who has it open the old one for ever, and say that all is well.
func TestDovecotFolderReplaced(t *testing.T) {
	for name, replace := range map[string]func(*imapclient.Client) error{
		"renamed": func(c *imapclient.Client) error { return c.Rename("Richieste", "Vecchia", nil).Wait() },
		"deleted": func(c *imapclient.Client) error { return c.Delete("Richieste").Wait() },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d, acc := dovecot(t, peers.DovecotOptions{Format: "maildir"})
			acc.Folder, acc.Renew, acc.Reopen = "Richieste", 100*time.Millisecond, time.Second
			put := func(from, to int) {
				insist(t, d, func(other *imapclient.Client) error { return other.Create("Richieste", nil).Wait() })
				for i := from; i < to; i++ {
					insist(t, d, func(other *imapclient.Client) error { return appendTo(other, "Richieste", sample(i, 1000)) })
				}
			}
			put(0, 3)
			sink := newKept()
			r := begin(t, acc, sink, Cursor{})
			sink.count(t, 3)
			r.quiet(t)
			insist(t, d, replace)
			put(3, 8)
			sink.until(t, "every message", func(map[Cursor]kind, Cursor) bool { return sink.different() == 8 })
		})
	}
}

// TestDovecotOddSettings: what Dovecot says of a limit is no refused password, and what it says of a folder outside its
// namespace is completed with what there is.
func TestDovecotOddSettings(t *testing.T) {
	t.Run("one connection", func(t *testing.T) {
		d, acc := dovecot(t, peers.DovecotOptions{Conf: []string{"mail_max_userip_connections = 1"}})
		insist(t, d, func(*imapclient.Client) error {
			if err := acc.Try(t.Context()); err == nil || errors.Is(err, ErrLogin) || !strings.Contains(err.Error(), "[LIMIT]") {
				t.Errorf("%v", err)
			}
			return nil
		})
	})
	t.Run("prefix", func(t *testing.T) {
		d, acc := dovecot(t, peers.DovecotOptions{Format: "maildir", Conf: []string{"namespace inbox {", "  prefix = INBOX.", "  separator = .", "}"}})
		insist(t, d, func(c *imapclient.Client) error { return c.Create("INBOX.Richieste", nil).Wait() })
		acc.Folder = "Richieste"
		if err := acc.Try(t.Context()); err == nil || !strings.Contains(err.Error(), "INBOX.Richieste") {
			t.Errorf("%v", err)
		}
		if acc.Folder = "INBOX.Richieste"; acc.Try(t.Context()) != nil {
			t.Error(acc.Try(t.Context()))
		}
	})
}

// insist lets another client of the same user do something, again when Dovecot finds its own folder damaged.
func insist(t *testing.T, d *peers.Dovecot, do func(*imapclient.Client) error) {
	t.Helper()
	for tries := 0; ; tries++ {
		c, err := imapclient.DialTLS(d.IMAPS, &imapclient.Options{TLSConfig: d.TLS()})
		if err != nil {
			t.Fatal(err)
		}
		err = errors.Join(c.Login(desk, secret).Wait(), do(c))
		c.Close()
		var no *imap.Error
		if err == nil || errors.As(err, &no) && no.Code == imap.ResponseCodeAlreadyExists {
			return
		}
		if tries == 20 {
			t.Fatal(err)
		}
	}
}

func appendTo(c *imapclient.Client, folder string, raw []byte) error {
	cmd := c.Append(folder, int64(len(raw)), nil)
	if _, err := cmd.Write(raw); err != nil {
		return err
	}
	if err := cmd.Close(); err != nil {
		return err
	}
	_, err := cmd.Wait()
	return err
}

func TestDovecotKilledAgainAndAgain(t *testing.T) {
	d, acc := dovecot(t, peers.DovecotOptions{})
	const n = 400
	for i := range n {
		deliver(t, d, sample(i, 30000))
	}
	acc.BatchCount = 20
	sink := newKept()
	sink.delay = 2 * time.Millisecond
	r := begin(t, acc, sink, Cursor{})
	for i := 1; i <= 5; i++ {
		sink.count(t, i*60)
		d.Kill()
		if err := d.Restart(); err != nil {
			t.Fatal(err)
		}
	}
	sink.count(t, n)
	r.quiet(t)
	msgs, _ := sink.state()
	for id, m := range msgs {
		if m.err != nil {
			t.Errorf("message %v: %v", id, m.err)
		}
	}
	if len(msgs) != n {
		t.Errorf("%d messages", len(msgs))
	}
}

func TestDovecotLargeMessagesNeedNoMemory(t *testing.T) {
	d, acc := dovecot(t, peers.DovecotOptions{})
	const n, size = 6, 30 << 20
	raw := sample(1, size)
	for range n {
		deliver(t, d, raw)
	}
	raw = nil
	sink := &peak{done: make(chan struct{}), want: n}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	acc.Spool = t.TempDir()
	p := &Poller{Account: acc, Sink: sink}
	end := make(chan error)
	runtime.GC()
	go func() { end <- p.Run(ctx, Cursor{}) }()
	<-sink.done
	cancel()
	if err := <-end; err != nil {
		t.Fatal(err)
	}
	t.Logf("heap at most %.1f MB", float64(sink.heap)/1e6)
	if sink.heap > 16<<20 {
		t.Errorf("%d bytes of heap for messages that go through a file", sink.heap)
	}
}

// peak counts messages and notes the largest heap.
type peak struct {
	want, have int
	heap       uint64
	done       chan struct{}
}

func (p *peak) Store(_ context.Context, batch []Message, _ Cursor) error {
	for _, m := range batch {
		h := sha256.New()
		if _, err := io.Copy(h, io.NewSectionReader(m.Body, 0, m.Size)); err != nil {
			return err
		}
	}
	var s runtime.MemStats
	runtime.ReadMemStats(&s)
	p.heap = max(p.heap, s.HeapAlloc)
	if p.have += len(batch); p.have == p.want {
		close(p.done)
	}
	return nil
}

// BenchmarkBacklog compares a whole run over a backlog with a bare go-imap fetch that throws the bytes away: the floor.
func BenchmarkBacklog(b *testing.B) {
	d, acc := dovecot(b, peers.DovecotOptions{})
	const n = 10000
	start := time.Now()
	for i := range n {
		deliver(b, d, sample(i, 10000))
	}
	b.Logf("filled in %v", time.Since(start).Round(time.Millisecond))
	b.Run("bare", func(b *testing.B) {
		b.ReportAllocs()
		for range b.N {
			bareFetch(b, d, n)
		}
	})
	b.Run("poller", func(b *testing.B) {
		b.ReportAllocs()
		acc.Spool = b.TempDir()
		for range b.N {
			sink := &counting{want: n, done: make(chan struct{})}
			ctx, cancel := context.WithCancel(context.Background())
			p := &Poller{Account: acc, Sink: sink}
			end := make(chan error)
			go func() { end <- p.Run(ctx, Cursor{}) }()
			<-sink.done
			cancel()
			if err := <-end; err != nil {
				b.Fatal(err)
			}
		}
	})
}

type counting struct {
	want, have int
	done       chan struct{}
}

func (c *counting) Store(_ context.Context, batch []Message, _ Cursor) error {
	if c.have += len(batch); c.have == c.want {
		close(c.done)
	}
	return nil
}

func bareFetch(tb testing.TB, d *peers.Dovecot, n int) {
	c, err := imapclient.DialTLS(d.IMAPS, &imapclient.Options{TLSConfig: d.TLS()})
	if err != nil {
		tb.Fatal(err)
	}
	defer c.Close()
	if err := c.Login(desk, secret).Wait(); err != nil {
		tb.Fatal(err)
	}
	if _, err := c.Select("INBOX", &imap.SelectOptions{ReadOnly: true}).Wait(); err != nil {
		tb.Fatal(err)
	}
	var set imap.UIDSet
	set.AddRange(1, 0)
	cmd := c.Fetch(set, &imap.FetchOptions{UID: true, BodySection: wholeBody})
	got := 0
	for m := cmd.Next(); m != nil; m = cmd.Next() {
		for item := m.Next(); item != nil; item = m.Next() {
			if s, ok := item.(imapclient.FetchItemDataBodySection); ok {
				if _, err := io.Copy(io.Discard, s.Literal); err != nil {
					tb.Fatal(err)
				}
				got++
			}
		}
	}
	if err := cmd.Close(); err != nil || got != n {
		tb.Fatal(got, err)
	}
}
