package rules

import (
	"slices"
	"strings"
)

// filled is what a blank was found to hold.
type filled struct {
	text    string // its value; "" when it is empty
	company string // of a person: on whose behalf he writes
	taxCode string // of a person: his codice fiscale
	odd     bool   // it holds words that are no such value
	from    int    // tokens of the value itself
	to      int
}

// blank reads the value of a blank, marks what in it is no value, and notes
// the danger signs in it.
func (r *reader) blank(b Blank, from, to int) filled {
	for from < to && r.toks[from].kind == filler {
		from++
	}
	for to > from && r.toks[to-1].kind == filler {
		to--
	}
	if from < 0 || from >= to {
		return filled{}
	}
	switch b.Kind {
	case "person":
		return r.person(from, to)
	case "pec-address":
		return r.mailbox(b, from, to)
	case "text":
		return r.free(from, to)
	}
	return r.code(b.Kind, from, to)
}

// maxName is the most words a name has, titles not counted.
const maxName = 8

// person reads a name with what stands beside it: titles, birth, tax code, the
// company it represents.
func (r *reader) person(from, to int) filled {
	if f, found := r.labelled(from, to); found {
		return f
	}
	f := filled{from: from}
	for f.from < to && r.skipped(f.from) && r.named(f.from) == 0 {
		f.from++
	}
	f.to = f.from
	for f.to < to && r.nameWord(f.to) {
		f.to++
		if r.toks[f.to-1].after&(comma|opening|colon) != 0 {
			break
		}
	}
	for f.to > f.from && r.toks[f.to-1].class&weak != 0 && r.toks[f.to-1].kind == plainWord {
		f.to-- // "Mario Rossi in qualità di …"
	}
	f.odd = f.to-f.from > maxName || r.strangeWord(f.from, f.to)
	if r.placeholder(f.from, f.to) {
		if f.to < to { // the form's caption, and then the name
			return r.person(f.to, to)
		}
		return filled{}
	}
	f.text = trimValue(raw(r.own.text, r.toks, f.from, f.to))
	if r.toks[to-1].word == "gia" { // "già titolare": no longer
		r.warn(signThirdPerson, to-1, to)
	}
	two := false
	for i := f.from; i < f.to; i++ {
		switch r.toks[i].word {
		case "per", "nome", "vece", "o":
			r.warn("third-person", i, i+1)
		case "e", "ed": // two persons
			two = two || !r.toks[i].shout && !r.toks[i].capital
		}
	}
	r.qualities(&f, to)
	f.company = r.company(f.to, to)
	f.odd = f.odd || two && f.company == "" // two persons and no firm of theirs
	if f.company != "" && r.attorney(f.to, to) {
		r.warn("third-person", f.to, to)
	}
	if f.text == "" && f.company != "" { // "La Rossi S.r.l., in persona di …"
		f.text = f.company
	}
	return f
}

// strangeWord reports whether a small word that is no particle stands in a name
// of capitals: "Mario Rossi altrui". A surname of two may lack its capital.
func (r *reader) strangeWord(from, to int) bool {
	small, capitals := 0, 0
	for i := from; i < to; i++ {
		switch t := &r.toks[i]; {
		case t.capital:
			capitals++
		case t.class&(weak|title|capacity) == 0 && t.kind == plainWord && t.word != "detto" && t.word != "detta" && !strings.Contains(r.sender, t.word):
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
	return r.abbreviated(i) || t.class&title != 0 || t.class&weak != 0 && (!t.capital || t.shout)
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

// qualities judges what stands beside a name: birth, residence, tax code, the
// quality in which the person writes.
func (r *reader) qualities(f *filled, to int) {
	unknown := 0
	for i := f.to; i < to; i++ {
		t := &r.toks[i]
		if _, n := dateAt(r.toks[i:to]); n > 0 {
			i += n - 1 // of birth
			continue
		}
		switch {
		case r.peculiarIn(f.to, to, i):
		case t.word == "per" && r.toks[i-1].kind != number && r.toks[i-1].word != "n" && !r.inTitle(i, to) && !r.inCharge(i, to), actsFor(r.toks, i):
			r.warn("third-person", i, i+1)
		case t.kind == number && len(t.word) == 16:
			f.taxCode = strings.ToUpper(t.word)
		case t.word == "sottoscritto" || t.word == "sottoscritta" || t.word == "sottoscritti":
			f.odd = true // two persons declare
			r.roles[i] = roleOver
		case t.word == "figli" && (r.toks[i-1].word == "e" || t.capital && r.toks[i-1].capital): // of a firm: "Costa Pietro & Figli"
		case t.kind == filler, t.kind == number, t.class&(capacity|title|weak|contact) != 0 && t.class&danger == 0:
		case (t.word == "anni" || t.word == "anno") && (r.toks[i-1].word == "di" || r.toks[i-1].kind == number): // his age
		case t.word == "ex" && i+1 < to && r.toks[i+1].class&(kin|capacity) == 0: // his trade of before
		case strings.HasPrefix(t.word, "scad") && i > f.to && r.documentBefore(f.to, i): // of an identity card
		case t.class&danger != 0 && !r.properName(i):
			s := r.sentence(f.to, to)
			if t.class&soft == 0 || t.class&(thirdHand|condition|deferral|revoking|needed|negation) != 0 || r.softCue(&s, i, t.class) {
				r.warn(signOf(t.class), i, i+1)
			}
		case t.kind == address:
			f.odd = f.odd || t.word != r.sender
		case !t.capital:
			// "insegnante elementare in quiescenza": a few nouns, and no verb.
			if unknown++; unknown > 6 || r.tag(i)&(tagFuture|tagConditional|tagYou|tagPast|tagInfinitive) != 0 || t.class&(will|execute|asked|box) != 0 {
				f.odd = true
				r.roles[i] = roleOver
			}
		}
	}
}

// documentBefore reports whether a document was named in tokens [from, i).
func (r *reader) documentBefore(from, i int) bool {
	for k := from; k < i; k++ {
		if w := r.toks[k].word; w == "documento" || w == "carta" || w == "patente" || w == "passaporto" {
			return true
		}
	}
	return false
}

// peculiarIn notes a word that those beside it make a sign: "amministratore di sostegno".
func (r *reader) peculiarIn(from, to, i int) bool {
	s := r.sentence(from, to)
	name, _ := r.phrase(&s, i)
	if i+1 < to && r.toks[i+1].word == "nome" && inFirmsName(r.toks[:to], i+1) {
		name = ""
	}
	if name == "" {
		name, _ = r.peculiar(&s, i)
	}
	if name != "" {
		r.warn(name, i, i+1)
	}
	return name != ""
}

// actsFor reports whether the word at i, beside a name, makes its bearer act
// for another: "in nome di", "delegato" of nobody's board.
func actsFor(toks []token, i int) bool {
	switch toks[i].word {
	case "nome":
		return i > 0 && (toks[i-1].word == "a" || toks[i-1].word == "in") && !inFirmsName(toks, i)
	case "vece", "rappresentanza":
		return i > 0 && (toks[i-1].word == "a" || toks[i-1].word == "in")
	case "delegato", "delegata":
		return i == 0 || !strings.HasPrefix(toks[i-1].word, "amministrat") && toks[i-1].word != "consigliere"
	}
	return false
}

// inFirmsName reports whether "in nome" at i goes on with a firm or a body,
// which never writes itself: "in nome dello Studio Associato Vitali".
func inFirmsName(toks []token, i int) bool {
	if i+2 >= len(toks) || !of[toks[i+1].word] {
		return false
	}
	for k := i + 2; k < len(toks) && k < i+8 && toks[k-1].after&comma == 0; k++ {
		if w := toks[k].word; bodies[w] || len(w) > 2 && legalForm[w] {
			return true
		}
	}
	return false
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
var surnames = []string{"dal", "prima", "fermo", "fermi", "mai", "conte", "nuova", "nuovo", "bloch", "fermani", "fermino", "solo", "fine", "mesi", "fra", "ma",
	"contestabile", "stoppani", "stoppa", "rinnovati", "chiusi", "chiusano", "secondo", "seconda", "prossimo", "domenica", "loca", "annullo", "dopo", "attendolo", "tre", "due",
	"maggio", "agosto", "sabato", "luglio", "aprile", "marzo", "gennaio", "prova", "parte", "amico", "vicino", "nipote", "ferma"}

// inTitle reports whether "per" at i stands within a firm's name: "Fondazione Villani per l'Infanzia".
func (r *reader) inTitle(i, to int) bool {
	next := i + 1
	if next < to && r.toks[next].class&weak != 0 {
		next++
	}
	return r.toks[i-1].capital && next < to && r.toks[next].capital && r.toks[next].class&title == 0 && !given[r.toks[next].word]
}

// inCharge reports whether "per" at i stands in the name of an office:
// "responsabile per la transizione digitale".
func (r *reader) inCharge(i, to int) bool {
	return r.toks[i-1].class&capacity != 0 && i+2 < to && articles[r.toks[i+1].word] && !r.toks[i+2].capital && r.toks[i+2].class&(kin|title|capacity) == 0
}

var articles = set("il la lo l i gli le")

// properName reports whether a token with a danger class is a capitalised name.
func (r *reader) properName(i int) bool {
	t := &r.toks[i]
	if t.capital && !t.shout && t.class&soft != 0 && t.class&thirdHand == 0 && i > 0 && r.toks[i-1].after&(stop|comma) == 0 {
		return true // "Musica Insieme"
	}
	return t.capital && (slices.Contains(surnames, t.word) || !t.shout && knownWords[t.word]&danger == 0 && i > 0 && r.toks[i-1].after&(stop|question) == 0)
}

// named is 1 when a word at i, though a title or an article, begins the name:
// nobody is called "Don" alone.
func (r *reader) named(i int) int {
	if i+1 >= len(r.toks) || r.roles[i+1] != roleBlank {
		return 1
	}
	return 0
}

// company is what stands after the quality of one who may write for a firm
// ("legale rappresentante della Rossi S.r.l., con sede in …"): the firm's name,
// up to the next comma or what is known to follow.
func (r *reader) company(from, to int) string {
	speaks := -1
	for i := from; i < to && speaks < 0; i++ {
		if w := r.toks[i].word; represents[w] || w == "procuratore" || w == "procuratrice" {
			speaks = i
		}
	}
	if speaks < 0 {
		return ""
	}
	start := -1
	for i := speaks + 1; i < to; i++ {
		t := &r.toks[i]
		switch {
		case start < 0 && (t.capital || t.kind == number) && t.class&danger == 0 && !represents[t.word]:
			start = i
		case start >= 0 && (r.toks[i-1].after&(comma|opening) != 0 || afterFirm[t.word]):
			return trimValue(raw(r.own.text, r.toks, start, i))
		}
	}
	if start < 0 {
		return ""
	}
	return trimValue(raw(r.own.text, r.toks, start, to))
}

// attorney reports whether the person writes as the attorney of another person:
// a firm has attorneys of its own, a person's proxy is to be seen.
func (r *reader) attorney(from, to int) bool {
	proxy := false
	for _, t := range r.toks[from:to] {
		switch {
		case t.word == "procuratore" || t.word == "procuratrice":
			proxy = true
		case represents[t.word], legalForm[t.word]:
			return false
		}
	}
	return proxy
}

// represents are the qualities in which a person may dispose of a firm's mailbox.
var represents = map[string]bool{"rappresentante": true, "rapp": true, "rappte": true, "titolare": true, "amministratore": true, "amministratrice": true,
	"presidente": true, "vicepresidente": true, "liquidatore": true, "liquidatrice": true, "rettrice": true, "amministratori": true, "commissaria": true, "socio": true, "socia": true, "direttore": true, "direttrice": true, "sindaco": true,
	"parroco": true, "rettore": true, "preside": true, "dirigente": true, "commissario": true, "proprietario": true, "proprietaria": true, "ditta": true,
	"impresa": true, "unico": true, "delegato": true, "soci": true, "socie": true, "associati": true, "rappresentanti": true, "consigliere": true, "fondatore": true, "fondatrice": true}

// afterFirm are words that follow the name of a firm.
var afterFirm = map[string]bool{"con": true, "nato": true, "nata": true, "cf": true, "piva": true, "partita": true, "codice": true, "sede": true, "cod": true}

func trimValue(s string) string {
	return strings.Join(strings.Fields(strings.Trim(s, "_*\"'«»“”‘’.,;:-–…<>()[] \t\r\n")), " ")
}

// mailbox reads the mailbox named. It is compared as it is: nothing is folded
// but capitals, blanks, a trailing dot, mailto: and the underscores of the form.
func (r *reader) mailbox(b Blank, from, to int) filled {
	f := filled{from: from, to: to}
	if r.broken(from, to) {
		f.text = r.sender
		return f
	}
	for i := from; i < to; i++ {
		t := &r.toks[i]
		switch {
		case t.kind == address:
			word := t.word
			if word != r.sender && strings.Trim(word, "_") == strings.Trim(r.sender, "_") {
				word = strings.Trim(word, "_")
			}
			if f.text == "" {
				f.text = word
			} else if f.text != word {
				r.warn(signSecondMailbox, i, i+1)
			}
		case t.word == "cui" && f.text != "":
			r.roles[i] = roleOver
			f.odd = true
		case t.class&danger != 0:
			r.warn(signOf(t.class), i, i+1)
		case t.class&(weak|mailing|civil|box) == 0 && t.kind != filler && (f.text != "" || !beforeAddress[t.word]) && !r.names[t.word]:
			r.roles[i] = roleOver
			f.odd = true
		}
	}
	if f.text != "" {
		return f
	}
	whole := foldAddress(joined(r.own.text, r.toks, from, to))
	f.text = whole
	f.odd = f.odd || whole != r.sender
	return f
}

// broken reports whether the value is the certified sender's own address, letter
// for letter, which a mail program broke over two lines.
func (r *reader) broken(from, to int) bool {
	for i := from; i < to; i++ {
		if r.toks[i].kind == address {
			return false
		}
	}
	return r.sender != "" && foldAddress(joined(r.own.text, r.toks, from, to)) == r.sender
}

// beforeAddress are words that people put before the mailbox they name.
var beforeAddress = map[string]bool{"elettronica": true, "certificata": true, "aziendale": true, "personale": true, "professionale": true, "denominata": true, "attiva": true, "sopra": true,
	"indicata": true, "intestata": true, "avente": true, "corrispondente": true, "seguente": true, "cui": true}

// code reads a number, an account or another value without blanks.
func (r *reader) code(kind string, from, to int) filled {
	for from < to && (r.toks[from].class&weak != 0 || r.toks[from].word == "ordine" || r.toks[from].word == "caso") && r.toks[from].kind != number && from+1 < to {
		from++
	}
	if kind == "order-number" {
		to = r.orderEnd(from, to)
	}
	to = r.valueEnd(from, to)
	f := filled{from: from, to: to}
	digits := false
	for i := from; i < to; i++ {
		t := &r.toks[i]
		digits = digits || t.kind == number
		if t.class&danger != 0 && t.kind == plainWord && t.word != "euro" && !(kind == "order-number" && strings.HasPrefix(t.word, "fattur")) && !noCase(kind, t.word) {
			r.warn(signOf(t.class), i, i+1)
		}
	}
	f.text = joined(r.own.text, r.toks, from, to)
	switch kind {
	case "order-number", "case-number", "amount", "date":
		f.odd = !digits || len(f.text) > 40 || kind == "order-number" && r.wordy(from, to)
	case "tax-code":
		f.odd = len(f.text) != 16 && len(f.text) != 11
	case "panel":
		f.odd = len(f.text) > 60 || to-from > 4
		f.text = panel(f.text)
	}
	if kind == "date" {
		f.text = raw(r.own.text, r.toks, from, to)
	}
	return f
}

// noCase reports whether a word in the blank for a case says that there is none.
func noCase(kind, w string) bool { return kind == "case-number" && strings.HasPrefix(w, "nessun") }

// wordy reports whether words stand in a number, unless joined to it: ORD-123.
func (r *reader) wordy(from, to int) bool {
	for i := from; i < to; i++ {
		if t := &r.toks[i]; t.kind == plainWord && len(t.word) > 1 && t.after&glued == 0 && (i == from || r.toks[i-1].after&glued == 0) {
			return true
		}
	}
	return false
}

// valueEnd is where a number or an account ends: after its comma others may
// follow, "MROSSI-EURO, e di essere consapevole".
func (r *reader) valueEnd(from, to int) int {
	end := to
	for end > from+1 && (r.toks[end-1].class&weak != 0 || withinForm[r.toks[end-1].word]) && r.toks[end-1].kind == plainWord && r.toks[end-1].word != "euro" {
		end--
		if r.toks[end-1].after&comma != 0 {
			return end
		}
	}
	return to
}

// orderEnd is where an order's number ends: its date may follow, "del
// 10/09/2026", "in data 10/09/2026".
func (r *reader) orderEnd(from, to int) int {
	for i := from + 1; i < to; i++ {
		if strings.HasPrefix(r.toks[i].word, "fattur") && r.toks[i-1].after&opening != 0 {
			return i
		}
		if _, n := dateAt(r.toks[i:to]); n == 0 || i+n != to {
			continue
		}
		end := i
		for end > from+1 && r.toks[end-1].kind == plainWord && (r.toks[end-1].class&weak != 0 || r.toks[end-1].word == "data") {
			end--
		}
		if end < i {
			return end
		}
	}
	return to
}

// panel is the account without the suffix that the form prints after it.
func panel(s string) string {
	if n := len(s) - len("-EURO"); n > 0 && strings.EqualFold(s[n:], "-EURO") {
		s = s[:n]
	}
	return strings.Trim(s, "-_ ")
}

// free reads a value of any words; its danger signs count.
func (r *reader) free(from, to int) filled {
	for i := from; i < to; i++ {
		if c := r.toks[i].class & (negation | revoking | erasing); c != 0 {
			r.warn(signOf(c), i, i+1)
		}
	}
	return filled{text: trimValue(raw(r.own.text, r.toks, from, to)), from: from, to: to}
}
