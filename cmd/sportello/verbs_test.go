package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"sportello/mailproc/console"
	"sportello/mailproc/pec/pectest"
	"sportello/rules"
)

// newOffice is a daemon with a few customers whom a test lets write by name;
// commands carry out these steps.
func newOffice(t *testing.T, actions ...string) *victim {
	t.Helper()
	v := newVictim(t)
	v.actions = actions
	v.configure(pectest.Backlog{Office: v.office, N: 1}, "")
	rows := "address,status,holder\n"
	for n := range 40 {
		rows += fmt.Sprintf("%s,active,Mario Rossi\n", customer(n))
	}
	v.write("mailboxes.csv", []byte(rows), 0o600)
	t.Setenv("SUDO_USER", "anna") // the author of what is done on the command line
	return v
}

func customer(n int) string { return fmt.Sprintf("cliente%d@pec.example.it", n) }

// request is the deactivation form of a customer, with more text behind it.
func (v *victim) request(n int, more string) pectest.Message {
	return pectest.Message{From: "Mario Rossi <" + customer(n) + ">", To: v.office.Deactivations, Subject: "Disattivazione casella", Date: time.Now(),
		Text: "Il sottoscritto Mario Rossi titolare della casella PEC " + customer(n) + " richiede la disattivazione anticipata della stessa (come da caso di assistenza 12345).\n" + more}
}

func (v *victim) post(m pectest.Message) {
	v.t.Helper()
	if err := v.dovecot.Deliver(m.To, v.office.Customers.Transport(m)); err != nil {
		v.t.Fatal(err)
	}
}

const doubt = "\nLa chiusura deve avvenire solo dopo il 31 gennaio.\n"

// answering starts the daemon and waits until it answers on its socket.
func (v *victim) answering() (*exec.Cmd, <-chan error) {
	v.t.Helper()
	cmd, ended := v.begin()
	v.until("the daemon answers", time.Minute, func() bool { code, _ := v.page("/healthz"); return code == http.StatusOK })
	return cmd, ended
}

// must runs a command that must succeed, and gives what it printed.
func (v *victim) must(args ...string) string {
	v.t.Helper()
	out, err := v.command(args...)
	if err != nil {
		v.t.Fatalf("sportello %s: %v\n%s", strings.Join(args, " "), err, out)
	}
	return out
}

// refused runs a command that must exit with 1 and say why.
func (v *victim) refused(why string, args ...string) {
	v.t.Helper()
	out, err := v.command(args...)
	var exit *exec.ExitError
	if !errors.As(err, &exit) || exit.ExitCode() != 1 || !strings.Contains(out, "sportello: ") || !strings.Contains(out, why) {
		v.t.Errorf("sportello %s: %v, want exit code 1 and %q\n%s", strings.Join(args, " "), err, why, out)
	}
}

// rows are the cases as `queue list --json` prints them.
func (v *victim) rows(args ...string) (out []console.Row) {
	v.t.Helper()
	for line := range strings.Lines(v.must(append([]string{"queue", "list", "--json", "--all"}, args...)...)) {
		var r console.Row
		if err := json.Unmarshal([]byte(line), &r); err != nil {
			v.t.Fatalf("%v: %s", err, line)
		}
		out = append(out, r)
	}
	return out
}

// caseOf waits until the case of a customer is in a state.
func (v *victim) caseOf(n int, state rules.State) (id string) {
	v.t.Helper()
	v.until(fmt.Sprintf("customer %d is %s", n, state), time.Minute, func() bool {
		i := slices.IndexFunc(v.rows(), func(r console.Row) bool { return r.Mailbox == customer(n) && r.State == state })
		if i >= 0 {
			id = v.rows()[i].ID
		}
		return i >= 0
	})
	return id
}

func (v *victim) detail(id string) (d rules.Detail) {
	v.t.Helper()
	if err := json.Unmarshal([]byte(v.must("queue", "show", id, "--json")), &d); err != nil {
		v.t.Fatal(err)
	}
	return d
}

// did demands that the journal holds an event of the case by the person.
func (v *victim) did(id string, kind rules.EventKind) {
	v.t.Helper()
	for line := range strings.Lines(v.must("log", "--json", "--case", id)) {
		var e rules.Event
		if err := json.Unmarshal([]byte(line), &e); err != nil {
			v.t.Fatal(err)
		}
		if e.Kind == kind && e.Author == "anna" {
			return
		}
	}
	v.t.Errorf("the journal of case %s holds no %q by anna", id, kind)
}

// TestQueueVerbs does to cases what operators do, on the command line, while
// the daemon runs: each act is an event with its author, and moves the case.
func TestQueueVerbs(t *testing.T) {
	v := newOffice(t, "close") // read-only is an operator's
	cmd, ended := v.answering()
	for n := 1; n <= 6; n++ {
		v.post(v.request(n, doubt))
	}
	ids := map[int]string{}
	for n := 1; n <= 6; n++ {
		ids[n] = v.caseOf(n, rules.InReview)
	}

	preview := v.must("queue", "approve", ids[1], "--preview")
	if !strings.Contains(preview, customer(1)) || v.detail(ids[1]).Case.State != rules.InReview {
		t.Errorf("a preview shows %q and leaves the case %s", preview, v.detail(ids[1]).Case.State)
	}
	if !strings.Contains(preview, "close (5 days) — cannot be undone") || strings.Contains(preview, "read-only (delivered) — cannot") {
		t.Errorf("a preview does not say what follows, and what of it lasts: %q", preview)
	}
	if out := v.must("queue", "approve", ids[6], "--procedure", "richiesta-log", "--word", "dove=nel pannello", "--preview"); !strings.Contains(out, "not said: periodo_da, periodo_a, disponibile_fino (") {
		t.Errorf("a preview does not say which words the letter has a place for: %q", out)
	}
	version := v.detail(ids[1]).Case.Version
	if out := v.must("queue", "approve", ids[1], "--text", "verificato"); !strings.Contains(out, "is now accepted") {
		t.Errorf("approve says %q", out)
	}
	v.did(ids[1], rules.Approved)
	v.refused("has changed", "queue", "reject", ids[1], "--text", "no", "--version", fmt.Sprint(version))
	v.refused("is not possible now", "queue", "approve", ids[1])
	if out := v.must("queue", "stop", ids[1], "--text", "ha telefonato"); !strings.Contains(out, "is now review") {
		t.Errorf("stop says %q", out)
	}
	v.did(ids[1], rules.Halted)
	if out := v.must("queue", "show", ids[1]); !strings.Contains(out, "close (5 days): stopped\n") {
		t.Errorf("a step that was stopped is shown as if it would come:\n%s", out)
	}
	v.must("queue", "approve", ids[1])
	v.refused("needs its reason", "queue", "reject", ids[2])
	v.must("queue", "reject", ids[2], "--reason", "missing_fields")
	v.did(ids[2], rules.EventRejected)
	v.must("queue", "ask", ids[3], "--document", "documento d'identità", "--document", "visura")
	v.did(ids[3], rules.Asked)
	if c := v.detail(ids[3]).Case; c.State != rules.Waiting || len(c.Asked) != 2 || c.Until.IsZero() {
		t.Errorf("asked: %s, %v until %s", c.State, c.Asked, c.Until)
	}
	v.must("queue", "note", ids[4], "--text", "ha telefonato")
	v.did(ids[4], rules.Noted)
	v.must("queue", "withdraw", ids[4])
	v.did(ids[4], rules.Withdrew)
	v.write("log.pdf", []byte("%PDF-1.4 …"), 0o600)
	v.must("queue", "answer", ids[5], "--text", "Le mandiamo quanto chiesto.", "--file", filepath.Join(v.dir, "log.pdf"))
	v.did(ids[5], rules.EventAnswered)
	if f := v.detail(ids[5]).Case.Letters[1].Files; len(f) != 1 || f[0].Name != "log.pdf" {
		t.Errorf("the answer's files: %+v", f)
	}
	v.refused("not found", "queue", "note", "2020-000001", "--text", "x")

	for _, n := range []int{2, 4, 5} {
		v.caseOf(n, rules.Closed)
	}
	v.must("queue", "reopen", ids[2], "--text", "il cliente ha ragione")
	v.did(ids[2], rules.Reopened)
	if c := v.detail(ids[2]).Case; c.State != rules.InReview || !c.Answered.IsZero() || c.Due.Before(time.Now()) {
		t.Errorf("reopened: %s, answered %s, due %s", c.State, c.Answered, c.Due)
	}
	v.until("read-only waits for a person", time.Minute, func() bool { return v.detail(ids[1]).Case.Steps[0].State == rules.StepWithHuman })
	v.must("queue", "done", ids[1], "--text", "fatto nel pannello")
	v.did(ids[1], rules.StepDone)
	v.refused("no step waits", "queue", "done", ids[1])

	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	<-ended
	v.refused("start `sportello run`", "queue", "approve", ids[6])
	if got := len(v.rows("--state", "review")); got != 2 {
		t.Errorf("stopped, the daemon's queue shows %d cases in review, want 2", got)
	}
	v.must("log", "verify")
}

// untrusted are the parked messages, each of which must be so for its signer.
func (v *victim) untrusted() (ids []string) {
	v.t.Helper()
	for line := range strings.Lines(v.must("parked", "list", "--json")) {
		var m parkedRow
		if err := json.Unmarshal([]byte(line), &m); err != nil {
			v.t.Fatal(err)
		}
		if m.Reason != rules.SignatureUntrusted {
			v.t.Errorf("message %d is parked as %s", m.ID, m.Reason)
		}
		ids = append(ids, fmt.Sprint(m.ID))
	}
	return ids
}

// journaled counts the entries of a kind by an author.
func (v *victim) journaled(kind rules.EventKind, author string) (n int) {
	v.t.Helper()
	for line := range strings.Lines(v.must("log", "--json")) {
		var e rules.Event
		if err := json.Unmarshal([]byte(line), &e); err != nil {
			v.t.Fatal(err)
		}
		if e.Kind == kind && e.Author == author {
			n++
		}
	}
	return n
}

// TestParkedReplayAndReload: what nobody vouched for is parked; with the index
// put right and a SIGHUP it is replayed and answered. A SIGHUP with a wrong
// file changes nothing.
func TestParkedReplayAndReload(t *testing.T) {
	v := newOffice(t, "read-only", "close")
	whole := pectest.WriteIndex(v.world.Customers, v.world.Desk)
	v.write("gestori.ldif", pectest.WriteIndex(v.world.Desk), 0o600) // the customers' provider is not in it
	cmd, ended := v.answering()
	v.post(v.request(1, ""))
	v.post(v.request(2, ""))
	v.until("both are parked", time.Minute, func() bool { return len(v.untrusted()) == 2 })
	ids := v.untrusted()
	again := func() { // it does not help yet
		t.Helper()
		v.must("parked", "replay", ids[0])
		v.until("it is parked again", time.Minute, func() bool { return len(v.untrusted()) == 2 })
	}
	again()

	hangup := func(says string) {
		t.Helper()
		before := strings.Count(v.file("log"), says)
		if err := cmd.Process.Signal(syscall.SIGHUP); err != nil {
			t.Fatal(err)
		}
		v.until(says, time.Minute, func() bool { return strings.Count(v.file("log"), says) > before })
	}
	v.write("gestori.ldif", []byte("dn: nonsense\n\x00\x01"), 0o600)
	hangup("reload refused")
	again()
	v.write("gestori.ldif", whole, 0o600)
	config := v.file("sportello.toml")
	v.write("sportello.toml", []byte(config+"[nonsense]\n"), 0o600)
	hangup("reload refused")
	v.write("sportello.toml", []byte(config), 0o600)
	if said := v.must("incidents", "--json"); !strings.Contains(said, `"about":"reload"`) || !strings.Contains(said, "nonsense") {
		t.Errorf("a refused reload is no incident: %s", said)
	}
	hangup("templates and trust reloaded")
	if said := v.must("incidents", "--json"); strings.Contains(said, `"about":"reload"`) {
		t.Errorf("the incident lasts: %s", said)
	}
	v.must("parked", "replay", ids[0], ids[1])
	for n := 1; n <= 2; n++ {
		v.caseOf(n, rules.Accepted)
	}
	v.refused("is not parked: it belongs to case 20", "parked", "replay", ids[0])
	if n := len(v.untrusted()); n != 0 {
		t.Errorf("%d are still parked", n)
	}
	v.write("gestori.ldif", []byte("dn: nonsense\n\x00\x01"), 0o600)
	hangup("reload refused")
	v.post(v.request(3, "")) // the trust of before is in force
	v.caseOf(3, rules.Accepted)
	if reloads, replays := v.journaled(rules.Reloaded, ""), v.journaled(rules.Replayed, "anna"); reloads != 1 || replays != 4 {
		t.Errorf("the journal holds %d reloads and %d replays by anna, want 1 and 4", reloads, replays)
	}
	if err := cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if err := <-ended; err != nil {
		t.Errorf("the daemon ended with %v", err)
	}
}
