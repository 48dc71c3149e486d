package rules

import (
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"
)

func TestLayout(t *testing.T) {
	long := strings.Repeat("parola ", 20)
	for in, want := range map[string]string{
		"":                        "\n",
		"\n\n a \n\n\n\nb  c\n\n": " a\n\nb c\n",
		"- uno\n- due":            "- uno\n- due\n",
		"a\r\nb":                  "a\nb\n",
		"- " + long: "- parola parola parola parola parola parola parola parola parola parola\n" +
			"  parola parola parola parola parola parola parola parola parola parola\n",
		"    " + long: "    parola parola parola parola parola parola parola parola parola parola\n" +
			"    parola parola parola parola parola parola parola parola parola parola\n",
		"vedi https://www.example.org/" + strings.Repeat("x", 80): "vedi\nhttps://www.example.org/" + strings.Repeat("x", 80) + "\n",
	} {
		if got := layout(in); got != want {
			t.Errorf("layout(%q) =\n%q, want\n%q", in, got, want)
		}
	}
}

// Layout loses no word and makes no line longer than it must.
func TestLayoutKeepsWords(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		in := strings.Join(rapid.SliceOfN(rapid.StringMatching(`[a-zà]{0,90}[ \n-]`), 0, 60).Draw(t, "words"), "")
		out := layout(in)
		if got, want := strings.Join(strings.Fields(out), " "), strings.Join(strings.Fields(in), " "); got != want {
			t.Fatalf("words %q, want %q", got, want)
		}
		for line := range strings.SplitSeq(out, "\n") {
			if utf8.RuneCountInString(line) > lineWidth && strings.Contains(strings.TrimPrefix(strings.TrimSpace(line), "- "), " ") {
				t.Fatalf("line of %d: %q", utf8.RuneCountInString(line), line)
			}
		}
	})
}

func TestClean(t *testing.T) {
	for in, want := range map[string]string{
		"": "", "a": "a", " a  b ": "a b", "a\r\nb": "a b", "caffè": "caffè", "a\u202eb": "ab", "x\u00a0y": "x y",
		"\x00\x7f": "", "caf\xe9": "caf", "a\u2028b": "a b", "\U000e0041x": "x", "zero\u200bwidth": "zerowidth",
	} {
		if got := clean(in); got != want {
			t.Errorf("clean(%q) = %q, want %q", in, got, want)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		once := clean(rapid.String().Draw(t, "s"))
		if twice := clean(once); twice != once {
			t.Fatalf("clean(%q) = %q", once, twice)
		}
		if strings.ContainsFunc(once, hidden) {
			t.Fatalf("%q still hides something", once)
		}
	})
}

func TestItalianWords(t *testing.T) {
	for in, want := range map[string]string{"36.60": "36,60 euro", "36,6": "36,60 euro", "25": "25,00 euro", "1.5 EUR": "1,50 euro", "gratis": "gratis", "30,50 €": "30,50 euro"} {
		if got := amount(in); got != want {
			t.Errorf("amount(%q) = %q, want %q", in, got, want)
		}
	}
	for in, want := range map[string]string{"mario@example.org": "m***@e***.org", "à@b.it": "à***@b***.it", "@x.it": "***@x***.it", "nome": "n***"} {
		if got := maskAddress(in); got != want {
			t.Errorf("maskAddress(%q) = %q, want %q", in, got, want)
		}
	}
	for in, want := range map[string]string{"+39 347 555 01 13": "*** *** 113", "123": "***", "": "***"} {
		if got := maskNumber(in); got != want {
			t.Errorf("maskNumber(%q) = %q, want %q", in, got, want)
		}
	}
	if got := italianList([]string{"a", "b", "c"}); got != "a, b e c" {
		t.Errorf("list %q", got)
	}
	if got := numberWord(5) + numberWord(30); got != "cinque30" {
		t.Errorf("numbers %q", got)
	}
}

func TestSettings(t *testing.T) {
	s := Settings{Gestore: "Posta Sicura", GiorniGrazia: 60}.filled()
	if s.Firma != "Posta Sicura – Servizio PEC" || s.GiorniGrazia != 60 || s.MesiLog != 30 || s.Telefono != "" || s.URLPannello == "" {
		t.Errorf("filled: %+v", s)
	}
	if err := DefaultSettings().Check(); err != nil {
		t.Errorf("defaults: %v", err)
	}
	err := Settings{GiorniGrazia: -1, URLInformativa: "javascript:alert(1)", Gestore: "a\nBcc: b"}.Check()
	if err == nil || strings.Count(err.Error(), "\n") != 2 {
		t.Errorf("Check says %v, want three mistakes", err)
	}
}
