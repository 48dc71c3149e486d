package pec

import (
	"bytes"
	"crypto"
	"crypto/x509"
	"strings"
	"time"
)

// failure is a step that does not hold.
type failure struct {
	status         Status
	reason, detail string
}

func invalid(reason, detail string) *failure   { return &failure{Invalid, reason, detail} }
func untrusted(reason, detail string) *failure { return &failure{Untrusted, reason, detail} }

// proof walks the steps for one message. Each step may rely on those before it.
type proof struct {
	m    *message
	env  *Envelope
	v    *Verdict
	sd   *signedData
	leaf *certificate
	sum  []byte
	path *chain

	certs     []*certificate
	from      string // address of the outer From
	display   string // and its name
	providers []int  // of the index, those the signer may be
	daticert  places // entities directly in the signed multipart
	postacert places
	isOpaque  bool  // the signature holds what it signs
	unchecked bool  // the step being tried has nothing to be checked against
	cmsErr    error // why its form is refused
	datiErr   error
}

// places are entities found: the first, and how many there are.
type places struct{ first, count int }

func (p *places) add(i int) {
	if p.count == 0 {
		p.first = i
	}
	p.count++
}

// prove sets the kind, the verdict and the daticert of a message.
func prove(m *message) {
	p := &m.proof
	*p = proof{m: m, env: m.env, v: &m.env.Verdict, certs: m.room.certs[:0]}
	p.v.Steps = make([]Step, 0, 17)
	if !p.run(StepStructure, (*proof).structure) {
		p.shape()
		return
	}
	intact := p.run(StepSigner, (*proof).signer) && p.run(StepDigest, (*proof).digest) && p.run(StepSignature, (*proof).signature)
	p.findParts()
	if !intact {
		p.v.Intact = p.opensslAccepts()
		p.shape()
		return
	}
	p.readDaticert()
	p.classify()
	if p.env.Kind == Ordinary {
		p.ordinary()
		return
	}
	if !p.run(StepChain, (*proof).chain) || !p.run(StepUsage, (*proof).usage) {
		return
	}
	p.v.Intact = true
	if !p.run(StepRevocation, (*proof).revocation) || !p.run(StepIndex, (*proof).index) || !p.run(StepAddress, (*proof).address) {
		return
	}
	for _, s := range stepsOfKind[p.env.Kind] {
		if !p.run(s.name, s.check) {
			return
		}
	}
	p.v.Status = Valid
}

// ordinary ends the proof of a signed message that nothing says to be of PEC: there is no provider's
// signature, whoever signed it.
func (p *proof) ordinary() {
	_, f := p.chain()
	if f == nil {
		_, f = p.usage()
	}
	p.v.Intact = f == nil
	p.run(StepDaticert, (*proof).notAnEnvelope)
}

// step checks one condition and says what it found, or how it fails.
type step func(*proof) (string, *failure)

// stepsOfKind are the steps behind the signature: what is covered must make sense.
var stepsOfKind = map[Kind][]struct {
	name  string
	check step
}{
	Transport: {{StepDaticert, (*proof).oneDaticert}, {StepType, (*proof).typeIsTransport}, {StepPostacert, (*proof).onePostacert},
		{StepDomain, (*proof).senderDomain}, {StepSender, (*proof).senderAgrees}, {StepRecipient, (*proof).recipientIsOurs},
		{StepIdentifier, (*proof).identifierAgrees}, {StepDate, (*proof).dateInRange}},
	Receipt: {{StepDaticert, (*proof).oneDaticert}, {StepType, (*proof).typeIsReceipt},
		{StepDomain, (*proof).receiptDomain}, {StepIdentifier, (*proof).identifierAgrees}, {StepDate, (*proof).dateInRange}},
	Anomaly: {{StepType, (*proof).typeIsAnomaly}, {StepPostacert, (*proof).onePostacert}},
}

// run tries one step and notes it.
func (p *proof) run(name string, check step) bool {
	detail, f := check(p)
	if f == nil {
		p.v.Steps = append(p.v.Steps, Step{Name: name, OK: true, Detail: detail, Unchecked: p.unchecked})
		p.unchecked = false
		return true
	}
	p.v.Steps = append(p.v.Steps, Step{Name: name, Detail: f.detail})
	p.v.Status, p.v.Reason, p.v.Detail = f.status, f.reason, f.detail
	return false
}

func (p *proof) note(n string) {
	if p.v.Notes == nil {
		p.v.Notes = make([]string, 0, 4)
	}
	p.v.Notes = append(p.v.Notes, n)
}

// skip notes that the step being tried cannot be checked, and why.
func (p *proof) skip(n string) {
	p.note(n)
	p.unchecked = true
}

// structure finds the signed entity and the signature: a multipart/signed of exactly two parts (RFC
// 1847 §2.1), or an opaque signature (RFC 8551 §3.5.2). Only the outermost entity counts.
func (p *proof) structure() (string, *failure) {
	m := p.m
	top := m.parts[0]
	switch {
	case top.typ == "multipart/signed":
	case isOpaque(top.content):
		return p.opaque(top)
	default:
		return "", &failure{Missing, ReasonSignatureMissing, "the message is not signed: " + quote(top.typ)}
	}
	var kids places
	last := 0
	for i := range m.parts {
		if m.parts[i].parent == 0 {
			kids.add(i)
			last = i
		}
	}
	if kids.count != 2 || !isSignatureType(m.parts[last].typ) {
		if top.protocol != "" && !isSignatureType(top.protocol) {
			return "", &failure{Missing, ReasonSignatureMissing, "signed, but not by S/MIME: " + quote(top.protocol)}
		}
		return "", invalid(ReasonStructure, "a multipart/signed has exactly two parts, the signed one and the signature")
	}
	if !m.parts[last].closed {
		p.note(NoteUnclosed)
	}
	sig, ok := p.signatureBytes(m.parts[last], maxCMS)
	if !ok {
		return "", invalid(ReasonMalformedCMS, "the signature part is not base64, or larger than any real one")
	}
	m.inner, m.entities, m.root = m.src, m.parts, kids.first
	p.parse(sig, maxCMS, false)
	return "multipart/signed, detached signature", nil
}

// opaque reads a signature that holds what it signs.
func (p *proof) opaque(top part) (string, *failure) {
	m := p.m
	sig, ok := p.signatureBytes(top, maxOpaque)
	if !ok {
		return "", invalid(ReasonMalformedCMS, "the opaque signature is not base64, or too large to be proved")
	}
	p.parse(sig, maxOpaque, true)
	if p.sd != nil && p.sd.attached {
		content := bytesSource(p.sd.content)
		s := &scanner{src: &content}
		s.scan(levelSigned)
		m.inner, m.entities, m.root = s.src, s.parts, 0
		m.reopened, m.alike = m.reopened || s.reopened, m.alike || s.lookalike
		if m.fault == "" {
			m.fault = s.fault
		}
	}
	return "opaque signature", nil
}

// parse reads the CMS. Its faults belong to step signer, where they are said.
func (p *proof) parse(sig []byte, limit int, opaque bool) {
	sd, err := parseSignedData(sig, limit)
	if err == nil && sd.attached != opaque {
		err = &cmsError{ReasonEncapsulated, "a detached signature holds content of its own"}
		if opaque {
			err = malformed("an opaque signature holds no content")
		}
	}
	p.sd, p.cmsErr, p.isOpaque = sd, err, opaque
}

func isOpaque(c content) bool {
	if c.typ != "application/pkcs7-mime" && c.typ != "application/x-pkcs7-mime" {
		return false
	}
	return c.smimeType == "signed-data" || (c.smimeType == "" && strings.HasSuffix(strings.ToLower(c.name), ".p7m"))
}

func isSignatureType(t string) bool {
	return t == "application/pkcs7-signature" || t == "application/x-pkcs7-signature"
}

// signatureBytes decodes the body of a signature part of at most limit bytes.
func (p *proof) signatureBytes(e part, limit int) ([]byte, bool) {
	most := limit/3*4 + limit/16 + 1024 // with line ends
	if e.end-e.body > int64(most) {
		return nil, false
	}
	b := p.m.src.load(e.body, e.end, most)
	if e.cte != "base64" && (len(b) == 0 || b[0] == 0x30) {
		return bytes.Clone(b), e.plain()
	}
	if limit > maxCMS { // what is enclosed outlives the room
		return decodeBase64(nil, b)
	}
	sig, ok := decodeBase64(p.m.room.signature, b)
	p.m.room.signature = sig
	return sig, ok
}

// signer reads the CMS and finds the one signer's certificate.
func (p *proof) signer() (string, *failure) {
	if ce, ok := p.cmsErr.(*cmsError); ok {
		return "", invalid(ce.reason, ce.detail)
	}
	si := &p.sd.signer
	p.v.Digest, p.v.Algorithm = si.digestName, si.alg
	if !bytes.Equal(p.sd.contentType, oidData) || si.attrs != nil && !bytes.Equal(si.contentType, oidData) {
		return "", invalid(ReasonMalformedCMS, "the content type is not data, which alone is mail (RFC 8551 §2.4.2)")
	}
	if !p.readCertificates() {
		return "", invalid(ReasonMalformedCMS, "a certificate in the signature is not built as certificates are")
	}
	if p.leaf = si.certificate(p.certs); p.leaf == nil {
		return "", invalid(ReasonNoSigner, "the signer's certificate is not in the signature")
	}
	p.name()
	return p.v.Provider + ", " + p.v.Signer, nil
}

// readCertificates parses the certificates that travel with the signature. Not ok: one of them is none.
func (p *proof) readCertificates() (ok bool) {
	ok = true
	p.certs = p.certs[:0]
	for _, der := range p.sd.certs {
		switch c := p.m.opt.Trust.certificate(der); c {
		case nil:
		case misbuilt:
			ok = false
		default:
			p.certs = append(p.certs, c)
		}
	}
	p.m.room.certs = p.certs
	return ok
}

// name notes who the certificate says it is.
func (p *proof) name() {
	p.v.Signer, p.v.Provider = "", p.leaf.Subject.CommonName
	if len(p.leaf.EmailAddresses) > 0 {
		p.v.Signer = p.leaf.EmailAddresses[0]
	}
	if len(p.leaf.Subject.Organization) > 0 {
		p.v.Provider = p.leaf.Subject.Organization[0]
	}
}

// digest compares the digest of the raw signed bytes with the signed attribute.
func (p *proof) digest() (string, *failure) {
	si := &p.sd.signer
	p.sum = p.contentSum(si.digest)
	if p.m.lf && !p.sd.attached {
		p.note(NoteCanonicalised)
	}
	if !si.digested(p.sum) {
		return "", invalid(ReasonDigestMismatch, "the signed part was changed after it was signed")
	}
	if si.digest == crypto.SHA1 {
		p.note(NoteWeakDigest)
	}
	return si.digestName, nil
}

// signature checks the signature with the key of the certificate the signer names.
func (p *proof) signature() (string, *failure) {
	if p.sd.signer.verify(p.leaf.Certificate, p.sum, p.sd.contentType) != nil {
		return "", invalid(ReasonSignatureMismatch, "the signature is not by the key of the certificate it names")
	}
	return p.v.Algorithm, nil
}

// opensslAccepts reports whether OpenSSL would hold for good a signature that was refused: with several signers,
// content inside a detached signature, a name that is not the algorithm's and the like. It proves nothing; Intact says it,
// so that two verifiers side by side do not seem to disagree on the cryptography.
func (p *proof) opensslAccepts() bool {
	if p.sd == nil || !p.sd.whole || p.m.root < 0 || p.isOpaque && !p.sd.attached {
		return false
	}
	if !p.readCertificates() {
		return false
	}
	p.v.At = p.instant()
	sums := map[crypto.Hash][]byte{}
	for i := -1; i < len(p.sd.others); i++ {
		si := &p.sd.signer
		if i >= 0 {
			si = &p.sd.others[i]
		}
		if sums[si.digest] == nil {
			sums[si.digest] = p.contentSum(si.digest)
		}
		if p.leaf = si.certificate(p.certs); p.leaf == nil || !si.opensslVerifies(p.leaf.Certificate, sums[si.digest]) {
			return false
		}
		if _, f := p.chain(); f != nil {
			return false
		}
		if _, f := p.usage(); f != nil {
			return false
		}
	}
	return true
}

// contentSum is the digest of what is signed. A detached signature covers what lies outside it, whatever it holds.
func (p *proof) contentSum(alg crypto.Hash) []byte {
	if !p.isOpaque {
		return p.m.sum(p.m.root, alg)
	}
	return sumOf(alg, p.sd.content)
}

// chain looks for a chain to the roots at the envelope's time: the signed instant where there is one.
func (p *proof) chain() (string, *failure) {
	p.v.At = p.instant()
	path, err := p.m.opt.Trust.chain(p.leaf, p.certs, p.v.At)
	if err != nil {
		ce, ok := err.(*chainError)
		if !ok {
			return "", untrusted(ReasonChain, err.Error())
		}
		return "", untrusted(ce.reason, ce.detail)
	}
	if p.path = path; path.weak && p.sd.signer.digest != crypto.SHA1 {
		p.note(NoteWeakDigest)
	}
	return "issued by " + p.leaf.Issuer.CommonName + ", judged at " + p.v.At.Format(time.RFC3339), nil
}

// instant is the time at which certificates are judged: the certified one, which the provider
// signed; without daticert.xml the delivery, else the signer's clock.
func (p *proof) instant() time.Time {
	switch {
	case p.env.Daticert != nil:
		return p.env.Daticert.At
	case !p.m.opt.Delivered.IsZero():
		return p.m.opt.Delivered
	}
	if at := p.sd.signer.clock(); !at.IsZero() {
		return at
	}
	return p.env.Header.Date
}

// usage demands a certificate for signing mail: the purpose smimesign of OpenSSL, RFC 8550 §4.4.
func (p *proof) usage() (string, *failure) {
	const sign = x509.KeyUsageDigitalSignature | x509.KeyUsageContentCommitment
	if p.leaf.KeyUsage != 0 && p.leaf.KeyUsage&sign == 0 {
		return "", untrusted(ReasonUsage, "the certificate is not for signatures")
	}
	for _, e := range p.leaf.Extensions {
		if !e.Id.Equal(oidNetscapeType) {
			continue
		}
		if bits, _ := netscapeType(e.Value); bits&0xa0 == 0 { // SSL client 0x80, S/MIME 0x20
			return "", untrusted(ReasonUsage, "the certificate's Netscape type is not for mail")
		}
	}
	if len(p.leaf.ExtKeyUsage)+len(p.leaf.UnknownExtKeyUsage) == 0 {
		return "any", nil
	}
	for _, u := range p.leaf.ExtKeyUsage {
		if u == x509.ExtKeyUsageEmailProtection {
			return "e-mail protection", nil
		}
	}
	return "", untrusted(ReasonUsage, "the certificate is not for e-mail protection")
}

// revocation asks the lists whether the chain held at the envelope's time.
func (p *proof) revocation() (string, *failure) {
	if !p.path.revoked.IsZero() && !p.path.revoked.After(p.v.At) {
		return "", untrusted(ReasonRevoked, "the certificate "+quote(p.path.revokedWhat)+" was revoked on "+p.path.revoked.Format(time.DateTime))
	}
	if !p.path.listed {
		p.skip(NoteNoCRL)
	}
	if !p.path.nextUpdate.IsZero() && p.path.nextUpdate.Before(p.v.At) {
		p.note(NoteStaleCRL)
	}
	if !p.path.listed {
		return "no list for some certificate", nil
	}
	return "not revoked", nil
}

// index demands that the certificate is pinned in the providers' index.
func (p *proof) index() (string, *failure) {
	t := p.m.opt.Trust
	if t.index == nil {
		p.skip(NoteNoIndex)
		return "no index given", nil
	}
	p.providers = t.signersOf(p.leaf)
	if len(p.providers) == 0 {
		return "", untrusted(ReasonNotInIndex, "the certificate is not in the providers' index")
	}
	p.v.Provider = t.index.Providers[p.providers[0]].Name
	return p.v.Provider, nil
}

// quote puts a value from the message into a sentence, shortened.
func quote(s string) string {
	if len(s) > 80 {
		s = s[:80] + "…"
	}
	return "“" + strings.ToValidUTF8(s, "\uFFFD") + "”"
}
