package console

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"sportello/rules"
)

// briefLine is one of the few lines with which a case explains itself: who
// signed, what was recognised, why it was decided so, what was sent, what
// proves it, what comes next.
type briefLine struct {
	Key, Tone string
	Texts     []string
}

// inBrief are the lines of a case, in the language of the page.
func (f *formatter) inBrief(v *caseView) []briefLine {
	c := v.Case
	out := []briefLine{f.whoSigned(c), f.recognised(v)}
	add := func(key, tone string, texts ...string) {
		if len(texts) > 0 && texts[0] != "" {
			out = append(out, briefLine{key, tone, texts})
		}
	}
	if !c.Decided.IsZero() {
		text := f.t("brief.decided", f.word("outcome", c.Outcome), cmp.Or(c.DecidedBy, f.t("brief.desk")), f.at(c.Decided))
		if c.Outcome == rules.Review && c.DecidedBy == "" {
			text = f.t("brief.left", f.at(c.Decided))
		}
		if e := v.Decision(); e != nil && e.Reason != "" {
			text += ": " + lowerFirst(f.word("reason", e.Reason))
		}
		if v.CameBack() && c.Reason != "" {
			text += ". " + f.t("case.came-back") + " " + lowerFirst(f.word("reason", c.Reason))
		}
		texts := []string{text}
		if e := v.Question(); e != nil {
			texts = append(texts, f.t("brief.asked", e.Author, f.at(e.At)))
		}
		add("brief.decision", "", append(texts, f.causes(v)...)...)
	}
	var sent, proofs []string
	for i := range c.Letters {
		l := &c.Letters[i]
		sent = append(sent, f.t("brief.letter", l.N, f.word("letter", l.Name), f.word("letter-state", l.State)))
		for _, r := range l.Receipts {
			proofs = append(proofs, f.t("brief.receipt", f.word("receipt", r.Kind), l.N, f.at(r.At)))
		}
	}
	add("brief.sent", "", sent...)
	if len(v.Messages) > 0 {
		proofs = append([]string{f.request(&v.Messages[0])}, proofs...)
	}
	add("brief.proof", proofTone(v), proofs...)
	next := []string{f.next(v)}
	if remedy := c.Remedy(); v.Proposal == nil && remedy != "" {
		next = append(next, f.why(remedy).Text)
	}
	add("brief.next", nextTone(c), next...)
	return out
}

// causes are why letters or steps failed for which a case waits for a person.
func (f *formatter) causes(v *caseView) (out []string) {
	c := v.Case
	if c.State != rules.InReview {
		return nil
	}
	switch c.Reason {
	case rules.StepFailed:
		for _, s := range c.Steps {
			if s.State == rules.StepBroken {
				out = append(out, "«"+f.word("step", s.Do)+"»: "+inert(s.Error, 300))
			}
		}
	case rules.LetterFailed, rules.NoAcceptance:
		for i := range c.Letters {
			l := &c.Letters[i]
			if l.State != rules.Failed || len(l.Tries) == 0 {
				continue
			}
			row := LetterRowOf(c.ID, l)
			why := inert(row.Answer, 300)
			if row.Unaccepted {
				why = f.t("letter-why.unaccepted")
			} else if row.Receipt != "" {
				why = strings.Join(slices.DeleteFunc([]string{f.word("receipt", row.Receipt), f.word("receipt-error", row.Error), inert(v.cause(l), 300)}, func(s string) bool { return s == "" }), ", ")
			}
			out = append(out, f.t("brief.letter", l.N, f.word("letter", l.Name), why))
		}
	}
	return out
}

// request says what is still there of the message that a case began with.
func (f *formatter) request(m *rules.MessageView) string {
	switch {
	case m.Status == "redacted":
		return f.t("brief.redacted", m.Digest)
	case m.Erased():
		return f.t("brief.purged", m.Digest)
	}
	return f.t("brief.kept", m.Archive)
}

func proofTone(v *caseView) string {
	if len(v.Messages) > 0 && v.Messages[0].Erased() {
		return "warn"
	}
	return ""
}

// at writes an instant without markup.
func (f *formatter) at(t time.Time) string {
	local := t.In(f.zone())
	return f.date(local) + local.Format(" 15:04")
}

func (f *formatter) whoSigned(c *rules.Case) briefLine {
	ok, failed, signer := 0, 0, ""
	var unchecked []string
	for _, p := range c.Proof {
		switch p.StateIn(c.Proof) {
		case rules.ProofHolds:
			ok++
		case rules.ProofFails:
			failed++
		case rules.ProofUnchecked:
			unchecked = append(unchecked, f.word("proof", p.Name))
		}
		if p.Name == "signer" {
			signer = p.Detail
		}
	}
	all := ok + failed + len(unchecked)
	switch {
	case c.Emptied() && c.Proved:
		return briefLine{"brief.signed", "", []string{f.t("brief.was-proved")}}
	case c.Emptied():
		return briefLine{"brief.signed", "", []string{f.t("brief.was-unproved")}}
	case all == 0:
		return briefLine{"brief.signed", "bad", []string{f.t("brief.nobody")}}
	case failed > 0:
		return briefLine{"brief.signed", "bad", []string{f.t("brief.unproved", inert(signer, 200), failed, all)}}
	case !c.Proved: // an anomaly envelope: our provider vouches for itself, and for nobody else
		return briefLine{"brief.signed", "bad", []string{f.t("brief.anomaly", inert(signer, 200), ok)}}
	case len(unchecked) > 0:
		return briefLine{"brief.signed", "", []string{inert(signer, 200), f.t("brief.partly", inert(c.Mailbox, 300), ok, all, strings.Join(unchecked, ", "))}}
	}
	return briefLine{"brief.signed", "good", []string{inert(signer, 200), f.t("brief.proved", all, inert(c.Mailbox, 300))}}
}

func (f *formatter) recognised(v *caseView) briefLine {
	c := v.Case
	text := f.title(c.Procedure)
	switch s := c.Explanation.Similarity; {
	case s >= 0.9995:
		text += " — " + f.t("brief.form")
	case s > 0:
		text += " — " + f.t("brief.like", int(100*s))
	}
	if s := v.Sign(); s != nil {
		text += "; " + f.word("sign", s.Sign)
		if s.SignWords != "" {
			text += " («" + inert(strings.Join(strings.Fields(s.SignWords), " "), 100) + "»)"
		}
	}
	texts := []string{text}
	if len(v.Later) > 0 {
		m := v.Later[0]
		texts = append(texts, f.t("brief.wrote", f.at(arrived(m)), m.ID))
	}
	return briefLine{"brief.asks", "", texts}
}

// cause is what the receipt of a letter's non-delivery says of it.
func (v *caseView) cause(l *rules.Letter) (text string) {
	for _, r := range l.Receipts {
		text = cmp.Or(v.Causes[v.Message(l.N, r)], text)
	}
	return text
}

// next says what the case waits for.
func (f *formatter) next(v *caseView) string {
	c := v.Case
	switch c.State {
	case rules.InReview:
		switch {
		case v.Proposal != nil:
			return f.t("brief.proposed", v.Proposal.By)
		case !c.Answered.IsZero():
			return f.t("brief.person-anew")
		case c.Overdue(f.c.now()):
			return f.t("brief.person-late", f.at(c.Due))
		}
		return f.t("brief.person", f.at(c.Due))
	case rules.Waiting:
		return f.t("brief.customer", f.at(c.Until))
	case rules.Closed:
		return f.t("brief.nothing")
	}
	for _, s := range c.Steps {
		switch {
		case s.State == rules.StepStopped:
		case s.State == rules.StepWithHuman:
			return f.t("brief.step-person", f.word("step", s.Do))
		case s.State == rules.StepDue:
			return f.t("brief.step", f.word("step", s.Do), f.at(s.Due))
		case s.State != rules.StepOver:
			return f.t("brief.step-after", f.word("step", s.Do), f.after(s.After))
		}
	}
	for i := range c.Letters {
		if l := &c.Letters[i]; l.State != rules.Delivered && l.State != rules.Failed {
			return f.t("brief.receipts", l.N)
		}
	}
	return ""
}

func nextTone(c *rules.Case) string {
	if c.State == rules.InReview {
		return "warn"
	}
	return ""
}

// lowerFirst lets a sentence go on in the middle of another.
func lowerFirst(s string) string {
	for i, r := range s {
		return strings.ToLower(string(r)) + s[i+len(string(r)):]
	}
	return s
}
