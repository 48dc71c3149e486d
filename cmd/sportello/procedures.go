package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"sportello/mailproc/console"
)

func proceduresCommand(g *global) *cobra.Command {
	cmd := &cobra.Command{Use: "procedures", Short: "the procedures in force: list, show; those of a folder: check",
		Long: installed("A procedure is a kind of request, defined by a folder of texts: templates/README.md\nsays how to write one. The letters of those in force: `sportello letters show NAME`.", docs)}
	list := &cobra.Command{Use: "list", Short: "list the procedures: who decides, the term, the mailbox", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			all, err := allProcedures(cmd, g)
			if err != nil {
				return err
			}
			return newList(cmd, g, func(p console.ProcedureInfo) []cell {
				return []cell{toned(p.Name, bold), text(p.Decide), text(p.Term), text(p.Mailbox), text(p.Title)}
			}, col("NAME"), col("DECIDED BY"), col("TERM"), col("MAILBOX"), flexible("TITLE", 16)).print(all, "no procedure")
		}}
	list.Flags().BoolVar(&g.json, "json", false, "one JSON object a line")
	show := &cobra.Command{Use: "show NAME", Short: "a procedure with its form and the names of its letters", Args: cobra.ExactArgs(1), ValidArgsFunction: completeProcedures(g),
		RunE: func(cmd *cobra.Command, args []string) error {
			all, err := allProcedures(cmd, g)
			if err != nil {
				return err
			}
			var names []string
			for _, p := range all {
				if p.Name == args[0] {
					return showProcedure(cmd, g, p)
				}
				names = append(names, p.Name)
			}
			return fmt.Errorf("no procedure %q: one of %s", args[0], strings.Join(names, ", "))
		}}
	show.Flags().BoolVar(&g.json, "json", false, "as one JSON object")
	cmd.AddCommand(list, show, proceduresCheck())
	return cmd
}

func proceduresCheck() *cobra.Command {
	var letters bool
	cmd := &cobra.Command{Use: "check FOLDER", Short: "read a folder of your own procedures, run their examples, and tell every mistake",
		Long: `Reads the procedures of a folder over those that come with the program, tries
each letter on an invented case and decides each example. Every mistake is told
with its file and line. It needs no configuration and writes nothing: what of
yours procedures refer to (mailboxes, actions), ` + "`sportello config check`" + ` compares.`,
		Example: "  sportello procedures check my-procedures\n  sportello procedures check my-procedures --letters",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			entries, err := os.ReadDir(args[0])
			if err != nil {
				return fmt.Errorf("%w: name the folder that your procedures' folders lie in", err)
			}
			if _, err := os.Stat(filepath.Join(args[0], "procedure.toml")); err == nil {
				return fmt.Errorf("%s is a procedure's own folder: name the one that it lies in, %s", args[0], filepath.Dir(filepath.Clean(args[0])))
			}
			set, err := loadProcedures(&Config{Templates: args[0]})
			if err != nil {
				return err
			}
			var own []string
			for _, e := range entries {
				if p := set.Procedure(e.Name()); p != nil {
					own = append(own, p.Name)
					fmt.Fprintf(cmd.OutOrStdout(), "%s: %s, %s\n", p.Name, p.Title, count(len(p.Examples), "example", "examples"))
					if near := nearest(p.Mailbox, usualMailboxes); near != "" && near != p.Mailbox {
						fmt.Fprintf(cmd.OutOrStdout(), "note: %s: mailbox %q: did you mean %q?\n", p.Name, p.Mailbox, near)
					}
				}
			}
			if len(own) == 0 {
				return fmt.Errorf("no procedure in %s: it is the folder that your procedures' folders lie in (name/procedure.toml)", args[0])
			}
			if letters {
				if err := showLetters(cmd, set, own); err != nil {
					return err
				}
			}
			_, err = fmt.Fprintln(cmd.OutOrStdout(), "ok")
			return err
		}}
	cmd.Flags().BoolVar(&letters, "letters", false, "print every letter of these procedures, on an invented case")
	return cmd
}

func allProcedures(cmd *cobra.Command, g *global) ([]console.ProcedureInfo, error) {
	var out struct{ Procedures []console.ProcedureInfo }
	err := ask(cmd, g, "GET", "/api/procedures", nil, &out)
	return out.Procedures, err
}

func showProcedure(cmd *cobra.Command, g *global, p console.ProcedureInfo) error {
	if g.json {
		return toJSON(cmd.OutOrStdout()).Encode(p)
	}
	s := sheet{w: cmd.OutOrStdout(), screen: screenOf(cmd.OutOrStdout())}
	s.painted(bold, "%s: %s", p.Name, p.Title)
	s.pair("decided by", p.Decide)
	s.pair("subject", p.Subject)
	s.pair("mailbox", p.Mailbox)
	s.pair("term", p.Term)
	s.pair("kept for", p.Keep)
	s.pair("letters", strings.Join(p.Letters, ", "))
	if p.Form != "" {
		s.head("The form")
		s.prose("|", p.Form)
	}
	if len(p.Wordings) > 0 {
		s.head("Texts as good as the form")
		for _, text := range p.Wordings {
			s.prose("|", text)
		}
	}
	return s.err
}
