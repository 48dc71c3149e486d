package pectest

import (
	"bytes"
	"crypto/tls"
	"fmt"
	"log/slog"
	"net"
	"net/mail"
	"strings"
	"sync"
	"time"

	"github.com/emersion/go-smtp"
)

// Letter is a message given to the server.
type Letter struct {
	From, To  string   // envelope sender and first recipient
	Rcpts     []string // every recipient
	User      string   // who logged in; "" when the server asks for no login
	Attempt   int      // 1 for the first transaction with this sender and recipient, 2 for the next …
	MessageID string   // with angle brackets, from here on only once accepted
	Subject   string
	Raw       []byte
	At        time.Time
	Kind      string // Accettazione, or NonAccettazione when the provider refused it formally
}

// Cut is where the server drops the connection.
type Cut int

// Places to drop the connection.
const (
	CutNone       Cut = iota
	CutBeforeData     // at RCPT
	CutDuringData     // after some of the message has been read
	CutAfterTaken     // whole message read and accepted, receipts go out, no reply
	CutAfterLost      // whole message read and forgotten, no reply
)

// Receipts says which receipts follow an accepted letter.
type Receipts int

// Sets of receipts.
const (
	ReceiptsNormal     Receipts = iota // accettazione, avvenuta-consegna
	ReceiptsNone                       // the letter is taken and nothing is ever said
	ReceiptsAccepted                   // accettazione only
	ReceiptsRefused                    // non-accettazione
	ReceiptsFailed                     // accettazione, errore-consegna
	ReceiptsWarned                     // accettazione, preavviso-errore-consegna
	ReceiptsWarnFailed                 // accettazione, preavviso-errore-consegna, errore-consegna
	ReceiptsWarnDone                   // accettazione, preavviso-errore-consegna, avvenuta-consegna
	ReceiptsVirus                      // accettazione, rilevazione-virus
	ReceiptsTwice                      // every receipt of ReceiptsNormal two times
)

var receiptSets = map[Receipts][]string{
	ReceiptsNormal:     {Accettazione, AvvenutaConsegna},
	ReceiptsNone:       {},
	ReceiptsAccepted:   {Accettazione},
	ReceiptsRefused:    {NonAccettazione},
	ReceiptsFailed:     {Accettazione, ErroreConsegna},
	ReceiptsWarned:     {Accettazione, Preavviso},
	ReceiptsWarnFailed: {Accettazione, Preavviso, ErroreConsegna},
	ReceiptsWarnDone:   {Accettazione, Preavviso, AvvenutaConsegna},
	ReceiptsVirus:      {Accettazione, RilevazioneVirus},
	ReceiptsTwice:      {Accettazione, Accettazione, AvvenutaConsegna, AvvenutaConsegna},
}

// Behaviour is what the server does with one letter. The zero value is a
// provider in good health.
type Behaviour struct {
	Cut      Cut
	Receipts Receipts
	Late     time.Duration // wait before the receipts are delivered
	// Refuse answers with this instead of accepting, after DATA or, AtRcpt, at
	// the recipient.
	Refuse *smtp.SMTPError
	AtRcpt bool
}

// Temporary and Permanent are refusals for [Behaviour.Refuse].
var (
	Temporary = &smtp.SMTPError{Code: 451, EnhancedCode: smtp.EnhancedCode{4, 3, 0}, Message: "try again later"}
	Permanent = &smtp.SMTPError{Code: 554, EnhancedCode: smtp.EnhancedCode{5, 7, 1}, Message: "message refused"}
)

// ServerOptions describes a submission server. The zero value is a plaintext
// server on a free loopback port that asks for no login.
type ServerOptions struct {
	Listen string // default 127.0.0.1:0
	// TLS is "implicit", "starttls" or "" (plaintext).
	TLS string
	// Users are the accounts and passwords; nil: AUTH is not offered. An
	// account may only send from its own address, as providers demand.
	Users map[string]string
	// Deliver puts a receipt into a mailbox. Calls come one at a time; the
	// receipts of a letter in their order.
	Deliver func(mailbox string, raw []byte, at time.Time) error
	// Behave is asked once per letter, at its first recipient, when Raw and
	// what comes from it are still empty. nil: everything works.
	Behave func(Letter) Behaviour
	// Forward also delivers the transport envelope to each recipient.
	Forward bool
	// ProviderOf names the provider that serves a recipient and signs its
	// delivery receipt, nil for ordinary mail, whose delivery nobody certifies.
	// Without it this provider serves everybody.
	ProviderOf func(address string) *Provider
	Now        func() time.Time // default time.Now
	MaxBytes   int64            // default 30 MiB
	Log        *slog.Logger     // default: silent
}

// Server is the provider's submission server.
type Server struct {
	Addr string // host:port it listens on

	provider *Provider
	opt      ServerOptions
	smtp     *smtp.Server
	listener net.Listener
	cert     *Identity // of TLS
	post     *postman
	done     chan struct{}

	mu       sync.Mutex
	behave   func(Letter) Behaviour
	bar      *smtp.SMTPError
	barred   int
	letters  []Letter
	attempts map[string]int
	refused  int // logins
	logins   int
}

// Serve starts a submission server; Close ends it.
func (p *Provider) Serve(opt ServerOptions) (*Server, error) {
	if opt.Listen == "" {
		opt.Listen = "127.0.0.1:0"
	}
	if opt.Now == nil {
		opt.Now = time.Now
	}
	if opt.MaxBytes == 0 {
		opt.MaxBytes = 30 << 20
	}
	if opt.Log == nil {
		opt.Log = slog.New(slog.DiscardHandler)
	}
	s := &Server{provider: p, opt: opt, behave: opt.Behave, attempts: map[string]int{}, done: make(chan struct{})}
	s.smtp = smtp.NewServer(smtp.BackendFunc(s.session))
	s.smtp.Domain = "smtp." + p.host()
	s.smtp.AllowInsecureAuth = true // loopback only
	s.smtp.MaxMessageBytes = opt.MaxBytes
	s.smtp.MaxRecipients = 500
	s.smtp.EnableSMTPUTF8 = true
	s.smtp.ReadTimeout, s.smtp.WriteTimeout = 2*time.Minute, 2*time.Minute
	s.smtp.ErrorLog = slog.NewLogLogger(opt.Log.Handler(), slog.LevelDebug)
	var err error
	if s.listener, err = s.listen(); err != nil {
		return nil, err
	}
	s.Addr = s.listener.Addr().String()
	s.post = newPostman(opt.Deliver, opt.Log)
	go func() {
		defer close(s.done)
		s.smtp.Serve(s.listener) // returns when Close closes the listener
	}()
	return s, nil
}

// listen opens the port, with a certificate of its own making for TLS.
func (s *Server) listen() (net.Listener, error) {
	l, err := net.Listen("tcp", s.opt.Listen)
	if err != nil {
		return nil, fmt.Errorf("pectest: listen: %w", err)
	}
	if s.opt.TLS == "" {
		return l, nil
	}
	s.cert, err = ServerCertificate("smtp."+s.provider.host(), "localhost", "127.0.0.1")
	if err != nil {
		l.Close()
		return nil, err
	}
	s.smtp.TLSConfig = &tls.Config{Certificates: []tls.Certificate{s.cert.TLS()}, MinVersion: tls.VersionTLS12}
	switch s.opt.TLS {
	case "implicit":
		return tls.NewListener(l, s.smtp.TLSConfig), nil
	case "starttls":
		return l, nil
	}
	l.Close()
	return nil, fmt.Errorf("pectest: TLS %q: want implicit, starttls or nothing", s.opt.TLS)
}

// CertificatePEM is the server's certificate for a client to trust; nil without TLS.
func (s *Server) CertificatePEM() []byte {
	if s.cert == nil {
		return nil
	}
	return certificatePEM(s.cert.Cert)
}

// SetBehave changes what happens to the letters that come from now on.
func (s *Server) SetBehave(f func(Letter) Behaviour) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.behave = f
}

// Bar makes the server answer MAIL so from now on, whatever the letter, as
// providers do whose mailbox is suspended or over its limit; nil: no more.
func (s *Server) Bar(answer *smtp.SMTPError) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.bar = answer
}

// Barred counts the letters that were so refused.
func (s *Server) Barred() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.barred
}

// atBar refuses a letter while there is a bar.
func (s *Server) atBar() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.bar == nil {
		return nil
	}
	s.barred++
	return s.bar
}

// Letters returns every letter accepted, in order. A letter formally refused by
// a non-accettazione is among them, with that Kind.
func (s *Server) Letters() []Letter {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]Letter(nil), s.letters...)
}

// Logins counts the logins that worked and those refused.
func (s *Server) Logins() (accepted, refused int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.logins, s.refused
}

// Settle waits until every receipt due now has been delivered. Late receipts
// not yet due are not waited for.
func (s *Server) Settle() { s.post.settle() }

// Close ends the server and its connections at once. Receipts already due are
// delivered first; late ones are dropped.
func (s *Server) Close() error {
	err := s.smtp.Close()
	s.listener.Close() // go-smtp knows it only once its Serve has begun
	<-s.done
	s.post.close()
	return err
}

// accept records a letter and posts its receipts.
func (s *Server) accept(l Letter, b Behaviour) {
	l.At = s.opt.Now()
	m := messageOf(l)
	l.MessageID, l.Subject = m.MessageID, m.Subject
	kinds := receiptSets[b.Receipts]
	problem := formalProblem(l)
	l.Kind = Accettazione
	if problem != "" || b.Receipts == ReceiptsRefused {
		l.Kind, kinds = NonAccettazione, []string{NonAccettazione}
	}
	s.mu.Lock()
	s.letters = append(s.letters, l)
	s.mu.Unlock()
	s.post.after(b.Late, func() []item { return s.items(l, m, kinds, problem) })
}

// items makes the receipts of a letter, and its envelope when it is forwarded.
func (s *Server) items(l Letter, m Message, kinds []string, problem string) []item {
	at := s.opt.Now()
	m.Date = at
	id := s.provider.identifier(at)
	var out []item
	add := func(mailbox string, raw []byte) { out = append(out, item{mailbox, raw, at}) }
	if s.opt.Forward && l.Kind == Accettazione {
		for _, to := range l.Rcpts {
			add(to, s.provider.Transport(m, Identified(id)))
		}
	}
	for _, kind := range kinds {
		switch kind {
		case Accettazione:
			add(l.From, s.provider.Receipt(kind, m, Identified(id)))
		case NonAccettazione:
			v := []Variation{Identified(id)}
			if problem != "" {
				v = append(v, Because("altro", problem))
			}
			add(l.From, s.provider.Receipt(kind, m, v...))
		default:
			for _, to := range l.Rcpts {
				by := s.provider
				if s.opt.ProviderOf != nil && kind == AvvenutaConsegna {
					if by = s.opt.ProviderOf(to); by == nil {
						continue
					}
				}
				add(l.From, by.Receipt(kind, m, Identified(id), For(to), Form(receiptForm(l.Raw))))
			}
		}
	}
	return out
}

// messageOf reads what the receipts need from a letter's header.
func messageOf(l Letter) Message {
	m := Message{From: l.From, Raw: l.Raw}
	for _, to := range l.Rcpts {
		m.Recipients = append(m.Recipients, Recipient{Address: to})
	}
	head, err := mail.ReadMessage(bytes.NewReader(l.Raw))
	if err != nil {
		return m
	}
	m.To = head.Header.Get("To")
	m.MessageID = head.Header.Get("Message-ID")
	m.Subject = decodeWord(head.Header.Get("Subject"))
	return m
}

// receiptForm is the kind of delivery receipt the letter asks for.
func receiptForm(raw []byte) string {
	head, err := mail.ReadMessage(bytes.NewReader(raw))
	if err != nil {
		return "completa"
	}
	switch f := strings.ToLower(head.Header.Get("X-TipoRicevuta")); f {
	case "breve", "sintetica":
		return f
	}
	return "completa"
}

// formalProblem is why a provider would not accept the letter (RFC 6109
// §3.1.1), or "".
func formalProblem(l Letter) string {
	head, err := mail.ReadMessage(bytes.NewReader(l.Raw))
	if err != nil {
		return "5.6.0 - messaggio non leggibile"
	}
	from, err := mail.ParseAddressList(head.Header.Get("From"))
	switch {
	case err != nil || len(from) != 1:
		return "5.6.0 - il campo From deve contenere un solo indirizzo"
	case !strings.EqualFold(from[0].Address, l.From):
		return "5.1.7 - il campo From non corrisponde al mittente della busta"
	case head.Header.Get("Bcc") != "":
		return "5.6.0 - destinatari in copia nascosta non ammessi"
	case head.Header.Get("To") == "":
		return "5.6.0 - manca il campo To"
	}
	return ""
}
