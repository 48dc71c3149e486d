package store

import "sportello/rules"

// warmRecords is how many records stay at hand: a request is decided, answered
// and told apart within a few transactions, and each would read it again.
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

// heavyTexts are the heavy parts of a case while its record is warm. Nothing
// changes them in place. What is not at hand is in the journal.
type heavyTexts struct {
	proof       []rules.ProofStep
	explanation *rules.Explanation
	letters     []*rules.LetterText
}

// setAside sets aside the heavy parts of an event that the case has taken.
func (r *caseRecord) setAside(seq uint64, p *rules.Private) {
	if p.Explanation != nil {
		r.explain, r.c.Explanation = seq, rules.Explanation{}
		r.texts.explanation = p.Explanation
	}
	if len(p.Proof) > 0 && r.c.Proof != nil {
		r.proof, r.c.Proof = seq, nil
		r.texts.proof = p.Proof
	}
}

// textsOf are the heavy parts of a case; those that retention has removed are
// nil.
func (tx *Tx) textsOf(r *caseRecord) (t heavyTexts, err error) {
	t = r.texts
	if r.proof != 0 && t.proof == nil {
		if p, err := tx.private(r.proof); err != nil {
			return t, err
		} else if p != nil {
			t.proof = p.Proof
		}
	}
	if r.explain != 0 && t.explanation == nil {
		if p, err := tx.private(r.explain); err != nil {
			return t, err
		} else if p != nil {
			t.explanation = p.Explanation
		}
	}
	all := make([]*rules.LetterText, len(r.letters))
	copy(all, t.letters)
	for i, seq := range r.letters {
		if all[i] != nil {
			continue
		}
		if p, err := tx.private(seq); err != nil {
			return t, err
		} else if p != nil {
			all[i] = p.Letter
			t.setLetter(i+1, p.Letter)
		}
	}
	if tx.write != nil {
		r.texts = t
	}
	t.letters = all
	return t, nil
}

// setLetter keeps the text of letter n at hand, unless it bears files.
func (t *heavyTexts) setLetter(n int, l *rules.LetterText) {
	if l == nil || len(l.Files) > 0 {
		return
	}
	for len(t.letters) < n {
		t.letters = append(t.letters, nil)
	}
	t.letters[n-1] = l
}
