package mailproc

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// CommandAction runs a command with the job as JSON on its standard input.
// Exit code 0 means done, 75 (EX_TEMPFAIL, sysexits.h) try again, any other
// that it cannot be done; the last line of its standard error is kept.
//
// The command runs once an attempt even when the desk is killed: it is started
// behind a small shell that claims the attempt by creating a file, goes on
// without the desk, and writes down how it ended. The next start reads that,
// or waits for it. If it was cut off — its time was up, or the machine itself
// stopped — the end is unknown; then a person is asked.
//
// Of the desk's environment the command gets PATH, HOME and the language: the
// desk's passwords may be in the rest.
type CommandAction struct {
	Command []string
	Dir     string        // where attempts are written down, private to the desk
	Timeout time.Duration // 0: CommandTimeout

	swept time.Time
}

// keeper claims the attempt $0.begun, runs the command, and keeps its end. The
// claim is on the disk before the command runs: after a power cut the attempt
// is not taken for one that never began.
const keeper = `set -C; umask 077
true > "$0.begun" || exit 97
set +C
{ echo $$ > "$0.begun" && sync "$0.begun" "${0%/*}"; } || exit 98
"$@" < "$0.job" > /dev/null 2> "$0.err"
echo $? > "$0.end"
mv "$0.end" "$0.done"`

// exitClaimed is the keeper's own: it could not keep its claim, and the command
// was surely not run.
const exitClaimed = 98

const exitTemporary = 75

// CommandTimeout is how long a command may take that says nothing else.
const CommandTimeout = time.Minute

// Run runs the command, or finds how this attempt ended before a crash.
func (a *CommandAction) Run(ctx context.Context, job Job) error {
	if err := os.MkdirAll(a.Dir, 0o700); err != nil {
		return err
	}
	base, err := filepath.Abs(a.base(job)) // the keeper works in another folder than the desk
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, cmp.Or(a.Timeout, CommandTimeout))
	defer cancel()
	if _, err := os.Stat(base + ".begun"); errors.Is(err, os.ErrNotExist) {
		if err := a.start(ctx, base, job); err != nil {
			return err
		}
	}
	return a.wait(ctx, base)
}

// base names an attempt's files, by the job's key: after a restored backup the
// protocol numbers are given to other requests.
func (a *CommandAction) base(job Job) string {
	return filepath.Join(a.Dir, fmt.Sprintf("%s-%d", strings.ReplaceAll(job.Key, "/", "-"), job.Attempt))
}

// attemptKept is how long the end of an attempt stays written down: any crash
// between it and the desk's own record is over by then.
const attemptKept = 30 * 24 * time.Hour

// sweep forgets attempts long past, at most once a day.
func (a *CommandAction) sweep() {
	if time.Since(a.swept) < 24*time.Hour {
		return
	}
	a.swept = time.Now()
	files, _ := os.ReadDir(a.Dir) // none: there is nothing to sweep
	for _, f := range files {
		if info, err := f.Info(); err == nil && time.Since(info.ModTime()) > attemptKept {
			_ = os.Remove(filepath.Join(a.Dir, f.Name())) // tomorrow again
		}
	}
}

// plainEnv is the part of the environment that a command gets.
func plainEnv() (env []string) {
	for _, name := range []string{"PATH", "HOME", "LANG", "LC_ALL", "TZ", "TMPDIR"} {
		if v, ok := os.LookupEnv(name); ok {
			env = append(env, name+"="+v)
		}
	}
	return env
}

// start starts the keeper and waits until it ends or time is up.
func (a *CommandAction) start(ctx context.Context, base string, job Job) error {
	a.sweep()
	input, err := json.Marshal(job)
	if err != nil {
		return err
	}
	// Put in its place whole: a keeper that a desk started which is dead by now may be reading it.
	err = os.WriteFile(base+".new", append(input, '\n'), 0o600)
	if err == nil {
		err = os.Rename(base+".new", base+".job")
	}
	if err != nil {
		return err
	}
	cmd := exec.Command("/bin/sh", append([]string{"-c", keeper, base}, a.Command...)...)
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true} // the desk's death is not its own
	cmd.Dir, cmd.Env = filepath.Dir(filepath.Dir(base)), plainEnv()
	if err := cmd.Start(); err != nil {
		return err
	}
	ended := make(chan struct{})
	go func() { defer close(ended); _ = cmd.Wait() }() // files say how the command ended, its code how the keeper did
	select {
	case <-ended:
	case <-ctx.Done():
		_ = syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) // it and all that it started
		<-ended
		return a.late(base)
	}
	return a.ran(base, cmd.ProcessState)
}

// ran is an error that passes when the keeper ended before it ran the command:
// nobody need look whether that was done.
func (a *CommandAction) ran(base string, end *os.ProcessState) error {
	if _, err := os.Stat(base + ".begun"); end.ExitCode() != exitClaimed && !errors.Is(err, os.ErrNotExist) {
		return nil
	}
	forget(base)
	return fmt.Errorf("%s was not run: the attempt cannot be written down in %s (the keeper: %s)", filepath.Base(a.Command[0]), filepath.Dir(base), end)
}

// late is the end of an attempt that was killed because its time was up, unless
// it had come to its own just before. What it had done by then nobody knows.
func (a *CommandAction) late(base string) error {
	if _, err := os.Stat(base + ".done"); err == nil {
		return a.ended(base)
	}
	forget(base)
	return permanent("%s had no end in time and was stopped: look whether it was done, then say so", filepath.Base(a.Command[0]))
}

// forget removes what of an attempt may name a customer.
func forget(base string) {
	_ = os.Remove(base + ".job") // not there is as good
	_ = os.Remove(base + ".err")
}

// wait waits for the end of an attempt that has begun.
func (a *CommandAction) wait(ctx context.Context, base string) error {
	for {
		if _, err := os.Stat(base + ".done"); !errors.Is(err, os.ErrNotExist) {
			return a.ended(base)
		}
		pid, alive := keeperOf(base)
		if !alive {
			if _, err := os.Stat(base + ".done"); err == nil {
				continue // it ended between the two looks
			}
			return a.unknown()
		}
		select {
		case <-ctx.Done():
			if pid > 0 {
				_ = syscall.Kill(-pid, syscall.SIGKILL) // else it would run on after a person has looked
			}
			return a.late(base)
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// keeperOf finds the shell that claimed the attempt, and says whether it still
// runs; 0 while it has not written down its number.
func keeperOf(base string) (pid int, alive bool) {
	raw, err := os.ReadFile(base + ".begun")
	if err != nil {
		return 0, false
	}
	if len(bytes.TrimSpace(raw)) == 0 {
		return 0, recently(base + ".begun")
	}
	if pid, err = strconv.Atoi(strings.TrimSpace(string(raw))); err != nil || pid <= 1 {
		return 0, false
	}
	line, err := os.ReadFile(fmt.Sprintf("/proc/%d/cmdline", pid))
	return pid, err == nil && bytes.Contains(line, []byte(base)) // not another process with its number
}

// recently reports whether a file was made in this minute.
func recently(name string) bool {
	info, err := os.Stat(name)
	return err == nil && time.Since(info.ModTime()) < time.Minute
}

// unknown is the end of an attempt that is written down nowhere.
func (a *CommandAction) unknown() error {
	return permanent("nobody knows how %s ended (did the machine stop, or was the disk full?): look whether it was done, then say so", filepath.Base(a.Command[0]))
}

// ended says how an attempt ended. On a full disk its end may be an empty file.
func (a *CommandAction) ended(base string) error {
	raw, err := os.ReadFile(base + ".done")
	if err != nil {
		return err
	}
	defer forget(base)
	code := strings.TrimSpace(string(raw))
	switch code {
	case "0":
		return nil
	case "":
		return a.unknown()
	}
	why := fmt.Sprintf("%s: exit code %s", filepath.Base(a.Command[0]), code)
	if last := lastLine(base + ".err"); last != "" {
		why += ": " + last
	}
	if code == strconv.Itoa(exitTemporary) {
		return errors.New(why)
	}
	return &PermanentError{Why: why}
}

// lastLine is the last line of a file, 300 bytes at most.
func lastLine(name string) string {
	const tail = 4 << 10
	f, err := os.Open(name)
	if err != nil {
		return ""
	}
	defer f.Close()
	if info, err := f.Stat(); err == nil && info.Size() > tail {
		_, _ = f.Seek(-tail, io.SeekEnd) // at worst the first line is read instead
	}
	raw, _ := io.ReadAll(io.LimitReader(f, tail))
	lines := strings.Split(strings.TrimSpace(string(raw)), "\n")
	last := strings.TrimSpace(lines[len(lines)-1])
	return strings.ToValidUTF8(last[:min(len(last), 300)], "")
}
