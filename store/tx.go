package store

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"strconv"
	"strings"
	"time"

	bolt "go.etcd.io/bbolt"
)

// The buckets.
type bucket int

const (
	bMeta      bucket = iota // schema and other small facts
	bMessages                // id -> Message
	bHeavy                   // id -> facts and proof
	bKnown                   // hash of a name, id -> nothing: digest, identifier, message-id
	bFresh                   // first id of a batch -> its names, not yet in bKnown
	bTodo                    // status, id -> nothing: pending and parked messages
	bEarly                   // Message-ID of a letter, id -> nothing: receipts without a letter
	bFolders                 // mailbox -> UIDVALIDITY, UID
	bArchive                 // month -> indexed length
	bJournal                 // seq -> hash, public JSON
	bPrivate                 // seq -> private JSON
	bCases                   // case -> record
	bQueue                   // rank, instant, case -> card
	bLoose                   // number -> cases whose words are in no sheet yet
	bSheets                  // number -> sheet of words
	bSender                  // mailbox, case -> nothing
	bLetters                 // Message-ID -> case, n
	bOutbox                  // next try, case, n -> state
	bDeadlines               // instant of the first one, case -> nothing
	bCounters                // name -> number
	bNumbers                 // year -> last protocol number
	bUsers                   // the small ones, see kv.go
	bBudgets
	bAlerts
	bDesk
	nBuckets
)

var bucketNames = [nBuckets]string{"meta", "messages", "facts", "known", "fresh", "todo", "early", "folders", "archive",
	"journal", "private", "cases", "queue", "loose", "sheets", "senders", "letters", "outbox", "deadlines", "counters", "numbers", Users, Budgets, Alerts, Desk}

// fullness is how full pages are made when they are split, where keys come in
// order: those of what never changes wholly, others with room to grow. 0: by half.
var fullness = [nBuckets]float64{bHeavy: 1, bJournal: 1, bPrivate: 1, bLetters: 1, bSheets: 1,
	bMessages: 0.9, bCases: 0.9, bDeadlines: 0.9, bQueue: 0.9}

// Tx is a transaction: a consistent reading of the store, and inside Update
// also its writing. It is for one goroutine.
type Tx struct {
	btx     *bolt.Tx
	s       *Store
	write   *writes // nil when reading
	buckets [nBuckets]*bolt.Bucket
	cursors [nBuckets]*bolt.Cursor // see at
	key     []byte                 // of what is put
	runs    [][]byte               // see freshRuns
}

// writes is what a transaction has changed and not yet put into its buckets.
type writes struct {
	head     uint64 // of the journal
	latest   uint64 // instant of an entry, the latest of the transaction
	hash     [32]byte
	cases    map[caseKey]*caseRecord
	order    []caseKey // of cases, as they were first touched
	counters map[string]*int64
	numbers  map[int]uint64   // last protocol number given, by year
	loose    []caseKey        // cases whose words changed
	gone     map[caseKey]bool // cases whose words are erased
	buf      []byte           // for building one value
	values   *slabs           // of values put: bbolt refers to them until the commit
}

// keep copies a value to where it stays as it is until the commit.
func (w *writes) keep(v []byte) []byte { return w.values.keep(v) }

// slabs hold the values of one transaction, many to an allocation; the next
// transaction writes over them.
type slabs struct {
	full, free [][]byte
	cur        []byte
}

const slabSize = 32 << 10

// slabsKept are as many as an ordinary batch fills: what a great one took goes.
const slabsKept = 32

func (s *slabs) keep(v []byte) []byte {
	if cap(s.cur)-len(s.cur) < len(v) {
		s.next(len(v))
	}
	at := len(s.cur)
	s.cur = append(s.cur, v...)
	return s.cur[at:len(s.cur):len(s.cur)]
}

func (s *slabs) next(n int) {
	if cap(s.cur) == slabSize {
		s.full = append(s.full, s.cur)
	}
	if k := len(s.free) - 1; k >= 0 && n <= slabSize {
		s.cur, s.free = s.free[k][:0], s.free[:k]
		return
	}
	s.cur = make([]byte, 0, max(n, slabSize))
}

// reuse takes back everything: the transaction is over.
func (s *slabs) reuse() {
	s.free = append(s.free, s.full[:min(len(s.full), slabsKept-len(s.free))]...)
	clear(s.full)
	s.full, s.cur = s.full[:0], s.cur[:0]
	if cap(s.cur) != slabSize {
		s.cur = nil
	}
}

func (tx *Tx) b(n bucket) *bolt.Bucket {
	if tx.buckets[n] == nil {
		b := tx.btx.Bucket([]byte(bucketNames[n]))
		if fullness[n] > 0 && tx.write != nil {
			b.FillPercent = fullness[n]
		}
		tx.buckets[n] = b
	}
	return tx.buckets[n]
}

// at finds the value of a key. Its cursor stays for the next: bbolt's own Get,
// Put and Delete each make room for the way down the tree, three times over.
func (tx *Tx) at(n bucket, key []byte) (c *bolt.Cursor, value []byte, there bool) {
	c = tx.cursor(n)
	k, v := c.Seek(key)
	return c, v, bytes.Equal(k, key)
}

// cursor is the one of a bucket that stays: what reads or removes a key there moves it.
func (tx *Tx) cursor(n bucket) *bolt.Cursor {
	if tx.cursors[n] == nil {
		tx.cursors[n] = tx.b(n).Cursor()
	}
	return tx.cursors[n]
}

// get is a value, nil if there is none. It is bbolt's, not to be changed.
func (tx *Tx) get(n bucket, key []byte) []byte {
	if _, v, there := tx.at(n, key); there {
		return v
	}
	return nil
}

// put stores a value, which stays as it is until the commit. bbolt copies the
// key, but not in a way that would let the caller's own be on the stack.
func (tx *Tx) put(n bucket, key, value []byte) error {
	tx.key = append(tx.key[:0], key...)
	return tx.b(n).Put(tx.key, value)
}

// del removes a key, if it is there.
func (tx *Tx) del(n bucket, key []byte) error {
	if c, _, there := tx.at(n, key); there {
		return c.Delete()
	}
	return nil
}

// newTx prepares a writing transaction.
func (s *Store) newTx(btx *bolt.Tx) *Tx {
	tx := &Tx{btx: btx, s: s, write: &writes{cases: map[caseKey]*caseRecord{}, counters: map[string]*int64{}, numbers: map[int]uint64{}, values: &s.values}}
	tx.write.head, tx.write.hash = tx.readHead()
	return tx
}

// settle puts what is still in memory into the buckets: before a listing, which
// reads them, and at the end.
func (tx *Tx) settle() error {
	if tx.write == nil {
		return nil
	}
	for _, k := range tx.write.order {
		tx.s.trimSome()
		if r := tx.write.cases[k]; r.dirty {
			if err := tx.putCase(k, r); err != nil {
				return err
			}
		}
	}
	if err := tx.settleWords(); err != nil {
		return err
	}
	if latest := tx.write.latest; latest > toU64(tx.get(bMeta, latestKey)) {
		if err := tx.put(bMeta, latestKey, u64(latest)); err != nil {
			return err
		}
	}
	for year, n := range tx.write.numbers {
		if err := tx.put(bNumbers, []byte(strconv.Itoa(year)), u64(n)); err != nil {
			return err
		}
	}
	return tx.settleCounters()
}

func (tx *Tx) settleCounters() error {
	for name, d := range tx.write.counters {
		n := int64(tx.counter(name)) + *d
		if n < 0 {
			return fmt.Errorf("%w: counter %q would be %d", ErrDamaged, name, n)
		}
		var err error
		if n == 0 {
			err = tx.del(bCounters, []byte(name))
		} else {
			err = tx.put(bCounters, []byte(name), u64(uint64(n)))
		}
		if err != nil {
			return err
		}
	}
	clear(tx.write.counters)
	return nil
}

// counter reads a stored counter; what the transaction added is not in it yet.
func (tx *Tx) counter(name string) uint64 { return toU64(tx.get(bCounters, []byte(name))) }

// count adds to a counter. A name that it has already is not kept, so that it
// need not be made anew for every message.
func (tx *Tx) count(name string, d int64) {
	n := tx.write.counters[name]
	if n == nil {
		n = new(int64)
		tx.write.counters[strings.Clone(name)] = n
	}
	*n += d
}

func u64(n uint64) []byte { return binary.BigEndian.AppendUint64(make([]byte, 0, 8), n) }

func toU64(b []byte) uint64 {
	if len(b) < 8 {
		return 0
	}
	return binary.BigEndian.Uint64(b)
}

// caseKey orders cases by year and number, also beyond the millionth of a year.
type caseKey [6]byte

func keyOf(id string) (k caseKey, err error) {
	if len(id) > 5 && id[4] == '-' {
		year, e1 := strconv.ParseUint(id[:4], 10, 16)
		n, e2 := strconv.ParseUint(id[5:], 10, 32)
		if e1 == nil && e2 == nil {
			binary.BigEndian.PutUint16(k[:], uint16(year))
			binary.BigEndian.PutUint32(k[2:], uint32(n))
			var room [17]byte
			if string(k.append(room[:0])) == id {
				return k, nil
			}
		}
	}
	return k, fmt.Errorf("%q is no protocol number like 2026-000123", id)
}

func (k caseKey) String() string {
	var room [17]byte
	return string(k.append(room[:0]))
}

func (k caseKey) append(b []byte) []byte {
	b = appendPadded(b, uint64(binary.BigEndian.Uint16(k[:])), 1000)
	return appendPadded(append(b, '-'), uint64(binary.BigEndian.Uint32(k[2:])), 100_000)
}

// appendPadded appends a number with zeroes in front while it is below a power of ten.
func appendPadded(b []byte, n, power uint64) []byte {
	for ; n < power && power > 1; power /= 10 {
		b = append(b, '0')
	}
	return strconv.AppendUint(b, n, 10)
}

// NextProtocol is the next protocol number of the year: 2026-000123.
func (tx *Tx) NextProtocol(year int) (string, error) {
	if tx.write == nil {
		return "", ErrReadOnly
	}
	n, known := tx.write.numbers[year]
	if !known {
		n = toU64(tx.get(bNumbers, []byte(strconv.Itoa(year))))
	}
	tx.write.numbers[year] = n + 1
	return keyAt(uint16(year), uint32(n+1)).String(), nil
}

// sortable is an instant as a key: seconds, earlier first, nothing set first.
func sortable(t time.Time) uint64 {
	if t.IsZero() {
		return 0
	}
	return uint64(t.Unix()) ^ 1<<63
}

// instantAt is the instant of a sortable key, to the second below.
func instantAt(n uint64) time.Time {
	if n == 0 {
		return time.Time{}
	}
	return time.Unix(int64(n^1<<63), 0).UTC()
}

// scan walks the keys of a bucket from seek on, while they begin with prefix.
func scan(b *bolt.Bucket, prefix, seek []byte, fn func(k, v []byte) (more bool, err error)) error {
	c := b.Cursor()
	if seek == nil {
		seek = prefix
	}
	for k, v := c.Seek(seek); k != nil && bytes.HasPrefix(k, prefix); k, v = c.Next() {
		more, err := fn(k, v)
		if err != nil || !more {
			return err
		}
	}
	return nil
}
