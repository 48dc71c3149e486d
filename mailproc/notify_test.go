package mailproc

import (
	"context"
	"net"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"
)

// manager is systemd's end of the notify socket.
func manager(t *testing.T, name string) *net.UnixConn {
	t.Helper()
	c, err := net.ListenUnixgram("unixgram", &net.UnixAddr{Name: name, Net: "unixgram"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	if err := c.SetReadDeadline(time.Now().Add(10 * time.Second)); err != nil {
		t.Fatal(err)
	}
	return c
}

func heard(t *testing.T, c *net.UnixConn) string {
	t.Helper()
	b := make([]byte, 100)
	n, err := c.Read(b)
	if err != nil {
		t.Fatal(err)
	}
	return string(b[:n])
}

func TestNotify(t *testing.T) {
	t.Setenv("NOTIFY_SOCKET", "")
	if err := Notify("READY=1"); err != nil {
		t.Errorf("without systemd: %v", err)
	}
	path := filepath.Join(t.TempDir(), "notify")
	abstract := "sportello-test-" + filepath.Base(filepath.Dir(path)) + t.Name()
	for setting, name := range map[string]string{path: path, "@" + abstract: "\x00" + abstract} {
		c := manager(t, name)
		t.Setenv("NOTIFY_SOCKET", setting)
		if err := Notify("READY=1"); err != nil {
			t.Fatal(err)
		}
		if got := heard(t, c); got != "READY=1" {
			t.Errorf("%q hears %q", setting, got)
		}
	}
	t.Setenv("NOTIFY_SOCKET", filepath.Join(t.TempDir(), "nobody"))
	if err := Notify("READY=1"); err == nil {
		t.Error("a socket that nobody has made")
	}
}

// TestWatchdog: the desk is said to be alive while it is, and not longer.
func TestWatchdog(t *testing.T) {
	path := filepath.Join(t.TempDir(), "notify")
	c := manager(t, path)
	t.Setenv("NOTIFY_SOCKET", path)
	t.Setenv("WATCHDOG_USEC", "2000")
	ctx, cancel := context.WithCancel(t.Context())
	var asked atomic.Int32
	stuck, done := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(done)
		Watchdog(ctx, func() bool {
			if asked.Add(1) == 5 {
				close(stuck)
			}
			return asked.Load() <= 2
		})
	}()
	<-stuck
	cancel()
	<-done
	for range 2 {
		if got := heard(t, c); got != "WATCHDOG=1" {
			t.Errorf("it hears %q", got)
		}
	}
	if err := c.SetReadDeadline(time.Now()); err != nil {
		t.Fatal(err)
	}
	if n, err := c.Read(make([]byte, 100)); err == nil {
		t.Errorf("a desk that is stuck is said to be alive (%d bytes)", n)
	}
}
