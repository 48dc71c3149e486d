package rules

import "time"

// holiday is a row of the table of law: the same day every year, from a year on.
type holiday struct {
	month time.Month
	day   int
	from  int // first year; 0: older than this program cares for
	name  string
	law   string
}

// holidays are the national holidays that fall on a fixed day (giorni festivi
// agli effetti civili). The list is that of L. 27 maggio 1949 n. 260, art. 2, as
// changed since: L. 5 marzo 1977 n. 54 took away six of them, D.P.R. 28 dicembre
// 1985 n. 792 gave back the Epiphany, L. 20 novembre 2000 n. 336 the second of
// June, and L. 8 ottobre 2025 n. 151 made the fourth of October a holiday
// again, from 1 January 2026. Good Friday, 24 and 31 December are working
// days. A patron saint's day is not national: it is a configured closure.
var holidays = []holiday{
	{time.January, 1, 0, "Capodanno", "L. 260/1949 art. 2"},
	{time.January, 6, 0, "Epifania", "D.P.R. 792/1985 art. 1"},
	{time.April, 25, 0, "Anniversario della Liberazione", "L. 260/1949 art. 2"},
	{time.May, 1, 0, "Festa del lavoro", "L. 260/1949 art. 2"},
	{time.June, 2, 0, "Festa della Repubblica", "L. 336/2000 art. 1"},
	{time.August, 15, 0, "Assunzione di Maria", "L. 260/1949 art. 2"},
	{time.October, 4, 2026, "San Francesco d'Assisi", "L. 151/2025 art. 1"},
	{time.November, 1, 0, "Ognissanti", "L. 260/1949 art. 2"},
	{time.December, 8, 0, "Immacolata Concezione", "L. 260/1949 art. 2"},
	{time.December, 25, 0, "Natale", "L. 260/1949 art. 2"},
	{time.December, 26, 0, "Santo Stefano", "L. 260/1949 art. 2"},
}

// easterMonday is the day after Easter (L. 260/1949 art. 2: "il giorno di
// lunedì dopo Pasqua").
func easterMonday(year int) Date {
	return easter(year).add(1)
}

// easter is Easter Sunday of the Gregorian calendar, by the anonymous
// algorithm printed in Nature, 20 April 1876, and in Meeus, Astronomical
// Algorithms, chapter 8. Good for every year from 1583.
func easter(year int) Date {
	golden := year % 19
	century, inCentury := year/100, year%100
	skipped, leapCenturies := century/4, century%4
	correction := (century + 8) / 25
	moon := (century - correction + 1) / 3
	epact := (19*golden + century - skipped - moon + 15) % 30
	leaps, rest := inCentury/4, inCentury%4
	weekday := (32 + 2*leapCenturies + 2*leaps - epact - rest) % 7
	late := (golden + 11*epact + 22*weekday) / 451
	n := epact + weekday - 7*late + 114
	return Date{year, time.Month(n / 31), n%31 + 1}
}
