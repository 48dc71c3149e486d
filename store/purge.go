package store

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"sportello/rules"
)

// Retention says how long what is closed is kept.
type Retention struct {
	Now       time.Time       // what is over by then goes
	At        time.Time       // when it is done, for the journal; zero: Now
	Keep      Span            // of a procedure that is not named
	Procedure map[string]Span // by procedure
}

// Span is a length of civil time; none is without end.
type Span struct{ Months, Days int }

func (r *Retention) over(procedure string, from time.Time) bool {
	keep, named := r.Procedure[procedure]
	if !named {
		keep = r.Keep
	}
	return !from.IsZero() && keep != Span{} && from.AddDate(0, keep.Months, keep.Days).Before(r.Now)
}

func (r *Retention) closed(c *rules.Case) bool {
	return c.State == rules.Closed && r.over(c.Procedure, c.Closed)
}

// oldest is an instant after which nothing began whose retention is over: the
// shortest span back, and some days for months that are not equally long.
func (r *Retention) oldest() (at time.Time) {
	spans := []Span{r.Keep}
	for _, keep := range r.Procedure {
		spans = append(spans, keep)
	}
	for _, keep := range spans {
		if back := r.Now.AddDate(0, -keep.Months, 4-keep.Days); keep != (Span{}) && back.After(at) {
			at = back
		}
	}
	return at
}

// Report is what a purge removed, or would remove.
type Report struct {
	Months   []string `json:"months"`   // archives removed whole
	Bytes    int64    `json:"bytes"`    // of them, and of messages that went from others
	Messages int      `json:"messages"` // whose bytes and facts went
	Cases    int      `json:"cases"`    // reduced to a stub: number, dates, states, outcome
}

func (r Report) String() string {
	return fmt.Sprintf("%d cases, %d messages, %d months of archive (%d bytes)", r.Cases, r.Messages, len(r.Months), r.Bytes)
}

// purgeStep is how many cases or messages one transaction reduces.
const purgeStep = 500

// Purge removes what its retention is over for: the private parts of cases
// closed so long ago, and the messages that belong to such a case, or to none
// and are as old. The archive's months that hold nothing else go whole, from
// others their bytes alone. The journal stays whole and verifies; digests stay
// too. A dry run only reports. The journal says what was removed, also when the
// purge came to no end.
//
// Messages come in and cases go on meanwhile: a case that was opened again
// stays, and a message that comes now shares no bytes with one that goes.
func (s *Store) Purge(ctx context.Context, keep Retention, author string, dryRun bool) (Report, error) {
	s.keeping.Lock()
	defer s.keeping.Unlock()
	p := &purge{s: s, keep: keep, author: author, busy: map[string]bool{}, messages: map[string][]uint64{}}
	err := s.View(p.planCases)
	switch {
	case err != nil:
	case dryRun:
		p.report.Cases = len(p.cases)
		err = s.View(p.planMessages)
	default:
		say := s.strikeOff(context.WithoutCancel(ctx)) // also when who asked for it has gone
		err = errors.Join(s.sayRemoved(say), p.run(ctx), s.sayRemoved(say))
	}
	if err != nil {
		err = fmt.Errorf("purge: %w", err)
	}
	return p.report, err
}

// leave tells Intake whose bytes are about to go; nil: nobody's.
func (s *Store) leave(keep *Retention) {
	s.intake.Lock()
	defer s.intake.Unlock()
	s.leaving = keep
}

// goes reports whether the bytes of a message are about to go.
func (tx *Tx) goes(m *Message) (bool, error) {
	keep := tx.s.leaving
	if keep == nil || m.Case == "" {
		return keep != nil && keep.over("", m.Read), nil
	}
	r, err := tx.caseByID(m.Case)
	return err == nil && keep.closed(&r.c), err
}

// purge is the plan of what to remove.
type purge struct {
	s        *Store
	keep     Retention
	author   string
	over     caseSet   // cases whose retention is over
	cases    []caseKey // those that still have private parts
	sizes    map[string]int64
	busy     map[string]bool // months that must stay
	messages map[string][]uint64
	single   []uint64 // messages that go from months that must stay
	report   Report
}

// run removes what is planned: first the cases; their messages are planned
// when it is sure whose they are.
func (p *purge) run(ctx context.Context) error {
	p.s.leave(&p.keep)
	defer p.s.leave(nil)
	for part := range slices.Chunk(p.cases, purgeStep) {
		if err := p.reduce(ctx, part); err != nil {
			return err
		}
	}
	if err := p.s.View(p.planMessages); err != nil {
		return err
	}
	for _, month := range p.report.Months {
		if err := p.month(ctx, month); err != nil {
			return fmt.Errorf("%s: %w", month, err)
		}
	}
	for part := range slices.Chunk(p.single, purgeStep) {
		if err := p.singles(ctx, part); err != nil {
			return err
		}
	}
	return nil
}

// planCases finds the cases whose retention is over. What came in too lately
// is told by its card.
func (p *purge) planCases(tx *Tx) error {
	if err := tx.settle(); err != nil {
		return err
	}
	oldest := sortable(p.keep.oldest())
	return scan(tx.b(bQueue), []byte{rank(rules.Closed)}, nil, func(k, v []byte) (bool, error) {
		if len(v) == cardSize && toU64(v[cardReceived:]) > oldest {
			return true, nil
		}
		key := endOf(k)
		r, err := tx.caseNow(key)
		if err != nil || !p.keep.closed(&r.c) {
			return true, err
		}
		p.over.add(key)
		if c := &r.c; c.Mailbox != "" || c.Fields != nil || c.Subject != "" {
			p.cases = append(p.cases, key)
		}
		return true, nil
	})
}

// reduce takes the private parts of cases away, unless they were opened again.
func (p *purge) reduce(ctx context.Context, keys []caseKey) error {
	var again []caseKey
	err := p.s.Update(ctx, func(tx *Tx) error {
		again = nil
		for _, k := range keys {
			r, err := tx.caseNow(k)
			if err != nil {
				return err
			}
			if !p.keep.closed(&r.c) {
				again = append(again, k)
				continue
			}
			if err := tx.erasePrivate(k.String(), func(*rules.Event) bool { return true }); err != nil {
				return err
			}
		}
		return p.removed(tx, Report{Cases: len(keys) - len(again)})
	})
	if err != nil {
		return err
	}
	for _, k := range again {
		p.over.remove(k)
	}
	p.report.Cases += len(keys) - len(again)
	return nil
}

// done reports whether the retention of a message is over.
func (p *purge) done(m *Message) bool {
	if m.Case == "" {
		return m.Status != Pending && p.keep.over("", m.Read)
	}
	k, err := keyOf(m.Case)
	return err == nil && p.over.has(k)
}

// planMessages finds their messages, and the months that hold nothing else.
func (p *purge) planMessages(tx *Tx) error {
	p.sizes = map[string]int64{}
	if err := tx.lengths(p.sizes); err != nil {
		return err
	}
	err := scan(tx.b(bMessages), nil, nil, func(k, v []byte) (bool, error) {
		m, err := decodeMessage(toU64(k), v)
		if err != nil {
			return false, err
		}
		switch {
		case !p.done(&m):
			p.busy[m.Place.Month] = true
		case m.Status != Purged:
			p.messages[m.Place.Month] = append(p.messages[m.Place.Month], m.ID)
		}
		return true, nil
	})
	if err != nil {
		return err
	}
	for month, n := range p.sizes {
		if !p.busy[month] {
			p.report.Months = append(p.report.Months, month)
			p.report.Bytes += n
			p.report.Messages += len(p.messages[month])
		}
	}
	slices.Sort(p.report.Months)
	return p.planSingle(tx)
}

// planSingle finds what goes from months that stay: a message whose bytes
// another shares that is kept stays with it.
func (p *purge) planSingle(tx *Tx) error {
	for month := range p.busy {
		for _, id := range p.messages[month] {
			m, err := tx.Message(id)
			if err != nil {
				return err
			}
			if m.erased() {
				continue // by order: its bytes are gone
			}
			kept, err := tx.findKnown(nameOf(knownDigest, m.Digest[:], 0), func(t *Message) bool {
				return t.Digest == m.Digest && t.Place == m.Place && !t.erased() && !p.done(t)
			})
			if err != nil {
				return err
			}
			if kept == nil {
				p.single = append(p.single, id)
				p.report.Messages++
				p.report.Bytes += m.Place.Length
			}
		}
	}
	slices.Sort(p.single)
	return nil
}

// month removes a month that holds nothing else, and its archive with it.
func (p *purge) month(ctx context.Context, month string) error {
	ids := p.messages[month]
	for part := range slices.Chunk(ids, purgeStep) {
		if err := p.s.Update(ctx, func(tx *Tx) error { return p.empty(tx, part) }); err != nil {
			return err
		}
	}
	p.s.intake.Lock() // nothing more can come into it
	defer p.s.intake.Unlock()
	err := p.s.Update(ctx, func(tx *Tx) error {
		if n := int64(toU64(tx.get(bArchive, []byte(month)))); n != p.sizes[month] {
			return p.blank(tx, ids) // a new message is in it
		}
		did := Report{Months: []string{month}, Bytes: p.sizes[month]}
		return errors.Join(tx.del(bArchive, []byte(month)), tx.compactNext(), tx.order(chore{Month: month, Whole: true}), p.removed(tx, did))
	})
	if err != nil {
		return err
	}
	return p.s.doChores(p.s.strikeOff(ctx))
}

// empty takes away what is kept of messages whose archive is about to go.
func (p *purge) empty(tx *Tx, ids []uint64) error {
	for _, id := range ids {
		m, err := tx.Message(id)
		if err != nil {
			return err
		}
		if err := tx.eraseMessage(&m, Purged); err != nil {
			return err
		}
	}
	return p.removed(tx, Report{Messages: len(ids)})
}

// blank orders that the bytes of messages that were emptied go from an archive
// that stays after all.
func (p *purge) blank(tx *Tx, ids []uint64) error {
	var did Report
	for _, id := range ids {
		m, err := tx.Message(id)
		if err != nil {
			return err
		}
		if err := tx.order(chore{Month: m.Place.Month, Offset: m.Place.Offset, Length: m.Place.Length}); err != nil {
			return err
		}
		did.Bytes += m.Place.Length
	}
	return errors.Join(tx.compactNext(), p.removed(tx, did))
}

// singles erases messages from archives in which others are kept.
func (p *purge) singles(ctx context.Context, ids []uint64) error {
	err := p.s.Update(ctx, func(tx *Tx) error {
		var did Report
		for _, id := range ids {
			if err := p.copies(tx, id, &did); err != nil {
				return err
			}
		}
		return errors.Join(tx.compactNext(), p.removed(tx, did))
	})
	if err != nil {
		return err
	}
	p.s.intake.Lock()
	defer p.s.intake.Unlock()
	return p.s.doChores(p.s.strikeOff(ctx))
}

// copies erases a message and, in the same transaction, all that share its
// bytes, which are in the plan too: cut off before the last of them, a purge
// would leave messages without their bytes.
func (p *purge) copies(tx *Tx, id uint64, did *Report) error {
	m, err := tx.Message(id)
	if err != nil || m.erased() { // with another copy
		return err
	}
	same, err := tx.sameBytes(&m)
	if err != nil {
		return err
	}
	for _, t := range same { // those of one batch have bytes of their own
		if !p.done(&t) {
			continue // and those that came meanwhile
		}
		err := tx.order(chore{Month: t.Place.Month, Offset: t.Place.Offset, Length: t.Place.Length})
		if err = errors.Join(err, tx.eraseMessage(&t, Purged)); err != nil {
			return err
		}
		did.Messages++
		did.Bytes += t.Place.Length
	}
	return nil
}
