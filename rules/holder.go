package rules

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// holder compares the person named with the registry's holder: the same
// words, in any order, or the company he says he represents. A difference is
// a reason to ask, never to refuse: registries are out of date and people marry.
func (d *decider) holder() (why string, reason Reason, ok bool) {
	b, named := d.f.Mailbox, d.named(kindPerson)
	if b == nil || b.Holder == "" || named == "" {
		return "", "", true
	}
	company, beside, inBlank := d.r.Fields[fieldCompany], "", d.besideName()
	if company != "" {
		beside = inBlank
	}
	if code := otherTaxCode(d.r.Explanation.Own+"\n"+d.r.Signed, b.TaxCode); code != "" {
		return fmt.Sprintf("The tax code named, %s, is not the registry's holder's.", code), "", false
	}
	if isBody(b.Holder, nameWords(b.Holder)) && leftFirm(d.r.Explanation.Own) {
		return fmt.Sprintf("The holder is %q, and the writer seems to have left it.", b.Holder), "", false
	}
	if otherFirm(cmp.Or(company, beside), b.Holder) {
		return fmt.Sprintf("The text names %q, the registry's holder is %q.", strings.TrimSpace(named+" "+company), b.Holder), "", false
	}
	if ownStudio(named, b.Holder, d.r.Explanation.Own) {
		return "", "", true
	}
	if sameHolder(named, company, beside, b.Holder) || speaksFor(named, b.Holder, d.r.Explanation.Own+"\n"+d.r.Signed) ||
		company == "" && calledAfter(b.Address, b.Holder) && len(nameWords(named)) >= 2 && (inQuality(inBlank) || sharesName(named, b.Holder)) {
		return "", "", true
	}
	return fmt.Sprintf("The text names %q, the registry's holder is %q.", strings.TrimSpace(named+" "+company), b.Holder), "", false
}

// otherTaxCode is a tax code that a text names and that is of the kind of the holder's
// (16 letters and digits of a person, 11 digits of a firm) but not his; "" when
// there is none, or when his own is named too.
func otherTaxCode(text, own string) string {
	other := ""
	words := foldWords(cutAt(text, maxText))
	for i, w := range words {
		if len(w) != len(own) || own == "" || !taxCode(w) && !(len(w) == 11 && allDigits(w) && slices.ContainsFunc(words[max(0, i-4):i], beforeTaxCode)) {
			continue
		}
		if strings.EqualFold(w, own) {
			return ""
		}
		other = cmp.Or(other, strings.ToUpper(w))
	}
	return other
}

// taxCode reports whether a folded word has the form of a person's codice fiscale:
// RSSMRA80A01H501U (D.M. 23 December 1976).
func taxCode(w string) bool {
	if len(w) != 16 {
		return false
	}
	for i := range len(w) {
		if letter := i < 6 || i == 8 || i == 11 || i == 15; letter && !asciiLetter(w[i]) {
			return false
		}
	}
	return digit(w[6]) || digit(w[7])
}

func beforeTaxCode(w string) bool {
	return among(w, "cf", "fiscale", "iva", "piva", "fisc") || w == "codice"
}

// leftFirm reports whether the writer says that he has left a firm: that he sold his
// shares in it, or that it is none of his business any more.
func leftFirm(text string) bool {
	words := foldWords(cutAt(text, maxText))
	near := func(i int, stems ...string) bool {
		return slices.ContainsFunc(words[max(0, i-5):min(len(words), i+6)], func(w string) bool { return anyPrefix(w, stems...) })
	}
	for i, w := range words {
		switch {
		case anyPrefix(w, "quota", "quote") && near(i, "cedut", "vendut", "lasciat"),
			w == "riguarda" && near(i, "non", "piu") && near(i, "aziend", "societ", "ditt", "impres", "casell", "pec"),
			w == "ex" && near(i, "socio", "socia", "amministrator"):
			return true
		}
	}
	return false
}

// besideName is all that stands in the person's blank: of one who writes for a
// firm, its name is somewhere there.
func (d *decider) besideName() string {
	var b strings.Builder
	for _, blank := range d.p.Blanks {
		for _, s := range d.r.Explanation.Spans {
			if blank.Kind == kindPerson && s.Kind == "blank" && s.Name == blank.Name {
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
	if title, partners, found := strings.Cut(holder, " di "); found && isFirm(title) && sharesName(named, partners) && within(nameWords(title), slices.Concat(person, firm, nameWords(beside))) {
		return true // Enrico Costa of "La Lanterna S.n.c." for "La Lanterna S.n.c. di Costa e Parodi"
	}
	if len(person) >= 2 && within(person, want) {
		return true
	}
	return len(firm) >= 2 && within(firm, want)
}

// speaksFor reports whether the person named writes for the firm or body that
// holds the mailbox, as its letterhead or signature says: all its name is in the
// text, and his quality is as well, or his surname is in its name.
func speaksFor(named, holder, text string) bool {
	want, person := nameWords(holder), nameWords(named)
	if !isBody(holder, want) || len(person) < 2 {
		return false
	}
	toks := tokenize(cutAt(text, maxText), nil)
	there := make(map[string]bool, len(toks))
	quality := false
	for _, t := range toks {
		there[t.word] = true
		quality = quality || qualities[t.word]
	}
	for _, w := range want {
		if !there[w] {
			return false
		}
	}
	return quality || sharesName(named, holder)
}

// sharesName reports whether a firm bears the name of the person: Salvatore
// Amato of "Pasticceria Amato S.n.c.".
func sharesName(named, holder string) bool {
	firm := nameWords(holder)
	return slices.ContainsFunc(nameWords(named), func(w string) bool { return len(w) > 2 && slices.Contains(firm, w) })
}

// calledAfter reports whether a mailbox bears the whole name of the firm or body
// that holds it: who may write from it, and says beside his name in what quality,
// or has given the firm his own, need not name the firm as well.
func calledAfter(mailbox, holder string) bool {
	want, called := nameWords(holder), letters(mailbox)
	return len(want) >= 2 && isBody(holder, want) && !slices.ContainsFunc(want, func(w string) bool { return !strings.Contains(called, w) })
}

// inQuality reports whether what stands beside a name says in what quality he
// disposes of a firm's mailbox.
func inQuality(beside string) bool {
	return slices.ContainsFunc(foldWords(beside), func(w string) bool { return qualities[w] })
}

// isBody reports whether a holder is a firm, an office or an association rather
// than a person: by its legal form, by what it is called, or by its length.
func isBody(holder string, words []string) bool {
	if isFirm(holder) || slices.ContainsFunc(words, func(w string) bool { return bodies[w] }) {
		return true
	}
	return len(words) >= 3 && !given[words[0]] && !given[words[len(words)-1]]
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
	eachToken(s, func(t *token) {
		if (t.class&(weak|title) == 0 || t.capital && len(words) > 0 && given[t.word]) && !legalForm[t.word] && !saint[t.word] {
			words = append(words, t.word)
		}
	})
	return words
}

// ownStudio reports whether the holder is the practice of the professional named:
// "avv. Nicola Zanotti" of "Studio Legale Zanotti". One of several partners is not.
func ownStudio(named, holder, text string) bool {
	words, person := nameWords(holder), nameWords(named)
	if len(words) < 2 || len(words) > 4 || words[0] != "studio" || len(person) < 2 {
		return false
	}
	surname := false
	for _, w := range words[1:] {
		switch {
		case slices.Contains(person, w):
			surname = true
		case !practices[w]:
			return false
		}
	}
	titled := false
	eachToken(cutAt(text, maxText), func(t *token) { titled = titled || professions[t.word] })
	return surname && titled
}

// practices are what a practice is of, professions the titles of who has one.
var (
	practices   = set("architettura commerciale dentistico ingegneria legale medico notarile odontoiatrico peritale professionale psicologico tecnico veterinario")
	professions = set("arch architetto avv avvocato avvocata commercialista dott dottssa dr geom geometra ing ingegnere notaio perito psicologa psicologo rag ragioniere")
)

// otherFirm reports whether two firms differ in their legal form: one S.a.s., the
// other S.r.l. A simplified S.r.l. is often written as a plain one.
func otherFirm(a, b string) bool {
	x, y := formOf(a), formOf(b)
	return x != "" && y != "" && x != y
}

// formOf is the legal form that a name bears, "" when it bears none or two.
func formOf(name string) (form string) {
	for _, w := range foldWords(name) {
		switch w {
		case "srls", "srl":
			w = "srl"
		case "sas", "snc", "spa", "sapa":
		default:
			continue
		}
		if form != "" && form != w {
			return ""
		}
		form = w
	}
	return form
}

// isFirm reports whether a name has a legal form.
func isFirm(name string) bool {
	words := foldWords(name)
	return slices.ContainsFunc(words, func(w string) bool { return len(w) > 2 && legalForm[w] }) ||
		len(words) > 1 && words[len(words)-1] == "ss" // società semplice
}
