package console

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"sportello/rules"
)

// Every key that a page uses is in the catalogue, in both languages, and its
// verbs are the same in both.
func TestWords(t *testing.T) {
	w, err := loadWords()
	if err != nil {
		t.Fatal(err)
	}
	verb := regexp.MustCompile(`%[ds]`)
	for key, text := range w {
		if it, en := verb.FindAllString(text[0], -1), verb.FindAllString(text[1], -1); strings.Join(it, "") != strings.Join(en, "") {
			t.Errorf("%s: %q and %q take different values", key, text[0], text[1])
		}
	}
	used := regexp.MustCompile(`\bt "([a-z][a-z0-9.-]+)"`)
	err = fs.WalkDir(pages, "pages", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		raw, err := pages.ReadFile(path)
		for _, m := range used.FindAllStringSubmatch(string(raw), -1) {
			if _, ok := w[m[1]]; !ok {
				t.Errorf("%s uses %q, which words.txt does not have", path, m[1])
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// Every code that package rules can give has its word.
func TestWordsOfCodes(t *testing.T) {
	w, err := loadWords()
	if err != nil {
		t.Fatal(err)
	}
	want := func(kind, code string) {
		if _, ok := w[kind+"."+code]; !ok {
			t.Errorf("words.txt has no %s.%s", kind, code)
		}
	}
	for _, r := range rules.AllReasons {
		want("reason", string(r))
	}
	for _, s := range rules.States {
		want("state", string(s))
	}
	for _, v := range rules.Verbs {
		want("verb", v)
		want("verb-what", v)
		want("verb-do", v)
		want("done", v)
	}
	for _, r := range Roles {
		want("role", string(r))
		want("role-what", string(r))
	}
	for kind, list := range map[string][]rules.Word{"blank": rules.BlankKinds, "must": rules.Musts, "check": rules.CheckWords, "step": rules.StepWords, "decide": rules.DecideWords, "letter": rules.LetterNames} {
		for _, x := range list {
			want(kind, x.Name)
		}
	}
	for typ, kind := range map[string]string{"EventKind": "event", "LetterState": "letter-state", "StepState": "step-state", "Outcome": "outcome", "MessageKind": "kind"} {
		for _, code := range constants(t, typ) {
			want(kind, code)
		}
	}
}

// constants are the values of a type's constants in package rules, read from
// its source: a new one without its word fails here.
func constants(t *testing.T, typ string) (out []string) {
	t.Helper()
	fset := token.NewFileSet()
	for _, name := range []string{"event.go", "case.go", "decision.go", "message.go"} {
		f, err := parser.ParseFile(fset, "../../rules/"+name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(f, func(n ast.Node) bool {
			v, ok := n.(*ast.ValueSpec)
			if !ok || len(v.Values) != 1 {
				return true
			}
			if id, ok := v.Type.(*ast.Ident); ok && id.Name == typ {
				if lit, ok := v.Values[0].(*ast.BasicLit); ok {
					s, err := strconv.Unquote(lit.Value)
					if err != nil {
						t.Fatal(err)
					}
					out = append(out, s)
				}
			}
			return true
		})
	}
	if len(out) == 0 {
		t.Fatalf("no constants of %s were found", typ)
	}
	return out
}

// The pages are parsed when the first is shown; here all are.
func TestPagesParse(t *testing.T) {
	c := &Console{}
	for _, lang := range Languages {
		all, err := parsePages(c.funcs(lang, func(key string, _ ...any) string { return key }))
		if err != nil || all["queue"] == nil || all["case"] == nil {
			t.Errorf("%s: %d pages, %v", lang, len(all), err)
		}
	}
}

// A step put on the calendar is not to be done by that day, but not before it;
// a promise that was kept late does not read as a term still to come; and the
// journal, the customers' registry and the technical log are not one word.
func TestWordsThatMisled(t *testing.T) {
	o := newOffice(t)
	f := &formatter{c: o.con, lang: "it", t: o.con.views["it"].words}
	at := time.Date(2026, 12, 2, 0, 0, 0, 0, rome())
	for kind, want := range map[rules.EventKind]string{
		rules.StepScheduled:  "lo sportello – programma «chiusura della casella», non prima di mer 2 dic 2026 00:00",
		rules.Asked:          "lo sportello – documenti richiesti, entro mer 2 dic 2026 00:00",
		rules.LetterHeld:     "lo sportello – trattiene la lettera 1, fino a mer 2 dic 2026 00:00",
		rules.LetterDeferred: "lo sportello – rimanda l'invio della lettera 1, non prima di mer 2 dic 2026 00:00",
	} {
		e := &rules.Event{Kind: kind, Until: &at}
		switch kind {
		case rules.StepScheduled:
			e.Step = &rules.StepRef{N: 2, Do: "close"}
		case rules.LetterHeld, rules.LetterDeferred:
			e.Letter = &rules.LetterRef{N: 1}
		}
		if got := f.event(e); got != want {
			t.Errorf("%s reads %q, want %q", kind, got, want)
		}
	}
	o.desk.fill(t)
	v := o.visit("vera")
	v.get("/cases/"+o.reviewOf("mario.rossi").ID).want(t, http.StatusOK, "<b>risposta nei termini</b> <small>(termine: <time")
	words, err := loadWords()
	if err != nil {
		t.Fatal(err)
	}
	all := sentencesFile
	for _, text := range words {
		all += "\n" + text[0]
	}
	for _, m := range regexp.MustCompile(`(?i).*\bregistro\b.*`).FindAllString(all, -1) {
		if !strings.Contains(m, "registro dei clienti") {
			t.Errorf("which one? %q", m)
		}
	}
}
