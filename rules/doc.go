// Package rules says what a verified message means and what is owed for it:
// forms and how they are matched, checks, decisions, cases and their states,
// letters, and the calendar of law.
//
// It is pure: no files but those handed to it, no network, no clock (time is
// an argument), no logger. The desk (package mailproc) feeds it facts and
// carries out what it says.
//
// The way of a message:
//
//	Message ── Set.Read ──▶ Reading ── Set.Decide(Facts) ──▶ Decision ── Set.Open ──▶ events of a Case
//	Case + time ── Set.Advance ──▶ the next events (letters owed, steps due, lapse, close)
//
// How Read reads. A form (form.go) is found word for word (align.go), moved
// about (moved.go) or with slips of the pen (distance.go); its blanks are read
// (blank.go, quality.go). What stands beside it (beside.go) is furniture of
// letters (notice.go, recap.go, signature.go, text.go) or sentences (sentence.go), whose
// words are mended where they were written in haste (mend.go), and
// each word of a sentence is asked whether it is a sign that something else is
// meant (cue.go, peculiar.go): by its class (lexicon.go, sign.go), its ending
// (grammar.go), and the turn it stands in (phrase.go, negation.go,
// condition.go, deferral.go, need.go, order.go, person.go, besides.go).
// Words that are no sign mean nothing, and stop nothing; but what is told in the
// present needs a verb that is known to change nothing (predicate.go),
// and what is told of the mailbox or of a proceeding in the past one as well
// (past.go); a proceeding that hangs on the mailbox must be said to be over
// (matter.go). A text without a form
// is judged by the procedures' own words (freetext.go).
//
// Limits: rules knows Italian working days (see Calendar) and Italian forms;
// it judges text, never pictures or attachments.
package rules
