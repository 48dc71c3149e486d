// Command bench measures Sportello beside its peers, on one machine and in one
// run: it starts Dovecot and an SMTP sink, fills two request mailboxes with
// envelopes of a test provider, and times as whole processes, alternating over
// several rounds: mbsync, fetchmail and getmail each only downloading them, a
// minimal go-imap fetch that throws the bytes away, `openssl cms -verify` a
// file on a sample, and Sportello doing everything.
//
//	go run ./cmd/bench -n 10000 -rounds 5 -o bench.md
//
// It needs Debian's dovecot-imapd dovecot-lmtpd postfix isync fetchmail getmail6 openssl.
//
// Limits: mail server, sink and the process measured share the machine, so wall
// times compare within one run only.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"

	"sportello/mailproc/peers"
)

type options struct {
	n, rounds, large int
	out, only        string
	profile          string
	idle, flat       bool
	fetch            string // a child: only fetch, from this server
}

func main() {
	var o options
	flag.IntVar(&o.n, "n", 10_000, "envelopes of about 10 kB")
	flag.IntVar(&o.rounds, "rounds", 5, "rounds, of which the median counts")
	flag.IntVar(&o.large, "large", 20, "envelopes of 30 MB, for the memory of a second backlog; 0: none")
	flag.BoolVar(&o.idle, "idle", true, "also the time from a delivery to the letter, with an idle desk")
	flag.BoolVar(&o.flat, "flat", false, "instead: what a message costs in small and large backlogs, empty and full stores (some ten minutes)")
	flag.StringVar(&o.out, "o", "", "also write the table to this file, as Markdown")
	flag.StringVar(&o.only, "only", "", "only these contestants, separated by commas (sportello, goimap, mbsync, fetchmail, getmail, openssl, floor)")
	flag.StringVar(&o.profile, "cpuprofile", "", "write sportello's CPU profile to this file")
	flag.StringVar(&o.fetch, "fetch", "", "internal: fetch everything from this IMAP server and throw it away")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	run := bench
	if o.fetch != "" {
		run = fetchOnly
	}
	if err := run(ctx, o); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// bench fills the mailboxes, runs the rounds and prints the table.
func bench(ctx context.Context, o options) error {
	if err := peers.Missing("dovecot", "imap", "lmtp", "smtp-sink", "mbsync", "fetchmail", "getmail", "openssl"); err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "sportello-bench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	if o.flat {
		return flat(ctx, o, dir)
	}
	s, err := newScene(ctx, o, dir)
	if err != nil {
		return err
	}
	defer s.close()
	t := &table{scene: s}
	for round := range o.rounds {
		for _, c := range s.contestants() {
			fmt.Fprintf(os.Stderr, "round %d of %d: %-10s ", round+1, o.rounds, c.name)
			r, err := c.run(ctx, filepath.Join(dir, fmt.Sprintf("%s-%d", c.name, round)))
			if err != nil {
				return fmt.Errorf("%s: %w", c.name, err)
			}
			fmt.Fprintln(os.Stderr, r)
			t.add(c.name, r)
		}
	}
	if o.large > 0 {
		r, err := s.largeBacklog(ctx, o.large)
		if err != nil {
			return fmt.Errorf("large backlog: %w", err)
		}
		t.add("sportello, 30 MB", r)
	}
	if o.idle {
		if t.latency, err = s.idle(ctx, filepath.Join(dir, "idle")); err != nil {
			return fmt.Errorf("idle desk: %w", err)
		}
	}
	text := t.markdown()
	fmt.Print(text)
	if o.out != "" {
		return os.WriteFile(o.out, []byte(text), 0o644)
	}
	return nil
}
