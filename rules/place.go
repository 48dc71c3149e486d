package rules

import "strings"

// placed reports whether the word at i stands in a line of names alone: the
// place of a letter's date, a town under or beside the writer's name. Many a
// town ends as a verb does: Pontedera, Gallarate, Sanremo.
func (r *reader) placed(i int) bool {
	t := &r.toks[i]
	from, to := r.lineOf(i)
	if to-from > 10 || r.accented(t) || r.tag(i)&(tagYou|tagConditional) != 0 || i < r.al.to && i >= r.al.from {
		return false
	}
	if !t.capital { // "mario rossi gallarate"
		return i == to-1 && i > from && r.names[r.toks[i-1].word] && r.toks[i].after == 0
	}
	where := r.underName(from) || to-from < 4 && r.toks[to-1].after&stop == 0 && (to == len(r.toks) || r.names[r.toks[to].word])
	for k := from; k < to; k++ {
		if _, n := dateAt(r.toks[k:to]); n > 0 {
			where, k = true, k+n-1
			continue
		}
		switch t := &r.toks[k]; {
		case r.names[t.word], townWords[t.word] && t.capital, len(t.word) == 5 && allDigits(t.word): // its postal code
			where = true
		case k > from && t.shout && len(t.word) == 2 && r.toks[k-1].after&opening != 0: // its province
			where = true
		case t.kind == plainWord && t.capital && t.class&^title == 0, t.class&title != 0, t.kind == number, of[t.word], saint[t.word], street[t.word],
			among(t.word, "li", "la", "in", "sul", "nel", "data", "luogo"):
		default:
			return false
		}
	}
	return where
}

// ofTown reports whether the name at k is a town's and no person's: "San
// Giovanni", "Reggio Emilia".
func (r *reader) ofTown(k int) bool {
	w := r.toks[k].word
	return k > 0 && r.toks[k].lines == 0 && (saint[r.toks[k-1].word] || towns[r.toks[k-1].word+" "+w]) ||
		k+1 < len(r.toks) && r.toks[k+1].lines == 0 && towns[w+" "+r.toks[k+1].word]
}

// townWords are towns called as a word that means something.
var townWords = set("cento fermo lodi massa noto")

// places are words before the name of one.
var places = set("regione provincia comune citta frazione localita")

// towns are those called like a person.
var towns = func() map[string]bool {
	m := map[string]bool{}
	for _, town := range strings.Split("castel romano,castro marina,colle umberto,cupra marina,diano marina,emilia romagna,fara sabina,fiano romano,finale emilia,"+
		"lido adriano,magliano sabina,marina romea,martina franca,mazzano romano,monte romano,montopoli sabina,montorio romano,olevano romano,pieve emanuele,"+
		"ponzano romano,punta marina,quinto vercellese,quinto vicentino,reggio calabria,reggio emilia,rio marina,silvi marina,stella cilento,torre annunziata,"+
		"torri sabina,trevignano romano,villa adriana,vittorio veneto", ",") {
		m[town] = true
	}
	return m
}()
