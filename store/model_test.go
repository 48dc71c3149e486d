package store

import (
	"errors"
	"fmt"
	"maps"
	"os"
	"slices"
	"sort"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"sportello/rules"
)

// model is what the store should hold, kept in the plainest way.
type model struct {
	t        *rapid.T
	dir      string
	s        *Store
	now      time.Time
	journal  int
	messages []Message // by id-1, without facts
	bytes    map[[32]byte][]byte
	cases    map[string]*rules.Case
	ids      []string // of cases
	uid      uint32
	alerts   map[string]string
}

func (m *model) draw(name string, n int) int { return rapid.IntRange(0, n-1).Draw(m.t, name) }

func (m *model) must(err error) {
	if err != nil {
		m.t.Fatal(err)
	}
}

func (m *model) tick() time.Time {
	m.now = m.now.Add(time.Duration(1+m.draw("seconds", 5000)) * time.Second)
	return m.now
}

// TakeIn takes in a batch of new, repeated, parked messages and receipts.
func (m *model) TakeIn(t *rapid.T) {
	m.t = t
	now := m.tick()
	var in []Incoming
	for range 1 + m.draw("batch", 4) {
		m.uid++
		msg := incoming(1+m.draw("content", 40), 200)
		msg.Cursor.UID, msg.Read = m.uid, now
		switch m.draw("sort of message", 6) {
		case 0:
			msg.Status, msg.Reason = Parked, rapid.SampledFrom([]rules.Reason{rules.NotOurs, rules.OtherPEC}).Draw(t, "reason")
			msg.Bytes, msg.Identifier = append(msg.Bytes, "parked"...), ""
		case 1:
			msg.Status, msg.Identifier, msg.Kind = Receipt, "", rules.Receipt
			msg.Bytes = fmt.Appendf(msg.Bytes, "receipt %d", m.uid)
			msg.About = letterID(fmt.Sprintf("2026-%06d", 1+m.draw("about", 6)), 1)
		case 2: // the same envelope in other bytes
			msg.Bytes = fmt.Appendf(msg.Bytes, "copy %d", m.uid)
		}
		in = append(in, msg)
	}
	ids, err := m.s.Intake(ctx, "disattivazioni", Cursor{7, m.uid}, in, nil)
	m.must(err)
	for i, got := range ids {
		msg := in[i].Message
		if got != uint64(len(m.messages)+1) {
			t.Fatalf("id %d, want %d", got, len(m.messages)+1)
		}
		if want := m.original(&msg); want != msg.Original || (want != 0) != (msg.Status == Duplicate) {
			t.Fatalf("message %d repeats %d, want %d (%s)", got, msg.Original, want, msg.Status)
		}
		m.bytes[msg.Digest] = in[i].Bytes
		msg.Facts, msg.Proof = nil, nil
		m.messages = append(m.messages, msg)
		m.journal++
	}
}

// original is the first message with the same bytes or the same identifier.
func (m *model) original(msg *Message) uint64 {
	for _, same := range []func(*Message) bool{
		func(o *Message) bool { return o.Digest == msg.Digest },
		func(o *Message) bool {
			return msg.Identifier != "" && o.Identifier == msg.Identifier && o.Status != Receipt
		},
	} {
		for i := range m.messages {
			if o := &m.messages[i]; same(o) {
				if o.Original != 0 {
					return o.Original
				}
				return o.ID
			}
		}
	}
	return 0
}

// OpenCase opens a case for the oldest pending message.
func (m *model) OpenCase(t *rapid.T) {
	m.t = t
	var ids []uint64
	m.must(m.s.View(func(tx *Tx) (err error) { ids, err = tx.Pending(0, 1); return err }))
	if len(ids) == 0 {
		t.Skip("nothing pending")
	}
	msg, c := &m.messages[ids[0]-1], &rules.Case{}
	var events []rules.Event
	m.must(m.s.Update(ctx, func(tx *Tx) error {
		id, err := tx.NextProtocol(2026)
		if err != nil {
			return err
		}
		events = opened(id, int(ids[0]), ids[0])
		if ids[0]%3 == 0 {
			events[1].Outcome, events[1].Procedure, events[1].Steps = rules.Review, "recesso-rinnovo", nil
		}
		if err := tx.SetMessage(ids[0], InCase, id, "", ""); err != nil {
			return err
		}
		return tx.Record(events...)
	}))
	for _, e := range events {
		m.must(c.Apply(e))
	}
	msg.Status, msg.Case = InCase, c.ID
	m.cases[c.ID] = c
	m.ids = append(m.ids, c.ID)
	m.journal += len(events)
}

var happenings = []func(*model, *rules.Case, time.Time) rules.Event{
	func(_ *model, c *rules.Case, at time.Time) rules.Event { return attempt(c.ID, at) },
	func(_ *model, c *rules.Case, at time.Time) rules.Event { return sent(c.ID, at) },
	func(m *model, c *rules.Case, at time.Time) rules.Event {
		kinds := []rules.EventKind{rules.LetterDeferred, rules.LetterUncertain, rules.LetterHeld, rules.LetterReleased}
		return rules.Event{At: at, Kind: rapid.SampledFrom(kinds).Draw(m.t, "letter"), Case: c.ID, Letter: &rules.LetterRef{N: 1},
			Until: rapid.SampledFrom([]*time.Time{nil, rules.At(at.Add(time.Hour)), rules.At(at.Add(90*time.Hour + 3))}).Draw(m.t, "until")}
	},
	func(m *model, c *rules.Case, at time.Time) rules.Event {
		return receipt(c.ID, rapid.SampledFrom([]string{rules.ReceiptAccepted, rules.ReceiptDelivered, rules.ReceiptUndelivered}).Draw(m.t, "receipt"), at)
	},
	func(m *model, c *rules.Case, at time.Time) rules.Event {
		return rules.Event{At: at, Kind: rules.Noted, Case: c.ID, Author: "anna", Private: &rules.Private{Note: string(rapid.SliceOfN(rapid.Byte(), 1, 9).Draw(m.t, "note"))}}
	},
	func(_ *model, c *rules.Case, at time.Time) rules.Event {
		return rules.Event{At: at, Kind: rules.StepScheduled, Case: c.ID, Step: &rules.StepRef{N: 1}, Until: rules.At(at.Add(time.Hour))}
	},
	func(m *model, c *rules.Case, at time.Time) rules.Event {
		return rules.Event{At: at, Kind: rapid.SampledFrom([]rules.EventKind{rules.StepDone, rules.StepAsked, rules.StepAsked}).Draw(m.t, "step"), Case: c.ID, Step: &rules.StepRef{N: 1}}
	},
	func(m *model, c *rules.Case, at time.Time) rules.Event {
		kinds := []rules.EventKind{rules.EventClosed, rules.Reopened, rules.Returned, rules.Halted, rules.Approved, rules.EventRejected, rules.Asked, rules.Lapsed,
			rules.Withdrew, rules.TargetPassed, rules.Warned, rules.Breached, rules.Reminded}
		return rules.Event{At: at, Kind: rapid.SampledFrom(kinds).Draw(m.t, "kind"), Case: c.ID, Author: "anna", Until: rules.At(at.Add(200 * time.Hour)), Warn: rules.At(at.Add(100 * time.Hour)),
			Due: rapid.SampledFrom([]*time.Time{nil, rules.At(at.Add(time.Second)), rules.At(at.Add(200 * time.Hour))}).Draw(m.t, "due")}
	},
}

// Happen lets something happen to a case; what the table of states forbids is
// refused, and changes nothing.
func (m *model) Happen(t *rapid.T) {
	m.t = t
	if len(m.ids) == 0 {
		t.Skip("no case")
	}
	c := m.cases[rapid.SampledFrom(m.ids).Draw(t, "case")]
	e := rapid.SampledFrom(happenings).Draw(t, "what")(m, c, m.tick())
	next := c.Clone()
	wrong := next.Apply(e)
	if e.Private != nil { // JSON keeps no bytes that are not UTF-8
		for i := range next.Notes {
			next.Notes[i].Text = string([]rune(next.Notes[i].Text))
		}
	}
	err := m.s.Update(ctx, func(tx *Tx) error { return tx.Record(e) })
	if (err == nil) != (wrong == nil) {
		t.Fatalf("%s: store says %v, rules say %v", e.Kind, err, wrong)
	}
	if err == nil {
		m.cases[c.ID] = next
		m.journal++
	}
}

// Fail records and then fails: nothing may stay.
func (m *model) Fail(t *rapid.T) {
	m.t = t
	boom := errors.New("boom")
	err := m.s.Update(ctx, func(tx *Tx) error {
		if _, err := tx.NextProtocol(2026); err != nil {
			return err
		}
		if err := tx.Record(rules.Event{At: m.now, Kind: rules.Started}); err != nil {
			return err
		}
		return boom
	})
	if !errors.Is(err, boom) {
		t.Fatal(err)
	}
}

// Replay makes a parked message pending again.
func (m *model) Replay(t *rapid.T) {
	m.t = t
	for i := range m.messages {
		if msg := &m.messages[i]; msg.Status == Parked {
			m.must(m.s.Update(ctx, func(tx *Tx) error { return tx.SetMessage(msg.ID, Pending, "", "", "") }))
			msg.Status, msg.Reason = Pending, ""
			return
		}
	}
	t.Skip("nothing parked")
}

// Remember changes a small value.
func (m *model) Remember(t *rapid.T) {
	m.t = t
	k, v := rapid.SampledFrom([]string{"a", "b"}).Draw(t, "key"), rapid.SampledFrom([]string{"", "1", "2"}).Draw(t, "value")
	m.must(m.s.Update(ctx, func(tx *Tx) error {
		if v == "" {
			return tx.Put(Alerts, k, nil)
		}
		return tx.Put(Alerts, k, []byte(v))
	}))
	if delete(m.alerts, k); v != "" {
		m.alerts[k] = v
	}
}

// Reopen closes the store and opens it again.
func (m *model) Reopen(t *rapid.T) {
	m.t = t
	m.must(m.s.Close())
	s, err := Open(m.dir, Options{})
	m.must(err)
	s.sheetCases = 3
	m.s = s
}

// Check compares everything with the model; rapid calls it after each step.
func (m *model) Check(t *rapid.T) {
	m.t = t
	m.must(m.s.Check(ctx, nil, true))
	m.must(m.s.View(func(tx *Tx) error {
		if head, _ := tx.Head(); head != uint64(m.journal) {
			t.Fatalf("journal of %d entries, want %d", head, m.journal)
		}
		for id, want := range m.cases {
			got, err := tx.Case(id)
			m.must(err)
			if d := cmp.Diff(want, got); d != "" {
				t.Fatal(id, "\n", d)
			}
		}
		m.checkMessages(tx)
		m.checkQueues(tx)
		m.checkLists(tx)
		kv := map[string]string{}
		m.must(tx.Each(Alerts, func(k string, v []byte) error { kv[k] = string(v); return nil }))
		if !maps.Equal(kv, m.alerts) {
			t.Fatal(kv, m.alerts)
		}
		return nil
	}))
}

func (m *model) checkMessages(tx *Tx) {
	var pending, parked []uint64
	early := map[string][]uint64{}
	for _, want := range m.messages {
		got, err := tx.Message(want.ID)
		m.must(err)
		if d := cmp.Diff(want, got); d != "" {
			m.t.Fatal(d)
		}
		raw, err := m.s.Raw(got)
		m.must(err)
		b, err := raw.Bytes()
		m.must(errors.Join(err, raw.Close()))
		if string(b) != string(m.bytes[got.Digest]) {
			m.t.Fatalf("message %d has other bytes", got.ID)
		}
		switch {
		case want.Status == Pending:
			pending = append(pending, want.ID)
		case want.Status == Parked:
			parked = append([]uint64{want.ID}, parked...)
		case waits(&want):
			early[want.About] = append(early[want.About], want.ID)
		}
	}
	got, err := tx.Pending(0, 1000)
	m.must(err)
	m.same("pending", pending, got)
	var listed []uint64
	for before := uint64(0); ; { // page by page
		page, err := tx.Parked(before, 2)
		m.must(err)
		for _, p := range page {
			listed, before = append(listed, p.ID), p.ID
		}
		if len(page) == 0 {
			break
		}
	}
	m.same("parked", parked, listed)
	for about, want := range early {
		got, err := tx.ReceiptsFor(about)
		m.must(err)
		m.same("early receipts", want, got)
	}
}

func (m *model) same(what string, want, got any) {
	if d := cmp.Diff(fmt.Sprint(want), fmt.Sprint(got)); d != "" {
		m.t.Fatal(what, d)
	}
}

func (m *model) checkQueues(tx *Tx) {
	var due, trying, deadlines []string
	for _, id := range m.ids {
		c := m.cases[id]
		for _, l := range c.Letters {
			switch at := instantAt(sortable(l.NextTry)); {
			case l.State == rules.Trying:
				trying = append(trying, id)
			case (l.State == rules.Owed || l.State == rules.Uncertain || l.State == rules.Held && !at.IsZero()) && !at.After(m.now):
				due = append(due, id)
			}
		}
		for _, d := range Deadlines(c) {
			if !d.At.After(m.now) {
				deadlines = append(deadlines, fmt.Sprint(d.Case, d.What, d.N))
			}
		}
	}
	gotDue, err := tx.LettersDue("", m.now, 1000)
	m.must(err)
	gotTrying, err := tx.LettersTrying(1000)
	m.must(err)
	gotDeadlines, err := m.deadlinesDue(tx)
	m.must(err)
	m.same("letters due", sorted(due), sorted(names(gotDue, func(k LetterKey) string { return k.Case })))
	m.same("letters being tried", sorted(trying), sorted(names(gotTrying, func(k LetterKey) string { return k.Case })))
	m.same("deadlines", sorted(deadlines), sorted(names(gotDeadlines, func(d Deadline) string { return fmt.Sprint(d.Case, d.What, d.N) })))
	var next time.Time
	for _, c := range m.cases {
		if all := Deadlines(c); len(all) > 0 && all[0].At.After(m.now) && (next.IsZero() || all[0].At.Before(next)) {
			next = all[0].At
		}
	}
	if got := tx.NextDeadline(m.now); !got.Equal(next) {
		m.t.Fatalf("next first deadline %s, want %s", got, next)
	}
}

// deadlinesDue reads what has come in pages of two cases.
func (m *model) deadlinesDue(tx *Tx) (all []Deadline, err error) {
	var page []Deadline
	for after, more := []byte(nil), true; more && err == nil; more = after != nil {
		page, after, err = tx.DeadlinesDue(m.now, 2, after)
		all = append(all, page...)
	}
	return all, err
}

func names[T any](in []T, name func(T) string) (out []string) {
	for _, v := range in {
		out = append(out, name(v))
	}
	return out
}

func sorted(in []string) []string { sort.Strings(in); return in }

func (m *model) checkLists(tx *Tx) {
	filters := []Filter{{}, {State: rules.InReview}, {Procedure: "disattivazione"}, {State: rules.Closed, Procedure: "recesso-rinnovo"},
		{Mailbox: sender(1)}, {Mailbox: "utente1"}, {OverdueAt: m.now}, {OverdueAt: m.now, Procedure: "disattivazione"}, {Outcome: rules.Review}, {Reason: rules.LetterFailed},
		{Search: rules.ParseSearch("mario ross")}, {Search: rules.ParseSearch("utente2")}, {Search: rules.ParseSearch("2026-000001")}, {Search: rules.ParseSearch("3 disattivazione")},
		{Search: rules.ParseSearch("pec"), State: rules.Closed}, {Search: rules.ParseSearch("nessuno")}, {Newest: true}, {Newest: true, State: rules.InReview}, {Task: true}, {Task: true, Newest: true}, {Task: true, State: rules.Accepted}, {State: rules.Accepted}, {OverdueAt: m.now, State: rules.Accepted},
		{Newest: true, Search: rules.ParseSearch("rossi"), Mailbox: "utente"}}
	for _, f := range filters {
		var want []string
		for _, id := range m.ids {
			c := m.cases[id]
			if (f.State == "" || c.State == f.State) && (f.Procedure == "" || c.Procedure == f.Procedure) && (f.Outcome == "" || c.Outcome == f.Outcome) &&
				(f.Reason == "" || c.Reason == f.Reason) && (!f.Task || c.Task() != nil) && (f.OverdueAt.IsZero() || c.Overdue(f.OverdueAt)) && f.Search.Finds(c) &&
				(f.Mailbox == "" || c.Mailbox == f.Mailbox || !strings.Contains(f.Mailbox, "@") && strings.HasPrefix(c.Mailbox, f.Mailbox)) {
				want = append(want, id)
			}
		}
		var got []string
		var ranks []byte
		f.Limit = 2
		for {
			next, err := tx.Cases(f, func(c *rules.Case) bool {
				class := rank(c.State)
				if c.Task() != nil {
					class = 0
				}
				got, ranks = append(got, c.ID), append(ranks, class)
				return true
			})
			m.must(err)
			if f.After = next; next == nil {
				break
			}
		}
		if !f.Newest && !slices.IsSorted(ranks) {
			m.t.Fatalf("%+v: not in the order of attention: %v", f, ranks)
		}
		if f.Newest && !slices.IsSortedFunc(got, func(a, b string) int { return strings.Compare(b, a) }) {
			m.t.Fatalf("%+v: not the newest first: %v", f, got)
		}
		m.same(fmt.Sprintf("list %+v", f), sorted(want), sorted(got))
	}
	m.checkCards(tx)
	tasks, err := tx.Tasks()
	m.must(err)
	for _, c := range m.cases {
		if c.Task() != nil {
			tasks--
		}
	}
	if tasks != 0 {
		m.t.Fatalf("the count of tasks is off by %d", tasks)
	}
	counts, err := tx.Counts()
	m.must(err)
	for _, n := range counts {
		for _, c := range m.cases {
			if c.State == n.State && c.Procedure == n.Procedure {
				n.N--
			}
		}
		if n.N != 0 {
			m.t.Fatalf("count of %s %s is off by %d", n.Procedure, n.State, n.N)
		}
	}
}

// checkCards compares the cards with the cases they stand for.
func (m *model) checkCards(tx *Tx) {
	var want, got []string
	show := func(c rules.Card) string {
		return fmt.Sprint(c.State, c.Procedure, c.Outcome, c.Reason, c.Received.Unix(), c.Due.Unix(), c.Answered > 0, c.Late, c.ByPerson, c.Overdue(m.now))
	}
	for _, c := range m.cases {
		k := rules.Card{State: c.State, Procedure: c.Procedure, Outcome: c.Outcome, Reason: c.Reason, Received: c.Received, Due: c.Due, ByPerson: c.DecidedBy != ""}
		if !c.Answered.IsZero() {
			k.Answered, k.Late = max(c.Answered.Sub(c.Received), 1), !c.Due.IsZero() && c.Answered.After(c.Due)
		}
		if c.State == rules.Closed || c.Suspended() {
			k.Due = time.Time{}
		}
		if k.Overdue(m.now) != c.Overdue(m.now) {
			m.t.Fatalf("case %s is overdue: %t", c.ID, c.Overdue(m.now))
		}
		want = append(want, show(k))
	}
	m.must(tx.Cards(func(c *rules.Card) bool { got = append(got, show(*c)); return true }))
	m.same("cards", sorted(want), sorted(got))
}

// TestModel runs random operations on a store and on the model of it.
func TestModel(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		dir, err := os.MkdirTemp("", "store")
		if err != nil {
			t.Fatal(err)
		}
		defer os.RemoveAll(dir)
		s, err := Open(dir, Options{NoSync: true})
		if err != nil {
			t.Fatal(err)
		}
		s.sheetCases = 3
		m := &model{t: t, dir: dir, s: s, now: start, bytes: map[[32]byte][]byte{}, cases: map[string]*rules.Case{}, alerts: map[string]string{}}
		defer func() { m.s.Close() }()
		t.Repeat(map[string]func(*rapid.T){"": m.Check, "take in": m.TakeIn, "open": m.OpenCase, "happen": m.Happen, "happen too": m.Happen,
			"happen again": m.Happen, "fail": m.Fail, "replay": m.Replay, "remember": m.Remember, "reopen": m.Reopen})
	})
}
