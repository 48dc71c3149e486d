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
	RevocationUnclear    Reason = "revocation_unclear"
	Duplicate            Reason = "duplicate"
	WeakDigest           Reason = "weak_digest"
	NotOurs              Reason = "not_ours"
	AutomaticMail        Reason = "automatic"
	IsReceipt            Reason = "receipt"
	UnreadableMessage    Reason = "unreadable"
	Oversized            Reason = "oversized"
	OwnAddress           Reason = "own_address"
	DangerSign           Reason = "danger_sign"
	OtherWording         Reason = "other_wording"
	AttachmentOnly       Reason = "attachment_only"
	OperatorDecides      Reason = "operator_decides"
	RegistryMissing      Reason = "registry_missing"
	RegistryDown         Reason = "registry_down"
	HolderDiffers        Reason = "holder_differs"
	OrderUnknown         Reason = "order_unknown"
	OrderDiffers         Reason = "order_differs"
	FirstPurchase        Reason = "first_purchase"
	DateDoubtful         Reason = "date_doubtful"
	LetterFailed         Reason = "letter_failed"
	NoAcceptance         Reason = "no_acceptance"
	StepFailed           Reason = "step_failed"
	DocumentsLapsed      Reason = "documents_lapsed"
	StoppedByPerson      Reason = "stopped"
)

// reasons is every reason with its meaning, in the order in which they are listed.
var reasons = []struct {
	Reason
	meaning string
}{
	{OrdinaryEmail, "ordinary mail, which proves no sender"},
	{OtherPEC, "certified mail, but not from the mailbox it names"},
	{SubjectNotConforming, "the subject is not the one asked for"},
	{BodyNotConforming, "the text of the form is not there"},
	{MissingFields, "blanks of the form were left empty"},
	{Outside30Days, "sent after the thirty days from the order"},
	{UnknownMailbox, "the mailbox is not one of ours"},
	{MailboxNotActive, "the mailbox is not active"},
	{SignatureInvalid, "the signature does not match the content"},
	{SignatureUntrusted, "signed by nobody we trust"},
	{SignatureMissing, "claims to be certified and is not signed"},
	{EnvelopeInconsistent, "signed, but its parts contradict each other"},
	{Ambiguous, "two procedures match, or the text says two things"},
	{Revocation, "the customer takes a request back"},
	{RevocationUnclear, "the customer takes a request back, and does not say which"},
	{Duplicate, "the same request is open already"},
	{WeakDigest, "signed with SHA-1, which the configuration does not accept by itself"},
	{NotOurs, "no request: a newsletter, thanks, advertising"},
	{AutomaticMail, "an automatic reply, list or bulk message"},
	{IsReceipt, "a provider's receipt"},
	{UnreadableMessage, "cannot be opened"},
	{Oversized, "larger than the configured limit"},
	{OwnAddress, "from one of our request mailboxes"},
	{DangerSign, "a negation, condition, question, … near the form"},
	{OtherWording, "asks for it in other words than the form"},
	{AttachmentOnly, "the request is only in an attachment"},
	{OperatorDecides, "this procedure always asks a person"},
	{RegistryMissing, "no registry is configured for a check"},
	{RegistryDown, "the registry did not answer"},
	{HolderDiffers, "the holder named is not the one in the registry"},
	{OrderUnknown, "the order is not in the registry"},
	{OrderDiffers, "the order is of another mailbox, panel or kind"},
	{FirstPurchase, "a first purchase: statutory withdrawal, a person decides"},
	{DateDoubtful, "dated in the future, or long before its delivery"},
	{LetterFailed, "a letter could not be delivered"},
	{NoAcceptance, "the provider never said that it took the letter"},
	{StepFailed, "a step could not be done"},
	{DocumentsLapsed, "the documents asked for did not come in time"},
	{StoppedByPerson, "a person stopped it after it was accepted"},
}

// AllReasons lists every reason.
var AllReasons = func() []Reason {
	all := make([]Reason, len(reasons))
	for i, r := range reasons {
		all[i] = r.Reason
	}
	return all
}()

// Meaning says in a few words what a reason is, "" for one that is not ours.
func (r Reason) Meaning() string {
	for _, known := range reasons {
		if known.Reason == r {
			return known.meaning
		}
	}
	return ""
}
