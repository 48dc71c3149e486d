package mailproc

import (
	"slices"
	"testing"
	"time"

	"sportello/rules"
	"sportello/store"
)

// TestCaseIsFoundByWhatPeopleKnowOfIt: by the days of its receipt and of its
// term, by whose it is, and by the identifiers that a provider or a court quotes.
func TestCaseIsFoundByWhatPeopleKnowOfIt(t *testing.T) {
	s := newScene(t).start()
	s.put(s.request(1))
	l := s.letter(1, 1, rules.Delivered)
	s.put(s.doubtful(2))
	c := s.state(2, rules.InReview)
	s.act(2, rules.Act{Verb: "assign", To: "bruno"})
	first, err := s.operators().Case(t.Context(), s.of(1).ID)
	if err != nil {
		t.Fatal(err)
	}
	cal := s.opt.Policy.Rules.Calendar
	day := func(t time.Time, n int) string { return cal.AddDays(cal.Date(t), n).String() }
	one, two := []string{first.Case.ID}, []string{c.ID}
	both := []string{first.Case.ID, c.ID}
	for _, tt := range []struct {
		q    rules.Query
		want []string
	}{
		{rules.Query{From: day(c.Received, 0), To: day(c.Received, 0)}, both},
		{rules.Query{From: day(c.Received, 0), To: day(c.Received, 0), Order: "received"}, both},
		{rules.Query{From: day(c.Received, 1)}, nil},
		{rules.Query{To: day(c.Received, -1), Order: "received"}, nil},
		{rules.Query{DueBy: day(c.Due, 0)}, two},
		{rules.Query{DueBy: day(c.Due, -1)}, nil},
		{rules.Query{DueBy: day(c.Due, 0), Overdue: true}, nil},
		{rules.Query{Assignee: "bruno"}, two},
		{rules.Query{Assignee: "bruno", Order: "received"}, two},
		{rules.Query{Assignee: rules.Nobody}, one},
		{rules.Query{Text: "<" + l.MessageID + ">"}, one},
		{rules.Query{Text: first.Case.Envelope}, one},
		{rules.Query{Text: first.Messages[0].Digest}, one},
		{rules.Query{Text: first.Messages[0].Digest, Assignee: "bruno"}, nil},
	} {
		p, err := s.operators().Cases(t.Context(), tt.q)
		if err != nil {
			t.Fatalf("%+v: %v", tt.q, err)
		}
		var got []string
		for _, x := range p.Cases {
			got = append(got, x.ID)
		}
		slices.Sort(got)
		if !slices.Equal(got, tt.want) {
			t.Errorf("%+v: %v, want %v", tt.q, got, tt.want)
		}
	}
	for _, q := range []rules.Query{{From: "soon"}, {From: "2026-11-02", To: "2026-11-01"}} {
		if _, err := s.operators().Cases(t.Context(), q); err == nil {
			t.Errorf("%+v is no error", q)
		}
	}
}

// TestPutOffCaseComesBack: on its day a person is told of it, until he does
// something to it.
func TestPutOffCaseComesBack(t *testing.T) {
	s := newScene(t).start()
	s.put(s.doubtful(1))
	c := s.state(1, rules.InReview)
	s.act(1, rules.Act{Verb: "assign", To: "bruno"})
	s.act(1, rules.Act{Verb: "later", Until: "tomorrow"})
	key := "later/" + c.ID
	later := s.of(1).Later
	if len(store.Deadlines(s.of(1))) == 0 || later.IsZero() {
		t.Fatalf("it is put off to %s", later)
	}
	s.lookings(2)
	if s.incident(key) {
		t.Error("a person is told before its day")
	}
	s.later(later.Sub(s.clock.now()) + time.Minute)
	s.until("a person is told", func() bool { return s.told.has(key) })
	s.until("it is back", func() bool { return s.of(1).Later.IsZero() }) // the telling comes before the commit
	if got := s.of(1); got.Assignee != "bruno" || got.State != rules.InReview {
		t.Errorf("then it is %s, with %q", got.State, got.Assignee)
	}
	s.act(1, rules.Act{Verb: "note", Text: "telefonato"})
	if s.incident(key) {
		t.Error("the incident lasts")
	}
	if err := s.desk.Store.Check(t.Context(), nil, false); err != nil {
		t.Errorf("the cases are not the fold of their events: %v", err)
	}
}
