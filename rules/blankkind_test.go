package rules

import "testing"

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
