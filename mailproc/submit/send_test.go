package submit

import (
	"bufio"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const (
	desk   = "desk@pec.example.it"
	mario  = "mario@pec.example.it"
	secret = "s3cret"
)

func compose(t testing.TB, n int) Letter {
	t.Helper()
	m := letter()
	m.From, m.To, m.MessageID = desk, mario, fmt.Sprintf("<%d@pec.example.it>", n)
	raw, err := Compose(m)
	if err != nil {
		t.Fatal(err)
	}
	return Letter{From: desk, To: mario, Data: raw}
}

// relay is go-smtp's server; answer decides what each letter gets.
type relay struct {
	mu        sync.Mutex
	got       []string
	sessions  int
	logins    int
	prompts   []string               // of AUTH LOGIN
	mail      func(before int) error // letters of this connection
	mechanism string                 // PLAIN
	rcpt      func(to string) error
	data      func(n int) error
}

type relaySession struct {
	*relay
	mails *int
}

func (r *relay) NewSession(*smtp.Conn) (smtp.Session, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.sessions++
	return relaySession{r, new(int)}, nil
}
func (s relaySession) AuthMechanisms() []string { return []string{cmp.Or(s.mechanism, sasl.Plain)} }
func (s relaySession) Auth(string) (sasl.Server, error) {
	if s.mechanism == sasl.Login {
		return &prompts{asks: s.prompts, want: []string{desk, secret}}, nil
	}
	return sasl.NewPlainServer(func(_, user, pass string) error {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.logins++
		if user != desk || pass != secret {
			return &smtp.SMTPError{Code: 535, EnhancedCode: smtp.EnhancedCode{5, 7, 8}, Message: "no, " + pass + " is wrong"}
		}
		return nil
	}), nil
}
func (s relaySession) Reset()        {}
func (s relaySession) Logout() error { return nil }
func (s relaySession) Mail(string, *smtp.MailOptions) error {
	if s.mail != nil {
		if err := s.mail(*s.mails); err != nil {
			return err
		}
	}
	*s.mails++
	return nil
}
func (s relaySession) Rcpt(to string, _ *smtp.RcptOptions) error {
	if s.rcpt != nil {
		return s.rcpt(to)
	}
	return nil
}
func (s relaySession) Data(r io.Reader) error {
	raw, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.got = append(s.got, string(raw))
	if s.data != nil {
		return s.data(len(s.got))
	}
	return nil
}

func (r *relay) start(t testing.TB) Account {
	t.Helper()
	srv := smtp.NewServer(r)
	srv.Domain, srv.AllowInsecureAuth = "localhost", true
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{})
	go func() { defer close(done); srv.Serve(l) }()
	t.Cleanup(func() { srv.Close(); <-done })
	return Account{Name: "desk", URL: "smtp://" + l.Addr().String(), Plaintext: true, User: desk,
		Password: func() (string, error) { return secret, nil }}
}

func sender(t testing.TB, acc Account) *Sender {
	s := NewSender(acc)
	t.Cleanup(s.Close)
	return s
}

func typedOf(err error) (e *Error, ok bool) {
	ok = errors.As(err, &e)
	return e, ok
}

func kindOfErr(err error) Kind {
	e, ok := typedOf(err)
	if !ok {
		return ""
	}
	return e.Kind
}

func TestOneConnectionForManyLetters(t *testing.T) {
	r := &relay{}
	s := sender(t, r.start(t))
	for i := range 20 {
		l := compose(t, i)
		answer, err := s.Send(t.Context(), l)
		if err != nil || !strings.HasPrefix(answer, "250 ") {
			t.Fatalf("%q, %v", answer, err)
		}
		if r.got[i] != string(l.Data) {
			t.Errorf("changed on the way: %q", r.got[i])
		}
	}
	if r.sessions != 1 || r.logins != 1 {
		t.Errorf("%d connections, %d logins", r.sessions, r.logins)
	}
}

func TestRefusalsAndTheNextLetter(t *testing.T) {
	r := &relay{}
	codes := map[string]int{"tmp@pec.example.it": 450, "no@pec.example.it": 550, "busy@pec.example.it": 421, "step@pec.example.it": 503}
	r.rcpt = func(to string) error {
		if c := codes[to]; c != 0 {
			return &smtp.SMTPError{Code: c, EnhancedCode: smtp.EnhancedCode{c / 100, 1, 1}, Message: "not now"}
		}
		return nil
	}
	data := 0
	r.data = func(int) error {
		if data != 0 {
			return &smtp.SMTPError{Code: data, EnhancedCode: smtp.EnhancedCode{data / 100, 6, 0}, Message: "content"}
		}
		return nil
	}
	s := sender(t, r.start(t))
	for to, want := range map[string]Kind{"tmp@pec.example.it": Temporary, "no@pec.example.it": Permanent,
		"busy@pec.example.it": Temporary, "step@pec.example.it": Temporary} {
		l := compose(t, 1)
		l.To = to
		_, err := s.Send(t.Context(), l)
		e, ok := typedOf(err)
		if !ok || e.Kind != want || e.Stage != AtRcpt || e.Code != codes[to] || e.Enhanced != fmt.Sprintf("%d.1.1", codes[to]/100) {
			t.Errorf("%s: %+v", to, err)
		}
		if _, err := s.Send(t.Context(), compose(t, 2)); err != nil {
			t.Errorf("the letter after %s: %v", to, err)
		}
	}
	for code, want := range map[int]Kind{451: Temporary, 554: Permanent} {
		data = code
		if _, err := s.Send(t.Context(), compose(t, 3)); kindOfErr(err) != want {
			t.Errorf("%d after the dot: %v", code, err)
		}
		data = 0
		if _, err := s.Send(t.Context(), compose(t, 4)); err != nil {
			t.Error(err)
		}
	}
}

// TestSoManyLettersToAConnection: servers that take only so many say so at MAIL, with one code or another; the next goes
// over a new one at once.
func TestSoManyLettersToAConnection(t *testing.T) {
	for _, code := range []int{421, 450, 451, 452} {
		r := &relay{}
		r.mail = func(before int) error {
			if before == 2 {
				return &smtp.SMTPError{Code: code, EnhancedCode: smtp.EnhancedCode{4, 7, 0}, Message: "too many messages in this session"}
			}
			return nil
		}
		s := sender(t, r.start(t))
		for i := range 6 {
			if _, err := s.Send(t.Context(), compose(t, i)); err != nil {
				t.Errorf("%d: letter %d: %v", code, i, err)
			}
		}
		if r.sessions != 3 || len(r.got) != 6 {
			t.Errorf("%d: %d letters over %d connections", code, len(r.got), r.sessions)
		}
	}
}

// TestBarred: what a server refuses at MAIL is the account, whose every letter fares alike, and not the letter but for its
// size. Postfix keeps its refusal of a sender back until RCPT.
func TestBarred(t *testing.T) {
	for reply, want := range map[string]Kind{
		"MAIL 550 5.7.1 sender not allowed":               Barred,
		"MAIL 554 5.7.0 mailbox suspended":                Barred,
		"MAIL 550 daily limit exceeded":                   Barred,
		"MAIL 552 5.2.2 mailbox size limit exceeded":      Barred,
		"MAIL 552 limit exceeded":                         Barred,
		"MAIL 553 5.1.8 no such sender":                   Barred,
		"MAIL 452 4.5.3 too many messages":                Barred,
		"MAIL 450 4.7.1 rate limit":                       Barred,
		"MAIL 451 4.3.0 try later":                        Temporary,
		"MAIL 503 5.5.1 nested MAIL":                      Temporary,
		"MAIL 530 5.7.0 authentication required":          Login,
		"MAIL 552 5.3.4 message too big":                  Permanent,
		"MAIL 552 message size exceeds the limit":         Permanent,
		"MAIL 452 message size exceeds what is free":      Temporary,
		"RCPT 553 5.7.1 <x>: Sender address rejected: no": Barred,
		"RCPT 554 5.7.1 <y>: Recipient address rejected":  Permanent,
		"RCPT 450 4.7.1 greylisted":                       Temporary,
		"DATA 554 5.7.1 spam":                             Permanent,
		"DATA 552 5.2.2 mailbox full":                     Permanent,
	} {
		at, line, _ := strings.Cut(reply, " ")
		code, _, rest, ok := cutCode(line)
		if !ok {
			t.Fatal(reply)
		}
		enhanced, text := cutEnhanced(rest)
		e := refusalOf(code, enhanced, text)
		r := &relay{}
		switch at {
		case "MAIL":
			r.mail = func(int) error { return e }
		case "RCPT":
			r.rcpt = func(string) error { return e }
		case "DATA":
			r.data = func(int) error { return e }
		}
		_, err := sender(t, r.start(t)).Send(t.Context(), compose(t, 1))
		if got := kindOfErr(err); got != want {
			t.Errorf("%s is %s (%v), want %s", reply, got, err, want)
		}
	}
}

// refusalOf is a refusal as go-smtp's server gives it.
func refusalOf(code int, enhanced, text string) *smtp.SMTPError {
	e := &smtp.SMTPError{Code: code, EnhancedCode: smtp.NoEnhancedCode, Message: text}
	if enhanced != "" {
		fmt.Sscanf(enhanced, "%d.%d.%d", &e.EnhancedCode[0], &e.EnhancedCode[1], &e.EnhancedCode[2])
	}
	return e
}

func TestLettersThatAreNone(t *testing.T) {
	s := sender(t, Account{URL: "smtps://127.0.0.1:1", NoAuth: true})
	for name, l := range map[string]Letter{
		"injection": {From: desk, To: "a@pec.example.it>\r\nRCPT TO:<b@pec.example.it", Data: []byte("a\r\n")},
		"empty":     {From: desk, To: mario},
		"bare LF":   {From: desk, To: mario, Data: []byte("a: b\n\nc\r\n")},
		"bare CR":   {From: desk, To: mario, Data: []byte("a: b\r\n\r\nc\rd\r\n")},
		"NUL":       {From: desk, To: mario, Data: []byte("a\x00\r\n")},
		"no sender": {To: mario, Data: []byte("a\r\n")},
		"UTF-8":     {From: desk, To: "società@pec.example.it", Data: []byte("a\r\n")},
	} {
		_, err := s.Send(t.Context(), l)
		if e, _ := typedOf(err); e == nil || e.Kind != Permanent || e.Stage != AtLetter {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// script is a server that says its lines and ends the connection at a chosen place.
type script struct {
	cutAt    int               // the server's how-maniest reply is not sent any more
	cutBody  int               // bytes of the message after which it hangs up; 0: reads it all
	reply    string            // to the final dot
	silent   bool              // does not hang up but falls silent
	together bool              // offers PIPELINING
	refuse   bool              // every second letter's RCPT, and takes its DATA all the same
	ahead    map[string]string // said behind the first answer to a verb, unasked
	said     atomic.Bool       // that it was
	accepted atomic.Int32      // bodies
	letters  atomic.Int32      // those that were not empty
	conns    atomic.Int32
}

func (s *script) start(t *testing.T) Account {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	stop := make(chan struct{})
	wg.Go(func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			s.conns.Add(1)
			wg.Go(func() {
				defer c.Close()
				s.serve(c)
				if s.silent {
					<-stop
				}
			})
		}
	})
	t.Cleanup(func() { l.Close(); close(stop); wg.Wait() })
	return Account{Name: "desk", URL: "smtp://" + l.Addr().String(), Plaintext: true, NoAuth: true,
		Timeout: 300 * time.Millisecond, FinalTimeout: 300 * time.Millisecond}
}

func (s *script) serve(c net.Conn) {
	r := bufio.NewReader(c)
	n, rcpts := 0, 0
	verb := ""
	say := func(line string) bool {
		if n++; n == s.cutAt {
			return false
		}
		if extra := s.ahead[verb]; extra != "" && !s.said.Swap(true) {
			line += "\r\n" + extra
		}
		_, err := io.WriteString(c, line+"\r\n")
		return err == nil
	}
	if !say("220 here") {
		return
	}
	for {
		line, err := r.ReadString('\n')
		if err != nil {
			return
		}
		switch verb = strings.ToUpper(line[:4]); verb {
		case "EHLO":
			if s.together {
				line = "250-here\r\n250 PIPELINING"
			} else {
				line = "250 here"
			}
			if !say(line) {
				return
			}
		case "RCPT":
			line = "250 fine"
			if rcpts++; s.refuse && rcpts%2 == 1 {
				line = "550 5.1.1 nobody"
			}
			if !say(line) {
				return
			}
		case "DATA":
			if !say("354 go on") {
				return
			}
			lines, whole := s.body(r)
			if !whole {
				return
			}
			s.accepted.Add(1)
			verb = "."
			if lines > 0 {
				s.letters.Add(1)
			}
			if !say(cmp.Or(s.reply, "250 2.0.0 queued as 1")) {
				return
			}
		case "QUIT":
			say("221 bye")
			return
		default:
			if !say("250 fine") {
				return
			}
		}
	}
}

// body reads up to the final dot; it is not whole when the server hangs up before.
func (s *script) body(r *bufio.Reader) (lines int, whole bool) {
	for n := 0; ; lines++ {
		line, err := r.ReadString('\n')
		if n += len(line); err != nil || s.cutBody > 0 && n >= s.cutBody {
			return lines, false
		}
		if line == ".\r\n" {
			return lines, true
		}
	}
}

// TestCutAtEachStage: whenever the server has the letter, we must not say that it surely has not.
func TestCutAtEachStage(t *testing.T) {
	stages := []Stage{AtHello, AtHello, AtMail, AtRcpt, AtData, AtEnd} // of the first to the sixth reply
	for mode := range 4 {
		for i, stage := range stages {
			s := &script{cutAt: i + 1, silent: mode&1 != 0, together: mode&2 != 0}
			_, err := sender(t, s.start(t)).Send(t.Context(), compose(t, 1))
			e, ok := typedOf(err)
			if !ok || e.Stage != stage {
				t.Fatalf("cut at reply %d: %+v", i+1, err)
			}
			want := Unreachable
			if stage == AtEnd {
				want = Uncertain
			}
			if e.Kind != want || (s.accepted.Load() > 0) != (want == Uncertain) {
				t.Errorf("cut at reply %d: %v, accepted %d", i+1, e.Kind, s.accepted.Load())
			}
		}
	}
}

func TestCutInsideTheBody(t *testing.T) {
	l := compose(t, 1)
	l.Data = append(l.Data, []byte(strings.Repeat(strings.Repeat("x", 70)+"\r\n", 1_000_000))...) // far more than any buffer
	for _, silent := range []bool{false, true} {
		s := &script{cutBody: 10000, silent: silent}
		start := time.Now()
		_, err := sender(t, s.start(t)).Send(t.Context(), l)
		if e, _ := typedOf(err); e == nil || e.Kind != Unreachable || e.Stage != AtBody {
			t.Errorf("silent %v: %+v", silent, err)
		}
		if took := time.Since(start); took > 5*time.Second {
			t.Errorf("a server that stops reading holds us for %v", took)
		}
	}
}

func TestOddAnswersToTheFinalDot(t *testing.T) {
	for reply, want := range map[string]Kind{"250 ok": "", "451 later": Temporary, "421 closing": Temporary, "552 too big": Permanent,
		"nonsense": Uncertain, "": "", "354 what": Uncertain, "251 forwarded": Uncertain, "9999": Uncertain} {
		s := &script{reply: reply}
		if _, err := sender(t, s.start(t)).Send(t.Context(), compose(t, 1)); kindOfErr(err) != want {
			t.Errorf("%q: %v", reply, err)
		}
	}
}

func TestKeptConnectionClosedByServer(t *testing.T) {
	for _, together := range []bool{false, true} {
		testKeptConnection(t, &script{cutAt: 7, together: together}) // the second letter's MAIL gets no reply
	}
}

func testKeptConnection(t *testing.T, s *script) {
	t.Helper()
	snd := sender(t, s.start(t))
	for range 2 {
		if _, err := snd.Send(t.Context(), compose(t, 1)); err != nil {
			t.Fatal(err)
		}
	}
	if s.conns.Load() != 2 || s.accepted.Load() != 2 {
		t.Errorf("%d connections, %d letters", s.conns.Load(), s.accepted.Load())
	}
}

func TestContextEndsALetter(t *testing.T) {
	s := &script{cutAt: 6, silent: true}
	acc := s.start(t)
	acc.FinalTimeout = time.Hour
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		for s.accepted.Load() == 0 {
			time.Sleep(time.Millisecond)
		}
		cancel()
	}()
	if _, err := sender(t, acc).Send(ctx, compose(t, 1)); kindOfErr(err) != Uncertain {
		t.Errorf("got %v", err)
	}
}

func TestIdleConnectionIsClosed(t *testing.T) {
	r := &relay{}
	acc := r.start(t)
	acc.Idle = 10 * time.Millisecond
	s := sender(t, acc)
	if _, err := s.Send(t.Context(), compose(t, 1)); err != nil {
		t.Fatal(err)
	}
	closed := func() bool { s.mu.Lock(); defer s.mu.Unlock(); return s.wire == nil }
	for end := time.Now().Add(5 * time.Second); !closed(); time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("still open")
		}
	}
	if _, err := s.Send(t.Context(), compose(t, 2)); err != nil || r.sessions != 2 {
		t.Errorf("%v, %d connections", err, r.sessions)
	}
}

// BenchmarkSend measures letters a second over the loopback into go-smtp's server.
func BenchmarkSend(b *testing.B) {
	for _, conns := range []int{1, 4} {
		b.Run(fmt.Sprint(conns), func(b *testing.B) {
			r := &relay{}
			p := NewPool(r.start(b), conns)
			defer p.Close()
			l := compose(b, 1)
			b.ReportAllocs()
			var wg sync.WaitGroup
			work := make(chan struct{})
			var failed atomic.Pointer[error]
			b.ResetTimer()
			for range conns {
				wg.Go(func() {
					for range work {
						if _, err := p.Send(context.Background(), l); err != nil {
							failed.Store(&err)
						}
					}
				})
			}
			for range b.N {
				work <- struct{}{}
			}
			close(work)
			wg.Wait()
			if err := failed.Load(); err != nil {
				b.Fatal(*err)
			}
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "letters/s")
		})
	}
}
