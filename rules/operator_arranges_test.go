package rules

import (
	"strings"
	"testing"
	"time"
)

// TestDayIsReadAsPeopleWriteIt: in either order, or by its name.
func TestDayIsReadAsPeopleWriteIt(t *testing.T) {
	cal := rome(t)
	now := time.Date(2026, 11, 30, 23, 30, 0, 0, time.UTC) // already December in Rome
	for word, want := range map[string]string{"2026-11-27": "2026-11-27", "27/11/2026": "2026-11-27", " Today": "2026-12-01", "ieri": "2026-11-30",
		"tomorrow": "2026-12-02", "31/11/2026": "", "2026-13-01": "", "soon": "", "": ""} {
		got, err := cal.Day(word, now)
		if err != nil && want != "" || err == nil && got.String() != want {
			t.Errorf("%q: %s, %v; want %q", word, got, err, want)
		}
	}
}

// TestCaseIsHandedOverAndPutOff: whose a case is stays when it is decided; that
// it was put off ends with its day, a decision, or the customer's next message.
func TestCaseIsHandedOverAndPutOff(t *testing.T) {
	set := &Set{Calendar: rome(t)}
	at := func(day, hour, sec int) time.Time {
		return time.Date(2026, 11, day, hour, sec, sec, 0, set.Calendar.Zone).UTC()
	}
	now, due, until := at(23, 10, 0), at(26, 23, 59), at(25, 0, 0)
	inReview := func() *Case {
		return &Case{ID: "2026-000001", State: InReview, Version: 2, Proved: true, Due: due}
	}
	do := func(c *Case, a Act) error {
		a.Author = "anna"
		_, err := set.Perform(c, a, now)
		return err
	}
	fold := func(c *Case, kind EventKind, change func(*Event)) {
		t.Helper()
		e := Event{Kind: kind, Case: c.ID, At: now}
		if change != nil {
			change(&e)
		}
		if err := c.Apply(e); err != nil {
			t.Fatal(err)
		}
	}
	c := inReview()
	fold(c, Assigned, func(e *Event) { e.To = "bruno" })
	fold(c, PutOff, func(e *Event) { e.Until = &until })
	if c.Assignee != "bruno" || !c.Later.Equal(until) || c.State != InReview {
		t.Fatalf("with %q until %s, %s", c.Assignee, c.Later, c.State)
	}
	joined := c.Clone()
	fold(joined, Joined, func(e *Event) { e.Message = 9 })
	asked := c.Clone()
	fold(asked, Asked, func(e *Event) { e.Private = &Private{Documents: []string{"x"}} })
	for what, x := range map[string]*Case{"a message": joined, "a question": asked} {
		if !x.Later.IsZero() || x.Assignee != "bruno" {
			t.Errorf("after %s it is put off to %s, with %q", what, x.Later, x.Assignee)
		}
	}
	events, err := set.Advance(c, until)
	if err != nil || len(events) == 0 || events[len(events)-1].Kind != Recalled || events[len(events)-1].To != "bruno" {
		t.Fatalf("on the day: %+v, %v", events, err)
	}

	for _, tt := range []struct {
		act  Act
		want string // of the refusal; "": it is done
	}{
		{Act{Verb: "assign", To: "bruno"}, ""},
		{Act{Verb: "assign"}, "to whom"},
		{Act{Verb: "assign", To: Nobody}, "nobody has it already"},
		{Act{Verb: "later", Until: "tomorrow"}, ""},
		{Act{Verb: "later", Until: "2026-11-26"}, ""},
		{Act{Verb: "later", Until: "2026-11-27"}, "until 2026-11-26 at most"},
		{Act{Verb: "later", Until: "today"}, "a day to come"},
		{Act{Verb: "later"}, "until which day"},
		{Act{Verb: "later", Until: "soon"}, "is no day"},
	} {
		err := do(inReview(), tt.act)
		if (err == nil) != (tt.want == "") || err != nil && !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%+v: %v; want %q", tt.act, err, tt.want)
		}
	}
	late := inReview()
	late.Due = at(20, 23, 59)
	if err := do(late, Act{Verb: "later", Until: "tomorrow"}); err == nil || !strings.Contains(err.Error(), "its term passed on 2026-11-20") {
		t.Errorf("one that is late: %v", err)
	}
	closed := inReview()
	closed.State = Closed
	for _, verb := range []string{"assign", "later"} {
		if err := do(closed, Act{Verb: verb, To: "bruno", Until: "tomorrow"}); err == nil {
			t.Errorf("%s of a closed case is done", verb)
		}
	}
}
