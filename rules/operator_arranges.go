package rules

import (
	"strings"
	"time"
)

// Nobody is to whom a case is assigned that whoever comes first takes up.
const Nobody = "-"

// assign hands a case over to an operator. Who decides it in the end may be
// another: the customer does not wait for one who is away.
func (s *Set) assign(r *run, a Act) error {
	to := strings.TrimSpace(a.To)
	switch {
	case r.c.State == Closed:
		return refuse("case %s is closed: nobody has to take it up", r.c.ID)
	case to == "":
		return refuse("say to whom the case is handed over")
	case to == Nobody:
		to = ""
	}
	if to == r.c.Assignee {
		if to == "" {
			return refuse("case %s: nobody has it already", r.c.ID)
		}
		return refuse("case %s: %s has it already", r.c.ID, to)
	}
	r.add(Event{Kind: Assigned, To: to, Private: a.note()})
	return nil
}

// later puts a case off to a day, on which a person is told of it again. The
// promise goes on meanwhile, so that it cannot be put off beyond its term.
func (s *Set) later(r *run, a Act) error {
	if r.c.State == Closed {
		return refuse("case %s is closed: nobody has to take it up", r.c.ID)
	}
	if strings.TrimSpace(a.Until) == "" {
		return refuse("say until which day the case is put off")
	}
	cal := s.Calendar
	day, err := cal.Day(a.Until, r.now)
	if err != nil {
		return err
	}
	if day.Compare(cal.Date(r.now)) <= 0 {
		return refuse("a case is put off until a day to come: %s is none", day)
	}
	if last := cal.Date(r.c.Due); r.c.Promised() && day.Compare(last) > 0 {
		if r.c.Overdue(r.now) {
			return refuse("case %s cannot be put off: its term passed on %s, and an answer is owed", r.c.ID, last)
		}
		return refuse("case %s can be put off until %s at most, the day by which an answer is promised", r.c.ID, last)
	}
	at := cal.StartOfDay(day).UTC()
	r.add(Event{Kind: PutOff, Until: &at, Private: a.note()})
	return nil
}

// recall says that the day has come to which a case was put off.
func (s *Set) recall(r *run) {
	if at := r.c.Recall(); !at.IsZero() && !r.now.Before(at) {
		r.add(Event{Kind: Recalled, To: r.c.Assignee})
	}
}

// Recall is when a person is told of a case again that was put off; zero: it was not.
func (c *Case) Recall() time.Time {
	if c.State == Closed {
		return time.Time{}
	}
	return c.Later
}
