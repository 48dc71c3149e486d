package rules

import (
	"errors"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestSearch(t *testing.T) {
	c := &Case{ID: "2026-000123", Mailbox: "mario.rossi-bianchi@pec.example.it", Subject: "Disattivazione casella",
		Fields: map[string]string{"titolare": "Nicolò D'Àngelo", "ordine": "ORD-2026/0099", "pannello": "12345678-EURO"}}
	for text, want := range map[string]bool{
		"":                                   true,
		"2026-000123":                        true,
		"2026-0001":                          true,
		"2026-0":                             true,
		"2026-000124":                        false,
		"2025-000123":                        false,
		"123":                                true,
		"000123":                             true,
		"124":                                false,
		"mario":                              true,
		"ROSSI mario":                        true,
		"ross":                               true,
		"ossi":                               false, // the beginning of a word, not its middle
		"mario verdi":                        false,
		"mario.rossi-bianchi@pec.example.it": true,
		"mario.rossi@pec":                    true,
		"nicolo":                             true,
		"NICOLÒ d’angelo":                    true,
		"ord-2026/0099":                      true,
		"0099 123":                           true,
		"12345678-euro":                      true,
		"casella disatt":                     true,
		"…":                                  true, // nothing to look for
	} {
		if got := ParseSearch(text).Finds(c); got != want {
			t.Errorf("%q finds the case: %t, want %t (%+v)", text, got, want, ParseSearch(text))
		}
	}
	long := &Case{Fields: map[string]string{"x": strings.Repeat("a", 200)}}
	if !ParseSearch(strings.Repeat("A", 190)).Finds(long) {
		t.Error("a long word is not found")
	}
}

// Whatever a case holds, each of its words finds it, and so does its beginning.
func TestEveryWordFindsItsCase(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := &Case{ID: "2026-000007", Mailbox: rapid.String().Draw(t, "mailbox"), Subject: rapid.String().Draw(t, "subject"),
			Fields: rapid.MapOfN(rapid.String(), rapid.String(), 0, 4).Draw(t, "fields")}
		var words []string
		c.Words(func(w []byte) bool { words = append(words, string(w)); return true })
		for _, w := range words {
			if len(w) > longestWord || !ParseSearch(w).Finds(c) {
				t.Fatalf("%q does not find %q", w, words)
			}
		}
	})
}

// A word that means nothing is refused, and the refusal says which would do.
func TestQueryCheck(t *testing.T) {
	procedures := []string{"disattivazione", "smessa"}
	for _, q := range []Query{{}, {State: InReview, Outcome: None, Reason: DangerSign, Order: "received", Procedure: "smessa"}, {Text: "qualsiasi", Mailbox: "cosa"}} {
		if err := q.Check(procedures); err != nil {
			t.Errorf("%+v: %v", q, err)
		}
	}
	for want, q := range map[string]Query{`unknown state "open": one of new, review`: {State: "open"}, `unknown outcome "yes"`: {Outcome: "yes"}, `unknown reason "why"`: {Reason: "why"},
		`unknown procedure "none": one of disattivazione, smessa`: {Procedure: "none"}, `unknown order "due": one of attention, received`: {Order: "due"}} {
		var refused *ErrRefused
		if err := q.Check(procedures); !errors.As(err, &refused) || !strings.HasPrefix(refused.Why, want) {
			t.Errorf("%+v: %v, want %q", q, err, want)
		}
	}
}
