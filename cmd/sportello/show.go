package main

import (
	"encoding/json"
	"fmt"
	"io"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"sportello/rules"
)

func queueShow(g *global) *cobra.Command {
	cmd := &cobra.Command{Use: "show PROTOCOL", Short: "everything about a case: who signed, what matched, why it was decided so, letters and receipts",
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			c, err := connect(cmd.Context(), g)
			if err != nil {
				return err
			}
			defer c.close()
			var d rules.Detail
			if err := c.call(cmd.Context(), "GET", "/api/cases/"+url.PathEscape(args[0]), nil, &d); err != nil {
				return err
			}
			if g.json {
				return json.NewEncoder(cmd.OutOrStdout()).Encode(d)
			}
			printCase(cmd.OutOrStdout(), &d)
			return nil
		}}
	cmd.Flags().BoolVar(&g.json, "json", false, "as one JSON object")
	return cmd
}

const minute = "Mon 2 Jan 2006 15:04 MST"

func when(t time.Time) string { return local(&t, minute) }

// printCase explains a case to a person at a terminal.
func printCase(w io.Writer, d *rules.Detail) {
	c := d.Case
	fmt.Fprintf(w, "Case %s: %s — %s", c.ID, c.State, dash(c.Procedure))
	if c.Outcome != "" {
		fmt.Fprintf(w, ", %s", c.Outcome)
	}
	if c.Reason != "" {
		fmt.Fprintf(w, " (%s)", c.Reason)
	}
	fmt.Fprintln(w)
	line := func(name, value string) {
		if value != "" && value != "-" {
			fmt.Fprintf(w, "  %-11s %s\n", name, printable(value))
		}
	}
	sender := c.Mailbox
	if !c.Proved {
		sender += "  (NOT proved: anyone can write this address)"
	}
	line("sender", sender)
	line("subject", c.Subject)
	line("received", when(c.Received))
	if !c.Due.IsZero() {
		due := when(c.Due)
		if d.Overdue {
			due += "  OVERDUE"
		}
		line("due", due)
	}
	line("answered", when(c.Answered))
	line("delivered", when(c.Delivered))
	line("closed", when(c.Closed))
	line("flags", strings.Join(c.Flags, ", "))
	line("follows", c.Previous)
	printWhy(w, c)
	printLetters(w, c)
	printEvents(w, d.Events)
	if len(d.Verbs) > 0 {
		fmt.Fprintf(w, "\nPossible now: %s\n", strings.Join(d.Verbs, ", "))
	}
}

func printWhy(w io.Writer, c *rules.Case) {
	fmt.Fprintln(w, "\nWho signed:")
	for _, s := range c.Proof {
		mark := "ok  "
		if !s.OK {
			mark = "FAIL"
		}
		if s.Name == "note" {
			mark = "note"
		}
		fmt.Fprintf(w, "  %s %-12s %s\n", mark, s.Name, printable(s.Detail))
	}
	if c.Explanation.Own != "" {
		fmt.Fprintln(w, "\nWhat was read:")
		printReading(w, c.Explanation, c.Fields, c.Missing)
	}
	who := c.DecidedBy
	if who == "" {
		who = "the desk"
	}
	fmt.Fprintf(w, "\nWhy (decided by %s, %s):\n", who, when(c.Decided))
	for _, r := range c.Reasons {
		fmt.Fprintf(w, "  - %s\n", printable(r))
	}
	for _, n := range c.Notes {
		fmt.Fprintf(w, "  note by %s, %s: %s\n", n.Author, when(n.At), printable(n.Text))
	}
}

// printReading shows the own text with what each piece of it was taken for.
func printReading(w io.Writer, x rules.Explanation, fields map[string]string, missing []string) {
	for _, text := range strings.Split(strings.ReplaceAll(x.Own, "\r\n", "\n"), "\n") {
		fmt.Fprintf(w, "  | %s\n", printable(text))
	}
	for _, s := range x.Spans {
		if s.Kind == "form" || s.Start < 0 || s.End > len(x.Own) || s.Start > s.End {
			continue
		}
		fmt.Fprintf(w, "    %-9s %q", s.Kind, x.Own[s.Start:s.End])
		if s.Name != "" {
			fmt.Fprintf(w, " = %s", s.Name)
		}
		if s.Want != "" {
			fmt.Fprintf(w, " (the form says %q)", s.Want)
		}
		fmt.Fprintln(w)
	}
	names := make([]string, 0, len(fields))
	for k := range fields {
		names = append(names, k)
	}
	slices.Sort(names)
	for _, k := range names {
		fmt.Fprintf(w, "  %-11s %s\n", k, printable(fields[k]))
	}
	if len(missing) > 0 {
		fmt.Fprintf(w, "  missing     %s\n", strings.Join(missing, ", "))
	}
	if len(x.LeftOver) > 0 {
		fmt.Fprintf(w, "  left over   %s\n", printable(strings.Join(x.LeftOver, " ")))
	}
	if x.Sign != "" {
		fmt.Fprintf(w, "  stopped by  %s: %s\n", x.Sign, printable(x.SignWords))
	}
}

func printLetters(w io.Writer, c *rules.Case) {
	for _, l := range c.Letters {
		fmt.Fprintf(w, "\nLetter %d (%s): %s, <%s>\n", l.N, l.Name, l.State, l.MessageID)
		for i, t := range l.Tries {
			fmt.Fprintf(w, "  try %d      %s  %s\n", i+1, when(t.At), printable(dash(t.Answer)))
		}
		for _, r := range l.Receipts {
			fmt.Fprintf(w, "  receipt    %s  %s, %s %s\n", when(r.At), r.Kind, dash(r.Provider), r.Error)
		}
		printLetter(w, l.LetterText)
	}
	for _, s := range c.Steps {
		fmt.Fprintf(w, "\nStep %d (%s, %s): %s", s.N, s.Do, s.After, s.State)
		if !s.Done.IsZero() {
			fmt.Fprintf(w, " %s", when(s.Done))
		} else if !s.Due.IsZero() {
			fmt.Fprintf(w, " for %s", when(s.Due))
		}
		if s.Error != "" {
			fmt.Fprintf(w, " — %s", printable(s.Error))
		}
		fmt.Fprintln(w)
	}
}

func printLetter(w io.Writer, l rules.LetterText) {
	fmt.Fprintf(w, "  To: %s\n  Subject: %s\n", printable(l.To), printable(l.Subject))
	for _, line := range strings.Split(strings.TrimRight(l.Text, "\n"), "\n") {
		fmt.Fprintf(w, "  > %s\n", printable(line))
	}
}

func printEvents(w io.Writer, events []rules.Event) {
	if len(events) == 0 {
		return
	}
	fmt.Fprintln(w, "\nWhat happened:")
	for i := range events {
		fmt.Fprintf(w, "  %s\n", eventLine(&events[i]))
	}
}

// eventLine is a journal entry for a person.
func eventLine(e *rules.Event) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%7d  %s  %-16s", e.Seq, e.At.In(rome).Format("2006-01-02 15:04:05 MST"), e.Kind)
	add := func(format string, args ...any) { fmt.Fprintf(&b, "  "+format, args...) }
	if e.Case != "" {
		add("%s", e.Case)
	}
	if e.Message != 0 {
		add("message %d", e.Message)
	}
	for _, s := range []string{e.Mailbox, e.Procedure, string(e.Outcome), string(e.Reason)} {
		if s != "" {
			add("%s", s)
		}
	}
	if l := e.Letter; l != nil {
		add("letter %d %s", l.N, l.Name)
		if l.Answer != "" {
			add("%q", l.Answer)
		}
	}
	if s := e.Step; s != nil {
		add("step %d %s", s.N, s.Do)
	}
	if r := e.Receipt; r != nil {
		add("%s %s", r.Kind, r.At.In(rome).Format("2006-01-02 15:04:05"))
	}
	if e.Until != nil {
		add("until %s", local(e.Until, minute))
	}
	if e.Detail != "" {
		add("%s", e.Detail)
	}
	if e.Author != "" {
		add("by %s", e.Author)
	}
	return b.String()
}
