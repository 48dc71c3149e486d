package submit

import (
	"context"
	"encoding/base64"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
)

// A refused login is told without the password; whether it is tried again is
// the caller's to say.
func TestRefusedLogin(t *testing.T) {
	r := &relay{}
	acc := r.start(t)
	acc.Password = func() (string, error) { return "wrong-but-secret", nil }
	p := NewPool(acc, 3)
	defer p.Close()
	_, err := p.Send(t.Context(), compose(t, 1))
	if kindOfErr(err) != Login || strings.Contains(err.Error(), "wrong-but-secret") || r.logins != 1 {
		t.Errorf("got %v after %d logins", err, r.logins)
	}
	if err := acc.Try(t.Context()); kindOfErr(err) != Login {
		t.Errorf("Try: %v", err)
	}
}

// TestEchoedPassword: a server that repeats the password, as it is or coded, then or later, brings it into no error and no
// answer.
func TestEchoedPassword(t *testing.T) {
	plain := base64.StdEncoding.EncodeToString([]byte("\x00" + desk + "\x00" + secret))
	alone := base64.StdEncoding.EncodeToString([]byte(secret))
	for at, says := range map[string]string{"AUTH": "501 unknown: AUTH PLAIN " + plain, "MAIL": "550 not with " + secret, ".": "250 queued for " + alone + " and " + plain} {
		e := endless{at: at, say: says + "\r\n"}
		answer, err := sender(t, e.start(t)).Send(t.Context(), compose(t, 1))
		text := answer + fmt.Sprint(err)
		if (at == ".") != (err == nil) || !strings.Contains(text, "…") {
			t.Errorf("%s: %q, %v", at, answer, err)
		}
		for _, form := range []string{secret, plain[:20], alone[:len(alone)-2]} {
			if strings.Contains(text, form) {
				t.Errorf("%s: %s", at, text)
			}
		}
	}
}

// TestWordyServer: of a server's words only the beginning is kept.
func TestWordyServer(t *testing.T) {
	lines := strings.Repeat("250-"+strings.Repeat("è", 1000)+"\r\n", 90)
	for at, says := range map[string]string{"MAIL": strings.ReplaceAll(lines, "250-", "550-") + "550 no\r\n", ".": lines + "250 queued\r\n"} {
		answer, err := sender(t, endless{at: at, say: says}.start(t)).Send(t.Context(), compose(t, 1))
		if e, _ := typedOf(err); (at == ".") != (err == nil) || len(answer) > maxSaid+10 || e != nil && (len(e.Text) > maxSaid+10 || e.Code != 550) {
			t.Errorf("%s: %d bytes, %.100v", at, len(answer), err)
		}
	}
}

// TestRefusedLoginOfMany: of letters that go at the same time only the first shows a password that is wrong; a later one
// shows it again.
func TestRefusedLoginOfMany(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		logins, answer := 0, make(chan bool)
		login := func() *Error {
			logins++
			<-answer
			return &Error{Kind: Login, Stage: AtLogin}
		}
		p := NewPool(Account{}, 4)
		ends := make(chan *Error)
		for _, s := range p.senders {
			go func() { ends <- s.door.in(t.Context(), login) }()
		}
		synctest.Wait() // one is let in
		stopped, stop := context.WithCancel(t.Context())
		go func() { ends <- p.senders[0].door.in(stopped, login) }()
		synctest.Wait()
		stop()
		if e := <-ends; e.Kind != Unreachable {
			t.Errorf("stopped: %v", e)
		}
		close(answer)
		for range p.senders {
			if e := <-ends; e == nil || e.Kind != Login {
				t.Error(e)
			}
		}
		if logins != 1 {
			t.Errorf("%d logins were refused at once", logins)
		}
		if e := p.senders[1].door.in(t.Context(), login); e.Kind != Login || logins != 2 {
			t.Errorf("later: %v after %d logins", e, logins)
		}
	})
}

// TestAuthLogin: servers that offer nothing else ask for name and password in many ways.
func TestAuthLogin(t *testing.T) {
	for _, asks := range [][]string{{"Username:", "Password:"}, {"username:", "password:"}, {"User Name\x00", "Password\x00"}, {"?", "?"}} {
		r := &relay{mechanism: sasl.Login, prompts: asks}
		if _, err := sender(t, r.start(t)).Send(t.Context(), compose(t, 1)); err != nil {
			t.Errorf("%q: %v", asks, err)
		}
	}
}

// prompts is a server's side of AUTH LOGIN: it asks in words of its own, and takes nothing along with the command.
type prompts struct{ asks, want []string }

func (p *prompts) Next(response []byte) (challenge []byte, done bool, err error) {
	if len(p.asks) < 2 && string(response) != p.want[1-len(p.asks)] || len(p.asks) == 2 && response != nil {
		return nil, false, &smtp.SMTPError{Code: 501, EnhancedCode: smtp.EnhancedCode{5, 5, 2}, Message: "not so"}
	}
	if len(p.asks) == 0 {
		return nil, true, nil
	}
	challenge, p.asks = []byte(p.asks[0]), p.asks[1:]
	return challenge, false, nil
}
