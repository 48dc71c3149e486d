package mailproc

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"sportello/rules"
)

// Alert is what a person is told of an incident.
type Alert struct {
	Incident string    `json:"incident"`
	Text     string    `json:"text"`
	Since    time.Time `json:"since"`
	Clear    bool      `json:"clear"` // the all-clear
}

// AlertSender tells a person.
type AlertSender interface {
	Send(ctx context.Context, a Alert) error
}

// AlertStore keeps what is open across restarts.
type AlertStore interface {
	LoadAlerts() (map[string][]byte, error)
	SaveAlerts(changes map[string][]byte) error // nil: forget it
}

// Alerts tells each incident once, again every day in working hours while it
// lasts, and its all-clear at the end. An incident's key is its kind, a slash
// and what it is about: "mailbox/disattivazioni".
type Alerts struct {
	Sender   AlertSender         // nil: who asks sees what is open, and nobody is told
	Say      func(string) string // a text in the language of who is told; nil: English
	Store    AlertStore
	Calendar *rules.Calendar
	Log      *slog.Logger
	Now      func() time.Time

	mu   sync.Mutex
	open map[string]*incident
	gone map[string]bool // forgotten, and not yet so in the store
	kick chan struct{}
}

// incident is one that is open, or whose all-clear is still owed.
type incident struct {
	Text  string    `json:"text"`
	Since time.Time `json:"since"`
	Told  time.Time `json:"told,omitzero"`
	Over  bool      `json:"over,omitempty"`
	News  bool      `json:"news,omitempty"` // it became another since, and that is told at once

	retry time.Time
	dirty bool // not yet in the store
}

// Open reads the incidents that were open when the desk last stopped.
func (a *Alerts) Open() error {
	if a.Now == nil {
		a.Now = wallClock
	}
	a.open, a.gone, a.kick = map[string]*incident{}, map[string]bool{}, make(chan struct{}, 1)
	saved, err := a.Store.LoadAlerts()
	for key, raw := range saved {
		i := &incident{}
		if json.Unmarshal(raw, i) == nil {
			a.open[key] = i
		}
	}
	return err
}

// Raise opens an incident, and reports whether it is new; of one that is open
// it only brings the text up to date. It may be called inside a transaction:
// saving is done by Run.
func (a *Alerts) Raise(key, text string) (opened bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.raise(key, text)
}

func (a *Alerts) raise(key, text string) (opened bool) {
	i := a.open[key]
	if i == nil {
		i = &incident{Since: a.Now(), Over: true}
		a.open[key] = i
	} else if i.Text == text && !i.Over {
		return false
	}
	opened = i.Over
	i.News = strings.HasPrefix(key, "promise/") && !opened && !i.Told.IsZero() // the target, the last day, the term: each is a word of its own
	i.Text, i.Over, i.dirty = text, false, key != unsent
	a.wake()
	return opened
}

// record is an open incident as the store keeps it; nil: it is over already.
func (a *Alerts) record(key string) []byte {
	a.mu.Lock()
	defer a.mu.Unlock()
	i := a.open[key]
	if i == nil {
		return nil
	}
	raw, _ := json.Marshal(i) // plain fields: it cannot fail
	return raw
}

// Clear ends an incident, and reports whether it was open. One that nobody was
// told of is simply forgotten.
func (a *Alerts) Clear(key string) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	i := a.open[key]
	if i == nil || i.Over {
		return false
	}
	if i.Told.IsZero() || a.Sender == nil {
		a.forget(key)
		return true
	}
	i.Over, i.dirty = true, true
	a.wake()
	return true
}

func (a *Alerts) forget(key string) {
	delete(a.open, key)
	a.gone[key] = true
	a.wake()
}

func (a *Alerts) wake() {
	select {
	case a.kick <- struct{}{}:
	default:
	}
}

// save brings the store up to date with what changed; what it cannot take now
// is saved the next time.
func (a *Alerts) save() {
	a.mu.Lock()
	changes, gone := map[string][]byte{}, a.gone
	for key := range gone {
		changes[key] = nil
	}
	a.gone = map[string]bool{}
	for key, i := range a.open {
		if i.dirty {
			changes[key], _ = json.Marshal(i) // plain fields: it cannot fail
			i.dirty = false
		}
	}
	a.mu.Unlock()
	if len(changes) == 0 {
		return
	}
	err := a.Store.SaveAlerts(changes)
	if err == nil {
		return
	}
	a.Log.Error("incidents could not be saved", "count", len(changes), "error", err)
	a.mu.Lock()
	defer a.mu.Unlock()
	for key := range changes {
		if i := a.open[key]; i != nil {
			i.dirty = true
		} else {
			a.gone[key] = true
		}
	}
}

// Incidents lists what is open, by key.
func (a *Alerts) Incidents() map[string]Alert {
	a.mu.Lock()
	defer a.mu.Unlock()
	out := map[string]Alert{}
	for key, i := range a.open {
		if !i.Over {
			out[key] = Alert{Incident: key, Text: i.Text, Since: i.Since}
		}
	}
	return out
}

// isOpen reports whether an incident is open.
func (a *Alerts) isOpen(key string) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	i := a.open[key]
	return i != nil && !i.Over
}

// Run tells people until ctx ends.
func (a *Alerts) Run(ctx context.Context) error {
	t := time.NewTicker(time.Minute)
	defer t.Stop()
	for {
		a.tell(ctx)
		a.save()
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-a.kick:
		case <-t.C:
		}
	}
}

// tell sends what is due; what cannot be sent is tried again.
func (a *Alerts) tell(ctx context.Context) {
	if a.Sender == nil {
		return
	}
	for _, t := range a.fold(a.due()) {
		err := a.Sender.Send(ctx, t.alert)
		if err != nil {
			a.Log.Error("alert could not be sent", "incident", t.alert.Incident, "error", err)
		}
		a.mu.Lock()
		for _, key := range t.keys {
			a.told(key, t.alert.Clear, err)
		}
		if ctx.Err() == nil {
			a.reached(err)
		}
		a.mu.Unlock()
	}
}

// told records how telling of an incident ended.
func (a *Alerts) told(key string, clear bool, err error) {
	i := a.open[key]
	switch {
	case i == nil: // ended meanwhile, before anybody knew
	case err != nil:
		i.retry = a.Now().Add(alertRetry)
	case !clear:
		i.Told, i.News, i.dirty = a.Now(), false, true
	case i.Over: // not raised again meanwhile
		a.forget(key)
	}
}

// telling is an alert and the incidents that it tells of.
type telling struct {
	alert Alert
	keys  []string
}

// due lists what is to be told now, in the order of its keys.
func (a *Alerts) due() (out []telling) {
	a.mu.Lock()
	defer a.mu.Unlock()
	now := a.Now()
	for _, key := range slices.Sorted(maps.Keys(a.open)) {
		i := a.open[key]
		if key == unsent || now.Before(i.retry) || i.Told.IsZero() && (early(key, now.Sub(i.Since)) || now.Before(a.patience(key, i.Since))) {
			continue
		}
		// One told of in the future was told by a clock that was wrong.
		again := now.Sub(i.Told) >= 24*time.Hour || i.Told.Sub(now) > time.Hour
		if i.Over || i.Told.IsZero() || i.News || again && a.workingHours(now) {
			out = append(out, telling{Alert{Incident: key, Text: a.say(i.Text), Since: i.Since, Clear: i.Over}, []string{key}})
		}
	}
	if i := a.open[unsent]; i != nil && len(out) == 0 && !now.Before(i.retry) { // that it arrives is the all-clear
		out = append(out, telling{Alert{Incident: unsent, Text: a.say(i.Text), Since: i.Since, Clear: true}, []string{unsent}})
	}
	return out
}

// unsent is the incident that nobody can be told of any: who asks sees it, and
// it ends with the next telling that arrives. It is not kept across a restart,
// which tries all of them again.
const unsent = "alert"

// reached notes whether people can be told.
func (a *Alerts) reached(err error) {
	switch {
	case err != nil:
		a.raise("alert", fmt.Sprintf("Nobody can be told of incidents: what [alert] names does not work. They are shown here alone, and telling them is tried again every five minutes. (%s)", oneLine(err)))
		a.open[unsent].retry = a.Now().Add(alertRetry)
	case a.open[unsent] != nil:
		a.forget(unsent)
	}
}

// lineGrace is how long a mailbox may be out of reach before a person is told:
// a server that is started anew is back by then. It is among the incidents at
// once, and what it puts in danger is told when it is in danger.
const lineGrace = 5 * time.Minute

// early reports whether an incident that is so old may yet pass by itself.
func early(key string, age time.Duration) bool {
	return strings.HasPrefix(key, "mailbox/") && age >= 0 && age < lineGrace // not by a clock that ran ahead
}

// workBy puts another calendar in force: closures that a reload brings.
func (a *Alerts) workBy(cal *rules.Calendar) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.Calendar = cal
}

// TellIn makes people be told in another language, which say puts a text in.
// It is for before Run.
func (a *Alerts) TellIn(say func(string) string) {
	a.Say = say
	if m, ok := a.Sender.(*AlertMail); ok {
		m.Say = say
	}
}

func (a *Alerts) say(text string) string {
	if a.Say == nil {
		return text
	}
	return a.Say(text)
}

// patience is until when an incident is only shown, and nobody is called: who
// has work to do sees it in the queue, and has a working day for it.
func (a *Alerts) patience(key string, since time.Time) time.Time {
	if strings.HasPrefix(key, "task/") {
		return a.Calendar.WorkingTerm(since, 1)
	}
	return since
}

const (
	alertRetry = 5 * time.Minute // after one that could not be sent
	alertFold  = 5               // more than so many of a kind go out as one
	alertLines = 20              // of those, so many are named
)

// fold makes one alert of many of a kind (promise/…, case/…): a mailbox that
// was unreachable for a day must not write a thousand messages to a person.
func (a *Alerts) fold(all []telling) (out []telling) {
	kind := func(t telling) string {
		k, _, _ := strings.Cut(t.alert.Incident, "/")
		return fmt.Sprintf("%s %t", k, t.alert.Clear)
	}
	count := map[string]int{}
	for _, t := range all {
		count[kind(t)]++
	}
	at := map[string]int{}
	for _, t := range all {
		k := kind(t)
		i, begun := at[k]
		switch {
		case count[k] <= alertFold:
			out = append(out, t)
		case !begun:
			at[k] = len(out)
			t.alert.Incident, _, _ = strings.Cut(t.alert.Incident, "/")
			t.alert.Text = a.say(fmt.Sprintf("%d incidents of a kind:", count[k])) + "\n" + t.alert.Text
			out = append(out, t)
		default:
			one := &out[i]
			one.keys = append(one.keys, t.keys...)
			if len(one.keys) <= alertLines {
				one.alert.Text += "\n" + t.alert.Text
			}
			if t.alert.Since.Before(one.alert.Since) {
				one.alert.Since = t.alert.Since
			}
		}
	}
	return out
}

// workingHours are nine to six on a working day.
func (a *Alerts) workingHours(now time.Time) bool {
	local := now.In(a.Calendar.Zone)
	return a.Calendar.WorkingDay(a.Calendar.Date(now)) && local.Hour() >= 9 && local.Hour() < 18
}
