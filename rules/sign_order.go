package rules

import "strings"

// grammar judges the word at i by its ending alone: an order to the desk, a
// promise, a wish.
func (r *reader) grammar(s *sentence, i int) (name string, mild bool) {
	t := &r.toks[i]
	g := r.tag(i)
	if g == 0 || r.foreign(s) || r.placed(i) {
		return "", false
	}
	switch {
	case g&tagConditional != 0:
		if t.word == "direi" || t.word == "diremmo" || r.unrealPast(s, i) || r.onlyOpinion(s, i) {
			return "", false
		}
		return signCondition, t.class&civil != 0 || r.within(s, i)&confirm != 0
	case g&tagFuture != 0:
		if s.all&aware != 0 && r.expected(t.word) || r.negated(s, i) || anyPrefix(t.word, futureCourtesy...) ||
			(r.before(s, i, 3, whoever) || r.before(s, i, 2, asYou)) && s.all&thanks != 0 || r.ownWord(t.word) ||
			ends(t.word, "rete") && (r.refund(t.word) || t.class&confirm != 0) {
			return "", false
		}
		if ends(t.word, "ro", "remo") && !strings.HasPrefix(t.word, "avr") && r.ownLife(s, i) || r.refundComes(s, i) || r.takesAnother(s, i) ||
			anyPrefix(t.word, "user", "utilizzer", "adoperer") && (r.after(s, i, 4, elsewhere) || r.otherBox(s, i)) {
			return "", false
		}
		if i > s.from && legalForm[r.toks[i-1].word] || r.streetName(i) || r.supposed(s, i) || r.firmsEnd(s, i) || t.capital && !t.shout && i > s.from && !r.accented(t) {
			return "", false
		}
		return signDeferral, t.class&civil != 0
	case g&(tagYou|tagYouPlural) != 0 && r.negated(s, i) && anyPrefix(t.word, "cercat", "chiam", "telefon", "scriv", "rispond", "disturb"):
		return "", false
	case g&(tagYou|tagYouPlural) != 0:
		if r.ordered(s, i, g) {
			return signOrder, false
		}
	case g&tagInfinitive != 0 && r.bare(s, i):
		return signOrder, false
	}
	return "", false
}

// onlyOpinion reports whether the conditional at i only says what the writer, or
// somebody else, thinks of things: "direbbe il notaio", "tenerla mi costerebbe".
func (r *reader) onlyOpinion(s *sentence, i int) bool {
	w := r.toks[i].word
	return anyPrefix(w, "direbbe", "costerebbe", "converrebbe") && s.all&(asked|execute|confirm) == 0 ||
		strings.HasPrefix(w, "dovrebbe") && r.word(s, i+1) == "essere" && r.holds(i+2, s.to, byDefault) && s.all&deferral == 0
}

var byDefault = set("base default semplice chiaro chiara facile evidente")

// futureCourtesy are futures of courtesy.
var futureCourtesy = stems("brinder capir comprender dimentic immaginer mancher noter pregher ricorder scuser trover veder")

// streetName reports whether the word at i begins a line with a house number.
func (r *reader) streetName(i int) bool {
	from, _ := r.lineOf(i)
	return i == from && street[r.toks[i].word] && r.numbered(i)
}

// supposed reports whether the future at i only guesses what was: "vi avrò
// ricevuto sì e no dieci messaggi".
func (r *reader) supposed(s *sentence, i int) bool {
	came := anyPrefix(r.toks[i].word, "sara") && anyPrefix(r.word(s, i+1), "arrivat", "capitat", "entrat", "servit", "venut") &&
		r.holds(i+2, s.to, timesTold) && !r.holdsStem(i+2, s.to, "fra", "tra", "entro", "prossim")
	return (strings.HasPrefix(r.toks[i].word, "avr") || came) && i+1 < s.to && r.tag(i+1)&tagParticiple != 0 && r.holdsStem(i+2, min(s.to, i+8), roughly...) &&
		!r.holdsStem(s.from, i, "quando", "appena", "dopo", "volta", "fra", "tra", "entro")
}

// firmsEnd reports whether the future at i tells how the writer's firm ends, which
// the mailbox of it does not wait for: "la società verrà sciolta".
func (r *reader) firmsEnd(s *sentence, i int) bool {
	if !anyPrefix(r.toks[i].word, "sar", "verr") || !anyPrefix(r.word(s, i+1), "sciolt", "liquidat", "cessat", "estint", "cancellat", "incorporat", "fus") {
		return false
	}
	from, to := r.clause(s, i)
	return (r.holds(from, i, itsBusiness) || r.holdsStem(from, i, "societ", "associaz", "cooperativ", "fondaz", "partita")) &&
		r.classes(from, to)&(box|asked|condition) == 0 && (s.all&deferral == 0 || s.all&execute == 0)
}

// takesAnother reports whether the future at i says only that the writer will have
// another mailbox, without this one: "ne faremo un'altra", "ne aprirò una nuova".
func (r *reader) takesAnother(s *sentence, i int) bool {
	from, to := r.clause(s, i)
	return i == from+1 && r.toks[from].word == "ne" && to-i > 1 && to-i <= 4 && (r.toks[i+1].word == "un" || r.toks[i+1].word == "una") &&
		ends(r.toks[i].word, "ro", "remo") && r.classes(i+1, to)&(deferral|condition|needed) == 0 && r.toks[to-1].class&(another|civil|weak) != 0
}

// timesTold count what came.
var timesTold = set("volta volte mail messaggi lettere comunicazioni notifiche")

var roughly = stems("cent cinqu circa die du forse massimo poch quattr si tre vent")

// elsewhere are words of another mailbox that will be used instead.
var elsewhere = set("quella un una altra della dello nuova")

// refunds reports whether the sentence names the refund that the procedure brings.
func (r *reader) refunds(s *sentence) bool {
	for k := s.from; k < s.to; k++ {
		if r.refund(r.toks[k].word) {
			return true
		}
	}
	return false
}

// refundComes reports whether the future at i tells how the refund will come.
func (r *reader) refundComes(s *sentence, i int) bool {
	for k := max(s.from, i-3); k < i; k++ {
		if r.refund(r.toks[k].word) {
			return anyPrefix(r.toks[i].word, "avverr", "sar", "verr", "arriver")
		}
	}
	return false
}

// expected reports whether a verb in the future tells what is known to follow:
// "so che la casella verrà chiusa".
func (r *reader) expected(w string) bool {
	return anyPrefix(w, follows...) ||
		classOf(w)&(execute|contents) != 0 || r.refund(w)
}

// follows is what follows when a mailbox is closed.
var follows = stems(`
	accadr and arriv avr conserv dovr durer esist funzion perd potr recuper rest ricev riman rimar riusc sar servir spar verr`)

// unrealPast reports whether the conditional at i tells of what was not done:
// "avrei dovuto pensarci". What would have been sent or asked was perhaps not.
func (r *reader) unrealPast(s *sentence, i int) bool {
	if !anyPrefix(r.toks[i].word, "avrei", "avremmo", "sarei", "saremmo") ||
		r.word(s, i-1) == "che" && r.holdsStem(s.from, i, "garantit", "promess", "assicurat", "giurat") {
		return false
	}
	for k := i + 1; k < s.to && k <= i+2; k++ {
		if r.tag(k)&tagParticiple != 0 {
			return !anyPrefix(r.toks[k].word, "mandat", "inviat", "chiest", "scritt", "richiest", "grat")
		}
	}
	return false
}

// bare reports whether the infinitive at i is an order: "attendere prego",
// "si prega di sospendere".
func (r *reader) bare(s *sentence, i int) bool {
	t := &r.toks[i]
	if strings.HasPrefix(t.word, "emett") && r.ownWord("rinnovo") && r.holdsStem(i, min(s.to, i+5), "credito") {
		return false
	}
	if anyPrefix(t.word, "pagar", "spender") {
		return false // "pagare una casella che non apro mi sembra sprecato": nobody asks that of the desk
	}
	if strings.HasPrefix(t.word, "dar") && (r.after(s, i, 2, course) || r.within(s, i)&confirm != 0) {
		return false
	}
	if t.class&(execute|confirm|civil|greet) != 0 || mildWish(t.word) || t.capital && !t.shout && (i > s.from || r.placeName(s, i)) {
		return false
	}
	if i == s.from || r.toks[i-1].after&(colon) != 0 {
		return !r.senseless(s, i)
	}
	before := r.word(s, i-1)
	return before == "prego" || before == "di" && (r.before(s, i, 3, begging))
}

// placeName reports whether a capitalised word that ends as an infinitive is a
// town's: "Castellammare di Stabia, 16/11/2026".
func (r *reader) placeName(s *sentence, i int) bool {
	for k := i + 1; k < s.to && k <= i+3; k++ {
		if t := &r.toks[k]; t.capital || t.kind == number {
			return true
		}
	}
	return false
}

var begging = set("prega prego preghiamo pregasi chiedo chiediamo")

// ordered reports whether the word at i orders the desk to do something that
// neither the form asks nor courtesy does.
func (r *reader) ordered(s *sentence, i int, g tag) bool {
	t := &r.toks[i]
	if g&tagYou == 0 && (r.plural(s, i) || t.capital && !t.shout && i > s.from) {
		return false
	}
	w := t.word
	if ends(w, "iate") && s.all&negation != 0 && r.before(s, i, 4, needless) {
		return false // "non occorre che mi richiamiate"
	}
	if g&tagYou == 0 && !ends(w, "iate") && (relates[r.word(s, i-1)] || relates[r.word(s, i-2)] && pronoun[r.word(s, i-1)]) {
		return false // "dove spiegate come fare"
	}
	switch {
	case strings.HasPrefix(w, "continuate"):
		return r.word(s, i+1) != "cosi"
	case anyPrefix(w, "segui", "visita", "trovat", "mettet", "iscrivet", "condivid") && r.holds(s.from, s.to, social):
		return false
	case w == "dagli": // "auguri dagli amici", not "dagli tempo"
		return i+1 == s.to || !ends(r.toks[i+1].word, "i")
	case strings.HasPrefix(w, "portate"):
		return s.all&apology == 0
	case w == "usate":
		return !r.after(s, i, 2, telephone)
	case w == "dite" && r.before(s, i, 2, asYou):
		return false
	case strings.HasPrefix(w, "dite") && r.word(s, i+1) == "se" && r.after(s, i, 5, allRight):
		return false
	case strings.HasPrefix(w, "dite"):
		return !r.asksDay(s, i) && (!r.occasion(s) || r.around(s, i, 4, asksWhat))
	case anyPrefix(w, "comunicarm", "comunicarc", "indicarm", "indicarc"):
		return !r.asksDay(s, i) && s.all&confirm == 0
	case w == "consideratemi":
		return false
	case mildOrder(w),
		strings.HasPrefix(w, "trovat") && (among(r.word(s, i-1), "mi", "ci", "cosi") || i > s.from && i-2 <= s.from ||
			r.toks[i].class&enclosed != 0 || s.all&enclosed != 0):
		return false
	case t.class&execute != 0 || r.refund(w) || anyPrefix(w, "togli", "lev", "buttat", "strappat"):
		if ends(w, "tele", "teli") && r.toks[i].class&execute != 0 && (s.all&box != 0 || r.holds(s.from, i, moreOfThem)) {
			return true // "ho altre due caselle, chiudetele"
		}
		if ends(w, "temi", "teci") && fromWhere[r.word(s, i+1)] {
			return true // "cancellatemi da ogni elenco"
		}
		return r.otherThing(s, i) || anyPrefix(w, "togli", "lev") && g&tagYou == 0
	case anyPrefix(w, "contatt", "chiam", "telefon", "scriv", "rispond", "cercat"):
		return !r.hither(s, i) && (s.all&(box|asked) != 0 || !r.occasion(s))
	case w == "fate" && r.word(s, i-1) == "che" && s.all&thanks != 0:
		return false
	case anyPrefix(w, "fate"):
		return !r.after(s, i, 4, doing) && !(r.after(s, i, 2, having) && r.within(s, i)&confirm != 0) && !(r.after(s, i, 2, knowing) && (r.done(s, i) || r.asksDay(s, i)))
	case anyPrefix(w, "dat"):
		return r.after(s, i, 3, leisure) || !(r.within(s, i)&confirm != 0 || r.after(s, i, 2, course))
	case anyPrefix(w, "mandat", "inviat", "spedit", "notificat", "comunicat"):
		return s.all&confirm == 0 || r.thingSent(s, i)
	case anyPrefix(w, "avvisat", "avvertit", "informat"):
		return !r.done(s, i) || !ends(w, "mi", "ci") && !r.before(s, i, 2, toWhom) && r.somebodyElse(s, i)
	case anyPrefix(w, "pote", "vole", "dove", "sape", "riuscit"):
		return !r.able(s, i)
	}
	return true
}

var (
	social = set("instagram facebook social pagina sito newsletter canale tiktok youtube whatsapp")
)

// hither reports whether one is asked to answer to this very mailbox.
func (r *reader) hither(s *sentence, i int) bool {
	for k := i + 1; k < s.to && k <= i+4; k++ {
		if w := r.toks[k].word; w == "qui" || (w == "questa" || w == "questo") && (r.toks[k-1].word == "a" || r.toks[k-1].word == "su") {
			return true
		}
	}
	return false
}

var leisure = set("tempo modo")

var telephone = set("cellulare telefono fisso numero mail")

// moreOfThem are mailboxes beside the one of the form.
var moreOfThem = set("caselle entrambe tutte")

// relates are words after which no order stands.
var relates = set("dove che come cui quanto")

var asYou = set("come che quanto")

var allRight = set("tutto bene posto regola giusto corretto ok arrivata arrivato")

var asksWhat = set("quanto come cosa dove quando chi quale voi perche")

var (
	doing  = set("fischio squillo complimenti presto piacere favore cortesia bene pure auguri fretta saluti veloci veloce")
	course = set("corso seguito atto notizie notizia cenno")
)

// mildOrder reports whether one may be told so out of courtesy.
func mildOrder(w string) bool {
	return anyPrefix(w, mildOrders...)
}

var mildOrders = stems(`
	abbiat abbracci accett apprezz augur avete brind capit compatit compiac complet concedet conferm cordial credetem degn divert esist figurat
	festegg gentil godet gradiat gradit guardat immagin passatev pensat perdon permett porgete possiat pregate prendet ricevet ringrazi
	riusc salut sapete sappiat scusat siete stamm state stiate tranquill trascorret vedet vivet vogliat`)

// otherThing reports whether the order at i has an object that is not the mailbox.
func (r *reader) otherThing(s *sentence, i int) bool {
	for k := i + 1; k < s.to && k <= i+4 && r.toks[k-1].after&(comma|stop|colon) == 0; k++ {
		t := &r.toks[k]
		if r.is(k) || t.word == "che" {
			break
		}
		switch {
		case (t.word == "dati" || t.word == "dato") && !r.after(s, k, 2, ofTheBox), t.word == "loro":
			return true
		case r.refund(r.toks[i].word) && anyPrefix(t.word, "scors", "passat", "preceden", "arretrat", "anni"):
			return true
		case t.word == "sua" && r.toks[k-1].word == "la" && (k+1 == s.to || t.after&(comma|stop) != 0):
			return true
		case t.class&(box|asked|confirm|greet|thanks|civil|weak|goodbye) != 0 && t.class&(another|contents&^box) == 0,
			t.class&contents != 0 && t.class&box != 0, t.kind != plainWord, r.names[t.word]:
		case among(t.word, "tutto", "pure", "subito", "senz", "senza", "altro", "elettronica", "certificata"), strings.HasSuffix(t.word, "mente"):
		default:
			return k > i+1 && (r.toks[k-1].class&weak != 0)
		}
	}
	return false
}

var ofTheBox = set("contenuti contenute presenti essa casella inclusi")

// plural reports whether a word in -ate, -ite is a participle or a noun in the
// feminine plural rather than a verb.
func (r *reader) plural(s *sentence, i int) bool {
	if i == s.from || r.word(s, i+1) == "voi" {
		return false
	}
	before := &r.toks[i-1]
	if before.after&(comma|colon|opening|stop) != 0 {
		return false
	}
	if auxiliary[before.word] || determiner[before.word] || before.class&(contents|box|asked) != 0 && before.class&execute == 0 {
		return true
	}
	for k := i - 1; k >= s.from && k >= i-3; k-- {
		if ends(r.toks[k].word, "o") && r.tag(k)&tagParticiple != 0 {
			break // it has its participle: "quando avete finito avvisate il SUAP"
		}
		if auxiliary[r.toks[k].word] || r.toks[k].word == "state" || r.toks[k].word == "essere" {
			return true
		}
	}
	if !r.agrees(s, i) {
		return false // "per l'ok definitivo chiamate l'avvocato"
	}
	return before.class&(weak|will) == 0 && !strings.HasSuffix(before.word, "mente") && !beforeVerb[before.word] && r.tag(i-1)&(tagInfinitive|tagYou) == 0 &&
		!(ends(before.word, "ete") && r.tag(i-1)&tagYouPlural != 0) && // "quando la chiudete avvisate il SUAP"
		!(ends(before.word, "o") && r.tag(i-1)&tagParticiple != 0)
}

// agrees reports whether a word before the one at i may be the feminine plural
// that a participle in -ate goes with.
func (r *reader) agrees(s *sentence, i int) bool {
	for k := i - 1; k >= s.from && k >= i-6; k-- {
		if w := r.toks[k].word; determiner[w] && r.toks[k].class&weak != 0 && ends(w, "e") || len(w) > 3 && ends(w, "e", "ioni", "ita", "ol", "il") {
			return true
		}
	}
	return false
}

var (
	beforeVerb = set(`
		adesso allora almeno che ci cosi dove e intanto invece la li lo ma magari mi ne non ora perche poi prego pure quando qui se subito
		voi`)
)

// occasion reports whether a sentence offers to be asked, should need be.
func (r *reader) occasion(s *sentence) bool {
	for k := s.from; k < s.to; k++ {
		if anyPrefix(r.toks[k].word, occasions...) || r.toks[k].word == "altro" ||
			r.toks[k].word == "ogni" && k+1 < s.to && (r.toks[k+1].class&civil != 0 || strings.HasPrefix(r.toks[k+1].word, "comunicazion")) {
			return true
		}
	}
	return false
}

var occasions = stems(`
	bisogno chiariment cosa domand dubb evenienza eventual inform manc necess occorr problem qualcos qualsiasi qualunque serv ulterior`)

// thingSent reports whether what is to be sent, after i, is something else than
// a word of confirmation: "mandatemi la fattura e la ricevuta".
func (r *reader) thingSent(s *sentence, i int) bool {
	for k := i + 1; k < s.to; k++ {
		t := &r.toks[k]
		if t.class&contents != 0 && t.class&(confirm|mailing) == 0 && !anyPrefix(t.word, "messagg", "letter", "comunic", "notific") ||
			anyPrefix(t.word, papers...) && t.class&confirm == 0 {
			return true
		}
	}
	return false
}

// papers are things to be sent, and no word of confirmation.
var papers = stems("codic contratt copi credenzial dati document elenc estratt list log password")

// somebodyElse reports whether who is to be told, after i, is neither the writer
// nor left out: "quando la chiudete avvisate anche il SUAP".
func (r *reader) somebodyElse(s *sentence, i int) bool {
	k := i + 1 + count(r.word(s, i+1) == "anche" || r.word(s, i+1) == "pure")
	return k+1 < s.to && (article[r.toks[k].word] || mine[r.toks[k].word] || r.toks[k].word == "l") && r.toks[k+1].class&(confirm|execute|asked|box) == 0
}

var toWhom = set("mi ci me noi")

// asksDay reports whether one asks to be told when or how the refund comes:
// "fatemi sapere quando parte lo storno".
func (r *reader) asksDay(s *sentence, i int) bool {
	for k := i + 1; k < s.to && k <= i+4; k++ {
		if w := r.toks[k].word; whatDay[w] || w == "come" {
			rest := r.sentence(k, s.to)
			return r.refunds(&rest) && rest.all&(box|contents) == 0
		}
	}
	return false
}

// whatDay are words that ask for the day.
var whatDay = set("data quando quanti quanto tempi")

// done reports whether one asks to be told only that it is done, or that
// something is lacking.
func (r *reader) done(s *sentence, i int) bool {
	for k := i + 1; k < s.to; k++ {
		if anyPrefix(r.toks[k].word, doneStems...) {
			return true
		}
	}
	return i+3 >= s.to
}

// doneStems tell that it is done, or that something is lacking.
var doneStems = stems(`
	accettat accolt altro arrivat avvenut bisogno cancellat chius complet conclus disattivat effettiv esegu evas fatt occorr perfezionat
	posto problem registrat regola ricevut serv termin`)

// able judges "potete": the desk may ring up, confirm, or go on.
func (r *reader) able(s *sentence, i int) bool {
	if among(r.word(s, i-1), "quando", "appena", "se") && (i+1 == s.to || r.toks[i].after&(comma|stop) != 0) {
		return true
	}
	for k := i + 1; k < s.to && k <= i+4; k++ {
		if r.tag(k)&tagInfinitive != 0 {
			return (r.toks[k].class|r.within(s, k))&(execute|confirm) != 0 &&
				(r.within(s, k)&(contents|another) == 0 || anyPrefix(r.toks[k].word, "elimin", "cancell", "cestin")) || r.hither(s, k) ||
				anyPrefix(r.toks[k].word, mayDo...) && (r.occasion(s) || s.all&(box|asked) == 0 && r.figure(s) || r.toks[k].class&execute != 0)
		}
	}
	return r.within(s, i)&confirm != 0 || s.all&(box|asked|contents|another) == 0 &&
		(r.holdsStem(i, s.to, "chiamar", "telefonar", "contattar") && r.holdsStem(i, s.to, "quando") && r.after(s, i, 5, wanted) ||
			r.before(s, i, 1, toMe) && r.holdsStem(i, min(s.to, i+2), "trovar", "reperir"))
}

// mayDo is what the desk may do, should need be.
var mayDo = stems("chiamar conferm cont proced reper stare telefon trovar")

var wanted = set("volete vi preferite serve")
