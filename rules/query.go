package rules

import (
	"errors"
	"strings"
	"time"
)

// Errors that answers to a query or an act are told apart by.
var (
	ErrNotFound = errors.New("not found")
	ErrStopped  = errors.New("the daemon is not running: start `sportello run`, then try again")
)

// Query is what one can ask of the queue. Empty fields ask for anything.
type Query struct {
	State     State   `json:"state,omitempty"`
	Procedure string  `json:"procedure,omitempty"`
	Mailbox   string  `json:"mailbox,omitempty"` // certified sender
	Outcome   Outcome `json:"outcome,omitempty"`
	Reason    Reason  `json:"reason,omitempty"`
	Overdue   bool    `json:"overdue,omitempty"` // the term has passed without an answer
	Text      string  `json:"text,omitempty"`    // protocol number, mailbox, subject or a field
	Order     string  `json:"order,omitempty"`   // "attention" (what needs a person, then what is due soonest) or "received" (newest first)
	Limit     int     `json:"limit,omitempty"`   // 0: 50
	After     string  `json:"after,omitempty"`   // Page.Next of the page before
}

// Page is a part of the queue.
type Page struct {
	Cases []*Case `json:"cases"`
	Next  string  `json:"next,omitempty"` // to ask for the next page; "" at the end
}

// MessageView is a stored message as people see it.
type MessageView struct {
	ID         uint64      `json:"id"`
	Mailbox    string      `json:"mailbox"`
	Kind       string      `json:"kind"`
	Verdict    string      `json:"verdict,omitempty"`
	Status     string      `json:"status"` // pending, case, receipt, parked, duplicate, redacted, purged
	Case       string      `json:"case,omitempty"`
	Reason     Reason      `json:"reason,omitempty"`
	Detail     string      `json:"detail,omitempty"`
	Delivered  time.Time   `json:"delivered,omitzero"`
	Read       time.Time   `json:"received"`
	Size       int64       `json:"size"`
	Digest     string      `json:"digest"`  // SHA-256 of the raw bytes, hex
	Archive    string      `json:"archive"` // archive/2026-11.tar@offset
	Identifier string      `json:"identifier,omitempty"`
	Proof      []ProofStep `json:"proof,omitempty"`
	Facts      *Message    `json:"facts,omitempty"`
	Receipt    *ReceiptRef `json:"receipt,omitempty"`
}

// Detail is a case with everything that explains it.
type Detail struct {
	Case     *Case         `json:"case"`
	Events   []Event       `json:"events"`
	Messages []MessageView `json:"messages"`
	Overdue  bool          `json:"overdue"`
	Verbs    []string      `json:"verbs"` // what an operator can do now
}

// Status is the desk at a glance.
type Status struct {
	Version   string         `json:"version,omitempty"`
	Now       time.Time      `json:"now"`
	Running   bool           `json:"running"` // false: the store is only being read
	Mailboxes []BoxStatus    `json:"mailboxes"`
	Cases     map[State]int  `json:"cases"`
	Messages  map[string]int `json:"messages"` // by status
	Height    uint64         `json:"height"`   // of the journal
	Head      string         `json:"head"`     // its last hash
	DiskFree  uint64         `json:"disk_free"`
	DiskUsed  uint64         `json:"disk_used"`
}

// BoxStatus is a request mailbox's connection.
type BoxStatus struct {
	Name     string    `json:"name"`
	Address  string    `json:"address"`
	CaughtUp time.Time `json:"caught_up,omitzero"` // when it was last read to its end
	Problem  string    `json:"problem,omitempty"`
	Since    time.Time `json:"since,omitzero"`
}

// Mentions reports whether a case has a text (in lower case) in its protocol
// number, mailbox, subject or fields.
func (c *Case) Mentions(text string) bool {
	has := func(s string) bool { return strings.Contains(strings.ToLower(s), text) }
	if has(c.ID) || has(c.Mailbox) || has(c.Subject) {
		return true
	}
	for _, v := range c.Fields {
		if has(v) {
			return true
		}
	}
	return false
}
