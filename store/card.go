package store

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"time"

	"sportello/rules"
)

// card is the value of a case's entry in the queue: what filters and
// statistics ask of a case without reading it. Words are kept as their hash,
// so that a word new to the rules needs no migration; what passes a filter is
// read and looked at again.
type card [cardSize]byte

// Where the parts of a card are.
const (
	cardFlags     = 0
	cardProcedure = 1
	cardOutcome   = 5
	cardReason    = 9
	cardReceived  = 13 // sortable
	cardAnswered  = 21 // milliseconds after receipt
	cardAssignee  = 29
	cardSize      = 33
)

const (
	flagAnswered = 1 << iota
	flagLate     // answered after the term
	flagByPerson // decided by a person
	flagTheirs   // the customer's turn: nothing is owed him by its term

	cardState = 4 // above the flags: the rank of its state
)

func cardOf(c *rules.Case) (k card) {
	if !c.Answered.IsZero() {
		k[cardFlags] |= flagAnswered
		binary.BigEndian.PutUint64(k[cardAnswered:], uint64(c.Answered.Sub(c.Received).Milliseconds()))
		if !c.Due.IsZero() && c.Answered.After(c.Due) {
			k[cardFlags] |= flagLate
		}
	}
	if c.DecidedBy != "" {
		k[cardFlags] |= flagByPerson
	}
	if c.Suspended() {
		k[cardFlags] |= flagTheirs
	}
	k[cardFlags] |= rank(c.State) << cardState
	putHash(k[cardProcedure:], c.Procedure)
	putHash(k[cardOutcome:], string(c.Outcome))
	putHash(k[cardReason:], string(c.Reason))
	binary.BigEndian.PutUint64(k[cardReceived:], sortable(c.Received))
	putHash(k[cardAssignee:], c.Assignee)
	return k
}

// putHash puts the FNV-1a hash of a word, 0 for none.
func putHash(b []byte, word string) {
	var h uint32
	if word != "" {
		h = 2166136261
		for i := range len(word) {
			h = (h ^ uint32(word[i])) * 16777619
		}
	}
	binary.BigEndian.PutUint32(b, h)
}

// Cards calls fn with the card of every case, in the order of attention, until
// fn returns false. The card is fn's only until it returns.
func (tx *Tx) Cards(fn func(*rules.Card) bool) error {
	counts, err := tx.Counts() // settles
	if err != nil {
		return err
	}
	words := map[[4]byte]string{}
	learn := func(word string) {
		var h [4]byte
		putHash(h[:], word)
		words[h] = word
	}
	for _, n := range counts {
		learn(n.Procedure)
	}
	for _, r := range rules.AllReasons {
		learn(string(r))
	}
	for _, o := range rules.Outcomes {
		learn(string(o))
	}
	var c rules.Card
	var last []byte // the hashes of the card before: neighbours are often alike
	return scan(tx.b(bQueue), nil, nil, func(k, v []byte) (bool, error) {
		if len(v) != cardSize || v[cardFlags]>>cardState == 0 || int(v[cardFlags]>>cardState) > len(byRank) {
			return false, fmt.Errorf("%w: the queue's entry %x cannot be read", ErrDamaged, k)
		}
		if h := v[cardProcedure:cardReceived]; !bytes.Equal(last, h) {
			c.Procedure, c.Outcome, c.Reason = words[[4]byte(h)], rules.Outcome(words[[4]byte(h[4:])]), rules.Reason(words[[4]byte(h[8:])])
			last = h
		}
		c.State, c.Received, c.Due, c.Answered = byRank[v[cardFlags]>>cardState-1], instantAt(toU64(v[cardReceived:])), time.Time{}, 0
		c.Late, c.ByPerson = v[cardFlags]&flagLate != 0, v[cardFlags]&flagByPerson != 0
		if v[cardFlags]&flagAnswered != 0 {
			c.Answered = max(time.Duration(toU64(v[cardAnswered:]))*time.Millisecond, 1)
		}
		if c.State != rules.Closed && v[cardFlags]&flagTheirs == 0 {
			c.Due = instantAt(toU64(k[1:]))
		}
		return fn(&c), nil
	})
}
