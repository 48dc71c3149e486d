package rules

import "text/template"

// Procedure is a kind of request, as its folder under templates/ defines it.
type Procedure struct {
	Name      string      // the folder's
	Title     string      `toml:"title"`
	Request   string      `toml:"request"` // what letters call it, after "la richiesta di"
	Mailbox   string      `toml:"mailbox"` // name of the request mailbox it arrives in; "" any
	Subject   string      `toml:"subject"` // what the subject must be; "" any
	Decide    string      `toml:"decide"`  // automatic, operator, guide
	Term      string      `toml:"term"`    // "3 working days"
	Keep      string      `toml:"keep"`    // retention: "30 months"
	Wording   string      `toml:"wording"` // "form": the text must be the form (else body_not_conforming); "free": other wording goes to an operator
	Beside    string      `toml:"beside"`  // "known": what stands beside the form must be known to the rules; "" its words are weighed too
	Revokes   bool        `toml:"revokes"` // who asks for it takes a request of his back
	Blanks    []Blank     `toml:"blank"`
	Checks    []Check     `toml:"check"`
	Steps     []Step      `toml:"step"`
	Signs     []Recognise `toml:"recognise"` // how a request without (or beside) the form is known
	Documents []string    `toml:"documents"` // what an operator may ask for

	Form     *Form                         // parsed modulo.txt; nil when there is none
	Wordings []*Form                       // moduli/: texts that say as much as the form, as people retype it
	Letters  map[string]*template.Template // by name: accolta, respinta, presa-in-carico, guida, …
	Examples []Example

	motives map[Reason]*template.Template // the reasons' texts: why, and what to do
	ask     *template.Template            // how to ask for it rightly
	words   map[string]any                // what its letters may say whatever the case: see constants
	file    string                        // procedure.toml, as messages name it
}

// termDays is the term of p in working days; of none, the usual one.
func (p *Procedure) termDays() int {
	if p != nil {
		if n, _, err := ParseSpan(p.Term); err == nil && n > 0 {
			return n
		}
	}
	return usualTerm
}

// Blank is a gap of the form with the kind of value it takes.
type Blank struct {
	Name     string `toml:"name"`
	Label    string `toml:"label"` // what letters call it: "numero d'ordine"; "" the name
	Kind     string `toml:"kind"`  // person, pec-address, case-number, order-number, panel, amount, date, tax-code, text
	Must     string `toml:"must"`  // "certified-sender": must name the mailbox that sent it
	Optional bool   `toml:"optional"`
	Example  string `toml:"example"` // a value for the sample that letters are tried on
}

// Check is a condition on the registry or the calendar. Else says what
// happens when it fails: "reject:reason", "review:reason", "guide:reason".
type Check struct {
	Is   string `toml:"is"`
	Days int    `toml:"days"`
	Else string `toml:"else"`
}

// Step is an action on the mailbox at an instant of the case's life.
type Step struct {
	Do    string `toml:"do" json:"do"`           // read-only, close, exclude-domain, refund, …
	After string `toml:"after" json:"after"`     // "delivered", "5 days" after the step before, "24 hours"
	Of    string `toml:"of" json:"of,omitempty"` // "domain": not the sender's mailbox alone but every one of its domain
	Means string `toml:"means" json:"-"`         // what a step that is none of StepWords does, for operators: "reimpostazione della password"
}

// Recognise is a group of words that make a procedure likely: every one of
// All (each "a|b*" a choice of folded words, * any ending) and none of None.
type Recognise struct {
	All   []string `toml:"all"`
	None  []string `toml:"none"`
	Where string   `toml:"where"` // subject, text, "" either
}

// Example is a message of the procedure's esempi/ with the decision expected.
type Example struct {
	File      string // as messages name it
	Message   Message
	Facts     Facts // Mailbox and Orders: what the registry holds; the desk looks up those the message names
	Outcome   Outcome
	Reason    Reason
	Procedure string // the one it must be taken for; "" none

	lines map[string]int // where its header lines stand
}
