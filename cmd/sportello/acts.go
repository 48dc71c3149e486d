package main

import (
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"sportello/rules"
)

// actVerb is a verb of the queue that changes a case.
type actVerb struct {
	name, short, example string
	sends                bool // a letter, which can be seen before
	long                 string
	flags                func(*global, *cobra.Command, *rules.Act)
}

var actVerbs = []actVerb{
	{"approve", "accept a request: the outcome letter goes out, its steps start", "approve 2026-000123", true, `
The letter of acceptance goes out; the steps begin when its delivery receipt has
come, or when the procedure says. Who is not proved to have sent the request
cannot be approved. With four_eyes the first approval proposes, another person's
carries it out. Of a revocation, --takes says which open request it takes back, and
that one is withdrawn in the same act.`, func(g *global, c *cobra.Command, a *rules.Act) {
		procedureFlag(g, c, a)
		c.Flags().StringArrayVar(&a.Takes, "takes", nil, "of a revocation: the request that it takes back, by its number (repeatable), or none")
		textFlag(c, a, "a remark")
		wordFlag(c, a)
	}},
	{"reject", "refuse a request, with its reason", "reject 2026-000123 --reason missing_fields", true, `
The letter says why, and how to ask rightly: by a reason code in the procedure's
own words (motivi/), or by --text in yours. A mailbox that could only be read is
given back. What cannot be taken back, a closing or a refund, cannot be refused.`, func(g *global, c *cobra.Command, a *rules.Act) {
		procedureFlag(g, c, a)
		c.Flags().StringVar((*string)(&a.Reason), "reason", "", "reason code: the letter explains it and its remedy")
		completeFlag(c, "reason", fixed(reasonNames()...))
		textFlag(c, a, "the reason in words of your own")
	}},
	{"ask", "ask the customer for documents", "ask 2026-000123 --document \"documento d'identità fronte/retro\"", true, `
The case waits for the documents, is reminded of them once, and is refused when
their term has passed. The question keeps the promise: what the customer sends
begins a new term. It can be decided meanwhile, or asked for more.`, func(_ *global, c *cobra.Command, a *rules.Act) {
		c.Flags().StringArrayVar(&a.Documents, "document", nil, "what is missing (repeatable)")
		textFlag(c, a, "why")
	}},
	{"answer", "answer with a text of your own, and attachments", "answer 2026-000123 --text \"…\"", true, `
The letter is your text between the usual greeting and closing. Nothing is done to
the mailbox; one that could only be read is given back.`, func(g *global, c *cobra.Command, a *rules.Act) {
		procedureFlag(g, c, a)
		textFlag(c, a, "the answer")
		wordFlag(c, a)
		c.Flags().StringArray("file", nil, "attach a file (repeatable)")
	}},
	{"done", "say that a step asked of you, or one that failed, is done", "done 2026-000123", false, `
For a step without an [action.NAME], and for one that failed and that you carried
out yourself. The case goes on from there.`, func(_ *global, c *cobra.Command, a *rules.Act) {
		c.Flags().IntVar(&a.N, "step", 0, "which step (default: the one that waits)")
		textFlag(c, a, "a remark")
	}},
	{"retry", "try a failed step again: no other letter goes out", "retry 2026-000123", false, `
For a step that failed, once what was wrong is mended.`, func(_ *global, c *cobra.Command, a *rules.Act) { textFlag(c, a, "a remark") }},
	{"note", "add a remark", "note 2026-000123 --text \"telefonato\"", false, `
For the people of the desk alone. Like every act it ends the notice that a
customer wrote again.`, func(_ *global, c *cobra.Command, a *rules.Act) { textFlag(c, a, "the remark") }},
	{"withdraw", "close a request that the customer takes back, or one that no letter can answer", "withdraw 2026-000123", true, `
The letter confirms it, and the steps stop; a mailbox that could only be read is
given back. Where the mailbox is closed already, the letter says that it is late.
With --no-letter nothing is sent, where a letter failed or the sender is not proved.`, func(_ *global, c *cobra.Command, a *rules.Act) {
		textFlag(c, a, "a remark")
		c.Flags().BoolVar(&a.Silent, "no-letter", false, "no letter goes out: one could not be delivered, or the sender is not proved; --text says how the customer was told")
	}},
	{"stop", "stop an accepted case: what has not begun does not begin, and it is to be decided again", "stop 2026-000123", false, `
For an acceptance that was wrong. A letter that has not left does not leave, and
steps that have not begun do not begin; then the case is decided again.`, func(_ *global, c *cobra.Command, a *rules.Act) { textFlag(c, a, "why") }},
	{"reopen", "open a closed case again", "reopen 2026-000123", false, `
It is to be decided again. An acceptance then sends a new letter, and the days of
reading begin anew.`, func(_ *global, c *cobra.Command, a *rules.Act) { textFlag(c, a, "why") }},
	{"release", "let a held letter go out", "release 2026-000123", true, `
For a letter that is held because too many went to its address, or because it may
have left already. First see whether something goes round in circles.`, letterFlag},
	{"resend", "send the text of a failed letter again", "resend 2026-000123", true, `
For a letter that the customer's mailbox did not take, or of which no receipt says
what became of it. It goes out as it was.`, letterFlag},
	{"arrived", "say that a letter arrived, though no receipt says so", "arrived 2026-000123 --text \"telefonato\"", false, `
For a letter that was tried and never accepted (failed, uncertain, held), or that the
provider accepted more than a day ago without a receipt of what became of it, once you
know from elsewhere that the customer has it: --text says how. The case goes on as if
the receipt had come; one that comes later is kept as ever. Where a signed receipt says
that it was not delivered, send it again instead.`, func(g *global, c *cobra.Command, a *rules.Act) {
		letterFlag(g, c, a)
		textFlag(c, a, "how you know")
	}},
	{"assign", "hand a case over to an operator, or to whoever comes first", "assign 2026-000123 --to anna", false, `
For the people of the desk alone: the list shows whose the case is, and queue list
--assignee anna what she has. Whoever may decide may still decide it.`, func(g *global, c *cobra.Command, a *rules.Act) {
		c.Flags().StringVar(&a.To, "to", "", "to which user of the console; "+rules.Nobody+" for nobody: whoever comes first")
		completeFlag(c, "to", completeOperators(g))
		textFlag(c, a, "a remark")
	}},
	{"later", "put a case off to a day, on which a notice recalls it", "later 2026-000123 --until tomorrow", false, `
The promise goes on meanwhile: a case that owes an answer cannot be put off beyond
its term. A message of the customer, or a decision, ends it before.`, func(_ *global, c *cobra.Command, a *rules.Act) {
		c.Flags().StringVar(&a.Until, "until", "", "the day: 2026-12-01, 1/12/2026 or tomorrow")
		completeFlag(c, "until", fixed("tomorrow"))
		textFlag(c, a, "a remark")
	}},
}

func procedureFlag(g *global, c *cobra.Command, a *rules.Act) {
	c.Flags().StringVar(&a.Procedure, "procedure", "", "as this procedure, when the desk could not tell")
	completeFlag(c, "procedure", completeProcedures(g))
}

func textFlag(c *cobra.Command, a *rules.Act, usage string) {
	c.Flags().StringVar(&a.Text, "text", "", usage)
}

func wordFlag(c *cobra.Command, a *rules.Act) {
	c.Flags().StringToStringVar(&a.Words, "word", nil, "what the letter asks for besides the case, e.g. dove=\"nel pannello\" (repeatable)")
	names := make([]string, len(rules.GivenWords))
	for i, w := range rules.GivenWords {
		names[i] = w + "="
	}
	completeFlag(c, "word", fixed(names...))
}

func letterFlag(_ *global, c *cobra.Command, a *rules.Act) {
	c.Flags().IntVar(&a.N, "letter", 0, "which letter (default: the last)")
}

// hint is the verb as one would type it for a case.
func (v actVerb) hint(id string) string {
	line := "sportello queue " + strings.Replace(v.example, "2026-000123", id, 1)
	if v.sends {
		line += " --preview"
	}
	return line
}

func (v actVerb) command(g *global) *cobra.Command {
	act := &rules.Act{Verb: v.name}
	var preview bool
	cmd := &cobra.Command{Use: v.name + " PROTOCOL", Short: v.short, Long: strings.TrimSpace(v.long), Example: "  sportello queue " + v.example, Args: cobra.ExactArgs(1),
		ValidArgsFunction: completeCases(g, v.name),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := attach(cmd, act); err != nil {
				return err
			}
			if preview {
				return previewAct(cmd, g, args[0], *act)
			}
			return v.perform(cmd, g, args[0], *act)
		}}
	v.flags(g, cmd, act)
	if v.sends {
		cmd.Flags().BoolVar(&preview, "preview", false, "show the letter that would be sent and the steps that would follow, and do nothing")
	}
	cmd.Flags().BoolVar(&g.json, "json", false, "print the case as JSON")
	cmd.Flags().IntVar(&act.Version, "version", 0, "refuse if the case has changed since this version of it (queue show tells it)")
	return cmd
}

// missing is how what an act lacks is given here; the desk's refusals name no
// flags, since the console reads them too.
var missing = []struct{ refusal, flags string }{
	{"a rejection needs its reason", "--reason CODE or --text TEXT"},
	{"say which documents are asked for", "--document NAME"},
	{"an answer needs its text", "--text TEXT"},
	{"a note needs its text", "--text TEXT"},
	{"say to whom the case is handed over", "--to NAME"},
	{"say until which day the case is put off", "--until DAY"},
	{"say how you know that it arrived", "--text TEXT"},
}

// typed adds to a refusal what is to be typed.
func typed(err error) error {
	for _, m := range missing {
		if strings.Contains(err.Error(), m.refusal) {
			return fmt.Errorf("%w: %s", err, m.flags)
		}
	}
	return err
}

func previewAct(cmd *cobra.Command, g *global, id string, act rules.Act) error {
	var out struct {
		Letters []rules.LetterText `json:"letters"`
		Steps   []rules.StepRun    `json:"steps,omitempty"`
		Words   []string           `json:"words,omitempty"`
	}
	if err := ask(cmd, g, "POST", "/api/cases/"+url.PathEscape(id)+"/preview", act, &out); err != nil {
		return typed(err)
	}
	if g.json {
		return toJSON(cmd.OutOrStdout()).Encode(out)
	}
	s := sheet{w: cmd.OutOrStdout(), screen: screenOf(cmd.OutOrStdout())}
	for _, l := range out.Letters {
		s.letter(l)
	}
	if len(out.Letters) == 0 {
		s.say("no letter would be sent")
	}
	s.wouldFollow(out.Steps)
	if len(out.Words) > 0 {
		s.say("not said: %s (give it with --word NAME=VALUE)", strings.Join(out.Words, ", "))
	}
	return s.err
}

// wouldFollow says which steps on the mailbox an act begins, and which of them
// nobody can take back.
func (s *sheet) wouldFollow(steps []rules.StepRun) {
	if len(steps) == 0 {
		return
	}
	s.head("Then, on the mailbox (queue stop, only before they begin)")
	for _, x := range steps {
		line := fmt.Sprintf("  %s (%s)", x.Do, spanWords(x.After))
		if x.Of == "domain" {
			line += " on every mailbox of the domain"
		}
		if rules.Lasts(x.Do) {
			line += " — cannot be undone"
		}
		s.say("%s", line)
	}
}

func (v actVerb) perform(cmd *cobra.Command, g *global, id string, act rules.Act) error {
	var d rules.Detail
	if err := ask(cmd, g, "POST", "/api/cases/"+url.PathEscape(id)+"/acts", act, &d); err != nil {
		return typed(err)
	}
	if g.json {
		return toJSON(cmd.OutOrStdout()).Encode(d)
	}
	s := sheet{w: cmd.OutOrStdout(), screen: screenOf(cmd.OutOrStdout())}
	if p := d.Proposal; p != nil && v.name == p.Verb {
		s.say("case %s: the approval is proposed by %s, and waits for another person", d.Case.ID, p.By)
		return s.err
	}
	s.say("case %s is now %s%s", d.Case.ID, d.Case.State, arranged(d.Case))
	if v.name == "release" || v.name == "resend" {
		s.released(&d)
	}
	acted := time.Time{} // the events of an act share its instant
	for _, e := range d.Events {
		if e.Author != "" {
			acted = e.At
		}
	}
	for _, l := range d.Case.Letters {
		if l.Owed.Equal(acted) {
			s.say("letter %d (%s) goes to %s", l.N, l.Name, l.To)
		}
	}
	for _, id := range act.Takes {
		if id != rules.TakeNone {
			s.say("case %s is withdrawn with it", id)
		}
	}
	return s.err
}

// arranged is who has a case, and until when it is put off.
func arranged(c *rules.Case) (words string) {
	if c.Assignee != "" {
		words += ", with " + c.Assignee
	}
	if !c.Later.IsZero() {
		words += ", put off to " + local(&c.Later, "Mon 2 Jan 2006")
	}
	return words
}

// released says which letter goes out again, by the event that let it.
func (s *sheet) released(d *rules.Detail) {
	for i := len(d.Events) - 1; i >= 0; i-- {
		e := &d.Events[i]
		if e.Author == "" || e.Letter == nil {
			continue
		}
		if l := d.Case.Letter(e.Letter.N); l != nil {
			s.say("letter %d (%s) to %s is %s: it goes out at once, and `sportello queue show %s` says how it ends", l.N, l.Name, l.To, l.State, d.Case.ID)
		}
		return
	}
}

// attach reads the files of --file into the act.
func attach(cmd *cobra.Command, act *rules.Act) error {
	if cmd.Flags().Lookup("file") == nil {
		return nil
	}
	names, err := cmd.Flags().GetStringArray("file")
	if err != nil {
		return err
	}
	for _, name := range names {
		data, err := os.ReadFile(name)
		if err != nil {
			return fmt.Errorf("attach: %w", err)
		}
		act.Files = append(act.Files, rules.LetterFile{Name: filepath.Base(name), Type: typeByName(name), Data: data})
	}
	return nil
}

// typeByName is the type under which a file is attached: what a customer's
// mail program opens by itself is named, everything else is bytes.
func typeByName(name string) string {
	if strings.EqualFold(filepath.Ext(name), ".pdf") {
		return "application/pdf"
	}
	return "application/octet-stream"
}
