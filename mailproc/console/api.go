package console

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"time"

	"sportello/rules"
)

// Row is a case as `queue list --json` prints it (design §9).
type Row struct {
	ID        string        `json:"id"`
	Procedure string        `json:"procedure"`
	State     rules.State   `json:"state"`
	Outcome   rules.Outcome `json:"outcome"`
	Reason    rules.Reason  `json:"reason"`
	Mailbox   string        `json:"mailbox"` // certified sender
	Received  *time.Time    `json:"received"`
	Due       *time.Time    `json:"due"`
	Answered  *time.Time    `json:"answered"`
	Delivered *time.Time    `json:"delivered"`
	Overdue   bool          `json:"overdue"`
	DaysLeft  int           `json:"days_left"` // working days until it is due
	Subject   string        `json:"subject,omitempty"`
}

// RowOf is the row of a case at now.
func RowOf(c *rules.Case, cal *rules.Calendar, now time.Time) Row {
	r := Row{ID: c.ID, Procedure: c.Procedure, State: c.State, Outcome: c.Outcome, Reason: c.Reason, Mailbox: c.Mailbox,
		Received: rules.At(c.Received), Due: rules.At(c.Due), Answered: rules.At(c.Answered), Delivered: rules.At(c.Delivered),
		Overdue: c.Overdue(now), Subject: c.Subject}
	if !c.Due.IsZero() && cal != nil {
		r.DaysLeft = cal.WorkingDaysLeft(now, c.Due)
	}
	return r
}

// API is the JSON API. Author names who acts, as the caller was authenticated.
type API struct {
	Desk   Desk
	Author func(*http.Request) string
	Now    func() time.Time
}

// Register adds the API's routes.
func (a *API) Register(mux *http.ServeMux) {
	mux.HandleFunc("GET /api/cases", a.cases)
	mux.HandleFunc("GET /api/cases/{id}", a.one)
	mux.HandleFunc("POST /api/cases/{id}/acts", a.act)
	mux.HandleFunc("POST /api/cases/{id}/preview", a.preview)
	mux.HandleFunc("GET /api/parked", a.parked)
	mux.HandleFunc("GET /api/messages/{id}", a.message)
	mux.HandleFunc("GET /api/messages/{id}/raw", a.raw)
	mux.HandleFunc("POST /api/parked/{id}/replay", a.replay)
	mux.HandleFunc("GET /api/journal", a.journal)
	mux.HandleFunc("POST /api/journal/verify", a.verify)
	mux.HandleFunc("GET /api/status", a.status)
}

func (a *API) cases(w http.ResponseWriter, r *http.Request) {
	q, err := ParseQuery(r)
	if err != nil {
		fail(w, http.StatusBadRequest, err)
		return
	}
	page, err := a.Desk.Cases(r.Context(), q)
	if err != nil {
		failed(w, err)
		return
	}
	out := struct {
		Cases []Row  `json:"cases"`
		Next  string `json:"next,omitempty"`
	}{Cases: make([]Row, 0, len(page.Cases)), Next: page.Next}
	for _, c := range page.Cases {
		out.Cases = append(out.Cases, RowOf(c, a.Desk.Rules().Calendar, a.Now()))
	}
	reply(w, out)
}

// ParseQuery reads a queue query from the URL.
func ParseQuery(r *http.Request) (rules.Query, error) {
	v := r.URL.Query()
	q := rules.Query{State: rules.State(v.Get("state")), Procedure: v.Get("procedure"), Mailbox: v.Get("mailbox"),
		Outcome: rules.Outcome(v.Get("outcome")), Reason: rules.Reason(v.Get("reason")), Overdue: v.Get("overdue") == "true",
		Text: v.Get("q"), Order: v.Get("order"), After: v.Get("after")}
	if s := v.Get("limit"); s != "" {
		n, err := strconv.Atoi(s)
		if err != nil || n < 1 || n > 1000 {
			return q, fmt.Errorf("limit %q is not a number from 1 to 1000", s)
		}
		q.Limit = n
	}
	return q, nil
}

func (a *API) one(w http.ResponseWriter, r *http.Request) {
	d, err := a.Desk.Case(r.Context(), r.PathValue("id"))
	answer(w, d, err)
}

func (a *API) readAct(w http.ResponseWriter, r *http.Request) (rules.Act, bool) {
	var act rules.Act
	dec := json.NewDecoder(http.MaxBytesReader(w, r.Body, 40<<20))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&act); err != nil {
		fail(w, http.StatusBadRequest, fmt.Errorf("read the act: %w", err))
		return act, false
	}
	act.Author = a.Author(r)
	return act, true
}

func (a *API) act(w http.ResponseWriter, r *http.Request) {
	act, ok := a.readAct(w, r)
	if !ok {
		return
	}
	d, err := a.Desk.Perform(r.Context(), r.PathValue("id"), act)
	answer(w, d, err)
}

func (a *API) preview(w http.ResponseWriter, r *http.Request) {
	act, ok := a.readAct(w, r)
	if !ok {
		return
	}
	letters, err := a.Desk.Preview(r.Context(), r.PathValue("id"), act)
	answer(w, map[string]any{"letters": letters}, err)
}

func (a *API) parked(w http.ResponseWriter, r *http.Request) {
	before, err := number(r, "before", 0)
	limit, err2 := number(r, "limit", 100)
	if err := errors.Join(err, err2); err != nil {
		fail(w, http.StatusBadRequest, err)
		return
	}
	list, err := a.Desk.Parked(r.Context(), before, int(min(limit, 1000)))
	if list == nil {
		list = []rules.MessageView{}
	}
	answer(w, map[string]any{"parked": list}, err)
}

func number(r *http.Request, name string, def uint64) (uint64, error) {
	s := r.URL.Query().Get(name)
	if s == "" {
		return def, nil
	}
	n, err := strconv.ParseUint(s, 10, 64)
	if err != nil {
		return 0, fmt.Errorf("%s %q is not a number", name, s)
	}
	return n, nil
}

func (a *API) messageID(w http.ResponseWriter, r *http.Request) (uint64, bool) {
	n, err := strconv.ParseUint(r.PathValue("id"), 10, 64)
	if err != nil {
		fail(w, http.StatusBadRequest, fmt.Errorf("%q is no message number", r.PathValue("id")))
	}
	return n, err == nil
}

func (a *API) message(w http.ResponseWriter, r *http.Request) {
	if id, ok := a.messageID(w, r); ok {
		m, err := a.Desk.Message(r.Context(), id)
		answer(w, m, err)
	}
}

func (a *API) raw(w http.ResponseWriter, r *http.Request) {
	id, ok := a.messageID(w, r)
	if !ok {
		return
	}
	raw, err := a.Desk.Raw(r.Context(), id)
	if err != nil {
		failed(w, err)
		return
	}
	defer raw.Close()
	w.Header().Set("Content-Type", "application/octet-stream")
	w.Header().Set("Content-Disposition", fmt.Sprintf(`attachment; filename="message-%d.eml"`, id))
	w.Header().Set("X-Content-Type-Options", "nosniff")
	_, _ = io.Copy(w, raw) // the reader is gone: nobody to tell
}

func (a *API) replay(w http.ResponseWriter, r *http.Request) {
	if id, ok := a.messageID(w, r); ok {
		err := a.Desk.Replay(r.Context(), id, a.Author(r))
		answer(w, map[string]uint64{"replayed": id}, err)
	}
}

// journal answers entries as one JSON object a line; follow=1 goes on with
// those to come until the reader leaves.
func (a *API) journal(w http.ResponseWriter, r *http.Request) {
	from, err := number(r, "from", 1)
	limit, err2 := number(r, "limit", 1000)
	if err := errors.Join(err, err2); err != nil {
		fail(w, http.StatusBadRequest, err)
		return
	}
	follow := r.URL.Query().Get("follow") == "1"
	changes, stop := a.Desk.Watch()
	defer stop()
	w.Header().Set("Content-Type", "application/x-ndjson")
	enc := json.NewEncoder(w)
	for {
		events, err := a.Desk.Journal(r.Context(), from, int(min(limit, 10000)), r.URL.Query().Get("case"))
		if err != nil {
			_ = enc.Encode(map[string]string{"error": err.Error()})
			return
		}
		for i := range events {
			if enc.Encode(&events[i]) != nil {
				return
			}
			from = events[i].Seq + 1
		}
		if !follow {
			return
		}
		_ = http.NewResponseController(w).Flush()
		if len(events) > 0 {
			continue
		}
		select {
		case <-r.Context().Done():
			return
		case <-changes:
		}
	}
}

func (a *API) verify(w http.ResponseWriter, r *http.Request) {
	height, err := a.Desk.Verify(r.Context())
	answer(w, map[string]uint64{"height": height}, err)
}

func (a *API) status(w http.ResponseWriter, r *http.Request) {
	s, err := a.Desk.Status(r.Context())
	answer(w, s, err)
}

func answer(w http.ResponseWriter, v any, err error) {
	if err != nil {
		failed(w, err)
		return
	}
	reply(w, v)
}

func reply(w http.ResponseWriter, v any) {
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(v) // the reader is gone: nobody to tell
}

// failed answers with the status that an error of the desk means.
func failed(w http.ResponseWriter, err error) {
	var refused *rules.ErrRefused
	var proposed *errProposed
	switch {
	case errors.As(err, &proposed):
		fail(w, http.StatusAccepted, err) // nothing went wrong: a second person is waited for
	case errors.Is(err, rules.ErrNotFound):
		fail(w, http.StatusNotFound, err)
	case errors.Is(err, rules.ErrStale):
		fail(w, http.StatusConflict, err)
	case errors.As(err, &refused):
		fail(w, http.StatusUnprocessableEntity, err)
	case errors.Is(err, rules.ErrStopped):
		fail(w, http.StatusServiceUnavailable, err)
	default:
		fail(w, http.StatusInternalServerError, err)
	}
}

// fail answers {"error": "…"}.
func fail(w http.ResponseWriter, status int, err error) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(map[string]string{"error": err.Error()})
}
