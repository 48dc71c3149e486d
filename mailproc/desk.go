package mailproc

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"sportello/mailproc/mailbox"
	"sportello/mailproc/pec"
	"sportello/mailproc/submit"
	"sportello/rules"
	"sportello/store"
)

// Mailbox is a request mailbox: read by IMAP, answered by SMTP.
type Mailbox struct {
	Name    string
	Address string
	From    string // display name of the letters' From
	Read    mailbox.Account
	Send    submit.Account
	Senders int // SMTP connections used at once; 0: Options.Senders
}

// Policy is what a reload replaces as a whole: the procedures and the trust.
type Policy struct {
	Rules *rules.Set
	Trust *pec.Trust
	SHA1  string // accept, review, reject
}

// Options are the desk's parts, wired in one place (cmd/sportello).
type Options struct {
	Store     *store.Store
	Data      string // the store's folder: its free room is watched
	Mailboxes []Mailbox
	Domains   []string // mailbox domains the provider manages
	Policy    Policy
	Registry  Registry          // nil: none configured
	Actions   map[string]Action // by the step's word
	Alerts    *Alerts           // nil: none
	Log       *slog.Logger
	Now       func() time.Time // nil: wallClock

	UncertainWait  time.Duration        // how long receipts decide an uncertain letter; 0: 30 min
	AcceptanceWait time.Duration        // how long the acceptance receipt may take; 0: 24 h
	Senders        int                  // of a mailbox that does not say; 0: 4
	PeerHour       int                  // letters per address and hour before they are held; 0: 10
	PeerDay        int                  // 0: 30
	OrdinaryHour   int                  // guidance letters to ordinary addresses an hour; 0: 1000
	IndexAge       func() time.Duration // of the providers' index; nil: none
	IndexMaxAge    time.Duration        // older than this is an alert; 0: never
	DiskReserve    uint64               // free bytes below which intake stops; 0: DiskReserve

	// Retention is how long what is closed is kept, as of an instant; nil: the
	// desk removes nothing by itself.
	Retention func(now time.Time, set *rules.Set) (store.Retention, error)
	PurgeAt   time.Duration // after midnight: when the desk removes what its retention is over for

	pause time.Duration // of a stage for which there was no room on the disk; 0: 15 s
	grace time.Duration // for the letters on their way when the desk stops; 0: 20 s. A server may take ten minutes for its answer
}

// DiskReserve is the room below which intake stops, where nothing else is said.
const DiskReserve uint64 = 256 << 20

// Desk runs the stages over one store.
type Desk struct {
	Options
	policy   atomic.Pointer[Policy]
	kicks    map[string]chan struct{}
	boxes    sync.Map // mailbox name -> *boxState
	recent   *recent
	stucks   stuckCases
	underway underway
	progress progress
	full     atomic.Pointer[time.Time] // when there was last no room on the disk
	unmarked bool                      // the database had no mark before: it is new
	restored time.Time                 // when the desk first started on a copy of its database; zero: never
	watch    watchers
}

// wallClock is the time of day alone. With the steady reading that time.Now
// adds, an instant kept in memory would be compared by a clock that stands
// still while the machine sleeps, and the same one read back would not: of two
// looks at a case the first would find it due, and the second would not.
func wallClock() time.Time { return time.Now().Round(0) }

// New makes a desk; Run starts it.
func New(opt Options) (*Desk, error) {
	if opt.Now == nil {
		opt.Now = wallClock
	}
	if opt.Log == nil {
		opt.Log = slog.New(slog.DiscardHandler)
	}
	opt.UncertainWait = cmp.Or(opt.UncertainWait, 30*time.Minute)
	opt.AcceptanceWait = cmp.Or(opt.AcceptanceWait, 24*time.Hour)
	opt.Senders = cmp.Or(opt.Senders, 4)
	opt.PeerHour = cmp.Or(opt.PeerHour, 10)
	opt.PeerDay = cmp.Or(opt.PeerDay, 30)
	opt.OrdinaryHour = cmp.Or(opt.OrdinaryHour, 1000)
	opt.DiskReserve = cmp.Or(opt.DiskReserve, DiskReserve)
	opt.pause = cmp.Or(opt.pause, 15*time.Second)
	opt.grace = cmp.Or(opt.grace, 20*time.Second)
	d := &Desk{Options: opt, recent: newRecent(512), kicks: map[string]chan struct{}{}}
	for _, stage := range []string{"decide", "clock", "house", actStage(byHand)} {
		d.kicks[stage] = make(chan struct{}, 1)
	}
	for do := range opt.Actions {
		d.kicks[actStage(do)] = make(chan struct{}, 1)
	}
	for i := range opt.Mailboxes {
		opt.Mailboxes[i].Senders = cmp.Or(opt.Mailboxes[i].Senders, opt.Senders)
		d.boxes.Store(opt.Mailboxes[i].Name, &boxState{})
		d.kicks[sendStage(&opt.Mailboxes[i])] = make(chan struct{}, 1)
	}
	if d.Store != nil {
		d.Store.OnRecord(d.noteCopies)
	}
	return d, d.SetPolicy(opt.Policy)
}

// SetPolicy puts procedures and trust in force, for messages decided from now
// on; open cases keep the terms they were promised.
func (d *Desk) SetPolicy(p Policy) error {
	if p.Rules == nil {
		return fmt.Errorf("a desk needs its procedures")
	}
	addresses := map[string]string{}
	for _, b := range d.Mailboxes {
		addresses[b.Name] = b.Address
	}
	mark, err := d.mark()
	if err != nil {
		return err
	}
	p.Rules = p.Rules.Of(addresses, mark)
	d.policy.Store(&p)
	if d.Alerts != nil {
		d.Alerts.workBy(p.Rules.Calendar)
	}
	return nil
}

// SetTrust puts other trust in force beside the same procedures.
func (d *Desk) SetTrust(t *pec.Trust) {
	p := *d.Policy()
	p.Trust = t
	d.policy.Store(&p)
}

// mark is a short random name of this database, made at its first start: it
// is part of every Message-ID, so that the receipts of a database that was
// lost are never taken for those of this one.
func (d *Desk) mark() (mark string, err error) {
	if d.Store == nil { // a desk that only judges sends nothing
		return "0", nil
	}
	read := func(tx *store.Tx) error {
		v, err := tx.Get(store.Desk, "mark")
		mark = string(v)
		return err
	}
	if err := d.Store.View(read); err != nil || mark != "" {
		return mark, err
	}
	made := strings.ToLower(rand.Text()[:8])
	d.unmarked = true
	err = d.Store.Update(context.Background(), func(tx *store.Tx) error { return tx.Put(store.Desk, "mark", []byte(made)) })
	if errors.Is(err, store.ErrReadOnly) {
		return "0", nil
	}
	return made, err
}

// Policy is what is in force now.
func (d *Desk) Policy() *Policy { return d.policy.Load() }

// Run runs every stage until ctx ends, then lets what is begun end. It
// returns the first error that stops the desk: only the store's own.
func (d *Desk) Run(ctx context.Context) error {
	defer context.AfterFunc(ctx, d.stopping)()
	g, inner := errgroup.WithContext(ctx)
	run := func(stages ...func(context.Context) error) {
		for _, stage := range stages {
			g.Go(func() error { return d.keepOn(inner, stage) })
		}
	}
	if run(d.house); d.Alerts != nil { // also while there is no room to record the start
		run(d.Alerts.Run)
	}
	g.Go(func() error {
		err := d.keepOn(inner, d.begun)
		if err == nil {
			run(d.stages()...)
		}
		return err
	})
	err := g.Wait()
	if ctx.Err() != nil && errors.Is(err, context.Canceled) {
		return nil
	}
	return err
}

// stages are those that take their work from the store.
func (d *Desk) stages() []func(context.Context) error {
	out := []func(context.Context) error{d.decide, d.clock, func(ctx context.Context) error { return d.act(ctx, byHand) }}
	for do := range d.Actions {
		out = append(out, func(ctx context.Context) error { return d.act(ctx, do) })
	}
	for i := range d.Mailboxes {
		box := &d.Mailboxes[i]
		out = append(out,
			func(ctx context.Context) error { return d.receive(ctx, box) },
			func(ctx context.Context) error { return d.send(ctx, box) })
	}
	return out
}

// begun records the start.
func (d *Desk) begun(ctx context.Context) error {
	return d.Store.Update(ctx, func(tx *store.Tx) error {
		now := d.Now()
		if err := d.restoration(tx, now); err != nil {
			return err
		}
		return tx.Record(rules.Event{At: now, Kind: rules.Started})
	})
}

// keepOn runs a stage, and runs it again when there was no room on the disk:
// each takes its work from the store, so it goes on where it stood.
func (d *Desk) keepOn(ctx context.Context, stage func(context.Context) error) error {
	for {
		err := stage(ctx)
		if ctx.Err() != nil || !errors.Is(err, store.ErrNoSpace) && !errors.Is(err, errNoRoom) {
			return err
		}
		d.Log.Warn("no room: the stage waits", "error", err)
		now := time.Now()
		d.full.Store(&now)
		if errors.Is(err, store.ErrNoSpace) {
			d.raise("disk", "The disk is full: nothing is taken in, decided or sent until there is room. Nothing is lost: messages wait in their mailbox.")
		}
		d.kick("house") // it gives the all-clear
		if !pause(ctx, d.pause) {
			return ctx.Err()
		}
	}
}

// ofTheStore reports whether an error is about the store as a whole and not
// about one case: then the stage ends. Any other must not stop the rest.
func ofTheStore(ctx context.Context, err error) bool {
	for _, e := range []error{store.ErrNoSpace, store.ErrBroken, store.ErrClosed, store.ErrReadOnly} {
		if errors.Is(err, e) {
			return true
		}
	}
	return err != nil && ctx.Err() != nil
}

// Address is the address of a request mailbox by its name, "" if unknown.
func (d *Desk) Address(name string) string {
	for _, b := range d.Mailboxes {
		if b.Name == name {
			return b.Address
		}
	}
	return ""
}

func sendStage(box *Mailbox) string { return "send/" + box.Name }

// kick wakes stages; one kick waiting is enough. "send" wakes every mailbox's,
// "act" every action's.
func (d *Desk) kick(stages ...string) {
	for _, s := range stages {
		for name, c := range d.kicks {
			if name != s && !strings.HasPrefix(name, s+"/") {
				continue
			}
			select {
			case c <- struct{}{}:
			default:
			}
		}
	}
}

// Wake makes every stage look at the store and the clock at once.
func (d *Desk) Wake() { d.kick("decide", "clock", "act", "send") }

// wait sleeps until the stage is kicked, the given instant comes, or ctx ends.
// It never sleeps longer than half a minute: the wall clock may have jumped.
func (d *Desk) wait(ctx context.Context, stage string, until time.Time) error {
	pause := 30 * time.Second
	if !until.IsZero() {
		pause = min(max(until.Sub(d.Now()), 0), pause)
	}
	return d.sleep(ctx, stage, pause)
}

// sleep waits until the stage is kicked, the pause is over, or ctx ends.
func (d *Desk) sleep(ctx context.Context, stage string, pause time.Duration) error {
	t := time.NewTimer(pause)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-d.kicks[stage]:
	case <-t.C:
	}
	return nil
}

// boxState is what is known of a mailbox's connection.
type boxState struct {
	gate gate // of its letters

	mu       sync.Mutex
	caughtUp time.Time // everything in the folder at this instant is stored
	looked   time.Time // the same by the process's own clock
	late     time.Time // when a receipt was last read that came late, by the process's own clock
	poller   *mailbox.Poller
	problem  string
	since    time.Time
}

// Health is the state of a mailbox for people and monitors.
type Health struct {
	Mailbox  string    `json:"mailbox"`
	CaughtUp time.Time `json:"caught_up,omitzero"`
	Problem  string    `json:"problem,omitempty"`
	Since    time.Time `json:"since,omitzero"`
}

// Health lists the mailboxes with their last complete reading.
func (d *Desk) Health() []Health {
	var out []Health
	for _, b := range d.Mailboxes {
		s := d.box(b.Name)
		s.mu.Lock()
		out = append(out, Health{Mailbox: b.Name, CaughtUp: s.caughtUp, Problem: s.problem, Since: s.since})
		s.mu.Unlock()
	}
	return out
}

func (d *Desk) box(name string) *boxState {
	s, _ := d.boxes.Load(name)
	state, _ := s.(*boxState)
	if state == nil {
		state = &boxState{}
	}
	return state
}

// pause waits; false: ctx ended before.
func pause(ctx context.Context, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-t.C:
		return true
	}
}
