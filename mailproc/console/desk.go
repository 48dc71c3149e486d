// Package console is the operators' web console and the JSON API. Browser,
// command line and scripts speak to the same handlers.
//
// Limits: it shows and asks; every decision and every change is made behind
// the Desk interface.
package console

import (
	"context"
	"io"

	"sportello/rules"
)

// Desk is what the console needs of the desk behind it.
type Desk interface {
	Cases(context.Context, rules.Query) (rules.Page, error)
	Case(ctx context.Context, id string) (*rules.Detail, error)
	Perform(ctx context.Context, id string, act rules.Act) (*rules.Detail, error)
	// Preview is what Perform would send, without doing it.
	Preview(ctx context.Context, id string, act rules.Act) ([]rules.LetterText, error)

	// Parked lists messages older than before, newest first; 0: from the newest on.
	Parked(ctx context.Context, before uint64, limit int) ([]rules.MessageView, error)
	Message(ctx context.Context, id uint64) (*rules.MessageView, error)
	Raw(ctx context.Context, id uint64) (io.ReadCloser, error)
	// Replay looks at a parked message again.
	Replay(ctx context.Context, id uint64, author string) error

	Journal(ctx context.Context, from uint64, limit int, caseID string) ([]rules.Event, error)
	// Verify proves the journal's chain from its first entry and returns its height.
	Verify(ctx context.Context) (uint64, error)
	Status(context.Context) (rules.Status, error)
	// Watch tells, at most once unread, that something changed.
	Watch() (changes <-chan struct{}, stop func())
	Rules() *rules.Set
}
