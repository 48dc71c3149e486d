package mailproc

import (
	"bytes"
	"cmp"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"
	"time"

	"sportello/rules"
)

// csvKind is what a registry's file must look like.
type csvKind[T any] struct {
	columns []string                                        // known ones, in any order in the file
	must    int                                             // so many of the first have to be there
	parse   func(get func(column string) string) (T, error) // one row, checked
	key     func(T) string                                  // as it is asked for
}

// mailboxKind is mailboxes.csv: address, status, holder, tax_code, panel,
// expires, of which the first two must be there.
func mailboxKind(zone *time.Location) csvKind[rules.MailboxFact] {
	return csvKind[rules.MailboxFact]{
		columns: []string{"address", "status", "holder", "tax_code", "panel", "expires"},
		must:    2,
		key:     func(m rules.MailboxFact) string { return strings.ToLower(m.Address) },
		parse: func(get func(string) string) (m rules.MailboxFact, err error) {
			m = rules.MailboxFact{Address: get("address"), Status: get("status"), Holder: get("holder"), TaxCode: get("tax_code"), Panel: get("panel")}
			if m.Expires, err = day(get("expires"), zone); err != nil {
				return m, err
			}
			return m, checkMailbox(m)
		}}
}

// orderKind is orders.csv: number, address, kind, date, panel, amount, of
// which the first four must be there.
func orderKind(zone *time.Location) csvKind[rules.Order] {
	return csvKind[rules.Order]{
		columns: []string{"number", "address", "kind", "date", "panel", "amount"},
		must:    4,
		key:     func(o rules.Order) string { return strings.ToUpper(o.Number) },
		parse: func(get func(string) string) (o rules.Order, err error) {
			o = rules.Order{Number: get("number"), Address: get("address"), Kind: get("kind"), Panel: get("panel"), Amount: get("amount")}
			if o.Date, err = day(get("date"), zone); err != nil {
				return o, err
			}
			return o, checkOrder(o)
		}}
}

// CheckCSV reads a file of a registry as strictly as the desk does, and tells by
// its first line whether its rows are orders or mailboxes.
func CheckCSV(raw []byte, name string, zone *time.Location) (orders bool, rows int, err error) {
	first, _ := csv.NewReader(bytes.NewReader(raw)).Read()
	if orders = slices.ContainsFunc(first, func(n string) bool { return column(n) == "number" }); orders {
		rows, err = orderKind(zone).count(raw, name)
	} else {
		rows, err = mailboxKind(zone).count(raw, name)
	}
	return orders, rows, err
}

func (k csvKind[T]) count(raw []byte, name string) (int, error) {
	t, err := k.read(bytes.NewReader(raw), name)
	if err != nil {
		return 0, err
	}
	return t.len(), nil
}

// checkMailbox refuses a row that no registry means, from a file or a service.
func checkMailbox(m rules.MailboxFact) error {
	if err := checkWord("status", m.Status, rules.StatusWords); err != nil {
		return err
	}
	return checkAddress(m.Address)
}

func checkWord(column, value string, words []rules.Word) error {
	var names []string
	for _, w := range words {
		if w.Name == value {
			return nil
		}
		names = append(names, w.Name)
	}
	return fmt.Errorf("%s %q: one of %s", column, value, strings.Join(names, ", "))
}

func checkOrder(o rules.Order) error {
	switch {
	case o.Number == "":
		return errors.New("an order without a number")
	case o.Date.IsZero():
		return errors.New("an order without a date: write it like 2026-11-23")
	}
	if err := checkWord("kind", o.Kind, rules.OrderKinds); err != nil {
		return err
	}
	return checkAddress(o.Address)
}

func checkAddress(a string) error {
	if user, domain, ok := strings.Cut(a, "@"); !ok || user == "" || domain == "" || strings.Contains(domain, "@") || strings.ContainsAny(a, " \t\r\n<>,;") {
		return fmt.Errorf("%q is no address", a)
	}
	return nil
}

func day(s string, zone *time.Location) (time.Time, error) {
	if s == "" {
		return time.Time{}, nil
	}
	t, err := time.ParseInLocation(time.DateOnly, s, zone)
	if err != nil {
		return t, fmt.Errorf("date %q: write it like 2026-11-23", s)
	}
	return t, nil
}

// csvTable finds rows by their key. A million of them are one piece of memory
// about as large as the file, and four bytes a row.
type csvTable[T any] struct {
	kind csvKind[T]
	text []byte   // of each row: its key, then its columns, each ended by a NUL
	rows []uint32 // where they begin, in the order of their keys
}

func (t *csvTable[T]) len() int { return len(t.rows) }

// value reads the NUL-ended text at offset at.
func (t *csvTable[T]) value(at uint32) []byte {
	rest := t.text[at:]
	return rest[:bytes.IndexByte(rest, 0)]
}

// find gives the row of a key.
func (t *csvTable[T]) find(key string) (row T, ok bool) {
	i, ok := slices.BinarySearchFunc(t.rows, key, func(at uint32, key string) int {
		return cmp.Compare(string(t.value(at)), key)
	})
	if !ok {
		return row, false
	}
	at := t.rows[i] + uint32(len(key)) + 1
	columns := make([]string, len(t.kind.columns))
	for c := range columns {
		v := t.value(at)
		columns[c], at = string(v), at+uint32(len(v))+1
	}
	row, err := t.kind.parse(func(column string) string { return columns[slices.Index(t.kind.columns, column)] })
	return row, err == nil // it was checked when it was read
}

// maxMistakes is how many wrong lines of a file are told at once.
const maxMistakes = 10

// read reads a whole file, strictly. Errors name file and line, several at once.
func (k csvKind[T]) read(in io.Reader, name string) (*csvTable[T], error) {
	r := csv.NewReader(in)
	r.ReuseRecord, r.TrimLeadingSpace = true, true
	place, err := k.header(r)
	if err != nil {
		return nil, fmt.Errorf("%s:1: %w", name, err)
	}
	b := csvBuilder[T]{csvTable: csvTable[T]{kind: k}}
	for {
		record, err := r.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		var parse *csv.ParseError
		switch {
		case err == nil:
			line, _ := r.FieldPos(0)
			b.mistake(name, line, b.add(line, place, record))
		case errors.As(err, &parse):
			b.mistake(name, parse.Line, parse.Err)
		default:
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		if len(b.mistakes) >= maxMistakes || parse != nil && !errors.Is(err, csv.ErrFieldCount) {
			break // after a wrong quote the rest cannot be told apart
		}
	}
	return b.table(name)
}

// header reads the first line: place[c] is where column c stands, -1 nowhere.
func (k csvKind[T]) header(r *csv.Reader) (place []int, err error) {
	names, err := r.Read()
	if errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("the file is empty: its first line names the columns: %s", strings.Join(k.columns, ","))
	}
	var parse *csv.ParseError
	if errors.As(err, &parse) {
		err = parse.Err
	}
	if err != nil {
		return nil, fmt.Errorf("header: %w", err)
	}
	place = slices.Repeat([]int{-1}, len(k.columns))
	for i, n := range names {
		n = column(n)
		c := slices.Index(k.columns, n)
		switch {
		case strings.Contains(n, ";"):
			return nil, errors.New("the columns are separated by semicolons: write the file with commas")
		case c < 0:
			return nil, fmt.Errorf("unknown column %q (one of: %s)", n, strings.Join(k.columns, ", "))
		case place[c] >= 0:
			return nil, fmt.Errorf("column %q is there twice", n)
		}
		place[c] = i
	}
	if c := slices.Index(place[:k.must], -1); c >= 0 {
		return nil, fmt.Errorf("column %q is missing", k.columns[c])
	}
	return place, nil
}

// column is the name of a column as files write it.
func column(n string) string {
	return strings.ToLower(strings.TrimSpace(strings.TrimPrefix(n, "\ufeff")))
}

// csvBuilder grows a table.
type csvBuilder[T any] struct {
	csvTable[T]
	found    []csvRow
	mistakes []error
}

// csvRow is where a row lies, in the table and in the file.
type csvRow struct{ at, line uint32 }

func (b *csvBuilder[T]) mistake(name string, line int, err error) {
	if err != nil {
		b.mistakes = append(b.mistakes, fmt.Errorf("%s:%d: %w", name, line, err))
	}
}

func (b *csvBuilder[T]) add(line int, place []int, record []string) error {
	get := func(c int) string {
		if place[c] < 0 {
			return ""
		}
		return strings.TrimSpace(record[place[c]])
	}
	row, err := b.kind.parse(func(column string) string { return get(slices.Index(b.kind.columns, column)) })
	if err != nil {
		return err
	}
	at := len(b.text)
	b.text = append(append(b.text, b.kind.key(row)...), 0)
	for c := range place {
		v := get(c)
		if strings.Contains(v, "\x00") {
			return fmt.Errorf("column %q holds a NUL", b.kind.columns[c])
		}
		b.text = append(append(b.text, v...), 0)
	}
	if len(b.text) > math.MaxUint32 {
		return errors.New("the file is too large: 4 GiB at most")
	}
	b.found = append(b.found, csvRow{uint32(at), uint32(line)})
	return nil
}

// table puts the rows in order and sees that no key is there twice.
func (b *csvBuilder[T]) table(name string) (*csvTable[T], error) {
	slices.SortFunc(b.found, func(x, y csvRow) int {
		return cmp.Or(bytes.Compare(b.value(x.at), b.value(y.at)), cmp.Compare(x.line, y.line))
	})
	b.rows = make([]uint32, len(b.found))
	for i, row := range b.found {
		b.rows[i] = row.at
		if i > 0 && bytes.Equal(b.value(row.at), b.value(b.found[i-1].at)) && len(b.mistakes) < maxMistakes {
			b.mistake(name, int(row.line), fmt.Errorf("%s is there twice: first in line %d", b.value(row.at), b.found[i-1].line))
		}
	}
	if err := errors.Join(b.mistakes...); err != nil {
		return nil, err
	}
	return &csvTable[T]{kind: b.kind, text: slices.Clip(b.text), rows: b.rows}, nil
}
