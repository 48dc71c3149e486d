package mailproc

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"slices"
	"strings"
	"sync"
	"time"

	"sportello/rules"
)

// Registry says what is known of mailboxes and orders.
type Registry interface {
	// Mailbox finds a mailbox by its address; nil without error: it is not known.
	Mailbox(ctx context.Context, address string) (*rules.MailboxFact, error)
	// Orders finds orders by their numbers; those not known are left out.
	Orders(ctx context.Context, numbers []string) ([]rules.Order, error)
}

// ErrDown says that the registry did not answer: the case waits for it.
var ErrDown = errors.New("the registry does not answer")

// The columns of the registry's files.
var (
	mailboxColumns = []string{"address", "status", "holder", "tax_code", "panel", "expires"}
	orderColumns   = []string{"number", "address", "kind", "date", "panel", "amount"}
	statuses       = []string{"active", "not_active", "expired", "read_only", "cancelled"}
	orderKinds     = []string{"auto_renewal", "first_purchase"}
)

// CSVRegistry is a registry of two files, read whole and read again when they
// change. A new file that is wrong leaves the old one in force.
type CSVRegistry struct {
	mailboxes *csvFile[rules.MailboxFact]
	orders    *csvFile[rules.Order] // nil: none
}

// OpenCSVRegistry reads the files; orders may be "". Errors name file and line.
func OpenCSVRegistry(mailboxes, orders string, zone *time.Location, log *slog.Logger) (*CSVRegistry, error) {
	r := &CSVRegistry{mailboxes: &csvFile[rules.MailboxFact]{path: mailboxes, log: log,
		parse: func(in io.Reader) (map[string]rules.MailboxFact, error) { return ParseMailboxes(in, mailboxes, zone) }}}
	_, err := r.mailboxes.get()
	if orders != "" {
		r.orders = &csvFile[rules.Order]{path: orders, log: log,
			parse: func(in io.Reader) (map[string]rules.Order, error) { return ParseOrders(in, orders, zone) }}
		_, err2 := r.orders.get()
		err = errors.Join(err, err2)
	}
	if err != nil {
		return nil, err
	}
	return r, nil
}

// Mailbox finds a mailbox by its address.
func (r *CSVRegistry) Mailbox(_ context.Context, address string) (*rules.MailboxFact, error) {
	rows, err := r.mailboxes.get()
	if err != nil {
		return nil, err
	}
	if m, ok := rows[strings.ToLower(address)]; ok {
		return &m, nil
	}
	return nil, nil
}

// Orders finds orders by their numbers.
func (r *CSVRegistry) Orders(_ context.Context, numbers []string) (out []rules.Order, err error) {
	if r.orders == nil {
		return nil, nil
	}
	rows, err := r.orders.get()
	for _, n := range numbers {
		if o, ok := rows[strings.ToUpper(n)]; ok {
			out = append(out, o)
		}
	}
	return out, err
}

// csvFile is a file read whole, and again when its time or size changes.
type csvFile[T any] struct {
	path  string
	parse func(io.Reader) (map[string]T, error)
	log   *slog.Logger

	mu      sync.Mutex
	rows    map[string]T
	size    int64
	changed time.Time
	looked  time.Time
}

// lookEvery is how often a file is looked at for changes.
const lookEvery = 2 * time.Second

func (f *csvFile[T]) get() (map[string]T, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.rows != nil && time.Since(f.looked) < lookEvery {
		return f.rows, nil
	}
	f.looked = time.Now()
	err := f.read()
	if err != nil && f.rows != nil {
		f.log.Error("registry file refused: the old one stays in force", "error", err)
		return f.rows, nil
	}
	return f.rows, err
}

func (f *csvFile[T]) read() error {
	file, err := os.Open(f.path)
	if err != nil {
		return err
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil || f.rows != nil && info.Size() == f.size && info.ModTime().Equal(f.changed) {
		return err
	}
	rows, err := f.parse(file)
	f.size, f.changed = info.Size(), info.ModTime() // a wrong file is told once, not at every look
	if err != nil {
		return err
	}
	f.rows = rows
	return nil
}

// ParseMailboxes reads mailboxes.csv strictly: header address, status, holder,
// tax_code, panel, expires (any order; only address and status must be there).
// The key is the address in lower case. Errors name file and line.
func ParseMailboxes(in io.Reader, name string, zone *time.Location) (map[string]rules.MailboxFact, error) {
	rows := map[string]rules.MailboxFact{}
	err := readCSV(in, name, mailboxColumns, 2, func(get func(string) string) error {
		m := rules.MailboxFact{Address: get("address"), Status: get("status"), Holder: get("holder"), TaxCode: get("tax_code"), Panel: get("panel")}
		key := strings.ToLower(m.Address)
		switch {
		case strings.Count(key, "@") != 1 || strings.ContainsAny(key, " \t<>"):
			return fmt.Errorf("%q is no address", m.Address)
		case !slices.Contains(statuses, m.Status):
			return fmt.Errorf("status %q: one of %s", m.Status, strings.Join(statuses, ", "))
		}
		if _, twice := rows[key]; twice {
			return fmt.Errorf("%s is there twice", m.Address)
		}
		var err error
		m.Expires, err = day(get("expires"), zone)
		rows[key] = m
		return err
	})
	return rows, err
}

// ParseOrders reads orders.csv strictly: header number, address, kind, date,
// panel, amount. The key is the number in upper case.
func ParseOrders(in io.Reader, name string, zone *time.Location) (map[string]rules.Order, error) {
	rows := map[string]rules.Order{}
	err := readCSV(in, name, orderColumns, 4, func(get func(string) string) (err error) {
		o := rules.Order{Number: get("number"), Address: get("address"), Kind: get("kind"), Panel: get("panel"), Amount: get("amount")}
		key := strings.ToUpper(o.Number)
		switch {
		case key == "":
			return errors.New("an order without a number")
		case !slices.Contains(orderKinds, o.Kind):
			return fmt.Errorf("kind %q: one of %s", o.Kind, strings.Join(orderKinds, ", "))
		case get("date") == "":
			return errors.New("an order without a date")
		}
		if _, twice := rows[key]; twice {
			return fmt.Errorf("order %s is there twice", o.Number)
		}
		o.Date, err = day(get("date"), zone)
		rows[key] = o
		return err
	})
	return rows, err
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

// readCSV reads a file with a header of known columns, of which the first must
// columns have to be there; row is called with each line's values.
func readCSV(in io.Reader, name string, columns []string, must int, row func(get func(string) string) error) error {
	r := csv.NewReader(in)
	r.ReuseRecord, r.TrimLeadingSpace = true, true
	header, err := r.Read()
	if err != nil {
		return fmt.Errorf("%s:1: header: %w", name, err)
	}
	place := map[string]int{}
	for i, h := range header {
		h = strings.ToLower(strings.TrimSpace(strings.TrimPrefix(h, "\ufeff")))
		if !slices.Contains(columns, h) {
			return fmt.Errorf("%s:1: unknown column %q (one of: %s)", name, h, strings.Join(columns, ", "))
		}
		place[h] = i
	}
	for _, c := range columns[:must] {
		if _, ok := place[c]; !ok {
			return fmt.Errorf("%s:1: column %q is missing", name, c)
		}
	}
	for {
		rec, err := r.Read()
		if errors.Is(err, io.EOF) {
			return nil
		}
		line, _ := r.FieldPos(0)
		if err == nil {
			err = row(func(column string) string {
				i, ok := place[column]
				if !ok {
					return ""
				}
				return strings.TrimSpace(rec[i])
			})
		}
		var parse *csv.ParseError
		if errors.As(err, &parse) {
			return fmt.Errorf("%s:%d: %w", name, parse.Line, parse.Err)
		}
		if err != nil {
			return fmt.Errorf("%s:%d: %w", name, line, err)
		}
	}
}
