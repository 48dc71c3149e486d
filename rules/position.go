package rules

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"regexp"
	"strings"

	"github.com/pelletier/go-toml/v2"
	"github.com/pelletier/go-toml/v2/unstable"
)

// problems gathers everything that is wrong, so that a person mends it all at once.
type problems []error

func (p *problems) add(format string, args ...any) { *p = append(*p, fmt.Errorf(format, args...)) }

func (p *problems) join() error { return errors.Join(*p...) }

// place is a file of the templates, for messages.
type place struct {
	path  string
	lines map[string]int // of a TOML file: "check.0.is" -> line
}

// at is "templates/x/procedure.toml:12" for a key of a TOML file; without a
// line of its own it takes its table's, or the file's first.
func (f place) at(key string) string {
	for {
		if n := f.lines[key]; n > 0 {
			return fmt.Sprintf("%s:%d", f.path, n)
		}
		i := strings.LastIndexByte(key, '.')
		if i < 0 {
			return f.path + ":1"
		}
		key = key[:i]
	}
}

// decodeStrict reads data into v and reports every unknown key, with the
// known ones of its table.
func decodeStrict(path string, data []byte, v any, keys map[string][]Word) (place, error) {
	f := place{path: path, lines: tomlLines(data)}
	d := toml.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	err := d.Decode(v)
	if err == nil {
		return f, nil
	}
	var p problems
	var strict *toml.StrictMissingError
	var wrong *toml.DecodeError
	switch {
	case errors.As(err, &strict):
		for i := range strict.Errors {
			e := &strict.Errors[i]
			line, _ := e.Position()
			key := e.Key()
			table := strings.Join(key[:len(key)-1], ".")
			p.add("%s:%d: unknown key %q (%s)", path, line, strings.Join(key, "."), oneOf(keys[table]))
		}
	case errors.As(err, &wrong):
		line, _ := wrong.Position()
		p.add("%s:%d: %s%s", path, line, keyOf(wrong), TOMLMistake(wrong))
	default:
		p.add("%s: %w", path, err)
	}
	return f, p.join()
}

// keyOf names the key of a mistake, where the reader knows it.
func keyOf(wrong *toml.DecodeError) string {
	if key := strings.Join(wrong.Key(), "."); key != "" {
		return key + ": "
	}
	return ""
}

// otherKind is what the TOML reader says of a value of another kind.
var otherKind = regexp.MustCompile(`^cannot decode TOML (.+) into .* of type (\S+)$`)

// oneTable is what it says of [blank] where there is another [blank] or [[blank]].
var oneTable = regexp.MustCompile(`^(?:table|key) (\S+) already exists(?: as a table, but should be an array table)?$`)

// TOMLMistake is an error of the TOML reader without its name, and with what is to
// be written where the reader does not say it.
func TOMLMistake(err error) string {
	text := strings.TrimPrefix(err.Error(), "toml: ")
	switch {
	case strings.HasSuffix(text, "is already defined"):
		return text + ": keep one of the two lines"
	case oneTable.MatchString(text):
		return oneTable.ReplaceAllString(text, "there may be several: write each as [[$1]], in two pairs of brackets")
	case strings.HasSuffix(text, "at start of value"):
		return text + ": texts stand in quotes, key = \"text\""
	}
	m := otherKind.FindStringSubmatch(text)
	if m == nil {
		return text
	}
	want := map[string]string{"string": "a text in quotes", "int": "a whole number", "bool": "true or false", "[]string": "a list of texts, [\"…\"]",
		"main.Duration": "a duration in quotes, \"15m\"", "main.Size": "a size in quotes, \"100 MB\"", "main.TimeOfDay": "an hour in quotes, \"03:30\""}[m[2]]
	return fmt.Sprintf("this is a TOML %s: write %s", m[1], cmp.Or(want, "a table"))
}

// tomlLines finds the line of every key and table of a document, as far as it
// can be parsed; the place of a mistake is worth a message that is exact.
func tomlLines(data []byte) map[string]int {
	lines := map[string]int{}
	counts := map[string]int{}
	var p unstable.Parser
	p.Reset(data)
	table := ""
	for p.NextExpression() {
		e := p.Expression()
		key, line := tomlKey(&p, e)
		switch e.Kind {
		case unstable.ArrayTable:
			table = fmt.Sprintf("%s.%d", key, counts[key])
			counts[key]++
			lines[table] = line
		case unstable.Table:
			table = key
			lines[table] = line
		case unstable.KeyValue:
			if table != "" {
				key = table + "." + key
			}
			lines[key] = line
		}
	}
	return lines
}

func tomlKey(p *unstable.Parser, e *unstable.Node) (string, int) {
	var parts []string
	line := 0
	for it := e.Key(); it.Next(); {
		if line == 0 {
			line = p.Shape(it.Node().Raw).Start.Line
		}
		parts = append(parts, string(it.Node().Data))
	}
	return strings.Join(parts, "."), line
}
