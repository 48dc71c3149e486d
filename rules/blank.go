package rules

import (
	"cmp"
	"regexp"
	"slices"
	"strings"
)

// filled is what a blank was found to hold.
type filled struct {
	text    string // its value; "" when it is empty
	company string // of a person: on whose behalf he writes
	body    bool   // the "person" is a firm, an association, an office
	sum     string // of an order: what it cost, if that is said beside its number or account
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
	left := to
	for to > from && r.toks[to-1].kind == filler {
		to--
	}
	if from < 0 || from >= to || to < left && to-from == 1 && r.toks[from].class&weak != 0 { // "n. xxxxx"
		return filled{}
	}
	from, to = r.captioned(from, to)
	return kindOf(b.Kind).read(r, b, from, to)
}

// captioned are the tokens of a value without the form's caption that stands in
// brackets beside it: "(nome e cognome) Paolo Rinaldi".
func (r *reader) captioned(from, to int) (int, int) {
	if to > from+1 && from > 0 && r.toks[from-1].after&glued != 0 && (r.toks[from].word == "a" || r.toks[from].word == "o") && r.toks[from].after&opening != 0 {
		from++ // "Il/La sottoscritto/a (nome e cognome)"
	}
	if from > 0 && r.toks[from-1].after&opening != 0 {
		for k := from; k+1 < to && r.captions(k); k++ {
			if r.toks[k].after&closing != 0 {
				return k + 1, to
			}
		}
	}
	if r.toks[to-1].after&closing != 0 {
		for k := to - 1; k > from && r.captions(k); k-- {
			if r.toks[k-1].after&opening != 0 {
				return from, k
			}
		}
	}
	return from, to
}

func (r *reader) captions(k int) bool { return caption[r.toks[k].word] || r.toks[k].class&weak != 0 }

// caption are the words that say what belongs in a blank.
var caption = set(`
	account assistenza casella caso certificata cf codice cognome completo controllo data dati denominazione elettronica email euro fiscale
	importo indirizzo intestatario mail nome nominativo ordine pannello pec posta prezzo ragione riepilogo rinnovo sociale titolare totale
	utente`)

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
	body := f.from
	f.from = r.behindBody(body, to)
	f.to = f.from
	for f.to < to && !r.married(f.to, to) && (r.nameWord(f.to) || r.surname(f.to)) {
		f.to++
		if r.toks[f.to-1].after&(comma|opening|colon) != 0 {
			break
		}
	}
	for f.to > f.from && r.toks[f.to-1].class&weak != 0 && r.toks[f.to-1].kind == plainWord && !(f.to-f.from == 2 && r.toks[f.to-1].capital && given[r.toks[f.to-1].word]) {
		f.to-- // "Mario Rossi in qualità di …"
	}
	f.body = f.from != body || r.isBody(f.from, f.to)
	firm := isFirm(raw(r.own.text, r.toks, f.from, f.to)) // "Autotrasporti Fratelli Grassi S.n.c. di Grassi Ugo e Dino"
	f.odd = f.to-f.from > maxName && !(firm && f.to-f.from <= 2*maxName) || r.strangeWord(f.from, f.to)
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
			r.warn(signThirdPerson, i, i+1)
		case "e", "ed": // two persons
			two = two || !firm && (!r.toks[i].shout && !r.toks[i].capital && f.from == body || i+1 < f.to && given[r.toks[i+1].word] && !bodies[r.toks[body].word])
		case "sottoscritto", "sottoscritta", "sottoscritti", "sottoscritte":
			two = true
		}
	}
	r.qualities(&f, to)
	f.company = r.company(f.to, to)
	f.odd = f.odd || f.body && r.holds(from, to, ofPast) // "la società di cui ero socio"
	f.odd = f.odd || two && f.company == ""              // two persons and no firm of theirs
	if f.company != "" && r.attorney(f.to, to) {
		r.warn(signThirdPerson, f.to, to)
	}
	if f.text == "" && f.company != "" { // "La Rossi S.r.l., in persona di …"
		f.text = f.company
	}
	if f.text == "" && r.holdsName(from, to) { // not empty, but not understood
		f.text, f.odd = trimValue(raw(r.own.text, r.toks, from, to)), true
	}
	return f
}

// ofPast are words by which a firm's name goes on with what it did, or what
// somebody was in it: who writes is then for a person.
var ofPast = set("che cui era ero eravamo")

// isBody reports whether the name [from, to) is that of a firm, an association or an office.
func (r *reader) isBody(from, to int) bool {
	return isFirm(raw(r.own.text, r.toks, from, to)) || slices.ContainsFunc(r.toks[from:to], func(t token) bool { return bodies[t.word] || t.word == "soc" })
}

// holdsName reports whether something in tokens [from, to) is written like a name.
func (r *reader) holdsName(from, to int) bool {
	for i := from; i < to; i++ {
		if t := &r.toks[i]; t.capital && t.kind == plainWord && len(t.word) > 1 && t.class&(capacity|title|weak) == 0 && !caption[t.word] {
			return true
		}
	}
	return false
}

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
		if f.text != "" && r.betweenCommas(i, to) {
			f.to = i
			return f
		}
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
		case t.class&(weak|mailing|civil|box) == 0 && t.kind != filler && (f.text == "" && !beforeAddress[t.word] || f.text != "" && !withinForm[t.word]) && !r.names[t.word] && !r.footnote(i) && !r.ofLaw(i, to):
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

// ofLaw reports whether the word at i is of "ad ogni effetto di legge" or "ai sensi di
// legge", which an office puts between any two words.
func (r *reader) ofLaw(i, to int) bool {
	switch r.toks[i].word {
	case "ad", "a":
		return i+1 < to && among(r.toks[i+1].word, "ogni", "tutti") && r.holdsStem(i+2, min(to, i+5), "effett")
	case "agli", "effetti":
		return r.holdsStem(i, min(to, i+2), "effetti") && r.holdsStem(i+1, min(to, i+4), "legge")
	case "ogni", "tutti", "conseguente":
		return r.holdsStem(i+1, min(to, i+3), "effett")
	case "legge":
		return among(r.toks[i-1].word, "di") && anyPrefix(r.toks[i-2].word, "effett", "sensi")
	}
	return false
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
var beforeAddress = set(`
	attiva avente aziendale certificata corrispondente cui denominata elettronica indicata intestata personale professionale seguente sopra`)

// code reads a number, an account or another value without blanks.
func (r *reader) code(b Blank, from, to int) filled {
	kind := b.Kind
	for from < to && (r.toks[from].class&weak != 0 || beforeCode[r.toks[from].word]) && r.toks[from].kind != number && from+1 < to {
		from++
	}
	f := filled{from: from}
	if kind == kindOrder {
		to = r.orderEnd(from, to)
	}
	if kind == kindOrder || kind == kindPanel {
		to, f.sum = r.sumBeside(from, to)
	}
	if kind == kindOrder {
		to = r.orderEnd(from, to)
	}
	to = r.valueEnd(from, to)
	f.to = to
	digits, day := false, from
	if kind == kindDate { // its month is no deferral
		day += dayAt(r.toks[:to], from)
	}
	for i := from; i < to; i++ {
		t := &r.toks[i]
		digits = digits || t.kind == number
		if i >= day && t.class&danger != 0 && t.kind == plainWord && t.word != "euro" && !(kind == kindOrder && strings.HasPrefix(t.word, "fattur")) && !noCase(kind, t.word) {
			r.warn(signOf(t.class), i, i+1)
		}
	}
	f.text = joined(r.own.text, r.toks, from, to)
	switch kind {
	case kindOrder, kindCase, kindAmount, kindDate:
		f.odd = !digits || len(f.text) > 40 || kind == kindOrder && r.wordy(from, to)
	case kindTaxCode:
		f.odd = len(f.text) != 16 && len(f.text) != 11
	case kindPanel:
		f.odd = len(f.text) > 60 || to-from > 4
		f.text = panel(f.text)
	}
	if kind == kindDate {
		f.text = raw(r.own.text, r.toks, from, to)
	}
	return f
}

// beforeCode are words that people put before a number or an account.
var beforeCode = set("caso chiamato denominato ordine")

// noCase reports whether a word in the blank for a case says that there is none.
func noCase(kind, w string) bool { return kind == kindCase && strings.HasPrefix(w, "nessun") }

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
	for end > from+1 && (r.toks[end-1].class&weak != 0 || withinForm[r.toks[end-1].word] || among(r.toks[end-1].word, "ben", "essendo", "sono", "siamo")) && r.toks[end-1].kind == plainWord && r.toks[end-1].word != "euro" {
		end--
		if r.toks[end-1].after&(comma|stop) != 0 || r.toks[end-1].word == "euro" {
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

// sumBeside is where an order's number ends when what it cost follows, "(di
// € 61,00)", and that sum; else to and "".
func (r *reader) sumBeside(from, to int) (int, string) {
	text := r.own.text
	end := len(text)
	if to < len(r.toks) {
		end = r.toks[to].start // a euro sign may be the last of it
		if r.toks[to].word == "euro" {
			end = r.toks[to].end // taken for the suffix of the account
		}
	}
	for i := from + 1; i < to; i++ {
		if m := sumNamed.FindStringSubmatch(text[r.toks[i-1].end:end]); m != nil && r.toks[i-1].after&(glued|opening|comma) != glued {
			return i, cmp.Or(m[1], m[2])
		}
	}
	return to, ""
}

// sumNamed is a sum of money and nothing else, as it is named beside an order.
var sumNamed = regexp.MustCompile(`(?i)^[\s(,;:–-]*(?:(?:di|da|per|importo|totale|prezzo|costo|pari|a|un|l['’])[\s:]*)*` +
	`(?:(?:€|euro?\b)[\s.]*(\d{1,5}(?:[.,]\d{1,2})?)|\b(\d{1,5}(?:[.,]\d{1,2})?)\s*(?:€|euro?\b))` +
	`(?:\s*(?:gi[aà]\s+)?(?:addebitat|pagat|versat|prelevat)[a-z]{1,2}(?:\s+(?:con|sulla|tramite|a mezzo|via|da|dalla)\s+[a-zA-Z]+(?:\s+di credito)?)?)?[\s).,;]*$`)

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
