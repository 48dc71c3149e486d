package console

import (
	"encoding/json"
	"fmt"
	"net/http"
	"time"
)

// Changes are told at most this often: a burst of a thousand arrivals is one
// new queue on the screen, not a thousand.
const (
	liveEvery = 700 * time.Millisecond
	liveBeat  = 25 * time.Second // a comment that keeps proxies from closing the stream
)

// stream begins a stream of server-sent events and gives its sender.
func stream(w http.ResponseWriter) func(event string, data any) error {
	w.Header().Set("Content-Type", "text/event-stream")
	w.Header().Set("X-Accel-Buffering", "no")
	out := http.NewResponseController(w)
	return func(event string, data any) error {
		if event == "" {
			fmt.Fprint(w, ": beat\n\n")
			return out.Flush()
		}
		raw, err := json.Marshal(data)
		if err != nil {
			return err
		}
		if _, err := fmt.Fprintf(w, "event: %s\ndata: %s\n\n", event, raw); err != nil {
			return err
		}
		return out.Flush()
	}
}

// live tells a page that something changed; the page then asks for itself
// again. What it holds never travels here, so there is nothing to leak.
func (c *Console) live(w http.ResponseWriter, r *http.Request) {
	changes, stop := c.desk.Watch()
	defer stop()
	send := stream(w)
	tell := func() error {
		s, err := c.desk.Status(r.Context())
		if err != nil {
			return err
		}
		return send("changed", map[string]any{"review": s.Cases["review"], "height": s.Height})
	}
	// At once: something may have happened since the page was made.
	if tell() != nil {
		return
	}
	c.relay(r, changes, nil, tell, func() error { return send("", nil) })
}

// caseLive is live for one case: its version, and who else looks at it.
func (c *Console) caseLive(w http.ResponseWriter, r *http.Request) {
	id, me := r.PathValue("id"), AuthorOf(r)
	d, err := c.desk.Case(r.Context(), id)
	if err != nil {
		failed(w, err)
		return
	}
	changes, stop := c.desk.Watch()
	defer stop()
	people, end := c.presence.watch(id)
	defer end()
	c.presence.enter(id, me, c.now(), true)
	defer c.presence.leave(id, me)
	send := stream(w)
	tell := func() error {
		if d, err = c.desk.Case(r.Context(), id); err != nil {
			return err
		}
		return send("case", map[string]any{"version": d.Case.Version, "others": c.presence.others(id, me, c.now())})
	}
	if tell() != nil {
		return
	}
	c.relay(r, changes, people, tell, func() error { return send("", nil) })
}

// relay calls tell after a change, until the reader leaves or his session ends.
func (c *Console) relay(r *http.Request, a, b <-chan struct{}, tell, beat func() error) {
	pause := time.NewTimer(liveEvery)
	defer pause.Stop()
	keep := time.NewTicker(liveBeat)
	defer keep.Stop()
	waiting, free := false, false
	for {
		select {
		case <-r.Context().Done():
			return
		case <-a:
			waiting = true
		case <-b:
			waiting = true
		case <-pause.C:
			free = true
		case <-keep.C:
			if u, err := c.who(r); u == nil || err != nil || beat() != nil {
				return
			}
		}
		if !waiting || !free {
			continue
		}
		waiting, free = false, false
		if tell() != nil {
			return
		}
		pause.Reset(liveEvery)
	}
}
