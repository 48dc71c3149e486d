package main

import (
	"bytes"
	"context"
	"encoding/base64"
	"flag"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"sportello/mailproc"
	"sportello/mailproc/console"
	"sportello/rules"
	"sportello/store"
)

var largeCases = flag.Int("cases", 5_000, "how many cases BenchmarkOperators and BenchmarkCommands have")

// BenchmarkOperators times, at the server, what operators look at while the
// store holds many cases; it prints the table of cmd/bench/README.md:
//
//	go test ./cmd/sportello -run='^$' -bench=Operators -benchtime=1x -cases=500000 -timeout=2h
func BenchmarkOperators(b *testing.B) {
	l := newLargeDesk(b, *largeCases)
	var table strings.Builder
	fmt.Fprintf(&table, "\n| with %d cases | p50 ms | p99 ms | kB |\n|---|---:|---:|---:|\n", *largeCases)
	for b.Loop() {
		for _, q := range l.questions() {
			const times = 200
			var took []time.Duration
			size := 0
			for i := range times {
				began := time.Now()
				size = l.get(b, q.path(i))
				took = append(took, time.Since(began))
			}
			slices.Sort(took)
			ms := func(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
			fmt.Fprintf(&table, "| %s | %.1f | %.1f | %d |\n", q.what, ms(took[times/2]), ms(took[times*99/100]), size/1000)
		}
	}
	fmt.Print(table.String()) // the log of a benchmark is cut short
}

// question is a page of the console, or an address of the API.
type question struct {
	what string
	path func(i int) string
}

func (l *largeDesk) questions() []question {
	always := func(path string) func(int) string { return func(int) string { return path } }
	anyCase := func(i int) string { return fmt.Sprintf("%d-%06d", l.year, 1+(i*7919)%l.cases) }
	return []question{
		{"queue, first page", always("/")},
		{"queue, a page deep among the closed", always("/?after=" + l.deep)},
		{"queue, newest first", always("/?order=received")},
		{"state: to decide", always("/?state=review")},
		{"state: closed", always("/?state=closed")},
		{"procedure", always("/?procedure=recesso-rinnovo")},
		{"procedure that is rare", always("/?procedure=richiesta-log")},
		{"outcome", always("/?outcome=reject")},
		{"reason", always("/?reason=danger_sign")},
		{"reason that no case has", always("/?reason=letter_failed")},
		{"overdue", always("/?overdue=true")},
		{"mailbox, whole", func(i int) string { return "/?mailbox=" + url.QueryEscape(mailboxOf(1+(i*7919)%l.n)) }},
		{"mailbox, its beginning", always("/?mailbox=mario.ro")},
		{"search: protocol number", func(i int) string { return "/?q=" + anyCase(i) + "+" }},
		{"search: name and surname", func(i int) string {
			return "/?q=" + url.QueryEscape(strings.ToLower(nameOf(1+(i*7919)%l.n)))
		}},
		{"search: whole mailbox", func(i int) string { return "/?q=" + url.QueryEscape(mailboxOf(1+(i*7919)%l.n)) }},
		{"search: order number", func(i int) string { return fmt.Sprintf("/?q=%d", orderOf(1+(i*7919)%l.n)) }},
		{"search: a word of every case", always("/?q=casella")},
		{"search: a frequent name, among the accepted", always("/?q=mario&state=accepted")},
		{"search: nothing found", always("/?q=zzyzx")},
		{"search: two frequent words, nothing found", always("/?q=casella+zzyzx+pec")},
		{"search, newest first", always("/?q=mario&order=received")},
		{"a case", func(i int) string { return "/cases/" + anyCase(i) }},
		{"statistics, 30 days", always("/stats?days=30")},
		{"statistics, a year, counted anew", func(i int) string { return fmt.Sprintf("/stats?days=%d", 365+i) }},
		{"parked, letters, journal: a page", func(i int) string { return []string{"/parked", "/letters", "/log"}[i%3] }},
		{"API: 50 cases", always("/api/cases?limit=50")},
		{"API: 1,000 cases", always("/api/cases?limit=1000")},
	}
}

// largeDesk is a console over a store of many cases.
type largeDesk struct {
	n, year int
	cases   int // some of the n are no request
	now     time.Time
	set     *rules.Set
	handler http.Handler
	cookie  *http.Cookie
	deep    string // a place deep in the queue
}

const largeConfig = `data = "data"
domains = ["pec.example.it"]
[[mailbox]]
name = "disattivazioni"
address = "disattivazioni@pec.example.com"
imap = "imaps://127.0.0.1:1993"
smtp = "smtps://127.0.0.1:1465"
user = "x"
password_file = "password"
[[mailbox]]
name = "customer.service"
address = "customer.service@pec.example.com"
imap = "imaps://127.0.0.1:1993"
smtp = "smtps://127.0.0.1:1465"
user = "y"
password_file = "password"
[trust]
roots = ["roots.pem"]
`

func newLargeDesk(b *testing.B, n int) *largeDesk {
	dir := b.TempDir()
	world, err := market()
	if err != nil {
		b.Fatal(err)
	}
	for name, text := range map[string]string{"password": "x\n", "roots.pem": string(world.RootsPEM()), "sportello.toml": largeConfig} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			b.Fatal(err)
		}
	}
	cfg, err := LoadConfig(filepath.Join(dir, "sportello.toml"))
	if err != nil {
		b.Fatal(err)
	}
	l := &largeDesk{n: n, now: time.Date(2026, 11, 23, 10, 0, 0, 0, rome), year: 2026}
	cfg.Now = func() time.Time { return l.now }
	st, err := store.Open(cfg.Data, store.Options{NoSync: true})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { st.Close() })
	desk, err := buildDesk(cfg, st, slog.New(slog.DiscardHandler))
	if err != nil {
		b.Fatal(err)
	}
	office := &mailproc.Office{Desk: desk, Running: true}
	l.set = office.Rules()
	began := time.Now()
	l.fill(b, st)
	b.Logf("%d cases made in %s, database of %d MB", n, time.Since(began).Round(time.Second), fileSize(filepath.Join(cfg.Data, "sportello.db"))>>20)
	web, err := buildConsole(cfg, office)
	if err != nil {
		b.Fatal(err)
	}
	l.handler = web.Handler()
	people := console.People{Store: mailproc.StoredPeople{Store: st}, Now: office.Now, Record: office.Note}
	if err := people.Add("test", "anna", "operator", password); err != nil {
		b.Fatal(err)
	}
	l.logIn(b)
	page, err := office.Cases(b.Context(), rules.Query{State: rules.Closed, Limit: n / 2})
	if err != nil {
		b.Fatal(err)
	}
	l.deep = page.Next
	status, err := office.Status(b.Context())
	if err != nil {
		b.Fatal(err)
	}
	for _, n := range status.Cases {
		l.cases += n
	}
	b.Logf("%d cases: %v", l.cases, status.Cases)
	return l
}

func fileSize(name string) int64 {
	info, err := os.Stat(name)
	if err != nil {
		return 0
	}
	return info.Size()
}

func (l *largeDesk) logIn(b *testing.B) {
	r := httptest.NewRequest("POST", "/login", strings.NewReader(url.Values{"name": {"anna"}, "password": {password}}.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	w := httptest.NewRecorder()
	l.handler.ServeHTTP(w, r)
	for _, c := range w.Result().Cookies() {
		l.cookie = c
	}
	if l.cookie == nil || l.cookie.Value == "" {
		b.Fatalf("log in: %d %s", w.Code, w.Body)
	}
}

func (l *largeDesk) get(b *testing.B, path string) int {
	r := httptest.NewRequest("GET", path, nil)
	r.AddCookie(l.cookie)
	w := httptest.NewRecorder()
	l.handler.ServeHTTP(w, r)
	if w.Code != http.StatusOK && w.Code != http.StatusSeeOther { // a protocol number leads to its case
		b.Fatalf("%s: %d\n%.300s", path, w.Code, w.Body)
	}
	return w.Body.Len()
}

// Every case has a customer of its own, whose names many share.
var (
	firstNames = strings.Fields("Mario Lucia Paolo Anna Carlo Elena Giulia Franco Nicolò Chiara Marco Sara Luca Marta Piero Ada Ugo Rita Gino Irene Aldo Nora Dino Vera Enzo Alba Sergio Linda Tullio Bruna")
	lastParts  = strings.Fields("Ros Bian Ver Ner Gal Con Riv Ser Leo Fer Mar Col Bru Gre Lom Bar Mon San Pel Car Tes Vil Zan Cop Bas Mag Fon Pal Ric Dam")
	lastEnds   = strings.Fields("si chi di ri lo ti ra ne ini etti elli aro ano esi oni ucci acci ardi andi orti")
)

func nameOf(n int) string {
	return firstNames[n%len(firstNames)] + " " + lastParts[n/7%len(lastParts)] + lastEnds[n/211%len(lastEnds)]
}

func mailboxOf(n int) string {
	name := strings.ReplaceAll(strings.ToLower(nameOf(n)), "ò", "o")
	return strings.Replace(name, " ", ".", 1) + fmt.Sprint(n/90) + "@pec.example.it"
}

func orderOf(n int) int { return 700_000_000 + n*13 }

// fill makes the cases as the desk would have, over the year until now: nine
// in ten are closed, the newest are under way, some wait for a person.
func (l *largeDesk) fill(b *testing.B, st *store.Store) {
	rnd := rand.New(rand.NewPCG(1, 2))
	const batch = 500
	for first := 1; first <= l.n; first += batch {
		var in []store.Incoming
		var made []*largeCase
		for n := first; n < min(first+batch, l.n+1); n++ {
			c := l.one(n, rnd)
			made = append(made, c)
			in = append(in, store.Incoming{Bytes: rawOf(c), Message: store.Message{Cursor: store.Cursor{UIDValidity: 7, UID: uint32(n)}, Kind: rules.Transport,
				Delivered: c.at, Read: c.at, Identifier: fmt.Sprintf("opec%d.%d@pec.example.it", l.year, n), MessageID: c.msg.MessageID, Facts: &c.msg, Proof: largeProof}})
		}
		_, err := st.Intake(context.Background(), "disattivazioni", store.Cursor{UIDValidity: 7, UID: uint32(first + batch)}, in, func(tx *store.Tx, ids []uint64) error {
			for i, m := range ids {
				if err := l.record(tx, made[i], m); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			b.Fatal(err)
		}
	}
}

type largeCase struct {
	n    int
	at   time.Time
	kind int // of a hundred
	msg  rules.Message
	dec  rules.Decision
}

var largeProof = []rules.ProofStep{{Name: "signer", OK: true, Detail: "posta-certificata@pec.example.it, Gestore di prova S.p.A., sha256"}, {Name: "digest", OK: true},
	{Name: "signature", OK: true}, {Name: "chain", OK: true, Detail: "Radice di prova"}, {Name: "index", OK: true}, {Name: "daticert", OK: true}, {Name: "domain", OK: true},
	{Name: "mittente", OK: true, Detail: "…"}, {Name: "recipient", OK: true}, {Name: "note", OK: true, Detail: "no_crl"}}

// one is case n as it comes in and is decided.
func (l *largeDesk) one(n int, rnd *rand.Rand) *largeCase {
	year := 325 * 24 * time.Hour
	c := &largeCase{n: n, kind: rnd.IntN(100), at: l.now.Add(-year + time.Duration(n)*(year/time.Duration(l.n+1)))}
	who, box := nameOf(n), mailboxOf(n)
	text, subject := fmt.Sprintf(demoForm, who, box, fmt.Sprint(1_000_000+n)), "Disattivazione casella"
	order := rules.Order{Number: fmt.Sprint(orderOf(n)), Address: box, Kind: "auto_renewal", Date: c.at.AddDate(0, 0, -12), Panel: "AB1234-EURO", Amount: "30,50"}
	switch {
	case c.kind < 12:
		text, subject = fmt.Sprintf(demoWithdrawal, who, box, order.Number, "AB1234"), "Recesso"
	case c.kind < 16:
		subject = "Comunicazione urgente"
	case c.kind < 18:
		text, subject = "Buongiorno, vorrei sapere in che stato è la mia casella PEC. Grazie", "Stato della casella"
	case c.kind < 20:
		text += "\n\nVi prego di procedere solo a decorrere dal 31 dicembre.\n"
	case c.kind == 20 && n%9 == 0:
		text, subject = "Chiedo i log della mia casella PEC "+box+" per il mese di settembre.", "Richiesta log"
	}
	to := "disattivazioni"
	if subject == "Recesso" || subject == "Richiesta log" || subject == "Stato della casella" {
		to = "customer.service"
	}
	c.msg = rules.Message{Mailbox: to, Kind: rules.Transport, Signature: "valid", Provider: "Gestore di prova S.p.A.", Sender: box, Identifier: fmt.Sprintf("opec%d", n),
		MessageID: fmt.Sprintf("c%d@pec.example.it", n), Sent: c.at, Delivered: c.at, Subject: subject, Text: text}
	c.dec = l.set.Decide(c.msg, l.set.Read(c.msg), rules.Facts{Registry: true, Ours: true, Read: c.at,
		Mailbox: &rules.MailboxFact{Address: box, Status: "active", Holder: who, Panel: "AB1234-EURO"}, Orders: []rules.Order{order}})
	return c
}

// record opens the case and leads it to where its age says it should be.
func (l *largeDesk) record(tx *store.Tx, x *largeCase, message uint64) error {
	if x.dec.Outcome == rules.None {
		return tx.SetMessage(message, store.Parked, "", x.dec.Reason, "")
	}
	id, err := tx.NextProtocol(l.year)
	if err != nil {
		return err
	}
	c, events, err := l.set.Open(id, rules.Arrival{ID: message, Message: x.msg, Decision: x.dec, Proof: largeProof}, x.at)
	if err != nil {
		return err
	}
	at := x.at
	add := func(e rules.Event) {
		at = at.Add(20 * time.Minute)
		e.At, e.Case = at, id
		if err == nil {
			err = c.Apply(e)
		}
		events = append(events, e)
	}
	old := l.now.Sub(x.at) > 7*24*time.Hour
	if c.State == rules.InReview && (old && x.n%200 != 0 || x.n%3 == 0) {
		add(rules.Event{Kind: rules.EventRejected, Outcome: rules.Reject, Reason: rules.BodyNotConforming, Author: "anna"})
	}
	for i := range c.Letters {
		ref := &rules.LetterRef{N: i + 1, Attempt: 1, Answer: "250 2.0.0 Ok"}
		add(rules.Event{Kind: rules.LetterAttempt, Letter: ref})
		add(rules.Event{Kind: rules.LetterSent, Letter: ref})
		for _, kind := range []string{rules.ReceiptAccepted, rules.ReceiptDelivered} {
			add(rules.Event{Kind: rules.LetterReceipt, Letter: ref, Receipt: &rules.ReceiptRef{Kind: kind, At: at, Identifier: fmt.Sprintf("r%d", x.n), Provider: "Gestore di prova S.p.A."}})
		}
	}
	for i, s := range c.Steps {
		if old {
			add(rules.Event{Kind: rules.StepDone, Step: &rules.StepRef{N: i + 1, Do: s.Do}})
		}
	}
	if old && c.State != rules.InReview {
		add(rules.Event{Kind: rules.EventClosed})
	}
	if err != nil {
		return err
	}
	if err := tx.SetMessage(message, store.InCase, id, "", ""); err != nil {
		return err
	}
	return tx.Record(events...)
}

// rawOf is a message of the shape and about the size of an envelope.
func rawOf(c *largeCase) []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "From: \"Per conto di: %s\" <posta-certificata@pec.example.it>\r\nSubject: POSTA CERTIFICATA: %s\r\nMessage-ID: <%s>\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\nContent-Type: text/plain\r\n\r\nMessaggio di posta certificata\r\n", c.msg.Sender, c.msg.Subject, c.msg.MessageID)
	fmt.Fprintf(&b, "--x\r\nContent-Type: message/rfc822; name=postacert.eml\r\n\r\nFrom: %s\r\nSubject: %s\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n%s\r\n", c.msg.Sender, c.msg.Subject, c.msg.Text)
	fmt.Fprintf(&b, "--x\r\nContent-Type: application/xml; name=daticert.xml\r\nContent-Transfer-Encoding: base64\r\n\r\n%s\r\n--x--\r\n", base64.StdEncoding.EncodeToString(bytes.Repeat([]byte("<postacert/>"), 60)))
	return b.Bytes()
}
