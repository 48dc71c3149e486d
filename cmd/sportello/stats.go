package main

import (
	"encoding/csv"
	"fmt"
	"net/url"
	"time"

	"github.com/spf13/cobra"

	"sportello/mailproc/console"
	"sportello/rules"
)

func statsCommand(g *global) *cobra.Command {
	var days int
	var asCSV bool
	var month string
	cmd := &cobra.Command{Use: "stats", Short: "the desk at a glance; with --days or --month what was asked and how it was answered", Args: cobra.NoArgs,
		Example: "  sportello stats\n  sportello stats --days 30\n  sportello stats --month 2026-10\n  sportello stats --month last --csv",
		RunE: func(cmd *cobra.Command, _ []string) error {
			if days < 0 {
				return usageError{fmt.Errorf("--days %d: say how many: see `sportello stats --help`", days)}
			}
			if asCSV && days == 0 && month == "" {
				days = 30
			}
			switch {
			case month != "":
				return periodStats(cmd, g, url.Values{"month": {month}}, asCSV)
			case days > 0:
				return periodStats(cmd, g, url.Values{"days": {fmt.Sprint(days)}}, asCSV)
			}
			var s rules.Status
			if err := ask(cmd, g, "GET", "/api/status", nil, &s); err != nil {
				return err
			}
			if g.json {
				return toJSON(cmd.OutOrStdout()).Encode(s)
			}
			wrong, err := openIncidents(cmd, g)
			if err != nil {
				return err
			}
			return printStatus(cmd, &s, len(wrong))
		}}
	f := cmd.Flags()
	f.IntVar(&days, "days", 0, "the cases received in the last so many days")
	f.StringVar(&month, "month", "", "the cases received in this month: 2026-10, or last for the one before this")
	f.BoolVar(&asCSV, "csv", false, "every number as CSV (30 days, if --days does not say)")
	f.BoolVar(&g.json, "json", false, "as one JSON object")
	cmd.PreRunE = func(cmd *cobra.Command, args []string) error {
		if err := oneOf("days", "month")(cmd, args); err != nil {
			return err
		}
		return oneOf("json", "csv")(cmd, args)
	}
	return cmd
}

func printStatus(cmd *cobra.Command, s *rules.Status, incidents int) error {
	out := cmd.OutOrStdout()
	daemon := "stopped"
	if s.Running {
		daemon = "running"
	}
	fmt.Fprintf(out, "daemon     %s, %s\n", daemon, when(s.Now))
	for _, b := range s.Mailboxes {
		fmt.Fprintf(out, "mailbox    %-18s %-36s last read to its end %s %s\n", b.Name, b.Address, when(b.CaughtUp), printable(b.Problem))
	}
	for _, st := range rules.States {
		fmt.Fprintf(out, "cases      %-10s %d\n", st, s.Cases[st])
	}
	for _, st := range []string{"pending", "case", "receipt", "parked", "duplicate", "redacted", "purged"} {
		fmt.Fprintf(out, "messages   %-10s %d\n", st, s.Messages[st])
	}
	if incidents > 0 {
		fmt.Fprintf(out, "incidents  %d open: see `sportello incidents`\n", incidents)
	}
	_, err := fmt.Fprintf(out, "journal    %d entries, head %.16s…\ndisk       %d MiB free\n", s.Height, s.Head, s.DiskFree>>20)
	return err
}

func periodStats(cmd *cobra.Command, g *global, period url.Values, asCSV bool) error {
	var s console.Statistics
	if err := ask(cmd, g, "GET", "/api/statistics?"+period.Encode(), nil, &s); err != nil {
		return err
	}
	out := cmd.OutOrStdout()
	switch {
	case g.json:
		return toJSON(out).Encode(&s)
	case asCSV:
		return csv.NewWriter(out).WriteAll(s.Table())
	}
	if s.Month != "" {
		fmt.Fprintf(out, "%s: ", s.Month)
	}
	fmt.Fprintf(out, "%d days, from %s\n", s.Days, s.From.In(rome).Format("Mon 2 Jan 2006"))
	if s.Total == 0 {
		_, err := fmt.Fprintln(out, "no request came")
		return err
	}
	fmt.Fprintf(out, "requests   %d: %d decided by the desk (%s), %d by a person, %d to decide\n", s.Total, s.Alone, s.Share(s.Alone), s.People, s.Open)
	fmt.Fprintf(out, "promise    %s kept: %d in the term, %d late\n", s.OnTime(), s.Kept, s.Late)
	fmt.Fprintf(out, "answer     median %s after receipt\n\n", (time.Duration(s.MedianS) * time.Second))
	t := newTable(col("PROCEDURE"), col("REQUESTS"), col("DESK"), col("PERSON"), col("TO DECIDE"), col("LATE"))
	for _, p := range s.Procedures {
		t.add(text(p.Procedure), text(fmt.Sprint(p.Total())), text(fmt.Sprint(p.Alone)), text(fmt.Sprint(p.People)), text(fmt.Sprint(p.Open)), text(fmt.Sprint(p.Late)))
	}
	if err := t.print(out); err != nil {
		return err
	}
	for _, r := range s.Reasons {
		fmt.Fprintf(out, "refused    %5d  %s (%s)\n", r.N, r.Reason, r.Reason.Meaning())
	}
	return nil
}
