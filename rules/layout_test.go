package rules

import (
	"strings"
	"testing"
)

// A line beside a form says the same wherever it stands and however it is typed:
// with or without stops and capitals, before the form or after it, behind a
// greeting, before thanks.
func TestLayoutsReadAlike(t *testing.T) {
	s := defaultSet(t)
	const leave = "\nCordiali saluti\nMario Rossi"
	bare := func(x string) string { return strings.TrimRight(x, ". ") }
	small := func(x string) string { return strings.ToLower(x[:1]) + x[1:] }
	layouts := map[string]func(form, x string) string{
		"the form without a stop": func(form, x string) string { return bare(form) + "\n" + x + leave },
		"… and small letters":     func(form, x string) string { return bare(form) + "\n" + small(x) + leave },
		"no stop, all small":      func(form, x string) string { return strings.ToLower(bare(form) + "\n" + bare(x) + leave) },
		"all capitals":            func(form, x string) string { return strings.ToUpper(form + "\n" + x + leave) },
		"on the form's line":      func(form, x string) string { return form + " " + x + leave },
		"before the form":         func(form, x string) string { return "Buongiorno\n" + bare(x) + "\n" + form + leave },
		"behind a greeting":       func(form, x string) string { return "Buongiorno, " + small(x) + "\n\n" + form + leave },
		"behind a label":          func(form, x string) string { return form + "\nMotivo: " + small(bare(x)) + leave },
		"before thanks":           func(form, x string) string { return form + "\n" + bare(x) + ", grazie." + leave },
		"behind the leave":        func(form, x string) string { return form + "\nCordiali saluti\n" + x + "\nMario Rossi" },
		"a postscript":            func(form, x string) string { return form + leave + "\n\nP.S. " + x },
		"in brackets":             func(form, x string) string { return form + "\n(" + bare(x) + ")" + leave },
		"wrapped":                 func(form, x string) string { return wrap(form+"\n"+x, 72) + leave },
	}
	lines := taughtLines(t)
	for name, layout := range layouts {
		n, other := 0, 0
		for i := 0; i < len(lines); i += 37 {
			x := lines[i]
			if x.hand == "corpus" || x.hand == "beside" {
				continue // pieces, and lines made for one place
			}
			list := besideLists[count(withdrawing.MatchString(x.text))]
			plain, m := request(list.subject, list.form+"\n"+x.text+leave), request(list.subject, layout(list.form, x.text))
			plain.Mailbox, m.Mailbox = list.mailbox, list.mailbox
			n++
			other += count((s.Read(plain).Outcome == Accept) != (s.Read(m).Outcome == Accept))
		}
		if t.Logf("%s: %d of %d otherwise", name, other, n); 50*other > n {
			t.Errorf("%s: %d of %d lines are judged otherwise than after the form", name, other, n)
		}
	}
}

// wrap breaks lines as a mail program does.
func wrap(text string, width int) string {
	var b strings.Builder
	for _, line := range strings.Split(text, "\n") {
		at := 0
		for _, w := range strings.Fields(line) {
			switch {
			case at > 0 && at+1+len(w) > width:
				b.WriteByte('\n')
				at = 0
			case at > 0:
				b.WriteByte(' ')
				at++
			}
			b.WriteString(w)
			at += len(w)
		}
		b.WriteByte('\n')
	}
	return strings.TrimSuffix(b.String(), "\n")
}

// A piece that runs on from the form is read like a line of its own, only more
// strictly: "… della stessa per inutilizzo".
func TestPiecesOfTheForm(t *testing.T) {
	s := defaultSet(t)
	form := strings.TrimRight(coreForm, ".")
	box := "mario.rossi@pec.example.it"
	places := map[string]func(x string) string{
		"behind it":           func(x string) string { return form + " " + x + "." },
		"behind it, a comma":  func(x string) string { return form + ", " + x + "." },
		"behind the mailbox":  func(x string) string { return strings.Replace(form, box, box+", "+x+",", 1) },
		"within what it asks": func(x string) string { return strings.Replace(form, "richiede", "richiede, "+x+",", 1) },
	}
	for place, at := range places {
		accepted := func(file string) (n, of int) {
			lines := linesOf(t, file)
			for _, x := range lines {
				n += count(s.Read(request("Disattivazione casella", at(x))).Outcome == Accept)
			}
			return n, len(lines)
		}
		good, of := accepted("testdata/lines/au-harmless.txt")
		bad, _ := accepted("testdata/lines/au-harmful.txt")
		if t.Logf("%s: %d of %d", place, good, of); bad > 0 || 5*good < 4*of {
			t.Errorf("%s: of %d harmless pieces %d are accepted, of the harmful ones %d", place, of, good, bad)
		}
	}
}

// A firm that fills the form in with its own name signs by the hand of whoever
// represents it, and by no other.
func TestFirmSigns(t *testing.T) {
	s := defaultSet(t)
	form := strings.Replace(coreForm, "Il sottoscritto Mario Rossi", "La sottoscritta Ceramiche Vietri S.r.l.", 1)
	for signature, want := range map[string]Outcome{
		"L'amministratore unico\nRaffaele Senatore":                           Accept,
		"Il Presidente del CdA\nRaffaele Senatore":                            Accept,
		"Raffaele Senatore\nCeramiche Vietri S.r.l.":                          Accept,
		"In fede\nRaffaele Senatore":                                          Accept,
		"Raffaele Senatore":                                                   Accept,
		"Anna Neri\nSegreteria":                                               Review,
		"I soci\nRaffaele Senatore\nAnna Neri":                                Review,
		"Avv. Anna Neri":                                                      Review,
		"Il procuratore speciale\nRaffaele Senatore":                          Review,
		"Dott.ssa Anna Neri\nUfficio contabilità\nCeramiche Vietri S.r.l.":    Review,
		"Studio Commercialisti Bianchi, per conto di Ceramiche Vietri S.r.l.": Review,
	} {
		readAs(t, s, "Disattivazione casella", form+"\nDistinti saluti\n"+signature, want)
	}
}
