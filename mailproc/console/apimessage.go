package console

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"

	"sportello/rules"
)

// File is a file that came with a message.
type File struct {
	N        int    `json:"n"` // for …/files/N
	Name     string `json:"name"`
	Type     string `json:"type"` // as the message claims
	Size     int64  `json:"size"`
	Original bool   `json:"original"` // of the customer, not of the envelope
}

func (c *Console) apiParked(w http.ResponseWriter, r *http.Request) {
	before, err := number(r, "before", 0)
	limit, err2 := number(r, "limit", 100)
	if err := errors.Join(err, err2); err != nil {
		fail(w, http.StatusBadRequest, err)
		return
	}
	list, next, err := c.parked(r.Context(), before, int(min(max(limit, 1), 1000)), rules.Reason(r.URL.Query().Get("reason")))
	answer(w, parkedAnswer{list, next}, err)
}

// mostLooked bounds how many parked messages are looked through for one page
// of those with a reason; the next page goes on.
const mostLooked = 20_000

// parked lists parked messages with a reason ("" any), older than before, and
// says before which the next page begins; 0: there is none.
func (c *Console) parked(ctx context.Context, before uint64, limit int, reason rules.Reason) (list []rules.MessageView, next uint64, err error) {
	list = []rules.MessageView{}
	if err := (rules.Query{Reason: reason}).Check(nil); err != nil {
		return nil, 0, err
	}
	const step = 1000
	for looked := 0; looked < mostLooked; looked += step {
		size := step
		if reason == "" {
			size = limit
		}
		some, err := c.desk.Parked(ctx, before, size)
		if err != nil {
			return nil, 0, err
		}
		for _, m := range some {
			if len(list) == limit {
				return list, before, nil
			}
			if before = m.ID; reason == "" || m.Reason == reason {
				list = append(list, m)
			}
		}
		switch {
		case len(some) < size:
			return list, 0, nil
		case len(list) == limit:
			return list, before, nil
		}
	}
	return list, before, nil
}

func apiMessageID(w http.ResponseWriter, r *http.Request) (uint64, bool) {
	n, err := strconv.ParseUint(r.PathValue("id"), 10, 64)
	if err != nil {
		fail(w, http.StatusBadRequest, fmt.Errorf("%q is no message number", r.PathValue("id")))
	}
	return n, err == nil
}

func (c *Console) apiMessage(w http.ResponseWriter, r *http.Request) {
	if id, ok := apiMessageID(w, r); ok {
		m, err := c.desk.Message(r.Context(), id)
		answer(w, m, err)
	}
}

func (c *Console) apiRaw(w http.ResponseWriter, r *http.Request) {
	id, ok := apiMessageID(w, r)
	if !ok {
		return
	}
	raw, err := c.desk.Raw(r.Context(), id)
	if err != nil {
		failed(w, err)
		return
	}
	defer raw.Close()
	saveAs(w, fmt.Sprintf("message-%d.eml", id))
	_, _ = io.Copy(w, raw) // the reader is gone: nobody to tell
}

func (c *Console) apiFiles(w http.ResponseWriter, r *http.Request) {
	id, ok := apiMessageID(w, r)
	if !ok {
		return
	}
	list, err := c.files(r.Context(), id)
	out := filesAnswer{Files: []File{}}
	for _, f := range list {
		out.Files = append(out.Files, File{f.N, f.Name, f.Type, f.Size, f.Original})
	}
	answer(w, out, err)
}

func (c *Console) apiFile(w http.ResponseWriter, r *http.Request) {
	id, ok := apiMessageID(w, r)
	if !ok {
		return
	}
	n, err := strconv.Atoi(r.PathValue("n"))
	if err != nil {
		fail(w, http.StatusBadRequest, fmt.Errorf("%q is no number of a file", r.PathValue("n")))
		return
	}
	err = c.onePart(r, id, n, func(p Part, content io.Reader) {
		saveAs(w, p.Name)
		_, _ = io.Copy(w, content)
	})
	if err != nil {
		failed(w, err)
	}
}

func (c *Console) apiReplay(w http.ResponseWriter, r *http.Request) {
	if id, ok := apiMessageID(w, r); ok {
		err := c.desk.Replay(r.Context(), id, AuthorOf(r))
		answer(w, replayedAnswer{id}, err)
	}
}
