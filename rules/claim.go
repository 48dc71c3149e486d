package rules

import "strings"

// claimsBack reports whether a sentence says nothing but what the withdrawal itself
// brings: the renewal, its order or its invoice undone, and what was paid given
// back: "Vi prego di annullare il rinnovo e di stornare la fattura". It is one
// where every word is of such a claim, and the procedure pays back.
func (r *reader) claimsBack(s *sentence) bool {
	if !r.ownWord("rimborso") || s.attached || s.to-s.from < 2 {
		return false
	}
	undone, papers, figures, long, back := 0, 0, 0, 0, false
	for i := s.from; i < s.to; i++ {
		t := &r.toks[i]
		switch {
		case t.kind == number:
			long += count(len(t.word) > 3)
			if figures++; figures > 3 || long > 1 {
				return false
			}
		case t.kind != plainWord, t.after&question != 0:
			return false
		case anyPrefix(t.word, undoing...):
			if r.before(s, i, 6, denied) {
				return false
			}
			undone++
			back = back || strings.HasPrefix(t.word, "restitu")
			if !paidBack(t.word) && !r.undoes(s, i) {
				return false // "annullate questa"
			}
		case t.word == "nota" && r.word(s, i+1) == "di" && r.word(s, i+2) == "credito" && !r.before(s, i, 6, denied):
			undone++ // the law wants it of whom gives back (art. 26 DPR 633/1972)
		case strings.HasPrefix(t.word, "rinnov") && r.before(s, i, 7, denied):
			undone++
		case t.word == "fattura" || t.word == "ordine":
			papers++
		case t.class&box != 0 && !among(r.word(s, i-1), "della", "casella", "pec"), claiming[t.word] && !r.claimed(s, i):
			return false // "… ma voglio tenere la casella"
		case t.class&(thanks|greet|goodbye) != 0, claimWords[t.word], isMonth(t.word):
		default:
			return false
		}
	}
	return undone > 0 && papers < 2 && !(back && s.all&box != 0)
}

// claimed reports whether what is asked or wanted at i is what a withdrawal brings:
// the next thing named, or, where it is not wanted, the renewal.
func (r *reader) claimed(s *sentence, i int) bool {
	if r.before(s, i, 4, denied) {
		return true
	}
	for k := i + 1; k < s.to; k++ {
		w := r.toks[k].word
		if r.toks[k].class&(weak|civil) != 0 && w != "non" && !undoable[w] || besideClaim[w] {
			continue
		}
		return anyPrefix(w, undoing...) || among(w, "conferma", "importo", "indietro", "nota", "soldi", "somma") || denied[w]
	}
	return true
}

// claiming are words with which one asks, besideClaim what may stand between them
// and what is asked for.
var (
	claiming = set(`
		chiede chiediamo chiedo desideriamo desidero gradirei gradiremmo intendiamo intendo richiede richiediamo richiedo voglio volevamo volevo
		vorrei vorremmo`)
	besideClaim = set(`
		altresi anche avere aver contestualmente cortesemente dar dare effettuare emettere emettiate emissione eseguire essere fare gentilmente inoltre integrale intera intero mi
		pertanto poi procedere procediate provvedere provvediate quindi sia totale venga venisse vogliate`)
)

// paidBack reports whether a word of undoing needs no other: what is given back
// is what was paid.
func paidBack(w string) bool {
	return anyPrefix(w, "rimbors", "riaccredit", "accredit", "storn", "restitu", "ridar", "ridat", "riaver", "reced", "recess")
}

// undoes reports whether what the word at i undoes is the renewal, or its papers:
// what is named next, or before "venga annullato".
func (r *reader) undoes(s *sentence, i int) bool {
	if strings.HasPrefix(r.toks[i].word, "annullament") && r.refunds(s) && !r.holdsStem(i, min(s.to, i+4), "recess") {
		return true
	}
	for k := i + 1; k < s.to; k++ {
		if w := r.toks[k].word; r.toks[k].class&(weak|civil) == 0 && !among(w, "anche", "favore", "cortesia", "questo", "relativo", "relativa") {
			return undoable[w]
		}
	}
	return r.before(s, i, 5, undoable)
}

// undoing begin the words by which a renewal is undone, and paid back.
var undoing = stems("accredit annull disattiv disdett disdic disdir reced recess restitu riaccredit riaver ridar ridat rimbors rinunc storn")

// denied stand before a renewal that is not wanted.
var denied = set("non nessun senza")

// undoable is what a withdrawal undoes.
var undoable = set("abbonamento addebito canone contratto credito fattura importo ordine pagamento quota rinnovo servizio somma")

// claimWords are the other words of a claim.
var claimWords = set(`
	a abbiamo abbonamento addebitata addebitato addebito ai al alcun all alla altresi altri altro anche andra anticipatamente appena
	aspettero aspettiamo aspetto attendero attendiamo attendo attesa atto automaticamente automatico avanti avendo aver avere avevo avvenuta
	avvenuto avviso base canone carta casella che chiede chiediamo chiedo chiesto ci ciao cifra come completo con condizioni conferma
	confermarmi conseguente conseguentemente contestualmente contratto contrattuali corrispondente corrisposta corrisposto cortesemente
	cortesia credito d da dalla dare data de dei del dell della delle desideriamo desidero di diritto disposizioni domanda dovuta dovuto e
	ed effettuare effettuata effettuato emettere emettete emettiate emissione entro eseguire esercito essendo essere eur euro fare farete
	farmi fate favore fornite futuri gentilmente gg gia giorni gradirei gradiremmo grazie ho i il importo in indicata indicato indietro
	inoltre insomma integrale intendevamo intendevo intendiamo intendo intenzione intera interessata interessati interessato interessava
	intero l la le legge lo ma me medesima medesimo metodo mezzo mi mia mio modalita n nel nella nessun non norma normativa nostra nostro nr
	numero o originaria originario pagamento pagata pagato paypal pec per pero pertanto piacere piu potete potreste precedentemente
	pregandovi preghiamo prego prendere presa prese prevista previsto prima procedere procederete procedete procediate procedura provvedere
	provvederete provvedete provvediate quanto quindi quota recente relativa relativo restiamo resto richiede richiediamo richiedo ridarmi
	rimango rimaniamo rinnovo scusa scusate seguito servizio si sia societa soldi somma sono sottoscritta sottoscritto spetta spettano
	spettante stessa stesso su suddetta suddetto sul sulla sullo tacito tempi termini totale tramite tutto ulteriori un una usata usato
	utilizzata utilizzato ve venga venisse verra versata versato vi vogliate voglio volervi volevamo volevo vorrei vorremmo vostra vostro`)
