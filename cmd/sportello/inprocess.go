package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"sync"
)

// inProcess answers requests from a handler, without a network: what it writes
// is read as it comes, and never held.
type inProcess struct{ http.Handler }

// RoundTrip answers a request once the handler has begun to write.
func (p inProcess) RoundTrip(r *http.Request) (*http.Response, error) {
	ctx, stop := context.WithCancel(r.Context())
	body, out := io.Pipe()
	w := &pipedAnswer{header: http.Header{}, out: out, began: make(chan struct{})}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		defer w.end()
		p.ServeHTTP(w, r.WithContext(ctx))
	}()
	<-w.began
	return &http.Response{Status: fmt.Sprint(w.status, " ", http.StatusText(w.status)), StatusCode: w.status, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1, Header: w.sent, Request: r,
		ContentLength: -1, Body: &pipedBody{body, stop, ended}}, nil
}

// pipedAnswer is the handler's side of an answer.
type pipedAnswer struct {
	header, sent http.Header
	status       int
	out          *io.PipeWriter
	once         sync.Once
	began        chan struct{}
}

func (w *pipedAnswer) Header() http.Header { return w.header }

func (w *pipedAnswer) WriteHeader(status int) {
	w.once.Do(func() {
		w.status, w.sent = status, w.header.Clone()
		close(w.began)
	})
}

func (w *pipedAnswer) Write(b []byte) (int, error) {
	w.WriteHeader(http.StatusOK)
	return w.out.Write(b)
}

// end ends the answer as a server does: one that the handler breaks off has no
// proper end.
func (w *pipedAnswer) end() {
	switch broken := recover(); broken {
	case nil:
		w.WriteHeader(http.StatusOK)
		w.out.Close()
	case http.ErrAbortHandler:
		w.WriteHeader(http.StatusOK)
		w.out.CloseWithError(io.ErrUnexpectedEOF)
	default:
		panic(broken)
	}
}

// pipedBody is the reader's side; who closes it waits for the handler, which
// reads from a store that is closed next.
type pipedBody struct {
	*io.PipeReader
	stop  context.CancelFunc
	ended <-chan struct{}
}

func (b *pipedBody) Close() error {
	b.stop()
	err := b.PipeReader.Close()
	<-b.ended
	return err
}
