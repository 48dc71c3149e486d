package rules

import (
	"os"
	"strings"
	"testing"
)

// besideForm are the lines of testdata/beside/name. \n in them is a line's end.
func besideForm(t testing.TB, name string) []string {
	t.Helper()
	data, err := os.ReadFile("testdata/beside/" + name)
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.NewReplacer(`\n`, "\v", "ZWSP", "\u200b", "SHY", "\u00ad").Replace(strings.TrimSpace(string(data))), "\n")
	if len(lines) < 50 {
		t.Fatalf("%s: %d lines", name, len(lines))
	}
	for i := range lines {
		lines[i] = strings.ReplaceAll(lines[i], "\v", "\n")
	}
	return lines
}

// coreWithdrawal is the other form.
const coreWithdrawal = "Il sottoscritto Mario Rossi dichiara di non aver più intenzione di utilizzare la casella PEC mario.rossi@pec.example.it rinnovata con numero d'ordine 300123456 per il pannello di controllo MROSSI-EURO, consapevole che la casella verrà cancellata alla ricezione della presente indipendentemente dalla scadenza effettiva, avvalendosi del diritto di recesso."

// besideLists are the lists of what stands beside each form.
var besideLists = []struct{ form, subject, mailbox, harmless, harmful string }{
	{coreForm, "Disattivazione casella", "disattivazioni", "harmless.txt", "harmful.txt"},
	{coreWithdrawal, "Recesso", "customer.service", "harmless-recesso.txt", "harmful-recesso.txt"},
}

// What people put round a form changes nothing: the line stands for itself
// where it has FORM, else after the form and before it.
func TestHarmlessBesideTheForm(t *testing.T) {
	s := defaultSet(t)
	for _, list := range besideLists {
		for _, line := range besideForm(t, list.harmless) {
			texts := []string{strings.ReplaceAll(line, "FORM", list.form)}
			if texts[0] == line {
				texts = []string{list.form + "\n" + line + "\nCordiali saluti\nMario Rossi", "Buongiorno.\n" + line + "\n\n" + list.form + "\nMario Rossi"}
			}
			for _, text := range texts {
				m := request(list.subject, text)
				m.Mailbox = list.mailbox
				if r := s.Read(m); r.Outcome != Accept {
					t.Errorf("%q\n\t%s %s: %v %q", text, r.Outcome, r.Reason, r.Reasons, r.Explanation.LeftOver)
				}
			}
		}
	}
}

// What changes the request, or may, is never accepted, in any dress.
func TestHarmfulBesideTheForm(t *testing.T) {
	s := defaultSet(t)
	for _, list := range besideLists {
		bare := strings.TrimSuffix(list.form, ".")
		for _, line := range besideForm(t, list.harmful) {
			texts := []string{strings.ReplaceAll(line, "FORM", list.form), strings.ReplaceAll(line, "FORM", bare), strings.ToUpper(strings.ReplaceAll(line, "FORM", bare))}
			if texts[0] == line {
				texts = []string{
					list.form + "\n" + line, bare + "\n\n" + line, line + "\n" + list.form, list.form + " " + line + "\nCordiali saluti\nMario Rossi",
					strings.ToUpper(list.form + "\n" + line), list.form + "\n\nCordiali saluti\nMario Rossi\n\n" + line,
				}
			}
			for _, text := range texts {
				m := request(list.subject, text)
				m.Mailbox = list.mailbox
				if r := s.Read(m); r.Outcome == Accept {
					t.Errorf("accepted: %q", text)
				}
			}
		}
	}
}

// The ways people fill the form in, all of which a fair operator accepts.
func TestWaysToFillTheForm(t *testing.T) {
	s := defaultSet(t)
	for _, text := range besideForm(t, "filled.txt") {
		if r := s.Read(request("Disattivazione casella", text)); r.Outcome != Accept || r.Fields["casella"] != "mario.rossi@pec.example.it" || r.Fields["titolare"] == "" {
			t.Errorf("%s\n\t%s %s: %v %q %v", text, r.Outcome, r.Reason, r.Reasons, r.Explanation.LeftOver, r.Fields)
		}
	}
}

// One word changed, put in or left out turns the form round: a person reads it,
// and it is not refused either.
func TestAlteredForms(t *testing.T) {
	s := defaultSet(t)
	for _, line := range besideForm(t, "altered.txt") {
		for _, text := range []string{line, strings.ToUpper(line), line + "\nCordiali saluti\nMario Rossi"} {
			if r := s.Read(request("Disattivazione casella", text)); r.Outcome != Review {
				t.Errorf("%s %s: %q", r.Outcome, r.Reason, text)
			}
		}
	}
}
