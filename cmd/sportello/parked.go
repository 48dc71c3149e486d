package main

import (
	"encoding/json"
	"fmt"
	"net/url"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"sportello/rules"
)

func parkedCommand(g *global) *cobra.Command {
	cmd := &cobra.Command{Use: "parked", Short: "messages that are no request: list, show, replay",
		Long: "A message that is no request — unreadable, not ours, a bad signature — is parked\nwith its reason: never a case, never in the way. Replay looks at it again, with\nthe trust and the procedures in force now."}
	cmd.AddCommand(parkedList(g), parkedShow(g), parkedReplay(g))
	return cmd
}

// parkedRow is a message as `parked list --json` prints it (design §9).
type parkedRow struct {
	ID       uint64       `json:"id"`
	Kind     string       `json:"kind"`
	Reason   rules.Reason `json:"reason"`
	Mailbox  string       `json:"mailbox"`
	Received *time.Time   `json:"received"`
}

func parkedList(g *global) *cobra.Command {
	cmd := &cobra.Command{Use: "list", Short: "list parked messages with their reason", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			c, err := connect(cmd.Context(), g)
			if err != nil {
				return err
			}
			defer c.close()
			enc := json.NewEncoder(cmd.OutOrStdout())
			t := tabwriter.NewWriter(cmd.OutOrStdout(), 2, 8, 2, ' ', 0)
			if !g.json {
				fmt.Fprintln(t, "MESSAGE\tKIND\tREASON\tMAILBOX\tRECEIVED\tDETAIL")
			}
			for before := uint64(0); ; {
				var page struct{ Parked []rules.MessageView }
				if err := c.call(cmd.Context(), "GET", fmt.Sprintf("/api/parked?before=%d&limit=%d", before, pageSize), nil, &page); err != nil {
					return err
				}
				for _, m := range page.Parked {
					before = m.ID
					received := m.Delivered
					if received.IsZero() {
						received = m.Read
					}
					if g.json {
						err = enc.Encode(parkedRow{m.ID, m.Kind, m.Reason, m.Mailbox, rules.At(received)})
					} else {
						_, err = fmt.Fprintf(t, "%d\t%s\t%s\t%s\t%s\t%s\n", m.ID, dash(m.Kind), m.Reason, m.Mailbox, local(&received, "Mon 2 Jan 2006 15:04"), printable(m.Detail))
					}
					if err != nil {
						return err
					}
				}
				if len(page.Parked) < pageSize {
					return t.Flush()
				}
			}
		}}
	cmd.Flags().BoolVar(&g.json, "json", false, "one JSON object a line")
	return cmd
}

func parkedShow(g *global) *cobra.Command {
	var raw bool
	cmd := &cobra.Command{Use: "show MESSAGE", Short: "why a message is parked, who signed it, what it says", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			c, err := connect(cmd.Context(), g)
			if err != nil {
				return err
			}
			defer c.close()
			out := cmd.OutOrStdout()
			if raw {
				body, err := c.open(cmd.Context(), "GET", "/api/messages/"+url.PathEscape(args[0])+"/raw", nil)
				if err != nil {
					return err
				}
				return copyAll(out, body)
			}
			var m rules.MessageView
			if err := c.call(cmd.Context(), "GET", "/api/messages/"+url.PathEscape(args[0]), nil, &m); err != nil {
				return err
			}
			if g.json {
				return json.NewEncoder(out).Encode(m)
			}
			fmt.Fprintf(out, "Message %d: %s, %s — %s\n", m.ID, m.Status, dash(m.Kind), m.Reason)
			if m.Detail != "" {
				fmt.Fprintf(out, "  %s\n", printable(m.Detail))
			}
			fmt.Fprintf(out, "  mailbox    %s\n  delivered  %s\n  received   %s\n  size       %d bytes\n  sha256     %s\n  archive    %s\n",
				m.Mailbox, when(m.Delivered), when(m.Read), m.Size, m.Digest, m.Archive)
			for _, s := range m.Proof {
				fmt.Fprintf(out, "  %-5v %-12s %s\n", s.OK, s.Name, printable(s.Detail))
			}
			if f := m.Facts; f != nil {
				fmt.Fprintf(out, "  claims to be from %s\n  subject    %s\n", printable(dash(f.Claimed)), printable(f.Subject))
			}
			return nil
		}}
	cmd.Flags().BoolVar(&g.json, "json", false, "as one JSON object")
	cmd.Flags().BoolVar(&raw, "raw", false, "write the message's bytes as received")
	return cmd
}

func parkedReplay(g *global) *cobra.Command {
	return &cobra.Command{Use: "replay MESSAGE…", Short: "look at parked messages again, with the trust and procedures in force now", Args: cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			c, err := connect(cmd.Context(), g)
			if err != nil {
				return err
			}
			defer c.close()
			for _, id := range args {
				if err := c.call(cmd.Context(), "POST", "/api/parked/"+url.PathEscape(id)+"/replay", struct{}{}, nil); err != nil {
					return err
				}
				fmt.Fprintf(cmd.OutOrStdout(), "message %s is looked at again\n", id)
			}
			return nil
		}}
}
