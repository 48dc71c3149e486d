package rules

// openMatter reports whether a sentence without any sign tells of a proceeding,
// a register or an account that hangs on the mailbox, and does not say that it
// is over: "lo SPID l'avevo fatto con questa mail"; or of one that did not come
// to its end: "la graduatoria non è uscita". A past tense finishes nothing.
func (r *reader) openMatter(s *sentence) bool {
	if s.to-s.from < 3 || r.foreign(s) {
		return false
	}
	matter, hung := r.matterIn(s), r.hangsHere(s)
	if !matter && !hung {
		return r.untold(s)
	}
	if matter && r.holdsStem(s.from, s.to, "archivi", "copia", "copie", "credenzial") && r.holdsStem(s.from, s.to, "chiest", "pretes", "acquisit", "volut") {
		return true // "l'archivio l'ha chiesto la Guardia di Finanza"
	}
	if r.unfinished(s) || matter && r.justCame(s) {
		return true
	}
	return matter && hung && !r.matterOver(s) && !r.overNext(s)
}

// overNext reports whether the next sentence tells that what this one names is over: "ho
// fatto questa PEC per la cittadinanza. Il giuramento è fatto, quindi non serve più".
func (r *reader) overNext(s *sentence) bool {
	to := s.to
	for to < len(r.toks) && r.roles[to] == roleLeft && (to == s.to || !r.sentenceEnds(to)) {
		to++
	}
	next := r.sentence(s.to, to)
	return r.toldIn(s.to, to) && r.holdsStem(s.to, to, "archiviat", "chius", "conclus", "finit", "giura", "ottenut", "terminat") &&
		next.all&will == 0 && !r.holds(s.to, to, unsettled) && r.holds(s.to, to, plainNot) && r.holds(s.to, to, noMore)
}

// matterIn reports whether a sentence names a proceeding, an office or an
// account that writes to a mailbox.
func (r *reader) matterIn(s *sentence) bool {
	for k := s.from; k < s.to; k++ {
		before, after := r.word(s, k-1), r.word(s, k+1)
		switch w := r.toks[k].word; {
		case w == "causa":
			if before != "a" && before != "per" {
				return true
			}
		case w == "ordine":
			if before == "all" || before == "dell" && (r.toks[k].capital && !r.toks[k].shout ||
				r.holdsStem(s.from, k, "sito", "portal", "segreter", "elenc")) || before == "l" && anyPrefix(after, "deg", "dei") || anyPrefix(after, "profess") {
				return true
			}
		case among(w, "domanda", "pratica", "istanza"):
			if s.all&execute == 0 && before != "in" && !r.holdsStem(k, min(s.to, k+4), "disatt", "recess", "chius", "cancell") &&
				!r.holdsStem(s.from, k, "ripet", "rimand", "ripropon", "ripresent", "rinnov") {
				return true
			}
		case w == "camera":
			if anyPrefix(r.word(s, k+2), "commerc") {
				return true
			}
		case matters[w], anyPrefix(w, matterStems...):
			return true
		}
	}
	return false
}

var (
	matters = set(`
		account agea albo anac arpa asl ats bandi bando bonus cassazione catasto cie comune concorso contratti curatore demanio durc enea
		entrate f24 finanza gara gare gse inail inps irpef isee licenza mepa multa mutuo passaporto password perizia pnrr polizza portale
		prefettura procura questura regione riscossione rup sdi sinistro spid suap sue tar tribunale verbale`)
	matterStems = stems(`
		accertament agevolazion appalt bilanc cancelleri cartell cassett cauzion certificat cittadinanz concession condon contribut
		contropart convocazion credenzial deposit domicil esproprio fallimentar fascicol finanziament graduat inarcass ingiunzion inipec
		iscrizion liberator notific pignorament procediment raccomandat rateizz registr ricors rottamaz sentenz sgrav soprintend succession
		udienz vertenz voltur`)
)

// hangsHere reports whether a sentence points to this mailbox as the place where
// something was given, registered or comes: "con questa", "a questo indirizzo", "qui".
func (r *reader) hangsHere(s *sentence) bool {
	for k := s.from; k < s.to; k++ {
		w := r.toks[k].word
		if w == "li" && r.accented(&r.toks[k]) {
			return true
		}
		if (w == "qui" || w == "qua") && k > s.from && !allegedHere[r.word(s, k-1)] {
			return true
		}
		if !among(w, "questa", "questo", "quest") && !(w == "questi" && anyPrefix(r.word(s, k+1), "recapit", "contatt", "riferiment")) {
			continue
		}
		if k+1 < s.to && r.toks[k+1].class&(box|mailing) == 0 && !anyPrefix(r.toks[k+1].word, "recapit", "contatt", "riferiment") &&
			r.toks[k].after&(comma|stop) == 0 && !opens[r.toks[k+1].word] && r.toks[k+1].word != "e" {
			continue
		}
		if before := r.word(s, k-1); through[before] || r.tag(k-1+count(k == s.from))&tagParticiple != 0 || anyPrefix(before, "risult", "figur", "compar") {
			return true
		}
	}
	return false
}

var (
	through     = set("con su a in da tramite via attraverso")
	allegedHere = set("fin fino sin")
	overStems   = stems(`
		aggiornat annullat archiviat cambiat cancellat cessat chius conclus definit estint evas finit gestit liquidat pagat passat respint
		ritirat saldat scadut sciolt sostituit spostat terminat trasferit vint`)
	overWords = set(`
		altra altro anni chiedeva chiesero gia nuova nuovo ormai precedente scorsa scorso servita servito serviva servivano tempo vecchia
		vecchio volevano`)
	comingStems = stems(`
		aggiornat approvat archiviat arrivat avvert avvisat cambiat chius comunicat conclus definit deposit erogat evas finit inform lett
		liquidat notificat pagat perfezionat pervenut pronunciat pubblicat registrat restituit ricevut rientrat rispost saldat sbloccat
		sottoscritt spostat tornat trasferit uscit versat vist volturat`)
	owedStems    = stems("arriv chiam comunic convoc invi mand notific pag perven pubblic restitu rispond scriv")
	hangingStems = stems("appes ballo impantanat incagli inevas penden promess")
)

// matterOver reports whether a sentence says that what it tells of is over, was
// moved elsewhere, or was all the mailbox was for.
func (r *reader) matterOver(s *sentence) bool {
	for k := s.from; k < s.to; k++ {
		w := r.toks[k].word
		if (overWords[w] || anyPrefix(w, overStems...)) && !r.negated(s, k) {
			return true
		}
		if w == "per" && k > s.from && r.madeFor(s, k) || noMore[w] && r.negatedClause(s, k) || useVerb(w) && r.negated(s, k) || denial[w] && w != "non" || w == "mai" {
			return true
		}
	}
	return false
}

// madeFor reports whether "per", at k, gives the purpose the mailbox was taken for.
func (r *reader) madeFor(s *sentence, k int) bool {
	return r.holdsStem(max(s.from, k-4), k, "apert", "attivat", "fatta", "presa", "creat", "usat", "richiest", "chiest", "comprat", "acquistat", "utilizzat", "adoperat")
}

// unfinished reports whether a sentence says that something awaited did not come
// or was not done: "non è uscita", "mi doveva arrivare", "è rimasto appeso".
func (r *reader) unfinished(s *sentence) bool {
	for k := s.from; k < s.to; k++ {
		w := r.toks[k].word
		switch {
		case w == "non" && !r.holds(k+1, s.to, noMore) && !r.holds(s.from, s.to, never):
			for n := k + 1; n < s.to && n <= k+5; n++ {
				if (auxiliary[r.toks[n-1].word] || r.is(n-1) || r.word(s, n-2) == "l" || being[r.toks[n-1].word]) && r.tag(n)&tagParticiple != 0 &&
					anyPrefix(r.toks[n].word, comingStems...) && !(r.toks[n-1].word == "sono" && ends(r.toks[n].word, "ato", "ata")) {
					return true
				}
			}
		case anyPrefix(w, "dovev", "avrebb") && k+1 < s.to && !r.negated(s, k):
			if r.holdsStem(k+1, min(s.to, k+4), owedStems...) {
				return true
			}
		case anyPrefix(w, "rimast", "resta", "rimane") && r.holdsStem(k+1, min(s.to, k+4), "ferm", "sospes", "blocc", "apert", "indietro", "mezzo", "appes"):
			return true
		case w == "in" && k+1 < s.to && anyPrefix(r.toks[k+1].word, "lavoraz", "istruttor", "esame", "valutaz", "itinere", "verifica", "definizione", "decisione"):
			return !r.matterOver(s)
		case anyPrefix(w, begunStems...):
			if r.matterIn(s) && s.all&box == 0 && !r.matterOver(s) && !r.negated(s, k) {
				return true
			}
		case anyPrefix(w, "aspettav", "attendev"), anyPrefix(w, hangingStems...):
			if !r.negated(s, k) && !r.matterOver(s) {
				return true
			}
		}
	}
	return false
}

var begunStems = stems("ammess aperto avanzat avviat disposto iniziat notificat propost riconosciut")

// untold reports whether a sentence says that somebody was not told: "la banca
// non è stata avvertita"; not that the writer was not.
func (r *reader) untold(s *sentence) bool {
	for k := s.from; k+3 < s.to; k++ {
		if r.toks[k].word == "non" && (r.is(k+1) || r.toks[k+1].word == "sono") && anyPrefix(r.toks[k+2].word, "stat") &&
			anyPrefix(r.toks[k+3].word, "avvert", "avvis", "inform") {
			return r.verbless(&sentence{from: s.from, to: k}, s.from) && k > s.from && r.word(s, k+2) != "stato"
		}
	}
	return false
}

// justCame reports whether something came a moment ago: "oggi è arrivata una convocazione".
func (r *reader) justCame(s *sentence) bool {
	return r.holdsStem(s.from, s.to, "arrivat", "pervenut", "notificat", "ricevut") && r.holds(s.from, s.to, lately)
}

var lately = set("oggi ieri stamattina stamane adesso appena ora")
