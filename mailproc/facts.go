package mailproc

import (
	"errors"
	"strings"
	"sync"
	"time"

	"sportello/mailproc/pec"
	"sportello/rules"
	"sportello/store"
)

// textKept is how much of a message's text is kept beside it in the store; a
// longer one goes to a person, who sees the whole in the archive.
const textKept = 64 << 10

// Facts is what the rules need to know of an envelope that came to mailbox.
func Facts(env *pec.Envelope, mailbox string, delivered time.Time) rules.Message {
	m := rules.Message{
		Mailbox:   mailbox,
		Kind:      rules.MessageKind(env.Kind),
		Signature: string(env.Verdict.Status),
		Notes:     env.Verdict.Notes,
		Provider:  env.Verdict.Provider,
		Sender:    env.Sender(),
		Delivered: delivered,
		Subject:   env.Header.Subject,
		MessageID: env.Header.MessageID,
		Problem:   problem(env),
	}
	if o := env.Original; o != nil {
		m.Claimed = o.From
		m.Subject, m.MessageID, m.InReplyTo, m.References = o.Subject, o.MessageID, o.InReplyTo, o.References
		m.Text, m.Truncated = cut(o.Text)
		html, long := cut(o.HTML)
		m.HTML, m.Truncated = html, m.Truncated || long || o.Truncated
		m.Encrypted, m.Automatic = o.Encrypted, o.Automatic
		for _, a := range o.Attachments {
			m.Attachments = append(m.Attachments, rules.Attachment{Name: a.Name, Type: a.Type, Size: a.Size})
		}
	}
	if !env.Proved() { // of a proved envelope only the signed part counts: a delivery agent may rewrite Return-Path
		m.Automatic = m.Automatic || env.Header.Automatic()
	}
	if m.Claimed == "" {
		m.Claimed = env.Header.From
	}
	if c := env.Daticert; c != nil {
		m.Identifier, m.Sent = c.Identifier, c.At
		if c.MessageID != "" { // the customer's own, not the provider's identifier
			m.MessageID = strings.Trim(c.MessageID, "<> ")
		}
		if env.Proved() && c.Subject != "" {
			m.Subject = c.Subject
		}
	}
	return m
}

func cut(text string) (string, bool) {
	if len(text) <= textKept {
		return text, false
	}
	return strings.ToValidUTF8(text[:textKept], ""), true
}

// problem is why the sender of a certified message is not proved.
func problem(env *pec.Envelope) rules.Reason {
	switch {
	case env.Kind == pec.Unreadable:
		return rules.UnreadableMessage
	case env.Proved() || env.Verdict.Status == pec.Valid:
		return ""
	case env.Verdict.Status == pec.Untrusted:
		return rules.SignatureUntrusted
	case env.Verdict.Status == pec.Missing:
		return rules.SignatureMissing
	case signatureFailed(env.Verdict):
		return rules.SignatureInvalid
	case env.Verdict.Reason == pec.ReasonDate:
		return rules.DateDoubtful
	}
	return rules.EnvelopeInconsistent
}

// signatureFailed reports whether it was the signature that failed, and not
// what it covers: the last step tried is the one that did.
func signatureFailed(v pec.Verdict) bool {
	if len(v.Steps) == 0 {
		return true
	}
	switch v.Steps[len(v.Steps)-1].Name {
	case pec.StepStructure, pec.StepSigner, pec.StepDigest, pec.StepSignature:
		return true
	}
	return false
}

// proof is the record of who signed and what was checked.
func proof(env *pec.Envelope) []rules.ProofStep {
	v := env.Verdict
	out := make([]rules.ProofStep, 0, len(v.Steps)+len(v.Notes))
	for _, s := range v.Steps {
		out = append(out, rules.ProofStep{Name: s.Name, OK: s.OK, Detail: s.Detail})
	}
	for _, n := range v.Notes {
		out = append(out, rules.ProofStep{Name: "note", OK: true, Detail: n})
	}
	return out
}

// recent remembers what was found in messages just received, so that the
// decide stage need not read it back; the store has it all the same.
type recent struct {
	mu  sync.Mutex
	max int
	m   map[uint64]*found
}

// found is a message's facts with their proof.
type found struct {
	msg   *rules.Message
	proof []rules.ProofStep
}

func newRecent(n int) *recent { return &recent{max: n, m: make(map[uint64]*found, n)} }

func (r *recent) put(id uint64, f *found) {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.m, id) // of a batch that was refused, and its number given again
	if len(r.m) < r.max {
		r.m[id] = f
	}
}

func (r *recent) take(id uint64) *found {
	r.mu.Lock()
	defer r.mu.Unlock()
	f := r.m[id]
	delete(r.m, id)
	return f
}

var errErased = errors.New("its content was erased")

// facts reads what was found in a message; a nil msg says that it was erased.
func facts(tx *store.Tx, id uint64) (*pending, error) {
	p := &pending{id: id}
	var err error
	p.msg, p.proof, err = tx.MessageFacts(id)
	return p, err
}
