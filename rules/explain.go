package rules

import "strings"

// account writes down how the text was read: for check, queue show, the console.
func (r *reader) account() {
	e := &r.out.Explanation
	e.Own, e.Sign, e.SignWords = r.own.text, r.sign, r.signWords
	e.Spans = make([]Span, 0, 8)
	for i := 0; i < len(r.toks); {
		n := 1
		for i+n < len(r.toks) && r.joins(i+n) {
			n++
		}
		if s := r.span(i, i+n); s.Kind != "" {
			e.Spans = append(e.Spans, s)
			if s.Kind == "left-over" {
				e.LeftOver = append(e.LeftOver, r.own.text[s.Start:s.End])
			}
		}
		i += n
	}
}

// joins reports whether token i belongs to the span of the one before.
func (r *reader) joins(i int) bool {
	a, b := r.roles[i-1], r.roles[i]
	if a != b || b == roleTypo {
		return false
	}
	if b == roleBlank && r.blankAt(i) != r.blankAt(i-1) {
		return false
	}
	return b != roleForm || r.wanted(i) == "" && r.wanted(i-1) == ""
}

func (r *reader) span(from, to int) Span {
	s := Span{Start: r.toks[from].start, End: r.toks[to-1].end}
	switch r.roles[from] {
	case roleForm, roleTypo:
		s.Kind, s.Want = "form", r.wanted(from)
		if s.Want != "" {
			s.Kind = "typo"
		}
	case roleBlank:
		s.Kind, s.Name = "blank", r.blankAt(from)
	case roleCourtesy:
		s.Kind = "courtesy"
	case roleSign:
		s.Kind, s.Name = "sign", r.sign
	default:
		if r.al.form == nil && r.roles[from] == roleLeft {
			return Span{}
		}
		s.Kind = "left-over"
	}
	return s
}

// wanted is the form's word for token i where it differs.
func (r *reader) wanted(i int) string {
	for _, w := range r.al.wants {
		if w.token == i {
			return w.word
		}
	}
	return ""
}

func (r *reader) blankAt(i int) string {
	for n, v := range r.al.values {
		if i >= v[0] && i < v[1] {
			return r.al.form.blanks[n].Name
		}
	}
	return ""
}

// versions compares the text with its HTML twin: a request must say the same
// in both (a hidden or a different sentence is for a person).
func (r *reader) versions() {
	if r.m.HTML == "" || strings.TrimSpace(r.m.Text) == "" || r.out.Outcome == None {
		return
	}
	text, hidden, struck := htmlText(cutAt(r.m.HTML, 8*maxText))
	r.unseen = hidden
	if r.struck == "" {
		r.struck = struck
	}
	if r.hides() {
		return
	}
	other := ownText(text)
	r.twin = tokenize(other.text, r.twin[:0])
	if strings.TrimSpace(other.text) == "" || sameWords(r.toks, r.twin) {
		return
	}
	twin := *r.m
	twin.Text, twin.HTML = other.text, ""
	got := r.set.Read(twin)
	if got.Procedure == r.out.Procedure && got.Outcome == r.out.Outcome && got.Reason == r.out.Reason && sameFields(got.Fields, r.out.Fields) {
		return
	}
	r.sign = signVersions
	r.review(DangerSign, "The message has a text and an HTML version that do not say the same: a person reads both.")
}

func sameWords(a, b []token) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i].word != b[i].word {
			return false
		}
	}
	return true
}

func sameFields(a, b map[string]string) bool {
	if len(a) != len(b) {
		return false
	}
	for k, v := range a {
		if b[k] != v {
			return false
		}
	}
	return true
}
