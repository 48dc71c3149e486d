package peers

import (
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"
)

// startLimit is how long a server may take to answer on its ports.
const startLimit = 15 * time.Second

// process is a server in the foreground, leader of its own process group.
type process struct {
	pid   int
	mu    sync.Mutex
	done  chan struct{} // closed when the leader has been waited for
	err   error
	guard *exec.Cmd
	life  io.WriteCloser // the guard reads it
}

// guardScript waits for a line, which says that all is well. The end of the pipe says that the process that started the
// server is dead, whatever the death: then the server's group dies too, and its folder goes. (The kernel's own signal at a
// parent's death does not do: it is forgotten when a daemon changes its user, as Postfix's master does.)
const guardScript = `read line && exit 0; kill -s KILL -- "-$1"; sleep 0.2; rm -rf "$2"`

// start runs argv in the folder of its output file.
func start(output string, argv ...string) (*process, error) {
	out, err := os.OpenFile(output, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o644)
	if err != nil {
		return nil, err
	}
	defer out.Close()
	cmd := exec.Command(argv[0], argv[1:]...)
	cmd.Stdout, cmd.Stderr, cmd.Dir = out, out, filepath.Dir(output)
	cmd.Env = []string{"PATH=/usr/sbin:/usr/bin:/sbin:/bin", "LANG=C"}
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("start %s: %w", argv[0], err)
	}
	p := &process{pid: cmd.Process.Pid, done: make(chan struct{})}
	go func() {
		p.err = cmd.Wait()
		close(p.done)
	}()
	p.guard = exec.Command("/bin/sh", "-c", guardScript, "guard", strconv.Itoa(p.pid), cmd.Dir)
	p.guard.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // a Ctrl-C is not for it
	if p.life, err = p.guard.StdinPipe(); err == nil {
		err = p.guard.Start()
	}
	if err != nil {
		p.guard = nil
		p.kill()
		return nil, fmt.Errorf("start the guard of %s: %w", argv[0], err)
	}
	return p, nil
}

// stop asks the server to end, and kills its group when it does not within two seconds.
func (p *process) stop() {
	p.mu.Lock()
	defer p.mu.Unlock()
	_ = syscall.Kill(p.pid, syscall.SIGTERM)
	select {
	case <-p.done:
	case <-time.After(2 * time.Second):
	}
	p.killGroup()
}

// kill is the power cut: the whole group at once, with no chance to tidy.
func (p *process) kill() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.killGroup()
}

// killGroup ends the leader and whatever it left behind, and waits for it: ports and locks are free then.
func (p *process) killGroup() {
	_ = syscall.Kill(-p.pid, syscall.SIGKILL)
	<-p.done
	for i := 0; i < 400 && groupAlive(p.pid); i++ {
		_ = syscall.Kill(-p.pid, syscall.SIGKILL) // one may have been forking
		time.Sleep(5 * time.Millisecond)
	}
	if p.guard != nil {
		_, _ = io.WriteString(p.life, "well\n")
		_ = p.guard.Wait()
		p.guard = nil
	}
}

// groupAlive reports whether a process of the group still runs. Orphans that wait as zombies for an init that does not
// reap them (containers) do not count.
func groupAlive(pgid int) bool {
	stats, _ := filepath.Glob("/proc/[0-9]*/stat")
	for _, f := range stats {
		data, err := os.ReadFile(f)
		if err != nil {
			continue
		}
		_, rest, ok := strings.Cut(string(data), ") ") // pid (command) state ppid pgrp …
		fields := strings.Fields(rest)
		if ok && len(fields) > 2 && fields[2] == strconv.Itoa(pgid) && fields[0] != "Z" && fields[0] != "X" {
			return true
		}
	}
	return false
}

// listening waits until every address takes a connection, or the process ends, or the limit passes.
func (p *process) listening(addrs ...string) error {
	end := time.Now().Add(startLimit)
	for _, addr := range addrs {
		for {
			c, err := net.DialTimeout("tcp", addr, time.Second)
			if err == nil {
				c.Close()
				break
			}
			select {
			case <-p.done:
				return fmt.Errorf("ended at once: %v", p.err)
			case <-time.After(10 * time.Millisecond):
			}
			if time.Now().After(end) {
				return fmt.Errorf("does not listen on %s: %w", addr, err)
			}
		}
	}
	return nil
}

// tail returns the last lines of the files, for error messages.
func tail(lines int, files ...string) string {
	var b strings.Builder
	for _, f := range files {
		data, err := os.ReadFile(f)
		if err != nil || len(data) == 0 {
			continue
		}
		all := strings.Split(strings.TrimRight(string(data), "\n"), "\n")
		if len(all) > lines {
			all = all[len(all)-lines:]
		}
		fmt.Fprintf(&b, "\n--- %s\n%s", filepath.Base(f), strings.Join(all, "\n"))
	}
	return b.String()
}

// retry calls f until it works, for the rare loss of a free port to another process.
func retry(f func() error) (err error) {
	for range 4 {
		if err = f(); err == nil || !strings.Contains(err.Error(), "in use") {
			return err
		}
	}
	return err
}
