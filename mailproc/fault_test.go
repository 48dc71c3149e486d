package mailproc

import (
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"flag"
	"io"
	"testing"
	"time"

	"sportello/mailproc/pec/pectest"
	"sportello/store"
)

var (
	faultsFor = flag.Duration("faults", 8*time.Second, "how long TestFaults disturbs the lines")
	faultSeed = flag.Uint64("faultseed", 0, "seed of TestFaults; 0: by the clock")
)

// TestFaults puts a bad line before both servers while mail arrives: what may
// never happen does not, and when the line is good again everything is
// answered once.
//
//	go test ./mailproc -run TestFaults -faults 10m
func TestFaults(t *testing.T) {
	if *faultSeed == 0 {
		*faultSeed = uint64(time.Now().UnixNano())
	}
	t.Logf("-faultseed %d", *faultSeed)
	s := newScene(t, func(o *pectest.ServerOptions) { o.TLS = "implicit" })
	imaps, pool := s.overTLS()
	read, send := newFaultNet(t, imaps, *faultSeed), newFaultNet(t, s.smtp.Addr, *faultSeed+1)
	for i := range s.opt.Mailboxes {
		m := &s.opt.Mailboxes[i]
		m.Read.URL, m.Read.Plaintext, m.Read.TLS = "imaps://"+read.Addr, false, pool
		m.Send.URL, m.Send.Plaintext, m.Send.TLS = "smtps://"+send.Addr, false, pool
		m.Read.Timeout, m.Send.Timeout, m.Send.FinalTimeout = 300*time.Millisecond, 300*time.Millisecond, 300*time.Millisecond
		m.Read.RetryMax = 20 * time.Millisecond
	}
	s.opt.UncertainWait = 700 * time.Millisecond
	s.start()
	n := 0
	for end := time.Now().Add(*faultsFor); time.Now().Before(end); {
		n++
		if n%2 == 0 {
			s.put(s.request(n))
		} else {
			s.put(s.rejected(n))
		}
		time.Sleep(25 * time.Millisecond) // mail arrives at its own pace
		if n%8 == 0 {
			s.later(40 * time.Second) // refused letters are tried again
		}
	}
	read.soothe()
	send.soothe()
	t.Logf("%d requests, faults of the IMAP line %v, of the SMTP line %v", n, read.drawn(), send.drawn())
	s.answered(n)
	if !s.intact() {
		t.Error("a message was stored otherwise than it lies in the mailbox")
	}
	s.onceAll(n)
}

// overTLS serves the mailboxes by TLS too, as in earnest: it tells a spoiled
// byte from a true one. The pool trusts both servers.
func (s *scene) overTLS() (addr string, trust *tls.Config) {
	s.t.Helper()
	id, err := pectest.ServerCertificate("localhost", "127.0.0.1")
	if err != nil {
		s.t.Fatal(err)
	}
	l, err := tls.Listen("tcp", "127.0.0.1:0", &tls.Config{Certificates: []tls.Certificate{id.TLS()}})
	if err != nil {
		s.t.Fatal(err)
	}
	served := make(chan struct{})
	go func() { defer close(served); s.imapServer.Serve(l) }()
	s.t.Cleanup(func() { l.Close(); <-served })
	pool := x509.NewCertPool()
	pool.AddCert(id.Cert)
	pool.AppendCertsFromPEM(s.smtp.CertificatePEM())
	return l.Addr().String(), &tls.Config{RootCAs: pool}
}

// answered waits until every request has its one letter at the provider; it
// gives up when nothing moves for a minute.
func (s *scene) answered(n int) {
	s.t.Helper()
	for limit, moved := time.Now().Add(time.Minute), -1; ; {
		s.later(20 * time.Minute) // also past the pause after a login that the line had spoiled
		began, open := time.Now(), 0
		cases := s.cases()
		for _, c := range cases {
			if c.Answered.IsZero() {
				open++
			}
		}
		if len(cases) >= n && open == 0 {
			return
		}
		if now := 2*len(cases) - open; now != moved {
			limit, moved = time.Now().Add(time.Minute), now
		}
		if time.Now().After(limit) {
			s.t.Fatalf("%d cases of %d requests, %d not answered\n%s", len(cases), n, open, s.picture())
		}
		time.Sleep(max(100*time.Millisecond, 4*time.Since(began))) // looking at thousands must not keep the desk from its work
	}
}

// onceAll demands one case a customer, and no letter twice at the provider.
func (s *scene) onceAll(n int) {
	s.t.Helper()
	of := map[string]int{}
	for _, c := range s.cases() {
		of[c.Mailbox]++
	}
	for i := 1; i <= n; i++ {
		if k := of[customerAddress(i)]; k != 1 {
			s.t.Errorf("request %d has %d cases", i, k)
		}
	}
	for id, k := range s.copies() {
		if k != 1 {
			s.t.Errorf("letter %s was sent %d times", id, k)
		}
	}
}

// intact compares every stored message with those that were delivered.
func (s *scene) intact() bool {
	s.t.Helper()
	delivered := map[string]bool{}
	s.mailMu.Lock()
	for _, raw := range s.mail {
		delivered[string(raw)] = true
	}
	s.mailMu.Unlock()
	good := true
	byStatus, _ := s.messages()
	total := 0
	for _, k := range byStatus {
		total += k
	}
	for id := uint64(1); id <= uint64(total); id++ {
		var m store.Message
		s.view(func(tx *store.Tx) (err error) { m, err = tx.Message(id); return err })
		raw, err := s.store.Raw(m)
		if err != nil {
			s.t.Fatal(err)
		}
		body, err := io.ReadAll(raw)
		raw.Close()
		if err != nil {
			s.t.Fatal(err)
		}
		if !delivered[string(body)] && !bytes.HasPrefix(body, []byte("X-Sportello-Not-Fetched")) {
			good = false
			s.t.Logf("message %d (%s, %s) is not as delivered", id, m.Kind, m.Status)
		}
	}
	return good
}
