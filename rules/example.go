package rules

import (
	"cmp"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
	"time"
)

// exampleKeys are the lines above the text of an example; templates/README.md
// shows them. Those marked "compulsory" must be there.
var exampleKeys = []Word{
	{"Oggetto", "the subject"},
	{"Da", "who sent it: the certified sender"},
	{"A", "name of the request mailbox it came to; left out: the procedure's"},
	{"Tipo", "transport (left out: this), anomaly or ordinary"},
	{"Inviato", "compulsory: the envelope's date, 2026-11-23T10:22:05+01:00"},
	{"Consegnato", "the delivery's; left out: the envelope's"},
	{"Casella", "a row of the registry: address,status,holder,tax_code,panel,expires — status active, not_active, expired, read_only or cancelled, expires 2027-05-01; what is unknown stays empty"},
	{"Ordine", "a row of its orders: number,address,kind,date,panel,amount — kind auto_renewal or first_purchase, amount 36.60; a line for each order"},
	{"Aperta", "an open case of the sender: protocol,procedure,state — 2026-000312,disattivazione,accepted; a line for each"},
	{"Allegato", "an attachment: name,type — modulo.pdf,application/pdf; a line for each"},
	{"Registro", "nessuno: no registry is configured"},
	{"Dominio", "altrui: the sender's domain is not ours"},
	{"Esito", "compulsory: the outcome expected: accept, reject, guide, review or none"},
	{"Motivo", "the reason expected; left out: none"},
	{"Procedura", "the procedure it must be taken for; left out: this one; nessuna: none"},
}

// examples reads esempi/ of a procedure.
func (l *loader) examples(y layer, p *Procedure) {
	folder := path.Join(p.Name, "esempi")
	entries, err := fs.ReadDir(y, folder)
	if err != nil || len(entries) == 0 {
		l.add("%s/%s: missing — a procedure proves itself by at least one example", y.label, folder)
		return
	}
	for _, e := range entries {
		file := path.Join(folder, e.Name())
		if strings.HasPrefix(e.Name(), ".") {
			continue
		}
		if !strings.HasSuffix(file, ".txt") {
			l.add("%s/%s: unknown name (examples are .txt files)", y.label, file)
			continue
		}
		data, err := utf8Text(y, file)
		if err != nil {
			l.problems = append(l.problems, err)
			continue
		}
		x, err := parseExample(y.label+"/"+file, data, p, l.set.Calendar)
		if err != nil {
			l.problems = append(l.problems, err)
			continue
		}
		p.Examples = append(p.Examples, x)
	}
}

// parseExample reads header lines, an empty line, and the text of the message.
func parseExample(file, data string, p *Procedure, cal *Calendar) (Example, error) {
	head, text, _ := strings.Cut(data, "\n\n")
	x := Example{File: file, Procedure: p.Name, lines: map[string]int{}}
	x.Message = Message{Mailbox: p.Mailbox, Kind: Transport, Signature: "valid", Text: text, MessageID: "esempio@example.org"}
	x.Facts = Facts{Registry: true, Ours: true, SHA1: string(Review)}
	var found problems
	for i, line := range strings.Split(head, "\n") {
		key, v, ok := strings.Cut(line, ":")
		var err error
		switch {
		case strings.HasPrefix(line, "#"):
			continue
		case !ok || !known(exampleKeys, key):
			err = fmt.Errorf("unknown line %q (%s) — an empty line parts them from the text", line, oneOf(exampleKeys))
		case x.lines[key] > 0 && !among(key, "Ordine", "Aperta", "Allegato"):
			err = fmt.Errorf("%q stands on line %d too — keep one", key+":", x.lines[key])
		default:
			x.lines[key] = i + 1
			err = x.set(key, strings.TrimSpace(v), cal)
		}
		if err != nil {
			found.add("%s:%d: %w", file, i+1, err)
		}
	}
	if x.Outcome == "" {
		found.add("%s:1: no line \"Esito:\" — say what must be decided", file)
	}
	if x.lines["Inviato"] == 0 {
		found.add("%s:1: no line \"Inviato:\" — say when it was sent, e.g. 2026-11-23T10:22:05+01:00", file)
	}
	x.finish()
	return x, found.join()
}

func (x *Example) set(key, v string, cal *Calendar) error {
	var err error
	m := &x.Message
	switch key {
	case "Oggetto":
		m.Subject = v
	case "Da":
		m.Sender = v
	case "A":
		m.Mailbox = v
	case "Tipo":
		m.Kind = MessageKind(v)
		if v != string(Transport) && v != string(Anomaly) && v != string(Ordinary) {
			err = fmt.Errorf("unknown kind %q (one of: transport, anomaly, ordinary)", v)
		}
	case "Inviato":
		m.Sent, err = exampleInstant(v)
	case "Consegnato":
		m.Delivered, err = exampleInstant(v)
	case "Allegato":
		name, kind, _ := strings.Cut(v, ",")
		m.Attachments = append(m.Attachments, Attachment{Name: name, Type: strings.TrimSpace(kind), Size: 1000})
	case "Esito":
		x.Outcome, err = Outcome(v), oneOfOutcomes(v)
	case "Motivo":
		if x.Reason = Reason(v); v != "" && !known(reasonWords(), v) {
			err = fmt.Errorf("unknown reason %q (%s)", v, oneOf(reasonWords()))
		}
	case "Procedura":
		if x.Procedure = v; v == "nessuna" {
			x.Procedure = ""
		}
	default:
		err = x.Facts.set(key, v, cal)
	}
	return err
}

// exampleInstant reads an instant as examples write it.
func exampleInstant(v string) (time.Time, error) {
	at, err := time.Parse(time.RFC3339, v)
	if err != nil {
		return at, fmt.Errorf("%q is no instant: write it like 2026-11-23T10:22:05+01:00", v)
	}
	return at, nil
}

func oneOfOutcomes(v string) error {
	for _, o := range []Outcome{Accept, Reject, Guide, Review, None} {
		if v == string(o) {
			return nil
		}
	}
	return fmt.Errorf("unknown outcome %q (one of: accept, reject, guide, review, none)", v)
}

func (f *Facts) set(key, v string, cal *Calendar) error {
	cells := strings.Split(v, ",")
	for i := range cells {
		cells[i] = strings.TrimSpace(cells[i])
	}
	switch key {
	case "Registro":
		if f.Registry = false; v != "nessuno" {
			return fmt.Errorf("%q: write nessuno, or leave the line out", v)
		}
	case "Dominio":
		if f.Ours = false; v != "altrui" {
			return fmt.Errorf("%q: write altrui, or leave the line out", v)
		}
	case "Aperta":
		if len(cells) != 3 || !slices.Contains(States, State(cells[2])) {
			return fmt.Errorf("an open case is protocol,procedure,state (state one of: %s)", strings.Join(codes(States), ", "))
		}
		f.Open = append(f.Open, OpenCase{ID: cells[0], Procedure: cells[1], State: State(cells[2])})
	case "Casella":
		if len(cells) != 6 || !known(StatusWords, cells[1]) {
			return fmt.Errorf("a mailbox is address,status,holder,tax_code,panel,expires (status %s)", oneOf(StatusWords))
		}
		expires, err := optionalDay(cells[5], cal)
		f.Mailbox = &MailboxFact{Address: cells[0], Status: cells[1], Holder: cells[2], TaxCode: cells[3], Panel: cells[4], Expires: expires}
		return err
	case "Ordine":
		if len(cells) != 6 || !known(OrderKinds, cells[2]) {
			return fmt.Errorf("an order is number,address,kind,date,panel,amount (kind %s)", oneOf(OrderKinds))
		}
		day, err := optionalDay(cells[3], cal)
		f.Orders = append(f.Orders, Order{Number: cells[0], Address: cells[1], Kind: cells[2], Date: day, Panel: cells[4], Amount: cells[5]})
		return err
	}
	return nil
}

func optionalDay(s string, cal *Calendar) (time.Time, error) {
	if s == "" {
		return time.Time{}, nil
	}
	d, err := ParseDate(s)
	if err != nil {
		return time.Time{}, err
	}
	return cal.StartOfDay(d), nil
}

// finish makes an ordinary writer unproved, and the registry silent on others.
func (x *Example) finish() {
	m := &x.Message
	if m.Delivered.IsZero() {
		m.Delivered = m.Sent
	}
	x.Facts.Read = m.Delivered
	if m.Kind != Transport {
		m.Claimed, m.Sender = m.Sender, ""
		m.Signature, m.Problem = "missing", SignatureMissing
		if m.Kind == Anomaly {
			m.Signature = "valid" // the provider signs that it received it, not who wrote it
		}
	}
	if b := x.Facts.Mailbox; b != nil && !strings.EqualFold(b.Address, m.Sender) {
		x.Facts.Mailbox = nil
	}
}

// CheckExamples reads and decides every example of every procedure, and
// reports those whose decision is not the one they say: what a procedure's
// author meant, against what it does.
func (s *Set) CheckExamples() error {
	var found problems
	for _, p := range s.Procedures {
		for _, x := range p.Examples {
			if err := s.checkExample(x); err != nil {
				found = append(found, err)
			}
		}
	}
	return found.join()
}

func (s *Set) checkExample(x Example) error {
	r := s.Read(x.Message)
	f := x.Facts
	f.Orders = nil
	for _, o := range x.Facts.Orders {
		for _, number := range r.Orders {
			if strings.EqualFold(o.Number, number) {
				f.Orders = append(f.Orders, o)
			}
		}
	}
	d := s.Decide(x.Message, r, f)
	key := "Esito"
	switch {
	case d.Outcome != x.Outcome:
	case d.Reason != x.Reason:
		key = "Motivo"
	case d.Procedure != x.Procedure:
		key = "Procedura"
	default:
		return nil
	}
	line := cmp.Or(x.lines[key], x.lines["Esito"]) // which is always there
	return fmt.Errorf("%s:%d: decided %s, but the example says %s (because: %s)", x.File, line,
		decided(d.Procedure, d.Outcome, d.Reason), decided(x.Procedure, x.Outcome, x.Reason), strings.Join(d.Reasons, "; "))
}

func decided(procedure string, o Outcome, r Reason) string {
	text := string(o)
	if r != "" {
		text += " " + string(r)
	}
	if procedure == "" {
		return text + " (no procedure)"
	}
	return text + " (" + procedure + ")"
}
