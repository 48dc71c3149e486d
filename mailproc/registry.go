package mailproc

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
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

// CSVRegistry is a registry of two files, read whole and read again when they
// change. A new file that is wrong leaves the old one in force, and the log
// says so once.
type CSVRegistry struct {
	mailboxes *csvFile[rules.MailboxFact]
	orders    *csvFile[rules.Order] // nil: none
}

// OpenCSVRegistry reads the files; orders may be "". Errors name file and line.
func OpenCSVRegistry(mailboxes, orders string, zone *time.Location, log *slog.Logger) (*CSVRegistry, error) {
	r := &CSVRegistry{mailboxes: &csvFile[rules.MailboxFact]{path: mailboxes, kind: mailboxKind(zone), log: log}}
	_, err := r.mailboxes.get()
	if orders != "" {
		r.orders = &csvFile[rules.Order]{path: orders, kind: orderKind(zone), log: log}
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
	if m, ok := rows.find(strings.ToLower(address)); ok {
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
	if err != nil {
		return nil, err
	}
	for _, n := range numbers {
		if o, ok := rows.find(strings.ToUpper(n)); ok {
			out = append(out, o)
		}
	}
	return out, nil
}

// Problem says what keeps the files from being read as they are now; nil when
// those in force are those on the disk. It looks at them.
func (r *CSVRegistry) Problem() error {
	return r.each((*csvFile[rules.MailboxFact]).look, (*csvFile[rules.Order]).look)
}

// Again reads the files now, however lately they changed.
func (r *CSVRegistry) Again() error {
	return r.each((*csvFile[rules.MailboxFact]).again, (*csvFile[rules.Order]).again)
}

func (r *CSVRegistry) each(mailboxes func(*csvFile[rules.MailboxFact]), orders func(*csvFile[rules.Order])) error {
	err := r.mailboxes.problem(mailboxes)
	if r.orders != nil {
		err = errors.Join(err, r.orders.problem(orders))
	}
	return err
}

// csvFile is a file read whole, and again when its time or size changes.
type csvFile[T any] struct {
	path string
	kind csvKind[T]
	log  *slog.Logger

	mu     sync.Mutex
	rows   *csvTable[T]
	read   fileState // of rows, or of what was refused
	seen   fileState // at the last look
	gone   error     // why it cannot be looked at, which the log has said
	wrong  error     // why what was read last was refused
	looked time.Time
}

// fileState tells one content of a file from the next.
type fileState struct {
	size    int64
	changed time.Time
}

func (a fileState) equal(b fileState) bool { return a.size == b.size && a.changed.Equal(b.changed) }

// lookEvery is how often a file is looked at for changes.
const lookEvery = 2 * time.Second

func (f *csvFile[T]) get() (*csvTable[T], error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.rows == nil {
		return f.rows, f.load()
	}
	if time.Since(f.looked) >= lookEvery {
		f.look()
	}
	return f.rows, nil
}

// look reads the file again when it has changed and is at rest: of one that
// is still being written, the first half would make every other mailbox unknown.
func (f *csvFile[T]) look() {
	f.looked = time.Now()
	now, err := stateOf(f.path)
	if err != nil {
		if f.gone == nil {
			f.log.Error("registry file cannot be looked at: what was read stays in force", "error", err)
		}
		f.gone = err
		return
	}
	f.gone = nil
	rest := now.equal(f.seen)
	f.seen = now
	if now.equal(f.read) || !rest {
		return
	}
	f.again()
}

// again reads the file whether or not it is at rest.
func (f *csvFile[T]) again() {
	if f.wrong = f.load(); f.wrong != nil {
		f.log.Error("registry file refused: the old one stays in force", "error", f.wrong)
		return
	}
	f.gone = nil
	f.log.Info("registry file read again", "file", f.path, "rows", f.rows.len())
}

// problem looks at the file and says why what is in force is not what it holds.
func (f *csvFile[T]) problem(look func(*csvFile[T])) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	look(f)
	if f.gone != nil {
		return f.gone
	}
	return f.wrong
}

// load reads the file; what it read is remembered even when it is wrong, so
// that a wrong file is told once and not at every look.
func (f *csvFile[T]) load() error {
	file, err := os.Open(f.path)
	if err != nil {
		return err
	}
	defer file.Close()
	f.looked = time.Now()
	if f.read, err = stateOf(f.path); err != nil {
		return err
	}
	f.seen = f.read
	rows, err := f.kind.read(file, f.path)
	if err != nil {
		return err
	}
	if now, err := stateOf(f.path); err != nil || !now.equal(f.read) {
		f.read = fileState{} // read it again
		return fmt.Errorf("%s changed while it was read", f.path)
	}
	f.rows = rows
	return nil
}

func stateOf(path string) (fileState, error) {
	info, err := os.Stat(path)
	if err != nil {
		return fileState{}, err
	}
	return fileState{info.Size(), info.ModTime()}, nil
}
