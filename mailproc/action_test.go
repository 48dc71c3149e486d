package mailproc

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

var someJob = Job{Case: "2026-000123", Step: 1, Do: "read-only", Mailbox: "mario@pec.example.it", Key: "2026-000123/1", Attempt: 1,
	Fields: map[string]string{"casella": "mario@pec.example.it"}}

// commandAction runs a shell script as an action, in a folder of the test.
func commandAction(t *testing.T, script string, args ...string) *CommandAction {
	t.Helper()
	path := writeFile(t, "pec-admin", "#!/bin/sh\n"+script+"\n")
	if err := os.Chmod(path, 0o700); err != nil {
		t.Fatal(err)
	}
	return &CommandAction{Command: append([]string{path}, args...), Dir: filepath.Join(t.TempDir(), "actions")}
}

// ending says how an action ended.
func ending(err error) string {
	var p *PermanentError
	switch {
	case err == nil:
		return "done"
	case errors.As(err, &p):
		return "permanent"
	}
	return "temporary"
}

func TestCommandAction(t *testing.T) {
	tests := []struct{ name, script, want, detail string }{
		{"done", "cat > /dev/null", "done", ""},
		{"done though its input is not read", "exit 0", "done", ""},
		{"try again", "echo first line >&2; echo the server is busy >&2; exit 75", "temporary", "pec-admin: exit code 75: the server is busy"},
		{"refused", "echo no such mailbox >&2; exit 1", "permanent", "pec-admin: exit code 1: no such mailbox"},
		{"silent", "exit 3", "permanent", "pec-admin: exit code 3"},
		{"talkative", "yes x | head -c 1000000 >&2; echo; yes y | head -c 1000000; echo the end >&2; exit 1", "permanent", "pec-admin: exit code 1: the end"},
		{"killed", "kill -9 $$", "permanent", "pec-admin: exit code 137: Killed"},
	}
	for _, x := range tests {
		t.Run(x.name, func(t *testing.T) {
			a := commandAction(t, x.script)
			err := a.Run(t.Context(), someJob)
			if ending(err) != x.want || x.detail != "" && err.Error() != x.detail {
				t.Errorf("it ends %s: %v\nwant %s: %s", ending(err), err, x.want, x.detail)
			}
			for _, ext := range []string{".job", ".err"} {
				if left, _ := filepath.Glob(filepath.Join(a.Dir, "*"+ext)); left != nil {
					t.Errorf("left behind, with the customer's name: %v", left)
				}
			}
		})
	}
	missing := &CommandAction{Command: []string{"/no/such/program"}, Dir: t.TempDir()}
	if err := missing.Run(t.Context(), someJob); ending(err) != "permanent" {
		t.Errorf("a command that is not there: %v", err)
	}
}

// TestCommandActionRelative: a desk whose folder is named from where it was
// started writes its attempts there, wherever the command works.
func TestCommandActionRelative(t *testing.T) {
	a := commandAction(t, "cat > /dev/null")
	t.Chdir(t.TempDir())
	a.Dir = filepath.Join("data", "actions")
	if err := a.Run(t.Context(), someJob); err != nil {
		t.Error(err)
	}
	if done, _ := filepath.Glob("data/actions/*.done"); len(done) != 1 {
		t.Errorf("its end is not where the desk looks: %v", done)
	}
}

// TestCommandActionNeverRan: when the attempt cannot be claimed, or the claim
// is not surely on the disk, the command is not run, and nobody is asked
// whether it was.
func TestCommandActionNeverRan(t *testing.T) {
	never := func(t *testing.T, spoil func(a *CommandAction)) {
		out := t.TempDir()
		a := commandAction(t, `echo ran > "$1/ran"`, out)
		if err := os.MkdirAll(a.Dir, 0o700); err != nil {
			t.Fatal(err)
		}
		spoil(a)
		if err := a.Run(t.Context(), someJob); ending(err) != "temporary" || !strings.Contains(err.Error(), "pec-admin was not run") {
			t.Errorf("it ends %s: %v", ending(err), err)
		}
		if _, err := os.Stat(filepath.Join(out, "ran")); err == nil {
			t.Error("and it was run")
		}
	}
	t.Run("no claim", func(t *testing.T) {
		never(t, func(a *CommandAction) {
			if err := os.Symlink("/no/such/folder/file", a.base(someJob)+".begun"); err != nil {
				t.Fatal(err)
			}
		})
	})
	t.Run("not on the disk", func(t *testing.T) {
		never(t, func(*CommandAction) {
			sync := writeFile(t, "sync", "#!/bin/sh\nexit 1\n")
			if err := os.Chmod(sync, 0o700); err != nil {
				t.Fatal(err)
			}
			t.Setenv("PATH", filepath.Dir(sync)+":"+os.Getenv("PATH"))
		})
	})
}

// TestCommandActionInput: the job comes as JSON, arguments stay whole, and
// nothing of the desk's environment but the harmless comes with it.
func TestCommandActionInput(t *testing.T) {
	t.Setenv("PEC_PASSWORD", "hunter2")
	out := t.TempDir()
	a := commandAction(t, `cat > "$1/job"; env > "$1/env"; echo "$2" > "$1/arg"`, out, "two words; $HOME")
	if err := a.Run(t.Context(), someJob); err != nil {
		t.Fatal(err)
	}
	read := func(name string) []byte {
		raw, err := os.ReadFile(filepath.Join(out, name))
		if err != nil {
			t.Fatal(err)
		}
		return raw
	}
	want, err := json.Marshal(someJob)
	if err != nil {
		t.Fatal(err)
	}
	if got := bytes.TrimSpace(read("job")); !bytes.Equal(got, want) {
		t.Errorf("the job it got: %s\nwant %s", got, want)
	}
	if got := string(read("arg")); got != "two words; $HOME\n" {
		t.Errorf("its argument: %q", got)
	}
	if env := string(read("env")); strings.Contains(env, "PEC_PASSWORD") || !strings.Contains(env, "PATH=") {
		t.Errorf("its environment:\n%s", env)
	}
}

// TestCommandActionLate: a command whose time is up is killed with all that it
// started. What it had done by then nobody knows: it is not run again.
func TestCommandActionLate(t *testing.T) {
	out := t.TempDir()
	a := commandAction(t, `sleep 600 & echo $! > "$1/pid.new"; mv "$1/pid.new" "$1/pid"; wait`, out)
	a.Timeout = 500 * time.Millisecond
	err := a.Run(t.Context(), someJob)
	if ending(err) != "permanent" || !strings.Contains(err.Error(), "in time") {
		t.Fatalf("it ends %s: %v", ending(err), err)
	}
	raw, err := os.ReadFile(filepath.Join(out, "pid"))
	if err != nil {
		t.Fatal(err)
	}
	gone(t, strings.TrimSpace(string(raw)))
}

// gone waits until a process is no more.
func gone(t *testing.T, pid string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	for {
		stat, err := os.ReadFile("/proc/" + pid + "/stat")
		if err != nil || strings.Contains(string(stat), ") Z ") { // ended, and nobody has asked yet
			return
		}
		if !pause(ctx, 5*time.Millisecond) {
			t.Fatalf("process %s still runs", pid)
		}
	}
}

// TestCommandActionOnce: an attempt runs once. Asked again, as after a crash
// of the desk, it tells how it ended; the next attempt runs anew.
func TestCommandActionOnce(t *testing.T) {
	out := t.TempDir()
	a := commandAction(t, `echo ran >> "$1/runs"; exit 75`, out)
	runs := func() int {
		raw, _ := os.ReadFile(filepath.Join(out, "runs"))
		return strings.Count(string(raw), "ran")
	}
	for range 3 {
		if err := a.Run(t.Context(), someJob); ending(err) != "temporary" {
			t.Fatal(err)
		}
	}
	if n := runs(); n != 1 {
		t.Errorf("one attempt ran %d times", n)
	}
	next := someJob
	next.Attempt++
	if err := a.Run(t.Context(), next); ending(err) != "temporary" || runs() != 2 {
		t.Errorf("the next attempt: %v, %d runs", err, runs())
	}
}

// startKeeper starts an attempt and leaves it running, as a desk that is
// killed does.
func startKeeper(t *testing.T, a *CommandAction, job Job) (base string, pid int) {
	t.Helper()
	if err := os.MkdirAll(a.Dir, 0o700); err != nil {
		t.Fatal(err)
	}
	base = a.base(job)
	if err := os.WriteFile(base+".job", nil, 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("/bin/sh", append([]string{"-c", keeper, base}, a.Command...)...)
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go cmd.Wait()
	t.Cleanup(func() { _ = syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) })
	for { // until it has claimed the attempt: the desk asks about none before
		if raw, err := os.ReadFile(base + ".begun"); err == nil && len(bytes.TrimSpace(raw)) > 0 {
			return base, cmd.Process.Pid
		}
		if !pause(t.Context(), time.Millisecond) {
			t.Fatal("the keeper claims nothing")
		}
	}
}

// TestCommandActionAfterCrash: the next start waits for what still runs,
// kills it when its time is up, and asks a person about what nobody knows.
func TestCommandActionAfterCrash(t *testing.T) {
	t.Run("still running", func(t *testing.T) {
		gate := filepath.Join(t.TempDir(), "gate")
		if err := syscall.Mkfifo(gate, 0o600); err != nil {
			t.Fatal(err)
		}
		a := commandAction(t, `read x < "$1"; exit 0`, gate)
		startKeeper(t, a, someJob)
		go os.WriteFile(gate, []byte("go\n"), 0o600)
		if err := a.Run(t.Context(), someJob); err != nil {
			t.Error(err)
		}
	})
	t.Run("never ends", func(t *testing.T) {
		a := commandAction(t, "sleep 600")
		a.Timeout = 200 * time.Millisecond
		_, pid := startKeeper(t, a, someJob)
		if err := a.Run(t.Context(), someJob); ending(err) != "permanent" || !strings.Contains(err.Error(), "look whether it was done") {
			t.Errorf("it ends %s: %v", ending(err), err)
		}
		gone(t, strconv.Itoa(pid))
	})
	t.Run("its time is up as it ends", func(t *testing.T) {
		a := commandAction(t, "sleep 600")
		base, _ := startKeeper(t, a, someJob)
		if err := os.WriteFile(base+".done", []byte("0\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := a.late(base); err != nil {
			t.Errorf("it was done, and ends %s: %v", ending(err), err)
		}
	})
	t.Run("the disk was full", func(t *testing.T) {
		a := commandAction(t, "sleep 600")
		base, _ := startKeeper(t, a, someJob)
		if err := os.WriteFile(base+".done", nil, 0o600); err != nil {
			t.Fatal(err)
		}
		if err := a.Run(t.Context(), someJob); ending(err) != "permanent" || !strings.Contains(err.Error(), "nobody knows") {
			t.Errorf("it ends %s: %v", ending(err), err)
		}
	})
	t.Run("the machine stopped", func(t *testing.T) {
		a := commandAction(t, "sleep 600")
		_, pid := startKeeper(t, a, someJob)
		if err := syscall.Kill(-pid, syscall.SIGKILL); err != nil {
			t.Fatal(err)
		}
		gone(t, strconv.Itoa(pid))
		if err := a.Run(t.Context(), someJob); ending(err) != "permanent" || !strings.Contains(err.Error(), "look whether it was done") {
			t.Errorf("it ends %s: %v", ending(err), err)
		}
	})
}

func TestCommandActionSweep(t *testing.T) {
	a := commandAction(t, "exit 0")
	if err := os.MkdirAll(a.Dir, 0o700); err != nil {
		t.Fatal(err)
	}
	old, young := filepath.Join(a.Dir, "2025-000001-1-1.done"), filepath.Join(a.Dir, "2026-000122-1-1.done")
	for name, age := range map[string]time.Duration{old: attemptKept + time.Hour, young: time.Hour} {
		if err := os.WriteFile(name, []byte("0\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		at := time.Now().Add(-age)
		if err := os.Chtimes(name, at, at); err != nil {
			t.Fatal(err)
		}
	}
	if err := a.Run(t.Context(), someJob); err != nil {
		t.Fatal(err)
	}
	_, errOld := os.Stat(old)
	_, errYoung := os.Stat(young)
	if !errors.Is(errOld, os.ErrNotExist) || errYoung != nil {
		t.Errorf("after a sweep: old %v, young %v", errOld, errYoung)
	}
}

func TestHTTPAction(t *testing.T) {
	tests := []struct {
		code int
		want string
	}{
		{200, "done"}, {204, "done"}, {409, "done"},
		{400, "permanent"}, {401, "permanent"}, {404, "permanent"}, {422, "permanent"},
		{408, "temporary"}, {429, "temporary"}, {500, "temporary"}, {503, "temporary"},
		{302, "temporary"}, {303, "temporary"}, {307, "temporary"},
	}
	for _, x := range tests {
		t.Run(strconv.Itoa(x.code), func(t *testing.T) {
			requests := 0
			s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				requests++
				if r.Method == http.MethodPost {
					w.Header().Set("Location", "/elsewhere")
					w.WriteHeader(x.code)
				}
			}))
			defer s.Close()
			a := &HTTPAction{URL: s.URL, Secret: []byte("key")}
			if err := a.Run(t.Context(), someJob); ending(err) != x.want || requests != 1 {
				t.Errorf("%s after %d requests: %v, want %s", ending(err), requests, err, x.want)
			}
		})
	}
}

// TestHTTPActionRequest: what is posted, with the signature computed here anew.
func TestHTTPActionRequest(t *testing.T) {
	var header http.Header
	var body []byte
	s := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		header = r.Header
		body, _ = io.ReadAll(r.Body)
	}))
	defer s.Close()
	a := &HTTPAction{URL: s.URL, Secret: []byte("key")}
	before := time.Now().Unix()
	if err := a.Run(t.Context(), someJob); err != nil {
		t.Fatal(err)
	}
	var got Job
	if err := json.Unmarshal(body, &got); err != nil || got.Key != someJob.Key || got.Mailbox != someJob.Mailbox {
		t.Errorf("posted %s: %v", body, err)
	}
	stamp := header.Get("Sportello-Timestamp")
	if at, err := strconv.ParseInt(stamp, 10, 64); err != nil || at < before || at > time.Now().Unix() {
		t.Errorf("timestamp %q", stamp)
	}
	cmd := exec.Command("openssl", "dgst", "-sha256", "-hmac", "key")
	cmd.Stdin = strings.NewReader(stamp + "." + string(body))
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	if want := strings.TrimSpace(string(out[bytes.LastIndexByte(out, ' ')+1:])); header.Get("Sportello-Signature") != want {
		t.Errorf("signature %q, openssl says %q", header.Get("Sportello-Signature"), want)
	}
	if header.Get("Idempotency-Key") != someJob.Key || header.Get("Content-Type") != "application/json" {
		t.Errorf("headers %v", header)
	}
}

// TestHTTPActionWords: of a service's answer its number is kept, not its words.
func TestHTTPActionWords(t *testing.T) {
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		c, _, err := w.(http.Hijacker).Hijack()
		if err != nil {
			t.Error(err)
			return
		}
		defer c.Close()
		_, _ = io.WriteString(c, "HTTP/1.1 500 \x1b[2J no "+strings.Repeat("mario@pec.example.it ", 1000)+"\r\n\r\n")
	}))
	defer s.Close()
	err := (&HTTPAction{URL: s.URL, Secret: []byte("key")}).Run(t.Context(), someJob)
	if want := someJob.Do + ": the service answers 500 Internal Server Error"; err == nil || err.Error() != want {
		t.Errorf("%.200v, want %s", err, want)
	}
}

func TestHTTPActionUnreachable(t *testing.T) {
	slow := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		_, _ = io.ReadAll(r.Body)
		<-r.Context().Done()
	}))
	defer slow.Close()
	gone := httptest.NewServer(nil)
	gone.Close()
	for name, url := range map[string]string{"slow": slow.URL, "gone": gone.URL} {
		a := &HTTPAction{URL: url + "/secret-path", Timeout: 100 * time.Millisecond}
		if err := a.Run(t.Context(), someJob); ending(err) != "temporary" || strings.Contains(err.Error(), "secret-path") {
			t.Errorf("%s: %s: %v", name, ending(err), err)
		}
	}
	if err := (&HTTPAction{URL: "http://bad host/"}).Run(t.Context(), someJob); ending(err) != "permanent" {
		t.Errorf("a URL that is none: %v", err)
	}
}

func TestBackoff(t *testing.T) {
	want := []time.Duration{30 * time.Second, 30 * time.Second, time.Minute, 2 * time.Minute, 4 * time.Minute, 8 * time.Minute, 16 * time.Minute,
		32 * time.Minute, 64 * time.Minute, 2 * time.Hour, 2 * time.Hour}
	for n, w := range want {
		if got := Backoff(n); got != w {
			t.Errorf("after attempt %d: %v, want %v", n, got, w)
		}
	}
	if got := Backoff(1 << 40); got != 2*time.Hour {
		t.Errorf("after very many: %v", got)
	}
}
