package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/url"

	"github.com/spf13/cobra"

	"sportello/rules"
)

func logCommand(g *global) *cobra.Command {
	var follow bool
	var f journalFilter
	var from, last uint64
	cmd := &cobra.Command{Use: "log", Short: "the journal: everything that happened, in order",
		Long: "The journal is the business record: append-only, each entry chained to the one\nbefore by its hash. It holds protocol numbers and codes, never bodies or names.",
		Args: cobra.NoArgs, Example: "  sportello log -f --last 20\n  sportello log --case 2026-000123\n  sportello log --author anna --since 8h\n  sportello log verify",
		RunE: func(cmd *cobra.Command, _ []string) error {
			c, err := connect(cmd.Context(), g)
			if err != nil {
				return err
			}
			defer func() { c.close() }()
			if last > 0 && f != (journalFilter{}) {
				if from, err = lastOf(cmd, g, c, from, f, last); err != nil || !follow {
					return err
				}
			} else if last > 0 {
				var s rules.Status
				if err := c.call(cmd.Context(), "GET", "/api/status", nil, &s); err != nil {
					return err
				}
				from = max(from, s.Height-min(last, s.Height)+1)
			}
			if follow && c.stopped {
				if from, err = printJournal(cmd, cmd.OutOrStdout(), g, c, from, f, false); err != nil {
					return err
				}
				c.close()
				fmt.Fprintln(cmd.ErrOrStderr(), "sportello: the daemon is not running: waiting for it")
				next, err := awaitDaemon(cmd.Context(), g)
				if err != nil {
					return nil // stopped by the reader
				}
				c = next
			}
			_, err = printJournal(cmd, cmd.OutOrStdout(), g, c, from, f, follow)
			return err
		}}
	fl := cmd.Flags()
	fl.BoolVarP(&follow, "follow", "f", false, "go on with what happens from now")
	fl.StringVar(&f.caseID, "case", "", "only this case")
	fl.StringVar(&f.author, "author", "", "only what this person did")
	fl.StringVar(&f.since, "since", "", "of this day or after (2026-11-27, 27/11/2026, yesterday), or of the last so long: 8h")
	fl.StringVar(&f.until, "until", "", "of this day or before")
	fl.Uint64Var(&from, "from", 1, "from this entry on")
	fl.Uint64Var(&last, "last", 0, "only so many entries at the end (and, with -f, what follows)")
	completeFlag(cmd, "case", completeCases(g, ""))
	completeFlag(cmd, "author", completeOperators(g))
	fl.BoolVar(&g.json, "json", false, "one JSON object a line")
	cmd.AddCommand(logVerify(g))
	return cmd
}

// journalFilter chooses entries: see the API.
type journalFilter struct{ caseID, author, since, until string }

const journalPage = 5000

// printJournal prints the entries from one on, and says which is the next.
func printJournal(cmd *cobra.Command, w io.Writer, g *global, c *client, from uint64, f journalFilter, follow bool) (next uint64, err error) {
	out := bufio.NewWriter(w)
	defer out.Flush()
	for {
		q := url.Values{"from": {fmt.Sprint(from)}, "limit": {fmt.Sprint(journalPage)}, "case": {f.caseID}, "author": {f.author}, "since": {f.since}, "until": {f.until}}
		if follow {
			q.Set("follow", "1")
		}
		body, err := c.open(cmd.Context(), "GET", "/api/journal?"+q.Encode(), nil)
		if err != nil {
			return from, err
		}
		n, last, err := journalLines(out, body, g.json, follow)
		body.Close()
		if n > 0 {
			from = last + 1
		}
		if err != nil || n < journalPage {
			if cmd.Context().Err() != nil {
				return from, nil // stopped by the reader: Ctrl-C ends a follow
			}
			return from, err
		}
	}
}

// lastOf prints the last entries that pass a filter, and says which is the next
// of all: from the end alone nobody knows where they begin.
func lastOf(cmd *cobra.Command, g *global, c *client, from uint64, f journalFilter, last uint64) (next uint64, err error) {
	t := tail{most: last}
	if next, err = printJournal(cmd, &t, g, c, from, f, false); err != nil {
		return next, err
	}
	_, err = cmd.OutOrStdout().Write(bytes.Join(t.lines, nil))
	return next, err
}

// tail keeps the last lines of what is written to it: a journal has millions.
type tail struct {
	most  uint64
	lines [][]byte
	begun []byte // a line whose end has not come
}

func (t *tail) Write(b []byte) (int, error) {
	for line := range bytes.Lines(b) {
		t.begun = append(t.begun, line...)
		if line[len(line)-1] != '\n' {
			break
		}
		t.lines, t.begun = append(t.lines, t.begun), nil
		if uint64(len(t.lines)) > t.most {
			t.lines = t.lines[1:]
		}
	}
	return len(b), nil
}

// journalLines prints a stream of entries and says how many there were.
func journalLines(out *bufio.Writer, body io.Reader, asJSON, flush bool) (n int, last uint64, err error) {
	lines := bufio.NewReader(body)
	for {
		line, err := lines.ReadBytes('\n')
		if len(line) > 0 {
			var e struct {
				rules.Event
				Error string `json:"error"`
			}
			if err := json.Unmarshal(line, &e); err != nil {
				return n, last, fmt.Errorf("read the journal: %w", err)
			}
			if e.Error != "" {
				return n, last, errors.New(e.Error)
			}
			n, last = n+1, e.Seq
			if asJSON {
				out.Write(visible(line))
			} else {
				fmt.Fprintln(out, eventLine(&e.Event))
			}
			if flush {
				out.Flush()
			}
		}
		if errors.Is(err, io.EOF) {
			return n, last, nil
		}
		if err != nil {
			return n, last, err
		}
	}
}

func logVerify(g *global) *cobra.Command {
	return &cobra.Command{Use: "verify", Short: "prove that no entry of the journal was changed, removed or added", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			c, err := connect(cmd.Context(), g)
			if err != nil {
				return err
			}
			defer c.close()
			var out struct{ Height uint64 }
			err = meterOf(cmd.ErrOrStderr()).while("following the chain", func() error {
				return c.call(cmd.Context(), "POST", "/api/journal/verify", nil, &out)
			})
			if err != nil {
				return err
			}
			_, err = fmt.Fprintf(cmd.OutOrStdout(), "the chain is whole: %d entries\n", out.Height)
			return err
		}}
}

func copyAll(w io.Writer, body io.ReadCloser) error {
	defer body.Close()
	_, err := io.Copy(w, body)
	return err
}
