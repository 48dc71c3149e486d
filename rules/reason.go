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
