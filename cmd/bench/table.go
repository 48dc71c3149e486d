package main

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"

	"sportello/mailproc/pec/pectest"
)

// table collects results and shows their medians beside each other.
type table struct {
	scene   *scene
	names   []string
	runs    map[string][]result
	latency latency
}

func (t *table) add(name string, r result) {
	if t.runs == nil {
		t.runs = map[string][]result{}
	}
	if t.runs[name] == nil {
		t.names = append(t.names, name)
	}
	t.runs[name] = append(t.runs[name], r)
}

func (t *table) median(name string, of func(result) float64) float64 {
	var v []float64
	for _, r := range t.runs[name] {
		v = append(v, of(r))
	}
	if len(v) == 0 {
		return 0
	}
	slices.Sort(v)
	return v[len(v)/2]
}

func wall(r result) float64    { return r.wall.Seconds() }
func cpu(r result) float64     { return r.cpu.Seconds() }
func decided(r result) float64 { return r.decided.Seconds() }
func rss(r result) float64     { return float64(r.rss) / (1 << 20) }

func (t *table) markdown() string {
	var b strings.Builder
	s := t.scene
	fmt.Fprintf(&b, "%d envelopes, %.1f MB; median of %d rounds; %d cores (%s); `go run ./cmd/bench -n %d -rounds %d`, %s.\n\n",
		len(s.items), float64(s.bytes)/1e6, s.o.rounds, runtime.NumCPU(), runtime.Version(), s.o.n, s.o.rounds, time.Now().Format("2 January 2006"))
	b.WriteString("| | wall s | of mbsync | CPU s | of the floor | peak MiB |\n|---|---:|---:|---:|---:|---:|\n")
	mbsync, floor := t.median("mbsync", wall), t.median("floor", cpu)
	row := func(name string, w, c, m float64) {
		fmt.Fprintf(&b, "| %s | %.2f | %s | %.2f | %s | %.0f |\n", name, w, ratio(w, mbsync), c, ratio(c, floor), m)
	}
	for _, name := range t.names {
		if name == "sportello" {
			row("sportello: received, proved, decided, recorded", t.median(name, decided), t.median(name, cpu), t.median(name, rss))
			name2 := "sportello: … and every letter at the SMTP server"
			row(name2, t.median(name, wall), t.median(name, cpu), t.median(name, rss))
			continue
		}
		row(titles[name], t.median(name, wall), t.median(name, cpu), t.median(name, rss))
	}
	if g := t.median("goimap", wall); g > 0 {
		fmt.Fprintf(&b, "\nDecided and recorded: %.2f times the bare go-imap fetch. With every letter out: %s of mbsync. CPU: %s times RSA, SHA-256 and base64 alone.\n",
			t.median("sportello", decided)/g, ratio(t.median("sportello", wall), mbsync), ratio(t.median("sportello", cpu), floor))
	}
	if l := t.latency; l.median > 0 {
		fmt.Fprintf(&b, "\nIdle desk, empty store: %d MiB. From the end of a delivery by LMTP to the letter at the SMTP server, %d requests one at a time: median %d ms, 99th percentile %d ms.\n",
			l.rss>>20, idleLetters, l.median.Milliseconds(), l.p99.Milliseconds())
	}
	return b.String()
}

var titles = map[string]string{"goimap": "go-imap, bytes thrown away", "mbsync": "mbsync, only downloading", "fetchmail": "fetchmail, only downloading",
	"getmail": "getmail, only downloading", "openssl": "openssl cms -verify a file", "floor": "floor: RSA, SHA-256, base64, one core", "sportello, 30 MB": "sportello, messages of 30 MB"}

func ratio(a, b float64) string {
	if b == 0 {
		return "–"
	}
	return fmt.Sprintf("%.2f", a/b)
}

// largeBacklog runs sportello over n messages of 30 MB.
func (s *scene) largeBacklog(ctx context.Context, n int) (result, error) {
	dir := filepath.Join(s.dir, "large")
	if err := s.freshMailboxes(); err != nil {
		return result{}, err
	}
	config, err := s.config(dir)
	if err != nil {
		return result{}, err
	}
	for i := range n {
		raw, err := s.largeFile(dir, i)
		if err != nil {
			return result{}, err
		}
		if err := s.dovecot.Deliver(s.office.Deactivations, raw); err != nil {
			return result{}, err
		}
	}
	r, err := s.daemon(ctx, config, n, false)
	r.decided = 0
	return r, err
}

func (s *scene) largeFile(dir string, i int) ([]byte, error) {
	name := filepath.Join(dir, "m.eml")
	f, err := os.Create(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	w := bufio.NewWriter(f)
	from := fmt.Sprintf("grande.%d@pec.example.it", i)
	m := pectest.Message{From: from, To: s.office.Deactivations, Subject: "Documenti", Date: time.Now(), Text: "In allegato i documenti richiesti.\n"}
	if err := s.world.Customers.Large(w, m, 22<<20, uint64(i)); err != nil {
		return nil, err
	}
	if err := w.Flush(); err != nil {
		return nil, err
	}
	return os.ReadFile(name)
}
