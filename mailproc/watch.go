package mailproc

import "sync"

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
