package rules

import "iter"

// Set is every procedure the desk knows, with the calendar and the provider's
// own facts. It is immutable once loaded: many read it at once. A reload makes
// a new one, and a desk its own (Of).
type Set struct {
	Procedures []*Procedure // sorted by name
	Calendar   *Calendar
	Settings   Settings

	Addresses map[string]string // of the request mailboxes, by their configured name
	Mark      string            // of this installation, part of every Message-ID

	shared *texts // templates/comuni
	words  int    // different fixed words of the forms
}

// Of is s as the desk with these request mailboxes and this mark has it.
func (s *Set) Of(addresses map[string]string, mark string) *Set {
	own := *s
	own.Addresses, own.Mark = addresses, mark
	return &own
}

// Procedure finds a procedure by name, nil if there is none.
func (s *Set) Procedure(name string) *Procedure {
	for _, p := range s.Procedures {
		if p.Name == name {
			return p
		}
	}
	return nil
}

// revoking is the name of the procedure that takes others back, "" if there is none.
func (s *Set) revoking() string {
	for _, p := range s.Procedures {
		if p.Revokes {
			return p.Name
		}
	}
	return ""
}

// formed are the procedures that have a form, each with it, and then with the
// texts that say as much.
func (s *Set) formed() iter.Seq2[*Procedure, *Form] {
	return func(yield func(*Procedure, *Form) bool) {
		for _, p := range s.Procedures {
			if p.Form != nil && !yield(p, p.Form) {
				return
			}
		}
		for _, p := range s.Procedures {
			for _, f := range p.Wordings {
				if !yield(p, f) {
					return
				}
			}
		}
	}
}

// StepMeans says what a step of a procedure's own does, "" when it is none.
func (s *Set) StepMeans(name string) string {
	for _, p := range s.Procedures {
		for _, st := range p.Steps {
			if st.Do == name && st.Means != "" {
				return st.Means
			}
		}
	}
	return ""
}
