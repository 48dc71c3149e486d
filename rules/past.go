package rules

// strangePast reports whether the part of tokens [from, to) tells something of
// the mailbox, of a proceeding or of those who decide, in a past tense whose verb
// is none that is known to change nothing: "la delibera è stata impugnata".
func (r *reader) strangePast(s *sentence, from, to int) bool {
	if r.classes(from, to)&(thanks|apology|aware|enclosed) != 0 ||
		!r.touches(s, from, to) && !r.matterBetween(from, to) && !r.deciderIn(from, to) && !r.holdsStem(from, to, kept...) {
		return false
	}
	for k := from; k < to; k++ {
		if r.pastVerb(from, k) && (!harmlessPast(r.toks[k].word) || r.nobodyDid(from, k) ||
			anyPrefix(r.toks[k].word, "confluit", "convogliat", "transitat") && r.cameHere(from, to)) {
			return true
		}
	}
	return false
}

// kept is what a mailbox holds, and what opens it.
var kept = stems("archivi copia copie credenzial messagg password recapit ricevute rubric")

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
		case inside && w == "da" && anyPrefix(after, "legger", "scaricar", "salvar", "stampar", "copiar", "aprir", "guardar", "recuperar") &&
			!r.negatedClause(s, k) && !r.holds(s.from, k, never) && !r.holdsStem(s.from, k, "dichiaraz", "formul", "modul", "test"):
			return true
		case inside && w == "non" && anyPrefix(r.word(s, s.to-1), "tutt") && r.holdsStem(k, s.to, "ho", "abbiamo"):
			return true
		case anyPrefix(w, "dimenticat", "scordat") && of[after] && k+2 < s.to && anyPrefix(r.toks[k+2].word, saving...):
			return true
		}
	}
	return false
}

var saving = stems("avvert avvis comunic copi esport export salv scaric stamp")

// cameHere reports whether the mail that was brought together in tokens [from, to)
// came to this mailbox, which others then read.
func (r *reader) cameHere(from, to int) bool {
	part := r.sentence(from, to)
	return r.hangsHere(&part) || r.holds(from, to, here)
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
var beenOrHad = set(`
	avesse avessi avessimo aveva avevamo avevano avevate avevo era erano eravamo eri ero essendo essere fosse fossero fossi fu furono
	sarebbe stata state stati stato`)

// noParticiple end as participles do and are none.
var noParticiple = set(`
	certificata certificato data dati debiti depositi fattura limiti mercato notificata posta privata privato raccomandata raccomandate
	requisiti resa seguito sito stato`)

// deciderIn reports whether tokens [from, to) name those whose word a request may wait for.
func (r *reader) deciderIn(from, to int) bool {
	return r.holds(from, to, decides) || r.holdsStem(from, to, "deliber", "decision", "verbal", "consigli")
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
	pastUse = stems(`
		adoperat apert aprii aprimmo arrivat arrivav associat collegat consultat depositat dotat funziona gestit gestiv interessav intestat
		inutilizzat iscritt legata mandav occorrev partecipat partecipav pervenut presentat pubblicat registrat ricevev ricevut scrivev
		serv sfruttat tenev teniv tenut usat usav utilizzat utilizzav`)
	pastEnd = stems(`
		abbandonat abolit accentrat accorpat accreditat aggiudicat annullat archiviat assolt assorbit avvenut buttat cancellat cedut cessat
		chius complet conclus consegnat definit dimenticat disattivat disdett disdic dismess eliminat erogat esaurit estint evas fallit
		fermat finit fus incorporat lasciat lassat liquidat ottenut pagat pagav patteggiat pers ratificat redatt respint restituit
		riconsegnat ridott rilevat rimborsat risolt ritirat rogat saldat scadut scattat sciolt scordat smaltit smess soppress spent spes
		tagliat terminat tolt tramontat unit uscit vendut vint`)
	pastTold = stems(`
		accompagnat accort aderit aggiornat aiutat allegat appres apprezzat approvat avvert avvis battut capit capiv caricat cercat chiamat
		chiedev chiest cominciav compilat comunicat confermat configurat consigliat constatat contattat controllat controllav convocat
		copiat credev creduto decis deliberat dett diss doveva dovevo dovut effettuat elett eseguit evitat facev fatt feci firmat guardat
		guardav immaginav imparat imponev impost incollat indicat informat inoltrat insegnat inserit inviat leggev lett mandat meditat
		nominat notat optat parlat pensat pensav potev potut preferit pres pretendev pretes protocollat provat provvedut receduto resa reso
		richiedev richiest ricontrollat ricordat riflettut ringraziat rinunciat ripetut riportat rispost ritenut riuscit sapev saput
		sbagliat scelt scritt segnalat seguit seguiv sentit sfuggit sollecitat sottoscritt spedit sperav spiegat stabilit stipulat success
		suggerit telefonat tentat trasmess trovat valutat venut verificat vist volev volut votat`)

	pastTaken = stems(`
		acquistat addebitat appoggiat archiviat assegnat attivat aumentat avut cambiat comprat confluit conservat convertit convogliat
		corrett costat costav creat dat digitalizzat ebb esport export formattat fornit generat liberat messa messi messo migrat modificat
		noleggiav passat regalat rifatt rincarat rinnovat rinnovav riunit rottamat salvat scalat scaricat sgomberat sistemat sostituit
		spostat stampat transitat trasferit trasformat traslocat trattat unificat variat`)
	pastLived = stems(`
		abitav ammalat amministrat andat andav assunt avviat bastat bastav coinvolt cominciat complicat conveniv costituit cresc diventat
		divenut entrat esercitat esercitav fondat guadagn iniziat lavorat lavorav nat ospitat partit pension rimast scappat scopert sembrat
		sembrav smontat sorpres sposat stanc studiat stufat svolgev svolt tornat usufruit vissut viv`)
)
