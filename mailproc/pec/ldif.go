package pec

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"strings"
)

// The bounds of an index file.
const (
	maxIndex     = 64 << 20
	maxLDIFValue = 1 << 20
)

// ldifEntry is one record of an LDIF file (RFC 2849): its lines in order.
type ldifEntry struct {
	line  int // where it starts
	attrs []ldifAttr
}

type ldifAttr struct {
	name  string // lower case, options such as ;binary included
	value []byte
}

// parseLDIF reads the content records of an LDIF file. Folded lines are joined, base64 values
// decoded. Change records and values by URL are refused: an index has none.
func parseLDIF(data []byte) ([]ldifEntry, error) {
	data = bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))
	var out []ldifEntry
	cur := ldifEntry{}
	flush := func() {
		if len(cur.attrs) > 0 {
			out = append(out, cur)
		}
		cur = ldifEntry{}
	}
	for n := 1; len(data) > 0; {
		at := n
		var line []byte
		line, data, n = logicalLine(data, n)
		switch {
		case len(line) > maxLDIFValue:
			return nil, fmt.Errorf("line %d: the value is longer than %d bytes", at, maxLDIFValue)
		case len(line) == 0:
			flush()
			continue
		case line[0] == '#':
			continue
		}
		a, err := ldifLine(line)
		if err != nil {
			return nil, fmt.Errorf("line %d: %w", at, err)
		}
		if a.name == "version" && len(cur.attrs) == 0 {
			continue
		}
		if a.name == "changetype" {
			return nil, fmt.Errorf("line %d: a change record; an index holds entries only", at)
		}
		switch begins := len(cur.attrs) == 0; {
		case begins && a.name != "dn":
			return nil, fmt.Errorf("line %d: an entry begins with %q, not with dn", at, a.name)
		case !begins && a.name == "dn":
			return nil, fmt.Errorf("line %d: a second dn within an entry: no blank line parts it from the one of line %d", at, cur.line)
		case begins:
			cur.line = at
		}
		cur.attrs = append(cur.attrs, a)
	}
	flush()
	return out, nil
}

// logicalLine reads a line with its continuations, which begin with one blank (RFC 2849 note 2).
func logicalLine(data []byte, n int) (line, rest []byte, next int) {
	line, rest = cutLine(data)
	n++
	if len(rest) == 0 || rest[0] != ' ' {
		return line, rest, n
	}
	joined := bytes.Clone(line)
	for len(rest) > 0 && rest[0] == ' ' {
		var more []byte
		more, rest = cutLine(rest)
		joined = append(joined, more[1:]...)
		n++
	}
	return joined, rest, n
}

func cutLine(data []byte) (line, rest []byte) {
	line, rest, _ = bytes.Cut(data, []byte("\n"))
	return bytes.TrimSuffix(line, []byte("\r")), rest
}

func ldifLine(line []byte) (ldifAttr, error) {
	name, value, ok := bytes.Cut(line, []byte(":"))
	if !ok || len(name) == 0 {
		return ldifAttr{}, fmt.Errorf("no attribute name before a colon")
	}
	a := ldifAttr{name: strings.ToLower(string(bytes.TrimSpace(name)))}
	switch {
	case bytes.HasPrefix(value, []byte(":")):
		enc := bytes.TrimSpace(value[1:])
		a.value = make([]byte, base64.StdEncoding.DecodedLen(len(enc)))
		m, err := base64.StdEncoding.Decode(a.value, enc)
		if err != nil {
			return a, fmt.Errorf("%s: not base64", a.name)
		}
		a.value = a.value[:m]
	case bytes.HasPrefix(value, []byte("<")):
		return a, fmt.Errorf("%s: a value by URL is not read", a.name)
	default:
		a.value = bytes.TrimSpace(value)
	}
	return a, nil
}
