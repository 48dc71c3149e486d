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
// gone: so many days after its outcome, as its letters tell the customer
// (giorni_conservazione). Zero while nothing is decided, and for a case that
// wants no documents.
func (s *Set) CopiesUntil(c *Case) time.Time {
	if !s.WantsDocuments(c) || c.Decided.IsZero() || slices.Contains([]State{New, InReview, Waiting}, c.State) {
		return time.Time{}
	}
	return s.Calendar.StartOfDay(s.Calendar.AddDays(s.Calendar.Date(c.Decided), s.Settings.GiorniConservazione))
}

// HoldsCopies reports whether copies of documents may have come with m.
func (m *Message) HoldsCopies() bool { return len(m.Attachments) > 0 || m.Encrypted }

// CopiesGone says of the journal's entry which kinds of copies went, and why.
func (s *Set) CopiesGone(m *Message) string {
	var kinds []string
	for _, a := range m.Attachments {
		if !slices.Contains(kinds, a.Type) {
			kinds = append(kinds, a.Type)
		}
	}
	slices.Sort(kinds)
	return fmt.Sprintf("copies of documents (%s): kept until %d days after the outcome", strings.Join(kinds, ", "), s.Settings.GiorniConservazione)
}
