package mailproc

import (
	"context"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"sportello/rules"
	"sportello/store"
)

// Office is the desk as operators see it: the queue, the cases, the journal,
// and what can be done to them. Over a store opened for reading (the daemon is
// stopped) it answers questions and refuses acts.
type Office struct {
	*Desk
	Version string
	Running bool
}

// Rules are the procedures in force.
func (o *Office) Rules() *rules.Set { return o.Policy().Rules }

// Cases lists a page of the queue.
func (o *Office) Cases(_ context.Context, q rules.Query) (page rules.Page, err error) {
	err = o.Store.View(func(tx *store.Tx) error {
		f, err := o.filter(tx, q)
		if err != nil {
			return err
		}
		next, err := tx.Cases(f, func(c *rules.Case) bool {
			page.Cases = append(page.Cases, c)
			return true
		})
		page.Next = base64.RawURLEncoding.EncodeToString(next)
		return err
	})
	return page, told(err)
}

// filter turns a query into the store's.
func (o *Office) filter(tx *store.Tx, q rules.Query) (f store.Filter, err error) {
	f = store.Filter{State: q.State, Procedure: q.Procedure, Outcome: q.Outcome, Reason: q.Reason, Limit: q.Limit,
		Mailbox: strings.ToLower(strings.TrimSpace(q.Mailbox)), Search: rules.ParseSearch(q.Text), Newest: q.Order == "received", Assignee: q.Assignee, Task: q.Task}
	counts, err := tx.Counts()
	if err != nil {
		return f, err
	}
	var procedures []string
	for _, p := range o.Rules().Procedures {
		procedures = append(procedures, p.Name)
	}
	for _, n := range counts {
		if !slices.Contains(procedures, n.Procedure) {
			procedures = append(procedures, n.Procedure) // no longer in force
		}
	}
	if err := q.Check(procedures); err != nil {
		return f, err
	}
	if f.After, err = base64.RawURLEncoding.DecodeString(q.After); err != nil {
		return f, &rules.ErrRefused{Why: fmt.Sprintf("%q is no place in the list", q.After)}
	}
	if f.Limit == 0 {
		f.Limit = 50
	}
	if err := o.days(&f, q); err != nil {
		return f, err
	}
	if id := caseNamed(tx, q.Text); id != "" {
		f.Search = rules.ParseSearch(id)
	}
	return f, nil
}

// days puts what a query says of days into the store's filter.
func (o *Office) days(f *store.Filter, q rules.Query) error {
	cal, now := o.Rules().Calendar, o.Now()
	for _, x := range []struct {
		word string
		set  func(rules.Date)
	}{
		{q.From, func(d rules.Date) { f.From = cal.StartOfDay(d) }},
		{q.To, func(d rules.Date) { f.Before = cal.StartOfDay(cal.AddDays(d, 1)) }},
		{q.DueBy, func(d rules.Date) { f.OverdueAt = cal.StartOfDay(cal.AddDays(d, 1)) }},
	} {
		if x.word == "" {
			continue
		}
		d, err := cal.Day(x.word, now)
		if err != nil {
			return err
		}
		x.set(d)
	}
	if !f.From.IsZero() && !f.Before.IsZero() && !f.From.Before(f.Before) {
		return &rules.ErrRefused{Why: fmt.Sprintf("no day lies from %q to %q: the first is after the last", q.From, q.To)}
	}
	if q.Overdue && (f.OverdueAt.IsZero() || now.Before(f.OverdueAt)) {
		f.OverdueAt = now
	}
	return nil
}

// caseNamed is the case that one identifier names which a customer, a provider
// or a court quotes: that of a certified envelope or of a receipt for it, the
// Message-ID of a letter of ours, the SHA-256 of a message. "": none.
func caseNamed(tx *store.Tx, text string) string {
	name := strings.Trim(strings.TrimSpace(text), "<>")
	if name == "" || strings.ContainsAny(name, " \t") {
		return ""
	}
	if id, _, ok := tx.LetterOf(name); ok {
		return id
	}
	return tx.CaseKnownBy(name)
}

// Cards calls fn with what the queue knows of every case, until it returns false.
func (o *Office) Cards(_ context.Context, fn func(*rules.Card) bool) error {
	return told(o.Store.View(func(tx *store.Tx) error { return tx.Cards(fn) }))
}

// Case is one case with everything that explains it.
func (o *Office) Case(_ context.Context, id string) (*rules.Detail, error) {
	d := &rules.Detail{}
	err := o.Store.View(func(tx *store.Tx) (err error) {
		if d.Case, err = tx.Case(id); err != nil {
			return err
		}
		if d.Events, err = tx.CaseEvents(id); err != nil {
			return err
		}
		for _, m := range d.Case.Messages {
			v, err := messageView(tx, m)
			if err != nil {
				return err
			}
			d.Messages = append(d.Messages, *v)
		}
		if d.Case.State.Decidable() {
			d.Takes, err = o.takeable(tx, d.Case, "")
		}
		return err
	})
	if err != nil {
		return nil, told(err)
	}
	d.Explain()
	o.causes(d)
	d.Overdue, d.Verbs = d.Case.Overdue(o.Now()), d.Case.Verbs()
	for i, x := range d.Case.Steps {
		if d.Case.Stopped(x) {
			d.Case.Steps[i].State, d.Case.Steps[i].Due = rules.StepStopped, time.Time{}
		}
		if means := o.Rules().StepMeans(x.Do); means != "" {
			if d.Means == nil {
				d.Means = map[string]string{}
			}
			d.Means[x.Do] = means
		}
	}
	return d, nil
}

func messageView(tx *store.Tx, id uint64) (*rules.MessageView, error) {
	m, err := tx.Message(id)
	if err != nil {
		return nil, err
	}
	v := viewOf(&m)
	v.Facts, v.Proof, err = tx.MessageFacts(id)
	if v.Facts != nil {
		v.Verdict = v.Facts.Signature
	}
	return &v, err
}

func viewOf(m *store.Message) rules.MessageView {
	return rules.MessageView{ID: m.ID, Mailbox: m.Mailbox, Kind: string(m.Kind), Status: string(m.Status), Case: m.Case,
		Reason: m.Reason, Detail: m.Detail, Delivered: m.Delivered, Read: m.Read, Size: m.Size, Digest: hex.EncodeToString(m.Digest[:]),
		Archive: fmt.Sprintf("archive/%s.tar@%d", m.Place.Month, m.Place.Offset), Identifier: m.Identifier, Receipt: m.Receipt}
}

// Perform does an operator's act and answers with the case as it is then.
func (o *Office) Perform(ctx context.Context, id string, act rules.Act) (*rules.Detail, error) {
	if !o.Running {
		return nil, rules.ErrStopped
	}
	var ended []string
	err := o.Store.Update(ctx, func(tx *store.Tx) error {
		now := o.Now()
		ended = nil
		list, err := o.acts(tx, id, act, now)
		for _, x := range list {
			ended = append(ended, incidentsOver(x.c)...)
			more, err := o.after(tx, x.c, now)
			if err != nil {
				return err
			}
			if err := o.record(tx, append(x.events, more...)...); err != nil {
				return err
			}
		}
		return err
	})
	if err != nil {
		return nil, told(err)
	}
	for _, key := range ended {
		o.clear(key)
	}
	o.kick("send", "clock", "act")
	o.changed()
	return o.Case(ctx, id)
}

// incidentsOver are the incidents of a case that a person has just acted upon,
// and so has taken up, whatever he did.
func incidentsOver(c *rules.Case) []string {
	keys := []string{"case/" + c.ID, "read/" + c.ID, "later/" + c.ID}
	for _, kind := range ofCases {
		if over(kind, c) {
			keys = append(keys, kind+"/"+c.ID)
		}
	}
	return keys
}

// reasonOf is the reason of a case's last outcome: what came after it has its own.
func reasonOf(tx *store.Tx, id string) (why rules.Reason, err error) {
	events, err := tx.CaseEvents(id)
	for i := range events {
		if events[i].Outcome != "" && slices.Contains(outcomes, events[i].Kind) {
			why = events[i].Reason
		}
	}
	return why, err
}

// Preview is what an act would send, and the steps on the mailbox that would
// follow; nothing is done.
func (o *Office) Preview(_ context.Context, id string, act rules.Act) (letters []rules.LetterText, steps []rules.StepRun, err error) {
	err = o.Store.View(func(tx *store.Tx) error {
		list, err := o.acts(tx, id, act, o.Now())
		for _, x := range list {
			for _, e := range x.events {
				if e.Kind == rules.LetterOwed {
					letters = append(letters, *e.Private.Letter)
				}
			}
			if !x.c.State.Decidable() {
				steps = append(steps, slices.DeleteFunc(x.c.Steps, func(s rules.StepRun) bool { return s.State != rules.StepPlanned })...)
			}
		}
		return err
	})
	return letters, steps, told(err)
}

// Parked lists messages that are no request, newest first, older than before
// (0: from the newest on).
func (o *Office) Parked(_ context.Context, before uint64, limit int) (list []rules.MessageView, err error) {
	err = o.Store.View(func(tx *store.Tx) error {
		parked, err := tx.Parked(before, limit)
		for i := range parked {
			list = append(list, viewOf(&parked[i]))
		}
		return err
	})
	return list, told(err)
}

// Message is one stored message.
func (o *Office) Message(_ context.Context, id uint64) (v *rules.MessageView, err error) {
	err = o.Store.View(func(tx *store.Tx) error {
		v, err = messageView(tx, id)
		return err
	})
	if err == nil && v.Receipt != nil && v.Receipt.Error != "" {
		v.Cause = o.cause(id)
	}
	return v, told(err)
}

// Raw is a message's bytes as received, from the archive.
func (o *Office) Raw(_ context.Context, id uint64) (raw io.ReadCloser, err error) {
	var m store.Message
	err = o.Store.View(func(tx *store.Tx) error {
		m, err = tx.Message(id)
		return err
	})
	if err != nil {
		return nil, told(err)
	}
	return o.Store.Raw(m)
}

// Replay looks at a parked message again, with the procedures and the trust
// in force now.
func (o *Office) Replay(ctx context.Context, id uint64, author string) error {
	if !o.Running {
		return rules.ErrStopped
	}
	err := o.replay(ctx, id, author)
	if err == nil {
		o.kick("decide", "clock", "act", "send")
		o.changed()
	}
	return told(err)
}

// OpenParked makes a case of a parked message, which a person decides, and
// gives its number.
func (o *Office) OpenParked(ctx context.Context, id uint64, author string) (caseID string, err error) {
	if !o.Running {
		return "", rules.ErrStopped
	}
	caseID, err = o.openByHand(ctx, id, author)
	if err == nil {
		o.kick("clock")
		o.changed()
	}
	return caseID, told(err)
}

// Journal lists events from a height on; of one case, or all.
func (o *Office) Journal(_ context.Context, from uint64, limit int, caseID string) (events []rules.Event, err error) {
	err = o.Store.View(func(tx *store.Tx) error {
		if caseID == "" {
			events, err = tx.Journal(from, limit)
			return err
		}
		all, err := tx.CaseEvents(caseID)
		for _, e := range all {
			if e.Seq >= from && len(events) < limit {
				events = append(events, e)
			}
		}
		return err
	})
	return events, told(err)
}

// Verify proves the journal's chain.
func (o *Office) Verify(ctx context.Context) (uint64, error) {
	height, _, err := o.Store.Verify(ctx, nil)
	return height, err
}

// Reload puts procedures and trust in force and says so in the journal.
func (o *Office) Reload(p Policy) error {
	if err := o.SetPolicy(p); err != nil {
		return err
	}
	o.note(rules.Event{Kind: rules.Reloaded, Detail: fmt.Sprintf("%d procedures", len(p.Rules.Procedures))})
	o.clear("reload")
	return nil
}

// RetryNow tries again at once what waits for its next try: logins, letters,
// steps, the registry.
func (o *Office) RetryNow(ctx context.Context, author string) error {
	if !o.Running {
		return rules.ErrStopped
	}
	o.Log.Info("everything that waits is tried again", "by", author)
	return told(o.retryNow(ctx, author))
}

// ReadRegistry reads a registry's files now: a wrong one leaves the old in force.
func (o *Office) ReadRegistry() error {
	r, ok := o.Registry.(interface{ Again() error })
	if !ok {
		return nil
	}
	err := r.Again()
	o.watchRegistry()
	return err
}

// ReloadRefused tells a person that what was changed is not in force: who sent
// the signal hears nothing.
func (o *Office) ReloadRefused(err error) {
	o.raise("reload", "The new configuration, procedures or trust are wrong, and the old ones stay in force: "+oneLine(err))
}

// WantsRestart tells a person which keys of the configuration a reload does not
// put in force; none: all of it is.
func (o *Office) WantsRestart(keys []string) {
	if len(keys) == 0 {
		o.clear("restart")
		return
	}
	list := strings.Join(keys, ", ")
	o.raise("restart", "What was changed of the configuration is in force only after a restart: "+list)
}

// Status is the desk at a glance.
func (o *Office) Status(context.Context) (s rules.Status, err error) {
	s = rules.Status{Version: o.Version, Now: o.Now(), Running: o.Running}
	for _, h := range o.Health() {
		s.Mailboxes = append(s.Mailboxes, rules.BoxStatus{Name: h.Mailbox, Address: o.Address(h.Mailbox), CaughtUp: h.CaughtUp, Problem: h.Problem, Since: h.Since})
	}
	err = o.Store.View(func(tx *store.Tx) error {
		var hash [32]byte
		s.Height, hash = tx.Head()
		s.Head = hex.EncodeToString(hash[:])
		return counts(tx, &s)
	})
	s.DiskFree, _ = o.free()
	return s, err
}

func counts(tx *store.Tx, s *rules.Status) error {
	cases, err := tx.Counts()
	if err != nil {
		return err
	}
	s.Cases, s.Messages = map[rules.State]int{}, map[string]int{}
	for _, c := range cases {
		s.Cases[c.State] += c.N
	}
	if s.Tasks, err = tx.Tasks(); err != nil {
		return err
	}
	messages, parked, err := tx.MessageCounts()
	s.Parked = parked
	for status, n := range messages {
		s.Messages[string(status)] = n
	}
	return err
}

// told gives the store's errors the names that people outside it know.
func told(err error) error {
	if errors.Is(err, store.ErrNotFound) {
		return notFound{err}
	}
	return err
}

// notFound is the store's error under the name that people outside it know.
type notFound struct{ error }

func (e notFound) Is(target error) bool { return target == rules.ErrNotFound }
func (e notFound) Unwrap() error        { return e.error }
