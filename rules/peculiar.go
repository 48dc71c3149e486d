package rules

import "strings"

// peculiar judges the words that only those beside them tell, whatever their class.
func (r *reader) peculiar(s *sentence, i int) (name string, known bool) {
	before, after := r.word(s, i-1), r.word(s, i+1)
	yes := false
	switch r.toks[i].word {
	case "attesa", "attendo", "attendiamo", "aspetto", "aspettiamo", "attendendo", "aspettando":
		name, yes = signCondition, i-2 >= s.from && r.toks[i-2].after&colon != 0 || !r.awaits(s, i) && !r.waited(s, i) && !(r.word(s, i-1) == "non" && !r.holdsStem(i, s.to, "altro", "che"))
	case "a", "ad":
		name, yes = signDeferral, r.onceDone(s, i)
	case "da":
		name, yes = signDraft, r.toBeDone(s, i)
	case "dal", "dall", "dalla":
		name, yes = signDeferral, r.fromDay(s, i)
	case "caso", "casi":
		name, yes = signCondition, among(before, "in", "nel", "nei") && !r.after(s, i, 3, anyCase)
	case "seguito":
		name, yes = signCondition, before == "a" && after == "di" && r.after(s, i, 4, confirmation) && !r.told(s, i)
	case "segue":
		name, yes = signCondition, !among(before, "quanto", "che", "come", "mi", "ci", "la", "lo", "li", "le")
	case "sto", "stiamo", "sta", "stanno":
		name, yes = signNeeded, i+1 < s.to && ends(after, "ando", "endo") && anyPrefix(after, underWay...)
	case "provato":
		name, yes = signDraft, after == "a" && !r.after(s, i, 12, inVain)
	case "manca", "mancano":
		name, yes = signCondition, !r.negated(s, i) && !among(before, "se", "ove", "qualora") && !r.refunds(s)
	case "volta":
		name, yes = signCondition, before == "una" && i+1 < s.to && r.tag(i+1)&tagParticiple != 0
	case "sola":
		if before == "una" && r.before(s, i, 2, having) && (r.holds(s.from, i, nowadays) || anyPrefix(r.toks[s.from].word, "dal")) && !r.isThis(s, i) {
			return "", true // "dal primo del mese abbiamo una sola PEC aziendale"
		}
		name, yes = signCondition, (r.within(s, i)&(box|contents|asked) != 0 || after == "lettura") && !among(before, "da", "mia", "nostra") &&
			after != "persona" && !r.told(s, i) && s.all&aware == 0 && !r.holdsStem(s.from, i, "rinunc")
	case "informazioni", "informazione":
		name, yes = signSecondRequest, r.before(s, i, 3, requesting)
	case "mancata", "mancato":
		name, yes = signSecondRequest, i+1 < s.to && r.toks[i+1].class&(asked|execute|confirm) != 0
	default:
		return r.peculiarPerson(s, i)
	}
	if !yes {
		name = ""
	}
	return name, true
}

// isThis reports whether what is named at i is said to be this: "una sola PEC ed è questa".
func (r *reader) isThis(s *sentence, i int) bool {
	for k := i + 1; k < s.to; k++ {
		if atThis[r.toks[k].word] && r.is(k-1) {
			return true
		}
	}
	return false
}

// underWay is what one may still be doing with a mailbox.
var underWay = stems(`
	aspett attend cerc complet controll copi decid deposit finen legg migr partecip pens prepar prov recuper rispond salv scaric sistem
	spost stamp tent termin test trasfer us utilizz valut verific`)

var (
	anyCase = set(`
		bisogno chiarimenti dichiarazione dichiarazioni dubbi dubbio errore esigenza esigenze falso necessita problema problemi`)
	inVain = set("ma pero invano senza non")
)

// peculiarPerson judges the words that put somebody else in the holder's place.
func (r *reader) peculiarPerson(s *sentence, i int) (name string, known bool) {
	before, after := r.word(s, i-1), r.word(s, i+1)
	yes := false
	name = signThirdPerson
	switch r.toks[i].word {
	case "sottoscritto", "sottoscritta", "sottoscritti", "sottoscritte":
		yes = theHolder[before] && r.anotherWriter(s, i)
	case "delegato", "delegata", "incaricato", "incaricata":
		yes = (before == "dal" || before == "dalla" || among(after, "del", "dal", "dalla") || after == "della" && i == s.from) &&
			!strings.HasPrefix(before, "amministrat") && before != "consigliere" && !r.told(s, i)
	case "titolare", "intestatario", "intestataria", "proprietario", "proprietaria", "firmatario", "firmataria":
		yes = (theHolder[before] || before == "l") && (r.is(min(i+1, s.to-1)) || ofHolder[after]) ||
			(before == "il" || before == "la") && (r.word(s, i-2) == "per" || r.word(s, i-2) == "p") || after == "assente"
	case "intestata", "intestato", "intestate", "intestati":
		whose := r.word(s, i+2)
		if i == s.from && r.toks[i].word == "intestate" {
			return signOrder, true
		}
		yes = among(after, "a", "al", "alla") && (!mine[whose] && !r.names[whose] || classOf(r.word(s, i+3))&kin != 0)
	case "segretaria", "segretario", "tecnico", "impiegata", "impiegato", "consulente", "commercialista", "ragioniere", "ragioniera", "geometra", "legale":
		yes = r.helper(s, i)
	case "collaboratrice", "collaboratore", "assistente":
		yes = theHolder[before] && i+1 < s.to && r.toks[i+1].capital && !r.names[after] && !r.told(s, i)
	case "scrive":
		if r.before(s, i, 3, whoever) || !(r.after(s, i, 2, theHolder) && r.within(s, i)&kin != 0 || given[after] && !r.names[after]) {
			return "", false
		}
		yes = true
	case "assegnatario", "assegnataria", "utilizzatore", "utilizzatrice", "detentore", "possessore", "appartiene", "appartengono", "titolari", "intestatari":
		yes = before != "unico" && before != "unica" && !r.before(s, i, 4, am) && !r.negated(s, i) && !r.before(s, i, 4, mine) || r.toks[i].word == "titolari"
	case "richiesta", "domanda", "istanza":
		yes = r.ofSomebody(s, i)
	case "sua", "loro", "altrui":
		yes = i > s.from && (r.is(i-1) || before == "era") && (i+1 == s.to || r.toks[i].after&(comma|stop) != 0)
	case "vi", "ve":
		yes = r.othersAct(s, i)
	case "gia":
		if anyPrefix(after, "amministrator", "president", "procurator", "rappresent") && r.verbless(s, i) && s.to-s.from < 25 {
			return signThirdPerson, true // no longer
		}
		name, yes = signDispute, r.ownWord("rimborso") && r.before(s, i, 3, haveDone) && (r.holdsStem(i, min(s.to, i+3), "rimborsat", "ridat", "restituit", "stornat", "riaccreditat", "accreditat") ||
			r.refunds(s) && r.holdsStem(i, min(s.to, i+3), "ricevut", "ottenut", "avut", "arrivat"))
	case "carta":
		name, yes = signIBAN, r.ownWord("rimborso") && !among(after, "d", "di", "intestata") && r.holdsStem(i, s.to, "restituit", "tagliat", "estint", "smarrit", "rubat", "bloccat", "cambiat")
	case "autorizzo", "autorizziamo":
		yes = !r.after(s, i, 4, processing) && !r.allowsThis(s, i) && !(r.negated(s, i) && r.stopsCharges(s) && r.holdsStem(i, min(s.to, i+4), "addebit", "prelev", "rinnov"))
	default:
		return r.peculiarForward(s, i)
	}
	if !yes {
		name = ""
	}
	return name, true
}

// peculiarForward judges the words that pass on what somebody else wrote.
func (r *reader) peculiarForward(s *sentence, i int) (name string, known bool) {
	switch r.toks[i].word {
	case "ricevuta":
		before := r.word(s, i-1)
		if before != "richiesta" && before != "comunicazione" || s.to >= len(r.toks) || !r.formal(s.to) || !r.verbless(s, i) {
			return "", true
		}
	case "trovo", "trovato", "leggo", "vedo", "vediamo", "risulta", "compare", "appare": // "nella posta inviata trovo queste righe:"
		if r.toks[s.to-1].after&colon == 0 || !r.passedOn(s, i) || r.after(s, i, 5, ofYours) || r.holdsStem(i, s.to, "sito", "guida", "istruzion") || r.after(s, i, 3, livelihood) {
			return "", false // "il testo che ho trovato nelle vostre pagine di aiuto:"
		}
	case "ricevo", "ricevuto", "arrivato", "arrivata":
		if !r.passedOn(s, i) || r.negated(s, i) {
			return "", false
		}
	default:
		return r.peculiarPassing(s, i)
	}
	return signForward, true
}

// peculiarPassing judges the words by which a mailbox or a matter passes to somebody.
func (r *reader) peculiarPassing(s *sentence, i int) (name string, known bool) {
	after := r.word(s, i+1)
	yes := false
	switch r.toks[i].word {
	case "passata", "passato", "passate":
		yes = i > s.from && r.is(i-1) && (r.classes(s.from, i)&box != 0 ||
			r.holdsStem(s.from, i, "amministraz", "gestion", "presidenz", "titolarit", "carica", "rappresentanz")) && (theHolder[after] || among(after, "a", "ad", "all"))
	case "passa", "passano":
		yes = s.all&(box|asked) != 0 && (theHolder[after] || among(after, "a", "all", "agli"))
	case "immagino", "immaginiamo", "presumo", "suppongo", "penso", "pensiamo", "credo", "crediamo", "ritengo", "confido", "confidiamo":
		if after == "che" && s.all&(box|contents) != 0 && r.holdsStem(i, s.to, hoped...) && !r.negated(s, i) {
			return signDoubt, true // what he believes may not be so
		}
		return "", false
	case "venga", "vengano":
		if anyPrefix(after, beDone...) {
			return signOrder, true
		}
		return "", false
	case "chiedendo", "chiedendomi", "dicendo", "dicendomi", "diceva", "dicevano", "chiedeva", "chiedevano", "invitava", "intimava", "intimandomi", "invitandomi":
		if among(after, "di", "a", "che") && r.holdsStem(s.from, i, callers...) && !r.holdsStem(s.from, s.to, "vostr", "vs", "avete") {
			return signDispute, true // somebody had it sent
		}
		return "", false
	case "non":
		if after == "c" && i+3 < s.to && r.is(i+2) && noMore[r.toks[i+3].word] && r.classes(s.from, i)&(title|kin) != 0 && r.classes(s.from, i)&capacity == 0 {
			return signThirdPerson, true // "il signor Conti non c'è più"
		}
		return "", false
	case "sostegno":
		yes = strings.HasPrefix(r.word(s, i-2), "amministrat") && !r.before(s, i, 6, byTradeAs)
	default:
		return "", false
	}
	if !yes {
		return "", true
	}
	return signThirdPerson, true
}

// callers is by what one is told to send a form.
var callers = stems("avvis chiam finestr mail messag scritt sms telefon uffici")

// beDone is what "venga" orders beside what the form asks.
var beDone = stems(`
	assegn avvert avvis cambi consegn conserv copi gir inform inoltr intest inviat lasci mandat manten modific salv spost tenut trasfer
	voltur`)

// hoped is what one believes of a mailbox that is to be closed.
var hoped = stems("attiv conserv consult funzion lasc legg mant poss poter potr recuper rest riman ten tien")

// ofAnother reports whether the mailbox at i, in a fragment without a verb, is
// said to be a person's who is not the writer: "la casella PEC del socio Bianchi".
func (r *reader) ofAnother(s *sentence, i int) bool {
	if i+2 >= s.to || r.toks[i].after != 0 || !of[r.toks[i+1].word] || !r.verbless(s, i) {
		return false
	}
	for k := i + 2; k < s.to && k <= i+4; k++ {
		t := &r.toks[k]
		switch {
		case r.names[t.word] || bodies[t.word] || len(t.word) > 2 && legalForm[t.word] || t.class&(box|mailing|asked) != 0:
			return false
		case t.capital && !t.shout && (given[t.word] || k > i+2 && t.class == 0 && r.toks[k-1].class&(title|capacity) != 0):
			return !(len(t.word) > 3 && strings.Contains(r.sender, t.word))
		}
	}
	return false
}

var (
	ofHolder = set("si risulta vive sarebbe era vuole ha non deve sara")
)

// othersAct reports whether "vi" at i stands before what somebody else does
// towards the desk: "vi chiama il geometra", "vi passa le carte mio cugino".
func (r *reader) othersAct(s *sentence, i int) bool {
	if w := r.word(s, i+1); !ends(w, "a", "e", "ano", "ono") && w != "fa" || !anyPrefix(w, towards...) || r.tag(i+1)&tagInfinitive != 0 {
		return false
	}
	if who := r.word(s, i+3); r.toks[i+1].word == "scrive" && theHolder[r.word(s, i+2)] && offices[who] && r.withinTheForm(who) {
		return false // "vi scrive il presidente", who signs the form
	}
	return !r.before(s, i, 2, whoever) && s.all&greet == 0 && !r.negated(s, i) && !r.holds(s.from, i, supposing) && !r.toldIn(i, min(s.to, i+4)) &&
		!(i+2 < s.to && r.names[r.toks[i+2].word])
}

var towards = stems(`
	aggiorn autorizz avvis chiam consegn contatt da dice dicono fa firm gir inoltr mand pass port richiam rispond scriv sent spieg telefon`)

// anotherWriter reports whether "il sottoscritto" at i is somebody beside the
// one of the form, or asks for something more.
func (r *reader) anotherWriter(s *sentence, i int) bool {
	if i+1 < len(r.toks) && r.names[r.toks[i+1].word] {
		return false
	}
	if i+1 < s.to {
		if t := &r.toks[i+1]; t.capital && !r.names[t.word] && (given[t.word] || t.class == 0 && !t.shout) {
			return true
		}
	}
	return strings.HasSuffix(r.toks[i].word, "i")
}

// allowsThis reports whether the desk, and nobody else, is authorised at i to do
// what the form asks: "vi autorizzo pertanto alla disattivazione".
func (r *reader) allowsThis(s *sentence, i int) bool {
	for k := i + 1; k < s.to && k <= i+6; k++ {
		t := &r.toks[k]
		if t.class&(execute|asked) != 0 && !strings.HasPrefix(t.word, "richiest") {
			return true
		}
		if t.class&(title|kin|capacity)&^weak != 0 && t.class&weak == 0 || mine[t.word] || t.capital && !t.shout {
			return false
		}
	}
	return false
}

// awaits reports whether the waiting at i is for an answer, or for what the
// procedure itself brings: "in attesa di un cortese riscontro".
func (r *reader) awaits(s *sentence, i int) bool {
	if i+1 == s.to || r.toks[i].after&(comma|stop) != 0 {
		return true
	}
	_, to := r.clause(s, i)
	if to == i+1 {
		_, to = r.clause(s, to) // "attendo quindi la risposta"
	}
	for k := i + 1; k < to && k <= i+9; k++ {
		switch t := &r.toks[k]; {
		case t.class&kin != 0 || strings.HasPrefix(t.word, "bambin"):
			return true
		case among(t.word, "mia", "mio", "loro") || strings.HasPrefix(t.word, "chiamat"):
			return false
		case t.word == "esito" && theHolder[r.word(s, k+1)] && k+2 < to && r.toks[k+2].class&(asked|execute|confirm) == 0:
			return false
		case t.word == "comunicazione" && k+2 < to && (strings.HasPrefix(r.word(s, k+2), "avvenut") || r.toks[k+2].class&execute != 0):
			return true
		case strings.HasPrefix(t.word, "credito") && r.ownWord("rinnovo"):
			return true
		case t.class&confirm != 0 && of[r.word(s, k+1)] && k+2 < s.to && r.toks[k+2].class == 0 && r.toks[k+2].capital:
			return false // "la risposta dell'ASL"
		case t.class&confirm != 0 && fromWhere[r.word(s, k+1)] && k+2 < to && !anyPrefix(r.toks[k+2].word, ofTheDesk...):
			return false // "una risposta dal difensore civico"
		case t.class&(confirm|greet|thanks) != 0, anyPrefix(t.word, "evas", "tempi", "fiducios", "leggerv", "sentirv", "risentir"), r.refund(t.word):
			return !r.after(s, k, 4, byMe)
		}
	}
	return false
}

// ofTheDesk is how the desk and its firm are called.
var ofTheDesk = stems("assist client gestor grupp part provider repart serviz societ staff support team uffic voi vostr vs")

// waited reports whether the waiting at i is one that was borne, and is over:
// "sono rimasto in attesa mezz'ora".
func (r *reader) waited(s *sentence, i int) bool {
	return r.word(s, i-1) == "in" && r.holdsStem(max(s.from, i-5), i, "rimast", "stat", "tenut", "mess", "lasciat") && r.told(s, i) && r.around(s, i, 5, lengths)
}

var lengths = set("mezz mezza ora ore minuti giorni settimane mesi telefono sempre")

// onceDone reports whether "a" begins "a collaudo avvenuto", "a cose fatte".
func (r *reader) onceDone(s *sentence, i int) bool {
	return i+2 < s.to && r.toks[i+1].class&(weak|greet|civil) == 0 && r.tag(i+2)&tagParticiple != 0 && r.toks[i+1].after&(comma|colon) == 0 &&
		(!r.toks[i+1].capital || r.toks[i+1].shout) &&
		(i+3 == s.to || r.toks[i+2].after&(comma|stop) != 0) && r.verbless(s, i)
}

var (
	confirmation = set("conferma chiamata riscontro")
	requesting   = set("richiesta chiedendo chiedo chiediamo richiedo avere")
	processing   = set("trattamento")
)

// ofSomebody reports whether a request is said to be somebody's: "la richiesta
// del Sig. Mario Rossi".
func (r *reader) ofSomebody(s *sentence, i int) bool {
	switch r.word(s, i+1) {
	case "del", "della", "dello", "di", "da", "dal", "dalla":
	default:
		return false
	}
	if i+2 >= s.to {
		return false
	}
	t := &r.toks[i+2]
	return t.class&title != 0 || among(t.word, "titolare", "cliente", "nostro", "mio") || t.capital && !t.shout && (t.class == 0 || given[t.word]) && !r.ownWord(t.word)
}

var byMe = set("mia mio parte prima chiamata")

// toBeDone reports whether "da" leaves something to be done: "da confermare".
func (r *reader) toBeDone(s *sentence, i int) bool {
	if i == s.from && i+1 < s.to && r.tag(i+1)&tagInfinitive != 0 && s.to > i+2 && r.verbless(&sentence{from: i + 2, to: s.to}, i+2) {
		return true // "da applicarsi al cambio di gestione"
	}
	return i+1 < s.to && anyPrefix(r.toks[i+1].word, toDo...) &&
		(r.verbless(&sentence{from: s.from, to: i}, s.from) || i == s.from || r.before(s, i, 3, stillOpen))
}

// toDo is what may be left to do with a draft.
var toDo = stems(`
	approvar archiviar compilar completar concordar confermar considerar controllar corregger decider definir discuter esegui evader far
	firmar intender inviare lavorar mandar mostrar riveder spedir tener valutar verificar`)

var stillOpen = set("tutto ancora sia resta rimane tutta quanto questo")

// dayAhead reports whether a bare day of the month is named: "per il 31", "il 15".
func (r *reader) dayAhead(s *sentence, i int) bool {
	t := &r.toks[i]
	if day, n := dateAt(r.toks[i:]); n > 1 && (day.Year != 9999 || i+1 < s.to && r.gone(s, i+1)) {
		return false // judged as a date
	}
	if !allDigits(t.word) || len(t.word) > 2 || t.after&glued != 0 || i == s.from || r.toks[i-1].after&glued != 0 || r.told(s, i) {
		return false
	}
	if i+1 < s.to && anyPrefix(r.toks[i+1].word, "giorn", "gg", "mes", "ann", "settiman", "or") {
		return false // a stretch of time
	}
	if i+1 < s.to && t.lines == 0 && t.after == 0 && r.toks[i+1].lines == 0 && r.toks[i+1].class&deferral == 0 &&
		(!r.toks[i+1].capital || r.toks[i+1].shout) && r.toks[i+1].class&weak == 0 {
		return false // "i 12 soci"
	}
	switch r.word(s, i-1) {
	case "il", "entro", "dal", "al":
		return t.word[0] <= '3' && !r.numbered(i)
	}
	return false
}

// fromDay reports whether "dal" begins at a day: "dal 30", "dal mese prossimo".
func (r *reader) fromDay(s *sentence, i int) bool {
	if i+1 >= s.to || r.told(s, i) {
		return false
	}
	t := &r.toks[i+1]
	if t.word == "primo" {
		return r.after(s, i+1, 2, endOfYear)
	}
	return t.kind == number && allDigits(t.word) && len(t.word) <= 2 && !(i+2 < s.to && r.gone(s, i+2) && s.all&(box|asked|execute) == 0)
}

var endOfYear = set("anno mese")

// passedOn reports whether the words "ho ricevuto", "mi è arrivata" pass on
// what somebody else wrote.
func (r *reader) passedOn(s *sentence, i int) bool {
	return s.to < len(r.toks) && r.formal(s.to) && (r.after(s, i, 4, whatCame) && !r.after(s, i, 3, ofYours) || r.toks[s.to-1].after&colon != 0)
}

var ofYours = set("vostra vostro vostre vs vr")

// livelihood is what a writer finds, and no words of another's.
var livelihood = set("posto lavoro impiego")

var whatCame = set("righe questo questa questi queste seguente seguenti richiesta comunicazione messaggio mail")

// helper reports whether one who helps the holder is made to act for him: "sono
// la segretaria del dottore", "il mio commercialista vi scrive".
func (r *reader) helper(s *sentence, i int) bool {
	if r.before(s, i, 4, am) && r.before(s, i, 1, theHolder) && (r.after(s, i, 2, ofWhom) || i+1 == s.to || r.toks[i].after&comma != 0) {
		return true
	}
	if r.after(s, i, 1, hasOne) && r.after(s, i, 4, ofTheirOwn) {
		return false // "il mio commercialista usa la sua PEC"
	}
	return r.before(s, i, 1, mine) && !r.told(s, i) && !r.verbless(s, i) && !(s.all&(asked|box) == 0 && r.holdsStem(s.from, i, "occup"))
}

var (
	ofWhom = set("del della dello dell di informatico")
)

// haveDone stand before what was done already.
var haveDone = set("abbiamo avete e era ha hanno ho stato sono")
