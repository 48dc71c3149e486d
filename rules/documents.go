package rules

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// WantsDocuments reports whether documents belong to a case: its procedure
// foresees them, or they were asked for. Others came unasked.
func (s *Set) WantsDocuments(c *Case) bool {
	p := s.Procedure(c.Procedure)
	return p != nil && len(p.Documents) > 0 || len(c.Asked) > 0
}

// CopiesUntil is when the copies of documents that came with a case must be
// gone: days after its outcome at from, as its letters tell the customer.
func (s *Set) CopiesUntil(from time.Time, days int) time.Time {
	return s.Calendar.StartOfDay(s.Calendar.AddDays(s.Calendar.Date(from), days))
}

// NeedsCopies reports whether a person may still have to look at the documents
// of a case: it is to be decided, or decided again. A step that failed leaves
// the outcome as it is.
func (c *Case) NeedsCopies() bool { return c.State.Decidable() && !c.failedOnly() }

// HoldsCopies reports whether copies of documents may have come with m.
func (m *Message) HoldsCopies() bool { return len(m.Attachments) > 0 || m.Encrypted }

// CopiesGone says in the journal which kinds of copies went, and why: they were
// kept for so many days.
func CopiesGone(m *Message, days int) string {
	var kinds []string
	for _, a := range m.Attachments {
		if !slices.Contains(kinds, a.Type) {
			kinds = append(kinds, a.Type)
		}
	}
	slices.Sort(kinds)
	return fmt.Sprintf("copies of documents (%s): kept until %d days after the outcome", strings.Join(kinds, ", "), days)
}
