package rules

import "strings"

// soften forgives unknown words where the sentence they stand in is plainly a
// greeting, thanks, or a line of a signature. It never touches a danger sign, a
// word of asking or one of our own things: those are left to a person.
func (r *reader) soften() {
	if r.al.form == nil {
		return
	}
	signature := false
	for from := 0; from < len(r.toks); {
		to := from + 1
		for to < len(r.toks) && !r.sentenceEnds(to) {
			to++
		}
		signature = signature && from >= r.al.to || from >= r.al.to && r.closes(from, to)
		if r.mild(from, to, signature) {
			for k := from; k < to; k++ {
				if r.roles[k] == roleOver {
					r.roles[k] = roleCourtesy
				}
			}
		}
		from = to
	}
}

// sentenceEnds reports whether a new sentence or line begins at token i.
func (r *reader) sentenceEnds(i int) bool {
	return r.toks[i-1].after&stop != 0 || r.toks[i].lines > 1 || r.toks[i].lines == 1 && (r.toks[i].capital || r.toks[i-1].after&comma != 0) ||
		(r.roles[i] == roleForm) != (r.roles[i-1] == roleForm)
}

// closes reports whether the sentence ends the letter: what follows is a signature.
func (r *reader) closes(from, to int) bool {
	names := 0
	for i := from; i < to; i++ {
		t := &r.toks[i]
		if t.class&goodbye != 0 {
			return true
		}
		if r.names[t.word] || t.class&title != 0 {
			names++
		}
	}
	first := from+1 < to && r.names[r.toks[from].word] && r.names[r.toks[from+1].word] && r.toks[from].lines > 0
	return first && r.toks[from].capital || names == to-from
}

// mild reports whether the unknown words of a sentence are few and no verbs,
// and the rest of it is courtesy or a signature.
func (r *reader) mild(from, to int, signature bool) bool {
	unknown, anchors, request := 0, 0, false
	for i := from; i < to; i++ {
		t := &r.toks[i]
		switch r.roles[i] {
		case roleSign, roleForm, roleTypo, roleBlank:
			return false
		case roleOver:
			if finite[t.word] || t.kind != plainWord || t.class&^notice != 0 || verbLike(t.word) || verbEnding(t.word) || i > from && !t.capital && clitic(r.toks[i-1].word) {
				return false
			}
			unknown++
		}
		if t.class&(goodbye|thanks) != 0 || signature && (t.capital || t.class&(contact|capacity) != 0 || t.kind == number) || greeting[t.word] {
			anchors++
		}
		request = request || requestNoun[t.word] || strings.HasPrefix(t.word, "disattiv")
		if t.class&wish != 0 && t.class&polite == 0 {
			return false
		}
	}
	first := from == 0 && to <= 4 && r.toks[to-1].after&(stop|comma) != 0
	if motive[r.toks[from].word] || r.toks[from].word == "in" && from+1 < to && r.toks[from+1].word == "quanto" {
		return false // no line of a signature
	}
	if request || unknown == 0 || unknown > 3 || !signature && (unknown > 2 || to-from > 8) {
		return false
	}
	return anchors > 0 && (!signature || r.toks[from].capital || r.toks[from].class&contact != 0) || first && unknown <= 2
}

// motive are words that begin a reason.
var motive = set("poiche perche visto dato essendo siccome")

// greeting are words that make a sentence a greeting.
var greeting = map[string]bool{"buongiorno": true, "buonasera": true, "salve": true, "gentile": true, "gentili": true, "spett": true, "spettle": true,
	"spettabile": true, "egregi": true, "egregio": true, "auguri": true, "attenzione": true, "cordiali": true, "distinti": true, "cordialmente": true,
	"ciao": true, "giornata": true, "oggetto": true, "riscontro": true,
	"disposizione": true, "chiarimento": true, "chiarimenti": true, "collaborazione": true, "ringrazio": true, "serata": true, "lavoro": true, "feste": true}

// verbEnding reports whether a word looks like an infinitive, a future or an
// imperfect: a sentence with one says more than a greeting.
func verbEnding(w string) bool {
	if len(w) < 4 {
		return false
	}
	for _, end := range []string{"are", "ere", "ire", "arla", "erla", "irla", "arlo", "erlo", "arli", "ero", "aro", "iro", "era", "ara", "ira", "remo", "ranno", "vamo", "asse", "esse", "isse", "assi", "essi", "issi"} {
		if strings.HasSuffix(w, end) {
			return true
		}
	}
	return false
}

// clitic reports whether an unknown word after before reads as "la riapro", "la usa mio zio".
func clitic(before string) bool {
	switch before {
	case "la", "lo", "li", "le", "mi", "vi", "ci", "ne", "io":
		return true
	}
	return false
}

// finite are short verbs: a sentence with one says something.
var finite = set("ho hai ha abbiamo avete hanno aveva avevo avevamo era ero erano sia siano fosse va vada sta stia puo usa serve")

// requestNoun are names of the request itself: what an unknown word says of it
// is no greeting.
var requestNoun = set("richiesta richieste domanda istanza modulo dichiarazione comunicazione presente pratica")

// useless reports whether the courtesy of n tokens at i, "non serve più", may
// speak of the request instead of the mailbox. Only the mailbox may stand in
// its sentence, and it must where the phrase itself does not point to it.
func (r *reader) useless(i, n int) bool {
	verb, pointed := false, false
	for k := i; k < i+n; k++ {
		switch w := r.toks[k].word; w {
		case "serve", "occorre", "necessaria", "necessario", "utile", "bisogno":
			verb = true
		case "uso", "usiamo", "usa", "utilizzo", "utilizziamo", "utilizza", "utilizzata", "usata", "adopero", "inutilizzata", "disuso":
			verb, pointed = true, true
		case "mi", "ci", "la", "ne":
			pointed = true
		}
	}
	if !verb || n > 1 && strings.HasPrefix(r.toks[i+1].word, "stamp") || r.toks[i].word == "per" || r.toks[i].word == "in" && n > 1 && r.toks[i+1].word == "caso" {
		return false
	}
	from, to := i, i+n
	for from > 0 && r.toks[from-1].after&stop == 0 && r.toks[from].lines < 2 && !(r.toks[from].lines == 1 && r.toks[from].capital) {
		from--
	}
	for to < len(r.toks) && r.toks[to-1].after&stop == 0 && r.toks[to].lines == 0 {
		to++
	}
	for k := from; k < to; k++ {
		t := &r.toks[k]
		switch {
		case k >= i && k < i+n:
		case theMailbox[t.word], r.roles[k] == roleForm, r.roles[k] == roleTypo, r.roles[k] == roleBlank:
			pointed = true
		case t.class&(weak|goodbye|thanks) != 0, besideUse[t.word]:
		case t.class&polite != 0 || r.ownWord(t.word):
			return true
		}
	}
	return !pointed
}

var (
	theMailbox = set("casella pec posta indirizzo mailbox account utenza email mail")
	besideUse  = set("elettronica certificata stessa medesima tale suddetta questa mia nostra io ormai buongiorno buonasera salve gentili gentile cordiali distinti attivita poiche in quanto dato visto purtroppo semplicemente")
)

// signedBy notes a message signed by somebody else than the form names: a name
// beside or under the closing that shares no word with the person's, his
// firm's or the mailbox's.
func (r *reader) signedBy() {
	if r.al.form == nil || len(r.names) == 0 {
		return
	}
	for i := r.al.to; i < len(r.toks); i++ {
		if r.toks[i].class&goodbye == 0 {
			continue
		}
		from := i + 1
		for from < len(r.toks) && r.toks[from].lines == 0 && (!r.toks[from].capital || r.toks[from].class != 0) {
			from++
		}
		to := from
		for to < len(r.toks) && (to == from || r.toks[to].lines == 0) {
			to++
		}
		if from < to && r.stranger(from, to) {
			r.warn("third-person", from, to)
		}
		return
	}
}

// stranger reports whether tokens [from, to) are a name nobody has spoken of.
func (r *reader) stranger(from, to int) bool {
	if from > 0 && (r.toks[from-1].word == "da" || r.toks[from-1].word == "dal" || r.toks[from-1].word == "dalla") {
		return false // a place
	}
	words := 0
	for i := from; i < to; i++ {
		t := &r.toks[i]
		if t.class&title != 0 {
			continue
		}
		if t.kind != plainWord || !t.capital || t.class != 0 || r.names[t.word] || len(t.word) > 2 && strings.Contains(r.sender, t.word) {
			return false
		}
		words++
	}
	return words == 2 || words == 3
}
