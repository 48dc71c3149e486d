package rules

import "strings"

// What no weights outweigh.

// grave reports whether the sign at i is one that seldom is told in passing: a turn
// that is marked so, an approval that is awaited, an office that has ended, an
// extension believed in, or a payment disputed at the bank that is to be paid back.
func (r *reader) grave(s *sentence, i int) bool {
	if r.negated(s, i) {
		return false
	}
	if p, _ := r.found(s, i); p != nil && p.grave {
		return true
	}
	switch w := r.toks[i].word; {
	case r.toks[i].class&kin != 0 && r.writtenBy(s, i):
		return true
	case isMonth(w) || seasons[w]:
		return r.toks[s.from].class&box != 0 && r.toks[s.from].after&colon != 0 // "Casella: chiusa a marzo"
	case r.asksBefore(s, i), r.misled(s, i) != "", strings.HasPrefix(w, "prorog"):
		return true
	case anyPrefix(w, dying...) && r.late(s, i) >= 0 && r.wasTheirs(s):
		return true
	case w == "attesa": // "visto del Segretario: IN ATTESA"
		return i-2 >= s.from && r.toks[i-2].after&colon != 0
	case w == "gia" || w == "ex":
		return anyPrefix(r.word(s, i+1), "amministrator", "president", "procurator", "rappresent")
	case anyPrefix(w, "contest", "disconosc", "chargeback"):
		return r.ownWord("rimborso") && r.holdsStem(s.from, s.to, "banc", "cart", "operazion", "addebit", "transazion", "paypal")
	case r.toks[i].kind == number:
		return r.figureToo(s, i)
	}
	return r.readsLater(s) || r.paysAnother(s) || r.sumAsked(s)
}

// writtenBy reports whether a short piece only says which relative, named at i, wrote the
// message: "scritto da mia figlia".
func (r *reader) writtenBy(s *sentence, i int) bool {
	return s.to-s.from < 7 && anyPrefix(r.toks[s.from].word, "scritt", "compilat", "firmat", "inviat", "mandat", "spedit", "redatt") && r.holdsStem(s.from+1, i, "da", "dal")
}

// sumAsked reports whether a sum is asked for, other than what the withdrawal gives back:
// "ho perso un lavoro, chiedo 500 euro".
func (r *reader) sumAsked(s *sentence) bool {
	if r.holdsStem(s.from, s.to, "rimbors", "storn", "restitu", "rinnov", "ridat", "ridar", "indietro") {
		return false
	}
	for i := s.from; i+2 < s.to; i++ {
		if !anyPrefix(r.toks[i].word, "chied", "pretend", "esig", "reclam", "vogl", "dovete", "dovreste", "aspett") || r.negated(s, i) {
			continue
		}
		n := i + 1
		if among(r.toks[n].word, "almeno", "altri", "minimo", "circa", "i", "gli") {
			n++
		}
		if n < s.to && r.toks[n].kind == number && (r.toks[n].after&glued != 0 || r.holdsStem(n+1, min(s.to, n+4), "euro", "eur")) {
			return true
		}
	}
	return false
}

// wasTheirs reports whether something is said to have been another's: "l'attività era sua".
func (r *reader) wasTheirs(s *sentence) bool {
	for k := s.from + 1; k < s.to; k++ {
		if among(r.toks[k].word, "sua", "suo", "sue", "suoi") && (r.is(k-1) || being[r.toks[k-1].word]) {
			return true
		}
	}
	return false
}

// readsLater reports whether the writer means to read what is in the mailbox another
// day: "le cose vecchie me le guardo con comodo nelle ferie di Natale".
func (r *reader) readsLater(s *sentence) bool {
	return r.holds(s.from, s.to, willRead) && s.all&deferral != 0 && (s.all&contents != 0 || r.holdsStem(s.from, s.to, "vecchi", "dentro"))
}

var willRead = set("guardo guardero guardiamo leggo leggero leggiamo recupero recuperero salvo salvero scarico scarichero scarichiamo sistemo sistemero")

// paysAnother reports whether what is given back, or its credit note, is to be a firm's
// that is not the writer's: "la nota di credito andrà fatta alla Zunino S.r.l.".
func (r *reader) paysAnother(s *sentence) bool {
	if !r.ownWord("rimborso") || !r.holdsStem(s.from, s.to, "credito", "fattur", "rimbors", "storn") || !r.holdsStem(s.from, s.to, "andra", "emess", "emett", "fatta", "intestat", "vanno") {
		return false
	}
	_, end := r.lineOf(s.to - 1)
	for i := s.from + 1; i < s.to; i++ {
		if t := &r.toks[i]; t.capital && t.class&weak == 0 && !legalForm[t.word] && !r.names[t.word] && isFirm(raw(r.own.text, r.toks, i, min(end, i+6))) {
			return true
		}
	}
	return false
}

// narrows reports whether what runs on from the form says of what it is meant: "della
// stessa dall'elenco INI-PEC", "cioè di quella vecchia", "nei giorni festivi", "per la
// società che amministravo".
func (r *reader) narrows(s *sentence) bool {
	next := func(n int, stems ...string) bool { return r.holdsStem(s.from+1, min(s.to, s.from+1+n), stems...) }
	switch w := r.toks[s.from].word; {
	case among(w, "cioe", "ossia", "ovvero", "ovverosia"):
		return true
	case fromWhere[w] && w != "da":
		return next(2, "elenc", "indice", "ini", "ipa", "inad", "registr", "list", "rubric", "telefon", "smartphon", "iphon", "cellular", "comput", "pc", "portatil", "dispositiv", "app", "tablet", "ipad")
	case among(w, "in", "nei", "nelle", "nel", "durante"):
		return next(3, "giorn", "mesi", "ore", "nott", "weekend", "festiv", "estat", "estiv", "invern", "orari", "pausa") && !r.holdsStem(s.from, s.to, "scors", "passat")
	case w == "ove", w == "dove":
		return next(1, "possibil")
	case w == "per":
		return s.from+2 < s.to && (article[r.toks[s.from+1].word] || r.toks[s.from+1].word == "l") && bodies[r.toks[s.from+2].word]
	}
	return false
}
