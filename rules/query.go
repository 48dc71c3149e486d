package rules

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
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
	Mailbox   string  `json:"mailbox,omitempty"` // certified sender; without a domain, how it begins
	Outcome   Outcome `json:"outcome,omitempty"`
	Reason    Reason  `json:"reason,omitempty"`
	From      string  `json:"from,omitempty"`     // received on this day or after: see Calendar.Day
	To        string  `json:"to,omitempty"`       // received on this day or before
	DueBy     string  `json:"due_by,omitempty"`   // an answer is owed by the end of this day
	Assignee  string  `json:"assignee,omitempty"` // of this operator; Nobody: of none
	Overdue   bool    `json:"overdue,omitempty"`  // the term has passed without an answer
	Task      bool    `json:"task,omitempty"`     // a step waits for a person to carry it out
	Text      string  `json:"text,omitempty"`     // protocol number, or the beginnings of words of the mailbox, subject and fields; or one identifier whole: of an envelope, a letter, a message's bytes
	Order     string  `json:"order,omitempty"`    // "attention" (what needs a person, then what is due soonest) or "received" (newest first)
	Limit     int     `json:"limit,omitempty"`    // 0: 50
	After     string  `json:"after,omitempty"`    // Page.Next of the page before
}

// Check refuses a query by words that mean nothing, and says which would do;
// procedures are the names of those in force and of those that still have cases.
func (q Query) Check(procedures []string) error {
	unknown := func(what, got string, known []string) error {
		if got == "" || slices.Contains(known, got) {
			return nil
		}
		return &ErrRefused{Why: fmt.Sprintf("unknown %s %q: one of %s", what, got, strings.Join(known, ", "))}
	}
	return cmp.Or(unknown("state", string(q.State), codes(States)), unknown("outcome", string(q.Outcome), codes(Outcomes)),
		unknown("reason", string(q.Reason), codes(AllReasons)), unknown("procedure", q.Procedure, procedures), unknown("order", q.Order, Orders))
}

// Orders are the orders a queue can be asked in.
var Orders = []string{"attention", "received"}

func codes[T ~string](in []T) []string {
	out := make([]string, len(in))
	for i, v := range in {
		out[i] = string(v)
	}
	return out
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
	Cause      string      `json:"cause,omitempty"` // what a receipt of non-delivery says of it (errore-esteso)
}

// Erased reports whether a message's bytes are no longer kept: its digest is.
func (m *MessageView) Erased() bool { return m.Status == "redacted" || m.Status == "purged" }

// Detail is a case with everything that explains it.
type Detail struct {
	Case     *Case         `json:"case"`
	Events   []Event       `json:"events"`
	Messages []MessageView `json:"messages"`
	Overdue  bool          `json:"overdue"`
	Verbs    []string      `json:"verbs"`              // what an operator can do now
	Proposal *Proposal     `json:"proposal,omitempty"` // an approval that waits for a second person
	Takes    []OpenCase    `json:"takes,omitempty"`    // of a revocation: the open requests that its approval can take back

	Said  []Said            `json:"said,omitempty"`  // what the desk said of it, the newest first
	Means map[string]string `json:"means,omitempty"` // what the steps of a procedure's own do, by their words

	Causes map[uint64]string `json:"causes,omitempty"` // what receipts of non-delivery say of it, by the number of their message
}

// Proposal is an act that one person proposed and another has to confirm.
type Proposal struct {
	By        string    `json:"by"`
	At        time.Time `json:"at"`
	Verb      string    `json:"verb"`
	Procedure string    `json:"procedure,omitempty"`
	Takes     []string  `json:"takes,omitempty"` // of a revocation: what it takes back
	Text      string    `json:"text,omitempty"`
}

// Status is the desk at a glance.
type Status struct {
	Version   string         `json:"version,omitempty"`
	Now       time.Time      `json:"now"`
	Running   bool           `json:"running"` // false: the store is only being read
	Mailboxes []BoxStatus    `json:"mailboxes"`
	Cases     map[State]int  `json:"cases"`
	Tasks     int            `json:"tasks"`    // of the cases, those of which a step waits for a person
	Messages  map[string]int `json:"messages"` // by status
	Parked    map[Reason]int `json:"parked"`   // of them, by reason
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

// Card is what the queue's index knows of a case: enough to filter and to
// count half a million without opening one.
type Card struct {
	State     State
	Procedure string
	Outcome   Outcome
	Reason    Reason
	Received  time.Time
	Due       time.Time     // zero for a closed case, and while it is the customer's turn
	Answered  time.Duration // from receipt; 0: not answered
	Late      bool          // answered after its term
	ByPerson  bool          // decided by a person
}

// Overdue reports whether the promise was broken at now.
func (c *Card) Overdue(now time.Time) bool {
	return !c.Due.IsZero() && c.Answered == 0 && c.State != Closed && now.After(c.Due)
}
