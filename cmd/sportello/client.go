package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/user"
	"path/filepath"
	"time"

	"sportello/mailproc"
	"sportello/mailproc/console"
	"sportello/store"
)

// client speaks to the console's own handlers: over the daemon's socket, or,
// when it is stopped, over the store.
type client struct {
	http     *http.Client
	identify func(*http.Request)
	close    func()
	stopped  bool // it holds the store, in which no daemon can start meanwhile
}

const socketName = "sportello.sock"

// connect finds the daemon of a configuration, or opens its store for reading.
// A daemon that answers needs no configuration without mistakes: it has its own.
func connect(ctx context.Context, g *global) (*client, error) {
	if c := daemonOf(g); c != nil {
		return c, nil
	}
	cfg, err := configToLook(g.config)
	if err != nil {
		return nil, err
	}
	socket := filepath.Join(cfg.Data, socketName)
	for end := time.Now().Add(startWait); ; time.Sleep(100 * time.Millisecond) {
		if answers(socket) {
			return socketClient(socket, g.identify), nil
		}
		c, err := openStopped(cfg, g, true) // one that is just starting has the database before it answers
		if !errors.Is(err, store.ErrLocked) || time.Now().After(end) || ctx.Err() != nil {
			return c, err
		}
	}
}

// daemonOf is the daemon of a configuration; nil when none answers.
func daemonOf(g *global) *client {
	data := dataOf(g.config)
	if socket := filepath.Join(data, socketName); data != "" && answers(socket) {
		return socketClient(socket, g.identify)
	}
	return nil
}

// awaitDaemon waits until the daemon of a configuration answers.
func awaitDaemon(ctx context.Context, g *global) (*client, error) {
	look := time.NewTicker(200 * time.Millisecond)
	defer look.Stop()
	for {
		if c := daemonOf(g); c != nil {
			return c, nil
		}
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-look.C:
		}
	}
}

// startWait is how long a daemon that has the database may take until it answers.
const startWait = 10 * time.Second

func answers(socket string) bool {
	conn, err := net.Dial("unix", socket)
	if err == nil {
		conn.Close()
	}
	return err == nil
}

// openStopped answers from the store itself, while the daemon is stopped.
func openStopped(cfg *Config, g *global, readOnly bool) (*client, error) {
	if !readOnly {
		if err := ownData(cfg.Data); err != nil {
			return nil, err
		}
	}
	st, err := store.Open(cfg.Data, store.Options{ReadOnly: readOnly})
	if errors.Is(err, os.ErrNotExist) {
		return nil, fmt.Errorf("%w in %s yet: start `sportello run -c %s` first", errNoDatabase, cfg.Data, g.config)
	}
	if errors.Is(err, store.ErrLocked) {
		return nil, fmt.Errorf("%w (%s), which does not answer on its socket %s: if it is the daemon, it starts, or stops and lets end what is begun; its log says so", store.ErrLocked, cfg.Data, filepath.Join(cfg.Data, socketName))
	}
	if err != nil {
		return nil, damaged(ownersOnly(err))
	}
	handler, err := stoppedHandler(cfg, st, !readOnly)
	if err != nil {
		st.Close()
		return nil, err
	}
	return &client{http: &http.Client{Transport: inProcess{handler}}, identify: g.identify, close: func() { st.Close() }, stopped: true}, nil
}

var errNoDatabase = errors.New("no database")

// stoppedHandler are the socket's handlers over a store that no daemon runs.
func stoppedHandler(cfg *Config, st *store.Store, writing bool) (http.Handler, error) {
	policy, err := loadPolicy(cfg)
	if err != nil {
		return nil, err
	}
	keeper, err := alerts(cfg, st, policy.Rules.Calendar, slog.New(slog.DiscardHandler))
	if err != nil {
		return nil, err
	}
	desk, err := mailproc.New(mailproc.Options{Store: st, Data: cfg.Data, Mailboxes: mailboxes(cfg), Policy: policy, Log: slog.New(slog.DiscardHandler), Now: cfg.Now, Alerts: keeper})
	if err != nil {
		return nil, err
	}
	a, err := newAdmin(cfg, &mailproc.Office{Desk: desk, Version: version(), Running: writing}, slog.New(slog.DiscardHandler))
	if err != nil {
		return nil, err
	}
	return a.console.Socket(a.register), nil
}

func socketClient(socket string, identify func(*http.Request)) *client {
	t := &http.Transport{DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, "unix", socket)
	}}
	return &client{http: &http.Client{Transport: t}, identify: identify, close: t.CloseIdleConnections}
}

// call asks the API; in is sent as JSON when not nil, out is filled when not nil.
func (c *client) call(ctx context.Context, method, path string, in, out any) error {
	body, err := c.open(ctx, method, path, in)
	if err != nil {
		return err
	}
	defer body.Close()
	if out == nil {
		return nil
	}
	return json.NewDecoder(body).Decode(out)
}

func (c *client) open(ctx context.Context, method, path string, in any) (io.ReadCloser, error) {
	var body io.Reader
	if in != nil {
		b, err := json.Marshal(in)
		if err != nil {
			return nil, err
		}
		body = bytes.NewReader(b)
	}
	req, err := http.NewRequestWithContext(ctx, method, "http://sportello"+path, body)
	if err != nil {
		return nil, err
	}
	c.identify(req)
	resp, err := c.http.Do(req)
	if err != nil {
		return nil, fmt.Errorf("ask the daemon: %w", err)
	}
	if resp.StatusCode >= 300 {
		defer resp.Body.Close()
		var e struct{ Error string }
		if json.NewDecoder(resp.Body).Decode(&e) != nil || e.Error == "" {
			e.Error = resp.Status
		}
		return nil, damaged(&apiError{resp.StatusCode, e.Error})
	}
	return resp.Body, nil
}

// apiError is an answer that is an error: what the desk said.
type apiError struct {
	status int
	text   string
}

func (e *apiError) Error() string { return e.text }

// isStopped reports whether an act was refused because the daemon is stopped.
func isStopped(err error) bool {
	var e *apiError
	return errors.As(err, &e) && e.status == http.StatusServiceUnavailable
}

// identify says who asks: the Unix user, or who proves to be a user of the
// console by --as and his password, or by a token.
func (g *global) identify(r *http.Request) {
	switch {
	case g.as != "":
		r.SetBasicAuth(g.as, g.password)
	case os.Getenv(tokenVariable) != "":
		r.Header.Set("Authorization", "Bearer "+os.Getenv(tokenVariable))
	default:
		r.Header.Set(console.AuthorHeader, whoAmI())
	}
}

// tokenVariable holds a bearer token of a user of the console.
const tokenVariable = "SPORTELLO_TOKEN"

// whoAmI is the author of acts done on the command line.
func whoAmI() string {
	if s := os.Getenv("SUDO_USER"); s != "" {
		return s
	}
	if u, err := user.Current(); err == nil && u.Username != "" {
		return u.Username
	}
	return "cli"
}
