package store

import (
	"bytes"
	"fmt"
	"slices"

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
	case tx.get(bCases, k[:]) != nil:
		return nil, fmt.Errorf("it is there already")
	default:
		r = &caseRecord{events: make([]uint64, 0, 8)} // most have no more
	}
	tx.write.cases[k] = r
	tx.write.order = append(tx.write.order, k)
	return r, nil
}

func (tx *Tx) readCase(k caseKey) (*caseRecord, error) {
	if tx.write == nil { // a list of many reads from all over the file
		tx.s.trimSome()
	}
	v := tx.get(bCases, k[:])
	if v == nil {
		return nil, fmt.Errorf("case %s: %w", k, ErrNotFound)
	}
	return decodeCase(k, v)
}

func decodeCase(k caseKey, v []byte) (*caseRecord, error) {
	r := &caseRecord{}
	x := newReader(v)
	if r.code(&x); x.whole() {
		return r, nil
	}
	return r, x.end("case " + k.String())
}

// skim reads of a case what a search asks of it, into r.
func (tx *Tx) skim(k caseKey, r *caseRecord) (*rules.Case, error) {
	if tx.write != nil && tx.write.cases[k] != nil {
		return &tx.write.cases[k].c, nil
	}
	v := tx.get(bCases, k[:])
	if v == nil {
		return nil, fmt.Errorf("case %s: %w", k, ErrNotFound)
	}
	x := newReader(v)
	if r.codeHead(&x); x.bad {
		return nil, x.end("case " + k.String())
	}
	return &r.c, nil
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
	if len(r.texts) >= n && r.texts[n-1] != nil {
		return *r.texts[n-1], nil
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
	c, err := tx.Glance(id)
	if err != nil || tx.write == nil { // read for this call alone
		return c, err
	}
	return c.Clone(), nil
}

// Glance is Brief without a copy: the case is the transaction's own, not to be
// changed, and what it says holds until the next Record.
func (tx *Tx) Glance(id string) (*rules.Case, error) {
	r, err := tx.caseByID(id)
	if err != nil {
		return nil, err
	}
	return &r.c, nil
}

// putCase writes a changed record and the difference to its indexes.
func (tx *Tx) putCase(k caseKey, r *caseRecord) error {
	x := coder{buf: tx.write.buf[:0]}
	r.code(&x)
	tx.write.buf = x.buf
	if err := tx.put(bCases, k[:], tx.write.keep(x.buf)); err != nil {
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
	card      card
	task      bool
	letters   []letterView
	deadline  deadlineKey
}

type letterView struct {
	state   rules.LetterState
	at      uint64 // its place in the outbox
	waiting bool   // it has one
}

// writes reports whether a letter of the case is about to go.
func (v *view) writes() bool {
	return slices.ContainsFunc(v.letters, func(l letterView) bool { return l.waiting })
}

// byRank orders cases by who waits for whom: first those that need a person.
var byRank = []rules.State{rules.InReview, rules.New, rules.Waiting, rules.Accepted, rules.Rejected, rules.Answered, rules.Withdrawn, rules.Closed}

// rank is a state's place in that order, from 1.
func rank(s rules.State) byte {
	for i := range byRank {
		if byRank[i] == s {
			return byte(i + 1)
		}
	}
	return byte(len(byRank) + 1)
}

// taskClass is the class before all others of the queue: a step waits for a
// person, whatever the state of its case.
const taskClass = 0

// class is the first order of the queue.
func (v *view) class() byte {
	if v.task {
		return taskClass
	}
	return rank(v.state)
}

func viewOf(c *rules.Case) view {
	v := view{there: c.Version > 0, state: c.State, procedure: c.Procedure, sender: c.Mailbox, to: c.To, when: sortable(c.Due), card: cardOf(c), task: c.Task() != nil}
	if c.State == rules.Closed {
		v.when = ^sortable(c.Closed) // the last closed first
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
			if err := tx.del(bSender, senderKey(old.sender, k)); err != nil {
				return err
			}
		}
		if now.sender != "" {
			if err := tx.put(bSender, senderKey(now.sender, k), nil); err != nil {
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
	placed := old.there && old.class() == now.class() && old.when == now.when
	if placed && old.card == now.card {
		return nil
	}
	if !old.there || old.state != now.state || old.procedure != now.procedure {
		tx.count(caseCounter(now.procedure, now.state), 1)
		if old.there {
			tx.count(caseCounter(old.procedure, old.state), -1)
		}
	}
	if old.task != now.task {
		d := int64(1)
		if old.task {
			d = -1
		}
		tx.count(taskCounter, d)
	}
	if old.there && !placed {
		if err := tx.del(bQueue, queueKey(old, k)); err != nil {
			return err
		}
	}
	return tx.put(bQueue, queueKey(now, k), tx.write.keep(now.card[:]))
}

func queueKey(v view, k caseKey) []byte {
	b := make([]byte, 0, 1+8+len(k))
	b = append(b, v.class())
	b = append(b, u64(v.when)...)
	return append(b, k[:]...)
}

func senderKey(sender string, k caseKey) []byte {
	b := make([]byte, 0, len(sender)+1+len(k))
	return append(append(append(b, sender...), 0), k[:]...)
}

// taskCounter counts the cases of which a step waits for a person.
const taskCounter = "task"

// Tasks is how many they are.
func (tx *Tx) Tasks() (int, error) {
	if err := tx.settle(); err != nil {
		return 0, err
	}
	return int(tx.counter(taskCounter)), nil
}

func caseCounter(procedure string, s rules.State) string {
	return "case\x00" + procedure + "\x00" + string(s)
}

// nameSender puts a new case in the list of its mailbox, at once: the next
// message of the same transaction asks what is open there.
func (tx *Tx) nameSender(k caseKey, r *caseRecord) error {
	if r.c.Mailbox == "" {
		return nil
	}
	r.indexed.sender = r.c.Mailbox
	return tx.put(bSender, senderKey(r.c.Mailbox, k), nil)
}

// endOf is the case that an index's key ends with.
func endOf(key []byte) (k caseKey) {
	copy(k[:], key[len(key)-len(k):])
	return k
}

// LastCases calls fn with up to n cases of a mailbox (brief, see Brief), the
// newest first. It sees what this transaction has changed; the case is fn's
// only until it returns.
func (tx *Tx) LastCases(mailbox string, n int, fn func(c *rules.Case)) error {
	prefix := append([]byte(mailbox), 0)
	cursor := tx.b(bSender).Cursor()
	key, _ := cursor.Seek(append([]byte(mailbox), 1)) // behind the last of the mailbox
	if key == nil {
		key, _ = cursor.Last()
	} else {
		key, _ = cursor.Prev()
	}
	for ; n > 0 && bytes.HasPrefix(key, prefix); key, _ = cursor.Prev() {
		r, err := tx.caseNow(caseKey(key[len(prefix):]))
		if err != nil {
			return err
		}
		fn(&r.c)
		n--
	}
	return nil
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
