package mailbox

import (
	"cmp"
	"context"
	"crypto/tls"
	"fmt"
	"net"
	"sync"
	"time"
)

// conn gives the connection the deadlines that go-imap lacks: it knows none while it waits for a reply, and a fixed one
// for a whole literal, which a slow line cannot meet. Every read and write has the current limit of its own, whatever the
// library sets. The first read error stays: the library's decoder reads on after an error, and would wait again.
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
}

const readBuffer = 64 << 10

func newConn(c net.Conn, limit time.Duration) *conn {
	return &conn{Conn: c, buf: make([]byte, readBuffer), limit: limit}
}

// expect changes the limit, also for a read that is already waiting: short while a reply is owed, longer in IDLE, none
// while nothing is asked.
func (c *conn) expect(limit time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.limit = limit
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
		c.rerr = err
		return n, err
	}
	n, err := c.Conn.Read(c.buf)
	c.rerr = err
	c.r, c.w = copy(p, c.buf[:n]), n
	if n > 0 {
		return c.r, nil
	}
	return 0, err
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
