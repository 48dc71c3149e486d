package mailproc

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"sportello/mailproc/pec/pectest"
	"sportello/mailproc/submit"
	"sportello/rules"
	"sportello/store"
)

// post is a person who notes what he is told and when; broken, he cannot be reached.
type post struct {
	mu     sync.Mutex
	got    []string
	broken bool
}

func (p *post) Send(_ context.Context, a Alert) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.broken {
		return errors.New("nobody there")
	}
	word := "alert"
	if a.Clear {
		word = "clear"
	}
	p.got = append(p.got, fmt.Sprintf("%s %s %s: %s", time.Now().UTC().Format("Mon 15:04"), word, a.Incident, a.Text))
	return nil
}

func (p *post) set(broken bool) { p.mu.Lock(); p.broken = broken; p.mu.Unlock() }

// memory keeps incidents as a store does.
type memory struct {
	mu   sync.Mutex
	rows map[string][]byte
	full bool // nothing can be saved
}

func (m *memory) LoadAlerts() (map[string][]byte, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return maps.Clone(m.rows), nil
}

func (m *memory) SaveAlerts(changes map[string][]byte) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.full {
		return errors.New("no room")
	}
	if m.rows == nil {
		m.rows = map[string][]byte{}
	}
	for key, value := range changes {
		if m.rows[key] = value; value == nil {
			delete(m.rows, key)
		}
	}
	return nil
}

// keepAlerts runs a keeper over a store until stop, as the desk does.
func keepAlerts(t *testing.T, to AlertSender, in AlertStore) (a *Alerts, stop func()) {
	t.Helper()
	cal, err := rules.NewCalendar("Europe/Rome", nil, false)
	if err != nil {
		t.Fatal(err)
	}
	a = &Alerts{Sender: to, Store: in, Calendar: cal, Log: silent()}
	if err := a.Open(); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error)
	go func() { done <- a.Run(ctx) }()
	return a, func() { cancel(); <-done }
}

func wantTold(t *testing.T, p *post, want ...string) {
	t.Helper()
	synctest.Wait()
	p.mu.Lock()
	defer p.mu.Unlock()
	if diff := cmp.Diff(want, p.got); diff != "" {
		t.Errorf("what was told (-want +got):\n%s", diff)
	}
	p.got = nil
}

// TestAlertsLife: once, at once; then daily in working hours; then all clear.
// The clock of synctest begins on Saturday 1 January 2000, 00:00 UTC, 01:00 in Rome.
func TestAlertsLife(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p, m := &post{}, &memory{}
		a, stop := keepAlerts(t, p, m)
		defer func() { stop() }()
		a.Raise("quota/a", "cannot be read")
		a.Raise("quota/a", "cannot be read")
		wantTold(t, p, "Sat 00:00 alert quota/a: cannot be read")
		a.Raise("quota/a", "cannot be read: timeout") // news of the same incident
		time.Sleep(time.Hour)
		wantTold(t, p)
		time.Sleep(55 * time.Hour) // Monday morning, nine in Rome
		wantTold(t, p, "Mon 08:00 alert quota/a: cannot be read: timeout")

		stop() // a restart repeats nothing and forgets nothing
		a, stop = keepAlerts(t, p, m)
		a.Raise("quota/a", "cannot be read: timeout")
		time.Sleep(23 * time.Hour)
		wantTold(t, p)
		time.Sleep(2 * time.Hour)
		wantTold(t, p, "Tue 08:00 alert quota/a: cannot be read: timeout")
		a.Clear("quota/a")
		a.Clear("quota/a")
		time.Sleep(48 * time.Hour)
		wantTold(t, p, "Tue 09:00 clear quota/a: cannot be read: timeout")
		if len(m.rows) != 0 || len(a.Incidents()) != 0 {
			t.Errorf("left after the all-clear: %v, %v", m.rows, a.Incidents())
		}
		time.Sleep(2 * time.Hour) // Thursday is the Epiphany
		a.Raise("disk", "nearly full")
		wantTold(t, p, "Thu 11:00 alert disk: nearly full")
		time.Sleep(70 * time.Hour) // Friday eleven; then a week-end
		wantTold(t, p, "Fri 11:00 alert disk: nearly full")
	})
}

// TestAlertsOfTasks: work that is asked of a person is shown at once, and told
// when a working day went by: here Monday, which ends at 23:00 UTC.
func TestAlertsOfTasks(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := &post{}
		a, stop := keepAlerts(t, p, &memory{})
		defer func() { stop() }()
		a.Raise("task/2026-000001", "pay it back")
		a.Raise("task/2026-000002", "pay it back")
		if len(a.Incidents()) != 2 {
			t.Error("it is not shown")
		}
		time.Sleep(60 * time.Hour)
		a.Clear("task/2026-000002") // done in time: nobody is told
		wantTold(t, p)
		time.Sleep(11*time.Hour + time.Minute)
		wantTold(t, p, "Mon 23:00 alert task/2026-000001: pay it back")
	})
}

// TestAlertsUnreachable: what cannot be told is tried again, and what ended
// before anybody knew is never told.
func TestAlertsUnreachable(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p, m := &post{broken: true}, &memory{}
		a, stop := keepAlerts(t, p, m)
		defer func() { stop() }()
		a.Raise("disk", "full")
		a.Raise("login/a", "refused")
		synctest.Wait()
		if len(m.rows) != 2 {
			t.Errorf("saved: %v", m.rows)
		}
		a.Clear("login/a")
		time.Sleep(2 * time.Minute)
		p.set(false)
		wantTold(t, p)
		time.Sleep(3 * time.Minute)
		wantTold(t, p, "Sat 00:05 alert disk: full")

		p.set(true)
		a.Clear("disk")
		synctest.Wait()
		stop() // the all-clear is owed across a restart
		p.set(false)
		a, stop = keepAlerts(t, p, m)
		wantTold(t, p, "Sat 00:05 clear disk: full")
		a.Clear("disk")
		a.Clear("nothing")
		time.Sleep(time.Hour)
		wantTold(t, p)
	})
}

// TestAlertsUnsent: that nobody can be told is an incident, which who asks sees
// at once, once whatever fails; it ends with the next telling that arrives, and is
// told by itself only where no other is left to tell.
func TestAlertsUnsent(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p, m := &post{broken: true}, &memory{}
		a, stop := keepAlerts(t, p, m)
		defer func() { stop() }()
		shown := func(want bool) {
			t.Helper()
			synctest.Wait()
			i, open := a.Incidents()["alert"]
			if open != want || open && !strings.Contains(i.Text, "(nobody there)") {
				t.Errorf("shown %v, want %v: %+v", open, want, i)
			}
			if m.rows["alert"] != nil {
				t.Error("it is kept across a restart, which tries again anyway")
			}
		}
		shown(false)
		a.Raise("promise/2026-000001", "late")
		shown(true)
		time.Sleep(17 * time.Minute) // tried in vain thrice more
		if since := a.Incidents()["alert"].Since; time.Since(since) != 17*time.Minute {
			t.Errorf("it is said to last since %v", since)
		}
		p.set(false)
		time.Sleep(3 * time.Minute)
		wantTold(t, p, "Sat 00:20 alert promise/2026-000001: late")
		shown(false)

		p.set(true)
		a.Raise("disk", "full")
		synctest.Wait()
		a.Clear("disk") // nobody knew of it: nothing is left to tell
		time.Sleep(time.Hour)
		shown(true)
		p.set(false)
		time.Sleep(5 * time.Minute)
		wantTold(t, p, "Sat 01:25 clear alert: Nobody can be told of incidents: what [alert] names does not work. They are shown here alone, and telling them is tried again every five minutes. (nobody there)")
		shown(false)
		time.Sleep(time.Hour)
		wantTold(t, p)

		p.set(true)
		a.Raise("disk", "full")
		shown(true)
		stop()
		p.set(false)
		a, stop = keepAlerts(t, p, m)
		wantTold(t, p, "Sat 02:25 alert disk: full")
		shown(false)
	})
}

// TestAlertsOfAPromise: the warning, the target and the term are told as they
// come, each once, and not a day after the one before.
func TestAlertsOfAPromise(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p, m := &post{}, &memory{}
		a, stop := keepAlerts(t, p, m)
		defer func() { stop() }()
		time.Sleep(95 * time.Hour) // Tuesday, midnight in Rome
		a.Raise("promise/2026-000001", "a day is left")
		wantTold(t, p, "Tue 23:00 alert promise/2026-000001: a day is left")
		time.Sleep(10 * time.Hour)
		a.Raise("promise/2026-000001", "the last day")
		a.Raise("promise/2026-000001", "the last day")
		wantTold(t, p, "Wed 09:00 alert promise/2026-000001: the last day")
		p.set(true)
		a.Raise("promise/2026-000001", "its term passed")
		synctest.Wait()
		stop() // what could not be told is told by the next start
		p.set(false)
		_, stop = keepAlerts(t, p, m)
		wantTold(t, p, "Wed 09:00 alert promise/2026-000001: its term passed")
		time.Sleep(23 * time.Hour)
		wantTold(t, p)
	})
}

// TestAlertsRaisedAgain: an incident that comes back before its all-clear went
// out has neither all-clear nor a second alert.
func TestAlertsRaisedAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := &post{}
		a, stop := keepAlerts(t, p, &memory{})
		defer stop()
		a.Raise("smtp/a", "down")
		wantTold(t, p, "Sat 00:00 alert smtp/a: down")
		p.set(true)
		a.Clear("smtp/a")
		time.Sleep(time.Minute)
		a.Raise("smtp/a", "down again")
		p.set(false)
		time.Sleep(12 * time.Hour)
		wantTold(t, p, "Sat 00:05 clear alert: Nobody can be told of incidents: what [alert] names does not work. They are shown here alone, and telling them is tried again every five minutes. (nobody there)")
		if got := a.Incidents()["smtp/a"].Text; got != "down again" {
			t.Errorf("open: %q", got)
		}
	})
}

// TestAlertsFolded: many of a kind at once are one message.
func TestAlertsFolded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := &post{}
		a, stop := keepAlerts(t, p, &memory{})
		defer stop()
		p.set(true)
		a.Raise("disk", "full")
		for i := range 100 {
			a.Raise(fmt.Sprintf("promise/2026-%06d", i), fmt.Sprintf("case %d", i))
		}
		for i := range alertFold {
			a.Raise(fmt.Sprintf("case/2026-%06d", i), "look")
		}
		synctest.Wait()
		p.set(false)
		time.Sleep(2 * alertRetry)
		synctest.Wait()
		folded := p.got[len(p.got)-1]
		if len(p.got) != 2+alertFold || !strings.HasPrefix(folded, "Sat 00:05 alert promise: 100 incidents of a kind:\ncase 0\ncase 1\n") ||
			strings.Count(folded, "\n") != alertLines {
			t.Fatalf("told %d times: %q", len(p.got), p.got)
		}
		p.got = nil
		for i := range 100 {
			a.Clear(fmt.Sprintf("promise/2026-%06d", i))
		}
		synctest.Wait()
		if n := len(a.Incidents()); n != 1+alertFold || len(p.got) == 0 {
			t.Errorf("%d are open after %q", n, p.got)
		}
	})
}

var someAlert = Alert{Incident: "disk", Text: "Only 3 MiB are free.", Since: time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)}

func TestAlertCommand(t *testing.T) {
	t.Setenv("PEC_PASSWORD", "hunter2")
	out := filepath.Join(t.TempDir(), "out")
	script := commandAction(t, `{ cat; env; } > "$1"`, out).Command
	if err := AlertCommand(script).Send(t.Context(), someAlert); err != nil {
		t.Fatal(err)
	}
	raw, err := os.ReadFile(out)
	if err != nil {
		t.Fatal(err)
	}
	var got Alert
	if err := json.NewDecoder(bytes.NewReader(raw)).Decode(&got); err != nil || got != someAlert || bytes.Contains(raw, []byte("hunter2")) {
		t.Errorf("it got %s: %v", raw, err)
	}
	bad := commandAction(t, "echo no route >&2; exit 1").Command
	if err := AlertCommand(bad).Send(t.Context(), someAlert); err == nil || !strings.Contains(err.Error(), "exit status 1 no route") {
		t.Errorf("a command that fails: %v", err)
	}
}

// TestAlertCommandEnds: one that never ends is ended with all that it started.
func TestAlertCommandEnds(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	gate := filepath.Join(t.TempDir(), "gate")
	if _, err := os.Create(gate); err != nil {
		t.Fatal(err)
	}
	script := commandAction(t, `sleep 600 & echo $! > "$1"; wait`, gate).Command
	go func() {
		for { // until it has begun
			if raw, _ := os.ReadFile(gate); bytes.HasSuffix(raw, []byte("\n")) || !pause(t.Context(), time.Millisecond) {
				cancel()
				return
			}
		}
	}()
	if err := AlertCommand(script).Send(ctx, someAlert); err == nil {
		t.Error("it ended well")
	}
	raw, err := os.ReadFile(gate)
	if err != nil {
		t.Fatal(err)
	}
	gone(t, strings.TrimSpace(string(raw)))
}

func TestAlertWebhook(t *testing.T) {
	code := http.StatusNoContent
	var got Alert
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if err := json.NewDecoder(r.Body).Decode(&got); err != nil || r.Method != http.MethodPost {
			t.Errorf("%s: %v", r.Method, err)
		}
		w.WriteHeader(code)
	}))
	defer s.Close()
	if err := AlertWebhook(s.URL).Send(t.Context(), someAlert); err != nil || got != someAlert {
		t.Errorf("%v: %+v", err, got)
	}
	code = http.StatusBadGateway
	if err := AlertWebhook(s.URL+"/token").Send(t.Context(), someAlert); err == nil || strings.Contains(err.Error(), "token") {
		t.Errorf("502: %v", err)
	}
	login := http.NewServeMux()
	login.HandleFunc("GET /log-in", func(http.ResponseWriter, *http.Request) {}) // 200, as a page to log in
	login.Handle("/", http.RedirectHandler("/log-in", http.StatusFound))
	moved := httptest.NewServer(login)
	defer moved.Close()
	if err := AlertWebhook(moved.URL+"/hook").Send(t.Context(), someAlert); err == nil || !strings.Contains(err.Error(), "302") {
		t.Errorf("a redirection counts as told: %v", err)
	}
}

// TestAlertMailRefusedLogin: a refused login is not tried again for the next
// recipient.
func TestAlertMailRefusedLogin(t *testing.T) {
	world, err := pectest.NewWorld()
	if err != nil {
		t.Fatal(err)
	}
	server, err := world.Desk.Serve(pectest.ServerOptions{Users: map[string]string{"sportello@example.org": "segreto"}})
	if err != nil {
		t.Fatal(err)
	}
	defer server.Close()
	m := &AlertMail{From: "sportello@example.org", To: []string{"anna@example.org", "bruno@example.org"},
		Account: submit.Account{URL: "smtp://" + server.Addr, Plaintext: true, User: "sportello@example.org", Password: func() (string, error) { return "altra", nil }}}
	if err := m.Send(t.Context(), someAlert); err == nil {
		t.Error("it counts as told")
	}
	if _, refused := server.Logins(); refused != 1 {
		t.Errorf("%d refused logins", refused)
	}
}

// smtpOnce is an SMTP server for one connection that knows only the
// recipients in known; it gives back the messages it took.
func smtpOnce(t *testing.T, known string) (addr string, messages func() []string) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	taken, done := []string{}, make(chan struct{})
	go func() {
		defer close(done)
		conn, err := l.Accept()
		if err != nil {
			return
		}
		defer conn.Close()
		taken = serveSMTP(conn, known)
	}()
	return l.Addr().String(), func() []string { l.Close(); <-done; return taken }
}

func serveSMTP(conn io.ReadWriter, known string) (taken []string) {
	in := bufio.NewScanner(conn)
	say := func(line string) { fmt.Fprintf(conn, "%s\r\n", line) }
	say("220 ready")
	for in.Scan() {
		switch word, _, _ := strings.Cut(strings.ToUpper(in.Text()), " "); {
		case word == "DATA":
			say("354 go on")
			var text strings.Builder
			for in.Scan() && in.Text() != "." {
				text.WriteString(in.Text() + "\n")
			}
			taken = append(taken, text.String())
			say("250 taken")
		case word == "RCPT" && !strings.Contains(in.Text(), known):
			say("550 no such user")
		case word == "QUIT":
			say("221 bye")
			return taken
		default:
			say("250 fine")
		}
	}
	return taken
}

func TestAlertMail(t *testing.T) {
	mail := func(known string) ([]string, error) {
		addr, messages := smtpOnce(t, known)
		m := &AlertMail{From: "desk@example.org", To: []string{"anna@example.org", "bruno@example.org"},
			Account: submit.Account{Name: "alert", URL: "smtp://" + addr, Plaintext: true, NoAuth: true}}
		err := m.Send(t.Context(), someAlert)
		return messages(), err
	}
	got, err := mail("bruno") // Anna has left; that is no reason to write to Bruno every five minutes
	if err != nil || len(got) != 1 {
		t.Fatalf("%v, %d messages", err, len(got))
	}
	for _, want := range []string{"From: <desk@example.org>", "To: bruno@example.org", "Subject: Sportello: disk", "Auto-Submitted: auto-generated",
		"Only 3 MiB are free.", "Since Mon, 23 Nov 2026 09:00:00 +0000"} {
		if !strings.Contains(got[0], want) {
			t.Errorf("%q is not in:\n%s", want, got[0])
		}
	}
	if strings.Contains(got[0], "X-TipoRicevuta") {
		t.Errorf("an ordinary message asks for receipts:\n%s", got[0])
	}
	if got, err := mail("carla"); err == nil || len(got) != 0 {
		t.Errorf("nobody was reached: %v, %q", err, got)
	}
}

// TestAlertsWithoutSender: where nobody is told, what is open is kept for who
// asks, across a restart too, and gone when it is over.
func TestAlertsWithoutSender(t *testing.T) {
	st, err := store.Open(t.TempDir(), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	now := time.Date(2026, 11, 25, 10, 0, 0, 0, time.UTC)
	open := func() *Office {
		a := &Alerts{Store: StoredAlerts{Store: st}, Log: silent(), Now: func() time.Time { return now }}
		if err := a.Open(); err != nil {
			t.Fatal(err)
		}
		return &Office{Desk: &Desk{Options: Options{Store: st, Alerts: a, Log: silent()}}}
	}
	o := open()
	for _, key := range []string{"task/2026-000003", "promise/2026-000002", "case/2026-000001", "smtp/disattivazioni", "disk"} {
		o.raise(key, "look at "+key)
		now = now.Add(time.Minute)
	}
	o.Alerts.tell(t.Context())
	o.Alerts.save()
	keys := func(o *Office) (out []string) {
		for _, i := range o.Incidents() {
			out = append(out, i.Incident)
		}
		return out
	}
	if diff := cmp.Diff([]string{"smtp/disattivazioni", "disk", "task/2026-000003", "promise/2026-000002", "case/2026-000001"}, keys(open())); diff != "" {
		t.Errorf("after a restart (-want +got):\n%s", diff)
	}
	for _, key := range []string{"disk", "task/2026-000003", "promise/2026-000002", "smtp/disattivazioni"} {
		o.clear(key)
	}
	o.Alerts.save()
	if diff := cmp.Diff([]string{"case/2026-000001"}, keys(open())); diff != "" {
		t.Errorf("after the all-clear (-want +got):\n%s", diff)
	}
}

// TestALineIsGivenAMoment: a mailbox out of reach is an incident at once, and a
// person is told of it, in his language, when it lasts; a promise is told at once.
func TestALineIsGivenAMoment(t *testing.T) {
	now := time.Date(2026, 11, 25, 10, 0, 0, 0, time.UTC)
	cal, err := rules.NewCalendar("Europe/Rome", nil, false)
	if err != nil {
		t.Fatal(err)
	}
	p := &post{}
	a := &Alerts{Sender: p, Store: &memory{}, Calendar: cal, Log: silent(), Now: func() time.Time { return now }}
	if err := a.Open(); err != nil {
		t.Fatal(err)
	}
	a.TellIn(strings.ToUpper)
	told := func(want ...string) {
		t.Helper()
		a.tell(t.Context())
		var got []string
		for _, line := range p.got {
			_, line, _ = strings.Cut(line, " ")
			_, line, _ = strings.Cut(line, " ")
			got = append(got, line)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
	}
	a.Raise("mailbox/a", "gone")
	a.Raise("promise/2026-000001", "late")
	told("alert promise/2026-000001: LATE")
	if _, open := a.Incidents()["mailbox/a"]; !open {
		t.Error("it is no incident yet")
	}
	now = now.Add(time.Minute) // the server was started anew
	a.Clear("mailbox/a")
	told("alert promise/2026-000001: LATE")
	a.Raise("mailbox/a", "gone")
	now = now.Add(lineGrace)
	told("alert promise/2026-000001: LATE", "alert mailbox/a: GONE")
	a.Clear("mailbox/a")
	told("alert promise/2026-000001: LATE", "alert mailbox/a: GONE", "clear mailbox/a: GONE")
}
