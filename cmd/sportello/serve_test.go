package main

import (
	"bufio"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

// TestSlowBodies: who sends the body of a request byte after byte loses his
// connection; what comes in time may be worked on for longer.
func TestSlowBodies(t *testing.T) {
	const limit = 300 * time.Millisecond
	handler := func(w http.ResponseWriter, r *http.Request) {
		raw, err := io.ReadAll(r.Body)
		if err != nil {
			http.Error(w, "slow", http.StatusBadRequest)
			return
		}
		select {
		case <-r.Context().Done():
			http.Error(w, "ended", http.StatusGone)
		case <-time.After(2 * limit):
			_, _ = w.Write(raw)
		}
	}
	unread := func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(http.StatusNoContent) }
	for name, x := range map[string]struct {
		handler http.HandlerFunc
		request string
		slow    bool
		want    string
	}{
		"in time": {handler, "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\nabcd", false, "200 OK"},
		"slow":    {handler, "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\nabcd", true, "400 Bad Request"},
		"chunked": {handler, "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n186A0\r\nab", true, "400 Bad Request"},
		"unread":  {unread, "GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\nabcd", true, "204 No Content"},
	} {
		t.Run(name, func(t *testing.T) {
			server := httptest.NewServer(bodiesInTime(x.handler, limit))
			defer server.Close()
			c, err := net.Dial("tcp", strings.TrimPrefix(server.URL, "http://"))
			if err != nil {
				t.Fatal(err)
			}
			defer c.Close()
			_ = c.SetReadDeadline(time.Now().Add(10 * time.Second))
			if _, err := io.WriteString(c, x.request); err != nil {
				t.Fatal(err)
			}
			stop := make(chan struct{})
			defer close(stop)
			go func() {
				for x.slow {
					select {
					case <-stop:
						return
					case <-time.After(limit / 10):
						_, _ = io.WriteString(c, "x") // it may be over
					}
				}
			}()
			r := bufio.NewReader(c)
			line, err := r.ReadString('\n')
			if err != nil || !strings.Contains(line, x.want) {
				t.Fatalf("%q, %v, want %s", line, err, x.want)
			}
			if !x.slow {
				return
			}
			if _, err := io.Copy(io.Discard, r); err != nil && strings.Contains(err.Error(), "timeout") {
				t.Error("the connection is kept")
			}
		})
	}
}
