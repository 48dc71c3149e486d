package console

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
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
	DaysLeft  int           `json:"days_left"`        // working days until it is due
	Theirs    *time.Time    `json:"theirs,omitempty"` // the customer's turn, until then: the question kept the promise
	Task      string        `json:"task,omitempty"`   // the step that waits for a person to carry it out
	DecidedBy string        `json:"decided_by,omitempty"`
	Subject   string        `json:"subject,omitempty"`
	Proposed  string        `json:"proposed_by,omitempty"` // who proposed an approval that waits for a second person
	Marks     []string      `json:"marks,omitempty"`       // kinds of its open incidents that nothing above shows: read, held, delivery, stuck, later
	Assignee  string        `json:"assignee,omitempty"`    // the operator who has it
	Later     *time.Time    `json:"later,omitempty"`       // put off until then

	Found []rules.Found `json:"found,omitempty"` // of a search: the words that met it, and where they stand
}

// RowOf is the row of a case at now.
func RowOf(c *rules.Case, cal *rules.Calendar, now time.Time) Row {
	r := Row{ID: c.ID, Procedure: c.Procedure, State: c.State, Outcome: c.Outcome, Reason: c.Reason, Mailbox: c.Mailbox,
		Received: rules.At(c.Received), Due: rules.At(c.Due), Answered: rules.At(c.Answered), Delivered: rules.At(c.Delivered),
		Overdue: c.Overdue(now), DecidedBy: c.DecidedBy, Subject: c.Subject, Assignee: c.Assignee, Later: rules.At(c.Later)}
	if cal != nil { // in one row all instants are of one zone, as the term is
		for _, at := range []*time.Time{r.Received, r.Due, r.Answered, r.Delivered, r.Later} {
			if at != nil {
				*at = at.In(cal.Zone)
			}
		}
	}
	if c.Suspended() {
		r.Theirs = rules.At(c.Until)
	}
	if t := c.Task(); t != nil {
		r.Task = t.Do
	}
	if !c.Due.IsZero() && cal != nil {
		r.DaysLeft = cal.WorkingDaysLeft(now, c.Due)
	}
	return r
}

// CaseAnswer is a case with what the registry says now of who wrote.
type CaseAnswer struct {
	rules.Detail
	Registry Known `json:"registry"`
}

// The answers that are no type of package rules.
type (
	casesAnswer struct {
		Cases []Row  `json:"cases"`
		Next  string `json:"next,omitempty"` // `after` of the next page
	}
	lettersAnswer struct {
		Letters []rules.LetterText `json:"letters"`
		Steps   []rules.StepRun    `json:"steps,omitempty"` // on the mailbox, that would follow
		Words   []string           `json:"words,omitempty"` // that they have a place for, and neither the case nor the act gives
	}
	openLettersAnswer struct {
		Letters []LetterRow `json:"letters"`
	}
	incidentsAnswer struct {
		Incidents []Incident `json:"incidents"`
	}
	parkedAnswer struct {
		Parked []rules.MessageView `json:"parked"`
		Next   uint64              `json:"next,omitempty"` // `before` of the next page
	}
	replayedAnswer struct {
		Replayed uint64 `json:"replayed"`
	}
	retriedAnswer struct {
		Retried bool `json:"retried"`
	}
	openedAnswer struct {
		Case string `json:"case"`
	}
	verifiedAnswer struct {
		Height uint64 `json:"height"`
	}
	filesAnswer struct {
		Files []File `json:"files"`
	}
	proceduresAnswer struct {
		Procedures []ProcedureInfo `json:"procedures"`
	}
	errorAnswer struct {
		Error string `json:"error"`
	}
)

// ProcedureInfo is a procedure in force, with its form.
type ProcedureInfo struct {
	Name     string   `json:"name"`
	Title    string   `json:"title"`
	Mailbox  string   `json:"mailbox,omitempty"`
	Subject  string   `json:"subject,omitempty"`
	Decide   string   `json:"decide"`
	Term     string   `json:"term,omitempty"`
	Keep     string   `json:"keep,omitempty"`
	Form     string   `json:"form,omitempty"`
	Wordings []string `json:"wordings,omitempty"` // that say as much as the form
	Letters  []string `json:"letters"`
}

func (c *Console) apiCases(w http.ResponseWriter, r *http.Request) {
	q, err := ParseQuery(r)
	if err != nil {
		fail(w, http.StatusBadRequest, err)
		return
	}
	page, err := c.desk.Cases(r.Context(), q)
	if err != nil {
		failed(w, err)
		return
	}
	rows, search := c.rows(r.Context(), page.Cases), rules.ParseSearch(q.Text)
	for i, x := range page.Cases {
		rows[i].Found = search.Where(x)
	}
	reply(w, casesAnswer{Cases: rows, Next: page.Next})
}

// rows are cases as rows of the queue; never nil.
func (c *Console) rows(ctx context.Context, cases []*rules.Case) []Row {
	out := make([]Row, 0, len(cases))
	marked := marks(c.incidents(ctx))
	for _, x := range cases {
		row := RowOf(x, c.desk.Rules().Calendar, c.now())
		row.Proposed, row.Marks = c.proposedBy(x), marked[x.ID]
		out = append(out, row)
	}
	return out
}

// marks are, by case, the kinds of incident that its row would not show.
func marks(open []Incident) map[string][]string {
	out := map[string][]string{}
	for _, i := range open {
		if id, k := i.Case(), i.Kind(); id != "" && k != "task" && k != "step" && !slices.Contains(shownByState, k) {
			out[id] = append(out[id], k)
		}
	}
	return out
}

// ParseQuery reads a queue query from the URL.
func ParseQuery(r *http.Request) (rules.Query, error) {
	v := r.URL.Query()
	q := rules.Query{State: rules.State(v.Get("state")), Procedure: v.Get("procedure"), Mailbox: v.Get("mailbox"),
		Outcome: rules.Outcome(v.Get("outcome")), Reason: rules.Reason(v.Get("reason")), From: v.Get("from"), To: v.Get("to"), DueBy: v.Get("due_by"), Assignee: v.Get("assignee"), Overdue: v.Get("overdue") == "true", Task: v.Get("task") == "true",
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

func (c *Console) apiCase(w http.ResponseWriter, r *http.Request) {
	d, err := c.desk.Case(r.Context(), r.PathValue("id"))
	if err != nil {
		failed(w, err)
		return
	}
	reply(w, CaseAnswer{*d, c.known(r.Context(), d.Case)})
}

func readAct(w http.ResponseWriter, r *http.Request) (rules.Act, bool) {
	var act rules.Act
	if !readBody(w, r, &act) {
		return act, false
	}
	act.Author = AuthorOf(r)
	return act, true
}

// maxBody bounds a JSON body: files are a third longer in it.
const maxBody = maxAct/3*4 + 1<<20

// readBody reads a JSON body; an unknown key is an error, not a key ignored.
func readBody(w http.ResponseWriter, r *http.Request, into any) bool {
	dec := json.NewDecoder(http.MaxBytesReader(w, r.Body, maxBody))
	dec.DisallowUnknownFields()
	err := dec.Decode(into)
	var large *http.MaxBytesError
	switch {
	case errors.As(err, &large):
		fail(w, http.StatusRequestEntityTooLarge, fmt.Errorf("the files of an answer may have %d MiB together: attach less", maxAct>>20))
		return false
	case err != nil:
		fail(w, http.StatusBadRequest, fmt.Errorf("read the body: %w", err))
		return false
	}
	return true
}

func (c *Console) apiAct(w http.ResponseWriter, r *http.Request) {
	act, ok := readAct(w, r)
	if !ok {
		return
	}
	d, err := c.perform(r.Context(), r.PathValue("id"), act)
	var proposed *errProposed
	if !errors.As(err, &proposed) {
		answer(w, d, err)
		return
	}
	// Nothing went wrong: a second person is waited for.
	if d, err = c.desk.Case(r.Context(), r.PathValue("id")); err != nil {
		failed(w, err)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(http.StatusAccepted)
	reply(w, d)
}

func (c *Console) apiPreview(w http.ResponseWriter, r *http.Request) {
	act, ok := readAct(w, r)
	if !ok {
		return
	}
	letters, steps, err := c.desk.Preview(r.Context(), r.PathValue("id"), act)
	if letters == nil {
		letters = []rules.LetterText{}
	}
	answer(w, lettersAnswer{letters, steps, c.notGiven(r.Context(), r.PathValue("id"), act)}, err)
}

// notGiven are the words that the letters of an act have a place for, and that
// neither the case nor the act gives.
func (c *Console) notGiven(ctx context.Context, id string, act rules.Act) []string {
	d, err := c.desk.Case(ctx, id)
	if err != nil {
		return nil
	}
	p := c.desk.Rules().Procedure(cmp.Or(act.Procedure, d.Case.Procedure))
	return slices.DeleteFunc(asked(p, d.Case, act.Verb), func(word string) bool { return act.Words[word] != "" })
}

func (c *Console) apiDrop(w http.ResponseWriter, r *http.Request) {
	f, ok := c.desk.(*fourEyes)
	if !ok {
		fail(w, http.StatusNotFound, errors.New("no approval is proposed here: four_eyes is not set"))
		return
	}
	err := f.drop(r.Context(), r.PathValue("id"), AuthorOf(r))
	if err != nil {
		failed(w, err)
		return
	}
	c.apiCase(w, r)
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

// apiJournal answers entries as one JSON object a line; follow=1 goes on with
// those to come until the reader leaves.
func (c *Console) apiJournal(w http.ResponseWriter, r *http.Request) {
	from, err := number(r, "from", 1)
	limit, err2 := number(r, "limit", 1000)
	if err := errors.Join(err, err2); err != nil {
		fail(w, http.StatusBadRequest, err)
		return
	}
	f, err := c.journalFilter(r)
	if err != nil {
		failed(w, err)
		return
	}
	if !f.Since.IsZero() {
		s, err := c.desk.Status(r.Context())
		first := uint64(0)
		if err == nil {
			first, err = c.firstSince(r.Context(), f.Since, s.Height)
		}
		if err != nil {
			failed(w, err)
			return
		}
		from = max(from, first)
	}
	follow := r.URL.Query().Get("follow") == "1"
	changes, stop := c.desk.Watch()
	defer stop()
	w.Header().Set("Content-Type", "application/x-ndjson")
	enc := json.NewEncoder(w)
	for {
		var events []rules.Event
		events, from, err = c.journal(r.Context(), &f, from, int(min(limit, 10000)))
		if err != nil {
			_ = enc.Encode(errorAnswer{err.Error()})
			return
		}
		for i := range events {
			if enc.Encode(&events[i]) != nil {
				return
			}
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

func (c *Console) apiVerify(w http.ResponseWriter, r *http.Request) {
	height, err := c.desk.Verify(r.Context())
	answer(w, verifiedAnswer{height}, err)
}

func (c *Console) apiStatus(w http.ResponseWriter, r *http.Request) {
	s, err := c.desk.Status(r.Context())
	answer(w, s, err)
}

func (c *Console) apiStatistics(w http.ResponseWriter, r *http.Request) {
	days, err := number(r, "days", 30)
	if err == nil && (days < 1 || days > mostDays) {
		err = fmt.Errorf("days is 1 to %d", mostDays)
	}
	x := lastDays(c.desk.Rules().Calendar, int(min(days, mostDays)), c.now())
	if month := r.URL.Query().Get("month"); month != "" && err == nil {
		x, err = monthOf(c.desk.Rules().Calendar, month, c.now())
	}
	if err != nil {
		fail(w, http.StatusBadRequest, err)
		return
	}
	s, err := c.stats.of(r.Context(), c.desk, x, c.now())
	answer(w, s, err)
}

func (c *Console) apiLetters(w http.ResponseWriter, r *http.Request) {
	rows, err := c.openLetters(r.Context(), rules.LetterState(r.URL.Query().Get("state")))
	if rows == nil {
		rows = []LetterRow{}
	}
	answer(w, openLettersAnswer{rows}, err)
}

func (c *Console) apiIncidents(w http.ResponseWriter, r *http.Request) {
	list := c.incidents(r.Context())
	if list == nil {
		list = []Incident{}
	}
	answer(w, incidentsAnswer{list}, nil)
}

func (c *Console) apiTrust(w http.ResponseWriter, r *http.Request) {
	if c.opt.Trust == nil {
		fail(w, http.StatusNotFound, errors.New("nobody answers here whose signatures are believed"))
		return
	}
	t, err := c.opt.Trust(r.Context())
	answer(w, t, err)
}

func (c *Console) apiProcedures(w http.ResponseWriter, _ *http.Request) {
	out := proceduresAnswer{Procedures: []ProcedureInfo{}}
	for _, p := range c.desk.Rules().Procedures {
		x := ProcedureInfo{Name: p.Name, Title: p.Title, Mailbox: p.Mailbox, Subject: p.Subject, Decide: p.Decide, Term: p.Term, Keep: p.Keep, Letters: []string{}}
		if p.Form != nil {
			x.Form = p.Form.Text
		}
		for _, f := range p.Wordings {
			x.Wordings = append(x.Wordings, f.Text)
		}
		for name := range p.Letters {
			x.Letters = append(x.Letters, name)
		}
		slices.Sort(x.Letters)
		out.Procedures = append(out.Procedures, x)
	}
	reply(w, out)
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
	switch {
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
	_ = json.NewEncoder(w).Encode(errorAnswer{err.Error()})
}
