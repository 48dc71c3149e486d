package mailproc

import (
	"testing"
	"time"

	"sportello/rules"
	"sportello/store"
)

// closed puts a calendar with these closures in force, as a restart does.
func (s *scene) closed(d *Desk, days ...string) *rules.Calendar {
	s.t.Helper()
	cal, err := rules.NewCalendar("Europe/Rome", days, false)
	if err != nil {
		s.t.Fatal(err)
	}
	p := *d.Policy()
	set := *p.Rules
	set.Calendar = cal
	p.Rules = &set
	if err := d.SetPolicy(p); err != nil {
		s.t.Fatal(err)
	}
	return cal
}

// TestWarnedBeforeALaterClosure: a request of Thursday 3 December is due on
// Wednesday 9, and its warning was set for Monday 7. When that Monday is closed
// afterwards, Friday 4 is the working day before: it is warned of then, once.
func TestWarnedBeforeALaterClosure(t *testing.T) {
	s := newScene(t)
	d := s.written()
	cal := s.closed(d)
	at := time.Date(2026, 12, 3, 10, 0, 0, 0, cal.Zone)
	if err := d.Store.Update(t.Context(), func(tx *store.Tx) error { return tx.Record(s.opened(d, 1, rules.Review, "presa-in-carico", at)...) }); err != nil {
		t.Fatal(err)
	}
	o := &Office{Desk: d}
	look := func(near int, warned bool) {
		t.Helper()
		if err := d.warnSooner(t.Context()); err != nil {
			t.Fatal(err)
		}
		f, err := o.Figures()
		if c := s.of(1); err != nil || f.Near != near || f.Overdue != 0 || c.Warned != warned {
			t.Errorf("at %s: near %d, overdue %d, warned %v: %v", d.local(d.Now()), f.Near, f.Overdue, c.Warned, err)
		}
	}
	s.clock.move(time.Date(2026, 12, 4, 9, 0, 0, 0, cal.Zone).Sub(s.clock.now()))
	look(0, false)
	s.closed(d, "2026-12-07")
	look(1, true)
	height := s.of(1).Version
	look(1, true)
	if n := s.of(1).Version; n != height {
		t.Errorf("it is warned of %d times more", n-height)
	}
}

// TestNearAcrossALongClosure: before three weeks of closure the working day
// before a term lies far ahead of it, and monitors see it all the same.
func TestNearAcrossALongClosure(t *testing.T) {
	s := newScene(t)
	d := s.written()
	var august []string
	for day := time.Date(2027, 8, 7, 0, 0, 0, 0, time.UTC); day.Day() < 28; day = day.AddDate(0, 0, 1) {
		august = append(august, day.Format(time.DateOnly))
	}
	cal := s.closed(d, august...)
	at := time.Date(2027, 8, 4, 10, 0, 0, 0, cal.Zone) // Wednesday; then Thursday, Friday, and Monday 30 August
	if err := d.Store.Update(t.Context(), func(tx *store.Tx) error { return tx.Record(s.opened(d, 1, rules.Review, "presa-in-carico", at)...) }); err != nil {
		t.Fatal(err)
	}
	if got, want := s.of(1).Due, cal.EndOfDay(rules.Date{Year: 2027, Month: time.August, Day: 30}); !got.Equal(want) {
		t.Fatalf("due %v, want %v", got, want)
	}
	for _, x := range []struct{ day, near, overdue int }{{5, 0, 0}, {6, 1, 0}, {20, 1, 0}, {30, 1, 0}, {31, 0, 1}} {
		s.clock.move(time.Date(2027, 8, x.day, 9, 0, 0, 0, cal.Zone).Sub(s.clock.now()))
		f, err := (&Office{Desk: d}).Figures()
		if err != nil || f.Near != x.near || f.Overdue != x.overdue {
			t.Errorf("on %d August: near %d, overdue %d, want %d and %d: %v", x.day, f.Near, f.Overdue, x.near, x.overdue, err)
		}
	}
}

// TestAlertsKeepTheNewClosures: on a day that a reload closes nobody is called
// again for what was told the day before, and on one that it opens somebody is.
func TestAlertsKeepTheNewClosures(t *testing.T) {
	s := newScene(t)
	told := &pager{}
	s.opt.Alerts = &Alerts{Sender: told, Store: &memory{}, Calendar: s.opt.Policy.Rules.Calendar, Log: silent(), Now: s.clock.now}
	if err := s.opt.Alerts.Open(); err != nil {
		t.Fatal(err)
	}
	d := s.written()
	cal := s.closed(d)
	at := func(day, hour int) {
		s.clock.move(time.Date(2026, 12, day, hour, 0, 0, 0, cal.Zone).Sub(s.clock.now()))
		d.Alerts.tell(t.Context())
	}
	at(3, 9)
	d.raise("disk", "full")
	for _, x := range []struct {
		day   int
		off   []string
		times int
	}{{3, nil, 1}, {4, []string{"2026-12-04"}, 1}, {7, []string{"2026-12-07"}, 1}, {7, nil, 2}, {8, nil, 2}} {
		s.closed(d, x.off...)
		at(x.day, 10)
		if n := told.times("disk"); n != x.times {
			t.Errorf("by %d December with %v closed, told %d times, want %d", x.day, x.off, n, x.times)
		}
	}
}
