package console

import (
	"go/ast"
	"go/token"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// english is a word that no Italian sentence has.
var english = regexp.MustCompile(`\b(the|is|are|was|not|of|a person|then|names|for)\b`)

// Who signed is told in Italian also where the proof does not hold, and where
// a message cannot be opened: what package pec says of it has its Italian.
func TestEveryFindingOfTheProofHasItsItalian(t *testing.T) {
	o := newOffice(t)
	f := &formatter{c: o.con, lang: "it", t: o.con.views["it"].words}
	n := 0
	for name, src := range sources(t, "../pec/*.go") {
		switch filepath.Base(name) {
		case "index.go", "ldif.go", "xml.go": // they speak to who gives the index; the XML's own faults are for programmers
			continue
		}
		for _, text := range findings(src) {
			if text == "qualcosa, qualcosa" || strings.HasPrefix(text, "trust: ") || strings.HasPrefix(text, "roots: ") { // a name; errors of the configuration
				continue
			}
			n++
			got, ok := f.italian(text)
			if !ok || english.MatchString(got) {
				t.Errorf("%s: sentences.txt has no Italian for %q: it reads %q", filepath.Base(name), text, got)
			}
		}
	}
	if n < 80 {
		t.Errorf("only %d findings were found: does the test still know them?", n)
	}
}

// findings are the texts with which a source of package pec says what it found:
// those of its errors and failures, and those that a step gives when it holds.
func findings(src *ast.File) (out []string) {
	add := func(e ast.Expr) {
		if text := spoken(e); strings.Contains(text, " ") {
			out = append(out, text)
		}
	}
	ast.Inspect(src, func(n ast.Node) bool {
		switch x := n.(type) {
		case *ast.CallExpr:
			switch called(x.Fun) {
			case "invalid", "untrusted", "malformed", "New", "Errorf":
				if len(x.Args) > 0 {
					add(x.Args[len(x.Args)-1])
				}
			}
		case *ast.CompositeLit:
			if name := called(x.Type); (name == "cmsError" || name == "chainError") && len(x.Elts) == 2 {
				add(x.Elts[1])
			}
		case *ast.ReturnStmt:
			if len(x.Results) == 2 && called(x.Results[1]) == "nil" {
				add(x.Results[0])
			}
		}
		return true
	})
	return out
}

// called is the last name of an expression.
func called(e ast.Expr) string {
	switch x := e.(type) {
	case *ast.Ident:
		return x.Name
	case *ast.SelectorExpr:
		return x.Sel.Name
	}
	return ""
}

// spoken is a text that a source puts together, with an example at what it does
// not know; "" where it is none.
func spoken(e ast.Expr) string {
	switch x := e.(type) {
	case *ast.BasicLit:
		if text, err := strconv.Unquote(x.Value); err == nil && x.Kind == token.STRING {
			return text
		}
	case *ast.BinaryExpr:
		left, right := spoken(x.X), spoken(x.Y)
		if left == "" && right == "" {
			return ""
		}
		if left == "" {
			left = example(x.X)
		}
		if right == "" {
			right = example(x.Y)
		}
		return left + right
	}
	return ""
}

// example is what may stand where a source writes an instant, or another value.
func example(e ast.Expr) string {
	if call, ok := e.(*ast.CallExpr); ok && called(call.Fun) == "Format" {
		if called(call.Args[0]) == "RFC3339" {
			return "2026-11-26T03:33:45+01:00"
		}
		return "2026-11-26 03:33:45"
	}
	return "qualcosa"
}
