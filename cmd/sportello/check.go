package main

import (
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"sportello/mailproc"
	"sportello/mailproc/pec"
	"sportello/rules"
)

// checked is what `check --json` prints for a file (design §9).
type checked struct {
	File      string            `json:"file"`
	Kind      string            `json:"kind"`
	Signature checkedSignature  `json:"signature"`
	Daticert  *checkedDaticert  `json:"daticert"`
	Procedure string            `json:"procedure"`
	Outcome   string            `json:"outcome"`
	Reason    string            `json:"reason"`
	Reasons   []string          `json:"reasons"`
	Mailbox   string            `json:"mailbox"`
	Fields    map[string]string `json:"fields"`
	Due       *time.Time        `json:"due"`
	Letters   []checkedLetter   `json:"letters"`

	Explanation rules.Explanation `json:"explanation"`
}

type checkedSignature struct {
	Status   string     `json:"status"`
	Signer   string     `json:"signer"`
	Provider string     `json:"provider"`
	Digest   string     `json:"digest"`
	Reason   string     `json:"reason"`
	Detail   string     `json:"detail"`
	Notes    []string   `json:"notes,omitempty"`
	Steps    []pec.Step `json:"steps,omitempty"`
}

type checkedDaticert struct {
	Type       string     `json:"type"`
	Sender     string     `json:"sender"`
	Recipients []string   `json:"recipients"`
	Subject    string     `json:"subject"`
	Identifier string     `json:"identifier"`
	MessageID  string     `json:"message_id"`
	At         *time.Time `json:"at"`
}

type checkedLetter struct {
	To      string `json:"to"`
	Subject string `json:"subject"`
	Text    string `json:"text"`
}

func checkCommand(g *global) *cobra.Command {
	var to, delivered string
	cmd := &cobra.Command{Use: "check FILE…", Short: "what a message is, who signed it, what it matches, what would be decided and answered",
		Long:    "Judges message files against the configuration's trust, procedures and registry,\nwithout network and without the database. Writes nothing. - reads standard input.\n\n" + reasonHelp(),
		Example: "  sportello check -c sportello.toml richiesta.eml\n  sportello check --json --to disattivazioni@pec.example.com --delivered 2026-11-23T10:22:05+01:00 *.eml",
		Args:    cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			var at time.Time
			if delivered != "" {
				var err error
				if at, err = time.Parse(time.RFC3339, delivered); err != nil {
					return usageError{fmt.Errorf("--delivered %q: write it like 2026-11-23T10:22:05+01:00", delivered)}
				}
			}
			desk, err := judgingDesk(cmd, g)
			if err != nil {
				return err
			}
			for _, name := range args {
				j, err := judgeFile(cmd, desk, name, to, at)
				if err != nil {
					return fmt.Errorf("check %s: %w", name, err)
				}
				if err := printChecked(cmd.OutOrStdout(), g.json, report(name, j, desk.Policy().Rules.Calendar.Zone)); err != nil {
					return err
				}
			}
			return nil
		}}
	f := cmd.Flags()
	f.BoolVar(&g.json, "json", false, "one JSON object a file")
	f.StringVar(&to, "to", "", "the request mailbox it came to (default: found among its recipients)")
	f.StringVar(&delivered, "delivered", "", "its INTERNALDATE, RFC 3339 (default: the envelope's date)")
	return cmd
}

func judgeFile(cmd *cobra.Command, desk *mailproc.Desk, name, to string, delivered time.Time) (*mailproc.Judgement, error) {
	file := os.Stdin
	if name != "-" {
		var err error
		if file, err = os.Open(name); err != nil {
			return nil, err
		}
		defer file.Close()
	}
	info, err := file.Stat()
	if err != nil {
		return nil, err
	}
	if info.Mode().IsRegular() {
		return desk.Judge(cmd.Context(), file, info.Size(), to, delivered)
	}
	raw, err := io.ReadAll(file)
	if err != nil {
		return nil, err
	}
	return desk.Judge(cmd.Context(), strings.NewReader(string(raw)), int64(len(raw)), to, delivered)
}

func report(name string, j *mailproc.Judgement, zone *time.Location) checked {
	env, d := j.Envelope, j.Decision
	v := env.Verdict
	c := checked{File: name, Kind: string(env.Kind), Procedure: d.Procedure, Outcome: string(d.Outcome), Reason: string(d.Reason),
		Reasons: d.Reasons, Mailbox: d.Mailbox, Fields: d.Fields, Letters: []checkedLetter{}, Explanation: d.Explanation,
		Signature: checkedSignature{Status: string(v.Status), Signer: v.Signer, Provider: v.Provider, Digest: v.Digest, Reason: string(v.Reason), Detail: v.Detail, Notes: v.Notes, Steps: v.Steps}}
	if c.Reasons == nil {
		c.Reasons = []string{}
	}
	if c.Fields == nil {
		c.Fields = map[string]string{}
	}
	if !d.Due.IsZero() {
		c.Due = rules.At(d.Due.In(zone))
	}
	if x := env.Daticert; x != nil {
		c.Daticert = &checkedDaticert{Type: x.Type, Sender: x.Sender, Subject: x.Subject, Identifier: x.Identifier, MessageID: x.MessageID, At: rules.At(x.At), Recipients: []string{}}
		for _, r := range x.Recipients {
			c.Daticert.Recipients = append(c.Daticert.Recipients, r.Address)
		}
	}
	for _, l := range j.Letters {
		c.Letters = append(c.Letters, checkedLetter{l.To, l.Subject, l.Text})
	}
	return c
}

func printChecked(w io.Writer, asJSON bool, c checked) error {
	if asJSON {
		return toJSON(w).Encode(c)
	}
	fmt.Fprintf(w, "%s: %s, signature %s", c.File, c.Kind, c.Signature.Status)
	if c.Signature.Provider != "" {
		fmt.Fprintf(w, " by %s <%s>, %s", printable(c.Signature.Provider), printable(c.Signature.Signer), c.Signature.Digest)
	}
	fmt.Fprintln(w)
	for _, s := range c.Signature.Steps {
		mark, detail := "ok  ", s.Detail
		switch {
		case !s.OK:
			mark = "FAIL"
		case s.Unchecked:
			mark, detail = "--  ", "NOT checked: "+s.Detail
		}
		fmt.Fprintf(w, "  %s %-12s %s\n", mark, s.Name, printable(detail))
	}
	for _, n := range c.Signature.Notes {
		fmt.Fprintf(w, "  note %s\n", n)
	}
	fmt.Fprintf(w, "  outcome %s", c.Outcome)
	for _, s := range []string{c.Procedure, c.Reason} {
		if s != "" {
			fmt.Fprintf(w, ", %s", s)
		}
	}
	fmt.Fprintln(w)
	for _, r := range c.Reasons {
		fmt.Fprintf(w, "    - %s\n", printable(r))
	}
	if c.Mailbox != "" {
		fmt.Fprintf(w, "  mailbox %s\n", printable(c.Mailbox))
	}
	s := sheet{w: w}
	if c.Explanation.Own != "" {
		s.pieces(c.Explanation, c.Fields, nil)
	}
	if c.Due != nil {
		fmt.Fprintf(w, "  due %s\n", local(c.Due, minute))
	}
	for _, l := range c.Letters {
		s.letter(rules.LetterText{To: l.To, Subject: l.Subject, Text: l.Text})
	}
	return s.err
}

// reasonHelp lists every reason code with its meaning.
func reasonHelp() string {
	var b strings.Builder
	b.WriteString("Reasons:\n")
	for _, r := range rules.AllReasons {
		fmt.Fprintf(&b, "  %-22s %s\n", r, r.Meaning())
	}
	return b.String()
}
