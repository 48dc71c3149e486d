package rules

import (
	"flag"
	"fmt"
	"os"
	"reflect"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"
)

// keyWords are the words that a key of procedure.toml takes, and no others.
var keyWords = []struct {
	key   string
	words []Word
}{
	{"decide", DecideWords}, {"wording", WordingWords}, {"beside", BesideWords}, {"blank.kind", BlankKinds}, {"blank.must", Musts},
	{"check.is", CheckWords}, {"check.else", ElseWords}, {"step.do", StepWords}, {"step.of", OfWords}, {"recognise.where", WhereWords},
}

// readmeTables are the tables of templates/README.md, made of what the loader knows.
func readmeTables() map[string]string {
	tables := map[string]*strings.Builder{}
	row := func(table string, cells ...string) {
		if tables[table] == nil {
			tables[table] = &strings.Builder{}
		}
		fmt.Fprintf(tables[table], "| %s |\n", strings.ReplaceAll(strings.Join(cells, " | "), "`|`", "`\\|`"))
	}
	head := func(table string, cells ...string) {
		row(table, cells...)
		tables[table].WriteString("|" + strings.Repeat("---|", len(cells)) + "\n")
	}
	head("keys", "key", "")
	for _, table := range []string{"", "blank", "check", "step", "recognise"} {
		for _, k := range procedureKeys[table] {
			name := k.Name
			if table != "" {
				name = table + "." + name
			}
			row("keys", "`"+name+"`", k.Meaning)
		}
	}
	head("words", "key", "word", "")
	for _, k := range keyWords {
		for _, w := range k.words {
			row("words", "`"+k.key+"`", "`"+w.Name+"`", w.Meaning)
		}
	}
	head("lines", "line", "")
	for _, k := range exampleKeys {
		row("lines", "`"+k.Name+":`", k.Meaning)
	}
	head("letters", "letter", "")
	for _, w := range LetterNames {
		row("letters", "`"+w.Name+"`", w.Meaning)
	}
	head("variables", "variable", "")
	for _, w := range LetterWords {
		name, meaning := "`"+w.Name+"`", w.Meaning
		if meaning, ok := strings.CutPrefix(meaning, "always: "); ok {
			row("variables", name, meaning)
			continue
		}
		row("variables", name+" ◦", meaning)
	}
	out := map[string]string{}
	for name, b := range tables {
		out[name] = b.String()
	}
	return out
}

// The README's tables are what the loader knows, no more and no less; -update
// writes them.
func TestReadmeTables(t *testing.T) {
	const file = "../templates/README.md"
	raw, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	text := string(raw)
	for name, want := range readmeTables() {
		begin, end := "<!-- "+name+" -->\n", "<!-- /"+name+" -->\n"
		before, rest, ok := strings.Cut(text, begin)
		got, after, closed := strings.Cut(rest, end)
		if !ok || !closed {
			t.Fatalf("the README has no table between %q and %q", begin, end)
		}
		if got == want {
			continue
		}
		if flag.Lookup("update").Value.String() != "true" {
			t.Errorf("the README says another thing of %s than the loader (-update writes it):\n%s", name, want)
		}
		text = before + begin + want + end + after
	}
	if flag.Lookup("update").Value.String() == "true" {
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	settings := reflect.TypeFor[Settings]()
	for i := range settings.NumField() {
		if key := settings.Field(i).Tag.Get("toml"); !strings.Contains(text, "`"+key+"`") {
			t.Errorf("the README does not know the setting %q", key)
		}
	}
}

// What the README calls compulsory is, and nothing else: each key and each
// line is left out in turn.
func TestCompulsory(t *testing.T) {
	const procedure = `
title = "Prova"
request = "prova"
mailbox = "disattivazioni"
subject = "Prova"
decide = "operator"
term = "3 working days"
keep = "30 months"
wording = "free"
beside = "known"
documents = ["documento"]
[[blank]]
name = "casella"
label = "casella PEC"
kind = "pec-address"
must = "certified-sender"
optional = true
example = "mario.rossi@pec.example.it"
[[check]]
is = "mailbox-active"
else = "review:mailbox_not_active"
[[step]]
do = "close"
after = "delivered"
of = "domain"
[[recognise]]
all = ["prova"]
none = ["prove"]
where = "text"
`
	const example = "Oggetto: x\nDa: a@pec.example.it\nA: x\nTipo: transport\nInviato: 2026-11-10T09:00:00+01:00\nConsegnato: 2026-11-10T09:00:00+01:00\n" +
		"Casella: a@pec.example.it,active,,,,\nOrdine: 1,a@pec.example.it,auto_renewal,2026-11-10,,36.60\nAperta: 2026-000312,disattivazione,accepted\n" +
		"Allegato: a.pdf,application/pdf\nRegistro: nessuno\nDominio: altrui\nEsito: review\nMotivo: revocation\nProcedura: nessuna\n"
	tried := func(toml, lines string) error {
		_, err := Load(os.DirFS("../templates"), fstest.MapFS{"prova/procedure.toml": {Data: []byte(toml)}, "prova/esempi/a.txt": {Data: []byte(lines + "\nx\n")},
			"prova/lettere/accolta.txt": {Data: []byte("accolta\n")}}, Settings{}, rome(t))
		return err
	}
	if err := tried(procedure, example); err != nil {
		t.Fatal(err)
	}
	for table, keys := range procedureKeys {
		above, below, _ := strings.Cut(procedure, "[["+table+"]]\n")
		if table == "" {
			above, below = "", procedure
		}
		for _, k := range keys {
			line := regexp.MustCompile(`(?m)^` + k.Name + ` = .*\n`)
			at := line.FindStringIndex(below)
			if at == nil {
				continue // a table, or a key that depends on others: see TestLoadReports
			}
			err := tried(strings.TrimSuffix(above+"[["+table+"]]\n", "[[]]\n")+below[:at[0]]+below[at[1]:], example)
			if (err != nil) != strings.HasPrefix(k.Meaning, "compulsory") {
				t.Errorf("%s %s (%s) left out: %v", table, k.Name, k.Meaning, err)
			}
		}
	}
	for _, k := range exampleKeys {
		line := regexp.MustCompile(`(?m)^` + k.Name + `: .*\n`)
		if err := tried(procedure, line.ReplaceAllString(example, "")); !line.MatchString(example) || (err != nil) != strings.HasPrefix(k.Meaning, "compulsory") {
			t.Errorf("%s (%s) left out: %v", k.Name, k.Meaning, err)
		}
	}
}
