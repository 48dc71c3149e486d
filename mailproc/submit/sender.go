package submit

import (
	"cmp"
	"context"
	"crypto/tls"
	"encoding/base64"
	"errors"
	"fmt"
	"net"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
)

// hello is the name in EHLO: who submits has a login, and no name that a server
// would look up.
const hello = "localhost"

// Sender sends letters one after the other over one connection, which it opens when needed and closes when unused.
type Sender struct {
	acc  Account
	door *door

	mu   sync.Mutex
	wire *wire    // nil: not connected
	told []string // to the server at the log-in, in the forms that it may be repeated in
	idle *time.Timer
}

// NewSender returns a Sender; it connects at the first letter.
func NewSender(acc Account) *Sender {
	return &Sender{acc: acc.withDefaults(), door: newDoor()}
}

// door lets the Senders of an account log in one after the other, so that a login that is refused is refused to all who
// wait meanwhile, and not tried by each: providers lock the account after a few.
type door struct {
	turn    chan struct{}         // of capacity one
	refused atomic.Pointer[Error] // the last
}

func newDoor() *door { return &door{turn: make(chan struct{}, 1)} }

// in logs in, unless another's login is refused while we wait for our turn.
func (d *door) in(ctx context.Context, login func() *Error) *Error {
	before := d.refused.Load()
	select {
	case <-ctx.Done():
		return typed(AtLogin, ctx.Err())
	case d.turn <- struct{}{}:
		defer func() { <-d.turn }()
	}
	if last := d.refused.Load(); last != before {
		return last
	}
	e := login()
	if e != nil && e.Kind == Login {
		d.refused.Store(e)
	}
	return e
}

// Send sends one letter and returns the server's answer to it, or an *Error. When ctx ends, so does the connection; the
// Error says then, as always, what is known.
func (s *Sender) Send(ctx context.Context, l Letter) (answer string, err error) {
	if err := l.check(); err != nil {
		return "", &Error{Kind: Permanent, Stage: AtLetter, Text: err.Error()}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	kept := s.wire != nil
	answer, e := s.try(ctx, l)
	if e != nil && kept && e.Stage == AtMail && (e.Kind == Unreachable || e.Kind == Temporary || e.Kind == Barred) {
		// The server had closed the kept connection, or takes no more letters over it; nothing was said of this letter yet.
		s.drop()
		answer, e = s.try(ctx, l)
	}
	if e != nil {
		return "", s.hide(e)
	}
	return hide(answer, s.told), nil
}

// formsOf are the forms in which a server may repeat a password, the longer before what they hold.
func formsOf(user, password string) []string {
	if password == "" {
		return nil
	}
	code := func(s string) string { return strings.TrimRight(base64.StdEncoding.EncodeToString([]byte(s)), "=") }
	return []string{code("\x00" + user + "\x00" + password), code(password), password}
}

// maxSaid bounds a server's words: those to each attempt are kept for ever.
const maxSaid = 1000

// hide takes forms of the password out of a server's words, of which it keeps the beginning.
func hide(text string, forms []string) string {
	for _, form := range forms {
		text = strings.ReplaceAll(text, form, "…")
	}
	if len(text) > maxSaid {
		text = strings.ToValidUTF8(text[:maxSaid], "") + " …"
	}
	return text
}

// hide takes the password out of an error, where the server repeats it, then or later. Others may hold the error too.
func (s *Sender) hide(e *Error) *Error {
	own := *e
	own.Text = hide(own.Text, s.told)
	return &own
}

// try sends the letter over the connection, opening it when there is none, and leaves it ready for the next or closed.
func (s *Sender) try(ctx context.Context, l Letter) (string, *Error) {
	if s.idle != nil {
		s.idle.Stop()
	}
	if s.wire == nil {
		if e := s.connect(ctx); e != nil {
			return "", e
		}
	}
	raw := s.wire.raw
	stop := context.AfterFunc(ctx, func() { raw.Conn.Close() })
	answer, e := s.wire.send(l)
	if !stop() || e != nil && !s.settle(e) {
		s.drop()
	}
	if s.wire != nil {
		s.idle = time.AfterFunc(s.acc.Idle, s.quitIdle)
	}
	return answer, e
}

// settle makes the connection ready for the next letter after a refusal, and reports whether it can be used.
func (s *Sender) settle(e *Error) bool {
	if s.wire.broken || e.Code < 400 || e.Code == 421 || e.Code == 503 || e.Kind == Uncertain || e.Kind == Barred {
		return false
	}
	return e.Stage == AtEnd || s.wire.reset() // MAIL was accepted, perhaps: servers refuse a second one
}

func (s *Sender) connect(ctx context.Context) *Error {
	w, e := s.open(ctx)
	if e != nil {
		return e
	}
	s.wire = w
	return nil
}

// open connects, greets and logs in.
func (s *Sender) open(ctx context.Context) (*wire, *Error) {
	e, err := s.acc.endpoint()
	if err != nil {
		return nil, &Error{Kind: Login, Stage: AtConnect, Text: err.Error()}
	}
	dialCtx, cancel := context.WithTimeout(ctx, s.acc.Timeout)
	defer cancel()
	tcp, err := new(net.Dialer).DialContext(dialCtx, "tcp", e.addr)
	if err != nil {
		return nil, typed(AtConnect, err)
	}
	raw := &conn{Conn: tcp, limit: s.acc.Timeout, usual: s.acc.Timeout}
	raw.begin()
	stop := context.AfterFunc(ctx, func() { tcp.Close() })
	w, failed := s.greet(dialCtx, raw, e)
	if !stop() && failed == nil {
		failed = typed(AtLogin, ctx.Err())
	}
	if failed != nil {
		tcp.Close()
		return nil, failed
	}
	return w, nil
}

// greet brings TLS up, greets and logs in.
func (s *Sender) greet(ctx context.Context, raw *conn, e endpoint) (*wire, *Error) {
	top := net.Conn(raw)
	if e.startTLS {
		if e := s.startTLS(raw); e != nil {
			return nil, e
		}
	}
	if e.implicit || e.startTLS {
		t := tls.Client(raw, tlsConfig(s.acc.TLS, e.host))
		if err := t.HandshakeContext(ctx); err != nil {
			return nil, typed(AtConnect, fmt.Errorf("TLS with %s: %w", e.addr, err))
		}
		top = t
	}
	if e.startTLS {
		top = &greeted{Conn: top, greeting: strings.NewReader("220 go on\r\n")}
	}
	client := smtp.NewClient(top)
	if err := client.Hello(hello); err != nil {
		return nil, typed(AtHello, err)
	}
	if !s.acc.NoAuth {
		if e := s.door.in(ctx, func() *Error { return s.login(client) }); e != nil {
			return nil, e
		}
	}
	return newWire(top, raw, s.acc.FinalTimeout, client), nil
}

// startTLS demands TLS of a server that begins in the clear (RFC 3207). What it says before is forgotten, and so is
// whatever somebody else has put behind its answer.
func (s *Sender) startTLS(raw *conn) *Error {
	client := smtp.NewClient(raw)
	if err := client.Hello(hello); err != nil {
		return typed(AtHello, err)
	}
	w := newWire(raw, raw, 0, client)
	if ok, _ := client.Extension("STARTTLS"); !ok {
		return &Error{Kind: Unreachable, Stage: AtHello, Text: "the server does not offer STARTTLS: use smtps://, or another port"}
	}
	return w.group([]command{{AtHello, "STARTTLS", func(code int) bool { return code == 220 }}})
}

// greeted is a connection after STARTTLS: the server greets no more, and go-smtp's client waits for it.
type greeted struct {
	net.Conn
	greeting *strings.Reader
}

func (g *greeted) Read(p []byte) (int, error) {
	if g.greeting.Len() > 0 {
		return g.greeting.Read(p)
	}
	return g.Conn.Read(p)
}

// login shows the password once.
func (s *Sender) login(client *smtp.Client) *Error {
	password, err := s.acc.Password()
	if err != nil {
		return &Error{Kind: Unreachable, Stage: AtLogin, Text: fmt.Sprintf("password of %s: %v", s.acc.User, err)}
	}
	s.told = formsOf(s.acc.User, password)
	var mech sasl.Client
	switch {
	case client.SupportsAuth(sasl.Plain):
		mech = sasl.NewPlainClient("", s.acc.User, password)
	case client.SupportsAuth(sasl.Login):
		mech = &authLogin{answers: []string{s.acc.User, password}}
	default:
		return &Error{Kind: Login, Stage: AtLogin, Text: "the server offers no AUTH that we know (PLAIN, LOGIN)"}
	}
	if err := client.Auth(mech); err != nil {
		e := typed(AtLogin, err)
		e.Text = "as " + s.acc.User + ": " + e.Text
		return e
	}
	return nil
}

// authLogin is the mechanism LOGIN, of which there is no standard: servers differ on what they ask with, and some take no
// name along with the command, as go-sasl's sends it. Package mailbox has the same: neither leans on the other.
type authLogin struct{ answers []string }

func (*authLogin) Start() (mech string, first []byte, err error) { return sasl.Login, nil, nil }

func (a *authLogin) Next([]byte) (answer []byte, err error) {
	if len(a.answers) == 0 {
		return nil, sasl.ErrUnexpectedServerChallenge
	}
	answer, a.answers = []byte(a.answers[0]), a.answers[1:]
	return answer, nil
}

// drop ends the connection without a word: a QUIT could deliver what was cut.
func (s *Sender) drop() {
	if s.wire != nil {
		s.wire.raw.Conn.Close()
		s.wire = nil
	}
}

// quitIdle ends a connection that nobody used.
func (s *Sender) quitIdle() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.quit()
}

func (s *Sender) quit() {
	if s.wire == nil {
		return
	}
	s.wire.raw.limit = min(s.acc.Timeout, 2*time.Second)
	s.wire.quit()
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
		return s.hide(e)
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
	p, door := &Pool{slots: make(chan struct{}, n)}, newDoor()
	for range n {
		s := NewSender(acc)
		s.door = door
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

// Close ends the connections. The Pool can be used again.
func (p *Pool) Close() {
	var wg sync.WaitGroup
	for _, s := range p.senders {
		wg.Go(s.Close)
	}
	wg.Wait()
}

// conn gives every read and write a limit of its own: go-smtp has none for the body of a letter. It bounds what the server
// may say to one question, and for how long: go-smtp keeps a greeting of any length, and a byte a minute would hold the
// letter for ever. The library's own deadlines are ignored; the first read error stays.
type conn struct {
	net.Conn
	limit time.Duration // changed between commands only, by the goroutine that reads and writes
	usual time.Duration // what limit is but while the final answer is awaited
	left  int           // bytes that may still come
	due   time.Time     // when the answer must have ended
	err   error
}

const (
	answerBytes = 1 << 20 // of a reply, and of everything up to the log-in
	answerReads = 10      // limits that it may take altogether
)

var (
	errFlood = errors.New("the server's answer has no end")
	errSlow  = errors.New("the server's answer does not come to its end")
)

// begin counts anew, for the next answer.
func (c *conn) begin() { c.left, c.due = answerBytes, time.Now().Add(answerReads*c.limit) }

func (c *conn) Read(p []byte) (int, error) {
	if c.err != nil {
		return 0, c.err
	}
	end := time.Now().Add(c.limit)
	if end.After(c.due) {
		end = c.due
	}
	_ = c.Conn.SetReadDeadline(end)
	n, err := c.Conn.Read(p)
	c.left -= n
	switch {
	case c.left < 0:
		err = errFlood
	case errors.Is(err, os.ErrDeadlineExceeded) && !time.Now().Before(c.due):
		err = errSlow
	}
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
	conf.ServerName = cmp.Or(conf.ServerName, host)
	if conf.MinVersion < tls.VersionTLS12 {
		conf.MinVersion = tls.VersionTLS12
	}
	return conf
}

var _ error = (*Error)(nil)
