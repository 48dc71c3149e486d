package rules

// Reason is the one code that says why a decision is what it is.
type Reason string

// The reasons. `sportello check --help` lists them with their meaning.
const (
	OrdinaryEmail        Reason = "ordinary_email"
	OtherPEC             Reason = "other_pec"
	SubjectNotConforming Reason = "subject_not_conforming"
	BodyNotConforming    Reason = "body_not_conforming"
	MissingFields        Reason = "missing_fields"
	Outside30Days        Reason = "outside_30_days"
	UnknownMailbox       Reason = "unknown_mailbox"
	MailboxNotActive     Reason = "mailbox_not_active"
	SignatureInvalid     Reason = "signature_invalid"
	SignatureUntrusted   Reason = "signature_untrusted"
	SignatureMissing     Reason = "signature_missing"
	EnvelopeInconsistent Reason = "envelope_inconsistent"
	Ambiguous            Reason = "ambiguous"
	Revocation           Reason = "revocation"
	Duplicate            Reason = "duplicate"
	WeakDigest           Reason = "weak_digest"
	NotOurs              Reason = "not_ours"         // no request: newsletters, thanks, advertising
	AutomaticMail        Reason = "automatic"        // an auto-reply, list or bulk message
	IsReceipt            Reason = "receipt"          // a provider's receipt that belongs to no letter
	UnreadableMessage    Reason = "unreadable"       // cannot be opened at all
	Oversized            Reason = "oversized"        // larger than the configured limit
	OwnAddress           Reason = "own_address"      // from one of our request mailboxes
	DangerSign           Reason = "danger_sign"      // negation, condition, question, … near the form
	OtherWording         Reason = "other_wording"    // asks for it in other words than the form
	AttachmentOnly       Reason = "attachment_only"  // the request is only in an attachment
	OperatorDecides      Reason = "operator_decides" // the procedure always asks a person
	RegistryMissing      Reason = "registry_missing" // no registry is configured for a check
	RegistryDown         Reason = "registry_down"    // it did not answer
	HolderDiffers        Reason = "holder_differs"
	OrderUnknown         Reason = "order_unknown"
	OrderDiffers         Reason = "order_differs" // of another mailbox, panel or kind
	FirstPurchase        Reason = "first_purchase"
	DateDoubtful         Reason = "date_doubtful" // envelope in the future, or more than 25 h before delivery
	LetterFailed         Reason = "letter_failed"
	NoAcceptance         Reason = "no_acceptance" // the provider never said it took the letter
	StepFailed           Reason = "step_failed"
	DocumentsLapsed      Reason = "documents_lapsed"
)

// AllReasons lists every reason, in the order of this file.
var AllReasons = []Reason{
	OrdinaryEmail,
	OtherPEC,
	SubjectNotConforming,
	BodyNotConforming,
	MissingFields,
	Outside30Days,
	UnknownMailbox,
	MailboxNotActive,
	SignatureInvalid,
	SignatureUntrusted,
	SignatureMissing,
	EnvelopeInconsistent,
	Ambiguous,
	Revocation,
	Duplicate,
	WeakDigest,
	NotOurs,
	AutomaticMail,
	IsReceipt,
	UnreadableMessage,
	Oversized,
	OwnAddress,
	DangerSign,
	OtherWording,
	AttachmentOnly,
	OperatorDecides,
	RegistryMissing,
	RegistryDown,
	HolderDiffers,
	OrderUnknown,
	OrderDiffers,
	FirstPurchase,
	DateDoubtful,
	LetterFailed,
	NoAcceptance,
	StepFailed,
	DocumentsLapsed,
}

var meanings = map[Reason]string{
	OrdinaryEmail:        "ordinary mail, which proves no sender",
	OtherPEC:             "certified mail, but not from the mailbox it names",
	SubjectNotConforming: "the subject is not the one asked for",
	BodyNotConforming:    "the text of the form is not there",
	MissingFields:        "blanks of the form were left empty",
	Outside30Days:        "sent after the thirty days from the order",
	UnknownMailbox:       "the mailbox is not one of ours",
	MailboxNotActive:     "the mailbox is not active",
	SignatureInvalid:     "the signature does not match the content",
	SignatureUntrusted:   "signed by nobody we trust",
	SignatureMissing:     "claims to be certified and is not signed",
	EnvelopeInconsistent: "signed, but its parts contradict each other",
	Ambiguous:            "two procedures match, or the text says two things",
	Revocation:           "the customer takes a request back",
	Duplicate:            "the same request is open already",
	WeakDigest:           "signed with SHA-1, which the configuration does not accept by itself",
	NotOurs:              "no request: a newsletter, thanks, advertising",
	AutomaticMail:        "an automatic reply, list or bulk message",
	IsReceipt:            "a provider's receipt",
	UnreadableMessage:    "cannot be opened",
	Oversized:            "larger than the configured limit",
	OwnAddress:           "from one of our request mailboxes",
	DangerSign:           "a negation, condition, question, … near the form",
	OtherWording:         "asks for it in other words than the form",
	AttachmentOnly:       "the request is only in an attachment",
	OperatorDecides:      "this procedure always asks a person",
	RegistryMissing:      "no registry is configured for a check",
	RegistryDown:         "the registry did not answer",
	HolderDiffers:        "the holder named is not the one in the registry",
	OrderUnknown:         "the order is not in the registry",
	OrderDiffers:         "the order is of another mailbox, panel or kind",
	FirstPurchase:        "a first purchase: statutory withdrawal, a person decides",
	DateDoubtful:         "dated in the future, or long before its delivery",
	LetterFailed:         "a letter could not be delivered",
	NoAcceptance:         "the provider never said that it took the letter",
	StepFailed:           "a step could not be done",
	DocumentsLapsed:      "the documents asked for did not come in time",
}

// Meaning says in a few words what a reason is, "" for one that is not ours.
func (r Reason) Meaning() string { return meanings[r] }
