package main

import (
	"fmt"
	"io"
	"maps"
	"net/url"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"sportello/mailproc/console"
	"sportello/rules"
)

func queueShow(g *global) *cobra.Command {
	cmd := &cobra.Command{Use: "show PROTOCOL", Short: "everything about a case: who signed, what matched, why it was decided so, letters and receipts",
		Args: cobra.ExactArgs(1), ValidArgsFunction: completeCases(g, ""),
		RunE: func(cmd *cobra.Command, args []string) error {
			var d console.CaseAnswer
			if err := ask(cmd, g, "GET", "/api/cases/"+url.PathEscape(args[0]), nil, &d); err != nil {
				return err
			}
			if g.json {
				return toJSON(cmd.OutOrStdout()).Encode(d)
			}
			s := sheet{w: cmd.OutOrStdout(), screen: screenOf(cmd.OutOrStdout())}
			s.theCase(&d.Detail, d.Registry)
			return s.err
		}}
	cmd.Flags().BoolVar(&g.json, "json", false, "as one JSON object")
	return cmd
}

// sheet writes what explains something to a person at a terminal.
type sheet struct {
	w      io.Writer
	screen screen
	err    error
}

// say writes a line; what a customer wrote cannot move the terminal.
func (s *sheet) say(format string, args ...any) {
	if s.err == nil {
		_, s.err = fmt.Fprintln(s.w, printable(fmt.Sprintf(format, args...)))
	}
}

// painted writes a line in a colour.
func (s *sheet) painted(t tone, format string, args ...any) {
	if s.err == nil {
		_, s.err = fmt.Fprintln(s.w, s.screen.paint(printable(fmt.Sprintf(format, args...)), t))
	}
}

func (s *sheet) head(title string) {
	s.say("")
	s.painted(bold, "%s", title)
}

// pair writes a name with its value, if it has one.
func (s *sheet) pair(name, value string) {
	if value != "" && value != "-" {
		s.say("  %-12s %s", name, value)
	}
}

// prose writes a text of several lines behind a mark.
func (s *sheet) prose(mark, text string) {
	for _, line := range strings.Split(strings.ReplaceAll(strings.TrimRight(text, "\r\n"), "\r\n", "\n"), "\n") {
		s.say("  %s %s", mark, strings.ReplaceAll(line, "\t", "    "))
	}
}

// kept says whether the answer kept the promise, and on whose word that rests.
func kept(c *rules.Case) (words string) {
	switch {
	case c.Answered.IsZero():
		return ""
	case !c.Due.IsZero() && c.Answered.After(c.Due):
		words = "  AFTER the term"
	case !c.Due.IsZero():
		words = "  in time"
	}
	for _, l := range c.Letters {
		if l.Arrived.Equal(c.Answered) {
			words += ", as a person said: no receipt proves it"
		}
	}
	return words
}

// theCase explains a case.
func (s *sheet) theCase(d *rules.Detail, known console.Known) {
	c := d.Case
	title := fmt.Sprintf("Case %s: %s — %s", c.ID, c.State, dash(c.Procedure))
	if c.Outcome != "" {
		title += ", " + string(c.Outcome)
	}
	if c.Reason != "" {
		title += " (" + string(c.Reason) + ")"
	}
	s.painted(stateTone(c.State), "%s", title)
	sender := c.Mailbox
	if !c.Proved {
		sender += "  (NOT proved: anyone can write this address)"
	}
	if c.Emptied() {
		s.painted(alert, "  its content was removed when its retention ended")
	}
	s.pair("sender", sender)
	s.pair("subject", c.Subject)
	s.pair("came to", c.To)
	s.pair("received", when(c.Received))
	if !c.Due.IsZero() {
		due := when(c.Due)
		switch {
		case d.Overdue:
			due += "  OVERDUE"
		case c.Suspended():
			due = when(c.Until) + "  the customer's turn"
		}
		s.pair("due", due)
	}
	s.pair("answered", when(c.Answered)+kept(c))
	s.pair("delivered", when(c.Delivered))
	s.pair("closed", when(c.Closed))
	s.pair("with", c.Assignee)
	s.pair("put off to", local(&c.Later, "Mon 2 Jan 2006"))
	s.pair("flags", strings.Join(c.Flags, ", "))
	s.pair("follows", c.Previous)
	s.pair("version", fmt.Sprint(c.Version))
	if p := d.Proposal; p != nil {
		s.painted(alert, "  proposed     %s by %s, %s: another person confirms it, or takes it back (`queue drop %s`)", p.Verb, p.By, when(p.At), c.ID)
		s.pair("takes back", strings.Join(p.Takes, ", "))
	}
	s.why(d)
	s.reading(c)
	s.known(known)
	s.later(d.Messages)
	if c.Emptied() {
		s.head("Who signed: what was checked is no longer kept")
	} else {
		s.signed(c.Proof)
	}
	s.messages(d.Messages)
	s.letters(d)
	s.steps(c.Steps, d.Means)
	s.events(d.Events)
	s.possible(d)
}

// possible is what a person can do with the case now.
func (s *sheet) possible(d *rules.Detail) {
	if len(d.Takes) > 0 {
		s.head("Open requests of the mailbox, which it may take back (approve --takes PROTOCOL)")
		for _, x := range d.Takes {
			s.say("  %s  %s (%s)", x.ID, x.Procedure, x.State)
		}
	}
	if len(d.Verbs) > 0 {
		s.head("Possible now")
		s.say("  %s", strings.Join(d.Verbs, ", "))
		if i := slices.IndexFunc(actVerbs, func(v actVerb) bool { return v.name == d.Verbs[0] }); i >= 0 {
			s.say("  e.g. %s", actVerbs[i].hint(d.Case.ID))
		}
	}
}

func (s *sheet) why(d *rules.Detail) {
	c := d.Case
	who := c.DecidedBy
	if who == "" {
		who = "the desk"
	}
	switch {
	case c.Decided.IsZero():
		s.head("Why: not decided yet")
	default:
		s.head(fmt.Sprintf("Why (decided by %s, %s)", who, when(c.Decided)))
	}
	if m := c.Reason.Meaning(); m != "" {
		s.say("  %s: %s", c.Reason, m)
	}
	if x := d.Danger(); x != nil {
		s.painted(alert, "  stopped by a sign of %s: %q", x.Sign, x.SignWords)
	}
	if remedy := c.Remedy(); remedy != "" {
		s.painted(bold, "  what to do: %s", remedy)
	}
	for _, said := range d.Said {
		s.say("  the desk, %s:", when(said.At))
		for _, r := range said.Reasons {
			s.say("  - %s", r)
		}
	}
	for _, a := range c.Asked {
		if e := d.Question(); e != nil {
			a += fmt.Sprintf(" (by %s, %s; until %s)", e.Author, when(e.At), when(c.Until))
		}
		s.say("  asked for    %s", a)
	}
	for _, n := range c.Notes {
		s.say("  note by %s, %s: %s", n.Author, when(n.At), n.Text)
	}
}

// reading shows the own text with what each piece of it was taken for.
func (s *sheet) reading(c *rules.Case) {
	x := c.Explanation
	if x.Own == "" && len(c.Fields) == 0 && len(c.Missing) == 0 {
		return
	}
	s.head("What was read")
	s.pieces(x, c.Fields, c.Missing)
	if len(c.Facts) > 0 {
		s.head("What the registry said when it was decided")
		for _, k := range slices.Sorted(maps.Keys(c.Facts)) {
			s.say("  %-16s %s", k, c.Facts[k]) // scadenza_casella is the longest
		}
	}
}

// known is what the registry says now.
func (s *sheet) known(k console.Known) {
	if !k.Configured {
		return
	}
	s.head("What the registry says now")
	s.pair("problem", k.Problem)
	switch m := k.Mailbox; {
	case m != nil:
		s.pair("status", m.Status)
		s.pair("holder", m.Holder)
		s.pair("tax code", m.TaxCode)
		s.pair("panel", m.Panel)
		s.pair("expires", local(&m.Expires, "2 Jan 2006"))
	case k.Problem == "":
		s.pair("status", "not known")
	}
	for _, o := range k.Orders {
		s.pair("order "+o.Number, strings.TrimSpace(fmt.Sprintf("%s of %s %s", o.Kind, local(&o.Date, "2 Jan 2006"), o.Amount)))
	}
}

// later is what the customer wrote after the request, the newest last.
func (s *sheet) later(messages []rules.MessageView) {
	for _, m := range messages[min(1, len(messages)):] {
		s.head(fmt.Sprintf("What was written later (message %d, %s)", m.ID, when(m.Read)))
		s.words(m.Facts)
	}
}

// words is what a message says: its subject, attachments and text.
func (s *sheet) words(f *rules.Message) {
	if f == nil {
		s.say("  its words are no longer kept")
		return
	}
	s.pair("subject", f.Subject)
	for _, a := range f.Attachments {
		s.pair("attached", fmt.Sprintf("%s (%s, %d bytes)", a.Name, a.Type, a.Size))
	}
	if strings.TrimSpace(f.Text) != "" {
		s.prose("|", f.Text)
	}
}

// pieces is a text with what each piece of it was taken for, and the fields.
func (s *sheet) pieces(x rules.Explanation, fields map[string]string, missing []string) {
	if x.Own != "" {
		s.prose("|", x.Own)
	}
	for _, p := range x.Spans {
		if p.Kind == "form" || p.Start < 0 || p.End > len(x.Own) || p.Start > p.End {
			continue
		}
		line := fmt.Sprintf("    %-10s %q", p.Kind, x.Own[p.Start:p.End])
		if p.Name != "" {
			line += " = " + p.Name
		}
		if p.Want != "" {
			line += fmt.Sprintf(" (the form says %q)", p.Want)
		}
		s.painted(spanTone(p.Kind), "%s", line)
	}
	for _, k := range slices.Sorted(maps.Keys(fields)) {
		s.pair(k, fields[k])
	}
	s.pair("missing", strings.Join(missing, ", "))
	s.pair("left over", strings.Join(x.LeftOver, " "))
	if x.Similarity > 0 && x.Similarity < 1 {
		s.pair("likeness", fmt.Sprintf("%.0f%% of the form's words", 100*x.Similarity))
	}
}

func spanTone(kind string) tone {
	switch kind {
	case "sign":
		return bad
	case "typo", "left-over":
		return alert
	case "blank":
		return good
	}
	return faint
}

// signed is who signed, and each step of the proof.
func (s *sheet) signed(proof []rules.ProofStep) {
	s.head("Who signed")
	if len(proof) == 0 {
		s.say("  nobody: ordinary mail, which proves no sender")
	}
	for _, p := range proof {
		switch p.StateIn(proof) {
		case rules.ProofNote:
			s.painted(faint, "  note %s", p.Detail)
		case rules.ProofHolds:
			s.say("  ok   %-12s %s", p.Name, p.Detail)
		case rules.ProofUnchecked:
			s.painted(alert, "  --   %-12s NOT checked: %s", p.Name, p.Detail)
		default:
			s.painted(bad, "  FAIL %-12s %s", p.Name, p.Detail)
		}
	}
}

func (s *sheet) messages(list []rules.MessageView) {
	if len(list) == 0 {
		return
	}
	s.head("Messages (sportello parked show N --raw writes the bytes)")
	for _, m := range list {
		if m.Erased() {
			s.painted(alert, "  %d  %s, %s: its bytes are no longer kept, came %s", m.ID, m.Kind, m.Status, when(m.Read))
			s.painted(faint, "     sha256 %s", m.Digest)
			continue
		}
		s.say("  %d  %s, %s, %d bytes, %s", m.ID, m.Kind, m.Status, m.Size, when(m.Read))
		s.painted(faint, "     sha256 %s, %s", m.Digest, m.Archive)
	}
}

func (s *sheet) letters(d *rules.Detail) {
	for _, l := range d.Case.Letters {
		s.head(fmt.Sprintf("Letter %d (%s): %s", l.N, l.Name, l.State))
		s.painted(faint, "  Message-ID: <%s>", l.MessageID)
		for i, t := range l.Tries {
			s.say("  try %d        %s  %s", i+1, when(t.At), dash(t.Answer))
		}
		if !l.Arrived.IsZero() {
			s.say("  arrived      %s  a person said so, not a receipt", when(l.Arrived))
		}
		for _, r := range l.Receipts {
			line := fmt.Sprintf("  receipt      %s  %s, %s", when(r.At), r.Kind, dash(r.Provider))
			if r.Error != "" {
				line += ", error " + r.Error
			}
			if n := d.Message(l.N, r); n != 0 {
				if cause := d.Causes[n]; cause != "" {
					line += ", " + cause
				}
				line += fmt.Sprintf("  (message %d)", n)
			}
			s.say("%s", line)
		}
		if !l.NextTry.IsZero() && l.State != rules.Delivered && l.State != rules.Failed {
			s.say("  looked at    again %s", when(l.NextTry))
		}
		if l.Text == "" {
			s.say("  its text is no longer kept")
			continue
		}
		s.letter(l.LetterText)
	}
}

func (s *sheet) letter(l rules.LetterText) {
	s.say("  To: %s", l.To)
	s.say("  Subject: %s", l.Subject)
	for _, f := range l.Files {
		s.say("  Attached: %s (%d bytes)", f.Name, len(f.Data))
	}
	s.prose(">", l.Text)
}

// spanWords says after what a step comes.
func spanWords(after string) string {
	if n, _, err := rules.ParseSpan(after); err == nil && n == 0 {
		return "at once"
	}
	return after
}

func (s *sheet) steps(steps []rules.StepRun, means map[string]string) {
	if len(steps) == 0 {
		return
	}
	s.head("Steps on the mailbox")
	for _, x := range steps {
		what := x.Do
		if m := means[x.Do]; m != "" {
			what += ", " + m
		}
		line := fmt.Sprintf("  %d  %s (%s): %s", x.N, what, spanWords(x.After), x.State)
		if !x.Done.IsZero() {
			line += " " + when(x.Done)
		} else if !x.Due.IsZero() {
			line += " for " + when(x.Due)
		}
		if x.Error != "" {
			line += " — " + x.Error
		}
		s.say("%s", line)
	}
}

func (s *sheet) events(events []rules.Event) {
	if len(events) == 0 {
		return
	}
	s.head("What happened")
	for i := range events {
		s.say("  %s", eventLine(&events[i]))
	}
}

// untilWord is what the instant of an event is: a term, the end of a holding or
// of the waiting for a receipt, or else when the desk goes on.
func untilWord(k rules.EventKind) string {
	switch k {
	case rules.Asked, rules.LetterHeld, rules.PutOff:
		return "until"
	case rules.LetterSent, rules.LetterUncertain:
		return "receipt awaited until"
	}
	return "not before"
}

// eventLine is a journal entry for a person.
func eventLine(e *rules.Event) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%7d  %s  %-16s", e.Seq, local(&e.At, second), e.Kind)
	add := func(format string, args ...any) { fmt.Fprintf(&b, "  "+format, args...) }
	if e.Case != "" {
		add("%s", e.Case)
	}
	if e.Message != 0 {
		add("message %d", e.Message)
	}
	for _, s := range []string{e.Mailbox, e.Procedure, string(e.Outcome), string(e.Reason)} {
		if s != "" {
			add("%s", s)
		}
	}
	switch {
	case e.To != "":
		add("to %s", e.To)
	case e.Kind == rules.Assigned:
		add("to nobody")
	}
	if l := e.Letter; l != nil {
		add("%s", strings.TrimSpace(fmt.Sprintf("letter %d %s", l.N, l.Name)))
		if l.Answer != "" {
			add("%q", l.Answer)
		}
	}
	if s := e.Step; s != nil {
		add("step %d %s", s.N, s.Do)
	}
	if r := e.Receipt; r != nil {
		add("%s %s", r.Kind, local(&r.At, second))
	}
	if e.Until != nil {
		add("%s %s", untilWord(e.Kind), local(e.Until, minute))
	}
	if e.Detail != "" {
		add("%s", e.Detail)
	}
	if e.Author != "" {
		add("by %s", e.Author)
	}
	return printable(b.String())
}
