package store

import "sportello/rules"

// warmRecords is how many records stay at hand: those of which a letter is
// about to go. A request is decided and answered within a few transactions, and
// each would read it again; what is answered leaves, since nobody asks for it soon.
const warmRecords = 512

// warm holds the records that were written last, as the database has them. It
// belongs to the committer's goroutine.
type warm struct {
	records map[caseKey]*caseRecord
	order   [warmRecords]caseKey // in which they came; the oldest makes room
	next    int
}

// keep takes over the records of a transaction that was committed.
func (w *warm) keep(records map[caseKey]*caseRecord) {
	if w.records == nil {
		w.records = make(map[caseKey]*caseRecord, warmRecords)
	}
	for k, r := range records {
		if !r.indexed.writes() {
			delete(w.records, k)
			continue
		}
		if w.records[k] == nil {
			delete(w.records, w.order[w.next])
			w.order[w.next] = k
			w.next = (w.next + 1) % warmRecords
		}
		w.records[k] = r
	}
}

// forget drops the records that a transaction touched which was not committed.
func (w *warm) forget(records map[caseKey]*caseRecord) {
	for k := range records {
		delete(w.records, k)
	}
}

// heavyTexts are the heavy parts of a case. Nothing changes them in place.
type heavyTexts struct {
	proof       []rules.ProofStep
	explanation *rules.Explanation
	letters     []*rules.LetterText
}

// setAside sets aside the heavy parts of an event that the case has taken: they
// are in the journal.
func (r *caseRecord) setAside(seq uint64, p *rules.Private) {
	if p.Explanation != nil {
		r.explain, r.c.Explanation = seq, rules.Explanation{}
	}
	if len(p.Proof) > 0 && r.c.Proof != nil {
		r.proof, r.c.Proof = seq, nil
	}
}

// textsOf are the heavy parts of a case; those that retention has removed are
// nil.
func (tx *Tx) textsOf(r *caseRecord) (t heavyTexts, err error) {
	if r.proof != 0 {
		if p, err := tx.private(r.proof); err != nil {
			return t, err
		} else if p != nil {
			t.proof = p.Proof
		}
	}
	if r.explain != 0 {
		if p, err := tx.private(r.explain); err != nil {
			return t, err
		} else if p != nil {
			t.explanation = p.Explanation
		}
	}
	t.letters = make([]*rules.LetterText, len(r.letters))
	copy(t.letters, r.texts)
	for i, seq := range r.letters {
		if t.letters[i] != nil {
			continue
		}
		if p, err := tx.private(seq); err != nil {
			return t, err
		} else if p != nil {
			t.letters[i] = p.Letter
		}
	}
	return t, nil
}

// setLetter keeps the text of letter n at hand, unless it bears files.
func (r *caseRecord) setLetter(n int, l *rules.LetterText) {
	if l == nil || len(l.Files) > 0 {
		return
	}
	for len(r.texts) < n {
		r.texts = append(r.texts, nil)
	}
	r.texts[n-1] = l
}
