package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
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
	"sportello/store"
)

// other is the configuration with another data folder.
func (v *victim) other(data string) (config string) {
	v.t.Helper()
	text := strings.Replace(v.file("sportello.toml"), `data = "data"`, fmt.Sprintf("data = %q", data), 1)
	v.write(data+".toml", []byte(text), 0o600)
	return filepath.Join(v.dir, data+".toml")
}

// with runs a command with another configuration.
func (v *victim) with(config string, args ...string) (string, error) {
	out, err := exec.Command(v.bin, append(args, "-c", config)...).CombinedOutput()
	return string(out), err
}

// TestBackupAndRestore backs up while mail arrives and the daemon works, and
// makes another data folder of it, in which everything is as it was.
func TestBackupAndRestore(t *testing.T) {
	v := newVictim(t)
	b := pectest.Backlog{Office: v.office, N: 240, Seed: 9, Start: time.Now().Add(-time.Minute), Every: time.Millisecond, Size: 4000}
	v.configure(b, "")
	cmd, ended := v.answering()
	v.deliver(b, 0, 80)
	v.until("some cases", time.Minute, func() bool { return len(v.rows()) > 10 })
	arriving := make(chan struct{})
	go func() { defer close(arriving); v.deliver(b, 80, b.N) }()
	backups := []string{}
	for n := range 3 {
		dir := filepath.Join(v.dir, fmt.Sprintf("backup%d", n))
		if out := v.must("backup", dir); !strings.Contains(out, "verified") {
			t.Errorf("backup says %q", out)
		}
		backups = append(backups, dir)
	}
	<-arriving
	v.refused("is not empty", "backup", backups[0])
	v.rest()
	whole := filepath.Join(v.dir, "whole")
	v.must("backup", whole)
	rows := v.rows()
	if err := cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if err := <-ended; err != nil {
		t.Errorf("the daemon ended with %v\n%s", err, v.tail())
	}

	v.refused("is not empty", "restore", whole) // there is a database already
	last := v.other("again")
	if out, err := v.with(last, "restore", whole); err != nil || !strings.Contains(out, "checked") {
		t.Fatalf("restore: %v\n%s", err, out)
	}
	for _, args := range [][]string{{"log", "verify"}, {"verify", "--bytes"}} {
		if out, err := v.with(last, args...); err != nil {
			t.Errorf("%s: %v\n%s", strings.Join(args, " "), err, out)
		}
	}
	out, err := v.with(last, "queue", "list", "--json", "--all")
	if err != nil {
		t.Fatal(err)
	}
	if got := strings.Count(out, "\n"); got != len(rows) {
		t.Errorf("restored, there are %d cases, want %d", got, len(rows))
	}
	for n, dir := range backups { // each of those made under load is whole
		if out, err := v.with(v.other(fmt.Sprintf("under-load%d", n)), "restore", dir); err != nil {
			t.Errorf("%s: %v\n%s", dir, err, out)
		}
	}
	v.damagedBackup(whole)
}

// damagedBackup spoils a byte of a backup's archive and demands that it is not
// restored.
func (v *victim) damagedBackup(dir string) {
	v.t.Helper()
	months, err := filepath.Glob(filepath.Join(dir, "archive", "*.tar"))
	if err != nil || len(months) == 0 {
		v.t.Fatalf("no archive in %s: %v", dir, err)
	}
	raw, err := os.ReadFile(months[0])
	if err != nil {
		v.t.Fatal(err)
	}
	at := bytes.Index(raw[len(raw)/2:], []byte("\r\nMIME-Version")) // within a message, not in the filling behind it
	if at < 0 {
		v.t.Fatal("no message in the second half of the archive")
	}
	raw[len(raw)/2+at+2] ^= 1
	if err := os.WriteFile(months[0], raw, 0o600); err != nil {
		v.t.Fatal(err)
	}
	config := v.other("spoiled")
	if out, err := v.with(config, "restore", dir); err == nil || !strings.Contains(out, "not those received") {
		v.t.Errorf("a damaged backup is restored: %v\n%s", err, out)
	}
	if files, _ := os.ReadDir(filepath.Join(v.dir, "spoiled")); len(files) > 0 { // none: not made
		v.t.Errorf("it left %v", files)
	}
}

// TestRedactCommand erases one message on an order, while the daemon runs.
func TestRedactCommand(t *testing.T) {
	v := newOffice(t, "read-only", "close")
	cmd, ended := v.answering()
	v.post(v.request(1, "\nSegreto, ma non prima di gennaio: la parola chiave è melograno.\n"))
	v.post(v.request(2, "\nAltro, ma non prima di gennaio: la parola chiave è nespola.\n"))
	id, kept := v.caseOf(1, rules.InReview), v.caseOf(2, rules.InReview)
	message := fmt.Sprint(v.detail(id).Case.Messages[0])
	digest := v.detail(id).Messages[0].Digest
	archive := func() (all []byte) {
		months, _ := filepath.Glob(filepath.Join(v.dir, "data", "archive", "*.tar")) // the pattern is right
		for _, m := range months {
			raw, err := os.ReadFile(m)
			if err != nil {
				t.Fatal(err)
			}
			all = append(all, raw...)
		}
		return all
	}
	raw := []byte(v.must("parked", "show", message, "--raw"))
	if len(raw) == 0 || !bytes.Contains(archive(), raw[:512]) {
		t.Fatal("the message is not in the archive as it came")
	}
	v.refused("on whose order", "redact", message, "--yes")
	v.refused("not found", "redact", "99999", "--order", "x")
	v.refused("of case "+id+", which is still open (review)", "redact", message, "--order", "x")
	v.must("redact", message, "--order", "Garante, provv. 7/2026", "--yes")
	v.refused("erased", "redact", message, "--order", "again", "--yes")
	v.refused("erased", "parked", "show", message, "--raw")
	if bytes.Contains(archive(), raw[:512]) {
		t.Error("the bytes are still in the archive")
	}
	if show := v.must("queue", "show", id); strings.Contains(show, "melograno") {
		t.Errorf("the case still quotes the message:\n%s", show)
	}
	v.refused("its request was erased by order", "queue", "approve", id)
	if files := v.must("queue", "files", id); !strings.Contains(files, "no file") {
		t.Errorf("its files: %s", files)
	}
	v.must("queue", "show", id)
	if d := v.detail(id); !d.Case.Erased() || slices.Contains(d.Verbs, "approve") {
		t.Errorf("the case says %v, and offers %v", d.Case.Flags, d.Verbs)
	}
	if show := v.must("queue", "show", kept); !strings.Contains(show, "nespola") {
		t.Errorf("another message went too:\n%s", show)
	}
	if got := v.detail(id).Messages[0].Digest; got != digest {
		t.Errorf("its digest is %q, was %q", got, digest)
	}
	log := v.must("log", "--json")
	if !strings.Contains(log, `"redacted"`) || !strings.Contains(log, "provv. 7/2026") || !strings.Contains(log, digest) {
		t.Error("the journal lacks the order, or the digest of what came")
	}
	v.must("queue", "withdraw", id) // the case goes on
	v.caseOf(1, rules.Closed)
	v.must("log", "verify")
	v.must("verify", "--bytes")
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	<-ended
	v.refused("start `sportello run`", "redact", message, "--order", "x", "--yes")
	v.must("verify", "--bytes")
}

// TestPurgeCommand removes what its retention is over for, while the daemon
// runs, after it has said what that would be.
func TestPurgeCommand(t *testing.T) {
	v := newOffice(t, "read-only", "close")
	now := time.Now()
	old, young := now.AddDate(-4, 0, 0), now.AddDate(0, -2, 0)
	v.closedCases(map[string]time.Time{fmt.Sprintf("%d-000001", old.Year()): old, fmt.Sprintf("%d-000002", young.Year()): young})
	cmd, ended := v.answering()
	v.post(v.request(1, ""))
	v.caseOf(1, rules.Accepted)
	before := v.file("data/archive/" + old.UTC().Format("2006-01") + ".tar")
	if before == "" {
		t.Fatal("there is no archive of the old month")
	}
	want := "1 cases, 1 messages, 1 months of archive"
	if out := v.must("purge", "--dry-run"); !strings.Contains(out, "would remove: "+want) {
		t.Errorf("a dry run says %q, want %q", out, want)
	}
	if v.file("data/archive/"+old.UTC().Format("2006-01")+".tar") != before {
		t.Error("a dry run removes")
	}
	if out := v.must("purge"); !strings.Contains(out, "removed: "+want) {
		t.Errorf("purge says %q, want %q", out, want)
	}
	if _, err := os.Stat(filepath.Join(v.dir, "data", "archive", old.UTC().Format("2006-01")+".tar")); !os.IsNotExist(err) {
		t.Errorf("the old month's archive: %v", err)
	}
	if out := v.must("purge"); !strings.Contains(out, "removed: 0 cases, 0 messages, 0 months") {
		t.Errorf("a second purge says %q", out)
	}
	rows := v.rows()
	has := func(mailbox string) bool {
		return slices.ContainsFunc(rows, func(r console.Row) bool { return r.Mailbox == mailbox })
	}
	if len(rows) != 3 || has("vecchio@pec.example.it") || !has("giovane@pec.example.it") || !has(customer(1)) {
		t.Errorf("after the purge the queue shows %+v", rows)
	}
	for line := range strings.Lines(v.must("log", "--json")) {
		var e rules.Event
		if err := json.Unmarshal([]byte(line), &e); err != nil {
			t.Fatal(err)
		}
		if e.Kind == rules.Purged && (e.Author != "anna" || !strings.Contains(e.Detail, want)) {
			t.Errorf("the journal says %+v", e)
		}
	}
	v.must("log", "verify")
	v.must("verify", "--bytes")
	if err := cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if err := <-ended; err != nil {
		t.Errorf("the daemon ended with %v", err)
	}
}

// closedCases makes a store with a closed case of each instant, as the daemon
// left it then.
func (v *victim) closedCases(at map[string]time.Time) {
	v.t.Helper()
	st, err := store.Open(filepath.Join(v.dir, "data"), store.Options{})
	if err != nil {
		v.t.Fatal(err)
	}
	defer st.Close()
	mailboxes := []string{"vecchio@pec.example.it", "giovane@pec.example.it"}
	uid := uint32(0)
	for _, id := range slices.Sorted(maps.Keys(at)) {
		when, mailbox := at[id], mailboxes[uid]
		uid++
		in := store.Incoming{Bytes: fmt.Appendf(nil, "From: %s\r\n\r\nvecchia richiesta\r\n", mailbox),
			Message: store.Message{Kind: rules.Transport, Status: store.InCase, Case: id, Delivered: when, Read: when}}
		events := []rules.Event{
			{Kind: rules.Opened, Message: uint64(uid), Procedure: "disattivazione", Received: &when, Private: &rules.Private{Mailbox: mailbox, Subject: "Disattivazione casella"}},
			{Kind: rules.Decided, Outcome: rules.Review, Private: &rules.Private{Fields: map[string]string{"casella": mailbox}}},
			{Kind: rules.Withdrew, Author: "anna"}, {Kind: rules.EventClosed}}
		for i := range events {
			events[i].At, events[i].Case = when, id
		}
		_, err := st.Intake(v.t.Context(), "disattivazioni", store.Cursor{}, []store.Incoming{in}, func(tx *store.Tx, _ []uint64) error { return tx.Record(events...) })
		if err != nil {
			v.t.Fatal(err)
		}
	}
}

// TestRemedies: what a check finds, and what may not be read, comes with what
// to do.
func TestRemedies(t *testing.T) {
	for text, want := range map[string]string{"check: the store is damaged: message 22": "restore the last backup", "the daemon is not running": ""} {
		if got := damaged(errors.New(text)).Error(); (want == "") != (got == text) || !strings.Contains(got, want) {
			t.Errorf("%q becomes %q", text, got)
		}
	}
	err := &os.PathError{Op: "open", Path: "/etc/sportello/sportello.toml", Err: os.ErrPermission}
	if got := ownersOnly(err).Error(); !strings.Contains(got, "sudo -u sportello") {
		t.Errorf("got %q", got)
	}
	if got := ownersOnly(os.ErrNotExist); got != os.ErrNotExist {
		t.Errorf("got %v", got)
	}
}
