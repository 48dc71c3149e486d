package rules

import (
	"slices"
	"time"
)

// MessageKind is what a message is, as the envelope reader found it.
type MessageKind string

// The kinds of message, as `sportello check` prints them.
const (
	Transport  MessageKind = "transport"
	Anomaly    MessageKind = "anomaly"
	Receipt    MessageKind = "receipt"
	Ordinary   MessageKind = "ordinary"
	Unreadable MessageKind = "unreadable"
)

// Message is what the rules need to know of a message: facts only.
type Message struct {
	Mailbox string      `json:"mailbox"` // name of the configured request mailbox it came to
	Kind    MessageKind `json:"kind"`

	Signature string   `json:"signature"`         // valid, invalid, untrusted, missing
	Problem   Reason   `json:"problem,omitempty"` // why it is not proved; empty when it is
	Notes     []string `json:"notes,omitempty"`   // of the proof: weak_digest, no_index, …
	Provider  string   `json:"provider,omitempty"`

	Sender     string    `json:"sender,omitempty"`  // certified sender, only when proved
	Claimed    string    `json:"claimed,omitempty"` // whom an unproved message says it is from; never acted on
	Identifier string    `json:"identifier,omitempty"`
	MessageID  string    `json:"message_id,omitempty"` // the customer's own Message-ID
	InReplyTo  string    `json:"in_reply_to,omitempty"`
	References []string  `json:"references,omitempty"`
	Sent       time.Time `json:"sent,omitzero"`      // date of the signed daticert.xml
	Delivered  time.Time `json:"delivered,omitzero"` // INTERNALDATE

	Subject     string       `json:"subject,omitempty"`
	Text        string       `json:"text,omitempty"`
	HTML        string       `json:"html,omitempty"`
	Attachments []Attachment `json:"attachments,omitempty"`
	Encrypted   bool         `json:"encrypted,omitempty"`
	Automatic   bool         `json:"automatic,omitempty"` // RFC 3834 auto-reply, list or bulk mail
	Truncated   bool         `json:"truncated,omitempty"` // the text was longer than what is kept of it
}

// Attachment is a part of the customer's message that is not its text.
type Attachment struct {
	Name string `json:"name,omitempty"`
	Type string `json:"type"`
	Size int64  `json:"size"` // bytes as encoded in the message
}

// Proved reports whether the sender of m is certain.
func (m Message) Proved() bool { return m.Kind == Transport && m.Sender != "" && m.Problem == "" }

// Noted reports whether the proof of m carries the given note.
func (m Message) Noted(note string) bool { return slices.Contains(m.Notes, note) }

// Clock is the instant from which the working days of the promise run: delivery, or
// the date of the envelope when INTERNALDATE is missing or more than 24 hours
// later (a mailbox restored or moved); doubtful then is true.
func (m Message) Clock(read time.Time) (start time.Time, doubtful bool) {
	switch {
	case m.Delivered.IsZero() && m.Sent.IsZero():
		return read, true
	case m.Delivered.IsZero():
		return m.Sent, true
	case m.Sent.IsZero():
		return m.Delivered, false
	case m.Delivered.Sub(m.Sent) > 24*time.Hour:
		return m.Sent, true
	}
	return m.Delivered, false
}
