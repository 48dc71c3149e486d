package console

import (
	"context"
	"net/http"
	"time"

	"sportello/rules"
)

// lettersView are the letters that somebody should know of.
type lettersView struct {
	Rows   []LetterRow
	Counts []standingCount
	On     rules.LetterState // only these are shown; "": all
}

type standingCount struct {
	Standing rules.LetterState
	N        int
}

func (c *Console) lettersPage(w http.ResponseWriter, r *http.Request) {
	v := lettersView{On: rules.LetterState(r.URL.Query().Get("state"))}
	rows, err := c.openLetters(r.Context(), "")
	all := len(rows)
	for _, s := range rules.OpenStandings {
		n := 0
		for _, l := range rows {
			if l.Standing() == s {
				n++
			}
		}
		v.Counts = append(v.Counts, standingCount{s, n})
	}
	if v.On != "" && err == nil {
		rows, err = c.openLetters(r.Context(), v.On)
	}
	if err != nil {
		c.failedPage(w, r, err)
		return
	}
	v.Counts = append([]standingCount{{"", all}}, v.Counts...)
	for _, s := range rules.OpenStandings {
		for _, l := range rows {
			if l.Standing() == s {
				v.Rows = append(v.Rows, l)
			}
		}
	}
	c.show(w, r, http.StatusOK, "letters", "letters.title", v)
}

// openLetters are the letters that somebody should know of, at most 500.
func (c *Console) openLetters(ctx context.Context, standing rules.LetterState) ([]LetterRow, error) {
	if c.opt.Letters == nil {
		return nil, rules.CheckStanding(standing)
	}
	return c.opt.Letters(ctx, standing, 500)
}

// Standing is where the letter stands: its state, or overdue.
func (l LetterRow) Standing() rules.LetterState {
	if l.Overdue {
		return rules.Overdue
	}
	return l.State
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

// OverdueRowOf is a letter that is overdue as a row.
func OverdueRowOf(caseID string, l *rules.Letter) LetterRow {
	row := LetterRowOf(caseID, l)
	row.Overdue, row.Accepted = true, l.Receipts[0].At // it is none without that receipt
	return row
}
