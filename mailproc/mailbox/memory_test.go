package mailbox

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"math/big"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapserver"
	"github.com/emersion/go-imap/v2/imapserver/imapmemserver"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const (
	desk   = "desk@pec.example.it"
	secret = "s3cret"
)

// memory is go-imap's own server, in this process.
type memory struct {
	user *imapmemserver.User
	addr string
	tls  *tls.Config // for clients
}

func certificate(t *testing.T) (server, client *tls.Config) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	tmpl := &x509.Certificate{SerialNumber: big.NewInt(1), NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, IsCA: true, BasicConstraintsValid: true,
		KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign}
	der, err := x509.CreateCertificate(rand.Reader, tmpl, tmpl, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	pool := x509.NewCertPool()
	pool.AddCert(cert)
	return &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}}}, &tls.Config{RootCAs: pool}
}

func memserver(t *testing.T, scheme string) *memory {
	t.Helper()
	user := imapmemserver.NewUser(desk, secret)
	if err := user.Create("INBOX", nil); err != nil {
		t.Fatal(err)
	}
	mem := imapmemserver.New()
	mem.AddUser(user)
	server, client := certificate(t)
	opt := &imapserver.Options{Caps: imap.CapSet{imap.CapIMAP4rev1: {}, imap.CapIdle: {}}, InsecureAuth: scheme == "plain",
		NewSession: func(*imapserver.Conn) (imapserver.Session, *imapserver.GreetingData, error) {
			return mem.NewSession(), nil, nil
		}}
	if scheme == "starttls" {
		opt.TLSConfig = server
	}
	srv := imapserver.New(opt)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	addr := l.Addr().String()
	if scheme == "tls" {
		l = tls.NewListener(l, server)
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		srv.Serve(l)
	}()
	t.Cleanup(func() {
		srv.Close()
		<-done
	})
	return &memory{user: user, addr: addr, tls: client}
}

func (m *memory) append(t *testing.T, raw []byte, at time.Time) {
	t.Helper()
	if _, err := m.user.Append("INBOX", literal{bytes.NewReader(raw)}, &imap.AppendOptions{Time: at}); err != nil {
		t.Fatal(err)
	}
}

type literal struct{ *bytes.Reader }

func (l literal) Size() int64 { return l.Reader.Size() }

func (m *memory) account(scheme string) Account {
	a := Account{Name: "desk", URL: "imaps://" + m.addr, User: desk, TLS: m.tls,
		Password: func() (string, error) { return secret, nil }}
	switch scheme {
	case "starttls":
		a.URL = "imap://" + m.addr
	case "plain":
		a.URL, a.Plaintext = "imap://"+m.addr, true
	}
	return a
}

func TestReadsAndFollows(t *testing.T) {
	for _, scheme := range []string{"tls", "starttls", "plain"} {
		for _, eager := range []time.Duration{-1, time.Millisecond} {
			t.Run(fmt.Sprint(scheme, eager), func(t *testing.T) { readAndFollow(t, scheme, eager) })
		}
	}
}

func readAndFollow(t *testing.T, scheme string, eager time.Duration) {
	m := memserver(t, scheme)
	when := time.Date(2026, 11, 10, 10, 22, 5, 0, time.UTC)
	for i := range 20 {
		m.append(t, sample(i, 1000*i), when)
	}
	acc := m.account(scheme)
	acc.Eager = eager
	acc.BatchCount, acc.SpoolOver = 3, 9000 // memory and spool, many batches
	sink := newKept()
	r := begin(t, acc, sink, Cursor{})
	sink.count(t, 20)
	msgs, next := sink.state()
	for i := range 20 {
		got := msgs[Cursor{next.UIDValidity, uint32(i + 1)}]
		if want := sha256.Sum256(sample(i, 1000*i)); got.digest != want || !got.delivered.Equal(when) {
			t.Errorf("message %d: other bytes, or delivered %v", i, got.delivered)
		}
	}
	if next.UID != 20 {
		t.Errorf("cursor %v", next)
	}
	r.quiet(t)
	m.append(t, sample(99, 100), when) // seen by IDLE
	sink.count(t, 21)
	if err := r.stop(t); err != nil {
		t.Errorf("Run: %v", err)
	}
	r2 := begin(t, acc, sink, next) // from the cursor: only what is behind
	r2.quiet(t)
	if sink.order[len(sink.order)-1].UID != 21 || len(sink.order) != 22 {
		t.Errorf("after a restart: %v", sink.order)
	}
}

func TestSinceNowAndDate(t *testing.T) {
	m := memserver(t, "tls")
	day := func(d int) time.Time { return time.Date(2026, 11, d, 12, 0, 0, 0, time.UTC) }
	for d := 1; d <= 20; d++ {
		m.append(t, sample(d, 100), day(d))
	}
	for name, c := range map[string]struct {
		mode  SinceMode
		since time.Time
		want  int
	}{
		"now":           {mode: SinceNow, want: 0},
		"date":          {SinceDate, day(15), 6},
		"a second more": {SinceDate, day(15).Add(time.Second), 5},
		"future":        {SinceDate, day(28), 0},
		"long ago":      {SinceDate, day(1).AddDate(-1, 0, 0), 20},
		"all":           {SinceAll, time.Time{}, 20},
	} {
		t.Run(name, func(t *testing.T) {
			acc := m.account("tls")
			acc.SinceMode, acc.Since = c.mode, c.since
			sink := newKept()
			r := begin(t, acc, sink, Cursor{})
			r.quiet(t)
			msgs, next := sink.state()
			if len(msgs) != c.want || next.UID != 20 {
				t.Errorf("%d messages, cursor %v; want %d, 20", len(msgs), next, c.want)
			}
		})
	}
}

func TestNewValidity(t *testing.T) {
	m := memserver(t, "tls")
	m.append(t, sample(1, 100), time.Now())
	m.append(t, sample(2, 100), time.Now())
	sink := newKept()
	r := begin(t, m.account("tls"), sink, Cursor{UIDValidity: 4711, UID: 77})
	sink.count(t, 2)
	r.quiet(t)
	r.told.Lock()
	defer r.told.Unlock()
	if len(r.told.validity) != 1 || r.told.validity[0][0] != 4711 {
		t.Errorf("told %v", r.told.validity)
	}
}

// TestPutBackFromABackup: a folder that keeps its UIDVALIDITY and gives numbers again is read again, also when as many
// messages have come since as were lost.
func TestPutBackFromABackup(t *testing.T) {
	day := func(d int) time.Time { return time.Date(2026, 11, d, 12, 0, 0, 0, time.UTC) }
	for name, c := range map[string]struct {
		kept, since int // messages of the backup, and arrived after it was put back
		want        int // handed over
		told        int
	}{
		"as it was":           {kept: 10, want: 0, told: 0},
		"and a new one":       {kept: 10, since: 1, want: 1, told: 0},
		"fewer messages":      {kept: 5, since: 2, want: 7, told: 1},
		"as many messages":    {kept: 5, since: 5, want: 10, told: 1},
		"more messages":       {kept: 5, since: 9, want: 14, told: 1},
		"nothing was kept":    {since: 12, want: 12, told: 1},
		"nothing is left now": {want: 0, told: 1},
	} {
		t.Run(name, func(t *testing.T) {
			m := memserver(t, "tls")
			var known []Known
			for d := 1; d <= 10; d++ {
				if d <= c.kept {
					m.append(t, sample(d, 100), day(d))
				}
				known = append(known, Known{uint32(d), day(d)})
			}
			for d := range c.since {
				m.append(t, sample(100+d, 100), day(20).Add(time.Duration(d)*time.Second))
			}
			status, err := m.user.Status("INBOX", &imap.StatusOptions{UIDValidity: true})
			if err != nil {
				t.Fatal(err)
			}
			sink := newKept()
			r := begin(t, m.account("tls"), sink, Cursor{status.UIDValidity, 10}, known...)
			r.quiet(t)
			msgs, next := sink.state()
			r.told.Lock()
			defer r.told.Unlock()
			if len(msgs) != c.want || len(r.told.validity) != c.told || c.told > 0 && next.UID != uint32(c.kept+c.since) {
				t.Errorf("%d messages, cursor %v, told %v; want %d", len(msgs), next, r.told.validity, c.want)
			}
		})
	}
}

func TestOversizedIsHandedOverWithoutBytes(t *testing.T) {
	m := memserver(t, "tls")
	when := time.Date(2026, 11, 10, 10, 0, 0, 0, time.UTC)
	for _, size := range []int{100, 5000, 200} {
		m.append(t, sample(size, size), when)
	}
	acc := m.account("tls")
	acc.MaxSize = 4000
	sink := newKept()
	begin(t, acc, sink, Cursor{}).quiet(t)
	msgs, next := sink.state()
	big := msgs[Cursor{next.UIDValidity, 2}]
	if len(msgs) != 3 || next.UID != 3 || !errors.Is(big.err, ErrOversized) || big.size < 5000 || !big.delivered.Equal(when) {
		t.Errorf("%d messages, cursor %v, the big one %+v", len(msgs), next, big)
	}
}

func TestRefusedLoginIsSaidOnce(t *testing.T) {
	m := memserver(t, "tls")
	acc := m.account("tls")
	tries := 0
	acc.Password = func() (string, error) { tries++; return "wrong-but-secret", nil }
	acc.LoginRetry = time.Hour
	if err := acc.Try(t.Context()); !errors.Is(err, ErrLogin) {
		t.Errorf("Try: %v", err)
	}
	tries = 0
	r := begin(t, acc, newKept(), Cursor{})
	refused := func() []error {
		r.told.Lock()
		defer r.told.Unlock()
		return r.told.refused
	}
	for len(refused()) == 0 {
		time.Sleep(time.Millisecond)
	}
	r.Kick() // the desk wants to know what is new: no reason to have the account locked
	r.Kick()
	if len(refused()) != 1 {
		t.Errorf("told %v", refused())
	}
	r.Retry() // a person asks for it
	for len(refused()) == 1 {
		time.Sleep(time.Millisecond)
	}
	r.stop(t)
	if tries != 2 || len(refused()) != 2 {
		t.Errorf("%d attempts, told %v", tries, refused())
	}
	if err := refused()[0]; !errors.Is(err, ErrLogin) || strings.Contains(err.Error(), "wrong-but-secret") {
		t.Errorf("told %v", err)
	}
}

func TestStoreErrorEndsRun(t *testing.T) {
	m := memserver(t, "tls")
	for i := range 10 {
		m.append(t, sample(i, 100), time.Now())
	}
	acc := m.account("tls")
	acc.BatchCount = 2
	sink := newKept()
	sink.fault = errDisk
	r := begin(t, acc, sink, Cursor{})
	select {
	case err := <-r.end:
		if !errors.Is(err, errDisk) {
			t.Errorf("Run: %v", err)
		}
		r.end <- err
	case <-time.After(10 * time.Second):
		t.Fatal("Run goes on")
	}
}

func TestAccountsThatCannotBe(t *testing.T) {
	pass := func() (string, error) { return secret, nil }
	for name, a := range map[string]Account{
		"no scheme":         {URL: "mail.pec.example.it", User: desk, Password: pass},
		"other scheme":      {URL: "http://mail.pec.example.it", User: desk, Password: pass},
		"password in URL":   {URL: "imaps://desk:pw@mail.pec.example.it", User: desk, Password: pass},
		"path":              {URL: "imaps://mail.pec.example.it/INBOX", User: desk, Password: pass},
		"plaintext abroad":  {URL: "imap://mail.pec.example.it", User: desk, Password: pass, Plaintext: true},
		"plaintext and TLS": {URL: "imaps://127.0.0.1", User: desk, Password: pass, Plaintext: true},
		"no user":           {URL: "imaps://127.0.0.1", Password: pass},
		"no password":       {URL: "imaps://127.0.0.1", User: desk},
		"no date":           {URL: "imaps://127.0.0.1", User: desk, Password: pass, SinceMode: SinceDate},
		"odd since":         {URL: "imaps://127.0.0.1", User: desk, Password: pass, SinceMode: "tomorrow"},
	} {
		if err := a.Check(); err == nil {
			t.Errorf("%s: accepted", name)
		} else if strings.Contains(err.Error(), "pw") {
			t.Errorf("%s: the error shows the password: %v", name, err)
		}
	}
}
