package rules_test

import (
	"fmt"
	"io/fs"
	"os"
	"path"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"sportello/rules"
	"sportello/templates"
)

func calendar(t testing.TB) *rules.Calendar {
	t.Helper()
	cal, err := rules.NewCalendar("Europe/Rome", nil, false)
	if err != nil {
		t.Fatal(err)
	}
	return cal
}

// load is the default set as the daemon has it.
func load(t testing.TB, overlay fs.FS, settings rules.Settings) *rules.Set {
	t.Helper()
	s, err := rules.Load(templates.FS, overlay, settings, calendar(t))
	if err != nil {
		t.Fatal(err)
	}
	s.Addresses = map[string]string{"disattivazioni": "disattivazioni@pec.example.com", "customer.service": "customer.service@pec.example.com"}
	return s
}

func TestDefaultProcedures(t *testing.T) {
	s := load(t, nil, rules.Settings{})
	want := "casella-non-attiva disattivazione disdetta-dominio lascia-scadere recesso-rinnovo revoca richiesta-log rinnovo stato-casella variazione-contatti"
	var names []string
	for _, p := range s.Procedures {
		names = append(names, p.Name)
		if len(p.Examples) == 0 {
			t.Errorf("%s has no example", p.Name)
		}
	}
	if got := strings.Join(names, " "); got != want {
		t.Errorf("procedures are\n%s, want\n%s", got, want)
	}
}

func TestDefaultExamples(t *testing.T) {
	if err := load(t, nil, rules.Settings{}).CheckExamples(); err != nil {
		t.Error(err)
	}
}

// readme reads the files of a Markdown text: a heading with the path, a fence.
func readme(t *testing.T, text string) fstest.MapFS {
	t.Helper()
	files := fstest.MapFS{}
	for part := range strings.SplitSeq(text, "\n### ") {
		name, rest, _ := strings.Cut(part, "\n```")
		if !strings.Contains(name, "/") || strings.ContainsAny(name, " \n") {
			continue
		}
		_, body, _ := strings.Cut(rest, "\n")
		body, _, closed := strings.Cut(body, "\n```")
		if !closed {
			t.Fatalf("%s: its fence is not closed", name)
		}
		files[name] = &fstest.MapFile{Data: []byte(body + "\n")}
	}
	return files
}

// A new procedure is a new folder and no Go: the README's own example.
func TestNewProcedureAsFilesOnly(t *testing.T) {
	text, err := fs.ReadFile(templates.FS, "README.md")
	if err != nil {
		t.Fatal(err)
	}
	overlay := readme(t, string(text))
	if len(overlay) != 4 {
		t.Fatalf("the README shows %d files, want 4", len(overlay))
	}
	s := load(t, overlay, rules.Settings{})
	p := s.Procedure("cambio-intestatario")
	if p == nil || s.Procedure("disattivazione") == nil || p.Letters["respinta"] == nil {
		t.Fatalf("the overlay did not add its procedure: %v", p)
	}
	if err := s.CheckExamples(); err != nil {
		t.Errorf("the README's example: %v", err)
	}
	found := false
	for _, l := range s.Samples("cambio-intestatario") {
		found = found || l.Name == "accolta" && strings.Contains(l.Text, "Il nuovo intestatario è Anna Verdi.")
	}
	if !found {
		t.Error("its letter of acceptance does not name the new holder")
	}
	at := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	m := rules.Message{Kind: rules.Ordinary, Mailbox: "customer.service", Claimed: "mario@example.org", Subject: "richiesta", Sent: at, Delivered: at,
		Text: "Buongiorno, vorrei sapere come cambiare la password della PEC."}
	if d := s.Decide(m, s.Read(m), rules.Facts{Ours: true}); d.Outcome != rules.Reject || d.Procedure != "" {
		t.Errorf("%s %q: of two procedures of a mailbox none is told to who asks for neither", d.Outcome, d.Procedure)
	}
}

// TestPrescribedSubject has a procedure whose subject is made of words that are
// signs elsewhere: as it is prescribed it is none, with a condition it is.
func TestPrescribedSubject(t *testing.T) {
	example := "Oggetto: %s\nDa: mario.rossi@pec.example.it\nInviato: 2026-11-23T10:22:05+01:00\n" +
		"Casella: mario.rossi@pec.example.it,active,Mario Rossi,,,2027-05-01\nEsito: %s\n\nSi chiede che il numero di recupero diventi quello del fax.\n"
	s := load(t, fstest.MapFS{
		"telefono/procedure.toml": {Data: []byte("title = \"Cambio del telefono\"\nrequest = \"cambio del telefono\"\nsubject = \"Cambio telefono di recupero – novità\"\n" +
			"decide = \"automatic\"\nterm = \"1 working day\"\n[[recognise]]\nall = [\"recuper*\"]\n")},
		"telefono/modulo.txt":          {Data: []byte("Si chiede che il numero di recupero diventi quello del fax.\n")},
		"telefono/lettere/accolta.txt": {Data: []byte("Fatto.\n\n{{.chiusura}}\n")},
		"telefono/esempi/a.txt":        {Data: fmt.Appendf(nil, example, "Re: cambio telefono di RECUPERO, novità", "accept")},
		"telefono/esempi/b.txt":        {Data: fmt.Appendf(nil, example, "Cambio telefono di recupero - novita' se possibile domani", "review\nMotivo: danger_sign")},
	}, rules.Settings{})
	if err := s.CheckExamples(); err != nil {
		t.Error(err)
	}
}

func TestOverlayReplaces(t *testing.T) {
	overlay := fstest.MapFS{
		"comuni/chiusura.txt": {Data: []byte("Un saluto da {{.gestore}}.\n")},
		"rinnovo/procedure.toml": {Data: []byte("title = \"Rinnovo\"\nrequest = \"rinnovo\"\ndecide = \"guide\"\nterm = \"1 working day\"\n" +
			"[[recognise]]\nall = [\"rinnov*\"]\n")},
		"rinnovo/lettere/guida.txt": {Data: []byte("Si rinnova allo sportello.\n\n{{.chiusura}}\n")},
		"rinnovo/esempi/a.txt":      {Data: []byte("Oggetto: rinnovo\nDa: a@pec.example.it\nInviato: 2026-11-10T09:00:00+01:00\nEsito: guide\n\nrinnovo\n")},
	}
	s := load(t, overlay, rules.Settings{Gestore: "Posta Sicura"})
	for _, name := range []string{"rinnovo", "stato-casella"} {
		for _, l := range s.Samples(name) {
			if !strings.HasSuffix(l.Text, "Un saluto da Posta Sicura.\n") {
				t.Errorf("%s %s does not end with the overlay's closing:\n%s", name, l.Name, l.Text)
			}
		}
	}
	if p := s.Procedure("rinnovo"); p.Title != "Rinnovo" || len(p.Signs) != 1 {
		t.Errorf("rinnovo was not replaced whole: %+v", p)
	}
}

// What takes a request back is a key of its procedure, not the folder's name.
func TestRevokingProcedure(t *testing.T) {
	folder := patched(t, "revoca/procedure.toml", "", "")
	files := fstest.MapFS{}
	for name, f := range folder {
		files["ritiro/"+strings.TrimPrefix(name, "revoca/")] = f
	}
	files["revoca/procedure.toml"] = &fstest.MapFile{Data: []byte("title = \"x\"\nrequest = \"x\"\ndecide = \"guide\"\nterm = \"1 working day\"\n")}
	files["revoca/lettere/guida.txt"] = &fstest.MapFile{Data: []byte("x\n")}
	files["revoca/esempi/a.txt"] = &fstest.MapFile{Data: []byte("Oggetto: newsletter\nDa: a@pec.example.it\nInviato: 2026-11-10T09:00:00+01:00\nEsito: none\n\nx\n")}
	s := load(t, files, rules.Settings{})
	for _, x := range s.Procedure("ritiro").Examples {
		if d := s.Decide(x.Message, s.Read(x.Message), x.Facts); d.Reason != rules.Revocation || d.Joins == "" && d.Procedure != "ritiro" {
			t.Errorf("%s: %s %s %q joins %q", x.File, d.Outcome, d.Reason, d.Procedure, d.Joins)
		}
	}
}

// patched is the default set with one file changed.
func patched(t *testing.T, file, old, new string) fstest.MapFS {
	t.Helper()
	files := fstest.MapFS{}
	folder := strings.SplitN(file, "/", 2)[0]
	if _, err := fs.Stat(templates.FS, folder); err != nil {
		files[file] = &fstest.MapFile{Data: []byte(new)}
		return files
	}
	err := fs.WalkDir(templates.FS, folder, func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := fs.ReadFile(templates.FS, name)
		files[name] = &fstest.MapFile{Data: data}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	was := ""
	if f := files[file]; f != nil {
		was = string(f.Data)
	}
	if !strings.Contains(was, old) {
		t.Fatalf("%s does not hold %q", file, old)
	}
	files[file] = &fstest.MapFile{Data: []byte(strings.Replace(was, old, new, 1))}
	return files
}

func TestLoadReports(t *testing.T) {
	const toml = "disattivazione/procedure.toml"
	for _, c := range []struct{ name, file, old, new, want string }{
		{"unknown key", toml, "[[blank]]\nname", "[[blank]]\nnome = \"x\"\nname",
			`overlay/disattivazione/procedure.toml:11: unknown key "blank.nome" (one of: name, label, kind, must, optional, example)`},
		{"unknown check", toml, `"mailbox-active"`, `"mailbox-activ"`,
			`overlay/disattivazione/procedure.toml:39: unknown check "mailbox-activ" (one of: mailbox-known, mailbox-active, `},
		{"unknown kind", toml, `"case-number"`, `"case"`, `procedure.toml:26: unknown blank kind "case" (one of: person, pec-address, `},
		{"unknown must", toml, `"certified-sender"`, `"sender"`, `procedure.toml:20: unknown must "sender" (one of: certified-sender)`},
		{"unknown step", toml, `"read-only"`, `"readonly"`, `procedure.toml:49: unknown step "readonly" (one of: read-only, restore, close, `},
		{"known step with a meaning", toml, "do    = \"read-only\"", "do    = \"read-only\"\nmeans = \"altro\"", `procedure.toml:49: the step "read-only" is known: leave "means" out`},
		{"own step in capitals", toml, "do    = \"read-only\"", "do    = \"Reset\"\nmeans = \"altro\"", `procedure.toml:49: step "Reset": small letters, figures and hyphens`},
		{"unknown decide", toml, `"automatic"`, `"auto"`, `procedure.toml:5: unknown decide "auto" (one of: automatic, operator, guide)`},
		{"unknown reason", toml, `reject:mailbox_not_active`, `reject:not_active`, `procedure.toml:40: unknown reason "not_active" (one of: ordinary_email, `},
		{"half an else", toml, `"reject:mailbox_not_active"`, `"reject"`, `procedure.toml:40: else = "reject" — write "reject:reason"`},
		{"reason without a text", toml, `reject:mailbox_not_active`, `reject:outside_30_days`, `procedure.toml:40: no text for "outside_30_days" — write overlay/disattivazione/motivi/outside_30_days.txt`},
		{"days without need", toml, "is   = \"mailbox-active\"", "is   = \"mailbox-active\"\ndays = 3", `procedure.toml:39: check "mailbox-active" with days = 3`},
		{"no title", toml, "title   = \"Disattivazione anticipata di una casella PEC\"\n", "", `procedure.toml:1: "title" is missing`},
		{"bad term", toml, `"3 working days"`, `"three days"`, `procedure.toml:7: term: "three days" is no span of time`},
		{"wrong unit", toml, `"3 working days"`, `"3 hours"`, `procedure.toml:7: term = "3 hours" — give a number of working days`},
		{"bad after", toml, `"5 days"`, `"5 weeks"`, `procedure.toml:54: after = "5 weeks" — write "delivered", or a span of time like`},
		{"blank twice", toml, "name     = \"caso\"", "name     = \"titolare\"", `procedure.toml:24: blank "titolare" is there twice`},
		{"blank without example", toml, "example = \"Mario Rossi\"\n", "", `procedure.toml:10: blank "titolare" has no example`},
		{"blank named as a variable", toml, "name     = \"caso\"", "name     = \"protocollo\"", `procedure.toml:24: blank "protocollo" has the name of a letter variable`},
		{"blank named as a setting", toml, "name     = \"caso\"", "name     = \"telefono\"", `procedure.toml:24: blank "telefono" has the name of a letter variable`},
		{"two revoke", toml, "wording = \"form\"", "wording = \"form\"\nrevokes = true", `templates/revoca/procedure.toml: revokes = true, as in overlay/disattivazione/procedure.toml — only one procedure takes requests back`},
		{"none revokes", "revoca/procedure.toml", "revokes = true", "revokes = false", `no procedure has revokes = true — write it into the one that takes a request back`},
		{"recognise nothing", toml, "[[recognise]]\nall  =", "[[recognise]]\nwhere = \"text\"\n# all =", `: "all" is missing`},
		{"broken TOML", toml, `decide  = "automatic"`, `decide  = automatic`, `procedure.toml:5: unexpected character U+0061 'a' at start of value: texts stand in quotes`},
		{"text for a list", toml, "[[recognise]]", "[[recognise]]\nall = \"disattiv*\"\n[[recognise]]", `: this is a TOML string: write a list of texts`},
		{"wrong type", toml, `optional = true`, `optional = "sì"`, `procedure.toml:27: `},
		{"form names no blank", "disattivazione/modulo.txt", "{caso}", "{pratica}", `overlay/disattivazione/modulo.txt:1: {pratica} is no [[blank]]`},
		{"wording names no blank", "disattivazione/moduli/propria.txt", "{caso}", "{pratica}", `overlay/disattivazione/moduli/propria.txt:1: {pratica} is no [[blank]]`},
		{"unknown variable", "disattivazione/lettere/accolta.txt", "{{.giorni_lettura}}", "{{.giorni_letura}}", `overlay/disattivazione/lettere/accolta.txt:7: unknown letter variable {{.giorni_letura}} (one of: titolare, casella, caso, protocollo, `},
		{"unknown variable in a branch not taken", "disattivazione/lettere/accolta.txt", "Gentile cliente,", "{{if .precedente}}{{.precedent}}{{end}}Gentile cliente,", `accolta.txt:1: unknown letter variable {{.precedent}}`},
		{"variable inside with", "disattivazione/lettere/accolta.txt", "Gentile cliente,", "{{with .caso}}{{.data}}{{end}}", `accolta.txt:1: .data cannot be used here — inside {{with}} write $.data`},
		{"broken template", "disattivazione/lettere/accolta.txt", "{{.casella}}", "{{.casella}", `overlay/disattivazione/lettere/accolta.txt:3: `},
		{"letter that fails", "disattivazione/lettere/accolta.txt", "{{.casella}}", "{{index .casella 999}}", `overlay/disattivazione/lettere/accolta.txt:3:62: <index .casella 999>: error calling index: `},
		{"empty value printed", "disattivazione/lettere/accolta.txt", "{{.casella}}", "{{.casella}} (caso {{.caso}} )", `overlay/disattivazione/lettere/accolta.txt:3: {{.caso}} prints nothing — guard it: {{with .caso}}…{{.}}…{{end}} (letter accolta of disattivazione, near `},
		{"empty value in a reason", "recesso-rinnovo/motivi/order_unknown.txt", "{{with .ordine}} ({{.}}){{end}}", " ({{.ordine}})", `overlay/recesso-rinnovo/motivi/order_unknown.txt:1: {{.ordine}} prints nothing — guard it: {{with .ordine}}…{{.}}…{{end}} (letter respinta of recesso-rinnovo, order_unknown, near `},
		{"empty value in the closing", "comuni/chiusura.txt", "Cordiali saluti,", "Cordiali saluti ( {{.telefono}}),", `overlay/comuni/chiusura.txt:5: {{.telefono}} prints nothing`},
		{"guard within its brackets", "disattivazione/lettere/accolta.txt", "{{.casella}}", "{{.casella}} ({{with .caso}}{{.}}{{end}})", `overlay/disattivazione/lettere/accolta.txt:3: {{with .caso}} prints nothing — put what stands round it inside it (letter accolta`},
		{"empty letter", "disattivazione/lettere/sollecito.txt", "", "{{with .precedente}}{{.}}{{end}}\n", `overlay/disattivazione/lettere/sollecito.txt:1: the letter is empty (letter sollecito of disattivazione)`},
		{"unknown letter", "disattivazione/lettere/acolta.txt", "", "x", `overlay/disattivazione/lettere/acolta.txt: unknown name (one of: accolta, respinta, `},
		{"unknown motive", "disattivazione/motivi/altro.txt", "", "x", `overlay/disattivazione/motivi/altro.txt: unknown name (one of: ordinary_email, `},
		{"motive without instructions", "disattivazione/motivi/other_pec.txt", "", "perché no.\n", `overlay/disattivazione/motivi/other_pec.txt:1: no line "---"`},
		{"unknown file", "disattivazione/form.txt", "", "x", `overlay/disattivazione/form.txt: unknown name (one of: procedure.toml, `},
		{"file beside", "note.txt", "", "x", `overlay/note.txt: a file beside the procedures`},
		{"folder without procedure", "nuova/modulo.txt", "", "x", `overlay/nuova/procedure.toml: missing`},
		{"example with an unknown line", "disattivazione/esempi/01-corretta.txt", "Esito:", "Esit:", `overlay/disattivazione/esempi/01-corretta.txt:6: unknown line "Esit: accept" (one of: Oggetto, Da, `},
		{"example without outcome", "disattivazione/esempi/01-corretta.txt", "Esito: accept\n", "", `01-corretta.txt:1: no line "Esito:"`},
		{"closing within itself", "comuni/chiusura.txt", "{{.firma}}", "{{.firma}} {{.chiusura}}", `overlay/comuni/chiusura.txt:1: the text prints itself — take {{.chiusura}} or {{.come_chiedere}} out of it`},
		{"how to ask within itself", "disattivazione/come-chiedere.txt", "scriva", "{{with .importo}}{{$.come_chiedere}}{{end}} scriva", `disattivazione/come-chiedere.txt:1: the text prints itself`},
		{"all words at once", "disattivazione/lettere/accolta.txt", "Gentile cliente,", "{{.}}", `accolta.txt:1: {{.}} cannot be used here — outside {{with}} name the word`},
		{"all words within with", "disattivazione/lettere/accolta.txt", "Gentile cliente,", "{{with .caso}}{{$}}{{end}}", `accolta.txt:1: {{$}} cannot be used here — name the word`},
		{"with without its end", "disattivazione/lettere/accolta.txt", "Gentile cliente,", "{{with .caso}}Gentile cliente,", `unexpected EOF — an {{if}} or {{with}} has no {{end}}`},
		{"a function", "disattivazione/lettere/accolta.txt", "{{.casella}}", "{{upper .casella}}", `accolta.txt:3: function "upper" not defined — there are no such functions`},
		{"letter in Latin-1", "disattivazione/lettere/accolta.txt", "Gentile cliente,", "Gentile cliente,\nperch\xe9", `overlay/disattivazione/lettere/accolta.txt:2: this is not UTF-8 — save the file as UTF-8`},
		{"how to ask in Latin-1", "disattivazione/come-chiedere.txt", "scriva", "perch\xe9 scriva", `overlay/disattivazione/come-chiedere.txt:1: this is not UTF-8`},
		{"form in Latin-1", "disattivazione/modulo.txt", "{caso}", "{caso}\xe9", `overlay/disattivazione/modulo.txt:1: this is not UTF-8`},
		{"procedure in Latin-1", toml, "title   = \"Disa", "title   = \"\xe9Disa", `overlay/disattivazione/procedure.toml:1: this is not UTF-8`},
		{"example in Latin-1", "disattivazione/esempi/01-corretta.txt", "Esito:", "# \xe9\nEsito:", `overlay/disattivazione/esempi/01-corretta.txt:6: this is not UTF-8`},
		{"recognise in capitals", toml, `"disattiv*|`, `"Disattivà*|dell'ordine|`, `: "Disattivà*": words are looked for small, without accents, apostrophes and points — write "disattiva*"`},
		{"recognise with an apostrophe", toml, `"disattiv*|`, `"dell'ordine|`, `: "dell'ordine": words are looked for small, without accents, apostrophes and points — write "dell ordine"`},
		{"recognise an empty choice", toml, `"disattiv*|`, `"|`, `a choice is empty, or fits any word — take it out`},
		{"unknown unit", toml, `"3 working days"`, `"3 giorni"`, `procedure.toml:7: term: "3 giorni": unknown unit "giorni" (one of: hours, `},
		{"one table of several", toml, "[[blank]]", "[blank]", `procedure.toml:16: blank: there may be several: write each as [[blank]], in two pairs of brackets`},
		{"example without an empty line", "disattivazione/esempi/01-corretta.txt", "\n\n", "\n", `(one of: Oggetto, Da, A, Tipo, Inviato, Consegnato, Casella, Ordine, Aperta, Allegato, Registro, Dominio, Esito, Motivo, Procedura) — an empty line parts them from the text`},
		{"example with two outcomes", "disattivazione/esempi/01-corretta.txt", "Esito: accept\n", "Esito: accept\nEsito: review\n", `01-corretta.txt:7: "Esito:" stands on line 6 too — keep one`},
		{"example with a slip of the registry", "disattivazione/esempi/01-corretta.txt", "Esito:", "Registro: nesuno\nEsito:", `01-corretta.txt:6: "nesuno": write nessuno, or leave the line out`},
		{"example with a slip of the domain", "disattivazione/esempi/01-corretta.txt", "Esito:", "Dominio: altro\nEsito:", `01-corretta.txt:6: "altro": write altrui, or leave the line out`},
		{"example with an open case of no state", "disattivazione/esempi/01-corretta.txt", "Esito:", "Aperta: 2026-000312,disattivazione,open\nEsito:", `01-corretta.txt:6: an open case is protocol,procedure,state (state one of: new, review, `},
		{"example with a bad date", "disattivazione/esempi/01-corretta.txt", "2026-11-23T10", "2026-13-23T10", `01-corretta.txt:4: `},
		{"example with an unknown reason", "disattivazione/esempi/03-altro-oggetto.txt", "subject_not_conforming", "subject", `03-altro-oggetto.txt:6: unknown reason "subject" (one of: `},
	} {
		t.Run(c.name, func(t *testing.T) {
			if path.Dir(c.file) == "nuova" {
				c.want += " — every procedure has one"
			}
			_, err := rules.Load(templates.FS, patched(t, c.file, c.old, c.new), rules.Settings{}, calendar(t))
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("Load says:\n%v\nwant:\n%s", err, c.want)
			}
		})
	}
}

// A byte order mark, which some editors write, changes nothing.
func TestByteOrderMark(t *testing.T) {
	for _, file := range []string{"disattivazione/procedure.toml", "disattivazione/modulo.txt", "disattivazione/lettere/accolta.txt", "disattivazione/esempi/01-corretta.txt"} {
		s := load(t, patched(t, file, "", ""), rules.Settings{})
		files := patched(t, file, "", "")
		files[file].Data = append([]byte("\ufeff"), files[file].Data...)
		with := load(t, files, rules.Settings{})
		if err := with.CheckExamples(); err != nil {
			t.Errorf("%s: %v", file, err)
		}
		if got, want := with.Samples("disattivazione")[0].Text, s.Samples("disattivazione")[0].Text; got != want {
			t.Errorf("%s: the letter begins with %q, want %q", file, got[:20], want[:20])
		}
	}
}

// A letter that is wrong is there: nobody is told that it is missing, nor one
// mistake twice, nor one remedy.
func TestWrongLetterIsSaidOnce(t *testing.T) {
	for _, c := range []struct{ file, old, new string }{
		{"disattivazione/lettere/accolta.txt", "{{.giorni_lettura}}", "{{.giorni_letura}}"},
		{"disattivazione/lettere/accolta.txt", "{{.casella}}", "{{.casella}"},
		{"comuni/lettere/presa-in-carico.txt", "{{.protocollo}}", "{{.protocolo}}"},
		{"comuni/chiusura.txt", "{{.firma}}", "{{.firmo}}"},
	} {
		_, err := rules.Load(templates.FS, patched(t, c.file, c.old, c.new), rules.Settings{}, calendar(t))
		if err == nil || strings.Contains(err.Error(), "\n") || strings.Count(err.Error(), " casella,") > 1 {
			t.Errorf("%s with %s: Load says:\n%v\nwant one line", c.file, c.new, err)
		}
	}
}

// A mistake in a text that all letters share is one mistake.
func TestSharedMistakeIsSaidOnce(t *testing.T) {
	_, err := rules.Load(templates.FS, patched(t, "comuni/chiusura.txt", "Cordiali saluti,", "Cordiali saluti ({{.telefono}}),"), rules.Settings{}, calendar(t))
	if err == nil || strings.Count(err.Error(), "\n") > 0 {
		t.Errorf("Load says:\n%v\nwant one line", err)
	}
}

// A procedure may have a step that no other has.
func TestStepOfOnesOwn(t *testing.T) {
	s := load(t, patched(t, "disattivazione/procedure.toml", `do    = "read-only"`, "do    = \"reset-password\"\nmeans = \"reimpostazione della password\""), rules.Settings{})
	if got := s.Procedure("disattivazione").Steps[0].Do; got != "reset-password" || s.StepMeans(got) != "reimpostazione della password" || s.StepMeans("close") != "" {
		t.Errorf("the first step is %q, which means %q", got, s.StepMeans(got))
	}
}

// All that is wrong is said at once.
func TestLoadReportsEverything(t *testing.T) {
	files := patched(t, "disattivazione/procedure.toml", `"mailbox-active"`, `"mailbox-activ"`)
	files["disattivazione/procedure.toml"].Data = []byte(strings.Replace(string(files["disattivazione/procedure.toml"].Data), `"person"`, `"persona"`, 1))
	files["rinnovo/procedure.toml"] = &fstest.MapFile{Data: []byte("titolo = \"x\"\n")}
	_, err := rules.Load(templates.FS, files, rules.Settings{URLPannello: "pannello", Firma: "a\nb"}, calendar(t))
	if err == nil {
		t.Fatal("no error")
	}
	for _, want := range []string{`unknown check "mailbox-activ"`, `unknown blank kind "persona"`, `unknown key "titolo"`, `letters.url_pannello: "pannello" is not an address`, `letters.firma: `} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("not reported: %s\n%v", want, err)
		}
	}
}

// An example decided otherwise is shown by the line that says otherwise, with
// each reason of the decision once.
func TestExampleDecidedOtherwise(t *testing.T) {
	const file, decided = "disattivazione/esempi/01-corretta.txt", "decided accept (disattivazione), but the example says "
	for _, c := range []struct{ old, new, want string }{
		{"Esito: accept", "Esito: reject\nMotivo: other_pec", ":6: " + decided + "reject other_pec (disattivazione)"},
		{"Esito: accept", "Esito: accept\nMotivo: other_pec", ":7: " + decided + "accept other_pec (disattivazione)"},
		{"Esito: accept", "Procedura: nessuna\nEsito: accept", ":6: " + decided + "accept (no procedure)"},
	} {
		err := load(t, patched(t, file, c.old, c.new), rules.Settings{}).CheckExamples()
		want := "overlay/" + file + c.want + " (because: "
		if err == nil || !strings.Contains(err.Error(), want) || strings.Count(err.Error(), "The whole own text is the form") != 1 {
			t.Errorf("CheckExamples says %v, want %s", err, want)
		}
	}
	rejected := "disattivazione/esempi/03-altro-oggetto.txt"
	err := load(t, patched(t, rejected, "Motivo: subject_not_conforming\n", ""), rules.Settings{}).CheckExamples()
	if err == nil || !strings.Contains(err.Error(), rejected+":5: decided reject subject_not_conforming") {
		t.Errorf("CheckExamples says %v", err)
	}
}

// A folder on disk is named in messages by its path.
func TestLoadNamesTheFolder(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(dir+"/note.txt", nil, 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := rules.Load(templates.FS, os.DirFS(dir), rules.Settings{}, calendar(t))
	if err == nil || !strings.Contains(err.Error(), dir+"/note.txt: ") {
		t.Errorf("Load says %v", err)
	}
}
