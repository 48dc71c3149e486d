package rules

import (
	"crypto/sha256"
	"encoding/base32"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Identity names the request itself, the same whenever a desk reads it: also
// after its database was restored from a backup and the cases have got other
// protocol numbers. Letters and steps are named by it, so that what was sent
// or done before is known and not sent or done again, and never taken for
// another customer's.
func (c *Case) Identity() string { return c.named() }

// named is a name of the request and of a part of it.
func (c *Case) named(part ...string) string {
	id := []string{c.Envelope} // no provider gives an identifier twice (RFC 6109 §2.2.1)
	if c.Envelope == "" {
		id = []string{c.ID} // its content was purged
		if c.Mailbox != "" {
			id = []string{c.To, c.Mailbox, c.MessageID, c.Received.UTC().Format(time.RFC3339), c.Subject}
		}
	}
	h := sha256.New()
	for _, p := range append(id, part...) {
		fmt.Fprintf(h, "%d:%s", len(p), p)
	}
	return strings.ToLower(base32.StdEncoding.EncodeToString(h.Sum(nil)[:15]))
}

// messageID names a letter for ever, by the request that it answers, its
// number and what it says. The mark of the installation is in it, so that
// receipts of a lost database are never taken for ours.
func (s *Set) messageID(c *Case, n int, name string) string {
	domain := "localhost"
	if _, after, ok := strings.Cut(s.Addresses[c.To], "@"); ok {
		domain = after
	}
	mark := s.Mark
	if mark == "" {
		mark = "0"
	}
	return fmt.Sprintf("%s.%s@%s", c.named(strconv.Itoa(n), name), mark, domain)
}
