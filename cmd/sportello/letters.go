package main

import (
	"fmt"
	"net/url"
	"strings"

	"github.com/spf13/cobra"

	"sportello/mailproc/console"
	"sportello/rules"
)

func lettersCommand(g *global) *cobra.Command {
	cmd := &cobra.Command{Use: "letters", Short: "letters that failed, lack a receipt, are uncertain or have not gone out; the letters of the procedures"}
	cmd.AddCommand(lettersList(g), lettersShow(g))
	return cmd
}

func lettersList(g *global) *cobra.Command {
	var standing string
	cmd := &cobra.Command{Use: "list", Short: "letters that failed, lack a receipt, are uncertain or have not gone out, with their last answer", Args: cobra.NoArgs,
		Long: `A letter goes out once. What the states mean, and what is to be done:

  failed     it did not arrive: queue resend when its cause has passed
  overdue    accepted more than a day ago, and no receipt says whether it was
             delivered: look for it, then queue arrived, or queue resend
  uncertain  it may have gone: the provider's receipt of acceptance tells, and it
             is not sent again before
  held       it waits for its budget, or for queue release
  owed       it goes out by itself, at its next try
  trying     the connection is open`,
		Example: "  sportello letters list --state overdue",
		RunE: func(cmd *cobra.Command, _ []string) error {
			var out struct{ Letters []console.LetterRow }
			if err := ask(cmd, g, "GET", "/api/letters?"+url.Values{"state": {standing}}.Encode(), nil, &out); err != nil {
				return err
			}
			none := "no letter waits"
			if standing != "" {
				none = "no letter is " + standing
			}
			return newList(cmd, g, func(l console.LetterRow) []cell {
				return []cell{toned(l.Case, bold), text(fmt.Sprint(l.N)), text(l.Name), toned(string(l.Standing()), letterTone(l.Standing())), text(l.To), text(when(l.Owed)),
					text(when(l.NextTry)), text(fmt.Sprint(l.Tries)), text(lastAnswer(l))}
			}, col("CASE"), col("N"), col("LETTER"), col("STATE"), flexible("TO", 14), spare("OWED", 1), col("NEXT LOOK"), col("TRIES"), flexible("LAST ANSWER, OR WHY IT IS HELD", 12)).
				print(out.Letters, none)
		}}
	cmd.Flags().BoolVar(&g.json, "json", false, "one JSON object a line")
	cmd.Flags().StringVar(&standing, "state", "", "only failed, overdue, uncertain, held, owed or trying")
	words := make([]string, len(rules.OpenStandings))
	for i, s := range rules.OpenStandings {
		words[i] = string(s)
	}
	completeFlag(cmd, "state", fixed(words...))
	return cmd
}

// lastAnswer is what was last heard of a letter: a receipt says more than the
// server that took it, and of one that is held why it is.
func lastAnswer(l console.LetterRow) string {
	switch {
	case l.Held != "":
		return l.Held
	case l.Overdue:
		return "accepted " + when(l.Accepted) + ", and nothing since"
	case l.Receipt != "":
		return strings.TrimSpace(l.Receipt + " " + l.Error)
	}
	return l.Answer
}

func letterTone(s rules.LetterState) tone {
	switch s {
	case rules.Failed:
		return bad
	case rules.Uncertain, rules.Held, rules.Overdue:
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
