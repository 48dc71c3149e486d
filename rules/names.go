package rules

import (
	"slices"
	"strings"
	"unicode"
)

// What of a blank for a person is his name.

// strangeWord reports whether a small word that is no particle stands in a name
// of capitals: "Mario Rossi altrui". A surname of two may lack its capital.
func (r *reader) strangeWord(from, to int) bool {
	small, capitals := 0, 0
	for i := from; i < to; i++ {
		switch t := &r.toks[i]; {
		case t.capital:
			capitals++
		case t.class&(weak|title|capacity) == 0 && t.kind == plainWord && t.word != "detto" && t.word != "detta" && t.after&stop == 0 &&
			!strings.Contains(r.sender, t.word):
			small++
		}
	}
	return capitals > 0 && small > 0 && capitals+small > 2
}

// labelled reads a name in two labelled parts: "Nome: Mario, Cognome: Rossi".
func (r *reader) labelled(from, to int) (f filled, found bool) {
	f = filled{from: from, to: to}
	var parts []string
	for i := from; i < to; {
		if w := r.toks[i].word; w != "nome" && w != "cognome" || r.toks[i].after&colon == 0 {
			return filled{}, false
		}
		start := i + 1
		for i = start; i < to && !((r.toks[i].word == "nome" || r.toks[i].word == "cognome") && r.toks[i].after&colon != 0); i++ {
			if t := &r.toks[i]; t.kind != plainWord || !t.capital || t.class&danger != 0 && !r.properName(i) {
				return filled{}, false
			}
		}
		if i == start {
			return filled{}, false
		}
		parts = append(parts, trimValue(raw(r.own.text, r.toks, start, i)))
	}
	f.text = strings.Join(parts, " ")
	return f, len(parts) == 2
}

// abbreviated reports whether the words at i are a title cut short: "Per. Ind.".
func (r *reader) abbreviated(i int) bool {
	t := &r.toks[i]
	return t.word == "per" && t.capital && t.after&stop != 0 || t.word == "ind" && i > 0 && r.toks[i-1].word == "per"
}

// skipped reports whether a word before a name is no part of it: a title, an
// article. "Della Valle" keeps its capital.
func (r *reader) skipped(i int) bool {
	t := &r.toks[i]
	return r.abbreviated(i) || ranks[t.word] && t.capital && t.after&stop != 0 || among(t.word, "congedo", "quiescenza", "ausiliaria") || t.class&title != 0 || r.ofConvent(i) || t.class&weak != 0 && (!t.capital || t.shout)
}

// ranks are those of soldiers and policemen, cut short: "Mar. Ca. in congedo".
var ranks = set("amm app brig ca cap col gen isp lgt magg mar serg sov ten")

// ofConvent reports whether "Madre" at i is what a nun is called: "Madre Chiara Poli, badessa".
func (r *reader) ofConvent(i int) bool {
	t := &r.toks[i]
	return t.word == "madre" && t.capital && i+1 < len(r.toks) && given[r.toks[i+1].word] && r.holdsStem(i, len(r.toks), "abbades", "badess", "convent", "monaster", "prior", "superior")
}

// behindBody is where a firm's name begins behind what the firm is called, which
// begins at i: "la sottoscritta società agricola Rossi S.r.l.".
func (r *reader) behindBody(i, to int) int {
	if i < to && legalForm[r.toks[i].word] && r.toks[i].after&stop != 0 && i+1 < to && r.toks[i+1].capital {
		return i + 1 // "A.S.D. Virtus Casale"
	}
	if i >= to || !bodies[r.toks[i].word] || r.toks[i].capital && !r.toks[i].shout || r.toks[i].after != 0 {
		return i
	}
	for k := i + 1; k < to && k < i+9 && !r.toks[i].shout; k++ {
		switch t := &r.toks[k]; {
		case t.capital:
			return k
		case t.kind != plainWord || t.class&danger != 0 || t.after != 0:
			return i + 1
		}
	}
	return i + 1
}

// nameWord reports whether a token may be part of a name, and notes the signs.
func (r *reader) nameWord(i int) bool {
	t := &r.toks[i]
	if t.kind != plainWord {
		return false
	}
	if t.class&danger != 0 && !r.properName(i) {
		return false
	}
	return t.class&(capacity|danger) == 0 || t.class&weak != 0 || r.properName(i)
}

// surname reports whether the word at i, whatever it means, is the surname behind a
// first name: "Ida Bozza".
func (r *reader) surname(i int) bool {
	t := &r.toks[i]
	return i > 0 && t.capital && !t.shout && t.class&thirdHand == 0 && given[r.toks[i-1].word] && r.toks[i-1].capital && r.toks[i-1].after == 0 &&
		(t.after&comma != 0 || i+1 < len(r.toks) && !r.toks[i+1].capital)
}

// placeholder reports whether a name is only the form's hint: "Nome e Cognome".
func (r *reader) placeholder(from, to int) bool {
	hints := 0
	for _, t := range r.toks[from:to] {
		switch t.word {
		case "nome", "cognome", "nominativo", "ragione", "sociale", "denominazione", "inserire":
			hints++
		default:
			if t.class&weak == 0 {
				return false
			}
		}
	}
	return hints > 0
}

// surnames are names that are also words of warning.
var surnames = set(`
	agosto amico annullo aprile attendolo bloch chiusano chiusi conte contestabile dal domenica dopo due ferma fermani fermi fermino fermo
	fine fra gennaio loca luglio ma maggio mai marzo mesi nipote nuova nuovo parte prima prossimo prova rinnovati sabato seconda secondo
	solo stoppa stoppani tre vicino`)

// properName reports whether a token with a danger class is a capitalised name.
func (r *reader) properName(i int) bool {
	t := &r.toks[i]
	if r.ofAddress(i) {
		return true // "Apicoltura Manca" at apicoltura.manca@…
	}
	if t.capital && !t.shout && t.class&soft != 0 && t.class&thirdHand == 0 && i > 0 && r.toks[i-1].after&(stop|comma) == 0 {
		return true // "Musica Insieme"
	}
	return t.capital && (surnames[t.word] || !t.shout && knownWords[t.word].listed&danger == 0 && i > 0 && r.toks[i-1].after&(stop|question) == 0)
}

// ofAddress reports whether the word at i, with a capital, is one of the certified address.
func (r *reader) ofAddress(i int) bool {
	t := &r.toks[i]
	if !t.capital || len(t.word) < 4 || t.class&danger != 0 && t.class&soft == 0 {
		return false
	}
	name, domain, _ := strings.Cut(r.sender, "@")
	return len(t.word) > 4 && strings.Contains(name, t.word) ||
		slices.Contains(strings.FieldsFunc(name+"."+domain, func(c rune) bool { return !unicode.IsLetter(c) }), t.word)
}

// named is 1 when a word at i, though a title or an article, begins the name:
// nobody is called "Don" alone.
func (r *reader) named(i int) int {
	if i+1 >= len(r.toks) || r.roles[i+1] != roleBlank {
		return 1
	}
	return 0
}
