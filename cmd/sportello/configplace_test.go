package main

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"

	"sportello/rules"
)

// placed is a configuration that may be checked, with some lines changed.
func placed(t *testing.T, changes ...string) (cfg *Config, file string) {
	t.Helper()
	file = filepath.Join(configFolder(t), "sportello.toml")
	writeFile(t, file, edit(t, small, changes...))
	cfg, err := LoadConfig(file)
	if err != nil {
		t.Fatal(err)
	}
	return cfg, file
}

// TestNoPlaceToWork: a data folder that cannot be, or has no room, is told.
func TestNoPlaceToWork(t *testing.T) {
	cfg, file := placed(t)
	if err := cfg.checkPlace(); err != nil {
		t.Fatalf("a good place: %v", err)
	}
	for what, change := range map[string]func(){
		"no disk": func() { cfg.Data = "/proc/sportello" },
		"no room": func() { cfg.Data, cfg.DiskReserve.Bytes = filepath.Join(filepath.Dir(file), "data"), 1<<60 },
	} {
		change()
		if err := cfg.checkPlace(); err == nil || !strings.Contains(err.Error(), "data: ") {
			t.Errorf("%s: %v", what, err)
		}
	}
}

// TestReaderOfTheFiles: what root can read and the desk's user cannot is told.
func TestReaderOfTheFiles(t *testing.T) {
	cfg, file := placed(t)
	for dir := filepath.Dir(file); dir != os.TempDir() && dir != "/"; dir = filepath.Dir(dir) {
		if err := os.Chmod(dir, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	for _, p := range append(cfg.paths(), &file) {
		if *p == "" || *p == cfg.Data {
			continue
		}
		for _, x := range []string{*p, filepath.Dir(*p)} {
			if err := os.Chmod(x, 0o755); err != nil {
				t.Fatal(err)
			}
		}
	}
	stranger := reader{name: "sportello", uid: 64999}
	if err := cfg.checkReader(stranger); err != nil {
		t.Fatalf("everybody may read: %v", err)
	}
	secret := cfg.Mailboxes[0].PasswordFile
	info, err := os.Stat(secret)
	if err != nil {
		t.Fatal(err)
	}
	group := reader{name: "sportello", uid: 64999, groups: []uint32{info.Sys().(*syscall.Stat_t).Gid}}
	for _, x := range []struct {
		path string
		mode os.FileMode
		who  reader
		told bool
	}{{secret, 0o600, stranger, true}, {secret, 0o640, stranger, true}, {secret, 0o640, group, false}, {secret, 0o600, reader{uid: info.Sys().(*syscall.Stat_t).Uid}, false},
		{secret, 0o644, stranger, false}, {filepath.Dir(secret), 0o700, stranger, true}} {
		if err := os.Chmod(x.path, x.mode); err != nil {
			t.Fatal(err)
		}
		if err := cfg.checkReader(x.who); (err != nil) != x.told || x.told && !strings.Contains(err.Error(), secret+" may not be read by sportello") {
			t.Errorf("%s with mode %o: %v", x.path, x.mode, err)
		}
	}
}

// TestConnectFetchesLists: a revocation list that does not come is told.
func TestConnectFetchesLists(t *testing.T) {
	web := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("no list")) }))
	defer web.Close()
	gone := httptest.NewServer(nil)
	gone.Close()
	cfg, _ := placed(t)
	cfg.Trust.CRL = []string{web.URL + "/a.crl", gone.URL + "/b.crl"}
	var out bytes.Buffer
	err := tryLists(t.Context(), cfg, func(s string) { out.WriteString(s) })
	if err == nil || !strings.Contains(err.Error(), "/a.crl: ") || !strings.Contains(err.Error(), "/b.crl: ") || !strings.Contains(err.Error(), "connection refused: is the server running") || out.Len() > 0 {
		t.Errorf("told: %v, %s", err, out.String())
	}
}

// TestMistypedMailbox: a procedure of a mailbox that nobody has is a mistake,
// one of a usual mailbox that is not configured is not; too short a retention
// is told, and a number of months that letters would wrongly call the law's.
func TestMistypedMailbox(t *testing.T) {
	cfg, _ := placed(t)
	policy, err := loadPolicy(cfg) // customer.service has no mailbox in it
	if err != nil {
		t.Fatal(err)
	}
	policy.Rules.Procedure("disattivazione").Mailbox = "disatt"
	if err := cfg.checkReaders(policy.Rules); err == nil || !strings.Contains(err.Error(), `procedure disattivazione: mailbox "disatt"`) || !strings.Contains(err.Error(), `did you mean "disattivazioni"?`) {
		t.Errorf("a mistyped mailbox: %v", err)
	}
	cfg.Mailboxes[0].Name = "disattivazione"
	if got := strings.Join(unmatched(cfg, policy.Rules), "\n"); strings.Contains(got, "is it the one") {
		t.Errorf("disatt is not near: %s", got)
	}
	policy.Rules.Procedure("disattivazione").Mailbox = "disattivazioni"
	if got := strings.Join(unmatched(cfg, policy.Rules), "\n"); !strings.Contains(got, "no [[mailbox]] disattivazioni: the procedures disattivazione receive nothing: is it the one that you named disattivazione?") {
		t.Errorf("a mistyped name of a mailbox: %s", got)
	}
	for months, want := range map[int]bool{3: true, lawfulMonths: false} {
		cfg.Retention.Months = months
		if got := strings.Contains(strings.Join(notes(cfg), "\n"), "D.P.R. 68/2005"); got != want {
			t.Errorf("months = %d: told %t", months, got)
		}
	}
	for months, want := range map[int]bool{12: true, 36: true, lawfulMonths: false, 0: false} {
		cfg.Letters.MesiLog = months
		if got := strings.Contains(strings.Join(notes(cfg), "\n"), "[letters] mesi_log = "); got != want {
			t.Errorf("mesi_log = %d: told %t", months, got)
		}
	}
}

// Facts that are not set are told before a customer reads an example of them.
func TestFactsOfLettersNotSet(t *testing.T) {
	cfg, _ := placed(t)
	cfg.Letters = rules.Settings{Gestore: "Posta Sicura", URLPannello: "https://pannello.example.org/"}
	want := "[letters] url_informativa, url_assistenza: not set, so customers read an example in their place"
	if got := notes(cfg); !slices.Contains(got, want) {
		t.Errorf("%q lacks %q", got, want)
	}
	cfg.Letters.URLInformativa, cfg.Letters.URLAssistenza = "https://privacy.example.org/", "https://aiuto.example.org/"
	if got := strings.Join(notes(cfg), "\n"); strings.Contains(got, "[letters]") {
		t.Errorf("all is set: %s", got)
	}
}
