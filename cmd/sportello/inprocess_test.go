package main

import (
	"context"
	"errors"
	"io"
	"net/http"
	"testing"
	"time"
)

func ask1(t *testing.T, h http.HandlerFunc) *http.Response {
	t.Helper()
	ctx, stop := context.WithTimeout(t.Context(), 10*time.Second)
	t.Cleanup(stop)
	r, err := http.NewRequestWithContext(ctx, "GET", "http://sportello/", nil)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := (&http.Client{Transport: inProcess{h}}).Do(r)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { resp.Body.Close() })
	return resp
}

// TestInProcessStreams: an answer is read while it is written.
func TestInProcessStreams(t *testing.T) {
	read := make(chan struct{})
	resp := ask1(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/plain")
		w.WriteHeader(http.StatusAccepted)
		_, _ = io.WriteString(w, "one ")
		select {
		case <-read:
			_, _ = io.WriteString(w, "two")
		case <-r.Context().Done():
		}
	})
	first := make([]byte, 4)
	if _, err := io.ReadFull(resp.Body, first); err != nil || string(first) != "one " {
		t.Fatalf("it begins with %q: %v", first, err)
	}
	close(read)
	rest, err := io.ReadAll(resp.Body)
	if err != nil || string(rest) != "two" || resp.StatusCode != http.StatusAccepted || resp.Header.Get("Content-Type") != "text/plain" {
		t.Errorf("%s %v: %q, %v", resp.Status, resp.Header, rest, err)
	}
}

// TestInProcessBreaksOff: an answer that its handler breaks off is no whole one.
func TestInProcessBreaksOff(t *testing.T) {
	resp := ask1(t, func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.WriteString(w, "half")
		panic(http.ErrAbortHandler)
	})
	if text, err := io.ReadAll(resp.Body); !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("%q, %v", text, err)
	}
}

// TestInProcessClosed: who stops reading ends the handler, and waits for it.
func TestInProcessClosed(t *testing.T) {
	var ended bool
	resp := ask1(t, func(w http.ResponseWriter, r *http.Request) {
		defer func() { ended = true }()
		w.WriteHeader(http.StatusOK)
		<-r.Context().Done()
	})
	if resp.Body.Close(); !ended {
		t.Error("the handler still reads")
	}
}
