package rules

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"reflect"
	"slices"
	"strings"
	"text/template"
	"unicode/utf8"
)

// sharedFolder holds what all procedures have in common: the end of every
// letter, the letters a folder does not have itself, the reasons' texts.
const sharedFolder = "comuni"

// texts are the letters and reasons of a folder.
type texts struct {
	closing *template.Template // chiusura.txt
	ask     *template.Template // come-chiedere.txt
	letters map[string]*template.Template
	motives map[Reason]*template.Template
}

// Load reads the procedures of files and, over them, those of overlay (nil:
// none): a folder of the overlay replaces the one of the same name whole, or
// adds a procedure; only of comuni it replaces single files. Everything that is
// wrong is reported at once, each with file, line and what would be right. The
// examples are run by CheckExamples.
func Load(files, overlay fs.FS, settings Settings, cal *Calendar) (*Set, error) {
	s := &Set{Calendar: cal, Settings: settings.filled()}
	l := &loader{set: s, shared: texts{letters: map[string]*template.Template{}, motives: map[Reason]*template.Template{}}}
	if err := settings.Check(); err != nil {
		l.problems = append(l.problems, err)
	}
	layers := []layer{{files, label(files, "templates")}}
	if overlay != nil {
		layers = append(layers, layer{overlay, label(overlay, "overlay")})
	}
	folders := map[string]layer{}
	for _, y := range layers {
		l.folders(y, folders)
	}
	s.shared = &l.shared
	if l.shared.closing == nil || l.shared.ask == nil {
		l.add("%s/%s: chiusura.txt and come-chiedere.txt must be there — letters end with the one, refusals with the other", layers[0].label, sharedFolder)
	}
	for _, name := range sortedKeys(folders) {
		if p := l.procedure(folders[name], name); p != nil {
			p.words = s.constants(p)
			s.Procedures = append(s.Procedures, p)
		}
	}
	s.numbered()
	if len(l.problems) == 0 {
		l.oneRevokes()
		l.problems = append(l.problems, s.trySamples()...)
	}
	if err := l.join(); err != nil {
		return nil, err
	}
	return s, nil
}

// layer is a folder of procedures with the name it has in messages.
type layer struct {
	fs.FS
	label string
}

// label names a file system in messages: os.DirFS is a string, its path.
func label(fsys fs.FS, other string) string {
	if v := reflect.ValueOf(fsys); v.Kind() == reflect.String {
		return v.String()
	}
	return other
}

type loader struct {
	set    *Set
	shared texts
	problems
}

// folders finds the procedures of a layer and reads its comuni.
func (l *loader) folders(y layer, found map[string]layer) {
	entries, err := fs.ReadDir(y, ".")
	if err != nil {
		l.add("%s: %w", y.label, err)
		return
	}
	for _, e := range entries {
		name := e.Name()
		switch {
		case strings.HasPrefix(name, "."), !e.IsDir() && (name == "README.md" || strings.HasSuffix(name, ".go")):
		case !e.IsDir():
			l.add("%s/%s: a file beside the procedures — each procedure is a folder (see templates/README.md)", y.label, name)
		case name == sharedFolder:
			l.texts(y, sharedFolder, nil, l.shared.letters, l.shared.motives)
			if t := l.template(y, path.Join(sharedFolder, "chiusura.txt"), nil, true); t != nil {
				l.shared.closing = t
			}
			if t := l.template(y, path.Join(sharedFolder, "come-chiedere.txt"), nil, true); t != nil {
				l.shared.ask = t
			}
			l.strangers(y, sharedFolder, "chiusura.txt", "come-chiedere.txt", "lettere", "motivi")
		default:
			found[name] = y
		}
	}
}

// strangers reports files that nothing reads: a misspelt name must not pass
// for a letter that is never sent.
func (l *loader) strangers(y layer, folder string, known ...string) {
	entries, _ := fs.ReadDir(y, folder)
	for _, e := range entries {
		if n := e.Name(); !slices.Contains(known, n) && n != "README.md" && !strings.HasPrefix(n, ".") {
			l.add("%s/%s/%s: unknown name (one of: %s)", y.label, folder, n, strings.Join(known, ", "))
		}
	}
}

// texts reads lettere/ and motivi/ of a folder.
func (l *loader) texts(y layer, folder string, blanks []string, letters map[string]*template.Template, motives map[Reason]*template.Template) {
	for _, name := range l.txtFiles(y, path.Join(folder, "lettere"), LetterNames) {
		if t := l.template(y, path.Join(folder, "lettere", name+".txt"), blanks, false); t != nil {
			letters[name] = t
		}
	}
	for _, name := range l.txtFiles(y, path.Join(folder, "motivi"), reasonWords()) {
		file := path.Join(folder, "motivi", name+".txt")
		t := l.template(y, file, blanks, false)
		if t == nil {
			continue
		}
		if text, _ := utf8Text(y, file); !strings.Contains(text, motiveMark) {
			l.add("%s/%s:1: no line \"---\" — above it the reason, below it what to do", y.label, file)
		}
		motives[Reason(name)] = t
	}
}

// motiveMark divides the reason from the instructions.
const motiveMark = "\n---\n"

// txtFiles lists the .txt files of a folder without their ending, which must be among words.
func (l *loader) txtFiles(y layer, folder string, words []Word) []string {
	entries, err := fs.ReadDir(y, folder)
	if err != nil {
		return nil // a folder without letters of its own
	}
	var names []string
	for _, e := range entries {
		name, txt := strings.CutSuffix(e.Name(), ".txt")
		switch {
		case strings.HasPrefix(name, "."):
		case !txt || e.IsDir() || !known(words, name):
			l.add("%s/%s/%s: unknown name (%s; each .txt)", y.label, folder, e.Name(), oneOf(words))
		default:
			names = append(names, name)
		}
	}
	return names
}

// utf8Text reads a text without the byte order mark that some editors write.
// What is not UTF-8 is told by its line: customers would read other letters.
func utf8Text(y layer, file string) (string, error) {
	data, err := fs.ReadFile(y, file)
	if err != nil {
		return "", fmt.Errorf("%s/%s: %w", y.label, file, err)
	}
	text := strings.ReplaceAll(strings.TrimPrefix(string(data), "\ufeff"), "\r\n", "\n")
	for i, line := range strings.Split(text, "\n") {
		if !utf8.ValidString(line) {
			return text, fmt.Errorf("%s/%s:%d: this is not UTF-8 — save the file as UTF-8", y.label, file, i+1)
		}
	}
	return text, nil
}

// template reads a text; nil when there is none.
func (l *loader) template(y layer, file string, blanks []string, optional bool) *template.Template {
	text, err := utf8Text(y, file)
	var t *template.Template
	switch {
	case optional && errors.Is(err, fs.ErrNotExist):
		return nil
	case err == nil:
		t, err = parseTexts(y.label+"/"+file, text, blanks)
	}
	if err != nil {
		l.problems = append(l.problems, err)
		return template.New(y.label + "/" + file) // it is there, only wrong: nobody shall say that it is missing
	}
	return t
}

// procedure reads one folder; nil when its procedure.toml cannot be read.
func (l *loader) procedure(y layer, name string) *Procedure {
	file := path.Join(name, "procedure.toml")
	text, err := utf8Text(y, file)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		l.add("%s/%s: missing — every procedure has one (see templates/README.md)", y.label, file)
		return nil
	case err != nil:
		l.problems = append(l.problems, err)
		return nil
	}
	p := &Procedure{Name: name, Letters: map[string]*template.Template{}, motives: map[Reason]*template.Template{}}
	where, err := decodeStrict(y.label+"/"+file, []byte(text), p, procedureKeys)
	p.file = where.path
	if err != nil {
		l.problems = append(l.problems, err)
		return nil
	}
	l.checkProcedure(p, where)
	l.form(y, p)
	blanks := make([]string, len(p.Blanks))
	for i, b := range p.Blanks {
		blanks[i] = b.Name
	}
	for n, t := range l.shared.letters {
		p.Letters[n] = t
	}
	for r, t := range l.shared.motives {
		p.motives[r] = t
	}
	l.texts(y, name, blanks, p.Letters, p.motives)
	if p.ask = l.template(y, path.Join(name, "come-chiedere.txt"), blanks, true); p.ask == nil {
		p.ask = l.shared.ask
	}
	l.checkLetters(y, p, where)
	l.examples(y, p)
	l.strangers(y, name, "procedure.toml", "modulo.txt", "moduli", "come-chiedere.txt", "lettere", "motivi", "esempi")
	return p
}

// checkLetters reports what a case of p could owe and nobody has written.
func (l *loader) checkLetters(y layer, p *Procedure, f place) {
	need := "accolta"
	if p.Decide == "guide" {
		need = "guida"
	}
	for _, n := range []string{need, "respinta", "presa-in-carico", "integrazione", "sollecito", "duplicato", "revocata", "risposta"} {
		if p.Letters[n] == nil {
			l.add("%s/%s/lettere/%s.txt: missing — a procedure with decide = %q needs it", y.label, p.Name, n, p.Decide)
		}
	}
	for i, c := range p.Checks {
		outcome, reason, _ := strings.Cut(c.Else, ":")
		if outcome == string(Reject) && known(reasonWords(), reason) && p.motives[Reason(reason)] == nil {
			l.add("%s: no text for %q — write %s/%s/motivi/%s.txt", f.at(fmt.Sprintf("check.%d.else", i)), reason, y.label, p.Name, reason)
		}
	}
}

// form reads modulo.txt, and the texts of moduli/ that say as much.
func (l *loader) form(y layer, p *Procedure) {
	file := path.Join(p.Name, "modulo.txt")
	text, err := utf8Text(y, file)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		if p.Decide == "automatic" {
			l.add("%s/%s: missing — a procedure decided automatically needs its form", y.label, file)
		}
		return
	case err != nil:
		l.problems = append(l.problems, err)
		return
	}
	p.Form, err = ParseForm(text, p.Blanks)
	if err != nil {
		l.add("%s/%s:1: %w", y.label, file, err)
	}
	folder := path.Join(p.Name, "moduli")
	others, _ := fs.ReadDir(y, folder) // most procedures have none
	for _, e := range others {
		if !strings.HasSuffix(e.Name(), ".txt") || e.IsDir() {
			l.add("%s/%s/%s: unknown name (each text is a .txt)", y.label, folder, e.Name())
			continue
		}
		file := path.Join(folder, e.Name())
		text, err := utf8Text(y, file)
		if err != nil {
			l.problems = append(l.problems, err)
			continue
		}
		f, err := ParseForm(text, p.Blanks)
		if err != nil {
			l.add("%s/%s:1: %w", y.label, file, err)
			continue
		}
		p.Wordings = append(p.Wordings, f)
	}
}

// sortedKeys lists the keys of a map in order.
func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}
