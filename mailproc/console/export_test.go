package console

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
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
	if _, err := os.Stat(filepath.Join(dir, "INCOMPLETO.txt")); err == nil {
		t.Error("the export says it is not complete")
	}
}

// brittleDesk is a desk of which something cannot be read.
type brittleDesk struct {
	*fakeDesk
	noCase    string // this case
	noMessage bool   // any raw message
	pages     int    // so many pages of the queue can be, then none
}

var errBrittle = errors.New("the disk does not answer")

func (d *brittleDesk) Case(ctx context.Context, id string) (*rules.Detail, error) {
	if id == d.noCase {
		return nil, errBrittle
	}
	return d.fakeDesk.Case(ctx, id)
}

func (d *brittleDesk) Raw(ctx context.Context, id uint64) (io.ReadCloser, error) {
	if d.noMessage {
		return nil, errBrittle
	}
	return d.fakeDesk.Raw(ctx, id)
}

// Cases are the same page again and again.
func (d *brittleDesk) Cases(ctx context.Context, q rules.Query) (rules.Page, error) {
	if d.pages == 0 {
		return d.fakeDesk.Cases(ctx, q)
	}
	if q.After == strings.Repeat("x", d.pages) {
		return rules.Page{}, errBrittle
	}
	page, err := d.fakeDesk.Cases(ctx, rules.Query{Limit: 1})
	page.Cases = slices.Repeat(page.Cases, 1000)
	page.Next = q.After + "x"
	return page, err
}

// newBrittle is an office with cases whose desk is brittle.
func newBrittle(t *testing.T) (*brittleDesk, *visitor) {
	desk := &brittleDesk{}
	o := newOffice(t, func(opt *Options) {
		desk.fakeDesk = opt.Desk.(*fakeDesk)
		opt.Desk = desk
	})
	o.desk.fill(t)
	return desk, o.visit("anna")
}

// part is what comes of an answer before it breaks off.
func (v *visitor) part(path string) (string, error) {
	v.t.Helper()
	resp, err := v.http.Get(v.srv.URL + path)
	if err != nil {
		return "", err
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		v.t.Fatalf("%s: %s", path, resp.Status)
	}
	raw, err := io.ReadAll(resp.Body)
	return string(raw), err
}

// An export that cannot be whole breaks off: what is not there is not said to
// be not there.
func TestExportBreaksOff(t *testing.T) {
	for what, spoil := range map[string]func(*brittleDesk){
		"a case":   func(d *brittleDesk) { d.noCase = d.order[1] },
		"a page":   func(d *brittleDesk) { d.pages = 1 },
		"messages": func(d *brittleDesk) { d.noMessage = true },
	} {
		t.Run(what, func(t *testing.T) {
			desk, anna := newBrittle(t)
			if raw, err := anna.part("/api/export"); err != nil {
				t.Fatal(err)
			} else if unzip(t, raw) == "" {
				t.Fatal("there is nothing to spoil")
			}
			spoil(desk)
			if raw, err := anna.part("/api/export"); err == nil {
				t.Errorf("without %s: a whole zip of %d bytes", what, len(raw))
			}
		})
	}
	desk, anna := newBrittle(t)
	desk.pages = 2
	if raw, err := anna.part("/queue.csv"); err == nil {
		t.Errorf("a whole table of %d bytes", len(raw))
	}
}

// The queue as a table has no greatest length.
func TestQueueCSVHasEveryCase(t *testing.T) {
	desk, anna := newBrittle(t)
	desk.pages = 102
	raw, _ := anna.part("/queue.csv") // it breaks off at the end
	if n := strings.Count(raw, "\n"); n < 101_000 {
		t.Errorf("%d lines of 102000", n)
	}
}
