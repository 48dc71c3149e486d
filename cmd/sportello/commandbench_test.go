package main

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"sportello/mailproc/pec/pectest"
	"sportello/rules"
	"sportello/store"
)

// BenchmarkCommands makes a database once and times the program on it, as
// operators and monitors use it: its start until it answers, and each command
// from its own start to its end.
//
//	go test ./cmd/sportello -run '^$' -bench Commands -cases 500000 -benchtime 5x -timeout 1h
func BenchmarkCommands(b *testing.B) {
	l := newLarge(b)
	b.Run("start", func(b *testing.B) {
		for b.Loop() {
			stop := l.start(b)
			b.StopTimer()
			stop()
			b.StartTimer()
		}
	})
	stop := l.start(b)
	defer stop()
	middle := fmt.Sprintf("2026-%06d", *largeCases/2)
	for _, c := range []struct{ name, args string }{
		{"list, first page", "queue list"},
		{"list by state", "queue list --state review --json --limit 50"},
		{"list by procedure", "queue list --procedure disattivazione --json --limit 50"},
		{"list by mailbox", "queue list --mailbox cliente77@pec.example.it --json"},
		{"list overdue", "queue list --overdue --json --limit 50"},
		{"show", "queue show " + middle},
		{"log of a case", "log --case " + middle},
		{"last entries of the log", fmt.Sprintf("log --from %d", 10**largeCases-20)},
		{"note", "queue note " + middle + " --text x"},
		{"stats", "stats"},
		{"log verify", "log verify"},
	} {
		b.Run(c.name, func(b *testing.B) {
			for b.Loop() {
				l.command(b, strings.Fields(c.args)...)
			}
		})
	}
	b.Run("metrics", func(b *testing.B) {
		v := victim{dir: l.dir}
		for b.Loop() {
			if code, body := v.page("/metrics"); code != http.StatusOK {
				b.Fatal(body)
			}
		}
	})
}

// large is a daemon with a large database.
type large struct{ dir, bin string }

func newLarge(b *testing.B) *large {
	l := &large{dir: b.TempDir()}
	l.bin = filepath.Join(l.dir, "sportello")
	if out, err := exec.Command("go", "build", "-o", l.bin, ".").CombinedOutput(); err != nil {
		b.Fatalf("go build: %v\n%s", err, out)
	}
	world, err := pectest.NewWorld()
	if err != nil {
		b.Fatal(err)
	}
	for name, text := range map[string]string{"roots.pem": string(world.RootsPEM()), "gestori.ldif": string(world.IndexLDIF()), "password": "x\n", "sportello.toml": `data = "data"
domains = ["pec.example.it"]
[[mailbox]]
name = "disattivazioni"
address = "disattivazioni@pec.example.com"
imap = "imaps://127.0.0.1:1"
smtp = "smtps://127.0.0.1:1"
user = "disattivazioni"
password_file = "password"
[trust]
roots = ["roots.pem"]
index = "gestori.ldif"
`} {
		if err := os.WriteFile(filepath.Join(l.dir, name), []byte(text), 0o600); err != nil {
			b.Fatal(err)
		}
	}
	from := time.Now()
	l.fill(b)
	info, err := os.Stat(filepath.Join(l.dir, "data", "sportello.db"))
	if err != nil {
		b.Fatal(err)
	}
	b.Logf("%d cases made in %.0f s, a database of %d MB", *largeCases, time.Since(from).Seconds(), info.Size()>>20)
	return l
}

// fill makes the cases: of ten, nine are answered and closed, and one is with a person.
func (l *large) fill(b *testing.B) {
	st, err := store.Open(filepath.Join(l.dir, "data"), store.Options{NoSync: true})
	if err != nil {
		b.Fatal(err)
	}
	defer st.Close()
	const batch = 500
	begin := time.Now().AddDate(-1, 0, 0)
	for first := 1; first <= *largeCases; first += batch {
		in := make([]store.Incoming, min(batch, *largeCases-first+1))
		var events []rules.Event
		for i := range in {
			n := first + i
			at := begin.Add(time.Duration(n) * time.Since(begin) / time.Duration(*largeCases+1))
			in[i] = store.Incoming{Bytes: fmt.Appendf(nil, "Message-ID: <%d>\r\n\r\nx\r\n", n), Message: store.Message{Kind: rules.Transport, Status: store.InCase,
				Case: fmt.Sprintf("2026-%06d", n), Delivered: at, Read: at, Identifier: fmt.Sprintf("opec%d", n), Facts: &rules.Message{Kind: rules.Transport, Signature: "valid"}}}
			events = append(events, lifeOf(n, at)...)
		}
		_, err := st.Intake(b.Context(), "disattivazioni", store.Cursor{UIDValidity: 1, UID: uint32(first + batch)}, in, func(tx *store.Tx, ids []uint64) error {
			return tx.Record(events...)
		})
		if err != nil {
			b.Fatal(err)
		}
	}
}

var letterText = strings.Repeat("Gentile cliente, abbiamo ricevuto la Sua richiesta e Le rispondiamo come segue. ", 12)

// lifeOf is the nine entries of a case, besides that of its message.
func lifeOf(n int, at time.Time) []rules.Event {
	mailbox, due := customer(n), at.Add(3*24*time.Hour)
	warn, target := due.Add(-24*time.Hour), due.Add(-24*time.Hour)
	ref := &rules.LetterRef{N: 1, Name: "respinta", MessageID: fmt.Sprintf("%d@pec.example.com", n)}
	events := []rules.Event{
		{Kind: rules.Opened, Message: uint64(n), Mailbox: "disattivazioni", Procedure: "disattivazione", Received: &at, Due: &due, Target: &target, Warn: &warn,
			Private: &rules.Private{Mailbox: mailbox, Subject: "Disattivazione casella", MessageID: fmt.Sprintf("%d@pec.example.it", n)}},
		{Kind: rules.Decided, Outcome: rules.Reject, Reason: rules.SubjectNotConforming, Private: &rules.Private{Reasons: []string{"The subject is another."},
			Fields: map[string]string{"casella": mailbox, "titolare": "Mario Rossi"}, Explanation: &rules.Explanation{Own: letterText[:300]}}},
		{Kind: rules.LetterOwed, Letter: ref, Private: &rules.Private{Letter: &rules.LetterText{To: mailbox, Subject: "Re: Disattivazione casella", Text: letterText}}},
		{Kind: rules.LetterAttempt, Letter: ref},
		{Kind: rules.LetterSent, Letter: ref},
		{Kind: rules.LetterReceipt, Letter: ref, Receipt: &rules.ReceiptRef{Kind: rules.ReceiptAccepted, At: at}},
		{Kind: rules.LetterReceipt, Letter: ref, Receipt: &rules.ReceiptRef{Kind: rules.ReceiptDelivered, At: at}},
		{Kind: rules.Noted, Author: "anna", Private: &rules.Private{Note: "fatto"}},
		{Kind: rules.EventClosed},
	}
	if n%10 == 0 { // it waits for a person: within its term, or past it
		due = time.Now().Add(time.Duration(n%1000-100) * time.Hour)
		warn, target = due.Add(-24*time.Hour), due.Add(-24*time.Hour)
		events[1].Outcome, events[1].Reason = rules.Review, rules.OperatorDecides
		events[2].Letter, events[8] = &rules.LetterRef{N: 1, Name: "presa-in-carico", MessageID: ref.MessageID}, rules.Event{Kind: rules.Noted, Author: "anna", Private: &rules.Private{Note: "si vede"}}
	}
	for i := range events {
		events[i].At, events[i].Case = at, fmt.Sprintf("2026-%06d", n)
	}
	return events
}

// start runs the daemon until it answers; stop ends it.
func (l *large) start(b *testing.B) (stop func()) {
	ctx, cancel := context.WithCancel(b.Context())
	cmd := exec.CommandContext(ctx, l.bin, "run", "-c", filepath.Join(l.dir, "sportello.toml"))
	if err := cmd.Start(); err != nil {
		b.Fatal(err)
	}
	v := victim{dir: l.dir}
	for {
		if code, _ := v.page("/healthz"); code == http.StatusOK {
			break
		}
		time.Sleep(5 * time.Millisecond)
	}
	return func() { cancel(); _ = cmd.Wait() } // killed: the next start goes on
}

func (l *large) command(b *testing.B, args ...string) {
	b.Helper()
	out, err := exec.Command(l.bin, append(args, "-c", filepath.Join(l.dir, "sportello.toml"))...).CombinedOutput()
	if err != nil || len(out) == 0 {
		b.Fatalf("%v: %v\n%s", args, err, out)
	}
}
