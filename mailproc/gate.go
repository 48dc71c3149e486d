package mailproc

import (
	"sync"
	"time"
)

// gate is shut while the SMTP server takes no letter of a mailbox, whatever is
// in it: the login was refused, or the mailbox is barred. Its letters wait. When
// the time has come one of them goes first, and the others follow if it passes.
type gate struct {
	mu    sync.Mutex
	until time.Time
	shut  int // see times
}

// loginPause is how long a mailbox whose login was refused sends nothing: a
// provider locks the account of one that tries again and again.
const loginPause = 15 * time.Minute

// longestGate is beyond every pause: a gate that is shut for longer was shut by
// a clock that ran ahead.
const longestGate = 2 * time.Hour

// close shuts the gate for as long as pause says when it is shut the nth time
// in a row, and says until when; letters that were on their way together shut
// it once.
func (g *gate) close(now time.Time, pause func(n int) time.Duration) time.Time {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.closed(now) {
		return g.until
	}
	g.shut++
	g.until = now.Add(pause(g.shut))
	return g.until
}

func (g *gate) closed(now time.Time) bool {
	return now.Before(g.until) && g.until.Sub(now) <= longestGate
}

// shutUntil is zero when the gate is open.
func (g *gate) shutUntil(now time.Time) time.Time {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.closed(now) {
		return g.until
	}
	return time.Time{}
}

// open lets a letter try.
func (g *gate) open() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.until = time.Time{}
}

// passed notes that the server looked at a letter.
func (g *gate) passed() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.shut = 0
}

// times is how often the gate was shut since a letter passed.
func (g *gate) times() int {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.shut
}
