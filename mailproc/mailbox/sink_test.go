package mailbox

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"sync"
	"testing"
	"time"
)

// kept is a Sink that remembers digests and checks the Poller's promises on the way.
type kept struct {
	mu     sync.Mutex
	msgs   map[Cursor]kind // by UIDVALIDITY and UID
	order  []Cursor
	bytes  map[[32]byte]bool // of every message that came
	next   Cursor
	stores int
	inside bool
	fault  error
	delay  time.Duration
	broken []string // promises not kept
	change chan struct{}
}

type kind struct {
	digest    [32]byte
	err       error
	delivered time.Time
	size      int64
}

func newKept() *kept {
	return &kept{msgs: map[Cursor]kind{}, bytes: map[[32]byte]bool{}, change: make(chan struct{}, 1)}
}

func (k *kept) Store(_ context.Context, batch []Message, next Cursor) error {
	k.mu.Lock()
	if k.inside {
		k.broken = append(k.broken, "Store called while it runs")
	}
	k.inside = true
	k.mu.Unlock()
	time.Sleep(k.delay)
	k.mu.Lock()
	defer k.mu.Unlock()
	k.inside = false
	if k.fault != nil {
		return k.fault
	}
	if k.next.UIDValidity == next.UIDValidity && next.UID < k.next.UID {
		k.broken = append(k.broken, fmt.Sprintf("cursor went back from %v to %v", k.next, next))
	}
	for _, m := range batch {
		id := Cursor{m.UIDValidity, m.UID}
		v := kind{err: m.Err, delivered: m.Delivered, size: m.Size}
		if m.Err == nil {
			v.digest = digest(m.Body)
		}
		if old, again := k.msgs[id]; again && old.err == nil && old.digest != v.digest {
			k.broken = append(k.broken, fmt.Sprintf("message %v came twice and differs", id))
		}
		k.msgs[id], k.bytes[v.digest] = v, true
		k.order = append(k.order, id)
	}
	k.next = next
	k.stores++
	select {
	case k.change <- struct{}{}:
	default:
	}
	return nil
}

func digest(b *Body) [32]byte {
	h := sha256.New()
	n, err := io.Copy(h, io.NewSectionReader(b, 0, b.Size()))
	if err != nil || n != b.Size() {
		panic(fmt.Sprint(n, err))
	}
	if mem := b.Bytes(); mem != nil && sha256.Sum256(mem) != [32]byte(h.Sum(nil)) {
		panic("Bytes and ReadAt differ")
	}
	return [32]byte(h.Sum(nil))
}

// state is a copy for assertions.
func (k *kept) state() (msgs map[Cursor]kind, next Cursor) {
	k.mu.Lock()
	defer k.mu.Unlock()
	msgs = map[Cursor]kind{}
	for id, v := range k.msgs {
		msgs[id] = v
	}
	return msgs, k.next
}

// different is how many different messages came, under whatever number.
func (k *kept) different() int {
	k.mu.Lock()
	defer k.mu.Unlock()
	return len(k.bytes)
}

// until waits until the condition holds after some Store.
func (k *kept) until(t *testing.T, what string, cond func(msgs map[Cursor]kind, next Cursor) bool) {
	t.Helper()
	limit := time.After(20 * time.Second)
	for {
		if msgs, next := k.state(); cond(msgs, next) {
			return
		}
		select {
		case <-k.change:
		case <-limit:
			msgs, next := k.state()
			t.Fatalf("waiting for %s: have %d messages, cursor %v", what, len(msgs), next)
		}
	}
}

func (k *kept) count(t *testing.T, n int) {
	t.Helper()
	k.until(t, fmt.Sprint(n, " messages"), func(m map[Cursor]kind, _ Cursor) bool { return len(m) >= n })
}

// running is a Poller at work, with what it told.
type running struct {
	*Poller
	sink     *kept
	cancel   context.CancelFunc
	end      chan error
	caughtUp chan time.Time
	told     struct {
		sync.Mutex
		refused, unreachable []error
		validity             [][2]uint32
		missing, expunged    []uint32
		quota                []string
		connected            int
	}
}

// begin runs a Poller until the test ends, and checks the Sink's promises then.
func begin(t *testing.T, acc Account, sink *kept, from Cursor, known ...Known) *running {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	if acc.RetryMin == 0 {
		acc.RetryMin, acc.RetryMax = time.Millisecond, 10*time.Millisecond
	}
	if acc.Spool == "" {
		acc.Spool = t.TempDir()
	}
	r := &running{sink: sink, cancel: cancel, end: make(chan error, 1), caughtUp: make(chan time.Time, 1000)}
	locked := func(f func()) {
		r.told.Lock()
		defer r.told.Unlock()
		f()
	}
	r.Poller = &Poller{Account: acc, Sink: sink, Known: known, Observer: Observer{
		Connected:    func() { locked(func() { r.told.connected++ }) },
		CaughtUp:     func(at time.Time) { r.caughtUp <- at },
		LoginRefused: func(err error) { locked(func() { r.told.refused = append(r.told.refused, err) }) },
		Unreachable:  func(err error) { locked(func() { r.told.unreachable = append(r.told.unreachable, err) }) },
		NewValidity:  func(o, n uint32) { locked(func() { r.told.validity = append(r.told.validity, [2]uint32{o, n}) }) },
		Missing:      func(u []uint32) { locked(func() { r.told.missing = append(r.told.missing, u...) }) },
		Expunged:     func(u []uint32) { locked(func() { r.told.expunged = append(r.told.expunged, u...) }) },
		Quota: func(u, l int64, unit string) {
			locked(func() { r.told.quota = append(r.told.quota, fmt.Sprint(u, " of ", l, " ", unit)) })
		},
	}}
	go func() { r.end <- r.Run(ctx, from) }()
	t.Cleanup(func() {
		r.stop(t)
		for _, b := range sink.broken {
			t.Error(b)
		}
	})
	return r
}

// stop ends the Poller and returns what Run returned.
func (r *running) stop(t *testing.T) error {
	t.Helper()
	r.cancel()
	select {
	case err := <-r.end:
		r.end <- err
		return err
	case <-time.After(10 * time.Second):
		t.Fatal("Run does not end with its context")
		return nil
	}
}

// quiet waits until everything there at this moment is stored.
func (r *running) quiet(t *testing.T) {
	t.Helper()
	from := time.Now()
	r.Kick()
	limit := time.After(20 * time.Second)
	for {
		select {
		case at := <-r.caughtUp:
			if !at.Before(from) {
				return
			}
		case <-limit:
			t.Fatalf("never caught up; unreachable: %v", r.failures())
		}
	}
}

func (r *running) failures() []error {
	r.told.Lock()
	defer r.told.Unlock()
	return append([]error(nil), r.told.unreachable...)
}

// sample is a message of about the size, different for every n.
func sample(n, size int) []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "From: a@example.org\r\nTo: desk@pec.example.it\r\nSubject: number %d\r\n\r\n", n)
	for b.Len() < size {
		fmt.Fprintf(&b, "line %d of message %d, and some text to fill it\r\n", b.Len(), n)
	}
	return b.Bytes()
}

var errDisk = errors.New("no space left on device")
