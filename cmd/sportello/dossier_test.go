package main

import (
	"archive/zip"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// What LEGGIMI.txt tells the reader of a dossier to type gives what it says:
// each of its lines is run as it stands.
func TestTheDossiersRecipeWorks(t *testing.T) {
	d := newLiveDesk(t, nil)
	name := filepath.Join(t.TempDir(), "fascicolo.zip")
	d.says([]string{"queue", "export", d.caseOf("mario.rossi"), "-o", name})
	dir := unzipDossier(t, name)
	readme, err := os.ReadFile(filepath.Join(dir, "LEGGIMI.txt"))
	if err != nil {
		t.Fatal(err)
	}
	var said string
	commands := regexp.MustCompile(`(?m)^ {7}(\S.*)$`).FindAllStringSubmatch(string(readme), -1)
	if len(commands) != 10 {
		t.Errorf("%d commands:\n%s", len(commands), readme)
	}
	for _, c := range commands {
		cmd := exec.Command("sh", "-c", c[1])
		cmd.Dir = dir
		out, err := cmd.CombinedOutput()
		if err != nil {
			t.Errorf("%s: %v\n%s", c[1], err, out)
		}
		said += string(out)
	}
	for _, want := range []string{"LEGGIMI.txt: OK\n", "<mittente>mario.rossi@" + demoDomain + "</mittente>", "uguali\n", ".bin: OK\n", `tipo="avvenuta-consegna"`, "<consegna>mario.rossi@" + demoDomain + "</consegna>"} {
		if !strings.Contains(said, want) {
			t.Errorf("nothing says %q:\n%s", want, said)
		}
	}
	if id := regexp.MustCompile(`Message-ID: <(\S+)>`).FindStringSubmatch(said); id == nil || !strings.Contains(said, "<msgid>&lt;"+id[1]+"&gt;</msgid>") {
		t.Errorf("the receipt does not name the letter:\n%s", said)
	}
	digests := regexp.MustCompile(`\b[0-9a-f]{64}\b`).FindAllString(said, -1)
	if len(digests) != 2 || digests[0] != digests[1] {
		t.Errorf("the private part and its digest: %q", digests)
	}
}

// unzipDossier writes a dossier as its reader would, and gives its folder.
func unzipDossier(t *testing.T, name string) string {
	t.Helper()
	z, err := zip.OpenReader(name)
	if err != nil {
		t.Fatal(err)
	}
	defer z.Close()
	dir := t.TempDir()
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		data, err := io.ReadAll(r)
		path := filepath.Join(dir, f.Name)
		if err == nil {
			err = os.MkdirAll(filepath.Dir(path), 0o700)
		}
		if err == nil {
			err = os.WriteFile(path, data, 0o600)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	return filepath.Join(dir, filepath.Dir(z.File[0].Name), "..")
}
