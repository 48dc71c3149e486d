package console

import (
	"strings"

	"sportello/rules"
)

// event is a journal entry in a sentence.
func (f *formatter) event(e *rules.Event) string {
	var b strings.Builder
	who := e.Author
	if who == "" {
		who = f.t("author.desk")
	}
	b.WriteString(who + " – " + f.word("event", e.Kind))
	add := func(s string) {
		if s != "" {
			b.WriteString(", " + s)
		}
	}
	switch {
	case e.To != "":
		b.WriteString(" " + f.t("event.to", e.To))
	case e.Kind == rules.Assigned:
		b.WriteString(" " + f.t("event.to-nobody"))
	}
	if l := e.Letter; l != nil {
		name := ""
		if l.Name != "" {
			name = " «" + f.word("letter", l.Name) + "»"
		}
		b.WriteString(" " + f.t("event.of-letter", l.N) + name)
		add(inert(l.Answer, 200))
	}
	if s := e.Step; s != nil {
		b.WriteString(" «" + f.word("step", s.Do) + "»")
	}
	if r := e.Receipt; r != nil {
		add(f.word("receipt", r.Kind))
		add(inert(r.Provider, 80))
		add(f.word("receipt-error", r.Error))
	}
	if e.Kind == rules.Decided && e.Outcome != "" {
		b.WriteString(": " + f.word("outcome", e.Outcome))
	}
	if e.Reason != "" {
		b.WriteString(" (" + lowerFirst(f.word("reason", e.Reason)) + ")")
	}
	if e.Until != nil {
		add(f.t(untilKey(e.Kind), f.at(*e.Until)))
	}
	if e.Detail != "" {
		add(f.why(e.Detail).Text)
	}
	return b.String()
}

// untilKey is what the instant of an event is: a term to be kept, the end of a
// holding, or else when the desk goes on.
func untilKey(k rules.EventKind) string {
	switch k {
	case rules.Asked:
		return "event.until"
	case rules.LetterHeld, rules.PutOff:
		return "event.held-until"
	case rules.LetterSent, rules.LetterUncertain:
		return "event.receipts-by"
	}
	return "event.not-before"
}
