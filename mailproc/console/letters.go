package console

import (
	"context"
	"net/http"
	"time"

	"sportello/rules"
)

// lettersView are the letters that wait, are uncertain, or failed.
type lettersView struct {
	Rows   []LetterRow
	Counts []stateCount
}

type stateCount struct {
	State rules.LetterState
	N     int
}

// openStates are those of a letter that somebody should know of.
var openStates = []rules.LetterState{rules.Failed, rules.Uncertain, rules.Held, rules.Owed, rules.Trying}

func (c *Console) lettersPage(w http.ResponseWriter, r *http.Request) {
	rows, err := c.openLetters(r.Context())
	if err != nil {
		c.failedPage(w, r, err)
		return
	}
	v := lettersView{}
	counts := map[rules.LetterState]int{}
	for _, s := range openStates {
		for _, l := range rows {
			if l.State == s {
				v.Rows = append(v.Rows, l)
				counts[s]++
			}
		}
		v.Counts = append(v.Counts, stateCount{s, counts[s]})
	}
	c.show(w, r, http.StatusOK, "letters", "letters.title", v)
}

// openLetters are the letters that somebody should know of, at most 500.
func (c *Console) openLetters(ctx context.Context) ([]LetterRow, error) {
	if c.opt.Letters == nil {
		return nil, nil
	}
	return c.opt.Letters(ctx, 500)
}

// incidents are what is wrong now, and what waits for a second person.
func (c *Console) incidents(ctx context.Context) (out []Incident) {
	if c.opt.Incidents != nil {
		out = c.opt.Incidents()
	}
	f, ok := c.desk.(*fourEyes)
	if !ok {
		return out
	}
	waiting, err := f.waiting(ctx)
	if err != nil {
		c.log.Error("proposals could not be read", "error", err)
	}
	return append(out, waiting...)
}

func (c *Console) incidentsPage(w http.ResponseWriter, r *http.Request) {
	c.show(w, r, http.StatusOK, "incidents", "incidents.title", nil)
}

func (c *Console) retry(w http.ResponseWriter, r *http.Request) {
	if err := c.desk.RetryNow(r.Context(), AuthorOf(r)); err != nil {
		c.failedPage(w, r, err)
		return
	}
	http.Redirect(w, r, "/incidents?done=retried", http.StatusSeeOther)
}

func (c *Console) apiRetry(w http.ResponseWriter, r *http.Request) {
	err := c.desk.RetryNow(r.Context(), AuthorOf(r))
	answer(w, retriedAnswer{err == nil}, err)
}

// LetterRowOf is a letter of a case as a row.
func LetterRowOf(caseID string, l *rules.Letter) LetterRow {
	row := LetterRow{Case: caseID, N: l.N, Name: l.Name, State: l.State, To: l.To, Owed: l.Owed, NextTry: l.NextTry, Tries: len(l.Tries)}
	if n := len(l.Tries); n > 0 {
		row.Answer = l.Tries[n-1].Answer
	}
	if l.State == rules.Failed {
		row.NextTry, row.Unaccepted = time.Time{}, l.Unaccepted()
	}
	for _, r := range l.Receipts {
		if failing(r.Kind) && l.State == rules.Failed {
			row.Receipt, row.Error = r.Kind, r.Error
		}
	}
	return row
}
