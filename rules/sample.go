package rules

import (
	"cmp"
	"fmt"
	"maps"
	"strings"
	"time"
)

// Sample is a letter tried on an invented case.
type Sample struct {
	Name   string // of the letter
	Reason Reason // of a refusal: one sample each
	LetterText
}

// sampleFacts are what Decide and operators add to a case.
var sampleFacts = map[string]string{
	"data_invio": "2026-11-23", "data_ordine": "2026-11-06", "importo": "36.60", "ultimo_giorno": "2026-12-07",
	"scadenza_casella": "2027-11-06", "stato_casella": "active",
}

// sampleExtra are the words that come from outside of a case.
var sampleExtra = map[string]map[string]string{
	"risposta":     {"testo": "La informiamo che la verifica chiesta è stata fatta e non risultano anomalie."},
	"integrazione": {"perche": "La copia ricevuta non è leggibile."},
	"contatti":     {"email": "mario.rossi@example.org", "cellulare": "+39 333 000 0123"},
	"accolta": {"email": "mario.rossi@example.org", "cellulare": "+39 333 000 0123", "periodo_da": "2026-09-01",
		"periodo_a": "2026-09-30", "dove": "nel pannello di controllo, alla voce Log", "disponibile_fino": "2027-02-23"},
}

// Samples renders every letter of a procedure on an invented case, for
// `sportello letters show`: refusals once for each reason that has a text.
func (s *Set) Samples(procedure string) []Sample {
	p := s.Procedure(procedure)
	if p == nil {
		return nil
	}
	var out []Sample
	for _, v := range s.sampleCases(p, true) {
		if text, err := s.Letter(v.c, v.name, sampleExtra[v.name], sampleTime(s.Calendar)); err == nil {
			out = append(out, Sample{Name: v.name, Reason: v.c.Reason, LetterText: text})
		}
	}
	return out
}

// RejectReasons are the reasons that have a text in a procedure, in the order
// of reason.go: those an operator can refuse with by their code alone.
func (s *Set) RejectReasons(procedure string) []Reason {
	p := s.Procedure(procedure)
	if p == nil {
		p = s.unknownProcedure()
	}
	var out []Reason
	for _, w := range reasonWords() {
		if p.motives[Reason(w.Name)] != nil {
			out = append(out, Reason(w.Name))
		}
	}
	return out
}

type sampleCase struct {
	name string
	c    *Case
}

// sampleTime is Tuesday 24 November 2026, 09:30 in Italy.
func sampleTime(cal *Calendar) time.Time { return time.Date(2026, 11, 24, 9, 30, 0, 0, cal.Zone) }

// sampleCases are the cases on which the letters of p are tried; full ones
// know all that can be known, the others only what is always known.
func (s *Set) sampleCases(p *Procedure, full bool) []sampleCase {
	var out []sampleCase
	for _, name := range LetterNames {
		if p.Letters[name.Name] == nil {
			continue
		}
		if name.Name != "respinta" && name.Name != "guida" {
			out = append(out, sampleCase{name.Name, s.sampleCase(p, name.Name, "", full)})
			continue
		}
		if name.Name == "guida" && p.Decide == "guide" {
			out = append(out, sampleCase{"guida", s.sampleCase(p, "guida", "", full)})
		}
		for _, r := range s.RejectReasons(p.Name) {
			if name.Name == "respinta" || r == OrdinaryEmail {
				out = append(out, sampleCase{name.Name, s.sampleCase(p, name.Name, r, full)})
			}
		}
	}
	return out
}

func (s *Set) sampleCase(p *Procedure, letter string, reason Reason, full bool) *Case {
	received := time.Date(2026, 11, 23, 10, 22, 5, 0, s.Calendar.Zone)
	due, _ := s.terms(p, received)
	c := &Case{ID: "2026-000123", State: InReview, Procedure: p.Name, To: p.Mailbox, Mailbox: "mario.rossi@pec.example.it",
		Proved: reason != OrdinaryEmail, Subject: p.Subject, MessageID: "richiesta-1@pec.example.it", Received: received,
		Due: due, Reason: reason, Outcome: Review}
	c.Subject, c.To = cmp.Or(c.Subject, p.Title), cmp.Or(c.To, "customer.service")
	if !c.Proved {
		c.Mailbox = "mario.rossi@example.org"
	}
	switch letter {
	case "accolta", "contatti":
		c.State, c.Outcome = Accepted, Accept
	case "respinta":
		c.State, c.Outcome = Rejected, Reject
	case "guida":
		c.State, c.Outcome = Answered, Guide
	case "integrazione", "sollecito":
		c.State, c.Asked = Waiting, []string{"documento d'identità del titolare, fronte e retro"}
		c.Until = s.Calendar.EndOfDay(s.Calendar.CustomerTerm(s.Calendar.Date(sampleTime(s.Calendar)), s.Settings.GiorniDocumenti))
	}
	if reason == MissingFields {
		for _, b := range p.Blanks {
			if !b.Optional && b.Must == "" {
				c.Missing = append(c.Missing, b.Name)
			}
		}
	}
	if full {
		c.Fields, c.Facts = map[string]string{}, maps.Clone(sampleFacts)
		if reason == Outside30Days {
			c.Facts["data_ordine"], c.Facts["ultimo_giorno"] = "2026-10-06", "2026-11-05"
		}
		if reason == MailboxNotActive {
			c.Facts["stato_casella"] = "not_active"
		}
		for _, b := range p.Blanks {
			c.Fields[b.Name] = b.Example
		}
	}
	return c
}

// emptyMarks are what a letter shows where it printed a word without a value.
var emptyMarks = []string{"<no value>", "<nil>", "()", "( )", "(\n)", `""`, `" "`, "«»", "« »", "«\n»", "[]", "[ ]", "[\n]",
	" , ", " ,\n", " ; ", " ;\n", " . ", " .\n", " : ", " :\n"}

// emptyValue is where a letter printed a word that had no value, -1 if nowhere.
func emptyValue(t string) int {
	t += "\n"
	for _, mark := range emptyMarks {
		if i := strings.Index(t, mark); i >= 0 {
			return i
		}
	}
	for i := 1; i+1 < len(t); i++ {
		if t[i] == ' ' && t[i+1] == ' ' && t[i-1] > ' ' { // not an indented line
			return i
		}
	}
	return -1
}

// trySamples renders every letter on a full and on a bare case. What is wrong
// with a text that letters share is said once.
func (s *Set) trySamples() []error {
	seen := map[string]bool{}
	var out []error
	for _, p := range s.Procedures {
		for _, full := range []bool{true, false} {
			for _, v := range s.sampleCases(p, full) {
				fault, near := s.trySample(p, v, full)
				if fault == "" || seen[fault] {
					continue
				}
				seen[fault] = true
				out = append(out, fmt.Errorf("%s (letter %s of %s%s%s)", fault, v.name, p.Name, ofReason(v.c.Reason), near))
			}
		}
	}
	return out
}

// trySample says what is wrong with a letter, with file, line and word, and near what.
func (s *Set) trySample(p *Procedure, v sampleCase, full bool) (fault, near string) {
	extra := sampleExtra[v.name]
	if !full && v.name != "contatti" && v.name != "risposta" {
		extra = nil
	}
	letter, raw, err := s.letter(v.c, v.name, extra, sampleTime(s.Calendar))
	switch {
	case err != nil:
		return err.Error(), ""
	case letter.Text == "\n":
		return p.Letters[v.name].Name() + ":1: the letter is empty", ""
	case emptyValue(raw) < 0:
		return "", ""
	}
	return s.emptyWord(p, v, extra)
}

// emptyWord finds the word that printed nothing: the letter is written again, traced.
func (s *Set) emptyWord(p *Procedure, v sampleCase, extra map[string]string) (fault, near string) {
	r := &tracer{}
	w := writer{s: s, c: v.c, p: p, now: sampleTime(s.Calendar), private: !v.c.Proved || v.name == "contatti", trace: r}
	letter, err := w.text(p.Letters[v.name], extra)
	if err != nil {
		return err.Error(), ""
	}
	r.read(letter)
	t := r.text.String()
	at := max(0, emptyValue(t))
	near = fmt.Sprintf(", near %q", around(t, at))
	switch word, empty := r.near(at); {
	case word.at == "":
		return p.Letters[v.name].Name() + ":1: a word without a value is printed", near
	case !empty:
		return word.at + ": a word without a value is printed after {{" + word.word + "}}", near
	case word.guard != "":
		return fmt.Sprintf("%s: {{%s %s}} prints nothing — put what stands round it inside it", word.at, word.guard, word.word), near
	default:
		return fmt.Sprintf("%s: {{%s}} prints nothing — guard it: {{with %[2]s}}…{{.}}…{{end}}", word.at, word.word), near
	}
}

func ofReason(r Reason) string {
	if r == "" {
		return ""
	}
	return ", " + string(r)
}

func around(t string, at int) string {
	return clean(strings.ToValidUTF8(t[max(0, at-30):min(len(t), at+12)], ""))
}
