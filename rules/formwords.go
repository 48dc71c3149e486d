package rules

import (
	"slices"
	"strings"
)

// People who retype a form by hand, or from memory, write others of its words.
// Where a word is not among these, a person compares the texts.

// leftOut are words of the forms that people leave out without changing what
// is said: the suffix of an account, the page's own phrases.
var leftOut = set("come euro numero")

// variants are words that mean the same to whoever fills a form: the person's
// gender, first person for third, the same word cut short, another verb for the
// same thing.
var variants = map[string][]string{
	"che":               {"ke"},
	"cui":               {"quale"},
	"e":                 {"sono", "risulta", "sia"},
	"lui":               {"lei", "me", "se", "noi"},
	"propria":           {"mia", "sua", "nostra"},
	"sottoscritto":      {"sottoscritta", "scrivente", "sottoscritti", "sottoscritte"},
	"titolare":          {"intestatario", "intestataria", "titolari", "tit"},
	"richiede":          {"richiedo", "chiede", "chiedo", "richiedono", "chiedono", "richiediamo", "chiediamo", "rich", "richiesta", "desidera", "desidero", "vuole", "voglio", "domanda"},
	"disattivazione":    {"disattivare", "chiusura", "cessazione", "cancellazione", "eliminazione", "dismissione"},
	"anticipata":        {"anticipatamente"},
	"stessa":            {"medesima", "stesso", "medesimo"},
	"casella":           {"indirizzo"},
	"dichiara":          {"dichiaro", "dichiarano", "dichiariamo", "comunica", "comunico", "comunichiamo"},
	"avvalendosi":       {"avvalendomi", "avvalendoci", "avvale", "avvalgo", "avvaliamo", "avvalersi", "avvalermi", "valendosi", "valendomi", "esercitando", "esercita", "esercito"},
	"aver":              {"avere", "voler", "volere", "intendere", "ha", "ho", "vuole", "voglio", "intende", "intendo"},
	"intenzione":        {"volonta", "interesse"},
	"utilizzare":        {"usare", "adoperare", "impiegare", "mantenere", "tenere", "conservare"},
	"rinnovata":         {"rinnovato", "rinnovatasi"},
	"non":               {"nn"},
	"ordine":            {"ord"},
	"pannello":          {"pann"},
	"consapevole":       {"consapevoli", "sapendo", "conscio", "conscia", "cosciente", "edotto", "edotta", "consapevolezza", "so", "sappiamo"},
	"verra":             {"sara", "viene"},
	"cancellata":        {"eliminata", "chiusa", "soppressa", "rimossa", "disattivata"},
	"ricezione":         {"ricevimento", "arrivo"},
	"indipendentemente": {"indipendente", "prescindendo"},
	"per":               {"x"},
	"assistenza":        {"assist", "ass"},
	"effettiva":         {"naturale", "reale"},
	"diritto":           {"facolta"},
}

// formTurns are turns of several words that mean the same.
var formTurns = turnsOf(map[string]string{
	"sottoscritto": "sotto scritto; sotto scritta; sott to; sott ta",
	"richiede": "fa richiesta; faccio richiesta; inoltra richiesta; inoltro richiesta; presenta richiesta; presento richiesta; " +
		"avanza richiesta; avanzo richiesta; formula richiesta; e a richiedere; sono a richiedere; siamo a richiedere; e a chiedere; sono a chiedere; " +
		"siamo a chiedere; desidera procedere; desidero procedere; vuole procedere; voglio procedere; " +
		"presenta domanda; presento domanda; fa domanda; faccio domanda; " +
		"chiede di procedere; chiedo di procedere; richiede di procedere; richiedo di procedere; " +
		"chiede di provvedere; chiedo di provvedere; richiede di provvedere; richiedo di provvedere",
	"disattivazione": "anticipata disattivazione; stessa venga disattivata; venga disattivata; stessa sia disattivata; sia disattivata",
	"anticipata":     "in anticipo; in via anticipata; prima della scadenza; prima della scadenza naturale; prima della sua scadenza; prima del termine; ante scadenza",
	"consapevole":    "a conoscenza; al corrente; preso atto; prendendo atto; prende atto; prendo atto",
	"rinnovata":      "stata rinnovata; e stata rinnovata; che e stata rinnovata; si e rinnovata; che si e rinnovata",
	"ricezione":      "quando ricevete; quando riceverete; quando avrete ricevuto; appena ricevete; appena riceverete; una volta ricevuta",
	"presente": "questa mia; questa mail; questa email; questa pec; questa lettera; questa comunicazione; questa richiesta; " +
		"questa dichiarazione; questo messaggio",
	"indipendentemente": "a prescindere; qualunque sia; quale che sia; qualsiasi sia",
	"avvalendosi": "in esercizio; nell esercizio; in virtu; in forza; facendo uso; ai sensi; intende avvalersi; intendo avvalermi; " +
		"volendo avvalersi; volendo avvalermi; intendendo avvalersi; vuole avvalersi; voglio avvalermi",
})

func turnsOf(lists map[string]string) map[string][][]string {
	turns := make(map[string][][]string, len(lists))
	for word, list := range lists {
		for turn := range strings.SplitSeq(list, ";") {
			turns[word] = append(turns[word], strings.Fields(turn))
		}
	}
	return turns
}

// is reports whether a text's word is the form's, or as good.
func (it *item) is(word string) bool {
	return it.word == word || slices.Contains(it.same, word)
}

// said is how many of the tokens say the item: 1 for its word or one as good, more
// for a turn, 0 when they say something else.
func (it *item) said(toks []token) int {
	if len(toks) == 0 {
		return 0
	}
	for _, turn := range it.turns {
		if toks[0].word == turn[0] && len(turn) <= len(toks) && runsSo(toks, turn) {
			return len(turn)
		}
	}
	return count(it.is(toks[0].word))
}

// runsSo reports whether the tokens begin with the words of a turn.
func runsSo(toks []token, turn []string) bool {
	for k, w := range turn {
		if toks[k].word != w {
			return false
		}
	}
	return true
}
