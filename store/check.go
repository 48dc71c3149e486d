package store

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"

	bolt "go.etcd.io/bbolt"

	"sportello/rules"
)

// mostProblems is how many a check reports before it gives up.
const mostProblems = 50

// Check proves the whole store: the file's own structure, the journal's chain,
// every case the fold of its events, every index, queue and counter equal to
// what a full scan gives, and, with bytes, every message's digest in the
// archive. It returns every problem found (at most 50), joined; nil is good.
// The desk may go on meanwhile: writers wait only while the file's own
// structure is looked at, and the rest is judged as of one instant.
func (s *Store) Check(ctx context.Context, progress Progress, bytes bool) error {
	if _, _, err := s.Verify(ctx, progress); err != nil {
		return fmt.Errorf("check: %w", err)
	}
	c := &checker{ctx: ctx, s: s, progress: progress, bytes: bytes, want: map[bucket]int{}, counters: map[string]int64{}}
	err := s.alone(ctx, c.file)
	if err == nil {
		err = s.View(func(tx *Tx) error {
			c.tx = tx
			return c.run()
		})
	}
	if err = errors.Join(append(c.problems, err)...); err != nil {
		return fmt.Errorf("check: %w", err)
	}
	return nil
}

// checker counts what the indexes must hold while it looks each entry up: with
// every wanted entry there and no more entries than wanted, they are equal.
type checker struct {
	ctx      context.Context
	s        *Store
	tx       *Tx
	progress Progress
	bytes    bool
	want     map[bucket]int
	counters map[string]int64
	events   int // of cases
	lengths  map[string]int64
	problems []error
}

var errTooMany = errors.New("more problems than are worth a line each")

func (c *checker) bad(format string, args ...any) error {
	c.problems = append(c.problems, fmt.Errorf("%w: "+format, append([]any{ErrDamaged}, args...)...))
	if len(c.problems) >= mostProblems {
		return errTooMany
	}
	return c.ctx.Err()
}

func (c *checker) run() error {
	for _, part := range []func() error{c.cases, c.words, c.journal, c.messages, c.sizes, c.counts} {
		if err := part(); err != nil {
			return err
		}
	}
	return nil
}

// alone runs fn while nothing is written.
func (s *Store) alone(ctx context.Context, fn func(*Tx) error) error {
	if s.opt.ReadOnly {
		return s.View(fn)
	}
	return s.do(&request{ctx: ctx, fn: fn, looks: true, done: make(chan struct{})})
}

// file is bbolt's own check, which must not run beside a writer. It drains the
// channel also when it has seen enough: the other end waits.
func (c *checker) file(tx *Tx) error {
	c.problems = nil // it may be run again
	if err := touch(tx.btx); err != nil {
		return err
	}
	for err := range tx.btx.Check() {
		if len(c.problems) < mostProblems {
			c.problems = append(c.problems, fmt.Errorf("%w: database file: %w", ErrDamaged, err))
		}
	}
	return nil
}

func (c *checker) cases() error {
	total, done := int64(c.tx.b(bCases).Stats().KeyN), int64(0)
	return scan(c.tx.b(bCases), nil, nil, func(key, v []byte) (bool, error) {
		k := caseKey(key)
		if err := c.tx.checkCase(k, v); err != nil {
			c.problems = append(c.problems, err)
		} else if err := c.caseIndexes(k, v); err != nil {
			return false, err
		}
		if done++; done%1000 == 0 {
			c.progress.say("cases", done, total)
		}
		return len(c.problems) < mostProblems, c.ctx.Err()
	})
}

// checkCase compares a record with the fold of its events, byte by byte.
func (tx *Tx) checkCase(k caseKey, v []byte) error {
	if v == nil {
		return fmt.Errorf("%w: case %s has events and no record", ErrDamaged, k)
	}
	r, err := decodeCase(k, v)
	if err != nil {
		return err
	}
	folded, err := tx.refold(k, r.events)
	if err != nil {
		return err
	}
	x := coder{}
	folded.code(&x)
	if !bytes.Equal(x.buf, v) {
		return fmt.Errorf("%w: case %s is not the fold of its events", ErrDamaged, k)
	}
	return nil
}

// refold makes a record anew from the journal, as far as private parts are
// still kept.
func (tx *Tx) refold(k caseKey, events []uint64) (*caseRecord, error) {
	r := &caseRecord{}
	for _, seq := range events {
		e, err := tx.event(seq, tx.get(bJournal, u64(seq)))
		if err != nil {
			return nil, fmt.Errorf("case %s: %w", k, err)
		}
		if e.Case != k.String() {
			return nil, fmt.Errorf("%w: case %s claims journal entry %d of case %q", ErrDamaged, k, seq, e.Case)
		}
		if e.Private == nil && e.PrivateDigest != "" {
			e.Private = &rules.Private{Letter: &rules.LetterText{}} // removed: Apply asks only that a letter has some text
		}
		if err := r.apply(e); err != nil {
			return nil, fmt.Errorf("%w: %w", ErrDamaged, err)
		}
	}
	return r, nil
}

func (c *checker) caseIndexes(k caseKey, v []byte) error {
	r, err := decodeCase(k, v)
	if err != nil {
		return err
	}
	c.events += len(r.events)
	w := viewOf(&r.c)
	q := queueKey(w, k)
	c.counters[caseCounter(w.procedure, w.state)]++
	if w.task {
		c.counters[taskCounter]++
	}
	c.expect(bQueue, q, w.card[:])
	if w.sender != "" {
		c.expect(bSender, senderKey(w.sender, k), nil)
	}
	if w.deadline.there {
		c.expect(bDeadlines, w.deadline.bytes(k), nil)
	}
	for i, l := range w.letters {
		c.counters["letter\x00"+string(l.state)]++
		if l.waiting {
			c.expect(bOutbox, letterKey(l.at, k, i+1), outboxValue(l.state, w.to))
		}
		if id := r.c.Letters[i].MessageID; id != "" {
			c.want[bLetters]++
			if owner, n, ok := c.tx.LetterOf(id); !ok || owner != k.String() || n != i+1 {
				return c.bad("letter %d of case %s is not found by its Message-ID", i+1, k)
			}
		}
	}
	return nil
}

// expect notes that an index must have an entry, and looks whether it has.
func (c *checker) expect(n bucket, key, value []byte) {
	c.want[n]++
	got := c.tx.b(n).Get(key)
	if got == nil || !bytes.Equal(got, value) {
		c.problems = append(c.problems, fmt.Errorf("%w: index %q lacks %x", ErrDamaged, bucketNames[n], key))
	}
}

// journal counts the events of cases: with the record's lists all being of
// their own case, an equal number means that none is left out.
func (c *checker) journal() error {
	n, latest := 0, uint64(0)
	err := scan(c.tx.b(bJournal), nil, nil, func(k, v []byte) (bool, error) {
		var e struct {
			At   time.Time
			Case string
		}
		if err := json.Unmarshal(v[32:], &e); err != nil {
			return false, c.bad("journal entry %d: %v", toU64(k), err)
		}
		latest = max(latest, sortable(e.At))
		if e.Case != "" {
			n++
		}
		return true, nil
	})
	if got := sortable(c.tx.Latest()); err == nil && got != latest {
		err = c.bad("the latest entry of the journal is of %s, not of %s", instantAt(latest), c.tx.Latest())
	}
	if err == nil && n != c.events {
		err = c.bad("the journal has %d events of cases, the cases have %d", n, c.events)
	}
	return err
}

func (c *checker) messages() error {
	c.lengths = map[string]int64{}
	if err := c.tx.lengths(c.lengths); err != nil {
		return err
	}
	total, done := int64(c.tx.b(bMessages).Stats().KeyN), int64(0)
	return scan(c.tx.b(bMessages), nil, nil, func(k, v []byte) (bool, error) {
		m, err := decodeMessage(toU64(k), v)
		if err != nil {
			c.problems = append(c.problems, err)
			return len(c.problems) < mostProblems, nil
		}
		if err := c.message(m); err != nil {
			return false, err
		}
		if done++; done%1000 == 0 {
			c.progress.say("messages", done, total)
		}
		return true, c.ctx.Err()
	})
}

func (c *checker) message(m Message) error {
	for _, e := range m.appendNames(nil) {
		if err := c.name(e); err != nil {
			return err
		}
	}
	c.counters["message\x00"+string(m.Status)]++
	switch {
	case m.Status == Pending:
		c.expect(bTodo, todoKey(m.Status, m.ID), nil)
	case m.Status == Parked:
		c.counters["parked\x00"+string(m.Reason)]++
		c.expect(bTodo, todoKey(m.Status, m.ID), nil)
	case waits(&m):
		c.expect(bEarly, earlyKey(m.About, m.ID), nil)
	}
	if m.Case != "" {
		if _, err := c.tx.caseByID(m.Case); err != nil {
			return c.bad("message %d belongs to case %s, which is not there", m.ID, m.Case)
		}
	}
	if m.erased() {
		return nil
	}
	if m.Place.Offset+m.Place.Length > c.lengths[m.Place.Month] {
		return c.bad("message %d lies behind the end of archive %s", m.ID, m.Place.Month)
	}
	if c.bytes {
		if err := c.s.checkBytes(m); err != nil {
			return c.bad("message %d: %v", m.ID, err)
		}
	}
	return nil
}

// name looks a name of a message up.
func (c *checker) name(e nameEntry) error {
	c.want[bKnown]++
	found := false
	err := c.tx.eachNamed(e, func(id uint64) (bool, error) {
		found = id == e.id()
		return !found, nil
	})
	if err == nil && !found {
		err = c.bad("message %d is not found by one of its names", e.id())
	}
	return err
}

// checkBytes reads a message back; Raw compares its digest.
func (s *Store) checkBytes(m Message) error {
	if m.erased() {
		return nil
	}
	r, err := s.Raw(m)
	if err != nil {
		return err
	}
	defer r.Close()
	if _, err := r.WriteTo(io.Discard); err != nil {
		return fmt.Errorf("message %d: %w", m.ID, err)
	}
	return nil
}

// sizes compares the number of entries of every index with the wanted one.
func (c *checker) sizes() error {
	for _, n := range []bucket{bQueue, bSender, bDeadlines, bOutbox, bLetters, bKnown, bTodo, bEarly} {
		got := keys(c.tx.b(n))
		if n == bKnown {
			got += int(uint32(c.tx.b(bFresh).Sequence()))
		}
		if got != c.want[n] {
			if err := c.bad("index %q has %d entries, a full scan gives %d", bucketNames[n], got, c.want[n]); err != nil {
				return err
			}
		}
	}
	return nil
}

func (c *checker) counts() error {
	n := 0
	for name, want := range c.counters {
		n++
		if got := c.tx.counter(name); int64(got) != want {
			if err := c.bad("counter %q is %d, a full scan gives %d", name, got, want); err != nil {
				return err
			}
		}
	}
	if got := keys(c.tx.b(bCounters)); got != n {
		return c.bad("there are %d counters, a full scan gives %d", got, n)
	}
	return nil
}

func keys(b *bolt.Bucket) int { return b.Stats().KeyN }
