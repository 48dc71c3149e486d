package console

import (
	"cmp"
	_ "embed"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// sentencesFile is how the sentences of package rules read in Italian. The
// journal keeps the English, so a sentence is never removed from the file, even
// when nothing says it any more (testdata/said.txt, and its test).
//
//go:embed sentences.txt
var sentencesFile string

// sentence is one of them: what it looks like in English, and its Italian.
type sentence struct {
	start   string // its fixed beginning: most sentences are told apart by it
	fixed   int    // how much of it is fixed
	pattern *regexp.Regexp
	italian string
}

// blanks are what a placeholder of a kind stands for.
var placeholder = regexp.MustCompile(`\{([a-z]+)\d?\}`)

// quoted is a text in the quotes of Go; instead are two of them, of which one
// stands where the form has the other.
var (
	quoted  = regexp.MustCompile(`"([^"\\]*)"`)
	instead = regexp.MustCompile(`"([^"\\]*)" for "([^"\\]*)"`)
)

var stands = map[string]string{"q": `"(?:[^"\\]|\\.)*"`, "p": `[a-z0-9-]+`, "sign": `[a-z-]+`, "order": `"[a-z_]*"`, "mailbox": `[a-z_]*`, "check": `[a-z-]+`,
	"step": `[a-z-]+`, "role": `[a-z]+`, "verbs": `[a-z, -]*`, "status": `[a-z]+`, "user": `[a-z0-9._-]+`,
	"case": `\d{4}-\d+`, "date": `\d{4}-\d\d-\d\d`, "n": `\d+`, "reason": `[a-z0-9_]+`, "state": `[a-z]+`, "time": `\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\S+`, "instant": `[A-Z][a-z]{2} \d+ [A-Z][a-z]{2} \d{4} \d\d:\d\d [A-Z]+`, "s": `[A-Z].*?\.`, "x": `.+?`}

func loadSentences() ([]sentence, error) {
	var out []sentence
	for i, line := range strings.Split(sentencesFile, "\n") {
		if line = strings.TrimSpace(line); line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		en, it, ok := strings.Cut(line, " = ")
		if !ok {
			return nil, fmt.Errorf("sentences.txt:%d: write English = Italian", i+1)
		}
		var b strings.Builder
		b.WriteString("^")
		at := 0
		for _, m := range placeholder.FindAllStringSubmatchIndex(en, -1) {
			kind, name := en[m[2]:m[3]], strings.Trim(en[m[0]:m[1]], "{}")
			if stands[kind] == "" || !strings.Contains(it, "{"+name+"}") {
				return nil, fmt.Errorf("sentences.txt:%d: {%s} means nothing, or is not in the Italian", i+1, name)
			}
			fmt.Fprintf(&b, "%s(?P<%s>%s)", regexp.QuoteMeta(en[at:m[0]]), name, stands[kind])
			at = m[1]
		}
		b.WriteString(regexp.QuoteMeta(en[at:]) + "$")
		start, _, _ := strings.Cut(en, "{")
		pattern, err := regexp.Compile(b.String())
		if err != nil {
			return nil, fmt.Errorf("sentences.txt:%d: %w", i+1, err)
		}
		out = append(out, sentence{start, len(placeholder.ReplaceAllString(en, "")), pattern, it})
	}
	// What is more particular is tried first.
	slices.SortStableFunc(out, func(a, b sentence) int {
		return cmp.Or(cmp.Compare(len(b.start), len(a.start)), cmp.Compare(b.fixed, a.fixed))
	})
	return out, nil
}

// Why is a sentence that explains a decision, and the language it is in: one
// that the catalogue does not know stays English.
type Why struct{ Text, Lang string }

// why gives a sentence of package rules in the language of the page.
func (f *formatter) why(s string) Why {
	if f.lang == "it" {
		if text, ok := f.italian(s); ok {
			return Why{inert(text, 1000), "it"}
		}
	}
	return Why{inert(s, 1000), "en"}
}

// InItalian gives a text that a person is told in Italian; one that the
// catalogue does not know stays English.
func (c *Console) InItalian(text string) string {
	f := &formatter{c: c, lang: "it", t: c.views["it"].words}
	return f.why(text).Text
}

// note is an operator's remark as he wrote it; one that the desk writes for him
// is a sentence of the catalogue.
func (f *formatter) note(s string, max int) string {
	if f.lang == "it" {
		if text, ok := f.italian(s); ok {
			s = text
		}
	}
	return inert(s, max)
}

// whys does so with several that stand in one, as a parked message has them.
func (f *formatter) whys(s string) (out []Why) {
	for _, part := range strings.Split(s, "; ") {
		if part != "" {
			out = append(out, f.why(part))
		}
	}
	return out
}

func (f *formatter) italian(s string) (string, bool) {
	all := f.c.sentences()
	for i := range all {
		x := &all[i]
		if !strings.HasPrefix(s, x.start) {
			continue
		}
		m := x.pattern.FindStringSubmatch(s)
		if m == nil {
			continue
		}
		names := x.pattern.SubexpNames()
		return placeholder.ReplaceAllStringFunc(x.italian, func(p string) string {
			name := strings.Trim(p, "{}")
			return f.filled(strings.TrimRight(name, "0123456789"), m[slices.Index(names, name)])
		}), true
	}
	return "", false
}

// filled writes what stood at a placeholder.
func (f *formatter) filled(kind, s string) string {
	switch kind {
	case "q":
		if text, err := strconv.Unquote(s); err == nil {
			return "«" + text + "»"
		}
	case "p":
		return f.title(s)
	case "sign", "mailbox", "check", "step", "role":
		return f.word(kind, s)
	case "reason", "state", "status":
		return lowerFirst(f.word(kind, s))
	case "verbs":
		var out []string
		for _, v := range strings.Split(s, ", ") {
			out = append(out, lowerFirst(f.word("verb", v)))
		}
		return strings.Join(out, ", ")
	case "time":
		if at, err := time.Parse(time.RFC3339, s); err == nil {
			return f.at(at)
		}
	case "instant":
		if at, err := time.ParseInLocation("Mon 2 Jan 2006 15:04 MST", s, f.zone()); err == nil {
			return f.at(at)
		}
	case "order":
		return f.word(kind, strings.Trim(s, `"`))
	case "s", "x":
		if text, ok := f.italian(s); ok {
			return text
		}
		if whys := f.whys(s); len(whys) > 1 { // the store keeps a semicolon between them
			var out []string
			for _, w := range whys {
				out = append(out, w.Text)
			}
			return strings.Join(out, "; ")
		}
		return quoted.ReplaceAllString(instead.ReplaceAllString(s, "«$1» anziché «$2»"), "«$1»")
	case "date":
		if y, m, d := s[:4], s[5:7], s[8:]; len(d) == 2 {
			return strings.TrimLeft(d, "0") + "/" + strings.TrimLeft(m, "0") + "/" + y
		}
	}
	return s
}
