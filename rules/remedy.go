package rules

// What a person does in the same way for several reasons: with a message that was
// parked and that somebody made a case, with one that nobody is proved to have sent,
// with a request whose words and proof are gone.
const (
	openedByHand = "A person opened it as a case: read the message itself, and decide it as the procedure that it asks for, or answer it. Where its sender is not proved it cannot be approved, and may end without a letter."
	notProved    = "Its sender is not proved, so it cannot be approved: reject it, answer it, or end it without a letter if it is forged."
	wasErased    = "Its request was erased by order and nothing proves it any more, so it cannot be approved: reject it, answer it, or withdraw it."
)

// remedies are what a person does with a case that waits for him because of a
// reason. A receipt, which is never a case, has none.
var remedies = map[Reason]string{
	OrdinaryEmail:        "Nobody is proved to have written it, so it cannot be approved: reject it, or answer it.",
	OtherPEC:             "It must come from the mailbox itself: reject it, and the letter says so.",
	SubjectNotConforming: "Approve it if it is plain what is asked; else reject it, and the letter says which subject to write.",
	BodyNotConforming:    "Approve it if it is plain what is asked; else reject it, and the letter has the form.",
	MissingFields:        "Look whether the registry knows what is missing: approve it if so; else reject it, and the letter names the fields.",
	Outside30Days:        "Compare the day of the order with the day of sending: reject it if the term had passed.",
	UnknownMailbox:       "Look for the mailbox: approve it if it is one of ours, else reject it.",
	MailboxNotActive:     "Look at the state of the mailbox: if it is not active reject it, and the letter says what to do instead.",
	SignatureInvalid:     notProved,
	SignatureUntrusted:   notProved,
	SignatureMissing:     notProved,
	EnvelopeInconsistent: notProved,
	Ambiguous:            "Read what is asked: if it is one thing, approve it as that procedure; else answer and ask which of them is meant.",
	Revocation:           "Read what the customer wrote last: withdraw the case if he takes the request back; if he does not, approve it again. One that asks for nothing but to take another request back is approved by saying which: that one is withdrawn with it. Reject it where none can be taken back.",
	RevocationUnclear:    "Read the revocation, and ask the customer if need be. If this is the request that he takes back, approve the revocation and say so, and this one is withdrawn with it; if it is not, approve this one: what was decided goes on as it was.",
	Duplicate:            "Look at the other case of this mailbox: if it asks the same, answer so; else decide this one too.",
	WeakDigest:           "The signature holds, but over SHA-1: decide as if it were another, if nothing else speaks against it.",
	DangerSign:           "Read the words that are marked: approve it if they change nothing; else answer, ask for documents, or reject it.",
	OtherWording:         "Read what is asked: approve it if it is just this; else answer with the form that is to be sent.",
	AttachmentOnly:       "Open the attachment: approve it if the request is there and complete; else reject it, and the letter asks for the text in the message.",
	OperatorDecides:      "Look at the fields, the attachments and the registry: approve it, ask for what is missing, or reject it.",
	RegistryMissing:      "Look the mailbox and the order up yourself, then decide.",
	RegistryDown:         "Look the mailbox and the order up yourself, then decide: the registry did not answer when the desk asked.",
	HolderDiffers:        "Compare the holder named with the registered one: approve it if they are the same; if in doubt, ask for a document.",
	OrderUnknown:         "Look for the order under another number; if there is none, answer and ask for it.",
	OrderDiffers:         "Compare the order with the mailbox, the panel and the kind: approve it if it is the right one, else answer.",
	FirstPurchase:        "It is a withdrawal by law: in time it is not refused for its form.",
	DateDoubtful:         "Compare the date of the envelope with its delivery, and decide whether the request is in time.",
	LetterFailed:         "The receipt, or else the server's answer, says why it did not arrive. Once that has passed, send it again; if the customer has it all the same, say that it arrived; if no letter can arrive, tell the customer in another way and withdraw the case without a letter.",
	NoAcceptance:         "Look whether the letter is known at the provider. If it is not, send it again; if the customer has it all the same, say that it arrived; if no letter can arrive, tell the customer in another way and withdraw the case without a letter.",
	StepFailed:           "If its cause has passed, try it again; if you have carried it out yourself, say that it is done; else decide again.",
	DocumentsLapsed:      "What was done cannot be taken back, so no refusal goes out: answer in words of your own, or ask again.",
	NotOurs:              openedByHand,
	AutomaticMail:        openedByHand,
	UnreadableMessage:    openedByHand,
	Oversized:            openedByHand,
	OwnAddress:           openedByHand,
	StoppedByPerson:      "Decide it again: approve it, reject it, or withdraw it.",
}

// Remedy says what a person does with a case that waits for him because of r,
// "" where nothing waits.
func (r Reason) Remedy() string { return remedies[r] }

// Remedy says what a person does with the case, "" where it waits for nobody.
func (c *Case) Remedy() string {
	switch {
	case c.State != InReview:
		return ""
	case c.Erased():
		return wasErased
	case c.Reason == DateDoubtful && !c.Proved:
		return notProved
	}
	return c.Reason.Remedy()
}
