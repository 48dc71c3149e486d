package main

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"sportello/mailproc/console"
	"sportello/rules"
)

func queueCommand(g *global) *cobra.Command {
	cmd := &cobra.Command{Use: "queue", Short: "the cases: list, show, decide",
		Long: "The queue of cases. While the daemon runs the verbs speak to it; when it is\nstopped, list and show read the database."}
	cmd.AddCommand(queueList(g), queueShow(g), queueWatch(g))
	for _, v := range actVerbs {
		cmd.AddCommand(v.command(g))
	}
	return cmd
}

func queueList(g *global) *cobra.Command {
	var state, procedure, mailbox, text, order string
	var overdue, all, asCSV bool
	var limit int
	cmd := &cobra.Command{Use: "list", Short: "list cases: what needs a person first, then what is due soonest", Args: cobra.NoArgs,
		Example: "  sportello queue list --state review\n  sportello queue list --overdue --json",
		RunE: func(cmd *cobra.Command, _ []string) error {
			q := url.Values{}
			for k, v := range map[string]string{"state": state, "procedure": procedure, "mailbox": mailbox, "q": text, "order": order} {
				if v != "" {
					q.Set(k, v)
				}
			}
			if overdue {
				q.Set("overdue", "true")
			}
			form := "table"
			switch {
			case g.json:
				form = "json"
			case asCSV:
				form = "csv"
			}
			return listCases(cmd, g, q, limit, all, form)
		}}
	f := cmd.Flags()
	f.StringVar(&state, "state", "", "only this state: "+stateNames())
	f.StringVar(&procedure, "procedure", "", "only this procedure")
	f.StringVar(&mailbox, "mailbox", "", "only this certified sender")
	f.StringVar(&text, "search", "", "protocol number, mailbox, subject or a field")
	f.StringVar(&order, "order", "", "attention (default) or received (newest first)")
	f.BoolVar(&overdue, "overdue", false, "only cases whose term has passed")
	f.BoolVar(&all, "all", false, "every case, not only the first page")
	f.IntVar(&limit, "limit", 0, "how many cases (default 50; with --json all)")
	f.BoolVar(&g.json, "json", false, "one JSON object a line")
	f.BoolVar(&asCSV, "csv", false, "as CSV, for a spreadsheet")
	return cmd
}

func stateNames() string {
	var names []string
	for _, s := range rules.States {
		names = append(names, string(s))
	}
	return strings.Join(names, ", ")
}

// pageSize is how many cases are asked for at once.
const pageSize = 500

func listCases(cmd *cobra.Command, g *global, q url.Values, limit int, all bool, form string) error {
	c, err := connect(cmd.Context(), g)
	if err != nil {
		return err
	}
	defer c.close()
	if limit == 0 && !all && form == "table" {
		limit = 50
	}
	print, flush := rowPrinter(cmd.OutOrStdout(), form)
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
		for _, r := range page.Cases {
			if err := print(r); err != nil {
				return err
			}
		}
		n += len(page.Cases)
		if page.Next == "" || limit > 0 && n >= limit {
			err := flush()
			if page.Next != "" && form == "table" {
				fmt.Fprintf(cmd.ErrOrStderr(), "… more: --limit N, --all, or a filter\n")
			}
			return err
		}
		q.Set("after", page.Next)
	}
}

// rowPrinter prints rows as a table, as JSON lines or as CSV.
func rowPrinter(w io.Writer, form string) (print func(console.Row) error, flush func() error) {
	switch form {
	case "json":
		enc := json.NewEncoder(w)
		enc.SetEscapeHTML(false)
		return func(r console.Row) error { return enc.Encode(r) }, func() error { return nil }
	case "csv":
		return csvPrinter(w)
	}
	t := tabwriter.NewWriter(w, 2, 8, 2, ' ', 0)
	fmt.Fprintln(t, "PROTOCOL\tSTATE\tPROCEDURE\tOUTCOME\tREASON\tMAILBOX\tRECEIVED\tDUE\tLEFT")
	return func(r console.Row) error {
		_, err := fmt.Fprintf(t, "%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\n", r.ID, r.State, dash(r.Procedure), dash(string(r.Outcome)),
			dash(string(r.Reason)), dash(printable(r.Mailbox)), local(r.Received, "Mon 2 Jan 15:04"), local(r.Due, "Mon 2 Jan"), left(r))
		return err
	}, t.Flush
}

func csvPrinter(w io.Writer) (print func(console.Row) error, flush func() error) {
	c := csv.NewWriter(w)
	head := c.Write([]string{"id", "procedure", "state", "outcome", "reason", "mailbox", "received", "due", "answered", "delivered"})
	iso := func(t *time.Time) string {
		if t == nil {
			return ""
		}
		return t.In(rome).Format(time.RFC3339)
	}
	return func(r console.Row) error {
		if head != nil {
			return head
		}
		return c.Write([]string{r.ID, r.Procedure, string(r.State), string(r.Outcome), string(r.Reason), inert(r.Mailbox), iso(r.Received), iso(r.Due), iso(r.Answered), iso(r.Delivered)})
	}, func() error { c.Flush(); return c.Error() }
}

// inert keeps a spreadsheet from running a customer's address as a formula.
func inert(s string) string {
	if s != "" && strings.ContainsAny(s[:1], "=+-@\t\r") {
		return "'" + s
	}
	return s
}

func left(r console.Row) string {
	switch {
	case r.Delivered != nil:
		return "delivered"
	case r.Answered != nil:
		return "answered"
	case r.State == rules.Closed || r.Due == nil:
		return "-"
	case r.Overdue:
		return "OVERDUE"
	}
	return fmt.Sprintf("%d working days", r.DaysLeft)
}

func dash(s string) string {
	if s == "" {
		return "-"
	}
	return s
}

// printable keeps a customer's text from moving the terminal about.
func printable(s string) string {
	return strings.Map(func(r rune) rune {
		if !strconv.IsPrint(r) {
			return '�'
		}
		return r
	}, s)
}

var rome = func() *time.Location {
	l, err := time.LoadLocation("Europe/Rome")
	if err != nil {
		return time.UTC
	}
	return l
}()

func local(t *time.Time, layout string) string {
	if t == nil || t.IsZero() {
		return "-"
	}
	return t.In(rome).Format(layout)
}

// actVerb is a verb of the queue that changes a case.
type actVerb struct {
	name, short, example string
	flags                func(*cobra.Command, *rules.Act)
}

var actVerbs = []actVerb{
	{"approve", "accept a request: the outcome letter goes out, its steps start", "approve 2026-000123", func(c *cobra.Command, a *rules.Act) {
		procedureFlag(c, a)
		textFlag(c, a, "a remark")
		wordFlag(c, a)
	}},
	{"reject", "refuse a request, with its reason", "reject 2026-000123 --reason missing_fields", func(c *cobra.Command, a *rules.Act) {
		procedureFlag(c, a)
		c.Flags().StringVar((*string)(&a.Reason), "reason", "", "reason code: the letter explains it and its remedy")
		textFlag(c, a, "the reason in words of your own")
	}},
	{"ask", "ask the customer for documents", "ask 2026-000123 --document \"documento d'identità fronte/retro\"", func(c *cobra.Command, a *rules.Act) {
		c.Flags().StringArrayVar(&a.Documents, "document", nil, "what is missing (repeatable)")
		textFlag(c, a, "why")
	}},
	{"answer", "answer with a text of your own, and attachments", "answer 2026-000123 --text \"…\" --file log.pdf", func(c *cobra.Command, a *rules.Act) {
		procedureFlag(c, a)
		textFlag(c, a, "the answer")
		wordFlag(c, a)
		c.Flags().StringArray("file", nil, "attach a file (repeatable)")
	}},
	{"done", "say that the step asked of you is done", "done 2026-000123", func(c *cobra.Command, a *rules.Act) {
		c.Flags().IntVar(&a.N, "step", 0, "which step (default: the one that waits)")
		textFlag(c, a, "a remark")
	}},
	{"note", "add a remark", "note 2026-000123 --text \"telefonato\"", func(c *cobra.Command, a *rules.Act) { textFlag(c, a, "the remark") }},
	{"withdraw", "close a request that the customer takes back", "withdraw 2026-000123", func(c *cobra.Command, a *rules.Act) { textFlag(c, a, "a remark") }},
	{"reopen", "open a closed case again", "reopen 2026-000123", func(c *cobra.Command, a *rules.Act) { textFlag(c, a, "why") }},
	{"release", "let a held letter go out", "release 2026-000123", letterFlag},
	{"resend", "send the text of a failed letter again", "resend 2026-000123", letterFlag},
}

func procedureFlag(c *cobra.Command, a *rules.Act) {
	c.Flags().StringVar(&a.Procedure, "procedure", "", "as this procedure, when the desk could not tell")
}

func textFlag(c *cobra.Command, a *rules.Act, usage string) {
	c.Flags().StringVar(&a.Text, "text", "", usage)
}

func wordFlag(c *cobra.Command, a *rules.Act) {
	c.Flags().StringToStringVar(&a.Words, "word", nil, "what the letter asks for besides the case, e.g. dove=\"nel pannello\" (repeatable)")
}

func letterFlag(c *cobra.Command, a *rules.Act) {
	c.Flags().IntVar(&a.N, "letter", 0, "which letter (default: the last)")
}

func (v actVerb) command(g *global) *cobra.Command {
	act := &rules.Act{Verb: v.name}
	var preview bool
	cmd := &cobra.Command{Use: v.name + " PROTOCOL", Short: v.short, Example: "  sportello queue " + v.example, Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := attach(cmd, act); err != nil {
				return err
			}
			return v.perform(cmd, g, args[0], *act, preview)
		}}
	v.flags(cmd, act)
	cmd.Flags().BoolVar(&preview, "preview", false, "show the letter that would be sent, and do nothing")
	cmd.Flags().BoolVar(&g.json, "json", false, "print the case as JSON")
	cmd.Flags().IntVar(&act.Version, "version", 0, "refuse if the case has changed since this version of it")
	return cmd
}

func (v actVerb) perform(cmd *cobra.Command, g *global, id string, act rules.Act, preview bool) error {
	c, err := connect(cmd.Context(), g)
	if err != nil {
		return err
	}
	defer c.close()
	path := "/api/cases/" + url.PathEscape(id)
	if preview {
		var out struct{ Letters []rules.LetterText }
		if err := c.call(cmd.Context(), "POST", path+"/preview", act, &out); err != nil {
			return err
		}
		for _, l := range out.Letters {
			printLetter(cmd.OutOrStdout(), l)
		}
		return nil
	}
	var d rules.Detail
	if err := c.call(cmd.Context(), "POST", path+"/acts", act, &d); err != nil {
		return err
	}
	if g.json {
		return json.NewEncoder(cmd.OutOrStdout()).Encode(d)
	}
	_, err = fmt.Fprintf(cmd.OutOrStdout(), "case %s is now %s\n", d.Case.ID, d.Case.State)
	return err
}

// attach reads the files of --file into the act.
func attach(cmd *cobra.Command, act *rules.Act) error {
	if cmd.Flags().Lookup("file") == nil {
		return nil
	}
	names, err := cmd.Flags().GetStringArray("file")
	if err != nil {
		return err
	}
	for _, name := range names {
		data, err := os.ReadFile(name)
		if err != nil {
			return fmt.Errorf("attach: %w", err)
		}
		act.Files = append(act.Files, rules.LetterFile{Name: filepath.Base(name), Type: "application/octet-stream", Data: data})
	}
	return nil
}
