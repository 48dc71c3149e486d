package mailproc

import (
	"context"
	"errors"
	"sync"

	"sportello/rules"
	"sportello/store"
)

// watchers are told that something changed: the console's live queue, log -f.
type watchers struct {
	mu   sync.Mutex
	subs map[chan struct{}]struct{}
}

// Watch gives a channel that is sent to, at most once unread, whenever
// something changed in the store; stop ends it.
func (d *Desk) Watch() (changes <-chan struct{}, stop func()) {
	c := make(chan struct{}, 1)
	d.watch.mu.Lock()
	defer d.watch.mu.Unlock()
	if d.watch.subs == nil {
		d.watch.subs = map[chan struct{}]struct{}{}
	}
	d.watch.subs[c] = struct{}{}
	return c, func() {
		d.watch.mu.Lock()
		defer d.watch.mu.Unlock()
		delete(d.watch.subs, c)
	}
}

func (d *Desk) changed() {
	d.watch.mu.Lock()
	defer d.watch.mu.Unlock()
	for c := range d.watch.subs {
		select {
		case c <- struct{}{}:
		default:
		}
	}
}

// raise opens an incident, once; clear ends it with its all-clear.
func (d *Desk) raise(key, text string) {
	if d.Alerts == nil || d.Alerts.Raise(key, text) {
		d.Log.Warn("incident", "about", key)
		d.changed()
	}
}

func (d *Desk) clear(key string) {
	if d.Alerts != nil && d.Alerts.Clear(key) {
		d.Log.Info("incident over", "about", key)
		d.changed()
	}
}

// note records an event of the desk itself.
func (d *Desk) note(e rules.Event) {
	e.At = d.Now()
	err := d.Store.Update(context.Background(), func(tx *store.Tx) error { return tx.Record(e) })
	if err != nil {
		d.Log.Error("event could not be recorded", "kind", e.Kind, "error", err)
	}
}

// errNoRoom stops the intake before the disk is full, so that answering and
// deciding still can.
var errNoRoom = errors.New("the disk is nearly full: intake waits for room")

// room refuses intake while less than the reserve is free.
func (d *Desk) room(ctx context.Context) error {
	if free, known := d.free(); known && free < d.DiskReserve {
		d.raise("disk", d.noRoom(free))
		return errNoRoom
	}
	return ctx.Err()
}
