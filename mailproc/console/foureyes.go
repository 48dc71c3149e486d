package console

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"sportello/rules"
)

// fourEyes is a desk where what cannot be undone needs two people: an
// approval is proposed by one and confirmed by another, each of whom has
// proved who he is. Whoever comes through the browser, the API or the daemon's
// socket meets it.
type fourEyes struct {
	Desk
	store UserStore
	now   func() time.Time
}

// proposal is an approval that waits for a second person.
type proposal struct {
	Act rules.Act `json:"act"`
	At  time.Time `json:"at"`
}

// errProposed says that an act waits for its second person.
type errProposed struct{ by string }

func (e *errProposed) Error() string {
	return "proposed by " + e.by + ": another person confirms it"
}

// errUnproved refuses who only says a name: two names are not two people.
var errUnproved error = &rules.ErrRefused{Why: "an approval takes two people here (four_eyes), and each must prove who he is: " +
	"repeat it with --as NAME, a user of the console, or with a token of his in SPORTELLO_TOKEN"}

const proposalKey = "proposal/"

// irreversible are the verbs that end in something that cannot be undone.
var irreversible = map[string]bool{"approve": true}

// pending is the proposal for a case as it is now, nil if there is none; one
// made for an earlier version counts no more.
func (f *fourEyes) pending(c *rules.Case) (*proposal, error) {
	raw, err := f.store.Get(proposalKey + c.ID)
	if err != nil || raw == nil {
		return nil, err
	}
	var p proposal
	if err := json.Unmarshal(raw, &p); err != nil {
		return nil, fmt.Errorf("read the proposal for case %s: %w", c.ID, err)
	}
	if p.Act.Version != c.Version {
		return nil, nil
	}
	return &p, nil
}

// waiting are the approvals that wait for a second person, as something that
// people are told of.
func (f *fourEyes) waiting(ctx context.Context) (out []Incident, err error) {
	var ids []string
	err = f.store.Each(func(key string, _ []byte) error {
		if id, ok := strings.CutPrefix(key, proposalKey); ok {
			ids = append(ids, id)
		}
		return nil
	})
	for _, id := range ids {
		d, err := f.Case(ctx, id)
		if err != nil {
			return out, err
		}
		if p := d.Proposal; p != nil {
			out = append(out, Incident{"proposed/" + id, fmt.Sprintf("Case %s: %s proposes an approval, and a second person must confirm it.", id, p.By), p.At})
		}
	}
	return out, err
}

// Case is the case with what is proposed for it.
func (f *fourEyes) Case(ctx context.Context, id string) (*rules.Detail, error) {
	d, err := f.Desk.Case(ctx, id)
	if err != nil {
		return nil, err
	}
	p, err := f.pending(d.Case)
	if p != nil {
		d.Proposal = &rules.Proposal{By: p.Act.Author, At: p.At, Verb: p.Act.Verb, Procedure: p.Act.Procedure, Takes: p.Act.Takes, Text: p.Act.Text}
	}
	return d, err
}

// Perform proposes, or confirms what another proposed.
func (f *fourEyes) Perform(ctx context.Context, id string, act rules.Act) (*rules.Detail, error) {
	if !irreversible[act.Verb] {
		return f.Desk.Perform(ctx, id, act)
	}
	if userIn(ctx) == nil {
		return nil, errUnproved
	}
	d, err := f.Case(ctx, id)
	if err != nil {
		return nil, err
	}
	if act.Version != 0 && act.Version != d.Case.Version {
		return nil, rules.ErrStale
	}
	switch p := d.Proposal; {
	case p == nil || p.By != act.Author && (p.Procedure != act.Procedure || len(act.Takes) > 0 && !slices.Equal(p.Takes, act.Takes)):
		return nil, f.propose(ctx, d.Case, act)
	case p.By == act.Author:
		return nil, &errProposed{by: act.Author}
	default:
		act.Takes = p.Takes
	}
	act.Version = d.Case.Version
	if d, err = f.Desk.Perform(ctx, id, act); err != nil {
		return nil, err
	}
	return d, f.store.Put(proposalKey+id, nil)
}

// propose notes an approval that waits; the error says that it does. Nobody
// may propose what could not be done. The note tells the journal who did, and
// its event is part of the version that is confirmed.
func (f *fourEyes) propose(ctx context.Context, c *rules.Case, act rules.Act) error {
	if _, _, err := f.Preview(ctx, c.ID, act); err != nil {
		return err
	}
	note := "An approval is proposed, and waits for a second person."
	if act.Text != "" {
		note = fmt.Sprintf("An approval is proposed, and waits for a second person: %q.", act.Text)
	}
	d, err := f.Desk.Perform(ctx, c.ID, rules.Act{Verb: "note", Author: act.Author, Version: c.Version, Text: note})
	if err != nil {
		return err
	}
	act.Version = d.Case.Version
	raw, err := json.Marshal(proposal{Act: act, At: f.now()})
	if err != nil {
		return err
	}
	if err := f.store.Put(proposalKey+c.ID, raw); err != nil {
		return err
	}
	return &errProposed{by: act.Author}
}

var errNothingProposed error = &rules.ErrRefused{Why: "no approval is proposed for the case as it is now"}

// drop takes a proposal back, and journals who did.
func (f *fourEyes) drop(ctx context.Context, id, author string) error {
	d, err := f.Case(ctx, id)
	if err != nil {
		return err
	}
	if d.Proposal == nil {
		return errNothingProposed
	}
	if err := f.store.Put(proposalKey+id, nil); err != nil {
		return err
	}
	note := fmt.Sprintf("The approval that %s proposed is taken back.", d.Proposal.By)
	_, err = f.Desk.Perform(ctx, id, rules.Act{Verb: "note", Author: author, Version: d.Case.Version, Text: note})
	return err
}

// proposedBy is who proposed an approval of a case that waits for a second
// person; "" nobody.
func (c *Console) proposedBy(x *rules.Case) string {
	f, ok := c.desk.(*fourEyes)
	if !ok || !x.State.Decidable() {
		return ""
	}
	p, err := f.pending(x)
	if err != nil {
		c.log.Error("proposals could not be read", "case", x.ID, "error", err)
	}
	if p == nil {
		return ""
	}
	return p.Act.Author
}

// answerProposal confirms a proposal, or takes it back.
func (c *Console) answerProposal(w http.ResponseWriter, r *http.Request) {
	f, ok := c.desk.(*fourEyes)
	id := r.PathValue("id")
	if !ok {
		c.notFound(w, r)
		return
	}
	d, err := f.Case(r.Context(), id)
	if err != nil {
		c.failedPage(w, r, err)
		return
	}
	if d.Proposal == nil {
		c.showCase(w, r, http.StatusConflict, c.caseView(r, d, nil, ""), c.views[language(r)].words("act.stale"))
		return
	}
	if r.PostFormValue("answer") != "confirm" {
		if err := f.drop(r.Context(), id, AuthorOf(r)); err != nil && !errors.Is(err, rules.ErrStale) {
			c.failedPage(w, r, err)
			return
		}
		http.Redirect(w, r, "/cases/"+url.PathEscape(id)+"?done=dropped", http.StatusSeeOther)
		return
	}
	p, err := f.pending(d.Case)
	if err != nil || p == nil {
		c.failedPage(w, r, errors.Join(err, errNothingProposed))
		return
	}
	a := p.Act
	a.Author = AuthorOf(r)
	if _, err := c.desk.Perform(r.Context(), id, a); err != nil {
		c.refusedAct(w, r, a, err)
		return
	}
	http.Redirect(w, r, "/cases/"+url.PathEscape(id)+"?done=approve", http.StatusSeeOther)
}
