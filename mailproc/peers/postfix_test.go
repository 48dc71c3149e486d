package peers

import (
	"bytes"
	"crypto/tls"
	"testing"
	"time"

	"github.com/emersion/go-imap/v2/imapclient"
	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
)

func submit(t *testing.T, addr string, conf *tls.Config, implicit bool, auth sasl.Client) {
	t.Helper()
	dial := smtp.DialStartTLS
	if implicit {
		dial = smtp.DialTLS
	}
	c, err := dial(addr, conf)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if auth != nil {
		if err := c.Auth(auth); err != nil {
			t.Fatal(err)
		}
	}
	if err := c.SendMail("a@pec.example.it", []string{desk}, bytes.NewReader(message("by SMTP"))); err != nil {
		t.Fatal(err)
	}
}

// arrived waits in IDLE until the desk's mailbox holds n messages.
func arrived(t *testing.T, d *Dovecot, n int) [][]byte {
	t.Helper()
	news := make(chan uint32, 100)
	c, err := imapclient.DialTLS(d.IMAPS, &imapclient.Options{TLSConfig: d.TLS(),
		UnilateralDataHandler: &imapclient.UnilateralDataHandler{Mailbox: func(m *imapclient.UnilateralDataMailbox) {
			if m.NumMessages != nil {
				news <- *m.NumMessages
			}
		}}})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if err := c.Login(desk, secret).Wait(); err != nil {
		t.Fatal(err)
	}
	box, err := c.Select("INBOX", nil).Wait()
	if err != nil {
		t.Fatal(err)
	}
	idle, err := c.Idle()
	if err != nil {
		t.Fatal(err)
	}
	for have := box.NumMessages; have < uint32(n); {
		select {
		case have = <-news:
		case <-time.After(10 * time.Second):
			t.Fatalf("%d messages arrived, want %d", have, n)
		}
	}
	if err := idle.Close(); err != nil {
		t.Fatal(err)
	}
	return bodies(t, c)
}

func TestPostfixDeliversToDovecot(t *testing.T) {
	for _, auth := range []bool{false, true} {
		d := StartDovecot(t, DovecotOptions{Users: map[string]string{desk: secret}})
		begin := time.Now()
		p := StartPostfix(t, PostfixOptions{Domains: []string{"pec.example.it"}, Deliver: d, Auth: auth})
		t.Logf("started in %v", time.Since(begin).Round(time.Millisecond))
		login := func() sasl.Client {
			if !auth {
				return nil
			}
			return sasl.NewPlainClient("", desk, secret)
		}
		submit(t, p.SMTPS, p.TLS(), true, login())
		submit(t, p.SMTP, p.TLS(), false, login())
		got := arrived(t, d, 2) // Postfix adds headers
		if !bytes.HasSuffix(got[1], message("by SMTP")[len("From: a@example.org\r\nTo: "+desk+"\r\nSubject: by SMTP\r\n"):]) {
			t.Errorf("changed on the way: %q", got[1])
		}
		p.Kill()
		if err := p.Restart(); err != nil {
			t.Fatal(err)
		}
		submit(t, p.SMTPS, p.TLS(), true, login())
		arrived(t, d, 3)
	}
}

func TestPostfixThrowsAway(t *testing.T) {
	p := StartPostfix(t, PostfixOptions{})
	submit(t, p.SMTPS, p.TLS(), true, nil)
}
