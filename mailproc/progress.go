package mailproc

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"sportello/store"
)

// progress is when each stage last came round, by the process's own clock.
// A stage that sleeps wakes every half minute; one that works says so at each
// piece. Those that wait for others by their own limits are left out: sending
// and acting.
type progress struct {
	mu sync.Mutex
	m  map[string]pulse
}

type pulse struct {
	last  time.Time
	limit time.Duration // silent for longer, the stage is stuck
}

// stageLimit bounds one piece of work of a stage: a batch decided while the
// registry hangs takes some twenty seconds.
const stageLimit = 10 * time.Minute

func (p *progress) beat(stage string, limit time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.m == nil {
		p.m = map[string]pulse{}
	}
	p.m[stage] = pulse{time.Now(), limit}
}

// stuck names the stages that have not come round for too long.
func (p *progress) stuck() (names []string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for name, x := range p.m {
		if time.Since(x.last) > x.limit {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// folderLimit bounds the silence of a mailbox's reader: the longest of its
// pauses, and a large message by a slow line.
func folderLimit(box *Mailbox) time.Duration {
	return max(time.Hour, 2*box.Read.Renew, 2*box.Read.LoginRetry)
}

// Stalled is why the desk makes no progress; nil while it does: its store
// takes writes, or waits for room on the disk, and its stages come round.
// systemd's watchdog asks it.
func (o *Office) Stalled() error {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	err := o.Store.Update(ctx, func(*store.Tx) error { return nil })
	if err != nil && !errors.Is(err, store.ErrNoSpace) {
		return fmt.Errorf("the store takes no writes: %w", err)
	}
	if stuck := o.progress.stuck(); len(stuck) > 0 {
		return fmt.Errorf("no progress: %s", strings.Join(stuck, ", "))
	}
	return nil
}
