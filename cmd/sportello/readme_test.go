package main

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"

	"sportello/rules"
)

var update = flag.Bool("update", false, "rewrite the texts that tests compare with")

// TestReadmeStates compares the README's table of states with the code's.
func TestReadmeStates(t *testing.T) {
	const begin, end = "<!-- states -->\n", "<!-- /states -->"
	var want strings.Builder
	want.WriteString("| from | event | outcome | to |\n|---|---|---|---|\n")
	for _, x := range rules.Transitions {
		fmt.Fprintf(&want, "| %s | %s | %s | %s |\n", x.From, x.By, x.When, x.To)
	}
	raw, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	before, rest, ok := strings.Cut(string(raw), begin)
	table, after, ok2 := strings.Cut(rest, end)
	if !ok || !ok2 {
		t.Fatal("README.md has no table of states between its marks")
	}
	if table == want.String() {
		return
	}
	if *update {
		if err := os.WriteFile("../../README.md", []byte(before+begin+want.String()+end+after), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	t.Errorf("the README's table of states differs from rules.Transitions (rewrite it with -update):\n%s", want.String())
}
