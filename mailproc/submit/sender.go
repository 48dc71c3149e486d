package submit

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"strings"
	"sync"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
)

// Sender sends letters one after the other over one connection, which it opens when needed and closes when unused.
type Sender struct {
	acc  Account
	gate *gate

	mu     sync.Mutex
	raw    *conn // nil: not connected
	client *smtp.Client
	idle   *time.Timer
}

// NewSender returns a Sender; it connects at the first letter.
func NewSender(acc Account) *Sender {
	return &Sender{acc: acc.withDefaults(), gate: new(gate)}
}

// gate keeps everyone from logging in again after a refused login: providers lock such accounts.
type gate struct {
	mu    sync.Mutex
	err   *Error
	until time.Time
}

func (g *gate) shut(err *Error, d time.Duration) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.err, g.until = err, time.Now().Add(d)
}

func (g *gate) refusal() *Error {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.err != nil && time.Now().Before(g.until) {
		return g.err
	}
	g.err = nil
	return nil
}

// Kick lets the next letter try a login at once after a refused one.
func (s *Sender) Kick() { s.gate.shut(nil, 0) }

// Send sends one letter and returns the server's answer to it, or an *Error. When ctx ends, so does the connection; the
// Error says then, as always, what is known.
func (s *Sender) Send(ctx context.Context, l Letter) (answer string, err error) {
	if err := l.check(); err != nil {
		return "", &Error{Kind: Permanent, Stage: AtLetter, Text: err.Error()}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	kept := s.raw != nil
	answer, e := s.try(ctx, l)
	if e != nil && kept && e.Stage == AtMail && (e.Kind == Unreachable || e.Code == 421) {
		answer, e = s.try(ctx, l) // the server had closed the kept connection; nothing was said of this letter yet
	}
	if e != nil {
		return "", e
	}
	return answer, nil
}

// try sends the letter over the connection, opening it when there is none, and leaves it ready for the next or closed.
func (s *Sender) try(ctx context.Context, l Letter) (string, *Error) {
	if s.idle != nil {
		s.idle.Stop()
	}
	if s.raw == nil {
		if e := s.connect(ctx); e != nil {
			return "", e
		}
	}
	raw := s.raw
	stop := context.AfterFunc(ctx, func() { raw.Conn.Close() })
	answer, e := s.transaction(l)
	if !stop() || e != nil && !s.settle(e) {
		s.drop()
	}
	if s.raw != nil {
		s.idle = time.AfterFunc(s.acc.Idle, s.quitIdle)
	}
	return answer, e
}

func (s *Sender) transaction(l Letter) (string, *Error) {
	s.raw.limit = s.acc.Timeout
	if err := s.client.Mail(l.From, &smtp.MailOptions{Size: int64(len(l.Data))}); err != nil {
		return "", typed(AtMail, err)
	}
	if err := s.client.Rcpt(l.To, nil); err != nil {
		return "", typed(AtRcpt, err)
	}
	body, err := s.client.Data()
	if err != nil {
		return "", typed(AtData, err)
	}
	if _, err := body.Write(l.Data); err != nil { // without its final dot no server takes it
		return "", typed(AtBody, err)
	}
	// From here on the final dot may be on its way, with whatever of the body was still buffered.
	s.raw.limit = s.acc.FinalTimeout
	reply, err := body.CloseWithResponse()
	if err != nil {
		return "", typed(AtEnd, err)
	}
	return "250 " + strings.ReplaceAll(reply.StatusText, "\n", " "), nil
}

// settle makes the connection ready for the next letter after a refusal, and reports whether it can be used.
func (s *Sender) settle(e *Error) bool {
	if e.Code < 400 || e.Code == 421 || e.Code == 503 || e.Kind == Uncertain {
		return false
	}
	return e.Stage == AtEnd || s.client.Reset() == nil // MAIL was accepted, perhaps: servers refuse a second one
}

func (s *Sender) connect(ctx context.Context) *Error {
	if e := s.gate.refusal(); e != nil {
		return e
	}
	raw, client, e := s.open(ctx)
	if e != nil {
		if e.Kind == Login {
			s.gate.shut(e, s.acc.LoginRetry)
		}
		return e
	}
	s.raw, s.client = raw, client
	return nil
}

// open connects, greets and logs in.
func (s *Sender) open(ctx context.Context) (*conn, *smtp.Client, *Error) {
	e, err := s.acc.endpoint()
	if err != nil {
		return nil, nil, &Error{Kind: Login, Stage: AtConnect, Text: err.Error()}
	}
	dialCtx, cancel := context.WithTimeout(ctx, s.acc.Timeout)
	defer cancel()
	tcp, err := new(net.Dialer).DialContext(dialCtx, "tcp", e.addr)
	if err != nil {
		return nil, nil, typed(AtConnect, err)
	}
	raw := &conn{Conn: tcp, limit: s.acc.Timeout}
	stop := context.AfterFunc(ctx, func() { tcp.Close() })
	client, failed := s.greet(dialCtx, raw, e)
	if failed == nil && !s.acc.NoAuth {
		failed = s.login(client)
	}
	if !stop() && failed == nil {
		failed = typed(AtLogin, ctx.Err())
	}
	if failed != nil {
		tcp.Close()
		return nil, nil, failed
	}
	return raw, client, nil
}

func (s *Sender) greet(ctx context.Context, raw *conn, e endpoint) (*smtp.Client, *Error) {
	conf := tlsConfig(s.acc.TLS, e.host)
	var client *smtp.Client
	switch {
	case e.implicit:
		t := tls.Client(raw, conf)
		if err := t.HandshakeContext(ctx); err != nil {
			return nil, typed(AtConnect, fmt.Errorf("TLS with %s: %w", e.addr, err))
		}
		client = smtp.NewClient(t)
	case e.startTLS:
		var err error
		if client, err = smtp.NewClientStartTLS(raw, conf); err != nil {
			return nil, typed(AtHello, err)
		}
	default:
		client = smtp.NewClient(raw)
	}
	if err := client.Hello(s.acc.Hello); err != nil {
		return nil, typed(AtHello, err)
	}
	return client, nil
}

// login shows the password once. No error ever holds it, not even when the server echoes it.
func (s *Sender) login(client *smtp.Client) *Error {
	password, err := s.acc.Password()
	if err != nil {
		return &Error{Kind: Unreachable, Stage: AtLogin, Text: fmt.Sprintf("password of %s: %v", s.acc.User, err)}
	}
	var mech sasl.Client
	switch {
	case client.SupportsAuth(sasl.Plain):
		mech = sasl.NewPlainClient("", s.acc.User, password)
	case client.SupportsAuth(sasl.Login):
		mech = sasl.NewLoginClient(s.acc.User, password)
	default:
		return &Error{Kind: Login, Stage: AtLogin, Text: "the server offers no AUTH that we know (PLAIN, LOGIN)"}
	}
	if err := client.Auth(mech); err != nil {
		e := typed(AtLogin, err)
		if password != "" {
			e.Text = strings.ReplaceAll(e.Text, password, "…")
		}
		e.Text = "as " + s.acc.User + ": " + e.Text
		return e
	}
	return nil
}

// drop ends the connection without a word: a QUIT could deliver what was cut.
func (s *Sender) drop() {
	if s.raw != nil {
		s.raw.Conn.Close()
		s.raw, s.client = nil, nil
	}
}

// quitIdle ends a connection that nobody used.
func (s *Sender) quitIdle() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.quit()
}

func (s *Sender) quit() {
	if s.raw == nil {
		return
	}
	s.raw.limit = min(s.acc.Timeout, 2*time.Second)
	_ = s.client.Quit()
	s.drop()
}

// Close ends the connection. The Sender can be used again.
func (s *Sender) Close() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.idle != nil {
		s.idle.Stop()
	}
	s.quit()
}

// Try connects and logs in, and says what went wrong, for a check of the configuration.
func (a Account) Try(ctx context.Context) error {
	if err := a.Check(); err != nil {
		return err
	}
	s := NewSender(a)
	defer s.Close()
	if e := s.connect(ctx); e != nil {
		return e
	}
	return nil
}

// Pool sends letters over a few connections. A free one that was used last is taken first, so that the others may rest.
type Pool struct {
	senders []*Sender
	mu      sync.Mutex
	free    []*Sender
	slots   chan struct{}
}

// NewPool returns a Pool of at most n connections.
func NewPool(acc Account, n int) *Pool {
	p := &Pool{slots: make(chan struct{}, n)}
	g := new(gate)
	for range n {
		s := NewSender(acc)
		s.gate = g
		p.senders = append(p.senders, s)
	}
	p.free = append(p.free, p.senders...)
	return p
}

// Send is Sender.Send on the next free connection.
func (p *Pool) Send(ctx context.Context, l Letter) (string, error) {
	select {
	case p.slots <- struct{}{}:
		defer func() { <-p.slots }()
	case <-ctx.Done():
		return "", &Error{Kind: Unreachable, Stage: AtConnect, Text: ctx.Err().Error()}
	}
	p.mu.Lock()
	s := p.free[len(p.free)-1]
	p.free = p.free[:len(p.free)-1]
	p.mu.Unlock()
	defer func() {
		p.mu.Lock()
		p.free = append(p.free, s)
		p.mu.Unlock()
	}()
	return s.Send(ctx, l)
}

// Size is how many letters can be on their way at once.
func (p *Pool) Size() int { return len(p.senders) }

// Kick lets the next letter try a login at once after a refused one.
func (p *Pool) Kick() { p.senders[0].Kick() }

// Close ends the connections. The Pool can be used again.
func (p *Pool) Close() {
	var wg sync.WaitGroup
	for _, s := range p.senders {
		wg.Go(s.Close)
	}
	wg.Wait()
}

// conn gives every read and write a limit of its own: go-smtp has none for the body of a letter. The library's own
// deadlines are ignored; the first read error stays.
type conn struct {
	net.Conn
	limit time.Duration // changed between commands only, by the goroutine that reads and writes
	err   error
}

func (c *conn) Read(p []byte) (int, error) {
	if c.err != nil {
		return 0, c.err
	}
	_ = c.Conn.SetReadDeadline(time.Now().Add(c.limit))
	n, err := c.Conn.Read(p)
	c.err = err
	return n, err
}

func (c *conn) Write(p []byte) (int, error) {
	_ = c.Conn.SetWriteDeadline(time.Now().Add(c.limit))
	return c.Conn.Write(p)
}

func (c *conn) SetDeadline(time.Time) error      { return nil }
func (c *conn) SetReadDeadline(time.Time) error  { return nil }
func (c *conn) SetWriteDeadline(time.Time) error { return nil }

// tlsConfig is the account's, for the host.
func tlsConfig(conf *tls.Config, host string) *tls.Config {
	if conf == nil {
		conf = &tls.Config{}
	}
	conf = conf.Clone()
	conf.ServerName = or(conf.ServerName, host)
	if conf.MinVersion < tls.VersionTLS12 {
		conf.MinVersion = tls.VersionTLS12
	}
	return conf
}

var _ error = (*Error)(nil)

// As lets callers write e, ok := submit.As(err).
func As(err error) (*Error, bool) {
	var e *Error
	ok := errors.As(err, &e)
	return e, ok
}
