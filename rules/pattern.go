package rules

// Courtesies of several words that people vary: each pattern is a chain of
// choices, so that a list of verbs and one of nouns do for all their pairs.
// A pattern only takes words that together change nothing; what stands beside
// it is judged on its own, so a condition or another mailbox stays a sign.

// choice is one place of a pattern: any of its phrases, none where it may be left out.
type choice struct {
	phrases  []string
	optional bool
	words    [][]string
}

type pattern []choice

func of(phrases ...string) choice    { return choice{phrases: phrases} }
func maybe(phrases ...string) choice { return choice{phrases: phrases, optional: true} }

var patterns = func() map[string][]pattern {
	m := map[string][]pattern{}
	for _, p := range courtesyPatterns {
		for i := range p {
			for _, s := range p[i].phrases {
				p[i].words = append(p[i].words, foldWords(s))
			}
		}
		for _, words := range p[0].words {
			m[words[0]] = append(m[words[0]], p)
		}
	}
	return m
}()

// courtesyPatterns begin with a place that is never left out.
var courtesyPatterns = []pattern{
	// Whom to ring up if need be. "Prima di procedere" is none of the occasions.
	{
		of("per"),
		of("qualsiasi", "qualunque", "ogni", "eventuali", "ulteriori", "qualsiasi altra", "ogni altra", "ogni eventuale", "ogni ulteriore", "qualsiasi ulteriore"),
		of("comunicazione", "comunicazioni", "chiarimento", "chiarimenti", "necessita", "informazione", "informazioni", "dubbio", "dubbi", "evenienza",
			"esigenza", "esigenze", "delucidazione", "delucidazioni", "problema", "problemi", "bisogno", "cosa"),
		maybe("e comunicazione", "o comunicazione", "o informazione", "o chiarimento", "o necessita"),
		of("potete contattarmi", "potete contattarci", "potete chiamarmi", "potete chiamarci", "mi potete contattare", "ci potete contattare", "puo contattarmi",
			"puo contattarci", "contattatemi", "contattateci", "sono raggiungibile", "siamo raggiungibili", "sono reperibile", "siamo reperibili", "sono contattabile",
			"resto reperibile", "mi trovate", "mi trova", "ci trovate", "il mio numero e", "il mio recapito e", "il mio cellulare e", "lascio il mio numero",
			"lascio il mio recapito", "indico il mio numero", "resto a disposizione", "restiamo a disposizione", "rimango a disposizione", "rimaniamo a disposizione"),
		maybe("al numero", "al cellulare", "al telefono", "allo", "al", "telefonicamente al", "telefonicamente", "ai numeri", "ai recapiti"),
		maybe("di telefono", "telefonico", "sotto indicato", "sottoindicato", "in calce"),
	},
	// Wishes of good health.
	{of("spero", "speriamo", "confido", "spero sinceramente"), maybe("che"), of("stiate", "stia", "state", "siate", "questa mail vi trovi", "la presente vi trovi", "vada"), maybe("tutti", "tutto"), of("bene")},
	{of("spero", "speriamo"), maybe("che"), of("la presente", "questa", "questo", "cosi", "quanto sopra", "quanto inviato"), maybe("comunicazione", "modulo"), of("sia sufficiente", "vada bene", "basti")},
	// Where the text was found.
	{
		of("istruzioni", "indicazioni", "modello", "modulo", "testo", "procedura", "esempio", "formula", "dicitura", "guida", "fac simile", "facsimile"),
		maybe("da voi"),
		of("trovate", "trovato", "trovata", "trovati", "reperito", "reperita", "reperite", "presente", "presenti", "letto", "letta", "lette", "scaricato", "scaricata", "visto", "vista", "viste"),
		of("sul", "nel", "dal", "nella", "sulla"), maybe("vostro", "vostra"), of("sito", "portale", "sito web", "pagina", "pagina web", "pagina di assistenza", "guida"),
	},
	// How the writer came to write: what he noticed follows, and is judged.
	{of("mi sono", "ci siamo"), of("accorto", "accorta", "accorti", "reso conto", "resa conto", "resi conto")},
	// The activity is over: in the past tense only.
	{of("ho", "abbiamo", "avendo", "aver", "per aver"), of("cessato", "chiuso", "concluso"), maybe("definitivamente"), of("l attivita", "ogni attivita", "la mia attivita", "la nostra attivita", "la partita iva"), maybe("professionale", "lavorativa", "commerciale", "d impresa")},
	{of("per", "causa", "a causa di", "a seguito di", "in seguito a", "stante la", "vista la"), maybe("avvenuta", "intervenuta"), of("cessata", "cessazione", "cessazione dell", "cessazione della", "chiusura", "chiusura dell", "chiusura della"), of("attivita", "mia attivita", "partita iva"), maybe("professionale", "lavorativa", "commerciale")},
	{of("sono", "essendo", "siamo"), maybe("ormai"), of("andato", "andata", "andati", "in"), maybe("in"), of("pensione")},
	// It is of no use any more.
	{of("non"), maybe("la", "mi", "ci", "viene", "e", "si", "me ne", "ne"), of("uso", "usiamo", "usa", "utilizzo", "utilizziamo", "utilizza", "utilizzata", "usata", "adopero", "serve", "occorre", "necessaria", "necessario", "utile"), of("piu", "piu da tempo", "piu da anni", "piu da mesi", "da tempo", "da anni", "da mesi", "da molto tempo", "da diverso tempo", "da diversi anni", "da tanto tempo")},
	{of("in quanto", "perche", "poiche", "dato che", "visto che", "dal momento che", "essendo"), maybe("e", "risulta", "la casella e", "la casella risulta", "la stessa e", "la stessa risulta"), maybe("ormai"), of("inutilizzata", "non utilizzata", "non usata", "non piu utilizzata", "non piu usata", "in disuso", "inutilizzata da tempo", "inutilizzata da anni")},
	// As the provider's own page says.
	{of("previsto", "prevista", "previste", "previsti", "indicato", "indicata", "descritto", "descritta", "richiesto", "richiesta", "riportato"), of("dalla", "nella", "dal", "nel", "sulla", "sul"), maybe("vostra", "vostro"), of("procedura", "guida", "pagina", "regolamento", "contratto", "condizioni", "documentazione")},
	{of("colloquio", "contatto", "colloqui", "accordi"), of("telefonico", "telefonici"), maybe("di", "del", "intercorso", "intercorsi", "avuto"), maybe("stamattina", "stamani", "ieri", "oggi", "questa mattina", "poco fa", "giorno")},
	// Out of the profession: the present tense with a negation says the same.
	{of("non"), of("esercito", "esercitiamo", "svolgo", "svolgiamo"), of("piu"), of("la professione", "l attivita", "la libera professione", "alcuna attivita", "alcuna professione", "la mia attivita", "nessuna attivita", "la professione di")},
	// The printer's conscience.
	{of("non"), of("stampare", "stampate", "stampi"), maybe("questa", "questo", "la presente"), of("mail", "email", "e mail", "messaggio"), maybe("se non", "a meno che non"), maybe("e", "sia"), maybe("strettamente", "davvero"), maybe("necessario", "indispensabile")},
	{of("recesso"), of("immediato", "con effetto immediato")},
}

// patterned is how many tokens from toks[0] are a varied courtesy, 0 when none is.
func patterned(toks []token) int {
	best := 0
	for _, p := range patterns[toks[0].word] {
		best = max(best, p.match(toks))
	}
	return best
}

// match takes the longest phrase in each place; a sentence's end breaks a pattern.
func (p pattern) match(toks []token) int {
	at := 0
	for i := range p {
		n := 0
		for _, words := range p[i].words {
			if len(words) > n && len(words) <= len(toks)-at && begins(toks[at:], words) {
				n = len(words)
			}
		}
		if n == 0 && !p[i].optional {
			return 0
		}
		at += n
		if n > 0 && i+1 < len(p) && toks[at-1].after&(stop|question) != 0 {
			if p.over(i + 1) {
				return at
			}
			return 0
		}
	}
	return at
}

// over reports whether all the places from i may be left out.
func (p pattern) over(i int) bool {
	for _, c := range p[i:] {
		if !c.optional {
			return false
		}
	}
	return true
}
