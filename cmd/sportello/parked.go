package main

import (
	"cmp"
	"context"
	"fmt"
	"net/url"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"sportello/rules"
)

func parkedCommand(g *global) *cobra.Command {
	cmd := &cobra.Command{Use: "parked", Short: "messages that are no request: list, show, replay, open",
		Long: "A message that is no request — unreadable, not ours, a bad signature — is parked\nwith its reason: never a case, never in the way. Replay looks at it again, with\nthe trust and the procedures in force now. Open makes a case of it all the same,\nwhich a person decides."}
	cmd.AddCommand(parkedList(g), parkedShow(g), parkedReplay(g), parkedOpen(g))
	return cmd
}

// sentences writes the reasons of a parked message one after the other; the
// store keeps a semicolon between them.
func sentences(detail string) string { return strings.ReplaceAll(detail, ".; ", ". ") }

// parkedRow is a message as `parked list --json` prints it (design §9).
type parkedRow struct {
	ID       uint64       `json:"id"`
	Kind     string       `json:"kind"`
	Reason   rules.Reason `json:"reason"`
	Mailbox  string       `json:"mailbox"`
	Received *time.Time   `json:"received"`

	detail string // for a person
}

func parkedList(g *global) *cobra.Command {
	var reason string
	var limit int
	cmd := &cobra.Command{Use: "list", Short: "list parked messages with their reason, newest first", Args: cobra.NoArgs,
		Example: "  sportello parked list --reason signature_untrusted",
		RunE: func(cmd *cobra.Command, _ []string) error {
			if limit < 0 {
				return usageError{fmt.Errorf("--limit %d: say how many messages, 0 for all: see `sportello parked list --help`", limit)}
			}
			l := newList(cmd, g, func(r parkedRow) []cell {
				return []cell{toned(fmt.Sprint(r.ID), bold), text(r.Kind), text(string(r.Reason)), text(r.Mailbox), text(local(r.Received, minute)), text(r.detail)}
			}, col("MESSAGE"), col("KIND"), col("REASON"), spare("MAILBOX", 2), spare("RECEIVED", 1), flexible("DETAIL", 16))
			n := 0
			err := eachParked(cmd, g, reason, func(m rules.MessageView) (bool, error) {
				received := m.Delivered
				if received.IsZero() {
					received = m.Read
				}
				n++
				return limit == 0 || n < limit, l.add(parkedRow{m.ID, m.Kind, m.Reason, m.Mailbox, rules.At(received), sentences(m.Detail)})
			})
			if err != nil {
				return err
			}
			return l.end("no message is parked")
		}}
	f := cmd.Flags()
	f.StringVar(&reason, "reason", "", "only with this reason")
	f.IntVar(&limit, "limit", 0, "how many messages (default all)")
	f.BoolVar(&g.json, "json", false, "one JSON object a line")
	completeFlag(cmd, "reason", fixed(reasonNames()...))
	return cmd
}

// eachParked calls fn with the parked messages, until it wants no more.
func eachParked(cmd *cobra.Command, g *global, reason string, fn func(rules.MessageView) (more bool, err error)) error {
	c, err := connect(cmd.Context(), g)
	if err != nil {
		return err
	}
	defer c.close()
	for before := uint64(0); ; {
		var page struct {
			Parked []rules.MessageView
			Next   uint64
		}
		q := url.Values{"before": {fmt.Sprint(before)}, "limit": {fmt.Sprint(pageSize)}, "reason": {reason}}
		if err := c.call(cmd.Context(), "GET", "/api/parked?"+q.Encode(), nil, &page); err != nil {
			return err
		}
		for _, m := range page.Parked {
			if more, err := fn(m); err != nil || !more {
				return err
			}
		}
		if before = page.Next; before == 0 {
			return nil
		}
	}
}

func parkedShow(g *global) *cobra.Command {
	var raw bool
	cmd := &cobra.Command{Use: "show MESSAGE", Short: "a stored message: why it is parked, who signed it, what it says", Args: cobra.ExactArgs(1), ValidArgsFunction: completeParked(g),
		Example: "  sportello parked show 17\n  sportello parked show 17 --raw > message.eml",
		RunE: func(cmd *cobra.Command, args []string) error {
			path := "/api/messages/" + url.PathEscape(args[0])
			if raw {
				return saveAnswer(cmd, g, path+"/raw", "-")
			}
			var m rules.MessageView
			if err := ask(cmd, g, "GET", path, nil, &m); err != nil {
				return err
			}
			if g.json {
				return toJSON(cmd.OutOrStdout()).Encode(m)
			}
			s := sheet{w: cmd.OutOrStdout(), screen: screenOf(cmd.OutOrStdout())}
			s.message(&m)
			return s.err
		}}
	cmd.Flags().BoolVar(&g.json, "json", false, "as one JSON object")
	cmd.Flags().BoolVar(&raw, "raw", false, "write the message's bytes as received")
	cmd.PreRunE = oneOf("json", "raw")
	return cmd
}

func (s *sheet) message(m *rules.MessageView) {
	s.painted(bold, "Message %d: %s, %s %s", m.ID, m.Status, dash(m.Kind), m.Reason)
	if r := m.Reason.Meaning(); r != "" {
		s.say("  %s", r)
	}
	if m.Detail != "" {
		s.say("  %s", sentences(m.Detail))
	}
	s.pair("case", m.Case)
	s.pair("mailbox", m.Mailbox)
	s.pair("delivered", when(m.Delivered))
	s.pair("received", when(m.Read))
	s.pair("size", fmt.Sprintf("%d bytes", m.Size))
	s.pair("sha256", m.Digest)
	s.pair("archive", m.Archive)
	if r := m.Receipt; r != nil {
		s.pair("receipt", strings.TrimRight(fmt.Sprintf("%s, %s, %s %s", r.Kind, when(r.At), dash(r.Provider), r.Error), " "))
		s.pair("cause", m.Cause)
	}
	if len(m.Proof) > 0 {
		s.signed(m.Proof)
	}
	f := m.Facts
	if f == nil {
		return
	}
	s.head("What it says")
	s.pair("from", f.Sender)
	s.pair("claims", f.Claimed)
	s.words(f)
}

func parkedReplay(g *global) *cobra.Command {
	return &cobra.Command{Use: "replay MESSAGE…", Short: "look at parked messages again, with the trust and procedures in force now", Args: cobra.MinimumNArgs(1), ValidArgsFunction: completeParked(g),
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
				became, err := becomes(cmd.Context(), c, id)
				if err != nil {
					return err
				}
				fmt.Fprintf(cmd.OutOrStdout(), "message %s is looked at again: %s\n", id, became)
			}
			return nil
		}}
}

// replayWait is how long a replay waits for the decision, which a stage of the
// daemon makes at once; a registry that is down has it wait.
const replayWait = 5 * time.Second

// becomes says what a message that is decided again has become.
func becomes(ctx context.Context, c *client, id string) (string, error) {
	for end := time.Now().Add(replayWait); ; {
		var m rules.MessageView
		if err := c.call(ctx, "GET", "/api/messages/"+url.PathEscape(id), nil, &m); err != nil {
			return "", err
		}
		switch {
		case m.Case != "":
			var d rules.Detail
			if err := c.call(ctx, "GET", "/api/cases/"+url.PathEscape(m.Case), nil, &d); err != nil {
				return "", err
			}
			return strings.TrimSpace(fmt.Sprintf("case %s, %s %s", m.Case, d.Case.State, d.Case.Reason)), nil
		case m.Status != "pending":
			return strings.TrimSpace(fmt.Sprintf("%s, %s", m.Status, cmp.Or(string(m.Reason), m.Kind))), nil
		case time.Now().After(end):
			return "its decision is not there yet: see `sportello parked show " + id + "`", nil
		}
		select {
		case <-ctx.Done():
			return "", ctx.Err()
		case <-time.After(20 * time.Millisecond):
		}
	}
}

func parkedOpen(g *global) *cobra.Command {
	return &cobra.Command{Use: "open MESSAGE", Short: "make a case of a parked message: a person decides it, and it says whether its sender is proved", Args: cobra.ExactArgs(1), ValidArgsFunction: completeParked(g),
		Example: "  sportello parked open 17",
		RunE: func(cmd *cobra.Command, args []string) error {
			var out struct{ Case string }
			if err := ask(cmd, g, "POST", "/api/parked/"+url.PathEscape(args[0])+"/open", struct{}{}, &out); err != nil {
				return err
			}
			_, err := fmt.Fprintf(cmd.OutOrStdout(), "message %s is case %s: see `sportello queue show %s`\n", args[0], out.Case, out.Case)
			return err
		}}
}
