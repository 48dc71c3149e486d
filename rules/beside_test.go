package rules

import (
	"os"
	"strings"
	"testing"
)

// besideForm are the lines of testdata/beside/name: what people put round the
// form, which stands at FORM, or before and after where the line does not say.
// \n is a line's end. A line that begins with # is a comment.
func besideForm(t testing.TB, name string) []string {
	t.Helper()
	data, err := os.ReadFile("testdata/beside/" + name)
	if err != nil {
		t.Fatal(err)
	}
	var lines []string
	for line := range strings.SplitSeq(strings.TrimSpace(string(data)), "\n") {
		if !strings.HasPrefix(line, "#") {
			lines = append(lines, strings.ReplaceAll(line, `\n`, "\n"))
		}
	}
	if len(lines) < 100 {
		t.Fatalf("%s: %d lines", name, len(lines))
	}
	return lines
}

func TestHarmlessBesideTheForm(t *testing.T) {
	s := defaultSet(t)
	for _, line := range besideForm(t, "harmless.txt") {
		texts := []string{strings.ReplaceAll(line, "FORM", coreForm)}
		if texts[0] == line {
			texts = []string{coreForm + "\n" + line + "\nCordiali saluti\nMario Rossi", "Buongiorno.\n" + line + "\n\n" + coreForm + "\nMario Rossi"}
		}
		for _, text := range texts {
			if r := s.Read(request("Disattivazione casella", text)); r.Outcome != Accept {
				t.Errorf("%q\n\t%s %s: %v %q", text, r.Outcome, r.Reason, r.Reasons, r.Explanation.LeftOver)
			}
		}
	}
}

// What changes the request, or may, is never accepted, in any dress.
func TestHarmfulBesideTheForm(t *testing.T) {
	s := defaultSet(t)
	bare := strings.TrimSuffix(coreForm, ".")
	for _, line := range besideForm(t, "harmful.txt") {
		texts := []string{strings.ReplaceAll(line, "FORM", coreForm), strings.ReplaceAll(line, "FORM", bare), strings.ToUpper(strings.ReplaceAll(line, "FORM", bare))}
		if texts[0] == line {
			texts = []string{
				coreForm + "\n" + line, bare + "\n\n" + line, line + "\n" + coreForm, coreForm + " " + line + "\nCordiali saluti\nMario Rossi",
				strings.ToUpper(coreForm + "\n" + line), coreForm + "\n\nCordiali saluti\nMario Rossi\n\n" + line,
			}
		}
		for _, text := range texts {
			if r := s.Read(request("Disattivazione casella", text)); r.Outcome == Accept {
				t.Errorf("accepted: %q", text)
			}
		}
	}
}
