package main

import (
	"cmp"
	"fmt"
	"io"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"sportello/mailproc/console"
	"sportello/rules"
)

func queueCommand(g *global) *cobra.Command {
	cmd := &cobra.Command{Use: "queue", Short: "the cases: list, show, decide",
		Long: "The queue of cases. While the daemon runs the verbs speak to it; when it is\nstopped, list, show, files and export read the database."}
	cmd.AddCommand(queueList(g), queueShow(g), queueWatch(g), queueExport(g), queueFiles(g), queueDrop(g))
	for _, v := range actVerbs {
		cmd.AddCommand(v.command(g))
	}
	return cmd
}

// filter are the flags that choose cases; list, watch and export share them.
type filter struct {
	state, procedure, mailbox, outcome, reason, text, order string
	from, to, dueBy                                         string // days
	assignee                                                string
	overdue, task                                           bool
}

func (f *filter) flags(g *global, cmd *cobra.Command) {
	fl := cmd.Flags()
	fl.StringVar(&f.state, "state", "", "only this state: "+strings.Join(stateNames(), ", "))
	fl.StringVar(&f.procedure, "procedure", "", "only this procedure")
	fl.StringVar(&f.mailbox, "mailbox", "", "only this certified sender; without a domain, those that begin so")
	fl.StringVar(&f.outcome, "outcome", "", "only this outcome: "+strings.Join(names(rules.Outcomes), ", "))
	fl.StringVar(&f.reason, "reason", "", "only this reason code (sportello check --help lists them)")
	fl.StringVar(&f.text, "text", "", "protocol numbers, or beginnings of words of mailbox, subject and fields; or an identifier whole: of an envelope, a letter (Message-ID), a message (SHA-256)")
	fl.StringVar(&f.from, "from", "", "received on this day or after: 2026-11-27, 27/11/2026, today, yesterday")
	fl.StringVar(&f.to, "to", "", "received on this day or before")
	fl.StringVar(&f.dueBy, "due-by", "", "only cases to be answered by the end of this day (today, tomorrow, …), those that are late included")
	fl.StringVar(&f.assignee, "assignee", "", "only cases of this operator; "+rules.Nobody+" of nobody")
	completeFlag(cmd, "assignee", completeOperators(g))
	fl.StringVar(&f.order, "order", "", "attention (what needs a person, then the soonest due; default) or received (newest first)")
	fl.BoolVar(&f.overdue, "overdue", false, "only cases whose term has passed")
	fl.BoolVar(&f.task, "task", false, "only cases of which a step waits for a person to carry it out")
	completeFlag(cmd, "state", fixed(stateNames()...))
	completeFlag(cmd, "outcome", fixed(names(rules.Outcomes)...))
	completeFlag(cmd, "reason", fixed(reasonNames()...))
	for _, day := range []string{"from", "to", "due-by"} {
		completeFlag(cmd, day, fixed("today", "yesterday", "tomorrow"))
	}
	completeFlag(cmd, "order", fixed(rules.Orders...))
	completeFlag(cmd, "procedure", completeProcedures(g))
}

// values are the filter as the API takes it.
func (f *filter) values() url.Values {
	q := url.Values{}
	for k, v := range map[string]string{"state": f.state, "procedure": f.procedure, "mailbox": f.mailbox, "outcome": f.outcome, "reason": f.reason, "q": f.text, "order": f.order,
		"from": f.from, "to": f.to, "due_by": f.dueBy, "assignee": strings.ToLower(f.assignee)} {
		if v != "" {
			q.Set(k, v)
		}
	}
	if f.overdue {
		q.Set("overdue", "true")
	}
	if f.task {
		q.Set("task", "true")
	}
	return q
}

func queueList(g *global) *cobra.Command {
	var f filter
	var all, asCSV bool
	var limit int
	var export string
	cmd := &cobra.Command{Use: "list", Short: "list cases: what needs a person first, then what is due soonest", Args: cobra.NoArgs,
		Example: "  sportello queue list --state review\n  sportello queue list --text \"rossi 2026-0001\"\n  sportello queue list --due-by today\n  sportello queue list --from 2026-11-01 --to 2026-11-15 --json\n  sportello queue list --mailbox mario@pec.example.it --export mario.zip",
		RunE: func(cmd *cobra.Command, _ []string) error {
			switch {
			case limit < 0:
				return usageError{fmt.Errorf("--limit %d: say how many cases, 0 for all: see `sportello queue list --help`", limit)}
			case export != "":
				return saveAnswer(cmd, g, "/api/export?"+f.values().Encode(), export)
			case g.json:
				return listCases(cmd, g, f.values(), limit, jsonRows(cmd.OutOrStdout()))
			case asCSV:
				return listCases(cmd, g, f.values(), limit, csvRows(cmd.OutOrStdout()))
			}
			if limit == 0 && !all {
				limit = 50
			}
			return listCases(cmd, g, f.values(), limit, tableRows(cmd.OutOrStdout(), cmd.ErrOrStderr()))
		}}
	f.flags(g, cmd)
	fl := cmd.Flags()
	fl.StringVar(&f.text, "search", "", "the same as --text")
	_ = fl.MarkHidden("search") // its former name
	fl.BoolVar(&all, "all", false, "every case, not only the first page")
	fl.IntVar(&limit, "limit", 0, "how many cases (default 50; with --json and --csv all)")
	fl.BoolVar(&g.json, "json", false, "one JSON object a line")
	fl.BoolVar(&asCSV, "csv", false, "as CSV, for a spreadsheet")
	fl.StringVar(&export, "export", "", "write the dossiers of the cases into this zip: messages, receipts, letters, journal")
	cmd.PreRunE = oneOf("json", "csv", "export")
	return cmd
}

func stateNames() []string { return names(rules.States) }

func reasonNames() []string { return names(rules.AllReasons) }

func names[T ~string](in []T) (out []string) {
	for _, v := range in {
		out = append(out, string(v))
	}
	return out
}

// pageSize is how many cases are asked for at once.
const pageSize = 500

// rows takes the rows of a listing page by page; more says at the end that
// there are others.
type rows struct {
	page func([]console.Row) error
	end  func(more bool) error
}

func listCases(cmd *cobra.Command, g *global, q url.Values, limit int, to rows) error {
	c, err := connect(cmd.Context(), g)
	if err != nil {
		return err
	}
	defer c.close()
	for n := 0; ; {
		size := pageSize
		if limit > 0 {
			size = min(size, limit-n)
		}
		q.Set("limit", strconv.Itoa(size))
		var page struct {
			Cases []console.Row
			Next  string
		}
		if err := c.call(cmd.Context(), "GET", "/api/cases?"+q.Encode(), nil, &page); err != nil {
			return err
		}
		if err := to.page(page.Cases); err != nil {
			return err
		}
		if n += len(page.Cases); page.Next == "" || limit > 0 && n >= limit {
			return to.end(page.Next != "")
		}
		q.Set("after", page.Next)
	}
}

func jsonRows(w io.Writer) rows {
	enc := toJSON(w)
	return rows{func(list []console.Row) error {
		for _, r := range list {
			if err := enc.Encode(r); err != nil {
				return err
			}
		}
		return nil
	}, func(bool) error { return nil }}
}

func csvRows(w io.Writer) rows {
	return rows{console.NewQueueCSV(w, rome).Write, func(bool) error { return nil }}
}

func tableRows(w, hints io.Writer) rows {
	some := false
	return rows{func(list []console.Row) error {
		t := queueTable(list)
		lines := t.lines(screenOf(w))
		if some {
			lines = lines[1:] // the head of the first page serves the others
		}
		some = some || len(list) > 0
		for _, l := range lines {
			if _, err := fmt.Fprintln(w, l); err != nil {
				return err
			}
		}
		return nil
	}, func(more bool) error {
		switch {
		case !some:
			fmt.Fprintln(hints, "no case passes these filters")
		case more:
			fmt.Fprintln(hints, "… more: --limit N, --all, or a filter (--state, --procedure, --mailbox, --text, --overdue)")
		}
		return nil
	}}
}

// queueTable is the queue as a person reads it.
func queueTable(list []console.Row) *table {
	cols := []column{col("PROTOCOL"), col("STATE"), col("LEFT"), {"PROCEDURE", 10, 1}, spare("OUTCOME", 5), {"REASON", 12, 2}, flexible("MAILBOX", 12),
		spare("RECEIVED", 4), spare("DUE", 3)}
	found := slices.ContainsFunc(list, func(r console.Row) bool { return len(r.Found) > 0 })
	if found {
		cols = append(cols, flexible("FOUND", 16))
	}
	assigned := slices.ContainsFunc(list, func(r console.Row) bool { return r.Assignee != "" })
	if assigned {
		cols = append(cols, col("WITH"))
	}
	t := newTable(cols...)
	for _, r := range list {
		left, tone := left(r)
		state := string(r.State)
		if r.Proposed != "" {
			state += " (proposed)"
		}
		if r.Later != nil {
			state += ", put off to " + local(r.Later, "2 Jan")
		}
		for _, m := range r.Marks {
			state += ", " + cmp.Or(markWords[m], m)
		}
		cells := []cell{toned(r.ID, bold), toned(state, stateTone(r.State)), toned(left, tone), text(r.Procedure), text(string(r.Outcome)), text(string(r.Reason)), text(r.Mailbox),
			toned(local(r.Received, "Mon 2 Jan 15:04 MST"), faint), toned(local(cmp.Or(r.Theirs, r.Due), "Mon 2 Jan"), faint)}
		if found {
			cells = append(cells, text(foundWords(r.Found)))
		}
		if assigned {
			cells = append(cells, text(cmp.Or(r.Assignee, "-")))
		}
		t.add(cells...)
	}
	return t
}

// foundWords says where a search found what: the words stand in guillemets.
func foundWords(list []rules.Found) string {
	var parts []string
	for _, f := range list {
		var b strings.Builder
		for _, p := range f.Pieces {
			if p.Found {
				b.WriteString("«" + p.Text + "»")
			} else {
				b.WriteString(p.Text)
			}
		}
		parts = append(parts, f.In+": "+b.String())
	}
	return strings.Join(parts, "; ")
}

// markWords are a case's marks, as an operator reads them.
var markWords = map[string]string{"later": "to take up again", "read": "to read", "held": "letter held", "delivery": "delivery not proved", "stuck": "stuck"}

func stateTone(s rules.State) tone {
	switch s {
	case rules.InReview, rules.New:
		return alert
	case rules.Accepted:
		return good
	case rules.Rejected:
		return bad
	case rules.Closed:
		return faint
	}
	return calm
}

// left is how far the promise is.
func left(r console.Row) (string, tone) {
	switch {
	case r.Task != "":
		return "do " + r.Task, alert
	case r.Delivered != nil:
		return "delivered", good
	case r.Answered != nil:
		return "answered", good
	case r.Theirs != nil:
		return "customer's turn", calm
	case r.State == rules.Closed || r.Due == nil:
		return "-", faint
	case r.Overdue:
		return "OVERDUE", bad
	case r.DaysLeft == 0:
		return "due today", bad
	case r.DaysLeft == 1:
		return "1 working day", alert
	}
	return fmt.Sprintf("%d working days", r.DaysLeft), ""
}

var rome = func() *time.Location {
	l, err := time.LoadLocation(zone)
	if err != nil {
		return time.UTC
	}
	return l
}()

// local is an instant as the desk's clocks show it, "-" for none.
func local(t *time.Time, layout string) string {
	if t == nil || t.IsZero() {
		return "-"
	}
	return t.In(rome).Format(layout)
}

// How instants are written: for people, and in the journal.
const (
	minute = "Mon 2 Jan 2006 15:04 MST"
	second = "2006-01-02 15:04:05 MST"
)

func when(t time.Time) string { return local(&t, minute) }

// saveAnswer writes what an address of the API answers into a file; "-" is
// standard output. A file that is there is not overwritten.
func saveAnswer(cmd *cobra.Command, g *global, path, name string) error {
	if _, err := os.Lstat(name); err == nil {
		return fmt.Errorf(thereAlready, name)
	}
	c, err := connect(cmd.Context(), g)
	if err != nil {
		return err
	}
	defer c.close()
	body, err := c.open(cmd.Context(), "GET", path, nil)
	if err != nil {
		return err
	}
	if name == "-" {
		return copyAll(cmd.OutOrStdout(), body)
	}
	n, err := saveFile(name, body)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(cmd.OutOrStdout(), "%s: %d bytes\n", name, n)
	return err
}

const thereAlready = "%s is there already: choose another name"

func saveFile(name string, body io.ReadCloser) (n int64, err error) {
	defer body.Close()
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if os.IsExist(err) {
		return 0, fmt.Errorf(thereAlready, name)
	}
	if err != nil {
		return 0, err
	}
	if n, err = io.Copy(f, body); err == nil {
		err = f.Close()
	}
	if err != nil {
		f.Close()
		os.Remove(name) // half a file is worse than none
	}
	return n, err
}

func queueExport(g *global) *cobra.Command {
	var name string
	cmd := &cobra.Command{Use: "export PROTOCOL", Short: "a case's dossier as a zip: messages, receipts, letters, journal, and how to verify it with openssl alone",
		Args: cobra.ExactArgs(1), ValidArgsFunction: completeCases(g, ""), Example: "  sportello queue export 2026-000123 -o fascicolo.zip",
		RunE: func(cmd *cobra.Command, args []string) error {
			if name == "" {
				name = "fascicolo-" + filepath.Base(args[0]) + ".zip"
			}
			return saveAnswer(cmd, g, "/api/cases/"+url.PathEscape(args[0])+"/export", name)
		}}
	cmd.Flags().StringVarP(&name, "output", "o", "", "write it there; - for standard output (default fascicolo-PROTOCOL.zip)")
	return cmd
}

func queueDrop(g *global) *cobra.Command {
	return &cobra.Command{Use: "drop PROTOCOL", Short: "take a proposed approval back (four eyes)", Args: cobra.ExactArgs(1), ValidArgsFunction: completeCases(g, "approve"),
		Long:    "With four_eyes an approval is proposed by one person and waits for another. Who\nproposed it takes it back so, or whoever else finds it wrong; the case then waits\nto be decided as before.",
		Example: "  sportello queue drop 2026-000123 --as anna",
		RunE: func(cmd *cobra.Command, args []string) error {
			var d rules.Detail
			if err := ask(cmd, g, "POST", "/api/cases/"+url.PathEscape(args[0])+"/drop", nil, &d); err != nil {
				return err
			}
			_, err := fmt.Fprintf(cmd.OutOrStdout(), "case %s: the proposal is taken back\n", d.Case.ID)
			return err
		}}
}
