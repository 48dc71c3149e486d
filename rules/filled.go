package rules

import (
	"fmt"
	"slices"
	"strings"
)

// filled judges a form that was found.
func (r *reader) filled() {
	p := r.al.procedure
	r.out.Procedure, r.out.Outcome = p.Name, Accept
	r.out.Explanation.Similarity = r.al.similarity
	r.blanks(p)
	r.al.missing = slices.DeleteFunc(r.al.missing, r.misplaced)
	r.beside()
	if r.again {
		r.sign, r.signWords = signSecondRequest, "a second form"
	}
	subject := r.subjectOf(p)
	r.al.missing = slices.DeleteFunc(r.al.missing, r.said)
	switch {
	case !r.al.whole():
		r.review(OtherWording, "The text is like the form (%.0f%%) but lacks %s: a person compares them.", 100*r.al.similarity, quoteList(r.al.missing))
	case r.sign == signRevocation:
		r.review(Revocation, "The form is there, but the writer takes something back: %q.", r.signWords)
	case r.sign != "":
		r.review(DangerSign, "The form is there, but beside it stands a sign of %s: %q.", r.sign, r.signWords)
	case r.passes():
		r.sign = signForward
		r.review(DangerSign, "The message is a forward: a person looks who wrote what.")
	case r.odd(p):
	case r.otherSubject(p) != "":
		r.review(Ambiguous, "The form is that of %s, the subject that of %s.", p.Name, r.otherSubject(p))
	case r.postscript() != "":
		r.sign, r.signWords = signPostscript, r.postscript()
		r.review(DangerSign, "Under the signature something is said about the request: %q.", r.signWords)
	case r.telling() != "":
		r.review(DangerSign, "The form is there, but an attachment is called %q: a person opens it.", r.telling())
	case r.leftOver():
		r.unclearBeside()
	case subject != "" && r.nearSubject(p):
		r.review(OtherWording, "The form is there; the subject is %q and not %q, but says what is asked: a person decides.", cutAt(r.m.Subject, 200), p.Subject)
	case subject != "":
		r.out.Outcome, r.out.Reason = Reject, SubjectNotConforming
		r.why("%s", subject)
	case len(r.out.Missing) > 0 && r.heldElsewhere():
		r.review(OtherWording, "The form is there, and its blank %s is empty, but the text may hold it elsewhere: a person looks.", strings.Join(r.out.Missing, ", "))
	case len(r.out.Missing) > 0:
		r.out.Outcome, r.out.Reason = Reject, MissingFields
		r.why("The form is there, but these blanks are empty: %s.", strings.Join(r.out.Missing, ", "))
	case len(r.al.wants) > 0:
		r.why("The own text is the form, with differences that change nothing: %s.", r.differences())
	case len(r.pardoned) > 0:
		r.why("The own text is the form, and what stands beside it changes nothing.")
	default:
		r.why("The whole own text is the form and harmless courtesy.")
	}
	for _, x := range r.pardoned {
		if r.out.Outcome == Accept {
			r.why("Beside the form stands %q, with a word that may be a sign of %s, but the whole sentence changes nothing.", x.words, x.sign)
		}
	}
}

// heldElsewhere reports whether what a blank of the form lacks may stand beside it:
// the address from which the message comes, or a number that is called an order's.
func (r *reader) heldElsewhere() bool {
	for i := range r.toks {
		t := &r.toks[i]
		if t.kind == address && t.word == r.sender && !r.formal(i) {
			return true
		}
		if t.kind == number && len(t.word) > 4 && !r.formal(i) && r.holds(max(0, i-3), i, orderWords) {
			return true
		}
	}
	return false
}

var orderWords = set("ordine ord order fattura rinnovo pannello")

// unclearBeside sends to a person a form beside which words remain that bear no
// sign, and are not understood.
func (r *reader) unclearBeside() {
	r.out.Unclear = true
	if r.against != "" {
		r.review(OtherWording, "The form is there, but a sentence beside it reads as one that may change the request: %q.", r.against)
		return
	}
	r.review(OtherWording, "The form is there, but other words remain that are neither the form nor courtesy.")
}

// misplaced reports whether a word that the form lacks in its place stands beside
// it, "dalla effettiva scadenza", or is said by "la stessa" where the form repeats it.
func (r *reader) misplaced(word string) bool {
	for i := r.al.from + 1; i+1 < r.al.to; i++ {
		t := &r.toks[i]
		if r.roles[i] != roleLeft || t.class&(danger|will) != 0 || !r.formal(i-1) || !r.formal(i+1) {
			continue
		}
		if t.word == word || word == "casella" && among(t.word, "stessa", "medesima", "suddetta", "predetta") {
			r.roles[i] = roleForm
			return true
		}
	}
	return false
}

// said reports whether a word that the text lacks of the form is said in another
// way: "la PEC" for "la casella PEC", "della suddetta casella" for "della stessa".
func (r *reader) said(word string) bool {
	if r.withinTurn(word) {
		return true
	}
	switch word {
	case "pec":
		return r.speltOut() || r.speaksOf("casella")
	case "casella":
		return r.speaksOf("pec") || r.speltOut()
	case "controllo":
		return r.speaksOf("pannello")
	case "effettiva": // "indipendentemente dalla scadenza"
		return r.speaksOf("scadenza")
	case "sottoscritto":
		return r.opens || r.signed || r.inFirstPerson()
	case "intenzione":
		return r.wills()
	case "titolare":
		return r.heldAsWell()
	case "stessa":
		for i := r.afterAsked(); i < len(r.toks) && i < r.al.to+4; i++ {
			if w := r.toks[i].word; w == "casella" || w == "pec" {
				return r.sameBox(i)
			}
		}
		for i := r.al.from; i < r.al.to; i++ {
			if w := r.toks[i].word; w == "sua" && r.roles[i] != roleBlank || w == "ne" && r.formal(i+1) && r.roles[i+1] != roleBlank {
				return true
			}
		}
	}
	return false
}

// afterAsked is the token after the last word of the form but those of the part
// that may be left out: "disattivazione anticipata".
func (r *reader) afterAsked() int {
	for i := r.al.to - 1; i > r.al.from; i-- {
		if r.formal(i) && r.roles[i] != roleBlank && (r.toks[i].class&asked != 0 || r.toks[i].word == "anticipata") {
			return i + 1
		}
	}
	return r.al.to - 1
}

// withinTurn reports whether a word is said within a turn that stands for another
// of the form: "l'anticipata disattivazione", "che la stessa venga disattivata".
func (r *reader) withinTurn(word string) bool {
	for _, w := range r.al.wants {
		for k := w.token; k < w.token+w.n && w.n > 1; k++ {
			if r.toks[k].word == word {
				return true
			}
		}
	}
	return false
}

// wills reports whether a verb of will stands where the form has "aver intenzione
// di": "di non voler più utilizzare".
func (r *reader) wills() bool {
	for _, w := range r.al.wants {
		if v := r.toks[w.token].word; w.word == "aver" && (anyPrefix(v, "vol", "vogl", "vuol", "intend")) {
			return true
		}
	}
	return false
}

// sameBox reports whether "casella" at i, where the form has "stessa", is the
// one named before, and no other: nothing else is said of it.
func (r *reader) sameBox(i int) bool {
	for k := i + 1; k < len(r.toks) && r.toks[k].lines == 0 && r.toks[k-1].after&(stop|opening|comma) == 0; k++ {
		t := &r.toks[k]
		if t.class&(box|weak) == 0 && t.word != r.sender && !ofBefore[t.word] && t.kind != filler {
			return false
		}
	}
	return true
}

var ofBefore = set(`
	assistenza caso certificata citata come elettronica indicata medesima mia oggetto posta predetta propria sopra sopracitata
	sopraindicata stessa sua suddetta`)

// inFirstPerson reports whether the writer says "io" and his name before a form
// in the first person: "Io Mario Rossi, titolare …, richiedo …".
func (r *reader) inFirstPerson() bool {
	i := r.al.from - 1
	for i >= 0 && r.roles[i] == roleBlank {
		i--
	}
	if i < 0 || i == r.al.from-1 || r.toks[i].word != "io" {
		return false
	}
	for _, w := range r.al.wants {
		if v := r.toks[w.token].word; among(v, "richiedo", "chiedo", "dichiaro") {
			return true
		}
	}
	return false
}

// speaksOf reports whether a fixed word of the form is there.
func (r *reader) speaksOf(word string) bool {
	for i := r.al.from; i < r.al.to; i++ {
		if r.toks[i].word == word && r.roles[i] == roleForm {
			return true
		}
	}
	return false
}

// speltOut reports whether the text says "posta elettronica certificata".
func (r *reader) speltOut() bool {
	for i := r.al.from; i+1 < r.al.to; i++ {
		if r.toks[i].word == "elettronica" && r.toks[i+1].word == "certificata" {
			return true
		}
	}
	return false
}

// heldAsWell reports whether the text joins the mailbox to what else the writer
// holds: "titolare dello Studio Neri e della casella PEC".
func (r *reader) heldAsWell() bool {
	for i := r.al.from; i+2 < r.al.to; i++ {
		if r.toks[i].word != "titolare" {
			continue
		}
		for k := i + 1; k+2 < r.al.to && k < i+12; k++ {
			if r.toks[k].word == "e" && r.toks[k+1].word == "della" && r.toks[k+2].word == "casella" {
				return true
			}
		}
	}
	return false
}

// blanks reads the values, and says which must be filled and are not.
func (r *reader) blanks(p *Procedure) {
	r.out.Fields = make(map[string]string, len(p.Blanks)+2)
	r.values = r.values[:0]
	for i, b := range p.Blanks {
		v := r.blank(b, r.al.values[i][0], r.al.values[i][1])
		r.values = append(r.values, v)
		switch {
		case v.text != "":
			r.out.Fields[b.Name] = v.text
			if b.Kind == kindOrder {
				r.out.Orders = append(r.out.Orders, v.text)
			}
			if v.sum != "" {
				r.out.Fields[fieldSum] = v.sum
			}
			if b.Kind == kindPerson {
				r.remember(v)
			}
		case b.Kind == kindPerson && (r.nameBefore(b) || r.signedBelow(b)):
		case !b.Optional:
			r.out.Missing = append(r.out.Missing, b.Name)
		}
	}
}

// nameBefore takes the name that stands before the form's first word: "Io Mario
// Rossi sottoscritto titolare …".
func (r *reader) nameBefore(b Blank) bool {
	if r.opening(b) {
		return true
	}
	from := r.al.from
	for from > 0 && r.toks[from-1].capital && r.toks[from-1].class&^title == 0 && r.toks[from].lines == 0 && r.toks[from-1].after&(stop|colon) == 0 {
		from--
	}
	if r.al.from-from < 2 || r.al.from-from > maxName {
		return false
	}
	v := filled{from: from, to: r.al.from, text: trimValue(raw(r.own.text, r.toks, from, r.al.from))}
	for i := from; i < r.al.from; i++ {
		r.roles[i] = roleBlank
	}
	r.out.Fields[b.Name] = v.text
	r.remember(v)
	return true
}

// opening takes the name with which the sentence of the form begins, where it
// lacks "sottoscritto": "Mario Rossi, titolare …", "La società Rossi S.r.l.
// dichiara …", "Rossi S.r.l., in persona dell'amministratore Mario Rossi, dichiara …".
func (r *reader) opening(b Blank) bool {
	from := r.al.from
	for from > 0 && (from == r.al.from || r.toks[from].lines == 0) && r.toks[from-1].class&greet == 0 && (legalForm[r.toks[from-1].word] || r.toks[from-1].word == "soc" || r.toks[from-1].class&title != 0 || r.toks[from-1].after&(stop|colon|question) == 0) {
		from--
	}
	first := from
	for first < r.al.from && (articles[r.toks[first].word] || r.toks[first].word == "l" || r.toks[first].word == "io") {
		first++
	}
	if first == r.al.from || !(r.toks[first].capital && r.inPerson(from)) && !r.declares(first) && !((first == from || r.toks[from].word == "io") && r.namesItself(first)) {
		return false
	}
	for i := from; i < r.al.from; i++ {
		r.roles[i] = roleBlank
	}
	v := r.person(first, r.al.from)
	r.out.Fields[b.Name] = v.text
	r.remember(v)
	r.opens = v.text != "" && !v.odd
	return r.opens
}

// namesItself reports whether two words of a name begin at first, one of which is
// a first name or of the certified address.
func (r *reader) namesItself(first int) bool {
	if first+2 > r.al.from || r.toks[first].after&comma != 0 {
		return false
	}
	a, b := &r.toks[first], &r.toks[first+1]
	of := func(t *token) bool { return given[t.word] || len(t.word) > 3 && strings.Contains(r.sender, t.word) }
	return a.capital && b.capital && a.class == 0 && b.class == 0 && (of(a) || of(b) || first > 0 && r.toks[first-1].word == "io")
}

// declares reports whether what stands before the form, from token first on, is
// called a firm or an office, or has the legal form of one.
func (r *reader) declares(first int) bool {
	t := &r.toks[first]
	for i := first + 1; i < r.al.from; i++ {
		if anyPrefix(r.toks[i].word, assistants...) {
			return false // "lo Studio Neri, commercialisti della Rossi S.r.l."
		}
	}
	return !r.holds(first, r.al.from, ofWriters) && (bodies[t.word] || t.capital && t.class&weak == 0 && r.isBody(first, r.al.from))
}

// inPerson reports whether "in persona del" or "rappresentata da" stands before the form, from token from on.
func (r *reader) inPerson(from int) bool {
	for i := max(from, 1); i+1 < r.al.from; i++ {
		if w := r.toks[i].word; (w == "persona" && r.toks[i-1].word == "in" || anyPrefix(w, "rappresentat")) && r.roles[i] != roleForm {
			return true
		}
	}
	return false
}

// Fields that are no blanks: what is said beside a value.
const (
	fieldCompany = "per_conto"
	fieldTaxCode = "codice_fiscale"
	fieldSum     = "importo_indicato" // beside an order's number or its account
)

// remember keeps the words of the writer's name and company: in a signature
// they are harmless.
func (r *reader) remember(v filled) {
	for i := v.from; i < v.to; i++ {
		if t := &r.toks[i]; t.capital || t.class&weak == 0 { // not the "della" of "Mario Rossi della Pro Loco"
			r.names[t.word] = true
		}
	}
	r.body = r.body || v.body && v.company == ""
	if v.company != "" {
		r.out.Fields[fieldCompany] = v.company
		for _, w := range foldWords(v.company) {
			if classOf(w)&weak == 0 {
				r.names[w] = true
			}
		}
	}
	if v.taxCode != "" {
		r.out.Fields[fieldTaxCode] = v.taxCode
	}
}

func (r *reader) differences() string {
	list := make([]string, 0, len(r.al.wants))
	for _, w := range r.al.wants {
		list = append(list, fmt.Sprintf("%q for %q", r.own.text[r.toks[w.token].start:r.toks[w.token+w.n-1].end], w.word))
	}
	slices.Sort(list)
	return strings.Join(list, ", ")
}

func quoteList(words []string) string {
	list := make([]string, len(words))
	for i, w := range words {
		list[i] = fmt.Sprintf("%q", w)
	}
	return strings.Join(list, ", ")
}
