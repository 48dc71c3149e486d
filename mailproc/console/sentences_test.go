package console

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// sentenceLike is a string of package rules that is a sentence for a person.
var sentenceLike = regexp.MustCompile(`^(%s )?[A-Z][^:]* .*(\.|: |: a person .*|: this message .*)$`)

// Every sentence with which package rules explains a decision has its Italian:
// the sources are looked through, so that a new one is not forgotten.
func TestEverySentenceHasItsItalian(t *testing.T) {
	o := newOffice(t)
	f := &formatter{c: o.con, lang: "it", t: o.con.views["it"].words}
	n := 0
	for name, src := range sources(t, "../../rules/*.go") {
		switch filepath.Base(name) {
		case "load.go", "loadcheck.go", "procedurewords.go", "letterwords.go", "sample.go", "operator.go", "reason.go", "set.go", "layout.go":
			continue // they speak to who writes procedures, or to operators
		}
		ast.Inspect(src, func(node ast.Node) bool {
			if call, ok := node.(*ast.CallExpr); ok && fmt.Sprint(call.Fun) == "&{fmt Errorf}" {
				return false
			}
			lit, ok := node.(*ast.BasicLit)
			if !ok || lit.Kind != token.STRING {
				return true
			}
			text, err := strconv.Unquote(lit.Value)
			if err != nil || !sentenceLike.MatchString(text) {
				return true
			}
			n++
			for _, s := range filledIn(text) {
				if _, ok := f.italian(s); ok {
					return true
				}
			}
			t.Errorf("%s: sentences.txt has no Italian for %q", filepath.Base(name), text)
			return true
		})
	}
	if n < 70 {
		t.Errorf("only %d sentences were found: does the test still know them?", n)
	}
}

// What the desk's events and incidents say beside their codes has its Italian
// too: the texts of Detail, and those of what a person is told.
func TestEveryIncidentHasItsItalian(t *testing.T) {
	o := newOffice(t)
	f := &formatter{c: o.con, lang: "it", t: o.con.views["it"].words}
	n := 0
	for name, src := range sources(t, "../*.go", "../../rules/advance.go", "../../store/intake.go") {
		for _, text := range told(src) {
			n++
			if got, ok := f.italian(incident(text)); !ok || english.MatchString(got) {
				t.Errorf("%s: sentences.txt has no Italian for %q (%q): it reads %q", filepath.Base(name), text, incident(text), got)
			}
		}
	}
	if n < 30 {
		t.Errorf("only %d texts were found: does the test still know them?", n)
	}
	got, _ := f.italian("Case 2026-000123 must be answered by Tue 1 Dec 2026 23:59 CET: a working day is left.")
	if want := "Alla pratica 2026-000123 bisogna rispondere entro mar 1 dic 2026 23:59: resta un giorno lavorativo."; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

// What an operator is refused with has its Italian, wherever it is said; what
// only programs are told (log in, tokens, addresses) has not.
func TestEveryRefusalHasItsItalian(t *testing.T) {
	o := newOffice(t)
	f := &formatter{c: o.con, lang: "it", t: o.con.views["it"].words}
	n := 0
	for name, src := range sources(t, "../../rules/*.go", "../*.go", "act.go", "foureyes.go") {
		for _, text := range refusals(src) {
			n++
			if _, ok := f.italian(refusalLike(text)); !ok {
				t.Errorf("%s: sentences.txt has no Italian for %q (%q)", filepath.Base(name), text, refusalLike(text))
			}
		}
	}
	if n < 20 {
		t.Errorf("only %d refusals were found: does the test still know them?", n)
	}
	for en, it := range map[string]string{
		"case 2026-000001 is accepted (decided by the desk): approve is not possible now; possible: note, release": "La pratica 2026-000001 è «accolta» (decisa da: lo sportello): ora accogli non si può. Si può: annota, sblocca la lettera.",
		"message 7 is not parked but case": "Il messaggio 7 non è fra gli accantonati: è «in una pratica».",
		"message 7 is still signature_untrusted: no chain to the configured roots: certificate signed by unknown authority; The message proves no sender.": "Il messaggio 7 resta accantonato — firmata da chi non è un gestore fidato: nessuna catena porta alle radici configurate: certificato firmato da un'autorità sconosciuta; Il messaggio non prova nessun mittente.",
	} {
		if got, _ := f.italian(en); got != it {
			t.Errorf("%q reads\n%q, want\n%q", en, got, it)
		}
	}
}

// refusals are the texts with which a source refuses an act.
func refusals(src *ast.File) (out []string) {
	ast.Inspect(src, func(n ast.Node) bool {
		var why ast.Expr
		switch x := n.(type) {
		case *ast.CallExpr:
			if id, ok := x.Fun.(*ast.Ident); ok && id.Name == "refuse" {
				why = x.Args[0]
			}
		case *ast.KeyValueExpr:
			if key, ok := x.Key.(*ast.Ident); ok && key.Name == "Why" {
				why = x.Value
			}
		}
		if call, ok := why.(*ast.CallExpr); ok && len(call.Args) > 0 {
			why = call.Args[0] // of fmt.Sprintf
		}
		text := ""
		ast.Inspect(why1(why), func(n ast.Node) bool {
			if lit, ok := n.(*ast.BasicLit); ok && lit.Kind == token.STRING {
				if s, err := strconv.Unquote(lit.Value); err == nil {
					text += s
				}
			}
			return true
		})
		if text != "" {
			out = append(out, text)
		}
		return true
	})
	return out
}

// why1 is an expression that can be looked through, also where there is none.
func why1(e ast.Expr) ast.Node {
	if e == nil {
		return &ast.BadExpr{}
	}
	return e
}

// refusalLike is a format of refusals with examples at its verbs.
func refusalLike(format string) string {
	text := strings.NewReplacer("case %s", "case 2026-000123", "is %s (decided", "is accepted (decided", "possible: %s", "possible: note, reopen", "step %d, %s,", "step 2, close,",
		"its step %s", "its step close", "procedure %s", "procedure disattivazione", "(one of: %s)", "(one of: approve, reject)", "still %s", "still automatic", "but %s", "but case", "fetched (%s)", "fetched (oversized)",
		"unknown %s", "unknown state", "%d", "30", "%q", `"x"`).Replace(format)
	return strings.ReplaceAll(text, "%s", "qualcosa")
}

// Whatever was once said to an Italian reader stays in Italian: journal, cases
// and incidents keep the English of the day they were written, perhaps for ten
// years. testdata/said.txt names every sentence there ever was; -update adds
// the new ones, and no line is ever taken from it.
func TestNoSentenceIsForgotten(t *testing.T) {
	const file = "testdata/said.txt"
	raw, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	now := map[string]bool{}
	said := strings.Split(strings.TrimSpace(string(raw)), "\n")
	for line := range strings.SplitSeq(sentencesFile, "\n") {
		en, _, ok := strings.Cut(line, " = ")
		if !ok || strings.HasPrefix(line, "#") {
			continue
		}
		if now[en] = true; slices.Contains(said, en) {
			continue
		}
		if !*rewrite {
			t.Errorf("%s lacks %q (-update adds it)", file, en)
		}
		said = append(said, en)
	}
	for _, en := range said {
		if !now[en] {
			t.Errorf("sentences.txt has no Italian any more for %q, which an older journal may say: write it under \"Said by earlier versions\"", en)
		}
	}
	if *rewrite {
		if err := os.WriteFile(file, []byte(strings.Join(said, "\n")+"\n"), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// told are the texts in a source that become an incident's or an event's:
// those of raise, of the functions that make them, and those set as Detail.
func told(src *ast.File) (out []string) {
	texts := func(n ast.Node) {
		ast.Inspect(n, func(n ast.Node) bool {
			if lit, ok := n.(*ast.BasicLit); ok && lit.Kind == token.STRING {
				if s, err := strconv.Unquote(lit.Value); err == nil && strings.Contains(s, " ") {
					out = append(out, s)
				}
			}
			return true
		})
	}
	ast.Inspect(src, func(n ast.Node) bool {
		switch x := n.(type) {
		case *ast.CallExpr:
			if s, ok := x.Fun.(*ast.SelectorExpr); ok && (s.Sel.Name == "raise" || s.Sel.Name == "raiseIn") {
				texts(x)
			}
		case *ast.FuncDecl:
			if name := x.Name.Name; name == "incidentOf" || name == "taskWaits" || name == "noRoom" || name == "IndexTooOld" || name == "forbidden" {
				texts(x)
			}
		case *ast.KeyValueExpr:
			if key, ok := x.Key.(*ast.Ident); ok && key.Name == "Detail" {
				texts(x.Value)
			}
		case *ast.AssignStmt:
			for i, left := range x.Lhs {
				if s, ok := left.(*ast.SelectorExpr); ok && s.Sel.Name == "Detail" && i < len(x.Rhs) {
					texts(x.Rhs[i])
				}
			}
		}
		return true
	})
	return out
}

// incident is a format of told with examples at its verbs.
func incident(format string) string {
	text := strings.NewReplacer("Case %s", "Case 2026-000123", "case %s", "case 2026-000123", "Step %s", "Step close", "step %d %s", "step 2 close", "is %s,", "is accepted,",
		"again (%s)", "again (duplicate)", "person: %s (%s)", "person: letter_failed (letter 1 could not be delivered)", "due by %s", "due by Tue 1 Dec 2026 23:59 CET",
		"answered by %s", "answered by Tue 1 Dec 2026 23:59 CET", "passed on %s", "passed on Tue 1 Dec 2026 23:59 CET", "ends on %s", "ends on Tue 1 Dec 2026 23:59 CET", "ended on %s", "ended on Tue 1 Dec 2026 23:59 CET", "clock says %s", "clock says Tue 1 Dec 2026 23:59 CET", "entry of %s", "entry of Tue 8 Dec 2026 23:59 CET", "%d", "30").Replace(format)
	text = strings.NewReplacer("%s", "qualcosa", "%v", "timeout").Replace(text)
	if strings.HasSuffix(text, ": ") {
		text += "timeout"
	}
	if strings.HasPrefix(text, ":") {
		text = "UIDVALIDITY 1 became 2" + text
	}
	return text
}

// filledIn is a format with examples at its verbs; a %s may stand for a name,
// a protocol number or a date.
func filledIn(format string) (out []string) {
	for i, s := range []string{"disattivazione", "2026-000123", "2026-11-23", "first_purchase"} {
		quoted := []string{`"due \"parole\""`, `"first_purchase"`}[i/3]
		text := strings.NewReplacer("%.0f%%", "93%", "%q", quoted, "%d", "30").Replace(format)
		if rest, ok := strings.CutPrefix(text, "%s "); ok {
			text = "The subject is right, but the text is not the form. " + rest
		}
		if strings.HasSuffix(text, ": ") {
			text += "timeout"
		}
		first := strings.Replace(text, "%s", s, 1)
		out = append(out, strings.ReplaceAll(text, "%s", s), strings.ReplaceAll(first, "%s", "disattivazione"))
	}
	return out
}

// What the examples of every procedure are explained with is Italian, and has
// no code, quote of Go or placeholder left in it.
func TestExamplesAreExplainedInItalian(t *testing.T) {
	o := newOffice(t)
	f := &formatter{c: o.con, lang: "it", t: o.con.views["it"].words}
	left := regexp.MustCompile(`[{}]|\\"|_[a-z]|\b(the|is|a person)\b`)
	n := 0
	for _, p := range o.desk.set.Procedures {
		for _, x := range p.Examples {
			facts := x.Facts
			facts.Registry, facts.Ours = true, true
			for _, why := range o.desk.set.Decide(x.Message, o.desk.set.Read(x.Message), facts).Reasons {
				n++
				if got := f.why(why); got.Lang != "it" || left.MatchString(got.Text) {
					t.Errorf("%s: %q reads %q (%s)", x.File, why, got.Text, got.Lang)
				}
			}
		}
	}
	if n == 0 {
		t.Error("nothing was explained")
	}
	for en, it := range map[string]string{
		`The form is there, but beside it stands a sign of condition: "procedere solo a".`:                        "Il modulo c'è, ma accanto c'è una condizione: «procedere solo a».",
		`The subject is right, but the text is not the form. There is a sign of second-request: "e il rimborso".`: "L'oggetto è giusto, ma il testo non è il modulo. C'è una seconda richiesta: «e il rimborso».",
		`The subject is "Ciao \"tu\""; it must be "Disattivazione casella".`:                                      "L'oggetto è «Ciao \"tu\"»; dev'essere «Disattivazione casella».",
		"Sent on 2026-11-23, after 2026-10-08, the last of 30 days from the order of 2026-09-08.":                 "Inviata il 23/11/2026, dopo il 8/10/2026, l'ultimo dei 30 giorni dall'ordine del 8/9/2026.",
		"issued by CA di prova, judged at 2026-11-26T03:33:45+01:00":                                              "emesso da CA di prova, valutato con la data di gio 26 nov 2026 03:33",
		"2026-11-26T03:33:45+01:00": "gio 26 nov 2026 03:33",
		`The own text is the form, with differences that change nothing: "sottoscritta" for "sottoscritto", "la PEC" for "la casella PEC".`: "Il testo è il modulo, con differenze che non cambiano nulla: «sottoscritta» anziché «sottoscritto», «la PEC» anziché «la casella PEC».",
	} {
		if got := f.why(en); got.Text != it {
			t.Errorf("%q reads %q, want %q", en, got.Text, it)
		}
	}
	if got := f.why("Something new that nobody translated."); got.Lang != "en" {
		t.Errorf("an unknown sentence is said to be %s", got.Lang)
	}
	en := &formatter{c: o.con, lang: "en", t: o.con.views["en"].words}
	if got := en.why("Every check holds."); got != (Why{"Every check holds.", "en"}) {
		t.Errorf("in English: %+v", got)
	}
}

// Every sign of danger has its words, for it stands in those sentences.
func TestEverySignHasItsWords(t *testing.T) {
	o := newOffice(t)
	src, err := parser.ParseFile(token.NewFileSet(), "../../rules/sign.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	ast.Inspect(src, func(node ast.Node) bool {
		lit, ok := node.(*ast.BasicLit)
		if !ok || lit.Kind != token.STRING {
			return true
		}
		if name, err := strconv.Unquote(lit.Value); err == nil && signName.MatchString(name) {
			n++
			if key := "sign." + name; o.con.views["it"].words(key) == key {
				t.Errorf("words.txt has no words for the sign %q", name)
			}
		}
		return true
	})
	if n < 18 {
		t.Errorf("only %d signs were found: does the test still know them?", n)
	}
}

// signName is what a sign is called, unlike its list of words.
var signName = regexp.MustCompile(`^[a-z]+(-[a-z]+)*$`)
