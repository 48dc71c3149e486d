package main

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"sportello/mailproc/console"
	"sportello/rules"
)

func lettersCommand(g *global) *cobra.Command {
	cmd := &cobra.Command{Use: "letters", Short: "letters that have not gone out, are uncertain or failed; the letters of the procedures"}
	cmd.AddCommand(lettersList(g), lettersShow(g))
	return cmd
}

func lettersList(g *global) *cobra.Command {
	cmd := &cobra.Command{Use: "list", Short: "letters owed, held, being tried, uncertain or failed, with their last answer", Args: cobra.NoArgs,
		Long: "A letter goes out once. An uncertain one may have gone: the provider's acceptance\nreceipt tells, and it is not sent again before. A held one waits for its budget, or\nfor `sportello queue release`; a failed one for `sportello queue resend`.",
		RunE: func(cmd *cobra.Command, _ []string) error {
			var out struct{ Letters []console.LetterRow }
			if err := ask(cmd, g, "GET", "/api/letters", nil, &out); err != nil {
				return err
			}
			return newList(cmd, g, func(l console.LetterRow) []cell {
				return []cell{toned(l.Case, bold), text(fmt.Sprint(l.N)), text(l.Name), toned(string(l.State), letterTone(l.State)), text(l.To), text(when(l.Owed)),
					text(when(l.NextTry)), text(fmt.Sprint(l.Tries)), text(lastAnswer(l))}
			}, col("CASE"), col("N"), col("LETTER"), col("STATE"), flexible("TO", 14), spare("OWED", 1), col("NEXT LOOK"), col("TRIES"), flexible("LAST ANSWER, OR WHY IT IS HELD", 12)).
				print(out.Letters, "no letter waits")
		}}
	cmd.Flags().BoolVar(&g.json, "json", false, "one JSON object a line")
	return cmd
}

// lastAnswer is what was last heard of a letter: a receipt says more than the
// server that took it, and of one that is held why it is.
func lastAnswer(l console.LetterRow) string {
	if l.Held != "" {
		return l.Held
	}
	if l.Receipt != "" {
		return strings.TrimSpace(l.Receipt + " " + l.Error)
	}
	return l.Answer
}

func letterTone(s rules.LetterState) tone {
	switch s {
	case rules.Failed:
		return bad
	case rules.Uncertain, rules.Held:
		return alert
	}
	return calm
}

func lettersShow(g *global) *cobra.Command {
	return &cobra.Command{Use: "show [PROCEDURE…]", Short: "every letter of a procedure, rendered on an invented case for review",
		Long: `Prints the letters of the procedures named, or of all, as customers get them: with
the configuration's own facts ([letters]), on an invented case, refusals once for
each reason that has a text.`,
		Example: "  sportello letters show disattivazione", ValidArgsFunction: completeProcedures(g),
		RunE: func(cmd *cobra.Command, args []string) error {
			cfg, err := configToLook(g.config)
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
			return showLetters(cmd, policy.Rules, args)
		}}
}

// showLetters prints every letter of the named procedures.
func showLetters(cmd *cobra.Command, set *rules.Set, names []string) error {
	s := sheet{w: cmd.OutOrStdout(), screen: screenOf(cmd.OutOrStdout())}
	for _, name := range names {
		if set.Procedure(name) == nil {
			return fmt.Errorf("no procedure %q: see `sportello procedures list`", name)
		}
		for _, l := range set.Samples(name) {
			s.painted(bold, "── %s: %s %s", name, l.Name, l.Reason)
			s.letter(l.LetterText)
		}
	}
	return s.err
}
