package main

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"strings"

	"github.com/pelletier/go-toml/v2"

	"sportello/rules"
)

// problems are the mistakes of a configuration, each with its line.
type problems struct {
	file string
	raw  []byte
	all  []problem
	told map[int]bool // lines whose value could not be read: nothing else is said of them
	idle bool         // nobody logs in, no step runs: secrets and programs are not looked at
}

// problem is one mistake; its text says what to do.
type problem struct {
	line int
	text string
}

// at tells a mistake of a line. Passwords that stand in addresses are struck out.
func (p *problems) at(line int, format string, args ...any) {
	p.all = append(p.all, problem{line, struck(fmt.Sprintf(format, args...))})
}

// add tells a mistake at the line where key is set in the nth table of a name
// ("": the file's head); at the table's own line when the key is not there.
func (p *problems) add(table string, nth int, key, format string, args ...any) {
	if line := p.line(table, nth, key); !p.told[line] {
		p.at(line, format, args...)
	}
}

// join is every mistake as one error, in the file's order.
func (p *problems) join() error {
	slices.SortStableFunc(p.all, func(a, b problem) int { return cmp.Compare(a.line, b.line) })
	var all []error
	for _, x := range p.all {
		all = append(all, fmt.Errorf("%s:%d: %s", p.file, x.line, x.text))
	}
	return errors.Join(all...)
}

// inAddress is the user and password in an address like imaps://user:pass@host.
var inAddress = regexp.MustCompile(`://[^/@\s"]*@`)

func struck(s string) string { return inAddress.ReplaceAllString(s, "://***@") }

// line finds a key's line; the table's own when the key is not there, else 1.
func (p *problems) line(table string, nth int, key string) int {
	current, seen, at := "", -1, 1
	for i, line := range bytes.Split(p.raw, []byte("\n")) {
		text := strings.TrimSpace(string(line))
		if strings.HasPrefix(text, "[") {
			head, _, _ := strings.Cut(text, "#")
			current = strings.ReplaceAll(strings.Trim(head, "[] \t"), "\"", "")
			if current == table {
				if seen++; seen == nth {
					at = i + 1
				}
			}
			continue
		}
		name, _, ok := strings.Cut(text, "=")
		if ok && strings.Trim(name, " \t\"") == key && current == table && (table == "" || seen == nth) {
			return i + 1
		}
	}
	return at
}

// decodeConfig reads the words of a configuration. A value that cannot be read
// is told and the rest read without it; nil when the file is no TOML.
func decodeConfig(path string, raw []byte) (*Config, *problems) {
	p := &problems{file: path, raw: raw, told: map[int]bool{}}
	rest := bytes.Clone(raw)
	for {
		c := &Config{File: path}
		dec := toml.NewDecoder(bytes.NewReader(rest))
		dec.DisallowUnknownFields()
		err := dec.Decode(c)
		var strict *toml.StrictMissingError
		var value *toml.DecodeError
		var number *valueError
		row, key := 1, ""
		switch {
		case err == nil:
			return c, p
		case errors.As(err, &strict):
			p.unknown(strict)
			return c, p
		case errors.As(err, &value):
			row, _ = value.Position()
			key = strings.Join(value.Key(), ".")
		case errors.As(err, &number):
			row, key = lineWith(rest, number.value)
		}
		if key == "" {
			p.at(row, "%s", rules.TOMLMistake(err))
			return nil, p
		}
		p.at(row, "%s: %s", key, rules.TOMLMistake(err))
		p.told[row] = true
		if !withoutLine(rest, row) {
			return nil, p
		}
	}
}

// lineWith finds the line that sets a key to a value without quotes, of which
// the TOML library tells no place: its number, and the key with its table.
func lineWith(raw []byte, value string) (row int, key string) {
	table := ""
	for i, line := range strings.Split(string(raw), "\n") {
		line, _, _ = strings.Cut(line, "#")
		name, set, ok := strings.Cut(line, "=")
		switch line = strings.TrimSpace(line); {
		case strings.HasPrefix(line, "["):
			table = strings.Trim(line, "[] \t") + "."
		case ok && strings.TrimSpace(set) == value:
			return i + 1, table + strings.TrimSpace(name)
		}
	}
	return 1, ""
}

// withoutLine blanks a line that sets one value, so that the next mistake can
// be found too; false when it is no such line.
func withoutLine(raw []byte, row int) bool {
	lines := bytes.SplitAfter(raw, []byte("\n"))
	if row < 1 || row > len(lines) {
		return false
	}
	line := bytes.TrimRight(lines[row-1], "\r\n")
	key, value, ok := bytes.Cut(line, []byte("="))
	if !ok || len(bytes.TrimSpace(key)) == 0 || bytes.Count(value, []byte("[")) != bytes.Count(value, []byte("]")) || bytes.Contains(value, []byte(`"""`)) {
		return false
	}
	copy(line, bytes.Repeat([]byte(" "), len(line)))
	return true
}

// unknown tells the keys that the configuration does not have.
func (p *problems) unknown(strict *toml.StrictMissingError) {
	for i := range strict.Errors {
		e := &strict.Errors[i]
		row, _ := e.Position()
		p.at(row, "unknown key %q%s", strings.Join(e.Key(), "."), suggest(e.Key()))
	}
}

// suggest names the key that was probably meant, among those of its table.
func suggest(key []string) string {
	t := reflect.TypeFor[Config]()
	for _, k := range key[:len(key)-1] {
		next, ok := fieldType(t, k)
		if !ok {
			return ""
		}
		t = next
	}
	if t.Kind() != reflect.Struct {
		return ""
	}
	names := keysOf(t)
	if slices.Contains(names, "password_file") && key[len(key)-1] == "password" {
		return ": secrets do not stand here: did you mean \"password_file\", a file whose first line is the password?"
	}
	if best := nearest(key[len(key)-1], names); best != "" {
		return fmt.Sprintf(": did you mean %q?", best)
	}
	return fmt.Sprintf(": remove it, or use one of %s", strings.Join(names, ", "))
}

// keysOf are the keys of a table.
func keysOf(t reflect.Type) (names []string) {
	for i := range t.NumField() {
		if name := t.Field(i).Tag.Get("toml"); name != "" && name != "-" {
			names = append(names, name)
		}
	}
	return names
}

// nearest is the name that a word was probably meant to be: at most two
// letters away, or the word with more behind it; "" when there is none.
func nearest(word string, names []string) (best string) {
	near := 3
	for _, name := range names {
		d := distance(word, name)
		if strings.HasPrefix(name, word+"_") {
			d = min(d, 2)
		}
		if d < near {
			best, near = name, d
		}
	}
	return best
}

// fieldType is the type of a key's value in a table; of a list of tables, the table's.
func fieldType(t reflect.Type, key string) (reflect.Type, bool) {
	var found reflect.Type
	switch t.Kind() {
	case reflect.Map:
		found = t.Elem()
	case reflect.Struct:
		for i := range t.NumField() {
			if t.Field(i).Tag.Get("toml") == key {
				found = t.Field(i).Type
			}
		}
	}
	if found == nil {
		return nil, false
	}
	if found.Kind() == reflect.Pointer || found.Kind() == reflect.Slice && found.Elem().Kind() == reflect.Struct {
		found = found.Elem()
	}
	return found, true
}

// distance is Levenshtein's, for words of a few letters.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := 1; i <= len(a); i++ {
		before := row[0]
		row[0] = i
		for j := 1; j <= len(b); j++ {
			cost := before
			if a[i-1] != b[j-1] {
				cost++
			}
			before, row[j] = row[j], min(row[j]+1, row[j-1]+1, cost)
		}
	}
	return row[len(b)]
}
