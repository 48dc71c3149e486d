package rules

import (
	"slices"
	"strings"
)

// closed reports whether the closing greeting stands before the word at i.
func (r *reader) closed(i int) bool {
	for k := r.al.to; k < i; k++ {
		if r.toks[k].class&goodbye != 0 {
			return true
		}
	}
	return false
}

// reference reports whether the line of the word at i has a street or a number.
func (r *reader) reference(i int) bool {
	from, to := r.lineOf(i)
	for k := from; k < to; k++ {
		if t := &r.toks[k]; k != i && !r.formal(k) && (t.class&contact != 0 || t.kind == number && allDigits(t.word)) {
			return true
		}
	}
	return false
}

// numbered reports whether the line of the number at i has another, or a street.
func (r *reader) numbered(i int) bool {
	from, to := r.lineOf(i)
	for k := from; k < to; k++ {
		if t := &r.toks[k]; k != i && !r.formal(k) && (street[t.word] || t.kind == number && allDigits(t.word)) {
			return true
		}
	}
	return false
}

// signatureMail reports whether the address at i stands in a signature, after
// "mail" on a line of names, numbers and addresses. One that is asked to be
// written to does not.
func (r *reader) signatureMail(i int) bool {
	if certifiedDomain(r.toks[i].word) {
		return false
	}
	from, to := r.lineOf(i)
	for k := from; k < to; k++ {
		t := &r.toks[k]
		switch {
		case r.formal(k):
			return false
		case t.kind != plainWord, t.class&(contact|mailing|capacity|title|goodbye) != 0, r.names[t.word],
			t.capital && t.class&(danger|will|wish) == 0, r.webSite(k), t.word == "e", t.word == "ordinaria", r.mark(k):
		default:
			return false
		}
	}
	if i < r.al.to {
		return r.toks[max(from, i-1)].class&mailing != 0 || r.toks[max(from, i-1)].word == "ordinaria" || r.inLetterhead(i)
	}
	return r.closed(i) || to-from == 1 || r.lineHas(from, to)
}

// mark reports whether the letter at k stands before a number or an address in a
// signature: "t. +39 070 000 616".
func (r *reader) mark(k int) bool {
	return len(r.toks[k].word) == 1 && k+1 < len(r.toks) && r.toks[k+1].lines == 0 && r.toks[k+1].kind != plainWord
}

// inLetterhead reports whether the lines about the address at i, above the form and up
// to an empty one, hold a street, a telephone or a tax number.
func (r *reader) inLetterhead(i int) bool {
	from, to := i, i+1
	for from > 0 && r.toks[from].lines < 2 {
		from--
	}
	for to < r.al.from && r.toks[to].lines < 2 {
		to++
	}
	for k := from; k < to && k < r.al.from; k++ {
		if t := &r.toks[k]; t.class&contact != 0 || street[t.word] || t.kind == number && len(t.word) > 8 && allDigits(t.word) {
			return true
		}
	}
	return false
}

// answerTo reports whether the address at i is an ordinary one to which the
// writer would like the confirmation as well: it bears his name, or he says so.
func (r *reader) answerTo(i int) bool {
	if certifiedDomain(r.toks[i].word) {
		return false
	}
	near, asked := r.mailNear(i)
	if asked {
		return true
	}
	if !near && r.toks[i-1+count(i == 0)].word != "mail" {
		return false
	}
	local, _, _ := strings.Cut(r.toks[i].word, "@")
	own := false
	for name := range r.names {
		own = own || len(name) > 3 && strings.Contains(local, name)
	}
	return own
}

// mailNear reports whether a word of one's own mail stands in the sentence before
// the address at i, or whether an answer is asked for there, and none of forwarding;
// what is sent there must be the confirmation.
func (r *reader) mailNear(i int) (near, asked bool) {
	sent, confirmed := false, false
	for k := i - 1; k >= 0 && k > i-12 && r.toks[k].after&stop == 0 && !r.formal(k); k-- {
		t := &r.toks[k]
		if t.class&kin != 0 || anyPrefix(t.word, forwarding...) {
			return false, false
		}
		sent = sent || anyPrefix(t.word, "mand", "invi", "sped")
		confirmed = confirmed || t.class&confirm != 0
		asked = asked || k == i-1 && among(t.word, "contatto", "contatti", "recapito") || answering[t.word]
		near = near || ownMail[t.word]
	}
	asked = asked || confirmed
	return near || asked, asked && (!sent || confirmed)
}

// ownMail are words beside one's own address, answering of one to which one may be answered.
var (
	ownMail   = set("contatti email mail posta recapito")
	answering = set(`
	avvisarmi avvisatemi comunicazioni contattarmi contattatemi rispondermi rispondere rispondete rispondetemi scrivermi scrivere scrivete scrivetemi`)
)

// forwarding begin words of what would go on to another address.
var forwarding = stems("chiudere chiudet devi disattivare disattivate elimin cancell gira gire inoltr mess pass reindirizz rigir spost trasfer trasmett vecchi")

// lineHas reports whether a line has a telephone, a street, a site or the writer's name.
func (r *reader) lineHas(from, to int) bool {
	for k := from; k < to; k++ {
		if t := &r.toks[k]; t.class&(contact|mailing) != 0 || r.names[t.word] || t.kind == number {
			return true
		}
	}
	return r.names[r.toks[max(0, from-1)].word]
}

// webSite reports whether the word at i is the rest of "www.studio.it" in a signature.
func (r *reader) webSite(i int) bool {
	for k := i; k > 0 && r.toks[k].lines == 0; k-- {
		switch r.own.text[r.toks[k-1].end:r.toks[k].start] {
		case ".", "-", "://", "/":
		default:
			return false
		}
		if w := r.toks[k-1].word; among(w, "www", "http", "https") {
			return true
		}
	}
	w := r.toks[i].word
	return among(w, "www", "http", "https")
}

// certifiedDomain reports whether an address looks like another certified mailbox.
func certifiedDomain(a string) bool {
	_, domain, _ := strings.Cut(a, "@")
	return strings.Contains(domain, "pec") || strings.Contains(domain, "legal") || strings.Contains(domain, "cert")
}

// strangers notes a message signed by somebody else than the form names.
func (r *reader) strangers() {
	if r.al.form == nil || len(r.names) == 0 {
		return
	}
	signs := r.body && !r.assisted() // a firm signs by the hand of one who represents it
	for i := 0; i < len(r.toks); {
		n := 0
		for i+n < len(r.toks) && r.roles[i+n] == roleCourtesy && (n == 0 || r.nextTo(i+n)) && r.unknownName(i+n) {
			n++
		}
		if (n == 2 || n == 3) && !r.innocent(i, n) {
			if !signs || i < r.al.to {
				r.warn(signThirdPerson, i, i+n)
			}
			signs = false
		}
		i += max(n, 1)
	}
	for i := 1; i+1 < len(r.toks); i++ {
		if w := r.toks[i].word; among(w, "per", "p", "x") && r.roles[i] == roleCourtesy && r.toks[i].lines == 0 && r.unknownName(i-1) &&
			!r.calledSo(r.toks[i-1].word) && r.toks[i+1].capital && r.names[r.toks[i+1].word] {
			r.warn(signThirdPerson, i, i+1) // "Anna Verdi per Mario Rossi"
		}
		if r.toks[i].word == "cliente" && r.holds(max(0, i-3), i, fileOf) && r.toks[i+1].capital && r.toks[i+1].lines == 0 {
			r.warn(signThirdPerson, i, i+2) // "Rif. pratica: cliente Righi"
		}
		if r.signsFor(i) {
			r.warn(signThirdPerson, i, i+1) // "p. Mario Rossi, Anna Verdi"
		}
	}
	for i := r.al.to; i < len(r.toks); {
		_, to := r.lineOf(i)
		if r.agent(i, to) || r.clerk(i, to) || !r.body && r.otherHand(i, to) { // a family's firm has several hands
			r.warn(signThirdPerson, i, to)
		}
		i = to
	}
}

// signsFor reports whether the line of token i is "p. Mario Rossi, Anna Verdi", or the
// other name begins the next.
func (r *reader) signsFor(i int) bool {
	if i < r.al.to || r.toks[i].lines == 0 || !among(r.toks[i].word, "per", "p", "x") || r.body || !r.names[r.toks[i+1].word] {
		return false
	}
	for k, lines := i+2, 0; k+1 < len(r.toks); k++ {
		if lines += r.toks[k].lines; lines > 1 {
			break
		}
		if given[r.toks[k].word] && r.unknownName(k) && !r.calledSo(r.toks[k].word) {
			return true
		}
	}
	return false
}

// fileOf are words before the client whose file it is.
var fileOf = set("pratica posizione rif riferimento")

// assisted reports whether somebody below the form helps the firm and does not represent it.
func (r *reader) assisted() bool {
	for i := r.al.to; i < len(r.toks); i++ {
		if w := r.toks[i].word; anyPrefix(w, assistants...) || w == "avv" {
			return true
		}
	}
	return false
}

var assistants = stems("avvocat collaborator commercialist consulent contabil delegat figli impiegat incaricat intermediar procurator segreter uffici")

// agent reports whether tokens [from, to) are the line of an office that writes
// for others, and is not the writer's: "Studio Commercialisti Bianchi".
func (r *reader) agent(from, to int) bool {
	trade := false
	for k := from; k < to; k++ {
		t := &r.toks[k]
		if r.roles[k] != roleCourtesy || r.names[t.word] || len(t.word) > 3 && strings.Contains(r.sender, t.word) {
			return false
		}
		trade = trade || anyPrefix(t.word, "commercialist", "tributari", "elaborazion", "patronato", "notarile")
	}
	w := r.toks[from].word
	if n := from + count(w == "la"); n < to && r.toks[n].word == "segreteria" && !strings.HasPrefix(r.toks[min(n+1, to-1)].word, "telefon") && to-from <= 8 && to-n > 1 && !slices.ContainsFunc(r.toks[n:to], func(t token) bool { return t.kind != plainWord }) {
		return true // nobody of the writer's is named beside it
	}
	return trade && r.toks[from].capital && among(w, "studio", "caf", "patronato", "centro", "agenzia") && to-from <= 8
}

// clerk reports whether tokens [from, to) sign for the holder, who signs nowhere:
// "La segretaria".
func (r *reader) clerk(from, to int) bool {
	i := from + count(among(r.toks[from].word, "il", "la", "l", "un", "una", "i", "gli", "le"))
	return i > from && i+1 == to && clerks[r.toks[i].word] && r.roles[i] == roleCourtesy && !r.anyOwn(r.al.to, len(r.toks))
}

var clerks = set("collaboratore collaboratrice collega colleghi contabile impiegata impiegato segretaria segretario segreteria soci socia socio")

// otherHand reports whether the line [from, to) below the form is signed with a
// first name that is not the writer's, whatever greeting stands before it:
// "Grazie, Stefano Cattaneo" under a form that names Remo Cattaneo.
func (r *reader) otherHand(from, to int) bool {
	if n := from + count(articles[r.toks[from].word]); n+1 < to && among(r.toks[n].word, "dichiarante", "firmataria", "firmatario", "richiedente") && r.toks[n].after&colon != 0 {
		return given[r.toks[n+1].word] && !r.calledSo(r.toks[n+1].word) // "Il dichiarante: Vito Quaranta"
	}
	i := to
	for i > from && i > to-4 && r.toks[i-1].capital && (r.names[r.toks[i-1].word] || r.toks[i-1].class == 0 || given[r.toks[i-1].word]) &&
		r.toks[i-1].kind == plainWord && r.roles[i-1] == roleCourtesy {
		i--
	}
	if i == to || to-from > 8 {
		return false
	}
	for k := from; k < i; k++ {
		if t := &r.toks[k]; t.class&(greet|thanks|goodbye|title|weak|civil) == 0 || r.formal(k) {
			return false
		}
	}
	if w := r.toks[max(from, i-1)].word; i > from && (of[w] || among(w, "da", "a", "e")) {
		return false // the name of a place or of a firm
	}
	for k := i; k < to; k++ {
		if w := r.toks[k].word; given[w] && !r.calledSo(w) && !r.ofTown(k) && (to-i == 1 || r.anyOwn(i, to)) {
			return true
		}
	}
	return false
}

// anyOwn reports whether one of tokens [from, to) is of the writer's name.
func (r *reader) anyOwn(from, to int) bool {
	for k := from; k < to; k++ {
		if w := r.toks[k].word; len(w) > 1 && r.names[w] { // not the "C." of "Neri & C."
			return true
		}
	}
	return false
}

// calledSo reports whether the writer may be called so: it is of his name, or
// short for it, or stands in his address.
func (r *reader) calledSo(w string) bool {
	if r.names[w] || strings.Contains(r.sender, w) || slices.ContainsFunc(shortFor[w], func(full string) bool { return r.names[full] }) {
		return true
	}
	for name := range r.names {
		if len(name) > 3 && len(w) > 2 && (strings.Contains(name, w[1:]) || name[:3] == w[:3]) {
			return true
		}
	}
	return false
}

// nextTo reports whether only a blank stands between token i and the one before.
func (r *reader) nextTo(i int) bool {
	return r.toks[i].lines == 0 && strings.TrimSpace(r.own.text[r.toks[i-1].end:r.toks[i].start]) == ""
}

// unknownName reports whether the token at i is a capitalised word that is no name of the writer's.
func (r *reader) unknownName(i int) bool {
	t := &r.toks[i]
	return t.kind == plainWord && t.capital && (t.class == 0 || given[t.word]) && !r.names[t.word] && !r.ownWord(t.word) &&
		!(len(t.word) > 2 && strings.Contains(r.sender, t.word))
}

// innocent reports whether the capitalised words [i, i+n) are no person that
// signs: a place, a firm, a street; or a person who is only told of.
func (r *reader) innocent(i, n int) bool {
	known := false
	for k := i; k < i+n; k++ {
		known = known || given[r.toks[k].word] && !r.ofTown(k)
	}
	if _, n := dateAt(r.toks[i+n:]); n > 0 {
		return true // the place of a letter's date
	}
	if n == 2 && !known && r.toks[i].shout != r.toks[i+1].shout {
		return true // a register and its town: "OAPPC Alessandria"
	}
	from, to := r.lineOf(i)
	if known && i > from+1 && (r.toks[i-1].word == "e" || r.toks[i-1].word == "ed") && r.names[r.toks[i-2].word] {
		return false // two sign
	}
	alone := true
	for k := from; k < to; k++ {
		t := &r.toks[k]
		switch {
		case k >= i && k < i+n, r.formal(k):
		case r.names[t.word], t.word == "procedimento", t.word == "istruttoria",
			r.forOthers() && k < i && among(t.word, "trattata", "redatto", "referente", "istruttore", "protocollo"): // the official in charge of a file
			return true
		case t.class&(title|goodbye) != 0 || among(t.word, "firma", "fede", "mittente", "referente", "pratica"):
		case t.kind == number && allDigits(t.word), t.kind == address, t.class&contact != 0 && t.class&weak == 0:
			if !known || k < i && street[t.word] {
				return true
			}
		default:
			alone = false
		}
	}
	if i < r.al.from && r.colleague(from, to) {
		return true
	}
	before := ""
	if i > from {
		before = r.toks[i-1].word
	}
	if i > 0 && of[r.toks[i-1].word] && bodies[r.toks[i].word] {
		return true // "sono il presidente del Corpo Bandistico Giuseppe Verdi"
	}
	if n == 2 && towns[r.toks[i].word+" "+r.toks[i+1].word] || saint[r.toks[i].word] || places[r.toks[i].word] || r.shortStreet(i-1) {
		return true
	}
	if before == "in" || !known && (r.below(from) || alone && i == from && r.underName(from)) {
		return true // a town
	}
	for from < i && r.formal(from) {
		from++
	}
	if i > from && !r.shouting() && firmsName(r.toks[from:i]) {
		return true
	}
	if among(before, "da", "dal", "dalla") || before == "di" && !known {
		return !known
	}
	return !known && (!alone || r.shouting() || i < r.al.to || r.toks[i+n-1].after&stop != 0)
}

// shortStreet reports whether token i ends the name of a street cut short: "C.so
// Vittorio Emanuele", "C.da Macchia Romana 9".
func (r *reader) shortStreet(i int) bool {
	if i < 1 || r.toks[i].lines > 0 {
		return false
	}
	switch w := r.toks[i-1].word; r.toks[i].word {
	case "so":
		return true
	case "da", "do":
		return (w == "c" || w == "f") && r.toks[i-1].after&stop != 0
	case "le", "za", "zza", "tta", "co":
		return (w == "v" || w == "p") && r.toks[i-1].after&stop != 0
	}
	return false
}

// colleague reports whether the line [from, to) of a letterhead is one of those that say
// who works there, each with his title, the writer among them.
func (r *reader) colleague(from, to int) bool {
	if r.toks[from].class&title == 0 || to-from > 7 || !r.inLetterhead(from) {
		return false
	}
	for _, other := range [...]int{from - 1, to} {
		for other > 0 && other < r.al.from {
			a, b := r.lineOf(other)
			if r.toks[a].class&title == 0 {
				break
			}
			if r.anyOwn(a, b) {
				return true
			}
			other = a - 1
		}
	}
	return false
}

// underName reports whether the line that begins at token from stands under that
// of the writer's name, which closes the letter: a town stands there.
func (r *reader) underName(from int) bool {
	if from <= r.al.to || r.toks[from].lines != 1 {
		return false
	}
	above, to := r.lineOf(from - 1)
	for k := above; k < to; k++ {
		if t := &r.toks[k]; !r.names[t.word] && t.class&title == 0 {
			return false
		}
	}
	return true
}

// below reports whether the line that begins at token from stands under that
// of a street: an address is written in two lines.
func (r *reader) below(from int) bool {
	if from == 0 || r.toks[from].lines > 1 {
		return false
	}
	above, to := r.lineOf(from - 1)
	return above < to && street[r.toks[above].word]
}

// firmsName reports whether a name goes on from a firm's, "Bar Due Torri di Neri
// Paolo", or from the name of an office.
func firmsName(toks []token) bool {
	last := len(toks) - 1
	if last > 0 && toks[last].word == "di" {
		last--
	}
	t := &toks[last]
	return t.capital && t.class&(title|goodbye|greet|asked|box) == 0 && t.after&(comma|colon|stop) == 0 && !given[t.word]
}

// shouting reports whether the text is written in capitals throughout.
func (r *reader) shouting() bool {
	low := 0
	for i := range r.toks {
		if t := &r.toks[i]; t.kind == plainWord && !t.capital {
			low++
		}
	}
	return low*4 < len(r.toks)
}
