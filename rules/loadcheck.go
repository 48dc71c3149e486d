package rules

import (
	"fmt"
	"regexp"
	"strings"
)

// procedureKeys are the keys of procedure.toml, by table.
var procedureKeys = map[string][]string{
	"":          {"title", "request", "mailbox", "subject", "decide", "term", "keep", "wording", "beside", "revokes", "documents", "blank", "check", "step", "recognise"},
	"blank":     {"name", "label", "kind", "must", "optional", "example"},
	"check":     {"is", "days", "else"},
	"step":      {"do", "after", "of", "means"},
	"recognise": {"all", "none", "where"},
}

var blankName = regexp.MustCompile(`^[a-z][a-z_]*$`)

// checkProcedure reports every word of procedure.toml that Go does not know
// and fills what was left out.
func (l *loader) checkProcedure(p *Procedure, f place) {
	for _, k := range []struct{ key, value string }{{"title", p.Title}, {"request", p.Request}, {"decide", p.Decide}, {"term", p.Term}} {
		if strings.TrimSpace(k.value) == "" {
			l.add("%s: %q is missing", f.at(k.key), k.key)
		} else if k.value != clean(k.value) {
			l.add("%s: %q must be one plain line", f.at(k.key), k.key)
		}
	}
	if p.Keep == "" {
		p.Keep = "30 months"
	}
	if p.Wording == "" {
		p.Wording = "free"
	}
	l.word(f.at("decide"), "decide", p.Decide, DecideWords)
	l.word(f.at("wording"), "wording", p.Wording, WordingWords)
	if p.Beside != "" {
		l.word(f.at("beside"), "beside", p.Beside, BesideWords)
	}
	l.span(f.at("term"), "term", p.Term, "working days")
	l.span(f.at("keep"), "keep", p.Keep, "days", "months")
	l.checkBlanks(p, f)
	for i, c := range p.Checks {
		l.checkCheck(c, f, fmt.Sprintf("check.%d", i))
	}
	for i, st := range p.Steps {
		key := fmt.Sprintf("step.%d", i)
		l.step(f.at(key+".do"), st)
		if st.Of != "" {
			l.word(f.at(key+".of"), "of", st.Of, OfWords)
		}
		if st.After != "delivered" {
			l.span(f.at(key+".after"), "after", st.After, "hours", "days")
		}
	}
	for i, r := range p.Signs {
		key := fmt.Sprintf("recognise.%d", i)
		if len(r.All) == 0 {
			l.add("%s: \"all\" is missing — list the words that must be there, e.g. all = [\"disattiv*\", \"casell*\"]", f.at(key))
		}
		if r.Where != "" {
			l.word(f.at(key+".where"), "where", r.Where, WhereWords)
		}
	}
}

// oneRevokes reports when none, or more than one, takes requests back: what a
// customer takes back stops at once, and must have its one place.
func (l *loader) oneRevokes() {
	var files []string
	for _, p := range l.set.Procedures {
		if p.Revokes {
			files = append(files, p.file)
		}
	}
	switch len(files) {
	case 0:
		l.add("no procedure has revokes = true — write it into the one that takes a request back (by default revoca/procedure.toml)")
	case 1:
	default:
		l.add("%s: revokes = true, as in %s — only one procedure takes requests back", files[1], files[0])
	}
}

func (l *loader) checkBlanks(p *Procedure, f place) {
	seen := map[string]bool{}
	for i := range p.Blanks {
		b := &p.Blanks[i]
		key := fmt.Sprintf("blank.%d", i)
		switch {
		case !blankName.MatchString(b.Name):
			l.add("%s: blank %q — a name is small letters and _", f.at(key+".name"), b.Name)
		case seen[b.Name]:
			l.add("%s: blank %q is there twice", f.at(key+".name"), b.Name)
		case b.Name != "casella" && isAlways(b.Name):
			l.add("%s: blank %q has the name of a letter variable — choose another", f.at(key+".name"), b.Name)
		}
		seen[b.Name] = true
		l.word(f.at(key+".kind"), "blank kind", b.Kind, BlankKinds)
		if b.Must != "" {
			l.word(f.at(key+".must"), "must", b.Must, Musts)
		}
		if strings.TrimSpace(b.Example) == "" {
			l.add("%s: blank %q has no example — letters are tried on it", f.at(key), b.Name)
		}
		if b.Label == "" {
			b.Label = strings.ReplaceAll(b.Name, "_", " ")
		}
	}
}

func isAlways(name string) bool {
	for _, w := range LetterWords {
		if w.Name == name {
			return w.always()
		}
	}
	return false
}

func (l *loader) checkCheck(c Check, f place, key string) {
	l.word(f.at(key+".is"), "check", c.Is, CheckWords)
	if (c.Is == "within-days") != (c.Days > 0) {
		l.add("%s: check %q with days = %d — only within-days has days, and needs them", f.at(key+".is"), c.Is, c.Days)
	}
	outcome, reason, ok := strings.Cut(c.Else, ":")
	if !ok {
		l.add("%s: else = %q — write \"reject:reason\", \"review:reason\" or \"guide:reason\"", f.at(key+".else"), c.Else)
		return
	}
	l.word(f.at(key+".else"), "outcome", outcome, ElseWords)
	l.word(f.at(key+".else"), "reason", reason, reasonWords())
}

// word reports an unknown word with the known ones.
func (l *loader) word(at, what, name string, words []Word) {
	if name != "" && known(words, name) {
		return
	}
	l.add("%s: unknown %s %q (%s)", at, what, name, oneOf(words))
}

var ownStep = regexp.MustCompile(`^[a-z][a-z0-9]*(-[a-z0-9]+)*$`)

// step reports a step that is none of the known ones and does not say what it does.
func (l *loader) step(at string, st Step) {
	switch {
	case known(StepWords, st.Do):
		if st.Means != "" {
			l.add("%s: the step %q is known: leave \"means\" out, or give your own step another name", at, st.Do)
		}
	case st.Means == "":
		l.add("%s: unknown step %q (%s) — or a step of your own: say with means = \"…\" what it does", at, st.Do, oneOf(StepWords))
	case !ownStep.MatchString(st.Do):
		l.add("%s: step %q: small letters, figures and hyphens, e.g. \"reset-password\"", at, st.Do)
	}
}

// span reports a time that cannot be read or has another unit than those.
func (l *loader) span(at, what, text string, units ...string) {
	n, unit, err := ParseSpan(text)
	if err != nil {
		l.add("%s: %s: %w", at, what, err)
		return
	}
	for _, u := range units {
		if u == unit && (n > 0 || what == "after") {
			return
		}
	}
	l.add("%s: %s = %q — give a number of %s", at, what, text, strings.Join(units, " or "))
}
