package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"syscall"
	"time"

	"sportello/mailproc/pec/pectest"
	"sportello/mailproc/peers"
)

// idleLetters is how many requests come to an idle desk, one after the other.
const idleLetters = 200

// latency is what an idle desk needs, from the end of a delivery by LMTP to
// the letter at the SMTP server.
type latency struct {
	median, p99 time.Duration
	rss         int64 // idle, with an empty store
}

// idle starts sportello over empty mailboxes, lets it rest, and sends requests
// one at a time.
func (s *scene) idle(ctx context.Context, dir string) (l latency, err error) {
	if err := s.freshMailboxes(); err != nil {
		return l, err
	}
	config, err := s.config(dir)
	if err != nil {
		return l, err
	}
	cmd := exec.CommandContext(ctx, s.binary, "run", "-c", config)
	log, err := os.Create(filepath.Join(dir, "log"))
	if err != nil {
		return l, err
	}
	defer log.Close()
	cmd.Stderr = log
	if err := cmd.Start(); err != nil {
		return l, err
	}
	defer func() {
		_ = cmd.Process.Signal(syscall.SIGTERM)
		_ = cmd.Wait()
	}()
	if err := waitFor(30*time.Second, func() bool {
		raw, _ := os.ReadFile(log.Name())
		return bytes.Contains(raw, []byte("the desk is at work"))
	}); err != nil {
		return l, fmt.Errorf("sportello did not start: see %s", log.Name())
	}
	time.Sleep(3 * time.Second) // connections, first readings
	l.rss = peakMemory(cmd.Process.Pid)
	took, err := s.oneByOne()
	if err != nil {
		return l, err
	}
	slices.Sort(took)
	l.median, l.p99 = took[len(took)/2], took[len(took)*99/100]
	return l, nil
}

func (s *scene) oneByOne() (took []time.Duration, err error) {
	b := pectest.Backlog{Office: s.office, N: 2 * idleLetters, Seed: 1, Start: time.Now(), Every: time.Millisecond}
	for i := 0; i < 2*idleLetters; i += 2 { // the even ones are requests
		it := b.Item(i)
		before, err := s.sink.Letters()
		if err != nil {
			return nil, err
		}
		if err := s.dovecot.Deliver(it.Mailbox, it.Raw); err != nil {
			return nil, err
		}
		start := time.Now()
		if err := waitFor(10*time.Second, func() bool { n, _ := s.sink.Letters(); return n > before }); err != nil {
			return nil, fmt.Errorf("no letter for request %d: %w", i, err)
		}
		took = append(took, time.Since(start))
		time.Sleep(time.Duration(17+i%40) * time.Millisecond) // out of step with whatever polls
	}
	return took, nil
}

// freshMailboxes puts a new mail server in the place of the old one.
func (s *scene) freshMailboxes() (err error) {
	s.dovecot.Close()
	s.dovecot, err = peers.NewDovecot(peers.DovecotOptions{Users: s.users()})
	return err
}

func waitFor(limit time.Duration, ok func() bool) error {
	for end := time.Now().Add(limit); !ok(); time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			return fmt.Errorf("not within %s", limit)
		}
	}
	return nil
}
