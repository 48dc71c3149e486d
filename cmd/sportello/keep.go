package main

import (
	"encoding/json"
	"fmt"
	"path/filepath"
	"strconv"

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
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			dir, err := filepath.Abs(args[0])
			if err != nil {
				return err
			}
			if err := ask(cmd, g, "POST", "/api/backup", map[string]string{"dir": dir}, nil); err != nil {
				return err
			}
			_, err = fmt.Fprintf(cmd.OutOrStdout(), "backed up to %s and verified\n", dir)
			return err
		}}
}

func restoreCommand(g *global) *cobra.Command {
	return &cobra.Command{Use: "restore DIR", Short: "make the data folder from a backup; refuses to overwrite, and checks everything",
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			cfg, err := LoadConfig(g.config)
			if err != nil {
				return err
			}
			out := cmd.OutOrStdout()
			said := ""
			err = store.Restore(cmd.Context(), args[0], cfg.Data, func(what string, _, _ int64) {
				if what != said {
					said = what
					fmt.Fprintf(out, "%s …\n", what)
				}
			})
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
		Long: "Cases closed longer ago than their procedure's keep (else [retention] months) lose\ntheir content, and the archive's months of which nothing is kept any more go whole.\nThe journal stays and still verifies.",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			var report store.Report
			if err := ask(cmd, g, "POST", "/api/purge", purgeQuestion{DryRun: dry, Author: whoAmI()}, &report); err != nil {
				return err
			}
			did := "removed"
			if dry {
				did = "would remove"
			}
			_, err := fmt.Fprintf(cmd.OutOrStdout(), "%s: %s\n", did, report)
			return err
		}}
	cmd.Flags().BoolVar(&dry, "dry-run", false, "only say what would be removed")
	return cmd
}

func redactCommand(g *global) *cobra.Command {
	var order string
	cmd := &cobra.Command{Use: "redact MESSAGE", Short: "erase one message's bytes on a lawful order; its digest and the journal stay",
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			id, err := strconv.ParseUint(args[0], 10, 64)
			if err != nil {
				return usageError{fmt.Errorf("%q is no message number: see `sportello queue show`", args[0])}
			}
			if err := ask(cmd, g, "POST", "/api/redact", redactQuestion{Message: id, Order: order, Author: whoAmI()}, nil); err != nil {
				return err
			}
			_, err = fmt.Fprintf(cmd.OutOrStdout(), "message %d is erased\n", id)
			return err
		}}
	cmd.Flags().StringVar(&order, "order", "", "whose order, and its date: it is kept in the journal")
	return cmd
}

func verifyCommand(g *global) *cobra.Command {
	var bytes bool
	cmd := &cobra.Command{Use: "verify", Short: "the consistency check: every case equals the fold of its events, every letter has its event",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := ask(cmd, g, "POST", "/api/check", map[string]bool{"bytes": bytes}, nil); err != nil {
				return err
			}
			_, err := fmt.Fprintln(cmd.OutOrStdout(), "consistent")
			return err
		}}
	cmd.Flags().BoolVar(&bytes, "bytes", false, "also every message's digest, against the archive")
	return cmd
}

func statsCommand(g *global) *cobra.Command {
	cmd := &cobra.Command{Use: "stats", Short: "cases and messages by state, mailboxes, journal, disk", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			var s rules.Status
			if err := ask(cmd, g, "GET", "/api/status", nil, &s); err != nil {
				return err
			}
			out := cmd.OutOrStdout()
			if g.json {
				return json.NewEncoder(out).Encode(s)
			}
			fmt.Fprintf(out, "daemon     %s\n", map[bool]string{true: "running", false: "stopped"}[s.Running])
			for _, b := range s.Mailboxes {
				fmt.Fprintf(out, "mailbox    %-18s %-36s last read to its end %s %s\n", b.Name, b.Address, when(b.CaughtUp), b.Problem)
			}
			for _, st := range rules.States {
				fmt.Fprintf(out, "cases      %-10s %d\n", st, s.Cases[st])
			}
			for _, st := range []string{"pending", "case", "receipt", "parked", "duplicate", "redacted", "purged"} {
				fmt.Fprintf(out, "messages   %-10s %d\n", st, s.Messages[st])
			}
			_, err := fmt.Fprintf(out, "journal    %d entries, head %.16s…\ndisk       %d MiB free\n", s.Height, s.Head, s.DiskFree>>20)
			return err
		}}
	cmd.Flags().BoolVar(&g.json, "json", false, "as one JSON object")
	return cmd
}

func lettersCommand(g *global) *cobra.Command {
	cmd := &cobra.Command{Use: "letters", Short: "the letters of the procedures"}
	cmd.AddCommand(&cobra.Command{Use: "show [PROCEDURE…]", Short: "every letter of a procedure, rendered on an invented case for review",
		RunE: func(cmd *cobra.Command, args []string) error {
			cfg, err := LoadConfig(g.config)
			if err != nil {
				return err
			}
			policy, err := loadPolicy(cfg)
			if err != nil {
				return err
			}
			if len(args) == 0 {
				for _, p := range policy.Rules.Procedures {
					args = append(args, p.Name)
				}
			}
			for _, name := range args {
				if policy.Rules.Procedure(name) == nil {
					return fmt.Errorf("no procedure %q (see the folders of templates/)", name)
				}
				for _, l := range policy.Rules.Samples(name) {
					fmt.Fprintf(cmd.OutOrStdout(), "── %s: %s %s\n", name, l.Name, l.Reason)
					printLetter(cmd.OutOrStdout(), l.LetterText)
				}
			}
			return nil
		}})
	return cmd
}

func registryCommand(g *global) *cobra.Command {
	cmd := &cobra.Command{Use: "registry", Short: "what is known of mailboxes"}
	cmd.AddCommand(&cobra.Command{Use: "show ADDRESS", Short: "what the registry says of a mailbox", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			cfg, err := LoadConfig(g.config)
			if err != nil {
				return err
			}
			registry, err := openRegistry(cfg, rome, nil)
			if err != nil {
				return err
			}
			if registry == nil {
				return fmt.Errorf("no [registry] in %s", cfg.File)
			}
			m, err := registry.Mailbox(cmd.Context(), args[0])
			if err != nil {
				return err
			}
			if m == nil {
				return fmt.Errorf("the registry does not know %s", args[0])
			}
			_, err = fmt.Fprintf(cmd.OutOrStdout(), "address  %s\nstatus   %s\nholder   %s\npanel    %s\nexpires  %s\n", m.Address, m.Status, dash(m.Holder), dash(m.Panel), local(&m.Expires, "2 Jan 2006"))
			return err
		}})
	return cmd
}
