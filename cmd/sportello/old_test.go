package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"sportello/mailproc/pec/pectest"
	"sportello/mailproc/peers"
	"sportello/rules"
)

var oldMail = flag.Int("old", 3000, "how many old messages TestOldMailbox finds at the first start")

// oldSpan is how far back the old messages go; one in oldRequests is a request.
const (
	oldSpan     = 200 * 24 * time.Hour
	oldRequests = 200
)

// TestOldMailbox starts the daemon for the first time on a mailbox full of old
// messages, on a real Dovecot, with each setting of since: everything (killed
// on the way), from a date, from now on. What is before is never decided nor
// answered, what is behind is, and new requests are answered in any case.
//
//	go test ./cmd/sportello -run TestOldMailbox -old 100000 -timeout 1h -v
func TestOldMailbox(t *testing.T) {
	day := time.Now().In(rome).AddDate(0, 0, -50).Format(time.DateOnly)
	for _, since := range []string{"all", day, "now"} {
		t.Run("since "+since, func(t *testing.T) { oldMailbox(t, since) })
	}
}

func oldMailbox(t *testing.T, since string) {
	v := newVictimAt(t, peers.DovecotOptions{Format: "maildir"})
	v.since = since
	n := *oldMail
	b := pectest.Backlog{Office: v.office, N: n + 64, Seed: 3, Start: time.Now().Add(-oldSpan), Every: oldSpan / time.Duration(n), Size: 4000}
	read, first := v.old(b, n, since)
	v.configure(b, "")
	from := time.Now()
	cmd, ended := v.begin()
	if since == "all" {
		for range 3 {
			time.Sleep(300 * time.Millisecond)
			if err := cmd.Process.Kill(); err != nil {
				t.Fatal(err)
			}
			<-ended
			cmd, ended = v.begin()
		}
	}
	v.until("the old messages are read", 30*time.Minute, func() bool { return v.status().Messages["parked"] >= read && v.ready() })
	t.Logf("since %s: %d of %d old messages read in %.1f s, peak %s", since, read+first, n, time.Since(from).Seconds(), v.peak(cmd.Process.Pid))
	v.newRequests(n, 5)
	v.rest()
	if got := v.status().Messages["parked"]; got != read {
		t.Errorf("%d old messages are stored, want %d", got, read)
	}
	if err := cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if err := <-ended; err != nil {
		t.Errorf("the daemon ended with %v\n%s", err, v.tail())
	}
	v.judge()
}

// old fills the mailbox of deactivations, and says how many of the messages
// that are read are no requests, and how many are.
func (v *victim) old(b pectest.Backlog, n int, since string) (others, requests int) {
	v.t.Helper()
	from := time.Time{}
	switch since {
	case "now":
		from = time.Now()
	case "all":
	default:
		from, _ = time.ParseInLocation(time.DateOnly, since, rome) // we wrote it
	}
	for i := range n {
		at := b.Start.Add(time.Duration(i) * b.Every).Truncate(time.Second)
		raw := fmt.Appendf(nil, "From: Novita <news@example.org>\r\nTo: %s\r\nSubject: Notizie %d\r\nMessage-ID: <n%d@example.org>\r\nDate: %s\r\n\r\nLe notizie della settimana, numero %d.\r\n",
			v.office.Deactivations, i, i, at.Format(time.RFC1123Z), i)
		read := !at.Before(from)
		if i%oldRequests == 0 {
			it := b.Item(i)
			raw = it.Raw
			if read {
				v.items = append(v.items, it)
				requests++
			}
		} else if read {
			others++
		}
		if err := v.dovecot.Put(v.office.Deactivations, i, raw, at); err != nil {
			v.t.Fatal(err)
		}
	}
	return others, requests
}

// newRequests delivers requests that arrive now, of customers that never wrote.
func (v *victim) newRequests(from, n int) {
	v.t.Helper()
	for i := from; n > 0; i++ {
		b := pectest.Backlog{Office: v.office, N: i + 1, Seed: 4, Start: time.Now().Add(-time.Duration(i) * time.Millisecond), Every: time.Millisecond, Size: 4000}
		it := b.Item(i)
		if it.Name != "disattivazione" {
			continue
		}
		n--
		if err := v.dovecot.Deliver(it.Mailbox, it.Raw); err != nil {
			v.t.Fatal(err)
		}
		v.mu.Lock()
		v.items = append(v.items, it)
		v.mu.Unlock()
	}
}

// status is what `sportello stats` knows; nothing while the daemon does not answer.
func (v *victim) status() (s rules.Status) {
	out, err := v.command("stats", "--json")
	if err == nil {
		_ = json.Unmarshal([]byte(out), &s) // nothing
	}
	return s
}

func (v *victim) ready() bool {
	code, _ := v.page("/readyz")
	return code == 200
}

var peakLine = regexp.MustCompile(`VmHWM:\s*(\d+ kB)`)

// peak is the most memory that a process has held.
func (v *victim) peak(pid int) string {
	raw, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return err.Error()
	}
	return strings.Join(peakLine.FindStringSubmatch(string(raw))[1:], "")
}
