package rules_test

import (
	"testing"

	"sportello/rules"
	"sportello/templates"
)

func calendar(t *testing.T) *rules.Calendar {
	t.Helper()
	cal, err := rules.NewCalendar("Europe/Rome", nil, false)
	if err != nil {
		t.Fatal(err)
	}
	return cal
}

func load(t *testing.T) *rules.Set {
	t.Helper()
	s, err := rules.Load(templates.FS, nil, rules.Settings{}, calendar(t))
	if err != nil {
		t.Fatal(err)
	}
	s.Addresses = map[string]string{"disattivazioni": "disattivazioni@pec.example.com", "customer.service": "customer.service@pec.example.com"}
	return s
}

func TestLoad(t *testing.T) {
	s := load(t)
	for _, l := range s.Samples("recesso-rinnovo") {
		t.Logf("%s %s\nTo: %s\n%s\n\n%s", l.Name, l.Reason, l.To, l.Subject, l.Text)
	}
}
