package main

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"sportello/mailproc/pec/pectest"
)

// TestMain lets the scripts run the program as it is.
func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){
		"sportello": main,
	})
}

// TestScripts runs the command line as an operator would: testdata/script/*.txtar.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{Dir: "testdata/script", UpdateScripts: *update, Cmds: map[string]func(*testscript.TestScript, bool, []string){"exits": exits}, Setup: func(env *testscript.Env) error {
		files := configFiles(t)
		for name, raw := range requests(t) {
			files["mail/"+name] = string(raw)
		}
		files["sportello.toml"] = small
		for name, text := range files {
			name = filepath.Join(env.WorkDir, name)
			if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
				return err
			}
			if err := os.WriteFile(name, []byte(text), 0o700); err != nil {
				return err
			}
		}
		return nil
	}})
}

// exits N COMMAND… runs a command that must exit with N.
func exits(ts *testscript.TestScript, not bool, args []string) {
	if not || len(args) < 2 {
		ts.Fatalf("usage: exits CODE COMMAND…")
	}
	err := ts.Exec(args[1], args[2:]...)
	var exit *exec.ExitError
	code := 0
	if errors.As(err, &exit) {
		code = exit.ExitCode()
	} else {
		ts.Check(err)
	}
	if strconv.Itoa(code) != args[0] {
		ts.Fatalf("exit code %d, want %s", code, args[0])
	}
}

// requests are messages of one customer at one instant, good and bad.
func requests(t *testing.T) map[string][]byte {
	t.Helper()
	w, err := market()
	if err != nil {
		t.Fatal(err)
	}
	m := pectest.Message{From: "Mario Rossi <mario@pec.example.it>", To: w.Ours[0], Subject: "Disattivazione casella", MessageID: "prova.1@pec.example.it",
		Date: time.Date(2026, 11, 10, 9, 22, 5, 0, time.UTC),
		Text: "Il sottoscritto Mario Rossi titolare della casella PEC mario@pec.example.it richiede la disattivazione anticipata della stessa (come da caso di assistenza 12345).\n"}
	ordinary := m
	ordinary.From = "mario@example.org"
	return map[string][]byte{
		"buona.eml":     w.Customers.Transport(m),
		"estranea.eml":  w.Foreign.Transport(m),
		"ordinaria.eml": w.Desk.Anomaly(ordinary, w.Ours[0]),
	}
}
