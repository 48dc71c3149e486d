package rules

import (
	"slices"
	"strings"
)

// Word is a word of the procedures' files with what it means. Go owns the
// words; the folders under templates/ make the sentences.
type Word struct{ Name, Meaning string }

// Musts are the conditions that a blank's value may have to meet.
var Musts = []Word{
	{"certified-sender", "the mailbox named is the mailbox that sent it"},
}

// CheckWords are the conditions on the registry and the calendar.
var CheckWords = []Word{
	{"mailbox-known", "the registry knows the certified sender"},
	{"mailbox-active", "it is active"},
	{"order-known", "the registry knows the order named"},
	{"order-auto-renewal", "the order is an automatic renewal"},
	{"order-same-mailbox", "the order is of the certified sender"},
	{"order-same-panel", "the order is of the panel named"},
	{"within-days", "sent within `days` calendar days of the order"},
	{"holder-same", "the holder named is the registry's"},
	{"managed-domain", "the certified sender's domain is ours"},
}

// The steps that the rules themselves speak of: words of StepWords.
const (
	stepReadOnly = "read-only"
	stepRestore  = "restore"
	stepClose    = "close"
)

// StepWords are the actions on a mailbox; a procedure may have others of its own
// (Step.Means).
var StepWords = []Word{
	{stepReadOnly, "the mailbox can only be read"},
	{stepRestore, "it can be used as before: the desk's own step where a case ends without the closing"},
	{stepClose, "the mailbox is deleted"},
	{"exclude-domain", "the domain leaves the list of certified domains at AgID"},
	{"refund", "the order is paid back"},
	{"backup-notice", "the holder is told to save the contents"},
	{"change-contacts", "the new contacts take the place of the old"},
}

// OfWords say what a step acts on, when it is not the sender's mailbox alone.
var OfWords = []Word{
	{"domain", "every mailbox of the certified sender's domain"},
}

// DecideWords say who decides a request whose checks all hold.
var DecideWords = []Word{
	{"automatic", "the desk, when the whole text is the form and courtesy"},
	{"operator", "always a person"},
	{"guide", "nobody: the answer is a letter with instructions"},
}

// BesideWords say how the sentences beside a form are judged.
var BesideWords = []Word{
	{"weighed", "by the rules, and by all their words together: the default"},
	{"known", "by the rules alone: more goes to a person"},
}

// WordingWords say what other words than the form's mean.
var WordingWords = []Word{
	{"form", "the form is prescribed: other words are refused with the form"},
	{"free", "the form is an example: other words go to an operator"},
}

// WhereWords say where the words of a [[recognise]] are looked for.
var WhereWords = []Word{
	{"subject", "in the subject only"},
	{"text", "in the writer's own text only"},
}

// ElseWords are the outcomes of a check that fails.
var ElseWords = []Word{
	{string(Reject), "refused, with the reason's letter"},
	{string(Review), "a person decides"},
	{string(Guide), "answered with the procedure's instructions"},
}

// reasonWords are all the reasons with their meaning (reason.go).
func reasonWords() []Word {
	words := make([]Word, len(reasons))
	for i, r := range reasons {
		words[i] = Word{string(r.Reason), r.meaning}
	}
	return words
}

// StatusWords are the states of a mailbox in the registry with the Italian
// words that letters use.
var StatusWords = []Word{
	{"active", "attiva"},
	{"not_active", "in attivazione"},
	{"expired", "scaduta"},
	{"read_only", "in sola lettura"},
	{"cancelled", "cancellata"},
}

// OrderKinds are the kinds of order in the registry.
var OrderKinds = []Word{
	{"auto_renewal", "an automatic renewal"},
	{"first_purchase", "the first purchase of a mailbox"},
}

// known reports whether name is one of words.
func known(words []Word, name string) bool {
	return slices.ContainsFunc(words, func(w Word) bool { return w.Name == name })
}

// oneOf lists words for an error message: "one of: a, b, c".
func oneOf(words []Word) string {
	names := make([]string, len(words))
	for i, w := range words {
		names[i] = w.Name
	}
	return "one of: " + strings.Join(names, ", ")
}

// meaning is the meaning of a word, "" when it is unknown.
func meaning(words []Word, name string) string {
	for _, w := range words {
		if w.Name == name {
			return w.Meaning
		}
	}
	return ""
}
