package console

import (
	"sync"
	"time"
)

// throttle slows guessing of passwords: after a few failures under one name,
// or from one address, further attempts wait, twice as long each time.
type throttle struct {
	mu   sync.Mutex
	keys map[string]*failures
}

type failures struct {
	n     int
	until time.Time
	last  time.Time
}

const (
	freeTries    = 5
	firstWait    = 2 * time.Second
	longestWait  = 15 * time.Minute
	forgetAfter  = time.Hour
	throttleKeys = 10000
)

// begin says how long an attempt under these keys must still wait. One that
// need not is counted as failed before the password is looked at: of a thousand
// that come at once all but a few wait.
func (t *throttle) begin(now time.Time, keys ...string) (wait time.Duration) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, k := range keys {
		if f := t.keys[k]; f != nil {
			wait = max(wait, f.until.Sub(now))
		}
	}
	if wait > 0 {
		return wait
	}
	if t.keys == nil || len(t.keys) > throttleKeys {
		t.sweep(now)
	}
	for _, k := range keys {
		f := t.keys[k]
		if f == nil || now.Sub(f.last) > forgetAfter {
			f = &failures{}
			t.keys[k] = f
		}
		f.n++
		f.last = now
		if over := f.n - freeTries; over >= 0 {
			f.until = now.Add(min(firstWait<<min(over, 20), longestWait))
		}
	}
	return 0
}

// passed forgets the failures under a name, and under the other keys that this
// attempt was counted as one.
func (t *throttle) passed(name string, others ...string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	delete(t.keys, name)
	for _, k := range others {
		if f := t.keys[k]; f != nil && f.n > 0 {
			f.n--
			f.until = time.Time{}
		}
	}
}

// sweep drops what is old; what still waits stays.
func (t *throttle) sweep(now time.Time) {
	kept := map[string]*failures{}
	for k, f := range t.keys {
		if now.Before(f.until) {
			kept[k] = f
		}
	}
	t.keys = kept
}
