package mailbox

import (
	"cmp"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/url"
	"time"
)

// Account is one folder of one user and how it is read. Zero values mean the defaults named beside the fields.
type Account struct {
	Name      string                 // in logs and errors
	URL       string                 // imaps://host:port (TLS) or imap://host:port (STARTTLS is demanded)
	User      string                 //
	Password  func() (string, error) // asked for at every login, so that a changed file is enough
	Folder    string                 // INBOX
	TLS       *tls.Config            // roots and so on; nil: the system's
	Plaintext bool                   // imap:// without STARTTLS; refused beyond the loopback

	Timeout    time.Duration // of each read and write while something is expected: 60 s
	Poll       time.Duration // between looks, when the server has no IDLE: 60 s
	Renew      time.Duration // IDLE ends and the folder is looked at after it: a minute. IDLE is only a hint, and an announcement may be lost
	Reopen     time.Duration // the folder is opened anew after it: 10 min. Some servers show one that was renamed for ever
	Eager      time.Duration // a NOOP this often instead of IDLE: 50 ms on the loopback, else never. Negative: never
	RetryMin   time.Duration // first pause after a failure, doubled at each further one: 1 s
	RetryMax   time.Duration // longest pause: 5 min
	LoginRetry time.Duration // after a refused login: 15 min. Providers lock accounts that try again and again
	GiveUp     time.Duration // before ErrUnfetchable: 30 min. The messages behind are read meanwhile

	Spool      string // folder for large messages while they are handled: the system's temporary folder
	SpoolOver  int64  // larger messages go there, smaller to memory: 4 MiB
	MaxSize    int64  // larger messages are not fetched but handed over with ErrOversized: 100 MB
	BatchCount int    // messages in a batch: 96
	BatchBytes int64  // bytes that close a batch: 4 MiB

	room int64 // bytes of an answer without bodies: answerBytes; tests take less

	SinceMode SinceMode // what of an unknown folder is read: SinceAll
	Since     time.Time // for SinceDate; with SinceNow it is the first start, used when UIDVALIDITY changes later
}

// SinceMode says where reading begins in a folder that was never read.
type SinceMode string

const (
	SinceAll  SinceMode = ""     // the first message
	SinceNow  SinceMode = "now"  // the first that arrives after the first connection
	SinceDate SinceMode = "date" // the first whose delivery (INTERNALDATE) is not before Account.Since
)

// Cursor is the last message of which we know that it and everything before it is settled. UIDs count only inside one
// UIDVALIDITY (RFC 9051 §2.3.1.1). The zero Cursor is a folder never read.
type Cursor struct{ UIDValidity, UID uint32 }

// Message is one message of the folder. Body is nil when Err is set.
type Message struct {
	UIDValidity, UID uint32
	Delivered        time.Time // INTERNALDATE; zero when the server did not say
	Size             int64     // bytes of the body; with Err, what the server lists
	Body             *Body     // belongs to the Sink until Store returns, and no longer
	Err              error     // one of the errors below, wrapped
}

// Why a message is handed over without its bytes.
var (
	ErrOversized   = errors.New("message larger than the limit")
	ErrEmpty       = errors.New("server gives an empty message")
	ErrMissing     = errors.New("server lists the message but does not give it")
	ErrUnfetchable = errors.New("connection ends whenever the message is fetched")
)

// ErrLogin is a login that the server refused; what Observer.LoginRefused and Try return wraps it.
var ErrLogin = errors.New("login refused")

// Sink keeps messages. Store returns nil only when the batch and the cursor are durable; it is called by one goroutine,
// in order, while the next batch is already being read. A batch may be empty (a cursor alone), and after a fault may
// hold messages beyond next: those come again. An error ends Run.
type Sink interface {
	Store(ctx context.Context, batch []Message, next Cursor) error
}

// Observer is told what happens. Every field may be nil; calls come from Run's goroutine and must not block.
type Observer struct {
	Connected    func()                               // logged in, folder open
	CaughtUp     func(at time.Time)                   // everything that was in the folder at that instant is stored
	LoginRefused func(err error)                      // the next attempt comes after LoginRetry
	Unreachable  func(err error)                      // every failed or lost connection; the next attempt comes by itself
	NewValidity  func(old, new uint32)                // the folder was made anew (old and new alike: put back from a backup) and is read again
	Missing      func(uids []uint32)                  // handed over with ErrMissing, ErrEmpty or ErrUnfetchable
	Expunged     func(uids []uint32)                  // listed, then removed by somebody before we had them
	Quota        func(used, limit int64, unit string) // of the fullest limit, in "KiB" or "messages", where the server has QUOTA; 0 of 0: none
}

// Known is a message that the Sink has.
type Known struct {
	UID       uint32
	Delivered time.Time
}

// Poller reads one account's folder into a Sink.
type Poller struct {
	Account  Account
	Sink     Sink
	Observer Observer
	Known    []Known      // the last messages before the cursor: by them a folder that was put back from a backup is noticed
	Log      *slog.Logger // nil: silent

	kick  kick
	again kick
}

// Kick makes the folder be looked at at once. It does not shorten the pause after a failure: a provider locks the account
// of one that logs in again and again.
func (p *Poller) Kick() { p.kick.now() }

// Retry ends the pause after a failure, a refused login's too: a person has mended what was wrong.
func (p *Poller) Retry() { p.again.now() }

// Try connects, logs in, opens the folder and says what went wrong, for a check of the configuration.
func (a Account) Try(ctx context.Context) error {
	if err := a.Check(); err != nil {
		return err
	}
	s, err := open(ctx, a.withDefaults())
	if err != nil {
		return fmt.Errorf("mailbox %s: %w", a.Name, err)
	}
	s.close()
	return nil
}

// Defaults of an [Account] that its operator may well want to know.
const (
	DefaultPoll    = 60 * time.Second
	DefaultRenew   = time.Minute
	DefaultMaxSize = 100_000_000
)

// withDefaults fills in what was left zero.
func (a Account) withDefaults() Account {
	a.Folder = cmp.Or(a.Folder, "INBOX")
	a.Timeout = cmp.Or(a.Timeout, 60*time.Second)
	a.Poll = cmp.Or(a.Poll, DefaultPoll)
	a.Renew = cmp.Or(a.Renew, DefaultRenew)
	a.Reopen = cmp.Or(a.Reopen, 10*time.Minute)
	if e, err := a.endpoint(); err == nil && a.Eager == 0 && loopback(e.host) {
		a.Eager = 50 * time.Millisecond
	}
	a.RetryMin = cmp.Or(a.RetryMin, time.Second)
	a.RetryMax = cmp.Or(a.RetryMax, 5*time.Minute)
	a.LoginRetry = cmp.Or(a.LoginRetry, 15*time.Minute)
	a.GiveUp = cmp.Or(a.GiveUp, 30*time.Minute)
	a.SpoolOver = cmp.Or(a.SpoolOver, 4<<20)
	a.MaxSize = cmp.Or(a.MaxSize, DefaultMaxSize)
	a.BatchCount = cmp.Or(a.BatchCount, 96)
	a.BatchBytes = cmp.Or(a.BatchBytes, 4<<20)
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
	_, err := a.endpoint()
	switch {
	case err != nil:
		return err
	case a.User == "" || a.Password == nil:
		return fmt.Errorf("mailbox %s: user and password are needed", a.Name)
	case a.SinceMode == SinceDate && a.Since.IsZero():
		return fmt.Errorf("mailbox %s: since a date, but which is not said", a.Name)
	case a.SinceMode != SinceAll && a.SinceMode != SinceNow && a.SinceMode != SinceDate:
		return fmt.Errorf("mailbox %s: since %q: it is %q, %q or nothing", a.Name, a.SinceMode, SinceNow, SinceDate)
	}
	return nil
}

func (a Account) endpoint() (endpoint, error) {
	u, err := url.Parse(a.URL)
	if err != nil || u.Hostname() == "" || u.User != nil || (u.Path != "" && u.Path != "/") || u.RawQuery != "" {
		return endpoint{}, fmt.Errorf("mailbox %s: the server's address is imaps://host:port or imap://host:port", a.Name)
	}
	e := endpoint{host: u.Hostname()}
	port := u.Port()
	switch u.Scheme {
	case "imaps":
		e.implicit, port = true, cmp.Or(port, "993")
	case "imap":
		e.startTLS, port = !a.Plaintext, cmp.Or(port, "143")
	default:
		return endpoint{}, fmt.Errorf("mailbox %s: scheme %q: it is imaps or imap", a.Name, u.Scheme)
	}
	if a.Plaintext && e.implicit {
		return endpoint{}, fmt.Errorf("mailbox %s: plaintext with imaps:// is a contradiction", a.Name)
	}
	if a.Plaintext && !loopback(e.host) {
		return endpoint{}, fmt.Errorf("mailbox %s: plaintext is for the loopback only, not for %s: use imaps://", a.Name, e.host)
	}
	e.addr = net.JoinHostPort(e.host, port)
	return e, nil
}

func loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

var _ io.ReaderAt = (*Body)(nil)
