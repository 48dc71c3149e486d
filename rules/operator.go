package rules

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
)

// Act is what an operator does to a case.
type Act struct {
	Verb      string       `json:"verb"`              // approve, reject, ask, answer, done, retry, note, withdraw, stop, reopen, release, resend, arrived, assign, later
	Author    string       `json:"author"`            // who
	Version   int          `json:"version,omitempty"` // of the case he saw; 0: any
	Reason    Reason       `json:"reason,omitempty"`  // reject; arrived: of the outcome that stands, which the desk adds
	Text      string       `json:"text,omitempty"`    // note; the reason in words; the answer
	Documents []string     `json:"documents,omitempty"`
	Files     []LetterFile `json:"files,omitempty"`     // answer
	Silent    bool         `json:"silent,omitempty"`    // withdraw: no letter goes out, and the text says why
	Procedure string       `json:"procedure,omitempty"` // approve or reject as this procedure, when the desk could not tell
	N         int          `json:"n,omitempty"`         // step or letter
	To        string       `json:"to,omitempty"`        // assign: to which operator; Nobody: to whoever comes first
	Until     string       `json:"until,omitempty"`     // later: the day on which it is looked at again (Calendar.Day)
	Takes     []string     `json:"takes,omitempty"`     // approve, of a revocation: the cases that it takes back, or TakeNone
	Open      []OpenCase   `json:"-"`                   // those that it could take back, which the desk adds
	// Words go into the letter: what its template asks for besides the case
	// (dove, disponibile_fino, periodo_da, email, …; templates/README.md).
	Words map[string]string `json:"words,omitempty"`
}

// Verbs lists what an operator can do, in the order the console shows it.
var Verbs = []string{"approve", "reject", "ask", "answer", "done", "retry", "note", "withdraw", "stop", "reopen", "release", "resend", "arrived", "assign", "later"}

// ErrStale says that the case changed since the operator saw it.
var ErrStale = errors.New("the case has changed since it was shown")

// ErrRefused says that the act is not possible in the case's state.
type ErrRefused struct{ Why string }

func (e *ErrRefused) Error() string { return e.Why }

func refuse(format string, args ...any) error { return &ErrRefused{Why: fmt.Sprintf(format, args...)} }

// Perform makes the events of an operator's act on c. Errors: ErrStale when
// the case moved meanwhile, *ErrRefused when its state or the act's content
// does not allow it.
func (s *Set) Perform(c *Case, a Act, now time.Time) ([]Event, error) {
	if a.Version != 0 && a.Version != c.Version {
		return nil, fmt.Errorf("case %s: %w", c.ID, ErrStale)
	}
	if a.Author == "" {
		return nil, refuse("an act needs its author")
	}
	if a := strings.TrimSpace(a.Words["email"]); a != "" && addressLike.FindString(a) != a {
		return nil, refuse("the new address %q is no e-mail address: nobody could be written to there", a)
	}
	act, ok := s.acts()[a.Verb]
	if !ok {
		return nil, refuse("unknown verb %q (one of: %s)", a.Verb, strings.Join(Verbs, ", "))
	}
	r := s.run(c, c.ID, now)
	r.author = a.Author
	if err := act(r, a); err != nil {
		return nil, err
	}
	return r.events, r.err
}

func (s *Set) acts() map[string]func(*run, Act) error {
	return map[string]func(*run, Act) error{
		"approve": s.approve, "reject": s.reject, "ask": s.ask, "answer": s.answer, "done": s.done, "retry": s.retry,
		"note": s.note, "withdraw": s.withdraw, "stop": s.stop, "reopen": s.reopen, "release": s.release, "resend": s.resend, "arrived": s.arrived,
		"assign": s.assign, "later": s.later,
	}
}

func (a Act) note() *Private {
	p := &Private{Note: a.Text}
	return p
}

// inState is the refusal of an act in a state that does not allow it.
func (r *run) inState(kind EventKind) error {
	if _, ok := r.c.State.Next(kind, ""); ok {
		return nil
	}
	verb := string(kind)
	for v, k := range decisions {
		if k == kind {
			verb = v
		}
	}
	return refuse("case %s is %s (decided by %s): %s is not possible now; possible: %s", r.c.ID, r.c.State, cmp.Or(r.c.DecidedBy, "the desk"), verb, strings.Join(r.c.Verbs(), ", "))
}

// atRest is the refusal of an act while a step is being carried out: nobody
// knows yet what its letter may say, and planned anew it would run twice.
func (r *run) atRest() error {
	if i := slices.IndexFunc(r.c.Steps, func(st StepRun) bool { return st.State == StepRunning }); i >= 0 {
		return refuse("case %s: its step %s is being carried out this moment: try again when it has ended", r.c.ID, r.c.Steps[i].Do)
	}
	return nil
}

// ending is the refusal of an act that ends a case while what was done of it
// cannot be taken back, and the rest is still owed: a mailbox closed, and its
// refund forgotten.
func (r *run) ending() error {
	if err := r.atRest(); err != nil {
		return err
	}
	if st := r.c.owesStep(); st != nil && r.c.Lasting() {
		return refuse("case %s: what was done of it cannot be taken back, and its step %s is still owed: approve carries it out", r.c.ID, st.Do)
	}
	return nil
}

// words are the operator's, under what the verb itself says.
func (a Act) words(own map[string]string) map[string]string {
	out := maps.Clone(a.Words)
	for k, v := range own {
		setOnce(&out, k, v)
	}
	return out
}

// Verbs are the acts that the case's state allows now, in the console's order.
func (c *Case) Verbs() []string {
	var out []string
	for _, v := range Verbs {
		if c.allows(v) {
			out = append(out, v)
		}
	}
	return out
}

// decisions are the events of the verbs that the table of states allows.
var decisions = map[string]EventKind{"approve": Approved, "reject": EventRejected, "ask": Asked, "answer": EventAnswered,
	"withdraw": Withdrew, "stop": Halted, "reopen": Reopened, "note": Noted}

func (c *Case) allows(verb string) bool {
	if kind, ok := decisions[verb]; ok {
		_, can := c.State.Next(kind, "")
		switch verb {
		case "approve":
			return can && c.Proved && !c.Erased()
		case "ask":
			return can || c.State == Waiting
		case "reopen":
			return can && !c.Emptied()
		}
		return can
	}
	anyLetter := func(s LetterState) bool {
		return slices.ContainsFunc(c.Letters, func(l Letter) bool { return l.State == s })
	}
	switch verb {
	case "done":
		return slices.ContainsFunc(c.Steps, c.Doable)
	case "retry":
		return c.failedOnly() && !slices.ContainsFunc(c.Steps, func(s StepRun) bool { return s.State == StepRunning })
	case "release":
		return anyLetter(Held)
	case "assign", "later":
		return c.State != Closed
	case "resend":
		return slices.ContainsFunc(c.Letters, func(l Letter) bool { return c.Resendable(&l) })
	case "arrived":
		return slices.ContainsFunc(c.Letters, func(l Letter) bool { return c.Arrivable(&l) })
	}
	return false
}
