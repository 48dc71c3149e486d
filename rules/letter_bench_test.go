package rules_test

import (
	"testing"

	"sportello/rules"
)

// A letter must cost far less than the proof of its request's signature.
func BenchmarkLetter(b *testing.B) {
	s := load(b, nil, rules.Settings{})
	c := request(b, s, "2026-11-24T10:00:00+01:00")
	c.Fields = map[string]string{"titolare": "Anna Verdi", "casella": "anna.verdi@pec.example.it"}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := s.Letter(c, "accolta", nil, c.Received); err != nil {
			b.Fatal(err)
		}
	}
}
