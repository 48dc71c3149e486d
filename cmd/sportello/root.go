package main

import (
	"bufio"
	"cmp"
	"fmt"
	"os"
	"runtime/debug"
	"strings"

	"github.com/spf13/cobra"
)

const defaultConfig = "/etc/sportello/sportello.toml"

// configVariable names the configuration of a shell that works with one of its own.
const configVariable = "SPORTELLO_CONFIG"

// global are the flags of every verb.
type global struct {
	config string
	json   bool

	as       string // user of the console who acts; "" the Unix user
	password string // of his
	lines    *bufio.Reader
}

func rootCommand() *cobra.Command {
	g := &global{}
	root := &cobra.Command{
		Use:   "sportello",
		Short: "the request desk of a PEC provider",
		Long: `Sportello reads the request mailboxes of a PEC provider, proves who sent each
message from the provider's signature, matches it against the request forms,
decides, answers inside three working days, and keeps the evidence.

  See it at work on this machine, with nothing to install:  sportello demo
  Run it:                                                   sportello run -c sportello.toml`,
		SilenceUsage:  true,
		SilenceErrors: true,
	}
	root.SetFlagErrorFunc(func(cmd *cobra.Command, err error) error {
		return usageError{fmt.Errorf("%w: see `%s --help`", err, cmd.CommandPath())}
	})
	root.PersistentFlags().StringVarP(&g.config, "config", "c", cmp.Or(os.Getenv(configVariable), defaultConfig), "configuration file (or set "+configVariable+")")
	root.PersistentFlags().StringVar(&g.as, "as", "", "act as this user of the console; asks for the password (or set "+tokenVariable+")")
	root.PersistentPreRunE = func(cmd *cobra.Command, _ []string) (err error) {
		if g.as != "" {
			g.password, err = g.askPassword(cmd, "Password of "+g.as+": ")
		}
		return err
	}
	root.AddCommand(demoCommand(), runCommand(g), checkCommand(g), configCommand(g), queueCommand(g), parkedCommand(g), logCommand(g),
		trustCommand(g), userCommand(g), tokenCommand(g), incidentsCommand(g), retryCommand(g), lettersCommand(g), proceduresCommand(g), registryCommand(g), backupCommand(g), restoreCommand(g), purgeCommand(g), redactCommand(g), verifyCommand(g), statsCommand(g), docsCommand(), versionCommand())
	usageArgs(root)
	return root
}

// cobraWords says the verbs that cobra brings along as the others are said. It
// wants to know first where the output goes.
func cobraWords(root *cobra.Command) {
	root.InitDefaultHelpCmd()
	root.InitDefaultCompletionCmd()
	for _, cmd := range root.Commands() {
		switch cmd.Name() {
		case "help":
			cmd.Short = "help about a verb"
		case "completion":
			cmd.Short = "what a shell needs to complete verbs, protocol numbers and flags"
		}
	}
}

// chooses makes a command that is only a group of verbs help who names none,
// and refuse a verb that it does not have.
func chooses(cmd *cobra.Command) {
	cmd.Args, cmd.SuggestionsMinimumDistance = cobra.ArbitraryArgs, 2
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		if len(args) == 0 {
			return cmd.Help()
		}
		hint := ""
		if near := cmd.SuggestionsFor(args[0]); len(near) > 0 {
			hint = fmt.Sprintf(" (did you mean %s?)", strings.Join(near, " or "))
		}
		help := strings.Replace(cmd.CommandPath(), "sportello", "sportello help", 1)
		return usageError{fmt.Errorf("unknown verb %q%s: see `%s`", args[0], hint, help)}
	}
}

// usageArgs makes wrong arguments of every verb a usage error.
func usageArgs(cmd *cobra.Command) {
	if !cmd.Runnable() && cmd.HasSubCommands() {
		chooses(cmd)
	}
	if check := cmd.Args; check != nil {
		cmd.Args = func(c *cobra.Command, args []string) error {
			if err := check(c, args); err != nil {
				return usageError{fmt.Errorf("%s: see `%s --help`", wrongArgs(c, args, err), c.CommandPath())}
			}
			return nil
		}
	}
	for _, sub := range cmd.Commands() {
		usageArgs(sub)
	}
}

// wrongArgs says what a verb lacks, or has too much of, by the names that its
// help gives them.
func wrongArgs(cmd *cobra.Command, args []string, err error) string {
	names := strings.Fields(cmd.Use)[1:]
	line := strings.TrimSpace(cmd.CommandPath() + " " + strings.Join(names, " "))
	switch {
	case len(args) == len(names):
		return err.Error()
	case len(args) < len(names):
		return fmt.Sprintf("%s is missing: write `%s`", strings.TrimSuffix(names[len(args)], "…"), line)
	}
	return fmt.Sprintf("%q is one word too many: write `%s`", args[len(names)], line)
}

// oneOf refuses two of these flags at once.
func oneOf(flags ...string) func(*cobra.Command, []string) error {
	return func(cmd *cobra.Command, _ []string) error {
		var set []string
		for _, f := range flags {
			if cmd.Flags().Changed(f) {
				set = append(set, "--"+f)
			}
		}
		if len(set) > 1 {
			return usageError{fmt.Errorf("%s: choose one of them: see `%s --help`", strings.Join(set, " and "), cmd.CommandPath())}
		}
		return nil
	}
}

func versionCommand() *cobra.Command {
	return &cobra.Command{Use: "version", Short: "print the version", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			_, err := fmt.Fprintln(cmd.OutOrStdout(), "sportello", version())
			return err
		}}
}

// version is the module's version and the commit it was built from, as Go stamps them.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown"
	}
	v := info.Main.Version
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" && len(s.Value) >= 12 {
			v += " " + s.Value[:12]
		}
	}
	return strings.TrimSpace(v + " " + info.GoVersion)
}
