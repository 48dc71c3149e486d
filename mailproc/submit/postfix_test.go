package submit

import (
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"

	"sportello/mailproc/peers"
)

// TestPostfix sends through a real server, over TLS, STARTTLS and with AUTH, and reads the letters back.
func TestPostfix(t *testing.T) {
	d := peers.StartDovecot(t, peers.DovecotOptions{Users: map[string]string{desk: secret, mario: secret}})
	open := peers.StartPostfix(t, peers.PostfixOptions{Domains: []string{"pec.example.it"}, Deliver: d})
	auth := peers.StartPostfix(t, peers.PostfixOptions{Domains: []string{"pec.example.it"}, Deliver: d, Auth: true})
	n := 0
	for _, acc := range []Account{{URL: "smtps://" + open.SMTPS, TLS: open.TLS(), NoAuth: true}, {URL: "smtp://" + open.SMTP, TLS: open.TLS(), NoAuth: true},
		{URL: "smtps://" + auth.SMTPS, TLS: auth.TLS(), User: desk}, {URL: "smtp://" + auth.SMTP, TLS: auth.TLS(), User: desk}} {
		acc.Password = func() (string, error) { return secret, nil }
		s := sender(t, acc)
		if acc.NoAuth { // who logs in may write to anybody
			bad := compose(t, 0)
			bad.To = "x@example.org"
			if _, err := s.Send(t.Context(), bad); kindOfErr(err) != Permanent {
				t.Errorf("%s: relayed: %v", acc.URL, err)
			}
		}
		for range 3 {
			answer, err := s.Send(t.Context(), compose(t, n))
			if err != nil || !strings.Contains(answer, "queued as") {
				t.Fatalf("%s: %q, %v", acc.URL, answer, err)
			}
			n++
		}
	}
	wrong := Account{URL: "smtps://" + auth.SMTPS, TLS: auth.TLS(), User: desk, Password: func() (string, error) { return "no", nil }}
	if err := wrong.Try(t.Context()); kindOfErr(err) != Login {
		t.Errorf("wrong password: %v", err)
	}
	stranger := Account{URL: "smtps://" + auth.SMTPS, NoAuth: true}
	if err := stranger.Try(t.Context()); kindOfErr(err) != Unreachable {
		t.Errorf("unknown authority: %v", err)
	}
	readBack(t, d, n)
}

// readBack waits for n letters in mario's mailbox and looks at their headers.
func readBack(t *testing.T, d *peers.Dovecot, n int) {
	t.Helper()
	c, err := imapclient.DialTLS(d.IMAPS, &imapclient.Options{TLSConfig: d.TLS()})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if err := c.Login(mario, secret).Wait(); err != nil {
		t.Fatal(err)
	}
	for end := time.Now().Add(15 * time.Second); ; time.Sleep(10 * time.Millisecond) {
		box, err := c.Select("INBOX", nil).Wait()
		if err != nil {
			t.Fatal(err)
		}
		if box.NumMessages == uint32(n) {
			break
		}
		if time.Now().After(end) {
			t.Fatalf("%d letters arrived, want %d", box.NumMessages, n)
		}
	}
	var set imap.SeqSet
	set.AddRange(1, 0)
	section := &imap.FetchItemBodySection{Peek: true}
	msgs, err := c.Fetch(set, &imap.FetchOptions{BodySection: []*imap.FetchItemBodySection{section}}).Collect()
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range msgs {
		raw := string(m.FindBodySection(section))
		want := string(compose(t, 0).Data)
		want = want[strings.Index(want, "Subject:"):] // the headers after it and the text arrive as they left
		if !strings.Contains(raw, want) {
			t.Errorf("changed on the way: %q\nwant %q", raw, want)
		}
	}
}
