package mailbox

import (
	"cmp"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"os"
	"sync"
	"time"
)

// conn gives the connection the deadlines that go-imap lacks: it knows none while it waits for a reply, and a fixed one
// for a whole literal, which a slow line cannot meet. Every read and write has the current limit of its own, whatever the
// library sets. The first read error stays: the library's decoder reads on after an error, and would wait again.
//
// It bounds what the server may say, and for how long, until we ask the next thing: the library reads a line of any length
// into memory, and a byte a minute would hold the connection, and the mailbox, for ever.
//
// It reads in large pieces: the library's own buffer of 4 KiB would cost a system call for every few lines.
type conn struct {
	net.Conn
	buf  []byte
	r, w int // unread bytes are buf[r:w]
	rerr error

	mu    sync.Mutex
	limit time.Duration // 0: for ever
	until time.Time     // deadline set on Conn for reads
	room  int64         // bytes of one answer: answerBytes
	left  int64         // bytes that the server may still send
	due   time.Time     // when its answer must have ended; zero: nothing is asked
}

const (
	readBuffer  = 64 << 10
	answerBytes = 16 << 20 // of an answer without bodies: some 250,000 lines of a listing
	answerReads = 10       // limits that it may take altogether
	slowest     = 64 << 10 // bytes a second of a body: the largest comes before the desk's watchdog thinks us dead
)

// What the server does that no sound one does.
var (
	errFlood = errors.New("the server sends more than it was asked for")
	errSlow  = errors.New("the server's answer does not come to its end")
)

func newConn(c net.Conn, limit time.Duration) *conn {
	n := &conn{Conn: c, buf: make([]byte, readBuffer), room: answerBytes}
	n.begin(limit)
	return n
}

// begin counts anew, for what is asked now.
func (c *conn) begin(limit time.Duration) {
	c.limit, c.left, c.due = limit, c.room, time.Time{}
	if limit > 0 {
		c.due = time.Now().Add(answerReads * limit)
	}
}

// body counts anew, for a body of n bytes; what carries it, TLS above all, may be as much again.
func (c *conn) body(n int64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.begin(c.limit)
	c.left += 2 * n
	c.due = c.due.Add(time.Duration(n) * time.Second / slowest)
}

// expect changes the limit, also for a read that is already waiting: short while a reply is owed, longer in IDLE, none
// while nothing is asked.
func (c *conn) expect(limit time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.begin(limit)
	c.arm(true)
}

// arm sets the read deadline. A deadline set less than a sixteenth of the limit ago is left alone: setting it at every
// read costs more than the read of a small piece.
func (c *conn) arm(always bool) {
	if c.limit == 0 {
		if always || !c.until.IsZero() {
			c.until = time.Time{}
			_ = c.Conn.SetReadDeadline(c.until)
		}
		return
	}
	end := time.Now().Add(c.limit)
	if end.After(c.due) {
		end, always = c.due, true
	}
	if always || end.Sub(c.until) > c.limit/16 {
		c.until = end
		_ = c.Conn.SetReadDeadline(end)
	}
}

func (c *conn) Read(p []byte) (int, error) {
	if c.r < c.w {
		n := copy(p, c.buf[c.r:c.w])
		c.r += n
		return n, nil
	}
	if c.rerr != nil {
		return 0, c.rerr
	}
	c.mu.Lock()
	c.arm(false)
	c.mu.Unlock()
	if len(p) >= len(c.buf) {
		n, err := c.Conn.Read(p)
		c.rerr = c.count(n, err)
		return n, c.rerr
	}
	n, err := c.Conn.Read(c.buf)
	err = c.count(n, err)
	c.rerr = err
	c.r, c.w = copy(p, c.buf[:n]), n
	if n > 0 {
		return c.r, nil
	}
	return 0, err
}

// count takes what was read off what may still come, and says what an end of patience means.
func (c *conn) count(n int, err error) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.left -= int64(n)
	switch {
	case c.left < 0:
		return errFlood
	case errors.Is(err, os.ErrDeadlineExceeded) && !c.due.IsZero() && !time.Now().Before(c.due):
		return errSlow
	}
	return err
}

func (c *conn) Write(p []byte) (int, error) {
	c.mu.Lock()
	limit := c.limit
	c.mu.Unlock()
	var end time.Time
	if limit > 0 {
		end = time.Now().Add(limit)
	}
	_ = c.Conn.SetWriteDeadline(end)
	return c.Conn.Write(p)
}

// The library's own deadlines are ignored.
func (c *conn) SetDeadline(time.Time) error      { return nil }
func (c *conn) SetReadDeadline(time.Time) error  { return nil }
func (c *conn) SetWriteDeadline(time.Time) error { return nil }

// dial opens the TCP connection and, for imaps, TLS. STARTTLS is the session's.
func dial(ctx context.Context, e endpoint, conf *tls.Config, limit time.Duration) (raw *conn, top net.Conn, err error) {
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	c, err := new(net.Dialer).DialContext(ctx, "tcp", e.addr)
	if err != nil {
		return nil, nil, fmt.Errorf("connect: %w", err)
	}
	raw = newConn(c, limit)
	if !e.implicit {
		return raw, raw, nil
	}
	t := tls.Client(raw, conf)
	if err := t.HandshakeContext(ctx); err != nil {
		c.Close()
		return nil, nil, fmt.Errorf("TLS with %s: %w", e.addr, err)
	}
	return raw, t, nil
}

// tlsConfig is the account's, for the host.
func tlsConfig(conf *tls.Config, host string) *tls.Config {
	if conf == nil {
		conf = &tls.Config{}
	}
	conf = conf.Clone()
	conf.ServerName = cmp.Or(conf.ServerName, host)
	if conf.MinVersion < tls.VersionTLS12 {
		conf.MinVersion = tls.VersionTLS12
	}
	return conf
}

// kick is a wish to be looked at, at most one pending.
type kick struct {
	once sync.Once
	c    chan struct{}
}

func (k *kick) channel() chan struct{} {
	k.once.Do(func() { k.c = make(chan struct{}, 1) })
	return k.c
}

func (k *kick) now() {
	select {
	case k.channel() <- struct{}{}:
	default:
	}
}
