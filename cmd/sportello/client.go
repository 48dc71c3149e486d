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
	"net/http/httptest"
	"os"
	"os/user"
	"path/filepath"
	"time"

	"sportello/mailproc"
	"sportello/mailproc/console"
	"sportello/store"
)

// client speaks to the console's own handlers: over the daemon's socket, or,
// when it is stopped, over the store opened for reading.
type client struct {
	http  *http.Client
	close func()
}

const socketName = "sportello.sock"

// connect finds the daemon of a configuration, or opens its store.
func connect(ctx context.Context, g *global) (*client, error) {
	cfg, err := LoadConfig(g.config)
	if err != nil {
		return nil, err
	}
	socket := filepath.Join(cfg.Data, socketName)
	if answers(socket) {
		return socketClient(socket), nil
	}
	st, err := store.Open(cfg.Data, store.Options{ReadOnly: true})
	for end := time.Now().Add(startWait); errors.Is(err, store.ErrLocked) && time.Now().Before(end) && ctx.Err() == nil; time.Sleep(100 * time.Millisecond) {
		if answers(socket) { // it was just starting
			return socketClient(socket), nil
		}
	}
	if errors.Is(err, os.ErrNotExist) {
		return nil, fmt.Errorf("no database in %s yet: start `sportello run -c %s` first", cfg.Data, g.config)
	}
	if errors.Is(err, store.ErrLocked) {
		return nil, fmt.Errorf("a daemon holds the database in %s but does not answer on its socket %s", cfg.Data, socket)
	}
	if err != nil {
		return nil, err
	}
	policy, err := loadPolicy(cfg)
	if err != nil {
		st.Close()
		return nil, err
	}
	desk, err := mailproc.New(mailproc.Options{Store: st, Data: cfg.Data, Mailboxes: mailboxes(cfg), Policy: policy, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		st.Close()
		return nil, err
	}
	admin := &admin{cfg: cfg, office: &mailproc.Office{Desk: desk, Version: version()}}
	handler := apiHandler(admin.office, admin.register)
	return &client{http: &http.Client{Transport: inProcess{handler}}, close: func() { st.Close() }}, nil
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

func socketClient(socket string) *client {
	t := &http.Transport{DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, "unix", socket)
	}}
	return &client{http: &http.Client{Transport: t}, close: t.CloseIdleConnections}
}

// inProcess answers requests from a handler, without a network.
type inProcess struct{ http.Handler }

func (p inProcess) RoundTrip(r *http.Request) (*http.Response, error) {
	w := httptest.NewRecorder()
	p.ServeHTTP(w, r)
	return w.Result(), nil
}

// apiHandler is the JSON API for whoever may open the socket: its owner.
func apiHandler(desk console.Desk, more ...func(*http.ServeMux)) http.Handler {
	mux := http.NewServeMux()
	api := &console.API{Desk: desk, Now: time.Now, Author: func(r *http.Request) string {
		if a := r.Header.Get("X-Author"); a != "" {
			return a
		}
		return "cli"
	}}
	api.Register(mux)
	for _, register := range more {
		register(mux)
	}
	return mux
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
	req.Header.Set("X-Author", whoAmI())
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
		return nil, errors.New(e.Error)
	}
	return resp.Body, nil
}

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
