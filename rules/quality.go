package rules

import (
	"slices"
	"strings"
)

// qualities judges what stands beside a name: birth, residence, tax code, the
// quality in which the person writes.
func (r *reader) qualities(f *filled, to int) {
	unknown := 0
	for i := f.to; i < to; i++ {
		t := &r.toks[i]
		if _, n := dateAt(r.toks[i:to]); n > 0 {
			i += n - 1 // of birth
			continue
		}
		if n := r.ofPenalties(i, to); n > 0 {
			i += n - 1
			continue
		}
		if n := r.reason(i, to); n > 0 {
			i += n - 1
			continue
		}
		if r.notYetInOffice(f.to, i) {
			r.warn(signThirdPerson, i, i+1)
			continue
		}
		switch {
		case r.ofAddress(i), r.ofBody(i), r.inBodysName(f.to, i, to): // of the firm's name
		case r.married(i, to):
			i++
		case r.forOwnFirm(f.to, to, i):
			i++
		case r.peculiarIn(f.to, to, i):
		case t.word == "per" && r.toks[i-1].kind != number && r.toks[i-1].word != "n" && !r.inTitle(i, to) && !r.inCharge(i, to), actsFor(r.toks, i):
			r.warn(signThirdPerson, i, i+1)
		case t.kind == number && len(t.word) == 16:
			f.taxCode = strings.ToUpper(t.word)
		case among(t.word, "sottoscritto", "sottoscritta", "sottoscritti"):
			f.odd = true // two persons declare
			r.roles[i] = roleOver
		case t.word == "figli" && (r.toks[i-1].word == "e" || t.capital && r.toks[i-1].capital): // of a firm: "Costa Pietro & Figli"
		case anyPrefix(t.word, "contitolar", "cotitolar") && i+2 < to && of[r.toks[i+1].word] && r.toks[i+2].class&box == 0: // "contitolare dello Studio"
		case t.word == "cliente" && coded[r.toks[i-1].word]: // "cod. cliente AB1234"
		case t.kind == filler, t.kind == number, t.class&(capacity|title|weak|contact) != 0 && t.class&danger == 0:
		case (t.word == "anni" || t.word == "anno") && (r.toks[i-1].word == "di" || r.toks[i-1].kind == number), r.aged(f, i, to): // his age
		case t.word == "ex" && i+1 < to && (r.toks[i+1].class&(kin|capacity) == 0 || r.toks[i+1].class&contact != 0 ||
			r.toks[i+1].word == "p"): // his trade or number of before
		case t.word == "incarico" && r.holdsStem(max(f.to, i-3), i, "conferm", "riconferm"): // he is in office
		case t.word == "ex" && r.nowLiquidator(i, to): // who winds a firm up writes for it
		case strings.HasPrefix(t.word, "scad") && i > f.to && r.documentBefore(f.to, i): // of an identity card
		case t.class&danger != 0 && !r.properName(i):
			s := r.sentence(f.to, to)
			if r.whole && t.class&thirdHand == 0 && to-f.to > 4 && bearing(r.toks[f.to:to]) >= runningOn {
				continue // "(iscritta fino a giugno all'Ordine di Trento, ora cancellata)"
			}
			if t.class&soft == 0 || t.class&(thirdHand|condition|deferral|revoking|needed|negation) != 0 || r.softCue(&s, i, t.class) {
				r.warn(signOf(t.class), i, i+1)
			}
		case t.kind == address:
			f.odd = f.odd || t.word != r.sender
		case !t.capital:
			// "insegnante elementare in quiescenza": a few nouns, and no verb.
			if unknown++; unknown > 6 || r.tag(i)&(tagFuture|tagConditional|tagYou|tagPast|tagInfinitive) != 0 || t.class&(will|execute|asked|box) != 0 {
				f.odd = true
				r.roles[i] = roleOver
			}
		}
	}
	figures := slices.ContainsFunc(r.toks[f.to:to], func(t token) bool { return t.kind != plainWord }) // of birth, of a register
	if r.whole && to-f.to > 2 && !figures && bearing(r.toks[f.to:to]) < surelyHarmful {                // "decaduto dalla carica ieri sera"
		f.odd = true
	}
}

// inBodysName reports whether the word at i, with a capital, stands in the name of
// a firm or an association in tokens [from, to): "Confraternita della Buona Morte",
// "Eredi Tini S.n.c.".
func (r *reader) inBodysName(from, i, to int) bool {
	if t := &r.toks[i]; !t.capital || t.shout || t.class&(box|execute) != 0 {
		return false
	}
	for k := i - 1; k >= from && r.toks[k].after&(comma|stop|opening|closing|colon) == 0; k-- {
		t := &r.toks[k]
		if bodies[t.word] || named[t.word] {
			return true
		}
		if !t.capital && t.class&weak == 0 {
			break
		}
	}
	end := i + 1
	for end < to && r.toks[end-1].after&comma == 0 && (r.toks[end].capital || r.toks[end].class&weak != 0 || legalForm[r.toks[end].word]) {
		end++
	}
	return i > from && (of[r.toks[i-1].word] || r.toks[i-1].capital) && isFirm(raw(r.own.text, r.toks, i, end))
}

// named are words beside bodies after which the name of a house stands.
var named = set("casa convento funebri monastero negozio opera osteria")

// married reports whether the word at i and the next tell the name that the writer
// bears by marriage: "Teresa Ferraris vedova Boggio".
func (r *reader) married(i, to int) bool {
	if !among(r.toks[i].word, "coniugata", "maritata", "ved", "vedova") || i+1 >= to || r.toks[i].after&^(stop) != 0 {
		return false
	}
	next := &r.toks[i+1]
	return next.capital && next.kind == plainWord && next.class&(weak|kin|title|capacity) == 0 && (i+2 == to || r.toks[i+2].class&weak == 0 || next.after != 0 || !of[r.toks[i+2].word])
}

// ofPenalties is how many tokens from i say that the writer knows what false
// declarations cost, as every declaration to an office does (D.P.R. 445/2000 art. 76).
func (r *reader) ofPenalties(i, to int) int {
	if !anyPrefix(r.toks[i].word, "consapevol") || !r.holdsStem(i, min(to, i+6), "sanzion", "responsabilit", "pen") || !r.holdsStem(i, to, "mendac", "fals", "445") {
		return 0
	}
	n := 1
	for i+n < to && r.toks[i+n-1].after&(comma|closing) == 0 {
		n++
	}
	return n
}

// aged reports whether "anni" at i, right after the name, says how old its bearer
// is: "Giacomo Sanna, anni 79".
func (r *reader) aged(f *filled, i, to int) bool {
	if r.toks[i].word != "anni" || i != f.to || i+1 >= to {
		return false
	}
	years := r.toks[i+1].word
	return allDigits(years) && (len(years) == 2 && years >= "18" || len(years) == 3) || anyPrefix(years, tens...)
}

// tens begin the numbers of an age in words.
var tens = stems("vent trent quarant cinquant sessant settant ottant novant cent")

// reason is how many tokens from i tell why, in words that are no sign: "avendo
// chiuso la merceria per raggiunti limiti di età". It ends at the next comma.
func (r *reader) reason(i, to int) int {
	if w := r.toks[i].word; !among(w, "avendo", "essendo", "avendola") && !(r.reflexivePast(w) && r.toks[i].class&kin == 0) || r.toks[i-1].after&(comma|closing) == 0 {
		return 0
	}
	end := i + 1
	for end < to && r.toks[end-1].after&(comma|stop|colon) == 0 {
		end++
	}
	s := r.sentence(i, end)
	if s.all&(box|kin) != 0 || s.all&asked != 0 && !r.holds(i, end, atDemand) {
		return 0
	}
	for k := i; k < end; k++ {
		name, n := r.phrase(&s, k)
		if name == "" {
			name, _ = r.cue(&s, k)
		}
		if name != "" {
			return 0
		}
		k += max(n, 1) - 1
	}
	return end - i
}

// reflexivePast reports whether a word is the participle of what one did to
// himself: "cancellatosi", "dimessasi".
func (r *reader) reflexivePast(w string) bool {
	root, found := strings.CutSuffix(w, "si")
	return found && len(root) > 4 && tagOf(root, false)&tagParticiple != 0
}

// atDemand are words of a demand that was made elsewhere: "cancellatosi a domanda dall'Albo".
var atDemand = set("domanda richiesta istanza")

// coded are words before the customer's number.
var coded = set("cod codice id n num numero")

// documentBefore reports whether a document was named in tokens [from, i).
func (r *reader) documentBefore(from, i int) bool {
	return r.holds(from, i, papersOfIdentity)
}

var papersOfIdentity = set("documento carta patente passaporto")

// peculiarIn notes a word that those beside it make a sign: "amministratore di sostegno".
func (r *reader) peculiarIn(from, to, i int) bool {
	s := r.sentence(from, to)
	name, _ := r.phrase(&s, i)
	if i+1 < to && r.toks[i+1].word == "nome" && inFirmsName(r.toks[:to], i+1) {
		name = ""
	}
	if name == "" {
		name, _ = r.peculiar(&s, i)
	}
	if name != "" {
		r.warn(name, i, i+1)
	}
	return name != ""
}

// actsFor reports whether the word at i, beside a name, makes its bearer act
// for another: "in nome di", "delegato" of nobody's board.
func actsFor(toks []token, i int) bool {
	switch toks[i].word {
	case "nome":
		return i > 0 && (toks[i-1].word == "a" || toks[i-1].word == "in") && !inFirmsName(toks, i)
	case "vece", "rappresentanza":
		return i > 0 && (toks[i-1].word == "a" || toks[i-1].word == "in")
	case "delegato", "delegata":
		return i == 0 || !strings.HasPrefix(toks[i-1].word, "amministrat") && toks[i-1].word != "consigliere"
	}
	return false
}

// forOwnFirm reports whether "per conto", or "per" alone, at i goes on with the writer's
// own firm, for he says in what quality he may: "per conto della propria società Rossi S.a.s.,
// di cui è accomandatario".
func (r *reader) forOwnFirm(from, to, i int) bool {
	if r.toks[i].word != "per" || i+2 >= to || !(r.toks[i+1].word == "conto" && inFirmsName(r.toks[:to], i+1)) &&
		!(article[r.toks[i+1].word] && r.toks[i+2].capital && isFirm(raw(r.own.text, r.toks, i+2, to))) {
		return false
	}
	for k := from; k < to; k++ {
		if w := r.toks[k].word; qualities[w] || represents[w] && w != "ditta" && w != "impresa" {
			return true
		}
	}
	return false
}

// inFirmsName reports whether "in nome" at i goes on with a firm or a body,
// which never writes itself: "in nome dello Studio Associato Vitali".
func inFirmsName(toks []token, i int) bool {
	if i+2 >= len(toks) || !of[toks[i+1].word] {
		return false
	}
	for k := i + 2; k < len(toks) && k < i+8 && toks[k-1].after&comma == 0; k++ {
		if w := toks[k].word; bodies[w] || len(w) > 2 && legalForm[w] {
			return true
		}
	}
	return false
}

// inTitle reports whether "per" at i stands within a firm's name: "Fondazione Villani per l'Infanzia".
func (r *reader) inTitle(i, to int) bool {
	next := i + 1
	if next < to && r.toks[next].class&weak != 0 {
		next++
	}
	return r.toks[i-1].capital && next < to && r.toks[next].capital && r.toks[next].class&title == 0 && !given[r.toks[next].word]
}

// inCharge reports whether "per" at i stands in the name of an office:
// "responsabile per la transizione digitale".
func (r *reader) inCharge(i, to int) bool {
	return r.toks[i-1].class&capacity != 0 && i+2 < to && articles[r.toks[i+1].word] && !r.toks[i+2].capital && r.toks[i+2].class&(kin|title|capacity) == 0
}

var articles = set("il la lo l i gli le")

// company is what stands after the quality of one who may write for a firm
// ("legale rappresentante della Rossi S.r.l., con sede in …"): the firm's name,
// up to the next comma or what is known to follow.
func (r *reader) company(from, to int) string {
	speaks := -1
	for i := from; i < to && speaks < 0; i++ {
		if w := r.toks[i].word; represents[w] || w == "procuratore" || w == "procuratrice" {
			speaks = i
		}
	}
	if speaks < 0 {
		return ""
	}
	start := -1
	for i := speaks + 1; i < to; i++ {
		t := &r.toks[i]
		switch {
		case start < 0 && (t.capital || t.kind == number) && (t.class&danger == 0 || r.inBodysName(speaks, i, to)) && !represents[t.word]:
			start = i
		case start >= 0 && (r.toks[i-1].after&(comma|opening) != 0 || afterFirm[t.word]):
			return trimValue(raw(r.own.text, r.toks, start, i))
		}
	}
	if start < 0 {
		return ""
	}
	return trimValue(raw(r.own.text, r.toks, start, to))
}

// attorney reports whether the person writes as the attorney of another person:
// a firm has attorneys of its own, a person's proxy is to be seen.
func (r *reader) attorney(from, to int) bool {
	proxy := false
	for _, t := range r.toks[from:to] {
		switch {
		case t.word == "procuratore" || t.word == "procuratrice":
			proxy = true
		case represents[t.word], legalForm[t.word]:
			return false
		}
	}
	return proxy
}

// afterFirm are words that follow the name of a firm.
var afterFirm = set("cf cod codice con nata nato partita piva sede")

// notYetInOffice reports whether the word at i, behind a name whose blank goes on from
// token from, says that the office is not his yet, or is in dispute: "nominato liquidatore
// con atto in corso di iscrizione".
func (r *reader) notYetInOffice(from, i int) bool {
	w := r.toks[i].word
	before, after := "", r.toks[min(i+1, len(r.toks)-1)].word
	if i > from {
		before = r.toks[i-1].word
	}
	switch {
	case w == "corso", w == "fase", w == "via":
		return before == "in" && of[after] && r.holdsStem(i+2, min(i+4, len(r.toks)), pendingActs...)
	case w == "fatto":
		return before == "di" && i-2 >= from && offices[r.toks[i-2].word]
	case w == "pectore":
		return before == "in"
	}
	return anyPrefix(w, "designat", "nominand", "impugnat")
}

// pendingActs begin what an office waits for.
var pendingActs = stems("accettaz approv conferm deposit formalizz iscri nomin omolog perfezion pubblic ratific registr trascri verif")
