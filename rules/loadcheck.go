package rules

import (
	"cmp"
	"fmt"
	"regexp"
	"strings"
)

// procedureKeys are the keys of procedure.toml, by table, with what they say;
// templates/README.md shows them. Those marked "compulsory" must be there.
var procedureKeys = map[string][]Word{
	"": {
		{"title", "compulsory: what operators call it, one line"},
		{"request", "compulsory: what letters call it, after \"la richiesta di\""},
		{"mailbox", "the configured request mailbox it arrives in; left out: any. Ordinary mail that asks there for nothing known is answered with how to ask for it, if no other procedure with a form names the mailbox"},
		{"subject", "what the subject must be (capitals, spaces, the last point, `Re:` and words around it do not count); left out: any"},
		{"decide", "compulsory: who decides"},
		{"term", "compulsory: the promise to the customer, \"3 working days\""},
		{"keep", "how long its cases are kept; left out: \"30 months\""},
		{"wording", "what other words than the form's mean; left out: free"},
		{"beside", "how sentences beside the form are judged; left out: weighed"},
		{"revokes", "true: who asks for it takes a request of his back, which stops at once; one procedure has it"},
		{"documents", "what an operator may ask the customer for"},
		{"blank", "a gap of the form: a table for each"},
		{"check", "a condition; of those that fail a refusal decides (of two, the reason more useful to the customer), then what a person looks at, then guidance"},
		{"step", "what is done once the request is accepted, in this order"},
		{"recognise", "words by which the request is known without the form: a table for each way to say it"},
	},
	"blank": {
		{"name", "compulsory: small letters and `_`; {name} in the form, {{.name}} in letters; no letter variable's but `casella`, `email`, `cellulare`, `periodo_da` or `periodo_a`"},
		{"label", "what letters call it; left out: its name"},
		{"kind", "compulsory: the kind of value"},
		{"must", "a condition on the value"},
		{"optional", "true: the customer may leave it empty"},
		{"example", "compulsory: a value on which letters are tried"},
	},
	"check": {
		{"is", "compulsory: the condition"},
		{"days", "of within-days alone, which needs it"},
		{"else", "compulsory: what happens when it fails: an outcome, a colon and a reason, \"reject:mailbox_not_active\""},
	},
	"step": {
		{"do", "compulsory: the action, one of ours or one of your own"},
		{"after", "compulsory: \"delivered\" (the outcome letter's receipt), or \"24 hours\" or \"5 days\" after the step before"},
		{"of", "what it acts on; left out: the mailbox of the sender"},
		{"means", "what an action of your own does, for operators; compulsory there, and there only"},
	},
	"recognise": {
		{"all", "compulsory: each must be found; words as in the text, small and without accents; `|` or, `*` any ending"},
		{"none", "none of these may be found"},
		{"where", "where they are looked for; left out: in either"},
	},
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
	p.Keep, p.Wording = cmp.Or(p.Keep, "30 months"), cmp.Or(p.Wording, "free")
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
		if _, _, err := ParseSpan(st.After); err != nil && st.After != "delivered" {
			l.add("%s: after = %q — write \"delivered\", or a span of time like \"24 hours\" or \"5 days\"", f.at(key+".after"), st.After)
		} else if err == nil {
			l.span(f.at(key+".after"), "after", st.After, "hours", "days")
		}
	}
	for i, r := range p.Signs {
		key := fmt.Sprintf("recognise.%d", i)
		if len(r.All) == 0 {
			l.add("%s: \"all\" is missing — list the words that must be there, e.g. all = [\"disattiv*\", \"casell*\"]", f.at(key))
		}
		l.choices(f.at(key+".all"), r.All)
		l.choices(f.at(key+".none"), r.None)
		if r.Where != "" {
			l.word(f.at(key+".where"), "where", r.Where, WhereWords)
		}
	}
}

// choices reports words of a recognise that no text can have: words are
// compared folded.
func (l *loader) choices(at string, entries []string) {
	for _, entry := range entries {
		for choice := range strings.SplitSeq(entry, "|") {
			var right []string
			for _, word := range strings.Fields(choice) {
				stem, open := strings.CutSuffix(word, "*")
				folded := strings.Join(foldWords(stem), " ")
				if open {
					folded += "*"
				}
				right = append(right, folded)
			}
			switch want := strings.Join(right, " "); want {
			case "", "*":
				l.add("%s: %q: a choice is empty, or fits any word — take it out", at, entry)
			case strings.Join(strings.Fields(choice), " "):
			default:
				l.add("%s: %q: words are looked for small, without accents, apostrophes and points — write %q", at, choice, want)
			}
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
		case known(LetterWords, b.Name) && !blankWords[b.Name]:
			l.add("%s: blank %q has the name of a letter variable, which it would change in every letter — choose another", f.at(key+".name"), b.Name)
		}
		seen[b.Name] = true
		l.word(f.at(key+".kind"), "blank kind", b.Kind, BlankKinds)
		if b.Must != "" {
			l.word(f.at(key+".must"), "must", b.Must, Musts)
		}
		if strings.TrimSpace(b.Example) == "" {
			l.add("%s: blank %q has no example — letters are tried on it", f.at(key), b.Name)
		}
		b.Label = cmp.Or(b.Label, strings.ReplaceAll(b.Name, "_", " "))
	}
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
