package pectest

import (
	"log/slog"
	"sync"
	"time"
)

// item is a message to put into a mailbox.
type item struct {
	mailbox string
	raw     []byte
	at      time.Time
}

// postman delivers receipts one at a time, in order, and holds late ones back.
type postman struct {
	deliver func(mailbox string, raw []byte, at time.Time) error
	log     *slog.Logger

	mu     sync.Mutex
	idle   *sync.Cond // signalled when the queue is empty and nothing is under way
	busy   bool
	queue  []func() []item
	timers map[*time.Timer]bool
	closed bool
}

func newPostman(deliver func(string, []byte, time.Time) error, log *slog.Logger) *postman {
	if deliver == nil {
		deliver = func(string, []byte, time.Time) error { return nil }
	}
	p := &postman{deliver: deliver, log: log, timers: map[*time.Timer]bool{}}
	p.idle = sync.NewCond(&p.mu)
	return p
}

// after delivers what make returns, once the delay has passed.
func (p *postman) after(delay time.Duration, make func() []item) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed {
		return
	}
	if delay <= 0 {
		p.push(make)
		return
	}
	var t *time.Timer
	t = time.AfterFunc(delay, func() {
		p.mu.Lock()
		defer p.mu.Unlock()
		if !p.closed {
			delete(p.timers, t)
			p.push(make)
		}
	})
	p.timers[t] = true
}

// push queues work and starts the worker unless one is at it. p.mu is held.
func (p *postman) push(make func() []item) {
	p.queue = append(p.queue, make)
	if !p.busy {
		p.busy = true
		go p.work()
	}
}

func (p *postman) work() {
	for {
		p.mu.Lock()
		if len(p.queue) == 0 {
			p.busy = false
			p.idle.Broadcast()
			p.mu.Unlock()
			return
		}
		next := p.queue[0]
		p.queue = p.queue[1:]
		p.mu.Unlock()
		for _, it := range next() {
			if err := p.deliver(it.mailbox, it.raw, it.at); err != nil {
				p.log.Error("receipt not delivered", "mailbox", it.mailbox, "err", err)
			}
		}
	}
}

func (p *postman) settle() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for p.busy {
		p.idle.Wait()
	}
}

// close drops late work and waits for the rest.
func (p *postman) close() {
	p.mu.Lock()
	p.closed = true
	for t := range p.timers {
		t.Stop()
	}
	p.mu.Unlock()
	p.settle()
}
