package rules

import "testing"

// What an HTML reader sees and no text has, or has and no reader sees, is for a
// person; what a style sheet says of looks is nothing.
func TestWordsBesideTheText(t *testing.T) {
	s := twoProcedures(t)
	for _, c := range []struct {
		head, after string
		want        Outcome
	}{
		{"", "", Accept},
		{"<style>p { color: black; content: normal } q:before { content: '\u00ab' }</style>", "", Accept},
		{"<style>p:after { content: \"ma non prima di marzo\" }</style>", "", Review},
		{"<STYLE>p::after{CONTENT :\n'solo se mi rimborsate tutto'}</STYLE>", "", Review},
		{"", "<p style=\"display:none\">ma non prima di marzo</p>", Review},
		{"", "<p><s>ma non prima di marzo</s></p>", Review},
	} {
		m := request("Disattivazione casella", "")
		m.HTML = "<html><head>" + c.head + "</head><body><p>" + coreForm + "</p>" + c.after + "</body></html>"
		if r := s.Read(m); r.Outcome != c.want {
			t.Errorf("%s %s: %s %s %v, want %s", c.head, c.after, r.Outcome, r.Reason, r.Reasons, c.want)
		}
		m.Text = coreForm
		if r := s.Read(m); r.Outcome != c.want {
			t.Errorf("beside a text, %s %s: %s %s %v, want %s", c.head, c.after, r.Outcome, r.Reason, r.Reasons, c.want)
		}
	}
}
