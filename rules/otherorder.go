package rules

import (
	"cmp"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"unicode"
)

// otherOrder says in what the text does not fit the order that it names: its day,
// or its sum.
func (d *decider) otherOrder(o *Order) string {
	text := d.r.Explanation.Own
	if !o.Date.IsZero() {
		day := d.set.Calendar.Date(o.Date)
		if day.Compare(d.set.Calendar.Date(d.m.Sent)) > 0 {
			return "The order is dated after the request."
		}
		if said, named := renewedOn(text, o.Number); named && farApart(said, day) {
			return fmt.Sprintf("The text dates the order %s, the registry %s.", said, day)
		}
	}
	if sum := d.r.Fields[fieldSum]; sum != "" && amount(sum) != amount(o.Amount) {
		return fmt.Sprintf("The text says that the order was of %s, the registry has %q.", amount(sum), o.Amount)
	}
	if sum := severalTimes(text, o.Amount); sum != "" {
		return fmt.Sprintf("The text names %s, several times what the order cost.", sum)
	}
	if namesSum(text) && plainAmount.MatchString(o.Amount) {
		if sum := sumAfter(refundClaimed, text); sum != "" && sum != amount(o.Amount) {
			return fmt.Sprintf("The text speaks of a refund of %s, the order is of %s.", sum, amount(o.Amount))
		}
		if sum := sumAfter(sumTaken, text); sum != "" && sum != amount(o.Amount) {
			return fmt.Sprintf("The text speaks of a charge of %s, the order is of %s.", sum, amount(o.Amount))
		}
	}
	return ""
}

// sumAfter is the sum that a text names as pattern says, "" when it names none.
func sumAfter(pattern *regexp.Regexp, text string) string {
	m := pattern.FindStringSubmatch(text)
	if m == nil {
		return ""
	}
	return amount(cmp.Or(m[1], m[2], m[3]))
}

// severalTimes is a sum in a text that is a multiple of the order's: of other years,
// which no withdrawal gives back; "" when there is none.
func severalTimes(text, order string) string {
	cents := func(s string) int {
		m := plainAmount.FindStringSubmatch(s)
		if m == nil {
			return 0
		}
		n, _ := strconv.Atoi(m[1] + (m[2] + "00")[:2]) // the pattern has digits only
		return n
	}
	one := cents(order)
	if one == 0 || !namesSum(text) {
		return ""
	}
	for _, s := range sumsNamed.FindAllString(text, 10) {
		if n := cents(s); n > one && n%one == 0 {
			return s
		}
	}
	return ""
}

var sumsNamed = regexp.MustCompile(`\b\d{1,4},\d{2}\b`)

// renewedOn is the day on which a text says that an order was made, right after
// its number: "n. 300123456 in data 2 ottobre 2026".
func renewedOn(text, order string) (day Date, named bool) {
	text = cutAt(text, maxText)
	if before, after, found := strings.Cut(text, order); found && !strings.Contains(after, order) {
		text = text[len(before):]
		text = cutAt(text, len(order)+dayWithin)
	}
	toks := tokenize(text, nil)
	for i := range toks {
		if toks[i].kind != number || !sameCode(toks[i].word, order) {
			continue
		}
		for k := i + 1; k < min(i+4, len(toks)); k++ {
			if d, n := dateAt(toks[k:]); n > 0 && d.Year != 9999 && among(toks[k-1].word, "data", "del", "il") {
				return d, true
			}
			if toks[k].kind != plainWord {
				break
			}
		}
	}
	return Date{}, false
}

// dayWithin is how many bytes behind an order's number its day is looked for.
const dayWithin = 100

// orderSlack is how many days an order's date and the one a customer has of it, of
// its payment or invoice, may lie apart.
const orderSlack = 7

// farApart reports whether two days are those of two orders.
func farApart(a, b Date) bool {
	return a.Compare(b.add(orderSlack)) > 0 || b.Compare(a.add(orderSlack)) > 0
}

// refundClaimed is a sum that a text wants back.
var refundClaimed = regexp.MustCompile(`(?i)\b(?:rimbors|storn|restitu|riaccredit|ridat|ridar|riavere|riprend|tornano|spettano|dovete|indietro)[^.!?\n]{0,40}?` + sumInWords)

// sumTaken is a sum that a text says was charged.
var sumTaken = regexp.MustCompile(`(?i)\b(?:addebit|prelev|scalat|trattenut)[^.!?;\n]{0,30}?` + sumInWords)

// sumInWords is a sum as people write it, in one of three groups.
const sumInWords = `(?:(?:€|\beuro?)\s*(\d{1,4}(?:[.,]\d{2})?)|\b(\d{1,4}(?:[.,]\d{2})?)\s*(?:€|euro?\b)|\b(\d{1,4},\d{2})\b)`

// namesSum reports whether a text has what every sum has: the looks through it for
// refundClaimed and sumsNamed cost far more.
func namesSum(s string) bool {
	for i := range len(s) - 2 {
		if s[i] == ',' && digit(s[i+1]) {
			return true
		}
		if (s[i]|0x20) == 'e' && strings.EqualFold(s[i:i+3], "eur") {
			before := strings.TrimRightFunc(s[:i], unicode.IsSpace)
			after := strings.TrimLeftFunc(strings.TrimLeft(s[i+3:], "oO"), unicode.IsSpace)
			if before != "" && digit(before[len(before)-1]) || after != "" && digit(after[0]) {
				return true // not "PN045-EURO"
			}
		}
	}
	return strings.Contains(s, "€")
}
