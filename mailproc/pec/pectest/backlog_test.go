package pectest_test

import (
	"bytes"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"sportello/mailproc/pec"
	"sportello/mailproc/pec/pectest"
)

func newWorld(t testing.TB) (*pectest.World, pec.Options) {
	t.Helper()
	w, err := pectest.NewWorld()
	if err != nil {
		t.Fatal(err)
	}
	roots, err := pec.ParseRoots(w.RootsPEM())
	if err != nil {
		t.Fatal(err)
	}
	index, err := pec.ParseIndex(w.IndexLDIF(), nil)
	if err != nil {
		t.Fatal(err)
	}
	trust, err := pec.NewTrust(pec.TrustConfig{Roots: roots, Index: index})
	if err != nil {
		t.Fatal(err)
	}
	return w, pec.Options{Trust: trust, Ours: w.Ours}
}

func TestBacklog(t *testing.T) {
	w, opt := newWorld(t)
	b := pectest.Backlog{Office: w.Office(), N: 400, Seed: 7}
	count, bytesOf := map[string]int{}, map[string]int{}
	mailboxes, orders := b.Registry()
	i := 0
	for it := range b.All() {
		count[it.Name]++
		bytesOf[it.Name] += len(it.Raw)
		opt.Delivered = it.At
		e := pec.OpenBytes(it.Raw, opt)
		if e.Sender() != it.Sender {
			t.Errorf("message %d, %s: sender %q, want %q: %s %s", i, it.Name, e.Sender(), it.Sender, e.Verdict.Reason, e.Verdict.Detail)
		}
		if it.Name == "receipt" && (e.Kind != pec.Receipt || e.Verdict.Status != pec.Valid) {
			t.Errorf("message %d: receipt is %s %s: %s", i, e.Kind, e.Verdict.Status, e.Verdict.Detail)
		}
		if it.Outcome == "accept" && !bytes.Contains(mailboxes, []byte("\n"+it.Sender+",active,")) {
			t.Errorf("message %d: %s is not in the registry", i, it.Sender)
		}
		if it.Name == "recesso-rinnovo" && !bytes.Contains(orders, []byte(","+it.Sender+",auto_renewal,")) {
			t.Errorf("message %d: no order of %s in the registry", i, it.Sender)
		}
		if !bytes.Equal(it.Raw, b.Item(i).Raw) {
			t.Errorf("message %d, %s, is another when made again", i, it.Name)
		}
		i++
	}
	if count["disattivazione"] != 100 || count["recesso-rinnovo"] != 100 || count["receipt"] != 100 {
		t.Errorf("mixture: %v", count)
	}
	for name, n := range count {
		size := bytesOf[name] / n
		t.Logf("%-16s %4d of %6d bytes", name, n, size)
		if name != "receipt" && (size < 9_000 || size > 12_500) {
			t.Errorf("%s: %d bytes on average, want about 10 kB", name, size)
		}
	}
}

func TestSamples(t *testing.T) {
	w, opt := newWorld(t)
	now := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	items, mailboxes, orders := w.Office().Samples(now, 200*time.Millisecond)
	if len(items) < 12 {
		t.Errorf("%d samples only", len(items))
	}
	for _, it := range items {
		opt.Delivered = it.At
		if e := pec.OpenBytes(it.Raw, opt); e.Sender() != it.Sender {
			t.Errorf("%s: sender %q, want %q: %s", it.Name, e.Sender(), it.Sender, e.Verdict.Detail)
		}
	}
	if strings.Count(string(mailboxes), "\n") != strings.Count(string(orders), "\n") || !strings.Contains(string(mailboxes), ",not_active,") {
		t.Errorf("registry:\n%s%s", mailboxes, orders)
	}
}

func TestLargeIsStreamed(t *testing.T) {
	w, opt := newWorld(t)
	file, err := os.Create(filepath.Join(t.TempDir(), "large.eml"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	m := pectest.Message{From: "mario@pec.example.it", To: w.Ours[0], Subject: "Disattivazione casella", Text: "In allegato.\n"}
	const size = 30 << 20
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	if err := w.Customers.Large(file, m, size, 1); err != nil {
		t.Fatal(err)
	}
	runtime.ReadMemStats(&after)
	if used := after.TotalAlloc - before.TotalAlloc; used > 2<<20 {
		t.Errorf("making it allocated %d bytes", used)
	}
	info, err := file.Stat()
	if err != nil {
		t.Fatal(err)
	}
	if info.Size() < size*4/3 {
		t.Errorf("only %d bytes", info.Size())
	}
	e, err := pec.Open(file, info.Size(), opt)
	if err != nil {
		t.Fatal(err)
	}
	if e.Sender() != "mario@pec.example.it" {
		t.Errorf("not proved: %s %s", e.Verdict.Reason, e.Verdict.Detail)
	}
	if len(e.Original.Attachments) != 1 || e.Original.Attachments[0].Name != "allegato.pdf" {
		t.Errorf("attachments: %+v", e.Original.Attachments)
	}
}

func BenchmarkLarge(b *testing.B) {
	p, err := pectest.New(pectest.Options{Domains: []string{"pec.example.it"}})
	if err != nil {
		b.Fatal(err)
	}
	m := pectest.Message{From: "mario@pec.example.it", To: "disattivazioni@pec.example.it", Subject: "x"}
	var w count
	for b.Loop() {
		w = 0
		if err := p.Large(&w, m, 30<<20, 1); err != nil {
			b.Fatal(err)
		}
	}
	b.SetBytes(int64(w))
}

type count int64

func (c *count) Write(p []byte) (int, error) {
	*c += count(len(p))
	return len(p), nil
}
