package pectest

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
)

const desk = "disattivazioni@pec.example.it"

// mailbox collects what the server delivers.
type mailbox struct {
	mu  sync.Mutex
	got []string
}

func (m *mailbox) deliver(box string, raw []byte, _ time.Time) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	_, rest, _ := strings.Cut(string(raw), "X-Ricevuta: ")
	kind, _, _ := strings.Cut(rest, "\r\n")
	m.got = append(m.got, box+" "+kind)
	return nil
}

func serve(t *testing.T, opt ServerOptions) (*Server, *mailbox) {
	t.Helper()
	box := &mailbox{}
	opt.Deliver = box.deliver
	opt.Users = map[string]string{desk: "segreta"}
	s, err := newProvider(t, Options{Key: P256}).Serve(opt)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s, box
}

// TestServerClosedAtOnce closes servers that have hardly begun.
func TestServerClosedAtOnce(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1)) // what Serve starts begins only once Close waits
	p := newProvider(t, Options{Key: P256})
	for range 20 {
		s, err := p.Serve(ServerOptions{Deliver: (&mailbox{}).deliver})
		if err != nil {
			t.Fatal(err)
		}
		closed := make(chan struct{})
		go func() { s.Close(); close(closed) }()
		select {
		case <-closed:
		case <-time.After(10 * time.Second):
			t.Fatal("it does not end")
		}
	}
}

func dial(t *testing.T, s *Server, mode string) *smtp.Client {
	t.Helper()
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(s.CertificatePEM())
	conf := &tls.Config{RootCAs: roots, ServerName: "127.0.0.1"}
	var c *smtp.Client
	var err error
	switch mode {
	case "implicit":
		c, err = smtp.DialTLS(s.Addr, conf)
	case "starttls":
		c, err = smtp.DialStartTLS(s.Addr, conf)
	default:
		c, err = smtp.Dial(s.Addr)
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	return c
}

func letter(to string) string {
	return fmt.Sprintf("From: %s\r\nTo: %s\r\nSubject: Re: prova\r\nMessage-ID: <1@pec.example.it>\r\n\r\nBuongiorno.\r\n", desk, to)
}

func send(c *smtp.Client, to string) error {
	if err := c.Mail(desk, nil); err != nil {
		return err
	}
	if err := c.Rcpt(to, nil); err != nil {
		return err
	}
	w, err := c.Data()
	if err != nil {
		return err
	}
	if _, err := io.WriteString(w, letter(to)); err != nil {
		return err
	}
	return w.Close()
}

func TestServerAnswersWithReceipts(t *testing.T) {
	for _, mode := range []string{"", "starttls", "implicit"} {
		for name, auth := range map[string]sasl.Client{"plain": sasl.NewPlainClient("", desk, "segreta"), "login": sasl.NewLoginClient(desk, "segreta")} {
			t.Run(mode+"/"+name, func(t *testing.T) {
				s, box := serve(t, ServerOptions{TLS: mode})
				c := dial(t, s, mode)
				if err := c.Auth(auth); err != nil {
					t.Fatal(err)
				}
				if err := send(c, "mario@pec.example.it"); err != nil {
					t.Fatal(err)
				}
				s.Settle()
				if want := []string{desk + " accettazione", desk + " avvenuta-consegna"}; !slices.Equal(box.got, want) {
					t.Errorf("delivered %q, want %q", box.got, want)
				}
				l := s.Letters()
				if len(l) != 1 || l[0].MessageID != "<1@pec.example.it>" || string(l[0].Raw) != letter("mario@pec.example.it") {
					t.Errorf("letters: %+v", l)
				}
			})
		}
	}
}

func TestServerRefusesOthersAddressesAndPasswords(t *testing.T) {
	s, _ := serve(t, ServerOptions{})
	c := dial(t, s, "")
	if err := c.Auth(sasl.NewPlainClient("", desk, "sbagliata")); err == nil {
		t.Error("a wrong password is accepted")
	}
	if _, refused := s.Logins(); refused != 1 {
		t.Errorf("%d refused logins, want 1", refused)
	}
	if err := c.Mail(desk, nil); err == nil {
		t.Error("MAIL is accepted without a login")
	}
	if err := c.Auth(sasl.NewPlainClient("", desk, "segreta")); err != nil {
		t.Fatal(err)
	}
	if err := c.Mail("altro@pec.example.it", nil); err == nil {
		t.Error("another's address is accepted as envelope sender")
	}
}

func TestServerBehaviours(t *testing.T) {
	cases := []struct {
		name    string
		b       Behaviour
		letters int
		code    int // SMTP code expected; 0: success; -1: connection lost
		want    []string
	}{
		{"before-data", Behaviour{Cut: CutBeforeData}, 0, -1, nil},
		{"during-data", Behaviour{Cut: CutDuringData}, 0, -1, nil},
		{"after-taken", Behaviour{Cut: CutAfterTaken}, 1, -1, []string{Accettazione, AvvenutaConsegna}},
		{"after-lost", Behaviour{Cut: CutAfterLost}, 0, -1, nil},
		{"temporary", Behaviour{Refuse: Temporary}, 0, 451, nil},
		{"permanent-rcpt", Behaviour{Refuse: Permanent, AtRcpt: true}, 0, 554, nil},
		{"none", Behaviour{Receipts: ReceiptsNone}, 1, 0, nil},
		{"refused", Behaviour{Receipts: ReceiptsRefused}, 1, 0, []string{NonAccettazione}},
		{"failed", Behaviour{Receipts: ReceiptsFailed}, 1, 0, []string{Accettazione, ErroreConsegna}},
		{"warned", Behaviour{Receipts: ReceiptsWarnFailed}, 1, 0, []string{Accettazione, Preavviso, ErroreConsegna}},
		{"late", Behaviour{Late: time.Hour}, 1, 0, nil},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			s, box := serve(t, ServerOptions{Behave: func(Letter) Behaviour { return tc.b }})
			c := dial(t, s, "")
			if err := c.Auth(sasl.NewPlainClient("", desk, "segreta")); err != nil {
				t.Fatal(err)
			}
			err := send(c, "mario@pec.example.it")
			var refusal *smtp.SMTPError
			switch {
			case tc.code == 0 && err != nil:
				t.Errorf("refused: %v", err)
			case tc.code > 0 && (!errors.As(err, &refusal) || refusal.Code != tc.code):
				t.Errorf("got %v, want code %d", err, tc.code)
			case tc.code < 0 && (err == nil || errors.As(err, &refusal)):
				t.Errorf("got %v, want a lost connection", err)
			}
			s.Settle()
			if n := len(s.Letters()); n != tc.letters {
				t.Errorf("%d letters accepted, want %d", n, tc.letters)
			}
			for i := range tc.want {
				tc.want[i] = desk + " " + tc.want[i]
			}
			if !slices.Equal(box.got, tc.want) {
				t.Errorf("delivered %q, want %q", box.got, tc.want)
			}
		})
	}
}

func TestServerBehaviourChangesWhileRunning(t *testing.T) {
	s, _ := serve(t, ServerOptions{Behave: func(l Letter) Behaviour {
		if l.Attempt == 1 {
			return Behaviour{Refuse: Temporary}
		}
		return Behaviour{}
	}})
	c := dial(t, s, "")
	if err := c.Auth(sasl.NewPlainClient("", desk, "segreta")); err != nil {
		t.Fatal(err)
	}
	if err := send(c, "mario@pec.example.it"); err == nil {
		t.Fatal("the first attempt is accepted")
	}
	if err := send(c, "mario@pec.example.it"); err != nil {
		t.Fatal(err)
	}
	s.SetBehave(func(Letter) Behaviour { return Behaviour{Refuse: Permanent} })
	if err := send(c, "anna@pec.example.it"); err == nil {
		t.Fatal("accepted after the behaviour changed")
	}
}
