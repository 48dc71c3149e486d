package console

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"sportello/rules"
	"sportello/templates"
)

// fakeDesk is a desk in memory that decides with the real rules: its cases
// are the folds of their events, as the store's are.
type fakeDesk struct {
	mu       sync.Mutex
	set      *rules.Set
	at       time.Time
	cases    map[string]*rules.Case
	order    []string
	events   []rules.Event
	entries  []Entry
	messages map[uint64]*rules.MessageView
	raws     map[uint64][]byte
	subs     map[chan struct{}]bool
	stopped  bool
	takes    map[string][]rules.OpenCase // what a revocation can take back
}

func rome() *time.Location {
	z, err := time.LoadLocation("Europe/Rome")
	if err != nil {
		panic(err)
	}
	return z
}

func newFake(t testing.TB) *fakeDesk {
	t.Helper()
	cal, err := rules.NewCalendar("Europe/Rome", nil, false)
	if err != nil {
		t.Fatal(err)
	}
	set, err := rules.Load(templates.FS, nil, rules.Settings{}, cal)
	if err != nil {
		t.Fatal(err)
	}
	set.Addresses = map[string]string{"disattivazioni": "disattivazioni@pec.example.com", "customer.service": "customer.service@pec.example.com"}
	set.Mark = "prova"
	return &fakeDesk{set: set, at: time.Date(2026, 11, 23, 10, 22, 0, 0, rome()), cases: map[string]*rules.Case{},
		messages: map[uint64]*rules.MessageView{}, raws: map[uint64][]byte{}, subs: map[chan struct{}]bool{}}
}

func (d *fakeDesk) now() time.Time {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.at
}

func (d *fakeDesk) pass(span time.Duration) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.at = d.at.Add(span)
}

func (d *fakeDesk) changed() {
	for c := range d.subs {
		select {
		case c <- struct{}{}:
		default:
		}
	}
}

// record folds events and chains them as the store does.
func (d *fakeDesk) record(events ...rules.Event) error {
	for _, e := range events {
		e.Seq = uint64(len(d.events)) + 1
		if e.At.IsZero() {
			e.At = d.at
		}
		var x Entry
		if n := len(d.entries); n > 0 {
			x.Before = d.entries[n-1].Hash
		}
		public, err := json.Marshal(e)
		if err != nil {
			return err
		}
		x.Public, x.Hash = public, sha256.Sum256(append(x.Before[:], public...))
		if e.Case != "" {
			if d.cases[e.Case] == nil {
				d.cases[e.Case] = &rules.Case{}
				d.order = append(d.order, e.Case)
			}
			if err := d.cases[e.Case].Apply(e); err != nil {
				return err
			}
		}
		d.entries, d.events = append(d.entries, x), append(d.events, e)
	}
	return nil
}

// mail is a message that arrives at the fake desk.
type mail struct {
	from, to, subject, text string
	html                    string
	problem                 rules.Reason
	kind                    rules.MessageKind
	raw                     string
	facts                   rules.Facts
}

// arrive stores a message, decides it and opens its case; "" when it is parked.
func (d *fakeDesk) arrive(t testing.TB, m mail) string {
	t.Helper()
	d.mu.Lock()
	defer d.mu.Unlock()
	if m.kind == "" {
		m.kind = rules.Transport
	}
	if m.to == "" {
		m.to = "disattivazioni"
	}
	id := uint64(len(d.messages)) + 1
	msg := rules.Message{Mailbox: m.to, Kind: m.kind, Signature: "valid", Subject: m.subject, Text: m.text, HTML: m.html, Problem: m.problem,
		MessageID: fmt.Sprintf("m%d@pec.example.it", id), Sent: d.at, Delivered: d.at, Provider: "Gestore Dimostrativo S.p.A."}
	if m.kind == rules.Transport && m.problem == "" {
		msg.Sender = m.from
	} else {
		msg.Claimed, msg.Signature = m.from, "missing"
	}
	if m.raw == "" {
		m.raw = envelope(m)
	}
	sum := sha256.Sum256([]byte(m.raw))
	proof := []rules.ProofStep{{Name: "signer", OK: msg.Proved(), Detail: "posta-certificata@pec.example.it, Gestore Dimostrativo S.p.A., sha256"}, {Name: "digest", OK: msg.Proved()},
		{Name: "signature", OK: msg.Proved()}, {Name: "chain", OK: msg.Proved(), Detail: "Radice di prova"}, {Name: "revocation", OK: msg.Proved(), Detail: "no list for some certificate"}, {Name: "mittente", OK: msg.Proved(), Detail: m.from}, {Name: "note", OK: true, Detail: "no_crl"}}
	v := &rules.MessageView{ID: id, Mailbox: m.to, Kind: string(m.kind), Verdict: msg.Signature, Status: "case", Delivered: d.at, Read: d.at, Size: int64(len(m.raw)),
		Digest: hex.EncodeToString(sum[:]), Archive: "archive/2026-11.tar@512", Facts: &msg, Proof: proof}
	d.messages[id], d.raws[id] = v, []byte(m.raw)
	m.facts.Registry, m.facts.Ours, m.facts.Read, m.facts.SHA1 = true, true, d.at, "review"
	if m.facts.Mailbox == nil {
		m.facts.Mailbox = &rules.MailboxFact{Address: m.from, Status: "active", Holder: ""}
	}
	dec := d.set.Decide(msg, d.set.Read(msg), m.facts)
	if dec.Outcome == rules.None {
		v.Status, v.Reason = "parked", dec.Reason
		if err := d.record(rules.Event{Kind: rules.Parked, Message: id, Mailbox: m.to, Reason: dec.Reason}); err != nil {
			t.Fatal(err)
		}
		d.changed()
		return ""
	}
	v.Case = fmt.Sprintf("2026-%06d", len(d.order)+1)
	c, events, err := d.set.Open(v.Case, rules.Arrival{ID: id, Message: msg, Decision: dec, Proof: proof}, d.at)
	if err != nil {
		t.Fatal(err)
	}
	more, err := d.set.Advance(c, d.at)
	if err != nil {
		t.Fatal(err)
	}
	if err := d.record(append(events, more...)...); err != nil {
		t.Fatal(err)
	}
	d.changed()
	return v.Case
}

// deliver sends every letter owed and brings its receipts.
func (d *fakeDesk) deliver(t testing.TB, id string) {
	t.Helper()
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, l := range slices.Clone(d.cases[id].Letters) {
		if l.State != rules.Owed {
			continue
		}
		ref := func(answer string) *rules.LetterRef {
			return &rules.LetterRef{N: l.N, Name: l.Name, MessageID: l.MessageID, Answer: answer}
		}
		receipt := func(kind string) *rules.ReceiptRef {
			return &rules.ReceiptRef{Kind: kind, At: d.at, Identifier: "opec1@pec.example.it", Provider: "Gestore Dimostrativo S.p.A."}
		}
		n := uint64(len(d.messages)) + 1
		d.messages[n] = &rules.MessageView{ID: n, Kind: "receipt", Status: "receipt", Read: d.at, Digest: strings.Repeat("0", 64)}
		d.raws[n] = []byte("Subject: ACCETTAZIONE: Re\r\n\r\nRicevuta di accettazione\r\n")
		err := d.record(rules.Event{Kind: rules.LetterAttempt, Case: id, Letter: ref("")}, rules.Event{Kind: rules.LetterSent, Case: id, Letter: ref("250 2.0.0 Ok: queued as 4F1")},
			rules.Event{Kind: rules.LetterReceipt, Case: id, Letter: ref(""), Receipt: receipt(rules.ReceiptAccepted), Message: n},
			rules.Event{Kind: rules.LetterReceipt, Case: id, Letter: ref(""), Receipt: receipt(rules.ReceiptDelivered)})
		if err != nil {
			t.Fatal(err)
		}
	}
	more, err := d.set.Advance(d.cases[id], d.at)
	if err == nil {
		err = d.record(more...)
	}
	if err != nil {
		t.Fatal(err)
	}
	d.changed()
}

// rank is the queue's order: what needs a person first, then the soonest due.
func rankOf(c *rules.Case) string {
	n := 5
	switch c.State {
	case rules.InReview:
		n = 1
	case rules.New, rules.Waiting:
		n = 2
	case rules.Accepted, rules.Rejected, rules.Answered, rules.Withdrawn:
		n = 3
	}
	return fmt.Sprintf("%d %s %s", n, c.Due.UTC().Format(time.RFC3339), c.ID)
}

func (d *fakeDesk) Cases(_ context.Context, q rules.Query) (page rules.Page, err error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if err := q.Check(names(d.set)); err != nil {
		return page, err
	}
	var all []*rules.Case
	for _, c := range d.cases {
		if (q.State == "" || c.State == q.State) && (q.Procedure == "" || c.Procedure == q.Procedure) && (q.Outcome == "" || c.Outcome == q.Outcome) &&
			strings.HasPrefix(c.Mailbox, q.Mailbox) && (!q.Overdue || c.Overdue(d.at)) && rules.ParseSearch(q.Text).Finds(c) && (q.Reason == "" || c.Reason == q.Reason) &&
			(q.Assignee == "" || q.Assignee == c.Assignee || q.Assignee == rules.Nobody && c.Assignee == "") {
			all = append(all, c.Clone())
		}
	}
	slices.SortFunc(all, func(a, b *rules.Case) int { return strings.Compare(rankOf(a), rankOf(b)) })
	from := 0
	if q.After != "" {
		from = slices.IndexFunc(all, func(c *rules.Case) bool { return c.ID == q.After }) + 1
	}
	all = all[from:]
	if q.Limit > 0 && len(all) > q.Limit {
		all = all[:q.Limit]
		page.Next = all[q.Limit-1].ID
	}
	page.Cases = all
	return page, nil
}

func names(set *rules.Set) (out []string) {
	for _, p := range set.Procedures {
		out = append(out, p.Name)
	}
	return out
}

func (d *fakeDesk) Cards(_ context.Context, fn func(*rules.Card) bool) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, c := range d.cases {
		k := rules.Card{State: c.State, Procedure: c.Procedure, Outcome: c.Outcome, Reason: c.Reason, Received: c.Received, Due: c.Due, ByPerson: c.DecidedBy != ""}
		if !c.Answered.IsZero() {
			k.Answered, k.Late = max(c.Answered.Sub(c.Received), 1), c.Answered.After(c.Due)
		}
		fn(&k)
	}
	return nil
}

func (d *fakeDesk) Case(_ context.Context, id string) (*rules.Detail, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.detail(id)
}

func (d *fakeDesk) detail(id string) (*rules.Detail, error) {
	c := d.cases[id]
	if c == nil {
		return nil, fmt.Errorf("case %s: %w", id, rules.ErrNotFound)
	}
	out := &rules.Detail{Case: c.Clone(), Overdue: c.Overdue(d.at), Verbs: c.Verbs(), Takes: d.takes[id]}
	for _, e := range d.events {
		if e.Case == id {
			out.Events = append(out.Events, e)
		}
	}
	out.Explain()
	for _, m := range c.Messages {
		out.Messages = append(out.Messages, *d.messages[m])
	}
	return out, nil
}

func (d *fakeDesk) Perform(_ context.Context, id string, act rules.Act) (*rules.Detail, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.stopped {
		return nil, rules.ErrStopped
	}
	c := d.cases[id]
	if c == nil {
		return nil, rules.ErrNotFound
	}
	act.Open = d.takes[id]
	events, err := d.set.Perform(c.Clone(), act, d.at)
	if err != nil {
		return nil, err
	}
	if err := d.record(events...); err != nil {
		return nil, err
	}
	d.changed()
	return d.detail(id)
}

func (d *fakeDesk) Preview(_ context.Context, id string, act rules.Act) (out []rules.LetterText, steps []rules.StepRun, err error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	c := d.cases[id]
	if c == nil {
		return nil, nil, rules.ErrNotFound
	}
	c, act.Open = c.Clone(), d.takes[id]
	events, err := d.set.Perform(c, act, d.at)
	for _, e := range events {
		if e.Kind == rules.LetterOwed {
			out = append(out, *e.Private.Letter)
		}
		if err := c.Apply(e); err != nil {
			return nil, nil, err
		}
	}
	if !c.State.Decidable() {
		steps = slices.DeleteFunc(c.Steps, func(s rules.StepRun) bool { return s.State != rules.StepPlanned })
	}
	return out, steps, err
}

func (d *fakeDesk) Parked(_ context.Context, before uint64, limit int) (out []rules.MessageView, _ error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for id := uint64(len(d.messages)); id > 0 && len(out) < limit; id-- {
		if m := d.messages[id]; m.Status == "parked" && (before == 0 || id < before) {
			out = append(out, *m)
		}
	}
	return out, nil
}

func (d *fakeDesk) Message(_ context.Context, id uint64) (*rules.MessageView, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if m := d.messages[id]; m != nil {
		v := *m
		return &v, nil
	}
	return nil, rules.ErrNotFound
}

func (d *fakeDesk) Raw(_ context.Context, id uint64) (io.ReadCloser, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if raw, ok := d.raws[id]; ok {
		return io.NopCloser(bytes.NewReader(raw)), nil
	}
	return nil, rules.ErrNotFound
}

func (d *fakeDesk) Replay(_ context.Context, id uint64, author string) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	m := d.messages[id]
	if m == nil || m.Status != "parked" {
		return &rules.ErrRefused{Why: fmt.Sprintf("message %d is not parked but %s", id, m.Status)}
	}
	m.Status = "pending"
	defer d.changed()
	return d.record(rules.Event{Kind: rules.Replayed, Author: author, Message: id})
}

func (d *fakeDesk) OpenParked(_ context.Context, id uint64, _ string) (string, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	m := d.messages[id]
	if m == nil || m.Status != "parked" {
		return "", &rules.ErrRefused{Why: fmt.Sprintf("message %d is not parked", id)}
	}
	m.Status = "case"
	return "2026-000001", nil
}

func (d *fakeDesk) RetryNow(context.Context, string) error { return nil }

func (d *fakeDesk) Journal(_ context.Context, from uint64, limit int, id string) (out []rules.Event, _ error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, e := range d.events {
		if e.Seq >= from && len(out) < limit && (id == "" || e.Case == id) {
			out = append(out, e)
		}
	}
	return out, nil
}

func (d *fakeDesk) Verify(context.Context) (uint64, error) { return uint64(len(d.events)), nil }

func (d *fakeDesk) Status(context.Context) (rules.Status, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	s := rules.Status{Version: "v0.1 prova", Now: d.at, Running: !d.stopped, Height: uint64(len(d.events)), DiskFree: 80 << 30, Cases: map[rules.State]int{}, Messages: map[string]int{}, Parked: map[rules.Reason]int{},
		Mailboxes: []rules.BoxStatus{{Name: "disattivazioni", Address: "disattivazioni@pec.example.com", CaughtUp: d.at}, {Name: "customer.service", Address: "customer.service@pec.example.com", CaughtUp: d.at}}}
	if n := len(d.entries); n > 0 {
		s.Head = hex.EncodeToString(d.entries[n-1].Hash[:])
	}
	for _, c := range d.cases {
		s.Cases[c.State]++
	}
	for _, m := range d.messages {
		if s.Messages[m.Status]++; m.Status == "parked" {
			s.Parked[m.Reason]++
		}
	}
	return s, nil
}

func (d *fakeDesk) Watch() (<-chan struct{}, func()) {
	c := make(chan struct{}, 1)
	d.mu.Lock()
	defer d.mu.Unlock()
	d.subs[c] = true
	return c, func() {
		d.mu.Lock()
		defer d.mu.Unlock()
		delete(d.subs, c)
	}
}

func (d *fakeDesk) Rules() *rules.Set { return d.set }

func (d *fakeDesk) entry(_ context.Context, seq uint64) (*Entry, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return &d.entries[seq-1], nil
}

// memory is a UserStore in memory.
type memory struct {
	mu sync.Mutex
	m  map[string][]byte
}

func (s *memory) Get(key string) ([]byte, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return bytes.Clone(s.m[key]), nil
}

func (s *memory) Put(key string, value []byte) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if value == nil {
		delete(s.m, key)
		return nil
	}
	s.m[key] = bytes.Clone(value)
	return nil
}

func (s *memory) Each(fn func(string, []byte) error) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, k := range slices.Sorted(maps.Keys(s.m)) {
		if err := fn(k, s.m[k]); err != nil {
			return err
		}
	}
	return nil
}

// openLetters are those of the cases that somebody should know of.
func (d *fakeDesk) openLetters(_ context.Context, standing rules.LetterState, limit int) (out []LetterRow, _ error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if err := rules.CheckStanding(standing); err != nil {
		return nil, err
	}
	for _, id := range d.order {
		c := d.cases[id]
		for _, l := range c.Letters {
			row := LetterRowOf(id, &l)
			if c.Unheard(&l) {
				row = OverdueRowOf(id, &l)
			}
			if s := row.Standing(); len(out) < limit && slices.Contains(rules.OpenStandings, s) && (standing == "" || s == standing) {
				out = append(out, row)
			}
		}
	}
	return out, nil
}
