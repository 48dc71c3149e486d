package rules

import (
	"slices"
	"strconv"
	"strings"
	"time"
)

// monthNamed is the month of a folded Italian name, or of its first three letters.
func monthNamed(w string) (time.Month, bool) {
	for i, name := range months[1:] {
		if w == name || w == name[:3] {
			return time.Month(i + 1), true
		}
	}
	return 0, false
}

func isMonth(w string) bool {
	_, named := monthNamed(w)
	return named
}

// dateAt reads a date at toks[0] (23/11/2026, 23.11.26, 23 novembre 2026, 23
// novembre, il ventitré novembre) and how many tokens it takes; a year left out is the present one.
func dateAt(toks []token) (Date, int) {
	if n := spelt(toks); n > 0 {
		month, _ := monthNamed(toks[n-1].word)
		return Date{9999, month, slices.Index(days, toks[0].word) + 1}, n
	}
	if len(toks) < 2 || toks[0].kind != number || len(toks[0].word) > 2 {
		return Date{}, 0
	}
	d, err := strconv.Atoi(toks[0].word)
	if err != nil || d < 1 || d > 31 {
		return Date{}, 0
	}
	month, named := monthNamed(toks[1].word)
	if !named {
		n, err := strconv.Atoi(toks[1].word)
		if err != nil || n < 1 || n > 12 || toks[0].after&glued == 0 || toks[1].lines > 0 {
			return Date{}, 0
		}
		month = time.Month(n)
	}
	year := 0
	if len(toks) > 2 && toks[2].kind == number && (len(toks[2].word) == 4 || len(toks[2].word) == 2 && !named) {
		year, _ = strconv.Atoi(toks[2].word)
	}
	switch {
	case year == 0 && !named && toks[1].after&glued != 0:
		return Date{}, 0 // one of many numbers
	case year == 0:
		return Date{9999, month, d}, 2 // no year: it may be to come
	case year < 100 && toks[0].after&stop != toks[1].after&stop:
		return Date{}, 0 // "9-12.30": hours
	case year < 100:
		year += 2000
	}
	return Date{year, month, d}, 3
}

// dayWritten is the day that a text is, whole and with its year: "23/11/2026",
// "23 novembre 2026".
func dayWritten(s string) (Date, bool) {
	toks := tokenize(s, nil)
	d, n := dateAt(toks)
	if n == 0 || n != len(toks) || d.Year == 9999 {
		return Date{}, false
	}
	d, err := ParseDate(d.String()) // the 31st of a shorter month is none
	return d, err == nil
}

// spelt is how many tokens are a day in words: "il sette di gennaio".
func spelt(toks []token) int {
	if len(toks) < 2 || toks[0].kind != plainWord || !slices.Contains(days, toks[0].word) {
		return 0
	}
	n := 1
	if of[toks[1].word] && len(toks) > 2 {
		n = 2
	}
	if _, named := monthNamed(toks[n].word); !named || len(toks[n].word) < 4 || toks[n].capital && !toks[n].shout {
		return 0
	}
	return n + 1
}

var days = strings.Fields(`primo due tre quattro cinque sei sette otto nove dieci undici dodici tredici quattordici quindici sedici
	diciassette diciotto diciannove venti ventuno ventidue ventitre ventiquattro venticinque ventisei ventisette ventotto ventinove trenta trentuno`)
