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
// Limits: rules knows Italian working days (see Calendar) and Italian forms;
// it judges text, never pictures or attachments.
package rules
