package console

import (
	"cmp"
	"context"
	"net/http"
	"slices"

	"sportello/rules"
)

// caseView is everything the page of a case shows.
type caseView struct {
	*rules.Detail
	Procedure *rules.Procedure
	Text      []piece // the writer's own text, with what each piece was taken for
	Kinds     []string
	Fields    []fieldView
	Original  *rules.Message      // the first message
	Later     []rules.MessageView // what the customer wrote after it, the newest first
	Known     Known
	Files     []fileView
	Envelope  []fileView
	FilesBad  string
	Unasked   bool // what came with it was not asked for, and is not needed to decide
	Timeline  []entry
	Others    []string // who else has it open
	Verbs     []verbView
	Mine      bool   // the proposal is by who looks
	Held      string // what the second operator is told of the first
	Letters   []rules.LetterText
	Then      []rules.StepRun // that would follow the act that is previewed
	Open      string          // the verb whose form is open
	Draft     *rules.Act
	Print     bool
}

// verbView is an act with what its form offers.
type verbView struct {
	Name       string
	Letters    []rules.LetterText // that it would send, when that needs nothing more
	Then       []rules.StepRun    // that would follow it
	Problem    string
	Reasons    []rules.Reason
	Documents  []string
	Procedures []*rules.Procedure
	Steps      []rules.StepRun
	Choice     []rules.Letter
	Words      []string // that its letter asks for besides the case
	Sends      bool
	MaySilent  bool // it can be done without its letter
	Draft      *rules.Act
	Open       bool
	Version    int
	Case       string
	Current    string
	As         string           // the procedure as which it would be decided
	People     []string         // to whom the case can be handed over
	Tomorrow   string           // the first day to which it can be put off
	Takes      []rules.OpenCase // of a revocation: what it can take back
}

// piece is a stretch of the writer's text.
type piece struct{ Text, Kind, Name, Want string }

// fieldView is a blank of the form with what the customer wrote.
type fieldView struct {
	Name, Label, Value string
	Missing            bool
}

// A case can have hundreds of events and notes: the page shows the newest, and
// the others when asked.
const (
	shownEvents = 60
	shownNotes  = 12
)

// Recent are the newest events, the newest first, and Earlier those before.
func (v *caseView) Recent() []entry  { return v.Timeline[:min(shownEvents, len(v.Timeline))] }
func (v *caseView) Earlier() []entry { return v.Timeline[len(v.Recent()):] }

// NewNotes are the last notes, and OldNotes those before; both in order.
func (v *caseView) NewNotes() []rules.Note { return v.Case.Notes[len(v.OldNotes()):] }
func (v *caseView) OldNotes() []rules.Note {
	return v.Case.Notes[:max(0, len(v.Case.Notes)-shownNotes)]
}

// entry is an event of the timeline.
type entry struct{ rules.Event }

func (c *Console) casePage(w http.ResponseWriter, r *http.Request) {
	d, err := c.desk.Case(r.Context(), r.PathValue("id"))
	if err != nil {
		c.failedPage(w, r, err)
		return
	}
	c.presence.enter(d.Case.ID, AuthorOf(r), c.now(), false)
	v := c.caseView(r, d, nil, r.URL.Query().Get("do"))
	c.showCase(w, r, http.StatusOK, v, "")
}

func (c *Console) showCase(w http.ResponseWriter, r *http.Request, status int, v *caseView, problem string) {
	p := &page{Name: "case", Title: "case.title", Data: v, Problem: problem, Notice: r.URL.Query().Get("done")}
	c.render(w, r, status, p)
}

// caseView gathers what explains a case. Draft is an act that was tried or
// previewed; open is the verb whose form is open.
func (c *Console) caseView(r *http.Request, d *rules.Detail, draft *rules.Act, open string) *caseView {
	ctx, set := r.Context(), c.desk.Rules()
	v := &caseView{Detail: d, Procedure: set.Procedure(d.Case.Procedure), Draft: draft, Open: open}
	v.Text, v.Kinds = pieces(d.Case.Explanation)
	v.Fields = fields(d.Case, v.Procedure)
	if len(d.Messages) > 0 {
		v.Original = d.Messages[0].Facts
		v.Later = slices.Clone(d.Messages[1:])
		slices.Reverse(v.Later)
	}
	for i := range v.Messages {
		own, providers, problem := c.filesOf(ctx, &v.Messages[i])
		v.Files, v.Envelope, v.FilesBad = append(v.Files, own...), append(v.Envelope, providers...), cmp.Or(problem, v.FilesBad)
	}
	// An identity card that nobody asked for is not to be seen in passing (GDPR art. 5 (1) c).
	v.Unasked = v.Procedure != nil && !set.WantsDocuments(d.Case) && d.Case.Reason != rules.AttachmentOnly
	v.Known = c.known(ctx, d.Case)
	for _, e := range d.Events {
		v.Timeline = append(v.Timeline, entry{e})
	}
	slices.Reverse(v.Timeline)
	v.Others = c.presence.others(d.Case.ID, AuthorOf(r), c.now())
	if u := userOf(r); u != nil && u.Role.May(Operator) {
		for _, name := range d.Verbs {
			v.Verbs = append(v.Verbs, c.verb(r, v, name))
		}
	}
	v.Mine = d.Proposal != nil && d.Proposal.By == AuthorOf(r)
	return v
}

// known is what the registry says now of who wrote, and of the orders named.
func (c *Console) known(ctx context.Context, x *rules.Case) Known {
	if c.opt.Registry == nil || !x.Proved || x.Mailbox == "" {
		return Known{}
	}
	return c.opt.Registry(ctx, x.Mailbox, orders(x, c.desk.Rules().Procedure(x.Procedure)))
}

// orders are the order numbers among a case's fields, as the blanks of its
// procedure say; nil: it has none.
func orders(c *rules.Case, p *rules.Procedure) (out []string) {
	if p == nil {
		return nil
	}
	for _, b := range p.Blanks {
		if n := c.Fields[b.Name]; b.Kind == "order-number" && n != "" {
			out = append(out, n)
		}
	}
	return out
}

// takers are the operators to whom a case can be handed over.
func (c *Console) takers(x *rules.Case) []string {
	names, err := c.operators()
	if err != nil {
		c.log.Error("users could not be read", "error", err)
	}
	return slices.DeleteFunc(names, func(n string) bool { return n == x.Assignee })
}

// sends are the verbs after which a letter goes out.
var sends = map[string]bool{"approve": true, "reject": true, "ask": true, "answer": true, "withdraw": true, "resend": true}

// asked are what the letters of a verb have a place for, and the case does not fill.
func asked(p *rules.Procedure, x *rules.Case, verb string) []string {
	if p == nil {
		return nil
	}
	switch verb {
	case "approve":
		return p.AsksFor(x.Fields, "accolta", "contatti")
	case "answer":
		return p.AsksFor(x.Fields, "risposta")
	}
	return nil
}

// verb is a verb's form, with the letter it would send where nothing more has
// to be said for it.
func (c *Console) verb(r *http.Request, v *caseView, name string) verbView {
	x := verbView{Name: name, Sends: sends[name], Open: v.Open == name, Version: v.Case.Version, Case: v.Case.ID, Current: v.Case.Procedure, Draft: &rules.Act{}}
	if v.Draft != nil && v.Draft.Verb == name {
		x.Draft = v.Draft
	}
	x.Words, x.MaySilent = asked(v.Procedure, v.Case, name), name == "withdraw" && v.Case.Deaf()
	set := c.desk.Rules()
	if x.As = cmp.Or(x.Draft.Procedure, x.Current); set.Procedure(x.As) == nil {
		x.As = "" // it is no more: a person says which
	}
	switch name {
	case "approve":
		x.Procedures, x.Takes = set.Procedures, v.Takes
	case "answer":
		x.Procedures = set.Procedures
	case "reject":
		x.Reasons = slices.DeleteFunc(set.RejectReasons(x.As), func(r rules.Reason) bool { return r == rules.DocumentsLapsed && !v.Case.TermPassed(c.now()) })
		x.Procedures = set.Procedures
	case "ask":
		if v.Procedure != nil {
			x.Documents = v.Procedure.Documents
		}
	case "done":
		x.Steps = slices.DeleteFunc(slices.Clone(v.Case.Steps), func(s rules.StepRun) bool { return !v.Case.Doable(s) })
	case "release":
		x.Choice = letters(v.Case, func(l *rules.Letter) bool { return l.State == rules.Held })
	case "resend":
		x.Choice = letters(v.Case, v.Case.Resendable)
	case "assign":
		x.People = c.takers(v.Case)
	case "later":
		cal := set.Calendar
		x.Tomorrow = cal.AddDays(cal.Date(c.now()), 1).String()
	case "arrived":
		x.Choice = letters(v.Case, v.Case.Arrivable)
	}
	asks := len(x.Takes) > 0 && len(x.taken()) == 0 // what it would send is known when it is said which request it takes back
	if (name == "approve" || name == "withdraw" || name == "resend") && !asks {
		var err error
		if x.Letters, x.Then, err = c.desk.Preview(r.Context(), v.Case.ID, rules.Act{Verb: name, Author: AuthorOf(r), Procedure: x.Draft.Procedure, Words: x.Draft.Words, Silent: x.Draft.Silent, Text: x.Draft.Text, Takes: x.taken()}); err != nil {
			x.Problem = c.refusal(language(r), err)
		}
	}
	return x
}

// taken are the requests that the form of an approval says it takes back: those
// of the draft, or the only one that there is.
func (x *verbView) taken() []string {
	if len(x.Draft.Takes) > 0 || len(x.Takes) != 1 {
		return x.Draft.Takes
	}
	return []string{x.Takes[0].ID}
}

// Taken reports whether the form says that a request is taken back.
func (x verbView) Taken(id string) bool { return slices.Contains(x.taken(), id) }

func letters(c *rules.Case, pass func(*rules.Letter) bool) (out []rules.Letter) {
	for _, l := range c.Letters {
		if pass(&l) {
			out = append(out, l)
		}
	}
	return out
}

// fields are the blanks of the form in its order, then what else was read.
func fields(c *rules.Case, p *rules.Procedure) (out []fieldView) {
	done := map[string]bool{}
	if p != nil {
		for _, b := range p.Blanks {
			value, ok := c.Fields[b.Name]
			missing := slices.Contains(c.Missing, b.Name)
			done[b.Name] = true
			if ok || missing {
				out = append(out, fieldView{b.Name, cmp.Or(b.Label, b.Name), value, missing})
			}
		}
	}
	for _, f := range sortedPairs(c.Fields) {
		if !done[f.Key] {
			out = append(out, fieldView{Name: f.Key, Label: f.Key, Value: f.Value})
		}
	}
	return out
}

// pieces cuts the writer's own text at its spans. Spans that do not fit the
// text (it was redacted, or is damaged) are left out, and courtesy too where
// no form was found: nothing is courtesy then, since all of it has to be read.
func pieces(x rules.Explanation) (out []piece, kinds []string) {
	at := 0
	add := func(s, kind, name, want string) {
		if s != "" {
			out = append(out, piece{inert(s, 1<<20), kind, name, want})
		}
		if kind != "" && !slices.Contains(kinds, kind) {
			kinds = append(kinds, kind)
		}
	}
	formed := slices.ContainsFunc(x.Spans, func(s rules.Span) bool { return s.Kind == "form" || s.Kind == "blank" || s.Kind == "typo" })
	for _, s := range x.Spans {
		if s.Kind == "courtesy" && !formed || s.Start < at || s.End > len(x.Own) || s.Start >= s.End {
			continue
		}
		add(x.Own[at:s.Start], "", "", "")
		add(x.Own[s.Start:s.End], s.Kind, s.Name, s.Want)
		at = s.End
	}
	add(x.Own[at:], "", "", "")
	return out, kinds
}

// Ref is the event, as the templates hand it on.
func (e entry) Ref() *rules.Event { return &e.Event }
