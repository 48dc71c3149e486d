package mailproc

import (
	"maps"
	"math/rand/v2"
	"net"
	"sync"
	"testing"
	"time"
)

// faultNet is a TCP proxy whose line goes wrong at random bytes: it cuts,
// stalls, swallows the rest, or changes a byte. Every connection draws its
// fate from the seed.
type faultNet struct {
	Addr   string
	target string
	listen net.Listener

	mu     sync.Mutex
	rand   *rand.Rand
	calm   bool // no more faults
	open   map[net.Conn]bool
	wg     sync.WaitGroup
	counts map[fault]int
}

type fault string

// The ways a line goes wrong.
const (
	noFault fault = "none"
	cutLine fault = "cut"      // reset in both directions
	delay   fault = "delay"    // a pause, then on
	swallow fault = "truncate" // nothing more comes this way, and the line stays open a while
	corrupt fault = "corrupt"  // one byte is another
)

// fate is what befalls one direction of a connection, and at which byte.
type fate struct {
	fault fault
	at    int
	bit   byte
	pause time.Duration
}

// newFaultNet starts a proxy before target.
func newFaultNet(t testing.TB, target string, seed uint64) *faultNet {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	n := &faultNet{Addr: l.Addr().String(), target: target, listen: l, rand: rand.New(rand.NewPCG(seed, 7)), open: map[net.Conn]bool{}, counts: map[fault]int{}}
	n.wg.Go(n.accept)
	t.Cleanup(n.close)
	return n
}

func (n *faultNet) accept() {
	for {
		client, err := n.listen.Accept()
		if err != nil {
			return
		}
		server, err := net.Dial("tcp", n.target)
		if err != nil {
			client.Close()
			continue
		}
		n.mu.Lock()
		n.open[client], n.open[server] = true, true
		n.mu.Unlock()
		n.wg.Go(func() { n.copy(server, client, 6_000) })
		n.wg.Go(func() { n.copy(client, server, 60_000) })
	}
}

// draw is the next fate of one direction, within so many bytes.
func (n *faultNet) draw(within int) fate {
	n.mu.Lock()
	defer n.mu.Unlock()
	f := fate{fault: noFault, at: 1 + n.rand.IntN(1+n.rand.IntN(within)), bit: 1 << n.rand.IntN(8), pause: time.Duration(n.rand.IntN(400)) * time.Millisecond}
	if !n.calm {
		f.fault = []fault{noFault, cutLine, cutLine, delay, swallow, corrupt}[n.rand.IntN(6)]
	}
	n.counts[f.fault]++
	return f
}

// drawn is how often each fate was drawn so far.
func (n *faultNet) drawn() map[fault]int {
	n.mu.Lock()
	defer n.mu.Unlock()
	return maps.Clone(n.counts)
}

// copy carries bytes one way, from fate to fate, until one ends the line.
func (n *faultNet) copy(to, from net.Conn, within int) {
	defer n.drop(to, from)
	buf := make([]byte, 4096)
	f := n.draw(within)
	for {
		k, err := from.Read(buf)
		if f.at > k {
			f.at -= k
			if _, werr := to.Write(buf[:k]); werr != nil {
				return
			}
		} else {
			if !n.befall(to, buf[:k], max(f.at-1, 0), f) {
				return
			}
			f = n.draw(within)
		}
		if err != nil {
			return
		}
	}
}

// befall writes what gets through of b and reports whether the line goes on.
func (n *faultNet) befall(to net.Conn, b []byte, at int, f fate) bool {
	switch f.fault {
	case noFault:
	case corrupt:
		b[at] ^= f.bit
	case delay:
		time.Sleep(f.pause)
	default:
		to.Write(b[:at])
		if f.fault == swallow {
			time.Sleep(f.pause)
		}
		return false
	}
	_, err := to.Write(b)
	return err == nil
}

func (n *faultNet) drop(conns ...net.Conn) {
	n.mu.Lock()
	defer n.mu.Unlock()
	for _, c := range conns {
		if t, ok := c.(*net.TCPConn); ok {
			t.SetLinger(0)
		}
		c.Close()
		delete(n.open, c)
	}
}

// soothe ends the faults: lines that are open are cut once more.
func (n *faultNet) soothe() {
	n.mu.Lock()
	n.calm = true
	var all []net.Conn
	for c := range n.open {
		all = append(all, c)
	}
	n.mu.Unlock()
	n.drop(all...)
}

func (n *faultNet) close() {
	n.listen.Close()
	n.soothe()
	n.wg.Wait()
}
