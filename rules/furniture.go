package rules

import "strings"

// The prose of a letter ends where its writer signs it. What stands below in pieces
// without a verb is furniture, and so is his letterhead: it says what he does, and when
// he is to be found. Each piece is read by itself: what an address stands beside must
// not drown in it, "via Roma 3, Lecce - non prima di marzo".

// signedAt is where the writer's name, on a line of its own below the form, ends the
// prose; len(toks) if he signs nowhere.
func (r *reader) signedAt() int {
	if r.al.form == nil {
		return len(r.toks)
	}
	if r.signedTo == 0 {
		r.signedTo = len(r.toks)
		for i := r.al.to; i < len(r.toks); {
			_, to := r.lineOf(i)
			if end := r.signature(i, to); end > 0 && !r.formal(i) {
				r.signedTo = end
				break
			}
			i = to
		}
	}
	return r.signedTo
}

// signature is where the writer's name ends that the line [from, to) begins with, 0 if
// it says anything else: "dott. Mario Rossi - commercialista", "STUDIO ROSSI".
func (r *reader) signature(from, to int) int {
	own := false
	for k := from; k < to && k < from+9; k++ {
		t := &r.toks[k]
		if k > from && own && (r.barred(k) || r.toks[k-1].after&comma != 0) {
			return k
		}
		switch {
		case t.kind != plainWord:
			return 0
		case r.names[t.word] && len(t.word) > 1, len(t.word) > 3 && strings.Contains(r.sender, t.word) && t.capital:
			own = true
		case t.class&(title|capacity|goodbye) != 0 && t.class&danger == 0, legalForm[t.word], r.initial(t), t.class&weak != 0:
		case t.capital && t.class&(danger|box|asked|execute) == 0:
		default:
			return 0
		}
	}
	if !own || to-from > 9 {
		return 0
	}
	return to
}

// barred reports whether a bar, a dash or a bullet stands between token i and the one before.
func (r *reader) barred(i int) bool {
	if i == 0 || r.toks[i].start-r.toks[i-1].end < 3 {
		return false
	}
	switch strings.TrimSpace(strings.Trim(r.own.text[r.toks[i-1].end:r.toks[i].start], `.,;:()[]"“”«»'’*`)) {
	case "-", "–", "—", "|", "·", "•", "/", "~", "--", "||", "//", "=", "+", "_":
		return true
	}
	return false
}

// apartAt reports whether a new piece of the furniture begins at token i: behind a bar,
// or behind the comma after a street, a town or a telephone.
func (r *reader) apartAt(i int) bool {
	pause := r.toks[i-1].after&comma != 0
	if !pause && !r.barred(i) || pause && r.toks[i].word == "chiedere" || r.al.form == nil || i <= r.al.to && i >= r.al.from {
		return false
	}
	from, to := r.lineOf(i)
	if from < r.al.from && to > r.al.from || from < r.al.to && to > r.al.to {
		return false
	}
	if !pause && r.beyondProse(i) {
		return true
	}
	last := i - 1 // where the piece before token i begins
	for ; last > from && !r.barred(last) && r.toks[last-1].after&comma == 0; last-- {
	}
	for k := i - 1; pause && k > from; k-- {
		if r.barred(k) {
			from = k // "via Roma 3 - mercati: lunedì Asti, venerdì Canelli"
		}
	}
	return r.underAddress(from, i) && (!pause || r.locates(last, i))
}

// locates reports whether the piece [from, to) is of an address: a street, a town, a
// telephone.
func (r *reader) locates(from, to int) bool {
	capitals := 0
	for k := from; k < to; k++ {
		t := &r.toks[k]
		if t.class&contact != 0 || street[t.word] || t.kind == number {
			return r.classes(from, to)&(box|asked|danger) == 0
		}
		capitals += count(t.capital || t.class&weak != 0)
	}
	return capitals == to-from && to-from < 4
}

// underAddress reports whether the line begins at token from, or behind the writer's name,
// with a street or a telephone and its number, before token to.
func (r *reader) underAddress(from, to int) bool {
	for from < to && (r.names[r.toks[from].word] || r.toks[from].class&title != 0) {
		from++
	}
	if from == to || !street[r.toks[from].word] && r.toks[from].class&contact == 0 {
		return false
	}
	for k := from + 1; k < to && k < from+7; k++ {
		if r.toks[k].kind == number {
			return true
		}
	}
	return false
}

// furniture marks the pieces below the writer's name, and those of his letterhead, that
// are printed there for everybody and for nobody: what signs they hold are of a trade.
func (r *reader) furniture() {
	if r.al.form == nil {
		return
	}
	spoken := false // a postscript goes on to the end of its paragraph
	for i := 0; i < len(r.toks); {
		if r.roles[i] != roleLeft {
			i++
			continue
		}
		to := i + 1
		for to < len(r.toks) && r.roles[to] == roleLeft && r.toks[to].lines == 0 && !r.sentenceEnds(to) {
			to++
		}
		spoken = spoken && r.toks[i].lines < 2 || r.holds(i, min(to, i+2), postscripts)
		if !spoken && r.beyondProse(i) && r.printed(i, to) {
			r.furnish(i, to)
		}
		i = to
	}
}

// postscripts begin what is said to the desk below a signature.
var postscripts = set("ps nb nota bene postilla postscriptum dimenticavo aggiungo preciso rammento ricordo specifico")

// beyondProse reports whether token i stands below the writer's name, or in his letterhead.
func (r *reader) beyondProse(i int) bool {
	return i >= r.al.to && i >= r.signedAt() || i < r.al.from && r.inLetterhead(i)
}

// printed reports whether the piece [from, to) is furniture whatever its words are signs of.
func (r *reader) printed(from, to int) bool {
	if r.town(from, to) || r.houseAt(from, to) || r.houseName(from, to) || r.services(from, to) {
		return true
	}
	if s := r.sentence(from, to); r.quoted(from, to) && r.foreign(&s) {
		return true
	}
	if to-from > 16 || r.forDesk(from, to) {
		return false
	}
	const prose = thanks | apology | aware | goodbye
	switch s := r.sentence(from, to); {
	case r.quoted(from, to), r.gifts(from, to):
		return true
	case r.toks[to-1].after&(stop|question) != 0 || s.all&prose != 0 || !r.allVerbless(&s):
		return false
	default:
		return r.weekly(from, to) || r.occasions(from, to) || r.trades(from, to)
	}
}

// allVerbless reports whether no clause of a piece has a verb.
func (r *reader) allVerbless(s *sentence) bool {
	for i := s.from; i < s.to; i++ {
		if !r.verbless(s, i) {
			return false
		}
	}
	return true
}

// forDesk reports whether a word of the piece [from, to) may bind the request, or say
// something to who reads it.
func (r *reader) forDesk(from, to int) bool {
	const ours = box | asked | contents | confirm | kin | will | enclosed | erasing | revoking | negation | execute
	for k := from; k < to; k++ {
		t := &r.toks[k]
		if t.word == "mail" || t.word == "email" {
			continue
		}
		if ofSeason := anyPrefix(t.word, "chius") && k+1 < to && anyPrefix(r.toks[k+1].word, resting...); !ofSeason && t.class&ours != 0 && !homely[t.word] ||
			t.kind == address || binding[t.word] || anyPrefix(t.word, bindingStems...) || r.tag(k)&tagYou != 0 {
			return true
		}
	}
	return false
}

// town reports whether a piece is a town with its province: "Seriate (BG)".
func (r *reader) town(from, to int) bool {
	last := &r.toks[to-1]
	if to-from < 2 || to-from > 4 || len(last.word) != 2 || !last.shout || r.toks[to-2].after&opening == 0 {
		return false
	}
	for k := from; k < to-1; k++ {
		if t := &r.toks[k]; !t.capital || t.class&^(weak|deferral|soft) != 0 {
			return false
		}
	}
	return true
}

// weekly reports whether a piece says on which days of the week, or at what hours, what
// it names takes place: "Prove: martedì e giovedì ore 21".
func (r *reader) weekly(from, to int) bool {
	days, hours, named := 0, 0, 0
	for k := from; k < to; k++ {
		switch t := &r.toks[k]; {
		case weekday[t.word] || shortDay[t.word]:
			days++
			hours += count(k > from && among(r.toks[k-1].word, "il", "la", "ogni")) // habit
		case t.word == "ore" || t.word == "h" || t.word == "24h" || t.kind == number && k > from && (r.toks[k-1].word == "ore" || days > 0):
			hours++
		case isMonth(t.word):
			return false
		case t.kind == plainWord && t.class&^(soft|draft|thirdHand|topic|wish|sellingClass|capacity) == 0 && len(t.word) > 3 && days == 0:
			named++
		}
	}
	return named > 0 && days+hours > 1
}

// occasions reports whether a piece names a feast, a turn or a season and its days: what
// is done on the days of a blood bank puts nothing off.
func (r *reader) occasions(from, to int) bool {
	dates := 0
	for k := from; k < to; k++ {
		if _, n := dateAt(r.toks[k:to]); n > 0 || isMonth(r.toks[k].word) || seasons[r.toks[k].word] || weekday[r.toks[k].word] {
			dates, k = dates+1, k+max(n, 1)-1
		}
	}
	return dates > 0 && r.holdsStem(from, to, festive...)
}

// trades reports whether a piece lists in nouns what the writer does: "geotecnica, prove
// penetrometriche".
func (r *reader) trades(from, to int) bool {
	words, items := 0, 1
	for k := from; k < to; k++ {
		switch t := &r.toks[k]; {
		case t.class&(condition|deferral|doubt|bank|another|thirdHand) != 0, t.class&dispute != 0 && t.word != "indagini",
			given[t.word], isMonth(t.word), t.class&draft != 0 && !works[t.word], among(t.word, "che", "chi", "cui", "se", "il", "lo", "la", "i", "gli", "le", "un", "una"):
			return false
		case works[t.word] && k+1 < to && t.after == 0 && (r.toks[k+1].class == 0 || of[r.toks[k+1].word] && k+2 < to && r.toks[k+2].class == 0):
			items++
		case t.kind == plainWord && t.class&^(soft|needed|topic|sellingClass|contact) == 0 && len(t.word) > 4:
			words++
		}
		items += count(k+1 < to && r.toks[k].after&comma != 0)
	}
	return items > 1 && words >= items && r.toks[from].class&weak == 0
}

// gifts reports whether a piece is the account of a charity, to which one may give.
func (r *reader) gifts(from, to int) bool {
	account := false
	for k := from; k < to; k++ {
		account = account || isIBAN(r.own.text, r.toks[k:])
	}
	return account && r.forOthers() && r.holdsStem(from, to, "donazion", "beneficenz", "erogazion", "liberal", "oblazion", "offerte") &&
		!r.holdsStem(from, to, "rimbors", "storn", "restitu", "accredit", "vers")
}

// forOthers reports whether the writer is a body, or writes for a firm or a body.
func (r *reader) forOthers() bool { return r.body || r.out.Fields[fieldCompany] != "" }

// quoted reports whether the piece [from, to) stands in quotation marks as a whole: a motto.
func (r *reader) quoted(from, to int) bool {
	end := r.toks[to-1].end
	rest := strings.TrimLeft(r.own.text[end:min(len(r.own.text), end+6)], ".!… ")
	return (to-from > 3 || to-from > 1 && from < r.al.from) && r.motto(from) && (strings.HasPrefix(rest, `"`) || strings.HasPrefix(rest, "”") || strings.HasPrefix(rest, "»"))
}

var (
	shortDay = set("lun mar mer gio ven sab dom")
	homely   = set("chiuso chiusa chiusi")
	works    = set("prove collaudi indagini simulazioni")
	resting  = stems("annual domenical estiv feriale festiv infrasettimanal invernal natalizi pasqual settimanal stagional")
	festive  = stems(`
		allenament cena cene concert convivial corsi donazion escursion festa fiera gita gite lotteri mercatin messe mostra notturn partit pellegrinagg pranzo prelievi
		raduno saggio sagra serata spettacol stagional stagion torneo tombola turno uscit`)
	binding = set(`
		ancora appena attesa corso dopo finche fino fin firma fine gia passaggio poi prima qui quando seguito seguira sino solo termine te tuttora vi voi vs`)
	bindingStems = stems(`
		approv assent attend attes autorizz bando bilanc carica carich ceduta cessa cession concors condizion congel contratt controfirm decid decis decorr deleg
		deliber domand doman dopodoman efficac entro evas ferie firmat futur gara gare impegn incaric nomin notai notar nuov operazion partire perman posticip preced
		previ proced procur proroga provvisor rappresent recapit recess rendicont respons rientr rimand rinnov rinvi rogit salvo scad sospes sospens subentr success
		tempor trasfer trasloc ultim uscent valid vendut vendit vigor vostr udienz`)
)
