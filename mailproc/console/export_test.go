package console

import (
	"archive/zip"
	"bytes"
	"encoding/hex"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"sportello/rules"
)

// unzip writes an export into a folder, as its reader would.
func unzip(t *testing.T, raw string) string {
	t.Helper()
	z, err := zip.NewReader(strings.NewReader(raw), int64(len(raw)))
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	for _, f := range z.File {
		if !filepath.IsLocal(f.Name) {
			t.Fatalf("the zip has a path of its own: %q", f.Name)
		}
		_, rest, _ := strings.Cut(f.Name, "/")
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		data, err := io.ReadAll(r)
		r.Close()
		path := filepath.Join(dir, rest)
		if err == nil {
			err = os.MkdirAll(filepath.Dir(path), 0o755)
		}
		if err == nil {
			err = os.WriteFile(path, data, 0o644)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// openssl sums a file; it is the only tool the export's README asks for.
func openssl(t *testing.T, path string) string {
	t.Helper()
	out, err := exec.Command("openssl", "dgst", "-sha256", "-r", path).Output()
	if err != nil {
		t.Fatalf("openssl: %v (apt-get install openssl)", err)
	}
	sum, _, _ := strings.Cut(string(out), " ")
	return sum
}

// The export verifies with openssl alone: each file against the sums, each
// journal entry against the chain.
func TestExportVerifies(t *testing.T) {
	o := newOffice(t)
	o.desk.fill(t)
	c := o.reviewOf("studio.verdi")
	anna := o.visit("anna")
	x := o.inState(rules.InReview)
	anna.act(x, "note", url.Values{"text": {"vista"}})
	r := anna.get("/cases/"+c.ID+"/export").want(t, http.StatusOK)
	if got := r.Header.Get("Content-Disposition"); !strings.Contains(got, "fascicolo-"+c.ID+".zip") {
		t.Errorf("disposition %q", got)
	}
	dir := unzip(t, r.body)
	for _, list := range []struct {
		name string
		min  int
	}{{"SHA256SUMS", 6}, {"giornale/HASHES", 3}} {
		raw, err := os.ReadFile(filepath.Join(dir, list.name))
		if err != nil {
			t.Fatal(err)
		}
		lines := strings.Split(strings.TrimSpace(string(raw)), "\n")
		if len(lines) < list.min {
			t.Errorf("%s has %d lines", list.name, len(lines))
		}
		for _, l := range lines {
			sum, name, _ := strings.Cut(l, "  ")
			if got := openssl(t, filepath.Join(dir, name)); got != sum {
				t.Errorf("%s: %s is %s, not %s", list.name, name, got, sum)
			}
		}
	}
	d, err := o.desk.Case(t.Context(), c.ID)
	if err != nil {
		t.Fatal(err)
	}
	id := d.Case.Messages[0]
	raw, err := os.ReadFile(filepath.Join(dir, "messaggi", fmt.Sprintf("%d.eml", id)))
	if err != nil || !bytes.Equal(raw, o.desk.raws[id]) {
		t.Errorf("the raw message is not the stored one: %v", err)
	}
	// The first 32 bytes of an entry are the hash of the one before it.
	first := d.Events[0].Seq
	bin, err := os.ReadFile(filepath.Join(dir, "giornale", fmt.Sprintf("%08d.bin", first)))
	if err != nil || hex.EncodeToString(bin[:32]) != hex.EncodeToString(o.desk.entries[first-2].Hash[:]) {
		t.Errorf("entry %d is not chained to the one before: %v", first, err)
	}
	if _, err := os.Stat(filepath.Join(dir, "INCOMPLETE.txt")); err == nil {
		t.Error("the export says it is not complete")
	}
}
