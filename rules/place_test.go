package rules

import (
	"os"
	"strings"
	"testing"
)

// Under the form stand names, towns and offices of every kind; who signs in the
// holder's stead is for a person.
func TestSignatures(t *testing.T) {
	s := defaultSet(t)
	raw, err := os.ReadFile("testdata/signatures.txt")
	if err != nil {
		t.Fatal(err)
	}
	tried := map[string]int{}
	for line := range strings.Lines(string(raw)) {
		kind, text, _ := strings.Cut(strings.TrimSpace(line), " ")
		if kind == "#" || kind == "" {
			continue
		}
		tried[kind]++
		r := s.Read(request("Disattivazione casella", coreForm+"\n\nCordiali saluti\n"+strings.ReplaceAll(text, " | ", "\n")))
		if (r.Outcome == Accept) != (kind == "+") {
			t.Errorf("%s %s\n\t%s: %v", kind, text, r.Outcome, r.Reasons)
		}
	}
	if tried["+"] < 50 || tried["-"] < 30 {
		t.Errorf("only %v were tried", tried)
	}
}

// A town whose name ends as a verb does is no order and no promise.
func TestTownsAreNoVerbs(t *testing.T) {
	s := defaultSet(t)
	for _, town := range []string{"Pontedera", "Bordighera", "Marghera", "Gallarate", "Merate", "Seriate", "Sanremo", "Voghera", "Matera", "Segrate", "Vimercate"} {
		for _, end := range []string{"%, 2 novembre 2026\nMario Rossi", "Mario Rossi - %", "Mario Rossi\n%", "Mario Rossi\nvia Verdi 3, 20010 % (MI)", "% 02/11/2026\nMario Rossi"} {
			text := coreForm + "\n\nCordiali saluti\n" + strings.ReplaceAll(end, "%", town)
			for _, text := range []string{text, strings.ToUpper(text)} {
				if r := s.Read(request("Disattivazione casella", text)); r.Outcome != Accept {
					t.Errorf("%q\n\t%s: %v", text, r.Outcome, r.Reasons)
				}
			}
		}
	}
}
