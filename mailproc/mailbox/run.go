package mailbox

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/emersion/go-imap/v2"
)

const (
	windowSize = 4096 // UIDs listed at a time

	// Connections that may end while a message is fetched before it is fetched after all the others, and before it is
	// given up. It is given up only when other bodies came meanwhile: a line on which no body comes is not the message's
	// fault.
	suspicious = 2
	hopeless   = 5
)

// run is the state of one Run.
type run struct {
	*Poller
	acc    Account
	log    *slog.Logger
	store  *storer
	cur    *batch // being filled
	cursor Cursor // handed to the store; the sessions go on from here
	base   uint32 // cursor of the current window's beginning

	known   []Known // the last messages handed over
	deaths  map[uint32]deaths
	had     map[uint32]bool // handed over beyond the cursor
	huge    map[uint32]bool // announced larger than listed
	proven  bool            // a body came since the first suspicion
	moved   bool            // something was handed over, or waited for, since the last failure
	lost    []uint32
	gone    []uint32
	backoff time.Duration
	asked   time.Time // of the quota
	copyBuf []byte
	one     [1]byte
}

// deaths counts the connections that ended while one message was awaited.
type deaths struct {
	count int
	since time.Time
}

// Run reads until ctx ends, and returns nil then; it returns an error when the account is impossible or the Sink failed,
// in which case the caller begins again from its own cursor. from is the cursor the Sink stored last.
func (p *Poller) Run(ctx context.Context, from Cursor) error {
	if err := p.Account.Check(); err != nil {
		return err
	}
	r := &run{Poller: p, acc: p.Account.withDefaults(), log: p.Log, cursor: from, known: slices.Clone(p.Known)}
	if r.log == nil {
		r.log = slog.New(slog.DiscardHandler)
	}
	r.log = r.log.With("mailbox", p.Account.Name)
	sweep(r.acc.Spool)
	r.forget()
	r.store = newStorer(ctx, p.Sink, r.acc.BatchCount)
	defer r.store.close()
	r.cur = <-r.store.free
	for {
		err := r.connection(ctx)
		if serr := r.store.failed(); serr != nil {
			return fmt.Errorf("mailbox %s: store: %w", p.Account.Name, serr)
		}
		if ctx.Err() != nil {
			return nil
		}
		t := time.NewTimer(r.nextWait(err))
		select {
		case <-ctx.Done():
		case <-r.again.channel():
			r.backoff = 0
		case <-t.C:
		}
		t.Stop()
	}
}

// nextWait tells the observer why the connection ended and returns the pause before the next.
func (r *run) nextWait(err error) time.Duration {
	if errors.Is(err, ErrLogin) {
		r.log.Error("login refused", "error", err, "again_in", r.acc.LoginRetry)
		if r.Observer.LoginRefused != nil {
			r.Observer.LoginRefused(err)
		}
		return r.acc.LoginRetry
	}
	if r.moved {
		r.backoff, r.moved = 0, false
	}
	r.backoff = max(r.acc.RetryMin, min(2*r.backoff, r.acc.RetryMax))
	wait := r.backoff/2 + rand.N(r.backoff/2+1) // not all mailboxes at once
	r.log.Warn("connection ended", "error", err, "again_in", wait)
	if r.Observer.Unreachable != nil {
		r.Observer.Unreachable(err)
	}
	return wait
}

// connection is one connection's life.
func (r *run) connection(ctx context.Context) (err error) {
	s, err := open(ctx, r.acc)
	if err != nil {
		return err
	}
	defer s.close()
	defer func() { err = s.hide(err) }()
	r.log.Debug("connected and logged in", "server", r.acc.URL, "folder", r.acc.Folder, "uidvalidity", s.validity, "uidnext", s.uidNext)
	for first := true; ; first = false {
		if err := r.place(ctx, s); err != nil {
			return err
		}
		if first && r.Observer.Connected != nil {
			r.Observer.Connected()
		}
		if err := r.follow(ctx, s); err != nil {
			return err
		}
		if err := s.examine(); err != nil {
			return err
		}
	}
}

// follow reads what is there and what comes, until the folder is to be opened anew.
func (r *run) follow(ctx context.Context, s *session) error {
	for time.Since(s.opened) < r.acc.Reopen {
		at, err := r.catchUp(ctx, s)
		if err != nil {
			return err
		}
		if err := r.store.drain(ctx, &r.cur); err != nil {
			return err
		}
		if err := r.quota(s); err != nil {
			return err
		}
		r.log.Debug("the folder is read to its end", "uid", r.cursor.UID)
		if r.Observer.CaughtUp != nil {
			r.Observer.CaughtUp(at)
		}
		if err := s.wait(ctx, r.kick.channel()); err != nil {
			return err // at the first IDLE, perhaps, and so each time: that it was read to its end is not enough to come back at once
		}
		r.moved = true
	}
	return nil
}

// place puts the cursor where reading begins in this folder.
func (r *run) place(ctx context.Context, s *session) error {
	old := r.cursor.UIDValidity
	if old == s.validity {
		if back, err := r.wentBack(s); !back || err != nil {
			return err
		}
	}
	uid, err := r.beginning(s, old == 0)
	if err != nil {
		return err
	}
	if old != 0 {
		r.log.Warn("folder was made anew", "old", old, "new", s.validity)
		if r.Observer.NewValidity != nil {
			r.Observer.NewValidity(old, s.validity)
		}
	}
	r.forget()
	r.known = nil
	r.cursor = Cursor{s.validity, uid}
	moved := r.moved
	err = r.handAlways(ctx, uid) // durable at once: "from now" must not move when we stop before the first message
	r.moved = moved              // a server that makes the folder anew on each connection, and ends it, is no success
	return err
}

// compared is how many of the last messages are compared with what the server has under their numbers.
const compared = 32

// wentBack reports whether the folder was put back to an earlier state, as from a backup, and kept its UIDVALIDITY: then
// new messages get numbers that lie before the cursor. It shows in UIDNEXT, unless what has a later number is still there:
// then only the server's count lags. Or, when as many messages have come since, it shows in the dates of the messages that
// have those numbers now.
func (r *run) wentBack(s *session) (bool, error) {
	back := s.uidNext > 0 && s.uidNext <= r.cursor.UID
	last := r.known[max(0, len(r.known)-compared):]
	if len(last) == 0 {
		return back, nil
	}
	var set imap.UIDSet
	for _, k := range last {
		set.AddNum(imap.UID(k.UID))
	}
	now, err := s.listSet(set, true)
	for _, l := range now {
		if slices.ContainsFunc(last, func(k Known) bool {
			return k.UID == l.uid && !k.Delivered.IsZero() && !l.delivered.IsZero() && !k.Delivered.Equal(l.delivered)
		}) {
			return true, nil
		}
		back = back && l.uid < s.uidNext
	}
	return back, err
}

// beginning is the UID after which reading begins in a folder with a new UIDVALIDITY.
func (r *run) beginning(s *session, first bool) (uint32, error) {
	if r.acc.SinceMode == SinceNow && first {
		if s.uidNext > 0 {
			return s.uidNext - 1, nil
		}
		all, err := s.searchUID(1, 0)
		if err != nil || len(all) == 0 {
			return 0, err
		}
		return all[len(all)-1], nil
	}
	if r.acc.SinceMode == SinceAll || r.acc.Since.IsZero() {
		return 0, nil
	}
	return r.before(s, r.acc.Since)
}

// before returns the UID before the first message delivered at since or later; the last UID when there is none. SEARCH
// knows only dates, in the server's own zone (RFC 9051 §6.4.4): it is asked two days more, the rest is seen in the list.
func (r *run) before(s *session, since time.Time) (uint32, error) {
	found, err := s.search(&imap.SearchCriteria{Since: since.AddDate(0, 0, -2)})
	if err != nil {
		return 0, err
	}
	for len(found) > 0 {
		part := found[:min(len(found), windowSize)]
		items, err := s.list(part[0], part[len(part)-1], true)
		if err != nil {
			return 0, err
		}
		for _, l := range items {
			if !l.delivered.Before(since) {
				return l.uid - 1, nil
			}
		}
		found = found[len(part):]
	}
	if s.uidNext > 0 {
		return s.uidNext - 1, nil
	}
	return 0, nil
}

// catchUp brings in everything behind the cursor and returns an instant at which there was nothing more.
func (r *run) catchUp(ctx context.Context, s *session) (time.Time, error) {
	var at time.Time
	for {
		w, err := r.nextWindow(s)
		if err != nil {
			return at, err
		}
		if len(w.items) == 0 {
			r.cursor.UID = max(r.cursor.UID, w.end)
			if r.cursor.UID+1 < s.uidNext {
				continue
			}
			if !at.IsZero() {
				return at, nil
			}
			// A server shows a new message only after it could say so: ask for that, and look once more.
			at = time.Now()
			if err := s.noop(); err != nil {
				return at, err
			}
			continue
		}
		at, s.calm = time.Time{}, 0
		r.base = r.cursor.UID
		for _, l := range w.items {
			if r.had[l.uid] {
				w.settle(l.uid)
			}
		}
		err = r.readWindow(ctx, s, w)
		if herr := r.hand(ctx, w.cursor()); herr != nil || err != nil { // what came whole before the end is kept
			r.remember(w)
			return at, errors.Join(err, herr)
		}
		clear(r.had)
		r.tell()
	}
}

// remember notes what was handed over beyond the cursor, so that the next connection does not fetch it again.
func (r *run) remember(w *window) {
	for i := w.settled; i < len(w.items); i++ {
		if w.done[i] {
			r.had[w.items[i].uid] = true
		}
	}
	r.tell()
}

// nextWindow lists what comes behind the cursor. Up to the UIDNEXT of the opening it goes by stretches of UIDs, so that
// a backlog costs no memory; a stretch without messages is jumped over by a SEARCH.
func (r *run) nextWindow(s *session) (*window, error) {
	from := r.cursor.UID + 1
	if from >= s.uidNext || s.uidNext == 0 {
		items, err := s.list(from, 0, false)
		end := r.cursor.UID
		if len(items) > 0 {
			end = items[len(items)-1].uid
		}
		return newWindow(items, end), err
	}
	last := s.uidNext - 1
	if last-from >= windowSize { // in this order: near their end UIDs must not wrap
		last = from + windowSize - 1
	}
	items, err := s.list(from, last, false)
	if err != nil || len(items) > 0 || last == s.uidNext-1 {
		return newWindow(items, last), err
	}
	there, err := s.searchUID(last+1, s.uidNext-1)
	if err != nil || len(there) == 0 {
		return newWindow(nil, s.uidNext-1), err
	}
	return newWindow(nil, there[0]-1), nil
}

// blame notes the message that was awaited when the connection ended. Our own disk is nobody's fault, nor is a stop.
func (r *run) blame(err error, open []listed) {
	var own errSpool
	if len(open) == 0 || errors.As(err, &own) || errors.Is(err, context.Canceled) || errors.Is(err, errStore) {
		return
	}
	if len(r.deaths) == 0 {
		r.proven = false
	}
	d := r.deaths[open[0].uid]
	if d.count == 0 {
		d.since = time.Now()
	}
	d.count++
	r.deaths[open[0].uid] = d
}

// forget drops what was learned about single messages.
func (r *run) forget() {
	r.deaths, r.huge, r.had = map[uint32]deaths{}, map[uint32]bool{}, map[uint32]bool{}
}

// tell reports what was lost and gone in the window.
func (r *run) tell() {
	if len(r.lost) > 0 && r.Observer.Missing != nil {
		r.Observer.Missing(slices.Clone(r.lost))
	}
	if len(r.gone) > 0 && r.Observer.Expunged != nil {
		r.Observer.Expunged(slices.Clone(r.gone))
	}
	r.lost, r.gone = r.lost[:0], r.gone[:0]
}

// statusError reports whether the server answered NO or BAD: the connection is sound.
func statusError(err error) bool {
	var status *imap.Error
	return errors.As(err, &status)
}
