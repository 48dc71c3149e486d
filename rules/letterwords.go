package rules

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"text/template"
	"text/template/parse"
)

// LetterNames are the letters a folder may hold under lettere/.
var LetterNames = []Word{
	{"accolta", "the request is accepted: what happens now"},
	{"respinta", "refused: the reason, its remedy, the form"},
	{"presa-in-carico", "received: a person will decide"},
	{"guida", "instructions; nothing is executed"},
	{"integrazione", "documents are asked for"},
	{"sollecito", "they are still missing"},
	{"duplicato", "the same request is open already"},
	{"revocata", "taken back, as asked"},
	{"revoca-tardiva", "too late to take it back"},
	{"risposta", "an operator's own answer"},
	{"contatti", "the outcome, to the new (ordinary) address"},
}

// LetterWords are the words that letters may use besides the blanks of their
// own procedure. Those marked "always" are never empty; the others are to be
// guarded: {{with .importo}}…{{.}}…{{end}}.
var LetterWords = []Word{
	{"protocollo", "always: protocol number, 2026-000123"},
	{"oggetto", "always: the customer's subject, on one line"},
	{"tipo", "always: what is asked for, after \"la richiesta di\""},
	{"titolo", "always: the procedure's title"},
	{"data", "always: day of receipt, \"lunedì 23 novembre 2026\""},
	{"ora", "always: hour of receipt in Italian time, \"10:22\""},
	{"ricevuta", "always: both, \"lunedì 23 novembre 2026, ore 10:22\""},
	{"oggi", "always: day of the letter"},
	{"data_esito", "always: day of the decision (of the letter, before one)"},
	{"termine", "always: the promise and how it is counted"},
	{"inizio_log", "always: the oldest day whose logs are still kept"},
	{"fine_ricevute", "always: until when receipts are kept after the closing"},
	{"data_cancellazione", "always: last day of the mailbox, if it is closed by this letter"},
	{"come_chiedere", "always: how to ask for it rightly, after \"così:\" (come-chiedere.txt)"},
	{"chiusura", "always: the common end of every letter"},
	{"gestore", "always: setting"},
	{"firma", "always: setting"},
	{"url_informativa", "always: setting"},
	{"url_assistenza", "always: setting"},
	{"url_pannello", "always: setting"},
	{"pannello_elimina", "always: setting"},
	{"pannello_rinnovo", "always: setting"},
	{"pannello_manuale", "always: setting"},
	{"pannello_password", "always: setting"},
	{"pannello_ricevute", "always: setting"},
	{"pannello_stato", "always: setting"},
	{"giorni_grazia", "always: setting"},
	{"casella_scaduta", "always: setting"},
	{"minuti_attivazione", "always: setting"},
	{"mesi_log", "always: setting"},
	{"giorni_documenti", "always: setting"},
	{"giorni_conservazione", "always: setting"},
	{"telefono", "setting"},
	{"orari", "setting"},

	{"casella", "the certified sender; empty for an ordinary writer"},
	{"indirizzo", "address of the request mailbox of the procedure"},
	{"modulo", "the exact text of the form, blanks as underscores"},
	{"oggetto_richiesto", "the subject that the procedure prescribes"},
	{"scadenza", "day by which the answer is due, while it is owed"},
	{"chiude", "not empty where the procedure closes the mailbox (a step `close`)"},
	{"accolta", "not empty when the outcome is favourable"},
	{"torna_attiva", "not empty where the mailbox could only be read, and is given back"},
	{"superata", "day of the acceptance that this letter takes back"},
	{"motivo", "why it is refused, a sentence (motivi/)"},
	{"istruzioni", "what to do instead (motivi/)"},
	{"motivo_operatore", "an operator's own words on the reason"},
	{"testo", "an operator's own answer"},
	{"campi", "the blanks left empty, \"titolare e numero d'ordine\""},
	{"documenti", "the documents asked for, one a line, \"- …\""},
	{"mancano", "the same in one line"},
	{"perche", "why they are needed"},
	{"scadenza_integrazione", "last day for them"},
	{"precedente", "protocol of the closed request this one follows"},
	{"giorni_lettura", "days of reading before the closing, in words"},
	{"ultimo_giorno_lettura", "last day of reading"},
	{"data_invio", "day of sending, from the signed daticert.xml"},
	{"data_ordine", "day of the order"},
	{"importo", "its amount, \"36,60 euro\""},
	{"ultimo_giorno", "last day for the withdrawal"},
	{"termine_passato", "not empty once that day has passed"},
	{"scadenza_casella", "day the mailbox expires"},
	{"stato_casella", "its state in words; only to the mailbox itself"},
	{"email", "the new e-mail address, masked"},
	{"cellulare", "the new mobile number, masked"},
	{"periodo_da", "first day of the logs asked for"},
	{"periodo_a", "last day of the logs asked for"},
	{"dove", "where the logs are found"},
	{"disponibile_fino", "until when"},
}

// blankWords are the letter words that a blank of a procedure fills.
var blankWords = set("casella cellulare email periodo_a periodo_da")

// parseTexts parses one text of a letter and reports every word it does not
// know; blanks are the words of its own procedure.
func parseTexts(path, text string, blanks []string) (*template.Template, error) {
	t, err := template.New(path).Option("missingkey=error").Parse(text)
	if err != nil {
		return nil, fmt.Errorf("%s — %s", strings.TrimPrefix(err.Error(), "template: "), templateRemedy(err.Error()))
	}
	w := wordCheck{path: path, text: text, blanks: blanks}
	for _, u := range t.Templates() {
		w.node(u.Root, false)
	}
	return t, w.problems.join()
}

// templateRemedy is what to do about what the template reader says.
func templateRemedy(text string) string {
	for _, r := range []struct{ when, do string }{
		{"unexpected EOF", "an {{if}} or {{with}} has no {{end}}"},
		{"unexpected {{end}}", "there is an {{end}} more than {{if}} and {{with}}"},
		{"unexpected {{else}}", "an {{else}} stands within {{if}} or {{with}}"},
		{"not defined", "there are no such functions: a word is printed as it is, {{.casella}}"},
	} {
		if strings.Contains(text, r.when) {
			return r.do
		}
	}
	return "write a word as {{.casella}}, with two brackets on each side"
}

// wordCheck walks a template: a word in a branch that the sample does not
// take is checked too.
type wordCheck struct {
	path, text string
	blanks     []string
	problems
}

// node walks n; inside reports whether the dot is no longer the letter's data.
func (w *wordCheck) node(n parse.Node, inside bool) {
	switch n := n.(type) {
	case *parse.ListNode:
		if n == nil {
			return
		}
		for _, c := range n.Nodes {
			w.node(c, inside)
		}
	case *parse.ActionNode:
		w.pipe(n.Pipe, inside)
	case *parse.IfNode:
		w.branch(&n.BranchNode, inside, inside)
	case *parse.WithNode:
		w.branch(&n.BranchNode, inside, true)
	case *parse.RangeNode:
		w.fail(n, "range", "letters have no lists: use the word as it is")
	case *parse.TemplateNode:
		w.fail(n, "template", "a letter is one file")
	}
}

func (w *wordCheck) branch(n *parse.BranchNode, inside, body bool) {
	w.pipe(n.Pipe, inside)
	w.node(n.List, body)
	w.node(n.ElseList, inside)
}

func (w *wordCheck) pipe(p *parse.PipeNode, inside bool) {
	if p == nil {
		return
	}
	for _, cmd := range p.Cmds {
		for _, arg := range cmd.Args {
			switch a := arg.(type) {
			case *parse.DotNode:
				if !inside {
					w.fail(a, "{{.}}", "outside {{with}} name the word, as in {{.casella}}")
				}
			case *parse.FieldNode:
				if inside {
					w.fail(a, a.String(), "inside {{with}} write $"+a.String())
					continue
				}
				w.word(a, a.Ident)
			case *parse.VariableNode:
				switch {
				case a.Ident[0] == "$" && len(a.Ident) > 1:
					w.word(a, a.Ident[1:])
				case a.Ident[0] == "$":
					w.fail(a, "{{$}}", "name the word, as in {{$.casella}}")
				}
			case *parse.PipeNode:
				w.pipe(a, inside)
			}
		}
	}
}

func (w *wordCheck) word(n parse.Node, ident []string) {
	name := strings.Join(ident, ".")
	if known(LetterWords, name) || slices.Contains(w.blanks, name) {
		return
	}
	all := slices.Clone(w.blanks)
	for _, word := range LetterWords {
		if !slices.Contains(w.blanks, word.Name) { // casella is both
			all = append(all, word.Name)
		}
	}
	w.add("%s: unknown letter variable {{.%s}} (one of: %s)", w.at(n), name, strings.Join(all, ", "))
}

func (w *wordCheck) fail(n parse.Node, what, remedy string) {
	w.add("%s: %s cannot be used here — %s", w.at(n), what, remedy)
}

func (w *wordCheck) at(n parse.Node) string {
	pos := min(int(n.Position()), len(w.text))
	return fmt.Sprintf("%s:%d", w.path, 1+strings.Count(w.text[:pos], "\n"))
}

// GivenWords are the words that a case itself seldom has: an operator gives
// them with his act, where the letter has a place for them.
var GivenWords = []string{"email", "cellulare", "periodo_da", "periodo_a", "dove", "disponibile_fino"}

// AsksFor are the words that these letters of the procedure have a place for,
// and that the case of the fields does not fill.
func (p *Procedure) AsksFor(fields map[string]string, letters ...string) (out []string) {
	for _, word := range GivenWords {
		place := regexp.MustCompile(`\.` + word + `\b`)
		for _, name := range letters {
			if t := p.Letters[name]; t != nil && fields[word] == "" && place.MatchString(t.Root.String()) {
				out = append(out, word)
				break
			}
		}
	}
	return out
}
