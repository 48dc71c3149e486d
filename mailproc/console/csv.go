package console

import (
	"encoding/csv"
	"io"
	"net/http"
	"regexp"
	"time"
)

func startCSV(w http.ResponseWriter, name string) {
	w.Header().Set("Content-Type", "text/csv; charset=utf-8")
	w.Header().Set("Content-Disposition", `attachment; filename="`+name+`"`)
}

// writeCSV writes rows whose cells are ours.
func writeCSV(w io.Writer, rows [][]string) {
	out := csv.NewWriter(w)
	_ = out.WriteAll(rows) // the reader is gone: nobody to tell
}

// columns are a row's values by their names, the same for the browser and for
// the command line.
func (r *Row) columns(zone *time.Location) []struct{ name, value string } {
	at := func(t *time.Time) string {
		if t == nil {
			return ""
		}
		return t.In(zone).Format(time.RFC3339)
	}
	return []struct{ name, value string }{{"id", r.ID}, {"procedure", r.Procedure}, {"state", string(r.State)}, {"outcome", string(r.Outcome)}, {"reason", string(r.Reason)},
		{"mailbox", inert(r.Mailbox, 300)}, {"received", at(r.Received)}, {"due", at(r.Due)}, {"answered", at(r.Answered)}, {"delivered", at(r.Delivered)},
		{"decided_by", r.DecidedBy}, {"subject", inert(r.Subject, 300)}, {"assignee", inert(r.Assignee, 100)}, {"later", at(r.Later)}}
}

// QueueCSV writes rows of the queue as CSV, as they come.
type QueueCSV struct {
	out  *csv.Writer
	zone *time.Location
}

// NewQueueCSV begins with the head; instants are written in zone.
func NewQueueCSV(w io.Writer, zone *time.Location) *QueueCSV {
	q := &QueueCSV{csv.NewWriter(w), zone}
	var head []string
	for _, c := range (&Row{}).columns(zone) {
		head = append(head, c.name)
	}
	_ = q.out.Write(head) // the next Write tells
	return q
}

// Write adds rows.
func (q *QueueCSV) Write(rows []Row) error {
	for i := range rows {
		var line []string
		for _, c := range rows[i].columns(q.zone) {
			line = append(line, c.value)
		}
		_ = q.out.Write(cells(line...)) // told below
	}
	q.out.Flush()
	return q.out.Error()
}

// formula is where a spreadsheet would begin one: at the start of a value, and
// behind what an Italian one takes for the end of a cell, even within quotes.
var formula = regexp.MustCompile(`(^|[;\t\r\n|])(\s*[=+@＝＋＠－-])`)

// cells makes values harmless in a spreadsheet: what begins like a formula is
// text (OWASP CSV injection).
func cells(v ...string) []string {
	for i, s := range v {
		v[i] = formula.ReplaceAllString(s, "$1'$2")
	}
	return v
}
