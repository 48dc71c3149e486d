// Package pec reads a message of an Italian certified mailbox (PEC, posta
// elettronica certificata; RFC 6109) and proves who sent it.
//
// # What PEC is
//
// A PEC mailbox is kept by a provider (gestore). When its owner sends a
// message, the provider takes it, writes down who sent it, to whom and when, and
// delivers both inside an envelope that it signs with S/MIME:
//
//	From: "Per conto di: mario@pec.example.it" <posta-certificata@pec.example.it>
//	X-Trasporto: posta-certificata                 what it says it is: not signed
//	Content-Type: multipart/signed
//	├── multipart/mixed                            the signed part
//	│   ├── text/plain, text/html                  a notice for people
//	│   ├── application/xml  daticert.xml          sender, recipients, instant, identifier
//	│   └── message/rfc822   postacert.eml         the message as it was written
//	└── application/pkcs7-signature                by the sender's provider
//
// That is a transport envelope ([Transport], busta di trasporto). The providers
// also send receipts ([Receipt]): the sender's accepts the message, the
// recipient's certifies its delivery, either reports errors. Ordinary mail that
// reaches a PEC mailbox comes in an anomaly envelope ([Anomaly]), signed by the
// recipient's own provider: it proves nothing about its writer.
//
// # What an envelope proves
//
// A proved transport envelope says that a provider of the index took this
// message, at this instant, from the mailbox named mittente. It does not say who
// sat at the keyboard, nor that anything in the message is true.
//
// The proof rests on the signed part alone. The outer header (X-Trasporto, From,
// Subject, Date, …) is not signed: anybody can write it, and most programs
// believe it. Here it only helps to name the kind of a message that proves
// nothing; and where it contradicts the signed part, the proof fails.
//
// [Open] tries these steps in order and stops at the first that does not hold.
// [Verdict] lists them all, with a reason code (Reason…) for the one that failed.
//
//	structure   the outermost entity is a multipart/signed of two parts, or an opaque signature
//	signer      the CMS names exactly one signer, and carries its certificate; no hidden content
//	digest      of the raw bytes of the first part
//	signature   by the key of that certificate: RSA PKCS #1 v1.5 or PSS, ECDSA; SHA-1 or SHA-2
//	chain       to the configured roots, never the system's, at the certified instant; SHA-1 is noted
//	usage       for e-mail protection and signing
//	revocation  not revoked before that instant; without a list for each certificate it is unchecked
//	index       the certificate is pinned in the providers' index (RFC 6109 §4.5), if one is given
//	address     it bears an address from which that provider may send, which is the outer From
//	daticert    exactly one, well-formed, directly in the signed part
//	type        posta-certificata without error; no header says otherwise
//	postacert   exactly one message directly in the signed part, which can be read
//	domain      mittente's domain is one that provider manages
//	mittente    is the single From of that message
//	recipient   one of our mailboxes is among destinatari
//	identifier  identificativo is the outer Message-ID, msgid the outer reference
//	date        the certified instant is within 25 hours before and 5 minutes after the delivery
//
// Receipts have structure to type, domain (the provider that may issue such a
// receipt), identifier (msgid) and date, within 31 days before. Anomaly envelopes have structure to
// address, type and postacert.
//
// # Verdicts
//
// A verdict is data and never stops anybody: [Valid], [Invalid] (broken, or it
// contradicts itself), [Untrusted] (intact, by somebody not trusted for it) or
// [Missing]. A valid one can bear notes: [NoteWeakDigest] for SHA-1, which real
// providers still use and all their certificates bore until 2014, [NoteNoIndex], [NoteNoCRL]… What follows from a note is
// the caller's policy. Callers that want one word for an operator can tell by
// [Verdict.Intact] whether it was the signature that failed, or what it covers or
// its form: it is what openssl cms -verify says of the same bytes, also of
// signatures that are refused here, such as those of two signers.
//
// # Kinds
//
// The kind comes from the signed data where the signature is intact. Where it is
// not, the header tells what the message pretends to be, with a verdict that is
// not valid. Unsigned mail is [Ordinary] whatever its header says, also a
// genuine envelope forwarded or wrapped by a mailing list: only the outermost
// signature counts. A signed message that nothing marks as PEC is [Ordinary] too,
// its status [Missing]: there is no provider's signature.
//
// An anomaly envelope is of kind [Anomaly] when it has that shape: signed,
// X-Trasporto: errore, no certification data. Its verdict says whether our
// provider made it; in neither case does it prove a sender.
//
// # Where to look
//
//	open.go               Open: one message, the memory that is used again, the order of all that follows
//	envelope.go           what it answers: Envelope, Verdict, Step, Options;
//	reasons.go            … the code of each refusal and note
//	source.go             a message's bytes, whole or through a window, hashed as they go by
//	scan.go               the parts of a message in one pass:
//	header.go, media.go   … the header of each, the values of its fields,
//	outer.go              … the outermost header, whose fields count once,
//	claim.go              … and the names by which a part passes for daticert.xml or postacert.eml
//	proof.go              the steps of the proof, structure to index:
//	cms.go                … the CMS signature read,
//	ber.go, shape.go      … made DER, and as strict as OpenSSL,
//	attributes.go         … what of it is signed,
//	verify.go             … whose certificate it is, and whether it holds,
//	path.go, constraints.go   … a path to a root, and what authorities may sign for,
//	names.go              … and names within others or the same
//	agree.go              … address to date: the parts against each other and the outer header; the kind
//	daticert.go, xml.go   daticert.xml, and XML as far as it needs it
//	original.go, charset.go   the message as it was written: texts, attachments, letters of any charset
//	trust.go              whom to believe: roots, revocation lists, chains seen;
//	revocation.go         what those lists say of a chain's certificates;
//	index.go, ldif.go     … the providers' index
//	address.go            addresses compared
//
// A quirk of a provider begins as a message: make it in pectest/genuinereal.go, with where it was
// seen, and its forged twin beside the others (pectest/forge*.go); see which step refuses it (sportello
// check), and widen that step alone. A new reason or step is a row of reasons.go; a step has
// its place in proof.go too, its line above, and its Italian in the console's words.txt.
//
// # Using it
//
//	trust, err := pec.NewTrust(pec.TrustConfig{Roots: roots, Index: index})
//	…
//	env, err := pec.Open(file, size, pec.Options{Trust: trust, Delivered: internalDate, Ours: mailboxes})
//	if err != nil {
//		return err // the file could not be read; a bad message is no error
//	}
//	if env.Proved() && pec.Address(env.Sender()) == mailbox {
//		…
//	}
//
// Compare addresses with [Address], never byte by byte and never more loosely.
// What two readers may read in two ways is refused, also in a genuine signature: a field given twice,
// a header whose lines end elsewhere for some, a delimiter that begins another, a From with
// a second address, a boundary of which some take off a blank, a part that bears the name of daticert.xml for some, daticert.xml with an element out of its place. So whoever reads a proved
// envelope with other tools reads what was proved here.
//
// A receipt is believed when its Kind is [Receipt] and its status [Valid], and it
// is about the message whose Message-ID [Envelope.Reference] gives. Any provider of the index may certify deliveries to mailboxes of
// its own, and write whose letter it likes: whether it keeps the mailbox that a letter went to, who wrote it knows ([Trust.ProviderFor]).
//
// A message above half a MiB is read through a window of that size and hashed as
// it goes by. A [Trust] never changes and may be shared; make a new one to reload.
//
// # Limits
//
//   - Who was a provider when is not known: the index says who is one now.
//   - Certificates signed with MD5 or SHA-224, DSA, EdDSA and RSA-PSS certificate keys, RSA keys below 1,024 or above
//     8,192 bits, and certificates that crypto/x509 cannot read (of a negative serial number, or built in BER) or passes over the extensions of (version 1)
//     are refused, as are authorities below the root without basic constraints, networks in a certificate (RFC 3779) and mail addresses of other letters under name constraints.
//     There, with RSA-PSS whose mask has another digest, with digests beyond MD5, SHA-1 and SHA-2, with over 8 signers or 200 certificates, with tag
//     numbers above 30, with bits or a key identifier in pieces and with lists under a primitive tag, OpenSSL may
//     say more than Intact. It says less where two certificates of one authority travel along and the first leads to
//     no root of ours.
//   - Line ends within the signed part are as they were sent, or LF throughout it and the header.
//     OpenSSL reading a whole message (not its -content) takes LF and CRLF for the same.
//   - Revocation comes from the lists given; OCSP, delta lists and lists by another
//     issuer are not used. Of several by one issuer the newest of each issuing distribution point counts. The time-stamp of unsigned attributes is not looked at.
//   - Bounds: header 256 KiB, 20 levels, 1,000 entities, signature 1 MiB (opaque
//     ones 4 MiB with their content), daticert.xml 1 MiB, text 256 KiB each of
//     plain and HTML. Beyond them a message is [Unreadable] or its signature invalid.
//   - TNEF (winmail.dat), S/MIME-encrypted and opaquely signed originals are
//     recognised and not opened.
//   - The message must not change while it is being opened.
package pec
