package rules_test

import (
	"testing"
	"time"

	"sportello/rules"
)

// A request has one name, whatever its case's number; two requests never share
// one, though their customer wrote the same in the same second.
func TestIdentity(t *testing.T) {
	at := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	proved := rules.Case{ID: "2026-000001", To: "disattivazioni", Mailbox: "mario@pec.example.it", MessageID: "a@pec.example.it", Received: at, Envelope: "opec1@pec.example.it"}
	same := proved
	same.ID, same.To, same.Mailbox = "2026-000077", "customer.service", "" // read again after a restore; purged
	if proved.Identity() != same.Identity() {
		t.Error("the same envelope has two names")
	}
	ordinary := rules.Case{ID: "2026-000001", To: "disattivazioni", Mailbox: "mario@example.org", MessageID: "a@example.org", Received: at, Subject: "x"}
	again := ordinary
	again.ID, again.Received = "2026-000077", at.In(time.FixedZone("", 3600))
	if ordinary.Identity() != again.Identity() {
		t.Error("the same ordinary message has two names")
	}
	seen := map[string]bool{proved.Identity(): true, ordinary.Identity(): true}
	for what, change := range map[string]func(c *rules.Case){
		"another envelope": func(c *rules.Case) { c.Envelope = "opec2@pec.example.it" },
		"another second":   func(c *rules.Case) { c.Envelope, c.Received = "", at.Add(time.Second) },
		"another writer":   func(c *rules.Case) { c.Envelope, c.Mailbox = "", "luca@pec.example.it" },
		"purged":           func(c *rules.Case) { c.Envelope, c.Mailbox = "", "" },
		"purged, another":  func(c *rules.Case) { c.Envelope, c.Mailbox, c.ID = "", "", "2026-000002" },
	} {
		c := proved
		change(&c)
		if id := c.Identity(); seen[id] {
			t.Errorf("%s: the name %s is taken", what, id)
		} else {
			seen[id] = true
		}
	}
}

// The letters of a case have names of their own, by number and by what they say.
func TestLetterNames(t *testing.T) {
	names := map[string]string{}
	for _, verb := range []rules.Act{{Verb: "approve"}, {Verb: "reject", Text: "no"}, {Verb: "withdraw"}} {
		w := newWorld(t)
		w.opened(rules.Review, rules.OperatorDecides, "presa-in-carico")
		if err := w.act(verb); err != nil {
			t.Fatal(err)
		}
		if len(w.c.Letters) != 2 {
			t.Fatalf("%s: %d letters", verb.Verb, len(w.c.Letters))
		}
		first, second := w.c.Letters[0], w.c.Letters[1]
		if old, known := names[first.Name]; known && old != first.MessageID {
			t.Errorf("the same letter of the same case is %s and %s", old, first.MessageID)
		}
		names[first.Name], names[second.Name] = first.MessageID, second.MessageID
	}
	seen := map[string]string{}
	for name, id := range names {
		if other := seen[id]; other != "" {
			t.Errorf("%s and %s are both %s", name, other, id)
		}
		seen[id] = name
	}
	if len(names) != 4 {
		t.Errorf("the letters are %v", names)
	}
}
