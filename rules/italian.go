package rules

import (
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

var weekdays = [...]string{"domenica", "lunedì", "martedì", "mercoledì", "giovedì", "venerdì", "sabato"}

var months = [...]string{"", "gennaio", "febbraio", "marzo", "aprile", "maggio", "giugno",
	"luglio", "agosto", "settembre", "ottobre", "novembre", "dicembre"}

var numbers = [...]string{"zero", "uno", "due", "tre", "quattro", "cinque", "sei", "sette", "otto", "nove", "dieci"}

// italianDate writes "lunedì 23 novembre 2026". The weekday spares the
// article, which Italian changes before 8 and 11.
func italianDate(d Date) string {
	if d == (Date{}) {
		return ""
	}
	day := strconv.Itoa(d.Day)
	if d.Day == 1 {
		day = "1°"
	}
	t := time.Date(d.Year, d.Month, d.Day, 12, 0, 0, 0, time.UTC)
	return weekdays[t.Weekday()] + " " + day + " " + months[d.Month] + " " + strconv.Itoa(d.Year)
}

// numberWord writes a small number in words, as prose wants it.
func numberWord(n int) string {
	if n >= 0 && n < len(numbers) {
		return numbers[n]
	}
	return strconv.Itoa(n)
}

// italianList writes "a, b e c".
func italianList(items []string) string {
	if len(items) < 2 {
		return strings.Join(items, "")
	}
	return strings.Join(items[:len(items)-1], ", ") + " e " + items[len(items)-1]
}

var plainAmount = regexp.MustCompile(`^(\d+)(?:[.,](\d{1,2}))?(?:\s*(?:€|EUR|euro))?$`)

// amount writes a sum as Italians read it: "36,60 euro". What is no plain
// number stays as the registry has it.
func amount(s string) string {
	m := plainAmount.FindStringSubmatch(strings.TrimSpace(s))
	if m == nil {
		return value(s)
	}
	return m[1] + "," + (m[2] + "00")[:2] + " euro"
}

// maskAddress hides who an address is of: m***@e***.org.
func maskAddress(s string) string {
	local, domain, ok := strings.Cut(s, "@")
	if !ok {
		return maskWord(s)
	}
	top := ""
	if i := strings.LastIndexByte(domain, '.'); i > 0 {
		domain, top = domain[:i], domain[i:]
	}
	return maskWord(local) + "@" + maskWord(domain) + top
}

func maskWord(s string) string {
	_, n := utf8.DecodeRuneInString(s)
	if s == "" {
		return "***"
	}
	return s[:n] + "***"
}

// maskNumber hides a telephone number but for its last three digits.
func maskNumber(s string) string {
	digits := strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, s)
	if len(digits) < 6 {
		return "***"
	}
	return "*** *** " + digits[len(digits)-3:]
}

// addressLike finds what may be an address in a stranger's words.
var addressLike = regexp.MustCompile(`[^\s<>()\[\],;:"']+@[^\s<>()\[\],;:"']+`)
