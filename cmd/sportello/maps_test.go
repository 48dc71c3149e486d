package main

import (
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// mapped are the packages of so many files that nobody finds his way in them
// without a map, which their doc.go is.
var mapped = []string{"cmd/sportello", "mailproc", "mailproc/console", "mailproc/mailbox", "mailproc/pec", "mailproc/pec/pectest", "mailproc/submit", "rules", "store"}

// TestMapNamesEveryFile: the map of a package names every file of it, and none
// that is gone.
func TestMapNamesEveryFile(t *testing.T) {
	for _, pkg := range mapped {
		dir := filepath.Join("../..", pkg)
		doc, err := os.ReadFile(filepath.Join(dir, "doc.go"))
		if err != nil {
			t.Fatal(err)
		}
		found, err := filepath.Glob(filepath.Join(dir, "*.go"))
		if err != nil {
			t.Fatal(err)
		}
		var files []string
		for _, f := range found {
			if f = filepath.Base(f); f != "doc.go" && !strings.HasSuffix(f, "_test.go") {
				files = append(files, f)
			}
		}
		for _, wrong := range wrongMap(string(doc), files) {
			t.Errorf("%s/doc.go %s", pkg, wrong)
		}
	}
}

// fileName is a file of the package as a map names it, sign_*.go for those that
// begin so; not one of another package, which has its folder before it.
var fileName = regexp.MustCompile(`(?:^|[^/\w])([\w*]+\.go)\b`)

// wrongMap is what a map does not say of the files, or says of none.
func wrongMap(doc string, files []string) (wrong []string) {
	said := map[string]bool{}
	for _, m := range fileName.FindAllStringSubmatch(doc, -1) {
		said[m[1]] = false // until a file has that name
	}
	for _, f := range files {
		known := false
		for name := range said {
			if is, _ := path.Match(name, f); is {
				known, said[name] = true, true
			}
		}
		if !known {
			wrong = append(wrong, "does not say what "+f+" is for")
		}
	}
	for name, there := range said {
		if !there {
			wrong = append(wrong, "speaks of "+name+", which is not there")
		}
	}
	slices.Sort(wrong)
	return wrong
}

// TestWrongMap proves that the test above can fail.
func TestWrongMap(t *testing.T) {
	got := wrongMap("//\tread.go   reads\n//\tsign_*.go, gone.go  …\n// as in other/there.go", []string{"read.go", "sign_a.go", "sign_b.go", "write.go"})
	if want := []string{"does not say what write.go is for", "speaks of gone.go, which is not there"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}
