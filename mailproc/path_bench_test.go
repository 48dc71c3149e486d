package mailproc

import (
	"os"
	"path/filepath"
	"runtime"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"

	"sportello/mailproc/pec"
	"sportello/mailproc/pec/pectest"
	"sportello/rules"
	"sportello/store"
)

// BenchmarkWritePath is what a backlog costs the store and the transactions of
// its stages, each by itself and without syncs: taking in, deciding, attempting
// the letters and recording that they went. Fetching, proving, reading and
// composing are not counted.
func BenchmarkWritePath(b *testing.B) {
	const n = 4096
	s := newScene(b)
	log := pectest.Backlog{Office: s.at, N: n, Seed: 1, Start: time.Now().Add(-time.Hour), Every: time.Millisecond}
	items := make([]pectest.Item, n)
	var g errgroup.Group
	g.SetLimit(runtime.GOMAXPROCS(0))
	for i := range items {
		g.Go(func() error {
			items[i] = log.Item(i)
			return nil
		})
	}
	_ = g.Wait() // none fails
	s.opt.Registry = s.backlogRegistry(log)
	costs := map[string]*cost{}
	for b.Loop() {
		p := newPath(s)
		for from := 0; from < n; from += 96 {
			p.takeIn(items[from:min(from+96, n)], costs)
		}
		for p.decide(costs) {
			p.send(costs)
		}
		p.close()
	}
	var all cost
	for name, c := range costs {
		c.report(b, name, n*b.N)
		all.objects, all.bytes, all.cpu = all.objects+c.objects, all.bytes+c.bytes, all.cpu+c.cpu
	}
	all.report(b, "all", n*b.N)
}

// cost is what a phase took.
type cost struct {
	objects, bytes uint64
	cpu            time.Duration
}

func (c *cost) report(b *testing.B, name string, n int) {
	b.ReportMetric(float64(c.objects)/float64(n), name+"-allocs/msg")
	b.ReportMetric(float64(c.bytes)/float64(n), name+"-B/msg")
	b.ReportMetric(float64(c.cpu.Microseconds())/float64(n), name+"-µs/msg")
}

func measured(costs map[string]*cost, name string, do func()) {
	c := costs[name]
	if c == nil {
		c = &cost{}
		costs[name] = c
	}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	at := processorTime()
	do()
	c.cpu += processorTime() - at
	runtime.ReadMemStats(&after)
	c.objects, c.bytes = c.objects+after.Mallocs-before.Mallocs, c.bytes+after.TotalAlloc-before.TotalAlloc
}

func processorTime() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		panic(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

func (s *scene) backlogRegistry(log pectest.Backlog) Registry {
	s.t.Helper()
	mailboxes, orders := log.Registry()
	dir := s.t.TempDir()
	for name, raw := range map[string][]byte{"mailboxes.csv": mailboxes, "orders.csv": orders} {
		if err := os.WriteFile(filepath.Join(dir, name), raw, 0o600); err != nil {
			s.t.Fatal(err)
		}
	}
	r, err := OpenCSVRegistry(filepath.Join(dir, "mailboxes.csv"), filepath.Join(dir, "orders.csv"), time.UTC, s.opt.Log)
	if err != nil {
		s.t.Fatal(err)
	}
	return r
}

// path is a desk of which the benchmark runs the stages by hand.
type path struct {
	s  *scene
	st *store.Store
	d  *Desk
	n  uint32
}

func newPath(s *scene) *path {
	st, err := store.Open(s.t.TempDir(), store.Options{NoSync: true})
	if err != nil {
		s.t.Fatal(err)
	}
	opt := s.opt
	opt.Store = st
	d, err := New(opt)
	if err != nil {
		s.t.Fatal(err)
	}
	return &path{s: s, st: st, d: d}
}

func (p *path) close() { p.no(p.st.Close()) }

func (p *path) no(err error) {
	p.s.t.Helper()
	if err != nil {
		p.s.t.Fatal(err)
	}
}

func (p *path) takeIn(items []pectest.Item, costs map[string]*cost) {
	for i := range p.d.Mailboxes {
		box := &p.d.Mailboxes[i]
		var in []store.Incoming
		var about [][]string
		read := p.d.Now()
		for _, it := range items {
			if it.Mailbox != box.Address {
				continue
			}
			p.n++
			env := pec.OpenBytes(it.Raw, pec.Options{Trust: p.d.Policy().Trust, Delivered: it.At, Ours: p.d.addresses()})
			x := store.Incoming{Message: store.Message{Mailbox: box.Name, Cursor: store.Cursor{UIDValidity: 1, UID: p.n},
				Delivered: it.At, Read: read, Size: int64(len(it.Raw))}, Bytes: it.Raw}
			x.MessageID, x.Digest = env.Header.MessageID, env.Digest
			p.d.classify(&x, env, box, it.At)
			in, about = append(in, x), append(about, recipients(env))
		}
		measured(costs, "intake", func() {
			_, err := p.st.Intake(p.s.t.Context(), box.Name, store.Cursor{UIDValidity: 1, UID: p.n}, in, func(tx *store.Tx, ids []uint64) error {
				return p.d.receipts(tx, in, about, ids, read)
			})
			p.no(err)
		})
	}
}

func (p *path) decide(costs map[string]*cost) (more bool) {
	batch, err := p.d.pendingBatch(0)
	p.no(err)
	if len(batch) == 0 {
		return false
	}
	p.no(p.d.lookUp(p.s.t.Context(), batch))
	measured(costs, "decide", func() { p.no(p.d.settleAll(p.s.t.Context(), batch).wait()) })
	return true
}

func (p *path) send(costs map[string]*cost) {
	for i := range p.d.Mailboxes {
		o := &outbox{d: p.d, box: &p.d.Mailboxes[i]}
		for {
			keys, _, err := o.due(p.d.Now())
			p.no(err)
			if len(keys) == 0 {
				break
			}
			var out []outgoing
			measured(costs, "attempt", func() {
				out, err = o.prepareAll(p.s.t.Context(), keys, p.d.Now())
				p.no(err)
			})
			var events []rules.Event
			for _, x := range out {
				now := p.d.Now()
				events = append(events, rules.Event{Kind: rules.LetterSent, Case: x.id, At: now, Until: rules.At(now.Add(p.d.AcceptanceWait)),
					Letter: &rules.LetterRef{N: x.l.N, MessageID: x.l.MessageID, Attempt: len(x.l.Tries) + 1, Answer: "250 2.0.0 Ok: queued as 4F2A81"}})
			}
			measured(costs, "sent", func() {
				p.no(p.st.Update(p.s.t.Context(), func(tx *store.Tx) error { return p.d.letterEnds(tx, events) }))
			})
		}
	}
}
