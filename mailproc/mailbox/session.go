package mailbox

import (
	"cmp"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"
	"github.com/emersion/go-sasl"
)

// session is one connection, logged in, with the folder open read-only.
type session struct {
	acc    Account
	raw    *conn
	client *imapclient.Client
	news   kick // the server spoke of the folder
	noIdle bool
	strays int      // bodies that nobody asked for
	shown  []string // at the log-in, in the forms that it may be repeated in
	stop   func() bool

	validity, uidNext uint32
	opened            time.Time     // the folder
	exists            atomic.Uint32 // messages in it, by what the server said last
	calm              time.Duration // length of the next IDLE
}

// open connects, logs in and opens the folder. The connection ends with ctx.
func open(ctx context.Context, acc Account) (*session, error) {
	e, err := acc.endpoint()
	if err != nil {
		return nil, err
	}
	conf := tlsConfig(acc.TLS, e.host)
	raw, top, err := dial(ctx, e, conf, acc.Timeout)
	if err != nil {
		return nil, err
	}
	raw.room = cmp.Or(acc.room, answerBytes)
	s := &session{acc: acc, raw: raw}
	s.stop = context.AfterFunc(ctx, func() { raw.Conn.Close() })
	options := &imapclient.Options{TLSConfig: conf, UnilateralDataHandler: &imapclient.UnilateralDataHandler{
		// Called inside the library's reader: they may only leave word. Some servers say at every NOOP how many messages there
		// are, or which flags: that is no news.
		Mailbox: func(m *imapclient.UnilateralDataMailbox) {
			if n := m.NumMessages; n != nil && s.exists.Swap(*n) != *n {
				s.news.now()
			}
		},
		Expunge: func(uint32) { s.exists.Add(^uint32(0)) },
	}}
	if e.startTLS {
		if s.client, err = imapclient.NewStartTLS(top, options); err != nil {
			s.stop()
			return nil, fmt.Errorf("STARTTLS: %w", err)
		}
	} else {
		s.client = imapclient.New(top, options)
	}
	if err := s.begin(); err != nil {
		s.close()
		return nil, s.hide(err)
	}
	return s, nil
}

func (s *session) begin() error {
	if err := s.client.WaitGreeting(); err != nil {
		return fmt.Errorf("greeting: %w", err)
	}
	if e, _ := s.acc.endpoint(); e.startTLS { // what was said before TLS anybody may have said (RFC 9051 §6.2.1)
		if _, err := s.client.Capability().Wait(); err != nil {
			return fmt.Errorf("capabilities: %w", err)
		}
	}
	if err := s.login(); err != nil {
		return err
	}
	return s.examine()
}

// examine opens the folder, or opens it anew. A session goes on showing the folder that it has opened, and nothing else: in
// Dovecot one that was renamed looks like one to which no messages come any more.
func (s *session) examine() error {
	s.raw.expect(s.acc.Timeout)
	box, err := s.client.Select(s.acc.Folder, &imap.SelectOptions{ReadOnly: true}).Wait()
	if statusError(err) {
		return fmt.Errorf("open folder %s: %w%s", s.acc.Folder, err, s.folders())
	}
	if err != nil {
		return fmt.Errorf("open folder %s: %w", s.acc.Folder, err)
	}
	if box.UIDValidity == 0 {
		return fmt.Errorf("open folder %s: server gives no UIDVALIDITY: messages have no lasting numbers there", s.acc.Folder)
	}
	s.validity, s.uidNext, s.opened = box.UIDValidity, uint32(box.UIDNext), time.Now()
	s.exists.Store(box.NumMessages)
	s.raw.expect(0)
	return nil
}

// folders names the first of those that there are, for who has configured one that is not: its name may want the server's
// prefix, as INBOX.Richieste (RFC 2342).
func (s *session) folders() string {
	all, err := s.client.List("", "*", nil).Collect()
	if err != nil || len(all) == 0 {
		return ""
	}
	var names []string
	for _, f := range all[:min(len(all), 20)] {
		names = append(names, f.Mailbox)
	}
	return "; the server has " + strings.Join(names, ", ")
}

// login asks for the password and shows it once.
func (s *session) login() error {
	if s.client.State() == imap.ConnStateAuthenticated { // PREAUTH
		return nil
	}
	caps := s.client.Caps()
	if caps.Has(imap.CapLoginDisabled) && !caps.Has("AUTH=PLAIN") && !caps.Has("AUTH=LOGIN") {
		return errors.New("log in: the server offers no login with a password here (LOGINDISABLED): over imap:// with plaintext it wants TLS, else another port")
	}
	password, err := s.acc.Password()
	if err != nil {
		return fmt.Errorf("password of %s: %w", s.acc.User, err)
	}
	s.shown = formsOf(s.acc.User, password)
	switch {
	case caps.Has("AUTH=PLAIN"):
		err = s.client.Authenticate(sasl.NewPlainClient("", s.acc.User, password))
	case caps.Has(imap.CapLoginDisabled): // the command only, not the mechanism of the same name
		err = s.client.Authenticate(&authLogin{answers: []string{s.acc.User, password}})
	default:
		err = s.client.Login(s.acc.User, password).Wait()
	}
	if err == nil {
		return nil
	}
	var status *imap.Error
	if errors.As(err, &status) && refused(status) {
		return fmt.Errorf("log in as %s: %w: %w", s.acc.User, ErrLogin, err)
	}
	return fmt.Errorf("log in as %s: %w", s.acc.User, err)
}

// formsOf are the forms in which a server may repeat a password, the longer before what they hold.
func formsOf(user, password string) []string {
	if password == "" {
		return nil
	}
	code := func(s string) string { return strings.TrimRight(base64.StdEncoding.EncodeToString([]byte(s)), "=") }
	return []string{code("\x00" + user + "\x00" + password), code(password), strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(password), password}
}

// hidden is an error without the password. No error ever holds it, not even when the server repeats it, then or later.
type hidden struct {
	error
	text string
}

func (h hidden) Error() string { return h.text }
func (h hidden) Unwrap() error { return h.error }

// maxSaid bounds an error: a server's words may be many, and are logged at each attempt.
const maxSaid = 600

func (s *session) hide(err error) error {
	if err == nil {
		return nil
	}
	text := err.Error()
	for _, form := range s.shown {
		text = strings.ReplaceAll(text, form, "…")
	}
	if len(text) > maxSaid {
		text = strings.ToValidUTF8(text[:maxSaid], "") + " …"
	}
	return hidden{err, text}
}

// authLogin is the mechanism LOGIN, of which there is no standard: the server asks twice, in words of its own. go-sasl's
// takes one prompt only. Package submit has the same: neither leans on the other.
type authLogin struct{ answers []string }

func (*authLogin) Start() (mech string, first []byte, err error) { return sasl.Login, nil, nil }

func (a *authLogin) Next([]byte) (answer []byte, err error) {
	if len(a.answers) == 0 {
		return nil, sasl.ErrUnexpectedServerChallenge
	}
	answer, a.answers = []byte(a.answers[0]), a.answers[1:]
	return answer, nil
}

// refused tells a login that will not work again from a server that cannot check it now (RFC 5530).
func refused(e *imap.Error) bool {
	switch e.Code {
	case imap.ResponseCodeUnavailable, imap.ResponseCodeServerBug, imap.ResponseCodeInUse, imap.ResponseCodeLimit:
		return false
	}
	return e.Type != imap.StatusResponseTypeBye
}

// close ends the connection. The socket goes first: closing the library's client in the middle of a literal would wait
// for the rest of it.
func (s *session) close() {
	s.stop()
	s.raw.Conn.Close()
	_ = s.client.Close()
}

// listed is one line of a listing.
type listed struct {
	uid       uint32
	seq       uint32
	size      int64
	delivered time.Time
}

// list asks which UIDs of [from, to] exist (to 0: the last), and their sizes; with dates also their INTERNALDATE. Sorted,
// without what lies outside: servers answer n:* with the last message even when it lies before n.
func (s *session) list(from, to uint32, dates bool) ([]listed, error) {
	var set imap.UIDSet
	set.AddRange(imap.UID(from), imap.UID(to))
	all, err := s.listSet(set, dates)
	return slices.DeleteFunc(all, func(l listed) bool { return l.uid < from || to != 0 && l.uid > to }), err
}

// listSet asks the same of a set of UIDs; a server may name others besides.
func (s *session) listSet(set imap.UIDSet, dates bool) ([]listed, error) {
	s.raw.expect(s.acc.Timeout)
	defer s.raw.expect(0)
	cmd := s.client.Fetch(set, &imap.FetchOptions{UID: true, RFC822Size: true, InternalDate: dates})
	var all []listed
	for m := cmd.Next(); m != nil; m = cmd.Next() {
		l := listed{seq: m.SeqNum, size: -1}
		for item := m.Next(); item != nil; item = m.Next() {
			switch item := item.(type) {
			case imapclient.FetchItemDataUID:
				l.uid = uint32(item.UID)
			case imapclient.FetchItemDataRFC822Size:
				l.size = item.Size
			case imapclient.FetchItemDataInternalDate:
				l.delivered = item.Time
			}
		}
		all = append(all, l)
	}
	if err := cmd.Close(); err != nil {
		return nil, fmt.Errorf("list messages %s: %w", set.String(), err)
	}
	slices.SortFunc(all, func(a, b listed) int { return int(int64(a.uid) - int64(b.uid)) })
	return slices.CompactFunc(all, func(a, b listed) bool { return a.uid == b.uid }), nil
}

// search returns the UIDs that match, sorted.
func (s *session) search(what *imap.SearchCriteria) ([]uint32, error) {
	s.raw.expect(s.acc.Timeout)
	defer s.raw.expect(0)
	data, err := s.client.UIDSearch(what, nil).Wait()
	if err != nil {
		return nil, fmt.Errorf("search: %w", err)
	}
	out, err := numbers(data.All)
	if err != nil {
		return nil, fmt.Errorf("search: %w", err)
	}
	slices.Sort(out)
	return out, nil
}

// maxFound bounds what a search may find. As ranges (ESEARCH) a line of the answer could name four thousand million.
const maxFound = 8 << 20

// numbers are the UIDs of a set. The library's own unfolding panics at 0, which stands for "*".
func numbers(all imap.NumSet) (out []uint32, err error) {
	set, _ := all.(imap.UIDSet)
	for _, r := range set {
		if r.Start == 0 || r.Stop < r.Start || len(out)+int(r.Stop-r.Start) >= maxFound {
			return nil, fmt.Errorf("the server answers with messages that cannot be: %d to %d", r.Start, r.Stop)
		}
		for n := range r.Stop - r.Start + 1 {
			out = append(out, uint32(r.Start+n))
		}
	}
	return out, nil
}

// searchUID returns the existing UIDs of [from, to]; to 0 is the last.
func (s *session) searchUID(from, to uint32) ([]uint32, error) {
	var set imap.UIDSet
	set.AddRange(imap.UID(from), imap.UID(to))
	got, err := s.search(&imap.SearchCriteria{UID: []imap.UIDSet{set}})
	return slices.DeleteFunc(got, func(u uint32) bool { return u < from || to != 0 && u > to }), err
}

// noop lets the server show what arrived since; it may be a whole command behind otherwise.
func (s *session) noop() error {
	s.raw.expect(s.acc.Timeout)
	defer s.raw.expect(0)
	return s.client.Noop().Wait()
}

// firstIdle is short: a message that arrives between our last look and the beginning of IDLE is announced by no server
// that is careless about it (go-imap's is one). While nothing happens the next IDLE is twice as long, up to Renew.
const firstIdle = time.Second

// watch asks the server again and again. Dovecot lets half a second pass before it speaks of a new message in IDLE; on
// the same machine a NOOP costs some 50 µs, and the message is here a few milliseconds after its delivery.
func (s *session) watch(ctx context.Context, kicked <-chan struct{}) error {
	for end := time.Now().Add(s.acc.Renew); time.Now().Before(end); {
		woken, err := s.pause(ctx, kicked, s.acc.Eager)
		if err != nil || woken {
			return err
		}
		if err := s.noop(); err != nil {
			return err
		}
	}
	return nil
}

// wait returns when there may be news: the server said so, or somebody kicked, or the time for a look has come.
func (s *session) wait(ctx context.Context, kicked <-chan struct{}) error {
	if s.acc.Eager > 0 {
		return s.watch(ctx, kicked)
	}
	if s.noIdle || !s.client.Caps().Has(imap.CapIdle) {
		_, err := s.pause(ctx, kicked, s.acc.Poll)
		return err
	}
	s.raw.expect(s.acc.Timeout)
	idle, err := s.client.Idle()
	var status *imap.Error
	if errors.As(err, &status) {
		s.raw.expect(0)
		s.noIdle = true // offered and refused
		return nil
	}
	if err != nil {
		return fmt.Errorf("idle: %w", err)
	}
	s.calm = min(max(2*s.calm, firstIdle), s.acc.Renew)
	s.raw.expect(s.calm + s.acc.Timeout)
	_, pauseErr := s.pause(ctx, kicked, s.calm)
	s.raw.expect(s.acc.Timeout)
	if err := idle.Close(); err != nil {
		return fmt.Errorf("idle: %w", err)
	}
	if err := idle.Wait(); err != nil {
		return fmt.Errorf("idle: %w", err)
	}
	s.raw.expect(0)
	return pauseErr
}

// pause waits for d and reports whether something came before.
func (s *session) pause(ctx context.Context, kicked <-chan struct{}, d time.Duration) (woken bool, err error) {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-s.news.channel():
	case <-kicked:
	case <-t.C:
		return false, nil
	case <-s.client.Closed(): // the next command says why
	case <-ctx.Done():
		return true, ctx.Err()
	}
	return true, nil
}

// quota asks how full the mailbox is, at most every ten minutes, and tells of the fullest of its limits. A server that
// refuses has none. One whose answer the library cannot read ends the connection; the next is not asked at once.
func (r *run) quota(s *session) error {
	if r.Observer.Quota == nil || time.Since(r.asked) < 10*time.Minute || !s.client.Caps().Has(imap.CapQuota) {
		return nil
	}
	r.asked = time.Now()
	s.raw.expect(s.acc.Timeout)
	defer s.raw.expect(0)
	roots, err := s.client.GetQuotaRoot(s.acc.Folder).Wait()
	if statusError(err) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("quota: %w", err)
	}
	var used, limit int64
	unit := ""
	for _, root := range roots {
		for kind, in := range map[imap.QuotaResourceType]string{imap.QuotaResourceStorage: "KiB", imap.QuotaResourceMessage: "messages"} { // RFC 9208: storage in units of 1024 bytes
			if q := root.Resources[kind]; q.Limit > 0 && (limit == 0 || float64(q.Usage)/float64(q.Limit) > float64(used)/float64(limit)) {
				used, limit, unit = q.Usage, q.Limit, in
			}
		}
	}
	r.Observer.Quota(used, limit, unit)
	return nil
}
