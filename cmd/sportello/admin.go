package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"os/signal"
	"sync"
	"syscall"
	"time"

	"sportello/mailproc"
	"sportello/mailproc/console"
	"sportello/rules"
	"sportello/store"
)

// admin is what only the owner of the socket, or an admin of the console, may
// ask for: reload, keeping.
type admin struct {
	cfg     *Config
	office  *mailproc.Office
	console *console.Console
	log     *slog.Logger

	reloading sync.Mutex
}

func newAdmin(cfg *Config, office *mailproc.Office, log *slog.Logger) (*admin, error) {
	c, err := buildConsole(cfg, office)
	return &admin{cfg: cfg, office: office, console: c, log: log}, err
}

func (a *admin) register(mux *http.ServeMux) {
	for path, do := range a.questions() {
		mux.HandleFunc("POST "+path, do)
	}
}

// questions are the addresses that only the socket has.
func (a *admin) questions() map[string]http.HandlerFunc {
	return map[string]http.HandlerFunc{
		"/api/reload": handle(func(context.Context, string, struct{}) (any, error) { return struct{}{}, a.reload() }),
		"/api/backup": handle(func(ctx context.Context, _ string, in struct{ Dir string }) (any, error) {
			return struct{}{}, a.office.Store.Backup(ctx, in.Dir, nil)
		}),
		"/api/check": handle(func(ctx context.Context, _ string, in struct{ Bytes bool }) (any, error) {
			return struct{}{}, a.office.Store.Check(ctx, nil, in.Bytes)
		}),
		"/api/purge":  handle(a.purge),
		"/api/redact": handle(a.redact),
	}
}

// handle answers a JSON question with a JSON answer; do is told who asks.
func handle[T any](do func(ctx context.Context, author string, in T) (any, error)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		var in T
		err := console.AdminOnly(r)
		if err == nil {
			err = json.NewDecoder(r.Body).Decode(&in)
		}
		var out any
		if err == nil {
			out, err = do(r.Context(), console.AuthorOf(r), in)
		}
		w.Header().Set("Content-Type", "application/json")
		switch {
		case errors.Is(err, rules.ErrStopped):
			w.WriteHeader(http.StatusServiceUnavailable)
		case err != nil:
			w.WriteHeader(http.StatusUnprocessableEntity)
		}
		if err != nil {
			out = map[string]string{"error": err.Error()}
		}
		_ = json.NewEncoder(w).Encode(out) // the asker is gone: nobody to tell
	}
}

type purgeQuestion struct {
	DryRun bool `json:"dry_run"`
}

func (a *admin) purge(ctx context.Context, author string, in purgeQuestion) (any, error) {
	if !a.office.Running && !in.DryRun {
		return nil, rules.ErrStopped
	}
	keep, err := retention(a.office.Now(), a.cfg.Retention.Months, a.office.Rules().Procedures)
	if err != nil {
		return nil, err
	}
	return a.office.Store.Purge(ctx, keep, author, in.DryRun)
}

// retention is how long everything is kept: months, unless a procedure says
// otherwise.
func retention(now time.Time, months int, procedures []*rules.Procedure) (store.Retention, error) {
	keep := store.Retention{Now: now, Keep: store.Span{Months: months}, Procedure: map[string]store.Span{}}
	for _, p := range procedures {
		n, unit, err := rules.ParseSpan(p.Keep)
		switch {
		case err != nil:
			return keep, fmt.Errorf("%s: keep: %w", p.Name, err)
		case unit == "days":
			keep.Procedure[p.Name] = store.Span{Days: n}
		case unit == "months":
			keep.Procedure[p.Name] = store.Span{Months: n}
		default:
			return keep, fmt.Errorf("%s: keep %q: write days or months", p.Name, p.Keep)
		}
	}
	return keep, nil
}

type redactQuestion struct {
	Message uint64 `json:"message"`
	Order   string `json:"order"`
}

func (a *admin) redact(ctx context.Context, author string, in redactQuestion) (any, error) {
	if !a.office.Running {
		return nil, rules.ErrStopped
	}
	if in.Order == "" {
		return nil, errors.New("say on whose order the message is erased (--order)")
	}
	return struct{}{}, a.office.Store.Redact(ctx, in.Message, in.Order, author, a.office.Now())
}

// reload puts templates and trust in force again; when the new ones are wrong
// the old stay.
func (a *admin) reload() error {
	if !a.office.Running {
		return rules.ErrStopped
	}
	a.reloading.Lock()
	defer a.reloading.Unlock()
	var policy mailproc.Policy
	fresh, err := LoadConfig(a.cfg.File)
	if err == nil {
		policy, err = loadPolicy(fresh)
	}
	if err == nil {
		err = a.office.ReadRegistry()
	}
	if err == nil {
		err = a.office.Reload(policy)
	}
	if err != nil {
		a.log.Error("reload refused: the old templates and trust stay in force", "error", err)
		a.office.ReloadRefused(errors.New(installed(err.Error(), docs)))
		return err
	}
	a.log.Info("templates and trust reloaded", "procedures", len(policy.Rules.Procedures))
	left := a.cfg.wantsRestart(fresh)
	if len(left) > 0 {
		a.log.Warn("changed in the configuration, and in force only after a restart", "keys", left)
	}
	a.office.WantsRestart(left)
	return nil
}

// crlRefresh is how often revocation lists are read again, where the
// configuration does not say: providers renew theirs at least once a day.
const crlRefresh = 6 * time.Hour

// lists reads the revocation lists again from time to time, until ctx ends.
func (a *admin) lists(ctx context.Context) error {
	every := a.cfg.Trust.CRLRefresh.Duration
	if every <= 0 {
		every = crlRefresh
	}
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
			if err := a.readLists(); err != nil {
				a.log.Error("revocation lists were not read again: those in force stay", "error", err)
			}
		}
	}
}

// readLists puts trust in force anew when there are lists in it.
func (a *admin) readLists() error {
	a.reloading.Lock()
	defer a.reloading.Unlock()
	fresh, err := LoadConfig(a.cfg.File)
	if err != nil || len(fresh.Trust.CRL) == 0 {
		return err
	}
	trust, err := loadTrust(fresh)
	if err == nil {
		a.office.SetTrust(trust)
	}
	return err
}

// hangups reloads at every SIGHUP, until ctx ends.
func (a *admin) hangups(ctx context.Context) error {
	hup := make(chan os.Signal, 1)
	signal.Notify(hup, syscall.SIGHUP)
	defer signal.Stop(hup)
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-hup:
			_ = a.reload() // it has said what is wrong
			if err := a.office.RetryNow(ctx, ""); err != nil && ctx.Err() == nil {
				a.log.Error("what waits is not tried again", "error", err)
			}
		}
	}
}
