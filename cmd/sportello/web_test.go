package main

import (
	"net"
	"strings"
	"testing"
)

// TestConsoleAddressTaken: what is in the way at start says what to do.
func TestConsoleAddressTaken(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	_, err = openConsole(&Config{Console: ConsoleConfig{Listen: l.Addr().String()}})
	if err == nil || !strings.Contains(err.Error(), "in use: free the address, or name another in [console] listen") {
		t.Errorf("a taken address: %v", err)
	}
}
