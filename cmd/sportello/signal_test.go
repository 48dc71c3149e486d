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
