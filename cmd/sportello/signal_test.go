package main

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
	"time"
)

// TestSecondSignal: what does not heed the first signal is ended by the second.
func TestSecondSignal(t *testing.T) {
	dir := configFolder(t)
	config, message := filepath.Join(dir, "sportello.toml"), filepath.Join(dir, "message")
	writeFile(t, config, small)
	if err := syscall.Mkfifo(message, 0o600); err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithTimeout(t.Context(), 30*time.Second)
	defer stop()
	cmd := exec.CommandContext(ctx, "sportello", "check", "-c", config, message)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan struct{})
	go func() { defer close(ended); _ = cmd.Wait() }() // its state says how
	held, err := os.OpenFile(message, os.O_WRONLY, 0)  // opens once the program reads, and it never gets to the end
	if err != nil {
		t.Fatal(err)
	}
	defer held.Close()
	for {
		_ = cmd.Process.Signal(syscall.SIGTERM) // it may have ended
		select {
		case <-ended:
			if s := cmd.ProcessState.Sys().(syscall.WaitStatus); s.Signal() != syscall.SIGTERM {
				t.Errorf("it ended by %v", s.Signal())
			}
			return
		case <-time.After(10 * time.Millisecond):
		}
	}
}

// TestEarlyHangup: a SIGHUP that comes before the desk is at work does not end it.
func TestEarlyHangup(t *testing.T) {
	config := filepath.Join(t.TempDir(), "sportello.toml")
	if err := syscall.Mkfifo(config, 0o600); err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithTimeout(t.Context(), 30*time.Second)
	defer stop()
	cmd := exec.CommandContext(ctx, "sportello", "run", "-c", config)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	held, err := os.OpenFile(config, os.O_WRONLY, 0) // opens once the program reads
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Process.Signal(syscall.SIGHUP); err != nil {
		t.Error(err)
	}
	if _, err := held.WriteString("no configuration\n"); err != nil {
		t.Error(err)
	}
	held.Close()
	_ = cmd.Wait() // its state says how it ended
	if code := cmd.ProcessState.ExitCode(); code != 1 {
		t.Errorf("it ended with %s, want its own complaint about the configuration", cmd.ProcessState)
	}
}
