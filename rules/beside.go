package rules

import (
	"strconv"
	"strings"
)

// beside explains every token that is no part of the form: courtesy, a danger
// sign, or left over (procedures §2.4, the whole-text rule).
func (r *reader) beside() {
	r.notices()
	r.questions()
	for i := 0; i < len(r.toks); {
		if r.roles[i] != roleLeft {
			i++
			continue
		}
		n, as := r.explain(i)
		for k := i; k < i+n; k++ {
			if r.roles[k] == roleLeft || as == roleSign {
				r.roles[k] = as
			}
		}
		i += n
	}
	r.soften()
	r.signedBy()
	r.strangers()
}

// explain says what the tokens from i are, and how many it takes.
func (r *reader) explain(i int) (int, role) {
	t := &r.toks[i]
	if n := phrase(r.toks[i:]); n > 0 && r.allLeft(i, n) {
		if r.useless(i, n) {
			r.warn("negation", i, i+n)
			return n, roleSign
		}
		return n, roleCourtesy
	}
	if n := r.ownTerm(i); n > 0 {
		return n, roleCourtesy
	}
	if t.kind == address {
		return 1, r.otherAddress(i)
	}
	if day, n := dateAt(r.toks[i:]); n > 0 && (n > 2 || r.toks[i+1].kind != number || !r.reference(i)) {
		return n, r.besideDate(day, i, n)
	}
	if isIBAN(r.own.text, r.toks[i:]) {
		r.warn("iban", i, i+1)
		return 1, roleSign
	}
	if t.kind == number {
		return 1, r.besideNumber(i)
	}
	if t.kind == filler {
		return 1, roleCourtesy
	}
	if t.word == "ps" && r.thankful(i+1) || r.webSite(i) || r.slip(i) {
		return 1, roleCourtesy
	}
	if r.names[t.word] && (t.capital || t.class == 0) {
		return 1, roleCourtesy
	}
	c := t.class | r.joint(i)
	if r.awaits(i) {
		return 1, roleCourtesy
	}
	if name, does := r.leans(i); does && r.al.form != nil {
		if name == "" {
			return 1, roleOver
		}
		r.warn(name, i, i+1)
		return 1, roleSign
	}
	if c&danger != 0 && !r.ownWord(t.word) {
		r.warn(signOf(c), i, i+1)
		return 1, roleSign
	}
	if c&(polite|weak|title|capacity|contact|mailing|goodbye|thanks|enclosed) != 0 || r.ownWord(t.word) || r.nameLike(i) {
		return 1, roleCourtesy
	}
	return 1, roleOver
}

// joint is the class of a word that is a condition only beside certain
// others: "in caso di", "dal 1° gennaio" against "caso 123", "recesso dal rinnovo".
func (r *reader) joint(i int) class { return jointClass(r.toks, i) }

func jointClass(toks []token, i int) class {
	switch toks[i].word {
	case "caso", "casi":
		if i > 0 && (toks[i-1].word == "in" || toks[i-1].word == "nel" || toks[i-1].word == "nei") {
			return condition
		}
	case "nome", "vece", "rappresentanza":
		if i > 0 && (toks[i-1].word == "a" || toks[i-1].word == "in") {
			return thirdHand
		}
	case "delegato", "delegata":
		if i == 0 || !strings.HasPrefix(toks[i-1].word, "amministrat") && toks[i-1].word != "consigliere" {
			return thirdHand
		}
	case "dal", "dall", "dalla":
		if i+1 < len(toks) && (toks[i+1].kind == number || toks[i+1].class&condition != 0) {
			return condition
		}
	}
	return 0
}

// awaits reports whether the word at i waits for an answer only: "attendo
// cortese riscontro".
func (r *reader) awaits(i int) bool {
	switch r.toks[i].word {
	case "attendo", "attendiamo", "aspetto", "aspettiamo", "attendendo", "aspettando":
	default:
		return false
	}
	for k := i + 1; k < len(r.toks) && k < i+7 && r.toks[k-1].after&stop == 0; k++ {
		switch r.toks[k].word {
		case "riscontro", "conferma", "risposta", "notizie", "notizia":
			return true
		}
	}
	return false
}

// besideNumber judges a number: those of telephones, postal codes and streets
// are harmless, a small number or a year by itself means something.
func (r *reader) besideNumber(i int) role {
	t := &r.toks[i]
	if !allDigits(t.word) { // 12A, a tax code; or the other mailbox
		if r.reference(i) || r.line(i, capacity, true) && len(t.word) < 4 || len(t.word) == 16 {
			return roleCourtesy
		}
		return roleOver
	}
	if len(t.word) >= 5 || t.after&glued != 0 || i > 0 && r.toks[i-1].after&glued != 0 {
		return roleCourtesy
	}
	if next := i + 1; next < len(r.toks) && r.toks[next].kind == number && len(t.word) >= 2 && len(t.word)+len(r.toks[next].word) >= 5 {
		return roleCourtesy // a telephone, in groups
	}
	if year, err := strconv.Atoi(t.word); err == nil && len(t.word) == 4 && year >= r.m.Sent.Year() && year < 2100 && !r.m.Sent.IsZero() {
		if i > 0 && r.toks[i-1].kind == number {
			return roleCourtesy // of a telephone
		}
		r.warn(signFutureDate, i, i+1)
		return roleSign
	}
	if i > 0 && t.lines == 0 {
		before := &r.toks[i-1]
		if before.kind == number || before.class&(contact|capacity) != 0 || before.capital || numbering[before.word] {
			return roleCourtesy
		}
	}
	if t.lines > 0 && i+1 < len(r.toks) && (r.toks[i+1].kind == number || r.toks[i+1].capital) && r.toks[i+1].lines == 0 {
		return roleCourtesy
	}
	return roleOver
}

var numbering = map[string]bool{"n": true, "nr": true, "nro": true, "num": true, "numero": true, "caso": true, "assistenza": true, "ticket": true, "art": true,
	"lgs": true, "comma": true, "legge": true, "dlgs": true, "dpr": true}

// ownTerm is how many tokens restate the term that the procedure itself checks
// ("entro il termine di 30 giorni"): no condition.
func (r *reader) ownTerm(i int) int {
	if w := r.toks[i].word; w != "entro" && w != "nei" && w != "termine" || r.al.procedure == nil {
		return 0
	}
	for k := i + 1; k < len(r.toks) && k < i+6; k++ {
		if w := r.toks[k].word; w != "giorni" && w != "gg" {
			continue
		}
		for _, c := range r.al.procedure.Checks {
			if n := r.toks[k-1].word; c.Is == "within-days" && (n == strconv.Itoa(c.Days) || c.Days == 30 && n == "trenta") {
				return k + 1 - i
			}
		}
	}
	return 0
}

func (r *reader) allLeft(i, n int) bool {
	for _, x := range r.roles[i : i+n] {
		if x != roleLeft {
			return false
		}
	}
	return true
}

// ownWord reports whether a word is one the procedure's own form, subject or
// title speaks of: asking twice for the same is no second request.
func (r *reader) ownWord(w string) bool {
	if len(w) < 4 || r.al.form == nil {
		return false
	}
	if r.al.form.known[w] && knownWords[w]&(negation|condition) == 0 {
		return true
	}
	for _, s := range r.aboutWords() {
		if s == w || len(s) >= 6 && strings.HasPrefix(w, s[:6]) && knownWords[w]&danger == 0 {
			return true
		}
	}
	return false
}

// nameLike reports whether an unknown word is a name: of a person, a town, a
// street, an office. Capitals tell, where the text does not shout.
func (r *reader) nameLike(i int) bool {
	t := &r.toks[i]
	if t.class != 0 || !t.capital || len(t.word) > 24 {
		return false
	}
	if len(t.word) == 1 {
		return true
	}
	if verbLike(t.word) || nounLike(t.word) && !r.signs(i) {
		return false
	}
	if r.shouting() {
		return r.closed(i) || r.line(i, contact, false)
	}
	first := i == 0 || t.lines > 0 || r.toks[i-1].after&stop != 0 || r.roles[i-1] == roleForm
	if !first || i+1 < len(r.toks) && r.toks[i+1].capital && r.toks[i+1].lines == 0 {
		return true
	}
	return r.signs(i) || t.lines > 0 && t.after&stop == 0
}

// signs reports whether the word at i stands in a line that signs or
// addresses: after the closing, or beside a title, a street, a number.
func (r *reader) signs(i int) bool {
	return r.closed(i) || r.line(i, title|contact|capacity, true)
}

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
func (r *reader) reference(i int) bool { return r.line(i, contact, true) }

// line reports whether the line of the word at i has a word of a class, or a
// number where those count.
func (r *reader) line(i int, c class, numbers bool) bool {
	from := i
	for from > 0 && r.toks[from].lines == 0 && r.roles[from-1] != roleForm {
		from--
	}
	for k := from; k < len(r.toks) && (k == from || r.toks[k].lines == 0) && r.roles[k] != roleForm; k++ {
		if t := &r.toks[k]; t.class&c != 0 && t.class&polite == 0 || numbers && t.kind == number && allDigits(t.word) {
			return true
		}
	}
	return false
}

// verbLike reports whether a word ends as an imperative or a wish does.
func verbLike(w string) bool {
	for _, end := range []string{"ate", "ete", "ite", "iamo", "ando", "endo", "rei", "emmo", "atemi", "etemi"} {
		if strings.HasSuffix(w, end) {
			return true
		}
	}
	return false
}

// nounLike reports whether a word ends as those that name an action do.
func nounLike(w string) bool { return strings.HasSuffix(w, "mente") || strings.HasSuffix(w, "zione") }

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

// otherAddress judges an address beside the form.
func (r *reader) otherAddress(i int) role {
	word := r.toks[i].word
	if word == r.sender || r.set.ours(word) || strings.Trim(word, "_") == strings.Trim(r.sender, "_") {
		return roleCourtesy
	}
	// The ordinary address in a signature: "e-mail: mario@example.org".
	if r.al.form != nil && i >= r.al.to && r.signatureMail(i) {
		return roleCourtesy
	}
	r.warn(signSecondMailbox, i, i+1)
	return roleSign
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

// signatureMail reports whether the address at i stands in a signature, after
// "mail" on a line of names, numbers and addresses. One that is asked to be
// written to does not.
func (r *reader) signatureMail(i int) bool {
	if r.underName(i) || r.contactLine(i) {
		return true
	}
	if i == 0 || r.toks[i].lines > 0 || r.toks[i-1].word != "mail" && r.toks[i-1].word != "email" && r.toks[i-1].word != "e" {
		return false
	}
	for k := i - 1; k > 0 && r.toks[k+1].lines == 0; k-- {
		if t := &r.toks[k]; t.kind == plainWord && t.class&wish != 0 || t.class&polite != 0 && t.class&(contact|capacity|mailing) == 0 {
			return false
		}
	}
	return true
}

// underName reports whether an ordinary address stands beside or right under
// the writer's signed name. A certified one there may be another mailbox.
func (r *reader) underName(i int) bool {
	_, domain, _ := strings.Cut(r.toks[i].word, "@")
	if strings.Contains(domain, "pec") || strings.Contains(domain, "legal") || strings.Contains(domain, "cert") {
		return false
	}
	for k := i + 1; k < len(r.toks) && r.toks[k].lines == 0; k++ {
		if t := &r.toks[k]; t.kind == plainWord && t.class&(contact|mailing) == 0 && !r.names[t.word] && !r.webSite(k) {
			return false
		}
	}
	for k := i - 1; k >= r.al.to && k > i-6; k-- {
		switch t := &r.toks[k]; {
		case r.names[t.word]:
			return true
		case t.kind != number && t.class&(contact|capacity|title) == 0:
			return false
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
		if r.toks[i].after&question != 0 && r.roles[i] != roleCourtesy {
			r.warn(signQuestion, i, i+1)
			return
		}
	}
}

// besideDate judges a date beside the form: that of the letter is harmless,
// one to come is a condition.
func (r *reader) besideDate(day Date, i, n int) role {
	sent := r.set.Calendar.Date(r.m.Sent)
	switch {
	case r.m.Sent.IsZero(), day.Compare(sent) > 0:
		r.warn(signFutureDate, i, i+n)
		return roleSign
	}
	return roleCourtesy
}

// isIBAN reports whether an Italian bank account number begins at toks[0].
func isIBAN(s string, toks []token) bool {
	if !strings.HasPrefix(toks[0].word, "it") || len(toks[0].word) < 4 || toks[0].word[2] < '0' || toks[0].word[2] > '9' {
		return false
	}
	return len(joined(s, toks, 0, min(len(toks), 8))) >= 27
}

// notices marks disclaimers and the furniture of mail programs: paragraphs full
// of their words, in which nobody asks for anything.
func (r *reader) notices() {
	before := false
	for from := 0; from < len(r.toks); {
		to := from + 1
		for to < len(r.toks) && !r.breaks(to) {
			to++
		}
		is := r.allLeft(from, to-from) && (sentBy(r.toks[from:to]) || r.isNotice(from, to, before))
		if is {
			for k := from; k < to; k++ {
				r.roles[k] = roleCourtesy
			}
		}
		before = is
		from = to
	}
}

// breaks reports whether a paragraph begins at token i.
func (r *reader) breaks(i int) bool {
	t := &r.toks[i]
	return t.lines > 1 || t.lines == 1 && (sentWord[t.word] || r.toks[i-1].after&(stop|colon) != 0 || r.roles[i] != r.roles[i-1] || t.capital && r.toks[i-1].class&goodbye == 0 && opener[t.word])
}

var sentWord = map[string]bool{"inviato": true, "inviata": true, "sent": true, "ottieni": true, "scarica": true, "get": true,
	"mail": true, "scritto": true, "posta": true, "messaggio": true}

// opener are the words that disclaimers begin with.
var opener = map[string]bool{"avviso": true, "avvertenza": true, "avvertenze": true, "disclaimer": true, "confidentiality": true, "informativa": true,
	"questo": true, "questa": true, "le": true, "this": true, "rispetta": true, "prima": true, "ai": true, "il": true, "la": true, "riservatezza": true}

// asking are words in the first person: nobody's footer asks for anything.
var asking = map[string]bool{"chiedo": true, "richiedo": true, "chiediamo": true, "richiediamo": true, "vorrei": true, "vorremmo": true, "desidero": true,
	"intendo": true, "intendiamo": true, "voglio": true, "vogliamo": true, "dichiaro": true, "esercito": true, "domando": true}

// sentBy reports whether a line is the one that telephones and webmail add.
func sentBy(toks []token) bool {
	if len(toks) < 2 || len(toks) > 16 {
		return false
	}
	if !sentWord[toks[0].word] {
		return false
	}
	device := false
	for _, t := range toks {
		if t.class&(negation|revoking)&^topic != 0 || t.kind == address {
			return false
		}
		device = device || devices[t.word]
	}
	return device
}

// devices are the words of the line that a telephone or a webmail adds.
var devices = map[string]bool{"mail": true, "email": true, "outlook": true, "iphone": true, "ipad": true, "ios": true, "android": true, "samsung": true,
	"galaxy": true, "huawei": true, "xiaomi": true, "redmi": true, "smartphone": true, "dispositivo": true, "telefono": true, "cellulare": true,
	"tablet": true, "webmail": true, "windows": true, "bluemail": true, "proton": true, "app": true, "mac": true, "thunderbird": true, "avast": true, "virus": true}

func (r *reader) isNotice(from, to int, before bool) bool {
	var distinct map[string]bool
	for i := from; i < to; i++ {
		t := &r.toks[i]
		switch {
		case t.class&(revoking|bank) != 0, asking[t.word], r.ofRequest(i), t.word == "sottoscritto", t.word == "sottoscritta":
			return false
		case t.class&notice != 0:
			if distinct == nil {
				distinct = map[string]bool{}
			}
			distinct[t.word] = true
		}
	}
	least := 4
	if before || opener[r.toks[from].word] {
		least = 3
	}
	if distinct["ambiente"] || distinct["environment"] || distinct["virus"] || distinct["disclaimer"] {
		least = 2
	}
	return len(distinct) >= least
}
