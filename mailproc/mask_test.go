package mailproc

import (
	"strings"
	"testing"
)

func TestMaskAddresses(t *testing.T) {
	for in, want := range map[string]string{
		"":                                      "",
		"250 2.0.0 Ok: queued as 4cV5Yz0QwLz9s": "250 2.0.0 Ok: queued as 4cV5Yz0QwLz9s",
		"mario.rossi@pec.example.it":            "m…@pec.example.it",
		"550 5.1.1 <mario.rossi@pec.example.it>: Recipient address rejected: User unknown": "550 5.1.1 <m…@pec.example.it>: Recipient address rejected: User unknown",
		"RCPT TO:<mario@pec.example.it> and <lucia+x@example.org>":                         "RCPT TO:<m…@pec.example.it> and <l…@example.org>",
		`<"mario rossi"@pec.example.it> no`:                                                `<m…@pec.example.it> no`,
		`"a@b"@pec.example.it`:                                                             "a…@pec.example.it",
		"mario@[192.0.2.1] refused":                                                        "m…@[192.0.2.1] refused",
		"niccolò@pec.example.it.":                                                          "n…@pec.example.it.",
		"ìda@pec.example.it":                                                               "ì…@pec.example.it",
		"rcpt=mario.rossi@pec.example.it,":                                                 "r…@pec.example.it,",
		"SRS0=abc=tt=pec.example.it=mario@example.org":                                     "S…@example.org",
		"(mario@pec.example.it)":                                                           "(m…@pec.example.it)",
		"rfc822;mario+40pec.example.it":                                                    "rfc822;m…+40pec.example.it",
		"https://example.org/why?who=mario.rossi%40pec.example.it":                         "https://example.org/why?who=m…%40pec.example.it",
		"240 users, 40 of them @ home":                                                     "240 users, 40 of them @ home",
	} {
		if got := maskAddresses(in); got != want {
			t.Errorf("%q\n got  %q\n want %q", in, got, want)
		}
	}
}

// FuzzMaskAddresses masks an address within any text around it.
func FuzzMaskAddresses(f *testing.F) {
	f.Add("550 5.1.1 <", "> unknown")
	f.Add("", "")
	f.Add(`"`, `"@`)
	f.Fuzz(func(t *testing.T, before, after string) {
		const local = "mariorossi"
		if strings.Contains(before, local) || strings.Contains(after, local) {
			return // the text holds the name already
		}
		got := maskAddresses(before + " " + local + "@pec.example.it " + after)
		if strings.Contains(got, local) {
			t.Errorf("still there: %q", got)
		}
	})
}
