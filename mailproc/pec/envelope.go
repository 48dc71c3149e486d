package pec

import (
	"io"
	"time"
)

// Kind is what a message is.
type Kind string

// The kinds of message in a PEC mailbox.
const (
	Transport  Kind = "transport"  // busta di trasporto
	Anomaly    Kind = "anomaly"    // busta di anomalia: ordinary mail, enclosed by the receiving provider
	Receipt    Kind = "receipt"    // ricevuta o avviso
	Ordinary   Kind = "ordinary"   // anything else that can be read
	Unreadable Kind = "unreadable" // see Envelope.Reason
)

// Status is the outcome of a proof.
type Status string

// The outcomes of a proof.
const (
	Valid     Status = "valid"     // every step holds
	Invalid   Status = "invalid"   // the signature is broken, or the envelope contradicts itself
	Untrusted Status = "untrusted" // an intact signature by someone who is not trusted for it
	Missing   Status = "missing"   // there is no provider's signature
)

// Options are what a proof needs besides the message.
type Options struct {
	Trust     *Trust    // nil: every signature is at best untrusted
	Delivered time.Time // IMAP INTERNALDATE; zero: unknown, and the date is not checked
	Ours      []string  // our mailboxes, one of which a transport envelope must name; empty: not checked
	Digest    *[32]byte // SHA-256 of the message if the caller has it already; nil: computed
}

// Envelope is a message opened.
type Envelope struct {
	Kind     Kind
	Reason   string    // why it is unreadable, or the reason of the verdict of a transport envelope not proved
	Verdict  Verdict   // of the provider's signature and of every step of the proof
	Header   Header    // the outer header, NOT signed: for display, loop detection and preselection only
	Daticert *Daticert // from the signed part only; nil unless its signature is intact
	Original *Original // the message enclosed; of an ordinary message the message itself
	Size     int64     // bytes
	Digest   [32]byte  // SHA-256 of the bytes as given
}

// Proved reports whether this is a transport envelope whose every condition holds. Only then
// does Sender identify anybody.
func (e *Envelope) Proved() bool { return e.Kind == Transport && e.Verdict.Status == Valid }

// Sender is the certified sender of a proved transport envelope, as signed but for angle brackets; "" for anything else.
// Compare it with Address.
func (e *Envelope) Sender() string {
	if !e.Proved() {
		return ""
	}
	return withoutAngles(e.Daticert.Sender)
}

// Verdict says how a proof went. It is data, never an error.
type Verdict struct {
	Status    Status
	Reason    string    // code of the step that failed (Reason…); "" when valid
	Detail    string    // one sentence for a person
	Intact    bool      // digest, signature, chain and usage hold: what openssl cms -verify -purpose smimesign says, also of a form refused here
	At        time.Time // the instant at which the chain was judged; zero when it was not
	Signer    string    // rfc822Name of the signing certificate: the provider's notice address
	Provider  string    // providerName of the index, else the certificate's organisation
	Digest    string    // sha1, sha256, sha384, sha512
	Algorithm string    // rsa, rsa-pss, ecdsa
	Notes     []string  // Note…
	Steps     []Step    // every step tried, in order; only the last may have failed
}

// Step is one condition of a proof.
type Step struct {
	Name   string `json:"name"` // Step…, stable
	OK     bool   `json:"ok"`
	Detail string `json:"detail"` // what was found, for a person

	// Unchecked: nothing was given to check it against. It holds nothing up, and proves nothing.
	Unchecked bool `json:"unchecked,omitempty"`
}

// Header is the outer header of a message, decoded. Nothing of it is signed.
type Header struct {
	From, To, Subject    string
	MessageID, InReplyTo string
	References           []string
	Reference            string // X-Riferimento-Message-ID
	ReturnPath           string // the address; "<>" for the null path
	Trasporto, Ricevuta  string // X-Trasporto, X-Ricevuta, lower case
	AutoSubmitted        string // lower case, as the next two
	Precedence, ListID   string
	Date                 time.Time
}

// Automatic reports whether a program wrote the message, so that no letter may answer it: RFC 3834
// §2, mailing lists and bulk mail.
func (h Header) Automatic() bool {
	switch h.Precedence {
	case "bulk", "list", "junk", "auto_reply":
		return true
	}
	return (h.AutoSubmitted != "" && h.AutoSubmitted != "no") || h.ListID != "" || h.ReturnPath == "<>"
}

// Original is the message a person wrote.
type Original struct {
	From, To, Subject    string // decoded, for display
	Sender               string // the one address of its single From; "" when that is ambiguous
	MessageID, InReplyTo string
	References           []string
	Date                 time.Time
	Text, HTML           string // UTF-8, at most 256 KiB each; HTML as written
	Truncated            bool   // there was more
	Attachments          []Attachment
	Encrypted            bool // S/MIME or OpenPGP: it cannot be read here
	Signed               bool // by its writer
	TNEF                 bool // winmail.dat: the text may be in there
	Automatic            bool // see Header.Automatic
}

// Attachment is a part of the original message that is not its text.
type Attachment struct {
	Name     string // as given by the writer, without folders; "" when unnamed
	Type     string // media type as declared
	Encoding string // Content-Transfer-Encoding
	Size     int64  // bytes, encoded
	Offset   int64  // of the encoded body in the raw message
	inside   io.ReaderAt
}

// Facts is what a certified dispatch proves, whatever the technology: a PEC envelope today, ERDS
// evidence of a REM dispatch (ETSI EN 319 532) tomorrow. Rules that need only these work for both.
type Facts interface {
	Proved() bool           // everything below is certified
	Event() string          // what is certified: a type of daticert.xml (Type…)
	Sender() string         // the certified sender; "" when nothing is proved
	Recipients() []string   // those certified as addressed
	Identifier() string     // the provider's, unique
	Reference() string      // Message-ID the sender gave, without angle brackets
	CertifiedAt() time.Time // when the event happened
}

var _ Facts = (*Envelope)(nil)

// Event is the certified type, "" when there is no intact daticert.xml.
func (e *Envelope) Event() string {
	if e.Daticert == nil {
		return ""
	}
	return e.Daticert.Type
}

// Recipients are the certified recipients.
func (e *Envelope) Recipients() []string {
	if e.Daticert == nil {
		return nil
	}
	out := make([]string, len(e.Daticert.Recipients))
	for i, r := range e.Daticert.Recipients {
		out[i] = r.Address
	}
	return out
}

// Identifier is the provider's identifier of the dispatch.
func (e *Envelope) Identifier() string {
	if e.Daticert == nil {
		return ""
	}
	return e.Daticert.Identifier
}

// Reference is the Message-ID that the sender gave, without angle brackets.
func (e *Envelope) Reference() string {
	if e.Daticert == nil {
		return ""
	}
	return bareID(e.Daticert.MessageID)
}

// CertifiedAt is the certified instant.
func (e *Envelope) CertifiedAt() time.Time {
	if e.Daticert == nil {
		return time.Time{}
	}
	return e.Daticert.At
}
