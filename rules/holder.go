package rules

import (
	"fmt"
	"slices"
	"strings"
)

// holder compares the person named with the registry's holder: the same
// words, in any order, or the company he says he represents. A difference is
// a reason to ask, never to refuse: registries are out of date and people marry.
func (d *decider) holder() (why string, reason Reason, ok bool) {
	b, named := d.f.Mailbox, d.named("person")
	if b == nil || b.Holder == "" || named == "" {
		return "", "", true
	}
	company, beside := d.r.Fields[fieldCompany], ""
	if company != "" {
		beside = d.besideName()
	}
	if code := d.r.Fields[fieldTaxCode]; code != "" && len(b.TaxCode) == len(code) && !strings.EqualFold(code, b.TaxCode) {
		return fmt.Sprintf("The tax code named, %s, is not the registry's holder's.", code), "", false
	}
	if sameHolder(named, company, beside, b.Holder) {
		return "", "", true
	}
	return fmt.Sprintf("The text names %q, the registry's holder is %q.", strings.TrimSpace(named+" "+company), b.Holder), "", false
}

// besideName is all that stands in the person's blank: of one who writes for a
// firm, its name is somewhere there.
func (d *decider) besideName() string {
	var b strings.Builder
	for _, blank := range d.p.Blanks {
		for _, s := range d.r.Explanation.Spans {
			if blank.Kind == "person" && s.Kind == "blank" && s.Name == blank.Name {
				b.WriteString(d.r.Explanation.Own[s.Start:s.End])
				b.WriteByte(' ')
			}
		}
	}
	return b.String()
}

// sameHolder reports whether the holder's words are all among those named, or
// the person's among the holder's ("Ottica Sole di Ferri Laura").
func sameHolder(named, company, beside, holder string) bool {
	want, person, firm := nameWords(holder), nameWords(named), nameWords(company)
	if len(want) == 0 || letters(strings.Join(want, "")) == letters(strings.Join(person, "")) { // D'Agostino, Dagostino
		return true
	}
	if len(want) == 1 && len(firm) > 0 {
		return len(firm) == 1 && firm[0] == want[0]
	}
	if isFirm(holder) && company == "" && !isFirm(named) {
		return len(person) >= 2 && within(person, want) // who writes for a firm says in what quality
	}
	if within(want, slices.Concat(person, firm, nameWords(beside))) {
		return true
	}
	if len(person) >= 2 && within(person, want) {
		return true
	}
	return len(firm) >= 2 && within(firm, want)
}

func within(words, among []string) bool {
	for _, w := range words {
		if !slices.Contains(among, w) {
			return false
		}
	}
	return true
}

// nameWords are the words of a name that tell: without titles, legal forms
// and prepositions, accents and capitals folded.
func nameWords(s string) []string {
	var words []string
	for _, t := range tokenize(s, nil) {
		if t.class&(weak|title) != 0 || legalForm[t.word] {
			continue
		}
		words = append(words, t.word)
	}
	return words
}

// isFirm reports whether a name has a legal form.
func isFirm(name string) bool {
	return slices.ContainsFunc(foldWords(name), func(w string) bool { return len(w) > 2 && legalForm[w] })
}

var legalForm = map[string]bool{"srl": true, "srls": true, "spa": true, "snc": true, "sas": true, "sapa": true, "scarl": true, "coop": true,
	"onlus": true, "asd": true, "aps": true, "odv": true, "ditta": true, "societa": true, "impresa": true, "individuale": true, "arl": true,
	"rl": true, "r": true, "l": true, "s": true, "p": true, "c": true, "cooperativa": true, "semplice": true, "sociale": true, "agricola": true, "responsabilita": true, "limitata": true, "azioni": true,
	"collettivo": true, "accomandita": true, "semplificata": true, "dilettantistica": true, "e": true, "f": true, "unipersonale": true}
