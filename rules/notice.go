package rules

import "strings"

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

func (r *reader) allLeft(i, n int) bool {
	for _, x := range r.roles[i : i+n] {
		if x != roleLeft {
			return false
		}
	}
	return true
}

// breaks reports whether a paragraph begins at token i.
func (r *reader) breaks(i int) bool {
	t := &r.toks[i]
	return t.lines > 1 || t.lines == 1 && (sentWord[t.word] || r.toks[i-1].after&(stop|colon) != 0 || r.roles[i] != r.roles[i-1] ||
		t.capital && r.toks[i-1].class&goodbye == 0 && opener[t.word])
}

var sentWord = set("inviato inviata sent ottieni scarica get mail scritto posta messaggio scaricata")

// opener are the words that disclaimers begin with.
var opener = set(`
	ai avvertenza avvertenze avviso confidentiality disclaimer il informativa la le prima questa questo riceve ricevete ricevi riservatezza rispetta this`)

// asking are words in the first person: nobody's footer asks for anything.
var asking = set(`
	chiediamo chiedo desidero dichiaro domando esercito intendiamo intendo richiediamo richiedo vogliamo voglio vorrei vorremmo`)

// sentBy reports whether a line is the one that telephones and webmail add.
func sentBy(toks []token) bool {
	if len(toks) < 2 || len(toks) > 16 || !sentWord[toks[0].word] {
		return false
	}
	device := false
	for _, t := range toks[1:] {
		if t.class&(negation|revoking|draft) != 0 || t.kind == address {
			return false
		}
		device = device || devices[t.word]
	}
	return device
}

// devices are the words of the line that a telephone or a webmail adds.
var devices = set(`
	android app avast bluemail cellulare dispositivo email galaxy huawei ios ipad iphone mac mail outlook proton redmi samsung smartphone
	tablet telefono thunderbird virus webmail windows xiaomi`)

func (r *reader) isNotice(from, to int, before bool) bool {
	var distinct map[string]bool
	for i := from; i < to; i++ {
		t := &r.toks[i]
		switch {
		case t.class&(revoking|bank) != 0 && t.class&soft == 0, asking[t.word] && !r.destroys(i), r.erases(i), r.ofRequest(i), t.word == "sottoscritto", t.word == "sottoscritta":
			return false
		case t.class&notice != 0:
			if distinct == nil {
				distinct = map[string]bool{}
			}
			distinct[t.word] = true
		}
	}
	if (distinct["destinatario"] || (distinct["errore"] || r.holdsStem(from, to, "sbagli")) && r.received(from, to)) && r.destroys(from) || green(r.toks[from:to]) {
		return true
	}
	if r.meantFor(from, to) || r.whyReceived(from, to) {
		return true
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

// meantFor reports whether a line says whom the message is for: "questo messaggio è
// destinato alle sole persone in indirizzo".
func (r *reader) meantFor(from, to int) bool {
	return to-from <= 12 && r.holdsStem(from, min(to, from+3), "messaggio", "mail", "email", "comunicazione") && r.holdsStem(from, to, "destinat", "riservat") &&
		r.holdsStem(from, to, "indirizzo", "destinatar", "person") && r.holdsStem(from, to, "sol", "esclusiv", "unic")
}

// whyReceived reports whether a paragraph says how one comes to receive such messages, as
// newsletters do: "ricevi questo messaggio perché i tuoi dati sono nella mia rubrica".
func (r *reader) whyReceived(from, to int) bool {
	i := from
	if r.toks[i].word == "ha" || r.toks[i].word == "hai" || r.toks[i].word == "avete" {
		i++
	}
	if i+4 >= to || !strings.HasPrefix(r.toks[i].word, "ricev") || !r.holdsStem(i+1, i+4, "comunicazion", "mail", "email", "messaggio", "newsletter") {
		return false
	}
	for k := i + 2; k+3 < to && k < i+6; k++ {
		if among(r.toks[k].word, "perche", "poiche", "quanto") {
			return r.holdsStem(k+1, min(to, k+5), "sei", "siete", "tuo", "suo", "sua", "vostr", "lei") && r.holdsStem(k+1, to, "archiv", "contatt", "dati", "elench", "iscritt", "rubric")
		}
	}
	return false
}

// received reports whether tokens [from, to) speak of one who received the message.
func (r *reader) received(from, to int) bool {
	return r.holdsStem(from, to, "ricev")
}

// green reports whether a line asks to spare paper.
func green(toks []token) bool {
	n := 0
	for _, t := range toks {
		n += count(spared[t.word])
	}
	return n >= 2 && len(toks) <= 25
}

var spared = set(`
	alberi albero ambiente carta environment foresta foreste paper pianeta print printing stampa stampare stampate stampi trees verde`)

// ofRequest reports whether the word at i makes a notice speak of the request
// itself, its validity or its time: no disclaimer does, so a person reads it.
func (r *reader) ofRequest(i int) bool {
	t := &r.toks[i]
	if timing[t.word] || r.noEffect(i) || t.kind == address && t.word != r.sender && certifiedDomain(t.word) {
		return true
	}
	if strings.HasPrefix(t.word, "titolar") { // but the controller of the data: "titolare del trattamento"
		return i+2 >= len(r.toks) || r.toks[i+2].word != "trattamento" && r.toks[i+2].word != "dati"
	}
	for _, s := range requestStems {
		if strings.HasPrefix(t.word, s) {
			return s != "proced" || !r.destroys(i)
		}
	}
	return false
}

// erases reports whether the number at i is that of the article by which a person has
// his data erased (GDPR art. 17): no disclaimer names it alone.
func (r *reader) erases(i int) bool {
	return r.toks[i].word == "17" && i > 0 && among(r.toks[i-1].word, "art", "articolo")
}

// noEffect reports whether a message is denied its effect at i: "privo di valore
// dispositivo".
func (r *reader) noEffect(i int) bool {
	if !anyPrefix(r.toks[i].word, "valor", "effett", "valenz", "rilevanz") {
		return false
	}
	for k := i - 1; k >= 0 && k >= i-5 && r.toks[k].after&stop == 0; k-- {
		if w := r.toks[k].word; w == "senza" || denial[w] || anyPrefix(w, "priv", "alcun") && w != "privacy" {
			return true
		}
	}
	return false
}

// destroys reports whether "procedere" at i goes on with what disclaimers ask
// of a wrong recipient: to destroy the message.
func (r *reader) destroys(i int) bool {
	for k := i + 1; k < len(r.toks) && k <= i+9 && r.toks[k-1].after&stop == 0; k++ {
		if anyPrefix(r.toks[k].word, "distru", "elimina", "cancella") {
			return true
		}
	}
	return false
}

var (
	requestStems = stems(`
		annull aspett attend binding bozza chiud chius conferma dichiaraz disattiv disdett domand efficac esegu impegn invalid istanz
		pratica proced recess richiest rimbors rinnov sospen storn valid vincol volont`)
	timing = set(`
		appena collaudo decorrenza decorrere delega domani dopodomani draft esempio esercitazione facsimile finche giovedi inefficace
		lunedi martedi mercoledi nullo prova purche request sabato simulazione sviluppo test venerdi`)
)
