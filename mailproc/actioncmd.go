package mailproc

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
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
// or waits for it. Only if the machine itself stopped in between is the end
// unknown; then a person is asked.
type CommandAction struct {
	Command []string
	Dir     string        // where attempts are written down, private to the desk
	Timeout time.Duration // 0: one minute
}

// keeper claims the attempt $0.begun, runs the command, and keeps its end.
const keeper = `set -C; umask 077
echo $$ > "$0.begun" || exit 97
set +C
"$@" < "$0.job" > /dev/null 2> "$0.err"
echo $? > "$0.end"
mv "$0.end" "$0.done"`

const exitTemporary = 75

// Run runs the command, or finds how this attempt ended before a crash.
func (a *CommandAction) Run(ctx context.Context, job Job) error {
	if err := os.MkdirAll(a.Dir, 0o700); err != nil {
		return err
	}
	base := filepath.Join(a.Dir, fmt.Sprintf("%s-%d-%d", filepath.Base(job.Case), job.Step, job.Attempt))
	timeout := a.Timeout
	setDefault(&timeout, time.Minute)
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	if _, err := os.Stat(base + ".begun"); errors.Is(err, os.ErrNotExist) {
		if err := a.start(ctx, base, job); err != nil {
			return err
		}
	}
	return a.wait(ctx, base)
}

// start starts the keeper and waits until it ends or time is up.
func (a *CommandAction) start(ctx context.Context, base string, job Job) error {
	input, err := json.Marshal(job)
	if err != nil {
		return err
	}
	if err := os.WriteFile(base+".job", append(input, '\n'), 0o600); err != nil {
		return err
	}
	cmd := exec.Command("/bin/sh", append([]string{"-c", keeper, base}, a.Command...)...)
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true} // the desk's death is not its own
	cmd.Dir = filepath.Dir(a.Dir)
	if err := cmd.Start(); err != nil {
		return err
	}
	ended := make(chan struct{})
	go func() { defer close(ended); _ = cmd.Wait() }() // its own file says how it ended
	select {
	case <-ended:
	case <-ctx.Done():
		_ = syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL)
		<-ended
		return fmt.Errorf("%s: no end in time", filepath.Base(a.Command[0]))
	}
	return nil
}

// wait waits for the end of an attempt that has begun.
func (a *CommandAction) wait(ctx context.Context, base string) error {
	for {
		raw, err := os.ReadFile(base + ".done")
		if err == nil {
			return a.ended(base, strings.TrimSpace(string(raw)))
		}
		if !errors.Is(err, os.ErrNotExist) {
			return err
		}
		if !keeperAlive(base) {
			if _, err := os.Stat(base + ".done"); err == nil {
				continue // it ended between the two looks
			}
			return permanent("the machine stopped while %s ran: look whether it was done, then say so", filepath.Base(a.Command[0]))
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("%s: no end in time", filepath.Base(a.Command[0]))
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// keeperAlive reports whether the shell that claimed the attempt still runs.
func keeperAlive(base string) bool {
	raw, err := os.ReadFile(base + ".begun")
	if err != nil {
		return false
	}
	pid, err := strconv.Atoi(strings.TrimSpace(string(raw)))
	if err != nil {
		return len(bytes.TrimSpace(raw)) == 0 // claimed, its number not written yet
	}
	line, err := os.ReadFile(fmt.Sprintf("/proc/%d/cmdline", pid))
	return err == nil && bytes.Contains(line, []byte(base)) // not another process with its number
}

func (a *CommandAction) ended(base, code string) error {
	defer os.Remove(base + ".job") // it names a customer
	if code == "0" {
		return nil
	}
	why := fmt.Sprintf("%s: exit code %s", filepath.Base(a.Command[0]), code)
	if raw, err := os.ReadFile(base + ".err"); err == nil {
		lines := strings.Split(strings.TrimSpace(string(raw)), "\n")
		if last := strings.TrimSpace(lines[len(lines)-1]); last != "" {
			why += ": " + strings.ToValidUTF8(last[:min(len(last), 300)], "")
		}
	}
	if code == strconv.Itoa(exitTemporary) {
		return errors.New(why)
	}
	return &PermanentError{Why: why}
}
