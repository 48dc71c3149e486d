package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestTextsOfThePackage: every text that program and README name is in the
// package, and named by where it is.
func TestTextsOfThePackage(t *testing.T) {
	const where = "/usr/share/doc/sportello"
	raw, err := os.ReadFile("../../packaging/deb.sh")
	if err != nil {
		t.Fatal(err)
	}
	script := string(raw)
	if !strings.Contains(script, "-X main.docs="+where) {
		t.Error("the package's program does not know where its texts are")
	}
	for _, x := range texts {
		if got := installed("see "+x[0]+".", where); got != "see "+where+"/"+x[1]+"." {
			t.Errorf("named is %q", got)
		}
		if got := installed(x[0], ""); got != x[0] {
			t.Errorf("beside the source named is %q", got)
		}
		if _, err := os.Stat(filepath.Join("../..", x[0])); err != nil || !strings.Contains(script, x[0]) {
			t.Errorf("%s is not in the package: %v", x[0], err)
		}
	}
	readme, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range regexp.MustCompile(`(packaging|templates)/[\w/.-]+\.(md|png|toml)`).FindAllString(string(readme), -1) {
		if !strings.Contains(script, name) && !strings.Contains(script, filepath.Dir(name)+"/*.png") {
			t.Errorf("README names %s, and the package has no such text", name)
		}
	}
}
