package rules

// part is a piece of a form that people move: items [from, to), ended by a
// blank or a comma, or begun by a preposition.
type part struct{ from, to int }

// cut divides the form into its parts; commas are the items after which the
// printed text has one.
func (f *Form) cut(commas map[int]bool) {
	from := 0
	for i := range f.items {
		it := &f.items[i]
		begins := it.blank < 0 && (it.word == "con" || it.word == "per") || it.open > 0
		if i > from && (begins || f.items[i-1].blank >= 0 && it.word != "euro" || commas[i-1]) {
			f.parts = append(f.parts, part{from, i})
			from = i
		}
	}
	f.parts = append(f.parts, part{from, len(f.items)})
}

// mover finds a form whose parts are all there, word for word, in another
// order: "Avvalendosi del diritto di recesso, il sottoscritto …".
type mover struct {
	walker
	done []bool
}

// move looks for the form f so in the tokens; it sets roles and the alignment
// only when it is there.
func move(f *Form, toks []token, roles []role, a *alignment) bool {
	m := mover{walker: walker{form: f, toks: toks, roles: roles, a: a}, done: make([]bool, len(f.parts))}
	m.ends = m.value
	for j := range toks {
		if n := m.next(j); n >= 0 && m.all(j) {
			return true
		}
	}
	return false
}

// next is a part not yet found that begins at token j, -1 when none does.
func (m *mover) next(j int) int {
	for n, p := range m.form.parts {
		if !m.done[n] && m.begins(p, j) {
			return n
		}
	}
	return -1
}

// begins reports whether the first word that tells of a part stands at j, or
// after the articles before it.
func (m *mover) begins(p part, j int) bool {
	for i := p.from; i < p.to && j < len(m.toks); i++ {
		it := &m.form.items[i]
		switch {
		case it.blank >= 0:
			return false
		case it.said(m.toks[j:]) > 0 && !it.weak:
			return true
		case it.is(m.toks[j].word):
			j++
		case !it.weak:
			return false
		}
	}
	return false
}

// all takes parts from token j until every one that must be there was found.
func (m *mover) all(j int) bool {
	clear(m.done)
	clear(m.roles)
	m.a.begin(m.form)
	start, end, extra := j, j, 0
	for j < len(m.toks) {
		n := m.next(j)
		if n < 0 {
			if m.complete() || extra == 3 || m.toks[j].class&weak == 0 && m.toks[j].kind != filler {
				break
			}
			m.roles[j] = roleForm
			extra++
			j++
			continue
		}
		p := m.form.parts[n]
		to, ok := m.sequence(p.from, p.to, j, true)
		if !ok {
			break
		}
		m.done[n] = true
		j, end, extra = to, to, 0
	}
	if !m.complete() {
		clear(m.roles)
		return false
	}
	for k := end; k < len(m.roles); k++ {
		m.roles[k] = roleLeft
	}
	m.a.form, m.a.from, m.a.to, m.a.similarity = m.form, start, end, 1
	return true
}

// complete reports whether every part that must be there was found.
func (m *mover) complete() bool {
	for n, p := range m.form.parts {
		if m.done[n] || m.form.items[p.from].open > 0 {
			continue
		}
		for _, it := range m.form.items[p.from:p.to] {
			if !it.weak {
				return false
			}
		}
	}
	return true
}

// value is where a value that begins at j ends: before the next part, at a comma
// or a stop.
func (m *mover) value(kind *blankKind, j int) int {
	const ending = comma | stop | colon | question
	k := j
	for k < len(m.toks) && k-j < kind.width {
		if k > j && (m.toks[k-1].after&ending != 0 || m.toks[k-1].kind == address || m.next(k) >= 0) {
			break
		}
		k++
	}
	return k
}
