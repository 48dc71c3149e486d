package rules

import "time"

// EventKind names what happened. Those of a case are folded into it by Apply.
type EventKind string

// Events of a case. The table of states in state.go says which may happen when.
const (
	Opened        EventKind = "opened"    // a request was recorded and has its protocol number
	Deferred      EventKind = "deferred"  // cannot be decided now (registry down); stays new
	Decided       EventKind = "decided"   // by the rules
	Approved      EventKind = "approved"  // by an operator
	EventRejected EventKind = "rejected"  // by an operator
	EventAnswered EventKind = "answered"  // by an operator, with a text of his own
	Asked         EventKind = "asked"     // documents were asked for
	Joined        EventKind = "joined"    // another message of the customer was added
	Withdrew      EventKind = "withdrawn" // by an operator, as the customer asked
	Halted        EventKind = "halted"    // by an operator: steps not yet begun stop, he decides again
	Revoked       EventKind = "revoked"   // the customer takes it back: steps stop, an operator looks
	Lapsed        EventKind = "lapsed"    // the documents did not come in time
	Reopened      EventKind = "reopened"
	Returned      EventKind = "returned" // back to an operator: letter undeliverable, step failed for good
	EventClosed   EventKind = "closed"   // nothing is owed any more
	Noted         EventKind = "noted"    // an operator's remark
	Assigned      EventKind = "assigned" // an operator hands the case over to one of them, or to all
	PutOff        EventKind = "put-off"  // an operator looks at it again at an instant
	Recalled      EventKind = "recalled" // that instant has come

	LetterOwed        EventKind = "letter-owed"
	LetterHeld        EventKind = "letter-held" // by a budget; an operator or time releases it
	LetterReleased    EventKind = "letter-released"
	LetterAttempt     EventKind = "letter-attempt" // committed before dialling
	LetterDeferred    EventKind = "letter-deferred"
	LetterUncertain   EventKind = "letter-uncertain"
	LetterSent        EventKind = "letter-sent" // the SMTP server took it
	EventLetterFailed EventKind = "letter-failed"
	LetterReceipt     EventKind = "letter-receipt" // a signed receipt of the provider names it
	LetterOverdue     EventKind = "letter-overdue" // it was accepted, and no receipt says in time what became of it
	LetterArrived     EventKind = "letter-arrived" // an operator knows that it arrived; no receipt says so

	StepScheduled   EventKind = "step-scheduled"
	StepStarted     EventKind = "step-started" // committed before the action runs
	StepRetry       EventKind = "step-retry"
	StepAsked       EventKind = "step-asked" // no action is configured: an operator does it
	StepDone        EventKind = "step-done"
	EventStepFailed EventKind = "step-failed"

	TargetPassed EventKind = "target-passed" // the desk's own two days
	Warned       EventKind = "warned"        // a working day before the term
	Breached     EventKind = "breached"      // the term passed without an answer
	Reminded     EventKind = "reminded"      // documents still owed
)

// Events of the desk, about no case.
const (
	Received        EventKind = "received"  // a message was stored
	Parked          EventKind = "parked"    // it is no request; Reason says why
	Duplicated      EventKind = "duplicate" // the same envelope again
	ReceiptStored   EventKind = "receipt"   // a receipt that names no letter of ours
	Replayed        EventKind = "replayed"  // a parked message is looked at again
	Started         EventKind = "started"
	Stopped         EventKind = "stopped"
	Reloaded        EventKind = "reloaded"    // templates or trust
	ValidityChanged EventKind = "uidvalidity" // the server renumbered the folder
	Purged          EventKind = "purged"      // what its retention was over for; also of the case whose message holds copies of documents
	Redacted        EventKind = "redacted"    // also of the case that the message belongs to
	UserChanged     EventKind = "user"
)

// Event is one thing that happened: an entry of the journal. The public part
// is chained by hashes and kept for ever, so it holds no body, name or
// address; Private holds those, and the public part holds its digest.
type Event struct {
	Seq     uint64    `json:"seq"` // height in the journal, from 1
	At      time.Time `json:"at"`
	Kind    EventKind `json:"kind"`
	Case    string    `json:"case,omitempty"`
	Author  string    `json:"author,omitempty"` // operator; empty: the desk itself
	To      string    `json:"to,omitempty"`     // operator to whom the case is handed over; empty: to nobody
	Message uint64    `json:"message,omitempty"`

	Mailbox   string     `json:"mailbox,omitempty"` // name of the request mailbox
	Procedure string     `json:"procedure,omitempty"`
	Outcome   Outcome    `json:"outcome,omitempty"`
	Reason    Reason     `json:"reason,omitempty"`
	Received  *time.Time `json:"received,omitempty"`
	Due       *time.Time `json:"due,omitempty"`
	Target    *time.Time `json:"target,omitempty"`
	Warn      *time.Time `json:"warn,omitempty"`  // the alert before the term; the reminder of documents
	Until     *time.Time `json:"until,omitempty"` // term for documents; next try; end of holding; of a case put off
	Flags     []string   `json:"flags,omitempty"`
	Previous  string     `json:"previous,omitempty"`
	Steps     []Step     `json:"steps,omitempty"`
	Envelope  string     `json:"envelope,omitempty"` // certified identifier of the request: it names the case wherever it is read again
	Digest    string     `json:"digest,omitempty"`   // SHA-256 of the message's raw bytes, hex: the evidence outlives the bytes
	Letters   []int      `json:"letters,omitempty"`  // which letters sent the case back to a person, or hold no more
	Detail    string     `json:"detail,omitempty"`   // for a person, free of personal data

	Letter  *LetterRef  `json:"letter,omitempty"`
	Step    *StepRef    `json:"step,omitempty"`
	Receipt *ReceiptRef `json:"receipt,omitempty"`

	PrivateDigest string   `json:"private,omitempty"` // SHA-256 of the private part's JSON, hex
	Private       *Private `json:"-"`
}

// LetterRef says which letter of the case an event is about.
type LetterRef struct {
	N         int    `json:"n"` // 1, 2, … within the case
	Name      string `json:"name,omitempty"`
	MessageID string `json:"message_id,omitempty"` // without angle brackets
	Attempt   int    `json:"attempt,omitempty"`
	Answer    string `json:"answer,omitempty"` // of the SMTP server, its code and queue id
}

// StepRef says which step of the case an event is about.
type StepRef struct {
	N       int    `json:"n"`
	Do      string `json:"do,omitempty"`
	Attempt int    `json:"attempt,omitempty"`
}

// ReceiptRef is what a signed receipt says of a letter.
type ReceiptRef struct {
	Kind       string    `json:"kind"` // accettazione, avvenuta-consegna, …
	At         time.Time `json:"at"`   // the certified instant
	Identifier string    `json:"identifier,omitempty"`
	Provider   string    `json:"provider,omitempty"`
	Error      string    `json:"error,omitempty"`
}

// Private is the part of an event that retention may remove.
type Private struct {
	Mailbox     string            `json:"mailbox,omitempty"` // certified sender
	Subject     string            `json:"subject,omitempty"`
	MessageID   string            `json:"message_id,omitempty"`
	References  []string          `json:"references,omitempty"`
	Fields      map[string]string `json:"fields,omitempty"`
	Facts       map[string]string `json:"facts,omitempty"`
	Missing     []string          `json:"missing,omitempty"`
	Reasons     []string          `json:"reasons,omitempty"`
	Explanation *Explanation      `json:"explanation,omitempty"`
	Proof       []ProofStep       `json:"proof,omitempty"` // who signed, and each condition
	Letter      *LetterText       `json:"letter,omitempty"`
	Documents   []string          `json:"documents,omitempty"`
	Note        string            `json:"note,omitempty"`
	Error       string            `json:"error,omitempty"`
}

// ProofStep is one condition of the proof of sender and how it ended.
type ProofStep struct {
	Name   string `json:"name"`
	OK     bool   `json:"ok"`
	Detail string `json:"detail,omitempty"`
}

// LetterText is a letter as it goes out.
type LetterText struct {
	To         string       `json:"to"`
	Subject    string       `json:"subject"`
	Text       string       `json:"text"`
	InReplyTo  string       `json:"in_reply_to,omitempty"`
	References []string     `json:"references,omitempty"`
	Files      []LetterFile `json:"files,omitempty"`
}

// LetterFile is an attachment of a letter.
type LetterFile struct {
	Name string `json:"name"`
	Type string `json:"type"`
	Data []byte `json:"data"`
}
