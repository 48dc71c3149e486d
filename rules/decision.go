package rules

import "time"

// Outcome is what a decision does with a request.
type Outcome string

// The outcomes, as `sportello check` prints them.
const (
	Accept Outcome = "accept" // it is done
	Reject Outcome = "reject" // it is refused, with a reason and its remedy
	Guide  Outcome = "guide"  // an answer with instructions; nothing is executed
	Review Outcome = "review" // a person decides
	None   Outcome = "none"   // no request: parked
)

// Outcomes lists every outcome that a case can have; None is that of one which
// its customer took back.
var Outcomes = []Outcome{Accept, Reject, Guide, Review, None}

// Reading is what the text of a message was found to ask, before anything is
// looked up in the registry. It depends on the message and the procedures alone.
type Reading struct {
	Procedure   string            `json:"procedure,omitempty"` // "" when it asks for none of ours
	Outcome     Outcome           `json:"outcome"`             // as far as the text goes: accept when the whole text is the form and courtesy
	Reason      Reason            `json:"reason,omitempty"`
	Reasons     []string          `json:"reasons,omitempty"`  // for a person, in English, one sentence each
	Fields      map[string]string `json:"fields,omitempty"`   // blank name -> value
	Missing     []string          `json:"missing,omitempty"`  // blanks that must be filled and are not
	Orders      []string          `json:"orders,omitempty"`   // order numbers to look up
	Protocol    string            `json:"protocol,omitempty"` // a protocol number the message names (subject, or own words)
	Explanation Explanation       `json:"explanation"`

	Unclear bool   `json:"-"` // nothing keeps the form from being accepted but words beside it that are not understood
	Signed  string `json:"-"` // what stands under "-- ": it may name the firm he writes for
}

// Explanation shows how a text was read: for check, queue show and the console.
type Explanation struct {
	Own        string   `json:"own,omitempty"`   // the writer's own text
	Spans      []Span   `json:"spans,omitempty"` // in order, over Own
	LeftOver   []string `json:"left_over,omitempty"`
	Sign       string   `json:"sign,omitempty"` // the danger sign that stopped it: negation, condition, …
	SignWords  string   `json:"sign_words,omitempty"`
	Similarity float64  `json:"similarity,omitempty"` // 0 to 1, of the fixed words of the form
}

// Span is a piece of the own text, Start to End in bytes.
type Span struct {
	Start int    `json:"start"`
	End   int    `json:"end"`
	Kind  string `json:"kind"`           // form, blank, typo, courtesy, left-over, sign
	Name  string `json:"name,omitempty"` // of the blank, of the sign
	Want  string `json:"want,omitempty"` // the form's word where it differs
}

// Facts is what is known besides the message, looked up before deciding.
type Facts struct {
	Registry bool         // a registry answered; false: its checks ask an operator
	Down     string       // why a configured registry did not answer; the case waits
	Ours     bool         // the sender's domain is one we manage
	Mailbox  *MailboxFact // of the certified sender; nil: not in the registry
	Orders   []Order      // those named in the message, and found
	Open     []OpenCase   // cases of the same mailbox that are not closed
	Closed   []OpenCase   // its last closed cases of the same procedure, newest first
	SHA1     string       // trust.sha1: accept, review, reject
	Read     time.Time    // when the desk read the message
}

// MailboxFact is a row of the registry (design: mailboxes.csv, GET /mailboxes/{address}).
type MailboxFact struct {
	Address string    `json:"address"`
	Status  string    `json:"status"` // active, not_active, expired, read_only, cancelled
	Holder  string    `json:"holder,omitempty"`
	TaxCode string    `json:"tax_code,omitempty"`
	Panel   string    `json:"panel,omitempty"`
	Expires time.Time `json:"expires,omitzero"`
}

// Order is a row of the registry's orders.
type Order struct {
	Number  string    `json:"number"`
	Address string    `json:"address"`
	Kind    string    `json:"kind"` // auto_renewal, first_purchase
	Date    time.Time `json:"date"`
	Panel   string    `json:"panel,omitempty"`
	Amount  string    `json:"amount,omitempty"`
}

// OpenCase is another case of the same mailbox.
type OpenCase struct {
	ID        string `json:"id"`
	Procedure string `json:"procedure"`
	State     State  `json:"state"`
}

// Decision is what the desk does with a message, and why.
type Decision struct {
	Procedure   string            `json:"procedure,omitempty"`
	Outcome     Outcome           `json:"outcome"`
	Reason      Reason            `json:"reason,omitempty"`
	Reasons     []string          `json:"reasons,omitempty"`
	Mailbox     string            `json:"mailbox,omitempty"` // the certified sender; "" when not proved
	Fields      map[string]string `json:"fields,omitempty"`
	Missing     []string          `json:"missing,omitempty"`
	Explanation Explanation       `json:"explanation"`
	Received    time.Time         `json:"received"` // start of the clock
	Due         time.Time         `json:"due,omitzero"`
	Target      time.Time         `json:"target,omitzero"`
	Flags       []string          `json:"flags,omitempty"`    // doubtful_date, …
	Joins       string            `json:"joins,omitempty"`    // the open case this message belongs to
	Previous    string            `json:"previous,omitempty"` // the closed case it follows
	Letter      string            `json:"letter,omitempty"`   // name of the letter owed now: accolta, respinta, presa-in-carico, guida, duplicato; "" none
	To          string            `json:"to,omitempty"`       // whom the letter goes to: the certified sender; for ordinary mail the writer
	Facts       map[string]string `json:"facts,omitempty"`    // what letters need of the registry: data_ordine, importo, scadenza_casella, ultimo_giorno, …
}
