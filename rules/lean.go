package rules

import "strings"

// Words that are courtesy in one sentence and a request in another: each is
// harmless only beside the words that make it so.

// leans reports whether the word at i, courteous by itself, says something
// here; the name is the sign's, "" for words that only nobody understands.
func (r *reader) leans(i int) (name string, does bool) {
	t := &r.toks[i]
	switch t.word {
	case "conferma":
		return "condition", !r.near(i, 5, confirming) || r.near(i, 5, conditional)
	case "informazioni", "informazione":
		return signSecondRequest, !r.near(i, 2, offering)
	case "chiedo", "chiede", "chiediamo", "chiedere", "richiedo", "richiedere":
		return signSecondRequest, !r.asksTheSame(i)
	case "ricevuto", "ricevuta", "ricevute":
		return "", !r.near(i, 2, received) && !r.near(i, 3, thanking)
	case "assistenza":
		return signSecondRequest, i > 1 && r.toks[i-1].word == "di" && r.toks[i-2].word == "richiesta"
	case "confermare", "inviare", "comunicare", "firmare", "compilare", "completare", "verificare":
		return "condition", i > 0 && r.toks[i-1].word == "da"
	case "per", "p":
		return "third-person", r.onBehalf(i)
	case "richiesta", "domanda", "istanza":
		return "third-person", r.ofSomebody(i)
	case "casella":
		return signSecondMailbox, i+1 < len(r.toks) && r.roles[i+1] == roleLeft && r.toks[i+1].lines == 0 && r.unknownName(i+1)
	}
	return "", false
}

var (
	confirming  = set("attesa attendo attendiamo aspetto cortese gentile chiedo richiedo gradirei gradita inviare inviarmi inviarci ricevere prego preghiamo darmi dare resto restiamo avere")
	conditional = set("mia mio seguito dietro su segue previa chiamata")
	offering    = set("ulteriori ulteriore ogni qualsiasi qualunque eventuali eventuale altra altre maggiori per le queste")
	received    = set("assistenza istruzioni indicazioni collaborazione attenzione avvenuta conferma richieste")
	thanking    = set("grazie ringrazio ringraziando ringraziamo")
	sameThing   = set("procedere provvedere evadere evasione corso cortesemente gentilmente quanto sopra ricezione disattivazione disattivare annotare cortesia")
)

func set(words string) map[string]bool {
	m := map[string]bool{}
	for w := range strings.FieldsSeq(words) {
		m[w] = true
	}
	return m
}

// near reports whether one of the words stands within n tokens before i, in its sentence.
func (r *reader) near(i, n int, words map[string]bool) bool {
	for k := i - 1; k >= 0 && k >= i-n && r.toks[k].after&stop == 0; k-- {
		if words[r.toks[k].word] {
			return true
		}
	}
	return false
}

// asksTheSame reports whether the asking at i is for what the form asks.
func (r *reader) asksTheSame(i int) bool {
	for k := i + 1; k < len(r.toks) && k <= i+7; k++ {
		if r.roles[k] == roleForm || sameThing[r.toks[k].word] || r.ownWord(r.toks[k].word) {
			return true
		}
		if r.toks[k].after&stop != 0 {
			return false
		}
	}
	return i+1 < len(r.toks) && r.roles[i+1] == roleForm
}

// onBehalf reports whether "per" stands for somebody: "per il titolare", "p. Mario Rossi".
func (r *reader) onBehalf(i int) bool {
	if i+2 >= len(r.toks) || r.toks[i].kind != plainWord {
		return false
	}
	next, after := &r.toks[i+1], &r.toks[i+2]
	starts := i == 0 || r.toks[i].lines > 0
	if next.word == "il" || next.word == "la" || next.word == "lo" {
		return after.word == "titolare" || after.class&title != 0 || after.word == "cliente" || starts && after.capital && after.class == 0
	}
	return starts && (next.capital && next.class == 0 || r.names[next.word])
}

// ofSomebody reports whether a request is said to be somebody's: "la richiesta
// del Sig. Mario Rossi".
func (r *reader) ofSomebody(i int) bool {
	if i+2 >= len(r.toks) {
		return false
	}
	switch r.toks[i+1].word {
	case "del", "della", "dello", "di", "da", "dal", "dalla":
	default:
		return false
	}
	t := &r.toks[i+2]
	return r.roles[i+2] == roleLeft && (t.class&title != 0 || t.word == "titolare" || t.word == "cliente" || t.capital && !t.shout && t.class == 0 && !r.ownWord(t.word))
}

// unknownName reports whether the token at i is a capitalised word that is no name of the writer's.
func (r *reader) unknownName(i int) bool {
	t := &r.toks[i]
	return t.kind == plainWord && t.capital && t.class == 0 && !r.names[t.word] && !r.ownWord(t.word) &&
		!(len(t.word) > 2 && strings.Contains(r.sender, t.word))
}

// strangers notes the name of somebody else beside the form: two or three
// capitalised words nobody has spoken of, on a line that is no address, no
// firm's and no greeting.
func (r *reader) strangers() {
	if r.al.form == nil || len(r.names) == 0 {
		return
	}
	for i := 0; i < len(r.toks); {
		n := 0
		for i+n < len(r.toks) && r.roles[i+n] == roleCourtesy && (n == 0 || r.nextTo(i+n)) && r.unknownName(i+n) {
			n++
		}
		if (n == 2 || n == 3) && !r.innocent(i, n) {
			r.warn("third-person", i, i+n)
		}
		i += max(n, 1)
	}
}

// nextTo reports whether only a blank stands between token i and the one before.
func (r *reader) nextTo(i int) bool {
	return r.toks[i].lines == 0 && strings.TrimSpace(r.own.text[r.toks[i-1].end:r.toks[i].start]) == ""
}

// innocent reports whether the line of the tokens [i, i+n) is an address, a
// firm's, a date's or a greeting's; or whether they are a place after "da".
func (r *reader) innocent(i, n int) bool {
	from, to := i, i+n
	for from > 0 && r.toks[from].lines == 0 && r.roles[from-1] != roleForm && r.roles[from-1] != roleBlank {
		from--
	}
	for to < len(r.toks) && r.toks[to].lines == 0 && r.roles[to] != roleForm {
		to++
	}
	for k := from; k < to; k++ {
		t := &r.toks[k]
		if t.kind == number && allDigits(t.word) || t.kind == address || t.class&(contact|capacity) != 0 && t.class&weak == 0 && !plainTitles[t.word] || r.names[t.word] || salutation[t.word] || devices[t.word] {
			return true
		}
	}
	return false
}

var (
	salutation  = set("buongiorno buonasera salve ciao spett spettle spettabile egregi egregio gentile gentili gent attenzione saluti saluto cordialmente auguri mfg")
	plainTitles = set("segretario segreteria presidente titolare sede mail posta pec indirizzo recapito")
)
