package console

import (
	"encoding/json"
	"go/ast"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"sportello/rules"
)

// withIncidents gives the desk an incident of a server and two of a case.
func withIncidents(opt *Options) {
	since := time.Date(2026, 11, 23, 9, 0, 0, 0, rome())
	opt.Incidents = func() []Incident {
		return []Incident{
			{"mailbox/disattivazioni", "Mailbox disattivazioni cannot be read: connect: connection refused", since},
			{"promise/2026-000002", "Case 2026-000002 must be answered by Tue 1 Dec 2026 23:59 CET: a working day is left.", since},
			{"read/2026-000002", "Case 2026-000002 is accepted, and the customer takes the request back: a person reads it, then acts, or adds a note that it was read.", since},
		}
	}
}

// What is wrong is on a page of its own, counted on every page, asked for by
// the command line, and said on the page of the case that it is about.
func TestIncidents(t *testing.T) {
	o := newOffice(t, withIncidents)
	o.desk.fill(t)
	v := o.visit("vera")
	v.get("/incidents").want(t, http.StatusOK, "Avvisi <span class=\"count\">3</span>", "Non si riesce a leggere la casella disattivazioni: connect: connection refused", `href="/system"`,
		"bisogna rispondere entro mar 1 dic 2026 23:59", `href="/cases/2026-000002"`, "da leggere")
	const read = "e il cliente ritira la richiesta: una persona legga il messaggio, poi decida, o annoti di averlo letto."
	if page := v.get("/").body; strings.Count(page, `<span class="here">da leggere</span>`) != 1 {
		t.Error("the queue does not say which case is to be read")
	}
	if page := v.get("/cases/2026-000002").want(t, http.StatusOK, read).body; strings.Contains(page, "bisogna rispondere entro") {
		t.Error("the page of its case repeats its term")
	}
	if page := v.get("/cases/2026-000001").body; strings.Contains(page, read) {
		t.Error("another case says so too")
	}
	var got struct{ Incidents []Incident }
	if w := o.ask(http.MethodGet, "/api/incidents", nil); json.Unmarshal(w.Body.Bytes(), &got) != nil || len(got.Incidents) != 3 || got.Incidents[1].Case() != "2026-000002" {
		t.Errorf("the API answers %s", w.Body)
	}
	var cases struct{ Cases []Row }
	if w := o.ask(http.MethodGet, "/api/cases", nil); json.Unmarshal(w.Body.Bytes(), &cases) != nil || len(cases.Cases) == 0 {
		t.Fatalf("the API answers %s", w.Body)
	}
	for _, r := range cases.Cases {
		if read := slices.Equal(r.Marks, []string{"read"}); read != (r.ID == "2026-000002") {
			t.Errorf("the row of %s has the marks %q", r.ID, r.Marks)
		}
	}
	quiet := newOffice(t)
	if page := quiet.visit("vera").get("/incidents").want(t, http.StatusOK, "Nessun avviso").body; strings.Contains(page, "/incidents/retry") {
		t.Error("a viewer is offered to try again")
	}
	quiet.visit("anna").get("/incidents").want(t, http.StatusOK, "Nessun avviso", `action="/incidents/retry"`) // a letter that was put off once is no incident
}

// A letter that its receipt says was not delivered shows that receipt, not the
// answer of the server that took it.
func TestFailedLetterShowsItsReceipt(t *testing.T) {
	l := &rules.Letter{N: 1, Name: "accolta", State: rules.Failed, Tries: []rules.Try{{Answer: "250 2.0.0 OK: queued"}},
		Receipts: []rules.ReceiptRef{{Kind: rules.ReceiptAccepted}, {Kind: rules.ReceiptUndelivered, Error: "no-dest"}}}
	if row := LetterRowOf("2026-000001", l); row.Receipt != rules.ReceiptUndelivered || row.Error != "no-dest" {
		t.Errorf("the row says %+v", row)
	}
	l.State, l.Receipts = rules.Uncertain, l.Receipts[:1]
	if row := LetterRowOf("2026-000001", l); row.Receipt != "" || row.Answer != "250 2.0.0 OK: queued" {
		t.Errorf("the row of an uncertain one says %+v", row)
	}
}

// Every kind of incident that the desk opens has its word, and its line in the
// operators' guide: a new one without them fails here.
func TestEveryKindOfIncidentHasItsWord(t *testing.T) {
	w, err := loadWords()
	if err != nil {
		t.Fatal(err)
	}
	kinds := map[string]bool{"proposed": true}
	for _, src := range sources(t, "../*.go") {
		for _, text := range opened(src) {
			if kind, _, _ := strings.Cut(text, "/"); kind != "qualcosa" { // it is handed on, and found where it is said
				kinds[kind] = true
			}
		}
	}
	guide, err := os.ReadFile("../../packaging/guida-operatori.md")
	if err != nil {
		t.Fatal(err)
	}
	for kind := range kinds {
		if g := string(guide); !strings.Contains(g, "*"+kind+"*") && !strings.Contains(g, "*"+kind+"/…*") {
			t.Errorf("the operators' guide does not say what to do about %s", kind)
		}
		if _, ok := w["incident."+kind]; !ok {
			t.Errorf("words.txt has no incident.%s", kind)
		}
	}
	if len(kinds) < 18 {
		t.Errorf("only %d kinds were found: does the test still know them?", len(kinds))
	}
}

// opened are what a source says its incidents are about.
func opened(src *ast.File) (out []string) {
	add := func(e ast.Expr) {
		if text := spoken(e); text != "" {
			out = append(out, text)
		}
	}
	ast.Inspect(src, func(n ast.Node) bool {
		switch x := n.(type) {
		case *ast.CallExpr:
			switch called(x.Fun) {
			case "raise":
				add(x.Args[0])
			case "raiseIn":
				add(x.Args[1])
			}
		case *ast.FuncDecl:
			if x.Name.Name == "incidentOf" {
				ast.Inspect(x, func(n ast.Node) bool {
					if r, ok := n.(*ast.ReturnStmt); ok {
						add(r.Results[0])
					}
					return true
				})
			}
		}
		return true
	})
	return out
}

// An incident leads where most is to be seen of it.
func TestIncidentLeadsToItsPage(t *testing.T) {
	for about, want := range map[string]string{"task/2026-000002": "/cases/2026-000002", "untrusted/disattivazioni": "/parked?reason=signature_untrusted",
		"index": "/trust", "smtp/disattivazioni": "/letters", "disk": "/system", "login/disattivazioni": "/system"} {
		if got := (Incident{About: about}).Where(); got != want {
			t.Errorf("%s leads to %s, want %s", about, got, want)
		}
	}
}
