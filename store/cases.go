package store

import (
	"bytes"
	"fmt"
	"time"

	"sportello/rules"
)

// openRecord is the record of a case within a writing transaction: read once,
// put back at the end.
func (tx *Tx) openRecord(k caseKey, fresh bool) (*caseRecord, error) {
	r := tx.write.cases[k]
	if r != nil {
		return r, nil
	}
	var err error
	switch warm := tx.s.warm.records[k]; {
	case warm != nil && !fresh:
		r = warm
	case !fresh:
		if r, err = tx.readCase(k); err != nil {
			return nil, err
		}
		r.indexed = viewOf(&r.c)
	case tx.b(bCases).Get(k[:]) != nil:
		return nil, fmt.Errorf("it is there already")
	default:
		r = &caseRecord{}
	}
	tx.write.cases[k] = r
	tx.write.order = append(tx.write.order, k)
	return r, nil
}

func (tx *Tx) readCase(k caseKey) (*caseRecord, error) {
	v := tx.b(bCases).Get(k[:])
	if v == nil {
		return nil, fmt.Errorf("case %s: %w", k, ErrNotFound)
	}
	return decodeCase(k, v)
}

func decodeCase(k caseKey, v []byte) (*caseRecord, error) {
	r := &caseRecord{}
	x := newReader(v)
	r.code(&x)
	return r, x.end("case " + k.String())
}

// caseByID finds a record, also one this transaction has changed.
func (tx *Tx) caseByID(id string) (*caseRecord, error) {
	k, err := keyOf(id)
	if err != nil {
		return nil, fmt.Errorf("case %s: %w (%w)", id, ErrNotFound, err)
	}
	return tx.caseNow(k)
}

func (tx *Tx) caseNow(k caseKey) (*caseRecord, error) {
	if tx.write != nil {
		return tx.openRecord(k, false)
	}
	return tx.readCase(k)
}

// Case returns a case with everything that belongs to it. It is the caller's.
func (tx *Tx) Case(id string) (*rules.Case, error) {
	r, err := tx.caseByID(id)
	if err != nil {
		return nil, err
	}
	c := r.c.Clone()
	t, err := tx.textsOf(r)
	if err != nil {
		return nil, err
	}
	c.Proof = t.proof
	if t.explanation != nil {
		c.Explanation = *t.explanation
	}
	for i, l := range t.letters {
		if l != nil {
			c.Letters[i].LetterText = *l
		}
	}
	return c, nil
}

// LetterText returns the text of a case's letter n; retention may have taken
// it away.
func (tx *Tx) LetterText(id string, n int) (l rules.LetterText, err error) {
	r, err := tx.caseByID(id)
	if err != nil {
		return l, err
	}
	if n < 1 || n > len(r.letters) {
		return l, fmt.Errorf("letter %d of case %s: %w", n, id, ErrNotFound)
	}
	if len(r.texts.letters) >= n && r.texts.letters[n-1] != nil {
		return *r.texts.letters[n-1], nil
	}
	p, err := tx.private(r.letters[n-1])
	if err == nil && p != nil && p.Letter != nil {
		l = *p.Letter
	}
	return l, err
}

// Brief returns a case without its explanation, its proof and the texts of its
// letters: all that listing and Apply need, at a tenth of the cost.
func (tx *Tx) Brief(id string) (*rules.Case, error) {
	r, err := tx.caseByID(id)
	if err != nil {
		return nil, err
	}
	return r.c.Clone(), nil
}

// putCase writes a changed record and the difference to its indexes.
func (tx *Tx) putCase(k caseKey, r *caseRecord) error {
	x := coder{buf: tx.write.buf[:0]}
	r.code(&x)
	tx.write.buf = x.buf
	if err := tx.b(bCases).Put(k[:], tx.write.keep(x.buf)); err != nil {
		return fmt.Errorf("case %s: %w", k, err)
	}
	now := viewOf(&r.c)
	if err := tx.reindex(k, r.indexed, now); err != nil {
		return fmt.Errorf("case %s: %w", k, err)
	}
	r.indexed, r.dirty = now, false
	return nil
}

// view is what the indexes, queues and counters say of a case. Its difference
// before and after an event is what has to be written.
type view struct {
	there     bool
	state     rules.State
	procedure string
	sender    string
	to        string // the request mailbox
	when      uint64 // the queue's second order
	flags     byte
	letters   []letterView
	deadline  deadlineKey
}

type letterView struct {
	state   rules.LetterState
	at      uint64 // its place in the outbox
	waiting bool   // it has one
}

const flagAnswered = 1

// rank orders cases by who waits for whom: first those that need a person.
func rank(s rules.State) byte {
	switch s {
	case rules.InReview:
		return 1
	case rules.New:
		return 2
	case rules.Waiting:
		return 3
	case rules.Accepted:
		return 4
	case rules.Rejected:
		return 5
	case rules.Answered:
		return 6
	case rules.Withdrawn:
		return 7
	case rules.Closed:
		return 8
	}
	return 9
}

func viewOf(c *rules.Case) view {
	v := view{there: c.Version > 0, state: c.State, procedure: c.Procedure, sender: c.Mailbox, to: c.To, when: sortable(c.Due)}
	if c.State == rules.Closed {
		v.when = ^sortable(c.Closed) // the last closed first
	}
	if !c.Answered.IsZero() {
		v.flags |= flagAnswered
	}
	if len(c.Letters) > 0 {
		v.letters = make([]letterView, len(c.Letters))
	}
	for i := range c.Letters {
		l := &c.Letters[i]
		v.letters[i].state = l.State
		v.letters[i].at, v.letters[i].waiting = outboxKey(l)
	}
	v.deadline = firstDeadline(c)
	return v
}

func (tx *Tx) reindex(k caseKey, old, now view) error {
	if err := tx.reindexQueue(k, old, now); err != nil {
		return err
	}
	if old.sender != now.sender {
		if old.sender != "" {
			if err := tx.b(bSender).Delete(senderKey(old.sender, k)); err != nil {
				return err
			}
		}
		if now.sender != "" {
			if err := tx.b(bSender).Put(senderKey(now.sender, k), nil); err != nil {
				return err
			}
		}
	}
	if err := tx.reindexLetters(k, now.to, old.letters, now.letters); err != nil {
		return err
	}
	return tx.reindexDeadline(k, old.deadline, now.deadline)
}

func (tx *Tx) reindexQueue(k caseKey, old, now view) error {
	moved := !old.there || old.state != now.state || old.procedure != now.procedure || old.when != now.when
	if !moved && old.flags == now.flags {
		return nil
	}
	q := queueKey(now, k)
	if err := tx.b(bQueue).Put(q, []byte{now.flags}); err != nil || !moved {
		return err
	}
	if err := tx.b(bProcedure).Put(procedureKey(now.procedure, q), nil); err != nil {
		return err
	}
	tx.count(caseCounter(now.procedure, now.state), 1)
	if !old.there {
		return nil
	}
	tx.count(caseCounter(old.procedure, old.state), -1)
	before := queueKey(old, k)
	if !bytes.Equal(before, q) {
		if err := tx.b(bQueue).Delete(before); err != nil {
			return err
		}
	}
	if bytes.Equal(before, q) && old.procedure == now.procedure {
		return nil
	}
	return tx.b(bProcedure).Delete(procedureKey(old.procedure, before))
}

func queueKey(v view, k caseKey) []byte {
	b := make([]byte, 0, 1+8+len(k))
	b = append(b, rank(v.state))
	b = append(b, u64(v.when)...)
	return append(b, k[:]...)
}

func procedureKey(procedure string, queue []byte) []byte {
	b := make([]byte, 0, len(procedure)+1+len(queue))
	return append(append(append(b, procedure...), 0), queue...)
}

func senderKey(sender string, k caseKey) []byte {
	b := make([]byte, 0, len(sender)+1+len(k))
	return append(append(append(b, sender...), 0), k[:]...)
}

func caseCounter(procedure string, s rules.State) string {
	return "case\x00" + procedure + "\x00" + string(s)
}

// Filter says which cases are wanted. The zero value is every case, those that
// need attention first: in review, new, waiting, then those under way by their
// due date, the closed ones last, newest first.
type Filter struct {
	State     rules.State
	Procedure string
	Mailbox   string                 // certified sender
	OverdueAt time.Time              // only cases whose promise is broken at this instant
	Match     func(*rules.Case) bool // anything else; it sees brief cases
	After     []byte                 // go on behind this place: see Cases
	Limit     int                    // 0: no limit
	LookAt    int                    // most cases read for Match; 0: no limit
}

// Cases calls fn with each case that passes the filter (brief, see Brief),
// until fn returns false. next is where a further page begins, nil at the end.
func (tx *Tx) Cases(f Filter, fn func(c *rules.Case) bool) (next []byte, err error) {
	if f.Mailbox != "" {
		return tx.casesOf(f, fn)
	}
	if err := tx.settle(); err != nil {
		return nil, err
	}
	states := byRank
	if f.State != "" {
		states = []rules.State{f.State}
	}
	p := page{tx: tx, f: f, fn: fn}
	for _, s := range states {
		if !f.OverdueAt.IsZero() && s == rules.Closed {
			continue
		}
		prefix := []byte{rank(s)}
		index := tx.b(bQueue)
		if f.Procedure != "" && f.OverdueAt.IsZero() {
			prefix, index = procedureKey(f.Procedure, prefix), tx.b(bProcedure)
		}
		if bytes.Compare(f.After, prefix) > 0 && !bytes.HasPrefix(f.After, prefix) {
			continue
		}
		seek := prefix
		if bytes.HasPrefix(f.After, prefix) {
			seek = append(bytes.Clone(f.After), 0)
		}
		err := scan(index, prefix, seek, func(key, v []byte) (bool, error) { return p.offer(key, len(prefix), v) })
		if err != nil || p.full {
			return p.next, err
		}
	}
	return nil, nil
}

var byRank = []rules.State{rules.InReview, rules.New, rules.Waiting, rules.Accepted, rules.Rejected, rules.Answered, rules.Withdrawn, rules.Closed}

// page collects one page of a listing.
type page struct {
	tx     *Tx
	f      Filter
	fn     func(*rules.Case) bool
	given  int
	looked int
	last   []byte // the last key looked at
	full   bool
	next   []byte
}

// offer looks at an index entry; its key ends with the instant and the case.
func (p *page) offer(key []byte, rankEnd int, flags []byte) (more bool, err error) {
	if !p.f.OverdueAt.IsZero() {
		due := toU64(key[rankEnd:])
		if due > sortable(p.f.OverdueAt) {
			return false, nil // they are sorted by it
		}
		if due == 0 || len(flags) > 0 && flags[0]&flagAnswered != 0 {
			return true, nil
		}
	}
	return p.take(key)
}

func (p *page) take(key []byte) (more bool, err error) {
	if p.f.Limit > 0 && p.given >= p.f.Limit || p.f.LookAt > 0 && p.looked >= p.f.LookAt {
		p.full, p.next = true, bytes.Clone(p.last)
		return false, nil
	}
	var k caseKey
	copy(k[:], key[len(key)-len(k):])
	r, err := p.tx.caseNow(k)
	if err != nil {
		return false, err
	}
	p.looked++
	p.last = append(p.last[:0], key...)
	if !p.passes(&r.c) {
		return true, nil
	}
	p.given++
	c := &r.c
	if p.tx.write != nil {
		c = c.Clone() // the transaction may go on changing its own
	}
	if !p.fn(c) {
		p.full, p.next = true, bytes.Clone(p.last)
		return false, nil
	}
	return true, nil
}

func (p *page) passes(c *rules.Case) bool {
	f := &p.f
	return (f.State == "" || c.State == f.State) &&
		(f.Procedure == "" || c.Procedure == f.Procedure) &&
		(f.OverdueAt.IsZero() || c.Overdue(f.OverdueAt)) &&
		(f.Match == nil || f.Match(c))
}

// nameSender puts a new case in the list of its mailbox, at once: the next
// message of the same transaction asks what is open there.
func (tx *Tx) nameSender(k caseKey, r *caseRecord) error {
	if r.c.Mailbox == "" {
		return nil
	}
	r.indexed.sender = r.c.Mailbox
	return tx.b(bSender).Put(senderKey(r.c.Mailbox, k), nil)
}

// casesOf lists the cases of one mailbox by their number.
func (tx *Tx) casesOf(f Filter, fn func(c *rules.Case) bool) ([]byte, error) {
	prefix := append([]byte(f.Mailbox), 0)
	seek := prefix
	if len(f.After) > 0 {
		seek = append(bytes.Clone(f.After), 0)
	}
	p := page{tx: tx, f: f, fn: fn}
	err := scan(tx.b(bSender), prefix, seek, func(key, _ []byte) (bool, error) { return p.take(key) })
	return p.next, err
}

// Count is how many cases a procedure has in a state.
type Count struct {
	Procedure string
	State     rules.State
	N         int
}

// Counts returns the number of cases by procedure and state, from counters.
func (tx *Tx) Counts() ([]Count, error) {
	if err := tx.settle(); err != nil {
		return nil, err
	}
	var out []Count
	prefix := []byte("case\x00")
	err := scan(tx.b(bCounters), prefix, nil, func(k, v []byte) (bool, error) {
		procedure, state, _ := bytes.Cut(k[len(prefix):], []byte{0})
		out = append(out, Count{Procedure: string(procedure), State: rules.State(state), N: int(toU64(v))})
		return true, nil
	})
	return out, err
}
