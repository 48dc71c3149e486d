package mailproc

import (
	"context"
	"fmt"
	"time"
)

// Job is one step to carry out on a mailbox.
type Job struct {
	Case    string            `json:"case"`
	Step    int               `json:"step"`
	Do      string            `json:"do"`
	Mailbox string            `json:"mailbox"` // the certified sender
	Key     string            `json:"key"`     // the request's own, the same for every attempt and after a restored backup: what was done once is not done again
	Attempt int               `json:"attempt"`
	Fields  map[string]string `json:"fields,omitempty"`
}

// Action carries out a step. A nil error means that it is done; a
// *PermanentError that it will never be; any other, that it may be tried again.
type Action interface {
	Run(ctx context.Context, job Job) error
}

// PermanentError is a failure that trying again does not mend.
type PermanentError struct{ Why string }

func (e *PermanentError) Error() string { return e.Why }

func permanent(format string, args ...any) error {
	return &PermanentError{Why: fmt.Sprintf(format, args...)}
}

// Backoff is the pause after the n-th failed attempt (1, 2, …): from half a
// minute, doubled each time, to two hours.
func Backoff(n int) time.Duration {
	return min(30*time.Second<<min(max(n-1, 0), 10), 2*time.Hour)
}
