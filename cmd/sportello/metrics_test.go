package main

import (
	"context"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"sportello/mailproc"
	"sportello/rules"
	"sportello/store"
)

// observed is an office over a new store, without any server.
func observed(t *testing.T, now time.Time) *mailproc.Office {
	t.Helper()
	file := filepath.Join(configFolder(t), "sportello.toml")
	writeFile(t, file, small)
	cfg, err := LoadConfig(file)
	if err != nil {
		t.Fatal(err)
	}
	cfg.Now = func() time.Time { return now }
	st, err := store.Open(cfg.Data, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { st.Close() })
	desk, err := buildDesk(cfg, st, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	return &mailproc.Office{Desk: desk, Running: true}
}

// probe asks a handler for a path.
func probe(t *testing.T, h http.Handler, path string) (code int, body string) {
	t.Helper()
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, path, nil))
	return w.Code, w.Body.String()
}

// openCase records a case that is due at an instant, warned of a day before.
func openCase(t *testing.T, o *mailproc.Office, id string, message uint64, received, due time.Time, more ...rules.Event) {
	t.Helper()
	events := []rules.Event{{At: received, Kind: rules.Opened, Case: id, Message: message, Mailbox: "disattivazioni", Procedure: "disattivazione", Received: &received,
		Due: &due, Target: &due, Warn: rules.At(due.Add(-24 * time.Hour)), Private: &rules.Private{Mailbox: "mario@pec.example.it"}}}
	err := o.Store.Update(context.Background(), func(tx *store.Tx) error { return tx.Record(append(events, more...)...) })
	if err != nil {
		t.Fatal(err)
	}
}

// intake stores messages with the given verdicts.
func intake(t *testing.T, o *mailproc.Office, at time.Time, verdicts ...string) []uint64 {
	t.Helper()
	var in []store.Incoming
	for i, v := range verdicts {
		in = append(in, store.Incoming{Bytes: []byte(v + strings.Repeat("x", i+1)), Message: store.Message{Kind: rules.Transport, Delivered: at, Read: at,
			Facts: &rules.Message{Kind: rules.Transport, Signature: v}}})
	}
	ids, err := o.Store.Intake(t.Context(), "disattivazioni", store.Cursor{UIDValidity: 1, UID: uint32(at.Unix())}, in, nil)
	if err != nil {
		t.Fatal(err)
	}
	return ids
}

func TestMetrics(t *testing.T) {
	now := time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC)
	o := observed(t, now)
	intake(t, o, now.Add(-time.Hour), "valid") // before the tally: not counted
	h := observability(o)
	ids := intake(t, o, now, "valid", "valid", "invalid")
	openCase(t, o, "2026-000001", ids[0], now.Add(-96*time.Hour), now.Add(-time.Hour), rules.Event{At: now, Kind: rules.Breached, Case: "2026-000001"})
	openCase(t, o, "2026-000002", ids[1], now.Add(-48*time.Hour), now.Add(3*time.Hour))
	openCase(t, o, "2026-000003", ids[1], now, now.Add(72*time.Hour))
	o.Alerts.Raise("disk", "full")
	o.Alerts.Raise("promise/2026-000001", "late")
	o.Alerts.Raise("promise/2026-000002", "late")
	code, body := probe(t, h, "/metrics")
	if code != http.StatusOK {
		t.Fatalf("%d: %s", code, body)
	}
	for _, want := range []string{
		`sportello_messages_total{kind="transport",verdict="valid"} 2`,
		`sportello_messages_total{kind="transport",verdict="invalid"} 1`,
		`sportello_cases{procedure="disattivazione",state="new"} 3`,
		`sportello_mailbox_last_fetch_timestamp_seconds{mailbox="disattivazioni"} 0`,
		`sportello_mailbox_problem{mailbox="disattivazioni"} 0`,
		`sportello_deadlines_missed_total 1`,
		`sportello_deadlines_overdue 1`,
		`sportello_deadlines_near 1`,
		`sportello_letters_uncertain 0`,
		`sportello_parked 0`,
		`sportello_incidents{kind="disk"} 1`,
		`sportello_incidents{kind="promise"} 2`,
		`sportello_journal_height 8`,
		`sportello_index_age_seconds `,
		`sportello_archive_bytes `,
	} {
		if !strings.Contains(body, "\n"+want) {
			t.Errorf("/metrics lacks %s", want)
		}
	}
	if strings.Contains(body, "mario@") {
		t.Error("/metrics names a customer")
	}
	if _, again := probe(t, h, "/metrics"); !strings.Contains(again, `verdict="valid"} 2`) {
		t.Error("a second scrape counts the same messages again")
	}
}

func TestHealth(t *testing.T) {
	o := observed(t, time.Now())
	h := observability(o)
	if code, body := probe(t, h, "/healthz"); code != http.StatusOK || body != "ok\n" {
		t.Errorf("/healthz: %d %q", code, body)
	}
	if code, body := probe(t, h, "/readyz"); code != http.StatusServiceUnavailable || body != "mailbox disattivazioni: not read to its end yet\n" {
		t.Errorf("/readyz before the first reading: %d %q", code, body)
	}
	if err := o.Store.Close(); err != nil {
		t.Fatal(err)
	}
	if code, _ := probe(t, h, "/healthz"); code != http.StatusServiceUnavailable {
		t.Errorf("/healthz of a closed store: %d", code)
	}
	if code, _ := probe(t, h, "/metrics"); code != http.StatusInternalServerError {
		t.Errorf("/metrics of a closed store: %d", code)
	}
}

// TestAlertRulesNameMetrics compares the alert rules with what is exposed.
func TestAlertRulesNameMetrics(t *testing.T) {
	raw, err := os.ReadFile("../../packaging/prometheus-alerts.yml")
	if err != nil {
		t.Fatal(err)
	}
	ch := make(chan *prometheus.Desc, 100)
	(&figures{}).Describe(ch)
	close(ch)
	var exposed []string
	for d := range ch {
		exposed = append(exposed, d.String())
	}
	named := regexp.MustCompile(`\bsportello_[a-z_]+`).FindAllString(string(raw), -1)
	if len(named) < 10 {
		t.Fatalf("the rules name only %d metrics", len(named))
	}
	for _, name := range named {
		if !slices.ContainsFunc(exposed, func(d string) bool { return strings.Contains(d, `"`+name+`"`) }) {
			t.Errorf("the alert rules name %s, which is not exposed", name)
		}
	}
}
