package console

import (
	"cmp"
	"net/http"
	"net/url"
	"strings"

	"sportello/rules"
)

// queueView is the queue as its URL asks for it.
type queueView struct {
	Query rules.Query
	Page  rules.Page
	Rows  []queueRow
	Tabs  []tab
	Sets  []*rules.Procedure
	Next  string // URL of the next page
	First string // URL of the first page, when this is another
	CSV   string
	Asked bool // a filter is set
	Set   []setFilter

	Outcomes []rules.Outcome
	Reasons  []rules.Reason
	People   []string // who may have a case
}

// setFilter is a filter that is set, with where it is not.
type setFilter struct{ Key, Kind, Value, Href string }

// filtersSet are the filters of a queue's URL, but its state, which has its tab.
func filtersSet(v url.Values) (out []setFilter) {
	for _, f := range []struct{ name, key, kind string }{{"q", "queue.search", ""}, {"procedure", "queue.procedure", "procedure"}, {"mailbox", "queue.mailbox", ""},
		{"outcome", "queue.outcome", "outcome"}, {"reason", "act.reason", "reason"}, {"assignee", "queue.assignee", "assignee"}, {"from", "queue.from", "day"}, {"to", "queue.to", "day"}, {"due_by", "queue.due-by", "day"}, {"overdue", "queue.overdue", "overdue"}, {"task", "queue.task", "overdue"}, {"order", "queue.order", "order-by"}} {
		if x := v.Get(f.name); x != "" {
			rest, _ := url.ParseQuery(with(v, f.name, "")) // with wrote it
			out = append(out, setFilter{f.key, f.kind, x, "/?" + with(rest, "after", "")})
		}
	}
	return out
}

type queueRow struct {
	*rules.Case
	Here     []string           // who else has it open
	Proposed string             // who proposed an approval
	Sender   []rules.FoundPiece // its mailbox, where a search found words in it
	Found    []foundLine        // what a search found elsewhere in it
}

// foundLine is a part of a case with the words that a search found in it.
type foundLine struct {
	Label  string
	Pieces []rules.FoundPiece
}

// foundIn puts what a search found of a case into its row.
func (c *Console) foundIn(row *queueRow, t func(string, ...any) string, found []rules.Found) {
	p := c.desk.Rules().Procedure(row.Procedure)
	for _, f := range found {
		switch f.In {
		case "mailbox":
			row.Sender = f.Pieces
		case "number": // it stands there
		case "subject":
			row.Found = append(row.Found, foundLine{t("letter.subject"), f.Pieces})
		default:
			row.Found = append(row.Found, foundLine{labelOf(p, f.In), f.Pieces})
		}
	}
}

// labelOf is what people call a field.
func labelOf(p *rules.Procedure, name string) string {
	if p != nil {
		for _, b := range p.Blanks {
			if b.Name == name {
				return cmp.Or(b.Label, name)
			}
		}
	}
	return name
}

// tab is a state as a filter, with how many cases are in it.
type tab struct {
	State rules.State
	Task  bool // not a state: what waits for a person's hands
	N     int
	Href  string
	On    bool
}

func (c *Console) queuePage(w http.ResponseWriter, r *http.Request) {
	q, err := ParseQuery(r)
	if err != nil {
		c.sorry(w, r, http.StatusBadRequest, "error.query")
		return
	}
	if q.Limit == 0 {
		q.Limit = 50
	}
	// A protocol number written whole is that case.
	if id := strings.TrimSpace(q.Text); len(id) == 11 && id[4] == '-' {
		if _, err := c.desk.Case(r.Context(), id); err == nil && q.After == "" && q.State == "" {
			http.Redirect(w, r, "/cases/"+url.PathEscape(id), http.StatusSeeOther)
			return
		}
	}
	list, err := c.desk.Cases(r.Context(), q)
	if err != nil {
		c.failedPage(w, r, err)
		return
	}
	v := &queueView{Query: q, Page: list, Sets: c.desk.Rules().Procedures, CSV: "/queue.csv?" + with(r.URL.Query(), "after", ""),
		Set: filtersSet(r.URL.Query()), Outcomes: rules.Outcomes, Reasons: rules.AllReasons}
	v.Asked = len(v.Set) > 0
	if v.People, err = c.operators(); err != nil {
		c.failedPage(w, r, err)
		return
	}
	search := rules.ParseSearch(q.Text)
	for _, x := range list.Cases {
		row := queueRow{Case: x, Here: c.presence.others(x.ID, AuthorOf(r), c.now()), Proposed: c.proposedBy(x)}
		c.foundIn(&row, c.views[language(r)].words, search.Where(x))
		v.Rows = append(v.Rows, row)
	}
	v.Tabs = tabs(r.URL.Query(), q, statusOf(r))
	if list.Next != "" {
		v.Next = "/?" + with(r.URL.Query(), "after", list.Next)
	}
	if q.After != "" {
		v.First = "/?" + with(r.URL.Query(), "after", "")
	}
	c.show(w, r, http.StatusOK, "queue", "queue.title", v)
}

// tabs are the states that have cases, and those an operator always wants.
func tabs(v url.Values, q rules.Query, status rules.Status) []tab {
	on, counts, all := q.State, status.Cases, 0
	for _, n := range counts {
		all += n
	}
	u := url.Values{}
	for k, x := range v {
		if k != "state" && k != "task" && k != "after" && k != "done" {
			u[k] = x
		}
	}
	out := []tab{{N: all, Href: "/?" + u.Encode(), On: on == "" && !q.Task}}
	if status.Tasks > 0 || q.Task {
		out = append(out, tab{Task: true, N: status.Tasks, Href: "/?" + with(u, "task", "true"), On: q.Task})
	}
	for _, s := range rules.States {
		if n := counts[s]; n > 0 || s == rules.InReview || s == on {
			out = append(out, tab{State: s, N: n, Href: "/?" + with(u, "state", string(s)), On: s == on})
		}
	}
	return out
}

// with is a query with one value changed; "" takes it out.
func with(v url.Values, key, value string) string {
	u := url.Values{}
	for k, x := range v {
		u[k] = x
	}
	u.Del("done")
	if value == "" {
		u.Del(key)
	} else {
		u.Set(key, value)
	}
	return u.Encode()
}

func (c *Console) queueCSV(w http.ResponseWriter, r *http.Request) {
	q, err := ParseQuery(r)
	if err != nil {
		c.sorry(w, r, http.StatusBadRequest, "error.query")
		return
	}
	q.Limit, q.After = 1000, ""
	list, err := c.desk.Cases(r.Context(), q)
	if err != nil {
		c.failedPage(w, r, err)
		return
	}
	startCSV(w, "sportello-queue.csv")
	out := NewQueueCSV(w, c.desk.Rules().Calendar.Zone)
	for {
		if out.Write(c.rows(r.Context(), list.Cases)) != nil { // the reader is gone
			return
		}
		if q.After = list.Next; q.After == "" {
			return
		}
		if list, err = c.desk.Cases(r.Context(), q); err != nil {
			c.breakOff("queue.csv", err)
		}
	}
}
