package rules

// What is told of the writer's days from a month or a feast on, and of what he retires
// with the mailbox.

// livesThen reports whether a sentence only tells where the writer lives or works from a
// month or a feast on: "da gennaio sono ad Aarhus per il dottorato". A stay that ends, or
// from which he goes on reading, is for a person.
func (r *reader) livesThen(s *sentence) bool {
	i := s.from
	if s.attached || s.to-i > 16 || !among(r.toks[i].word, "da", "dal", "dalla", "dallo", "a", "in") ||
		s.all&(box|asked|contents|execute|will|confirm|revoking|erasing|doubt|dispute|bank|negation|draft) != 0 || r.holdsStem(i, s.to, passingStays...) {
		return false
	}
	k := i + 1
	for ; k < s.to && k < i+5 && !firstPerson[r.toks[k].word]; k++ {
		if w := r.toks[k].word; !isMonth(w) && !seasons[w] && !feasts[w] && !anyPrefix(w, "prossim", "quest", "anno", "estate") && r.toks[k].kind != number {
			return false
		}
	}
	if k == i+1 || k+2 >= s.to || !firstPerson[r.toks[k].word] {
		return false
	}
	for n := k + 1; n < s.to; n++ {
		w := r.toks[n].word
		if unsettled[w] || supposing[w] || r.tag(n)&(tagYouPlural|tagConditional) != 0 || yours[w] || r.toks[n].after&question != 0 ||
			objectPronoun[w] && n+1 < s.to && r.presentAt(s, n+1) {
			return false
		}
	}
	next := r.toks[k+1].word
	if among(next, "a", "ad") && (r.toks[k+2].class&deferral != 0 || r.tag(k+2)&tagInfinitive != 0 && !anyPrefix(r.toks[k+2].word, "abit", "insegn", "lavor", "stare", "stud", "vivere")) {
		return false
	}
	return whereTo[next] || among(next, "piu", "sempre", "tutti", "gia") && whereTo[r.word(s, k+2)]
}

var (
	feasts      = set("natale pasqua ferragosto capodanno carnevale ognissanti epifania befana estate autunno inverno primavera")
	firstPerson = set("abitiamo abito andiamo andremo andro insegno lavorero lavoriamo lavoro saremo saro siamo sono stiamo sto studiamo studio vado viviamo vivo vivremo vivro")
	whereTo     = set("a ad al all alla con da dai dal dalla in nei nel nell nella presso su sul sulla")
	// passingStays begin what ends again, or leaves the office open.
	passingStays = stems("ann aspettativ attes caric concordat domicil feri giorn liquidazion malatti matern mes period provvis recapit reper settiman sospes stagion temporane trasfert vacanz")
)

// inTheAttic reports whether a sentence only says with which old things the mailbox is put
// away: "va in soffitta insieme al fax". What is named with it must be nothing of the desk's.
func (r *reader) inTheAttic(s *sentence) bool {
	at := -1
	for i := s.from; i < s.to; i++ {
		if r.toks[i].word == "insieme" {
			at = i
		}
	}
	if at < 0 || at+2 >= s.to || at+7 < s.to || s.all&(execute|asked|will|contents|confirm|deferral|revoking) != 0 || r.holds(s.from, s.to, denial) || r.holds(s.from, s.to, supposing) {
		return false
	}
	if r.classes(at, s.to)&(box|mailing|kin) != 0 || r.holdsStem(at+1, s.to, "abbonament", "account", "altr", "domin", "firma", "hosting", "second", "serviz", "sit", "spazi", "spid") {
		return false
	}
	return r.holdsStem(s.from, at, "archivi", "cantin", "cassett", "dimenticatoi", "museo", "pension", "soffitt", "solai", "scatol", "cestin")
}

// taughtElse reports whether "torno a" at i goes back to work, and to nothing of the
// mailbox: "torno a insegnare".
func (r *reader) taughtElse(s *sentence, i int) bool {
	if !among(r.toks[i].word, "torno", "torniamo", "tornero", "torneremo") || !among(r.word(s, i+1), "a", "ad") || i+2 >= s.to || s.to-s.from > 10 {
		return false
	}
	k := i + 2
	if w := r.toks[k].word; among(w, "fare", "essere") && k+1 < s.to && r.toks[k+1].after&comma == 0 {
		k++
	} else if r.tag(k)&tagInfinitive == 0 || !anyPrefix(w, "abit", "allev", "coltiv", "costru", "cucin", "dipin", "guid", "insegn", "navig", "pesc", "recit", "stud", "suon", "vivere", "zapp") {
		return false
	}
	return s.all&(box|asked|contents|execute|will|confirm|revoking|condition|doubt) == 0 && !r.holds(k, s.to, unsettled) && !isMonth(r.toks[s.to-1].word) && !r.holdsStem(s.from, s.to, "client", "titolar")
}

// spendsIt reports whether a sentence only says what the writer will do with the refund that
// his withdrawal brings: "il rimborso lo spenderò in libri".
func (r *reader) spendsIt(s *sentence) bool {
	if !r.ownWord("rimborso") || s.attached || s.to-s.from > 14 || s.all&(box|asked|contents|execute|will|bank|kin|revoking|doubt) != 0 {
		return false
	}
	spent := false
	for k := s.from; k < s.to; k++ {
		w := r.toks[k].word
		spent = spent || among(w, "spendero", "spenderemo", "spendo", "spendiamo", "investiro", "investiremo")
		if unsettled[w] || supposing[w] || denial[w] || anyPrefix(w, "vost", "rinnov", "spendere", "nuov") && !among(w, "spenderemo", "spendero") || r.tag(k)&tagYouPlural != 0 && !anyPrefix(w, "restituit", "rimborsat", "reso") {
			return false
		}
	}
	return spent && r.holdsStem(s.from, s.to, "in", "per", "al", "alla", "nel", "nella")
}

// domainTold reports whether the domain at i is only where another's mailbox is told to
// have been made: "ci hanno fatto una pec nel dominio".
func (r *reader) domainTold(s *sentence, i int) bool {
	if !among(r.word(s, i-1), "sul", "nel", "col") || !r.told(s, i) || s.all&(execute|asked|will) != 0 || r.holds(s.from, s.to, unsettled) {
		return false
	}
	from, _ := r.clause(s, i)
	for k := from; k+1 < i; k++ {
		if r.toks[k].word == "una" && r.toks[k+1].class&box != 0 {
			return r.holdsStem(from, k, "fatt", "montat", "mess", "apert", "attivat", "creat", "dat", "procurat") && r.holds(from, k, toMe)
		}
	}
	return false
}
