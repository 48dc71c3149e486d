package rules

import "strings"

// phrase is a run of words, each place with its choices; it means something
// that its words alone do not.
type phrase struct {
	sign   string // "" for an idiom, which means nothing
	places [][]string
	except []string // words that must not follow
	grave  bool     // no weights outweigh it
}

// phrases are found by their first word; firstStems are those of them, with
// their *, that are stems.
var phrases, firstStems = func() (map[string][]*phrase, []string) {
	found, open := make(map[string][]*phrase, 600), []string(nil)
	for _, list := range turns {
		for line := range strings.SplitSeq(list.lines, "\n") {
			if line = strings.TrimSpace(line); line == "" {
				continue
			}
			p := newPhrase(list.sign, line)
			for _, w := range p.places[0] {
				if w[len(w)-1] == '*' && found[w] == nil {
					open = append(open, w)
				}
				found[w] = append(found[w], p)
			}
		}
	}
	return found, open
}()

// newPhrase reads a line of turns.go: "non vale|valeva la pena !di".
func newPhrase(sign, line string) *phrase {
	line, grave := strings.CutPrefix(line, "!! ")
	p := &phrase{sign: sign, grave: grave}
	for place := range strings.FieldsSeq(line) {
		if not, yes := strings.CutPrefix(place, "!"); yes {
			p.except = strings.Split(not, "|")
			continue
		}
		p.places = append(p.places, strings.Split(place, "|"))
	}
	return p
}

// turn is the phrase at token i, but for those that mean nothing where they stand.
func (r *reader) turn(s *sentence, i int) (sign string, n int) {
	sign, n = r.phrase(s, i)
	if n > 1 && sign != "" && r.idleTurn(s, i, n, sign) {
		sign = ""
	}
	return sign, n
}

// idleTurn reports whether the turn of k tokens at i means nothing where it stands,
// though it is one of the sign of that name elsewhere.
func (r *reader) idleTurn(s *sentence, i, k int, name string) bool {
	switch w := r.toks[i].word; {
	case name == signThirdPerson && i+k < s.to && r.names[r.toks[i+k].word]:
		return true // "a nome Conti", his own
	case name == signThirdPerson && anyPrefix(w, "qualcun") && r.othersWork(s, i):
		return true // "alla burocrazia pensa qualcun altro"
	case name == signThirdPerson && (w == "a" || w == "nome") && r.forBoard(s, i+k):
		return true // "a nome del nuovo consiglio direttivo"
	case name == signThirdPerson && k == 2 && r.toks[i+1].word == "ex" && r.told(s, i) && i+2 < s.to && r.toks[i+2].class == 0 &&
		r.within(s, i)&(box|asked|kin) == 0 && !r.holdsStem(s.from, s.to, "access", "credenzial", "password"):
		return true // "ho venduto l'officina a un mio ex operaio"
	case name == signThirdPerson && k == 2 && r.toks[i+1].word == "ex" && r.spokeWith(s, i):
		return true // "con il mio ex marito si parlava soltanto tra avvocati"
	case name == signThirdPerson && k == 2 && w == "per" && r.writesForOwnBody(s, i+k):
		return true // "vi scrivo per conto dell'associazione, di cui sono il presidente"
	case name == signSecondMailbox && k == 2 && i == s.from && anyPrefix(r.toks[i+1].word, "vero", "vera") && r.classes(max(0, i-6), i)&box == 0:
		return true // "faccio il postino. Quello vero!"
	case name == signSecondMailbox && w == "e" && r.renewedAlone(s, i+k):
		return true // "e quella vecchia si è rinnovata da sola"
	case name == signDispute && r.al.form == nil && k == 2 && w == "rinnovo":
		return true // one asks how to set it, and contests nothing
	case name == signDeferral && w == "dalla" && i > s.from+2 && r.ownTerm(i-1):
		return true // "entro trenta giorni dalla data dell'ordine"
	case name == signForward && w != "ricevo" && w != "riceviamo" && r.own.quoted != "" && r.holdsStem(i+k, min(s.to, i+k+2), "vostr", "vs"):
		return true // "vi rigiro la vostra conferma"
	case name == signForward && r.holdsStem(i+k, min(s.to, i+k+2), "compilat", "firmat"):
		return true // "vi giro il modulo compilato"
	case name == signNeeded && r.negated(s, i):
		return true // "non ho alcuna causa in corso"
	case name == signRevocation && strings.HasPrefix(w, "cambi") && r.negated(s, i):
		return true // "non ho cambiato idea"
	case name == signDispute && (w == "uno" || w == "una") && k == 2 && i > s.from && of[r.toks[i+1].word] && (r.presentAt(s, i-1) || r.tag(i-1)&tagInfinitive != 0):
		return true // "sono uno di quelli", "ne basta una della società"
	case name == signSecondMailbox && k == 3 && r.toks[i+2].word == "quello" && (w == "e" && !r.is(i) || w == "era" && i > s.from && r.toks[i-1].class&box != 0):
		return true // "la PEC era per quello", "e per quello che la uso"
	case name == signSecondMailbox && k == 3 && (r.toks[i+2].word == "un" || r.toks[i+2].word == "una") && i+3 < s.to &&
		r.within(s, i)&(box|mailing) == 0 && !anyPrefix(r.toks[i+3].word, "altr", "second", "nuov", "divers"):
		return true // "vi scrivo da una sala d'attesa"
	case name == signSecondRequest && k == 2 && strings.HasPrefix(w, "stess") && r.told(s, i) && s.all&(asked|execute|will) == 0:
		return true // "una collega ha fatto la stessa cosa"
	case name == signCondition && r.toks[i+k-1].word == "che" && r.holdsStem(i, i+k, "bast") && s.all&box == 0 && r.onlyDone(s, i+k):
		return true // "mi basta che la chiudiate"
	case name == signDispute && k > 3 && r.toks[i+2].word == "detto" && r.holdsStem(s.from, s.to, "vostr", "assistenz", "supporto", "centralin", "call", "operator", "ticket"):
		return true // "all'assistenza mi hanno detto di scrivere questo"
	case name == signDeferral && w == "per" && k == 2 && r.ownLife(s, i+1):
		return true // "per ora faccio la mamma"
	case name == signThirdPerson && k == 2 && r.toks[i+1].word == "io" && r.saysOwn(s):
		return true // "vi scrivo io perché la casella è mia"
	case name == signThirdPerson && w == "conto" && anyPrefix(r.word(s, i-1), "trasport", "lavorazion", "produzion", "autotrasport"):
		return true // a trade
	case name == signNeeded && w == "dentro" && r.after(s, i+1, 3, onlyFew) && r.holdsStem(i, s.to, "vostr", "pubblicit", "spam"):
		return true // "dentro ci sono solo tre messaggi vostri"
	case name == signNeeded && (w == "fa" || w == "fanno") && r.holdsStem(s.from, i, "euro", "sold"):
		return true // "anche otto euro fanno comodo"
	}
	return false
}

// othersWork reports whether what somebody else does, at i, is the writer's former trade
// or its paperwork, in a sentence that touches nothing of ours.
func (r *reader) othersWork(s *sentence, i int) bool {
	from, to := r.clause(s, i)
	for from > s.from && r.verbless(s, from) {
		from, _ = r.clause(s, from-1)
	}
	return r.classes(from, to)&(box|asked|contents&^topic|execute|kin|will) == 0 && r.classes(s.from, s.to)&(box|asked|execute) == 0 &&
		r.holdsStem(from, to, "amministrazion", "appuntament", "bar", "bilanc", "burocraz", "camion", "cavill", "contabil", "cucin", "fattur", "grattacap", "negozi", "nott", "officin", "pane", "pratich", "scartoff", "stipend", "tass", "turn")
}

// onlyDone reports whether what is enough, from k on, is that it be done as the
// form asks.
func (r *reader) onlyDone(s *sentence, k int) bool {
	for n := k; n < s.to && n < k+3 && r.toks[n].after&comma == 0; n++ {
		if t := &r.toks[n]; t.class&execute != 0 && (n == k || objectPronoun[r.toks[n-1].word] || r.toks[n-1].word == "sia") {
			return true
		}
	}
	return false
}

// saysOwn reports whether the writer says that the mailbox is his.
func (r *reader) saysOwn(s *sentence) bool {
	for k := s.from + 1; k < s.to; k++ {
		if w := r.toks[k].word; (w == "mia" || w == "mio") && r.is(k-1) && s.all&box != 0 || w == "titolare" && r.before(s, k, 2, am) {
			return true
		}
	}
	return false
}

// renewedAlone reports whether the old mailbox, named before i, is this one: it
// renewed itself, and the writer has taken a new one.
func (r *reader) renewedAlone(s *sentence, i int) bool {
	if i+2 >= s.to || !anyPrefix(r.toks[i-1].word, "vecchi", "precedent") || r.toks[i].word != "si" || !r.is(i+1) || !anyPrefix(r.toks[i+2].word, "rinnovat") {
		return false
	}
	return r.told(s, s.from) && r.holdsStem(s.from, i-2, "nuov", "altr") && !r.holdsStem(s.from, s.to, "quest") &&
		(i+3 == s.to || anyPrefix(r.toks[i+3].word, "automatic") && i+4 == s.to || r.word(s, i+3) == "da" && i+5 == s.to)
}

// phrase is the sign of the longest phrase at token i of the sentence, and how many tokens it takes.
func (r *reader) phrase(s *sentence, i int) (sign string, n int) {
	p, n := r.found(s, i)
	if p == nil {
		return "", 0
	}
	return p.sign, n
}

// found is the longest phrase at token i of the sentence, and how many tokens it takes.
func (r *reader) found(s *sentence, i int) (p *phrase, n int) {
	toks := r.toks[i:s.to]
	p, n = longest(phrases[toks[0].word], toks)
	for _, stem := range firstStems {
		if strings.HasPrefix(toks[0].word, stem[:len(stem)-1]) {
			if other, more := longest(phrases[stem], toks); more > n {
				p, n = other, more
			}
		}
	}
	return p, n
}

// longest is the phrase of the list that takes the most tokens from the first on.
func longest(list []*phrase, toks []token) (found *phrase, n int) {
	for _, p := range list {
		if len(p.places) <= n || len(p.places) > len(toks) {
			continue
		}
		if k := p.at(toks); k > n {
			found, n = p, k
		}
	}
	return found, n
}

// at reports how many tokens the phrase takes at the first, 0 when it is not
// there. An adverb may stand within: "a titolo puramente informativo".
func (p *phrase) at(toks []token) int {
	n := 0
	for i, place := range p.places {
		if i > 0 && n+1 < len(toks) && strings.HasSuffix(toks[n].word, "mente") && !oneWord(toks[n].word, place) {
			n++
		}
		if n == len(toks) || !oneWord(toks[n].word, place) {
			return 0
		}
		n++
	}
	if len(p.except) > 0 && n < len(toks) && oneWord(toks[n].word, p.except) {
		return 0
	}
	return n
}

func oneWord(w string, choices []string) bool {
	for _, c := range choices {
		if c == w || len(c) > 1 && c[len(c)-1] == '*' && strings.HasPrefix(w, c[:len(c)-1]) {
			return true
		}
	}
	return false
}
