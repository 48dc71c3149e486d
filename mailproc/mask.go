package mailproc

import (
	"regexp"
	"strings"
	"unicode/utf8"
)

// mailAddress finds mail addresses in the text of an SMTP answer: quoted or
// plain local part (RFC 5321 §4.1.2, and §3.3 of RFC 6531 for letters beyond
// ASCII), domain or address literal.
var mailAddress = regexp.MustCompile(`("(?:[^"\\\r\n]|\\.)+"|[^\s<>()\[\]:;,"@\\]+)@(\[[^\]\s]*\]|[\pL\pN](?:[\pL\pN.-]*[\pL\pN])?)`)

// coded finds an address written as xtext or in percent coding, as in delivery
// status notes (RFC 3461 §4) and URLs: its @ is "+40" or "%40".
var coded = regexp.MustCompile(`([\pL\pN._%+-]*[\pL\pN_])(\+40|%40)([\pL\pN](?:[\pL\pN.-]*[\pL\pN])?)`)

// maskAddresses hides whose the addresses in a text are and keeps what a
// postmaster needs to understand it: mario.rossi@pec.example.it becomes
// m…@pec.example.it. The public journal, kept for ever, holds no addresses.
func maskAddresses(s string) string {
	if !strings.Contains(s, "@") && !strings.Contains(s, "40") {
		return s
	}
	s = mailAddress.ReplaceAllStringFunc(s, func(a string) string {
		at := strings.LastIndexByte(a, '@')
		return masked(a[:at]) + a[at:]
	})
	return coded.ReplaceAllStringFunc(s, func(a string) string {
		m := coded.FindStringSubmatch(a)
		return masked(m[1]) + m[2] + m[3]
	})
}

// masked is the first letter of a name, with whatever stands before it within
// the word ("rcpt=mario@…") hidden too.
func masked(local string) string {
	local = strings.TrimPrefix(local, `"`)
	_, size := utf8.DecodeRuneInString(local)
	return local[:size] + "…"
}
