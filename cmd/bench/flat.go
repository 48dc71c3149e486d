package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"sportello/rules"
	"sportello/store"
	"sportello/templates"
)

// The stores and backlogs of the table that shows what a message costs.
var flatRuns = []struct{ cases, messages int }{{0, 1_000}, {0, 10_000}, {0, 100_000}, {500_000, 1_000}, {500_000, 10_000}}

// flat measures what a message costs, from a small backlog to a large one and
// from an empty store to a full one.
func flat(ctx context.Context, o options, dir string) error {
	var b strings.Builder
	b.WriteString("| cases before | backlog | wall s | CPU s | CPU a message | peak MiB |\n|---:|---:|---:|---:|---:|---:|\n")
	for i, run := range flatRuns {
		o.n = run.messages
		sub := filepath.Join(dir, fmt.Sprint(i))
		if err := os.MkdirAll(sub, 0o700); err != nil {
			return err
		}
		r, err := flatRun(ctx, o, sub, run.cases)
		if err != nil {
			return err
		}
		fmt.Fprintf(&b, "| %d | %d | %.2f | %.2f | %d µs | %d |\n", run.cases, run.messages, r.wall.Seconds(), r.cpu.Seconds(),
			r.cpu.Microseconds()/int64(run.messages), r.rss>>20)
		fmt.Fprintln(os.Stderr, run, r)
		if err := os.RemoveAll(sub); err != nil {
			return err
		}
	}
	fmt.Print(b.String())
	if o.out != "" {
		return os.WriteFile(o.out, []byte(b.String()), 0o644)
	}
	return nil
}

func flatRun(ctx context.Context, o options, dir string, cases int) (result, error) {
	s, err := newScene(ctx, o, dir)
	if err != nil {
		return result{}, err
	}
	defer s.close()
	config, err := s.config(filepath.Join(dir, "desk"))
	if err != nil {
		return result{}, err
	}
	if err := fillStore(ctx, filepath.Join(dir, "desk", "data"), cases); err != nil {
		return result{}, fmt.Errorf("fill the store: %w", err)
	}
	s.before = cases
	return s.daemon(ctx, config, len(s.items)+cases, true)
}

// fillStore makes a store of n closed cases, each with its message, its letter
// and its receipts.
func fillStore(ctx context.Context, dir string, n int) error {
	st, err := store.Open(dir, store.Options{NoSync: true})
	if err != nil {
		return err
	}
	defer st.Close()
	cal, err := rules.NewCalendar("Europe/Rome", nil, false)
	if err != nil {
		return err
	}
	set, err := rules.Load(templates.FS, nil, rules.Settings{}, cal)
	if err != nil {
		return err
	}
	set.Mark = "banco"
	const step = 500
	for first := 0; first < n; first += step {
		in := make([]store.Incoming, step)
		for i := range in {
			in[i].Bytes = fmt.Appendf(nil, "Subject: Disattivazione casella\r\n\r\n%d\r\n", first+i)
			in[i].Read, in[i].Delivered = time.Now(), time.Now()
			in[i].Identifier = fmt.Sprintf("opec%d.banco@pec.example.it", first+i)
		}
		_, err := st.Intake(ctx, "vecchia", store.Cursor{UIDValidity: 1, UID: uint32(first + step)}, in, func(tx *store.Tx, ids []uint64) error {
			for i, id := range ids {
				if err := closedCase(tx, set, id, first+i); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// closedCase records the whole life of one request.
func closedCase(tx *store.Tx, set *rules.Set, message uint64, n int) error {
	at := time.Now().Add(-30 * 24 * time.Hour)
	id, err := tx.NextProtocol(set.Calendar.Date(at).Year)
	if err != nil {
		return err
	}
	sender := fmt.Sprintf("vecchio.%d@pec.example.it", n)
	arrival := rules.Arrival{ID: message,
		Message: rules.Message{Mailbox: "disattivazioni", Kind: rules.Transport, Sender: sender, Subject: "Disattivazione casella", Signature: "valid",
			MessageID: fmt.Sprintf("%d@pec.example.it", n), Sent: at, Delivered: at},
		Decision: rules.Decision{Procedure: "disattivazione", Outcome: rules.Accept, Mailbox: sender, Received: at, Fields: map[string]string{"titolare": "Mario Rossi", "casella": sender},
			Letter: "accolta", To: sender, Due: set.Calendar.WorkingTerm(at, 3)}}
	c, events, err := set.Open(id, arrival, at)
	if err != nil {
		return err
	}
	l := &rules.LetterRef{N: 1, MessageID: c.Letters[0].MessageID, Attempt: 1}
	receipt := func(kind string) rules.Event {
		return rules.Event{At: at, Kind: rules.LetterReceipt, Case: id, Letter: l, Receipt: &rules.ReceiptRef{Kind: kind, At: at, Provider: "Gestore"}}
	}
	events = append(events, rules.Event{At: at, Kind: rules.LetterAttempt, Case: id, Letter: l}, rules.Event{At: at, Kind: rules.LetterSent, Case: id, Letter: l},
		receipt(rules.ReceiptAccepted), receipt(rules.ReceiptDelivered))
	for i, st := range c.Steps {
		ref := &rules.StepRef{N: i + 1, Do: st.Do, Attempt: 1}
		events = append(events, rules.Event{At: at, Kind: rules.StepScheduled, Case: id, Step: ref, Until: &at},
			rules.Event{At: at, Kind: rules.StepStarted, Case: id, Step: ref}, rules.Event{At: at, Kind: rules.StepDone, Case: id, Step: ref})
	}
	events = append(events, rules.Event{At: at, Kind: rules.EventClosed, Case: id})
	if err := tx.SetMessage(message, store.InCase, id, "", ""); err != nil {
		return err
	}
	return tx.Record(events...)
}
