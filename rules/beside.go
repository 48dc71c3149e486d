package rules

import (
	"slices"
	"strconv"
	"strings"
)

// beside explains every token that is no part of the form: harmless matter or
// a danger sign (procedures §2.4, the whole-text rule).
func (r *reader) beside() {
	r.notices()
	r.footers()
	r.furniture()
	r.recap()
	r.questions()
	r.inside()
	r.figures()
	r.sentences()
	r.strangers()
}

// inside sends to a person words between those of the form that do not belong
// there: one word more may turn it round.
func (r *reader) inside() {
	if r.al.form == nil {
		return
	}
	if i := r.al.from - 1; i >= 0 && r.toks[i+1].lines == 0 && ofWriter[r.toks[i].word] && r.toks[i].after&(stop|colon|comma) == 0 {
		r.roles[i] = roleOver // "al sottoscritto": it is not he who asks
	} else if i >= 0 && r.toks[i+1].lines == 0 && ofForm[r.toks[i].word] && r.roles[i] == roleLeft && r.toks[i].after == 0 {
		r.roles[i] = roleForm
	}
	for i := r.al.from; i < r.al.to; i++ {
		if i > 0 && r.toks[i].word == "titolare" && r.roles[i] == roleForm && ofWriter[r.toks[i-1].word] {
			r.warn(signThirdPerson, i-1, i+1) // "amico del titolare della casella"
		}
		if t := &r.toks[i]; r.roles[i] == roleLeft {
			if n := r.renewedOn(i); n > 0 {
				for k := i; k < i+n; k++ {
					r.roles[k] = roleCourtesy
				}
				continue
			}
			to := i + 1
			for to < r.al.to && r.roles[to] == roleLeft {
				to++
			}
			if r.betweenCommas(i, to) {
				for ; i < to; i++ {
					r.roles[i] = roleCourtesy
				}
				i--
				continue
			}
			r.roles[i] = roleOver
			if r.footnote(i) || t.class&weak != 0 && t.word != "ne" && t.word != "cui" || t.kind == filler || withinForm[t.word] || t.word == "favore" && r.toks[i-1].word == "per" {
				r.roles[i] = roleCourtesy
			}
		}
	}
}

// footnote reports whether the number at i is the mark of a link, as programs put
// it into the plain part of an HTML message: "mario@pec.example.it [1]".
func (r *reader) footnote(i int) bool {
	t := &r.toks[i]
	return t.kind == number && len(t.word) <= 2 && strings.HasSuffix(r.own.text[:t.start], "[") && strings.HasPrefix(r.own.text[t.end:], "]")
}

// renewedOn is how many tokens from i tell the day of the renewal, which is past:
// "rinnovata in data 16/11/2026 con numero d'ordine".
func (r *reader) renewedOn(i int) int {
	day, n := dateAt(r.toks[i:r.al.to])
	if n < 2 || day.Year == 9999 || day.Compare(r.set.Calendar.Date(r.m.Sent)) > 0 {
		return 0
	}
	for k := i - 1; k >= r.al.from && k >= i-4; k-- {
		if w := r.toks[k].word; w == "rinnovata" || w == "rinnovato" {
			return n
		}
	}
	return 0
}

// ofForm are the articles before the form's first word.
var ofForm = set("il la lo io i le gli")

var ofWriter = set("al allo alla ai dal dallo dalla del dello della per")

// withinForm are words that people put between those of the form, and change nothing.
var withinForm = set(`
	altresi anzidetta assistenza automaticamente casella caso certificata cio citata comunicazione cortesemente cortesia data de definitiva
	effetto elettronica email essere fatto formalmente gentilmente immediata immediato indicata indirizzo istanza lettera mail mezzo nota numero
	ordine pec pertanto posta predetta presente propria qui quindi rif seguente seguito sopra sopracitata sopraindicata sua suddetta ticket
	urgente vi`)

// host is how many tokens from i are a domain that a sentence speaks of: "tutto
// quello che finisce con neri.example.org". In a signature, or as a site where
// something was read, it means nothing.
func (r *reader) host(i int) int {
	n := 1
	for i+n < len(r.toks) && r.own.text[r.toks[i+n-1].end:r.toks[i+n].start] == "." {
		n++
	}
	if n < 2 || !topLevel[r.toks[i+n-1].word] || r.toks[i].word == "www" || i > 0 && strings.ContainsAny(r.own.text[r.toks[i-1].end:r.toks[i].start], "@/:") {
		return 0
	}
	if i == 0 || r.toks[i].lines > 0 || !among(r.toks[i-1].word, "con", "in", "di", "dominio") || r.holdsStem(max(0, i-5), i, "sito", "web", "pagin", "portal", "guid", "internet") {
		return 0
	}
	return n
}

var topLevel = set("it com org net eu info biz cloud")

// figures judges what is no plain word: addresses, dates, numbers, accounts.
func (r *reader) figures() {
	for i := 0; i < len(r.toks); i++ {
		if r.roles[i] != roleLeft {
			continue
		}
		t := &r.toks[i]
		if isIBAN(r.own.text, r.toks[i:]) {
			r.warn(signIBAN, i, i+1)
			continue
		}
		switch t.kind {
		case address:
			r.otherAddress(i)
		case plainWord:
			if n := r.host(i); n > 0 {
				r.warn(signSecondMailbox, i, i+n)
				i += n - 1
			}
		case number:
			if i > 0 && r.toks[i-1].kind == number && r.toks[i-1].after&glued != 0 {
				continue // within "8.30-12.30"
			}
			if day, n := dateAt(r.toks[i:]); n > 0 && (n > 2 || r.toks[i+1].kind != number || !r.reference(i)) {
				r.besideDate(day, i, n)
				i += n - 1
				continue
			}
			if r.otherOrders(i) {
				r.warn(signSecondRequest, i, i+1)
			}
			r.futureYear(i)
		}
	}
}

// otherOrders reports whether the number at i is one of several orders beside that of
// the form: "Vs. rif.: ordini 810044 (PEC) e 810045 (firma remota)".
func (r *reader) otherOrders(i int) bool {
	return len(r.out.Orders) > 0 && len(r.toks[i].word) > 4 && r.holdsStem(max(0, i-6), i, "ordini") &&
		!slices.ContainsFunc(r.out.Orders, func(o string) bool { return sameCode(o, r.toks[i].word) })
}

// otherAddress judges an address beside the form.
func (r *reader) otherAddress(i int) {
	word := r.toks[i].word
	if word == r.sender || r.set.ours(word) || strings.Trim(word, "_") == strings.Trim(r.sender, "_") {
		return
	}
	// The ordinary address in a signature: "e-mail: mario@example.org".
	if r.al.form != nil && (r.signatureMail(i) || r.answerTo(i)) {
		return
	}
	r.warn(signSecondMailbox, i, i+1)
}

// ours reports whether a is one of the request mailboxes.
func (s *Set) ours(a string) bool {
	for _, own := range s.Addresses {
		if own != "" && foldAddress(own) == a {
			return true
		}
	}
	return false
}

// besideDate judges a date beside the form: that of the letter is harmless,
// one to come is a condition.
func (r *reader) besideDate(day Date, i, n int) {
	sent := r.set.Calendar.Date(r.m.Sent)
	if day.Year == 9999 && i+n < len(r.toks) && lastOne[r.toks[i+n].word] { // "il 31 dicembre scorso"
		return
	}
	if day.Year == 9999 { // none was written
		day.Year = sent.Year
		if day.Compare(sent) <= 0 && i > 0 && !forward[r.toks[i-1].word] && !r.appointed(day, i, n) {
			return
		}
		if s := r.sentenceAt(i); r.lateDay(&s, day, i, n) {
			return
		}
		day.Year = 9999
	}
	if r.oldLetter(day, i, n) {
		r.warn(signDraft, i, i+n)
	}
	if r.m.Sent.IsZero() || day.Compare(sent) > 0 {
		if s := r.sentenceAt(i); r.ownLife(&s, i) || r.despiteTerm(&s, i) {
			return
		}
		r.warn(signFutureDate, i, i+n)
	}
}

// appointed reports whether a day without a year, at tokens [i, i+n), that would lie long
// back is set for something: "rogito: 12 marzo", in November.
func (r *reader) appointed(day Date, i, n int) bool {
	s := r.sentenceAt(i)
	if day.add(yearless).Compare(r.set.Calendar.Date(r.m.Sent)) >= 0 || r.toks[i-1].after&colon == 0 || i-1 < s.from || i-s.from > 4 || i+n < s.to {
		return false
	}
	return !r.holdsStem(s.from, i, "data", "luog", "nat", "fondat", "compleann", "onomastic", "patron", "fest") && r.verbless(&s, s.from)
}

// lateDay reports whether a day without a year, at tokens [i, i+n), is of the months
// just gone: "il 30 novembre ho chiuso l'ambulatorio", in February. What was done then
// is told there; of a day told after the verb only what is over ("la ditta è cessata il
// 31 dicembre"), for one may have fixed a day, or be promised one.
func (r *reader) lateDay(s *sentence, day Date, i, n int) bool {
	sent := r.set.Calendar.Date(r.m.Sent)
	if day.Year = sent.Year - count(day.Month > sent.Month); r.m.Sent.IsZero() || day.add(yearless).Compare(sent) < 0 || i == 0 {
		return false
	}
	from, to := r.phraseOf(s, i)
	if !among(r.toks[i-1].word, "il", "l", "lo") || i-1 > from && (forward[r.toks[i-2].word] || r.toks[i-2].class&condition != 0) ||
		r.classes(from, to)&(will|asked) != 0 || r.holdsStem(from, to, "appuntament", "decis", "fissat", "prenotat", "rinviat", "stabilit", "previst", "convocat") {
		return false
	}
	if next := i + n; next < to && (auxiliary[r.toks[next].word] || r.is(next) || reflexive[r.toks[next].word]) {
		return r.toldIn(next, to)
	}
	for k := from; k < i; k++ {
		if anyPrefix(r.toks[k].word, pastEnd...) || anyPrefix(r.toks[k].word, "andat", "smess", "stato", "stata", "vendut", "assunt") {
			return r.toldIn(from, i) || r.toldIn(from, to)
		}
	}
	return false
}

// endedThen reports whether a short sentence only tells what came to its end on a day
// just gone, "la ditta è cessata il 31 dicembre": the weights cannot tell that day from
// one to come.
func (r *reader) endedThen(s *sentence) bool {
	if s.attached || s.to-s.from > 14 || s.all&(box|asked|contents|kin|will|confirm) != 0 || !r.toldIn(s.from, s.to) {
		return false
	}
	for i := s.from + 1; i < s.to; i++ {
		if day, n := dateAt(r.toks[i:s.to]); n == 2 && day.Year == 9999 {
			return r.lateDay(s, day, i, n) && r.holdsStem(s.from, s.to, pastEnd...) && !r.holds(s.from, s.to, denial)
		}
	}
	return false
}

// yearless is how many days a day without a year may lie back.
const yearless = 200

// oldLetter reports whether a day, at tokens [i, i+n), is that of the letter, with its
// place on a line above the form, and long past: it was written for another time.
func (r *reader) oldLetter(day Date, i, n int) bool {
	from, to := r.lineOf(i)
	return n > 2 && i+n == to && i-from > 0 && i-from < 5 && i < r.al.from && r.toks[from].capital && r.toks[i-1].after&comma != 0 && !r.m.Sent.IsZero() &&
		day.add(oldAfter).Compare(r.set.Calendar.Date(r.m.Sent)) < 0
}

// oldAfter is how many days a letter may wait before somebody asks whether it was meant.
const oldAfter = 90

// despiteTerm reports whether the date at i is that on which the mailbox would end,
// which the writer does not wait for: "anche se scade il 12 marzo 2027".
func (r *reader) despiteTerm(s *sentence, i int) bool {
	from := max(s.from, i-8)
	return r.holdsStem(from, i, "scad") && (r.holds(from, i, conceding) || r.word(s, from) == "anche" && r.word(s, from+1) == "se") && !r.holdsStem(s.from, s.to, "allora", "fino", "alla")
}

var conceding = set("anche benche indipendentemente malgrado nonostante sebbene seppure")

// futureYear notes a year to come, unless it stands in a wish or a number.
func (r *reader) futureYear(i int) {
	t := &r.toks[i]
	year, err := strconv.Atoi(t.word)
	if err != nil || len(t.word) != 4 || year <= r.m.Sent.Year() || year >= 2100 || r.m.Sent.IsZero() || t.after&glued != 0 ||
		i > 0 && (r.toks[i-1].kind == number || r.toks[i-1].after&glued != 0) {
		return
	}
	for k := max(0, i-4); k < i; k++ {
		if r.toks[k].class&(greet|contact) != 0 && r.toks[k].class&deferral == 0 {
			return
		}
	}
	r.warn(signFutureDate, i, i+1)
}

// ownTerm reports whether the words from i restate the term that the procedure
// itself checks ("entro il termine di 30 giorni"): no condition.
func (r *reader) ownTerm(i int) bool {
	if r.al.procedure == nil {
		return false
	}
	for k := max(1, i-1); k < len(r.toks) && k < i+6; k++ {
		if w := r.toks[k].word; (w == "termini" || w == "termine" && r.toks[i].word == "entro" && r.ownWord("rinnovo")) && i < k {
			return true
		} else if w != "giorni" && w != "gg" {
			continue
		}
		for _, c := range r.al.procedure.Checks {
			if n := r.toks[k-1].word; c.Is == "within-days" && (n == strconv.Itoa(c.Days) || c.Days == 30 && n == "trenta") {
				return true
			}
		}
	}
	return false
}

// ownWord reports whether a word is one the procedure's own form, subject or
// title speaks of: asking twice for the same is no second request.
func (r *reader) ownWord(w string) bool {
	if len(w) < 4 || r.al.form == nil {
		return false
	}
	if r.al.form.known[w] && knownWords[w].listed&(negation|condition) == 0 {
		return true
	}
	for _, s := range r.aboutWords() {
		if s == w || len(s) >= 6 && strings.HasPrefix(w, s[:6]) && knownWords[w].listed&danger == 0 {
			return true
		}
	}
	return false
}

// questions notes question marks outside notices.
func (r *reader) questions() {
	for i := range r.subject {
		if r.subject[i].after&question != 0 {
			r.sign, r.signWords = signQuestion, cutAt(r.m.Subject, 120)
		}
	}
	for i := range r.toks {
		if r.toks[i].after&question != 0 && r.toks[i].word != "eh" && r.roles[i] != roleCourtesy && !r.rhetoric(i) && !r.confirmed(i) {
			r.warn(signQuestion, i, i+1)
			return
		}
	}
}

// confirmed reports whether the question that ends at i only asks for a word of
// confirmation: "potete confermarmi la ricezione?".
func (r *reader) confirmed(i int) bool {
	s := r.sentenceAt(i)
	if s.all&confirm != 0 && r.weighable(&s) && r.bearing(&s, nil) >= confirming {
		return true // "mi date conferma quando è tutto a posto?"
	}
	if r.al.form != nil && (r.asksItself(&s) || r.toldWhenDone(&s)) {
		return true
	}
	const strict = civil | weak | greet | thanks | confirm | title | asked | execute
	if s.all&confirm == 0 && !(r.after(&s, s.from-1, 4, knowing) && r.done(&s, s.from)) || s.attached || r.al.form == nil {
		return false
	}
	for k := s.from; k < s.to; k++ {
		if t := &r.toks[k]; t.class&strict == 0 || t.class&danger != 0 && !gentle[t.word] && t.class&confirm == 0 {
			return false
		}
	}
	return true
}

// asksItself reports whether a question asks nothing but what the form asks:
// "potete chiudere la mia PEC?", "me la disattivate, per favore?".
func (r *reader) asksItself(s *sentence) bool {
	does := false
	for k := s.from; k < s.to; k++ {
		t := &r.toks[k]
		if t.class&(danger&^execute) != 0 && !politely[t.word] || t.class&(civil|weak|greet|thanks|box|asked|execute) == 0 && !politely[t.word] {
			return false
		}
		does = does || t.class&execute != 0 && r.ownWord(t.word[:min(len(t.word), 6)]) || anyPrefix(t.word, "chiud", "disattiv", "cancell", "elimin")
	}
	return does
}

// toldWhenDone reports whether a question only asks to be told when it is done:
// "mi fareste sapere quando è fatta?".
func (r *reader) toldWhenDone(s *sentence) bool {
	tells, when := false, false
	for k := s.from; k < s.to; k++ {
		t := &r.toks[k]
		done := anyPrefix(t.word, doneStems...)
		told := anyPrefix(t.word, "avvert", "avvis", "comunic", "dire", "dite", "inform", "saper", "scriv", "telefon")
		tells = tells || told
		when = when || done && (r.before(s, k, 5, onceDone) || r.word(s, k-2) == "a" && r.word(s, k-1) == "cose")
		if t.class&(danger&^(execute|condition|confirm)) != 0 && !politely[t.word] && !onceDone[t.word] ||
			t.class&(civil|weak|greet|thanks|box|asked|execute|confirm) == 0 && !done && !told && !politely[t.word] && !onceDone[t.word] && !inTelling[t.word] {
			return false
		}
	}
	return tells && when
}

// onceDone begin what is waited for; inTelling are other words of asking to be told.
var (
	onceDone  = set("quando appena volta")
	inTelling = set("anche colpo cose date dare fareste farmi fate farmelo mandate potete solo squillo tutto voi")
)

// politely are words with which one asks for a thing: "potreste".
var politely = set("mi ci me te potete potreste puo potrebbe potresti puoi possibile e favore cortesia piacere mia nostra questa gentilmente cortesemente")

// rhetoric reports whether the question that ends at i only opens its own
// answer: "Il motivo? Troppa burocrazia."
func (r *reader) rhetoric(i int) bool {
	from := i
	for from > 0 && r.roles[from-1] == roleLeft && r.toks[from-1].after&(stop|question|colon) == 0 && r.toks[from].lines == 0 {
		from--
	}
	if r.roles[i] == roleLeft && r.whatFor(from, i+1) {
		return true
	}
	if i-from > 2 || i+1 == len(r.toks) || r.roles[i+1] != roleLeft {
		return false
	}
	return r.toks[i].word == "motivo" || r.toks[i].word == "ragione" || i == from && (r.toks[i].word == "perche" || r.toks[i].word == "motivi")
}

// whatFor reports whether tokens [from, to) end as one asks nobody: "che me ne
// faccio", "a che serve".
func (r *reader) whatFor(from, to int) bool {
	n := to - from
	w := func(k int) string {
		if k > n {
			return ""
		}
		return r.toks[to-k].word
	}
	switch {
	case (w(1) == "faccio" || w(1) == "facciamo") && w(2) == "ne":
		return true
	case (w(1) == "serve" || w(1) == "servirebbe" || w(1) == "servira") && (w(2) == "che" || w(2) == "cosa" || w(3) == "che" || w(3) == "cosa"):
		return w(2) != "vi" && n <= 8
	case w(1) == "ha" && w(2) == "senso" && w(3) == "che":
		return true
	}
	return false
}

// isIBAN reports whether an Italian bank account number begins at toks[0].
func isIBAN(s string, toks []token) bool {
	if !strings.HasPrefix(toks[0].word, "it") || len(toks[0].word) < 4 || toks[0].word[2] < '0' || toks[0].word[2] > '9' {
		return false
	}
	code := strings.ToLower(joined(s, toks, 0, min(len(toks), 8)))
	return len(code) >= 27 && allDigits(code[2:4]) && asciiLetter(code[4]) && allDigits(code[5:15])
}
