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
	case t.kind == number && r.dayToCome(s, i):
		return signFutureDate, false
	case t.kind == number && r.figureToo(s, i):
		return signSecondRequest, false
	case t.kind == number && r.dayAhead(s, i):
		return signDeferral, false
	case townWords[t.word] && t.capital && r.placed(i):
		return "", false
	case t.kind == number && r.minor(s, i):
		return signThirdPerson, false
	case t.kind != plainWord:
		return "", false
	case r.names[t.word] && (t.capital || t.class == 0 || r.ofBody(i)):
		if r.absent(s, i) || fromMister[r.word(s, i-2)] && mister[r.word(s, i-1)] {
			return signThirdPerson, false
		}
		return "", false
	}
	if (t.word == "vero" || t.word == "giusto") && i+1 == s.to && i > s.from && r.toks[i-1].after&comma != 0 {
		return signQuestion, false // "mi avete telefonato voi, vero"
	}
	if name := r.misled(s, i); name != "" {
		return name, false
	}
	if name, known := r.peculiar(s, i); known {
		return name, gentle[t.word] && !(t.word == "caso" && r.word(s, i+1) == "di")
	}
	c := t.class
	switch {
	case anyPrefix(t.word, "revoc", "autorizz") && r.stopsCharges(s), anyPrefix(t.word, "annull", "sbagliat", "errat") && r.replaces(s):
		return "", false
	case c&box != 0 && r.ofAnother(s, i):
		return signThirdPerson, false
	case c&soft != 0 && r.inHeading(s, i):
		return "", false
	case c&soft != 0:
		if r.softCue(s, i, c) {
			return signOf(c), gentle[t.word]
		}
	case r.excused(s, i, c):
		return "", false
	case c&danger != 0 && !r.ownWord(t.word) && !(c&revoking != 0 && (r.ownWord("rinnovo") && r.after(s, i, 3, renewed) || r.forGood(s, i))):
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

// excused reports whether the hard word at i tells only of the writer's life, of what
// is over, or of the desk's own people: it is no sign there.
func (r *reader) excused(s *sentence, i int, c class) bool {
	switch t := &r.toks[i]; {
	case t.word == "forse" && r.told(s, i) && i+1 < s.to && howMany[r.toks[i+1].word]:
		return true // "usata forse due volte"
	case strings.HasPrefix(t.word, "rubat") && r.told(s, i) && s.all&(box|contents) == 0 && !r.after(s, i, 8, secrets):
		return true
	case c&danger == condition && r.holds(s.from, s.to, weekday) && r.verbless(s, i) && s.all&(box|asked|contents|execute) == 0:
		return true // "aperti tutti i giorni tranne il martedì"
	case c&danger == condition && anyPrefix(t.word, "approvazione", "autorizzazione") && r.told(s, i) && s.all&(box|asked|contents) == 0:
		return true
	case c&danger == dispute && strings.HasPrefix(t.word, "dettat") && r.told(s, i) && r.holdsStem(s.from, s.to, "vostr", "vs", "assistenz", "supporto", "centralin") &&
		!r.holdsStem(s.from, s.to, "chiam", "contattat", "telefonat", "cercat"):
		return true // "la vostra operatrice mi ha dettato la frase"
	case c&danger == thirdHand && anyPrefix(t.word, dying...) && r.mourns(s, i):
		return true // "dopo la scomparsa di mia moglie ho chiuso la merceria"
	case c&danger == revoking && anyPrefix(t.word, "rettific") && t.capital && r.lineHolds(i, "fresatur", "lavoraz", "meccanic", "motor", "saldatur", "tornitur"):
		return true // "Tornitura – Fresatura CNC – Rettifica"
	case c&danger == revoking && t.word == "ritratti" && r.verbless(s, i) && s.all&(asked|box) == 0:
		return true // a photographer's
	case c&danger == another && t.word == "hosting" && r.movedAway(s, i):
		return true // "ho riunito dominio, hosting e PEC presso un unico fornitore"
	case c&danger == dispute && anyPrefix(t.word, "contest", "reclam", "denunc") && r.negated(s, i):
		return true
	case c&danger == dispute && r.noQuarrel(s, i), strings.HasPrefix(t.word, "sospes") && r.settled(s):
		return true
	case c&danger == condition && ofLife(t.word) && r.ownLife(s, i),
		strings.HasPrefix(t.word, "paura") && (r.told(s, i) || r.fearsElse(s, i)),
		t.word == "compito" && theHolder[r.word(s, i-1)] && s.to-s.from > 4 && s.all&(box|asked|contents|execute|confirm|enclosed|will) == 0,
		anyPrefix(t.word, "pentir", "pento") && r.word(s, i-1) != "vorrei" && r.negated(s, i),
		anyPrefix(t.word, "indecis", "incert") && i > s.from && r.tag(i-1)&tagPast != 0:
		return true
	}
	return false
}

// noQuarrel reports whether the word of dispute at i complains of nothing that
// has to do with the desk or the request.
func (r *reader) noQuarrel(s *sentence, i int) bool {
	w, before, after := r.toks[i].word, r.word(s, i-1), r.word(s, i+1)
	switch {
	case strings.HasPrefix(w, "dettat"):
		return among(before, "ho", "abbiamo") && s.all&kin == 0 // the writer dictated it
	case strings.HasPrefix(w, "costrett"):
		if r.holds(s.from, i, nobody) {
			return true
		}
		return after == "a" && anyPrefix(r.word(s, i+2), "abbandon", "cambia", "cess", "chiudere", "fermar", "lasciare", "rallent", "ridur", "ritirar", "smett", "trasfer", "vend") &&
			s.all&(box|asked) == 0
	case strings.HasPrefix(w, "stran"):
		return s.all&(box|contents|asked|confirm|execute) == 0 && !r.holdsStem(s.from, s.to, "addebit", "pagament", "access", "link", "chiam", "telefon", "sms", "cos", "rinnov", "perso", "nessun")
	case strings.HasPrefix(w, "vergogn"):
		return (before == "mi" || before == "ci") && !r.holdsStem(s.from, s.to, "vostr", "voi")
	case strings.HasPrefix(w, "insist"):
		return (w == "insisto" || before == "si") && (r.toks[min(i+2, s.to-1)].class|r.toks[min(i+1, s.to-1)].class)&asked != 0
	case strings.HasPrefix(w, "litig"):
		return before == "senza" || r.told(s, i) && r.holdsStem(i, s.to, "finit", "chius", "risolt", "conclus")
	case strings.HasPrefix(w, "sentenz"):
		return r.matterOver(s) && s.all&(box|contents) == 0
	case strings.HasPrefix(w, "obblig"):
		return i+1 < s.to && r.otherBox(s, i+1)
	}
	return false
}

// settled reports whether a sentence says that what hung in the air no longer
// does: "le cose in sospeso col fisco le ho chiuse".
func (r *reader) settled(s *sentence) bool {
	return r.told(s, s.to-1) && r.holdsStem(s.from, s.to, "chius", "risolt", "definit", "saldat", "sistemat") && s.all&(box|asked) == 0
}

var nobody = set("nessuno nessun nessuna")

// ofBody reports whether the word at i names those whom a body is called after:
// "Comitato Genitori"; in small letters, if it is the writer's.
func (r *reader) ofBody(i int) bool {
	if r.toks[i].class&kin == 0 || i == 0 || r.toks[i-1].after != 0 || !bodies[r.toks[i-1].word] {
		return false
	}
	return r.toks[i].capital && r.toks[i-1].capital || r.names[r.toks[i-1].word] && r.names[r.toks[i].word]
}

// absent reports whether the writer's name at i is spoken of as somebody else's:
// "il signor Rossi non lavora più qui".
func (r *reader) absent(s *sentence, i int) bool {
	before := r.word(s, i-1)
	if w := r.toks[i].word; bodies[w] || legalForm[w] || r.toks[i].class&weak != 0 {
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

// mister are titles by which nobody speaks of himself: "come richiesto dal sig. Rossi".
var mister = set("sig signor sigra signora")

var fromMister = set("dal dalla del della")

var oneself = set("io sono chiamo me")

var afterName = set("non ha si era sta vuole deve puo lavora chiede desidera risponde dice")

// inHeading reports whether the word at i stands in the name of a firm or an
// office: a line without a verb whose words have capitals, "Agenzia Viaggi Domani".
func (r *reader) inHeading(s *sentence, i int) bool {
	if !r.toks[i].capital || r.toks[i].shout && r.shouting() {
		return false
	}
	if other := s.from + s.to - 1 - i; r.al.form == nil && s.to-s.from == 2 && surnames[r.toks[i].word] && r.toks[other].capital && r.toks[other].class == 0 && r.toks[s.from].after == 0 {
		return true // "Fermo Tiraboschi"
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
	case c&dispute != 0 && anyPrefix(w, "tribunal", "giudic", "carabinier", "polizia") && s.all&(box|contents) != 0 && i > s.from &&
		theHolder[r.word(s, i-1)] && r.word(s, i-2) != "degli":
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
		return r.holds(s.from, s.to, theText) && !r.before(s, i, 6, supposing)
	case c&draft != 0 && strings.HasPrefix(w, "prov") && r.holdsStem(max(s.from, i-2), min(s.to, i+4), "gratuit", "ogni", "coro", "lezion", "martedi", "giovedi", "venerdi", "mercoledi", "lunedi"):
		return false // "prove ogni martedì"
	case c&draft != 0 && strings.HasPrefix(w, "collaud") && r.told(s, s.to-1) && r.holdsStem(i, s.to, "conclus", "finit", "terminat"):
		return false // "serviva per il collaudo; il collaudo si è concluso"
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

// stopsCharges reports whether a sentence gives no leave any more to charge the next
// renewals, beside a withdrawal from this one: "revoco l'autorizzazione
// all'addebito", "non autorizzo altri addebiti".
func (r *reader) stopsCharges(s *sentence) bool {
	return r.ownWord("rimborso") && (r.holdsStem(s.from, s.to, "revoc") || r.holds(s.from, s.to, denied)) && r.holdsStem(s.from, s.to, "autorizz") &&
		r.holdsStem(s.from, s.to, "addebit", "prelev", "rinnov") && s.all&box == 0
}

// replaces reports whether a sentence says that this message stands for one that
// went wrong: "annulla e sostituisce la precedente, inviata con oggetto errato".
func (r *reader) replaces(s *sentence) bool {
	return r.al.form != nil && r.holdsStem(s.from, s.to, "sostitui") && r.holdsStem(s.from, s.to, "preced") &&
		r.holdsStem(s.from, s.to, "errat", "incomplet", "oggett", "sbagliat", "errore")
}

// takenBack judges words that take something back, or call it a mistake.
func (r *reader) takenBack(s *sentence, i int) bool {
	w := r.toks[i].word
	switch {
	case strings.HasPrefix(w, "sbagliat") && r.al.form != nil && i > s.from && r.is(i-1) &&
		r.holdsStem(s.from, i, "nome", "cognom", "indirizz", "casell", "test", "numer", "dat", "ordin", "pannell"):
		return true
	case strings.HasPrefix(w, "sbagliat") && s.all&apology != 0 && s.all&box == 0 && r.before(s, i, 2, supposing) && r.told(s, i) && !r.holdsStem(i, s.to, "indirizz", "ordin", "nome", "dest"):
		return false // "scusate se ho sbagliato qualche virgola"
	case strings.HasPrefix(w, "sbagliat") && r.before(s, i, 2, supposing) && r.holdsStem(i, s.to, "dite", "avvis", "segnal", "scus", "chiam"):
		return false // "se ho sbagliato qualcosa ditemelo"
	case strings.HasPrefix(w, "sbagliat") && r.told(s, i) && anyPrefix(r.word(s, i-1), "nome", "indirizz", "domini", "estension") &&
		r.holdsStem(max(s.from, i-5), i, "apert", "attivat", "comprat", "creat", "fatt", "pres", "registrat") && s.all&asked == 0:
		return false // "l'abbiamo creata con il nome sbagliato": a reason to close it
	case anyPrefix(w, "sbagli", "errore") && r.al.form == nil:
		return false // a wrong name in a question, no request that was a mistake
	case strings.HasPrefix(w, "sbagliat") && (r.word(s, i+1) == "io" || r.word(s, i+1) == "a" || r.word(s, i+2) == "oggetto"):
		return false // "ho sbagliato a non controllare"
	case anyPrefix(w, "sbagli", "errore"):
		if r.ownWord("rinnovata") && r.holds(s.from, s.to, renewed) {
			return false
		}
		return r.word(s, i-1) == "per" && s.all&apology == 0 && r.sent(s) || strings.HasPrefix(w, "sbagliat") && (s.all&(box|asked) != 0 || s.all&apology == 0)
	case r.instead(s, i):
		return false
	case r.holds(s.from, s.to, signedBy):
		return false
	case strings.HasPrefix(w, "ferm") && i > s.from && (r.is(i-1) || idleBefore[r.word(s, i-1)]) && r.within(s, i)&asked == 0:
		return false // "è ferma da anni"
	case s.all&asked == 0 && anyPrefix(w, "ritir", "ferm") && (reflexive[r.word(s, i-1)] || ends(w, "ato", "ata", "ati") && r.word(s, i-2) == "me" && r.word(s, i-1) == "so"):
		return false // "si ritira in campagna"
	case s.all&asked == 0 && s.to-s.from > 2 && !s.attached && r.verbless(s, i):
		return false // a trade: "ritiro e sostituzione pneumatici"
	case s.all&asked != 0, strings.HasPrefix(w, "blocc") && r.after(s, i, 4, access):
		return true
	}
	return !r.told(s, i) && s.all&apology == 0
}

// forGood reports whether what is named at i is known not to be possible: "so
// che la chiusura non si può annullare".
func (r *reader) forGood(s *sentence, i int) bool {
	return s.all&aware != 0 && r.negated(s, i) && r.holdsStem(max(s.from, i-3), i, "puo", "potr", "poss")
}

var (
	access        = set("accesso entrata casella pec posta account voi")
	reflexive     = set("si mi ci")
	idleBefore    = set("era erano sono sta resta rimane rimasta rimasto tutto tutta ormai attivita ditta")
	signedBy      = set("firma sottoscrizione")
	renewed       = set("rinnovo rinnovata rinnovato rinnovate fattura addebito ordine pagamento")
	thisIs        = set("questo il ecco")
	forWhom       = set("per dei degli")
	theText       = set("testo modulo")
	secrets       = set("carta bancomat password identita account dati accesso telefono cellulare credenziali nome firma")
	ourModel      = set("vostro vs vr da dal sul nel vostra")
	beforeExample = set("vostro vostra vs vr da dall dal del dell il l nell nel sull secondo seguendo lo")
	anyOccasion   = set("qualsiasi qualunque eventuali eventuale caso ogni senza ulteriori alcun")
)

// signing reports whether "avvocato" stands where one signs or names his trade.
func (r *reader) signing(s *sentence, i int) bool {
	w := r.word(s, i-1)
	return w == "" || r.toks[i].capital && r.verbless(s, i) || among(w, "degli", "albo", "studio")
}

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
