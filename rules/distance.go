package rules

import (
	"math/bits"
	"slices"
	"strings"
)

// The slow path: a form is aligned to a text that does not have it word for
// word, at the least cost of words missing, extra or misspelt. It only ever
// proposes; what may be accepted is decided by the words that differ.

// Costs of an edit, in hundredths of a word.
const (
	costMissing     = 100
	costMissingWeak = 8
	costExtra       = 60
	costExtraWeak   = 8
	costTypo        = 15 // a letter
	costJoin        = 15 // two words written as one, or one as two
	costSkip        = 40 // the optional part, when it is as well there
	costValue       = 3  // a token taken by a blank
	costOdd         = 45 // a token that such a blank does not hold
	costInfinite    = 1 << 28
)

// maxAlign bounds the tokens that are aligned: time grows with form × text.
const maxAlign = 500

type edit uint8

const (
	editNone edit = iota
	editMatch
	editTypo
	editMissing
	editExtra
	editSplit // one word of the form, two of the text
	editMerge // two words of the form, one of the text
	editTake  // a token into the blank
	editLeave // the blank ends
	editSkip  // the optional part is left out

	editTurn edit = 16 // times the tokens of a match beyond the first
)

// near aligns a form to a text, in which it is worth looking for, and fills a and
// roles. It reports whether the text is like the form at all.
func near(f *Form, s *spelling, roles []role, a *alignment) bool {
	toks := s.toks
	g := grid{f: f, spelling: s, width: len(toks) + 1}
	best := g.fill()
	words := g.back(best, roles, a)
	a.form, a.cost = f, g.at(len(f.items), best)
	a.lastValue(toks, roles)
	a.similarity = max(0, 1-float64(words)/float64(100*f.words))
	return a.similarity >= alike
}

// lastValue takes the value of a blank that ends the form: nothing after it
// draws it out.
func (a *alignment) lastValue(toks []token, roles []role) {
	last := a.form.items[len(a.form.items)-1]
	if last.blank < 0 || a.to == 0 || roles[a.to-1] != roleForm && roles[a.to-1] != roleTypo {
		return
	}
	if w := toks[a.to-1].word; w != a.form.items[len(a.form.items)-2].word {
		return
	}
	end := tail(kindOf(a.form.blanks[last.blank].Kind), toks, a.to)
	for k := a.to; k < end; k++ {
		roles[k] = roleBlank
	}
	a.values[last.blank] = [2]int{a.to, end}
	a.to = end
}

// worth reports whether enough of the form's telling words are in the text,
// misspelt or not.
func worth(f *Form, s *spelling) bool {
	found, left := 0, f.telling
	for i := range f.items {
		it := &f.items[i]
		if it.blank >= 0 || it.weak {
			continue
		}
		for k := range s.toks {
			if s.said(it, k) > 0 || s.misspelt(it, k) > 0 {
				found++
				break
			}
		}
		left--
		if enough := 3*found >= f.words; enough || 3*(found+left) < f.words {
			return enough
		}
	}
	return 3*found >= f.words
}

type grid struct {
	f *Form
	*spelling
	width int
	cost  []int32
	how   []edit
}

// fill computes the least cost of every prefix of the form ending at every
// token, and returns the token at which the whole form ends at least cost.
func (g *grid) fill() int {
	n := len(g.f.items)
	g.cost = make([]int32, (n+1)*g.width)
	g.how = make([]edit, (n+1)*g.width)
	for k := g.width; k < len(g.cost); k++ {
		g.cost[k] = costInfinite
	}
	for i := range n {
		for j := range g.width {
			if g.at(i, j) < costInfinite {
				g.step(i, j)
			}
		}
	}
	best := 0
	for j := range g.width {
		if g.at(n, j) < g.at(n, best) {
			best = j
		}
	}
	return best
}

func (g *grid) at(i, j int) int32 { return g.cost[i*g.width+j] }

func (g *grid) set(i, j int, cost int32, how edit) {
	if i > len(g.f.items) || j >= g.width {
		return
	}
	if k := i*g.width + j; cost < g.cost[k] {
		g.cost[k], g.how[k] = cost, how
	}
}

func (g *grid) step(i, j int) {
	it, c := &g.f.items[i], g.at(i, j)
	if it.open > 0 {
		g.set(i+it.open, j, c+costSkip, editSkip)
	}
	if it.blank >= 0 {
		g.set(i+1, j, c, editLeave)
		if j+1 < g.width {
			g.set(i, j+1, c+g.odd(g.f.blanks[it.blank].Kind, j), editTake)
		}
		return
	}
	missing := int32(costMissing)
	if it.weak {
		missing = costMissingWeak
	}
	g.set(i+1, j, c+missing, editMissing)
	if j+1 >= g.width {
		return
	}
	t := &g.toks[j]
	switch d, n := g.misspelt(it, j), g.said(it, j); {
	case n > 0:
		g.set(i+1, j+n, c, editMatch+edit(n-1)*editTurn)
	case d > 0:
		g.set(i+1, j+1, c+int32(d)*costTypo, editTypo)
	}
	if i > 0 {
		extra := int32(costExtra)
		if g.loose[j] || g.renewalDay(i, j) {
			extra = costExtraWeak
		}
		g.set(i, j+1, c+extra, editExtra)
	}
	if j+2 < g.width && len(t.word) < len(it.word) && composed(it.word, t.word, g.toks[j+1].word) {
		g.set(i+1, j+2, c+costJoin, editSplit)
	}
	if i+1 < len(g.f.items) && g.f.items[i+1].blank < 0 && len(t.word) > len(it.word) && composed(t.word, it.word, g.f.items[i+1].word) {
		g.set(i+2, j+1, c+costJoin, editMerge)
	}
}

// composed reports whether a word is two others written as one.
func composed(word, first, second string) bool {
	return len(word) == len(first)+len(second) && strings.HasPrefix(word, first) && strings.HasSuffix(word, second)
}

// renewalDay reports whether token j belongs to a date right after "rinnovata":
// people say when it was.
func (g *grid) renewalDay(i, j int) bool {
	if g.f.items[max(0, i-1)].word != "rinnovata" {
		return false
	}
	for k := j; k >= 0 && k > j-4; k-- {
		if _, n := dateAt(g.toks[k:]); n > 1 && k+n > j {
			return true
		}
	}
	return false
}

// odd is the cost of token j in a blank of a kind.
func (g *grid) odd(kind string, j int) int32 {
	switch t := &g.toks[j]; {
	case kind == kindMailbox && t.kind != address:
		if t.class&weak != 0 {
			return 2 * costValue
		}
		return costOdd
	case kind != kindMailbox && t.kind == address:
		return costOdd
	case (kind == kindPanel || kind == kindOrder || kind == kindCase) && t.kind == plainWord && !t.capital && g.loose[j]:
		return 4 * costValue
	}
	return costValue
}

// misspelt is how many letters t is off the form's word, 0 when it is no
// misspelling: a word that means something of its own never is.
func misspelt(it *item, t *token) int {
	limit := 1
	if len(it.word) >= 8 {
		limit = 2
	}
	if gap := len(it.word) - len(t.word); gap > max(limit, syllable) || gap < -max(limit, syllable) || len(it.word) < 3 || len(t.word) < 2 || t.kind != plainWord ||
		t.class&danger&^it.class != 0 {
		return 0
	}
	d := distance(it.word, t.word, limit)
	for _, v := range it.same {
		d = min(d, distance(v, t.word, limit))
	}
	if d > limit && stammered(it.word, t.word) {
		d = limit
	}
	if d > limit || knownWords[t.word].listed != 0 || stillToBe(it.word, t.word) || inflected(it.word, t.word) || turned(it.word, t.word) {
		return 0
	}
	for _, v := range it.same {
		if inflected(v, t.word) {
			return 0 // "chiederà"
		}
	}
	return d
}

// syllable is how many letters a syllable has at most that is left out or written twice.
const syllable = 3

// stammered reports whether a word is the form's with a syllable left out that is much like
// the one before it, or written twice: "indipendemente", "numemero". One that may be a prefix
// makes another word.
func stammered(want, got string) bool {
	longer, shorter := want, got
	if len(got) > len(want) {
		longer, shorter = got, want
	}
	n, head := len(longer)-len(shorter), 0
	for head < len(shorter) && longer[head] == shorter[head] {
		head++
	}
	if n < 2 || n > syllable || head < 2 || !strings.HasSuffix(longer, shorter[head:]) {
		return false
	}
	if len(got) < len(want) {
		return len(want) > 12 && head > 4 && len(want)-n-head > 4
	}
	for at := max(n, head-n); at <= head && at+n <= len(longer); at++ {
		if longer[at-n:at] == longer[at:at+n] {
			return at > n || !slices.Contains(prefixes, longer[:n])
		}
	}
	return false
}

// stillToBe reports whether a word is the form's for what is still to be done, or an order
// to do it: "rinnovanda", "cancellabile", "rinnovatela".
func stillToBe(want, got string) bool {
	return order(got) || ends(want, "ata") && ends(got, "abile", "anda", "ando", "enda", "era", "erebbe", "ibile")
}

// inflected reports whether a word is the form's in another tense or mood:
// "richiederà", "richiedeva" are no slips of the pen.
func inflected(want, got string) bool {
	if ends(want, "enza", "mente", "ella", "ello", "zione", "ente") || undouble(want) == undouble(got) || len(got) > 3 && strings.IndexByte("aeiou", got[len(got)-3]) < 0 && !ends(got, "ndo", "rei") {
		return false // no verb ends so
	}
	n := 0
	for n < len(want) && n < len(got) && want[n] == got[n] {
		n++
	}
	if future := ends(got, "era", "ero", "eranno", "erebbe"); future && n >= len(want)-2 && n >= 4 && !ends(want, "era", "ero") {
		return true // "dichiarerà"
	}
	return n >= len(want)-2 && n >= 4 && ends(got, "ra", "ro", "va", "vo", "re", "rei", "rebbe", "ranno", "sse", "ssi", "ndo", "vano") &&
		!ends(want, "ra", "ro", "va", "vo", "re", "ndo")
}

// turned reports whether a word is the form's with a prefix that makes another
// of it: "inconsapevole", "riattivazione".
func turned(want, got string) bool {
	if strings.HasSuffix(got, want) && len(got) > len(want)+1 && !ofForm[got[:len(got)-len(want)]] {
		return true
	}
	for _, p := range prefixes {
		if strings.HasPrefix(got, p) != strings.HasPrefix(want, p) && len(got) > 6 {
			if !strings.HasPrefix(got, p) && got[0] == p[0] && strings.TrimPrefix(want, p) != got {
				continue // "rnnovata": a letter of the prefix is lost
			}
			if strings.HasPrefix(got, p) && distance(strings.TrimPrefix(got, p), want, 1) <= 1 ||
				strings.HasPrefix(want, p) && distance(strings.TrimPrefix(want, p), got, 1) <= 1 {
				return true
			}
		}
	}
	return false
}

// prefixes turn a word round.
var prefixes = []string{"in", "ri", "dis", "non", "im"}

// distance is the number of letters to add, drop, change or swap with their
// neighbour to make a of b; limit+1 when it is more than limit.
func distance(a, b string, limit int) int {
	if len(a)-len(b) > limit || len(b)-len(a) > limit || len(b) > 62 || len(a) > 62 ||
		bits.OnesCount32(letterSet(a)^letterSet(b)) > 2*limit {
		return limit + 1
	}
	var rows [3][64]uint8
	for j := range len(b) + 1 {
		rows[1][j] = uint8(j)
	}
	for i := range len(a) {
		above2, above, row := &rows[i%3], &rows[(i+1)%3], &rows[(i+2)%3]
		row[0] = uint8(i + 1)
		least := row[0]
		for j := range len(b) {
			d := above[j]
			if a[i] != b[j] {
				d = 1 + min(d, above[j+1], row[j])
				if i > 0 && j > 0 && a[i] == b[j-1] && a[i-1] == b[j] {
					d = min(d, 1+above2[j-1])
				}
			}
			row[j+1] = d
			least = min(least, d)
		}
		if int(least) > limit {
			return limit + 1
		}
	}
	return min(int(rows[(len(a)+1)%3][len(b)]), limit+1)
}

// letterSet is the letters of a word, a bit each: one added, dropped or changed changes
// two bits at most.
func letterSet(word string) (set uint32) {
	for i := range len(word) {
		set |= 1 << (word[i] & 31)
	}
	return set
}

// back walks the cheapest alignment from its end and tells what each token
// is; it returns the cost of the fixed words alone.
func (g *grid) back(j int, roles []role, a *alignment) (words int32) {
	clear(roles)
	a.begin(g.f)
	a.to = j
	for i := len(g.f.items); i > 0; {
		how := g.how[i*g.width+j]
		n := 1 + int(how/editTurn)
		switch how % editTurn {
		case editMatch, editTypo:
			i, j = i-1, j-n
			for k := range n {
				roles[j+k] = roleForm
			}
			if w := g.f.items[i].word; g.toks[j].word != w {
				roles[j] = roleTypo
				a.wants = append(a.wants, want{j, w, n})
				words += int32(g.misspelt(&g.f.items[i], j)) * costTypo
			}
		case editMissing:
			i--
			if !g.f.items[i].weak {
				a.missing = append(a.missing, g.f.items[i].word)
				words += costMissing
			}
		case editExtra:
			j--
			if !g.loose[j] && !g.renewalDay(i, j) {
				words += costExtra
			}
		case editSplit:
			i, j = i-1, j-2
			roles[j], roles[j+1] = roleTypo, roleTypo
			a.wants = append(a.wants, want{j, g.f.items[i].word, 2})
			words += costJoin
		case editMerge:
			i, j = i-2, j-1
			roles[j] = roleTypo
			a.wants = append(a.wants, want{j, g.f.items[i].word + " " + g.f.items[i+1].word, 1})
			words += costJoin
		case editTake:
			j--
			roles[j] = roleBlank
			b := g.f.items[i].blank
			if a.values[b][1] < 0 {
				a.values[b][1] = j + 1
			}
			a.values[b][0] = j
		case editLeave:
			i--
		case editSkip:
			i = g.skipped(i)
		default: // the row of the form's beginning
			i = 0
		}
	}
	a.from = j
	return words
}

// skipped is the item where the optional part that ends before item i begins.
func (g *grid) skipped(i int) int {
	for k := i - 1; k >= 0; k-- {
		if k+g.f.items[k].open == i && g.f.items[k].open > 0 {
			return k
		}
	}
	return 0
}
