package main

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"sportello/mailproc/console"
	"sportello/rules"
)

// TestSheet: what a person reads of a case, where codes alone would say little.
func TestSheet(t *testing.T) {
	var out bytes.Buffer
	s := sheet{w: &out}
	d := &rules.Detail{Case: &rules.Case{ID: "2026-000001", State: rules.Accepted,
		Proof: []rules.ProofStep{{Name: "signer", OK: true, Detail: "Gestore"}, {Name: "revocation", OK: true, Detail: "no list for some certificate"}, {Name: "note", OK: true, Detail: "no_crl"}},
		Steps: []rules.StepRun{{N: 1, Step: rules.Step{Do: "enlarge", After: "delivered"}, State: rules.StepDue}, {N: 2, Step: rules.Step{Do: "close", After: "5 days"}, State: rules.StepDue}, {N: 3, Step: rules.Step{Do: "restore", After: "0 hours"}, State: rules.StepPlanned}}},
		Means: map[string]string{"enlarge": "aumento dello spazio"}}
	s.theCase(d, console.Known{Configured: true, Mailbox: &rules.MailboxFact{Status: "active", Holder: "Mario Rossi"}})
	for _, want := range []string{"  ok   signer       Gestore\n", "  --   revocation   NOT checked: no list for some certificate\n", "  note no_crl\n", "What the registry says now\n  status       active\n  holder       Mario Rossi\n", "  1  enlarge, aumento dello spazio (delivered): scheduled\n", "  2  close (5 days): scheduled\n", "  3  restore (at once): planned\n"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("it does not say %q:\n%s", want, out.String())
		}
	}
}

// TestSheetSaysWhatCameLater: a customer who writes again is read where the
// case is read, and documents that came are no longer waited for.
func TestSheetSaysWhatCameLater(t *testing.T) {
	c := &rules.Case{ID: "2026-000001", State: rules.InReview, Asked: []string{"visura"}, Messages: []uint64{1, 4}}
	d := &rules.Detail{Case: c, Messages: []rules.MessageView{{ID: 1, Facts: &rules.Message{Text: "prima"}}, {ID: 4, Facts: &rules.Message{Subject: "Ripensamento", Text: "Non procedete."}}}}
	var out bytes.Buffer
	s := sheet{w: &out}
	s.theCase(d, console.Known{})
	for _, want := range []string{"What was written later (message 4", "  subject      Ripensamento\n", "  | Non procedete.\n", "  asked for    visura\n"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("it does not say %q:\n%s", want, out.String())
		}
	}
}

// TestSheetGivesReasonsToTheirAuthor: the desk's reasons stand under its own
// name, and a sign only where it brought the case to a person.
func TestSheetGivesReasonsToTheirAuthor(t *testing.T) {
	read := rules.Event{Seq: 2, Kind: rules.Decided, Outcome: rules.Review, Reason: rules.DangerSign,
		Private: &rules.Private{Reasons: []string{"The form is there."}, Explanation: &rules.Explanation{Sign: "condition", SignWords: "solo dopo"}}}
	for want, more := range map[bool][]rules.Event{true: nil, false: {{Seq: 3, Kind: rules.Approved, Outcome: rules.Accept, Author: "anna"}}} {
		d := &rules.Detail{Case: &rules.Case{ID: "2026-000001", DecidedBy: "anna", Decided: time.Now()}, Events: append([]rules.Event{read}, more...)}
		d.Explain()
		var out bytes.Buffer
		s := sheet{w: &out}
		s.theCase(d, console.Known{})
		if got := strings.Contains(out.String(), "stopped by a sign of condition"); got != want {
			t.Errorf("the sign is said: %v, want %v", got, want)
		}
		if !strings.Contains(out.String(), "  the desk, -:\n  - The form is there.\n") {
			t.Errorf("it does not say whose reasons they are:\n%s", out.String())
		}
	}
}

// TestTheQueueSaysWhatIsProposed: who lists the queue sees that an approval
// waits for him.
func TestTheQueueSaysWhatIsProposed(t *testing.T) {
	rows := someRows()[:2]
	rows[0].Proposed, rows[0].Marks = "anna", []string{"read"}
	lines := queueTable(rows).lines(screenOf(&bytes.Buffer{}))
	if !strings.Contains(lines[1], "review (proposed), to read") || strings.Contains(lines[2], "(proposed)") {
		t.Errorf("the queue: %q", lines)
	}
}

// TestTheCustomersTurn: while the customer owes documents the day that counts
// is his, in the list and in the sheet.
func TestTheCustomersTurn(t *testing.T) {
	due := time.Date(2026, 12, 1, 22, 59, 0, 0, time.UTC)
	c := &rules.Case{ID: "2026-000001", State: rules.Waiting, Due: due, Until: due.AddDate(0, 0, 10),
		Letters: []rules.Letter{{N: 1, Name: "integrazione", State: rules.Delivered}}}
	var out bytes.Buffer
	s := sheet{w: &out}
	s.theCase(&rules.Detail{Case: c}, console.Known{})
	list := strings.Join(queueTable([]console.Row{console.RowOf(c, nil, due)}).lines(screen{}), "\n")
	for name, text := range map[string]string{"sheet": out.String(), "list": list} {
		if !strings.Contains(text, "Fri 11 Dec") || !strings.Contains(text, "customer's turn") || strings.Contains(text, "Tue 1 Dec") {
			t.Errorf("the %s says %s", name, text)
		}
	}
}

// TestSheetSaysWhetherThePromiseWasKept: beside the instant of the answer, and
// on whose word that rests.
func TestSheetSaysWhetherThePromiseWasKept(t *testing.T) {
	due := time.Date(2026, 11, 26, 22, 59, 59, 0, time.UTC)
	for _, x := range []struct {
		want              string
		answered, arrived time.Time
	}{
		{"26 Nov 2026 23:59 CET  in time\n", due, time.Time{}},
		{"27 Nov 2026 00:00 CET  AFTER the term\n", due.Add(time.Second), time.Time{}},
		{"26 Nov 2026 23:59 CET  in time, as a person said: no receipt proves it\n", due, due},
		{"26 Nov 2026 23:59 CET  in time\n", due, due.Add(time.Hour)}, // of another letter
	} {
		c := &rules.Case{ID: "2026-000001", Due: due, Answered: x.answered, Letters: []rules.Letter{{N: 1, State: rules.Delivered, Arrived: x.arrived}}}
		var out bytes.Buffer
		s := sheet{w: &out}
		s.theCase(&rules.Detail{Case: c}, console.Known{})
		if !strings.Contains(out.String(), x.want) {
			t.Errorf("it does not say %q:\n%s", x.want, out.String())
		}
	}
}

// TestRefusalSaysWhatToType: what an act lacks is named with its flag, and
// every refusal that is looked for is still said by the rules.
func TestRefusalSaysWhatToType(t *testing.T) {
	set, err := loadProcedures(&Config{})
	if err != nil {
		t.Fatal(err)
	}
	for act, want := range map[*rules.Act]string{
		{Verb: "reject"}: "or words of your own: --reason CODE or --text TEXT", {Verb: "ask"}: "are asked for: --document NAME",
		{Verb: "answer"}: "needs its text: --text TEXT", {Verb: "note"}: "needs its text: --text TEXT", {Verb: "stop"}: "",
	} {
		act.Author = "anna"
		_, err := set.Perform(&rules.Case{ID: "2026-000001", Procedure: "disattivazione", State: rules.InReview, Proved: true, Version: 2}, *act, time.Now())
		if err == nil {
			t.Errorf("%s is not refused", act.Verb)
			continue
		}
		if got := typed(err).Error(); want == "" && got != err.Error() || !strings.HasSuffix(got, want) {
			t.Errorf("%s: %s, want …%s", act.Verb, got, want)
		}
	}
}
