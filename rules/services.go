package rules

import "strings"

// What a shop, a practice or an inn prints below its name about its own customers: by
// when they may call, until when a thing is made, in which months the kitchen is open.
// "Until" and "before" bind there who orders a cake, and not the desk.

// services reports whether the piece [from, to), below the writer's name or in his
// letterhead, is a rule or a season of his trade: "consegne a anche il 24
// dicembre", "per disdire una visita chiamare almeno 24 ore prima".
func (r *reader) services(from, to int) bool {
	if to-from < 3 || to-from > 22 || r.holdsStem(from, to, endings...) {
		return false
	}
	for k := from; k < to; k++ {
		if !r.ofService(from, to, k) {
			return false
		}
	}
	head := min(to, from+6)
	switch {
	case r.seasonal(from, to), r.holdsStem(from, head, wares...), r.holds(from, head, wareWords):
		return true
	case r.holdsStem(from, head, doors...) || r.holds(from, head, doorWords):
		return r.fromTo(from, to) || r.customersTerm(from, to)
	}
	return false
}

// ofService reports whether the word at k may stand in what a trade says to its
// customers, in the piece [from, to).
func (r *reader) ofService(from, to, k int) bool {
	const ours = box | contents | confirm | kin | will | enclosed | erasing | execute | bank | doubt | draft
	t := &r.toks[k]
	w := t.word
	after := ""
	if k+1 < to {
		after = r.toks[k+1].word
	}
	switch {
	case t.kind == address, atThis[w], w == "digitale", t.after&question != 0, r.names[w] && t.capital && k > from:
		return false
	case t.kind == number, untilWords[w]:
		return true
	case anyPrefix(w, "disd", "annull", "spost"):
		return r.holdsStem(from, to, booked...) && !ends(w, "o", "iamo", "ate", "ete")
	case w == "non":
		return after == "si" || anyPrefix(after, "disdett", "ritirat", "annullat", "pagat")
	case anyPrefix(w, "ritir", "ferm", "blocc"):
		return !ends(w, "iamo", "ate")
	case anyPrefix(w, "chius"):
		return k > from || anyPrefix(after, resting...)
	case t.class&ours != 0 && t.class&soft == 0, t.class&(box|contents|execute|kin|will|confirm) != 0, binding[w], anyPrefix(w, bindingStems...):
		return false
	}
	g := r.tag(k)
	switch {
	case nouns[w], w == "sei", k > from && ends(w, "ate", "ute", "ite") && r.toks[k-1].after == 0 && anyPrefix(r.toks[k-1].word, wares...), k > from && among(r.toks[k-1].word, "si", "vengono", "viene"), byCustomers[w], bookingVerbs[w]:
		return true
	case g&(tagYou|tagYouPlural|tagFuture|tagConditional|tagPast) != 0, auxiliary[w], r.is(k), toMe[w], ofOnesOwn[w]:
		return false
	case g&tagInfinitive != 0:
		return false
	case presentVerb[w]:
		return false
	}
	return true
}

// houseAt reports whether a piece is a street with its number, and whose bell to ring:
// "Enna Bassa, v.le Diaz 5 (citofono Buttafuoco)".
func (r *reader) houseAt(from, to int) bool {
	road, numbered := false, false
	for k := from; k < to; k++ {
		t := &r.toks[k]
		short := r.shortStreet(k) || k+1 < to && r.shortStreet(k+1)
		switch {
		case road && numbered && (isMonth(t.word) || seasons[t.word] || anyPrefix(t.word, bindingStems...)):
			return false
		case street[t.word], short, t.word == "so":
			road = true
		case t.kind == number:
			numbered = numbered || road && len(t.word) < 5
		case t.kind != plainWord || !t.capital && t.class&(weak|contact) == 0 || t.class&(danger|box|asked|will|kin) != 0 && t.class&soft == 0:
			return false
		}
	}
	return road && numbered && to-from < 13
}

// houseName reports whether a piece is what the writer's house is called, in capitals,
// as his address has it: "PODERE LA GINESTRA" at podereginestra@…
func (r *reader) houseName(from, to int) bool {
	named := false
	for k := from; k < to; k++ {
		t := &r.toks[k]
		if t.kind != plainWord || !t.capital || t.class&(danger|box|asked|will) != 0 && t.class&soft == 0 {
			return false
		}
		named = named || len(t.word) > 4 && strings.Contains(r.sender, t.word)
	}
	return named && to-from < 7
}

// seasonal reports whether a piece names a rest of the trade, and when it begins and
// ends: "chiusura invernale dal 7 gennaio al 10 marzo".
func (r *reader) seasonal(from, to int) bool {
	for k := from; k+1 < to; k++ {
		if anyPrefix(r.toks[k].word, "chius", "apertur", "chiusur") && anyPrefix(r.toks[k+1].word, resting...) {
			return r.fromTo(from, to)
		}
	}
	return false
}

// fromTo reports whether tokens [from, to) name a beginning and an end: "da Pasqua a ottobre".
func (r *reader) fromTo(from, to int) bool {
	for k := from; k < to; k++ {
		if among(r.toks[k].word, "da", "dal", "dall", "dalla") {
			return r.holds(k+1, to, toWords)
		}
	}
	return false
}

// customersTerm reports whether tokens [from, to) say what becomes of a lesson that is
// put off too late.
func (r *reader) customersTerm(from, to int) bool {
	return r.holdsStem(from, to, "disd", "annull", "prenot") && r.holdsStem(from, to, "pag", "chiam", "telefon", "ore", "giorn")
}

var (
	toWords      = set("a al all alla fine")
	untilWords   = set("fino fin sino dopo prima solo fine dal dalla dalle da al alle entro oltre anche almeno escluso esclusi salvo tranne su senza per e a ore se stesso stessa primo")
	byCustomers  = set("si viene vengono paga pagano parte partono inizia iniziano ricevono riceve accettano")
	bookingVerbs = set("chiamare contattare pagare prenotare rivolgersi suonare telefonare avvertire avvisare ordinare")
	// booked is what customers put off, wares what they order, doors where they come.
	booked = stems("appuntament camer lezion prenotazion sedut sedute tavol visit")
	wares  = stems(`
		appuntament caldai catering colli degustazion gomm iscrizioni lezion menu panetton pizz pneumatic prenotazion
		riparazion saldi tagliand tavol tort vaccin visit`)
	wareWords = set("abiti capi check consegne pane aperture dolci fiori domicilio panettoni colombe")
	doors     = stems("agriturism ambulator campegg cors cucin lezion mostr palestr piscin rifugi ristorant spiaggi stabiliment terrazz")
	doorWords = set("bagnino bar biglietteria camere negozio museo")
	// endings tell that the trade itself is over, or passes to another.
	endings = stems("albo attivit camera cess commercialist definitiv fallim finisc finit liquid notar notai registr svend termin trasfer ultim vend")
)
