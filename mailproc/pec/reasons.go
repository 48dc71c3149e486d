package pec

// Why a message is Unreadable (Envelope.Reason).
const (
	ReasonEmpty          = "empty"            // no bytes at all
	ReasonNoHeader       = "no_header"        // it does not begin with header fields
	ReasonHeaderTooLarge = "header_too_large" // a header block over 256 KiB or 5,000 fields
	ReasonTooDeep        = "too_deep"         // multiparts nested beyond 20
	ReasonTooManyParts   = "too_many_parts"   // more than 1,000 entities
	ReasonBadMultipart   = "bad_multipart"    // the envelope's own boundary used twice at once, or longer than 250 bytes
)

// Why a signature or envelope is not proved (Verdict.Reason), in the order of the steps.
const (
	// step structure: status missing, or invalid when there is something like a signature
	ReasonSignatureMissing = "signature_missing" // the outermost entity is no signature
	ReasonNotEnvelope      = "not_an_envelope"   // signed, but nothing says it is of PEC: a person's S/MIME
	ReasonStructure        = "bad_structure"     // not exactly one signed part and one signature
	// step signer: invalid
	ReasonMalformedCMS    = "malformed_cms"         // not BER, too large, too deep, fields missing, algorithms that disagree
	ReasonUnsupported     = "unsupported_algorithm" // neither RSA, RSA-PSS nor ECDSA with SHA-1 or SHA-2
	ReasonNoSigner        = "no_signer"             // no SignerInfo, or its certificate is not there
	ReasonTwoSigners      = "two_signers"
	ReasonEncapsulated    = "encapsulated_content" // content inside a detached signature
	ReasonDigestAttribute = "digest_attribute"     // digest or content type attribute missing or doubled
	// step digest, step signature: invalid
	ReasonDigestMismatch    = "digest_mismatch"    // the signed part was changed
	ReasonSignatureMismatch = "signature_mismatch" // the signature is not of the certificate's key
	// steps chain, usage, revocation, index: untrusted
	ReasonChain       = "chain"
	ReasonExpired     = "expired"       // at the envelope's time
	ReasonNotYetValid = "not_yet_valid" // at the envelope's time
	ReasonUsage       = "usage"         // not for e-mail protection, or not for signatures
	ReasonRevoked     = "revoked"       // before the envelope's time
	ReasonNotInIndex  = "not_in_index"
	// step address: untrusted
	ReasonSANMismatch = "san_mismatch" // the certificate's address is not the provider's, or not the outer From's
	// the rest: the signature is intact and trusted, what it covers does not make a proof: invalid
	ReasonInconsistent     = "envelope_inconsistent" // an unsigned header contradicts the signed part, or its parts each other
	ReasonNoAttributes     = "no_signed_attributes"
	ReasonDaticertMissing  = "daticert_missing"
	ReasonDaticertTwice    = "two_daticert"
	ReasonDaticertBad      = "daticert_malformed"
	ReasonPostacertMissing = "postacert_missing"
	ReasonPostacertTwice   = "two_postacert"
	ReasonType             = "wrong_type"      // tipo or errore is not what this kind has
	ReasonOutsideDomains   = "outside_domains" // untrusted: the provider does not manage the address it signs for
	ReasonSenderMismatch   = "sender_mismatch" // mittente is not the single From of the original message
	ReasonNotOurs          = "recipient_not_ours"
	ReasonDate             = "date_out_of_range" // not within 25 h before (a receipt: 31 days) and 5 min after the delivery
)

// What a verdict notes without failing.
const (
	NoteWeakDigest    = "weak_digest"   // SHA-1, of the message or in the chain: real envelopes of 2024 still have it
	NoteNoIndex       = "no_index"      // no providers' index given: any certificate of the roots may sign
	NoteNoCRL         = "no_crl"        // no revocation list for some certificate of the chain
	NoteStaleCRL      = "crl_stale"     // a list had run out by the envelope's time
	NoteCanonicalised = "canonicalised" // LF line ends were made CRLF before the digest
	NoteNoDelivery    = "no_delivery"   // the time of delivery is unknown: the date is not checked
	NoteUnclosed      = "unclosed"      // the last delimiter is missing: perhaps truncated behind the signature
)

// The steps of a proof, in order. Names are stable.
const (
	StepStructure  = "structure"  // the outermost entity is one signed part and one signature
	StepSigner     = "signer"     // the CMS names exactly one signer, whose certificate is there
	StepDigest     = "digest"     // over the raw bytes of the signed part
	StepSignature  = "signature"  // by the certificate's key
	StepChain      = "chain"      // to the configured roots at the envelope's time
	StepUsage      = "usage"      // e-mail protection, digital signature
	StepRevocation = "revocation" // not revoked before the envelope's time
	StepIndex      = "index"      // pinned in the providers' index
	StepAddress    = "address"    // SAN = a notice address of the provider = outer From
	StepDaticert   = "daticert"   // one, directly in the signed multipart, well-formed
	StepType       = "type"       // what the signed data says it is, and no header says otherwise
	StepPostacert  = "postacert"  // one original message directly in the signed multipart
	StepDomain     = "domain"     // the provider manages the domain it speaks for
	StepSender     = "mittente"   // mittente = the single From of the original message
	StepRecipient  = "recipient"  // one of our mailboxes is among destinatari
	StepIdentifier = "identifier" // identificativo = outer Message-ID, msgid = outer reference
	StepDate       = "date"       // within 25 h before and 5 min after the delivery
)
