package mailbox

import (
	"errors"
	"net"
	"os"
	"testing"
	"testing/synctest"
	"time"
)

// netPipe is a connection inside a synctest bubble.
func netPipe(t *testing.T, limit time.Duration) (*conn, net.Conn) {
	a, b := net.Pipe()
	t.Cleanup(func() { a.Close(); b.Close() })
	return newConn(a, limit), b
}

func TestReadLimitIsForEachReadAndSticky(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, peer := netPipe(t, time.Minute)
		go func() {
			for range 10 { // a slow line that moves
				time.Sleep(50 * time.Second)
				peer.Write([]byte("x"))
			}
		}()
		var b [1]byte
		for i := range 10 {
			if _, err := c.Read(b[:]); err != nil {
				t.Fatalf("byte %d: %v", i, err)
			}
		}
		start := time.Now()
		_, err := c.Read(b[:])
		if !errors.Is(err, os.ErrDeadlineExceeded) || time.Since(start) > time.Minute {
			t.Fatalf("silent server: %v after %v", err, time.Since(start))
		}
		start = time.Now()
		if _, again := c.Read(b[:]); again != err || time.Since(start) != 0 {
			t.Errorf("second read: %v after %v", again, time.Since(start))
		}
	})
}

func TestExpectChangesAWaitingRead(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, _ := netPipe(t, 0)
		start := time.Now()
		go func() {
			time.Sleep(24 * time.Hour) // nothing is asked: no limit
			c.expect(time.Minute)      // now a reply is owed
		}()
		_, err := c.Read(make([]byte, 1))
		if took := time.Since(start); !errors.Is(err, os.ErrDeadlineExceeded) || took != 24*time.Hour+time.Minute {
			t.Errorf("%v after %v", err, took)
		}
	})
}

func TestWriteLimit(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, _ := netPipe(t, time.Minute)
		start := time.Now()
		_, err := c.Write([]byte("nobody reads"))
		if !errors.Is(err, os.ErrDeadlineExceeded) || time.Since(start) != time.Minute {
			t.Errorf("%v after %v", err, time.Since(start))
		}
	})
}
