package main

import (
	"bytes"
	"compress/gzip"
	"io"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// earlier lays a database of the first schema out where a configuration has it.
func earlier(t *testing.T) *Config {
	t.Helper()
	cfg, _ := placed(t)
	if err := os.MkdirAll(filepath.Join(cfg.Data, "archive"), 0o700); err != nil {
		t.Fatal(err)
	}
	for from, to := range map[string]string{"sportello.db": "sportello.db", "2026-11.tar": "archive/2026-11.tar"} {
		raw, err := os.ReadFile(filepath.Join("../../store/testdata/schema-1", from+".gz"))
		if err != nil {
			t.Fatal(err)
		}
		z, err := gzip.NewReader(bytes.NewReader(raw))
		if err != nil {
			t.Fatal(err)
		}
		plain, err := io.ReadAll(z)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(cfg.Data, to), plain, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return cfg
}

// TestEarlierDatabase: while a database is brought up to date at a start, the
// log says how far it is and systemd is asked for time.
func TestEarlierDatabase(t *testing.T) {
	path := filepath.Join(t.TempDir(), "notify")
	manager, err := net.ListenUnixgram("unixgram", &net.UnixAddr{Name: path, Net: "unixgram"})
	if err != nil {
		t.Fatal(err)
	}
	defer manager.Close()
	t.Setenv("NOTIFY_SOCKET", path)
	var log bytes.Buffer
	st, err := openToServe(earlier(t), slog.New(slog.NewTextHandler(&log, nil)))
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	if !strings.Contains(log.String(), "the database is brought up to date: 16 of 16") {
		t.Errorf("the log says:\n%s", &log)
	}
	if err := manager.SetReadDeadline(time.Now().Add(time.Second)); err != nil { // what was said is there
		t.Fatal(err)
	}
	heard := make([]byte, 100)
	n, err := manager.Read(heard)
	if err != nil || string(heard[:n]) != "EXTEND_TIMEOUT_USEC=600000000" {
		t.Errorf("systemd hears %q, %v", heard[:n], err)
	}
}

// TestUpToDateIsToldNowAndThen: not at every part, but at the last one.
func TestUpToDateIsToldNowAndThen(t *testing.T) {
	t.Setenv("NOTIFY_SOCKET", "")
	var log bytes.Buffer
	now := time.Date(2026, 11, 25, 10, 0, 0, 0, time.UTC)
	tell := upToDate(slog.New(slog.NewTextHandler(&log, nil)), func() time.Time { return now })
	for part := 1; part <= 8; part++ {
		tell(part, 8)
		now = now.Add(2 * time.Second)
	}
	got := regexp.MustCompile(`\d of \d`).FindAllString(log.String(), -1)
	if diff := cmp.Diff([]string{"1 of 8", "4 of 8", "7 of 8", "8 of 8"}, got); diff != "" {
		t.Errorf("told (-want +got):\n%s", diff)
	}
}

// TestUnitWaitsForTheDatabase: systemd does not cut a start short.
func TestUnitWaitsForTheDatabase(t *testing.T) {
	unit, err := os.ReadFile("../../packaging/sportello.service")
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Contains(unit, []byte("\nTimeoutStartSec=infinity\n")) {
		t.Error("a start that brings a large database up to date is killed, and begins again")
	}
}
