package rules

import (
	"slices"
	"strings"
)

// Word is a word of the procedures' files with what it means. Go owns the
// words; the folders under templates/ make the sentences.
type Word struct{ Name, Meaning string }

// BlankKinds are the kinds of value that a blank of a form takes.
var BlankKinds = []Word{
	{"person", "name of a person or company"},
	{"pec-address", "a certified mailbox"},
	{"case-number", "number of a support case"},
	{"order-number", "number of an order"},
	{"panel", "account of the control panel"},
	{"amount", "a sum of money"},
	{"date", "a date"},
	{"tax-code", "codice fiscale or partita IVA"},
	{"text", "any words"},
}

// Musts are the conditions that a blank's value may have to meet.
var Musts = []Word{
	{"certified-sender", "the mailbox named is the mailbox that sent it"},
}

// CheckWords are the conditions on the registry and the calendar.
var CheckWords = []Word{
	{"mailbox-known", "the registry knows the certified sender"},
	{"mailbox-active", "it is active"},
	{"order-known", "the registry knows the order named"},
	{"order-auto-renewal", "the order is an automatic renewal"},
	{"order-same-mailbox", "the order is of the certified sender"},
	{"order-same-panel", "the order is of the panel named"},
	{"within-days", "sent within `days` calendar days of the order"},
	{"holder-same", "the holder named is the registry's"},
	{"managed-domain", "the certified sender's domain is ours"},
}

// StepWords are the actions on a mailbox.
var StepWords = []Word{
	{"read-only", "the mailbox can only be read"},
	{"close", "the mailbox is deleted"},
	{"exclude-domain", "the domain leaves the list of certified domains at AgID"},
	{"refund", "the order is paid back"},
	{"backup-notice", "the holder is told to save the contents"},
	{"change-contacts", "the new contacts take the place of the old"},
	{"send-logs", "the log extract is made available"},
}

// OfWords say what a step acts on, when it is not the sender's mailbox alone.
var OfWords = []Word{
	{"domain", "every mailbox of the certified sender's domain"},
}

// DecideWords say who decides a request whose checks all hold.
var DecideWords = []Word{
	{"automatic", "the desk, when the whole text is the form and courtesy"},
	{"operator", "always a person"},
	{"guide", "nobody: the answer is a letter with instructions"},
}

// WordingWords say what other words than the form's mean.
var WordingWords = []Word{
	{"form", "the form is prescribed: other words are refused with the form"},
	{"free", "the form is an example: other words go to an operator"},
}

// WhereWords say where the words of a [[recognise]] are looked for.
var WhereWords = []Word{
	{"subject", "in the subject only"},
	{"text", "in the writer's own text only"},
}

// ElseWords are the outcomes of a check that fails.
var ElseWords = []Word{
	{string(Reject), "refused, with the reason's letter"},
	{string(Review), "a person decides"},
	{string(Guide), "answered with the procedure's instructions"},
}

// ReasonWords are all the reasons with their meaning, in the order of
// reason.go; `sportello check --help` prints them.
var ReasonWords = []Word{
	{string(OrdinaryEmail), "written from an ordinary address: nobody's certified request"},
	{string(OtherPEC), "certified, but from another mailbox than the one it is about"},
	{string(SubjectNotConforming), "the subject is not the one prescribed"},
	{string(BodyNotConforming), "the text is not the form prescribed"},
	{string(MissingFields), "the form has blanks left empty"},
	{string(Outside30Days), "sent after the 30 days from the order"},
	{string(UnknownMailbox), "the mailbox is not one of this provider"},
	{string(MailboxNotActive), "the mailbox is not active yet: its owner deletes it in the panel"},
	{string(SignatureInvalid), "the provider's signature does not hold"},
	{string(SignatureUntrusted), "signed by nobody we trust"},
	{string(SignatureMissing), "not signed"},
	{string(EnvelopeInconsistent), "the envelope's parts contradict each other"},
	{string(Ambiguous), "more than one request, or more than one procedure"},
	{string(Revocation), "takes back an open request"},
	{string(Duplicate), "the same request is open already"},
	{string(WeakDigest), "signed over SHA-1"},
	{string(NotOurs), "no request: newsletter, thanks, advertising"},
	{string(AutomaticMail), "an automatic answer, a list or bulk message"},
	{string(IsReceipt), "a provider's receipt that belongs to no letter"},
	{string(UnreadableMessage), "cannot be opened at all"},
	{string(Oversized), "larger than the configured limit"},
	{string(OwnAddress), "from one of our own request mailboxes"},
	{string(DangerSign), "a negation, a condition, a question … beside the form"},
	{string(OtherWording), "asks for it in other words than the form's"},
	{string(AttachmentOnly), "the request is only in an attachment"},
	{string(OperatorDecides), "this procedure always asks a person"},
	{string(RegistryMissing), "no registry is configured for a check"},
	{string(RegistryDown), "the registry did not answer"},
	{string(HolderDiffers), "the holder named is not the registry's"},
	{string(OrderUnknown), "the registry does not know the order"},
	{string(OrderDiffers), "the order is of another mailbox, panel or kind"},
	{string(FirstPurchase), "a first purchase: statutory withdrawal, a person decides"},
	{string(DateDoubtful), "envelope in the future, or more than 25 hours before delivery"},
	{string(LetterFailed), "a letter could not be delivered"},
	{string(NoAcceptance), "the provider never said it took the letter"},
	{string(StepFailed), "a step failed for good"},
	{string(DocumentsLapsed), "the documents asked for did not come in time"},
}

// StatusWords are the states of a mailbox in the registry with the Italian
// words that letters use.
var StatusWords = []Word{
	{"active", "attiva"},
	{"not_active", "in attivazione"},
	{"expired", "scaduta"},
	{"read_only", "in sola lettura"},
	{"cancelled", "cancellata"},
}

// OrderKinds are the kinds of order in the registry.
var OrderKinds = []Word{
	{"auto_renewal", "an automatic renewal"},
	{"first_purchase", "the first purchase of a mailbox"},
}

// known reports whether name is one of words.
func known(words []Word, name string) bool {
	return slices.ContainsFunc(words, func(w Word) bool { return w.Name == name })
}

// oneOf lists words for an error message: "one of: a, b, c".
func oneOf(words []Word) string {
	names := make([]string, len(words))
	for i, w := range words {
		names[i] = w.Name
	}
	return "one of: " + strings.Join(names, ", ")
}

// meaning is the meaning of a word, "" when it is unknown.
func meaning(words []Word, name string) string {
	for _, w := range words {
		if w.Name == name {
			return w.Meaning
		}
	}
	return ""
}
