package pec

import (
	"slices"
	"strings"
	"time"
	"unicode"
)

// The window around the delivery in which the certified instant must lie. Providers deliver within
// 24 h or say so (RFC 6109 §3.3), clocks differ by minutes.
const (
	maxBefore = 25 * time.Hour
	maxAfter  = 5 * time.Minute
	maxLate   = 31 * 24 * time.Hour // of a receipt
)

// findParts finds daticert.xml and the original message in the signed multipart. Only what lies
// directly in it counts as theirs; a further part of their names anywhere but in the original message
// counts as one too many.
func (p *proof) findParts() {
	m := p.m
	if m.root < 0 {
		return
	}
	for i := range m.entities {
		e := &m.entities[i]
		if e.level != levelNotice && e.level != levelDeeper {
			continue
		}
		message := e.parent == m.root && strings.HasPrefix(e.typ, "message/") // some show message/global, message/news and the others too
		if message || e.isPostacert() {
			p.postacert.add(i)
		}
		if e.isDaticert() {
			p.daticert.add(i)
		}
	}
}

// readDaticert reads the one daticert.xml of an intact signed part.
func (p *proof) readDaticert() {
	if p.daticert.count != 1 || p.m.entities[p.daticert.first].parent != p.m.root {
		return
	}
	e := &p.m.entities[p.daticert.first]
	b := p.m.inner.load(e.body, e.end, 2*maxDaticert)
	b, ok := p.m.decode(b, e.cte)
	if !ok || e.end-e.body > 2*maxDaticert {
		p.datiErr = xmlError("its transfer encoding cannot be decoded")
		return
	}
	p.env.Daticert, p.datiErr = parseDaticert(b)
}

// classify sets the kind from the signed data; headers are asked only where there is none.
func (p *proof) classify() {
	if d := p.env.Daticert; d != nil {
		switch {
		case d.Type == TypeTransport:
			p.env.Kind = Transport
			return
		case receiptType(d.Type):
			p.env.Kind = Receipt
			return
		}
	}
	p.shape()
}

// shape sets the kind from what a message looks like, for those whose signature proves nothing: such a verdict is
// never valid, so the kind only tells where a person looks. Unsigned mail is ordinary whatever its headers say.
func (p *proof) shape() {
	h := &p.env.Header
	switch {
	case p.v.Status == Missing:
		p.env.Kind = Ordinary
	case h.Trasporto == "errore" && p.daticert.count == 0:
		p.env.Kind = Anomaly
	case h.Ricevuta != "":
		p.env.Kind = Receipt
	case h.Trasporto != "" || p.daticert.count > 0:
		p.env.Kind = Transport
	default:
		p.env.Kind = Ordinary
	}
}

// address demands that the certificate bears a notice address of the provider that the index pins it for, and
// that this is the address of the outer From (RFC 6109 §2.1: they coincide, so that mail programs can check it).
func (p *proof) address() (string, *failure) {
	if len(p.leaf.addresses) == 0 {
		return "", untrusted(ReasonSANMismatch, "the certificate bears no mail address")
	}
	t := p.m.opt.Trust
	outer := p.m.outer.field(fieldFrom)
	var single bool
	p.from, p.display, single = envelopeAddress(outer.value)
	from := Address(p.from)
	named, same := -1, false // the provider of a notice address the certificate bears, and whether From is one
	for _, a := range p.leaf.addresses {
		if i := t.noticeOf(p.providers, a); i >= 0 && !same {
			named, same = i, a == from
		}
	}
	if named < 0 {
		return "", untrusted(ReasonSANMismatch, "the certificate's address is not one from which the provider may send")
	}
	if t.index != nil {
		p.v.Provider = t.index.Providers[named].Name
	}
	if !single || outer.count != 1 || !same {
		f := untrusted(ReasonSANMismatch, "the certificate's address is not that of the outer From")
		if t.index != nil {
			f = invalid(ReasonInconsistent, f.detail)
		}
		return "", f
	}
	p.v.Signer = from
	return from, nil
}

// oneDaticert demands exactly one well-formed daticert.xml directly in the signed multipart, and a signature of
// the form envelopes have.
func (p *proof) oneDaticert() (string, *failure) {
	switch {
	case p.daticert.count > 1:
		return "", invalid(ReasonDaticertTwice, "the signed part holds more than one daticert.xml")
	case p.datiErr != nil:
		return "", invalid(ReasonDaticertBad, "daticert.xml: "+p.datiErr.Error())
	case p.env.Daticert == nil:
		return "", invalid(ReasonDaticertMissing, "the signed part holds no daticert.xml directly")
	case p.sd.signer.attrs == nil:
		return "", invalid(ReasonNoAttributes, "the signature has no signed attributes")
	}
	if root := p.m.entities[p.m.root]; root.typ != "multipart/mixed" && root.typ != "multipart/related" {
		return "", invalid(ReasonInconsistent, "the signed part is "+quote(root.typ)+", of which not everybody shows every part")
	}
	return "", nil
}

// typeIsTransport demands tipo posta-certificata, errore nessuno, and no header that says otherwise.
func (p *proof) typeIsTransport() (string, *failure) {
	d, h := p.env.Daticert, &p.env.Header
	switch {
	case d.Type != TypeTransport || d.Error != "nessuno":
		return "", invalid(ReasonType, "tipo "+quote(d.Type)+", errore "+quote(d.Error))
	case h.Ricevuta != "" || (h.Trasporto != "" && h.Trasporto != TypeTransport):
		return "", invalid(ReasonInconsistent, "the headers say that it is something else than the signed data")
	}
	return d.Type, p.headersAgree()
}

// typeIsReceipt demands a receipt's tipo, the same as X-Ricevuta where that is given, and no error where it certifies
// success.
func (p *proof) typeIsReceipt() (string, *failure) {
	d, h := p.env.Daticert, &p.env.Header
	if !receiptType(d.Type) {
		return "", invalid(ReasonType, "tipo "+quote(d.Type))
	}
	if d.Error != "nessuno" && (d.Type == TypeAcceptance || d.Type == TypeTakingCharge || d.Type == TypeDelivery) {
		return "", invalid(ReasonType, "tipo "+quote(d.Type)+", errore "+quote(d.Error))
	}
	if h.Trasporto != "" || (h.Ricevuta != "" && h.Ricevuta != d.Type) {
		return "", invalid(ReasonInconsistent, "the headers say that it is something else than the signed data")
	}
	return d.Type, p.headersAgree()
}

// typeIsAnomaly demands what an anomaly envelope has: the header, and no certification data.
func (p *proof) typeIsAnomaly() (string, *failure) {
	switch {
	case p.daticert.count > 0:
		return "", invalid(ReasonType, "an anomaly envelope has no daticert.xml")
	case p.env.Header.Trasporto != "errore" || p.env.Header.Ricevuta != "":
		return "", invalid(ReasonInconsistent, "the headers say that it is something else than an anomaly envelope")
	}
	return "errore", p.headersAgree()
}

// notAnEnvelope is for signed messages that nothing says to be of PEC.
func (p *proof) notAnEnvelope() (string, *failure) {
	return "", &failure{Missing, ReasonNotEnvelope, "a signed message that is no PEC envelope"}
}

// headersAgree refuses headers that readers would read differently.
func (p *proof) headersAgree() *failure {
	top := p.m.parts[0]
	switch {
	case top.broken || top.stray || p.m.outer.bareLF:
		return invalid(ReasonInconsistent, "the outer header holds NUL, CR or LF by itself, or a line that is no field: readers differ on where it ends")
	case top.ambiguous:
		return invalid(ReasonInconsistent, "the outer Content-Type, a parameter of it or the transfer encoding is given twice, or so that readers differ on it")
	case p.m.alike:
		return invalid(ReasonInconsistent, "a delimiter of the signed message is a beginning of another, or of a line that is none: some readers see a part there")
	case p.m.reopened:
		return invalid(ReasonInconsistent, "a delimiter stands again behind the one that closes its multipart: some readers see another part there")
	case top.multipart() && top.protocol != "" && !isSignatureType(top.protocol):
		return invalid(ReasonInconsistent, "the protocol "+quote(top.protocol)+" is not that of the signature that is there")
	case top.multipart() && !top.plain():
		return invalid(ReasonInconsistent, "the outermost entity claims a transfer encoding, which a multipart cannot have")
	case p.m.outer.field(fieldTrasporto).count+p.m.outer.field(fieldRicevuta).count > 1:
		return invalid(ReasonInconsistent, "X-Trasporto or X-Ricevuta is given more than once")
	case p.m.outer.field(fieldMessageID).count > 1 || p.m.outer.field(fieldReference).count > 1:
		return invalid(ReasonInconsistent, "Message-ID or X-Riferimento-Message-ID is given more than once")
	}
	if alg := hashNamed(top.micalg); alg != 0 && alg != p.sd.signer.digest {
		return invalid(ReasonInconsistent, "micalg "+quote(top.micalg)+" is not the digest of the signature, "+p.v.Digest)
	}
	return p.partsAgree()
}

// partsAgree refuses the provider's parts that say twice what they are, or a multipart that says it is encoded (RFC 2045
// §6.4 forbids it), and a signature under the name of what it signs: what a person was shown may not be what was read here.
func (p *proof) partsAgree() *failure {
	for i := range p.m.entities {
		e := &p.m.entities[i]
		switch {
		case e.level == levelOuter || e.level == levelOriginal:
		case e.ambiguous || e.broken || e.stray || e.multipart() && !e.plain() || e.isDaticert() && e.twoNames:
			return invalid(ReasonInconsistent, "a part of the signed message says in two ways what it is")
		case e.level == levelSibling && e.claims != 0:
			return invalid(ReasonInconsistent, "the signature bears the name of a part it signs")
		}
	}
	return nil
}

// onePostacert demands exactly one original message directly in the signed multipart.
func (p *proof) onePostacert() (string, *failure) {
	switch p.postacert.count {
	case 0:
		return "", invalid(ReasonPostacertMissing, "the signed part holds no original message directly")
	case 1:
		if p.m.findOriginal(); p.m.original == nil {
			return "", invalid(ReasonPostacertMissing, "the original message is not there as message/rfc822, or cannot be decoded")
		}
		return "", nil
	}
	return "", invalid(ReasonPostacertTwice, "the signed part holds more than one message")
}

// senderDomain demands that the provider manages the sender's domain.
func (p *proof) senderDomain() (string, *failure) {
	sender := withoutAngles(p.env.Daticert.Sender)
	if !bareAddress(sender) {
		return "", invalid(ReasonDaticertBad, "mittente is not a mail address")
	}
	d := Domain(sender)
	if p.m.opt.Trust.index == nil {
		return "no index given", nil
	}
	if !p.signsFor(d) {
		return "", untrusted(ReasonOutsideDomains, p.v.Provider+" does not manage "+quote(d))
	}
	return d, nil
}

// signsFor reports whether one of the providers the signer may be manages the domain.
func (p *proof) signsFor(domain string) bool {
	for _, i := range p.providers {
		if p.m.opt.Trust.manages(i, domain) {
			return true
		}
	}
	return false
}

// receiptDomain demands that the issuer may speak: the sender's provider accepts and warns of late
// deliveries (RFC 6109 §3.1, §3.3), the recipient's delivers; for the others it is one of the two.
func (p *proof) receiptDomain() (string, *failure) {
	if p.m.opt.Trust.index == nil {
		return "no index given", nil
	}
	d := p.env.Daticert
	var speak []string
	switch d.Type {
	case TypeAcceptance, TypeNonAcceptance, TypeDeliveryNotice:
		speak = []string{d.Sender}
	case TypeDelivery:
		speak = []string{d.Delivery}
	default:
		speak = []string{d.Sender}
		if d.Delivery != "" {
			speak = append(speak, d.Delivery)
		}
		for _, r := range d.Recipients {
			speak = append(speak, r.Address)
		}
	}
	for _, a := range speak {
		if dom := Domain(a); dom != "" && p.signsFor(dom) {
			return dom, nil
		}
	}
	return "", untrusted(ReasonOutsideDomains, p.v.Provider+" manages none of the domains this receipt may come from")
}

// senderAgrees demands that mittente is the single From of the original message, and that the
// outer From does not name somebody else.
func (p *proof) senderAgrees() (string, *failure) {
	sent := p.m.original.header.field(fieldFrom)
	if head := p.m.original.parts[p.m.original.root]; head.fields == 0 || head.stray || head.broken {
		return "", invalid(ReasonSenderMismatch, "the original message has no header, or one with NUL, CR by itself or a line that is no field: readers differ on its From")
	}
	from, single := mailboxOf(sent.value)
	switch want := Address(p.env.Daticert.Sender); {
	case sent.count != 1 || !single:
		return "", invalid(ReasonSenderMismatch, "the original message has not exactly one sender in From")
	case Address(from) != want:
		return "", invalid(ReasonSenderMismatch, "mittente "+quote(want)+" is not the From of the original message, "+quote(Address(from)))
	}
	if namesAnother(p.display, Address(from), Address(p.from)) || unreadWord(p.m.outer.value(fieldFrom), p.display) {
		return "", invalid(ReasonInconsistent, "the outer From names another sender than mittente")
	}
	return Address(from), nil
}

// namesAnother reports whether a display name holds an address, or what looks like one, that is none of the given ones.
func namesAnother(display string, own ...string) bool {
	between := func(r rune) bool { return unicode.IsSpace(r) || strings.ContainsRune(`<>()[],;:"`, r) }
	for word := range strings.FieldsFuncSeq(display, between) {
		if strings.ContainsAny(word, "@\uFF20\uFE6B") && !slices.Contains(own, Address(withoutApostrophes(word))) {
			return true
		}
	}
	return false
}

// unreadWord reports whether a field holds an encoded word that others read and we do not, or otherwise: malformed, so that it is
// left in the text that was decoded, or of a charset in which an address is no ASCII (UTF-7, UTF-16, EBCDIC).
func unreadWord(value, decoded string) bool {
	if strings.Contains(decoded, "=?") {
		return true
	}
	for _, word := range strings.Split(value, "=?")[1:] {
		charset, _, _ := strings.Cut(word, "?")
		charset, _, _ = strings.Cut(charset, "*") // a language (RFC 2231 §5)
		switch name := charsetNamed(lower(charset)); {
		case name == "" || name == "replacement" || strings.HasPrefix(name, "utf-16"):
			return strings.Count(word, "?") > 1
		}
	}
	return false
}

// recipientIsOurs demands that one of our mailboxes is among destinatari.
func (p *proof) recipientIsOurs() (string, *failure) {
	if len(p.m.opt.Ours) == 0 {
		return "not asked", nil
	}
	for _, r := range p.env.Daticert.Recipients {
		for _, ours := range p.m.opt.Ours {
			if Address(r.Address) == Address(ours) {
				return Address(ours), nil
			}
		}
	}
	return "", invalid(ReasonNotOurs, "none of our mailboxes is among destinatari")
}

// identifierAgrees demands that identificativo is the outer Message-ID (RFC 6109 §3.1.5; a receipt
// has a Message-ID of its own), and that the outer reference, where both are given, is the signed msgid.
func (p *proof) identifierAgrees() (string, *failure) {
	d, h := p.env.Daticert, &p.env.Header
	id := strings.TrimSuffix(strings.TrimPrefix(d.Identifier, "<"), ">") // and no blanks within
	if p.env.Kind == Transport && (h.MessageID == "" || id != h.MessageID) {
		return "", invalid(ReasonInconsistent, "identificativo "+quote(d.Identifier)+" is not the outer Message-ID")
	}
	if h.Reference != "" && d.MessageID != "" && bareID(d.MessageID) != h.Reference {
		return "", invalid(ReasonInconsistent, "msgid is not the outer X-Riferimento-Message-ID")
	}
	return d.Identifier, nil
}

// dateInRange demands that the certified instant is near the delivery: an old envelope delivered again is no new one. A
// receipt may come days late, or be put back into a mailbox without its date: it says nothing but of the one letter it names.
func (p *proof) dateInRange() (string, *failure) {
	at, delivered := p.env.Daticert.At, p.m.opt.Delivered
	if delivered.IsZero() {
		p.skip(NoteNoDelivery)
		return "delivery unknown", nil
	}
	before := maxBefore
	if p.env.Kind == Receipt {
		before = maxLate
	}
	if at.Before(delivered.Add(-before)) || at.After(delivered.Add(maxAfter)) {
		return "", invalid(ReasonDate, "certified at "+at.Format(time.RFC3339)+", delivered at "+delivered.Format(time.RFC3339))
	}
	return at.Format(time.RFC3339), nil
}
