package store

import (
	"bytes"
	"slices"
	"strings"
	"time"

	bolt "go.etcd.io/bbolt"

	"sportello/rules"
)

// Filter says which cases are wanted. The zero value is every case, those that
// need attention first: of which a step waits for a person, then in review, new, waiting, then those under way by their
// due date, the closed ones last, newest first.
type Filter struct {
	State     rules.State
	Procedure string
	Outcome   rules.Outcome
	Reason    rules.Reason
	Mailbox   string       // certified sender; without a domain, how it begins
	From      time.Time    // received at this instant or after; zero: any
	Before    time.Time    // received before this instant; zero: any
	Assignee  string       // only cases of this operator; rules.Nobody: of none
	Task      bool         // only cases of which a step waits for a person
	OverdueAt time.Time    // only cases whose promise is broken at this instant
	Search    rules.Search // words and numbers
	Newest    bool         // by protocol number, the newest first, instead of by attention
	After     []byte       // go on behind this place: see Cases
	Limit     int          // 0: no limit
}

// fewCases is up to how many cases found by a word or a mailbox are read and
// sorted; more are picked out of the queue as it is walked.
const fewCases = 2000

// Cases calls fn with each case that passes the filter (brief, see Brief),
// until fn returns false. next is where a further page begins, nil at the end.
//
// No filter reads more cases than it gives, but for a hash that two words
// share: words and mailboxes are looked up in their indexes, everything else is
// on the cards of the queue, of which a million are walked in a tenth of a second.
func (tx *Tx) Cases(f Filter, fn func(c *rules.Case) bool) (next []byte, err error) {
	if err := tx.settle(); err != nil {
		return nil, err
	}
	among, err := tx.among(&f)
	if err != nil {
		return nil, err
	}
	p := &page{tx: tx, f: f, fn: fn, pass: f.pass(), among: among}
	switch {
	case f.Newest:
		err = p.newest()
	case among != nil && among.n <= fewCases:
		err = p.sorted()
	default:
		err = p.walk()
	}
	return p.next, err
}

// among are the cases that the indexes of words and mailboxes name, nil when
// the filter asks neither.
func (tx *Tx) among(f *Filter) (*caseSet, error) {
	var set *caseSet
	if f.Mailbox != "" {
		prefix := []byte(f.Mailbox)
		if _, domain, whole := strings.Cut(f.Mailbox, "@"); whole && domain != "" {
			prefix = append(prefix, 0)
		}
		set = &caseSet{}
		err := scan(tx.b(bSender), prefix, nil, func(k, _ []byte) (bool, error) {
			set.add(endOf(k))
			return true, nil
		})
		if err != nil {
			return nil, err
		}
	}
	if len(f.Search) == 0 {
		return set, nil
	}
	found, err := tx.find(f.Search)
	if set != nil && err == nil {
		found.keepOnly(set)
	}
	return found, err
}

// pass is what a card must look like; a case that has it is read and asked again.
type pass struct {
	procedure, outcome, reason []byte // hashes; nil: any
	assignee                   []byte // likewise; that of no word: nobody's
	state                      byte   // its rank; 0: any
	overdue                    bool
	at                         uint64
	from, before               uint64 // of receipt; 0: any
}

func (f *Filter) pass() pass {
	p := pass{overdue: !f.OverdueAt.IsZero(), at: sortable(f.OverdueAt), from: sortable(f.From), before: sortable(f.Before)}
	if f.State != "" {
		p.state = rank(f.State)
	}
	if f.Assignee != "" {
		p.assignee = make([]byte, 4) // nobody's is the hash of no word
		putHash(p.assignee, strings.TrimPrefix(f.Assignee, rules.Nobody))
	}
	for _, w := range []struct {
		word string
		hash *[]byte
	}{{f.Procedure, &p.procedure}, {string(f.Outcome), &p.outcome}, {string(f.Reason), &p.reason}} {
		if w.word != "" {
			*w.hash = make([]byte, 4)
			putHash(*w.hash, w.word)
		}
	}
	return p
}

func (p *pass) lets(k, v []byte) bool {
	return len(v) == cardSize && (p.state == 0 || p.state == v[cardFlags]>>cardState) &&
		(p.procedure == nil || bytes.Equal(p.procedure, v[cardProcedure:cardOutcome])) &&
		(p.outcome == nil || bytes.Equal(p.outcome, v[cardOutcome:cardReason])) &&
		(p.reason == nil || bytes.Equal(p.reason, v[cardReason:cardReceived])) &&
		(p.assignee == nil || bytes.Equal(p.assignee, v[cardAssignee:cardSize])) &&
		(p.from == 0 || toU64(v[cardReceived:]) >= p.from) && (p.before == 0 || toU64(v[cardReceived:]) < p.before) &&
		(!p.overdue || v[cardFlags]&(flagAnswered|flagTheirs) == 0 && toU64(k[1:]) != 0)
}

// page collects one page of a listing.
type page struct {
	tx    *Tx
	f     Filter
	fn    func(*rules.Case) bool
	pass  pass
	among *caseSet
	given int
	last  []byte // the place of the last case given
	next  []byte
}

// eachPassing walks the queue from after on and calls fn with the places of
// the cases whose card passes, until fn returns false.
func (p *page) eachPassing(after []byte, fn func(key []byte) (more bool, err error)) error {
	left, err := p.counts()
	if err != nil {
		return err
	}
	queue := p.tx.b(bQueue)
	for class := range len(byRank) + 1 {
		prefix := []byte{byte(class)}
		if !p.wants(class, left) || len(after) > 0 && after[0] > prefix[0] {
			continue
		}
		seek, more := prefix, true
		if bytes.HasPrefix(after, prefix) {
			seek = append(bytes.Clone(after), 0)
		}
		err := scan(queue, prefix, seek, func(k, v []byte) (bool, error) {
			if p.pass.overdue && toU64(k[1:]) > p.pass.at {
				return false, nil // they are sorted by it
			}
			if !p.pass.lets(k, v) || p.among != nil && !p.among.has(endOf(k)) {
				return true, nil
			}
			var err error
			more, err = fn(k)
			return more, err
		})
		if err != nil || !more {
			return err
		}
	}
	return nil
}

// wants reports whether a class of the queue may hold what is asked for.
func (p *page) wants(class int, left map[rules.State]int) bool {
	if class == taskClass {
		return true
	}
	s := byRank[class-1]
	return !p.f.Task && left[s] > 0 && (p.f.State == "" || s == p.f.State) && !(p.pass.overdue && s == rules.Closed)
}

// counts is how many cases of the wanted procedure are in each state.
func (p *page) counts() (map[rules.State]int, error) {
	list, err := p.tx.Counts()
	n := map[rules.State]int{}
	for _, c := range list {
		if p.f.Procedure == "" || p.f.Procedure == c.Procedure {
			n[c.State] += c.N
		}
	}
	return n, err
}

func (p *page) walk() error {
	return p.eachPassing(p.f.After, func(key []byte) (bool, error) {
		if p.full() {
			return false, nil
		}
		r, err := p.tx.caseNow(endOf(key))
		if err != nil {
			return false, err
		}
		return p.give(key, r), nil
	})
}

// sorted gives the few cases of among in the order of the queue.
func (p *page) sorted() error {
	type place struct {
		key []byte
		r   *caseRecord
	}
	var list []place
	err := p.among.each(func(k caseKey) (bool, error) {
		r, err := p.tx.caseNow(k)
		if err != nil {
			return false, err
		}
		if key := queueKey(viewOf(&r.c), k); bytes.Compare(key, p.f.After) > 0 {
			list = append(list, place{key, r})
		}
		return true, nil
	})
	if err != nil {
		return err
	}
	slices.SortFunc(list, func(a, b place) int { return bytes.Compare(a.key, b.key) })
	for _, x := range list {
		if p.full() || !p.give(x.key, x.r) {
			break
		}
	}
	return nil
}

// newest gives the cases by their number, the last first.
func (p *page) newest() error {
	set := p.among
	if f := &p.f; f.State != "" || f.Procedure != "" || f.Outcome != "" || f.Reason != "" || f.Task || p.pass.overdue || p.pass.from|p.pass.before != 0 || f.Assignee != "" {
		set = &caseSet{}
		err := p.eachPassing(nil, func(key []byte) (bool, error) {
			set.add(endOf(key))
			return true, nil
		})
		if err != nil {
			return err
		}
	}
	one := func(k caseKey) (bool, error) {
		if p.full() {
			return false, nil
		}
		r, err := p.tx.caseNow(k)
		if err != nil {
			return false, err
		}
		return p.give(k[:], r), nil
	}
	if set != nil {
		before := caseKey{0xff, 0xff, 0xff, 0xff, 0xff, 0xff}
		copy(before[:], p.f.After)
		return set.eachBefore(before, one)
	}
	return backwards(p.tx.b(bCases), p.f.After, func(k []byte) (bool, error) { return one(caseKey(k)) })
}

// backwards walks the keys of a bucket from its end, or from before a key.
func backwards(b *bolt.Bucket, before []byte, fn func(k []byte) (more bool, err error)) error {
	c := b.Cursor()
	k, _ := c.Last()
	if len(before) > 0 {
		if at, _ := c.Seek(before); at != nil {
			k, _ = c.Prev()
		}
	}
	for ; k != nil; k, _ = c.Prev() {
		if more, err := fn(k); err != nil || !more {
			return err
		}
	}
	return nil
}

// full reports whether the page is; another case then begins the next one.
func (p *page) full() bool {
	if p.f.Limit == 0 || p.given < p.f.Limit {
		return false
	}
	p.next = p.last
	return true
}

// give hands a case over if it passes; false: no more is wanted.
func (p *page) give(key []byte, r *caseRecord) bool {
	if !p.passes(&r.c) {
		return true
	}
	p.given++
	p.last = append([]byte(nil), key...)
	c := &r.c
	if p.tx.write != nil {
		c = c.Clone() // the transaction may go on changing its own
	}
	if !p.fn(c) {
		p.next = p.last
		return false
	}
	return true
}

func (p *page) passes(c *rules.Case) bool {
	f := &p.f
	return (f.State == "" || c.State == f.State) &&
		(f.Procedure == "" || c.Procedure == f.Procedure) &&
		(f.Outcome == "" || c.Outcome == f.Outcome) &&
		(f.Reason == "" || c.Reason == f.Reason) &&
		(f.Assignee == "" || f.Assignee == rules.Nobody && c.Assignee == "" || f.Assignee == c.Assignee) &&
		(f.From.IsZero() || !c.Received.Before(f.From)) &&
		(f.Before.IsZero() || c.Received.Before(f.Before)) &&
		(!f.Task || c.Task() != nil) &&
		(f.OverdueAt.IsZero() || c.Overdue(f.OverdueAt)) &&
		f.Search.Finds(c)
}
