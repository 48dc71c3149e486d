package console

import (
	"context"
	"io"
	"regexp"
	"strings"
	"time"

	"sportello/rules"
)

// Desk is what the console needs of the desk behind it.
type Desk interface {
	Cases(context.Context, rules.Query) (rules.Page, error)
	// Cards calls fn with what the queue knows of every case, until it returns false.
	Cards(ctx context.Context, fn func(*rules.Card) bool) error
	Case(ctx context.Context, id string) (*rules.Detail, error)
	Perform(ctx context.Context, id string, act rules.Act) (*rules.Detail, error)
	// Preview is what Perform would send, and the steps on the mailbox that would
	// follow; nothing is done.
	Preview(ctx context.Context, id string, act rules.Act) ([]rules.LetterText, []rules.StepRun, error)

	// Parked lists messages older than before, newest first; 0: from the newest on.
	Parked(ctx context.Context, before uint64, limit int) ([]rules.MessageView, error)
	Message(ctx context.Context, id uint64) (*rules.MessageView, error)
	Raw(ctx context.Context, id uint64) (io.ReadCloser, error)
	// Replay looks at a parked message again.
	Replay(ctx context.Context, id uint64, author string) error
	// OpenParked makes a case of it, for a person to decide, and gives its number.
	OpenParked(ctx context.Context, id uint64, author string) (caseID string, err error)

	// RetryNow tries again at once what waits for its next try.
	RetryNow(ctx context.Context, author string) error

	Journal(ctx context.Context, from uint64, limit int, caseID string) ([]rules.Event, error)
	// Verify proves the journal's chain from its first entry and returns its height.
	Verify(ctx context.Context) (uint64, error)
	Status(context.Context) (rules.Status, error)
	// Watch tells, at most once unread, that something changed.
	Watch() (changes <-chan struct{}, stop func())
	Rules() *rules.Set
}

// UserStore keeps people, sessions and tokens: small values by key. Put with
// a nil value removes.
type UserStore interface {
	Get(key string) ([]byte, error) // nil without error: there is none
	Put(key string, value []byte) error
	Each(func(key string, value []byte) error) error
}

// Trust is whose signatures are believed, for people to see.
type Trust struct {
	Providers []TrustProvider `json:"providers"`
	Roots     []Certificate   `json:"roots"`
	RootsPEM  []byte          `json:"-"`                  // goes into exported files, so that they verify anywhere
	Index     string          `json:"index"`              // where the index was read from; "" none
	IndexOf   *time.Time      `json:"index_of,omitempty"` // when it was put there
	Notes     []string        `json:"notes"`
}

// TrustProvider is a provider of the index.
type TrustProvider struct {
	Name         string        `json:"name"`
	Address      string        `json:"address"` // of its notices
	Domains      []string      `json:"domains"`
	Certificates []Certificate `json:"certificates"`
}

// Certificate is what people need to know of one.
type Certificate struct {
	Subject string    `json:"subject"`
	Issuer  string    `json:"issuer"`
	Serial  string    `json:"serial"`
	SHA256  string    `json:"sha256"`
	From    time.Time `json:"from"`
	Until   time.Time `json:"until"`
}

// LetterRow is a letter that somebody should know of.
type LetterRow struct {
	Case    string            `json:"case"`
	N       int               `json:"n"`
	Name    string            `json:"name"`
	State   rules.LetterState `json:"state"`
	To      string            `json:"to"`
	Owed    time.Time         `json:"owed"`
	NextTry time.Time         `json:"next_try,omitzero"`
	Tries   int               `json:"tries"`
	Answer  string            `json:"answer,omitempty"`  // of the last try
	Held    string            `json:"held,omitempty"`    // why it is held
	Receipt string            `json:"receipt,omitempty"` // that says it was not delivered: its kind
	Error   string            `json:"error,omitempty"`   // what that receipt gives as the cause

	Unaccepted bool      `json:"unaccepted,omitempty"` // the server took it, and no receipt ever came
	Overdue    bool      `json:"overdue,omitempty"`    // it was accepted, and no receipt says in time what became of it
	Accepted   time.Time `json:"accepted,omitzero"`    // of one that is overdue
}

// Incident is something that is wrong now.
type Incident struct {
	About string    `json:"about"` // its kind and what it is about: "mailbox/disattivazioni", "promise/2026-000123", "disk"
	Text  string    `json:"text"`
	Since time.Time `json:"since"`
}

// Kind is what sort of incident it is.
func (i Incident) Kind() string {
	kind, _, _ := strings.Cut(i.About, "/")
	return kind
}

// Case is the case that it is about; "" for another.
func (i Incident) Case() string {
	if _, id, _ := strings.Cut(i.About, "/"); caseNumber.MatchString(id) {
		return id
	}
	return ""
}

// Where is the page on which most is to be seen of it.
func (i Incident) Where() string {
	if id := i.Case(); id != "" {
		return "/cases/" + id
	}
	switch i.Kind() {
	case "unread":
		return "/parked"
	case "untrusted":
		return "/parked?reason=" + string(rules.SignatureUntrusted)
	case "index", "certificate":
		return "/trust"
	case "smtp":
		return "/letters"
	}
	return "/system"
}

// Thing is what else it is about: a mailbox, mostly.
func (i Incident) Thing() string {
	_, thing, _ := strings.Cut(i.About, "/")
	return thing
}

var caseNumber = regexp.MustCompile(`^\d{4}-\d{6,}$`)

// Known is what the registry says now of a mailbox and of orders.
type Known struct {
	Configured bool               `json:"configured"`
	Mailbox    *rules.MailboxFact `json:"mailbox,omitempty"`
	Orders     []rules.Order      `json:"orders,omitempty"`
	Problem    string             `json:"problem,omitempty"`
}

// Entry is an entry of the journal as auditors check it: its JSON, the hash
// before it and the hash of both.
type Entry struct {
	Public       []byte
	Before, Hash [32]byte
}

// DemoMessage is what a visitor of the demo writes to the desk as a customer.
type DemoMessage struct {
	Name                    string // of a sample: "sample.NAME" in words.txt says what it shows
	From, To, Subject, Text string
	Ordinary                bool // sent as ordinary mail, not certified
}
