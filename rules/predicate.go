package rules

import "strings"

// unread reports whether a clause of a sentence without any sign says, in the
// present, something of the mailbox, of the request or of what goes with it, and
// its verb is none that is known to change nothing: "me lo godo sino in fondo",
// "ci guardo dentro ogni sabato". What is told in the past, denied, or about the
// writer's life alone is read whatever its words.
func (r *reader) unread(s *sentence) bool {
	if r.foreign(s) {
		return false
	}
	for from := s.from; from < s.to; {
		to := r.part(s, from)
		for to < s.to && !r.hasVerb(s, from, to) {
			to = r.part(s, to) // "il periodo pagato, naturalmente, me lo godo"
		}
		if r.strangePredicate(s, from, to) || r.strangePast(s, from, to) {
			return true
		}
		from = to
	}
	return false
}

// part is where the part of the sentence that begins at token from ends: before
// a comma, a bracket, a word that opens another clause, or "e" with its verb.
func (r *reader) part(s *sentence, from int) int {
	_, to := r.clause(s, from)
	for k := from + 1; k < to; k++ {
		if w := r.toks[k].word; among(w, "e", "ed", "o") && !r.is(k) && r.hasVerb(s, from, k) && r.hasVerb(s, k+1, to) {
			return k
		}
	}
	return max(to, from+1)
}

// strangePredicate reports whether the part of tokens [from, to) touches the
// request, and has a verb in the present that is not known.
func (r *reader) strangePredicate(s *sentence, from, to int) bool {
	if r.answered(s, from, to) || r.toldIn(from, to) || r.around(s, from, 2, whoever) {
		return false
	}
	touched, strange, denied := r.touches(s, from, to), false, false
	for k := from; k < to; k++ {
		if denial[r.toks[k].word] {
			denied = true
		}
		if !r.presentAt(s, k) {
			continue
		}
		if r.plainPredicate(s, k, to) || !touched && (r.ofOwnLife(s, k, to) || r.ofTheWorld(s, k, from, to)) {
			return false
		}
		if denied && (r.toks[k].word == "sono" || r.is(k) && r.word(s, k-1) != "c" && r.word(s, k-1) != "ci" || useVerb(r.toks[k].word) ||
			r.toks[k].class&will != 0 || ends(r.toks[k].word, "o", "iamo") && !ends(r.toks[k].word, "ono", "ano")) {
			return false
		}
		strange = true
	}
	return strange && !(denied && (r.holds(from, to, noMore) || r.holds(from, to, nothingAtAll) || r.classes(from, to)&box != 0))
}

// answered reports whether the part of tokens [from, to) thanks, excuses, encloses,
// knows, or waits for an answer: its verb is read whatever it is.
func (r *reader) answered(s *sentence, from, to int) bool {
	c := r.classes(from, to)
	switch {
	case c&(thanks|apology|aware|enclosed) != 0, c&confirm != 0 && r.holdsStem(from, to, answers...):
		return true
	case r.holdsStem(from, to, "attes", "attend", "disposizion"), r.holdsStem(s.from, to, "sapere"):
		return true
	}
	return from > s.from && r.toks[from].word == "che" && (r.negatedClause(s, from-1) || s.all&aware != 0)
}

// answers are words of an answer.
var answers = stems("cenn conferm esit notizi ok ricevut ricezion rig riscontr rispost")

var nothingAtAll = set("nulla niente nessun nessuno nessuna")

// ofOwnLife reports whether the verb at k only tells how the writer lives, or
// those about him: "mi godo l'orto", "i miei figli fanno altri mestieri".
func (r *reader) ofOwnLife(s *sentence, k, to int) bool {
	w := r.toks[k].word
	if ends(w, "o") && !ends(w, "ano", "ono") && !anyPrefix(w, "sent", "risulta", "son") || w == "siamo" || w == "ho" ||
		lives[w] && !(anyPrefix(w, "confluisc", "vien", "vengon", "ricev", "gestisc") && r.around(s, k, 2, atThis)) {
		return true // but not "qui confluisce la posta dell'ente"
	}
	if r.word(s, k-1) == "mi" && !r.is(k) && !anyPrefix(w, toWriter...) {
		return true // "le tasse mi soffocano"
	}
	if r.is(k) {
		before := r.word(s, k-1)
		return (before == "c" || before == "ci") && !r.after(s, k, 2, notYetOver) || r.holdsStem(s.from, k, "rup", "referent", "responsabil") ||
			r.holdsStem(k, min(to, k+5), "stess", "valid", "bell", "brutt")
	}
	if w == "sono" && r.word(s, k-1) == "ci" {
		return r.holdsStem(k, to, "motiv", "person", "problem", "scus", "altr", "dubb")
	}
	if w == "sia" || w == "siano" {
		return r.holdsStem(s.from, k, "riten", "pens", "cred", "sper", "augur", "par")
	}
	if w == "va" || w == "vanno" {
		return r.word(s, k+1) == "in"
	}
	if after := r.word(s, k+1); w == "sono" && among(after, "in", "nel", "nella") {
		return r.holdsStem(k+2, min(to, k+5), circumstances...)
	}
	return w == "sono" && !r.after(s, k, 4, inTrouble)
}

// ofTheWorld reports whether the verb at k says something of things that have no
// part in the request, and of nobody whose word counts: "i bambini gridano",
// "oggi c'è la nebbia". Tokens [from, to) touch neither mailbox nor request.
func (r *reader) ofTheWorld(s *sentence, k, from, to int) bool {
	if r.classes(from, to)&(kin|thirdHand|title|will|deferral|execute|asked|box) != 0 || r.matterBetween(from, to) || r.deciderIn(from, to) ||
		r.holds(from, to, otherPeople) || r.holds(from, to, notYetOver) && !r.is(k) || r.after(s, k, 2, notYetOver) || r.holdsStem(from, to, pendingStems...) {
		return false
	}
	for n := from; n < to; n++ {
		if t := &r.toks[n]; given[t.word] && t.capital || r.names[t.word] || qualities[t.word] || represents[t.word] || itsBusiness[t.word] || bodies[t.word] || r.tag(n)&tagInfinitive != 0 {
			return false
		}
	}
	w := r.toks[k].word
	if r.toks[from].word == "che" || w == "sia" || w == "siano" {
		return false // what is supposed, or said of what came before
	}
	return r.is(k) || ends(w, "a", "e", "ano", "ono") && w != "sono" && w != "siete"
}

// otherPeople are those whose will may stand against the request.
var otherPeople = set(`
	altri banca capo chi cliente clienti collega colleghi dipendenti egli ella essi fisco fornitore fornitori gente gestione lei loro lui
	nessuno persona persone proprieta qualcuno stato titolarita tutti ufficio uno una voi`)

// pendingStems are of what is not over.
var pendingStems = stems("apert asta attes conte cors divis esam ferm fuor incert indagin malat manc ospedal pend ricover saltat sospes trattativ vendit verific")

// toWriter is what others do to the writer.
var toWriter = stems(`
	aiut arriv blocc cerc chied comunic cos deve gest guard ha impon mand minacc notific occorr pag preoccup risult scriv segu sent serv
	spett st tocc vers`)

// circumstances is where one may be.
var circumstances = stems(`
	affitt cass contatt difficolt ferie grado malatti mobil ospedal pension quiescenz regol ritard tempo termin trasfert vacanz viagg`)

var notYetOver = set("ancora un una causa tempo")

// lives are verbs that tell lives, of others too.
var lives = set(`
	abita abitano accompagni aiuta aiutano aspetta aspettano assista benedica cammina canta cantano capita capitano chiama chiamano
	confluisce consente consentono conta contano corre cresce crescono cucina dice dicono dispiace diventa diventano diverte dorme fa fanno
	fiorisce fioriscono gestisce gestiscono gioca giocano invecchia lavora lavorano manca mancano nevica parla parlano permette permettono
	pesa pesano piacciono piace piove prosegue protegga riceve ricevono ringrazia risultano sta studia studiano tornano trascrive
	trascrivono trema tremano vengono viene vive vivono`)

var inTrouble = set("causa lite processo attesa attivita servizio carica vedova erede figlio figlia moglie marito")

// touches reports whether tokens [from, to) name the mailbox or what goes with
// it, or point to it.
func (r *reader) touches(s *sentence, from, to int) bool {
	if copula := from + count(objectPronoun[r.toks[from].word]); copula < to && r.is(copula) {
		return true // "è comoda", "mi è utile": it is the mailbox that is
	}
	for k := from; k < to; k++ {
		t := &r.toks[k]
		switch w := t.word; {
		case t.class&box != 0 && t.after&glued == 0 && !(k > from && atDesk[r.toks[k-1].word]), anyPrefix(w, stakes...):
			return true
		case among(w, "qui", "qua", "dentro", "arriva", "arrivano"):
			return true
		case among(w, "questa", "questo", "quella", "quello"):
			if k+1 == to || r.toks[k+1].class&(weak|box) != 0 || r.is(k+1) || r.presentAt(s, k+1) {
				return true
			}
		case (w == "ci" || w == "ne") && k+1 < to && r.presentAt(s, k+1) && !r.is(k+1) && !auxiliary[r.toks[k+1].word]:
			return true
		case objectPronoun[w] && len(w) <= 2 && w[0] == 'l' && k+1 < to && r.presentAt(s, k+1):
			return true
		}
	}
	return false
}

// stakes are what the request touches beside the mailbox.
var stakes = stems(`
	abbonament canon chiusur contratt disattivaz dominio firma messagg modul ordin period pratic recess richiest rimbors rinnov servizi
	sito soldi`)

// plainPredicate reports whether the verb at k changes nothing of what it is said.
func (r *reader) plainPredicate(s *sentence, k, to int) bool {
	w, after := r.toks[k].word, r.word(s, k+1)
	switch {
	case r.toks[k].class&(greet|thanks|confirm|apology|goodbye) != 0 && w != "firma", harmlessVerb[w]:
		return true
	case r.toks[k].class&(danger|will) != 0 && !strings.HasPrefix(w, "fattur"): // judged by itself, and found to be no sign
		return !anyPrefix(w, "resta", "arriva", "ricev") || r.holdsStem(k, to, "pubblicit", "spam") || r.around(s, k, 2, nowadays) && !r.after(s, k, 4, atThis) &&
			r.holdsStem(k, to, "al", "pres") || anyPrefix(w, "ricev") && (r.otherBox(s, k) || r.after(s, k, 3, anotherOne))
	case (w == "sia" || w == "siano") && r.holdsStem(s.from, k, "sper", "augur"):
		return r.holdsStem(k, to, "giust", "corrett", "ben", "complet", "regol", "chiar", "sufficient", "ok", "posto", "tutto")
	case among(w, "va", "viene", "vengono", "vanno"):
		return strings.HasPrefix(after, "ben") || r.holdsStem(k+1, min(to, k+4), goesOn...)
	case r.is(k) && (r.word(s, k-1) == "meglio" && k+1 == s.to || after == "che"),
		w == "ho" && after == "con", r.is(k) && after == "gia" && r.after(s, k, 4, otherOnes),
		anyPrefix(w, "mand", "invi", "notific", "scriv", "sped", "arriv") && r.after(s, k, 4, otherWays),
		r.is(k) && r.before(s, k, 2, nowadays) && thatOf[after] && r.toks[k].after == 0 && r.word(s, k-1) == "c",
		ends(w, "ete") && r.toks[k].class&execute != 0:
		return true // "prima la chiudete meglio è"
	case r.is(k) || w == "sono":
		near := min(to, k+7)
		return r.ofMatters(s, k, to) || r.holdsStem(k, to, "presso") && r.holdsStem(s.from, k, "nuov") ||
			r.holdsStem(k+1, near, harmlessQuality...) || r.holdsStem(k+1, near, noUse...) ||
			r.dateNear(k+1, to) || k+1 < to && r.toks[k+1].kind == number || mine[after] && (k+2 == to || r.word(s, k+2) == "personale") ||
			theHolder[after] && (r.word(s, k+2) == "mia" || r.word(s, k+2) == "mio") && k+3 == to
	case w == "avete":
		return r.word(s, k-1) == "che" && to-k <= 5 && r.after(s, k, 4, onFile) && r.holdsStem(s.from, k, "numer", "telefon", "cellular", "recapit", "mail")
	case w == "vale" || w == "costituisce":
		return r.holdsStem(s.from, k, "presente")
	case w == "passa" || w == "passano":
		return after == "per" || r.after(s, k, 3, fromWhere) && !r.after(s, k, 6, atThis)
	case among(w, "vado", "andiamo"):
		return r.word(s, k-1) == "ne" && among(r.word(s, k-2), "me", "ce")
	case anyPrefix(w, "transita", "confluisc"):
		return r.around(s, k, 2, nowadays) && r.otherBox(s, k) && !r.holdsStem(s.from, to, "quest")
	case among(w, "ha", "hanno", "ho", "abbiamo"):
		return r.after(s, k, 5, possessed) || r.after(s, k, 2, theirs) && r.classes(k+1, min(to, k+4))&box != 0 || after == "senso" && r.negated(s, k) && r.classes(k, s.to)&execute == 0 || k+2 < to && r.toks[k+1].kind == number && strings.HasPrefix(r.toks[k+2].word, "ann") || after == "valore" && r.holdsStem(k, to, "raccomandat")
	}
	return r.harmlessAim(s, k+2) && r.word(s, k+1) == "solo" || r.otherBox(s, k) || r.onlyGiven(s, k)
}

// harmlessQuality is what may be said of the mailbox, of its price or of people,
// beside that it is of no use, and changes nothing.
var harmlessQuality = stems(`
	abbandon accordo archiviat brav car cert chiar compilat complet content corrett cortes costretto decision definit dimentic disus eccellent eccessiv
	elevat estint evas felic ferm gentil giust gradit liquidat liquidaz mort numero ottim passat peccat pension perfett peso piacer possibil precis
	prima priv problem pubblicit scadut seguent semplic sicur sola spam spesa sprec sufficient tempo titolar tutto ultim unic`)

// goesOn is what becomes of a request.
var goesOn = stems("cancell chius disattiv esegu evas inoltrat inviat presentat resa trasmess")

var theirs = set("propri proprie sue suoi loro")

// onFile is where the desk keeps the data of its customers.
var onFile = set("anagrafica atti archivio scheda sistemi")

// ofMatters reports whether the "è" at k says something of the writer's reasons,
// or of the numbers and data he gives, and names nobody else.
func (r *reader) ofMatters(s *sentence, k, to int) bool {
	return r.holdsStem(s.from, k, "motiv", "ragion", "scelt", "decision", "telefon", "cellular", "numer", "dat", "importo", "pannell", "caso") &&
		r.classes(k, to)&(kin|thirdHand|box) == 0 && !r.holdsStem(k, to, "soci", "cap", "commerc", "ragionier", "amministrator", "presid")
}

// dateNear reports whether "di", at k, leads to a number or a month: "l'ordine è del 19 ottobre".
func (r *reader) dateNear(k, to int) bool {
	for n := k; n < to && n < k+3 && of[r.toks[k].word]; n++ {
		if _, month := monthNamed(r.toks[n].word); month || r.toks[n].kind == number {
			return true
		}
	}
	return false
}

// harmlessVerb are those by which one writes, asks for what the form asks, tells
// what he knows, spends and gives up.
var harmlessVerb = set(`
	abbandono aderisce allego approfitto assegna autorizza avvalgo avvaliamo basta buttiamo butto chiude chiudiamo chiudo comunica
	comunichiamo comunico confermo consideriamo considero contattiamo contatto copio costa costano credo dichiariamo dichiaro diciamo dico
	disdico dispone dispongono dite eserciti esercito facciamo faccio finisce formula formulo fornisce forniscono incollo informiamo
	informo inoltro invia inviamo invio mandiamo mando mostra occupa offre offrono pagano paghiamo pago porge porgo porgono prega pregano
	preghiamo prego presentiamo presento rappresenta rappresento recediamo recedo rimetto rinunciamo rinuncio riportiamo riporto
	rispondiamo rispondo rivolgo scriviamo scrivo scusi segnalo sembra sembrano serve significo smetto so sottopongo sottoscrivo speriamo
	spero spreco tocca trasmette trasmettiamo trasmetto`)
