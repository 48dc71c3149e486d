package console

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"time"

	"sportello/rules"
)

// fourEyes is a desk where what cannot be undone needs two people: an
// approval is proposed by one and confirmed by another. Whoever comes through
// the console or its API meets it.
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

const proposalKey = "proposal/"

// irreversible are the verbs that end in something that cannot be undone.
var irreversible = map[string]bool{"approve": true}

// pending is the proposal for a case as it is now; one made for an earlier
// version counts no more.
func (f *fourEyes) pending(c *rules.Case) *proposal {
	raw, err := f.store.Get(proposalKey + c.ID)
	var p proposal
	if err != nil || raw == nil || json.Unmarshal(raw, &p) != nil || p.Act.Version != c.Version {
		return nil
	}
	return &p
}

// Perform proposes, or confirms what another proposed.
func (f *fourEyes) Perform(ctx context.Context, id string, act rules.Act) (*rules.Detail, error) {
	if !irreversible[act.Verb] {
		return f.Desk.Perform(ctx, id, act)
	}
	d, err := f.Desk.Case(ctx, id)
	if err != nil {
		return nil, err
	}
	if act.Version != 0 && act.Version != d.Case.Version {
		return nil, rules.ErrStale
	}
	p := f.pending(d.Case)
	if p != nil && p.Act.Author != act.Author && p.Act.Procedure == act.Procedure {
		act.Version = d.Case.Version
		if d, err = f.Desk.Perform(ctx, id, act); err != nil {
			return nil, err
		}
		return d, f.store.Put(proposalKey+id, nil)
	}
	if p != nil && p.Act.Author == act.Author {
		return nil, &errProposed{by: act.Author}
	}
	// Nobody may propose what could not be done; the note tells the journal
	// who did, and its event is part of the version that is confirmed.
	if _, err := f.Desk.Preview(ctx, id, act); err != nil {
		return nil, err
	}
	note := rules.Act{Verb: "note", Author: act.Author, Version: d.Case.Version, Text: "Approvazione proposta, in attesa di una seconda persona. " + act.Text}
	if d, err = f.Desk.Perform(ctx, id, note); err != nil {
		return nil, err
	}
	act.Version = d.Case.Version
	raw, err := json.Marshal(proposal{Act: act, At: f.now()})
	if err != nil {
		return nil, err
	}
	if err := f.store.Put(proposalKey+id, raw); err != nil {
		return nil, err
	}
	return nil, &errProposed{by: act.Author}
}

// answerProposal confirms a proposal, or takes it back.
func (c *Console) answerProposal(w http.ResponseWriter, r *http.Request) {
	f, ok := c.desk.(*fourEyes)
	id := r.PathValue("id")
	if !ok {
		c.notFound(w, r)
		return
	}
	d, err := c.desk.Case(r.Context(), id)
	if err != nil {
		c.failedPage(w, r, err)
		return
	}
	p := f.pending(d.Case)
	if p == nil {
		c.showCase(w, r, http.StatusConflict, c.caseView(r, d, nil, ""), c.views[language(r)].words("act.stale"))
		return
	}
	if r.PostFormValue("answer") != "confirm" {
		if err := f.store.Put(proposalKey+id, nil); err != nil {
			c.failedPage(w, r, err)
			return
		}
		http.Redirect(w, r, "/cases/"+url.PathEscape(id)+"?done=dropped", http.StatusSeeOther)
		return
	}
	a := p.Act
	a.Author = authorOf(r)
	if _, err := c.desk.Perform(r.Context(), id, a); err != nil {
		c.refusedAct(w, r, a, err)
		return
	}
	http.Redirect(w, r, "/cases/"+url.PathEscape(id)+"?done=approve", http.StatusSeeOther)
}
