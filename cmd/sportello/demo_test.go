package main

import (
	"bufio"
	"context"
	"io"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"sportello/mailproc/console"
)

// resetFolder is a procedure that does not come with the program.
var resetFolder = map[string]string{
	"procedure.toml": `title    = "Nuova password di una casella PEC"
request  = "nuova password"
mailbox  = "customer.service"
subject  = "Nuova password"
decide   = "operator"
wording  = "free"
beside   = "weighed"
term     = "3 working days"
keep     = "30 months"

[[blank]]
name    = "titolare"
kind    = "person"
example = "Mario Rossi"

[[blank]]
name    = "casella"
kind    = "pec-address"
must    = "certified-sender"
example = "mario.rossi@pec.example.it"

[[check]]
is   = "mailbox-active"
else = "review:mailbox_not_active"
`,
	"modulo.txt": "Il sottoscritto {titolare} intestatario della casella PEC {casella} chiede una nuova password per la stessa.\n",
	"esempi/01-corretta.txt": `Oggetto: Nuova password
Da: mario.rossi@pec.example.it
Inviato: 2026-11-23T10:22:05+01:00
Casella: mario.rossi@pec.example.it,active,Mario Rossi,,MROSSI-EURO,2027-05-01
Esito: review
Motivo: operator_decides

Il sottoscritto Mario Rossi intestatario della casella PEC mario.rossi@pec.example.it chiede una nuova password per la stessa.
`,
	"lettere/accolta.txt": "Gentile cliente,\n\nla richiesta di {{.tipo}}, protocollo {{.protocollo}}, è stata accolta {{.data_esito}}.\n\n{{.chiusura}}\n",
}

// TestDemoTriesOnesOwnProcedure writes to the demo's desk as a customer who
// asks for what only a folder of the visitor's knows.
func TestDemoTriesOnesOwnProcedure(t *testing.T) {
	folder := t.TempDir()
	for name, text := range resetFolder {
		writeFile(t, filepath.Join(folder, "nuova-password", name), text)
		writeFile(t, filepath.Join(folder, "nuova-chiave", name), strings.NewReplacer("customer.service", "customer.servce", "password", "chiave").Replace(text))
	}
	ctx, stop := context.WithTimeout(t.Context(), time.Minute)
	defer stop()
	w := newDemo(t.TempDir())
	w.procedures = folder
	screen, out := io.Pipe()
	ended := make(chan error, 1)
	go func() {
		err := w.run(ctx, false, out)
		out.CloseWithError(io.EOF) // run's own error is told below
		ended <- err
	}()
	found, noted := false, false
	lines := bufio.NewScanner(screen)
	for lines.Scan() {
		switch line := lines.Text(); {
		case line == "note: no [[mailbox]] customer.servce: the procedures nuova-chiave receive nothing":
			noted = true
		case strings.Contains(line, "beside it"):
			if err := w.fromVisitor(ctx, console.DemoMessage{From: "lucia.bianchi@pec.example.it", To: demoService, Subject: "Nuova password",
				Text: "La sottoscritta Lucia Bianchi intestataria della casella PEC lucia.bianchi@pec.example.it chiede una nuova password per la stessa."}); err != nil {
				t.Error(err)
				stop()
			}
		case strings.Contains(line, "nuova-password") && strings.Contains(line, "presa-in-carico: delivered"):
			found = true
			stop()
		}
	}
	if err := <-ended; err != nil {
		t.Error(err)
	}
	if !found {
		t.Error("nobody answered the request")
	}
	if !noted {
		t.Error("nobody said that a procedure has no mailbox")
	}
}

// TestDemoKeepsOutOfAnEarlierOne: a folder that holds a demo is not begun in
// again, and the refusal says so.
func TestDemoKeepsOutOfAnEarlierOne(t *testing.T) {
	dir := t.TempDir()
	writeFile(t, filepath.Join(dir, "sportello.toml"), "")
	var out, errs strings.Builder
	if code := run(t.Context(), []string{"demo", "--once", "--dir", dir}, strings.NewReader(""), &out, &errs); code != 1 || !strings.Contains(errs.String(), "holds an earlier demo") {
		t.Errorf("exit %d: %s", code, errs.String())
	}
}
