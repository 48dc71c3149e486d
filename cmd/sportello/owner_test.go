package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// othersFolder is a folder that belongs to another user than the test's.
func othersFolder(t *testing.T) string {
	t.Helper()
	if os.Geteuid() != 0 {
		return "/usr"
	}
	dir := t.TempDir()
	if err := os.Chown(dir, 65534, 65534); err != nil {
		t.Fatal(err)
	}
	return dir
}

// TestNobodyWritesInAnothersFolder: a database that root made in the desk's
// folder would keep the desk from starting.
func TestNobodyWritesInAnothersFolder(t *testing.T) {
	dir, data := configFolder(t), othersFolder(t)
	file := filepath.Join(dir, "sportello.toml")
	writeFile(t, file, strings.Replace(example(t), `data    = "data"`, fmt.Sprintf("data = %q", data), 1))
	for _, args := range [][]string{{"user", "add", "anna"}, {"run"}, {"restore", t.TempDir()}} {
		var out, errs bytes.Buffer
		code := run(t.Context(), append(args, "-c", file), strings.NewReader("una parola lunga\n"), &out, &errs)
		if code != 1 || !strings.Contains(errs.String(), "belongs to") || !strings.Contains(errs.String(), "sudo -u") {
			t.Errorf("%s: exit %d: %s%s", strings.Join(args, " "), code, out.String(), errs.String())
		}
	}
	if _, err := os.Stat(filepath.Join(data, "sportello.db")); err == nil {
		t.Error("a database was made")
	}
	if err := notOurs(&os.PathError{Op: "open", Path: "x", Err: os.ErrPermission}, "/var/lib/sportello"); !strings.Contains(err.Error(), "chown -R") {
		t.Errorf("got %v", err)
	}
}
