package console

import (
	"slices"
	"sync"
	"time"
)

// presence is who has which case open, so that two operators on one case see
// each other. It is a courtesy: what stops a second decision is the version.
type presence struct {
	mu   sync.Mutex
	open map[string]map[string]*visit // case -> user
	subs map[string]map[chan struct{}]struct{}
}

type visit struct {
	live int // event streams open now
	seen time.Time
}

// lingers is how long a page without JavaScript counts as being looked at.
const lingers = 2 * time.Minute

// enter notes a look at a case; live says that leave will follow.
func (p *presence) enter(id, user string, now time.Time, live bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.open == nil {
		p.open, p.subs = map[string]map[string]*visit{}, map[string]map[chan struct{}]struct{}{}
	}
	if p.open[id] == nil {
		p.open[id] = map[string]*visit{}
	}
	v := p.open[id][user]
	if v == nil {
		v = &visit{}
		p.open[id][user] = v
	}
	v.seen = now
	if live {
		v.live++
	}
	p.tell(id)
}

// leave ends a live look at a case.
func (p *presence) leave(id, user string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	v := p.open[id][user]
	if v == nil {
		return
	}
	if v.live--; v.live <= 0 {
		delete(p.open[id], user)
		if len(p.open[id]) == 0 {
			delete(p.open, id)
		}
	}
	p.tell(id)
}

// others are who else looks at a case, by name.
func (p *presence) others(id, me string, now time.Time) (out []string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for name, v := range p.open[id] {
		switch {
		case v.live <= 0 && now.Sub(v.seen) > lingers:
			delete(p.open[id], name)
		case name != me:
			out = append(out, name)
		}
	}
	slices.Sort(out)
	return out
}

// watch tells when somebody comes to a case or leaves it.
func (p *presence) watch(id string) (<-chan struct{}, func()) {
	c := make(chan struct{}, 1)
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.subs == nil {
		p.open, p.subs = map[string]map[string]*visit{}, map[string]map[chan struct{}]struct{}{}
	}
	if p.subs[id] == nil {
		p.subs[id] = map[chan struct{}]struct{}{}
	}
	p.subs[id][c] = struct{}{}
	return c, func() {
		p.mu.Lock()
		defer p.mu.Unlock()
		if delete(p.subs[id], c); len(p.subs[id]) == 0 {
			delete(p.subs, id)
		}
	}
}

func (p *presence) tell(id string) {
	for c := range p.subs[id] {
		select {
		case c <- struct{}{}:
		default:
		}
	}
}
