package console

import (
	"cmp"
	"fmt"
	"html/template"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"sportello/rules"
)

// funcs are what the templates of a language can call.
func (c *Console) funcs(lang string, t func(string, ...any) string) template.FuncMap {
	f := &formatter{c: c, lang: lang, t: t}
	return template.FuncMap{
		"t": t, "w": f.word, "when": f.when, "day": f.day, "clock": f.clock, "iso": func(v time.Time) string { return v.UTC().Format(time.RFC3339) },
		"due": f.due, "inert": inert, "note": f.note, "line": func(s string) string { return inert(s, 300) }, "size": f.size, "title": f.title,
		"role": func(u *User, need string) bool { return u != nil && u.Role.May(Role(need)) },
		"join": strings.Join, "sorted": sortedPairs, "event": f.event, "tone": tone, "short": func(s string) string { return s[:min(12, len(s))] },
		"dict": dict, "full": f.full, "span": f.span, "after": f.after, "addr": addr, "brief": f.brief, "num": f.num, "left": f.left, "gap": f.gap,
		"why": f.why, "whys": f.whys, "inBrief": f.inBrief, "otherwise": f.otherwise, "proofWhat": f.proofWhat, "isoday": f.isoday, "dayField": f.dayField, "month": f.month, "failing": failing, "lasts": rules.Lasts, "arrived": arrived, "daysOff": f.daysOff,
	}
}

// dict lets a template hand several things to a part.
func dict(v ...any) map[string]any {
	m := map[string]any{}
	for i := 0; i+1 < len(v); i += 2 {
		m[fmt.Sprint(v[i])] = v[i+1]
	}
	return m
}

// formatter writes values as people of a language read them.
type formatter struct {
	c    *Console
	lang string
	t    func(string, ...any) string
}

func (f *formatter) zone() *time.Location { return f.c.desk.Rules().Calendar.Zone }

// word is the catalogue's word for a code of a kind: {{w "state" .State}}.
// A code without one is shown as it is, a procedure's own step by what it means.
func (f *formatter) word(kind string, code any) string {
	s := fmt.Sprint(code)
	if s == "" {
		return ""
	}
	key := kind + "." + s
	if v := f.t(key); v != key {
		return v
	}
	if kind == "step" {
		if means := f.c.desk.Rules().StepMeans(s); means != "" {
			s = means
		}
	}
	return inert(s, 80)
}

var (
	daysIT   = [...]string{"dom", "lun", "mar", "mer", "gio", "ven", "sab"}
	monthsIT = [...]string{"", "gen", "feb", "mar", "apr", "mag", "giu", "lug", "ago", "set", "ott", "nov", "dic"}
)

func (f *formatter) date(v time.Time) string {
	if f.lang == "it" {
		return fmt.Sprintf("%s %d %s %d", daysIT[v.Weekday()], v.Day(), monthsIT[v.Month()], v.Year())
	}
	return v.Format("Mon 2 Jan 2006")
}

// when writes an instant in Italian local time, in a <time> that names its zone.
func (f *formatter) when(v time.Time) template.HTML { return f.stamp(v, true) }

// day writes the date of an instant.
func (f *formatter) day(v time.Time) template.HTML { return f.stamp(v, false) }

func (f *formatter) stamp(v time.Time, hour bool) template.HTML {
	if v.IsZero() {
		return "–"
	}
	local := v.In(f.zone())
	text := f.date(local)
	if local.Year() == f.c.now().In(f.zone()).Year() { // said where it is not plain
		text = text[:len(text)-len(" 2006")]
	}
	if hour {
		text += ", " + local.Format("15:04")
	}
	return f.tag(local, text)
}

// full writes an instant with its year and zone, for paper.
func (f *formatter) full(v time.Time) template.HTML {
	if v.IsZero() {
		return "–"
	}
	local := v.In(f.zone())
	return f.tag(local, f.date(local)+local.Format(", 15:04:05 MST"))
}

func (f *formatter) tag(local time.Time, text string) template.HTML {
	// Digits and words of this file only: nothing of a customer's is in it.
	return template.HTML(fmt.Sprintf(`<time datetime="%s" title="%s">%s</time>`, local.Format(time.RFC3339), local.Format("2006-01-02 15:04:05 MST"), text)) //nolint:gosec
}

func (f *formatter) clock(v time.Time) template.HTML {
	local := v.In(f.zone())
	return template.HTML(fmt.Sprintf(`<time datetime="%s">%s</time>`, local.Format(time.RFC3339), local.Format("15:04:05"))) //nolint:gosec
}

// dueWords say how far a promise is, the colour they are shown in, and the day
// on which it ends: the customer's while it is his turn.
type dueWords struct {
	Text, Tone string
	On         time.Time
}

func (f *formatter) due(c *rules.Case, now time.Time) dueWords {
	d := dueWords{On: c.Due}
	d.Text, d.Tone = f.promise(c, now)
	if c.Suspended() {
		d.On = c.Until
	}
	return d
}

func (f *formatter) promise(c *rules.Case, now time.Time) (text, tone string) {
	switch {
	case c.Due.IsZero():
		return "–", "none"
	case !c.Answered.IsZero() && c.Answered.After(c.Due):
		return f.t("due.answered-late"), "bad"
	case !c.Answered.IsZero():
		return f.t("due.answered"), "good"
	case c.State == rules.Closed:
		return f.t("due.closed"), "none"
	case c.Suspended():
		return f.t("due.theirs"), "calm"
	}
	n := f.c.desk.Rules().Calendar.WorkingDaysLeft(now, c.Due)
	switch {
	case c.Overdue(now) && n >= 0:
		return f.t("due.over-today"), "bad"
	case c.Overdue(now) && n == -1:
		return f.t("due.over-1"), "bad"
	case c.Overdue(now):
		return f.t("due.over", -n), "bad"
	case n == 0:
		return f.t("due.today"), "bad"
	case n == 1:
		return f.t("due.tomorrow"), "warn"
	}
	return f.t("due.left", n), "calm"
}

// isoday writes a date like 2026-11-23 as people read it, other text as it is.
func (f *formatter) isoday(s string) string {
	if d, err := time.ParseInLocation(time.DateOnly, s, f.zone()); err == nil {
		return f.date(d)
	}
	return inert(s, 300)
}

// month writes a month like 2026-10 as people read it.
func (f *formatter) month(s string) string {
	d, err := time.Parse("2006-01", s)
	if err != nil {
		return inert(s, 20)
	}
	if f.lang == "it" {
		return fmt.Sprintf("%s %d", monthsIT[d.Month()], d.Year())
	}
	return d.Format("Jan 2006")
}

// dayField is a day that a query names, as a field for dates takes it; "" for none.
func (f *formatter) dayField(word string) string {
	d, err := f.c.desk.Rules().Calendar.Day(word, f.c.now())
	if err != nil {
		return ""
	}
	return d.String()
}

// daysOff are the weekdays of the next three months on which nobody works: a
// promise does not count them.
func (f *formatter) daysOff() (out []string) {
	cal := f.c.desk.Rules().Calendar
	for _, d := range cal.DaysOff(cal.Date(f.c.now()), 92) {
		why := d.Holiday
		if why == "" {
			why = f.t("system.closure")
		}
		out = append(out, f.date(cal.StartOfDay(d.Day))+" — "+why)
	}
	return out
}

// left says how many days remain until a certificate's end.
func (f *formatter) left(until, now time.Time) dueWords {
	days := int(until.Sub(now).Hours() / 24)
	d := dueWords{f.t("trust.days", days), "calm", until}
	switch {
	case days < 0:
		d.Text, d.Tone = f.t("trust.expired"), "bad"
	case days < 60:
		d.Tone = "warn"
	}
	return d
}

// title is what a procedure is called.
func (f *formatter) title(name string) string {
	if name == "" {
		return f.t("procedure.unknown")
	}
	if key := "procedure." + name; f.lang != "it" && f.t(key) != key {
		return f.t(key)
	}
	if p := f.c.desk.Rules().Procedure(name); p != nil {
		return p.Title
	}
	return name
}

// brief is a short name of a procedure, for a row of the queue.
func (f *formatter) brief(name string) string {
	if p := f.c.desk.Rules().Procedure(name); p != nil && p.Request != "" && f.lang == "it" {
		first, n := utf8.DecodeRuneInString(p.Request)
		return string(unicode.ToUpper(first)) + p.Request[n:]
	}
	return f.title(name)
}

// span writes a span of a procedure: "3 working days", "5 days", "24 hours".
// Another word ("delivered") has its own in the catalogue.
func (f *formatter) span(text string) string {
	n, unit, err := rules.ParseSpan(text)
	if err != nil {
		return f.word("after", text)
	}
	if key := "span-unit." + strings.ReplaceAll(unit, " ", "-"); f.t(key) != key {
		return f.t(key, n)
	}
	return text
}

// after says when a step comes: at once, or after a span or an event.
func (f *formatter) after(text string) string {
	if n, _, err := rules.ParseSpan(text); err == nil && n == 0 {
		return f.t("step.at-once")
	}
	return f.t("step.after", f.span(text))
}

// otherwise says what happens when a check fails: "reject:reason".
func (f *formatter) otherwise(text string) string {
	outcome, reason, _ := strings.Cut(text, ":")
	return f.word("outcome", outcome) + " — " + lowerFirst(f.word("reason", reason))
}

// proofWhat says what a step of the proof is about, and plainly so when it does
// not hold: its sentence says what would be true.
func (f *formatter) proofWhat(p rules.ProofStep, state rules.ProofState) string {
	what := f.word("proof-what", p.Name)
	switch {
	case state == rules.ProofUnchecked:
		return f.t("proof-what." + p.Name + "-unchecked")
	case state == rules.ProofFails:
		return f.t("proof-not") + " " + lowerFirst(what)
	case p.Name == "type" && p.Detail == "errore":
		return f.t("proof-what.type-errore")
	case p.Name == "type" && p.Detail != "posta-certificata":
		return f.t("proof-what.type-other")
	}
	return what
}

// addr writes an address that may break after its @, and nowhere better.
func addr(s string) template.HTML {
	local, domain, ok := strings.Cut(inert(s, 300), "@")
	if !ok {
		return template.HTML(template.HTMLEscapeString(local)) //nolint:gosec // escaped
	}
	return template.HTML(template.HTMLEscapeString(local) + "<wbr>@" + template.HTMLEscapeString(domain)) //nolint:gosec // escaped
}

func (f *formatter) size(n any) string {
	v, _ := strconv.ParseFloat(fmt.Sprint(n), 64)
	unit := 0
	for v >= 1024 && unit < 4 {
		v, unit = v/1024, unit+1
	}
	decimals := 0
	if unit > 0 && v < 10 {
		decimals = 1
	}
	text := strconv.FormatFloat(v, 'f', decimals, 64)
	if f.lang == "it" {
		text = strings.Replace(text, ".", ",", 1)
	}
	return text + " " + [...]string{"B", "KiB", "MiB", "GiB", "TiB"}[unit]
}

// num groups thousands: 12.345 in Italian, 12,345 in English.
func (f *formatter) num(n any) string {
	s := fmt.Sprint(n)
	sep := ","
	if f.lang == "it" {
		sep = "."
	}
	for i := len(s) - 3; i > 0 && s[i-1] != '-'; i -= 3 {
		s = s[:i] + sep + s[i:]
	}
	return s
}

// gap writes a span of time in its largest unit.
func (f *formatter) gap(d time.Duration) string {
	switch {
	case d < time.Minute:
		return f.t("gap.seconds", int(d.Seconds()))
	case d < time.Hour:
		return f.t("gap.minutes", int(d.Minutes()))
	case d < 48*time.Hour:
		return f.t("gap.hours", int(d.Hours()))
	}
	return f.t("gap.days", int(d.Hours()/24))
}

// tone is the colour of a state, a verdict or a letter's state.
func tone(code any) string {
	switch fmt.Sprint(code) {
	case "review", "uncertain", "overdue", "held", "asked", "new", "warn":
		return "warn"
	case "accepted", "valid", "delivered", "done", "accept":
		return "good"
	case "rejected", "failed", "invalid", "untrusted", "missing", "reject":
		return "bad"
	case "waiting", "answered", "sent", "trying", "owed", "scheduled", "running", "planned", "guide":
		return "calm"
	}
	return "none"
}

// arrived is when a message came to its mailbox, or else when it was read.
func arrived(m rules.MessageView) time.Time {
	if m.Delivered.IsZero() {
		return m.Read
	}
	return m.Delivered
}

// failing reports whether a receipt of a kind says that a letter was not delivered.
func failing(kind string) bool {
	switch kind {
	case rules.ReceiptRefused, rules.ReceiptUndelivered, rules.ReceiptVirus, rules.ReceiptWarning:
		return true
	}
	return false
}

// pair is a field with its value.
type pair struct{ Key, Value string }

func sortedPairs(m map[string]string) []pair {
	out := make([]pair, 0, len(m))
	for k, v := range m {
		out = append(out, pair{k, v})
	}
	slices.SortFunc(out, func(a, b pair) int { return cmp.Compare(a.Key, b.Key) })
	return out
}

// inert is text of a stranger as an operator may look at it: what is hidden,
// or turns the direction of what follows, is named instead of obeyed
// (Unicode TR 36 §3.2), and it ends after max characters.
func inert(s string, max int) string {
	cut := false
	if len(s) > 4*max { // bytes: a rune has at most four
		s, cut = s[:4*max], true
	}
	var b strings.Builder
	n := 0
	for _, r := range s {
		if n++; n > max {
			cut = true
			break
		}
		switch {
		case r == '\n' || r == '\t':
			b.WriteRune(r)
		case r == '\r':
		case r == utf8.RuneError, unicode.IsControl(r), unicode.In(r, unicode.Cf, unicode.Co, unicode.Cs), r == '\u2028', r == '\u2029':
			fmt.Fprintf(&b, "⟨U+%04X⟩", r)
		default:
			b.WriteRune(r)
		}
	}
	if cut {
		b.WriteString(" …")
	}
	return b.String()
}
