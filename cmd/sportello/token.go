package main

import (
	"fmt"
	"net/url"

	"github.com/spf13/cobra"

	"sportello/mailproc/console"
)

func tokenCommand(g *global) *cobra.Command {
	cmd := &cobra.Command{Use: "token", Short: "bearer tokens for scripts: make, list, drop",
		Long: "A token has the role of its owner, a user of the console, and lasts a year. The verbs\nneed --as NAME, or --user NAME of an admin for another's. Scripts present it to the JSON API (Authorization: Bearer …), the\ncommand line takes it from " + tokenVariable + "."}
	make := &cobra.Command{Use: "make LABEL", Short: "make a token; it is printed this once", Args: cobra.ExactArgs(1), Example: "  sportello token make monitor --as anna",
		RunE: func(cmd *cobra.Command, args []string) error {
			var out struct{ Token string }
			if err := ask(cmd, g, "POST", "/api/tokens", map[string]string{"label": args[0]}, &out); err != nil {
				return err
			}
			_, err := fmt.Fprintln(cmd.OutOrStdout(), out.Token)
			return err
		}}
	var user string
	whose := func(cmd *cobra.Command) {
		cmd.Flags().StringVar(&user, "user", "", "of this user, as an admin or as the daemon's owner")
		completeFlag(cmd, "user", completeOperators(g))
	}
	list := &cobra.Command{Use: "list", Short: "list one's tokens, or those of --user", Args: cobra.NoArgs, Example: "  sportello token list --as anna\n  sportello token list --user anna",
		RunE: func(cmd *cobra.Command, _ []string) error {
			var out struct{ Tokens []console.TokenInfo }
			if err := ask(cmd, g, "GET", tokensOf(user), nil, &out); err != nil {
				return err
			}
			return newList(cmd, g, func(x console.TokenInfo) []cell { return []cell{text(x.Key), text(x.Label), text(when(x.Until))} },
				flexible("KEY", 12), col("LABEL"), col("UNTIL")).print(out.Tokens, "no token: `sportello token make LABEL` makes one")
		}}
	list.Flags().BoolVar(&g.json, "json", false, "one JSON object a line")
	drop := &cobra.Command{Use: "drop KEY", Short: "end one's token, or all those of --user", Example: "  sportello token drop KEY --as anna\n  sportello token drop --user anna",
		Args: func(cmd *cobra.Command, args []string) error {
			if user != "" {
				return cobra.NoArgs(cmd, args)
			}
			return cobra.ExactArgs(1)(cmd, args)
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			if user != "" {
				return changeUser(cmd, g, "DELETE", tokensOf(user), nil, "the tokens of "+user+" count no more")
			}
			if err := ask(cmd, g, "DELETE", "/api/tokens/"+url.PathEscape(args[0]), nil, nil); err != nil {
				return err
			}
			_, err := fmt.Fprintln(cmd.OutOrStdout(), "the token counts no more")
			return err
		}}
	whose(list)
	whose(drop)
	cmd.AddCommand(make, list, drop)
	return cmd
}

// tokensOf is where the tokens of a user are, or one's own.
func tokensOf(user string) string {
	if user == "" {
		return "/api/tokens"
	}
	return userPath(user) + "/tokens"
}
