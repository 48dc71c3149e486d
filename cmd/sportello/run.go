package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"os/signal"
	"path/filepath"
	"runtime/debug"
	"runtime/pprof"
	"syscall"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/net/netutil"
	"golang.org/x/sync/errgroup"

	"sportello/mailproc"
	"sportello/store"
)

func runCommand(g *global) *cobra.Command {
	var verbose bool
	var profile string
	cmd := &cobra.Command{Use: "run", Short: "the daemon: receive, decide, act, answer",
		Long: "Runs the desk until SIGTERM or Ctrl-C, which let what is begun end. SIGHUP reads\ntemplates, trust and the registry's files again, keeps the old ones if the new are\nwrong, and tries again at once what waits. kill -9 loses nothing: the next start\ngoes on.",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			// A SIGHUP before the desk is at work, or while it stops, must not end it; a start reads everything anyway.
			signal.Notify(make(chan os.Signal, 1), syscall.SIGHUP)
			cfg, err := LoadConfig(g.config)
			if err != nil {
				return err
			}
			level := slog.LevelInfo
			if verbose {
				level = slog.LevelDebug
			}
			log := slog.New(slog.NewTextHandler(cmd.ErrOrStderr(), &slog.HandlerOptions{Level: level}))
			stop, err := profiled(profile)
			if err != nil {
				return err
			}
			defer stop()
			return serve(cmd.Context(), cfg, log, nil)
		}}
	cmd.Flags().StringVar(&profile, "cpuprofile", "", "write a CPU profile to this `file`, for go tool pprof")
	cmd.Flags().BoolVarP(&verbose, "verbose", "v", false, "log what every connection and stage does; never a body, a name or a secret")
	return cmd
}

// profiled profiles the process until stop, when a file is named.
func profiled(file string) (stop func(), err error) {
	if file == "" {
		return func() {}, nil
	}
	f, err := os.Create(file)
	if err != nil {
		return nil, err
	}
	if err := pprof.StartCPUProfile(f); err != nil {
		f.Close()
		return nil, err
	}
	return func() { pprof.StopCPUProfile(); f.Close() }, nil
}

// serve runs the whole daemon of a configuration until ctx ends; ready, if
// not nil, is told the desk once it answers.
func serve(ctx context.Context, cfg *Config, log *slog.Logger, ready func(*mailproc.Office)) error {
	st, err := openToServe(cfg, log)
	if err != nil {
		return err
	}
	defer st.Close()
	desk, err := buildDesk(cfg, st, log)
	if err != nil {
		return err
	}
	if os.Getenv("GOGC") == "" { // a mail daemon is small: a backlog costs 10 MiB less
		debug.SetGCPercent(50)
	}
	office := &mailproc.Office{Desk: desk, Version: version(), Running: true}
	listeners, err := listen(cfg)
	if err != nil {
		return err
	}
	admin, err := newAdmin(cfg, office, log)
	if err != nil {
		return err
	}
	office.WantsRestart(nil) // it is
	if cfg.Alert.Language != "en" {
		admin.office.Alerts.TellIn(admin.console.InItalian)
	}
	servers := listeners.all(admin)
	g, ctx := errgroup.WithContext(ctx)
	for _, l := range servers {
		g.Go(func() error { return l(ctx) })
	}
	g.Go(func() error { return desk.Run(ctx) })
	g.Go(func() error { return admin.hangups(ctx) })
	g.Go(func() error { return admin.lists(ctx) })
	g.Go(func() error { return notifySystemd(ctx, office) })
	log.Info("the desk is at work", "data", cfg.Data, "mailboxes", len(cfg.Mailboxes))
	if ready != nil {
		ready(office)
	}
	err = damaged(g.Wait())
	if errors.Is(err, context.Canceled) {
		err = nil
	}
	if err != nil {
		log.Error("the desk has stopped", "error", err)
		return err
	}
	log.Info("the desk has stopped")
	return nil
}

// openToServe opens the daemon's database, and says how far it is when one of
// an earlier version is brought up to date.
func openToServe(cfg *Config, log *slog.Logger) (*store.Store, error) {
	if err := ownData(cfg.Data); err != nil {
		return nil, err
	}
	st, err := store.Open(cfg.Data, store.Options{Progress: upToDate(log, time.Now)})
	if errors.Is(err, store.ErrLocked) {
		return nil, fmt.Errorf("another daemon holds the database in %s: stop it first", cfg.Data)
	}
	if err != nil {
		return nil, damaged(notOurs(err, cfg.Data))
	}
	return st, nil
}

// tellEvery is how often the log says how far the database is brought up to
// date; untilNextPart is what systemd is asked to wait for the next part.
const (
	tellEvery     = 5 * time.Second
	untilNextPart = 10 * time.Minute
)

// upToDate tells the log and systemd how far the database is brought up to date.
func upToDate(log *slog.Logger, now func() time.Time) func(done, all int) {
	var told time.Time
	return func(done, all int) {
		_ = mailproc.Notify(fmt.Sprintf("EXTEND_TIMEOUT_USEC=%d", untilNextPart.Microseconds())) // the next part says it again
		if at := now(); done == all || at.Sub(told) >= tellEvery {
			told = at
			log.Info(fmt.Sprintf("the database is brought up to date: %d of %d", done, all))
		}
	}
}

// sockets are where the daemon listens, opened before it starts so that a
// taken port is an error and not a surprise.
type sockets struct {
	socket  net.Listener
	console net.Listener // nil: none configured
}

func listen(cfg *Config) (*sockets, error) {
	path := filepath.Join(cfg.Data, socketName)
	if err := os.Remove(path); err != nil && !errors.Is(err, os.ErrNotExist) { // the store's lock says that nobody else listens
		return nil, err
	}
	old := syscall.Umask(0o177) // the socket is its owner's alone from its first instant
	socket, err := net.Listen("unix", path)
	syscall.Umask(old)
	if err != nil {
		return nil, fmt.Errorf("listen on %s: %w", path, err)
	}
	web, err := openConsole(cfg)
	if err != nil {
		socket.Close()
		return nil, err
	}
	return &sockets{socket: socket, console: web}, nil
}

// all are the servers of the sockets, each run until its context ends.
func (s *sockets) all(a *admin) []func(context.Context) error {
	out := []func(context.Context) error{func(ctx context.Context) error {
		return httpServe(ctx, s.socket, a.console.Socket(a.register, monitored(a.office)), a.log)
	}}
	if s.console == nil {
		return out
	}
	a.log.Info("the console listens", "address", s.console.Addr().String())
	return append(out, func(ctx context.Context) error {
		return httpServe(ctx, netutil.LimitListener(s.console, maxConnections), webHandler(a.console, a.office), a.log)
	})
}
