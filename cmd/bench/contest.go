package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"sportello/rules"
)

// result is one run of a process.
type result struct {
	wall    time.Duration
	decided time.Duration // sportello: everything decided and durably recorded
	cpu     time.Duration
	rss     int64 // peak, bytes
	letters int   // that arrived
	note    string
}

func (r result) String() string {
	s := fmt.Sprintf("%6.2f s wall, %6.2f s CPU, %4d MiB", r.wall.Seconds(), r.cpu.Seconds(), r.rss>>20)
	if r.decided > 0 {
		s += fmt.Sprintf(", decided after %.2f s", r.decided.Seconds())
	}
	return s + " " + r.note
}

// contestant is something that is timed.
type contestant struct {
	name string
	run  func(ctx context.Context, dir string) (result, error)
}

func (s *scene) contestants() []contestant {
	all := []contestant{{"sportello", s.sportello}, {"goimap", s.goimap}, {"mbsync", s.mbsync}, {"fetchmail", s.fetchmail}, {"getmail", s.getmail}, {"openssl", s.openssl}, {"floor", s.floor}}
	if s.o.only == "" {
		return all
	}
	var some []contestant
	for _, c := range all {
		if strings.Contains(","+s.o.only+",", ","+c.name+",") {
			some = append(some, c)
		}
	}
	return some
}

// timed runs a command to its end.
func timed(cmd *exec.Cmd) (result, error) {
	var said strings.Builder
	cmd.Stdout, cmd.Stderr = io.Discard, &said
	start := time.Now()
	err := cmd.Start()
	if err != nil {
		return result{}, err
	}
	var peak int64
	watched := make(chan struct{})
	over := make(chan struct{})
	go func() {
		defer close(watched)
		for {
			peak = max(peak, peakMemory(cmd.Process.Pid))
			select {
			case <-over:
				return
			case <-time.After(20 * time.Millisecond):
			}
		}
	}()
	err = cmd.Wait()
	r := result{wall: time.Since(start)}
	close(over)
	<-watched
	r.rss = peak
	if err != nil {
		text := said.String()
		return r, fmt.Errorf("%w: %s", err, text[max(0, len(text)-500):])
	}
	r.of(cmd.ProcessState)
	return r, nil
}

func (r *result) of(p *os.ProcessState) { r.cpu = p.UserTime() + p.SystemTime() }

// peakMemory is the most that a process was resident, in bytes. The kernel's
// ru_maxrss would count this program's own memory, from before the exec.
func peakMemory(pid int) int64 {
	raw, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0
	}
	for line := range strings.Lines(string(raw)) {
		if rest, ok := strings.CutPrefix(line, "VmHWM:"); ok {
			n, err := strconv.ParseInt(strings.Fields(rest)[0], 10, 64)
			if err == nil {
				return n << 10
			}
		}
	}
	return 0
}

// sportello receives, proves, decides, records and answers everything.
func (s *scene) sportello(ctx context.Context, dir string) (result, error) {
	config, err := s.config(dir)
	if err != nil {
		return result{}, err
	}
	return s.daemon(ctx, config, len(s.items), true)
}

// daemon runs sportello until every message is decided and, if wanted, every
// letter is at the server, and stops it.
func (s *scene) daemon(ctx context.Context, config string, messages int, letters bool) (result, error) {
	before, err := s.sink.Letters()
	if err != nil {
		return result{}, err
	}
	args := []string{"run", "-c", config}
	if s.o.profile != "" {
		args = append(args, "--cpuprofile", s.o.profile)
	}
	cmd := exec.CommandContext(ctx, s.binary, args...)
	log, err := os.Create(filepath.Join(filepath.Dir(config), "log"))
	if err != nil {
		return result{}, err
	}
	defer log.Close()
	cmd.Stderr = log
	socket := filepath.Join(filepath.Dir(config), "data", "sportello.sock")
	client := &http.Client{Transport: &http.Transport{DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, "unix", socket)
	}}}
	defer client.CloseIdleConnections()
	start := time.Now()
	if err := cmd.Start(); err != nil {
		return result{}, err
	}
	var r result
	owed := -1
	for deadline := time.Now().Add(10 * time.Minute); ; time.Sleep(20 * time.Millisecond) {
		if time.Now().After(deadline) {
			_ = cmd.Process.Kill()
			return r, fmt.Errorf("not done in ten minutes: see %s", log.Name())
		}
		if owed < 0 {
			if n, done := s.owed(client, messages); done {
				owed, r.decided = n-s.before, time.Since(start)
			}
			continue
		}
		arrived, err := s.sink.Letters()
		if err != nil {
			return r, err
		}
		if r.letters = arrived - before; !letters || r.letters >= owed {
			break
		}
	}
	r.wall = time.Since(start)
	peak := peakMemory(cmd.Process.Pid)
	if err := cmd.Process.Signal(syscall.SIGTERM); err != nil {
		return r, err
	}
	if err := cmd.Wait(); err != nil {
		return r, err
	}
	r.of(cmd.ProcessState)
	r.rss = peak
	r.note = fmt.Sprintf("%d letters", r.letters)
	return r, nil
}

// owed asks whether everything is decided, and then how many letters there are.
func (s *scene) owed(client *http.Client, messages int) (letters int, done bool) {
	resp, err := client.Get("http://sportello/api/status")
	if err != nil {
		return 0, false
	}
	defer resp.Body.Close()
	var st rules.Status
	if json.NewDecoder(resp.Body).Decode(&st) != nil {
		return 0, false
	}
	total := 0
	for _, n := range st.Messages {
		total += n
	}
	for _, n := range st.Cases { // each case of the backlog owes one letter
		letters += n
	}
	return letters, total >= messages && st.Messages["pending"] == 0
}

// goimap is this program as a child that fetches and throws away.
func (s *scene) goimap(ctx context.Context, _ string) (result, error) {
	cmd := exec.CommandContext(ctx, s.self, "-fetch", s.dovecot.IMAP)
	cmd.Env = append(os.Environ(), "BENCH_USERS="+s.office.Deactivations+","+s.office.Service)
	return timed(cmd)
}

func (s *scene) mbsync(ctx context.Context, dir string) (result, error) {
	host, port, err := net.SplitHostPort(s.dovecot.IMAP)
	if err != nil {
		return result{}, err
	}
	var conf strings.Builder
	for i, user := range []string{s.office.Deactivations, s.office.Service} {
		box := filepath.Join(dir, fmt.Sprint("box", i)) + "/"
		if err := os.MkdirAll(box, 0o700); err != nil {
			return result{}, err
		}
		fmt.Fprintf(&conf, "IMAPAccount a%d\nHost %s\nPort %s\nUser %s\nPass %s\nSSLType None\n\nIMAPStore r%d\nAccount a%d\n\nMaildirStore l%d\nPath %s\nInbox %sINBOX\n\nChannel c%d\nFar :r%d:\nNear :l%d:\nSync Pull\nCreate Near\nSyncState *\n\n",
			i, host, port, user, password, i, i, i, box, box, i, i, i)
	}
	rc := filepath.Join(dir, "mbsyncrc")
	if err := os.WriteFile(rc, []byte(conf.String()), 0o600); err != nil {
		return result{}, err
	}
	return timed(exec.CommandContext(ctx, "mbsync", "-q", "-c", rc, "-a"))
}

func (s *scene) fetchmail(ctx context.Context, dir string) (result, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return result{}, err
	}
	host, port, err := net.SplitHostPort(s.dovecot.IMAP)
	if err != nil {
		return result{}, err
	}
	var total result
	for i, user := range []string{s.office.Deactivations, s.office.Service} {
		rc := filepath.Join(dir, fmt.Sprint("fetchmailrc", i))
		conf := fmt.Sprintf("poll %s port %s protocol IMAP auth password user %q password %q sslproto \"\" keep fetchall bsmtp %q\n", host, port, user, password, filepath.Join(dir, fmt.Sprint("mail", i)))
		if err := os.WriteFile(rc, []byte(conf), 0o600); err != nil {
			return result{}, err
		}
		r, err := timed(exec.CommandContext(ctx, "fetchmail", "--nosyslog", "-s", "-f", rc, "--pidfile", filepath.Join(dir, fmt.Sprint("pid", i)), "-i", filepath.Join(dir, fmt.Sprint("ids", i))))
		if err != nil {
			return r, err
		}
		total.wall, total.cpu, total.rss = total.wall+r.wall, total.cpu+r.cpu, max(total.rss, r.rss)
	}
	return total, nil
}

func (s *scene) getmail(ctx context.Context, dir string) (result, error) {
	host, port, err := net.SplitHostPort(s.dovecot.IMAP)
	if err != nil {
		return result{}, err
	}
	args := []string{"--quiet", "--getmaildir", dir}
	for i, user := range []string{s.office.Deactivations, s.office.Service} {
		box := filepath.Join(dir, fmt.Sprint("box", i))
		for _, d := range []string{"cur", "new", "tmp"} {
			if err := os.MkdirAll(filepath.Join(box, d), 0o700); err != nil {
				return result{}, err
			}
		}
		rc := filepath.Join(dir, fmt.Sprint("rc", i))
		conf := fmt.Sprintf("[retriever]\ntype = SimpleIMAPRetriever\nserver = %s\nport = %s\nusername = %s\npassword = %s\n\n[destination]\ntype = Maildir\npath = %s/\n\n[options]\nread_all = true\ndelete = false\n", host, port, user, password, box)
		if err := os.WriteFile(rc, []byte(conf), 0o600); err != nil {
			return result{}, err
		}
		args = append(args, "--rcfile", rc)
	}
	cmd := exec.CommandContext(ctx, "getmail", args...)
	if os.Getuid() == 0 { // it refuses to deliver as root
		if err := asNobody(cmd, dir); err != nil {
			return result{}, err
		}
	}
	return timed(cmd)
}

// asNobody has a command run as the user nobody, to whom everything in dir then
// belongs.
func asNobody(cmd *exec.Cmd, dir string) error {
	const nobody = 65534
	cmd.Dir, cmd.Env = dir, append(os.Environ(), "HOME="+dir)
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: nobody, Gid: nobody}}
	if err := os.Chmod(filepath.Dir(dir), 0o711); err != nil { // to be passed through
		return err
	}
	return filepath.WalkDir(dir, func(path string, _ fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		return os.Chown(path, nobody, nobody)
	})
}
