package rules

import "strings"

// cue says what danger sign the word at i is in its sentence, "" when it is
// none; mild ones are forgiven where the whole sentence is courtesy.
//
// The desk does not know every harmless word, and need not: names, trades and
// stories are told around a request without changing it. It must know what
// changes one. That is told by words (sign.go), and by grammar: orders given
// to the desk, wishes, duties, conditions, and everything still to come.
func (r *reader) cue(s *sentence, i int) (name string, mild bool) {
	t := &r.toks[i]
	switch {
	case t.kind == number && r.dayAhead(s, i):
		return signDeferral, false
	case t.kind != plainWord:
		return "", false
	case r.names[t.word] && (t.capital || t.class == 0):
		if r.absent(s, i) {
			return signThirdPerson, false
		}
		return "", false
	}
	if name, known := r.peculiar(s, i); known {
		return name, gentle[t.word] && !(t.word == "caso" && r.word(s, i+1) == "di")
	}
	c := t.class
	switch {
	case c&box != 0 && r.ofAnother(s, i):
		return signThirdPerson, false
	case c&soft != 0 && r.inHeading(s, i):
		return "", false
	case c&soft != 0:
		if r.softCue(s, i, c) {
			return signOf(c), gentle[t.word]
		}
	case strings.HasPrefix(t.word, "rubat") && r.told(s, i) && s.all&(box|contents) == 0 && !r.after(s, i, 8, secrets):
		return "", false
	case c&danger == condition && r.after(s, s.from-1, s.to-s.from, weekday) && r.verbless(s, i) && s.all&(box|asked|contents|execute) == 0:
		return "", false // "aperti tutti i giorni tranne il martedì"
	case c&danger == condition && anyPrefix(t.word, "approvazione", "autorizzazione") && r.told(s, i) && s.all&(box|asked|contents) == 0:
		return "", false
	case c&danger == dispute && anyPrefix(t.word, "contest", "reclam", "denunc") && r.negated(s, i):
		return "", false
	case c&danger == condition && ofLife(t.word) && r.ownLife(s, i), strings.HasPrefix(t.word, "paura") && r.told(s, i), anyPrefix(t.word, "indecis", "incert") && i > s.from && r.tag(i-1)&tagPast != 0:
		return "", false
	case c&danger != 0 && !r.ownWord(t.word) && !(c&revoking != 0 && r.ownWord("rinnovo") && r.after(s, i, 3, renewed)):
		return signOf(c), false
	}
	if c&will != 0 {
		if r.willing(s, i) {
			return "", false
		}
		return signSecondRequest, false
	}
	return r.grammar(s, i)
}

// absent reports whether the writer's name at i is spoken of as somebody else's:
// "il signor Rossi non lavora più qui".
func (r *reader) absent(s *sentence, i int) bool {
	before := r.word(s, i-1)
	if w := r.toks[i].word; bodies[w] || legalForm[w] {
		return false // "il Condominio è stato sciolto"
	}
	if i > s.from && !theHolder[before] && r.toks[i-1].class&title == 0 || r.toks[i].after&comma != 0 {
		return false
	}
	next := i + 1
	for next < s.to && r.names[r.toks[next].word] && r.toks[next-1].after&comma == 0 {
		next++
	}
	if next >= s.to || next > i+1 && r.toks[next-1].after&(comma|colon) != 0 || !(r.is(next) || afterName[r.toks[next].word]) {
		return false
	}
	return !r.before(s, i, 3, oneself)
}

var oneself = set("io sono chiamo me")

var afterName = set("non ha si era sta vuole deve puo lavora chiede desidera risponde dice")

// inHeading reports whether the word at i stands in the name of a firm or an
// office: a line without a verb whose words have capitals, "Agenzia Viaggi Domani".
func (r *reader) inHeading(s *sentence, i int) bool {
	if !r.toks[i].capital || r.toks[i].shout && r.shouting() {
		return false
	}
	capitals, named := 0, false
	for k := s.from; k < s.to; k++ {
		t := &r.toks[k]
		switch {
		case auxiliary[t.word], t.class&will != 0, presentVerb[t.word]:
			return false
		case t.kind != plainWord, len(t.word) <= 3 && !t.capital, t.class&weak != 0:
		case t.capital:
			capitals++
			named = named || bodies[t.word] || legalForm[t.word] && len(t.word) > 1 || t.class&capacity != 0
		default:
			return false
		}
	}
	return (capitals >= 3 || named && capitals >= 2) && s.all&(asked|execute) == 0
}

// gentle are conditions that courtesy uses.
var gentle = set("se quando appena caso casi qualora")

// softCue reports whether a word that is a sign only in some sentences is one in this.
func (r *reader) softCue(s *sentence, i int, c class) bool {
	w := r.toks[i].word
	switch {
	case c&revoking != 0:
		return r.takenBack(s, i)
	case c&dispute != 0 && anyPrefix(w, "tribunal", "giudic", "carabinier", "polizia") && s.all&(box|contents) != 0 && i > s.from && theHolder[r.word(s, i-1)] && r.word(s, i-2) != "degli":
		return true // "il tribunale ha disposto la conservazione della casella"
	case c&dispute != 0:
		return !r.told(s, i) && s.all&aware == 0 && !r.signing(s, i) && (s.attached || !r.verbless(s, i))
	case c&negation != 0:
		return r.denies(s, i)
	case w == "modello":
		return s.to == s.from+1 || r.before(s, i, 2, thisIs) && r.after(s, i, 2, forWhom)
	case w == "simile" || w == "facsimile":
		return !ourModel[r.word(s, i-1)] && !ourModel[r.word(s, i-2)] && !r.told(s, i)
	case c&draft != 0 && strings.HasPrefix(w, "corrett"):
		return r.after(s, s.from-1, s.to-s.from, theText) && !r.before(s, i, 6, supposing)
	case c&draft != 0:
		return !beforeExample[r.word(s, i-1)] && !beforeExample[r.word(s, i-2)]
	case c&doubt != 0 && strings.HasPrefix(w, "decid"):
		return !r.told(s, i)
	case c&doubt != 0:
		return !r.before(s, i, 3, anyOccasion)
	case c&bank != 0:
		return !r.told(s, i) && !strings.HasPrefix(r.word(s, i-2), "pagat") && r.word(s, i-2) != "nota"
	case c&condition != 0:
		return r.conditional(s, i)
	case c&deferral != 0:
		return r.defers(s, i)
	case c&thirdHand != 0:
		return r.somebody(s, i)
	case c&another != 0:
		return !r.ownWord(w) && r.besides(s, i)
	case c&needed != 0:
		return r.needs(s, i)
	}
	return !r.ownWord(w)
}

// takenBack judges words that take something back, or call it a mistake.
func (r *reader) takenBack(s *sentence, i int) bool {
	w := r.toks[i].word
	switch {
	case strings.HasPrefix(w, "sbagliat") && r.al.form != nil && i > s.from && r.is(i-1) && r.holdsStem(s.from, i, "nome", "cognom", "indirizz", "casell", "test", "numer", "dat", "ordin", "pannell"):
		return true
	case anyPrefix(w, "sbagli", "errore") && r.al.form == nil:
		return false // a wrong name in a question, no request that was a mistake
	case strings.HasPrefix(w, "sbagliat") && (r.word(s, i+1) == "io" || r.word(s, i+1) == "a"):
		return false // "ho sbagliato a non controllare"
	case anyPrefix(w, "sbagli", "errore"):
		if r.ownWord("rinnovata") && r.after(s, s.from-1, s.to-s.from, renewed) {
			return false
		}
		return r.word(s, i-1) == "per" && s.all&apology == 0 && r.sent(s) || strings.HasPrefix(w, "sbagliat") && (s.all&(box|asked) != 0 || s.all&apology == 0)
	case r.instead(s, i):
		return false
	case r.after(s, s.from-1, s.to-s.from, signedBy):
		return false
	case strings.HasPrefix(w, "ferm") && i > s.from && (r.is(i-1) || idleBefore[r.word(s, i-1)]) && s.all&asked == 0:
		return false // "è ferma da anni"
	case s.all&asked == 0 && anyPrefix(w, "ritir", "ferm") && reflexive[r.word(s, i-1)]:
		return false // "si ritira in campagna"
	case s.all&asked == 0 && s.to-s.from > 2 && !s.attached && r.verbless(s, i):
		return false // a trade: "ritiro e sostituzione pneumatici"
	case s.all&asked != 0, strings.HasPrefix(w, "blocc") && r.after(s, i, 4, access):
		return true
	}
	return !r.told(s, i) && s.all&apology == 0
}

var (
	access        = set("accesso entrata casella pec posta account voi")
	reflexive     = set("si mi ci")
	idleBefore    = set("sono sta resta rimane rimasta rimasto tutto tutta ormai attivita ditta")
	signedBy      = set("firma sottoscrizione")
	renewed       = set("rinnovo rinnovata rinnovato rinnovate fattura addebito ordine pagamento")
	anyCase       = set("necessita bisogno dubbi dubbio problemi problema errore chiarimenti dichiarazioni dichiarazione falso esigenza esigenze")
	thisIs        = set("questo il ecco")
	forWhom       = set("per dei degli")
	theText       = set("testo modulo")
	secrets       = set("carta bancomat password identita account dati accesso telefono cellulare credenziali nome firma")
	supposing     = set("se qualora ove")
	inVain        = set("ma pero invano senza non")
	ourModel      = set("vostro vs vr da dal sul nel vostra")
	beforeExample = set("vostro vostra vs vr da dall dal del dell il l nell nel sull secondo seguendo lo")
	anyOccasion   = set("qualsiasi qualunque eventuali eventuale caso ogni senza ulteriori alcun")
)

// signing reports whether "avvocato" stands where one signs or names his trade.
func (r *reader) signing(s *sentence, i int) bool {
	w := r.word(s, i-1)
	return w == "" || r.toks[i].capital && r.verbless(s, i) || w == "degli" || w == "albo" || w == "studio"
}

// peculiar judges the words that only those beside them tell, whatever their class.
func (r *reader) peculiar(s *sentence, i int) (name string, known bool) {
	before, after := r.word(s, i-1), r.word(s, i+1)
	yes := false
	switch r.toks[i].word {
	case "attesa", "attendo", "attendiamo", "aspetto", "aspettiamo", "attendendo", "aspettando":
		name, yes = signCondition, !r.awaits(s, i)
	case "a", "ad":
		name, yes = signDeferral, r.onceDone(s, i)
	case "da":
		name, yes = "draft", r.toBeDone(s, i)
	case "dal", "dall", "dalla":
		name, yes = signDeferral, r.fromDay(s, i)
	case "caso", "casi":
		name, yes = signCondition, (before == "in" || before == "nel" || before == "nei") && !r.after(s, i, 3, anyCase)
	case "seguito":
		name, yes = signCondition, before == "a" && after == "di" && r.after(s, i, 4, confirmation) && !r.told(s, i)
	case "segue":
		name, yes = signCondition, before != "quanto" && before != "che" && before != "come"
	case "sto", "stiamo", "sta", "stanno":
		name, yes = "still-needed", i+1 < s.to && ends(after, "ando", "endo") && anyPrefix(after, "scaric", "salv", "copi", "stamp", "us", "utilizz", "migr", "trasfer", "spost", "partecip", "finen", "termin", "complet",
			"decid", "pens", "valut", "aspett", "attend", "verific", "controll", "test", "prov", "cerc", "prepar", "sistem", "recuper", "legg", "tent")
	case "provato":
		name, yes = "draft", after == "a" && !r.after(s, i, 12, inVain)
	case "manca", "mancano":
		name, yes = signCondition, !r.negated(s, i) && before != "se" && before != "ove" && before != "qualora" && !r.refunds(s)
	case "volta":
		name, yes = signCondition, before == "una" && i+1 < s.to && r.tag(i+1)&tagParticiple != 0
	case "sola":
		name, yes = signCondition, (r.within(s, i)&(box|contents|asked) != 0 || after == "lettura") && before != "da" && !r.told(s, i) && s.all&aware == 0 && !r.holdsStem(s.from, i, "rinunc")
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

// peculiarPerson judges the words that put somebody else in the holder's place.
func (r *reader) peculiarPerson(s *sentence, i int) (name string, known bool) {
	before, after := r.word(s, i-1), r.word(s, i+1)
	yes := false
	name = signThirdPerson
	switch r.toks[i].word {
	case "sottoscritto", "sottoscritta", "sottoscritti", "sottoscritte":
		yes = theHolder[before] && r.anotherWriter(s, i)
	case "delegato", "delegata", "incaricato", "incaricata":
		yes = (before == "dal" || before == "dalla" || after == "del" || after == "dal" || after == "dalla" || after == "della" && i == s.from) && !strings.HasPrefix(before, "amministrat") && before != "consigliere" && !r.told(s, i)
	case "titolare", "intestatario", "intestataria", "proprietario", "proprietaria", "firmatario", "firmataria":
		yes = (theHolder[before] || before == "l") && (r.is(min(i+1, s.to-1)) || ofHolder[after]) || (before == "il" || before == "la") && (r.word(s, i-2) == "per" || r.word(s, i-2) == "p") || after == "assente"
	case "intestata", "intestato", "intestate", "intestati":
		whose := r.word(s, i+2)
		if i == s.from && r.toks[i].word == "intestate" {
			return signOrder, true
		}
		yes = (after == "a" || after == "al" || after == "alla") && (!mine[whose] && !r.names[whose] || classOf(r.word(s, i+3))&kin != 0)
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
		yes = !r.before(s, i, 4, am) && !r.negated(s, i) && !r.before(s, i, 4, mine) || r.toks[i].word == "titolari"
	case "richiesta", "domanda", "istanza":
		yes = r.ofSomebody(s, i)
	case "sua", "loro", "altrui":
		yes = i > s.from && (r.is(i-1) || before == "era") && (i+1 == s.to || r.toks[i].after&(comma|stop) != 0)
	case "ricevuta":
		name, yes = signForward, (before == "richiesta" || before == "comunicazione") && s.to < len(r.toks) && r.formal(s.to)
	case "trovo", "trovato", "leggo", "vedo", "vediamo", "risulta", "compare", "appare":
		if r.toks[s.to-1].after&colon == 0 || !r.passedOn(s, i) {
			return "", false
		}
		name, yes = signForward, true // "nella posta inviata trovo queste righe:"
	case "ricevo", "ricevuto", "arrivato", "arrivata":
		if !r.passedOn(s, i) {
			return "", false
		}
		name, yes = signForward, true
	case "autorizzo", "autorizziamo":
		yes = !r.after(s, i, 4, processing) && !r.allowsThis(s, i)
	case "passata", "passato", "passate":
		yes = i > s.from && r.is(i-1) && r.sentencePart(s.from, i)&box != 0 && (theHolder[after] || after == "a" || after == "ad" || after == "all")
	case "passa", "passano":
		yes = s.all&box != 0 && (theHolder[after] || after == "a" || after == "all" || after == "agli")
	case "sostegno":
		yes = strings.HasPrefix(r.word(s, i-2), "amministrat") && !r.before(s, i, 6, byTradeAs)
	default:
		return "", false
	}
	if !yes {
		name = ""
	}
	return name, true
}

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
	theHolder = set("il la del della dal dalla al alla")
	ofHolder  = set("si risulta vive sarebbe era vuole ha non deve sara")
	mine      = set("me mio nome noi sottoscritto sottoscritta scrivente ditta societa nostra mia")
)

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
		case t.word == "mia" || t.word == "mio" || t.word == "loro" || strings.HasPrefix(t.word, "chiamat"):
			return false
		case t.word == "esito" && theHolder[r.word(s, k+1)] && k+2 < to && r.toks[k+2].class&(asked|execute|confirm) == 0:
			return false
		case t.word == "comunicazione" && k+2 < to && (strings.HasPrefix(r.word(s, k+2), "avvenut") || r.toks[k+2].class&execute != 0):
			return true
		case strings.HasPrefix(t.word, "credito") && r.ownWord("rinnovo"):
			return true
		case t.class&(confirm|greet|thanks) != 0, anyPrefix(t.word, "evas", "tempi", "fiducios", "leggerv", "sentirv", "risentir"), r.refund(t.word):
			return !r.after(s, k, 4, byMe)
		}
	}
	return false
}

// onceDone reports whether "a" begins "a collaudo avvenuto", "a cose fatte".
func (r *reader) onceDone(s *sentence, i int) bool {
	return i+2 < s.to && r.toks[i+1].class&(weak|greet|civil) == 0 && r.tag(i+2)&tagParticiple != 0 && r.toks[i+1].after&(comma|colon) == 0 && (!r.toks[i+1].capital || r.toks[i+1].shout) &&
		(i+3 == s.to || r.toks[i+2].after&(comma|stop) != 0) && r.verbless(s, i)
}

var whoever = set("chi")

var (
	confirmation = set("conferma chiamata riscontro")
	requesting   = set("richiesta chiedo chiediamo richiedo avere")
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
	return t.class&title != 0 || t.word == "titolare" || t.word == "cliente" || t.word == "nostro" || t.word == "mio" || t.capital && !t.shout && (t.class == 0 || given[t.word]) && !r.ownWord(t.word)
}

var byMe = set("mia mio parte prima chiamata")

// instead reports whether the message takes the place of an earlier one: "la
// presente annulla e sostituisce la mia precedente".
func (r *reader) instead(s *sentence, i int) bool {
	return anyPrefix(r.toks[i].word, "annull", "sostitu") && r.before(s, i, 4, thisOne) && r.after(s, i, 6, earlier) && r.holdsStem(s.from, s.to, "sostitu")
}

var (
	thisOne = set("questa questo presente")
	earlier = set("precedente precedenti prima")
)

// refund reports whether a word names the refund that the procedure brings.
func (r *reader) refund(w string) bool {
	return r.ownWord("rimborso") && anyPrefix(w, "rimbors", "storn", "accredit", "riaccredit", "restitu", "render", "rendet")
}

// toBeDone reports whether "da" leaves something to be done: "da confermare".
func (r *reader) toBeDone(s *sentence, i int) bool {
	if i == s.from && i+1 < s.to && r.tag(i+1)&tagInfinitive != 0 && s.to > i+2 && r.verbless(&sentence{from: i + 2, to: s.to}, i+2) {
		return true // "da applicarsi al cambio di gestione"
	}
	return i+1 < s.to && anyPrefix(r.toks[i+1].word, "inviare", "compilar", "confermar", "firmar", "verificar", "completar", "controllar", "corregger", "evader", "lavorar", "esegui",
		"riveder", "approvar", "tener", "considerar", "intender", "valutar", "decider", "definir", "concordar", "mandar", "spedir", "archiviar") &&
		(r.verbless(&sentence{from: s.from, to: i}, s.from) || i == s.from || r.before(s, i, 3, stillOpen))
}

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
	if i+1 < s.to && t.lines == 0 && t.after == 0 && r.toks[i+1].lines == 0 && r.toks[i+1].class&deferral == 0 && (!r.toks[i+1].capital || r.toks[i+1].shout) && r.toks[i+1].class&weak == 0 {
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
	return t.kind == number && allDigits(t.word) && len(t.word) <= 2
}

var endOfYear = set("anno mese")

// passedOn reports whether the words "ho ricevuto", "mi è arrivata" pass on
// what somebody else wrote.
func (r *reader) passedOn(s *sentence, i int) bool {
	return s.to < len(r.toks) && r.formal(s.to) && (r.after(s, i, 4, whatCame) && !r.after(s, i, 3, ofYours) || r.toks[s.to-1].after&colon != 0)
}

var ofYours = set("vostra vostro vostre vs vr")

var whatCame = set("righe questo questa questi queste seguente seguenti richiesta comunicazione messaggio mail")

// helper reports whether one who helps the holder is made to act for him: "sono
// la segretaria del dottore", "il mio commercialista vi scrive".
func (r *reader) helper(s *sentence, i int) bool {
	if r.before(s, i, 4, am) && r.before(s, i, 1, theHolder) && (r.after(s, i, 2, ofWhom) || i+1 == s.to || r.toks[i].after&comma != 0) {
		return true
	}
	return r.before(s, i, 1, mine) && !r.told(s, i) && !r.verbless(s, i) && !(s.all&(asked|box) == 0 && r.holdsStem(s.from, i, "occup"))
}

var (
	am     = set("sono essendo")
	ofWhom = set("del della dello dell di informatico")
)
