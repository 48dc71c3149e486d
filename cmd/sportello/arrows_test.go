package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// module is the prefix of our own import paths.
const module = "sportello"

// arrows say which of our packages each package may import. A package that is
// not here fails the test: it needs its place in the design first.
var arrows = map[string][]string{
	"cmd/sportello":        {"mailproc", "mailproc/console", "mailproc/mailbox", "mailproc/pec", "mailproc/pec/pectest", "mailproc/submit", "rules", "store", "templates"},
	"cmd/bench":            {"mailproc", "mailproc/mailbox", "mailproc/pec", "mailproc/pec/pectest", "mailproc/peers", "mailproc/submit", "rules", "store", "templates"},
	"mailproc":             {"store", "rules", "mailproc/mailbox", "mailproc/pec", "mailproc/submit"},
	"mailproc/console":     {"rules"},
	"store":                {"rules"},
	"rules":                {},
	"mailproc/mailbox":     {},
	"mailproc/pec":         {},
	"mailproc/submit":      {},
	"mailproc/pec/pectest": {"mailproc/pec"},
	"mailproc/peers":       {},
	"templates":            {},
}

// testArrows are what tests of any package may import besides: the provider
// for tests, the real servers, and the default procedures.
var testArrows = []string{"mailproc/pec/pectest", "mailproc/peers", "templates"}

// impure are what rules may not import outside its tests: it does no I/O,
// knows no clock and has no logger.
var impure = []string{"os", "io/ioutil", "log", "log/slog", "net", "net/http", "os/exec", "syscall", "crypto/rand", "math/rand", "math/rand/v2"}

// TestArrows reads the imports of every Go file of the module.
func TestArrows(t *testing.T) {
	seen := map[string]bool{}
	err := filepath.WalkDir("../..", func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && (d.Name() == "testdata" || strings.HasPrefix(d.Name(), ".") && name != "../.."):
			return fs.SkipDir
		case filepath.Ext(name) != ".go":
			return nil
		}
		rel, err := filepath.Rel("../..", name)
		if err != nil {
			return err
		}
		file := filepath.ToSlash(rel)
		seen[path.Dir(file)] = true
		parsed, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		for _, wrong := range wrongArrows(file, parsed) {
			t.Error(wrong)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for p := range arrows {
		if !seen[p] {
			t.Errorf("arrows name package %s, which does not exist", p)
		}
	}
}

// wrongArrows are what a file imports, or calls, that its package may not.
func wrongArrows(file string, parsed *ast.File) (wrong []string) {
	pkg, test := path.Dir(file), strings.HasSuffix(file, "_test.go")
	allowed, known := arrows[pkg]
	if !known {
		return []string{file + ": package " + pkg + " is not in arrows: give it a place in the design first"}
	}
	for _, spec := range parsed.Imports {
		imported, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			return append(wrong, file+": "+err.Error())
		}
		ours, isOurs := strings.CutPrefix(imported, module+"/")
		switch {
		case pkg == "rules" && !test && slices.Contains(impure, imported):
			wrong = append(wrong, file+": rules is pure and may not import "+imported)
		case !isOurs || ours == pkg && test: // an external test of its own package
		case slices.Contains(allowed, ours), test && slices.Contains(testArrows, ours):
		default:
			wrong = append(wrong, file+": "+pkg+" may not import "+ours)
		}
	}
	if pkg == "rules" && !test && asksTime(parsed) {
		wrong = append(wrong, file+": rules never asks for the time: it is an argument")
	}
	return wrong
}

// asksTime reports whether a file asks the machine's clock.
func asksTime(file *ast.File) (asks bool) {
	ast.Inspect(file, func(n ast.Node) bool {
		sel, ok := n.(*ast.SelectorExpr)
		if !ok {
			return true
		}
		x, ok := sel.X.(*ast.Ident)
		if ok && x.Name == "time" && slices.Contains([]string{"Now", "Since", "Until", "After", "NewTimer", "NewTicker", "AfterFunc", "Sleep"}, sel.Sel.Name) {
			asks = true
		}
		return true
	})
	return asks
}

// TestWrongArrows proves that the test above can fail.
func TestWrongArrows(t *testing.T) {
	for _, c := range []struct{ file, source, want string }{
		{"rules/a.go", `import "sportello/store"`, "rules/a.go: rules may not import store"},
		{"rules/a.go", `import "os"`, "rules/a.go: rules is pure and may not import os"},
		{"rules/a.go", `import "time"; var t = time.Now()`, "rules/a.go: rules never asks for the time: it is an argument"},
		{"rules/a_test.go", `import ("os"; "sportello/rules"; "sportello/templates")`, ""},
		{"mailproc/console/a.go", `import "sportello/mailproc"`, "mailproc/console/a.go: mailproc/console may not import mailproc"},
		{"mailproc/a.go", `import "sportello/mailproc/peers"`, "mailproc/a.go: mailproc may not import mailproc/peers"},
		{"mailproc/a_test.go", `import "sportello/mailproc/peers"`, ""},
		{"util/a.go", ``, "util/a.go: package util is not in arrows: give it a place in the design first"},
	} {
		parsed, err := parser.ParseFile(token.NewFileSet(), c.file, "package p; "+c.source, 0)
		if err != nil {
			t.Fatal(err)
		}
		if got := strings.Join(wrongArrows(c.file, parsed), "\n"); got != c.want {
			t.Errorf("%s with %s: got %q, want %q", c.file, c.source, got, c.want)
		}
	}
}
