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

// wait says how long an attempt under these keys must still wait.
func (t *throttle) wait(now time.Time, keys ...string) (longest time.Duration) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, k := range keys {
		if f := t.keys[k]; f != nil {
			longest = max(longest, f.until.Sub(now))
		}
	}
	return longest
}

// failed counts a failure under these keys.
func (t *throttle) failed(now time.Time, keys ...string) {
	t.mu.Lock()
	defer t.mu.Unlock()
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
}

// passed forgets the failures under a key.
func (t *throttle) passed(key string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	delete(t.keys, key)
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
