package submit

import (
	"bytes"
	"cmp"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/url"
	"regexp"
	"strings"
	"time"

	"github.com/emersion/go-smtp"
)

// Account is the submission server of one mailbox. Zero values mean the defaults named beside the fields.
type Account struct {
	Name      string                 // in errors
	URL       string                 // smtps://host:port (TLS) or smtp://host:port (STARTTLS is demanded)
	User      string                 //
	Password  func() (string, error) // asked for at every login
	TLS       *tls.Config            // roots and so on; nil: the system's
	Plaintext bool                   // smtp:// without STARTTLS; refused beyond the loopback
	NoAuth    bool                   // a relay that offers no AUTH

	Timeout      time.Duration // of each read and write: 60 s
	FinalTimeout time.Duration // of the answer to the final dot, which may follow a virus scan: 10 min (RFC 5321 §4.5.3.2.6)
	Idle         time.Duration // an unused connection is closed after it: 30 s
}

// Letter is one message for one recipient.
type Letter struct {
	From string // envelope sender; a PEC provider wants the mailbox itself
	To   string
	Data []byte // the complete message, CRLF line ends
}

// Kind says what is known of a letter that got no positive answer.
type Kind string

const (
	Temporary   Kind = "temporary"   // refused for now (4xx), or a fault nobody understands: not accepted, try again
	Permanent   Kind = "permanent"   // refused for good by a typed 5xx, or no letter at all: a person must see it
	Uncertain   Kind = "uncertain"   // perhaps accepted: never again before it is proved that it was not
	Login       Kind = "login"       // the server refuses us, not the letter: stop, and try slowly
	Barred      Kind = "barred"      // the server takes no letter of ours, whatever is in it: the mailbox is suspended, over its limit, not allowed
	Unreachable Kind = "unreachable" // no connection, or lost before the end of the message: not accepted, try again
)

// Stage is how far a letter had come.
type Stage string

// The stages in their order.
const (
	AtLetter  Stage = "letter" // before any connection: it is no letter
	AtConnect Stage = "connect"
	AtHello   Stage = "hello" // greeting, STARTTLS, EHLO
	AtLogin   Stage = "login"
	AtMail    Stage = "mail"
	AtRcpt    Stage = "rcpt"
	AtData    Stage = "data"
	AtBody    Stage = "body"
	AtEnd     Stage = "end" // from the final dot to its answer
)

// Error is what Send returns when the server did not say that it has the letter.
type Error struct {
	Kind     Kind
	Stage    Stage
	Code     int    // SMTP reply code; 0: there was no reply
	Enhanced string // RFC 3463, as "5.1.1"; may be empty
	Text     string // the server's words, or what happened
}

func (e *Error) Error() string {
	s := fmt.Sprintf("submit: %s: ", e.Stage)
	if e.Code != 0 {
		s += fmt.Sprintf("%d ", e.Code)
	}
	if e.Enhanced != "" {
		s += e.Enhanced + " "
	}
	return s + e.Text
}

// typed makes an Error of what go-smtp returned at the stage.
func typed(stage Stage, err error) *Error {
	e := &Error{Stage: stage, Kind: Temporary, Text: err.Error()}
	var reply *smtp.SMTPError
	if !errors.As(err, &reply) {
		e.Kind = Unreachable
		if stage == AtEnd {
			e.Kind = Uncertain
		}
		return e
	}
	enhanced := ""
	if v := reply.EnhancedCode; v != smtp.NoEnhancedCode && v != smtp.EnhancedCodeNotSet {
		enhanced = fmt.Sprintf("%d.%d.%d", v[0], v[1], v[2])
	}
	return refusalAt(stage, reply.Code, enhanced, reply.Message)
}

// refusalAt makes an Error of a server's reply.
func refusalAt(stage Stage, code int, enhanced, text string) *Error {
	e := &Error{Stage: stage, Code: code, Enhanced: enhanced, Text: text}
	if e.Kind = kindOf(stage, code); e.bars() {
		e.Kind = Barred
	}
	return e
}

// bars reports whether a refusal would be that of any other letter too. MAIL says nothing of a letter but its size, so what
// is refused there for good is the account; of what is refused for now, its limits (452; RFC 3463 X.7.x: a policy) are.
// Postfix keeps the refusal of a sender back until RCPT, and calls it so.
func (e *Error) bars() bool {
	permanent, temporary := e.Kind == Permanent, e.Kind == Temporary
	switch {
	case e.Stage == AtRcpt:
		return permanent && strings.Contains(e.Text, "Sender address rejected")
	case e.Stage != AtMail || e.ofSize():
		return false
	}
	return permanent || temporary && (e.Code == 452 || strings.HasPrefix(e.Enhanced, "4.7."))
}

// sizes are the words with which a server refuses a letter as too large, where it gives no enhanced code.
var sizes = regexp.MustCompile(`(?i)\b(size|large|big|dimension[ei])\b`)

// ofSize reports whether a letter is refused for its size (RFC 1870 §6, RFC 3463 §3.3 and §3.4).
func (e *Error) ofSize() bool {
	switch e.Enhanced {
	case "5.2.3", "5.3.4", "4.3.4":
		return true
	}
	return e.Enhanced == "" && (e.Code == 552 || e.Code == 452) && sizes.MatchString(e.Text)
}

// kindOf reads a reply code. Before MAIL it is about us, not about the letter.
func kindOf(stage Stage, code int) Kind {
	switch {
	case code == 530 || code == 535 || stage == AtLogin && code >= 500 && code <= 599:
		return Login // RFC 4954 §6
	case stage == AtConnect || stage == AtHello:
		return Unreachable
	case code == 503: // commands out of step: the connection's fault
		return Temporary
	case code >= 500 && code <= 599:
		return Permanent
	case code >= 400 && code <= 499 || stage != AtEnd:
		return Temporary
	}
	return Uncertain // an answer to the final dot that is none
}

func (a Account) withDefaults() Account {
	a.Timeout = cmp.Or(a.Timeout, 60*time.Second)
	a.FinalTimeout = cmp.Or(a.FinalTimeout, 10*time.Minute)
	a.Idle = cmp.Or(a.Idle, 30*time.Second)
	return a
}

// endpoint is a parsed Account.URL.
type endpoint struct {
	host, addr string
	implicit   bool // TLS from the first byte
	startTLS   bool
}

// Check reports what is wrong with the account, without any network.
func (a Account) Check() error {
	if _, err := a.endpoint(); err != nil {
		return err
	}
	if !a.NoAuth && (a.User == "" || a.Password == nil) {
		return fmt.Errorf("submit %s: user and password are needed, or a relay without AUTH", a.Name)
	}
	return nil
}

func (a Account) endpoint() (endpoint, error) {
	u, err := url.Parse(a.URL)
	if err != nil || u.Hostname() == "" || u.User != nil || (u.Path != "" && u.Path != "/") || u.RawQuery != "" {
		return endpoint{}, fmt.Errorf("submit %s: the server's address is smtps://host:port or smtp://host:port", a.Name)
	}
	e := endpoint{host: u.Hostname()}
	port := u.Port()
	switch u.Scheme {
	case "smtps":
		e.implicit, port = true, cmp.Or(port, "465")
	case "smtp":
		e.startTLS, port = !a.Plaintext, cmp.Or(port, "587")
	default:
		return endpoint{}, fmt.Errorf("submit %s: scheme %q: it is smtps or smtp", a.Name, u.Scheme)
	}
	if a.Plaintext && e.implicit {
		return endpoint{}, fmt.Errorf("submit %s: plaintext with smtps:// is a contradiction", a.Name)
	}
	if ip := net.ParseIP(e.host); a.Plaintext && e.host != "localhost" && (ip == nil || !ip.IsLoopback()) {
		return endpoint{}, fmt.Errorf("submit %s: plaintext is for the loopback only, not for %s: use smtps://", a.Name, e.host)
	}
	e.addr = net.JoinHostPort(e.host, port)
	return e, nil
}

// check refuses what is no letter before anybody is asked: what a server would make of it is not foreseeable.
func (l Letter) check() error {
	for _, addr := range []string{l.From, l.To} {
		if !validAddress(addr) {
			return fmt.Errorf("address %q cannot be sent to or from", addr)
		}
	}
	if len(l.Data) == 0 {
		return errors.New("empty letter")
	}
	if bytes.IndexByte(l.Data, 0) >= 0 {
		return errors.New("NUL in the letter")
	}
	if n := bytes.Count(l.Data, []byte("\r\n")); n != bytes.Count(l.Data, []byte("\n")) || n != bytes.Count(l.Data, []byte("\r")) {
		return errors.New("letter with line ends other than CRLF")
	}
	return nil
}

// validAddress accepts what fits between the angle brackets of MAIL and RCPT without any quoting.
func validAddress(addr string) bool {
	local, domain, ok := strings.Cut(addr, "@")
	if !ok || local == "" || domain == "" || len(addr) > 254 || strings.Contains(domain, "@") {
		return false
	}
	for _, c := range []byte(addr) {
		if c <= ' ' || c >= 0x7f || strings.IndexByte(`<>()[]\,;:"`, c) >= 0 {
			return false
		}
	}
	return true
}
