package main

import (
	"context"
	"fmt"
	"net/url"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"sportello/mailproc/console"
	"sportello/rules"
)

// completer offers the words that can follow what is typed.
type completer = func(cmd *cobra.Command, args []string, typed string) ([]string, cobra.ShellCompDirective)

// completeFlag offers the values of a flag.
func completeFlag(cmd *cobra.Command, flag string, words completer) {
	if err := cmd.RegisterFlagCompletionFunc(flag, words); err != nil {
		panic(err) // the flag is not defined: a mistake of ours, seen at every start
	}
}

// fixed offers words that never change.
func fixed(words ...string) completer {
	return func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
		return words, cobra.ShellCompDirectiveNoFileComp
	}
}

// shellWaits is how long a completion may take: a shell that hangs is worse
// than one that offers nothing.
const shellWaits = 2 * time.Second

// asking offers what the desk answers, and nothing when it does not.
func asking(g *global, ask func(ctx context.Context, c *client, typed string) []string) completer {
	return func(cmd *cobra.Command, args []string, typed string) ([]string, cobra.ShellCompDirective) {
		if len(args) > 0 && cmd.Name() != "replay" {
			return nil, cobra.ShellCompDirectiveNoFileComp
		}
		ctx, cancel := context.WithTimeout(context.Background(), shellWaits)
		defer cancel()
		c, err := connect(ctx, g)
		if err != nil {
			return nil, cobra.ShellCompDirectiveNoFileComp
		}
		defer c.close()
		return ask(ctx, c, typed), cobra.ShellCompDirectiveNoFileComp | cobra.ShellCompDirectiveKeepOrder
	}
}

// completeCases offers protocol numbers with what they are about: those a verb
// is for (approve: cases to decide, …), else all.
func completeCases(g *global, verb string) completer {
	states := map[string]rules.State{"approve": rules.InReview, "reject": rules.InReview, "ask": rules.InReview, "answer": rules.InReview, "reopen": rules.Closed}
	return asking(g, func(ctx context.Context, c *client, typed string) (out []string) {
		var page struct{ Cases []console.Row }
		q := url.Values{"limit": {"50"}, "q": {typed}}
		if s := states[verb]; s != "" {
			q.Set("state", string(s))
		}
		if c.call(ctx, "GET", "/api/cases?"+q.Encode(), nil, &page) != nil {
			return nil
		}
		for _, r := range page.Cases {
			out = append(out, r.ID+"\t"+printable(string(r.State)+" "+r.Procedure+" "+r.Mailbox))
		}
		return out
	})
}

func completeProcedures(g *global) completer {
	return func(cmd *cobra.Command, _ []string, typed string) ([]string, cobra.ShellCompDirective) {
		return asking(g, func(ctx context.Context, c *client, _ string) (out []string) {
			var answer struct{ Procedures []console.ProcedureInfo }
			if c.call(ctx, "GET", "/api/procedures", nil, &answer) != nil {
				return nil
			}
			for _, p := range answer.Procedures {
				out = append(out, p.Name+"\t"+p.Title)
			}
			slices.Sort(out)
			return out
		})(cmd, nil, typed)
	}
}

func completeUsers(g *global) completer {
	return asking(g, func(ctx context.Context, c *client, _ string) (out []string) {
		var answer struct{ Users []console.UserInfo }
		if c.call(ctx, "GET", "/api/users", nil, &answer) != nil {
			return nil
		}
		for _, u := range answer.Users {
			out = append(out, u.Name+"\t"+string(u.Role))
		}
		return out
	})
}

// completeOperators offers those to whom a case can be handed over.
func completeOperators(g *global) completer {
	return func(cmd *cobra.Command, _ []string, typed string) ([]string, cobra.ShellCompDirective) {
		return completeUsers(g)(cmd, nil, typed)
	}
}

// completeParked offers the numbers of parked messages.
func completeParked(g *global) completer {
	return asking(g, func(ctx context.Context, c *client, _ string) (out []string) {
		var page struct{ Parked []rules.MessageView }
		if c.call(ctx, "GET", "/api/parked?limit=50", nil, &page) != nil {
			return nil
		}
		for _, m := range page.Parked {
			out = append(out, fmt.Sprintf("%d\t%s", m.ID, printable(string(m.Reason)+" "+m.Mailbox)))
		}
		return out
	})
}
