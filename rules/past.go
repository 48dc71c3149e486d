package rules

// strangePast reports whether the part of tokens [from, to) tells something of
// the mailbox, of a proceeding or of those who decide, in a past tense whose verb
// is none that is known to change nothing: "la delibera è stata impugnata".
func (r *reader) strangePast(s *sentence, from, to int) bool {
	if r.sentencePart(from, to)&(thanks|apology|aware|enclosed) != 0 || !r.touches(s, from, to) && !r.matterBetween(from, to) && !r.deciderIn(from, to) && !r.holdsStem(from, to, kept...) {
		return false
	}
	for k := from; k < to; k++ {
		if r.pastVerb(from, k) && (!harmlessPast(r.toks[k].word) || r.nobodyDid(from, k) || anyPrefix(r.toks[k].word, "confluit", "convogliat", "transitat") && r.cameHere(s, from, to)) {
			return true
		}
	}
	return false
}

// kept is what a mailbox holds, and what opens it.
var kept = []string{"archivi", "messagg", "rubric", "copia", "copie", "ricevute", "password", "credenzial", "recapit"}

// partly reports whether a sentence says that only a part of what the mailbox
// holds was saved, or that something in it waits: "ha salvato quasi tutto".
func (r *reader) partly(s *sentence) bool {
	saved := r.holdsStem(s.from, s.to, "salvat", "scaricat", "copiat", "stampat", "esportat", "export", "lett")
	inside := r.holdsStem(s.from, s.to, kept...) || r.holdsStem(s.from, s.to, "mail", "posta", "allegat")
	if !saved && !inside && !r.holdsStem(s.from, s.to, "dimenticat", "scordat") {
		return false
	}
	for k := s.from; k < s.to; k++ {
		w, after := r.toks[k].word, r.word(s, k+1)
		switch {
		case saved && (w == "quasi" && anyPrefix(after, "tutt") || w == "parte" || w == "meta"):
			return !r.holdsStem(k+1, s.to, "interess", "serv")
		case inside && w == "da" && anyPrefix(after, "legger", "scaricar", "salvar", "stampar", "copiar", "aprir", "guardar", "recuperar") && !r.negatedClause(s, k) && !r.after(s, s.from-1, k-s.from, never):
			return true
		case inside && w == "non" && anyPrefix(r.word(s, s.to-1), "tutt") && r.holdsStem(k, s.to, "ho", "abbiamo"):
			return true
		case anyPrefix(w, "dimenticat", "scordat") && of[after] && k+2 < s.to && anyPrefix(r.toks[k+2].word, "salv", "scaric", "copi", "export", "esport", "stamp", "avvis", "avvert", "comunic"):
			return true
		}
	}
	return false
}

// cameHere reports whether the mail that was brought together in tokens [from, to)
// came to this mailbox, which others then read.
func (r *reader) cameHere(s *sentence, from, to int) bool {
	part := r.sentence(from, to)
	return r.hangsHere(&part) || r.after(s, from-1, to-from, here)
}

// nobodyDid reports whether the verb at k says that nobody took the address away
// or changed it where it stands.
func (r *reader) nobodyDid(from, k int) bool {
	return anyPrefix(r.toks[k].word, "tolt", "cambiat", "aggiornat", "modificat", "corrett", "spostat") && r.holdsStem(from, k, "nessuno")
}

// pastVerb reports whether token k is a verb in a past tense.
func (r *reader) pastVerb(from, k int) bool {
	t := &r.toks[k]
	g := r.tag(k)
	if t.kind != plainWord || auxiliary[t.word] || beenOrHad[t.word] || r.is(k) || noParticiple[t.word] || t.capital && !t.shout && k > from {
		return false
	}
	if g&tagPast != 0 {
		return true
	}
	if g&tagParticiple == 0 || t.class&(title|capacity|kin) != 0 {
		return false
	}
	for n := k - 1; n >= from && n >= k-4; n-- {
		w := r.toks[n].word
		if auxiliary[w] || beenOrHad[w] || r.is(n) || infinitiveHave[w] {
			return true
		}
		if article[w] || r.tag(n)&tagParticiple != 0 && !noParticiple[w] {
			return false // an attribute: "è trasmessa dalla PEC interessata"
		}
	}
	return false
}

// beenOrHad are past forms that join a quality or a participle.
var beenOrHad = set("ero era erano eravamo eri fu furono stato stata stati state fosse fossero fossi sarebbe essere essendo avevo aveva avevano avevamo avevate avesse avessi avessimo")

// noParticiple end as participles do and are none.
var noParticiple = set("posta sito debiti seguito raccomandata raccomandate certificata certificato data dati stato privato privata mercato depositi limiti requisiti notificata resa fattura")

// deciderIn reports whether tokens [from, to) name those whose word a request may wait for.
func (r *reader) deciderIn(from, to int) bool {
	for k := from; k < to; k++ {
		if w := r.toks[k].word; decides[w] || anyPrefix(w, "deliber", "decision", "verbal", "consigli") {
			return true
		}
	}
	return false
}

// matterBetween reports whether tokens [from, to) name a proceeding, an office or an account.
func (r *reader) matterBetween(from, to int) bool {
	part := r.sentence(from, to)
	return r.matterIn(&part)
}

// harmlessPast reports whether a verb, told in the past, changes nothing of what
// is asked: it used, ended, told, moved, saved, paid or took something.
func harmlessPast(w string) bool {
	return anyPrefix(w, pastUse...) || anyPrefix(w, pastEnd...) || anyPrefix(w, pastTold...) || anyPrefix(w, pastTaken...) || anyPrefix(w, pastLived...)
}

var (
	pastUse  = []string{"usat", "usav", "utilizzat", "utilizzav", "adoperat", "serv", "inutilizzat", "sfruttat", "consultat", "ricevut", "ricevev", "arrivat", "arrivav", "pervenut", "gestit", "gestiv", "partecipat", "partecipav", "apert", "aprii", "aprimmo", "scrivev", "mandav", "teniv", "tenev", "tenut", "occorrev", "funziona", "depositat", "registrat", "pubblicat", "presentat", "iscritt", "interessav", "collegat", "associat", "legata", "intestat", "dotat"}
	pastEnd  = []string{"chius", "finit", "conclus", "terminat", "complet", "cessat", "esaurit", "estint", "sciolt", "scadut", "scattat", "archiviat", "definit", "cancellat", "eliminat", "buttat", "cedut", "vendut", "incorporat", "fus", "accorpat", "unit", "accentrat", "liquidat", "saldat", "pagat", "pagav", "spes", "restituit", "rimborsat", "vint", "pers", "ritirat", "smess", "dismess", "lasciat", "accreditat", "rogat", "redatt", "ratificat", "assorbit", "smaltit", "uscit", "lassat", "abbandonat", "dimenticat", "scordat", "tagliat", "ridott", "abolit", "soppress", "aggiudicat", "rilevat", "evas", "risolt", "tramontat", "annullat", "disdett", "disdic", "fallit", "fermat", "disattivat", "spent", "tolt", "avvenut", "erogat", "assolt", "patteggiat", "ottenut", "respint", "riconsegnat", "consegnat"}
	pastTold = []string{"comunicat", "avvis", "avvert", "informat", "aggiornat", "dett", "diss", "spiegat", "scritt", "rispost", "chiest", "chiedev", "indicat", "confermat", "consigliat", "suggerit", "trasmess", "inoltrat", "inviat", "mandat", "spedit", "protocollat", "deliberat", "decis", "approvat", "votat", "stabilit", "meditat", "pensat", "pensav", "credev", "creduto", "riflettut", "valutat", "preferit", "volut", "volev", "scelt", "pres", "impost", "pretes", "pretendev", "imponev", "richiest", "richiedev", "segnalat", "parlat", "sentit", "telefonat", "chiamat", "contattat", "ringraziat", "compilat", "firmat", "sottoscritt", "battut", "copiat", "incollat", "allegat", "fatt", "facev", "feci", "effettuat", "eseguit", "provvedut", "ripetut", "riportat", "verificat", "controllat", "ricontrollat", "lett", "vist", "guardat", "trovat", "cercat", "provat", "capit", "capiv", "sbagliat", "accort", "reso", "resa", "ricordat", "sfuggit", "seguit", "aiutat", "insegnat", "accompagnat", "seguiv", "nominat", "elett", "convocat", "notat", "configurat", "constatat", "appres", "saput", "sapev", "ritenut", "optat", "rinunciat", "receduto", "aderit", "stipulat", "inserit", "caricat", "sollecitat", "apprezzat", "imparat", "riuscit", "potut", "potev", "dovut", "dovevo", "dovevamo", "evitat", "tentat", "immaginav", "sperav", "leggev", "guardav", "controllav", "venut", "capitat", "success", "cominciav"}

	pastTaken = []string{"passat", "confluit", "transitat", "convogliat", "trasferit", "spostat", "migrat", "traslocat", "cambiat", "variat", "modificat", "corrett", "rifatt", "attivat", "creat", "comprat", "acquistat", "assegnat", "fornit", "avut", "ebb", "dat", "salvat", "scaricat", "stampat", "export", "esport", "rinnovat", "rinnovav", "addebitat", "scalat", "aumentat", "rincarat", "costat", "costav", "generat", "trattat", "noleggiav", "convertit", "unificat", "riunit", "appoggiat", "trasformat", "formattat", "digitalizzat", "liberat", "sgomberat", "rottamat", "sostituit", "regalat", "archiviat", "conservat", "sistemat", "messo", "messi", "messa"}
	pastLived = []string{"andat", "andav", "partit", "nat", "cresciut", "tornat", "scappat", "divenut", "diventat", "pension", "lavorat", "lavorav", "studiat", "vissut", "sposat", "fondat", "avviat", "iniziat", "cominciat", "smontat", "ammalat", "esercitat", "esercitav", "svolt", "svolgev", "viv", "abitav", "guadagn", "entrat", "scopert", "complicat", "rimast", "stanc", "stufat", "cresc", "amministrat", "costituit", "ospitat", "coinvolt", "assunt", "bastat", "bastav", "conveniv", "sembrat", "sembrav", "usufruit"}
)
