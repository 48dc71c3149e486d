package mailbox

import (
	"slices"
	"strings"
	"testing"
)

// TestPreauth: a server that knows us already (RFC 9051 §7.1.4) is asked for no login, and not told the password.
func TestPreauth(t *testing.T) {
	s := &scripted{mails: someMails(1), greets: "PREAUTH"}
	acc := s.start(t)
	acc.Password = func() (string, error) {
		t.Error("the password is asked for")
		return secret, nil
	}
	if err := acc.Try(t.Context()); err != nil {
		t.Error(err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if slices.ContainsFunc(s.seen, func(c string) bool { return strings.HasPrefix(c, "LOGIN") || strings.HasPrefix(c, "AUTH") }) {
		t.Errorf("the server was sent %q", s.seen)
	}
}
