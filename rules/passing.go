package rules

// Words of time, of company and of denial that belong to the writer's days, and not to
// the request.

// lessonLearned reports whether "la prossima volta" at i only says what the writer has
// learned: "la prossima volta sto più attento".
func (r *reader) lessonLearned(s *sentence, i int) bool {
	from, to := r.clause(s, i)
	if r.word(s, i+1) != "volta" || r.classes(from, to)&(box|asked|execute|will) != 0 || r.holds(from, to, atThis) {
		return false
	}
	for k := from; k < to; k++ {
		if r.tag(k)&tagYouPlural != 0 || anyPrefix(r.toks[k].word, "vost", "voi") {
			return false
		}
	}
	return r.holdsStem(i+2, to, "attent", "furb", "impar", "legg", "ricord", "segn", "svegli")
}

// tillNext reports whether "prossima" at i bids farewell till a feast or a meal: "grazie,
// alla prossima piada". What the desk or a board does next is no feast.
func (r *reader) tillNext(s *sentence, i int) bool {
	before := r.word(s, i-1)
	if before != "alla" && !(before == "la" && r.word(s, i-2) == "a") || i+2 != s.to || s.to-s.from > 7 || s.attached || r.toks[i+1].class&^(greet|civil) != 0 {
		return false
	}
	if s.all&(box|asked|contents|execute|will) != 0 || anyPrefix(r.toks[i+1].word, "apert", "assemble", "bollett", "fattur", "iscri", "riunion", "rat", "scadenz", "sedut", "selezion", "stagion") {
		return false
	}
	return s.all&(greet|thanks) != 0 || s.to-s.from <= 3 || r.holdsStem(s.from, i, "ved", "rived", "risent", "sent")
}

// sinceThen reports whether "dal" at i begins at a day with its year that is past, of what
// is so since then: "la nuova PEC è in Camera di Commercio dal 7 dicembre 2026".
func (r *reader) sinceThen(s *sentence, i int) bool {
	if i+1 >= s.to || r.m.Sent.IsZero() || r.within(s, i)&(asked|execute|will) != 0 {
		return false
	}
	day, n := dateAt(r.toks[i+1 : s.to])
	return n > 1 && day.Year != 9999 && day.Compare(r.set.Calendar.Date(r.m.Sent)) < 0
}

// everyWeek reports whether the day of the week at i is one on which people live their
// lives, week after week: "la domenica si va a messa".
func (r *reader) everyWeek(s *sentence, i int) bool {
	from, to := r.clause(s, i)
	if !among(r.word(s, i-1), "la", "il", "ogni") || r.classes(from, to)&(box|asked|contents|execute|will|confirm|needed) != 0 || r.verbless(s, i) {
		return false
	}
	for k := from; k < to; k++ {
		if r.tag(k)&(tagYouPlural|tagFuture|tagConditional) != 0 || k+1 < to && objectPronoun[r.toks[k].word] && r.presentAt(s, k+1) && !article[r.toks[k].word] {
			return false
		}
		if w := r.toks[k].word; among(w, "la", "lo", "l") && k+1 < to && k+1 != i && r.presentAt(s, k+1) || among(w, "meglio", "magari", "ancora") {
			return false
		}
	}
	return true
}

// goneToo reports whether "no" at i only denies of letters or bills what was said of
// something else before: "il lievito si raddoppia, la posta no".
func (r *reader) goneToo(s *sentence, i int) bool {
	from, _ := r.clause(s, i)
	if i-2 <= s.from || from <= s.from || from != i-2 || !article[r.word(s, i-2)] || !anyPrefix(r.word(s, i-1), "bollett", "fattur", "post", "scartoff") {
		return false
	}
	rest := r.sentence(i+1, s.to)
	return r.classes(s.from, from)&(box|asked|contents|execute|will) == 0 && r.hasVerb(s, s.from, from) && !r.holdsStem(s.from, from, "rinnov", "abbonament", "domini", "contratt") &&
		rest.all&(execute|will|revoking|box&^mailing) == 0 && !r.holdsStem(i+1, s.to, "rest", "ten", "serv", "vogl", "lasci")
}

// keepsCompany reports whether the relative named at i, or after it, is he with whom the
// writer lives or works: "lavoro con la srl insieme a mio cognato". Who decides or writes
// with him, or shares the mailbox, does not.
func (r *reader) keepsCompany(s *sentence, i int) bool {
	from, to := s.from, r.part(s, s.from)
	for to <= i && to < s.to {
		from, to = to, r.part(s, to)
	}
	if r.classes(from, to)&(box|asked|contents|execute|will|confirm) != 0 || r.holdsStem(from, to, joining...) || r.holds(from, to, anOther) || r.holds(from, to, unsettled) ||
		!r.hasVerb(s, from, to) {
		return false
	}
	with := r.toks[i].word == "insieme"
	for k := max(from, i-4); k < i; k++ {
		with = with || among(r.toks[k].word, "con", "insieme")
	}
	for k := i; k < to && k <= i+4; k++ {
		if r.toks[k].class&kin != 0 {
			return with
		}
	}
	return false
}

// joining are the verbs by which one has a part in the request.
var joining = stems("accord chied compil concord conten contitol decid decis divid firm gest invi mand parl sapp scriv ten titol")

// spokeWith reports whether the former relative named from i on only was one with whom,
// or for whom, something was in the past.
func (r *reader) spokeWith(s *sentence, i int) bool {
	if i+2 >= s.to || r.toks[i+2].class&kin == 0 || !r.told(s, i) || !(r.tag(s.from)&tagPast != 0 || r.before(s, i, 3, withWhom)) {
		return false
	}
	return r.within(s, i)&(box|asked|contents|execute|will) == 0 && !r.holdsStem(s.from, s.to, "access", "credenzial", "password", "ancora", "chies", "dett", "accord", "titolar", "intestat")
}

var withWhom = set("con dal dalla ai tempi della")

// byThis reports whether a piece only says by what the form is sent: "con questa mail".
func (r *reader) byThis(s *sentence) bool {
	if s.to-s.from > 4 || !among(r.toks[s.from].word, "con", "mediante", "tramite", "attraverso") {
		return false
	}
	for i := s.from + 1; i < s.to; i++ {
		if w := r.toks[i].word; !among(w, "questa", "questo", "la", "il", "presente", "mia", "mail", "email", "pec", "lettera", "messaggio", "comunicazione", "missiva", "nota") {
			return false
		}
	}
	return s.to-s.from > 2
}

// openedFor reports whether a sentence only tells, wholly in the past, what the mailbox
// was opened for: "la aprii ai tempi della separazione perché si parlava tra avvocati".
func (r *reader) openedFor(s *sentence) bool {
	verb := s.from + 1
	if r.word(s, verb) == "l" || r.word(s, s.from) == "l" && among(r.word(s, verb), "ho", "abbiamo", "avevo", "avevamo") {
		verb++
	}
	if s.attached || !among(r.toks[s.from].word, "la", "l") || !anyPrefix(r.word(s, verb), "apert", "aprii", "aprimmo", "attivai", "attivat", "feci", "registrai") || s.all&(execute|asked|will|contents) != 0 ||
		r.holdsStem(s.from, s.to, "titolar", "intestat", "usav", "gestiv", "segui", "serv", "sbagli") {
		return false
	}
	for from := s.from; from < s.to; {
		to := r.part(s, from)
		if r.hasVerb(s, from, to) && !r.toldIn(from, to) || r.holds(from, to, unsettled) {
			return false
		}
		from = to
	}
	return true
}

// fearsElse reports whether the fear at i is of something of the writer's life: "ho paura
// solo delle scale".
func (r *reader) fearsElse(s *sentence, i int) bool {
	k := i + 1 + count(onlyFew[r.word(s, i+1)])
	if k+1 >= s.to || !of[r.toks[k].word] || s.all&(box|asked|contents|execute|confirm|will) != 0 {
		return false
	}
	return r.toks[k+1].class&danger == 0 && r.tag(k+1)&tagInfinitive == 0 && r.toks[k].word != "di"
}

// doneItem reports whether a sentence is in a list of what has been done, each in the
// infinitive: "ho già provveduto a: - salvare i messaggi; - avvisare i clienti".
func (r *reader) doneItem(s *sentence) bool {
	first := s.from + count(r.toks[s.from].kind == number)
	participle := first < s.to && anyPrefix(r.toks[first].word, itemDone...)
	if first >= s.to || !infinitiveDone[r.toks[first].word] && !participle || s.all&(execute|will|asked|revoking|confirm) != 0 {
		return false
	}
	for i := first + 1; i < s.to; i++ {
		if w := r.toks[i].word; r.toks[i].lines > 0 && !infinitiveDone[w] && !(participle && anyPrefix(w, itemDone...)) {
			return false // "- attendere la vostra conferma"
		}
	}
	end := s.from - 1
	for ; end >= 0 && !(r.toks[end].after&colon != 0 && r.toks[end+1].lines > 0); end-- {
		if r.formal(end) || r.toks[end+1].lines > 1 {
			return false
		}
	}
	from := end
	for from > 0 && r.toks[from-1].after&stop == 0 && !r.formal(from-1) {
		from--
	}
	if participle {
		return end > 0 && r.toldIn(from, end+1) && r.holdsStem(from, end+1, "provvedut", "fatto", "sistemat") && !r.holds(from, end+1, onceDone) && !r.holds(from, end+1, unsettled) &&
			r.classes(from, end+1)&(asked|will) == 0 && !r.holdsStem(from, end+1, "chiud", "disattiv", "dopo", "prima", "manc")
	}
	return end > 0 && r.holds(from, end+1, already) && r.holdsStem(from, end+1, "provvedut", "pensat", "fatto")
}

// infinitiveDone are what people do before they close a mailbox, and already says that it
// is done.
var (
	itemDone       = stems("aggiornat archiviat avvertit avvisat comunicat copiat esportat informat salvat scaricat spostat stampat tolt")
	infinitiveDone = set("aggiornare archiviare avvertire avvisare comunicare copiare esportare informare inviare salvare scaricare stampare trasmettere")
	already        = set("gia")
)
