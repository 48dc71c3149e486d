package main

import (
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"sportello/mailproc"
	"sportello/rules"
)

// observability is what monitors ask: /metrics for Prometheus, /healthz
// (the store takes writes and the stages come round: else restart), /readyz (every mailbox was read to
// its end and has no problem). No figure holds an address, a name or a subject.
func observability(office *mailproc.Office) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) {
		if err := office.Stalled(); err != nil {
			http.Error(w, err.Error(), http.StatusServiceUnavailable)
			return
		}
		fmt.Fprintln(w, "ok")
	})
	mux.HandleFunc("GET /readyz", func(w http.ResponseWriter, _ *http.Request) {
		if waits := notReady(office); len(waits) > 0 {
			http.Error(w, strings.Join(waits, "\n"), http.StatusServiceUnavailable)
			return
		}
		fmt.Fprintln(w, "ok")
	})
	registry := prometheus.NewRegistry()
	registry.MustRegister(&figures{office: office, tally: office.NewTally()}, collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	mux.Handle("GET /metrics", promhttp.HandlerFor(registry, promhttp.HandlerOpts{}))
	return mux
}

// monitored puts the pages for monitors beside others.
func monitored(office *mailproc.Office) func(*http.ServeMux) {
	h := observability(office)
	return func(mux *http.ServeMux) {
		for _, path := range []string{"/metrics", "/healthz", "/readyz"} {
			mux.Handle("GET "+path, h)
		}
	}
}

// notReady says what the desk still waits for.
func notReady(office *mailproc.Office) (waits []string) {
	for _, h := range office.Health() {
		switch {
		case h.Problem != "":
			waits = append(waits, "mailbox "+h.Mailbox+": "+h.Problem)
		case h.CaughtUp.IsZero():
			waits = append(waits, "mailbox "+h.Mailbox+": not read to its end yet")
		}
	}
	return waits
}

// The metrics.
var (
	messagesTotal  = prometheus.NewDesc("sportello_messages_total", "Messages received since the start, by kind and verdict on the signature.", []string{"kind", "verdict"}, nil)
	casesNow       = prometheus.NewDesc("sportello_cases", "Cases by procedure and state.", []string{"procedure", "state"}, nil)
	lastFetch      = prometheus.NewDesc("sportello_mailbox_last_fetch_timestamp_seconds", "When the mailbox was last read to its end; 0: never since the start.", []string{"mailbox"}, nil)
	mailboxProblem = prometheus.NewDesc("sportello_mailbox_problem", "1 while the mailbox cannot be read.", []string{"mailbox"}, nil)
	lettersNow     = prometheus.NewDesc("sportello_letters", "Letters by state.", []string{"state"}, nil)
	missedTotal    = prometheus.NewDesc("sportello_deadlines_missed_total", "Terms that passed without an answer, since the start.", nil, nil)
	overdueNow     = prometheus.NewDesc("sportello_deadlines_overdue", "Unanswered cases past their term.", nil, nil)
	nearNow        = prometheus.NewDesc("sportello_deadlines_near", "Unanswered cases with a working day left or less.", nil, nil)
	uncertainNow   = prometheus.NewDesc("sportello_letters_uncertain", "Letters whose sending ended unclearly and that wait for their receipts.", nil, nil)
	parkedNow      = prometheus.NewDesc("sportello_parked", "Messages that are no request.", nil, nil)
	journalHeight  = prometheus.NewDesc("sportello_journal_height", "Entries of the journal.", nil, nil)
	archiveSize    = prometheus.NewDesc("sportello_archive_bytes", "Size of the evidence archive.", nil, nil)
	incidentsNow   = prometheus.NewDesc("sportello_incidents", "Open incidents, by kind: disk, mailbox, login, smtp, promise, case, …", []string{"kind"}, nil)
	indexAgeNow    = prometheus.NewDesc("sportello_index_age_seconds", "Age of the providers' index in force.", nil, nil)
)

// figures collects the metrics from the store at each scrape.
type figures struct {
	office *mailproc.Office
	tally  *mailproc.Tally
}

// Describe lists the metrics.
func (f *figures) Describe(ch chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{messagesTotal, casesNow, lastFetch, mailboxProblem, lettersNow, missedTotal, overdueNow, nearNow, uncertainNow,
		parkedNow, journalHeight, archiveSize, incidentsNow, indexAgeNow} {
		ch <- d
	}
}

// Collect reads the store's counters.
func (f *figures) Collect(ch chan<- prometheus.Metric) {
	gauge := func(d *prometheus.Desc, v float64, labels ...string) {
		ch <- prometheus.MustNewConstMetric(d, prometheus.GaugeValue, v, labels...)
	}
	f.collectTally(ch)
	for _, h := range f.office.Health() {
		gauge(lastFetch, seconds(h.CaughtUp), h.Mailbox)
		gauge(mailboxProblem, truth(h.Problem != ""), h.Mailbox)
	}
	kinds := map[string]float64{}
	for _, i := range f.office.Incidents() {
		kind, _, _ := strings.Cut(i.Incident, "/")
		kinds[kind]++
	}
	for kind, n := range kinds {
		gauge(incidentsNow, n, kind)
	}
	if f.office.IndexAge != nil {
		gauge(indexAgeNow, f.office.IndexAge().Seconds())
	}
	now, err := f.office.Figures()
	if err != nil {
		ch <- prometheus.NewInvalidMetric(casesNow, err)
		return
	}
	for _, c := range now.Cases {
		gauge(casesNow, float64(c.N), c.Procedure, string(c.State))
	}
	for state, n := range now.Letters {
		gauge(lettersNow, float64(n), string(state))
	}
	gauge(uncertainNow, float64(now.Letters[rules.Uncertain]))
	gauge(overdueNow, float64(now.Overdue))
	gauge(nearNow, float64(now.Near))
	gauge(parkedNow, float64(now.Parked))
	gauge(journalHeight, float64(now.Height))
	gauge(archiveSize, float64(now.ArchiveBytes))
}

// collectTally gives what is counted from the start on.
func (f *figures) collectTally(ch chan<- prometheus.Metric) {
	messages, missed, err := f.tally.Counts()
	if err != nil {
		ch <- prometheus.NewInvalidMetric(messagesTotal, err)
		return
	}
	for v, n := range messages {
		ch <- prometheus.MustNewConstMetric(messagesTotal, prometheus.CounterValue, float64(n), v.Kind, v.Verdict)
	}
	ch <- prometheus.MustNewConstMetric(missedTotal, prometheus.CounterValue, float64(missed))
}

func seconds(t time.Time) float64 {
	if t.IsZero() {
		return 0
	}
	return float64(t.UnixMilli()) / 1000
}

func truth(b bool) float64 {
	if b {
		return 1
	}
	return 0
}
