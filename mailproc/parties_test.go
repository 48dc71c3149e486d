package mailproc

import (
	"context"
	"maps"
	"strings"
	"sync"
	"time"

	"sportello/rules"
)

// hand is the real clock, moved by the test.
type hand struct {
	mu    sync.Mutex
	ahead time.Duration
}

func (h *hand) now() time.Time {
	h.mu.Lock()
	defer h.mu.Unlock()
	return time.Now().Add(h.ahead)
}

func (h *hand) move(d time.Duration) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.ahead += d
}

// people is a registry in which every address is an active mailbox of Mario
// Rossi, unless a row says otherwise.
type people struct {
	mu     sync.Mutex
	down   bool
	asked  int
	rows   map[string]rules.MailboxFact
	orders map[string]rules.Order
}

func (p *people) Mailbox(_ context.Context, address string) (*rules.MailboxFact, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.asked++
	if p.down {
		return nil, ErrDown
	}
	if m, ok := p.rows[address]; ok {
		return &m, nil
	}
	if !strings.HasPrefix(address, "cliente") {
		return nil, nil
	}
	return &rules.MailboxFact{Address: address, Status: "active", Holder: "Mario Rossi"}, nil
}

func (p *people) Orders(_ context.Context, numbers []string) (out []rules.Order, err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.down {
		return nil, ErrDown
	}
	for _, n := range numbers {
		if o, ok := p.orders[n]; ok {
			out = append(out, o)
		}
	}
	return out, nil
}

func (p *people) set(down bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.down = down
}

// doer carries out steps and remembers them, as a provider's panel would: what
// was done under a key is not done again.
type doer struct {
	mu   sync.Mutex
	runs map[string]int // by do and key: how often it was truly done
	jobs int            // how often it was asked
	fail func(Job) error
}

func (a *doer) Run(_ context.Context, job Job) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.jobs++
	if a.fail != nil {
		if err := a.fail(job); err != nil {
			return err
		}
	}
	a.runs[job.Do+" "+job.Key]++
	return nil
}

func (a *doer) set(fail func(Job) error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.fail = fail
}

func (a *doer) done() map[string]int {
	a.mu.Lock()
	defer a.mu.Unlock()
	return maps.Clone(a.runs)
}

// pager keeps the alerts.
type pager struct {
	mu   sync.Mutex
	open []string
}

func (a *pager) Send(_ context.Context, al Alert) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	if !al.Clear {
		a.open = append(a.open, al.Incident)
	}
	return nil
}

func (a *pager) has(incident string) bool { return a.times(incident) > 0 }

func (a *pager) times(incident string) (n int) {
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, o := range a.open {
		if o == incident {
			n++
		}
	}
	return n
}
