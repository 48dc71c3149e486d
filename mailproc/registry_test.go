package mailproc

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"sportello/rules"
)

const someMailboxes = "\ufeffaddress,status,holder,tax_code,panel,expires\r\n" +
	"Mario.Rossi@pec.example.it,active,\"Rossi, Mario\",RSSMRA80A01H501U,mrossi-EURO,2027-03-31\r\n" +
	"ditta@pec.example.it,expired,Ditta S.r.l.,,,\r\n"

const someOrders = "date,number,address,kind,amount\n" +
	"2026-10-19,Ab-100,mario.rossi@pec.example.it,auto_renewal,\"12,50\"\n"

// writeFile writes a file of the test and gives its path.
func writeFile(t testing.TB, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func silent() *slog.Logger { return slog.New(slog.DiscardHandler) }

func TestCSVRegistry(t *testing.T) {
	r, err := OpenCSVRegistry(writeFile(t, "mailboxes.csv", someMailboxes), writeFile(t, "orders.csv", someOrders), time.UTC, silent())
	if err != nil {
		t.Fatal(err)
	}
	got, err := r.Mailbox(t.Context(), "mario.rossi@PEC.example.it")
	want := &rules.MailboxFact{Address: "Mario.Rossi@pec.example.it", Status: "active", Holder: "Rossi, Mario", TaxCode: "RSSMRA80A01H501U",
		Panel: "mrossi-EURO", Expires: time.Date(2027, 3, 31, 0, 0, 0, 0, time.UTC)}
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Errorf("mailbox: %v %s", err, diff)
	}
	if got, err := r.Mailbox(t.Context(), "nessuno@pec.example.it"); got != nil || err != nil {
		t.Errorf("a mailbox not known: %v, %v", got, err)
	}
	orders, err := r.Orders(t.Context(), []string{"zz-1", "AB-100"})
	wantOrders := []rules.Order{{Number: "Ab-100", Address: "mario.rossi@pec.example.it", Kind: "auto_renewal",
		Date: time.Date(2026, 10, 19, 0, 0, 0, 0, time.UTC), Amount: "12,50"}}
	if diff := cmp.Diff(wantOrders, orders); err != nil || diff != "" {
		t.Errorf("orders: %v %s", err, diff)
	}
}

// TestCSVMistakes names each mistake with its file and line, several at once.
func TestCSVMistakes(t *testing.T) {
	tests := []struct {
		name, text string
		want       []string
	}{
		{"empty", "", []string{"m.csv:1: the file is empty"}},
		{"semicolons", "address;status\na@pec.example.it;active\n", []string{"m.csv:1: ", "with commas"}},
		{"unknown column", "address,status,titolare\n", []string{`m.csv:1: unknown column "titolare"`, "holder"}},
		{"column twice", "address,status,status\n", []string{"m.csv:1: ", "twice"}},
		{"column missing", "address,holder\n", []string{`m.csv:1: column "status" is missing`}},
		{"short row", "address,status,holder\na@pec.example.it,active\n", []string{"m.csv:2: wrong number of fields"}},
		{"open quote", "address,status\n\"a@pec.example.it,active\n", []string{"m.csv:"}},
		{"several", "address,status,expires\na@pec.example.it,attiva,\nb@pec.example.it,active,31/12/2026\nnobody,active,\n",
			[]string{`m.csv:2: status "attiva": one of active,`, `m.csv:3: date "31/12/2026"`, `m.csv:4: "nobody" is no address`}},
		{"twice", "address,status\na@pec.example.it,active\n\nA@pec.example.it,expired\n", []string{"m.csv:4: a@pec.example.it is there twice: first in line 2"}},
		{"NUL", "address,status,holder\na@pec.example.it,active,x\x00y\n", []string{"m.csv:2: ", "NUL"}},
	}
	for _, x := range tests {
		t.Run(x.name, func(t *testing.T) {
			table, err := mailboxKind(time.UTC).read(strings.NewReader(x.text), "m.csv")
			if err == nil {
				t.Fatalf("accepted, with %d rows", table.len())
			}
			for _, w := range x.want {
				if !strings.Contains(err.Error(), w) {
					t.Errorf("the error does not say %q:\n%v", w, err)
				}
			}
		})
	}
	for text, want := range map[string]string{
		"number,address,kind,date\n,a@pec.example.it,auto_renewal,2026-01-01\n":                "without a number",
		"number,address,kind,date\n1,a@pec.example.it,renewal,2026-01-01\n":                    `o.csv:2: kind "renewal": one of auto_renewal`,
		"number,address,kind,date\n1,a@pec.example.it,auto_renewal,\n":                         "without a date",
		"number,address,kind,date\n1,a b@pec.example.it,auto_renewal,2026-01-01\n":             "is no address",
		"number,address,kind,date\n" + strings.Repeat("1,a@pec.example.it,x,2026-01-01\n", 99): "o.csv:11:",
	} {
		if _, err := orderKind(time.UTC).read(strings.NewReader(text), "o.csv"); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q", text, err, want)
		} else if n := strings.Count(err.Error(), "\n"); n >= maxMistakes {
			t.Errorf("%d mistakes told at once", n+1)
		}
	}
}

// TestCSVReload: a file that changes is read again when it is at rest; a
// wrong, half-written or missing one leaves the old in force, and the log says so once.
func TestCSVReload(t *testing.T) {
	path := writeFile(t, "mailboxes.csv", "address,status\na@pec.example.it,active\n")
	var log bytes.Buffer
	r, err := OpenCSVRegistry(path, "", time.UTC, slog.New(slog.NewTextHandler(&log, nil)))
	if err != nil {
		t.Fatal(err)
	}
	status := func() string { // at the next look, without waiting for its hour
		r.mailboxes.looked = time.Time{}
		m, err := r.Mailbox(context.Background(), "a@pec.example.it")
		if err != nil || m == nil {
			t.Fatalf("mailbox: %v, %v", m, err)
		}
		return m.Status
	}
	write := func(text string) {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	look := func(what string, want ...string) {
		t.Helper()
		for i, w := range want {
			if got := status(); got != w {
				t.Errorf("%s: at look %d the status is %s, want %s", what, i+1, got, w)
			}
		}
	}
	write("address,status\na@pec.example.it,expired\n")
	look("changed", "active", "expired", "expired")
	write("address,status\n")
	look("half written", "expired")
	write("address,status\na@pec.example.it,cancelled\n")
	look("then whole", "expired", "cancelled")

	log.Reset()
	write("address,status\na@pec.example.it,wrong\n")
	look("wrong", "cancelled", "cancelled", "cancelled", "cancelled")
	if n := strings.Count(log.String(), "the old one stays in force"); n != 1 || !strings.Contains(log.String(), "mailboxes.csv:2") {
		t.Errorf("a wrong file is told %d times:\n%s", n, log.String())
	}
	log.Reset()
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	look("gone", "cancelled", "cancelled", "cancelled")
	if n := strings.Count(log.String(), "cannot be looked at"); n != 1 {
		t.Errorf("a missing file is told %d times:\n%s", n, log.String())
	}
	write("address,status\na@pec.example.it,read_only\n")
	look("back", "cancelled", "read_only")
}

// TestBrokenRegistryIsTold: a file that is wrong or gone is an incident until
// it is right, and a reload refuses it.
func TestBrokenRegistryIsTold(t *testing.T) {
	s := newScene(t)
	d := s.written()
	d.Alerts = &Alerts{Sender: s.told, Store: StoredAlerts{Store: s.store}, Calendar: d.Policy().Rules.Calendar, Log: silent(), Now: s.clock.now}
	if err := d.Alerts.Open(); err != nil {
		t.Fatal(err)
	}
	mailboxes, orders := writeFile(t, "mailboxes.csv", someMailboxes), writeFile(t, "orders.csv", someOrders)
	r, err := OpenCSVRegistry(mailboxes, orders, time.UTC, silent())
	if err != nil {
		t.Fatal(err)
	}
	d.Registry = r
	o := &Office{Desk: d, Running: true}
	for _, x := range []struct{ path, text string }{{mailboxes, "address,status\na@pec.example.it,wrong\n"}, {orders, "number\n"}, {orders, ""}} {
		good, err := os.ReadFile(x.path)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(x.path, []byte(x.text), 0o600); err != nil {
			t.Fatal(err)
		}
		if x.text == "" {
			os.Remove(x.path)
		}
		d.watchRegistry()
		d.watchRegistry() // now it is at rest
		if text := d.Alerts.Incidents()["registry"].Text; !strings.Contains(text, filepath.Base(x.path)) {
			t.Errorf("%q in %s: told is %q", x.text, x.path, text)
		}
		if err := o.ReadRegistry(); err == nil || !s.incident("registry") {
			t.Errorf("%q in %s: a reload takes it", x.text, x.path)
		}
		if err := os.WriteFile(x.path, good, 0o600); err != nil {
			t.Fatal(err)
		}
		if err := o.ReadRegistry(); err != nil || s.incident("registry") {
			t.Errorf("%s is put right, and not believed: %v", x.path, err)
		}
	}
}

func TestCSVRegistryAtStart(t *testing.T) {
	_, err := OpenCSVRegistry(filepath.Join(t.TempDir(), "no.csv"), writeFile(t, "orders.csv", "number\n"), time.UTC, silent())
	if err == nil || !strings.Contains(err.Error(), "no.csv") || !strings.Contains(err.Error(), "orders.csv:1") {
		t.Errorf("both wrong files are told at start: %v", err)
	}
}

// manyMailboxes is a registry's file of n rows.
func manyMailboxes(n int) []byte {
	var b bytes.Buffer
	b.WriteString("address,status,holder,tax_code,panel,expires\n")
	for i := range n {
		fmt.Fprintf(&b, "utente.%07d@pec.example.it,active,Nome Cognome %d,RSSMRA80A01H501U,utente%d-EURO,2027-03-31\n", (i*7919)%n, i, i)
	}
	return b.Bytes()
}

// TestCSVTableIsCompact: the table takes little more than the file.
func TestCSVTableIsCompact(t *testing.T) {
	const n = 50_000
	raw := manyMailboxes(n)
	table, err := mailboxKind(time.UTC).read(bytes.NewReader(raw), "m.csv")
	if err != nil {
		t.Fatal(err)
	}
	if table.len() != n || cap(table.text)+4*cap(table.rows) > 2*len(raw) {
		t.Errorf("%d rows of %d bytes take %d and %d bytes", table.len(), len(raw), cap(table.text), 4*cap(table.rows))
	}
	for i := range n {
		key := fmt.Sprintf("utente.%07d@pec.example.it", i)
		if m, ok := table.find(key); !ok || m.Address != key {
			t.Fatalf("%s: %v %v", key, m, ok)
		}
	}
}

func BenchmarkCSVRead(b *testing.B) {
	raw := manyMailboxes(1_000_000)
	b.SetBytes(int64(len(raw)))
	for b.Loop() {
		if _, err := mailboxKind(time.UTC).read(bytes.NewReader(raw), "m.csv"); err != nil {
			b.Fatal(err)
		}
	}
}

// FuzzRegistryCSV: whatever the file holds, it is refused with its name, or
// every row of it is found by its own key.
func FuzzRegistryCSV(f *testing.F) {
	f.Add([]byte(someMailboxes))
	f.Add([]byte(someOrders))
	f.Add([]byte("address,status\n\"a@pec.example.it\n"))
	f.Add([]byte("address,status\n\n\n\"\"a@pec.example.it,active"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		checkTable(t, mailboxKind(time.UTC), raw)
		checkTable(t, orderKind(time.UTC), raw)
	})
}

func checkTable[T any](t *testing.T, kind csvKind[T], raw []byte) {
	table, err := kind.read(bytes.NewReader(raw), "f.csv")
	if err != nil {
		if !strings.HasPrefix(err.Error(), "f.csv:") {
			t.Errorf("the error does not begin with the file: %v", err)
		}
		return
	}
	for _, at := range table.rows {
		key := string(table.value(at))
		if row, ok := table.find(key); !ok || kind.key(row) != key {
			t.Errorf("row %q finds %v, %v", key, row, ok)
		}
	}
	if _, ok := table.find("\xff no such key"); ok {
		t.Error("a key that is not there is found")
	}
}

// service is a registry's service that answers as the test says, and counts.
func service(t *testing.T, answer http.HandlerFunc) (*HTTPRegistry, *atomic.Int32) {
	var asked atomic.Int32
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked.Add(1)
		answer(w, r)
	}))
	t.Cleanup(s.Close)
	return &HTTPRegistry{URL: s.URL + "/v1/", Token: "secret-token", Timeout: 5 * time.Second, Zone: time.UTC}, &asked
}

func TestHTTPRegistry(t *testing.T) {
	r, asked := service(t, func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodGet || r.Header.Get("Authorization") != "Bearer secret-token" {
			t.Errorf("%s with %q", r.Method, r.Header.Get("Authorization"))
		}
		switch r.URL.Path {
		case "/v1/mailboxes/mario@pec.example.it":
			io.WriteString(w, `{"address":"mario@pec.example.it","status":"active","holder":"Mario Rossi","expires":"2027-03-31"}`)
		case "/v1/orders/A 1/2":
			io.WriteString(w, `{"number":"A 1/2","address":"mario@pec.example.it","kind":"auto_renewal","date":"2026-10-19T10:00:00+02:00","amount":"12,50"}`)
		default:
			http.NotFound(w, r)
		}
	})
	for range 3 {
		m, err := r.Mailbox(t.Context(), "Mario@pec.example.it")
		want := &rules.MailboxFact{Address: "mario@pec.example.it", Status: "active", Holder: "Mario Rossi", Expires: time.Date(2027, 3, 31, 0, 0, 0, 0, time.UTC)}
		if diff := cmp.Diff(want, m); err != nil || diff != "" {
			t.Fatalf("%v %s", err, diff)
		}
	}
	if n := asked.Load(); n != 1 {
		t.Errorf("asked %d times for what is in the cache", n)
	}
	for range 2 {
		if m, err := r.Mailbox(t.Context(), "nessuno@pec.example.it"); m != nil || err != nil {
			t.Errorf("not known: %v, %v", m, err)
		}
	}
	if n := asked.Load(); n != 3 {
		t.Errorf("asked %d times: what is not known is asked for again", n)
	}
	orders, err := r.Orders(t.Context(), []string{"Z9", "A 1/2"})
	if err != nil || len(orders) != 1 || orders[0].Number != "A 1/2" || !orders[0].Date.Equal(time.Date(2026, 10, 19, 8, 0, 0, 0, time.UTC)) {
		t.Errorf("orders: %+v, %v", orders, err)
	}
}

// TestHTTPRegistryDown: every answer but a good one and 404 is a registry that
// is down, and it is asked again only after a rest.
func TestHTTPRegistryDown(t *testing.T) {
	good := `{"address":"mario@pec.example.it","status":"active"}`
	tests := map[string]http.HandlerFunc{
		"500":     func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(500) },
		"403":     func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(403) },
		"no JSON": func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "<html>welcome</html>") },
		"led to where nothing is": func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path == "/sorry" {
				http.NotFound(w, r)
				return
			}
			http.Redirect(w, r, "/sorry", http.StatusFound)
		},
		"nothing": func(http.ResponseWriter, *http.Request) {},
		"another mailbox": func(w http.ResponseWriter, _ *http.Request) {
			io.WriteString(w, strings.Replace(good, "mario", "maria", 1))
		},
		"unknown status": func(w http.ResponseWriter, _ *http.Request) {
			io.WriteString(w, strings.Replace(good, "active", "fine", 1))
		},
		"bad date": func(w http.ResponseWriter, _ *http.Request) {
			io.WriteString(w, strings.Replace(good, "}", `,"expires":"tomorrow"}`, 1))
		},
		"cut": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "999")
			io.WriteString(w, good)
		},
		"slow": func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() },
	}
	for name, answer := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r, asked := service(t, answer)
			r.Timeout = 100 * time.Millisecond
			for range 2 {
				m, err := r.Mailbox(t.Context(), "mario@pec.example.it")
				if m != nil || !errors.Is(err, ErrDown) {
					t.Fatalf("%v, %v", m, err)
				}
				if strings.Contains(err.Error(), "mario") {
					t.Errorf("the error names the customer: %v", err)
				}
			}
			if n := asked.Load(); n != registryTries {
				t.Errorf("asked %d times, want %d and then a rest", n, registryTries)
			}
		})
	}
}

func TestHTTPRegistryComesBack(t *testing.T) {
	var ok atomic.Bool
	r, asked := service(t, func(w http.ResponseWriter, _ *http.Request) {
		if !ok.Load() {
			w.WriteHeader(http.StatusServiceUnavailable)
			return
		}
		io.WriteString(w, `{"address":"mario@pec.example.it","status":"active"}`)
	})
	if _, err := r.Mailbox(t.Context(), "mario@pec.example.it"); !errors.Is(err, ErrDown) {
		t.Fatal(err)
	}
	ok.Store(true)
	r.down = r.down.Add(-registryRest) // its rest is over
	if m, err := r.Mailbox(t.Context(), "mario@pec.example.it"); err != nil || m == nil {
		t.Errorf("%v, %v after %d requests", m, err, asked.Load())
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := r.Mailbox(ctx, "altra@pec.example.it"); !errors.Is(err, ErrDown) || !errors.Is(err, context.Canceled) || !r.down.IsZero() {
		t.Errorf("a desk that stops finds it down: %v", err)
	}
}
