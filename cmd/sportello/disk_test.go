package main

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"sportello/mailproc/pec/pectest"
)

// command runs the program as an operator would, while the daemon runs.
func (v *victim) command(args ...string) (string, error) {
	cmd := exec.Command(v.bin, append(args, "-c", filepath.Join(v.dir, "sportello.toml"))...)
	out, err := cmd.CombinedOutput()
	return string(out), err
}

// until waits for a condition of the daemon, which the test cannot be told of.
func (v *victim) until(what string, limit time.Duration, ok func() bool) {
	v.t.Helper()
	for end := time.Now().Add(limit); !ok(); {
		if time.Now().After(end) {
			v.t.Fatalf("%s: not within %s\n%s", what, limit, v.tail())
		}
		time.Sleep(50 * time.Millisecond)
	}
}

// page asks the daemon for a page by its socket.
func (v *victim) page(path string) (code int, body string) {
	client := http.Client{Timeout: 20 * time.Second, Transport: &http.Transport{DisableKeepAlives: true, DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, "unix", filepath.Join(v.dir, "data", socketName))
	}}}
	resp, err := client.Get("http://sportello" + path)
	if err != nil {
		return 0, err.Error()
	}
	defer resp.Body.Close()
	raw, err := io.ReadAll(resp.Body)
	if err != nil {
		return 0, err.Error()
	}
	return resp.StatusCode, string(raw)
}

func (v *victim) file(name string) string {
	raw, _ := os.ReadFile(filepath.Join(v.dir, name)) // none yet: empty
	return string(raw)
}

// deliver puts the items from..to-1 of the backlog into their mailboxes.
func (v *victim) deliver(b pectest.Backlog, from, to int) {
	v.t.Helper()
	for i := from; i < to; i++ {
		it := b.Item(i)
		if err := v.dovecot.Deliver(it.Mailbox, it.Raw); err != nil {
			v.t.Error(err)
			return
		}
		v.mu.Lock()
		v.items = append(v.items, it)
		v.mu.Unlock()
	}
}

// smallDisk makes the daemon's data folder a disk of its own, of so many MiB;
// where none may be mounted the test says so, and false.
func (v *victim) smallDisk(size string) bool {
	v.t.Helper()
	data := filepath.Join(v.dir, "data")
	if err := os.MkdirAll(data, 0o700); err != nil {
		v.t.Fatal(err)
	}
	err := syscall.Mount("tmpfs", data, "tmpfs", syscall.MS_NOSUID|syscall.MS_NODEV, "mode=0700,size="+size)
	if errors.Is(err, syscall.EPERM) || errors.Is(err, syscall.EACCES) {
		v.t.Logf("no disk may be mounted here (%v): a reserve that is never free stands for a full disk; mailproc's TestFullDisk injects the rest", err)
		return false
	}
	if err != nil {
		v.t.Fatal(err)
	}
	v.t.Cleanup(func() {
		if err := syscall.Unmount(data, syscall.MNT_DETACH); err != nil {
			v.t.Error(err)
		}
	})
	return true
}

// fill writes to the daemon's disk until nothing more fits; free takes it away.
func (v *victim) fill() (free func()) {
	v.t.Helper()
	ballast := filepath.Join(v.dir, "data", "ballast")
	f, err := os.Create(ballast)
	if err != nil {
		v.t.Fatal(err)
	}
	defer f.Close()
	for block := make([]byte, 1<<20); len(block) > 0; {
		n, err := f.Write(block)
		if err != nil && !errors.Is(err, syscall.ENOSPC) {
			v.t.Fatal(err)
		}
		if n < len(block) {
			block = block[:len(block)/2] // to the last byte
		}
	}
	return func() {
		if err := os.Remove(ballast); err != nil {
			v.t.Error(err)
		}
	}
}

// TestFullDisk fills the daemon's disk to its last byte while mail arrives,
// with real servers around it: nothing is taken in or lost, every question is
// answered, also after a kill; with room again it goes on by itself.
func TestFullDisk(t *testing.T) {
	v := newVictim(t)
	b := pectest.Backlog{Office: v.office, N: 160, Seed: 5, Start: time.Now().Add(-time.Minute), Every: time.Millisecond, Size: 4000}
	reserve := "disk_reserve = \"1 MiB\"\n"
	mounted := v.smallDisk("48m")
	v.configure(b, reserve)
	cmd, ended := v.begin()
	v.deliver(b, 0, 40)
	v.rest()
	before := strings.Count(v.queue(), "\n")

	arriving := make(chan struct{})
	go func() { defer close(arriving); v.deliver(b, 40, 100) }()
	again := func(more string) {
		if err := cmd.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		<-ended
		v.configure(b, more)
		cmd, ended = v.begin()
	}
	free := func() { again(reserve) }
	if mounted {
		free = v.fill()
	} else {
		again("disk_reserve = \"4000000 GB\"\n")
	}
	<-arriving
	v.until("a person is told", time.Minute, func() bool { return strings.Contains(v.file("told"), `"incident":"disk"`) })
	v.answersQuestions(before)
	if mounted { // and it starts on a full disk
		again(reserve)
		v.deliver(b, 100, 120)
		v.until("it waits for room", time.Minute, func() bool { code, _ := v.page("/healthz"); return code == http.StatusOK })
		v.answersQuestions(before)
	}
	select {
	case err := <-ended:
		t.Fatalf("the daemon ended on a full disk: %v\n%s", err, v.tail())
	default:
	}
	free()
	v.deliver(b, 120, b.N)
	v.rest()
	v.until("the all-clear", 2*time.Minute, func() bool {
		told := v.file("told")
		return strings.Contains(told[strings.LastIndex(told, `"incident":"disk"`):], `"clear":true`)
	})
	if err := cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if err := <-ended; err != nil {
		t.Errorf("the daemon ended with %v\n%s", err, v.tail())
	}
	v.judge()
}

// answersQuestions asks what operators and monitors ask while the disk is full.
func (v *victim) answersQuestions(cases int) {
	v.t.Helper()
	for _, args := range [][]string{{"queue", "list", "--json", "--all"}, {"parked", "list"}, {"stats"}, {"log", "--json"}, {"log", "verify"}} {
		out, err := v.command(args...)
		if err != nil {
			v.t.Errorf("%s on a full disk: %v\n%s", strings.Join(args, " "), err, out)
		} else if n := strings.Count(out, "\n"); args[0] == "queue" && n < cases {
			v.t.Errorf("queue list shows %d cases on a full disk, there were %d", n, cases)
		}
	}
	for path, want := range map[string]int{"/healthz": http.StatusOK, "/readyz": http.StatusServiceUnavailable, "/metrics": http.StatusOK} {
		if code, body := v.page(path); code != want {
			v.t.Errorf("%s on a full disk: %d, want %d\n%s", path, code, want, body)
		}
	}
}
