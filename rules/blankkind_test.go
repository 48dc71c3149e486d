package rules

import (
	"strings"
	"testing"
)

// Every kind of blank is read from a form, and bounded: a kind without its width
// or its reader would be taken for empty and never found.
func TestEveryKindOfBlankIsRead(t *testing.T) {
	values := map[string]string{kindPerson: "Mario Rossi", kindMailbox: "mario.rossi@pec.example.it", kindCase: "1234567", kindOrder: "300123456", kindPanel: "MROSSI",
		kindAmount: "36,60", kindDate: "10/11/2026", kindTaxCode: "RSSMRA71C12E506X", kindText: "PEC del laboratorio"}
	for _, k := range blankKinds {
		value, p := values[k.Name], &Procedure{Name: "prova", Title: "Prova", Decide: "automatic", Wording: "form", Blanks: []Blank{{Name: "valore", Kind: k.Name}}}
		if value == "" || k.width == 0 || k.read == nil || k.Meaning == "" {
			t.Errorf("kind %q: the value tried is %q, its width %d, its meaning %q", k.Name, value, k.width, k.Meaning)
			continue
		}
		const before, after = "Il cliente chiede la disattivazione della casella indicata con ", " e conferma quanto sopra."
		var err error
		if p.Form, err = ParseForm(before+"{valore}"+after, p.Blanks); err != nil {
			t.Fatal(err)
		}
		s := &Set{Procedures: []*Procedure{p}, Calendar: rome(t), Settings: DefaultSettings()}
		if r := s.Read(request("x", before+value+after)); r.Fields["valore"] != value {
			t.Errorf("kind %q: read %q, want %q (%v)", k.Name, r.Fields["valore"], value, r.Reasons)
		}
	}
}

// Two days, as people write them, are found with no more than an article between
// them, at the end of a form, and before a part that may be left out; their months
// are no deferral. What is not there is empty, and another month beside them is a sign.
func TestDaysOfAPeriod(t *testing.T) {
	const form = "Il sottoscritto chiede di certificare che la casella indicata gli è appartenuta dal {dal} al {al}"
	for _, end := range []string{"", " (per uso {uso})"} {
		p := &Procedure{Name: "prova", Title: "Prova", Decide: "automatic", Wording: "form",
			Blanks: []Blank{{Name: "dal", Kind: kindDate}, {Name: "al", Kind: kindDate}, {Name: "uso", Kind: kindText, Optional: true}}}
		if end == "" {
			p.Blanks = p.Blanks[:2]
		}
		var err error
		if p.Form, err = ParseForm(form+end+".", p.Blanks); err != nil {
			t.Fatal(err)
		}
		s := &Set{Procedures: []*Procedure{p}, Calendar: rome(t), Settings: DefaultSettings()}
		for _, c := range []struct {
			dal, al string
			outcome Outcome
			reason  Reason
		}{
			{"01/01/2024", "31/12/2025", Accept, ""},
			{"1 gennaio 2024", "31 dicembre 2025", Accept, ""},
			{"1° gennaio 2024", "31/12/2025", Accept, ""},
			{"____", "____", Reject, MissingFields},
			{"1 gennaio 2024", "31 dicembre 2025, ma solo da marzo", Review, DangerSign},
		} {
			text := strings.NewReplacer("{dal}", c.dal, "{al}", c.al).Replace(form) + "."
			r := s.Read(request("x", text))
			al, _, _ := strings.Cut(c.al, ",")
			if r.Outcome != c.outcome || r.Reason != c.reason || c.outcome == Accept && (r.Fields["dal"] != c.dal || r.Fields["al"] != al) {
				t.Errorf("%s%s: %s %s, %v, %v", text, end, r.Outcome, r.Reason, r.Fields, r.Reasons)
			}
		}
	}
}
