package mailproc

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"sportello/rules"
	"sportello/store"
)

// TestWatchCases: an alert of a promise ends with the answer, one of a case
// with the person who takes it up, and both when the case is no more.
func TestWatchCases(t *testing.T) {
	st, err := store.Open(t.TempDir(), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	now := time.Date(2026, 11, 25, 10, 0, 0, 0, time.UTC)
	clock := func() time.Time { return now }
	a := &Alerts{Sender: &post{}, Store: StoredAlerts{Store: st}, Log: silent(), Now: clock}
	if err := a.Open(); err != nil {
		t.Fatal(err)
	}
	d := &Desk{Options: Options{Store: st, Alerts: a, Log: silent(), Now: clock}}
	record := func(events ...rules.Event) {
		t.Helper()
		err := st.Update(t.Context(), func(tx *store.Tx) error { return tx.Record(events...) })
		if err != nil {
			t.Fatal(err)
		}
	}
	const id = "2026-000001"
	letter := &rules.LetterRef{N: 1, Name: "respinta", MessageID: "1." + id + "@pec.example.com"}
	record(rules.Event{At: now, Kind: rules.Opened, Case: id, Procedure: "disattivazione", Due: rules.At(now.Add(72 * time.Hour)), Private: &rules.Private{Mailbox: "mario@pec.example.it"}},
		rules.Event{At: now, Kind: rules.Decided, Case: id, Outcome: rules.Review})
	for _, key := range []string{"promise/" + id, "case/" + id, "promise/2025-000009", "disk"} {
		d.raise(key, "look")
	}
	look := func(what string, want ...string) {
		t.Helper()
		if err := d.watchCases(); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, slices.Sorted(maps.Keys(a.Incidents()))); diff != "" {
			t.Errorf("%s: open incidents (-want +got):\n%s", what, diff)
		}
	}
	o := d.observer(&Mailbox{Name: "disattivazioni"})
	o.Expunged([]uint32{7, 9})
	o.Missing([]uint32{8})
	for key, want := range map[string]string{"removed/disattivazioni": "(UID 7, 9)", "unfetched/disattivazioni": "(UID 8)"} {
		if text := a.Incidents()[key].Text; !strings.Contains(text, want) {
			t.Errorf("%s says %q, want %s in it", key, text, want)
		}
	}
	now = now.Add(unreadFor)
	look("messages that may be requests, for five days", "case/"+id, "disk", "promise/"+id, "removed/disattivazioni", "unfetched/disattivazioni")
	now = now.Add(houseEvery)
	look("and no longer", "case/"+id, "disk", "promise/"+id)
	d.raise("promise/2025-000009", "look")
	look("at once, when what raised them may not be committed", "case/"+id, "disk", "promise/2025-000009", "promise/"+id)
	now = now.Add(2 * houseEvery)
	look("a case purged", "case/"+id, "disk", "promise/"+id)
	record(rules.Event{At: now, Kind: rules.EventRejected, Case: id, Outcome: rules.Reject, Author: "anna"},
		rules.Event{At: now, Kind: rules.LetterOwed, Case: id, Letter: letter, Private: &rules.Private{Letter: &rules.LetterText{To: "mario@pec.example.it"}}})
	look("decided by a person", "disk", "promise/"+id)
	record(rules.Event{At: now, Kind: rules.LetterReceipt, Case: id, Letter: letter, Receipt: &rules.ReceiptRef{Kind: rules.ReceiptAccepted, At: now}})
	look("answered", "disk")
	const paid = "2026-000002"
	step := &rules.StepRef{N: 1, Do: "refund"}
	record(rules.Event{At: now, Kind: rules.Opened, Case: paid, Procedure: "recesso-rinnovo", Private: &rules.Private{Mailbox: "luca@pec.example.it"}},
		rules.Event{At: now, Kind: rules.Decided, Case: paid, Outcome: rules.Accept, Steps: []rules.Step{{Do: "refund", After: "delivered"}}},
		rules.Event{At: now, Kind: rules.StepAsked, Case: paid, Step: step})
	look("a step asked of a person by an earlier version", "disk", "task/"+paid)
	now = now.Add(2 * houseEvery)
	record(rules.Event{At: now, Kind: rules.StepDone, Case: paid, Step: step, Author: "anna"})
	look("done", "disk")
}

// TestIncidentsOfTheHouse: what surrounds the desk is one incident each, and
// over when it is over.
func TestIncidentsOfTheHouse(t *testing.T) {
	s := newScene(t)
	d := s.written()
	d.Alerts = &Alerts{Sender: s.told, Store: StoredAlerts{Store: s.store}, Calendar: d.Policy().Rules.Calendar, Log: silent(), Now: s.clock.now}
	if err := d.Alerts.Open(); err != nil {
		t.Fatal(err)
	}
	free, known := d.free()
	if !known {
		t.Fatal("nobody knows how much room there is")
	}
	age := 8 * 24 * time.Hour
	d.IndexAge, d.IndexMaxAge = func() time.Duration { return age }, 7*24*time.Hour
	o := d.observer(&d.Mailboxes[0])
	for _, x := range []struct {
		key        string
		open, over func()
	}{
		{"quota/disattivazioni", func() { o.Quota(950, 1000, "KiB") }, func() { o.Quota(900, 1000, "KiB") }},
		{"quota/disattivazioni", func() { o.Quota(5, 5, "messages") }, func() { o.Quota(4, 5, "messages") }},
		{"login/disattivazioni", func() { o.LoginRefused(errors.New("NO")) }, func() { o.CaughtUp(time.Now()) }},
		{"mailbox/disattivazioni", func() { o.Unreachable(errors.New("refused")); o.Unreachable(errors.New("refused")) }, func() { o.CaughtUp(time.Now()) }},
		{"index", d.watchIndex, func() { age = time.Hour; d.watchIndex() }},
		{"disk", func() { d.DiskReserve = free; d.watchDisk() }, func() { d.DiskReserve = 1; d.watchDisk() }},
		{"disk", func() { d.DiskReserve = 2 * free; d.watchDisk() }, func() { d.DiskReserve = 1; d.watchDisk() }}, // below the reserve, with no mail arriving
	} {
		x.open()
		if !s.incident(x.key) {
			t.Errorf("%s: nobody is told", x.key)
		}
		s.clock.move(lineGrace)
		d.Alerts.tell(t.Context())
		x.over()
		if s.incident(x.key) {
			t.Errorf("%s: it is not over", x.key)
		}
		d.Alerts.tell(t.Context()) // the all-clear
		if !s.told.has(x.key) {
			t.Errorf("%s: the pager is silent", x.key)
		}
	}
	now := time.Now()
	d.full.Store(&now) // a quota, say: no figure shows it
	d.raise("disk", "full")
	if d.watchDisk(); !s.incident("disk") {
		t.Error("the all-clear comes while writing fails")
	}
}

// TestCertificateEnds: a person is told a month before our own customers'
// messages would no more be proved, and as long as they are not.
func TestCertificateEnds(t *testing.T) {
	s := newScene(t)
	d := s.written()
	d.Alerts = &Alerts{Store: StoredAlerts{Store: s.store}, Calendar: d.Policy().Rules.Calendar, Log: silent(), Now: s.clock.now}
	if err := d.Alerts.Open(); err != nil {
		t.Fatal(err)
	}
	const key = "certificate/pec.example.it"
	end := s.world.Customers.Signer.Cert.NotAfter
	text := ""
	for _, x := range []struct {
		at   time.Time
		says string
	}{
		{end.Add(-certificateNotice - time.Hour), ""},
		{end.Add(-certificateNotice + time.Hour), "ends on"},
		{end.Add(time.Hour), "ended on"},
	} {
		d.Now = func() time.Time { return x.at }
		d.watchCertificates()
		if text = d.Alerts.Incidents()[key].Text; (x.says == "") != (text == "") || !strings.Contains(text, x.says) {
			t.Errorf("at %s a person is told %q, want that it %q", x.at, text, x.says)
		}
	}
	d.Now = s.clock.now // a new index came
	if d.watchCertificates(); s.incident(key) {
		t.Error("it is not over with a certificate that lasts")
	}
}

// TestClockWentBack: with a clock behind the journal no step begins that
// cannot be taken back, and a person is told; where that would last longer than
// a day he is asked to do the step. What can be taken back goes on.
func TestClockWentBack(t *testing.T) {
	dir := t.TempDir()
	st, err := store.Open(dir, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { st.Close() }()
	noon := time.Date(2026, 11, 25, 12, 0, 0, 0, time.UTC)
	now := noon
	clock := func() time.Time { return now }
	a := &Alerts{Store: StoredAlerts{Store: st}, Log: silent(), Now: clock}
	if err := a.Open(); err != nil {
		t.Fatal(err)
	}
	d := &Desk{Options: Options{Store: st, Alerts: a, Log: silent(), Now: clock, Actions: map[string]Action{"close": deaf{}, "read-only": deaf{}}}}
	d.policy.Store(&Policy{Rules: &rules.Set{Calendar: &rules.Calendar{Zone: time.UTC}}})
	begun := func(do string) (state rules.StepState) {
		t.Helper()
		c := &rules.Case{ID: "2026-000001", State: rules.Accepted, Steps: []rules.StepRun{{N: 1, Step: rules.Step{Do: do}, State: rules.StepDue, Due: noon.Add(-time.Hour)}}}
		undone := errors.New("undone")
		err := st.Update(t.Context(), func(tx *store.Tx) error {
			if err := tx.Record(rules.Event{At: noon.Add(-time.Hour), Kind: rules.Opened, Case: c.ID, Private: &rules.Private{Mailbox: "mario@pec.example.it"}},
				rules.Event{At: noon.Add(-time.Hour), Kind: rules.Decided, Case: c.ID, Outcome: rules.Accept, Steps: []rules.Step{{Do: do, After: "delivered"}}}); err != nil {
				return err
			}
			_, err := d.begin(tx, c, 1)
			now, err2 := tx.Brief(c.ID)
			if err2 == nil {
				state = now.Steps[0].State
			}
			return errors.Join(err, err2, undone)
		})
		if !errors.Is(err, undone) {
			t.Fatal(err)
		}
		return state
	}
	look := func(what string, incident bool, closes rules.StepState) {
		t.Helper()
		if err := d.watchClock(); err != nil {
			t.Fatal(err)
		}
		if _, open := a.Incidents()["clock"]; open != incident || begun("close") != closes || begun("read-only") != rules.StepRunning {
			t.Errorf("%s: incident %v, the closing is %q", what, open, begun("close"))
		}
	}
	look("a clock that is right", false, rules.StepRunning)
	now = noon.AddDate(0, 0, 7)
	d.note(rules.Event{Kind: rules.Started})
	look("ahead, as far as anybody knows", false, rules.StepRunning)
	now = noon
	d.note(rules.Event{Kind: rules.Started}) // the last entry is no longer the latest
	look("set right", true, rules.StepWithHuman)
	if err := st.Close(); err != nil {
		t.Fatal(err)
	}
	if st, err = store.Open(dir, store.Options{}); err != nil {
		t.Fatal(err)
	}
	d.Store = st
	look("started again", true, rules.StepWithHuman)
	now = noon.AddDate(0, 0, 6)
	look("a day behind", true, rules.StepPlanned)
	now = noon.AddDate(0, 0, 7).Add(time.Minute)
	look("past it", false, rules.StepRunning)
}

// deaf is an action that nobody calls.
type deaf struct{}

func (deaf) Run(context.Context, Job) error { return nil }
