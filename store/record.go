package store

import (
	"sportello/rules"
)

// caseRecord is a case as it lies in the database: the case without the heavy
// parts that never change again, and where in the journal those are.
type caseRecord struct {
	c       rules.Case
	events  []uint64 // every event of the case, in order
	proof   uint64   // the event whose private part has the proof
	explain uint64   // … the explanation
	letters []uint64 // … the text of letter n, at n-1

	// Not in the record:
	indexed view                // what the indexes say of the case now
	dirty   bool                // changed and not yet put back
	loose   bool                // its words are to be put into the index
	texts   []*rules.LetterText // of letter n, at n-1: those at hand
}

// code is the list of a record's fields; append new ones at the end, with a
// migration (see migrate.go).
func (r *caseRecord) code(x *coder) {
	r.codeHead(x)
	r.codeRest(x)
}

// codeHead is what a search asks of a case.
func (r *caseRecord) codeHead(x *coder) {
	c := &r.c
	text(x, &c.ID)
	text(x, &c.State)
	x.int(&c.Version)
	text(x, &c.Procedure)
	text(x, &c.To)
	text(x, &c.Mailbox)
	x.bool(&c.Proved)
	x.ids(&c.Messages)
	text(x, &c.Subject)
	text(x, &c.MessageID)
	x.strings(&c.References)
	text(x, &c.Previous)
	x.time(&c.Received)
	x.time(&c.Due)
	x.time(&c.Target)
	x.time(&c.Warn)
	x.time(&c.Changed)
	text(x, &c.Outcome)
	text(x, &c.Reason)
	x.strings(&c.Reasons)
	x.time(&c.Decided)
	text(x, &c.DecidedBy)
	x.dict(&c.Fields)
}

func (r *caseRecord) codeRest(x *coder) {
	c := &r.c
	x.dict(&c.Facts)
	x.strings(&c.Missing)
	x.strings(&c.Flags)
	list(x, &c.Letters, codeLetter)
	list(x, &c.Steps, codeStep)
	x.strings(&c.Asked)
	x.time(&c.Until)
	x.time(&c.RemindAt)
	x.bool(&c.Reminded)
	list(x, &c.Notes, codeNote)
	x.time(&c.Answered)
	x.time(&c.Delivered)
	x.time(&c.Closed)
	x.bool(&c.TargetPassed)
	x.bool(&c.Warned)
	x.bool(&c.Breached)
	x.time(&c.RetryAt)
	x.deltas(&r.events)
	x.u64(&r.proof)
	x.u64(&r.explain)
	x.ids(&r.letters)
	text(x, &c.Envelope)
	text(x, &c.Assignee)
	x.time(&c.Later)
}

// codeLetter leaves out the letter's text: it is in the journal.
func codeLetter(x *coder, l *rules.Letter) {
	x.int(&l.N)
	text(x, &l.Name)
	text(x, &l.State)
	text(x, &l.MessageID)
	x.time(&l.Owed)
	list(x, &l.Tries, func(x *coder, t *rules.Try) {
		x.time(&t.At)
		x.time(&t.End)
		text(x, &t.Answer)
	})
	x.time(&l.NextTry)
	x.time(&l.Sent)
	x.time(&l.Arrived)
	x.bool(&l.Told)
	x.bool(&l.Past)
	list(x, &l.Receipts, codeReceipt)
}

func codeReceipt(x *coder, r *rules.ReceiptRef) {
	text(x, &r.Kind)
	x.time(&r.At)
	text(x, &r.Identifier)
	text(x, &r.Provider)
	text(x, &r.Error)
}

func codeStep(x *coder, s *rules.StepRun) {
	x.int(&s.N)
	text(x, &s.Do)
	text(x, &s.After)
	text(x, &s.Of)
	text(x, &s.State)
	x.time(&s.Due)
	x.int(&s.Attempts)
	x.time(&s.Done)
	text(x, &s.Error)
}

func codeNote(x *coder, n *rules.Note) {
	x.time(&n.At)
	text(x, &n.Author)
	text(x, &n.Text)
}

func codeProof(x *coder, p *rules.ProofStep) {
	text(x, &p.Name)
	x.bool(&p.OK)
	text(x, &p.Detail)
}

// code is the list of a message's fields; ID is the key, Facts and Proof lie
// in their own bucket.
func (m *Message) code(x *coder) {
	text(x, &m.Mailbox)
	x.u32(&m.Cursor.UIDValidity)
	x.u32(&m.Cursor.UID)
	text(x, &m.Kind)
	x.time(&m.Delivered)
	x.time(&m.Read)
	x.i64(&m.Size)
	x.raw(m.Digest[:])
	text(x, &m.Identifier)
	text(x, &m.MessageID)
	text(x, &m.Status)
	text(x, &m.Case)
	text(x, &m.Reason)
	text(x, &m.Detail)
	x.u64(&m.Original)
	text(x, &m.Place.Month)
	x.i64(&m.Place.Offset)
	x.i64(&m.Place.Length)
	there := m.Receipt != nil
	if x.bool(&there); there {
		if m.Receipt == nil {
			m.Receipt = &rules.ReceiptRef{}
		}
		codeReceipt(x, m.Receipt)
	}
	text(x, &m.About)
}

// heavy is what a message's listing does not need.
type heavy struct {
	facts *rules.Message
	proof []rules.ProofStep
}

func (h *heavy) code(x *coder) {
	list(x, &h.proof, codeProof)
	there := h.facts != nil
	if x.bool(&there); !there {
		return
	}
	if h.facts == nil {
		h.facts = &rules.Message{}
	}
	codeFacts(x, h.facts)
}

func codeFacts(x *coder, m *rules.Message) {
	text(x, &m.Mailbox)
	text(x, &m.Kind)
	text(x, &m.Signature)
	text(x, &m.Problem)
	x.strings(&m.Notes)
	text(x, &m.Provider)
	text(x, &m.Sender)
	text(x, &m.Claimed)
	text(x, &m.Identifier)
	text(x, &m.MessageID)
	text(x, &m.InReplyTo)
	x.strings(&m.References)
	x.time(&m.Sent)
	x.time(&m.Delivered)
	text(x, &m.Subject)
	text(x, &m.Text)
	text(x, &m.HTML)
	list(x, &m.Attachments, func(x *coder, a *rules.Attachment) {
		text(x, &a.Name)
		text(x, &a.Type)
		x.i64(&a.Size)
	})
	x.bool(&m.Encrypted)
	x.bool(&m.Automatic)
	x.bool(&m.Truncated)
}

// deltas is a rising list of numbers, kept as the steps between them.
func (x *coder) deltas(v *[]uint64) {
	n := x.length(len(*v))
	if x.reading {
		*v = make([]uint64, n)
	}
	var last uint64
	for i := range *v {
		d := (*v)[i] - last
		x.u64(&d)
		last += d
		(*v)[i] = last
	}
}
