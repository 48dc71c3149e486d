package mailproc

import (
	"context"
	"net"
	"os"
	"strconv"
	"strings"
	"time"
)

// Notify tells systemd the state of the service (sd_notify(3)): "READY=1",
// "STOPPING=1". Without systemd it does nothing.
func Notify(state string) error {
	address := os.Getenv("NOTIFY_SOCKET")
	if address == "" {
		return nil
	}
	if strings.HasPrefix(address, "@") {
		address = "\x00" + address[1:]
	}
	conn, err := net.Dial("unixgram", address)
	if err != nil {
		return err
	}
	defer conn.Close()
	_, err = conn.Write([]byte(state))
	return err
}

// Watchdog tells systemd that the desk is alive as long as alive says so,
// until ctx ends; without WATCHDOG_USEC it returns when ctx ends.
func Watchdog(ctx context.Context, alive func() bool) {
	every := time.Hour
	usec, err := strconv.ParseInt(os.Getenv("WATCHDOG_USEC"), 10, 64)
	if err == nil && usec > 0 {
		every = time.Duration(usec) * time.Microsecond / 2
	}
	t := time.NewTicker(every)
	defer t.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-t.C:
			if usec > 0 && alive() {
				_ = Notify("WATCHDOG=1") // the next tick says it again
			}
		}
	}
}
