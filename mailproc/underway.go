package mailproc

import (
	"context"
	"maps"
	"slices"
	"sync"
	"time"
)

// underway is what the desk has begun outside itself and lets end when it
// stops: letters on their way, steps.
type underway struct {
	mu sync.Mutex
	m  map[string]bool
}

// begin notes one until end.
func (u *underway) begin(what string) (end func()) {
	u.mu.Lock()
	defer u.mu.Unlock()
	if u.m == nil {
		u.m = map[string]bool{}
	}
	u.m[what] = true
	return func() {
		u.mu.Lock()
		defer u.mu.Unlock()
		delete(u.m, what)
	}
}

func (u *underway) list() []string {
	u.mu.Lock()
	defer u.mu.Unlock()
	return slices.Sorted(maps.Keys(u.m))
}

// outlast is a context that ends a while after ctx, or with over.
func outlast(ctx context.Context, while time.Duration) (longer context.Context, over func()) {
	longer, end := context.WithCancel(context.WithoutCancel(ctx))
	stop := context.AfterFunc(ctx, func() {
		pause(longer, while)
		end()
	})
	return longer, func() { stop(); end() }
}

// stopping says what a stop waits for.
func (d *Desk) stopping() {
	if begun := d.underway.list(); len(begun) > 0 {
		d.Log.Info("stopping: what is begun is let end", "begun", begun)
	}
}
