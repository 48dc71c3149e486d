package main

import (
	"fmt"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"sportello/rules"
	"sportello/store"
)

// ask puts one question to the daemon, or to the store when it is stopped.
func ask(cmd *cobra.Command, g *global, method, path string, in, out any) error {
	c, err := connect(cmd.Context(), g)
	if err != nil {
		return err
	}
	defer c.close()
	return c.call(cmd.Context(), method, path, in, out)
}

func backupCommand(g *global) *cobra.Command {
	return &cobra.Command{Use: "backup DIR", Short: "copy database and archive to an empty folder, while the daemon runs, and verify the copy",
		Long:    "Copies database and archive to a folder that is empty or not there yet, while the\ndaemon runs, and checks every message of the copy. The daemon writes it, as its own\nuser: under systemd into a folder below /var/lib/sportello, or one that a\nReadWritePaths= of the service names. Configuration and secrets are not in it.",
		Example: "  sportello backup /var/lib/sportello/backup/today",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			dir, err := filepath.Abs(args[0])
			if err != nil {
				return err
			}
			err = meterOf(cmd.ErrOrStderr()).while("copying and checking the copy", func() error {
				return ask(cmd, g, "POST", "/api/backup", map[string]string{"dir": dir}, nil)
			})
			if err != nil {
				return err
			}
			_, err = fmt.Fprintf(cmd.OutOrStdout(), "backed up to %s and verified\n", dir)
			return err
		}}
}

func restoreCommand(g *global) *cobra.Command {
	return &cobra.Command{Use: "restore DIR", Short: "make the data folder from a backup; refuses to overwrite, and checks everything",
		Long:    "Makes the data folder of the configuration anew, which must be empty, and checks every\nmessage and case. Say it as the user that the desk runs as, with the daemon stopped.\nAt its start the desk reads the mailboxes from where the backup stood: messages come\nback, letters that went out since are known by their receipts and are not sent again,\nand steps that may have been done since are left to a person.",
		Example: "  systemctl stop sportello\n  mv /var/lib/sportello /var/lib/sportello.broken && install -d -o sportello -g sportello -m 700 /var/lib/sportello\n  sudo -u sportello sportello restore /var/lib/sportello.broken/backup/today\n  systemctl start sportello",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			cfg, err := configToLook(g.config)
			if err != nil {
				return err
			}
			if err := ownData(cfg.Data); err != nil {
				return err
			}
			out := cmd.OutOrStdout()
			m := meterOf(out)
			err = store.Restore(cmd.Context(), args[0], cfg.Data, m.tell)
			m.end()
			if err != nil {
				return err
			}
			_, err = fmt.Fprintf(out, "restored to %s and checked\n", cfg.Data)
			return err
		}}
}

func purgeCommand(g *global) *cobra.Command {
	var dry bool
	cmd := &cobra.Command{Use: "purge", Short: "remove what its retention is over for, and say what it was",
		Long: `Cases closed longer ago than their procedure's keep (else [retention] months) lose
their content and their messages; the archive's months of which nothing is kept any more
go whole. The journal stays and still verifies. The daemon does this by itself every
night ([retention] purge), by the date of the last message that a provider certified,
so that a wrong clock removes nothing. Messages with copies of documents go sooner,
[letters] giorni_conservazione days after the outcome.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			var report store.Report
			err := meterOf(cmd.ErrOrStderr()).while("looking for what its time is over", func() error {
				return ask(cmd, g, "POST", "/api/purge", purgeQuestion{DryRun: dry}, &report)
			})
			if err != nil {
				return err
			}
			if g.json {
				report.Months = append([]string{}, report.Months...) // never null
				return toJSON(cmd.OutOrStdout()).Encode(report)
			}
			did := "removed"
			if dry {
				did = "would remove"
			}
			_, err = fmt.Fprintf(cmd.OutOrStdout(), "%s: %s\n", did, report)
			return err
		}}
	cmd.Flags().BoolVar(&g.json, "json", false, "as one JSON object")
	cmd.Flags().BoolVar(&dry, "dry-run", false, "only say what would be removed")
	return cmd
}

func redactCommand(g *global) *cobra.Command {
	var order string
	var yes bool
	cmd := &cobra.Command{Use: "redact MESSAGE", Short: "erase one message's bytes on a lawful order; its digest and the journal stay",
		Long:    "Erases a message's bytes, its text and what was read from it, for good; its digest and\nthe journal stay. Without --yes it says what would be erased, and does nothing. A case\nwhose request is erased can no longer be approved.",
		Example: "  sportello redact 17 --order \"Garante, provv. 7/2026\"\n  sportello redact 17 --order \"Garante, provv. 7/2026\" --yes",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			id, err := strconv.ParseUint(args[0], 10, 64)
			if err != nil {
				return usageError{fmt.Errorf("%q is no message number: see `sportello queue show`", args[0])}
			}
			if !yes {
				return wouldRedact(cmd, g, id)
			}
			if err := ask(cmd, g, "POST", "/api/redact", redactQuestion{Message: id, Order: order}, nil); err != nil {
				return err
			}
			_, err = fmt.Fprintf(cmd.OutOrStdout(), "message %d is erased\n", id)
			return err
		}}
	cmd.Flags().StringVar(&order, "order", "", "whose order, and its date: it is kept in the journal")
	cmd.Flags().BoolVar(&yes, "yes", false, "erase it")
	return cmd
}

// wouldRedact refuses, and says what would be erased: it cannot be undone.
func wouldRedact(cmd *cobra.Command, g *global, id uint64) error {
	var m rules.MessageView
	if err := ask(cmd, g, "GET", fmt.Sprintf("/api/messages/%d", id), nil, &m); err != nil {
		return err
	}
	if m.Status == "redacted" {
		return fmt.Errorf("message %d is erased already", id)
	}
	what := fmt.Sprintf("message %d (%s of %s, %d bytes)", id, dash(m.Kind), when(m.Read), m.Size)
	if m.Case != "" {
		var d rules.Detail
		if err := ask(cmd, g, "GET", "/api/cases/"+m.Case, nil, &d); err != nil {
			return err
		}
		what += fmt.Sprintf(" of case %s", m.Case)
		if d.Case.State != rules.Closed {
			what += fmt.Sprintf(", which is still open (%s) and can then no longer be approved", d.Case.State)
		}
	}
	return fmt.Errorf("nothing is erased yet: %s would be lost for good; say --yes to erase it", printable(what))
}

func verifyCommand(g *global) *cobra.Command {
	var bytes bool
	cmd := &cobra.Command{Use: "verify", Short: "the consistency check: every case equals the fold of its events, every letter has its event",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			err := meterOf(cmd.ErrOrStderr()).while("checking", func() error {
				return ask(cmd, g, "POST", "/api/check", map[string]bool{"bytes": bytes}, nil)
			})
			if err != nil {
				return err
			}
			_, err = fmt.Fprintln(cmd.OutOrStdout(), "consistent")
			return err
		}}
	cmd.Flags().BoolVar(&bytes, "bytes", false, "also every message's digest, against the archive")
	return cmd
}

// damaged adds the remedy to what says that the store is damaged.
func damaged(err error) error {
	if err != nil && strings.Contains(err.Error(), store.ErrDamaged.Error()) { // over the socket it is a text
		return fmt.Errorf("%w: stop the daemon, put the data folder aside, and restore the last backup (see `sportello restore --help`)", err)
	}
	return err
}
