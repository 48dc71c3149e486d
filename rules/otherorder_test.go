package rules

import (
	"regexp"
	"testing"
)

// A sum that is claimed back, or was charged, is compared with the order's.
func TestSumAfter(t *testing.T) {
	for _, x := range []struct {
		pattern    *regexp.Regexp
		text, want string
	}{
		{refundClaimed, "Mi tornano 73,20 perché anche l'anno scorso era partito da solo.", "73,20 euro"},
		{refundClaimed, "Chiedo il rimborso di € 36,60.", "36,60 euro"},
		{refundClaimed, "Aspetto indietro i 40 euro.", "40,00 euro"},
		{refundClaimed, "Il rimborso entro il 12.11.2026, grazie.", ""},
		{refundClaimed, "Avevo pagato 97,60 nel 2019.", ""},
		{sumTaken, "L'importo addebitatomi è di 85,40 euro.", "85,40 euro"},
		{sumTaken, "Mi avete scalato 24,40.", "24,40 euro"},
		{sumTaken, "Me l'avete addebitata; costava 24,40 euro.", ""},
		{sumTaken, "L'addebito del 12.11 mi ha sorpreso.", ""},
	} {
		if got := sumAfter(x.pattern, x.text); got != x.want {
			t.Errorf("%q: %q, want %q", x.text, got, x.want)
		}
	}
}

// The day that a text gives an order is the registry's, or a person looks.
func TestRenewedOn(t *testing.T) {
	for text, want := range map[string]string{
		"rinnovata con numero d'ordine 300123456 in data 2 ottobre 2026 per il pannello": "2026-10-02",
		"ordine n. 300123456 del 02/10/2026":                                             "2026-10-02",
		"ordine n. 300123456 per il pannello; scrivo il 2 ottobre 2026":                  "",
		"ordine n. 300123499 del 02/10/2026":                                             "",
		"ordine n. 300123456 del 2 ottobre":                                              "",
	} {
		got := ""
		if day, named := renewedOn(text, "300123456"); named {
			got = day.String()
		}
		if got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
	if farApart(Date{2026, 10, 2}, Date{2026, 10, 8}) || !farApart(Date{2026, 10, 2}, Date{2026, 11, 20}) {
		t.Error("days of one order and of two are not told apart")
	}
}

// A sum that is several times the order's is of several years.
func TestSeveralTimes(t *testing.T) {
	for text, want := range map[string]string{
		"il conto giusto è 109,80":          "109,80",
		"ho pagato 36,60 euro":              "",
		"la spesa di 120,00 euro del gas":   "",
		"tre volte 36,60, cioè 109,80 euro": "109,80",
		"il 3,5 per cento":                  "",
	} {
		if got := severalTimes(text, "36,60"); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}
