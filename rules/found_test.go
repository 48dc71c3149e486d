package rules_test

import (
	"strings"
	"testing"

	"sportello/rules"
)

// marked writes what was found as a person sees it.
func marked(list []rules.Found) string {
	var b strings.Builder
	for i, f := range list {
		if i > 0 {
			b.WriteString(" | ")
		}
		b.WriteString(f.In + ": ")
		for _, p := range f.Pieces {
			if p.Found {
				b.WriteString("[" + p.Text + "]")
			} else {
				b.WriteString(p.Text)
			}
		}
	}
	return b.String()
}

// A row says which words met the search, and where: whole words, as they were
// written, and little around them.
func TestWhereASearchFinds(t *testing.T) {
	long := strings.Repeat("parola ", 8)
	c := &rules.Case{ID: "2026-000123", Mailbox: "mario.rossi@pec.example.it", Subject: "Disattivazione casella – perché no",
		Fields: map[string]string{"titolare": "ROSSI Mario Andrè", "casella": "Mario.Rossi@pec.example.it", "motivo": long + "bar Nicolo\u0300 " + long + long + "nicolina"}}
	for text, want := range map[string]string{
		"ross":          "mailbox: mario.[rossi]@pec.example.it | titolare: [ROSSI] Mario Andrè",
		"andre":         "titolare: ROSSI Mario [Andrè]",
		"PERCHE disatt": "subject: [Disattivazione] casella – [perché] no",
		"nicol bar":     "motivo: …rola parola parola parola parola parola [bar] [Nicolo\u0300] parola parola parola parola parola paro…",
		"2026-0001":     "number: [2026-000123]",
		"123":           "number: [2026-000123]",
		"rossi bianchi": "",
		"":              "",
	} {
		if got := marked(rules.ParseSearch(text).Where(c)); got != want {
			t.Errorf("%q:\n%s\nwant\n%s", text, got, want)
		}
	}
}
